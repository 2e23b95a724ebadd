//! Streets in words: their names, what else they lead to, where they lead.

use engine::city::RoadClass;

use super::claim::Told;
use super::profile;
use super::texts::Texts;
use crate::comparison::{ChangedStreet, ComparedLink, Comparison, SectionEnds};

/// The street's name, or what kind of road it is.
pub(super) fn name(comparison: &Comparison, street: &ChangedStreet, texts: &Texts) -> String {
    let name = called(street.name.as_deref(), street.class, texts);
    match one_way(comparison, street) {
        Some(points) => format!("{name} ({})", direction(points, texts)),
        None => name,
    }
}

fn called(name: Option<&str>, class: RoadClass, texts: &Texts) -> String {
    match (name, class) {
        (Some(name), RoadClass::MotorwayRamp) => texts.fill("street-ramp-named", &[("name", name.into())]),
        (Some(name), _) => capitalised(name),
        (None, RoadClass::Motorway) => texts.say("street-motorway"),
        (None, RoadClass::MotorwayRamp) => texts.say("street-ramp"),
        (None, _) => texts.say("street-unnamed"),
    }
}

/// The name of a link's street, or what kind of road it is, and where the link leads.
pub(super) fn of_link(link: &ComparedLink, texts: &Texts) -> String {
    format!("{} ({})", called(link.name.as_deref(), link.class, texts), direction(&link.points, texts))
}

/// The name with where on the street it is, as far as streets that meet it tell: `Corso Acqui, between via A and via B`.
pub(super) fn located(name: &str, at: &SectionEnds, texts: &Texts) -> String {
    let place = place(at, texts);
    if place.is_empty() { name.to_owned() } else { format!("{name}, {place}") }
}

/// `between via A and via B`; empty where no street meets it.
pub(super) fn place(at: &SectionEnds, texts: &Texts) -> String {
    match (&at.from, &at.to) {
        (Some(from), Some(to)) => {
            let [from, to] = [from, to].map(|street| capitalised(street));
            texts.fill("street-between", &[("from", (&from).into()), ("to", (&to).into())])
        }
        (Some(street), None) | (None, Some(street)) => {
            texts.fill("street-at", &[("street", (&capitalised(street)).into())])
        }
        (None, None) => String::new(),
    }
}

/// What changes on it, as it is told; no change below that resolution is.
pub(super) fn told(street: &ChangedStreet, resolution: f64) -> Told<'static> {
    Told { change: street.vehicles, unit: "", decimals: 0, resolution }
}

/// That the fullest of some links is over its capacity at its fullest time, and by how much; nothing where none is. Flow
/// and capacity are those of a mean hour of the period, mean over the seeds.
pub(super) fn over_capacity(comparison: &Comparison, links: &[usize], run: usize, texts: &Texts) -> Option<String> {
    let fullness = |&link: &usize| comparison.links[link].saturation[run].iter().copied().enumerate();
    let (period, fullness) = links.iter().flat_map(fullness).max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (fullness > 1.0).then(|| {
        let percent = texts.numbers.whole((fullness * 100.0).ceil());
        let period = profile::name(&comparison.periods[period], texts).to_lowercase();
        texts.fill("fullness-over", &[("percent", (&percent).into()), ("period", (&period).into())])
    })
}

/// The line of a section that traffic takes in one direction alone; none where it takes both.
fn one_way<'c>(comparison: &'c Comparison, street: &ChangedStreet) -> Option<&'c [[f64; 2]]> {
    let mut lines = street.links.iter().map(|&link| comparison.links[link].points.as_slice());
    let first = lines.next()?;
    lines.all(|line| line.first() == first.first()).then_some(first)
}

/// The name with its first letter as a sentence has it.
pub(super) fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Where a line leads, to an eighth of the compass.
fn direction(points: &[[f64; 2]], texts: &Texts) -> String {
    const EIGHTHS: [&str; 8] = [
        "towards-east",
        "towards-north-east",
        "towards-north",
        "towards-north-west",
        "towards-west",
        "towards-south-west",
        "towards-south",
        "towards-south-east",
    ];
    let (Some(from), Some(to)) = (points.first(), points.last()) else { return String::new() };
    let eighths = libm::atan2(to[1] - from[1], to[0] - from[0]) / std::f64::consts::FRAC_PI_4;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 12")]
    let eighth = (eighths.round() + 8.0) as usize % 8;
    texts.say(EIGHTHS[eighth])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_line_leads_to_an_eighth_of_the_compass() {
        let en = Texts::new(Language::En, true);
        let to = |x: f64, y: f64| direction(&[[0.0, 0.0], [x, y]], &en);
        assert_eq!([to(1.0, 0.1), to(-1.0, -0.9), to(0.1, -1.0)], ["eastbound", "south-westbound", "southbound"]);
    }
}

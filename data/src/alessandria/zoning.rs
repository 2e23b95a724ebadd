//! Zones: compact groups of census sections within one quarter, of similar population.
//!
//! A unit is what one census section holds of one quarter (92 sections stand in two quarters); the centre is divided at
//! the ring of the spalti. Each quarter is cut in two across its longer axis, in proportion to residents, and its parts
//! again, until the parts have the wanted size. A zone is named by the smallest of its sections, so that its key
//! survives changes elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use engine::key::Key;
use geo::Coord;

use super::RecipeError;
use super::open_data::HouseNumber;
use super::parameters::Parameters;

/// The name of what belongs to the quarter Centro but lies beyond the ring.
pub(super) const BEYOND_THE_RING: &str = "Centro oltre gli spalti";

/// A zone before it has ground and attractors.
#[derive(Debug)]
pub(super) struct ZoneDraft {
    pub(super) key: Key,
    /// The quarter, or [`BEYOND_THE_RING`].
    pub(super) district: String,
    /// For people: its quarter and its most common street.
    pub(super) name: String,
    /// Its census sections, ascending.
    pub(super) sections: Vec<u32>,
    /// Its house numbers, as indices, ascending.
    pub(super) houses: Vec<usize>,
    /// The median of its house numbers, in each direction.
    pub(super) centroid: Coord<f64>,
}

struct Unit {
    section: u32,
    houses: Vec<usize>,
    residents: f64,
    middle: Coord<f64>,
}

/// Groups the house numbers into zones, sorted by key. `within` tells which lie within the ring.
pub(super) fn zones(
    houses: &[HouseNumber],
    residents: &[f64],
    within: &[bool],
    parameters: &Parameters,
) -> Result<Vec<ZoneDraft>, RecipeError> {
    let mut districts: BTreeMap<&str, BTreeMap<u32, Vec<usize>>> = BTreeMap::new();
    for (index, house) in houses.iter().enumerate() {
        let beyond = parameters.is_centre(&house.quarter) && !within[index];
        let district = if beyond { BEYOND_THE_RING } else { &house.quarter };
        districts.entry(district).or_default().entry(house.section).or_default().push(index);
    }
    let mut zones = Vec::new();
    for (district, sections) in districts {
        let units: Vec<Unit> =
            sections.into_iter().map(|(section, members)| unit(section, members, houses, residents)).collect();
        let total: f64 = units.iter().map(|unit| unit.residents).sum();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive count")]
        let wanted = (total / parameters.zones.residents_target.value).round().max(1.0) as usize;
        let wanted = wanted.min(units.len());
        let mut groups = Vec::new();
        divide(units, wanted, &mut groups);
        for group in groups {
            zones.push(draft(district, group, houses)?);
        }
    }
    name_apart(&mut zones, houses);
    zones.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(zones)
}

fn unit(section: u32, members: Vec<usize>, houses: &[HouseNumber], residents: &[f64]) -> Unit {
    let middle = median(members.iter().map(|&house| houses[house].position));
    Unit { section, residents: members.iter().map(|&house| residents[house]).sum(), houses: members, middle }
}

/// Cuts the units into so many groups of similar population.
fn divide(mut units: Vec<Unit>, count: usize, groups: &mut Vec<Vec<Unit>>) {
    if count <= 1 {
        groups.push(units);
        return;
    }
    let axis = longer_axis(&units);
    let along = |unit: &Unit| unit.middle.x * axis.x + unit.middle.y * axis.y;
    units.sort_by(|a, b| along(a).total_cmp(&along(b)).then(a.section.cmp(&b.section)));
    let (first, second) = (count / 2, count - count / 2);
    let total: f64 = units.iter().map(|unit| unit.residents).sum();
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let wanted = total * first as f64 / count as f64;
    let mut best = (f64::INFINITY, first);
    let mut sum = 0.0;
    for cut in 1..units.len() {
        sum += units[cut - 1].residents;
        let miss = (sum - wanted).abs();
        if cut >= first && units.len() - cut >= second && miss < best.0 {
            best = (miss, cut);
        }
    }
    let rest = units.split_off(best.1);
    divide(units, first, groups);
    divide(rest, second, groups);
}

/// The direction in which the units spread most, by residents.
fn longer_axis(units: &[Unit]) -> Coord<f64> {
    let weight: f64 = units.iter().map(|unit| unit.residents).sum();
    let mean = |value: &dyn Fn(&Unit) -> f64| units.iter().map(|u| u.residents * value(u)).sum::<f64>() / weight;
    let (x, y) = (mean(&|u| u.middle.x), mean(&|u| u.middle.y));
    let xx = mean(&|u| (u.middle.x - x) * (u.middle.x - x));
    let yy = mean(&|u| (u.middle.y - y) * (u.middle.y - y));
    let xy = mean(&|u| (u.middle.x - x) * (u.middle.y - y));
    let angle = 0.5 * libm::atan2(2.0 * xy, xx - yy);
    Coord { x: libm::cos(angle), y: libm::sin(angle) }
}

fn draft(district: &str, group: Vec<Unit>, houses: &[HouseNumber]) -> Result<ZoneDraft, RecipeError> {
    let sections: BTreeSet<u32> = group.iter().map(|unit| unit.section).collect();
    let mut members: Vec<usize> = group.into_iter().flat_map(|unit| unit.houses).collect();
    members.sort_unstable();
    let first = sections.first().copied().unwrap_or_default();
    Ok(ZoneDraft {
        key: Key::new(format!("zone:{}/{first:04}", slug(district)))?,
        district: district.to_owned(),
        name: String::new(),
        sections: sections.into_iter().collect(),
        centroid: median(members.iter().map(|&house| houses[house].position)),
        houses: members,
    })
}

/// Names every zone by its quarter and the street with most house numbers in it that no other zone of the quarter is named by.
fn name_apart(zones: &mut [ZoneDraft], houses: &[HouseNumber]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for zone in zones {
        let mut streets: BTreeMap<&str, usize> = BTreeMap::new();
        for &house in &zone.houses {
            *streets.entry(&houses[house].street).or_default() += 1;
        }
        let mut streets: Vec<(&str, usize)> = streets.into_iter().collect();
        streets.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let names = streets.iter().map(|(street, _)| format!("{} – {street}", zone.district));
        let first = zone.sections.first().copied().unwrap_or_default();
        let last_resort = format!("{} – {first}", zone.district);
        zone.name = names.chain([last_resort]).find(|name| !taken.contains(name)).unwrap_or_default();
        taken.insert(zone.name.clone());
    }
}

/// The median in each direction: far farms do not move it.
pub(super) fn median(points: impl Iterator<Item = Coord<f64>>) -> Coord<f64> {
    let (mut x, mut y): (Vec<f64>, Vec<f64>) = points.map(|point| (point.x, point.y)).unzip();
    x.sort_by(f64::total_cmp);
    y.sort_by(f64::total_cmp);
    let middle = |sorted: &[f64]| sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    Coord { x: middle(&x), y: middle(&y) }
}

/// The name in lower case, with hyphens for what is not a letter or digit: a part of a key.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.to_lowercase().chars() {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

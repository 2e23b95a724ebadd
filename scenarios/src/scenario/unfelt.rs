//! Edits that a run does not feel, by its fidelity. A strategic run knows neither signals nor single buses nor bicycles; one whose
//! vehicles move knows signals and lines, but as yet neither green waves nor lanes for buses or bicycles. They are no error,
//! but nobody should read their absence of effect as a result.

use std::fmt;

use serde_spanned::Spanned;

use super::file::{CycleLaneKind, ScenarioFile};
use super::problem::Place;
use super::tree::Chain;
use crate::run::Fidelity;

/// An edit without effect in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfeltEdit {
    /// The file.
    pub file: String,
    /// Where it stands.
    pub place: Place,
    /// What it is, as in the file: `signal`, `green_wave`, `line` or `cycle_lane`.
    pub edit: &'static str,
    /// What moves traffic in the run.
    pub fidelity: Fidelity,
}

impl fmt::Display for UnfeltEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, place, edit, fidelity } = self;
        let why = if fidelity.is_strategic() {
            "acts on vehicles that move one by one: a strategic run does not feel it"
        } else {
            "is not simulated yet where vehicles move"
        };
        write!(f, "{file}:{place}: this {edit} {why}, and that it shows no effect here says nothing of it")
    }
}

/// The edits of a scenario and its ancestors that have no effect in a run of that fidelity.
#[must_use]
pub fn unfelt_edits(chain: &Chain, fidelity: Fidelity) -> Vec<UnfeltEdit> {
    let of_file = chain.files().iter().flat_map(|written| {
        edits(&written.scenario, fidelity).into_iter().map(move |(edit, at)| {
            let place = Place::at(&written.text, at);
            UnfeltEdit { file: written.file.clone(), place, edit, fidelity }
        })
    });
    of_file.collect()
}

/// Each such edit of a file, and where it is, in bytes.
fn edits(scenario: &ScenarioFile, fidelity: Fidelity) -> Vec<(&'static str, usize)> {
    fn at<'a, T>(edit: &'static str, all: &'a [Spanned<T>]) -> impl Iterator<Item = (&'static str, usize)> + 'a {
        all.iter().map(move |of| (edit, of.span().start))
    }
    let takes_no_lane = |kind: CycleLaneKind| matches!(kind, CycleLaneKind::Track | CycleLaneKind::Advisory);
    let cycle_lanes = scenario
        .cycle_lane
        .iter()
        .filter(|edit| takes_no_lane(*edit.get_ref().kind.get_ref()))
        .map(|edit| ("cycle_lane", edit.span().start));
    if !fidelity.is_strategic() {
        return at("green_wave", &scenario.green_wave)
            .chain(at("bus_lane", &scenario.bus_lane))
            .chain(at("cycle_lane", &scenario.cycle_lane))
            .collect();
    }
    at("signal", &scenario.signal)
        .chain(at("green_wave", &scenario.green_wave))
        .chain(at("line", &scenario.line))
        .chain(cycle_lanes)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(edits: &str) -> Vec<String> {
        let text = format!("format = 1\nname = \"z\"\ntitle = {{ it = \"x\", en = \"x\" }}\n{edits}");
        let chain = Chain::of_texts(vec![("z.toml".to_owned(), text)]).expect("a scenario");
        unfelt_edits(&chain, Fidelity::Strategic).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_only_vehicles_feel_is_told_with_its_place() {
        let signal = "[[signal]]\non = { all = true }\nkind = \"actuated\"\n";
        let track = "[[cycle_lane]]\non = { street = [\"x\"] }\nkind = \"track\"\n";
        let told = told(&(signal.to_owned() + track));
        assert!(told[0].starts_with("z.toml:4:1: this signal acts on vehicles"), "{told:?}");
        assert!(told[1].starts_with("z.toml:7:1: this cycle_lane acts on vehicles"), "{told:?}");
    }

    #[test]
    fn what_changes_capacities_or_demand_is_felt() {
        let lane = "[[cycle_lane]]\non = { street = [\"x\"] }\nkind = \"reserved_lane\"\n[[bus_lane]]\non = { street = [\"y\"] }\n";
        assert!(told(lane).is_empty());
    }
}

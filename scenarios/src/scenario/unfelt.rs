//! Edits that only vehicles feel that move one by one: how signals are controlled, where buses run, where bicycles have a place of
//! their own. They are no error in a strategic run, but nobody should read their absence of effect there as a result.

use std::fmt;

use serde_spanned::Spanned;

use super::file::{CycleLaneKind, ScenarioFile};
use super::problem::Place;
use super::tree::Chain;

/// An edit without effect in a strategic run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfeltEdit {
    /// The file.
    pub file: String,
    /// Where it stands.
    pub place: Place,
    /// What it is, as in the file: `signal`, `green_wave`, `line` or `cycle_lane`.
    pub edit: &'static str,
}

impl fmt::Display for UnfeltEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, place, edit } = self;
        write!(
            f,
            "{file}:{place}: this {edit} acts on vehicles that move one by one: a strategic run does not feel it, and that it shows \
             no effect here says nothing of it"
        )
    }
}

/// The edits of a scenario and its ancestors that have no effect in a strategic run.
#[must_use]
pub fn unfelt_edits(chain: &Chain) -> Vec<UnfeltEdit> {
    let of_file = chain.files().iter().flat_map(|written| {
        edits(&written.scenario).into_iter().map(move |(edit, at)| {
            let place = Place::at(&written.text, at);
            UnfeltEdit { file: written.file.clone(), place, edit }
        })
    });
    of_file.collect()
}

/// Each such edit of a file, and where it is, in bytes.
fn edits(scenario: &ScenarioFile) -> Vec<(&'static str, usize)> {
    fn at<'a, T>(edit: &'static str, all: &'a [Spanned<T>]) -> impl Iterator<Item = (&'static str, usize)> + 'a {
        all.iter().map(move |of| (edit, of.span().start))
    }
    let takes_no_lane = |kind: CycleLaneKind| matches!(kind, CycleLaneKind::Track | CycleLaneKind::Advisory);
    let cycle_lanes = scenario
        .cycle_lane
        .iter()
        .filter(|edit| takes_no_lane(*edit.get_ref().kind.get_ref()))
        .map(|edit| ("cycle_lane", edit.span().start));
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
        unfelt_edits(&chain).iter().map(ToString::to_string).collect()
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

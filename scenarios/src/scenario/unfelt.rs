//! Edits that a run does not feel, or not as they would act, by its fidelity. A strategic run knows neither signals nor single
//! buses nor bicycles; where vehicles move no bicycles do yet, and a lane is reserved all the time or never. They are no error, but
//! nobody should read what they show as a result.

use std::fmt;

use engine::time::{ClockTime, DayPlan, Hours, Span};
use serde_spanned::Spanned;

use super::apply::hours;
use super::file::{CycleLaneKind, ScenarioFile};
use super::problem::Place;
use super::tree::Chain;
use crate::run::Fidelity;

/// An edit that acts in a run not at all, or otherwise than in the street.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfeltEdit {
    /// The file.
    pub file: String,
    /// Where it stands.
    pub place: Place,
    /// What it is, as in the file: `signal`, `green_wave`, `bus_lane`, `line` or `cycle_lane`.
    pub edit: &'static str,
    /// Why.
    pub reason: UnfeltReason,
}

/// Why a run does not feel an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnfeltReason {
    /// It acts on vehicles that move one by one, and none does.
    Strategic,
    /// It acts on bicycles, and none moves.
    Bicycles,
    /// It holds at some hours of the run, and acts at all.
    PartOfTheTime,
}

impl fmt::Display for UnfeltEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, place, edit, reason } = self;
        let why = match reason {
            UnfeltReason::Strategic => {
                "acts on vehicles that move one by one: a strategic run does not feel it, and that it shows no effect here says \
                 nothing of it"
            }
            UnfeltReason::Bicycles => {
                "acts on bicycles, which do not move yet, and that it shows no effect here says nothing of it"
            }
            UnfeltReason::PartOfTheTime => {
                "holds at some hours of this run only, but where vehicles move its lanes are kept free at all of them: run a \
                 period in which it holds throughout"
            }
        };
        write!(f, "{file}:{place}: this {edit} {why}")
    }
}

/// The edits of a scenario and its ancestors that a run does not feel as they would act: of a fidelity, on the plan's day or in
/// its one period of that name.
#[must_use]
pub fn unfelt_edits(chain: &Chain, fidelity: Fidelity, plan: &DayPlan, period: Option<&str>) -> Vec<UnfeltEdit> {
    let day = [Span { from: ClockTime::MIDNIGHT, to: ClockTime::END_OF_DAY }];
    let period = period.and_then(|name| plan.period_named(name)).map(|period| &plan.periods()[period]);
    let spans = period.map_or(&day[..], |period| &period.spans);
    let holds_partly = |hours: &Hours| {
        let covered_s: u32 = spans.iter().map(|span| covered_s(hours, *span)).sum();
        let all_s: u32 = spans.iter().map(|span| span.duration_s()).sum();
        hours.days.contains(&plan.day) && covered_s > 0 && covered_s < all_s
    };
    let of_file = chain.files().iter().flat_map(|written| {
        edits(&written.scenario, fidelity, &holds_partly).into_iter().map(move |(edit, at, reason)| {
            let place = Place::at(&written.text, at);
            UnfeltEdit { file: written.file.clone(), place, edit, reason }
        })
    });
    of_file.collect()
}

/// How long hours hold within a span, in seconds.
fn covered_s(hours: &Hours, span: Span) -> u32 {
    let overlap_s = |other: &Span| {
        let (from, to) = (other.from.max(span.from), other.to.min(span.to));
        to.seconds().saturating_sub(from.seconds())
    };
    hours.spans.iter().map(overlap_s).sum()
}

/// Each such edit of a file, where it is, in bytes, and why.
fn edits(
    scenario: &ScenarioFile,
    fidelity: Fidelity,
    holds_partly: &dyn Fn(&Hours) -> bool,
) -> Vec<(&'static str, usize, UnfeltReason)> {
    fn at<'a, T>(edit: &'static str, all: &'a [Spanned<T>]) -> impl Iterator<Item = (&'static str, usize)> + 'a {
        all.iter().map(move |of| (edit, of.span().start))
    }
    let takes_no_lane = |kind: CycleLaneKind| matches!(kind, CycleLaneKind::Track | CycleLaneKind::Advisory);
    let cycle_lanes = scenario
        .cycle_lane
        .iter()
        .filter(|edit| takes_no_lane(*edit.get_ref().kind.get_ref()))
        .map(|edit| ("cycle_lane", edit.span().start));
    let with = |reason: UnfeltReason| move |(edit, at): (&'static str, usize)| (edit, at, reason);
    if !fidelity.is_strategic() {
        let part_time = scenario.bus_lane.iter().filter(|edit| {
            let rule = edit.get_ref().hours.as_ref();
            rule.is_some_and(|rule| holds_partly(&hours(rule)))
        });
        let part_time = part_time.map(|edit| ("bus_lane", edit.span().start));
        return part_time
            .map(with(UnfeltReason::PartOfTheTime))
            .chain(cycle_lanes.map(with(UnfeltReason::Bicycles)))
            .collect();
    }
    at("signal", &scenario.signal)
        .chain(at("green_wave", &scenario.green_wave))
        .chain(at("line", &scenario.line))
        .chain(cycle_lanes)
        .map(with(UnfeltReason::Strategic))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(edits: &str, fidelity: Fidelity, period: Option<&str>) -> Vec<String> {
        let text = format!("format = 1\nname = \"z\"\ntitle = {{ it = \"x\", en = \"x\" }}\n{edits}");
        let chain = Chain::of_texts(vec![("z.toml".to_owned(), text)]).expect("a scenario");
        unfelt_edits(&chain, fidelity, &DayPlan::weekday(), period).iter().map(ToString::to_string).collect()
    }

    const TRACK: &str = "[[cycle_lane]]\non = { street = [\"x\"] }\nkind = \"track\"\n";

    #[test]
    fn what_only_vehicles_feel_is_told_with_its_place() {
        let signal = "[[signal]]\non = { all = true }\nkind = \"actuated\"\n";
        let told = told(&(signal.to_owned() + TRACK), Fidelity::Strategic, None);
        assert!(told[0].starts_with("z.toml:4:1: this signal acts on vehicles"), "{told:?}");
        assert!(told[1].starts_with("z.toml:7:1: this cycle_lane acts on vehicles"), "{told:?}");
    }

    #[test]
    fn what_changes_capacities_or_demand_is_felt() {
        let lane = "[[cycle_lane]]\non = { street = [\"x\"] }\nkind = \"reserved_lane\"\n[[bus_lane]]\non = { street = [\"y\"] }\n";
        for fidelity in [Fidelity::Strategic, Fidelity::Meso, Fidelity::Micro] {
            assert!(told(lane, fidelity, None).is_empty());
        }
    }

    #[test]
    fn where_vehicles_move_bicycles_are_missed_and_lanes_of_some_hours() {
        let wave = "[[green_wave]]\nstreet = \"x\"\nspeed_kmh = 45\ncycle_s = 90\n";
        let lane = "[[bus_lane]]\non = { street = [\"y\"] }\nhours = { from = \"6:00\", to = \"9:00\" }\n";
        let edits = wave.to_owned() + TRACK + lane;
        let of_day = told(&edits, Fidelity::Meso, None);
        assert_eq!(of_day.len(), 2, "{of_day:?}");
        assert!(
            of_day[0].contains("this bus_lane holds at some hours") && of_day[1].contains("bicycles"),
            "{of_day:?}"
        );
        assert_eq!(told(&edits, Fidelity::Micro, Some("morning_peak")).len(), 1, "it holds all the time");
        assert_eq!(told(&edits, Fidelity::Micro, Some("evening_peak")).len(), 1, "idle: another note says so");
    }
}

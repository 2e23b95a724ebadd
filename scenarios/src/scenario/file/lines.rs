//! Lines of buses.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::check::Check;
use super::{Call, RuleHours};
use crate::scenario::problem::FileProblem;

/// The most places that a line passes by name.
const CALLS_MAX: usize = 200;

/// A line whose vehicles run in the traffic. It takes the fastest way for buses, without traffic, past its places in their
/// order. A line of a child replaces that of its parents of the same name; `lift` takes it away. Only vehicles that move feel it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its name: unique in the file.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// The places that it passes, in order: two at least. Where it stops, it does so at the end of the link by which it
    /// reaches the place.
    #[schemars(with = "Vec<Call>", length(min = 2, max = 200))]
    pub calls: Spanned<Vec<Spanned<Call>>>,
    /// Minutes from one vehicle to the next.
    #[schemars(with = "f64", range(min = 1.0, max = 240.0))]
    pub headway_min: Spanned<f64>,
    /// When vehicles begin their way: the first at `from`, none at `to` or later.
    pub hours: RuleHours,
    /// How long a vehicle stands at a stop, in seconds.
    #[schemars(with = "f64", range(min = 0.0, max = 600.0))]
    pub dwell_s: Spanned<f64>,
    /// What runs; `bus` where not given.
    #[serde(default)]
    pub vehicle: LineVehicle,
    /// Whether it runs back, too, past the same places.
    #[serde(default)]
    pub both_directions: bool,
}

/// Vehicles of lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineVehicle {
    /// A bus of 12 m.
    #[default]
    Bus,
    /// An articulated bus of 18 m.
    ArticulatedBus,
}

impl LineVehicle {
    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bus => "bus",
            Self::ArticulatedBus => "articulated_bus",
        }
    }

    /// Its length, in metres.
    #[must_use]
    pub fn length_m(self) -> f64 {
        match self {
            Self::Bus => 12.0,
            Self::ArticulatedBus => 18.0,
        }
    }
}

impl Check<'_> {
    pub(super) fn line(&mut self, edit: &Spanned<Line>) {
        let line = edit.get_ref();
        self.name(&line.name);
        self.range(&line.headway_min, "headway_min", *line.headway_min.get_ref(), 1.0, 240.0);
        self.range(&line.dwell_s, "dwell_s", *line.dwell_s.get_ref(), 0.0, 600.0);
        self.hours(Some(&line.hours));
        let calls = line.calls.get_ref();
        if !(2..=CALLS_MAX).contains(&calls.len()) {
            self.problem(&line.calls, FileProblem::Calls { found: calls.len(), most: CALLS_MAX });
        }
        calls.iter().for_each(|call| self.call(call));
        for end in calls.first().into_iter().chain(calls.last()).filter(|end| end.get_ref().stop == Some(false)) {
            self.problem(end, FileProblem::EndWithoutStop);
        }
    }
}

//! Links closed, changed and tolled.

use engine::vehicles::VehicleClass;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::check::Check;
use super::schema::vehicle_classes_schema;
use super::{RuleHours, Selection};
use crate::scenario::problem::FileProblem;

/// Closes links. Several closures and limited-traffic zones of one file add up; an edit of the same file that opens what
/// this closes, by `classes` or `direction`, is refused.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// Which.
    #[schemars(with = "Selection")]
    pub on: Spanned<Selection>,
    /// To whom; to everybody where not given.
    #[serde(default)]
    #[schemars(schema_with = "vehicle_classes_schema")]
    pub classes: Option<Vec<VehicleClass>>,
    /// When; always where not given.
    pub hours: Option<RuleHours>,
}

/// Changes links. Two edits of one file may not set a thing to two values, nor let pass whom the other does not at the same
/// time; an edit of a child overrules its parents'.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// Which.
    #[schemars(with = "Selection")]
    pub on: Spanned<Selection>,
    /// Lanes in each direction selected, 1 to 8; capacity follows, unless it is given too.
    #[schemars(with = "Option<i64>", range(min = 1, max = 8))]
    pub lanes: Option<Spanned<i64>>,
    /// Speed without traffic, in km/h.
    #[schemars(with = "Option<f64>", range(min = 1.0, max = 150.0))]
    pub speed_kmh: Option<Spanned<f64>>,
    /// Capacity of all lanes together, in passenger-car units an hour.
    #[schemars(with = "Option<f64>", range(min = 1.0, max = 20000.0))]
    pub capacity_pcuph: Option<Spanned<f64>>,
    /// In which directions the road may be used.
    #[schemars(with = "Option<Direction>")]
    pub direction: Option<Spanned<Direction>>,
    /// The vehicle classes that may use it, instead of those of before; those not named may not.
    #[serde(default)]
    #[schemars(schema_with = "vehicle_classes_schema")]
    pub classes: Option<Vec<VehicleClass>>,
    /// When `classes` holds; always where not given. In these hours it opens as well as closes; outside of them what the
    /// parents say holds.
    pub hours: Option<RuleHours>,
}

/// Directions of a road.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Only the selected links' own direction: links back are closed to all but pedestrians and bicycles.
    OneWay,
    /// Only against the selected links: they are closed to all but pedestrians and bicycles, and links back are opened, or
    /// built, for whoever may use either.
    Reversed,
    /// Both: the links and links back are opened, or built, for whoever may use either.
    Both,
}

impl Direction {
    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OneWay => "one_way",
            Self::Reversed => "reversed",
            Self::Both => "both",
        }
    }
}

/// Caps the speed at 30 km/h.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone30 {
    /// Which links; those of motorways, ramps and trunk roads keep their speed.
    #[schemars(with = "Selection")]
    pub on: Spanned<Selection>,
}

/// Asks money for passing links.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Toll {
    /// Which.
    #[schemars(with = "Selection")]
    pub on: Spanned<Selection>,
    /// Euro for each link passed; 0 lifts a toll.
    #[schemars(with = "f64", range(min = 0.0, max = 100.0))]
    pub eur: Spanned<f64>,
}

impl Check<'_> {
    pub(super) fn set(&mut self, edit: &Spanned<Set>) {
        let set = edit.get_ref();
        self.selection(&set.on);
        if let Some(lanes) = &set.lanes {
            self.lanes(lanes);
        }
        self.optional(set.speed_kmh.as_ref(), "speed_kmh", 1.0, 150.0);
        self.optional(set.capacity_pcuph.as_ref(), "capacity_pcuph", 1.0, 20_000.0);
        self.named(edit, "classes", set.classes.as_deref());
        self.hours(set.hours.as_ref());
        let is_nothing = set.lanes.is_none()
            && set.speed_kmh.is_none()
            && set.capacity_pcuph.is_none()
            && set.direction.is_none()
            && set.classes.is_none();
        if is_nothing {
            self.problem(edit, FileProblem::NothingSet("lanes, speed_kmh, capacity_pcuph, direction or classes"));
        } else if set.hours.is_some() && set.classes.is_none() {
            self.problem(edit, FileProblem::HoursWithoutClasses);
        }
    }
}

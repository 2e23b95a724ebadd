//! Lanes for buses and bicycles.

use engine::vehicles::VehicleClass;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::check::Check;
use super::schema::vehicle_classes_schema;
use super::{RuleHours, Selection};

/// The most bus lanes in one direction.
const BUS_LANES_MAX: f64 = 3.0;

/// Reserves the rightmost lanes for buses. A lane must be left for all others, unless they may not use the link. The
/// capacity for them is in proportion to the lanes that are left. Where vehicles move, the lanes end before crossings where one
/// turns right, so that whoever does may use them, and lanes for some hours are kept free all the time that is run. Several edits of one file may hold on one link at
/// different hours; an edit of a child replaces its parents' on its links.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BusLane {
    /// Which links.
    #[schemars(with = "Selection")]
    pub on: Spanned<Selection>,
    /// How many lanes in each direction selected, 1 where not given; 0 lifts the bus lanes of the parents.
    #[schemars(with = "Option<i64>", range(min = 0, max = 3))]
    pub lanes: Option<Spanned<i64>>,
    /// Vehicle classes that may use them beside buses, such as `bicycle`.
    #[serde(default)]
    #[schemars(schema_with = "vehicle_classes_schema")]
    pub also: Option<Vec<VehicleClass>>,
    /// When; always where not given.
    pub hours: Option<RuleHours>,
}

/// Gives bicycles a place of their own. An edit of a child replaces its parents' on its links.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CycleLane {
    /// Which links.
    #[schemars(with = "Selection")]
    pub on: Spanned<Selection>,
    /// What is built.
    #[schemars(with = "CycleLaneKind")]
    pub kind: Spanned<CycleLaneKind>,
}

/// Places for bicycles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CycleLaneKind {
    /// The rightmost lane becomes a cycle lane: it is taken from all others, and their capacity is in proportion to the
    /// lanes that are left.
    ReservedLane,
    /// A track beside the carriageway, which keeps its lanes.
    Track,
    /// A strip marked within the rightmost lane, which others may use.
    Advisory,
    /// What the parents give bicycles is lifted.
    None,
}

impl CycleLaneKind {
    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ReservedLane => "reserved_lane",
            Self::Track => "track",
            Self::Advisory => "advisory",
            Self::None => "none",
        }
    }
}

impl Check<'_> {
    pub(super) fn bus_lane(&mut self, edit: &Spanned<BusLane>) {
        let lane = edit.get_ref();
        self.selection(&lane.on);
        self.named(edit, "also", lane.also.as_deref());
        self.hours(lane.hours.as_ref());
        if let Some(lanes) = &lane.lanes {
            self.whole(lanes, "lanes", 0.0, BUS_LANES_MAX);
        }
    }
}

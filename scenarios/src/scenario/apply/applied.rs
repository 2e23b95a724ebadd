//! A city as a scenario would make it.

use engine::city::CityTables;
use geo::MultiPolygon;

use super::TrafficEdits;
use crate::words::Text;

/// The source that what a scenario builds is from.
pub const SCENARIO_SOURCE: &str = "scenario";

/// A city as a scenario would make it.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Its tables: the base's rows in the base's order, then what was built.
    pub tables: CityTables,
    /// Rows of the links that edits touch, ascending.
    pub edited_links: Vec<usize>,
    /// Areas of limited-traffic zones and of other edits by area.
    pub areas: Vec<MultiPolygon<f64>>,
    /// The limited-traffic zones.
    pub limited_zones: Vec<LimitedZone>,
    /// The factor on the spread of the edited links' capacities.
    pub edited_capacity_spread: f64,
    /// What only vehicles that move feel.
    pub traffic: TrafficEdits,
    /// Each edit in words.
    pub described: Vec<Text>,
}

impl Applied {
    /// A city to which nothing was done.
    #[must_use]
    pub fn unchanged(tables: CityTables) -> Self {
        Self {
            tables,
            edited_links: Vec::new(),
            areas: Vec::new(),
            limited_zones: Vec::new(),
            edited_capacity_spread: 1.0,
            traffic: TrafficEdits::default(),
            described: Vec::new(),
        }
    }
}

/// A limited-traffic zone: who lives inside.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitedZone {
    /// Rows of the zones whose centre lies inside.
    pub zones: Vec<usize>,
    /// Share of the other cars bound for it that hold a permit.
    pub exempt_share: f64,
}

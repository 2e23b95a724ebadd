//! A city as a scenario would make it.

use std::collections::BTreeMap;

use engine::city::CityTables;
use engine::demand::VehicleMix;
use engine::time::Hours;
use geo::{Coord, MultiPolygon};

use super::{FleetEdits, PavedWith, PlannedWorks, TrafficEdits};
use crate::scenario::problem::Place;
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
    /// Events, by their name in lower case.
    pub events: BTreeMap<String, VisitedEvent>,
    /// What traffic is made of.
    pub vehicle_mix: VehicleMix,
    /// Which vehicles drive.
    pub fleet: FleetEdits,
    /// What is built for it, and what that costs.
    pub works: Vec<PlannedWorks>,
    /// What links are paved with, by row, where it is not what most streets are.
    pub surfaces: BTreeMap<usize, PavedWith>,
    /// Links whose lanes are not all for everybody, by row.
    pub narrowings: Vec<Narrowing>,
    /// Roundabouts that are built.
    pub rings: Vec<Ring>,
    /// What only vehicles that move feel.
    pub traffic: TrafficEdits,
    /// Where what is said of signals is written.
    pub written: WrittenSignals,
    /// Each edit in words.
    pub described: Vec<Text>,
}

/// Where edits of signals are written, to tell of what does not suit them once lanes are known.
#[derive(Clone, Debug, Default)]
pub struct WrittenSignals {
    /// What is said of all.
    pub of_all: Option<WrittenAt>,
    /// What is said of a junction by name, by its row.
    pub of_junctions: BTreeMap<usize, WrittenAt>,
    /// Green waves, by the name of their street in lower case.
    pub of_waves: BTreeMap<String, WrittenAt>,
}

/// A place in a scenario file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenAt {
    /// The file.
    pub file: String,
    /// Line and column.
    pub place: Place,
}

impl std::fmt::Display for WrittenAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.place)
    }
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
            events: BTreeMap::new(),
            vehicle_mix: VehicleMix::default(),
            fleet: FleetEdits::default(),
            works: Vec::new(),
            surfaces: BTreeMap::new(),
            narrowings: Vec::new(),
            rings: Vec::new(),
            traffic: TrafficEdits::default(),
            written: WrittenSignals::default(),
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

/// An event whose visitors come by car, among others.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitedEvent {
    /// Its name.
    pub name: String,
    /// Row of the zone that cars go to.
    pub zone: usize,
    /// Where it is, in metres of the city's reference system.
    pub position: Coord<f64>,
    /// How many cars come, and go again.
    pub cars: f64,
    /// When they set out for it.
    pub arrivals: Hours,
    /// When they leave it.
    pub departures: Hours,
}

impl VisitedEvent {
    /// Cars an hour that set out for it while they do.
    #[must_use]
    pub fn arriving_vph(&self) -> f64 {
        self.cars / duration_h(&self.arrivals)
    }

    /// Cars an hour that leave it while they do.
    #[must_use]
    pub fn leaving_vph(&self) -> f64 {
        self.cars / duration_h(&self.departures)
    }
}

fn duration_h(hours: &Hours) -> f64 {
    hours.spans.iter().map(|span| f64::from(span.duration_s())).sum::<f64>() / 3600.0
}

/// A link on which lanes are taken from others at some hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Narrowing {
    /// Row of the link.
    pub link: usize,
    /// All of its lanes.
    pub lanes: u8,
    /// How many are taken when; what holds at one time adds up.
    pub taken: Vec<(Hours, u8)>,
}

/// A roundabout that is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    /// Rows of its junctions, ascending; junctions of the old crossing that are left over within it are among them.
    pub junctions: Vec<usize>,
    /// Rows of the links around it, counter-clockwise.
    pub links: Vec<usize>,
    /// Its lanes.
    pub lanes: u8,
    /// How many arms it has.
    pub arms: usize,
}

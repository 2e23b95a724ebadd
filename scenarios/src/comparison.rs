//! What a comparison of runs holds: the base beside its scenarios, with paired differences, and all that a reader needs to
//! judge them.
//!
//! These are the data that the report and `--json` are made from. They hold results and facts, no layout: every list is
//! in the order in which it should be told. Where a quantity has one value for each run, the base comes first
//! and the scenarios follow in the order of [`Comparison::runs`].

use engine::city::{ObservationRole, RoadClass, Structure};
use engine::key::Key;
use engine::provenance::{Origin, Source};
use engine::time::{DayType, Period};
use serde::Serialize;

use crate::words::Text;

/// The base and its scenarios, compared over the same seeds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Name of the city.
    pub city: String,
    /// EPSG code of the coordinates in [`ComparedLink::points`], which are metres.
    pub epsg: u32,
    /// The type of day that the runs cover.
    pub day: DayType,
    /// The periods that the runs cover, in the order of the day plan.
    pub periods: Vec<Period>,
    /// The seeds, shared by all runs. With one seed nothing has an interval.
    pub seeds: Vec<u64>,
    /// Share of the distribution that every interval spans (0.9: from the 5th to the 95th percentile).
    pub confidence: f64,
    /// What an interval is, in words.
    pub interval_meaning: Text,
    /// The runs: the base first.
    pub runs: Vec<ComparedRun>,
    /// Indicators of the whole city.
    pub indicators: Vec<Indicator>,
    /// Trips and durations by zone of origin and vehicle class.
    pub zones: Vec<ZoneRow>,
    /// Every link of the base, then those that scenarios add.
    pub links: Vec<ComparedLink>,
    /// For each run the ten links whose daily flow changed most, largest change first; empty for the base.
    pub most_changed: Vec<Vec<ChangedLink>>,
    /// Flows known from outside beside those computed: held out, plausibility ranges, and inputs.
    pub observations: Vec<ObservedFlow>,
    /// What the city's layers are made of.
    pub layers: Vec<Layer>,
    /// The city's sources, with the licences and attributions that must travel along.
    pub sources: Vec<Source>,
    /// What the scenarios keep as it is in the base, and what the model leaves out.
    pub kept_fixed: Vec<Text>,
    /// What was taken from elsewhere or assumed instead of being fitted to this city.
    pub not_calibrated: Vec<Text>,
    /// Rivers, lakes and canals, for orientation on maps: closed rings or open lines, in metres.
    pub waters: Vec<Water>,
    /// Axes of railways, for orientation on maps, in metres.
    pub railways: Vec<Vec<[f64; 2]>>,
    /// Names of places to write on maps, with where, in metres.
    pub places: Vec<MapPlace>,
}

/// One run of the comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparedRun {
    /// The scenario's name, as in its file (`meier-two-lanes`).
    pub name: String,
    /// Its title, for people.
    pub title: Text,
    /// What was done and why, in a sentence or two.
    pub description: Text,
    /// Each edit in words, in the order of the file; empty for the base.
    pub edits: Vec<Text>,
    /// The year it is about, where the scenario names one.
    pub horizon: Option<i16>,
    /// Hash of city, scenario, configuration and seeds.
    pub run_id: String,
    /// Hash of the result tables.
    pub result_hash: String,
    /// Hash of the program that made it.
    pub build_id: String,
    /// Trips a day without any path, all vehicle classes.
    pub unserved_trips: Estimate,
    /// Trips a day that begin or end inside a zone closed to their vehicle and therefore park at its edge and walk.
    pub trips_parking_at_edge: Estimate,
    /// Links that its edits touch, as indices into [`Comparison::links`].
    pub edited_links: Vec<usize>,
    /// Areas of its edits (a limited-traffic zone), for maps: closed rings in metres.
    pub areas: Vec<Vec<[f64; 2]>>,
    /// The largest relative gap of its equilibria.
    pub relative_gap: f64,
}

/// A quantity over the seeds: its mean and, with more than one seed, its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Mean over the seeds.
    pub value: f64,
    /// Where its spread over the seeds is known.
    pub interval: Option<Interval>,
}

/// A range of values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Whether it holds the value.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// An indicator: one number that sums a run up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Indicator {
    /// Its name in files (`vehicle_km`).
    pub id: String,
    /// Its name for people.
    pub name: Text,
    /// Its unit, as written beside numbers (`veh·km/day`).
    pub unit: Text,
    /// How it is computed, in words.
    pub formula: Text,
    /// Code of the Italian guidelines' indicator that it corresponds to (`A.3`, DM 396/2019), where it does.
    pub pums_code: Option<String>,
    /// How many decimals make sense.
    pub decimals: u8,
    /// Its value in each run, the base first.
    pub values: Vec<Estimate>,
    /// Scenario less base over the shared seeds, for each run; exactly 0 for the base.
    pub differences: Vec<Estimate>,
}

impl Estimate {
    /// The same quantity in another unit: value and interval changed by a function that does not fall.
    #[must_use]
    pub fn map(self, change: impl Fn(f64) -> f64) -> Self {
        let interval = self.interval.map(|ends| Interval { low: change(ends.low), high: change(ends.high) });
        Self { value: change(self.value), interval }
    }

    /// Whether a *difference* is distinguishable from none: its interval does not hold 0. None without an interval.
    #[must_use]
    pub fn is_distinct_from_zero(&self) -> Option<bool> {
        self.interval.map(|interval| !interval.contains(0.0))
    }
}

/// Trips and durations of one zone and class.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ZoneRow {
    /// Key of the zone or gate that the trips leave.
    pub zone: Key,
    /// Its name.
    pub name: String,
    /// The vehicle class, by its name in files.
    pub class: String,
    /// Trips a day for each run.
    pub trips_per_day: Vec<Estimate>,
    /// Mean duration in minutes for each run; none where no trip is served.
    pub mean_duration_min: Vec<Option<Estimate>>,
}

/// A link in all runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparedLink {
    /// Its key.
    pub key: Key,
    /// Name of the street, where it has one.
    pub name: Option<String>,
    /// What the road is for.
    pub class: RoadClass,
    /// On the ground, a bridge or in a tunnel.
    pub structure: Structure,
    /// Real, derived or synthetic.
    pub origin: Origin,
    /// Its line, from its first junction to its second, in metres of [`Comparison::epsg`].
    pub points: Vec<[f64; 2]>,
    /// Length in metres.
    pub length_m: f64,
    /// Vehicles a day for each run.
    pub daily_vehicles: Vec<Estimate>,
    /// Change of the vehicles a day against the base, paired over the seeds, for each run.
    pub daily_differences: Vec<Estimate>,
    /// Mean vehicles an hour by run and period: `hourly_vehicles[run][period]`.
    pub hourly_vehicles: Vec<Vec<f64>>,
    /// Change of those against the base, paired over the seeds, by run and period.
    pub hourly_differences: Vec<Vec<Estimate>>,
    /// Flow over capacity in passenger-car units by run and period, mean over seeds.
    pub saturation: Vec<Vec<f64>>,
}

/// A link whose flow changed much.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedLink {
    /// The link, as an index into [`Comparison::links`].
    pub link: usize,
    /// Change of its vehicles a day, scenario less base.
    pub difference: Estimate,
}

/// A flow known from outside beside the computed one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ObservedFlow {
    /// Where.
    pub name: String,
    /// Input, held out, or a range of plausibility.
    pub role: ObservationRole,
    /// What is expected, in vehicles a day; a count where both ends are equal.
    pub expected: Interval,
    /// Why this range or where the count is from.
    pub reason: Text,
    /// Vehicles a day of each run over all its links.
    pub daily_vehicles: Vec<Estimate>,
    /// Change of the vehicles a day against the base, paired over the seeds, for each run.
    pub daily_differences: Vec<Estimate>,
    /// GEH of the base's hourly flow (daily flow over 24 on both sides: the counts have no hours), where a count is known.
    pub hourly_geh: Option<Estimate>,
    /// The links, as indices into [`Comparison::links`].
    pub links: Vec<usize>,
}

/// What one layer of the city is made of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Layer {
    /// Its name in files (`links`).
    pub id: String,
    /// Its name for people.
    pub name: Text,
    /// What its amounts count (`km`, or the things themselves).
    pub unit: Text,
    /// Amount that is real, derived and synthetic.
    pub amounts: [f64; 3],
    /// Ids of the sources that its things name, sorted.
    pub sources: Vec<String>,
}

/// Water on a map.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Water {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Whether the points are a closed surface, not a line.
    pub is_surface: bool,
    /// The points, in metres.
    pub points: Vec<[f64; 2]>,
}

/// A name on a map.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MapPlace {
    /// The name.
    pub name: String,
    /// Where, in metres.
    pub position: [f64; 2],
}

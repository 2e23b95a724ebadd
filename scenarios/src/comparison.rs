//! What a comparison of runs holds: the base beside its scenarios, with paired differences, and all that a reader needs to
//! judge them.
//!
//! These are the data that the report and `--json` are made from. They hold results and facts, no layout: every list is
//! in the order in which it should be told. Where a quantity has one value for each run, the base comes first
//! and the scenarios follow in the order of [`Comparison::runs`].

use engine::city::{ObservationRole, RoadClass, Structure};
use engine::key::Key;
use engine::provenance::{Origin, Source};
use engine::time::{DAY_S, DayType, Period};
use serde::Serialize;

use crate::estimate::{Change, Estimate, Interval};
use crate::run::{Fidelity, Jammed};
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
    /// Whether these are the whole day. Otherwise everything that is called daily is a sum over these periods alone.
    pub is_whole_day: bool,
    /// The seeds, shared by all runs. With one seed nothing has an interval.
    pub seeds: Vec<u64>,
    /// The runs: the base first.
    pub runs: Vec<ComparedRun>,
    /// Indicators of the whole city.
    pub indicators: Vec<Indicator>,
    /// Trips and durations by vehicle class of those that leave each zone, then of those that enter at each gate.
    pub zones: Vec<OriginTrips>,
    /// The same by quarter, then of the zones in no quarter, then of all gates; empty where the city has no quarters.
    pub quarters: Vec<OriginTrips>,
    /// Every link of the base, then those that scenarios add.
    pub links: Vec<ComparedLink>,
    /// For each run the ten streets whose daily flow changed most beyond its interval, largest change first; empty for
    /// the base.
    pub changed_streets: Vec<Vec<ChangedStreet>>,
    /// Flows known from outside beside those computed: held out, plausibility ranges, and inputs.
    pub observations: Vec<ObservedFlow>,
    /// How the gates' daily counts, which are input, were spread over the periods.
    pub gate_hours: Vec<GatePeriod>,
    /// What the city's layers are made of.
    pub layers: Vec<Layer>,
    /// The city's sources, with the licences and attributions that must travel along.
    pub sources: Vec<Source>,
    /// Rivers, lakes and canals, for orientation on maps: closed rings or open lines, in metres.
    pub waters: Vec<Water>,
    /// Axes of railways, for orientation on maps, in metres.
    pub railways: Vec<Vec<[f64; 2]>>,
    /// Names of places to write on maps, with where, in metres.
    pub places: Vec<MapPlace>,
    /// Queues and lost time, where vehicles moved; none where flows were assigned only.
    pub moved: Option<Moved>,
    /// Costs and benefits of each run against the base; none for the base, and where runs do not tell what it takes.
    pub appraisals: Vec<Option<ComparedAppraisal>>,
}

/// What a scenario costs and brings against the base, in euro of one year's prices. Gains are positive.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparedAppraisal {
    /// The year of whose prices all amounts are.
    pub price_year: i32,
    /// Discount rate, a share a year.
    pub discount_rate: f64,
    /// First year that counts; present values are of this year.
    pub first_year: i32,
    /// First year in which the plan is used.
    pub opening_year: i32,
    /// Last year that counts.
    pub last_year: i32,
    /// Net present value.
    pub npv_eur: Estimate,
    /// The share of the seeds with a net present value above 0.
    pub positive_share: f64,
    /// Present benefits over present costs, central case; none where it costs nothing.
    pub benefit_cost_ratio: Option<f64>,
    /// Internal rate of return, central case; none where there is not exactly one.
    pub rate_of_return: Option<f64>,
    /// The year from which on it has paid, discounted, central case.
    pub payback_year: Option<i32>,
    /// Present values by what they are for.
    pub accounts: Vec<NamedAmount>,
    /// By class of users; what belongs to none under the empty name.
    pub classes: Vec<NamedAmount>,
    /// By group of people: keys or names of quarters, `gates`, `no_quarter`, `everybody`, `municipality`.
    pub groups: Vec<NamedAmount>,
    /// Works, central case.
    pub works: Vec<ComparedWorks>,
    /// What moves the net present value most, one parameter at a time, largest swing first.
    pub swings: Vec<Swing>,
    /// What is not in it.
    pub gaps: Vec<AppraisalGap>,
}

/// A present value with its name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedAmount {
    /// The name.
    pub name: String,
    /// Present value.
    pub present_eur: Estimate,
}

/// Works of a scenario, priced.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparedWorks {
    /// What they are.
    pub name: Text,
    /// In which years, with the share of each.
    pub years: Vec<(i32, f64)>,
    /// Line by line.
    pub lines: Vec<ComparedWorksLine>,
    /// For what is not foreseen.
    pub contingency_eur: f64,
    /// Design, supervision, tests.
    pub engineering_eur: f64,
    /// Tax.
    pub vat_eur: f64,
    /// All without tax.
    pub net_eur: f64,
    /// All with tax.
    pub gross_eur: f64,
}

/// A line of a bill of quantities.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparedWorksLine {
    /// Its code in the price list.
    pub code: String,
    /// What it is.
    pub description: String,
    /// How much.
    pub quantity: f64,
    /// In which unit.
    pub unit: String,
    /// Price of one.
    pub unit_price_eur: f64,
    /// All of it.
    pub net_eur: f64,
    /// Where the price is from.
    pub source: String,
    /// Of which year.
    pub price_year: i32,
}

/// How far a parameter moves the net present value while all others are at their medians.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Swing {
    /// The parameter.
    pub parameter: String,
    /// Its value that one in ten falls below.
    pub low: f64,
    /// Its value that one in ten exceeds.
    pub high: f64,
    /// Net present value at the low one.
    pub npv_low_eur: f64,
    /// Net present value at the high one.
    pub npv_high_eur: f64,
}

/// What an appraisal does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AppraisalGap {
    /// Crashes: runs do not tell them.
    Crashes,
    /// Noise: it was not reckoned.
    Noise,
    /// Works: the scenario names none, so that what it costs is not known.
    Works,
}

/// A change of a street's flow that is smaller than this, in vehicles over a whole day, is not told: four vehicles an hour
/// are seen by nobody, and no model of a city is that sure of a street.
const FLOW_RESOLUTION_VPD: f64 = 100.0;

impl Comparison {
    /// The smallest change of a street's flow that is told, in vehicles over the hours that the runs cover.
    #[must_use]
    pub fn flow_resolution(&self) -> f64 {
        FLOW_RESOLUTION_VPD * self.share_of_day()
    }

    /// The runs whose streets filled up under some seeds.
    pub fn jammed(&self) -> impl Iterator<Item = (&ComparedRun, &Jammed)> {
        let runs = self.moved.iter().flat_map(|moved| self.runs.iter().zip(&moved.runs));
        runs.filter_map(|(run, of_run)| Some((run, of_run.jammed.as_ref()?)))
    }

    /// Whether what scenarios are measured against is the city as it is, and not itself a scenario.
    #[must_use]
    pub fn has_city_as_it_is(&self) -> bool {
        self.runs.first().is_some_and(|run| run.edits.is_empty())
    }

    /// The share of a day's hours that the runs cover.
    #[must_use]
    pub fn share_of_day(&self) -> f64 {
        let covered_s: u32 = self.periods.iter().map(Period::duration_s).sum();
        if self.is_whole_day { 1.0 } else { f64::from(covered_s) / f64::from(DAY_S) }
    }
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
    /// The traffic on those links; none where edits touch no link.
    pub edited_traffic: Option<EditedTraffic>,
    /// Whom its limited-traffic zones concern; none where it has none.
    pub limited_traffic: Option<LimitedTraffic>,
    /// How many of its rules by hour hold at no time that the runs compute.
    pub idle_rules: usize,
    /// How many of its edits only vehicles feel that move one by one, and this run does not.
    pub unfelt_edits: usize,
    /// Areas of its edits (a limited-traffic zone), for maps: closed rings in metres.
    pub areas: Vec<Vec<[f64; 2]>>,
    /// The largest relative gap of its equilibria.
    pub relative_gap: f64,
}

/// What moving vehicles tell beyond flows: means over the seeds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// How closely they were looked at.
    pub fidelity: Fidelity,
    /// When each quarter hour begins and ends, in seconds of the day.
    pub bins_s: Vec<(u32, u32)>,
    /// Each run, the base first.
    pub runs: Vec<RunQueues>,
}

/// Queues and lost time of one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunQueues {
    /// Vehicle-hours lost an hour on all links together, by quarter hour: against the speed that each driver wants.
    pub lost_hours_ph: Vec<f64>,
    /// Vehicles that stand on average, by quarter hour.
    pub standing_veh: Vec<f64>,
    /// The largest queues, each in its worst quarter hour, largest first.
    pub longest: Vec<QueueSpot>,
    /// Vehicles that began.
    pub inserted: Estimate,
    /// Vehicles still on their way when the simulation ended.
    pub running: Estimate,
    /// Vehicles that could not begin until then.
    pub waiting: Estimate,
    /// Vehicles that chose another way because theirs was blocked.
    pub rerouted: Estimate,
    /// Vehicles that moved on together out of a circle in which each waited for the next.
    pub exchanged: Estimate,
    /// Vehicles that were taken from one place to another: defects.
    pub teleports: Estimate,
    /// The seeds under which streets filled up: many vehicles had not arrived when the simulation ended.
    pub jammed: Option<Jammed>,
}

/// A queue on a link in a quarter hour.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueueSpot {
    /// The link, as an index into [`Comparison::links`].
    pub link: usize,
    /// Where on its street it is.
    pub at: SectionEnds,
    /// When the quarter hour begins, in seconds of the day.
    pub from_s: u32,
    /// The queue in the base.
    pub base: Queue,
    /// The queue in this run.
    pub queue: Queue,
}

/// How much of a queue there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Queue {
    /// Vehicles that stand on average.
    pub standing_veh: f64,
    /// How far it reaches back at most in any seed, in metres.
    pub reach_m: f64,
    /// What each vehicle loses on average, junction included, in seconds.
    pub delay_s: f64,
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
    /// For each run the size below which a difference cannot be told from what its equilibria leave unsolved.
    pub resolutions: Vec<f64>,
    /// For each run its value under each seed, in the order of [`Comparison::seeds`].
    pub by_seed: Vec<Vec<f64>>,
}

/// What happens on the streets that a scenario's edits touch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EditedTraffic {
    /// The street, where all of them have one name.
    pub street: Option<String>,
    /// Vehicle-kilometres a day on all of them.
    pub vehicle_km: Change,
    /// Vehicles a day, both directions, on the section of them that carries most in either run.
    pub busiest: Change,
    /// Where on the street that section is.
    pub busiest_at: SectionEnds,
}

/// Where a section of a street lies: names of the streets that cross or meet it at either end, where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SectionEnds {
    /// At its first junction.
    pub from: Option<String>,
    /// At its second.
    pub to: Option<String>,
}

/// Whom a limited-traffic zone concerns. Residents' cars, other cars and cars with a permit are assigned apart but told
/// as one class.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LimitedTraffic {
    /// Share of the other cars bound for the zone that hold a permit.
    pub exempt_shares: Vec<f64>,
    /// Vehicle trips a day that begin or end inside, all classes, at any hour; mean over the seeds.
    pub trips_per_day: f64,
    /// Trips a day that park at the edge, by vehicle class; classes without any are left out.
    pub parking_at_edge_per_day: Vec<(String, Estimate)>,
}

/// Whose trips are told together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Origins {
    /// Those of one zone, which may lie in a quarter.
    Zone {
        /// Key of the quarter.
        quarter: Option<Key>,
    },
    /// Those that enter at one gate.
    Gate,
    /// Those of the zones of one quarter.
    Quarter,
    /// Those of all zones in no quarter.
    OtherZones,
    /// Those that enter at any gate.
    Gates,
}

/// The trips that begin at a place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OriginTrips {
    /// What the place is.
    pub origins: Origins,
    /// Key of the zone, gate or quarter; none where many are told together.
    pub key: Option<Key>,
    /// Its name; empty where many are told together.
    pub name: String,
    /// Where it is, in metres; none where many are told together.
    pub position: Option<[f64; 2]>,
    /// Its trips by vehicle class; classes without any are left out.
    pub classes: Vec<ClassTrips>,
}

/// The trips of one vehicle class that begin at a place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassTrips {
    /// The vehicle class, by its name in files.
    pub class: String,
    /// Trips a day for each run.
    pub trips_per_day: Vec<Estimate>,
    /// Trips a day that park at the edge of a closed zone, for each run.
    pub parking_at_edge_per_day: Vec<Estimate>,
    /// Mean duration in minutes for each run, of the served trips to other zones and gates; none where there is no such
    /// trip. Over several zones, weighted by the served trips of each.
    pub mean_duration_min: Vec<Option<Estimate>>,
    /// Change of that duration against the base, paired over the seeds, for each run.
    pub duration_differences_min: Vec<Option<Estimate>>,
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

/// A street whose flow changed much: that of its sections, from one junction to the next, on which it changed most.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedStreet {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// What the road is for.
    pub class: RoadClass,
    /// The section's links, of both directions, as indices into [`Comparison::links`].
    pub links: Vec<usize>,
    /// Where on the street the section is.
    pub at: SectionEnds,
    /// Vehicles a day on all of these.
    pub vehicles: Change,
    /// Names of further streets on which the same traffic comes or stays away.
    pub continues_on: Vec<String>,
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
    /// The base beside the count in each period; empty where there is a range instead of a count, or where the runs were
    /// made with other parameters than the program's, so that the profile of the day is not known.
    pub hourly_fit: Vec<PeriodFit>,
    /// The links, as indices into [`Comparison::links`].
    pub links: Vec<usize>,
}

/// The base beside a count in one period. The count's hours are those of the profile of the day that the gates have.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PeriodFit {
    /// The period, as an index into [`Comparison::periods`].
    pub period: usize,
    /// Mean counted flow, vehicles an hour.
    pub counted_vph: f64,
    /// Mean computed flow, vehicles an hour.
    pub modelled_vph: Estimate,
    /// GEH of the count and the mean over the seeds.
    pub geh: f64,
}

/// One period of the gates' day: the traffic that begins or ends in the city.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct GatePeriod {
    /// The period, as an index into [`Comparison::periods`].
    pub period: usize,
    /// Share of the daily count.
    pub share_of_day: f64,
    /// Share of the period's vehicles that enter the city.
    pub entering_share: f64,
}

/// A layer of the city.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the layers are called what they hold")]
pub enum LayerKind {
    Links,
    Zones,
    Connectors,
    Gates,
    Observations,
    Addresses,
    Buildings,
    Trees,
    Waters,
    Railways,
    HeritageSites,
    Places,
}

/// What one layer of the city is made of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Layer {
    /// Which.
    pub kind: LayerKind,
    /// Amount that is real, derived and synthetic: kilometres of links, and how many of everything else.
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

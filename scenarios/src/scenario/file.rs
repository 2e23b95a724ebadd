//! A scenario file as it is written: TOML, every field with its unit in its name, unknown fields refused.
//!
//! The types here are also the source of the published JSON schema (`scenarios/schema/scenario.schema.json`), so
//! that editors complete what this reader accepts. Reading checks everything that can be known without a city; what
//! depends on the city is checked when the scenario is applied.

use engine::city::{RoadClass, Structure};
use engine::time::{ClockTime, DayType};
use engine::vehicles::VehicleClass;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_spanned::Spanned;

use super::problem::{FileProblem, Place, ScenarioError};
use crate::words::Text;

/// The version of the language that this program writes and the newest that it reads.
pub const FORMAT: u32 = 1;

/// The most residents or jobs that a zone may have: ten times those of a city that Gemello is for.
pub(super) const PEOPLE_MAX: f64 = 1e6;

/// The most points that a polygon or a road may have. Whether a polygon crosses itself takes time by their square.
const POINTS_MAX: usize = 10_000;

/// What would be done to a city, as edits on what is there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// Version of the language: 1.
    #[schemars(with = "u32", range(min = 1, max = 1))]
    pub format: Spanned<u32>,
    /// Short name: lower-case letters, digits and hyphens.
    #[schemars(with = "String", regex(pattern = "^[a-z0-9][a-z0-9-]*$"))]
    pub name: Spanned<String>,
    /// Title for people, in Italian and English.
    pub title: Text,
    /// What is done and why, in a sentence or two, in Italian and English.
    pub description: Option<Text>,
    /// The scenario that this one builds on: a file, relative to this one, or the name of a library scenario.
    #[schemars(with = "Option<String>")]
    pub parent: Option<Spanned<String>>,
    /// The year that it is about, 2000 to 2100. Runs and reports tell it; it changes nothing that is computed: demand is
    /// that of the city's own year, but for the edits of zones.
    #[schemars(with = "Option<i16>", range(min = 2000, max = 2100))]
    pub horizon: Option<Spanned<i16>>,
    /// The city that it is made for: a folder, relative to this file. Without it, it runs on any city that holds what it names.
    #[schemars(with = "Option<String>")]
    pub city: Option<Spanned<String>>,
    /// How many seeds a run of it draws, unless the call says otherwise.
    #[schemars(with = "Option<u32>", range(min = 1, max = 1000))]
    pub seeds: Option<Spanned<u32>>,
    /// What is less or better known than the defaults say.
    #[serde(default)]
    pub uncertainty: Uncertainty,
    /// Links closed.
    #[serde(default)]
    #[schemars(with = "Vec<Close>")]
    pub close: Vec<Spanned<Close>>,
    /// Links changed.
    #[serde(default)]
    #[schemars(with = "Vec<Set>")]
    pub set: Vec<Spanned<Set>>,
    /// Roads and bridges built.
    #[serde(default)]
    #[schemars(with = "Vec<AddRoad>")]
    pub add_road: Vec<Spanned<AddRoad>>,
    /// Limited-traffic zones.
    #[serde(default)]
    #[schemars(with = "Vec<Ztl>")]
    pub ztl: Vec<Spanned<Ztl>>,
    /// Zones where nobody drives faster than 30 km/h.
    #[serde(default)]
    #[schemars(with = "Vec<Zone30>")]
    pub zone_30: Vec<Spanned<Zone30>>,
    /// More or fewer people or jobs.
    #[serde(default)]
    #[schemars(with = "Vec<ZoneChange>")]
    pub zone: Vec<Spanned<ZoneChange>>,
    /// Tolls.
    #[serde(default)]
    #[schemars(with = "Vec<Toll>")]
    pub toll: Vec<Spanned<Toll>>,
}

/// How sure the scenario is of what it builds. What the city itself is unsure of is the same in base and scenario.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Uncertainty {
    /// How widely the capacities of the links that the scenario builds or changes are drawn, as a factor on the usual
    /// spread: 0 takes them as known, 1 leaves them as sure as others of their kind.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 5.0))]
    pub edited_capacity_spread: Option<Spanned<f64>>,
}

/// Which links an edit is about: those that fulfil everything that is given. At least one of `links`, `street`, `quarter`
/// and `polygon` must be.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// Keys of links.
    #[schemars(with = "Option<Vec<String>>")]
    pub links: Option<Vec<Spanned<String>>>,
    /// Names of streets, as the city writes them; upper and lower case do not matter.
    #[schemars(with = "Option<Vec<String>>")]
    pub street: Option<Vec<Spanned<String>>>,
    /// Name of a quarter: links whose middle lies in it.
    #[schemars(with = "Option<String>")]
    pub quarter: Option<Spanned<String>>,
    /// An area: links whose middle lies in it.
    pub polygon: Option<Polygon>,
    /// Only links carried like this.
    #[serde(default)]
    #[schemars(schema_with = "structure_schema")]
    pub structure: Option<Structure>,
    /// Only links of these road classes.
    #[serde(default)]
    #[schemars(schema_with = "road_classes_schema")]
    pub road_classes: Option<Vec<RoadClass>>,
}

/// Points on the ground.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Polygon {
    /// The corners in order; the last joins the first.
    #[schemars(with = "Vec<[f64; 2]>", length(min = 3, max = 10_000))]
    pub points: Spanned<Vec<[f64; 2]>>,
    /// What the points are given in.
    #[serde(default)]
    pub coordinates: Coordinates,
}

/// What coordinates are given in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Coordinates {
    /// Longitude and latitude, in degrees (WGS 84).
    #[default]
    LonLatDegrees,
    /// Easting and northing of the city's own reference system, in metres.
    Metres,
}

/// Hours of a rule.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleHours {
    /// Day types; all where not given. A run computes one day, of the type that the city's plan says (a weekday where it
    /// has none of its own): rules of other days have no effect in it, and a run says so.
    #[serde(default)]
    #[schemars(schema_with = "days_schema")]
    pub days: Option<Vec<DayType>>,
    /// First minute inside, as in `7:30`.
    #[schemars(with = "String")]
    pub from: Spanned<ClockTime>,
    /// First minute no longer inside, as in `19:00`; may be past midnight.
    #[schemars(with = "String")]
    pub to: Spanned<ClockTime>,
}

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

/// Builds a road or a bridge.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddRoad {
    /// Its name: unique in the scenario, part of its links' keys.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// Its line. The ends join the nearest junctions within `snap_m`; the points between join nothing.
    #[schemars(with = "Vec<[f64; 2]>", length(min = 2, max = 10_000))]
    pub points: Spanned<Vec<[f64; 2]>>,
    /// What the points are given in.
    #[serde(default)]
    pub coordinates: Coordinates,
    /// Key of the junction where it begins, instead of the nearest one.
    #[schemars(with = "Option<String>")]
    pub from: Option<Spanned<String>>,
    /// Key of the junction where it ends, instead of the nearest one.
    #[schemars(with = "Option<String>")]
    pub to: Option<Spanned<String>>,
    /// How far its ends may be from a junction, in metres: 30 where not given.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 500.0))]
    pub snap_m: Option<Spanned<f64>>,
    /// What the road is for.
    #[schemars(schema_with = "road_class_schema")]
    pub road_class: RoadClass,
    /// On the ground where not given.
    #[serde(default)]
    #[schemars(schema_with = "structure_schema")]
    pub structure: Option<Structure>,
    /// Lanes in each direction, 1 to 8.
    #[schemars(with = "i64", range(min = 1, max = 8))]
    pub lanes: Spanned<i64>,
    /// Speed without traffic, in km/h.
    #[schemars(with = "f64", range(min = 1.0, max = 150.0))]
    pub speed_kmh: Spanned<f64>,
    /// Capacity of all lanes of a direction together, in passenger-car units an hour; the median of the city's links of
    /// that road class, lane for lane, where not given.
    #[schemars(with = "Option<f64>", range(min = 1.0, max = 20000.0))]
    pub capacity_pcuph: Option<Spanned<f64>>,
    /// Whether it may be used in its line's direction only.
    #[serde(default)]
    pub one_way: bool,
    /// Who may use it; everybody but for pedestrians and bicycles on motorways where not given.
    #[serde(default)]
    #[schemars(schema_with = "vehicle_classes_schema")]
    pub classes: Option<Vec<VehicleClass>>,
}

/// A limited-traffic zone (*zona a traffico limitato*): cars of people who do not live inside may not enter. Streets that
/// run along its edge, within 15 m of it, stay open. Several zones of one scenario share their residents and permits.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ztl {
    /// Its name, for people.
    pub name: Option<Text>,
    /// Name of the quarter that it covers.
    #[schemars(with = "Option<String>")]
    pub quarter: Option<Spanned<String>>,
    /// The area that it covers, instead of a quarter.
    pub polygon: Option<Polygon>,
    /// When it holds.
    pub hours: RuleHours,
    /// Road classes inside that stay open to everybody (the ring around a centre).
    #[serde(default)]
    #[schemars(schema_with = "road_classes_schema")]
    pub open_road_classes: Option<Vec<RoadClass>>,
    /// Streets inside that stay open to everybody.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub open_streets: Vec<Spanned<String>>,
    /// Vehicle classes that may not enter; `other_car` where not given.
    #[serde(default)]
    #[schemars(schema_with = "vehicle_classes_schema")]
    pub closed_to: Option<Vec<VehicleClass>>,
    /// Share of the other cars bound for the area that hold a permit, 0 to 1.
    #[schemars(with = "f64", range(min = 0.0, max = 1.0))]
    pub exempt_share: Spanned<f64>,
}

/// Caps the speed at 30 km/h.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone30 {
    /// Which links; those of motorways, ramps and trunk roads keep their speed.
    #[schemars(with = "Selection")]
    pub on: Spanned<Selection>,
}

/// Changes the people or jobs of a zone. Totals are the new state; changes are added to the old one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneChange {
    /// Key of the zone.
    #[schemars(with = "String")]
    pub key: Spanned<String>,
    /// Residents, 0 to a million.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1e6))]
    pub residents: Option<Spanned<f64>>,
    /// More residents, or fewer where negative.
    #[schemars(with = "Option<f64>", range(min = -1e6, max = 1e6))]
    pub residents_change: Option<Spanned<f64>>,
    /// Jobs, 0 to a million.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1e6))]
    pub jobs: Option<Spanned<f64>>,
    /// More jobs, or fewer where negative.
    #[schemars(with = "Option<f64>", range(min = -1e6, max = 1e6))]
    pub jobs_change: Option<Spanned<f64>>,
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

impl ScenarioFile {
    /// Reads a scenario. `file` names it in errors.
    ///
    /// # Errors
    /// [`ScenarioError`]: the first thing that cannot be read, or everything that is outside what it can be.
    pub fn parse(file: &str, text: &str) -> Result<Self, ScenarioError> {
        let scenario: Self = toml::from_str(text).map_err(|error| ScenarioError::unreadable(file, text, &error))?;
        let problems = scenario.problems(text);
        if problems.is_empty() { Ok(scenario) } else { Err(ScenarioError::new(file, problems)) }
    }

    /// How many edits it holds.
    #[must_use]
    pub fn edit_count(&self) -> usize {
        let Self { close, set, add_road, ztl, zone_30, zone, toll, .. } = self;
        close.len() + set.len() + add_road.len() + ztl.len() + zone_30.len() + zone.len() + toll.len()
    }

    fn problems(&self, text: &str) -> Vec<(Place, FileProblem)> {
        let mut check = Check { text, problems: Vec::new() };
        if *self.format.get_ref() > FORMAT {
            let found = *self.format.get_ref();
            check.problem(&self.format, FileProblem::Newer { found, newest: FORMAT });
            return check.problems;
        }
        check.range(&self.format, "format", f64::from(*self.format.get_ref()), 1.0, f64::from(FORMAT));
        let name = self.name.get_ref();
        if !is_plain_name(name) {
            check.problem(&self.name, FileProblem::Name(name.clone()));
        }
        if let Some(horizon) = &self.horizon {
            check.range(horizon, "horizon", f64::from(*horizon.get_ref()), 2000.0, 2100.0);
        }
        if let Some(seeds) = &self.seeds {
            check.range(seeds, "seeds", f64::from(*seeds.get_ref()), 1.0, 1000.0);
        }
        let spread = self.uncertainty.edited_capacity_spread.as_ref();
        check.optional(spread, "edited_capacity_spread", 0.0, 5.0);
        self.close.iter().for_each(|edit| {
            check.selection(&edit.get_ref().on);
            check.named(edit, "classes", edit.get_ref().classes.as_deref());
            check.hours(edit.get_ref().hours.as_ref());
        });
        self.set.iter().for_each(|edit| check.set(edit));
        self.add_road.iter().for_each(|edit| check.road(edit));
        self.ztl.iter().for_each(|edit| check.ztl(edit));
        self.zone_30.iter().for_each(|edit| check.selection(&edit.get_ref().on));
        self.zone.iter().for_each(|edit| check.zone(edit));
        for edit in &self.toll {
            check.selection(&edit.get_ref().on);
            check.range(&edit.get_ref().eur, "eur", *edit.get_ref().eur.get_ref(), 0.0, 100.0);
        }
        check.problems
    }
}

/// Collects what is wrong with the values of a file.
struct Check<'a> {
    text: &'a str,
    problems: Vec<(Place, FileProblem)>,
}

impl Check<'_> {
    fn problem<T>(&mut self, at: &Spanned<T>, problem: FileProblem) {
        self.problems.push((Place::at(self.text, at.span().start), problem));
    }

    fn range<T>(&mut self, at: &Spanned<T>, field: &'static str, value: f64, low: f64, high: f64) {
        if !(value >= low && value <= high) {
            self.problem(at, FileProblem::Range { field, value, low, high });
        }
    }

    fn optional(&mut self, value: Option<&Spanned<f64>>, field: &'static str, low: f64, high: f64) {
        if let Some(value) = value {
            self.range(value, field, *value.get_ref(), low, high);
        }
    }

    fn lanes(&mut self, lanes: &Spanned<i64>) {
        #[expect(clippy::cast_precision_loss, reason = "only compared with 1 and 8 and shown")]
        self.range(lanes, "lanes", *lanes.get_ref() as f64, 1.0, 8.0);
    }

    /// A list that is given names something.
    fn named<T, U>(&mut self, at: &Spanned<T>, field: &'static str, list: Option<&[U]>) {
        if list.is_some_and(<[U]>::is_empty) {
            self.problem(at, FileProblem::EmptyList(field));
        }
    }

    fn selection(&mut self, on: &Spanned<Selection>) {
        let selection = on.get_ref();
        let is_empty = |list: &Option<Vec<Spanned<String>>>| list.as_ref().is_none_or(Vec::is_empty);
        if is_empty(&selection.links)
            && is_empty(&selection.street)
            && selection.quarter.is_none()
            && selection.polygon.is_none()
        {
            self.problem(on, FileProblem::EmptySelection);
        }
        self.named(on, "road_classes", selection.road_classes.as_deref());
        if let Some(polygon) = &selection.polygon {
            self.polygon(polygon);
        }
    }

    fn polygon(&mut self, polygon: &Polygon) {
        let points = polygon.points.get_ref();
        if !self.points(&polygon.points, 3) {
            return;
        }
        self.coordinates(&polygon.points, polygon.coordinates);
        if let Some((a, b)) = crossing_sides(points) {
            self.problem(&polygon.points, FileProblem::CrossesItself { first: a + 1, second: b + 1 });
        }
    }

    /// Whether there are neither too few nor too many.
    fn points(&mut self, points: &Spanned<Vec<[f64; 2]>>, least: usize) -> bool {
        let found = points.get_ref().len();
        let fits = (least..=POINTS_MAX).contains(&found);
        if !fits {
            self.problem(points, FileProblem::Points { found, least, most: POINTS_MAX });
        }
        fits
    }

    fn coordinates(&mut self, points: &Spanned<Vec<[f64; 2]>>, coordinates: Coordinates) {
        let is_degrees = |&[x, y]: &[f64; 2]| x.abs() <= 180.0 && y.abs() <= 90.0;
        let wrong = points.get_ref().iter().find(|point| {
            point.iter().any(|value| !value.is_finite())
                || (coordinates == Coordinates::LonLatDegrees && !is_degrees(point))
        });
        if let Some(&[x, y]) = wrong {
            self.problem(points, FileProblem::Coordinates { x, y });
        }
    }

    fn hours(&mut self, hours: Option<&RuleHours>) {
        let Some(hours) = hours else { return };
        self.named(&hours.from, "days", hours.days.as_deref());
        if hours.from.get_ref() == hours.to.get_ref() {
            self.problem(&hours.from, FileProblem::NoHours);
        }
    }

    fn set(&mut self, edit: &Spanned<Set>) {
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

    fn road(&mut self, edit: &Spanned<AddRoad>) {
        let road = edit.get_ref();
        self.named(edit, "classes", road.classes.as_deref());
        if road.name.get_ref().trim().is_empty() {
            self.problem(&road.name, FileProblem::NothingSet("a name"));
        }
        self.points(&road.points, 2);
        self.coordinates(&road.points, road.coordinates);
        self.lanes(&road.lanes);
        self.range(&road.speed_kmh, "speed_kmh", *road.speed_kmh.get_ref(), 1.0, 150.0);
        self.optional(road.capacity_pcuph.as_ref(), "capacity_pcuph", 1.0, 20_000.0);
        self.optional(road.snap_m.as_ref(), "snap_m", 0.0, 500.0);
    }

    fn ztl(&mut self, edit: &Spanned<Ztl>) {
        let ztl = edit.get_ref();
        self.range(&ztl.exempt_share, "exempt_share", *ztl.exempt_share.get_ref(), 0.0, 1.0);
        self.named(edit, "closed_to", ztl.closed_to.as_deref());
        self.named(edit, "open_road_classes", ztl.open_road_classes.as_deref());
        self.hours(Some(&ztl.hours));
        match (&ztl.quarter, &ztl.polygon) {
            (Some(_), None) => {}
            (None, Some(polygon)) => self.polygon(polygon),
            _ => self.problem(edit, FileProblem::QuarterOrPolygon),
        }
    }

    fn zone(&mut self, edit: &Spanned<ZoneChange>) {
        let zone = edit.get_ref();
        self.optional(zone.residents.as_ref(), "residents", 0.0, PEOPLE_MAX);
        self.optional(zone.jobs.as_ref(), "jobs", 0.0, PEOPLE_MAX);
        self.optional(zone.residents_change.as_ref(), "residents_change", -PEOPLE_MAX, PEOPLE_MAX);
        self.optional(zone.jobs_change.as_ref(), "jobs_change", -PEOPLE_MAX, PEOPLE_MAX);
        for (total, change, fields) in [
            (&zone.residents, &zone.residents_change, ["residents", "residents_change"]),
            (&zone.jobs, &zone.jobs_change, ["jobs", "jobs_change"]),
        ] {
            if let (Some(_), Some(change)) = (total, change) {
                self.problem(change, FileProblem::Both(fields));
            }
        }
        if [&zone.residents, &zone.residents_change, &zone.jobs, &zone.jobs_change].iter().all(|field| field.is_none())
        {
            self.problem(edit, FileProblem::NothingSet("residents, residents_change, jobs or jobs_change"));
        }
    }
}

/// Whether a scenario may be called so, and its run folder with it.
pub(crate) fn is_plain_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && !name.starts_with('-') && name.chars().all(is_plain)
}

/// Two sides of a closed ring that cross, by the number of their first corner.
fn crossing_sides(points: &[[f64; 2]]) -> Option<(usize, usize)> {
    let count = points.len();
    let side = |index: usize| (points[index], points[(index + 1) % count]);
    let turn = |a: [f64; 2], b: [f64; 2], c: [f64; 2]| (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    (0..count).flat_map(|i| (i + 2..count).map(move |j| (i, j))).filter(|&(i, j)| (j + 1) % count != i).find(
        |&(i, j)| {
            let ((a, b), (c, d)) = (side(i), side(j));
            turn(a, b, c) * turn(a, b, d) < 0.0 && turn(c, d, a) * turn(c, d, b) < 0.0
        },
    )
}

/// The JSON schema of scenario files, for editors.
#[must_use]
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(ScenarioFile);
    serde_json::to_string_pretty(&schema)
        .map_or_else(|error| unreachable!("a schema is JSON: {error}"), |text| text + "\n")
}

fn words(words: impl IntoIterator<Item = &'static str>) -> Schema {
    json_schema!({ "type": "string", "enum": words.into_iter().collect::<Vec<_>>() })
}

fn word_list(of: impl IntoIterator<Item = &'static str>) -> Schema {
    json_schema!({ "type": "array", "items": words(of), "minItems": 1 })
}

fn vehicle_classes_schema(_: &mut SchemaGenerator) -> Schema {
    word_list(VehicleClass::ALL.map(VehicleClass::name))
}

fn road_classes_schema(_: &mut SchemaGenerator) -> Schema {
    word_list(RoadClass::ALL.map(RoadClass::name))
}

fn road_class_schema(_: &mut SchemaGenerator) -> Schema {
    words(RoadClass::ALL.map(RoadClass::name))
}

fn structure_schema(_: &mut SchemaGenerator) -> Schema {
    words(Structure::ALL.map(Structure::name))
}

fn days_schema(_: &mut SchemaGenerator) -> Schema {
    word_list(DayType::ALL.map(DayType::name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "format = 1\nname = \"test\"\ntitle = { it = \"Prova\", en = \"Test\" }\n";

    /// What the reader says of a file that begins with a good head.
    fn complaint(body: &str) -> String {
        ScenarioFile::parse("test.toml", &format!("{HEAD}{body}")).expect_err("a bad file").to_string()
    }

    #[test]
    fn a_file_is_read_with_all_its_edits() {
        let text = format!(
            "{HEAD}[[close]]\non = {{ street = [\"Via Roma\"] }}\n[[set]]\non = {{ links = [\"osm:way/1\"] }}\nlanes = 2\n\
             [[ztl]]\nquarter = \"Centro\"\nhours = {{ from = \"7:30\", to = \"19:00\" }}\nexempt_share = 0.1\n"
        );
        assert_eq!(ScenarioFile::parse("test.toml", &text).expect("valid").edit_count(), 3);
    }

    #[test]
    fn wrong_files_say_where_and_what_to_do() {
        for (body, parts) in [
            (
                "[[set]]\non = { street = [\"x\"] }\nlnaes = 2\n",
                ["test.toml:6:1", "unknown field `lnaes`", "did you mean `lanes`"],
            ),
            ("[[set]]\non = { street = [\"x\"] }\nspeed_mph = 20\n", ["test.toml:6:1", "`speed_mph`", "`speed_kmh`"]),
            ("[[set]]\non = { street = [\"x\"] }\nlanes = -2\n", ["test.toml:6:9", "lanes is -2", "from 1 to 8"]),
            (
                "[[set]]\non = { street = [\"x\"] }\nspeed_kmh = -5\n",
                ["test.toml:6:13", "speed_kmh is -5", "from 1 to 150"],
            ),
            ("[[set]]\non = { street = [\"x\"] }\n", ["test.toml:4:1", "sets nothing", "lanes"]),
            ("[[close]]\non = { structure = \"bridge\" }\n", ["test.toml:5:6", "selects no links", "street"]),
            (
                "[[close]]\non = { street = [\"x\"] }\nclasses = [\"tank\"]\n",
                ["test.toml:6:12", "tank", "resident_car"],
            ),
            (
                "[[ztl]]\npolygon = { points = [[8.6, 44.9], [8.7, 45.0], [8.7, 44.9], [8.6, 45.0]] }\nhours = { from = \"7:30\", to = \"19:00\" }\nexempt_share = 0\n",
                ["test.toml:5:22", "crosses itself", "sides 1 and 3"],
            ),
            (
                "[[ztl]]\nhours = { from = \"7:30\", to = \"25:00\" }\nexempt_share = 0\n",
                ["test.toml:5:31", "25:00", "time of day"],
            ),
            (
                "[[close]]\non = { street = [\"x\"] }\nhours = { days = [], from = \"7:30\", to = \"9:00\" }\n",
                ["test.toml:6:29", "days is an empty list", "leave days out"],
            ),
            (
                "[[close]]\non = { street = [\"x\"] }\nclasses = []\n",
                ["test.toml:4:1", "classes is an empty list", "name at least one"],
            ),
            (
                "[[zone]]\nkey = \"z:1\"\nresidents = 5\nresidents_change = 1\n",
                ["test.toml:7:20", "residents", "only one"],
            ),
        ] {
            let told = complaint(body);
            for part in parts {
                assert!(told.contains(part), "'{part}' in: {told}");
            }
        }
    }

    #[test]
    fn a_newer_file_is_not_guessed_at() {
        let text = HEAD.replace("format = 1", "format = 9");
        let told = ScenarioFile::parse("test.toml", &text).expect_err("newer").to_string();
        assert!(told.contains("test.toml:1:10") && told.contains("format 9") && told.contains("newer"), "{told}");
    }

    #[test]
    fn the_schema_asks_for_no_more_than_the_reader() {
        let schema: serde_json::Value = serde_json::from_str(&json_schema()).expect("JSON");
        let required = |name: &str| schema["$defs"][name]["required"].to_string();
        assert_eq!(required("Close"), r#"["on"]"#);
        assert_eq!(required("Selection"), "null");
        assert_eq!(required("RuleHours"), r#"["from","to"]"#);
        assert_eq!(required("AddRoad"), r#"["name","points","road_class","lanes","speed_kmh"]"#);
    }

    #[test]
    fn numbers_beyond_all_measure_are_refused_with_what_may_be() {
        let zone = "[[zone]]\nkey = \"z:1\"\n";
        let set = "[[set]]\non = { street = [\"x\"] }\n";
        let toll = "[[toll]]\non = { street = [\"x\"] }\n";
        for (body, part) in [
            (
                format!("{zone}residents = 1e9\n"),
                "test.toml:6:13: residents is 1000000000; it must be from 0 to 1000000",
            ),
            (format!("{zone}residents = nan\n"), "test.toml:6:13: residents is NaN"),
            (format!("{zone}jobs_change = -inf\n"), "test.toml:6:15: jobs_change is -inf"),
            (format!("{set}lanes = 1000\n"), "test.toml:6:9: lanes is 1000; it must be from 1 to 8"),
            (format!("{set}speed_kmh = 1e6\n"), "test.toml:6:13: speed_kmh is 1000000; it must be from 1 to 150"),
            (format!("{set}capacity_pcuph = inf\n"), "test.toml:6:18: capacity_pcuph is inf"),
            (format!("{toll}eur = 1e12\n"), "test.toml:6:7: eur is 1000000000000; it must be from 0 to 100"),
            ("[uncertainty]\nedited_capacity_spread = nan\n".to_owned(), "edited_capacity_spread is NaN"),
        ] {
            let told = complaint(&body);
            assert!(told.contains(part), "'{part}' in: {told}");
        }
        let points = vec!["[8.6, 44.9]"; 10_001].join(", ");
        let told = complaint(&format!("[[close]]\non = {{ polygon = {{ points = [{points}] }} }}\n"));
        assert!(told.contains("10001 points are given; there must be from 3 to 10000"), "{told}");
    }

    #[test]
    fn the_published_schema_is_the_one_that_is_read() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/scenario.schema.json");
        if std::env::var_os("GEMELLO_WRITE_SCHEMA").is_some() {
            std::fs::write(path, json_schema()).expect("the schema folder");
        }
        let published = std::fs::read_to_string(path).expect("the published schema");
        assert_eq!(published, json_schema(), "run this test with GEMELLO_WRITE_SCHEMA=1 to write the schema anew");
    }
}

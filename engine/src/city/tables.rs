//! A city as plain rows, and everything that can be wrong with them.

use std::collections::HashMap;

use geo::Coord;

use super::{
    Address, Building, Connector, Gate, HeritageSite, Junction, Link, Observation, Place, Population, Quarter, Railway,
    TravelSurvey, Tree, Turn, Water, Zone,
};
use crate::key::Key;
use crate::provenance::{Provenance, Source};
use crate::time::DayPlan;

/// One thing of the city: its name, where it is from, and its facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<T> {
    /// Its stable name, unique in the city whatever the table.
    pub key: Key,
    /// Where it is from.
    pub provenance: Provenance,
    /// What is known of it.
    pub facts: T,
}

/// What a city says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// Its name.
    pub name: String,
    /// EPSG code of its projected reference system, in metres (32632 for Alessandria).
    pub epsg: u32,
    /// IANA name of the time zone of its clock (`Europe/Rome`).
    pub time_zone: String,
    /// How its days are divided.
    pub day_plan: DayPlan,
    /// Its residents, where known.
    pub population: Option<Population>,
    /// What is known of its people's trips, where anything is.
    pub survey: Option<TravelSurvey>,
}

/// A city as rows, in no world: what importers fill, files hold and edits change.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each table is documented at the type of its rows")]
pub struct CityTables {
    pub about: About,
    pub sources: Vec<Source>,
    pub junctions: Vec<Record<Junction>>,
    pub links: Vec<Record<Link>>,
    pub turns: Vec<Record<Turn>>,
    pub quarters: Vec<Record<Quarter>>,
    pub zones: Vec<Record<Zone>>,
    pub connectors: Vec<Record<Connector>>,
    pub gates: Vec<Record<Gate>>,
    pub observations: Vec<Record<Observation>>,
    pub addresses: Vec<Record<Address>>,
    pub buildings: Vec<Record<Building>>,
    pub trees: Vec<Record<Tree>>,
    pub waters: Vec<Record<Water>>,
    pub railways: Vec<Record<Railway>>,
    pub heritage_sites: Vec<Record<HeritageSite>>,
    pub places: Vec<Record<Place>>,
}

/// Calls a macro with `(field, Type)` for every table of [`CityTables`], in the order of the struct.
macro_rules! for_each_table {
    ($apply:ident) => {
        $apply! {
            (junctions, Junction), (links, Link), (turns, Turn), (quarters, Quarter), (zones, Zone),
            (connectors, Connector), (gates, Gate), (observations, Observation), (addresses, Address),
            (buildings, Building), (trees, Tree), (waters, Water), (railways, Railway),
            (heritage_sites, HeritageSite), (places, Place)
        }
    };
}
pub(super) use for_each_table;

/// Something wrong with a city's tables. Checking returns all of them, not the first.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    /// Two things have one key.
    #[error("{table}: key '{key}' is used twice; keys must be unique in the city")]
    DuplicateKey {
        /// The table of the second use.
        table: &'static str,
        /// The key.
        key: Key,
    },
    /// A row names a thing that is not there.
    #[error("{table}: '{key}' names {field} '{missing}', which is not in the city")]
    MissingReference {
        /// The table of the row that names it.
        table: &'static str,
        /// The row's key.
        key: Key,
        /// The field that names it.
        field: &'static str,
        /// What is not there.
        missing: Key,
    },
    /// A number is outside what it can be.
    #[error("{table}: '{key}' has {field} {value}; it must be {valid}")]
    Value {
        /// The row's table.
        table: &'static str,
        /// The row's key.
        key: Key,
        /// The field.
        field: &'static str,
        /// What stands there.
        value: f64,
        /// What may stand there, in words.
        valid: String,
    },
    /// A row's source is not listed.
    #[error("{table}: '{key}' names source '{source_id}', which is not among the city's sources")]
    UnknownSource {
        /// The row's table.
        table: &'static str,
        /// The row's key.
        key: Key,
        /// The source it names.
        source_id: String,
    },
    /// A link's geometry does not run from its first junction to its second.
    #[error("links: the geometry of '{key}' misses its junctions by {distance_m:.1} m")]
    LooseGeometry {
        /// The link.
        key: Key,
        /// By how much, in metres.
        distance_m: f64,
    },
    /// A turn's links do not meet.
    #[error("turns: '{key}' enters a link that does not begin where the other ends")]
    BrokenTurn {
        /// The turn.
        key: Key,
    },
}

/// How far a link's geometry may end from its junctions, in metres.
const LOOSE_END_MAX_M: f64 = 0.5;

// The most that each number of a city may be: far above what any city has, and far below what makes sums overflow or
// equilibria meaningless. What is beyond is a slip of units or a damaged file.

/// Easting or northing, either side of the origin, in metres: beyond what any reference system of the Earth has.
const POSITION_MAX_M: f64 = 1e8;
/// Speed without traffic, in metres a second: 252 km/h.
const FREE_SPEED_MAX_MPS: f64 = 70.0;
/// Capacity of all lanes of a link, in passenger-car units an hour.
const CAPACITY_MAX_PCUPH: f64 = 100_000.0;
/// Length of a link, in metres.
const LENGTH_MAX_M: f64 = 1e6;
/// Lanes of a link, each direction for itself.
const LANES_MAX: f64 = 40.0;
/// Toll of a link, in euro.
const TOLL_MAX_EUR: f64 = 1000.0;
/// Residents, jobs or school places of one zone.
const ZONE_PEOPLE_MAX: f64 = 1e6;
/// Attraction of one zone, in whatever unit the city counts it.
const ATTRACTION_MAX: f64 = 1e9;
/// Time of a connector, in seconds: a day.
const CONNECTOR_TIME_MAX_S: f64 = 86_400.0;
/// Vehicles a day at a gate or of an observation.
const DAILY_VEHICLES_MAX: f64 = 1e6;
/// Residents of one address or building.
const HOUSE_RESIDENTS_MAX: f64 = 1e5;
/// Height of a building, in metres.
const HEIGHT_MAX_M: f64 = 1000.0;
/// Floor area of a building, in square metres.
const FLOOR_AREA_MAX_M2: f64 = 1e7;

impl CityTables {
    /// An empty city.
    #[must_use]
    pub fn new(about: About) -> Self {
        Self {
            about,
            sources: Vec::new(),
            junctions: Vec::new(),
            links: Vec::new(),
            turns: Vec::new(),
            quarters: Vec::new(),
            zones: Vec::new(),
            connectors: Vec::new(),
            gates: Vec::new(),
            observations: Vec::new(),
            addresses: Vec::new(),
            buildings: Vec::new(),
            trees: Vec::new(),
            waters: Vec::new(),
            railways: Vec::new(),
            heritage_sites: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Sorts every table by key and the sources by id, so that equal cities are equal byte for byte.
    pub fn sort(&mut self) {
        self.sources.sort_by(|a, b| a.id.cmp(&b.id));
        macro_rules! sort {
            ($(($field:ident, $type:ty)),*) => { $(self.$field.sort_by(|a, b| a.key.cmp(&b.key));)* };
        }
        for_each_table!(sort);
    }

    /// Everything that is wrong with the tables, in table order; empty where they make a city.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.check_keys_and_sources(&mut faults);
        let junctions: HashMap<&Key, Coord<f64>> =
            self.junctions.iter().map(|row| (&row.key, row.facts.position)).collect();
        let links: HashMap<&Key, &Link> = self.links.iter().map(|row| (&row.key, &row.facts)).collect();
        let zones: HashMap<&Key, ()> = self.zones.iter().map(|row| (&row.key, ())).collect();
        let quarters: HashMap<&Key, ()> = self.quarters.iter().map(|row| (&row.key, ())).collect();

        for row in &self.junctions {
            is_placed("junctions", &row.key, "position", row.facts.position, &mut faults);
        }
        for row in &self.links {
            check_link(row, &junctions, &mut faults);
        }
        for row in &self.turns {
            let ends = [("from", &row.facts.from), ("to", &row.facts.to)];
            let found = ends.map(|(field, key)| {
                reference("turns", &row.key, field, key, &links, &mut faults);
                links.get(key)
            });
            if let [Some(from), Some(to)] = found
                && from.to != to.from
            {
                faults.push(Fault::BrokenTurn { key: row.key.clone() });
            }
        }
        for row in &self.zones {
            if let Some(quarter) = &row.facts.quarter {
                reference("zones", &row.key, "quarter", quarter, &quarters, &mut faults);
            }
            let zone = &row.facts;
            is_placed("zones", &row.key, "centroid", zone.centroid, &mut faults);
            for (field, value, most) in [
                ("residents", zone.residents, ZONE_PEOPLE_MAX),
                ("jobs", zone.jobs, ZONE_PEOPLE_MAX),
                ("school_places", zone.school_places, ZONE_PEOPLE_MAX),
                ("services", zone.services, ATTRACTION_MAX),
                ("leisure", zone.leisure, ATTRACTION_MAX),
            ] {
                from_zero("zones", &row.key, field, value, most, &mut faults);
            }
        }
        for row in &self.connectors {
            reference("connectors", &row.key, "zone", &row.facts.zone, &zones, &mut faults);
            reference("connectors", &row.key, "junction", &row.facts.junction, &junctions, &mut faults);
            from_zero("connectors", &row.key, "time_s", row.facts.time_s, CONNECTOR_TIME_MAX_S, &mut faults);
        }
        for row in &self.gates {
            reference("gates", &row.key, "junction", &row.facts.junction, &junctions, &mut faults);
            let daily_vehicles = row.facts.daily_vehicles;
            from_zero("gates", &row.key, "daily_vehicles", daily_vehicles, DAILY_VEHICLES_MAX, &mut faults);
            in_range(
                "gates",
                &row.key,
                "daily_heavy_vehicles",
                row.facts.daily_heavy_vehicles,
                (0.0, row.facts.daily_vehicles),
                "between 0 and daily_vehicles",
                &mut faults,
            );
            in_range(
                "gates",
                &row.key,
                "through_share",
                row.facts.through_share,
                (0.0, 1.0),
                "between 0 and 1",
                &mut faults,
            );
        }
        for row in &self.observations {
            for link in &row.facts.links {
                reference("observations", &row.key, "link", link, &links, &mut faults);
            }
            let daily_high = row.facts.daily_high;
            from_zero("observations", &row.key, "daily_high", daily_high, DAILY_VEHICLES_MAX, &mut faults);
            in_range(
                "observations",
                &row.key,
                "daily_low",
                row.facts.daily_low,
                (0.0, row.facts.daily_high),
                "between 0 and daily_high",
                &mut faults,
            );
        }
        for row in &self.addresses {
            if let Some(zone) = &row.facts.zone {
                reference("addresses", &row.key, "zone", zone, &zones, &mut faults);
            }
            from_zero("addresses", &row.key, "residents", row.facts.residents, HOUSE_RESIDENTS_MAX, &mut faults);
        }
        for row in &self.buildings {
            from_zero("buildings", &row.key, "residents", row.facts.residents, HOUSE_RESIDENTS_MAX, &mut faults);
            let (height_m, floor_area_m2) = (row.facts.height_m, row.facts.floor_area_m2);
            for (field, value, most) in
                [("height_m", height_m, HEIGHT_MAX_M), ("floor_area_m2", floor_area_m2, FLOOR_AREA_MAX_M2)]
            {
                if let Some(value) = value {
                    above_zero("buildings", &row.key, field, value, most, &mut faults);
                }
            }
        }
        faults
    }

    fn check_keys_and_sources(&self, faults: &mut Vec<Fault>) {
        let mut keys: HashMap<&Key, ()> = HashMap::new();
        let mut check = |table: &'static str, key, provenance: &Provenance| {
            if keys.insert(key, ()).is_some() {
                faults.push(Fault::DuplicateKey { table, key: key.clone() });
            }
            if !self.sources.iter().any(|source| source.id == provenance.source) {
                let source_id = provenance.source.to_string();
                faults.push(Fault::UnknownSource { table, key: key.clone(), source_id });
            }
        };
        macro_rules! check_table {
            ($(($field:ident, $type:ty)),*) => {
                $(for row in &self.$field { check(stringify!($field), &row.key, &row.provenance); })*
            };
        }
        for_each_table!(check_table);
    }
}

fn check_link(row: &Record<Link>, junctions: &HashMap<&Key, Coord<f64>>, faults: &mut Vec<Fault>) {
    let (key, link) = (&row.key, &row.facts);
    for (field, value, most) in [
        ("free_speed_mps", link.free_speed_mps, FREE_SPEED_MAX_MPS),
        ("capacity_pcuph", link.capacity_pcuph, CAPACITY_MAX_PCUPH),
        ("length_m", link.length_m, LENGTH_MAX_M),
        ("lanes", f64::from(link.lanes), LANES_MAX),
    ] {
        above_zero("links", key, field, value, most, faults);
    }
    from_zero("links", key, "toll_eur", link.toll_eur, TOLL_MAX_EUR, faults);
    let line = &link.geometry.0;
    if line.len() < 2 {
        #[expect(clippy::cast_precision_loss, reason = "a count of points below two")]
        faults.push(Fault::Value {
            table: "links",
            key: key.clone(),
            field: "geometry",
            value: line.len() as f64,
            valid: "at least two points".to_owned(),
        });
        return;
    }
    for (field, end, point) in [("from", &link.from, line[0]), ("to", &link.to, line[line.len() - 1])] {
        reference("links", key, field, end, junctions, faults);
        if let Some(&position) = junctions.get(end) {
            let distance_m = libm::hypot(position.x - point.x, position.y - point.y);
            if distance_m.is_nan() || distance_m > LOOSE_END_MAX_M {
                faults.push(Fault::LooseGeometry { key: key.clone(), distance_m });
            }
        }
    }
}

fn reference<T>(
    table: &'static str,
    key: &Key,
    field: &'static str,
    named: &Key,
    there: &HashMap<&Key, T>,
    faults: &mut Vec<Fault>,
) {
    if !there.contains_key(named) {
        faults.push(Fault::MissingReference { table, key: key.clone(), field, missing: named.clone() });
    }
}

fn is_placed(table: &'static str, key: &Key, field: &'static str, position: Coord<f64>, faults: &mut Vec<Fault>) {
    let range = (-POSITION_MAX_M, POSITION_MAX_M);
    for value in [position.x, position.y] {
        in_range(table, key, field, value, range, "within 100 000 km of the reference system's origin", faults);
    }
}

fn above_zero(table: &'static str, key: &Key, field: &'static str, value: f64, most: f64, faults: &mut Vec<Fault>) {
    if !(value > 0.0 && value <= most) {
        faults.push(Fault::Value {
            table,
            key: key.clone(),
            field,
            value,
            valid: format!("above 0 and at most {most}"),
        });
    }
}

fn from_zero(table: &'static str, key: &Key, field: &'static str, value: f64, most: f64, faults: &mut Vec<Fault>) {
    if !(value >= 0.0 && value <= most) {
        faults.push(Fault::Value { table, key: key.clone(), field, value, valid: format!("from 0 to {most}") });
    }
}

fn in_range(
    table: &'static str,
    key: &Key,
    field: &'static str,
    value: f64,
    (low, high): (f64, f64),
    valid: &'static str,
    faults: &mut Vec<Fault>,
) {
    if !(value >= low && value <= high) {
        faults.push(Fault::Value { table, key: key.clone(), field, value, valid: valid.to_owned() });
    }
}

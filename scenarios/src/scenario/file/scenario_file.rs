//! A scenario file as a whole.

use std::fmt;
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_spanned::Spanned;

use super::check::Check;
use super::{
    AddRoad, BusLane, Close, CycleLane, Demolition, Event, FleetChange, GreenWave, Lift, Line, LowEmissionZone,
    NewBuilding, Paving, Roundabout, Set, Signal, Toll, Trees, VehicleMixChange, Works, Zone30, ZoneChange, Ztl,
};
use crate::scenario::problem::{FileProblem, Place, ScenarioError};
use crate::words::Text;

/// The version of the language that this program writes and the newest that it reads.
pub const FORMAT: u32 = 1;

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
    #[serde(default, deserialize_with = "one_table")]
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
    /// Signals controlled otherwise.
    #[serde(default)]
    #[schemars(with = "Vec<Signal>")]
    pub signal: Vec<Spanned<Signal>>,
    /// Signals coordinated along streets.
    #[serde(default)]
    #[schemars(with = "Vec<GreenWave>")]
    pub green_wave: Vec<Spanned<GreenWave>>,
    /// Lanes for buses.
    #[serde(default)]
    #[schemars(with = "Vec<BusLane>")]
    pub bus_lane: Vec<Spanned<BusLane>>,
    /// Places for bicycles.
    #[serde(default)]
    #[schemars(with = "Vec<CycleLane>")]
    pub cycle_lane: Vec<Spanned<CycleLane>>,
    /// Lines of buses.
    #[serde(default)]
    #[schemars(with = "Vec<Line>")]
    pub line: Vec<Spanned<Line>>,
    /// Roundabouts instead of junctions.
    #[serde(default)]
    #[schemars(with = "Vec<Roundabout>")]
    pub roundabout: Vec<Spanned<Roundabout>>,
    /// Events that draw people.
    #[serde(default)]
    #[schemars(with = "Vec<Event>")]
    pub event: Vec<Spanned<Event>>,
    /// What traffic is made of.
    #[serde(default, deserialize_with = "one_table")]
    pub vehicle_mix: VehicleMixChange,
    /// Which vehicles drive.
    #[serde(default, deserialize_with = "one_table")]
    pub fleet: FleetChange,
    /// Low-emission zones.
    #[serde(default)]
    #[schemars(with = "Vec<LowEmissionZone>")]
    pub low_emission_zone: Vec<Spanned<LowEmissionZone>>,
    /// Buildings pulled down.
    #[serde(default)]
    #[schemars(with = "Vec<Demolition>")]
    pub demolish: Vec<Spanned<Demolition>>,
    /// New buildings.
    #[serde(default)]
    #[schemars(with = "Vec<NewBuilding>")]
    pub building: Vec<Spanned<NewBuilding>>,
    /// Trees planted.
    #[serde(default)]
    #[schemars(with = "Vec<Trees>")]
    pub trees: Vec<Spanned<Trees>>,
    /// What streets are paved with.
    #[serde(default)]
    #[schemars(with = "Vec<Paving>")]
    pub paving: Vec<Spanned<Paving>>,
    /// Works, and what they cost.
    #[serde(default)]
    #[schemars(with = "Vec<Works>")]
    pub works: Vec<Spanned<Works>>,
    /// What the parents do and is not done after all.
    #[serde(default, deserialize_with = "one_table")]
    pub lift: Lift,
}

/// Reads a table that stands only once: a list of them would be read as a list of its fields.
fn one_table<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<T, D::Error> {
    struct OneTable<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for OneTable<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("one table; write its name once and in single brackets, as in [vehicle_mix]")
        }
        fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(fields))
        }
    }
    reader.deserialize_map(OneTable(PhantomData))
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
        let Self { close, set, add_road, ztl, zone_30, zone, toll, signal, green_wave, .. } = self;
        let Self { bus_lane, cycle_lane, line, roundabout, event, vehicle_mix, lift, fleet, low_emission_zone, .. } =
            self;
        let of_streets = close.len() + set.len() + add_road.len() + zone_30.len() + toll.len() + roundabout.len();
        let of_traffic = signal.len() + green_wave.len() + bus_lane.len() + cycle_lane.len() + line.len();
        let of_demand = zone.len() + event.len() + vehicle_mix.edit_count();
        let Self { demolish, building, trees, paving, works, .. } = self;
        let of_fleet = fleet.edit_count() + low_emission_zone.len();
        let of_ground = demolish.len() + building.len() + trees.len() + paving.len() + works.len();
        of_streets + of_traffic + ztl.len() + of_demand + of_fleet + of_ground + lift.edit_count()
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
        self.signal.iter().for_each(|edit| check.signal(edit));
        check.all_signals_once(&self.signal);
        self.green_wave.iter().for_each(|edit| check.green_wave(edit));
        check.names_differ("the green wave of", self.green_wave.iter().map(|edit| &edit.get_ref().street));
        self.bus_lane.iter().for_each(|edit| check.bus_lane(edit));
        self.cycle_lane.iter().for_each(|edit| check.selection(&edit.get_ref().on));
        self.line.iter().for_each(|edit| check.line(edit));
        check.names_differ("the line", self.line.iter().map(|edit| &edit.get_ref().name));
        self.roundabout.iter().for_each(|edit| check.roundabout(edit));
        self.event.iter().for_each(|edit| check.event(edit));
        check.names_differ("the event", self.event.iter().map(|edit| &edit.get_ref().name));
        check.vehicle_mix(&self.vehicle_mix);
        check.fleet(&self.fleet);
        self.low_emission_zone.iter().for_each(|edit| check.low_emission_zone(edit));
        self.demolish.iter().for_each(|edit| check.demolition(edit));
        self.building.iter().for_each(|edit| check.building(edit));
        check.names_differ("the building", self.building.iter().map(|edit| &edit.get_ref().name));
        self.trees.iter().for_each(|edit| check.trees(edit));
        self.paving.iter().for_each(|edit| check.paving(edit));
        self.works.iter().for_each(|edit| check.works(edit));
        check.lift(&self.lift);
        check.problems
    }
}

/// Whether a scenario may be called so, and its run folder with it.
pub(crate) fn is_plain_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && !name.starts_with('-') && name.chars().all(is_plain)
}

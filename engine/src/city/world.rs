//! The city as an ECS world.

use std::collections::HashMap;

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

use super::tables::for_each_table;
use super::{
    About, Address, Building, CityTables, Connector, Fault, Gate, HeritageSite, Junction, Link, Observation, Place,
    Quarter, Railway, Record, Tree, Turn, Water, Zone,
};
use crate::key::Key;
use crate::provenance::{Provenance, Source};

/// The city: entities with a [`Key`], a [`Provenance`] and their facts, valid when made.
pub struct City {
    /// The world. Systems may add components of their own; the facts change through [`City::tables`] and back.
    pub world: World,
}

/// The two junctions of a link, as entities.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// Where the link begins.
    pub from: Entity,
    /// Where it ends.
    pub to: Entity,
}

/// Finds entities by their key.
#[derive(Resource, Debug, Default)]
pub struct KeyIndex(HashMap<Key, Entity>);

impl KeyIndex {
    /// The entity of that key.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Entity> {
        self.0.get(key).copied()
    }

    /// How many things the city holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the city holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[derive(Resource, Clone)]
struct Identity {
    about: About,
    sources: Vec<Source>,
}

impl City {
    /// Makes a city of tables. Rows are spawned in the order of their keys, whatever order they came in.
    ///
    /// # Errors
    /// Every [`Fault`] of the tables.
    pub fn from_tables(mut tables: CityTables) -> Result<Self, Vec<Fault>> {
        tables.sort();
        let faults = tables.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut world = World::new();
        let mut index = HashMap::new();
        macro_rules! spawn {
            ($(($field:ident, $type:ty)),*) => {$(
                for Record { key, provenance, facts } in tables.$field {
                    let entity = world.spawn((key.clone(), provenance, facts)).id();
                    index.insert(key, entity);
                }
            )*};
        }
        for_each_table!(spawn);

        let mut links = world.query::<(Entity, &Link)>();
        let ends: Vec<(Entity, Ends)> = links
            .iter(&world)
            .map(|(entity, link)| (entity, Ends { from: index[&link.from], to: index[&link.to] }))
            .collect();
        for (entity, ends) in ends {
            world.entity_mut(entity).insert(ends);
        }
        world.insert_resource(KeyIndex(index));
        if let Some(population) = tables.about.population.clone() {
            world.insert_resource(population);
        }
        if let Some(survey) = tables.about.survey.clone() {
            world.insert_resource(survey);
        }
        world.insert_resource(Identity { about: tables.about, sources: tables.sources });
        Ok(Self { world })
    }

    /// The city as tables, sorted by key.
    #[must_use]
    pub fn tables(&mut self) -> CityTables {
        let Identity { about, sources } = self.world.resource::<Identity>().clone();
        let mut tables = CityTables { sources, ..CityTables::new(about) };
        macro_rules! collect {
            ($(($field:ident, $type:ty)),*) => { $(tables.$field = self.records::<$type>();)* };
        }
        for_each_table!(collect);
        tables
    }

    /// All things of one kind, sorted by key.
    #[must_use]
    pub fn records<T: Component + Clone>(&mut self) -> Vec<Record<T>> {
        let mut query = self.world.query::<(&Key, &Provenance, &T)>();
        let mut records: Vec<Record<T>> = query
            .iter(&self.world)
            .map(|(key, provenance, facts)| Record {
                key: key.clone(),
                provenance: provenance.clone(),
                facts: facts.clone(),
            })
            .collect();
        records.sort_by(|a, b| a.key.cmp(&b.key));
        records
    }

    /// What the city says of itself.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.world.resource::<Identity>().about
    }

    /// Where its data are from, sorted by id.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.world.resource::<Identity>().sources
    }

    /// The entity of that key.
    #[must_use]
    pub fn entity(&self, key: &Key) -> Option<Entity> {
        self.world.resource::<KeyIndex>().get(key)
    }
}

#[cfg(test)]
mod tests {
    use geo::{Coord, LineString};

    use super::*;
    use crate::city::{Access, RoadClass, Structure};
    use crate::provenance::Origin;
    use crate::time::DayPlan;
    use crate::vehicles::ClassSet;

    fn key(text: &str) -> Key {
        Key::new(text).expect("a key")
    }

    fn record<T>(name: &str, facts: T) -> Record<T> {
        let provenance =
            Provenance { origin: Origin::Synthetic, source: "test".into(), year: Some(2026), accuracy_m: None };
        Record { key: key(name), provenance, facts }
    }

    /// Two junctions, 100 m apart, and a link between them.
    fn two_junctions() -> CityTables {
        let about = About {
            name: "Test".into(),
            epsg: 32632,
            time_zone: "Europe/Rome".into(),
            day_plan: DayPlan::weekday(),
            population: None,
            survey: None,
        };
        let (a, b) = (Coord { x: 0.0, y: 0.0 }, Coord { x: 100.0, y: 0.0 });
        let mut tables = CityTables::new(about);
        tables.sources.push(Source {
            id: "test".into(),
            title: "Test".into(),
            licence: "CC0-1.0".into(),
            attribution: String::new(),
            url: None,
            year: None,
        });
        tables.junctions = vec![record("t:b", Junction { position: b }), record("t:a", Junction { position: a })];
        tables.links = vec![record(
            "t:ab",
            Link {
                from: key("t:a"),
                to: key("t:b"),
                name: None,
                class: RoadClass::Residential,
                lanes: 1,
                free_speed_mps: 10.0,
                capacity_pcuph: 800.0,
                length_m: 100.0,
                toll_eur: 0.0,
                structure: Structure::Ground,
                access: Access::always(ClassSet::ALL),
                geometry: LineString::from(vec![a, b]),
            },
        )];
        tables
    }

    #[test]
    fn tables_survive_the_world() {
        let mut tables = two_junctions();
        let mut city = City::from_tables(tables.clone()).expect("valid");
        tables.sort();
        assert_eq!(city.tables(), tables);
        let (link, from) = (city.entity(&key("t:ab")).expect("link"), city.entity(&key("t:a")).expect("junction"));
        assert_eq!(city.world.get::<Ends>(link).expect("ends").from, from);
    }

    #[test]
    fn numbers_beyond_all_measure_are_faults_that_say_what_may_be() {
        type Edit = fn(&mut Link);
        let edits: [(Edit, &str); 6] = [
            (|link| link.lanes = 255, "'t:ab' has lanes 255; it must be above 0 and at most 40"),
            (|link| link.free_speed_mps = 1e6 / 3.6, "free_speed_mps 277777.7"),
            (|link| link.toll_eur = 1e12, "toll_eur 1000000000000; it must be from 0 to 1000"),
            (|link| link.capacity_pcuph = f64::INFINITY, "capacity_pcuph inf"),
            (|link| link.length_m = f64::NAN, "length_m NaN"),
            (|link| link.free_speed_mps = 0.0, "free_speed_mps 0; it must be above 0"),
        ];
        for (edit, part) in edits {
            let mut tables = two_junctions();
            edit(&mut tables.links[0].facts);
            let told = tables.faults().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            assert!(told.contains(part), "{part} in {told}");
        }
        let mut tables = two_junctions();
        tables.junctions[0].facts.position.x = f64::NAN;
        let told = tables.faults().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        assert!(told.contains("'t:b' has position NaN"), "{told}");
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let mut tables = two_junctions();
        tables.links[0].facts.free_speed_mps = -1.0;
        tables.links[0].facts.to = key("t:nowhere");
        tables.junctions.push(tables.junctions[0].clone());
        tables.junctions[0].provenance.source = "rumour".into();
        let faults = City::from_tables(tables).err().expect("faults");
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 4, "{told:#?}");
        for part in ["used twice", "source 'rumour'", "free_speed_mps -1", "t:nowhere"] {
            assert!(told.iter().any(|fault| fault.contains(part)), "{part} in {told:#?}");
        }
    }
}

//! What is built and pulled down, and planted.

use std::collections::BTreeSet;

use engine::city::{Building, Record, Tree};
use engine::environment::sun::conflicts_with_standing;
use engine::key::Key;
use geo::{Area, Centroid, Contains, MultiPolygon, Point};
use serde_spanned::Spanned;

use super::Misfit;
use super::editor::Editor;
use crate::scenario::file::{Demolition, NewBuilding, PEOPLE_MAX, Trees};
use crate::scenario::problem::nearest;

/// Height of a floor of which no height is said, in metres: a storey with its ceiling in Italian housing.
const FLOOR_M: f64 = 3.2;
/// Ground that neighbours may share, in square metres: outlines are good to some decimetres.
const SHARED_MAX_M2: f64 = 1.0;

impl Editor<'_> {
    pub(super) fn demolish(&mut self, edit: &Spanned<Demolition>) {
        let Demolition { buildings, polygon } = edit.get_ref();
        let mut gone: BTreeSet<usize> = BTreeSet::new();
        for name in buildings.iter().flatten() {
            let known = &self.applied.tables.buildings;
            match known.iter().position(|row| row.key.as_str() == name.get_ref()) {
                Some(row) => drop(gone.insert(row)),
                None => {
                    let nearest = nearest(name.get_ref(), known.iter().map(|row| row.key.as_str())).map(str::to_owned);
                    self.misfit(name, Misfit::Missing { what: "building", name: name.get_ref().clone(), nearest });
                }
            }
        }
        if let Some(polygon) = polygon {
            let Some(area) = self.ground(polygon) else { return };
            let in_area =
                |row: &Record<Building>| row.facts.footprint.centroid().is_some_and(|middle| area.contains(&middle));
            gone.extend((0..).zip(&self.applied.tables.buildings).filter(|(_, row)| in_area(row)).map(|(row, _)| row));
            if gone.is_empty() {
                return self.misfit(edit, Misfit::NoBuildings);
            }
        }
        let mut residents = 0.0;
        for &row in gone.iter().rev() {
            let building = self.applied.tables.buildings.remove(row).facts;
            residents += building.residents;
            self.move_people(&building.footprint, -building.residents, 0.0);
        }
        let count = gone.len();
        self.describe(
            format!("Edifici demoliti: {count}, con {residents:.0} residenti"),
            format!("Buildings pulled down: {count}, with {residents:.0} residents"),
        );
    }

    pub(super) fn build(&mut self, edit: &Spanned<NewBuilding>) {
        let building = edit.get_ref();
        let name = building.name.get_ref();
        let Some(footprint) = self.ground(&building.footprint) else { return };
        let standing: Vec<MultiPolygon<f64>> =
            self.applied.tables.buildings.iter().map(|row| row.facts.footprint.clone()).collect();
        let conflicts = conflicts_with_standing(std::slice::from_ref(&footprint), &standing, SHARED_MAX_M2);
        match conflicts.map(|found| found.first().copied()) {
            Ok(None) => {}
            Ok(Some(conflict)) => {
                let key = self.applied.tables.buildings[conflict.second].key.clone();
                return self.misfit(&building.name, Misfit::OnBuilding { key, shared_m2: conflict.shared_m2 });
            }
            Err(faults) => {
                let told = faults.first().map(ToString::to_string).unwrap_or_default();
                return self.misfit(&building.name, Misfit::Outside(told));
            }
        }
        let Ok(key) = Key::new(format!("scenario:building/{name}")) else {
            return self.misfit(&building.name, Misfit::NoKey(name.clone()));
        };
        let floors = *building.floors.get_ref();
        let height_m = building.height_m.as_ref().map_or(floors as f64 * FLOOR_M, |height_m| *height_m.get_ref());
        let of = |people: &Option<Spanned<f64>>| people.as_ref().map_or(0.0, |people| *people.get_ref());
        let (residents, jobs) = (of(&building.residents), of(&building.jobs));
        self.move_people(&footprint, residents, jobs);
        let floor_area_m2 = footprint.unsigned_area() * floors as f64;
        let facts = Building {
            footprint: footprint.clone(),
            height_m: Some(height_m),
            floors: u8::try_from(floors).ok(),
            floor_area_m2: Some(floor_area_m2),
            building_use: *building.building_use.get_ref(),
            residents,
        };
        let provenance = self.provenance();
        self.applied.tables.buildings.push(Record { key, provenance, facts });
        self.applied.areas.push(footprint);
        self.describe(
            format!("Nuovo edificio {name}: {floors} piani, {height_m:.1} m, {residents:.0} residenti, {jobs:.0} posti di lavoro"),
            format!("New building {name}: {floors} floors, {height_m:.1} m, {residents:.0} residents, {jobs:.0} jobs"),
        );
    }

    /// Adds people to the zone whose centre is nearest; no zone has fewer than none.
    fn move_people(&mut self, footprint: &MultiPolygon<f64>, residents: f64, jobs: f64) {
        let Some(middle) = footprint.centroid() else { return };
        let distance = |at: geo::Coord<f64>| libm::hypot(at.x - middle.x(), at.y - middle.y());
        let zones = &mut self.applied.tables.zones;
        let nearest = zones.iter_mut().min_by(|a, b| distance(a.facts.centroid).total_cmp(&distance(b.facts.centroid)));
        if let Some(zone) = nearest {
            zone.facts.residents = (zone.facts.residents + residents).clamp(0.0, PEOPLE_MAX);
            zone.facts.jobs = (zone.facts.jobs + jobs).clamp(0.0, PEOPLE_MAX);
        }
    }

    pub(super) fn plant(&mut self, edit: &Spanned<Trees>) {
        let trees = edit.get_ref();
        let Some(points) = self.metres(&trees.points, trees.coordinates) else { return };
        let (provenance, height_m) = (self.provenance(), *trees.height_m.get_ref());
        let species = trees.species.clone().unwrap_or_default();
        for position in &points {
            let number = self.applied.tables.trees.len();
            let Ok(key) = Key::new(format!("scenario:tree/{number}")) else { continue };
            #[expect(clippy::cast_possible_truncation, reason = "a height of a tree")]
            let facts = Tree {
                species: species.as_str().into(),
                position: *position,
                height_low_m: height_m as f32,
                height_high_m: Some(height_m as f32),
                evergreen: Some(trees.evergreen),
            };
            self.applied.tables.trees.push(Record { key, provenance: provenance.clone(), facts });
        }
        let stands_inside = |point: &&geo::Coord<f64>| {
            self.applied.tables.buildings.iter().any(|row| row.facts.footprint.contains(&Point(**point)))
        };
        if let Some(&inside) = points.iter().find(stands_inside) {
            return self.misfit(&trees.points, Misfit::TreeInside { x: inside.x, y: inside.y });
        }
        let count = points.len();
        self.describe(
            format!("Alberi piantati: {count}, alti {height_m:.0} m"),
            format!("Trees planted: {count}, {height_m:.0} m high"),
        );
    }
}

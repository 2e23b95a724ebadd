//! Roads and bridges that are built.

use engine::city::{Access, Junction, Link, Record, RoadClass, Structure};
use engine::key::Key;
use engine::vehicles::ClassSet;
use geo::{Coord, LineString};
use serde_spanned::Spanned;

use super::editor::Editor;
use super::{Misfit, SCENARIO_SOURCE};
use crate::scenario::file::AddRoad;
use crate::scenario::problem::nearest;

/// How far the ends of a new road may be from a junction where the file does not say, in metres.
const SNAP_DEFAULT_M: f64 = 30.0;

impl Editor<'_> {
    pub(super) fn add_road(&mut self, road: &AddRoad) {
        let Some(mut line) = self.metres(&road.points, road.coordinates) else { return };
        let last = line.len() - 1;
        let snap_m = road.snap_m.as_ref().map_or(SNAP_DEFAULT_M, |snap| *snap.get_ref());
        let from = self.end(road, road.from.as_ref(), line[0], snap_m, ["begin", "from"]);
        let to = self.end(road, road.to.as_ref(), line[last], snap_m, ["end", "to"]);
        let (Some(from), Some(to)) = (from, to) else { return };
        if from.key == to.key {
            return self.misfit(&road.points, Misfit::Loop(from.key));
        }
        line[0] = from.facts.position;
        line[last] = to.facts.position;
        line.dedup();
        let length_m: f64 = line.windows(2).map(|pair| libm::hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y)).sum();
        let slug = road.name.get_ref().to_lowercase().replace(char::is_whitespace, "-");
        let stem = format!("{SCENARIO_SOURCE}:{}/{slug}", self.written.scenario.name.get_ref());
        let lanes = u8::try_from(*road.lanes.get_ref()).unwrap_or(1);
        let capacity_pcuph = match &road.capacity_pcuph {
            Some(capacity) => *capacity.get_ref(),
            None => self.lane_capacity(road.road_class) * f64::from(lanes),
        };
        let everybody = if road.road_class <= RoadClass::Trunk { ClassSet::MOTOR } else { ClassSet::ALL };
        let classes = road.classes.as_ref().map_or(everybody, |classes| ClassSet::of(classes));
        let mut facts = Link {
            from: from.key,
            to: to.key,
            name: Some(road.name.get_ref().as_str().into()),
            class: road.road_class,
            lanes,
            free_speed_mps: road.speed_kmh.get_ref() / 3.6,
            capacity_pcuph,
            length_m,
            toll_eur: 0.0,
            structure: road.structure.unwrap_or(Structure::Ground),
            access: Access::always(classes),
            geometry: LineString::new(line),
        };
        for direction in ["there", "back"].iter().take(if road.one_way { 1 } else { 2 }) {
            let Ok(key) = Key::new(format!("{stem}#{direction}")) else {
                return self.misfit(&road.name, Misfit::RoadName(road.name.get_ref().clone()));
            };
            if self.applied.tables.links.iter().any(|row| row.key == key) {
                return self.misfit(&road.name, Misfit::RoadName(road.name.get_ref().clone()));
            }
            let provenance = self.provenance();
            self.applied.edited_links.push(self.applied.tables.links.len());
            self.applied.tables.links.push(Record { key, provenance, facts: facts.clone() });
            std::mem::swap(&mut facts.from, &mut facts.to);
            facts.geometry.0.reverse();
        }
        let (name, km) = (road.name.get_ref(), length_m / 1000.0);
        let it_km = format!("{km:.2}").replace('.', ",");
        self.describe(
            format!("Nuova strada {name}: {it_km} km, {lanes} corsie per senso"),
            format!("New road {name}: {km:.2} km, {lanes} lanes each way"),
        );
    }

    /// The junction where a road begins or ends.
    fn end(
        &mut self,
        road: &AddRoad,
        named: Option<&Spanned<String>>,
        point: Coord<f64>,
        snap_m: f64,
        [end, field]: [&'static str; 2],
    ) -> Option<Record<Junction>> {
        let junctions = &self.applied.tables.junctions;
        if let Some(named) = named {
            let found = junctions.iter().find(|row| row.key.as_str() == named.get_ref()).cloned();
            if found.is_none() {
                let nearest = nearest(named.get_ref(), junctions.iter().map(|row| row.key.as_str())).map(str::to_owned);
                self.misfit(named, Misfit::Missing { what: "junction", name: named.get_ref().clone(), nearest });
            }
            return found;
        }
        let distance_m =
            |row: &Record<Junction>| libm::hypot(row.facts.position.x - point.x, row.facts.position.y - point.y);
        let near = junctions.iter().min_by(|a, b| distance_m(a).total_cmp(&distance_m(b)))?.clone();
        let distance_m = distance_m(&near);
        if distance_m > snap_m {
            self.misfit(&road.points, Misfit::LooseEnd { end, distance_m, junction: near.key, field });
            return None;
        }
        Some(near)
    }

    /// The median capacity of one lane of the city's links of that class, in passenger-car units an hour.
    fn lane_capacity(&self, class: RoadClass) -> f64 {
        let links = &self.applied.tables.links;
        let mut of_class: Vec<f64> = links
            .iter()
            .filter(|row| row.facts.class == class)
            .map(|row| row.facts.capacity_pcuph / f64::from(row.facts.lanes))
            .collect();
        if of_class.is_empty() {
            of_class = links.iter().map(|row| row.facts.capacity_pcuph / f64::from(row.facts.lanes)).collect();
        }
        of_class.sort_by(f64::total_cmp);
        of_class.get(of_class.len() / 2).copied().unwrap_or(800.0)
    }
}

//! Roads and bridges that are built.

use engine::city::{RoadClass, Structure};
use engine::vehicles::VehicleClass;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::Coordinates;
use super::check::Check;
use super::schema::{road_class_schema, structure_schema, vehicle_classes_schema};
use crate::scenario::problem::FileProblem;

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

impl Check<'_> {
    pub(super) fn road(&mut self, edit: &Spanned<AddRoad>) {
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
}

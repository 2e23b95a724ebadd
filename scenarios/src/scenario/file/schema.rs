//! The JSON schema of scenario files, for editors.

use engine::city::{RoadClass, Structure};
use engine::time::DayType;
use engine::vehicles::VehicleClass;
use schemars::{Schema, SchemaGenerator, json_schema};

use super::ScenarioFile;

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

pub(super) fn vehicle_classes_schema(_: &mut SchemaGenerator) -> Schema {
    word_list(VehicleClass::ALL.map(VehicleClass::name))
}

pub(super) fn road_classes_schema(_: &mut SchemaGenerator) -> Schema {
    word_list(RoadClass::ALL.map(RoadClass::name))
}

pub(super) fn road_class_schema(_: &mut SchemaGenerator) -> Schema {
    words(RoadClass::ALL.map(RoadClass::name))
}

pub(super) fn structure_schema(_: &mut SchemaGenerator) -> Schema {
    words(Structure::ALL.map(Structure::name))
}

pub(super) fn days_schema(_: &mut SchemaGenerator) -> Schema {
    word_list(DayType::ALL.map(DayType::name))
}

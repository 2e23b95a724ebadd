//! GeoJSON (RFC 7946). Coordinates are degrees on WGS 84; the `crs` member of older files is heeded.

use std::path::Path;

use ::geojson::{FeatureCollection, GeoJson};
use geo::{Geometry, MapCoords};
use serde_json::Value;

use super::{Feature, Layer, LayerError, check_columns, source_crs};
use crate::projection::{Crs, Transform};

pub(super) fn read(path: &Path, layer: &Layer, to: &Crs) -> Result<Vec<Feature>, LayerError> {
    let text = std::fs::read_to_string(path).map_err(|source| LayerError::File { path: path.to_owned(), source })?;
    let wrong = |reason: String| LayerError::Format { file: path.display().to_string(), reason };
    // The message of a JSON error ends with its line and column.
    let value: Value = serde_json::from_str(&text).map_err(|error| wrong(format!("not JSON: {error}")))?;
    let stated = stated_epsg(&value).map_err(|name| wrong(format!("its crs '{name}' is not an EPSG code")))?;
    let transform = Transform::new(source_crs(path, layer, Some(stated))?, to.clone());
    let collection = match serde_json::from_value(value) {
        Ok(GeoJson::FeatureCollection(collection)) => collection,
        Ok(GeoJson::Feature(feature)) => {
            FeatureCollection { bbox: None, features: vec![feature], foreign_members: None }
        }
        Ok(GeoJson::Geometry(_)) => {
            return Err(wrong("a geometry without a feature says nothing of a city".to_owned()));
        }
        Err(error) => return Err(wrong(format!("not GeoJSON: {error}"))),
    };
    let mut features = Vec::with_capacity(collection.features.len());
    for (index, feature) in collection.features.into_iter().enumerate() {
        let wrong = |reason: String| LayerError::feature(path, "feature", index + 1, reason);
        let geometry = feature.geometry.ok_or_else(|| wrong("it has no geometry".to_owned()))?;
        let geometry: Geometry<f64> = geometry.try_into().map_err(|error| wrong(format!("{error}")))?;
        let geometry =
            geometry.try_map_coords(|place| transform.point(place)).map_err(|error| wrong(error.to_string()))?;
        let properties = feature.properties.unwrap_or_default();
        let properties = properties.into_iter().filter_map(|(name, value)| {
            let text = match value {
                Value::Null => return None,
                Value::String(text) => text,
                other => other.to_string(),
            };
            (!text.is_empty()).then_some((name, text))
        });
        features.push(Feature { number: index + 1, geometry, properties: properties.collect() });
    }
    let names: std::collections::BTreeSet<&str> =
        features.iter().flat_map(|feature| feature.properties.keys().map(String::as_str)).collect();
    check_columns(path, layer, names.iter().copied())?;
    Ok(features)
}

/// The EPSG code of the file: WGS 84 where it says nothing, as the standard has it.
fn stated_epsg(value: &Value) -> Result<u32, String> {
    let Some(crs) = value.get("crs").filter(|crs| !crs.is_null()) else { return Ok(4326) };
    let name = crs.pointer("/properties/name").and_then(Value::as_str).unwrap_or("without a name");
    if name.ends_with("CRS84") {
        return Ok(4326);
    }
    let is_epsg = name.to_ascii_uppercase().contains("EPSG");
    let code = name.rsplit(':').next().and_then(|code| code.parse().ok());
    code.filter(|_| is_epsg).ok_or_else(|| name.to_owned())
}

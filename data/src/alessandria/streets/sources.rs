//! Reads what the streets are made from: OpenStreetMap's named lines, the house numbers, and our own skeleton.
//!
//! Everything comes out in metres of EPSG:32632. Nothing is judged here beyond what makes a file readable.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use geo::Coord;
use geojson::{FeatureCollection, GeometryValue};
use proj4rs::proj::Proj;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The comune's reference system.
const METRES: &str = "+proj=utm +zone=32 +datum=WGS84 +units=m +no_defs";
/// The reference system of GeoJSON.
const DEGREES: &str = "+proj=longlat +datum=WGS84 +no_defs";

/// Why the streets could not be made.
#[derive(Debug, thiserror::Error)]
pub enum StreetsError {
    /// A file is not there or cannot be read.
    #[error("{path}: {reason}; the recipe reads the folder `data/alessandria` of the open data", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A line, row or feature of a file does not say what it must.
    #[error("{path}: {place}: {reason}", path = path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Which line or feature.
        place: String,
        /// What is wrong and what stands there instead.
        reason: String,
    },
    /// The pieces do not make a network.
    #[error("the streets do not make a network: {0}")]
    Network(String),
}

/// A line of OpenStreetMap.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) id: u64,
    pub(super) name: Arc<str>,
    pub(super) line: Vec<Coord<f64>>,
}

/// A house number.
#[derive(Clone, Debug)]
pub(super) struct HouseNumber {
    /// The comune's code of the street.
    pub(super) street: u32,
    /// Name of the street with its kind (`Via Marengo`).
    pub(super) street_name: Arc<str>,
    /// Quarter or suburb.
    pub(super) quarter: Arc<str>,
    /// The number, without its suffix.
    pub(super) number: u32,
    pub(super) position: Coord<f64>,
}

#[derive(Deserialize)]
struct AddressRow {
    #[serde(rename = "CodiceVia")]
    street: u32,
    #[serde(rename = "DUG")]
    kind: String,
    #[serde(rename = "DUF")]
    name: String,
    #[serde(rename = "QuartiereSobborgo")]
    quarter: String,
    #[serde(rename = "Civico")]
    number: String,
    e32632: f64,
    n32632: f64,
}

#[derive(Deserialize)]
struct WayProperties {
    via: String,
    idx: String,
}

/// Turns degrees into the city's metres.
pub(super) struct Projector {
    from: Proj,
    to: Proj,
}

impl Projector {
    /// From WGS84 to EPSG:32632.
    pub(super) fn new() -> Result<Self, StreetsError> {
        let proj = |text| Proj::from_proj_string(text).map_err(|e| StreetsError::Network(format!("{text}: {e}")));
        Ok(Self { from: proj(DEGREES)?, to: proj(METRES)? })
    }

    /// Longitude and latitude as metres.
    pub(super) fn metres(&self, position: &[f64]) -> Result<Coord<f64>, String> {
        let [longitude, latitude, ..] = position else { return Err("a position has fewer than two numbers".into()) };
        let mut point = (longitude.to_radians(), latitude.to_radians(), 0.0);
        proj4rs::transform::transform(&self.from, &self.to, &mut point)
            .map_err(|e| format!("longitude {longitude}, latitude {latitude} cannot be projected: {e}"))?;
        Ok(Coord { x: point.0, y: point.1 })
    }

    /// A GeoJSON point in metres.
    pub(super) fn point(&self, geometry: &GeometryValue) -> Result<Coord<f64>, String> {
        let GeometryValue::Point { coordinates } = geometry else {
            return Err("its geometry is not a Point".into());
        };
        self.metres(coordinates.as_slice())
    }

    /// A GeoJSON line in metres.
    pub(super) fn line(&self, geometry: &GeometryValue) -> Result<Vec<Coord<f64>>, String> {
        let GeometryValue::LineString { coordinates } = geometry else {
            return Err("its geometry is not a LineString".into());
        };
        let mut line = Vec::with_capacity(coordinates.len());
        for position in coordinates {
            line.push(self.metres(position.as_slice())?);
        }
        line.dedup();
        if line.len() < 2 { Err("its line has fewer than two points".into()) } else { Ok(line) }
    }
}

/// One feature of a GeoJSON file: its properties, and its geometry for whoever knows what to expect.
pub(super) struct Feature<P> {
    pub(super) properties: P,
    pub(super) geometry: GeometryValue,
}

/// Reads the features of a GeoJSON text whose properties are those of `P`.
pub(super) fn features<P: DeserializeOwned>(text: &str, path: &Path) -> Result<Vec<Feature<P>>, StreetsError> {
    let collection: FeatureCollection = text.parse().map_err(|e: geojson::Error| StreetsError::Content {
        path: path.into(),
        place: "the file".into(),
        reason: format!("it is not a GeoJSON feature collection: {e}"),
    })?;
    let mut features = Vec::with_capacity(collection.features.len());
    for (number, feature) in collection.features.into_iter().enumerate() {
        let broken = |reason: String| content(path, number, reason);
        let properties = feature.properties.ok_or_else(|| broken("it has no properties".into()))?;
        let geometry = feature.geometry.ok_or_else(|| broken("it has no geometry".into()))?;
        let properties = serde_json::from_value(properties.into()).map_err(|e| broken(e.to_string()))?;
        features.push(Feature { properties, geometry: geometry.value });
    }
    Ok(features)
}

/// The error of a feature, numbered from 1 for people.
pub(super) fn content(path: &Path, number: usize, reason: String) -> StreetsError {
    StreetsError::Content { path: path.into(), place: format!("feature {}", number + 1), reason }
}

/// Reads `streets_osm_named.geojson`, in the order of the ways' ids.
pub(super) fn ways(folder: &Path, projector: &Projector) -> Result<Vec<Way>, StreetsError> {
    let path = folder.join("streets_osm_named.geojson");
    let text =
        std::fs::read_to_string(&path).map_err(|e| StreetsError::File { path: path.clone(), reason: e.to_string() })?;
    let mut ways = Vec::new();
    for (number, feature) in features::<WayProperties>(&text, &path)?.into_iter().enumerate() {
        let broken = |reason: String| content(&path, number, reason);
        let WayProperties { via, idx } = feature.properties;
        let id = idx.parse().map_err(|_| broken(format!("idx '{idx}' is not a way's number")))?;
        let line = projector.line(&feature.geometry).map_err(broken)?;
        ways.push(Way { id, name: via.trim().into(), line });
    }
    ways.sort_by_key(|way| way.id);
    Ok(ways)
}

/// Reads `addresses.csv`, in the order of street code and number.
pub(super) fn house_numbers(folder: &Path) -> Result<Vec<HouseNumber>, StreetsError> {
    let path = folder.join("addresses.csv");
    let mut reader =
        csv::Reader::from_path(&path).map_err(|e| StreetsError::File { path: path.clone(), reason: e.to_string() })?;
    let mut numbers = Vec::new();
    for (row, line) in reader.deserialize::<AddressRow>().zip(2..) {
        let broken =
            |reason: String| StreetsError::Content { path: path.clone(), place: format!("line {line}"), reason };
        let row = row.map_err(|e| broken(e.to_string()))?;
        let digits: String = row.number.chars().take_while(char::is_ascii_digit).collect();
        numbers.push(HouseNumber {
            street: row.street,
            street_name: format!("{} {}", row.kind.trim(), row.name.trim()).into(),
            quarter: row.quarter.trim().into(),
            number: digits.parse().unwrap_or(0),
            position: Coord { x: row.e32632, y: row.n32632 },
        });
    }
    numbers.sort_by(|a, b| {
        let place = |n: &HouseNumber| (n.street, n.number);
        place(a).cmp(&place(b)).then(a.position.x.total_cmp(&b.position.x)).then(a.position.y.total_cmp(&b.position.y))
    });
    Ok(numbers)
}

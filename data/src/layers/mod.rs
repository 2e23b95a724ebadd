//! Layers of features from other sources: GeoJSON, CSV with coordinates, and what GDAL reads (GeoPackage, Shapefile).
//!
//! A reader gives [`Feature`]s in the metres of a city; [`add`] makes rows of one table of them. Which property holds what is
//! told by [`Layer::columns`]; a column of the field's own name needs no telling. Links are not made of layers: lines without
//! junctions, classes and directions are no network.

mod csv;
#[cfg(feature = "gdal")]
mod gdal;
mod geojson;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::city::{
    Address, Building, BuildingUse, CityTables, Fault, HeritageSite, Place, PlaceKind, Railway, Record, Tree, Water,
};
use engine::key::{Key, KeyError};
use engine::provenance::{Origin, Provenance, SourceId};
use geo::{BoundingRect, Centroid, Coord, Geometry, MultiPolygon, Rect};

use crate::osm::AreaFault;
use crate::projection::{Crs, CrsError};

/// How far outside a city that is already there a feature may lie, in metres.
const OUTSIDE_MAX_M: f64 = 20_000.0;

/// One thing of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Its place in the file, from 1: the line of a CSV file, the number of a feature else.
    pub number: usize,
    /// Where, in the metres of the city.
    pub geometry: Geometry<f64>,
    /// What the file says of it, as text; empty values are left out.
    pub properties: BTreeMap<String, String>,
}

/// The tables that a layer can become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the tables")]
pub enum Target {
    Addresses,
    Buildings,
    Trees,
    Waters,
    Railways,
    HeritageSites,
    Places,
}

impl Target {
    /// Every target, with the name that it has in commands and the fields that its columns can hold.
    pub const ALL: [(Self, &'static str, &'static [&'static str]); 7] = [
        (Self::Addresses, "addresses", &["street", "number", "suffix", "quarter", "residents"]),
        (Self::Buildings, "buildings", &["height_m", "floors", "floor_area_m2", "use", "residents"]),
        (Self::Trees, "trees", &["species", "height_m"]),
        (Self::Waters, "waters", &["name"]),
        (Self::Railways, "railways", &["name"]),
        (Self::HeritageSites, "heritage_sites", &["name", "kind"]),
        (Self::Places, "places", &["name", "kind", "tag"]),
    ];

    /// The target of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, other, _)| *other == name).map(|(target, _, _)| target)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(target, _, _)| *target == self).map_or("", |(_, name, _)| name)
    }
}

/// What a file is read as.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The table that its features become rows of.
    pub target: Target,
    /// Field and column, where the column has another name: `street` → `DUF`. The fields `key`, `x` and `y` are
    /// known to every target: the thing's name in its source, and where it is.
    pub columns: BTreeMap<String, String>,
    /// EPSG code of its coordinates, where the file does not say.
    pub epsg: Option<u32>,
    /// The layer of a file that has several.
    pub name: Option<String>,
    /// The id of its source.
    pub source: SourceId,
    /// The year that it describes.
    pub year: Option<i16>,
}

impl Layer {
    fn column<'a>(&'a self, field: &'a str) -> &'a str {
        self.columns.get(field).map_or(field, String::as_str)
    }
}

/// Why a layer cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LayerError {
    /// The file cannot be opened or read.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not of its format.
    #[error("{file}: {reason}")]
    Format {
        /// The file.
        file: String,
        /// What is wrong, with the line where there is one.
        reason: String,
    },
    /// A feature is wrong.
    #[error("{file}, {unit} {number}: {reason}")]
    Feature {
        /// The file.
        file: String,
        /// What is counted: `line` or `feature`.
        unit: &'static str,
        /// Its number, from 1.
        number: usize,
        /// What is wrong.
        reason: String,
    },
    /// The file does not say in which reference system it is.
    #[error(
        "{file}: it does not say in which reference system its coordinates are; say it with --epsg, as in --epsg 3003"
    )]
    NoCrs {
        /// The file.
        file: String,
    },
    /// The reference system is not right.
    #[error("{file}: {error}")]
    Crs {
        /// The file.
        file: String,
        /// What is wrong with it.
        error: CrsError,
    },
    /// A column is told that the file or the table does not have.
    #[error("{file}: there is no column '{column}'; it has {found}")]
    Column {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The columns that there are.
        found: String,
    },
    /// The kind of file is not known to this build.
    #[error(
        "{file}: this kind of file is read through GDAL, and this build of Gemello is without it; convert the file to GeoJSON or CSV"
    )]
    NeedsGdal {
        /// The file.
        file: String,
    },
}

impl LayerError {
    fn feature(file: &Path, unit: &'static str, number: usize, reason: impl Into<String>) -> Self {
        Self::Feature { file: file.display().to_string(), unit, number, reason: reason.into() }
    }
}

/// Reads the features of a file, in the metres of that system. What the file is, its name says.
///
/// # Errors
/// [`LayerError`] where it cannot be read, or a position is not one.
pub fn read(path: &Path, layer: &Layer, to: &Crs) -> Result<Vec<Feature>, LayerError> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_ascii_lowercase();
    match extension.as_str() {
        "geojson" | "json" => geojson::read(path, layer, to),
        "csv" | "tsv" => csv::read(path, layer, to),
        _ => read_others(path, layer, to),
    }
}

#[cfg(feature = "gdal")]
fn read_others(path: &Path, layer: &Layer, to: &Crs) -> Result<Vec<Feature>, LayerError> {
    gdal::read(path, layer, to)
}

#[cfg(not(feature = "gdal"))]
fn read_others(path: &Path, _layer: &Layer, _to: &Crs) -> Result<Vec<Feature>, LayerError> {
    match std::fs::File::open(path) {
        Ok(_) => Err(LayerError::NeedsGdal { file: path.display().to_string() }),
        Err(source) => Err(LayerError::File { path: path.to_owned(), source }),
    }
}

/// Where a file of unknown reference system lies in the world, to choose a city's: the UTM zone of its middle.
///
/// # Errors
/// [`LayerError`] as in [`read`].
pub fn utm_of(path: &Path, layer: &Layer) -> Result<Crs, LayerError> {
    let file = path.display().to_string();
    let features = read(path, layer, &Crs::wgs84())?;
    let middle = extent(features.iter().map(|feature| &feature.geometry)).map(|rect| rect.center());
    let middle =
        middle.ok_or_else(|| LayerError::Format { file: file.clone(), reason: "there is no feature in it".into() })?;
    Crs::utm_of(middle.x, middle.y).map_err(|error| LayerError::Crs { file, error })
}

fn extent<'a>(geometries: impl Iterator<Item = &'a Geometry<f64>>) -> Option<Rect<f64>> {
    let rects = geometries.filter_map(BoundingRect::bounding_rect);
    rects.reduce(|a, b| {
        Rect::new(
            Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
            Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
        )
    })
}

/// Adds the features to the city as rows of the layer's table. Either all or, where one is wrong, none.
///
/// # Errors
/// [`LayerError::Feature`] names the first feature that cannot be a row: without a geometry of the right kind, with an outline
/// that crosses itself, a number that is not one, or far outside the city.
pub fn add(tables: &mut CityTables, path: &Path, layer: &Layer, features: &[Feature]) -> Result<(), LayerError> {
    let unit = if path.extension().is_some_and(|extension| extension == "csv") { "line" } else { "feature" };
    let around = city_extent(tables);
    let mut part = CityTables::new(tables.about.clone());
    for feature in features {
        let wrong = |fault: FeatureFault| LayerError::feature(path, unit, feature.number, fault.to_string());
        if let (Some(around), Some(place)) = (around, feature.geometry.bounding_rect()) {
            check_inside(around, place).map_err(wrong)?;
        }
        let row = Row { layer, feature };
        row.add(&mut part).map_err(wrong)?;
    }
    check_rows(&part, path)?;
    tables.addresses.append(&mut part.addresses);
    tables.buildings.append(&mut part.buildings);
    tables.trees.append(&mut part.trees);
    tables.waters.append(&mut part.waters);
    tables.railways.append(&mut part.railways);
    tables.heritage_sites.append(&mut part.heritage_sites);
    tables.places.append(&mut part.places);
    tables.sort();
    Ok(())
}

/// Where the city is: around its junctions, or else its addresses.
fn city_extent(tables: &CityTables) -> Option<Rect<f64>> {
    let junctions = tables.junctions.iter().map(|row| row.facts.position);
    let addresses = tables.addresses.iter().map(|row| row.facts.position);
    let points: geo::MultiPoint<f64> = junctions.chain(addresses).map(geo::Point).collect();
    points.bounding_rect()
}

fn check_inside(city: Rect<f64>, place: Rect<f64>) -> Result<(), FeatureFault> {
    let outside_x = (city.min().x - place.max().x).max(place.min().x - city.max().x);
    let outside_y = (city.min().y - place.max().y).max(place.min().y - city.max().y);
    let outside_m = outside_x.max(outside_y);
    if outside_m > OUTSIDE_MAX_M { Err(FeatureFault::Outside { outside_km: outside_m / 1000.0 }) } else { Ok(()) }
}

/// That keys are unique and numbers within what they can be; what rows name lies in other tables.
fn check_rows(part: &CityTables, path: &Path) -> Result<(), LayerError> {
    let faults = part.faults();
    let reason = faults.iter().find_map(|fault| match fault {
        Fault::DuplicateKey { key, .. } => Some(format!(
            "two features have the key '{key}'; name a column without repetitions with --column key=COLUMN"
        )),
        Fault::Value { .. } => Some(format!("{fault}; correct it, or the unit of its column")),
        _ => None,
    });
    reason.map_or(Ok(()), |reason| Err(LayerError::Format { file: path.display().to_string(), reason }))
}

/// Why a feature cannot be a row.
#[derive(Debug, thiserror::Error)]
enum FeatureFault {
    #[error("it lies {outside_km:.0} km outside the city; check its reference system and the order of its coordinates")]
    Outside { outside_km: f64 },
    #[error("{field} '{text}' (column '{column}') is not a number from 0")]
    Number { field: String, text: String, column: String },
    #[error("{field} '{word}' is not known")]
    Word { field: String, word: String },
    #[error("it has an empty geometry")]
    EmptyGeometry,
    #[error("it is not a {0}")]
    Geometry(&'static str),
    #[error("it has no {0}; say where it is with --column {0}=COLUMN")]
    Lacks(&'static str),
    #[error(transparent)]
    Area(#[from] AreaFault),
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// A feature on its way to a row.
struct Row<'a> {
    layer: &'a Layer,
    feature: &'a Feature,
}

impl Row<'_> {
    fn text(&self, field: &str) -> Option<&str> {
        self.feature.properties.get(self.layer.column(field)).map(String::as_str)
    }

    fn shared(&self, field: &str) -> Option<Arc<str>> {
        self.text(field).map(Arc::from)
    }

    fn number(&self, field: &str) -> Result<Option<f64>, FeatureFault> {
        let Some(text) = self.text(field) else { return Ok(None) };
        match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() && number >= 0.0 => Ok(Some(number)),
            _ => Err(FeatureFault::Number {
                field: field.to_owned(),
                text: text.to_owned(),
                column: self.layer.column(field).to_owned(),
            }),
        }
    }

    fn word<T>(&self, field: &str, or: T, from_name: impl Fn(&str) -> Option<T>) -> Result<T, FeatureFault> {
        match self.text(field) {
            None => Ok(or),
            Some(word) => {
                from_name(word).ok_or_else(|| FeatureFault::Word { field: field.to_owned(), word: word.to_owned() })
            }
        }
    }

    fn point(&self) -> Result<Coord<f64>, FeatureFault> {
        let middle = self.feature.geometry.centroid().map(|point| point.0);
        middle.ok_or(FeatureFault::EmptyGeometry)
    }

    fn area(&self) -> Result<MultiPolygon<f64>, FeatureFault> {
        let area = match &self.feature.geometry {
            Geometry::Polygon(polygon) => MultiPolygon(vec![polygon.clone()]),
            Geometry::MultiPolygon(area) => area.clone(),
            _ => return Err(FeatureFault::Geometry("polygon")),
        };
        crate::osm::check_area(&area)?;
        Ok(area)
    }

    fn record<T>(&self, facts: T) -> Result<Record<T>, FeatureFault> {
        let named = self.text("key").map(|text| text.trim().replace(char::is_whitespace, "_"));
        let path = named.unwrap_or_else(|| format!("{}/{}", self.layer.target.name(), self.feature.number));
        let key = Key::new(format!("{}:{path}", self.layer.source))?;
        let provenance = Provenance {
            origin: Origin::Real,
            source: Arc::clone(&self.layer.source),
            year: self.layer.year,
            accuracy_m: None,
        };
        Ok(Record { key, provenance, facts })
    }

    fn add(&self, part: &mut CityTables) -> Result<(), FeatureFault> {
        match self.layer.target {
            Target::Addresses => part.addresses.push(self.address()?),
            Target::Buildings => part.buildings.push(self.building()?),
            Target::Trees => part.trees.push(self.tree()?),
            Target::Waters => {
                let geometry = match self.area() {
                    Ok(area) => area.into(),
                    Err(_) if matches!(self.feature.geometry, Geometry::LineString(_)) => self.feature.geometry.clone(),
                    Err(fault) => return Err(fault),
                };
                part.waters.push(self.record(Water { name: self.shared("name"), geometry })?);
            }
            Target::Railways => {
                let Geometry::LineString(line) = &self.feature.geometry else {
                    return Err(FeatureFault::Geometry("line"));
                };
                part.railways.push(self.record(Railway { name: self.shared("name"), geometry: line.clone() })?);
            }
            Target::HeritageSites => {
                let name = self.shared("name").ok_or(FeatureFault::Lacks("name"))?;
                let kind = self.shared("kind").unwrap_or_else(|| "site".into());
                part.heritage_sites.push(self.record(HeritageSite { name, kind, position: self.point()? })?);
            }
            Target::Places => {
                let kind = self.word("kind", PlaceKind::Other, PlaceKind::from_name)?;
                let tag = self.shared("tag").unwrap_or_else(|| "".into());
                let facts = Place { name: self.shared("name"), kind, tag, position: self.point()? };
                part.places.push(self.record(facts)?);
            }
        }
        Ok(())
    }

    fn address(&self) -> Result<Record<Address>, FeatureFault> {
        let street = self.shared("street").ok_or(FeatureFault::Lacks("street"))?;
        let number = format!("{}{}", self.text("number").unwrap_or(""), self.text("suffix").unwrap_or(""));
        self.record(Address {
            street,
            number: number.into(),
            quarter: self.shared("quarter"),
            position: self.point()?,
            zone: None,
            residents: self.number("residents")?.unwrap_or(0.0),
        })
    }

    fn building(&self) -> Result<Record<Building>, FeatureFault> {
        let positive = |number: Option<f64>| number.filter(|number| *number > 0.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 255")]
        let floors = positive(self.number("floors")?).map(|floors| floors.clamp(1.0, 255.0) as u8);
        self.record(Building {
            footprint: self.area()?,
            height_m: positive(self.number("height_m")?),
            floors,
            floor_area_m2: positive(self.number("floor_area_m2")?),
            building_use: self.word("use", BuildingUse::Unknown, BuildingUse::from_name)?,
            residents: self.number("residents")?.unwrap_or(0.0),
        })
    }

    fn tree(&self) -> Result<Record<Tree>, FeatureFault> {
        #[expect(clippy::cast_possible_truncation, reason = "heights of trees need no more than f32")]
        let height_m = self.number("height_m")?.map(|metres| metres as f32);
        self.record(Tree {
            species: self.shared("species").unwrap_or_else(|| "".into()),
            position: self.point()?,
            height_low_m: height_m.unwrap_or(0.0),
            height_high_m: height_m,
            evergreen: None,
        })
    }
}

/// Says which columns a file lacks that it was told to have.
fn check_columns<'a>(
    path: &Path,
    layer: &Layer,
    found: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), LayerError> {
    for column in layer.columns.values() {
        if !found.clone().any(|other| other == column) {
            let found = found.collect::<Vec<_>>().join(", ");
            return Err(LayerError::Column { file: path.display().to_string(), column: column.clone(), found });
        }
    }
    Ok(())
}

fn source_crs(path: &Path, layer: &Layer, stated: Option<u32>) -> Result<Crs, LayerError> {
    let file = || path.display().to_string();
    let epsg = layer.epsg.or(stated).ok_or_else(|| LayerError::NoCrs { file: file() })?;
    Crs::from_epsg(epsg).map_err(|error| LayerError::Crs { file: file(), error })
}

#[cfg(test)]
mod tests;

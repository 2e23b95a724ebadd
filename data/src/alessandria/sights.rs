//! Sights, public places, fuel stations and trees.

use engine::city::{HeritageSite, Place, PlaceKind, Tree};
use engine::key::Key;
use geo::Coord;
use serde::Deserialize;

use super::RecipeError;
use super::open_data::{FuelStation, Ground, NamedPlace, TreeRow};
use super::provenance::{GEONAMES_ACCURACY_M, from};

use engine::city::Record;
use engine::provenance::Origin;

const FILE: &str = "sights.toml";
/// Points of the list of sights are good to a building.
const LIST_ACCURACY_M: f32 = 30.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SightsFile {
    sights: Vec<SightLine>,
    places: Vec<PlaceLine>,
    features: Vec<FeatureLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SightLine {
    id: String,
    name: String,
    kind: String,
    lon: Option<f64>,
    lat: Option<f64>,
    geonames: Option<u32>,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceLine {
    id: String,
    name: String,
    kind: PlaceKind,
    tag: String,
    lon: f64,
    lat: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureLine {
    code: String,
    kind: PlaceKind,
    tag: String,
}

/// Sights and places.
pub(super) struct Sights {
    pub(super) heritage_sites: Vec<Record<HeritageSite>>,
    pub(super) places: Vec<Record<Place>>,
}

/// The sights of `sights.toml`, the places of GeoNames within the comune, the fuel stations.
pub(super) fn sights(
    named: &[NamedPlace],
    stations: &[FuelStation],
    is_inside: impl Fn(Coord<f64>) -> bool,
) -> Result<Sights, RecipeError> {
    let file: SightsFile = toml::from_str(include_str!("sights.toml"))
        .map_err(|cause| RecipeError::Recipe { file: FILE, wrong: cause.to_string() })?;
    let ground = Ground::new()?;
    let mut heritage_sites = Vec::new();
    for line in &file.sights {
        let position = position(line, named, &ground)?;
        let accuracy = if line.geonames.is_some() { GEONAMES_ACCURACY_M } else { LIST_ACCURACY_M };
        heritage_sites.push(Record {
            key: Key::new(format!("luogo:{}", line.id))?,
            provenance: from(Origin::Real, &line.source, None, Some(accuracy)),
            facts: HeritageSite { name: line.name.as_str().into(), kind: line.kind.as_str().into(), position },
        });
    }
    let mut places = Vec::new();
    for line in &file.places {
        places.push(Record {
            key: Key::new(format!("servizio:{}", line.id))?,
            provenance: from(Origin::Real, "list", None, Some(LIST_ACCURACY_M)),
            facts: Place {
                name: Some(line.name.as_str().into()),
                kind: line.kind,
                tag: line.tag.as_str().into(),
                position: ground.project(line.lon, line.lat)?,
            },
        });
    }
    for place in named {
        let Some(feature) = file.features.iter().find(|feature| feature.code == place.feature) else { continue };
        if is_inside(place.position) {
            places.push(Record {
                key: Key::new(format!("geonames:{}", place.id))?,
                provenance: from(Origin::Real, "geonames", None, Some(GEONAMES_ACCURACY_M)),
                facts: Place {
                    name: Some(place.name.as_str().into()),
                    kind: feature.kind,
                    tag: feature.tag.as_str().into(),
                    position: place.position,
                },
            });
        }
    }
    for station in stations {
        places.push(Record {
            key: Key::new(format!("mimit:{}", station.id))?,
            provenance: from(Origin::Real, "mimit", None, None),
            facts: Place {
                name: Some(format!("{}, {}", station.brand, station.street).into()),
                kind: PlaceKind::Fuel,
                tag: "amenity=fuel".into(),
                position: ground.project(station.lon, station.lat)?,
            },
        });
    }
    Ok(Sights { heritage_sites, places })
}

fn position(line: &SightLine, named: &[NamedPlace], ground: &Ground) -> Result<Coord<f64>, RecipeError> {
    let wrong = |wrong: &str| RecipeError::Recipe { file: FILE, wrong: format!("sight '{}' {wrong}", line.id) };
    match (line.geonames, line.lon, line.lat) {
        (None, Some(lon), Some(lat)) => ground.project(lon, lat),
        (Some(id), None, None) => named
            .iter()
            .find(|place| place.id == id)
            .map(|place| place.position)
            .ok_or_else(|| wrong("names a place that GeoNames does not have")),
        _ => Err(wrong("needs either geonames or lon and lat")),
    }
}

/// The municipal trees. Without a height class in the source the range is open from 0 m.
pub(super) fn trees(rows: Vec<TreeRow>) -> Result<Vec<Record<Tree>>, RecipeError> {
    rows.into_iter()
        .map(|row| {
            let (height_low_m, height_high_m) = height_class(&row)?;
            let evergreen = match row.leaf.as_str() {
                "Sempreverde" => Some(true),
                "Caduca" => Some(false),
                _ => None,
            };
            let facts =
                Tree { species: row.species.into(), position: row.position, height_low_m, height_high_m, evergreen };
            Ok(Record { key: row.key, provenance: from(Origin::Real, "comune", None, None), facts })
        })
        .collect()
}

fn height_class(row: &TreeRow) -> Result<(f32, Option<f32>), RecipeError> {
    Ok(match row.height_class.as_str() {
        "" => (0.0, None),
        "1) < 10m" => (0.0, Some(10.0)),
        "2) 10 - 16m" => (10.0, Some(16.0)),
        "3) 16 - 20m" => (16.0, Some(20.0)),
        "4) 20 - 30m" => (20.0, Some(30.0)),
        "5) > 30m" => (30.0, None),
        other => {
            return Err(RecipeError::Recipe {
                file: "trees.csv",
                wrong: format!("'{}' has the height class '{other}', which is not known", row.key),
            });
        }
    })
}

//! Reads the open data of Alessandria into typed rows.
//!
//! House numbers, quarters, trees: Comune di Alessandria; ages and commuting: ISTAT; fuel stations: MIMIT; boundary:
//! openpolis; place names: GeoNames. Every row that is not as it should be is an error with file and line: a city
//! compiled from half-read data would look right and be wrong.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::key::Key;
use geo::{Coord, LineString, MultiPolygon, Polygon};
use geojson::{FeatureCollection, GeometryValue};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::RecipeError;
use crate::projection::{Crs, Transform};

/// The city's reference system: WGS 84 / UTM zone 32N.
pub(super) const EPSG: u32 = 32632;

/// A house number as the municipality publishes it.
#[derive(Clone, Debug)]
pub(super) struct HouseNumber {
    /// `civico:CODE/NUMBER+SUFFIX`, with `~2`, `~3` after it where the source uses one name more than once.
    pub(super) key: Key,
    /// The street's code in the municipal register.
    pub(super) street_code: u32,
    /// Kind of street (`Via`, `Piazza`): the register's DUG.
    pub(super) street_kind: String,
    /// Kind and name together (`Via Marengo`).
    pub(super) street: String,
    /// The number without its suffix.
    pub(super) number: u32,
    /// The suffix (`H`), often empty.
    pub(super) suffix: String,
    /// Name of the quarter or suburb.
    pub(super) quarter: String,
    /// Census section.
    pub(super) section: u32,
    /// Where, in metres of EPSG:32632.
    pub(super) position: Coord<f64>,
}

#[derive(Deserialize)]
struct HouseNumberLine {
    #[serde(rename = "CodiceVia")]
    street_code: u32,
    #[serde(rename = "DUG")]
    street_kind: String,
    #[serde(rename = "DUF")]
    street_name: String,
    #[serde(rename = "QuartiereSobborgo")]
    quarter: String,
    #[serde(rename = "Civico")]
    number: u32,
    #[serde(rename = "Esponente")]
    suffix: String,
    #[serde(rename = "InizioValidita")]
    valid_from: String,
    #[serde(rename = "SezCensimento")]
    section: u32,
    e32632: f64,
    n32632: f64,
}

/// All house numbers, sorted by key. Where the source has one number twice, the older entry keeps the plain key.
pub(super) fn house_numbers(folder: &Path) -> Result<Vec<HouseNumber>, RecipeError> {
    let mut lines: Vec<HouseNumberLine> = rows(&folder.join("addresses.csv"), b',')?;
    for line in &mut lines {
        line.suffix = line.suffix.trim().to_owned();
    }
    lines.sort_by(|a, b| {
        (a.street_code, a.number, &a.suffix, &a.valid_from, a.section)
            .cmp(&(b.street_code, b.number, &b.suffix, &b.valid_from, b.section))
            .then(a.e32632.total_cmp(&b.e32632))
            .then(a.n32632.total_cmp(&b.n32632))
    });
    let mut uses: BTreeMap<String, u32> = BTreeMap::new();
    let mut houses = Vec::with_capacity(lines.len());
    for line in lines {
        let name = format!("civico:{}/{}{}", line.street_code, line.number, line.suffix);
        houses.push(HouseNumber {
            key: numbered_key(&mut uses, name)?,
            street_code: line.street_code,
            street: format!("{} {}", line.street_kind, line.street_name),
            street_kind: line.street_kind,
            number: line.number,
            suffix: line.suffix,
            quarter: line.quarter,
            section: line.section,
            position: Coord { x: line.e32632, y: line.n32632 },
        });
    }
    houses.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(houses)
}

/// The name as a key; from its second use on with `~2`, `~3` after it.
fn numbered_key(uses: &mut BTreeMap<String, u32>, name: String) -> Result<Key, RecipeError> {
    let count = uses.entry(name.clone()).or_insert(0);
    *count += 1;
    Ok(if *count == 1 { Key::new(name)? } else { Key::new(format!("{name}~{count}"))? })
}

/// What `quarters.csv` says of a quarter.
#[derive(Debug, Deserialize)]
pub(super) struct QuarterLine {
    #[serde(rename = "QuartiereSobborgo")]
    pub(super) name: String,
    /// Residents in the municipal registry of 2016, where known.
    pub(super) pop_anagrafe_2016: Option<f64>,
    /// Residents of the quarter's nucleus alone after GeoNames, where known.
    pub(super) pop_geonames_nucleus: Option<f64>,
}

/// The quarters, sorted by name.
pub(super) fn quarters(folder: &Path) -> Result<Vec<QuarterLine>, RecipeError> {
    let mut quarters: Vec<QuarterLine> = rows(&folder.join("quarters.csv"), b',')?;
    quarters.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(quarters)
}

/// A municipal tree.
#[derive(Clone, Debug)]
pub(super) struct TreeRow {
    /// `albero:ID`, with `~2` after it where the source uses one id twice.
    pub(super) key: Key,
    pub(super) species: String,
    /// The source's height class (`2) 10 - 16m`), often empty.
    pub(super) height_class: String,
    /// `Caduca`, `Sempreverde` or empty.
    pub(super) leaf: String,
    pub(super) position: Coord<f64>,
}

#[derive(Deserialize)]
struct TreeLine {
    #[serde(rename = "Identificativo")]
    id: String,
    #[serde(rename = "Essenza")]
    species: String,
    #[serde(rename = "RangeAltezza")]
    height_class: String,
    #[serde(rename = "TipoFoglia")]
    leaf: String,
    lon: f64,
    lat: f64,
}

/// All municipal trees, sorted by key.
pub(super) fn trees(folder: &Path) -> Result<Vec<TreeRow>, RecipeError> {
    let ground = Ground::new()?;
    let mut lines: Vec<TreeLine> = rows(&folder.join("trees.csv"), b',')?;
    lines.sort_by(|a, b| {
        (&a.id, &a.species).cmp(&(&b.id, &b.species)).then(a.lon.total_cmp(&b.lon)).then(a.lat.total_cmp(&b.lat))
    });
    let mut uses = BTreeMap::new();
    let mut trees = Vec::with_capacity(lines.len());
    for line in lines {
        trees.push(TreeRow {
            key: numbered_key(&mut uses, format!("albero:{}", line.id))?,
            species: line.species,
            height_class: line.height_class,
            leaf: line.leaf,
            position: ground.project(line.lon, line.lat)?,
        });
    }
    trees.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(trees)
}

/// A fuel station of the ministry's register.
#[derive(Debug, Deserialize)]
pub(super) struct FuelStation {
    #[serde(rename = "idImpianto")]
    pub(super) id: u32,
    #[serde(rename = "Bandiera")]
    pub(super) brand: String,
    #[serde(rename = "Indirizzo")]
    pub(super) street: String,
    #[serde(rename = "Latitudine")]
    pub(super) lat: f64,
    #[serde(rename = "Longitudine")]
    pub(super) lon: f64,
}

/// The fuel stations, in the order of their ids, with the text of the register repaired.
pub(super) fn fuel_stations(folder: &Path) -> Result<Vec<FuelStation>, RecipeError> {
    let mut stations: Vec<FuelStation> = rows(&folder.join("fuel_stations.csv"), b',')?;
    for station in &mut stations {
        station.brand = repaired(&station.brand);
        station.street = repaired(&station.street);
    }
    stations.sort_by_key(|station| station.id);
    Ok(stations)
}

/// Text that was UTF-8, was read as Windows-1252 and written again (`â€“` for `–`), put right; a written-out tab becomes a
/// space, and runs of spaces become one.
pub(super) fn repaired(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(windows_1252_byte).collect();
    let text =
        bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned()).replace("\\t", " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The byte that stands for the character in Windows-1252.
fn windows_1252_byte(character: char) -> Option<u8> {
    const FROM_0X80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    if let Some(place) = FROM_0X80.iter().position(|&known| known == character) {
        return u8::try_from(0x80 + place).ok();
    }
    u8::try_from(u32::from(character)).ok().filter(|byte| !(0x80..0xa0).contains(byte))
}

/// A named place after GeoNames; its point can be 450 m off.
#[derive(Debug)]
pub(super) struct NamedPlace {
    pub(super) id: u32,
    pub(super) name: String,
    /// GeoNames' feature code (`HTL`, `PRK`, `MUS`).
    pub(super) feature: String,
    pub(super) position: Coord<f64>,
}

#[derive(Deserialize)]
struct NamedPlaceLine {
    geonameid: u32,
    name: String,
    lat: f64,
    lon: f64,
    feature_code: String,
}

/// The places of GeoNames, in the order of their ids.
pub(super) fn named_places(folder: &Path) -> Result<Vec<NamedPlace>, RecipeError> {
    let ground = Ground::new()?;
    let lines: Vec<NamedPlaceLine> = rows(&folder.join("geonames.csv"), b',')?;
    let mut places = Vec::with_capacity(lines.len());
    for line in lines {
        let name = line.name.trim().trim_end_matches(',').to_owned();
        let position = ground.project(line.lon, line.lat)?;
        places.push(NamedPlace { id: line.geonameid, name, feature: line.feature_code, position });
    }
    places.sort_by_key(|place| place.id);
    Ok(places)
}

/// Residents by single year of age, from 0.
pub(super) fn residents_by_age(folder: &Path) -> Result<Vec<f64>, RecipeError> {
    #[derive(Deserialize)]
    struct Line {
        age: f64,
        pop: f64,
    }
    let file = folder.join("pop_latest.csv");
    let mut lines: Vec<Line> = rows(&file, b',')?;
    lines.sort_by(|a, b| a.age.total_cmp(&b.age));
    for (age, line) in (0_u32..).zip(&lines) {
        if line.age != f64::from(age) {
            return Err(RecipeError::content(&file, format!("age {age} is missing; there must be every age from 0")));
        }
    }
    Ok(lines.into_iter().map(|line| line.pop).collect())
}

/// One cell of the commuting matrix of the 2011 census: work trips that stay inside the comune.
#[derive(Debug, Deserialize)]
pub(super) struct CommutingLine {
    /// `<15`, `15_30`, `31_60` or `>60` minutes.
    pub(super) travel_time: String,
    pub(super) mode: String,
    pub(super) travel_reason: String,
    pub(super) place_of_destination: String,
    pub(super) individuals: f64,
}

/// The commuting matrix.
pub(super) fn commuting(folder: &Path) -> Result<Vec<CommutingLine>, RecipeError> {
    rows(&folder.join("comm_matrix_cities_km.csv"), b',')
}

/// The comune's territory, in metres of EPSG:32632.
pub(super) fn boundary(folder: &Path) -> Result<MultiPolygon<f64>, RecipeError> {
    let file = folder.join("boundary.geojson");
    let wrong = |wrong: &str| RecipeError::content(&file, wrong);
    let collection: FeatureCollection =
        text(&file)?.parse().map_err(|cause: geojson::Error| wrong(&cause.to_string()))?;
    let ground = Ground::new()?;
    let mut parts = Vec::new();
    for feature in collection.features {
        let polygons = match feature.geometry.map(|geometry| geometry.value) {
            Some(GeometryValue::Polygon { coordinates }) => vec![coordinates],
            Some(GeometryValue::MultiPolygon { coordinates }) => coordinates,
            _ => return Err(wrong("holds something other than polygons")),
        };
        for polygon in polygons {
            let mut rings = Vec::with_capacity(polygon.len());
            for ring in polygon {
                let mut line = Vec::with_capacity(ring.len());
                for position in ring {
                    let &[lon, lat, ..] = position.as_slice() else {
                        return Err(wrong("holds a position with fewer than two numbers"));
                    };
                    line.push(ground.project(lon, lat)?);
                }
                rings.push(LineString(line));
            }
            if rings.is_empty() {
                return Err(wrong("holds a polygon without an outline"));
            }
            let outline = rings.remove(0);
            parts.push(Polygon::new(outline, rings));
        }
    }
    Ok(MultiPolygon(parts))
}

/// From degrees (WGS84) to metres of EPSG:32632, the reference system of the city.
pub(super) struct Ground(Transform);

impl Ground {
    pub(super) fn new() -> Result<Self, RecipeError> {
        Ok(Self(Transform::new(Crs::wgs84(), Crs::metric(EPSG)?)))
    }

    /// The point of these degrees, in metres.
    pub(super) fn project(&self, lon_deg: f64, lat_deg: f64) -> Result<Coord<f64>, RecipeError> {
        Ok(self.0.point(Coord { x: lon_deg, y: lat_deg })?)
    }
}

fn text(file: &PathBuf) -> Result<String, RecipeError> {
    std::fs::read_to_string(file).map_err(|cause| RecipeError::File { file: file.clone(), cause })
}

fn rows<T: DeserializeOwned>(file: &PathBuf, delimiter: u8) -> Result<Vec<T>, RecipeError> {
    let text = text(file)?;
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let rows: Result<Vec<T>, csv::Error> = reader.deserialize().collect();
    rows.map_err(|cause| RecipeError::Line {
        file: file.clone(),
        line: cause.position().map_or(1, csv::Position::line),
        wrong: cause.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_was_read_in_the_wrong_encoding_is_repaired() {
        assert_eq!(repaired("51017 â€“ Spinetta Marengo"), "51017 – Spinetta Marengo");
        assert_eq!(repaired("SS 10 KM.103\\t  15040"), "SS 10 KM.103 15040");
        assert_eq!(repaired("Città"), "Città", "text that is right stays as it is");
    }

    #[test]
    fn degrees_become_the_metres_that_the_municipality_gives() {
        let point = Ground::new().unwrap().project(8.6473254, 44.9586803).unwrap();
        assert!((point.x - 472_183.88).abs() < 0.02 && (point.y - 4_978_420.82).abs() < 0.02, "{point:?}");
    }
}

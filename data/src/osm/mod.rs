//! OpenStreetMap extracts (`.osm`, `.osm.gz`, `.osm.pbf`) as cities.
//!
//! | file | what |
//! | --- | --- |
//! | `pbf.rs`, `xml.rs`, `elements.rs` | the formats, and what they hold |
//! | `tags.rs`, `classes.toml` | what a road's tags mean, and what is assumed where they say nothing |
//! | `roads.rs`, `turns.rs` | ways as junctions and links, restrictions as turns |
//! | `areas.rs`, `fabric.rs` | buildings, trees, addresses, water, railways, sights and places |
//!
//! Everything is *real* (surveyed by OpenStreetMap's contributors) but for what `classes.toml` assumes. A city made this way has
//! streets and buildings, and no zones, residents or demand. What the source says and the city does not keep is told in
//! [`Import::problems`], never dropped silently.

mod areas;
mod elements;
mod fabric;
mod pbf;
mod places;
mod roads;
mod tags;
mod turns;
mod xml;

use std::io::Read;
use std::path::{Path, PathBuf};

use engine::city::{About, CityTables};
use engine::key::Key;
use engine::provenance::{Origin, Provenance, Source};
use engine::time::DayPlan;
use serde::Serialize;

pub(crate) use self::areas::AreaFault;
pub use self::elements::{Extract, Member, MemberKind, Relation, Tags, Way};
use self::places::Places;
use crate::projection::{Crs, CrsError};

/// Largest extract, unpacked, that is read.
const BYTES_MAX: u64 = 4 << 30;

/// The id of the source in cities made of OpenStreetMap.
pub const SOURCE_ID: &str = "osm";

/// Why an extract cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OsmError {
    /// The file cannot be opened or read.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The text is not right at a line.
    #[error("{file}, line {line}: {reason}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The bytes are not right at a place.
    #[error("{file}, byte {offset}: {reason}")]
    Damaged {
        /// The file.
        file: String,
        /// From the start of the file.
        offset: usize,
        /// What is wrong.
        reason: String,
    },
    /// The file is packed, and cannot be unpacked.
    #[error("{file}: cannot be unpacked ({reason}); download it again")]
    Packed {
        /// The file.
        file: String,
        /// What the unpacker says.
        reason: String,
    },
    /// There is no node in it.
    #[error("{file}: there is no node in it, so there is no place for a city")]
    Empty {
        /// The file.
        file: String,
    },
    /// Its nodes cannot be projected.
    #[error(transparent)]
    Crs(#[from] CrsError),
}

/// Something that the source says and the city does not keep, or keeps otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The key of the thing, or of the element in the source.
    pub key: String,
    /// What is wrong and what was done.
    pub what: String,
}

impl Problem {
    pub(crate) fn new(key: &str, what: String) -> Self {
        Self { key: key.to_owned(), what }
    }
}

/// What an extract holds, counted before anything is made of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SourceCounts {
    /// Nodes.
    pub nodes: usize,
    /// Ways.
    pub ways: usize,
    /// Relations.
    pub relations: usize,
    /// Ways with a `highway` value for cars.
    pub car_ways: usize,
    /// Ways tagged `building` or `building:part`.
    pub building_ways: usize,
    /// Those of them with a `height` or `building:levels`.
    pub building_ways_with_height: usize,
    /// Nodes tagged `tourism` or `historic`.
    pub sight_nodes: usize,
}

/// A city made of an extract.
#[derive(Debug)]
pub struct Import {
    /// The city, sorted.
    pub tables: CityTables,
    /// What the source holds.
    pub source: SourceCounts,
    /// What the city does not keep of it, in the order of the source.
    pub problems: Vec<Problem>,
}

/// What a city cannot take from an extract.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its name.
    pub name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// EPSG code of its reference system; the UTM zone of its middle where none is given.
    pub epsg: Option<u32>,
}

/// Reads an extract from a file, whichever of the formats it is in.
///
/// # Errors
/// [`OsmError`] where the file cannot be read, is cut off or damaged.
pub fn read(path: &Path) -> Result<Extract, OsmError> {
    let bytes = std::fs::read(path).map_err(|source| OsmError::File { path: path.to_owned(), source })?;
    parse(&path.display().to_string(), &bytes)
}

/// Reads an extract from bytes, whichever of the formats they are in: gzip and XML are known by how they begin, all else is
/// taken for `.osm.pbf`. `file` is the name, for errors.
///
/// # Errors
/// [`OsmError`] where the bytes are cut off or damaged.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Extract, OsmError> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut text = Vec::new();
        let mut unpacker = flate2::read::MultiGzDecoder::new(bytes).take(BYTES_MAX + 1);
        let packed = |reason: String| OsmError::Packed { file: file.to_owned(), reason };
        unpacker.read_to_end(&mut text).map_err(|error| packed(error.to_string()))?;
        if text.len() as u64 > BYTES_MAX {
            return Err(packed("it is larger than 4 GiB".to_owned()));
        }
        return xml::read(file, &text);
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if text.trim_ascii_start().is_empty() {
        return Err(OsmError::Empty { file: file.to_owned() });
    }
    if text.trim_ascii_start().first() == Some(&b'<') { xml::read(file, bytes) } else { pbf::read(file, bytes) }
}

/// Makes a city of an extract.
///
/// # Errors
/// [`OsmError`] where it is empty or lies outside the reference system.
pub fn import(file: &str, extract: &Extract, options: &Options) -> Result<Import, OsmError> {
    let middle = extract.middle(file)?;
    let crs = match options.epsg {
        Some(epsg) => Crs::metric(epsg)?,
        None => Crs::utm_of(middle.x, middle.y)?,
    };
    let places = Places::new(extract, &crs)?;
    let mut tables = CityTables::new(About {
        name: options.name.clone(),
        epsg: crs.epsg(),
        time_zone: options.time_zone.clone(),
        day_plan: DayPlan::weekday(),
        population: None,
        survey: None,
    });
    tables.sources.push(Source {
        id: SOURCE_ID.into(),
        title: "OpenStreetMap".to_owned(),
        licence: "ODbL-1.0".to_owned(),
        attribution: "© OpenStreetMap contributors".to_owned(),
        url: Some("https://www.openstreetmap.org/copyright".to_owned()),
        year: None,
    });
    let (roads, fabric) = rayon::join(
        || {
            let roads = roads::build(extract, &places);
            let (turns, problems) = turns::build(extract, &roads);
            (roads, turns, problems)
        },
        || {
            let mut fabric = CityTables::new(tables.about.clone());
            let problems = fabric::fill(&mut fabric, extract, &places);
            (fabric, problems)
        },
    );
    let (roads, turns, turn_problems) = roads;
    let (fabric, fabric_problems) = fabric;
    let about = tables.about;
    tables =
        CityTables { about, sources: tables.sources, junctions: roads.junctions, links: roads.links, turns, ..fabric };
    tables.sort();
    let problems = [roads.problems, turn_problems, fabric_problems].concat();
    Ok(Import { tables, source: counts(extract), problems })
}

/// Counts what the extract holds.
#[must_use]
pub fn counts(extract: &Extract) -> SourceCounts {
    let is_building = |way: &&Way| way.tags.has("building") || way.tags.has("building:part");
    let has_height = |way: &&Way| way.tags.has("height") || way.tags.has("building:levels");
    SourceCounts {
        nodes: extract.nodes.len(),
        ways: extract.ways.len(),
        relations: extract.relations.len(),
        car_ways: extract.ways.iter().filter(|way| tags::is_car_way(&way.tags)).count(),
        building_ways: extract.ways.iter().filter(is_building).count(),
        building_ways_with_height: extract.ways.iter().filter(|way| is_building(way) && has_height(way)).count(),
        sight_nodes: extract
            .tagged_nodes
            .iter()
            .filter(|(_, tags)| tags.has("tourism") || tags.has("historic"))
            .count(),
    }
}

/// Says what is wrong with an area: an outline that is too short, or crosses itself.
pub(crate) fn check_area(area: &geo::MultiPolygon<f64>) -> Result<(), AreaFault> {
    areas::check(area)
}

/// Where everything in an extract is from.
fn real() -> Provenance {
    static SOURCE: std::sync::LazyLock<engine::provenance::SourceId> = std::sync::LazyLock::new(|| SOURCE_ID.into());
    Provenance { origin: Origin::Real, source: SOURCE.clone(), year: None, accuracy_m: None }
}

/// The key of an element's thing, for whoever looks one up.
///
/// # Panics
/// Where the path holds a space; paths are of the form `way/48984833#2+`.
#[must_use]
pub fn key(path: &str) -> Key {
    roads::osm_key(path)
}

#[cfg(test)]
mod tests;

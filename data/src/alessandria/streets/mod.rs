//! The streets of Alessandria, from lines, house numbers and a hand-made skeleton to junctions and links.
//!
//! The open lines are real but incomplete, so the network is made of three kinds of strand, in this order of trust:
//!
//! | step | file | what it gives |
//! | --- | --- | --- |
//! | 1 | `sources.rs` | OpenStreetMap's named lines, the comune's house numbers, in metres |
//! | 2 | `planar.rs` | strands cut into edges between junctions |
//! | 3 | `classes.rs` | class, lanes, speed, capacity from names, geometry and setting |
//!
//! Everything is computed in the order of ids and keys, so the same sources give the same rows.

mod classes;
mod names;
mod planar;
mod polyline;
mod sources;
mod strand;

use std::collections::BTreeMap;
use std::path::Path;

use engine::city::{Gate, Junction, Link, Railway, Record, RoadClass, Water};
use engine::key::Key;
use engine::provenance::{Origin, Provenance};
use geo::{Coord, LineString};
use rstar::RTree;

pub use sources::StreetsError;

use classes::{Classes, Setting};
use planar::{Edge, Plan};
use polyline::{length_m, stations};
use sources::{HouseNumber, Projector, Way};
use strand::{Layer, Meeting, Strand};

/// The streets as rows of the city, in metres of EPSG:32632.
#[derive(Clone, Debug, Default)]
pub struct Streets {
    /// Where links meet or end.
    pub junctions: Vec<Record<Junction>>,
    /// Every road, each direction on its own.
    pub links: Vec<Record<Link>>,
    /// Where outside traffic enters.
    pub gates: Vec<Record<Gate>>,
    /// Rivers.
    pub waters: Vec<Record<Water>>,
    /// Railway lines.
    pub railways: Vec<Record<Railway>>,
    /// What was made of what.
    pub report: StreetsReport,
}

/// What the recipe did, in kilometres of carriageway axis unless said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreetsReport {
    /// Axis length by origin, in kilometres.
    pub km_by_origin: BTreeMap<&'static str, f64>,
    /// Axis length by class, in kilometres.
    pub km_by_class: BTreeMap<&'static str, f64>,
    /// Axis length that each rule decided on, in kilometres.
    pub km_by_rule: BTreeMap<String, f64>,
    /// Pieces left out: what and why.
    pub left_out: Vec<String>,
}

/// Makes the streets from the folder `data/alessandria` of the open data.
///
/// # Errors
/// [`StreetsError`] where a file is missing or does not say what it must.
pub fn build(source: &Path) -> Result<Streets, StreetsError> {
    let projector = Projector::new()?;
    let ways = sources::ways(source, &projector)?;
    let numbers = sources::house_numbers(source)?;
    let mut report = StreetsReport::default();
    let strands = real_strands(&ways, &mut report);
    let plan = planar::planarise(&strands);
    rows(&strands, &plan, &numbers, report)
}

/// The lines that are roads, as strands.
fn real_strands(ways: &[Way], report: &mut StreetsReport) -> Vec<Strand> {
    let provenance = Provenance { origin: Origin::Real, source: "osm".into(), year: Some(2017), accuracy_m: Some(5.0) };
    let mut strands = Vec::with_capacity(ways.len());
    for way in ways {
        let stem = format!("osm:way/{}", way.id);
        if matches!(way.name.as_ref(), "Argine" | "RFI") {
            let km = length_m(&way.line) / 1000.0;
            report.left_out.push(format!("{stem} '{}', {km:.2} km: a levee or the railway, not a road", way.name));
            continue;
        }
        let mut strand = Strand::street(stem, Some(way.name.clone()), way.line.clone(), provenance.clone());
        if way.name.starts_with("Autostrada") {
            (strand.layer, strand.meeting) = (Layer::Motorway, Meeting::AtEnds);
            strand.direction = strand::Direction::Drawn;
        }
        strands.push(strand);
    }
    strands
}

/// Turns edges into the city's rows.
fn rows(
    strands: &[Strand],
    plan: &Plan,
    numbers: &[HouseNumber],
    mut report: StreetsReport,
) -> Result<Streets, StreetsError> {
    let classes = Classes::read()?;
    let houses = RTree::bulk_load(numbers.iter().map(|n| [n.position.x, n.position.y]).collect());
    let mut streets = Streets::default();
    let junction_keys = junction_rows(strands, plan, &mut streets)?;
    for edge in &plan.edges {
        let strand = &strands[edge.strand];
        let ruled = classes.of_name(strand.name.as_deref());
        let class = strand.given.class.unwrap_or(ruled.class);
        let standard = classes.standard(class, setting(edge, &houses))?;
        let lanes = strand.given.lanes.unwrap_or((ruled.lanes, ruled.lanes));
        let km = edge.length_m() / 1000.0;
        *report.km_by_origin.entry(strand.origin().name()).or_default() += km;
        *report.km_by_class.entry(class.name()).or_default() += km;
        *report.km_by_rule.entry(format!("class: {}", ruled.rule)).or_default() += km;
        for (arrow, allowed, lanes) in
            [('>', strand.direction.forward(), lanes.0), ('<', strand.direction.backward(), lanes.1)]
        {
            if allowed {
                let link = link(strand, edge, arrow == '<', (class, lanes.max(1)), &standard, &junction_keys);
                let key = own_key(format!("{}#{}{arrow}", strand.stem, edge.piece))?;
                streets.links.push(Record { key, provenance: strand.provenance.clone(), facts: link });
            }
        }
    }
    streets.report = report;
    Ok(streets)
}

fn own_key(text: String) -> Result<Key, StreetsError> {
    Key::new(text).map_err(|e| StreetsError::Network(e.to_string()))
}

/// A junction for every node that an edge touches, named for the first edge that touches it.
fn junction_rows(strands: &[Strand], plan: &Plan, streets: &mut Streets) -> Result<Vec<Option<Key>>, StreetsError> {
    let mut keys: Vec<Option<Key>> = vec![None; plan.nodes.len()];
    for edge in &plan.edges {
        let strand = &strands[edge.strand];
        for (node, end) in [(edge.from, "a"), (edge.to, "b")] {
            if keys[node].is_none() {
                let key = own_key(format!("{}#{}.{end}", strand.stem, edge.piece))?;
                keys[node] = Some(key.clone());
                let facts = Junction { position: plan.nodes[node].position };
                streets.junctions.push(Record { key, provenance: strand.provenance.clone(), facts });
            }
        }
    }
    Ok(keys)
}

fn link(
    strand: &Strand,
    edge: &Edge,
    reversed: bool,
    (class, lanes): (RoadClass, u8),
    standard: &classes::Standard,
    keys: &[Option<Key>],
) -> Link {
    let key = |node: usize| keys[node].clone().expect("every end of an edge has a key");
    let mut line = edge.line.clone();
    let (mut from, mut to) = (key(edge.from), key(edge.to));
    if reversed {
        line.reverse();
        std::mem::swap(&mut from, &mut to);
    }
    Link {
        from,
        to,
        name: strand.name.clone(),
        class,
        lanes,
        free_speed_mps: strand.given.speed_kmh.unwrap_or(standard.speed_kmh) / 3.6,
        capacity_pcuph: standard.capacity_pcuph_lane * f64::from(lanes),
        length_m: length_m(&line),
        toll_eur: 0.0,
        structure: strand.structure,
        access: classes::access(class),
        geometry: LineString::from(line),
    }
}

/// House numbers this close to a link stand on it.
const BESIDE_M: f64 = 40.0;
/// With a house number at this share of the stations along it (every 50 m), a link is urban.
const URBAN_SHARE: f64 = 0.6;

fn setting(edge: &Edge, houses: &RTree<[f64; 2]>) -> Setting {
    let stations = stations(&edge.line, 50.0);
    let beside = |place: Coord<f64>| houses.locate_within_distance([place.x, place.y], BESIDE_M * BESIDE_M).next();
    let built = stations.iter().filter(|&&(_, place)| beside(place).is_some()).count();
    if built as f64 >= URBAN_SHARE * stations.len() as f64 { Setting::Urban } else { Setting::Rural }
}

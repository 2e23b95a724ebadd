//! The streets of Alessandria, from lines, house numbers and a hand-made skeleton to junctions and links.
//!
//! The open lines are real but incomplete, so the network is made of three kinds of strand, in this order of trust: the
//! lines themselves; axes fitted through the house numbers of streets without a line; and a hand-made skeleton of
//! bridges, ramps, rivers and railways. The chain:
//!
//! | step | file | what it gives |
//! | --- | --- | --- |
//! | 1 | `sources.rs`, `skeleton.rs` | the named lines, the house numbers, the skeleton, in metres |
//! | 2 | `carriageways.rs`, `grids.rs` | one-way carriageways, roundabouts and streets of one-way grids |
//! | 3 | `axes.rs`, `derive.rs` | axes of streets without a line, stopped at `barriers.rs` (water, railways) |
//! | 4 | `joins.rs`, `derive.rs` | joins of what the sources left apart, drives to houses far from any road |
//! | 5 | `planar.rs`, `roundabouts.rs` | strands cut into edges between junctions, none of them across an island |
//! | 6 | `connectivity.rs` | the strongly connected heart; what lies outside is left out and told |
//! | 7 | `classes.rs`, `hierarchy.rs`, `names.rs`, `quarters.rs` | class, lanes, speed, capacity from names, geometry and setting |
//! | 8 | `rows.rs`, `gates.rs`, `turnarounds.rs` | the city's rows, the gates, and where nobody turns around |
//! | 9 | `sample.rs` | how often the rules err, by 50 links checked by hand |
//!
//! Everything is computed in the order of ids and keys, so the same sources give the same rows.

mod axes;
mod barriers;
mod carriageways;
mod classes;
mod connectivity;
mod derive;
mod gates;
mod grids;
mod hierarchy;
mod joins;
mod names;
mod planar;
mod polyline;
mod quarters;
mod roundabouts;
mod rows;
mod sample;
mod skeleton;
mod sources;
mod strand;
#[cfg(test)]
mod tests;
mod turnarounds;

use std::collections::BTreeMap;
use std::path::Path;

use engine::city::{Gate, Junction, Link, Railway, Record, RoadClass, Turn, Water};
use engine::provenance::{Origin, Provenance};

use serde::Deserialize;

pub use sample::SampleCheck;
pub use sources::StreetsError;

use barriers::{Barrier, Barriers};
use classes::Classes;
use joins::Join;
use polyline::length_m;
use skeleton::Skeleton;
use sources::{Projector, Way};
use strand::{Direction, Layer, Meeting, Strand};

/// The streets as rows of the city, in metres of EPSG:32632.
#[derive(Clone, Debug, Default)]
pub struct Streets {
    /// Where links meet or end.
    pub junctions: Vec<Record<Junction>>,
    /// Every road, each direction on its own.
    pub links: Vec<Record<Link>>,
    /// Where outside traffic enters.
    pub gates: Vec<Record<Gate>>,
    /// Turns that nobody makes.
    pub turns: Vec<Record<Turn>>,
    /// Rivers.
    pub waters: Vec<Record<Water>>,
    /// Railway lines.
    pub railways: Vec<Record<Railway>>,
    /// What was made of what.
    pub report: StreetsReport,
}

/// What the recipe did. Lengths are of axes, both directions together, in kilometres.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreetsReport {
    /// Axis length by origin.
    pub km_by_origin: BTreeMap<&'static str, f64>,
    /// Axis length by class.
    pub km_by_class: BTreeMap<&'static str, f64>,
    /// Axis length that each rule decided on.
    pub km_by_rule: BTreeMap<String, f64>,
    /// Joins made: how many, and their length.
    pub joins: (usize, f64),
    /// Length of drivable pieces outside the strongly connected heart, left out.
    pub dropped_km: f64,
    /// How often the rules err, by a sample checked by hand.
    pub sample: SampleCheck,
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
    let skeleton = skeleton::read(&projector)?;
    let classes = Classes::read(&numbers)?;
    let mut report = StreetsReport { left_out: skeleton.left_out.clone(), ..StreetsReport::default() };

    let mut strands = real_strands(&ways, &mut report)?;
    let barriers = barriers(&skeleton, &strands);
    let findings = carriageways::direct(&mut strands);
    for (strand, finding) in strands.iter().zip(findings) {
        *report.km_by_rule.entry(format!("direction: {finding:?}")).or_default() += length_m(&strand.line) / 1000.0;
    }
    let is_minor = |strand: &Strand| {
        let minor = classes.ruled(strand).class == RoadClass::Residential && strand.given.class.is_none();
        minor && strand.name.as_deref().is_some_and(|name| name.starts_with("Via "))
    };
    let one_way = grids::direct(&mut strands, classes.quarters(), is_minor);
    for (strand, _) in strands.iter().zip(one_way).filter(|(_, one_way)| *one_way) {
        *report.km_by_rule.entry("direction: one-way grid".into()).or_default() += length_m(&strand.line) / 1000.0;
    }
    strands.extend(skeleton.strands.iter().cloned());
    let derived = derive::axis_strands(&numbers, &strands, &barriers);
    strands.extend(derived);
    roundabouts::end_at_rings(&mut strands);

    let usable = |strand: &Strand| {
        let class = strand.given.class.unwrap_or_else(|| classes.ruled(strand).class);
        classes::is_drivable(class)
    };
    add_joins(&mut strands, joins::joins_of_broken_streets, &barriers, usable, &mut report);
    add_joins(&mut strands, joins::joins_between_parts, &barriers, usable, &mut report);
    add_joins(&mut strands, joins::joins_of_dead_ends, &barriers, usable, &mut report);
    let mut streets = rows::rows(strands, &numbers, &skeleton, &barriers, &classes, report)?;
    streets.report.sample = sample::check(&streets.links)?;
    Ok(streets)
}

/// The lines that are roads, as strands.
fn real_strands(ways: &[Way], report: &mut StreetsReport) -> Result<Vec<Strand>, StreetsError> {
    let facts: Vec<WayFact> = classes::own_table("way_facts.csv", include_str!("way_facts.csv"))?;
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
            (strand.direction, strand.given.class) = (Direction::Drawn, Some(RoadClass::Motorway));
        }
        if let Some(fact) = facts.iter().find(|fact| fact.way == way.id) {
            strand.given.lanes = Some((fact.lanes, fact.lanes));
            strand.given.no_heavy_vehicles = !fact.heavy_vehicles;
            strand.direction = match fact.driven {
                Driven::Drawn => Direction::Drawn,
                Driven::Reversed => Direction::Reversed,
            };
        }
        strands.push(strand);
    }
    Ok(strands)
}

/// What is published of single lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WayFact {
    way: u64,
    /// Which way traffic runs along it.
    driven: Driven,
    lanes: u8,
    /// Whether heavy vehicles may use it.
    heavy_vehicles: bool,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Driven {
    Drawn,
    Reversed,
}

/// Rivers, railways and motorways, which no derived street and no join may cross.
fn barriers(skeleton: &Skeleton, strands: &[Strand]) -> Barriers {
    let waters = skeleton.waters.iter().map(|water| (Barrier::Water, water.line.as_slice()));
    let railways = skeleton.railways.iter().map(|railway| (Barrier::Railway, railway.line.as_slice()));
    let motorways = strands.iter().filter(|strand| strand.layer == Layer::Motorway);
    Barriers::new(waters.chain(railways).chain(motorways.map(|m| (Barrier::Motorway, m.line.as_slice()))))
}

/// Adds the joins that one of the joining rules finds.
fn add_joins<'a, F: Fn(&Strand) -> bool + Copy + 'a>(
    strands: &mut Vec<Strand>,
    find: impl Fn(&[Strand], &Barriers, F) -> Vec<Join>,
    barriers: &Barriers,
    usable: F,
    report: &mut StreetsReport,
) {
    let provenance =
        Provenance { origin: Origin::Synthetic, source: "gemello".into(), year: Some(2026), accuracy_m: Some(50.0) };
    for join in find(strands, barriers, usable) {
        let (from, to) = (&strands[join.strands.0], &strands[join.strands.1]);
        let path = |strand: &Strand| strand.stem.replacen(':', "-", 1);
        let stem = format!("join:{}~{}@{}", path(from), path(to), report.joins.0);
        let mut strand = Strand::street(stem, from.name.clone(), vec![join.from, join.to], provenance.clone());
        strand.given.class = from.given.class.filter(|&class| class != RoadClass::MotorwayRamp);
        report.joins = (report.joins.0 + 1, report.joins.1 + join.length_m() / 1000.0);
        strands.push(strand);
    }
}

//! Turns strands into the city's rows: cut, kept where connected, classed.

use engine::city::{Junction, Link, Railway, Record, RoadClass, Structure, Water};
use engine::key::Key;
use geo::{Coord, Geometry, LineString};
use rstar::RTree;

use super::barriers::{Barrier, Barriers};
use super::classes::{self, Classes, Setting, Standard};
use super::planar::{Edge, Plan, planarise};
use super::polyline::{length_m, stations};
use super::skeleton::Skeleton;
use super::sources::{HouseNumber, StreetsError};
use super::strand::{Direction, Layer, Strand};
use super::{Streets, StreetsReport, connectivity, derive, gates, hierarchy, turnarounds};

/// So many house numbers within [`BUILT_UP_M`] make a place built-up. The road code (art. 3, 1, 8) asks for 25 buildings
/// grouped without a gap wider than streets, squares and gardens; the river between two banks is no wider here.
const BUILT_UP_HOUSES: usize = 25;
/// Radius around a place within which houses count.
const BUILT_UP_M: f64 = 250.0;
/// With this share of the stations along it (every 50 m) built-up, a link is urban.
const URBAN_SHARE: f64 = 0.6;

/// Makes the rows of all strands; drives to far houses are added here, where it is known which roads are connected.
pub(super) fn rows(
    mut strands: Vec<Strand>,
    numbers: &[HouseNumber],
    skeleton: &Skeleton,
    barriers: &Barriers,
    classes: &Classes,
    mut report: StreetsReport,
) -> Result<Streets, StreetsError> {
    let class_of = |strand: &Strand| strand.given.class.unwrap_or_else(|| classes.ruled(strand).class);
    let connected = |strands: &[Strand]| {
        let plan = planarise(strands);
        let usable: Vec<bool> =
            plan.edges.iter().map(|edge| classes::is_drivable(class_of(&strands[edge.strand]))).collect();
        let (directions, opened) = connectivity::opened(&plan, strands, &usable);
        let heart = connectivity::in_heart(&plan, &directions, &usable);
        (plan, usable, directions, opened, heart)
    };

    // Drives may tie parts into the heart that were apart before, from which more houses are in reach.
    let unreached = loop {
        let (plan, _, _, _, heart) = connected(&strands);
        let (drives, unreached) =
            derive::drives(numbers, &local_roads(&strands, &plan, &heart), barriers, strands.len());
        if drives.is_empty() {
            break unreached;
        }
        strands.extend(drives);
    };
    if unreached > 0 {
        report
            .left_out
            .push(format!("{unreached} house numbers stand more than {} m from every road", derive::DRIVE_MAX_M));
    }

    let houses = RTree::bulk_load(numbers.iter().map(|n| [n.position.x, n.position.y]).collect());
    let (plan, usable, directions, opened, heart) = connected(&strands);
    hierarchy::class_by_place(&mut strands, &plan, classes, |edge| setting(edge, &houses));
    for edge in opened {
        *report.km_by_rule.entry("direction: opened to both ways".into()).or_default() +=
            plan.edges[edge].length_m() / 1000.0;
    }
    let kept: Vec<bool> = (0..plan.edges.len()).map(|edge| heart[edge] || !usable[edge]).collect();
    tell_dropped(&strands, &plan, &kept, &mut report);
    let mut streets = Streets { report, ..Streets::default() };
    link_rows(&strands, &plan, &directions, &kept, (&houses, barriers, classes), &mut streets)?;
    course_rows(skeleton, &mut streets)?;
    gate_rows(&mut streets)?;
    Ok(streets)
}

/// The strands on the ground, ramps aside, that have an edge in the heart.
fn local_roads(strands: &[Strand], plan: &Plan, heart: &[bool]) -> Vec<Strand> {
    let mut in_heart = vec![false; strands.len()];
    for (edge, &inside) in plan.edges.iter().zip(heart) {
        in_heart[edge.strand] |= inside;
    }
    let local = |strand: &Strand| strand.layer == Layer::Ground && !strand.is_ramp();
    strands.iter().zip(in_heart).filter(|(strand, inside)| *inside && local(strand)).map(|(s, _)| s.clone()).collect()
}

/// A link over water is a bridge, one across a railway an underpass: no street crosses either at grade.
fn structure(strand: &Strand, edge: &Edge, barriers: &Barriers) -> Structure {
    if strand.structure != Structure::Ground {
        return strand.structure;
    }
    let crossed = barriers.crossed(&edge.line);
    let crosses = |barrier| crossed.iter().any(|&(_, what)| what == barrier);
    match (crosses(Barrier::Water), crosses(Barrier::Railway)) {
        (true, _) => Structure::Bridge,
        (false, true) => Structure::Tunnel,
        (false, false) => Structure::Ground,
    }
}

fn tell_dropped(strands: &[Strand], plan: &Plan, kept: &[bool], report: &mut StreetsReport) {
    let mut dropped_m = vec![0.0; strands.len()];
    for (edge, _) in plan.edges.iter().zip(kept).filter(|(_, kept)| !**kept) {
        dropped_m[edge.strand] += edge.length_m();
    }
    for (strand, metres) in strands.iter().zip(dropped_m).filter(|(_, metres)| *metres > 0.0) {
        report.dropped_km += metres / 1000.0;
        let name = strand.name.as_deref().unwrap_or_default();
        report.left_out.push(format!(
            "{} '{name}', {:.2} km: not connected to the rest in both directions",
            strand.stem,
            metres / 1000.0
        ));
    }
}

fn link_rows(
    strands: &[Strand],
    plan: &Plan,
    directions: &[Direction],
    kept: &[bool],
    (houses, barriers, classes): (&RTree<[f64; 2]>, &Barriers, &Classes),
    streets: &mut Streets,
) -> Result<(), StreetsError> {
    let junction_keys = junction_rows(strands, plan, kept, streets)?;
    for (number, edge) in plan.edges.iter().enumerate().filter(|&(number, _)| kept[number]) {
        let strand = &strands[edge.strand];
        let ruled = classes.ruled(strand);
        let class = strand.given.class.unwrap_or(ruled.class);
        let rule = if strand.given.class.is_some() { "given" } else { &ruled.rule };
        let setting = setting(edge, houses);
        let standard = classes.standard(class, setting)?;
        let lanes = strand.given.lanes.unwrap_or((ruled.lanes, ruled.lanes));
        let (km, report) = (edge.length_m() / 1000.0, &mut streets.report);
        *report.km_by_origin.entry(strand.origin().name()).or_default() += km;
        *report.km_by_class.entry(class.name()).or_default() += km;
        *report.km_by_rule.entry(format!("class: {rule}")).or_default() += km;
        *report.km_by_rule.entry(format!("setting: {setting:?}")).or_default() += km;
        let direction = directions[number];
        let structure = structure(strand, edge, barriers);
        for (arrow, allowed, lanes) in [('>', direction.forward(), lanes.0), ('<', direction.backward(), lanes.1)] {
            if allowed {
                let link =
                    link(strand, edge, arrow == '<', (class, lanes.max(1), structure), &standard, &junction_keys);
                let key = own_key(format!("{}#{}{arrow}", strand.stem, edge.piece))?;
                streets.links.push(Record { key, provenance: strand.provenance.clone(), facts: link });
            }
        }
    }
    Ok(())
}

pub(super) fn own_key(text: String) -> Result<Key, StreetsError> {
    Key::new(text).map_err(|e| StreetsError::Network(e.to_string()))
}

/// A junction for every node that a kept edge touches, named for the first such edge.
fn junction_rows(
    strands: &[Strand],
    plan: &Plan,
    kept: &[bool],
    streets: &mut Streets,
) -> Result<Vec<Option<Key>>, StreetsError> {
    let mut keys: Vec<Option<Key>> = vec![None; plan.nodes.len()];
    for (edge, _) in plan.edges.iter().zip(kept).filter(|(_, kept)| **kept) {
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
    (class, lanes, structure): (RoadClass, u8, Structure),
    standard: &Standard,
    keys: &[Option<Key>],
) -> Link {
    let key = |node: usize| keys[node].clone().expect("every end of a kept edge has a key");
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
        structure,
        access: classes::access(class, strand.given.no_heavy_vehicles),
        geometry: LineString::from(line),
    }
}

fn setting(edge: &Edge, houses: &RTree<[f64; 2]>) -> Setting {
    let stations = stations(&edge.line, 50.0);
    let built_up = |place: Coord<f64>| {
        let around = houses.locate_within_distance([place.x, place.y], BUILT_UP_M * BUILT_UP_M);
        around.take(BUILT_UP_HOUSES).count() == BUILT_UP_HOUSES
    };
    let built = stations.iter().filter(|&&(_, place)| built_up(place)).count();
    if built as f64 >= URBAN_SHARE * stations.len() as f64 { Setting::Urban } else { Setting::Rural }
}

fn course_rows(skeleton: &Skeleton, streets: &mut Streets) -> Result<(), StreetsError> {
    for water in &skeleton.waters {
        let geometry = Geometry::LineString(LineString::from(water.line.clone()));
        streets.waters.push(Record {
            key: own_key(water.stem.clone())?,
            provenance: water.provenance.clone(),
            facts: Water { name: Some(water.name.clone()), geometry },
        });
    }
    for railway in &skeleton.railways {
        streets.railways.push(Record {
            key: own_key(railway.stem.clone())?,
            provenance: railway.provenance.clone(),
            facts: Railway { name: Some(railway.name.clone()), geometry: LineString::from(railway.line.clone()) },
        });
    }
    Ok(())
}

fn gate_rows(streets: &mut Streets) -> Result<(), StreetsError> {
    let mut left: Vec<&Key> = Vec::new();
    for link in streets.links.iter().filter(|link| classes::is_drivable(link.facts.class)) {
        left.push(&link.facts.from);
    }
    left.sort_unstable();
    left.dedup();
    let usable: Vec<&Record<Junction>> =
        streets.junctions.iter().filter(|junction| left.binary_search(&&junction.key).is_ok()).collect();
    streets.gates = gates::place(&usable)?;
    streets.turns = turnarounds::turnarounds(&streets.gates, &streets.links)?;
    Ok(())
}

//! Where the trips of each zone enter the streets.
//!
//! A zone gets two to six junctions, chosen so that the ways from its house numbers to the nearest of them are short
//! altogether (the greedy solution of the p-median problem). Only junctions from which cars reach everything else and
//! that lie on streets, not on motorways, ramps or bridges, are chosen; zones within the ring connect within it, others
//! beyond it, so that closing the centre closes it.

use std::collections::{BTreeMap, BTreeSet};

use engine::city::{Connector, Junction, Link, Record, RoadClass, Structure};
use engine::key::Key;
use engine::vehicles::ClassSet;
use geo::{Contains, Coord, MultiPolygon, Point};
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::RecipeError;
use super::open_data::HouseNumber;
use super::parameters::ConnectorFigures;
use super::zoning::ZoneDraft;

/// Fewest and most connectors of a zone.
const COUNT: (usize, usize) = (2, 6);

/// A connector after the second must shorten the ways by this share.
const WORTHWHILE: f64 = 0.03;

/// A connector of a zone.
#[derive(Debug)]
pub(super) struct ConnectorDraft {
    pub(super) key: Key,
    pub(super) facts: Connector,
}

/// The streets that zones connect to.
pub(super) struct Streets<'a> {
    pub(super) junctions: &'a [Record<Junction>],
    pub(super) links: &'a [Record<Link>],
    /// The ground that may be closed to traffic as one.
    pub(super) centre: &'a MultiPolygon<f64>,
}

struct Candidate<'a> {
    key: &'a Key,
    position: Coord<f64>,
    in_centre: bool,
}

/// The connectors of all zones. `inside` tells which zones lie within the ring.
pub(super) fn connectors(
    zones: &[ZoneDraft],
    inside: &[bool],
    houses: &[HouseNumber],
    streets: &Streets<'_>,
    figures: &ConnectorFigures,
) -> Result<Vec<ConnectorDraft>, RecipeError> {
    let candidates = candidates(streets);
    let mut drafts = Vec::new();
    for (zone, &inside) in zones.iter().zip(inside) {
        let doors: Vec<Coord<f64>> = zone.houses.iter().map(|&house| houses[house].position).collect();
        let allowed: Vec<&Candidate<'_>> =
            candidates.iter().filter(|candidate| candidate.in_centre == inside).collect();
        let near = near(&doors, &allowed, figures.search_m.value);
        if near.len() < COUNT.0 {
            return Err(RecipeError::Geometry(format!("zone '{}' has no streets around it to connect to", zone.key)));
        }
        for (candidate, distance_m) in chosen(&doors, &near, figures) {
            let key =
                Key::new(format!("connector:{}@{}", zone.key.as_str().trim_start_matches("zone:"), candidate.key))?;
            let time_s = distance_m * figures.detour.value / figures.speed_mps.value;
            let facts = Connector { zone: zone.key.clone(), junction: candidate.key.clone(), time_s };
            drafts.push(ConnectorDraft { key, facts });
        }
    }
    Ok(drafts)
}

/// Junctions on streets that cars reach and leave, in the order of their keys.
fn candidates<'a>(streets: &Streets<'a>) -> Vec<Candidate<'a>> {
    let mut junctions: Vec<&Record<Junction>> = streets.junctions.iter().collect();
    junctions.sort_by(|a, b| a.key.cmp(&b.key));
    let index: BTreeMap<&Key, usize> = junctions.iter().enumerate().map(|(i, row)| (&row.key, i)).collect();
    let mut graph = DiGraph::<(), ()>::new();
    let nodes: Vec<NodeIndex> = junctions.iter().map(|_| graph.add_node(())).collect();
    let mut on_street: BTreeSet<usize> = BTreeSet::new();
    let mut barred: BTreeSet<usize> = BTreeSet::new();
    for row in streets.links {
        let link = &row.facts;
        if link.access.classes.and(ClassSet::CARS).is_empty() {
            continue;
        }
        let (Some(&from), Some(&to)) = (index.get(&link.from), index.get(&link.to)) else { continue };
        graph.add_edge(nodes[from], nodes[to], ());
        let motorway = matches!(link.class, RoadClass::Motorway | RoadClass::MotorwayRamp | RoadClass::Trunk);
        let ends = if motorway || link.structure != Structure::Ground { &mut barred } else { &mut on_street };
        ends.extend([from, to]);
    }
    let main = tarjan_scc(&graph).into_iter().max_by_key(Vec::len).unwrap_or_default();
    let main: BTreeSet<usize> = main.into_iter().map(NodeIndex::index).collect();
    let usable = |&index: &usize| main.contains(&index) && on_street.contains(&index) && !barred.contains(&index);
    (0..junctions.len())
        .filter(usable)
        .map(|index| {
            let position = junctions[index].facts.position;
            Candidate { key: &junctions[index].key, position, in_centre: streets.centre.contains(&Point(position)) }
        })
        .collect()
}

/// The candidates within the search distance of any door, or else the nearest few to the zone's middle.
fn near<'a>(doors: &[Coord<f64>], candidates: &[&'a Candidate<'a>], search_m: f64) -> Vec<&'a Candidate<'a>> {
    let middle = super::zoning::median(doors.iter().copied());
    let mut by_distance: Vec<(f64, &Candidate<'_>)> =
        candidates.iter().map(|&candidate| (distance(candidate.position, middle), candidate)).collect();
    by_distance.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.key.cmp(b.1.key)));
    let reach = |candidate: &Candidate<'_>| doors.iter().any(|&door| distance(candidate.position, door) <= search_m);
    let close: Vec<&Candidate<'_>> = by_distance.iter().map(|&(_, candidate)| candidate).filter(|c| reach(c)).collect();
    if close.len() >= COUNT.0 { close } else { by_distance.into_iter().take(COUNT.1).map(|(_, c)| c).collect() }
}

/// The chosen candidates, with the mean distance of the doors that are nearest to them.
fn chosen<'a>(
    doors: &[Coord<f64>],
    near: &[&'a Candidate<'a>],
    figures: &ConnectorFigures,
) -> Vec<(&'a Candidate<'a>, f64)> {
    #[expect(clippy::cast_precision_loss, reason = "a count of addresses")]
    let addresses = doors.len() as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive count")]
    let wanted = (addresses / figures.addresses_per_connector.value).round() as usize;
    let wanted = wanted.clamp(COUNT.0, COUNT.1).min(near.len());
    let mut picked: Vec<usize> = Vec::new();
    let mut ways = vec![f64::INFINITY; doors.len()];
    while picked.len() < wanted {
        let total = |candidate: usize| -> f64 {
            doors.iter().zip(&ways).map(|(&door, &way)| way.min(distance(door, near[candidate].position))).sum()
        };
        let free = (0..near.len()).filter(|candidate| !picked.contains(candidate));
        let Some(best) = free.map(|candidate| (total(candidate), candidate)).min_by(|a, b| a.0.total_cmp(&b.0)) else {
            break;
        };
        let before: f64 = ways.iter().sum();
        if picked.len() >= COUNT.0 && best.0 > before * (1.0 - WORTHWHILE) {
            break;
        }
        picked.push(best.1);
        for (way, &door) in ways.iter_mut().zip(doors) {
            *way = way.min(distance(door, near[best.1].position));
        }
    }
    let mean_way = ways.iter().sum::<f64>() / addresses;
    picked
        .iter()
        .map(|&pick| {
            let mut sum = (0.0, 0.0);
            for (&door, &way) in doors.iter().zip(&ways) {
                if distance(door, near[pick].position) <= way {
                    sum = (sum.0 + way, sum.1 + 1.0);
                }
            }
            (near[pick], if sum.1 > 0.0 { sum.0 / sum.1 } else { mean_way })
        })
        .collect()
}

fn distance(a: Coord<f64>, b: Coord<f64>) -> f64 {
    libm::hypot(a.x - b.x, a.y - b.y)
}

//! Ways become junctions and links.
//!
//! A junction stands where roads share a node, where a road ends, and in the middle of a loop that would else begin and end in
//! one junction. The pieces of a way between its junctions are numbered from 0 in the order of its nodes: the key of a link is
//! `osm:way/ID#PIECE+` along the nodes and `osm:way/ID#PIECE-` against them; that of a junction is `osm:node/ID`. Lines that
//! cross without a common node (bridges, tunnels, layers) do not meet. Barriers on nodes are left out.

use std::collections::HashMap;

use engine::city::{Access, Junction, Link, Record};
use engine::key::Key;
use geo::{Coord, LineString};

use super::elements::{Extract, Way};
use super::places::Places;
use super::tags::{Direction, Road};
use super::{Problem, real};

/// The network, and where the links of each way are.
#[derive(Default)]
pub(super) struct Roads {
    pub(super) junctions: Vec<Record<Junction>>,
    pub(super) links: Vec<Record<Link>>,
    /// For each link: its way and the nodes at its ends.
    pub(super) ends: Vec<LinkEnds>,
    pub(super) problems: Vec<Problem>,
}

/// Which way a link is of, and between which nodes.
pub(super) struct LinkEnds {
    pub(super) way: i64,
    pub(super) from: i64,
    pub(super) to: i64,
}

/// A way that is a road, with the stretches of its nodes that the extract has.
struct RoadWay<'a> {
    way: &'a Way,
    road: Road,
    stretches: Vec<Vec<(i64, Coord<f64>)>>,
}

/// The network of the extract.
pub(super) fn build(extract: &Extract, places: &Places<'_>) -> Roads {
    let mut roads = Roads::default();
    let ways: Vec<RoadWay<'_>> = extract
        .ways
        .iter()
        .filter_map(|way| {
            let road = Road::of(&way.tags)?;
            Some(RoadWay { way, road, stretches: stretches(way, places) })
        })
        .collect();
    let uses = uses(&ways);
    let mut junctions: HashMap<i64, Coord<f64>> = HashMap::new();
    for RoadWay { way, road, stretches } in &ways {
        let key = format!("osm:way/{}", way.id);
        roads.problems.extend(road.doubts.iter().map(|what| Problem::new(&key, what.clone())));
        if stretches.is_empty() {
            roads.problems.push(Problem::new(&key, "the extract lacks its nodes; the road is left out".to_owned()));
        }
        let name = way.tags.get("name").or_else(|| way.tags.get("ref"));
        let mut piece = 0;
        for stretch in stretches {
            for nodes in pieces(stretch, &uses) {
                let line: Vec<Coord<f64>> = nodes.iter().map(|(_, place)| *place).collect();
                let length_m = length_m(&line);
                if length_m <= 0.0 {
                    continue;
                }
                let ends = [nodes[0], nodes[nodes.len() - 1]];
                junctions.extend(ends);
                for (direction, sign) in [(road.forward, '+'), (road.backward, '-')] {
                    let Some(direction) = direction else { continue };
                    let mut line = line.clone();
                    let mut ends = ends.map(|(id, _)| id);
                    if sign == '-' {
                        line.reverse();
                        ends.reverse();
                    }
                    let key = osm_key(&format!("way/{}#{piece}{sign}", way.id));
                    let link = link(road, direction, name, ends, length_m, line);
                    roads.links.push(Record { key, provenance: real(), facts: link });
                    roads.ends.push(LinkEnds { way: way.id, from: ends[0], to: ends[1] });
                }
                piece += 1;
            }
        }
    }
    let mut junctions: Vec<(i64, Coord<f64>)> = junctions.into_iter().collect();
    junctions.sort_by_key(|(id, _)| *id);
    roads.junctions = junctions
        .into_iter()
        .map(|(id, position)| Record { key: node_key(id), provenance: real(), facts: Junction { position } })
        .collect();
    roads
}

fn link(
    road: &Road,
    direction: Direction,
    name: Option<&str>,
    [from, to]: [i64; 2],
    length_m: f64,
    line: Vec<Coord<f64>>,
) -> Link {
    Link {
        from: node_key(from),
        to: node_key(to),
        name: name.map(Into::into),
        class: road.class,
        lanes: direction.lanes,
        free_speed_mps: direction.free_speed_mps,
        capacity_pcuph: f64::from(direction.lanes) * road.lane_capacity_pcuph,
        length_m,
        toll_eur: 0.0,
        structure: road.structure,
        access: Access::always(direction.classes),
        geometry: LineString(line),
    }
}

/// A key of an element: of letters, digits and a few signs, and never long.
pub(super) fn osm_key(path: &str) -> Key {
    Key::new(format!("osm:{path}")).expect("an id and a number are a key")
}

fn node_key(id: i64) -> Key {
    osm_key(&format!("node/{id}"))
}

/// The runs of a way's nodes that the extract has, each of two nodes or more, none twice in a row.
fn stretches(way: &Way, places: &Places<'_>) -> Vec<Vec<(i64, Coord<f64>)>> {
    let mut stretches = vec![Vec::new()];
    for &id in &way.nodes {
        let current = stretches.last_mut().expect("never empty");
        match places.node(id) {
            Some(place) if current.last().is_none_or(|(last, _)| *last != id) => current.push((id, place)),
            Some(_) => {}
            None => stretches.push(Vec::new()),
        }
    }
    stretches.retain(|stretch| stretch.len() >= 2);
    stretches
}

/// How often roads use each node; ends count twice, so that whatever counts more than once is a junction.
fn uses(ways: &[RoadWay<'_>]) -> HashMap<i64, u32> {
    let mut uses = HashMap::new();
    for stretch in ways.iter().flat_map(|way| &way.stretches) {
        for (index, (id, _)) in stretch.iter().enumerate() {
            let is_end = index == 0 || index + 1 == stretch.len();
            *uses.entry(*id).or_insert(0) += if is_end { 2 } else { 1 };
        }
    }
    uses
}

/// The pieces of a stretch between its junctions, ends included in both; a loop is cut in its middle.
fn pieces<'a>(stretch: &'a [(i64, Coord<f64>)], uses: &HashMap<i64, u32>) -> Vec<&'a [(i64, Coord<f64>)]> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for end in 1..stretch.len() {
        if uses[&stretch[end].0] < 2 {
            continue;
        }
        if stretch[start].0 == stretch[end].0 && end - start >= 2 {
            let middle = start + (end - start) / 2;
            pieces.push(&stretch[start..=middle]);
            pieces.push(&stretch[middle..=end]);
        } else {
            pieces.push(&stretch[start..=end]);
        }
        start = end;
    }
    pieces
}

fn length_m(line: &[Coord<f64>]) -> f64 {
    line.windows(2).map(|pair| libm::hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y)).sum()
}

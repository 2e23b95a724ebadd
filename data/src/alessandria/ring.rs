//! The ring of the spalti around the centre, as a closed line along the streets.
//!
//! The centre of Alessandria ends where its walls stood: the spalti, and the bank of the Tanaro between them. The line is
//! the cheapest way along drivable streets through a few points of `ring.toml`; streets named there cost less than others. Where
//! streets make no way without a long detour, the line is straight.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use engine::city::{Junction, Link, Record, RoadClass};
use engine::key::Key;
use engine::vehicles::ClassSet;
use geo::{BooleanOps, Buffer, Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use serde::Deserialize;

use super::RecipeError;
use super::open_data::Ground;

const FILE: &str = "ring.toml";
/// A way that costs more than this many times the straight line is no part of the ring.
const DETOUR_MAX: f64 = 3.5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RingFile {
    /// Streets that the ring runs along.
    streets: Vec<String>,
    /// How much dearer other streets are.
    other_streets_cost: f64,
    /// Points that the ring passes, in order, in degrees.
    through: Vec<[f64; 2]>,
}

/// The ring.
pub(super) struct Ring {
    /// The ground within its axis.
    pub(super) within: Polygon<f64>,
    /// Axes of all carriageways of the ring's streets.
    axes: MultiLineString<f64>,
}

impl Ring {
    /// The ground within, a setback away from the ring's carriageways: these are not part of it.
    pub(super) fn centre(&self, setback_m: f64) -> MultiPolygon<f64> {
        let centre = self.within.difference(&self.axes.buffer(setback_m));
        let largest = centre.0.into_iter().max_by(|a, b| area(a).total_cmp(&area(b)));
        MultiPolygon(largest.into_iter().collect())
    }
}

fn area(polygon: &Polygon<f64>) -> f64 {
    use geo::Area;
    polygon.unsigned_area()
}

/// Finds the ring among the links.
pub(super) fn ring(junctions: &[Record<Junction>], links: &[Record<Link>]) -> Result<Ring, RecipeError> {
    let file: RingFile = toml::from_str(include_str!("ring.toml"))
        .map_err(|cause| RecipeError::Recipe { file: FILE, wrong: cause.to_string() })?;
    let streets = Streets::new(junctions, links, &file);
    let ground = Ground::new()?;
    let mut stops = Vec::new();
    for &[lon, lat] in &file.through {
        stops.push(streets.nearest(ground.project(lon, lat)?)?);
    }
    let mut line: Vec<Coord<f64>> = Vec::new();
    let mut axes = Vec::new();
    for (index, &from) in stops.iter().enumerate() {
        let to = stops[(index + 1) % stops.len()];
        for piece in streets.way(from, to).unwrap_or_else(|| streets.straight(from, to)) {
            line.extend_from_slice(&piece.0);
            axes.push(piece);
        }
    }
    // Where the way runs to a point and back, the line has no area there: the union drops it.
    let outline = Polygon::new(LineString(line), Vec::new());
    let parts = geo::unary_union([&outline]);
    let within = parts
        .0
        .into_iter()
        .max_by(|a, b| area(a).total_cmp(&area(b)))
        .ok_or_else(|| RecipeError::Recipe { file: FILE, wrong: "the ring encloses nothing".to_owned() })?;
    let within = Polygon::new(within.exterior().clone(), Vec::new());
    axes.extend(links.iter().filter(|link| is_named(&link.facts, &file)).map(|link| link.facts.geometry.clone()));
    Ok(Ring { within, axes: MultiLineString(axes) })
}

fn is_named(link: &Link, file: &RingFile) -> bool {
    link.name.as_ref().is_some_and(|name| file.streets.iter().any(|street| street == name.as_ref()))
}

/// The streets as an undirected graph.
struct Streets {
    nodes: Vec<(Key, Coord<f64>)>,
    edges: Vec<Vec<(usize, f64, LineString<f64>)>>,
}

#[derive(PartialEq)]
struct Visit {
    cost: f64,
    node: usize,
}

impl Eq for Visit {}
impl Ord for Visit {
    fn cmp(&self, other: &Self) -> Ordering {
        other.cost.total_cmp(&self.cost).then(other.node.cmp(&self.node))
    }
}
impl PartialOrd for Visit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Streets {
    fn new(junctions: &[Record<Junction>], links: &[Record<Link>], file: &RingFile) -> Self {
        let mut nodes: Vec<(Key, Coord<f64>)> =
            junctions.iter().map(|row| (row.key.clone(), row.facts.position)).collect();
        nodes.sort_by(|a, b| a.0.cmp(&b.0));
        let index: HashMap<Key, usize> = nodes.iter().enumerate().map(|(i, (key, _))| (key.clone(), i)).collect();
        let mut edges = vec![Vec::new(); nodes.len()];
        let mut sorted: BTreeMap<&Key, &Link> = BTreeMap::new();
        for row in links {
            sorted.insert(&row.key, &row.facts);
        }
        for link in sorted.into_values() {
            let motorway = matches!(link.class, RoadClass::Motorway | RoadClass::MotorwayRamp);
            if motorway || link.access.classes.and(ClassSet::CARS).is_empty() {
                continue;
            }
            let (Some(&from), Some(&to)) = (index.get(&link.from), index.get(&link.to)) else { continue };
            let cost = link.length_m * if is_named(link, file) { 1.0 } else { file.other_streets_cost };
            let mut back = link.geometry.clone();
            back.0.reverse();
            edges[from].push((to, cost, link.geometry.clone()));
            edges[to].push((from, cost, back));
        }
        Self { nodes, edges }
    }

    fn nearest(&self, point: Coord<f64>) -> Result<usize, RecipeError> {
        let distance = |node: &usize| {
            let (_, position) = &self.nodes[*node];
            libm::hypot(position.x - point.x, position.y - point.y)
        };
        (0..self.nodes.len())
            .filter(|&node| !self.edges[node].is_empty())
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
            .ok_or_else(|| RecipeError::Recipe { file: FILE, wrong: "there are no streets".to_owned() })
    }

    fn straight(&self, from: usize, to: usize) -> Vec<LineString<f64>> {
        vec![LineString(vec![self.nodes[from].1, self.nodes[to].1])]
    }

    /// The cheapest way between two nodes, as the lines of its links; none where there is none without a long detour.
    fn way(&self, from: usize, to: usize) -> Option<Vec<LineString<f64>>> {
        let direct = libm::hypot(self.nodes[to].1.x - self.nodes[from].1.x, self.nodes[to].1.y - self.nodes[from].1.y);
        let mut best = vec![f64::INFINITY; self.nodes.len()];
        let mut came: Vec<Option<(usize, usize)>> = vec![None; self.nodes.len()];
        let mut queue = BinaryHeap::from([Visit { cost: 0.0, node: from }]);
        best[from] = 0.0;
        while let Some(Visit { cost, node }) = queue.pop() {
            if node == to {
                break;
            }
            if cost > DETOUR_MAX * direct {
                return None;
            }
            if cost > best[node] {
                continue;
            }
            for (edge, (next, length, _)) in self.edges[node].iter().enumerate() {
                if cost + length < best[*next] {
                    best[*next] = cost + length;
                    came[*next] = Some((node, edge));
                    queue.push(Visit { cost: cost + length, node: *next });
                }
            }
        }
        let mut way = Vec::new();
        let mut node = to;
        while node != from {
            let (before, edge) = came[node]?;
            way.push(self.edges[before][edge].2.clone());
            node = before;
        }
        way.reverse();
        Some(way)
    }
}

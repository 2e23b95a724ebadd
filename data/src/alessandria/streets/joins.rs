//! Joins streets that the sources left apart.
//!
//! Unnamed roundabouts, squares and short pieces are missing from the named lines, and an axis through house numbers
//! ends at its last house. First a street that breaks off and goes on under the same name is made whole, and its two
//! carriageways come together where both end. Then parts of the network that do not touch are joined by the shortest straight way between them,
//! shortest first (Kruskal), then dead ends are joined to the street ahead of them where the way round is long. A join
//! is never longer than [`JOIN_MAX_M`], never crosses water, a railway or a motorway, and never another street.

use geo::Coord;
use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, RTree};

use super::barriers::Barriers;
use super::planar::{Plan, planarise};
use super::polyline::{blend, crossing, distance_m, dot, foot, fraction_nearest, heading};
use super::strand::{Direction, Layer, Strand};

/// The longest join.
pub(super) const JOIN_MAX_M: f64 = 200.0;
/// The longest join of a dead end to a street of its own part.
const DEAD_END_JOIN_MAX_M: f64 = 90.0;
/// Ends of the two carriageways of one street this close to each other come together there.
const CARRIAGEWAYS_END_M: f64 = 45.0;
/// Cosine of the angle up to which a street goes on straight where its line is broken.
const STRAIGHT_ON_COSINE: f64 = 0.7;
/// Joining a dead end is worth it where the way round is this many times longer.
const DETOUR_MIN: f64 = 8.0;
/// A join that begins in the middle of a street must be this much shorter than one that continues its end.
const MIDDLE_COST: f64 = 1.6;
/// How close to the edges that it joins a join may touch others.
const TOUCH_M: f64 = 10.0;

/// One join.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Join {
    pub(super) from: Coord<f64>,
    pub(super) to: Coord<f64>,
    /// The strands that it leads from and to.
    pub(super) strands: (usize, usize),
}

impl Join {
    pub(super) fn length_m(&self) -> f64 {
        distance_m(self.from, self.to)
    }
}

/// The edges on the ground, found by place.
struct Ground<'a> {
    plan: &'a Plan,
    tree: RTree<GeomWithData<Line<[f64; 2]>, usize>>,
    part: Vec<usize>,
}

impl<'a> Ground<'a> {
    fn new(strands: &[Strand], plan: &'a Plan, usable: impl Fn(&Strand) -> bool) -> Self {
        let mut part: Vec<usize> = (0..plan.nodes.len()).collect();
        let mut segments = Vec::new();
        for (number, edge) in plan.edges.iter().enumerate() {
            if strands[edge.strand].layer == Layer::Motorway || !usable(&strands[edge.strand]) {
                continue;
            }
            unite(&mut part, edge.from, edge.to);
            for ends in edge.line.windows(2) {
                segments.push(GeomWithData::new(Line::new([ends[0].x, ends[0].y], [ends[1].x, ends[1].y]), number));
            }
        }
        Self { plan, tree: RTree::bulk_load(segments), part }
    }

    fn part(&self, node: usize) -> usize {
        root(&self.part, node)
    }

    /// Edges near the straight way between two points, ascending.
    fn near(&self, a: Coord<f64>, b: Coord<f64>, radius_m: f64) -> Vec<usize> {
        let low = [a.x.min(b.x) - radius_m, a.y.min(b.y) - radius_m];
        let high = [a.x.max(b.x) + radius_m, a.y.max(b.y) + radius_m];
        let mut found: Vec<usize> =
            self.tree.locate_in_envelope_intersecting(&AABB::from_corners(low, high)).map(|s| s.data).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether the straight way meets no street but where it begins and ends.
    fn clear(&self, a: Coord<f64>, b: Coord<f64>) -> bool {
        self.near(a, b, 0.0).into_iter().all(|edge| {
            self.plan.edges[edge].line.windows(2).all(|ends| match crossing(a, b, ends[0], ends[1]) {
                Some((t, _)) => {
                    let place = blend(a, b, t);
                    distance_m(place, a).min(distance_m(place, b)) <= TOUCH_M
                }
                None => true,
            })
        })
    }
}

fn root(part: &[usize], mut node: usize) -> usize {
    while part[node] != node {
        node = part[node];
    }
    node
}

fn unite(part: &mut [usize], a: usize, b: usize) -> bool {
    let (a, b) = (root(part, a), root(part, b));
    part[a.max(b)] = a.min(b);
    a != b
}

/// The joins that make broken streets whole: of dead ends of one name that face each other, and of the ends of two
/// carriageways. Each end is joined once, the nearest pairs first.
pub(super) fn joins_of_broken_streets(
    strands: &[Strand],
    barriers: &Barriers,
    usable: impl Fn(&Strand) -> bool + Copy,
) -> Vec<Join> {
    let plan = planarise(strands);
    let ground = Ground::new(strands, &plan, usable);
    let dead_end = dead_ends(&plan, strands, usable);
    // Dead ends of named streets: where, heading outwards, whose.
    let mut ends: Vec<(usize, Coord<f64>, usize)> = Vec::new();
    for edge in plan.edges.iter().filter(|edge| strands[edge.strand].layer == Layer::Ground) {
        let strand = &strands[edge.strand];
        for node in [edge.from, edge.to] {
            if let Some(outwards) = dead_end[node].filter(|_| strand.name.is_some() && usable(strand)) {
                ends.push((node, outwards, edge.strand));
            }
        }
    }
    let mut pairs = Vec::new();
    for (i, &(node, outwards, strand)) in ends.iter().enumerate() {
        for &(other_node, other_outwards, other) in &ends[i + 1..] {
            let (from, to) = (plan.nodes[node].position, plan.nodes[other_node].position);
            let length_m = distance_m(from, to);
            if strands[strand].name != strands[other].name || node == other_node || length_m > JOIN_MAX_M {
                continue;
            }
            let onwards = heading(from, to);
            let straight_on = dot(outwards, onwards) > STRAIGHT_ON_COSINE
                && dot(other_outwards, onwards) < -STRAIGHT_ON_COSINE
                && strand != other;
            let one_way = |strand: usize| strands[strand].direction != Direction::Both;
            let carriageways = length_m <= CARRIAGEWAYS_END_M
                && one_way(strand)
                && one_way(other)
                && dot(outwards, other_outwards) > STRAIGHT_ON_COSINE;
            if straight_on || carriageways {
                pairs.push((length_m, node, other_node, Join { from, to, strands: (strand, other) }));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut joined = vec![false; plan.nodes.len()];
    let mut joins = Vec::new();
    for (_, a, b, join) in pairs {
        if joined[a] || joined[b] || barriers.between(join.from, join.to) || !ground.clear(join.from, join.to) {
            continue;
        }
        (joined[a], joined[b]) = (true, true);
        joins.push(join);
    }
    joins
}

/// The joins that connect the parts of the network as far as the rules allow. No street joins a ramp on its way. `usable` says which strands are roads.
pub(super) fn joins_between_parts(
    strands: &[Strand],
    barriers: &Barriers,
    usable: impl Fn(&Strand) -> bool + Copy,
) -> Vec<Join> {
    let plan = planarise(strands);
    let ground = Ground::new(strands, &plan, usable);
    let (touched, dead_end) = (touched(&plan, strands, usable), dead_ends(&plan, strands, usable));
    let mut candidates = Vec::new();
    for (node, &place) in plan.nodes.iter().enumerate() {
        if !touched[node] || place.layer == Layer::Motorway {
            continue;
        }
        let weight = if dead_end[node].is_some() { 1.0 } else { MIDDLE_COST };
        let Some(own) = plan.edges.iter().find(|e| e.from == node || e.to == node).map(|e| e.strand) else { continue };
        for edge in ground.near(place.position, place.position, JOIN_MAX_M) {
            let other = &plan.edges[edge];
            if ground.part(other.from) == ground.part(node) || strands[other.strand].is_ramp() {
                continue;
            }
            let there = foot(&other.line, place.position);
            if there.distance_m <= JOIN_MAX_M {
                let join = Join { from: place.position, to: there.position, strands: (own, other.strand) };
                candidates.push((weight * there.distance_m, node, other.from, join));
            }
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut part = ground.part.clone();
    let mut joins = Vec::new();
    for (_, a, b, join) in candidates {
        if root(&part, a) == root(&part, b) || barriers.between(join.from, join.to) || !ground.clear(join.from, join.to)
        {
            continue;
        }
        unite(&mut part, a, b);
        joins.push(join);
    }
    joins
}

/// The joins of dead ends to streets close ahead that are far away by road.
pub(super) fn joins_of_dead_ends(
    strands: &[Strand],
    barriers: &Barriers,
    usable: impl Fn(&Strand) -> bool + Copy,
) -> Vec<Join> {
    let plan = planarise(strands);
    let ground = Ground::new(strands, &plan, usable);
    let mut dead_end = dead_ends(&plan, strands, usable);
    let adjacent = adjacency(&plan, strands, usable);
    let mut joins: Vec<Join> = Vec::new();
    for edge in &plan.edges {
        for (node, before) in [(edge.from, edge.line[1]), (edge.to, edge.line[edge.line.len() - 2])] {
            let end = plan.nodes[node];
            if dead_end[node].is_none() || end.layer == Layer::Motorway || !usable(&strands[edge.strand]) {
                continue;
            }
            // Two carriageways that end at one place are joined once.
            dead_end[node] = None;
            let mut best: Option<(f64, Join)> = None;
            for other in ground.near(end.position, end.position, DEAD_END_JOIN_MAX_M) {
                let across = &plan.edges[other];
                if across.from == node || across.to == node || strands[across.strand].is_ramp() {
                    continue;
                }
                let there = foot(&across.line, end.position);
                let ahead = fraction_nearest(before, end.position, there.position) >= 1.0;
                if there.distance_m > DEAD_END_JOIN_MAX_M || !ahead {
                    continue;
                }
                if best.as_ref().is_none_or(|b| there.distance_m < b.0) {
                    let join = Join { from: end.position, to: there.position, strands: (edge.strand, across.strand) };
                    // Nobody leaves a carriageway that ends by driving back along it.
                    let one_way = strands[edge.strand].direction != Direction::Both;
                    let round_m = || way_m(&adjacent, node, across.from, DETOUR_MIN * there.distance_m.max(20.0));
                    if one_way || round_m().is_none() {
                        best = Some((there.distance_m, join));
                    }
                }
            }
            if let Some((_, join)) = best
                && !barriers.between(join.from, join.to)
                && ground.clear(join.from, join.to)
            {
                joins.push(join);
            }
        }
    }
    joins
}

/// The heading outwards of every dead end: a place where all that meets there comes from one side, be it a street or the
/// two carriageways of one. None for other places.
fn dead_ends(plan: &Plan, strands: &[Strand], usable: impl Fn(&Strand) -> bool) -> Vec<Option<Coord<f64>>> {
    let mut outwards: Vec<Vec<Coord<f64>>> = vec![Vec::new(); plan.nodes.len()];
    for edge in plan.edges.iter().filter(|edge| usable(&strands[edge.strand])) {
        let last = edge.line.len() - 1;
        outwards[edge.from].push(heading(edge.line[1], edge.line[0]));
        outwards[edge.to].push(heading(edge.line[last - 1], edge.line[last]));
    }
    let one_way_out = |headings: &Vec<Coord<f64>>| {
        let first = *headings.first()?;
        let alike = headings.iter().all(|&heading| dot(first, heading) > STRAIGHT_ON_COSINE);
        alike.then_some(first)
    };
    outwards.iter().map(one_way_out).collect()
}

/// Whether a usable street touches each place.
fn touched(plan: &Plan, strands: &[Strand], usable: impl Fn(&Strand) -> bool) -> Vec<bool> {
    let mut touched = vec![false; plan.nodes.len()];
    for edge in plan.edges.iter().filter(|edge| usable(&strands[edge.strand])) {
        (touched[edge.from], touched[edge.to]) = (true, true);
    }
    touched
}

type Adjacent = Vec<Vec<(usize, f64)>>;

fn adjacency(plan: &Plan, strands: &[Strand], usable: impl Fn(&Strand) -> bool) -> Adjacent {
    let mut adjacent = vec![Vec::new(); plan.nodes.len()];
    for edge in plan.edges.iter().filter(|edge| usable(&strands[edge.strand])) {
        let length_m = edge.length_m();
        adjacent[edge.from].push((edge.to, length_m));
        adjacent[edge.to].push((edge.from, length_m));
    }
    adjacent
}

/// Length of the shortest way between two nodes; none where it is longer than `limit_m`.
fn way_m(adjacent: &Adjacent, from: usize, to: usize, limit_m: f64) -> Option<f64> {
    let mut done: Vec<usize> = Vec::new();
    let mut open: Vec<(f64, usize)> = vec![(0.0, from)];
    while let Some(nearest) = (0..open.len()).min_by(|&a, &b| open[a].0.total_cmp(&open[b].0)) {
        let (way_m, node) = open.swap_remove(nearest);
        if node == to {
            return Some(way_m);
        }
        if done.contains(&node) {
            continue;
        }
        done.push(node);
        open.extend(
            adjacent[node]
                .iter()
                .map(|&(next, length_m)| (way_m + length_m, next))
                .filter(|&(way_m, next)| way_m <= limit_m && !done.contains(&next)),
        );
    }
    None
}

//! Cuts strands into edges between nodes, so that streets meet where they cross.
//!
//! Three things make a junction: two strands that cross at grade; a strand that ends beside another one (within
//! [`SNAP_M`], so that lines drawn not quite to each other still meet); a point that several strands share. Places
//! closer than [`MERGE_M`] become one junction, so that no edge is shorter than that. Motorways lie in a layer of their
//! own: only ramps lead from one layer to the other, and bridges and underpasses meet others at their ends alone.

use std::collections::BTreeMap;

use geo::Coord;
use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, RTree};

use super::polyline::{at, between, blend, crossing, distance_m, foot, length_m};
use super::roundabouts::leave_islands_free;
use super::strand::{Layer, Meeting, Strand};

/// How far a strand may end from another one and still meet it.
pub(super) const SNAP_M: f64 = 15.0;
/// Places closer than this are one junction.
pub(super) const MERGE_M: f64 = 8.0;
/// A loop back to its own junction shorter than this is a drawing's leftover.
const LOOP_MIN_M: f64 = 40.0;

/// A junction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) position: Coord<f64>,
    pub(super) layer: Layer,
}

/// A stretch of one strand between two junctions.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Edge {
    /// The strand it was cut from.
    pub(super) strand: usize,
    /// Its number along the strand, from 0.
    pub(super) piece: u32,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) line: Vec<Coord<f64>>,
}

impl Edge {
    pub(super) fn length_m(&self) -> f64 {
        length_m(&self.line)
    }
}

/// Strands cut into edges.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Plan {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

/// A place where a strand is cut.
#[derive(Clone, Copy, Debug)]
struct Cut {
    strand: usize,
    along_m: f64,
    position: Coord<f64>,
    layer: Layer,
}

/// The segments of strands, found by place.
pub(super) struct SegmentIndex(RTree<Segment>);

/// A segment with its strand and its number along it.
type Segment = GeomWithData<Line<[f64; 2]>, (usize, usize)>;

impl SegmentIndex {
    pub(super) fn new(strands: &[Strand]) -> Self {
        let segments = strands.iter().enumerate().flat_map(|(strand, s)| {
            s.line.windows(2).enumerate().map(move |(segment, ends)| {
                GeomWithData::new(Line::new([ends[0].x, ends[0].y], [ends[1].x, ends[1].y]), (strand, segment))
            })
        });
        Self(RTree::bulk_load(segments.collect()))
    }

    /// Adds the segments of one more strand.
    pub(super) fn insert(&mut self, number: usize, strand: &Strand) {
        for (segment, ends) in strand.line.windows(2).enumerate() {
            let line = Line::new([ends[0].x, ends[0].y], [ends[1].x, ends[1].y]);
            self.0.insert(GeomWithData::new(line, (number, segment)));
        }
    }

    /// The strands with a segment whose bounding box comes within `radius_m` of the box of these two points, ascending.
    pub(super) fn strands_near(&self, a: Coord<f64>, b: Coord<f64>, radius_m: f64) -> Vec<usize> {
        let mut found: Vec<usize> = self.segments_near(a, b, radius_m).into_iter().map(|(strand, _)| strand).collect();
        found.dedup();
        found
    }

    /// Those segments, as (strand, segment), ascending.
    fn segments_near(&self, a: Coord<f64>, b: Coord<f64>, radius_m: f64) -> Vec<(usize, usize)> {
        let low = [a.x.min(b.x) - radius_m, a.y.min(b.y) - radius_m];
        let high = [a.x.max(b.x) + radius_m, a.y.max(b.y) + radius_m];
        let area = AABB::from_corners(low, high);
        let mut found: Vec<(usize, usize)> =
            self.0.locate_in_envelope_intersecting(&area).map(|segment| segment.data).collect();
        found.sort_unstable();
        found
    }
}

/// Cuts strands into edges between junctions.
pub(super) fn planarise(strands: &[Strand]) -> Plan {
    let index = SegmentIndex::new(strands);
    let mut cuts = crossings(strands, &index);
    cuts.extend(end_contacts(strands, &index));
    cuts.extend(shared_points(strands));
    cuts.extend(loop_middles(strands));
    let (nodes, node_of_cut) = merged(&cuts);
    let mut plan = edges(strands, &cuts, nodes, &node_of_cut);
    leave_islands_free(&mut plan, strands);
    plan
}

/// Whether one strand may meet the other in the given layer of that other.
fn meets(strand: &Strand, other: &Strand) -> bool {
    strand.layer == other.layer || strand.is_ramp() || other.is_ramp()
}

fn crossings(strands: &[Strand], index: &SegmentIndex) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for (number, strand) in strands.iter().enumerate().filter(|(_, s)| s.meeting == Meeting::AtGrade) {
        let mut along_m = 0.0;
        for ends in strand.line.windows(2) {
            let length = distance_m(ends[0], ends[1]);
            for (other, segment) in index.segments_near(ends[0], ends[1], 0.0) {
                let across = &strands[other];
                if other == number || across.meeting != Meeting::AtGrade || across.layer != strand.layer {
                    continue;
                }
                if let Some((t, _)) = crossing(ends[0], ends[1], across.line[segment], across.line[segment + 1]) {
                    let position = blend(ends[0], ends[1], t);
                    cuts.push(Cut { strand: number, along_m: along_m + t * length, position, layer: strand.layer });
                }
            }
            along_m += length;
        }
    }
    cuts
}

/// Both ends of every strand, moved onto the nearest strand that they may meet, which is cut there.
fn end_contacts(strands: &[Strand], index: &SegmentIndex) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for (number, strand) in strands.iter().enumerate() {
        let total_m = length_m(&strand.line);
        for (end, along_m) in strand.ends().into_iter().zip([0.0, total_m]) {
            let mut best = None::<(f64, usize, f64, Coord<f64>)>;
            for other in index.strands_near(end, end, SNAP_M) {
                let across = &strands[other];
                if other == number || !meets(strand, across) {
                    continue;
                }
                let place = snapped(across, end);
                if place.0 <= SNAP_M && best.is_none_or(|b| place.0 < b.0) {
                    best = Some((place.0, other, place.1, place.2));
                }
            }
            let (position, layer) = best.map_or((end, strand.layer), |b| (b.3, strands[b.1].layer));
            cuts.push(Cut { strand: number, along_m, position, layer });
            if let Some((_, other, other_along_m, position)) = best {
                cuts.push(Cut { strand: other, along_m: other_along_m, position, layer: strands[other].layer });
            }
        }
    }
    cuts
}

/// Where a strand takes up an end beside it: anywhere along it, but a strand that meets others at its ends alone only there.
fn snapped(across: &Strand, end: Coord<f64>) -> (f64, f64, Coord<f64>) {
    if across.meeting == Meeting::AtGrade || across.layer == Layer::Motorway {
        let place = foot(&across.line, end);
        return (place.distance_m, place.along_m, place.position);
    }
    let [first, last] = across.ends();
    if distance_m(first, end) <= distance_m(last, end) {
        (distance_m(first, end), 0.0, first)
    } else {
        (distance_m(last, end), length_m(&across.line), last)
    }
}

/// Points that strands of one layer have in common, to the decimetre.
fn shared_points(strands: &[Strand]) -> Vec<Cut> {
    let mut cuts_at: BTreeMap<(Layer, i64, i64), Vec<Cut>> = BTreeMap::new();
    for (number, strand) in strands.iter().enumerate() {
        if strand.meeting == Meeting::AtEnds && strand.layer == Layer::Ground {
            continue;
        }
        let mut along_m = 0.0;
        for (i, &position) in strand.line.iter().enumerate() {
            if i > 0 {
                along_m += distance_m(strand.line[i - 1], position);
            }
            let place = (strand.layer, (position.x * 10.0).round() as i64, (position.y * 10.0).round() as i64);
            let cut = Cut { strand: number, along_m, position, layer: strand.layer };
            cuts_at.entry(place).or_default().push(cut);
        }
    }
    let shared = |cuts: &Vec<Cut>| cuts.iter().any(|cut| cut.strand != cuts[0].strand);
    cuts_at.into_values().filter(shared).flatten().collect()
}

/// A closed strand (a roundabout, a square) is cut in the middle too, so that no edge leads back to its own junction.
fn loop_middles(strands: &[Strand]) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for (strand, s) in strands.iter().enumerate() {
        let [first, last] = s.ends();
        let total_m = length_m(&s.line);
        // Streets reach a roundabout anyway.
        if s.island.is_none() && distance_m(first, last) < MERGE_M && total_m >= LOOP_MIN_M {
            for along_m in [total_m / 3.0, total_m * 2.0 / 3.0] {
                cuts.push(Cut { strand, along_m, position: at(&s.line, along_m), layer: s.layer });
            }
        }
    }
    cuts
}

/// Gathers cuts closer than [`MERGE_M`] into nodes, until no two nodes are that close. Gives the node of every cut.
fn merged(cuts: &[Cut]) -> (Vec<Node>, Vec<usize>) {
    let mut nodes: Vec<Node> = cuts.iter().map(|cut| Node { position: cut.position, layer: cut.layer }).collect();
    let mut node_of_cut: Vec<usize> = (0..cuts.len()).collect();
    let mut weights = vec![1.0; nodes.len()];
    loop {
        let group = groups(&nodes);
        let count = group.iter().max().map_or(0, |&last| last + 1);
        if count == nodes.len() {
            return (nodes, node_of_cut);
        }
        let mut gathered = vec![Node { position: Coord::zero(), layer: Layer::Ground }; count];
        let mut gathered_weights = vec![0.0; count];
        for (node, (&g, weight)) in nodes.iter().zip(group.iter().zip(&weights)) {
            gathered[g].layer = node.layer;
            gathered[g].position = gathered[g].position + node.position * *weight;
            gathered_weights[g] += weight;
        }
        for (node, weight) in gathered.iter_mut().zip(&gathered_weights) {
            node.position = node.position / *weight;
        }
        for node in &mut node_of_cut {
            *node = group[*node];
        }
        (nodes, weights) = (gathered, gathered_weights);
    }
}

/// Numbers groups of nodes of one layer that are joined by steps shorter than [`MERGE_M`], in the order of their first node.
fn groups(nodes: &[Node]) -> Vec<usize> {
    let tree = RTree::bulk_load(
        nodes.iter().enumerate().map(|(i, node)| GeomWithData::new([node.position.x, node.position.y], i)).collect(),
    );
    let mut group = vec![usize::MAX; nodes.len()];
    let mut count = 0;
    for start in 0..nodes.len() {
        if group[start] != usize::MAX {
            continue;
        }
        group[start] = count;
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            let place = [nodes[node].position.x, nodes[node].position.y];
            let near: Vec<usize> = tree.locate_within_distance(place, MERGE_M * MERGE_M).map(|n| n.data).collect();
            for next in near {
                if group[next] == usize::MAX && nodes[next].layer == nodes[node].layer {
                    group[next] = count;
                    open.push(next);
                }
            }
        }
        count += 1;
    }
    group
}

fn edges(strands: &[Strand], cuts: &[Cut], nodes: Vec<Node>, node_of_cut: &[usize]) -> Plan {
    let mut cuts_of: Vec<Vec<(f64, usize)>> = vec![Vec::new(); strands.len()];
    for (cut, &node) in cuts.iter().zip(node_of_cut) {
        cuts_of[cut.strand].push((cut.along_m, node));
    }
    let mut plan = Plan { nodes, edges: Vec::new() };
    for (strand, cuts) in cuts_of.iter_mut().enumerate() {
        cuts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut piece = 0;
        let Some(&(mut from_m, mut from)) = cuts.first() else { continue };
        for &(to_m, to) in &cuts[1..] {
            if to == from {
                from_m = to_m;
                continue;
            }
            let mut line = between(&strands[strand].line, from_m, to_m);
            let last = line.len() - 1;
            (line[0], line[last]) = (plan.nodes[from].position, plan.nodes[to].position);
            plan.edges.push(Edge { strand, piece, from, to, line });
            piece += 1;
            (from_m, from) = (to_m, to);
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use engine::city::RoadClass;
    use engine::provenance::{Origin, Provenance};

    use super::super::roundabouts::{Island, end_at_rings};
    use super::super::strand::Direction;
    use super::*;

    fn street(stem: &str, line: &[(f64, f64)]) -> Strand {
        let line = line.iter().map(|&(x, y)| Coord { x, y }).collect();
        let provenance = Provenance { origin: Origin::Real, source: "test".into(), year: None, accuracy_m: None };
        Strand::street(stem.into(), None, line, provenance)
    }

    #[test]
    fn streets_that_cross_get_a_junction() {
        let plan = planarise(&[street("a", &[(0.0, 0.0), (100.0, 0.0)]), street("b", &[(50.0, -50.0), (50.0, 50.0)])]);
        assert_eq!((plan.nodes.len(), plan.edges.len()), (5, 4));
        assert!(plan.edges.iter().all(|edge| (edge.length_m() - 50.0).abs() < 1e-9));
    }

    #[test]
    fn a_street_that_ends_beside_another_meets_it() {
        let plan = planarise(&[street("a", &[(0.0, 0.0), (100.0, 0.0)]), street("b", &[(50.0, 10.0), (50.0, 90.0)])]);
        assert_eq!((plan.nodes.len(), plan.edges.len()), (4, 3));
    }

    #[test]
    fn a_bridge_passes_over_and_meets_at_its_ends() {
        let mut bridge = street("b", &[(50.0, -50.0), (50.0, 50.0)]);
        bridge.meeting = Meeting::AtEnds;
        let across = street("c", &[(0.0, 50.0), (100.0, 50.0)]);
        let plan = planarise(&[street("a", &[(0.0, 0.0), (100.0, 0.0)]), bridge, across]);
        assert_eq!((plan.nodes.len(), plan.edges.len()), (6, 4));
    }

    #[test]
    fn a_motorway_is_met_by_ramps_alone() {
        let mut motorway = street("m", &[(0.0, 0.0), (200.0, 0.0)]);
        (motorway.layer, motorway.meeting) = (Layer::Motorway, Meeting::AtEnds);
        let mut ramp = street("r", &[(100.0, 0.0), (100.0, 100.0)]);
        (ramp.meeting, ramp.given.class) = (Meeting::AtEnds, Some(RoadClass::MotorwayRamp));
        let local = street("l", &[(50.0, -50.0), (50.0, 100.0), (150.0, 100.0)]);
        let plan = planarise(&[motorway, ramp, local]);
        assert_eq!((plan.nodes.len(), plan.edges.len()), (6, 5));
    }

    #[test]
    fn no_edge_is_shorter_than_the_merging_distance() {
        let zigzag = [
            street("a", &[(0.0, 0.0), (100.0, 0.0)]),
            street("b", &[(50.0, -50.0), (50.0, 50.0)]),
            street("c", &[(54.0, -50.0), (54.0, 50.0)]),
        ];
        assert!(planarise(&zigzag).edges.iter().all(|edge| edge.length_m() >= MERGE_M));
    }

    #[test]
    fn streets_end_at_a_roundabout_and_nothing_crosses_its_island() {
        let island = Island { middle: Coord { x: 0.0, y: 0.0 }, radius_m: 20.0 };
        let mut ring = street("ring", &[]);
        (ring.line, ring.island, ring.direction) = (island.ring(), Some(island), Direction::Drawn);
        let through = street("through", &[(-100.0, 0.0), (100.0, 0.0)]);
        let ends = street("ends", &[(0.0, 100.0), (0.0, 3.0)]);
        let within = street("within", &[(-5.0, -5.0), (5.0, -5.0)]);
        let mut strands = vec![ring, through, ends, within];
        end_at_rings(&mut strands);
        assert_eq!(strands.len(), 3, "nothing is left of the street within");
        let plan = planarise(&strands);
        let of = |strand: usize| plan.edges.iter().filter(move |edge| edge.strand == strand);
        assert_eq!((of(1).count(), of(2).count()), (2, 1));
        let around_m: f64 = of(0).map(Edge::length_m).sum();
        assert!((around_m - 125.3).abs() < 1.0, "{around_m}");
        let from_middle_m = |place: Coord<f64>| distance_m(place, island.middle);
        assert!(plan.edges.iter().flat_map(|edge| &edge.line).all(|&place| from_middle_m(place) > 19.0));
    }
}

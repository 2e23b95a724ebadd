//! The graph as searches walk it: arcs numbered by the node that they leave, near nodes by near numbers, and without what
//! no path needs.
//!
//! Where a node is no zone and every arc that enters it goes on by one arc alone, those two are *in series* and are one
//! arc here; turning back the way one came is no way on. So streets with bends and stretches between crossings without a
//! choice cost a search one step, and dead ends none. Zones keep their numbers. Nothing else changes: arcs in series
//! carry the same flow, and a path that is left out is a circle.

use std::collections::VecDeque;

use super::delay::VolumeDelay;
use crate::network::Graph;

/// No arc, no place in a list.
pub(super) const NONE: u32 = u32::MAX;

/// A graph whose arcs are numbered so that those leaving a node stand together.
pub(super) struct Star {
    /// The number that each node has in the graph.
    graph_nodes: Vec<u32>,
    /// The number that each node of the graph has here, if any.
    numbers: Vec<u32>,
    /// For every node its first leaving arc, and one past the last.
    pub(super) first: Vec<u32>,
    /// The node that each arc leaves.
    pub(super) tails: Vec<u32>,
    /// The node that each arc enters.
    pub(super) heads: Vec<u32>,
    /// For each arc its first place in `graph_arcs`, and one past the last.
    series: Vec<u32>,
    graph_arcs: Vec<u32>,
    /// For each arc of the graph the arc here that begins with it, and the one that ends with it.
    beginning: Vec<u32>,
    ending: Vec<u32>,
    entering_first: Vec<u32>,
    entering: Vec<u32>,
    first_through_node: u32,
}

impl Star {
    pub(super) fn new(graph: &Graph) -> Self {
        let joined = Joined::of(graph);
        let graph_nodes = joined.near_by_near(graph);
        let mut numbers = vec![NONE; graph.node_count() as usize];
        for (number, &node) in (0..).zip(&graph_nodes) {
            numbers[node as usize] = number;
        }
        let Joined { tails, heads, next, leaving, entering, .. } = joined;
        let arcs = leaving.iter().map(Vec::len).sum::<usize>();
        let mut star = Self {
            first: Vec::with_capacity(graph_nodes.len() + 1),
            tails: Vec::with_capacity(arcs),
            heads: Vec::with_capacity(arcs),
            series: Vec::with_capacity(arcs + 1),
            graph_arcs: Vec::with_capacity(graph.arc_count()),
            beginning: vec![NONE; graph.arc_count()],
            ending: vec![NONE; graph.arc_count()],
            entering_first: Vec::with_capacity(graph_nodes.len() + 1),
            entering: Vec::with_capacity(arcs),
            first_through_node: graph.first_through_node(),
            graph_nodes,
            numbers,
        };
        let mut number = 0;
        for &node in &star.graph_nodes {
            star.first.push(number);
            for &arc in &leaving[node as usize] {
                star.tails.push(star.numbers[tails[arc as usize] as usize]);
                star.heads.push(star.numbers[heads[arc as usize] as usize]);
                star.series.push(star.graph_arcs.len() as u32);
                star.beginning[arc as usize] = number;
                let mut piece = arc;
                while piece != NONE {
                    star.graph_arcs.push(piece);
                    piece = next[piece as usize];
                }
                star.ending[star.graph_arcs[star.graph_arcs.len() - 1] as usize] = number;
                number += 1;
            }
        }
        star.first.push(number);
        star.series.push(star.graph_arcs.len() as u32);
        for &node in &star.graph_nodes {
            star.entering_first.push(star.entering.len() as u32);
            star.entering.extend(entering[node as usize].iter().map(|&arc| star.beginning[arc as usize]));
        }
        star.entering_first.push(star.entering.len() as u32);
        star
    }

    pub(super) fn node_count(&self) -> usize {
        self.first.len() - 1
    }

    pub(super) fn arc_count(&self) -> usize {
        self.heads.len()
    }

    /// Whether paths may pass through the node.
    #[inline]
    pub(super) fn passes(&self, node: u32) -> bool {
        node >= self.first_through_node
    }

    /// The arcs that leave a node.
    #[inline]
    pub(super) fn leaving(&self, node: u32) -> std::ops::Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }

    /// The arcs that enter a node.
    #[inline]
    pub(super) fn entering(&self, node: u32) -> &[u32] {
        let range = self.entering_first[node as usize] as usize..self.entering_first[node as usize + 1] as usize;
        &self.entering[range]
    }

    /// The arcs of the graph that an arc stands for, in their order.
    #[inline]
    pub(super) fn graph_arcs(&self, arc: u32) -> &[u32] {
        &self.graph_arcs[self.series[arc as usize] as usize..self.series[arc as usize + 1] as usize]
    }

    /// The node that has this number in another star of the same graph, or of one that this graph extends, if it is here.
    pub(super) fn same_node(&self, other: &Self, node: u32) -> Option<u32> {
        Some(self.numbers[other.graph_nodes[node as usize] as usize]).filter(|&number| number != NONE)
    }

    /// The arc that begins with this arc of the graph, if one does.
    pub(super) fn beginning_with(&self, graph_arc: u32) -> Option<u32> {
        Some(self.beginning[graph_arc as usize]).filter(|&arc| arc != NONE)
    }

    /// The arc that ends with this arc of the graph, if one does.
    pub(super) fn ending_with(&self, graph_arc: u32) -> Option<u32> {
        Some(self.ending[graph_arc as usize]).filter(|&arc| arc != NONE)
    }

    /// What values by arc of the graph add up to on every arc.
    pub(super) fn sums(&self, values: &[f64]) -> Vec<f64> {
        let sum = |arc| self.graph_arcs(arc).iter().map(|&piece| values[piece as usize]).sum();
        (0..self.arc_count() as u32).map(sum).collect()
    }

    /// Values by arc, for every arc of the graph; 0 where no path leads.
    pub(super) fn in_graph_order(&self, values: impl IntoIterator<Item = f64>) -> Vec<f64> {
        let mut of_graph = vec![0.0; self.beginning.len()];
        for (arc, value) in (0..).zip(values) {
            for &piece in self.graph_arcs(arc) {
                of_graph[piece as usize] = value;
            }
        }
        of_graph
    }

    /// What every arc takes.
    pub(super) fn delays(&self, of_graph: &[VolumeDelay]) -> Delays {
        let mut delays = Delays { first: Vec::with_capacity(self.arc_count() + 1), terms: Vec::new() };
        for arc in 0..self.arc_count() as u32 {
            let first = delays.terms.len();
            delays.first.push(first as u32);
            for &piece in self.graph_arcs(arc) {
                let delay = of_graph[piece as usize];
                let joined = delays.terms[first..].iter_mut().find_map(|term| Some((term.in_series(&delay)?, term)));
                match joined {
                    Some((joined, term)) => *term = joined,
                    None => delays.terms.push(delay),
                }
            }
        }
        delays.first.push(delays.terms.len() as u32);
        delays
    }
}

/// What the arcs of a star take as a function of their flow: the sum of some volume–delay functions each.
pub(super) struct Delays {
    first: Vec<u32>,
    terms: Vec<VolumeDelay>,
}

impl Delays {
    /// The time of an arc at a flow, and its slope.
    #[inline]
    pub(super) fn time_and_slope(&self, arc: u32, flow: f64) -> (f64, f64) {
        let terms = &self.terms[self.first[arc as usize] as usize..self.first[arc as usize + 1] as usize];
        terms.iter().fold((0.0, 0.0), |sum, term| {
            let (time, slope) = term.time_and_slope(flow);
            (sum.0 + time, sum.1 + slope)
        })
    }
}

/// A graph's arcs while they are joined. An arc that others were joined to keeps its number.
struct Joined {
    tails: Vec<u32>,
    heads: Vec<u32>,
    /// The arc that follows in the same series, and for the first of a series the last.
    next: Vec<u32>,
    last: Vec<u32>,
    /// For every node the arcs that are left.
    leaving: Vec<Vec<u32>>,
    entering: Vec<Vec<u32>>,
}

impl Joined {
    fn of(graph: &Graph) -> Self {
        let is_loop = |arc: u32| graph.tails()[arc as usize] == graph.heads()[arc as usize];
        let without_loops = |arcs: &[u32]| arcs.iter().copied().filter(|&arc| !is_loop(arc)).collect::<Vec<u32>>();
        let nodes = 0..graph.node_count();
        let mut joined = Self {
            tails: graph.tails().to_vec(),
            heads: graph.heads().to_vec(),
            next: vec![NONE; graph.arc_count()],
            last: (0..graph.arc_count() as u32).collect(),
            leaving: nodes.clone().map(|node| without_loops(graph.leaving().of(node))).collect(),
            entering: nodes.clone().map(|node| without_loops(graph.entering().of(node))).collect(),
        };
        let first = graph.zone_count().max(graph.first_through_node());
        let mut waits = vec![false; graph.node_count() as usize];
        let mut queue: VecDeque<u32> = (first..graph.node_count()).collect();
        waits[first.min(graph.node_count()) as usize..].fill(true);
        while let Some(node) = queue.pop_front() {
            waits[node as usize] = false;
            if joined.is_between(node) {
                joined.join(node, |neighbour| {
                    if neighbour >= first && !std::mem::replace(&mut waits[neighbour as usize], true) {
                        queue.push_back(neighbour);
                    }
                });
            }
        }
        joined
    }

    /// Zones and nodes that paths may not pass in their order, then the others that have arcs, ring by ring around the
    /// first: what a search touches together stands together.
    fn near_by_near(&self, graph: &Graph) -> Vec<u32> {
        let first = graph.zone_count().max(graph.first_through_node()).min(graph.node_count());
        let mut nodes: Vec<u32> = (0..first).collect();
        let mut is_listed = vec![false; graph.node_count() as usize];
        for start in first..graph.node_count() {
            let has_arcs = !self.leaving[start as usize].is_empty() || !self.entering[start as usize].is_empty();
            if !has_arcs || std::mem::replace(&mut is_listed[start as usize], true) {
                continue;
            }
            let mut next = nodes.len();
            nodes.push(start);
            while let Some(&node) = nodes.get(next) {
                next += 1;
                let heads = self.leaving[node as usize].iter().map(|&arc| self.heads[arc as usize]);
                let tails = self.entering[node as usize].iter().map(|&arc| self.tails[arc as usize]);
                for near in heads.chain(tails) {
                    if near >= first && !std::mem::replace(&mut is_listed[near as usize], true) {
                        nodes.push(near);
                    }
                }
            }
        }
        nodes
    }

    fn goes_on(&self, entering: u32, leaving: u32) -> bool {
        self.tails[entering as usize] != self.heads[leaving as usize]
    }

    /// Whether nobody has a choice at the node: each of its arcs goes with one other at most.
    fn is_between(&self, node: u32) -> bool {
        let (entering, leaving) = (&self.entering[node as usize], &self.leaving[node as usize]);
        let ways = |count: usize| count <= 1;
        entering.iter().all(|&arc| ways(leaving.iter().filter(|&&next| self.goes_on(arc, next)).count()))
            && leaving.iter().all(|&next| ways(entering.iter().filter(|&&arc| self.goes_on(arc, next)).count()))
    }

    /// Joins the arcs of a node between others, drops those that lead nowhere, and tells which nodes that touches.
    fn join(&mut self, node: u32, mut touched: impl FnMut(u32)) {
        let entering = std::mem::take(&mut self.entering[node as usize]);
        let leaving = std::mem::take(&mut self.leaving[node as usize]);
        for &arc in &entering {
            let tail = self.tails[arc as usize];
            touched(tail);
            match leaving.iter().copied().find(|&next| self.goes_on(arc, next)) {
                Some(next) => {
                    let head = self.heads[next as usize];
                    self.next[self.last[arc as usize] as usize] = next;
                    self.last[arc as usize] = self.last[next as usize];
                    self.heads[arc as usize] = head;
                    // Sorted, as the graph's are.
                    let of_head = &mut self.entering[head as usize];
                    of_head.retain(|&entering| entering != next);
                    of_head.insert(of_head.partition_point(|&entering| entering < arc), arc);
                }
                None => self.leaving[tail as usize].retain(|&leaving| leaving != arc),
            }
        }
        for &next in &leaving {
            let head = self.heads[next as usize];
            touched(head);
            self.entering[head as usize].retain(|&arc| arc != next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_without_a_choice_are_one_arc_and_dead_ends_none() {
        // Zones 0 and 1; 0 → 2 ⇄ 3 ⇄ 4 → 1 with a dead end 3 ⇄ 5 ⇄ 6, and a second way 2 → 7 → 4.
        let ends = [(0, 2), (2, 3), (3, 2), (3, 4), (4, 3), (4, 1), (3, 5), (5, 3), (5, 6), (6, 5), (2, 7), (7, 4)];
        let (tails, heads) = ends.into_iter().unzip();
        let star = Star::new(&Graph::new(8, 2, 2, tails, heads).unwrap());
        let arcs: Vec<(u32, u32, &[u32])> = (0..star.arc_count() as u32)
            .map(|arc| (star.tails[arc as usize], star.heads[arc as usize], star.graph_arcs(arc)))
            .collect();
        assert_eq!(arcs, [(0, 2, &[0][..]), (2, 3, &[1, 3]), (2, 3, &[10, 11]), (3, 2, &[4, 2]), (3, 1, &[5])]);
        assert_eq!(star.node_count(), 4);
        assert_eq!(star.entering(3), [1, 2]);
        assert_eq!((star.beginning_with(1), star.ending_with(3), star.beginning_with(3)), (Some(1), Some(1), None));
        assert_eq!(star.beginning_with(6), None);
        assert_eq!(star.sums(&[1.0; 12]), [1.0, 2.0, 2.0, 2.0, 1.0]);
        let of_graph = star.in_graph_order([3.0, 4.0, 5.0, 6.0, 7.0]);
        assert_eq!(of_graph, [3.0, 4.0, 6.0, 4.0, 6.0, 7.0, 0.0, 0.0, 0.0, 0.0, 5.0, 5.0]);
    }

    #[test]
    fn arcs_in_series_take_what_they_take_one_after_the_other() {
        let delays = [
            VolumeDelay::Bpr { free_time: 10.0, b: 0.15, power: 4.0, capacity: 1000.0 },
            VolumeDelay::Constant { time: 3.0 },
            VolumeDelay::Bpr { free_time: 7.0, b: 0.4, power: 4.0, capacity: 700.0 },
            VolumeDelay::Bpr { free_time: 7.0, b: 0.4, power: 2.1, capacity: 700.0 },
            VolumeDelay::Conical { free_time: 2.0, alpha: 4.0, capacity: 900.0 },
            VolumeDelay::Conical { free_time: 5.0, alpha: 4.0, capacity: 900.0 },
            VolumeDelay::Conical { free_time: 5.0, alpha: 4.0, capacity: 901.0 },
            VolumeDelay::Bpr { free_time: 0.0, b: 0.4, power: 4.0, capacity: 0.0 },
            VolumeDelay::Akcelik { free_time: 2.0, capacity: 900.0, duration: 3600.0, randomness: 0.004 },
        ];
        let nodes = 2..10;
        let tails = std::iter::once(0).chain(nodes.clone()).collect();
        let heads = nodes.chain([1]).collect();
        let star = Star::new(&Graph::new(10, 2, 2, tails, heads).unwrap());
        assert_eq!(star.arc_count(), 1);
        let joined = star.delays(&delays);
        assert!(joined.terms.len() < delays.len());
        for flow in [0.0, 300.0, 1200.0] {
            let (time, slope) = joined.time_and_slope(0, flow);
            let each = delays.map(|delay| delay.time_and_slope(flow));
            assert!((time - each.iter().map(|of_arc| of_arc.0).sum::<f64>()).abs() < 1e-9);
            assert!((slope - each.iter().map(|of_arc| of_arc.1).sum::<f64>()).abs() < 1e-9);
        }
    }
}

//! Least-cost paths from one node to all others: Dijkstra's algorithm.
//!
//! Ties between equal costs fall by the numbers of nodes and arcs, so that a tree depends on costs alone.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::star::{NONE, Star};

/// A tree of least-cost paths, and the room to search for the next.
pub(super) struct Search {
    /// What it costs to reach each node; infinite where no path leads.
    pub(super) costs: Vec<f64>,
    /// The arc by which each node is reached; [`NONE`] for the origin and where no path leads.
    pub(super) parents: Vec<u32>,
    /// The nodes reached, each after the node that it is reached from.
    pub(super) order: Vec<u32>,
    queue: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Search {
    pub(super) fn new(star: &Star) -> Self {
        let nodes = star.node_count();
        Self {
            costs: vec![f64::INFINITY; nodes],
            parents: vec![NONE; nodes],
            order: Vec::with_capacity(nodes),
            queue: BinaryHeap::new(),
        }
    }

    /// Finds the least-cost paths from `origin`. Arcs of infinite cost are closed.
    pub(super) fn run(&mut self, star: &Star, arc_costs: &[f64], origin: u32) {
        self.costs.fill(f64::INFINITY);
        self.parents.fill(NONE);
        self.order.clear();
        self.costs[origin as usize] = 0.0;
        self.queue.push(Reverse((0, origin)));
        while let Some(Reverse((bits, node))) = self.queue.pop() {
            // Costs are at least 0, so their bits sort as they do.
            let cost = f64::from_bits(bits);
            if cost > self.costs[node as usize] {
                continue;
            }
            self.order.push(node);
            if !star.passes(node) && node != origin {
                continue;
            }
            for arc in star.leaving(node) {
                let (head, reached) = (star.heads[arc], cost + arc_costs[arc]);
                if reached < self.costs[head as usize] {
                    self.costs[head as usize] = reached;
                    self.parents[head as usize] = arc as u32;
                    self.queue.push(Reverse((reached.to_bits(), head)));
                }
            }
        }
    }
}

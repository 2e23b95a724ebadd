//! Least-cost paths from one node to all others.
//!
//! The first search is Dijkstra's. A later one begins with the tree of the one before: its costs under the new arc costs
//! are upper bounds, every arc is looked at once in the old order, and only what became cheaper out of order is searched
//! again. Costs so found are the same to the bit; of paths that cost exactly the same another may be kept.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::star::{NONE, Star};

/// The least-cost paths from an origin. Empty before the first search.
#[derive(Clone, Default)]
pub(super) struct Tree {
    /// The arc by which each node is reached; [`NONE`] for the origin and where no path leads.
    pub(super) parents: Vec<u32>,
    /// The nodes that are reached, roughly by their cost; a node may stand there twice.
    pub(super) order: Vec<u32>,
}

/// Room to search in, and what the last search found.
pub(super) struct Search {
    /// What it costs to reach each node; infinite where no path leads.
    pub(super) costs: Vec<f64>,
    /// Nodes that will still be looked at in their order.
    waits: Vec<bool>,
    order: Vec<u32>,
    queue: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Search {
    pub(super) fn new(star: &Star) -> Self {
        let nodes = star.node_count();
        Self {
            costs: vec![f64::INFINITY; nodes],
            waits: vec![false; nodes],
            order: Vec::with_capacity(nodes),
            queue: BinaryHeap::new(),
        }
    }

    /// Finds the least-cost paths from `origin` and keeps them in `tree`, which is empty or was found from the same
    /// origin under other costs. Arcs of infinite cost are closed.
    pub(super) fn run(&mut self, star: &Star, arc_costs: &[f64], origin: u32, tree: &mut Tree) {
        self.costs.fill(f64::INFINITY);
        self.costs[origin as usize] = 0.0;
        if tree.parents.is_empty() {
            tree.parents.resize(star.node_count(), NONE);
            tree.order.push(origin);
            self.queue.push(Reverse((0, origin)));
        } else {
            tree.straighten_into(star, origin, &mut self.order, &mut self.waits);
            self.price(star, arc_costs, origin, tree);
            for place in 0..tree.order.len() {
                let node = tree.order[place];
                self.waits[node as usize] = false;
                self.relax(star, arc_costs, origin, node, tree);
            }
        }
        while let Some(node) = self.next() {
            self.relax(star, arc_costs, origin, node, tree);
        }
    }

    /// Straightens a tree of least-cost paths and finds their costs again; those of nodes that are not in it are infinite.
    pub(super) fn price_tree(&mut self, star: &Star, arc_costs: &[f64], origin: u32, tree: &mut Tree) {
        self.costs.fill(f64::INFINITY);
        self.costs[origin as usize] = 0.0;
        tree.straighten_into(star, origin, &mut self.order, &mut self.waits);
        self.price(star, arc_costs, origin, tree);
        for &node in &tree.order {
            self.waits[node as usize] = false;
        }
    }

    /// The cheapest node of the queue.
    #[inline]
    fn next(&mut self) -> Option<u32> {
        while let Some(Reverse((bits, node))) = self.queue.pop() {
            // Costs are at least 0, so their bits sort as they do. A node that became cheaper stands in the queue twice.
            if f64::from_bits(bits) == self.costs[node as usize] {
                return Some(node);
            }
        }
        None
    }

    /// Looks for cheaper ways through `node`.
    #[inline]
    fn relax(&mut self, star: &Star, arc_costs: &[f64], origin: u32, node: u32, tree: &mut Tree) {
        if !star.passes(node) && node != origin {
            return;
        }
        let cost = self.costs[node as usize];
        let leaving = star.leaving(node);
        for ((arc, &head), arc_cost) in
            (leaving.start as u32..).zip(&star.heads[leaving.clone()]).zip(&arc_costs[leaving])
        {
            let reached = cost + arc_cost;
            let before = self.costs[head as usize];
            if reached < before {
                if before == f64::INFINITY {
                    tree.order.push(head);
                }
                self.costs[head as usize] = reached;
                tree.parents[head as usize] = arc;
                if !self.waits[head as usize] {
                    self.queue.push(Reverse((reached.to_bits(), head)));
                }
            }
        }
    }

    /// Prices the nodes along a straight tree. Those that are cut off now keep infinite costs and lose their parent.
    fn price(&mut self, star: &Star, arc_costs: &[f64], origin: u32, tree: &mut Tree) {
        for &node in &tree.order[1..] {
            let arc = tree.parents[node as usize] as usize;
            let tail = star.tails[arc];
            let cost = self.costs[tail as usize] + arc_costs[arc];
            if cost < f64::INFINITY && (star.passes(tail) || tail == origin) {
                self.costs[node as usize] = cost;
            } else {
                tree.parents[node as usize] = NONE;
            }
        }
    }
}

impl Tree {
    /// Lists every node that the search from `origin` reached once and after the one that it is reached from.
    pub(super) fn straighten(&mut self, star: &Star, origin: u32) {
        self.straighten_into(star, origin, &mut Vec::new(), &mut vec![false; star.node_count()]);
    }

    /// As [`Tree::straighten`]. `listed` is false for every node, and afterwards true for those listed.
    fn straighten_into(&mut self, star: &Star, origin: u32, order: &mut Vec<u32>, listed: &mut [bool]) {
        order.clear();
        order.push(origin);
        listed[origin as usize] = true;
        for &leaf in &self.order {
            let start = order.len();
            let mut node = leaf;
            while !listed[node as usize] && self.parents[node as usize] != NONE {
                order.push(node);
                listed[node as usize] = true;
                node = star.tails[self.parents[node as usize] as usize];
            }
            order[start..].reverse();
        }
        std::mem::swap(order, &mut self.order);
    }
}

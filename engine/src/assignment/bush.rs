//! The flows of all trips from one origin.

use super::search::Search;
use super::star::{NONE, Star};

/// What the trips of one group from one origin add to each arc: its arcs, and the flow on each.
pub(super) struct Bush {
    /// The group of classes.
    pub(super) group: u32,
    /// Where its trips begin.
    pub(super) origin: u32,
    /// Where its trips end and how many passenger-car units go there, ascending, only those that a path serves.
    pub(super) trips: Vec<(u32, f64)>,
    /// The arcs, each once.
    pub(super) arcs: Vec<u32>,
    /// The flow on each of them, in passenger-car units.
    pub(super) flows: Vec<f64>,
}

impl Bush {
    pub(super) fn new(group: u32, origin: u32, trips: Vec<(u32, f64)>) -> Self {
        Self { group, origin, trips, arcs: Vec::new(), flows: Vec::new() }
    }

    /// Puts every trip on its path in the tree, and drops the trips that no path serves. `through` is zero for every
    /// node, and is so again afterwards.
    pub(super) fn load_tree(&mut self, star: &Star, tree: &Search, through: &mut [f64]) {
        self.trips.retain(|&(zone, _)| tree.costs[zone as usize].is_finite());
        self.arcs.clear();
        self.flows.clear();
        for &(zone, trips) in &self.trips {
            through[zone as usize] += trips;
        }
        for &node in tree.order.iter().rev() {
            let (flow, arc) = (std::mem::take(&mut through[node as usize]), tree.parents[node as usize]);
            if flow > 0.0 && arc != NONE {
                self.arcs.push(arc);
                self.flows.push(flow);
                through[star.tails[arc as usize] as usize] += flow;
            }
        }
    }

    /// Drops the arcs without flow.
    pub(super) fn compact(&mut self) {
        let mut kept = 0;
        for place in 0..self.arcs.len() {
            if self.flows[place] > 0.0 {
                self.arcs[kept] = self.arcs[place];
                self.flows[kept] = self.flows[place];
                kept += 1;
            }
        }
        self.arcs.truncate(kept);
        self.flows.truncate(kept);
    }

    /// Sorts the arcs, so that those leaving a node stand together.
    pub(super) fn sort(&mut self) {
        if !self.arcs.is_sorted() {
            let mut pairs: Vec<(u32, f64)> = self.arcs.iter().copied().zip(self.flows.iter().copied()).collect();
            pairs.sort_unstable_by_key(|&(arc, _)| arc);
            self.arcs = pairs.iter().map(|pair| pair.0).collect();
            self.flows = pairs.iter().map(|pair| pair.1).collect();
        }
    }
}

//! The flows of all trips from one origin.

use super::search::Tree;
use super::star::Star;

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
    /// The least-cost paths of the last search.
    pub(super) tree: Tree,
}

/// What the bushes add up to on every arc of the star, in their order.
pub(super) fn sum_of_flows(star: &Star, bushes: &[Bush]) -> Vec<f64> {
    let mut flows = vec![0.0; star.arc_count()];
    for bush in bushes {
        for (&arc, flow) in bush.arcs.iter().zip(&bush.flows) {
            flows[arc as usize] += flow;
        }
    }
    flows
}

impl Bush {
    pub(super) fn new(group: u32, origin: u32, trips: Vec<(u32, f64)>) -> Self {
        Self { group, origin, trips, arcs: Vec::new(), flows: Vec::new(), tree: Tree::default() }
    }

    /// Adds trips along the path of the tree to each zone. `flows` has a value for every arc of the star, all zero, and
    /// so again afterwards.
    pub(super) fn load_tree(&mut self, star: &Star, trips: &[(u32, f64)], flows: &mut [f64]) {
        for (&arc, flow) in self.arcs.iter().zip(&self.flows) {
            flows[arc as usize] = *flow;
        }
        for &(zone, trips) in trips {
            let mut node = zone;
            while node != self.origin {
                let arc = self.tree.parents[node as usize];
                if flows[arc as usize] == 0.0 {
                    self.arcs.push(arc);
                }
                flows[arc as usize] += trips;
                node = star.tails[arc as usize];
            }
        }
        self.flows.clear();
        self.flows.extend(self.arcs.iter().map(|&arc| std::mem::take(&mut flows[arc as usize])));
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

    /// Gives back the room that only the search for the equilibrium needed: a day keeps a bush for each zone, class and period.
    pub(super) fn keep_no_more_than_needed(&mut self, star: &Star) {
        if !self.tree.parents.is_empty() {
            self.tree.straighten(star, self.origin);
        }
        self.tree.order.shrink_to_fit();
        self.trips.shrink_to_fit();
        self.arcs.shrink_to_fit();
        self.flows.shrink_to_fit();
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

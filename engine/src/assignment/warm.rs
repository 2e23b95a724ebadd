//! Beginning with the equilibrium of another problem: a scenario with its base's.
//!
//! Every bush keeps the proportions in which the other's flows divide, as far as its arcs are open, and takes its own
//! trips. What the other did not serve goes by the least-cost paths at the other's flows.

use rayon::prelude::*;

use super::balance::Load;
use super::bush::Bush;
use super::equilibrium::{Equilibrium, Kept};
use super::order::BushOrder;
use super::search::{Search, Tree};
use super::solve::{BLOCK, Solver};
use super::star::{NONE, Star};

/// Puts the trips of a solver without flows where `warm` has them.
pub(super) fn load_warm(solver: &mut Solver, warm: &Equilibrium) {
    for (arc, load) in (0..).zip(&mut solver.loads) {
        let first = solver.star.graph_arcs(arc)[0];
        *load = Load::at(&solver.delays, arc, warm.flows.get(first as usize).copied().unwrap_or(0.0));
    }
    let costs = solver.costs();
    let Solver { star, groups, bushes, .. } = solver;
    let kept = |bush: &Bush| {
        let class = groups[bush.group as usize].classes[0];
        let same =
            |kept: &&Bush| kept.origin == bush.origin && warm.kept.groups[kept.group as usize].classes.contains(&class);
        warm.kept.bushes.iter().find(same)
    };
    bushes.par_iter_mut().with_min_len(BLOCK).for_each_init(
        || Room::new(star),
        |room, bush| room.load(star, &costs[bush.group as usize], bush, kept(bush).map(|old| (&*warm.kept, old))),
    );
}

/// Room to load bushes in.
struct Room {
    search: Search,
    order: BushOrder,
    flows: Vec<f64>,
    is_fed: Vec<bool>,
}

impl Room {
    fn new(star: &Star) -> Self {
        Self {
            search: Search::new(star),
            order: BushOrder::new(star),
            flows: vec![0.0; star.arc_count()],
            is_fed: vec![false; star.node_count()],
        }
    }

    fn load(&mut self, star: &Star, costs: &[f64], bush: &mut Bush, kept: Option<(&Kept, &Bush)>) {
        bush.tree = kept.map(|(kept, old)| tree_of(star, &kept.star, &old.tree)).unwrap_or_default();
        let is_open = |arc: u32| costs[arc as usize] < f64::INFINITY;
        if let Some((kept, old)) = kept
            && old.trips == bush.trips
            && flows_of(star, &kept.star, old).all(|(arc, _)| is_open(arc))
        {
            (bush.arcs, bush.flows) = flows_of(star, &kept.star, old).unzip();
            return;
        }
        self.search.run(star, costs, bush.origin, &mut bush.tree);
        bush.trips.retain(|&(zone, _)| self.search.costs[zone as usize] < f64::INFINITY);
        let mut trips = bush.trips.clone();
        if let Some((kept, old)) = kept {
            let mut pattern = Bush::new(bush.group, bush.origin, Vec::new());
            (pattern.arcs, pattern.flows) = flows_of(star, &kept.star, old).filter(|&(arc, _)| is_open(arc)).unzip();
            self.order.order(star, &mut pattern);
            let is_fed = &mut self.is_fed;
            self.order.cut_unfed(star, &mut pattern, |node| is_fed[node as usize] = true);
            let fed = trips.extract_if(.., |&mut (zone, _)| is_fed[zone as usize]);
            let flows = &mut self.flows;
            self.order.load(star, &pattern, fed, |arc, flow| flows[arc as usize] += flow);
            for &node in &self.order.nodes {
                is_fed[node as usize] = false;
            }
            bush.flows = pattern.arcs.iter().map(|&arc| std::mem::take(&mut flows[arc as usize])).collect();
            bush.arcs = pattern.arcs;
            bush.compact();
        }
        bush.load_tree(star, &trips, &mut self.flows);
    }
}

/// The tree of another star in the numbering of this one; new nodes are in none.
fn tree_of(star: &Star, other: &Star, old: &Tree) -> Tree {
    let mut parents = vec![NONE; star.node_count()];
    for &arc in old.parents.iter().filter(|&&arc| arc != NONE) {
        for arc in other.graph_arcs(arc).iter().filter_map(|&piece| star.ending_with(piece)) {
            parents[star.heads[arc as usize] as usize] = arc;
        }
    }
    Tree { parents, order: old.order.iter().filter_map(|&node| star.same_node(other, node)).collect() }
}

/// The arcs of a bush of another star in the numbering of this one, and their flows.
fn flows_of(star: &Star, other: &Star, old: &Bush) -> impl Iterator<Item = (u32, f64)> {
    old.arcs.iter().zip(&old.flows).flat_map(move |(&arc, &flow)| {
        // What is one arc there can be several here, where something was built that others join.
        other.graph_arcs(arc).iter().filter_map(move |&piece| Some((star.beginning_with(piece)?, flow)))
    })
}

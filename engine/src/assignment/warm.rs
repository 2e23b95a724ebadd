//! Beginning with the equilibrium of another problem: a scenario with its base's.
//!
//! Every bush keeps the proportions in which the other's flows divide, as far as its arcs are open, and takes its own
//! trips. What the other did not serve goes by the least-cost paths at the other's flows.

use rayon::prelude::*;

use super::balance::Load;
use super::bush::Bush;
use super::equilibrium::{Equilibrium, KeptBush};
use super::order::BushOrder;
use super::search::{Search, Tree};
use super::solve::{BLOCK, Solver};
use super::star::{NONE, Star};

/// Puts the trips of a solver without flows where `warm` has them.
pub(super) fn load_warm(solver: &mut Solver, warm: &Equilibrium) {
    for (&arc, &flow) in solver.star.star_arcs.iter().zip(&warm.flows) {
        let arc = arc as usize;
        solver.loads[arc] = Load::at(&solver.delays[arc], flow);
    }
    let costs = solver.costs();
    let Solver { star, groups, bushes, .. } = solver;
    let kept = |bush: &Bush| {
        let class = groups[bush.group as usize].classes[0];
        warm.kept.iter().find(|kept| kept.origin == bush.origin && kept.classes.contains(&class))
    };
    bushes
        .par_iter_mut()
        .with_min_len(BLOCK)
        .for_each_init(|| Room::new(star), |room, bush| room.load(star, &costs[bush.group as usize], bush, kept(bush)));
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

    fn load(&mut self, star: &Star, costs: &[f64], bush: &mut Bush, kept: Option<&KeptBush>) {
        bush.tree = kept.map(|kept| tree_of(star, kept)).unwrap_or_default();
        self.search.run(star, costs, bush.origin, &mut bush.tree);
        bush.trips.retain(|&(zone, _)| self.search.costs[zone as usize] < f64::INFINITY);
        let mut trips = bush.trips.clone();
        if let Some(kept) = kept {
            let mut pattern = pattern_of(star, costs, bush, kept);
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

/// The tree in the numbering of the star; new nodes are in none.
fn tree_of(star: &Star, kept: &KeptBush) -> Tree {
    let number = |&arc: &u32| if arc == NONE { NONE } else { star.star_arcs[arc as usize] };
    let mut parents: Vec<u32> = kept.tree.parents.iter().map(number).collect();
    parents.resize(star.node_count(), NONE);
    let order = kept.tree.order.iter().copied().filter(|&node| (node as usize) < parents.len()).collect();
    Tree { parents, order }
}

/// The kept flows on the arcs that are still open.
fn pattern_of(star: &Star, costs: &[f64], bush: &Bush, kept: &KeptBush) -> Bush {
    let mut pattern = Bush::new(bush.group, bush.origin, Vec::new());
    for (&arc, &flow) in kept.arcs.iter().zip(&kept.flows) {
        let arc = star.star_arcs[arc as usize];
        if costs[arc as usize] < f64::INFINITY {
            pattern.arcs.push(arc);
            pattern.flows.push(flow);
        }
    }
    pattern
}

//! The answer: flows, times, and what could not be served.

use std::sync::Arc;

use super::bush::{Bush, sum_of_flows};
use super::groups::Group;
use super::order::BushOrder;
use super::problem::Problem;
use super::star::{NONE, Star};

/// Trips that no path serves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unserved {
    /// Their class.
    pub class: usize,
    /// Where they begin, as a node.
    pub origin: u32,
    /// Where they would end.
    pub destination: u32,
    /// How many vehicles.
    pub trips: f64,
}

/// A user equilibrium: no trip would save time by another path, within the relative gap.
#[derive(Clone)]
pub struct Equilibrium {
    /// Flow of every arc in passenger-car units. Unique where time rises strictly with flow.
    pub flows: Vec<f64>,
    /// Time of every arc at its flow, without fixed costs.
    pub times: Vec<f64>,
    /// Flow of every arc in vehicles, by class.
    pub class_flows: Vec<Vec<f64>>,
    /// The share of all cost that would be saved if every trip went by the least-cost path of the moment.
    pub relative_gap: f64,
    /// Whether the gap asked for was reached.
    pub converged: bool,
    /// How often all trips were looked at.
    pub iterations: u32,
    /// Beckmann's objective: time integrated over flow, and the fixed costs, in passenger-car units times time.
    pub beckmann: f64,
    /// Time of all vehicles, without fixed costs.
    pub total_time: f64,
    /// Trips left out because no path leads to their destination, by class, origin and destination.
    pub unserved: Vec<Unserved>,
    /// Trips of each class that end in the zone that they begin in, which are on no arc.
    pub within_zones: Vec<f64>,
    /// Tail and head of every arc, and the flows by origin, for another problem to begin with.
    pub(super) arcs: Vec<(u32, u32)>,
    zone_count: u32,
    pub(super) kept: Arc<Kept>,
}

/// The flows by origin that an equilibrium came from.
pub(super) struct Kept {
    pub(super) star: Star,
    pub(super) groups: Vec<Group>,
    pub(super) bushes: Vec<Bush>,
}

/// What the solver leaves.
pub(super) struct Solution {
    pub(super) star: Star,
    pub(super) groups: Vec<Group>,
    pub(super) bushes: Vec<Bush>,
    pub(super) relative_gap: f64,
    pub(super) iterations: u32,
    pub(super) converged: bool,
}

impl Equilibrium {
    /// All trips that no path serves, in vehicles.
    #[must_use]
    pub fn unserved_trips(&self) -> f64 {
        self.unserved.iter().fold(0.0, |sum, unserved| sum + unserved.trips)
    }

    /// Time of the class's least-cost path from every zone to every other, without fixed costs, by rows: `origin ·
    /// zone_count + destination`. Infinite where no path leads, and from zones that send none of the class's trips.
    ///
    /// # Panics
    /// Where the problem has no such class.
    #[must_use]
    pub fn times_between(&self, class: usize) -> Vec<f64> {
        let Kept { star, groups, bushes } = &*self.kept;
        let zones = self.zone_count as usize;
        let mut times = vec![f64::INFINITY; zones * zones];
        let arc_times = star.sums(&self.times);
        let mut reached = vec![f64::NAN; star.node_count()];
        let mut path = Vec::new();
        for bush in bushes.iter().filter(|bush| groups[bush.group as usize].classes.contains(&class)) {
            reached.fill(f64::NAN);
            reached[bush.origin as usize] = 0.0;
            for destination in 0..self.zone_count {
                let mut node = destination;
                while reached[node as usize].is_nan() && bush.tree.parents[node as usize] != NONE {
                    path.push(bush.tree.parents[node as usize]);
                    node = star.tails[bush.tree.parents[node as usize] as usize];
                }
                let begins = reached[node as usize];
                let mut time = if begins.is_nan() { f64::INFINITY } else { begins };
                for arc in path.drain(..).rev() {
                    time += arc_times[arc as usize];
                    reached[star.heads[arc as usize] as usize] = time;
                }
                times[bush.origin as usize * zones + destination as usize] = time;
            }
        }
        times
    }

    pub(super) fn of(problem: &Problem<'_>, mut solution: Solution) -> Self {
        let class_flows = class_flows(problem, &mut solution);
        for bush in &mut solution.bushes {
            bush.keep_no_more_than_needed(&solution.star);
        }
        let flows = solution.star.in_graph_order(sum_of_flows(&solution.star, &solution.bushes));
        let times: Vec<f64> = problem.delays.iter().zip(&flows).map(|(delay, &flow)| delay.time(flow)).collect();
        let (mut beckmann, mut total_time) = (0.0, 0.0);
        for (delay, &flow) in problem.delays.iter().zip(&flows) {
            beckmann += delay.integral(flow);
        }
        for (class, flows) in problem.classes.iter().zip(&class_flows) {
            for ((&flow, time), fixed) in flows.iter().zip(&times).zip(class.fixed_cost) {
                if flow > 0.0 {
                    beckmann += flow * class.pcu * fixed;
                    total_time += flow * time;
                }
            }
        }
        let within = |zone: u32, class: usize| {
            let (zones, trips) = problem.classes[class].demand.row(zone);
            zones.binary_search(&zone).map_or(0.0, |place| trips[place])
        };
        Self {
            flows,
            times,
            class_flows,
            relative_gap: solution.relative_gap,
            converged: solution.converged,
            iterations: solution.iterations,
            beckmann,
            total_time,
            unserved: unserved(problem, &solution),
            arcs: problem.graph.tails().iter().copied().zip(problem.graph.heads().iter().copied()).collect(),
            within_zones: (0..problem.classes.len())
                .map(|class| (0..problem.graph.zone_count()).map(|zone| within(zone, class)).sum())
                .collect(),
            zone_count: problem.graph.zone_count(),
            kept: Arc::new(Kept { star: solution.star, groups: solution.groups, bushes: solution.bushes }),
        }
    }
}

/// The flow of every class on every arc of the graph, in vehicles. Takes flow that goes in circles out of the bushes: where
/// the iterations ran out, or ways that cost nothing closed one.
fn class_flows(problem: &Problem<'_>, solution: &mut Solution) -> Vec<Vec<f64>> {
    let Solution { star, groups, bushes, .. } = solution;
    let mut flows = vec![vec![0.0; star.arc_count()]; problem.classes.len()];
    let mut order = BushOrder::new(star);
    for bush in bushes {
        let classes = &groups[bush.group as usize].classes;
        order.order(star, bush);
        if let &[class] = &classes[..] {
            let pcu = problem.classes[class].pcu;
            for (&arc, flow) in bush.arcs.iter().zip(&bush.flows) {
                flows[class][arc as usize] += flow / pcu;
            }
            continue;
        }
        for &class in classes {
            let (zones, trips) = problem.classes[class].demand.row(bush.origin);
            let served = zones
                .iter()
                .zip(trips)
                .map(|(&zone, &trips)| (zone, trips))
                .filter(|(zone, _)| bush.trips.binary_search_by_key(zone, |&(served, _)| served).is_ok());
            let of_class = &mut flows[class];
            order.load(star, bush, served, |arc, flow| of_class[arc as usize] += flow);
        }
    }
    flows.into_iter().map(|flows| star.in_graph_order(flows)).collect()
}

/// The trips between different zones that are in no bush.
fn unserved(problem: &Problem<'_>, solution: &Solution) -> Vec<Unserved> {
    let mut unserved = Vec::new();
    let mut served: Vec<Vec<Option<&Bush>>> =
        vec![vec![None; problem.graph.zone_count() as usize]; problem.classes.len()];
    for bush in &solution.bushes {
        for &class in &solution.groups[bush.group as usize].classes {
            served[class][bush.origin as usize] = Some(bush);
        }
    }
    for (class, (of_class, bushes)) in problem.classes.iter().zip(served).enumerate() {
        for (origin, destination, trips) in
            of_class.demand.iter().filter(|(origin, destination, _)| origin != destination)
        {
            let is_served = bushes[origin as usize]
                .is_some_and(|bush| bush.trips.binary_search_by_key(&destination, |&(zone, _)| zone).is_ok());
            if !is_served {
                unserved.push(Unserved { class, origin, destination, trips });
            }
        }
    }
    unserved
}

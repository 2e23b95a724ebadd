//! The solver: trees and pairs for all bushes in parallel against frozen times, then flow moved pair after pair.

use rayon::prelude::*;

use super::balance::{Load, SharedPairs};
use super::bush::{Bush, sum_of_flows};
use super::equilibrium::{Equilibrium, Solution};
use super::groups::{Group, empty_bushes, groups};
use super::order::BushOrder;
use super::pairs::{BushPairs, PairFinder};
use super::problem::{AssignmentError, Options, Problem};
use super::proportional::settle;
use super::search::Search;
use super::star::{Delays, Star};
use super::warm::load_warm;

/// Bushes that one task works on; results do not depend on how many tasks run at once.
pub(super) const BLOCK: usize = 8;
/// Bushes that are loaded at once at the start: many see the same times, few leave nothing to do at once.
const WAVE: usize = 32;
/// Pairs are balanced until a round gains less than this share of what the first did, or so often.
const ROUND_GAIN_MIN: f64 = 0.01;
const ROUNDS_MAX: u32 = 20;

/// Assigns the problem's trips: nobody could save time by another path. See the [chapter](super) for the method.
///
/// `warm` is the equilibrium of a problem that this one extends: arc and node `i` there are arc and node `i` here, and
/// class `i` there is class `i` here. The result is the same as without it within the gap, and comes sooner.
///
/// Where the gap is not reached within the iterations, the answer says so in [`Equilibrium::converged`].
///
/// # Errors
/// [`AssignmentError`] where the parts of the problem do not fit each other or a number makes no sense.
pub fn solve(
    problem: &Problem<'_>,
    options: &Options,
    warm: Option<&Equilibrium>,
) -> Result<Equilibrium, AssignmentError> {
    problem.check(options)?;
    let mut solver = Solver::new(problem);
    match warm {
        Some(warm) => {
            check_extends(problem, warm)?;
            load_warm(&mut solver, warm);
        }
        None => solver.load_cold(),
    }
    let mut iterations = 0;
    let gap = loop {
        let (gap, found) = solver.look();
        if iterations == options.iterations_max {
            break gap;
        }
        if gap > options.gap {
            solver.balance(&found);
        } else if !solver.cut_circles() {
            break gap;
        }
        iterations += 1;
    };
    if options.proportional && problem.classes.len() > 1 {
        settle(&mut solver, gap);
    }
    let Solver { star, groups, bushes, .. } = solver;
    let converged = gap <= options.gap;
    let solution = Solution { star, groups, bushes, relative_gap: gap, iterations, converged };
    Ok(Equilibrium::of(problem, solution))
}

/// Whether the arcs of the equilibrium to begin with are the first of the problem's.
fn check_extends(problem: &Problem<'_>, warm: &Equilibrium) -> Result<(), AssignmentError> {
    let mut arcs = problem.graph.tails().iter().copied().zip(problem.graph.heads().iter().copied());
    match warm.arcs.iter().position(|&ends| arcs.next() != Some(ends)) {
        Some(arc) => Err(AssignmentError::WarmStart { arc }),
        None => Ok(()),
    }
}

/// The state of a solution under way.
pub(super) struct Solver {
    pub(super) star: Star,
    pub(super) groups: Vec<Group>,
    pub(super) delays: Delays,
    pub(super) bushes: Vec<Bush>,
    pub(super) loads: Vec<Load>,
}

impl Solver {
    fn new(problem: &Problem<'_>) -> Self {
        let star = Star::new(problem.graph);
        let groups = groups(problem, &star);
        let bushes = empty_bushes(problem, &groups);
        let delays = star.delays(problem.delays);
        let loads = (0..star.arc_count() as u32).map(|arc| Load::at(&delays, arc, 0.0)).collect();
        Self { star, groups, delays, bushes, loads }
    }

    /// The cost of each arc to each group, now.
    pub(super) fn costs(&self) -> Vec<Vec<f64>> {
        let costs =
            |group: &Group| self.loads.iter().zip(&group.fixed_costs).map(|(load, fixed)| load.time + fixed).collect();
        self.groups.iter().map(costs).collect()
    }

    /// Puts the trips of one wave of bushes after the other on the least-cost paths that the waves before left.
    fn load_cold(&mut self) {
        for start in (0..self.bushes.len()).step_by(WAVE) {
            let costs = self.costs();
            let end = (start + WAVE).min(self.bushes.len());
            let star = &self.star;
            self.bushes[start..end].par_iter_mut().with_min_len(BLOCK).for_each_init(
                || (Search::new(star), vec![0.0; star.arc_count()]),
                |(search, flows), bush| {
                    search.run(star, &costs[bush.group as usize], bush.origin, &mut bush.tree);
                    bush.trips.retain(|&(zone, _)| search.costs[zone as usize] < f64::INFINITY);
                    let trips = std::mem::take(&mut bush.trips);
                    bush.load_tree(star, &trips, flows);
                    bush.trips = trips;
                },
            );
            for bush in &self.bushes[start..end] {
                for (&arc, flow) in bush.arcs.iter().zip(&bush.flows) {
                    let load = &mut self.loads[arc as usize];
                    *load = Load::at(&self.delays, arc, load.flow + flow);
                }
            }
        }
    }

    /// Adds up the flows of the arcs and finds every bush's tree and pairs. Returns the relative gap and the pairs.
    fn look(&mut self) -> (f64, Vec<BushPairs>) {
        self.sum_flows();
        let costs = self.costs();
        let star = &self.star;
        let mut found: Vec<(f64, f64, BushPairs)> = Vec::with_capacity(self.bushes.len());
        self.bushes
            .par_iter_mut()
            .with_min_len(BLOCK)
            .map_init(
                || (Search::new(star), PairFinder::new(star)),
                |(search, finder), bush| {
                    let costs = &costs[bush.group as usize];
                    bush.compact();
                    search.run(star, costs, bush.origin, &mut bush.tree);
                    let spent: f64 =
                        bush.arcs.iter().zip(&bush.flows).map(|(&arc, flow)| flow * costs[arc as usize]).sum();
                    let least: f64 = bush.trips.iter().map(|&(zone, trips)| trips * search.costs[zone as usize]).sum();
                    let mut pairs = BushPairs::default();
                    finder.find(star, bush, &search.costs, &mut pairs);
                    (spent, least, pairs)
                },
            )
            .collect_into_vec(&mut found);
        let spent: f64 = found.iter().map(|found| found.0).sum();
        let least: f64 = found.iter().map(|found| found.1).sum();
        let gap = if spent > 0.0 { (spent - least).max(0.0) / spent } else { 0.0 };
        (gap, found.into_iter().map(|found| found.2).collect())
    }

    /// Takes flow that goes in circles out of all bushes. Returns whether there was any.
    fn cut_circles(&mut self) -> bool {
        let star = &self.star;
        let had_circles = |order: &mut BushOrder, bush: &mut Bush| order.order(star, bush);
        self.bushes
            .par_iter_mut()
            .with_min_len(BLOCK)
            .map_init(|| BushOrder::new(star), had_circles)
            .reduce(|| false, |one, other| one | other)
    }

    /// Makes the flow of every arc what the bushes add up to.
    fn sum_flows(&mut self) {
        let flows = sum_of_flows(&self.star, &self.bushes);
        for ((arc, load), flow) in (0..).zip(&mut self.loads).zip(flows) {
            *load = Load::at(&self.delays, arc, flow);
        }
    }

    /// Balances all pairs in turn, until a round gains little.
    fn balance(&mut self, found: &[BushPairs]) {
        let shared = SharedPairs::gather(&self.bushes, found, &self.groups);
        let mut first = 0.0;
        for round in 0..ROUNDS_MAX {
            let gained = shared.balance(&mut self.bushes, found, &self.delays, &mut self.loads);
            if round == 0 {
                first = gained;
            }
            if gained <= ROUND_GAIN_MIN * first {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assignment::{ClassDemand, OdMatrix, VolumeDelay};
    use crate::network::Graph;

    fn line(free_time: f64, slope: f64) -> VolumeDelay {
        VolumeDelay::Bpr { free_time, b: slope / free_time, power: 1.0, capacity: 1.0 }
    }

    #[test]
    fn braess_trips_take_longer_with_the_bridging_link_than_without() {
        // Zones 0 and 1, junctions 2 and 3; six trips from 0 to 1. The bridge runs from 2 to 3.
        let graph = Graph::new(4, 2, 0, vec![0, 0, 2, 3, 2], vec![2, 3, 1, 1, 3]).unwrap();
        let delays = [line(1e-8, 10.0), line(50.0, 1.0), line(50.0, 1.0), line(1e-8, 10.0), line(10.0, 1.0)];
        let demand = OdMatrix::from_entries(2, vec![(0, 1, 6.0)]).unwrap();
        let time = |bridge: f64| {
            let fixed_cost = [0.0, 0.0, 0.0, 0.0, bridge];
            let classes = [ClassDemand { pcu: 1.0, fixed_cost: &fixed_cost, demand: &demand }];
            let problem = Problem { graph: &graph, delays: &delays, classes: &classes };
            solve(&problem, &Options { gap: 1e-12, ..Options::default() }, None).unwrap().total_time / 6.0
        };
        assert!((time(0.0) - 92.0).abs() < 1e-6);
        assert!((time(f64::INFINITY) - 83.0).abs() < 1e-6);
    }
}

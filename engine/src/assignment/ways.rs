//! Ways of single trips, drawn from the flows by origin that an equilibrium consists of.
//!
//! From the destination backwards: at each node one of the arcs that enter it, in proportion to the flow that the trips
//! of the origin have on it. This is the route choice of proportionality (Bar-Gera, Transportation Research B 44 (2010),
//! section 2.3), under which the expected flows of the ways drawn are [`Equilibrium::class_flows`]. Classes with equal
//! costs share their proportions. From the same proportions follow the flows from arc to arc. Left out: alternatives without
//! flow.

use super::bush::Bush;
use super::equilibrium::{Equilibrium, Kept};
use super::star::Star;

/// The ways of one class from one origin.
pub struct Ways<'a> {
    star: &'a Star,
    bush: &'a Bush,
    /// For each arc that flow from the origin reaches: the node that it enters, the arc, its flow; by node, then arc.
    entering: Vec<(u32, u32, f64)>,
}

impl Equilibrium {
    /// The ways of a class's trips from a zone; `None` where it sends none to other zones, or no path serves them.
    #[must_use]
    pub fn ways(&self, class: usize, origin: u32) -> Option<Ways<'_>> {
        let kept = &*self.kept;
        let is_of_class = |bush: &&Bush| kept.groups[bush.group as usize].classes.contains(&class);
        let bush = kept.bushes.iter().find(|bush| bush.origin == origin && is_of_class(bush))?;
        let entering = entering(&kept.star, bush);
        (!entering.is_empty()).then_some(Ways { star: &kept.star, bush, entering })
    }
}

/// Flow from one arc of the graph to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TurnFlow {
    /// The arc that it leaves.
    pub from: u32,
    /// The arc that it enters.
    pub to: u32,
    /// In passenger-car units.
    pub flow: f64,
}

impl Equilibrium {
    /// The flows from arc to arc, all classes together, by the arcs; only such as there are. On every arc they add up to its
    /// flow, but for trips that begin or end at its ends.
    #[must_use]
    pub fn turn_flows(&self) -> Vec<TurnFlow> {
        let Kept { star, bushes, .. } = &*self.kept;
        // For each arc of the star a place for every arc before it.
        let mut places = Vec::with_capacity(star.arc_count() + 1);
        let mut count = 0;
        for &tail in &star.tails {
            places.push(count);
            count += star.entering(tail).len();
        }
        let mut flows = vec![0.0; count];
        let mut of_arcs = vec![0.0; star.arc_count()];
        for bush in bushes {
            let fed = entering(star, bush);
            for &(_, arc, flow) in &fed {
                of_arcs[arc as usize] += flow;
                let tail = star.tails[arc as usize];
                let first = fed.partition_point(|&(node, ..)| node < tail);
                let before = &fed[first..first + fed[first..].partition_point(|&(node, ..)| node == tail)];
                let total: f64 = before.iter().map(|&(_, _, flow)| flow).sum();
                for &(_, other, of_other) in before {
                    if let Some(place) = star.entering(tail).iter().position(|&known| known == other) {
                        flows[places[arc as usize] + place] += flow * of_other / total;
                    }
                }
            }
        }
        let mut turns = Vec::new();
        for (arc, (&place, &of_arc)) in (0_u32..).zip(places.iter().zip(&of_arcs)) {
            let series = star.graph_arcs(arc);
            if of_arc > 0.0 {
                turns.extend(series.windows(2).map(|pair| TurnFlow { from: pair[0], to: pair[1], flow: of_arc }));
            }
            for (&before, &flow) in star.entering(star.tails[arc as usize]).iter().zip(&flows[place..]) {
                if let (Some(&from), true) = (star.graph_arcs(before).last(), flow > 0.0) {
                    turns.push(TurnFlow { from, to: series[0], flow });
                }
            }
        }
        turns.sort_unstable_by_key(|turn| (turn.from, turn.to));
        turns
    }
}

/// The arcs of a bush that flow from its origin reaches. Rounding can leave flow that hangs on nothing.
fn entering(star: &Star, bush: &Bush) -> Vec<(u32, u32, f64)> {
    let mut is_fed = vec![false; star.node_count()];
    let mut queue = vec![bush.origin];
    is_fed[bush.origin as usize] = true;
    while let Some(node) = queue.pop() {
        for arc in star.leaving(node) {
            let head = star.heads[arc] as usize;
            if bush.arcs.binary_search(&(arc as u32)).is_ok() && !std::mem::replace(&mut is_fed[head], true) {
                queue.push(head as u32);
            }
        }
    }
    let mut entering: Vec<(u32, u32, f64)> = bush
        .arcs
        .iter()
        .zip(&bush.flows)
        .filter(|&(&arc, &flow)| flow > 0.0 && is_fed[star.tails[arc as usize] as usize])
        .map(|(&arc, &flow)| (star.heads[arc as usize], arc, flow))
        .collect();
    entering.sort_unstable_by_key(|&(node, arc, _)| (node, arc));
    entering
}

impl Ways<'_> {
    /// A way to a zone, as arcs of the problem's graph in their order; `None` where the equilibrium serves no trip there.
    /// `number` gives numbers between 0 and 1, one for each node where there is a choice, from the destination backwards.
    pub fn draw(&self, destination: u32, mut number: impl FnMut() -> f64) -> Option<Vec<u32>> {
        self.bush.trips.binary_search_by_key(&destination, |&(zone, _)| zone).ok()?;
        let mut backwards = Vec::new();
        let mut node = destination;
        while node != self.bush.origin {
            let arc = self.choose(node, &mut number)?;
            backwards.push(arc);
            node = self.star.tails[arc as usize];
            if backwards.len() > self.star.node_count() {
                return None;
            }
        }
        Some(backwards.iter().rev().flat_map(|&arc| self.star.graph_arcs(arc)).copied().collect())
    }

    /// One of the arcs that enter a node.
    fn choose(&self, node: u32, number: &mut impl FnMut() -> f64) -> Option<u32> {
        let first = self.entering.partition_point(|&(head, ..)| head < node);
        let count = self.entering[first..].partition_point(|&(head, ..)| head == node);
        let arcs = &self.entering[first..first + count];
        if let [(_, arc, _)] = arcs {
            return Some(*arc);
        }
        let total: f64 = arcs.iter().map(|&(_, _, flow)| flow).sum();
        let mut left = if arcs.is_empty() { 0.0 } else { number() * total };
        for &(_, arc, flow) in arcs {
            left -= flow;
            if left < 0.0 {
                return Some(arc);
            }
        }
        arcs.last().map(|&(_, arc, _)| arc)
    }
}

#[cfg(test)]
mod tests {
    use crate::assignment::{ClassDemand, OdMatrix, Options, Problem, VolumeDelay, solve};
    use crate::draws::{Draws, Purpose};
    use crate::network::Graph;

    /// Zones 0 and 1; two ways from 2 to 3 and two from 3 to 4, so that there are four in all.
    #[test]
    fn ways_are_drawn_in_proportion_to_flows() {
        let graph = Graph::new(5, 2, 2, vec![0, 2, 2, 3, 3, 4], vec![2, 3, 3, 4, 4, 1]).unwrap();
        let line = |free_time: f64, slope: f64| VolumeDelay::Bpr {
            free_time,
            b: slope / free_time,
            power: 1.0,
            capacity: 1.0,
        };
        let constant = VolumeDelay::Constant { time: 1.0 };
        let delays = [constant, line(10.0, 1.0), line(12.0, 1.0), line(10.0, 1.0), line(16.0, 1.0), constant];
        let demand = OdMatrix::from_entries(2, vec![(0, 1, 10.0)]).unwrap();
        let classes = [ClassDemand { pcu: 1.0, fixed_cost: &[0.0; 6], demand: &demand }];
        let problem = Problem { graph: &graph, delays: &delays, classes: &classes };
        let equilibrium = solve(&problem, &Options { gap: 1e-12, ..Options::default() }, None).unwrap();
        let ways = equilibrium.ways(0, 0).unwrap();
        let draws = Draws::new(1);
        let count = 20_000;
        let mut flows = [0.0; 6];
        for trip in 0..count {
            let mut numbers = draws.sequence(Purpose::new("way"), trip);
            for arc in ways.draw(1, || numbers.uniform()).unwrap() {
                flows[arc as usize] += 10.0 / count as f64;
            }
        }
        for (drawn, flow) in flows.iter().zip(&equilibrium.class_flows[0]) {
            assert!((drawn - flow).abs() < 0.15, "{flows:?} {:?}", equilibrium.class_flows);
        }
        // Who comes by the first way goes on as who comes by the second does.
        let turns = equilibrium.turn_flows();
        let of =
            |from: u32, to: u32| turns.iter().find(|turn| (turn.from, turn.to) == (from, to)).map(|turn| turn.flow);
        let by_arc = &equilibrium.class_flows[0];
        for (from, to) in [(1, 3), (1, 4), (2, 3), (2, 4)] {
            let flow = of(from, to).unwrap();
            let share = by_arc[from as usize] / 10.0;
            assert!((flow - by_arc[to as usize] * share).abs() < 1e-6, "{turns:?}");
        }
        assert!((of(0, 1).unwrap() - by_arc[1]).abs() < 1e-6 && turns.len() == 8, "{turns:?}");
        assert!(equilibrium.ways(0, 1).is_none() && equilibrium.ways(1, 0).is_none());
        assert!(ways.draw(0, || 0.5).is_none());
    }
}

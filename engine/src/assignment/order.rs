//! The nodes of a bush from its origin outwards, and what follows from it: each class's part of the flows.
//!
//! At every node the trips of a bush divide over the arcs that enter it in one proportion, whichever class and
//! destination they have. Walking the nodes backwards so gives the flows of any of its trips.

use super::bush::Bush;
use super::star::{NONE, Star};

/// Room to order bushes in.
pub(super) struct BushOrder {
    /// The nodes of the bush, each before those that its flow goes on to.
    pub(super) nodes: Vec<u32>,
    state: Vec<u8>,
    /// Where in the bush the arcs that leave each of its nodes begin, and [`NONE`] where none does.
    first_leaving: Vec<u32>,
    stack: Vec<(u32, u32)>,
    through: Vec<f64>,
    inflow: Vec<f64>,
    place_of: Vec<u32>,
}

const UNSEEN: u8 = 0;
const OPEN: u8 = 1;
const DONE: u8 = 2;
const FED: u8 = 3;

impl BushOrder {
    pub(super) fn new(star: &Star) -> Self {
        let nodes = star.node_count();
        Self {
            nodes: Vec::new(),
            state: vec![UNSEEN; nodes],
            first_leaving: vec![NONE; nodes],
            stack: Vec::new(),
            through: vec![0.0; nodes],
            inflow: vec![0.0; nodes],
            place_of: vec![NONE; star.arc_count()],
        }
    }

    /// Orders the nodes, taking flow that goes in circles out of the bush. Its arcs are sorted and all have flow
    /// afterwards. Returns whether there was such flow.
    pub(super) fn order(&mut self, star: &Star, bush: &mut Bush) -> bool {
        bush.compact();
        bush.sort();
        let mut had_cycles = false;
        while let Some(cycle) = self.find_cycle(star, bush) {
            had_cycles = true;
            let least = cycle.iter().map(|&place| bush.flows[place]).fold(f64::INFINITY, f64::min);
            for place in cycle {
                bush.flows[place] -= least;
            }
            bush.compact();
        }
        had_cycles
    }

    /// A circle of arcs as places in the bush, or none and `nodes` in order.
    fn find_cycle(&mut self, star: &Star, bush: &Bush) -> Option<Vec<usize>> {
        for head in bush.arcs.iter().map(|&arc| star.heads[arc as usize]).chain([bush.origin]) {
            self.state[head as usize] = UNSEEN;
            self.first_leaving[head as usize] = NONE;
        }
        for (place, &arc) in bush.arcs.iter().enumerate().rev() {
            let tail = star.tails[arc as usize] as usize;
            self.state[tail] = UNSEEN;
            self.first_leaving[tail] = place as u32;
        }
        self.nodes.clear();
        // Rounding can leave flow that hangs on nothing: every tail is a root, the origin the last and so the first.
        for root in bush.arcs.iter().map(|&arc| star.tails[arc as usize]).chain([bush.origin]) {
            if self.state[root as usize] == UNSEEN
                && let Some(cycle) = self.search_from(star, bush, root)
            {
                return Some(cycle);
            }
        }
        self.nodes.reverse();
        None
    }

    fn search_from(&mut self, star: &Star, bush: &Bush, root: u32) -> Option<Vec<usize>> {
        self.stack.clear();
        self.stack.push((root, self.first_leaving[root as usize]));
        self.state[root as usize] = OPEN;
        while let Some((node, place)) = self.stack.last_mut() {
            let (tail, arc) = (*node, bush.arcs.get(*place as usize));
            let Some(arc) = arc.filter(|&&arc| arc < star.first[tail as usize + 1]) else {
                self.state[tail as usize] = DONE;
                self.nodes.push(tail);
                self.stack.pop();
                continue;
            };
            *place += 1;
            let head = star.heads[*arc as usize];
            match self.state[head as usize] {
                UNSEEN => {
                    self.state[head as usize] = OPEN;
                    self.stack.push((head, self.first_leaving[head as usize]));
                }
                OPEN => {
                    let start = self.stack.iter().position(|&(node, _)| node == head).unwrap_or(0);
                    // Each place on the stack is one past the arc that the search followed.
                    return Some(self.stack[start..].iter().map(|&(_, place)| place as usize - 1).collect());
                }
                _ => {}
            }
        }
        None
    }

    /// Takes the arcs out of an ordered bush that no flow reaches from its origin, and calls `fed` with every node that
    /// some does reach.
    pub(super) fn cut_unfed(&mut self, star: &Star, bush: &mut Bush, mut fed: impl FnMut(u32)) {
        // Room for marks: the search that ordered the nodes is done.
        self.state[bush.origin as usize] = FED;
        for &node in &self.nodes {
            let is_fed = std::mem::replace(&mut self.state[node as usize], UNSEEN) == FED;
            if is_fed {
                fed(node);
            }
            let end = star.first[node as usize + 1];
            let start = self.first_leaving[node as usize] as usize;
            for place in (start..bush.arcs.len()).take_while(|&place| bush.arcs[place] < end) {
                if is_fed {
                    self.state[star.heads[bush.arcs[place] as usize] as usize] = FED;
                } else {
                    bush.flows[place] = 0.0;
                }
            }
        }
        bush.compact();
    }

    /// Calls `add` with every arc of an ordered bush and the flow that `trips` to its destinations put on it.
    pub(super) fn load(
        &mut self,
        star: &Star,
        bush: &Bush,
        trips: impl IntoIterator<Item = (u32, f64)>,
        mut add: impl FnMut(u32, f64),
    ) {
        for (place, &arc) in (0_u32..).zip(&bush.arcs) {
            self.place_of[arc as usize] = place;
            self.inflow[star.heads[arc as usize] as usize] += bush.flows[place as usize];
        }
        for (zone, trips) in trips {
            self.through[zone as usize] += trips;
        }
        for &node in self.nodes.iter().rev() {
            let through = std::mem::take(&mut self.through[node as usize]);
            if through > 0.0 {
                for &arc in star.entering(node) {
                    let place = self.place_of[arc as usize];
                    if place != NONE {
                        let flow = through * (bush.flows[place as usize] / self.inflow[node as usize]);
                        add(arc, flow);
                        self.through[star.tails[arc as usize] as usize] += flow;
                    }
                }
            }
        }
        for &arc in &bush.arcs {
            self.place_of[arc as usize] = NONE;
            self.inflow[star.heads[arc as usize] as usize] = 0.0;
        }
        self.through[bush.origin as usize] = 0.0;
    }
}

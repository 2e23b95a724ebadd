//! Moves flow between the segments of pairs until both cost the same: Newton's method, one pair after the other.

use super::bush::Bush;
use super::groups::Group;
use super::pairs::{BushPair, BushPairs};
use super::star::Delays;

/// The flow of one arc, and what it takes there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Load {
    /// Passenger-car units of all groups.
    pub(super) flow: f64,
    /// Time at that flow.
    pub(super) time: f64,
    /// What one more unit of flow adds to the time.
    pub(super) slope: f64,
}

impl Load {
    pub(super) fn at(delays: &Delays, arc: u32, flow: f64) -> Self {
        let (time, slope) = delays.time_and_slope(arc, flow);
        Self { flow, time, slope }
    }
}

/// Equal pairs of several bushes.
struct SharedPair {
    arcs_start: u32,
    arcs_split: u32,
    arcs_end: u32,
    users_start: u32,
    users_end: u32,
    /// What the far segment costs besides time, less what the near one does.
    fixed_difference: f64,
}

/// The pairs of all bushes, equal ones together.
pub(super) struct SharedPairs {
    pairs: Vec<SharedPair>,
    arcs: Vec<u32>,
    users: Vec<(u32, BushPair)>,
}

impl SharedPairs {
    pub(super) fn gather(bushes: &[Bush], found: &[BushPairs], groups: &[Group]) -> Self {
        let mut users: Vec<(u32, BushPair)> = Vec::with_capacity(found.iter().map(|found| found.pairs.len()).sum());
        for (bush, found) in (0_u32..).zip(found) {
            users.extend(found.pairs.iter().map(|&pair| (bush, pair)));
        }
        users.sort_by_key(|&(_, pair)| pair.hash);
        let mut shared = Self { pairs: Vec::new(), arcs: Vec::new(), users };
        for user in 0..shared.users.len() {
            let (number, pair) = shared.users[user];
            let (bush, found) = (&bushes[number as usize], &found[number as usize]);
            let arcs = |places: &[u32]| places.iter().map(|&place| bush.arcs[place as usize]).collect::<Vec<u32>>();
            let (near, far) = (arcs(found.near(&pair)), arcs(found.far(&pair)));
            let same = user > 0 && shared.users[user - 1].1.hash == pair.hash && {
                let before = &shared.pairs[shared.pairs.len() - 1];
                let group = bushes[shared.users[before.users_start as usize].0 as usize].group;
                group == bush.group
                    && shared.arcs[before.arcs_start as usize..before.arcs_split as usize] == near
                    && shared.arcs[before.arcs_split as usize..before.arcs_end as usize] == far
            };
            if same {
                let last = shared.pairs.len() - 1;
                shared.pairs[last].users_end += 1;
                continue;
            }
            let fixed = &groups[bush.group as usize].fixed_costs;
            let sum = |arcs: &[u32]| arcs.iter().map(|&arc| fixed[arc as usize]).sum::<f64>();
            let arcs_start = shared.arcs.len() as u32;
            shared.arcs.extend(&near);
            let arcs_split = shared.arcs.len() as u32;
            shared.arcs.extend(&far);
            shared.pairs.push(SharedPair {
                arcs_start,
                arcs_split,
                arcs_end: shared.arcs.len() as u32,
                users_start: user as u32,
                users_end: user as u32 + 1,
                fixed_difference: sum(&far) - sum(&near),
            });
        }
        shared
    }

    /// Balances every pair once. Returns what was gained: flow moved times cost difference.
    pub(super) fn balance(&self, bushes: &mut [Bush], found: &[BushPairs], delays: &Delays, loads: &mut [Load]) -> f64 {
        let mut gained = 0.0;
        for pair in &self.pairs {
            let near = &self.arcs[pair.arcs_start as usize..pair.arcs_split as usize];
            let far = &self.arcs[pair.arcs_split as usize..pair.arcs_end as usize];
            let (mut difference, mut slope) = (pair.fixed_difference, 0.0);
            for &arc in far {
                difference += loads[arc as usize].time;
                slope += loads[arc as usize].slope;
            }
            for &arc in near {
                difference -= loads[arc as usize].time;
                slope += loads[arc as usize].slope;
            }
            let is_cycle = near.is_empty();
            if difference == 0.0 && !is_cycle {
                continue;
            }
            let wanted = if slope > 0.0 && !is_cycle { difference.abs() / slope } else { f64::INFINITY };
            let users = &self.users[pair.users_start as usize..pair.users_end as usize];
            let from_far = difference > 0.0 || is_cycle;
            let mut moved = 0.0;
            for (number, pair) in users {
                let (bush, found) = (&mut bushes[*number as usize], &found[*number as usize]);
                let (from, to) =
                    if from_far { (found.far(pair), found.near(pair)) } else { (found.near(pair), found.far(pair)) };
                let there = from.iter().map(|&place| bush.flows[place as usize]).fold(f64::INFINITY, f64::min);
                let step = there.min(wanted - moved);
                if step > 0.0 {
                    for &place in from {
                        bush.flows[place as usize] -= step;
                    }
                    for &place in to {
                        bush.flows[place as usize] += step;
                    }
                    moved += step;
                }
                if moved >= wanted {
                    break;
                }
            }
            if moved > 0.0 {
                gained += moved * difference.abs();
                let (from, to) = if from_far { (far, near) } else { (near, far) };
                for &arc in from {
                    let flow = (loads[arc as usize].flow - moved).max(0.0);
                    loads[arc as usize] = Load::at(delays, arc, flow);
                }
                for &arc in to {
                    loads[arc as usize] = Load::at(delays, arc, loads[arc as usize].flow + moved);
                }
            }
        }
        gained
    }
}

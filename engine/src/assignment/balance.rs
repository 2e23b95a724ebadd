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
    parties_start: u32,
    parties_end: u32,
}

/// Those users of a pair that are of one group.
struct Party {
    users_start: u32,
    users_end: u32,
    /// What the first segment costs the group besides time, less what the second does.
    fixed_difference: f64,
}

/// The pairs of all bushes, equal ones together.
pub(super) struct SharedPairs {
    pairs: Vec<SharedPair>,
    arcs: Vec<u32>,
    /// By pair; those of one pair by their fixed difference, the largest first.
    parties: Vec<Party>,
    users: Vec<(u32, BushPair)>,
}

/// Where flow is moved.
struct Flows<'a> {
    bushes: &'a mut [Bush],
    found: &'a [BushPairs],
}

/// From which segment of a pair flow is moved to the other.
#[derive(Clone, Copy)]
enum From {
    First,
    Second,
}

impl Flows<'_> {
    fn available(&self, users: &[(u32, BushPair)], from: From) -> f64 {
        let of_user = |(bush, pair): &(u32, BushPair)| {
            let from = self.found[*bush as usize].segments(pair)[from as usize];
            least(&self.bushes[*bush as usize], from)
        };
        users.iter().map(of_user).sum()
    }

    /// Moves up to so much flow from one segment to the other, and returns how much.
    fn shift(&mut self, users: &[(u32, BushPair)], from: From, wanted: f64) -> f64 {
        let mut moved = 0.0;
        for (number, pair) in users {
            let bush = &mut self.bushes[*number as usize];
            let [first, second] = self.found[*number as usize].segments(pair);
            let (from, to) = match from {
                From::First => (first, second),
                From::Second => (second, first),
            };
            let step = least(bush, from).min(wanted - moved);
            if step > 0.0 {
                from.iter().for_each(|&place| bush.flows[place as usize] -= step);
                to.iter().for_each(|&place| bush.flows[place as usize] += step);
                moved += step;
            }
            if moved >= wanted {
                break;
            }
        }
        moved
    }
}

fn least(bush: &Bush, places: &[u32]) -> f64 {
    places.iter().map(|&place| bush.flows[place as usize]).fold(f64::INFINITY, f64::min)
}

impl SharedPairs {
    pub(super) fn gather(bushes: &[Bush], found: &[BushPairs], groups: &[Group]) -> Self {
        let mut users: Vec<(u32, BushPair)> = Vec::with_capacity(found.iter().map(|found| found.pairs.len()).sum());
        for (bush, found) in (0_u32..).zip(found) {
            users.extend(found.pairs.iter().map(|&pair| (bush, pair)));
        }
        // Bushes are in the order of their groups, and stay so.
        users.sort_by_key(|&(_, pair)| pair.hash);
        let mut shared = Self { pairs: Vec::new(), arcs: Vec::new(), parties: Vec::new(), users: Vec::new() };
        let mut group_before = 0;
        for user in 0..users.len() {
            let (number, pair) = users[user];
            let bush = &bushes[number as usize];
            let segments = found[number as usize]
                .segments(&pair)
                .map(|places| places.iter().map(|&place| bush.arcs[place as usize]));
            let is_same = user > 0 && users[user - 1].1.hash == pair.hash && shared.last_is(&segments);
            if !is_same {
                shared.push(&segments);
            }
            if !is_same || group_before != bush.group {
                let fixed = &groups[bush.group as usize].fixed_costs;
                let [first, second] = segments.map(|arcs| arcs.map(|arc| fixed[arc as usize]).sum::<f64>());
                let fixed_difference = first - second;
                shared.parties.push(Party { users_start: user as u32, users_end: user as u32, fixed_difference });
            }
            group_before = bush.group;
            let (party, of_pair) = (shared.parties.len() - 1, shared.pairs.len() - 1);
            shared.parties[party].users_end += 1;
            shared.pairs[of_pair].parties_end = shared.parties.len() as u32;
        }
        shared.users = users;
        for pair in &shared.pairs {
            shared.parties[pair.parties_start as usize..pair.parties_end as usize]
                .sort_by(|one, other| other.fixed_difference.total_cmp(&one.fixed_difference));
        }
        shared
    }

    fn push<Arcs: Iterator<Item = u32> + Clone>(&mut self, [first, second]: &[Arcs; 2]) {
        let arcs_start = self.arcs.len() as u32;
        self.arcs.extend(first.clone());
        let arcs_split = self.arcs.len() as u32;
        self.arcs.extend(second.clone());
        let arcs_end = self.arcs.len() as u32;
        let parties = self.parties.len() as u32;
        self.pairs.push(SharedPair { arcs_start, arcs_split, arcs_end, parties_start: parties, parties_end: parties });
    }

    fn last_is<Arcs: Iterator<Item = u32> + Clone>(&self, [first, second]: &[Arcs; 2]) -> bool {
        self.pairs.last().is_some_and(|pair| {
            let [last_first, last_second] = self.segments(pair);
            last_first.iter().copied().eq(first.clone()) && last_second.iter().copied().eq(second.clone())
        })
    }

    fn segments(&self, pair: &SharedPair) -> [&[u32]; 2] {
        [
            &self.arcs[pair.arcs_start as usize..pair.arcs_split as usize],
            &self.arcs[pair.arcs_split as usize..pair.arcs_end as usize],
        ]
    }

    /// Balances every pair once. Returns what was gained: flow moved times cost difference.
    pub(super) fn balance(&self, bushes: &mut [Bush], found: &[BushPairs], delays: &Delays, loads: &mut [Load]) -> f64 {
        let mut flows = Flows { bushes, found };
        let mut gained = 0.0;
        for pair in &self.pairs {
            let [first, second] = self.segments(pair);
            let (mut time, mut slope) = (0.0, 0.0);
            for &arc in first {
                time += loads[arc as usize].time;
                slope += loads[arc as usize].slope;
            }
            for &arc in second {
                time -= loads[arc as usize].time;
                slope += loads[arc as usize].slope;
            }
            let parties = &self.parties[pair.parties_start as usize..pair.parties_end as usize];
            let moved = if second.is_empty() {
                parties.iter().map(|party| flows.shift(self.users(party), From::First, f64::INFINITY)).sum()
            } else {
                gained += self.exchange(parties, time, &mut flows);
                self.follow(parties, time, slope, &mut flows)
            };
            if moved != 0.0 {
                gained += moved.abs() * (time + parties[0].fixed_difference).abs();
                for &arc in first {
                    loads[arc as usize] = Load::at(delays, arc, (loads[arc as usize].flow - moved).max(0.0));
                }
                for &arc in second {
                    loads[arc as usize] = Load::at(delays, arc, (loads[arc as usize].flow + moved).max(0.0));
                }
            }
        }
        gained
    }

    fn users(&self, party: &Party) -> &[(u32, BushPair)] {
        &self.users[party.users_start as usize..party.users_end as usize]
    }

    /// Where one group would leave the first segment and another the second, they change places: both gain and no time
    /// changes. Alone, each would undo what the other did. Returns what was gained.
    fn exchange(&self, parties: &[Party], time: f64, flows: &mut Flows<'_>) -> f64 {
        let mut gained = 0.0;
        let (mut leaver, mut comer) = (0, parties.len() - 1);
        while leaver < comer {
            let (leaving, coming) = (&parties[leaver], &parties[comer]);
            if time + leaving.fixed_difference <= 0.0 || time + coming.fixed_difference >= 0.0 {
                break;
            }
            let from_first = flows.available(self.users(leaving), From::First);
            let from_second = flows.available(self.users(coming), From::Second);
            let step = from_first.min(from_second);
            if step > 0.0 {
                flows.shift(self.users(leaving), From::First, step);
                flows.shift(self.users(coming), From::Second, step);
                gained += step * (leaving.fixed_difference - coming.fixed_difference);
            }
            if from_first <= from_second {
                leaver += 1;
            } else {
                comer -= 1;
            }
        }
        gained
    }

    /// Moves flow to the cheaper segment by a step of Newton's method, first of those who gain most. Returns how much
    /// left the first segment, less what came.
    fn follow(&self, parties: &[Party], time: f64, slope: f64, flows: &mut Flows<'_>) -> f64 {
        let mut moved = 0.0;
        let wanted = |difference: f64, moved: f64| match difference > 0.0 {
            true if slope > 0.0 => difference / slope - moved,
            true => f64::INFINITY,
            false => 0.0,
        };
        for party in parties {
            let wanted = wanted(time + party.fixed_difference, moved);
            if wanted <= 0.0 {
                break;
            }
            moved += flows.shift(self.users(party), From::First, wanted);
        }
        if moved > 0.0 {
            return moved;
        }
        for party in parties.iter().rev() {
            let wanted = wanted(-(time + party.fixed_difference), moved);
            if wanted <= 0.0 {
                break;
            }
            moved += flows.shift(self.users(party), From::Second, wanted);
        }
        -moved
    }
}

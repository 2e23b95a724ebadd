//! The fastest way at the moment at which somebody begins, by the speeds that streets have lately had.
//!
//! This is how SUMO 1.28 finds the way of a trip without a route (`MSRoutingEngine`): a street takes as long as it does at its
//! mean speed of the last minutes, times without anybody counting as free, but no less than the vehicle needs at the
//! speed that it wants. Who gives way without a signal counts `GIVES_WAY_S` more, who turns back `TURNS_BACK_S`.
//! Searches are A* with landmarks (Goldberg and Harrelson 2005, *Computing the shortest path: A\* search meets graph theory*,
//! SODA, 156–165). Left out: how long the ways through junctions have lately taken.

use std::collections::{BinaryHeap, VecDeque};

use super::demand::{TrafficDemand, VehicleType};
use super::network::{Direction, LaneNetwork, Passage, PassageKind, Permissions, RightOfWay};
use super::routing::Reached;

/// What giving way counts where no signal rules, in seconds (SUMO, `weights.minor-penalty`).
const GIVES_WAY_S: f64 = 1.5;
/// By how much more than this, in metres a second, a street is slower than its limit does not matter: it is as good as closed.
const SLOWER_MAX_MPS: f64 = 1e6;
/// What turning back counts, in seconds (SUMO, `weights.turnaround-penalty`).
const TURNS_BACK_S: f64 = 5.0;
/// How many landmarks there are.
const LANDMARKS: usize = 8;
/// Streets slower than this count as blocked for ever, in metres a second.
const SLOWEST_MPS: f64 = 1e-3;

/// A step from the end of a street to the end of the next.
#[derive(Clone, Copy, Debug)]
struct Step {
    street: u32,
    inside_m: f64,
    inside_limit_mps: f64,
    penalty_s: f64,
    permissions: Permissions,
}

/// Who looks for a way.
#[derive(Clone, Copy, Debug)]
pub struct Traveller {
    /// Which bit of [`Permissions`] lets it in; `None` ignores them.
    pub permission: Option<u8>,
    /// Its highest speed in metres a second.
    pub max_speed_mps: f64,
    /// Its desired speed over the speed limit.
    pub speed_factor: f64,
}

impl Traveller {
    /// Somebody who drives a vehicle of a type, with that speed factor.
    #[must_use]
    pub fn of(kind: &VehicleType, speed_factor: f64) -> Self {
        Self { permission: kind.permission, max_speed_mps: kind.max_speed_mps, speed_factor }
    }

    /// The time that a way takes at its speed limit or at another speed, whichever is slower, in seconds.
    fn time_s(&self, length_m: f64, limit_mps: f64, speed_mps: f64) -> f64 {
        length_m / (limit_mps * self.speed_factor).min(self.max_speed_mps).min(speed_mps)
    }
}

/// Finds the fastest ways on one network.
#[derive(Clone, Debug)]
pub struct CurrentWays {
    first: Vec<u32>,
    steps: Vec<Step>,
    length_m: Vec<f64>,
    limit_mps: Vec<f64>,
    /// For each landmark the least times from it to all streets, and from all streets to it, in seconds.
    landmarks: Vec<(Vec<f64>, Vec<f64>)>,
    reached_s: Vec<f64>,
    before: Vec<u32>,
    touched: Vec<u32>,
    queue: BinaryHeap<Reached>,
}

impl CurrentWays {
    /// A finder of ways on a network.
    #[must_use]
    pub fn new(network: &LaneNetwork) -> Self {
        let count = network.streets.len();
        let (mut first, mut steps) = (vec![0], Vec::new());
        for street in &network.streets {
            for lane in street.lanes() {
                steps.extend(network.passages_from(lane).iter().map(|passage| step(network, lane, passage)));
            }
            first.push(steps.len() as u32);
        }
        let lane = |street: &super::network::Street| &network.lanes[street.first_lane as usize];
        let mut ways = Self {
            first,
            steps,
            length_m: network.streets.iter().map(|street| lane(street).length_m).collect(),
            limit_mps: network.streets.iter().map(|street| lane(street).speed_limit_mps).collect(),
            landmarks: Vec::new(),
            reached_s: vec![f64::INFINITY; count],
            before: vec![u32::MAX; count],
            touched: Vec::new(),
            queue: BinaryHeap::new(),
        };
        ways.choose_landmarks();
        ways
    }

    /// The speed limit of a street, in metres a second.
    #[must_use]
    pub fn limit_mps(&self, street: u32) -> f64 {
        self.limit_mps[street as usize]
    }

    /// The streets of the fastest way through some streets, one after the other, where each street is as fast as `speed_mps`
    /// says; `None` where there is no way.
    pub fn through(&mut self, who: Traveller, through: &[u32], speed_mps: &dyn Fn(u32) -> f64) -> Option<Vec<u32>> {
        let mut streets = vec![*through.first()?];
        for pair in through.windows(2).filter(|pair| pair[0] != pair[1]) {
            streets.extend(self.fastest(who, pair[0], pair[1], speed_mps)?.into_iter().skip(1));
        }
        Some(streets)
    }

    /// The streets of the fastest way from one street to another, both included.
    fn fastest(
        &mut self,
        who: Traveller,
        origin: u32,
        destination: u32,
        speed_mps: &dyn Fn(u32) -> f64,
    ) -> Option<Vec<u32>> {
        self.reach(origin, 0.0, u32::MAX, self.least_left_s(origin, destination));
        let mut is_found = false;
        while let Some(Reached { time_s: whole_s, street }) = self.queue.pop() {
            if street == destination {
                is_found = true;
                break;
            }
            let now_s = self.reached_s[street as usize];
            if whole_s > now_s + self.least_left_s(street, destination) {
                continue;
            }
            for row in self.first[street as usize]..self.first[street as usize + 1] {
                let step = self.steps[row as usize];
                if who.permission.is_some_and(|permission| !step.permissions.allow(permission)) {
                    continue;
                }
                let next = step.street as usize;
                let inside_s = who.time_s(step.inside_m, step.inside_limit_mps, step.inside_limit_mps);
                // Who drives faster than the limit finds its way as if at it, which is what landmarks know.
                let speed_mps = speed_mps(step.street).max(SLOWEST_MPS).min(self.limit_mps[next]);
                let there_s = now_s
                    + inside_s
                    + step.penalty_s
                    + who.time_s(self.length_m[next], self.limit_mps[next], speed_mps);
                if there_s < self.reached_s[next] {
                    let left_s = self.least_left_s(step.street, destination);
                    if left_s.is_finite() {
                        self.reach(step.street, there_s, street, there_s + left_s);
                    }
                }
            }
        }
        let way = is_found.then(|| self.way_back(origin, destination));
        for street in self.touched.drain(..) {
            self.reached_s[street as usize] = f64::INFINITY;
        }
        self.queue.clear();
        way
    }

    fn reach(&mut self, street: u32, time_s: f64, from: u32, whole_s: f64) {
        self.reached_s[street as usize] = time_s;
        self.before[street as usize] = from;
        self.touched.push(street);
        self.queue.push(Reached { time_s: whole_s, street });
    }

    fn way_back(&self, origin: u32, destination: u32) -> Vec<u32> {
        let mut streets = vec![destination];
        let mut street = destination;
        while street != origin {
            street = self.before[street as usize];
            streets.push(street);
        }
        streets.reverse();
        streets
    }

    /// No way from the end of a street to that of another takes less, in seconds; infinite where there is none.
    fn least_left_s(&self, street: u32, destination: u32) -> f64 {
        let (street, destination) = (street as usize, destination as usize);
        let bound_s = |(from, to): &(Vec<f64>, Vec<f64>)| {
            let by_from_s = if from[street].is_finite() { from[destination] - from[street] } else { 0.0 };
            let by_to_s = if to[destination].is_finite() { to[street] - to[destination] } else { 0.0 };
            by_from_s.max(by_to_s)
        };
        self.landmarks.iter().map(bound_s).fold(0.0, f64::max)
    }

    /// Landmarks far from each other: each is the street that is furthest from those before.
    fn choose_landmarks(&mut self) {
        let count = self.length_m.len();
        if count == 0 {
            return;
        }
        let mut back: Vec<Vec<(u32, f64)>> = vec![Vec::new(); count];
        let mut onward: Vec<Vec<(u32, f64)>> = vec![Vec::new(); count];
        for (street, ways_on) in onward.iter_mut().enumerate() {
            for step in &self.steps[self.first[street] as usize..self.first[street + 1] as usize] {
                let next = step.street as usize;
                let time_s =
                    step.inside_m / step.inside_limit_mps + step.penalty_s + self.length_m[next] / self.limit_mps[next];
                ways_on.push((step.street, time_s));
                back[next].push((street as u32, time_s));
            }
        }
        let mut landmark = 0;
        let mut nearest_s = vec![f64::INFINITY; count];
        for _ in 0..LANDMARKS.min(count) {
            let (from, to) = (all_times_s(&onward, landmark), all_times_s(&back, landmark));
            for (nearest_s, (from_s, to_s)) in nearest_s.iter_mut().zip(from.iter().zip(&to)) {
                let apart_s = from_s.min(*to_s);
                // Streets that no landmark knows are for themselves.
                *nearest_s = nearest_s.min(if apart_s.is_finite() { apart_s } else { f64::MAX });
            }
            self.landmarks.push((from, to));
            let known = |street: &usize| if nearest_s[*street] == f64::MAX { -1.0 } else { nearest_s[*street] };
            landmark = (0..count).max_by(|a, b| known(a).total_cmp(&known(b))).unwrap_or(0) as u32;
        }
    }
}

/// Least times from one street to all others.
fn all_times_s(steps: &[Vec<(u32, f64)>], origin: u32) -> Vec<f64> {
    let mut least_s = vec![f64::INFINITY; steps.len()];
    least_s[origin as usize] = 0.0;
    let mut queue = BinaryHeap::from([Reached { time_s: 0.0, street: origin }]);
    while let Some(Reached { time_s: now_s, street }) = queue.pop() {
        if now_s > least_s[street as usize] {
            continue;
        }
        for &(next, time_s) in &steps[street as usize] {
            let there_s = now_s + time_s;
            if there_s < least_s[next as usize] {
                least_s[next as usize] = there_s;
                queue.push(Reached { time_s: there_s, street: next });
            }
        }
    }
    least_s
}

fn step(network: &LaneNetwork, lane: u32, passage: &Passage) -> Step {
    let next = &network.lanes[passage.to_lane as usize];
    let waits_inside = passage.kind == PassageKind::Entry
        && network.passages_from(passage.to_lane).first().is_some_and(|onward| onward.kind == PassageKind::Inner);
    let gives_way = passage.signal.is_none() && !matches!(passage.rule, RightOfWay::Priority | RightOfWay::Zipper);
    let mut penalty_s = match (passage.kind, passage.direction) {
        (PassageKind::Direct, _) => 0.0,
        (_, Direction::Turnaround) => TURNS_BACK_S,
        _ if gives_way => GIVES_WAY_S,
        _ => 0.0,
    };
    if waits_inside {
        penalty_s += GIVES_WAY_S;
    }
    let lanes = [lane, passage.to_lane, passage.exit_lane].map(|lane| network.lanes[lane as usize].permissions.0);
    Step {
        street: passage.exit_street,
        inside_m: passage.inside_length_m,
        inside_limit_mps: next.speed_limit_mps,
        penalty_s,
        permissions: Permissions(lanes.iter().fold(u64::MAX, |all, lane| all & lane)),
    }
}

/// How fast streets have lately been: moving averages of the mean speeds of those on them.
#[derive(Clone, Debug)]
pub(super) struct LateSpeeds {
    /// Over how many looks.
    looks: u32,
    /// By how many millimetres a second each street was slower than its limit, summed over all looks.
    slower_mmps: Vec<i64>,
    /// The same of single looks, where it was slower, the earliest look first.
    noted: VecDeque<Vec<(u32, i64)>>,
}

impl LateSpeeds {
    pub(super) fn new(streets: usize, looks: u32) -> Self {
        Self { looks: looks.max(1), slower_mmps: vec![0; streets], noted: VecDeque::new() }
    }

    /// Notes a look: the streets that were slower than their limit, and by how much, in metres a second.
    pub(super) fn note(&mut self, slower: impl Iterator<Item = (u32, f64)>) {
        let mut row = if self.noted.len() < self.looks as usize {
            Vec::new()
        } else {
            self.noted.pop_front().unwrap_or_default()
        };
        for (street, slower_mmps) in row.drain(..) {
            self.slower_mmps[street as usize] -= slower_mmps;
        }
        for (street, slower_mps) in slower {
            let slower_mmps = (slower_mps.min(SLOWER_MAX_MPS) * 1000.0).round() as i64;
            self.slower_mmps[street as usize] += slower_mmps;
            row.push((street, slower_mmps));
        }
        self.noted.push_back(row);
    }

    /// By how much a street was slower than its limit on average, in metres a second.
    pub(super) fn slower_mps(&self, street: u32) -> f64 {
        self.slower_mmps[street as usize] as f64 / (1000.0 * f64::from(self.looks))
    }
}

/// Whether ways of a demand are looked for when trips begin.
pub(super) fn is_asked_for(demand: &TrafficDemand) -> bool {
    !demand.sought_ways.choices.is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::draws::{Draws, Purpose};
    use crate::traffic::fixtures::random_town;
    use crate::traffic::network::derive::derive;

    const CAR: Traveller = Traveller { permission: Some(0), max_speed_mps: 50.0, speed_factor: 1.0 };

    /// How long a way takes, its first street left out.
    fn time_s(ways: &CurrentWays, way: &[u32], speed_mps: &dyn Fn(u32) -> f64) -> f64 {
        let step_s = |pair: &[u32]| {
            let steps = &ways.steps[ways.first[pair[0] as usize] as usize..ways.first[pair[0] as usize + 1] as usize];
            let to = pair[1] as usize;
            let least = steps.iter().filter(|step| step.street == pair[1]);
            let inside_s = least.map(|step| step.inside_m / step.inside_limit_mps + step.penalty_s);
            inside_s.fold(f64::INFINITY, f64::min) + ways.length_m[to] / speed_mps(pair[1])
        };
        way.windows(2).map(step_s).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

        /// Landmarks change how far one looks, not what one finds.
        #[test]
        fn landmarks_lead_to_the_fastest_ways(columns in 2_u32..6, rows in 2_u32..6, seed: u64) {
            let network = LaneNetwork::build(&derive(&random_town(columns, rows, seed)).unwrap().rows).unwrap();
            let mut ways = CurrentWays::new(&network);
            let mut blind = ways.clone();
            blind.landmarks.clear();
            let draws = Draws::new(seed);
            let count = network.streets.len() as f64;
            for ask in 0..40 {
                let street = |purpose| (draws.uniform(purpose, ask) * count) as u32;
                let through = [street(Purpose::new("origin")), street(Purpose::new("destination"))];
                let limit_mps = ways.limit_mps.clone();
                let speed_mps = |street: u32| {
                    let jam = draws.uniform(Purpose::new("jam"), u64::from(street) + 1000 * ask);
                    limit_mps[street as usize] * (1.0 - 0.99 * jam * jam)
                };
                let expected = blind.through(CAR, &through, &speed_mps);
                let found = ways.through(CAR, &through, &speed_mps);
                prop_assert_eq!(found.is_some(), expected.is_some());
                if let Some((found, expected)) = found.zip(expected) {
                    let (found_s, expected_s) = (time_s(&ways, &found, &speed_mps), time_s(&ways, &expected, &speed_mps));
                    prop_assert!((found_s - expected_s).abs() < 1e-6 * expected_s.max(1.0), "{} {}", found_s, expected_s);
                }
            }
        }
    }

    #[test]
    fn a_look_counts_as_long_as_it_is_one_of_the_last() {
        let mut speeds = LateSpeeds::new(2, 3);
        for slower_mps in [6.0, 3.0, 0.0] {
            speeds.note([(1, slower_mps)].into_iter());
        }
        assert_eq!([speeds.slower_mps(0), speeds.slower_mps(1)], [0.0, 3.0]);
        speeds.note(std::iter::empty());
        assert_eq!(speeds.slower_mps(1), 1.0);
        speeds.note(std::iter::empty());
        speeds.note(std::iter::empty());
        assert_eq!(speeds.slower_mps(1), 0.0);
    }
}

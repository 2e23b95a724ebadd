//! The fastest way from street to street, at free speed or by what streets take.
//!
//! For trips that come without a route, and for vehicles that cannot go on as they meant to.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use super::network::{LaneNetwork, Passage, Permissions};

/// A street that a search has reached, in the order in which it looks on from there: the least time first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reached {
    /// The time there; where the search knows a bound of what is left, with that.
    pub(super) time_s: f64,
    pub(super) street: u32,
}

impl Eq for Reached {}

impl Ord for Reached {
    fn cmp(&self, other: &Self) -> Ordering {
        other.time_s.total_cmp(&self.time_s).then(other.street.cmp(&self.street))
    }
}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The streets of the fastest way at free speed from `origin` to `destination`, both included, for vehicles of that
/// permission; `None` where there is no way.
#[must_use]
pub fn fastest(network: &LaneNetwork, permission: Option<u8>, origin: u32, destination: u32) -> Option<Vec<u32>> {
    let free_s = |street: u32| {
        let lane = &network.lanes[network.streets[street as usize].first_lane as usize];
        lane.length_m / lane.speed_limit_mps
    };
    fastest_by(network, permission, origin, destination, &free_s).map(|(streets, _)| streets)
}

/// The same where each street takes as long as `time_s` says, in seconds; streets that take for ever are avoided, but perhaps
/// at the end. With the time of the way, that of its first street left out.
#[must_use]
pub fn fastest_by(
    network: &LaneNetwork,
    permission: Option<u8>,
    origin: u32,
    destination: u32,
    time_s: &dyn Fn(u32) -> f64,
) -> Option<(Vec<u32>, f64)> {
    let count = network.streets.len();
    let mut reached_s = vec![f64::INFINITY; count];
    let mut before = vec![u32::MAX; count];
    let mut queue = BinaryHeap::new();
    reached_s[origin as usize] = 0.0;
    queue.push(Reached { time_s: 0.0, street: origin });
    while let Some(Reached { time_s: now_s, street }) = queue.pop() {
        if street == destination {
            break;
        }
        if now_s > reached_s[street as usize] {
            continue;
        }
        for lane in network.streets[street as usize].lanes() {
            if !may_use(permission, network.lanes[lane as usize].permissions) {
                continue;
            }
            for passage in network.passages_from(lane) {
                let next = &network.lanes[passage.exit_lane as usize];
                if !may_pass(network, permission, passage) {
                    continue;
                }
                let inside_s = passage.inside_length_m / next.speed_limit_mps;
                // Whoever has to be there cannot avoid the last street.
                let street_s = if passage.exit_street == destination { 0.0 } else { time_s(passage.exit_street) };
                let there_s = now_s + inside_s + street_s;
                let best_s = &mut reached_s[passage.exit_street as usize];
                if there_s < *best_s {
                    *best_s = there_s;
                    before[passage.exit_street as usize] = street;
                    queue.push(Reached { time_s: there_s, street: passage.exit_street });
                }
            }
        }
    }
    found((origin, destination), reached_s[destination as usize], &before, time_s)
}

/// The way between two streets that a search has come to the end of after `way_s`, by the street before each, with its time.
fn found(
    (origin, destination): (u32, u32),
    way_s: f64,
    before: &[u32],
    time_s: &dyn Fn(u32) -> f64,
) -> Option<(Vec<u32>, f64)> {
    if !way_s.is_finite() {
        return None;
    }
    let mut streets = vec![destination];
    let mut street = destination;
    while street != origin {
        street = before[street as usize];
        streets.push(street);
    }
    streets.reverse();
    let last_s = if streets.len() > 1 { time_s(destination) } else { 0.0 };
    Some((streets, if last_s.is_finite() { way_s + last_s } else { way_s }))
}

/// A step from the end of a street to that of another.
#[derive(Clone, Copy, Debug)]
struct Step {
    street: u32,
    /// The time through the junction at the speed limit, in seconds.
    inside_s: f64,
    /// Who may take it.
    permissions: Permissions,
}

/// Steps from (or to) each street.
#[derive(Clone, Debug, Default)]
struct Steps {
    first: Vec<u32>,
    steps: Vec<Step>,
}

impl Steps {
    fn new(streets: usize, mut pairs: Vec<(u32, Step)>) -> Self {
        pairs.sort_by_key(|(from, step)| (*from, step.street));
        let mut steps = Self { first: vec![0; streets + 1], steps: Vec::new() };
        let mut last = None;
        for (from, step) in pairs {
            if last == Some((from, step.street))
                && let Some(known) = steps.steps.last_mut()
            {
                known.inside_s = known.inside_s.min(step.inside_s);
                known.permissions.0 |= step.permissions.0;
                continue;
            }
            last = Some((from, step.street));
            steps.steps.push(step);
            steps.first[from as usize + 1] += 1;
        }
        for street in 0..streets {
            steps.first[street + 1] += steps.first[street];
        }
        steps
    }

    fn of(&self, street: u32) -> &[Step] {
        &self.steps[self.first[street as usize] as usize..self.first[street as usize + 1] as usize]
    }
}

/// Finds many ways on one network, as [`fastest_by`] does, but looks first where the way would lead if streets were empty: what is
/// left of the way then is never more than what is left of it now (A*: Hart, Nilsson, Raphael 1968). That is worked out once
/// for each destination, and kept.
#[derive(Clone, Debug, Default)]
pub struct WayFinder {
    onward: Steps,
    back: Steps,
    free_s: Vec<f64>,
    /// By destination, the least time from the end of each street to the destination's beginning, in seconds; infinite where
    /// there is no way. Rounded down.
    left_s: BTreeMap<u32, Vec<f32>>,
    reached_s: Vec<f64>,
    before: Vec<u32>,
    touched: Vec<u32>,
    queue: BinaryHeap<Reached>,
}

/// What rounding to 32 bits may add, at most.
const ROUNDED_DOWN: f64 = 1.0 - 1e-6;

impl WayFinder {
    /// A finder of ways on a network.
    #[must_use]
    pub fn new(network: &LaneNetwork) -> Self {
        let count = network.streets.len();
        let (mut onward, mut back) = (Vec::new(), Vec::new());
        for (street, row) in (0_u32..).zip(&network.streets) {
            for lane in row.lanes() {
                for passage in network.passages_from(lane) {
                    let next = &network.lanes[passage.exit_lane as usize];
                    let inside_s = passage.inside_length_m / next.speed_limit_mps;
                    let lanes = [lane, passage.to_lane, passage.exit_lane].map(|lane| &network.lanes[lane as usize]);
                    let permissions = Permissions(lanes.iter().fold(u64::MAX, |all, lane| all & lane.permissions.0));
                    onward.push((street, Step { street: passage.exit_street, inside_s, permissions }));
                    back.push((passage.exit_street, Step { street, inside_s, permissions }));
                }
            }
        }
        let free_s = |street: &super::network::Street| {
            let lane = &network.lanes[street.first_lane as usize];
            lane.length_m / lane.speed_limit_mps
        };
        Self {
            onward: Steps::new(count, onward),
            back: Steps::new(count, back),
            free_s: network.streets.iter().map(free_s).collect(),
            reached_s: vec![f64::INFINITY; count],
            before: vec![u32::MAX; count],
            ..Self::default()
        }
    }

    /// As [`fastest_by`], where there is a way that takes no more than `most_s`; `time_s` must give no less than the time at the
    /// speed limit.
    pub fn fastest_by(
        &mut self,
        permission: Option<u8>,
        (origin, destination): (u32, u32),
        most_s: f64,
        time_s: &dyn Fn(u32) -> f64,
    ) -> Option<(Vec<u32>, f64)> {
        if !self.left_s.contains_key(&destination) {
            let left_s = self.least_left_s(destination);
            self.left_s.insert(destination, left_s);
        }
        let left_s = self.left_s.get(&destination)?;
        // The last street counts in the end, and only there.
        let last_s = if origin == destination { 0.0 } else { time_s(destination) };
        let most_s = if last_s.is_finite() { most_s - last_s } else { most_s };
        let Self { onward, reached_s, before, touched, queue, .. } = self;
        reached_s[origin as usize] = 0.0;
        touched.push(origin);
        queue.push(Reached { time_s: f64::from(left_s[origin as usize]), street: origin });
        while let Some(Reached { time_s: whole_s, street }) = queue.pop() {
            if street == destination {
                break;
            }
            let now_s = reached_s[street as usize];
            if whole_s > now_s + f64::from(left_s[street as usize]) {
                continue;
            }
            for step in onward.of(street) {
                let least_s = left_s[step.street as usize];
                if least_s.is_infinite() || !may_use(permission, step.permissions) {
                    continue;
                }
                let street_s = if step.street == destination { 0.0 } else { time_s(step.street) };
                let there_s = now_s + step.inside_s + street_s;
                if there_s + f64::from(least_s) > most_s {
                    continue;
                }
                let best_s = &mut reached_s[step.street as usize];
                if there_s < *best_s {
                    if best_s.is_infinite() {
                        touched.push(step.street);
                    }
                    *best_s = there_s;
                    before[step.street as usize] = street;
                    queue.push(Reached { time_s: there_s + f64::from(least_s), street: step.street });
                }
            }
        }
        let found = found((origin, destination), reached_s[destination as usize], before, time_s);
        for street in touched.drain(..) {
            reached_s[street as usize] = f64::INFINITY;
        }
        queue.clear();
        found
    }

    /// The least time from the end of each street to the beginning of a destination, in seconds.
    fn least_left_s(&self, destination: u32) -> Vec<f32> {
        let mut least_s = vec![f64::INFINITY; self.free_s.len()];
        let mut queue = BinaryHeap::from([Reached { time_s: 0.0, street: destination }]);
        least_s[destination as usize] = 0.0;
        while let Some(Reached { time_s: now_s, street }) = queue.pop() {
            if now_s > least_s[street as usize] {
                continue;
            }
            let street_s = if street == destination { 0.0 } else { self.free_s[street as usize] };
            for step in self.back.of(street) {
                let there_s = now_s + street_s + step.inside_s;
                if there_s < least_s[step.street as usize] {
                    least_s[step.street as usize] = there_s;
                    queue.push(Reached { time_s: there_s, street: step.street });
                }
            }
        }
        least_s.into_iter().map(|time_s| (time_s * ROUNDED_DOWN) as f32).collect()
    }
}

/// Whether a vehicle of that permission may drive on a lane.
#[must_use]
pub fn may_use(permission: Option<u8>, permissions: Permissions) -> bool {
    permission.is_none_or(|permission| permissions.allow(permission))
}

/// Whether a vehicle of that permission may take a passage that leaves a street: the way through the junction, and the lane
/// behind it.
#[must_use]
pub fn may_pass(network: &LaneNetwork, permission: Option<u8>, passage: &Passage) -> bool {
    [passage.to_lane, passage.exit_lane]
        .iter()
        .all(|&lane| may_use(permission, network.lanes[lane as usize].permissions))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::draws::{Draws, Purpose};
    use crate::traffic::fixtures::random_town;
    use crate::traffic::network::derive::derive;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever streets take now, and whoever asks: the way takes as long as the fastest.
        #[test]
        fn a_finder_finds_the_fastest_ways(columns in 2_u32..6, rows in 2_u32..6, seed: u64) {
            let network = LaneNetwork::build(&derive(&random_town(columns, rows, seed)).unwrap().rows).unwrap();
            let mut finder = WayFinder::new(&network);
            let draws = Draws::new(seed);
            let count = network.streets.len() as f64;
            for ask in 0..40 {
                let street = |purpose| (draws.uniform(purpose, ask) * count) as u32;
                let (origin, destination) = (street(Purpose::new("origin")), street(Purpose::new("destination")));
                let free_s = finder.free_s.clone();
                let time_s = |street: u32| {
                    let jam = draws.uniform(Purpose::new("jam"), u64::from(street) + 1000 * ask);
                    if jam > 0.97 { f64::INFINITY } else { free_s[street as usize] + 100.0 * jam * jam * jam }
                };
                let expected = fastest_by(&network, Some(0), origin, destination, &time_s);
                let found = finder.fastest_by(Some(0), (origin, destination), f64::INFINITY, &time_s);
                prop_assert_eq!(found.is_some(), expected.is_some());
                if let Some(((way, found_s), (_, expected_s))) = found.zip(expected) {
                    prop_assert!(found_s <= expected_s * (1.0 + 1e-5), "{} {}", found_s, expected_s);
                    prop_assert_eq!((way[0], way[way.len() - 1]), (origin, destination));
                    // A bound leaves out what takes longer, and nothing else.
                    let mut within = |most_s: f64| finder.fastest_by(Some(0), (origin, destination), most_s, &time_s);
                    if found_s > 1.0 && time_s(destination).is_finite() {
                        prop_assert!(within(found_s * 0.999).is_none());
                        prop_assert_eq!(within(found_s * 1.001), Some((way, found_s)));
                    }
                }
            }
        }
    }
}

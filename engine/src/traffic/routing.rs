//! The fastest way from street to street, at free speed or by what streets take.
//!
//! For trips that come without a route, and for vehicles that cannot go on as they meant to.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};

use super::network::{LaneNetwork, Passage, Permissions, Street};

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
    let last_s = if origin == destination { 0.0 } else { time_s(destination) };
    found((origin, destination), reached_s[destination as usize], |street| before[street as usize], last_s)
}

/// The way between two streets that a search has come to the end of after `way_s`, by the street before each, with its time and
/// that of its last street.
fn found(
    (origin, destination): (u32, u32),
    way_s: f64,
    before: impl Fn(u32) -> u32,
    last_s: f64,
) -> Option<(Vec<u32>, f64)> {
    if !way_s.is_finite() {
        return None;
    }
    let mut streets = vec![destination];
    let mut street = destination;
    while street != origin {
        street = before(street);
        streets.push(street);
    }
    streets.reverse();
    Some((streets, if last_s.is_finite() { way_s + last_s } else { way_s }))
}

/// A step from the end of a street to that of another.
#[derive(Clone, Copy, Debug)]
struct Step {
    place: u32,
    /// The time through the junction at the speed limit, in seconds.
    inside_s: f32,
    /// Who may take it.
    permissions: Permissions,
}

/// Steps from (or to) each street, by their places.
#[derive(Clone, Debug, Default)]
struct Steps {
    first: Vec<u32>,
    steps: Vec<Step>,
}

impl Steps {
    fn new(places: usize, mut pairs: Vec<(u32, Step)>) -> Self {
        pairs.sort_by_key(|(from, step)| (*from, step.place));
        let mut steps = Self { first: vec![0; places + 1], steps: Vec::new() };
        let mut last = None;
        for (from, step) in pairs {
            if last == Some((from, step.place))
                && let Some(known) = steps.steps.last_mut()
            {
                known.inside_s = known.inside_s.min(step.inside_s);
                known.permissions.0 |= step.permissions.0;
                continue;
            }
            last = Some((from, step.place));
            steps.steps.push(step);
            steps.first[from as usize + 1] += 1;
        }
        for place in 0..places {
            steps.first[place + 1] += steps.first[place];
        }
        steps
    }

    fn of(&self, place: u32) -> &[Step] {
        &self.steps[self.first[place as usize] as usize..self.first[place as usize + 1] as usize]
    }
}

/// Streets that a search has reached, the least time first, then the least number: one number for both, because times that are
/// not negative sort as their bits do.
#[derive(Clone, Debug, Default)]
struct Front(BinaryHeap<Reverse<u64>>);

impl Front {
    fn push(&mut self, time_s: f32, place: u32) {
        self.0.push(Reverse(u64::from(time_s.to_bits()) << 32 | u64::from(place)));
    }

    fn pop(&mut self) -> Option<(f32, u32)> {
        self.0.pop().map(|Reverse(both)| (f32::from_bits((both >> 32) as u32), both as u32))
    }
}

/// How a search has come to the end of a street.
#[derive(Clone, Copy, Debug)]
struct Come {
    after_s: f32,
    before: u32,
}

impl Come {
    const NOT: Self = Self { after_s: f32::INFINITY, before: u32::MAX };
}

/// Finds many ways on one network, as [`fastest_by`] does, but looks first where the way would lead if streets were empty: what is
/// left of the way then is never more than what is left of it now (A*: Hart, Nilsson, Raphael 1968). That is worked out once
/// for each destination, and kept. Times are kept in 32 bits, to a thousandth of a second. Streets are numbered anew in here, so that
/// those near each other stand near each other in memory: a search looks at all of a neighbourhood.
#[derive(Clone, Debug, Default)]
pub struct WayFinder {
    /// The place of each street, and the street at each place.
    places: Vec<u32>,
    streets: Vec<u32>,
    onward: Steps,
    back: Steps,
    free_s: Vec<f32>,
    /// By the destination's place, the least time from the end of each street to the destination's beginning, in seconds; infinite where
    /// there is no way. Rounded down.
    left_s: BTreeMap<u32, Vec<f32>>,
    come: Vec<Come>,
    touched: Vec<u32>,
    queue: Front,
}

/// What rounding may add to the time that is left of a way, at most.
const ROUNDED_DOWN: f32 = 1.0 - 1e-5;

impl WayFinder {
    /// A finder of ways on a network.
    #[must_use]
    pub fn new(network: &LaneNetwork) -> Self {
        let count = network.streets.len();
        let streets = along_a_curve(network);
        let mut places = vec![0; count];
        for (place, &street) in (0_u32..).zip(&streets) {
            places[street as usize] = place;
        }
        let (mut onward, mut back) = (Vec::new(), Vec::new());
        for (&place, row) in places.iter().zip(&network.streets) {
            for lane in row.lanes() {
                for passage in network.passages_from(lane) {
                    let next = &network.lanes[passage.exit_lane as usize];
                    let inside_s = (passage.inside_length_m / next.speed_limit_mps) as f32;
                    let lanes = [lane, passage.to_lane, passage.exit_lane].map(|lane| &network.lanes[lane as usize]);
                    let permissions = Permissions(lanes.iter().fold(u64::MAX, |all, lane| all & lane.permissions.0));
                    let exit = places[passage.exit_street as usize];
                    onward.push((place, Step { place: exit, inside_s, permissions }));
                    back.push((exit, Step { place, inside_s, permissions }));
                }
            }
        }
        let free_s = |&street: &u32| {
            let lane = &network.lanes[network.streets[street as usize].first_lane as usize];
            (lane.length_m / lane.speed_limit_mps) as f32
        };
        Self {
            onward: Steps::new(count, onward),
            back: Steps::new(count, back),
            free_s: streets.iter().map(free_s).collect(),
            places,
            streets,
            come: vec![Come::NOT; count],
            ..Self::default()
        }
    }

    /// As [`fastest_by`], where there is a way that takes no more than `most_s`; `time_s` must give no less than the time at the
    /// speed limit.
    pub fn fastest_by<F: Fn(u32) -> f64 + ?Sized>(
        &mut self,
        permission: Option<u8>,
        (origin, destination): (u32, u32),
        most_s: f64,
        time_s: &F,
    ) -> Option<(Vec<u32>, f64)> {
        // The last street counts in the end, and only there.
        let last_s = if origin == destination { 0.0 } else { time_s(destination) };
        let most_s = (if last_s.is_finite() { most_s - last_s } else { most_s }) as f32;
        let wanted = permission.map_or(u64::MAX, |permission| 1 << permission);
        let [origin, destination] = [origin, destination].map(|street| self.places[street as usize]);
        if !self.left_s.contains_key(&destination) {
            let left_s = self.least_left_s(destination);
            self.left_s.insert(destination, left_s);
        }
        let left_s = self.left_s.get(&destination)?;
        let Self { streets, onward, come, touched, queue, .. } = self;
        come[origin as usize].after_s = 0.0;
        touched.push(origin);
        queue.push(left_s[origin as usize], origin);
        while let Some((whole_s, place)) = queue.pop() {
            if place == destination {
                break;
            }
            let now_s = come[place as usize].after_s;
            if whole_s > now_s + left_s[place as usize] {
                continue;
            }
            for step in onward.of(place) {
                let (mut place, mut now_s, mut step) = (place, now_s, step);
                // Where only one street comes next, one goes on along it at once: most of a city's junctions are such.
                loop {
                    let least_s = left_s[step.place as usize];
                    // Whoever asks without a permission may go everywhere.
                    if least_s.is_infinite() || (permission.is_some() && step.permissions.0 & wanted == 0) {
                        break;
                    }
                    let is_there = step.place == destination;
                    let street_s = if is_there { 0.0 } else { time_s(streets[step.place as usize]) as f32 };
                    let there_s = now_s + step.inside_s + street_s;
                    let best = &mut come[step.place as usize];
                    if there_s >= best.after_s || there_s + least_s > most_s {
                        break;
                    }
                    if best.after_s.is_infinite() {
                        touched.push(step.place);
                    }
                    *best = Come { after_s: there_s, before: place };
                    match onward.of(step.place) {
                        [only] if !is_there => (place, now_s, step) = (step.place, there_s, only),
                        _ => {
                            queue.push(there_s + least_s, step.place);
                            break;
                        }
                    }
                }
            }
        }
        let way_s = come[destination as usize].after_s;
        let before = |place: u32| come[place as usize].before;
        let mut found = found((origin, destination), f64::from(way_s), before, last_s);
        if let Some((way, _)) = &mut found {
            for street in way {
                *street = streets[*street as usize];
            }
        }
        for place in touched.drain(..) {
            come[place as usize] = Come::NOT;
        }
        queue.0.clear();
        found
    }

    /// The least time from the end of each street to the beginning of a destination, in seconds; all by their places.
    fn least_left_s(&self, destination: u32) -> Vec<f32> {
        let mut least_s = vec![f32::INFINITY; self.free_s.len()];
        let mut queue = Front::default();
        queue.push(0.0, destination);
        least_s[destination as usize] = 0.0;
        while let Some((now_s, place)) = queue.pop() {
            if now_s > least_s[place as usize] {
                continue;
            }
            let street_s = if place == destination { 0.0 } else { self.free_s[place as usize] };
            for step in self.back.of(place) {
                let there_s = now_s + street_s + step.inside_s;
                if there_s < least_s[step.place as usize] {
                    least_s[step.place as usize] = there_s;
                    queue.push(there_s, step.place);
                }
            }
        }
        for least_s in &mut least_s {
            *least_s *= ROUNDED_DOWN;
        }
        least_s
    }
}

/// All streets in the order of their ends along a curve that fills the plane, so that most neighbours follow each other (G. M. Morton
/// 1966, A computer oriented geodetic data base): the bits of both coordinates in turn.
fn along_a_curve(network: &LaneNetwork) -> Vec<u32> {
    let end = |street: &Street| network.shape(street.first_lane).last().map_or((0.0, 0.0), |place| (place.x, place.y));
    let ends: Vec<(f64, f64)> = network.streets.iter().map(end).collect();
    let least = |of: fn(&(f64, f64)) -> f64| ends.iter().map(of).fold(f64::INFINITY, f64::min);
    let (west_m, south_m) = (least(|end| end.0), least(|end| end.1));
    let spread = |metres: f64| {
        let metres = metres as u32;
        (0..32).fold(0_u64, |bits, bit| bits | u64::from(metres >> bit & 1) << (2 * bit))
    };
    let mut streets: Vec<u32> = (0..network.streets.len() as u32).collect();
    streets.sort_by_cached_key(|&street| {
        let (x, y) = ends[street as usize];
        (spread(x - west_m) | spread(y - south_m) << 1, street)
    });
    streets
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
                let free_s: Vec<f64> = finder.places.iter().map(|&place| f64::from(finder.free_s[place as usize])).collect();
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

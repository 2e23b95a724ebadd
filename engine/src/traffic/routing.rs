//! The fastest way from street to street, at free speed or by what streets take.
//!
//! For trips that come without a route, and for vehicles that cannot go on as they meant to.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::network::{LaneNetwork, Permissions};

/// A street that was reached, the earliest first.
#[derive(PartialEq)]
struct Reached {
    time_s: f64,
    street: u32,
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
                if !may_use(permission, next.permissions) {
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
    let way_s = reached_s[destination as usize];
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

/// Whether a vehicle of that permission may drive on a lane.
#[must_use]
pub fn may_use(permission: Option<u8>, permissions: Permissions) -> bool {
    permission.is_none_or(|permission| permissions.allow(permission))
}

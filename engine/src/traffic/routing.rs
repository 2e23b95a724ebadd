//! The fastest way from street to street, at free speed.
//!
//! For trips that come without a route, and for vehicles that cannot go on as they meant to. Traffic is not looked at:
//! routes that traffic has shaped come from the assignment.

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
    fastest_around(network, permission, origin, destination, &[])
}

/// The same, of the ways that use none of the streets `avoided` but perhaps at their ends.
#[must_use]
pub fn fastest_around(
    network: &LaneNetwork,
    permission: Option<u8>,
    origin: u32,
    destination: u32,
    avoided: &[u32],
) -> Option<Vec<u32>> {
    let count = network.streets.len();
    let mut time_s = vec![f64::INFINITY; count];
    let mut before = vec![u32::MAX; count];
    let mut queue = BinaryHeap::new();
    time_s[origin as usize] = 0.0;
    queue.push(Reached { time_s: 0.0, street: origin });
    while let Some(Reached { time_s: now_s, street }) = queue.pop() {
        if street == destination {
            break;
        }
        if now_s > time_s[street as usize] {
            continue;
        }
        for lane in network.streets[street as usize].lanes() {
            if !may_use(permission, network.lanes[lane as usize].permissions) {
                continue;
            }
            for passage in network.passages_from(lane) {
                let next = &network.lanes[passage.exit_lane as usize];
                let is_avoided = passage.exit_street != destination && avoided.contains(&passage.exit_street);
                if is_avoided || !may_use(permission, next.permissions) {
                    continue;
                }
                let reached_s =
                    now_s + passage.inside_length_m / next.speed_limit_mps + next.length_m / next.speed_limit_mps;
                let best_s = &mut time_s[passage.exit_street as usize];
                if reached_s < *best_s {
                    *best_s = reached_s;
                    before[passage.exit_street as usize] = street;
                    queue.push(Reached { time_s: reached_s, street: passage.exit_street });
                }
            }
        }
    }
    if !time_s[destination as usize].is_finite() {
        return None;
    }
    let mut streets = vec![destination];
    let mut street = destination;
    while street != origin {
        street = before[street as usize];
        streets.push(street);
    }
    streets.reverse();
    Some(streets)
}

/// Whether a vehicle of that permission may drive on a lane.
#[must_use]
pub fn may_use(permission: Option<u8>, permissions: Permissions) -> bool {
    permission.is_none_or(|permission| permissions.allow(permission))
}

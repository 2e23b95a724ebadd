//! Who drives each trip: type, route and desired speed, drawn once before anything moves.
//!
//! Both simulations draw here, so that a trip has the same driver in either. Left out: everything that depends on traffic.

use super::demand::TrafficDemand;
use super::lane_plan::LanePlans;
use super::network::LaneNetwork;
use crate::draws::{Draws, Purpose};

const TYPE: Purpose = Purpose::new("vehicle type");
const ROUTE: Purpose = Purpose::new("route");
const SPEED_FACTOR: Purpose = Purpose::new("speed factor");

/// No lane, no passage, no vehicle.
pub(super) const NONE: u32 = u32::MAX;

/// What is known of a trip before it begins, and never changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Driver {
    /// Row of the type.
    pub(super) kind: u16,
    /// Desired speed over the speed limit.
    pub(super) speed_factor: f32,
    /// Row of the lane plan.
    pub(super) plan: u32,
}

/// Draws type, route and speed factor of each trip.
pub(super) fn drivers(network: &LaneNetwork, demand: &TrafficDemand, seed: u64, plans: &mut LanePlans) -> Vec<Driver> {
    let draws = Draws::new(seed);
    demand
        .trips
        .iter()
        .enumerate()
        .map(|(number, trip)| {
            let agent = trip.draw_key.unwrap_or(number as u64);
            let kind = choose(&demand.mixes[trip.mix as usize].types, draws, TYPE, agent);
            let route = choose(&demand.route_choices[trip.route_choice as usize].routes, draws, ROUTE, agent);
            let row = &demand.types[kind as usize];
            let factor = &row.speed_factor;
            let speed_factor = if factor.deviation > 0.0 {
                (factor.mean + factor.deviation * draws.normal(SPEED_FACTOR, agent)).clamp(factor.low, factor.high)
            } else {
                factor.mean
            };
            let streets = &demand.routes[route as usize].streets;
            let stops = &demand.stops[trip.stops.range()];
            let plan = plans.row(network, route, streets, row.permission, stops);
            Driver { kind: kind as u16, speed_factor: speed_factor as f32, plan }
        })
        .collect()
}

/// One of several rows, by their shares.
fn choose(shares: &[(u32, f64)], draws: Draws, purpose: Purpose, agent: u64) -> u32 {
    if let [(row, _)] = shares {
        return *row;
    }
    let total: f64 = shares.iter().map(|(_, share)| share).sum();
    let mut left = draws.uniform(purpose, agent) * total;
    for &(row, share) in shares {
        left -= share;
        if left < 0.0 {
            return row;
        }
    }
    shares[shares.len() - 1].0
}

//! Who drives each trip: type, route and desired speed, drawn once before anything moves.
//!
//! Both simulations draw here, so that a trip has the same driver in either. Left out: everything that depends on traffic.

use super::demand::{DepartSpeed, TYPES_MAX, TrafficDemand, Trip};
use super::lane_plan::LanePlans;
use super::network::LaneNetwork;
use crate::draws::{Draws, Purpose};

const TYPE: Purpose = Purpose::new("vehicle type");
const ROUTE: Purpose = Purpose::new("route");
const SPEED_FACTOR: Purpose = Purpose::new("speed factor");
const SPEED_FACTOR_AGAIN: Purpose = Purpose::new("speed factor again");

/// No lane, no passage, no vehicle.
pub(super) const NONE: u32 = u32::MAX;

/// What is known of a trip before it begins, and never changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Driver {
    /// Row of the type, below [`TYPES_MAX`].
    pub(super) kind: u16,
    /// Desired speed over the speed limit.
    pub(super) speed_factor: f32,
    /// Row of the lane plan; in the mesoscopic simulation, which makes plans when trips begin, of the route.
    pub(super) plan: u32,
}

/// Draws type, route and speed factor of each trip, and makes the plans of all.
pub(super) fn drivers(network: &LaneNetwork, demand: &TrafficDemand, seed: u64, plans: &mut LanePlans) -> Vec<Driver> {
    drawn(network, demand, seed, |trip, route, permission| {
        let streets = &demand.routes[route as usize].streets;
        plans.row(network, route, streets, permission, &demand.stops[trip.stops.range()])
    })
}

/// Draws type, route and speed factor of each trip; `plan_of` gives its plan by route and permission.
pub(super) fn drawn(
    network: &LaneNetwork,
    demand: &TrafficDemand,
    seed: u64,
    mut plan_of: impl FnMut(&Trip, u32, Option<u8>) -> u32,
) -> Vec<Driver> {
    assert!(demand.types.len() <= TYPES_MAX, "a demand has at most {TYPES_MAX} types, but this one has more");
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
            let drawn = |purpose| {
                if factor.deviation > 0.0 {
                    (factor.mean + factor.deviation * draws.normal(purpose, agent)).clamp(factor.low, factor.high)
                } else {
                    factor.mean
                }
            };
            let streets = &demand.routes[route as usize].streets;
            let mut speed_factor = drawn(SPEED_FACTOR);
            // Who is said to begin that fast wants to drive that fast: drawn once more where it does not, and no less (SUMO 1.28).
            let least = least_factor(network, trip.depart_speed, streets);
            if speed_factor < least {
                speed_factor = drawn(SPEED_FACTOR_AGAIN).max(least);
            }
            let plan = plan_of(trip, route, row.permission);
            Driver { kind: kind as u16, speed_factor: speed_factor as f32, plan }
        })
        .collect()
}

/// The least speed factor of somebody who begins at a given speed, on the first of those streets.
fn least_factor(network: &LaneNetwork, speed: DepartSpeed, streets: &[u32]) -> f64 {
    let (DepartSpeed::Given(speed_mps), Some(&first)) = (speed, streets.first()) else { return 0.0 };
    speed_mps / network.lanes[network.streets[first as usize].first_lane as usize].speed_limit_mps
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::fixtures::{Plan, car_of_many, demand, krauss};

    /// Of 3586 vehicles with such a speed SUMO 1.28 gave 27 % (rounded to hundredths) the least factor, and 1.060 on average.
    #[test]
    fn who_begins_at_the_speed_limit_wants_to_drive_no_slower() {
        let mut plan = Plan::default();
        let places = [0.0, 500.0].map(|x| plan.junction(x, 0.0));
        plan.street(places[0], places[1], 1, 13.89, 0.0);
        let network = LaneNetwork::build(&plan.rows).unwrap();
        let trips: Vec<(f64, Vec<u32>)> = (0..4000).map(|number| (f64::from(number), vec![0])).collect();
        let mut demand = demand(car_of_many(krauss(0.5)), &trips);
        for trip in &mut demand.trips {
            trip.depart_speed = DepartSpeed::Given(13.89);
        }
        let factors: Vec<f64> = drivers(&network, &demand, 1, &mut LanePlans::default())
            .iter()
            .map(|driver| f64::from(driver.speed_factor))
            .collect();
        let mean = factors.iter().sum::<f64>() / 4000.0;
        let least = factors.iter().filter(|factor| **factor < 1.005).count() as f64 / 4000.0;
        assert!((mean - 1.060).abs() < 0.006 && (least - 0.27).abs() < 0.03, "{mean} {least}");
        assert!(factors.iter().all(|factor| *factor > 0.999_999));
    }
}

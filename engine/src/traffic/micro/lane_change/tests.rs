//! Places where many have to change lanes, beside SUMO 1.28 (means of three seeds on the same network and demand).

use crate::traffic::demand::DepartLane;
use crate::traffic::fixtures::{Plan, car_of_many, demand, krauss};
use crate::traffic::micro::{Micro, Options};
use crate::traffic::network::{LaneNetwork, RightOfWay};

const LIMIT_MPS: f64 = 13.89;
const END_S: f64 = 1200.0;

/// What became of those who departed in 20 minutes.
struct Outcome {
    arrived_in_time: usize,
    mean_time_loss_s: f64,
}

/// One car after the other, each on the next of the routes.
fn run(plan: &Plan, routes: &[&[u32]], headway_s: f64, lane: DepartLane, seed: u64) -> Outcome {
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let trips: Vec<(f64, Vec<u32>)> = routes
        .iter()
        .cycle()
        .enumerate()
        .map(|(number, route)| (number as f64 * headway_s, route.to_vec()))
        .take_while(|(depart_s, _)| *depart_s < END_S)
        .collect();
    let mut demand = demand(car_of_many(krauss(0.5)), &trips);
    demand.trips.iter_mut().for_each(|trip| trip.depart_lane = lane);
    let mut micro = Micro::new(&network, &demand, Options { begin_s: 0.0, end_s: Some(3600.0), step_s: 1.0, seed });
    micro.run();
    assert_eq!((micro.counts().arrived as usize, micro.counts().held_back), (trips.len(), 0));
    let finished = micro.finished();
    Outcome {
        arrived_in_time: finished.iter().filter(|trip| trip.arrived_s <= END_S).count(),
        mean_time_loss_s: finished.iter().map(|trip| trip.time_loss_s).sum::<f64>() / finished.len() as f64,
    }
}

/// Three lanes of 500 m become two: the leftmost ends, or the rightmost.
fn lane_drop(rightmost_ends: bool) -> Plan {
    let mut plan = Plan::default();
    let places = [0.0, 500.0, 1000.0].map(|x| plan.junction(x, 0.0));
    let before = plan.street(places[0], places[1], 3, LIMIT_MPS, 1.0);
    let after = plan.street(places[1], places[2], 2, LIMIT_MPS, 1.0);
    for lane in 0..2 {
        plan.movement((before, lane + u32::from(rightmost_ends)), (after, lane), RightOfWay::Priority);
    }
    plan
}

/// SUMO lets 1107 cars pass in 20 minutes where the left lane ends and 1113 where the right one does, of 4235 an hour.
#[test]
fn a_lane_that_ends_takes_as_much_capacity_as_in_sumo() {
    for (rightmost_ends, sumo) in [(false, 1107.0), (true, 1113.0)] {
        let plan = lane_drop(rightmost_ends);
        let outcome = run(&plan, &[&[0, 1]], 0.85, DepartLane::Free, 1);
        let ratio = outcome.arrived_in_time as f64 / sumo;
        assert!((ratio - 1.0).abs() < 0.05, "{} cars instead of {sumo}", outcome.arrived_in_time);
    }
}

/// A lane comes in from the right and leaves 200 m later. SUMO: 10.8 s are lost in the mean, at 3273 cars an hour.
#[test]
fn where_an_exit_follows_an_entry_those_who_cross_hold_up_nobody_for_long() {
    let mut plan = Plan::default();
    let [begin, entry, exit, end] = [0.0, 500.0, 700.0, 1200.0].map(|x| plan.junction(x, 0.0));
    let (ramp_begin, ramp_end) = (plan.junction(200.0, -5.0), plan.junction(1000.0, -5.0));
    let main = plan.street(begin, entry, 2, LIMIT_MPS, 1.0);
    let ramp = plan.street(ramp_begin, entry, 1, LIMIT_MPS, 1.0);
    let both = plan.street(entry, exit, 3, LIMIT_MPS, 1.0);
    let on = plan.street(exit, end, 2, LIMIT_MPS, 1.0);
    let off = plan.street(exit, ramp_end, 1, LIMIT_MPS, 1.0);
    let lanes = [
        ((ramp, 0), (both, 0)),
        ((main, 0), (both, 1)),
        ((main, 1), (both, 2)),
        ((both, 0), (off, 0)),
        ((both, 1), (on, 0)),
        ((both, 2), (on, 1)),
    ];
    for (from, to) in lanes {
        plan.movement(from, to, RightOfWay::Priority);
    }
    let through: &[u32] = &[main, both, on];
    let (leaves, joins, crosses): (&[u32], &[u32], &[u32]) =
        (&[main, both, off], &[ramp, both, on], &[ramp, both, off]);
    let routes = [through, joins, through, leaves, through, joins, through, leaves, through, crosses];
    let outcome = run(&plan, &routes, 1.1, DepartLane::Best, 1);
    assert!((outcome.mean_time_loss_s / 10.8 - 1.0).abs() < 0.25, "{} s", outcome.mean_time_loss_s);
}

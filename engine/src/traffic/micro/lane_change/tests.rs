//! Places where many have to change lanes, beside SUMO 1.28 (means of three seeds on the same network and demand), and the
//! criteria of MOBIL.

use crate::traffic::car_following::Model;
use crate::traffic::demand::{DepartLane, DepartPosition, DepartSpeed, TrafficDemand, VehicleMix, VehicleType};
use crate::traffic::fixtures::{Plan, car, car_of_many, demand, krauss};
use crate::traffic::micro::Micro;
use crate::traffic::network::{LaneNetwork, RightOfWay};
use crate::traffic::simulation::Options;

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

/// Two lanes of a kilometre, on which some stand where told: lane, position and speed of each, and its type.
fn two_lanes(types: Vec<VehicleType>, vehicles: &[(u32, f64, f64, u32)]) -> (LaneNetwork, TrafficDemand) {
    let mut plan = Plan::default();
    let (begin, end) = (plan.junction(0.0, 0.0), plan.junction(2000.0, 0.0));
    plan.street(begin, end, 2, 30.0, 0.0);
    let trips: Vec<(f64, Vec<u32>)> = vehicles.iter().map(|_| (0.0, vec![0])).collect();
    let mut demand = demand(types[0].clone(), &trips);
    demand.types = types;
    demand.mixes = (0..demand.types.len() as u32).map(|row| VehicleMix { types: vec![(row, 1.0)] }).collect();
    for (trip, &(lane, position_m, speed_mps, kind)) in demand.trips.iter_mut().zip(vehicles) {
        trip.depart_lane = DepartLane::Given(lane);
        trip.depart_position = DepartPosition::Given(position_m);
        trip.depart_speed = DepartSpeed::Given(speed_mps);
        trip.mix = kind;
    }
    (LaneNetwork::build(&plan.rows).unwrap(), demand)
}

fn idm_drivers() -> VehicleType {
    VehicleType { acceleration_mps2: 1.4, ..car(Model::Idm { headway_s: 1.2, exponent: 4.0 }) }
}

/// The lane of the first vehicle after some time.
fn lane_after(time_s: f64, types: Vec<VehicleType>, vehicles: &[(u32, f64, f64, u32)]) -> u32 {
    let (network, demand) = two_lanes(types, vehicles);
    let options = Options { begin_s: 0.0, end_s: Some(time_s), step_s: 0.5, seed: 1 };
    let mut micro = Micro::new(&network, &demand, options);
    micro.run();
    assert_eq!(micro.counts().inserted as usize, vehicles.len());
    (0..2).find(|&lane| micro.on_lane(lane).any(|vehicle| vehicle.trip == 0)).unwrap()
}

#[test]
fn who_gains_by_it_changes_lanes_and_who_does_not_keeps_right() {
    let slow = VehicleType { max_speed_mps: 10.0, ..idm_drivers() };
    let types = || vec![idm_drivers(), slow.clone()];
    // Alone: no reason to leave the right lane, and one to come back to it.
    assert_eq!(lane_after(5.0, types(), &[(0, 100.0, 20.0, 0)]), 0);
    assert_eq!(lane_after(5.0, types(), &[(1, 100.0, 20.0, 0)]), 0);
    // Behind somebody slow, with the left lane free; and with somebody as slow on that.
    assert_eq!(lane_after(3.0, types(), &[(0, 100.0, 20.0, 0), (0, 170.0, 10.0, 1)]), 1);
    assert_eq!(lane_after(3.0, types(), &[(0, 100.0, 20.0, 0), (0, 170.0, 10.0, 1), (1, 170.0, 10.0, 1)]), 0);
}

/// The criterion of safety: nobody changes before somebody who would have to brake harder than 4 m/s².
#[test]
fn nobody_changes_where_that_makes_another_brake_hard() {
    let slow = VehicleType { max_speed_mps: 10.0, ..idm_drivers() };
    let types = || vec![idm_drivers(), slow.clone()];
    let fast_behind = |behind_m: f64| [(0, 100.0, 12.0, 0), (0, 130.0, 10.0, 1), (1, 100.0 - behind_m, 20.0, 0)];
    assert_eq!(lane_after(1.0, types(), &fast_behind(20.0)), 0);
    assert_eq!(lane_after(1.0, types(), &fast_behind(80.0)), 1);
}

/// Two who come to the ends of their lanes side by side, each wanting the other's.
#[test]
fn two_who_stand_in_each_others_way_trade_places() {
    let mut plan = Plan::default();
    let [begin, fork, left_end, right_end] =
        [(0.0, 0.0), (20.0, 0.0), (200.0, 100.0), (200.0, -100.0)].map(|(x, y)| plan.junction(x, y));
    let both = plan.street(begin, fork, 2, LIMIT_MPS, 0.0);
    let (left, right) =
        (plan.street(fork, left_end, 1, LIMIT_MPS, 10.0), plan.street(fork, right_end, 1, LIMIT_MPS, 10.0));
    plan.movement((both, 0), (right, 0), RightOfWay::Priority);
    plan.movement((both, 1), (left, 0), RightOfWay::Priority);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let mut demand = demand(car(krauss(0.0)), &[(0.0, vec![both, left]), (0.0, vec![both, right])]);
    for (trip, lane) in demand.trips.iter_mut().zip(0..) {
        trip.depart_lane = DepartLane::Given(lane);
        trip.depart_position = DepartPosition::Given(19.0);
        trip.depart_speed = DepartSpeed::Given(0.0);
    }
    let mut micro = Micro::new(&network, &demand, Options { begin_s: 0.0, end_s: Some(600.0), step_s: 1.0, seed: 1 });
    micro.run();
    assert_eq!((micro.counts().arrived, micro.relief().exchanges), (2, 2), "{:?}", micro.counts());
}

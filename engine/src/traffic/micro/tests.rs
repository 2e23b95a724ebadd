//! Simple networks on which what cars do is plain. What is known of traffic besides stands in `known`.

use super::{Micro, Options};
use crate::traffic::fixtures::{Plan, car, demand, krauss};
use crate::traffic::network::{LaneNetwork, Permissions, RightOfWay};

fn options(step_s: f64) -> Options {
    Options { begin_s: 0.0, end_s: Some(7200.0), step_s, seed: 1 }
}

/// One street of 1 km, then another, with a junction of 10 m between.
fn road(lanes: u32, speed_limit_mps: f64) -> Plan {
    let mut plan = Plan::default();
    let places: Vec<u32> = [0.0, 1010.0, 2020.0].map(|x| plan.junction(x, 0.0)).to_vec();
    let first = plan.street(places[0], places[1], lanes, speed_limit_mps, 5.0);
    let second = plan.street(places[1], places[2], lanes, speed_limit_mps, 5.0);
    for lane in 0..lanes {
        plan.movement((first, lane), (second, lane), RightOfWay::Priority);
    }
    plan
}

#[test]
fn alone_on_the_road_a_car_drives_at_the_speed_limit_and_loses_no_time() {
    let network = LaneNetwork::build(&road(1, 20.0).rows).unwrap();
    let demand = demand(car(krauss(0.0)), &[(0.0, vec![0, 1])]);
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    let [trip] = micro.finished() else { panic!("one trip ends") };
    // 1000 + 10 + 1000 m less where it began, at 20 m/s.
    assert!((trip.arrived_s - trip.departed_s - 100.0).abs() <= 2.0, "{trip:?}");
    assert!((0.0..=0.1).contains(&(2004.9 - trip.driven_m)), "{trip:?}");
    assert!(trip.time_loss_s.abs() < 1e-6, "{trip:?}");
}

#[test]
fn who_ends_in_the_middle_of_a_street_stays_behind_the_one_who_drives_on() {
    let network = LaneNetwork::build(&road(1, 20.0).rows).unwrap();
    let mut demand = demand(car(krauss(0.0)), &[(0.0, vec![0, 1]), (5.0, vec![0])]);
    demand.trips[1].arrival_position_m = Some(500.0);
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    let [first, second] = micro.finished() else { panic!("two trips end") };
    assert_eq!((first.trip, second.trip, micro.counts().held_back), (1, 0, 0));
    // It begins with its front at 5.1 m, and ends within 0.1 m of 500 m.
    assert!((0.0..=0.1).contains(&(494.9 - first.driven_m)), "{first:?}");
}

/// Two streets cross the way, 12 m apart; between them there is less room than a car takes, and it gives way at the second.
#[test]
fn a_car_crosses_two_streets_in_one_go_where_there_is_no_room_to_wait_between_them() {
    let mut plan = Plan::default();
    let [begin, first, second, end] = [0.0, 100.0, 112.0, 212.0].map(|x| plan.junction(x, 0.0));
    let streets =
        [(begin, first), (first, second), (second, end)].map(|(from, to)| plan.street(from, to, 1, 13.89, 3.0));
    plan.movement((streets[0], 0), (streets[1], 0), RightOfWay::Priority);
    let gives_way = plan.movement((streets[1], 0), (streets[2], 0), RightOfWay::Yield);
    let mut crossing = Vec::new();
    for (junction, x) in [(first, 100.0), (second, 112.0)] {
        let (from, to) = (plan.junction(x, -100.0), plan.junction(x, 100.0));
        let (into, out) = (plan.street(from, junction, 1, 13.89, 3.0), plan.street(junction, to, 1, 13.89, 3.0));
        crossing.push((plan.movement((into, 0), (out, 0), RightOfWay::Priority), vec![into, out]));
    }
    plan.rows.movements[gives_way as usize].yields_to = vec![crossing[1].0];
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let between_m = network.lanes[network.streets[streets[1] as usize].first_lane as usize].length_m;
    assert!(between_m < 7.5, "{between_m}");
    let mut trips: Vec<(f64, Vec<u32>)> = (0..10).map(|car| (f64::from(car) * 7.0, streets.to_vec())).collect();
    trips.extend((0..10).map(|car| (f64::from(car) * 7.0 + 2.0, crossing[1].1.clone())));
    trips.sort_by(|a, b| a.0.total_cmp(&b.0));
    let demand = demand(car(krauss(0.5)), &trips);
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    assert_eq!((micro.counts().arrived, micro.counts().held_back), (20, 0), "{:?}", micro.counts());
}

/// The right lane, which leads along the route, is for others alone: from the left one another street leads to where it goes.
#[test]
fn who_cannot_get_to_the_lane_for_its_turn_goes_where_its_lane_leads() {
    let mut plan = Plan::default();
    let [begin, fork, upper, lower, end, beyond] =
        [(0.0, 0.0), (100.0, 0.0), (200.0, 50.0), (200.0, -50.0), (300.0, 0.0), (400.0, 0.0)]
            .map(|(x, y)| plan.junction(x, y));
    let first = plan.street(begin, fork, 2, 13.89, 5.0);
    let [left, left_on, right, right_on, last] =
        [(fork, upper), (upper, end), (fork, lower), (lower, end), (end, beyond)]
            .map(|(from, to)| plan.street(from, to, 1, 13.89, 5.0));
    plan.rows.streets[first as usize].lanes[0].permissions = Permissions(2);
    for (from, lane, to) in [
        (first, 0, right),
        (first, 1, left),
        (left, 0, left_on),
        (right, 0, right_on),
        (left_on, 0, last),
        (right_on, 0, last),
    ] {
        plan.movement((from, lane), (to, 0), RightOfWay::Priority);
    }
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let demand = demand(car(krauss(0.0)), &[(0.0, vec![first, right, right_on, last])]);
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    let [trip] = micro.finished() else { panic!("the trip ends: {:?}", micro.counts()) };
    assert_eq!((micro.relief().reroutes, trip.end.lane), (1, network.streets[last as usize].first_lane));
    assert!((90.0..110.0).contains(&trip.waited_s), "{trip:?}");
}

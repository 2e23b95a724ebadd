//! What is known of traffic on simple networks, and what must always hold.

use super::{Micro, Options};
use crate::signals::{Lamp, Phase, Program};
use crate::traffic::demand::VehicleType;
use crate::traffic::fixtures::{Plan, SATURATION_FLOWS_VPH, car, car_of_many, demand, krauss};
use crate::traffic::network::{LaneNetwork, RightOfWay};

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
    assert!(trip.time_loss_s.abs() < 1e-6, "{trip:?}");
}

/// Vehicles that pass a stop line at the end of street 0 after a red of 400 s, from the fifth to the thirtieth.
fn saturation_flow_vph(kind: VehicleType, step_s: f64) -> f64 {
    let mut plan = road(1, 13.89);
    let green = Phase { duration_s: 400.0, lamps: vec![Lamp::Green] };
    let red = Phase { duration_s: 400.0, lamps: vec![Lamp::Red] };
    plan.signal(Program::new(vec![red, green], 0.0).unwrap(), &[0]);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let trips: Vec<(f64, Vec<u32>)> = (0..100).map(|number| (f64::from(number) * 2.0, vec![0, 1])).collect();
    let demand = demand(kind, &trips);
    let mut micro = Micro::new(&network, &demand, options(step_s));
    let mut passed_s = Vec::new();
    let mut before = Vec::new();
    while !micro.is_over() {
        micro.step();
        let now: Vec<u32> = micro.on_lane(0).map(|vehicle| vehicle.trip).collect();
        passed_s.extend(before.iter().filter(|trip| !now.contains(trip)).map(|_| micro.time_s()));
        before = now;
    }
    assert_eq!(micro.counts().held_back, 0);
    3600.0 * 25.0 / (passed_s[29] - passed_s[4])
}

#[test]
fn saturation_flows_are_those_of_the_models() {
    for (model, alike, different) in SATURATION_FLOWS_VPH {
        let flow = saturation_flow_vph(car(model), 0.5);
        assert!((flow / alike - 1.0).abs() < 0.03, "{model:?}: {flow} instead of {alike}");
        // Slower drivers hold up those behind them.
        let flow = saturation_flow_vph(car_of_many(model), 0.5);
        assert!((flow / different - 1.0).abs() < 0.05, "{model:?}: {flow} instead of {different}");
    }
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
    assert!((first.driven_m - 495.0).abs() < 20.0, "{first:?}");
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

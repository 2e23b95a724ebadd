//! Simple networks on which what queues do is plain. What is known of traffic besides stands in `known`.

use super::Meso;
use super::motion::Kind;
use crate::signals::{Lamp, Phase, Program};
use crate::traffic::car_following::Model;
use crate::traffic::demand::{TrafficDemand, VehicleMix, VehicleType};
use crate::traffic::fixtures::{Plan, car, demand, krauss, red_then_green};
use crate::traffic::from_city::vehicle_type;
use crate::traffic::network::{LaneNetwork, RightOfWay};
use crate::traffic::simulation::{FinishedTrip, Options};
use crate::vehicles::VehicleClass;

fn options(step_s: f64) -> Options {
    Options { begin_s: 0.0, end_s: Some(7200.0), step_s, seed: 1 }
}

/// Streets one after the other, of given lengths and speed limits, with junctions of 10 m between.
fn chain(streets: &[(f64, u32, f64)]) -> Plan {
    let mut plan = Plan::default();
    let mut x = 0.0;
    let mut before = plan.junction(x, 0.0);
    let mut rows: Vec<(u32, u32)> = Vec::new();
    for &(length_m, lanes, speed_limit_mps) in streets {
        x += length_m + 10.0;
        let next = plan.junction(x, 0.0);
        rows.push((plan.street(before, next, lanes, speed_limit_mps, 5.0), lanes));
        before = next;
    }
    for pair in rows.windows(2) {
        for lane in 0..pair[0].1.max(pair[1].1) {
            let (from, to) = (lane.min(pair[0].1 - 1), lane.min(pair[1].1 - 1));
            plan.movement((pair[0].0, from), (pair[1].0, to), RightOfWay::Priority);
        }
    }
    plan
}

/// Trips over all streets, one every `headway_s`.
fn evenly(kind: VehicleType, streets: u32, count: u32, headway_s: f64) -> TrafficDemand {
    let route: Vec<u32> = (0..streets).collect();
    let trips: Vec<(f64, Vec<u32>)> = (0..count).map(|number| (f64::from(number) * headway_s, route.clone())).collect();
    demand(kind, &trips)
}

fn run(plan: &Plan, demand: &TrafficDemand, step_s: f64) -> Vec<FinishedTrip> {
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let mut meso = Meso::new(&network, demand, options(step_s));
    meso.run();
    meso.finished().to_vec()
}

#[test]
fn alone_on_the_road_a_car_drives_at_the_speed_limit_and_loses_no_time() {
    let [trip] = &run(&chain(&[(1000.0, 1, 20.0), (1000.0, 1, 20.0)]), &evenly(car(krauss(0.0)), 2, 1, 1.0), 1.0)[..]
    else {
        panic!("one trip ends")
    };
    // 1000 + 10 + 1000 m, less the 5.1 m at whose end it begins.
    assert!((trip.arrived_s - trip.departed_s - (2010.0 - 5.1) / 20.0).abs() < 1e-9, "{trip:?}");
    assert!(trip.time_loss_s.abs() < 1e-9 && trip.waited_s == 0.0 && trip.halts == 0, "{trip:?}");
    assert!((trip.driven_m - 2004.9).abs() < 1e-9, "{trip:?}");
}

/// Of the triangular fundamental diagram of a type: the speed of gaps, jam density and saturation flow.
struct Diagram {
    wave_mps: f64,
    jam_per_m: f64,
    saturation_per_s: f64,
}

fn diagram(kind: &VehicleType, speed_mps: f64) -> Diagram {
    let kind = Kind::new(kind, 1.0);
    Diagram {
        wave_mps: kind.room_m / kind.reaction_s,
        jam_per_m: 1.0 / kind.room_m,
        saturation_per_s: 1.0 / (kind.reaction_s + kind.room_m / speed_mps),
    }
}

/// When each vehicle enters a street, by steps of a tenth of a second.
fn entries_s(meso: &mut Meso, lane: u32, until_s: f64) -> Vec<f64> {
    let mut entered_s = Vec::new();
    let mut last = None;
    let mut now_s = 0.0;
    while now_s < until_s {
        now_s += 0.1;
        meso.step_to(now_s);
        let back = meso.on_lane(lane).last();
        if back.is_some() && back != last {
            entered_s.push(now_s);
            last = back;
        }
    }
    entered_s
}

/// A queue grows backward at q / (k_jam − q / v), so it fills a street of length L from the first arrival at its beginning on
/// in L · k_jam / q; it dissolves from the front at the speed of gaps, and lets the next one in when that wave has come back.
#[test]
fn a_queue_fills_a_street_and_blocks_the_one_behind_when_shock_waves_say_so() {
    let (length_m, speed_mps, headway_s) = (1000.0, 20.0, 4.0);
    let mut plan = chain(&[(1000.0, 1, speed_mps), (length_m, 1, speed_mps), (1000.0, 1, speed_mps)]);
    let green_s = 1000.0;
    plan.signal(red_then_green(green_s, 1000.0, 0.0), &[1]);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let demand = evenly(car(krauss(0.0)), 3, 400, headway_s);
    let diagram = diagram(&car(krauss(0.0)), speed_mps);
    let mut meso = Meso::new(&network, &demand, options(1.0));
    let entered_s = entries_s(&mut meso, 1, 1600.0);
    let blocked = (1..entered_s.len()).find(|&row| entered_s[row] - entered_s[row - 1] > 3.0 * headway_s).unwrap();
    let filled_s = entered_s[blocked - 1] - entered_s[0];
    let expected_s = length_m * diagram.jam_per_m * headway_s;
    assert!((filled_s / expected_s - 1.0).abs() < 0.02, "{filled_s} instead of {expected_s}");
    let returned_s = entered_s[blocked] - green_s;
    let expected_s = length_m / diagram.wave_mps;
    assert!((returned_s / expected_s - 1.0).abs() < 0.02, "{returned_s} instead of {expected_s}");
}

/// Behind a red of R seconds, the queue of a flow q is gone after R s / (s − q), and its vehicles wait R² q s / 2 (s − q) together.
#[test]
fn a_queue_behind_a_red_dissolves_when_arrivals_and_saturation_flow_say_so() {
    let (red_s, speed_mps, headway_s) = (400.0, 13.89, 10.0 / 3.0);
    let mut plan = chain(&[(3000.0, 1, speed_mps), (1000.0, 1, speed_mps)]);
    plan.signal(red_then_green(red_s, 1600.0, 0.0), &[0]);
    let trips = run(&plan, &evenly(car(krauss(0.0)), 2, 500, headway_s), 1.0);
    let saturation = diagram(&car(krauss(0.0)), speed_mps).saturation_per_s;
    let flow = 1.0 / headway_s;
    // From when the first vehicle meets the red on.
    let red_s = red_s - 2994.9 / speed_mps;
    let wait_s: f64 = trips.iter().map(|trip| trip.time_loss_s).sum();
    let expected_s = red_s * red_s * flow * saturation / (2.0 * (saturation - flow));
    // Accelerating costs each of them 2.7 s besides.
    let delayed: Vec<&FinishedTrip> = trips.iter().filter(|trip| trip.time_loss_s > 3.0).collect();
    let start_s = speed_mps / (2.0 * 2.6) * delayed.len() as f64;
    assert!(((wait_s - start_s) / expected_s - 1.0).abs() < 0.02, "{} instead of {expected_s}", wait_s - start_s);
    let expected = red_s * saturation / (saturation - flow) * flow;
    assert!((delayed.len() as f64 / expected - 1.0).abs() < 0.02, "{} instead of {expected}", delayed.len());
}

#[test]
fn more_capacity_makes_nobody_arrive_later() {
    let mut before: Option<Vec<f64>> = None;
    for headway_s in [2.0, 1.5, 1.2, 1.0, 0.8] {
        let kind = car(Model::Krauss { imperfection: 0.0, headway_s });
        let trips = run(&chain(&[(1000.0, 1, 13.89)]), &evenly(kind, 1, 300, 1.9), 0.5);
        let arrived_s: Vec<f64> = trips.iter().map(|trip| trip.arrived_s).collect();
        if let Some(before) = before {
            assert!(before.iter().zip(&arrived_s).all(|(slow, fast)| *fast <= slow + 1e-9), "{headway_s}");
        }
        before = Some(arrived_s);
    }
}

/// Four one-way streets around a block, full of vehicles that all want to go on around it.
#[test]
fn a_ring_full_of_vehicles_that_turn_left_resolves() {
    let mut plan = Plan::default();
    let corners = [(0.0, 0.0), (110.0, 0.0), (110.0, 110.0), (0.0, 110.0)].map(|(x, y)| plan.junction(x, y));
    let streets: Vec<u32> =
        (0..4).map(|side| plan.street(corners[side], corners[(side + 1) % 4], 1, 13.89, 0.0)).collect();
    for side in 0..4 {
        plan.movement((streets[side], 0), (streets[(side + 1) % 4], 0), RightOfWay::Yield);
    }
    // All streets fill up before the first may go.
    let phase = |duration_s, lamp| Phase { duration_s, lamps: vec![lamp; 4] };
    plan.signal(Program::new(vec![phase(200.0, Lamp::Red), phase(36_000.0, Lamp::Green)], 0.0).unwrap(), &[0, 1, 2, 3]);
    let trips: Vec<(f64, Vec<u32>)> =
        (0..120).map(|number| (0.0, (0..41).map(|step| streets[(number + step) % 4]).collect())).collect();
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let demand = demand(car(krauss(0.0)), &trips);
    let mut meso = Meso::new(&network, &demand, Options { end_s: Some(36_000.0), ..options(1.0) });
    meso.run();
    let counts = meso.counts();
    assert_eq!((counts.arrived, counts.running, counts.waiting, counts.teleports), (120, 0, 0, 0));
    assert!(meso.relief().exchanges > 0, "{:?}", meso.relief());
}

/// A bicycle, and a car 20 s later, on 2 km with one lane.
#[test]
fn a_car_passes_a_bicycle_in_a_wide_lane_and_follows_it_in_a_narrow_one() {
    let car_s = |lane_m: f64| {
        let mut plan = chain(&[(1000.0, 1, 13.89), (1000.0, 1, 13.89)]);
        plan.rows.streets.iter_mut().flat_map(|street| &mut street.lanes).for_each(|lane| lane.width_m = lane_m);
        let mut demand = evenly(car(krauss(0.0)), 2, 2, 20.0);
        demand.types.push(VehicleType { permission: Some(0), ..vehicle_type(VehicleClass::Bicycle) });
        demand.mixes.push(VehicleMix { types: vec![(1, 1.0)] });
        demand.trips[0].mix = 1;
        let finished = run(&plan, &demand, 1.0);
        let car = finished.iter().find(|trip| trip.trip == 1).unwrap();
        car.arrived_s - car.departed_s
    };
    let alone_s = 2005.0 / 13.89;
    assert!((car_s(3.75) - alone_s).abs() < 3.0, "{} s, alone {alone_s} s", car_s(3.75));
    // About as long as the bicycle, which had 20 s of start and rides at 5.56 m/s at most, a tenth less or more.
    let behind_s = 2005.0 / 5.56 - 20.0;
    assert!(car_s(3.0) > 0.9 * behind_s && car_s(3.0) < 1.4 * behind_s, "{} s, behind {behind_s} s", car_s(3.0));
}

#[test]
fn whose_way_goes_on_where_no_lane_leads_takes_another() {
    let plan = chain(&[(200.0, 1, 15.0); 4]);
    let demand = demand(car(krauss(0.0)), &[(0.0, vec![0, 1, 3]), (10.0, vec![0, 1, 2, 3])]);
    let trips = run(&plan, &demand, 1.0);
    let [astray, behind] = &trips[..] else { panic!("both arrive: {trips:?}") };
    assert!((astray.driven_m - behind.driven_m).abs() < 1e-9, "{trips:?}");
}

#[test]
fn a_vehicle_that_is_put_where_no_way_leads_is_counted_as_a_teleport() {
    let plan = chain(&[(200.0, 2, 14.0), (200.0, 2, 14.0), (200.0, 2, 14.0), (200.0, 2, 14.0)]);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let demand = evenly(car(krauss(0.0)), 4, 1, 1.0);
    let teleports = |moves: bool| {
        let mut meso = Meso::new(&network, &demand, options(1.0));
        meso.step_to(20.0);
        let lane = (2..4).find(|&lane| meso.on_lane(lane).next() == Some(0)).expect("on the second street");
        if moves {
            // From the second street to the fourth.
            meso.queues.pop(lane);
            meso.queues.vehicle_mut(0).before = lane;
            meso.queues.vehicle_mut(0).route_position = 3;
            meso.place(0, lane + 4, 20.0, 14.0, 50.0, 20.0);
            assert_eq!(meso.counts().teleports, 1, "while it is there");
        }
        meso.run();
        assert_eq!(meso.counts().arrived, 1);
        meso.counts().teleports
    };
    assert_eq!([false, true].map(teleports), [0, 1]);
}

//! What holds of places whatever the town, in both simulations.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Fidelity, Recorder, Traffic, VehicleAt};
use crate::draws::{Draws, Purpose};
use crate::traffic::demand::{Stop, TrafficDemand, VehicleType};
use crate::traffic::fixtures::{car, demand, grid, krauss, random_town};
use crate::traffic::meso::Meso;
use crate::traffic::micro::Micro;
use crate::traffic::network::derive::{Control, PlainStreets, derive};
use crate::traffic::network::{LaneNetwork, Span};
use crate::traffic::routing::fastest;
use crate::traffic::simulation::Options;

fn network(plain: &PlainStreets) -> LaneNetwork {
    LaneNetwork::build(&derive(plain).unwrap().rows).unwrap()
}

/// Trips between random streets; one in four is made by bus, one in five ends before its street does, one in six stops.
fn random_demand(network: &LaneNetwork, seed: u64, count: u32, per_s: f64) -> TrafficDemand {
    let mut numbers = Draws::new(seed).sequence(Purpose::new("random trips"), 0);
    let mut trips = Vec::new();
    for number in 0..count {
        let mut street = || (numbers.uniform() * network.streets.len() as f64) as u32;
        if let Some(way) = fastest(network, Some(0), street(), street()) {
            trips.push((f64::from(number) / per_s, way));
        }
    }
    let mut demand = demand(car(krauss(0.5)), &trips);
    demand.types.push(VehicleType { name: "bus".to_owned(), length_m: 12.0, max_speed_mps: 11.0, ..car(krauss(0.2)) });
    demand.mixes[0].types = vec![(0, 0.75), (1, 0.25)];
    for number in 0..demand.trips.len() {
        let trip = &mut demand.trips[number];
        let streets = &demand.routes[demand.route_choices[trip.route_choice as usize].routes[0].0 as usize].streets;
        let last = &network.streets[streets[streets.len() - 1] as usize];
        let last_m = network.lanes[last.first_lane as usize].length_m;
        if numbers.uniform() < 0.2 {
            trip.arrival_position_m = Some((last_m * numbers.uniform()).max(0.1));
        }
        if numbers.uniform() < 0.17 && streets.len() > 2 {
            let lane = network.streets[streets[1] as usize].first_lane;
            let end_m = network.lanes[lane as usize].length_m * 0.7;
            trip.stops = Span { start: demand.stops.len() as u32, end: demand.stops.len() as u32 + 1 };
            demand.stops.push(Stop {
                lane,
                route_position: 1,
                start_m: 0.0,
                end_m,
                duration_s: 40.0 * numbers.uniform(),
                until_s: None,
            });
        }
    }
    demand
}

fn options(seed: u64) -> Options {
    Options { begin_s: 0.0, end_s: Some(3000.0), step_s: 1.0, seed }
}

/// Checks all frames of a run, each by itself and against the one before; says how many vehicles were seen in all.
fn watch<T: Traffic>(traffic: &mut T, running: fn(&T) -> u64) -> Result<u64, TestCaseError> {
    let mut recorder = Recorder::new(traffic.time_s(), 1.0).unwrap();
    let mut before: BTreeMap<u32, VehicleAt> = BTreeMap::new();
    let mut seen = 0;
    while !traffic.is_over() {
        traffic.advance_to(recorder.next_s());
        let Some(frame) = recorder.note(traffic) else { continue };
        prop_assert_eq!(frame.vehicles.len() as u64, running(traffic), "everybody on the road is seen");
        seen += frame.vehicles.len() as u64;
        let mut now = BTreeMap::new();
        let mut ahead: Option<VehicleAt> = None;
        for vehicle in frame.vehicles {
            let lane_m = traffic.network().lanes[vehicle.lane as usize].length_m;
            prop_assert!((0.0..=lane_m + 1e-9).contains(&vehicle.position_m), "{:?} at {}", vehicle, frame.time_s);
            prop_assert!(vehicle.speed_mps >= 0.0 && vehicle.speed_mps.is_finite());
            prop_assert!(now.insert(vehicle.trip, *vehicle).is_none(), "nobody is seen twice");
            if let Some(ahead) = ahead {
                prop_assert!(vehicle.lane >= ahead.lane);
            }
            apart(traffic, ahead.as_ref(), vehicle, frame.time_s)?;
            if !vehicle.is_aside {
                ahead = Some(*vehicle);
            }
        }
        for (trip, vehicle) in &now {
            let Some(was) = before.get(trip).filter(|was| was.lane == vehicle.lane) else { continue };
            prop_assert!(
                vehicle.position_m >= was.position_m - 1e-6,
                "at {} s from {:?} back to {:?}",
                frame.time_s,
                was,
                vehicle
            );
        }
        before = now;
    }
    Ok(seen)
}

/// In queues of the meso simulation one stands as far apart as its storage counts with. (That nobody drives through another
/// in the micro simulation is tested beside it.)
fn apart<T: Traffic>(
    traffic: &T,
    ahead: Option<&VehicleAt>,
    vehicle: &VehicleAt,
    time_s: f64,
) -> Result<(), TestCaseError> {
    let network = traffic.network();
    let Some(ahead) = ahead.filter(|ahead| ahead.lane == vehicle.lane && !vehicle.is_aside) else { return Ok(()) };
    // Those who wait inside a junction may be longer than the lane, as may those who squeezed onto a full one.
    let may_be_close = network.lanes[vehicle.lane as usize].street.is_none() || vehicle.position_m <= 0.0;
    if traffic.fidelity() == Fidelity::Micro || may_be_close {
        return Ok(());
    }
    let kind = &traffic.demand().types[traffic.type_of(ahead.trip) as usize];
    let least_m = kind.length_m + kind.min_gap_m;
    prop_assert!(
        ahead.position_m - vehicle.position_m >= least_m - 1e-6,
        "at {} s {:?} stands on {:?}",
        time_s,
        vehicle,
        ahead
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn in_random_towns_everybody_is_seen_once_apart_from_others_and_never_goes_back(
        seed in 0_u64..1_000_000,
        columns in 2_u32..5,
        rows in 2_u32..5,
        per_s in 0.05_f64..2.0,
    ) {
        let network = network(&random_town(columns, rows, seed));
        let demand = random_demand(&network, seed, 300, per_s);
        watch(&mut Meso::new(&network, &demand, options(seed)), |meso| meso.counts().running)?;
        watch(&mut Micro::new(&network, &demand, options(seed)), |micro| micro.counts().running)?;
    }

    #[test]
    fn on_grids_everybody_is_seen_once_apart_from_others_and_never_goes_back(
        seed in 0_u64..1_000_000,
        lanes in 1_u32..4,
        spacing_m in 60.0_f64..250.0,
        control in 0_usize..4,
        per_s in 0.1_f64..4.0,
    ) {
        let controls = [Control::Signs, Control::RightBeforeLeft, Control::AllWayStop, Control::Signals];
        let network = network(&grid(4, 4, spacing_m, lanes, |_, _| controls[control]));
        let demand = random_demand(&network, seed, 500, per_s);
        let seen = watch(&mut Meso::new(&network, &demand, options(seed)), |meso| meso.counts().running)?;
        prop_assert!(seen > 5000, "{}", seen);
        let seen = watch(&mut Micro::new(&network, &demand, options(seed)), |micro| micro.counts().running)?;
        prop_assert!(seen > 5000, "{}", seen);
    }
}

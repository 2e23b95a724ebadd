//! What holds of places whatever the town, in both simulations.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Fidelity, Recorder, Traffic, VehicleAt};
use crate::draws::{Draws, Purpose};
use crate::signals::Lamp;
use crate::traffic::demand::{Stop, TrafficDemand, VehicleType};
use crate::traffic::fixtures::{CONTROLS, car, controlled, demand, grid, krauss, random_town};
use crate::traffic::meso::Meso;
use crate::traffic::micro::Micro;
use crate::traffic::network::derive::{Control, DerivedNetwork, PlainStreets, derive};
use crate::traffic::network::{LaneNetwork, Span};
use crate::traffic::routing::fastest;
use crate::traffic::simulation::{Options, Simulation};
use crate::vehicles::VehicleClass;

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
    let bus = VehicleType { class: VehicleClass::Bus, length_m: 12.0, max_speed_mps: 11.0, ..car(krauss(0.2)) };
    demand.types.push(VehicleType { name: "bus".to_owned(), ..bus });
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

/// In a second nobody comes over more lanes than this.
const LANES_A_SECOND: usize = 12;

/// Whether a vehicle can have come from one lane to another: along passages, of its lane or of those beside it.
fn can_come(network: &LaneNetwork, from: u32, to: u32) -> bool {
    let beside = |lane: u32| {
        let street = network.lanes[lane as usize].street;
        street.map_or(lane..lane + 1, |street| network.streets[street as usize].lanes())
    };
    let mut reached: Vec<u32> = beside(from).collect();
    for _ in 0..LANES_A_SECOND {
        if reached.contains(&to) {
            return true;
        }
        let next = reached.iter().flat_map(|&lane| network.passages_from(lane));
        reached = next.flat_map(|passage| beside(passage.to_lane)).collect();
        reached.sort_unstable();
        reached.dedup();
    }
    reached.contains(&to)
}

/// Checks all frames of a run, each by itself and against the one before; says how many vehicles were seen in all.
fn watch<'a, S: Simulation<'a>>(mut traffic: S) -> Result<u64, TestCaseError> {
    let traffic = &mut traffic;
    let mut recorder = Recorder::new(traffic.time_s(), 1.0).unwrap();
    let mut before: BTreeMap<u32, VehicleAt> = BTreeMap::new();
    let mut seen = 0;
    while !traffic.is_over() {
        traffic.advance_to(recorder.next_s());
        let Some(frame) = recorder.note(traffic) else { continue };
        let counts = traffic.counts();
        prop_assert_eq!(frame.vehicles.len() as u64, counts.running, "everybody on the road is seen");
        prop_assert_eq!(counts.inserted, counts.running + counts.arrived, "nobody is lost");
        prop_assert_eq!(counts.teleports, 0);
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
            let Some(was) = before.get(trip) else { continue };
            if was.lane != vehicle.lane {
                let can_come = can_come(traffic.network(), was.lane, vehicle.lane);
                prop_assert!(can_come, "at {} s from {:?} to {:?}", frame.time_s, was, vehicle);
                continue;
            }
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
        watch(Meso::new(&network, &demand, options(seed)))?;
        watch(Micro::new(&network, &demand, options(seed)))?;
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
        let seen = watch(Meso::new(&network, &demand, options(seed)))?;
        prop_assert!(seen > 5000, "{}", seen);
        let seen = watch(Micro::new(&network, &demand, options(seed)))?;
        prop_assert!(seen > 5000, "{}", seen);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn where_signals_follow_traffic_everybody_is_seen_once_apart_from_others_and_never_goes_back(
        seed in 0_u64..1_000_000,
        control in 0_usize..3,
        bus_priority: bool,
        per_s in 0.1_f64..2.0,
    ) {
        for plain in [grid(3, 3, 150.0, 2, |_, _| Control::Signals), random_town(4, 4, seed)] {
            let derived = controlled(&plain, CONTROLS[control], bus_priority);
            let network = LaneNetwork::build(&derived.rows).unwrap();
            let demand = random_demand(&network, seed, 200, per_s);
            watch(Meso::new(&network, &demand, options(seed)))?;
            watch(Micro::new(&network, &demand, options(seed)))?;
        }
    }
}

/// In how many frames of a run some lamp shows what the clock does not say; checks that all show what the simulation says.
fn frames_off_the_clock<T: Traffic>(mut traffic: T, lamps: fn(&T, u32) -> Vec<Lamp>) -> u32 {
    let mut recorder = Recorder::new(traffic.time_s(), 1.0).unwrap();
    let mut off = 0;
    while !traffic.is_over() {
        traffic.advance_to(recorder.next_s());
        let signals = 0..traffic.network().signals.len() as u32;
        let shown: Vec<Lamp> = signals.flat_map(|signal| lamps(&traffic, signal)).collect();
        let by_clock: Vec<Lamp> = traffic
            .network()
            .signals
            .iter()
            .flat_map(|signal| {
                signal.program.phases()[signal.program.phase_at(traffic.time_s() + 1e-9).0].lamps.clone()
            })
            .collect();
        let Some(frame) = recorder.note(&traffic) else { continue };
        assert_eq!(frame.lamps, shown, "at {} s", frame.time_s);
        off += u32::from(shown != by_clock);
    }
    off
}

#[test]
fn lamps_that_follow_traffic_are_seen_as_the_simulation_shows_them() {
    let network = |derived: &DerivedNetwork| LaneNetwork::build(&derived.rows).unwrap();
    let plain = grid(3, 3, 150.0, 2, |_, _| Control::Signals);
    for (control, bus_priority) in [("actuated", false), ("max pressure", false), ("fixed", true)] {
        let network = network(&controlled(&plain, control, bus_priority));
        let demand = random_demand(&network, 5, 300, 0.5);
        let meso = Meso::new(&network, &demand, options(5));
        let off = frames_off_the_clock(meso, |meso, signal| meso.lamps(signal).to_vec());
        assert!(off > 100, "{control} in queues: {off}");
        let micro = Micro::new(&network, &demand, options(5));
        let off = frames_off_the_clock(micro, |micro, signal| micro.lamps(signal).to_vec());
        assert!(off > 100, "{control} lane by lane: {off}");
    }
}

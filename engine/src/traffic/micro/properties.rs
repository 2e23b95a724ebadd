//! What must hold whatever the network: nobody is lost, nobody drives through anybody, nobody runs a red light, and the
//! number of threads does not show.

use std::collections::BTreeMap;

use super::scene::Rule;
use super::{Micro, Options};
use crate::draws::{Draws, Purpose};
use crate::traffic::demand::{SpeedFactor, TrafficDemand, VehicleType};
use crate::traffic::fixtures::{CONTROLS, car, conflicting_greens, controlled, demand, grid, krauss, random_town};
use crate::traffic::network::derive::{Control, DerivedNetwork, PlainStreets, derive};
use crate::traffic::network::{LaneNetwork, PassageKind};
use crate::traffic::routing::fastest;

fn network(plain: &PlainStreets) -> LaneNetwork {
    LaneNetwork::build(&derive(plain).unwrap().rows).unwrap()
}

/// Trips between random streets, `every_s` apart.
fn trips(network: &LaneNetwork, count: u64, every_s: f64) -> TrafficDemand {
    let draws = Draws::new(3);
    let routes: Vec<(f64, Vec<u32>)> = (0..count)
        .filter_map(|trip| {
            let street = |purpose| (draws.uniform(purpose, trip) * network.streets.len() as f64) as u32;
            let (origin, destination) = (street(Purpose::new("origin")), street(Purpose::new("destination")));
            fastest(network, Some(0), origin, destination).map(|route| (trip as f64 * every_s, route))
        })
        .collect();
    let speed_factor = SpeedFactor { deviation: 0.1, ..car(krauss(0.5)).speed_factor };
    demand(VehicleType { speed_factor, ..car(krauss(0.5)) }, &routes)
}

fn options(end_s: f64) -> Options {
    Options { begin_s: 0.0, end_s: Some(end_s), step_s: 1.0, seed: 5 }
}

/// The lane of each vehicle.
fn places(micro: &Micro, network: &LaneNetwork) -> BTreeMap<u32, u32> {
    (0..network.lanes.len() as u32)
        .flat_map(|lane| micro.on_lane(lane).map(move |vehicle| (vehicle.trip, lane)))
        .collect()
}

/// Runs and checks after every step; returns the steps of single vehicles.
fn check(plain: &PlainStreets, count: u64, every_s: f64, end_s: f64) -> u64 {
    check_derived(&derive(plain).unwrap(), count, every_s, end_s)
}

fn check_derived(derived: &DerivedNetwork, count: u64, every_s: f64, end_s: f64) -> u64 {
    let network = LaneNetwork::build(&derived.rows).unwrap();
    let demand = trips(&network, count, every_s);
    let mut micro = Micro::new(&network, &demand, options(end_s));
    while !micro.is_over() {
        let before = places(&micro, &network);
        micro.step();
        let after = places(&micro, &network);
        let conflict = conflicting_greens(derived, |signal| micro.lamps(signal));
        assert_eq!(conflict, None, "movements that have green together at {} s", micro.time_s());
        let counts = micro.counts();
        assert_eq!(counts.running, after.len() as u64, "everybody who runs is on a lane");
        assert_eq!(counts.inserted, counts.running + counts.arrived, "nobody is lost");
        assert_eq!(micro.finished().len() as u64, counts.arrived);
        assert_eq!(counts.held_back, 0, "nobody drives through anybody");
        for lane in 0..network.lanes.len() as u32 {
            let mut ahead: Option<f64> = None;
            for vehicle in micro.on_lane(lane) {
                if let Some(rear_m) = ahead {
                    assert!(
                        vehicle.position_m <= rear_m + 1e-6,
                        "on lane {lane} at {} s: {vehicle:?} drives into a rear at {rear_m} m",
                        micro.time_s()
                    );
                }
                ahead = Some(vehicle.position_m - vehicle.length_m);
            }
        }
        for (trip, lane) in &after {
            let Some(from) = before.get(trip).filter(|from| *from != lane) else { continue };
            let range = network.lanes[*from as usize].passages.range();
            let passed = range.clone().find(|&row| network.passages[row].to_lane == *lane);
            if let Some(row) = passed.filter(|&row| network.passages[row].kind == PassageKind::Entry) {
                assert_ne!(micro.rules[row], Rule::Red, "trip {trip} runs a red light at {} s", micro.time_s());
            }
        }
    }
    micro.counts().vehicle_updates
}

#[test]
fn nobody_is_lost_touched_or_runs_a_red_light_on_grids() {
    let all = [Control::Signs, Control::RightBeforeLeft, Control::AllWayStop, Control::Signals];
    let mut updates = 0;
    for lanes in 1..=2 {
        updates += check(&grid(4, 4, 120.0, lanes, |_, _| Control::Signals), 600, 1.0, 1500.0);
        updates += check(&grid(4, 4, 120.0, lanes, |column, row| all[(column + row) as usize % 4]), 400, 1.5, 1500.0);
    }
    assert!(updates > 100_000, "{updates}");
}

#[test]
fn nobody_is_lost_touched_or_runs_a_red_light_in_random_towns() {
    for seed in 0..12 {
        check(&random_town(4, 4, seed), 250, 2.0, 1200.0);
    }
}

#[test]
fn nobody_is_lost_touched_or_runs_a_red_light_where_signals_follow_traffic() {
    for control in ["actuated", "max pressure"] {
        for bus_priority in [false, true] {
            let grid = grid(4, 4, 120.0, 1 + u32::from(bus_priority), |_, _| Control::Signals);
            check_derived(&controlled(&grid, control, bus_priority), 500, 1.0, 1200.0);
        }
        for seed in 0..6 {
            check_derived(&controlled(&random_town(4, 4, seed), control, seed % 2 == 0), 250, 2.0, 1200.0);
        }
    }
}

#[test]
fn the_number_of_threads_does_not_show() {
    for control in CONTROLS {
        threads_do_not_show(&controlled(&grid(5, 4, 120.0, 2, |_, _| Control::Signals), control, true));
    }
}

fn threads_do_not_show(derived: &DerivedNetwork) {
    let network = LaneNetwork::build(&derived.rows).unwrap();
    let demand = trips(&network, 500, 1.0);
    let run = |threads: usize| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let mut micro = Micro::new(&network, &demand, options(900.0));
            micro.run();
            (micro.counts(), micro.finished().to_vec())
        })
    };
    let one = run(1);
    assert!(one.0.arrived > 200, "{:?}", one.0);
    assert_eq!(one, run(2));
    assert_eq!(one, run(7));
}

#[test]
fn two_seeds_differ_and_one_seed_repeats() {
    let network = network(&grid(3, 3, 120.0, 1, |_, _| Control::Signals));
    let demand = trips(&network, 100, 2.0);
    let run = |seed: u64| {
        let mut micro = Micro::new(&network, &demand, Options { seed, ..options(900.0) });
        micro.run();
        micro.finished().to_vec()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

//! Waves in traffic, against the theory of M. J. Lighthill and G. B. Whitham (1955), *On kinematic waves II*, Proceedings of
//! the Royal Society A 229, 317–345: where two states of traffic meet, the border moves at (q₁ − q₂) / (k₁ − k₂).
//!
//! The states are those of the triangular diagram of Krauss's drivers (headway 1 s, 7.5 m at a stand): free at q / 20 m/s,
//! congested at k = (1 − q · 1 s) / 7.5 m. Within 2 per cent from event to event, and within 5 lane by lane.

use super::{BOTH, Simulation, assert_near, chain, options, slope};
use crate::traffic::demand::TrafficDemand;
use crate::traffic::fixtures::{Plan, car, demand, krauss, red_then_green};
use crate::traffic::network::LaneNetwork;

const FREE_MPS: f64 = 20.0;
/// Length of the street on which waves run, and of those around it, in metres.
const LENGTH_M: f64 = 2000.0;

fn tolerance(simulation: Simulation) -> f64 {
    match simulation {
        Simulation::Micro => 0.05,
        Simulation::Meso => 0.02,
    }
}

/// Vehicles in a metre.
fn free_per_m(flow_ps: f64) -> f64 {
    flow_ps / FREE_MPS
}

fn congested_per_m(flow_ps: f64) -> f64 {
    (1.0 - flow_ps) / 7.5
}

/// Trips along two streets: from a time to another, one every so many seconds.
fn trips(parts: &[(f64, f64, f64)]) -> TrafficDemand {
    let mut trips = Vec::new();
    for &(from_s, to_s, every_s) in parts {
        let count = ((to_s - from_s) / every_s) as u32;
        trips.extend((0..count).map(|number| (from_s + f64::from(number) * every_s, vec![0, 1])));
    }
    demand(car(krauss(0.0)), &trips)
}

/// Where those on the first street are who are slower than a speed, second by second: the last of them, and the first.
fn queue(simulation: Simulation, plan: &Plan, demand: &TrafficDemand, below_mps: f64) -> [Vec<(f64, f64)>; 2] {
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let [mut last, mut first] = [Vec::new(), Vec::new()];
    let mut at = Vec::new();
    simulation.watch(&network, demand, options(1600.0, 1.0, 1), |traffic| {
        traffic.vehicles_at(&mut at);
        let slow = at.iter().filter(|vehicle| vehicle.lane == 0 && vehicle.speed_mps < below_mps);
        let places_m: Vec<f64> = slow.map(|vehicle| vehicle.position_m).collect();
        let Some(last_m) = places_m.iter().copied().reduce(f64::min) else { return };
        last.push((traffic.time_s(), last_m));
        first.push((traffic.time_s(), places_m.iter().copied().fold(last_m, f64::max)));
    });
    [last, first]
}

/// How fast a border moves within a time, in metres a second.
fn wave_mps(places: &[(f64, f64)], from_s: f64, to_s: f64) -> f64 {
    let within: Vec<(f64, f64)> = places.iter().copied().filter(|place| (from_s..to_s).contains(&place.0)).collect();
    assert!(within.len() > 50, "{} places from {from_s} to {to_s} s", within.len());
    slope(&within)
}

#[test]
fn below_capacity_a_kilometre_at_20_mps_takes_50_s() {
    for simulation in BOTH {
        // A kilometre from where vehicles begin.
        let network = LaneNetwork::build(&chain(&[(1005.1, FREE_MPS)]).rows).unwrap();
        let trips: Vec<(f64, Vec<u32>)> = (0..600).map(|number| (f64::from(number) * 2.0, vec![0])).collect();
        let demand = demand(car(krauss(0.0)), &trips);
        let (finished, _) = simulation.run(&network, &demand, options(3600.0, 1.0, 1), &[]);
        assert_eq!(finished.len(), 600);
        for trip in finished {
            assert_near(trip.arrived_s - trip.departed_s, 50.0, tolerance(simulation), &format!("{simulation:?}"));
        }
    }
}

#[test]
fn a_queue_behind_a_red_grows_and_starts_as_waves_do() {
    let flow_ps = 0.25;
    for simulation in BOTH {
        let mut plan = chain(&[(LENGTH_M, FREE_MPS), (LENGTH_M / 2.0, FREE_MPS)]);
        plan.signal(red_then_green(600.0, 2000.0, 0.0), &[0]);
        let demand = trips(&[(0.0, 1000.0, 1.0 / flow_ps)]);
        let [last, _] = queue(simulation, &plan, &demand, FREE_MPS / 2.0);
        let grows_mps = wave_mps(&last, 200.0, 600.0);
        let expected_mps = -flow_ps / (congested_per_m(0.0) - free_per_m(flow_ps));
        assert_near(grows_mps, expected_mps, tolerance(simulation), &format!("growth in {simulation:?}"));
        let [_, first] = queue(simulation, &plan, &demand, 0.1);
        // A gap goes back by the room of a vehicle in each headway.
        let starts_mps = wave_mps(&first, 610.0, 760.0);
        assert_near(starts_mps, -7.5, tolerance(simulation), &format!("start in {simulation:?}"));
    }
}

/// Half a vehicle a second comes to a street of 5 m/s, which takes 1 / (1 s + 7.5 m / 5 m/s) = 0.4; later only 0.2 come.
#[test]
fn a_queue_before_a_bottleneck_grows_and_dissolves_as_waves_do() {
    let (full_ps, little_ps, capacity_ps) = (0.5, 0.2, 0.4);
    for simulation in BOTH {
        let plan = chain(&[(LENGTH_M, FREE_MPS), (LENGTH_M / 2.0, 5.0)]);
        let demand = trips(&[(0.0, 700.0, 1.0 / full_ps), (700.0, 1200.0, 1.0 / little_ps)]);
        let [last, _] = queue(simulation, &plan, &demand, 12.5);
        for (flow_ps, from_s, to_s) in [(full_ps, 250.0, 650.0), (little_ps, 800.0, 1100.0)] {
            let moves_mps = wave_mps(&last, from_s, to_s);
            let expected_mps = (capacity_ps - flow_ps) / (congested_per_m(capacity_ps) - free_per_m(flow_ps));
            assert_near(moves_mps, expected_mps, tolerance(simulation), &format!("{flow_ps}/s in {simulation:?}"));
        }
    }
}

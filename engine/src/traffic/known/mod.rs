//! What is known of traffic, asked of both simulations: closed forms, published values, and models so small that they are
//! exact. Each file is one phenomenon, and says what it is compared with, how near it has to come, and where it does not.

mod fundamental_diagram;
mod green_wave;
mod kinematic_waves;
mod order;
mod priority_junction;
mod roundabout;
mod saturation_flow;
mod signal_delay;
mod string_stability;
mod zipper;

use super::demand::{DepartPosition, DepartSpeed, TrafficDemand, VehicleType};
use super::fixtures::{Plan, demand};
use super::meso::Meso;
use super::micro::Micro;
use super::network::{LaneNetwork, RightOfWay};
use super::results::{InductionLoop, LoopPassing};
use super::simulation::{FinishedTrip, Options};
use super::trajectories::Traffic;
use crate::draws::{Draws, Purpose};

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Simulation {
    Micro,
    Meso,
}

const BOTH: [Simulation; 2] = [Simulation::Micro, Simulation::Meso];

impl Simulation {
    /// All that ends its trip, and whoever passes the loops.
    fn run(
        self,
        network: &LaneNetwork,
        demand: &TrafficDemand,
        options: Options,
        loops: &[InductionLoop],
    ) -> (Vec<FinishedTrip>, Vec<LoopPassing>) {
        match self {
            Self::Micro => {
                let mut micro = Micro::new(network, demand, options).detecting(loops);
                micro.run();
                assert_eq!(micro.counts().held_back, 0);
                (micro.finished().to_vec(), micro.passings().to_vec())
            }
            Self::Meso => {
                let mut meso = Meso::new(network, demand, options).detecting(loops);
                meso.run();
                (meso.finished().to_vec(), meso.passings().to_vec())
            }
        }
    }

    /// Lets `watch` look at the traffic every second.
    fn watch(self, network: &LaneNetwork, demand: &TrafficDemand, options: Options, watch: impl FnMut(&dyn Traffic)) {
        match self {
            Self::Micro => every_second(Micro::new(network, demand, options), watch),
            Self::Meso => every_second(Meso::new(network, demand, options), watch),
        }
    }
}

fn every_second(mut traffic: impl Traffic, mut watch: impl FnMut(&dyn Traffic)) {
    let begin_s = traffic.time_s();
    let mut seconds = 0_u32;
    while !traffic.is_over() {
        watch(&traffic);
        seconds += 1;
        traffic.advance_to(begin_s + f64::from(seconds));
    }
}

fn options(end_s: f64, step_s: f64, seed: u64) -> Options {
    Options { begin_s: 0.0, end_s: Some(end_s), step_s, seed }
}

/// Streets of one lane one after the other, of given lengths and speed limits, with junctions of 10 m between.
fn chain(streets: &[(f64, f64)]) -> Plan {
    let mut plan = Plan::default();
    let mut x = 0.0;
    let mut before = plan.junction(x, 0.0);
    let mut rows = Vec::new();
    for &(length_m, speed_limit_mps) in streets {
        x += length_m + 10.0;
        let next = plan.junction(x, 0.0);
        rows.push(plan.street(before, next, 1, speed_limit_mps, 5.0));
        before = next;
    }
    for pair in rows.windows(2) {
        plan.movement((pair[0], 0), (pair[1], 0), RightOfWay::Priority);
    }
    plan
}

/// Half of the length of a circle, in metres.
const HALF_M: f64 = 500.0;

/// Two streets that lead into each other, and how long both are together with the ways between.
fn circle(speed_limit_mps: f64) -> (LaneNetwork, f64) {
    let mut plan = Plan::default();
    let (a, b) = (plan.junction(0.0, 0.0), plan.junction(HALF_M, 0.0));
    let (there, back) = (plan.street(a, b, 1, speed_limit_mps, 0.0), plan.street(b, a, 1, speed_limit_mps, 0.0));
    plan.movement((there, 0), (back, 0), RightOfWay::Priority);
    plan.movement((back, 0), (there, 0), RightOfWay::Priority);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let length_m = network.lanes.iter().map(|lane| lane.length_m).sum();
    (network, length_m)
}

/// So many on each half of a circle, who stand evenly apart and drive round and round.
fn standing_in_circle(kind: VehicleType, on_half: u32) -> TrafficDemand {
    let round = |first: u32| (0..100).map(|street| (street + first) % 2).collect::<Vec<u32>>();
    let trips: Vec<(f64, Vec<u32>)> = (0..2 * on_half).map(|number| (0.0, round(number % 2))).collect();
    let mut demand = demand(kind, &trips);
    for (number, trip) in demand.trips.iter_mut().enumerate() {
        let place = (number / 2) as f64 / f64::from(on_half);
        trip.depart_position = DepartPosition::Given(HALF_M - place * (HALF_M - 2.0));
        trip.depart_speed = DepartSpeed::Given(0.0);
    }
    demand
}

/// Times at random, independent of each other, so many an hour, until an end.
fn poisson_s(flow_vph: f64, end_s: f64, seed: u64, stream: u64) -> Vec<f64> {
    let mut numbers = Draws::new(seed).sequence(Purpose::new("arrivals"), stream);
    let mut now_s = 0.0;
    std::iter::from_fn(|| {
        now_s -= libm::log(1.0 - numbers.uniform()) * 3600.0 / flow_vph;
        (now_s < end_s).then_some(now_s)
    })
    .collect()
}

/// Asserts that a value lies within a share of what is expected.
fn assert_near(found: f64, expected: f64, share: f64, what: &str) {
    assert!((found / expected - 1.0).abs() <= share, "{what}: {found} instead of {expected}");
}

/// The slope of the straight line that fits points best.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean_x = points.iter().map(|point| point.0).sum::<f64>() / count;
    let mean_y = points.iter().map(|point| point.1).sum::<f64>() / count;
    let (mut xy, mut xx) = (0.0, 0.0);
    for (x, y) in points {
        xy += (x - mean_x) * (y - mean_y);
        xx += (x - mean_x) * (x - mean_x);
    }
    xy / xx
}

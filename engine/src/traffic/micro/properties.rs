//! What must hold whatever the network: nobody is lost, nobody drives through anybody, nobody runs a red light, and the
//! number of threads does not show.

use super::scene::Rule;
use super::{Micro, Options};
use crate::draws::{Draws, Purpose};
use crate::traffic::car_following::Model;
use crate::traffic::demand::{SpeedFactor, TrafficDemand, VehicleMix, VehicleType};
use crate::traffic::fixtures::{
    CONTROLS, car, car_of_many, conflicting_greens, controlled, demand, grid, krauss, random_town,
};
use crate::traffic::network::derive::{Control, DerivedNetwork, PlainStreets, derive};
use crate::traffic::network::{LaneNetwork, PassageKind};
use crate::traffic::routing::fastest;

fn network(plain: &PlainStreets) -> LaneNetwork {
    LaneNetwork::build(&derive(plain).unwrap().rows).unwrap()
}

/// Ways between random streets, and when they are begun, `every_s` apart.
pub(super) fn random_ways(network: &LaneNetwork, count: u64, every_s: f64) -> Vec<(f64, Vec<u32>)> {
    let draws = Draws::new(3);
    (0..count)
        .filter_map(|trip| {
            let street = |purpose| (draws.uniform(purpose, trip) * network.streets.len() as f64) as u32;
            let (origin, destination) = (street(Purpose::new("origin")), street(Purpose::new("destination")));
            fastest(network, Some(0), origin, destination).map(|route| (trip as f64 * every_s, route))
        })
        .collect()
}

/// Trips between random streets, `every_s` apart.
fn trips(network: &LaneNetwork, count: u64, every_s: f64) -> TrafficDemand {
    let routes = random_ways(network, count, every_s);
    let speed_factor = SpeedFactor { deviation: 0.1, ..car(krauss(0.5)).speed_factor };
    demand(VehicleType { speed_factor, ..car(krauss(0.5)) }, &routes)
}

fn options(end_s: f64) -> Options {
    Options { begin_s: 0.0, end_s: Some(end_s), step_s: 1.0, seed: 5 }
}

/// What is checked after every step, and what has been seen so far.
struct Watch<'a> {
    derived: &'a DerivedNetwork,
    network: LaneNetwork,
    /// The lane of each trip's vehicle before the step and after it; nowhere where it has not begun or has ended.
    before: Vec<u32>,
    after: Vec<u32>,
    /// How often the front of a lane stood where another, whose front is on the next lane already, still had its rear.
    rears_touched: u64,
}

impl<'a> Watch<'a> {
    fn new(derived: &'a DerivedNetwork) -> Self {
        let network = LaneNetwork::build(&derived.rows).unwrap();
        Self { derived, network, before: Vec::new(), after: Vec::new(), rears_touched: 0 }
    }

    /// Runs trips to an end, and checks after every step; returns the steps of single vehicles.
    fn run(&mut self, demand: &TrafficDemand, end_s: f64) -> u64 {
        let network = self.network.clone();
        let mut micro = Micro::new(&network, demand, options(end_s));
        self.before = vec![u32::MAX; demand.trips.len()];
        self.after = self.before.clone();
        while !micro.is_over() {
            micro.step();
            self.check(&micro);
        }
        micro.counts().vehicle_updates
    }

    fn check(&mut self, micro: &Micro) {
        let time_s = micro.time_s();
        let conflict = conflicting_greens(self.derived, |signal| micro.lamps(signal));
        assert_eq!(conflict, None, "movements that have green together at {time_s} s");
        std::mem::swap(&mut self.before, &mut self.after);
        self.after.fill(u32::MAX);
        let mut running = 0;
        for lane in 0..self.network.lanes.len() as u32 {
            let tail_m = micro.scene().tail(lane).map_or(f64::INFINITY, |tail| tail.rear_m);
            let front = micro.on_lane(lane).next();
            self.rears_touched += u64::from(front.is_some_and(|front| front.position_m > tail_m + 1e-6));
            let mut rear_m = f64::INFINITY;
            for vehicle in micro.on_lane(lane) {
                assert!(
                    vehicle.position_m <= rear_m + 1e-6,
                    "on lane {lane} at {time_s} s: {vehicle:?} drives into a rear at {rear_m} m"
                );
                rear_m = vehicle.position_m - vehicle.length_m;
                self.after[vehicle.trip as usize] = lane;
                running += 1;
            }
        }
        let counts = micro.counts();
        assert_eq!(counts.running, running, "everybody who runs is on a lane");
        assert_eq!(counts.inserted, counts.running + counts.arrived, "nobody is lost");
        assert_eq!(micro.finished().len() as u64, counts.arrived);
        assert_eq!((counts.held_back, counts.teleports), (0, 0), "nobody drives through anybody");
        for (trip, (&from, &to)) in self.before.iter().zip(&self.after).enumerate() {
            if from == to || from == u32::MAX || to == u32::MAX {
                continue;
            }
            let range = self.network.lanes[from as usize].passages.range();
            let passed = range.clone().find(|&row| self.network.passages[row].to_lane == to);
            if let Some(row) = passed.filter(|&row| self.network.passages[row].kind == PassageKind::Entry) {
                assert_ne!(micro.rules[row], Rule::Red, "trip {trip} runs a red light at {time_s} s");
            }
        }
    }
}

/// Runs cars and checks after every step; returns the steps of single vehicles.
fn check(plain: &PlainStreets, count: u64, every_s: f64, end_s: f64) -> u64 {
    check_derived(&derive(plain).unwrap(), count, every_s, end_s)
}

fn check_derived(derived: &DerivedNetwork, count: u64, every_s: f64, end_s: f64) -> u64 {
    let mut watch = Watch::new(derived);
    let demand = trips(&watch.network, count, every_s);
    watch.run(&demand, end_s)
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

/// Cars of all models and buses, on ways between random streets of a town.
pub(super) fn mixed_trips(network: &LaneNetwork, count: u64, every_s: f64) -> TrafficDemand {
    let mut demand = trips(network, count, every_s);
    let human = Model::Human { headway_s: 1.0, exponent: 4.0, reaction_s: 0.7, anticipation_s: 0.7, leaders: 3 };
    demand.types.extend([
        car_of_many(Model::Idm { headway_s: 1.0, exponent: 4.0 }),
        car_of_many(human),
        VehicleType { length_m: 12.0, acceleration_mps2: 1.2, ..car_of_many(krauss(0.5)) },
    ]);
    demand.mixes = vec![VehicleMix { types: vec![(0, 0.5), (1, 0.2), (2, 0.2), (3, 0.1)] }];
    demand
}

/// Steps of single vehicles in random towns, until there are so many.
fn check_towns(least: u64) {
    let (mut updates, mut seed, mut rears_touched) = (0, 0, 0);
    while updates < least {
        let plain = random_town(3 + (seed % 4) as u32, 3 + (seed % 3) as u32, seed);
        let derived = controlled(&plain, CONTROLS[seed as usize % CONTROLS.len()], seed % 2 == 0);
        let mut watch = Watch::new(&derived);
        let demand = mixed_trips(&watch.network, 400, [0.5, 1.0, 2.0][seed as usize % 3]);
        updates += watch.run(&demand, 1500.0);
        rears_touched += watch.rears_touched;
        seed += 1;
    }
    // A known fault: across the end of a lane one can come too near to a rear. It must not become frequent.
    assert!(rears_touched * 10_000 < updates, "{rears_touched} rears touched in {updates} steps");
}

#[test]
fn nobody_is_lost_touched_or_runs_a_red_light_in_random_towns() {
    check_towns(250_000);
}

/// It fails yet: after some 300,000 steps somebody enters a street that is shorter than a car, and touches the one who stands
/// there by 0.3 m (the town of seed 5, 328 s).
#[test]
#[ignore = "ten million steps take a minute, and a known fault is found"]
fn nobody_is_lost_touched_or_runs_a_red_light_in_ten_million_steps() {
    check_towns(10_000_000);
}

#[test]
fn the_number_of_threads_does_not_show() {
    for control in CONTROLS {
        threads_do_not_show(&controlled(&grid(5, 4, 120.0, 2, |_, _| Control::Signals), control, true));
    }
}

fn threads_do_not_show(derived: &DerivedNetwork) {
    let network = LaneNetwork::build(&derived.rows).unwrap();
    assert!(arrived_on_any_threads(&network, &trips(&network, 500, 1.0)) > 200);
}

/// How many arrive within a quarter of an hour, the same on one, two and seven threads.
pub(super) fn arrived_on_any_threads(network: &LaneNetwork, demand: &TrafficDemand) -> u64 {
    let run = |threads: usize| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let mut micro = Micro::new(network, demand, options(900.0));
            micro.run();
            (micro.counts(), micro.finished().to_vec())
        })
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(7));
    one.0.arrived
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

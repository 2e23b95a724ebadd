//! What must hold whatever the network: nobody is lost, nobody drives through anybody, nobody runs a red light, nobody stands for
//! long where the way ahead is free, and the number of threads does not show.

use super::Micro;
use super::approach::Approach;
use super::scene::{Rule, Scene};
use super::vehicles::{LaneVehicles, NONE};
use crate::draws::{Draws, Purpose};
use crate::traffic::car_following::Model;
use crate::traffic::demand::{SpeedFactor, TrafficDemand, VehicleMix, VehicleType};
use crate::traffic::fixtures::{
    CONTROLS, car, car_of_many, conflicting_greens, controlled, demand, grid, krauss, random_town,
};
use crate::traffic::network::derive::{Control, DerivedNetwork, PlainStreets, derive};
use crate::traffic::network::{LaneNetwork, PassageKind};
use crate::traffic::routing::{fastest, may_pass};
use crate::traffic::simulation::Options;

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
    let mut routes = random_ways(network, count, every_s);
    // Who begins on a street shorter than itself sticks out of it where nobody looks; trips of cities do not.
    let length_m = |street: u32| network.lanes[network.streets[street as usize].first_lane as usize].length_m;
    routes.retain(|(_, way)| length_m(way[0]) > LONGEST_M);
    let speed_factor = SpeedFactor { deviation: 0.1, ..car(krauss(0.5)).speed_factor };
    demand(VehicleType { speed_factor, ..car(krauss(0.5)) }, &routes)
}

fn options(end_s: f64) -> Options {
    Options { begin_s: 0.0, end_s: Some(end_s), step_s: 1.0, seed: 5 }
}

/// The longest vehicle here, in metres.
const LONGEST_M: f64 = 12.0;

/// What is checked after every step, and what has been seen so far.
struct Watch<'a> {
    derived: &'a DerivedNetwork,
    network: LaneNetwork,
    /// The lane of each trip's vehicle before the step and after it; nowhere where it has not begun or has ended.
    before: Vec<u32>,
    after: Vec<u32>,
    /// For how many seconds each trip's vehicle has stood although what is ahead of it is free.
    free_s: Vec<u32>,
    /// The most of these so far.
    longest_free_s: u32,
}

/// Nobody stands for longer than this where the way ahead is free, in seconds: that is how long one tries to get onto the lane for
/// one's turn before one goes where one's lane leads.
const FREE_BOUND_S: u32 = 120;
/// Who has so much room ahead on its lane does not stand behind anybody, in metres.
const FREE_M: f64 = 6.0;

/// A stretch of a lane that a vehicle takes, from its rear to its front.
#[derive(Clone, Copy, Debug)]
struct Part {
    lane: u32,
    rear_m: f64,
    front_m: f64,
    trip: u32,
}

/// What all vehicles take, on the lanes of their fronts and on all that they come from as far as they are on them, lane by lane
/// from the back.
fn parts(micro: &Micro, network: &LaneNetwork) -> Vec<Part> {
    let mut parts = Vec::new();
    for block in &micro.blocks {
        for local in block.occupied_lanes() {
            let vehicles = &block.lanes[local];
            for index in 0..vehicles.len() {
                let mut left_m = micro.kinds[vehicles.kind[index] as usize].length_m;
                let mut front_m = vehicles.position_m[index];
                let trail = vehicles.memory[index].trail.into_iter().take_while(|&lane| lane != NONE);
                for lane in std::iter::once(block.first_lane + local as u32).chain(trail) {
                    if lane != block.first_lane + local as u32 {
                        front_m = network.lanes[lane as usize].length_m;
                    }
                    let rear_m = (front_m - left_m).max(0.0);
                    parts.push(Part { lane, rear_m, front_m, trip: vehicles.vehicle[index] });
                    left_m -= front_m - rear_m;
                    if left_m < 1e-9 {
                        break;
                    }
                }
            }
        }
    }
    parts.sort_by(|a, b| a.lane.cmp(&b.lane).then(a.rear_m.total_cmp(&b.rear_m)).then(a.trip.cmp(&b.trip)));
    parts
}

/// Whether nothing keeps a vehicle from going on: no vehicle ahead on its way, inside the junction or coming to it with the right
/// of way, room behind it, and no red.
fn is_free_ahead(scene: &Scene, approaches: &[Approach], lane: u32, vehicles: &LaneVehicles, index: usize) -> bool {
    let network = scene.network;
    let position_m = vehicles.position_m[index];
    let kind = scene.kind(vehicles.kind[index]);
    let before_m = |ahead: usize| vehicles.position_m[ahead] - scene.kind(vehicles.kind[ahead]).length_m;
    let next_m = match (index.checked_sub(1), scene.tail(lane)) {
        (Some(ahead), _) => before_m(ahead),
        (None, Some(tail)) => tail.rear_m,
        (None, None) => f64::INFINITY,
    };
    if next_m - position_m < FREE_M {
        return false;
    }
    if !scene.is_inside(lane) && network.lanes[lane as usize].length_m - position_m > FREE_M {
        return true;
    }
    let driver = &scene.drivers[vehicles.vehicle[index] as usize];
    let Some(row) = scene.passage(driver, vehicles.memory[index].route_position, lane) else {
        // As all here may.
        return network.passages_from(lane).iter().any(|passage| may_pass(network, Some(0), passage));
    };
    let passage = &network.passages[row as usize];
    let mut ways = vec![passage.to_lane, passage.exit_lane];
    // All the way through the junction: nobody goes in whose way somebody stands in further on.
    let onward = |&inside: &u32| network.passages_from(inside).first().map(|onward| onward.to_lane);
    let inside = std::iter::successors(Some(passage.to_lane), onward).take_while(|&inside| scene.is_inside(inside));
    for way in std::iter::once(lane).chain(inside) {
        let conflicts = &network.conflicts[network.lanes[way as usize].conflicts.range()];
        ways.extend(conflicts.iter().map(|conflict| conflict.foe_lane));
        ways.extend(conflicts.iter().map(|conflict| network.before[conflict.foe_lane as usize]));
    }
    let is_empty = |way: &u32| {
        *way == lane || !scene.is_inside(*way) || (scene.is_empty_inside(*way) && scene.tail(*way).is_none())
    };
    let comes = |other: &u32| approaches.iter().any(|approach| approach.passage == *other && approach.will_pass);
    !scene.rules[row as usize].is_lit_against()
        && ways.iter().all(is_empty)
        && scene.room_behind_standing(passage.exit_lane).0 >= kind.room_m()
        && scene.last_on(passage.exit_lane, 0.0).is_none_or(|ahead| ahead.distance_m >= FREE_M)
        && !network.yields[passage.yields.range()].iter().any(comes)
}

impl<'a> Watch<'a> {
    fn new(derived: &'a DerivedNetwork) -> Self {
        let network = LaneNetwork::build(&derived.rows).unwrap();
        Self { derived, network, before: Vec::new(), after: Vec::new(), free_s: Vec::new(), longest_free_s: 0 }
    }

    /// Runs trips to an end, and checks after every step; returns the steps of single vehicles.
    fn run(&mut self, demand: &TrafficDemand, end_s: f64) -> u64 {
        let network = self.network.clone();
        let mut micro = Micro::new(&network, demand, options(end_s));
        self.before = vec![u32::MAX; demand.trips.len()];
        self.after = self.before.clone();
        self.free_s = vec![0; demand.trips.len()];
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
            for vehicle in micro.on_lane(lane) {
                self.after[vehicle.trip as usize] = lane;
                running += 1;
            }
        }
        // Parts of one lane do not overlap, those of vehicles whose fronts are on lanes beyond it included.
        for pair in parts(micro, &self.network).windows(2) {
            let is_apart = pair[0].lane != pair[1].lane || pair[1].rear_m >= pair[0].front_m - 1e-6;
            assert!(is_apart, "at {time_s} s: {:?} and {:?}", pair[0], pair[1]);
        }
        self.note_free(micro);
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

impl Watch<'_> {
    /// Notes who stands although what is ahead of it is free.
    fn note_free(&mut self, micro: &Micro) {
        let scene = micro.scene();
        let mut approaches: Option<Vec<Approach>> = None;
        for block in &micro.blocks {
            for local in block.occupied_lanes() {
                let vehicles = &block.lanes[local];
                for index in 0..vehicles.len() {
                    let memory = &vehicles.memory[index];
                    let trip = vehicles.vehicle[index];
                    let free_s = &mut self.free_s[trip as usize];
                    if memory.waiting_s < 10.0 || memory.dwell_s >= 0.0 {
                        *free_s = 0;
                        continue;
                    }
                    let all = approaches.get_or_insert_with(|| {
                        micro.plans_of_blocks.iter().flat_map(|plan| plan.approaches.clone()).collect()
                    });
                    let lane = block.first_lane + local as u32;
                    *free_s = if is_free_ahead(&scene, all, lane, vehicles, index) { *free_s + 1 } else { 0 };
                    self.longest_free_s = self.longest_free_s.max(*free_s);
                }
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
        VehicleType { length_m: LONGEST_M, acceleration_mps2: 1.2, ..car_of_many(krauss(0.5)) },
    ]);
    demand.mixes = vec![VehicleMix { types: vec![(0, 0.5), (1, 0.2), (2, 0.2), (3, 0.1)] }];
    demand
}

/// Steps of single vehicles in random towns, until there are so many.
fn check_towns(least: u64) {
    let (mut updates, mut seed) = (0, 0);
    while updates < least {
        let plain = random_town(3 + (seed % 4) as u32, 3 + (seed % 3) as u32, seed);
        let derived = controlled(&plain, CONTROLS[seed as usize % CONTROLS.len()], seed % 2 == 0);
        let mut watch = Watch::new(&derived);
        let demand = mixed_trips(&watch.network, 400, [0.5, 1.0, 2.0][seed as usize % 3]);
        updates += watch.run(&demand, 1500.0);
        assert!(
            watch.longest_free_s <= FREE_BOUND_S,
            "in the town of seed {seed} somebody stood for {} s for nothing",
            watch.longest_free_s
        );
        seed += 1;
    }
}

#[test]
fn nobody_is_lost_touched_or_runs_a_red_light_in_random_towns() {
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

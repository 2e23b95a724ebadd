//! What people on foot and drivers owe each other.

use super::Micro;
use super::properties::random_ways;
use crate::signals::Lamp;
use crate::traffic::demand::{TrafficDemand, VehicleType};
use crate::traffic::fixtures::{CONTROLS, Plan, car, controlled, cross, demand, grid, krauss, random_town, zebra};
use crate::traffic::network::derive::{Control, DerivedNetwork, PlainCrossing, derive};
use crate::traffic::network::{CrossingRule, LaneNetwork};
use crate::traffic::pedestrians::{CLEARANCE_MPS, PedestrianFlow, START_S, Walk, WalkLeg};
use crate::traffic::simulation::Options;

fn options(end_s: f64) -> Options {
    Options { begin_s: 0.0, end_s: Some(end_s), step_s: 1.0, seed: 5 }
}

/// People who come to every crossing from both sides.
fn people(network: &LaneNetwork, flow_pph: f64, to_s: f64) -> Vec<PedestrianFlow> {
    let flow = |crossing, is_backward| PedestrianFlow { crossing, is_backward, from_s: 0.0, to_s, flow_pph };
    (0..network.crossings.len() as u32).flat_map(|crossing| [flow(crossing, false), flow(crossing, true)]).collect()
}

/// Somebody who comes to a crossing at a time.
fn walk(crossing: u32, at_s: f64) -> Walk {
    let legs = vec![WalkLeg { way_m: 0.0, crossing, is_backward: false }];
    Walk { name: format!("p{at_s}"), depart_s: at_s, speed_mps: Some(1.25), legs, last_way_m: 0.0 }
}

/// Somebody on the stretch of a crossing where a vehicle is; crossings are those of the network.
fn touched(micro: &Micro, network: &LaneNetwork) -> Option<String> {
    network.crossed.iter().find_map(|row| {
        let person = micro
            .on_crossing(row.crossing)
            .find(|person| person.at_m > row.walk_from_m + 1e-9 && person.at_m < row.walk_to_m - 1e-9)?;
        let vehicle = micro
            .on_lane(row.lane)
            .find(|vehicle| vehicle.position_m > row.enter_m && vehicle.position_m - vehicle.length_m < row.leave_m)?;
        Some(format!("at {} s: {person:?} and {vehicle:?} at {row:?}", micro.time_s()))
    })
}

/// Runs to the end and checks after every step; returns the steps of single vehicles.
fn check(network: &LaneNetwork, demand: &TrafficDemand, end_s: f64) -> (u64, u64) {
    let mut micro = Micro::new(network, demand, options(end_s)).recording(300.0);
    while micro.time_s() < end_s {
        micro.step();
        assert_eq!(touched(&micro, network), None);
        let people = micro.pedestrian_counts();
        assert_eq!(people.came, people.crossed + people.waiting + people.walking, "nobody on foot is lost");
        let counts = micro.counts();
        assert_eq!(counts.inserted, counts.running + counts.arrived);
        assert_eq!(counts.held_back, 0);
    }
    let (results, people) = (micro.results().unwrap(), micro.pedestrian_counts());
    let whole = (0..network.crossings.len()).map(|crossing| results.whole_crossing(crossing));
    let (came, crossed) = whole.fold((0.0, 0.0), |sum, row| (sum.0 + row.came, sum.1 + row.crossed));
    assert_eq!((came as u64, crossed as u64), (people.came, people.crossed));
    (micro.counts().vehicle_updates, people.crossed)
}

/// Cars along the street with a zebra, one every so many seconds, and people.
fn zebra_demand(kind: VehicleType, every_s: f64, count: u32) -> TrafficDemand {
    let trips: Vec<(f64, Vec<u32>)> = (0..count).map(|car| (f64::from(car) * every_s, vec![0, 1])).collect();
    demand(kind, &trips)
}

#[test]
fn a_car_stops_before_a_zebra_for_somebody_who_comes_in_time() {
    let network = LaneNetwork::build(&zebra().rows).unwrap();
    let mut demand = zebra_demand(car(krauss(0.0)), 100.0, 1);
    // They begin when the car is 38 m before the zebra, and need 2.6 s to pass its lane.
    demand.walks = vec![walk(0, 19.0)];
    let mut micro = Micro::new(&network, &demand, options(200.0));
    micro.run();
    let [trip] = micro.finished() else { panic!("one trip") };
    assert!(trip.time_loss_s > 0.5 && trip.time_loss_s < 15.0, "{trip:?}");
    let [person] = micro.finished_walks() else { panic!("one walk") };
    assert!(person.lost_s < 2.5, "{person:?}");
}

#[test]
fn nobody_steps_before_a_car_that_cannot_stop_any_more() {
    let network = LaneNetwork::build(&zebra().rows).unwrap();
    let mut demand = zebra_demand(car(krauss(0.0)), 100.0, 1);
    // The car is 10 m before the zebra, at 13.9 m/s: it needs 21 m to stop.
    demand.walks = vec![walk(0, 21.0)];
    let mut micro = Micro::new(&network, &demand, options(200.0));
    micro.run();
    let [trip] = micro.finished() else { panic!("one trip ends") };
    assert!(trip.time_loss_s < 1e-6, "{trip:?}");
    let [person] = micro.finished_walks() else { panic!("one walk") };
    assert!(person.lost_s >= 1.0 && person.lost_s < 5.0, "{person:?}");
}

#[test]
fn where_nothing_is_marked_people_wait_for_a_gap_and_cars_lose_nothing() {
    let mut plan = zebra();
    plan.rows.crossings[0].rule = CrossingRule::Unmarked;
    let network = LaneNetwork::build(&plan.rows).unwrap();
    // 5.1 s to cross and a second before and behind: gaps of 5 s are too short, and the last car comes after 100 s.
    let mut demand = zebra_demand(car(krauss(0.0)), 5.0, 20);
    demand.trips.iter_mut().for_each(|trip| trip.depart_lane = crate::traffic::demand::DepartLane::First);
    demand.walks = vec![walk(0, 40.0)];
    let mut micro = Micro::new(&network, &demand, options(300.0));
    micro.run();
    assert!(micro.finished().iter().all(|trip| trip.time_loss_s < 0.5), "{:?}", micro.finished());
    let [person] = micro.finished_walks() else { panic!("one walk") };
    assert!(person.lost_s > 70.0 && person.lost_s < 90.0, "{person:?}");
    // With 12 s between cars there is room.
    let mut demand = zebra_demand(car(krauss(0.0)), 12.0, 10);
    demand.walks = vec![walk(0, 40.0)];
    let mut micro = Micro::new(&network, &demand, options(300.0));
    micro.run();
    assert!(micro.finished().iter().all(|trip| trip.time_loss_s < 0.5), "{:?}", micro.finished());
    assert!(micro.finished_walks()[0].lost_s < 12.0, "{:?}", micro.finished_walks());
}

#[test]
fn a_zebra_with_many_people_and_cars_serves_both_and_nobody_is_touched() {
    let network = LaneNetwork::build(&zebra().rows).unwrap();
    for imperfection in [0.0, 0.5] {
        for flow_pph in [60.0, 300.0, 900.0] {
            let mut demand = zebra_demand(car(krauss(imperfection)), 4.0, 400);
            demand.pedestrian_flows = people(&network, flow_pph, 1800.0);
            let (updates, crossed) = check(&network, &demand, 2400.0);
            assert!(updates > 10_000 && crossed as f64 > flow_pph * 0.8, "{updates}, {crossed}");
        }
    }
}

/// One car turns right from the south to the east while it has green, and so do people who cross the eastern leg.
#[test]
fn a_car_that_turns_yields_to_people_on_green() {
    let plain = cross(150.0, 1);
    let derived = derive(&plain).unwrap();
    let network = LaneNetwork::build(&derived.rows).unwrap();
    let east = derived.rows.crossings.iter().position(|row| row.name.ends_with("/s0")).unwrap() as u32;
    // Streets 6 and 7 are those of the south, 0 and 1 those of the east.
    let trips = [(0.0, derived.route(&[6, 1]))];
    let loss_s = |people: &[f64]| {
        let mut demand = demand(car(krauss(0.0)), &trips);
        demand.walks = people.iter().map(|&at_s| walk(east, at_s)).collect();
        let mut micro = Micro::new(&network, &demand, options(300.0));
        while micro.time_s() < 200.0 {
            micro.step();
            assert_eq!(touched(&micro, &network), None);
        }
        assert_eq!(micro.finished_walks().len(), people.len());
        (micro.finished()[0].time_loss_s, micro.finished()[0].arrived_s)
    };
    let (free_s, free_at_s) = loss_s(&[]);
    // People who come all the time from before the car is there, so that it meets some whenever it comes.
    let crowd: Vec<f64> = (0..12).map(|person| free_at_s - 24.0 + f64::from(person)).collect();
    let (held_s, _) = loss_s(&crowd);
    assert!(held_s > free_s + 3.0, "{free_s} s without people, {held_s} s with them");
}

/// RiLSA 2015: people need some seconds to begin, and then time to clear the street at 1.2 m/s before others have green.
#[test]
fn greens_of_people_at_derived_signals_are_long_enough() {
    for plain in [cross(150.0, 1), cross(150.0, 2), grid(3, 3, 150.0, 2, |_, _| Control::Signals)] {
        let derived = derive(&plain).unwrap();
        let network = LaneNetwork::build(&derived.rows).unwrap();
        assert!(!network.crossings.is_empty());
        for crossing in &network.crossings {
            let CrossingRule::WhileRed { signal, lamps } = &crossing.rule else { panic!("{crossing:?}") };
            let program = &network.signals[*signal as usize].program;
            let most_s =
                (0..program.cycle_s() as u32).map(|at_s| program.red_for_s(lamps, f64::from(at_s))).fold(0.0, f64::max);
            let needed_s = START_S + crossing.length_m / CLEARANCE_MPS;
            assert!(most_s >= needed_s, "{most_s} s of {needed_s} s");
            // Nobody crosses a leg on foot whose cars have green.
            assert!(crossing.lanes.iter().any(|&row| {
                let lane = network.crossed[row as usize].lane;
                network.before[lane as usize] < network.street_lane_count
            }));
        }
    }
}

fn random_demand(network: &LaneNetwork, count: u64, every_s: f64, flow_pph: f64, to_s: f64) -> TrafficDemand {
    let routes = random_ways(network, count, every_s);
    let mut demand = demand(car(krauss(0.5)), &routes);
    demand.pedestrian_flows = people(network, flow_pph, to_s);
    demand
}

/// A random town with a crossing, marked or not, on a street of every junction without a signal.
fn town_on_foot(seed: u64) -> DerivedNetwork {
    let mut plain = random_town(4, 4, seed);
    for (row, street) in (0_u32..).zip(&plain.streets) {
        let junction = street.to_junction;
        let has_signal = plain.junctions[junction as usize].control == Control::Signals;
        if !has_signal && !plain.crossings.iter().any(|known: &PlainCrossing| known.junction == junction) {
            plain.crossings.push(PlainCrossing { junction, street: row, is_marked: row % 3 != 0 });
        }
    }
    derive(&plain).unwrap()
}

#[test]
fn nobody_on_foot_is_touched_or_lost_in_towns() {
    let mut crossed = 0;
    for lanes in 1..=2 {
        for control in CONTROLS {
            let derived = controlled(&grid(4, 4, 120.0, lanes, |_, _| Control::Signals), control, false);
            let network = LaneNetwork::build(&derived.rows).unwrap();
            let demand = random_demand(&network, 500, 1.0, 150.0, 900.0);
            crossed += check(&network, &demand, 1200.0).1;
        }
    }
    for seed in 0..8 {
        let network = LaneNetwork::build(&town_on_foot(seed).rows).unwrap();
        let demand = random_demand(&network, 250, 2.0, 120.0, 900.0);
        crossed += check(&network, &demand, 1200.0).1;
    }
    assert!(crossed > 10_000, "{crossed}");
}

#[test]
fn people_begin_only_on_their_green() {
    let derived = derive(&cross(150.0, 2)).unwrap();
    let network = LaneNetwork::build(&derived.rows).unwrap();
    let demand = random_demand(&network, 300, 2.0, 400.0, 900.0);
    let mut micro = Micro::new(&network, &demand, options(1000.0));
    let mut begun = 0;
    while !micro.is_over() {
        micro.step();
        for (row, crossing) in (0_u32..).zip(&network.crossings) {
            let CrossingRule::WhileRed { signal, lamps } = &crossing.rule else { panic!("{crossing:?}") };
            let begins = |at_m: f64, is_backward| at_m == if is_backward { crossing.length_m } else { 0.0 };
            if micro.on_crossing(row).any(|person| begins(person.at_m, person.is_backward)) {
                begun += 1;
                let shown = micro.lamps(*signal);
                assert!(lamps.iter().all(|&lamp| shown[lamp as usize] == Lamp::Red), "at {} s", micro.time_s());
            }
        }
    }
    assert!(begun > 20, "{begun}");
}

#[test]
fn people_and_drivers_are_the_same_on_any_number_of_threads() {
    let network = LaneNetwork::build(&town_on_foot(3).rows).unwrap();
    let demand = random_demand(&network, 250, 2.0, 120.0, 900.0);
    let run = |threads: usize| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let mut micro = Micro::new(&network, &demand, options(900.0)).recording(300.0);
            micro.run();
            (micro.counts(), micro.finished().to_vec(), micro.pedestrian_counts(), micro.results())
        })
    };
    let one = run(1);
    assert!(one.2.crossed > 300, "{:?}", one.2);
    assert_eq!(one, run(2));
    assert_eq!(one, run(7));
}

#[test]
fn a_walk_leads_from_crossing_to_crossing() {
    let mut plan: Plan = zebra();
    let other =
        crate::traffic::network::rows::CrossingRow { name: "second".to_owned(), ..plan.rows.crossings[0].clone() };
    plan.rows.crossings.push(other);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let mut demand = demand(car(krauss(0.0)), &[(200.0, vec![0, 1])]);
    let leg = |way_m, crossing, is_backward| WalkLeg { way_m, crossing, is_backward };
    let legs = vec![leg(12.5, 0, false), leg(25.0, 1, true)];
    demand.walks = vec![
        Walk { name: "a".to_owned(), depart_s: 5.0, speed_mps: Some(1.25), legs, last_way_m: 50.0 },
        Walk { name: "b".to_owned(), depart_s: 5.0, speed_mps: Some(1.0), legs: Vec::new(), last_way_m: 50.0 },
    ];
    let mut micro = Micro::new(&network, &demand, options(300.0));
    micro.run();
    assert_eq!(micro.pedestrian_counts().crossed, 2);
    let [short, long] = micro.finished_walks() else { panic!("two walks") };
    assert_eq!((short.walk, short.arrived_s), (1, 55.0));
    // 12.5 + 6.4 + 25 + 6.4 + 50 m at 1.25 m/s; each crossing begins and ends with a step.
    assert!((long.arrived_s - 5.0 - 100.3 / 1.25).abs() < 6.0 && long.lost_s < 6.0, "{long:?}");
}

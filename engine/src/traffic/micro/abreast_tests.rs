//! Bicycles and motorcycles beside others on their lane.

use super::properties::arrived_on_any_threads;
use super::{Micro, OnLane};
use crate::draws::{Draws, Purpose};
use crate::signals::{Lamp, Phase, Program};
use crate::traffic::demand::{LaneSharing, SpeedFactor, TrafficDemand, VehicleMix, VehicleType};
use crate::traffic::fixtures::{Plan, car, demand, grid, krauss, random_town};
use crate::traffic::from_city::vehicle_type;
use crate::traffic::network::derive::{Control, PlainStreets, derive};
use crate::traffic::network::{LaneNetwork, RightOfWay};
use crate::traffic::routing::fastest;
use crate::traffic::simulation::Options;
use crate::vehicles::VehicleClass;

fn options(end_s: f64) -> Options {
    Options { begin_s: 0.0, end_s: Some(end_s), step_s: 1.0, seed: 5 }
}

/// Two streets of 490 m, one lane of that width each, with 10 m of a junction between.
fn road(lane_m: f64) -> Plan {
    let mut plan = Plan::default();
    let places: Vec<u32> = [0.0, 500.0, 1000.0].map(|x| plan.junction(x, 0.0)).to_vec();
    let streets = [plan.street(places[0], places[1], 1, 13.89, 5.0), plan.street(places[1], places[2], 1, 13.89, 5.0)];
    plan.movement((streets[0], 0), (streets[1], 0), RightOfWay::Priority);
    plan.rows.streets.iter_mut().flat_map(|street| &mut street.lanes).for_each(|lane| lane.width_m = lane_m);
    plan
}

/// Who drives without imperfection and wishes for the speed limit, or for the most that the class does.
fn exact(class: VehicleClass) -> VehicleType {
    let speed_factor = SpeedFactor { deviation: 0.0, ..vehicle_type(class).speed_factor };
    VehicleType { model: krauss(0.0), speed_factor, permission: Some(0), ..vehicle_type(class) }
}

/// Trips of several types: the type, when it departs, and the streets.
fn mixed(types: Vec<VehicleType>, trips: &[(u32, f64, Vec<u32>)]) -> TrafficDemand {
    let routes: Vec<(f64, Vec<u32>)> =
        trips.iter().map(|(_, depart_s, streets)| (*depart_s, streets.clone())).collect();
    let mut demand = demand(types[0].clone(), &routes);
    demand.mixes = (0..types.len() as u32).map(|row| VehicleMix { types: vec![(row, 1.0)] }).collect();
    demand.types = types;
    for (trip, (kind, ..)) in demand.trips.iter_mut().zip(trips) {
        trip.mix = *kind;
    }
    demand
}

/// Two whose boxes touch on a lane of a street.
fn touching(micro: &Micro, network: &LaneNetwork) -> Option<String> {
    (0..network.street_lane_count).find_map(|lane| {
        let vehicles: Vec<OnLane> = micro.on_lane(lane).collect();
        assert!(vehicles.is_sorted_by(|a, b| a.position_m >= b.position_m), "fronts stand in order");
        vehicles.iter().enumerate().find_map(|(index, ahead)| {
            let behind = vehicles[index + 1..].iter().find(|behind| {
                let along = behind.position_m > ahead.position_m - ahead.length_m + 1e-6;
                let across =
                    behind.right_m < ahead.right_m + ahead.width_m && ahead.right_m < behind.right_m + behind.width_m;
                along && across
            })?;
            Some(format!("on lane {lane} at {} s: {behind:?} and {ahead:?}", micro.time_s()))
        })
    })
}

/// Runs to the end and checks after every step.
fn check(network: &LaneNetwork, demand: &TrafficDemand, end_s: f64) -> u64 {
    let mut micro = Micro::new(network, demand, options(end_s));
    while !micro.is_over() {
        micro.step();
        assert_eq!(touching(&micro, network), None);
        let counts = micro.counts();
        let there = (0..network.lanes.len() as u32).map(|lane| micro.on_lane(lane).count() as u64).sum::<u64>();
        assert_eq!((counts.running, counts.inserted), (there, there + counts.arrived), "nobody is lost");
        assert_eq!(counts.held_back, 0, "nobody drives through anybody at {} s", micro.time_s());
    }
    micro.counts().vehicle_updates
}

/// A bicycle, and a car 20 s later.
fn car_behind_bicycle(lane_m: f64) -> (f64, f64) {
    let network = LaneNetwork::build(&road(lane_m).rows).unwrap();
    let types = vec![exact(VehicleClass::Bicycle), exact(VehicleClass::OtherCar)];
    let demand = mixed(types, &[(0, 0.0, vec![0, 1]), (1, 20.0, vec![0, 1])]);
    check(&network, &demand, 600.0);
    let mut micro = Micro::new(&network, &demand, options(600.0));
    micro.run();
    let lost_s = |trip: u32| micro.finished().iter().find(|row| row.trip == trip).unwrap().time_loss_s;
    (lost_s(0), lost_s(1))
}

#[test]
fn a_car_passes_a_bicycle_in_a_wide_lane_and_follows_it_in_a_narrow_one() {
    // 0.25 + 0.65 + 1 + 1.8 = 3.7 m is the least.
    for lane_m in [3.75, 4.5] {
        let (bicycle_s, car_s) = car_behind_bicycle(lane_m);
        assert!(bicycle_s < 1.0 && car_s < 2.0, "{lane_m} m: {bicycle_s} s and {car_s} s");
    }
    for lane_m in [3.0, 3.6] {
        let (bicycle_s, car_s) = car_behind_bicycle(lane_m);
        // 990 m at 5.56 m/s instead of 13.89 m/s, less the 20 s that it was behind.
        let expected_s = 985.0 / 5.56 - 20.0 - 985.0 / 13.89;
        assert!(bicycle_s < 1.0 && (car_s - expected_s).abs() < 5.0, "{lane_m} m: {bicycle_s} s and {car_s} s");
    }
}

/// Ten cars wait at a red lamp; a motorcycle comes last.
fn first_to_cross(lane_m: f64) -> (u32, Vec<u32>) {
    let mut plan = road(lane_m);
    let red = Phase { duration_s: 120.0, lamps: vec![Lamp::Red] };
    let green = Phase { duration_s: 200.0, lamps: vec![Lamp::Green] };
    plan.signal(Program::new(vec![red, green], 0.0).unwrap(), &[0]);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let mut trips: Vec<(u32, f64, Vec<u32>)> = (0..10).map(|car| (0, f64::from(car) * 4.0, vec![0, 1])).collect();
    trips.push((1, 50.0, vec![0, 1]));
    let demand = mixed(vec![exact(VehicleClass::OtherCar), exact(VehicleClass::Motorcycle)], &trips);
    check(&network, &demand, 400.0);
    let mut micro = Micro::new(&network, &demand, options(400.0));
    micro.run();
    assert_eq!(micro.counts().arrived, 11);
    (micro.finished()[0].trip, micro.finished().iter().map(|trip| trip.trip).collect())
}

#[test]
fn motorcycles_filter_past_a_queue_to_the_stop_line_where_there_is_room() {
    let (first, order) = first_to_cross(4.5);
    assert_eq!(first, 10, "{order:?}");
    let (first, order) = first_to_cross(3.5);
    assert_eq!((first, order[10]), (0, 10), "{order:?}");
}

#[test]
fn bicycles_pass_a_queue_on_the_right_where_there_is_room() {
    let mut plan = road(4.5);
    let red = Phase { duration_s: 150.0, lamps: vec![Lamp::Red] };
    let green = Phase { duration_s: 200.0, lamps: vec![Lamp::Green] };
    plan.signal(Program::new(vec![red, green], 0.0).unwrap(), &[0]);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let mut trips: Vec<(u32, f64, Vec<u32>)> = (0..10).map(|car| (0, f64::from(car) * 4.0, vec![0, 1])).collect();
    trips.push((1, 45.0, vec![0, 1]));
    let demand = mixed(vec![exact(VehicleClass::OtherCar), exact(VehicleClass::Bicycle)], &trips);
    check(&network, &demand, 400.0);
    let mut micro = Micro::new(&network, &demand, options(400.0));
    while micro.time_s() < 149.0 {
        micro.step();
    }
    let queue: Vec<OnLane> = micro.on_lane(0).collect();
    let place = queue.iter().position(|vehicle| vehicle.trip == 10).unwrap();
    assert!(place <= 1, "the bicycle is in place {place}: {queue:?}");
}

/// Cars, vans, buses, motorcycles and bicycles, in lanes of all widths.
fn traffic(network: &LaneNetwork, count: u64, every_s: f64) -> TrafficDemand {
    let draws = Draws::new(3);
    let classes = [
        VehicleClass::OtherCar,
        VehicleClass::Bicycle,
        VehicleClass::Motorcycle,
        VehicleClass::Bus,
        VehicleClass::Van,
        VehicleClass::Bicycle,
        VehicleClass::Motorcycle,
    ];
    let types: Vec<VehicleType> = classes
        .iter()
        .enumerate()
        .map(|(row, &class)| VehicleType { name: format!("t{row}"), permission: Some(0), ..vehicle_type(class) })
        .collect();
    let trips: Vec<(u32, f64, Vec<u32>)> = (0..count)
        .filter_map(|trip| {
            let street = |purpose| (draws.uniform(purpose, trip) * network.streets.len() as f64) as u32;
            let (origin, destination) = (street(Purpose::new("origin")), street(Purpose::new("destination")));
            let kind = (draws.uniform(Purpose::new("kind"), trip) * types.len() as f64) as u32;
            fastest(network, Some(0), origin, destination).map(|route| (kind, trip as f64 * every_s, route))
        })
        .collect();
    mixed(types, &trips)
}

fn widened(mut plain: PlainStreets) -> LaneNetwork {
    for (row, street) in plain.streets.iter_mut().enumerate() {
        street.lane_width_m = [3.0, 3.75, 4.3, 5.5][row % 4];
    }
    LaneNetwork::build(&derive(&plain).unwrap().rows).unwrap()
}

#[test]
fn no_two_boxes_overlap_in_mixed_traffic() {
    let mut updates = 0;
    for lanes in 1..=2 {
        let network = widened(grid(4, 4, 150.0, lanes, |_, _| Control::Signals));
        updates += check(&network, &traffic(&network, 700, 0.8), 1500.0);
    }
    for seed in 0..10 {
        let network = widened(random_town(4, 4, seed));
        updates += check(&network, &traffic(&network, 300, 1.5), 1200.0);
    }
    assert!(updates > 100_000, "{updates}");
}

#[test]
fn mixed_traffic_is_the_same_on_any_number_of_threads() {
    let network = widened(grid(4, 4, 150.0, 2, |_, _| Control::Signals));
    let demand = traffic(&network, 500, 0.8);
    assert!(arrived_on_any_threads(&network, &demand) > 150);
}

/// Where no type shares its lane, everything is as if none could.
#[test]
fn cars_alone_drive_as_ever() {
    let network = widened(random_town(4, 4, 1));
    let mut demand = traffic(&network, 300, 1.5);
    demand.types.iter_mut().for_each(|kind| *kind = VehicleType { name: kind.name.clone(), ..car(krauss(0.5)) });
    assert!(demand.types.iter().all(|kind| kind.lane_sharing == LaneSharing::None));
    check(&network, &demand, 1200.0);
}

//! What must hold of every city's streets and vehicles.

use std::collections::BTreeMap;
use std::f64::consts::FRAC_PI_2;

use geo::{Coord, LineString, MultiPolygon};
use proptest::prelude::*;

use super::*;
use crate::assignment::{ClassDemand, Equilibrium, OdMatrix, Options, Problem, VolumeDelay, solve};
use crate::city::fixtures::{key, no_tables, record};
use crate::city::{Access, CityTables, Connector, Gate, Junction, Link, RoadClass, Structure, Turn, Zone};
use crate::draws::Draws;
use crate::network::{ArcKind, CityNetwork, EdgeParking};
use crate::time::{ClockTime, DayType};
use crate::traffic::fixtures::{PlainPlan, grid, random_town};
use crate::traffic::micro::Micro;
use crate::traffic::network::LaneNetwork;
use crate::traffic::network::derive::{Control, DerivedNetwork, PlainStreets, derive};
use crate::traffic::simulation::Options as MicroOptions;
use crate::vehicles::{ClassSet, VehicleClass};

const NOW: (DayType, ClockTime) = (DayType::Weekday, ClockTime::MIDNIGHT);
const EDGE: EdgeParking = EdgeParking { walking_speed_mps: 1.25, detour: 1.3, beeline_max_m: 1500.0, junctions: 2 };

/// Plain streets as a city knows them.
fn city_of(plain: &PlainStreets) -> CityTables {
    let mut tables = no_tables();
    let classes = [
        RoadClass::Service,
        RoadClass::Residential,
        RoadClass::MotorwayRamp,
        RoadClass::Tertiary,
        RoadClass::Secondary,
        RoadClass::Primary,
        RoadClass::Trunk,
        RoadClass::Motorway,
    ];
    tables.junctions = plain.junctions.iter().map(|row| record(&row.name, Junction { position: row.place })).collect();
    let name = |row: u32| key(&plain.junctions[row as usize].name);
    for street in &plain.streets {
        let geometry = LineString::from(street.line.clone());
        let length_m =
            street.line.windows(2).map(|pair| libm::hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y)).sum();
        let link = Link {
            from: name(street.from_junction),
            to: name(street.to_junction),
            name: street.road_name.clone(),
            class: classes[street.rank as usize],
            lanes: street.lane_count as u8,
            free_speed_mps: street.speed_limit_mps,
            capacity_pcuph: 800.0 * f64::from(street.lane_count),
            length_m,
            toll_eur: 0.0,
            structure: Structure::Ground,
            access: Access::always(ClassSet::ALL),
            geometry,
        };
        tables.links.push(record(&street.name, link));
    }
    for (number, &(from, to)) in plain.banned_turns.iter().enumerate() {
        let street = |row: u32| key(&plain.streets[row as usize].name);
        let turn = Turn { from: street(from), to: street(to), access: Access::always(ClassSet::NONE) };
        tables.turns.push(record(&format!("ban{number}"), turn));
    }
    tables
}

fn add_zone(tables: &mut CityTables, name: &str, junctions: &[u32]) {
    let position = tables.junctions[junctions[0] as usize].facts.position;
    let zone = Zone {
        name: name.into(),
        quarter: None,
        centroid: position,
        area: MultiPolygon::new(Vec::new()),
        residents: 0.0,
        jobs: 0.0,
        school_places: 0.0,
        services: 0.0,
        leisure: 0.0,
    };
    tables.zones.push(record(name, zone));
    for &junction in junctions {
        let row = tables.junctions[junction as usize].key.clone();
        let connector = Connector { zone: key(name), junction: row, time_s: 20.0 };
        tables.connectors.push(record(&format!("{name}-{junction}"), connector));
    }
}

/// A grid of four by four tertiary roads with four zones and a gate, and a turn that nobody may make.
fn town() -> CityTables {
    let mut plain = grid(4, 4, 200.0, 1, |_, _| Control::Signs);
    let turn = |from: (u32, u32), to: (u32, u32)| {
        let street = |(from, to): (u32, u32)| {
            let is_it = |row: &u32| {
                let street = &plain.streets[*row as usize];
                (street.from_junction, street.to_junction) == (from, to)
            };
            (0..plain.streets.len() as u32).find(is_it).unwrap()
        };
        (street(from), street(to))
    };
    plain.banned_turns = vec![turn((4, 5), (5, 9))];
    let mut tables = city_of(&plain);
    for (zone, junctions) in [[0, 1], [3, 7], [12, 13], [15, 10]].iter().enumerate() {
        add_zone(&mut tables, &format!("z{zone}"), junctions);
    }
    let gate = Gate {
        name: "North".into(),
        junction: tables.junctions[14].key.clone(),
        daily_vehicles: 0.0,
        daily_heavy_vehicles: 0.0,
        through_share: 0.0,
    };
    tables.gates.push(record("gate", gate));
    tables
}

/// A city with its static assignment: cars everywhere, heavy vehicles that dislike some links.
struct Assigned {
    tables: CityTables,
    network: CityNetwork,
    equilibrium: Equilibrium,
    matrices: [OdMatrix; 2],
}

const CLASSES: [VehicleClass; 2] = [VehicleClass::OtherCar, VehicleClass::HeavyVehicle];

impl Assigned {
    fn new(tables: CityTables, base: Option<&Self>) -> Self {
        let (day, time) = NOW;
        let network = match base {
            None => CityNetwork::extract(&tables, day, time, &EDGE).unwrap(),
            Some(base) => base.network.extended(&tables, day, time, &EDGE).unwrap(),
        };
        let zones = network.zones.len() as u32;
        let pairs = |trips: &dyn Fn(u32, u32) -> f64| {
            let all = (0..zones).flat_map(|from| (0..zones).map(move |to| (from, to)));
            OdMatrix::from_entries(zones, all.map(|(from, to)| (from, to, trips(from, to))).collect()).unwrap()
        };
        let matrices =
            [pairs(&|from, to| 150.0 + f64::from(17 * from + 31 * to)), pairs(&|from, to| 0.3 * f64::from(from + to))];
        let delays: Vec<VolumeDelay> = network
            .kinds
            .iter()
            .map(|kind| match *kind {
                ArcKind::Link(row) => {
                    let link = &tables.links[row as usize].facts;
                    let free_time = link.free_flow_time_s();
                    VolumeDelay::Bpr { free_time, b: 0.5, power: 4.0, capacity: link.capacity_pcuph }
                }
                ArcKind::Connector { time_s } | ArcKind::EdgeWalk { time_s, .. } => {
                    VolumeDelay::Constant { time: time_s }
                }
                ArcKind::Turn { .. } | ArcKind::Inside => VolumeDelay::Constant { time: 0.0 },
            })
            .collect();
        let fixed = CLASSES.map(|class| -> Vec<f64> {
            (0_u32..)
                .zip(&network.allowed)
                .map(|(arc, allowed)| match (allowed.contains(class), class) {
                    (false, _) => f64::INFINITY,
                    (true, VehicleClass::HeavyVehicle) => f64::from(arc % 3),
                    (true, _) => 0.0,
                })
                .collect()
        });
        let classes = [(0, 1.0), (1, 2.0)].map(|(class, pcu)| ClassDemand {
            pcu,
            fixed_cost: &fixed[class],
            demand: &matrices[class],
        });
        let problem = Problem { graph: &network.graph, delays: &delays, classes: &classes };
        let options = Options { gap: 1e-9, ..Options::default() };
        let equilibrium = solve(&problem, &options, base.map(|base| &base.equilibrium)).unwrap();
        Self { tables, network, equilibrium, matrices }
    }

    fn streets(&self) -> (CityStreets, DerivedNetwork) {
        let (day, time) = NOW;
        let streets = CityStreets::extract(&self.tables, day, &[time], ClassSet::MOTOR, None).unwrap();
        let derived = derive(&streets.plain).unwrap();
        (streets, derived)
    }

    fn trips(&self, hours: f64, seed: u64) -> CityTrips {
        let classes = self.classes();
        let stretch = Stretch::new(0.0, hours * 3600.0, &[1.0, 3.0]).unwrap();
        let (streets, derived) = self.streets();
        let slices = [self.slice(&classes, 0.0, hours * 3600.0)];
        trips(&slices, &self.streams(&stretch), &streets, &derived, Draws::new(seed)).unwrap()
    }

    fn classes(&self) -> [ClassTrips<'_>; 2] {
        [0, 1].map(|class| ClassTrips { class: CLASSES[class], demand: &self.matrices[class] })
    }

    fn slice<'a>(&'a self, classes: &'a [ClassTrips<'a>], from_s: f64, to_s: f64) -> AssignedSlice<'a> {
        AssignedSlice { from_s, to_s, network: &self.network, equilibrium: &self.equilibrium, classes }
    }

    /// A stream of each class.
    fn streams(&self, stretch: &Stretch) -> [Stream<'_>; 2] {
        [0, 1].map(|class| Stream {
            number: class as u16,
            classes: &[[0], [1]][class],
            demand: &self.matrices[class],
            stretch: stretch.clone(),
        })
    }
}

#[test]
fn vehicles_on_links_are_as_many_as_the_assignment_says() {
    let town = Assigned::new(town(), None);
    let hours = 20.0;
    let trips = town.trips(hours, 1);
    for (index, class) in CLASSES.into_iter().enumerate() {
        let mut counted = vec![0.0; town.tables.links.len()];
        for vehicle in trips.vehicles.iter().filter(|vehicle| vehicle.class == class) {
            for &link in &trips.ways[vehicle.way as usize] {
                counted[link as usize] += 1.0;
            }
        }
        let (mut squares, mut links) = (0.0, 0.0);
        for (row, counted) in counted.iter().enumerate() {
            let flow_vph = town.equilibrium.class_flows[index][town.network.link_arcs[row] as usize];
            let expected = flow_vph * hours;
            assert!((counted - expected).abs() <= 4.5 * expected.max(1.0).sqrt(), "{row}: {counted}, not {expected}");
            if expected > 10.0 {
                squares += (counted - expected) * (counted - expected) / expected;
                links += 1.0;
            }
        }
        assert!(links > 10.0 && squares / links < 1.5, "{squares} over {links} links");
    }
    let expected: f64 = town.matrices.iter().map(OdMatrix::total).sum::<f64>() * hours;
    let made = trips.vehicles.len() as f64 + trips.left_out.within_zones;
    assert!((made - expected).abs() < 20.0, "{made}, not {expected}");
    assert!(trips.left_out.within_zones > 0.0 && trips.left_out.unserved == 0);
}

/// Cars of two classes, one of which has another network in the second half of the time.
#[test]
fn a_vehicle_is_of_the_class_and_goes_the_way_of_the_slice_in_which_it_begins() {
    let base = Assigned::new(town(), None);
    let mut tables = base.tables.clone();
    for link in tables.links.iter_mut().skip(8).take(4) {
        link.facts.access = Access::always(ClassSet::NONE);
    }
    let mut closed = Assigned::new(tables, Some(&base));
    // Of four cars three become heavy vehicles: their total stays.
    let total = base.matrices[0].clone();
    closed.matrices = [total.clone().scaled(0.25), total.clone().scaled(0.75)];
    let (open_classes, closed_classes) = (base.classes(), closed.classes());
    let slices = [base.slice(&open_classes, 0.0, 1800.0), closed.slice(&closed_classes, 1800.0, 3600.0)];
    let (streets, derived) = base.streets();
    let stretch = Stretch::new(0.0, 3600.0, &[]).unwrap();
    let stream = Stream { number: 7, classes: &[0, 1], demand: &total, stretch };
    let made = trips(&slices, &[stream], &streets, &derived, Draws::new(1)).unwrap();
    let shut: Vec<u32> = (8..12).collect();
    let uses_shut = |vehicle: &&CityVehicle| made.ways[vehicle.way as usize].iter().any(|link| shut.contains(link));
    let (early, late): (Vec<&CityVehicle>, Vec<&CityVehicle>) =
        made.vehicles.iter().partition(|vehicle| vehicle.depart_s < 1800.0);
    assert!(early.iter().copied().filter(uses_shut).count() > 100 && !late.iter().any(uses_shut));
    let heavy = |vehicles: &[&CityVehicle]| {
        let heavy = vehicles.iter().filter(|vehicle| vehicle.class == VehicleClass::HeavyVehicle).count();
        heavy as f64 / vehicles.len() as f64
    };
    assert!(heavy(&early) < 0.01 && (heavy(&late) - 0.75).abs() < 0.03, "{} {}", heavy(&early), heavy(&late));
}

#[test]
fn the_same_seed_makes_the_same_trips_and_another_makes_others() {
    let town = Assigned::new(town(), None);
    let told = |seed| format!("{:?}", town.trips(1.0, seed));
    assert_eq!(told(1), told(1));
    assert_ne!(told(1), told(2));
    let demand = town.trips(1.0, 1).demand;
    assert!(demand.trips.is_sorted_by(|a, b| a.depart_s <= b.depart_s));
    let late = demand.trips.iter().filter(|trip| trip.depart_s >= 1800.0).count() as f64;
    assert!((late / demand.trips.len() as f64 - 0.75).abs() < 0.05);
}

#[test]
fn a_vehicle_keeps_its_departure_whatever_the_scenario_changes() {
    let base = Assigned::new(town(), None);
    let mut tables = base.tables.clone();
    for link in tables.links.iter_mut().skip(8).take(4) {
        link.facts.access = Access::always(ClassSet::NONE);
    }
    let scenario = Assigned::new(tables, Some(&base));
    let told = |trips: CityTrips| -> BTreeMap<_, _> {
        let of = |vehicle: &CityVehicle| {
            let trip = vehicle.trip.map(|trip| &trips.demand.trips[trip as usize]);
            let key = (vehicle.stream, vehicle.origin, vehicle.destination, vehicle.number);
            trip.map(|trip| {
                (key, (trip.depart_s, trip.mix, trip.name.clone(), trips.ways[vehicle.way as usize].clone()))
            })
        };
        trips.vehicles.iter().filter_map(of).collect()
    };
    let (before, after) = (told(base.trips(1.0, 3)), told(scenario.trips(1.0, 3)));
    let mut moved = 0;
    for (key, vehicle) in &after {
        let was = &before[key];
        assert_eq!((was.0, was.1, &was.2), (vehicle.0, vehicle.1, &vehicle.2));
        moved += usize::from(was.3 != vehicle.3);
    }
    assert!(after.len() > 3000 && moved > 100, "{} of {}", moved, after.len());
}

#[test]
fn all_trips_are_driven_and_arrive() {
    let mut town = Assigned::new(town(), None);
    town.matrices = town.matrices.clone().map(|matrix| matrix.scaled(0.1));
    let (streets, derived) = town.streets();
    let trips = town.trips(0.5, 1);
    assert_eq!(undriveable(&town.network, &streets, &derived), []);
    let lanes = LaneNetwork::build(&derived.rows).unwrap();
    let options = MicroOptions { begin_s: 0.0, end_s: Some(7200.0), step_s: 1.0, seed: 1 };
    let mut micro = Micro::new(&lanes, &trips.demand, options);
    micro.run();
    assert_eq!(micro.counts().arrived, trips.demand.trips.len() as u64, "{:?}", micro.counts());
}

/// The gate lies at the end of a stub of 9 m, most of which is the junction where it begins.
#[test]
fn nobody_begins_on_a_street_that_is_shorter_than_its_vehicle() {
    let mut tables = town();
    let (junction, place) = (tables.junctions[14].key.clone(), tables.junctions[14].facts.position);
    let outside = Coord { x: place.x, y: place.y + 9.0 };
    tables.junctions.push(record("outside", Junction { position: outside }));
    let like = tables.links[0].facts.clone();
    for (name, ends, line) in [
        ("in", (key("outside"), junction.clone()), vec![outside, place]),
        ("out", (junction.clone(), key("outside")), vec![place, outside]),
    ] {
        let (from, to) = ends;
        let geometry = LineString::from(line);
        tables.links.push(record(name, Link { from, to, length_m: 9.0, geometry, ..like.clone() }));
    }
    tables.gates[0].facts.junction = key("outside");
    let town = Assigned::new(tables, None);
    let (streets, derived) = town.streets();
    let stub = (town.tables.links.len() - 2) as u32;
    let LinkPlace::Street(street) = streets.places[stub as usize] else { panic!("a street") };
    let length_m = |street: u32| derived.rows.streets[street as usize].lanes[0].length_m;
    assert!(length_m(street) < 4.0, "{}", length_m(street));
    let trips = town.trips(1.0, 1);
    let demand = &trips.demand;
    for trip in &demand.trips {
        let first = demand.routes[trip.route_choice as usize].streets[0];
        assert!(length_m(first) >= demand.types[trip.mix as usize].length_m, "{}", trip.name);
    }
    let comes_over = |vehicle: &&CityVehicle| trips.ways[vehicle.way as usize][0] == stub;
    for vehicle in &trips.vehicles {
        assert_eq!(vehicle.links_before, u32::from(comes_over(&vehicle)), "{vehicle:?}");
    }
    let driven = trips.vehicles.iter().filter(comes_over).filter(|vehicle| vehicle.trip.is_some()).count();
    assert!(driven > 500, "{driven} come over the stub, and are driven");
}

#[test]
fn an_assignment_of_another_time_is_refused() {
    let town = Assigned::new(town(), None);
    let mut closed = town.tables.clone();
    for link in &mut closed.links[..20] {
        link.facts.access = Access::always(ClassSet::NONE);
    }
    let (day, time) = NOW;
    let streets = CityStreets::extract(&closed, day, &[time], ClassSet::MOTOR, None).unwrap();
    let derived = derive(&streets.plain).unwrap();
    let classes = town.classes();
    let stretch = Stretch::new(0.0, 3600.0, &[]).unwrap();
    let made = |classes: &[ClassTrips<'_>], to_s: f64| {
        let slices = [town.slice(classes, 0.0, to_s)];
        trips(&slices, &town.streams(&stretch), &streets, &derived, Draws::new(1)).unwrap_err()
    };
    assert!(matches!(made(&classes, 3600.0), TripsError::Closed { class: "other_car", .. }));
    assert_eq!(made(&classes[..1], 3600.0), TripsError::Classes { classes: 1, flows: 2 });
    assert!(matches!(made(&classes, 0.5), TripsError::NoSlice { stream: 0, .. }));
    for link in &mut closed.links {
        link.facts.access = Access::always(ClassSet::NONE);
    }
    assert_eq!(CityStreets::extract(&closed, day, &[time], ClassSet::MOTOR, None).unwrap_err(), StreetsError::Closed);
}

/// Lanes lead where the static network does, in whatever town.
fn lanes_follow(plain: &PlainStreets) -> CityStreets {
    let tables = city_of(plain);
    let (day, time) = NOW;
    let network = CityNetwork::extract(&tables, day, time, &EDGE).unwrap();
    let streets = CityStreets::extract(&tables, day, &[time], ClassSet::MOTOR, None).unwrap();
    let derived = derive(&streets.plain).unwrap();
    LaneNetwork::build(&derived.rows).unwrap();
    assert_eq!(undriveable(&network, &streets, &derived), []);
    for (link, place) in streets.places.iter().enumerate() {
        if let LinkPlace::Street(street) = *place {
            assert_eq!(streets.links[street as usize], link as u32);
        }
    }
    streets
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_random_towns_lanes_lead_where_the_static_network_does(columns in 1_u32..6, rows in 2_u32..6, seed: u64) {
        let plain = random_town(columns, rows, seed);
        prop_assume!(!plain.streets.is_empty());
        lanes_follow(&plain);
    }
}

#[test]
fn roundabouts_are_found() {
    let mut plan = PlainPlan::default();
    plan.roundabout(16.0, 60.0, &[0.0, FRAC_PI_2, 2.0 * FRAC_PI_2, 3.0 * FRAC_PI_2], (1, 1));
    let expected: Vec<bool> = plan.plain.streets.iter().map(|street| street.is_roundabout).collect();
    let streets = lanes_follow(&plan.plain);
    assert_eq!(streets.plain.streets.iter().map(|street| street.is_roundabout).collect::<Vec<_>>(), expected);
    assert!(streets.plain.junctions.iter().all(|junction| junction.control == Control::Signs));
}

#[test]
fn one_way_streets_around_a_block_are_no_roundabout() {
    let mut plan = PlainPlan::default();
    let corners =
        [(0.0, 0.0), (60.0, 0.0), (60.0, 60.0), (0.0, 60.0)].map(|(x, y)| plan.junction(x, y, Control::Signs));
    for index in 0..4 {
        plan.one_way(corners[index], corners[(index + 1) % 4], 1, 1);
    }
    assert!(lanes_follow(&plan.plain).plain.streets.iter().all(|street| !street.is_roundabout));
}

/// A road of two carriageways, 16 m apart, crosses another; all of rank 4.
#[test]
fn two_carriageways_that_cross_a_road_make_one_junction_with_signals() {
    let mut plan = PlainPlan::default();
    let places = [(-200.0, 8.0), (0.0, 8.0), (200.0, 8.0), (200.0, -8.0), (0.0, -8.0), (-200.0, -8.0)];
    let [nw, n, ne, se, s, sw] = places.map(|(x, y)| plan.junction(x, y, Control::Signs));
    let [north, south] = [(0.0, 200.0), (0.0, -200.0)].map(|(x, y)| plan.junction(x, y, Control::Signs));
    for (from, to) in [(ne, n), (n, nw), (sw, s), (s, se)] {
        plan.one_way(from, to, 2, 4);
    }
    for (from, to) in [(north, n), (n, s), (s, south)] {
        plan.two_way(from, to, 1, 4);
    }
    let streets = lanes_follow(&plan.plain);
    assert_eq!(streets.junctions[1].members, [n, s]);
    assert_eq!(streets.plain.junctions[1].control, Control::Signals);
    assert_eq!(streets.plain.junctions.len(), plan.plain.junctions.len() - 1);
    let inside = streets.places.iter().filter(|place| **place == LinkPlace::Inside(1)).count();
    assert_eq!((inside, streets.plain.streets.len()), (2, plan.plain.streets.len() - 2));
    let derived = derive(&streets.plain).unwrap();
    // Left turns from both carriageways, the rest of both, the other road.
    assert_eq!(derived.signal_plans[0].stages.len(), 3, "{:?}", derived.signal_plans[0].stages);
    // From the west to the north across both, and around to the west.
    let last = derived.pockets[2].unwrap_or(2);
    for to in [5, 1] {
        assert!(derived.rows.movements.iter().any(|way| (way.from.street, way.to.street) == (last, to)), "{to}");
    }
}

//! Vehicles are drawn where they are.

use data::trajectories::{About, Moment, Reference, Scene, SceneLane, TypeAbout};
use engine::signals::Lamp;
use engine::traffic::trajectories::{Fidelity, VehicleAt};
use engine::vehicles::VehicleClass;
use geo::Coord;

use super::bodies::{apart_m, body};
use super::*;

/// A street of 100 m eastwards, a junction of 10 m northwards, and a street of 100 m northwards.
fn scene(fidelity: Fidelity) -> Scene {
    let lane = |street, line: &[(f64, f64)], length_m, has_stop_line, lamps| SceneLane {
        street,
        length_m,
        width_m: 3.2,
        line: line.iter().map(|&(x, y)| Coord { x, y }).collect(),
        has_stop_line,
        lamps,
    };
    let kind = |name: &str, class, length_m| TypeAbout { name: name.to_owned(), class, length_m, width_m: 2.0 };
    Scene {
        about: About {
            run: "a <run>".to_owned(),
            seed: 1,
            reference: Some(Reference {
                system: "+proj=utm +zone=32 +datum=WGS84".to_owned(),
                offset_m: [-469_600.0, -4_973_300.0],
            }),
            fidelity,
            begin_s: 0.0,
            step_s: 1.0,
            types: vec![kind("car", VehicleClass::OtherCar, 5.0), kind("bus", VehicleClass::Bus, 18.0)],
        },
        streets: vec!["Via Roma".to_owned(), "Via Romagna".to_owned()],
        lanes: vec![
            // Twice as long in its own count as its line.
            lane(Some(0), &[(0.0, 0.0), (100.0, 0.0)], 200.0, true, vec![0, 1]),
            lane(Some(1), &[(100.0, 10.0), (100.0, 110.0)], 100.0, false, Vec::new()),
            lane(None, &[(100.0, 0.0), (100.0, 10.0)], 10.0, false, Vec::new()),
        ],
        lamp_counts: vec![2],
        type_of_trip: vec![0, 1],
    }
}

fn at(trip: u32, lane: u32, came_by: u32, position_m: f64) -> VehicleAt {
    VehicleAt { trip, lane, came_by, position_m, speed_mps: 0.0, is_aside: false }
}

fn near(a: Coord, x: f64, y: f64) -> bool {
    apart_m(a, Coord { x, y }) < 0.05
}

#[test]
fn a_car_s_front_is_where_its_position_says_and_its_body_as_long_as_it_is() {
    let line = body(&scene(Fidelity::Micro), &at(0, 0, VehicleAt::NOWHERE, 120.0), 5.0);
    assert!(near(line[0], 60.0, 0.0) && near(line[1], 55.0, 0.0), "{line:?}");
}

#[test]
fn a_bus_bends_over_the_junction_that_it_came_by() {
    let line = body(&scene(Fidelity::Micro), &at(1, 1, 2, 3.0), 18.0);
    assert!(near(line[0], 100.0, 13.0) && near(line[line.len() - 1], 95.0, 0.0), "{line:?}");
    assert!(line.iter().any(|point| near(*point, 100.0, 0.0)));
    // Without a lane before, its rear stands straight behind it.
    let line = body(&scene(Fidelity::Micro), &at(1, 1, VehicleAt::NOWHERE, 3.0), 18.0);
    assert!(near(line[line.len() - 1], 100.0, -5.0), "{line:?}");
}

#[test]
fn who_stands_aside_is_drawn_to_the_right_of_the_lane() {
    let aside = VehicleAt { is_aside: true, ..at(0, 0, VehicleAt::NOWHERE, 120.0) };
    let line = body(&scene(Fidelity::Meso), &aside, 5.0);
    assert!(near(line[0], 60.0, -2.4) && near(line[1], 55.0, -2.4), "{line:?}");
}

#[test]
fn a_picture_says_what_it_shows_and_that_meso_is_reconstructed() {
    let moment = Moment {
        number: 0,
        time_s: 8.0 * 3600.0 + 15.0 * 60.0,
        vehicles: vec![at(0, 0, VehicleAt::NOWHERE, 120.0), VehicleAt { speed_mps: 13.9, ..at(1, 1, 2, 3.0) }],
        lamps: vec![Lamp::Red, Lamp::Green],
    };
    let picture = Picture { middle: Coord { x: 80.0, y: 20.0 }, size_m: 200.0 };
    let micro = draw(&scene(Fidelity::Micro), &moment, &picture);
    for words in ["08:15:00", "2 vehicles, 1 of them standing", "a &lt;run&gt;", "#d7191c", "#1a9641", ">20 m<"] {
        assert!(micro.contains(words), "{words}");
    }
    assert!(!micro.contains("reconstructed"));
    assert!(draw(&scene(Fidelity::Meso), &moment, &picture).contains("reconstructed"));
    // Far away there is nobody.
    let elsewhere = Picture { middle: Coord { x: 5000.0, y: 20.0 }, ..picture };
    assert!(draw(&scene(Fidelity::Micro), &moment, &elsewhere).contains("0 vehicles"));
}

#[test]
fn places_are_found_by_name_and_by_degrees() {
    let scene = scene(Fidelity::Micro);
    assert!(near(find(&scene, "via roma").unwrap(), 50.0, 0.0));
    assert!(near(find(&scene, "Romagna").unwrap(), 100.0, 60.0));
    assert!(matches!(find(&scene, "Via Milano"), Err(PlaceError::Unknown(_))));
    // Alessandria's Municipio is at 469,643.39 4,973,361.14 in zone 32.
    assert!(near(find(&scene, "8.61542,44.91303").unwrap(), 43.39, 61.14));
    assert!(matches!(find(&scene, "8.7,44.91303"), Err(PlaceError::FarAway(..))));
}

#[test]
fn a_picture_without_a_place_shows_a_small_network_in_its_middle_and_of_a_large_one_where_most_are() {
    let mut scene = scene(Fidelity::Micro);
    let mut moment = Moment { number: 0, time_s: 0.0, vehicles: Vec::new(), lamps: vec![Lamp::Red; 2] };
    assert!(near(busiest(&scene, &moment, 600.0), 50.0, 55.0), "nobody is there");
    moment.vehicles = vec![at(0, 0, VehicleAt::NOWHERE, 20.0), at(1, 0, VehicleAt::NOWHERE, 40.0)];
    assert!(near(busiest(&scene, &moment, 600.0), 50.0, 55.0), "all of it finds room");
    // One of 5 km: two are at its beginning, and one far away.
    scene.lanes[0].line[1].x = 5000.0;
    scene.lanes[0].length_m = 5000.0;
    moment.vehicles = [2000.0, 2200.0, 4000.0].map(|at_m| at(0, 0, VehicleAt::NOWHERE, at_m)).to_vec();
    assert!(near(busiest(&scene, &moment, 600.0), 2100.0, 55.0));
    moment.vehicles = vec![at(0, 0, VehicleAt::NOWHERE, 10.0)];
    assert!(near(busiest(&scene, &moment, 600.0), 300.0, 55.0), "no ground beside the streets");
}

//! One source, one receiver: what a ray finds is what stands there.

use super::*;
use crate::environment::noise::bands::a_weighted_db;
use crate::environment::noise::bands::level_db;
use crate::environment::noise::propagation::{CutPoint, PathEnd, Profile, Role, Scratch, attenuation};
use crate::environment::noise::scene::{Elevations, GroundArea};

const POWER_DB: Bands = [90.0, 88.0, 86.0, 87.0, 90.0, 87.0, 80.0, 70.0];
const SOURCE: [f64; 2] = [0.0, 0.0];

/// L_day of a cut that is made by hand: (distance, before, after, top, ground factor, role).
fn by_hand(points: &[(f64, f64, f64, f64, f64, Role)], length_m: f64, ground: f64, absorption: Option<Bands>) -> f64 {
    let mut profile = Profile::default();
    profile.start(PathEnd { height_m: 0.05, ground_m: 0.0, ground_factor: ground }, 0.0);
    for &(distance_m, before_m, after_m, top_m, ground_factor, role) in points {
        let point = CutPoint { distance_m, before_m, after_m, top_m, ground_factor, role };
        match absorption.filter(|_| role == Role::Mirror) {
            Some(absorption) => profile.reflect(point, &absorption),
            None => profile.push(point),
        }
    }
    profile.finish(PathEnd { height_m: 4.0, ground_m: 0.0, ground_factor: 0.0 }, length_m);
    let gains = attenuation(&profile, &settings().air, &mut Scratch::default());
    let level: Bands = core::array::from_fn(|band| {
        POWER_DB[band] + level_db((gains.homogeneous[band] + gains.favourable[band]) / 2.0)
    });
    a_weighted_db(&level)
}

fn day_db(surroundings: &Surroundings, receiver: Receiver, settings: &FieldSettings) -> f64 {
    let scene = Scene::new(surroundings).unwrap();
    field(&scene, &[receiver], settings).unwrap().outcomes()[0].levels().unwrap().day_db
}

fn source() -> Vec<LineSource> {
    vec![point(SOURCE, POWER_DB)]
}

fn assert_near(found_db: f64, expected_db: f64) {
    assert!((found_db - expected_db).abs() < 2e-3, "{found_db} instead of {expected_db}");
}

#[test]
fn over_open_ground_it_is_the_formula() {
    let found = day_db(&surroundings(source(), Vec::new()), at([80.0, 60.0]), &exact());
    assert_near(found, by_hand(&[], 100.0, 0.0, None));
}

#[test]
fn a_building_in_between_is_cut_where_it_stands() {
    let mut around = surroundings(source(), vec![block([40.0, -20.0], [20.0, 40.0], 9.0)]);
    let hidden =
        by_hand(&[(40.0, 0.0, 9.0, 9.0, 0.0, Role::Edge), (60.0, 9.0, 0.0, 9.0, 0.0, Role::Edge)], 100.0, 0.0, None);
    assert_near(day_db(&around, at([100.0, 0.0]), &exact()), hidden);
    assert!(hidden < by_hand(&[], 100.0, 0.0, None) - 10.0);
    // Clockwise outlines, a repeated first point and smaller squares change nothing.
    around.buildings[0].exterior.reverse();
    let first = around.buildings[0].exterior[0];
    around.buildings[0].exterior.push(first);
    around.square_m = 7.0;
    assert_near(day_db(&around, at([100.0, 0.0]), &exact()), hidden);
}

#[test]
fn buildings_that_share_a_wall_are_one_obstacle_and_a_courtyard_is_open() {
    let two = vec![block([40.0, -20.0], [10.0, 40.0], 9.0), block([50.0, -20.0], [10.0, 40.0], 12.0)];
    let expected = by_hand(
        &[
            (40.0, 0.0, 9.0, 9.0, 0.0, Role::Edge),
            (50.0, 9.0, 12.0, 12.0, 0.0, Role::Edge),
            (60.0, 12.0, 0.0, 12.0, 0.0, Role::Edge),
        ],
        100.0,
        0.0,
        None,
    );
    assert_near(day_db(&surroundings(source(), two), at([100.0, 0.0]), &exact()), expected);
    let mut ring = block([40.0, -20.0], [40.0, 40.0], 9.0);
    ring.holes.push(vec![[50.0, -10.0], [70.0, -10.0], [70.0, 10.0], [50.0, 10.0]]);
    let expected = by_hand(
        &[
            (40.0, 0.0, 9.0, 9.0, 0.0, Role::Edge),
            (50.0, 9.0, 0.0, 9.0, 0.0, Role::Edge),
            (70.0, 0.0, 9.0, 9.0, 0.0, Role::Edge),
            (80.0, 9.0, 0.0, 9.0, 0.0, Role::Edge),
        ],
        100.0,
        0.0,
        None,
    );
    assert_near(day_db(&surroundings(source(), vec![ring]), at([100.0, 0.0]), &exact()), expected);
}

#[test]
fn ground_counts_by_how_much_of_the_way_it_takes() {
    let mut around = surroundings(source(), Vec::new());
    around.square_m = 10.0;
    let exterior = vec![[50.0, -50.0], [500.0, -50.0], [500.0, 50.0], [50.0, 50.0]];
    around.ground.push(GroundArea { exterior, holes: Vec::new(), ground_factor: 1.0 });
    let expected = by_hand(&[(50.0, 0.0, 0.0, 0.0, 1.0, Role::Ground)], 200.0, 0.0, None);
    assert_near(day_db(&around, at([200.0, 0.0]), &exact()), expected);
}

#[test]
fn a_wall_opposite_adds_an_image_source() {
    // Source and receiver 30 m apart, a wall 20 m to the side of both: the image is 50 m away.
    let around = surroundings(source(), vec![block([-50.0, 20.0], [150.0, 10.0], 15.0)]);
    let direct = by_hand(&[], 30.0, 0.0, None);
    let mirror = (25.0, 0.0, 0.0, 15.0, 0.0, Role::Mirror);
    let image = by_hand(&[mirror], 50.0, 0.0, Some([0.1; BAND_COUNT]));
    let expected =
        level_db(crate::environment::noise::bands::energy(direct) + crate::environment::noise::bands::energy(image));
    let reflecting = FieldSettings { reflection: settings().reflection, ..exact() };
    assert_near(day_db(&around, at([30.0, 0.0]), &reflecting), expected);
    assert_near(day_db(&around, at([30.0, 0.0]), &exact()), direct);
    // A wall lower than the ray does not reflect.
    let low = surroundings(source(), vec![block([-50.0, 20.0], [150.0, 10.0], 1.5)]);
    assert_near(day_db(&low, at([30.0, 0.0]), &reflecting), direct);
    // Nor does one that faces away, or that is beside the point of reflection.
    let beside = surroundings(source(), vec![block([40.0, 20.0], [100.0, 10.0], 15.0)]);
    assert_near(day_db(&beside, at([30.0, 0.0]), &reflecting), direct);
}

#[test]
fn a_facade_does_not_reflect_to_its_own_receiver() {
    let around = surroundings(source(), vec![block([-50.0, 20.1], [150.0, 10.0], 15.0)]);
    let reflecting = FieldSettings { reflection: settings().reflection, ..exact() };
    let open = day_db(&around, at([0.0, 20.0]), &reflecting);
    let facade = Receiver { facade: Some([0.0, -1.0]), ..at([0.0, 20.0]) };
    let incident = day_db(&around, facade, &reflecting);
    assert_near(incident, by_hand(&[], 20.0, 0.0, None));
    assert!((2.0..3.0).contains(&(open - incident)), "{}", open - incident);
}

#[test]
fn a_hill_hides_as_a_wall_does_and_level_ground_at_any_height_is_flat() {
    let mut around = surroundings(source(), Vec::new());
    let flat = day_db(&around, at([200.0, 0.0]), &exact());
    around.elevations =
        Some(Elevations { origin: [-100.0, -100.0], step_m: 100.0, columns: 5, rows: 3, heights_m: vec![95.0; 15] });
    assert_near(day_db(&around, at([200.0, 0.0]), &exact()), flat);
    let hill = around.elevations.as_mut().unwrap();
    for row in 0..3 {
        hill.heights_m[row * 5 + 2] = 115.0;
    }
    assert!(day_db(&around, at([200.0, 0.0]), &exact()) < flat - 10.0);
}

#[test]
fn a_receiver_on_the_road_itself_has_a_level() {
    let scene = scene(vec![line(&[[0.0, 0.0], [100.0, 0.0]], 70.0)], Vec::new());
    for place in [[50.0, 0.0], [0.0, 0.0], [33.3, 1e-9]] {
        let receiver = Receiver { height_m: 0.05, ..at(place) };
        let level_db = den_db(&scene, receiver, &settings());
        assert!(level_db.is_finite() && level_db > 60.0, "{level_db}");
    }
}

//! What holds of any shadow: the raster against rays, outlines against geometry, changes against working from scratch.

use geo::orient::Direction;
use geo::{Area, BoundingRect, Contains, Coord, Distance, Euclidean, Line, MultiPolygon, Orient, Point, Polygon};
use proptest::prelude::*;

use super::*;

/// A rectangle turned by an angle, with a courtyard of half its size where asked for.
fn building(at: (f64, f64), size: (f64, f64), turn: f64, yard: bool) -> MultiPolygon<f64> {
    let (sin, cos) = libm::sincos(turn);
    let ring = |scale: f64| {
        let corner = |(x, y): (f64, f64)| {
            let (x, y) = (x * size.0 * scale, y * size.1 * scale);
            Coord { x: at.0 + x * cos - y * sin, y: at.1 + x * sin + y * cos }
        };
        geo::LineString::from_iter([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5)].map(corner))
    };
    MultiPolygon(vec![Polygon::new(ring(1.0), if yard { vec![ring(0.5)] } else { Vec::new() })])
}

/// An angle's shape: one that is not convex.
fn angle(at: (f64, f64)) -> MultiPolygon<f64> {
    let corner = |(x, y): (f64, f64)| Coord { x: at.0 + x, y: at.1 + y };
    let corners = [(0.0, 0.0), (20.0, 0.0), (20.0, 7.0), (8.0, 7.0), (8.0, 25.0), (0.0, 25.0)].map(corner);
    MultiPolygon(vec![Polygon::new(geo::LineString::from_iter(corners), Vec::new())])
}

fn buildings() -> impl Strategy<Value = Vec<(MultiPolygon<f64>, f64)>> {
    let one = (0.0..90.0, 0.0..90.0, 4.0..30.0, 4.0..30.0, 0.0..3.2, any::<bool>(), 2.0..30.0);
    let one = one.prop_map(|(x, y, width, depth, turn, yard, height_m)| {
        let shape = if width < 7.0 { angle((x, y)) } else { building((x, y), (width, depth), turn, yard) };
        (shape, height_m)
    });
    prop::collection::vec(one, 1..8)
}

fn crowns() -> impl Strategy<Value = Vec<Crown>> {
    let one = (20.0..60.0, 20.0..60.0, 1.0..6.0, 0.0..5.0, 1.0..12.0, any::<bool>());
    let one = one.prop_map(|(x, y, radius_m, base_m, depth_m, evergreen)| Crown {
        centre: Coord { x, y },
        radius_m,
        base_m,
        top_m: base_m + depth_m,
        evergreen,
    });
    prop::collection::vec(one, 0..8)
}

fn toward() -> impl Strategy<Value = [f64; 3]> {
    (3.0..80.0, 0.0..360.0).prop_map(|(elevation, azimuth)| SunPosition::from_degrees(elevation, azimuth).toward(0.0))
}

fn path(all: &[[f64; 3]]) -> SunPath {
    let steps: Vec<_> = all.iter().map(|&toward| (toward, 300, [0.1, 0.4])).collect();
    SunPath::of_steps(&steps).expect("a path")
}

fn grid() -> GroundGrid {
    GroundGrid::new(Coord { x: -30.25, y: -41.5 }, 0.8, 190, 205).expect("a grid")
}

/// Whether a point lies within a millimetre of where light and shade of a step meet.
fn is_at_an_edge(scene: &Scene, toward: [f64; 3], at: Coord<f64>) -> bool {
    let near = |line: Line<f64>| Euclidean.distance(&Point(at), &line) < 1e-3;
    let of_block = |block: &Block| {
        let off = Coord { x: -toward[0], y: -toward[1] } * (block.height_m() / toward[2]);
        block.rings().flat_map(|ring| ring.lines()).any(|wall| {
            [
                wall,
                Line::new(wall.start, wall.start + off),
                Line::new(wall.end, wall.end + off),
                Line::new(wall.start + off, wall.end + off),
            ]
            .into_iter()
            .any(near)
        })
    };
    let of_crown = |crown: &Crown| {
        let off = |height_m: f64| Coord { x: -toward[0], y: -toward[1] } * (height_m / toward[2]);
        let axis = Line::new(crown.centre + off(crown.base_m), crown.centre + off(crown.top_m));
        (Euclidean.distance(&Point(at), &axis) - crown.radius_m).abs() < 1e-3
    };
    scene.blocks().iter().any(of_block) || scene.crowns().iter().any(of_crown)
}

fn on_ground(at: Coord<f64>) -> Receiver {
    Receiver::new(at, 0.0, None).expect("a point")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_raster_tells_the_same_as_rays(buildings in buildings(), crowns in crowns(), toward in toward()) {
        let scene = Scene::new(&buildings, &crowns).expect("a scene");
        let (grid, path) = (grid(), path(&[toward]));
        let sun = ground_sun(&scene, &grid, &path);
        let obstacles = Obstacles::on_flat_ground(&scene);
        let centres: Vec<Coord<f64>> =
            (0..grid.rows()).flat_map(|row| (0..grid.columns()).map(move |column| grid.centre(column, row))).collect();
        let receivers: Vec<Receiver> = centres.iter().map(|&at| on_ground(at)).collect();
        let by_rays = receiver_sun(&obstacles, &receivers, &path);
        for ((&raster_s, rays_s), at) in sun.sun_s().iter().zip(by_rays).zip(centres) {
            prop_assert!(raster_s == rays_s || is_at_an_edge(&scene, toward, at), "{raster_s} {rays_s} at {at:?}");
        }
    }

    #[test]
    fn the_outline_holds_the_cells_that_the_raster_shades(buildings in buildings(), toward in toward()) {
        let scene = Scene::new(&buildings[..1], &[]).expect("a scene");
        let (grid, path) = (grid(), path(&[toward]));
        let sun = ground_sun(&scene, &grid, &path);
        let outline = shadow_outline(&scene.blocks()[0], toward);
        for row in 0..grid.rows() {
            for column in 0..grid.columns() {
                let at = grid.centre(column, row);
                let is_lit = sun.sun_s()[row * grid.columns() + column] > 0;
                prop_assert!(is_lit != outline.contains(&Point(at)) || is_at_an_edge(&scene, toward, at), "{at:?}");
            }
        }
    }

    /// Steiner: the sweep of a convex shape adds its width across the way, times the way.
    #[test]
    fn a_convex_footprint_s_shadow_is_as_large_as_its_width_says(
        size in (4.0..30.0, 4.0..30.0), turn in 0.0..3.2, height_m in 1.0..40.0, toward in toward(),
    ) {
        let footprint = building((0.0, 0.0), size, turn, false);
        let block = Block::new(0, &footprint, height_m).expect("a block");
        let off = [-toward[0] / toward[2] * height_m, -toward[1] / toward[2] * height_m];
        let across = footprint.0[0].exterior().coords().map(|at| at.x * off[1] - at.y * off[0]);
        let (low, high) = across.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
        let expected_m2 = footprint.unsigned_area() + high - low;
        let found_m2 = shadow_outline(&block, toward).unsigned_area();
        prop_assert!((found_m2 / expected_m2 - 1.0).abs() < 1e-5, "{found_m2} {expected_m2}");
    }

    #[test]
    fn a_higher_building_never_gives_sun(buildings in buildings(), toward in toward(), more in 1.0..2.0) {
        let (grid, path) = (grid(), path(&[toward]));
        let low = ground_sun(&Scene::new(&buildings, &[]).expect("a scene"), &grid, &path);
        let higher: Vec<_> = buildings.into_iter().map(|(shape, height_m)| (shape, height_m * more)).collect();
        let high = ground_sun(&Scene::new(&higher, &[]).expect("a scene"), &grid, &path);
        prop_assert!(low.sun_s().iter().zip(high.sun_s()).all(|(low, high)| high <= low));
    }

    #[test]
    fn a_change_worked_out_where_its_shadows_fall_is_the_same_as_from_scratch(
        buildings in buildings(), crowns in crowns(), added in buildings(), new_crowns in crowns(),
        steps in prop::collection::vec(toward(), 1..5),
    ) {
        let scene = Scene::new(&buildings, &crowns).expect("a scene");
        let new = Scene::new(&added[..1], &new_crowns).expect("a scene");
        let change = SceneChange {
            removed_blocks: vec![buildings.len() - 1],
            added_blocks: new.blocks().to_vec(),
            removed_crowns: if crowns.is_empty() { vec![] } else { vec![0] },
            added_crowns: new_crowns,
        };
        let after = scene.changed(&change).expect("a scene");
        let (grid, path) = (grid(), path(&steps));
        let before = ground_sun(&scene, &grid, &path);
        let found = ground_sun_changed(&before, &scene, &change, &path).expect("it fits");
        prop_assert!(found == ground_sun(&after, &grid, &path));

        let (old, now) = (Obstacles::on_flat_ground(&scene), Obstacles::on_flat_ground(&after));
        let spacing = FacadeSpacing { spacing_m: 2.0, wall_min_m: 0.5, first_height_m: 1.2, storey_m: 3.0 };
        let receivers = facade_points(&scene, &old, &spacing).receivers;
        let before_s = receiver_sun(&old, &receivers, &path);
        let found_s = receiver_sun_changed(&before_s, &receivers, &scene, &change, &path).expect("it fits");
        prop_assert_eq!(found_s, receiver_sun(&now, &receivers, &path));
    }
}

fn alessandria(month: u32, day: u32) -> SunPath {
    let air = Atmosphere { pressure_hpa: 1013.25, temperature_c: 12.0 };
    let site = Site::new(44.9129, 8.6154, 95.0, air).expect("a place");
    let rules = PathRules {
        step_s: 300,
        elevation_min_deg: 3.0,
        convergence_rad: 0.0,
        leaf_season: LeafSeason { from: DayOfYear { month: 4, day: 1 }, to: DayOfYear { month: 11, day: 10 } },
        transmittance: CrownTransmittance { deciduous_in_leaf: 0.05, deciduous_bare: 0.45, evergreen: 0.05 },
    };
    SunPath::of_days(site, &[(Date::new(2025, month, day).expect("a day"), 1)], &rules).expect("a path")
}

#[test]
fn a_pole_of_ten_metres_throws_a_shadow_of_26_metres_to_the_north_at_noon_of_21_december() {
    // Elevation 21.14673° and azimuth 188.92075° at 12:00 UTC: 10 / tan(21.14673°) = 25.85 m.
    let toward = SunPosition::from_degrees(21.146_73, 188.920_75).toward(0.0);
    let pole = Block::new(0, &building((0.0, 0.0), (0.01, 0.01), 0.0, false), 10.0).expect("a block");
    let outline = shadow_outline(&pole, toward);
    let tip = outline.bounding_rect().expect("a shadow").max();
    let length_m = (tip.x * tip.x + tip.y * tip.y).sqrt();
    assert!((length_m - 25.85).abs() < 0.02, "{length_m}");
    assert!(tip.y > 25.5 && tip.x > 3.9 && tip.x < 4.1, "{tip:?}");
}

#[test]
fn a_grid_whose_north_is_turned_turns_the_shadow_the_other_way() {
    let sun = SunPosition::from_degrees(30.0, 180.0);
    let [east, north, _] = sun.toward(0.1);
    // Due south of true north is west of south on a grid whose north lies east of it.
    assert!((libm::atan2(east, north).to_degrees() - (180.0 - 0.1_f64.to_degrees())).abs() < 1e-9);
}

#[test]
fn no_shadow_falls_where_the_sun_is_below_the_horizon() {
    let block = Block::new(0, &building((0.0, 0.0), (9.0, 9.0), 0.0, false), 10.0).expect("a block");
    assert!(shadow_outline(&block, SunPosition::from_degrees(-1.0, 90.0).toward(0.0)).0.is_empty());
}

#[test]
fn open_ground_has_all_the_sun_and_ground_under_a_roof_none() {
    let path = alessandria(3, 21);
    let scene = Scene::new(&[(building((50.0, 50.0), (20.0, 12.0), 0.3, true), 12.0)], &[]).expect("a scene");
    let sun = ground_sun(&scene, &grid(), &path);
    assert_eq!(sun.sun_s().iter().max(), Some(&path.possible_s()));
    for row in 0..grid().rows() {
        for column in 0..grid().columns() {
            let is_under = scene.blocks()[0].footprint().contains(&Point(grid().centre(column, row)));
            let cell = row * grid().columns() + column;
            assert_eq!(sun.under_roof()[cell], is_under);
            assert!(!is_under || sun.sun_s()[cell] == 0);
        }
    }
    let alone = ground_sun(&Scene::default(), &grid(), &path);
    assert!(alone.sun_s().iter().all(|&sun_s| sun_s == path.possible_s()));
}

#[test]
fn north_of_a_house_lies_shade_and_south_of_it_sun_on_a_winter_s_day() {
    let path = alessandria(12, 21);
    let scene = Scene::new(&[(building((50.0, 50.0), (30.0, 10.0), 0.0, false), 10.0)], &[]).expect("a scene");
    let sun = ground_sun(&scene, &grid(), &path);
    let at = |x: f64, y: f64| {
        let grid = grid();
        let column = ((x - grid.south_west().x) / grid.cell_m()) as usize;
        let row = ((y - grid.south_west().y) / grid.cell_m()) as usize;
        sun.hours(column, row).expect("in the grid")
    };
    assert!(at(50.0, 60.0) < 1.0 && at(50.0, 40.0) > 6.0, "{} {}", at(50.0, 60.0), at(50.0, 40.0));
}

#[test]
fn a_wall_to_the_north_has_no_sun_in_winter_and_some_in_summer() {
    let scene = Scene::new(&[(building((50.0, 50.0), (30.0, 10.0), 0.0, false), 10.0)], &[]).expect("a scene");
    let obstacles = Obstacles::on_flat_ground(&scene);
    let spacing = FacadeSpacing { spacing_m: 3.0, wall_min_m: 1.0, first_height_m: 1.2, storey_m: 3.2 };
    let points = facade_points(&scene, &obstacles, &spacing);
    assert_eq!(points.receivers.len(), 3 * (10 + 3) * 2, "three storeys, ten and three points along the walls");
    let area_m2: f64 = points.areas_m2.iter().sum();
    assert!((area_m2 - 0.96 * 800.0).abs() < 1e-6, "{area_m2} of 800 m²: three storeys of 3.2 m");
    assert_eq!(receiver_faults(&obstacles, &points.receivers), vec![]);
    let faces_north = |receiver: &&Receiver| receiver.facing().is_some_and(|facing| facing.y > 0.9);
    let north: Vec<Receiver> = points.receivers.iter().filter(faces_north).copied().collect();
    assert!(receiver_sun(&obstacles, &north, &alessandria(12, 21)).iter().all(|&sun_s| sun_s == 0));
    assert!(receiver_sun(&obstacles, &north, &alessandria(6, 21)).iter().all(|&sun_s| sun_s > 3600));
}

#[test]
fn points_inside_walls_are_told_and_have_no_sun() {
    let scene = Scene::new(&[(building((50.0, 50.0), (30.0, 10.0), 0.0, false), 10.0)], &[]).expect("a scene");
    let obstacles = Obstacles::on_flat_ground(&scene);
    let inside = on_ground(Coord { x: 50.0, y: 50.0 });
    let above = Receiver::new(Coord { x: 50.0, y: 50.0 }, 10.5, None).expect("a point");
    let faults = receiver_faults(&obstacles, &[above, inside]);
    assert_eq!(faults, vec![ReceiverFault::Inside { receiver: 1, block: 0 }]);
    let path = alessandria(6, 21);
    assert_eq!(receiver_sun(&obstacles, &[above, inside], &path), vec![path.possible_s(), 0]);
    assert!(Receiver::new(Coord { x: f64::NAN, y: 0.0 }, 0.0, None).is_err());
    assert!(Receiver::new(Coord { x: 0.0, y: 0.0 }, 0.0, Some(Coord { x: 0.0, y: 0.0 })).is_err());
}

#[test]
fn houses_in_a_row_have_no_facade_between_them() {
    let row = [building((0.0, 0.0), (10.0, 10.0), 0.0, false), building((10.0, 0.0), (10.0, 10.0), 0.0, false)];
    let scene = Scene::new(&row.map(|shape| (shape, 6.0)), &[]).expect("a scene");
    let spacing = FacadeSpacing { spacing_m: 5.0, wall_min_m: 1.0, first_height_m: 1.5, storey_m: 3.0 };
    let points = facade_points(&scene, &Obstacles::on_flat_ground(&scene), &spacing);
    assert_eq!((points.receivers.len(), points.hidden), (2 * 2 * 6, 2 * 2 * 2));
}

#[test]
fn a_crown_takes_its_share_and_a_wall_behind_it_the_rest() {
    let crown = Crown { centre: Coord { x: 0.0, y: -10.0 }, radius_m: 3.0, base_m: 2.0, top_m: 20.0, evergreen: true };
    let toward = SunPosition::from_degrees(40.0, 180.0).toward(0.0);
    let path = path(&[toward]);
    let receivers = [on_ground(Coord { x: 0.0, y: 0.0 }), on_ground(Coord { x: 4.0, y: 0.0 })];
    let tree = Obstacles::on_flat_ground(&Scene::new(&[], &[crown]).expect("a scene"));
    assert_eq!(receiver_sun(&tree, &receivers, &path), vec![120, 300], "evergreens let 0.4 of 300 s through");
    let wall = (building((0.0, -30.0), (20.0, 2.0), 0.0, false), 30.0);
    let both = Obstacles::on_flat_ground(&Scene::new(&[wall], &[crown]).expect("a scene"));
    assert_eq!(receiver_sun(&both, &receivers, &path), vec![0, 0]);
}

#[test]
fn behind_two_crowns_the_darker_one_counts() {
    let crown = |y: f64, evergreen: bool| Crown {
        centre: Coord { x: 0.3, y },
        radius_m: 3.0,
        base_m: 2.0,
        top_m: 20.0,
        evergreen,
    };
    let scene = Scene::new(&[], &[crown(-10.0, true), crown(-5.0, false)]).expect("a scene");
    let toward = SunPosition::from_degrees(60.0, 180.0).toward(0.0);
    let grid = GroundGrid::new(Coord { x: -0.5, y: -0.5 }, 1.0, 1, 9).expect("a grid");
    for (through, behind_both) in [([0.1, 0.4], 30), ([0.4, 0.1], 30)] {
        let path = SunPath::of_steps(&[(toward, 300, through)]).expect("a path");
        let sun = ground_sun(&scene, &grid, &path);
        let receiver = [on_ground(grid.centre(0, 0))];
        assert_eq!(sun.sun_s()[0], behind_both);
        assert_eq!(receiver_sun(&Obstacles::on_flat_ground(&scene), &receiver, &path), vec![behind_both]);
        // The evergreen's shadow ends 20 / tan 60° + 3 m behind it, that of the other five metres further on.
        assert_eq!(sun.sun_s()[6], (300.0 * through[0]) as u32);
    }
}

#[test]
fn a_hill_to_the_south_shades_and_a_house_on_it_shades_further() {
    let hill = Relief {
        vertices: vec![[-500.0, -20.0, 0.0], [500.0, -20.0, 0.0], [0.0, -40.0, 30.0]],
        triangles: vec![[0, 1, 2]],
    };
    let toward = SunPosition::from_degrees(30.0, 180.0).toward(0.0);
    let receivers = [on_ground(Coord { x: 0.0, y: 0.0 }), on_ground(Coord { x: 0.0, y: 20.0 })];
    let bare = Obstacles::on_relief(&Scene::default(), &hill, &[], &[]).expect("a hill");
    assert_eq!(receiver_sun(&bare, &receivers, &path(&[toward])), vec![0, 300]);
    let house = Scene::new(&[(building((0.0, -42.0), (8.0, 8.0), 0.0, false), 12.0)], &[]).expect("a scene");
    let built = Obstacles::on_relief(&house, &hill, &[30.0], &[]).expect("a house on a hill");
    assert_eq!(receiver_sun(&built, &receivers, &path(&[toward])), vec![0, 0]);
    let wrong = Relief { triangles: vec![[0, 1, 7]], ..hill };
    assert_eq!(Obstacles::on_relief(&house, &wrong, &[f64::NAN, 0.0], &[]).err().map(|faults| faults.len()), Some(3));
}

#[test]
fn the_outline_of_a_courtyard_s_shadow_leaves_its_sunny_side_free() {
    let block = Block::new(0, &building((0.0, 0.0), (60.0, 60.0), 0.0, true), 10.0).expect("a block");
    let outline = shadow_outline(&block, SunPosition::from_degrees(45.0, 180.0).toward(0.0)).orient(Direction::Default);
    assert!(outline.contains(&Point::new(0.0, -10.0)), "north of the southern wing");
    assert!(!outline.contains(&Point::new(0.0, 5.0)), "the yard's north");
    assert!((outline.unsigned_area() - (3600.0 + 600.0 - 30.0 * 20.0)).abs() < 1e-3);
}

#[test]
fn results_of_other_places_or_paths_are_refused() {
    let scene = Scene::default();
    let (june, december) = (alessandria(6, 21), alessandria(12, 21));
    let before = ground_sun(&scene, &grid(), &june);
    let change = SceneChange::default();
    assert!(matches!(ground_sun_changed(&before, &scene, &change, &december), Err(ChangeFault::Path { .. })));
    assert!(matches!(receiver_sun_changed(&[1], &[], &scene, &change, &june), Err(ChangeFault::Places { .. })));
    assert!(sun_lost_s(&[1], &[1, 2]).is_err());
    assert_eq!(sun_lost_s(&[5, 3], &[1, 4]), Ok(vec![4, -1]));
}

#[test]
fn threads_do_not_show_in_the_result() {
    let path = alessandria(3, 21);
    let buildings: Vec<_> = (0..12)
        .map(|number| {
            let at = (f64::from(number % 4) * 30.0, f64::from(number / 4) * 35.0);
            (building(at, (18.0, 12.0), f64::from(number) * 0.3, number % 3 == 0), 6.0 + f64::from(number))
        })
        .collect();
    let scene = Scene::new(&buildings, &[]).expect("a scene");
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| ground_sun(&scene, &grid(), &path))
    };
    assert!(with(1) == with(3));
}

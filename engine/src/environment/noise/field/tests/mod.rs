//! What must hold of levels in a scene.

mod changes;
mod city;
mod single;

use super::*;
use crate::environment::noise::bands::{BAND_COUNT, Bands};
use crate::environment::noise::periods::PeriodHours;
use crate::environment::noise::propagation::Air;
use crate::environment::noise::scene::{Building, LineSource, Scene, Surroundings};

fn settings() -> FieldSettings {
    FieldSettings {
        hours: PeriodHours { day_h: 14.0, evening_h: 2.0, night_h: 8.0 },
        favourable_share: [0.5, 0.75, 1.0],
        air: Air::new(15.0, 70.0).unwrap(),
        reach_m: 1000.0,
        piece_share: 0.5,
        neglect_db: 15.0,
        reflection: Some(ReflectionSettings { reach_m: 100.0, neglect_db: 15.0, own_facade_m: 2.5 }),
    }
}

/// As exact as it gets, without reflections.
fn exact() -> FieldSettings {
    FieldSettings { neglect_db: 300.0, piece_share: 0.05, reflection: None, ..settings() }
}

/// The same level in all bands and periods.
fn line(points: &[[f64; 2]], level_db: f64) -> LineSource {
    LineSource { points: points.to_vec(), power_db: [[level_db; BAND_COUNT]; 3] }
}

/// A metre of line, which is a point for whoever is far enough.
fn point(at: [f64; 2], power_db: Bands) -> LineSource {
    let points = vec![[at[0] - 0.005, at[1]], [at[0] + 0.005, at[1]]];
    LineSource { points, power_db: [power_db.map(|level| level + 20.0); 3] }
}

fn block([x, y]: [f64; 2], [width, depth]: [f64; 2], height_m: f64) -> Building {
    Building {
        exterior: vec![[x, y], [x + width, y], [x + width, y + depth], [x, y + depth]],
        holes: Vec::new(),
        height_m,
        absorption: [0.1; BAND_COUNT],
    }
}

fn scene(lines: Vec<LineSource>, buildings: Vec<Building>) -> Scene {
    Scene::new(&surroundings(lines, buildings)).unwrap()
}

fn surroundings(lines: Vec<LineSource>, buildings: Vec<Building>) -> Surroundings {
    let extent = [[-1000.0; 2], [2000.0; 2]];
    Surroundings { lines, buildings, ground: Vec::new(), ground_factor: 0.0, elevations: None, extent, square_m: 24.0 }
}

fn at(position: [f64; 2]) -> Receiver {
    Receiver { position, height_m: 4.0, facade: None }
}

fn den_db(scene: &Scene, receiver: Receiver, settings: &FieldSettings) -> f64 {
    field(scene, &[receiver], settings).unwrap().outcomes()[0].levels().unwrap().den_db
}

/// A small town of streets and blocks: 12 by 12 streets 60 m apart, with blocks of two buildings and a gap between.
fn town() -> (Vec<LineSource>, Vec<Building>) {
    let (mut lines, mut buildings) = (Vec::new(), Vec::new());
    for street in 0..12 {
        for part in 0..11 {
            let (across, along) = (f64::from(street) * 60.0, f64::from(part) * 60.0);
            let level_db = 60.0 + f64::from((street * 7 + part * 3) % 17);
            lines.push(line(&[[along, across], [along + 60.0, across]], level_db));
            lines.push(line(&[[across, along], [across + 3.0, along + 30.0], [across, along + 60.0]], level_db - 4.0));
        }
    }
    for row in 0..11 {
        for column in 0..11 {
            let (x, y) = (f64::from(column) * 60.0 + 10.0, f64::from(row) * 60.0 + 10.0);
            let height_m = 6.0 + f64::from((row * 5 + column * 3) % 4) * 4.0;
            buildings.push(block([x, y], [18.0, 38.0], height_m));
            buildings.push(block([x + 18.0, y], [14.0, 30.0], height_m + 3.0));
        }
    }
    (lines, buildings)
}

/// Receivers all over that town.
fn everywhere() -> Vec<Receiver> {
    let mut receivers = Vec::new();
    for row in 0..25 {
        for column in 0..25 {
            receivers.push(at([f64::from(column) * 27.0 + 0.7, f64::from(row) * 27.0 - 3.1]));
        }
    }
    receivers
}

#[test]
fn a_straight_road_in_the_open_loses_three_decibels_for_twice_the_distance() {
    // Hard ground and straight rays: A = 11 − 3 dB and 10 lg of ∫dl/d² over the line's length, at 63 Hz, where air takes next to nothing.
    let mut power_db = [f64::NEG_INFINITY; BAND_COUNT];
    power_db[0] = 80.0;
    let road = LineSource { points: vec![[-8000.0, 0.0], [8000.0, 0.0]], power_db: [power_db; 3] };
    let scene = scene(vec![road], Vec::new());
    for (piece_share, tolerance_db) in [(0.5, 0.02), (0.25, 0.005), (0.05, 0.002)] {
        let settings =
            FieldSettings { favourable_share: [0.0; 3], reach_m: 9000.0, piece_share, neglect_db: 300.0, ..exact() };
        let level_db = |distance_m: f64| {
            let outcome = field(&scene, &[at([0.0, distance_m])], &settings).unwrap().outcomes()[0];
            outcome.levels().unwrap().day_db
        };
        for distance_m in [10.0, 20.0, 40.0, 80.0] {
            let apart_m = (distance_m * distance_m + 3.95 * 3.95_f64).sqrt();
            let integral = 2.0 * libm::atan(8000.0 / apart_m) / apart_m;
            let exact_db = 80.0 - 26.2 - 11.0 + 3.0 + 10.0 * libm::log10(integral);
            let found_db = level_db(distance_m);
            // Air takes a few hundredths of a decibel from what comes from afar.
            assert!((exact_db - found_db - 0.01).abs() < tolerance_db + 0.05, "{distance_m}: {found_db}, {exact_db}");
        }
        let halving_db = level_db(40.0) - level_db(80.0);
        assert!((halving_db - 3.0).abs() < 0.1, "{halving_db}");
    }
}

#[test]
fn finer_pieces_converge() {
    let (lines, buildings) = town();
    let scene = scene(lines, buildings);
    let receivers: Vec<Receiver> = everywhere().into_iter().step_by(29).collect();
    let levels = |piece_share| -> Vec<f64> {
        let found = field(&scene, &receivers, &FieldSettings { piece_share, neglect_db: 40.0, ..exact() }).unwrap();
        found.outcomes().iter().filter_map(Outcome::levels).map(|levels| levels.den_db).collect()
    };
    let fine = levels(0.05);
    let mean_db = |coarse: Vec<f64>| {
        let sum: f64 = coarse.iter().zip(&fine).map(|(coarse, fine)| (coarse - fine).abs()).sum();
        sum / fine.len() as f64
    };
    let errors_db = [1.0, 0.5, 0.25, 0.125].map(|share| mean_db(levels(share)));
    assert!(errors_db.is_sorted_by(|coarse, finer| coarse > finer), "{errors_db:?}");
    assert!(errors_db[1] < 0.5 && errors_db[3] < 0.15, "{errors_db:?}");
}

#[test]
fn what_is_neglected_is_a_tenth_of_a_decibel_on_average() {
    let (lines, buildings) = town();
    let scene = scene(lines, buildings);
    let receivers: Vec<Receiver> = everywhere().into_iter().step_by(5).collect();
    let levels = |neglect_db| -> Vec<f64> {
        let found = field(&scene, &receivers, &FieldSettings { neglect_db, reflection: None, ..settings() }).unwrap();
        found.outcomes().iter().filter_map(Outcome::levels).map(|levels| levels.den_db).collect()
    };
    let (all, some) = (levels(300.0), levels(15.0));
    let mut sum_db = 0.0;
    for (all, some) in all.iter().zip(&some) {
        assert!(*some <= all + 1e-9 && all - some < 1.0, "{some} instead of {all}");
        sum_db += all - some;
    }
    assert!(sum_db / (all.len() as f64) < 0.15, "{}", sum_db / all.len() as f64);
}

#[test]
fn three_decibels_more_everywhere_are_three_decibels_more_everywhere() {
    let (lines, buildings) = town();
    let louder: Vec<LineSource> = lines
        .iter()
        .map(|line| LineSource { power_db: line.power_db.map(|bands| bands.map(|level| level + 3.0)), ..line.clone() })
        .collect();
    let receivers: Vec<Receiver> = everywhere().into_iter().step_by(9).collect();
    let all = FieldSettings { reach_m: 300.0, neglect_db: 300.0, reflection: None, ..settings() };
    let before = field(&scene(lines, buildings.clone()), &receivers, &all).unwrap();
    let after = field(&scene(louder, buildings), &receivers, &all).unwrap();
    for (before, after) in before.outcomes().iter().zip(after.outcomes()) {
        match (before.levels(), after.levels()) {
            (Some(before), Some(after)) => assert!((after.den_db - before.den_db - 3.0).abs() < 1e-6),
            _ => assert_eq!(before, after),
        }
    }
}

#[test]
fn levels_are_the_same_bytes_on_any_number_of_threads_and_beside_any_others() {
    let (lines, buildings) = town();
    let scene = scene(lines, buildings);
    let receivers = everywhere();
    let with = |threads: usize, receivers: &[Receiver]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| field(&scene, receivers, &settings()).unwrap())
    };
    let all = with(1, &receivers);
    assert_eq!(all.outcomes(), with(3, &receivers).outcomes());
    let few: Vec<Receiver> = receivers.iter().copied().skip(3).step_by(11).collect();
    let of_all: Vec<Outcome> = all.outcomes().iter().copied().skip(3).step_by(11).collect();
    assert_eq!(with(2, &few).outcomes(), of_all);
}

#[test]
fn who_is_inside_a_building_or_nowhere_is_told() {
    let scene = scene(vec![line(&[[0.0, 0.0], [100.0, 0.0]], 70.0)], vec![block([0.0, 10.0], [20.0, 20.0], 9.0)]);
    let nowhere = Receiver { position: [f64::NAN, 0.0], height_m: 4.0, facade: None };
    let receivers = [
        at([50.0, 10.0]),
        at([10.0, 20.0]),
        nowhere,
        Receiver { height_m: -4.0, ..at([50.0, 10.0]) },
        Receiver { facade: Some([2.0, 0.0]), ..at([50.0, 10.0]) },
    ];
    let found = field(&scene, &receivers, &settings()).unwrap();
    let without: Vec<(usize, Outcome)> = found.without_levels().collect();
    assert_eq!(
        without,
        [(1, Outcome::Inside { building: 0 }), (2, Outcome::Faulty), (3, Outcome::Faulty), (4, Outcome::Faulty),]
    );
}

#[test]
fn where_nothing_sounds_within_reach_it_is_silent() {
    let scene = scene(vec![line(&[[0.0, 0.0], [100.0, 0.0]], 70.0)], Vec::new());
    assert_eq!(den_db(&scene, at([0.0, 1500.0]), &settings()), f64::NEG_INFINITY);
}

#[test]
fn every_fault_of_the_settings_is_told() {
    let bad = FieldSettings {
        hours: PeriodHours { day_h: 14.0, evening_h: 2.0, night_h: 9.0 },
        favourable_share: [0.5, 1.5, f64::NAN],
        reach_m: 0.0,
        piece_share: 1.5,
        neglect_db: f64::NAN,
        reflection: Some(ReflectionSettings { reach_m: -1.0, neglect_db: 0.0, own_facade_m: f64::INFINITY }),
        ..settings()
    };
    assert_eq!(bad.validate().unwrap_err().len(), 9);
    assert_eq!(settings().validate(), Ok(()));
}

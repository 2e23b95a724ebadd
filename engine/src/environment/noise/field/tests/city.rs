//! A town of the size that the program is made for: 20,480 buildings, 2,112 axes of roads, façades of 26,160 addresses and a grid of
//! 10 m over 15 km². Run it with `cargo test --release -p gemello-engine a_whole_town -- --ignored`, and time it. Its streets are
//! evenly loud and its blocks dense, so that a receiver hears more of them than in a town that has grown.

use super::*;
use crate::environment::noise::receivers::{facade_receiver, grid_receivers};

const BLOCKS: u32 = 32;
const BLOCK_M: f64 = 121.0;

/// Numbers between 0 and 1 that look drawn, the same every time.
fn drawn(index: u32) -> f64 {
    f64::from(index.wrapping_mul(2_654_435_761) >> 8) / f64::from(1_u32 << 24)
}

fn whole_town() -> Surroundings {
    let (mut lines, mut buildings) = (Vec::new(), Vec::new());
    for street in 0..=BLOCKS {
        for part in 0..BLOCKS {
            let (across, along) = (f64::from(street) * BLOCK_M, f64::from(part) * BLOCK_M);
            let level_db = if street % 8 == 0 { 80.0 } else { 62.0 + 12.0 * drawn(street * 1000 + part) };
            lines.push(line(&[[along, across], [along + BLOCK_M, across]], level_db));
            lines.push(line(&[[across, along], [across, along + BLOCK_M]], level_db - 2.0));
        }
    }
    for row in 0..BLOCKS * 4 {
        for column in 0..BLOCKS * 5 {
            let number = row * 1000 + column;
            let (x, y) = (f64::from(column / 5) * BLOCK_M + 9.0, f64::from(row / 4) * BLOCK_M + 9.0);
            let corner = [x + f64::from(column % 5) * 21.0, y + f64::from(row % 4) * 27.0];
            let size = [14.0 + 7.0 * drawn(number), 13.0 + 7.0 * drawn(number + 7)];
            buildings.push(block(corner, size, 6.0 + 15.0 * drawn(number + 13)));
        }
    }
    let extent = Surroundings::extent_of(&lines, &buildings);
    Surroundings { lines, buildings, ground: Vec::new(), ground_factor: 0.0, elevations: None, extent, square_m: 24.0 }
}

fn facades(scene: &Scene) -> Vec<Receiver> {
    let side_m = f64::from(BLOCKS) * BLOCK_M;
    let anywhere = |index: u32| [drawn(index * 2) * side_m, drawn(index * 2 + 1) * side_m];
    (0..).filter_map(|index| facade_receiver(scene, anywhere(index), 40.0, 0.1, 4.0)).take(26_160).collect()
}

#[test]
#[ignore = "takes some minutes of two processors; for timing"]
fn a_whole_town_has_levels_everywhere() {
    let before = whole_town();
    let scene = Scene::new(&before).unwrap();
    assert_eq!((scene.building_count(), scene.line_count()), (20_480, 2_112));
    let mut receivers = facades(&scene);
    let whole = grid_receivers(&scene, before.extent, 10.0, 4.0);
    receivers.extend(whole.into_iter().map(|receiver| receiver.receiver));
    let settings = FieldSettings { piece_share: 0.35, ..settings() };
    let earlier = field(&scene, &receivers, &settings).unwrap();
    assert!(earlier.outcomes().iter().all(|outcome| outcome.levels().is_some_and(|levels| levels.den_db > 30.0)));
    // Twenty-one axes about one place, a hundredth of all.
    let near = |line: &LineSource| {
        let [x, y] = [line.points[0][0] - 1500.0, line.points[0][1] - 1500.0];
        x * x + y * y
    };
    let mut order: Vec<usize> = (0..before.lines.len()).collect();
    order.sort_by(|&a, &b| near(&before.lines[a]).total_cmp(&near(&before.lines[b])));
    order.truncate(21);
    let mut after = before.clone();
    for &line in &order {
        after.lines[line].power_db = after.lines[line].power_db.map(|bands| bands.map(|level| level + 3.0));
    }
    let changes = Changes { lines_before: order.clone(), lines_after: order, ..Changes::default() };
    let after = Scene::new(&after).unwrap();
    let (updated, effort) = update((&scene, &after), &changes, &receivers, &settings, &earlier).unwrap();
    assert!(effort.anew * 20 < receivers.len() && effort.kept * 2 > receivers.len(), "{effort:?}");
    let some: Vec<usize> = (0..receivers.len()).step_by(37).collect();
    let few: Vec<Receiver> = some.iter().map(|&at| receivers[at]).collect();
    let scratch = field(&after, &few, &settings).unwrap();
    for (&at, expected) in some.iter().zip(scratch.outcomes()) {
        assert_eq!(updated.outcomes()[at], *expected);
    }
}

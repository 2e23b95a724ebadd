//! Where levels are asked for: at façades, and on a grid.
//!
//! Directive 2002/49/EC, annex I, and Directive (EU) 2015/996, annex, 2.8, as replaced by Delegated Directive (EU) 2021/1226: receivers at façades
//! are 4 m above the ground and 0.1 m in front of the façade, of which the reflection is left out.

use super::field::Receiver;
use super::scene::Scene;

/// A receiver of a grid, with its place in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridReceiver {
    /// Column, from the lowest first coordinate on.
    pub column: u32,
    /// Row, from the lowest second coordinate on.
    pub row: u32,
    /// The receiver, in the middle of its cell.
    pub receiver: Receiver,
}

/// Receivers in the middles of all cells of a grid that are not inside a building, row by row.
///
/// The grid begins at the lowest corner of `extent` and has as many whole cells of `step_m` as fit in; heights are above the ground. There are none
/// where the step is not above 0 or the extent no box.
#[must_use]
pub fn grid_receivers(scene: &Scene, extent: [[f64; 2]; 2], step_m: f64, height_m: f64) -> Vec<GridReceiver> {
    let count = |axis: usize| ((extent[1][axis] - extent[0][axis]) / step_m).floor();
    let (columns, rows) = (count(0), count(1));
    let sensible = |count: f64| (1.0..=f64::from(u32::MAX)).contains(&count);
    if step_m.is_nan() || step_m <= 0.0 || !sensible(columns) || !sensible(rows) {
        return Vec::new();
    }
    let mut receivers = Vec::new();
    for row in 0..rows as u32 {
        for column in 0..columns as u32 {
            let middle = |axis: usize, cell: u32| extent[0][axis] + (f64::from(cell) + 0.5) * step_m;
            let position = [middle(0, column), middle(1, row)];
            if scene.building_at(position).is_none() {
                receivers.push(GridReceiver { column, row, receiver: Receiver { position, height_m, facade: None } });
            }
        }
    }
    receivers
}

/// A receiver in front of the façade that is nearest to a point, such as an address.
///
/// Façades farther than `search_m` do not count, nor do walls that another building stands against. `off_m` is how far in front of the
/// façade the receiver is. None is found in the open.
#[must_use]
pub fn facade_receiver(scene: &Scene, point: [f64; 2], search_m: f64, off_m: f64, height_m: f64) -> Option<Receiver> {
    let [x, y] = point;
    let mut found: Vec<(f64, u32, Receiver)> = Vec::new();
    scene.each_wall_within([[x - search_m, y - search_m], [x + search_m, y + search_m]], |wall, index| {
        let along = [wall.to[0] - wall.from[0], wall.to[1] - wall.from[1]];
        let squared = along[0] * along[0] + along[1] * along[1];
        let share = ((x - wall.from[0]) * along[0] + (y - wall.from[1]) * along[1]) / squared;
        let share = share.clamp(0.0, 1.0);
        let foot = [wall.from[0] + share * along[0], wall.from[1] + share * along[1]];
        let (dx, dy) = (x - foot[0], y - foot[1]);
        if dx * dx + dy * dy <= search_m * search_m {
            let length_m = squared.sqrt();
            let outward = [along[1] / length_m, -along[0] / length_m];
            let position = [foot[0] + off_m * outward[0], foot[1] + off_m * outward[1]];
            found.push((dx * dx + dy * dy, index, Receiver { position, height_m, facade: Some(outward) }));
        }
    });
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    found.into_iter().map(|(.., receiver)| receiver).find(|receiver| scene.building_at(receiver.position).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::noise::bands::BAND_COUNT;
    use crate::environment::noise::scene::{Building, Surroundings};

    fn house([x, y]: [f64; 2]) -> Building {
        Building {
            exterior: vec![[x, y], [x + 10.0, y], [x + 10.0, y + 10.0], [x, y + 10.0]],
            holes: Vec::new(),
            height_m: 6.0,
            absorption: [0.2; BAND_COUNT],
        }
    }

    fn two_houses() -> Scene {
        let buildings = vec![house([0.0, 0.0]), house([10.0, 0.0])];
        let extent = Surroundings::extent_of(&[], &buildings);
        let surroundings = Surroundings {
            lines: Vec::new(),
            buildings,
            ground: Vec::new(),
            ground_factor: 0.0,
            elevations: None,
            extent,
            square_m: 5.0,
        };
        Scene::new(&surroundings).unwrap()
    }

    #[test]
    fn a_grid_leaves_out_what_is_inside() {
        let found = grid_receivers(&two_houses(), [[-10.0, -10.0], [30.0, 20.0]], 10.0, 4.0);
        let cells: Vec<(u32, u32)> = found.iter().map(|receiver| (receiver.column, receiver.row)).collect();
        assert_eq!(cells, [(0, 0), (1, 0), (2, 0), (3, 0), (0, 1), (3, 1), (0, 2), (1, 2), (2, 2), (3, 2)]);
        assert_eq!(found[5].receiver.position, [25.0, 5.0]);
        assert!(grid_receivers(&two_houses(), [[0.0; 2], [30.0, 20.0]], f64::NAN, 4.0).is_empty());
        assert!(grid_receivers(&two_houses(), [[0.0; 2], [-30.0, 20.0]], 10.0, 4.0).is_empty());
    }

    #[test]
    fn a_facade_is_the_nearest_that_no_other_building_stands_against() {
        let scene = two_houses();
        let south = facade_receiver(&scene, [5.0, 1.0], 40.0, 0.1, 4.0).unwrap();
        assert_eq!((south.position, south.facade), ([5.0, -0.1], Some([0.0, -1.0])));
        // The wall between both is nearest, but has no air before it.
        let north = facade_receiver(&scene, [9.0, 8.0], 40.0, 0.1, 4.0).unwrap();
        assert_eq!((north.position, north.facade), ([9.0, 10.1], Some([0.0, 1.0])));
        assert_eq!(facade_receiver(&scene, [100.0, 0.0], 40.0, 0.1, 4.0), None);
    }
}

//! Walls that mirror what sounds.
//!
//! Directive (EU) 2015/996, annex, 2.5.6, *Reflections by vertical obstacles*: image sources, one reflection. A wall counts if it is at least
//! 0.5 m wide, within reach, open to the air where the path turns, faces source and receiver, holds the point of reflection, and is not the receiver's own façade.

use super::answer::Receiver;
use super::pieces::{Ear, Piece};
use super::ray::Mirror;
use super::settings::ReflectionSettings;
use crate::environment::noise::scene::{Scene, Wall};

/// Walls narrower than this do not reflect, in metres (2.5.6).
const WIDTH_MIN_M: f64 = 0.5;
/// How far before a wall the path turns, in metres, so that it does not meet the wall.
const BEFORE_WALL_M: f64 = 0.01;
/// A wall faces as a façade does if the cosine of the angle between them is above this.
const SAME_FACING: f64 = 0.9;

/// A wall that may reflect to a receiver.
#[derive(Clone, Copy, Debug)]
pub(super) struct FacingWall {
    from: [f64; 2],
    /// Along the wall, of length 1.
    along: [f64; 2],
    width_m: f64,
    top_m: f64,
    building: u32,
    /// The receiver's distance from the wall's plane, and its place along it.
    receiver_off_m: f64,
    receiver_along_m: f64,
    /// How far from the receiver the path may turn, in metres.
    reach_m: f64,
}

/// Memory that is used again from receiver to receiver.
#[derive(Clone, Debug, Default)]
pub(super) struct Mirrors {
    pub(super) walls: Vec<FacingWall>,
    /// For each wall of the scene, the number of the receiver that has seen it last.
    seen: Vec<u32>,
    number: u32,
}

impl Mirrors {
    /// Gathers the walls that may reflect to a receiver.
    pub(super) fn gather(&mut self, scene: &Scene, receiver: &Receiver, settings: &ReflectionSettings) {
        self.walls.clear();
        self.seen.resize(scene.walls.len(), u32::MAX);
        if self.number == u32::MAX - 1 {
            self.seen.fill(u32::MAX);
            self.number = 0;
        }
        self.number += 1;
        let ([x, y], reach_m) = (receiver.position, settings.reach_m);
        let reached = [[x - reach_m, y - reach_m], [x + reach_m, y + reach_m]];
        scene.each_wall_within(reached, |wall, index| {
            let seen = &mut self.seen[index as usize];
            if *seen != self.number {
                *seen = self.number;
                self.walls.extend(facing(wall, receiver, settings));
            }
        });
    }
}

/// The wall as the receiver sees it, if it may reflect to it.
fn facing(wall: &Wall, receiver: &Receiver, settings: &ReflectionSettings) -> Option<FacingWall> {
    let (x, y) = (wall.to[0] - wall.from[0], wall.to[1] - wall.from[1]);
    let (px, py) = (receiver.position[0] - wall.from[0], receiver.position[1] - wall.from[1]);
    // Outwards is to the right of the wall's direction.
    let off = px * y - py * x;
    if off <= 0.0 {
        return None;
    }
    let width_m = (x * x + y * y).sqrt();
    let along = [x / width_m, y / width_m];
    let (off_m, along_m) = (off / width_m, px * along[0] + py * along[1]);
    let beyond_m = (along_m - along_m.clamp(0.0, width_m)).abs();
    if width_m < WIDTH_MIN_M || off_m * off_m + beyond_m * beyond_m > settings.reach_m * settings.reach_m {
        return None;
    }
    let own = receiver.facade.is_some_and(|facade| {
        off_m <= settings.own_facade_m && facade[0] * along[1] - facade[1] * along[0] > SAME_FACING
    });
    (!own && off_m > BEFORE_WALL_M).then_some(FacingWall {
        from: wall.from,
        along,
        width_m,
        top_m: wall.top_m,
        building: wall.building,
        receiver_off_m: off_m,
        receiver_along_m: along_m,
        reach_m: settings.reach_m,
    })
}

impl FacingWall {
    /// The reflection of a piece, with the squared length of its path seen from above, if there is one.
    #[inline]
    pub(super) fn reflection<'a>(&self, scene: &'a Scene, piece: &Piece, ear: &Ear) -> Option<(Mirror<'a>, f64)> {
        let (px, py) = (piece.place[0] - self.from[0], piece.place[1] - self.from[1]);
        let off_m = px * self.along[1] - py * self.along[0];
        if off_m <= BEFORE_WALL_M {
            return None;
        }
        let source_along_m = px * self.along[0] + py * self.along[1];
        let off_sum_m = off_m + self.receiver_off_m;
        let share = off_m / off_sum_m;
        let along_m = source_along_m + share * (self.receiver_along_m - source_along_m);
        let beside_receiver_m = along_m - self.receiver_along_m;
        let turn_m2 = beside_receiver_m * beside_receiver_m + self.receiver_off_m * self.receiver_off_m;
        if along_m < 0.0 || along_m > self.width_m || turn_m2 > self.reach_m * self.reach_m {
            return None;
        }
        // Over the wall's top even in a straight line.
        if piece.height_m + share * (ear.height_m - piece.height_m) > self.top_m {
            return None;
        }
        let beside_m = self.receiver_along_m - source_along_m;
        let place = self.before(along_m, BEFORE_WALL_M);
        let absorption = &scene.buildings[self.building as usize].absorption;
        let mirror = Mirror { place, top_m: self.top_m, absorption };
        Some((mirror, off_sum_m * off_sum_m + beside_m * beside_m))
    }

    /// A point before the wall.
    #[inline]
    fn before(&self, along_m: f64, off_m: f64) -> [f64; 2] {
        let outward = [self.along[1] * off_m, -self.along[0] * off_m];
        [0, 1].map(|axis| self.from[axis] + along_m * self.along[axis] + outward[axis])
    }
}

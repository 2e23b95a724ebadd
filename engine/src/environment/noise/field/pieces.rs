//! Lines cut into pieces that sound like points to a receiver.
//!
//! From the place of a line that is nearest to the receiver, pieces follow each other in both directions, each as long as a share of
//! its distance: near pieces are short, far lines one piece. A piece counts with what its whole length gives, not its middle alone:
//! the mean of 1/d² by Simpson's rule, so that a straight road in the open is met within a hundredth of a decibel.

use super::energy::class;
use super::settings::FieldSettings;
use crate::environment::noise::scene::{Scene, SoundLine};
use crate::environment::noise::source::SOURCE_HEIGHT_M;

/// Pieces are not cut shorter than this, in metres.
const PIECE_MIN_M: f64 = 0.5;
/// A receiver is taken to be no nearer to a source than this, in metres: nobody listens inside a vehicle's tyre.
const NEAREST_M: f64 = 0.1;

/// A piece of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Piece {
    /// Class of what it would be in the open: of its A-weighted energy, periods as in L_den.
    pub(super) class: i32,
    /// Index of its line.
    pub(super) line: u32,
    /// Its middle.
    pub(super) place: [f64; 2],
    /// Height of its middle, above the common level, in metres.
    pub(super) height_m: f64,
    /// Its length, times how much more its ends count than its middle, in metres.
    pub(super) weight_m: f64,
}

impl Piece {
    /// How far it is from a receiver, seen from above, in metres.
    pub(super) fn apart_m(&self, ear: &Ear) -> f64 {
        let (x, y) = (self.place[0] - ear.place[0], self.place[1] - ear.place[1]);
        (x * x + y * y).sqrt()
    }
}

/// Where a receiver is: position and height above the common level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ear {
    pub(super) place: [f64; 2],
    pub(super) height_m: f64,
}

impl Ear {
    #[inline]
    fn squared_m2(&self, [x, y]: [f64; 2], height_m: f64) -> f64 {
        let (x, y, z) = (x - self.place[0], y - self.place[1], height_m - self.height_m);
        (x * x + y * y + z * z).max(NEAREST_M * NEAREST_M)
    }
}

/// Squared distance of a point from a box, in m².
#[inline]
pub(super) fn squared_from_box_m2([x, y]: [f64; 2], [low, high]: &[[f64; 2]; 2]) -> f64 {
    let dx = (low[0] - x).max(x - high[0]).max(0.0);
    let dy = (low[1] - y).max(y - high[1]).max(0.0);
    dx * dx + dy * dy
}

/// Appends the pieces of a line whose middles are within reach. `strength` is the line's energy of a metre.
pub(super) fn cut(
    (index, line, strength): (u32, &SoundLine, f64),
    scene: &Scene,
    ear: &Ear,
    settings: &FieldSettings,
    pieces: &mut Vec<Piece>,
) {
    let nearest_m = nearest_along_m(line, ear.place);
    let mut cutter = Cutter { index, line, strength, scene, ear, settings, pieces };
    cutter.walk(nearest_m, line.length_m());
    cutter.walk(nearest_m, 0.0);
}

/// How far along the line the place nearest to a point is, in metres; the first if there are several.
fn nearest_along_m(line: &SoundLine, point: [f64; 2]) -> f64 {
    let (mut best_m2, mut best_m) = (f64::INFINITY, 0.0);
    for (pair, along) in line.points.windows(2).zip(line.along_m.windows(2)) {
        let (x, y) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
        let (px, py) = (point[0] - pair[0][0], point[1] - pair[0][1]);
        let squared = x * x + y * y;
        let share = if squared > 0.0 { ((px * x + py * y) / squared).clamp(0.0, 1.0) } else { 0.0 };
        let (ox, oy) = (px - share * x, py - share * y);
        if ox * ox + oy * oy < best_m2 {
            best_m2 = ox * ox + oy * oy;
            best_m = along[0] + share * (along[1] - along[0]);
        }
    }
    best_m
}

/// The point that far along a line.
fn point_at(line: &SoundLine, along_m: f64) -> [f64; 2] {
    let after = line.along_m.partition_point(|&to| to < along_m).clamp(1, line.along_m.len() - 1);
    let (from, to) = (line.points[after - 1], line.points[after]);
    let length_m = line.along_m[after] - line.along_m[after - 1];
    let share = if length_m > 0.0 { ((along_m - line.along_m[after - 1]) / length_m).clamp(0.0, 1.0) } else { 0.0 };
    [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]
}

struct Cutter<'a> {
    index: u32,
    line: &'a SoundLine,
    strength: f64,
    scene: &'a Scene,
    ear: &'a Ear,
    settings: &'a FieldSettings,
    pieces: &'a mut Vec<Piece>,
}

impl Cutter<'_> {
    /// Cuts from one place along the line to an end of it.
    fn walk(&mut self, from_m: f64, end_m: f64) {
        let reach_m2 = self.settings.reach_m * self.settings.reach_m;
        let (mut at_m, mut squared_m2) = (from_m, self.squared_at_m2(from_m).1);
        while at_m != end_m {
            let left_m = (end_m - at_m).abs();
            let wished_m = (self.settings.piece_share * squared_m2.sqrt()).max(PIECE_MIN_M);
            // What is left over is spread over the pieces, so that none is tiny.
            let step_m = left_m / (left_m / wished_m).ceil().max(1.0);
            let next_m = if step_m >= left_m { end_m } else { at_m + step_m * (end_m - at_m).signum() };
            let ((place, height_m), middle_m2) = self.squared_at_m2((at_m + next_m) / 2.0);
            let next_m2 = self.squared_at_m2(next_m).1;
            if middle_m2 <= reach_m2 {
                let mean = (1.0 / squared_m2 + 4.0 / middle_m2 + 1.0 / next_m2) / 6.0;
                let length_m = (next_m - at_m).abs();
                let class = class(self.strength * length_m * mean);
                let weight_m = length_m * mean * middle_m2;
                self.pieces.push(Piece { class, line: self.index, place, height_m, weight_m });
            }
            (at_m, squared_m2) = (next_m, next_m2);
        }
    }

    #[inline]
    fn squared_at_m2(&self, along_m: f64) -> (([f64; 2], f64), f64) {
        let place = point_at(self.line, along_m);
        let height_m = self.scene.ground_m(place) + SOURCE_HEIGHT_M;
        ((place, height_m), self.ear.squared_m2(place, height_m))
    }
}

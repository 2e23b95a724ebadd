//! What a ray meets on its way through a scene.
//!
//! The ray goes from square to square (Amanatides and Woo, *A fast voxel traversal algorithm*, 1987). In each it meets the walls whose
//! crossing lies in it; a wall is crossed when its ends are on different sides of the ray, so that a ray through a corner meets one of
//! the corner's walls and enters and leaves each building in turn. Buildings that the ray begins in do not hide anything.

use crate::environment::noise::propagation::{CutPoint, PathEnd, Profile, Role};
use crate::environment::noise::scene::{ListedWall, Scene};

/// A wall that is crossed.
#[derive(Clone, Copy, Debug)]
struct Crossing {
    /// How far along the ray, as a share.
    share: f64,
    /// Index of the wall.
    wall: u32,
    enters: bool,
}

/// Memory that is used again from ray to ray.
#[derive(Clone, Debug, Default)]
pub(super) struct Tracer {
    crossings: Vec<Crossing>,
    /// Buildings that the ray is over, with their roofs' heights.
    under: Vec<(u32, f64)>,
    /// Distance along the path at the last point of the profile, in metres.
    last_m: f64,
    /// Ground factor, summed over the way since then.
    porous_m: f64,
    /// Distance along the path up to which ground has been summed.
    summed_m: f64,
}

/// A stretch of a path between two points, seen from above.
#[derive(Clone, Copy, Debug)]
struct Leg {
    from: [f64; 2],
    to: [f64; 2],
    /// Distance along the path at its beginning.
    start_m: f64,
    length_m: f64,
}

impl Leg {
    fn at(&self, share: f64) -> [f64; 2] {
        [0, 1].map(|axis| self.from[axis] + share * (self.to[axis] - self.from[axis]))
    }
}

/// A wall that reflects a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mirror<'a> {
    /// Where the path meets it, a little before it.
    pub(super) place: [f64; 2],
    /// Height of its top in metres.
    pub(super) top_m: f64,
    /// What it keeps of the sound.
    pub(super) absorption: &'a [f64; 8],
}

impl Tracer {
    /// Fills `profile` with all that lies between source and receiver, by way of a wall if there is one.
    pub(super) fn trace(
        &mut self,
        scene: &Scene,
        source: ([f64; 2], f64),
        mirror: Option<Mirror>,
        receiver: ([f64; 2], f64),
        profile: &mut Profile,
    ) {
        let end = |(place, height_m): ([f64; 2], f64)| PathEnd {
            height_m,
            ground_m: scene.ground_m(place),
            ground_factor: scene.ground_elsewhere,
        };
        // Roads are hard ground (2.5.3): G_s is 0.
        profile.start(end(source), 0.0);
        (self.last_m, self.porous_m, self.summed_m) = (0.0, 0.0, 0.0);
        let mut along_m = 0.0;
        let mut from = source.0;
        if let Some(mirror) = mirror {
            along_m = self.leg(scene, from, mirror.place, along_m, profile);
            self.close(scene.ground_m(mirror.place), along_m, profile);
            let ground_m = scene.ground_m(mirror.place);
            let wall = CutPoint {
                distance_m: along_m,
                before_m: ground_m,
                after_m: ground_m,
                top_m: mirror.top_m,
                ground_factor: scene.ground_elsewhere,
                role: Role::Mirror,
            };
            profile.reflect(wall, mirror.absorption);
            from = mirror.place;
        }
        along_m = self.leg(scene, from, receiver.0, along_m, profile);
        self.close(scene.ground_m(receiver.0), along_m, profile);
        profile.finish(end(receiver), along_m);
    }

    /// Says what the ground was like since the last point, before another is added at that distance.
    #[inline]
    fn settle(&mut self, along_m: f64, profile: &mut Profile) {
        let stretch_m = along_m - self.last_m;
        if stretch_m > 0.0 {
            profile.ground_since_last((self.porous_m / stretch_m).clamp(0.0, 1.0));
        }
        self.last_m = along_m;
        self.porous_m = 0.0;
    }

    /// Ends a leg: if it ends over a building that it did not leave, the building ends too.
    fn close(&mut self, ground_m: f64, along_m: f64, profile: &mut Profile) {
        self.settle(along_m, profile);
        if let Some(&(_, top_m)) = self.under.first() {
            let point = CutPoint {
                distance_m: along_m,
                before_m: top_m,
                after_m: ground_m,
                top_m,
                ground_factor: 0.0,
                role: Role::Ground,
            };
            profile.push(point);
            self.under.clear();
        }
    }

    /// Goes straight from one point to another, and says how far the path is then.
    fn leg(&mut self, scene: &Scene, from: [f64; 2], to: [f64; 2], start_m: f64, profile: &mut Profile) -> f64 {
        let (x, y) = (to[0] - from[0], to[1] - from[1]);
        let leg = Leg { from, to, start_m, length_m: (x * x + y * y).sqrt() };
        self.under.clear();
        self.walk(scene, &leg, profile);
        start_m + leg.length_m
    }

    fn walk(&mut self, scene: &Scene, leg: &Leg, profile: &mut Profile) {
        let lattice = &scene.lattice;
        let direction = [leg.to[0] - leg.from[0], leg.to[1] - leg.from[1]];
        let Some((enter, leave)) = overlap(leg, direction, scene) else {
            self.sum_ground(leg, 1.0, scene.ground_elsewhere);
            return;
        };
        self.sum_ground(leg, enter, scene.ground_elsewhere);
        let first = leg.at(enter);
        let mut slot = [lattice.slot(0, first[0]), lattice.slot(1, first[1])];
        let counts = [lattice.columns, lattice.rows];
        let border = |axis: usize, slot: usize| lattice.origin[axis] + slot as f64 * lattice.square_m;
        // The share of the ray at which it comes to the next column or row.
        let mut next = [0, 1].map(|axis| {
            let ahead = slot[axis] + usize::from(direction[axis] > 0.0);
            if direction[axis] == 0.0 {
                f64::INFINITY
            } else {
                (border(axis, ahead) - leg.from[axis]) / direction[axis]
            }
        });
        let step = [0, 1].map(|axis| (lattice.square_m / direction[axis]).abs());
        let mut share = enter;
        loop {
            let axis = usize::from(next[1] < next[0]);
            let until = next[axis].min(leave).max(share);
            self.square(scene, slot[1] * lattice.columns + slot[0], leg, share..until, profile);
            share = until;
            if next[axis] >= leave {
                break;
            }
            if direction[axis] > 0.0 {
                slot[axis] += 1;
                if slot[axis] == counts[axis] {
                    break;
                }
            } else {
                if slot[axis] == 0 {
                    break;
                }
                slot[axis] -= 1;
            }
            next[axis] += step[axis];
            if scene.is_hilly() {
                self.crest(scene, leg, share, profile);
            }
        }
        self.sum_ground(leg, 1.0, scene.ground_elsewhere);
    }

    /// Meets what is in a square.
    #[inline]
    fn square(&mut self, scene: &Scene, square: usize, leg: &Leg, range: core::ops::Range<f64>, profile: &mut Profile) {
        let square = scene.square(square);
        self.crossings.clear();
        let origin = scene.lattice.origin;
        let from = [leg.from[0] - origin[0], leg.from[1] - origin[1]];
        let direction = [leg.to[0] - leg.from[0], leg.to[1] - leg.from[1]];
        for wall in square.walls {
            if let Some(crossing) = crossing(from, direction, wall)
                && range.contains(&crossing.share)
            {
                self.crossings.push(crossing);
            }
        }
        if self.crossings.len() > 1 {
            self.crossings.sort_by(|a, b| a.share.total_cmp(&b.share));
        }
        for at in 0..self.crossings.len() {
            let crossing = self.crossings[at];
            self.sum_ground(leg, crossing.share, square.ground_factor);
            self.cross(scene, leg, crossing, profile);
        }
        self.sum_ground(leg, range.end, square.ground_factor);
    }

    /// Enters or leaves a building.
    #[inline]
    fn cross(&mut self, scene: &Scene, leg: &Leg, crossing: Crossing, profile: &mut Profile) {
        let wall = &scene.walls[crossing.wall as usize];
        let known = self.under.iter().position(|&(building, _)| building == wall.building);
        if crossing.enters == known.is_some() {
            return;
        }
        let ground_m = scene.ground_m(leg.at(crossing.share));
        let before_m = self.roof_m(ground_m);
        match known {
            Some(at) => {
                self.under.remove(at);
            }
            None => self.under.push((wall.building, wall.top_m)),
        }
        let along_m = leg.start_m + crossing.share * leg.length_m;
        self.settle(along_m, profile);
        profile.push(CutPoint {
            distance_m: along_m,
            before_m,
            after_m: self.roof_m(ground_m),
            top_m: wall.top_m,
            ground_factor: 0.0,
            role: Role::Edge,
        });
    }

    /// Height of the highest roof below, or else of the ground.
    #[inline]
    fn roof_m(&self, ground_m: f64) -> f64 {
        self.under.iter().map(|&(_, top_m)| top_m).reduce(f64::max).unwrap_or(ground_m)
    }

    /// A point of the terrain, which may hide what is behind.
    fn crest(&mut self, scene: &Scene, leg: &Leg, share: f64, profile: &mut Profile) {
        if !self.under.is_empty() {
            return;
        }
        let along_m = leg.start_m + share * leg.length_m;
        let ground_m = scene.ground_m(leg.at(share));
        self.settle(along_m, profile);
        profile.push(CutPoint {
            distance_m: along_m,
            before_m: ground_m,
            after_m: ground_m,
            top_m: ground_m,
            ground_factor: scene.ground_elsewhere,
            role: Role::Edge,
        });
    }

    /// Sums the ground up to there; roofs are hard.
    #[inline]
    fn sum_ground(&mut self, leg: &Leg, share: f64, factor: f64) {
        let along_m = leg.start_m + share * leg.length_m;
        if self.under.is_empty() {
            self.porous_m += factor * (along_m - self.summed_m);
        }
        self.summed_m = along_m;
    }
}

/// Where a ray comes into the grid and where it goes out, as shares; none if it does not.
fn overlap(leg: &Leg, direction: [f64; 2], scene: &Scene) -> Option<(f64, f64)> {
    let lattice = &scene.lattice;
    let counts = [lattice.columns, lattice.rows];
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        let low = lattice.origin[axis];
        let high = low + counts[axis] as f64 * lattice.square_m;
        if direction[axis] == 0.0 {
            if leg.from[axis] < low || leg.from[axis] > high {
                return None;
            }
            continue;
        }
        let (a, b) = ((low - leg.from[axis]) / direction[axis], (high - leg.from[axis]) / direction[axis]);
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    (enter < leave).then_some((enter, leave))
}

/// Where a ray crosses a wall, if it does; `from` is seen from the grid's origin.
#[inline]
fn crossing(from: [f64; 2], direction: [f64; 2], wall: &ListedWall) -> Option<Crossing> {
    let a = [f64::from(wall.from[0]) - from[0], f64::from(wall.from[1]) - from[1]];
    let b = [f64::from(wall.to[0]) - from[0], f64::from(wall.to[1]) - from[1]];
    let side_a = direction[0] * a[1] - direction[1] * a[0];
    let side_b = direction[0] * b[1] - direction[1] * b[0];
    if (side_a < 0.0) == (side_b < 0.0) {
        return None;
    }
    let along = [b[0] - a[0], b[1] - a[1]];
    let share = (a[0] * along[1] - a[1] * along[0]) / (side_b - side_a);
    // The building is on the wall's left: who comes from its right enters.
    Some(Crossing { share, wall: wall.index, enters: side_b < side_a })
}

//! The vertical cut through everything between a source and a receiver.
//!
//! The cut follows the path: where a wall reflects it or a vertical edge bends it, the cut is unfolded, and distances run on. Ground is
//! a line of straight pieces that goes up over roofs. Its least-squares plane over any stretch (Directive (EU) 2015/996, annex, 2.5.3,
//! equation 2.5.3 and JRC report EUR 25379, VI-3 and VI-4) and its mean ground factor come from sums that are kept at each point, so
//! that a stretch costs the same however many points it has.

use crate::environment::noise::bands::{BAND_COUNT, Bands};

/// What stands at a point of the cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ground that bends nothing: another kind of ground begins.
    Ground,
    /// An edge over which sound may bend: the top of a wall or roof, or a crest of the terrain.
    Edge,
    /// A vertical edge around which the path bends.
    VerticalEdge,
    /// A wall that reflects the path; its top is the point's top.
    Mirror,
}

/// A point of the cut, between source and receiver. Heights are above any common level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutPoint {
    /// Distance from the source along the unfolded cut, in metres.
    pub distance_m: f64,
    /// Height of ground or roof on the source's side, in metres.
    pub before_m: f64,
    /// Height of ground or roof on the receiver's side, in metres.
    pub after_m: f64,
    /// Height of what stands here, in metres.
    pub top_m: f64,
    /// Ground factor G from here on to the next point: 0 hard to 1 porous.
    pub ground_factor: f64,
    /// What it is.
    pub role: Role,
}

/// The source or the receiver.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathEnd {
    /// Height of the point itself, in metres.
    pub height_m: f64,
    /// Height of the ground below it, in metres.
    pub ground_m: f64,
    /// Ground factor from the source on to the next point; G_s of the ground below the source. Not looked at for a receiver.
    pub ground_factor: f64,
}

/// Sums over the ground line from the source on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    /// 2/3 Σ a (x₂³ − x₁³) + Σ b (x₂² − x₁²).
    first: f64,
    /// Σ a (x₂² − x₁²) + 2 Σ b (x₂ − x₁).
    second: f64,
    /// Σ G (x₂ − x₁).
    ground: f64,
}

/// A straight line through the ground: z = slope · x + offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plane {
    pub(super) slope: f64,
    pub(super) offset_m: f64,
}

/// A cut from source to receiver. It is filled anew for every path, and keeps its memory.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub(super) points: Vec<CutPoint>,
    sums: Vec<Sums>,
    pub(super) source_m: f64,
    pub(super) receiver_m: f64,
    pub(super) length_m: f64,
    /// Ground factor below the source.
    pub(super) source_ground: f64,
    /// Energy that reflecting walls leave, by band.
    pub(super) reflected: Bands,
    /// Straight distance from source to receiver, where vertical edges bend the path.
    pub(super) straight_m: Option<f64>,
}

/// Shorter stretches than this have no slope, in metres.
const STRETCH_MIN_M: f64 = 1e-6;

impl Profile {
    /// Begins a cut at a source whose own ground has the factor `platform` (G_s: 0 for roads).
    pub fn start(&mut self, source: PathEnd, platform: f64) {
        self.points.clear();
        self.sums.clear();
        self.points.push(CutPoint {
            distance_m: 0.0,
            before_m: source.ground_m,
            after_m: source.ground_m,
            top_m: source.height_m,
            ground_factor: source.ground_factor,
            role: Role::Ground,
        });
        self.sums.push(Sums::default());
        self.source_m = source.height_m;
        self.source_ground = platform;
        self.reflected = [1.0; BAND_COUNT];
        self.straight_m = None;
    }

    /// Adds a point; points come in the order of their distance.
    #[inline]
    pub fn push(&mut self, point: CutPoint) {
        let last = self.points.len() - 1;
        self.sums.push(self.sums[last].with(&self.points[last], point.distance_m, point.before_m));
        self.points.push(point);
    }

    /// Says what the mean ground factor was since the point added last, where it is known only afterwards.
    #[inline]
    pub(in super::super) fn ground_since_last(&mut self, factor: f64) {
        if let Some(last) = self.points.last_mut() {
            last.ground_factor = factor;
        }
    }

    /// A wall reflects: `absorption` is the share of energy by band that it keeps. The wall's point is added too.
    pub fn reflect(&mut self, wall: CutPoint, absorption: &Bands) {
        for (left, absorbed) in self.reflected.iter_mut().zip(absorption) {
            *left *= 1.0 - absorbed;
        }
        self.push(CutPoint { role: Role::Mirror, ..wall });
    }

    /// Ends the cut at a receiver that far along it.
    pub fn finish(&mut self, receiver: PathEnd, distance_m: f64) {
        self.push(CutPoint {
            distance_m,
            before_m: receiver.ground_m,
            after_m: receiver.ground_m,
            top_m: receiver.height_m,
            ground_factor: 0.0,
            role: Role::Ground,
        });
        self.receiver_m = receiver.height_m;
        self.length_m = distance_m;
    }

    /// Says that the path bends around vertical edges, and how far source and receiver are apart in a straight line, in metres.
    pub fn bend_around(&mut self, straight_m: f64) {
        self.straight_m = Some(straight_m);
    }

    /// Where a point is, as (distance, height); for source and receiver the point itself and not the ground.
    #[inline]
    pub(super) fn place(&self, index: usize) -> (f64, f64) {
        let point = &self.points[index];
        (point.distance_m, point.top_m)
    }

    /// Index of the receiver.
    #[inline]
    pub(super) fn last(&self) -> usize {
        self.points.len() - 1
    }

    /// The mean ground plane between two points.
    #[inline]
    pub(super) fn mean_plane(&self, from: usize, to: usize) -> Plane {
        let (x0, xn) = (self.points[from].distance_m, self.points[to].distance_m);
        let stretch = xn - x0;
        if stretch < STRETCH_MIN_M {
            return Plane { slope: 0.0, offset_m: self.points[from].after_m.min(self.points[to].before_m) };
        }
        let first = self.sums[to].first - self.sums[from].first;
        let second = self.sums[to].second - self.sums[from].second;
        let cube = stretch * stretch * stretch;
        let slope = 3.0 * (2.0 * first - second * (xn + x0)) / cube;
        let offset_m = 2.0 * second * (xn * xn + xn * x0 + x0 * x0) / cube - 3.0 * first * (xn + x0) / cube;
        Plane { slope, offset_m }
    }

    /// The mean ground factor between two points (2.5.4, G_path).
    #[inline]
    pub(super) fn ground_factor(&self, from: usize, to: usize) -> f64 {
        let stretch = self.points[to].distance_m - self.points[from].distance_m;
        if stretch < STRETCH_MIN_M {
            return self.points[from].ground_factor;
        }
        ((self.sums[to].ground - self.sums[from].ground) / stretch).clamp(0.0, 1.0)
    }
}

impl Sums {
    /// The sums further on, at `x2` where the ground line has the height `z2`.
    #[inline]
    fn with(self, from: &CutPoint, x2: f64, z2: f64) -> Self {
        let (x1, z1) = (from.distance_m, from.after_m);
        let stretch = x2 - x1;
        if stretch <= 0.0 {
            return self;
        }
        let ground = self.ground + from.ground_factor * stretch;
        if z1 == 0.0 && z2 == 0.0 {
            return Self { ground, ..self };
        }
        let slope = (z2 - z1) / stretch;
        let offset = z1 - slope * x1;
        let squares = stretch * (x2 + x1);
        let cubes = stretch * (x2 * x2 + x2 * x1 + x1 * x1);
        Self {
            first: self.first + 2.0 / 3.0 * slope * cubes + offset * squares,
            second: self.second + slope * squares + 2.0 * offset * stretch,
            ground,
        }
    }
}

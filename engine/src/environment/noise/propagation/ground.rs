//! Sound along the ground.
//!
//! Directive (EU) 2015/996, annex, 2.5.3 and 2.5.6, equations 2.5.13 to 2.5.20, with table 2.5.b of which ground factor counts where. Ground
//! between two points is a plane; what matters is how high both are above it and how much of the way is porous.

use core::f64::consts::LN_10;

use super::air::Air;
use super::profile::{Plane, Profile};
use crate::environment::noise::bands::{BAND_COUNT, Bands};
use crate::environment::noise::decay::{decay, decay_one};

/// Heights above the plane below which their sum is taken to be this, in metres: two points on the ground have no lobe between them.
const HEIGHTS_MIN_M: f64 = 1e-3;
/// a₀ of equation 2.5.19: how much a ray bends, in 1/m.
const BENDING_PER_M: f64 = 2e-4;

/// A stretch of a path that runs along the ground.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// Distance of its ends along the plane, in metres: d_p.
    pub(super) distance_m: f64,
    /// Height of its beginning above the plane, in metres; 0 if it is below.
    pub(super) start_m: f64,
    /// Height of its end above the plane, in metres; 0 if it is below.
    pub(super) end_m: f64,
    /// Whether the beginning is below the plane.
    pub(super) start_below: bool,
    /// Whether the end is below the plane.
    pub(super) end_below: bool,
    /// The beginning mirrored in the plane.
    pub(super) start_image: (f64, f64),
    /// The end mirrored in the plane.
    pub(super) end_image: (f64, f64),
    /// Mean ground factor G_path.
    pub(super) factor: f64,
    /// Ground factor G′_path, in which the source's own ground counts when the source is near (2.5.14).
    pub(super) near_factor: f64,
}

impl Stretch {
    /// The stretch of a profile between two of its points, from the source on or not.
    #[inline]
    pub(super) fn new(profile: &Profile, from: usize, to: usize) -> Self {
        let plane = profile.mean_plane(from, to);
        let factor = profile.ground_factor(from, to);
        let start = Foot::new(plane, profile.place(from));
        let end = Foot::new(plane, profile.place(to));
        let (start_m, end_m) = (start.height_m.max(0.0), end.height_m.max(0.0));
        let distance_m = (end.along - start.along).abs() * (1.0 + plane.slope * plane.slope).sqrt();
        let near = distance_m / (30.0 * (start_m + end_m).max(HEIGHTS_MIN_M));
        let near_factor = if near <= 1.0 { factor * near + profile.source_ground * (1.0 - near) } else { factor };
        Self {
            distance_m,
            start_m,
            end_m,
            start_below: start.height_m < 0.0,
            end_below: end.height_m < 0.0,
            start_image: start.image,
            end_image: end.image,
            factor,
            near_factor,
        }
    }

    fn heights_m(&self) -> f64 {
        (self.start_m + self.end_m).max(HEIGHTS_MIN_M)
    }
}

/// A point seen from a plane.
struct Foot {
    /// Signed distance from the plane in metres.
    height_m: f64,
    /// Distance along the cut of the nearest point of the plane.
    along: f64,
    /// The point mirrored in the plane.
    image: (f64, f64),
}

impl Foot {
    #[inline]
    fn new(plane: Plane, (x, z): (f64, f64)) -> Self {
        let square = 1.0 + plane.slope * plane.slope;
        let along = (x + plane.slope * (z - plane.offset_m)) / square;
        let foot_z = plane.slope * along + plane.offset_m;
        Self {
            height_m: (z - plane.slope * x - plane.offset_m) / square.sqrt(),
            along,
            image: (2.0 * along - x, 2.0 * foot_z - z),
        }
    }
}

/// Which of table 2.5.b's columns counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The whole path, or from the source to the first edge.
    Source,
    /// From the last edge to the receiver.
    Receiver,
}

/// What the ground makes of a stretch, in homogeneous (2.5.15 to 2.5.18) and in favourable conditions (2.5.19, 2.5.20): 10^(−A_ground/10).
#[inline]
pub(super) fn ground(stretch: &Stretch, side: Side, air: &Air) -> [Bands; 2] {
    let (distance_m, heights_m) = (stretch.distance_m, stretch.heights_m());
    let factor = match side {
        Side::Source => stretch.near_factor,
        Side::Receiver => stretch.factor,
    };
    let near = 30.0 * heights_m / distance_m.max(HEIGHTS_MIN_M);
    let bounces = if near >= 1.0 { 1.0 } else { 1.0 + 2.0 * (1.0 - near) };
    if stretch.factor == 0.0 {
        // Without porous ground only the lower bounds are left, in homogeneous conditions −3 dB.
        return [[ceiling(0.0, 1.0); BAND_COUNT], [ceiling(factor, bounces); BAND_COUNT]];
    }
    let turbulence_m = 6e-3 * distance_m / heights_m;
    let raised = |height_m: f64| {
        let share = height_m / heights_m;
        height_m + BENDING_PER_M * share * share * distance_m * distance_m / 2.0 + turbulence_m
    };
    let bent_reach = fresnel(distance_m, stretch.factor, air).1;
    let straight_reach = if factor == stretch.factor { bent_reach } else { fresnel(distance_m, factor, air).1 };
    let straight = interference(distance_m, stretch.start_m, stretch.end_m, &straight_reach, air);
    let bent = interference(distance_m, raised(stretch.start_m), raised(stretch.end_m), &bent_reach, air);
    let ceilings = [ceiling(factor, 1.0), ceiling(factor, bounces)];
    [straight.map(|gain| gain.min(ceilings[0])), bent.map(|gain| gain.min(ceilings[1]))]
}

/// What ground adds at most: 3 (1 − G_m) decibels for each bounce.
#[inline]
fn ceiling(factor: f64, bounces: f64) -> f64 {
    1.0 / decay_one(0.3 * LN_10 * (1.0 - factor) * bounces)
}

/// 4k²/d_p² · (z_s² − √(2C_f/k) z_s + C_f/k) · (z_r² − √(2C_f/k) z_r + C_f/k), the energy of equation 2.5.15.
#[inline]
fn interference(distance_m: f64, start_m: f64, end_m: f64, reach: &Bands, air: &Air) -> Bands {
    let distance_m = distance_m.max(HEIGHTS_MIN_M);
    let mut gains = [0.0; BAND_COUNT];
    for band in 0..BAND_COUNT {
        let k = air.wave_number[band];
        let spread = reach[band] / k;
        let root = (2.0 * spread).sqrt();
        let start = start_m * (start_m - root) + spread;
        let end = end_m * (end_m - root) + spread;
        let ratio = 2.0 * k / distance_m;
        gains[band] = ratio * ratio * start * end;
    }
    gains
}

/// w (2.5.17) and C_f (2.5.16) of a stretch of ground.
#[inline]
pub(super) fn fresnel(distance_m: f64, factor: f64, air: &Air) -> (Bands, Bands) {
    let half = libm::pow(factor, 1.3);
    let whole = half * half;
    let [high, middle, low] = &air.powers;
    let mut w = [0.0; BAND_COUNT];
    let mut exponents = [0.0; BAND_COUNT];
    for band in 0..BAND_COUNT {
        w[band] = 0.0185 * high[band] * whole / (middle[band] * whole + 1.3e3 * low[band] * half + 1.16e6);
        exponents[band] = (w[band] * distance_m).sqrt();
    }
    let decays = decay(&exponents);
    let mut reach = [0.0; BAND_COUNT];
    for band in 0..BAND_COUNT {
        let damping = w[band] * distance_m;
        reach[band] = distance_m * (1.0 + 3.0 * damping * decays[band]) / (1.0 + damping);
    }
    (w, reach)
}

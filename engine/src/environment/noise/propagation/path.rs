//! From a point source to a receiver.
//!
//! Directive (EU) 2015/996, annex, 2.5.5, equations 2.5.5 to 2.5.12: A = A_div + A_atm + A_boundary in homogeneous and in favourable
//! conditions. Which share of the time conditions are favourable is for whoever sums the paths up (2.5.9).

use super::air::Air;
use super::boundary::{Boundary, around, over};
use super::diffraction::{Weather, distance_m};
use super::profile::Profile;
use super::reflection::mirrored;
use super::{hull, profile::Role};
use crate::environment::noise::bands::{BAND_COUNT, Bands};
use crate::environment::noise::decay::decay;

/// What a sphere of radius 1 m leaves: 10^(−11/10), the 11 dB of equation 2.5.12.
const SPHERE: f64 = 0.079_432_823_472_428_15;

/// What arrives of a point source's energy by band: 10^(−A/10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attenuation {
    /// In homogeneous conditions.
    pub homogeneous: Bands,
    /// In favourable conditions.
    pub favourable: Bands,
}

/// Memory that is used again from path to path.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    straight: Vec<usize>,
    curved: Vec<usize>,
}

/// What arrives along a profile.
///
/// A lateral path's profile is cut in one plane for straight and in another for curved rays: what it has in
/// [`Attenuation::homogeneous`] goes with the one, in [`Attenuation::favourable`] with the other.
#[must_use]
pub fn attenuation(profile: &Profile, air: &Air, scratch: &mut Scratch) -> Attenuation {
    let [homogeneous, favourable] = boundaries(profile, air, scratch);
    let along_m = distance_m(profile.place(0), profile.place(profile.last()));
    let spread = spread(profile, along_m, air);
    let mut result = Attenuation { homogeneous: spread, favourable: spread };
    for band in 0..BAND_COUNT {
        result.homogeneous[band] *= homogeneous.whole[band];
        result.favourable[band] *= favourable.whole[band];
    }
    if profile.points.iter().any(|point| point.role == Role::Mirror) {
        let straight = mirrored(profile, &scratch.straight, Weather::Homogeneous, air);
        let curved = mirrored(profile, &scratch.curved, Weather::Favourable, air);
        for band in 0..BAND_COUNT {
            result.homogeneous[band] *= straight[band];
            result.favourable[band] *= curved[band];
        }
    }
    result
}

/// Divergence (2.5.12) over the straight distance and absorption by air (2.5.13) over the way.
fn spread(profile: &Profile, along_m: f64, air: &Air) -> Bands {
    let straight_m = profile.straight_m.unwrap_or(along_m);
    let diverged = SPHERE / (straight_m * straight_m);
    decay(&air.loss_per_m.map(|loss| loss * along_m)).map(|left| left * diverged)
}

/// What ground and edges leave in homogeneous and in favourable conditions; the hulls stay in `scratch`.
pub(super) fn boundaries(profile: &Profile, air: &Air, scratch: &mut Scratch) -> [Boundary; 2] {
    if let Some(straight_m) = profile.straight_m {
        return around(profile, straight_m, air);
    }
    hull::straight(profile, &mut scratch.straight);
    hull::curved(profile, &mut scratch.curved);
    over(profile, [&scratch.straight, &scratch.curved], air)
}

//! Elements of a link and the plume of each.

use super::link::{Carriageway, Receptor};
use super::site::Air;
use super::spread::Spread;

/// Mixing heights from here on reflect nothing (Benson 1979).
const MIXING_HEIGHT_MAX_M: f64 = 1000.0;
/// Below this share of its peak a vertical image adds nothing: exp(−44).
const IMAGE_MIN: f64 = 7.8e-20;
/// So many σz from the receptor an image is as small as that.
const IMAGE_MAX: f64 = 9.4;
/// Beyond so many σy beside its parts an element brings nothing (Benson 1979).
const LATERAL_MAX: f64 = 5.0;
const INVERSE_ROOT_TWO_PI: f64 = 0.398_942_280_401_432_7;
/// Smallest sine or cosine between wind and link, that of 0.01°.
const OBLIQUENESS_MIN: f64 = 1.7e-4;

/// How a link lies to the wind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aspect {
    /// Share of the wind along the link and across it (to the left).
    along: f64,
    across: f64,
    /// The same without their sign, never 0.
    cos: f64,
    sin: f64,
    /// Half length along the wind of an endless piece's element, and what an element's half length becomes along the wind.
    endless_half_m: f64,
    inverse_cos: f64,
    /// Concentration of 1 g/(m·s) by metre of strength and 1/σz.
    dilution: f64,
    /// Ratio of an element's length to that of the one before.
    growth: f64,
}

impl Aspect {
    pub(crate) fn new(carriageway: &Carriageway, air: &Air) -> Self {
        let [ux, uy] = carriageway.along;
        let [wx, wy] = air.downwind;
        let (along, across) = (wx * ux + wy * uy, wy * ux - wx * uy);
        let growth = match across.abs() {
            // Sines of 20°, 50° and 70°.
            sin if sin < 0.342_020_143_325_668_7 => 1.1,
            sin if sin < 0.766_044_443_118_978 => 1.5,
            sin if sin < 0.939_692_620_785_908_4 => 2.0,
            _ => 4.0,
        };
        let (cos, sin) = (along.abs().max(OBLIQUENESS_MIN), across.abs().max(OBLIQUENESS_MIN));
        let half_width_m = carriageway.half_width_m;
        Self {
            along,
            across,
            cos,
            sin,
            endless_half_m: half_width_m / sin,
            inverse_cos: 1.0 / cos,
            dilution: INVERSE_ROOT_TWO_PI / (half_width_m * air.wind_speed_mps),
            growth,
        }
    }
}

/// Concentration in g/m³ at a receptor for an emission of 1 g/(m·s).
#[inline]
pub(crate) fn unit_spm2<S: Spread>(
    carriageway: &Carriageway,
    air: &Air,
    aspect: &Aspect,
    spread: &S,
    receptor: Receptor,
) -> f64 {
    let (position_m, across_m) = carriageway.along_and_across_m(receptor.x_m, receptor.y_m);
    let plume = Plume {
        carriageway,
        air,
        aspect,
        spread,
        across_m,
        height_m: carriageway.receptor_height_m(receptor.z_m, across_m),
    };
    let ahead = plume.side(1.0, -position_m, carriageway.length_m - position_m);
    let behind = plume.side(-1.0, position_m - carriageway.length_m, position_m);
    let sum = ahead + behind;
    if carriageway.cut_depth_m > 0.0 { sum * carriageway.cut_factor(across_m) } else { sum }
}

/// The plume of a link at one receptor.
struct Plume<'a, S> {
    carriageway: &'a Carriageway,
    air: &'a Air,
    aspect: &'a Aspect,
    spread: &'a S,
    /// Distance of the receptor from the link's line, to the left.
    across_m: f64,
    /// Its height above the plume's ground.
    height_m: f64,
}

impl<S: Spread> Plume<'_, S> {
    /// The elements on one side of the receptor's foot; the link reaches from `begin_m` to `end_m` on that side.
    #[inline]
    fn side(&self, direction: f64, begin_m: f64, end_m: f64) -> f64 {
        let (mut sum, mut near_m, mut length_m) = (0.0, 0.0, 2.0 * self.carriageway.half_width_m);
        while near_m < end_m {
            let far_m = near_m + length_m;
            if far_m > begin_m {
                let (low_m, high_m) = (near_m.max(begin_m), far_m.min(end_m));
                sum += self.element(direction * (low_m + high_m) / 2.0, (high_m - low_m) / 2.0);
            }
            near_m = far_m;
            length_m *= self.aspect.growth;
        }
        sum
    }

    /// One element: where its centre is along the link from the receptor's foot, and half its length.
    #[inline]
    fn element(&self, centre_m: f64, half_length_m: f64) -> f64 {
        let Aspect { along, across, cos, sin, endless_half_m, inverse_cos, dilution, .. } = *self.aspect;
        let central_half_length_m = endless_half_m.min(half_length_m * inverse_cos);
        let mut fetch_m = self.across_m * across - centre_m * along;
        if fetch_m <= -central_half_length_m {
            return 0.0;
        }
        let mut strength_m = central_half_length_m;
        if fetch_m < central_half_length_m {
            // The receptor stands in the element: what is upwind of it counts.
            fetch_m = (central_half_length_m + fetch_m) / 2.0;
            strength_m = fetch_m;
        }
        let [inverse_sigma_y, inverse_sigma_z] = self.spread.inverse_sigmas(fetch_m);
        let offset_m = centre_m * across + self.across_m * along;
        let (projected_length_m, projected_width_m) = (half_length_m * sin, self.carriageway.half_width_m * cos);
        let half = (projected_length_m + projected_width_m) * inverse_sigma_y;
        let part = projected_length_m.min(projected_width_m) * inverse_sigma_y;
        let offset = offset_m.abs() * inverse_sigma_y;
        if offset - half > LATERAL_MAX {
            return 0.0;
        }
        let share = self.lateral(offset, half, part);
        share * strength_m * dilution * inverse_sigma_z * self.vertical(fetch_m, inverse_sigma_z)
    }

    /// Share of the five parts' emission that reaches the receptor, all lengths in σy: weights ¼, ¾, 1, ¾, ¼ between the six
    /// ends of the parts are steps of ¼, ½, ¼ at the ends.
    #[inline]
    fn lateral(&self, offset: f64, half: f64, part: f64) -> f64 {
        let normal = |value| self.spread.normal(value);
        let near =
            0.25 * (normal(offset + half) + normal(offset + half - 2.0 * part)) + 0.5 * normal(offset + half - part);
        let far =
            0.25 * (normal(offset - half) + normal(offset - half + 2.0 * part)) + 0.5 * normal(offset - half + part);
        (near - far).max(0.0)
    }

    /// Images above and below, less what the ground takes up.
    #[inline]
    fn vertical(&self, fetch_m: f64, inverse_sigma_z: f64) -> f64 {
        let images = self.images(inverse_sigma_z);
        if self.air.uptake_mps == 0.0 && self.air.settling_mps == 0.0 {
            return images;
        }
        self.with_particles(images, fetch_m, 1.0 / inverse_sigma_z)
    }

    #[inline]
    fn images(&self, inverse_sigma_z: f64) -> f64 {
        let (z, h) = (self.height_m, self.carriageway.source_height_m);
        let pair = |lift_m: f64| {
            let bell = |value: f64| self.spread.bell(value);
            if h == 0.0 {
                2.0 * bell((z + lift_m) * inverse_sigma_z)
            } else {
                bell((z + h + lift_m) * inverse_sigma_z) + bell((z - h + lift_m) * inverse_sigma_z)
            }
        };
        let mut sum = pair(0.0);
        let mut lift_m = 2.0 * self.air.mixing_height_m;
        let is_near = (lift_m - z - h) * inverse_sigma_z < IMAGE_MAX;
        if self.air.mixing_height_m < MIXING_HEIGHT_MAX_M && is_near {
            loop {
                let added = pair(lift_m) + pair(-lift_m);
                if added < IMAGE_MIN {
                    break;
                }
                sum += added;
                lift_m += 2.0 * self.air.mixing_height_m;
            }
        }
        sum
    }

    /// Ermak's corrections for deposition and settling (Atmospheric Environment 11, 1977), as the model uses them.
    #[cold]
    fn with_particles(&self, images: f64, fetch_m: f64, sigma_z_m: f64) -> f64 {
        let (z, h) = (self.height_m, self.carriageway.source_height_m);
        let Air { uptake_mps, settling_mps, wind_speed_mps, .. } = *self.air;
        let diffusivity_m2ps = sigma_z_m * sigma_z_m * wind_speed_mps / (2.0 * fetch_m);
        let pull = uptake_mps * sigma_z_m / diffusivity_m2ps;
        let mut lost = 0.0;
        if uptake_mps != 0.0 {
            let reach = (pull + (z + h) / sigma_z_m) * std::f64::consts::FRAC_1_SQRT_2;
            if reach > 5.0 {
                return 0.0;
            }
            let root_two_pi = libm::sqrt(2.0 * std::f64::consts::PI);
            let growth = libm::exp(uptake_mps * (z + h) / diffusivity_m2ps + 0.5 * pull * pull);
            lost = (root_two_pi * pull * growth * libm::erfc(reach)).min(2.0);
        }
        let sink = settling_mps * sigma_z_m / diffusivity_m2ps;
        let settled = libm::exp(-settling_mps * (z - h) / (2.0 * diffusivity_m2ps) - sink * sink / 8.0);
        settled * (images - lost)
    }
}

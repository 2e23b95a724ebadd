//! How wide and high a plume is at a distance, and the two curves of the normal distribution.

use super::link::Carriageway;
use super::site::Air;

/// What an element's plume needs of mathematics: exact in [`ExactSpread`], tabulated where a whole city is computed.
pub(crate) trait Spread {
    /// 1/σy and 1/σz at a fetch, in 1/m.
    fn inverse_sigmas(&self, fetch_m: f64) -> [f64; 2];
    /// Probability that a standard normal variable is below `value`.
    fn normal(&self, value: f64) -> f64;
    /// exp(−value²/2).
    fn bell(&self, value: f64) -> f64;
}

/// The curves of the model by the library's functions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExactSpread {
    sigma_y: Power,
    sigma_z: Power,
}

/// factor · fetch ^ power.
#[derive(Clone, Copy, Debug)]
struct Power {
    factor: f64,
    power: f64,
}

impl ExactSpread {
    /// σy depends on the air alone. σz goes through its initial value at the edge of the mixing zone, which grows with the time
    /// that air stays there (1.8 m + 0.11 m/s of it), and through the air's value at 10 km.
    pub(crate) fn new(carriageway: &Carriageway, air: &Air) -> Self {
        let half_width_m = carriageway.half_width_m;
        let residence_s = carriageway.residence_factor * half_width_m / air.wind_speed_mps;
        let initial_m = (1.8 + 0.11 * residence_s) * air.initial_factor;
        let power = libm::log(air.sigma_z_10km / initial_m) / libm::log(10_000.0 / half_width_m);
        let factor = initial_m / libm::pow(half_width_m, power);
        Self { sigma_y: Power { factor: air.sigma_y_1m, power: air.sigma_y_power }, sigma_z: Power { factor, power } }
    }
}

impl Spread for ExactSpread {
    fn inverse_sigmas(&self, fetch_m: f64) -> [f64; 2] {
        [self.sigma_y, self.sigma_z].map(|curve| 1.0 / (curve.factor * libm::pow(fetch_m, curve.power)))
    }

    fn normal(&self, value: f64) -> f64 {
        crate::draws::normal_probability(value)
    }

    fn bell(&self, value: f64) -> f64 {
        libm::exp(-0.5 * value * value)
    }
}

//! The place, and the air above it in an hour.

use super::super::meteorology::Weather;

/// σy at 1 m in metres, by stability, for 3 minutes and a roughness of 3 cm (Benson 1979).
const SIGMA_Y_1M: [f64; 6] = [0.46, 0.29, 0.18, 0.11, 0.087, 0.057];
/// σy at 10 km in metres, as above.
const SIGMA_Y_10KM: [f64; 6] = [1831.0, 1155.0, 717.0, 438.0, 346.0, 227.0];
/// σz at 10 km in metres, by stability, for 3 minutes and a roughness of 10 cm (Benson 1979).
const SIGMA_Z_10KM: [f64; 6] = [1112.0, 556.0, 353.0, 219.0, 124.0, 56.0];

/// What the plume needs to know of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// Aerodynamic roughness in metres, 0.03 to 4 m as the model was made for: 0.1 m for fields, 1 m and more in towns.
    pub roughness_m: f64,
    /// Averaging time in minutes, 3 to 120.
    pub averaging_min: f64,
    /// Speed at which particles settle, in m/s; 0 for gases and fine particles.
    pub settling_mps: f64,
    /// Speed at which they stick to the ground, in m/s; at least half the settling speed, or 0.
    pub deposition_mps: f64,
}

/// What is wrong with a site.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum SiteFault {
    /// Roughness.
    #[error("the roughness is {0} m; give 0.03 to 4 m")]
    Roughness(f64),
    /// Averaging time.
    #[error("the averaging time is {0} minutes; give 3 to 120")]
    Averaging(f64),
    /// Settling speed.
    #[error("particles settle at {0} m/s; give 0 to 1 m/s")]
    Settling(f64),
    /// Deposition speed.
    #[error("particles deposit at {0} m/s; give 0 to 1 m/s")]
    Deposition(f64),
}

impl Site {
    /// Everything that is wrong with it; nothing where it can be used.
    #[must_use]
    pub fn faults(&self) -> Vec<SiteFault> {
        let mut faults = Vec::new();
        if !(0.03..=4.0).contains(&self.roughness_m) {
            faults.push(SiteFault::Roughness(self.roughness_m));
        }
        if !(3.0..=120.0).contains(&self.averaging_min) {
            faults.push(SiteFault::Averaging(self.averaging_min));
        }
        if !(0.0..=1.0).contains(&self.settling_mps) {
            faults.push(SiteFault::Settling(self.settling_mps));
        }
        if !(0.0..=1.0).contains(&self.deposition_mps) {
            faults.push(SiteFault::Deposition(self.deposition_mps));
        }
        faults
    }
}

/// Site and weather as the plume sees them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Air {
    /// Unit vector that the wind blows along.
    pub(crate) downwind: [f64; 2],
    pub(crate) wind_speed_mps: f64,
    pub(crate) mixing_height_m: f64,
    pub(crate) settling_mps: f64,
    /// Deposition less half the settling: the boundary condition of the plume at the ground.
    pub(crate) uptake_mps: f64,
    /// σy = `sigma_y_1m` · fetch ^ `sigma_y_power`.
    pub(crate) sigma_y_1m: f64,
    pub(crate) sigma_y_power: f64,
    pub(crate) sigma_z_10km: f64,
    /// What the averaging time makes of the initial σz.
    pub(crate) initial_factor: f64,
}

impl Air {
    /// A valid site in valid weather.
    pub(crate) fn new(site: &Site, weather: &Weather) -> Self {
        let class = weather.stability.index();
        let roughness_cm = site.roughness_m * 100.0;
        let averaging = libm::pow(site.averaging_min / 3.0, 0.2);
        let sigma_y_1m = SIGMA_Y_1M[class] * libm::pow(roughness_cm / 3.0, 0.2) * averaging;
        let sigma_y_10km = SIGMA_Y_10KM[class] * libm::pow(roughness_cm / 3.0, 0.07) * averaging;
        let (sin, cos) = libm::sincos(weather.wind_from_deg.to_radians());
        Self {
            downwind: [-sin, -cos],
            wind_speed_mps: weather.wind_speed_mps,
            mixing_height_m: weather.mixing_height_m,
            settling_mps: site.settling_mps,
            uptake_mps: site.deposition_mps - site.settling_mps / 2.0,
            sigma_y_1m,
            sigma_y_power: libm::log(sigma_y_10km / sigma_y_1m) / libm::log(10_000.0),
            sigma_z_10km: SIGMA_Z_10KM[class] * libm::pow(roughness_cm / 10.0, 0.07) * averaging,
            initial_factor: libm::pow(site.averaging_min / 30.0, 0.2),
        }
    }
}

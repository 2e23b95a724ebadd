//! What air does to sound: absorption, and how long its waves are.
//!
//! Absorption by ISO 9613-1:1993, equations 3 to 5 and annex B, at the exact centres of the bands, as Directive (EU) 2015/996, annex, 2.5.6
//! asks; waves at the 340 m/s that it takes as the speed of sound.

use core::f64::consts::{LN_10, PI};

use crate::environment::noise::bands::{BAND_COUNT, Bands, CENTRES_HZ, EXACT_CENTRES_HZ};

/// Speed of sound that the directive reckons with, in m/s.
const SOUND_SPEED_MPS: f64 = 340.0;
/// Reference temperature of ISO 9613-1, in kelvin.
const REFERENCE_K: f64 = 293.15;
/// Temperature of the triple point of water, in kelvin.
const TRIPLE_POINT_K: f64 = 273.16;
/// 0 °C in kelvin.
const ZERO_C_K: f64 = 273.15;

/// Air as sound finds it, the same all over the scene and all through the year.
#[derive(Clone, Debug, PartialEq)]
pub struct Air {
    /// Energy that is lost on a metre, as the exponent of e.
    pub(super) loss_per_m: Bands,
    /// Length of the waves in metres.
    pub(super) wavelength_m: Bands,
    /// Wave number 2πf/c in 1/m.
    pub(super) wave_number: Bands,
    /// f^2.5, f^1.5 and f^0.75, which ground asks for (2.5.17).
    pub(super) powers: [Bands; 3],
}

/// Why air is none.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AirFault {
    /// Outside the standard's range.
    #[error("the air has {temperature_c} °C; ISO 9613-1 holds from -20 to 50 °C")]
    Temperature {
        /// Its temperature.
        temperature_c: f64,
    },
    /// Not a humidity.
    #[error("the air has {humidity_percent} % relative humidity; give a number above 0 and up to 100")]
    Humidity {
        /// Its humidity.
        humidity_percent: f64,
    },
}

impl Air {
    /// Air at that temperature, relative humidity and 101.325 kPa.
    ///
    /// # Errors
    /// Every number that is outside its range.
    pub fn new(temperature_c: f64, humidity_percent: f64) -> Result<Self, Vec<AirFault>> {
        let mut faults = Vec::new();
        if !(-20.0..=50.0).contains(&temperature_c) {
            faults.push(AirFault::Temperature { temperature_c });
        }
        if !(humidity_percent > 0.0 && humidity_percent <= 100.0) {
            faults.push(AirFault::Humidity { humidity_percent });
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut loss_per_m = [0.0; BAND_COUNT];
        for (loss, frequency_hz) in loss_per_m.iter_mut().zip(EXACT_CENTRES_HZ) {
            *loss = absorption_db_per_km(frequency_hz, temperature_c, humidity_percent) / 1000.0 * LN_10 / 10.0;
        }
        Ok(Self {
            loss_per_m,
            wavelength_m: CENTRES_HZ.map(|frequency_hz| SOUND_SPEED_MPS / frequency_hz),
            wave_number: CENTRES_HZ.map(|frequency_hz| 2.0 * PI * frequency_hz / SOUND_SPEED_MPS),
            powers: [2.5, 1.5, 0.75].map(|power| CENTRES_HZ.map(|frequency_hz| libm::pow(frequency_hz, power))),
        })
    }

    /// The absorption of each band in decibels per kilometre.
    #[must_use]
    pub fn absorption_db_per_km(&self) -> Bands {
        self.loss_per_m.map(|loss| loss * 1000.0 * 10.0 / LN_10)
    }
}

/// ISO 9613-1, equation 5, at the reference pressure.
fn absorption_db_per_km(frequency_hz: f64, temperature_c: f64, humidity_percent: f64) -> f64 {
    let kelvin = temperature_c + ZERO_C_K;
    let relative = kelvin / REFERENCE_K;
    let saturation = libm::pow(10.0, -6.8346 * libm::pow(TRIPLE_POINT_K / kelvin, 1.261) + 4.6151);
    let vapour_percent = humidity_percent * saturation;
    let oxygen_hz = 24.0 + 4.04e4 * vapour_percent * (0.02 + vapour_percent) / (0.391 + vapour_percent);
    let nitrogen_hz =
        (9.0 + 280.0 * vapour_percent * libm::exp(-4.17 * (libm::pow(relative, -1.0 / 3.0) - 1.0))) / relative.sqrt();
    let squared = frequency_hz * frequency_hz;
    let oxygen = 0.01275 * libm::exp(-2239.1 / kelvin) / (oxygen_hz + squared / oxygen_hz);
    let nitrogen = 0.1068 * libm::exp(-3352.0 / kelvin) / (nitrogen_hz + squared / nitrogen_hz);
    let classical = 1.84e-11 * relative.sqrt();
    8.686 * 1000.0 * squared * (classical + libm::pow(relative, -2.5) * (oxygen + nitrogen))
}

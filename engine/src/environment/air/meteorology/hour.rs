//! The weather of one hour, as far as dispersion depends on it.
//!
//! Wind, Pasquill's stability class (Pasquill 1961, *Meteorological Magazine* 90), the height up to which air mixes, and
//! temperature. Calm hours have no place in a Gaussian plume, which divides by the wind speed: [`Weather::with_wind_at_least`]
//! raises them to a smallest wind and keeps their direction, as regulatory practice does (EPA-454/R-99-005, section 6.7, takes
//! 1 m/s; 0.5 m/s is used where anemometers resolve it). Left out: wind that turns with height, and rain.

/// Strongest wind that is believed to be a measurement, in m/s.
pub const WIND_MAX_MPS: f64 = 75.0;

/// Pasquill's classes of how readily air mixes: from very unstable (sunny, little wind) to stable (clear night).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stability {
    /// Very unstable.
    A,
    /// Unstable.
    B,
    /// Slightly unstable.
    C,
    /// Neutral.
    D,
    /// Slightly stable.
    E,
    /// Stable; Turner's seventh class counts as this one.
    F,
}

impl Stability {
    /// All classes, from unstable to stable.
    pub const ALL: [Self; 6] = [Self::A, Self::B, Self::C, Self::D, Self::E, Self::F];

    /// Position in [`Stability::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
}

/// The mean weather of an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weather {
    /// Wind speed in m/s, 0 to [`WIND_MAX_MPS`].
    pub wind_speed_mps: f64,
    /// Where the wind comes from, in degrees clockwise from north, 0 to 360.
    pub wind_from_deg: f64,
    /// How readily air mixes.
    pub stability: Stability,
    /// Height up to which air mixes, in metres; positive.
    pub mixing_height_m: f64,
    /// Air temperature in °C, −60 to 60.
    pub temperature_c: f64,
}

/// What is wrong with an hour's weather.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum WeatherFault {
    /// Wind speed.
    #[error("the wind speed is {0} m/s; give 0 to 75 m/s")]
    WindSpeed(f64),
    /// Wind direction.
    #[error("the wind comes from {0}°; give 0 to 360° clockwise from north")]
    WindDirection(f64),
    /// Mixing height.
    #[error("the mixing height is {0} m; give metres above 0")]
    MixingHeight(f64),
    /// Temperature.
    #[error("the temperature is {0} °C; give −60 to 60 °C")]
    Temperature(f64),
}

impl Weather {
    /// Everything that is wrong with it; nothing where it can be used.
    #[must_use]
    pub fn faults(&self) -> Vec<WeatherFault> {
        let mut faults = Vec::new();
        if !(0.0..=WIND_MAX_MPS).contains(&self.wind_speed_mps) {
            faults.push(WeatherFault::WindSpeed(self.wind_speed_mps));
        }
        if !(0.0..=360.0).contains(&self.wind_from_deg) {
            faults.push(WeatherFault::WindDirection(self.wind_from_deg));
        }
        if !(self.mixing_height_m > 0.0 && self.mixing_height_m.is_finite()) {
            faults.push(WeatherFault::MixingHeight(self.mixing_height_m));
        }
        if !(-60.0..=60.0).contains(&self.temperature_c) {
            faults.push(WeatherFault::Temperature(self.temperature_c));
        }
        faults
    }

    /// The same hour with its wind raised to a smallest one, in m/s.
    #[must_use]
    pub fn with_wind_at_least(self, minimum_mps: f64) -> Self {
        Self { wind_speed_mps: self.wind_speed_mps.max(minimum_mps), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Weather = Weather {
        wind_speed_mps: 2.0,
        wind_from_deg: 225.0,
        stability: Stability::D,
        mixing_height_m: 800.0,
        temperature_c: 12.0,
    };

    #[test]
    fn every_fault_of_an_hour_is_told() {
        assert!(HOUR.faults().is_empty());
        let wrong = Weather {
            wind_speed_mps: 75.1,
            wind_from_deg: f64::NAN,
            mixing_height_m: 0.0,
            temperature_c: f64::INFINITY,
            ..HOUR
        };
        assert_eq!(wrong.faults().len(), 4);
        assert_eq!(Weather { wind_speed_mps: -0.1, ..HOUR }.faults(), [WeatherFault::WindSpeed(-0.1)]);
    }

    #[test]
    fn calm_hours_are_raised_and_others_left() {
        assert_eq!(Weather { wind_speed_mps: 0.0, ..HOUR }.with_wind_at_least(0.5).wind_speed_mps, 0.5);
        assert_eq!(HOUR.with_wind_at_least(0.5), HOUR);
    }
}

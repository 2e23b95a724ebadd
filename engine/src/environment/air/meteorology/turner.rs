//! Stability where no measurement gives it: from the sun, clouds or radiation, and wind.
//!
//! Turner (1964), *A diffusion model for an urban area*, Journal of Applied Meteorology 3, by clouds; and the method of solar
//! radiation (SRDT), both as in EPA-454/R-99-005, *Meteorological monitoring guidance*, tables 6-4 to 6-7. The sun's height
//! is Spencer's series (1971) for declination and equation of time, within about a quarter of a degree. By night SRDT asks for a
//! temperature difference with height; where there is none, clouds decide here as by Turner.

use super::hour::Stability;

/// What is known of the sky.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sky {
    /// Clouds as an observer sees them.
    Clouds {
        /// Tenths of the sky covered, 0 to 10.
        cover_tenths: f64,
        /// Height of the lowest layer that covers more than half the sky, in metres; infinite where there is none.
        ceiling_m: f64,
    },
    /// Global radiation by day, clouds by night.
    Radiation {
        /// Global radiation on the ground in W/m², at least 0.
        global_wpm2: f64,
        /// Tenths of the sky covered, used at night.
        cover_tenths: f64,
    },
}

/// Turner's key: by wind (rows, whose upper ends in m/s are [`TURNER_WIND_MPS`]) and net radiation index 4 to −2 (columns).
const TURNER: [[u8; 7]; 9] = [
    [1, 1, 2, 3, 4, 6, 7],
    [1, 2, 2, 3, 4, 6, 7],
    [1, 2, 3, 4, 4, 5, 6],
    [2, 2, 3, 4, 4, 5, 6],
    [2, 2, 3, 4, 4, 4, 5],
    [2, 3, 3, 4, 4, 4, 5],
    [3, 3, 4, 4, 4, 4, 5],
    [3, 3, 4, 4, 4, 4, 4],
    [3, 4, 4, 4, 4, 4, 4],
];
const TURNER_WIND_MPS: [f64; 8] = [0.75, 1.85, 2.85, 3.35, 3.85, 4.85, 5.45, 5.95];

/// SRDT by day: by wind (rows below [`SRDT_WIND_MPS`]) and radiation (columns from [`SRDT_RADIATION_WPM2`] on).
const SRDT_DAY: [[u8; 4]; 5] = [[1, 1, 2, 4], [1, 2, 3, 4], [2, 2, 3, 4], [3, 3, 4, 4], [3, 4, 4, 4]];
const SRDT_WIND_MPS: [f64; 4] = [2.0, 3.0, 5.0, 6.0];
const SRDT_RADIATION_WPM2: [f64; 3] = [925.0, 675.0, 175.0];

/// 7,000 and 16,000 feet.
const CEILING_LOW_M: f64 = 2133.6;
const CEILING_MIDDLE_M: f64 = 4876.8;

/// The class of an hour. Night is from an hour before sunset to an hour after sunrise, which the caller knows
/// ([`sun_elevation_deg`] at the hour and one hour to either side).
#[must_use]
pub fn stability(sky: Sky, sun_elevation_deg: f64, is_night: bool, wind_speed_mps: f64) -> Stability {
    match sky {
        Sky::Radiation { global_wpm2, .. } if !is_night => {
            let row = SRDT_WIND_MPS.iter().filter(|end| wind_speed_mps >= **end).count();
            let column = SRDT_RADIATION_WPM2.iter().filter(|end| global_wpm2 < **end).count();
            class(SRDT_DAY[row][column])
        }
        Sky::Clouds { cover_tenths, ceiling_m } => {
            turner(radiation_index(cover_tenths, ceiling_m, sun_elevation_deg, is_night), wind_speed_mps)
        }
        Sky::Radiation { cover_tenths, .. } => {
            turner(radiation_index(cover_tenths, f64::INFINITY, sun_elevation_deg, true), wind_speed_mps)
        }
    }
}

fn turner(radiation_index: i32, wind_speed_mps: f64) -> Stability {
    let row = TURNER_WIND_MPS.iter().filter(|end| wind_speed_mps >= **end).count();
    class(TURNER[row][(4 - radiation_index.clamp(-2, 4)) as usize])
}

fn class(number: u8) -> Stability {
    Stability::ALL[usize::from(number.clamp(1, 6)) - 1]
}

/// Turner's net radiation index, 4 (strong sun) to −2 (clear night).
fn radiation_index(cover_tenths: f64, ceiling_m: f64, sun_elevation_deg: f64, is_night: bool) -> i32 {
    let is_overcast = cover_tenths >= 10.0;
    if is_overcast && ceiling_m < CEILING_LOW_M {
        return 0;
    }
    if is_night {
        return if cover_tenths <= 4.0 { -2 } else { -1 };
    }
    let insolation = match sun_elevation_deg {
        elevation if elevation > 60.0 => 4,
        elevation if elevation > 35.0 => 3,
        elevation if elevation > 15.0 => 2,
        _ => 1,
    };
    if cover_tenths <= 5.0 {
        return insolation;
    }
    let by_ceiling = match ceiling_m {
        ceiling if ceiling < CEILING_LOW_M => 2,
        ceiling if ceiling < CEILING_MIDDLE_M => 1,
        _ => 0,
    };
    (insolation - by_ceiling - i32::from(is_overcast)).max(1)
}

/// Height of the sun above the horizon in degrees, at a place (degrees north and east), on a day of the year (from 0), at
/// an hour of universal time.
#[must_use]
pub fn sun_elevation_deg(latitude_deg: f64, longitude_deg: f64, day_of_year: usize, hour_utc: f64) -> f64 {
    let turn = 2.0 * std::f64::consts::PI * (day_of_year as f64 + (hour_utc - 12.0) / 24.0) / 365.0;
    let (sin1, cos1) = libm::sincos(turn);
    let (sin2, cos2) = libm::sincos(2.0 * turn);
    let (sin3, cos3) = libm::sincos(3.0 * turn);
    let declination = 0.006_918 - 0.399_912 * cos1 + 0.070_257 * sin1 - 0.006_758 * cos2 + 0.000_907 * sin2
        - 0.002_697 * cos3
        + 0.001_48 * sin3;
    let equation_min = 229.18 * (0.000_075 + 0.001_868 * cos1 - 0.032_077 * sin1 - 0.014_615 * cos2 - 0.040_849 * sin2);
    let solar_hour = hour_utc + longitude_deg / 15.0 + equation_min / 60.0;
    let hour_angle = (15.0 * (solar_hour - 12.0)).to_radians();
    let latitude = latitude_deg.to_radians();
    let sine = libm::sin(latitude) * libm::sin(declination)
        + libm::cos(latitude) * libm::cos(declination) * libm::cos(hour_angle);
    libm::asin(sine.clamp(-1.0, 1.0)).to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NREL's SPA for Alessandria (44.9129, 8.6154): 21 June and 21 December, 12:00 UTC.
    #[test]
    fn the_sun_stands_within_a_third_of_a_degree_of_spa() {
        let elevation = |day| sun_elevation_deg(44.9129, 8.6154, day, 12.0);
        assert!((elevation(171) - 67.519_13).abs() < 0.33, "{}", elevation(171));
        assert!((elevation(354) - 21.146_73).abs() < 0.33, "{}", elevation(354));
        assert!(sun_elevation_deg(44.9129, 8.6154, 171, 0.0) < -15.0);
    }

    fn by_clouds(cover_tenths: f64, ceiling_m: f64, elevation: f64, is_night: bool, wind: f64) -> Stability {
        stability(Sky::Clouds { cover_tenths, ceiling_m }, elevation, is_night, wind)
    }

    #[test]
    fn sun_and_little_wind_make_air_unstable_and_clear_nights_make_it_stable() {
        assert_eq!(by_clouds(0.0, f64::INFINITY, 65.0, false, 1.0), Stability::A);
        assert_eq!(by_clouds(0.0, f64::INFINITY, 65.0, false, 6.0), Stability::C);
        assert_eq!(by_clouds(0.0, f64::INFINITY, 10.0, false, 2.0), Stability::D);
        assert_eq!(by_clouds(2.0, f64::INFINITY, -20.0, true, 1.0), Stability::F);
        assert_eq!(by_clouds(8.0, 5000.0, -20.0, true, 2.5), Stability::E);
        assert_eq!(by_clouds(8.0, 5000.0, -20.0, true, 8.0), Stability::D);
        assert_eq!(by_clouds(10.0, 500.0, 65.0, false, 1.0), Stability::D);
        // A low ceiling takes two classes of sun, an overcast sky one, and never below weak sun.
        assert_eq!(by_clouds(7.0, 1000.0, 65.0, false, 1.0), Stability::B);
        assert_eq!(by_clouds(10.0, 3000.0, 65.0, false, 1.0), Stability::B);
        assert_eq!(by_clouds(10.0, 3000.0, 20.0, false, 1.0), Stability::C);
    }

    #[test]
    fn radiation_decides_by_day_and_clouds_by_night() {
        let by_radiation = |global_wpm2, is_night, wind| {
            stability(Sky::Radiation { global_wpm2, cover_tenths: 0.0 }, 40.0, is_night, wind)
        };
        assert_eq!(by_radiation(950.0, false, 1.0), Stability::A);
        assert_eq!(by_radiation(700.0, false, 2.5), Stability::B);
        assert_eq!(by_radiation(100.0, false, 2.5), Stability::D);
        assert_eq!(by_radiation(950.0, false, 7.0), Stability::C);
        assert_eq!(by_radiation(0.0, true, 2.5), Stability::F);
    }

    #[test]
    fn more_wind_never_makes_air_less_neutral() {
        let from_neutral = |stability: Stability| (stability.index() as i32 - Stability::D.index() as i32).abs();
        for index in -2..=4 {
            let distances: Vec<i32> =
                (0..80).map(|tenth| from_neutral(turner(index, f64::from(tenth) / 10.0))).collect();
            assert!(distances.windows(2).all(|pair| pair[1] <= pair[0]), "{index}: {distances:?}");
        }
    }
}

//! Where the sun stands, and when it rises and sets.
//!
//! NREL's Solar Position Algorithm (Reda and Andreas 2004, *Solar position algorithm for solar radiation applications*, Solar
//! Energy 76, 577–589; good to 0.0003° for the years −2000 to 6000), from the crate `solar-positioning`, whose transcendental
//! functions here are `libm`'s. The difference between terrestrial and universal time is the crate's estimate for the month.
//! Times are UTC: whoever asks knows the city's clock. Sunrise and sunset are those of a flat horizon, when the sun's centre
//! stands 50' below it (its radius and the usual refraction). Left out: the difference of UTC and UT1, below a second.

use solar_positioning::delta_t;
use solar_positioning::time::JulianDate;
use solar_positioning::{Error as SpaError, Horizon, Location, RefractionCorrection, SolarEvents, SolarPositions};

/// Seconds in a day.
const DAY_S: f64 = 86_400.0;

/// The years that a date may have: those for which the estimate of the earth's rotation is measured or near it.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A day of the Gregorian calendar, of the years 1900 to 2200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: u32,
    day: u32,
}

impl Date {
    /// The day.
    ///
    /// # Errors
    /// Where the calendar has no such day or the year is not between 1900 and 2200.
    pub fn new(year: i32, month: u32, day: u32) -> Result<Self, PositionFault> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u32::from(leap),
            _ => 31,
        };
        if YEARS.contains(&year) && (1..=12).contains(&month) && (1..=days).contains(&day) {
            Ok(Self { year, month, day })
        } else {
            Err(PositionFault::Date { year, month, day })
        }
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year
    }

    /// The month, from 1.
    #[must_use]
    pub fn month(self) -> u32 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u32 {
        self.day
    }
}

/// A moment of universal time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The day, of UTC.
    pub date: Date,
    /// Seconds since 0:00 UTC of that day; below 0 or above 86,400 it is in a day before or after.
    pub second_utc: f64,
}

/// The air that bends the sun's light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Atmosphere {
    /// Pressure in hectopascal, above 0 and at most 1100.
    pub pressure_hpa: f64,
    /// Temperature in degrees Celsius, −60 to 60.
    pub temperature_c: f64,
}

/// A place on earth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    latitude_deg: f64,
    longitude_deg: f64,
    height_m: f64,
    refraction: RefractionCorrection,
}

/// Why there is no such place.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SiteFault {
    /// The latitude is none.
    #[error("a latitude of {0} degrees: give -90 (south) to 90 (north)")]
    Latitude(f64),
    /// The longitude is none.
    #[error("a longitude of {0} degrees: give -180 (west) to 180 (east)")]
    Longitude(f64),
    /// The height is none.
    #[error("a height of {0} m above the sea: give -500 to 9000")]
    Height(f64),
    /// The pressure is none.
    #[error("a pressure of {0} hPa: give more than 0 and at most 1100")]
    Pressure(f64),
    /// The temperature is none.
    #[error("a temperature of {0} degrees Celsius: give -60 to 60")]
    Temperature(f64),
}

/// Why the sun's position is not known.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PositionFault {
    /// No such day.
    #[error("there is no day {year}-{month:02}-{day:02}: give a day of the calendar, of the years 1900 to 2200")]
    Date {
        /// The year.
        year: i32,
        /// The month.
        month: u32,
        /// The day.
        day: u32,
    },
    /// The algorithm refuses.
    #[error("the position of the sun cannot be worked out at second {second_utc} of {date:?}: {reason}")]
    Algorithm {
        /// The day.
        date: Date,
        /// The second of it.
        second_utc: f64,
        /// What it says.
        reason: SpaError,
    },
}

impl Site {
    /// The place at a latitude and a longitude (degrees, north and east positive) and a height above the sea.
    ///
    /// # Errors
    /// All that is out of its range or no number.
    pub fn new(
        latitude_deg: f64,
        longitude_deg: f64,
        height_m: f64,
        atmosphere: Atmosphere,
    ) -> Result<Self, Vec<SiteFault>> {
        let Atmosphere { pressure_hpa, temperature_c } = atmosphere;
        let mut faults = Vec::new();
        let mut check = |holds: bool, fault: SiteFault| {
            if !holds {
                faults.push(fault);
            }
        };
        check((-90.0..=90.0).contains(&latitude_deg), SiteFault::Latitude(latitude_deg));
        check((-180.0..=180.0).contains(&longitude_deg), SiteFault::Longitude(longitude_deg));
        check((-500.0..=9000.0).contains(&height_m), SiteFault::Height(height_m));
        check(pressure_hpa > 0.0 && pressure_hpa <= 1100.0, SiteFault::Pressure(pressure_hpa));
        check((-60.0..=60.0).contains(&temperature_c), SiteFault::Temperature(temperature_c));
        match RefractionCorrection::new(pressure_hpa, temperature_c) {
            Ok(refraction) if faults.is_empty() => Ok(Self { latitude_deg, longitude_deg, height_m, refraction }),
            _ => Err(faults),
        }
    }

    /// Degrees north.
    #[must_use]
    pub fn latitude_deg(self) -> f64 {
        self.latitude_deg
    }

    /// Degrees east.
    #[must_use]
    pub fn longitude_deg(self) -> f64 {
        self.longitude_deg
    }

    /// Noon of local mean time, in seconds since 0:00 UTC of the same date.
    #[must_use]
    pub fn mean_noon_s(self) -> f64 {
        DAY_S / 2.0 - self.longitude_deg / 360.0 * DAY_S
    }

    fn location(self) -> Location {
        Location { latitude: self.latitude_deg, longitude: self.longitude_deg }
    }
}

/// Where the sun stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SunPosition {
    /// Angle of the sun's centre above the horizon without air, in radians; shadows are reckoned with it.
    pub elevation_rad: f64,
    /// The same as it is seen through the air.
    pub apparent_elevation_rad: f64,
    /// Direction from true north, clockwise, in radians, 0 to 2π.
    pub azimuth_rad: f64,
}

impl SunPosition {
    /// The sun at an elevation and an azimuth in degrees, without air.
    #[must_use]
    pub fn from_degrees(elevation_deg: f64, azimuth_deg: f64) -> Self {
        let elevation_rad = elevation_deg.to_radians();
        Self { elevation_rad, apparent_elevation_rad: elevation_rad, azimuth_rad: azimuth_deg.to_radians() }
    }

    /// Unit vector to the sun: east, north and up of a projected grid, whose north lies `convergence_rad` clockwise of true
    /// north ([`transverse_mercator_convergence_rad`](super::transverse_mercator_convergence_rad)).
    #[must_use]
    pub fn toward(self, convergence_rad: f64) -> [f64; 3] {
        let (up, level) = libm::sincos(self.elevation_rad);
        let (east, north) = libm::sincos(self.azimuth_rad - convergence_rad);
        [level * east, level * north, up]
    }
}

/// Julian day of 0:00 UTC of a date, and the difference of terrestrial and universal time in its month, in seconds.
fn julian(date: Date) -> Result<(f64, f64), SpaError> {
    let delta_t_s = delta_t::estimate_from_date(date.year, date.month)?;
    let midnight = JulianDate::from_utc(date.year, date.month, date.day, 0, 0, 0.0, delta_t_s)?;
    Ok((midnight.julian_date(), delta_t_s))
}

/// Where the sun stands at a place and a moment.
///
/// # Errors
/// Where the moment's second is no number or leads out of the years that the algorithm knows.
pub fn sun_position(site: Site, moment: Moment) -> Result<SunPosition, PositionFault> {
    let position = || {
        let (midnight, delta_t_s) = julian(moment.date)?;
        let time = JulianDate::new(midnight + moment.second_utc / DAY_S, delta_t_s)?;
        let sun = SolarPositions::new().for_time_from_julian(time)?;
        let geometric = sun.at(site.location(), site.height_m, None)?;
        let apparent = sun.at(site.location(), site.height_m, Some(site.refraction))?;
        Ok(SunPosition {
            elevation_rad: geometric.elevation_angle().to_radians(),
            apparent_elevation_rad: apparent.elevation_angle().to_radians(),
            azimuth_rad: geometric.azimuth().to_radians(),
        })
    };
    position().map_err(|reason| PositionFault::Algorithm { date: moment.date, second_utc: moment.second_utc, reason })
}

/// When the sun is up on the day around a place's mean noon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Daylight {
    /// From sunrise to sunset, in seconds since 0:00 UTC of the date; they may lie in the day before or after.
    From {
        /// Sunrise.
        sunrise_s: f64,
        /// Sunset.
        sunset_s: f64,
    },
    /// The sun does not set.
    AllDay,
    /// The sun does not rise.
    None,
}

/// Sunrise and sunset of a date at a place: of the 24 hours around its mean noon.
///
/// # Errors
/// Where the algorithm does not know the date.
pub fn daylight(site: Site, date: Date) -> Result<Daylight, PositionFault> {
    let noon_s = site.mean_noon_s();
    let search = || {
        let (midnight, delta_t_s) = julian(date)?;
        let noon = midnight + noon_s / DAY_S;
        let events = SolarEvents::new();
        let at = |found: f64| (found - midnight) * DAY_S;
        let horizon = Horizon::SunriseSunset;
        let rise = events.next_rise_from_julian(noon - 0.5, noon, site.location(), delta_t_s, horizon)?;
        let set = events.next_set_from_julian(noon, noon + 0.5, site.location(), delta_t_s, horizon)?;
        Ok((rise.map(at), set.map(at)))
    };
    let (rise, set) = search().map_err(|reason| PositionFault::Algorithm { date, second_utc: noon_s, reason })?;
    let half = DAY_S / 2.0;
    Ok(match (rise, set) {
        (None, None) => {
            let noon = sun_position(site, Moment { date, second_utc: noon_s })?;
            let horizon_rad = Horizon::SunriseSunset.elevation_angle().to_radians();
            if noon.elevation_rad > horizon_rad { Daylight::AllDay } else { Daylight::None }
        }
        (rise, set) => {
            Daylight::From { sunrise_s: rise.unwrap_or(noon_s - half), sunset_s: set.unwrap_or(noon_s + half) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The air that the reference's apparent elevations agree with.
    const AIR: Atmosphere = Atmosphere { pressure_hpa: 1013.25, temperature_c: 12.0 };

    fn alessandria() -> Site {
        Site::new(44.9129, 8.6154, 0.0, AIR).expect("a place")
    }

    /// Alessandria (44.9129° N, 8.6154° E) by another implementation of NREL's algorithm (the project's reference table
    /// `sun_alessandria_spa.csv`): month, day and hour UTC of 2025; apparent elevation, elevation and azimuth in degrees.
    const REFERENCE: [(u32, u32, f64, f64, f64, f64); 20] = [
        (3, 20, 7.0, 15.25325, 15.19367, 105.76256),
        (3, 20, 9.0, 33.82044, 33.79567, 131.86434),
        (3, 20, 12.0, 44.75065, 44.73386, 189.55999),
        (3, 20, 15.0, 26.091, 26.05724, 240.99806),
        (3, 20, 17.0, 6.03404, 5.89423, 264.27702),
        (6, 21, 7.0, 32.46315, 32.43707, 88.17406),
        (6, 21, 9.0, 53.2193, 53.20685, 113.28216),
        (6, 21, 12.0, 67.52601, 67.51913, 199.88993),
        (6, 21, 15.0, 42.12585, 42.10746, 261.71799),
        (6, 21, 17.0, 21.04446, 21.00172, 282.64072),
        (9, 22, 7.0, 17.89359, 17.84293, 108.43359),
        (9, 22, 9.0, 35.83157, 35.80857, 135.62013),
        (9, 22, 12.0, 44.25672, 44.23965, 194.67425),
        (9, 22, 15.0, 23.74581, 23.70832, 244.12518),
        (9, 22, 17.0, 3.43101, 3.21597, 266.81661),
        (12, 21, 7.0, -0.89416, -0.89416, 123.10714),
        (12, 21, 9.0, 14.26647, 14.2028, 146.27811),
        (12, 21, 12.0, 21.18916, 21.14673, 188.92075),
        (12, 21, 15.0, 5.91275, 5.77056, 228.29297),
        (12, 21, 17.0, -12.32427, -12.32427, 249.07558),
    ];

    #[test]
    fn the_sun_over_alessandria_stands_where_the_reference_says() {
        for (month, day, hour, apparent_deg, elevation_deg, azimuth_deg) in REFERENCE {
            let date = Date::new(2025, month, day).expect("a day");
            let sun = sun_position(alessandria(), Moment { date, second_utc: hour * 3600.0 }).expect("a position");
            for (found, expected) in [
                (sun.elevation_rad, elevation_deg),
                (sun.azimuth_rad, azimuth_deg),
                (sun.apparent_elevation_rad, apparent_deg),
            ] {
                let found = found.to_degrees();
                assert!((found - expected).abs() < 0.003, "{month}-{day} {hour}: {found} for {expected}");
            }
        }
    }

    #[test]
    fn the_published_example_of_the_algorithm_is_met() {
        // Reda and Andreas 2004, table A5.1: zenith 50.11162°, azimuth 194.34024°, seen from 1830.14 m through 820 hPa at 11 °C.
        let air = Atmosphere { pressure_hpa: 820.0, temperature_c: 11.0 };
        let site = Site::new(39.742_476, -105.178_6, 1830.14, air).expect("a place");
        let date = Date::new(2003, 10, 17).expect("a day");
        let second_utc = 19.0 * 3600.0 + 30.0 * 60.0 + 30.0;
        let sun = sun_position(site, Moment { date, second_utc }).expect("a position");
        assert!((90.0 - sun.apparent_elevation_rad.to_degrees() - 50.111_62).abs() < 0.001);
        assert!((sun.azimuth_rad.to_degrees() - 194.340_24).abs() < 0.001);
    }

    #[test]
    fn at_sunrise_and_sunset_the_sun_stands_on_the_horizon() {
        for (month, day) in [(3, 20), (6, 21), (9, 22), (12, 21)] {
            let date = Date::new(2025, month, day).expect("a day");
            let Daylight::From { sunrise_s, sunset_s } = daylight(alessandria(), date).expect("known") else {
                panic!("the sun rises and sets every day in Italy");
            };
            assert!(sunrise_s < alessandria().mean_noon_s() && alessandria().mean_noon_s() < sunset_s);
            for second_utc in [sunrise_s, sunset_s] {
                let sun = sun_position(alessandria(), Moment { date, second_utc }).expect("a position");
                assert!((sun.elevation_rad.to_degrees() + 50.0 / 60.0).abs() < 0.01, "{sun:?}");
            }
        }
    }

    #[test]
    fn in_the_far_north_the_sun_stays_up_in_june_and_down_in_december() {
        let north = Site::new(78.2, 15.6, 0.0, AIR).expect("a place");
        let june = Date::new(2025, 6, 21).expect("a day");
        let december = Date::new(2025, 12, 21).expect("a day");
        assert_eq!(daylight(north, june).expect("known"), Daylight::AllDay);
        assert_eq!(daylight(north, december).expect("known"), Daylight::None);
    }

    #[test]
    fn every_fault_of_a_place_is_told_at_once_and_no_day_is_made_up() {
        let air = Atmosphere { pressure_hpa: f64::NAN, temperature_c: 1000.0 };
        assert_eq!(Site::new(91.0, f64::INFINITY, 1e6, air).expect_err("none of it is right").len(), 5);
        for (year, month, day) in [(2025, 2, 29), (2025, 13, 1), (2025, 0, 1), (2025, 4, 31), (1800, 1, 1)] {
            assert!(Date::new(year, month, day).is_err(), "{year}-{month}-{day}");
        }
        assert!(Date::new(2024, 2, 29).is_ok());
        let date = Date::new(2025, 1, 1).expect("a day");
        assert!(sun_position(alessandria(), Moment { date, second_utc: f64::NAN }).is_err());
    }
}

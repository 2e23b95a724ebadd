//! A year of weather from a few numbers, where none was measured.
//!
//! **Synthetic**: such a year has the stated means and shares, not the sequence of any real one, and what is computed with it says
//! how a typical year dilutes exhaust, not what a station measured on a day. Wind directions keep for some hours; speeds fall
//! as Weibull's distribution around the season's mean, more by day than by night, except for calm hours; the sky is clear, broken
//! or overcast for a day; stability follows from sun, sky and wind by Turner's method ([`stability`](super::stability));
//! mixing heights go with stability. Draws depend on seed and hour alone ([`Draws`]). Left out: fronts, föhn, fog, and
//! what links one day to the next.

use super::hour::{Stability, Weather};
use super::turner::{Sky, stability, sun_elevation_deg};
use super::year::{Calendar, HOURS_OF_DAY, Hour, WeatherYear, YearFault};
use crate::draws::{Draws, Purpose};

/// Seasons, winter (December to February) first.
pub const SEASONS: usize = 4;
/// Sectors of the wind's direction, north first, clockwise.
pub const SECTORS: usize = 16;

/// A climate in a few numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntheticClimate {
    /// Degrees north, −66 to 66.
    pub latitude_deg: f64,
    /// Degrees east, −180 to 180.
    pub longitude_deg: f64,
    /// Local standard time less universal time, in hours, −12 to 14.
    pub utc_offset_h: f64,
    /// Mean wind speed by season in m/s, calm hours included; 0.3 to 20.
    pub wind_mean_mps: [f64; SEASONS],
    /// Weibull's shape of the speeds of hours that are not calm, 1 to 4.
    pub wind_shape: f64,
    /// How much stronger wind is by day than by night, 0.5 to 4.
    pub day_to_night: f64,
    /// Share of calm hours by season, 0 to 0.8.
    pub calm_share: [f64; SEASONS],
    /// Wind speed of calm hours in m/s, 0 to 1.
    pub calm_mps: f64,
    /// Shares of the sectors that the wind comes from; they add up to 1.
    pub sector_shares: [f64; SECTORS],
    /// How many hours a direction keeps, 1 to 24.
    pub direction_h: usize,
    /// Share of clear days by season (2 tenths of cloud).
    pub clear_share: [f64; SEASONS],
    /// Share of overcast days by season (10 tenths, low); the rest is broken (6 tenths, high).
    pub overcast_share: [f64; SEASONS],
    /// Mixing height by stability, A to F, in metres; positive.
    pub mixing_height_m: [f64; 6],
    /// Mean temperature by month in °C, −40 to 45.
    pub temperature_c: [f64; 12],
    /// Difference between the warmest and the coldest hour of a day in °C, 0 to 25.
    pub temperature_range_c: f64,
}

/// What is wrong with a climate.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ClimateFault {
    /// A number is out of range.
    #[error("{quantity} is {value}; give {low} to {high}")]
    Number {
        /// The quantity.
        quantity: &'static str,
        /// Its value.
        value: f64,
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// Shares do not add up.
    #[error("the shares of {quantity} add up to {sum}; give shares that add up to {wanted}")]
    Sum {
        /// The quantity.
        quantity: &'static str,
        /// What they add up to.
        sum: f64,
        /// What they should.
        wanted: &'static str,
    },
    /// Calm hours leave nothing of the mean.
    #[error("with those calm hours, season {season} has no wind left for its mean; lower the share of calm hours")]
    Calm {
        /// The season, winter being 0.
        season: usize,
    },
    /// The hours are no year, which valid numbers cannot bring about.
    #[error("{0}")]
    Year(YearFault),
}

const WIND: Purpose = Purpose::new("air wind speed");
const CALM: Purpose = Purpose::new("air calm");
const SECTOR: Purpose = Purpose::new("air wind sector");
const SPREAD: Purpose = Purpose::new("air wind in sector");
const SKY: Purpose = Purpose::new("air sky");

impl SyntheticClimate {
    /// Everything that is wrong with it; nothing where it can be used.
    #[must_use]
    pub fn faults(&self) -> Vec<ClimateFault> {
        let mut faults = Vec::new();
        let mut check = |quantity, values: &[f64], low, high| {
            let wrong = values.iter().find(|value| !(low..=high).contains(*value));
            faults.extend(wrong.map(|&value| ClimateFault::Number { quantity, value, low, high }));
        };
        check("the latitude", &[self.latitude_deg], -66.0, 66.0);
        check("the longitude", &[self.longitude_deg], -180.0, 180.0);
        check("the offset from universal time", &[self.utc_offset_h], -12.0, 14.0);
        check("a season's mean wind", &self.wind_mean_mps, 0.3, 20.0);
        check("the shape of wind speeds", &[self.wind_shape], 1.0, 4.0);
        check("the wind of day to night", &[self.day_to_night], 0.5, 4.0);
        check("a season's share of calm hours", &self.calm_share, 0.0, 0.8);
        check("the wind of calm hours", &[self.calm_mps], 0.0, 1.0);
        check("a sector's share", &self.sector_shares, 0.0, 1.0);
        check("the hours that a direction keeps", &[self.direction_h as f64], 1.0, 24.0);
        check("a season's share of clear days", &self.clear_share, 0.0, 1.0);
        check("a season's share of overcast days", &self.overcast_share, 0.0, 1.0);
        check("a mixing height", &self.mixing_height_m, 10.0, 10_000.0);
        check("a month's temperature", &self.temperature_c, -40.0, 45.0);
        check("the range of a day's temperature", &[self.temperature_range_c], 0.0, 25.0);
        let sum: f64 = self.sector_shares.iter().sum();
        if sum.is_nan() || (sum - 1.0).abs() > 1e-6 {
            faults.push(ClimateFault::Sum { quantity: "the wind's sectors", sum, wanted: "1" });
        }
        for season in 0..SEASONS {
            let sum = self.clear_share[season] + self.overcast_share[season];
            if sum > 1.0 + 1e-9 {
                faults.push(ClimateFault::Sum { quantity: "clear and overcast days", sum, wanted: "1 at most" });
            }
            let calm = self.calm_share[season] * self.calm_mps;
            if calm >= self.wind_mean_mps[season] {
                faults.push(ClimateFault::Calm { season });
            }
        }
        faults
    }

    /// The hours of a year, the same for the same seed.
    ///
    /// # Errors
    /// All faults.
    pub fn year(&self, year: i32, seed: u64) -> Result<WeatherYear, Vec<ClimateFault>> {
        let faults = self.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        let calendar = Calendar::new(year);
        let draws = Draws::new(seed);
        let rows: Vec<(Hour, Weather)> = (0..calendar.hours())
            .filter_map(|index| calendar.hour(index).map(|hour| (hour, self.weather(draws, index, hour))))
            .collect();
        WeatherYear::new(year, &rows).map_err(|faults| faults.into_iter().map(ClimateFault::Year).collect())
    }

    fn weather(&self, draws: Draws, index: usize, hour: Hour) -> Weather {
        let season = usize::from(hour.month % 12) / 3;
        let day = index / HOURS_OF_DAY;
        let elevation_deg = |later_h: f64| {
            let utc_h = f64::from(hour.hour) + 0.5 + later_h - self.utc_offset_h;
            sun_elevation_deg(self.latitude_deg, self.longitude_deg, day, utc_h)
        };
        // Night is from an hour before sunset to an hour after sunrise.
        let is_night = elevation_deg(-1.0) <= 0.0 || elevation_deg(1.0) <= 0.0;
        let wind_speed_mps = self.wind_speed_mps(draws, index, season, is_night);
        let stability = stability(self.sky(draws, day, season), elevation_deg(0.0), is_night, wind_speed_mps);
        let warmest_h = 15.0;
        let turn = 2.0 * std::f64::consts::PI * (f64::from(hour.hour) - warmest_h) / 24.0;
        let mean_c = self.temperature_c[usize::from(hour.month) - 1];
        Weather {
            wind_speed_mps,
            wind_from_deg: self.wind_from_deg(draws, index),
            stability,
            mixing_height_m: self.mixing_height_m[stability.index()],
            temperature_c: mean_c + self.temperature_range_c / 2.0 * libm::cos(turn),
        }
    }

    /// To a tenth of a m/s, as anemometers tell it.
    fn wind_speed_mps(&self, draws: Draws, index: usize, season: usize, is_night: bool) -> f64 {
        let calm = self.calm_share[season];
        if draws.uniform(CALM, index as u64) < calm {
            return self.calm_mps;
        }
        let mean_mps = (self.wind_mean_mps[season] - calm * self.calm_mps) / (1.0 - calm);
        let part = if is_night {
            2.0 / (1.0 + self.day_to_night)
        } else {
            2.0 * self.day_to_night / (1.0 + self.day_to_night)
        };
        let scale_mps = mean_mps * part / libm::tgamma(1.0 + 1.0 / self.wind_shape);
        let quantile = libm::pow(-libm::log(draws.uniform(WIND, index as u64)), 1.0 / self.wind_shape);
        ((scale_mps * quantile * 10.0).round() / 10.0).min(super::hour::WIND_MAX_MPS)
    }

    fn wind_from_deg(&self, draws: Draws, index: usize) -> f64 {
        let mut left = draws.uniform(SECTOR, (index / self.direction_h) as u64);
        let mut sector = 0;
        while sector + 1 < SECTORS && left >= self.sector_shares[sector] {
            left -= self.sector_shares[sector];
            sector += 1;
        }
        let width_deg = 360.0 / SECTORS as f64;
        let within = draws.uniform(SPREAD, index as u64) - 0.5;
        (360.0 + (sector as f64 + within) * width_deg) % 360.0
    }

    fn sky(&self, draws: Draws, day: usize, season: usize) -> Sky {
        let chance = draws.uniform(SKY, day as u64);
        if chance < self.clear_share[season] {
            Sky::Clouds { cover_tenths: 2.0, ceiling_m: f64::INFINITY }
        } else if chance < self.clear_share[season] + self.overcast_share[season] {
            Sky::Clouds { cover_tenths: 10.0, ceiling_m: 600.0 }
        } else {
            Sky::Clouds { cover_tenths: 6.0, ceiling_m: 5000.0 }
        }
    }
}

/// Share of each stability class in a year, A to F.
#[must_use]
pub fn stability_shares(year: &WeatherYear) -> [f64; 6] {
    Stability::ALL.map(|class| {
        let count = year.hours().iter().filter(|weather| weather.stability == class).count();
        count as f64 / year.hours().len() as f64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn climate() -> SyntheticClimate {
        let mut sector_shares = [0.05; SECTORS];
        sector_shares[10] = 0.25;
        SyntheticClimate {
            latitude_deg: 44.9,
            longitude_deg: 8.6,
            utc_offset_h: 1.0,
            wind_mean_mps: [1.4, 2.0, 1.9, 1.5],
            wind_shape: 1.6,
            day_to_night: 1.4,
            calm_share: [0.25, 0.12, 0.12, 0.2],
            calm_mps: 0.3,
            sector_shares,
            direction_h: 3,
            clear_share: [0.3, 0.4, 0.6, 0.4],
            overcast_share: [0.4, 0.25, 0.1, 0.3],
            mixing_height_m: [1500.0, 1300.0, 1000.0, 600.0, 250.0, 150.0],
            temperature_c: [2.0, 4.0, 9.0, 13.0, 18.0, 22.0, 25.0, 24.0, 19.0, 13.0, 7.0, 3.0],
            temperature_range_c: 9.0,
        }
    }

    #[test]
    fn a_year_has_the_means_and_shares_that_were_asked_for() {
        let climate = climate();
        let year = climate.year(2023, 1).expect("a year");
        let hours = year.hours();
        let share = |is_so: &dyn Fn(&Weather) -> bool| {
            hours.iter().filter(|weather| is_so(weather)).count() as f64 / hours.len() as f64
        };
        let mean_mps = hours.iter().map(|weather| weather.wind_speed_mps).sum::<f64>() / 8760.0;
        assert!((mean_mps - 1.7).abs() < 0.1, "{mean_mps}");
        let from_south_west = share(&|weather| (213.75..236.25).contains(&weather.wind_from_deg));
        assert!((from_south_west - 0.25).abs() < 0.03, "{from_south_west}");
        let shares = stability_shares(&year);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(shares[5] > 0.15 && shares[0] + shares[1] > 0.1 && shares[3] > 0.1, "{shares:?}");
        let at_night = |weather: &(usize, &Weather)| weather.0 % 24 < 4;
        assert!(hours.iter().enumerate().filter(at_night).all(|(_, weather)| weather.stability >= Stability::D));
    }

    #[test]
    fn a_year_is_the_same_for_its_seed_alone() {
        let climate = climate();
        let year = climate.year(2024, 7).expect("a year");
        assert_eq!(climate.year(2024, 7), Ok(year.clone()));
        assert_ne!(climate.year(2024, 8), Ok(year));
    }

    #[test]
    fn every_fault_of_a_climate_is_told() {
        let mut wrong = climate();
        wrong.wind_mean_mps[1] = f64::NAN;
        wrong.sector_shares[0] = 0.5;
        wrong.overcast_share[2] = 0.9;
        wrong.calm_mps = 2.0;
        wrong.mixing_height_m[3] = 0.0;
        let faults = wrong.year(2023, 1).expect_err("faults");
        assert_eq!(faults.len(), 5, "{faults:?}");
    }
}

//! A year of weather as joint frequencies of direction, speed and stability.
//!
//! Concentrations are nearly in inverse proportion to the wind speed, so that hours of a class are stood for by one hour with
//! their harmonic mean speed, and each hour of the day weighs in a class by the sum of the inverse speeds of its hours: with
//! emissions that change over the day, the class's mean concentration is then that of its mean emission, exactly where only the
//! speed differs. Directions stand in the middle of their sector: fields show faint rays of the sectors far from roads; more
//! sectors soften them.

use super::hour::{Stability, WIND_MAX_MPS, Weather};
use super::year::{HOURS_OF_DAY, WeatherYear};

/// How hours are put into classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Classification {
    /// Sectors of the wind's direction, 8 to 72; the first is centred on north.
    pub sectors: usize,
    /// Upper ends of the speed classes but the last, in m/s, increasing and positive.
    pub speed_ends_mps: Vec<f64>,
    /// Calm hours are raised to this wind, in m/s, 0.1 to 2.
    pub minimum_wind_mps: f64,
}

/// What is wrong with a classification.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ClassificationFault {
    /// Number of sectors.
    #[error("there are {0} wind sectors; give 8 to 72")]
    Sectors(usize),
    /// Ends of speed classes.
    #[error("the speed classes end at {0:?} m/s; give positive ends, each above the one before, below 75 m/s")]
    SpeedEnds(Vec<f64>),
    /// Smallest wind.
    #[error("calm hours are raised to {0} m/s; give 0.1 to 2 m/s")]
    MinimumWind(f64),
}

impl Classification {
    /// Everything that is wrong with it; nothing where it can be used.
    #[must_use]
    pub fn faults(&self) -> Vec<ClassificationFault> {
        let mut faults = Vec::new();
        if !(8..=72).contains(&self.sectors) {
            faults.push(ClassificationFault::Sectors(self.sectors));
        }
        let in_range = |end: &f64| *end > 0.0 && *end < WIND_MAX_MPS;
        if !self.speed_ends_mps.iter().all(in_range) || self.speed_ends_mps.windows(2).any(|pair| pair[0] >= pair[1]) {
            faults.push(ClassificationFault::SpeedEnds(self.speed_ends_mps.clone()));
        }
        if !(0.1..=2.0).contains(&self.minimum_wind_mps) {
            faults.push(ClassificationFault::MinimumWind(self.minimum_wind_mps));
        }
        faults
    }

    fn sector(&self, wind_from_deg: f64) -> usize {
        let width_deg = 360.0 / self.sectors as f64;
        (wind_from_deg / width_deg).round() as usize % self.sectors
    }

    fn speed_class(&self, wind_speed_mps: f64) -> usize {
        self.speed_ends_mps.iter().filter(|end| wind_speed_mps >= **end).count()
    }
}

/// The hours of one class.
#[derive(Clone, Debug, PartialEq)]
pub struct WeatherClass {
    /// Sector of the direction, from 0 (north) clockwise.
    pub sector: usize,
    /// Class of the speed, from 0.
    pub speed_class: usize,
    /// Stability.
    pub stability: Stability,
    /// Hours of the year that fall on each hour of the day.
    pub hours_by_hour_of_day: [u32; HOURS_OF_DAY],
    /// How much each hour of the day weighs in the class's mean; the weights add up to 1.
    pub weight_by_hour_of_day: [f64; HOURS_OF_DAY],
    /// The hour that stands for the class: harmonic mean speed, middle of the sector, mean mixing height and temperature.
    pub weather: Weather,
}

impl WeatherClass {
    /// Hours of the year in the class.
    #[must_use]
    pub fn hours(&self) -> u32 {
        self.hours_by_hour_of_day.iter().sum()
    }
}

/// All classes that hold hours, in the order of sector, speed and stability.
#[derive(Clone, Debug, PartialEq)]
pub struct JointFrequency {
    classes: Vec<WeatherClass>,
    hours: u32,
}

impl JointFrequency {
    /// The classes of a year.
    ///
    /// # Errors
    /// All faults of the classification.
    pub fn new(year: &WeatherYear, classification: &Classification) -> Result<Self, Vec<ClassificationFault>> {
        let faults = classification.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        let speed_classes = classification.speed_ends_mps.len() + 1;
        let mut members: Vec<Vec<(usize, Weather)>> = vec![Vec::new(); classification.sectors * speed_classes * 6];
        for (index, weather) in year.hours().iter().enumerate() {
            let weather = weather.with_wind_at_least(classification.minimum_wind_mps);
            let sector = classification.sector(weather.wind_from_deg);
            let speed_class = classification.speed_class(weather.wind_speed_mps);
            let cell = (sector * speed_classes + speed_class) * 6 + weather.stability.index();
            members[cell].push((index % HOURS_OF_DAY, weather));
        }
        let middle_deg = |sector: usize| sector as f64 * 360.0 / classification.sectors as f64;
        let classes = members.iter().enumerate().filter(|(_, members)| !members.is_empty()).map(|(cell, members)| {
            let (sector, speed_class) = (cell / 6 / speed_classes, cell / 6 % speed_classes);
            class(sector, speed_class, Stability::ALL[cell % 6], middle_deg(sector), members)
        });
        Ok(Self { classes: classes.collect(), hours: year.hours().len() as u32 })
    }

    /// The classes.
    #[must_use]
    pub fn classes(&self) -> &[WeatherClass] {
        &self.classes
    }

    /// Hours of the year.
    #[must_use]
    pub fn hours(&self) -> u32 {
        self.hours
    }
}

fn class(
    sector: usize,
    speed_class: usize,
    stability: Stability,
    wind_from_deg: f64,
    members: &[(usize, Weather)],
) -> WeatherClass {
    let mut hours_by_hour_of_day = [0; HOURS_OF_DAY];
    let mut weight_by_hour_of_day = [0.0; HOURS_OF_DAY];
    let (mut inverse_sum, mut mixing_sum_m, mut temperature_sum_c) = (0.0, 0.0, 0.0);
    for (hour, weather) in members {
        let inverse = 1.0 / weather.wind_speed_mps;
        hours_by_hour_of_day[*hour] += 1;
        weight_by_hour_of_day[*hour] += inverse;
        inverse_sum += inverse;
        mixing_sum_m += weather.mixing_height_m;
        temperature_sum_c += weather.temperature_c;
    }
    let count = members.len() as f64;
    WeatherClass {
        sector,
        speed_class,
        stability,
        hours_by_hour_of_day,
        weight_by_hour_of_day: weight_by_hour_of_day.map(|weight| weight / inverse_sum),
        weather: Weather {
            wind_speed_mps: count / inverse_sum,
            wind_from_deg,
            stability,
            mixing_height_m: mixing_sum_m / count,
            temperature_c: temperature_sum_c / count,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::year::Calendar;
    use super::*;

    fn year(weather: impl Fn(usize) -> Weather) -> WeatherYear {
        let calendar = Calendar::new(2023);
        let rows: Vec<_> =
            (0..calendar.hours()).map(|index| (calendar.hour(index).expect("an hour"), weather(index))).collect();
        WeatherYear::new(2023, &rows).expect("a year")
    }

    fn mixed(index: usize) -> Weather {
        Weather {
            wind_speed_mps: (index % 7) as f64 * 0.9,
            wind_from_deg: (index * 13 % 361) as f64,
            stability: Stability::ALL[index % 6],
            mixing_height_m: 300.0 + (index % 5) as f64 * 100.0,
            temperature_c: 10.0,
        }
    }

    fn classification() -> Classification {
        Classification { sectors: 16, speed_ends_mps: vec![1.5, 3.0, 5.0], minimum_wind_mps: 0.5 }
    }

    #[test]
    fn every_hour_is_in_one_class() {
        let frequency = JointFrequency::new(&year(mixed), &classification()).expect("classes");
        assert_eq!(frequency.classes().iter().map(WeatherClass::hours).sum::<u32>(), 8760);
        for class in frequency.classes() {
            assert!((class.weight_by_hour_of_day.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        for hour in 0..HOURS_OF_DAY {
            let days: u32 = frequency.classes().iter().map(|class| class.hours_by_hour_of_day[hour]).sum();
            assert_eq!(days, 365);
        }
    }

    #[test]
    fn a_class_dilutes_as_its_hours_do_together() {
        let frequency = JointFrequency::new(&year(mixed), &classification()).expect("classes");
        let by_class: f64 =
            frequency.classes().iter().map(|class| f64::from(class.hours()) / class.weather.wind_speed_mps).sum();
        let by_hour: f64 = (0..8760).map(|index| 1.0 / mixed(index).with_wind_at_least(0.5).wind_speed_mps).sum();
        assert!((by_class / by_hour - 1.0).abs() < 1e-12);
    }

    #[test]
    fn north_is_one_sector_from_both_sides() {
        let classification = classification();
        assert_eq!([0.0, 11.0, 350.0, 360.0].map(|from| classification.sector(from)), [0; 4]);
        assert_eq!(classification.sector(22.5), 1);
        assert_eq!(classification.sector(337.5), 15);
    }

    #[test]
    fn what_is_no_classification_is_refused() {
        let wrong = Classification { sectors: 4, speed_ends_mps: vec![3.0, f64::NAN], minimum_wind_mps: 0.0 };
        assert_eq!(JointFrequency::new(&year(mixed), &wrong).expect_err("faults").len(), 3);
    }
}

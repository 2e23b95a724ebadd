//! A year of hours, complete.

use std::fmt;

use super::hour::{Weather, WeatherFault};

/// Hours of the day.
pub const HOURS_OF_DAY: usize = 24;

/// An hour of a calendar year, in local standard time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour {
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// The hour that begins then, 0 to 23.
    pub hour: u8,
}

impl fmt::Display for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02} {:02}:00", self.month, self.day, self.hour)
    }
}

/// The calendar of a year in local standard time: 365 or 366 days of 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    year: i32,
}

impl Calendar {
    /// The Gregorian calendar of a year.
    #[must_use]
    pub fn new(year: i32) -> Self {
        Self { year }
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year
    }

    /// Length of a month in days, 1 to 12; 0 for no month.
    #[must_use]
    pub fn days_in_month(self, month: u8) -> u8 {
        let leap = (self.year % 4 == 0 && self.year % 100 != 0) || self.year % 400 == 0;
        match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => 0,
        }
    }

    /// Number of days.
    #[must_use]
    pub fn days(self) -> usize {
        (1..=12).map(|month| usize::from(self.days_in_month(month))).sum()
    }

    /// Number of hours, 8,760 or 8,784.
    #[must_use]
    pub fn hours(self) -> usize {
        self.days() * HOURS_OF_DAY
    }

    /// Position of an hour in the year, from 0; none where the calendar has no such hour.
    #[must_use]
    pub fn index(self, hour: Hour) -> Option<usize> {
        let exists = (1..=self.days_in_month(hour.month)).contains(&hour.day) && usize::from(hour.hour) < HOURS_OF_DAY;
        let before: usize = (1..hour.month).map(|month| usize::from(self.days_in_month(month))).sum();
        exists.then(|| (before + usize::from(hour.day) - 1) * HOURS_OF_DAY + usize::from(hour.hour))
    }

    /// The hour at a position; none beyond the year.
    #[must_use]
    pub fn hour(self, index: usize) -> Option<Hour> {
        let mut day = index / HOURS_OF_DAY;
        for month in 1..=12_u8 {
            let length = usize::from(self.days_in_month(month));
            if day < length {
                return Some(Hour { month, day: day as u8 + 1, hour: (index % HOURS_OF_DAY) as u8 });
            }
            day -= length;
        }
        None
    }
}

/// The weather of every hour of a year.
#[derive(Clone, Debug, PartialEq)]
pub struct WeatherYear {
    calendar: Calendar,
    hours: Vec<Weather>,
}

/// How many missing hours a fault names.
const NAMED_MAX: usize = 5;

/// Why hours are no year.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum YearFault {
    /// Hours are missing.
    #[error("{count} hours of {year} are missing, the first {}; fill them before the year is used", list(.first))]
    Missing {
        /// The year.
        year: i32,
        /// The first few.
        first: Vec<Hour>,
        /// How many in all.
        count: usize,
    },
    /// An hour is there twice.
    #[error("the hour {0} is there twice")]
    Twice(Hour),
    /// The calendar has no such hour.
    #[error("the year {year} has no hour {hour}")]
    NoSuchHour {
        /// The year.
        year: i32,
        /// The hour.
        hour: Hour,
    },
    /// An hour's weather is none.
    #[error("the hour {hour}: {fault}")]
    Weather {
        /// The hour.
        hour: Hour,
        /// What is wrong.
        fault: WeatherFault,
    },
}

fn list(hours: &[Hour]) -> String {
    hours.iter().map(Hour::to_string).collect::<Vec<_>>().join(", ")
}

impl WeatherYear {
    /// A year from its hours in any order.
    ///
    /// # Errors
    /// All faults: hours that are missing (the first five and how many), twice, outside the calendar, or no weather.
    pub fn new(year: i32, rows: &[(Hour, Weather)]) -> Result<Self, Vec<YearFault>> {
        let calendar = Calendar::new(year);
        let mut hours: Vec<Option<Weather>> = vec![None; calendar.hours()];
        let mut faults = Vec::new();
        for &(hour, weather) in rows {
            faults.extend(weather.faults().into_iter().map(|fault| YearFault::Weather { hour, fault }));
            match calendar.index(hour) {
                None => faults.push(YearFault::NoSuchHour { year, hour }),
                Some(index) if hours[index].replace(weather).is_some() => faults.push(YearFault::Twice(hour)),
                Some(_) => {}
            }
        }
        let missing = || hours.iter().enumerate().filter(|(_, weather)| weather.is_none());
        let count = missing().count();
        if count > 0 {
            let first = missing().take(NAMED_MAX).filter_map(|(index, _)| calendar.hour(index)).collect();
            faults.push(YearFault::Missing { year, first, count });
        }
        if faults.is_empty() {
            Ok(Self { calendar, hours: hours.into_iter().flatten().collect() })
        } else {
            Err(faults)
        }
    }

    /// The calendar.
    #[must_use]
    pub fn calendar(&self) -> Calendar {
        self.calendar
    }

    /// The weather of every hour, from midnight of 1 January.
    #[must_use]
    pub fn hours(&self) -> &[Weather] {
        &self.hours
    }

    /// Hours whose wind is below that, in m/s.
    #[must_use]
    pub fn calm_hours(&self, below_mps: f64) -> usize {
        self.hours.iter().filter(|weather| weather.wind_speed_mps < below_mps).count()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Stability;
    use super::*;

    const WEATHER: Weather = Weather {
        wind_speed_mps: 2.0,
        wind_from_deg: 10.0,
        stability: Stability::D,
        mixing_height_m: 800.0,
        temperature_c: 12.0,
    };

    fn rows(year: i32) -> Vec<(Hour, Weather)> {
        let calendar = Calendar::new(year);
        (0..calendar.hours()).map(|index| (calendar.hour(index).expect("an hour"), WEATHER)).collect()
    }

    #[test]
    fn the_calendar_knows_leap_years_and_counts_there_and_back() {
        for (year, hours) in [(2023, 8760), (2024, 8784), (1900, 8760), (2000, 8784)] {
            let calendar = Calendar::new(year);
            assert_eq!(calendar.hours(), hours);
            for index in 0..hours {
                assert_eq!(calendar.index(calendar.hour(index).expect("an hour")), Some(index));
            }
            assert_eq!(calendar.hour(hours), None);
        }
        assert_eq!(Calendar::new(2023).index(Hour { month: 2, day: 29, hour: 0 }), None);
    }

    #[test]
    fn missing_hours_are_counted_and_the_first_named() {
        let mut rows = rows(2023);
        rows.drain(30..40);
        let faults = WeatherYear::new(2023, &rows).expect_err("incomplete");
        let [YearFault::Missing { year: 2023, first, count: 10 }] = &faults[..] else { panic!("{faults:?}") };
        assert_eq!(first.len(), 5);
        assert_eq!(first[0], Hour { month: 1, day: 2, hour: 6 });
        assert!(faults[0].to_string().starts_with("10 hours of 2023 are missing, the first 01-02 06:00, "));
    }

    #[test]
    fn hours_twice_elsewhere_or_wrong_are_all_told() {
        let mut rows = rows(2023);
        rows[7].1.wind_speed_mps = 80.0;
        rows.push(rows[3]);
        rows.push((Hour { month: 13, day: 1, hour: 0 }, WEATHER));
        assert_eq!(WeatherYear::new(2023, &rows).expect_err("faults").len(), 3);
    }

    #[test]
    fn rows_may_come_in_any_order() {
        let mut rows = rows(2024);
        rows[100].1.wind_speed_mps = 0.2;
        let year = WeatherYear::new(2024, &rows).expect("a year");
        rows.reverse();
        assert_eq!(WeatherYear::new(2024, &rows), Ok(year.clone()));
        assert_eq!(year.calm_hours(0.5), 1);
    }
}

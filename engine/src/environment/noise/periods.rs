//! Day, evening and night, and the level that weighs them.
//!
//! Directive 2002/49/EC, annex I: L_den = 10 lg of the mean over 24 hours, with 5 dB added to the evening and 10 dB to the night.
//! Member States choose the hours: Italy has day 06–20, evening 20–22 and night 22–06 (d.lgs. 194/2005, annex 1).

use super::bands::{energy, level_db};

/// Number of periods.
pub const PERIOD_COUNT: usize = 3;

/// What is added to the evening's level before it is weighed, in decibels (Directive 2002/49/EC, annex I, 1).
const EVENING_PENALTY_DB: f64 = 5.0;
/// What is added to the night's level, in decibels.
const NIGHT_PENALTY_DB: f64 = 10.0;

/// One number for each period: day, evening, night.
pub type ByPeriod<T> = [T; PERIOD_COUNT];

/// How many hours of 24 each period has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PeriodHours {
    /// Hours of the day.
    pub day_h: f64,
    /// Hours of the evening.
    pub evening_h: f64,
    /// Hours of the night.
    pub night_h: f64,
}

impl PeriodHours {
    /// What is wrong with the hours, in words, if anything is.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let hours = [self.day_h, self.evening_h, self.night_h];
        let sum: f64 = hours.iter().sum();
        if hours.iter().all(|hours| hours.is_finite() && *hours >= 0.0) && (sum - 24.0).abs() < 1e-9 {
            None
        } else {
            Some(format!("day, evening and night of {hours:?} hours must be at least 0 each and 24 together"))
        }
    }

    /// The weights of the three periods' energies in L_den: hours over 24, times the penalty.
    #[must_use]
    pub fn weights(&self) -> ByPeriod<f64> {
        [
            self.day_h / 24.0,
            self.evening_h / 24.0 * energy(EVENING_PENALTY_DB),
            self.night_h / 24.0 * energy(NIGHT_PENALTY_DB),
        ]
    }

    /// L_den of the levels of day, evening and night, in decibels.
    #[must_use]
    pub fn den_db(&self, levels_db: ByPeriod<f64>) -> f64 {
        let mut sum = 0.0;
        for (weight, level) in self.weights().into_iter().zip(levels_db) {
            sum += weight * energy(level);
        }
        level_db(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITALY: PeriodHours = PeriodHours { day_h: 14.0, evening_h: 2.0, night_h: 8.0 };

    #[test]
    fn den_in_italy_weighs_fourteen_two_and_eight_hours() {
        assert!((ITALY.den_db([65.0, 62.0, 55.0]) - 65.20668).abs() < 1e-5);
    }

    #[test]
    fn the_same_level_all_day_is_a_little_more_in_the_end() {
        let added = ITALY.den_db([50.0; 3]) - 50.0;
        let by_hand = level_db((14.0 + 2.0 * energy(5.0) + 8.0 * 10.0) / 24.0);
        assert!((added - by_hand).abs() < 1e-12);
    }

    #[test]
    fn hours_that_are_no_day_are_refused() {
        assert_eq!(ITALY.fault(), None);
        for hours in [(14.0, 2.0, 9.0), (f64::NAN, 2.0, 8.0), (26.0, -2.0, 0.0)] {
            let (day_h, evening_h, night_h) = hours;
            assert!(PeriodHours { day_h, evening_h, night_h }.fault().is_some(), "{hours:?}");
        }
    }
}

//! Limit values of air quality, and what is held against them.

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pollutant {
    /// Nitrogen oxides, as NO2; computed, not limited in towns.
    Nox,
    /// Nitrogen dioxide.
    No2,
    /// Particles of up to 10 µm.
    Pm10,
    /// Particles of up to 2.5 µm.
    Pm25,
    /// Carbon monoxide.
    Co,
}

/// What a limit is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitPeriod {
    /// The mean of a year.
    Year,
    /// The mean of a day.
    Day,
    /// The highest mean of eight hours of a day.
    EightHours,
    /// The mean of an hour.
    Hour,
}

/// A limit value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AirLimit {
    /// Of what.
    pub pollutant: Pollutant,
    /// Over which time.
    pub period: LimitPeriod,
    /// In µg/m³; positive.
    pub limit_ugpm3: f64,
    /// How often in a year it may be passed.
    pub allowed_passes: u32,
    /// The year from which it holds.
    pub from_year: i32,
}

/// What is wrong with a limit.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum LimitFault {
    /// Its value.
    #[error("the limit of {pollutant:?} over {period:?} is {value_ugpm3} µg/m³; give a number above 0")]
    Value {
        /// Of what.
        pollutant: Pollutant,
        /// Over which time.
        period: LimitPeriod,
        /// What is given.
        value_ugpm3: f64,
    },
    /// A yearly mean is there once.
    #[error("the yearly limit of {0:?} may be passed {1} times; give 0")]
    YearlyPasses(Pollutant, u32),
}

impl AirLimit {
    /// Everything that is wrong with it; nothing where it can be used.
    #[must_use]
    pub fn faults(&self) -> Vec<LimitFault> {
        let Self { pollutant, period, limit_ugpm3, allowed_passes, .. } = *self;
        let mut faults = Vec::new();
        if !(limit_ugpm3 > 0.0 && limit_ugpm3.is_finite()) {
            faults.push(LimitFault::Value { pollutant, period, value_ugpm3: limit_ugpm3 });
        }
        if period == LimitPeriod::Year && allowed_passes > 0 {
            faults.push(LimitFault::YearlyPasses(pollutant, allowed_passes));
        }
        faults
    }

    /// Whether so many passes of the limit in a year are too many.
    #[must_use]
    pub fn is_broken(&self, passes: u32) -> bool {
        passes > self.allowed_passes
    }
}

/// The limits that hold in a year: of each pollutant and period the latest.
#[must_use]
pub fn limits_in(limits: &[AirLimit], year: i32) -> Vec<AirLimit> {
    let in_force = |limit: &&AirLimit| limit.from_year <= year;
    let is_latest = |limit: &&AirLimit| {
        let same = |other: &&AirLimit| other.pollutant == limit.pollutant && other.period == limit.period;
        limits.iter().filter(in_force).filter(same).all(|other| other.from_year <= limit.from_year)
    };
    limits.iter().filter(in_force).filter(is_latest).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: AirLimit = AirLimit {
        pollutant: Pollutant::Pm10,
        period: LimitPeriod::Day,
        limit_ugpm3: 50.0,
        allowed_passes: 35,
        from_year: 2005,
    };
    const LATER: AirLimit = AirLimit { limit_ugpm3: 45.0, allowed_passes: 18, from_year: 2030, ..NOW };

    #[test]
    fn a_later_limit_takes_the_place_of_an_earlier_one() {
        assert_eq!(limits_in(&[NOW, LATER], 2029), [NOW]);
        assert_eq!(limits_in(&[NOW, LATER], 2030), [LATER]);
        assert_eq!(limits_in(&[NOW, LATER], 2004), []);
    }

    #[test]
    fn one_pass_more_than_allowed_breaks_a_limit() {
        assert!(!NOW.is_broken(35) && NOW.is_broken(36));
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        assert!(NOW.faults().is_empty());
        assert_eq!(AirLimit { limit_ugpm3: f64::NAN, period: LimitPeriod::Year, ..NOW }.faults().len(), 2);
    }
}

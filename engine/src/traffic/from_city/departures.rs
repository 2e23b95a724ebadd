//! How many vehicles a demand makes, and when they begin.
//!
//! A demand of λ vehicles in a stretch of time makes ⌊λ⌋ vehicles, and one more with the probability of the rest: λ on
//! average, with the least variance that whole vehicles allow (a Poisson number has λ). Each begins at a time of its own,
//! drawn from the profile, so that on a street they come as if by chance.

/// A stretch of time in which vehicles begin, and how they spread over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    begin_s: f64,
    duration_s: f64,
    /// Shares of equal parts up to the end of each, rising to 1.
    cumulated: Vec<f64>,
}

/// Why numbers make no [`Stretch`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum StretchError {
    /// It begins at no time.
    #[error("departures begin at {0} s; the time must be a number")]
    Begin(f64),
    /// It has no length.
    #[error("departures spread over {0} s; the time must be more than 0")]
    Duration(f64),
    /// A weight of the profile is no weight.
    #[error("part {part} of the profile weighs {weight}; weights are numbers of at least 0")]
    Weight {
        /// The part, from 0.
        part: usize,
        /// Its weight.
        weight: f64,
    },
    /// All weights of the profile are 0.
    #[error("no part of the profile weighs anything; leave it empty for departures that spread evenly")]
    Nothing,
}

impl Stretch {
    /// `duration_s` seconds (more than 0) from `begin_s` on, the city's clock. `profile` gives weights of equal parts of
    /// it, in any unit; within a part vehicles spread evenly, and over all of it where it is empty.
    ///
    /// # Errors
    /// [`StretchError`] where a number is out of its range.
    pub fn new(begin_s: f64, duration_s: f64, profile: &[f64]) -> Result<Self, StretchError> {
        if !begin_s.is_finite() {
            return Err(StretchError::Begin(begin_s));
        }
        if !(duration_s.is_finite() && duration_s > 0.0) {
            return Err(StretchError::Duration(duration_s));
        }
        if let Some(part) = profile.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
            return Err(StretchError::Weight { part, weight: profile[part] });
        }
        let total: f64 = profile.iter().sum();
        let weighs = total.is_finite() && total > 0.0;
        if !profile.is_empty() && !weighs {
            return Err(StretchError::Nothing);
        }
        let mut sum = 0.0;
        let shares = profile.iter().map(|weight| {
            sum += weight / total;
            sum
        });
        let cumulated = if profile.is_empty() { vec![1.0] } else { shares.collect() };
        Ok(Self { begin_s, duration_s, cumulated })
    }

    /// Its length in hours.
    #[must_use]
    pub fn duration_h(&self) -> f64 {
        self.duration_s / 3600.0
    }

    /// When a vehicle begins of which `share` (0 to 1) of all begin before, in seconds.
    #[must_use]
    pub fn time_s(&self, share: f64) -> f64 {
        let last = self.cumulated.len() - 1;
        let part = self.cumulated.partition_point(|&until| until <= share).min(last);
        let before = if part == 0 { 0.0 } else { self.cumulated[part - 1] };
        let weight = self.cumulated[part] - before;
        let within = if weight > 0.0 { ((share - before) / weight).clamp(0.0, 1.0) } else { 0.0 };
        self.begin_s + self.duration_s * (part as f64 + within) / self.cumulated.len() as f64
    }
}

/// So many vehicles where `expected` are on average; `number` lies between 0 and 1.
pub(super) fn whole(expected: f64, number: f64) -> f64 {
    (expected + number).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departures_follow_the_profile() {
        let stretch = Stretch::new(100.0, 60.0, &[1.0, 0.0, 3.0]).unwrap();
        let times: Vec<f64> = [0.0, 0.125, 0.25, 0.625, 1.0].map(|share| stretch.time_s(share)).to_vec();
        assert_eq!(times, [100.0, 110.0, 140.0, 150.0, 160.0]);
        assert_eq!(Stretch::new(0.0, 3600.0, &[]).unwrap().time_s(0.25), 900.0);
    }

    #[test]
    fn what_is_no_stretch_says_why() {
        assert_eq!(Stretch::new(0.0, 0.0, &[]), Err(StretchError::Duration(0.0)));
        assert_eq!(Stretch::new(0.0, 1.0, &[1.0, -1.0]), Err(StretchError::Weight { part: 1, weight: -1.0 }));
        assert_eq!(Stretch::new(0.0, 1.0, &[0.0]), Err(StretchError::Nothing));
    }

    #[test]
    fn whole_vehicles_are_as_many_as_expected_on_average() {
        let count = 1000;
        let sum: f64 = (0..count).map(|part| whole(2.3, (f64::from(part) + 0.5) / f64::from(count))).sum();
        assert!((sum / f64::from(count) - 2.3).abs() < 1e-9);
    }
}

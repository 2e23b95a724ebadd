//! What a difference allows to be said: no more than its interval and its resolution bear.
//!
//! A difference is *told* where its interval, paired over the seeds, does not hold zero and where it is larger than what
//! the equilibria leave unsolved (its *resolution*); only then something is said to grow or fall.

use serde::Serialize;

use crate::estimate::Estimate;

/// What a difference allows to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// More than its interval.
    Grows,
    /// Less, by more than its interval.
    Falls,
    /// The interval holds zero.
    Indistinct,
    /// Smaller than what the equilibria resolve, whatever its interval.
    Unresolved,
    /// Nothing changes in any seed.
    Unchanged,
    /// One seed: a number without interval.
    WithoutInterval,
}

impl Verdict {
    /// What the difference allows, where nothing smaller than `resolution` can be told.
    #[must_use]
    pub fn of(difference: &Estimate, resolution: f64) -> Self {
        match difference.interval {
            _ if difference.value == 0.0 && difference.interval.is_none_or(|i| i.low == 0.0 && i.high == 0.0) => {
                Self::Unchanged
            }
            Some(ends) if ends.contains(0.0) && ends.low.abs().max(ends.high) >= resolution => Self::Indistinct,
            Some(ends) if ends.contains(0.0) => Self::Unresolved,
            _ if difference.value.abs() < resolution => Self::Unresolved,
            None => Self::WithoutInterval,
            Some(interval) if interval.low > 0.0 => Self::Grows,
            Some(_) => Self::Falls,
        }
    }

    /// Whether there is a change to tell.
    #[must_use]
    pub fn is_told(self) -> bool {
        matches!(self, Self::Grows | Self::Falls | Self::WithoutInterval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Interval;

    fn of(value: f64, low: f64, high: f64, resolution: f64) -> Verdict {
        Verdict::of(&Estimate { value, interval: Some(Interval { low, high }) }, resolution)
    }

    #[test]
    fn a_change_is_told_where_its_interval_lies_on_one_side_of_zero() {
        assert_eq!([of(2.0, 1.0, 3.0, 0.0), of(-2.0, -3.0, -1.0, 0.0)], [Verdict::Grows, Verdict::Falls]);
        assert_eq!([of(1.0, 0.0, 2.0, 0.0), of(0.0, 0.0, 0.0, 0.0)], [Verdict::Indistinct, Verdict::Unchanged]);
    }

    #[test]
    fn what_the_equilibria_do_not_resolve_is_no_change_though_its_interval_is_narrow() {
        assert_eq!(of(-1.2, -1.4, -0.9, 5.0), Verdict::Unresolved);
        assert!(of(-1.2, -1.4, -0.9, 0.5).is_told());
        let single = Estimate { value: 1.2, interval: None };
        assert_eq!(Verdict::of(&single, 5.0), Verdict::Unresolved);
        assert_eq!(Verdict::of(&single, 0.5), Verdict::WithoutInterval);
    }
}

//! Amounts over years: works spread over the years in which they are built, what is paid or earned every year, and numbers
//! known for some years and wanted for all.

/// How works are spread over years: shares that sum to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// In rising order of years.
    shares: Vec<(i32, f64)>,
}

/// Why shares make no schedule.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScheduleFault {
    /// They do not sum to 1.
    #[error("the shares of the schedule sum to {sum}, not to 1; correct them")]
    Sum {
        /// Their sum.
        sum: f64,
    },
    /// Not a share.
    #[error("the share of {year} is {share}; give a share between 0 and 1")]
    Share {
        /// Its year.
        year: i32,
        /// What it is.
        share: f64,
    },
    /// A year twice.
    #[error("the schedule has the year {year} twice; add its shares up")]
    Twice {
        /// The year.
        year: i32,
    },
}

impl Schedule {
    /// A schedule from years and their shares, in any order.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn new(mut shares: Vec<(i32, f64)>) -> Result<Self, Vec<ScheduleFault>> {
        shares.sort_by_key(|&(year, _)| year);
        let mut faults = Vec::new();
        for &(year, share) in &shares {
            if !(0.0..=1.0).contains(&share) {
                faults.push(ScheduleFault::Share { year, share });
            }
        }
        for pair in shares.windows(2) {
            if pair[0].0 == pair[1].0 {
                faults.push(ScheduleFault::Twice { year: pair[0].0 });
            }
        }
        let sum: f64 = shares.iter().map(|&(_, share)| share).sum();
        if (sum - 1.0).abs() > 1e-9 || sum.is_nan() {
            faults.push(ScheduleFault::Sum { sum });
        }
        if faults.is_empty() { Ok(Self { shares }) } else { Err(faults) }
    }

    /// An amount by year.
    #[must_use]
    pub fn spread(&self, amount: f64) -> Vec<(i32, f64)> {
        self.shares.iter().map(|&(year, share)| (year, share * amount)).collect()
    }
}

/// The same amount in every year from the first to the last.
#[must_use]
pub fn every_year(first_year: i32, last_year: i32, amount: f64) -> Vec<(i32, f64)> {
    (first_year..=last_year).map(|year| (year, amount)).collect()
}

/// Numbers of some years for every year from the first to the last: straight between them, the first and the last of them held beyond.
/// None if there are none. The numbers must be in rising order of years.
#[must_use]
pub fn interpolated(points: &[(i32, f64)], first_year: i32, last_year: i32) -> Option<Vec<(i32, f64)>> {
    (first_year..=last_year).map(|year| at_year(points, year).map(|value| (year, value))).collect()
}

/// The number of one year, as [`interpolated`].
#[must_use]
pub fn at_year(points: &[(i32, f64)], year: i32) -> Option<f64> {
    let above = points.partition_point(|&(known, _)| known < year);
    match (above.checked_sub(1).map(|below| points[below]), points.get(above)) {
        (_, Some(&(known, value))) if known == year => Some(value),
        (Some((y0, v0)), Some(&(y1, v1))) => {
            Some(v0 + (v1 - v0) * (f64::from(year) - f64::from(y0)) / (f64::from(y1) - f64::from(y0)))
        }
        (Some((_, value)), None) | (None, Some(&(_, value))) => Some(value),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn works_are_spread_in_full() {
        let schedule = Schedule::new(vec![(2028, 0.25), (2027, 0.75)]).unwrap();
        assert_eq!(schedule.spread(400.0), [(2027, 300.0), (2028, 100.0)]);
    }

    #[test]
    fn shares_that_do_not_sum_to_one_say_what_they_sum_to() {
        let faults = Schedule::new(vec![(2027, 0.5), (2028, 0.25)]).unwrap_err();
        assert_eq!(faults, [ScheduleFault::Sum { sum: 0.75 }]);
        assert_eq!(faults[0].to_string(), "the shares of the schedule sum to 0.75, not to 1; correct them");
        let faults = Schedule::new(vec![(2027, 1.5), (2027, -0.5)]).unwrap_err();
        assert_eq!(faults.len(), 3);
        assert!(Schedule::new(vec![(2027, f64::NAN)]).is_err());
        assert!(Schedule::new(Vec::new()).is_err());
    }

    #[test]
    fn numbers_between_known_years_lie_on_a_line_and_are_held_beyond() {
        let points = [(2030, 250.0), (2050, 800.0)];
        assert_eq!(at_year(&points, 2040), Some(525.0));
        assert_eq!(at_year(&points, 2030), Some(250.0));
        assert_eq!(at_year(&points, 2055), Some(800.0));
        let all = interpolated(&points, 2029, 2031).unwrap();
        assert_eq!(all, [(2029, 250.0), (2030, 250.0), (2031, 277.5)]);
        assert_eq!(interpolated(&[], 2029, 2031), None);
    }

    #[test]
    fn every_year_has_its_amount() {
        assert_eq!(every_year(2027, 2029, 5.0), [(2027, 5.0), (2028, 5.0), (2029, 5.0)]);
        assert_eq!(every_year(2029, 2027, 5.0), []);
    }
}

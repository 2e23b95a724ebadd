//! What a site is to be expected: the function's prediction and the crashes observed there, weighed against each other.
//!
//! Highway Safety Manual (2010), appendix A to part C, equations; Hauer (1997), *Observational Before-After Studies
//! in Road Safety*. Sites of one kind vary around their function with an overdispersion k, so that the prediction weighs
//! w = 1 / (1 + k Σ N) against the count: the more crashes a site has seen, the more the count counts. Left out: crashes known
//! only for several sites together (section A.2.5).

use crate::draws::Distribution;

/// A site with its crashes over some years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ObservedSite {
    /// What the functions predict in this place, a year; positive.
    pub predicted_pa: f64,
    /// Overdispersion of the prediction, not negative.
    pub overdispersion: f64,
    /// Crashes observed, in all years together.
    pub observed: f64,
    /// Over how many years; 0 if nobody counted.
    pub years: f64,
}

/// What is to be expected of a site.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpectedCrashes {
    /// Crashes a year.
    pub crashes_pa: f64,
    /// Their variance, in (crashes a year)²: how far the site's long-run mean may be from that.
    pub variance_pa2: f64,
    /// What the prediction weighs, 0 to 1; the rest is the count's.
    pub prediction_weight: f64,
}

impl ExpectedCrashes {
    /// How the site's long-run mean may fall: lognormal with that mean and variance, where the manual's gamma has the same two.
    /// Without a count it is how sites of one kind spread around their function.
    #[must_use]
    pub fn distribution(&self) -> Distribution {
        let mean = self.crashes_pa;
        if mean <= 0.0 || self.variance_pa2 <= 0.0 {
            return Distribution::Fixed(mean);
        }
        let spread = 1.0 + self.variance_pa2 / (mean * mean);
        Distribution::LogNormal { median: mean / spread.sqrt(), log_deviation: libm::log(spread).sqrt() }
    }
}

/// A number of a site that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{field} is {value}; give {valid}")]
pub struct ObservedSiteFault {
    /// Which number.
    pub field: &'static str,
    /// What it is.
    pub value: f64,
    /// What it may be, in words.
    pub valid: &'static str,
}

/// Weighs prediction and count. Without years, the prediction is all there is.
///
/// # Errors
/// Where a number cannot be, or crashes were observed in no time.
pub fn expected(site: &ObservedSite) -> Result<ExpectedCrashes, ObservedSiteFault> {
    let ObservedSite { predicted_pa, overdispersion, observed, years } = *site;
    let check = |field, value: f64, low: f64, valid| {
        if value >= low && value.is_finite() { Ok(()) } else { Err(ObservedSiteFault { field, value, valid }) }
    };
    check("the prediction", predicted_pa, f64::MIN_POSITIVE, "a number above 0")?;
    check("the overdispersion", overdispersion, 0.0, "a number not below 0")?;
    check("the number of crashes observed", observed, 0.0, "a number not below 0")?;
    check("the number of years", years, 0.0, "a number not below 0")?;
    if years == 0.0 {
        if observed > 0.0 {
            let valid = "the years over which the crashes were observed";
            return Err(ObservedSiteFault { field: "the number of years", value: years, valid });
        }
        let variance_pa2 = overdispersion * predicted_pa * predicted_pa;
        return Ok(ExpectedCrashes { crashes_pa: predicted_pa, variance_pa2, prediction_weight: 1.0 });
    }
    let prediction_weight = 1.0 / (1.0 + overdispersion * predicted_pa * years);
    let observed_pa = observed / years;
    let crashes_pa = observed_pa + prediction_weight * (predicted_pa - observed_pa);
    let variance_pa2 = (1.0 - prediction_weight) * crashes_pa / years;
    Ok(ExpectedCrashes { crashes_pa, variance_pa2, prediction_weight })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By hand, equations: 2 a year predicted with k = 0.4, 21 observed in five years. w = 1/(1 + 0.4 × 10) = 0.2, so
    /// 0.2 × 10 + 0.8 × 21 = 18.8 in five years.
    #[test]
    fn a_site_with_twice_the_crashes_is_expected_in_between() {
        let site = ObservedSite { predicted_pa: 2.0, overdispersion: 0.4, observed: 21.0, years: 5.0 };
        let expected = expected(&site).unwrap();
        assert!((expected.prediction_weight - 0.2).abs() < 1e-15);
        assert!((expected.crashes_pa - 18.8 / 5.0).abs() < 1e-12);
        assert!((expected.variance_pa2 - 0.8 * 18.8 / 25.0).abs() < 1e-12);
    }

    #[test]
    fn without_overdispersion_the_function_knows_better() {
        let site = ObservedSite { predicted_pa: 2.0, overdispersion: 0.0, observed: 50.0, years: 5.0 };
        assert_eq!(expected(&site).unwrap().crashes_pa, 2.0);
    }

    #[test]
    fn where_nobody_counted_the_prediction_stands() {
        let site = ObservedSite { predicted_pa: 2.0, overdispersion: 0.5, observed: 0.0, years: 0.0 };
        let wanted = ExpectedCrashes { crashes_pa: 2.0, variance_pa2: 2.0, prediction_weight: 1.0 };
        assert_eq!(expected(&site), Ok(wanted));
        assert!(expected(&ObservedSite { observed: 1.0, ..site }).is_err());
    }

    #[test]
    fn sites_of_one_kind_spread_with_their_overdispersion_and_less_once_they_are_counted() {
        let site = ObservedSite { predicted_pa: 2.0, overdispersion: 0.5, observed: 0.0, years: 0.0 };
        let Distribution::LogNormal { median, log_deviation } = expected(&site).unwrap().distribution() else {
            panic!("lognormal")
        };
        // A lognormal's mean, and its variance over the square of that.
        assert!((median * libm::exp(log_deviation * log_deviation / 2.0) - 2.0).abs() < 1e-12);
        assert!((libm::expm1(log_deviation * log_deviation) - 0.5).abs() < 1e-12);
        let counted = ObservedSite { observed: 20.0, years: 10.0, ..site };
        let Distribution::LogNormal { log_deviation: after, .. } = expected(&counted).unwrap().distribution() else {
            panic!("lognormal")
        };
        assert!(after < log_deviation / 2.0);
        let sure = ObservedSite { overdispersion: 0.0, ..site };
        assert_eq!(expected(&sure).unwrap().distribution(), Distribution::Fixed(2.0));
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let site = ObservedSite { predicted_pa: 2.0, overdispersion: 0.5, observed: 1.0, years: 1.0 };
        for (wrong, field) in [
            (ObservedSite { predicted_pa: 0.0, ..site }, "the prediction"),
            (ObservedSite { overdispersion: f64::NAN, ..site }, "the overdispersion"),
            (ObservedSite { observed: -1.0, ..site }, "the number of crashes observed"),
            (ObservedSite { years: f64::INFINITY, ..site }, "the number of years"),
        ] {
            assert_eq!(expected(&wrong).unwrap_err().field, field);
        }
    }

    proptest! {
        #[test]
        fn what_is_expected_lies_between_prediction_and_count(
            predicted_pa in 1e-3..50.0_f64,
            overdispersion in 0.0..3.0_f64,
            observed in 0.0..500.0_f64,
            years in 0.5..30.0_f64,
        ) {
            let site = ObservedSite { predicted_pa, overdispersion, observed, years };
            let crashes_pa = expected(&site).unwrap().crashes_pa;
            let observed_pa = observed / years;
            let (low, high) = (predicted_pa.min(observed_pa), predicted_pa.max(observed_pa));
            prop_assert!((low - 1e-9..=high + 1e-9).contains(&crashes_pa));
        }

        #[test]
        fn the_more_years_the_nearer_to_the_count(
            predicted_pa in 1e-3..50.0_f64,
            overdispersion in 0.01..3.0_f64,
            observed_pa in 0.0..50.0_f64,
            years in 0.5..15.0_f64,
        ) {
            let distance = |years: f64| {
                let site = ObservedSite { predicted_pa, overdispersion, observed: observed_pa * years, years };
                (expected(&site).unwrap().crashes_pa - observed_pa).abs()
            };
            prop_assert!(distance(2.0 * years) <= distance(years) + 1e-9);
        }
    }
}

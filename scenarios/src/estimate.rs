//! Quantities over the seeds: means, percentiles, paired differences.
//!
//! A value is the mean over the seeds; its interval reaches from the 5th to the 95th percentile (linear between the
//! ordered values; Hyndman and Fan 1996, type 7). A difference is taken seed by seed before its mean and percentiles are:
//! base and scenario share their draws, so what both have in common cancels.

use serde::Serialize;

/// Share of the seeds that an interval spans.
pub const CONFIDENCE: f64 = 0.9;

/// A quantity over the seeds: its mean and, with more than one seed, its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Mean over the seeds.
    pub value: f64,
    /// Where its spread over the seeds is known.
    pub interval: Option<Interval>,
}

/// A range of values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Whether it holds the value.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

impl Estimate {
    /// Exactly nothing, without interval.
    pub const ZERO: Self = Self { value: 0.0, interval: None };

    /// Mean and percentiles of the values of all seeds; [`Self::ZERO`] of none.
    #[must_use]
    pub fn over(values: &[f64]) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "counts of seeds are far below 2^53")]
        let count = values.len().max(1) as f64;
        let value = values.iter().sum::<f64>() / count;
        let interval = (values.len() > 1).then(|| {
            let mut sorted = values.to_vec();
            sorted.sort_by(f64::total_cmp);
            let tail = (1.0 - CONFIDENCE) / 2.0;
            Interval { low: percentile(&sorted, tail), high: percentile(&sorted, 1.0 - tail) }
        });
        Self { value, interval }
    }

    /// Mean and percentiles of the difference, seed by seed.
    #[must_use]
    pub fn paired(base: &[f64], scenario: &[f64]) -> Self {
        let differences: Vec<f64> = scenario.iter().zip(base).map(|(scenario, base)| scenario - base).collect();
        Self::over(&differences)
    }

    /// The same quantity in another unit: value and interval changed by a function that does not fall.
    #[must_use]
    pub fn map(self, change: impl Fn(f64) -> f64) -> Self {
        let interval = self.interval.map(|ends| Interval { low: change(ends.low), high: change(ends.high) });
        Self { value: change(self.value), interval }
    }

    /// Whether a *difference* is distinguishable from none: its interval does not hold 0. None without an interval.
    #[must_use]
    pub fn is_distinct_from_zero(&self) -> Option<bool> {
        self.interval.map(|interval| !interval.contains(0.0))
    }
}

/// A quantity before and after, and the paired difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Change {
    /// In the base.
    pub before: Estimate,
    /// In the scenario.
    pub after: Estimate,
    /// Scenario less base, paired over the seeds.
    pub difference: Estimate,
}

impl Change {
    /// The change between the values of all seeds.
    #[must_use]
    pub fn between(base: &[f64], scenario: &[f64]) -> Self {
        Self {
            before: Estimate::over(base),
            after: Estimate::over(scenario),
            difference: Estimate::paired(base, scenario),
        }
    }
}

fn percentile(sorted: &[f64], share: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of seeds are far below 2^53")]
    let place = share * (sorted.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the count of seeds")]
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - place.floor()) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_between_percentiles_of_the_seeds() {
        let values: Vec<f64> = (0..=20).map(f64::from).collect();
        let told = Estimate::over(&values);
        let interval = told.interval.expect("more than one seed");
        assert_eq!(told.value, 10.0);
        assert!((interval.low - 1.0).abs() < 1e-12 && (interval.high - 19.0).abs() < 1e-12, "{interval:?}");
        assert_eq!(Estimate::over(&[3.0]).interval, None);
    }

    #[test]
    fn what_base_and_scenario_share_cancels_in_paired_differences() {
        let base = [100.0, 200.0, 300.0];
        let scenario = [101.0, 201.0, 301.0];
        assert_eq!(Estimate::paired(&base, &scenario).interval, Some(Interval { low: 1.0, high: 1.0 }));
    }
}

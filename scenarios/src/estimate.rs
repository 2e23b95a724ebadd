//! Quantities over the seeds: means, percentiles, paired differences.
//!
//! A value is the mean over the seeds; its interval reaches from the 5th to the 95th percentile: where the value of one more
//! seed lies nine times in ten. The percentiles are those that keep this promise whatever the distribution (the ordered
//! values at p (n + 1), linear between them; Hyndman and Fan 1996, *Sample quantiles in statistical packages*, The American
//! Statistician 50, 361–365, type 6). With fewer than 19 seeds no interval within their values can: it then reaches from the
//! least to the greatest, and holds one more in (n − 1) / (n + 1) of the cases. A difference is taken seed by seed before its
//! mean and percentiles are: base and scenario share their draws, so what both have in common cancels.

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
    let last = (sorted.len() - 1) as f64;
    #[expect(clippy::cast_precision_loss, reason = "counts of seeds are far below 2^53")]
    let place = (share * (sorted.len() + 1) as f64 - 1.0).clamp(0.0, last);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the count of seeds")]
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - place.floor()) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use engine::draws::{Draws, Purpose};

    use super::*;

    #[test]
    fn an_interval_is_between_percentiles_of_the_seeds() {
        let values: Vec<f64> = (0..=20).map(f64::from).collect();
        let told = Estimate::over(&values);
        let interval = told.interval.expect("more than one seed");
        assert_eq!(told.value, 10.0);
        assert!((interval.low - 0.1).abs() < 1e-12 && (interval.high - 19.9).abs() < 1e-12, "{interval:?}");
        // Too few for nine in ten.
        let few = Estimate::over(&[2.0, 5.0, 3.0]).interval;
        assert_eq!(few, Some(Interval { low: 2.0, high: 5.0 }));
        assert_eq!(Estimate::over(&[3.0]).interval, None);
    }

    /// A toy whose distribution is known: waits at a lamp at random times, of 0 s in green and up to 50 s in red. Its mean is
    /// 50² / (2 · 90) s.
    #[test]
    fn twenty_seeds_hold_the_value_of_one_more_nine_times_in_ten_and_the_known_mean_always() {
        let (repeats, cars) = (4000_u32, 30_u32);
        let known_s = 50.0 * 50.0 / (2.0 * 90.0);
        let mean_wait_s = |seed: u64| {
            let mut numbers = Draws::new(seed).sequence(Purpose::new("toy"), 0);
            (0..cars).map(|_| (50.0 - 90.0 * numbers.uniform()).max(0.0)).sum::<f64>() / f64::from(cars)
        };
        let (mut held, mut held_mean, mut sum_s) = (0_u32, 0_u32, 0.0);
        for repeat in 0..repeats {
            let seeds: Vec<f64> = (0..20).map(|seed| mean_wait_s(u64::from(repeat) * 21 + seed)).collect();
            let estimate = Estimate::over(&seeds);
            let interval = estimate.interval.expect("more than one seed");
            held += u32::from(interval.contains(mean_wait_s(u64::from(repeat) * 21 + 20)));
            held_mean += u32::from(interval.contains(known_s));
            sum_s += estimate.value;
        }
        let share = |held: u32| f64::from(held) / f64::from(repeats);
        // Four deviations of 4,000 draws.
        assert!((share(held) - CONFIDENCE).abs() < 0.019, "one more seed in {} of all cases", share(held));
        assert!(share(held_mean) > 0.999, "the known mean in {} of all cases", share(held_mean));
        assert!((sum_s / f64::from(repeats) / known_s - 1.0).abs() < 0.01, "{}", sum_s / f64::from(repeats));
    }

    #[test]
    fn what_base_and_scenario_share_cancels_in_paired_differences() {
        let base = [100.0, 200.0, 300.0];
        let scenario = [101.0, 201.0, 301.0];
        assert_eq!(Estimate::paired(&base, &scenario).interval, Some(Interval { low: 1.0, high: 1.0 }));
    }
}

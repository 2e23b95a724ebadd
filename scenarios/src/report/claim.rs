//! What may be said of a difference: no more than its interval bears.
//!
//! A difference is *distinct* where its interval, paired over the seeds, does not hold zero; only then the report says
//! that something grows or falls. Without an interval (one seed) it says so beside the number.

use super::number::{Precision, UNIT_SPACE};
use super::texts::{Gap, Texts};
use crate::comparison::Estimate;

/// What a difference allows to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// More than its interval.
    Grows,
    /// Less, by more than its interval.
    Falls,
    /// The interval holds zero.
    Indistinct,
    /// Nothing changes in any seed.
    Unchanged,
    /// One seed: a number without interval.
    WithoutInterval,
}

impl Verdict {
    /// What the difference allows.
    pub(super) fn of(difference: &Estimate) -> Self {
        match difference.interval {
            _ if difference.value == 0.0 && difference.interval.is_none_or(|i| i.low == 0.0 && i.high == 0.0) => {
                Self::Unchanged
            }
            None => Self::WithoutInterval,
            Some(interval) if interval.low > 0.0 => Self::Grows,
            Some(interval) if interval.high < 0.0 => Self::Falls,
            Some(_) => Self::Indistinct,
        }
    }

    /// The class that colours it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Grows => "grows",
            Self::Falls => "falls",
            Self::Indistinct | Self::Unchanged => "indistinct",
            Self::WithoutInterval => "single",
        }
    }

    /// The verdict in words.
    pub(super) fn words(self, texts: &Texts) -> String {
        texts.say(match self {
            Self::Grows => "verdict-grows",
            Self::Falls => "verdict-falls",
            Self::Indistinct => "verdict-indistinct",
            Self::Unchanged => "verdict-unchanged",
            Self::WithoutInterval => "verdict-single",
        })
    }
}

/// The difference as a share of the base, in percent; none where the base is zero.
pub(super) fn relative(difference: &Estimate, base: &Estimate) -> Option<Estimate> {
    (base.value > 0.0).then(|| difference.map(|value| value / base.value * 100.0))
}

/// A sentence on how something changes: `up by 8 % (between 5 and 11)`.
pub(super) fn sentence(texts: &Texts, difference: &Estimate, base: &Estimate) -> String {
    let verdict = Verdict::of(difference);
    let Some(share) = relative(difference, base) else {
        let range = interval(texts, difference, 0);
        return texts.fill(
            "claim-from-nothing",
            &[("value", (&signed(texts, difference, 0)).into()), ("range", (&range).into())],
        );
    };
    if base.value + difference.value <= base.value * 1e-6 {
        return texts.say("claim-vanishes");
    }
    let precision = Precision::of(&share, 0);
    let size = texts.numbers.to(share.value.abs(), precision);
    let ends = share.interval.map(|ends| match verdict {
        Verdict::Falls => (texts.numbers.to(-ends.high, precision), texts.numbers.to(-ends.low, precision)),
        Verdict::Grows => (texts.numbers.to(ends.low, precision), texts.numbers.to(ends.high, precision)),
        _ => (texts.numbers.signed_to(ends.low, precision), texts.numbers.signed_to(ends.high, precision)),
    });
    let (low, high) = ends.unwrap_or_default();
    let gaps: [(&str, Gap); 3] = [("size", (&size).into()), ("low", (&low).into()), ("high", (&high).into())];
    match verdict {
        Verdict::Grows => texts.fill("claim-grows", &gaps),
        Verdict::Falls => texts.fill("claim-falls", &gaps),
        Verdict::Indistinct => texts.fill("claim-indistinct", &gaps[1..]),
        Verdict::Unchanged => texts.say("claim-unchanged"),
        Verdict::WithoutInterval => {
            let value = texts.numbers.signed_to(share.value, precision);
            texts.fill("claim-single", &[("value", (&value).into())])
        }
    }
}

/// The value, no finer than its interval bears; `decimals` is how finely it is written at best.
pub(super) fn value(texts: &Texts, estimate: &Estimate, decimals: u8) -> String {
    texts.numbers.to(estimate.value, Precision::of(estimate, decimals))
}

/// A difference with its sign, no finer than its interval bears.
pub(super) fn signed(texts: &Texts, difference: &Estimate, decimals: u8) -> String {
    texts.numbers.signed_to(difference.value, Precision::of(difference, decimals))
}

/// `between −3 and +5` for a difference, or empty without an interval.
pub(super) fn interval(texts: &Texts, difference: &Estimate, decimals: u8) -> String {
    let precision = Precision::of(difference, decimals);
    between(texts, difference, |end| texts.numbers.signed_to(end, precision))
}

/// `between 3 and 5` for a quantity that is no difference, or empty without an interval.
pub(super) fn range(texts: &Texts, estimate: &Estimate, decimals: u8) -> String {
    let precision = Precision::of(estimate, decimals);
    between(texts, estimate, |end| texts.numbers.to(end, precision))
}

fn between(texts: &Texts, estimate: &Estimate, write: impl Fn(f64) -> String) -> String {
    estimate.interval.map_or_else(String::new, |ends| {
        let (low, high) = (write(ends.low), write(ends.high));
        texts.fill("between", &[("low", (&low).into()), ("high", (&high).into())])
    })
}

/// A relative difference with its sign: `+8 %`.
pub(super) fn percent(texts: &Texts, share: &Estimate) -> String {
    format!("{}{UNIT_SPACE}%", signed(texts, share, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::Interval;
    use crate::words::Language;

    fn estimate(value: f64, low: f64, high: f64) -> Estimate {
        Estimate { value, interval: Some(Interval { low, high }) }
    }

    const BASE: Estimate = Estimate { value: 1000.0, interval: None };

    #[test]
    fn a_change_is_told_with_its_interval() {
        let (it, en) = (Texts::new(Language::It), Texts::new(Language::En));
        let grows = estimate(80.0, 50.0, 110.0);
        assert_eq!(sentence(&en, &grows, &BASE), "up by 8\u{a0}% (between 5 and 11)");
        assert_eq!(sentence(&it, &grows, &BASE), "8\u{a0}% in più (tra 5 e 11)");
        let falls = estimate(-123.0, -150.0, -90.0);
        assert_eq!(sentence(&en, &falls, &BASE), "down by 12\u{a0}% (between 9 and 15)");
    }

    #[test]
    fn what_is_within_its_interval_is_not_called_a_change() {
        let en = Texts::new(Language::En);
        let unsure = sentence(&en, &estimate(10.0, -5.0, 30.0), &BASE);
        assert!(unsure.starts_with("no change that can be told from chance"), "{unsure}");
        assert!(!unsure.contains("up by") && !unsure.contains("1.0"), "{unsure}");
        assert_eq!(Verdict::of(&estimate(0.0, 0.0, 0.0)), Verdict::Unchanged);
        assert_eq!(Verdict::of(&estimate(1.0, 0.0, 2.0)), Verdict::Indistinct);
    }

    #[test]
    fn a_closed_road_falls_to_nothing_and_not_by_more_than_all() {
        let en = Texts::new(Language::En);
        assert_eq!(sentence(&en, &estimate(-1000.0, -1070.0, -930.0), &BASE), "down to nothing");
        let nothing = Estimate { value: 0.0, interval: None };
        assert!(sentence(&en, &estimate(20.0, 10.0, 30.0), &nothing).starts_with("+20 where there was none"));
    }

    #[test]
    fn one_seed_gives_a_number_that_says_it_has_no_interval() {
        let en = Texts::new(Language::En);
        let single = Estimate { value: 80.0, interval: None };
        assert_eq!(Verdict::of(&single), Verdict::WithoutInterval);
        assert!(sentence(&en, &single, &BASE).contains("no interval"));
    }
}

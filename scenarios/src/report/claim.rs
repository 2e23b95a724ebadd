//! What may be said of a difference: no more than its interval and its resolution bear.
//!
//! Only where a difference is *told* ([`Verdict`]) the report says that something grows or falls. Without an interval (one
//! seed) it says so beside the number. Differences are told in the quantity's own unit, and as a share only where the base
//! is large enough for a share to mean something.

use super::number::{Precision, UNIT_SPACE};
use super::texts::Texts;
use crate::estimate::{Change, Estimate};
use crate::verdict::Verdict;

/// A change by a smaller share than this, in percent, is called what it is: less than a thousandth.
pub(super) const SLIGHT_PERCENT: f64 = 0.1;
/// Shares outside this range, in percent, are left out: below it says nothing, above it the base was next to nothing.
const SHARES_PERCENT: std::ops::RangeInclusive<f64> = 0.5..=200.0;

/// The class that colours a verdict.
pub(super) fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Grows => "grows",
        Verdict::Falls => "falls",
        Verdict::Indistinct | Verdict::Unresolved | Verdict::Unchanged => "indistinct",
        Verdict::WithoutInterval => "single",
    }
}

/// A verdict in words.
pub(super) fn words(verdict: Verdict, texts: &Texts) -> String {
    texts.say(match verdict {
        Verdict::Grows => "verdict-grows",
        Verdict::Falls => "verdict-falls",
        Verdict::Indistinct => "verdict-indistinct",
        Verdict::Unresolved => "verdict-unresolved",
        Verdict::Unchanged => "verdict-unchanged",
        Verdict::WithoutInterval => "verdict-single",
    })
}

/// Something that changes, as it is told in a sentence.
pub(super) struct Told<'a> {
    /// Before, after, and the difference.
    pub(super) change: Change,
    /// The unit, as it follows a number.
    pub(super) unit: &'a str,
    /// How finely it is written at best.
    pub(super) decimals: u8,
    /// The smallest difference that can be told.
    pub(super) resolution: f64,
}

/// A change as a row of numbers that add up as they are written.
pub(super) struct Row {
    pub(super) before: String,
    pub(super) after: String,
    pub(super) difference: String,
    /// The interval of the difference in words; empty where there is none.
    pub(super) interval: String,
}

impl Told<'_> {
    /// What the difference allows to be said.
    pub(super) fn verdict(&self) -> Verdict {
        Verdict::of(&self.change.difference, self.resolution)
    }

    fn precision(&self) -> Precision {
        Precision::of_change(&self.change, self.verdict().is_told(), self.decimals)
    }

    /// Before, after, and the difference to one precision.
    pub(super) fn row(&self, texts: &Texts) -> Row {
        let Change { before, after, difference } = &self.change;
        let precision = self.precision();
        let [rounded, more] = [before.value, difference.value].map(|value| precision.round(value));
        let after = if self.verdict().is_told() { rounded + more } else { after.value };
        let signed = |value: f64| texts.numbers.signed_to(value, precision);
        Row {
            before: texts.numbers.to(rounded, precision),
            after: texts.numbers.to(after, precision),
            difference: signed(difference.value),
            interval: between(texts, difference, signed),
        }
    }
}

/// The difference as a share of the base, in percent; none where the base is zero.
pub(super) fn relative(difference: &Estimate, base: &Estimate) -> Option<Estimate> {
    (base.value > 0.0).then(|| difference.map(|value| value / base.value * 100.0))
}

/// Whether next to nothing is left.
pub(super) fn vanishes(change: &Change) -> bool {
    change.before.value > 0.0 && change.before.value + change.difference.value <= change.before.value * 1e-4
}

/// Whether a change is next to nothing beside what changes.
pub(super) fn is_slight(change: &Change) -> bool {
    relative(&change.difference, &change.before).is_some_and(|share| share.value.abs() < SLIGHT_PERCENT)
}

/// A sentence on how something changes: `+1,900 vehicles a day (+12 %), between +1,500 and +2,300`.
pub(super) fn sentence(texts: &Texts, told: &Told<'_>) -> String {
    let Change { before, difference, .. } = told.change;
    let verdict = told.verdict();
    let precision = if verdict.is_told() { told.precision() } else { Precision::of(&difference, told.decimals) };
    let write = |value: f64| texts.numbers.signed_to(value, precision);
    let (low, high) = difference.interval.map_or((0.0, 0.0), |ends| (ends.low, ends.high));
    let share = relative(&difference, &before);
    if verdict.is_told() && vanishes(&told.change) {
        let before = value(texts, &before, told.decimals);
        return texts.fill("claim-vanishes", &[("before", (&before).into()), ("unit", told.unit.into())]);
    }
    match verdict {
        Verdict::Grows | Verdict::Falls if is_slight(&told.change) => {
            texts.say(if verdict == Verdict::Grows { "claim-slightly-more" } else { "claim-slightly-less" })
        }
        Verdict::Grows | Verdict::Falls => {
            let (low, high, change) = (write(low), write(high), change(texts, told, share));
            if low == high {
                return texts.fill("claim-told-alike", &[("change", (&change).into())]);
            }
            texts.fill("claim-told", &[("change", (&change).into()), ("low", (&low).into()), ("high", (&high).into())])
        }
        Verdict::Indistinct => texts.fill(
            "claim-indistinct",
            &[("low", (&write(low)).into()), ("high", (&write(high)).into()), ("unit", told.unit.into())],
        ),
        Verdict::Unresolved => texts.say("claim-unresolved"),
        Verdict::Unchanged => texts.say("claim-unchanged"),
        Verdict::WithoutInterval => texts.fill("claim-single", &[("change", (&change(texts, told, share)).into())]),
    }
}

/// `+1,900 vehicles a day (+12 %)`: the share only where it means something.
fn change(texts: &Texts, told: &Told<'_>, share: Option<Estimate>) -> String {
    let words = format!("{} {}", told.row(texts).difference, told.unit);
    match share.filter(|share| SHARES_PERCENT.contains(&share.value.abs())) {
        Some(share) => format!("{words} ({})", percent(texts, &share)),
        None => words,
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

/// `between −3 and +5` for a difference; empty without an interval or with one that is as good as a point.
pub(super) fn interval(texts: &Texts, difference: &Estimate, decimals: u8) -> String {
    let precision = Precision::of(difference, decimals);
    between(texts, difference, |end| texts.numbers.signed_to(end, precision))
}

/// `between 3 and 5` for a quantity that is no difference; empty as for a difference.
pub(super) fn range(texts: &Texts, estimate: &Estimate, decimals: u8) -> String {
    let precision = Precision::of(estimate, decimals);
    between(texts, estimate, |end| texts.numbers.to(end, precision))
}

fn between(texts: &Texts, estimate: &Estimate, write: impl Fn(f64) -> String) -> String {
    estimate.interval.map_or_else(String::new, |ends| {
        let (low, high) = (write(ends.low), write(ends.high));
        if low == high {
            return String::new();
        }
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
    use crate::estimate::Interval;
    use crate::words::Language;

    fn estimate(value: f64, low: f64, high: f64) -> Estimate {
        Estimate { value, interval: Some(Interval { low, high }) }
    }

    fn told(base: f64, difference: Estimate) -> Told<'static> {
        let before = Estimate { value: base, interval: None };
        let after = Estimate { value: base + difference.value, interval: None };
        Told { change: Change { before, after, difference }, unit: "km", decimals: 0, resolution: 5.0 }
    }

    fn english(base: f64, difference: Estimate) -> String {
        sentence(&Texts::new(Language::En, true), &told(base, difference))
    }

    #[test]
    fn a_change_is_told_in_its_own_unit_with_its_interval_and_share() {
        assert_eq!(english(1000.0, estimate(80.0, 50.0, 110.0)), "+80 km (+8\u{a0}%), between +50 and +110");
        let italian = sentence(&Texts::new(Language::It, true), &told(1000.0, estimate(-123.0, -150.0, -90.0)));
        assert_eq!(italian, "\u{2212}123 km (\u{2212}12\u{a0}%), tra \u{2212}150 e \u{2212}90");
    }

    #[test]
    fn a_share_of_next_to_nothing_is_not_told() {
        assert_eq!(english(37.0, estimate(1000.0, 800.0, 1200.0)), "+1,000 km, between +800 and +1,200");
        assert_eq!(english(0.0, estimate(20.0, 10.0, 30.0)), "+20 km, between +10 and +30");
    }

    #[test]
    fn what_is_within_its_interval_is_not_called_a_change() {
        assert_eq!(
            english(1000.0, estimate(10.0, -5.0, 30.0)),
            "no distinguishable effect (between \u{2212}5 and +30 km)"
        );
    }

    #[test]
    fn what_the_equilibria_do_not_resolve_is_not_called_a_change_though_its_interval_is_narrow() {
        let noise = estimate(-1.2, -1.4, -0.9);
        assert_eq!(english(64_000.0, noise), "no distinguishable effect");
    }

    #[test]
    fn less_than_a_thousandth_is_no_news() {
        let told = english(64_000.0, estimate(20.0, 15.0, 25.0));
        assert_eq!(told, "practically no change (more, but by less than a thousandth)");
    }

    #[test]
    fn a_closed_road_falls_to_nothing_and_not_by_more_than_all() {
        assert_eq!(english(1000.0, estimate(-1000.0, -1070.0, -930.0)), "down to nothing, from 1,000 km");
    }

    #[test]
    fn a_row_adds_up_as_it_is_written() {
        let change = Change {
            before: estimate(24_017.0, 22_500.0, 25_500.0),
            after: estimate(25_251.0, 23_700.0, 26_700.0),
            difference: estimate(1_234.0, 1_190.0, 1_270.0),
        };
        let row = Told { change, unit: "", decimals: 0, resolution: 5.0 }.row(&Texts::new(Language::En, true));
        assert_eq!([row.before, row.after, row.difference], ["24,020", "25,250", "+1,230"]);
        assert_eq!(row.interval, "between +1,190 and +1,270");
    }

    #[test]
    fn one_seed_gives_a_number_that_says_it_has_no_interval() {
        let single = Estimate { value: 80.0, interval: None };
        assert_eq!(english(1000.0, single), "+80 km (+8\u{a0}%); one computation, no interval");
    }
}

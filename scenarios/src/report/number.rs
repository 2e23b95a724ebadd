//! Numbers as each language writes them.
//!
//! Italian: `1.234,5`; English: `1,234.5`. Both take the true minus sign and a space that does not break before a unit
//! (SI Brochure, 9th edition, 5.4.3 and 5.4.4). Rounding is that of the exact binary value to the nearest decimal.

use crate::estimate::{Change, Estimate};
use crate::words::Language;

/// The space between a number and its unit, where no line breaks.
pub(super) const UNIT_SPACE: char = '\u{a0}';
/// The minus sign, as wide as the plus sign.
const MINUS: char = '\u{2212}';

/// Writes numbers in the way of one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    group: char,
    point: char,
}

impl Numbers {
    /// The way of that language.
    pub(super) fn new(language: Language) -> Self {
        match language {
            Language::It => Self { group: '.', point: ',' },
            Language::En => Self { group: ',', point: '.' },
        }
    }

    /// The number with so many decimals; a dash where it is no number.
    pub(super) fn decimal(self, value: f64, decimals: u8) -> String {
        let magnitude = self.magnitude(value.abs(), decimals);
        if value < 0.0 && magnitude.contains(|c: char| c.is_ascii_digit() && c != '0') {
            format!("{MINUS}{magnitude}")
        } else {
            magnitude
        }
    }

    /// The number with its sign, plus included; zero, also once rounded, has none.
    pub(super) fn signed(self, value: f64, decimals: u8) -> String {
        let text = self.decimal(value, decimals);
        let is_zero = !text.contains(|c: char| c.is_ascii_digit() && c != '0');
        if value > 0.0 && !is_zero && value.is_finite() { format!("+{text}") } else { text }
    }

    /// The number to that precision.
    pub(super) fn to(self, value: f64, precision: Precision) -> String {
        self.decimal(precision.round(value), precision.decimals)
    }

    /// The number with its sign, to that precision.
    pub(super) fn signed_to(self, value: f64, precision: Precision) -> String {
        self.signed(precision.round(value), precision.decimals)
    }

    /// The number without decimals.
    pub(super) fn whole(self, value: f64) -> String {
        self.decimal(value, 0)
    }

    /// A count.
    pub(super) fn count(self, count: usize) -> String {
        self.group(&count.to_string())
    }

    fn magnitude(self, value: f64, decimals: u8) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        let text = format!("{value:.0$}", usize::from(decimals));
        match text.split_once('.') {
            Some((whole, fraction)) => format!("{}{}{fraction}", self.group(whole), self.point),
            None => self.group(&text),
        }
    }

    fn group(self, digits: &str) -> String {
        let mut grouped = String::with_capacity(digits.len() * 4 / 3 + 1);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(self.group);
            }
            grouped.push(digit);
        }
        grouped
    }
}

/// How finely a value is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Precision {
    /// Values are written as multiples of this power of ten.
    step: f64,
    /// Decimals behind the point.
    decimals: u8,
}

/// How many more decimals than usual may be written, so that an interval is not written as a point nor its end as zero.
const EXTRA_DECIMALS_MAX: u8 = 2;
/// What is written beside a difference has no more digits than a number of this size, unless the difference needs them.
const ROW_DIGITS: f64 = 1000.0;
/// An interval narrower than this share of its ends is as good as a point.
const POINT: f64 = 1e-3;

impl Precision {
    /// How finely an estimate is written that usually has so many decimals: coarser where its interval is wide (no finer
    /// than a tenth of it, or without an interval than three digits), finer where one of its ends would be written as zero
    /// though it is not, or both ends alike.
    pub(super) fn of(estimate: &Estimate, decimals: u8) -> Self {
        let (low, high) = estimate.interval.map_or((estimate.value, estimate.value), |ends| (ends.low, ends.high));
        let (width, largest) = (high - low, low.abs().max(high.abs()).max(estimate.value.abs()));
        let coarse = if width > 0.0 { power_of_ten_below(width / 10.0) } else { power_of_ten_below(largest) / 100.0 };
        let hides = |step: f64| hides(estimate, step);
        let mut precision = Self::with(decimals);
        while precision.step * 10.0 <= coarse * 1.000_001 && !hides(precision.step * 10.0) {
            precision = Self { step: precision.step * 10.0, decimals: precision.decimals.saturating_sub(1) };
        }
        for _ in 0..EXTRA_DECIMALS_MAX {
            if hides(precision.step) {
                precision = Self::with(precision.decimals + 1);
            }
        }
        precision
    }

    /// How finely a row of before, after and their difference is written, so that its numbers add up as they stand there:
    /// as finely as the difference, though no finer than four digits of the larger of the two need, where the difference
    /// still shows. A difference that is not told bears no finer writing than the values do by themselves.
    pub(super) fn of_change(change: &Change, is_told: bool, decimals: u8) -> Self {
        let [before, after] = [&change.before, &change.after].map(|value| Self::of(value, decimals));
        let values = if before.step >= after.step { before } else { after };
        if !is_told {
            return values;
        }
        let mut precision = Self::of(&change.difference, decimals);
        let largest = change.before.value.abs().max(change.after.value.abs());
        let enough = power_of_ten_below(largest) / ROW_DIGITS;
        while precision.step * 10.0 <= enough * 1.000_001 && !hides(&change.difference, precision.step * 10.0) {
            precision = Self { step: precision.step * 10.0, decimals: precision.decimals.saturating_sub(1) };
        }
        precision
    }

    /// So many decimals, whatever the interval.
    pub(super) fn with(decimals: u8) -> Self {
        Self { step: (0..decimals).fold(1.0, |step, _| step / 10.0), decimals }
    }

    /// The value rounded to it.
    pub(super) fn round(self, value: f64) -> f64 {
        if self.step >= 1.0 { (value / self.step).round() * self.step } else { value }
    }
}

/// Whether multiples of a step would show an end that is not zero as zero, or an interval as a point.
fn hides(estimate: &Estimate, step: f64) -> bool {
    let (low, high) = estimate.interval.map_or((estimate.value, estimate.value), |ends| (ends.low, ends.high));
    let is_wide = high - low > POINT * low.abs().max(high.abs());
    let is_point = is_wide && (low / step).round() == (high / step).round();
    is_point || [low, high, estimate.value].iter().any(|end| *end != 0.0 && end.abs() < step / 2.0)
}

/// The largest power of ten that is not above a value, from a billionth to a billion.
fn power_of_ten_below(value: f64) -> f64 {
    let mut power = 1e-9;
    while power * 10.0 <= value && power < 1e9 {
        power *= 10.0;
    }
    // Repeated multiplication is off by its rounding; a division by a whole power is not.
    if power < 0.5 { 1.0 / (1.0 / power).round() } else { power.round() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Interval;

    #[test]
    fn thousands_and_decimals_follow_the_language() {
        let (it, en) = (Numbers::new(Language::It), Numbers::new(Language::En));
        assert_eq!((it.decimal(1234.5, 1).as_str(), en.decimal(1234.5, 1).as_str()), ("1.234,5", "1,234.5"));
        assert_eq!((it.whole(1_234_567.0).as_str(), en.whole(1_234_567.0).as_str()), ("1.234.567", "1,234,567"));
        assert_eq!((it.whole(999.4).as_str(), it.whole(999.6).as_str()), ("999", "1.000"));
        assert_eq!(en.count(38_000), "38,000");
        assert_eq!(it.decimal(0.05, 2), "0,05");
    }

    #[test]
    fn signs_are_typographic_and_zero_has_none() {
        let en = Numbers::new(Language::En);
        assert_eq!(en.signed(2.345_67, 2), "+2.35");
        assert_eq!(en.signed(-1500.0, 0), "\u{2212}1,500");
        assert_eq!((en.signed(-0.04, 1).as_str(), en.signed(0.04, 1).as_str()), ("0.0", "0.0"));
        assert_eq!(en.decimal(-0.0, 0), "0");
    }

    #[test]
    fn what_is_no_number_is_a_dash() {
        let it = Numbers::new(Language::It);
        assert_eq!((it.whole(f64::NAN).as_str(), it.signed(f64::INFINITY, 1).as_str()), ("–", "–"));
    }

    fn written(value: f64, low: f64, high: f64, decimals: u8) -> [String; 3] {
        let estimate = Estimate { value, interval: Some(Interval { low, high }) };
        let precision = Precision::of(&estimate, decimals);
        [value, low, high].map(|value| Numbers::new(Language::En).to(value, precision))
    }

    #[test]
    fn an_interval_bounds_how_finely_a_value_is_written() {
        assert_eq!(written(1_834_220.0, 1_760_851.0, 1_907_589.0, 0), ["1,830,000", "1,760,000", "1,910,000"]);
        assert_eq!(written(35_120.0, 32_662.0, 37_578.0, 0), ["35,100", "32,700", "37,600"]);
        assert_eq!(written(8.02, 5.01, 11.03, 0), ["8", "5", "11"]);
        assert_eq!(written(38.4, 36.9, 39.9, 1), ["38.4", "36.9", "39.9"]);
    }

    #[test]
    fn an_interval_is_not_written_as_a_point() {
        assert_eq!(written(0.32, 0.31, 0.34, 1), ["0.32", "0.31", "0.34"]);
        assert_eq!(written(5.0, 4.999, 5.001, 0), ["5", "5", "5"], "narrower than anybody reads");
    }

    #[test]
    fn a_row_is_written_to_one_precision() {
        let around = |value: f64, half: f64| Estimate {
            value,
            interval: Some(Interval { low: value - half, high: value + half }),
        };
        let step = |before, difference: Estimate| {
            let after = around(before + difference.value, 900.0);
            let change = Change { before: around(before, 900.0), after, difference };
            [true, false].map(|is_told| Precision::of_change(&change, is_told, 0).step)
        };
        assert_eq!(step(24_017.0, around(1_234.0, 35.0)), [10.0, 100.0], "four digits of the larger number");
        assert_eq!(step(24_017.0, around(12.0, 2.0)), [1.0, 100.0], "as many as the difference needs");
        assert_eq!(step(8_017.0, around(-8_017.0, 900.0)), [100.0, 100.0], "no finer than its interval");
    }

    #[test]
    fn an_end_that_is_not_zero_is_not_written_as_zero() {
        assert_eq!(written(0.8, 0.2, 1.4, 0), ["0.8", "0.2", "1.4"]);
        assert_eq!(written(0.1, 0.03, 0.17, 1), ["0.10", "0.03", "0.17"]);
        assert_eq!(written(0.0, 0.0, 0.0, 1), ["0.0", "0.0", "0.0"]);
    }

    #[test]
    fn without_an_interval_three_digits_are_written() {
        let precision = |value| Precision::of(&Estimate { value, interval: None }, 0);
        let en = Numbers::new(Language::En);
        assert_eq!(en.to(14_843.0, precision(14_843.0)), "14,800");
        assert_eq!(en.signed_to(-2.34, precision(-2.34)), "\u{2212}2");
    }
}

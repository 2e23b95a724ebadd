//! Numbers as each language writes them.
//!
//! Italian: `1.234,5`; English: `1,234.5`. Both take the true minus sign and a space that does not break before a unit
//! (SI Brochure, 9th edition, 5.4.3 and 5.4.4). Rounding is that of the exact binary value to the nearest decimal.

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

/// How many decimals (0 to 2) a value and its interval need: each end that is not zero keeps a digit, and their distance
/// keeps two. A value alone keeps two digits.
pub(super) fn decimals_for(values: &[f64]) -> u8 {
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
    let smallest = values.iter().map(|value| value.abs()).filter(|&value| value > 0.0).fold(f64::INFINITY, f64::min);
    let width = if high > low { high - low } else { smallest / 5.0 };
    (0..2).zip([1.0, 0.1]).find(|&(_, step)| smallest >= step / 2.0 && width >= step * 2.0).map_or(2, |(d, _)| d)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn decimals_keep_an_interval_apart_from_zero() {
        assert_eq!(decimals_for(&[8.0, 5.0, 11.0]), 0);
        assert_eq!(decimals_for(&[0.8, 0.2, 1.4]), 1);
        assert_eq!(decimals_for(&[0.04, 0.02, 0.07]), 2);
        assert_eq!(decimals_for(&[23.0]), 0);
        assert_eq!(decimals_for(&[2.3]), 1);
    }
}

//! Numbers that a parameter cannot have, collected so that all are told at once.

use crate::draws::{Distribution, DistributionError};

/// A parameter that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ParameterFault {
    /// Outside its range.
    #[error("{name} is {value}; it must be {valid}")]
    Range {
        /// Which parameter, as in the file.
        name: String,
        /// What it is.
        value: f64,
        /// What it may be, in words.
        valid: &'static str,
    },
    /// A text that must say something is empty.
    #[error("{name} is empty; {wanted}")]
    Empty {
        /// Which parameter, as in the file.
        name: String,
        /// What to write, in words.
        wanted: &'static str,
    },
    /// Entries that must follow one another do not.
    #[error("{name} runs {previous} to {next}; list {name} from lowest to highest, each once")]
    Order {
        /// Which parameter, as in the file.
        name: String,
        /// The entry before.
        previous: f64,
        /// The entry that should lie above it.
        next: f64,
    },
    /// Shares that do not sum to 1.
    #[error("the shares of {name} sum to {sum}, not to 1")]
    Shares {
        /// Which parameter, as in the file.
        name: String,
        /// Their sum.
        sum: f64,
    },
    /// Not a distribution.
    #[error("{name}: {error}")]
    Distribution {
        /// Which parameter, as in the file.
        name: String,
        /// Why not.
        error: DistributionError,
    },
    /// The same name twice.
    #[error("{name} is given twice; keep one")]
    Twice {
        /// Which parameter, as in the file.
        name: String,
    },
}

/// Collects what is wrong.
#[derive(Default)]
pub(crate) struct Checks(Vec<ParameterFault>);

impl Checks {
    pub(crate) fn range(&mut self, name: impl Into<String>, value: f64, (low, high): (f64, f64), valid: &'static str) {
        if !(value >= low && value <= high) {
            self.0.push(ParameterFault::Range { name: name.into(), value, valid });
        }
    }

    pub(crate) fn finite(&mut self, name: impl Into<String>, value: f64) {
        self.range(name, value, (f64::MIN, f64::MAX), "a finite number");
    }

    pub(crate) fn positive(&mut self, name: impl Into<String>, value: f64) {
        self.range(name, value, (f64::MIN_POSITIVE, f64::MAX), "a number above 0");
    }

    pub(crate) fn not_negative(&mut self, name: impl Into<String>, value: f64) {
        self.range(name, value, (0.0, f64::MAX), "a number not below 0");
    }

    pub(crate) fn share(&mut self, name: impl Into<String>, value: f64) {
        self.range(name, value, (0.0, 1.0), "between 0 and 1");
    }

    /// Shares that were checked one by one and summed.
    pub(crate) fn sum_to_one(&mut self, name: impl Into<String>, sum: f64) {
        if (sum - 1.0).abs() > 1e-9 || sum.is_nan() {
            self.0.push(ParameterFault::Shares { name: name.into(), sum });
        }
    }

    pub(crate) fn year(&mut self, name: impl Into<String>, year: i32) {
        self.range(name, f64::from(year), (1900.0, 2200.0), "a year between 1900 and 2200");
    }

    pub(crate) fn text(&mut self, name: impl Into<String>, text: &str, wanted: &'static str) {
        if text.trim().is_empty() {
            self.0.push(ParameterFault::Empty { name: name.into(), wanted });
        }
    }

    pub(crate) fn rising(&mut self, name: &str, values: impl IntoIterator<Item = f64>) {
        let mut previous = f64::NEG_INFINITY;
        for next in values {
            if !(next > previous && next.is_finite()) {
                self.0.push(ParameterFault::Order { name: name.to_owned(), previous, next });
            }
            previous = next;
        }
    }

    pub(crate) fn distribution(&mut self, name: impl Into<String>, distribution: &Distribution) {
        if let Err(error) = distribution.validate() {
            self.0.push(ParameterFault::Distribution { name: name.into(), error });
        }
    }

    /// Names that appear more than once.
    pub(crate) fn unique<'a>(&mut self, name: &str, texts: impl IntoIterator<Item = &'a str>) {
        let mut texts: Vec<&str> = texts.into_iter().collect();
        texts.sort_unstable();
        for pair in texts.windows(2) {
            if pair[0] == pair[1] {
                self.0.push(ParameterFault::Twice { name: format!("{name} '{}'", pair[0]) });
            }
        }
    }

    pub(crate) fn finish(self) -> Result<(), Vec<ParameterFault>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

//! Values that cannot be, told by line.

use serde_spanned::Spanned;

use crate::scenario::problem::{FileProblem, Place};

/// Collects what is wrong with the values of a file.
pub(super) struct Check<'a> {
    pub(super) text: &'a str,
    pub(super) problems: Vec<(Place, FileProblem)>,
}

impl Check<'_> {
    pub(super) fn problem<T>(&mut self, at: &Spanned<T>, problem: FileProblem) {
        self.problems.push((Place::at(self.text, at.span().start), problem));
    }

    pub(super) fn range<T>(&mut self, at: &Spanned<T>, field: &'static str, value: f64, low: f64, high: f64) {
        if !(value >= low && value <= high) {
            self.problem(at, FileProblem::Range { field, value, low, high });
        }
    }

    pub(super) fn optional(&mut self, value: Option<&Spanned<f64>>, field: &'static str, low: f64, high: f64) {
        if let Some(value) = value {
            self.range(value, field, *value.get_ref(), low, high);
        }
    }

    pub(super) fn lanes(&mut self, lanes: &Spanned<i64>) {
        #[expect(clippy::cast_precision_loss, reason = "only compared with 1 and 8 and shown")]
        self.range(lanes, "lanes", *lanes.get_ref() as f64, 1.0, 8.0);
    }

    /// A list that is given names something.
    pub(super) fn named<T, U>(&mut self, at: &Spanned<T>, field: &'static str, list: Option<&[U]>) {
        if list.is_some_and(<[U]>::is_empty) {
            self.problem(at, FileProblem::EmptyList(field));
        }
    }
}

//! Values that cannot be, told by line.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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
        self.whole(lanes, "lanes", 1.0, 8.0);
    }

    pub(super) fn whole(&mut self, value: &Spanned<i64>, field: &'static str, low: f64, high: f64) {
        #[expect(clippy::cast_precision_loss, reason = "only compared with small numbers and shown")]
        self.range(value, field, *value.get_ref() as f64, low, high);
    }

    pub(super) fn name(&mut self, name: &Spanned<String>) {
        if name.get_ref().trim().is_empty() {
            self.problem(name, FileProblem::NothingSet("a name"));
        }
    }

    /// No two edits of a kind have one name; upper and lower case do not tell them apart.
    pub(super) fn names_differ<'b>(&mut self, what: &'static str, names: impl Iterator<Item = &'b Spanned<String>>) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for name in names {
            let line = Place::at(self.text, name.span().start).line;
            match seen.entry(name.get_ref().to_lowercase()) {
                Entry::Occupied(first) => {
                    let (name_of, other_line) = (name.get_ref().clone(), *first.get());
                    self.problem(name, FileProblem::NamedTwice { what, name: name_of, other_line });
                }
                Entry::Vacant(place) => {
                    place.insert(line);
                }
            }
        }
    }

    /// A list that is given names something.
    pub(super) fn named<T, U>(&mut self, at: &Spanned<T>, field: &'static str, list: Option<&[U]>) {
        if list.is_some_and(<[U]>::is_empty) {
            self.problem(at, FileProblem::EmptyList(field));
        }
    }
}

//! What a scenario says and the engine does not do, or does otherwise: told once a kind.

use std::collections::HashMap;
use std::path::PathBuf;

use super::source::{Place, Sources};

/// Kinds that are told apart; further ones are counted as one.
const KINDS_MAX: usize = 1000;

/// Something that a scenario says and that is not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The file where it is said first.
    pub file: PathBuf,
    /// The line there, from 1.
    pub line: usize,
    /// The element, or the option of the configuration.
    pub element: String,
    /// The attribute of the element; none where the element itself is meant.
    pub attribute: Option<String>,
    /// How often it is said.
    pub count: u64,
    /// What becomes of it.
    pub meaning: String,
}

struct Kind {
    first: Place,
    element: String,
    attribute: Option<String>,
    count: u64,
    meaning: &'static str,
}

/// Notes while they are taken.
#[derive(Default)]
pub(super) struct Notes {
    kinds: Vec<Kind>,
    known: HashMap<String, usize>,
    key: String,
}

impl Notes {
    /// Notes an element.
    pub(super) fn element(&mut self, place: Place, element: &str, meaning: &'static str) {
        self.note(place, element, None, meaning);
    }

    /// Notes an attribute of an element.
    pub(super) fn attribute(&mut self, place: Place, element: &str, attribute: &str, meaning: &'static str) {
        self.note(place, element, Some(attribute), meaning);
    }

    fn note(&mut self, place: Place, element: &str, attribute: Option<&str>, meaning: &'static str) {
        let (element, attribute, meaning) = if self.kinds.len() < KINDS_MAX {
            (element, attribute, meaning)
        } else {
            ("…", None, "there are more kinds of things that are not read; they are counted here")
        };
        self.key.clear();
        for part in [element, "\n", attribute.unwrap_or_default(), "\n", meaning] {
            self.key.push_str(part);
        }
        if let Some(&row) = self.known.get(&self.key) {
            self.kinds[row].count += 1;
            return;
        }
        self.known.insert(self.key.clone(), self.kinds.len());
        let (element, attribute) = (element.to_owned(), attribute.map(str::to_owned));
        self.kinds.push(Kind { first: place, element, attribute, count: 1, meaning });
    }

    /// All notes, in the order in which they were taken first.
    pub(super) fn told(&self, sources: &Sources) -> Vec<Note> {
        let note = |kind: &Kind| Note {
            file: sources.path(kind.first).to_owned(),
            line: sources.line(kind.first),
            element: kind.element.clone(),
            attribute: kind.attribute.clone(),
            count: kind.count,
            meaning: kind.meaning.to_owned(),
        };
        self.kinds.iter().map(note).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_often_is_noted_once_and_counted() {
        let mut sources = Sources::default();
        let mut open = |_: &std::path::Path| Ok(b"a\nb\nc\n".to_vec());
        sources.open("x.xml".as_ref(), &mut open).unwrap();
        let mut notes = Notes::default();
        for byte in [2, 4] {
            notes.attribute(Place { file: 0, byte }, "vType", "jmSigmaMinor", "is not followed");
        }
        let told = notes.told(&sources);
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].line, told[0].count, told[0].attribute.as_deref()), (2, 2, Some("jmSigmaMinor")));
    }
}

//! The report's texts, from `locales/{it,en}/report.ftl` (Project Fluent's syntax). The files are part of the program.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

use super::number::Numbers;
use crate::words::{Language, Text};

const ITALIAN: &str = include_str!("../../locales/it/report.ftl");
const ENGLISH: &str = include_str!("../../locales/en/report.ftl");

/// The texts and numbers of one language.
pub(super) struct Texts {
    language: Language,
    /// What sums are over, as every text may ask for it: `day` or `period`.
    span: &'static str,
    bundle: FluentBundle<FluentResource>,
    /// How numbers are written.
    pub(super) numbers: Numbers,
}

/// Places of the built-in city, as it writes them, and their texts.
const PLACES: [(&str, &str); 7] = [
    ("Ponte sulla Bormida (SP10)", "place-ponte-bormida"),
    ("Ponte Meier", "place-ponte-meier"),
    ("Ponte Tiziano", "place-ponte-tiziano"),
    ("Anello: spalto Marengo", "place-spalto-marengo"),
    ("Anello: spalto Borgoglio", "place-spalto-borgoglio"),
    ("Radiale: via Marengo", "place-via-marengo"),
    ("Radiale interna: corso Roma", "place-corso-roma"),
];

impl Texts {
    /// The texts of that language, for sums over a whole day or over one period of it.
    ///
    /// # Panics
    /// Where the file of texts in the program is broken; a test reads both.
    pub(super) fn new(language: Language, is_whole_day: bool) -> Self {
        let (source, locale): (&str, LanguageIdentifier) = match language {
            Language::It => (ITALIAN, langid!("it")),
            Language::En => (ENGLISH, langid!("en")),
        };
        let resource = FluentResource::try_new(source.to_owned()).expect("the texts in the program are Fluent");
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).expect("each message in the program stands once");
        let span = if is_whole_day { "day" } else { "period" };
        Self { language, span, bundle, numbers: Numbers::new(language) }
    }

    /// The language.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// A text without gaps.
    pub(super) fn say(&self, id: &str) -> String {
        self.fill(id, &[])
    }

    /// A place by its name in the reader's language, where there is one; otherwise as its city writes it.
    pub(super) fn place(&self, name: &str) -> String {
        let known = PLACES.iter().find(|(known, _)| *known == name);
        known.map_or_else(|| name.to_owned(), |(_, id)| self.say(id))
    }

    /// A text with its gaps filled; numbers choose between singular and plural and must stand in the text as words
    /// that [`Numbers`] wrote.
    ///
    /// # Panics
    /// Where the message is not in the file, or a gap has no value; tests render every text in both languages.
    pub(super) fn fill(&self, id: &str, gaps: &[(&str, Gap<'_>)]) -> String {
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        let pattern = pattern.unwrap_or_else(|| panic!("the report has no text '{id}'"));
        let mut arguments = FluentArgs::with_capacity(gaps.len() + 1);
        arguments.set("span", FluentValue::from(self.span));
        for &(name, gap) in gaps {
            arguments.set(
                name,
                match gap {
                    Gap::Words(words) => FluentValue::from(words),
                    Gap::Count(count) => FluentValue::from(count),
                },
            );
        }
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        assert!(errors.is_empty(), "the text '{id}' cannot be filled: {errors:?}");
        text
    }

    /// The side of a text in two languages that is wanted.
    pub(super) fn of<'a>(&self, text: &'a Text) -> &'a str {
        text.get(self.language)
    }
}

/// What fills a gap in a text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Gap<'a> {
    /// Words or a written number.
    Words(&'a str),
    /// A count that chooses between singular and plural.
    Count(usize),
}

impl<'a> From<&'a str> for Gap<'a> {
    fn from(words: &'a str) -> Self {
        Self::Words(words)
    }
}

impl<'a> From<&'a String> for Gap<'a> {
    fn from(words: &'a String) -> Self {
        Self::Words(words)
    }
}

impl From<usize> for Gap<'_> {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::*;

    /// Every message of a file with the names of its gaps.
    fn messages(source: &str) -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in source.lines() {
            if let Some((id, _)) = line.split_once(" =")
                && line.starts_with(|c: char| c.is_ascii_lowercase())
            {
                current = id.to_owned();
                assert!(found.insert(current.clone(), Vec::new()).is_none(), "{id} stands twice");
            }
            for gap in line.split('$').skip(1) {
                let name: String = gap.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                found.get_mut(&current).expect("a gap stands in a message").push(name);
            }
        }
        for gaps in found.values_mut() {
            gaps.sort_unstable();
            gaps.dedup();
        }
        found
    }

    fn sources(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).expect("the folder of this chapter") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, text);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                text.push_str(&std::fs::read_to_string(&path).expect("a source file"));
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_messages_with_the_same_gaps() {
        let (italian, english) = (messages(ITALIAN), messages(ENGLISH));
        assert!(italian.len() > 40);
        assert_eq!(italian, english);
    }

    #[test]
    fn every_message_is_used() {
        let mut code = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report"), &mut code);
        let is_told = |id: &str| code.contains(&format!("\"{id}\"")) || ITALIAN.contains(&format!("{{ {id} }}"));
        let unused: Vec<String> = messages(ITALIAN).into_keys().filter(|id| !is_told(id)).collect();
        assert_eq!(unused, [""; 0]);
    }
}

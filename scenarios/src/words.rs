//! The two languages that Gemello speaks, and texts that exist in both.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language of reports and titles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Italian.
    #[default]
    It,
    /// English.
    En,
}

impl Language {
    /// ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::En => "en",
        }
    }
}

/// Why a text names no language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a language that Gemello speaks; write it or en")]
pub struct LanguageError(pub String);

impl FromStr for Language {
    type Err = LanguageError;
    fn from_str(code: &str) -> Result<Self, LanguageError> {
        [Self::It, Self::En]
            .into_iter()
            .find(|language| language.code() == code)
            .ok_or_else(|| LanguageError(code.to_owned()))
    }
}

/// The same text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// In Italian.
    pub it: String,
    /// In English.
    pub en: String,
}

impl Text {
    /// The text in both languages.
    pub fn new(it: impl Into<String>, en: impl Into<String>) -> Self {
        Self { it: it.into(), en: en.into() }
    }

    /// A name that is the same in both.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { it: text.clone(), en: text }
    }

    /// The text in one of them.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::It => &self.it,
            Language::En => &self.en,
        }
    }
}

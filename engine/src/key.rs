//! Stable names of the things in a city.
//!
//! A key comes from the source that a thing was made from (`osm:way/48984833#2`, `civico:55909/90H`), never from its
//! place in a table, so that a scenario written today still means the same thing after a re-import.

use std::fmt;
use std::sync::Arc;

use bevy_ecs::component::Component;
use serde::{Deserialize, Serialize};

/// The longest key that is accepted, in bytes.
pub const KEY_LENGTH_MAX: usize = 200;

/// The stable name of one thing: `source:path`, without spaces or control characters, at most [`KEY_LENGTH_MAX`] bytes.
#[derive(Component, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(Arc<str>);

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no `source:` before the path, or nothing after it.
    #[error("key '{0}' is not of the form source:path")]
    Form(String),
    /// A space or a control character stands in it.
    #[error("key '{0}' holds a space or a control character")]
    Character(String),
    /// It is longer than [`KEY_LENGTH_MAX`].
    #[error("key '{0}…' is longer than {KEY_LENGTH_MAX} bytes")]
    Length(String),
}

impl Key {
    /// Takes a text as a key.
    ///
    /// # Errors
    /// [`KeyError`] where the text has no `source:` prefix, holds a space or control character, or is too long.
    pub fn new(text: impl AsRef<str>) -> Result<Self, KeyError> {
        let text = text.as_ref();
        if text.len() > KEY_LENGTH_MAX {
            return Err(KeyError::Length(text.chars().take(40).collect()));
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(KeyError::Character(text.escape_debug().to_string()));
        }
        match text.split_once(':') {
            Some((source, path)) if !source.is_empty() && !path.is_empty() => Ok(Self(Arc::from(text))),
            _ => Err(KeyError::Form(text.to_owned())),
        }
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number that depends on the text alone, for draws that belong to this thing (64-bit FNV-1a; Fowler, Noll and Vo).
    /// Two keys may share a number, at odds of one in 2⁶⁴ a pair.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.0.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    /// The part before the first colon: the source that the thing was made from.
    #[must_use]
    pub fn source(&self) -> &str {
        self.0.split_once(':').map_or("", |(source, _)| source)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Key {
    type Error = KeyError;
    fn try_from(text: String) -> Result<Self, KeyError> {
        Self::new(text)
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0.as_ref().to_owned()
    }
}

impl std::str::FromStr for Key {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_its_source() {
        let key = Key::new("osm:way/48984833#2").expect("valid");
        assert_eq!((key.source(), key.as_str()), ("osm", "osm:way/48984833#2"));
    }

    #[test]
    fn the_number_of_a_key_is_the_published_hash() {
        // Computed with another implementation that gives the published value for "a", af63dc4c8601ec8c.
        let number = |text| Key::new(text).expect("valid").number();
        assert_eq!(number("a:b"), 0xe661_9119_04a0_1160);
        assert_ne!(number("zone:1"), number("zone:2"));
    }

    #[test]
    fn what_is_not_a_key_says_why() {
        assert_eq!(Key::new("way"), Err(KeyError::Form("way".into())));
        assert_eq!(Key::new(":way"), Err(KeyError::Form(":way".into())));
        assert_eq!(Key::new("a:b c"), Err(KeyError::Character("a:b c".into())));
        assert!(matches!(Key::new(format!("a:{}", "x".repeat(300))), Err(KeyError::Length(_))));
    }
}

//! A parameter file, and how one is read: its format first, then everything in it, each fault with its line.

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The newest format of parameter files that is understood.
pub const FORMAT: u32 = 1;

/// A parameter file as read: its name, for messages, and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterFile<'a> {
    /// Name of the file, for messages.
    pub name: &'a str,
    /// What stands in it.
    pub text: &'a str,
}

/// Why a parameter file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterFileError {
    /// A line is wrong.
    #[error("{file}, line {line}: {message}")]
    Line {
        /// Name of the file.
        file: String,
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong and what to do.
        message: String,
    },
    /// The file as a whole is wrong.
    #[error("{file}: {message}")]
    File {
        /// Name of the file.
        file: String,
        /// What is wrong and what to do.
        message: String,
    },
}

/// The format that a file says it has.
#[derive(Deserialize)]
struct Format {
    format: toml::Spanned<u32>,
}

pub(super) fn parse<T: DeserializeOwned>(file: ParameterFile) -> Result<T, ParameterFileError> {
    let wrong = |error: &toml::de::Error| match error.span() {
        Some(span) => at(file, span.start, error.message()),
        None => ParameterFileError::File { file: file.name.to_owned(), message: error.message().to_owned() },
    };
    let format: Format = toml::from_str(file.text).map_err(|error| wrong(&error))?;
    if *format.format.get_ref() != FORMAT {
        let message =
            format!("format {} is not understood; this program reads format {FORMAT}", format.format.get_ref());
        return Err(at(file, format.format.span().start, &message));
    }
    toml::from_str(file.text).map_err(|error| wrong(&error))
}

/// What is wrong at a byte of a file, with the field whose line it is.
pub(super) fn at(file: ParameterFile, byte: usize, message: &str) -> ParameterFileError {
    let (before, _) = file.text.as_bytes().split_at(byte.min(file.text.len()));
    let line = before.iter().filter(|&&byte| byte == b'\n').count();
    let message = match file.text.lines().nth(line).and_then(field) {
        Some(field) => format!("{field}: {message}"),
        None => message.to_owned(),
    };
    ParameterFileError::Line { file: file.name.to_owned(), line: line + 1, message }
}

/// The field that a line is of.
fn field(line: &str) -> Option<&str> {
    let (field, _) = line.split_once('=')?;
    let field = field.trim().trim_matches('"');
    let is_key = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    (!field.is_empty() && field.chars().all(is_key)).then_some(field)
}

pub(super) fn whole_file(file: ParameterFile, errors: &[impl ToString]) -> ParameterFileError {
    let message = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    ParameterFileError::File { file: file.name.to_owned(), message }
}

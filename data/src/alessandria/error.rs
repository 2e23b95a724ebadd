//! What can go wrong while Alessandria is compiled from its open data.

use std::path::{Path, PathBuf};

use engine::city::Fault;
use engine::key::KeyError;

use super::streets::StreetsError;
use crate::projection::CrsError;

/// Why the city could not be compiled.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    /// A source file is missing or cannot be read.
    #[error("{}: {cause}; the recipe needs the folder of Alessandria's open data (addresses.csv, trees.csv, …)", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A line of a source file is not as it should be.
    #[error("{}, line {line}: {wrong}", file.display())]
    Line {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong, and what should stand there.
        wrong: String,
    },
    /// A source file as a whole is not as it should be.
    #[error("{}: {wrong}", file.display())]
    Content {
        /// The file.
        file: PathBuf,
        /// What is wrong, and what should stand there.
        wrong: String,
    },
    /// A file of the recipe itself (parameters, sights, observations) is not as it should be.
    #[error("the recipe's {file}: {wrong}")]
    Recipe {
        /// The file within the recipe.
        file: &'static str,
        /// What is wrong.
        wrong: String,
    },
    /// A key cannot be made of what the sources say.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A point cannot be projected.
    #[error(transparent)]
    Crs(#[from] CrsError),
    /// The streets could not be built.
    #[error(transparent)]
    Streets(#[from] StreetsError),
    /// Parts of the city do not fit together.
    #[error("{0}")]
    Geometry(String),
    /// What was compiled is not a valid city.
    #[error("the compiled city has {} faults, the first: {}", .0.len(), .0.first().map_or_else(String::new, ToString::to_string))]
    Faults(Vec<Fault>),
}

impl RecipeError {
    pub(super) fn content(file: &Path, wrong: impl Into<String>) -> Self {
        Self::Content { file: file.to_owned(), wrong: wrong.into() }
    }
}

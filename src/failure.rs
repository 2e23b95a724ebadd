//! How a command fails: because of what it was given, or because the work itself did not succeed.

use std::io;
use std::path::Path;
use std::process::ExitCode;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input or the call was wrong; exit code 2.
    Input(anyhow::Error),
    /// The work failed though the input was right: full disk, altered run; exit code 1.
    Work(anyhow::Error),
}

impl Failure {
    /// The input or the call was wrong.
    pub(crate) fn input(error: impl Into<anyhow::Error>) -> Self {
        Self::Input(error.into())
    }

    /// The work failed though the input was right.
    pub(crate) fn work(error: impl Into<anyhow::Error>) -> Self {
        Self::Work(error.into())
    }

    /// A file cannot be written: where its place is no place for a file, the call was wrong.
    pub(crate) fn unwritten(path: &Path, error: io::Error) -> Self {
        use io::ErrorKind::{InvalidInput, IsADirectory, NotADirectory, NotFound};
        let is_no_place = matches!(error.kind(), NotFound | NotADirectory | IsADirectory | InvalidInput);
        let told = anyhow::Error::new(error).context(format!("{}: cannot be written", path.display()));
        if is_no_place { Self::Input(told) } else { Self::Work(told) }
    }

    /// The same failure, with the place in the input that led there before it.
    pub(crate) fn at(self, place: String) -> Self {
        match self {
            Self::Input(error) => Self::Input(error.context(place)),
            Self::Work(error) => Self::Work(error.context(place)),
        }
    }

    /// What the process ends with.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Input(_) => ExitCode::from(2),
            Self::Work(_) => ExitCode::from(1),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Input(error) | Self::Work(error)) = self;
        // The chain on one line: file, then place, then what is wrong and what to do. Many an error tells its cause itself.
        let mut told = String::new();
        for cause in error.chain().map(ToString::to_string).filter(|cause| !cause.is_empty()) {
            if !told.contains(&cause) {
                let between = if told.is_empty() { "" } else { ": " };
                told = format!("{told}{between}{cause}");
            }
        }
        f.write_str(&told)
    }
}

//! What can be wrong with a file of trajectories.

use std::path::PathBuf;

/// Why trajectories cannot be written or read, and which file is to blame.
#[derive(Debug, thiserror::Error)]
#[error("{}: {fault}", path.display())]
pub struct TrajectoryError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub fault: TrajectoryFault,
}

/// What can be wrong.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message says what is wrong")]
pub enum TrajectoryFault {
    #[error("cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    #[error("is no file of trajectories")]
    NotTrajectories,
    #[error("is of format {0}, which is newer than this program; update gemello")]
    Newer(u8),
    #[error("ends too early; it was cut off: copy or make it again")]
    CutOff,
    #[error("is damaged: {0}; copy or make it again")]
    Damaged(&'static str),
    #[error("{0} is too large for a file of trajectories")]
    TooLarge(&'static str),
    #[error("frame {found} follows where frame {expected} is due")]
    Order { expected: u32, found: u32 },
    #[error("the step of trajectories is {0} s, but must be more than 0")]
    Step(f64),
}

impl TrajectoryFault {
    /// With the file to blame.
    #[must_use]
    pub fn at(self, path: &std::path::Path) -> TrajectoryError {
        TrajectoryError { path: path.to_owned(), fault: self }
    }
}

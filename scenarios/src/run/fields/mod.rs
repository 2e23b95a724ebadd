//! What is reckoned over the ground, where that is asked for: it takes longer than all else of a strategic run.
//!
//! Fields are of the mean traffic over the seeds; what a seed draws moves them as a whole. A field that lacks something is told as
//! missing, with what it needs, and never as zero.
//!
//! | file | what |
//! | --- | --- |
//! | `noise.rs` | levels at façades and on a grid, people exposed |
//! | `urban.rs` | where the grid lies |

mod noise;
mod urban;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub(super) use noise::NoiseOfRun;

/// What is reckoned over the ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Noise of road traffic.
    Noise,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 1] = [Self::Noise];

    /// The word used in files and calls.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Noise => "noise",
        }
    }

    /// The field of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// The tables that it adds to a run.
    #[must_use]
    pub fn tables(self) -> &'static [&'static str] {
        match self {
            Self::Noise => &["noise_facades", "noise_grid", "noise_people"],
        }
    }
}

/// The fields of a run.
pub type Fields = BTreeSet<Field>;

/// Why a field cannot be reckoned.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FieldError {
    /// The run does not cover what it needs.
    #[error("{field} needs {needs}; {instead}")]
    Lacks {
        /// Which field.
        field: &'static str,
        /// What it needs.
        needs: &'static str,
        /// What to do.
        instead: &'static str,
    },
    /// Something of the city cannot be.
    #[error("{field}: {faults}")]
    Faults {
        /// Which field.
        field: &'static str,
        /// What is wrong.
        faults: String,
    },
    /// A surface is not known.
    #[error("{written}there is no surface '{surface}'; the noise parameters know {known}")]
    Surface {
        /// Where it is written.
        written: String,
        /// The surface.
        surface: String,
        /// What there is.
        known: String,
    },
}

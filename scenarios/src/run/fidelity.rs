//! How closely vehicles are looked at.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where trajectories of the first seed of a run's first scenario are written, beside the run and no part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The file.
    pub path: PathBuf,
    /// How far its times are apart, in seconds: a multiple of a second.
    pub step_s: f64,
}

/// What moves traffic in a run. All three begin with the static equilibrium and tell the same tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fidelity {
    /// Flows: the static equilibrium itself.
    #[default]
    Strategic,
    /// Vehicles in queues, on the ways of the equilibrium.
    Meso,
    /// Vehicles lane by lane in steps of a second, on the ways of the equilibrium.
    Micro,
}

impl Fidelity {
    /// The word used in files and calls.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strategic => "strategic",
            Self::Meso => "meso",
            Self::Micro => "micro",
        }
    }

    /// Whether nothing moves.
    #[must_use]
    pub fn is_strategic(&self) -> bool {
        *self == Self::Strategic
    }
}

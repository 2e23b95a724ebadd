//! `--fidelity`: how closely vehicles are looked at.

use clap::ValueEnum;

/// How closely vehicles are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Fidelity {
    /// Flows: static assignment
    Strategic,
    /// Vehicles in queues, from event to event
    Meso,
    /// Vehicles lane by lane, in steps
    Micro,
}

impl From<Fidelity> for scenarios::run::Fidelity {
    fn from(fidelity: Fidelity) -> Self {
        match fidelity {
            Fidelity::Strategic => Self::Strategic,
            Fidelity::Meso => Self::Meso,
            Fidelity::Micro => Self::Micro,
        }
    }
}

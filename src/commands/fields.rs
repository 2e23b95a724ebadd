//! What a call asks to be reckoned over the ground.

use clap::ValueEnum;
use scenarios::run::Field;

/// What is reckoned over the ground.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FieldName {
    /// Noise of road traffic at façades and on a grid (CNOSSOS-EU), and people exposed; about a minute on two cores
    Noise,
}

impl From<FieldName> for Field {
    fn from(name: FieldName) -> Self {
        match name {
            FieldName::Noise => Self::Noise,
        }
    }
}

//! What vehicles emit and consume: EMEP/EEA air pollutant emission inventory guidebook, chapter 1.A.3.b, Tier 3.
//!
//! ```text
//! emission = distance · (hot(speed) + cold share · excess(speed, temperature)) + wear(speed)
//! ```
//!
//! Hot functions hold for mean speeds over trips of some kilometres with their stops ([`hot`]); they are used here on the mean speed of
//! a link, queue at its end included. The excess of cold engines is that of cars and vans ([`cold`]); wear is that of tyres, brakes and
//! the road ([`wear`]). Factors of a fleet are tabulated by speed once ([`FleetFactors`]), so that a city's day is a lookup a link.
//!
//! Left out: slopes and loads other than half (the table's), evaporation of petrol, raised emission of old catalysts, resuspended dust,
//! methane and nitrous oxide, what power stations emit for electric vehicles, and vehicles that stand with their engine on for longer than
//! the lowest speed of a function says.

pub mod cold;
mod fleet_factors;
pub mod hot;
mod parameters;
mod quantities;
pub mod wear;

#[cfg(test)]
mod tests;

pub use fleet_factors::{Activity, Conditions, FleetFactors, MissingFactor};
pub use parameters::{CarrierFigures, EmissionFactors, EmissionFault, EmissionUncertainty, Nh3Factor, No2Share};
pub use quantities::{Emission, Rates};

/// Where a link lies, as far as factors tell: see [`Situation::of`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Situation {
    /// Streets of a town.
    Urban,
    /// Roads outside towns.
    Rural,
    /// Motorways.
    Motorway,
}

impl Situation {
    /// Every situation, in the order of its number.
    pub const ALL: [Self; 3] = [Self::Urban, Self::Rural, Self::Motorway];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Urban => "urban",
            Self::Rural => "rural",
            Self::Motorway => "motorway",
        }
    }

    /// Where a link lies: motorways are motorways, other links with a free speed of 70 km/h or more lie outside towns (Italian towns
    /// allow 50, in exceptions 70).
    #[must_use]
    pub fn of(is_motorway: bool, free_speed_mps: f64) -> Self {
        const RURAL_FROM_MPS: f64 = 70.0 / 3.6 - 1e-9;
        match (is_motorway, free_speed_mps >= RURAL_FROM_MPS) {
            (true, _) => Self::Motorway,
            (false, true) => Self::Rural,
            (false, false) => Self::Urban,
        }
    }
}

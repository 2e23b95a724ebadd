//! Demand: who goes where, when and how.
//!
//! A four-step model on plain arrays, small enough for a city and its suburbs: generation by purpose and age, doubly
//! constrained distribution, multinomial mode choice, and fixed shares of each period; then traffic at the gates, whose counts
//! are input, and goods vehicles by simple rates. Sources stand at each step. Deterrence and mode constants are fitted
//! once to a survey of the base ([`FittedDemand::fit`]); every seed and every scenario that moves residents or jobs is
//! generated from that ([`FittedDemand::generate_for`]). Every trip that is generated is in the matrices: nothing is
//! rounded, cut off or dropped.
//!
//! Left out: chains of more than two trips, households, parking, the response of demand to a changed network,
//! differences of age and income between zones.
//!
//! | file | what |
//! | --- | --- |
//! | `parameters.rs` | what is assumed, and how far it may be off |
//! | `inputs.rs` | zones, gates, times: what the city says |
//! | `generation.rs`, `deterrence.rs`, `balancing.rs`, `modes.rs` | the steps |
//! | `gates.rs` | traffic with the outside |
//! | `fit.rs` | deterrence and mode constants from a survey |
//! | `model.rs`, `trips.rs` | the fitted model and the demand that it generates |
//! | `variation.rs` | what a seed changes |
//! | `mix.rs`, `event.rs` | other shares of vehicle classes; the visitors of an event |
//! | `counts.rs` | agreement with counts |

mod balancing;

mod counts;
mod deterrence;
mod event;
mod fit;
mod gates;
mod generation;
mod inputs;
mod matrix;
mod mix;
mod model;
mod modes;
mod parameters;
#[cfg(test)]
mod tests;
mod trips;
mod variation;

pub use balancing::{BalanceError, Balanced, balance};
pub use counts::{HourlyFit, geh, hourly_fit};
pub use deterrence::Tanner;
pub use event::Visitors;
pub use inputs::{DemandInputs, GateCount, InputError, ZoneActivity};
pub use matrix::Matrix;
pub use mix::VehicleMix;
pub use model::{FitReport, FittedDemand};
pub use modes::ByMode;
pub use parameters::{
    AgeRate, AttractionWeights, CHOSEN_MODES, DemandParameters, GateParameters, GoodsParameters, Mode, ModeParameters,
    ParameterError, PeriodShares, PurposeParameters, TripPurpose, UncertaintyParameters,
};
pub use trips::{CarTrips, Demand, PeriodDemand, PersonTrips};
pub use variation::Variation;

/// Why there is no demand.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DemandError {
    /// What the city says is wrong.
    #[error(transparent)]
    Input(InputError),
    /// What is assumed is wrong.
    #[error("demand parameters: {}", list(.0))]
    Parameters(Vec<ParameterError>),
    /// A period that the parameters name is not in the city's day, or the other way round.
    #[error(
        "the period '{name}' must be both in the city's day plan and in every share by period of the demand parameters"
    )]
    Period {
        /// Its name.
        name: String,
    },
    /// Trips do not fit their totals.
    #[error("distribution: {0}")]
    Balance(#[from] BalanceError),
    /// No constants give the observed mode shares.
    #[error(
        "no mode constants reproduce the surveyed mode shares; a mode may be all but impossible between these zones"
    )]
    ModeSharesOutOfReach,
    /// The search for the deterrence did not end.
    #[error("the deterrence was not fitted to the surveyed durations in {steps} steps")]
    FitNotConverged {
        /// Steps made.
        steps: usize,
    },
    /// Zones were given that are not those of the base.
    #[error("demand can be generated for the zones of its base only, in their order")]
    OtherZones,
}

fn list(errors: &[ParameterError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

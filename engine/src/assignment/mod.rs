//! Static assignment: which ways trips take when each takes the cheapest and time depends on the traffic of all.
//!
//! Wardrop's user equilibrium of several vehicle classes. An arc's time depends on its passenger-car units in total
//! ([`VolumeDelay`]); a class adds fixed costs of its own to each arc ([`ClassDemand`]), or may not use it. [`solve`]
//! finds the equilibrium by bushes (the flows from one origin) and paired alternative segments; [`skims`] tells what the
//! cheapest paths cost. Left out: queues and their spilling back, time within the period, stochastic choice.

mod balance;
mod bush;
mod delay;
mod equilibrium;
mod groups;
mod matrix;
mod order;
mod pairs;
mod problem;
#[cfg(test)]
mod properties;
mod proportional;
mod search;
mod skims;
mod solve;
mod star;
mod warm;

pub use delay::VolumeDelay;
pub use equilibrium::{Equilibrium, Unserved};
pub use matrix::{OdMatrix, OdMatrixError};
pub use problem::{AssignmentError, ClassDemand, Options, Problem};
pub use skims::skims;
pub use solve::solve;

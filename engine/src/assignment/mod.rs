//! Static assignment: which ways trips take when each takes the cheapest and time depends on the traffic of all.
//!
//! Wardrop's user equilibrium of several vehicle classes. An arc's time depends on its passenger-car units in total
//! ([`VolumeDelay`]); a class adds fixed costs of its own to each arc ([`ClassDemand`]), or may not use it. Total flows
//! are then unique wherever time rises with flow. Left out: queues and their spilling back, time within the period,
//! stochastic choice.
//!
//! [`solve`] keeps the flows of each origin and group of classes apart, as a *bush*, and repeats two steps. First every
//! bush finds its least-cost tree under the times of the moment, and for each arc that it uses off the tree a *pair of
//! alternative segments*; bushes do not see each other here, so this runs in parallel. Then the pairs, equal ones of
//! several bushes together, are balanced one after the other by Newton's method, always under the times that the one
//! before left. No step hangs on the number of threads, and so no bit of the result does. The method is that of Bar-Gera
//! (2010) as Xie and Xie (2016) sharpened it; the papers are named where their parts stand.
//!
//! Class flows, which the equilibrium leaves open, are settled by proportionality ([`Options::proportional`]). They need
//! a gap of 1e-8 or less to hold to a thousandth.
//!
//! | file | what |
//! | --- | --- |
//! | `delay.rs`, `matrix.rs`, `problem.rs` | what is asked: delays, trips, classes, options |
//! | `solve.rs` | the two steps, from a cold start; `warm.rs` from another equilibrium |
//! | `star.rs`, `search.rs` | the graph as searches walk it; least-cost trees |
//! | `groups.rs`, `bush.rs`, `order.rs` | classes that travel as one; their flows by origin, and each class's part |
//! | `pairs.rs`, `balance.rs` | finding pairs; moving flow between their segments |
//! | `proportional.rs` | what equilibrium leaves open |
//! | `equilibrium.rs`, `skims.rs`, `ways.rs` | what is answered |

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
mod ways;

pub use delay::VolumeDelay;
pub use equilibrium::{Equilibrium, Unserved};
pub use matrix::{OdMatrix, OdMatrixError};
pub use problem::{AssignmentError, ClassDemand, Options, Problem};
pub use skims::skims;
pub use solve::solve;
pub use ways::{TurnFlow, Ways};

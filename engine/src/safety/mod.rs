//! Road safety: how many crashes a street and a junction are likely to have, how grave they are and what they cost.
//!
//! Pure functions over plain numbers. What is expected of a site comes from functions of its traffic and layout that were
//! estimated in the United States ([`performance`]); nothing leaves that file without a factor for the place where it is used
//! ([`local_factor`]), which has no default. Where crashes were counted at a site, count and function are weighed
//! against each other ([`empirical_bayes`]). Coefficients stand in `scenarios/parameters/safety.toml`. Left out: crash
//! types within a class (rear-end, angle), near misses and conflicts of simulated vehicles, roundabouts (the manual's first
//! edition has no function for them), and rural roads and motorways.
//!
//! | file | what |
//! | --- | --- |
//! | [`performance`] | crashes a year of junctions and streets, from traffic and layout |
//! | [`local_factor`] | how many crashes there are here for each that the functions predict |
//! | [`empirical_bayes`] | what a site is to be expected, from function and count |
//! | [`speed`] | what a change of speed does |
//! | [`severity`] | deaths and injured of crashes, by mode, and what they cost |
//! | `fault.rs` | numbers that parameters cannot have |

pub mod empirical_bayes;
mod fault;
pub mod local_factor;
pub mod performance;
pub mod severity;
pub mod speed;

pub(crate) use fault::Checks;
pub use fault::ParameterFault;

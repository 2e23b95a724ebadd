//! From runs to a [`Comparison`](crate::comparison::Comparison): means, paired differences, and what a reader needs to
//! judge them.
//!
//! | file | what |
//! | --- | --- |
//! | `run_tables.rs` | a run's tables as arrays over links, periods and seeds |
//! | `assemble.rs` | which runs may be compared; the comparison as a whole |
//! | `appraisal.rs` | costs and benefits of each scenario |
//! | `indicators.rs` | indicators, and how small a difference of them the equilibria resolve |
//! | `sections.rs` | sections of streets, and how people say where they are |
//! | `flows.rs` | links, the streets that change most, the streets that edits touch |
//! | `observations.rs` | computed flows beside what is known of them; the gates' day |
//! | `origins.rs` | trips and durations by zone and quarter; whom a limited-traffic zone concerns |
//! | `queues.rs` | queues and lost time by quarter hour, where vehicles moved |
//! | `background.rs` | what the city is made of, and what maps show for orientation |

mod appraisal;
mod assemble;
mod background;
mod flows;
mod indicators;
mod observations;
mod origins;
mod queues;
mod run_tables;
mod sections;

#[cfg(test)]
mod tests;

pub use assemble::{CompareError, compare};

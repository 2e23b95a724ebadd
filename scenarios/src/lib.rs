//! What-if: the scenario language, runs, indicators, comparison, reports.
//!
//! **Invariant.** This crate knows what a plan is and what a run is. It reads and writes files only through `data`, and
//! simulates only through `engine`.
//!
//! | chapter | what it holds |
//! | --- | --- |
//! | [`scenario`] | the scenario language and its edits |
//! | [`run`] | runs: slices of the day, equilibria, indicators, the run folder, verification |
//! | [`batch`] | many scenarios over one base, resumable |
//! | [`bills`] | what works cost |
//! | [`compare`] | from runs to a comparison |
//! | [`comparison`] | the base beside its scenarios: what reports are made from |
//! | [`estimate`] | quantities over the seeds: means, percentiles, paired differences |
//! | [`parameters`] | the files that say what the models assume |
//! | [`report`] | the HTML report of a comparison |
//! | [`verdict`] | what a difference allows to be said |
//! | [`words`] | the two languages of titles and reports |

pub mod batch;
pub mod bills;
pub mod compare;
pub mod comparison;
pub mod estimate;
pub mod parameters;
pub mod report;
pub mod run;
pub mod scenario;
pub mod verdict;
pub mod words;

#[cfg(test)]
#[path = "../../tests/support/small_city.rs"]
mod test_city;

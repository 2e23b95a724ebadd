//! What-if: the scenario language, runs, indicators, comparison, reports.
//!
//! **Invariant.** This crate knows what a plan is and what a run is. It reads and writes files only through `data`, and
//! simulates only through `engine`.

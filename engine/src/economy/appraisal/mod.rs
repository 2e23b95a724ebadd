//! Cost–benefit analysis: what a plan is worth to everybody, and to whom.
//!
//! European Commission (2014), *Guide to Cost-Benefit Analysis of Investment Projects*, and its *Economic Appraisal Vademecum
//! 2021–2027*; for Italy the ministry's *Linee guida per la valutazione degli investimenti in opere pubbliche* (D.M. 300/2017).
//! Users gain by the rule of half: those who travelled before gain in full, those who come or leave gain half of the difference
//! (Harberger 1971; Neuburger 1971, Journal of Transport Economics and Policy 5(1), 52–75). What they pay in tolls and fares is
//! their loss and the city's revenue. External effects are changes of emissions, of noise at the front of each person, and
//! of crashes, times what one of them costs. Every amount keeps the class of users and the group of people that it falls on. Left
//! out: taxes and shadow prices, health from walking and cycling, reliability and comfort, and travellers who change class.
//!
//! | file | what |
//! | --- | --- |
//! | `unit_values.rs` | what an hour, a kilometre, a kilogram, a decibel and a crash are worth |
//! | `users.rs` | the rule of half |
//! | `external.rs` | air, climate, noise, crashes |
//! | `project.rs` | costs and revenues by year, and all amounts of a plan |
//! | `accounts.rs` | present values by account, class and group; the figures of merit |

mod accounts;
mod external;
mod project;
#[cfg(test)]
mod tests;
mod unit_values;
mod users;

pub use accounts::{Account, Appraisal, AppraisalLine, Entry, Terms, appraise, appraised};
pub use external::{ExternalChange, ExternalEffect, NoiseExposure};
pub use project::{AppraisalFault, Project, Stream, StreamKind, entries};
pub use unit_values::{CarbonPath, ClassValues, CrashValues, NoiseCosts, PollutantCost, UnitValues};
pub use users::{TripCost, UserChange};

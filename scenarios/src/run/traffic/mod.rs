//! Vehicles that move in a run: from equilibria to streets, lanes, trips, and back to what the tables tell.
//!
//! ```text
//! equilibria of a seed ──▶ vehicles with ways ─┐
//! links, base's flows ──▶ streets ──▶ lanes ───┴─▶ meso or micro ──▶ links by quarter hours, trips, counts
//! ```
//!
//! Routes are those of the static equilibrium of the slice in which a vehicle begins. A day begins with empty streets at
//! midnight; a run of one period begins [`simulate::WARM_UP_S`] before it, with the period's traffic, and tells nothing of
//! that. What is still on its way at the end goes on for [`simulate::AFTERWARDS_S`] at most.
//!
//! | file | what |
//! | --- | --- |
//! | `design.rs` | what signals are designed for |
//! | `lanes.rs` | a city's lanes, the same for all seeds |
//! | `lane_features.rs` | the same for other tools, to be looked at |
//! | `reserved.rs` | lanes for buses and bicycles, after the scenario's edits |
//! | `signals.rs`, `waves.rs` | how signals are controlled and coordinated, after the scenario's edits |
//! | `lines.rs` | lines of buses |
//! | `streams.rs`, `assigned.rs` | which vehicles are drawn together, and from which equilibria |
//! | `simulate.rs` | one seed |
//! | `links.rs`, `turns.rs` | what streets and turns say of the city's links, and of the turns from one to the next |
//! | `trips.rs` | what arrivals say of trips |

mod assigned;
mod design;
mod lane_features;
mod lanes;
mod lines;
mod links;
mod reserved;
mod signals;
mod simulate;
mod streams;
#[cfg(test)]
mod tests;
mod trips;
mod turns;
mod waves;

pub(super) use design::Design;
pub(super) use lanes::CityLanes;
pub use links::{BIN_S, LinkBin, LinkBins};
pub use simulate::SeedTraffic;
pub(super) use simulate::{Stage, simulate};
pub use streams::StreamsError;
pub(super) use streams::check as check_streams;
pub(super) use turns::assigned_turns;
pub use turns::{TurnBins, TurnRow};

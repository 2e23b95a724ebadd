//! What comes out of traffic, whichever simulation ran: one set of tables.
//!
//! Time is cut into equal [bins](TimeBins). For each bin and street there are sums over its vehicles ([`StreetBin`]), from which
//! flow, density and speed follow by the generalised definitions of L. C. Edie (1963), *Discussion of traffic stream
//! measurements and definitions*, Proceedings of the 2nd International Symposium on the Theory of Traffic Flow, 139–154; and
//! for each bin and turn sums over the vehicles that have made it ([`TurnBin`]). Nothing is counted twice and nothing is
//! lost: time on streets and time inside junctions add up to the time on the road, and whoever has entered or departed has left,
//! arrived, or is still there.
//!
//! Micro and meso record while they run, once asked to (`recording`), and pay nothing otherwise; the flows of a static
//! equilibrium give the same tables ([`TrafficResults::stationary`]). All sums are taken in a fixed order: the number of threads
//! does not show. Left out: sums for single lanes, and queues inside junctions.

mod bins;
mod crossing;
mod loops;
mod recorder;
mod stationary;
mod street;
mod table;
mod turn;

#[cfg(test)]
mod tests;

pub use bins::TimeBins;
pub use crossing::CrossingBin;
pub use loops::{InductionLoop, LoopPassing};
pub(super) use loops::{LoopEvent, Loops};
pub(super) use recorder::{Recorder, Spent, Tally};
pub use stationary::{StationaryFlow, StationaryTurn};
pub use street::StreetBin;
pub use table::TrafficResults;
pub use turn::TurnBin;

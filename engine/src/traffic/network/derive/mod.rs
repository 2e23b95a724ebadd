//! Lanes, junctions, conflicts and precedence for cities of which only streets are known.
//!
//! [`derive()`] makes [`NetworkRows`](super::rows::NetworkRows) of [`PlainStreets`]. Traffic keeps to the right. Each
//! rule is told, with its source, where it is written; numbers that no source gives are our rules.
//!
//! | file | rule |
//! | --- | --- |
//! | `plain` | what goes in: streets with a line, a number of lanes and a rank |
//! | `lines` | parts of lines, and lines beside them |
//! | `site` | what meets at each junction, and the turns that lead out of it |
//! | `pockets` | short lanes for turns to the left |
//! | `acceleration` | lanes that those who join a motorway begin on |
//! | `reserved` | lanes for buses and bicycles, and where they end before a junction |
//! | `setbacks` | how far before a junction its streets end |
//! | `carriageways` | lanes beside each other |
//! | `lane_use` | which lane leads where |
//! | `ways` | curves through junctions and their speeds |
//! | `movements` | movements from lane to lane, and where they touch |
//! | `precedence` | who goes first |
//! | `crossings` | where people cross on foot |
//! | `stages` | who has green together, and the time between |
//! | `stage_search` | the same where flows are known |
//! | `fixed_time` | a program for signals without one |
//! | `junction_capacity` | what junctions let pass |
//! | `compose` | all of it in order |
//! | `signal_control` | other control of a signal: times from outside, by gaps, by queues, with priority for buses |
//! | `signal_timing` | times of a signal from the flows of its movements |
//! | `green_wave` | offsets of signals along a street |

mod acceleration;
mod carriageways;
#[cfg(test)]
mod cases;
mod compose;
mod crossings;
mod fixed_time;
mod green_wave;
mod junction_capacity;
mod lane_use;
pub(in crate::traffic) mod lines;
mod movements;
mod plain;
mod pockets;
mod precedence;
#[cfg(test)]
mod properties;
mod reserved;
mod setbacks;
mod signal_control;
mod signal_timing;
mod site;
mod stage_search;
mod stages;
mod ways;

pub use compose::{DerivedNetwork, derive};
pub use green_wave::StreetWave;
pub(in crate::traffic) use junction_capacity::{CROSSING_S, potential_capacity_vph};
pub use plain::{
    Control, DeriveFault, LANES_MAX, LENGTH_MIN_M, LOOSE_END_MAX_M, PlainCrossing, PlainJunction, PlainStreet,
    PlainStreets, rank,
};
pub use signal_control::{ControlChoice, ControlKind, GreenLimits, SignalFault, Walking};
pub use signal_timing::{MovementFlow, OpenMovement, TimingOptions};
pub use stages::{SignalPlan, Stage};

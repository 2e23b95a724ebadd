//! Vehicles lane by lane, in steps of 0.5 to 1 s.
//!
//! Each step has phases. In each, vehicles either look at everybody and change nothing (`plan`, `lane_change`), or change
//! themselves and look at nobody (`drive`): results do not depend on the order in which lanes are worked on, nor on the
//! number of threads.
//!
//! 1. Lamps change.
//! 2. People at crossings begin to cross and walk on (`pedestrians`).
//! 3. Everybody plans: the speed with which it can go on, and with which it can wait (`plan`).
//! 4. Those who give way decide, then all move (`approach`, `drive`).
//! 5. Who has left a lane arrives on the next (`settle`), and chooses another way if it lost much before (`look_about`).
//! 6. Everybody looks at the lanes beside it, then those who want to change and can do so (`lane_change`).
//! 7. Who passes somebody within the lane takes a place beside them (`abreast`).
//! 8. Who has stood for too long chooses another way (`reroute`).
//! 9. Trips begin where there is room (`depart`).

mod abreast;
mod approach;
mod chance;
mod depart;
mod drive;
mod lamps;
mod lane_change;
mod look_about;
mod pedestrians;
mod places;
mod plan;
mod reactions;
mod record;
mod reroute;
mod scene;
mod settle;
mod simulation;
mod sought;
mod team;
mod vehicles;

#[cfg(test)]
mod abreast_tests;
#[cfg(test)]
mod gridlock_tests;
#[cfg(test)]
mod pedestrian_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use simulation::{Micro, OnLane};

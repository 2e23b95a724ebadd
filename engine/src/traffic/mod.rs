//! Vehicles that move: one lane-level network, and the simulations that run on it.
//!
//! | chapter | what it holds |
//! | --- | --- |
//! | [`network`] | streets, lanes, ways through junctions, who gives way to whom, signals: read-only while traffic runs |
//! | [`demand`] | vehicle types, routes, trips and their stops |
//! | [`pedestrians`] | who comes to crossings on foot, and how fast they walk |
//! | [`car_following`] | how fast one may go behind another: Krauss, IDM, human driver model |
//! | `informed` | what drivers know of the traffic ahead, and when they choose another way for it |
//! | [`routing`] | the fastest way, for trips without a route and those whose way is jammed |
//! | [`from_city`] | streets and vehicles of a city and its static assignment |
//! | [`micro`] | lane by lane, in steps of 0.5 to 1 s |
//! | [`meso`] | lane by lane, from event to event: queues, kinematic waves, junctions |
//! | [`simulation`] | what both have in common for those who run them: how they are asked, and what they tell
//! | [`results`] | what came out, whichever ran: sums for streets and turns, by time |
//! | [`trajectories`] | where vehicles are, again and again: one view of both simulations |
//!
//! Distances in metres, times in seconds, speeds in metres a second. A position on a lane is that of the vehicle's
//! front bumper, from the beginning of the lane.

pub mod car_following;
pub mod current_ways;
pub mod demand;
mod drivers;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod from_city;
mod informed;
#[cfg(test)]
mod known;
mod lane_plan;
mod lane_sharing;
pub mod meso;
pub mod micro;
pub mod network;
#[cfg(test)]
mod pedestrian_tests;
pub mod pedestrians;
pub mod results;
pub mod routing;
mod rule;
#[cfg(test)]
mod signal_tests;
pub mod simulation;
pub mod trajectories;

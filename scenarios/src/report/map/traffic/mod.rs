//! A picture of traffic at one time, from recorded trajectories: lanes, stop lines with their lamps, and every vehicle where
//! it is, in its true length and width, coloured by its speed.
//!
//! Left out: buildings, names of streets, and the way across of a change of lanes.

mod bodies;
mod drawing;
mod place;
#[cfg(test)]
mod tests;

pub use drawing::{Picture, draw};
pub use place::{PlaceError, busiest, find};

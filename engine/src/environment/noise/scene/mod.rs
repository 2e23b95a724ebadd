//! A city as sound finds it: lines that sound, walls that hide and mirror, ground that swallows.
//!
//! Plain data goes in ([`Surroundings`]), is checked ([`SceneFault`]), and comes out as a [`Scene`] in which whatever a ray meets is found
//! by walking over the squares of a grid. Coordinates are projected metres. Roofs are flat, walls upright, and ground is known by
//! square of the grid: the mean of what lies in it.

mod elevations;
mod faults;
mod grid;
mod ground;
mod input;
mod lines;
mod polygon;
mod world;

pub use elevations::Elevations;
pub use faults::SceneFault;
pub use input::{Building, GroundArea, LineSource, Surroundings};
pub use lines::merge_directions;
pub use world::Scene;

pub(super) use grid::{ListedWall, Wall};
pub(super) use lines::SoundLine;

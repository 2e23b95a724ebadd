//! What traffic does to the city's air and quiet, and what stands in its light.
//!
//! | chapter | what it holds |
//! | --- | --- |
//! | [`fleet`] | which vehicles drive: by kind, fuel, size, Euro standard; how they age |
//! | [`emissions`] | what they emit and consume, link by link |
//! | [`air`] | how traffic changes the air: line sources, weather, concentrations at receptors and on a grid |
//! | [`noise`] | road-traffic noise by CNOSSOS-EU: sources, propagation, levels at façades and on a grid, people exposed |
//! | [`sun`] | where the sun stands, whom buildings and trees put into the shade, and for how long |

pub mod air;
pub mod emissions;
pub mod fleet;
pub mod noise;
pub mod sun;

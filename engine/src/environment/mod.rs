//! What traffic does to those who live beside it.
//!
//! | chapter | what it holds |
//! | --- | --- |
//! | [`noise`] | road-traffic noise by CNOSSOS-EU: sources, propagation, levels at façades and on a grid, people exposed |

pub mod noise;

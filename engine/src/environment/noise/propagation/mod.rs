//! How sound gets from a point source to a receiver: CNOSSOS-EU on a vertical cut.
//!
//! Directive (EU) 2015/996, annex, 2.5, as amended by Delegated Directive (EU) 2021/1226: geometric divergence, absorption by air, the ground
//! seen as a mean plane, diffraction over edges in homogeneous and in favourable conditions, reflection by walls, lateral diffraction.
//! What the text leaves open is done as NoiseModelling does it, whose published results of the cases of ISO/TR 17534-4 are the
//! tests. All is energy here, not decibels: 10^(−A/10) of an attenuation A. Left out: barriers on railway bodies (2.5.6), absorbing
//! edges of barriers, terrain that diffracts on a lateral path.
//!
//! - [`Air`]: what the air between them does;
//! - [`Profile`], [`CutPoint`], [`Role`]: the vertical cut, unfolded;
//! - [`attenuation`], [`Attenuation`]: what arrives, in homogeneous and in favourable conditions.

mod air;
mod boundary;
mod diffraction;
mod ground;
mod hull;
mod path;
mod profile;
mod reflection;
#[cfg(test)]
mod tests;

pub use air::{Air, AirFault};
pub use path::{Attenuation, Scratch, attenuation};
pub use profile::{CutPoint, PathEnd, Profile, Role};

//! Road-traffic noise by CNOSSOS-EU.

pub mod bands;
mod decay;
pub mod periods;
pub mod source;

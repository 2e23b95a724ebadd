//! Road-traffic noise by CNOSSOS-EU.

pub mod bands;
mod decay;
pub mod periods;
pub mod propagation;
pub mod source;

//! Road-traffic noise by CNOSSOS-EU.

pub mod bands;
mod decay;
pub mod field;
pub mod periods;
pub mod propagation;
pub mod receivers;
pub mod scene;
pub mod source;

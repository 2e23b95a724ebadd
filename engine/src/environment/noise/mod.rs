//! Road-traffic noise by CNOSSOS-EU.
//!
//! Directive (EU) 2015/996, as amended by Delegated Directive (EU) 2021/1226, the common method of Directive 2002/49/EC on environmental noise. The
//! coefficients come as data; both sets have the same shape.
//!
//! | chapter | what it holds |
//! | --- | --- |
//! | [`bands`], [`periods`] | octave bands and A-weights; day, evening and night, and L_den |
//! | [`source`] | what a metre of road emits |
//! | [`propagation`] | what arrives of a point source along a vertical cut |
//! | [`scene`] | a city as sound finds it: lines, buildings, ground |
//! | [`field`] | levels at many receivers, and after a change |
//! | [`receivers`] | where receivers stand: at façades, and on a grid |
//! | [`exposure`] | people by class of level |

pub mod bands;
mod decay;
pub mod exposure;
pub mod field;
pub mod periods;
pub mod propagation;
pub mod receivers;
pub mod scene;
pub mod source;

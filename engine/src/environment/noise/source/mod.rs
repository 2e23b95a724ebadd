//! What a road emits: the line source of CNOSSOS-EU.
//!
//! Directive (EU) 2015/996, annex, 2.2, with the coefficients of its appendix F or those of Delegated Directive (EU) 2021/1226; the
//! formulas are the same. A road is a line 0.05 m above its surface; each vehicle rolls and drives on it. Left out: bridges, vehicles
//! of category 5, and directivity, of which roads have none (2.5.6).
//!
//! - [`VehicleCategory`], [`RoadCoefficients`]: what vehicles emit at the reference speed, and how that changes with speed;
//! - [`Surface`], [`RoadSection`]: surface, gradient, temperature, junction, studded tyres;
//! - [`CategoryFlow`], [`sound_power_per_metre_db`]: the sound power of a metre of road.

mod coefficients;
mod emission;
mod section;
#[cfg(test)]
mod tests;

pub use coefficients::{
    CATEGORIES, CATEGORY_COUNT, CategoryCoefficients, CoefficientFault, JunctionEffect, LogLinear, RoadCoefficients,
    StuddedTyres, VehicleCategory,
};
pub use emission::{CategoryFlow, EmissionFault, SOURCE_HEIGHT_M, sound_power_per_metre_db, vehicle_sound_power_db};
pub use section::{Junction, JunctionKind, RoadSection, Surface, SurfaceEffect, SurfaceFault};

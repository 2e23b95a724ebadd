//! The built-in city of Alessandria: the recipe that compiles it from its open data.
//!
//! The raw files stay outside the project; what they compile to is embedded in the program. Every rule is
//! written where it is applied, every figure from outside stands in a `.toml` file with its unit, source and year, and
//! every row says whether it is real, derived or synthetic.
//!
//! | file | what it makes |
//! | --- | --- |
//! | `open_data.rs` | typed rows of the sources |
//! | `streets/` | junctions, links, gates, water, railways |
//! | `ring.rs` | the ring of the spalti: where the centre ends |
//! | `residents.rs` | who lives at which house number |
//! | `zoning.rs`, `areas.rs` | zones of census sections, and the ground of zones and quarters |
//! | `attractors.rs` | jobs, school places, services, leisure by zone |
//! | `connectors.rs` | where zones meet the streets |
//! | `buildings.rs` | a synthetic footprint for each cluster of house numbers |
//! | `sights.rs` | sights, public places, fuel stations, trees |
//! | `observations.rs`, `survey.rs` | what is known of flows and trips |
//! | `compile.rs`, `quality.rs` | all of it together, and what is measured of it |
//! | `built_in.rs` | the compiled city that is part of the program |

mod areas;
mod attractors;
mod buildings;
mod built_in;
mod compile;
mod connectors;
mod error;
mod observations;
mod open_data;
mod parameters;
mod provenance;
pub mod quality;
#[cfg(test)]
mod quality_gates;
mod residents;
mod ring;
mod sights;
pub mod streets;
mod survey;
mod zoning;

pub use built_in::{built_in, built_in_files};
pub use compile::{CompileReport, Compiled, compile};
pub use error::RecipeError;

//! Safety performance functions: crashes a year of junctions and streets, from their traffic and layout.
//!
//! American Association of State Highway and Transportation Officials (2010), *Highway Safety Manual*, 1st edition, chapter 12
//! (urban and suburban arterials): functions of three- and four-leg junctions with stop signs or signals (equations 12-21
//! to 12-31) and of streets of two to five lanes (equations 12-10 to 12-20), the adjustment factors of its section 12.7, and
//! the ranges of traffic in which the functions hold. Traffic outside them is told ([`OutOfRange`]), since the function goes on but
//! nobody has seen whether crashes do. The functions describe the United States: what comes out of them is
//! [`Uncalibrated`] and gives its numbers only for a [`LocalFactor`](super::local_factor::LocalFactor). Left out: collision types other
//! than those that a factor needs, one-way streets and six lanes or more (not in the first edition), and the ranges of the
//! pedestrian functions.
//!
//! | file | what |
//! | --- | --- |
//! | `coefficients.rs` | the functions with their coefficients, by severity |
//! | `junction.rs`, `junction_factors.rs` | junctions, and what their layout changes |
//! | `segment.rs`, `segment_factors.rs` | streets between junctions, and what their layout changes |
//! | `crashes.rs` | what comes out, by kind of collision and severity |

mod coefficients;
mod crashes;
#[cfg(test)]
mod fixture;
mod junction;
mod junction_factors;
mod segment;
mod segment_factors;
#[cfg(test)]
mod tests;

pub use coefficients::{InjuryFunction, JunctionFunction, PerformanceCoefficients, SegmentFunction, SeverityFunctions};
pub use crashes::{Collisions, OutOfRange, SiteCrashes, SiteFault, Uncalibrated};
pub use junction::{Crossing, Junction, JunctionCoefficients, JunctionKind, PedestrianFunction};
pub use junction_factors::{JunctionFactors, JunctionLayout, LeftTurnPhasing};
pub use segment::{Driveways, Segment, SegmentCoefficients, SegmentKind};
pub use segment_factors::{
    FixedObjects, NightShares, OnStreetParking, ParkingKind, SegmentFactors, SegmentLayout, SpeedCategory,
};

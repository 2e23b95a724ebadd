//! Scenarios of SUMO: from a configuration (`.sumocfg`) to the engine's rows and demand.
//!
//! The formats are those of SUMO 1.28 (DLR, 2026; <https://sumo.dlr.de/docs/>): networks (`.net.xml`), routes and trips
//! (`.rou.xml`), additional files (`.add.xml`), each packed with gzip or not. What a scenario says and the engine does not
//! follow is never dropped in silence: it is told once a kind in [`Scenario::notes`], and trips that cannot be driven in
//! [`Scenario::refused_trips`].
//!
//! Left out: people who ride, rails, water and air, programs of signals that follow traffic otherwise than by gaps, changes
//! during the run (rerouters, calibrators, variable signs), and all of SUMO's outputs but those in [`outputs`].
//!
//! | file | what it holds |
//! | --- | --- |
//! | `configuration` | the configuration |
//! | `net`, `right_of_way`, `signals` | the network: lanes and connections, who gives way, what lamps show |
//! | `actuated` | programs of signals that follow traffic by gaps |
//! | `vehicle_classes`, `vehicle_types` | who drives |
//! | `routes`, `trips`, `departures`, `stops` | where, when, and where they stand on the way |
//! | `parameters` | what they carry along |
//! | `footways`, `people` | crossings on foot, and who walks over them |
//! | `detectors` | induction loops |
//! | `loading` | which element of a file is for whom |
//! | `roads`, `admission`, `assembly` | who can drive, and what becomes of that in the engine's demand |
//! | [`outputs`] | what came out, in SUMO's formats |
//! | `source`, `element`, `notes`, `error` | files, XML, what is told |

mod actuated;
mod admission;
mod assembly;
mod configuration;
mod departures;
mod detectors;
mod element;
mod error;
mod footways;
mod loading;
mod net;
mod notes;
pub mod outputs;
mod parameters;
mod people;
mod right_of_way;
mod roads;
mod routes;
mod scenario;
mod signals;
mod source;
mod stops;
mod trips;
mod vehicle_classes;
mod vehicle_types;

#[cfg(test)]
mod tests;

pub use admission::RefusedTrip;
pub use assembly::PendingTrip;
pub use detectors::Detector;
pub use error::{SumoError, SumoFault};
pub use net::Projection;
pub use notes::Note;
pub use scenario::{Scenario, read, read_from};
pub use signals::lamp_letter;

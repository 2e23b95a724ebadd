//! Applying a scenario: from the base's tables and a chain of edits to the tables of the city as it would be.
//!
//! The base's rows stay where they are and none is removed, so that the scenario's network extends the base's: what is
//! closed stays as a link that nobody may use, what is built is appended. Every edit that does not fit the city is
//! reported, not only the first.
//!
//! | file | what |
//! | --- | --- |
//! | `applied.rs` | the city as it would be |
//! | `misfit.rs` | what about an edit may not fit the city |
//! | `editor.rs` | the order in which a chain's edits are done, and who sets what |
//! | `selection.rs`, `ground.rs` | which links an edit is about, and which area |
//! | `closures.rs`, `directions.rs` | who may use a link, in which direction |
//! | `properties.rs` | lanes, speeds, capacities, tolls |
//! | `roads.rs` | what is built |
//! | `zones.rs`, `limited_zones.rs` | people and jobs; limited-traffic zones |
//! | `junctions.rs`, `signals.rs` | which junctions an edit is about; signals and green waves |
//! | `lanes.rs`, `lines.rs` | lanes for buses and bicycles; lines of buses |
//! | `roundabouts.rs` | rings instead of junctions |
//! | `events.rs` | events, and what traffic is made of |
//! | `buildings.rs` | what is built, pulled down, planted |
//! | `works.rs` | what a plan costs, what streets are paved with |
//! | `fleet.rs` | which vehicles drive, and where they may |
//! | `lifts.rs` | what a scenario takes back of its parents |
//! | `traffic.rs` | what only vehicles that move feel |
//! | `told.rs` | edits in words |

mod applied;
mod buildings;
mod closures;
mod directions;
mod editor;
mod events;
mod fleet;
mod ground;
mod junctions;
mod lanes;
mod lifts;
mod limited_zones;
mod lines;
mod misfit;
mod properties;
mod roads;
mod roundabouts;
mod selection;
mod signals;
mod told;
mod traffic;
mod works;
mod zones;

pub use applied::{Applied, LimitedZone, Narrowing, Ring, SCENARIO_SOURCE, VisitedEvent, WrittenAt, WrittenSignals};
pub(super) use closures::hours;
pub use editor::apply;
pub(super) use events::event_windows;
pub use fleet::{Banned, CleanZone, FleetEdits};
pub use misfit::{ApplyError, Misfit};
pub use traffic::{BusLanes, BusLine, GreenLimits, LineRoute, LineStop, SignalControl, TrafficEdits, Wave};
pub use works::{PavedWith, PlannedItem, PlannedWorks};

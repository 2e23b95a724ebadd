//! The city: an ECS world of everything with an identity that a person can point at.
//!
//! The same city has two shapes. [`CityTables`] is plain rows, in no world, that name each other by [`Key`]: what
//! importers fill, files hold and edits change. [`City`] is the ECS world made of valid tables: entities that carry
//! their facts as components and know each other as entities: what systems read. Making a `City` checks everything at
//! once and says all that is wrong ([`Fault`]).
//!
//! | file | what |
//! | --- | --- |
//! | `roads.rs` | junctions, links, turns and who may use them when |
//! | `zoning.rs` | zones, quarters, connectors, gates, observed flows |
//! | `fabric.rs` | addresses, buildings, trees, water, railways, sights and other places |
//! | `tables.rs` | the rows of all of these, and the faults that they can have |
//! | `world.rs` | the ECS world |
//!
//! [`Key`]: crate::key::Key

mod fabric;
#[cfg(test)]
pub(crate) mod fixtures;
mod roads;
mod tables;
mod world;
mod zoning;

pub use fabric::{Address, Building, BuildingUse, HeritageSite, Place, PlaceKind, Railway, Tree, Water};
pub use roads::{Access, AccessRule, DIRECTIONS_APART_M, Junction, Link, RoadClass, Structure, Turn};
pub use tables::{About, CityTables, Fault, Record};
pub use world::{City, Ends, KeyIndex};
pub use zoning::{Connector, Gate, Observation, ObservationRole, Population, Quarter, TravelSurvey, Zone};

//! A scenario file as it is written: TOML, every field with its unit in its name, unknown fields refused.
//!
//! The types here are also the source of the published JSON schema (`scenarios/schema/scenario.schema.json`), so
//! that editors complete what this reader accepts. Reading checks everything that can be known without a city; what
//! depends on the city is checked when the scenario is applied.
//!
//! | file | what |
//! | --- | --- |
//! | `scenario_file.rs` | the whole file |
//! | `selection.rs`, `hours.rs` | which links, and when |
//! | `links.rs`, `roads.rs` | links closed, changed, tolled; roads built |
//! | `limited_zones.rs`, `zones.rs` | limited-traffic zones; people and jobs |
//! | `places.rs`, `signals.rs` | junctions and places; how signals are controlled |
//! | `lanes.rs`, `lines.rs`, `roundabouts.rs` | lanes and lines of buses, places for bicycles; roundabouts |
//! | `events.rs` | events, and what traffic is made of |
//! | `buildings.rs` | what is built, pulled down, planted |
//! | `works.rs` | what a plan costs, what streets are paved with |
//! | `fleet.rs` | which vehicles drive, and where they may |
//! | `lifts.rs` | what parents do and is not done after all |
//! | `check.rs` | values that cannot be |
//! | `schema.rs` | the published JSON schema |

mod buildings;
mod check;
mod events;
mod fleet;
mod hours;
mod lanes;
mod lifts;
mod limited_zones;
mod lines;
mod links;
mod places;
mod roads;
mod roundabouts;
mod scenario_file;
mod schema;
mod selection;
mod signals;
#[cfg(test)]
mod tests;
mod works;
mod zones;

pub use buildings::{Demolition, NewBuilding, Trees};
pub use events::{Event, VehicleMixChange};
pub(super) use fleet::banned_fuel;
pub use fleet::{BannedVehicles, ElectricShares, FleetChange, LowEmissionZone};
pub use hours::RuleHours;
pub use lanes::{BusLane, CycleLane, CycleLaneKind};
pub use lifts::Lift;
pub use limited_zones::Ztl;
pub use lines::{Line, LineVehicle};
pub use links::{Close, Direction, Set, Toll, Zone30};
pub use places::{Call, EventPlace, Junctions, SignalPlaces};
pub use roads::AddRoad;
pub use roundabouts::Roundabout;
pub(crate) use scenario_file::is_plain_name;
pub use scenario_file::{FORMAT, ScenarioFile, Uncertainty};
pub use schema::json_schema;
pub use selection::{Coordinates, Polygon, Selection};
pub use signals::{GreenWave, Signal, SignalKind};
pub use works::{Paving, Works, WorksItem, YearShare};
pub(super) use zones::PEOPLE_MAX;
pub use zones::ZoneChange;

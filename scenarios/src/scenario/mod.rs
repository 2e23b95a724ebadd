//! The scenario language: what would be done to a city, as edits on what is there.
//!
//! A scenario is a TOML file that names keys, streets, quarters and areas of a city and gives their new state. Scenarios
//! form a tree: each is applied on top of its `parent`. Edits of one file must not contradict each other, so that their
//! order does not matter; a child may overrule its parent.
//!
//! Of who may use a link, the edits of one file combine as long as none lets pass whom another does not at the same time:
//!
//! | edit | says that may pass | says that may not |
//! | --- | --- | --- |
//! | `close`, `ztl` | | its classes, in its hours |
//! | `set` `classes` | its classes, in its hours | all others, in its hours |
//! | `direction` `one_way` | | all but pedestrians and bicycles, on the links back |
//! | `direction` `both` | on either link whoever may use one of both | |
//! | `direction` `reversed` | on the links back whoever may use one of both | all but pedestrians and bicycles, on the links |
//!
//! Closures combine with closures, and with a direction that opens no more than they leave. What a direction opens is who may
//! use the links after the file's other edits. Lanes, speed, capacity and tolls of a closed link are set as said: they count
//! for whoever may still pass. A road that the file builds may be closed or lie in a zone like any other.
//!
//! What else a scenario edits, and who feels it. The rest is about vehicles that move one by one: it is kept as plain data by row
//! of the city's tables ([`TrafficEdits`]), and a strategic run says that it does not feel it ([`unfelt_edits`]).
//!
//! | edit | every run feels | only vehicles that move feel |
//! | --- | --- | --- |
//! | `signal`, `green_wave` | | control, program, offset |
//! | `bus_lane` | capacity in proportion to the lanes that are left, in its hours | who drives where |
//! | `cycle_lane` | the same, where it takes a lane | where bicycles ride |
//! | `line` | | buses, with their stops |
//! | `roundabout` | ring instead of junction, capacity of its entries | who goes first |
//! | `event`, `vehicle_mix` | demand | |
//! | `fleet`, `low_emission_zone` | emission; nobody drives otherwise | |
//! | `building`, `demolish` | demand, where people come or go; noise and sun, where these are computed | |
//! | `trees`, `paving` | sun; noise, where these are computed | |
//! | `works` | costs | |
//!
//! What a child says of a junction, a link's bus lanes or cycle lane, a line or event of some name, or a field of the mix,
//! replaces what its parents say of it; lines, events and roundabouts of the parents are taken back by `lift`. Where no lane is left, or a line finds no way, is seen once all files are known.
//!
//! | file | what |
//! | --- | --- |
//! | `file/` | the file as it is written, and its JSON schema |
//! | `problem.rs` | what can be wrong with a file, by line |
//! | `library.rs`, `tree.rs` | the scenarios that come along; from a scenario to all that it builds on |
//! | `access.rs` | who may use a link after the edits of one file |
//! | `apply/` | from a base's tables and edits to the tables of the city as it would be |
//! | `idle.rs`, `unfelt.rs` | rules by hour that have no effect in a run; edits that have none in a strategic run |

mod access;
mod apply;
mod file;
mod idle;
pub mod library;
mod problem;
#[cfg(test)]
mod tests;
mod tree;
mod unfelt;

pub use apply::{
    Applied, ApplyError, Banned, BusLanes, BusLine, CleanZone, FleetEdits, GreenLimits, LimitedZone, LineRoute,
    LineStop, Misfit, Narrowing, PavedWith, PlannedItem, PlannedWorks, Ring, SCENARIO_SOURCE, SignalControl,
    TrafficEdits, VisitedEvent, Wave, WrittenAt, WrittenSignals, apply,
};
pub(crate) use file::is_plain_name;
pub use file::{
    AddRoad, BannedVehicles, BusLane, Call, Close, Coordinates, CycleLane, CycleLaneKind, Demolition, Direction,
    ElectricShares, Event, EventPlace, FORMAT, FleetChange, GreenWave, Junctions, Lift, Line, LineVehicle,
    LowEmissionZone, NewBuilding, Paving, Polygon, Roundabout, RuleHours, ScenarioFile, Selection, Set, Signal,
    SignalKind, SignalPlaces, Toll, Trees, Uncertainty, VehicleMixChange, Works, WorksItem, YearShare, Zone30,
    ZoneChange, Ztl, json_schema,
};
pub use idle::{IdleReason, IdleRule, idle_rules};
pub use problem::{FileProblem, Place, ScenarioError};
pub(crate) use tree::read_text;
pub use tree::{CHAIN_LENGTH_MAX, Chain, TreeError, Written};
pub use unfelt::{UnfeltEdit, UnfeltReason, unfelt_edits};

//! The city and everything that simulates it.
//!
//! **Invariant.** This crate computes. It opens no file, no socket and no window, reads no clock and no environment
//! variable, and so cannot fail on any of them. It does not know `gdal`, `polars` or any file format; the crate `data`
//! brings cities in and out. `tests/invariants.rs` of the workspace checks it.
//!
//! | chapter | what it holds |
//! | --- | --- |
//! | [`key`], [`provenance`] | what every thing in a city carries: a name that survives re-import, and where it is from |
//! | [`vehicles`], [`time`] | the fixed registry of vehicle classes; the local clock, day types and periods |
//! | [`draws`] | random numbers by (seed, purpose, agent), and the distributions of what is not known |
//! | [`city`] | the city as an ECS world, and as plain tables for whoever reads and writes it |
//! | [`demand`] | who goes where, when and how |
//! | [`network`] | the dense graph that simulations run on, extracted from the city |
//! | [`assignment`] | static user equilibrium on that graph |
//! | [`traffic`] | vehicles that move on lanes and through junctions |
//! | [`signals`] | what lamps show, and when: stages, timing, green waves, control while traffic runs |
//! | [`environment`] | what traffic does to its surroundings: the air |
//!
//! Quantities carry their SI unit in their name, unit last (`length_m`, `flow_vph`). Coordinates are projected metres
//! in the city's own reference system.

pub mod assignment;
pub mod city;
pub mod demand;
pub mod draws;
pub mod environment;
pub mod key;
pub mod network;
pub mod provenance;
pub mod signals;
pub mod time;
pub mod traffic;
pub mod vehicles;

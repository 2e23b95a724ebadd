//! The outside world's formats, in and out; the city folder; the built-in city of Alessandria.
//!
//! **Invariant.** This crate alone knows files and their formats: GDAL, OpenStreetMap, Parquet, GeoJSON, CSV, TNTP. It
//! turns them into the engine's types at the edge, so that nothing past it has to check again. It simulates nothing.

pub mod alessandria;
pub mod tntp;

/// Bounds the threads of every pool that this crate's libraries keep. Call it before anything else of the crate.
pub fn bound_threads(_threads: u16) {}

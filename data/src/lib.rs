//! The outside world's formats, in and out; the city folder; the built-in city of Alessandria.
//!
//! **Invariant.** This crate alone knows files and their formats: GDAL, OpenStreetMap, Parquet, GeoJSON, CSV, TNTP, SUMO, PDF,
//! XLSX. It turns them into the engine's types at the edge, so that nothing past it has to check again. It simulates nothing.

pub mod alessandria;
pub mod city_folder;
pub mod complete_file;
pub mod emission_factors;
pub mod export;
pub mod layers;
pub mod osm;
pub mod output_folder;
pub mod overview;
pub mod pdf;
pub mod projection;
pub mod reimport;
#[cfg(test)]
mod shared_data;
pub mod spreadsheet;
pub mod sumo;
pub mod table;
pub mod tntp;
pub mod trajectories;
pub mod unfinished;

/// Bounds the threads of every pool that this crate's libraries keep. Call it before anything else of the crate.
///
/// Only GDAL keeps one. [`table`] never starts that of the Parquet library; all else works in rayon's.
pub fn bound_threads(threads: u16) {
    #[cfg(feature = "gdal")]
    gdal::config::set_config_option("GDAL_NUM_THREADS", &threads.to_string())
        .expect("GDAL takes every option that holds no zero byte");
    #[cfg(not(feature = "gdal"))]
    let _ = threads;
}

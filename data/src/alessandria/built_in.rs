//! The compiled city that is part of the program, so that the demo needs no other file.

use engine::city::CityTables;

use crate::city_folder;

macro_rules! files {
    ($($file:literal),*) => { [$(($file, include_bytes!(concat!("../../alessandria/", $file)).as_slice())),*] };
}

/// The files of `data/alessandria`.
static FILES: [(&str, &[u8]); 16] = files!(
    "addresses.parquet",
    "buildings.parquet",
    "city.toml",
    "connectors.parquet",
    "gates.parquet",
    "heritage_sites.parquet",
    "junctions.parquet",
    "links.parquet",
    "observations.parquet",
    "places.parquet",
    "quarters.parquet",
    "railways.parquet",
    "trees.parquet",
    "turns.parquet",
    "waters.parquet",
    "zones.parquet"
);

/// The built-in Alessandria.
///
/// # Panics
/// Never in a program whose tests passed: the embedded files are read there.
#[must_use]
pub fn built_in() -> CityTables {
    city_folder::decode("built-in Alessandria", &FILES).expect("the embedded city is a valid one, as tests check")
}

/// The embedded files, as pairs of name and content.
#[must_use]
pub fn built_in_files() -> &'static [(&'static str, &'static [u8])] {
    &FILES
}

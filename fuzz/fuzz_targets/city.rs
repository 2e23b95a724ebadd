//! Any bytes as `city.toml`, beside tables that are as they should be, are a city or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// The files of the golden city of format 1.
const TABLES: [(&str, &[u8]); 3] = [
    ("junctions.parquet", include_bytes!("../../data/tests/golden/city-format-1/junctions.parquet")),
    ("links.parquet", include_bytes!("../../data/tests/golden/city-format-1/links.parquet")),
    ("turns.parquet", include_bytes!("../../data/tests/golden/city-format-1/turns.parquet")),
];

fuzz_target!(|bytes: &[u8]| {
    let mut files: Vec<(&str, &[u8])> = TABLES.to_vec();
    files.push((data::city_folder::MANIFEST, bytes));
    let _ = data::city_folder::decode("fuzz", &files);
});

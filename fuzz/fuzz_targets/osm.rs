//! Any bytes are an OpenStreetMap extract or an error, and any extract a city or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let options = data::osm::Options { name: "Fuzz".into(), time_zone: "Europe/Rome".into(), epsg: None };
    if let Ok(extract) = data::osm::parse("fuzz", bytes) {
        let _ = data::osm::import("fuzz", &extract, &options);
    }
});

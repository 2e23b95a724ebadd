//! Any bytes are a TNTP network or an error; so are those after the first empty line as its trips.
#![no_main]

use std::path::Path;

use data::tntp::{parse_network, parse_trips};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let split = bytes.windows(2).position(|pair| pair == b"\n\n").map_or(bytes.len(), |place| place + 2);
    let (network, trips) = bytes.split_at(split);
    let zones = parse_network(Path::new("fuzz"), network).map_or(5, |network| network.graph.zone_count());
    let _ = parse_trips(Path::new("fuzz"), trips, zones);
});

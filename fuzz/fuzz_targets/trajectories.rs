//! Any bytes are a file of trajectories that can be read to its end, or an error.
#![no_main]

use std::io::Cursor;

use data::trajectories::Trajectories;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut trajectories) = Trajectories::read(Cursor::new(bytes)) else { return };
    for number in 0..trajectories.frames().min(1000) {
        let _ = trajectories.moment(number);
    }
});

//! Any bytes are a table or an error, and a table's cells can be read.
#![no_main]

use std::sync::Once;

use data::table::{Kind, Table};
use libfuzzer_sys::fuzz_target;

/// The Parquet library panics on some damaged files, which `Table::from_bytes` turns into errors. The fuzzer ends at every
/// panic, caught or not; here it shall end only at those that begin in our own crates.
fn let_the_parquet_library_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let abort = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let is_ours = panic.location().is_none_or(|place| !place.file().contains("/polars-"));
            if is_ours {
                abort(panic);
            }
        }));
    });
}

fuzz_target!(|bytes: &[u8]| {
    let_the_parquet_library_panic();
    let Ok(table) = Table::from_bytes("fuzz", bytes) else { return };
    for (name, kind) in table.columns() {
        match kind {
            Kind::F64 => drop(table.column::<Option<f64>>("fuzz", name)),
            Kind::U32 => drop(table.column::<Option<u32>>("fuzz", name)),
            Kind::I64 => drop(table.column::<Option<i64>>("fuzz", name)),
            Kind::Bool => drop(table.column::<Option<bool>>("fuzz", name)),
            Kind::Str => drop(table.column::<Option<&str>>("fuzz", name)),
            Kind::Binary => drop(table.column::<Option<&[u8]>>("fuzz", name)),
        }
    }
});

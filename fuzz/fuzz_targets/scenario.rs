//! Any text is a scenario or an error, and any scenario a changed city or a list of what does not fit.
#![no_main]

use std::sync::LazyLock;

use engine::city::CityTables;
use libfuzzer_sys::fuzz_target;
use scenarios::scenario::{Chain, apply};

static CITY: LazyLock<CityTables> = LazyLock::new(data::alessandria::built_in);

fuzz_target!(|text: &str| {
    if let Ok(chain) = Chain::of_texts(vec![("fuzz.toml".to_owned(), text.to_owned())]) {
        let _ = apply(&CITY, &chain);
    }
});

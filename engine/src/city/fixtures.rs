//! Tables of made-up cities for tests.

use super::{About, CityTables, Record};
use crate::key::Key;
use crate::provenance::{Origin, Provenance};
use crate::time::DayPlan;

/// Tables without rows.
pub(crate) fn no_tables() -> CityTables {
    CityTables::new(About {
        name: "Test".into(),
        epsg: 32632,
        time_zone: "Europe/Rome".into(),
        day_plan: DayPlan::weekday(),
        population: None,
        survey: None,
    })
}

/// A key of that name.
pub(crate) fn key(name: &str) -> Key {
    Key::new(format!("t:{name}")).expect("a key")
}

/// A row of that name.
pub(crate) fn record<T>(name: &str, facts: T) -> Record<T> {
    let provenance = Provenance { origin: Origin::Synthetic, source: "test".into(), year: None, accuracy_m: None };
    Record { key: key(name), provenance, facts }
}

//! Trips and durations by zone, gate and quarter, and whom a limited-traffic zone concerns.

use std::collections::HashSet;

use engine::city::CityTables;
use engine::key::Key;

use super::run_tables::{RunTables, SeedTrips};
use crate::comparison::{ClassTrips, LimitedTraffic, OriginTrips, Origins};
use crate::estimate::Estimate;
use crate::run::TOLD;
use crate::scenario::Applied;

/// Every zone, then every gate, from which trips begin.
pub(super) fn places(city: &CityTables, tables: &[RunTables]) -> Vec<OriginTrips> {
    let of_zones = city.zones.iter().map(|row| OriginTrips {
        origins: Origins::Zone { quarter: row.facts.quarter.clone() },
        key: Some(row.key.clone()),
        name: row.facts.name.to_string(),
        position: Some([row.facts.centroid.x, row.facts.centroid.y]),
        classes: classes(tables, &[&row.key]),
    });
    let of_gates = city.gates.iter().map(|row| OriginTrips {
        origins: Origins::Gate,
        key: Some(row.key.clone()),
        name: row.facts.name.to_string(),
        position: None,
        classes: classes(tables, &[&row.key]),
    });
    of_zones.chain(of_gates).filter(|place| !place.classes.is_empty()).collect()
}

/// The quarters, then the zones in none, then the gates.
pub(super) fn quarters(city: &CityTables, tables: &[RunTables]) -> Vec<OriginTrips> {
    if city.quarters.is_empty() {
        return Vec::new();
    }
    let zones_of = |quarter: Option<&Key>| -> Vec<&Key> {
        city.zones.iter().filter(|row| row.facts.quarter.as_ref() == quarter).map(|row| &row.key).collect()
    };
    let together = |origins, keys: &[&Key]| OriginTrips {
        origins,
        key: None,
        name: String::new(),
        position: None,
        classes: classes(tables, keys),
    };
    let of_quarters = city.quarters.iter().map(|row| OriginTrips {
        key: Some(row.key.clone()),
        name: row.facts.name.to_string(),
        ..together(Origins::Quarter, &zones_of(Some(&row.key)))
    });
    let others = together(Origins::OtherZones, &zones_of(None));
    let gates: Vec<&Key> = city.gates.iter().map(|row| &row.key).collect();
    of_quarters.chain([others, together(Origins::Gates, &gates)]).filter(|place| !place.classes.is_empty()).collect()
}

/// The trips that begin at some places, by class.
fn classes(tables: &[RunTables], places: &[&Key]) -> Vec<ClassTrips> {
    TOLD.iter()
        .filter_map(|class| {
            let of_runs: Vec<Vec<SeedTrips>> = tables.iter().map(|tables| together(tables, places, class)).collect();
            if of_runs.iter().flatten().all(|seed| seed.trips == 0.0) {
                return None;
            }
            let over = |value: fn(&SeedTrips) -> f64| -> Vec<Estimate> {
                of_runs.iter().map(|seeds| Estimate::over(&seeds.iter().map(value).collect::<Vec<f64>>())).collect()
            };
            let durations: Vec<Option<Vec<f64>>> =
                of_runs.iter().map(|seeds| seeds.iter().map(|seed| seed.duration_min).collect()).collect();
            let difference =
                |of_run: &Option<Vec<f64>>| Some(Estimate::paired(durations[0].as_deref()?, of_run.as_deref()?));
            Some(ClassTrips {
                class: (*class).to_owned(),
                trips_per_day: over(|seed| seed.trips),
                parking_at_edge_per_day: over(|seed| seed.parking_at_edge),
                mean_duration_min: durations.iter().map(|of_run| of_run.as_deref().map(Estimate::over)).collect(),
                duration_differences_min: durations.iter().map(difference).collect(),
            })
        })
        .collect()
}

/// The trips of each seed from all of these places; durations are weighted by served trips.
fn together(tables: &RunTables, places: &[&Key], class: &str) -> Vec<SeedTrips> {
    let of_places: Vec<&[SeedTrips]> = places.iter().map(|place| tables.origin(place, class)).collect();
    (0..tables.seeds)
        .map(|seed| {
            let mut sum = SeedTrips::default();
            let (mut minutes, mut served) = (0.0, 0.0);
            for trips in of_places.iter().filter_map(|of_place| of_place.get(seed)) {
                sum.trips += trips.trips;
                sum.unserved += trips.unserved;
                sum.parking_at_edge += trips.parking_at_edge;
                if let Some(duration_min) = trips.duration_min {
                    minutes += duration_min * (trips.trips - trips.unserved);
                    served += trips.trips - trips.unserved;
                }
            }
            SeedTrips { duration_min: (served > 0.0).then(|| minutes / served), ..sum }
        })
        .collect()
}

/// Whom the limited-traffic zones of a run concern; none where it has none.
pub(super) fn limited_traffic(city: &CityTables, applied: &Applied, tables: &RunTables) -> Option<LimitedTraffic> {
    let inside: HashSet<&str> = applied
        .limited_zones
        .iter()
        .flat_map(|limited| &limited.zones)
        .map(|&zone| applied.tables.zones[zone].key.as_str())
        .collect();
    let places: Vec<&Key> =
        city.zones.iter().map(|row| &row.key).chain(city.gates.iter().map(|row| &row.key)).collect();
    let parking = |class: &&str| {
        let seeds = together(tables, &places, class);
        let parking = Estimate::over(&seeds.iter().map(|seed| seed.parking_at_edge).collect::<Vec<f64>>());
        (parking.value > 0.0).then(|| ((*class).to_owned(), parking))
    };
    (!inside.is_empty()).then(|| LimitedTraffic {
        exempt_shares: applied.limited_zones.iter().map(|limited| limited.exempt_share).collect(),
        trips_per_day: tables.trips_at(|place| inside.contains(place)),
        parking_at_edge_per_day: TOLD.iter().filter_map(parking).collect(),
    })
}

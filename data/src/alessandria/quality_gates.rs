//! What the built-in city must be for cars to be simulated on it. The compiled city is in the repository, so these run
//! without its sources; that it is what the sources compile to is tested where these are there.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use engine::city::{City, CityTables, Connector, ObservationRole};
use engine::provenance::Origin;

use super::quality::{self, Quality};
use super::{built_in, built_in_files, compile};
use crate::city_folder;
use crate::shared_data::shared_data;

static CITY: LazyLock<CityTables> = LazyLock::new(built_in);
static QUALITY: LazyLock<Quality> = LazyLock::new(|| quality::measure(&CITY));

fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.sum()
}

#[test]
fn the_built_in_city_is_a_city_of_at_most_five_megabytes() {
    assert!(City::from_tables(CITY.clone()).is_ok());
    assert!(built_in_files().iter().map(|(_, bytes)| bytes.len()).sum::<usize>() <= 5_000_000);
}

#[test]
fn recompiling_the_sources_gives_the_very_same_bytes() {
    let Some(sources) = shared_data("data/alessandria") else { return };
    let compiled = compile(&sources).expect("the sources compile");
    let files = city_folder::encode(&compiled.tables).expect("it can be written");
    for (name, bytes) in built_in_files() {
        assert!(files.get(*name).is_some_and(|file| file == bytes), "{name} differs: import the recipe again");
    }
    assert_eq!(files.len(), built_in_files().len());
}

#[test]
fn cars_go_from_every_zone_and_gate_to_every_other() {
    assert_eq!(QUALITY.cut_off, []);
    assert!(QUALITY.strong_share >= 0.97, "{}", QUALITY.strong_share);
}

#[test]
fn no_link_is_shorter_than_five_metres_or_without_capacity() {
    assert!(QUALITY.link_length_min_m >= 5.0, "{}", QUALITY.link_length_min_m);
    assert_eq!(QUALITY.links_without_capacity, 0);
}

#[test]
fn nearly_all_addresses_stand_near_a_street() {
    assert!(QUALITY.addresses_within_150_m >= 0.95, "{}", QUALITY.addresses_within_150_m);
    assert!(QUALITY.address_distance_max_m <= 300.0, "{}", QUALITY.address_distance_max_m);
}

#[test]
fn every_origin_of_the_streets_is_told() {
    let km = |origin: Origin| QUALITY.drivable_km[origin.name()];
    assert!(km(Origin::Real) > 400.0 && km(Origin::Derived) > 0.0 && km(Origin::Synthetic) > 0.0);
    assert!(CITY.buildings.iter().all(|row| row.provenance.origin == Origin::Synthetic));
    assert!(CITY.trees.iter().all(|row| row.provenance.origin == Origin::Real));
    assert!(CITY.addresses.iter().all(|row| row.provenance.origin == Origin::Real));
}

#[test]
fn zones_are_many_of_similar_size_and_named_after_quarters() {
    assert!((80..=140).contains(&CITY.zones.len()), "{}", CITY.zones.len());
    assert_eq!(CITY.quarters.len(), 23);
    for zone in &CITY.zones {
        assert!((300.0..=1500.0).contains(&zone.facts.residents), "{}: {}", zone.key, zone.facts.residents);
        assert!(!zone.facts.area.0.is_empty(), "{} covers no ground", zone.key);
        let quarter = zone.facts.quarter.as_ref().expect("a quarter");
        assert!(
            CITY.zones.iter().filter(|other| other.facts.name == zone.facts.name).count() == 1,
            "{}",
            zone.facts.name
        );
        assert!(CITY.quarters.iter().any(|row| row.key == *quarter));
    }
}

#[test]
fn residents_are_those_of_2024_whichever_way_they_are_counted() {
    for residents in [
        sum(CITY.addresses.iter().map(|row| row.facts.residents)),
        sum(CITY.zones.iter().map(|row| row.facts.residents)),
        sum(CITY.buildings.iter().map(|row| row.facts.residents)),
    ] {
        assert!((residents - 91_980.0).abs() < 1e-9, "{residents}");
    }
}

/// Residents of 2016, municipal registry; all quarters together were 94,157.
#[test]
fn quarters_keep_their_share_of_2016() {
    let mut quarters: BTreeMap<&str, f64> = BTreeMap::new();
    for row in &CITY.addresses {
        *quarters.entry(row.facts.quarter.as_deref().expect("a quarter")).or_default() += row.facts.residents;
    }
    for (quarter, residents_2016) in [
        ("Centro", 24_166.0),
        ("Cristo", 15_772.0),
        ("Pista", 8_586.0),
        ("Spinetta Marengo", 7_182.0),
        ("Borgo Cittadella", 669.0),
    ] {
        let expected = 91_980.0 * residents_2016 / 94_157.0;
        assert!((quarters[quarter] - expected).abs() < 5.0, "{quarter}: {} against {expected}", quarters[quarter]);
    }
}

#[test]
fn attractors_sum_to_what_the_parameters_say() {
    let jobs = sum(CITY.zones.iter().map(|row| row.facts.jobs));
    assert!((jobs - 40_000.0).abs() < 1e-6, "{jobs}");
    for shares in [sum(CITY.zones.iter().map(|z| z.facts.services)), sum(CITY.zones.iter().map(|z| z.facts.leisure))] {
        assert!((shares - 100.0).abs() < 1e-9, "{shares}");
    }
    assert!(CITY.zones.iter().all(|row| row.facts.jobs > 0.0));
}

#[test]
fn every_zone_has_two_to_six_connectors_of_minutes() {
    for zone in &CITY.zones {
        let own: Vec<&Connector> =
            CITY.connectors.iter().map(|row| &row.facts).filter(|connector| connector.zone == zone.key).collect();
        assert!((2..=6).contains(&own.len()), "{}: {}", zone.key, own.len());
        assert!(own.iter().all(|connector| connector.time_s < 600.0), "{} is far from its streets", zone.key);
    }
}

#[test]
fn gates_stand_on_the_named_approaches() {
    assert!(CITY.gates.len() >= 12);
    for part in ["Solero", "Tortona", "Borgoratto", "Castelletto", "Valenza", "Sale", "Novi", "A21", "A26"] {
        assert!(CITY.gates.iter().any(|gate| gate.facts.name.contains(part)), "{part}");
    }
    for motorway in ["A21", "A26"] {
        assert_eq!(CITY.gates.iter().filter(|gate| gate.facts.name.contains(motorway)).count(), 2, "{motorway}");
    }
}

#[test]
fn the_bormida_bridge_is_held_out_and_gates_are_inputs() {
    let held: Vec<_> = CITY.observations.iter().filter(|row| row.facts.role == ObservationRole::HeldOut).collect();
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].facts.daily_low, held[0].facts.links.len()), (38_000.0, 2));
    let inputs = CITY.observations.iter().filter(|row| row.facts.role == ObservationRole::Input).count();
    assert_eq!(inputs, CITY.gates.len());
    for name in ["Ponte Meier", "Ponte Tiziano"] {
        assert!(CITY.observations.iter().any(|row| row.facts.name.as_ref() == name), "{name}");
    }
}

#[test]
fn buildings_share_no_ground_with_each_other_or_with_carriageways() {
    assert_eq!((QUALITY.building_overlaps, QUALITY.buildings_on_carriageway), (0, 0));
    let (low, high) = QUALITY.floor_area_m2_per_resident;
    assert!(low >= 35.0 && high <= 60.0, "{low} to {high} m² a resident");
    for row in &CITY.buildings {
        let floors = f64::from(row.facts.floors.expect("floors"));
        let ground = geo::Area::unsigned_area(&row.facts.footprint);
        let area = row.facts.floor_area_m2.expect("floor area");
        assert!((ground * floors / area - 1.0).abs() < 0.02, "{}: {ground} m² × {floors} against {area}", row.key);
    }
}

#[test]
fn every_polygon_is_simple() {
    assert_eq!(QUALITY.broken_polygons, []);
}

#[test]
fn house_numbers_and_trees_are_all_there() {
    assert_eq!((CITY.addresses.len(), CITY.trees.len()), (26_160, 16_484));
    assert!(CITY.addresses.iter().any(|row| row.key.as_str() == "civico:55909/90H"));
    assert!(CITY.addresses.iter().all(|row| row.facts.zone.is_some()));
}

/// ISTAT 2011: within the city 58.6 % drive, 5.5 % are passengers, 18.2 % walk, 10.2 % cycle, 4.5 % take the bus and
/// 1.6 % a motorcycle; 69 % are there in 15 minutes, 26 % in 15 to 30, 3.6 % in 31 to 60.
#[test]
fn the_survey_is_that_of_the_2011_census() {
    let survey = CITY.about.survey.as_ref().expect("a survey");
    let shares: BTreeMap<&str, f64> = survey.mode_shares.iter().map(|(mode, share)| (mode.as_str(), *share)).collect();
    for (mode, percent) in [
        ("car_driver", 58.6),
        ("car_passenger", 5.5),
        ("walk", 18.2),
        ("bicycle", 10.2),
        ("bus", 4.5),
        ("motorcycle", 1.6),
    ] {
        assert!((100.0 * shares[mode] - percent).abs() < 0.06, "{mode}: {} against {percent}", 100.0 * shares[mode]);
    }
    assert_eq!(survey.duration_bands_min, [15.0, 30.0, 60.0]);
    for (share, percent) in survey.duration_shares.iter().zip([69.0, 26.0, 3.6]) {
        assert!((100.0 * share - percent).abs() < 0.5, "{share} against {percent}");
    }
    assert!((survey.duration_shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn every_source_has_a_licence_and_words_to_give_it() {
    for source in &CITY.sources {
        assert!(!source.licence.is_empty() && !source.attribution.is_empty(), "{}", source.id);
    }
    let osm = CITY.sources.iter().find(|source| source.id.as_ref() == "osm").expect("OpenStreetMap");
    assert_eq!(osm.licence, "ODbL-1.0");
}

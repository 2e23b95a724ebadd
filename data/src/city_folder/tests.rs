//! A city survives its folder; what is wrong with a folder is named.

use std::sync::Arc;

use engine::city::{
    About, Access, AccessRule, Address, Building, BuildingUse, City, Connector, Gate, HeritageSite, Junction, Link,
    Observation, ObservationRole, Place, PlaceKind, Population, Quarter, Railway, Record, RoadClass, Structure,
    TravelSurvey, Tree, Turn, Water, Zone,
};
use engine::provenance::{Origin, Provenance, Source};
use engine::time::{DayPlan, DayType, Hours, Span};
use engine::vehicles::{ClassSet, VehicleClass};
use geo::{Coord, LineString, MultiPolygon, polygon};
use proptest::prelude::*;

use super::*;

fn key(text: &str) -> Key {
    Key::new(text).expect("a key")
}

fn row<T>(name: &str, facts: T) -> Record<T> {
    let provenance = Provenance {
        origin: Origin::Derived,
        source: "survey".into(),
        year: Some(2026),
        accuracy_m: name.ends_with('b').then_some(0.1),
    };
    Record { key: key(name), provenance, facts }
}

/// Every table, every kind of value that may be missing both there and not, and a rule by hour.
pub(super) fn small_city() -> CityTables {
    let at = |x: f64, y: f64| Coord { x: 469_000.0 + x, y: 4_973_000.0 + y };
    let square: MultiPolygon<f64> = vec![polygon![
        exterior: [at(0.0, 0.0), at(20.0, 0.0), at(20.0, 20.0), at(0.0, 20.0)],
        interiors: [[at(5.0, 5.0), at(5.0, 9.0), at(9.0, 9.0)]],
    ]]
    .into();
    let mut city = CityTables::new(About {
        name: "Prova".into(),
        epsg: 32632,
        time_zone: "Europe/Rome".into(),
        day_plan: DayPlan::weekday(),
        population: Some(Population {
            residents: 3.0,
            year: 2024,
            by_age: vec![1.0, 0.0, 2.0],
            source: "survey".into(),
        }),
        survey: Some(TravelSurvey {
            mode_shares: vec![("walk".into(), 0.25), ("car_driver".into(), 0.5)],
            duration_bands_min: vec![15.0, 30.0],
            duration_shares: vec![0.7, 0.2, 0.1],
            year: 2011,
            source: "survey".into(),
        }),
    });
    city.sources = vec![Source {
        id: "survey".into(),
        title: "A \"survey\"".into(),
        licence: "CC-BY-4.0".into(),
        attribution: "© Comune".into(),
        url: Some("https://example.org".into()),
        year: None,
    }];
    city.junctions =
        vec![row("t:b", Junction { position: at(100.0, 0.0) }), row("t:a", Junction { position: at(0.0, 0.0) })];
    let ztl = AccessRule {
        hours: Hours { days: vec![DayType::Weekday], spans: vec![Span::DAY] },
        classes: ClassSet::of(&[VehicleClass::Bus]),
    };
    let link = |from, to, line: Vec<Coord<f64>>, rules: Vec<AccessRule>, name: Option<&str>| Link {
        from: key(from),
        to: key(to),
        name: name.map(Arc::from),
        class: RoadClass::Tertiary,
        lanes: 2,
        free_speed_mps: 13.9,
        capacity_pcuph: 1600.0,
        length_m: 100.0,
        toll_eur: 0.5,
        structure: Structure::Bridge,
        access: Access { classes: ClassSet::MOTOR, rules },
        geometry: LineString::from(line),
    };
    city.links = vec![
        row("l:ab", link("t:a", "t:b", vec![at(0.0, 0.0), at(50.0, 0.1), at(100.0, 0.0)], vec![ztl], Some("Via Po"))),
        row("l:ba", link("t:b", "t:a", vec![at(100.0, 0.0), at(0.0, 0.0)], vec![], None)),
    ];
    let access = Access::always(ClassSet::NONE);
    city.turns = vec![row("u:turn", Turn { from: key("l:ab"), to: key("l:ba"), access })];
    city.quarters = vec![row("q:centro", Quarter { name: "Centro".into(), area: square.clone() })];
    let zone = |quarter, area| Zone {
        name: "Zona".into(),
        quarter,
        centroid: at(10.0, 10.0),
        area,
        residents: 2.5,
        jobs: 1.0,
        school_places: 0.0,
        services: 3.0,
        leisure: 4.0,
    };
    city.zones =
        vec![row("z:1", zone(Some(key("q:centro")), square.clone())), row("z:2", zone(None, MultiPolygon(Vec::new())))];
    city.connectors = vec![row("c:1", Connector { zone: key("z:1"), junction: key("t:a"), time_s: 60.0 })];
    city.gates = vec![row(
        "g:1",
        Gate {
            name: "SP10".into(),
            junction: key("t:b"),
            daily_vehicles: 100.0,
            daily_heavy_vehicles: 5.0,
            through_share: 0.25,
        },
    )];
    city.observations = vec![row(
        "o:1",
        Observation {
            name: "Ponte".into(),
            links: vec![key("l:ab"), key("l:ba")],
            daily_low: 10.0,
            daily_high: 20.0,
            role: ObservationRole::HeldOut,
            reason_en: "counted".into(),
            reason_it: "contato".into(),
        },
    )];
    let address = |quarter: Option<&str>, zone| Address {
        street: "Via Po".into(),
        number: "90H".into(),
        quarter: quarter.map(Arc::from),
        position: at(10.0, 30.0),
        zone,
        residents: 1.5,
    };
    city.addresses =
        vec![row("civico:1/1", address(Some("Centro"), Some(key("z:1")))), row("civico:1/2", address(None, None))];
    let building = |height_m, floors, floor_area_m2| Building {
        footprint: square.clone(),
        height_m,
        floors,
        floor_area_m2,
        building_use: BuildingUse::Public,
        residents: 0.0,
    };
    city.buildings =
        vec![row("b:1", building(Some(9.5), Some(3), Some(800.0))), row("b:2", building(None, None, None))];
    let tree = |height_high_m, evergreen| Tree {
        species: "Tilia cordata".into(),
        position: at(1.0, 2.0),
        height_low_m: 6.1,
        height_high_m,
        evergreen,
    };
    city.trees = vec![row("tree:1", tree(Some(12.3), Some(false))), row("tree:2", tree(None, None))];
    city.waters = vec![
        row("w:1", Water { name: Some("Tanaro".into()), geometry: square.into() }),
        row("w:2", Water { name: None, geometry: LineString::from(vec![at(0.0, 0.0), at(9.0, 9.0)]).into() }),
    ];
    let line = LineString::from(vec![at(0.0, 0.0), at(9.0, 9.0)]);
    city.railways = vec![row("r:1", Railway { name: None, geometry: line })];
    city.heritage_sites =
        vec![row("h:1", HeritageSite { name: "Cittadella".into(), kind: "castle".into(), position: at(3.0, 4.0) })];
    city.places = vec![row(
        "p:1",
        Place { name: None, kind: PlaceKind::Education, tag: "amenity=school".into(), position: at(5.0, 6.0) },
    )];
    city
}

fn decode_files(files: &Files) -> Result<CityTables, CityError> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(file, bytes)| (file.as_str(), bytes.as_slice())).collect();
    decode("city", &files)
}

#[test]
fn a_city_survives_its_files() {
    let mut city = small_city();
    let files = encode(&city).expect("a city");
    let read = decode_files(&files).expect("its files");
    city.sort();
    assert_eq!(read, city);
    assert!(City::from_tables(read).is_ok());
    assert_eq!(files.len(), TABLE_FILES.len() + 1);
    assert!(TABLE_FILES.iter().all(|file| files.contains_key(*file)));
}

#[test]
fn equal_cities_give_equal_bytes_in_whatever_order_their_rows_came() {
    let mut city = small_city();
    let files = encode(&city).expect("a city");
    city.links.reverse();
    city.junctions.reverse();
    assert_eq!(encode(&city).expect("a city"), files);
    let identities = [&city, &decode_files(&files).expect("its files")].map(|city| identity(city).expect("a city"));
    assert_eq!(identities[0], identities[1]);
    city.links[0].facts.lanes = 3;
    assert_ne!(identity(&city).expect("a city"), identities[0]);
}

#[test]
fn a_folder_is_replaced_as_a_whole_and_keeps_what_is_not_the_citys() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("cities/prova");
    let mut city = small_city();
    write(&city, &folder).expect("written");
    std::fs::write(folder.join("LICENCE.md"), "ODbL").expect("written");
    std::fs::create_dir(folder.join("pictures")).expect("a folder");
    std::fs::write(folder.join("pictures/bridge.txt"), "a bridge").expect("written");
    city.about.name = "Seconda".into();
    write(&city, &folder).expect("replaced");
    assert_eq!(read(&folder).expect("a city").about.name, "Seconda");
    assert_eq!(std::fs::read_to_string(folder.join("LICENCE.md")).expect("kept"), "ODbL");
    assert_eq!(std::fs::read_to_string(folder.join("pictures/bridge.txt")).expect("kept"), "a bridge");
    assert_eq!(std::fs::read_dir(place.path().join("cities")).expect("a folder").count(), 1, "nothing left beside it");
}

#[test]
fn what_is_not_a_city_is_not_replaced() {
    let place = tempfile::tempdir().expect("a folder");
    std::fs::write(place.path().join("thesis.txt"), "years of work").expect("written");
    let error = write(&small_city(), place.path()).expect_err("not a city");
    assert!(matches!(error, CityError::InTheWay { .. }), "{error}");
    let error = write(&small_city(), &place.path().join("thesis.txt")).expect_err("a file");
    assert!(matches!(error, CityError::InTheWay { .. }), "{error}");
    assert_eq!(std::fs::read_dir(place.path()).expect("a folder").count(), 1, "nothing left beside it");
}

#[test]
fn what_is_wrong_with_a_folder_is_named() {
    let files = encode(&small_city()).expect("a city");
    let told = |change: &dyn Fn(&mut Files)| {
        let mut changed = files.clone();
        change(&mut changed);
        decode_files(&changed).expect_err("wrong").to_string()
    };
    let in_manifest = |from: &str, to: &str| {
        told(&|files| {
            let text = String::from_utf8(files[MANIFEST].clone()).expect("text");
            assert!(text.contains(from), "{text}");
            files.insert(MANIFEST.into(), text.replacen(from, to, 1).into_bytes());
        })
    };
    let altered = told(&|files| files.get_mut("links.parquet").expect("there")[100] ^= 1);
    assert!(altered.starts_with("city/links.parquet: altered"), "{altered}");
    let missing = told(&|files| drop(files.remove("zones.parquet")));
    assert!(missing.starts_with("city/zones.parquet: the file is missing"), "{missing}");
    let newer = in_manifest("format = 1", "format = 2");
    assert!(newer.starts_with("city/city.toml: format 2 is newer"), "{newer}");
    let unknown = in_manifest("epsg = 32632", "colour = 1\nepsg = 32632");
    assert!(unknown.starts_with("city/city.toml: line 3: unknown field `colour`"), "{unknown}");
    let degrees = in_manifest("epsg = 32632", "epsg = 4326");
    assert!(degrees.contains("epsg: EPSG:4326 is not a projection in metres"), "{degrees}");
    let gap = in_manifest("to = \"24:00\"", "to = \"23:00\"");
    assert!(gap.contains("no period covers 23:00"), "{gap}");
    let nowhere = read(Path::new("nowhere")).expect_err("no folder").to_string();
    assert_eq!(nowhere, "nowhere: there is no such city folder");
}

#[test]
fn a_word_that_is_not_known_names_the_row() {
    let mut files = encode(&small_city()).expect("a city");
    let links = Table::from_bytes("l", &files["links.parquet"]).expect("a table");
    let (keys, classes) = (links.column::<&str>("l", "key").expect("keys"), ["tertiary", "autobahn"]);
    let bytes = Table::new().with("key", keys).with("class", classes).to_bytes();
    let text = String::from_utf8(files[MANIFEST].clone()).expect("text");
    let (old, new) = (blake3::hash(&files["links.parquet"]).to_hex(), blake3::hash(&bytes).to_hex());
    files.insert(MANIFEST.into(), text.replace(old.as_str(), new.as_str()).into_bytes());
    files.insert("links.parquet".into(), bytes);
    let error = decode_files(&files).expect_err("no provenance").to_string();
    assert_eq!(error, "city/links.parquet: column 'origin' is missing");
}

/// Whoever changes the format keeps this folder, adds one of the new format, and an upgrade between them.
#[test]
fn every_old_format_is_read_as_it_was_written() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for format in 1..=FORMAT {
        let folder = golden.join(format!("city-format-{format}"));
        let read = read(&folder).unwrap_or_else(|error| panic!("format {format}: {error}"));
        let mut city = small_city();
        city.sort();
        assert_eq!(read, city, "format {format}");
    }
}

/// Not a test: writes the golden folder of a new format. Run it once for each format, never again.
#[test]
#[ignore = "writes the golden folder of the current format, if there is none"]
fn write_the_golden_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/city-format-{FORMAT}"));
    assert!(!folder.exists(), "a golden folder never changes");
    write(&small_city(), &folder).expect("written");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_damaged_file_is_an_error_and_never_a_panic(file in 0_usize..16, at in 0_usize..4000, value: u8) {
        let mut files = encode(&small_city()).expect("a city");
        let name = files.keys().nth(file).expect("sixteen files").clone();
        let bytes = files.get_mut(&name).expect("there");
        let at = at % bytes.len();
        let changed = bytes[at] != value;
        bytes[at] = value;
        let read = decode_files(&files);
        let refused = matches!(read, Err(CityError::Altered { .. }));
        prop_assert!(!changed || name == MANIFEST || refused);
    }
}

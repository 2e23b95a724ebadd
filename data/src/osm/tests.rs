//! Small extracts with known answers, the real ones with their checked counts, and damaged ones.

use engine::city::{City, Structure};
use engine::vehicles::VehicleClass;
use geo::Area;
use proptest::prelude::*;

use super::*;
use crate::shared_data::shared_data;

fn options() -> Options {
    Options { name: "Prova".into(), time_zone: "Europe/Rome".into(), epsg: None }
}

fn import_text(text: &str) -> Import {
    let extract = parse("test.osm", text.as_bytes()).expect("an extract");
    let import = import("test.osm", &extract, &options()).expect("a city");
    City::from_tables(import.tables.clone()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    import
}

/// A cross of two streets around node 5, with a building, and whatever else is put in.
fn cross(more: &str) -> Import {
    import_text(&format!(
        r#"<?xml version="1.0"?><osm version="0.6">
        <node id="1" lat="44.9000" lon="8.6000"/><node id="2" lat="44.9020" lon="8.6000"/>
        <node id="3" lat="44.9010" lon="8.5990"/><node id="4" lat="44.9010" lon="8.6010"/>
        <node id="5" lat="44.9010" lon="8.6000"/>
        <node id="11" lat="44.9030" lon="8.6000"/><node id="12" lat="44.9030" lon="8.6001"/>
        <node id="13" lat="44.9031" lon="8.6001"/><node id="14" lat="44.9031" lon="8.6000"/>
        <way id="100"><nd ref="1"/><nd ref="5"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="Via &quot;Po&quot;"/></way>
        <way id="200"><nd ref="3"/><nd ref="5"/><tag k="highway" v="residential"/></way>
        <way id="201"><nd ref="5"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="oneway" v="yes"/></way>
        {more}</osm>"#
    ))
}

fn link_keys(import: &Import) -> Vec<&str> {
    import.tables.links.iter().map(|link| link.key.as_str()).collect()
}

#[test]
fn ways_are_cut_where_they_share_a_node() {
    let import = cross("");
    assert_eq!(
        link_keys(&import),
        [
            "osm:way/100#0+",
            "osm:way/100#0-",
            "osm:way/100#1+",
            "osm:way/100#1-",
            "osm:way/200#0+",
            "osm:way/200#0-",
            "osm:way/201#0+"
        ]
    );
    let first = &import.tables.links[0].facts;
    assert_eq!((first.from.as_str(), first.to.as_str()), ("osm:node/1", "osm:node/5"));
    assert_eq!(first.name.as_deref(), Some("Via \"Po\""));
    // A thousandth of a degree of latitude is 111.1 m here, times the scale of the UTM zone.
    assert!((first.length_m - 111.1).abs() < 0.2, "{}", first.length_m);
    assert_eq!(import.tables.junctions.len(), 5);
    assert_eq!(import.tables.about.epsg, 32632);
}

#[test]
fn a_loop_is_cut_in_its_middle_and_a_lost_node_cuts_a_way() {
    let import = cross(
        r#"<way id="300"><nd ref="2"/><nd ref="11"/><nd ref="12"/><nd ref="2"/><tag k="highway" v="service"/><tag k="oneway" v="yes"/></way>
        <way id="301"><nd ref="12"/><nd ref="999"/><nd ref="13"/><nd ref="14"/><tag k="highway" v="footway"/></way>
        <way id="302"><nd ref="998"/><nd ref="999"/><tag k="highway" v="footway"/></way>"#,
    );
    let of = |way: &str| -> Vec<(String, String)> {
        let links = import.tables.links.iter().filter(|link| link.key.as_str().contains(way));
        links.map(|link| (link.facts.from.to_string(), link.facts.to.to_string())).collect()
    };
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(of("way/300#"), [pair("osm:node/2", "osm:node/11"), pair("osm:node/11", "osm:node/2")]);
    assert_eq!(of("way/301#"), [pair("osm:node/13", "osm:node/14"), pair("osm:node/14", "osm:node/13")]);
    assert!(import.problems.iter().any(|problem| problem.key == "osm:way/302"), "{:?}", import.problems);
}

fn restriction(rule: &str, from: i64, via: &str, to: i64, more: &str) -> String {
    format!(
        r#"<relation id="7"><member type="way" ref="{from}" role="from"/><member {via} role="via"/>
        <member type="way" ref="{to}" role="to"/><tag k="type" v="restriction"/><tag k="restriction" v="{rule}"/>{more}</relation>"#
    )
}

#[test]
fn a_forbidden_turn_binds_vehicles_but_who_is_excepted() {
    let at_5 = r#"type="node" ref="5""#;
    let import = cross(&restriction("no_right_turn", 200, at_5, 100, r#"<tag k="except" v="psv;bicycle"/>"#));
    let turns: Vec<(&str, &str)> =
        import.tables.turns.iter().map(|turn| (turn.facts.from.as_str(), turn.facts.to.as_str())).collect();
    assert_eq!(turns, [("osm:way/200#0+", "osm:way/100#0-"), ("osm:way/200#0+", "osm:way/100#1+")]);
    let allowed: Vec<VehicleClass> = import.tables.turns[0].facts.access.classes.iter().collect();
    assert_eq!(allowed, [VehicleClass::Bus, VehicleClass::Bicycle, VehicleClass::Pedestrian]);
}

#[test]
fn an_only_turn_forbids_all_others_but_turning_back() {
    let import = cross(&restriction("only_straight_on", 200, r#"type="node" ref="5""#, 201, ""));
    let forbidden: Vec<&str> = import.tables.turns.iter().map(|turn| turn.facts.to.as_str()).collect();
    assert_eq!(forbidden, ["osm:way/100#0-", "osm:way/100#1+"]);
}

#[test]
fn restrictions_that_cannot_be_kept_are_listed() {
    for (relation, why) in [
        (restriction("no_left_turn", 200, r#"type="way" ref="100""#, 201, ""), "by way of another road"),
        (restriction("no_left_turn", 999, r#"type="node" ref="5""#, 201, ""), "not in the extract"),
        (restriction("no_left_turn", 100, r#"type="node" ref="5""#, 201, ""), "not cut there"),
        (restriction("maybe", 200, r#"type="node" ref="5""#, 201, ""), "'maybe' is not understood"),
    ] {
        let import = cross(&relation);
        assert!(import.tables.turns.is_empty());
        let problem = import.problems.iter().find(|problem| problem.key == "osm:relation/7").expect("listed");
        assert!(problem.what.contains(why), "{problem:?}");
    }
}

#[test]
fn buildings_trees_addresses_and_places_are_found() {
    let import = cross(
        r#"<way id="400"><nd ref="11"/><nd ref="12"/><nd ref="13"/><nd ref="14"/><nd ref="11"/><tag k="building" v="apartments"/>
        <tag k="building:levels" v="3.5"/><tag k="height" v="12 m"/><tag k="addr:housenumber" v="9"/><tag k="addr:street" v="Via Po"/></way>
        <way id="401"><nd ref="11"/><nd ref="13"/><nd ref="12"/><nd ref="14"/><nd ref="11"/><tag k="building" v="yes"/></way>
        <way id="402"><nd ref="11"/><nd ref="12"/><nd ref="13"/><tag k="building" v="yes"/></way>
        <node id="21" lat="44.9" lon="8.6"><tag k="natural" v="tree"/><tag k="species" v="Tilia"/><tag k="leaf_cycle" v="deciduous"/></node>
        <node id="22" lat="44.9" lon="8.6"><tag k="historic" v="castle"/><tag k="name" v="Cittadella"/></node>
        <node id="23" lat="44.9" lon="8.6"><tag k="amenity" v="school"/></node>
        <node id="24" lat="44.9" lon="8.6"><tag k="amenity" v="bench"/></node>
        <way id="500"><nd ref="1"/><nd ref="2"/><tag k="railway" v="rail"/><tag k="bridge" v="yes"/></way>
        <way id="501"><nd ref="1"/><nd ref="2"/><tag k="waterway" v="river"/><tag k="name" v="Tanaro"/></way>"#,
    );
    let tables = &import.tables;
    let building = &tables.buildings[0].facts;
    assert_eq!((building.floors, building.height_m), (Some(4), Some(12.0)));
    assert!((building.footprint.unsigned_area() - 7.89 * 11.11).abs() < 1.0, "{}", building.footprint.unsigned_area());
    let problems: Vec<&str> = import.problems.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!((tables.buildings.len(), problems), (1, vec!["osm:way/401", "osm:way/402"]));
    assert_eq!((&*tables.addresses[0].facts.street, &*tables.addresses[0].facts.number), ("Via Po", "9"));
    assert_eq!(tables.trees[0].facts.evergreen, Some(false));
    assert_eq!(&*tables.heritage_sites[0].facts.name, "Cittadella");
    assert_eq!(tables.places.iter().map(|place| &*place.facts.tag).collect::<Vec<_>>(), ["amenity=school"]);
    assert_eq!((tables.railways.len(), tables.waters.len()), (1, 1));
}

#[test]
fn a_multipolygon_building_has_its_court_and_its_outline_is_no_second_building() {
    let import = cross(
        r#"<node id="31" lat="44.90303" lon="8.60003"/><node id="32" lat="44.90303" lon="8.60006"/><node id="33" lat="44.90306" lon="8.60006"/>
        <way id="400"><nd ref="11"/><nd ref="12"/><nd ref="13"/><tag k="building" v="yes"/></way>
        <way id="401"><nd ref="11"/><nd ref="14"/><nd ref="13"/></way>
        <way id="402"><nd ref="31"/><nd ref="32"/><nd ref="33"/><nd ref="31"/></way>
        <relation id="9"><member type="way" ref="400" role="outer"/><member type="way" ref="401" role="outer"/>
        <member type="way" ref="402" role="inner"/><tag k="type" v="multipolygon"/><tag k="building" v="school"/></relation>"#,
    );
    assert_eq!((import.tables.buildings.len(), import.problems.len()), (1, 0), "{:?}", import.problems);
    let footprint = &import.tables.buildings[0].facts.footprint;
    assert_eq!((footprint.0.len(), footprint.0[0].interiors().len()), (1, 1));
}

#[test]
fn what_is_wrong_with_a_text_names_the_line() {
    let told = |text: &str| parse("a.osm", text.as_bytes()).expect_err("wrong").to_string();
    let no_number = told("<osm>\n<node id=\"x\" lat=\"1\" lon=\"2\"/>\n</osm>");
    assert_eq!(no_number, "a.osm, line 2: id=\"x\" is not a number");
    assert!(told("<osm>\n<way id=\"1\">\n<nd/></way></osm>").starts_with("a.osm, line 3: <nd> has no attribute 'ref'"));
    assert!(told("<osm>\n<node id=\"1\" lat=\"91\" lon=\"2\"/></osm>").contains("line 2: node 1 is off the globe"));
    assert!(told("<osm>\n<way id=\"1\">\n").contains("the file ends inside an element"));
    assert!(told("<osm>\n<way id=\"1\"></node></osm>").starts_with("a.osm, line 2: "));
    assert!(told("<gpx></gpx>").contains("no <osm> element"));
    assert!(told("hello, this is not an extract").contains("byte 0"));
    let empty = parse("a.osm", b"<osm></osm>").expect("an extract");
    assert!(matches!(import("a.osm", &empty, &options()), Err(OsmError::Empty { .. })));
    assert!(matches!(read(Path::new("nowhere.osm")), Err(OsmError::File { .. })));
}

/// The counts of `../shared/data/README.md`, checked against the same files with other tools.
#[test]
fn the_real_extracts_hold_what_was_counted() {
    for (file, nodes, ways, buildings) in [
        ("monaco.osm.pbf", 180_118, 27_377, 23_370),
        ("badhersfeld.osm.xml.gz", 103_731, 16_299, 11_290),
        ("krems.osm.gz", 15_042, 2_402, 1_195),
        ("Helsinki.osm.pbf", 24_260, 5_130, 554),
    ] {
        let Some(path) = shared_data(&format!("data/osm/{file}")) else { return };
        let extract = read(&path).expect("an extract");
        let counts = counts(&extract);
        assert_eq!((counts.nodes, counts.ways, counts.building_ways), (nodes, ways, buildings), "{file}");
        match file {
            "monaco.osm.pbf" => assert_eq!(counts.sight_nodes, 97),
            "badhersfeld.osm.xml.gz" => assert_eq!(counts.car_ways, 2_025),
            "Helsinki.osm.pbf" => assert_eq!(counts.building_ways_with_height, 257),
            _ => {}
        }
        let import = import(file, &extract, &options()).expect("a city");
        let faults = import.tables.faults();
        assert!(faults.is_empty(), "{file}: {} faults, first {:?}", faults.len(), faults.first());
    }
}

#[test]
fn nearly_all_buildings_of_monaco_are_made_and_the_rest_are_listed() {
    let Some(path) = shared_data("data/osm/monaco.osm.pbf") else { return };
    let import = import("monaco", &read(&path).expect("an extract"), &options()).expect("a city");
    let skipped = import.problems.iter().filter(|problem| problem.what.starts_with("building:")).count();
    let outlines_of_relations = 23_370 + 3 - import.tables.buildings.len() - skipped;
    assert!(import.tables.buildings.len() > 23_200, "{}", import.tables.buildings.len());
    assert!(outlines_of_relations <= 30, "{outlines_of_relations}");
}

#[test]
fn a_cut_off_extract_says_where() {
    let Some(path) = shared_data("data/osm/Helsinki.osm.pbf") else { return };
    let bytes = std::fs::read(path).expect("readable");
    for length in [3, 40, 1000, bytes.len() / 2, bytes.len() - 1] {
        let error = parse("h.osm.pbf", &bytes[..length]).expect_err("cut off").to_string();
        assert!(error.starts_with("h.osm.pbf, byte "), "{error}");
    }
}

#[test]
fn threads_do_not_change_a_city() {
    let Some(path) = shared_data("data/osm/Helsinki.osm.pbf") else { return };
    let city = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let import = import("h", &read(&path).expect("an extract"), &options()).expect("a city");
            crate::city_folder::encode(&import.tables).expect("files")
        })
    };
    let one = city(1);
    assert!(one == city(2) && one == city(7));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn damaged_text_is_an_error_or_an_extract_and_never_a_panic(at in 0_usize..600, bytes in prop::collection::vec(any::<u8>(), 0..6)) {
        let mut text = br#"<?xml version="1.0"?><osm version="0.6"><node id="1" lat="44.9" lon="8.6"/><node id="2" lat="44.9" lon="8.7"/>
            <way id="100"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
            <relation id="7"><member type="way" ref="100" role="from"/><tag k="type" v="restriction"/></relation></osm>"#.to_vec();
        let at = at % text.len();
        let end = (at + bytes.len()).min(text.len());
        text.splice(at..end, bytes);
        if let Ok(extract) = parse("a.osm", &text) {
            let _ = import("a.osm", &extract, &options());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn damaged_pbf_is_an_error_or_an_extract_and_never_a_panic(damage in prop::collection::vec((any::<u32>(), any::<u8>()), 1..4)) {
        let mut bytes = small_pbf();
        for (at, value) in damage {
            let at = at as usize % bytes.len();
            bytes[at] = value;
        }
        if let Ok(extract) = parse("a.osm.pbf", &bytes) {
            let _ = import("a.osm.pbf", &extract, &options());
        }
    }
}

/// Two dense nodes and a way between them, not packed, so that damage reaches the elements.
pub(super) fn small_pbf() -> Vec<u8> {
    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        let length = u8::try_from(bytes.len()).expect("short");
        [&[number << 3 | 2, length][..], bytes].concat()
    }
    fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
        let body = field(1, content);
        let size = u8::try_from(body.len()).expect("short");
        let header = [field(1, kind.as_bytes()), vec![3 << 3, size]].concat();
        [u32::try_from(header.len()).expect("short").to_be_bytes().to_vec(), header, body].concat()
    }
    let texts = ["", "highway", "primary"].map(|text| field(1, text.as_bytes())).concat();
    // Zigzag deltas: ids 1 and 2; latitudes 44.9 and longitude 8.6 in units of 100 nanodegrees, the second a little further.
    let (lat, lon) = ([0xc0, 0xd5, 0x9c, 0xac, 0x03, 0x02], [0x80, 0xed, 0x82, 0x52, 0xd0, 0x0f]);
    let dense = [field(1, &[2, 2]), field(8, &lat), field(9, &lon)].concat();
    let way = [vec![1 << 3, 100], field(2, &[1]), field(3, &[2]), field(8, &[2, 2])].concat();
    let group = [field(2, &dense), field(3, &way)].concat();
    let block = [field(1, &texts), field(2, &group)].concat();
    [blob("OSMHeader", &field(4, b"DenseNodes")), blob("OSMData", &block)].concat()
}

#[test]
fn a_small_pbf_is_read_in_full() {
    let extract = parse("a.osm.pbf", &small_pbf()).expect("an extract");
    assert_eq!(extract.nodes.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [1, 2]);
    let place = extract.nodes[0].1;
    assert!((place.y - 44.9).abs() < 0.1 && (place.x - 8.6).abs() < 0.1, "{place:?}");
    assert_eq!(extract.ways[0].nodes, [1, 2]);
    let import = import("a", &extract, &options()).expect("a city");
    assert_eq!(import.tables.links.len(), 2);
    assert!(import.tables.links.iter().all(|link| link.facts.structure == Structure::Ground));
}

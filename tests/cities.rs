//! Cities through the command line: sources in, folder out, what is in it, and every way that the input can be wrong.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const STREETS: &str = r#"<?xml version="1.0"?>
<osm version="0.6">
<node id="1" lat="44.9000" lon="8.6000"/><node id="2" lat="44.9020" lon="8.6000"/>
<node id="3" lat="44.9010" lon="8.5990"/><node id="4" lat="44.9010" lon="8.6000"/>
<way id="100"><nd ref="1"/><nd ref="4"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="Via Po"/></way>
<way id="200"><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="motor_vehicle:conditional" v="no @ (Su)"/></way>
</osm>"#;

/// A folder with the streets in it, for one test.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a folder"));
        place.file("streets.osm", STREETS);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).expect("written");
    }

    fn run(&self, arguments: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_gemello"))
            .args(arguments.split_whitespace())
            .current_dir(self.0.path())
            .output()
            .expect("gemello runs")
    }

    /// The JSON object that a command prints last.
    fn json(&self, arguments: &str) -> Value {
        let output = self.run(&format!("{arguments} --json"));
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        let stdout = String::from_utf8(output.stdout).expect("text");
        serde_json::from_str(stdout.lines().last().expect("a line")).expect("JSON")
    }

    /// What is told where a command refuses its input: one message, exit code 2.
    fn refusal(&self, arguments: &str) -> String {
        let before = self.names();
        let output = self.run(arguments);
        let told = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(2), "{arguments}: {told}");
        assert_eq!(told.lines().count(), 1, "{told}");
        assert_eq!(self.names(), before, "{arguments} leaves nothing half-written");
        told.trim_end().trim_start_matches("error: ").to_owned()
    }

    fn names(&self) -> Vec<std::ffi::OsString> {
        let entries = std::fs::read_dir(self.0.path()).expect("a folder");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    }
}

#[test]
fn streets_become_a_city_that_says_what_is_in_it() {
    let place = Place::new();
    let made = place.json("import streets.osm --out city");
    for (field, count) in [
        ("nodes", 4),
        ("links", 6),
        ("junctions", 4),
        ("buildings", 0),
        ("trees", 0),
        ("addresses", 0),
        ("problems", 1),
    ] {
        assert_eq!(made[field], count, "{field}: {made}");
    }
    assert!((made["link_km"].as_f64().expect("km") - 2.0 * (0.2222 + 0.0789)).abs() < 0.002, "{made}");
    let info = place.json("info city");
    assert_eq!(info["identity"], made["identity"]);
    assert_eq!(info["connectivity"]["largest_share"], 1.0);
    assert!(info["drivable_km"]["real"].as_f64().expect("km") > 0.6);
    assert_eq!(info["broken"], Value::Array(Vec::new()));
    assert_eq!(info["sources"][0]["licence"], "ODbL-1.0");
    let text = String::from_utf8(place.run("info city").stdout).expect("text");
    assert!(text.contains("© OpenStreetMap contributors") && text.contains("no zones"), "{text}");
}

#[test]
fn without_a_city_the_built_in_one_is_meant() {
    let info = Place::new().json("info");
    assert_eq!((&info["name"], &info["broken"]), (&Value::from("Alessandria"), &Value::Array(Vec::new())));
    assert!(info["connectivity"]["largest_share"].as_f64().expect("a share") >= 0.97, "{}", info["connectivity"]);
}

#[test]
fn threads_do_not_show_in_a_city() {
    let place = Place::new();
    let identities = ["1", "2", "7"].map(|threads| {
        place.json(&format!("import streets.osm --out city{threads} --threads {threads}"))["identity"].clone()
    });
    assert!(identities.iter().all(|identity| *identity == identities[0]));
}

#[test]
fn an_update_keeps_keys_and_lists_what_is_gone() {
    let place = Place::new();
    place.json("import streets.osm --out city");
    place.file("later.osm", STREETS.replace("id=\"100\"", "id=\"777\""));
    let updated = place.json("import later.osm --out city --update");
    let links = updated["matching"].as_array().expect("tables").iter().find(|table| table["table"] == "links");
    let links = links.expect("links");
    assert_eq!((&links["by_id"], &links["by_place"]), (&Value::from(2), &Value::from(4)), "{links}");
    let listed = std::fs::read_to_string(place.path("city/unmatched.json")).expect("listed");
    assert!(serde_json::from_str::<Value>(&listed).expect("JSON").is_array());
}

#[test]
fn layers_are_added_to_a_city() {
    let place = Place::new();
    place.json("import streets.osm --out city");
    place.file("alberi.csv", "Essenza,lon,lat\nTilia cordata,8.6001,44.9005\nPlatanus,8.6002,44.9006\n");
    let made = place.json(
        "import alberi.csv --city city --out shaded --layer trees --column species=Essenza --source comune --licence CC-BY-4.0",
    );
    assert_eq!((&made["trees"], &made["links"]), (&Value::from(2), &Value::from(6)));
    assert_eq!(place.json("info shaded")["sources"].as_array().expect("sources").len(), 2);
}

#[test]
fn a_city_is_exported_as_geojson_in_degrees() {
    let place = Place::new();
    place.json("import streets.osm --out city");
    place.json("export city --geojson city.geojson");
    let text = std::fs::read_to_string(place.path("city.geojson")).expect("written");
    let collection: Value = serde_json::from_str(&text).expect("JSON");
    let features = collection["features"].as_array().expect("features");
    assert_eq!(features.len(), 4 + 6);
    let junction = features.iter().find(|feature| feature["properties"]["key"] == "osm:node/1").expect("node 1");
    let longitude = junction["geometry"]["coordinates"][0].as_f64().expect("degrees");
    assert!((longitude - 8.6).abs() < 1e-6, "{longitude}");
}

#[cfg(feature = "gdal")]
#[test]
fn a_city_is_exported_as_a_geopackage_that_can_be_read_again() {
    let place = Place::new();
    place.file("alberi.csv", "species,lon,lat\nTilia cordata,8.6001,44.9005\n");
    place.json("import alberi.csv --out city --layer trees");
    place.json("export city --gpkg city.gpkg");
    let again = place.json("import city.gpkg --out again --layer trees --layer-name trees");
    assert_eq!(again["trees"], 1);
}

#[test]
fn a_city_that_is_there_is_not_overwritten_unasked() {
    let place = Place::new();
    place.json("import streets.osm --out city");
    let told = place.refusal("import streets.osm --out city");
    assert_eq!(told, "city is a city already; add --update so that its keys survive, or --replace to write a new one");
    place.json("import streets.osm --out city --replace");
    place.file("thesis.txt", "years of work");
    assert!(place.refusal("import streets.osm --out .").starts_with(". is there already and is not a city"));
}

#[test]
fn wrong_sources_are_refused_by_name() {
    let place = Place::new();
    place.file("cut.osm", &STREETS.as_bytes()[..400]);
    place.file("text.osm.pbf", "this is no extract at all");
    place.file("empty.osm", "<osm></osm>");
    place.file(
        "bow.geojson",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":
        {"type":"Polygon","coordinates":[[[8.6,44.9],[8.6001,44.9001],[8.6001,44.9],[8.6,44.9001],[8.6,44.9]]]}}]}"#,
    );
    place.file("metres.csv", "species,e,n\nTilia,469000,4973000\n");
    place.file("far.csv", "species,lon,lat\nTilia,12.5,41.9\n");
    place.json("import streets.osm --out city");
    for (arguments, told) in [
        ("import nowhere.osm --out new", "nowhere.osm: No such file"),
        ("import cut.osm --out new", "cut.osm, line "),
        ("import text.osm.pbf --out new", "text.osm.pbf, byte 0: not a block of a .osm.pbf file"),
        ("import empty.osm --out new", "empty.osm: there is no node in it"),
        ("import streets.osm --out new --crs 4326", "EPSG:4326 is not a projection in metres"),
        ("import streets.osm --out new --crs 32601", "position 8.6, 44.9"),
        ("import bow.geojson --out new --layer buildings", "bow.geojson, feature 1: its outline crosses itself"),
        ("import metres.csv --out new --layer trees", "metres.csv: there is no column 'lon'"),
        ("import metres.csv --out new --layer trees --column x=e --column y=n", "metres.csv: it does not say in which"),
        (
            "import metres.csv --out new --layer trees --column height=e",
            "--column height=e: trees has the fields key, x, y",
        ),
        ("import far.csv --city city --out new --layer trees", "far.csv, line 2: it lies"),
        ("import far.csv --out new", "far.csv: say with --layer which table"),
        ("import streets.osm --out new --update", "new is not a city yet"),
        ("info nowhere", "nowhere: there is no such city folder"),
        ("info .", ". is not a city"),
    ] {
        let found = place.refusal(arguments);
        assert!(found.starts_with(told), "{arguments}: {found}");
    }
}

#[test]
fn a_city_of_a_newer_format_or_with_altered_files_is_refused() {
    let place = Place::new();
    place.json("import streets.osm --out city");
    let manifest = std::fs::read_to_string(place.path("city/city.toml")).expect("there");
    place.file("city/city.toml", manifest.replace("format = 1", "format = 9"));
    assert!(place.refusal("info city").starts_with("city/city.toml: format 9 is newer than the 1"));
    place.file("city/city.toml", &manifest);
    let mut links = std::fs::read(place.path("city/links.parquet")).expect("there");
    links[77] ^= 1;
    place.file("city/links.parquet", links);
    assert!(place.refusal("info city").starts_with("city/links.parquet: altered since the city was written"));
    std::fs::remove_file(place.path("city/links.parquet")).expect("there");
    assert!(place.refusal("info city").starts_with("city/links.parquet: the file is missing"));
}

/// The counts of the shared data, through the command line.
#[test]
fn monaco_holds_what_was_counted() {
    let shared = std::env::var_os("GEMELLO_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let monaco = shared.join("data/osm/monaco.osm.pbf");
    if !monaco.exists() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", monaco.display());
        eprintln!("skipped: {} is not here", monaco.display());
        return;
    }
    let place = Place::new();
    let made = place.json(&format!("import {} --out monaco", monaco.display()));
    assert_eq!((&made["nodes"], &made["source"]["ways"]), (&Value::from(180_118), &Value::from(27_377)));
    assert_eq!(made["source"]["building_ways"], 23_370);
    assert_eq!(place.json("info monaco")["broken"], Value::Array(Vec::new()));
}

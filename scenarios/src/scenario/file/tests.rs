//! What the reader of scenario files takes and refuses.

use super::*;

const HEAD: &str = "format = 1\nname = \"test\"\ntitle = { it = \"Prova\", en = \"Test\" }\n";

/// What the reader says of a file that begins with a good head.
fn complaint(body: &str) -> String {
    ScenarioFile::parse("test.toml", &format!("{HEAD}{body}")).expect_err("a bad file").to_string()
}

#[test]
fn a_file_is_read_with_all_its_edits() {
    let text = format!(
        "{HEAD}[[close]]\non = {{ street = [\"Via Roma\"] }}\n[[set]]\non = {{ links = [\"osm:way/1\"] }}\nlanes = 2\n\
         [[ztl]]\nquarter = \"Centro\"\nhours = {{ from = \"7:30\", to = \"19:00\" }}\nexempt_share = 0.1\n"
    );
    assert_eq!(ScenarioFile::parse("test.toml", &text).expect("valid").edit_count(), 3);
}

#[test]
fn wrong_files_say_where_and_what_to_do() {
    for (body, parts) in [
        (
            "[[set]]\non = { street = [\"x\"] }\nlnaes = 2\n",
            ["test.toml:6:1", "unknown field `lnaes`", "did you mean `lanes`"],
        ),
        ("[[set]]\non = { street = [\"x\"] }\nspeed_mph = 20\n", ["test.toml:6:1", "`speed_mph`", "`speed_kmh`"]),
        ("[[set]]\non = { street = [\"x\"] }\nlanes = -2\n", ["test.toml:6:9", "lanes is -2", "from 1 to 8"]),
        (
            "[[set]]\non = { street = [\"x\"] }\nspeed_kmh = -5\n",
            ["test.toml:6:13", "speed_kmh is -5", "from 1 to 150"],
        ),
        ("[[set]]\non = { street = [\"x\"] }\n", ["test.toml:4:1", "sets nothing", "lanes"]),
        ("[[close]]\non = { structure = \"bridge\" }\n", ["test.toml:5:6", "selects no links", "street"]),
        ("[[close]]\non = { street = [\"x\"] }\nclasses = [\"tank\"]\n", ["test.toml:6:12", "tank", "resident_car"]),
        (
            "[[ztl]]\npolygon = { points = [[8.6, 44.9], [8.7, 45.0], [8.7, 44.9], [8.6, 45.0]] }\nhours = { from = \"7:30\", to = \"19:00\" }\nexempt_share = 0\n",
            ["test.toml:5:22", "crosses itself", "sides 1 and 3"],
        ),
        (
            "[[ztl]]\nhours = { from = \"7:30\", to = \"25:00\" }\nexempt_share = 0\n",
            ["test.toml:5:31", "25:00", "time of day"],
        ),
        (
            "[[close]]\non = { street = [\"x\"] }\nhours = { days = [], from = \"7:30\", to = \"9:00\" }\n",
            ["test.toml:6:29", "days is an empty list", "leave days out"],
        ),
        (
            "[[close]]\non = { street = [\"x\"] }\nclasses = []\n",
            ["test.toml:4:1", "classes is an empty list", "name at least one"],
        ),
        ("[[zone]]\nkey = \"z:1\"\nresidents = 5\nresidents_change = 1\n", ["test.toml:7:20", "residents", "only one"]),
        (
            "[[vehicle_mix]]\nheavy_vehicles_factor = 1.0\n",
            ["test.toml:4:", "expected one table", "single brackets, as in [vehicle_mix]"],
        ),
        ("[[lift]]\nlines = [\"9\"]\n", ["test.toml:4:", "expected one table", "single brackets"]),
        ("[close]\non = { street = [\"x\"] }\n", ["test.toml:4:", "there may be several", "double brackets"]),
    ] {
        let told = complaint(body);
        for part in parts {
            assert!(told.contains(part), "'{part}' in: {told}");
        }
    }
}

#[test]
fn a_newer_file_is_not_guessed_at() {
    let text = HEAD.replace("format = 1", "format = 9");
    let told = ScenarioFile::parse("test.toml", &text).expect_err("newer").to_string();
    assert!(told.contains("test.toml:1:10") && told.contains("format 9") && told.contains("newer"), "{told}");
}

#[test]
fn the_schema_asks_for_no_more_than_the_reader() {
    let schema: serde_json::Value = serde_json::from_str(&json_schema()).expect("JSON");
    let required = |name: &str| schema["$defs"][name]["required"].to_string();
    assert_eq!(required("Close"), r#"["on"]"#);
    assert_eq!(required("Selection"), "null");
    assert_eq!(required("RuleHours"), r#"["from","to"]"#);
    assert_eq!(required("AddRoad"), r#"["name","points","road_class","lanes","speed_kmh"]"#);
}

#[test]
fn numbers_beyond_all_measure_are_refused_with_what_may_be() {
    let zone = "[[zone]]\nkey = \"z:1\"\n";
    let set = "[[set]]\non = { street = [\"x\"] }\n";
    let toll = "[[toll]]\non = { street = [\"x\"] }\n";
    for (body, part) in [
        (format!("{zone}residents = 1e9\n"), "test.toml:6:13: residents is 1000000000; it must be from 0 to 1000000"),
        (format!("{zone}residents = nan\n"), "test.toml:6:13: residents is NaN"),
        (format!("{zone}jobs_change = -inf\n"), "test.toml:6:15: jobs_change is -inf"),
        (format!("{set}lanes = 1000\n"), "test.toml:6:9: lanes is 1000; it must be from 1 to 8"),
        (format!("{set}speed_kmh = 1e6\n"), "test.toml:6:13: speed_kmh is 1000000; it must be from 1 to 150"),
        (format!("{set}capacity_pcuph = inf\n"), "test.toml:6:18: capacity_pcuph is inf"),
        (format!("{toll}eur = 1e12\n"), "test.toml:6:7: eur is 1000000000000; it must be from 0 to 100"),
        ("[uncertainty]\nedited_capacity_spread = nan\n".to_owned(), "edited_capacity_spread is NaN"),
    ] {
        let told = complaint(&body);
        assert!(told.contains(part), "'{part}' in: {told}");
    }
    let points = vec!["[8.6, 44.9]"; 10_001].join(", ");
    let told = complaint(&format!("[[close]]\non = {{ polygon = {{ points = [{points}] }} }}\n"));
    assert!(told.contains("10001 points are given; there must be from 3 to 10000"), "{told}");
}

#[test]
fn the_published_schema_is_the_one_that_is_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/scenario.schema.json");
    if std::env::var_os("GEMELLO_WRITE_SCHEMA").is_some() {
        std::fs::write(path, json_schema()).expect("the schema folder");
    }
    let published = std::fs::read_to_string(path).expect("the published schema");
    assert_eq!(published, json_schema(), "run this test with GEMELLO_WRITE_SCHEMA=1 to write the schema anew");
}

//! Runs and batches through the command line, on a made-up city: the same bytes on any number of threads, in any home, alone or
//! in a batch, killed or not; and `verify` that finds what was changed.

#[path = "support/workplace.rs"]
mod workplace;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use workplace::small_city::small_city;
use workplace::{GEMELLO, bytes, gemello, succeeds, workplace};

#[test]
fn threads_and_home_do_not_show_in_a_run_and_verify_passes() {
    let folder = workplace();
    let run = |threads: &str| {
        let out = format!("run-{threads}");
        let arguments = [
            "run",
            "options/bridge-2-50.toml",
            "--city",
            "city",
            "--seeds",
            "3",
            "--period",
            "morning_peak",
            "--threads",
            threads,
            "--out",
            &out,
        ];
        succeeds(&gemello(folder.path(), &format!("home-{threads}"), &arguments));
        bytes(&folder.path().join(out))
    };
    let one = run("1");
    assert!(one.contains_key(Path::new("manifest.json")) && one.contains_key(Path::new("tables/links.parquet")));
    assert_eq!(one, run("2"));
    assert_eq!(one, run("7"));
    let verified = gemello(folder.path(), "home", &["verify", "run-7", "--json"]);
    succeeds(&verified);
    assert!(String::from_utf8_lossy(&verified.stdout).contains("\"verdict\":\"identical\""));
}

#[test]
fn verify_tells_a_changed_run_by_exit_code_and_file() {
    let folder = workplace();
    let arguments = ["run", "base", "--city", "city", "--period", "night", "--out", "run"];
    succeeds(&gemello(folder.path(), "home", &arguments));
    let path = folder.path().join("run/tables/zones.parquet");
    let whole = std::fs::read(&path).expect("a table");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    let expect_altered = |what: &str| {
        let verified = gemello(folder.path(), "home", &["verify", "run", "--json"]);
        assert_eq!(verified.status.code(), Some(1), "{what}: {verified:?}");
        assert!(String::from_utf8_lossy(&verified.stdout).contains("\"verdict\":\"altered\""), "{what}: {verified:?}");
        assert!(String::from_utf8_lossy(&verified.stderr).contains("zones"), "{what}: {verified:?}");
    };
    for (what, bytes) in [("a bit", &flipped[..]), ("the end", &whole[..whole.len() / 2]), ("all", &[])] {
        std::fs::write(&path, bytes).expect("written");
        expect_altered(what);
    }
    std::fs::remove_file(&path).expect("removed");
    expect_altered("the file");
    std::fs::write(&path, &whole).expect("written");
    let more = path.with_file_name("more-zones.parquet");
    std::fs::write(&more, &whole).expect("written");
    expect_altered("a file more");
    std::fs::remove_file(&more).expect("removed");
    succeeds(&gemello(folder.path(), "home", &["verify", "run"]));
}

/// The same files, and in each the same bytes.
fn assert_same(one: &BTreeMap<PathBuf, Vec<u8>>, other: &BTreeMap<PathBuf, Vec<u8>>) {
    let alone: Vec<&PathBuf> =
        one.keys().chain(other.keys()).filter(|file| !(one.contains_key(*file) && other.contains_key(*file))).collect();
    assert!(alone.is_empty(), "only in one of them: {alone:?}");
    let differing: Vec<&PathBuf> = one.keys().filter(|file| one[*file] != other[*file]).collect();
    assert!(differing.is_empty(), "{differing:?}");
}

/// Kills a batch again and again (twenty times where `GEMELLO_NIGHTLY` is set) while it is at work.
#[test]
fn a_batch_that_was_killed_ends_with_the_bytes_of_one_that_was_not() {
    let folder = workplace();
    let arguments = |out: &'static str| {
        ["batch", "options", "--city", "city", "--period", "morning_peak", "--jobs", "2", "--out", out]
    };
    let start = Instant::now();
    succeeds(&gemello(folder.path(), "home", &arguments("whole")));
    let whole_life = start.elapsed();
    let whole = bytes(&folder.path().join("whole"));
    let kills = if std::env::var_os("GEMELLO_NIGHTLY").is_some() { 20 } else { 4 };
    let (mut landed, mut ended) = (0, 0);
    while landed < kills {
        let mut batch = Command::new(GEMELLO)
            .args(arguments("killed"))
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.path().join("stderr")).expect("a file"))
            .spawn()
            .expect("gemello runs");
        // Any moment of the batch's life must do: steps of the golden section spread over it evenly.
        std::thread::sleep(whole_life.mul_f64((0.1 + 0.618 * f64::from(landed + ended)).fract()));
        if let Some(status) = batch.try_wait().expect("waited for") {
            assert!(status.success(), "{}", std::fs::read_to_string(folder.path().join("stderr")).expect("a file"));
            // What the kills before had left was little: it begins anew.
            assert_same(&whole, &bytes(&folder.path().join("killed")));
            std::fs::remove_dir_all(folder.path().join("killed")).expect("removed");
            ended += 1;
            assert!(ended <= 10 * kills, "the batch is over before it can be killed");
        } else {
            batch.kill().expect("killed");
            batch.wait().expect("ended");
            landed += 1;
        }
    }
    let last = gemello(folder.path(), "home", &arguments("killed"));
    succeeds(&last);
    assert_same(&whole, &bytes(&folder.path().join("killed")));
    let again = gemello(folder.path(), "home", &[&arguments("killed")[..], &["--json"]].concat());
    succeeds(&again);
    assert!(String::from_utf8_lossy(&again.stdout).contains("\"made\":0,\"kept\":12"), "nothing is run twice");
}

/// Two scenarios in `options`, of which one draws two seeds and both name the city `../city`.
fn scenarios_that_name_city_and_seeds() -> tempfile::TempDir {
    let folder = workplace();
    std::fs::remove_dir_all(folder.path().join("options")).expect("removed");
    std::fs::create_dir(folder.path().join("options")).expect("a folder");
    for (name, seeds) in [("drawn", "seeds = 2\n"), ("central", "")] {
        let text = format!(
            "format = 1\nname = \"{name}\"\nparent = \"base\"\ntitle = {{ it = \"Ponte\", en = \"Bridge\" }}\n\
             city = \"../city\"\n{seeds}[[set]]\non = {{ street = [\"Ponte Vecchio\"] }}\nlanes = 2\n"
        );
        std::fs::write(folder.path().join(format!("options/{name}.toml")), text).expect("a scenario");
    }
    folder
}

#[test]
fn a_batch_takes_city_and_seeds_from_each_scenario_as_a_run_does() {
    let folder = scenarios_that_name_city_and_seeds();
    let period = ["--period", "morning_peak", "--threads", "1", "--out"];
    succeeds(&gemello(folder.path(), "home", &[&["batch", "options"], &period[..], &["batch"]].concat()));
    for name in ["drawn", "central"] {
        let scenario = format!("options/{name}.toml");
        succeeds(&gemello(folder.path(), "home", &[&["run", &scenario], &period[..], &[name]].concat()));
        assert_eq!(bytes(&folder.path().join("batch").join(name)), bytes(&folder.path().join(name)), "{name}");
    }
}

#[test]
fn a_batch_over_two_cities_runs_each_scenario_on_its_own() {
    let folder = scenarios_that_name_city_and_seeds();
    let mut other = small_city();
    other.about.name = "Seconda".into();
    other.zones.iter_mut().for_each(|zone| zone.facts.jobs *= 2.0);
    data::city_folder::write(&other, &folder.path().join("other")).expect("a city");
    let path = folder.path().join("options/central.toml");
    let text = std::fs::read_to_string(&path).expect("there").replace("\"../city\"", "\"../other\"");
    std::fs::write(path, text).expect("written");
    let period = ["--period", "morning_peak", "--out"];
    succeeds(&gemello(folder.path(), "home", &[&["batch", "options"], &period[..], &["batch"]].concat()));
    for (name, city) in [("drawn", "Piccola"), ("central", "Seconda")] {
        let scenario = format!("options/{name}.toml");
        succeeds(&gemello(folder.path(), "home", &[&["run", &scenario], &period[..], &[name]].concat()));
        let alone = bytes(&folder.path().join(name));
        assert_eq!(bytes(&folder.path().join("batch").join(name)), alone, "{name}");
        let manifest = String::from_utf8_lossy(&alone[Path::new("manifest.json")]).into_owned();
        assert!(manifest.contains(&format!("\"name\": \"{city}\"")), "{manifest}");
    }
    let table = std::fs::read_to_string(folder.path().join("batch/indicators.csv")).expect("a table");
    assert_eq!(table.lines().count(), 3, "{table}");
}

#[test]
fn a_batch_replaces_runs_of_other_inputs_only_where_it_is_asked_to() {
    let folder = scenarios_that_name_city_and_seeds();
    let batch = |period: &'static str, more: &[&'static str]| {
        let call = ["batch", "options", "--threads", "1", "--out", "batch", "--period", period];
        gemello(folder.path(), "home", &[&call[..], more].concat())
    };
    succeeds(&batch("night", &[]));
    let before = bytes(&folder.path().join("batch"));
    let refused = batch("morning_peak", &[]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{told}");
    assert!(told.contains("batch/central: holds a run of other inputs") && told.contains("--replace"), "{told}");
    assert_eq!(bytes(&folder.path().join("batch")), before);
    succeeds(&batch("morning_peak", &["--replace"]));
    assert_ne!(bytes(&folder.path().join("batch")), before);
}

#[test]
fn a_run_replaces_one_of_other_inputs_only_where_it_is_asked_to() {
    let folder = workplace();
    let run = |period: &'static str, more: &[&'static str]| {
        let call = ["run", "base", "--city", "city", "--out", "run", "--period", period];
        gemello(folder.path(), "home", &[&call[..], more].concat())
    };
    succeeds(&run("night", &[]));
    let before = bytes(&folder.path().join("run"));
    let refused = |output: &Output, parts: &[&str]| {
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(parts.iter().all(|part| told.contains(part)), "{told}");
    };
    refused(&run("morning_peak", &[]), &["run: holds a run of other inputs", "--replace"]);
    assert_eq!(bytes(&folder.path().join("run")), before);
    succeeds(&run("night", &[]));
    assert_eq!(bytes(&folder.path().join("run")), before, "the same run again");
    for stranger in ["notes.txt", "inputs/notes.txt", "inputs/city/notes.txt"] {
        let path = folder.path().join("run").join(stranger);
        std::fs::write(&path, "mine").expect("written");
        refused(&run("night", &["--replace"]), &["run: holds", stranger, "move it away"]);
        std::fs::remove_file(&path).expect("still there");
    }
    succeeds(&run("morning_peak", &["--replace"]));
    assert_ne!(bytes(&folder.path().join("run")), before);
    std::fs::write(folder.path().join("run/manifest.json"), "{ \"name\": \"a web page\" }").expect("written");
    refused(&run("night", &["--replace"]), &["run: is not a run"]);
}

#[test]
fn the_demo_replaces_only_what_it_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = |more: &[&'static str]| {
        gemello(folder.path(), "home", &[&["demo", "--out", "demo", "--lang", "en", "--seeds"], more].concat())
    };
    let refused = |output: &Output, part: &str| {
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(part), "{told}");
    };
    let out = folder.path().join("demo");
    std::fs::create_dir(&out).expect("a folder");
    std::fs::write(out.join("report.html"), "mine").expect("written");
    refused(&demo(&["1"]), "demo/report.html: is not the report of runs that lie there");
    assert_eq!(bytes(&out).len(), 1);
    std::fs::rename(out.join("report.html"), out.join("notes.html")).expect("renamed");
    succeeds(&demo(&["1"]));
    let made = bytes(&out);
    succeeds(&demo(&["1"]));
    assert_eq!(bytes(&out), made, "the same demo again");
    assert_eq!(made[Path::new("notes.html")], b"mine");
    refused(&demo(&["2"]), "demo/runs/base: holds a run of other inputs");
    std::fs::write(out.join("runs/base/notes.txt"), "mine").expect("written");
    refused(&demo(&["2", "--replace"]), "'notes.txt'");
    std::fs::remove_file(out.join("runs/base/notes.txt")).expect("still there");
    assert_eq!(bytes(&out), made, "what is refused changes nothing");
    succeeds(&demo(&["2", "--replace"]));
    assert_ne!(bytes(&out), made);
    assert!(out.join("notes.html").is_file());
}

/// A scenario that closes the centre on Saturdays, and one that closes it by night.
fn scenarios_with_hours() -> tempfile::TempDir {
    let folder = workplace();
    std::fs::remove_dir_all(folder.path().join("options")).expect("removed");
    std::fs::create_dir(folder.path().join("options")).expect("a folder");
    for (name, hours) in [
        ("saturday", "days = [\"saturday\"], from = \"7:30\", to = \"19:00\""),
        ("by-night", "from = \"21:00\", to = \"5:00\""),
    ] {
        let text = format!(
            "format = 1\nname = \"{name}\"\nparent = \"base\"\ntitle = {{ it = \"ZTL\", en = \"ZTL\" }}\n\
             [[ztl]]\nquarter = \"Centro\"\nexempt_share = 0.1\nhours = {{ {hours} }}\n"
        );
        std::fs::write(folder.path().join(format!("options/{name}.toml")), text).expect("a scenario");
    }
    folder
}

#[test]
fn a_rule_that_holds_at_no_time_of_a_run_is_told_by_all_that_show_the_run() {
    let folder = scenarios_with_hours();
    let city = ["--city", "city", "--period", "morning_peak", "--json", "--out"];
    let told = |arguments: &[&str]| {
        let output = gemello(folder.path(), "home", arguments);
        succeeds(&output);
        let printed: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let warnings: Vec<String> = serde_json::from_value(printed["warnings"].clone()).expect("warnings");
        let on_terminal = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(warnings.iter().all(|warning| on_terminal.contains(&format!("warning: {warning}"))), "{on_terminal}");
        warnings
    };
    let saturday = told(&[&["run", "options/saturday.toml"], &city[..], &["saturday"]].concat());
    assert!(saturday[0].starts_with("options/saturday.toml:8:") && saturday[0].contains("of saturday"), "{saturday:?}");
    let by_night = told(&[&["run", "options/by-night.toml"], &city[..], &["by-night"]].concat());
    assert!(by_night[0].contains("outside morning_peak"), "{by_night:?}");
    assert_eq!(told(&[&["batch", "options"], &city[..], &["batch"]].concat()), [by_night, saturday].concat());
    assert!(told(&[&["run", "base"], &city[..], &["base"]].concat()).is_empty());
    let compared = told(&["compare", "base", "saturday", "by-night", "--json"]);
    assert!(compared.len() == 2 && compared[0].starts_with("saturday/inputs/2-saturday.toml:8:"), "{compared:?}");
    let day = ["run", "options/by-night.toml", "--city", "city", "--json", "--out", "day"];
    assert!(told(&day).is_empty(), "by night it holds, in a run of the whole day");
}

#[test]
fn a_run_tells_which_edits_it_does_not_feel_and_can_be_verified() {
    let folder = workplace();
    let text = "format = 1\nname = \"felt\"\nparent = \"base\"\ntitle = { it = \"x\", en = \"x\" }\n\
                [[signal]]\non = { all = true }\nkind = \"actuated\"\n\
                [[roundabout]]\non = { streets = [\"Via Riga 2\", \"Corso Colonna 3\"] }\ndiameter_m = 34\n\
                [[event]]\nname = \"Fair\"\nplace = { zone = \"t:z25\" }\nhours = { from = \"8:00\", to = \"19:00\" }\n\
                visitors = 2500\nby_car_share = 0.5\npersons_per_car = 2.5\narrival_spread_min = 30\n\
                departure_spread_min = 30\n";
    std::fs::write(folder.path().join("felt.toml"), text).expect("a scenario");
    let run = ["run", "felt.toml", "--city", "city", "--period", "morning_peak", "--json", "--out", "felt"];
    let output = gemello(folder.path(), "home", &run);
    succeeds(&output);
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let warnings: Vec<String> = serde_json::from_value(printed["warnings"].clone()).expect("warnings");
    assert!(warnings.len() == 1 && warnings[0].starts_with("felt.toml:5:1: this signal acts on"), "{warnings:?}");
    succeeds(&gemello(folder.path(), "home", &["verify", "felt"]));
}

#[test]
fn a_batch_with_an_edit_that_does_not_fit_runs_nothing() {
    let folder = scenarios_that_name_city_and_seeds();
    let path = folder.path().join("options/drawn.toml");
    let text = std::fs::read_to_string(&path).expect("there").replace("Ponte Vecchio", "Ponte Vechio");
    std::fs::write(path, text).expect("written");
    let refused = gemello(folder.path(), "home", &["batch", "options", "--out", "batch"]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{told}");
    assert!(told.contains("options/drawn.toml:8:18") && told.contains("did you mean 'Ponte Vecchio'?"), "{told}");
    assert!(!folder.path().join("batch").exists());
}

#[test]
fn no_report_is_made_of_an_altered_run_and_verify_looks_into_its_city() {
    let folder = workplace();
    let run = |scenario: &str, out: &str| {
        let city = ["--city", "city", "--period", "morning_peak", "--out", out];
        succeeds(&gemello(folder.path(), "home", &[&["run", scenario], &city[..]].concat()));
    };
    run("base", "base");
    run("options/bridge-1-30.toml", "bridge");
    let refused = |arguments: &[&str], code: i32, told: &str| {
        let output = gemello(folder.path(), "home", arguments);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert!(stderr.contains(told), "{stderr}");
    };
    let other = folder.path().join("base/tables/indicators.parquet");
    let table = folder.path().join("bridge/tables/indicators.parquet");
    let own = std::fs::read(&table).expect("a table");
    std::fs::copy(&other, &table).expect("altered");
    refused(
        &["compare", "base", "bridge", "--report", "report.html"],
        2,
        "bridge/tables/indicators.parquet: it is not",
    );
    assert!(!folder.path().join("report.html").exists());
    std::fs::write(&table, own).expect("as it was");
    succeeds(&gemello(folder.path(), "home", &["compare", "base", "bridge", "--report", "report.html"]));
    let compared = ["compare", "base", "bridge", "--papers", "on/paper", "--json"];
    let output = gemello(folder.path(), "home", &compared);
    succeeds(&output);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("\"papers\":\"on/paper\""), "{told}");
    let papers = bytes(&folder.path().join("on/paper"));
    let names: Vec<_> = papers.keys().map(|path| path.display().to_string()).collect();
    let expected = ["indicators.csv", "indicators.parquet", "indicators.xlsx", "report-2-pages.pdf", "report-full.pdf"];
    assert_eq!(names, expected);
    succeeds(&gemello(folder.path(), "home", &compared));
    assert_eq!(bytes(&folder.path().join("on/paper")), papers, "the same runs, the same bytes");
    refused(&["compare", "base", "bridge", "--papers", "report.html"], 1, "report.html: cannot be written to");

    let stray = folder.path().join("base/inputs/city/notes.txt");
    std::fs::write(&stray, "mine").expect("written");
    refused(&["verify", "base"], 1, "inputs/city/notes.txt: altered");
    std::fs::remove_file(&stray).expect("removed");
    std::fs::remove_file(folder.path().join("base/inputs/city/links.parquet")).expect("removed");
    refused(&["verify", "base"], 1, "inputs/city: altered");
}

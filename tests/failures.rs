//! Work that cannot be done: a full disk, a closed output, a base whose people cannot leave. Each says why, with the exit code
//! of its kind, and leaves nothing behind.

#[path = "support/workplace.rs"]
mod workplace;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use engine::city::CityTables;
use workplace::small_city::small_city;
use workplace::{GEMELLO, bytes, gemello, succeeds, workplace};

/// Two junctions and a street, for `import`.
const STREETS: &str = r#"<osm version="0.6">
<node id="1" lat="44.9000" lon="8.6000"/><node id="2" lat="44.9020" lon="8.6000"/>
<way id="100"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
</osm>"#;

const NETWORK: &str = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 2\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 2\n\
     <END OF METADATA>\n1 2 10 1 1 0.15 4 0 0 1 ;\n2 1 10 1 1 0.15 4 0 0 1 ;\n";
const TRIPS: &str = "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 5\n<END OF METADATA>\nOrigin 1\n2 : 5;\n";

/// Runs the program where no file may grow beyond so many blocks: to a program the same as a disk that is full, down to which
/// calls fail, and it needs no privilege.
#[cfg(unix)]
fn on_a_full_disk(folder: &Path, blocks: u32, arguments: &str) -> Output {
    // Without the trap the system would end the program at the first write.
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" {arguments}");
    Command::new("sh").args(["-c", &script, GEMELLO]).current_dir(folder).output().expect("a shell")
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_failed_work_and_leaves_nothing_half_written() {
    let place = workplace();
    let folder = place.path();
    std::fs::write(folder.join("streets.osm"), STREETS).expect("written");
    std::fs::write(folder.join("net.tntp"), NETWORK).expect("written");
    std::fs::write(folder.join("trips.tntp"), TRIPS).expect("written");
    for (name, scenario) in [("before", "base"), ("after", "options/bridge-2-50.toml")] {
        let run = ["run", scenario, "--city", "city", "--period", "night", "--out", name];
        succeeds(&gemello(folder, "home", &run));
    }
    let files = bytes(folder);
    for (blocks, arguments) in [
        (0, "run base --city city --period night --out run"),
        (8, "run base --city city --period night --out run"),
        (8, "run base --city city --period night --out runs/of/today"),
        (8, "run base --city city --period night --seeds 2 --out before --replace"),
        (0, "batch options --city city --period night --out batch"),
        (8, "compare before after --report report.html"),
        (8, "compare before after --papers papers"),
        (0, "import streets.osm --out imported"),
        (2, "import streets.osm --out imported"),
        (0, "export city --geojson city.geojson"),
        (0, "assign --net net.tntp --trips trips.tntp --gap 1e-6 --flows flows.csv"),
    ] {
        let output = on_a_full_disk(folder, blocks, arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments}: {told}");
        assert!(told.contains("error: ") && told.contains("File too large"), "{arguments}: {told}");
        assert_eq!(bytes(folder), files, "{arguments} leaves something");
        assert_eq!(std::fs::read_dir(folder).expect("a folder").count(), 8, "{arguments} leaves a folder");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_failed_work() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = Command::new(GEMELLO).args(["info", "--json"]).stdout(full).output().expect("gemello runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("No space left on device"), "{told}");
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let mut command = Command::new(GEMELLO);
    let mut child = command.arg("info").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gemello runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

/// The city without some of its links.
fn city_without(links: &[&str]) -> CityTables {
    let mut city = small_city();
    city.links.retain(|link| !links.contains(&link.key.as_str()));
    city
}

#[test]
fn a_base_that_somebody_cannot_leave_or_reach_is_bad_input() {
    let place = workplace();
    let folder = place.path();
    for (name, links, parts) in [
        ("no-way-out", ["t:l00-01", "t:l00-10"], ["no way by car from 't:z00'", "every zone and gate must be reached"]),
        ("no-way-in", ["t:l01-00", "t:l10-00"], ["to 't:z00'", "every zone and gate must be reached"]),
    ] {
        data::city_folder::write(&city_without(&links), &folder.join(name)).expect("a city");
        for call in [&["run", "base", "--out", "out", "--city"][..], &["batch", "options", "--out", "out", "--city"]] {
            let output = gemello(folder, "home", &[call, &[name]].concat());
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{told}");
            assert!(told.contains(name) && parts.iter().all(|part| told.contains(part)), "{told}");
            assert!(!folder.join("out").exists());
        }
    }
}

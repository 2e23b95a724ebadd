//! Scenarios of SUMO through the command line: they run as they are, and what is wrong with them is told.
#![expect(clippy::unwrap_used, reason = "what a test needs must be there")]

mod shared;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use shared::shared_data;

/// Means of five seeds of SUMO 1.28.
const BOLOGNA_LOOPS: &str = include_str!("sumo/bologna-acosta-loops.csv");

const NET: &str = include_str!("../data/src/sumo/tests/crossing.net.xml");

const CONFIGURATION: &str = "<configuration><input><net-file value=\"net.xml\"/><route-files value=\"rou.xml\"/></input>\
    <time><begin value=\"0\"/></time></configuration>";

fn scenario(routes: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("net.xml"), NET).unwrap();
    std::fs::write(folder.path().join("rou.xml"), format!("<routes>\n{routes}\n</routes>\n")).unwrap();
    std::fs::write(folder.path().join("run.sumocfg"), CONFIGURATION).unwrap();
    folder
}

fn run(configuration: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gemello")).arg("run").arg(configuration).args(arguments).output().unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(String::from_utf8_lossy(&output.stdout).lines().last().unwrap()).unwrap()
}

fn number(summary: &Value, key: &str) -> f64 {
    summary[key].as_f64().unwrap_or_else(|| panic!("{key} is {}", summary[key]))
}

const FLOWS: &str = "<flow id=\"a\" begin=\"0\" end=\"600\" period=\"6\"><route edges=\"wc ce\"/></flow>\n\
    <flow id=\"b\" begin=\"0\" end=\"600\" probability=\"0.1\"><route edges=\"nc cs\"/></flow>\n\
    <trip id=\"t\" depart=\"5\" from=\"sc\" to=\"ce\"/>";

#[test]
fn everybody_arrives_and_is_counted_and_nothing_is_written_beside_the_input() {
    let folder = scenario(FLOWS);
    let summary = json(&run(&folder.path().join("run.sumocfg"), &["--fidelity", "micro", "--json"]));
    assert_eq!(summary["ending"], "all_arrived");
    assert_eq!(number(&summary, "inserted"), number(&summary, "loaded"));
    assert_eq!(number(&summary, "arrived"), number(&summary, "inserted"));
    assert!((130.0..190.0).contains(&number(&summary, "inserted")), "{summary}");
    for key in ["running", "waiting", "refused", "teleports", "held_back"] {
        assert_eq!(number(&summary, key), 0.0, "{key}");
    }
    for key in ["mean_duration_s", "mean_time_loss_s", "mean_speed_mps", "vehicle_updates", "wall_s", "cpu_s"] {
        assert!(number(&summary, key) > 0.0, "{key}");
    }
    let mut files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["net.xml", "rou.xml", "run.sumocfg"]);
}

#[test]
fn a_seed_gives_the_same_results_on_any_number_of_threads_and_another_seed_others() {
    let folder = scenario(FLOWS);
    let configuration = folder.path().join("run.sumocfg");
    let result = |threads: &str, seed: &str| {
        let mut summary = json(&run(&configuration, &["--json", "--threads", threads, "--seed", seed]));
        for key in ["wall_s", "cpu_s", "vehicle_updates_per_cpu_s"] {
            summary[key] = Value::Null;
        }
        summary
    };
    let one = result("1", "7");
    assert_eq!(one, result("2", "7"));
    assert_eq!(one, result("7", "7"));
    assert_ne!(one, result("1", "8"));
}

fn info(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gemello")).arg("info").args(arguments).output().unwrap()
}

#[test]
fn trajectories_are_written_told_and_drawn_without_the_scenario() {
    for (fidelity, reconstructed) in [("micro", false), ("meso", true)] {
        let folder = scenario(FLOWS);
        let file = folder.path().join("t.gtraj");
        let (map, path) = (folder.path().join("map.svg"), file.to_str().unwrap());
        let arguments = ["--fidelity", fidelity, "--json", "--trajectories", path];
        let plain = json(&run(&folder.path().join("run.sumocfg"), &arguments[..3]));
        let recorded = json(&run(&folder.path().join("run.sumocfg"), &arguments));
        assert_eq!(plain["mean_duration_s"], recorded["mean_duration_s"], "being watched changes nothing");
        let bytes = std::fs::read(&file).unwrap();
        let run_again = run(&folder.path().join("run.sumocfg"), &[&arguments[..], &["--threads", "1"]].concat());
        assert!(run_again.status.success());
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "the same bytes");
        for name in ["net.xml", "rou.xml", "run.sumocfg"] {
            std::fs::remove_file(folder.path().join(name)).unwrap();
        }
        let told = json(&info(&[path, "--json", "--map", map.to_str().unwrap(), "--at", "00:05"]));
        assert_eq!(
            (&told["fidelity"], &told["positions_are_reconstructed"]),
            (&fidelity.into(), &reconstructed.into())
        );
        let running_s = number(&recorded, "mean_duration_s") * number(&recorded, "arrived");
        assert!((number(&told, "vehicle_seconds") / running_s - 1.0).abs() < 0.05, "{told} beside {running_s}");
        assert!(number(&told, "bytes_per_vehicle_second") < 12.0, "{told}");
        let drawn = std::fs::read_to_string(&map).unwrap();
        assert!(drawn.contains("00:05:00") && drawn.contains("vehicles,"), "{drawn}");
        assert_eq!(drawn.contains("reconstructed"), reconstructed);
    }
}

#[test]
fn pictures_that_cannot_be_drawn_are_refused_with_the_reason() {
    let folder = scenario(FLOWS);
    let file = folder.path().join("t.gtraj");
    let (map, path) = (folder.path().join("map.svg"), file.to_str().unwrap());
    let map = map.to_str().unwrap();
    let refused = |output: Output, reason: &str| {
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(reason), "{told}");
    };
    let configuration = folder.path().join("run.sumocfg");
    refused(run(&configuration, &["--trajectories", path, "--trajectory-step-s", "1.5"]), "multiple");
    refused(run(&configuration, &["--trajectories", "t.txt"]), ".gtraj");
    refused(run(Path::new("base"), &["--trajectories", path]), "--fidelity meso or micro");
    refused(info(&[path]), "t.gtraj");
    json(&run(&configuration, &["--trajectories", path, "--json"]));
    refused(info(&[path, "--map", map, "--at", "23:00"]), "holds nothing at 23:00:00");
    refused(info(&[path, "--map", map, "--at", "00:05", "--around", "nowhere"]), "no street is named 'nowhere'");
    refused(info(&[path, "--map", "map.png", "--at", "00:05"]), ".svg");
    refused(info(&[folder.path().to_str().unwrap(), "--map", map, "--at", "00:05"]), "needs trajectories");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    refused(info(&[path]), "cut off");
    assert!(!Path::new(map).exists());
}

#[test]
fn trips_that_cannot_be_made_are_refused_with_their_line_and_the_rest_drives() {
    let folder = scenario(
        "<vehicle id=\"good\" depart=\"0\"><route edges=\"wc ce\"/></vehicle>\n\
         <vehicle id=\"lost\" depart=\"0\"><route edges=\"wc nowhere\"/></vehicle>\n\
         <vehicle id=\"apart\" depart=\"0\"><route edges=\"ce wc\"/></vehicle>",
    );
    let output = run(&folder.path().join("run.sumocfg"), &["--json"]);
    let summary = json(&output);
    assert_eq!((number(&summary, "arrived"), number(&summary, "refused")), (1.0, 2.0));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("rou.xml:3: trip 'lost'") && told.contains("nowhere"), "{told}");
    assert!(told.contains("rou.xml:4: trip 'apart'"), "{told}");
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_runs() {
    let refused = |routes: &str, arguments: &[&str]| {
        let folder = scenario(routes);
        let output = run(&folder.path().join("run.sumocfg"), arguments);
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let told = refused("<vType id=\"car\" length=\"0\"/>", &[]);
    assert!(told.contains("rou.xml") && told.contains("line 2") && told.contains("length"), "{told}");
    let told = refused("<vType id=\"car\" accel=\"-1\"/>", &[]);
    assert!(told.contains("line 2") && told.contains("accel"), "{told}");
    assert!(refused(FLOWS, &["--out", "x"]).contains("--out does not go with"));
    assert!(refused(FLOWS, &["--fidelity", "strategic"]).contains("does not go with"));
}

/// Five vehicles a second from each side: the run ends with the time that it has, and says who could not begin.
#[test]
fn demand_beyond_all_capacity_waits_and_is_counted_and_the_run_ends() {
    let flows = "<flow id=\"a\" begin=\"0\" end=\"300\" period=\"0.2\"><route edges=\"wc ce\"/></flow>\n\
                 <flow id=\"b\" begin=\"0\" end=\"300\" period=\"0.2\"><route edges=\"nc cs\"/></flow>";
    let folder = scenario(flows);
    let configuration = CONFIGURATION.replace("<begin value=\"0\"/>", "<begin value=\"0\"/><end value=\"300\"/>");
    std::fs::write(folder.path().join("run.sumocfg"), configuration).unwrap();
    for fidelity in ["micro", "meso"] {
        let summary = json(&run(&folder.path().join("run.sumocfg"), &["--fidelity", fidelity, "--json"]));
        let count = |key: &str| number(&summary, key);
        assert_eq!((count("loaded"), summary["ending"] == "all_arrived"), (3000.0, false), "{summary}");
        // But for those of the last second, who are not due yet.
        assert!((2990.0..=3000.0).contains(&(count("inserted") + count("waiting"))), "{summary}");
        assert_eq!(count("inserted"), count("arrived") + count("running"), "{summary}");
        assert!(count("waiting") > 2000.0 && count("teleports") == 0.0, "{summary}");
    }
}

/// The attributes of each element of that name, in the order of the file.
fn elements(text: &str, name: &str) -> Vec<Vec<(String, String)>> {
    let of_line = |line: &str| -> Option<Vec<(String, String)>> {
        let inside = line.trim().strip_prefix(&format!("<{name} "))?.trim_end_matches(['/', '>']);
        let pairs = inside.split("\" ").map(|pair| pair.strip_suffix('"').unwrap_or(pair));
        pairs.map(|pair| pair.split_once("=\"").map(|(key, value)| (key.to_owned(), value.to_owned()))).collect()
    };
    text.lines().filter_map(of_line).collect()
}

fn attribute(element: &[(String, String)], key: &str) -> f64 {
    let found = element.iter().find(|(name, _)| name == key).unwrap_or_else(|| panic!("{key} in {element:?}"));
    found.1.parse().unwrap()
}

/// How many vehicles of each flow (street to street, vehicles an hour) arrive within half an hour.
fn arrived(fidelity: &str, seed: &str, flows: &[(&str, u32)]) -> Vec<usize> {
    let flow = |(number, (edges, per_hour)): (usize, &(&str, u32))| {
        format!(
            "<flow id=\"f{number}\" begin=\"0\" end=\"1800\" vehsPerHour=\"{per_hour}\"><route edges=\"{edges}\"/></flow>"
        )
    };
    let folder = scenario(&flows.iter().enumerate().map(flow).collect::<String>());
    let configuration = folder.path().join("run.sumocfg");
    let until = CONFIGURATION.replace("<begin value=\"0\"/>", "<begin value=\"0\"/><end value=\"1800\"/>");
    std::fs::write(&configuration, until).unwrap();
    let trips = folder.path().join("trips.xml").display().to_string();
    let arguments = ["--fidelity", fidelity, "--seed", seed, "--json", "--tripinfo-output", &trips];
    json(&run(&configuration, &arguments));
    let trips = elements(&std::fs::read_to_string(trips).unwrap(), "tripinfo");
    let of_flow = |number: usize| {
        let prefix = format!("f{number}.");
        trips.iter().filter(|trip| trip.iter().any(|(key, value)| key == "id" && value.starts_with(&prefix))).count()
    };
    (0..flows.len()).map(of_flow).collect()
}

/// SUMO 1.28: 397 go straight on and 19, 19 and 20 turn left across them under the same green (seeds 1, 2 and 3).
#[test]
fn who_turns_left_across_those_from_ahead_does_not_hold_them_up() {
    for seed in ["1", "2", "3"] {
        let arrived = arrived("micro", seed, &[("wc ce", 800), ("ec cs", 400)]);
        assert!(arrived[0] > 385 && (15..30).contains(&arrived[1]), "{arrived:?}");
    }
}

/// SUMO 1.28: 323 of those who turn left under a green of their own arrive, whom those who are left over from the green of the
/// other road stand beside.
#[test]
fn who_is_left_inside_after_its_green_leaves_before_others_turn() {
    for fidelity in ["micro", "meso"] {
        let arrived = arrived(fidelity, "2", &[("wc ce", 700), ("ec cs", 400), ("nc ce", 700)]);
        assert!(arrived[2] > 300, "{fidelity}: {arrived:?}");
    }
}

/// What SUMO 1.28 writes for the same scenario, less what is not known here.
const TRIPINFO: &str = "id depart departLane departPos departSpeed departDelay arrival arrivalLane arrivalPos \
    arrivalSpeed duration routeLength waitingTime waitingCount stopTime timeLoss vType speedFactor vaporized";
const EDGE: &str = "id sampledSeconds traveltime density laneDensity waitingTime timeLoss speed speedRelative \
    departed arrived entered left flow distance";
const INTERVAL: &str = "begin end id nVehContrib flow occupancy speed harmonicMeanSpeed length nVehEntered";
const VEHICLE: &str = "id x y angle type speed pos lane";

fn assert_attributes(element: &[(String, String)], expected: &str) {
    let keys: Vec<&str> = element.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, expected.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn outputs_are_sumos_and_tell_what_the_summary_tells() {
    let folder = scenario(FLOWS);
    let loops = "<additional><inductionLoop id=\"west\" lane=\"wc_0\" pos=\"50\" period=\"300\" file=\"x\"/>\
        <inductionLoop id=\"east\" lane=\"ce_0\" pos=\"2\" file=\"x\"/></additional>";
    std::fs::write(folder.path().join("add.xml"), loops).unwrap();
    let with_loops = CONFIGURATION.replace("</input>", "<additional-files value=\"add.xml\"/></input>");
    let configuration = folder.path().join("run.sumocfg");
    std::fs::write(&configuration, with_loops).unwrap();
    for fidelity in ["micro", "meso"] {
        let out = tempfile::tempdir().unwrap();
        let file = |name: &str| out.path().join(name).display().to_string();
        let (trips, edges, positions, counts) = (file("trips"), file("edges"), file("positions"), file("loops"));
        let mut arguments = vec!["--json", "--fidelity", fidelity, "--tripinfo-output", &trips];
        arguments.extend(["--edgedata-output", &edges, "--edgedata-period", "300", "--detector-output", &counts]);
        arguments.extend(["--fcd-output", &positions, "--fcd-period", "10"]);
        let summary = json(&run(&configuration, &arguments));
        let read = |path: &str| std::fs::read_to_string(path).unwrap();

        let trips = elements(&read(&trips), "tripinfo");
        assert_eq!(trips.len() as f64, number(&summary, "arrived"));
        assert_attributes(&trips[0], TRIPINFO);
        let mean = |key: &str| trips.iter().map(|trip| attribute(trip, key)).sum::<f64>() / trips.len() as f64;
        assert!((mean("duration") - number(&summary, "mean_duration_s")).abs() < 0.01);
        assert!((mean("timeLoss") - number(&summary, "mean_time_loss_s")).abs() < 0.01);

        let edges = elements(&read(&edges), "edge");
        assert_attributes(&edges[0], EDGE);
        let total = |key: &str| edges.iter().map(|edge| attribute(edge, key)).sum::<f64>();
        assert_eq!((total("departed"), total("arrived")), (trips.len() as f64, trips.len() as f64));
        assert_eq!((total("entered"), total("left")), (trips.len() as f64, trips.len() as f64));

        // Everybody from the west passes the first loop, everybody to the east the second.
        let counts = elements(&read(&counts), "interval");
        assert_attributes(&counts[0], INTERVAL);
        let passed = |loop_name: &str, key: &str| -> f64 {
            let of_loop = counts.iter().filter(|row| row.iter().any(|(_, value)| value == loop_name));
            of_loop.map(|row| attribute(row, key)).sum()
        };
        assert_eq!((passed("west", "nVehContrib"), passed("west", "nVehEntered")), (100.0, 100.0), "{fidelity}");
        assert_eq!((passed("east", "nVehContrib"), passed("east", "nVehEntered")), (101.0, 101.0), "{fidelity}");

        let text = read(&positions);
        let seen = elements(&text, "vehicle");
        assert_attributes(&seen[0], VEHICLE);
        let times: Vec<f64> = elements(&text, "timestep").iter().map(|row| attribute(row, "time")).collect();
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 10.0) && times[0] == 0.0, "{fidelity} {times:?}");
        // Each is seen every 10 s while it drives.
        let expected = mean("duration") * trips.len() as f64 / 10.0;
        assert!((seen.len() as f64 / expected - 1.0).abs() < 0.1, "{fidelity}: {} instead of {expected}", seen.len());
        assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 4);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
}

#[test]
fn outputs_that_cannot_be_are_told_before_anything_runs() {
    let folder = scenario(FLOWS);
    let configuration = folder.path().join("run.sumocfg");
    let missing = folder.path().join("missing/trips.xml").display().to_string();
    let output = run(&configuration, &["--tripinfo-output", &missing]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("missing' is not there; make it first"), "{told}");
    for arguments in [
        &["--fcd-output", "x", "--trajectories", "y"][..],
        &["--edgedata-period", "60"],
        &["--edgedata-output", "x", "--edgedata-period", "0"],
    ] {
        assert_eq!(run(&configuration, arguments).status.code(), Some(2), "{arguments:?}");
    }
    // What is read is not written over, and two outputs are two files.
    let routes = folder.path().join("rou.xml").display().to_string();
    let twice = folder.path().join("twice.xml").display().to_string();
    for arguments in [
        &["--tripinfo-output", routes.as_str()][..],
        &["--tripinfo-output", twice.as_str(), "--edgedata-output", twice.as_str()],
    ] {
        let output = run(&configuration, arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && told.contains("; choose "), "{arguments:?}: {told}");
    }
    let output = run(Path::new("base"), &["--tripinfo-output", "x"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains(".sumocfg"), "{output:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn files_that_a_configuration_names_ask_for_it() {
    let folder = scenario(FLOWS);
    for (name, line, root) in [("net.xml", 3, "net"), ("rou.xml", 1, "routes")] {
        let output = run(&folder.path().join(name), &[]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let expected = format!(
            "{name}, line {line}: begins with <{root}>, which is what a configuration names; give the .sumocfg"
        );
        assert!(output.status.code() == Some(2) && told.contains(&expected), "{told}");
    }
}

#[test]
fn scenarios_of_a_city_say_what_they_can_be_run_with() {
    for (arguments, reason) in [
        (&["--seed", "3"][..], ".sumocfg"),
        (&["--tripinfo-output", "t.xml"], ".sumocfg"),
        (&["--trajectories", "t.gtraj"], "--fidelity meso or micro"),
    ] {
        let output = run(Path::new("base"), arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && told.contains(reason), "{told}");
    }
}

/// SUMO 1.28 with micro simulation and steps of 1 s: mean speed 6.77 m/s, time loss 178 s, duration 347 s.
#[test]
fn the_signalised_grid_of_18_by_18_runs_as_it_does_in_sumo() {
    let Some(configuration) = shared_data("data/sumo/grid18/run.sumocfg") else { return };
    let summary = json(&run(&configuration, &["--json"]));
    assert_eq!(number(&summary, "arrived"), 20_001.0);
    for (key, sumo) in [("mean_speed_mps", 6.77), ("mean_time_loss_s", 178.0), ("mean_duration_s", 347.0)] {
        let off = number(&summary, key) / sumo - 1.0;
        assert!(off.abs() < 0.03, "{key} {} differs from SUMO's {sumo} by {off:+.3}", summary[key]);
    }
}

/// Queues instead of lanes and steps: the mean duration within 15 % of that of SUMO's micro simulation.
#[test]
fn from_event_to_event_the_grid_takes_nearly_as_long_as_in_sumo() {
    let Some(configuration) = shared_data("data/sumo/grid18/run.sumocfg") else { return };
    let summary = json(&run(&configuration, &["--json", "--fidelity", "meso"]));
    assert_eq!((summary["fidelity"].as_str(), number(&summary, "arrived")), (Some("meso"), 20_001.0));
    let off = number(&summary, "mean_duration_s") / 347.0 - 1.0;
    assert!(off.abs() < 0.15, "{} differs from SUMO's 347 s by {off:+.3}", summary["mean_duration_s"]);
}

/// SUMO 1.28, means of five seeds: 282.8 s, of which 161.2 s are lost, 6.36 m/s, departure delay 165.5 s. Within a tenth; a
/// single seed's departure delay spreads wider.
#[test]
fn bologna_runs_without_anybody_left_behind() {
    let Some(configuration) = shared_data("data/sumo/bologna-acosta/run.sumocfg") else { return };
    let summary = json(&run(&configuration, &["--json"]));
    assert_eq!((summary["ending"].as_str(), number(&summary, "arrived")), (Some("all_arrived"), 8779.0));
    assert_eq!((number(&summary, "teleports"), number(&summary, "held_back")), (0.0, 0.0));
    for (key, sumo, tolerance) in [
        ("mean_speed_mps", 6.36, 0.1),
        ("mean_duration_s", 282.8, 0.1),
        ("mean_time_loss_s", 161.2, 0.1),
        ("mean_depart_delay_s", 165.5, 0.15),
    ] {
        let off = number(&summary, key) / sumo - 1.0;
        assert!(off.abs() < tolerance, "{key} {} differs from SUMO's {sumo} by {off:+.3}", summary[key]);
    }
}

/// GEH (UK Design Manual for Roads and Bridges 12.2.1, 1996) below 5 where models are taken to agree with counts.
fn geh(one_vph: f64, other_vph: f64) -> f64 {
    let sum = one_vph + other_vph;
    if sum > 0.0 { (2.0 * (one_vph - other_vph) * (one_vph - other_vph) / sum).sqrt() } else { 0.0 }
}

/// The aim is nine in ten. Where they differ, the lanes of one street share its traffic out otherwise than in SUMO.
#[test]
fn in_bologna_most_loops_count_what_they_count_in_sumo() {
    let Some(configuration) = shared_data("data/sumo/bologna-acosta/run.sumocfg") else { return };
    let folder = tempfile::tempdir().unwrap();
    let counts = folder.path().join("loops.xml");
    json(&run(&configuration, &["--json", "--detector-output", &counts.display().to_string()]));
    let counts = elements(&std::fs::read_to_string(&counts).unwrap(), "interval");
    let rows: Vec<&str> = BOLOGNA_LOOPS.lines().filter(|line| !line.starts_with('#')).skip(1).collect();
    assert_eq!(rows.len(), 174);
    let agree = |row: &&&str| {
        let parts: Vec<&str> = row.split(',').collect();
        let is_it = |interval: &&Vec<(String, String)>| {
            attribute(interval, "begin") == parts[1].parse::<f64>().unwrap()
                && interval.iter().any(|(key, value)| key == "id" && value == parts[0])
        };
        let found = counts.iter().find(is_it).unwrap_or_else(|| panic!("{row} is not there"));
        geh(attribute(found, "nVehContrib") * 2.0, parts[2].parse::<f64>().unwrap() * 2.0) < 5.0
    };
    let share = rows.iter().filter(agree).count() as f64 / rows.len() as f64;
    assert!(share >= 0.85, "{share}");
}

//! How long vehicles take beside SUMO on the same input: CPU seconds of whole processes, in turns, so that whatever else the
//! machine does falls on both.
//!
//! `cargo bench --bench traffic [-- RUNS]`. The scenarios are read from the shared data (`GEMELLO_SHARED` overrides where
//! they are); the jammed one is made of the grid's, with every vehicle three times. SUMO is run where `sumo` is found
//! (`pip install eclipse-sumo==1.28.0`), with its outputs off.
#![expect(clippy::print_stdout, reason = "a benchmark tells its results there")]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;

/// A scenario, how closely it is simulated, and what it shall stay within in CPU seconds on one thread.
struct Case {
    name: &'static str,
    configuration: PathBuf,
    fidelity: &'static str,
    reach_s: Option<f64>,
}

/// How SUMO is asked to look as closely as we do: vehicles in queues, that signals and junctions hold up.
const SUMO_MESO: &str = "--mesosim true --meso-junction-control true";
/// How many vehicles the jammed grid has for each of the grid.
const JAMMED: u32 = 3;

fn main() {
    let runs = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(3);
    let jam = tempfile::tempdir().expect("a folder can be made");
    let case = |name, configuration, fidelity, reach_s| Case { name, configuration, fidelity, reach_s };
    let mut cases = Vec::new();
    if let Some(grid) = shared("data/sumo/grid18/run.sumocfg") {
        let jammed = jam_up(&grid, jam.path());
        cases.push(case("grid18", grid.clone(), "micro", Some(7.5)));
        cases.push(case("grid18", grid, "meso", Some(0.6)));
        cases.push(case("grid18, demand x 3", jammed, "meso", None));
    }
    if let Some(bologna) = shared("data/sumo/bologna-acosta/run.sumocfg") {
        cases.push(case("bologna-acosta", bologna, "micro", Some(1.2)));
    }
    for case in &cases {
        case.measure(runs);
    }
}

impl Case {
    fn measure(&self, runs: u32) {
        let (mut ours, mut walls, mut two, mut peers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut updates = 0.0;
        for seed in 1..=runs {
            let one = self.gemello(seed, 1);
            updates = one["vehicle_updates"].as_f64().unwrap_or(0.0);
            ours.extend(one["cpu_s"].as_f64());
            walls.extend(one["wall_s"].as_f64());
            two.extend(self.gemello(seed, 2)["wall_s"].as_f64());
            peers.extend(self.sumo(seed));
        }
        let Self { name, fidelity, .. } = self;
        let cpu_s = median(&mut ours);
        let faster = median(&mut walls) / median(&mut two);
        let reach = self.reach_s.map_or_else(String::new, |reach_s| format!(" (reach {reach_s})"));
        print!("{name}, {fidelity}: {cpu_s:.2} CPU s{reach}, {:.0} vehicle updates a second; ", updates / cpu_s);
        println!("two threads {faster:.2} times faster");
        if peers.is_empty() {
            println!("    SUMO is not here to compare with");
        } else {
            let peer_s = median(&mut peers);
            println!("    SUMO {peer_s:.2} CPU s: {:.1} times as much", peer_s / cpu_s);
        }
    }

    fn gemello(&self, seed: u32, threads: u32) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_gemello"))
            .args(["run", "--json", "--fidelity", self.fidelity])
            .args(["--seed", &seed.to_string(), "--threads", &threads.to_string()])
            .arg(&self.configuration)
            .stderr(Stdio::null())
            .output();
        let output = output.expect("gemello runs");
        let stdout = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(stdout.lines().last().unwrap_or_default()).expect("gemello prints JSON")
    }

    /// CPU seconds of SUMO, where it is: the shell's own clock over the whole process.
    fn sumo(&self, seed: u32) -> Option<f64> {
        let folder = tempfile::tempdir().ok()?;
        let quiet = "--no-step-log true --tripinfo-output NUL.xml --log NUL.txt";
        let meso = if self.fidelity == "meso" { SUMO_MESO } else { "" };
        let command = format!(
            "command -v sumo >/dev/null || exit 1; cd '{}' && sumo -c '{}' --seed {seed} {meso} {quiet} >/dev/null 2>&1; times",
            folder.path().display(),
            self.configuration.display()
        );
        let output = Command::new("bash").args(["-c", &command]).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let children = text.lines().last()?;
        let seconds = |time: &str| {
            let (minutes, seconds) = time.trim_end_matches('s').split_once('m')?;
            Some(60.0 * minutes.parse::<f64>().ok()? + seconds.parse::<f64>().ok()?)
        };
        output.status.success().then_some(())?;
        Some(children.split_whitespace().filter_map(seconds).sum())
    }
}

/// The same scenario in another folder, with every vehicle [`JAMMED`] times.
fn jam_up(configuration: &Path, folder: &Path) -> PathBuf {
    let from = configuration.parent().expect("a file lies in a folder");
    std::fs::copy(from.join("grid.net.xml.gz"), folder.join("grid.net.xml.gz")).expect("the network is copied");
    let mut routes = String::new();
    let file = std::fs::File::open(from.join("grid20k.rou.xml.gz")).expect("the routes are there");
    GzDecoder::new(file).read_to_string(&mut routes).expect("they are text");
    let file = std::fs::File::create(folder.join("grid20k.rou.xml.gz")).expect("a file can be made");
    let mut jammed = GzEncoder::new(file, Compression::fast());
    let mut rest = routes.as_str();
    while let Some((before, vehicle)) = rest.split_once("<vehicle id=\"") {
        let (vehicle, after) = vehicle.split_once("</vehicle>").expect("a vehicle ends");
        write!(jammed, "{before}").expect("it is written");
        for copy in 0..JAMMED {
            writeln!(jammed, "<vehicle id=\"{copy}_{vehicle}</vehicle>").expect("it is written");
        }
        rest = after;
    }
    write!(jammed, "{rest}").and_then(|()| jammed.finish().map(drop)).expect("it is written");
    let jammed = folder.join("run.sumocfg");
    std::fs::copy(configuration, &jammed).expect("the configuration is copied");
    jammed
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn shared(path: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let file = std::env::var_os("GEMELLO_SHARED").map_or_else(beside, PathBuf::from).join(path);
    if !file.exists() {
        println!("{} is not here; set GEMELLO_SHARED to the folder of the shared data", file.display());
        return None;
    }
    Some(file)
}

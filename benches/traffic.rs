//! How long vehicles take, lane by lane, beside SUMO on the same input: CPU seconds of whole processes, in turns, so that
//! whatever else the machine does falls on both.
//!
//! `cargo bench --bench traffic [-- RUNS]`. The scenarios are read from the shared data (`GEMELLO_SHARED` overrides where
//! they are); SUMO is run where `sumo` is found (`pip install eclipse-sumo==1.28.0`), with its outputs off.
#![expect(clippy::print_stdout, reason = "a benchmark tells its results there")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A scenario, and what it shall stay within in CPU seconds on one thread.
const SCENARIOS: [(&str, f64); 2] =
    [("data/sumo/grid18/run.sumocfg", 7.5), ("data/sumo/bologna-acosta/run.sumocfg", 1.2)];

fn main() {
    let runs = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(3);
    for (scenario, reach) in SCENARIOS {
        let Some(configuration) = shared(scenario) else { continue };
        let (mut ours, mut walls, mut two, mut peers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut updates = 0.0;
        for seed in 1..=runs {
            let one = gemello(&configuration, seed, 1);
            updates = one["vehicle_updates"].as_f64().unwrap_or(0.0);
            ours.extend(one["cpu_s"].as_f64());
            walls.extend(one["wall_s"].as_f64());
            two.extend(gemello(&configuration, seed, 2)["wall_s"].as_f64());
            peers.extend(sumo(&configuration, seed));
        }
        let cpu_s = median(&mut ours);
        let faster = median(&mut walls) / median(&mut two);
        print!("{scenario}: {cpu_s:.2} CPU s (reach {reach}), {:.0} vehicle updates a second; ", updates / cpu_s);
        println!("two threads {faster:.2} times faster");
        if peers.is_empty() {
            println!("    SUMO is not here to compare with");
        } else {
            let peer_s = median(&mut peers);
            println!("    SUMO {peer_s:.2} CPU s: {:.1} times as much", peer_s / cpu_s);
        }
    }
}

fn gemello(configuration: &Path, seed: u32, threads: u32) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_gemello"))
        .args(["run", "--json", "--seed", &seed.to_string(), "--threads", &threads.to_string()])
        .arg(configuration)
        .stderr(Stdio::null())
        .output();
    let output = output.expect("gemello runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(stdout.lines().last().unwrap_or_default()).expect("gemello prints JSON")
}

/// CPU seconds of SUMO, where it is: the shell's own clock over the whole process.
fn sumo(configuration: &Path, seed: u32) -> Option<f64> {
    let folder = tempfile::tempdir().ok()?;
    let quiet = "--no-step-log true --tripinfo-output NUL.xml --log NUL.txt";
    let command = format!(
        "command -v sumo >/dev/null || exit 1; cd '{}' && sumo -c '{}' --seed {seed} {quiet} >/dev/null 2>&1; times",
        folder.path().display(),
        configuration.display()
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

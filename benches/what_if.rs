//! How long the demo and a batch take, as a user runs them: the program itself, from its start to its end. Reaches on two
//! cores: the demo in 20 s; 100 variations of the morning peak at 60 runs a minute, with at most 50 MB more memory for each
//! run in flight.
//!
//! `cargo bench --bench what_if [-- RUNS]`, medians over the runs. No peer does either, so each measure stands beside itself
//! with half the means: the demo on one thread, the batch with one run in flight. Memory is the most that was resident, as
//! Linux tells it; elsewhere it is left out.
#![expect(clippy::print_stdout, reason = "a benchmark tells its results there")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const GEMELLO: &str = env!("CARGO_BIN_EXE_gemello");

/// How often a running program is asked for its memory.
const LOOK: Duration = Duration::from_millis(20);

/// The bridge of the SP10 with other lanes, speeds and tolls: a hundred options.
const TEMPLATE: &str = r#"format = 1
name = "bridge"
parent = "base"
title = { it = "Ponte della SP10", en = "Bridge of the SP10" }

[[set]]
on = { street = ["Ponte sulla Bormida (SP10)"] }
lanes = 2
speed_kmh = 50
"#;
const SWEEP: &str = r#"format = 1
name = "bridges"
template = "bridge.toml"

[[vary]]
field = "set[0].lanes"
values = [1, 2, 3, 4]

[[vary]]
field = "set[0].speed_kmh"
values = [30, 32, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62, 64, 66, 68, 70, 72, 74, 76, 78]
"#;
const OPTIONS: f64 = 100.0;

/// What one call took.
#[derive(Clone, Copy)]
struct Taken {
    wall_s: f64,
    /// The most memory that was resident, in megabytes; 0 where the system does not tell.
    memory_mb: f64,
}

fn main() {
    let runs = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(3);
    let place = tempfile::tempdir().expect("a folder");
    std::fs::write(place.path().join("bridge.toml"), TEMPLATE).expect("written");
    std::fs::write(place.path().join("bridges.toml"), SWEEP).expect("written");

    let demo = |threads: &str| measure(place.path(), &["demo", "--replace", "--threads", threads, "--out", "demo"]);
    let [one, two] = in_turns(runs, [&|| demo("1"), &|| demo("2")]);
    println!(
        "demo, 20 seeds: {:.1} s on two threads (reach 20), {:.2} times faster than on one; {:.0} MB",
        two.wall_s,
        one.wall_s / two.wall_s,
        two.memory_mb
    );

    let batch = |jobs: &str| {
        let _ = std::fs::remove_dir_all(place.path().join("runs"));
        let period = ["--period", "morning_peak", "--seeds", "1", "--threads", "2"];
        measure(place.path(), &[&["batch", "bridges.toml", "--out", "runs", "--jobs", jobs], &period[..]].concat())
    };
    let [one, two] = in_turns(runs, [&|| batch("1"), &|| batch("2")]);
    println!(
        "batch, 100 morning peaks: {:.0} runs a minute with two in flight (reach 60), {:.0} with one; {:.0} MB more memory \
         for the second (reach 50), of {:.0}",
        OPTIONS / two.wall_s * 60.0,
        OPTIONS / one.wall_s * 60.0,
        two.memory_mb - one.memory_mb,
        two.memory_mb
    );
}

/// The medians of two measures, taken in turns, so that whatever else the machine does falls on both.
fn in_turns(runs: usize, measures: [&dyn Fn() -> Taken; 2]) -> [Taken; 2] {
    let mut taken = [Vec::new(), Vec::new()];
    for _ in 0..runs.max(1) {
        for (measure, taken) in measures.iter().zip(&mut taken) {
            taken.push(measure());
        }
    }
    taken.map(|taken| Taken {
        wall_s: median(taken.iter().map(|taken| taken.wall_s)),
        memory_mb: median(taken.iter().map(|taken| taken.memory_mb)),
    })
}

fn measure(folder: &Path, arguments: &[&str]) -> Taken {
    let start = Instant::now();
    let mut command = Command::new(GEMELLO);
    let mut program =
        command.args(arguments).current_dir(folder).stdout(Stdio::null()).spawn().expect("gemello starts");
    let status = format!("/proc/{}/status", program.id());
    let mut memory_mb = 0.0_f64;
    loop {
        if let Some(ended) = program.try_wait().expect("gemello can be waited for") {
            assert!(ended.success(), "{arguments:?}: {ended}");
            return Taken { wall_s: start.elapsed().as_secs_f64(), memory_mb };
        }
        memory_mb = memory_mb.max(most_resident_mb(Path::new(&status)).unwrap_or(0.0));
        std::thread::sleep(LOOK);
    }
}

fn most_resident_mb(status: &Path) -> Option<f64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1000.0)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

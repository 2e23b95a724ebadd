//! How long assignments take, in CPU seconds: medians over some runs of the problems that the project sets itself.
//!
//! `cargo bench --bench assignment [-- RUNS]`. The problems are read from the shared data (`GEMELLO_SHARED` overrides
//! where they are). The comparison with AequilibraE is `benches/peers/compare_aequilibrae.sh`.
#![expect(clippy::print_stdout, reason = "a benchmark tells its results there")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use cpu_time::ProcessTime;
use data::tntp::{read_network, read_trips};
use engine::assignment::{ClassDemand, Options, Problem, solve};

/// A problem, its weights of toll and distance, the gap, and what it shall stay within in CPU seconds on one thread.
const PROBLEMS: [(&str, &str, [f64; 2], f64, f64); 3] = [
    ("Chicago-Sketch/ChicagoSketch_net.tntp", "Chicago-Sketch/ChicagoSketch_trips.tntp", [0.02, 0.04], 1e-6, 1.0),
    ("Chicago-Sketch/ChicagoSketch_net.tntp", "Chicago-Sketch/ChicagoSketch_trips.tntp", [0.02, 0.04], 1e-10, 2.5),
    ("Austin-VISTA/austin_net.tntp", "Austin-VISTA/austin_trips.tntp", [0.0, 0.0], 1e-4, 15.0),
];

fn main() {
    let runs = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(3);
    for (net, trips, factors, gap, reach) in PROBLEMS {
        let Some(folder) = problems() else { return };
        let (mut one, mut two): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
        // In turns, so that whatever else the machine does falls on both.
        for _ in 0..runs {
            one.push(measure(&folder, net, trips, factors, gap, 1));
            two.push(measure(&folder, net, trips, factors, gap, 2));
        }
        let (cpu_s, wall_s) = (median(one.iter().map(|run| run.0)), median(one.iter().map(|run| run.1)));
        let faster = wall_s / median(two.iter().map(|run| run.1));
        println!(
            "{net} to {gap:e}: {cpu_s:.2} CPU s (reach {reach}), {wall_s:.2} s; two threads {faster:.2} times faster"
        );
    }
}

/// CPU and wall seconds of reading and solving.
fn measure(folder: &Path, net: &str, trips: &str, factors: [f64; 2], gap: f64, threads: usize) -> (f64, f64) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
    let (cpu, wall) = (ProcessTime::now(), Instant::now());
    let network = read_network(&folder.join(net)).expect("the network reads");
    let demand = read_trips(&folder.join(trips), network.graph.zone_count()).expect("the trips read");
    let fixed_cost = network.fixed_costs(factors[0], factors[1]);
    let classes = [ClassDemand { pcu: 1.0, fixed_cost: &fixed_cost, demand: &demand }];
    let problem = Problem { graph: &network.graph, delays: &network.delays, classes: &classes };
    let options = Options { gap, proportional: false, ..Options::default() };
    let found = pool.install(|| solve(&problem, &options, None)).expect("the problem fits together");
    assert!(found.converged);
    (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn problems() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("GEMELLO_SHARED").map_or_else(beside, PathBuf::from).join("data/tntp");
    if !folder.exists() {
        println!("skipped: {} is not here; set GEMELLO_SHARED to the folder of the shared data", folder.display());
        return None;
    }
    Some(folder)
}

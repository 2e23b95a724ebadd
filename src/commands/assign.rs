//! `gemello assign`: the user equilibrium of a TNTP problem.

use std::fmt;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::anyhow;
use clap::Args;
use cpu_time::ProcessTime;
use data::complete_file::CompleteFile;
use data::tntp::{TntpNetwork, read_network, read_trips, write_flows};
use engine::assignment::{AssignmentError, ClassDemand, Equilibrium, OdMatrix, Options, Problem, solve};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::Output;

/// Assign the trips of a TNTP problem: each takes the cheapest way, and time depends on the traffic of all
#[derive(Args)]
pub(crate) struct Assign {
    /// Network file (*_net.tntp)
    #[arg(long, value_name = "FILE")]
    net: PathBuf,
    /// Trip table (*_trips.tntp)
    #[arg(long, value_name = "FILE")]
    trips: PathBuf,
    /// Time that a unit of toll counts for
    #[arg(long, value_name = "T", default_value_t = 0.0, allow_hyphen_values = true)]
    toll_factor: f64,
    /// Time that a unit of length counts for
    #[arg(long, value_name = "D", default_value_t = 0.0, allow_hyphen_values = true)]
    distance_factor: f64,
    /// Relative gap to reach, such as 1e-6
    #[arg(long, value_name = "G", allow_hyphen_values = true)]
    gap: f64,
    /// Stop after so many iterations
    #[arg(long, value_name = "N", default_value_t = 500, allow_hyphen_values = true)]
    max_iterations: u32,
    /// Write flow and time of every link (CSV: from,to,flow,time) in the order of the network file
    #[arg(long, value_name = "FILE")]
    flows: Option<PathBuf>,
    /// Refuse trips that no path serves, instead of leaving them out
    #[arg(long)]
    strict: bool,
}

/// The most that a unit of toll or length may count for.
const FACTOR_MAX: f64 = 1e9;

/// What `assign` prints.
#[derive(Serialize)]
struct Summary {
    relative_gap: f64,
    converged: bool,
    iterations: u32,
    beckmann: f64,
    total_time: f64,
    trips: f64,
    unserved_trips: f64,
    unserved_pairs: usize,
    trips_within_zones: f64,
    wall_s: f64,
    cpu_s: f64,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "relative gap        {:.3e} after {} iterations", self.relative_gap, self.iterations)?;
        writeln!(f, "Beckmann objective  {}", self.beckmann)?;
        writeln!(f, "total time          {}", self.total_time)?;
        writeln!(
            f,
            "trips               {}, of which {} within their zone and {} without a path",
            self.trips, self.trips_within_zones, self.unserved_trips
        )?;
        write!(f, "took                {:.2} s, {:.2} CPU seconds", self.wall_s, self.cpu_s)
    }
}

impl Assign {
    pub(crate) fn run(&self, output: &Output) -> Result<(), Failure> {
        let (start, cpu_start) = (Instant::now(), ProcessTime::now());
        self.check()?;
        let network = read_network(&self.net).map_err(Failure::input)?;
        let trips = read_trips(&self.trips, network.graph.zone_count()).map_err(Failure::input)?;
        self.check_flows()?;
        let begun = |path: &PathBuf| CompleteFile::create(path).map_err(|error| Failure::unwritten(path, error));
        let flows_file = self.flows.as_ref().map(begun).transpose()?;

        let equilibrium = self.solve(&network, &trips).map_err(Failure::input)?;
        self.warn(output, &equilibrium)?;
        if let (Some(mut file), Some(path)) = (flows_file, &self.flows) {
            write_flows(&mut file, &network.graph, &equilibrium.flows, &equilibrium.times)
                .and_then(|()| file.finish())
                .map_err(|error| Failure::unwritten(path, error))?;
        }
        let summary = Summary {
            relative_gap: equilibrium.relative_gap,
            converged: equilibrium.converged,
            iterations: equilibrium.iterations,
            beckmann: equilibrium.beckmann,
            total_time: equilibrium.total_time,
            trips: trips.total(),
            unserved_trips: equilibrium.unserved_trips(),
            unserved_pairs: equilibrium.unserved.len(),
            trips_within_zones: equilibrium.within_zones.iter().fold(0.0, |sum, trips| sum + trips),
            wall_s: start.elapsed().as_secs_f64(),
            cpu_s: cpu_start.elapsed().as_secs_f64(),
        };
        output.result(&summary, &summary)
    }

    /// That the flows are not written over what they are made from.
    fn check_flows(&self) -> Result<(), Failure> {
        let Some(place) = self.flows.as_ref().and_then(|path| path.canonicalize().ok()) else { return Ok(()) };
        match [&self.net, &self.trips].into_iter().find(|input| input.canonicalize().is_ok_and(|input| input == place))
        {
            Some(input) => {
                let told =
                    format!("{}: is read, and --flows would overwrite it; choose another place", input.display());
                Err(Failure::input(anyhow!(told)))
            }
            None => Ok(()),
        }
    }

    /// What can be said before reading anything.
    fn check(&self) -> Result<(), Failure> {
        if !(self.gap.is_finite() && self.gap > 0.0) {
            return Err(Failure::input(AssignmentError::Gap(self.gap)));
        }
        let factors = [("--toll-factor", self.toll_factor), ("--distance-factor", self.distance_factor)];
        match factors.into_iter().find(|(_, factor)| !(0.0..=FACTOR_MAX).contains(factor)) {
            Some((name, factor)) => {
                Err(Failure::input(anyhow!("{name} is {factor}; it must be a number from 0 to {FACTOR_MAX}")))
            }
            None => Ok(()),
        }
    }

    fn solve(&self, network: &TntpNetwork, trips: &OdMatrix) -> Result<Equilibrium, AssignmentError> {
        let fixed_cost = network.fixed_costs(self.toll_factor, self.distance_factor);
        let classes = [ClassDemand { pcu: 1.0, fixed_cost: &fixed_cost, demand: trips }];
        let problem = Problem { graph: &network.graph, delays: &network.delays, classes: &classes };
        // With one class no result told here hangs on how class and turn flows are settled.
        let options = Options { gap: self.gap, iterations_max: self.max_iterations, proportional: false };
        solve(&problem, &options, None)
    }

    /// Tells of trips without a path and of a gap that was not reached.
    fn warn(&self, output: &Output, equilibrium: &Equilibrium) -> Result<(), Failure> {
        if let Some(first) = equilibrium.unserved.first() {
            let what = format!(
                "{} trips of {} pairs of zones have no path, the first from zone {} to zone {}",
                equilibrium.unserved_trips(),
                equilibrium.unserved.len(),
                u64::from(first.origin) + 1,
                u64::from(first.destination) + 1
            );
            if self.strict {
                let files = format!("{}, {}", self.trips.display(), self.net.display());
                return Err(Failure::input(anyhow!("{files}: {what}; connect the zones or drop --strict")));
            }
            output.note(format_args!("warning: {what}; they are left out"));
        }
        if !equilibrium.converged {
            output.note(format_args!(
                "warning: the relative gap is {:.3e} after {} iterations; {:e} was not reached, allow more --max-iterations",
                equilibrium.relative_gap, equilibrium.iterations, self.gap
            ));
        }
        Ok(())
    }
}

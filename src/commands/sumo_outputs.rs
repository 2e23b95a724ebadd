//! What came out of a scenario of SUMO, in SUMO's formats: each file is written whole or not at all, and only where it is
//! asked for.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use data::complete_file::CompleteFile;
use data::sumo::Detector;
use data::sumo::outputs::{Names, PositionWriter, write_edges, write_loops, write_trips};
use engine::traffic::demand::TrafficDemand;
use engine::traffic::network::LaneNetwork;
use engine::traffic::simulation::Simulation;
use engine::traffic::trajectories::Traffic;

use crate::failure::Failure;

/// Longer than any run, in seconds.
const WHOLE_RUN_S: f64 = 1e9;

/// Outputs in SUMO's formats, for its scenarios.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct OutputOptions {
    /// Write the trips that have ended, as SUMO's tripinfo does (SUMO's scenarios only)
    #[arg(long, value_name = "FILE")]
    tripinfo_output: Option<PathBuf>,
    /// Write sums over streets, as SUMO's edgeData does (SUMO's scenarios only)
    #[arg(long, value_name = "FILE")]
    edgedata_output: Option<PathBuf>,
    /// Length of the intervals of --edgedata-output in seconds [default: the whole run]
    #[arg(long, value_name = "SECONDS", value_parser = interval_s, requires = "edgedata_output")]
    edgedata_period: Option<f64>,
    /// Write where every vehicle is, as SUMO's fcd does; in meso worked out between the events (SUMO's scenarios only)
    #[arg(long, value_name = "FILE")]
    fcd_output: Option<PathBuf>,
    /// Every how many seconds --fcd-output is written [default: every step]
    #[arg(long, value_name = "SECONDS", value_parser = duration_s, requires = "fcd_output")]
    fcd_period: Option<f64>,
    /// Write what the scenario's induction loops count, all in one file (SUMO's scenarios only)
    #[arg(long, value_name = "FILE")]
    detector_output: Option<PathBuf>,
}

/// Streets are told for no shorter intervals: what is kept of each takes memory.
fn interval_s(text: &str) -> Result<f64, String> {
    duration_s(text).and_then(|value| if value < 1.0 { Err("must be at least 1 s".to_owned()) } else { Ok(value) })
}

fn duration_s(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok(value),
        _ => Err("must be a number of seconds, more than 0".to_owned()),
    }
}

impl OutputOptions {
    /// The first option that is given, if any.
    pub(super) fn first_given(&self) -> Option<&'static str> {
        self.given().first().map(|(option, _)| *option)
    }

    /// The outputs that are asked for, each with its place.
    fn given(&self) -> Vec<(&'static str, &Path)> {
        let options = [
            ("--tripinfo-output", &self.tripinfo_output),
            ("--edgedata-output", &self.edgedata_output),
            ("--fcd-output", &self.fcd_output),
            ("--detector-output", &self.detector_output),
        ];
        options.into_iter().filter_map(|(option, path)| path.as_deref().map(|path| (option, path))).collect()
    }

    /// Refuses to write over files that have been read, or two outputs into one file.
    pub(super) fn refuse_to_overwrite(&self, read: &[PathBuf]) -> Result<(), Failure> {
        let same = |a: &Path, b: &Path| match (a.canonicalize(), b.canonicalize()) {
            (Ok(a), Ok(b)) => a == b,
            _ => a == b,
        };
        let given = self.given();
        for (number, (option, path)) in given.iter().enumerate() {
            if read.iter().any(|read| same(read, path)) {
                let told =
                    format!("{}: is read, and {option} would overwrite it; choose another place", path.display());
                return Err(Failure::input(anyhow::anyhow!(told)));
            }
            if let Some((other, _)) = given[..number].iter().find(|(_, other)| same(other, path)) {
                let told =
                    format!("{}: {other} and {option} would both be written there; choose two places", path.display());
                return Err(Failure::input(anyhow::anyhow!(told)));
            }
        }
        Ok(())
    }

    /// Whether positions are asked for.
    pub(super) fn asks_for_positions(&self) -> bool {
        self.fcd_output.is_some()
    }

    /// Begins all files, so that a place that cannot be written to is told before the run.
    pub(super) fn begin(self) -> Result<Outputs, Failure> {
        Ok(Outputs {
            trips: begun(self.tripinfo_output)?,
            edges: begun(self.edgedata_output)?,
            edge_bin_s: self.edgedata_period.unwrap_or(WHOLE_RUN_S),
            positions: begun(self.fcd_output)?,
            positions_every_s: self.fcd_period,
            loops: begun(self.detector_output)?,
        })
    }
}

struct OutputFile {
    path: PathBuf,
    file: CompleteFile,
}

fn begun(path: Option<PathBuf>) -> Result<Option<OutputFile>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let file = CompleteFile::create(&path).map_err(|error| Failure::unwritten(&path, error))?;
    Ok(Some(OutputFile { path, file }))
}

impl OutputFile {
    /// Writes all of it and puts it in its place.
    fn write(self, write: impl FnOnce(CompleteFile) -> io::Result<CompleteFile>) -> Result<(), Failure> {
        let Self { path, file } = self;
        write(file).and_then(CompleteFile::finish).map_err(|error| Failure::unwritten(&path, error))
    }
}

/// Files that have been begun.
pub(super) struct Outputs {
    trips: Option<OutputFile>,
    edges: Option<OutputFile>,
    edge_bin_s: f64,
    positions: Option<OutputFile>,
    positions_every_s: Option<f64>,
    loops: Option<OutputFile>,
}

/// What outputs need to know of a scenario.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) network: &'a LaneNetwork,
    pub(super) demand: &'a TrafficDemand,
    pub(super) names: &'a Names,
    pub(super) detectors: &'a [Detector],
    pub(super) begin_s: f64,
    pub(super) step_s: f64,
}

impl Outputs {
    /// The length of bins to record, if results are needed.
    pub(super) fn bin_s(&self) -> Option<f64> {
        self.edges.is_some().then_some(self.edge_bin_s)
    }

    /// Whether induction loops are to be watched.
    pub(super) fn watches_loops(&self) -> bool {
        self.loops.is_some()
    }

    /// Runs to the end and writes positions on the way, if they are asked for.
    pub(super) fn run(&mut self, traffic: &mut impl Traffic, known: Known<'_>) -> Result<(), Failure> {
        let Some(output) = self.positions.take() else {
            traffic.advance_to(f64::INFINITY);
            return Ok(());
        };
        let every_s = self.positions_every_s.unwrap_or(known.step_s);
        output.write(|file| {
            let Known { network, demand, names, begin_s, .. } = known;
            let mut writer = PositionWriter::begin(file, network, demand, names, begin_s, every_s)?;
            while !traffic.is_over() {
                let time_s = traffic.time_s();
                traffic.advance_to(time_s + known.step_s);
                writer.step(traffic, time_s)?;
            }
            writer.end()
        })
    }

    /// Writes all that is known at the end.
    pub(super) fn write<'a>(self, run: &impl Simulation<'a>, known: Known<'_>) -> Result<(), Failure> {
        if let Some(output) = self.trips {
            output.write(|file| write_trips(file, run, known.demand, known.names))?;
        }
        if let (Some(output), Some(results)) = (self.edges, run.results()) {
            output.write(|file| write_edges(file, &results, known.network, known.names, run.time_s()))?;
        }
        if let Some(output) = self.loops {
            output.write(|file| write_loops(file, known.detectors, run.passings(), known.begin_s, run.time_s()))?;
        }
        Ok(())
    }
}

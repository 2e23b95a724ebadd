//! `gemello batch`: many scenarios over one base, resumed where it stopped.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use data::complete_file::CompleteFile;
use scenarios::batch::{BatchError, run_batch, scenarios};
use scenarios::estimate::Estimate;
use scenarios::run::{Base, Request, Run, Settings, definitions, seeds};
use scenarios::scenario::Chain;
use serde::Serialize;

use super::city::{self, BUILD_ID};
use super::demo::progress;
use super::run::{folder_failure, simulate_failure};
use crate::failure::Failure;
use crate::output::Output;

/// Run a folder of scenarios, or a sweep over parameters; goes on where it was stopped
#[derive(Args)]
pub(crate) struct Batch {
    /// Folder with scenario files, or a sweep file
    #[arg(value_name = "FOLDER|SWEEP")]
    options: PathBuf,
    /// Where to write the runs, one folder each, and indicators.csv
    #[arg(long, value_name = "D")]
    out: PathBuf,
    /// Runs in flight at once [default: as many as threads]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// City folder [default: the built-in Alessandria]
    #[arg(long, value_name = "CITY")]
    city: Option<PathBuf>,
    /// Seeds of each run; 1 is the central case
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    seeds: u32,
    /// Run only this period of the day, such as morning_peak
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
}

#[derive(Serialize)]
struct Summary {
    out: String,
    table: String,
    scenarios: usize,
    made: usize,
    kept: usize,
}

impl Batch {
    /// Does it.
    pub(crate) fn run(self, output: &Output) -> Result<(), Failure> {
        let chains = scenarios(&self.options).map_err(batch_failure)?;
        let (tables, built_in) = city::load(self.city.as_deref())?;
        let request =
            Request { seeds: seeds(self.seeds), period: self.period.clone(), build_id: BUILD_ID.to_owned(), built_in };
        let base = Base::new(tables, Settings::built_in()).map_err(simulate_failure)?;
        let jobs = self.jobs.map_or_else(rayon::current_num_threads, usize::from);
        let bar = progress(u64::try_from(chains.len()).unwrap_or(u64::MAX));
        let tick = |runs: usize| bar.inc(u64::try_from(runs).unwrap_or(0));
        let done = run_batch(&base, &chains, &request, (jobs, &self.out), &tick).map_err(batch_failure)?;
        bar.finish_and_clear();
        let table = self.out.join("indicators.csv");
        write_table(&chains, &self.out, &table)?;
        let summary = Summary {
            out: self.out.display().to_string(),
            table: table.display().to_string(),
            scenarios: chains.len(),
            made: done.made,
            kept: done.kept,
        };
        let text = format!("{} runs made, {} were there already\n{}", done.made, done.kept, summary.table);
        output.result(text, &summary)
    }
}

/// Every run's indicators, means over the seeds, one row a run in the order of the batch.
fn write_table(chains: &[Chain], out: &Path, path: &Path) -> Result<(), Failure> {
    let definitions = definitions();
    let mut text = String::from("scenario,run_id");
    for definition in &definitions {
        let _ = write!(text, ",{}", definition.id);
    }
    text.push('\n');
    for chain in chains {
        let run = Run::read(&out.join(chain.name())).map_err(folder_failure)?;
        let ids = run.tables["indicators"].column::<&str>("indicators", "indicator").map_err(Failure::work)?;
        let values = run.tables["indicators"].column::<f64>("indicators", "value").map_err(Failure::work)?;
        let _ = write!(text, "{},{}", chain.name(), run.manifest.run_id);
        for definition in &definitions {
            let of_seeds: Vec<f64> =
                ids.iter().zip(&values).filter(|(id, _)| **id == definition.id).map(|(_, value)| *value).collect();
            let _ = write!(text, ",{}", Estimate::over(&of_seeds).value);
        }
        text.push('\n');
    }
    let failed = |error: std::io::Error| Failure::work(anyhow::anyhow!("{}: {error}", path.display()));
    let mut file = CompleteFile::create(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.finish().map_err(failed)
}

fn batch_failure(error: BatchError) -> Failure {
    match error {
        BatchError::Folder(error) => folder_failure(error),
        BatchError::Base(error) => simulate_failure(error),
        other => Failure::input(other),
    }
}

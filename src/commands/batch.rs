//! `gemello batch`: many scenarios, resumed where it stopped.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use data::complete_file::CompleteFile;
use data::output_folder::OutputFolder;
use scenarios::batch::{BatchError, Group, Plan, Scenarios, run_batch, scenarios};
use scenarios::estimate::Estimate;
use scenarios::run::{Base, Fields, Request, Run, SimulateError, definitions, seeds};
use scenarios::scenario::Chain;
use serde::Serialize;

use super::city::{self, BUILD_ID};
use super::demo::progress;
use super::fidelity::Fidelity;
use super::run::{self, folder_failure, simulate_failure};
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
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), allow_hyphen_values = true)]
    jobs: Option<u16>,
    /// City folder [default: each scenario's, else the built-in Alessandria]
    #[arg(long, value_name = "CITY")]
    city: Option<PathBuf>,
    /// Seeds of each run; 1 is the central case [default: each scenario's, else 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), allow_hyphen_values = true)]
    seeds: Option<u32>,
    /// Run only this period of the day, such as morning_peak
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// How closely vehicles are looked at [default: strategic]
    #[arg(long)]
    fidelity: Option<Fidelity>,
    /// Replace runs of other inputs that lie there
    #[arg(long)]
    replace: bool,
}

#[derive(Serialize)]
struct Summary {
    out: String,
    table: String,
    scenarios: usize,
    made: usize,
    kept: usize,
    warnings: Vec<String>,
}

impl Batch {
    /// Does it.
    pub(crate) fn run(self, output: &Output) -> Result<(), Failure> {
        let options = scenarios(&self.options).map_err(batch_failure)?;
        let chains = &options.chains;
        let _out = OutputFolder::prepare(&self.out).map_err(city::prepare_failure)?;
        let cities = self.cities(chains)?;
        let groups = self.groups(chains, &cities);
        let mut warnings = warnings(&groups);
        output.warn(&warnings);
        let jobs = self.jobs.map_or_else(rayon::current_num_threads, usize::from);
        let bar = progress(u64::try_from(chains.len()).unwrap_or(u64::MAX));
        let tick = |runs: usize| bar.inc(u64::try_from(runs).unwrap_or(0));
        let plan = Plan { out: &self.out, jobs, replace: self.replace };
        let done = run_batch(&groups, plan, &tick).map_err(batch_failure)?;
        bar.finish_and_clear();
        let table = self.out.join("indicators.csv");
        let jammed = write_table(&options, &self.out, &table)?;
        output.warn(&jammed);
        warnings.extend(jammed);
        let summary = Summary {
            out: self.out.display().to_string(),
            table: table.display().to_string(),
            scenarios: chains.len(),
            made: done.made,
            kept: done.kept,
            warnings,
        };
        let text = format!("{} runs made, {} were there already\n{}", done.made, done.kept, summary.table);
        output.result(text, &summary)
    }

    /// The cities that the scenarios run on, in the order in which they are first needed.
    fn cities(&self, chains: &[Chain]) -> Result<Vec<City>, Failure> {
        let mut cities: Vec<City> = Vec::new();
        for chain in chains {
            let folder = self.folder(chain);
            if cities.iter().all(|city| city.folder != folder) {
                let (tables, built_in) = city::load_for(chain, self.city.as_deref())?;
                let named = self.city.clone().or_else(|| chain.city());
                let base = city::base(tables, named.as_deref())?;
                cities.push(City { folder, built_in, base });
            }
        }
        Ok(cities)
    }

    /// The folder of the city that a scenario runs on; none for the built-in one.
    fn folder(&self, chain: &Chain) -> Option<PathBuf> {
        let folder = self.city.clone().or_else(|| chain.city())?;
        Some(folder.canonicalize().unwrap_or(folder))
    }

    /// The scenarios by city and number of seeds.
    fn groups<'a>(&self, chains: &'a [Chain], cities: &'a [City]) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for city in cities {
            let of_city: Vec<&Chain> = chains.iter().filter(|chain| self.folder(chain) == city.folder).collect();
            let count = |chain: &Chain| self.seeds.or(chain.seed_count()).unwrap_or(1);
            let mut counts: Vec<u32> = of_city.iter().map(|chain| count(chain)).collect();
            counts.sort_unstable();
            counts.dedup();
            groups.extend(counts.into_iter().map(|seed_count| Group {
                base: &city.base,
                request: Request {
                    seeds: seeds(seed_count),
                    period: self.period.clone(),
                    fidelity: self.fidelity.unwrap_or(Fidelity::Strategic).into(),
                    recording: None,
                    fields: Fields::new(),
                    lanes_to: None,
                    build_id: BUILD_ID.to_owned(),
                    built_in: city.built_in,
                },
                chains: of_city.iter().filter(|chain| count(chain) == seed_count).copied().collect(),
            }));
        }
        groups
    }
}

/// What to know of the results before they are there; what scenarios have from one file is told once.
fn warnings(groups: &[Group<'_>]) -> Vec<String> {
    let of_group = |group: &Group<'_>| -> Vec<String> {
        let plan = &group.base.tables.about.day_plan;
        group
            .chains
            .iter()
            .flat_map(|chain| run::warnings(chain, plan, group.request.period.as_deref(), group.request.fidelity))
            .collect()
    };
    let mut told = BTreeSet::new();
    groups.iter().flat_map(of_group).filter(|warning| told.insert(warning.clone())).collect()
}

/// A city that scenarios of the batch run on.
struct City {
    /// Its folder; none for the built-in one.
    folder: Option<PathBuf>,
    built_in: bool,
    base: Base,
}

/// What a sweep varied and every run's indicators, means over the seeds: one row a run in the order of the batch.
/// Returns what is told of the runs whose streets filled up.
fn write_table(scenarios: &Scenarios, out: &Path, path: &Path) -> Result<Vec<String>, Failure> {
    let definitions = definitions();
    let mut jammed = Vec::new();
    let mut text = String::from("scenario,run_id");
    for field in &scenarios.varied {
        let _ = write!(text, ",{}", cell(field));
    }
    for definition in &definitions {
        let _ = write!(text, ",{}", definition.id);
    }
    text.push('\n');
    for (chain, varied) in scenarios.chains.iter().zip(&scenarios.values) {
        let run = Run::read(&out.join(chain.name())).map_err(folder_failure)?;
        jammed.extend(run.jammed().map_err(Failure::work)?.map(|told| format!("{}: {told}", chain.name())));
        let ids = run.tables["indicators"].column::<&str>("indicators", "indicator").map_err(Failure::work)?;
        let values = run.tables["indicators"].column::<f64>("indicators", "value").map_err(Failure::work)?;
        let _ = write!(text, "{},{}", chain.name(), run.manifest.run_id);
        for value in varied {
            let told = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let _ = write!(text, ",{}", cell(&told));
        }
        for definition in &definitions {
            let of_seeds: Vec<f64> =
                ids.iter().zip(&values).filter(|(id, _)| **id == definition.id).map(|(_, value)| *value).collect();
            text.push(',');
            // What was not reckoned stays empty.
            if !of_seeds.is_empty() {
                let _ = write!(text, "{}", Estimate::over(&of_seeds).value);
            }
        }
        text.push('\n');
    }
    let failed = |error: std::io::Error| Failure::unwritten(path, error);
    let mut file = CompleteFile::create(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.finish().map_err(failed)?;
    Ok(jammed)
}

/// A cell of a CSV file, quoted where it must be.
fn cell(text: &str) -> Cow<'_, str> {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}

fn batch_failure(error: BatchError) -> Failure {
    match error {
        BatchError::Folder(error) => folder_failure(error),
        BatchError::Base(error) => simulate_failure(error),
        BatchError::Simulate { error: SimulateError::Assignment(_), .. } => Failure::work(error),
        other => Failure::input(other),
    }
}

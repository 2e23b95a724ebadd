//! `gemello compare`: runs side by side, and `gemello demo`'s way to tell of them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use data::complete_file::CompleteFile;
use scenarios::compare::{CompareError, compare};
use scenarios::comparison::Comparison;
use scenarios::estimate::Estimate;
use scenarios::run::{Run, Settings, read_manifest};
use scenarios::scenario::{Applied, apply, idle_rules};
use scenarios::words::Language;
use serde::Serialize;

use super::city;
use super::run::folder_failure;
use crate::failure::Failure;
use crate::output::Output;

/// Compare runs: the first is what the others are measured against
#[derive(Args)]
pub(crate) struct Compare {
    /// Run folders, the base first
    #[arg(value_name = "RUN", required = true, num_args = 2..)]
    runs: Vec<PathBuf>,
    /// Write the report there (HTML)
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Language of names and report: it or en
    #[arg(long, value_name = "LANG", default_value = "it")]
    lang: Language,
}

impl Compare {
    /// Does it.
    pub(crate) fn run(self, output: &Output) -> Result<(), Failure> {
        let first = read_manifest(&self.runs[0]).map_err(folder_failure)?;
        let tables = city::of_run(&self.runs[0], first.city.built_in)?;
        let hash = data::city_folder::identity(&tables).map_err(Failure::input)?;
        if hash != first.city.hash {
            let told = format!(
                "{}: its city is not the one in this program any more; run it again to compare it",
                self.runs[0].display()
            );
            return Err(Failure::input(anyhow::anyhow!(told)));
        }
        let mut runs: Vec<(Run, Applied)> = Vec::new();
        for folder in &self.runs {
            let run = Run::read(folder).map_err(folder_failure)?;
            // Everything told of a run goes by its scenario's name.
            let same = runs.iter().position(|(other, _)| other.chain.name() == run.chain.name());
            if let Some(same) = same {
                let told = format!(
                    "{} and {} are both runs of a scenario named '{}'; leave one out, or rename one's scenario and run it again",
                    self.runs[same].display(),
                    folder.display(),
                    run.chain.name()
                );
                return Err(Failure::input(anyhow::anyhow!(told)));
            }
            let applied = apply(&tables, &run.chain).map_err(Failure::input)?;
            runs.push((run, applied));
        }
        let plan = &tables.about.day_plan;
        let idle = runs.iter().flat_map(|(run, _)| idle_rules(&run.chain, plan, run.manifest.period.as_deref()));
        let warnings: Vec<String> = idle.map(|rule| rule.to_string()).collect();
        output.warn(&warnings);
        let comparison = compare(&tables, &runs, &Settings::built_in()).map_err(compare_failure)?;
        if let Some(path) = &self.report {
            write_report(&comparison, self.lang, path)?;
        }
        let report = self.report.map(|path| path.display().to_string());
        let text = [table(&comparison, self.lang), report.clone().unwrap_or_default()].join("\n");
        output.result(text.trim_end(), &Told::new(report, &comparison, self.lang, warnings))
    }
}

pub(super) fn compare_failure(error: CompareError) -> Failure {
    Failure::input(error)
}

/// Writes the report, whole or not at all.
pub(super) fn write_report(comparison: &Comparison, language: Language, path: &Path) -> Result<(), Failure> {
    let html = scenarios::report::render(comparison, language).map_err(Failure::work)?;
    let failed = |error: std::io::Error| Failure::work(anyhow::anyhow!("{}: {error}", path.display()));
    let mut file = CompleteFile::create(path).map_err(failed)?;
    file.write_all(html.as_bytes()).map_err(failed)?;
    file.finish().map_err(failed)
}

/// What `compare --json` and `demo --json` print.
#[derive(Serialize)]
pub(super) struct Told {
    report: Option<String>,
    seeds: Vec<u64>,
    runs: BTreeMap<String, String>,
    warnings: Vec<String>,
    indicators: Vec<ToldIndicator>,
}

#[derive(Serialize)]
struct ToldIndicator {
    id: String,
    name: String,
    unit: String,
    formula: String,
    base: Value,
    scenarios: BTreeMap<String, Change>,
}

#[derive(Serialize)]
struct Value {
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
}

#[derive(Serialize)]
struct Change {
    #[serde(flatten)]
    value: Value,
    difference: f64,
    difference_low: Option<f64>,
    difference_high: Option<f64>,
}

impl From<Estimate> for Value {
    fn from(estimate: Estimate) -> Self {
        let interval = estimate.interval;
        Self { value: estimate.value, low: interval.map(|i| i.low), high: interval.map(|i| i.high) }
    }
}

impl Told {
    pub(super) fn new(
        report: Option<String>,
        comparison: &Comparison,
        language: Language,
        warnings: Vec<String>,
    ) -> Self {
        let indicators = comparison.indicators.iter().map(|indicator| ToldIndicator {
            id: indicator.id.clone(),
            name: indicator.name.get(language).to_owned(),
            unit: indicator.unit.get(language).to_owned(),
            formula: indicator.formula.get(language).to_owned(),
            base: indicator.values[0].into(),
            scenarios: (1..comparison.runs.len())
                .map(|run| {
                    let difference = indicator.differences[run];
                    let change = Change {
                        value: indicator.values[run].into(),
                        difference: difference.value,
                        difference_low: difference.interval.map(|i| i.low),
                        difference_high: difference.interval.map(|i| i.high),
                    };
                    (comparison.runs[run].name.clone(), change)
                })
                .collect(),
        });
        Self {
            report,
            seeds: comparison.seeds.clone(),
            runs: comparison.runs.iter().map(|run| (run.name.clone(), run.run_id.clone())).collect(),
            warnings,
            indicators: indicators.collect(),
        }
    }
}

/// Indicators side by side, for a terminal.
pub(super) fn table(comparison: &Comparison, language: Language) -> String {
    let mut lines = Vec::new();
    for indicator in &comparison.indicators {
        let decimals = usize::from(indicator.decimals);
        let base = indicator.values[0].value;
        lines.push(format!("{} ({}): {base:.decimals$}", indicator.name.get(language), indicator.unit.get(language)));
        for run in 1..comparison.runs.len() {
            let Estimate { value, interval } = indicator.differences[run];
            let range =
                interval.map_or(String::new(), |i| format!(" ({:+.decimals$} … {:+.decimals$})", i.low, i.high));
            lines.push(format!("    {:<24} {value:+.decimals$}{range}", comparison.runs[run].name));
        }
    }
    lines.join("\n")
}

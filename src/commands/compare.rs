//! `gemello compare`: runs side by side.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use data::complete_file::CompleteFile;
use data::output_folder::OutputFolder;
use scenarios::compare::{CompareError, compare};
use scenarios::comparison::Comparison;
use scenarios::run::{Run, Settings, read_manifest};
use scenarios::scenario::{Applied, apply};
use scenarios::words::Language;

use super::city;
use super::papers::write_papers;
use super::run::{folder_failure, warnings};
use super::told::{Told, table};
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
    /// Write the comparison there as two pages and as full report (PDF), spreadsheet (XLSX), CSV and Parquet
    #[arg(long, value_name = "DIR")]
    papers: Option<PathBuf>,
    /// Language of names, report and papers: it or en
    #[arg(long, value_name = "LANG", default_value = "it")]
    lang: Language,
}

impl Compare {
    /// Does it.
    pub(crate) fn run(self, output: &Output) -> Result<(), Failure> {
        let _papers = self.papers.as_deref().map(OutputFolder::prepare).transpose().map_err(city::prepare_failure)?;
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
            if let Some((file, reason)) = run.misfit() {
                let told = format!(
                    "{}: {reason}: the run was altered; run it again to compare it",
                    folder.join(file).display()
                );
                return Err(Failure::input(anyhow::anyhow!(told)));
            }
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
        let of_run = |(run, _): &(Run, Applied)| {
            warnings(&run.chain, plan, run.manifest.period.as_deref(), run.manifest.fidelity)
        };
        let mut warnings: Vec<String> = runs.iter().flat_map(of_run).collect();
        let comparison = compare(&tables, &runs, &Settings::built_in()).map_err(compare_failure)?;
        warnings.extend(jammed(&comparison));
        output.warn(&warnings);
        if let Some(path) = &self.report {
            write_report(&comparison, self.lang, path)?;
        }
        if let Some(folder) = &self.papers {
            write_papers(&comparison, self.lang, folder)?;
        }
        let written = [self.report, self.papers].map(|path| path.map(|path| path.display().to_string()));
        let lines = [table(&comparison, self.lang)].into_iter().chain(written.iter().flatten().cloned());
        let text = lines.collect::<Vec<_>>().join("\n");
        output.result(text.trim_end(), &Told::new(written, &comparison, self.lang, warnings))
    }
}

/// What is told of the runs whose streets filled up.
pub(super) fn jammed(comparison: &Comparison) -> Vec<String> {
    comparison.jammed().map(|(run, jammed)| format!("{}: {jammed}", run.name)).collect()
}

pub(super) fn compare_failure(error: CompareError) -> Failure {
    Failure::input(error)
}

/// Writes the report, whole or not at all.
pub(super) fn write_report(comparison: &Comparison, language: Language, path: &Path) -> Result<(), Failure> {
    let html = scenarios::report::render(comparison, language).map_err(Failure::work)?;
    let failed = |error: std::io::Error| Failure::unwritten(path, error);
    let mut file = CompleteFile::create(path).map_err(failed)?;
    file.write_all(html.as_bytes()).map_err(failed)?;
    file.finish().map_err(failed)
}

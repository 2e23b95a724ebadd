//! `gemello demo`: the built-in Alessandria, base and three interventions, compared, with a report.

use std::path::{Path, PathBuf};

use clap::Args;
use data::output_folder::OutputFolder;
use indicatif::{ProgressBar, ProgressStyle};
use scenarios::compare::compare;
use scenarios::run::{
    Base, Fidelity, Fields, Request, Settings, check_free, check_place, made, read_manifest, run_all, seeds,
};
use scenarios::scenario::{Applied, Chain, apply};
use scenarios::words::Language;

use super::city::{self, BUILD_ID};
use super::compare::{compare_failure, jammed, write_report};
use super::papers::{found_in, write_papers};
use super::run::{folder_failure, simulate_failure, tree_failure};
use super::told::{Told, table};
use crate::failure::Failure;
use crate::output::Output;

/// The base and what the demo does to it.
const SCENARIOS: [&str; 4] = ["base", "meier-two-lanes", "ztl-centro", "bormida-closed"];

/// Seeds that are drawn unless the call says otherwise; and where every vehicle moves.
const SEEDS: u32 = 20;
const FULL_SEEDS: u32 = 5;

/// Run the built-in Alessandria and three interventions, compare them and write the report, on paper too
#[derive(Args)]
pub(crate) struct Demo {
    /// Where to write runs, report and papers
    #[arg(long, value_name = "D", default_value = "gemello-demo")]
    out: PathBuf,
    /// Seeds to draw; 1 is the central case, without intervals [default: 20, with --full 5]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), allow_hyphen_values = true)]
    seeds: Option<u32>,
    /// Move every vehicle of the day through queues, signals and junctions (meso) instead of assigning flows
    #[arg(long)]
    full: bool,
    /// Language of report and papers: it or en
    #[arg(long, value_name = "LANG", default_value = "it")]
    lang: Language,
    /// Replace runs of other inputs, and a report of other runs, that lie there
    #[arg(long)]
    replace: bool,
}

impl Demo {
    /// Does it.
    pub(crate) fn run(self, output: &Output) -> Result<(), Failure> {
        let runs_folder = self.out.join("runs");
        for name in SCENARIOS {
            check_free(&runs_folder.join(name)).map_err(folder_failure)?;
        }
        let report = self.out.join("report.html");
        let papers = self.out.join("papers");
        self.check_report(&report, &papers, &runs_folder)?;
        let _out = OutputFolder::prepare(&self.out).map_err(city::prepare_failure)?;
        let _runs = OutputFolder::prepare(&runs_folder).map_err(city::prepare_failure)?;
        let _papers = OutputFolder::prepare(&papers).map_err(city::prepare_failure)?;
        let (tables, built_in) = city::load(None)?;
        let chains = SCENARIOS.map(Chain::read).into_iter().collect::<Result<Vec<_>, _>>().map_err(tree_failure)?;
        let request = Request {
            seeds: seeds(self.seeds.unwrap_or(if self.full { FULL_SEEDS } else { SEEDS })),
            period: None,
            fidelity: if self.full { Fidelity::Meso } else { Fidelity::Strategic },
            recording: None,
            fields: Fields::new(),
            lanes_to: None,
            build_id: BUILD_ID.to_owned(),
            built_in,
        };
        let base = Base::new(tables, Settings::built_in()).map_err(simulate_failure)?;
        for chain in &chains {
            let run_id = made(&base, chain, &request).run_id();
            check_place(&runs_folder.join(chain.name()), &run_id, self.replace).map_err(folder_failure)?;
        }
        let steps = u64::try_from(chains.len() * request.seeds.len()).unwrap_or(u64::MAX);
        let progress = progress(steps);
        let runs = run_all(&base, &chains, &request, &|| progress.inc(1)).map_err(simulate_failure)?;
        progress.finish_and_clear();
        let mut told = Vec::new();
        for (run, chain) in runs.into_iter().zip(&chains) {
            run.write(&runs_folder.join(chain.name()), &base.tables).map_err(folder_failure)?;
            let applied: Applied = apply(&base.tables, chain).map_err(Failure::input)?;
            told.push((run, applied));
        }
        let comparison = compare(&base.tables, &told, &base.settings).map_err(compare_failure)?;
        write_report(&comparison, self.lang, &report)?;
        write_papers(&comparison, self.lang, &papers)?;
        let written = [&papers, &report].map(|path| path.display().to_string());
        let text = format!("{}\n{}", table(&comparison, self.lang), written.join("\n"));
        let [papers, report] = written.map(Some);
        let warnings = jammed(&comparison);
        output.warn(&warnings);
        output.result(text, &Told::new([report, papers], &comparison, self.lang, warnings))
    }

    /// Whether report and papers may be written there: nothing is there, or those of the runs beside them, which the report
    /// names.
    fn check_report(&self, report: &Path, papers: &Path, runs_folder: &Path) -> Result<(), Failure> {
        let refused = |path: &Path, why: &str| Err(Failure::input(anyhow::anyhow!("{}: {why}", path.display())));
        if report.is_dir() {
            return refused(report, "is a folder; choose another --out");
        }
        let paper = found_in(papers);
        if self.replace || !(report.exists() || paper.is_some()) {
            return Ok(());
        }
        let is_of_demo = read_manifest(&runs_folder.join(SCENARIOS[0])).is_ok_and(|base| {
            std::fs::read(report).is_ok_and(|html| String::from_utf8_lossy(&html).contains(&base.run_id))
        });
        if is_of_demo {
            return Ok(());
        }
        refused(
            if report.exists() { report } else { paper.as_deref().unwrap_or(papers) },
            "is not the report of runs that lie there and would be overwritten; choose another --out, or give --replace",
        )
    }
}

/// A bar on stderr, where a person looks on.
pub(super) fn progress(steps: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} {msg}");
    ProgressBar::new(steps).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

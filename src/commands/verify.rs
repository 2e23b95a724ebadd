//! `gemello verify`: whether a run is what its inputs give.

use std::path::PathBuf;

use clap::Args;
use scenarios::run::{FolderError, Manifest, Run, Verdict, read_manifest, stray_file, verify};
use serde::Serialize;

use super::city::{self, BUILD_ID};
use super::run::{folder_failure, simulate_failure};
use crate::failure::Failure;
use crate::output::Output;

/// Compute a run again from its inputs and compare every byte
#[derive(Args)]
pub(crate) struct Verify {
    /// Run folder
    #[arg(value_name = "RUN")]
    run: PathBuf,
}

#[derive(Serialize)]
struct Summary {
    verdict: &'static str,
    run_id: String,
    build_id: Option<String>,
    format: Option<u32>,
    largest_difference: Option<f64>,
    place: Option<String>,
    file: Option<String>,
    reason: Option<String>,
}

impl Verify {
    /// Does it.
    pub(crate) fn run(self, output: &Output) -> Result<(), Failure> {
        let manifest = read_manifest(&self.run).map_err(folder_failure)?;
        let verdict = self.verdict(&manifest)?;
        let mut summary = Summary {
            verdict: "identical",
            run_id: manifest.run_id.clone(),
            build_id: None,
            format: None,
            largest_difference: None,
            place: None,
            file: None,
            reason: None,
        };
        match verdict {
            Verdict::Identical => output.result("identical: computed again, every byte is the same", &summary),
            Verdict::OtherBuild { build_id, older_format, largest, place } => {
                let format = older_format.map_or_else(String::new, |format| {
                    format!(" in run format {format}, which holds less than today's and was compared as far as it goes")
                });
                let differs = if place.is_empty() {
                    "no number differs".to_owned()
                } else {
                    format!("the largest relative difference is {largest:.1e} in {place}")
                };
                let text = format!("intact, but made by another build ({build_id}){format}: {differs}");
                summary.format = older_format;
                summary.verdict = "other_build";
                summary.build_id = Some(build_id);
                summary.largest_difference = Some(largest);
                summary.place = Some(place);
                output.result(text, &summary)
            }
            Verdict::Altered { file, reason } => {
                let told = format!("{}: altered: {reason}", self.run.join(&file).display());
                summary.verdict = "altered";
                summary.file = Some(file);
                summary.reason = Some(reason);
                if output.is_json() {
                    output.result("", &summary)?;
                }
                Err(Failure::work(anyhow::anyhow!(told)))
            }
        }
    }

    fn verdict(&self, manifest: &Manifest) -> Result<Verdict, Failure> {
        let altered = |file: &str, reason: String| Ok(Verdict::Altered { file: file.to_owned(), reason });
        if let Some(file) = stray_file(&self.run, manifest).map_err(folder_failure)? {
            return altered(&file, "the manifest does not list it".to_owned());
        }
        let run = match Run::read(&self.run) {
            Ok(run) => run,
            // The manifest was read: it is a run, and what it lists is not as it was written.
            Err(FolderError::Read { path, error }) => {
                let file = path.strip_prefix(&self.run).unwrap_or(&path).display().to_string();
                return altered(&file, error.to_string());
            }
            Err(error @ (FolderError::Table(_) | FolderError::Scenario(_))) => {
                return altered("", format!("what the manifest lists cannot be read: {error}"));
            }
            Err(error) => return Err(folder_failure(error)),
        };
        let tables = match run.manifest.city.built_in {
            true => city::of_run(&self.run, true)?,
            false => match data::city_folder::read(&self.run.join("inputs/city")) {
                Ok(tables) => tables,
                Err(error) => return altered("inputs/city", error.to_string()),
            },
        };
        verify(&run, tables, BUILD_ID).map_err(simulate_failure)
    }
}

//! Batches: many scenarios over one base, from a folder or a sweep over parameters.
//!
//! A sweep is a TOML file that names a scenario as template and lists fields to vary; every combination of their values is
//! one scenario. A batch writes each run into a folder of its own and skips those that are there whole, so that one that was
//! killed goes on where it stopped.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use toml::{Spanned, Value};

use crate::run::{Base, FolderError, Request, Run, SeedBase, SimulateError, made, read_manifest, run_all, run_from};
use crate::scenario::{Chain, Place, ScenarioError, TreeError};

/// The most scenarios that one batch runs.
pub const SCENARIOS_MAX: usize = 100_000;

/// Base equilibria that are kept in memory for all runs; beyond, each run solves its own base.
const BASE_STATES_MAX: usize = 16;

/// A sweep as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SweepFile {
    format: u32,
    name: String,
    template: Spanned<String>,
    vary: Vec<Vary>,
}

/// A field of the template and its values.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vary {
    field: Spanned<String>,
    values: Vec<Value>,
}

/// Why there is no batch.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The folder or file cannot be read.
    #[error("{}: {error}", .path.display())]
    Unreadable {
        /// Where.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The folder holds no scenario.
    #[error("{}: holds no scenario; put files ending in .toml there", .0.display())]
    Empty(PathBuf),
    /// The sweep is wrong.
    #[error("{file}:{place}: {message}")]
    Sweep {
        /// The file.
        file: String,
        /// Where.
        place: Place,
        /// What is wrong and what to do.
        message: String,
    },
    /// Two scenarios have one name.
    #[error("two scenarios are named '{0}'; their runs would have the same folder: rename one")]
    Name(String),
    /// Too many.
    #[error("{0} scenarios are more than {SCENARIOS_MAX}; split the batch")]
    TooMany(usize),
    /// A scenario cannot be read.
    #[error(transparent)]
    Scenario(#[from] TreeError),
    /// A scenario cannot be run.
    #[error("scenario '{name}': {error}")]
    Simulate {
        /// Its name.
        name: String,
        /// Why.
        error: SimulateError,
    },
    /// The base cannot be run.
    #[error(transparent)]
    Base(#[from] SimulateError),
    /// A run cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// The scenarios of a folder (its `.toml` files by name) or of a sweep file.
///
/// # Errors
/// [`BatchError`] where something cannot be read, or names collide.
pub fn scenarios(options: &Path) -> Result<Vec<Chain>, BatchError> {
    let chains = if options.is_dir() { of_folder(options)? } else { of_sweep(options)? };
    let mut names: Vec<&str> = chains.iter().map(Chain::name).collect();
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(BatchError::Name(pair[0].to_owned()));
    }
    Ok(chains)
}

fn of_folder(folder: &Path) -> Result<Vec<Chain>, BatchError> {
    let unreadable = |error| BatchError::Unreadable { path: folder.to_owned(), error };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(BatchError::Empty(folder.to_owned()));
    }
    if files.len() > SCENARIOS_MAX {
        return Err(BatchError::TooMany(files.len()));
    }
    Ok(files.iter().map(|file| Chain::read(&file.display().to_string())).collect::<Result<_, TreeError>>()?)
}

fn of_sweep(path: &Path) -> Result<Vec<Chain>, BatchError> {
    let file = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|error| BatchError::Unreadable { path: path.to_owned(), error })?;
    let wrong =
        |at: usize, message: String| BatchError::Sweep { file: file.clone(), place: Place::at(&text, at), message };
    let sweep: SweepFile = toml::from_str(&text).map_err(|error| {
        wrong(error.span().map_or(0, |span| span.start), error.message().trim().replace('\n', "; "))
    })?;
    if sweep.format != 1 {
        return Err(wrong(0, format!("format {} is not understood; this program reads format 1", sweep.format)));
    }
    let count = sweep.vary.iter().try_fold(1_usize, |count, vary| count.checked_mul(vary.values.len()));
    let count = count.unwrap_or(usize::MAX);
    if count == 0 || sweep.vary.is_empty() {
        return Err(wrong(0, "nothing is varied; give at least one [[vary]] with field and values".to_owned()));
    }
    if count > SCENARIOS_MAX {
        return Err(BatchError::TooMany(count));
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let template = sweep.template.get_ref();
    let beside = folder.join(template);
    let template = if beside.is_file() { beside.display().to_string() } else { template.clone() };
    let chain = Chain::read(&template)?;
    let ancestors: Vec<(String, String)> =
        chain.files().iter().rev().skip(1).rev().map(|written| (written.file.clone(), written.text.clone())).collect();
    let value: Value = toml::from_str(&chain.leaf().text).map_err(|error| wrong(0, error.message().to_owned()))?;
    (0..count)
        .map(|number| {
            let mut value = value.clone();
            let mut rest = number;
            for vary in sweep.vary.iter().rev() {
                let chosen = &vary.values[rest % vary.values.len()];
                rest /= vary.values.len();
                let field = vary.field.get_ref();
                let place = find(&mut value, field).ok_or_else(|| {
                    wrong(
                        vary.field.span().start,
                        format!("the template has no field '{field}'; write it as in set[0].lanes, counting from 0"),
                    )
                })?;
                *place = chosen.clone();
            }
            let name = format!("{}-{:0width$}", sweep.name, number + 1, width = count.to_string().len());
            if let Some(table) = value.as_table_mut() {
                table.insert("name".to_owned(), Value::String(name.clone()));
            }
            let text = toml::to_string(&value).map_err(|error| wrong(0, error.to_string()))?;
            let mut texts = ancestors.clone();
            texts.push((format!("{file} ({name})"), text));
            Ok(Chain::of_texts(texts)?)
        })
        .collect()
}

/// The place in a TOML value that a path such as `set[0].lanes` means; it must be there.
fn find<'a>(value: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    let mut place = value;
    for step in path.split('.') {
        let (field, indices) = step.split_once('[').map_or((step, ""), |(field, rest)| (field, rest));
        place = place.as_table_mut()?.get_mut(field)?;
        for index in indices.split('[').filter(|index| !index.is_empty()) {
            place = place.as_array_mut()?.get_mut(index.strip_suffix(']')?.parse::<usize>().ok()?)?;
        }
    }
    Some(place)
}

/// How a batch went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Runs made now.
    pub made: usize,
    /// Runs that were there already.
    pub kept: usize,
}

/// Runs every scenario of a batch into `out/NAME`, `jobs` at a time, and skips those that are there whole. `tick` is called
/// after each run, and once with the number of those that are kept.
///
/// # Errors
/// [`BatchError`]: the first in the order of the scenarios among those that failed; the other runs stay.
pub fn run_batch(
    base: &Base,
    chains: &[Chain],
    request: &Request,
    (jobs, out): (usize, &Path),
    tick: &(dyn Fn(usize) + Sync),
) -> Result<Done, BatchError> {
    std::fs::create_dir_all(out).map_err(|error| FolderError::Write { path: out.to_owned(), error })?;
    remove_unfinished(out)?;
    let pending: Vec<&Chain> =
        chains.iter().filter(|chain| !is_whole(base, chain, request, &out.join(chain.name()))).collect();
    let kept = chains.len() - pending.len();
    tick(kept);
    if pending.is_empty() {
        return Ok(Done { made: 0, kept });
    }
    let periods = base.periods(request.period.as_deref())?;
    let starts: Option<Vec<Arc<SeedBase>>> = if request.seeds.len() * periods.len() <= BASE_STATES_MAX {
        let solved = request.seeds.iter().map(|&seed| Ok(Arc::new(base.seed(seed, &periods)?)));
        Some(solved.collect::<Result<_, SimulateError>>()?)
    } else {
        None
    };
    let make = |chain: &Chain| -> Result<(), BatchError> {
        let run = match &starts {
            Some(starts) => run_from(base, starts, chain, request),
            None => run_all(base, std::slice::from_ref(chain), request, &|| {}).map(|mut runs| runs.swap_remove(0)),
        };
        let run: Run = run.map_err(|error| BatchError::Simulate { name: chain.name().to_owned(), error })?;
        Ok(run.write(&out.join(chain.name()), &base.tables)?)
    };
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let errors: Mutex<Vec<(usize, BatchError)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, pending.len()) {
            scope.spawn(|| {
                while !failed.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(chain) = pending.get(number) else { break };
                    match make(chain) {
                        Ok(()) => tick(1),
                        Err(error) => {
                            failed.store(true, Ordering::Relaxed);
                            errors.lock().unwrap_or_else(PoisonError::into_inner).push((number, error));
                        }
                    }
                }
            });
        }
    });
    let mut errors = errors.into_inner().unwrap_or_else(PoisonError::into_inner);
    errors.sort_by_key(|(number, _)| *number);
    match errors.into_iter().next() {
        Some((_, error)) => Err(error),
        None => Ok(Done { made: pending.len(), kept }),
    }
}

/// Whether the run of a scenario lies there, made by this program from the same inputs, with all its files as listed.
fn is_whole(base: &Base, chain: &Chain, request: &Request, folder: &Path) -> bool {
    let Ok(manifest) = read_manifest(folder) else { return false };
    let run_id = made(base, chain, request).run_id();
    let is_as_listed = |(path, hash): (&String, &String)| {
        std::fs::read(folder.join(path)).is_ok_and(|bytes| blake3::hash(&bytes).to_hex().as_str() == hash)
    };
    manifest.run_id == run_id
        && manifest.build_id == request.build_id
        && manifest.inputs.iter().chain(&manifest.tables).all(is_as_listed)
}

/// Removes what a killed batch left half-made.
fn remove_unfinished(out: &Path) -> Result<(), FolderError> {
    let failed = |error| FolderError::Write { path: out.to_owned(), error };
    for entry in std::fs::read_dir(out).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_string_lossy().starts_with(".gemello-") {
            std::fs::remove_dir_all(entry.path()).map_err(failed)?;
        }
    }
    Ok(())
}

impl From<ScenarioError> for BatchError {
    fn from(error: ScenarioError) -> Self {
        Self::Scenario(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENARIO: &str = "format = 1\nname = \"lanes\"\nparent = \"base\"\ntitle = { it = \"x\", en = \"x\" }\n\
         [[set]]\non = { street = [\"Via Roma\"] }\nlanes = 1\nspeed_kmh = 50\n";

    #[test]
    fn a_sweep_is_every_combination_of_its_values() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("lanes.toml"), SCENARIO).expect("a file");
        let sweep = folder.path().join("sweep.toml");
        let text = "format = 1\nname = \"s\"\ntemplate = \"lanes.toml\"\n[[vary]]\nfield = \"set[0].lanes\"\n\
             values = [1, 2]\n[[vary]]\nfield = \"set[0].speed_kmh\"\nvalues = [30, 50, 70]\n";
        std::fs::write(&sweep, text).expect("a file");
        let chains = scenarios(&sweep).expect("a sweep");
        let names: Vec<&str> = chains.iter().map(Chain::name).collect();
        assert_eq!(names, ["s-1", "s-2", "s-3", "s-4", "s-5", "s-6"]);
        let set = &chains[4].leaf().scenario.set[0];
        let (lanes, speed) = (set.get_ref().lanes.as_ref(), set.get_ref().speed_kmh.as_ref());
        assert_eq!((lanes.map(|v| *v.get_ref()), speed.map(|v| *v.get_ref())), (Some(2), Some(50.0)));

        std::fs::write(&sweep, text.replace("set[0].lanes", "set[1].lanes")).expect("a file");
        let told = scenarios(&sweep).expect_err("no such field").to_string();
        assert!(told.contains("sweep.toml:5:9") && told.contains("set[1].lanes"), "{told}");
    }
}

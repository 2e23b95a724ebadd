//! Batches: many scenarios, from a folder or a sweep over parameters.
//!
//! A sweep is a TOML file that names a scenario as template and lists fields to vary; every combination of their values is
//! one scenario, whose text is the template's with other values in their places. Scenarios of one city and the same seeds
//! share their base. A batch writes each run into a folder of its own and skips those that are there whole, so that one that was
//! killed goes on where it stopped.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use data::output_folder::OutputFolder;
use rayon::prelude::*;
use serde::Deserialize;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Value};

use crate::run::{
    Base, FolderError, Request, Run, SeedBase, SimulateError, check_place, made, read_manifest, remove_unfinished,
    run_all, run_from,
};
use crate::scenario::{Chain, FileProblem, Place, ScenarioError, TreeError, is_plain_name, read_text};

/// The most scenarios that one batch runs.
pub const SCENARIOS_MAX: usize = 100_000;

/// Base equilibria that are kept in memory for all runs; beyond, each run solves its own base.
const BASE_STATES_MAX: usize = 16;

/// A sweep as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SweepFile {
    format: u32,
    name: Spanned<String>,
    template: Spanned<String>,
    vary: Vec<Vary>,
}

/// A field of the template and its values.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vary {
    field: Spanned<String>,
    values: Vec<Spanned<Value>>,
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
    /// Scenarios do not fit the city, each with its name.
    #[error("{}", .0.iter().map(|(name, error)| format!("scenario '{name}': {error}")).collect::<Vec<_>>().join("\n"))]
    Misfits(Vec<(String, SimulateError)>),
    /// The base cannot be run.
    #[error(transparent)]
    Base(#[from] SimulateError),
    /// A run cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// The scenarios of a batch.
#[derive(Debug)]
pub struct Scenarios {
    /// The scenarios, in the order of the batch.
    pub chains: Vec<Chain>,
    /// The fields that a sweep varies, in the order of its file; none of a folder.
    pub varied: Vec<String>,
    /// The values of those fields in each scenario, by `[scenario][field]`, as they stand in TOML.
    pub values: Vec<Vec<Value>>,
}

/// The scenarios of a folder (its `.toml` files by name) or of a sweep file.
///
/// # Errors
/// [`BatchError`] where something cannot be read, or names collide.
pub fn scenarios(options: &Path) -> Result<Scenarios, BatchError> {
    let scenarios = if options.is_dir() { of_folder(options)? } else { of_sweep(options)? };
    let mut names: Vec<&str> = scenarios.chains.iter().map(Chain::name).collect();
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(BatchError::Name(pair[0].to_owned()));
    }
    Ok(scenarios)
}

fn of_folder(folder: &Path) -> Result<Scenarios, BatchError> {
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
    let read = |file: &PathBuf| Chain::read(&file.display().to_string());
    let chains = files.iter().map(read).collect::<Result<Vec<Chain>, TreeError>>()?;
    let values = vec![Vec::new(); chains.len()];
    Ok(Scenarios { chains, varied: Vec::new(), values })
}

fn of_sweep(path: &Path) -> Result<Scenarios, BatchError> {
    let file = path.display().to_string();
    let text = read_text(path)?;
    let wrong =
        |at: usize, message: String| BatchError::Sweep { file: file.clone(), place: Place::at(&text, at), message };
    let sweep: SweepFile = toml::from_str(&text).map_err(|error| {
        wrong(error.span().map_or(0, |span| span.start), error.message().trim().replace('\n', "; "))
    })?;
    if sweep.format != 1 {
        return Err(wrong(0, format!("format {} is not understood; this program reads format 1", sweep.format)));
    }
    if !is_plain_name(sweep.name.get_ref()) {
        let problem = FileProblem::Name(sweep.name.get_ref().clone());
        return Err(wrong(sweep.name.span().start, problem.to_string()));
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
    let places = places(&sweep, &chain.leaf().text).map_err(|(at, message)| wrong(at, message))?;
    let point = |number: usize| -> Result<(Chain, Vec<Value>), BatchError> {
        let mut chosen: Vec<&Spanned<Value>> = Vec::with_capacity(sweep.vary.len());
        let mut rest = number;
        for vary in sweep.vary.iter().rev() {
            chosen.push(&vary.values[rest % vary.values.len()]);
            rest /= vary.values.len();
        }
        chosen.reverse();
        let name = format!("{}-{:0width$}", sweep.name.get_ref(), number + 1, width = count.to_string().len());
        let told = sweep.vary.iter().zip(&chosen).map(|(vary, value)| {
            let place = Place::at(&text, value.span().start);
            format!("{} = {} from {place}", vary.field.get_ref(), value.get_ref())
        });
        let told = told.collect::<Vec<_>>().join(", ");
        let label = format!("{file} ({name}: {told}): {}", chain.leaf().file);
        let mut words: Vec<String> = chosen.iter().map(|value| value.get_ref().to_string()).collect();
        words.push(Value::String(name).to_string());
        let chain = chain.with_leaf(label, replaced(&chain.leaf().text, &places, &words))?;
        Ok((chain, chosen.into_iter().map(|value| value.get_ref().clone()).collect()))
    };
    let (chains, values) = (0..count).map(point).collect::<Result<Vec<_>, BatchError>>()?.into_iter().unzip();
    let varied = sweep.vary.iter().map(|vary| vary.field.get_ref().clone()).collect();
    Ok(Scenarios { chains, varied, values })
}

/// Where the values of the varied fields, and last that of the name, stand in the template's text; or what is wrong, at which
/// byte of the sweep.
fn places(sweep: &SweepFile, template: &str) -> Result<Vec<Range<usize>>, (usize, String)> {
    let table = DeTable::parse(template).map_err(|error| (0, error.message().to_owned()))?;
    let mut places: Vec<Range<usize>> = Vec::new();
    for vary in &sweep.vary {
        let (at, field) = (vary.field.span().start, vary.field.get_ref());
        if field == "name" || field == "parent" {
            let message =
                format!("'{field}' cannot be varied: a sweep names its scenarios itself, and all have one parent");
            return Err((at, message));
        }
        let place = find(table.get_ref(), template, field).ok_or_else(|| {
            let message = format!("the template has no value '{field}'; write it as in set[0].lanes, counting from 0");
            (at, message)
        })?;
        if places.iter().any(|other| place.start < other.end && other.start < place.end) {
            return Err((at, format!("'{field}' is varied already, by itself or with what it is part of; keep one")));
        }
        places.push(place);
    }
    let name = find(table.get_ref(), template, "name").ok_or_else(|| (0, "the template has no name".to_owned()))?;
    places.push(name);
    Ok(places)
}

/// The text with other words in some places, which do not overlap.
fn replaced(text: &str, places: &[Range<usize>], words: &[String]) -> String {
    let mut changes: Vec<(&Range<usize>, &String)> = places.iter().zip(words).collect();
    changes.sort_by_key(|(place, _)| place.start);
    let (mut result, mut end) = (String::with_capacity(text.len()), 0);
    for (place, word) in changes {
        result.push_str(&text[end..place.start]);
        result.push_str(word);
        end = place.end;
    }
    result.push_str(&text[end..]);
    result
}

/// The value of a key.
fn in_table<'a, 'text>(table: &'a DeTable<'text>, name: &str) -> Option<&'a Spanned<DeValue<'text>>> {
    table.iter().find(|(key, _)| key.get_ref().as_ref() == name).map(|(_, value)| value)
}

/// Where the value that a path such as `set[0].lanes` means stands in a TOML text; none where it is not there, or is a table
/// or array that is written under headers and not as a value.
fn find(table: &DeTable<'_>, text: &str, path: &str) -> Option<Range<usize>> {
    let mut steps = path.split('.').flat_map(|step| {
        let (field, indices) = step.split_once('[').map_or((step, None), |(field, rest)| (field, Some(rest)));
        std::iter::once(field).chain(indices.into_iter().flat_map(|indices| indices.split('[')))
    });
    let mut place = in_table(table, steps.next()?)?;
    for step in steps {
        place = match place.get_ref() {
            DeValue::Table(table) => in_table(table, step)?,
            DeValue::Array(array) => array.get(step.strip_suffix(']')?.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    let is_inline = |value: &Spanned<DeValue<'_>>| text.get(value.span()).is_some_and(|text| text.starts_with('{'));
    let is_value = match place.get_ref() {
        DeValue::Table(_) => is_inline(place),
        DeValue::Array(array) => array.iter().all(|item| !item.get_ref().is_table() || is_inline(item)),
        _ => true,
    };
    is_value.then(|| place.span())
}

/// How a batch went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Runs made now.
    pub made: usize,
    /// Runs that were there already.
    pub kept: usize,
}

/// Scenarios of a batch that share a base and seeds.
pub struct Group<'a> {
    /// The base.
    pub base: &'a Base,
    /// What is asked of each run.
    pub request: Request,
    /// The scenarios, in the order of the batch.
    pub chains: Vec<&'a Chain>,
}

/// Where and how a batch is run.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The folder that gets a folder for each run.
    pub out: &'a Path,
    /// Runs in flight at once.
    pub jobs: usize,
    /// Whether runs of other inputs that lie there are replaced.
    pub replace: bool,
}

/// Runs every scenario of a batch into `out/NAME`, some at a time, and skips those that are there whole. Before anything is
/// solved, the folder is tried and every scenario is applied to its base. `tick` is called after each run, and once with the
/// number of those that are kept.
///
/// # Errors
/// [`BatchError`]: all scenarios that do not fit; else the first in the order of the scenarios among those that failed while
/// they ran, and then the other runs stay.
pub fn run_batch(groups: &[Group<'_>], plan: Plan<'_>, tick: &(dyn Fn(usize) + Sync)) -> Result<Done, BatchError> {
    let _out = OutputFolder::prepare(plan.out).map_err(|(path, error)| FolderError::Write { path, error })?;
    remove_unfinished(plan.out)?;
    let mut pending: Vec<(&Group<'_>, Vec<&Chain>)> = Vec::new();
    for group in groups {
        group.base.periods(group.request.period.as_deref())?;
        let is_whole = |chain: &&&Chain| is_whole(group.base, chain, &group.request, &plan.out.join(chain.name()));
        pending.push((group, group.chains.iter().filter(|chain| !is_whole(chain)).copied().collect()));
    }
    for (group, chains) in &pending {
        for chain in chains {
            let run_id = made(group.base, chain, &group.request).run_id();
            check_place(&plan.out.join(chain.name()), &run_id, plan.replace)?;
        }
    }
    let misfits: Vec<(String, SimulateError)> =
        pending.iter().flat_map(|(group, chains)| misfits(group.base, chains)).collect();
    if !misfits.is_empty() {
        return Err(BatchError::Misfits(misfits));
    }
    let made = pending.iter().map(|(_, chains)| chains.len()).sum();
    let kept = groups.iter().map(|group| group.chains.len()).sum::<usize>() - made;
    tick(kept);
    for (group, chains) in pending.iter().filter(|(_, chains)| !chains.is_empty()) {
        run_group(group, chains, plan, tick)?;
    }
    Ok(Done { made, kept })
}

/// The scenarios that do not fit their base.
fn misfits(base: &Base, chains: &[&Chain]) -> Vec<(String, SimulateError)> {
    let tried = chains.par_iter().filter(|chain| !chain.is_base());
    tried.filter_map(|chain| base.scenario(chain).err().map(|error| (chain.name().to_owned(), error))).collect()
}

/// Runs scenarios of one base and the same seeds; there is at least one.
fn run_group(
    Group { base, request, .. }: &Group<'_>,
    pending: &[&Chain],
    plan: Plan<'_>,
    tick: &(dyn Fn(usize) + Sync),
) -> Result<(), BatchError> {
    let periods = base.periods(request.period.as_deref())?;
    let starts: Option<Vec<Arc<SeedBase>>> = if request.seeds.len() * periods.len() <= BASE_STATES_MAX {
        let solved = request.seeds.iter().map(|&seed| Ok(Arc::new(base.seed(seed, &periods, request.fidelity)?)));
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
        Ok(run.write(&plan.out.join(chain.name()), &base.tables)?)
    };
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let errors: Mutex<Vec<(usize, BatchError)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..plan.jobs.clamp(1, pending.len().max(1)) {
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
    errors.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
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
        let Scenarios { chains, varied, values } = scenarios(&sweep).expect("a sweep");
        assert_eq!(varied, ["set[0].lanes", "set[0].speed_kmh"]);
        assert_eq!(values[4], [Value::Integer(2), Value::Integer(50)]);
        assert_eq!(chains[4].leaf().text, SCENARIO.replace("\"lanes\"", "\"s-5\"").replace("lanes = 1", "lanes = 2"));
        let names: Vec<&str> = chains.iter().map(Chain::name).collect();
        assert_eq!(names, ["s-1", "s-2", "s-3", "s-4", "s-5", "s-6"]);
        let set = &chains[4].leaf().scenario.set[0];
        let (lanes, speed) = (set.get_ref().lanes.as_ref(), set.get_ref().speed_kmh.as_ref());
        assert_eq!((lanes.map(|v| *v.get_ref()), speed.map(|v| *v.get_ref())), (Some(2), Some(50.0)));

        for (from, to, parts) in [
            ("set[0].lanes", "set[1].lanes", ["sweep.toml:5:9", "no value 'set[1].lanes'"]),
            ("set[0].lanes", "set[0]", ["sweep.toml:5:9", "no value 'set[0]'"]),
            ("set[0].lanes", "name", ["sweep.toml:5:9", "'name' cannot be varied"]),
            ("set[0].lanes", "set[0].speed_kmh", ["sweep.toml:8:9", "varied already"]),
            ("[1, 2]", "[1, -2]", ["set[0].lanes = -2 from 6:14", "lanes.toml:7:9: lanes is -2"]),
        ] {
            std::fs::write(&sweep, text.replace(from, to)).expect("a file");
            let told = scenarios(&sweep).expect_err("a bad sweep").to_string();
            for part in parts {
                assert!(told.contains(part), "'{part}' in: {told}");
            }
        }
    }
}

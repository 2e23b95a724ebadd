//! The folder of a run: what it was made from, what came of it, and the names of both.
//!
//! ```text
//! manifest.json            run id, build, result hash, hashes of every file
//! inputs/1-base.toml …     the scenarios, first ancestor first, byte for byte
//! inputs/city/             the city, where it is not the built-in one
//! tables/*.parquet         the results
//! trajectories.gtraj       where every vehicle was, if that was asked for; written last, not part of the result hash
//! ```
//!
//! Nothing in it tells when, where or by whom it was made. It is made beside its place and moved there when it is whole.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use data::city_folder::CityError;
use data::table::{Table, TableError};
use data::trajectories::TrajectoryFile;
use data::unfinished;
use engine::city::CityTables;
use serde::{Deserialize, Serialize};

use super::fidelity::Fidelity;
use super::fields::Fields;
use super::tables::{TABLES, Tables};
use super::upgrade::upgrade;
use crate::estimate::Estimate;
use crate::scenario::{Chain, TreeError};

/// The newest format of run folders that is understood.
pub const FORMAT: u32 = 3;

/// Where the city lies in a run that holds one.
const CITY: &str = "inputs/city";

/// What stands in `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the folder's layout.
    pub format: u32,
    /// BLAKE3 over city, scenarios, configuration, seeds and periods.
    pub run_id: String,
    /// Name of the scenario.
    pub scenario: String,
    /// The year that the scenario is about, where it says so; nothing is computed from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<i16>,
    /// The city.
    pub city: CityName,
    /// Hash over the parameter files.
    pub configuration: String,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// The one period that was run, where it was not the whole day.
    pub period: Option<String>,
    /// What moved traffic.
    #[serde(default, skip_serializing_if = "Fidelity::is_strategic")]
    pub fidelity: Fidelity,
    /// What was reckoned over the ground.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// Hash of the program: source tree, lock file, compiler, target, features.
    pub build_id: String,
    /// BLAKE3 over the hashes of the tables.
    pub result_hash: String,
    /// The largest relative gap of the run's equilibria.
    pub relative_gap: f64,
    /// BLAKE3 of each file of the scenarios, by path.
    pub inputs: BTreeMap<String, String>,
    /// BLAKE3 of each table, by path.
    pub tables: BTreeMap<String, String>,
}

/// A city in a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CityName {
    /// Its name.
    pub name: String,
    /// Hash of its content.
    pub hash: String,
    /// Whether it is the one in the program, which a run names and does not hold.
    pub built_in: bool,
}

/// A run, in memory.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its manifest.
    pub manifest: Manifest,
    /// Its scenarios.
    pub chain: Chain,
    /// Its results, in the newest format.
    pub tables: BTreeMap<String, Table>,
    bytes: BTreeMap<String, Vec<u8>>,
}

/// Why a run folder cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file cannot be written: the work failed.
    #[error("{}: {error}; nothing was left half-written", .path.display())]
    Write {
        /// Where.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Something else is there.
    #[error("{}: is not a run and would be overwritten; choose another --out", .path.display())]
    Occupied {
        /// Where.
        path: PathBuf,
    },
    /// A run is there, and something that is not part of it.
    #[error(
        "{}: holds '{file}', which is not of the run that lies there and would be lost with it; move it away, or choose another --out",
        .path.display()
    )]
    Stray {
        /// Where.
        path: PathBuf,
        /// What is no part of the run, from there.
        file: String,
    },
    /// Another run is there.
    #[error(
        "{}: holds a run of other inputs, which would be overwritten; choose another --out, or give --replace",
        .path.display()
    )]
    OtherRun {
        /// Where.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("{}: {error}; is this a run folder?", .path.display())]
    Read {
        /// Where.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The manifest is no manifest.
    #[error("{}: line {line}: {message}", .path.display())]
    Manifest {
        /// Where.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The run is of a newer format.
    #[error("{}: run format {found} is newer than this program, which reads up to {FORMAT}; update gemello", .path.display())]
    Newer {
        /// Where.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// A table cannot be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A scenario cannot be read.
    #[error(transparent)]
    Scenario(#[from] TreeError),
    /// The city cannot be read or written.
    #[error(transparent)]
    City(#[from] CityError),
}

/// What identifies a run.
pub struct Made<'a> {
    /// The scenarios.
    pub chain: &'a Chain,
    /// The city.
    pub city: CityName,
    /// Hash over the parameter files.
    pub configuration: &'a str,
    /// The seeds.
    pub seeds: &'a [u64],
    /// The one period, where not the whole day.
    pub period: Option<&'a str>,
    /// What moves traffic.
    pub fidelity: Fidelity,
    /// What is reckoned over the ground.
    pub fields: &'a Fields,
    /// The program's build.
    pub build_id: &'a str,
}

impl Made<'_> {
    /// The run's id: BLAKE3 over everything that its result follows from, the program apart.
    #[must_use]
    pub fn run_id(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut add = |text: &str| {
            hasher.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        add("gemello run 1");
        add(&self.city.hash);
        add(self.configuration);
        for written in self.chain.files() {
            add(&written.text);
        }
        add(&format!("{:?} {:?}", self.seeds, self.period));
        if !self.fidelity.is_strategic() {
            add(self.fidelity.name());
        }
        for field in self.fields {
            add(field.name());
        }
        hasher.finalize().to_hex().to_string()
    }
}

/// Where a larger share of the vehicles has not arrived long after the last one began, streets have filled up.
const JAMMED_SHARE: f64 = 0.01;

/// Seeds of a run under which streets filled up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Jammed {
    /// Which.
    pub seeds: Vec<u64>,
    /// Vehicles that had not arrived when the simulation ended, those that could not begin included: mean over these seeds.
    pub not_arrived: f64,
    /// All vehicles, mean over these seeds.
    pub vehicles: f64,
}

impl std::fmt::Display for Jammed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seeds: Vec<String> = self.seeds.iter().map(u64::to_string).collect();
        write!(
            f,
            "streets filled up: {:.0} of {:.0} vehicles had not arrived at the end (mean of seeds {})",
            self.not_arrived,
            self.vehicles,
            seeds.join(", ")
        )
    }
}

impl Run {
    /// Mean over the seeds of a count of vehicles that moved; 0 where none did.
    ///
    /// # Errors
    /// [`TableError`] where the table of counts is not what it should be.
    pub fn counted(&self, name: &str) -> Result<Estimate, TableError> {
        let of_seeds: Vec<f64> = self.counted_by_seed(name)?.into_iter().map(|(_, value)| value).collect();
        Ok(Estimate::over(&of_seeds))
    }

    /// The same count under each seed; none where nothing moved.
    ///
    /// # Errors
    /// [`TableError`] where the table of counts is not what it should be.
    pub fn counted_by_seed(&self, name: &str) -> Result<Vec<(u64, f64)>, TableError> {
        let Some(table) = self.tables.get("counts") else { return Ok(Vec::new()) };
        let seeds = table.column::<i64>("counts", "seed")?;
        let names = table.column::<&str>("counts", "count")?;
        let values = table.column::<i64>("counts", "value")?;
        let rows = seeds.into_iter().zip(names).zip(values).filter(|((_, known), _)| *known == name);
        #[expect(clippy::cast_precision_loss, reason = "counts of vehicles are far below 2^53")]
        #[expect(clippy::cast_sign_loss, reason = "seeds are written from numbers of at least 0")]
        Ok(rows.map(|((seed, _), value)| (seed as u64, value as f64)).collect())
    }

    /// The seeds under which streets filled up: a share of the vehicles that anybody would notice had not arrived when the
    /// simulation ended. None where there are none.
    ///
    /// # Errors
    /// [`TableError`] where the table of counts is not what it should be.
    pub fn jammed(&self) -> Result<Option<Jammed>, TableError> {
        let of = |name: &str| self.counted_by_seed(name);
        let draws = of("arrived")?.into_iter().zip(of("running")?).zip(of("waiting")?);
        let draws = draws.map(|(((seed, arrived), (_, running)), (_, waiting))| (seed, arrived, running + waiting));
        let is_jammed =
            |&(_, arrived, not_arrived): &(u64, f64, f64)| not_arrived > JAMMED_SHARE * (arrived + not_arrived);
        let draws: Vec<(u64, f64, f64)> = draws.filter(is_jammed).collect();
        let mean = |of: fn(&(u64, f64, f64)) -> f64| Estimate::over(&draws.iter().map(of).collect::<Vec<_>>()).value;
        let jammed = || Jammed {
            seeds: draws.iter().map(|&(seed, ..)| seed).collect(),
            not_arrived: mean(|draw| draw.2),
            vehicles: mean(|draw| draw.1 + draw.2),
        };
        Ok((!draws.is_empty()).then(jammed))
    }

    /// The run that was made so and gave these tables.
    #[must_use]
    pub fn new(made: &Made<'_>, tables: Tables, relative_gap: f64) -> Self {
        let mut bytes: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for (number, written) in made.chain.files().iter().enumerate() {
            bytes.insert(input_path(number, written.scenario.name.get_ref()), written.text.clone().into_bytes());
        }
        let inputs = bytes.iter().map(|(path, bytes)| (path.clone(), hash(bytes))).collect();
        let mut hashes = BTreeMap::new();
        for (name, table) in &tables {
            let (path, table) = (table_path(name), table.to_bytes());
            hashes.insert(path.clone(), hash(&table));
            bytes.insert(path, table);
        }
        let manifest = Manifest {
            format: FORMAT,
            run_id: made.run_id(),
            scenario: made.chain.name().to_owned(),
            horizon: made.chain.horizon(),
            city: made.city.clone(),
            configuration: made.configuration.to_owned(),
            seeds: made.seeds.to_vec(),
            period: made.period.map(str::to_owned),
            fidelity: made.fidelity,
            fields: made.fields.clone(),
            build_id: made.build_id.to_owned(),
            result_hash: result_hash(&hashes),
            relative_gap,
            inputs,
            tables: hashes,
        };
        let tables = tables.into_iter().map(|(name, table)| (name.to_owned(), table)).collect();
        Self { manifest, chain: made.chain.clone(), tables, bytes }
    }

    /// The manifest's text.
    ///
    /// # Panics
    /// Never: a manifest is JSON.
    #[must_use]
    pub fn manifest_text(&self) -> String {
        serde_json::to_string_pretty(&self.manifest).expect("a manifest is JSON") + "\n"
    }

    /// Every file but the manifest and the city, by path, as it is.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.bytes
    }

    /// Writes the run as a folder; a run that is there already is replaced.
    ///
    /// # Errors
    /// [`FolderError`] where something else is there, or a file cannot be written; then nothing is left behind.
    pub fn write(&self, folder: &Path, city: &CityTables) -> Result<(), FolderError> {
        check_free(folder)?;
        let parent = match folder.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| FolderError::Write { path, error }
        };
        std::fs::create_dir_all(parent).map_err(failed(parent))?;
        // What cannot be removed is in nobody's way.
        let _ = remove_unfinished(parent);
        let beside = unfinished::folder_in(parent).map_err(failed(parent))?;
        let new = beside.path().join("new");
        for (path, bytes) in &self.bytes {
            let path = new.join(path);
            let inside = path.parent().unwrap_or(&new);
            std::fs::create_dir_all(inside).map_err(failed(inside))?;
            std::fs::write(&path, bytes).map_err(failed(&path))?;
        }
        if !self.manifest.city.built_in {
            data::city_folder::write(city, &new.join(CITY))?;
        }
        let manifest = new.join("manifest.json");
        std::fs::write(&manifest, self.manifest_text()).map_err(failed(&manifest))?;
        data::output_folder::put_in_place(&new, folder, &beside.path().join("old")).map_err(failed(folder))
    }

    /// The first file that is not what the manifest lists, and what is wrong with it; none where files, run id and result
    /// hash fit each other. Whoever changed a file and every hash passes here, and not in [`verify`](super::verify).
    #[must_use]
    pub fn misfit(&self) -> Option<(String, &'static str)> {
        let manifest = &self.manifest;
        for (path, bytes) in &self.bytes {
            let listed = manifest.inputs.get(path).or_else(|| manifest.tables.get(path));
            if listed != Some(&hash(bytes)) {
                return Some((path.clone(), "it is not the file that the manifest lists"));
            }
        }
        let mut listed = manifest.inputs.keys().chain(manifest.tables.keys());
        if let Some(path) = listed.find(|path| !self.bytes.contains_key(*path)) {
            return Some((path.clone(), "the manifest lists it, but a run has no such file"));
        }
        let of_inputs = Made {
            chain: &self.chain,
            city: manifest.city.clone(),
            configuration: &manifest.configuration,
            seeds: &manifest.seeds,
            period: manifest.period.as_deref(),
            fidelity: manifest.fidelity,
            fields: &manifest.fields,
            build_id: &manifest.build_id,
        };
        let fits = manifest.run_id == of_inputs.run_id() && manifest.result_hash == result_hash(&manifest.tables);
        (!fits).then(|| ("manifest.json".to_owned(), "its run id or result hash is not that of what it lists"))
    }

    /// Reads a run. Its hashes are not trusted: they are only what the manifest says.
    ///
    /// # Errors
    /// [`FolderError`] where something is missing or cannot be read.
    pub fn read(folder: &Path) -> Result<Self, FolderError> {
        let manifest = read_manifest(folder)?;
        let read = |path: &str| {
            let path = folder.join(path);
            std::fs::read(&path).map_err(|error| FolderError::Read { path, error })
        };
        let mut bytes = BTreeMap::new();
        let mut texts = Vec::new();
        let mut paths: Vec<&String> = manifest.inputs.keys().collect();
        paths.sort_by_key(|path| input_number(path));
        for path in paths {
            if !path.starts_with("inputs/") || path.contains("..") {
                let message = format!("input '{path}' is not inside the run");
                return Err(FolderError::Manifest { path: folder.join("manifest.json"), line: 1, message });
            }
            let file = read(path)?;
            let place = folder.join(path).display().to_string();
            texts.push((place, String::from_utf8_lossy(&file).into_owned()));
            bytes.insert(path.clone(), file);
        }
        let mut tables = BTreeMap::new();
        let is_older = manifest.format < FORMAT;
        let of_fields = manifest.fields.iter().flat_map(|field| field.tables());
        for &name in TABLES.iter().chain(of_fields) {
            // Older formats have fewer tables.
            if is_older && !manifest.tables.contains_key(&table_path(name)) {
                continue;
            }
            let file = read(&table_path(name))?;
            let place = folder.join(table_path(name)).display().to_string();
            tables.insert(name.to_owned(), Table::from_bytes(&place, &file)?);
            bytes.insert(table_path(name), file);
        }
        upgrade(manifest.format, &mut tables)?;
        Ok(Self { manifest, chain: Chain::of_texts(texts)?, tables, bytes })
    }
}

/// The first file of a run folder, by name, that its manifest does not list, or the first in the run's city that is none
/// of a city's.
///
/// # Errors
/// [`FolderError::Read`] where a folder cannot be read.
pub fn stray_file(folder: &Path, manifest: &Manifest) -> Result<Option<String>, FolderError> {
    let mut open = vec![String::new()];
    let mut stray: Option<String> = None;
    while let Some(inside) = open.pop() {
        let path = folder.join(&inside);
        let failed = |error| FolderError::Read { path: path.clone(), error };
        for entry in std::fs::read_dir(&path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = format!("{inside}{}", entry.file_name().to_string_lossy());
            if entry.file_type().map_err(failed)?.is_dir() {
                if name != CITY || manifest.city.built_in {
                    open.push(name + "/");
                }
                continue;
            }
            let is_listed = manifest.inputs.contains_key(&name) || manifest.tables.contains_key(&name);
            let is_of_run = is_listed || name == "manifest.json" || name == TrajectoryFile::NAME;
            if !is_of_run && stray.as_ref().is_none_or(|other| name < *other) {
                stray = Some(name);
            }
        }
    }
    match stray {
        None if !manifest.city.built_in => stray_in_city(&folder.join(CITY)),
        stray => Ok(stray),
    }
}

/// Reads the manifest of a run folder.
///
/// # Errors
/// [`FolderError`] where it is missing, of a newer format, or no manifest.
pub fn read_manifest(folder: &Path) -> Result<Manifest, FolderError> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let path = folder.join("manifest.json");
    let text = std::fs::read_to_string(&path).map_err(|error| FolderError::Read { path: path.clone(), error })?;
    let wrong = |error: serde_json::Error| FolderError::Manifest {
        path: path.clone(),
        line: error.line(),
        message: error.to_string(),
    };
    let Format { format } = serde_json::from_str(&text).map_err(wrong)?;
    if format > FORMAT {
        return Err(FolderError::Newer { path, found: format });
    }
    serde_json::from_str(&text).map_err(wrong)
}

/// Whether a run may be written there: nothing is there, or an empty folder, or a run and nothing else.
///
/// # Errors
/// [`FolderError`] where something else is there, or a run that this program does not read.
pub fn check_free(folder: &Path) -> Result<(), FolderError> {
    let occupied = || FolderError::Occupied { path: folder.to_owned() };
    match std::fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_none() {
                return Ok(());
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => return Err(occupied()),
        Err(error) => return Err(FolderError::Write { path: folder.to_owned(), error }),
    }
    // Many a program writes a `manifest.json`: the name alone makes no run.
    let manifest = match read_manifest(folder) {
        Ok(manifest) => manifest,
        Err(error @ FolderError::Newer { .. }) => return Err(error),
        Err(_) => return Err(occupied()),
    };
    match stray_file(folder, &manifest)? {
        Some(file) => Err(FolderError::Stray { path: folder.to_owned(), file }),
        None => Ok(()),
    }
}

/// Something in the city of a run that is not the city's.
fn stray_in_city(city: &Path) -> Result<Option<String>, FolderError> {
    let others = data::city_folder::other_entries(city);
    let first = match others {
        Ok(others) => others.into_iter().min(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(FolderError::Read { path: city.to_owned(), error }),
    };
    Ok(first.map(|name| format!("{CITY}/{}", name.to_string_lossy())))
}

/// Whether the run of that id may be written there: what [`check_free`] allows, but for a run of another id, unless such
/// are to be replaced.
///
/// # Errors
/// [`FolderError`] as in [`check_free`], and [`FolderError::OtherRun`].
pub fn check_place(folder: &Path, run_id: &str, replace: bool) -> Result<(), FolderError> {
    check_free(folder)?;
    let is_other = || read_manifest(folder).is_ok_and(|manifest| manifest.run_id != run_id);
    if !replace && is_other() { Err(FolderError::OtherRun { path: folder.to_owned() }) } else { Ok(()) }
}

/// Removes the runs and files that were left half-made in a folder by a program that was killed. Nothing else is touched:
/// only what is named so and nobody writes any more, and of folders those that hold nothing but what [`Run::write`] puts there.
///
/// # Errors
/// [`FolderError::Write`] where the folder cannot be listed or one cannot be removed.
pub fn remove_unfinished(out: &Path) -> Result<(), FolderError> {
    unfinished::remove_left_over(out, holds_a_run_alone).map_err(|(path, error)| FolderError::Write { path, error })
}

/// Whether a folder holds nothing but what [`Run::write`] leaves in one where it is killed.
fn holds_a_run_alone(folder: &Path) -> bool {
    let of_run = |name: std::ffi::OsString| name == "new" || name == "old";
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.all(|entry| entry.is_ok_and(|e| of_run(e.file_name()))))
}

/// The hash over the tables' hashes.
pub(super) fn result_hash(tables: &BTreeMap<String, String>) -> String {
    let mut hasher = blake3::Hasher::new();
    for (path, hash) in tables {
        hasher.update(path.as_bytes());
        hasher.update(b"\n");
        hasher.update(hash.as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().to_hex().to_string()
}

pub(super) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn input_path(number: usize, name: &str) -> String {
    format!("inputs/{}-{name}.toml", number + 1)
}

fn input_number(path: &str) -> usize {
    path.trim_start_matches("inputs/").split('-').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn table_path(name: &str) -> String {
    format!("tables/{name}.parquet")
}

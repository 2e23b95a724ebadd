//! The folder that a city lives in.
//!
//! `city.toml` says what the city is, where its data are from under which licences, and the BLAKE3 hash of every table; each
//! table is one file of GeoParquet 1.1 (plain Parquet where rows have no place) that GeoPandas, DuckDB and pandas open as
//! they are. Equal cities give equal bytes, so the hash of `city.toml` names the whole city ([`identity`]). A folder is
//! written beside its place and moved there when it is whole. Older formats are brought up to date by `UPGRADES`; newer ones
//! are refused. Reading checks hashes, columns and words; what is wrong between rows,
//! [`City::from_tables`](engine::city::City::from_tables) tells.

mod geometry;
mod manifest;
mod rows;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use engine::city::{CityTables, Record};
use engine::key::{Key, KeyError};
use rayon::prelude::*;

use self::manifest::{Manifest, TableFile, Version};
use self::rows::Rows;
use crate::output_folder;
use crate::projection::{Crs, CrsError};
use crate::table::{Table, TableError};

/// The version of the format that this build writes.
pub const FORMAT: u32 = 1;

/// The file that makes a folder a city.
pub const MANIFEST: &str = "city.toml";

/// The tables' files.
pub const TABLE_FILES: [&str; 15] = [
    "junctions.parquet",
    "links.parquet",
    "turns.parquet",
    "quarters.parquet",
    "zones.parquet",
    "connectors.parquet",
    "gates.parquet",
    "observations.parquet",
    "addresses.parquet",
    "buildings.parquet",
    "trees.parquet",
    "waters.parquet",
    "railways.parquet",
    "heritage_sites.parquet",
    "places.parquet",
];

/// A city's files, by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Brings the files of one format to the next: `UPGRADES[0]` from 1 to 2, and so on. A version of the format is never
/// changed; to change the format, raise [`FORMAT`], add the step here, and keep a folder of the old one in `tests/golden`.
const UPGRADES: [fn(Files) -> Result<Files, CityError>; FORMAT as usize - 1] = [];

/// Why a city cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CityError {
    /// A file or folder cannot be opened, read, written or moved.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The folder has no `city.toml`.
    #[error("{path} is not a city: it has no {MANIFEST}; make one with `gemello import SOURCE --out CITY`", path = path.display())]
    NotACity {
        /// The folder.
        path: PathBuf,
    },
    /// Something else lies where the city should go.
    #[error("{path} is there already and is not a city; name another folder, or move it away", path = path.display())]
    InTheWay {
        /// The folder or file.
        path: PathBuf,
    },
    /// `city.toml` is not what it should be.
    #[error("{file}: {reason}")]
    Manifest {
        /// The file.
        file: String,
        /// What is wrong, with the line where there is one.
        reason: String,
    },
    /// The format is newer than this build.
    #[error("{file}: format {found} is newer than the {FORMAT} that this build of Gemello reads; use a newer Gemello")]
    Newer {
        /// The file.
        file: String,
        /// Its format.
        found: u32,
    },
    /// A file that `city.toml` names is not there.
    #[error("{file}: the file is missing, but {MANIFEST} names it; copy the whole folder, or import the city again")]
    MissingFile {
        /// The file.
        file: String,
    },
    /// A file's bytes are not those that `city.toml` names.
    #[error(
        "{file}: altered since the city was written (its hash is not the one in {MANIFEST}); copy it again, or import the city again"
    )]
    Altered {
        /// The file.
        file: String,
    },
    /// A table cannot be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A row's key is not a key.
    #[error("{file}: {error}")]
    Key {
        /// The file.
        file: String,
        /// What is wrong with it.
        error: KeyError,
    },
    /// A cell holds something that it cannot.
    #[error("{file}: '{key}' has no valid {column}; it must be {valid}")]
    Cell {
        /// The file.
        file: String,
        /// The row's key.
        key: Key,
        /// The column.
        column: &'static str,
        /// What may stand there.
        valid: &'static str,
    },
    /// The city's reference system is not fit for a city.
    #[error(transparent)]
    Crs(#[from] CrsError),
}

/// A table as it lies in the folder.
struct Written {
    name: &'static str,
    rows: usize,
    bytes: Vec<u8>,
}

/// The city as files: `city.toml` and the tables, sorted by key whatever order they came in.
///
/// # Errors
/// [`CityError::Crs`] where the city's reference system is not in metres, or not known.
pub fn encode(tables: &CityTables) -> Result<Files, CityError> {
    let mut sorted = tables.clone();
    sorted.sort();
    let crs = Crs::metric(sorted.about.epsg)?;
    let mut files = Files::new();
    let mut listed = BTreeMap::new();
    for Written { name, rows, bytes } in encode_tables(&sorted, &crs) {
        let file = format!("{name}.parquet");
        let blake3 = blake3::hash(&bytes).to_hex().to_string();
        listed.insert(name.to_owned(), TableFile { file: file.clone(), rows, blake3 });
        files.insert(file, bytes);
    }
    let manifest = Manifest::new(FORMAT, &sorted.about, &sorted.sources, listed);
    let text = toml::to_string(&manifest).expect("everything in it is TOML");
    files.insert(MANIFEST.to_owned(), text.into_bytes());
    Ok(files)
}

fn encode_tables(tables: &CityTables, crs: &Crs) -> Vec<Written> {
    // Taken apart by name, so that a new table cannot be forgotten here.
    let CityTables {
        about: _,
        sources: _,
        junctions,
        links,
        turns,
        quarters,
        zones,
        connectors,
        gates,
        observations,
        addresses,
        buildings,
        trees,
        waters,
        railways,
        heritage_sites,
        places,
    } = tables;
    type Job<'a> = (&'static str, usize, Box<dyn Fn() -> Table + Send + Sync + 'a>);
    macro_rules! jobs {
        ($($table:ident),*) => {
            vec![$((stringify!($table), $table.len(), Box::new(move || rows::to_table($table, crs)))),*]
        };
    }
    let jobs: Vec<Job<'_>> = jobs!(
        junctions,
        links,
        turns,
        quarters,
        zones,
        connectors,
        gates,
        observations,
        addresses,
        buildings,
        trees,
        waters,
        railways,
        heritage_sites,
        places
    );
    jobs.into_par_iter().map(|(name, rows, table)| Written { name, rows, bytes: table().to_bytes() }).collect()
}

/// The city in the files. `name` is the folder's, for errors; `files` are pairs of a file's name and its bytes.
///
/// # Errors
/// [`CityError`] where a file is missing, altered, of a newer format, or holds what it cannot.
pub fn decode(name: &str, files: &[(&str, &[u8])]) -> Result<CityTables, CityError> {
    let place = |file: &str| if name.is_empty() { file.to_owned() } else { format!("{name}/{file}") };
    let find = |file: &str| files.iter().find(|(other, _)| *other == file).map(|(_, bytes)| *bytes);
    let missing = |file: &str| CityError::MissingFile { file: place(file) };
    let text = find(MANIFEST).ok_or_else(|| missing(MANIFEST))?;
    let version: Version = parse(&place(MANIFEST), text)?;
    let format = known_format(&place(MANIFEST), version.format)?;
    let mut listed = BTreeMap::new();
    for (table, TableFile { file, blake3, .. }) in version.tables {
        let bytes = find(&file).ok_or_else(|| missing(&file))?;
        if blake3::hash(bytes).to_hex().as_str() != blake3 {
            return Err(CityError::Altered { file: place(&file) });
        }
        listed.insert(table, (place(&file), bytes));
    }
    if format < FORMAT {
        let mut old: Files = files.iter().map(|(file, bytes)| ((*file).to_owned(), bytes.to_vec())).collect();
        for upgrade in &UPGRADES[format as usize - 1..] {
            old = upgrade(old)?;
        }
        let upgraded: Vec<(&str, &[u8])> = old.iter().map(|(file, bytes)| (file.as_str(), bytes.as_slice())).collect();
        return decode(name, &upgraded);
    }
    decode_current(name, parse(&place(MANIFEST), text)?, &listed)
}

fn known_format(file: &str, found: u32) -> Result<u32, CityError> {
    let file = file.to_owned();
    match found {
        0 => Err(CityError::Manifest { file, reason: "format 0 never was; formats begin with 1".to_owned() }),
        found if found > FORMAT => Err(CityError::Newer { file, found }),
        found => Ok(found),
    }
}

fn decode_current(
    name: &str,
    manifest: Manifest,
    listed: &BTreeMap<String, (String, &[u8])>,
) -> Result<CityTables, CityError> {
    let file = if name.is_empty() { MANIFEST.to_owned() } else { format!("{name}/{MANIFEST}") };
    let mut sources = manifest.sources.clone();
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    let wrong = |fault: manifest::AboutFault| CityError::Manifest { file: file.clone(), reason: fault.to_string() };
    let about = manifest.about().map_err(wrong)?;
    let mut tables = CityTables { sources, ..CityTables::new(about) };
    macro_rules! decode_each {
        ($($table:ident),*) => {{
            $(let mut $table = Ok(Vec::new());)*
            rayon::scope(|scope| {
                $(scope.spawn(|_| $table = decode_table(stringify!($table), &file, listed));)*
            });
            $(tables.$table = $table?;)*
        }};
    }
    decode_each!(
        junctions,
        links,
        turns,
        quarters,
        zones,
        connectors,
        gates,
        observations,
        addresses,
        buildings,
        trees,
        waters,
        railways,
        heritage_sites,
        places
    );
    Ok(tables)
}

fn decode_table<T: Rows>(
    table: &str,
    manifest: &str,
    listed: &BTreeMap<String, (String, &[u8])>,
) -> Result<Vec<Record<T>>, CityError> {
    let Some((file, bytes)) = listed.get(table) else {
        let reason = format!("[tables.{table}] is missing");
        return Err(CityError::Manifest { file: manifest.to_owned(), reason });
    };
    rows::from_table(file, &Table::from_bytes(file, bytes)?)
}

fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &[u8]) -> Result<T, CityError> {
    let wrong = |reason: String| CityError::Manifest { file: file.to_owned(), reason };
    let text = std::str::from_utf8(text).map_err(|error| wrong(format!("not UTF-8 text: {error}")))?;
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        wrong(format!("line {line}: {}", error.message()))
    })
}

/// The name of a city's content: the BLAKE3 hash of its `city.toml`, which holds the hashes of all tables.
///
/// # Errors
/// [`CityError::Crs`] as in [`encode`].
pub fn identity(tables: &CityTables) -> Result<String, CityError> {
    Ok(identity_of(&encode(tables)?))
}

/// The name of the content of a city that is [`encode`]d already.
#[must_use]
pub fn identity_of(files: &Files) -> String {
    blake3::hash(files.get(MANIFEST).map_or(&[][..], Vec::as_slice)).to_hex().to_string()
}

/// Writes the city as a folder. It is made beside its place and moved there when it is whole; a city that lies there is
/// replaced, and what else lies in that folder (a readme, a licence) stays.
///
/// # Errors
/// [`CityError`] where something that is not a city is in the way, or a file cannot be written.
pub fn write(tables: &CityTables, folder: &Path) -> Result<(), CityError> {
    write_files(&encode(tables)?, folder)
}

/// [`write()`] for a city that is [`encode`]d already.
///
/// # Errors
/// [`CityError`] as in [`write()`].
pub fn write_files(files: &Files, folder: &Path) -> Result<(), CityError> {
    check_free(folder)?;
    let parent = match folder.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| CityError::File { path, source }
    };
    std::fs::create_dir_all(parent).map_err(failed(parent))?;
    let beside = tempfile::Builder::new().prefix(".gemello-").tempdir_in(parent).map_err(failed(parent))?;
    let new = beside.path().join("new");
    std::fs::create_dir(&new).map_err(failed(&new))?;
    for (file, bytes) in files {
        let path = new.join(file);
        std::fs::write(&path, bytes).map_err(failed(&path))?;
    }
    let others = if folder.exists() { other_entries(folder).map_err(failed(folder))? } else { Vec::new() };
    let old = beside.path().join("old");
    output_folder::put_in_place(&new, folder, &old).map_err(failed(folder))?;
    for name in others {
        if let Err(source) = std::fs::rename(old.join(&name), folder.join(&name)) {
            // What is not ours is not to go with the old city.
            let path = beside.keep().join("old").join(name);
            return Err(CityError::File { path, source });
        }
    }
    Ok(())
}

/// Whether a city may be written there: nothing lies there, or an empty folder, or a city.
///
/// # Errors
/// [`CityError::InTheWay`] where something else lies there.
pub fn check_free(folder: &Path) -> Result<(), CityError> {
    let in_the_way = || CityError::InTheWay { path: folder.to_owned() };
    match std::fs::read_dir(folder) {
        Ok(mut entries) => {
            let free = folder.join(MANIFEST).is_file() || entries.next().is_none();
            if free { Ok(()) } else { Err(in_the_way()) }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Err(in_the_way()),
        Err(source) => Err(CityError::File { path: folder.to_owned(), source }),
    }
}

/// The names of what lies in a city's folder and is not the city's own.
///
/// # Errors
/// Where the folder cannot be listed.
pub fn other_entries(folder: &Path) -> std::io::Result<Vec<OsString>> {
    let is_own = |name: &OsString| name == MANIFEST || TABLE_FILES.iter().any(|own| name == own);
    let names = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name()));
    names.filter(|name| !name.as_ref().is_ok_and(is_own)).collect()
}

/// Reads the city in the folder.
///
/// # Errors
/// [`CityError`] where a file is missing, unreadable, altered, of a newer format, or holds what it cannot.
pub fn read(folder: &Path) -> Result<CityTables, CityError> {
    let manifest = folder.join(MANIFEST);
    let text = std::fs::read(&manifest).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound if folder.is_dir() => CityError::NotACity { path: folder.to_owned() },
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
            let what =
                if folder.is_file() { "is a file, not the folder of a city" } else { "there is no such city folder" };
            let source = std::io::Error::new(source.kind(), what);
            CityError::File { path: folder.to_owned(), source }
        }
        _ => CityError::File { path: manifest.clone(), source },
    })?;
    let version: Version = parse(&manifest.display().to_string(), &text)?;
    known_format(&manifest.display().to_string(), version.format)?;
    let mut files = vec![(MANIFEST.to_owned(), text)];
    for TableFile { file, .. } in version.tables.into_values() {
        let path = folder.join(&file);
        if Path::new(&file).components().count() != 1 || !path.starts_with(folder) {
            let reason = format!("'{file}' is not the name of a file in the folder");
            return Err(CityError::Manifest { file: manifest.display().to_string(), reason });
        }
        match std::fs::read(&path) {
            Ok(bytes) => files.push((file, bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(CityError::MissingFile { file: path.display().to_string() });
            }
            Err(source) => return Err(CityError::File { path, source }),
        }
    }
    let files: Vec<(&str, &[u8])> = files.iter().map(|(file, bytes)| (file.as_str(), bytes.as_slice())).collect();
    decode(&folder.display().to_string(), &files)
}

#[cfg(test)]
mod tests;

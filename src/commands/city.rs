//! The city that a command works on: a folder, or the one in the program.

use std::path::{Path, PathBuf};

use data::city_folder::CityError;
use engine::city::CityTables;
use scenarios::run::{Base, Settings};
use scenarios::scenario::Chain;

use super::run::simulate_failure;
use crate::failure::Failure;

/// Hash of the program; see `build.rs`.
pub(super) const BUILD_ID: &str = env!("GEMELLO_BUILD_ID");

/// The city in a folder, or the built-in one; and whether it is the latter.
pub(super) fn load(folder: Option<&Path>) -> Result<(CityTables, bool), Failure> {
    match folder {
        Some(folder) => data::city_folder::read(folder).map(|tables| (tables, false)).map_err(Failure::input),
        None => Ok((data::alessandria::built_in(), true)),
    }
}

/// The city that a scenario runs on: that of the call, else the one that it names, else the built-in one.
pub(super) fn load_for(chain: &Chain, called: Option<&Path>) -> Result<(CityTables, bool), Failure> {
    let named = chain.city();
    let loaded = load(called.or(named.as_deref()));
    match loaded {
        Err(failure) if called.is_none() && named.is_some() => Err(failure.at(format!("{}: city", chain.leaf().file))),
        loaded => loaded,
    }
}

/// The base of runs on a city, which is that of a folder or the built-in one.
pub(super) fn base(tables: CityTables, folder: Option<&Path>) -> Result<Base, Failure> {
    Base::new(tables, Settings::built_in()).map_err(|error| {
        let failure = simulate_failure(error);
        match folder {
            Some(folder) => failure.at(folder.display().to_string()),
            None => failure,
        }
    })
}

/// The city that a run names: the built-in one, or the one in its folder.
pub(super) fn of_run(run: &Path, built_in: bool) -> Result<CityTables, Failure> {
    let folder: Option<PathBuf> = (!built_in).then(|| run.join("inputs/city"));
    Ok(load(folder.as_deref())?.0)
}

/// A city that cannot be written is work that failed; one that cannot be, or something else in its place, is bad input.
pub(super) fn write_failure(error: CityError) -> Failure {
    match error {
        CityError::File { .. } => Failure::work(error),
        error => Failure::input(error),
    }
}

/// A folder to write to that cannot be made or written to.
pub(super) fn prepare_failure((path, error): (PathBuf, std::io::Error)) -> Failure {
    Failure::work(anyhow::anyhow!("{}: cannot be written to: {error}; choose another place", path.display()))
}

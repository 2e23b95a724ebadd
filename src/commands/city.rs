//! The city that a command works on: a folder, or the one in the program.

use std::path::{Path, PathBuf};

use data::city_folder::CityError;
use engine::city::CityTables;

use crate::failure::Failure;

/// Hash of the program; see `build.rs`.
pub(super) const BUILD_ID: &str = env!("GEMELLO_BUILD_ID");

/// The city in a folder, or the built-in one; and whether it is the latter.
pub(super) fn load(folder: Option<&Path>) -> Result<(CityTables, bool), Failure> {
    match folder {
        Some(folder) => data::city_folder::read(folder).map(|tables| (tables, false)).map_err(failure),
        None => Ok((data::alessandria::built_in(), true)),
    }
}

/// The city that a run names: the built-in one, or the one in its folder.
pub(super) fn of_run(run: &Path, built_in: bool) -> Result<CityTables, Failure> {
    let folder: Option<PathBuf> = (!built_in).then(|| run.join("inputs/city"));
    Ok(load(folder.as_deref())?.0)
}

/// A city that cannot be read is bad input; one that cannot be written is work that failed.
pub(super) fn failure(error: CityError) -> Failure {
    match error {
        CityError::File { ref source, .. } if is_of_the_disk(source) => Failure::work(error),
        error => Failure::input(error),
    }
}

fn is_of_the_disk(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::FileTooLarge
            | ErrorKind::NotADirectory
    )
}

//! Folders that results go to, made and tried before the work begins.

use std::io;
use std::path::{Path, PathBuf};

/// A folder that is there and can be written to. Dropped, it takes away again what it made of it, unless something was put
/// there: work that fails leaves no trace, and work that succeeds leaves its result.
#[derive(Debug)]
pub struct OutputFolder {
    /// Folders that were made for it, outermost first.
    made: Vec<PathBuf>,
}

impl OutputFolder {
    /// Makes the folder, with those that it lies in, and tries whether a file can be written there.
    ///
    /// # Errors
    /// Where it cannot be made or written to, with the path at fault; then nothing is left behind.
    pub fn prepare(folder: &Path) -> Result<Self, (PathBuf, io::Error)> {
        let folder = if folder == Path::new("") { Path::new(".") } else { folder };
        let missing = folder.ancestors().take_while(|place| *place != Path::new("") && !place.exists());
        let mut missing: Vec<&Path> = missing.collect();
        missing.reverse();
        let mut output = Self { made: Vec::new() };
        for place in missing {
            match std::fs::create_dir(place) {
                Ok(()) => output.made.push(place.to_owned()),
                // Another program made it in the same moment.
                Err(_) if place.is_dir() => {}
                Err(error) => return Err((place.to_owned(), error)),
            }
        }
        // A file without a name, which nothing is left of where the program is killed.
        match tempfile::tempfile_in(folder) {
            Ok(_) => Ok(output),
            Err(error) => Err((folder.to_owned(), error)),
        }
    }

    /// The same for the folder that a file or folder shall lie in.
    ///
    /// # Errors
    /// As [`OutputFolder::prepare`].
    pub fn prepare_around(path: &Path) -> Result<Self, (PathBuf, io::Error)> {
        Self::prepare(path.parent().unwrap_or(Path::new("")))
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // Refused where something lies in it, and then it stays.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Puts a finished folder in its place. What was there is moved to `old`, and back again where the other does not follow it.
///
/// # Errors
/// Where a folder cannot be moved; all three must lie on one file system.
pub fn put_in_place(new: &Path, place: &Path, old: &Path) -> io::Result<()> {
    let is_taken = place.exists();
    if is_taken {
        std::fs::rename(place, old)?;
    }
    std::fs::rename(new, place).inspect_err(|_| {
        if is_taken {
            // Where this fails too there is nothing left to try, and the first failure is the one to tell.
            let _ = std::fs::rename(old, place);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stays_only_where_something_was_put_into_it() {
        let place = tempfile::tempdir().unwrap();
        let inner = place.path().join("runs/of/today");
        drop(OutputFolder::prepare(&inner).unwrap());
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
        let folder = OutputFolder::prepare(&inner).unwrap();
        std::fs::write(inner.join("result"), "42").unwrap();
        drop(folder);
        assert!(inner.join("result").is_file());
    }

    #[test]
    fn what_was_in_the_place_is_back_where_the_new_folder_does_not_follow() {
        let folder = tempfile::tempdir().unwrap();
        let (new, place, old) = (folder.path().join("new"), folder.path().join("place"), folder.path().join("old"));
        std::fs::create_dir(&place).unwrap();
        std::fs::write(place.join("notes"), "mine").unwrap();
        put_in_place(&new, &place, &old).unwrap_err();
        assert!(place.join("notes").is_file());
        std::fs::create_dir(&new).unwrap();
        put_in_place(&new, &place, &old).unwrap();
        assert!(old.join("notes").is_file() && !place.join("notes").exists());
    }

    #[test]
    fn a_place_inside_a_file_is_refused_and_nothing_is_left() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("file"), "").unwrap();
        OutputFolder::prepare(&place.path().join("file/runs")).unwrap_err();
        OutputFolder::prepare(&place.path().join("file")).unwrap_err();
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
    }
}

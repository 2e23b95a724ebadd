//! The names of what is being written beside its place, so that what a killed program left can be told and removed.
//!
//! Whoever writes holds a lock on it, which ends with the program, however that ends: what has such a name and no lock was
//! left over. Where a file system knows no locks nothing is ever taken for left over.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

const PREFIX: &str = ".gemello-";
const SUFFIX: &str = ".unfinished";
const RANDOM: usize = 6;

/// How often one begins anew where somebody else has taken what was just made for left over.
const TRIES: u32 = 100;

/// A folder of such a name, which is removed with all that it holds when this is dropped.
#[derive(Debug)]
pub struct UnfinishedFolder {
    folder: TempDir,
    /// Dropped after the folder is gone.
    _lock: Option<File>,
}

impl UnfinishedFolder {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM);
    builder
}

/// Makes a file of such a name in a folder, and removes what programs that were killed left there. It may be read by all, as
/// any new file, where temporary ones are for their owner alone.
///
/// # Errors
/// Where it cannot be made.
pub fn file_in(folder: &Path) -> io::Result<NamedTempFile> {
    // What cannot be removed is in nobody's way.
    let _ = remove_left_over(folder, |_| false);
    for _ in 0..TRIES {
        let file = readable_by_all(&mut builder()).tempfile_in(folder)?;
        if is_own(file.as_file(), file.path()) {
            return Ok(file);
        }
    }
    Err(io::Error::other("other programs remove what is made there"))
}

/// Makes a folder of such a name in another.
///
/// # Errors
/// Where it cannot be made.
pub fn folder_in(folder: &Path) -> io::Result<UnfinishedFolder> {
    for _ in 0..TRIES {
        let folder = builder().tempdir_in(folder)?;
        // Not every system lets one open a folder.
        let lock = File::open(folder.path()).ok();
        if lock.as_ref().is_none_or(|lock| is_own(lock, folder.path())) {
            return Ok(UnfinishedFolder { folder, _lock: lock });
        }
    }
    Err(io::Error::other("other programs remove what is made there"))
}

/// Whether what was just made can be kept: nobody took it for left over before it was locked.
fn is_own(file: &File, path: &Path) -> bool {
    !matches!(file.try_lock(), Err(TryLockError::WouldBlock)) && path.exists()
}

/// Removes what programs that were killed left half-made in a folder: files, and of folders those that may be removed.
/// Nothing else is touched, nor what is still being written.
///
/// # Errors
/// Where the folder cannot be listed or one of them cannot be removed, with the path at fault.
pub fn remove_left_over(folder: &Path, may_remove: impl Fn(&Path) -> bool) -> Result<(), (PathBuf, io::Error)> {
    let failed = |error| (folder.to_owned(), error);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(failed)?);
        let is_meant = is_named_so(&path) && (kind.is_file() || kind.is_dir() && may_remove(&path));
        let Some(lock) = is_meant.then(|| File::open(&path).ok()).flatten() else { continue };
        if lock.try_lock().is_err() {
            continue;
        }
        let removed = if kind.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err((path, error)),
            _ => {}
        }
    }
    Ok(())
}

/// Whether a file or folder is named as something unfinished.
fn is_named_so(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let random = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(|letter| letter.is_ascii_alphanumeric()))
}

#[cfg(unix)]
fn readable_by_all<'a, 'b>(builder: &'a mut Builder<'b, 'b>) -> &'a mut Builder<'b, 'b> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn readable_by_all<'a, 'b>(builder: &'a mut Builder<'b, 'b>) -> &'a mut Builder<'b, 'b> {
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_told_from_what_only_looks_like_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = file_in(folder.path()).expect("a file");
        assert!(is_named_so(made.path()));
        for other in
            ["notes.unfinished", ".gemello-.unfinished", ".gemello-abcde.unfinished", ".gemello-abc/de.unfinished"]
        {
            assert!(!is_named_so(Path::new(other)), "{other}");
        }
    }

    #[test]
    fn what_was_left_over_is_removed_and_what_is_being_written_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let in_it = |name: &str| folder.path().join(name);
        let (file, run) = (in_it(".gemello-abc123.unfinished"), in_it(".gemello-abc124.unfinished"));
        let leave = || {
            std::fs::write(&file, "half a file").expect("a file");
            std::fs::create_dir_all(run.join("new")).expect("a folder");
        };
        leave();
        std::fs::write(in_it("notes.unfinished"), "mine").expect("a file");
        let first = file_in(folder.path()).expect("a file");
        let beside = folder_in(folder.path()).expect("a folder");
        let second = file_in(folder.path()).expect("a file");
        assert!(!file.exists() && run.exists(), "files of any kind go, and folders that are known");
        leave();
        remove_left_over(folder.path(), |path| path.join("new").is_dir() || path == beside.path()).expect("removed");
        assert!(!file.exists() && !run.exists());
        assert!([first.path(), second.path(), beside.path()].iter().all(|path| path.exists()));
        // As if the program were killed: nothing is removed, and the lock ends.
        let (left, path) = second.keep().expect("kept");
        drop(left);
        remove_left_over(folder.path(), |_| false).expect("removed");
        assert!(!path.exists() && first.path().exists());
        drop(beside);
        drop(first);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "the notes");
    }
}

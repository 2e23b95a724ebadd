//! Files that appear under their name only when they are complete.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::unfinished;

/// A file that is being written beside its place. Dropped unfinished it leaves nothing; what was there before stays. What a
/// killed program left is removed by the next that writes into the folder.
#[derive(Debug)]
pub struct CompleteFile {
    path: PathBuf,
    writer: BufWriter<NamedTempFile>,
}

impl CompleteFile {
    /// Begins a file that shall stand at `path`.
    ///
    /// # Errors
    /// Where the folder is missing or cannot be written.
    pub fn create(path: &Path) -> io::Result<Self> {
        // A link stays one, and the file that it leads to is replaced.
        let path = match std::fs::metadata(path) {
            Ok(found) if found.is_dir() => return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder")),
            Ok(found) if !found.is_file() => {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "is no file but a device or a pipe"));
            }
            Ok(_) => path.canonicalize()?,
            Err(_) => path.to_owned(),
        };
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        if !folder.is_dir() {
            let what =
                if folder.exists() { "is no folder; choose another place" } else { "is not there; make it first" };
            let told = format!("the folder '{}' {what}", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, told));
        }
        Ok(Self { writer: BufWriter::new(unfinished::file_in(folder)?), path })
    }

    /// Puts the file in its place, over what may be there.
    ///
    /// # Errors
    /// Where what was written does not fit on the disk, or the file cannot be put in its place.
    pub fn finish(self) -> io::Result<()> {
        let file = self.writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(self.path).map(drop).map_err(|error| error.error)
    }
}

impl Write for CompleteFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_a_device_stays_a_device() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("flows.csv"), folder.path().join("latest.csv"));
        std::fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let mut through = CompleteFile::create(&link).unwrap();
        through.write_all(b"new").unwrap();
        through.finish().unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert!(CompleteFile::create(Path::new("/dev/null")).is_err());
    }

    #[test]
    fn a_file_that_is_not_finished_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flows.csv");
        let write = |text: &str, finishes: bool| {
            let mut file = CompleteFile::create(&path).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            if finishes {
                file.finish().unwrap();
            }
        };
        write("first", true);
        write("second", false);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        write("third", true);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "third");
    }

    #[test]
    fn a_file_in_a_missing_folder_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        assert!(CompleteFile::create(&folder.path().join("missing/flows.csv")).is_err());
        assert!(CompleteFile::create(folder.path()).is_err());
    }
}

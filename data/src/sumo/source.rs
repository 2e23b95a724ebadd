//! The files of a scenario as text, and where in them something stands.
//!
//! Places are bytes; lines are counted only for what is told to somebody, and once a file.

use std::cell::OnceCell;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::error::{SumoError, SumoFault};

/// Largest file, unpacked, that is read: places are kept in 32 bits.
const BYTES_MAX: u64 = 2 << 30;
/// Files that a scenario may name.
const FILES_MAX: usize = 10_000;

/// Where something stands: a file, by its number, and a byte of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: u32,
    pub(super) byte: u32,
}

/// A fault and what is to blame for it.
#[derive(Debug)]
pub(super) struct Blame {
    pub(super) place: Place,
    pub(super) fault: SumoFault,
}

/// Says what is to blame for a fault.
pub(super) trait At<T> {
    fn at(self, place: Place) -> Result<T, Blame>;
}

impl<T> At<T> for Result<T, SumoFault> {
    fn at(self, place: Place) -> Result<T, Blame> {
        self.map_err(|fault| Blame { place, fault })
    }
}

/// How files are opened: what stands in the file of a path.
pub(super) type Open<'o> = dyn FnMut(&Path) -> std::io::Result<Vec<u8>> + 'o;

struct File {
    path: Arc<Path>,
    text: String,
    line_ends: OnceCell<Vec<u32>>,
}

/// All files that were opened.
#[derive(Default)]
pub(super) struct Sources {
    files: Vec<File>,
}

impl Sources {
    /// Opens a file, unpacks it where it is packed, and gives its number.
    pub(super) fn open(&mut self, path: &Path, open: &mut Open<'_>) -> Result<u32, SumoError> {
        let blame = |line, fault| SumoError { file: path.to_owned(), line, fault };
        if self.files.len() == FILES_MAX {
            return Err(blame(None, SumoFault::TooMany { what: "files in the scenario", most: FILES_MAX as u64 }));
        }
        let bytes = open(path).map_err(|error| blame(None, error.into()))?;
        let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
            unpacked(&bytes).map_err(|fault| blame(None, fault))?
        } else {
            bytes
        };
        if bytes.len() as u64 > BYTES_MAX {
            return Err(blame(None, SumoFault::TooLarge));
        }
        let mut text = String::from_utf8(bytes).map_err(|error| {
            let end = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes()[..end].iter().filter(|&&byte| byte == b'\n').count();
            blame(Some(line), SumoFault::NoText)
        })?;
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        self.files.push(File { path: path.into(), text, line_ends: OnceCell::new() });
        Ok((self.files.len() - 1) as u32)
    }

    /// What stands in a file.
    pub(super) fn text(&self, file: u32) -> &str {
        &self.files[file as usize].text
    }

    /// The path of the file of a place.
    pub(super) fn path(&self, place: Place) -> &Path {
        &self.files[place.file as usize].path
    }

    /// The paths of all files, in the order in which they were opened.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| &*file.path)
    }

    /// The path of the file of a place, to keep.
    pub(super) fn shared_path(&self, place: Place) -> Arc<Path> {
        self.files[place.file as usize].path.clone()
    }

    /// The line of a place, from 1.
    pub(super) fn line(&self, place: Place) -> usize {
        let file = &self.files[place.file as usize];
        let ends = file.line_ends.get_or_init(|| {
            let ends = file.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            ends.map(|(at, _)| at as u32).collect()
        });
        1 + ends.partition_point(|end| *end < place.byte)
    }

    /// The error of a fault.
    pub(super) fn error(&self, blame: Blame) -> SumoError {
        let line = Some(self.line(blame.place));
        SumoError { file: self.path(blame.place).to_owned(), line, fault: blame.fault }
    }
}

fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, SumoFault> {
    let mut text = Vec::new();
    let mut unpacker = flate2::read::MultiGzDecoder::new(bytes).take(BYTES_MAX + 1);
    unpacker.read_to_end(&mut text).map_err(|error| SumoFault::Packed(error.to_string()))?;
    Ok(text)
}

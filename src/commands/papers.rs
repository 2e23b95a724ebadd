//! The papers of a comparison in a folder.

use std::io::Write;
use std::path::{Path, PathBuf};

use data::complete_file::CompleteFile;
use scenarios::comparison::Comparison;
use scenarios::report::papers::{FILES, Paper, papers};
use scenarios::words::Language;

use crate::failure::Failure;

/// Writes PDFs, spreadsheet and tables into a folder that is there. None is put in its place before all are written.
pub(super) fn write_papers(comparison: &Comparison, language: Language, folder: &Path) -> Result<(), Failure> {
    let written = |paper: Paper| {
        let path = folder.join(paper.file);
        let write = || {
            let mut file = CompleteFile::create(&path)?;
            file.write_all(&paper.bytes)?;
            file.flush()?;
            Ok(file)
        };
        write().map(|file| (path.clone(), file)).map_err(|error| Failure::unwritten(&path, error))
    };
    let papers = papers(comparison, language).map_err(Failure::work)?;
    let files = papers.into_iter().map(written).collect::<Result<Vec<_>, Failure>>()?;
    files.into_iter().try_for_each(|(path, file)| file.finish().map_err(|error| Failure::unwritten(&path, error)))
}

/// What is in that folder under the name of a paper.
pub(super) fn found_in(folder: &Path) -> Option<PathBuf> {
    FILES.iter().map(|file| folder.join(file)).find(|path| path.exists())
}

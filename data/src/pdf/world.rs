//! All that the compiler sees: the document's own files, the fonts in the program, and no clock.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};

use super::{Document, READY_FONTS};

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(READY_FONTS.iter())));

/// The files of one document.
pub(super) struct World {
    main: Source,
    parts: BTreeMap<String, Source>,
    files: BTreeMap<String, Bytes>,
}

impl World {
    pub(super) fn new(document: &Document<'_>) -> Self {
        let source = |name: &str, text: &str| Source::new(id(name), text.to_owned());
        let parts = document.parts.iter().map(|&(name, text)| (place(name), source(name, text)));
        let pictures = document.pictures.iter().map(|(name, bytes)| (place(name), Bytes::new(bytes.clone())));
        let content = (place("content.json"), Bytes::from_string(document.content.to_string()));
        Self {
            main: source("main.typ", document.template),
            parts: parts.collect(),
            files: pictures.chain([content]).collect(),
        }
    }

    /// What the map holds for that file of the document; nothing of packages is there.
    fn find<'w, T>(&'w self, files: &'w BTreeMap<String, T>, id: FileId) -> FileResult<&'w T> {
        let path = id.get();
        let name = path.vpath().get_with_slash();
        let found = files.get(name).filter(|_| matches!(path.root(), VirtualRoot::Project));
        found.ok_or_else(|| FileError::NotFound(PathBuf::from(name)))
    }
}

/// The name as the compiler has it.
fn place(name: &str) -> String {
    format!("/{name}")
}

fn id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names of a document's sources are plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl typst::World for World {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { self.find(&self.parts, id).cloned() }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.find(&self.files, id).cloned()
    }

    fn font(&self, index: usize) -> Option<Font> {
        READY_FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

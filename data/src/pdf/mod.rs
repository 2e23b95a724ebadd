//! Typeset documents as PDF, for people who read on paper or listen.
//!
//! A [`Document`] is a Typst template of the program's own, the values that it sets, and pictures. Values come as JSON and
//! are never spliced into the template, so that a street may be called `#pagebreak()` and is set as that. The compiler is a
//! closed world: it sees the document's files and the fonts in the program, and neither the system's fonts nor its files, clock
//! or network. So equal documents give equal bytes on any machine. What comes out is tagged and conforms to PDF/UA-1 (ISO
//! 14289-1): the compiler refuses a document without title, a picture without words, or a heading out of order. What is
//! left out: a check by assistive technology, which no program replaces.
//!
//! Fonts: IBM Plex (© IBM Corp., SIL Open Font License 1.1, `fonts/OFL.txt`), as published.

#[cfg(test)]
mod tests;
mod world;

use std::sync::LazyLock;

use typst::diag::SourceDiagnostic;
use typst::ecow::EcoVec;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use self::world::World;

/// The fonts that a template may name: the families `IBM Plex Sans`, of any weight and of widths from 85 %, and
/// `IBM Plex Mono`.
const FONTS: [&[u8]; 2] = [include_bytes!("fonts/IBMPlexSans.ttf"), include_bytes!("fonts/IBMPlexMono-Regular.ttf")];

/// A document to typeset.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// Typst source. It reads its values with `json("/content.json")` and pictures with `image("/NAME")`.
    pub template: &'a str,
    /// More sources, which it may import by name.
    pub parts: &'a [(&'a str, &'a str)],
    /// The values.
    pub content: serde_json::Value,
    /// Pictures (SVG) by name.
    pub pictures: &'a [(String, Vec<u8>)],
    /// What tells this document from all others, always the same for the same one. The PDF's identifier is a hash of it.
    pub identity: String,
}

/// A typeset document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typeset {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// Why a document cannot be typeset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the document cannot be typeset: {reasons}; this is a fault of the program, please report it")]
pub struct PdfError {
    /// What the compiler says.
    reasons: String,
}

impl Document<'_> {
    /// Typesets the document.
    ///
    /// # Errors
    /// [`PdfError`] where the template fails or its outcome is not accessible.
    pub fn typeset(&self) -> Result<Typeset, PdfError> {
        let world = World::new(self);
        let document: PagedDocument = typst::compile(&world).output.map_err(|errors| failed(&errors))?;
        let bytes = typst_pdf::pdf(&document, &self.options()?).map_err(|errors| failed(&errors))?;
        // What the compiler remembers of this document is of no use to the next.
        typst::comemo::evict(0);
        Ok(Typeset { bytes, pages: document.pages().len() })
    }

    fn options(&self) -> Result<PdfOptions, PdfError> {
        let standards = PdfStandards::new(&[PdfStandard::Ua_1])
            .map_err(|error| PdfError { reasons: error.message().to_string() })?;
        Ok(PdfOptions {
            ident: Smart::Custom(self.identity.clone()),
            creator: Smart::Custom(Some("Gemello".to_owned())),
            standards,
            ..PdfOptions::default()
        })
    }
}

fn failed(errors: &EcoVec<SourceDiagnostic>) -> PdfError {
    let reasons: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    PdfError { reasons: reasons.join("; ") }
}

/// The fonts, made ready once.
static READY_FONTS: LazyLock<Vec<typst::text::Font>> = LazyLock::new(|| {
    let fonts = FONTS.iter().flat_map(|&bytes| typst::text::Font::iter(typst::foundations::Bytes::new(bytes)));
    fonts.collect()
});

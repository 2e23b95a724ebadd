//! What a PDF of this module holds, read by another library than that which writes it.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Name, Object};
use serde_json::{Value, json};

use super::*;

const TEMPLATE: &str = r#"
#let content = json("/content.json")
#set document(title: content.title)
#set text(font: "IBM Plex Sans", lang: content.language)
#title()
= #content.heading
#content.text
#image("/square.svg", alt: "A square")
"#;

const SQUARE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10">
<style>.a { fill: #1d4f6e } text { font-family: "IBM Plex Sans" }</style>
<rect class="a" width="10" height="10"/><text x="1" y="8">A</text></svg>"#;

fn typeset(content: Value, template: &str) -> Result<Typeset, PdfError> {
    let pictures = [("square.svg".to_owned(), SQUARE.as_bytes().to_vec())];
    let identity = "run aa11".to_owned();
    Document { template, parts: &[], content, pictures: &pictures, identity }.typeset()
}

fn content(text: &str) -> Value {
    json!({ "title": "Titolo", "language": "it", "heading": "Strade", "text": text })
}

/// The catalogue and every dictionary of the file.
fn dictionaries(pdf: &Pdf) -> Vec<Dict<'_>> {
    pdf.objects()
        .into_iter()
        .filter_map(|object| match object {
            Object::Dict(dict) => Some(dict),
            Object::Stream(stream) => Some(stream.dict().clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_document_is_tagged_and_has_a_language_a_title_and_its_fonts() {
    let typeset = typeset(content("Via Roma"), TEMPLATE).expect("a document");
    assert_eq!(typeset.pages, 1);
    let pdf = Pdf::new(typeset.bytes.clone()).expect("a PDF");
    assert_eq!(pdf.pages().len(), 1);
    let all = dictionaries(&pdf);
    let is_of = |dict: &Dict<'_>, kind: &[u8]| dict.get::<Name<'_>>(&b"Type"[..]).is_some_and(|name| &*name == kind);
    let catalogue = all.iter().find(|dict| is_of(dict, b"Catalog")).expect("a catalogue");
    assert!(catalogue.contains_key(&b"StructTreeRoot"[..]) && catalogue.contains_key(&b"MarkInfo"[..]));
    assert!(catalogue.contains_key(&b"Lang"[..]) && catalogue.contains_key(&b"ViewerPreferences"[..]));
    let fonts: Vec<_> = all.iter().filter(|dict| is_of(dict, b"FontDescriptor")).collect();
    assert!(fonts.len() >= 2, "of the text and of the picture");
    let files = [&b"FontFile2"[..], &b"FontFile3"[..]];
    assert!(fonts.iter().all(|font| files.iter().any(|file| font.contains_key(*file))), "all of them in the file");
}

#[test]
fn the_same_document_gives_the_same_bytes_and_another_identity_others() {
    let once = typeset(content("a"), TEMPLATE).expect("a document");
    assert_eq!(once, typeset(content("a"), TEMPLATE).expect("a document"));
    assert!(!String::from_utf8_lossy(&once.bytes).contains("CreationDate"));
    let pictures = [("square.svg".to_owned(), SQUARE.as_bytes().to_vec())];
    let other = Document {
        template: TEMPLATE,
        parts: &[],
        content: content("a"),
        pictures: &pictures,
        identity: "run bb22".to_owned(),
    };
    assert_ne!(once.bytes, other.typeset().expect("a document").bytes);
}

#[test]
fn values_are_set_as_they_are_and_not_read_as_markup() {
    let odd = r##"#panic("x") *Via* $x$ \ "Roma" _a_ `b` <l> @r //c"##;
    let escaped = typeset(content(odd), TEMPLATE).expect("nothing of it is run");
    assert_eq!(escaped.pages, 1);
}

#[test]
fn what_cannot_be_read_aloud_is_refused() {
    let without_words = TEMPLATE.replace(", alt: \"A square\"", "");
    assert!(typeset(content("a"), &without_words).is_err());
    assert!(typeset(content("a"), "#panic(\"no\")").is_err());
}

#[test]
fn nothing_of_the_system_can_be_read() {
    for source in ["#read(\"/etc/passwd\")", "#datetime.today()", "#import \"@preview/a:1.0.0\"", "#read(\"../a\")"] {
        assert!(typeset(content("a"), source).is_err(), "{source}");
    }
}

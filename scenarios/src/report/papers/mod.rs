//! The comparison on paper and as numbers: two pages for councillors, the whole report for engineers, a spreadsheet, and the
//! indicators as CSV and Parquet.
//!
//! All are made from a [`Comparison`] alone, like the page, and say what it says: the PDFs set the page's own markup, read back
//! as a tree (`markup.rs`), by rules of their own (`page.typ`), so a chapter that is new on the page is on paper too. Equal
//! comparisons give equal bytes: nothing has a date, and the PDFs' identifiers follow from the runs' ids and hashes. What is left out:
//! flows of single links, which stand in the run folders. Two pages hold up to four scenarios; more take a third.
//!
//! | file | what |
//! | --- | --- |
//! | `brief.rs`, `brief.typ` | two pages for councillors |
//! | `report.typ` | the whole report |
//! | `page.typ` | how markup is set on paper |
//! | `content.rs`, `markup.rs`, `picture.rs` | from the page's markup to what templates set |
//! | `sheets/` | every number as a spreadsheet |
//! | `rows.rs` | a row for each run and indicator, as CSV and Parquet |

mod brief;
mod content;
mod markup;
mod picture;
mod rows;
mod sheets;
#[cfg(test)]
mod tests;

use data::pdf::{Document, PdfError, Typeset};
use data::spreadsheet::SpreadsheetError;
use serde_json::{Value, json};

use self::content::{names, pieces};
use self::picture::Pictures;
use super::map::Atlas;
use super::texts::Texts;
use super::{ReportError, check, front, page, palette};
use crate::comparison::{ComparedRun, Comparison};
use crate::words::Language;

const PAGE: &str = include_str!("page.typ");
const BRIEF: &str = include_str!("brief.typ");
const REPORT: &str = include_str!("report.typ");
/// How many pages councillors get.
const BRIEF_PAGES: usize = 2;
/// How densely these may be set so that they are no more.
const DENSITIES: [u8; 4] = [0, 1, 2, 3];
/// As many runs are named in a footer; of more it says how many.
const FOOTER_RUNS_MAX: usize = 4;
/// As many digits of a hash stand in it.
const SHORT_HASH: usize = 8;

/// A file of the papers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its name.
    pub file: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The names of all papers, in the order of [`papers`].
pub const FILES: [&str; 5] =
    ["report-2-pages.pdf", "report-full.pdf", "indicators.xlsx", "indicators.csv", "indicators.parquet"];

/// Why there are no papers of a comparison.
#[derive(Debug, thiserror::Error)]
pub enum PapersError {
    /// It cannot be told at all.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// It cannot be typeset.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// It cannot be told as a spreadsheet.
    #[error(transparent)]
    Spreadsheet(#[from] SpreadsheetError),
}

/// All papers of a comparison, in the order of [`FILES`]. The same comparison and language always give the same bytes.
///
/// # Errors
/// [`PapersError`] where the comparison's lists do not fit each other, or there is nothing to draw.
pub fn papers(comparison: &Comparison, language: Language) -> Result<Vec<Paper>, PapersError> {
    check(comparison)?;
    let texts = Texts::new(language, comparison.is_whole_day);
    let atlas = Atlas::new(comparison, &texts).ok_or(ReportError::NothingToDraw)?;
    let rows = rows::table(comparison, &texts);
    let bytes = [
        brief(comparison, &atlas, &texts)?.bytes,
        report(comparison, &atlas, &texts)?.bytes,
        data::spreadsheet::write(&sheets::workbook(comparison, &texts))?,
        rows.to_csv(),
        rows::with_seeds(rows, comparison).to_bytes(),
    ];
    Ok(FILES.into_iter().zip(bytes).map(|(file, bytes)| Paper { file, bytes }).collect())
}

/// The two pages, as loosely set as two pages allow.
fn brief(comparison: &Comparison, atlas: &Atlas<'_>, texts: &Texts) -> Result<Typeset, PdfError> {
    let mut pictures = Pictures::new(&atlas.definitions().into_string());
    let told = brief::content(comparison, atlas, texts, &mut pictures);
    let pictures = pictures.into_files();
    let mut typeset = Typeset { bytes: Vec::new(), pages: usize::MAX };
    for density in DENSITIES {
        let mut content = frame(comparison, texts, &[]);
        content["title"] = json!(texts.fill("brief-paper-title", &[("city", (&comparison.city).into())]));
        content["brief"] = told.clone();
        content["density"] = json!(density);
        typeset = document(comparison, texts, BRIEF, content, &pictures).typeset()?;
        if typeset.pages <= BRIEF_PAGES {
            break;
        }
    }
    Ok(typeset)
}

/// The whole report.
fn report(comparison: &Comparison, atlas: &Atlas<'_>, texts: &Texts) -> Result<Typeset, PdfError> {
    let mut pictures = Pictures::new(&atlas.definitions().into_string());
    let head = pieces(&front::masthead(comparison, texts).into_string(), &mut pictures);
    let chapters = pieces(&page::chapters(comparison, atlas, texts).into_string(), &mut pictures);
    let mut content = frame(comparison, texts, &names(&chapters));
    content["head"] = json!(head);
    content["chapters"] = json!(chapters);
    document(comparison, texts, REPORT, content, &pictures.into_files()).typeset()
}

fn document<'a>(
    comparison: &Comparison,
    texts: &Texts,
    template: &'a str,
    content: Value,
    pictures: &'a [(String, Vec<u8>)],
) -> Document<'a> {
    let hashes = comparison.runs.iter().map(|run| format!("{} {}", run.run_id, run.result_hash));
    let kind = content["title"].as_str().unwrap_or("").to_owned();
    let identity = [kind, texts.language().code().to_owned()].into_iter().chain(hashes).collect::<Vec<_>>().join("\n");
    Document { template, parts: &[("page.typ", PAGE)], content, pictures, identity }
}

/// What every paper has: title, language, colours, footer, and the names that links may lead to.
fn frame(comparison: &Comparison, texts: &Texts, targets: &[&str]) -> Value {
    let gaps = [("city", (&comparison.city).into())];
    json!({
        "title": texts.fill("title", &gaps),
        "description": texts.fill("paper-description", &gaps),
        "keywords": comparison.runs.iter().map(|run| run.run_id.as_str()).collect::<Vec<_>>(),
        "language": texts.language().code(),
        "colours": palette::on_paper(),
        "footer": footer(&comparison.runs, texts),
        "targets": targets,
        "words": {
            "page": texts.say("paper-page"),
            "of": texts.say("paper-of"),
            "brief": texts.say("brief-title"),
            "table": texts.say("brief-table"),
            "table_lead": texts.say("indicators-lead"),
            "maps": texts.say("brief-maps"),
            "check": texts.say("brief-check"),
            "audience": texts.say("brief-audience"),
            "no_costs": texts.say("brief-no-costs"),
        },
    })
}

/// Each run's id and hash of its results, cut short; of many runs their number and a hash of all these together.
fn footer(runs: &[ComparedRun], texts: &Texts) -> String {
    let short = |hash: &str| hash.chars().take(SHORT_HASH).collect::<String>();
    if runs.len() <= FOOTER_RUNS_MAX {
        let named = runs.iter().map(|run| {
            let (id, hash) = (short(&run.run_id), short(&run.result_hash));
            texts.fill("paper-run", &[("run", (&run.name).into()), ("id", (&id).into()), ("hash", (&hash).into())])
        });
        return named.collect::<Vec<_>>().join(" \u{2003}");
    }
    let mut hasher = blake3::Hasher::new();
    for run in runs {
        hasher.update(run.run_id.as_bytes()).update(b" ").update(run.result_hash.as_bytes()).update(b"\n");
    }
    let all = short(hasher.finalize().to_hex().as_str());
    texts.fill("paper-runs", &[("runs", (&texts.numbers.count(runs.len())).into()), ("hash", (&all).into())])
}

//! Every number of a comparison as sheets: whole, not rounded as they are told; how many decimals are shown is the format's.
//!
//! | file | what |
//! | --- | --- |
//! | `results.rs` | what the runs say: indicators, places, streets, queues, the course of the day |
//! | `evidence.rs` | what they stand on: what was observed, layers, sources, the runs themselves |

mod evidence;
mod results;

use data::spreadsheet::{Cell, Sheet, Workbook};

use super::rows;
use crate::comparison::Comparison;
use crate::estimate::Estimate;
use crate::report::claim;
use crate::report::texts::Texts;
use crate::verdict::Verdict;

/// The workbook: indicators, places, streets, what was observed, the course of the day, layers, sources, runs.
pub(super) fn workbook(comparison: &Comparison, texts: &Texts) -> Workbook {
    let sheets = [
        results::indicators(comparison, texts),
        results::places(comparison, texts),
        results::streets(comparison, texts),
        results::queues(comparison, texts),
        evidence::observations(comparison, texts),
        evidence::fit(comparison, texts),
        results::day(comparison, texts),
        evidence::gates(comparison, texts),
        evidence::layer_sheet(comparison, texts),
        evidence::sources(comparison, texts),
        evidence::runs(comparison, texts),
    ];
    Workbook {
        title: texts.fill("title", &[("city", (&comparison.city).into())]),
        sheets: sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()).collect(),
    }
}

/// A sheet whose name and heads are texts; a head that is no text's name is written as it is.
fn sheet(texts: &Texts, name: &str, heads: &[&str], rows: Vec<Vec<Cell>>) -> Sheet {
    Sheet { name: texts.say(name), heads: heads.iter().map(|head| texts.say(head)).collect(), rows }
}

/// Value and ends.
fn estimate(of: &Estimate, decimals: u8) -> [Cell; 3] {
    [Some(of.value), rows::low(of), rows::high(of)].map(|value| Cell::number(value, decimals))
}

/// Difference and ends.
fn difference(of: &Estimate, decimals: u8) -> [Cell; 3] {
    [Some(of.value), rows::low(of), rows::high(of)].map(|value| Cell::signed(value, decimals))
}

/// A difference that may not be there, and what it allows to be said; empty for the base.
fn told(of: Option<&Estimate>, resolution: f64, run: usize, decimals: u8, texts: &Texts) -> [Cell; 4] {
    let Some(of) = of.filter(|_| run > 0) else { return [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty] };
    let [value, low, high] = difference(of, decimals);
    [value, low, high, Cell::text(claim::words(Verdict::of(of, resolution), texts))]
}

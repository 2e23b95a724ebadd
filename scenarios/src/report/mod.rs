//! The report: one HTML file that a councillor can read and a planner can check, and the same on paper.
//!
//! It is made from a [`Comparison`] alone, so the same runs always give the same bytes. It asks nothing of the network:
//! styles stand in it, maps are SVG, there is no script at all (the before/after switch is a group of radio buttons), and
//! a content security policy forbids the rest. Nothing in it claims more than its interval bears (`claim.rs`). What it
//! leaves out: results by zone and period together, which stand in the run folders' tables.
//!
//! | file | what |
//! | --- | --- |
//! | `page.rs` | the frame of the page and the order of its chapters |
//! | `front.rs` | what was done and the answers in plain words |
//! | `scenario.rs`, `limited.rs` | one scenario: maps, streets that change most, observed places; whom a ZTL concerns |
//! | `indicators.rs`, `origins.rs`, `profile.rs` | the city in numbers; by quarter, zone and class; the course of the day |
//! | `costs.rs` | what each scenario costs and what it is worth |
//! | `queues.rs` | queues and lost time by quarter hour, where vehicles moved |
//! | `trust.rs`, `judgement.rs` | the base beside what was observed, what is fixed, what is not calibrated |
//! | `layers.rs`, `proof.rs` | what the city is made of; run ids and how to verify them |
//! | `map/` | the maps; in `map/traffic/` pictures of vehicles at one time |
//! | `papers/` | the same as accessible PDF, in two pages and in full, and its numbers as spreadsheet, CSV and Parquet |
//! | `palette.rs` | the colours of page and papers |
//! | `claim.rs`, `street.rs`, `number.rs`, `texts.rs` | careful words, names of streets, numbers, texts in two languages |

mod claim;
mod costs;
mod front;
mod indicators;
mod judgement;
mod layers;
mod limited;
mod map;
mod number;
mod origins;
mod page;
mod palette;
pub mod papers;
mod profile;
mod proof;
mod queues;
mod scenario;
mod street;
#[cfg(test)]
mod tests;
mod texts;
mod trust;

pub use self::map::traffic;

use crate::comparison::Comparison;
use crate::words::Language;

/// Why a comparison cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// There is no run, so there is no base.
    #[error("the comparison holds no run; a report needs a base")]
    NoBase,
    /// A list has not one entry for each run (or period, or link) that it should have.
    #[error("the comparison's {list} hold {found} entries where {expected} are needed")]
    Shape {
        /// The list.
        list: String,
        /// How many entries it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// A list names a link that is not there.
    #[error("the comparison's {list} name link {link}, but there are only {links} links")]
    MissingLink {
        /// The list.
        list: &'static str,
        /// The link's index.
        link: usize,
        /// How many links there are.
        links: usize,
    },
    /// There is nothing to draw: no link has an extent.
    #[error("the comparison's links have no extent; a report needs streets to draw")]
    NothingToDraw,
}

/// The report of a comparison as one HTML document. The same comparison and language always give the same bytes.
///
/// # Errors
/// [`ReportError`] where the comparison's lists do not fit each other, or there is nothing to draw.
pub fn render(comparison: &Comparison, language: Language) -> Result<String, ReportError> {
    check(comparison)?;
    let texts = texts::Texts::new(language, comparison.is_whole_day);
    let atlas = map::Atlas::new(comparison, &texts).ok_or(ReportError::NothingToDraw)?;
    Ok(page::page(comparison, &atlas, &texts).into_string())
}

/// Checks that every list has an entry for each run, period and link that it should have.
fn check(comparison: &Comparison) -> Result<(), ReportError> {
    let (runs, periods, links) = (comparison.runs.len(), comparison.periods.len(), comparison.links.len());
    if runs == 0 {
        return Err(ReportError::NoBase);
    }
    let fits = |list: &dyn Fn() -> String, expected: usize, found: usize| {
        if found == expected { Ok(()) } else { Err(ReportError::Shape { list: list(), expected, found }) }
    };
    for indicator in &comparison.indicators {
        let list = || format!("values of indicator '{}'", indicator.id);
        fits(&list, runs, indicator.values.len())?;
        fits(&list, runs, indicator.differences.len())?;
        fits(&list, runs, indicator.resolutions.len())?;
        fits(&list, runs, indicator.by_seed.len())?;
        indicator.by_seed.iter().try_for_each(|values| fits(&list, comparison.seeds.len(), values.len()))?;
    }
    for place in comparison.zones.iter().chain(&comparison.quarters) {
        for trips in &place.classes {
            let list = || format!("trips of class '{}' from '{}'", trips.class, place.name);
            fits(&list, runs, trips.trips_per_day.len())?;
            fits(&list, runs, trips.parking_at_edge_per_day.len())?;
            fits(&list, runs, trips.mean_duration_min.len())?;
            fits(&list, runs, trips.duration_differences_min.len())?;
        }
    }
    fits(&|| "changed streets".to_owned(), runs, comparison.changed_streets.len())?;
    for link in &comparison.links {
        let list = || format!("values of link '{}'", link.key);
        fits(&list, runs, link.daily_vehicles.len())?;
        fits(&list, runs, link.daily_differences.len())?;
        fits(&list, runs, link.hourly_vehicles.len())?;
        fits(&list, runs, link.hourly_differences.len())?;
        fits(&list, runs, link.saturation.len())?;
        for run in 0..runs {
            fits(&list, periods, link.hourly_vehicles[run].len())?;
            fits(&list, periods, link.hourly_differences[run].len())?;
            fits(&list, periods, link.saturation[run].len())?;
        }
    }
    for observed in &comparison.observations {
        let list = || format!("flows observed at '{}'", observed.name);
        fits(&list, runs, observed.daily_vehicles.len())?;
        fits(&list, runs, observed.daily_differences.len())?;
    }
    let named = |list: &'static str, indices: &[usize]| match indices.iter().find(|&&link| link >= links) {
        Some(&link) => Err(ReportError::MissingLink { list, link, links }),
        None => Ok(()),
    };
    comparison.observations.iter().try_for_each(|observed| named("observations", &observed.links))?;
    comparison.changed_streets.iter().flatten().try_for_each(|street| named("changed streets", &street.links))?;
    comparison.runs.iter().try_for_each(|run| named("edits", &run.edited_links))
}

/// The runs that are no base, with their places in the comparison's lists.
fn scenarios(comparison: &Comparison) -> impl Iterator<Item = (usize, &crate::comparison::ComparedRun)> {
    comparison.runs.iter().enumerate().skip(1)
}

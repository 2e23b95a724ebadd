//! Doing the edits of a chain: file by file, kind by kind, so that the order within a file does not show.

use std::collections::BTreeMap;
use std::fmt::Display;

use data::projection::{Crs, Transform};
use engine::city::CityTables;
use engine::key::Key;
use engine::provenance::{Origin, Provenance, Source};
use serde_spanned::Spanned;

use super::directions::Directed;
use super::{Applied, ApplyError, Misfit, SCENARIO_SOURCE};
use crate::scenario::access::Touch;
use crate::scenario::problem::Place;
use crate::scenario::tree::{Chain, Written};
use crate::words::Text;

/// Applies every scenario of a chain, first ancestor first, to the base's tables, which stay as they are.
///
/// # Errors
/// [`ApplyError`]: every edit that does not fit, by file and line.
pub fn apply(base: &CityTables, chain: &Chain) -> Result<Applied, ApplyError> {
    let mut applied = Applied::unchanged(base.clone());
    let metres = Crs::metric(base.about.epsg).ok().map(|crs| Transform::new(Crs::wgs84(), crs));
    let mut misfits = Vec::new();
    for written in chain.files() {
        if let Some(spread) = &written.scenario.uncertainty.edited_capacity_spread {
            applied.edited_capacity_spread = *spread.get_ref();
        }
        let mut editor = Editor {
            written,
            applied: &mut applied,
            metres: metres.as_ref(),
            claims: BTreeMap::new(),
            touches: BTreeMap::new(),
            directed: Vec::new(),
            misfits: &mut misfits,
        };
        editor.apply_all();
    }
    if !misfits.is_empty() {
        return Err(ApplyError(misfits));
    }
    applied.edited_links.sort_unstable();
    applied.edited_links.dedup();
    Ok(applied)
}

/// Applies the edits of one file.
pub(super) struct Editor<'a> {
    pub(super) written: &'a Written,
    pub(super) applied: &'a mut Applied,
    pub(super) metres: Option<&'a Transform>,
    /// What this file has set so far: contradictions are between edits of one file.
    pub(super) claims: BTreeMap<(Key, &'static str), (String, usize)>,
    /// What this file says of access, by link: done when all of it is known.
    pub(super) touches: BTreeMap<usize, Vec<Touch>>,
    /// The directions that this file gives.
    pub(super) directed: Vec<Directed>,
    pub(super) misfits: &'a mut Vec<(String, Place, Misfit)>,
}

impl Editor<'_> {
    fn apply_all(&mut self) {
        // Roads first: other edits may name what this file builds.
        let scenario = self.written.scenario.clone();
        scenario.add_road.iter().for_each(|edit| self.add_road(edit.get_ref()));
        scenario.close.iter().for_each(|edit| self.close(edit.get_ref()));
        scenario.set.iter().for_each(|edit| self.set(edit.get_ref()));
        // After all that sets lanes, speed and capacity, which a link back shares with its link; before what is given by
        // area, which holds for it, too.
        self.build_backs();
        scenario.zone_30.iter().for_each(|edit| self.zone_30(edit.get_ref()));
        scenario.toll.iter().for_each(|edit| self.toll(edit.get_ref()));
        scenario.zone.iter().for_each(|edit| self.zone(edit.get_ref()));
        scenario.ztl.iter().for_each(|edit| self.ztl(edit));
        self.signals(&scenario);
        self.direct();
        self.settle_access();
    }

    pub(super) fn misfit<T>(&mut self, at: &Spanned<T>, misfit: Misfit) {
        self.misfit_at(at.span().start, misfit);
    }

    pub(super) fn misfit_at(&mut self, at: usize, misfit: Misfit) {
        let place = Place::at(&self.written.text, at);
        self.misfits.push((self.written.file.clone(), place, misfit));
    }

    /// Claims that this edit sets something; false where another edit of the file sets it otherwise.
    pub(super) fn claim<T>(&mut self, at: &Spanned<T>, key: &Key, what: &'static str, value: impl Display) -> bool {
        let (value, line) = (value.to_string(), Place::at(&self.written.text, at.span().start).line);
        match self.claims.get(&(key.clone(), what)) {
            Some((other, other_line)) if *other != value => {
                let contradiction = Misfit::Contradiction {
                    what,
                    key: key.clone(),
                    value,
                    other_line: *other_line,
                    other: other.clone(),
                };
                // Once for each pair of values, not for every link that both are about.
                let place = Place::at(&self.written.text, at.span().start);
                if !self.misfits.iter().any(|(file, other, _)| *file == self.written.file && *other == place) {
                    self.misfit(at, contradiction);
                }
                false
            }
            _ => {
                self.claims.insert((key.clone(), what), (value, line));
                true
            }
        }
    }

    /// What is built is made up; its source is the scenario.
    pub(super) fn provenance(&mut self) -> Provenance {
        let sources = &mut self.applied.tables.sources;
        if !sources.iter().any(|source| &*source.id == SCENARIO_SOURCE) {
            sources.push(Source {
                id: SCENARIO_SOURCE.into(),
                title: "Scenario".into(),
                licence: "CC0-1.0".into(),
                attribution: String::new(),
                url: None,
                year: None,
            });
        }
        Provenance { origin: Origin::Synthetic, source: SCENARIO_SOURCE.into(), year: None, accuracy_m: None }
    }

    pub(super) fn describe(&mut self, it: String, en: String) {
        self.applied.described.push(Text::new(it, en));
    }
}

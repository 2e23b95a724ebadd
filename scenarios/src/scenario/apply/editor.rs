//! Doing the edits of a chain: file by file, kind by kind, so that the order within a file does not show.

use std::collections::BTreeMap;
use std::fmt::Display;

use data::projection::{Crs, Transform};
use engine::city::CityTables;
use engine::key::Key;
use engine::provenance::{Origin, Provenance, Source};
use serde_spanned::Spanned;

use super::directions::Directed;
use super::lifts::{LiftedRing, lifted_rings};
use super::roundabouts::cap_entries;
use super::{Applied, ApplyError, Misfit, SCENARIO_SOURCE, WrittenAt};
use crate::scenario::access::Touch;
use crate::scenario::file::{Event, Line};
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
    let (mut misfits, mut pending) = (Vec::new(), Pending::default());
    let mut lifted = lifted_rings(chain);
    for (number, written) in chain.files().iter().enumerate() {
        if let Some(spread) = &written.scenario.uncertainty.edited_capacity_spread {
            applied.edited_capacity_spread = *spread.get_ref();
        }
        let mut editor = Editor::new(number, written, &mut applied, metres.as_ref(), (&mut lifted, &mut misfits));
        editor.apply_all(&mut pending);
    }
    // What depends on all files.
    cap_entries(&mut applied);
    let Pending { lane_takers, lines, events } = pending;
    let mut edit = |number: usize, edit: &dyn Fn(&mut Editor<'_>)| {
        let told = (&mut lifted, &mut misfits);
        edit(&mut Editor::new(number, &chain.files()[number], &mut applied, metres.as_ref(), told));
    };
    lane_takers.iter().for_each(|(&row, &(number, at))| edit(number, &|editor| editor.narrow(row, at)));
    lines.values().for_each(|(number, line)| edit(*number, &|editor| editor.line(line)));
    events.values().for_each(|(number, event)| edit(*number, &|editor| editor.event(event)));
    if !misfits.is_empty() {
        return Err(ApplyError(misfits));
    }
    applied.edited_links.sort_unstable();
    applied.edited_links.dedup();
    Ok(applied)
}

/// What is settled once all files are known.
#[derive(Default)]
pub(super) struct Pending {
    /// For each link on which lanes are taken the last edit that does: the number of its file, and where it is in it, in bytes.
    lane_takers: BTreeMap<usize, (usize, usize)>,
    /// Lines, by their name in lower case, with the number of their file.
    lines: BTreeMap<String, (usize, Line)>,
    /// Events, likewise.
    events: BTreeMap<String, (usize, Event)>,
}

impl Pending {
    pub(super) fn took_lanes(&mut self, row: usize, file: usize, at: usize) {
        self.lane_takers.insert(row, (file, at));
    }
}

/// Applies the edits of one file.
pub(super) struct Editor<'a> {
    /// The file's number in the chain.
    pub(super) number: usize,
    pub(super) written: &'a Written,
    pub(super) applied: &'a mut Applied,
    pub(super) metres: Option<&'a Transform>,
    /// What this file has set so far: contradictions are between edits of one file.
    pub(super) claims: BTreeMap<(Key, &'static str), (String, usize)>,
    /// What this file says of access, by link: done when all of it is known.
    pub(super) touches: BTreeMap<usize, Vec<Touch>>,
    /// The directions that this file gives.
    pub(super) directed: Vec<Directed>,
    /// The roundabouts that files of the chain lift.
    pub(super) lifted_rings: &'a mut Vec<LiftedRing>,
    pub(super) misfits: &'a mut Vec<(String, Place, Misfit)>,
}

impl<'a> Editor<'a> {
    fn new(
        number: usize,
        written: &'a Written,
        applied: &'a mut Applied,
        metres: Option<&'a Transform>,
        (lifted_rings, misfits): (&'a mut Vec<LiftedRing>, &'a mut Vec<(String, Place, Misfit)>),
    ) -> Self {
        let (claims, touches, directed) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        Self { number, written, applied, metres, claims, touches, directed, lifted_rings, misfits }
    }
}

impl Editor<'_> {
    fn apply_all(&mut self, pending: &mut Pending) {
        // Roads first: other edits may name what this file builds. Then rings, where these roads may end, too.
        let scenario = self.written.scenario.clone();
        scenario.add_road.iter().for_each(|edit| self.add_road(edit.get_ref()));
        self.lift_roundabouts();
        self.roundabouts(&scenario.roundabout);
        scenario.close.iter().for_each(|edit| self.close(edit.get_ref()));
        scenario.set.iter().for_each(|edit| self.set(edit.get_ref()));
        // After all that sets lanes, speed and capacity, which a link back shares with its link; before what is given by
        // area, which holds for it, too.
        self.build_backs();
        scenario.zone_30.iter().for_each(|edit| self.zone_30(edit.get_ref()));
        scenario.toll.iter().for_each(|edit| self.toll(edit.get_ref()));
        scenario.zone.iter().for_each(|edit| self.zone(edit.get_ref()));
        // After totals of zones: people of buildings come and go on top.
        scenario.demolish.iter().for_each(|edit| self.demolish(edit));
        scenario.building.iter().for_each(|edit| self.build(edit));
        scenario.trees.iter().for_each(|edit| self.plant(edit));
        scenario.paving.iter().for_each(|edit| self.pave(edit.get_ref()));
        scenario.works.iter().for_each(|edit| self.works(edit));
        scenario.ztl.iter().for_each(|edit| self.ztl(edit));
        self.signals(&scenario);
        self.bus_lanes(&scenario, pending);
        scenario.cycle_lane.iter().for_each(|edit| self.cycle_lane(edit.get_ref(), pending));
        self.vehicle_mix(&scenario.vehicle_mix);
        self.fleet(&scenario.fleet);
        scenario.low_emission_zone.iter().for_each(|edit| self.low_emission_zone(edit));
        self.lift(("line", ["Senza la linea", "Without line"]), &scenario.lift.lines, &mut pending.lines);
        self.lift(("event", ["Senza l'evento", "Without event"]), &scenario.lift.events, &mut pending.events);
        for line in scenario.line.iter().map(|edit| edit.get_ref()) {
            pending.lines.insert(line.name.get_ref().to_lowercase(), (self.number, line.clone()));
        }
        for event in scenario.event.iter().map(|edit| edit.get_ref()) {
            pending.events.insert(event.name.get_ref().to_lowercase(), (self.number, event.clone()));
        }
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

    /// The place of a byte of the file.
    pub(super) fn place_of(&self, at: usize) -> WrittenAt {
        WrittenAt { file: self.written.file.clone(), place: Place::at(&self.written.text, at) }
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

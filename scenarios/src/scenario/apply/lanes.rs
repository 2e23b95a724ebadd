//! Lanes for buses and bicycles, and what they leave to others.
//!
//! What a file says of a link replaces what its parents say of it. Whether a lane is left for others, and how much of the
//! capacity, is seen once all files are known: lanes may be added and taken in any of them.

use std::collections::BTreeMap;

use engine::time::{ClockTime, DayType, Hours};
use engine::vehicles::{ClassSet, VehicleClass};
use serde_spanned::Spanned;

use super::editor::{Editor, Pending};
use super::told::{class_words, when};
use super::{Applied, BusLanes, Misfit, Narrowing};
use crate::scenario::access::without;
use crate::scenario::file::{BusLane, CycleLane, CycleLaneKind, ScenarioFile};
use crate::scenario::problem::Place;
use crate::words::Text;

impl Editor<'_> {
    pub(super) fn bus_lanes(&mut self, scenario: &ScenarioFile, pending: &mut Pending) {
        let mut of_this_file: BTreeMap<usize, Vec<(BusLanes, usize)>> = BTreeMap::new();
        for edit in &scenario.bus_lane {
            self.bus_lane(edit, &mut of_this_file, pending);
        }
        for (row, lanes) in of_this_file {
            let lanes: Vec<BusLanes> = lanes.into_iter().map(|(lanes, _)| lanes).filter(|of| of.lanes > 0).collect();
            let all = &mut self.applied.traffic.bus_lanes;
            if lanes.is_empty() {
                all.remove(&row);
            } else {
                all.insert(row, lanes);
            }
        }
    }

    fn bus_lane(
        &mut self,
        edit: &Spanned<BusLane>,
        of_this_file: &mut BTreeMap<usize, Vec<(BusLanes, usize)>>,
        pending: &mut Pending,
    ) {
        let lane = edit.get_ref();
        let rows = self.select(&lane.on);
        let at = edit.span().start;
        let line = Place::at(&self.written.text, at).line;
        let lanes = lane.lanes.as_ref().map_or(1, |lanes| u8::try_from(*lanes.get_ref()).unwrap_or(0));
        let also = ClassSet::of(lane.also.as_deref().unwrap_or_default());
        let hours = lane.hours.as_ref().map_or_else(Hours::always, super::hours);
        let said = BusLanes { lanes, also, hours };
        for &row in &rows {
            let others = of_this_file.entry(row).or_default();
            let clashes = |(other, _): &&(BusLanes, usize)| *other != said && other.meets(&said);
            if let Some((other, other_line)) = others.iter().find(clashes) {
                let misfit = Misfit::Contradiction {
                    what: "the bus lanes",
                    key: self.applied.tables.links[row].key.clone(),
                    value: said.told(),
                    other_line: *other_line,
                    other: other.told(),
                };
                // Once for each edit, not for every link that it is about.
                return self.misfit(edit, misfit);
            }
            if !others.iter().any(|(other, _)| *other == said) {
                others.push((said.clone(), line));
                others.sort_by_key(|(lanes, _)| lanes.hours.spans.first().map(|span| span.from));
            }
            pending.took_lanes(row, self.number, at);
        }
        let (on, when) = (self.name_links(&rows), when(lane.hours.as_ref()));
        if lanes == 0 {
            return self.describe(format!("Senza corsie riservate: {}", on.it), format!("No bus lanes: {}", on.en));
        }
        let whom = also.with(VehicleClass::Bus).iter().collect::<Vec<_>>();
        let whom = class_words(&whom);
        self.describe(
            format!("Corsie per {} ({lanes} per senso): {}{}", whom.it, on.it, when.it),
            format!("Lanes for {} ({lanes} each way): {}{}", whom.en, on.en, when.en),
        );
    }

    pub(super) fn cycle_lane(&mut self, edit: &CycleLane, pending: &mut Pending) {
        let rows = self.select(&edit.on);
        let kind = *edit.kind.get_ref();
        for &row in &rows {
            let key = self.applied.tables.links[row].key.clone();
            if !self.claim(&edit.kind, &key, "the cycle lane", kind.name()) {
                continue;
            }
            let lanes = &mut self.applied.traffic.cycle_lanes;
            if kind == CycleLaneKind::None {
                lanes.remove(&row);
            } else {
                lanes.insert(row, kind);
            }
            if kind == CycleLaneKind::ReservedLane {
                pending.took_lanes(row, self.number, edit.kind.span().start);
            }
        }
        let on = self.name_links(&rows);
        let what = match kind {
            CycleLaneKind::ReservedLane => Text::new("Corsia ciclabile riservata", "Cycle lane"),
            CycleLaneKind::Track => Text::new("Pista ciclabile in sede propria", "Cycle track beside the carriageway"),
            CycleLaneKind::Advisory => Text::new("Corsia ciclabile valicabile", "Advisory cycle lane"),
            CycleLaneKind::None => Text::new("Senza corsia ciclabile", "No cycle lane"),
        };
        self.describe(format!("{}: {}", what.it, on.it), format!("{}: {}", what.en, on.en));
    }

    /// Reports that no lane is left for others at some hour; what is left is noted.
    pub(super) fn narrow(&mut self, row: usize, at: usize) {
        let link = &self.applied.tables.links[row];
        let narrowing = Narrowing::of(self.applied, row);
        let moments = narrowing.moments();
        let lacks = DayType::ALL.into_iter().flat_map(|day| moments.iter().map(move |&time| (day, time))).find_map(
            |(day, time)| {
                let taken = narrowing.taken_at(day, time);
                let others = without(link.facts.access.at(day, time), narrowing.users(self.applied, day, time));
                let is_too_much = taken > link.facts.lanes || (taken == link.facts.lanes && !others.is_empty());
                is_too_much.then_some((taken, time))
            },
        );
        if let Some((taken, time)) = lacks {
            let misfit = Misfit::NoLaneLeft { key: link.key.clone(), lanes: link.facts.lanes, taken, time };
            // Once for each edit, not for every link that it is about.
            let place = Place::at(&self.written.text, at);
            if !self.misfits.iter().any(|(file, other, _)| *file == self.written.file && *other == place) {
                self.misfit_at(at, misfit);
            }
            return;
        }
        if !narrowing.taken.is_empty() {
            self.applied.narrowings.push(narrowing);
        }
    }
}

impl BusLanes {
    /// Whether both hold at some time.
    fn meets(&self, other: &Self) -> bool {
        let share_a_day = self.hours.days.iter().any(|day| other.hours.days.contains(day));
        let meet = |a: &engine::time::Span| other.hours.spans.iter().any(|b| a.from < b.to && b.from < a.to);
        share_a_day && self.hours.spans.iter().any(meet)
    }

    fn told(&self) -> String {
        let also: Vec<&str> = self.also.iter().map(VehicleClass::name).collect();
        let also = if also.is_empty() { String::new() } else { format!(" also for {}", also.join(", ")) };
        let spans: Vec<String> = self.hours.spans.iter().map(ToString::to_string).collect();
        format!("{}{also} at {}", self.lanes, spans.join(", "))
    }
}

impl Narrowing {
    fn of(applied: &Applied, row: usize) -> Self {
        let traffic = &applied.traffic;
        let of_buses = traffic.bus_lanes.get(&row).into_iter().flatten();
        let mut taken: Vec<(Hours, u8)> = of_buses.map(|lanes| (lanes.hours.clone(), lanes.lanes)).collect();
        if traffic.cycle_lanes.get(&row) == Some(&CycleLaneKind::ReservedLane) {
            taken.push((Hours::always(), 1));
        }
        Self { link: row, lanes: applied.tables.links[row].facts.lanes, taken }
    }

    /// When lanes may begin or cease to be taken.
    fn moments(&self) -> Vec<ClockTime> {
        let spans = self.taken.iter().flat_map(|(hours, _)| &hours.spans);
        let mut moments: Vec<ClockTime> = spans.flat_map(|span| [span.from, span.to]).collect();
        moments.push(ClockTime::MIDNIGHT);
        moments.retain(|&moment| moment < ClockTime::END_OF_DAY);
        moments.sort_unstable();
        moments.dedup();
        moments
    }

    fn taken_at(&self, day: DayType, time: ClockTime) -> u8 {
        self.taken.iter().filter(|(hours, _)| hours.contains(day, time)).map(|(_, lanes)| lanes).sum()
    }

    /// Those who may use the lanes that are taken, and pedestrians, who need none.
    fn users(&self, applied: &Applied, day: DayType, time: ClockTime) -> ClassSet {
        let traffic = &applied.traffic;
        let of_buses = traffic.bus_lanes.get(&self.link).into_iter().flatten();
        let buses = of_buses
            .filter(|lanes| lanes.hours.contains(day, time))
            .fold(ClassSet::NONE, |users, lanes| users.or(lanes.also).with(VehicleClass::Bus));
        let walkers = ClassSet::of(&[VehicleClass::Pedestrian, VehicleClass::Bicycle]);
        buses.or(walkers)
    }

    /// The share of the lanes that is left for all others at a time; where they may not use the link, that of one lane.
    #[must_use]
    pub fn share_left(&self, day: DayType, time: ClockTime) -> f64 {
        let left = self.lanes.saturating_sub(self.taken_at(day, time)).max(1);
        f64::from(left) / f64::from(self.lanes)
    }
}

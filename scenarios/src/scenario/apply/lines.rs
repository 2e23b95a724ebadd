//! Lines of buses: the way that they take and where they stop.
//!
//! Ways are found once all files are known, so that a line goes around what any of them closes. It takes links that buses may
//! use during all of its hours on a day of the city's type.

use engine::city::Link;
use engine::network::{NoWay, Roads, Way};
use engine::time::ClockTime;
use engine::vehicles::VehicleClass;
use serde_spanned::Spanned;

use super::editor::Editor;
use super::{BusLine, LineRoute, LineStop, Misfit};
use crate::scenario::file::{Call, Line, LineVehicle};

/// How far a point may be from a junction that buses reach, in metres.
const POINT_TO_JUNCTION_MAX_M: f64 = 500.0;

/// How far before the end of a link buses stop, in metres; in its middle where it is shorter than twice that.
const BEFORE_END_M: f64 = 15.0;

/// How much of a link lies behind a bus at its first stop, in metres; it stands in the middle where there is less room.
const BEHIND_M: f64 = 3.0;

impl Editor<'_> {
    /// Finds the way of a line.
    pub(super) fn line(&mut self, line: &Line) {
        let times = self.times_of(line);
        let reached = self.roads(&times).reached();
        let calls = line.calls.get_ref();
        let places: Vec<Option<Vec<usize>>> = calls.iter().map(|call| self.call(call, &reached)).collect();
        let Some(mut places) = places.into_iter().collect::<Option<Vec<Vec<usize>>>>() else { return };
        if let Some(place) =
            (1..places.len()).find(|&place| places[place].iter().any(|row| places[place - 1].contains(row)))
        {
            return self.misfit(&calls[place], Misfit::SamePlace { place: place + 1 });
        }
        let mut stops: Vec<bool> = calls.iter().map(|call| call.get_ref().stop.unwrap_or(true)).collect();
        let there = self.roads(&times).way(&places);
        let Some(there) = self.route(line, there, &stops, calls) else { return };
        let back = if line.both_directions {
            places.reverse();
            stops.reverse();
            let backward: Vec<Spanned<Call>> = calls.iter().rev().cloned().collect();
            let back = self.roads(&times).way(&places);
            let Some(back) = self.route(line, back, &stops, &backward) else { return };
            Some(back)
        } else {
            None
        };
        self.describe_line(line, &there);
        let (name, hours) = (line.name.get_ref().clone(), super::hours(&line.hours));
        let made = BusLine {
            name: name.clone(),
            vehicle: line.vehicle,
            headway_s: line.headway_min.get_ref() * 60.0,
            days: hours.days,
            from: *line.hours.from.get_ref(),
            to: *line.hours.to.get_ref(),
            there,
            back,
        };
        self.applied.traffic.lines.insert(name.to_lowercase(), made);
    }

    fn describe_line(&mut self, line: &Line, there: &LineRoute) {
        let (name, headway_min, stops) = (line.name.get_ref(), line.headway_min.get_ref(), there.stops.len());
        let (from, to) = (line.hours.from.get_ref(), line.hours.to.get_ref());
        let ways = if line.both_directions { ["nei due sensi", "both ways"] } else { ["in un senso", "one way"] };
        self.describe(
            format!("Linea {name}: {stops} fermate, {}, ogni {headway_min} min, dalle {from} alle {to}", ways[0]),
            format!("Line {name}: {stops} stops, {}, every {headway_min} min, {from} to {to}", ways[1]),
        );
    }

    /// When in the hours of a line who may use a link or turn may change.
    fn times_of(&self, line: &Line) -> Vec<ClockTime> {
        let hours = super::hours(&line.hours);
        let tables = &self.applied.tables;
        let of_links = tables.links.iter().flat_map(|row| &row.facts.access.rules);
        let of_turns = tables.turns.iter().flat_map(|row| &row.facts.access.rules);
        let cuts = of_links.chain(of_turns).flat_map(|rule| &rule.hours.spans).flat_map(|span| [span.from, span.to]);
        let is_inside = |time: &ClockTime| hours.spans.iter().any(|span| span.contains(*time));
        let mut times: Vec<ClockTime> = hours.spans.iter().map(|span| span.from).collect();
        times.extend(cuts.filter(is_inside));
        times.sort_unstable();
        times.dedup();
        times
    }

    /// What buses may use at all of these times.
    fn roads(&self, times: &[ClockTime]) -> Roads<'_> {
        let tables = &self.applied.tables;
        Roads::new(tables, VehicleClass::Bus, tables.about.day_plan.day, times)
    }

    /// The junctions that count as a place; reports where there are none.
    fn call(&mut self, call: &Spanned<Call>, reached: &[bool]) -> Option<Vec<usize>> {
        let Call { junction, streets, point, coordinates, .. } = call.get_ref();
        if let Some(name) = junction {
            return self.junction(name).map(|row| self.around(row));
        }
        if let Some(names) = streets {
            return Some(self.meeting(names)).filter(|rows| !rows.is_empty());
        }
        let point = point.as_ref()?;
        let points = Spanned::new(point.span(), vec![*point.get_ref()]);
        let place = *self.metres(&points, *coordinates)?.first()?;
        let junctions = &self.applied.tables.junctions;
        let distance_m = |row: usize| {
            let position = junctions[row].facts.position;
            libm::hypot(position.x - place.x, position.y - place.y)
        };
        let near = (0..junctions.len())
            .filter(|&row| reached[row])
            .min_by(|&a, &b| distance_m(a).total_cmp(&distance_m(b)).then(a.cmp(&b)));
        match near.map(|row| (row, distance_m(row))) {
            Some((row, distance_m)) if distance_m <= POINT_TO_JUNCTION_MAX_M => Some(self.around(row)),
            _ => {
                self.misfit(point, Misfit::FarFromBuses(POINT_TO_JUNCTION_MAX_M));
                None
            }
        }
    }

    /// The stops along a way; reports where there is no way.
    fn route(
        &mut self,
        line: &Line,
        way: Result<Way, NoWay>,
        stops: &[bool],
        calls: &[Spanned<Call>],
    ) -> Option<LineRoute> {
        let way = match way {
            Ok(way) => way,
            Err(NoWay { place }) => {
                let at = calls.get(place).map_or(line.calls.span().start, |call| call.span().start);
                self.misfit_at(at, Misfit::NoWayForBuses { place: place + 1 });
                return None;
            }
        };
        let link = |on: usize| &self.applied.tables.links[way.links[on]].facts;
        let dwell_s = *line.dwell_s.get_ref();
        let first = LineStop { on: 0, at_m: first_stop_m(link(0), line.vehicle), dwell_s };
        let of_places = way.reached_by.iter().zip(&stops[1..]).filter(|(_, stops)| **stops);
        let others = of_places.map(|(&on, _)| LineStop { on, at_m: stop_m(link(on)), dwell_s });
        let stops = std::iter::once(first).chain(others).collect();
        Some(LineRoute { links: way.links, stops })
    }
}

/// Where the front of a bus stands at its first stop, from the beginning of the link.
fn first_stop_m(link: &Link, vehicle: LineVehicle) -> f64 {
    let front_m = vehicle.length_m() + BEHIND_M;
    if front_m + BEHIND_M <= link.length_m { front_m } else { link.length_m / 2.0 }
}

/// Where the front of a bus stands at a stop that a link reaches, from the beginning of the link.
fn stop_m(link: &Link) -> f64 {
    f64::max(link.length_m - BEFORE_END_M, link.length_m / 2.0)
}

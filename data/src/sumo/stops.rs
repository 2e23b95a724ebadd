//! Places to stop at (`busStop`, `trainStop`), and stops on the way.

use std::borrow::Cow;
use std::collections::HashMap;

use engine::traffic::network::rows::{LanePlace, StopPlaceRow};

use super::element::{Element, flag, number, time_s};
use super::error::SumoFault;
use super::net::{LaneRef, NOT_FOLLOWED, Net};
use super::notes::Notes;
use super::source::{At, Blame};

/// Shortest place to stop at, in metres (SUMO, `POSITION_EPS`).
const SHORTEST_M: f64 = 0.1;

/// Where along a lane something lies, as it is written: negative positions count from the end.
#[derive(Clone, Copy, Debug, Default)]
struct Range {
    start_m: Option<f64>,
    end_m: Option<f64>,
    friendly: bool,
}

impl Range {
    /// From where to where on a lane of that length; `start_m` where it gives no beginning, after its end is known.
    fn on(self, length_m: f64, start_m: impl Fn(f64) -> f64) -> Result<(f64, f64), String> {
        let from_end = |position: f64| if position < 0.0 { position + length_m } else { position };
        let end_m = from_end(self.end_m.unwrap_or(length_m));
        let start_m = self.start_m.map_or_else(|| start_m(end_m), from_end);
        if self.friendly {
            let end_m = end_m.clamp(SHORTEST_M.min(length_m), length_m);
            return Ok((start_m.clamp(0.0, (end_m - SHORTEST_M).max(0.0)), end_m));
        }
        // Lengths are written with two digits; positions may have been worked out with more.
        if start_m < 0.0 || end_m > length_m + 0.01 || end_m - start_m < SHORTEST_M - 1e-9 {
            return Err(format!(
                "from {start_m} m to {end_m} m is no place of at least {SHORTEST_M} m on a lane of {length_m} m; set friendlyPos, \
                 or correct startPos and endPos"
            ));
        }
        Ok((start_m, end_m.min(length_m)))
    }
}

/// A stop as it is written.
#[derive(Clone, Debug)]
pub(super) struct StopDraft<'a> {
    site: Site<'a>,
    duration_s: Option<f64>,
    until_s: Option<f64>,
    /// Whether `until` counts from the departure, as it does in routes with a name: vehicles share them. Inside a vehicle it is a
    /// time of day.
    pub(super) until_from_departure: bool,
    fault: Option<String>,
}

#[derive(Clone, Debug)]
enum Site<'a> {
    None,
    StopPlace(Cow<'a, str>),
    Lane(Cow<'a, str>, Range),
    Edge(Cow<'a, str>, Range),
}

/// A stop whose place is known.
#[derive(Clone, Debug)]
pub(super) struct PlannedStop {
    pub(super) street: u32,
    /// The lane from the right; none where the rightmost that the vehicle may use is meant.
    pub(super) lane: Option<u32>,
    pub(super) start_m: f64,
    pub(super) end_m: f64,
    pub(super) duration_s: f64,
    pub(super) until_s: Option<f64>,
    pub(super) until_from_departure: bool,
}

impl<'a> StopDraft<'a> {
    /// A `stop`; none where it is of a kind that is left out.
    pub(super) fn read(element: &Element<'a>, in_shared_route: bool, notes: &mut Notes) -> Option<Self> {
        let mut range = Range::default();
        let mut draft = Self {
            site: Site::None,
            duration_s: None,
            until_s: None,
            until_from_departure: in_shared_route,
            fault: None,
        };
        let (mut waits, mut fault) = (false, None);
        let mut keep = |read: Result<f64, SumoFault>| read.map_err(|told| fault = Some(told.to_string())).ok();
        for (name, value) in &element.attributes {
            match *name {
                "busStop" | "trainStop" => draft.site = Site::StopPlace(value.clone()),
                "lane" => draft.site = Site::Lane(value.clone(), range),
                "edge" => draft.site = Site::Edge(value.clone(), range),
                "startPos" => range.start_m = keep(number(name, value)),
                "endPos" => range.end_m = keep(number(name, value)),
                "friendlyPos" => range.friendly = flag(name, value).unwrap_or(false),
                "duration" => draft.duration_s = keep(time_s(name, value)),
                "until" => draft.until_s = keep(time_s(name, value)),
                "parkingArea" | "containerStop" | "chargingStation" | "overheadWireSegment" => {
                    notes.attribute(element.place, "stop", name, "the stop is left out");
                    return None;
                }
                "parking" if matches!(value.as_ref(), "true" | "1" | "opportunistic") => {
                    notes.attribute(element.place, "stop", name, "the vehicle stands on its lane");
                }
                "triggered" | "containerTriggered" | "joinTriggered" if value != "false" && value != "0" => {
                    waits = true;
                    notes.attribute(
                        element.place,
                        "stop",
                        name,
                        "the vehicle waits for nobody; without a duration the stop is left out",
                    );
                }
                "index" if value == "end" => {}
                "parking" | "triggered" | "containerTriggered" | "joinTriggered" | "onDemand"
                    if matches!(value.as_ref(), "false" | "0") => {}
                // What only outputs tell.
                "actType" | "tripId" | "line" => {}
                _ => notes.attribute(element.place, "stop", name, NOT_FOLLOWED),
            }
        }
        if let Site::Lane(_, there) | Site::Edge(_, there) = &mut draft.site {
            *there = range;
        }
        let has_length = draft.duration_s.is_some() || draft.until_s.is_some();
        if waits && !has_length {
            return None;
        }
        if !has_length && fault.is_none() {
            fault = Some("a stop gives neither duration nor until".to_owned());
        }
        if draft.duration_s.is_some_and(|duration_s| duration_s < 0.0) {
            fault = Some("the duration of a stop is negative".to_owned());
        }
        draft.fault = fault;
        Some(draft)
    }

    /// The stop at its place, or why there is none.
    pub(super) fn planned(&self, net: &Net<'_>, places: &StopPlaces<'_>) -> Result<PlannedStop, String> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let default_start = |end_m: f64| (end_m - 2.0 * SHORTEST_M).max(0.0);
        let (street, lane, (start_m, end_m)) = match &self.site {
            Site::None => return Err("a stop names neither busStop nor lane nor edge".to_owned()),
            Site::StopPlace(name) => {
                let row = places.find(name).ok_or_else(|| format!("it stops at '{name}', which is not defined"))?;
                (row.lane.street, Some(row.lane.lane), (row.start_m, row.end_m))
            }
            Site::Lane(name, range) => {
                let Some(LaneRef::Street(place)) = net.lanes.get(name) else {
                    return Err(format!("it stops on lane '{name}', which is no lane of a street"));
                };
                let length_m = net.streets[place.street as usize].lanes[place.lane as usize].length_m;
                (
                    place.street,
                    Some(place.lane),
                    range.on(length_m, default_start).map_err(|fault| format!("a stop {fault}"))?,
                )
            }
            Site::Edge(name, range) => {
                let street =
                    *net.street_rows.get(name).ok_or_else(|| format!("it stops on '{name}', which is no street"))?;
                let length_m = net.streets[street as usize].lanes[0].length_m;
                (street, None, range.on(length_m, default_start).map_err(|fault| format!("a stop {fault}"))?)
            }
        };
        let (duration_s, until_s) = (self.duration_s.unwrap_or(0.0), self.until_s);
        let until_from_departure = self.until_from_departure;
        Ok(PlannedStop { street, lane, start_m, end_m, duration_s, until_s, until_from_departure })
    }

    /// The street of the stop, if it is known.
    pub(super) fn street(&self, net: &Net<'_>, places: &StopPlaces<'_>) -> Option<u32> {
        self.planned(net, places).ok().map(|stop| stop.street)
    }
}

/// All places to stop at.
#[derive(Default)]
pub(super) struct StopPlaces<'a> {
    pub(super) rows: Vec<StopPlaceRow>,
    known: HashMap<Cow<'a, str>, u32>,
}

impl<'a> StopPlaces<'a> {
    /// A `busStop` or its like.
    pub(super) fn add(&mut self, element: &Element<'a>, net: &Net<'_>, notes: &mut Notes) -> Result<(), Blame> {
        let name = element.text("id")?.clone();
        let Some(lane) = street_lane(element, net, notes)? else { return Ok(()) };
        let range = Range {
            start_m: element.optional_number("startPos")?,
            end_m: element.optional_number("endPos")?,
            friendly: element.flag("friendlyPos", false)?,
        };
        let length_m = net.streets[lane.street as usize].lanes[lane.lane as usize].length_m;
        let bad = |reason| SumoFault::Bad { what: "place to stop at", name: name.to_string(), reason };
        let (start_m, end_m) = range.on(length_m, |_| 0.0).map_err(bad).at(element.place)?;
        if self.known.insert(name.clone(), self.rows.len() as u32).is_some() {
            return Err(SumoFault::Twice { what: "place to stop at", name: name.to_string() }).at(element.place);
        }
        self.rows.push(StopPlaceRow { name: name.into_owned(), lane, start_m, end_m });
        Ok(())
    }

    fn find(&self, name: &str) -> Option<&StopPlaceRow> {
        self.known.get(name).map(|row| &self.rows[*row as usize])
    }
}

/// The lane of a street that an element lies on; none, with a note, for lanes inside junctions.
pub(super) fn street_lane(element: &Element<'_>, net: &Net<'_>, notes: &mut Notes) -> Result<Option<LanePlace>, Blame> {
    let name = element.text("lane")?;
    match net.lanes.get(name) {
        Some(LaneRef::Street(place)) => Ok(Some(*place)),
        Some(LaneRef::Inner(_)) => {
            notes.attribute(element.place, element.name, "lane", "what lies inside a junction is left out");
            Ok(None)
        }
        None => Err(SumoFault::Unknown { what: "lane", name: name.to_string() }).at(element.place),
    }
}

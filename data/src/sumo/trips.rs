//! Vehicles, trips and flows as they are written, before it is known whether they can drive.

use std::borrow::Cow;

use engine::traffic::demand::{DepartLane, DepartPosition, DepartSpeed};

use super::configuration::Defaults;
use super::departures::{Departures, FlowTimes, Interval, Run, TRIGGERED};
use super::element::{Element, count, number, time_s};
use super::net::NOT_FOLLOWED;
use super::notes::Notes;
use super::routes::RouteName;
use super::source::{Blame, Place};
use super::stops::StopDraft;

/// The type of whoever names none.
const DEFAULT_TYPE: &str = "DEFAULT_VEHTYPE";
/// Which lane a vehicle begins on that does not say (SUMO 1.28, option `default.departlane`).
const DEFAULT_LANE: &str = "best_prob";
/// How fast a vehicle begins that does not say (SUMO 1.28, option `default.departspeed`).
const DEFAULT_SPEED: &str = "avg";

/// Where on the last street a trip ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Arrival {
    End,
    /// In metres; from the end if negative.
    At(f64),
}

/// How a trip finds its way.
#[derive(Clone, Debug)]
pub(super) enum Way<'a> {
    /// It says nothing.
    None,
    /// Along a route with a name.
    Named(Cow<'a, str>),
    /// Along a route of its own.
    Own(RouteName),
    /// Along edges that are to be joined by the fastest way.
    Through(Through<'a>),
}

/// Where a trip without a route goes.
#[derive(Clone, Debug, Default)]
pub(super) struct Through<'a> {
    from: Option<Cow<'a, str>>,
    to: Option<Cow<'a, str>>,
    via: Option<Cow<'a, str>>,
}

impl Through<'_> {
    /// The edges that come before the stops.
    pub(super) fn before_stops(&self) -> impl Iterator<Item = &str> {
        words(&self.from).chain(words(&self.via))
    }

    /// The edges that come after the stops.
    pub(super) fn after_stops(&self) -> impl Iterator<Item = &str> {
        words(&self.to)
    }

    /// Whether the way leads by the stops: given edges do already.
    pub(super) fn leads_by_stops(&self) -> bool {
        self.via.is_none()
    }
}

fn words<'t>(text: &'t Option<Cow<'_, str>>) -> std::str::SplitWhitespace<'t> {
    text.as_deref().unwrap_or_default().split_whitespace()
}

/// A vehicle, a trip or a flow.
pub(super) struct TripDraft<'a> {
    pub(super) place: Place,
    pub(super) name: Cow<'a, str>,
    pub(super) is_flow: bool,
    pub(super) type_name: Cow<'a, str>,
    pub(super) departures: Departures,
    pub(super) lane: DepartLane,
    pub(super) position: DepartPosition,
    pub(super) speed: DepartSpeed,
    pub(super) arrival: Arrival,
    pub(super) way: Way<'a>,
    pub(super) stops: Vec<StopDraft<'a>>,
    /// The first thing that is wrong with it, in words.
    pub(super) fault: Option<String>,
}

impl<'a> TripDraft<'a> {
    /// A `vehicle`, `trip` or `flow` begins, inside `interval` if it stands in one.
    pub(super) fn read(
        element: &Element<'a>,
        interval: Option<Interval>,
        defaults: &Defaults,
        run: Run,
        notes: &mut Notes,
    ) -> Result<Self, Blame> {
        let mut draft = Self {
            place: element.place,
            name: element.text("id")?.clone(),
            is_flow: element.name == "flow",
            type_name: Cow::Borrowed(DEFAULT_TYPE),
            departures: Departures::Once(0.0),
            lane: DepartLane::Best,
            position: DepartPosition::Base,
            speed: DepartSpeed::Max,
            arrival: Arrival::End,
            way: Way::None,
            stops: Vec::new(),
            fault: None,
        };
        let (mut through, mut times) = (Through::default(), FlowTimes { interval, ..FlowTimes::default() });
        let (mut depart, mut lane, mut speed) = (None, None, None);
        for (name, value) in &element.attributes {
            match *name {
                "id" => {}
                "type" => draft.type_name = value.clone(),
                "depart" => depart = Some(value),
                "route" => draft.way = Way::Named(value.clone()),
                "from" => through.from = Some(value.clone()),
                "to" => through.to = Some(value.clone()),
                "via" => through.via = Some(value.clone()).filter(|via| !via.trim().is_empty()),
                "departLane" => lane = Some(value.as_ref()),
                "departSpeed" => speed = Some(value.as_ref()),
                "departPos" => draft.depart_position(element, value, notes),
                "arrivalPos" => draft.arrival_position(element, value, notes),
                "begin" => times.begin = Some(value.clone()),
                "end" => times.end = Some(value.clone()),
                "number" => times.number = Some(value.clone()),
                "period" => times.period = Some(value.clone()),
                "vehsPerHour" | "perHour" => times.per_hour = Some(value.clone()),
                "probability" => times.probability = Some(value.clone()),
                "fromTaz" | "toTaz" | "fromJunction" | "toJunction" | "fromXY" | "toXY" | "viaXY" | "fromLonLat"
                | "toLonLat" | "viaLonLat" | "viaJunctions" => {
                    notes.attribute(element.place, element.name, name, "ways are found between edges only");
                }
                "arrivalLane" if value == "current" => {}
                "insertionChecks" if value == "all" => {}
                "color" | "line" | "name" | "personNumber" | "containerNumber" | "departPosLat" | "arrivalPosLat" => {}
                _ => notes.attribute(element.place, element.name, name, NOT_FOLLOWED),
            }
        }
        if through.from.is_some() && through.to.is_some() && matches!(draft.way, Way::None) {
            draft.way = Way::Through(through);
        }
        draft.depart_lane(element, lane, defaults, notes);
        draft.depart_speed(element, speed, defaults, notes);
        let departures = if draft.is_flow { times.departures(run) } else { departure(depart.map(Cow::as_ref), run) };
        match departures {
            Ok(departures) => draft.departures = departures,
            Err(fault) => draft.blame(fault),
        }
        Ok(draft)
    }

    /// Keeps the first thing that is wrong.
    pub(super) fn blame(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }

    fn depart_lane(&mut self, element: &Element<'a>, given: Option<&str>, defaults: &Defaults, notes: &mut Notes) {
        let text = given.or(defaults.depart_lane.as_deref()).unwrap_or(DEFAULT_LANE).trim();
        let (lane, meaning) = match text {
            "best" => (DepartLane::Best, None),
            "free" | "allowed" => (DepartLane::Free, None),
            "first" => (DepartLane::First, None),
            "random" => (DepartLane::Free, Some("the emptiest lane is taken")),
            "best_prob" if given.is_some() => (DepartLane::Best, Some(EMPTIEST_OF_THE_BEST)),
            "best_prob" => (DepartLane::Best, Some(NO_DEPART_LANE)),
            number => match count("departLane", number) {
                Ok(lane) => (DepartLane::Given(lane), None),
                Err(fault) => return self.blame(fault.to_string()),
            },
        };
        self.lane = lane;
        if let Some(meaning) = meaning {
            notes.attribute(element.place, element.name, "departLane", meaning);
        }
    }

    fn depart_speed(&mut self, element: &Element<'a>, given: Option<&str>, defaults: &Defaults, notes: &mut Notes) {
        let text = given.or(defaults.depart_speed.as_deref()).unwrap_or(DEFAULT_SPEED).trim();
        let (speed, meaning) = match text {
            "max" => (DepartSpeed::Max, None),
            "avg" => (DepartSpeed::Average, None),
            "random" | "desired" | "speedLimit" | "last" => (DepartSpeed::Max, Some(AS_FAST_AS_SAFE)),
            text => match number("departSpeed", text) {
                Ok(speed_mps) if speed_mps >= 0.0 => (DepartSpeed::Given(speed_mps), None),
                Ok(_) => return self.blame(format!("its departSpeed {text} is negative")),
                Err(fault) => return self.blame(fault.to_string()),
            },
        };
        self.speed = speed;
        if let Some(meaning) = meaning {
            notes.attribute(element.place, element.name, "departSpeed", meaning);
        }
    }

    fn depart_position(&mut self, element: &Element<'a>, text: &str, notes: &mut Notes) {
        self.position = match text.trim() {
            "base" => DepartPosition::Base,
            "last" => DepartPosition::Last,
            "random" | "free" | "random_free" | "random_location" | "stop" | "splitFront" => {
                notes.attribute(
                    element.place,
                    element.name,
                    "departPos",
                    "the vehicle begins at the beginning of the lane",
                );
                DepartPosition::Base
            }
            text => match number("departPos", text) {
                Ok(position_m) => DepartPosition::Given(position_m),
                Err(fault) => return self.blame(fault.to_string()),
            },
        };
    }

    fn arrival_position(&mut self, element: &Element<'a>, text: &str, notes: &mut Notes) {
        self.arrival = match text.trim() {
            "max" => Arrival::End,
            "random" | "center" => {
                notes.attribute(element.place, element.name, "arrivalPos", "the vehicle drives to the end of the lane");
                Arrival::End
            }
            text => match number("arrivalPos", text) {
                Ok(position_m) => Arrival::At(position_m),
                Err(fault) => return self.blame(fault.to_string()),
            },
        };
    }
}

const EMPTIEST_OF_THE_BEST: &str = "the emptiest of the best lanes is taken";
const NO_DEPART_LANE: &str =
    "where it is not given, the emptiest of the best lanes is taken; SUMO 1.28 draws one of them";
const AS_FAST_AS_SAFE: &str = "the vehicle begins as fast as it may and as is safe";

/// The departure of one vehicle.
fn departure(text: Option<&str>, run: Run) -> Result<Departures, String> {
    match text.map(str::trim) {
        None => Err("it gives no time of departure (depart)".to_owned()),
        Some("triggered" | "containerTriggered" | "split" | "now") => Err(TRIGGERED.to_owned()),
        Some("begin") => Ok(Departures::Once(run.begin_s)),
        Some(text) => time_s("depart", text).map(Departures::Once).map_err(|fault| fault.to_string()),
    }
}

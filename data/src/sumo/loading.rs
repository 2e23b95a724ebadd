//! What stands in additional files and in route files: types, routes, trips, people, places to stop at, detectors, programs of signals.
//!
//! SUMO takes most of it from files of either kind, and so does this. What it does not read is noted once a kind; what only
//! draws is passed over.

use std::collections::HashSet;

use super::admission::TRIPS_MAX;
use super::configuration::Defaults;
use super::departures::{Interval, Run};
use super::detectors::Detector;
use super::element::{Element, Handler, walk};
use super::error::SumoFault;
use super::net::{NOT_FOLLOWED, Net};
use super::notes::Notes;
use super::people::PersonDraft;
use super::routes::{RouteName, Routes, note_inside};
use super::signals::Signals;
use super::source::{At, Blame, Place, Sources};
use super::stops::{StopDraft, StopPlaces};
use super::trips::{TripDraft, Way};
use super::vehicle_types::{TypeDraft, Types};

const NO_CONTAINERS: &str = "containers are not simulated";
const NOT_WRITTEN: &str = "not written; results are where the run's are";

/// What is left out, and what that means.
const LEFT_OUT: [(&[&str], &str); 6] = [
    (&["container", "containerFlow", "containerStop"], NO_CONTAINERS),
    (
        &["parkingArea", "chargingStation", "parkingSpace", "overheadWireSegment", "tractionSubstation"],
        "stops there are left out",
    ),
    (&["taz", "tazRelation", "rerouter", "calibrator", "variableSpeedSign", "closingReroute"], NOT_FOLLOWED),
    (&["WAUT", "wautJunction", "timedEvent"], "signals do not change their programs during the run"),
    (
        &[
            "laneAreaDetector",
            "e2Detector",
            "entryExitDetector",
            "e3Detector",
            "instantInductionLoop",
            "edgeData",
            "laneData",
        ],
        NOT_WRITTEN,
    ),
    (&["vTypeProbe", "routeProbe", "edgeRelations"], NOT_WRITTEN),
];

/// What only draws.
const DRAWN: [&str; 3] = ["poly", "polygon", "poi"];
/// What says nothing by itself; it stands in files of other kinds, too.
const PASSED_OVER: [&str; 4] = ["location", "param", "access", "type"];

/// Reads additional files and route files, one after the other.
pub(super) struct Loading<'a, 'n> {
    net: &'n Net<'a>,
    run: Run,
    defaults: Defaults,
    pub(super) notes: &'n mut Notes,
    pub(super) signals: &'n mut Signals<'a>,
    pub(super) types: Types<'a>,
    pub(super) routes: Routes<'a>,
    pub(super) trips: Vec<TripDraft<'a>>,
    pub(super) people: Vec<PersonDraft<'a>>,
    pub(super) stop_places: StopPlaces<'a>,
    pub(super) detectors: Vec<Detector>,
    detector_names: HashSet<String>,
    open_type: Option<TypeDraft<'a>>,
    open_trip: Option<TripDraft<'a>>,
    open_person: Option<PersonDraft<'a>>,
    interval: Option<Interval>,
    in_logic: bool,
    root: Root,
    /// The depth of the element that is left out with all that stands in it.
    skipped: Option<usize>,
}

impl<'a, 'n> Loading<'a, 'n> {
    pub(super) fn new(
        net: &'n Net<'a>,
        run: Run,
        defaults: Defaults,
        signals: &'n mut Signals<'a>,
        notes: &'n mut Notes,
    ) -> Self {
        Self {
            net,
            run,
            notes,
            signals,
            types: Types::new(defaults.clone()),
            defaults,
            routes: Routes::default(),
            trips: Vec::new(),
            people: Vec::new(),
            stop_places: StopPlaces::default(),
            detectors: Vec::new(),
            detector_names: HashSet::new(),
            open_type: None,
            open_trip: None,
            open_person: None,
            interval: None,
            in_logic: false,
            root: Root::None,
            skipped: None,
        }
    }

    /// Reads a file.
    pub(super) fn read(&mut self, sources: &'a Sources, file: u32) -> Result<(), Blame> {
        self.root = Root::None;
        walk(sources, file, self)?;
        match self.root {
            Root::Expected => Ok(()),
            Root::None => Err(NO_ROUTES).at(Place { file, byte: 0 }),
            Root::Other(place) => Err(NO_ROUTES).at(place),
        }
    }

    fn detector(&mut self, element: &Element<'a>) -> Result<(), Blame> {
        let Some(detector) = Detector::read(element, self.net, self.notes)? else { return Ok(()) };
        if !self.detector_names.insert(detector.name.clone()) {
            return Err(SumoFault::Twice { what: "detector", name: detector.name }).at(element.place);
        }
        self.detectors.push(detector);
        Ok(())
    }

    fn stop(&mut self, element: &Element<'a>) {
        if self.routes.stop(element, self.notes) {
            return;
        }
        let Some(trip) = &mut self.open_trip else { return };
        trip.stops.extend(StopDraft::read(element, false, self.notes));
    }

    /// An element that is not read: noted, or passed over. Gives whether it is one of those that belong into these files.
    fn leave_out(&mut self, element: &Element<'a>, depth: usize) -> bool {
        let name = element.name;
        if DRAWN.contains(&name) || PASSED_OVER.contains(&name) {
            return DRAWN.contains(&name);
        }
        self.skipped = Some(depth);
        let known = LEFT_OUT.iter().find(|(names, _)| names.contains(&name));
        self.notes.element(element.place, name, known.map_or(NOT_FOLLOWED, |(_, meaning)| *meaning));
        known.is_some()
    }
}

/// What a file begins with.
#[derive(Clone, Copy)]
enum Root {
    /// Nothing as yet.
    None,
    /// What files of routes and of additional elements do, or something else with an element inside that belongs there: SUMO
    /// reads those as well.
    Expected,
    /// Something else, and nothing inside that belongs there.
    Other(Place),
}

/// What files of routes and of additional elements begin with, and did in earlier years.
const ROOTS: [&str; 4] = ["routes", "additional", "add", "additionals"];
/// What other files of SUMO's begin with, whose elements have names that are known here.
const OTHER_ROOTS: [&str; 7] =
    ["configuration", "sumoConfiguration", "net", "tripinfos", "fcd-export", "meandata", "summary"];
const NO_ROUTES: SumoFault = SumoFault::NoRoot {
    expected: "routes> or <additional",
    kind: "a file of routes (.rou.xml) or of additional elements (.add.xml)",
};

impl<'a> Handler<'a> for Loading<'a, '_> {
    fn start(&mut self, element: &Element<'a>, depth: usize) -> Result<(), Blame> {
        if depth == 0 {
            if OTHER_ROOTS.contains(&element.name) {
                return Err(NO_ROUTES).at(element.place);
            }
            self.root = if ROOTS.contains(&element.name) { Root::Expected } else { Root::Other(element.place) };
            return Ok(());
        }
        if self.skipped.is_some() {
            return Ok(());
        }
        if let Some(draft) = &mut self.open_type {
            return draft.inside(element, self.notes);
        }
        if let Some(person) = &mut self.open_person {
            person.inside(element, self.notes);
            return Ok(());
        }
        match element.name {
            "vehicle" | "trip" | "flow" => {
                if self.trips.len() as u64 == TRIPS_MAX {
                    return Err(SumoFault::TooMany { what: "trips", most: TRIPS_MAX }).at(element.place);
                }
                self.open_trip = Some(TripDraft::read(element, self.interval, &self.defaults, self.run, self.notes)?);
            }
            "person" | "personFlow" => {
                if self.people.len() as u64 == TRIPS_MAX {
                    return Err(SumoFault::TooMany { what: "persons", most: TRIPS_MAX }).at(element.place);
                }
                self.open_person = Some(PersonDraft::read(element, self.interval, self.run, self.notes)?);
            }
            "interval" => {
                self.interval = Some(Interval::read(element)?);
                return Ok(());
            }
            "route" => self.routes.open_route(element, self.open_trip.is_some(), self.net, self.notes)?,
            "stop" => self.stop(element),
            "routeDistribution" => self.routes.open_distribution(element)?,
            "vType" => match element.get("refId") {
                Some(name) => self.types.refer(element, name.clone())?,
                None => self.open_type = Some(TypeDraft::new(element, &self.defaults, self.notes)?),
            },
            "vTypeDistribution" => self.types.open_distribution(element)?,
            "busStop" | "trainStop" => self.stop_places.add(element, self.net, self.notes)?,
            "e1Detector" | "inductionLoop" => self.detector(element)?,
            "tlLogic" => {
                self.in_logic = true;
                self.signals.open(element, self.notes)?;
            }
            "param" if self.in_logic => self.signals.parameter(element, self.notes)?,
            "phase" if self.in_logic => self.signals.phase(element, self.notes)?,
            _ if self.open_trip.is_some() => note_inside(element, self.notes),
            _ if !self.leave_out(element, depth) => return Ok(()),
            _ => {}
        }
        self.root = Root::Expected;
        Ok(())
    }

    fn end(&mut self, name: &str, depth: usize) -> Result<(), Blame> {
        if let Some(skipped) = self.skipped {
            self.skipped = Some(skipped).filter(|skipped| *skipped < depth);
            return Ok(());
        }
        match name {
            "vType" => {
                if let Some(draft) = self.open_type.take() {
                    self.types.close_type(draft, self.notes)?;
                }
            }
            "vTypeDistribution" => self.types.close_distribution()?,
            "route" => {
                let own = self.routes.close_route()?;
                self.own_route(own);
            }
            "routeDistribution" => {
                let own = self.routes.close_distribution()?;
                self.own_route(own);
            }
            "vehicle" | "trip" | "flow" => self.trips.extend(self.open_trip.take()),
            "person" | "personFlow" => self.people.extend(self.open_person.take()),
            "interval" => self.interval = None,
            "tlLogic" => {
                self.in_logic = false;
                self.signals.close()?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl Loading<'_, '_> {
    /// A route inside a vehicle is its own.
    fn own_route(&mut self, own: Option<RouteName>) {
        if let (Some(own), Some(trip)) = (own, &mut self.open_trip) {
            trip.way = Way::Own(own);
        }
    }
}

//! People: `person` and `personFlow` with their walks.
//!
//! A person walks from the middle of an edge to the middle of another, along edges in between or the shortest way, over the
//! crossings there; several walks follow on each other. Everybody has a speed of its own, as people do
//! ([`engine::traffic::pedestrians`]), but those whose walk gives one. Whoever rides, or walks where there is no way, is refused. Left
//! out: stops on the way, places along edges, and types.

use std::borrow::Cow;
use std::collections::HashSet;

use engine::traffic::demand::{RandomWalk, TrafficDemand};
use engine::traffic::pedestrians::Walk;

use super::admission::{Outside, RefusedTrip, TRIPS_MAX};
use super::departures::{Departures, FlowTimes, Interval, Run, TRIGGERED, expected};
use super::element::{Element, number, time_s};
use super::error::SumoFault;
use super::footways::Footways;
use super::net::{NOT_FOLLOWED, Net};
use super::notes::Notes;
use super::parameters::note_parameter;
use super::source::{At, Blame, Place, Sources};

const FROM_MIDDLE_TO_MIDDLE: &str = "people walk from the middle of an edge to the middle of another";
const OWN_SPEEDS: &str = "people walk at speeds of their own, drawn as people are";
const NO_STOPS: &str = "people walk on without stopping";

/// A person, or a flow of them.
pub(super) struct PersonDraft<'a> {
    place: Place,
    name: Cow<'a, str>,
    departures: Departures,
    /// Names of the edges on the way.
    edges: Vec<Cow<'a, str>>,
    speed_mps: Option<f64>,
    /// The first thing that is wrong, in words.
    fault: Option<String>,
}

impl<'a> PersonDraft<'a> {
    /// A `person` or `personFlow` begins, inside `interval` if it stands in one.
    pub(super) fn read(
        element: &Element<'a>,
        interval: Option<Interval>,
        run: Run,
        notes: &mut Notes,
    ) -> Result<Self, Blame> {
        let mut draft = Self {
            place: element.place,
            name: element.text("id")?.clone(),
            departures: Departures::Once(run.begin_s),
            edges: Vec::new(),
            speed_mps: None,
            fault: None,
        };
        let mut times = FlowTimes { interval, ..FlowTimes::default() };
        let mut depart = None;
        for (name, value) in &element.attributes {
            match *name {
                "id" | "color" => {}
                "depart" => depart = Some(value.as_ref()),
                "begin" => times.begin = Some(value.clone()),
                "end" => times.end = Some(value.clone()),
                "number" => times.number = Some(value.clone()),
                "period" => times.period = Some(value.clone()),
                "personsPerHour" | "perHour" => times.per_hour = Some(value.clone()),
                "probability" => times.probability = Some(value.clone()),
                "type" => notes.attribute(element.place, element.name, name, OWN_SPEEDS),
                "departPos" => notes.attribute(element.place, element.name, name, FROM_MIDDLE_TO_MIDDLE),
                _ => notes.attribute(element.place, element.name, name, NOT_FOLLOWED),
            }
        }
        let departures = match (element.name, depart) {
            ("personFlow", _) => times.departures(run),
            (_, Some("triggered")) => Err(TRIGGERED.to_owned()),
            (_, Some("begin") | None) => Ok(Departures::Once(run.begin_s)),
            (_, Some(text)) => time_s("depart", text).map(Departures::Once).map_err(|fault| fault.to_string()),
        };
        match departures {
            Ok(departures) => draft.departures = departures,
            Err(fault) => draft.blame(fault),
        }
        Ok(draft)
    }

    fn blame(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }

    /// What stands in it.
    pub(super) fn inside(&mut self, element: &Element<'a>, notes: &mut Notes) {
        match element.name {
            "walk" => self.walk(element, notes),
            "stop" => notes.element(element.place, "person stop", NO_STOPS),
            "param" => note_parameter(element, notes),
            "ride" | "personTrip" | "tranship" | "transport" | "access" => {
                self.blame(format!("its <{}> is not simulated: only walks are", element.name));
            }
            name => notes.element(element.place, name, NOT_FOLLOWED),
        }
    }

    fn walk(&mut self, element: &Element<'a>, notes: &mut Notes) {
        let mut ends = [None, None];
        for (name, value) in &element.attributes {
            match *name {
                "from" => ends[0] = Some(value.clone()),
                "to" => ends[1] = Some(value.clone()),
                "edges" => self.edges.extend(words(value)),
                "speed" => match number("speed", value) {
                    Ok(speed_mps) if speed_mps > 0.0 => self.speed_mps = Some(speed_mps),
                    _ => self.blame(format!("speed=\"{value}\" of its walk is not a number of more than 0")),
                },
                "arrivalPos" | "departPos" => {
                    notes.attribute(element.place, "walk", name, FROM_MIDDLE_TO_MIDDLE);
                }
                "route" | "busStop" | "fromJunction" | "toJunction" | "fromTaz" | "toTaz" => {
                    self.blame(format!("its walk gives {name}; give edges, or from and to, with edges"));
                }
                _ => notes.attribute(element.place, "walk", name, NOT_FOLLOWED),
            }
        }
        self.edges.extend(ends.into_iter().flatten());
    }

    /// The streets on the way, each once where it is named twice in a row.
    fn streets(&self, net: &Net<'_>) -> Result<Vec<u32>, String> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let row = |name: &Cow<'_, str>| {
            let unknown = || format!("it names the edge '{name}', which is no street of the network");
            net.street_rows.get(name).copied().ok_or_else(unknown)
        };
        let mut streets = self.edges.iter().map(row).collect::<Result<Vec<u32>, String>>()?;
        streets.dedup();
        if streets.is_empty() { Err("it walks nowhere".to_owned()) } else { Ok(streets) }
    }
}

fn words<'a>(text: &Cow<'a, str>) -> Vec<Cow<'a, str>> {
    match text {
        Cow::Borrowed(text) => text.split_whitespace().map(Cow::Borrowed).collect(),
        Cow::Owned(text) => text.split_whitespace().map(|word| Cow::Owned(word.to_owned())).collect(),
    }
}

/// Lets people in who have a way; the others are refused. Fails where there are too many altogether.
pub(super) fn admit(
    drafts: &[PersonDraft<'_>],
    footways: &Footways<'_, '_>,
    net: &Net<'_>,
    run: Run,
    sources: &Sources,
    demand: &mut TrafficDemand,
    refused: &mut Vec<RefusedTrip>,
) -> Result<(), Blame> {
    let mut names = HashSet::new();
    let mut count = 0;
    for draft in drafts {
        let mut refuse = |count: u64, reason: String| {
            let (file, line) = (sources.shared_path(draft.place), sources.line(draft.place));
            refused.push(RefusedTrip { file, line, name: draft.name.to_string(), count, reason });
        };
        let way = if names.insert(draft.name.as_ref()) {
            draft.streets(net).and_then(|streets| {
                footways.way(&streets).ok_or_else(|| "no way leads on foot from edge to edge of its walk".to_owned())
            })
        } else {
            Err("its name is there before".to_owned())
        };
        let way = match way {
            Ok(way) => way,
            Err(reason) => {
                refuse(draft.departures.count(run), reason);
                continue;
            }
        };
        let walk = |name: String, depart_s: f64| Walk {
            name,
            depart_s,
            speed_mps: draft.speed_mps,
            legs: way.legs.clone(),
            last_way_m: way.last_way_m,
        };
        count += match &draft.departures {
            Departures::Random { begin_s, end_s, most, arrivals } => {
                expected(*arrivals, (begin_s.max(run.begin_s), end_s.min(run.until_s())), *most)
            }
            departures => departures.count(run),
        };
        if count > TRIPS_MAX {
            return Err(SumoFault::TooMany { what: "persons", most: TRIPS_MAX }).at(draft.place);
        }
        match &draft.departures {
            Departures::Once(depart_s) => match run.refuses(*depart_s) {
                Some(reason) => refuse(1, reason.to_owned()),
                None => demand.walks.push(walk(draft.name.to_string(), *depart_s)),
            },
            Departures::Regular(regular) => {
                let clipped = regular.clipped(run);
                demand.walks.extend((clipped.first..clipped.end).map(|number| {
                    let name = format!("{}.{}", draft.name, number - clipped.first);
                    walk(name, regular.depart_s(number))
                }));
                let outside = Outside { before_begin: clipped.before_begin, after_end: clipped.after_end };
                outside.refused(run).for_each(|(count, reason)| refuse(count, reason.to_owned()));
            }
            Departures::Random { begin_s, end_s, most, arrivals } => {
                let (begin_s, end_s) = (begin_s.max(run.begin_s), end_s.min(run.until_s()));
                let walk = walk(draft.name.to_string(), 0.0);
                demand.random_walks.push(RandomWalk { walk, begin_s, end_s, most: *most, arrivals: *arrivals });
            }
        }
    }
    Ok(())
}

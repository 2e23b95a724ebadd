//! Induction loops (`e1Detector`, `inductionLoop`).

use engine::traffic::network::rows::LanePlace;

use super::element::{Element, time_s, wrong};
use super::error::SumoFault;
use super::net::{NOT_FOLLOWED, Net};
use super::notes::Notes;
use super::source::{At, Blame};
use super::stops::street_lane;

/// No detector adds up over a shorter time, in seconds: each has a row in memory and in its file.
const SHORTEST_S: f64 = 0.1;

/// An induction loop: counts the vehicles that pass over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Detector {
    /// Its name.
    pub name: String,
    /// The lane.
    pub lane: LanePlace,
    /// Where on the lane, in metres from its beginning.
    pub position_m: f64,
    /// Over how many seconds it adds up, at least 0.1; none for the whole run.
    pub period_s: Option<f64>,
    /// The file that SUMO writes it to, as it is written there.
    pub file: String,
}

impl Detector {
    /// Reads one; none where it lies inside a junction.
    pub(super) fn read(element: &Element<'_>, net: &Net<'_>, notes: &mut Notes) -> Result<Option<Self>, Blame> {
        let name = element.text("id")?.to_string();
        let Some(lane) = street_lane(element, net, notes)? else { return Ok(None) };
        let length_m = net.streets[lane.street as usize].lanes[lane.lane as usize].length_m;
        for (attribute, _) in &element.attributes {
            if matches!(*attribute, "vTypes" | "nextEdges" | "detectPersons") {
                notes.attribute(element.place, element.name, attribute, NOT_FOLLOWED);
            }
        }
        let named = |name: &'static str| element.get(name).map(|value| (name, value));
        let period = named("period").or_else(|| named("freq"));
        let period_s = period.map(|(name, value)| period_s(name, value)).transpose().at(element.place)?;
        let file = element.get("file").map_or_else(String::new, |file| file.to_string());
        Ok(Some(Self { name, lane, position_m: position_m(element, length_m)?, period_s, file }))
    }
}

fn period_s(name: &str, value: &str) -> Result<f64, SumoFault> {
    let period_s = time_s(name, value)?;
    let expected = "a time of at least 0.1 s; give a longer one, or none for the whole run";
    if period_s >= SHORTEST_S { Ok(period_s) } else { Err(wrong(name, value, expected)) }
}

fn position_m(element: &Element<'_>, length_m: f64) -> Result<f64, Blame> {
    let written_m = element.number("pos")?;
    let position_m = if written_m < 0.0 { written_m + length_m } else { written_m };
    // Lengths are written with two digits; positions may have been worked out with more.
    if (0.0..=length_m + 0.01).contains(&position_m) || element.flag("friendlyPos", false)? {
        return Ok(position_m.clamp(0.0, length_m));
    }
    let expected = "a place on its lane; set friendlyPos, or correct it";
    Err(wrong("pos", &written_m.to_string(), expected)).at(element.place)
}

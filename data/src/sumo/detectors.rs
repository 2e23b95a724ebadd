//! Induction loops (`e1Detector`, `inductionLoop`).

use engine::traffic::network::rows::LanePlace;

use super::element::{Element, time_s, wrong};
use super::net::{NOT_FOLLOWED, Net};
use super::notes::Notes;
use super::source::{At, Blame};
use super::stops::street_lane;

/// An induction loop: counts the vehicles that pass over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Detector {
    /// Its name.
    pub name: String,
    /// The lane.
    pub lane: LanePlace,
    /// Where on the lane, in metres from its beginning.
    pub position_m: f64,
    /// Over how many seconds it adds up, more than 0; none for the whole run.
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
        let period = element.get("period").or_else(|| element.get("freq"));
        let period_s = period.map(|value| time_s("period", value)).transpose().at(element.place)?;
        if let Some(period_s) = period_s.filter(|period_s| *period_s <= 0.0) {
            return Err(wrong("period", &period_s.to_string(), "a time of more than 0 s")).at(element.place);
        }
        let file = element.get("file").map_or_else(String::new, |file| file.to_string());
        Ok(Some(Self { name, lane, position_m: position_m(element, length_m)?, period_s, file }))
    }
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

//! What about an edit may not fit the city.

use std::fmt::Display;

use engine::key::Key;
use engine::time::ClockTime;

use crate::scenario::file::PEOPLE_MAX;
use crate::scenario::problem::Place;

/// Something about an edit that does not fit the city.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Misfit {
    /// A name or key that the city does not have.
    #[error("the city has no {what} '{name}'{}", .nearest.as_ref().map(|near| format!("; did you mean '{near}'?")).unwrap_or_default())]
    Missing {
        /// What is missing.
        what: &'static str,
        /// As the scenario names it.
        name: String,
        /// What is most like it.
        nearest: Option<String>,
    },
    /// What is lifted is not there.
    #[error("no parent has the {what} '{name}', which is lifted here{}", .nearest.as_ref().map(|near| format!("; did you mean '{near}'?")).unwrap_or_default())]
    NothingToLift {
        /// What is lifted.
        what: &'static str,
        /// As the scenario names it.
        name: String,
        /// What is most like it.
        nearest: Option<String>,
    },
    /// Nothing fulfils all conditions.
    #[error("no link fulfils all of these conditions; loosen one")]
    NoLinks,
    /// Streets do not meet.
    #[error("{} meet at no junction of the city; name streets that do, or the key of the junction", .0.join(" and "))]
    NoMeeting(Vec<String>),
    /// Lanes are reserved, and none is left.
    #[error(
        "at {time} this takes {taken} of the {lanes} lanes of '{key}' and leaves none to those who may use the others; give the link more lanes, close it to them, or take fewer"
    )]
    NoLaneLeft {
        /// The link.
        key: Key,
        /// Its lanes.
        lanes: u8,
        /// How many are taken.
        taken: u8,
        /// From when on.
        time: ClockTime,
    },
    /// A line's point is nowhere near the streets that buses use.
    #[error(
        "no junction that buses reach in the line's hours lies within {0} m of this point; move it, or name a junction"
    )]
    FarFromBuses(f64),
    /// A line leads from a place to the same place.
    #[error("place {place} of the line is the one before it, where it is already; name another place, or leave it out")]
    SamePlace {
        /// The place, from 1.
        place: usize,
    },
    /// A line cannot be driven.
    #[error(
        "buses cannot get to place {place} from the one before in all of the line's hours; name other places, or open streets to buses"
    )]
    NoWayForBuses {
        /// The place, from 1.
        place: usize,
    },
    /// A roundabout is there already.
    #[error("'{0}' is on the ring of a roundabout already, of this scenario or a parent; name each junction once")]
    OnRing(Key),
    /// The junctions of a crossing lie too far apart.
    #[error(
        "the ring does not go around all of the junctions of '{0}'; make its diameter larger, or name fewer junctions"
    )]
    RingTooSmall(Key),
    /// A street would lie within the ring.
    #[error(
        "the street of '{0}' would end within the ring or less than 5 m outside of it; make the diameter smaller, or name the junction at its other end, too"
    )]
    StreetInsideRing(Key),
    /// A street leaves a crossing and comes back to it.
    #[error(
        "the street of '{0}' leaves these junctions and comes back to them, so that they are no one crossing; name fewer"
    )]
    ComesBack(Key),
    /// A ring with fewer than three arms.
    #[error("a roundabout at '{key}' would have {arms} arms; it needs three at least")]
    FewArms {
        /// The junction.
        key: Key,
        /// How many arms it would have.
        arms: usize,
    },
    /// A junction of a crossing has no arm of its own, but a zone or gate hangs on it.
    #[error("'{0}' would be left over within the ring, but trips begin or end there; name another set of junctions")]
    LeftOver(Key),
    /// No key can be made.
    #[error("the key of '{0}' is too long to name a roundabout after")]
    LongKey(Key),
    /// No zone lies in the area.
    #[error("no zone has its centre in this area; check its corners")]
    NoZones,
    /// A link is in two low-emission zones.
    #[error("'{0}' is in another low-emission zone already, of this scenario or a parent; let the zones not overlap")]
    TwoCleanZones(Key),
    /// No building stands in an area.
    #[error("no building has its middle in this area; check its corners")]
    NoBuildings,
    /// A new building shares ground with one that stands.
    #[error(
        "it shares {shared_m2:.0} m2 of ground with building '{key}'; move it, or pull that one down with [[demolish]]"
    )]
    OnBuilding {
        /// The building that stands.
        key: Key,
        /// What they share, in square metres.
        shared_m2: f64,
    },
    /// A tree would stand in a building.
    #[error("the point {x:.1}, {y:.1} (metres) lies in a building; move the tree")]
    TreeInside {
        /// Easting, in metres.
        x: f64,
        /// Northing, in metres.
        y: f64,
    },
    /// A name makes no key.
    #[error("'{0}' is too long or holds signs that no key can; give another name")]
    NoKey(String),
    /// The area is not in the city.
    #[error("{0}")]
    Outside(String),
    /// The quarter has no known ground.
    #[error("the ground of quarter '{0}' is not known; give a polygon")]
    NoGround(String),
    /// Two edits set one thing to two values.
    #[error("this sets {what} of '{key}' to {value}, but line {other_line} sets it to {other}; keep one of them")]
    Contradiction {
        /// What is set.
        what: &'static str,
        /// Of which thing.
        key: Key,
        /// To what.
        value: String,
        /// The other edit's line.
        other_line: usize,
        /// What that one sets.
        other: String,
    },
    /// One edit lets pass whom another does not.
    #[error("this {} '{key}' {classes}{when}, but line {other_line} {}; keep one of them, or move one into a parent or child scenario, where the child's edit holds", if *.opens { "opens" } else { "closes" }, if *.opens { "closes it to them" } else { "opens it to them" })]
    Access {
        /// The link.
        key: Key,
        /// Whether this edit opens and the other closes, or the other way round.
        opens: bool,
        /// "to" whom.
        classes: String,
        /// "", or from when on.
        when: String,
        /// The other edit's line.
        other_line: usize,
    },
    /// A direction is given to a street that is closed.
    #[error(
        "nobody may use '{0}' in this direction, since an edit of this file or of a parent closes it; remove the direction or the closure, or open the link with `classes` in a child scenario"
    )]
    NobodyToDirect(Key),
    /// An end of a road is too far from any junction.
    #[error(
        "the road {end}s {distance_m:.0} m from the nearest junction, '{junction}'; move the point, give `{field}` the key of a junction, or raise snap_m"
    )]
    LooseEnd {
        /// `begin` or `end`.
        end: &'static str,
        /// How far, in metres.
        distance_m: f64,
        /// The nearest junction.
        junction: Key,
        /// The field that would name it.
        field: &'static str,
    },
    /// Both ends of a road are one junction.
    #[error("the road begins and ends at the same junction, '{0}'; lengthen it or name its junctions")]
    Loop(Key),
    /// A direction is given to links both ways.
    #[error(
        "the selection holds both directions of the street of '{0}', so it does not say which is meant; name the links of one"
    )]
    BothDirections(Key),
    /// A name that cannot be part of a key, or is used twice.
    #[error("the road's name '{0}' is used twice or cannot be part of a key; choose another")]
    RoadName(String),
    /// A zone would have fewer than no people.
    #[error("this leaves zone '{zone}' with {value:.0} {what}; it has only {now:.0}")]
    BelowZero {
        /// The zone.
        zone: Key,
        /// Residents or jobs.
        what: &'static str,
        /// What would be left.
        value: f64,
        /// What it has.
        now: f64,
    },
    /// A zone would have more people than a zone can.
    #[error("this gives zone '{zone}' {value:.0} {what}; a zone has at most {PEOPLE_MAX}")]
    TooMany {
        /// The zone.
        zone: Key,
        /// Residents or jobs.
        what: &'static str,
        /// What it would have.
        value: f64,
    },
}

/// Every edit of a chain of scenarios that does not fit the city.
#[derive(Debug, Clone, PartialEq)]
pub struct ApplyError(pub(super) Vec<(String, Place, Misfit)>);

impl std::error::Error for ApplyError {}

impl Display for ApplyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines: Vec<String> =
            self.0.iter().map(|(file, place, misfit)| format!("{file}:{place}: {misfit}")).collect();
        f.write_str(&lines.join("\n"))
    }
}

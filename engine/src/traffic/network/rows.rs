//! The rows that a lane-level network is built from, whatever they come from. Indices are rows of the other tables.

use geo::Coord;

use super::{CrossingRule, Direction, GapAcceptance, Permissions, RightOfWay};
use crate::signals::Program;
use crate::signals::control::Control;

/// Everything that a network is made of.
#[derive(Clone, Debug, Default)]
pub struct NetworkRows {
    /// Junctions.
    pub junctions: Vec<JunctionRow>,
    /// Streets, each in one direction.
    pub streets: Vec<StreetRow>,
    /// Movements through junctions, lane to lane.
    pub movements: Vec<MovementRow>,
    /// Signals.
    pub signals: Vec<SignalRow>,
    /// Places to stop at.
    pub stop_places: Vec<StopPlaceRow>,
    /// Places where people cross on foot.
    pub crossings: Vec<CrossingRow>,
}

/// A junction.
#[derive(Clone, Debug)]
pub struct JunctionRow {
    /// Name, unique among junctions.
    pub name: String,
    /// Where it is, in projected metres.
    pub place: Coord,
}

/// A street.
#[derive(Clone, Debug)]
pub struct StreetRow {
    /// Name, unique among streets.
    pub name: String,
    /// Row of the junction where it begins.
    pub from_junction: u32,
    /// Row of the junction where it ends.
    pub to_junction: u32,
    /// Whether it is part of the ring of a roundabout.
    pub is_roundabout: bool,
    /// Its lanes from right to left, at least one.
    pub lanes: Vec<LaneRow>,
}

/// A lane.
#[derive(Clone, Debug)]
pub struct LaneRow {
    /// Length in metres, positive; need not be that of the shape.
    pub length_m: f64,
    /// Speed limit in metres a second, positive.
    pub speed_limit_mps: f64,
    /// Who may drive on it.
    pub permissions: Permissions,
    /// Width in metres, positive.
    pub width_m: f64,
    /// Middle line in projected metres, at least two points.
    pub shape: Vec<Coord>,
}

/// A lane of a street, by the street's row and the lane's number from the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LanePlace {
    /// Row of the street.
    pub street: u32,
    /// Number from the right, from 0.
    pub lane: u32,
}

/// One way through a junction, from a lane to a lane.
#[derive(Clone, Debug)]
pub struct MovementRow {
    /// The lane that it comes from.
    pub from: LanePlace,
    /// The lane that it leads to.
    pub to: LanePlace,
    /// Which way it turns.
    pub direction: Direction,
    /// The lanes inside the junction: none, one, or two where one waits inside between them.
    pub inside: Vec<LaneRow>,
    /// The rule where no signal rules.
    pub rule: RightOfWay,
    /// The signal and its lamp, if any.
    pub signal: Option<(u32, u32)>,
    /// Whether one may enter only where the way out is free.
    pub keep_clear: bool,
    /// How far before the junction one sees all that must be given way to, in metres; not negative.
    pub visibility_m: f64,
    /// How those who give way use gaps; `None` where that is left to how they drive.
    pub gaps: Option<GapAcceptance>,
    /// Rows of the movements that it gives way to.
    pub yields_to: Vec<u32>,
    /// Rows of the movements of the same junction that touch it, whoever gives way.
    pub touches: Vec<u32>,
}

/// A signal.
#[derive(Clone, Debug)]
pub struct SignalRow {
    /// Name, unique among signals.
    pub name: String,
    /// What it shows when, where the clock alone decides.
    pub program: Program,
    /// What decides instead, for a signal that follows traffic.
    pub responsive: Option<ResponsiveRow>,
}

/// Control that follows traffic, and where it looks.
#[derive(Clone, Debug)]
pub struct ResponsiveRow {
    /// The control before it has begun, with as many lamps as the signal's program.
    pub control: Control,
    /// What it sees before the junction, in the order of
    /// [`Observations::lanes`](crate::signals::control::Observations::lanes).
    pub detectors: Vec<DetectorRow>,
    /// The lanes that each place behind the junction is made of, in the order of
    /// [`Observations::downstream_veh`](crate::signals::control::Observations::downstream_veh).
    pub downstream: Vec<Vec<LanePlace>>,
}

/// What is seen of one lane that leads to a junction. Where a lane is shorter than a distance, that goes on along the only
/// way that leads to the lane; where there are several, it ends at the lane's beginning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetectorRow {
    /// The lane, at whose end the stop line is.
    pub lane: LanePlace,
    /// How far before the stop line the loop lies that vehicles drive over, in metres; not negative.
    pub before_m: f64,
    /// From how far before the stop line on vehicles are counted, in metres; 0 where they are not.
    pub range_m: f64,
}

/// A place to stop at.
#[derive(Clone, Debug)]
pub struct StopPlaceRow {
    /// Name, unique among places to stop at.
    pub name: String,
    /// The lane.
    pub lane: LanePlace,
    /// Where it begins on the lane, in metres from the lane's beginning.
    pub start_m: f64,
    /// Where it ends, beyond `start_m` and not beyond the lane's end.
    pub end_m: f64,
}

/// A place where people cross a street on foot.
#[derive(Clone, Debug)]
pub struct CrossingRow {
    /// Name, unique among crossings.
    pub name: String,
    /// Row of its junction: it crosses lanes inside it, and those of streets that begin or end there.
    pub junction: u32,
    /// From kerb to kerb across all lanes, in projected metres, at least two points.
    pub shape: Vec<Coord>,
    /// Width in metres, positive.
    pub width_m: f64,
    /// Who goes first.
    pub rule: CrossingRule,
}

//! The lane-level network: what is known of streets and junctions before any vehicle moves.
//!
//! Lanes are numbered: first the lanes of streets, link by link from the right (index 0, beside the kerb) to the left, then
//! the lanes *inside* junctions, one or two for each movement. A [`Passage`] leads from one lane to the next: from a
//! street lane into the junction (*entry*), between two lanes inside it (*inner*: where one waits inside the junction for
//! the oncoming traffic), out of it (*exit*), or straight from street to street where a movement has no inner lane.
//!
//! Whoever fills the rows ([`rows`]) knows a format or a city, or has only streets and [derives](mod@derive) lanes from them;
//! [`LaneNetwork::build`] checks them, works out where the ways through a junction touch, and lays everything out for the
//! simulations.

mod build;
mod conflicts;
mod crossings;
pub mod derive;
mod responsive;
pub mod rows;

pub use build::{LENGTH_MAX_M, NetworkFault};
pub use crossings::{Crossed, Crossing, CrossingRule};

use geo::Coord;

use crate::signals::Program;
use crate::signals::control::Control;

/// A set of permissions: bit n stands for the vehicles whose [`crate::traffic::demand::VehicleType::permission`] is n.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(pub u64);

impl Permissions {
    /// Everybody.
    pub const ALL: Self = Self(u64::MAX);

    /// Whether vehicles of a permission number (0 to 63) may drive here.
    #[must_use]
    pub fn allow(self, permission: u8) -> bool {
        self.0 >> permission & 1 == 1
    }
}

/// A directed stretch of street between two junctions, with its lanes side by side.
#[derive(Clone, Debug)]
pub struct Street {
    /// Number of its rightmost lane.
    pub first_lane: u32,
    /// How many lanes it has, at least 1.
    pub lane_count: u32,
    /// The junction where it begins.
    pub from_junction: u32,
    /// The junction where it ends.
    pub to_junction: u32,
    /// Whether it is part of the ring of a roundabout.
    pub is_roundabout: bool,
}

impl Street {
    /// The numbers of its lanes, from right to left.
    #[must_use]
    pub fn lanes(&self) -> std::ops::Range<u32> {
        self.first_lane..self.first_lane + self.lane_count
    }
}

/// One lane, of a street or inside a junction.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Length in metres, positive.
    pub length_m: f64,
    /// Speed limit in metres a second, positive.
    pub speed_limit_mps: f64,
    /// Who may drive on it.
    pub permissions: Permissions,
    /// Width in metres, positive.
    pub width_m: f64,
    /// Its street; `None` inside a junction.
    pub street: Option<u32>,
    /// The junction that it ends at, or lies in.
    pub junction: u32,
    /// Where its conflicts stand in [`LaneNetwork::conflicts`]; empty for lanes of streets.
    pub conflicts: Span,
    /// Where the passages that leave it stand in [`LaneNetwork::passages`].
    pub passages: Span,
}

/// A range of rows of another table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First row.
    pub start: u32,
    /// One past the last row.
    pub end: u32,
}

impl Span {
    /// As a range of indices.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether it holds no row.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// What kind of step from lane to lane a [`Passage`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassageKind {
    /// From a street into the junction.
    Entry,
    /// Between two lanes inside a junction: the place to wait for the oncoming traffic.
    Inner,
    /// From the junction onto a street.
    Exit,
    /// From street to street, without a lane between.
    Direct,
}

/// Which rule holds at a passage where no signal rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RightOfWay {
    /// Others give way.
    Priority,
    /// Gives way to the movements that it [yields](LaneNetwork::yields) to.
    Yield,
    /// Stops, then gives way.
    Stop,
    /// Everybody stops; who came first goes first.
    AllWayStop,
    /// Whoever comes from the right goes first.
    RightBeforeLeft,
    /// Two lanes become one, in turns.
    Zipper,
}

/// Which way a movement turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Ahead.
    Straight,
    /// To the right, or half right.
    Right,
    /// To the left, or half left.
    Left,
    /// Back.
    Turnaround,
}

/// How drivers use gaps in the traffic that goes first, in the two numbers by which the field measures that (Highway Capacity
/// Manual, 6th edition, chapters 20 and 22).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GapAcceptance {
    /// The critical headway: the least time from one vehicle that goes first to the next between which somebody enters, in
    /// seconds; positive.
    pub critical_s: f64,
    /// The follow-up headway: the time from one who enters to the next where nobody is in their way, in seconds; positive and
    /// no longer than the critical headway. Lane by lane it follows from how vehicles follow each other.
    pub follow_up_s: f64,
    /// By how much each second of waiting at the line shortens the headway that a driver accepts, in seconds; not negative. That
    /// it does is what A. Polus, S. Lazar and M. Livneh (2003) found, *Critical gap as a function of waiting time in determining
    /// roundabout capacity*, Journal of Transportation Engineering 129, 504–509.
    pub pressing: f64,
}

impl GapAcceptance {
    /// The headway that somebody accepts who has waited at the line for so long; no shorter than one who follows another
    /// needs.
    #[must_use]
    pub fn accepted_s(&self, waited_s: f64) -> f64 {
        (self.critical_s - self.pressing * waited_s).max(self.follow_up_s)
    }
}

/// A step from one lane to the next.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The lane that it leaves.
    pub from_lane: u32,
    /// The lane that comes next.
    pub to_lane: u32,
    /// The street lane that the movement reaches in the end.
    pub exit_lane: u32,
    /// The street of that lane.
    pub exit_street: u32,
    /// What kind of step it is.
    pub kind: PassageKind,
    /// Which way the movement turns.
    pub direction: Direction,
    /// The rule where no signal rules.
    pub rule: RightOfWay,
    /// Whether one enters here although one may have to wait inside the junction, further on.
    pub waits_inside: bool,
    /// The signal and its lamp that rule here, if any.
    pub signal: Option<(u32, u32)>,
    /// Whether one may stop inside the junction behind it only where nobody is in the way.
    pub keep_clear: bool,
    /// How far before the passage one sees all that must be given way to, in metres.
    pub visibility_m: f64,
    /// Length of the way through the junction from here to the street behind it, in metres.
    pub inside_length_m: f64,
    /// How those who give way use gaps; `None` where that is left to how they drive.
    pub gaps: Option<GapAcceptance>,
    /// The passages that it gives way to, rows of [`LaneNetwork::yields`].
    pub yields: Span,
    /// Whether another passage gives way to it, so that it must know who comes.
    pub is_watched: bool,
}

/// How two lanes inside a junction touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictKind {
    /// They cross.
    Cross,
    /// They end in the same lane.
    Merge,
    /// They begin in the same lane.
    Diverge,
}

/// Where one lane inside a junction touches another, told for both.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The other lane.
    pub foe_lane: u32,
    /// How they touch.
    pub kind: ConflictKind,
    /// Where on this lane the room that both need begins, in metres.
    pub enter_m: f64,
    /// Where it ends.
    pub leave_m: f64,
    /// Where on the other lane it begins.
    pub foe_enter_m: f64,
    /// Where it ends.
    pub foe_leave_m: f64,
    /// Who gives way.
    pub precedence: Precedence,
}

/// Who goes first where two movements touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precedence {
    /// The other movement gives way to this one.
    Own,
    /// This movement gives way to the other.
    Foe,
    /// Neither gives way, or both do.
    Neither,
}

/// A junction.
#[derive(Clone, Debug)]
pub struct Junction {
    /// Where it is, in projected metres.
    pub place: Coord,
}

/// The lanes of a place for buses, or any other place to stop at.
#[derive(Clone, Debug)]
pub struct StopPlace {
    /// The lane.
    pub lane: u32,
    /// Where the place begins on the lane, in metres.
    pub start_m: f64,
    /// Where it ends.
    pub end_m: f64,
}

/// A set of lamps that change together.
#[derive(Clone, Debug)]
pub struct Signal {
    /// What it shows when, where the clock alone decides.
    pub program: Program,
    /// What decides instead, for a signal that follows traffic.
    pub responsive: Option<Responsive>,
}

/// Control that follows traffic, and where it looks. Simulations clone the control: what it has seen is theirs.
#[derive(Clone, Debug)]
pub struct Responsive {
    /// The control before it has begun.
    pub control: Control,
    /// What it sees before the junction.
    pub detectors: Vec<Detector>,
    /// The lanes of each place behind the junction.
    pub downstream: Vec<Vec<u32>>,
    /// Lanes on which buses are looked for, before the stop lines and as far back as the control looks ahead; empty where it
    /// favours none.
    pub bus_lanes: Vec<u32>,
}

/// What is seen of one lane that leads to a junction.
#[derive(Clone, Debug, PartialEq)]
pub struct Detector {
    /// The lane, at whose end the stop line is.
    pub lane: u32,
    /// How far before the stop line the loop lies that vehicles drive over, in metres.
    pub before_m: f64,
    /// The lane that the loop lies on: that with the stop line, or one before it.
    pub loop_lane: u32,
    /// Where the loop lies on it, in metres from the lane's beginning.
    pub loop_m: f64,
    /// The lanes on which vehicles are counted, each with the place from which on they are, in metres from its beginning; that
    /// with the stop line first.
    pub counted: Vec<(u32, f64)>,
}

/// The network, laid out for simulations. See the module's description.
#[derive(Clone, Debug)]
pub struct LaneNetwork {
    /// Streets.
    pub streets: Vec<Street>,
    /// Lanes: those of streets, then those inside junctions.
    pub lanes: Vec<Lane>,
    /// Steps from lane to lane, in the order of the lane that they leave.
    pub passages: Vec<Passage>,
    /// Passages that others give way to; see [`Passage::yields`].
    pub yields: Vec<u32>,
    /// Where lanes inside junctions touch; see [`Lane::conflicts`].
    pub conflicts: Vec<Conflict>,
    /// Where people cross on foot.
    pub crossings: Vec<Crossing>,
    /// Where they cross lanes, by lane; see [`LaneNetwork::crossed_on`].
    pub crossed: Vec<Crossed>,
    /// The rows of each lane in [`LaneNetwork::crossed`]; empty where nobody crosses any.
    pub crossed_rows: Vec<Span>,
    /// Junctions.
    pub junctions: Vec<Junction>,
    /// Signals.
    pub signals: Vec<Signal>,
    /// Places to stop at.
    pub stop_places: Vec<StopPlace>,
    /// Middle line of each lane, as rows of [`LaneNetwork::points`].
    pub shapes: Vec<Span>,
    /// Points of all middle lines, in projected metres.
    pub points: Vec<Coord>,
    /// The one lane before a lane inside a junction; `u32::MAX` for street lanes.
    pub before: Vec<u32>,
    /// How many lanes belong to streets; those inside junctions follow.
    pub street_lane_count: u32,
}

impl LaneNetwork {
    /// The middle line of a lane.
    #[must_use]
    pub fn shape(&self, lane: u32) -> &[Coord] {
        &self.points[self.shapes[lane as usize].range()]
    }

    /// Where people cross a lane on foot, from its beginning on.
    #[must_use]
    pub fn crossed_on(&self, lane: u32) -> &[Crossed] {
        self.crossed_rows.get(lane as usize).map_or(&[], |rows| &self.crossed[rows.range()])
    }

    /// The passages that leave a lane.
    #[must_use]
    pub fn passages_from(&self, lane: u32) -> &[Passage] {
        &self.passages[self.lanes[lane as usize].passages.range()]
    }

    /// Whether a passage to which another one yields yields to that as well.
    #[must_use]
    pub fn is_mutual(&self, passage: u32, other: u32) -> bool {
        self.yields[self.passages[other as usize].yields.range()].contains(&passage)
    }

    /// Whether a passage leads from a lane to another, or to one beside that: vehicles change lanes.
    #[must_use]
    pub(super) fn leads_beside(&self, from: u32, to: u32) -> bool {
        let street = self.lanes[to as usize].street;
        let is_beside = |lane: u32| lane == to || (street.is_some() && self.lanes[lane as usize].street == street);
        self.passages_from(from).iter().any(|passage| is_beside(passage.to_lane))
    }
}

//! Streets as most sources know them: a middle line, a number of lanes, a speed limit, and a rank.
//!
//! What is checked here holds for all that follows. Left out: signs at single approaches.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::Coord;

use super::super::Permissions;
use super::lines;
use crate::city::RoadClass;

/// Streets and junctions without lane-level data. Numbers are rows of the other tables.
#[derive(Clone, Debug, Default)]
pub struct PlainStreets {
    /// Junctions.
    pub junctions: Vec<PlainJunction>,
    /// Streets, each in one direction.
    pub streets: Vec<PlainStreet>,
    /// Turns that nobody may make: the street that they leave, and the one that they enter.
    pub banned_turns: Vec<(u32, u32)>,
    /// Vehicles an hour that make each turn in the busiest hour, by the street that they leave and the one that they enter;
    /// turns that are not there have none. `None` where flows are not known.
    pub turn_flows_vph: Option<BTreeMap<(u32, u32), f64>>,
    /// Where people cross on foot besides signals, which have crossings of their own.
    pub crossings: Vec<PlainCrossing>,
}

/// A place where people cross a street on foot, without a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainCrossing {
    /// Row of the junction.
    pub junction: u32,
    /// Row of a street that begins or ends there: all lanes on its axis are crossed.
    pub street: u32,
    /// Whether it is marked, so that people go first (a zebra).
    pub is_marked: bool,
}

/// How a junction is regulated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Control {
    /// By signs, as the ranks of its streets suggest: a main road and those who give way to it; right before left among
    /// equals; whoever is in a roundabout goes first.
    #[default]
    Signs,
    /// Whoever comes from the right goes first, whatever the ranks.
    RightBeforeLeft,
    /// Everybody stops; who came first goes first.
    AllWayStop,
    /// By signals.
    Signals,
}

/// A place where streets meet or end.
#[derive(Clone, Debug)]
pub struct PlainJunction {
    /// Name, unique among junctions.
    pub name: String,
    /// Where it is, in projected metres.
    pub place: Coord,
    /// How far from there its streets may begin and end, in metres: [`LOOSE_END_MAX_M`], or more where it is no point but
    /// several crossings that are one junction. Streets that end further away than [`LOOSE_END_MAX_M`] keep their ends.
    pub reach_m: f64,
    /// How it is regulated.
    pub control: Control,
}

/// A street in one direction.
#[derive(Clone, Debug)]
pub struct PlainStreet {
    /// Name, unique among streets; must not end in `#pocket` or `#rest`.
    pub name: String,
    /// What people call the road, if they do: its parts belong together where it is asked which road is the main one.
    pub road_name: Option<Arc<str>>,
    /// Row of the junction where it begins.
    pub from_junction: u32,
    /// Row of the junction where it ends.
    pub to_junction: u32,
    /// Line in driving direction, in projected metres, at least two points; begins and ends within
    /// [`PlainJunction::reach_m`] of its junctions. It is the axis that both directions of a two-way street share, or the
    /// middle of a one-way carriageway.
    pub line: Vec<Coord>,
    /// Row of the street in the other direction, on the same axis; `None` for a one-way street.
    pub partner: Option<u32>,
    /// Lanes, 1 to [`LANES_MAX`].
    pub lane_count: u32,
    /// Width of each lane in metres, positive.
    pub lane_width_m: f64,
    /// Speed limit in metres a second, positive.
    pub speed_limit_mps: f64,
    /// Who may drive on it.
    pub permissions: Permissions,
    /// Who may drive on the lanes that are not for all: the rightmost ones, from the right; fewer than there are lanes.
    pub reserved: Vec<Permissions>,
    /// How important the road is, as [`rank`] tells: the higher goes first.
    pub rank: u8,
    /// Whether it is part of the ring of a roundabout.
    pub is_roundabout: bool,
}

/// The most lanes that a street has in one direction.
pub const LANES_MAX: u32 = 40;
/// How far a street may begin or end from a junction that is a point, in metres.
pub const LOOSE_END_MAX_M: f64 = 1.0;
/// A street must be longer than this, in metres.
pub const LENGTH_MIN_M: f64 = 0.1;

/// How important a class of road is where roads meet, 0 to 7. A ramp gives way to whatever it leads to but to streets of
/// quarters. Our rule, after the order of OpenStreetMap's classes.
#[must_use]
pub fn rank(class: RoadClass) -> u8 {
    match class {
        RoadClass::Motorway => 7,
        RoadClass::Trunk => 6,
        RoadClass::Primary => 5,
        RoadClass::Secondary => 4,
        RoadClass::Tertiary => 3,
        RoadClass::MotorwayRamp => 2,
        RoadClass::Residential => 1,
        RoadClass::Service
        | RoadClass::LivingStreet
        | RoadClass::Pedestrian
        | RoadClass::Cycleway
        | RoadClass::Footway => 0,
    }
}

/// Why no network can be derived.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DeriveFault {
    /// A junction is nowhere.
    #[error("junction '{name}': its place is no number")]
    Place {
        /// The junction's name.
        name: String,
    },
    /// A street names a junction that does not exist.
    #[error("street '{name}': the junction where it {what} is not among the junctions")]
    Junction {
        /// The street's name.
        name: String,
        /// Which end.
        what: &'static str,
    },
    /// A street's line has fewer than two points, or one that is no number.
    #[error("street '{name}': its line needs at least two points, all of them numbers")]
    Line {
        /// The street's name.
        name: String,
    },
    /// A street's line does not run from junction to junction.
    #[error(
        "street '{name}': its line ends {distance_m:.1} m from its junction, but may end at most {reach_m} m from it"
    )]
    Loose {
        /// The street's name.
        name: String,
        /// How far, in metres.
        distance_m: f64,
        /// How far it may, in metres.
        reach_m: f64,
    },
    /// A street has next to no length.
    #[error("street '{name}' is {length_m} m long, but must be longer than {LENGTH_MIN_M} m")]
    Short {
        /// The street's name.
        name: String,
        /// Its length in metres.
        length_m: f64,
    },
    /// A number of lanes is out of range.
    #[error("street '{name}' has {count} lanes, but must have 1 to {LANES_MAX}")]
    Lanes {
        /// The street's name.
        name: String,
        /// How many.
        count: u32,
    },
    /// No lane is for all.
    #[error("street '{name}' has {lanes} lanes, of which {reserved} are reserved: leave one for all others, at least")]
    Reserved {
        /// The street's name.
        name: String,
        /// How many are reserved.
        reserved: usize,
        /// How many it has.
        lanes: u32,
    },
    /// A number is out of range.
    #[error("street '{name}': its {what} is {value}, but must be more than 0")]
    NotPositive {
        /// The street's name.
        name: String,
        /// Which number.
        what: &'static str,
        /// The number.
        value: f64,
    },
    /// A street's partner is not its other direction.
    #[error(
        "street '{name}': its other direction does not lead back from its end to its begin, or has another partner"
    )]
    Partner {
        /// The street's name.
        name: String,
    },
    /// A banned turn is none.
    #[error("banned turn {number}: its streets do not meet, or are not among the streets")]
    Turn {
        /// Its number, from 1.
        number: usize,
    },
    /// A crossing on foot crosses nothing, or has a signal.
    #[error(
        "crossing on foot {number}: street '{street}' neither begins nor ends at its junction, or the junction has a signal, whose crossings are derived"
    )]
    Crossing {
        /// Its number, from 1.
        number: usize,
        /// The street's name.
        street: String,
    },
    /// The default times of a signal make no program.
    #[error("the signal of junction '{name}': {fault}")]
    Signal {
        /// The junction's name.
        name: String,
        /// What is wrong.
        fault: crate::signals::ProgramFault,
    },
}

impl PlainStreets {
    /// Everything that is wrong with the rows, in their order; empty where a network can be derived.
    #[must_use]
    pub fn faults(&self) -> Vec<DeriveFault> {
        let mut faults = Vec::new();
        for junction in &self.junctions {
            if !is_place(junction.place) {
                faults.push(DeriveFault::Place { name: junction.name.clone() });
            }
        }
        for (row, street) in self.streets.iter().enumerate() {
            self.street_faults(row as u32, street, &mut faults);
        }
        for (index, &(from, to)) in self.banned_turns.iter().enumerate() {
            let street = |row: u32| self.streets.get(row as usize);
            let meet = street(from).zip(street(to)).is_some_and(|(from, to)| from.to_junction == to.from_junction);
            if !meet {
                faults.push(DeriveFault::Turn { number: index + 1 });
            }
        }
        for (index, crossing) in self.crossings.iter().enumerate() {
            let street = self.streets.get(crossing.street as usize);
            let has_signal = self
                .junctions
                .get(crossing.junction as usize)
                .is_none_or(|junction| junction.control == Control::Signals);
            let is_there =
                street.is_some_and(|street| [street.from_junction, street.to_junction].contains(&crossing.junction));
            if has_signal || !is_there {
                let street = street.map_or("?", |street| &street.name).to_owned();
                faults.push(DeriveFault::Crossing { number: index + 1, street });
            }
        }
        faults
    }

    fn street_faults(&self, row: u32, street: &PlainStreet, faults: &mut Vec<DeriveFault>) {
        let name = || street.name.clone();
        let place =
            |junction: u32| self.junctions.get(junction as usize).map(|junction| (junction.place, junction.reach_m));
        let ends = [(place(street.from_junction), "begins"), (place(street.to_junction), "ends")];
        for (place, what) in ends {
            if place.is_none() {
                faults.push(DeriveFault::Junction { name: name(), what });
            }
        }
        if !(1..=LANES_MAX).contains(&street.lane_count) {
            faults.push(DeriveFault::Lanes { name: name(), count: street.lane_count });
        }
        let (reserved, lanes) = (street.reserved.len(), street.lane_count);
        if reserved > 0 && reserved >= lanes as usize {
            faults.push(DeriveFault::Reserved { name: name(), reserved, lanes });
        }
        for (what, value) in [("lane width", street.lane_width_m), ("speed limit", street.speed_limit_mps)] {
            if !(value.is_finite() && value > 0.0) {
                faults.push(DeriveFault::NotPositive { name: name(), what, value });
            }
        }
        if let Some(partner) = street.partner {
            let leads_back = self.streets.get(partner as usize).is_some_and(|other| {
                partner != row
                    && other.partner == Some(row)
                    && (other.from_junction, other.to_junction) == (street.to_junction, street.from_junction)
            });
            if !leads_back {
                faults.push(DeriveFault::Partner { name: name() });
            }
        }
        if street.line.len() < 2 || !street.line.iter().copied().all(is_place) {
            faults.push(DeriveFault::Line { name: name() });
            return;
        }
        let [Some(from), Some(to)] = ends.map(|(place, _)| place) else { return };
        if !is_place(from.0) || !is_place(to.0) {
            return;
        }
        for ((place, reach_m), end) in [(from, street.line[0]), (to, street.line[street.line.len() - 1])] {
            let distance_m = lines::norm(place - end);
            if distance_m > reach_m.max(LOOSE_END_MAX_M) {
                faults.push(DeriveFault::Loose { name: name(), distance_m, reach_m });
            }
        }
        let length_m = lines::length_m(&self.line(street));
        if length_m <= LENGTH_MIN_M {
            faults.push(DeriveFault::Short { name: name(), length_m });
        }
    }

    /// A street's line, tied to the places of its junctions where it ends near them, without points that repeat.
    pub(super) fn line(&self, street: &PlainStreet) -> Vec<Coord> {
        let mut line = street.line.clone();
        let last = line.len() - 1;
        for (end, junction) in [(0, street.from_junction), (last, street.to_junction)] {
            let place = self.junctions[junction as usize].place;
            if lines::norm(place - line[end]) <= LOOSE_END_MAX_M {
                line[end] = place;
            }
        }
        lines::cleaned(&line)
    }
}

fn is_place(place: Coord) -> bool {
    place.x.is_finite() && place.y.is_finite()
}

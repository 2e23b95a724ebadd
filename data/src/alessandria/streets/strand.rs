//! A strand: one drawn line of road, before it is cut into links where it meets others.

use std::sync::Arc;

use engine::city::{RoadClass, Structure};
use engine::provenance::{Origin, Provenance};
use geo::Coord;

use super::roundabouts::Island;

/// The layers of the network. Lines of one layer meet where they cross; lines of different layers pass each other by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Layer {
    /// Streets on the ground.
    Ground,
    /// Motorway carriageways; only ramps lead to them.
    Motorway,
}

/// How a strand meets what it crosses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meeting {
    /// At grade: a junction arises where it crosses another strand that is at grade too.
    AtGrade,
    /// At its ends alone: a motorway, a ramp, a bridge, an underpass.
    AtEnds,
}

/// In which directions a strand may be driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Both ways.
    Both,
    /// Only as it is drawn.
    Drawn,
    /// Only against the way that it is drawn.
    Reversed,
}

impl Direction {
    /// Whether it may be driven as drawn.
    pub(super) fn forward(self) -> bool {
        self != Self::Reversed
    }

    /// Whether it may be driven against the way that it is drawn.
    pub(super) fn backward(self) -> bool {
        self != Self::Drawn
    }
}

/// What a line is, where its maker knows: what is not given here is left to the rules of [`super::classes`].
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Given {
    /// What the road is for.
    pub(super) class: Option<RoadClass>,
    /// Lanes as drawn and against.
    pub(super) lanes: Option<(u8, u8)>,
    /// Free speed.
    pub(super) speed_kmh: Option<f64>,
    /// Whether heavy vehicles are kept out.
    pub(super) no_heavy_vehicles: bool,
}

/// One drawn line of road.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Strand {
    /// Its stable name, the stem of the keys of its links (`osm:way/48984833`, `via:48703/a`, `skeleton:bridge-sp10`).
    pub(super) stem: String,
    /// The street's name.
    pub(super) name: Option<Arc<str>>,
    /// Its course.
    pub(super) line: Vec<Coord<f64>>,
    /// The layer of its course; a ramp's ends may lie in either.
    pub(super) layer: Layer,
    /// How it meets what it crosses.
    pub(super) meeting: Meeting,
    /// Which ways it may be driven.
    pub(super) direction: Direction,
    /// What is known of it beside its name and course.
    pub(super) given: Given,
    /// Ground, bridge or tunnel.
    pub(super) structure: Structure,
    /// What lies within it, where it is the ring of a roundabout.
    pub(super) island: Option<Island>,
    /// Where it is from.
    pub(super) provenance: Provenance,
}

impl Strand {
    /// A two-way street on the ground, of which nothing but name and course is known.
    pub(super) fn street(stem: String, name: Option<Arc<str>>, line: Vec<Coord<f64>>, provenance: Provenance) -> Self {
        Self {
            stem,
            name,
            line,
            layer: Layer::Ground,
            meeting: Meeting::AtGrade,
            direction: Direction::Both,
            given: Given::default(),
            structure: Structure::Ground,
            island: None,
            provenance,
        }
    }

    /// Whether it is a ramp: a way between a motorway and the streets.
    pub(super) fn is_ramp(&self) -> bool {
        self.given.class == Some(RoadClass::MotorwayRamp)
    }

    /// Where it is drawn from and to.
    pub(super) fn ends(&self) -> [Coord<f64>; 2] {
        [self.line[0], self.line[self.line.len() - 1]]
    }

    /// Real, derived or synthetic.
    pub(super) fn origin(&self) -> Origin {
        self.provenance.origin
    }
}

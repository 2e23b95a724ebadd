//! The city's streets at some times of day, and where each link is among them.
//!
//! One street for each link that any of the given classes may use at any of these times, with the bits of these classes as permissions; its
//! name is the link's key. Lanes are as long as they are drawn: a length that a link has beyond its line is left out. Lane
//! widths are those of the Italian decree 6792 of 5 November 2001 (tables 3.4.a; urban roads), on rings 4 m. Junctions
//! carry the key of the first of those that they join. Where the city's data do not tell who goes first, rules do
//! (`control`), and [`CityJunction::control_origin`] says so.

use std::collections::{BTreeMap, HashMap};

use geo::Coord;

use super::joining::{Joined, join};
use super::open_links::{OpenLink, OpenLinks};
use super::{control, rings, turns};
use crate::city::{CityTables, RoadClass};
use crate::key::Key;
use crate::provenance::Origin;
use crate::time::{ClockTime, DayType};
use crate::traffic::network::Permissions;
use crate::traffic::network::derive::{
    Control, LOOSE_END_MAX_M, PlainJunction, PlainStreet, PlainStreets, lines, rank,
};
use crate::vehicles::ClassSet;

/// Width of a lane on a roundabout, in metres.
const RING_LANE_WIDTH_M: f64 = 4.0;

/// Where a link is in the lane network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPlace {
    /// It is that row of the streets.
    Street(u32),
    /// It lies inside that row of the junctions.
    Inside(u32),
    /// It is closed to all classes asked for.
    Closed,
}

/// What stands behind a junction of the streets.
#[derive(Clone, Debug, PartialEq)]
pub struct CityJunction {
    /// Rows of the city's junctions that are one here, ascending, at least one.
    pub members: Vec<u32>,
    /// Where its control is from.
    pub control_origin: Origin,
}

/// Streets of a city at one time of day.
#[derive(Clone, Debug)]
pub struct CityStreets {
    /// The streets.
    pub plain: PlainStreets,
    /// For each junction of the streets what it stands for.
    pub junctions: Vec<CityJunction>,
    /// For each row of the city's links where it is.
    pub places: Vec<LinkPlace>,
    /// For each street the row of its link.
    pub links: Vec<u32>,
}

/// Why a city has no streets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StreetsError {
    /// A row names a thing that is not in the tables.
    #[error("{table}: '{missing}' is named but is not in the city")]
    Missing {
        /// The table that it should be in.
        table: &'static str,
        /// What is missing.
        missing: Key,
    },
    /// A link's geometry has fewer than two points.
    #[error("links: the geometry of '{link}' has fewer than two points")]
    Line {
        /// The link.
        link: Key,
    },
    /// There is nowhere to drive.
    #[error("no link of the city is open at that time to the vehicles that are asked for; give them access to links")]
    Closed,
}

impl CityStreets {
    /// Makes the flows of turns known, in vehicles an hour from street to street: lanes and signals then suit them.
    #[must_use]
    pub fn with_turn_flows(mut self, flows_vph: BTreeMap<(u32, u32), f64>) -> Self {
        self.plain.turn_flows_vph = Some(flows_vph);
        self
    }

    /// The streets that any of `classes` may use at any of some times of such a day, in the order of their links: the
    /// network of a simulation that passes all these times. Who may go where when is a matter of the trips' ways.
    ///
    /// `base_flows_vph` gives vehicles an hour on each link in the base's busiest hour, by row, where that is known; links
    /// beyond its end have none. Signals then stand also where nobody would find a gap without them. A scenario is given
    /// those of its base, so that its traffic does not move signals.
    ///
    /// # Errors
    /// [`StreetsError`] where the tables name what they do not hold, or nothing is open.
    pub fn extract(
        tables: &CityTables,
        day: DayType,
        times: &[ClockTime],
        classes: ClassSet,
        base_flows_vph: Option<&[f64]>,
    ) -> Result<Self, StreetsError> {
        let open = OpenLinks::new(tables, day, times, classes)?;
        if open.links.is_empty() {
            return Err(StreetsError::Closed);
        }
        let is_ring = rings::rings(&open);
        let ruled = turns::ruled(tables, day, times);
        let assemble = |has_signals: &[bool]| {
            let joined = join(&open, &is_ring, has_signals);
            Self::assemble(tables, &open, &is_ring, &joined, &ruled, base_flows_vph)
        };
        // Where signals stand is known only once carriageways are joined, and then joins more.
        let mut has_signals = vec![false; tables.junctions.len()];
        let first = assemble(&has_signals);
        for (junction, row) in first.junctions.iter().zip(&first.plain.junctions) {
            for &member in &junction.members {
                has_signals[member as usize] = row.control == Control::Signals;
            }
        }
        Ok(assemble(&has_signals))
    }

    fn assemble(
        tables: &CityTables,
        open: &OpenLinks<'_>,
        is_ring: &[bool],
        joined: &Joined,
        ruled: &HashMap<(u32, u32), ClassSet>,
        base_flows_vph: Option<&[f64]>,
    ) -> Self {
        let (junctions, rows) = junctions(open, &joined.first);
        let mut plain = PlainStreets::default();
        for CityJunction { members, .. } in &junctions {
            plain.junctions.push(plain_junction(tables, members));
        }
        let junction = |row: u32| rows[joined.first[row as usize] as usize];
        let mut places = vec![LinkPlace::Closed; tables.links.len()];
        let mut links = Vec::new();
        let mut streets: Vec<Option<u32>> = Vec::with_capacity(open.links.len());
        for (link, is_inside) in open.links.iter().zip(&joined.is_inside) {
            if *is_inside {
                places[link.row as usize] = LinkPlace::Inside(junction(link.from));
                streets.push(None);
            } else {
                let street = links.len() as u32;
                places[link.row as usize] = LinkPlace::Street(street);
                links.push(link.row);
                streets.push(Some(street));
            }
        }
        let mut leaving = vec![Vec::new(); open.places.len()];
        for (number, link) in (0_u32..).zip(&open.links) {
            if streets[number as usize].is_some() {
                leaving[joined.first[link.from as usize] as usize].push(number);
                let ends = (junction(link.from), junction(link.to));
                let partner = link.partner.and_then(|partner| streets[partner as usize]);
                plain.streets.push(plain_street(link, ends, partner, is_ring[number as usize]));
            }
        }
        plain.banned_turns = turns::banned(open, joined, ruled, &leaving)
            .into_iter()
            .filter_map(|(from, to)| streets[from as usize].zip(streets[to as usize]))
            .collect();
        let flow_vph = |flows: &[f64], link: &u32| flows.get(*link as usize).copied().unwrap_or(0.0);
        let flows_vph: Option<Vec<f64>> =
            base_flows_vph.map(|flows| links.iter().map(|link| flow_vph(flows, link)).collect());
        let controls = control::controls(&plain, flows_vph.as_deref());
        for (junction, control) in plain.junctions.iter_mut().zip(controls) {
            junction.control = control;
        }
        Self { plain, junctions, places, links }
    }
}

/// The junctions that have an open link, in the order of their first member; and the row of each by that member's row.
fn junctions(open: &OpenLinks<'_>, first: &[u32]) -> (Vec<CityJunction>, Vec<u32>) {
    let mut rows = vec![u32::MAX; first.len()];
    let mut junctions: Vec<CityJunction> = Vec::new();
    for (row, &first) in (0_u32..).zip(first) {
        let is_used = !open.leaving[row as usize].is_empty() || !open.entering[row as usize].is_empty();
        if first == row && is_used {
            rows[row as usize] = junctions.len() as u32;
            junctions.push(CityJunction { members: vec![row], control_origin: Origin::Derived });
        } else if first != row
            && let Some(junction) = junctions.get_mut(rows[first as usize] as usize)
        {
            junction.members.push(row);
        }
    }
    (junctions, rows)
}

fn plain_junction(tables: &CityTables, members: &[u32]) -> PlainJunction {
    let position = |row: u32| tables.junctions[row as usize].facts.position;
    let sum = members.iter().fold(Coord::zero(), |sum, &row| sum + position(row));
    let place = if members.len() > 1 { sum / members.len() as f64 } else { position(members[0]) };
    let reach_m = members.iter().map(|&row| lines::norm(position(row) - place)).fold(0.0, f64::max) + LOOSE_END_MAX_M;
    let name = tables.junctions[members[0] as usize].key.to_string();
    PlainJunction { name, place, reach_m, control: Control::Signs }
}

fn plain_street(link: &OpenLink<'_>, ends: (u32, u32), partner: Option<u32>, is_roundabout: bool) -> PlainStreet {
    let class = link.facts.class;
    PlainStreet {
        name: link.key.to_string(),
        road_name: link.facts.name.clone(),
        from_junction: ends.0,
        to_junction: ends.1,
        line: link.line.clone(),
        partner,
        lane_count: u32::from(link.facts.lanes),
        lane_width_m: if is_roundabout { RING_LANE_WIDTH_M } else { lane_width_m(class) },
        speed_limit_mps: link.facts.free_speed_mps,
        permissions: Permissions(u64::from(link.classes.bits())),
        reserved: Vec::new(),
        rank: rank(class),
        is_roundabout,
    }
}

/// Width of a lane by the class of its road, in metres.
fn lane_width_m(class: RoadClass) -> f64 {
    match class {
        RoadClass::Motorway | RoadClass::MotorwayRamp | RoadClass::Trunk => 3.75,
        RoadClass::Primary => 3.5,
        RoadClass::Secondary => 3.25,
        RoadClass::Tertiary => 3.0,
        RoadClass::Residential
        | RoadClass::Service
        | RoadClass::LivingStreet
        | RoadClass::Pedestrian
        | RoadClass::Cycleway
        | RoadClass::Footway => 2.75,
    }
}

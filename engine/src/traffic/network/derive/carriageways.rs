//! Lanes of streets, beside each other on the right of a two-way street's axis, or about the middle of a one-way street.
//!
//! Streets keep their rows; their second parts, with a pocket or behind an acceleration lane, and the places where these begin
//! come behind all others. All lanes of a street are
//! as long as the middle of its carriageway. Where a street only bends at a junction, the lanes of both parts meet.

use geo::Coord;

use super::super::rows::{JunctionRow, LanePlace, LaneRow, MovementRow, StreetRow};
use super::super::{Direction, RightOfWay};
use super::acceleration::{AccelerationLane, acceleration_lanes};
use super::plain::PlainStreet;
use super::setbacks::{Setback, pocket_width_m};
use super::site::{NodeKind, Site};
use super::ways::curve;
use super::{lines, pockets};

/// A lane is no shorter than this, in metres.
const LENGTH_MIN_M: f64 = 0.05;

/// Where an acceleration lane ends the others go straight on over this, in metres.
const END_OF_LANE_M: f64 = 1.0;

/// The rows of streets with lanes.
pub(super) struct Carriageways {
    pub(super) junctions: Vec<JunctionRow>,
    pub(super) streets: Vec<StreetRow>,
    /// The row at whose end each street meets its last junction: its own, or its second part's.
    pub(super) last_rows: Vec<u32>,
    /// Movements from the first parts of streets to the second ones.
    pub(super) tapers: Vec<MovementRow>,
    /// The acceleration lane that each street begins with.
    acceleration: Vec<Option<AccelerationLane>>,
}

impl Carriageways {
    pub(super) fn new(site: &Site, setbacks: &[Setback], pocket_lengths_m: &[Option<f64>]) -> Self {
        let streets = &site.plain.streets;
        let junctions = &site.plain.junctions;
        let mut all = Self {
            junctions: junctions
                .iter()
                .map(|junction| JunctionRow { name: junction.name.clone(), place: junction.place })
                .collect(),
            streets: Vec::with_capacity(streets.len()),
            last_rows: (0..streets.len() as u32).collect(),
            tapers: Vec::new(),
            acceleration: acceleration_lanes(site),
        };
        for (row, street) in streets.iter().enumerate() {
            let pocket_m = pocket_lengths_m[row].map_or(0.0, |length_m| length_m + pockets::TAPER_M);
            let end_m = site.lengths_m[row] - setbacks[row].end_m - pocket_m;
            let (before, after) = neighbours(site, row as u32);
            let (lanes, end_m) = match all.acceleration[row] {
                Some(lane) => (Lanes::with_acceleration(street, lane), setbacks[row].start_m + lane.length_m),
                None => (Lanes::of(street), end_m),
            };
            let line = lines::part(&site.lines[row], setbacks[row].start_m, end_m);
            all.streets.push(street_row(street, street.name.clone(), lanes.rows(&line, before, after)));
        }
        for (row, pocket_m) in pocket_lengths_m.iter().enumerate() {
            if let Some(pocket_m) = *pocket_m {
                all.add_pocket(site, row as u32, setbacks[row].end_m, pocket_m);
            }
            if let Some(lane) = all.acceleration[row] {
                all.add_rest(site, row as u32, setbacks[row], lane);
            }
        }
        all
    }

    /// Appends the part of a street that has a pocket, `pocket_m` long, and the swerve before it.
    fn add_pocket(&mut self, site: &Site, street: u32, setback_m: f64, pocket_m: f64) {
        let plain = site.street(street);
        let end_m = site.lengths_m[street as usize] - setback_m;
        let mut lanes = Lanes::of(plain);
        lanes.widths_m.push(pocket_width_m(site, street));
        lanes.left_edge_m = Lanes::usual_left_edge_m(plain, &lanes.widths_m);
        let line = lines::part(site.line(street), end_m - pocket_m, end_m);
        let taper = lines::part(site.line(street), end_m - pocket_m - pockets::TAPER_M, end_m - pocket_m);
        let last = plain.lane_count - 1;
        let pairs = (0..=last).map(|lane| (lane, lane)).chain([(last, last + 1)]);
        self.add_part(site, street, "pocket", taper[taper.len() / 2], lanes.rows(&line, None, None), pairs);
    }

    /// Appends the part of a street behind its acceleration lane, which does not lead on.
    fn add_rest(&mut self, site: &Site, street: u32, setback: Setback, lane: AccelerationLane) {
        let plain = site.street(street);
        let begin_m = setback.start_m + lane.length_m;
        let line =
            lines::part(site.line(street), begin_m + END_OF_LANE_M, site.lengths_m[street as usize] - setback.end_m);
        let taper = lines::part(site.line(street), begin_m, begin_m + END_OF_LANE_M);
        let shift = u32::from(!lane.is_left);
        let pairs = (0..plain.lane_count).map(|lane| (lane + shift, lane));
        let (_, after) = neighbours(site, street);
        self.add_part(site, street, "rest", taper[taper.len() / 2], Lanes::of(plain).rows(&line, None, after), pairs);
    }

    /// Appends the second part of a street, that begins at a place of its own; `pairs` are the lanes of the first part and those
    /// that they lead to.
    fn add_part(
        &mut self,
        site: &Site,
        street: u32,
        what: &str,
        place: Coord,
        lanes: Vec<LaneRow>,
        pairs: impl Iterator<Item = (u32, u32)>,
    ) {
        let plain = site.street(street);
        let begin = self.junctions.len() as u32;
        let part = self.streets.len() as u32;
        let name = format!("{}#{what}", plain.name);
        self.junctions.push(JunctionRow { name: name.clone(), place });
        self.streets.push(StreetRow { from_junction: begin, ..street_row(plain, name, lanes) });
        self.streets[street as usize].to_junction = begin;
        self.last_rows[street as usize] = part;
        for (from, to) in pairs {
            let (from, to) = (LanePlace { street, lane: from }, LanePlace { street: part, lane: to });
            self.tapers.push(self.taper(from, to));
        }
    }

    fn taper(&self, from: LanePlace, to: LanePlace) -> MovementRow {
        let (start, end) = (self.lane(from), self.lane(to));
        let shape = curve(
            (start.shape[start.shape.len() - 1], lines::last_direction(&start.shape)),
            (end.shape[0], lines::first_direction(&end.shape)),
        );
        MovementRow {
            from,
            to,
            direction: Direction::Straight,
            inside: vec![LaneRow { length_m: lines::length_m(&shape), shape, ..start.clone() }],
            rule: RightOfWay::Priority,
            signal: None,
            keep_clear: false,
            visibility_m: super::precedence::VISIBILITY_M,
            yields_to: Vec::new(),
            touches: Vec::new(),
        }
    }

    pub(super) fn lane(&self, place: LanePlace) -> &LaneRow {
        &self.streets[place.street as usize].lanes[place.lane as usize]
    }

    /// The lanes of a street that those who come from another one may enter: the number of the first, and how many.
    pub(super) fn lanes_open_to(&self, from: u32, street: u32, lane_count: u32) -> (u32, u32) {
        match self.acceleration[street as usize] {
            Some(lane) if lane.ramp == from => (if lane.is_left { lane_count } else { 0 }, 1),
            Some(lane) => (u32::from(!lane.is_left), lane_count),
            None => (0, lane_count),
        }
    }

    /// How many lanes a street has where it meets its last junction.
    pub(super) fn lanes_at_end(&self, street: u32) -> u32 {
        self.streets[self.last_rows[street as usize] as usize].lanes.len() as u32
    }
}

fn street_row(street: &PlainStreet, name: String, lanes: Vec<LaneRow>) -> StreetRow {
    StreetRow {
        name,
        from_junction: street.from_junction,
        to_junction: street.to_junction,
        is_roundabout: street.is_roundabout,
        lanes,
    }
}

/// Lanes side by side, from right to left.
struct Lanes<'a> {
    street: &'a PlainStreet,
    widths_m: Vec<f64>,
    /// The left edge of the leftmost lane to the right of the street's line.
    left_edge_m: f64,
}

impl<'a> Lanes<'a> {
    /// Those that a street has along most of its way.
    fn of(street: &'a PlainStreet) -> Self {
        let widths_m = vec![street.lane_width_m; street.lane_count as usize];
        let left_edge_m = Self::usual_left_edge_m(street, &widths_m);
        Self { street, widths_m, left_edge_m }
    }

    /// Those, and an acceleration lane beside them.
    fn with_acceleration(street: &'a PlainStreet, lane: AccelerationLane) -> Self {
        let mut lanes = Self::of(street);
        lanes.widths_m.push(street.lane_width_m);
        if lane.is_left {
            lanes.left_edge_m -= street.lane_width_m;
        }
        lanes
    }

    fn usual_left_edge_m(street: &PlainStreet, widths_m: &[f64]) -> f64 {
        if street.partner.is_some() { 0.0 } else { -widths_m.iter().sum::<f64>() / 2.0 }
    }

    fn rows(&self, line: &[Coord], before: Option<Coord>, after: Option<Coord>) -> Vec<LaneRow> {
        let total_m: f64 = self.widths_m.iter().sum();
        let middle = lines::beside(line, self.left_edge_m + total_m / 2.0, before, after);
        let length_m = lines::length_m(&middle).max(LENGTH_MIN_M);
        let mut right_m = self.left_edge_m + total_m;
        self.widths_m
            .iter()
            .map(|&width_m| {
                right_m -= width_m;
                LaneRow {
                    length_m,
                    speed_limit_mps: self.street.speed_limit_mps,
                    permissions: self.street.permissions,
                    width_m,
                    shape: lines::beside(line, right_m + width_m / 2.0, before, after),
                }
            })
            .collect()
    }
}

/// The directions of the streets that a street continues, and that continue it, where it only bends.
fn neighbours(site: &Site, row: u32) -> (Option<Coord>, Option<Coord>) {
    let street = site.street(row);
    let is_bend = |junction: u32| site.kinds[junction as usize] == NodeKind::Bend;
    let before = site.legs[street.from_junction as usize]
        .iter()
        .filter(|leg| is_bend(street.from_junction) && leg.leaving != Some(row))
        .find_map(|leg| leg.arriving)
        .map(|before| lines::last_direction(site.line(before)));
    let after = site.exits[row as usize]
        .first()
        .filter(|_| is_bend(street.to_junction))
        .map(|exit| lines::first_direction(site.line(exit.street)));
    (before, after)
}

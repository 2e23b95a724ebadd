//! Lanes of streets, beside each other on the right of a two-way street's axis, or about the middle of a one-way street.
//!
//! Streets keep their rows; their second parts, with a pocket, behind an acceleration lane, or where reserved lanes are open to
//! turns, and the places where these begin come behind all others. All lanes of a street are
//! as long as the middle of its carriageway. Where a street only bends at a junction, the lanes of both parts meet.

use geo::Coord;

use super::super::rows::{JunctionRow, LanePlace, LaneRow, MovementRow, StreetRow};
use super::super::{Direction, Permissions, RightOfWay};
use super::acceleration::{AccelerationLane, acceleration_lanes};
use super::plain::PlainStreet;
use super::reserved::{ReservedLanes, reserved_lanes};
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
    /// The acceleration lane that each plain street begins with.
    acceleration: Vec<Option<AccelerationLane>>,
    /// The reserved lanes of each plain street.
    pub(super) reserved: Vec<ReservedLanes>,
}

impl Carriageways {
    pub(super) fn new(site: &Site, setbacks: &[Setback], pocket_lengths_m: &[Option<f64>]) -> Self {
        let streets = &site.plain.streets;
        let junctions = &site.plain.junctions;
        let reserved = reserved_lanes(site, setbacks, pocket_lengths_m);
        // A street has two parts at most: one with a last part of its own has no acceleration lane.
        let has_last_part = |row: usize| pocket_lengths_m[row].is_some() || reserved[row].open_m.is_some();
        let acceleration = (0..).zip(acceleration_lanes(site)).map(|(row, lane)| lane.filter(|_| !has_last_part(row)));
        let mut all = Self {
            junctions: junctions
                .iter()
                .map(|junction| JunctionRow { name: junction.name.clone(), place: junction.place })
                .collect(),
            streets: Vec::with_capacity(streets.len()),
            last_rows: (0..streets.len() as u32).collect(),
            tapers: Vec::new(),
            acceleration: acceleration.collect(),
            reserved,
        };
        for (row, street) in streets.iter().enumerate() {
            let part_m = pocket_lengths_m[row].or(all.reserved[row].open_m);
            let end_m =
                site.lengths_m[row] - setbacks[row].end_m - part_m.map_or(0.0, |part_m| part_m + pockets::TAPER_M);
            let (before, after) = neighbours(site, row as u32);
            let usual = Lanes::of(street, &all.reserved[row].permissions);
            let (lanes, end_m) = match all.acceleration[row] {
                Some(lane) => (usual.with_acceleration(lane), setbacks[row].start_m + lane.length_m),
                None => (usual, end_m),
            };
            let line = lines::part(&site.lines[row], setbacks[row].start_m, end_m);
            all.streets.push(street_row(street, street.name.clone(), lanes.rows(&line, before, after)));
        }
        for (row, pocket_m) in pocket_lengths_m.iter().enumerate() {
            if let Some(part_m) = pocket_m.or(all.reserved[row].open_m) {
                all.add_last_part(site, row as u32, setbacks[row].end_m, (part_m, pocket_m.is_some()));
            }
            if let Some(lane) = all.acceleration[row] {
                all.add_rest(site, row as u32, setbacks[row], lane);
            }
        }
        all
    }

    /// Appends the last part of a street, as long as given, that has one more lane or whose reserved lanes are open to turns,
    /// and the swerve before it.
    fn add_last_part(&mut self, site: &Site, street: u32, setback_m: f64, (pocket_m, has_pocket): (f64, bool)) {
        let plain = site.street(street);
        let end_m = site.lengths_m[street as usize] - setback_m;
        let ReservedLanes { permissions: reserved, is_open_at_end, .. } = self.reserved[street as usize].clone();
        // Whoever may use the reserved lanes may do so here, too, though the street be closed to them.
        let at_end: Vec<Permissions> = reserved
            .iter()
            .map(|of| if is_open_at_end { Permissions(of.0 | plain.permissions.0) } else { *of })
            .collect();
        let mut lanes = Lanes::of(plain, &at_end);
        if has_pocket {
            lanes.widths_m.push(pocket_width_m(site, street));
            lanes.left_edge_m = Lanes::usual_left_edge_m(plain, &lanes.widths_m);
        }
        let line = lines::part(site.line(street), end_m - pocket_m, end_m);
        let taper = lines::part(site.line(street), end_m - pocket_m - pockets::TAPER_M, end_m - pocket_m);
        let (last, first) = (plain.lane_count - 1, self.tapers.len() as u32);
        let pairs = (0..=last).map(|lane| (lane, lane)).chain(has_pocket.then_some((last, last + 1)));
        let part =
            self.add_part(site, street, ("pocket", taper[taper.len() / 2]), lanes.rows(&line, None, None), pairs);
        // Turns to the right enter the lane that is reserved up to here, and let pass who is on it.
        if let Some(beside) = (reserved.len() as u32).checked_sub(1).filter(|_| is_open_at_end) {
            let (from, to) = (LanePlace { street, lane: beside + 1 }, LanePlace { street: part, lane: beside });
            let (rule, yields_to) = (RightOfWay::Yield, vec![first + beside]);
            self.tapers.push(MovementRow { rule, yields_to, ..self.taper(from, to) });
        }
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
        let lanes = Lanes::of(plain, &[]).rows(&line, None, after);
        self.add_part(site, street, ("rest", taper[taper.len() / 2]), lanes, pairs);
    }

    /// Appends the second part of a street, that begins at a place of its own; `pairs` are the lanes of the first part and those
    /// that they lead to. Gives its row.
    fn add_part(
        &mut self,
        site: &Site,
        street: u32,
        (what, place): (&str, Coord),
        lanes: Vec<LaneRow>,
        pairs: impl Iterator<Item = (u32, u32)>,
    ) -> u32 {
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
        part
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
            gaps: None,
            yields_to: Vec::new(),
            touches: Vec::new(),
        }
    }

    pub(super) fn lane(&self, place: LanePlace) -> &LaneRow {
        &self.streets[place.street as usize].lanes[place.lane as usize]
    }

    /// What of a street those who come from another one find where it begins.
    pub(super) fn begin(&self, site: &Site, from: u32, street: u32) -> Begin {
        let lane_count = site.street(street).lane_count;
        match self.acceleration[street as usize] {
            Some(lane) if lane.ramp == from => {
                let beside = if lane.is_left { lane_count } else { 0 };
                Begin { open: 1, beside, shut: beside }
            }
            Some(lane) => {
                let beside = u32::from(!lane.is_left);
                Begin { open: lane_count, beside, shut: beside }
            }
            None => {
                let beside = self.reserved[street as usize].count();
                Begin { open: lane_count - beside, beside, shut: 0 }
            }
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

/// What of a street those who come from another one find where it begins.
pub(super) struct Begin {
    /// How many lanes are theirs.
    pub(super) open: u32,
    /// How many lie to the right of these.
    pub(super) beside: u32,
    /// How many of those are shut to all of them.
    pub(super) shut: u32,
}

/// Lanes side by side, from right to left.
struct Lanes<'a> {
    street: &'a PlainStreet,
    widths_m: Vec<f64>,
    /// The left edge of the leftmost lane to the right of the street's line.
    left_edge_m: f64,
    /// Who may use the rightmost, where not all may.
    reserved: &'a [Permissions],
}

impl<'a> Lanes<'a> {
    /// Those that a street has along most of its way.
    fn of(street: &'a PlainStreet, reserved: &'a [Permissions]) -> Self {
        let widths_m = vec![street.lane_width_m; street.lane_count as usize];
        let left_edge_m = Self::usual_left_edge_m(street, &widths_m);
        Self { street, widths_m, left_edge_m, reserved }
    }

    /// Those, and an acceleration lane beside them.
    fn with_acceleration(mut self, lane: AccelerationLane) -> Self {
        self.widths_m.push(self.street.lane_width_m);
        if lane.is_left {
            self.left_edge_m -= self.street.lane_width_m;
        }
        self
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
            .enumerate()
            .map(|(lane, &width_m)| {
                right_m -= width_m;
                LaneRow {
                    length_m,
                    speed_limit_mps: self.street.speed_limit_mps,
                    permissions: self.reserved.get(lane).copied().unwrap_or(self.street.permissions),
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

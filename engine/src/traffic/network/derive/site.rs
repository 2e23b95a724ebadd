//! What meets at each junction: its legs, and where one can go from each street.
//!
//! A leg is what leaves a junction on one axis: the street that arrives, the one that leaves, or both. Exits are
//! ordered by the angle of the turn, from right to left. Of those that lead roughly ahead one is *straight*: in a
//! roundabout the ring, else the one nearest to straight on, among about equal ones that of the same name, then of the
//! higher rank. One turns around only where there is no other way out (our rule; so does the static network). Left
//! out: turns banned for some vehicles only.

use std::f64::consts::PI;

use geo::Coord;

use super::super::Direction;
use super::lines;
use super::plain::{Control, PlainStreet, PlainStreets};

/// The direction of a street at a junction is taken over this length, in metres.
const BEARING_M: f64 = 12.0;
/// One turns around onto another carriageway where one turns by more than this (165°).
const TURNAROUND_RAD: f64 = PI * 11.0 / 12.0;
/// An exit leads ahead if it turns by no more than this.
const AHEAD_RAD: f64 = PI / 4.0;
/// Exits ahead within this of each other are about equally straight.
const ABOUT_RAD: f64 = PI / 9.0;
/// A junction of two streets that turns by less is a bend of one street.
const BEND_RAD: f64 = PI / 3.0;

/// What leaves a junction on one axis.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    pub(super) arriving: Option<u32>,
    pub(super) leaving: Option<u32>,
    /// Where its axis ends: the junction's place, or off it where the junction is no point.
    pub(super) end: Coord,
    /// Away from the junction.
    pub(super) outward: Coord,
    pub(super) rank: u8,
}

/// A way out of a junction for those who arrive on one street.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Exit {
    pub(super) street: u32,
    /// The turn, to the left positive.
    pub(super) turn_rad: f64,
    pub(super) direction: Direction,
}

/// What kind of place a junction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// The end of a street.
    End,
    /// A bend of one street: lanes go on as they are.
    Bend,
    /// Where one street becomes another: nothing crosses.
    Change,
    /// On the ring of a roundabout.
    Ring,
    /// Where streets cross or meet.
    Crossing,
}

/// All that is known of the streets before lanes are drawn.
pub(super) struct Site<'a> {
    pub(super) plain: &'a PlainStreets,
    /// The line of each street, from junction to junction.
    pub(super) lines: Vec<Vec<Coord>>,
    /// Its length in metres.
    pub(super) lengths_m: Vec<f64>,
    /// The legs of each junction.
    pub(super) legs: Vec<Vec<Leg>>,
    /// The exits of each street at its end, from right to left.
    pub(super) exits: Vec<Vec<Exit>>,
    pub(super) kinds: Vec<NodeKind>,
}

impl<'a> Site<'a> {
    /// Of rows without faults.
    pub(super) fn new(plain: &'a PlainStreets) -> Self {
        let lines: Vec<Vec<Coord>> = plain.streets.iter().map(|street| plain.line(street)).collect();
        let lengths_m = lines.iter().map(|line| lines::length_m(line)).collect();
        let mut site = Self { plain, lines, lengths_m, legs: Vec::new(), exits: Vec::new(), kinds: Vec::new() };
        site.legs = site.find_legs();
        let mut banned = plain.banned_turns.clone();
        banned.sort_unstable();
        site.exits = (0..plain.streets.len() as u32).map(|street| site.find_exits(street, &banned)).collect();
        site.kinds = (0..plain.junctions.len()).map(|junction| site.find_kind(junction)).collect();
        site
    }

    pub(super) fn street(&self, row: u32) -> &'a PlainStreet {
        &self.plain.streets[row as usize]
    }

    pub(super) fn line(&self, street: u32) -> &[Coord] {
        &self.lines[street as usize]
    }

    /// The direction in which a street arrives at its end.
    pub(super) fn heading(&self, street: u32) -> Coord {
        lines::heading(self.line(street), BEARING_M)
    }

    /// The direction in which a street leaves its beginning.
    pub(super) fn outset(&self, street: u32) -> Coord {
        lines::outset(self.line(street), BEARING_M)
    }

    pub(super) fn control(&self, junction: u32) -> Control {
        self.plain.junctions[junction as usize].control
    }

    /// Vehicles an hour that leave a street for another; `None` where flows are not known.
    pub(super) fn turn_flow_vph(&self, from: u32, to: u32) -> Option<f64> {
        let flows = self.plain.turn_flows_vph.as_ref()?;
        Some(flows.get(&(from, to)).copied().unwrap_or(0.0))
    }

    /// Vehicles an hour that arrive on a street and leave in some directions; `None` where flows are not known.
    pub(super) fn flow_vph(&self, street: u32, directions: &[Direction]) -> Option<f64> {
        let flows = self.plain.turn_flows_vph.as_ref()?;
        let exits = self.exits[street as usize].iter().filter(|exit| directions.contains(&exit.direction));
        Some(exits.filter_map(|exit| flows.get(&(street, exit.street))).sum())
    }

    /// Whether two streets are called the same.
    pub(super) fn same_road(&self, a: u32, b: u32) -> bool {
        let name = |street: u32| self.street(street).road_name.as_deref();
        name(a).is_some() && name(a) == name(b)
    }

    /// Whether a way from a street leaves the ring of a roundabout.
    pub(super) fn leaves_ring(&self, junction: usize, from: u32, exit: &Exit) -> bool {
        self.kinds[junction] == NodeKind::Ring
            && self.plain.junctions[junction].control == Control::Signs
            && self.street(from).is_roundabout
            && !self.street(exit.street).is_roundabout
            && exit.direction == Direction::Right
    }

    fn find_legs(&self) -> Vec<Vec<Leg>> {
        let mut legs: Vec<Vec<Leg>> = vec![Vec::new(); self.plain.junctions.len()];
        for (row, street) in (0_u32..).zip(&self.plain.streets) {
            let back = street.partner;
            legs[street.to_junction as usize].push(Leg {
                arriving: Some(row),
                leaving: back,
                end: self.line(row)[self.line(row).len() - 1],
                outward: self.heading(row) * -1.0,
                rank: street.rank.max(back.map_or(0, |back| self.street(back).rank)),
            });
            if back.is_none() {
                legs[street.from_junction as usize].push(Leg {
                    arriving: None,
                    leaving: Some(row),
                    end: self.line(row)[0],
                    outward: self.outset(row),
                    rank: street.rank,
                });
            }
        }
        legs
    }

    fn find_exits(&self, street: u32, banned: &[(u32, u32)]) -> Vec<Exit> {
        let from = self.street(street);
        let heading = self.heading(street);
        let mut exits = Vec::new();
        let mut back = None;
        for leaving in self.legs[from.to_junction as usize].iter().filter_map(|leg| leg.leaving) {
            if banned.binary_search(&(street, leaving)).is_ok()
                || from.permissions.0 & self.street(leaving).permissions.0 == 0
            {
                continue;
            }
            if from.partner == Some(leaving) || leaving == street {
                back = back.or(Some(Exit { street: leaving, turn_rad: PI, direction: Direction::Turnaround }));
                continue;
            }
            let turn_rad = lines::turn_rad(heading, self.outset(leaving));
            // Back on the other carriageway: around to the left, though it may lie a little to the right.
            let turn_rad = if turn_rad < -TURNAROUND_RAD { turn_rad + 2.0 * PI } else { turn_rad };
            exits.push(Exit { street: leaving, turn_rad, direction: Direction::Left });
        }
        if exits.is_empty() {
            exits.extend(back);
            return exits;
        }
        exits.sort_by(|a, b| a.turn_rad.total_cmp(&b.turn_rad).then(a.street.cmp(&b.street)));
        let straight = self.straightest(street, &exits);
        for (index, exit) in exits.iter_mut().enumerate() {
            exit.direction = match straight {
                _ if exit.turn_rad > TURNAROUND_RAD => Direction::Turnaround,
                Some(straight) if index == straight => Direction::Straight,
                Some(straight) if index < straight => Direction::Right,
                Some(_) => Direction::Left,
                None if exit.turn_rad < 0.0 => Direction::Right,
                None => Direction::Left,
            };
        }
        exits
    }

    /// Which of the exits leads straight on, if one does.
    fn straightest(&self, street: u32, exits: &[Exit]) -> Option<usize> {
        if self.street(street).is_roundabout
            && let Some(ring) = exits.iter().position(|exit| self.street(exit.street).is_roundabout)
        {
            return Some(ring);
        }
        let most = exits.iter().map(|exit| exit.turn_rad.abs()).fold(f64::INFINITY, f64::min);
        if most > AHEAD_RAD {
            return None;
        }
        let key = |exit: &Exit| (self.same_road(street, exit.street), self.street(exit.street).rank);
        (0..exits.len()).filter(|&index| exits[index].turn_rad.abs() <= AHEAD_RAD.min(most + ABOUT_RAD)).max_by(
            |&a, &b| {
                key(&exits[a])
                    .cmp(&key(&exits[b]))
                    .then(exits[b].turn_rad.abs().total_cmp(&exits[a].turn_rad.abs()))
                    .then(b.cmp(&a))
            },
        )
    }

    fn find_kind(&self, junction: usize) -> NodeKind {
        let legs = &self.legs[junction];
        let is_ring = |street: Option<u32>| street.is_some_and(|street| self.street(street).is_roundabout);
        match legs.len() {
            0 | 1 => NodeKind::End,
            2 if self.plain.junctions[junction].control == Control::Signals => NodeKind::Crossing,
            2 if legs.iter().filter_map(|leg| leg.arriving).all(|street| self.goes_on(street)) => NodeKind::Bend,
            2 => NodeKind::Change,
            _ if legs.iter().any(|leg| is_ring(leg.arriving) || is_ring(leg.leaving)) => NodeKind::Ring,
            _ => NodeKind::Crossing,
        }
    }

    /// Whether the street goes on with the same lanes at its end.
    fn goes_on(&self, street: u32) -> bool {
        let [exit] = self.exits[street as usize][..] else { return false };
        let (from, to) = (self.street(street), self.street(exit.street));
        exit.direction != Direction::Turnaround
            && exit.turn_rad.abs() < BEND_RAD
            && from.lane_count == to.lane_count
            && from.lane_width_m == to.lane_width_m
            && from.reserved.len() == to.reserved.len()
            && from.partner.is_some() == to.partner.is_some()
    }
}

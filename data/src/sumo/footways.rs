//! Where people walk: crossings on foot, and ways from edge to edge over pavements, corners and crossings.
//!
//! In SUMO's networks people walk on lanes that let them in (pavements), over walking areas at the corners of junctions and over
//! crossings, in either direction; connections tell which lie beside each other. The shortest way is taken, as SUMO's own
//! router does where nothing else is said. Of a way only its length and its crossings matter here.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use engine::traffic::network::rows::{CrossingRow, LanePlace, SignalRow};
use engine::traffic::network::{CrossingRule, RightOfWay};
use engine::traffic::pedestrians::WalkLeg;

use super::error::SumoFault;
use super::net::{InnerKind, LaneRef, Net};
use super::source::{At, Blame};
use super::vehicle_classes::lets_people_in;

/// No row.
const NONE: u32 = u32::MAX;

/// The crossings of a net, and those of its inner lanes.
pub(super) struct Crossings {
    pub(super) rows: Vec<CrossingRow>,
    /// The row of each inner lane; none for those that are no crossings.
    of_lane: Vec<u32>,
}

/// The crossings of a net: with a lamp where a signal rules, else marked where people go first.
pub(super) fn crossings(net: &Net<'_>, signals: &[SignalRow]) -> Result<Crossings, Blame> {
    let junctions: HashMap<&str, u32> = net.junctions.iter().map(|junction| junction.name.as_ref()).zip(0..).collect();
    let mut made = Crossings { rows: Vec::new(), of_lane: vec![NONE; net.inner_lanes.len()] };
    for (lane, inner) in net.inner_lanes.iter().enumerate().filter(|(_, inner)| inner.kind == InnerKind::Crossing) {
        // ":J_c0_0" is a lane of a crossing at junction J.
        let junction = inner.name.strip_prefix(':').and_then(|name| name.rsplit_once("_c"));
        let Some(&junction) = junction.and_then(|(name, _)| junctions.get(name)) else { continue };
        made.of_lane[lane] = made.rows.len() as u32;
        made.rows.push(CrossingRow {
            name: inner.name.to_string(),
            junction,
            shape: inner.row.shape.clone(),
            width_m: inner.row.width_m,
            rule: CrossingRule::Unmarked,
        });
    }
    for connection in &net.connections {
        let Some(row) = made.of(connection.to) else { continue };
        let lamp = connection.signal.as_ref().and_then(|(name, lamp)| {
            let signal = signals.iter().position(|row| row.name == name.as_ref())?;
            Some((signal as u32, *lamp))
        });
        let rule = &mut made.rows[row as usize].rule;
        match lamp {
            Some((signal, lamp)) => {
                let count = signals[signal as usize].program.lamp_count();
                if lamp as usize >= count {
                    let name = signals[signal as usize].name.clone();
                    let reason = format!(
                        "its phases show {count} lamps, but a crossing names linkIndex {lamp}; give every phase a letter for each"
                    );
                    return Err(SumoFault::Bad { what: "signal", name, reason }).at(connection.place);
                }
                *rule = CrossingRule::Lamp { signal, lamp };
            }
            None if connection.rule == RightOfWay::Priority => *rule = CrossingRule::Marked,
            None => {}
        }
    }
    Ok(made)
}

impl Crossings {
    fn of(&self, lane: LaneRef) -> Option<u32> {
        let LaneRef::Inner(lane) = lane else { return None };
        self.of_lane.get(lane as usize).copied().filter(|row| *row != NONE)
    }
}

/// A way on foot.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Footway {
    pub(super) legs: Vec<WalkLeg>,
    /// From the last crossing on, in metres.
    pub(super) last_way_m: f64,
}

/// Lanes to walk on, and which lie beside each other.
pub(super) struct Footways<'n, 'a> {
    net: &'n Net<'a>,
    crossings: &'n Crossings,
    /// Number of the first lane of each street, and at last that of the first lane inside a junction.
    first_lanes: Vec<u32>,
    lengths_m: Vec<f64>,
    /// Lanes beside each lane: those that a connection leads to, and those from which one leads here.
    beside: Vec<Vec<(u32, bool)>>,
}

impl<'n, 'a> Footways<'n, 'a> {
    pub(super) fn new(net: &'n Net<'a>, crossings: &'n Crossings) -> Self {
        let mut first_lanes = vec![0];
        let mut lengths_m = Vec::new();
        let mut walkable = Vec::new();
        for street in &net.streets {
            first_lanes.push(first_lanes[first_lanes.len() - 1] + street.lanes.len() as u32);
            lengths_m.extend(street.lanes.iter().map(|lane| lane.length_m));
            walkable.extend(street.lanes.iter().map(|lane| lets_people_in(lane.permissions)));
        }
        lengths_m.extend(net.inner_lanes.iter().map(|lane| lane.row.length_m));
        walkable.extend(net.inner_lanes.iter().map(|lane| lane.kind != InnerKind::Vehicles));
        let mut this = Self { net, crossings, first_lanes, beside: vec![Vec::new(); lengths_m.len()], lengths_m };
        let is_corner = |lane: LaneRef| match lane {
            LaneRef::Street(_) => false,
            LaneRef::Inner(lane) => net.inner_lanes[lane as usize].kind != InnerKind::Vehicles,
        };
        for connection in &net.connections {
            // People come onto a pavement only over a corner or a crossing.
            if !(is_corner(connection.from) || is_corner(connection.to)) {
                continue;
            }
            let (from, to) = (this.number(connection.from), this.number(connection.to));
            if walkable[from] && walkable[to] {
                this.beside[from].push((to as u32, true));
                this.beside[to].push((from as u32, false));
            }
        }
        this
    }

    fn number(&self, lane: LaneRef) -> usize {
        match lane {
            LaneRef::Street(LanePlace { street, lane }) => (self.first_lanes[street as usize] + lane) as usize,
            LaneRef::Inner(lane) => (self.first_lanes[self.first_lanes.len() - 1] + lane) as usize,
        }
    }

    /// The way from the middle of an edge to the middle of another, over those in between; nothing if there is none.
    pub(super) fn way(&self, streets: &[u32]) -> Option<Footway> {
        let mut way = Footway::default();
        let (mut at, mut walked_m) = (None, 0.0);
        for pair in streets.windows(2) {
            let lanes = self.shortest(pair[0], pair[1], at)?;
            at = lanes.last().map(|(lane, _)| *lane);
            let last = lanes.len() - 1;
            for (place, (lane, forward)) in lanes.into_iter().enumerate() {
                let inner = (lane as usize).checked_sub(self.first_lanes[self.first_lanes.len() - 1] as usize);
                let crossing = inner.and_then(|inner| self.crossings.of(LaneRef::Inner(inner as u32)));
                match crossing {
                    Some(crossing) => {
                        way.legs.push(WalkLeg { way_m: walked_m, crossing, is_backward: !forward });
                        walked_m = 0.0;
                    }
                    // Half of the first edge, and of the last; those in between count half with each neighbour.
                    None if place == 0 || place == last => walked_m += 0.5 * self.lengths_m[lane as usize],
                    None => walked_m += self.lengths_m[lane as usize],
                }
            }
        }
        if let [street] = streets {
            walked_m = 0.5 * self.net.streets[*street as usize].lanes[0].length_m;
        }
        way.last_way_m = walked_m;
        Some(way)
    }

    /// The lanes of the shortest way from one edge to another, each with whether it was come to along a connection and not
    /// against one; it begins on a lane, if one is given.
    fn shortest(&self, from: u32, to: u32, at: Option<u32>) -> Option<Vec<(u32, bool)>> {
        let lanes = |street: u32| self.first_lanes[street as usize]..self.first_lanes[street as usize + 1];
        let mut best_mm = vec![u64::MAX; self.lengths_m.len()];
        let mut before: HashMap<u32, (u32, bool)> = HashMap::new();
        // Whole millimetres, so that ways can be compared without ties that depend on rounding.
        let length_mm = |lane: u32| (self.lengths_m[lane as usize] * 1000.0).round() as u64;
        let mut open = BinaryHeap::new();
        for lane in lanes(from).filter(|lane| at.is_none_or(|at| at == *lane)) {
            best_mm[lane as usize] = 0;
            open.push(Reverse((0, lane)));
        }
        while let Some(Reverse((so_far_mm, lane))) = open.pop() {
            if so_far_mm > best_mm[lane as usize] {
                continue;
            }
            if lanes(to).contains(&lane) {
                let mut way = vec![lane];
                let mut forward = Vec::new();
                let mut here = lane;
                while let Some(&(previous, is_forward)) = before.get(&here) {
                    forward.push(is_forward);
                    way.push(previous);
                    here = previous;
                }
                forward.push(true);
                return Some(way.into_iter().zip(forward).rev().collect());
            }
            for &(next, is_forward) in &self.beside[lane as usize] {
                let next_mm = so_far_mm + length_mm(next).max(1);
                if next_mm < best_mm[next as usize] {
                    best_mm[next as usize] = next_mm;
                    before.insert(next, (lane, is_forward));
                    open.push(Reverse((next_mm, next)));
                }
            }
        }
        None
    }
}

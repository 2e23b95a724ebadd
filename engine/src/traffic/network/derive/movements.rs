//! Movements through one junction, lane to lane, and where they touch.
//!
//! In the order of the streets that arrive, of their lanes from the right, then of the exits from the right. Where a
//! street changes into another with more lanes, its outer lanes lead into those that are gained too. So do the outer
//! lanes of a movement into a street shorter than [`SHORT_M`], and of one into a roundabout: there one has to choose the lane while
//! turning. Into longer streets lanes are gained by changing lanes (our rule). The outer lane of a roundabout leads everywhere,
//! whatever turns off. One leaves it from any lane, from the inner ones onto the exit's lanes further left as far as there are any
//! (our rule, as drivers do where lanes are not marked for exits). Reserved lanes lead straight on; all others share the lanes
//! beside them, but for right turns where these may use the rightmost one (see `reserved`).

use std::ops::RangeInclusive;

use geo::Coord;

use super::super::conflicts::{Line, Touch, touch};
use super::super::rows::LanePlace;
use super::super::{ConflictKind, Direction, Permissions};
use super::carriageways::{Begin, Carriageways};
use super::lane_use::{LaneExit, lanes_entered, lanes_to_exits};
use super::lines;
use super::reserved::{exit_of_reserved, lanes_entered_by_reserved};
use super::site::{Exit, NodeKind, Site};
use super::ways::{RoundaboutPart, curve, roundabout_speed_mps, speed_mps};

/// Ends of lanes closer than this are one place, in metres.
const SAME_M: f64 = 0.01;
/// On streets shorter than this there is no time to change lanes, in metres.
const SHORT_M: f64 = 60.0;

/// A movement from lane to lane.
#[derive(Clone, Debug)]
pub(super) struct Movement {
    /// The plain street that it comes from.
    pub(super) approach: u32,
    pub(super) from: LanePlace,
    pub(super) to: LanePlace,
    pub(super) direction: Direction,
    /// The way through the junction; none where the lanes meet.
    pub(super) shape: Option<Vec<Coord>>,
    pub(super) speed_limit_mps: f64,
    /// Who may make it, of those who may use both lanes.
    pub(super) permissions: Permissions,
}

impl Movement {
    pub(super) fn length_m(&self) -> f64 {
        self.shape.as_deref().map_or(0.0, lines::length_m)
    }
}

/// Where two movements of a junction touch, by their numbers there, the first lower.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meeting {
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) touch: Touch,
}

/// The movements of a junction.
pub(super) fn movements(site: &Site, carriageways: &Carriageways, junction: usize) -> Vec<Movement> {
    let mut all = Vec::new();
    for approach in site.legs[junction].iter().filter_map(|leg| leg.arriving) {
        let start = all.len();
        for (rank, exit) in site.exits[approach as usize].iter().enumerate() {
            for (from, to, permissions) in lanes(site, carriageways, junction, approach, rank) {
                let way = movement(site, carriageways, approach, exit, from, to);
                all.push((from, rank, to, Movement { permissions, ..way }));
            }
        }
        all[start..].sort_by_key(|&(from, rank, to, _)| (from, rank, to));
    }
    let mut movements: Vec<Movement> = all.into_iter().map(|(_, _, _, movement)| movement).collect();
    drop_swerves(&mut movements);
    movements
}

/// Where a lane goes on in another without a way between, nobody swerves onto that from the lane beside, whose own way leads on:
/// the two would not see each other. That is a change of lanes, before or behind the junction.
fn drop_swerves(movements: &mut Vec<Movement>) {
    let goes_on: Vec<(LanePlace, LanePlace)> =
        movements.iter().filter(|way| way.shape.is_none()).map(|way| (way.from, way.to)).collect();
    let is_swerve = |way: &Movement| {
        let leads_on = |&(from, to): &(LanePlace, LanePlace)| from == way.from && to.street == way.to.street;
        way.shape.is_some() && goes_on.iter().any(|&(_, to)| to == way.to) && goes_on.iter().any(leads_on)
    };
    movements.retain(|way| !is_swerve(way));
}

/// The pairs of lanes, of the street that arrives and of one of its exits, that movements connect, and for whom.
fn lanes(
    site: &Site,
    carriageways: &Carriageways,
    junction: usize,
    approach: u32,
    rank: usize,
) -> Vec<(u32, u32, Permissions)> {
    let exits = &site.exits[approach as usize];
    let exit = exits[rank];
    let Begin { open: open_room, beside, shut } = carriageways.begin(site, approach, exit.street);
    let range = lanes_to(site, carriageways, approach, rank);
    let (first, last) = (*range.start(), *range.end());
    let goes_on = matches!(site.kinds[junction], NodeKind::Bend | NodeKind::Change);
    let direction =
        if goes_on && exit.direction != Direction::Turnaround { Direction::Straight } else { exit.direction };
    let swerve_m = swerve_m(carriageways, approach, (exit, beside), first);
    let entered: Vec<u32> =
        lanes_entered(direction, last - first + 1, open_room, swerve_m).into_iter().map(|lane| lane + beside).collect();
    let room = open_room + beside;
    let mut pairs: Vec<(u32, u32)> = range.zip(entered.iter().copied()).collect();
    // Whoever may use reserved lanes behind the junction gets into them from the lane beside.
    let is_short = carriageways.lane(LanePlace { street: exit.street, lane: 0 }).length_m < SHORT_M;
    let enters_ring = site.street(exit.street).is_roundabout && !site.street(approach).is_roundabout;
    let spreads = is_short || enters_ring || (goes_on && direction == Direction::Straight);
    let leftmost = if spreads { room - 1 } else { entered[entered.len() - 1] };
    let from_reserved = ways_of_reserved(site, carriageways, approach, rank, leftmost);
    let rightmost = from_reserved.iter().filter(|way| way.0 < first).map(|way| way.1).max().unwrap_or(shut);
    pairs.extend((rightmost..if spreads { entered[0] } else { beside }).map(|lane| (first, lane)));
    if spreads {
        pairs.extend((entered[entered.len() - 1] + 1..room).map(|lane| (last, lane)));
    }
    let mut ways: Vec<(u32, u32, Permissions)> =
        pairs.into_iter().map(|(from, to)| (from, to, Permissions::ALL)).collect();
    let others = from_reserved.into_iter().filter(|way| !ways.iter().any(|known| (known.0, known.1) == (way.0, way.1)));
    let others: Vec<_> = others.collect();
    ways.extend(others);
    if site.leaves_ring(junction, approach, &exit) {
        // Whoever has not come to the outer lane leaves from where it is, giving way to those on the right.
        let outermost = *lanes_to(site, carriageways, approach, rank).end();
        let inner = outermost + 1..carriageways.lanes_at_end(approach);
        let to = |lane: u32| (entered[entered.len() - 1] + lane - outermost).min(room - 1);
        ways.extend(inner.map(|lane| (lane, to(lane), Permissions::ALL)));
    }
    ways
}

/// The ways of reserved lanes to one of their street's exits, of whose lanes right turns enter none further left than
/// `entered`.
fn ways_of_reserved(
    site: &Site,
    carriageways: &Carriageways,
    approach: u32,
    rank: usize,
    entered: u32,
) -> Vec<(u32, u32, Permissions)> {
    let exits = &site.exits[approach as usize];
    let own = &carriageways.reserved[approach as usize];
    if rank != exit_of_reserved(exits) {
        return Vec::new();
    }
    let lanes = (0..own.count()).zip(own.permissions.iter().copied());
    if own.is_open_at_end && exits[rank].direction == Direction::Right {
        // The rightmost is open to all who turn right; where nobody does anything else, all are.
        let is_only_way = exits.iter().all(|exit| exit.direction == Direction::Right);
        return lanes.skip(1).filter(|_| !is_only_way).map(|(lane, users)| (lane, entered, users)).collect();
    }
    let to =
        lanes_entered_by_reserved(&own.permissions, &carriageways.reserved[exits[rank].street as usize].permissions);
    lanes.zip(to).map(|((lane, users), to)| (lane, to, users)).collect()
}

/// The lanes that lead to one of a street's exits, for all who may use the street.
fn lanes_to(site: &Site, carriageways: &Carriageways, approach: u32, rank: usize) -> RangeInclusive<u32> {
    let exits = &site.exits[approach as usize];
    let count = carriageways.lanes_at_end(approach);
    let street = site.street(approach);
    let has_pocket = count > street.lane_count;
    // Nobody marks the lanes of a ring by what turns off where: its outer lane leads everywhere.
    let flows_tell = !(street.is_roundabout && site.kinds[street.to_junction as usize] == NodeKind::Ring);
    let lane_exit = |exit: &Exit| LaneExit {
        direction: exit.direction,
        lane_count: carriageways.begin(site, approach, exit.street).open,
        is_open_to_all: street.permissions.0 & !site.street(exit.street).permissions.0 == 0,
        flow_vph: site.turn_flow_vph(approach, exit.street).filter(|_| flows_tell),
    };
    let reserved = &carriageways.reserved[approach as usize];
    let turns_right = |exit: &Exit| reserved.is_open_at_end && exit.direction == Direction::Right;
    let others: Vec<usize> = (0..exits.len()).filter(|&exit| !turns_right(&exits[exit])).collect();
    let Some(place) = others.iter().position(|&other| other == rank) else {
        if !others.is_empty() {
            return 0..=0;
        }
        // All turn right: all lanes are theirs.
        let lane_exits: Vec<LaneExit> = exits.iter().map(lane_exit).collect();
        return lanes_to_exits(&lane_exits, count, has_pocket)[rank].clone();
    };
    let lane_exits: Vec<LaneExit> = others.iter().map(|&exit| lane_exit(&exits[exit])).collect();
    let beside = reserved.count();
    let range = lanes_to_exits(&lane_exits, count - beside, has_pocket)[place].clone();
    range.start() + beside..=range.end() + beside
}

/// How far a lane lies to the left of a lane of an exit, and the width of that.
fn swerve_m(carriageways: &Carriageways, approach: u32, (exit, entered): (Exit, u32), lane: u32) -> (f64, f64) {
    let from = carriageways.lane(LanePlace { street: carriageways.last_rows[approach as usize], lane });
    let to = carriageways.lane(LanePlace { street: exit.street, lane: entered });
    let ahead = lines::unit(lines::last_direction(&from.shape) + lines::first_direction(&to.shape));
    (lines::dot(to.shape[0] - from.shape[from.shape.len() - 1], lines::right_of(ahead)), to.width_m)
}

fn movement(site: &Site, carriageways: &Carriageways, approach: u32, exit: &Exit, from: u32, to: u32) -> Movement {
    let from = LanePlace { street: carriageways.last_rows[approach as usize], lane: from };
    let to = LanePlace { street: exit.street, lane: to };
    let (start, end) = (carriageways.lane(from), carriageways.lane(to));
    let (start_place, end_place) = (start.shape[start.shape.len() - 1], end.shape[0]);
    let shape = (lines::norm(end_place - start_place) > SAME_M).then(|| {
        curve((start_place, lines::last_direction(&start.shape)), (end_place, lines::first_direction(&end.shape)))
    });
    let limit_mps = site.street(approach).speed_limit_mps.min(site.street(exit.street).speed_limit_mps);
    let is_ring = |street: u32| site.street(street).is_roundabout;
    let part = match (is_ring(approach), is_ring(exit.street)) {
        (true, true) => Some(RoundaboutPart::Ring),
        (true, false) => Some(RoundaboutPart::Exit),
        (false, true) => Some(RoundaboutPart::Entry),
        (false, false) => None,
    };
    let speed_limit_mps = shape.as_deref().map_or(limit_mps, |shape| match part {
        Some(part) => roundabout_speed_mps(shape, part, limit_mps),
        None => speed_mps(shape, limit_mps),
    });
    let permissions = Permissions::ALL;
    Movement { approach, from, to, direction: exit.direction, shape, speed_limit_mps, permissions }
}

/// Where movements of different approaches touch, and those of one approach that enter one lane; in the order of their
/// numbers.
pub(super) fn meetings(movements: &[Movement]) -> Vec<Meeting> {
    let lines: Vec<Option<Line>> = movements
        .iter()
        .map(|movement| movement.shape.as_deref().map(|shape| Line::new(shape, movement.length_m())))
        .collect();
    let mut meetings = Vec::new();
    for (second, movement) in movements.iter().enumerate() {
        for (first, other) in movements[..second].iter().enumerate() {
            let kind = if movement.to == other.to { ConflictKind::Merge } else { ConflictKind::Cross };
            // Ways of one street cross only where one leaves a roundabout from an inner lane.
            let crosses = movement.direction == Direction::Right
                && other.direction == Direction::Straight
                && movement.from.lane > other.from.lane;
            let may_meet = movement.from != other.from
                && (movement.approach != other.approach || kind == ConflictKind::Merge || crosses);
            if let (true, Some(line), Some(foe)) = (may_meet, &lines[first], &lines[second])
                && let Some(touch) = touch(kind, line, foe)
            {
                meetings.push(Meeting { first, second, touch });
            }
        }
    }
    meetings.sort_by_key(|meeting| (meeting.first, meeting.second));
    meetings
}

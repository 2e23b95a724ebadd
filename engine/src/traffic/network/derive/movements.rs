//! Movements through one junction, lane to lane, and where they touch.
//!
//! In the order of the streets that arrive, of their lanes from the right, then of the exits from the right. Where a
//! street changes into another with more lanes, its outer lanes lead into those that are gained too. So do the outer
//! lanes of a movement into a street shorter than [`SHORT_M`]: there one has to choose the lane while turning. Into
//! longer streets lanes are gained by changing lanes (our rule).

use geo::Coord;

use super::super::conflicts::{Line, Touch, touch};
use super::super::rows::LanePlace;
use super::super::{ConflictKind, Direction};
use super::carriageways::Carriageways;
use super::lane_use::{LaneExit, lanes_entered, lanes_to_exits};
use super::lines;
use super::site::{Exit, NodeKind, Site};
use super::ways::{curve, speed_mps};

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
            for (from, to) in lanes(site, carriageways, junction, approach, rank) {
                all.push((from, rank, to, movement(site, carriageways, approach, exit, from, to)));
            }
        }
        all[start..].sort_by_key(|&(from, rank, to, _)| (from, rank, to));
    }
    all.into_iter().map(|(_, _, _, movement)| movement).collect()
}

/// The pairs of lanes, of the street that arrives and of one of its exits, that movements connect.
fn lanes(site: &Site, carriageways: &Carriageways, junction: usize, approach: u32, exit: usize) -> Vec<(u32, u32)> {
    let exits = &site.exits[approach as usize];
    let count = carriageways.lanes_at_end(approach);
    let permissions = site.street(approach).permissions.0;
    let lane_exits: Vec<LaneExit> = exits
        .iter()
        .map(|exit| LaneExit {
            direction: exit.direction,
            lane_count: site.street(exit.street).lane_count,
            is_open_to_all: permissions & !site.street(exit.street).permissions.0 == 0,
            flow_vph: site.turn_flow_vph(approach, exit.street),
        })
        .collect();
    let range = lanes_to_exits(&lane_exits, count, count > site.street(approach).lane_count)[exit].clone();
    let exit = exits[exit];
    let (first, last) = (*range.start(), *range.end());
    let goes_on = matches!(site.kinds[junction], NodeKind::Bend | NodeKind::Change);
    let direction =
        if goes_on && exit.direction != Direction::Turnaround { Direction::Straight } else { exit.direction };
    let (first_open, room) = carriageways.lanes_open_to(approach, exit.street, site.street(exit.street).lane_count);
    let swerve_m = swerve_m(carriageways, approach, (exit, first_open), first);
    let entered: Vec<u32> =
        lanes_entered(direction, last - first + 1, room, swerve_m).into_iter().map(|lane| first_open + lane).collect();
    let mut pairs: Vec<(u32, u32)> = range.zip(entered.iter().copied()).collect();
    let is_short = carriageways.lane(LanePlace { street: exit.street, lane: 0 }).length_m < SHORT_M;
    if is_short || (goes_on && direction == Direction::Straight) {
        pairs.extend((first_open..entered[0]).map(|lane| (first, lane)));
        pairs.extend((entered[entered.len() - 1] + 1..first_open + room).map(|lane| (last, lane)));
    }
    pairs
}

/// How far a lane lies to the left of the rightmost lane of an exit that it may enter, and the width of that.
fn swerve_m(carriageways: &Carriageways, approach: u32, (exit, first_open): (Exit, u32), lane: u32) -> (f64, f64) {
    let from = carriageways.lane(LanePlace { street: carriageways.last_rows[approach as usize], lane });
    let to = carriageways.lane(LanePlace { street: exit.street, lane: first_open });
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
    let speed_limit_mps = shape.as_deref().map_or(limit_mps, |shape| speed_mps(shape, limit_mps));
    Movement { approach, from, to, direction: exit.direction, shape, speed_limit_mps }
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
            let may_meet =
                movement.from != other.from && (movement.approach != other.approach || kind == ConflictKind::Merge);
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

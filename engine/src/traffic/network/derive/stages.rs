//! Stages of a signal: which movements have green together, and how long must lie between them.
//!
//! Where flows are known, `stage_search` finds the stages. Elsewhere approaches from opposite sides have green together, unless their ways straight on touch; all others alone. Left
//! turns give way to those from ahead (permitted). Where a left turn is protected, it has green on its own before: with the
//! rest of its approach, or with the left turn from ahead where that is protected too; where it has no lane of its own,
//! each of the two approaches has green alone. Left turns are protected where 240 vehicles an hour or more make them, or
//! where their product with those whom they cross reaches 50,000 a lane (FHWA, Signalized Intersections: Informational
//! Guide, 2nd edition 2013, after the Highway Capacity Manual). Where flows are not known: where they have a pocket and
//! cross two lanes or more.
//!
//! Intergreen times are those of RiLSA (FGSV, edition 2015): t_z = t_ü + t_r − t_e. Who clears passes the
//! stop line up to t_ü after the end of green, and clears its way and 6 m at 10 m/s; who turns has 2 s and 7 m/s,
//! below a radius of 10 m 5 m/s. Who enters comes at 40 km/h. Rounded up to whole seconds. Left out: the clearing of
//! people on foot, bicycles, trams.

use super::super::Direction;
use super::super::conflicts::Touch;
use super::lines;
use super::movements::{Meeting, Movement};
use super::precedence::{Duty, Order};
use super::site::{Leg, Site};
use super::stage_search;

/// Movements that have green together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// Rows of the movements, ascending, each with whether it is only permitted: it gives way to others of the stage.
    pub movements: Vec<(u32, bool)>,
}

/// What a signal has to do, for whoever makes its program.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalPlan {
    /// Row of the junction.
    pub junction: u32,
    /// Row of the signal.
    pub signal: u32,
    /// Rows of the movements that it rules, ascending; lamp n of the program is that of the nth.
    pub movements: Vec<u32>,
    /// Stages, in order; each movement is in one at least.
    pub stages: Vec<Stage>,
    /// Least time in seconds from the end of green of one movement (row) to the begin of green of another (column), in
    /// the order of [`SignalPlan::movements`]; `None` where they do not touch or come from one street.
    pub intergreen_s: Vec<Vec<Option<f64>>>,
    /// How long each movement has yellow, in seconds.
    pub yellow_s: Vec<f64>,
    /// The plain street that each movement comes from.
    pub approaches: Vec<u32>,
    /// How wide the widest leg is that those on foot cross during each stage, in metres; 0 where they cross none.
    pub crossed_m: Vec<f64>,
}

/// Clearing straight on: seconds after the end of green, metres a second.
const STRAIGHT_CLEARING: (f64, f64) = (3.0, 10.0);
/// The same for turns.
const TURN_CLEARING: (f64, f64) = (2.0, 7.0);
/// The same for turns of a radius below [`SMALL_RADIUS_M`].
const SMALL_TURN_CLEARING: (f64, f64) = (2.0, 5.0);
/// Radius below which turns are small, in metres.
const SMALL_RADIUS_M: f64 = 10.0;
/// Length of the vehicle that clears, in metres.
const CLEARING_LENGTH_M: f64 = 6.0;
/// Speed of the vehicle that enters, in metres a second: 40 km/h.
const ENTERING_MPS: f64 = 40.0 / 3.6;
/// From so many lanes on, a left turn with a pocket is protected from them, where flows are not known.
const PROTECTED_FROM_LANES: usize = 2;
/// From so many vehicles an hour on, a left turn is protected.
const PROTECTED_FROM_VPH: f64 = 240.0;
/// From so large a product with the vehicles an hour on each lane that it crosses on, a left turn is protected.
const PROTECTED_FROM_PRODUCT: f64 = 50_000.0;
/// A left turn of fewer vehicles an hour is never protected: the gaps at the end of green serve it.
const PERMITTED_BELOW_VPH: f64 = 60.0;

/// The stages of a junction, as numbers of its movements. `order`, `duties` and `meetings` are those of the movements.
pub(super) fn stages(
    site: &Site,
    order: &Order,
    turns_left_apart: &dyn Fn(u32) -> bool,
    movements: &[Movement],
    duties: &[Duty],
    meetings: &[Meeting],
) -> Vec<Vec<(usize, bool)>> {
    let needs_protection = |approach: u32, other: u32| {
        let lanes = lanes_ahead(approach, movements, duties);
        let left_vph = site.flow_vph(approach, &[Direction::Left]);
        let crossed_vph = site.flow_vph(other, &[Direction::Straight, Direction::Right]);
        match left_vph.zip(crossed_vph) {
            Some((left_vph, crossed_vph)) => {
                let product = left_vph * crossed_vph / lanes.max(1) as f64;
                let is_much = left_vph >= PROTECTED_FROM_VPH || product >= PROTECTED_FROM_PRODUCT;
                lanes > 0 && is_much && left_vph >= PERMITTED_BELOW_VPH
            }
            None => lanes >= PROTECTED_FROM_LANES && turns_left_apart(approach),
        }
    };
    if let Some(found) = stage_search::stages(site, order, movements, duties, meetings, &needs_protection) {
        return found.into_iter().map(|stage| permitted(stage, movements, duties)).collect();
    }
    let mut stages = Vec::new();
    for group in groups(site, order, movements, meetings) {
        let needs_it = |approach: u32| {
            let other = group.iter().copied().find(|&other| other != approach)?;
            needs_protection(approach, other).then_some(approach)
        };
        let in_need: Vec<u32> = group.iter().filter_map(|&approach| needs_it(approach)).collect();
        if in_need.iter().any(|&approach| !turns_left_apart(approach)) {
            for &approach in &group {
                stages.push((0..movements.len()).filter(|&number| movements[number].approach == approach).collect());
            }
            continue;
        }
        let lefts = |approach: u32| {
            let is_in_need = in_need.contains(&approach);
            (0..movements.len()).filter(move |&number| {
                is_in_need && movements[number].approach == approach && movements[number].direction == Direction::Left
            })
        };
        let own: Vec<Vec<usize>> = group.iter().map(|&approach| lefts(approach).collect()).collect();
        let protected: Vec<usize> = own.iter().flatten().copied().collect();
        let touch = |a: usize, b: usize| duties[a].yields_to.contains(&b) || duties[b].yields_to.contains(&a);
        let of = |approach: u32| (0..movements.len()).filter(move |&number| movements[number].approach == approach);
        match &own[..] {
            [first, second] if !first.is_empty() && !second.is_empty() => {
                if first.iter().any(|&left| second.iter().any(|&other| touch(left, other))) {
                    stages.extend([first.clone(), second.clone()]);
                } else {
                    stages.push(protected.clone());
                }
            }
            [first, _] if !first.is_empty() => stages.push(of(group[0]).collect()),
            [_, second] if !second.is_empty() => stages.push(of(group[1]).collect()),
            _ => {}
        }
        let together: Vec<usize> = (0..movements.len())
            .filter(|number| group.contains(&movements[*number].approach) && !protected.contains(number))
            .collect();
        if !together.is_empty() {
            stages.push(together);
        }
    }
    stages.into_iter().map(|stage| permitted(stage, movements, duties)).collect()
}

/// The movements of a stage, and which of them give way to others of it.
fn permitted(mut stage: Vec<usize>, movements: &[Movement], duties: &[Duty]) -> Vec<(usize, bool)> {
    stage.sort_unstable();
    let gives_way = |number: usize| {
        duties[number]
            .yields_to
            .iter()
            .any(|other| stage.contains(other) && movements[*other].approach != movements[number].approach)
    };
    stage.iter().map(|&number| (number, gives_way(number))).collect()
}

/// How many lanes of other streets lead straight or right where those who turn left from an approach must pass.
fn lanes_ahead(approach: u32, movements: &[Movement], duties: &[Duty]) -> usize {
    let mut lanes: Vec<_> = (0..movements.len())
        .filter(|&number| movements[number].approach == approach && movements[number].direction == Direction::Left)
        .flat_map(|number| &duties[number].waits_inside_for)
        .filter(|&&other| matches!(movements[other].direction, Direction::Straight | Direction::Right))
        .map(|&other| movements[other].from)
        .collect();
    lanes.sort_unstable();
    lanes.dedup();
    lanes.len()
}

/// Approaches that have green together, the main road first.
fn groups(site: &Site, order: &Order, movements: &[Movement], meetings: &[Meeting]) -> Vec<Vec<u32>> {
    let mut approaches: Vec<u32> = movements.iter().map(|movement| movement.approach).collect();
    approaches.dedup();
    let (mut rest, minor): (Vec<u32>, Vec<u32>) =
        approaches.into_iter().partition(|approach| order.main().contains(approach));
    rest.extend(minor);
    let mut groups = Vec::new();
    while !rest.is_empty() {
        let first = rest.remove(0);
        let facing = (0..rest.len())
            .filter(|&other| {
                order.is_opposite(first, rest[other]) && !cross_straight(first, rest[other], movements, meetings)
            })
            .min_by(|&a, &b| {
                let cos = |other: usize| lines::dot(site.heading(first), site.heading(rest[other]));
                cos(a).total_cmp(&cos(b))
            });
        let mut group = vec![first];
        group.extend(facing.map(|other| rest.remove(other)));
        groups.push(group);
    }
    groups
}

/// Whether ways of two approaches touch of which none turns left.
fn cross_straight(a: u32, b: u32, movements: &[Movement], meetings: &[Meeting]) -> bool {
    meetings.iter().any(|meeting| {
        let pair = [&movements[meeting.first], &movements[meeting.second]];
        let is_between =
            pair[0].approach.min(pair[1].approach) == a.min(b) && pair[0].approach.max(pair[1].approach) == a.max(b);
        is_between && pair.iter().all(|movement| matches!(movement.direction, Direction::Straight | Direction::Right))
    })
}

/// Intergreen times of all pairs of movements.
pub(super) fn intergreen_s(movements: &[Movement], meetings: &[Meeting]) -> Vec<Vec<Option<f64>>> {
    let mut matrix = vec![vec![None; movements.len()]; movements.len()];
    for &Meeting { first, second, touch } in meetings {
        if movements[first].approach == movements[second].approach {
            continue;
        }
        let Touch { enter_m, leave_m, foe_enter_m, foe_leave_m } = touch;
        matrix[first][second] = Some(between_s(&movements[first], leave_m, foe_enter_m));
        matrix[second][first] = Some(between_s(&movements[second], foe_leave_m, enter_m));
    }
    matrix
}

/// From one who clears the room that both need, which ends `clearing_m` behind its stop line, to one who reaches it
/// `entering_m` behind its own.
fn between_s(clears: &Movement, clearing_m: f64, entering_m: f64) -> f64 {
    let (passing_s, clearing_mps) = match clears.direction {
        Direction::Straight => STRAIGHT_CLEARING,
        _ if super::ways::radius_m(clears.shape.as_deref().unwrap_or(&[])) < SMALL_RADIUS_M => SMALL_TURN_CLEARING,
        _ => TURN_CLEARING,
    };
    let time_s = passing_s + (clearing_m + CLEARING_LENGTH_M) / clearing_mps - entering_m / ENTERING_MPS;
    time_s.max(0.0).ceil()
}

/// How wide the widest leg is that is crossed on foot in each stage. A leg can be crossed while nobody who arrives on it has
/// green and nobody comes onto it straight on: those who turn let people cross. It is, in the stage of most movements
/// where it can be.
pub(super) fn crossed_m(
    site: &Site,
    junction: u32,
    has_pocket: &dyn Fn(u32) -> bool,
    movements: &[Movement],
    stages: &[Vec<(usize, bool)>],
) -> Vec<f64> {
    let mut crossed_m = vec![0.0; stages.len()];
    for leg in &site.legs[junction as usize] {
        let is_open = |stage: &[(usize, bool)]| stage.iter().all(|&(number, _)| is_crossable(leg, &movements[number]));
        let width_m = |street: u32| f64::from(site.street(street).lane_count) * site.street(street).lane_width_m;
        let pocket_m = leg.arriving.filter(|&street| has_pocket(street)).map_or(0.0, |_| super::pockets::WIDTH_MAX_M);
        let leg_m = leg.arriving.map_or(0.0, width_m) + leg.leaving.map_or(0.0, width_m) + pocket_m;
        let open = (0..stages.len()).filter(|&stage| is_open(&stages[stage]));
        if let Some(stage) = open.max_by_key(|&stage| (stages[stage].len(), std::cmp::Reverse(stage))) {
            crossed_m[stage] = f64::max(crossed_m[stage], leg_m);
        }
    }
    crossed_m
}

/// Whether people may cross a leg on foot while a movement has green.
pub(super) fn is_crossable(leg: &Leg, movement: &Movement) -> bool {
    let comes_straight = movement.direction == Direction::Straight && Some(movement.to.street) == leg.leaving;
    Some(movement.approach) != leg.arriving && !comes_straight
}

/// How long a movement has yellow, by its approach's speed limit: 3 s up to 50 km/h, 4 s up to 60, 5 s beyond (RiLSA).
pub(super) fn yellow_s(speed_limit_mps: f64) -> f64 {
    // 60 km/h and 70 km/h, each less rounding.
    if speed_limit_mps < 16.6 {
        3.0
    } else if speed_limit_mps < 19.4 {
        4.0
    } else {
        5.0
    }
}

#[cfg(test)]
mod tests {
    use geo::Coord;

    use super::super::super::Permissions;
    use super::super::super::rows::LanePlace;
    use super::*;

    /// 3 s + (12 m + 6 m) / 10 m/s − 8 m / 11.1 m/s = 4.08 s; 2 s + 18 m / 5 m/s − 0.72 s = 4.88 s on a radius of 8 m.
    #[test]
    fn intergreen_times_are_those_of_the_guideline() {
        let place = LanePlace { street: 0, lane: 0 };
        let movement = |direction, shape| Movement {
            approach: 0,
            from: place,
            to: place,
            direction,
            shape: Some(shape),
            speed_limit_mps: 10.0,
            permissions: Permissions::ALL,
        };
        let east = Coord { x: 1.0, y: 0.0 };
        let north = Coord { x: 0.0, y: 1.0 };
        let straight = movement(Direction::Straight, vec![Coord::zero(), east * 20.0]);
        assert_eq!(between_s(&straight, 12.0, 8.0), 5.0);
        assert_eq!(between_s(&straight, 12.0, 9.0), 4.0);
        let turn =
            movement(Direction::Left, super::super::ways::curve((Coord::zero(), east), ((east + north) * 8.0, north)));
        assert_eq!(between_s(&turn, 12.0, 8.0), 5.0);
    }
}

//! Which lane leads where: the arrows on the road.
//!
//! One lane serves all exits. Of two and more, the rightmost serves the turns to the right and the leftmost those to
//! the left, and all go straight where straight on there is as much room; a third lane makes the leftmost one of its
//! own for turns to the left, a fourth the rightmost one for turns to the right. Where straight on has less room,
//! lanes that would have to merge become lanes of their own for turns. Neighbouring exits share one lane at most, and
//! lanes further right lead to exits further right: ways from one street never cross. Where flows are known, lanes are
//! shared out within these bounds so that the fullest is as empty as can be. Right turns enter the rightmost
//! lanes, left turns the leftmost, and straight ways keep their order with the least swerve. Where lanes are lost all
//! the same, those on the right end. After the custom of marking and Art. 144 and 154 of the Italian highway code
//! (D.Lgs. 285/1992); the numbers are our rule.

use std::ops::RangeInclusive;

use super::super::Direction;

/// An exit, as far as lanes are concerned.
#[derive(Clone, Copy, Debug)]
pub(super) struct LaneExit {
    pub(super) direction: Direction,
    pub(super) lane_count: u32,
    /// Whether all who arrive may leave here; other exits get no lane of their own.
    pub(super) is_open_to_all: bool,
    /// Vehicles an hour that leave here, where that is known.
    pub(super) flow_vph: Option<f64>,
}

/// What a turn to the left counts for in vehicles: it needs gaps, or a green of its own.
const LEFT_WEIGHT: f64 = 1.5;
/// Lanes are shared out by flows where the fullest carries less by this share than as is customary.
const GAIN_MIN: f64 = 0.1;
/// Below so many vehicles an hour on all lanes together flows tell nothing.
const FLOW_MIN_VPH: f64 = 60.0;

/// Rounds in which flows are spread over lanes.
const SPREAD_ROUNDS: usize = 12;

/// The lanes that lead to each exit, of exits and lanes from right to left. `has_pocket`: the leftmost lane only turns
/// left.
pub(super) fn lanes_to_exits(exits: &[LaneExit], lanes: u32, has_pocket: bool) -> Vec<RangeInclusive<u32>> {
    let open: Vec<usize> = (0..exits.len()).filter(|&exit| exits[exit].is_open_to_all).collect();
    if open.is_empty() {
        return share(&exits.iter().map(|exit| exit.lane_count).collect::<Vec<_>>(), 0..=lanes - 1);
    }
    let main = open.iter().position(|&exit| exits[exit].direction == Direction::Straight);
    let rooms: Vec<u32> = open.iter().map(|&exit| exits[exit].lane_count).collect();
    let customary = match main {
        _ if lanes == 1 => vec![0..=0; open.len()],
        Some(main) => around_straight(&rooms, main, lanes, has_pocket),
        None => share(&rooms, 0..=lanes - 1),
    };
    let weights: Option<Vec<f64>> = open
        .iter()
        .map(|&exit| {
            let weight = if exits[exit].direction == Direction::Left { LEFT_WEIGHT } else { 1.0 };
            exits[exit].flow_vph.map(|flow_vph| flow_vph * weight)
        })
        .collect();
    let shared = match weights {
        Some(weights) if lanes > 1 && weights.iter().sum::<f64>() >= FLOW_MIN_VPH => {
            by_flows(&rooms, &weights, lanes, customary)
        }
        _ => customary,
    };
    let mut ranges = Vec::with_capacity(exits.len());
    let mut next = 0;
    let mut last = 0;
    for exit in 0..exits.len() {
        if open.get(next) == Some(&exit) {
            ranges.push(shared[next].clone());
            last = *shared[next].end();
            next += 1;
        } else {
            ranges.push(last..=last);
        }
    }
    ranges
}

/// Lanes shared out among exits by their flows: as is customary, unless another order leaves the fullest lane clearly
/// emptier.
fn by_flows(
    rooms: &[u32],
    flows_vph: &[f64],
    lanes: u32,
    customary: Vec<RangeInclusive<u32>>,
) -> Vec<RangeInclusive<u32>> {
    let mut best = (fullest_vph(&customary, flows_vph, lanes) * (1.0 - GAIN_MIN), customary);
    let mut open = vec![Vec::<RangeInclusive<u32>>::new()];
    while let Some(ranges) = open.pop() {
        let exit = ranges.len();
        if exit == rooms.len() {
            if ranges.last().is_some_and(|last| *last.end() + 1 == lanes) {
                let fullest_vph = fullest_vph(&ranges, flows_vph, lanes);
                if fullest_vph < best.0 - 1e-9 {
                    best = (fullest_vph, ranges);
                }
            }
            continue;
        }
        // Neighbours share one lane, or none.
        let starts = ranges.last().map_or(0..=0, |before| *before.end()..=*before.end() + 1);
        for start in starts.filter(|&start| start < lanes) {
            for count in 1..=rooms[exit].min(lanes - start) {
                open.push(ranges.iter().cloned().chain([start..=start + count - 1]).collect());
            }
        }
    }
    best.1
}

/// What the fullest lane carries where each exit's flow spreads over its lanes as evenly as it can, in vehicles an hour.
fn fullest_vph(ranges: &[RangeInclusive<u32>], flows_vph: &[f64], lanes: u32) -> f64 {
    let even = |range: &RangeInclusive<u32>, flow_vph: &f64| {
        let count = range.clone().count();
        vec![flow_vph / count as f64; count]
    };
    let mut shares: Vec<Vec<f64>> = ranges.iter().zip(flows_vph).map(|(range, flow)| even(range, flow)).collect();
    let load = |shares: &[Vec<f64>], lane: u32, except: Option<usize>| -> f64 {
        let on_lane = ranges.iter().zip(shares).enumerate().filter(|(exit, _)| Some(*exit) != except);
        on_lane
            .filter(|(_, (range, _))| range.contains(&lane))
            .map(|(_, (range, of_exit))| of_exit[(lane - range.start()) as usize])
            .sum()
    };
    for _ in 0..SPREAD_ROUNDS {
        for exit in 0..ranges.len() {
            let others: Vec<f64> = ranges[exit].clone().map(|lane| load(&shares, lane, Some(exit))).collect();
            shares[exit] = super::signal_timing::spread(flows_vph[exit], &others);
        }
    }
    (0..lanes).map(|lane| load(&shares, lane, None)).fold(0.0, f64::max)
}

/// With a way straight on among the exits.
fn around_straight(rooms: &[u32], main: usize, lanes: u32, has_pocket: bool) -> Vec<RangeInclusive<u32>> {
    let (right_room, left_room): (u32, u32) = (rooms[..main].iter().sum(), rooms[main + 1..].iter().sum());
    let (mut right, mut left) =
        (u32::from(lanes >= 4 && right_room > 0), u32::from((lanes >= 3 || has_pocket) && left_room > 0));
    while lanes - right - left > rooms[main] {
        if left < left_room && (left <= right || right >= right_room) {
            left += 1;
        } else if right < right_room {
            right += 1;
        } else {
            break;
        }
    }
    let mut ranges = share(&rooms[..main], 0..=right.max(1) - 1);
    ranges.push(right..=lanes - left - 1);
    ranges.extend(share(&rooms[main + 1..], lanes - left.max(1)..=lanes - 1));
    ranges
}

/// Lanes shared out among exits in proportion to their lanes; neighbours share one where it does not come out even.
fn share(rooms: &[u32], lanes: RangeInclusive<u32>) -> Vec<RangeInclusive<u32>> {
    let (first, count) = (*lanes.start(), lanes.end() - lanes.start() + 1);
    let total: u32 = rooms.iter().sum();
    let mut before = 0;
    rooms
        .iter()
        .map(|&room| {
            let low = count * before / total;
            before += room;
            let high = (count * before).div_ceil(total) - 1;
            first + low..=first + high
        })
        .collect()
}

/// The lane that each of `from_count` lanes of a way enters, of `to_count`; from right to left. `swerve_m` tells how far
/// lanes lie to the side of the lanes that they would enter if the rightmost entered the rightmost, to the left positive,
/// with the width of the lanes that are entered; it matters only straight on.
pub(super) fn lanes_entered(direction: Direction, from_count: u32, to_count: u32, swerve_m: (f64, f64)) -> Vec<u32> {
    let lost = from_count.saturating_sub(to_count);
    let spare = to_count.saturating_sub(from_count);
    (0..from_count)
        .map(|lane| match direction {
            Direction::Right => lane.min(to_count - 1),
            Direction::Left | Direction::Turnaround => lane.saturating_sub(lost) + spare,
            Direction::Straight => {
                let (aside_m, width_m) = swerve_m;
                let shift = (aside_m / width_m).round().clamp(0.0, f64::from(spare)) as u32;
                lane.saturating_sub(lost) + shift
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exits(rooms: [u32; 3]) -> Vec<LaneExit> {
        [Direction::Right, Direction::Straight, Direction::Left]
            .into_iter()
            .zip(rooms)
            .filter(|(_, lane_count)| *lane_count > 0)
            .map(|(direction, lane_count)| LaneExit { direction, lane_count, is_open_to_all: true, flow_vph: None })
            .collect()
    }

    #[test]
    fn lanes_are_marked_as_one_is_used_to() {
        let check = |rooms, lanes, has_pocket, expected: &[RangeInclusive<u32>]| {
            assert_eq!(lanes_to_exits(&exits(rooms), lanes, has_pocket), expected, "{rooms:?} {lanes}");
        };
        check([1, 1, 1], 1, false, &[0..=0, 0..=0, 0..=0]);
        check([2, 2, 2], 2, false, &[0..=0, 0..=1, 1..=1]);
        check([1, 1, 1], 2, false, &[0..=0, 0..=0, 1..=1]);
        check([1, 1, 1], 2, true, &[0..=0, 0..=0, 1..=1]);
        check([1, 2, 1], 3, true, &[0..=0, 0..=1, 2..=2]);
        check([1, 1, 1], 3, false, &[0..=0, 1..=1, 2..=2]);
        check([2, 2, 2], 4, false, &[0..=0, 1..=2, 3..=3]);
        check([1, 1, 0], 2, false, &[0..=0, 1..=1]);
        check([0, 1, 0], 2, false, &[0..=1]);
        check([1, 0, 1], 2, false, &[0..=0, 1..=1]);
        check([1, 0, 2], 3, false, &[0..=0, 1..=2]);
        check([2, 0, 2], 3, false, &[0..=1, 1..=2]);
    }

    #[test]
    fn flows_share_lanes_out_where_that_helps() {
        let check = |rooms, lanes, flows: &[f64], expected: &[RangeInclusive<u32>]| {
            let mut exits = exits(rooms);
            exits.iter_mut().zip(flows).for_each(|(exit, flow_vph)| exit.flow_vph = Some(*flow_vph));
            assert_eq!(lanes_to_exits(&exits, lanes, false), expected, "{rooms:?} {lanes} {flows:?}");
        };
        // Much turns left: both lanes do.
        check([0, 1, 2], 2, &[300.0, 800.0], &[0..=0, 0..=1]);
        // Nobody turns left: it shares a lane.
        check([1, 2, 1], 3, &[300.0, 900.0, 0.0], &[0..=0, 1..=2, 2..=2]);
        // As is customary.
        check([1, 1, 1], 3, &[200.0, 300.0, 200.0], &[0..=0, 1..=1, 2..=2]);
        check([1, 1, 1], 3, &[10.0, 10.0, 10.0], &[0..=0, 1..=1, 2..=2]);
    }

    #[test]
    fn a_way_that_only_some_may_take_gets_no_lane_of_its_own() {
        let mut exits = exits([1, 2, 1]);
        exits[2].is_open_to_all = false;
        assert_eq!(lanes_to_exits(&exits, 3, false), [0..=0, 1..=2, 2..=2]);
    }

    #[test]
    fn turns_keep_to_their_side_and_lanes_on_the_right_end() {
        assert_eq!(lanes_entered(Direction::Right, 1, 3, (0.0, 3.0)), [0]);
        assert_eq!(lanes_entered(Direction::Left, 2, 3, (0.0, 3.0)), [1, 2]);
        assert_eq!(lanes_entered(Direction::Straight, 2, 3, (2.5, 3.0)), [1, 2]);
        assert_eq!(lanes_entered(Direction::Straight, 3, 2, (0.0, 3.0)), [0, 0, 1]);
    }
}

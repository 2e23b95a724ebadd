//! Stages for known flows: those that leave most of the cycle to traffic.
//!
//! Lanes that share an exit, or movements that share a lane, have green together: they are one *stream* of their approach. Streams
//! may share a stage where none of their ways touch, or where a left turn gives way to oncoming traffic and needs no green of
//! its own, or where next to nobody takes one of the ways that touch. Of all ways to divide the streams into such stages that one is taken which needs the least of a cycle: the greatest
//! flow ratio of each stage (Webster 1958), [`SHORTEST_S`] at least, and [`BETWEEN_S`] lost with each. A stream stays green in
//! the next stage, or has green in the one before, where that harms nobody. Streams of the main road come first, and left turns
//! before what they would cross. Junctions of more than [`STREAMS_MAX`] streams are left to the rule for unknown flows.

use super::super::Direction;
use super::movements::{Meeting, Movement};
use super::precedence::{Duty, Order};
use super::signal_timing::OPPOSED;
use super::site::Site;

/// More streams are not searched.
const STREAMS_MAX: usize = 12;
/// A movement that fewer vehicles an hour make gets no stage of its own: it gives way, or is given way to, under green.
const RARE_BELOW_VPH: f64 = 10.0;
/// The cycle that shares are told of, in seconds: a long one, as busy junctions have.
const CYCLE_S: f64 = 100.0;
/// The shortest green, in seconds.
const SHORTEST_S: f64 = 5.0;
/// What is lost between two stages, in seconds.
const BETWEEN_S: f64 = 6.0;
/// What leaves a lane that has green, in vehicles an hour.
const SATURATION_VPH: f64 = 1800.0;

/// Movements of one approach that have green together.
struct Stream {
    approach: u32,
    movements: Vec<usize>,
    /// The share of the cycle that it needs, and what it needs where its left turns give way.
    share: f64,
    slowed_share: f64,
}

/// The stages, as numbers of movements; `None` where there are too many streams, or flows are not known. `is_protected` tells
/// whether the left turn from one approach must not cross the traffic of another.
pub(super) fn stages(
    site: &Site,
    order: &Order,
    movements: &[Movement],
    duties: &[Duty],
    meetings: &[Meeting],
    is_protected: &dyn Fn(u32, u32) -> bool,
) -> Option<Vec<Vec<usize>>> {
    site.plain.turn_flows_vph.as_ref()?;
    let streams = streams(site, order, movements);
    if streams.is_empty() || streams.len() > STREAMS_MAX {
        return None;
    }
    let of_movement = |movement: usize| streams.iter().position(|stream| stream.movements.contains(&movement));
    let mut may_share = vec![vec![true; streams.len()]; streams.len()];
    let mut never_touch = may_share.clone();
    let mut slowed = vec![vec![false; streams.len()]; streams.len()];
    for &Meeting { first, second, .. } in meetings {
        let Some((a, b)) = of_movement(first).zip(of_movement(second)) else { continue };
        if streams[a].approach == streams[b].approach {
            continue;
        }
        let gives_way = |left: usize, other: usize| {
            movements[left].direction == Direction::Left
                && duties[left].yields_to.contains(&other)
                && order.is_opposite(movements[left].approach, movements[other].approach)
                && !is_protected(movements[left].approach, movements[other].approach)
        };
        let is_rare = |movement: usize| {
            let Movement { approach, to, .. } = movements[movement];
            site.turn_flow_vph(approach, to.street).is_some_and(|flow_vph| flow_vph < RARE_BELOW_VPH)
        };
        let has_order = duties[first].yields_to.contains(&second) || duties[second].yields_to.contains(&first);
        let is_permitted =
            gives_way(first, second) || gives_way(second, first) || (has_order && (is_rare(first) || is_rare(second)));
        slowed[a][b] |= gives_way(first, second);
        slowed[b][a] |= gives_way(second, first);
        for (one, other) in [(a, b), (b, a)] {
            never_touch[one][other] = false;
            may_share[one][other] &= is_permitted;
        }
    }
    let mut search =
        Search { streams: &streams, may_share: &may_share, slowed: &slowed, stages: Vec::new(), best: None };
    search.place(0, 0.0);
    let mut stages = search.best?.1;
    prolong(&mut stages, &streams, &never_touch);
    Some(stages.into_iter().map(|stage| stage.iter().flat_map(|&of| streams[of].movements.clone()).collect()).collect())
}

/// The streams of all approaches, those of the main road first.
fn streams(site: &Site, order: &Order, movements: &[Movement]) -> Vec<Stream> {
    let mut approaches: Vec<u32> = movements.iter().map(|movement| movement.approach).collect();
    approaches.dedup();
    approaches.sort_by_key(|approach| !order.main().contains(approach));
    let mut streams = Vec::new();
    for approach in approaches {
        let mut rest: Vec<usize> =
            (0..movements.len()).filter(|&movement| movements[movement].approach == approach).collect();
        let mut of_approach: Vec<Stream> = Vec::new();
        while let Some(first) = rest.pop() {
            let mut together = vec![first];
            let mut next = 0;
            while next < together.len() {
                let of = &movements[together[next]];
                let joins = |other: &usize| {
                    let other = &movements[*other];
                    other.from == of.from || other.to.street == of.to.street
                };
                let (joined, apart) = rest.iter().copied().partition(joins);
                together.extend::<Vec<usize>>(joined);
                rest = apart;
                next += 1;
            }
            together.sort_unstable();
            let share = share(site, &together, movements);
            let slowed_share = share * (1.0 + (OPPOSED - 1.0) * left_part(site, &together, movements));
            of_approach.push(Stream { approach, movements: together, share, slowed_share });
        }
        // Left turns first.
        of_approach.sort_by_key(|stream| {
            let is_left = |&movement: &usize| movements[movement].direction == Direction::Left;
            (!stream.movements.iter().all(is_left), stream.movements[0])
        });
        streams.extend(of_approach);
    }
    streams
}

/// The share of a cycle in which a stream must be green: that of its fullest lane, where each exit's traffic spreads over all
/// lanes that lead there.
fn share(site: &Site, together: &[usize], movements: &[Movement]) -> f64 {
    let mut lanes: Vec<_> = together.iter().map(|&movement| movements[movement].from).collect();
    lanes.sort_unstable();
    lanes.dedup();
    let mut exits: Vec<u32> = together.iter().map(|&movement| movements[movement].to.street).collect();
    exits.sort_unstable();
    exits.dedup();
    let approach = movements[together[0]].approach;
    let flow_vph = |exit: u32| site.turn_flow_vph(approach, exit).unwrap_or(0.0);
    let lanes_to = |exit: u32| {
        let leads = |lane: &&_| {
            together.iter().any(|&movement| movements[movement].from == **lane && movements[movement].to.street == exit)
        };
        lanes.iter().filter(leads).count().max(1) as f64
    };
    let even_vph = exits.iter().map(|&exit| flow_vph(exit)).sum::<f64>() / lanes.len().max(1) as f64;
    let fullest_vph = exits.iter().map(|&exit| flow_vph(exit) / lanes_to(exit)).fold(even_vph, f64::max);
    (fullest_vph / SATURATION_VPH).max(SHORTEST_S / CYCLE_S)
}

/// The part of a stream's traffic that turns left.
fn left_part(site: &Site, together: &[usize], movements: &[Movement]) -> f64 {
    let mut exits: Vec<(u32, Direction)> =
        together.iter().map(|&movement| (movements[movement].to.street, movements[movement].direction)).collect();
    exits.sort_unstable_by_key(|(exit, _)| *exit);
    exits.dedup();
    let approach = movements[together[0]].approach;
    let sum_vph = |only_left: bool| -> f64 {
        let counted = exits.iter().filter(|(_, direction)| !only_left || *direction == Direction::Left);
        counted.filter_map(|&(exit, _)| site.turn_flow_vph(approach, exit)).sum()
    };
    let all_vph = sum_vph(false);
    if all_vph > 0.0 { sum_vph(true) / all_vph } else { 0.0 }
}

/// A search through all ways to divide streams into stages, in their order.
struct Search<'a> {
    streams: &'a [Stream],
    may_share: &'a [Vec<bool>],
    /// Whether left turns of one stream give way to another.
    slowed: &'a [Vec<bool>],
    stages: Vec<Vec<usize>>,
    /// What the best way needs of a cycle, and its stages.
    best: Option<(f64, Vec<Vec<usize>>)>,
}

impl Search<'_> {
    /// Places streams from a number on, where those before need so much of a cycle.
    fn place(&mut self, stream: usize, needed: f64) {
        if self.best.as_ref().is_some_and(|(least, _)| needed >= *least - 1e-9) {
            return;
        }
        if stream == self.streams.len() {
            self.best = Some((needed, self.stages.clone()));
            return;
        }
        for stage in 0..self.stages.len() {
            if !self.stages[stage].iter().all(|&other| self.may_share[stream][other]) {
                continue;
            }
            let before = self.share(stage);
            self.stages[stage].push(stream);
            self.place(stream + 1, needed + self.share(stage) - before);
            self.stages[stage].pop();
        }
        self.stages.push(vec![stream]);
        self.place(stream + 1, needed + self.streams[stream].share + BETWEEN_S / CYCLE_S);
        self.stages.pop();
    }

    /// The share of the cycle that a stage needs.
    fn share(&self, stage: usize) -> f64 {
        let streams = &self.stages[stage];
        let share = |&of: &usize| {
            let is_slowed = streams.iter().any(|&other| self.slowed[of][other]);
            if is_slowed { self.streams[of].slowed_share } else { self.streams[of].share }
        };
        streams.iter().map(share).fold(0.0, f64::max)
    }
}

/// Lets streams be green in the stages next to theirs too, the fullest first, where they touch nobody who has green there. All
/// their green stays on end.
fn prolong(stages: &mut [Vec<usize>], streams: &[Stream], never_touch: &[Vec<bool>]) {
    let count = stages.len();
    let mut by_share: Vec<usize> = (0..streams.len()).collect();
    by_share.sort_by(|&a, &b| streams[b].share.total_cmp(&streams[a].share).then(a.cmp(&b)));
    for stream in by_share {
        let Some(own) = stages.iter().position(|stage| stage.contains(&stream)) else { continue };
        for next in [(own + 1) % count, (own + count - 1) % count] {
            let is_free = stages[next].iter().all(|&other| never_touch[stream][other]);
            if is_free && !stages[next].contains(&stream) {
                stages[next].push(stream);
            }
        }
    }
}

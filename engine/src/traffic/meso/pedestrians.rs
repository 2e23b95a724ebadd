//! People at crossings, as far as vehicles meet them: worked out when a vehicle wants to pass.
//!
//! When the first vehicle of a lane wants to go on over a crossing, what people have done there until now is made up: where
//! they go first (a zebra, their green), they began as soon as they came and the vehicles before had passed; at unmarked
//! crossings, as soon as there was a gap between vehicles in which they could cross. The vehicle goes if nobody is in its way
//! while it is on the crossing, or will be a second later; else it tries again when the last of those who are has passed. So a
//! crossing costs vehicles time only when they come to it, and nothing where nobody walks.
//!
//! A crossing counts where the way through a junction crosses it, and just before and behind; on the way along a street nobody
//! stops in this simulation. Left out: people who wait on the street.

use super::simulation::Meso;
use crate::signals::Lamp;
use crate::traffic::demand::TrafficDemand;
use crate::traffic::network::{Crossing, CrossingRule, LaneNetwork, Passage, PassageKind};
use crate::traffic::pedestrians::{
    CLEARANCE_MPS, Comer, Comers, FinishedWalk, GAP_S, Onward, PedestrianCounts, START_S, comers,
};

/// Crossings so near before or behind a junction count as being there, in metres.
const NEAR_M: f64 = 15.0;
/// Times closer than this are the same, in seconds.
const SAME_S: f64 = 1e-9;

/// All people at crossings.
#[derive(Debug, Default)]
pub(super) struct Pedestrians {
    crossings: Vec<AtCrossing>,
    /// The crossings on the way of each passage.
    on_way: Vec<Vec<OnWay>>,
    /// The crossings of each signal.
    of_signal: Vec<Vec<u32>>,
    counts: PedestrianCounts,
    finished: Vec<FinishedWalk>,
}

/// A crossing on the way from the end of a lane on: a row of [`LaneNetwork::crossed`].
#[derive(Clone, Copy, Debug)]
struct OnWay {
    row: u32,
    /// Where it begins and ends, from the end of the lane; negative before it.
    enter_m: f64,
    leave_m: f64,
}

/// The people at one crossing.
#[derive(Debug, Default)]
struct AtCrossing {
    comers: Comers,
    waiting: Vec<Comer>,
    walking: Vec<Walker>,
    /// Until when vehicles are on each of the lanes, in the order of [`Crossing::lanes`].
    busy_s: Vec<f64>,
}

/// Somebody who has begun to cross, or will.
#[derive(Clone, Copy, Debug)]
struct Walker {
    comer: Comer,
    begins_s: f64,
}

impl Pedestrians {
    pub(super) fn new(network: &LaneNetwork, demand: &TrafficDemand, seed: u64) -> Self {
        if demand.pedestrian_flows.is_empty() && demand.walks.is_empty() {
            return Self::default();
        }
        let (all, finished) = comers(network, &demand.pedestrian_flows, &demand.walks, seed);
        let at = |(comers, crossing): (Comers, &Crossing)| AtCrossing {
            comers,
            busy_s: vec![f64::NEG_INFINITY; crossing.lanes.len()],
            ..AtCrossing::default()
        };
        let mut of_signal = vec![Vec::new(); network.signals.len()];
        for (row, crossing) in (0_u32..).zip(&network.crossings) {
            if let Some(signal) = crossing.rule.signal() {
                of_signal[signal as usize].push(row);
            }
        }
        Self {
            of_signal,
            crossings: all.into_iter().zip(&network.crossings).map(at).collect(),
            on_way: network.passages.iter().map(|passage| on_way(network, passage)).collect(),
            counts: PedestrianCounts::default(),
            finished,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.crossings.is_empty()
    }
}

/// The crossings on the way of a passage that leaves a street.
fn on_way(network: &LaneNetwork, passage: &Passage) -> Vec<OnWay> {
    let rows = |lane: u32| {
        let rows = network.crossed_rows.get(lane as usize).copied().unwrap_or_default();
        rows.range().map(|row| (row as u32, network.crossed[row]))
    };
    let mut ways = Vec::new();
    if matches!(passage.kind, PassageKind::Entry | PassageKind::Direct) {
        let length_m = network.lanes[passage.from_lane as usize].length_m;
        let before = rows(passage.from_lane).filter(|(_, crossed)| crossed.leave_m > length_m - NEAR_M);
        ways.extend(before.map(|(row, crossed)| OnWay {
            row,
            enter_m: crossed.enter_m - length_m,
            leave_m: crossed.leave_m - length_m,
        }));
    }
    // Behind whoever waits inside the junction lies the way that is crossed, not before them.
    let (mut lane, mut from_m) = (passage.to_lane, 0.0);
    let is_street = |lane: u32| network.lanes[lane as usize].street.is_some();
    if passage.kind == PassageKind::Exit {
        return ways;
    }
    loop {
        let most_m = if is_street(lane) { NEAR_M } else { f64::INFINITY };
        ways.extend(rows(lane).filter(|(_, crossed)| crossed.enter_m < most_m).map(|(row, crossed)| OnWay {
            row,
            enter_m: from_m + crossed.enter_m,
            leave_m: from_m + crossed.leave_m,
        }));
        if is_street(lane) || passage.waits_inside {
            break;
        }
        from_m += network.lanes[lane as usize].length_m;
        match network.passages_from(lane).first() {
            Some(next) => lane = next.to_lane,
            None => break,
        }
    }
    ways
}

impl Meso<'_> {
    /// What has happened to people on foot so far.
    #[must_use]
    pub fn pedestrian_counts(&self) -> PedestrianCounts {
        let sum = |count: &dyn Fn(&AtCrossing) -> usize| self.pedestrians.crossings.iter().map(count).sum::<usize>();
        let begun = |at: &AtCrossing| at.walking.iter().filter(|walker| walker.begins_s <= self.time_s()).count();
        let walking = sum(&begun) as u64;
        let there = sum(&|at: &AtCrossing| at.waiting.len() + at.walking.len()) as u64;
        PedestrianCounts { waiting: there - walking, walking, ..self.pedestrians.counts }
    }

    /// Walks whose crossings are behind them; those without a crossing first.
    #[must_use]
    pub fn finished_walks(&self) -> &[FinishedWalk] {
        &self.pedestrians.finished
    }

    /// When nobody on foot is in the way any more of a vehicle that enters a passage with a pace; nothing if nobody is now.
    pub(super) fn people_until_s(&mut self, number: u32, length_m: f64, pace_mps: f64, now_s: f64) -> Option<f64> {
        if self.pedestrians.is_empty() {
            return None;
        }
        let mut until_s: Option<f64> = None;
        for place in 0..self.pedestrians.on_way[number as usize].len() {
            let on_way = self.pedestrians.on_way[number as usize][place];
            let crossed = self.network.crossed[on_way.row as usize];
            let (in_s, out_s) = on_way.times_s(length_m, pace_mps, now_s);
            self.make_up(crossed.crossing, now_s, in_s);
            let crossing_m = self.network.crossings[crossed.crossing as usize].length_m;
            for walker in &self.pedestrians.crossings[crossed.crossing as usize].walking {
                let (from_m, to_m) = crossed.walk_m(crossing_m, walker.comer.is_backward);
                let at_s = |m: f64| walker.begins_s + m / walker.comer.speed_mps;
                if at_s(to_m) > in_s + SAME_S && at_s(from_m) < out_s + GAP_S {
                    // Whoever waits for people starts anew.
                    until_s = Some(until_s.unwrap_or(now_s).max(at_s(to_m) - (in_s - now_s)));
                }
            }
        }
        until_s
    }

    /// A vehicle enters a passage: nobody begins to cross its way before it has passed.
    pub(super) fn keep_people(&mut self, number: u32, length_m: f64, pace_mps: f64, now_s: f64) {
        if self.pedestrians.is_empty() {
            return;
        }
        for on_way in &self.pedestrians.on_way[number as usize] {
            let crossing = self.network.crossed[on_way.row as usize].crossing as usize;
            let (_, out_s) = on_way.times_s(length_m, pace_mps, now_s);
            let lanes = &self.network.crossings[crossing].lanes;
            let busy_s = &mut self.pedestrians.crossings[crossing].busy_s;
            for (busy_s, _) in busy_s.iter_mut().zip(lanes).filter(|(_, row)| **row == on_way.row) {
                *busy_s = busy_s.max(out_s);
            }
        }
    }

    /// Makes up what people have done at all crossings until a time.
    pub(super) fn make_up_all(&mut self, now_s: f64) {
        // Who has crossed one street may have come to another.
        loop {
            let mut has_changed = false;
            for row in 0..self.pedestrians.crossings.len() as u32 {
                has_changed |= self.make_up(row, now_s, now_s);
            }
            if !has_changed {
                break;
            }
        }
    }

    /// Makes up what people have done at the crossings of a signal before its lamps change.
    pub(super) fn make_up_signal(&mut self, signal: u32, now_s: f64) {
        if self.pedestrians.is_empty() {
            return;
        }
        for place in 0..self.pedestrians.of_signal[signal as usize].len() {
            let row = self.pedestrians.of_signal[signal as usize][place];
            self.make_up(row, now_s, now_s);
        }
    }

    /// Makes up what people have done at a crossing until a time; the next vehicle is there at another one. Says whether
    /// somebody has gone on to another crossing.
    fn make_up(&mut self, row: u32, now_s: f64, next_s: f64) -> bool {
        let crossing = &self.network.crossings[row as usize];
        let mut at = std::mem::take(&mut self.pedestrians.crossings[row as usize]);
        while let Some(comer) = at.comers.by(now_s) {
            self.pedestrians.counts.came += 1;
            if let Some(record) = &mut self.record {
                record.come_on_foot(row, comer.at_s);
            }
            at.waiting.push(comer);
        }
        let (waiting, walking, busy_s) = (&mut at.waiting, &mut at.walking, &at.busy_s);
        waiting.retain(|comer| {
            let begins_s = self.begins_s(crossing, busy_s, comer, next_s);
            walking.extend(begins_s.map(|begins_s| Walker { comer: *comer, begins_s }));
            begins_s.is_none()
        });
        let mut goes_on = false;
        let mut across = Vec::new();
        walking.retain(|walker| {
            let end_s = walker.begins_s + crossing.length_m / walker.comer.speed_mps;
            if end_s <= now_s {
                across.push((walker.comer, walker.begins_s - walker.comer.at_s, end_s));
            }
            end_s > now_s
        });
        self.pedestrians.crossings[row as usize] = at;
        for (comer, lost_s, end_s) in across {
            self.pedestrians.counts.crossed += 1;
            if let Some(record) = &mut self.record {
                record.cross_on_foot(row, lost_s, end_s);
            }
            match comer.goes_on(&self.demand.walks, end_s, lost_s) {
                Some(Onward::Crossing(next, comer)) => {
                    if let Some(next) = self.pedestrians.crossings.get_mut(next as usize) {
                        next.comers.add(comer);
                        goes_on |= comer.at_s <= now_s;
                    }
                }
                Some(Onward::End(walk)) => self.pedestrians.finished.push(walk),
                None => {}
            }
        }
        goes_on
    }

    /// When somebody has begun, or will as far as is known; nothing if that is not known yet.
    fn begins_s(&self, crossing: &Crossing, busy_s: &[f64], comer: &Comer, next_s: f64) -> Option<f64> {
        let mut at_s = comer.at_s;
        for (&row, &busy_s) in crossing.lanes.iter().zip(busy_s) {
            let (from_m, _) = self.network.crossed[row as usize].walk_m(crossing.length_m, comer.is_backward);
            at_s = at_s.max(busy_s - from_m / comer.speed_mps);
        }
        match &crossing.rule {
            CrossingRule::Marked => Some(at_s),
            CrossingRule::Unmarked => {
                let needed_s = crossing.length_m / comer.speed_mps + GAP_S;
                (at_s + needed_s <= next_s).then_some(at_s)
            }
            CrossingRule::Lamp { signal, lamp } => self.lamp_opens_s(*signal, *lamp, at_s),
            CrossingRule::WhileRed { signal, lamps } => {
                let clearance_s = crossing.length_m / CLEARANCE_MPS;
                self.red_opens_s(*signal, lamps, clearance_s, at_s)
            }
        }
    }

    /// When people with a lamp of their own may begin who come at a time.
    fn lamp_opens_s(&self, signal: u32, lamp: u32, at_s: f64) -> Option<f64> {
        if let Some((shown, since_s)) = self.shown_since(signal, lamp) {
            return shown.is_green().then_some(at_s.max(since_s));
        }
        let program = &self.network.signals[signal as usize].program;
        first_time(program, at_s, |time_s| program.phases()[program.phase_at(time_s).0].lamps[lamp as usize].is_green())
    }

    /// When people may begin who come at a time and have green while lamps are red.
    fn red_opens_s(&self, signal: u32, lamps: &[u32], clearance_s: f64, at_s: f64) -> Option<f64> {
        let shown: Option<Vec<(Lamp, f64)>> = lamps.iter().map(|&lamp| self.shown_since(signal, lamp)).collect();
        if let Some(shown) = shown {
            let are_red = shown.iter().all(|(lamp, _)| *lamp == Lamp::Red);
            let since_s = shown.iter().map(|(_, since_s)| *since_s).fold(f64::NEG_INFINITY, f64::max);
            let begins_s = at_s.max(since_s);
            return (are_red && begins_s < since_s + START_S).then_some(begins_s);
        }
        let program = &self.network.signals[signal as usize].program;
        first_time(program, at_s, |time_s| program.red_for_s(lamps, time_s) >= clearance_s)
    }
}

impl OnWay {
    /// When a vehicle is on the crossing that enters the passage now.
    fn times_s(&self, length_m: f64, pace_mps: f64, now_s: f64) -> (f64, f64) {
        let pace_mps = pace_mps.max(1.0);
        (now_s + self.enter_m.max(0.0) / pace_mps, now_s + (self.leave_m + length_m).max(0.0) / pace_mps)
    }
}

/// The first time from a time on, or the first beginning of a phase after it, at which something holds; nothing if never.
fn first_time(program: &crate::signals::Program, at_s: f64, holds: impl Fn(f64) -> bool) -> Option<f64> {
    let mut time_s = at_s;
    for _ in 0..=program.phases().len() {
        if holds(time_s) {
            return Some(time_s);
        }
        time_s += program.phase_at(time_s).1 + SAME_S;
    }
    None
}

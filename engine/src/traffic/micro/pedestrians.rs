//! People at crossings: who begins to cross, who walks, and what that asks of drivers.
//!
//! In each step people look at the vehicles of the last one and move; then vehicles look at where people are now. People
//! begin to cross where they go first (a zebra, their green) as soon as no vehicle comes that could not stop any more; at
//! unmarked crossings they wait for a gap that is long enough to cross. On their way they go on, but they do not walk into a
//! lane where a vehicle stands on the crossing or cannot stop. Drivers stop before the crossing as long as somebody is in
//! their way or will be before they are across, and let those who wait and go first begin. So nobody is ever on the
//! stretch of a crossing where a vehicle is.
//!
//! As in *SUMO's pedestrian model* (J. Erdmann, D. Krajzewicz 2015, Procedia Computer Science 52), people who walk are for
//! drivers others who have the right of way, with times at which they come and leave. Left out: people who get in each
//! other's way, who run, and who cross on red.

use super::lamps::Lamps;
use super::scene::Scene;
use super::team::each;
use super::vehicles::Kind;
use crate::signals::Lamp;
use crate::traffic::car_following::STANDING_MPS;
use crate::traffic::demand::TrafficDemand;
use crate::traffic::network::{Crossed, Crossing, CrossingRule, LaneNetwork};
use crate::traffic::pedestrians::{
    CLEARANCE_MPS, Comer, Comers, FinishedWalk, GAP_S, OnCrossing, Onward, PedestrianCounts, START_S, Walk, comers,
};
use crate::traffic::results::Recorder;

/// Who needs all but so much of the distance to a crossing to stop cannot stop, in metres: less than what lies before one who has
/// stopped.
const STOP_RESERVE_M: f64 = 0.3;
/// Drivers go this much faster than the limit at most, as people expect.
const FASTER: f64 = 1.3;
/// The least deceleration with which people reckon when they look how far away somebody may be who cannot stop, in m/s².
const LEAST_BRAKING_MPS2: f64 = 3.0;
/// How many passages back people look.
const PASSAGES_MAX: u32 = 6;

/// All people at crossings.
#[derive(Clone, Debug, Default)]
pub(super) struct Pedestrians {
    crossings: Vec<AtCrossing>,
    counts: PedestrianCounts,
    finished: Vec<FinishedWalk>,
}

/// The people at one crossing.
#[derive(Clone, Debug, Default)]
struct AtCrossing {
    comers: Comers,
    waiting: Vec<Waiting>,
    walking: Vec<Walker>,
    /// Since when the vehicles' lamps have all been red, where people have green then, in seconds.
    red_since_s: Option<f64>,
    /// Who came in this step, and who reached the other kerb.
    came: u64,
    across: Vec<Comer>,
}

/// Somebody at the kerb.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    comer: Comer,
    /// Whether drivers have to let them begin.
    claims: bool,
}

/// Somebody on the way across.
#[derive(Clone, Copy, Debug)]
struct Walker {
    comer: Comer,
    /// From the kerb where they began, in metres.
    at_m: f64,
}

impl Pedestrians {
    pub(super) fn new(network: &LaneNetwork, demand: &TrafficDemand, seed: u64) -> Self {
        if demand.pedestrian_flows.is_empty() && demand.walks.is_empty() {
            return Self::default();
        }
        let (all, finished) = comers(network, &demand.pedestrian_flows, &demand.walks, seed);
        let crossings = all.into_iter().map(|comers| AtCrossing { comers, ..AtCrossing::default() }).collect();
        Self { crossings, counts: PedestrianCounts::default(), finished }
    }

    /// Whether anybody walks in this run.
    pub(super) fn is_empty(&self) -> bool {
        self.crossings.is_empty()
    }

    pub(super) fn counts(&self) -> PedestrianCounts {
        let sum = |count: &dyn Fn(&AtCrossing) -> usize| self.crossings.iter().map(count).sum::<usize>() as u64;
        PedestrianCounts { waiting: sum(&|at| at.waiting.len()), walking: sum(&|at| at.walking.len()), ..self.counts }
    }

    /// Walks that have ended, or will before they come to another crossing.
    pub(super) fn finished(&self) -> &[FinishedWalk] {
        &self.finished
    }

    pub(super) fn on_crossing(&self, crossing: u32, length_m: f64) -> impl Iterator<Item = OnCrossing> + '_ {
        let walking = self.crossings.get(crossing as usize).map_or(&[][..], |at| &at.walking);
        walking.iter().map(move |walker| OnCrossing {
            at_m: if walker.comer.is_backward { length_m - walker.at_m } else { walker.at_m },
            is_backward: walker.comer.is_backward,
            speed_mps: walker.comer.speed_mps,
        })
    }

    /// Everybody decides and walks, on all threads if that is worth it; `scene` and `lamps` are those at the beginning of the step.
    pub(super) fn walk(
        &mut self,
        scene: &Scene,
        lamps: &Lamps,
        walks: &[Walk],
        is_shared: bool,
        mut recorder: Option<(usize, &mut Recorder)>,
    ) {
        each(is_shared, &mut self.crossings, |number, at| at.step(scene, lamps, &scene.network.crossings[number]));
        let end_s = scene.time_s + scene.step_s;
        for number in 0..self.crossings.len() {
            let at = &mut self.crossings[number];
            let came = std::mem::take(&mut at.came);
            self.counts.came += came;
            if let Some((bin, recorder)) = &mut recorder
                && came > 0
            {
                recorder.crossing(*bin, number as u32).came += came as f64;
            }
            for comer in std::mem::take(&mut at.across) {
                let walking_s = scene.network.crossings[number].length_m / comer.speed_mps;
                let lost_s = (end_s - comer.at_s - walking_s).max(0.0);
                self.counts.crossed += 1;
                if let Some((bin, recorder)) = &mut recorder {
                    recorder.crossing(*bin, number as u32).cross(lost_s);
                }
                match comer.goes_on(walks, end_s, lost_s) {
                    Some(Onward::Crossing(next, comer)) => {
                        if let Some(next) = self.crossings.get_mut(next as usize) {
                            next.comers.add(comer);
                        }
                    }
                    Some(Onward::End(walk)) => self.finished.push(walk),
                    None => {}
                }
            }
        }
    }

    /// Whether nobody is at a crossing.
    pub(super) fn is_free(&self, crossing: u32) -> bool {
        let at = &self.crossings[crossing as usize];
        at.waiting.is_empty() && at.walking.is_empty()
    }

    /// Whether somebody has to be let across a lane by a vehicle that would be on the crossing from `in_s` to `out_s` from the
    /// beginning of the step, and that can still stop or not.
    pub(super) fn hold_up(
        &self,
        crossed: &Crossed,
        length_m: f64,
        step_s: f64,
        (in_s, out_s): (f64, f64),
        can_stop: bool,
    ) -> bool {
        let at = &self.crossings[crossed.crossing as usize];
        let meets = |comer: &Comer, at_m: f64| {
            let (from_m, to_m) = crossed.walk_m(length_m, comer.is_backward);
            // People have walked already in this step.
            let at_s = |m: f64| if m > at_m { step_s + (m - at_m) / comer.speed_mps } else { 0.0 };
            at_s(to_m) > in_s && at_s(from_m) < out_s + GAP_S
        };
        at.walking.iter().any(|walker| meets(&walker.comer, walker.at_m))
            || can_stop && at.waiting.iter().any(|waiting| waiting.claims && meets(&waiting.comer, 0.0))
    }
}

impl AtCrossing {
    fn step(&mut self, scene: &Scene, lamps: &Lamps, crossing: &Crossing) {
        let now_s = scene.time_s;
        self.go_on(scene, crossing);
        while let Some(comer) = self.comers.by(now_s) {
            self.came += 1;
            self.waiting.push(Waiting { comer, claims: false });
        }
        let may_begin = self.may_begin(scene, lamps, crossing);
        if self.waiting.is_empty() {
            return;
        }
        let goes_first = crossing.rule != CrossingRule::Unmarked;
        let walking = &mut self.walking;
        self.waiting.retain_mut(|waiting| {
            waiting.claims = false;
            if !may_begin {
                return true;
            }
            let comer = waiting.comer;
            let worst = worst_danger(scene, crossing, &comer, goes_first);
            if worst == Danger::None {
                walking.push(Walker { comer, at_m: 0.0 });
                return false;
            }
            waiting.claims = goes_first && worst != Danger::Stands;
            true
        });
    }

    /// Those on their way walk on, as far as the lanes ahead of them are safe.
    fn go_on(&mut self, scene: &Scene, crossing: &Crossing) {
        let (across, step_s) = (&mut self.across, scene.step_s);
        self.walking.retain_mut(|walker| {
            let speed_mps = walker.comer.speed_mps;
            let mut to_m = walker.at_m + speed_mps * step_s;
            for &row in &crossing.lanes {
                let crossed = &scene.network.crossed[row as usize];
                let (from_m, until_m) = crossed.walk_m(crossing.length_m, walker.comer.is_backward);
                if walker.at_m <= from_m && to_m > from_m {
                    let until_s = (until_m - walker.at_m) / speed_mps;
                    if danger(scene, crossed, (0.0, until_s), true) != Danger::None {
                        to_m = from_m;
                    }
                }
            }
            walker.at_m = to_m;
            let is_across = to_m >= crossing.length_m;
            if is_across {
                across.push(walker.comer);
            }
            !is_across
        });
    }

    /// Whether the lamps let people begin.
    fn may_begin(&mut self, scene: &Scene, lamps: &Lamps, crossing: &Crossing) -> bool {
        match &crossing.rule {
            CrossingRule::Marked | CrossingRule::Unmarked => true,
            CrossingRule::Lamp { signal, lamp } => {
                let shown = lamps.shown(scene.network, *signal);
                shown.get(*lamp as usize).is_some_and(|lamp| lamp.is_green())
            }
            CrossingRule::WhileRed { signal, lamps: foes } => {
                let signal_row = &scene.network.signals[*signal as usize];
                if signal_row.responsive.is_none() {
                    let clearance_s = crossing.length_m / CLEARANCE_MPS;
                    return !self.waiting.is_empty() && signal_row.program.red_for_s(foes, scene.time_s) >= clearance_s;
                }
                let shown = lamps.shown(scene.network, *signal);
                let are_red = foes.iter().all(|&lamp| shown.get(lamp as usize) == Some(&Lamp::Red));
                self.red_since_s = are_red.then(|| self.red_since_s.unwrap_or(scene.time_s));
                self.red_since_s.is_some_and(|since_s| scene.time_s - since_s < START_S)
            }
        }
    }
}

/// What keeps people from walking into a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Danger {
    None,
    /// A vehicle that will not stop.
    Comes,
    /// A vehicle that stands on the crossing.
    Stands,
}

/// The worst of what somebody would meet who begins now.
fn worst_danger(scene: &Scene, crossing: &Crossing, comer: &Comer, goes_first: bool) -> Danger {
    let mut worst = Danger::None;
    for &row in &crossing.lanes {
        let crossed = &scene.network.crossed[row as usize];
        let (from_m, to_m) = crossed.walk_m(crossing.length_m, comer.is_backward);
        // They begin to walk in the next step.
        let at_s = |m: f64| scene.step_s + m / comer.speed_mps;
        worst = worst.max(danger(scene, crossed, (at_s(from_m), at_s(to_m)), goes_first));
        if worst == Danger::Stands {
            break;
        }
    }
    worst
}

/// Whether a vehicle is on the crossing, or comes to it and cannot stop, while somebody is in its way. Whoever does not go first
/// minds also those who could stop.
fn danger(scene: &Scene, crossed: &Crossed, (from_s, to_s): (f64, f64), goes_first: bool) -> Danger {
    let width_m = crossed.leave_m - crossed.enter_m;
    let back = Back { scene, width_m, from_s, to_s, goes_first };
    if let Some(tail) = scene.tail(crossed.lane) {
        let kind = scene.kind(tail.kind);
        let front_m = tail.rear_m + kind.length_m;
        let here = back.meet(kind, crossed.enter_m - front_m, tail.speed_mps);
        if here != Danger::None {
            return here;
        }
    }
    back.look(crossed.lane, None, crossed.enter_m, PASSAGES_MAX)
}

/// A look back along the ways that lead to a crossing.
struct Back<'a> {
    scene: &'a Scene<'a>,
    width_m: f64,
    from_s: f64,
    to_s: f64,
    goes_first: bool,
}

impl Back<'_> {
    /// Looks at a lane and those before it; only those who go on to `to` come here. The crossing begins `enter_m` after the
    /// beginning of the lane.
    fn look(&self, lane: u32, to: Option<u32>, enter_m: f64, left: u32) -> Danger {
        let scene = self.scene;
        let vehicles = scene.lanes.of(lane);
        let row = &scene.network.lanes[lane as usize];
        let most_mps = row.speed_limit_mps * FASTER;
        let watched_s = if self.goes_first { 0.0 } else { self.to_s + GAP_S };
        let sight_m = most_mps * (watched_s + scene.step_s) + most_mps * most_mps / (2.0 * LEAST_BRAKING_MPS2);
        for index in 0..vehicles.len() {
            let distance_m = enter_m - vehicles.position_m[index];
            if distance_m > sight_m {
                break;
            }
            let comes_here = |to: u32| {
                let driver = scene.drivers[vehicles.vehicle[index] as usize];
                let passage = scene.passage(&driver, vehicles.memory[index].route_position, lane);
                passage.is_some_and(|row| scene.network.passages[row as usize].to_lane == to)
            };
            if to.is_none_or(comes_here) {
                let kind = scene.kind(vehicles.kind[index]);
                let met = self.meet(kind, distance_m, vehicles.speed_mps[index]);
                if met != Danger::None {
                    return met;
                }
            }
        }
        if enter_m >= sight_m || left == 0 {
            return Danger::None;
        }
        for &row in &scene.into[lane as usize] {
            let from = scene.network.passages[row as usize].from_lane;
            let length_m = scene.network.lanes[from as usize].length_m;
            let met = self.look(from, Some(lane), enter_m + length_m, left - 1);
            if met != Danger::None {
                return met;
            }
        }
        Danger::None
    }

    /// What a vehicle means whose front is so far before the crossing.
    fn meet(&self, kind: &Kind, distance_m: f64, speed_mps: f64) -> Danger {
        let through_m = distance_m + self.width_m + kind.length_m;
        if through_m <= 0.0 {
            return Danger::None;
        }
        let out_s = if speed_mps > STANDING_MPS { through_m / speed_mps } else { f64::INFINITY };
        if distance_m <= 0.0 {
            return match (out_s > self.from_s, speed_mps > STANDING_MPS) {
                (false, _) => Danger::None,
                (true, true) => Danger::Comes,
                (true, false) => Danger::Stands,
            };
        }
        if can_stop(kind, distance_m, speed_mps) && (self.goes_first || speed_mps <= STANDING_MPS) {
            return Danger::None;
        }
        let in_s = arrival_s(kind, distance_m, speed_mps, f64::INFINITY);
        if in_s < self.to_s + GAP_S && out_s > self.from_s - GAP_S { Danger::Comes } else { Danger::None }
    }
}

/// Whether a vehicle stops before a crossing, braking comfortably, or stands there.
pub(super) fn can_stop(kind: &Kind, distance_m: f64, speed_mps: f64) -> bool {
    let brake_m = kind.follower.braking_distance_m(speed_mps, kind.follower.deceleration_mps2, 0.0);
    speed_mps <= STANDING_MPS || brake_m + STOP_RESERVE_M <= distance_m
}

/// Whether people keep a vehicle from coming onto a lane, at a place and with a speed: it would stand on a crossing where somebody is,
/// or could not stop before one. `lane` is the lane, or one that it comes to after it; then the place is negative.
pub(super) fn keep_off(scene: &Scene, kind: &Kind, lane: u32, position_m: f64, speed_mps: f64) -> bool {
    scene.network.crossed_on(lane).iter().any(|crossed| {
        let distance_m = crossed.enter_m - position_m;
        let is_past = crossed.leave_m <= position_m - kind.length_m;
        !is_past
            && !scene.pedestrians.is_free(crossed.crossing)
            && (distance_m <= 0.0 || !can_stop(kind, distance_m, speed_mps))
    })
}

/// The least time to cover a distance, from a speed on and at most with another.
pub(super) fn arrival_s(kind: &Kind, distance_m: f64, speed_mps: f64, most_mps: f64) -> f64 {
    let follower = &kind.follower;
    let most_mps = most_mps.min(follower.max_speed_mps);
    // Speeds change at the beginning of a step.
    let speed_mps = follower.fastest_next_mps(speed_mps).min(most_mps.max(speed_mps)).max(STANDING_MPS);
    let acceleration_mps2 = follower.acceleration_mps2;
    let gain_m = (most_mps * most_mps - speed_mps * speed_mps).max(0.0) / (2.0 * acceleration_mps2);
    if distance_m <= gain_m {
        let end_mps = (speed_mps * speed_mps + 2.0 * acceleration_mps2 * distance_m.max(0.0)).sqrt();
        return (end_mps - speed_mps) / acceleration_mps2;
    }
    let gain_s = (most_mps - speed_mps).max(0.0) / acceleration_mps2;
    gain_s + (distance_m - gain_m) / most_mps.max(speed_mps)
}

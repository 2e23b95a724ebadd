//! Who comes to a passage, and whether somebody who has to give way may go.
//!
//! Everybody who means to pass a watched passage says when it will be there, when it will have cleared the way, and how
//! fast it will be. Who gives way goes where these times leave a gap: after the other has left, or early enough before it
//! comes. Impatient drivers count on the other to brake. After Erdmann and Krajzewicz (2014), *SUMO's road intersection
//! model*, LNCS 8594, 3–17. Where a passage tells which headways are accepted ([`GapAcceptance`]), those decide instead.
//!
//! [`GapAcceptance`]: crate::traffic::network::GapAcceptance

use super::plan::{Item, PlanOfBlock};
use super::scene::{Ground, Rule};
use super::vehicles::{Kind, NONE};
use crate::traffic::car_following::{STANDING_MPS, speed_after_mps};
use crate::traffic::network::{Conflict, ConflictKind};

/// When and how fast somebody passes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passing {
    /// Seconds from now until it arrives.
    pub(super) arrival_s: f64,
    pub(super) arrival_mps: f64,
    /// Its speed when it leaves the way through the junction.
    pub(super) leave_mps: f64,
    /// Length of that way, and of the vehicle.
    pub(super) way_m: f64,
}

impl Passing {
    /// Seconds from now until it has cleared the way.
    fn leave_s(&self) -> f64 {
        self.arrival_s + self.way_m / (0.5 * (self.arrival_mps + self.leave_mps)).max(1e-3)
    }
}

/// What somebody says who means to pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Approach {
    pub(super) passage: u32,
    pub(super) vehicle: u32,
    pub(super) kind: u16,
    /// Whether it really means to pass, and not to wait.
    pub(super) will_pass: bool,
    pub(super) passing: Passing,
    /// Its speed at the passage if it brakes from now on; 0 if it can stop.
    pub(super) braking_mps: f64,
    pub(super) distance_m: f64,
    pub(super) speed_mps: f64,
    pub(super) waiting_s: f64,
    /// The next of the same passage: block and row.
    pub(super) next: u32,
}

/// The gap in time that who gives way leaves, in seconds.
const MINOR_GAP_S: f64 = 1.0;
/// Whoever can stop may come as late as this after it would, in seconds.
const STOPS_S: f64 = 30.0;
/// How long one stands at a stop sign at least, in seconds (SUMO 1.28, `jmStopSignWait`).
const STOP_S: f64 = 1.0;
/// Standing where everybody gives way to the right for this long, whoever waits longest goes, in seconds.
const STAND_OFF_S: f64 = 3.0;
/// The same where rights of way form a circle, in seconds. SUMO takes vehicles off the road after five minutes.
const PATIENCE_S: f64 = 60.0;

/// What share of their acceleration drivers use where they set off, as one judges whether one gets across.
const USED_ACCELERATION: f64 = 0.75;

/// Those who come, by passage.
#[derive(Clone, Debug, Default)]
pub(super) struct Approaches {
    heads: Vec<u32>,
    used: Vec<u32>,
}

const BLOCK_SHIFT: u32 = 22;

impl Approaches {
    pub(super) fn new(passages: usize) -> Self {
        Self { heads: vec![NONE; passages], used: Vec::new() }
    }

    /// Gathers what all blocks say.
    pub(super) fn gather(&mut self, plans: &mut [PlanOfBlock]) {
        for passage in self.used.drain(..) {
            self.heads[passage as usize] = NONE;
        }
        for (block, plan) in plans.iter_mut().enumerate() {
            for (row, approach) in plan.approaches.iter_mut().enumerate() {
                let head = &mut self.heads[approach.passage as usize];
                if *head == NONE {
                    self.used.push(approach.passage);
                }
                approach.next = *head;
                *head = (block as u32) << BLOCK_SHIFT | row as u32;
            }
        }
    }

    fn to<'a>(&self, passage: u32, plans: &'a [PlanOfBlock]) -> Coming<'a> {
        Coming { plans, next: self.heads[passage as usize] }
    }
}

struct Coming<'a> {
    plans: &'a [PlanOfBlock],
    next: u32,
}

impl<'a> Iterator for Coming<'a> {
    type Item = &'a Approach;
    fn next(&mut self) -> Option<&'a Approach> {
        if self.next == NONE {
            return None;
        }
        let block = &self.plans[(self.next >> BLOCK_SHIFT) as usize];
        let approach = &block.approaches[(self.next & ((1 << BLOCK_SHIFT) - 1)) as usize];
        self.next = approach.next;
        Some(approach)
    }
}

/// Who asks to pass.
pub(super) struct Asking {
    pub(super) vehicle: u32,
    pub(super) kind: u16,
    pub(super) waiting_s: f64,
    pub(super) impatience: f64,
}

/// Whether somebody may pass, seeing who comes.
pub(super) fn is_open(
    ground: &Ground,
    approaches: &Approaches,
    plans: &[PlanOfBlock],
    item: &Item,
    asking: &Asking,
) -> bool {
    let rule = ground.rules[item.passage as usize];
    match rule {
        Rule::Open | Rule::Yellow => return true,
        Rule::Red => return false,
        Rule::Stop if asking.waiting_s < STOP_S - 1e-9 => return false,
        Rule::AllWayStop if asking.waiting_s <= 0.0 => return false,
        _ => {}
    }
    let passage = &ground.network.passages[item.passage as usize];
    if passage.waits_inside {
        return true;
    }
    for &other in &ground.network.yields[passage.yields.range()] {
        let (target, gaps) = (ground.network.passages[other as usize].exit_lane, passage.gaps);
        // Gaps are those between vehicles of other streets.
        let gaps = gaps.filter(|_| ground.street_before(other) != ground.street_before(item.passage));
        for foe in approaches.to(other, plans) {
            if foe.vehicle == asking.vehicle || !foe.will_pass {
                continue;
            }
            if rule == Rule::Clear && foe.speed_mps <= STANDING_MPS {
                continue;
            }
            if rule == Rule::AllWayStop && goes_before(asking, item, foe) {
                continue;
            }
            if rule == Rule::Zipper && ground.network.is_mutual(item.passage, other) {
                // Once both are inside, the later follows the earlier onto the lane that they share.
                if arrives_before(asking, item, foe) || item.passing.arrival_s > foe.passing.arrival_s + MINOR_GAP_S {
                    continue;
                }
                return false;
            }
            // Where lamps rule, waiting for them is no reason to go first.
            let stand_off_s = if rule == Rule::RightBeforeLeft { STAND_OFF_S } else { PATIENCE_S };
            if passage.signal.is_none()
                && asking.waiting_s > stand_off_s
                && foe.waiting_s > 0.0
                && goes_before(asking, item, foe)
            {
                continue;
            }
            let is_blocked = match gaps {
                Some(gaps) => {
                    let lag_s = crossing_lag_s(ground, foe, item, ground.kind(asking.kind));
                    is_gap_closed_by(foe, item, gaps.accepted_s(asking.waiting_s), lag_s)
                }
                None => is_blocked_by(ground, foe, item, asking, target == passage.exit_lane),
            };
            if is_blocked {
                return false;
            }
        }
    }
    true
}

/// Whether one has waited longer than the other, or as long but arrives earlier.
fn goes_before(asking: &Asking, item: &Item, foe: &Approach) -> bool {
    (asking.waiting_s, foe.passing.arrival_s, foe.vehicle) > (foe.waiting_s, item.passing.arrival_s, asking.vehicle)
}

/// Whether one arrives before the other.
fn arrives_before(asking: &Asking, item: &Item, foe: &Approach) -> bool {
    (item.passing.arrival_s, asking.vehicle) < (foe.passing.arrival_s, foe.vehicle)
}

/// Whether somebody comes too soon for the gap before it to be used, and so that it has `lag_s` left at least. What is left of
/// a gap when the one before has cleared the way is the headway that is accepted less the time that clearing takes. Drivers
/// expect the other to go on evenly to the speed at which it leaves.
fn is_gap_closed_by(foe: &Approach, item: &Item, accepted_s: f64, lag_s: f64) -> bool {
    let own_s = item.passing.arrival_s;
    let foe_s = 2.0 * foe.distance_m / (foe.speed_mps + foe.passing.leave_mps).max(STANDING_MPS);
    let clearing_s = foe.passing.way_m / foe.passing.leave_mps.max(STANDING_MPS);
    own_s <= foe_s + clearing_s && foe_s < own_s + (accepted_s - clearing_s).max(lag_s)
}

/// How long after oneself another may come to its passage at the earliest, where it has to cross the other's way: not before
/// it is out of that. Infinitely early where it does not cross.
fn crossing_lag_s(ground: &Ground, foe: &Approach, item: &Item, kind: &Kind) -> f64 {
    let network = ground.network;
    let [own_lane, foe_lane] = [item.passage, foe.passage].map(|row| network.passages[row as usize].to_lane);
    let own = &network.lanes[own_lane as usize];
    let crossed = |conflict: &&Conflict| conflict.foe_lane == foe_lane && conflict.kind == ConflictKind::Cross;
    let Some(conflict) = network.conflicts[own.conflicts.range()].iter().find(crossed) else {
        return f64::NEG_INFINITY;
    };
    let (arrival_mps, most_mps) = (item.passing.arrival_mps, own.speed_limit_mps.max(item.passing.arrival_mps));
    let acceleration_mps2 = kind.follower.acceleration_mps2 * USED_ACCELERATION;
    let way_m = conflict.leave_m + kind.length_m;
    let gaining_m = (most_mps * most_mps - arrival_mps * arrival_mps) / (2.0 * acceleration_mps2);
    let leave_mps = if way_m < gaining_m { speed_after_mps(arrival_mps, way_m, acceleration_mps2) } else { most_mps };
    let own_s = (leave_mps - arrival_mps) / acceleration_mps2 + (way_m - gaining_m).max(0.0) / most_mps;
    own_s - conflict.foe_enter_m / foe.passing.leave_mps.max(STANDING_MPS)
}

fn is_blocked_by(ground: &Ground, foe: &Approach, item: &Item, asking: &Asking, same_target: bool) -> bool {
    let own_b = ground.kind(asking.kind).follower.deceleration_mps2;
    let foe_b = ground.kind(foe.kind).follower.deceleration_mps2;
    let own = &item.passing;
    let mut foe_arrival_s = foe.passing.arrival_s;
    let mut foe_braking_mps = foe.braking_mps;
    if asking.impatience > 0.0 && own.arrival_s < foe_arrival_s {
        let (late_s, speed) = arrival_if_braking(ground, foe, foe_b, own.arrival_s, asking.impatience);
        foe_arrival_s = (1.0 - asking.impatience) * foe_arrival_s + asking.impatience * late_s;
        foe_braking_mps = speed.unwrap_or(foe_braking_mps);
    }
    let foe_leave_s = foe.passing.leave_s();
    if foe_leave_s < own.arrival_s {
        // After the other.
        same_target
            && (own.arrival_s - foe_leave_s < MINOR_GAP_S
                || runs_into(foe.passing.leave_mps, own.arrival_mps, foe_b, own_b))
    } else if foe_arrival_s > own.leave_s() + MINOR_GAP_S {
        // Before the other.
        same_target && runs_into(own.leave_mps, foe_braking_mps, own_b, foe_b)
    } else {
        true
    }
}

/// Whether a follower needs at least as far to stop as the leader in front of it.
fn runs_into(leader_mps: f64, follower_mps: f64, leader_b: f64, follower_b: f64) -> bool {
    leader_mps * leader_mps / leader_b <= follower_mps * follower_mps / follower_b
}

/// When somebody would arrive who brakes from the moment at which one enters, and how fast it would then be.
fn arrival_if_braking(
    ground: &Ground,
    foe: &Approach,
    deceleration_mps2: f64,
    own_arrival_s: f64,
    impatience: f64,
) -> (f64, Option<f64>) {
    let foe_arrival_s = foe.passing.arrival_s;
    if (own_arrival_s / ground.step_s).floor() == (foe_arrival_s / ground.step_s).floor() {
        return (foe_arrival_s, None);
    }
    let b = deceleration_mps2 * impatience;
    let dt = foe_arrival_s - own_arrival_s;
    let slower = dt * b;
    let saved_m = dt * slower / 2.0;
    let speed = foe.distance_m / foe_arrival_s.max(1e-3);
    // Both move through the step that is being decided.
    let left_m = foe.distance_m - speed * (own_arrival_s - ground.step_s);
    if 0.5 * speed * speed / b <= left_m {
        return (foe_arrival_s + STOPS_S, Some(0.0));
    }
    let root = 4.0 * (speed - slower) * (speed - slower) - 8.0 * b * saved_m;
    if root < 0.0 {
        return (foe_arrival_s + STOPS_S, Some(0.0));
    }
    let later = ((root.sqrt() * -0.5 - slower + speed) / b).max(0.0);
    (foe_arrival_s + later, Some((speed - (dt + later) * b).max(0.0)))
}

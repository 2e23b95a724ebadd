//! Letting others go first who would wait for ever: in slow traffic no gap comes by itself.
//!
//! Where the demand says so, whoever has priority at a junction without a lamp, comes slowly and can stop with ease, leaves the
//! junction free for a few seconds to somebody who has waited there for long and has room to go on. Drivers do that; without it
//! one who turns left through a queue that creeps stands there for as long as the queue lasts, and all behind it. Whose rear stands
//! in the junction before, on a street shorter than a vehicle, is let go much sooner: it blocks others. Our rule.

use super::Look;
use crate::traffic::car_following::STANDING_MPS;
use crate::traffic::micro::scene::{Rule, Scene};
use crate::traffic::network::{ConflictKind, Passage, Precedence};

/// Who is slower than this lets others go first, in metres a second.
const SLOW_MPS: f64 = 7.0;
/// It decides that so near to the junction, in metres.
const NEAR_M: f64 = 20.0;
/// Whose rear stands in a junction is let go after that time, in seconds.
const LETS_OUT_AFTER_S: f64 = 3.0;
/// So long it stands for them, in seconds.
const STANDS_S: f64 = 8.0;

impl Look<'_> {
    /// Whether it lets somebody go first at a passage at which it has priority.
    pub(super) fn lets_in(&self, passage: &Passage, rule: Rule, brake_m: f64) -> bool {
        let scene = self.scene;
        if scene.lets_in_after_s.is_infinite()
            || self.speed_mps > SLOW_MPS
            || self.seen_m > NEAR_M
            || self.seen_m < brake_m
            || self.memory.waiting_s > STANDS_S
            || !rule.has_priority()
            || passage.signal.is_some()
        {
            return false;
        }
        for lane in scene.inside_from(passage.to_lane) {
            let row = &scene.network.lanes[lane as usize];
            let crossed = scene.network.conflicts[row.conflicts.range()]
                .iter()
                .filter(|conflict| conflict.kind != ConflictKind::Diverge && conflict.precedence == Precedence::Own);
            for conflict in crossed {
                if scene.into[conflict.foe_lane as usize].iter().any(|&into| has_waited_long(scene, into)) {
                    return true;
                }
            }
        }
        false
    }
}

/// Whether somebody stands before a passage who has to give way there, has waited for long, and has room behind.
fn has_waited_long(scene: &Scene, row: u32) -> bool {
    let passage = &scene.network.passages[row as usize];
    let rule = scene.rules[row as usize];
    if rule.has_priority() || rule.is_lit_against() {
        return false;
    }
    let vehicles = scene.lanes.of(passage.from_lane);
    let Some(memory) = vehicles.memory.first() else { return false };
    let driver = &scene.drivers[vehicles.vehicle[0] as usize];
    let kind = scene.kind(vehicles.kind[0]);
    let is_in_the_way = vehicles.position_m[0] < kind.length_m;
    let after_s = if is_in_the_way { LETS_OUT_AFTER_S } else { scene.lets_in_after_s };
    memory.waiting_s > after_s
        && vehicles.speed_mps[0] <= STANDING_MPS
        && scene.passage(driver, memory.route_position, passage.from_lane) == Some(row)
        && scene.room_behind_standing(passage.exit_lane).0 >= kind.room_m()
}

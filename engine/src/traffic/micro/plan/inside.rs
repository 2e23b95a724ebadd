//! Slowing inside junctions, and before them, for those who are inside on other lanes.

use super::{Look, STUCK_S, WAIT_GAP_M};
use crate::traffic::car_following::STANDING_MPS;
use crate::traffic::micro::scene::{Ahead, Rule};
use crate::traffic::network::{Conflict, ConflictKind, Precedence};

/// Somebody on another lane of the junction, or whose rear still is.
struct Foe {
    vehicle: u32,
    front_m: f64,
    rear_m: f64,
    speed_mps: f64,
    kind: u16,
    entered_step: u32,
    stuck: bool,
}

impl Look<'_> {
    /// Slows for vehicles that are in its way on other lanes of the junction.
    pub(super) fn mind_conflicts(&mut self) {
        let lane = &self.scene.network.lanes[self.lane as usize];
        if lane.conflicts.is_empty() {
            return;
        }
        let mut start_m = self.seen_m - lane.length_m;
        if self.lane != self.lane_at_first {
            // Who stands right at the end of its lane is not inside yet.
            start_m = start_m.max(f64::EPSILON);
        }
        let before = self.allowed_mps;
        (self.passes_stuck, self.stops_inside) = (false, false);
        for conflict in &self.scene.network.conflicts[lane.conflicts.range()] {
            self.mind_conflict(conflict, start_m);
        }
        if self.passes_stuck && self.stops_inside && !self.memory.squeezes {
            // Past those who are stuck one goes only if one gets through: else one would be stuck with them.
            self.wait_outside(start_m);
        }
        // Not inside yet: nothing makes it slower than it would be to wait outside.
        if self.allowed_mps < before
            && let Some(waiting) = self.waiting.filter(|_| start_m > 0.0)
        {
            self.allowed_mps = self.allowed_mps.max(self.wait_mps(waiting).min(before));
        }
    }

    fn mind_conflict(&mut self, conflict: &Conflict, start_m: f64) {
        let scene = self.scene;
        if !scene.is_empty_inside(conflict.foe_lane) {
            self.mind_foes_on(conflict, conflict.foe_lane, 0.0, start_m);
        }
        // Whoever waits inside and has red behind must be let out.
        let before = scene.network.before[conflict.foe_lane as usize];
        if start_m > 0.0 && scene.is_inside(before) && !scene.is_empty_inside(before) {
            let way_on = scene.network.lanes[before as usize].passages.start;
            if scene.rules[way_on as usize] == Rule::Clear {
                self.mind_foes_on(conflict, before, scene.network.lanes[before as usize].length_m, start_m);
            }
        }
        if let Some(tail) = scene.tail(conflict.foe_lane) {
            let foe = Foe {
                vehicle: tail.vehicle,
                front_m: tail.rear_m + scene.kind(tail.kind).length_m,
                rear_m: tail.rear_m,
                speed_mps: tail.speed_mps,
                kind: tail.kind,
                entered_step: tail.entered_step,
                stuck: false,
            };
            self.mind_foe(conflict, start_m, &foe);
        }
    }

    /// Slows for the vehicles of a lane that ends `short_m` before the lane of the conflict begins.
    fn mind_foes_on(&mut self, conflict: &Conflict, lane: u32, short_m: f64, start_m: f64) {
        let scene = self.scene;
        let vehicles = scene.lanes.of(lane);
        for index in 0..vehicles.len() {
            let kind = vehicles.kind[index];
            let front_m = vehicles.position_m[index] - short_m;
            let foe = Foe {
                vehicle: vehicles.vehicle[index],
                front_m,
                rear_m: front_m - scene.kind(kind).length_m,
                speed_mps: vehicles.speed_mps[index],
                kind,
                entered_step: vehicles.memory[index].entered_step,
                stuck: vehicles.memory[index].waiting_s > STUCK_S,
            };
            self.mind_foe(conflict, start_m, &foe);
        }
    }

    fn mind_foe(&mut self, conflict: &Conflict, start_m: f64, foe: &Foe) {
        if foe.vehicle == self.vehicle {
            return;
        }
        // From its own front to the room that both need; negative inside it.
        let enter_m = start_m + conflict.enter_m;
        let leave_m = start_m + conflict.leave_m;
        if conflict.kind != ConflictKind::Merge && leave_m + self.kind.length_m < 0.0 {
            return;
        }
        let foe_has_left = foe.rear_m >= conflict.foe_leave_m;
        let foe_is_in = foe.front_m > conflict.foe_enter_m && !foe_has_left;
        let is_squeezed_past = self.memory.squeezes && foe.speed_mps <= STANDING_MPS;
        match conflict.kind {
            ConflictKind::Diverge => {
                let is_ahead =
                    foe.rear_m + start_m > -self.kind.length_m * 0.5 && (foe.front_m + start_m > 0.0 || start_m > 0.0);
                // Not as long as its rear is on the lane that both come from.
                let is_squeezed_past = is_squeezed_past && foe.rear_m >= 0.0;
                if !foe_has_left && is_ahead && !is_squeezed_past && self.comes_after_diverging(foe, start_m) {
                    self.follow(Ahead { distance_m: start_m + foe.rear_m, speed_mps: foe.speed_mps, kind: foe.kind });
                }
            }
            ConflictKind::Merge => self.merge(conflict, enter_m, start_m, foe, foe_is_in),
            ConflictKind::Cross => {
                let is_in_the_way = foe_is_in || self.gives_way_to(conflict, start_m, foe);
                if foe_has_left || enter_m < 0.0 || is_squeezed_past || !is_in_the_way {
                    return;
                }
                if start_m > 0.0 && self.scene.is_inside(self.lane_at_first) {
                    // Who waits inside stays where one waits: beyond it, those who go first would have to mind it.
                    self.stops_inside = true;
                    self.wait_outside(start_m);
                } else {
                    self.stop_before(enter_m);
                }
            }
        }
    }

    /// Whether a vehicle on a lane that begins where one's own does is ahead.
    fn comes_after_diverging(&self, foe: &Foe, start_m: f64) -> bool {
        start_m > 0.0 || (foe.front_m, foe.vehicle) > (self.position_m, self.vehicle)
    }

    /// Two lanes into one: behind whoever goes first.
    fn merge(&mut self, conflict: &Conflict, enter_m: f64, start_m: f64, foe: &Foe, foe_is_in: bool) {
        let own_end_m = start_m + conflict.leave_m;
        let foe_end_m = conflict.foe_leave_m - foe.front_m;
        let is_nearer = (foe_end_m, foe.vehicle) < (own_end_m, self.vehicle);
        let own_is_in = enter_m < 0.0;
        // Of three inside each may have to let another go first, in a circle: those who all stand go by who is nearest.
        let both_stand = start_m <= 0.0 && foe.stuck && self.memory.waiting_s > STUCK_S;
        let goes_first = if own_is_in && foe_is_in {
            is_nearer
        } else if own_is_in {
            false
        } else if both_stand {
            foe_is_in || is_nearer
        } else {
            foe_is_in || self.gives_way_to(conflict, start_m, foe)
        };
        if !goes_first {
            return;
        }
        let rear_to_end_m = conflict.foe_leave_m - foe.rear_m;
        let distance_m = own_end_m - rear_to_end_m;
        if distance_m >= self.min_gap_m() || own_is_in {
            self.follow(Ahead { distance_m, speed_mps: foe.speed_mps, kind: foe.kind });
        } else if start_m > 0.0 {
            // It does not roll into the junction to wait there for its turn.
            self.wait_outside(start_m);
        } else {
            self.stop_before(enter_m);
        }
    }

    fn wait_outside(&mut self, start_m: f64) {
        let speed = self.kind.follower.stop_speed_mps(self.speed_mps, start_m - WAIT_GAP_M);
        self.slow_to(speed);
    }

    /// Whether it lets somebody inside the junction go first.
    fn gives_way_to(&mut self, conflict: &Conflict, start_m: f64, foe: &Foe) -> bool {
        let is_passed = foe.stuck && foe.front_m <= conflict.foe_enter_m;
        if start_m > 0.0 {
            // Whoever is inside goes before those who are not.
            self.passes_stuck |= is_passed;
            return !is_passed;
        }
        // Who is stuck inside has been passed, and minds those who do.
        let is_stuck = self.memory.waiting_s > STUCK_S;
        if is_passed != is_stuck {
            if is_passed {
                return false;
            }
            let stops_m =
                self.kind.follower.braking_distance_m(foe.speed_mps, self.kind.follower.deceleration_mps2, 0.0);
            if !foe.stuck && foe.speed_mps > STANDING_MPS && conflict.foe_enter_m - foe.front_m < stops_m {
                return true;
            }
        }
        let own = self.memory.entered_step;
        if own != foe.entered_step {
            return foe.entered_step < own;
        }
        match conflict.precedence {
            Precedence::Own => false,
            Precedence::Foe => true,
            Precedence::Neither => foe.vehicle < self.vehicle,
        }
    }

    /// Comes no nearer than where the room that both need begins, as long as the other has not left it.
    pub(super) fn stop_before(&mut self, enter_m: f64) {
        self.stops_inside = true;
        let follower = &self.kind.follower;
        let room_m = enter_m - follower.min_gap_m.min(1.0);
        let speed = follower.stop_speed_mps(self.speed_mps, room_m);
        self.slow_to(speed);
    }
}

//! Changing lanes to follow the route: when one has to begin, and how one gets in.
//!
//! Erdmann (2015), sections on strategic changes and on the adaptation of speeds. Whoever is shut out first decides whether
//! it passes the one ahead on the other lane or falls in behind it, then whether the one behind can let it in or should
//! rather pass. Whoever is slow stops behind somebody who waits beside it to get in. Two who want each other's lanes: the one
//! behind leaves room for the one ahead at the end of its lane.

use super::gaps::secure_gap_m;
use super::view::{Cursor, Follower, Goal, Leader, View};
use super::{Advice, Side, Wishes};
use crate::traffic::micro::vehicles::Kind;

/// How far ahead one looks for a lane to change in time, in seconds of driving.
const STRATEGIC_S: f64 = 10.0;
/// Changes to the left take longer to get ready for: one looks this many times as far.
const STRATEGIC_LEFT: f64 = 2.0;
/// How many times the room that it takes itself it needs besides for each lane to cross.
const STRATEGIC_ROOMS: f64 = 2.0;
/// One wants to have changed in one part in so many of the time that is left.
const URGENCY: f64 = 2.0;
/// Who is faster than the other by this gets in before it without help, in metres a second.
const HELP_MPS: f64 = 10.0 / 3.6;
/// Who falls in behind somebody brakes at least as much as this, in m/s².
const FALL_BEHIND_MPS2: f64 = 7.0 / 3.6;
/// How much others may be expected to brake by themselves in a second, in m/s².
const MINOR_BRAKING_MPS2: f64 = 1.0;
/// To the left, followers slow down for somebody that fast although they could pass it, in metres a second.
const CUT_IN_LEFT_MPS: f64 = 27.0;
/// And on lanes that long, in metres.
const LONG_LANE_M: f64 = 200.0;
/// Kept free at the end of the lane besides the room for somebody who has to leave the other one, in metres.
const RESERVE_M: f64 = 1.0;
/// Room kept for those who cross two lanes and cannot be seen yet, to the right and to the left, in metres.
const UNSEEN_RIGHT_M: f64 = 20.0;
const UNSEEN_LEFT_M: f64 = 40.0;
/// Who stands at a stop within this distance is overtaken, in metres.
const STOPPED_M: f64 = 100.0;
/// Lanes that end within this distance for the route are for those who turn there, in metres.
const TURN_LANE_M: f64 = 200.0;
/// Who has been standing for this long squeezes in, in seconds.
const SQUEEZE_AFTER_S: f64 = 60.0;

/// What the route says of a change to one side.
pub(super) enum Strategy {
    /// It has to change; so far it can go on the lane that it is on.
    Change { left_m: f64 },
    /// It must not.
    Stay,
    /// It may.
    Free,
}

/// A change to one side that is looked at.
#[derive(Clone, Copy)]
pub(super) struct Change<'a> {
    pub(super) side: Side,
    pub(super) to: u32,
    pub(super) own: Goal,
    pub(super) other: Goal,
    /// How many lanes to the left the best lane is; the other one counts as better where both are best.
    pub(super) offset: i32,
    /// The distance within which it has to get ready, for one lane.
    pub(super) ahead_m: f64,
    pub(super) leader: Option<Leader<'a>>,
}

impl Change<'_> {
    /// Whether the best lane is on that side.
    pub(super) fn is_to_best(&self) -> bool {
        self.offset.signum() == self.side.step()
    }

    /// Whether it has to be made some time.
    pub(super) fn is_needed(&self) -> bool {
        self.is_to_best() && self.offset == self.own.offset
    }

    pub(super) fn is_blocked_ahead(&self) -> bool {
        self.leader.is_some_and(|leader| !leader.gap.is_safe())
    }
}

impl<'a> View<'a> {
    /// How far before a lane ends it gets ready to leave it.
    pub(super) fn strategic_m(&self, side: Side) -> f64 {
        let times = if side == Side::Left { STRATEGIC_LEFT } else { 1.0 };
        self.foresight_mps * STRATEGIC_S * times * self.kind.lane_changing.strategic
            + STRATEGIC_ROOMS * self.kind.room_m()
    }

    /// Whether it would have to come back, and there is no room for that even on empty lanes: what [`View::strategy`] says most
    /// often, known before anybody there is looked at.
    pub(super) fn would_not_get_back(&self, change: &Change, leader: Option<Leader>) -> bool {
        !change.is_to_best()
            && leader.is_none_or(|leader| !leader.signs.at_stop)
            && change.other.reach_m - self.position_m < change.ahead_m * f64::from(change.offset.abs() + 2)
    }

    /// What the route says of a change.
    pub(super) fn strategy(&self, change: &Change, leader: Option<Leader>, cursors: &[Cursor]) -> Strategy {
        let bus_beside = change.leader.filter(|leader| leader.signs.at_stop);
        let own_left_m = change.own.reach_m - self.position_m;
        let mut ahead_m = change.ahead_m;
        if let Some(bus) = leader.filter(|bus| bus.signs.at_stop && bus.gap.free_m < own_left_m)
            && change.offset == 0
        {
            // It has to change and to come back.
            ahead_m = 0.5 * (self.kind.room_m() + bus.kind.room_m() + bus.gap.free_m);
        } else if let Some(bus) = bus_beside.filter(|bus| bus.gap.free_m < own_left_m)
            && change.offset == change.side.step()
        {
            ahead_m = self.kind.room_m() + bus.kind.room_m() + bus.gap.free_m;
        }
        if change.is_needed() {
            let best = self.lane.saturating_add_signed(change.offset);
            let lanes = f64::from(change.offset.abs());
            // The fuller the lane that leads on, the earlier it has to get there.
            if own_left_m < ahead_m * lanes || own_left_m - self.taken_ahead_m(best, cursors) < ahead_m * lanes {
                return Strategy::Change { left_m: own_left_m };
            }
        }
        let other_left_m = change.other.reach_m - self.position_m;
        if let Some(bus) = leader.filter(|bus| bus.signs.at_stop && bus.gap.free_m < STOPPED_M) {
            let past_m = bus.gap.free_m + self.kind.length_m + bus.kind.room_m();
            let is_clear = bus_beside.is_none_or(|other| other.gap.free_m > past_m);
            if own_left_m.min(other_left_m) > past_m && is_clear {
                return Strategy::Change { left_m: bus.gap.free_m };
            }
        }
        if !change.is_to_best() {
            // It would have to come back, behind a queue that may be as long as the longer of both.
            let needed_m = ahead_m * f64::from(change.offset.abs() + 2);
            let is_turn_lane = change.offset == 0
                && change.other.reach_m < TURN_LANE_M
                && self.leads_elsewhere(change.to)
                && leader.is_none_or(|leader| !leader.signs.at_stop);
            if is_turn_lane || other_left_m < needed_m {
                return Strategy::Stay;
            }
            let jam_m = self.taken_ahead_m(self.lane, cursors).max(self.taken_ahead_m(change.to, cursors));
            if (other_left_m - jam_m).max(0.0) < needed_m {
                return Strategy::Stay;
            }
        }
        Strategy::Free
    }

    /// Changes for the route if it can, and else does what helps; says whether it changes.
    pub(super) fn change_for_route(
        &self,
        change: &Change,
        left_m: f64,
        other: Option<Follower>,
        wishes: &mut Wishes,
    ) -> bool {
        let ahead = change.is_blocked_ahead();
        let behind = other.is_some_and(|other| !other.gap.is_safe());
        let squeezes = self.memory.waiting_s > SQUEEZE_AFTER_S;
        if squeezes || !(ahead || behind) {
            self.wish(change.to, squeezes, wishes);
            if !(ahead || behind) {
                return true;
            }
        }
        let lanes = f64::from(change.offset.abs().max(1));
        let reserved_m = self.reserved_m(change, left_m);
        if reserved_m > 0.0 {
            let room_m = left_m - reserved_m - RESERVE_M - self.kind.follower.min_gap_m;
            if room_m > 0.0 {
                self.advise_self(self.kind.follower.stop_speed_mps(self.speed_mps, room_m), wishes);
            }
        }
        let left_s = (left_m / self.foresight_mps.max(1e-3) / lanes / URGENCY).max(self.scene.step_s);
        let planned_mps = self.mind_leader(change, ahead, left_m - reserved_m, left_s, wishes);
        if let (Some(planned_mps), Some(other)) = (planned_mps, other) {
            self.ask_follower(change.side, ahead, &other, planned_mps, left_s, wishes);
        }
        false
    }

    /// The room at the end of its lane that it leaves to others who want to get there.
    fn reserved_m(&self, change: &Change, left_m: f64) -> f64 {
        let mut reserved_m: f64 = 0.0;
        if change.is_to_best() && change.offset.abs() > 1 {
            reserved_m = if change.side == Side::Right { UNSEEN_RIGHT_M } else { UNSEEN_LEFT_M };
        }
        if let Some(leader) = change.leader
            && i32::from(leader.signs.turns) == -change.side.step()
        {
            let follower = &self.kind.follower;
            let can_m = left_m - follower.braking_distance_m(self.speed_mps, follower.deceleration_mps2, 0.0);
            if leader.kind.room_m() <= can_m {
                reserved_m = reserved_m.max(leader.kind.room_m());
            }
        }
        reserved_m
    }

    /// Adapts its speed to the one ahead on the other lane: the speed that it plans, or none where it passes it.
    fn mind_leader(
        &self,
        change: &Change,
        blocked: bool,
        room_m: f64,
        left_s: f64,
        wishes: &mut Wishes,
    ) -> Option<f64> {
        let follower = &self.kind.follower;
        let step_s = self.scene.step_s;
        let planned_mps = self.speed_mps.min(follower.stop_speed_mps(self.speed_mps, room_m));
        let Some(leader) = change.leader else { return Some(planned_mps) };
        let leader_next_mps = (leader.speed_mps - MINOR_BRAKING_MPS2 * step_s).max(0.0);
        let next_gap_m = leader.gap.free_m + step_s * (leader_next_mps - planned_mps);
        let leader_b = leader.kind.follower.deceleration_mps2;
        let desired_mps = self.desired_mps(self.lane);
        let target_mps = follower
            .follow_speed_mps(self.speed_mps, next_gap_m, leader_next_mps, leader_b, desired_mps)
            .max(follower.slowest_next_mps(self.speed_mps));
        if !blocked {
            self.advise_self(target_mps, wishes);
            return Some(target_mps.min(planned_mps));
        }
        let faster_mps = planned_mps - leader.speed_mps;
        let way_m = leader.gap.free_m
            + leader.kind.room_m()
            + self.kind.length_m
            + secure_gap_m(leader.kind, leader.speed_mps, self.speed_mps, follower.deceleration_mps2);
        let brake_m = follower.braking_distance_m(self.speed_mps, follower.deceleration_mps2, 0.0);
        let passes =
            leader.signs.at_stop || faster_mps > 0.0 && room_m - brake_m >= way_m && left_s * faster_mps >= way_m;
        if passes {
            if let Some(index) = leader.index {
                // The other does not race it.
                self.ask(leader.kind, change.to, index, leader.speed_mps, None, wishes);
            }
            return None;
        }
        if target_mps >= self.speed_mps {
            self.advise_self(target_mps, wishes);
            return Some(planned_mps);
        }
        let braking_mps2 =
            ((self.speed_mps - target_mps) / left_s).max(FALL_BEHIND_MPS2).min(follower.deceleration_mps2);
        let next_mps = planned_mps.min((self.speed_mps - braking_mps2 * step_s).max(0.0));
        self.advise_self(next_mps, wishes);
        Some(next_mps)
    }

    /// Asks the one behind on the other lane to let it in, or lets it pass.
    fn ask_follower(
        &self,
        side: Side,
        blocked_ahead: bool,
        other: &Follower,
        planned_mps: f64,
        left_s: f64,
        wishes: &mut Wishes,
    ) {
        let step_s = self.scene.step_s;
        let own_b = self.kind.follower.deceleration_mps2;
        let follower = &other.kind.follower;
        let ask = |speed_mps: f64, wishes: &mut Wishes| {
            self.ask(other.kind, other.lane, other.index, speed_mps, Some(side), wishes);
        };
        let follow =
            |gap_m: f64| follower.follow_speed_mps(other.speed_mps, gap_m, planned_mps, own_b, follower.max_speed_mps);
        if other.gap.is_safe() {
            if blocked_ahead {
                // It stays so.
                let at_first = follow(other.gap.free_m + step_s * planned_mps);
                let speed_mps = follow(other.gap.free_m + step_s * (planned_mps - at_first));
                self.ask(other.kind, other.lane, other.index, speed_mps, None, wishes);
            }
            return;
        }
        if planned_mps - other.speed_mps >= HELP_MPS {
            let needed_m = secure_gap_m(other.kind, other.speed_mps, planned_mps, own_b);
            if (needed_m - other.gap.free_m) / left_s < planned_mps - other.speed_mps {
                ask(planned_mps - HELP_MPS, wishes);
                return;
            }
        }
        let help_mps2 = follower.deceleration_mps2;
        let next_mps = (other.speed_mps - help_mps2 * step_s).max(0.0);
        let soon_mps = (other.speed_mps - help_mps2).max(0.0);
        let opens_mps = planned_mps - soon_mps;
        let soon_gap_m = other.gap.free_m + opens_mps;
        let secure_m = secure_gap_m(other.kind, soon_mps, planned_mps, own_b);
        if soon_gap_m > 0.0 && soon_gap_m >= secure_m {
            let at_first = follow(other.gap.free_m + step_s * planned_mps).max(next_mps);
            let speed_mps = follow(other.gap.free_m + step_s * (planned_mps - at_first)).max(next_mps);
            ask(speed_mps, wishes);
        } else if opens_mps > 0.0 && opens_mps * left_s > secure_m - soon_gap_m {
            ask(next_mps, wishes);
        } else {
            let is_long = self.scene.network.lanes[self.lane as usize].length_m > LONG_LANE_M;
            let slows =
                other.speed_mps > self.speed_mps && (side == Side::Right || planned_mps > CUT_IN_LEFT_MPS || is_long);
            let mut help_mps = other.speed_mps.max(self.speed_mps + HELP_MPS);
            if slows {
                // Whoever comes behind it will be slow enough to help.
                help_mps = next_mps.max(self.speed_mps + HELP_MPS);
                if (other.speed_mps - self.speed_mps) / help_mps2 < left_s {
                    ask(help_mps, wishes);
                    return;
                }
            }
            ask(help_mps, wishes);
            // It lets the other pass.
            let way_m = (other.gap.free_m
                + self.kind.room_m()
                + other.kind.length_m
                + secure_gap_m(self.kind, planned_mps, help_mps, follower.deceleration_mps2))
            .max(0.0);
            let slowest = self.speed_mps - own_b * step_s;
            self.advise_self((help_mps - way_m / left_s).max(slowest).max(0.0), wishes);
        }
    }

    fn ask(&self, kind: &Kind, lane: u32, index: u32, speed_mps: f64, makes_room: Option<Side>, wishes: &mut Wishes) {
        if kind.lane_changing.cooperative > 0.0 {
            wishes.advice.push(Advice { lane, index, speed_mps, makes_room });
        }
    }

    /// Stops behind those who wait beside it to get onto its lane.
    pub(super) fn let_in(&self, cursors: &[Cursor], wishes: &mut Wishes) {
        let follower = &self.kind.follower;
        if self.speed_mps >= follower.deceleration_mps2 || self.kind.lane_changing.cooperative <= 0.0 {
            return;
        }
        for other in self.shut_out(cursors).into_iter().flatten() {
            let gap_m = other.distance_m - follower.min_gap_m;
            if gap_m > 1e-3 {
                let other_b = self.scene.kind(other.kind).follower.deceleration_mps2;
                let desired_mps = self.desired_mps(self.lane);
                let speed_mps =
                    follower.follow_speed_mps(self.speed_mps, gap_m - 1e-3, other.speed_mps, other_b, desired_mps);
                self.advise_self(speed_mps, wishes);
            }
        }
    }
}

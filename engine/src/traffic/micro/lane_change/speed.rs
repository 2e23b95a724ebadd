//! Changing lanes to go faster, to make room and to keep right.
//!
//! Erdmann (2015), sections on cooperative and tactical changes and on the obligation to drive on the right. What the other
//! lane is better than one's own adds up over time, relative to its speed; to the left it takes little before one changes,
//! to the right much. How long one could drive on the right undisturbed adds up as well.

use super::route::{Change, Strategy};
use super::view::{Cursor, Goal, Leader, View};
use super::{Side, Wishes, secure_gap_m};

/// What has to add up before one changes to the left.
const THRESHOLD_LEFT: f64 = 0.2;
/// And to the right.
const THRESHOLD_RIGHT: f64 = 2.0;
/// Gains are relative to the speed on the other lane, but at least to this, in metres a second.
const RELATIVE_TO_MPS: f64 = 10.0;
/// Who could drive undisturbed on the right for as long as it asks for changes after this time, in seconds.
const KEEP_RIGHT_S: f64 = 5.0;
/// So long, for each metre a second that it drives, does one ask to be undisturbed on the right, in seconds.
const UNDISTURBED_S: f64 = 7.0;
/// As long as the right lane is slower by more than this, one does not think of it, in metres a second.
const MUCH_SLOWER_MPS: f64 = 5.0 / 3.6;
/// A lane must lead on for this long at the speed that one has, in seconds.
const LASTING_S: f64 = 20.0;

impl<'a> View<'a> {
    /// Decides whether it wants to change, first to the right, then to the left.
    pub(super) fn decide(&self, cursors: &[Cursor], wishes: &mut Wishes) {
        self.let_in(cursors, wishes);
        let own = self.goal(self.lane);
        let leader = self.leader();
        let mut gains = Gains { left: f64::from(self.memory.speed_gain), right: f64::from(self.memory.keep_right) };
        let mut turns = 0;
        for side in [Side::Right, Side::Left] {
            let Some((to, other)) = self.beside(side) else { continue };
            let offset = if own.offset == 0 && other.offset == 0 { side.step() } else { own.offset };
            let needed = own.offset.signum() == side.step();
            let has_reason = needed || self.is_asked(side) || leader.is_some_and(|leader| leader.signs.at_stop);
            if !has_reason && side == Side::Left && gains.left <= 0.0 && self.is_free(leader, own, to) {
                continue;
            }
            let mut change = Change { side, to, own, other, offset, ahead_m: self.strategic_m(side), leader: None };
            if self.would_not_get_back(&change, leader) {
                continue;
            }
            change.leader = self.leader_on(to, cursors);
            let mut grown = gains;
            // What one likes is worked out only where it can count.
            let mut wants = false;
            if !has_reason {
                wants = self.wants(&change, leader, cursors, &mut grown);
                if !wants && grown == gains {
                    continue;
                }
            }
            let changes = match self.strategy(&change, leader, cursors) {
                Strategy::Stay => false,
                Strategy::Change { .. } if self.leaves_ring_from_any_lane() => {
                    self.change_at_will(&change, cursors, wishes)
                }
                Strategy::Change { left_m } => {
                    if turns == 0 {
                        turns = side.step() as i8;
                    }
                    self.change_for_route(&change, left_m, self.follower_on(to, cursors), wishes)
                }
                Strategy::Free => {
                    if has_reason {
                        wants = self.wants(&change, leader, cursors, &mut grown);
                    }
                    gains = grown;
                    wants && self.change_at_will(&change, cursors, wishes)
                }
            };
            if changes {
                break;
            }
        }
        self.note(gains.left as f32, gains.right as f32, turns, wishes);
    }

    /// Changes if the gaps are there.
    fn change_at_will(&self, change: &Change, cursors: &[Cursor], wishes: &mut Wishes) -> bool {
        let fits = !change.is_blocked_ahead()
            && self.follower_on(change.to, cursors).is_none_or(|follower| follower.gap.is_safe());
        if fits {
            self.wish(change.to, false, wishes);
        }
        fits
    }

    /// Whether it drives as it likes, so that no other lane is better.
    fn is_free(&self, leader: Option<Leader>, own: Goal, to: u32) -> bool {
        let desired_mps = self.desired_mps(self.lane);
        leader.is_none()
            && self.desired_mps(to) <= desired_mps
            && self.kind.follower.can_stop_within(own.reach_m, desired_mps)
    }

    /// Whether somebody who changes to that side asked it to make room in the last step.
    fn is_asked(&self, side: Side) -> bool {
        let last = self.scene.step.wrapping_sub(2);
        self.memory.makes_room == last << 1 | u32::from(side == Side::Left)
    }

    /// Whether it wants to change although it need not.
    fn wants(&self, change: &Change, leader: Option<Leader<'a>>, cursors: &[Cursor], gains: &mut Gains) -> bool {
        let changing = &self.kind.lane_changing;
        if self.makes_room(change, gains) {
            return true;
        }
        let lasts = change.other.reach_m > LASTING_S * self.speed_mps.max(0.1);
        if self.kind.follower.model.has_acceleration() {
            return (lasts || change.is_needed()) && self.gains_all(change, leader, cursors);
        }
        let speeds_up = [leader, change.leader].iter().flatten().any(|leader| leader.signs.speeds_up);
        let (own_mps, other_mps) = (self.desired_mps(self.lane), self.desired_mps(change.to));
        let here_mps = self.expected_mps(leader, change.own, own_mps, speeds_up);
        let there_mps = self.expected_mps(change.leader, change.other, other_mps, speeds_up);
        let gain = (there_mps - here_mps) / there_mps.max(RELATIVE_TO_MPS);
        let step_s = self.scene.step_s;
        match change.side {
            Side::Right => {
                if here_mps - MUCH_SLOWER_MPS > there_mps {
                    if gains.left < 0.0 {
                        gains.left *= halved(step_s);
                    }
                } else {
                    if gains.left < 0.0 || gain > 0.0 {
                        gains.left -= step_s * gain;
                    }
                    gains.right += step_s * self.undisturbed_share(change, own_mps) / KEEP_RIGHT_S;
                    if gains.right * changing.keep_right > 1.0 {
                        return true;
                    }
                }
                if -gains.left * changing.speed_gain > THRESHOLD_RIGHT && lasts {
                    return true;
                }
            }
            Side::Left => {
                if here_mps > there_mps {
                    if gains.left > 0.0 {
                        gains.left *= halved(step_s);
                    }
                } else if gain > 0.0 {
                    gains.left += step_s * gain;
                } else if gains.left > 0.0 {
                    gains.left *= 1.0 - 0.2 * step_s;
                }
                if gains.left * changing.speed_gain > THRESHOLD_LEFT && gain > 0.0 && lasts {
                    return true;
                }
            }
        }
        // It has to get there some time, and loses nothing.
        change.is_needed() && gain >= 0.0 && gains.left * f64::from(change.side.step()) > 0.0
    }

    /// Whether it changes lanes because somebody else wants to get onto its own.
    fn makes_room(&self, change: &Change, gains: &Gains) -> bool {
        let inconvenience = match change.side {
            Side::Right => gains.left / THRESHOLD_RIGHT,
            Side::Left => -gains.left / THRESHOLD_LEFT,
        };
        let lanes = f64::from(change.offset.abs() + 1);
        self.is_asked(change.side)
            && inconvenience.min(1.0) <= self.kind.lane_changing.cooperative
            && (change.is_to_best() || change.other.reach_m / lanes > change.ahead_m)
    }

    /// How fast it could go behind somebody: soon, or in the next step where those ahead speed up.
    fn expected_mps(&self, leader: Option<Leader>, goal: Goal, desired_mps: f64, speeds_up: bool) -> f64 {
        let follower = &self.kind.follower;
        let headway_s = follower.model.headway_s();
        let expected = match leader {
            None if speeds_up => follower.stop_speed_mps(self.speed_mps, goal.reach_m),
            None if follower.can_stop_within(goal.reach_m, desired_mps) => desired_mps,
            None => follower.stopping_speed_mps(goal.reach_m, headway_s),
            Some(leader) => {
                let leader_b = leader.kind.follower.deceleration_mps2;
                let (gap_m, leader_mps) = (leader.gap.free_m, leader.speed_mps);
                if speeds_up {
                    follower.follow_speed_mps(self.speed_mps, gap_m, leader_mps, leader_b, desired_mps)
                } else {
                    follower.safe_follow_mps(gap_m, leader_mps, leader_b, headway_s)
                }
            }
        };
        expected.min(desired_mps)
    }

    /// How long it could drive undisturbed on the right, as a share of what it asks for.
    fn undisturbed_share(&self, change: &Change, desired_mps: f64) -> f64 {
        let follower = &self.kind.follower;
        let limit_mps = self.scene.network.lanes[self.lane as usize].speed_limit_mps;
        let asked_s = UNDISTURBED_S * desired_mps / limit_mps * self.speed_mps.max(1.0);
        let brake_m = follower.braking_distance_m(desired_mps, follower.deceleration_mps2, follower.model.headway_s());
        let mut free_m = (change.other.reach_m - brake_m).max(0.0);
        let mut free_s = asked_s.min(free_m / desired_mps);
        if let Some(leader) = change.leader
            && leader.speed_mps < desired_mps
        {
            let leader_b = leader.kind.follower.deceleration_mps2;
            let secure_m = secure_gap_m(self.kind, desired_mps, leader.speed_mps, leader_b);
            free_m = free_m.min(leader.gap.free_m - secure_m).max(0.0);
            free_s = free_s.min(free_m / (desired_mps - leader.speed_mps));
        }
        free_s / asked_s
    }
}

/// What adds up from step to step.
#[derive(Clone, Copy, PartialEq)]
struct Gains {
    /// By being on the left; on the right if negative.
    left: f64,
    /// By keeping right.
    right: f64,
}

/// What is left after a step of something that is halved in a second.
fn halved(step_s: f64) -> f64 {
    libm::exp2(-step_s)
}

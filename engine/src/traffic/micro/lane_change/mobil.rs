//! Changing lanes for what it gains everybody: the rule of those whose model has an acceleration for each situation.
//!
//! MOBIL (A. Kesting, M. Treiber, D. Helbing 2007, *General lane-changing model MOBIL for car-following models*, Transportation
//! Research Record 1999, 86–94): a change is safe if whoever will be behind need not brake harder than is tolerable (equation
//! 2), and worth it if what it gains oneself, and in part what it gains those behind, exceeds a threshold, which is lower for
//! changes to the right (the asymmetric rule with one bias). Numbers are the paper's; its politeness is between 0.2 and 0.5 for
//! drivers as they are. Whoever follows by another model is judged by what that would do. Left out: the European ban on
//! overtaking on the right.

use super::Side;
use super::route::Change;
use super::view::{Cursor, Follower, Leader, View};
use crate::traffic::micro::vehicles::Kind;

/// What others gain counts for this share of what one gains oneself.
const POLITENESS: f64 = 0.2;
/// The gain that is worth a change, in m/s².
const THRESHOLD_MPS2: f64 = 0.1;
/// How much less it has to be to the right, and more to the left, in m/s².
const RIGHT_BIAS_MPS2: f64 = 0.3;
/// Nobody is made to brake harder, in m/s².
const SAFE_BRAKING_MPS2: f64 = 4.0;

/// Somebody ahead: how far between bumpers, how fast, how hard it brakes.
#[derive(Clone, Copy)]
struct Ahead {
    between_m: f64,
    speed_mps: f64,
    deceleration_mps2: f64,
}

impl<'a> View<'a> {
    /// Whether a change that nothing asks for is safe and worth it.
    pub(super) fn gains_all(&self, change: &Change, leader: Option<Leader<'a>>, cursors: &[Cursor]) -> bool {
        let (here, there) = (leader.map(|leader| self.ahead(&leader)), change.leader.map(|leader| self.ahead(&leader)));
        let own_mps2 = |ahead, lane| acceleration_mps2(self.kind, self.speed_mps, ahead, self.desired_mps(lane));
        let own_gain_mps2 = own_mps2(there, change.to) - own_mps2(here, self.lane);
        let me = |between_m| Ahead {
            between_m,
            speed_mps: self.speed_mps,
            deceleration_mps2: self.kind.follower.deceleration_mps2,
        };
        // What one behind does with the vehicle between it and those ahead, and without.
        let beside = |follower: Follower<'a>, ahead: Option<Ahead>| {
            let between_m = follower.gap.free_m + follower.kind.follower.min_gap_m;
            let past =
                ahead.map(|ahead| Ahead { between_m: between_m + self.kind.length_m + ahead.between_m, ..ahead });
            let desired_mps = self.desired_of_mps(&follower);
            let acts_mps2 = |ahead| acceleration_mps2(follower.kind, follower.speed_mps, ahead, desired_mps);
            (acts_mps2(Some(me(between_m))), acts_mps2(past))
        };
        let mut others_gain_mps2 = 0.0;
        if let Some(follower) = self.follower_on(change.to, cursors) {
            let (with_mps2, without_mps2) = beside(follower, there);
            if with_mps2 < -SAFE_BRAKING_MPS2 {
                return false;
            }
            others_gain_mps2 += with_mps2 - without_mps2;
        }
        if let Some(follower) = self.follower() {
            let (with_mps2, without_mps2) = beside(follower, here);
            others_gain_mps2 += without_mps2 - with_mps2;
        }
        let changing = &self.kind.lane_changing;
        let bias_mps2 = match change.side {
            Side::Right => -RIGHT_BIAS_MPS2,
            Side::Left => RIGHT_BIAS_MPS2,
        };
        changing.speed_gain * (own_gain_mps2 + POLITENESS * others_gain_mps2)
            > THRESHOLD_MPS2 + bias_mps2 * changing.keep_right
    }

    fn ahead(&self, leader: &Leader) -> Ahead {
        Ahead {
            between_m: leader.gap.free_m + self.kind.follower.min_gap_m,
            speed_mps: leader.speed_mps,
            deceleration_mps2: leader.kind.follower.deceleration_mps2,
        }
    }
}

/// What somebody does behind somebody else, or with nobody ahead.
fn acceleration_mps2(kind: &Kind, speed_mps: f64, ahead: Option<Ahead>, desired_mps: f64) -> f64 {
    let follower = &kind.follower;
    let Some(Ahead { between_m, speed_mps: leader_mps, deceleration_mps2 }) = ahead else {
        return follower.alone_mps2(speed_mps, desired_mps);
    };
    let gap_m = between_m - follower.min_gap_m;
    if follower.model.has_acceleration() {
        return follower.idm_acceleration_mps2(speed_mps, gap_m, leader_mps, desired_mps);
    }
    let safe_mps = follower.follow_speed_mps(speed_mps, gap_m, leader_mps, deceleration_mps2, desired_mps);
    (safe_mps.min(desired_mps) - speed_mps) / follower.step_s
}

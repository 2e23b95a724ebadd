//! Slowing for whoever is ahead on one's own lane, or beside there.

use super::{Look, WAIT_GAP_M};
use crate::traffic::car_following::{Model, Seen};
use crate::traffic::demand::LaneSharing;
use crate::traffic::micro::abreast::{FALLS_BACK_MPS, FILTERS_MPS, Place, Relation, relation};
use crate::traffic::micro::scene::Ahead;
use crate::traffic::micro::vehicles::{Kind, LaneVehicles};

/// No vehicle is longer, in metres: those that follow others beside each other look so far beyond the next.
const LONGEST_M: f64 = 25.0;
/// Who squeezes comes so near to the one ahead, in metres.
const CLOSED_UP_M: f64 = 0.5;

impl Look<'_> {
    /// The gap that it keeps where it stands: who squeezes closes up.
    pub(super) fn min_gap_m(&self) -> f64 {
        let usual_m = self.kind.follower.min_gap_m;
        if self.memory.squeezes { usual_m.min(CLOSED_UP_M) } else { usual_m }
    }

    /// Somebody ahead on its own lane.
    pub(super) fn ahead(&self, vehicles: &LaneVehicles, index: usize) -> Ahead {
        let kind = vehicles.kind[index];
        let distance_m = vehicles.position_m[index] - self.scene.kind(kind).length_m - self.position_m;
        Ahead { distance_m, speed_mps: vehicles.speed_mps[index], kind }
    }

    /// Slows for the rear of somebody whose front has left the lane.
    pub(super) fn mind_tail(&mut self) {
        let Some(tail) = self.scene.tail(self.lane) else { return };
        let ahead = Ahead { distance_m: tail.rear_m - self.position_m, speed_mps: tail.speed_mps, kind: tail.kind };
        let shares = |kind: &Kind| kind.lane_sharing != LaneSharing::None;
        if ahead.distance_m < 0.0 && (shares(self.kind) || shares(self.scene.kind(tail.kind))) {
            self.let_go_first(ahead);
        } else {
            self.follow_leader(ahead);
        }
    }

    /// Follows the next one ahead that it cannot pass, and minds those that it can.
    pub(super) fn mind_those_beside(&mut self, vehicles: &LaneVehicles, index: usize) {
        let lane = &self.scene.network.lanes[self.lane as usize];
        if vehicles.signs[index].place == Place::Left && self.kind.lane_sharing == LaneSharing::Filters {
            self.allow(FILTERS_MPS.max(self.gentle_mps));
        }
        let mut rear_m = f64::INFINITY;
        for other in (0..index).rev() {
            // Beyond the next one that it cannot pass, only those count who may be beside that one and longer.
            if vehicles.position_m[other] > rear_m + LONGEST_M {
                break;
            }
            let ahead = self.ahead(vehicles, other);
            match relation(self.scene.kinds, lane, vehicles, index, other) {
                Relation::Overlap => {
                    self.follow(ahead);
                    rear_m = rear_m.min(self.position_m + ahead.distance_m);
                }
                Relation::Close if ahead.distance_m >= 0.0 => self.follow(ahead),
                Relation::Close => self.slow_to((ahead.speed_mps - FALLS_BACK_MPS).max(self.gentle_mps)),
                Relation::Apart => self.let_go_first(ahead),
            }
        }
        self.mind_tail();
    }

    /// Somebody beside it, or whom it can pass, is ahead: as far as it is not past the other at the end of the lane, it comes
    /// behind.
    fn let_go_first(&mut self, ahead: Ahead) {
        if self.scene.plans[self.driver.plan as usize].is_last(self.route_position) {
            return;
        }
        let behind_mps = self.follow_mps(ahead);
        let wait_mps = self.kind.follower.stop_speed_mps(self.speed_mps, (self.seen_m - WAIT_GAP_M).max(0.0));
        self.slow_to(behind_mps.max(wait_mps));
    }

    /// Slows for somebody ahead.
    pub(super) fn follow(&mut self, ahead: Ahead) {
        self.slow_to(self.follow_mps(ahead));
    }

    /// The safe speed behind somebody ahead.
    fn follow_mps(&self, ahead: Ahead) -> f64 {
        let follower = &self.kind.follower;
        let leader = self.scene.kind(ahead.kind);
        let gap_m = ahead.distance_m - self.min_gap_m();
        let desired = self.scene.desired_mps(&self.driver, self.kind, self.lane);
        follower.follow_speed_mps(self.speed_mps, gap_m, ahead.speed_mps, leader.follower.deceleration_mps2, desired)
    }

    /// Slows for whoever is ahead on its way: at once, or as far as it must not wait for the driver to react.
    pub(super) fn follow_leader(&mut self, ahead: Ahead) {
        let follower = &self.kind.follower;
        if follower.model.thinks_ahead() {
            let gap_m = ahead.distance_m - self.min_gap_m();
            let leader_b = self.scene.kind(ahead.kind).follower.deceleration_mps2;
            let bound = follower.bound_mps(self.speed_mps, gap_m, ahead.speed_mps, leader_b);
            self.slow_to(bound);
        } else {
            self.follow(ahead);
        }
    }

    /// Begins to look at those ahead on its own lane, for who looks further than the next.
    pub(super) fn begin_to_see(&mut self, vehicles: &LaneVehicles, index: usize) {
        if self.kind.follower.model.thinks_ahead() {
            (self.out.seen.count, self.out.seen.lengths_m) = (0, 0.0);
            self.see(vehicles, index, -self.position_m);
        }
    }

    /// Looks at the vehicles of a lane that begins `start_m` ahead, from those before `index` on.
    pub(super) fn see(&mut self, vehicles: &LaneVehicles, index: usize, start_m: f64) {
        let Model::Human { leaders: most, .. } = self.kind.follower.model else { return };
        for place in (0..index).rev() {
            let seen = &mut self.out.seen;
            if seen.count == usize::from(most) {
                return;
            }
            let length_m = self.scene.kind(vehicles.kind[place]).length_m;
            let front_m = start_m + vehicles.position_m[place];
            // Gaps alone count, not the lengths of those in between.
            let gap_m = front_m - length_m - seen.lengths_m;
            seen.seen[seen.count] = Seen { gap_m, speed_mps: vehicles.speed_mps[place] };
            seen.count += 1;
            seen.lengths_m += length_m;
        }
    }
}

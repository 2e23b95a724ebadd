//! Gaps that one may change into.

use crate::traffic::micro::vehicles::Kind;

/// Who is slower than this in a queue can squeeze into gaps, in metres a second.
const CREEPING_MPS: f64 = 0.5;
/// Gaps between bumpers that one squeezes into, in metres.
const SQUEEZE_M: f64 = 0.3;

/// A gap between two who would follow each other.
#[derive(Clone, Copy, Debug)]
pub(in crate::traffic::micro) struct Gap<'a> {
    /// Between their bumpers, beyond what the follower leaves at standstill, in metres.
    pub(super) free_m: f64,
    between_m: f64,
    follower: &'a Kind,
    leader: &'a Kind,
    follower_mps: f64,
    leader_mps: f64,
}

impl<'a> Gap<'a> {
    /// The gap between a follower and a leader whose bumpers are so far apart.
    pub(in crate::traffic::micro) fn between(
        follower: &'a Kind,
        follower_mps: f64,
        leader: &'a Kind,
        leader_mps: f64,
        between_m: f64,
    ) -> Self {
        let free_m = between_m - follower.follower.min_gap_m;
        Self { free_m, between_m, follower, leader, follower_mps, leader_mps }
    }

    /// What it would have to be.
    fn secure_m(&self) -> f64 {
        secure_gap_m(self.follower, self.follower_mps, self.leader_mps, self.leader.follower.deceleration_mps2)
    }

    /// Whether nobody has to brake at once: in whole steps of the comfortable deceleration, the follower would stop behind
    /// the leader even after its headway.
    pub(in crate::traffic::micro) fn is_safe(&self) -> bool {
        self.free_m >= 0.0 && self.free_m >= self.secure_m()
    }
}

/// Whether one who has waited very long takes a gap: any that it fits into in a queue that hardly moves.
pub(super) fn squeezes_into(gap: &Gap) -> bool {
    gap.follower_mps < CREEPING_MPS && gap.between_m > SQUEEZE_M
}

/// The gap beyond that at standstill from which one can follow safely at once.
pub(in crate::traffic::micro) fn secure_gap_m(
    kind: &Kind,
    speed_mps: f64,
    leader_mps: f64,
    leader_deceleration_mps2: f64,
) -> f64 {
    let follower = &kind.follower;
    let own = follower.braking_distance_m(speed_mps, follower.deceleration_mps2, follower.model.headway_s());
    let leaders =
        follower.braking_distance_m(leader_mps, follower.deceleration_mps2.max(leader_deceleration_mps2), 0.0);
    (own - leaders).max(0.0)
}

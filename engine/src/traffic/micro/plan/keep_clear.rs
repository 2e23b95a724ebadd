//! Junctions are kept clear: nobody enters where it would have to stop inside, nor where somebody stands in its way, nor takes the
//! last room in a roundabout.

use std::iter::{once, repeat_n};

use super::{Look, PASSAGES_MAX, STUCK_S};
use crate::traffic::car_following::STANDING_MPS;
use crate::traffic::micro::scene::taken_m;
use crate::traffic::micro::vehicles::NONE;
use crate::traffic::network::{ConflictKind, Passage};

/// Who enters a roundabout leaves room in the ring before the next who is slower than this, in metres a second: for itself and
/// one more, as multiples of what it takes itself. Whoever has just come in is faster a second later, so that nobody waits for
/// it who follows.
const RING_SLOW_MPS: f64 = 3.0;
const RING_ROOMS: f64 = 2.0;
/// Where the street that it enters is too short for that, it looks at so many: there is room for itself before the next who is
/// slower than this on those behind, in metres a second.
const RING_STREETS: usize = 3;
const RING_CREEPING_MPS: f64 = 1.0;

/// Whether there is room to stand behind a junction.
pub(super) enum WayOut {
    Free,
    Blocked,
    /// There is none, but it may be able to go on past this passage at once.
    FreeIfOpen(u32),
}

impl Look<'_> {
    /// Whether it waits for room behind a junction: not where it cannot stop any more, and not if it goes together with all others
    /// of a circle.
    pub(super) fn keeps_clear(&self, brake_m: f64) -> bool {
        !self.memory.squeezes
            && self.memory.rolls_until < self.scene.step
            && (self.seen_m >= brake_m || self.speed_mps < STANDING_MPS)
    }

    /// Whether it would take the last room in the ring of a roundabout before the next who stands there. As long as everybody
    /// who enters leaves room for another, the ring goes round.
    pub(super) fn would_fill_ring(&self, passage: &Passage) -> bool {
        let scene = self.scene;
        let streets = &scene.network.streets;
        let own = scene.network.lanes[self.lane as usize].street;
        if !streets[passage.exit_street as usize].is_roundabout
            || own.is_none_or(|street| streets[street as usize].is_roundabout)
        {
            return false;
        }
        let comes_abreast = own.is_some_and(|street| streets[street as usize].lane_count > 1);
        streets[passage.exit_street as usize].lanes().any(|lane| {
            let is_own = comes_abreast || lane == passage.exit_lane;
            self.would_fill(lane, if is_own { RING_ROOMS } else { 1.0 })
        })
    }

    /// Whether there is no room for so many like it on a lane of a ring, and on those behind it, before the next who stands there.
    fn would_fill(&self, mut lane: u32, rooms: f64) -> bool {
        let scene = self.scene;
        let (room_m, mut behind_m, mut before_m) = (self.kind.room_m(), 0.0, 0.0);
        for (rooms, slow_mps) in
            once((rooms, RING_SLOW_MPS)).chain(repeat_n((1.0, RING_CREEPING_MPS), RING_STREETS - 1))
        {
            for &into in &scene.into[lane as usize] {
                let from = scene.network.passages[into as usize].from_lane;
                if scene.is_inside(from) {
                    before_m += taken_m(scene.kinds, scene.lanes.of(from));
                }
            }
            let vehicles = scene.lanes.of(lane);
            for index in (0..vehicles.len()).rev() {
                let kind = scene.kind(vehicles.kind[index]);
                if vehicles.speed_mps[index] <= slow_mps {
                    let rear_m = vehicles.position_m[index] - kind.length_m;
                    return behind_m + rear_m < before_m + rooms * room_m;
                }
                before_m += kind.room_m();
            }
            behind_m += scene.network.lanes[lane as usize].length_m;
            let goes_around = |passage: &&Passage| scene.network.streets[passage.exit_street as usize].is_roundabout;
            match scene.network.passages_from(lane).iter().find(goes_around) {
                Some(passage) if behind_m < before_m + room_m => {
                    lane = passage.exit_lane;
                    behind_m += scene.network.lanes[passage.to_lane as usize].length_m;
                }
                _ => return false,
            }
        }
        false
    }

    /// The room on a lane that those will take who are inside the junction before it on other ways, in metres.
    fn taken_by_others_m(&self, lane: u32, came: u32) -> f64 {
        let scene = self.scene;
        let from = scene.into[lane as usize].iter().map(|&into| scene.network.passages[into as usize].from_lane);
        from.filter(|&from| from != came && scene.is_inside(from) && !scene.is_empty_inside(from))
            .map(|from| taken_m(scene.kinds, scene.lanes.of(from)))
            .sum()
    }

    /// Whether somebody stands inside the junction in its way: it waits outside until that one is gone, so that those who
    /// come from all sides do not stand in each other's way.
    pub(super) fn would_be_caught(&self, passage: &Passage) -> bool {
        let scene = self.scene;
        for lane in scene.inside_from(passage.to_lane) {
            let row = &scene.network.lanes[lane as usize];
            for conflict in &scene.network.conflicts[row.conflicts.range()] {
                if conflict.kind != ConflictKind::Cross || scene.is_empty_inside(conflict.foe_lane) {
                    continue;
                }
                if scene.stood_in_s(conflict) > STUCK_S {
                    return true;
                }
            }
        }
        false
    }

    /// Whether behind a junction there is room to stand, so that it need not stop inside.
    pub(super) fn way_out(&self, row: u32, passage: &Passage) -> WayOut {
        let scene = self.scene;
        let own = scene.network.lanes[self.lane as usize].street;
        if own.is_some_and(|street| scene.network.streets[street as usize].is_roundabout)
            || scene.network.lanes[passage.to_lane as usize].conflicts.is_empty()
        {
            return WayOut::Free;
        }
        let need_m = self.kind.room_m();
        let mut room_m = if scene.network.lanes[self.lane as usize].street.is_some() { -self.in_front_m } else { 0.0 };
        let mut route_position = self.route_position;
        let (mut next, mut came) = (row, NONE);
        for _ in 0..PASSAGES_MAX {
            let passage = &scene.network.passages[next as usize];
            let lane = passage.to_lane;
            if scene.is_inside(lane) {
                room_m -= taken_m(scene.kinds, scene.lanes.of(lane));
                next = scene.network.lanes[lane as usize].passages.start;
                came = lane;
                continue;
            }
            route_position += 1;
            let vehicles = scene.lanes.of(lane);
            let (free_m, stands) = scene.room_behind_standing(lane);
            room_m += free_m - self.taken_by_others_m(lane, came);
            let waits = vehicles
                .last()
                .is_some_and(|last| vehicles.memory[last].has_to_wait || vehicles.memory[last].dwell_s >= 0.0);
            if room_m >= need_m {
                return WayOut::Free;
            }
            if stands || waits {
                return WayOut::Blocked;
            }
            if scene.stop_on(self.memory, route_position).is_some() {
                return WayOut::Free;
            }
            let Some(beyond) = scene.passage(&self.driver, route_position, lane) else { return WayOut::Free };
            let rule = scene.rules[beyond as usize];
            // Only those who stand keep others from entering: between two stop lines that are closer to each other than a
            // vehicle is long, nobody would ever pass otherwise.
            if rule.is_lit_against() {
                return WayOut::Free;
            }
            if !rule.has_priority() {
                // Who is before it there may have to wait.
                let is_first = vehicles.is_empty();
                return if is_first { WayOut::FreeIfOpen(beyond) } else { WayOut::Blocked };
            }
            next = beyond;
        }
        WayOut::Free
    }
}

//! All that a vehicle may look at while everybody decides what to do: the network, the lamps, and who is where. Nothing of
//! it changes before all have decided.

use super::abreast::BESIDE_MAX;
use super::pedestrians::Pedestrians;
use super::reactions::Reactions;
use super::vehicles::{Driver, Kind, LaneVehicles, Lanes, Memory, NONE};
use crate::traffic::demand::{Stop, Trip};
use crate::traffic::lane_plan::LanePlan;
use crate::traffic::network::{Conflict, LaneNetwork};
pub(super) use crate::traffic::rule::Rule;

/// The rear of a vehicle that still stands on a lane which its front has left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    /// Where the rear bumper is on the lane, in metres from its beginning.
    pub(super) rear_m: f64,
    pub(super) speed_mps: f64,
    pub(super) kind: u16,
    pub(super) vehicle: u32,
    pub(super) entered_step: u32,
    /// The lane that its front is on.
    pub(super) front_lane: u32,
}

/// The rears on all lanes.
#[derive(Clone, Debug, Default)]
pub(super) struct Tails {
    /// For each lane the step in which the rear was there; it holds in no other. Most lanes are looked at for this alone.
    step: Vec<u32>,
    tail: Vec<Tail>,
}

impl Tails {
    /// None, on so many lanes.
    pub(super) fn new(lanes: usize) -> Self {
        let nobody =
            Tail { rear_m: f64::INFINITY, speed_mps: 0.0, kind: 0, vehicle: NONE, entered_step: 0, front_lane: NONE };
        Self { step: vec![NONE; lanes], tail: vec![nobody; lanes] }
    }

    /// Notes a rear for a step; of several on one lane the one furthest back counts.
    pub(super) fn note(&mut self, lane: u32, step: u32, tail: &Tail) {
        let (noted_step, noted) = (&mut self.step[lane as usize], &mut self.tail[lane as usize]);
        if *noted_step != step || tail.rear_m < noted.rear_m {
            (*noted_step, *noted) = (step, *tail);
        }
    }

    /// The rear on a lane in a step.
    pub(super) fn on(&self, lane: u32, step: u32) -> Option<&Tail> {
        (self.step[lane as usize] == step).then(|| &self.tail[lane as usize])
    }
}

/// What does not move: all that is known without looking at vehicles.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) network: &'a LaneNetwork,
    pub(super) kinds: &'a [Kind],
    pub(super) drivers: &'a [Driver],
    pub(super) plans: &'a [LanePlan],
    pub(super) stops: &'a [Stop],
    pub(super) trips: &'a [Trip],
    /// What rules at each passage.
    pub(super) rules: &'a [Rule],
    pub(super) step: u32,
    pub(super) step_s: f64,
    /// Seconds at the beginning of the step.
    pub(super) time_s: f64,
    /// How long one waits before others let one go first, in seconds; infinite if they do not.
    pub(super) lets_in_after_s: f64,
}

/// Everything to look at.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) ground: Ground<'a>,
    pub(super) lanes: Lanes<'a>,
    /// Rears on lanes whose front has left, by lane.
    pub(super) tails: &'a Tails,
    /// The passages into each lane: rows, by lane.
    pub(super) into: &'a [Vec<u32>],
    /// The room that the vehicles of each lane took after the last step, in metres.
    pub(super) taken_m: &'a [f32],
    /// Who crosses on foot.
    pub(super) pedestrians: &'a Pedestrians,
    /// What drivers have decided and not done yet.
    pub(super) reactions: &'a Reactions,
}

impl<'a> std::ops::Deref for Scene<'a> {
    type Target = Ground<'a>;
    fn deref(&self) -> &Ground<'a> {
        &self.ground
    }
}

/// Somebody ahead: how far the rear is from one's own front, how fast, what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ahead {
    pub(super) distance_m: f64,
    pub(super) speed_mps: f64,
    pub(super) kind: u16,
}

impl<'a> Ground<'a> {
    pub(super) fn kind(&self, kind: u16) -> &'a Kind {
        &self.kinds[kind as usize]
    }

    /// The speed that a driver wants on a lane.
    pub(super) fn desired_mps(&self, driver: &Driver, kind: &Kind, lane: u32) -> f64 {
        (self.network.lanes[lane as usize].speed_limit_mps * f64::from(driver.speed_factor))
            .min(kind.follower.max_speed_mps)
    }

    /// The passage that a driver takes at the end of a lane; `None` at the end of the route and where the lane does not lead on.
    pub(super) fn passage(&self, driver: &Driver, route_position: u32, lane: u32) -> Option<u32> {
        match self.network.lanes[lane as usize].street {
            None => Some(self.network.lanes[lane as usize].passages.start),
            Some(street) => {
                let number = lane - self.network.streets[street as usize].first_lane;
                let row = self.plans[driver.plan as usize].outlook(route_position, number).passage;
                (row != NONE).then_some(row)
            }
        }
    }

    /// The stop that a vehicle makes on a street of its route, if that is its next one.
    pub(super) fn stop_on(&self, memory: &Memory, route_position: u32) -> Option<&'a Stop> {
        (memory.stop_position == route_position).then(|| &self.stops[memory.next_stop as usize])
    }

    /// Which street of a vehicle's route a stop of its is on; [`NONE`] past its last one.
    pub(super) fn stop_position(&self, vehicle: u32, stop: u32) -> u32 {
        let is_left = stop < self.trips[vehicle as usize].stops.end;
        if is_left { self.stops[stop as usize].route_position } else { NONE }
    }

    /// The street that a passage leaves; none inside a junction.
    pub(super) fn street_before(&self, passage: u32) -> Option<u32> {
        self.network.lanes[self.network.passages[passage as usize].from_lane as usize].street
    }

    pub(super) fn is_inside(&self, lane: u32) -> bool {
        lane >= self.network.street_lane_count && lane != NONE
    }

    /// The lanes inside a junction that follow each other, from one of them on.
    pub(super) fn inside_from(&self, lane: u32) -> impl Iterator<Item = u32> + use<'a> {
        let ground = *self;
        let next = move |lane: u32| ground.network.passages_from(lane).first().map(|onward| onward.to_lane);
        std::iter::successors(Some(lane), move |&lane| next(lane)).take_while(move |&lane| ground.is_inside(lane))
    }
}

impl<'a> Scene<'a> {
    /// The rear of somebody whose front has left the lane.
    pub(super) fn tail(&self, lane: u32) -> Option<&'a Tail> {
        self.tails.on(lane, self.step)
    }

    /// Whether a lane inside a junction has nobody's front on it. Nobody comes there but by moving, so what was noted after
    /// that holds.
    pub(super) fn is_empty_inside(&self, lane: u32) -> bool {
        self.taken_m[lane as usize] == 0.0
    }

    /// How long somebody has stood inside a junction where another lane crosses its own, in seconds: the longest of those there.
    pub(super) fn stood_in_s(&self, conflict: &Conflict) -> f64 {
        let foes = self.lanes.of(conflict.foe_lane);
        let is_in = |&index: &usize| {
            let rear_m = foes.position_m[index] - self.kind(foes.kind[index]).length_m;
            foes.position_m[index] > conflict.foe_enter_m && rear_m < conflict.foe_leave_m
        };
        (0..foes.len()).filter(is_in).map(|index| foes.memory[index].waiting_s).fold(0.0, f64::max)
    }

    /// The last vehicle of a lane, seen from `start_m` before its beginning: on it, or with its rear on it.
    pub(super) fn last_on(&self, lane: u32, start_m: f64) -> Option<Ahead> {
        let vehicles = self.lanes.of(lane);
        if let Some(last) = vehicles.last() {
            let last = if vehicles.sharing > 0 { rearmost(self.kinds, vehicles) } else { last };
            let rear_m = vehicles.position_m[last] - self.kind(vehicles.kind[last]).length_m;
            if vehicles.sharing > 0
                && let Some(tail) = self.tail(lane).filter(|tail| tail.rear_m < rear_m)
            {
                let distance_m = start_m + tail.rear_m;
                return Some(Ahead { distance_m, speed_mps: tail.speed_mps, kind: tail.kind });
            }
            return Some(Ahead {
                distance_m: start_m + rear_m,
                speed_mps: vehicles.speed_mps[last],
                kind: vehicles.kind[last],
            });
        }
        self.tail(lane).map(|tail| Ahead {
            distance_m: start_m + tail.rear_m,
            speed_mps: tail.speed_mps,
            kind: tail.kind,
        })
    }

    /// The room on a lane behind the last vehicle that stands, less what those behind it will take; and whether one stands.
    pub(super) fn room_behind_standing(&self, lane: u32) -> (f64, bool) {
        let vehicles = self.lanes.of(lane);
        let mut taken_m = 0.0;
        for index in (0..vehicles.len()).rev() {
            let kind = self.kind(vehicles.kind[index]);
            let speed = vehicles.speed_mps[index];
            if speed < crate::traffic::car_following::STANDING_MPS {
                return (vehicles.position_m[index] - kind.length_m - taken_m, true);
            }
            taken_m += kind.room_m();
        }
        (self.network.lanes[lane as usize].length_m - taken_m, false)
    }
}

/// Of the last vehicles of a lane, which may be beside each other, the one whose rear is furthest back.
fn rearmost(kinds: &[Kind], vehicles: &LaneVehicles) -> usize {
    let rear_m = |&index: &usize| vehicles.position_m[index] - kinds[vehicles.kind[index] as usize].length_m;
    let last = (0..vehicles.len()).rev().take(BESIDE_MAX);
    last.min_by(|a, b| rear_m(a).total_cmp(&rear_m(b))).unwrap_or(0)
}

/// The room that all vehicles of a lane take, in metres.
pub(super) fn taken_m(kinds: &[Kind], vehicles: &LaneVehicles) -> f64 {
    vehicles.kind.iter().map(|&kind| kinds[kind as usize].room_m()).sum()
}

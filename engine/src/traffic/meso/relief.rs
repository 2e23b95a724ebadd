//! Circles of vehicles that wait for each other, resolved as drivers would.
//!
//! Who has waited long for room looks about. If the vehicle that it waits for waits for room too, and so on until the circle
//! is closed, all of it move on by one place at once: nobody needs a free place for that. Who waits without a circle chooses,
//! after a longer time, another way that its lane leads to, if there is one around the full street. Nobody is ever taken
//! off the road. Left out: that drivers see a jam before they stand in it.

use super::queues::{Hold, Room};
use super::simulation::Meso;
use crate::traffic::drivers::NONE;
use crate::traffic::informed::is_closed;
use crate::traffic::lane_plan::LanePlan;
use crate::traffic::routing::may_pass;

/// Waiting for room, one looks about after this time, in seconds.
const STUCK_S: f64 = 60.0;
/// Vehicles of a circle that rolls move on by one place in this time, in seconds.
const ROLLING_S: f64 = 5.0;
/// How long one waits before one looks for another way, in seconds.
const REROUTE_S: f64 = 300.0;
/// After this time a longer vehicle squeezes into the place of a shorter one, in seconds.
const SQUEEZE_S: f64 = 300.0;
/// How often one vehicle does that at most.
pub(super) const REROUTES_MAX: u16 = 4;
/// Circles of more lanes are not looked for.
const CIRCLE_MAX: usize = 4096;

impl Meso<'_> {
    /// The first vehicle of a lane, which waits for room, looks about.
    pub(super) fn relieve(&mut self, lane: u32, now_s: f64) {
        if let Some(circle) = self.circle(lane)
            && self.exchange(&circle, now_s)
        {
            return;
        }
        let waited_s = now_s - self.queues.held_s(lane);
        if waited_s >= REROUTE_S && !self.is_beginning(lane) {
            let blocked = self.queues.vehicle(self.queues.lane(lane).front).toward;
            if self.reroute(lane, blocked, now_s) {
                return;
            }
        }
        let patience_s = self.patience_s(lane, now_s);
        self.call(lane, now_s + patience_s);
    }

    /// How long one waits for room before one looks about: a circle that has begun to roll goes on rolling.
    pub(super) fn patience_s(&self, lane: u32, now_s: f64) -> f64 {
        if now_s - self.queues.lane(lane).rolled_s < STUCK_S { ROLLING_S } else { STUCK_S }
    }

    /// The lanes of a circle in which each waits for the next, beginning with one of them.
    fn circle(&self, lane: u32) -> Option<Vec<u32>> {
        let mut lanes = Vec::new();
        let mut at = lane;
        loop {
            let row = self.queues.lane(at);
            if row.hold != Hold::Room || lanes.len() == CIRCLE_MAX {
                return None;
            }
            lanes.push(at);
            at = row.waits_for;
            if at == lane {
                return Some(lanes);
            }
        }
    }

    /// Moves the first vehicles of all lanes of a circle on at once. Says whether they fit.
    fn exchange(&mut self, circle: &[u32], now_s: f64) -> bool {
        let mut moves = Vec::with_capacity(circle.len());
        for (place, &lane) in circle.iter().enumerate() {
            let next = circle[(place + 1) % circle.len()];
            let vehicle = self.queues.lane(lane).front;
            let Some((number, _)) = self.heading(vehicle) else { return false };
            let leaves_m = self.kind(self.queues.lane(next).front).room_m;
            let comes_m = self.kind(vehicle).room_m;
            let row = self.queues.lane(next);
            // One takes the place of the other; a longer one only where there is room, or when it has waited for too long.
            let fits = comes_m <= leaves_m || row.needed_m - leaves_m + comes_m <= row.storage_m;
            if !fits && now_s - self.queues.held_s(lane) < SQUEEZE_S {
                return false;
            }
            moves.push((lane, number, next));
        }
        for &(lane, ..) in &moves {
            self.queues.stop_waiting(lane);
        }
        for (lane, number, next) in moves {
            let vehicle = self.queues.lane(lane).front;
            let way = self.way(vehicle, &self.network.passages[number as usize], 0.0);
            self.cross(lane, number, next, 0.0, &way, now_s, true);
            self.queues.lane_mut(lane).rolled_s = now_s;
            self.relief.exchanges += 1;
        }
        true
    }

    /// The first vehicle of a lane chooses another way, around a street (`NONE`: around none). Says whether there is one.
    pub(super) fn reroute(&mut self, lane: u32, blocked: u32, now_s: f64) -> bool {
        let vehicle = self.queues.lane(lane).front;
        let row = self.queues.vehicle(vehicle);
        let Some(street) = self.network.lanes[lane as usize].street else { return false };
        if row.reroutes >= REROUTES_MAX || row.next_stop < self.demand.trips[vehicle as usize].stops.end {
            return false;
        }
        let plan = self.plans.of(row.plan);
        let Some(&destination) = plan.streets.last() else { return false };
        let (length_m, permission) = (self.kind(vehicle).length_m, self.kind(vehicle).permission);
        let mut finder = std::mem::take(&mut self.finder);
        let mut found: Option<Vec<u32>> = None;
        for passage in self.network.passages_from(lane) {
            if passage.exit_street == blocked
                || !may_pass(self.network, permission, passage)
                || self.queues.room(passage.exit_lane, length_m, 0.0, now_s, now_s) == Room::No
            {
                continue;
            }
            let time_s = |other: u32| {
                let is_avoided =
                    other == street || other == blocked || is_closed(self.demand, permission, other, now_s);
                if is_avoided {
                    f64::INFINITY
                } else {
                    self.known.expected_s(other, self.queues.longest_held_s(self.network, other, now_s), now_s)
                }
            };
            let way = finder.fastest_by(permission, (passage.exit_street, destination), f64::INFINITY, &time_s);
            found = way.map(|(streets, _)| streets);
            if found.is_some() {
                break;
            }
        }
        self.finder = finder;
        let Some(way) = found else { return false };
        let mut streets = vec![street];
        streets.extend(way);
        let toward = streets[1];
        self.follow(vehicle, LanePlan::new(self.network, &streets, permission, &[]));
        let row = self.queues.vehicle_mut(vehicle);
        row.route_position = 0;
        row.toward = toward;
        row.reroutes += 1;
        self.relief.reroutes += 1;
        self.queues.stop_waiting(lane);
        let row = self.queues.lane_mut(lane);
        row.hold = Hold::No;
        row.waits_for = NONE;
        self.attempt(lane, now_s);
        true
    }
}

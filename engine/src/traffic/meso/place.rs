//! How a vehicle comes onto a lane, from a junction or where its trip begins, and what it does there on its own.
//!
//! Who stops on the way, or ends its trip before the lane's end, takes room on the lane. Where there is another lane, those
//! behind pass it while it stands: it joins the queue when it goes on. On a single lane all wait behind it. Bicycles and
//! motorcycles that have room beside others on their lane take none of it, are passed on the way, and join the queue at the
//! lane's end: a bicycle at its rear, a motorcycle behind the first.

use super::pass::Refusal;
use super::queues::Room;
use super::simulation::Meso;
use crate::traffic::demand::{DepartPosition, DepartSpeed};
use crate::traffic::drivers::NONE;
use crate::traffic::simulation::{DepartedTrip, TripEnd};

/// The least distance from the beginning of the lane to the rear of a vehicle that begins there, in metres.
const BASE_M: f64 = 0.1;

impl Meso<'_> {
    /// The first trip that waits on a street begins, if there is room.
    pub(super) fn begin(&mut self, queue: u32, now_s: f64) -> Result<(), Refusal> {
        let vehicle = self.queues.lane(queue).front;
        let Some(lane) = self.first_lane(vehicle) else { return Err(Refusal::Until(f64::INFINITY)) };
        let kind = self.kind(vehicle);
        let length_m = kind.length_m;
        match self.queues.room(lane, length_m, 0.0, now_s, now_s) {
            Room::No => return Err(Refusal::Room(lane)),
            Room::From(from_s) => return Err(Refusal::Until(from_s)),
            Room::Yes => {}
        }
        let trip = &self.demand.trips[vehicle as usize];
        let (_, cruising_mps) = self.speeds_mps(vehicle, lane);
        let speed_mps = match trip.depart_speed {
            DepartSpeed::Given(speed_mps) => speed_mps.min(cruising_mps),
            DepartSpeed::Max | DepartSpeed::Average => cruising_mps,
        };
        let lane_m = self.network.lanes[lane as usize].length_m;
        let base_m = (length_m + BASE_M).min(lane_m);
        let (from_m, free_s) = match trip.depart_position {
            DepartPosition::Given(from_start_m) if from_start_m >= 0.0 => {
                (from_start_m.min(lane_m), self.entry_s(lane, vehicle))
            }
            DepartPosition::Given(from_end_m) => ((lane_m + from_end_m).max(0.0), self.entry_s(lane, vehicle)),
            DepartPosition::Base => (base_m, self.entry_s(lane, vehicle)),
            DepartPosition::Last => self.behind_last(lane, vehicle, base_m, speed_mps, now_s),
        };
        if free_s > now_s + 1e-9 {
            return Err(Refusal::Until(free_s));
        }
        self.queues.pop(queue);
        self.counts.waiting -= 1;
        self.counts.inserted += 1;
        let row = self.queues.vehicle_mut(vehicle);
        row.departed_s = now_s;
        let begin = TripEnd { lane, position_m: from_m, speed_mps };
        self.departed.push(DepartedTrip { trip: vehicle, departed_s: now_s, begin });
        if let (Some(record), Some(street)) = (&mut self.record, self.network.lanes[lane as usize].street) {
            let kind = self.drivers[vehicle as usize].kind;
            record.depart(vehicle, kind, street, row.tally(now_s));
        }
        self.place(vehicle, lane, now_s, speed_mps, from_m, now_s);
        self.settle(queue, now_s);
        Ok(())
    }

    /// The place behind the last vehicle of a lane, or at its end if there is none, and when a vehicle finds room there.
    fn behind_last(&self, lane: u32, vehicle: u32, base_m: f64, speed_mps: f64, now_s: f64) -> (f64, f64) {
        let row = self.queues.lane(lane);
        let end_m = self.network.lanes[lane as usize].length_m - BASE_M;
        if row.needed_m <= 0.0 {
            return (end_m.max(base_m), now_s);
        }
        let kind = self.kind(vehicle);
        let queue_m = (row.needed_m - row.entered_m).max(0.0);
        let driven_m = (now_s - row.entered_s).max(0.0) * row.entered_mps.max(speed_mps);
        let last_m = (row.entered_at_m + driven_m).min(end_m - queue_m);
        let from_m = last_m - row.entered_m - speed_mps * kind.reaction_s;
        let missing_m = (base_m - from_m).max(0.0);
        (from_m.max(base_m).min(end_m.max(base_m)), now_s + missing_m / speed_mps.max(1.0))
    }

    /// When a vehicle can enter a lane behind the last one that did.
    pub(super) fn entry_s(&self, lane: u32, vehicle: u32) -> f64 {
        let row = self.queues.lane(lane);
        let (_, cruising_mps) = self.speeds_mps(vehicle, lane);
        row.entered_s + self.kind(vehicle).headway(row.entered_m, row.entered_mps, cruising_mps).0
    }

    /// Puts a vehicle on a lane, where it comes at a time and with a speed, `from_m` from its beginning.
    pub(super) fn place(&mut self, vehicle: u32, lane: u32, at_s: f64, speed_mps: f64, from_m: f64, now_s: f64) {
        let (room_m, taken_m) = (self.kind(vehicle).room_m, self.taken_m(vehicle, lane));
        let row = self.queues.lane_mut(lane);
        row.taken_m += taken_m;
        row.needed_m += taken_m;
        row.entered_s = at_s;
        row.entered_mps = speed_mps;
        row.entered_m = room_m;
        row.entered_at_m = from_m;
        let is_street = self.network.lanes[lane as usize].street.is_some();
        let plan = self.plans.of(self.queues.vehicle(vehicle).plan);
        let row = self.queues.vehicle_mut(vehicle);
        row.lane = lane;
        row.entered_s = at_s;
        row.dwell_s = 0.0;
        if is_street {
            row.toward = plan.streets.get(row.route_position as usize + 1).copied().unwrap_or(NONE);
        }
        let lane_m = self.network.lanes[lane as usize].length_m;
        let end_m = match self.demand.trips[vehicle as usize].arrival_position_m {
            Some(end_m) if is_street && self.queues.vehicle(vehicle).toward == NONE => end_m.min(lane_m).max(from_m),
            _ => lane_m,
        };
        self.note_bus(vehicle, lane);
        let (_, cruising_mps) = self.speeds_mps(vehicle, lane);
        let has_stopped = is_street && self.stop(vehicle, at_s, speed_mps, from_m, cruising_mps);
        let row = self.queues.vehicle(vehicle);
        let (leaves_s, stands_m, leaves_mps) =
            if has_stopped { (row.earliest_s, row.way_m, 0.0) } else { (at_s, from_m, speed_mps) };
        let (time_s, end_mps) = self.kind(vehicle).travel((end_m - stands_m).max(0.0), leaves_mps, cruising_mps);
        let row = self.queues.vehicle_mut(vehicle);
        row.earliest_s = leaves_s + time_s;
        row.speed_mps = end_mps;
        row.way_m = (end_m - from_m).max(0.0);
        if lane_m - end_m > room_m {
            let at_s = row.earliest_s;
            self.call_vehicle(vehicle, at_s);
        } else if has_stopped && self.has_lane_beside(lane) {
            self.call_vehicle(vehicle, leaves_s);
        } else if taken_m == 0.0 {
            let at_s = self.queues.vehicle(vehicle).earliest_s;
            self.call_vehicle(vehicle, at_s);
        } else if self.queues.push(lane, vehicle) {
            self.settle(lane, now_s);
        }
    }

    /// Makes the stops of a street. Says whether there are any; if so, [`super::queues::VehicleRow::earliest_s`] is when it goes
    /// on, and `way_m` where it stands then, in metres from the lane's beginning.
    fn stop(&mut self, vehicle: u32, at_s: f64, speed_mps: f64, from_m: f64, cruising_mps: f64) -> bool {
        let demand = self.demand;
        let end = demand.trips[vehicle as usize].stops.end;
        let (mut now_s, mut now_m, mut now_mps) = (at_s, from_m, speed_mps);
        let mut dwell_s = 0.0;
        let row = self.queues.vehicle(vehicle);
        let first = row.next_stop;
        let mut next = first;
        while next < end && demand.stops[next as usize].route_position == row.route_position {
            let stop = &demand.stops[next as usize];
            let kind = self.kind(vehicle);
            let stop_m = stop.end_m.max(now_m);
            let (time_s, end_mps) = kind.travel(stop_m - now_m, now_mps, cruising_mps);
            let arrived_s = now_s + time_s + kind.stopping_loss_s(end_mps);
            let stands_s = stop.duration_s.max(stop.until_s.map_or(0.0, |until_s| until_s - arrived_s)).max(0.0);
            dwell_s += stands_s;
            (now_s, now_m, now_mps) = (arrived_s + stands_s, stop_m, 0.0);
            next += 1;
        }
        let row = self.queues.vehicle_mut(vehicle);
        row.next_stop = next;
        row.dwell_s = dwell_s;
        row.stopped_s += dwell_s as f32;
        row.earliest_s = now_s;
        row.way_m = now_m;
        next > first
    }

    /// The room that a vehicle takes on a lane, in metres: none where it rides beside the queue.
    pub(super) fn taken_m(&self, vehicle: u32, lane: u32) -> f64 {
        let (kind, row) = (self.kind(vehicle), &self.network.lanes[lane as usize]);
        if row.street.is_some() && kind.rides_beside(row.width_m) { 0.0 } else { kind.room_m }
    }

    pub(super) fn has_lane_beside(&self, lane: u32) -> bool {
        self.network.lanes[lane as usize]
            .street
            .is_some_and(|street| self.network.streets[street as usize].lane_count > 1)
    }

    /// A vehicle beside the queue goes on, or ends its trip.
    pub(super) fn come_back(&mut self, vehicle: u32, now_s: f64) {
        let row = self.queues.vehicle(vehicle);
        let lane = row.lane;
        let ends_here = row.toward == NONE && now_s >= row.earliest_s;
        if !ends_here {
            let passes_queue = self.taken_m(vehicle, lane) == 0.0 && self.kind(vehicle).filters();
            let is_first =
                if passes_queue { self.queues.push_second(lane, vehicle) } else { self.queues.push(lane, vehicle) };
            if is_first {
                self.settle(lane, now_s);
            }
            return;
        }
        let kind = self.kind(vehicle);
        let arrives_s = now_s + self.queues.vehicle(vehicle).way_m / kind.room_m * kind.reaction_s;
        self.free_room(lane, vehicle, f64::INFINITY, arrives_s);
        let speed_mps = self.queues.vehicle(vehicle).speed_mps;
        self.finish(vehicle, speed_mps, now_s);
        self.offer(lane, now_s);
    }
}

//! What is told to the results.
//!
//! What a vehicle spent on a lane is told when it leaves: first it moved, at an even pace, then it stood at the lane's end; each
//! bin gets its part. Vehicles stand in the queue from when they would have reached its rear, and the queue reaches as far
//! back as they need room, at most to the lane's beginning. It is looked at whenever a vehicle leaves the lane, and where bins
//! meet: it is never longer in between. Each vehicle is counted once, so looking costs no more than leaving.

use super::motion::Kind;
use super::queues::VehicleRow;
use super::simulation::Meso;
use crate::traffic::drivers::NONE;
use crate::traffic::network::LaneNetwork;
use crate::traffic::results::{LoopEvent, Loops, Recorder, Spent, Tally};

/// Slower than this nobody comes to a queue, in metres a second.
const SLOWEST_MPS: f64 = 1.0;

impl VehicleRow {
    /// What the vehicle has come to at a time.
    pub(super) fn tally(&self, at_s: f64) -> Tally {
        Tally { at_s, driven_m: self.driven_m, lost_s: self.lost_s, waited_s: self.waited_s, halts: self.halts }
    }
}

/// The vehicles of a lane that stand in the queue, as far as they have been counted.
#[derive(Clone, Copy, Debug)]
struct Standing {
    /// The last of them; none if there is none.
    last: u32,
    /// The room that they need, in metres.
    room_m: f64,
}

/// Tables in the making.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) recorder: Recorder,
    pub(super) loops: Loops,
    standing: Vec<Standing>,
    street_of_lane: Vec<u32>,
    /// The bin at hand, and when it ends.
    bin: usize,
    bin_ends_s: f64,
}

impl Record {
    pub(super) fn new(mut recorder: Recorder, network: &LaneNetwork, begin_s: f64) -> Self {
        let bin = recorder.bin(begin_s);
        let street_of_lane: Vec<u32> = network.lanes.iter().map_while(|lane| lane.street).collect();
        Self {
            bin_ends_s: recorder.bins().bounds_s(bin).1,
            recorder,
            loops: Loops::default(),
            standing: vec![Standing { last: NONE, room_m: 0.0 }; street_of_lane.len()],
            street_of_lane,
            bin,
        }
    }

    pub(super) fn depart(&mut self, vehicle: u32, kind: u16, street: u32, tally: Tally) {
        let bin = self.recorder.bin(tally.at_s);
        self.recorder.depart(bin, vehicle, kind, street, tally);
    }

    pub(super) fn leave(&mut self, vehicle: u32, passage: u32, tally: Tally) {
        let bin = self.recorder.bin(tally.at_s);
        self.recorder.leave(bin, vehicle, passage, tally);
    }

    pub(super) fn enter(&mut self, vehicle: u32, kind: u16, street: u32, tally: Tally) {
        let bin = self.recorder.bin(tally.at_s);
        self.recorder.enter(bin, vehicle, kind, street, tally);
    }

    pub(super) fn arrive(&mut self, vehicle: u32, now_s: f64) {
        let bin = self.recorder.bin(now_s);
        self.recorder.arrive(bin, vehicle);
    }

    /// Somebody on foot comes to a crossing.
    pub(super) fn come_on_foot(&mut self, crossing: u32, at_s: f64) {
        let bin = self.recorder.bin(at_s);
        self.recorder.crossing(bin, crossing).came += 1.0;
    }

    /// Somebody on foot has crossed.
    pub(super) fn cross_on_foot(&mut self, crossing: u32, lost_s: f64, end_s: f64) {
        let bin = self.recorder.bin(end_s);
        self.recorder.crossing(bin, crossing).cross(lost_s);
    }

    /// A vehicle leaves its lane, or has come so far on it: tells what it spent there, if it is a street's.
    pub(super) fn spend(&mut self, row: &VehicleRow, kind: &Kind, desired_mps: f64, now_s: f64) {
        let Some(&street) = self.street_of_lane.get(row.lane as usize) else { return };
        let stood_s = (now_s - row.earliest_s - kind.stopping_loss_s(row.speed_mps)).max(0.0);
        let moved_s = now_s - row.entered_s - stood_s;
        let stops = f64::from(u8::from(stood_s > 0.0));
        let moved = Spent {
            driven_m: row.way_m,
            time_s: moved_s,
            delay_s: moved_s - row.dwell_s - row.way_m / desired_mps,
            standing_s: 0.0,
            stops: 0.0,
        };
        let stood = Spent { driven_m: 0.0, time_s: stood_s, delay_s: stood_s, standing_s: stood_s, stops: 0.0 };
        let (first, last) = (self.recorder.bin(row.entered_s), self.recorder.bin(now_s));
        if first == last {
            let mut spent = Spent { stops, ..moved };
            spent.add(&stood);
            self.recorder.spend(last, street, &spent);
        } else {
            self.spread(street, row.entered_s, &moved);
            self.spread(street, now_s - stood_s, &stood);
            let came_to_a_stand = self.recorder.bin(now_s - stood_s);
            self.recorder.street(came_to_a_stand, street).stops += stops;
        }
    }

    /// A vehicle leaves its lane, on which it came as far as `end_m`: notes the loops that it passed. Of a place it is sure when
    /// the vehicle came there at the earliest, and how long it took at least from there to where it left; the later counts.
    pub(super) fn pass(&mut self, vehicle: u32, row: &VehicleRow, kind: &Kind, end_m: f64, now_s: f64) {
        if self.loops.is_empty() {
            return;
        }
        let start_m = end_m - row.way_m;
        let pace_mps = row.way_m / (row.earliest_s - row.entered_s).max(1e-3);
        let has_stood = now_s > row.earliest_s + kind.stopping_loss_s(row.speed_mps);
        // Who starts from a queue has half its speed on average.
        let leaving_mps = (row.speed_mps * if has_stood { 0.5 } else { 1.0 }).max(SLOWEST_MPS);
        let at_s = |place_m: f64| {
            let forward_s = row.entered_s + (place_m.min(end_m) - start_m) / pace_mps;
            forward_s.max(now_s + (place_m - end_m) / leaving_mps)
        };
        let passed: Vec<(u32, f64)> =
            self.loops.on(row.lane).filter(|(_, place_m)| (start_m..=end_m).contains(place_m)).collect();
        for (detector, place_m) in passed {
            for (is_front, place_m) in [(true, place_m), (false, place_m + kind.length_m)] {
                let event =
                    LoopEvent { detector, trip: vehicle, length_m: kind.length_m, at_s: at_s(place_m), is_front };
                self.loops.note(&event);
            }
        }
    }

    /// Spreads what was spent from a time on evenly over the bins.
    fn spread(&mut self, street: u32, from_s: f64, spent: &Spent) {
        let until_s = from_s + spent.time_s;
        let (first, last) = (self.recorder.bin(from_s), self.recorder.bin(until_s));
        if first == last || spent.time_s <= 0.0 {
            self.recorder.spend(first, street, spent);
            return;
        }
        let mut told = 0.0;
        for bin in first..=last {
            let end_s = self.recorder.bins().bounds_s(bin).1;
            let so_far = if bin == last { 1.0 } else { (end_s - from_s) / spent.time_s };
            self.recorder.spend(bin, street, &spent.share(so_far - told));
            told = so_far;
        }
    }

    /// The first vehicle of a lane has left it.
    pub(super) fn pop(&mut self, lane: u32, vehicle: u32, room_m: f64) {
        let Some(standing) = self.standing.get_mut(lane as usize) else { return };
        if standing.last == vehicle {
            *standing = Standing { last: NONE, room_m: 0.0 };
        } else if standing.last != NONE {
            standing.room_m = (standing.room_m - room_m).max(0.0);
        }
    }
}

impl Meso<'_> {
    /// Looks at the queue of a lane.
    pub(super) fn look(&mut self, lane: u32, now_s: f64) {
        let Some(mut record) = self.record.take() else { return };
        if let Some(reach_m) = self.reach_m(&mut record, lane, now_s) {
            let bin = record.recorder.bin(now_s);
            let row = record.recorder.street(bin, record.street_of_lane[lane as usize]);
            row.queue_max_m = row.queue_max_m.max(reach_m);
        }
        self.record = Some(record);
    }

    /// Looks at all queues at the ends of bins before a time.
    pub(super) fn look_until(&mut self, time_s: f64) {
        if self.record.as_ref().is_none_or(|record| time_s < record.bin_ends_s) {
            return;
        }
        let Some(mut record) = self.record.take() else { return };
        while time_s >= record.bin_ends_s {
            let at_s = record.bin_ends_s;
            self.look_at_all(&mut record, at_s);
            record.bin += 1;
            record.bin_ends_s = record.recorder.bins().bounds_s(record.bin).1;
        }
        self.record = Some(record);
    }

    /// Looks at all queues at a time; they belong to the bin before and to the one that begins.
    fn look_at_all(&self, record: &mut Record, at_s: f64) {
        let next = record.recorder.bin(at_s);
        for lane in 0..self.network.street_lane_count {
            let Some(reach_m) = self.reach_m(record, lane, at_s) else { continue };
            let street = record.street_of_lane[lane as usize];
            for bin in [record.bin, next] {
                let row = record.recorder.street(bin, street);
                row.queue_max_m = row.queue_max_m.max(reach_m);
            }
        }
    }

    /// How far the queue of a street's lane reaches back, in metres; none where nobody stands.
    fn reach_m(&self, record: &mut Record, lane: u32, now_s: f64) -> Option<f64> {
        let standing = record.standing.get_mut(lane as usize)?;
        let mut next = match standing.last {
            NONE => self.queues.lane(lane).front,
            last => self.queues.vehicle(last).next,
        };
        while next != NONE {
            let (row, kind) = (self.queues.vehicle(next), self.kind(next));
            // It comes to the rear of the queue sooner than to the end of the lane.
            let sooner_s = standing.room_m.min(row.way_m) / row.speed_mps.max(SLOWEST_MPS);
            if row.earliest_s - sooner_s + kind.stopping_loss_s(row.speed_mps) >= now_s {
                break;
            }
            *standing = Standing { last: next, room_m: standing.room_m + kind.room_m };
            next = row.next;
        }
        (standing.last != NONE).then(|| standing.room_m.min(self.network.lanes[lane as usize].length_m))
    }

    /// Tells what those have spent who are still on the road.
    pub(super) fn tell_the_rest(&self, record: &mut Record) {
        let now_s = self.time_s();
        let bin = record.recorder.bin(now_s);
        self.look_at_all(record, now_s);
        for vehicle in 0..self.demand.trips.len() as u32 {
            let row = self.queues.vehicle(vehicle);
            if record.recorder.is_on_street(vehicle) && row.entered_s < now_s {
                let (desired_mps, _) = self.speeds_mps(vehicle, row.lane);
                let mut so_far = row.clone();
                if row.earliest_s > now_s {
                    // It is still on its way, at an even pace.
                    let share = (now_s - row.entered_s) / (row.earliest_s - row.entered_s);
                    so_far.way_m *= share;
                    so_far.dwell_s *= share;
                }
                record.spend(&so_far, self.kind(vehicle), desired_mps, now_s);
            } else if now_s > row.entered_s {
                record.recorder.is_inside(bin, vehicle, row.tally(now_s));
            }
        }
    }
}

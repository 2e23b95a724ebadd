//! Vehicles on lanes, gaps on their way back, and lanes that wait for others.
//!
//! Everything is a row of a table and names others by number: queues and lists of waiting lanes are chains through the
//! rows themselves, so that nothing is allocated while traffic runs. An event touches one vehicle and most of what is known of
//! it; so a vehicle's facts stand together and not in columns. Behind the lanes of the network stand the trips that wait to
//! begin, one row for each street.

use crate::traffic::drivers::NONE;
use crate::traffic::network::LaneNetwork;

/// Why the first vehicle of a lane stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// It does not: it is on its way, or at a lamp that opens at a known time.
    No,
    /// It waits until others are out of its way.
    Gap,
    /// It waits for room on the lane that comes next.
    Room,
    /// It stands at a lamp of which nobody knows when it opens.
    Lamp,
}

/// One lane, or the trips that wait to begin on one street.
#[derive(Clone, Debug)]
pub(super) struct LaneRow {
    /// First and last vehicle of the queue.
    pub(super) front: u32,
    pub(super) back: u32,
    /// How many vehicles there are in the queue.
    pub(super) count: u32,
    /// The room that there is, what vehicles need of it, and what of it is taken, gaps that have not arrived included, in metres.
    pub(super) storage_m: f64,
    pub(super) needed_m: f64,
    pub(super) taken_m: f64,
    /// Gaps on their way back: first and last.
    first_gap: u32,
    last_gap: u32,
    /// The last vehicle that entered: when, where, how fast, and the room that it needs.
    pub(super) entered_s: f64,
    pub(super) entered_at_m: f64,
    pub(super) entered_mps: f64,
    pub(super) entered_m: f64,
    /// The last vehicle that left: when, how fast, and the room that it needs.
    pub(super) left_s: f64,
    pub(super) left_mps: f64,
    pub(super) left_m: f64,
    /// When the first vehicle can be at the end of the lane, and how fast, if nobody holds it up.
    pub(super) ready_s: f64,
    pub(super) ready_mps: f64,
    /// When it tries to go on; infinite if it has to be woken.
    pub(super) due_s: f64,
    pub(super) hold: Hold,
    /// When it last tried.
    pub(super) tried_s: f64,
    /// When its first vehicle last moved on together with a circle.
    pub(super) rolled_s: f64,
    /// The lane that it waits for, and the next lane that waits for the same.
    pub(super) waits_for: u32,
    next_waiting: u32,
    /// The lanes that wait for this one.
    first_waiting: u32,
    last_waiting: u32,
    /// The lane that has been woken because there will be room here.
    pub(super) woken: u32,
}

impl LaneRow {
    pub(super) fn new(storage_m: f64) -> Self {
        Self {
            front: NONE,
            back: NONE,
            count: 0,
            storage_m,
            needed_m: 0.0,
            taken_m: 0.0,
            first_gap: NONE,
            last_gap: NONE,
            entered_s: f64::NEG_INFINITY,
            entered_at_m: 0.0,
            entered_mps: 0.0,
            entered_m: 0.0,
            left_s: f64::NEG_INFINITY,
            left_mps: 0.0,
            left_m: 0.0,
            ready_s: f64::INFINITY,
            ready_mps: 0.0,
            due_s: f64::INFINITY,
            hold: Hold::No,
            tried_s: f64::NEG_INFINITY,
            rolled_s: f64::NEG_INFINITY,
            waits_for: NONE,
            next_waiting: NONE,
            first_waiting: NONE,
            last_waiting: NONE,
            woken: NONE,
        }
    }
}

/// One vehicle: what its trip has come to.
#[derive(Clone, Debug)]
pub(super) struct VehicleRow {
    /// The vehicle behind it.
    pub(super) next: u32,
    /// Row of its lane plan.
    pub(super) plan: u32,
    /// Which street of the route it is on.
    pub(super) route_position: u32,
    /// Its next stop.
    pub(super) next_stop: u32,
    /// The lane that it is on.
    pub(super) lane: u32,
    /// The lane that it was on before; none where it began.
    pub(super) before: u32,
    /// The lane that it came onto it from: inside the junction, or the lane before; none where it began.
    pub(super) came_by: u32,
    /// How long it took on the way through the junction, in seconds.
    pub(super) crossing_s: f32,
    /// The street that it goes to next; none where its trip ends here.
    pub(super) toward: u32,
    /// How often it has chosen another route.
    pub(super) reroutes: u16,
    /// Before that time it does not look for another way again, in seconds.
    pub(super) looks_again_s: f64,
    /// How often it came to a stand.
    pub(super) halts: u32,
    /// When it can be at the end of its lane at the earliest, and how fast.
    pub(super) earliest_s: f64,
    pub(super) speed_mps: f64,
    /// When it came onto the lane, and the way there from where it did.
    pub(super) entered_s: f64,
    pub(super) way_m: f64,
    /// How long it stands at stops there.
    pub(super) dwell_s: f64,
    /// How long it has stood at stops of all lanes, in seconds.
    pub(super) stopped_s: f32,
    pub(super) departed_s: f64,
    pub(super) driven_m: f64,
    pub(super) waited_s: f64,
    pub(super) lost_s: f64,
}

/// A gap on its way back along a lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) arrives_s: f64,
    pub(super) room_m: f64,
    /// When it set out from the end of the lane; never if it did so elsewhere.
    pub(super) left_s: f64,
    next: u32,
}

/// Whether a lane takes a vehicle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Room {
    /// It does.
    Yes,
    /// It will from that time on, in seconds.
    From(f64),
    /// Not before somebody leaves it.
    No,
}

/// All lanes with what is on them.
#[derive(Clone, Debug)]
pub(super) struct Queues {
    pub(super) lanes: Vec<LaneRow>,
    pub(super) vehicles: Vec<VehicleRow>,
    /// Since when the first vehicle of each lane has been held: what drivers ask of many lanes stands together.
    held_s: Vec<f64>,
    gaps: Vec<Gap>,
    unused_gap: u32,
}

impl Queues {
    pub(super) fn new(lanes: Vec<LaneRow>, vehicles: Vec<VehicleRow>) -> Self {
        let held_s = vec![f64::INFINITY; lanes.len()];
        Self { lanes, vehicles, held_s, gaps: Vec::new(), unused_gap: NONE }
    }

    /// Since when the first vehicle of a lane has been held; infinite where it has not.
    pub(super) fn held_s(&self, lane: u32) -> f64 {
        self.held_s[lane as usize]
    }

    /// How long those at the end of a street have waited, at most, in seconds.
    pub(super) fn longest_held_s(&self, network: &LaneNetwork, street: u32, now_s: f64) -> f64 {
        let held_s = network.streets[street as usize].lanes().map(|lane| self.held_s(lane));
        held_s.fold(0.0, |longest_s, held_s| f64::max(longest_s, now_s - held_s))
    }

    /// The first vehicle of a lane is held from a time on, if it has not been before.
    pub(super) fn hold(&mut self, lane: u32, now_s: f64) {
        let held_s = &mut self.held_s[lane as usize];
        *held_s = held_s.min(now_s);
    }

    /// Nobody has been held on a lane yet.
    pub(super) fn release(&mut self, lane: u32) {
        self.held_s[lane as usize] = f64::INFINITY;
    }

    pub(super) fn lane(&self, lane: u32) -> &LaneRow {
        &self.lanes[lane as usize]
    }

    pub(super) fn lane_mut(&mut self, lane: u32) -> &mut LaneRow {
        &mut self.lanes[lane as usize]
    }

    pub(super) fn vehicle(&self, vehicle: u32) -> &VehicleRow {
        &self.vehicles[vehicle as usize]
    }

    pub(super) fn vehicle_mut(&mut self, vehicle: u32) -> &mut VehicleRow {
        &mut self.vehicles[vehicle as usize]
    }

    /// Puts a vehicle behind all others; says whether it is the first.
    pub(super) fn push(&mut self, lane: u32, vehicle: u32) -> bool {
        self.vehicles[vehicle as usize].next = NONE;
        let row = &mut self.lanes[lane as usize];
        row.count += 1;
        let last = std::mem::replace(&mut row.back, vehicle);
        if last == NONE {
            row.front = vehicle;
            return true;
        }
        self.vehicles[last as usize].next = vehicle;
        false
    }

    /// Puts a vehicle behind the first; says whether it is the first itself.
    pub(super) fn push_second(&mut self, lane: u32, vehicle: u32) -> bool {
        let front = self.lanes[lane as usize].front;
        if front == NONE || self.vehicles[front as usize].next == NONE {
            return self.push(lane, vehicle);
        }
        self.lanes[lane as usize].count += 1;
        self.vehicles[vehicle as usize].next = std::mem::replace(&mut self.vehicles[front as usize].next, vehicle);
        false
    }

    /// Takes the first vehicle out.
    pub(super) fn pop(&mut self, lane: u32) {
        let row = &mut self.lanes[lane as usize];
        if row.front == NONE {
            return;
        }
        row.count -= 1;
        row.front = self.vehicles[row.front as usize].next;
        if row.front == NONE {
            row.back = NONE;
        }
    }

    /// Sends a gap on its way back; `left_s` is when it set out from the lane's end, infinite if it did not.
    pub(super) fn send_gap(&mut self, lane: u32, left_s: f64, arrives_s: f64, room_m: f64) {
        let row = &mut self.lanes[lane as usize];
        let mut gap = Gap { arrives_s, room_m, left_s, next: NONE };
        if row.last_gap != NONE {
            // Gaps do not overtake each other.
            gap.arrives_s = gap.arrives_s.max(self.gaps[row.last_gap as usize].arrives_s);
        }
        let number = self.unused_gap;
        let number = if number == NONE {
            self.gaps.push(gap);
            self.gaps.len() as u32 - 1
        } else {
            self.unused_gap = self.gaps[number as usize].next;
            self.gaps[number as usize] = gap;
            number
        };
        match std::mem::replace(&mut row.last_gap, number) {
            NONE => row.first_gap = number,
            last => self.gaps[last as usize].next = number,
        }
    }

    /// The gaps on their way back along a lane, the one furthest back first.
    pub(super) fn gaps(&self, lane: u32) -> impl Iterator<Item = &Gap> + '_ {
        let gap = |number: u32| (number != NONE).then(|| &self.gaps[number as usize]);
        std::iter::successors(gap(self.lane(lane).first_gap), move |last| gap(last.next))
    }

    /// Whether a lane takes a vehicle of that length that comes at a time, if `beside_m` of it can stand before the lane's
    /// beginning.
    pub(super) fn room(&mut self, lane: u32, length_m: f64, beside_m: f64, now_s: f64, at_s: f64) -> Room {
        let row = &mut self.lanes[lane as usize];
        while row.first_gap != NONE && self.gaps[row.first_gap as usize].arrives_s <= now_s {
            let number = row.first_gap;
            let gap = &mut self.gaps[number as usize];
            row.taken_m = (row.taken_m - gap.room_m).max(0.0);
            row.first_gap = std::mem::replace(&mut gap.next, self.unused_gap);
            self.unused_gap = number;
            if row.first_gap == NONE {
                row.last_gap = NONE;
            }
        }
        // A lane shorter than a vehicle takes one. Rounding must not leave a lane full that is empty.
        let most_m = (row.storage_m + beside_m - length_m).max(0.0) + 1e-6;
        if row.taken_m <= most_m {
            return Room::Yes;
        }
        let (mut left_m, mut next) = (row.taken_m, row.first_gap);
        while next != NONE {
            let gap = &self.gaps[next as usize];
            left_m -= gap.room_m;
            if left_m <= most_m {
                return if gap.arrives_s <= at_s { Room::Yes } else { Room::From(gap.arrives_s) };
            }
            next = gap.next;
        }
        Room::No
    }

    /// Lets a lane wait for another.
    pub(super) fn wait(&mut self, lane: u32, other: u32) {
        self.lanes[lane as usize].waits_for = other;
        self.lanes[lane as usize].next_waiting = NONE;
        let row = &mut self.lanes[other as usize];
        match std::mem::replace(&mut row.last_waiting, lane) {
            NONE => row.first_waiting = lane,
            last => self.lanes[last as usize].next_waiting = lane,
        }
    }

    /// The lane that has waited longest for another.
    pub(super) fn first_waiting(&self, lane: u32) -> u32 {
        self.lanes[lane as usize].first_waiting
    }

    /// Lets a lane wait no more.
    pub(super) fn stop_waiting(&mut self, lane: u32) {
        let other = std::mem::replace(&mut self.lanes[lane as usize].waits_for, NONE);
        if other == NONE {
            return;
        }
        let (mut before, mut at) = (NONE, self.lanes[other as usize].first_waiting);
        while at != NONE && at != lane {
            before = at;
            at = self.lanes[at as usize].next_waiting;
        }
        if at == NONE {
            return;
        }
        let after = std::mem::replace(&mut self.lanes[lane as usize].next_waiting, NONE);
        match before {
            NONE => self.lanes[other as usize].first_waiting = after,
            before => self.lanes[before as usize].next_waiting = after,
        }
        if after == NONE {
            self.lanes[other as usize].last_waiting = before;
        }
    }
}

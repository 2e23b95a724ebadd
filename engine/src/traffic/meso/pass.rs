//! Whether the first vehicle of a lane goes on, and what follows when it does.
//!
//! A vehicle that arrives behind one that has just left follows it at its reaction time and the time to cover its spacing,
//! from the speed of the one ahead on: so a queue that starts discharges slowly at first, then at the saturation flow.
//! Who is held up brakes no more than needed; who loses more than braking to a stand costs has stopped, and starts anew.

use super::queues::{Hold, Room};
use super::simulation::{Crossing, Meso};
use crate::traffic::drivers::NONE;
use crate::traffic::network::{Passage, PassageKind};
use crate::traffic::rule::Rule;

/// Who has tried in vain tries again no sooner, in seconds.
pub(super) const PATIENCE_S: f64 = 0.1;
/// How far before a stop line one stands, in metres.
const STOP_LINE_GAP_M: f64 = 1.0;
/// Whose lane does not lead along its way looks for another again after this time, in seconds.
const STRAY_S: f64 = 60.0;
/// How long one stands at a stop sign at least, in seconds (SUMO 1.28, `jmStopSignWait`), and where all stop, in which there
/// is none (half a step of 1 s, on average).
const STOP_S: f64 = 1.0;
const ALL_WAY_STOP_S: f64 = 0.5;

/// Why a vehicle does not go on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Refusal {
    /// A lamp, or the vehicle ahead; it goes on at that time.
    Until(f64),
    /// A lamp of which nobody knows when it opens.
    Lamp,
    /// Others are in its way; it looks again at that time.
    Gap(f64),
    /// That lane has no room.
    Room(u32),
}

/// How a vehicle crosses a junction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Length of the lane inside, 0 if there is none.
    pub(super) way_m: f64,
    pub(super) time_s: f64,
    /// Its speed at the end, and on average.
    pub(super) leave_mps: f64,
    pub(super) pace_mps: f64,
}

/// Whether two lanes are one in truth: nothing is between them, and nobody else.
pub(super) fn is_mere_border(passage: &Passage) -> bool {
    passage.kind == PassageKind::Direct && passage.yields.is_empty() && passage.signal.is_none()
}

/// How much of a vehicle stands on the lane behind, if it comes to that, where nothing is between the two, in metres: all but
/// its front. A queue does not end at such a border, and many short streets hold as many vehicles as a long one.
pub(super) fn overhang_m(length_m: f64) -> f64 {
    (length_m - STOP_LINE_GAP_M).max(0.0)
}

impl Meso<'_> {
    /// The first vehicle of a lane tries to go on.
    pub(super) fn attempt(&mut self, lane: u32, now_s: f64) {
        let row = self.queues.lane_mut(lane);
        row.due_s = f64::INFINITY;
        row.tried_s = now_s;
        if row.front == NONE {
            return;
        }
        if row.hold == Hold::Room {
            self.relieve(lane, now_s);
            return;
        }
        // Woken for room, it has given up its place among those who wait.
        let offered = std::mem::replace(&mut row.waits_for, NONE);
        if offered != NONE {
            self.queues.lane_mut(offered).woken = NONE;
        }
        let refusal = if self.is_beginning(lane) { self.begin(lane, now_s) } else { self.go_on(lane, now_s) };
        match refusal {
            Ok(()) => {}
            Err(Refusal::Until(at_s)) => {
                self.queues.lane_mut(lane).hold = Hold::No;
                self.call(lane, at_s.max(now_s + PATIENCE_S));
            }
            Err(Refusal::Lamp) => self.queues.lane_mut(lane).hold = Hold::Lamp,
            Err(Refusal::Gap(at_s)) => {
                self.hold(lane, Hold::Gap, now_s);
                self.call(lane, at_s.max(now_s + PATIENCE_S));
            }
            Err(Refusal::Room(next)) => {
                self.hold(lane, Hold::Room, now_s);
                self.queues.wait(lane, next);
                let patience_s = self.patience_s(lane, now_s);
                self.call(lane, now_s + patience_s);
                if next != offered {
                    self.offer(next, now_s);
                }
            }
        }
        if offered != NONE {
            self.offer(offered, now_s);
        }
    }

    fn hold(&mut self, lane: u32, hold: Hold, now_s: f64) {
        let row = self.queues.lane_mut(lane);
        row.hold = hold;
        self.queues.hold(lane, now_s);
    }

    /// Works out when the first vehicle of a lane can be at its end, and lets it try then.
    pub(super) fn settle(&mut self, lane: u32, now_s: f64) {
        let row = self.queues.lane_mut(lane);
        row.hold = Hold::No;
        row.due_s = f64::INFINITY;
        let vehicle = row.front;
        self.queues.release(lane);
        if vehicle == NONE {
            return;
        }
        if self.is_beginning(lane) {
            self.call(lane, now_s);
            return;
        }
        let (earliest_s, arriving_mps) = {
            let vehicle = self.queues.vehicle(vehicle);
            (vehicle.earliest_s, vehicle.speed_mps)
        };
        let passage = self.heading(vehicle).map(|(passage, _)| passage);
        let (slowest_mps, most_mps) = self.approach_mps(vehicle, passage, arriving_mps, earliest_s);
        let kind = self.kind(vehicle);
        let row = self.queues.lane(lane);
        let free_s = earliest_s + kind.braking_loss_s(arriving_mps, slowest_mps);
        let (headway_s, following_mps) = kind.headway(row.left_m, row.left_mps, most_mps);
        let behind_s = row.left_s + headway_s;
        let (ready_s, ready_mps) = if behind_s > free_s {
            (behind_s, following_mps.max(kind.slowed_mps(most_mps, behind_s - free_s)).min(most_mps))
        } else {
            (free_s, most_mps)
        };
        let row = self.queues.lane_mut(lane);
        row.ready_s = ready_s;
        row.ready_mps = ready_mps;
        let due_s = match passage {
            // What lamps will show that follow traffic is seen on arrival.
            Some(row) if self.is_foreseen(&self.network.passages[row as usize]) => {
                self.lit_s(lane, row, ready_s.max(now_s)).unwrap_or(ready_s)
            }
            Some(_) => ready_s,
            None => ready_s,
        };
        self.call(lane, due_s.max(now_s));
    }

    /// How slow one becomes before a passage, and how fast one passes, if nobody is in the way.
    fn approach_mps(&self, vehicle: u32, passage: Option<u32>, arriving_mps: f64, at_s: f64) -> (f64, f64) {
        let Some(passage) = passage else { return (arriving_mps, arriving_mps) };
        let passage = &self.network.passages[passage as usize];
        let kind = self.kind(vehicle);
        let most_mps = if passage.kind == PassageKind::Direct {
            arriving_mps
        } else {
            arriving_mps.min(self.speeds_mps(vehicle, passage.to_lane).1)
        };
        let (rule, _) = self.rule_at(passage, at_s);
        if passage.yields.is_empty() || passage.waits_inside || rule.has_priority() || rule.is_lit_against() {
            return (most_mps, most_mps);
        }
        // It can still stop where it sees everybody; then it accelerates.
        let seeing = 2.0 * passage.visibility_m * kind.deceleration_mps2;
        let passing = 2.0 * passage.visibility_m * (kind.deceleration_mps2 + kind.acceleration_mps2);
        (most_mps.min(seeing.sqrt()), most_mps.min(passing.sqrt()))
    }

    /// When a lamp that is against the first vehicle of a lane at a time lets it pass; nothing if it may pass then.
    fn lit_s(&mut self, lane: u32, passage: u32, at_s: f64) -> Option<f64> {
        let passage = &self.network.passages[passage as usize];
        let (rule, since_s) = self.rule_at(passage, at_s);
        let row = self.queues.lane(lane);
        let kind = self.kind(row.front);
        let lost_s = at_s - row.ready_s;
        // On yellow only those go on who can stop no more.
        let goes_on = rule == Rule::Yellow && lost_s <= 0.0 && at_s - since_s < kind.stopping_loss_s(row.ready_mps);
        if !rule.is_lit_against() || goes_on {
            return None;
        }
        let opens_s = self.opens_s(passage, at_s);
        Some(self.start_s(lane, opens_s))
    }

    /// When the first vehicle of a lane passes a lamp that opens at a time: then, if it can slow so much; else it starts anew.
    fn start_s(&mut self, lane: u32, opens_s: f64) -> f64 {
        let row = self.queues.lane(lane);
        let kind = self.kind(row.front);
        if opens_s.is_infinite() || kind.slowed_mps(row.ready_mps, opens_s - row.ready_s) > 0.0 {
            return opens_s;
        }
        let (start_s, start_mps) = kind.travel(STOP_LINE_GAP_M, 0.0, row.ready_mps);
        let row = self.queues.lane_mut(lane);
        row.ready_s = opens_s + start_s;
        row.ready_mps = start_mps;
        row.ready_s
    }

    /// The first vehicle of a lane, which has waited at a lamp, goes on if that is open now.
    pub(super) fn start_at_lamp(&mut self, lane: u32, now_s: f64) {
        let vehicle = self.queues.lane(lane).front;
        let Some((number, _)) = self.heading(vehicle) else { return self.call(lane, now_s) };
        if self.rule_at(&self.network.passages[number as usize], now_s).0.is_lit_against() {
            self.queues.lane_mut(lane).hold = Hold::Lamp;
            return;
        }
        let at_s = self.start_s(lane, now_s);
        self.call(lane, at_s);
    }

    /// Goes on to the next lane, or ends the trip.
    fn go_on(&mut self, lane: u32, now_s: f64) -> Result<(), Refusal> {
        let vehicle = self.queues.lane(lane).front;
        if self.queues.vehicle(vehicle).toward == NONE {
            let speed_mps = self.queues.lane(lane).ready_mps;
            self.leave(lane, speed_mps, now_s);
            self.send_gap_back(lane, vehicle, now_s);
            self.finish(vehicle, speed_mps, now_s);
            self.settle(lane, now_s);
            self.offer(lane, now_s);
            return Ok(());
        }
        let Some((number, next)) = self.heading(vehicle) else {
            // Its way goes on where no lane leads: it takes another, as soon as there is room on one.
            return if self.reroute(lane, NONE, now_s) { Ok(()) } else { Err(Refusal::Until(now_s + STRAY_S)) };
        };
        if let Some(at_s) = self.lit_s(lane, number, now_s) {
            return Err(if at_s.is_finite() { Refusal::Until(at_s) } else { Refusal::Lamp });
        }
        let passage = &self.network.passages[number as usize];
        let (rule, _) = self.rule_at(passage, now_s);
        let row = self.queues.lane(lane);
        let kind = self.kind(vehicle);
        let speed_mps = self.passing_mps(lane, now_s);
        let (ready_s, ready_mps) = (row.ready_s, row.ready_mps);
        if matches!(rule, Rule::Stop | Rule::AllWayStop) && kind.slowed_mps(ready_mps, now_s - ready_s) > 0.0 {
            // Out of a queue it drives up to the line first: from stand to stand.
            let up_s = row.left_s + kind.reaction_s + kind.moving_up_s(row.left_m);
            let stands_s = if rule == Rule::Stop { STOP_S } else { ALL_WAY_STOP_S };
            return Err(Refusal::Gap((ready_s + kind.stopping_loss_s(ready_mps)).max(up_s) + stands_s));
        }
        let way = self.way(vehicle, passage, speed_mps);
        let length_m = kind.length_m;
        let inside_m = if is_mere_border(passage) {
            overhang_m(length_m)
        } else {
            self.inside_room_m(lane, passage, next, now_s + way.time_s)
        };
        match self.queues.room(next, length_m, inside_m, now_s, now_s + way.time_s) {
            Room::No => return Err(Refusal::Room(next)),
            Room::From(from_s) => return Err(Refusal::Until(from_s - way.time_s)),
            Room::Yes => {}
        }
        let behind_s = self.entry_s(next, vehicle) - way.time_s;
        if behind_s > now_s + 1e-9 {
            return Err(Refusal::Gap(behind_s));
        }
        if let Some(refusal) = self.give_way(lane, number, next, rule, &way, now_s) {
            return Err(refusal);
        }
        if let Some(at_s) = self.people_until_s(number, length_m, way.pace_mps, now_s) {
            return Err(Refusal::Gap(at_s));
        }
        self.cross(lane, number, next, speed_mps, &way, now_s, false);
        Ok(())
    }

    /// How fast the first vehicle of a lane is at its end: it brakes for what holds it up, and is not slower than it takes to
    /// come as far as it has since the one ahead left.
    fn passing_mps(&self, lane: u32, now_s: f64) -> f64 {
        let row = self.queues.lane(lane);
        let kind = self.kind(row.front);
        let moving_s = now_s - row.left_s - kind.reaction_s;
        let following_mps = if moving_s > 0.0 { (row.left_m / moving_s).min(row.ready_mps) } else { 0.0 };
        kind.slowed_mps(row.ready_mps, now_s - row.ready_s).max(following_mps)
    }

    /// How much of a vehicle may stand inside the junction, if it comes to that, in metres: nothing where it would be in
    /// the way of others, unless traffic ahead moves.
    fn inside_room_m(&self, lane: u32, passage: &Passage, next: u32, at_s: f64) -> f64 {
        if passage.kind == PassageKind::Direct || passage.waits_inside {
            return 0.0;
        }
        let ahead = self.queues.lane(next);
        let moves = ahead.hold == Hold::No && ahead.due_s <= at_s;
        if moves || self.may_stand_inside(lane, passage) {
            self.network.lanes[passage.to_lane as usize].length_m
        } else {
            0.0
        }
    }

    /// Whether one may stand inside the junction behind a passage.
    fn may_stand_inside(&self, lane: u32, passage: &Passage) -> bool {
        let network = self.network;
        let is_ring = |street: u32| network.streets[street as usize].is_roundabout;
        !passage.keep_clear
            || network.lanes[lane as usize].street.is_some_and(is_ring)
            || network.lanes[passage.to_lane as usize].conflicts.is_empty()
    }

    /// How much of the first vehicle of a lane may stand inside the junction while it waits for room on the next lane.
    pub(super) fn standing_room_m(&self, lane: u32) -> f64 {
        let vehicle = self.queues.lane(lane).front;
        if vehicle == NONE || self.is_beginning(lane) {
            return 0.0;
        }
        let Some((number, _)) = self.heading(vehicle) else { return 0.0 };
        let passage = &self.network.passages[number as usize];
        if is_mere_border(passage) {
            return overhang_m(self.kind(vehicle).length_m);
        }
        let stands =
            passage.kind != PassageKind::Direct && !passage.waits_inside && self.may_stand_inside(lane, passage);
        if stands { self.network.lanes[passage.to_lane as usize].length_m } else { 0.0 }
    }

    /// How a vehicle crosses a junction that enters it with some speed.
    pub(super) fn way(&self, vehicle: u32, passage: &Passage, speed_mps: f64) -> Way {
        // Who goes to wait inside the junction is on its next lane at once.
        if passage.kind == PassageKind::Direct || passage.waits_inside {
            return Way { way_m: 0.0, time_s: 0.0, leave_mps: speed_mps, pace_mps: speed_mps.max(1.0) };
        }
        let way_m = self.network.lanes[passage.to_lane as usize].length_m;
        let (_, most_mps) = self.speeds_mps(vehicle, passage.to_lane);
        let (time_s, leave_mps) = self.kind(vehicle).travel(way_m, speed_mps, most_mps);
        Way { way_m, time_s, leave_mps, pace_mps: way_m / time_s }
    }

    /// The least time from the end of a lane to the next one.
    pub(super) fn shortest_crossing_s(&self, lane: u32, vehicle: u32) -> f64 {
        if self.is_beginning(lane) {
            return 0.0;
        }
        self.heading(vehicle).map_or(0.0, |(passage, _)| {
            let passage = &self.network.passages[passage as usize];
            self.way(vehicle, passage, 0.0).time_s
        })
    }

    /// Moves the first vehicle of a lane onto the next. Where all of a circle move at once, its room is free at once.
    #[expect(clippy::too_many_arguments, reason = "all that has been worked out on the way to the decision")]
    pub(super) fn cross(
        &mut self,
        lane: u32,
        number: u32,
        next: u32,
        speed_mps: f64,
        way: &Way,
        now_s: f64,
        at_once: bool,
    ) {
        let vehicle = self.queues.lane(lane).front;
        let passage = &self.network.passages[number as usize];
        self.leave(lane, speed_mps, now_s);
        let length_m = self.kind(vehicle).length_m;
        self.keep_people(number, length_m, way.pace_mps, now_s);
        if at_once {
            let room_m = self.taken_m(vehicle, lane);
            let row = self.queues.lane_mut(lane);
            row.taken_m = (row.taken_m - room_m).max(0.0);
            row.needed_m = (row.needed_m - room_m).max(0.0);
        } else {
            self.send_gap_back(lane, vehicle, now_s);
        }
        let lost_before_s = self.queues.vehicle(vehicle).lost_s;
        self.note_lane(vehicle, now_s);
        let lost_s = self.queues.vehicle(vehicle).lost_s - lost_before_s;
        if let Some(record) = &mut self.record
            && lane < self.network.street_lane_count
        {
            record.leave(vehicle, number, self.queues.vehicle(vehicle).tally(now_s));
        }
        if passage.kind != PassageKind::Direct && !self.is_queue(passage.to_lane) {
            let length_m = self.kind(vehicle).length_m;
            self.crossings[passage.to_lane as usize] = Crossing { entered_s: now_s, pace_mps: way.pace_mps, length_m };
            let (desired_mps, _) = self.speeds_mps(vehicle, passage.to_lane);
            let row = self.queues.vehicle_mut(vehicle);
            row.lost_s += way.time_s - way.way_m / desired_mps;
            row.driven_m += way.way_m;
        }
        let row = self.queues.vehicle_mut(vehicle);
        row.came_by =
            if passage.kind == PassageKind::Direct || next == passage.to_lane { lane } else { passage.to_lane };
        row.crossing_s = way.time_s as f32;
        if (next as usize) < self.network.street_lane_count as usize {
            let kind = self.drivers[vehicle as usize].kind;
            let row = self.queues.vehicle_mut(vehicle);
            row.route_position += 1;
            if let Some(record) = &mut self.record {
                record.enter(vehicle, kind, passage.exit_street, row.tally(now_s + way.time_s));
            }
            self.look_about(vehicle, next, lost_s, now_s);
        }
        self.place(vehicle, next, now_s + way.time_s, way.leave_mps, 0.0, now_s);
        self.settle(lane, now_s);
        self.offer(lane, now_s);
    }

    /// Takes the first vehicle out of its queue.
    fn leave(&mut self, lane: u32, speed_mps: f64, now_s: f64) {
        let vehicle = self.queues.lane(lane).front;
        let room_m = self.kind(vehicle).room_m;
        self.look(lane, now_s);
        self.queues.pop(lane);
        if let Some(record) = &mut self.record {
            record.pop(lane, vehicle, room_m);
        }
        let row = self.queues.lane_mut(lane);
        row.left_s = now_s;
        row.left_mps = speed_mps;
        row.left_m = room_m;
    }

    /// A gap goes back from the end of a lane: one spacing in each reaction time.
    fn send_gap_back(&mut self, lane: u32, vehicle: u32, now_s: f64) {
        let kind = self.kind(vehicle);
        let arrives_s = now_s + self.network.lanes[lane as usize].length_m / kind.room_m * kind.reaction_s;
        self.free_room(lane, vehicle, now_s, arrives_s);
    }

    /// Whether vehicles queue on a lane: on streets, and where one waits inside a junction.
    pub(super) fn is_queue(&self, lane: u32) -> bool {
        lane < self.network.street_lane_count
            || self.network.passages_from(lane).first().is_some_and(|passage| passage.kind == PassageKind::Inner)
    }
}

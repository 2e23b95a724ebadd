//! Who may pass decides, then everybody moves.
//!
//! Decisions need what all have planned; moving changes a block's own vehicles only. Whoever leaves the lanes of a block
//! goes into its outbox.

use super::abreast;
use super::approach::{Approaches, Asking, is_open};
use super::chance::Chance;
use super::lane_change::foresight_mps;
use super::plan::{Item, PlanOfBlock, Planned};
use super::record::{Crossing, Notes};
use super::scene::Ground;
use super::vehicles::{Block, Driver, Kind, LaneVehicles, Memory, NONE, Row, Signs};
use crate::traffic::car_following::{Model, STANDING_MPS};
use crate::traffic::results::{LoopEvent, Loops, Spent, Tally};

/// Standing for this long makes a driver as impatient as can be, in seconds.
const IMPATIENT_AFTER_S: f64 = 180.0;
/// Who has stood for this long does not wait any longer for somebody who changes lanes, or to do so itself, in seconds.
const POLITE_S: f64 = 60.0;
/// A stop is reached this far before its place begins, in metres.
const STOP_REACHED_M: f64 = 0.1;

/// A trip has ended so far before its end, in metres.
const END_REACHED_M: f64 = 0.1;

/// What leaves a block in a step.
#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    /// Vehicles on their way to another lane.
    pub(super) moved: Vec<Row>,
    /// The lane that each of them is on its way to.
    pub(super) moved_to: Vec<u32>,
    /// Vehicles whose trips have ended, with the lane.
    pub(super) ended: Vec<(u32, Row)>,
    /// How many vehicles took a step.
    pub(super) updates: u64,
    /// How many of them moved, or stood at a stop.
    pub(super) active: u64,
    /// How many had to be held back because they would have driven through the one ahead.
    pub(super) held_back: u64,
}

impl Outbox {
    /// Empties it for another step.
    fn clear(&mut self) {
        self.moved.clear();
        self.moved_to.clear();
        self.ended.clear();
        (self.updates, self.active, self.held_back) = (0, 0, 0);
    }
}

/// Everybody's plans, and who comes where.
#[derive(Clone, Copy)]
pub(super) struct Intentions<'a> {
    pub(super) plans: &'a [PlanOfBlock],
    pub(super) approaches: &'a Approaches,
    pub(super) chance: Chance,
}

/// What is noted of a block for the results, if anything.
pub(super) trait Noting {
    /// Whether anything is.
    const NOTES: bool;
    /// A vehicle crosses a passage, or comes to the end of the step in which it did.
    fn cross(&mut self, crossing: Crossing);
    /// The loops that there are, if any.
    fn loops(&self) -> Option<&Loops>;
    /// A vehicle reaches a loop or leaves it.
    fn pass(&mut self, event: LoopEvent);
    /// A lane of a street has moved.
    fn end(&mut self, ground: &Ground, lane: u32, spent: &Spent, vehicles: &LaneVehicles);
}

/// Nothing is noted.
pub(super) struct Unseen;

impl Noting for Unseen {
    const NOTES: bool = false;
    fn cross(&mut self, _: Crossing) {}
    fn loops(&self) -> Option<&Loops> {
        None
    }
    fn pass(&mut self, _: LoopEvent) {}
    fn end(&mut self, _: &Ground, _: u32, _: &Spent, _: &LaneVehicles) {}
}

/// Notes, whether queues are looked at in this step, and the loops.
pub(super) struct Noted<'a> {
    pub(super) notes: &'a mut Notes,
    pub(super) looks: bool,
    pub(super) loops: &'a Loops,
}

impl Noting for Noted<'_> {
    const NOTES: bool = true;
    fn cross(&mut self, crossing: Crossing) {
        self.notes.crossings.push(crossing);
    }
    fn loops(&self) -> Option<&Loops> {
        (!self.loops.is_empty()).then_some(self.loops)
    }
    fn pass(&mut self, event: LoopEvent) {
        self.notes.passed.push(event);
    }
    fn end(&mut self, ground: &Ground, lane: u32, spent: &Spent, vehicles: &LaneVehicles) {
        let row = &ground.network.lanes[lane as usize];
        let Some(street) = row.street else { return };
        self.notes.spend(street, spent);
        if self.looks {
            self.notes.look(street, row.length_m, vehicles, ground.kinds);
        }
    }
}

/// Moves the vehicles of a block.
pub(super) fn drive<N: Noting>(
    ground: &Ground,
    intentions: Intentions,
    number: usize,
    block: &mut Block,
    outbox: &mut Outbox,
    mut noting: N,
) {
    outbox.clear();
    let plan = &intentions.plans[number];
    let mut cursor = 0;
    for word in 0..block.occupied.len() {
        let mut bits = block.occupied[word];
        while bits != 0 {
            let local = word * 64 + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            let count = block.lanes[local].len();
            let lane = Moving {
                ground,
                intentions,
                plan,
                planned: &plan.planned[cursor..cursor + count],
                lane: block.first_lane + local as u32,
            };
            lane.all(&mut block.lanes[local], outbox, &mut noting);
            cursor += count;
            block.note(local);
        }
    }
}

struct Moving<'a> {
    ground: &'a Ground<'a>,
    intentions: Intentions<'a>,
    plan: &'a PlanOfBlock,
    planned: &'a [Planned],
    lane: u32,
}

/// A vehicle that is about to move.
#[derive(Clone, Copy)]
struct Mover<'a> {
    vehicle: u32,
    kind_row: u16,
    kind: &'a Kind,
    driver: Driver,
    speed_mps: f64,
}

impl Moving<'_> {
    /// Moves all vehicles of a lane, the front one first.
    fn all<N: Noting>(&self, vehicles: &mut LaneVehicles, outbox: &mut Outbox, noting: &mut N) {
        let ground = self.ground;
        let mut spent = Spent::default();
        let street = ground.network.lanes[self.lane as usize].street;
        let in_roundabout = street.is_some_and(|street| ground.network.streets[street as usize].is_roundabout);
        let mut index = 0;
        for planned in self.planned {
            let (vehicle, kind_row) = (vehicles.vehicle[index], vehicles.kind[index]);
            let mover = Mover {
                vehicle,
                kind_row,
                kind: ground.kind(kind_row),
                driver: ground.drivers[vehicle as usize],
                speed_mps: vehicles.speed_mps[index],
            };
            let in_the_way = self.in_the_way(vehicles, index);
            let memory = &mut vehicles.memory[index];
            let before = (memory.tally(ground.time_s), vehicles.position_m[index], memory.route_position);
            let mut speed_mps = self.speed(planned, &mover, memory, vehicles.signs[index]);
            let mut position_m = vehicles.position_m[index] + speed_mps * ground.step_s;
            outbox.updates += 1;
            outbox.active += u64::from(speed_mps > STANDING_MPS || memory.dwell_s >= 0.0);
            memory.driven_m += speed_mps * ground.step_s;
            memory.advised_mps = f64::INFINITY;
            memory.foresight_mps = foresight_mps(memory, speed_mps, ground.step_s) as f32;
            // Whoever is in a roundabout is on its way out of it.
            memory.has_to_wait &= !in_roundabout;
            if let Some(ahead) = in_the_way
                && position_m > vehicles.position_m[ahead]
            {
                // It would drive through the one ahead. This is a fault, and is counted.
                outbox.held_back += 1;
                position_m = vehicles.position_m[ahead];
            }
            let lane = self.advance(&mut position_m, &mut speed_mps, &mover.driver, memory);
            if let Some(end_m) = self.trip_end_m(vehicle, &mover.driver, lane, memory)
                && position_m > end_m
            {
                // The last step ends where the trip does.
                memory.driven_m -= position_m - end_m;
                position_m = end_m;
            }
            let at_stop = self.dwell(vehicle, lane, position_m, speed_mps, memory);
            if !at_stop {
                self.note_time(&mover, lane, speed_mps, memory);
            }
            if N::NOTES {
                let after = memory.tally(ground.time_s + ground.step_s);
                if lane == self.lane {
                    spent.add(&after.since(&before.0));
                } else {
                    spent.add(&self.note_crossings(&mover, before, lane, after, noting));
                }
                self.note_loops(&mover, lane, position_m, after.driven_m - before.0.driven_m, memory, noting);
            }
            let has_arrived = self
                .trip_end_m(vehicle, &mover.driver, lane, memory)
                .is_some_and(|end_m| position_m > end_m - END_REACHED_M);
            vehicles.signs[index].speeds_up = speed_mps > mover.speed_mps;
            vehicles.signs[index].at_stop = memory.dwell_s >= 0.0;
            vehicles.position_m[index] = position_m;
            vehicles.speed_mps[index] = speed_mps;
            if has_arrived {
                outbox.ended.push((lane, vehicles.remove(index)));
            } else if lane != self.lane {
                outbox.moved_to.push(lane);
                vehicles.signs[index].place = mover.kind.home();
                outbox.moved.push(vehicles.remove(index));
            } else {
                index += 1;
            }
        }
        if vehicles.sharing > 0 {
            abreast::sort(vehicles);
        }
        noting.end(ground, self.lane, &spent, vehicles);
    }

    /// The next one ahead that it cannot pass.
    fn in_the_way(&self, vehicles: &LaneVehicles, index: usize) -> Option<usize> {
        if vehicles.sharing == 0 {
            return index.checked_sub(1);
        }
        let lane = &self.ground.network.lanes[self.lane as usize];
        (0..index).rev().find(|&ahead| abreast::overlap(self.ground.kinds, lane, vehicles, index, ahead))
    }

    /// Notes the passages that a vehicle has crossed on its way to another lane; returns what it spent on the lane that it
    /// left. `before` is its tally, position and place in the route when the step began.
    fn note_crossings<N: Noting>(
        &self,
        mover: &Mover,
        before: (Tally, f64, u32),
        to: u32,
        after: Tally,
        noting: &mut N,
    ) -> Spent {
        let ground = self.ground;
        let (tally, position_m, mut route_position) = before;
        let length_m = |lane: u32| ground.network.lanes[lane as usize].length_m;
        let way_m = after.driven_m - tally.driven_m;
        let note =
            |passage: u32, tally: Tally| Crossing { vehicle: mover.vehicle, kind: mover.kind_row, passage, tally };
        let mut on = self.lane;
        let mut passed_m = length_m(on) - position_m;
        let mut first = None;
        while on != to
            && let Some(row) = ground.passage(&mover.driver, route_position, on)
        {
            let at = tally.toward(&after, (passed_m / way_m).clamp(0.0, 1.0));
            first = first.or(Some(at));
            noting.cross(note(row, at));
            on = ground.network.passages[row as usize].to_lane;
            route_position += u32::from(!ground.is_inside(on));
            passed_m += length_m(on);
        }
        noting.cross(note(NONE, after));
        first.unwrap_or(after).since(&tally)
    }

    /// Notes the loops that a vehicle's front reaches and its rear leaves, on its lane and on those that it comes from.
    fn note_loops<N: Noting>(
        &self,
        mover: &Mover,
        lane: u32,
        position_m: f64,
        driven_m: f64,
        memory: &Memory,
        noting: &mut N,
    ) {
        let (ground, length_m) = (self.ground, mover.kind.length_m);
        if driven_m <= 0.0 || noting.loops().is_none() {
            return;
        }
        let mut front_m = position_m;
        let mut events: [Option<LoopEvent>; 2];
        for (place, on) in std::iter::once(lane).chain(memory.trail).enumerate() {
            if on == NONE {
                break;
            }
            if place > 0 {
                let lane_m = ground.network.lanes[on as usize].length_m;
                front_m += lane_m;
                if front_m - driven_m - length_m > lane_m {
                    break;
                }
            }
            let count = noting.loops().map_or(0, |loops| loops.on(on).count());
            for number in 0..count {
                let Some((detector, at_m)) = noting.loops().and_then(|loops| loops.on(on).nth(number)) else { break };
                let event = |end_m: f64, is_front: bool| {
                    let before_m = at_m - (end_m - driven_m);
                    (before_m > 0.0 && before_m <= driven_m).then(|| LoopEvent {
                        detector,
                        trip: mover.vehicle,
                        length_m,
                        at_s: ground.time_s + ground.step_s * before_m / driven_m,
                        is_front,
                    })
                };
                events = [event(front_m, true), event(front_m - length_m, false)];
                events.into_iter().flatten().for_each(|event| noting.pass(event));
            }
        }
    }

    /// The speed of this step.
    fn speed(&self, planned: &Planned, mover: &Mover, memory: &mut Memory, signs: Signs) -> f64 {
        let Mover { vehicle, kind, speed_mps, .. } = *mover;
        let follower = &kind.follower;
        let (safe, least) = self.decide(planned, mover, memory);
        let hardest = follower.hardest_next_mps(speed_mps);
        let low = follower.slowest_next_mps(speed_mps).min(safe.max(hardest));
        let high = follower.fastest_next_mps(speed_mps).min(safe).max(low);
        if memory.waiting_s > POLITE_S {
            // Two could let each other in for ever.
            memory.advised_mps = f64::INFINITY;
        }
        let advised = memory.advised_mps.max(low);
        let mut slack = match follower.model {
            // Nobody dawdles who stands anyway: those in queues need no number.
            Model::Krauss { imperfection, .. } if imperfection > 0.0 && high > 0.0 => {
                let random = self.intentions.chance.uniform(vehicle, self.ground.step);
                imperfection * high.min(follower.acceleration_mps2) * self.ground.step_s * random
            }
            _ => 0.0,
        };
        if signs.turns != 0 && memory.advised_mps.is_infinite() {
            // Who looks for a gap, and has nothing to heed for it, does not dawdle as much.
            slack *= 0.5;
        }
        (high - slack).max(low).min(advised).max(least.min(high)).max(0.0)
    }

    /// The safe speed after all decisions, and the least speed at which one gets across the passage that it has decided on.
    fn decide(&self, planned: &Planned, mover: &Mover, memory: &mut Memory) -> (f64, f64) {
        let Mover { vehicle, kind_row, kind, speed_mps, .. } = *mover;
        let ground = self.ground;
        let follower = &kind.follower;
        let mut safe = planned.speed_mps;
        let mut least = 0.0;
        memory.has_to_wait = planned.has_to_wait;
        let items = planned.first_item as usize..(planned.first_item + planned.item_count) as usize;
        let items = &self.plan.items[items];
        for (place, item) in items.iter().enumerate() {
            let brake_m = follower.braking_distance_m(speed_mps, follower.deceleration_mps2, 0.0);
            let can_brake = item.distance_m > brake_m || speed_mps < follower.deceleration_mps2 * ground.step_s;
            let passage = &ground.network.passages[item.passage as usize];
            let rule = ground.rules[item.passage as usize];
            let asking = Asking {
                vehicle,
                kind: kind_row,
                waiting_s: memory.waiting_s,
                impatience: if can_brake {
                    (kind.impatience + memory.waiting_s / IMPATIENT_AFTER_S).clamp(0.0, 1.0)
                } else {
                    1.0
                },
            };
            let is_open = |item: &Item| {
                !item.is_blocked && is_open(ground, self.intentions.approaches, self.intentions.plans, item, &asking)
            };
            // Further ahead it counts whether one could go on, not whether one is near enough to mean to.
            let opens = item.requested
                && is_open(item)
                && (item.beyond == NONE
                    || items[place + 1..].iter().any(|further| further.passage == item.beyond && is_open(further)));
            if opens && !rule.has_priority() && !passage.waits_inside {
                if item.distance_m > passage.visibility_m && can_brake {
                    safe = item.wait_mps;
                    memory.has_to_wait = true;
                    break;
                }
                least = ((item.distance_m + 0.1) / ground.step_s).min(follower.fastest_next_mps(speed_mps));
            }
            if opens {
                continue;
            }
            let emergency_m = follower.braking_distance_m(speed_mps, follower.emergency_deceleration_mps2, 0.0);
            let cannot_stop = item.requested && !can_brake && passage.signal.is_none() && item.distance_m < emergency_m;
            if !cannot_stop {
                safe = safe.min(item.wait_mps);
                memory.has_to_wait = true;
                break;
            }
        }
        if safe < least {
            // What lies behind the passage slows it: it is no longer sure to get across in time, and goes on as planned.
            least = 0.0;
        }
        (safe, least)
    }

    /// Goes on from lane to lane; the lane that it is on after the step.
    fn advance(&self, position_m: &mut f64, speed_mps: &mut f64, driver: &Driver, memory: &mut Memory) -> u32 {
        let ground = self.ground;
        let mut lane = self.lane;
        loop {
            let length_m = ground.network.lanes[lane as usize].length_m;
            if *position_m <= length_m {
                return lane;
            }
            let Some(row) = ground.passage(driver, memory.route_position, lane) else {
                if !ground.plans[driver.plan as usize].is_last(memory.route_position) {
                    *position_m = length_m;
                    *speed_mps = 0.0;
                }
                return lane;
            };
            let passage = &ground.network.passages[row as usize];
            // Who has waited inside counts from when it goes on.
            if ground.is_inside(passage.to_lane) {
                memory.entered_step = ground.step;
            }
            if !ground.is_inside(passage.to_lane) {
                memory.route_position += 1;
                memory.squeezes = false;
            }
            memory.trail = [lane, memory.trail[0], memory.trail[1], memory.trail[2]];
            *position_m -= length_m;
            lane = passage.to_lane;
        }
    }

    fn note_time(&self, mover: &Mover, lane: u32, speed_mps: f64, memory: &mut Memory) {
        let step_s = self.ground.step_s;
        let desired = self.ground.desired_mps(&mover.driver, mover.kind, lane);
        memory.time_loss_s += step_s * (desired - speed_mps) / desired;
        if speed_mps <= STANDING_MPS {
            memory.halts += u32::from(mover.speed_mps > STANDING_MPS);
            memory.waiting_s += step_s;
            memory.waited_s += step_s;
        } else {
            memory.waiting_s = 0.0;
        }
    }

    /// Reaches a stop, stands there, and leaves it; says whether it stands there in this step. The step in which it comes
    /// to a stand is the first of the stop.
    fn dwell(&self, vehicle: u32, lane: u32, position_m: f64, speed_mps: f64, memory: &mut Memory) -> bool {
        let ground = self.ground;
        if memory.dwell_s < 0.0 {
            if speed_mps > STANDING_MPS || ground.is_inside(lane) {
                return false;
            }
            let Some(stop) = ground.stop_on(memory, memory.route_position) else { return false };
            if stop.lane != lane || position_m < stop.start_m - STOP_REACHED_M {
                return false;
            }
            let until_s = stop.until_s.map_or(0.0, |until_s| until_s - ground.time_s);
            memory.dwell_s = stop.duration_s.max(until_s).max(0.0);
        }
        memory.waiting_s = 0.0;
        memory.stopped_s += ground.step_s.min(memory.dwell_s) as f32;
        memory.dwell_s -= ground.step_s;
        if memory.dwell_s <= 1e-9 {
            memory.dwell_s = -1.0;
            memory.next_stop += 1;
            memory.stop_position = ground.stop_position(vehicle, memory.next_stop);
        }
        true
    }

    /// Where on a lane the trip ends, if it ends on this street and all its stops are made.
    fn trip_end_m(&self, vehicle: u32, driver: &Driver, lane: u32, memory: &Memory) -> Option<f64> {
        let ground = self.ground;
        if ground.is_inside(lane) || !ground.plans[driver.plan as usize].is_last(memory.route_position) {
            return None;
        }
        if memory.stop_position != NONE {
            return None;
        }
        let length_m = ground.network.lanes[lane as usize].length_m;
        Some(ground.trips[vehicle as usize].arrival_position_m.map_or(length_m, |end_m| end_m.min(length_m)))
    }
}

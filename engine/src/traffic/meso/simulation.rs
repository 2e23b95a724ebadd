//! The loop, and its results.

use super::calendar::{Calendar, Event};
use super::choice::Exits;
use super::lamps::Controls;
use super::motion::Kind;
use super::pass::PATIENCE_S;
use super::pedestrians::Pedestrians;
use super::plans::Plans;
use super::queues::{Hold, LaneRow, Queues, Room, VehicleRow};
use super::record::Record;
use super::sought::Sought;
use crate::traffic::demand::TrafficDemand;
use crate::traffic::drivers::{Driver, NONE, drawn};
use crate::traffic::informed::KnownTimes;
use crate::traffic::network::LaneNetwork;
use crate::traffic::results::{InductionLoop, LoopPassing, Loops, Recorder, TrafficResults};
use crate::traffic::routing::WayFinder;
use crate::traffic::simulation::{Counts, DepartedTrip, Ending, FinishedTrip, Options, Relief, TripEnd};

/// Where one waits inside a junction for the oncoming traffic, there is room for two cars at least: as many as the Highway
/// Capacity Manual (6th edition, chapter 31) lets clear the junction at the end of a green, in metres.
const WAITING_INSIDE_M: f64 = 15.0;

/// Nobody goes on after everybody has stood for this long, in seconds.
const STANDSTILL_S: f64 = 3600.0;

/// The last vehicle that came onto a lane inside a junction: when, how fast on average, and its length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crossing {
    pub(super) entered_s: f64,
    pub(super) pace_mps: f64,
    pub(super) length_m: f64,
}

impl Crossing {
    /// When its rear has left so much of the way.
    pub(super) fn cleared_s(&self, way_m: f64) -> f64 {
        self.entered_s + (way_m + self.length_m) / self.pace_mps
    }
}

/// A mesoscopic simulation, on the same network and demand as [`Micro`](crate::traffic::micro::Micro) and with the same
/// drivers. Of [`Options`], the step counts only for how much the micro simulation's imperfect drivers lose.
pub struct Meso<'a> {
    pub(super) network: &'a LaneNetwork,
    pub(super) demand: &'a TrafficDemand,
    options: Options,
    pub(super) kinds: Vec<Kind>,
    pub(super) drivers: Vec<Driver>,
    pub(super) plans: Plans,
    pub(super) exits: Exits,
    pub(super) queues: Queues,
    pub(super) crossings: Vec<Crossing>,
    pub(super) calendar: Calendar,
    pub(super) controls: Controls,
    next_trip: usize,
    now_s: f64,
    /// When somebody last went on to another lane, or until when somebody is known to be on its way, in seconds.
    moved_s: f64,
    /// Whether nobody will go on any more.
    stands_still: bool,
    pub(super) counts: Counts,
    pub(super) relief: Relief,
    pub(super) known: KnownTimes,
    pub(super) finder: WayFinder,
    pub(super) sought: Option<Box<Sought>>,
    pub(super) pedestrians: Pedestrians,
    pub(super) departed: Vec<DepartedTrip>,
    finished: Vec<FinishedTrip>,
    pub(super) record: Option<Box<Record>>,
}

impl<'a> Meso<'a> {
    /// A simulation that has not begun.
    #[must_use]
    pub fn new(network: &'a LaneNetwork, demand: &'a TrafficDemand, options: Options) -> Self {
        let kinds: Vec<Kind> = demand.types.iter().map(|row| Kind::new(row, options.step_s)).collect();
        let drivers = drawn(network, demand, options.seed, |_, route, _| route);
        let has_buses = drivers.iter().any(|driver| kinds[driver.kind as usize].is_bus);
        let lanes = network.lanes.iter().map(|lane| {
            LaneRow::new(if lane.street.is_none() { lane.length_m.max(WAITING_INSIDE_M) } else { lane.length_m })
        });
        let waiting = network.streets.iter().map(|_| LaneRow::new(f64::INFINITY));
        let vehicles = demand.trips.iter().map(|trip| VehicleRow {
            next: NONE,
            plan: NONE,
            route_position: 0,
            next_stop: trip.stops.start,
            lane: NONE,
            before: NONE,
            came_by: NONE,
            crossing_s: 0.0,
            toward: NONE,
            reroutes: 0,
            looks_again_s: f64::NEG_INFINITY,
            halts: 0,
            earliest_s: trip.depart_s,
            speed_mps: 0.0,
            entered_s: trip.depart_s,
            way_m: 0.0,
            dwell_s: 0.0,
            stopped_s: 0.0,
            departed_s: trip.depart_s,
            driven_m: 0.0,
            waited_s: 0.0,
            lost_s: 0.0,
        });
        let nobody = Crossing { entered_s: f64::NEG_INFINITY, pace_mps: 1.0, length_m: 0.0 };
        let mut meso = Self {
            network,
            demand,
            kinds,
            queues: Queues::new(lanes.chain(waiting).collect(), vehicles.collect()),
            drivers,
            plans: Plans::default(),
            exits: Exits::new(network),
            crossings: vec![nobody; network.lanes.len()],
            calendar: Calendar::new(options.begin_s),
            controls: Controls::new(network, has_buses),
            next_trip: 0,
            now_s: options.begin_s,
            moved_s: options.begin_s,
            stands_still: false,
            known: KnownTimes::new(network, demand, options.seed),
            finder: WayFinder::new(network),
            sought: Sought::new(network, demand),
            pedestrians: Pedestrians::new(network, demand, options.seed),
            options,
            counts: Counts::default(),
            relief: Relief::default(),
            departed: Vec::new(),
            finished: Vec::new(),
            record: None,
        };
        meso.call_controls(meso.now_s);
        meso
    }

    /// The same simulation, recording [`Meso::results`] in bins of so many seconds, which must be positive. It must not have
    /// begun.
    #[must_use]
    pub fn recording(mut self, bin_s: f64) -> Self {
        let Options { begin_s, end_s, .. } = self.options;
        let recorder = Recorder::new(self.network, self.demand, begin_s, end_s, bin_s);
        self.record = Some(Box::new(Record::new(recorder, self.network, begin_s)));
        self
    }

    /// The same simulation, watching induction loops; see [`Meso::passings`]. It must not have begun; where it also records
    /// results, that is asked for first.
    #[must_use]
    pub fn detecting(self, loops: &[InductionLoop]) -> Self {
        let mut meso = if self.record.is_some() { self } else { self.recording(f64::INFINITY) };
        if let Some(record) = &mut meso.record {
            record.loops = Loops::new(meso.network, loops);
        }
        meso
    }

    /// Who passed over [induction loops](Meso::detecting) and has left their lanes so far.
    #[must_use]
    pub fn passings(&self) -> &[LoopPassing] {
        self.record.as_ref().map_or(&[], |record| record.loops.passings())
    }

    /// Results so far, if they are [recorded](Meso::recording): all that vehicles have done, also those still on the road.
    /// Whoever crosses a junction at the end has already crossed it.
    #[must_use]
    pub fn results(&self) -> Option<TrafficResults> {
        let mut record = self.record.clone()?;
        self.tell_the_rest(&mut record);
        record.recorder.into_results()
    }

    /// The same at the end of it all, without a copy, and the trips that have [begun](Meso::departed) and [ended](Meso::finished): results of a day are large.
    #[must_use]
    pub fn into_results(mut self) -> (Option<TrafficResults>, Vec<DepartedTrip>, Vec<FinishedTrip>) {
        let results = self.record.take().and_then(|mut record| {
            self.tell_the_rest(&mut record);
            record.recorder.into_results()
        });
        (results, self.departed, self.finished)
    }

    /// Seconds up to which everything has happened.
    #[must_use]
    pub fn time_s(&self) -> f64 {
        self.now_s
    }

    /// What has happened so far; [`Counts::vehicle_updates`] are the events.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let queueing = (0..self.network.lanes.len() as u32).map(|lane| self.on_lane(lane).count() as u64).sum::<u64>();
        let vehicles = 0..self.queues.vehicles.len() as u32;
        let is_astray = |&vehicle: &u32| self.queues.vehicle(vehicle).lane != NONE && self.has_teleported(vehicle);
        Counts {
            running: queueing + self.called().count() as u64,
            teleports: self.counts.teleports + vehicles.filter(is_astray).count() as u64,
            ..self.counts.clone()
        }
    }

    /// How circles of waiting vehicles were resolved so far.
    #[must_use]
    pub fn relief(&self) -> Relief {
        self.relief
    }

    /// Trips that have begun, in the order in which they did.
    #[must_use]
    pub fn departed(&self) -> &[DepartedTrip] {
        &self.departed
    }

    /// The desired speed of a trip's driver over the speed limit.
    #[must_use]
    pub fn speed_factor(&self, trip: u32) -> f64 {
        f64::from(self.drivers[trip as usize].speed_factor)
    }

    /// Trips that have ended, in the order in which they did.
    #[must_use]
    pub fn finished(&self) -> &[FinishedTrip] {
        &self.finished
    }

    /// The trips whose vehicles queue on a lane, the front one first; those at a stop beside it, or whose trip ends before
    /// the lane's end, are not among them.
    pub fn on_lane(&self, lane: u32) -> impl Iterator<Item = u32> + '_ {
        let first = self.queues.lanes.get(lane as usize).map_or(NONE, |row| row.front);
        std::iter::successors((first != NONE).then_some(first), |&vehicle| {
            let next = self.queues.vehicle(vehicle).next;
            (next != NONE).then_some(next)
        })
    }

    /// Why it is over; `None` as long as it is not.
    #[must_use]
    pub fn ending(&self) -> Option<Ending> {
        if self.is_empty() {
            Some(Ending::AllArrived)
        } else if self.now_s >= self.end_s() {
            Some(Ending::TimeOver)
        } else {
            self.stands_still.then_some(Ending::Standstill)
        }
    }

    /// Whether nothing is left to do, or the time is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ending().is_some()
    }

    /// Whether all trips have ended.
    fn is_empty(&self) -> bool {
        self.next_trip == self.demand.trips.len()
            && self.counts.inserted == self.counts.arrived
            && self.counts.waiting == 0
    }

    /// When it ends at the latest.
    fn end_s(&self) -> f64 {
        self.options.ends_by_s(self.demand)
    }

    /// Runs to the end.
    pub fn run(&mut self) {
        let end_s = self.end_s();
        while self.happen(end_s) {}
        if !self.is_over() {
            self.now_s = end_s;
        }
        self.make_up_all(self.now_s);
    }

    /// Lets everything happen that happens until a time in seconds, at most until the end.
    pub fn step_to(&mut self, time_s: f64) {
        let until_s = time_s.min(self.end_s());
        while self.happen(until_s) {}
        if !self.is_over() && until_s > self.now_s {
            self.now_s = until_s;
        }
        self.make_up_all(self.now_s);
    }

    /// The next event, if it comes before a time; says whether there was one.
    fn happen(&mut self, until_s: f64) -> bool {
        let event = self.calendar.next();
        let trip_s = self.demand.trips.get(self.next_trip).map_or(f64::INFINITY, |trip| trip.depart_s);
        let event_s = event.map_or(f64::INFINITY, |event| event.time_s);
        let next_s = trip_s.min(event_s);
        if self.comes_to_a_standstill(next_s.min(until_s)) || next_s >= until_s {
            return false;
        }
        if trip_s <= event_s {
            self.look_until(next_s);
            self.now_s = self.now_s.max(next_s);
            self.want_to_begin();
            return true;
        }
        let Some(event) = event else { return false };
        let lanes = self.queues.lanes.len() as u32;
        let is_control = event.whom >= lanes && event.whom >= self.first_control();
        // Controls would go on deciding when nobody is left.
        if is_control && self.is_empty() {
            return false;
        }
        self.look_until(next_s);
        self.now_s = self.now_s.max(next_s);
        self.calendar.done();
        if is_control {
            self.decide(event.whom - self.first_control(), self.now_s);
        } else if event.whom >= lanes {
            self.counts.vehicle_updates += 1;
            self.come_back(event.whom - lanes, self.now_s);
        } else if self.queues.lane(event.whom).due_s == event.time_s {
            self.counts.vehicle_updates += 1;
            self.attempt(event.whom, self.now_s);
        }
        true
    }

    /// Whether, by a time until which nothing happens, nobody has gone on for an hour; then it is over an hour after the last
    /// who did, or wanted to begin. As long as trips are to come, it is not.
    fn comes_to_a_standstill(&mut self, by_s: f64) -> bool {
        if by_s <= self.moved_s + STANDSTILL_S || self.next_trip < self.demand.trips.len() {
            return false;
        }
        let begun_s = self.departed.last().map_or(f64::NEG_INFINITY, |trip| trip.departed_s);
        let wanted_s = self.demand.trips.last().map_or(f64::NEG_INFINITY, |trip| trip.depart_s);
        self.moved_s = self.moved_s.max(begun_s).max(wanted_s);
        if self.counts.inserted > self.counts.arrived {
            // Whoever drives along a street, or stands at a stop, is known to come to the lane's end.
            let on_road = self.queues.vehicles.iter().filter(|vehicle| vehicle.lane != NONE);
            self.moved_s = on_road.fold(self.moved_s, |latest_s, vehicle| latest_s.max(vehicle.earliest_s));
        } else if self.counts.waiting == 0 {
            return false;
        }
        self.stands_still = by_s > self.moved_s + STANDSTILL_S;
        if self.stands_still {
            self.now_s = self.now_s.max(self.moved_s + STANDSTILL_S);
        }
        self.stands_still
    }

    /// The next trip waits at its first street.
    fn want_to_begin(&mut self) {
        let vehicle = self.next_trip as u32;
        self.next_trip += 1;
        self.counts.waiting += 1;
        let (route, permission) = (self.drivers[vehicle as usize].plan, self.kind(vehicle).permission);
        let streets = &self.demand.routes[route as usize].streets;
        let stops = &self.demand.stops[self.demand.trips[vehicle as usize].stops.range()];
        let plan = self.plans.follow_route(self.network, (route, streets), permission, stops);
        self.queues.vehicle_mut(vehicle).plan = plan;
        self.find_way(vehicle, self.now_s);
        self.look_ahead(vehicle, self.now_s);
        let plan = self.plans.of(self.queues.vehicle(vehicle).plan);
        let queue = self.network.lanes.len() as u32 + plan.streets[0];
        if self.queues.push(queue, vehicle) {
            self.call(queue, self.now_s);
        }
    }

    /// Lets a lane try at a time; never if that is infinite.
    pub(super) fn call(&mut self, lane: u32, time_s: f64) {
        self.queues.lane_mut(lane).due_s = time_s;
        if time_s.is_finite() {
            self.calendar.add(Event { time_s, whom: lane });
        }
    }

    /// Lets a vehicle that stands beside the queue act at a time.
    pub(super) fn call_vehicle(&mut self, vehicle: u32, time_s: f64) {
        let whom = self.queues.lanes.len() as u32 + vehicle;
        self.calendar.add(Event { time_s, whom });
    }

    /// The vehicles that events concern: they are on lanes and not in their queues.
    pub(super) fn called(&self) -> impl Iterator<Item = u32> + '_ {
        let (first, first_control) = (self.queues.lanes.len() as u32, self.first_control());
        self.calendar
            .events()
            .map(|event| event.whom)
            .filter(move |&whom| whom < first_control)
            .filter_map(move |whom| whom.checked_sub(first))
    }

    /// Whether a row is that of trips that wait to begin.
    pub(super) fn is_beginning(&self, lane: u32) -> bool {
        lane as usize >= self.network.lanes.len()
    }

    /// The type of a vehicle's driver.
    pub(super) fn kind(&self, vehicle: u32) -> &Kind {
        &self.kinds[self.drivers[vehicle as usize].kind as usize]
    }

    /// The speeds that a vehicle wants on a lane and keeps there on average.
    pub(super) fn speeds_mps(&self, vehicle: u32, lane: u32) -> (f64, f64) {
        let driver = &self.drivers[vehicle as usize];
        let kind = &self.kinds[driver.kind as usize];
        let limit_mps = self.network.lanes[lane as usize].speed_limit_mps;
        (kind.desired_mps(limit_mps, driver.speed_factor), kind.cruising_mps(limit_mps, driver.speed_factor))
    }

    /// Ends the trip of a vehicle that has left its lane.
    pub(super) fn finish(&mut self, vehicle: u32, speed_mps: f64, now_s: f64) {
        self.note_lane(vehicle, now_s);
        if let Some(record) = &mut self.record {
            record.arrive(vehicle, now_s);
        }
        let lane = std::mem::replace(&mut self.queues.vehicle_mut(vehicle).lane, NONE);
        let position_m = self.end_m(vehicle, lane);
        let row = self.queues.vehicle(vehicle);
        self.plans.give_up(row.plan);
        self.counts.arrived += 1;
        self.finished.push(FinishedTrip {
            trip: vehicle,
            departed_s: row.departed_s,
            arrived_s: now_s,
            depart_delay_s: row.departed_s - self.demand.trips[vehicle as usize].depart_s,
            driven_m: row.driven_m,
            stopped_s: f64::from(row.stopped_s),
            waited_s: row.waited_s,
            time_loss_s: row.lost_s,
            halts: row.halts,
            end: TripEnd { lane, position_m, speed_mps },
        });
    }

    /// How far a vehicle drives on a lane, in metres from its beginning.
    pub(super) fn end_m(&self, vehicle: u32, lane: u32) -> f64 {
        let lane_m = self.network.lanes[lane as usize].length_m;
        match self.demand.trips[vehicle as usize].arrival_position_m {
            Some(end_m) if self.queues.vehicle(vehicle).toward == NONE => end_m.min(lane_m),
            _ => lane_m,
        }
    }

    /// Whether no way leads to a vehicle's lane from that which it was on before, or from one beside it.
    fn has_teleported(&self, vehicle: u32) -> bool {
        let row = self.queues.vehicle(vehicle);
        row.before != NONE && !self.exits.lead(self.network, row.before, row.lane)
    }

    /// Adds what a vehicle lost on the lane that it leaves.
    pub(super) fn note_lane(&mut self, vehicle: u32, now_s: f64) {
        self.counts.teleports += u64::from(self.has_teleported(vehicle));
        self.moved_s = now_s;
        let row = self.queues.vehicle_mut(vehicle);
        let lane = row.lane;
        row.before = lane;
        let (desired_mps, _) = self.speeds_mps(vehicle, lane);
        if let Some(street) = self.network.lanes[lane as usize].street {
            let row = self.queues.vehicle(vehicle);
            // Who began or ends midway, or stood at a stop, tells nothing of the street.
            if row.dwell_s == 0.0 && row.way_m > 0.9 * self.network.lanes[lane as usize].length_m {
                let took_s = now_s - row.entered_s;
                let way_m = row.way_m;
                self.known.tell(street, took_s, now_s);
                self.tell_sought(street, way_m, took_s, now_s);
            }
        }
        let end_m = self.end_m(vehicle, lane);
        let kind = &self.kinds[self.drivers[vehicle as usize].kind as usize];
        let row = &mut self.queues.vehicles[vehicle as usize];
        if let Some(record) = &mut self.record {
            record.spend(row, kind, desired_mps, now_s);
            record.pass(vehicle, row, kind, end_m, now_s);
        }
        row.lost_s += now_s - row.entered_s - row.dwell_s - row.way_m / desired_mps;
        row.driven_m += row.way_m;
        let stood_s = now_s - row.earliest_s - kind.stopping_loss_s(row.speed_mps);
        if stood_s > 0.0 {
            row.waited_s += stood_s;
            row.halts += 1;
        }
    }

    /// Frees the room that a vehicle took on a lane: from now on if it is asked for there, else once the gap has gone back.
    /// `left_s` is when it left the lane's end, infinite where it did not.
    pub(super) fn free_room(&mut self, lane: u32, vehicle: u32, left_s: f64, arrives_s: f64) {
        let room_m = self.taken_m(vehicle, lane);
        let row = self.queues.lane_mut(lane);
        row.needed_m = (row.needed_m - room_m).max(0.0);
        self.queues.send_gap(lane, left_s, arrives_s, room_m);
    }

    /// Wakes the lane that has waited longest for another, for the time at which there is room.
    pub(super) fn offer(&mut self, lane: u32, now_s: f64) {
        let row = self.queues.lane(lane);
        let first = self.queues.first_waiting(lane);
        if first == NONE || row.woken != NONE {
            return;
        }
        let vehicle = self.queues.lane(first).front;
        if vehicle == NONE {
            return;
        }
        let length_m = self.kind(vehicle).length_m;
        let inside_m = self.standing_room_m(first);
        let from_s = match self.queues.room(lane, length_m, inside_m, now_s, now_s) {
            Room::No => return,
            Room::Yes => now_s,
            Room::From(from_s) => (from_s - self.shortest_crossing_s(first, vehicle)).max(now_s),
        };
        // Whoever has just tried in vain lets time pass.
        let tried_s = self.queues.lane(first).tried_s;
        let at_s = if tried_s >= from_s { tried_s + PATIENCE_S } else { from_s };
        self.queues.stop_waiting(first);
        let row = self.queues.lane_mut(first);
        row.waits_for = lane;
        row.hold = Hold::No;
        self.queues.lane_mut(lane).woken = first;
        self.call(first, at_s);
    }
}

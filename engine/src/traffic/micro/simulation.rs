//! The loop, and its results.

use super::abreast;
use super::approach::Approaches;
use super::chance::Chance;
use super::depart::{Queues, depart_lanes, entry};
use super::drive::{Intentions, Noted, Outbox, Unseen, drive};
use super::lamps::Lamps;
use super::lane_change::Wishes;
use super::look_about::Informed;
use super::pedestrians::Pedestrians;
use super::plan::PlanOfBlock;
use super::reactions::Reactions;
use super::record::{Notes, Record};
use super::scene::{Ground, Rule, Scene, Tail, Tails};
use super::settle::Settling;
use super::sought::Sought;
use super::team::{each, together};
use super::vehicles::{Block, Driver, Kind, Lanes, NONE, Row};
use crate::signals::Lamp;
use crate::traffic::car_following::Follower;
use crate::traffic::demand::{LaneSharing, TrafficDemand, VehicleType};
use crate::traffic::drivers::drivers;
use crate::traffic::lane_plan::LanePlans;
use crate::traffic::network::LaneNetwork;
use crate::traffic::pedestrians::{FinishedWalk, OnCrossing, PedestrianCounts};
use crate::traffic::results::{InductionLoop, LoopPassing, Loops, Recorder, TrafficResults};
use crate::traffic::routing::WayFinder;
use crate::traffic::simulation::{Counts, DepartedTrip, Ending, FinishedTrip, Options, Relief, TripEnd};

/// A vehicle on a lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnLane {
    /// Row of its trip.
    pub trip: u32,
    /// Its front bumper from the beginning of the lane, in metres.
    pub position_m: f64,
    /// Its speed in metres a second.
    pub speed_mps: f64,
    /// Its length in metres.
    pub length_m: f64,
    /// How long it has been standing, stops excepted, in seconds.
    pub waiting_s: f64,
    /// Where its right side is, from the lane's right edge, in metres; negative where it is wider than the lane.
    pub right_m: f64,
    /// Its width in metres.
    pub width_m: f64,
}

/// After standing so long, vehicles will not move any more, in seconds.
const STANDSTILL_S: f64 = 3600.0;

/// A micro simulation.
pub struct Micro<'a> {
    pub(super) network: &'a LaneNetwork,
    pub(super) demand: &'a TrafficDemand,
    pub(super) kinds: Vec<Kind>,
    pub(super) drivers: Vec<Driver>,
    pub(super) plans: LanePlans,
    pub(super) rules: Vec<Rule>,
    pub(super) lamps: Lamps,
    pedestrians: Pedestrians,
    into: Vec<Vec<u32>>,
    pub(super) blocks: Vec<Block>,
    pub(super) block_of: Vec<u16>,
    pub(super) plans_of_blocks: Vec<PlanOfBlock>,
    pub(super) outboxes: Vec<Outbox>,
    wishes: Vec<Wishes>,
    tails: Tails,
    tails_of_blocks: Vec<Vec<(u32, Tail)>>,
    taken_m: Vec<f32>,
    approaches: Approaches,
    reactions: Reactions,
    queues: Queues,
    pub(super) next_trip: usize,
    chance: Chance,
    pub(super) options: Options,
    pub(super) step: u32,
    last_active_step: u32,
    /// Whether there are enough vehicles on the road to share out a step to threads.
    is_busy: bool,
    pub(super) counts: Counts,
    pub(super) relief: Relief,
    /// What finds other ways, once somebody looks for one.
    pub(super) finder: Option<WayFinder>,
    pub(super) sought: Option<Box<Sought>>,
    pub(super) informed: Option<Box<Informed>>,
    departed: Vec<DepartedTrip>,
    pub(super) finished: Vec<FinishedTrip>,
    record: Option<Box<Record>>,
}

impl<'a> Micro<'a> {
    /// A simulation that has not begun.
    #[must_use]
    pub fn new(network: &'a LaneNetwork, demand: &'a TrafficDemand, options: Options) -> Self {
        let kinds: Vec<Kind> = demand.types.iter().map(|row| kind(row, options.step_s)).collect();
        let reactions = Reactions::new(&kinds, options.step_s, demand.trips.len());
        let mut plans = LanePlans::default();
        let drivers = drivers(network, demand, options.seed, &mut plans);
        let bounds = bounds(network, BLOCKS);
        let mut block_of = vec![0; network.lanes.len()];
        let mut blocks = Vec::new();
        for (number, pair) in bounds.windows(2).enumerate() {
            block_of[pair[0] as usize..pair[1] as usize].fill(number as u16);
            blocks.push(Block::new(pair[0]..pair[1]));
        }
        let mut into = vec![Vec::new(); network.lanes.len()];
        for (row, passage) in network.passages.iter().enumerate() {
            into[passage.to_lane as usize].push(row as u32);
        }
        Self {
            network,
            demand,
            kinds,
            drivers,
            plans,
            rules: network.passages.iter().map(|passage| Rule::of(passage, None)).collect(),
            lamps: Lamps::new(network, &demand.types),
            pedestrians: Pedestrians::new(network, demand, options.seed),
            into,
            plans_of_blocks: vec![PlanOfBlock::default(); blocks.len()],
            outboxes: vec![Outbox::default(); blocks.len()],
            wishes: vec![Wishes::default(); blocks.len()],
            tails_of_blocks: vec![Vec::new(); blocks.len()],
            blocks,
            block_of,
            tails: Tails::new(network.lanes.len()),
            taken_m: vec![0.0; network.lanes.len()],
            approaches: Approaches::new(network.passages.len()),
            reactions,
            queues: Queues::new(network.streets.len()),
            next_trip: 0,
            chance: Chance::new(options.seed),
            step: 1,
            last_active_step: 1,
            is_busy: false,
            counts: Counts::default(),
            relief: Relief::default(),
            finder: None,
            sought: Sought::new(network, demand),
            informed: Informed::new(network, demand, options.seed),
            options,
            departed: Vec::new(),
            finished: Vec::new(),
            record: None,
        }
    }

    /// The same simulation, recording [`Micro::results`] in bins of so many seconds, which must be positive. It must not have
    /// begun.
    #[must_use]
    pub fn recording(mut self, bin_s: f64) -> Self {
        let Options { begin_s, end_s, step_s, .. } = self.options;
        let recorder = Recorder::new(self.network, self.demand, begin_s, end_s, bin_s);
        let blocks = self.blocks.iter().map(|block| Notes::new(self.network, block)).collect();
        self.record = Some(Box::new(Record::new(recorder, blocks, begin_s, step_s)));
        self
    }

    /// The same simulation, watching induction loops; see [`Micro::passings`]. It must not have begun; where it also records
    /// results, that is asked for first.
    #[must_use]
    pub fn detecting(self, loops: &[InductionLoop]) -> Self {
        let mut micro = if self.record.is_some() { self } else { self.recording(f64::INFINITY) };
        if let Some(record) = &mut micro.record {
            record.loops = Loops::new(micro.network, loops);
        }
        micro
    }

    /// Who passed over [induction loops](Micro::detecting) so far.
    #[must_use]
    pub fn passings(&self) -> &[LoopPassing] {
        self.record.as_ref().map_or(&[], |record| record.loops.passings())
    }

    /// Results so far, if they are [recorded](Micro::recording): all that vehicles have done, also those still on the road. Who
    /// departs in a step begins to spend time with the next one.
    #[must_use]
    pub fn results(&self) -> Option<TrafficResults> {
        self.results_of(self.record.as_deref()?.clone())
    }

    /// The same at the end of it all, without a copy, and the trips that have [begun](Micro::departed) and [ended](Micro::finished).
    #[must_use]
    pub fn into_results(mut self) -> (Option<TrafficResults>, Vec<DepartedTrip>, Vec<FinishedTrip>) {
        let results = self.record.take().and_then(|record| self.results_of(*record));
        (results, self.departed, self.finished)
    }

    fn results_of(&self, mut record: Record) -> Option<TrafficResults> {
        record.hand_over();
        let now_s = self.time_s();
        for block in &self.blocks {
            for vehicles in &block.lanes {
                for (&vehicle, memory) in vehicles.vehicle.iter().zip(&vehicles.memory) {
                    record.recorder.is_inside(record.bin, vehicle, memory.tally(now_s));
                }
            }
        }
        record.recorder.into_results()
    }

    /// Seconds at the beginning of the step that comes next.
    #[must_use]
    pub fn time_s(&self) -> f64 {
        self.options.begin_s + f64::from(self.step - 1) * self.options.step_s
    }

    /// What has happened so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            waiting: self.queues.count + self.left_over(),
            running: self.blocks.iter().flat_map(|block| &block.lanes).map(|lane| lane.len() as u64).sum(),
            ..self.counts.clone()
        }
    }

    /// Trips that would have begun in the last step before the end.
    fn left_over(&self) -> u64 {
        let end_s = self.options.ends_by_s(self.demand);
        if self.time_s() < end_s {
            return 0;
        }
        self.demand.trips[self.next_trip..].iter().filter(|trip| trip.depart_s < end_s).count() as u64
    }

    /// How stalemates were resolved so far: by other ways of those who could not go on, and by exchanges of two who stood side by
    /// side where each wanted the other's lane.
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

    /// The vehicles whose front is on a lane, the front one first.
    pub fn on_lane(&self, lane: u32) -> impl Iterator<Item = OnLane> + '_ {
        let vehicles = Lanes { blocks: &self.blocks, block_of: &self.block_of }.of(lane);
        let lane_m = self.network.lanes[lane as usize].width_m;
        (0..vehicles.len()).map(move |index| {
            let kind = &self.kinds[vehicles.kind[index] as usize];
            OnLane {
                trip: vehicles.vehicle[index],
                position_m: vehicles.position_m[index],
                speed_mps: vehicles.speed_mps[index],
                length_m: kind.length_m,
                waiting_s: vehicles.memory[index].waiting_s,
                right_m: vehicles.signs[index].place.span_m(kind.width_m, lane_m).0,
                width_m: kind.width_m,
            }
        })
    }

    /// What the lamps of a signal show in the last step; nothing for a signal that there is not.
    #[must_use]
    pub fn lamps(&self, signal: u32) -> &[Lamp] {
        self.lamps.shown(self.network, signal)
    }

    /// What has happened to people on foot so far.
    #[must_use]
    pub fn pedestrian_counts(&self) -> PedestrianCounts {
        self.pedestrians.counts()
    }

    /// Walks whose crossings are behind them, in the order in which they came to be so; those without a crossing first.
    #[must_use]
    pub fn finished_walks(&self) -> &[FinishedWalk] {
        self.pedestrians.finished()
    }

    /// The people on their way over a crossing.
    pub fn on_crossing(&self, crossing: u32) -> impl Iterator<Item = OnCrossing> + '_ {
        let length_m = self.network.crossings.get(crossing as usize).map_or(0.0, |row| row.length_m);
        self.pedestrians.on_crossing(crossing, length_m)
    }

    /// Why the simulation is over; `None` as long as it is not.
    #[must_use]
    pub fn ending(&self) -> Option<Ending> {
        let now_s = self.time_s();
        let all_departed = self.next_trip == self.demand.trips.len();
        let nobody_runs = self.counts.inserted == self.counts.arrived;
        let still_s = f64::from(self.step - self.last_active_step) * self.options.step_s;
        // Who has only just come has not stood for an hour, and who is to come finds its way free, perhaps.
        let all_wait =
            || all_departed && self.demand.trips.last().is_none_or(|last| now_s - last.depart_s > STANDSTILL_S);
        if all_departed && nobody_runs && self.queues.count == 0 {
            Some(Ending::AllArrived)
        } else if now_s >= self.options.ends_by_s(self.demand) {
            Some(Ending::TimeOver)
        } else if still_s > STANDSTILL_S && all_wait() {
            Some(Ending::Standstill)
        } else {
            None
        }
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ending().is_some()
    }

    /// Runs to the end.
    pub fn run(&mut self) {
        self.run_while(|micro| !micro.is_over());
    }

    /// Step after step, with the help of other threads as long as there are many vehicles.
    pub(super) fn run_while(&mut self, goes_on: impl Fn(&Self) -> bool + Sync) {
        while goes_on(self) {
            if self.is_busy {
                together(|| {
                    while self.is_busy && goes_on(self) {
                        self.step();
                    }
                });
            } else {
                self.step();
            }
        }
    }

    /// One step.
    pub fn step(&mut self) {
        let now_s = self.time_s();
        let running = self.counts.inserted - self.counts.arrived;
        self.is_busy = running >= if self.is_busy { CALM_BELOW } else { BUSY_FROM };
        if let Some(record) = &mut self.record {
            record.begin_step(now_s);
        }
        self.change_lamps();
        self.walk();
        self.plan();
        self.drive();
        self.arrive();
        self.look_about();
        self.settle();
        self.change_lanes();
        self.take_places();
        self.mind_those_who_stand();
        self.depart();
        self.step += 1;
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            network: self.network,
            kinds: &self.kinds,
            drivers: &self.drivers,
            plans: &self.plans.plans,
            stops: &self.demand.stops,
            trips: &self.demand.trips,
            rules: &self.rules,
            step: self.step,
            step_s: self.options.step_s,
            time_s: self.time_s(),
            lets_in_after_s: self.demand.lets_in_after_s.unwrap_or(f64::INFINITY),
        }
    }

    pub(super) fn scene(&self) -> Scene<'_> {
        Scene {
            ground: self.ground(),
            lanes: Lanes { blocks: &self.blocks, block_of: &self.block_of },
            tails: &self.tails,
            into: &self.into,
            taken_m: &self.taken_m,
            pedestrians: &self.pedestrians,
            reactions: &self.reactions,
        }
    }

    fn change_lamps(&mut self) {
        let mut lamps = std::mem::take(&mut self.lamps);
        lamps.turn(&self.scene());
        for (passage, rule) in lamps.take_changes() {
            self.rules[passage as usize] = rule;
        }
        self.lamps = lamps;
    }

    fn walk(&mut self) {
        if self.pedestrians.is_empty() {
            return;
        }
        let mut pedestrians = std::mem::take(&mut self.pedestrians);
        let mut record = self.record.take();
        let recorder = record.as_deref_mut().map(|record| (record.bin, &mut record.recorder));
        pedestrians.walk(&self.scene(), &self.lamps, &self.demand.walks, self.is_busy, recorder);
        self.record = record;
        self.pedestrians = pedestrians;
    }

    fn plan(&mut self) {
        let mut plans = std::mem::take(&mut self.plans_of_blocks);
        let scene = self.scene();
        each(self.is_busy, &mut plans, |number, plan| plan.make(&scene, number));
        self.plans_of_blocks = plans;
        self.approaches.gather(&mut self.plans_of_blocks);
        for plan in &mut self.plans_of_blocks {
            self.reactions.note(self.step, &mut plan.decisions);
        }
    }

    fn drive(&mut self) {
        let mut blocks = std::mem::take(&mut self.blocks);
        let mut outboxes = std::mem::take(&mut self.outboxes);
        let mut record = self.record.take();
        let ground = self.ground();
        let intentions = Intentions { plans: &self.plans_of_blocks, approaches: &self.approaches, chance: self.chance };
        let mut work: Vec<(&mut Block, &mut Outbox)> = blocks.iter_mut().zip(&mut outboxes).collect();
        match record.as_deref_mut() {
            None => each(self.is_busy, &mut work, |number, (block, outbox)| {
                drive(&ground, intentions, number, block, outbox, Unseen);
            }),
            Some(record) => {
                let looks = record.looks(self.step);
                let loops = &record.loops;
                let mut work: Vec<_> = work.into_iter().zip(&mut record.blocks).collect();
                each(self.is_busy, &mut work, |number, ((block, outbox), notes)| {
                    drive(&ground, intentions, number, block, outbox, Noted { notes, looks, loops });
                });
            }
        }
        self.blocks = blocks;
        self.outboxes = outboxes;
        self.record = record;
    }

    /// Ends trips, and sums up what has happened.
    fn arrive(&mut self) {
        let mut outboxes = std::mem::take(&mut self.outboxes);
        for (number, outbox) in outboxes.iter_mut().enumerate() {
            if let Some(record) = &mut self.record {
                record.cross(number, self.network);
            }
            self.counts.vehicle_updates += outbox.updates;
            self.counts.held_back += outbox.held_back;
            if outbox.active > 0 {
                self.last_active_step = self.step;
            }
            for (lane, row) in outbox.ended.drain(..) {
                self.finish(lane, &row);
            }
        }
        self.outboxes = outboxes;
    }

    fn finish(&mut self, lane: u32, row: &Row) {
        self.counts.arrived += 1;
        let came_by = row.memory.trail[0];
        self.counts.teleports += u64::from(came_by != NONE && !self.network.leads_beside(came_by, lane));
        if let Some(record) = &mut self.record {
            record.recorder.arrive(record.bin, row.vehicle);
            let end_s = self.options.begin_s + f64::from(self.step) * self.options.step_s;
            record.loops.end(lane, row.vehicle, end_s);
        }
        let length_m = self.network.lanes[lane as usize].length_m;
        let end_m = self.demand.trips[row.vehicle as usize].arrival_position_m.unwrap_or(length_m);
        let departed_s = self.options.begin_s + f64::from(row.memory.departed_step) * self.options.step_s;
        self.finished.push(FinishedTrip {
            trip: row.vehicle,
            departed_s,
            // It departed at the end of the step of that time.
            arrived_s: self.time_s(),
            depart_delay_s: departed_s - self.demand.trips[row.vehicle as usize].depart_s,
            driven_m: row.memory.driven_m,
            stopped_s: f64::from(row.memory.stopped_s),
            waited_s: row.memory.waited_s,
            time_loss_s: row.memory.time_loss_s,
            halts: row.memory.halts,
            end: TripEnd { lane, position_m: row.position_m.min(end_m).min(length_m), speed_mps: row.speed_mps },
        });
    }

    /// Puts those who have left a lane onto the next, and notes how full the lanes are and whose rears stand where.
    fn settle(&mut self) {
        let mut blocks = std::mem::take(&mut self.blocks);
        let mut taken_m = std::mem::take(&mut self.taken_m);
        let mut tails = std::mem::take(&mut self.tails_of_blocks);
        let ground = self.ground();
        let mut rest = taken_m.as_mut_slice();
        let mut work: Vec<Settling> = blocks
            .iter_mut()
            .zip(&mut tails)
            .map(|(block, tails)| {
                let (own, others) = std::mem::take(&mut rest).split_at_mut(block.lanes.len());
                rest = others;
                Settling { block, taken_m: own, tails, teleports: 0 }
            })
            .collect();
        each(self.is_busy, &mut work, |_, settling| settling.settle(&ground, &self.outboxes));
        self.counts.teleports += work.iter().map(|settling| settling.teleports).sum::<u64>();
        for (lane, tail) in tails.iter().flatten() {
            // They hold for the changes of lane in this step and for the plans of the next.
            self.tails.note(*lane, self.step + 1, tail);
        }
        self.blocks = blocks;
        self.taken_m = taken_m;
        self.tails_of_blocks = tails;
    }

    fn change_lanes(&mut self) {
        let mut wishes = std::mem::take(&mut self.wishes);
        let mut scene = self.scene();
        scene.ground.step += 1;
        each(self.is_busy, &mut wishes, |number, wishes| wishes.gather(&scene, number));
        for wishes in &mut wishes {
            wishes.advise(&mut self.blocks, &self.block_of, self.step);
        }
        let (kinds, tails, step) = (&self.kinds, &self.tails, self.step);
        // So little that it takes longer to share it out.
        for (block, wishes) in self.blocks.iter_mut().zip(&mut wishes) {
            wishes.fulfil(kinds, tails, step, block);
        }
        self.counts.lane_changes += wishes.iter().map(Wishes::fulfilled).sum::<u64>();
        self.relief.exchanges += wishes.iter().map(Wishes::traded).sum::<u64>();
        self.wishes = wishes;
    }

    /// Those who pass others within their lane take a place beside them.
    fn take_places(&mut self) {
        if self.kinds.iter().all(|kind| kind.lane_sharing == LaneSharing::None) {
            return;
        }
        let mut blocks = std::mem::take(&mut self.blocks);
        let (kinds, network, tails, step) = (&self.kinds, self.network, &self.tails, self.step + 1);
        each(self.is_busy, &mut blocks, |_, block| abreast::take_places(kinds, network, tails, step, block));
        self.blocks = blocks;
    }

    /// Trips begin at the end of the step.
    fn depart(&mut self) {
        let now_s = self.time_s();
        self.look_at_speeds();
        while let Some(trip) = self.demand.trips.get(self.next_trip)
            && trip.depart_s <= now_s + 1e-9
        {
            let vehicle = self.next_trip as u32;
            self.find_way(vehicle);
            self.look_ahead(vehicle);
            let street = self.plans.plans[self.drivers[self.next_trip].plan as usize].streets[0];
            let lanes = depart_lanes(&self.ground(), vehicle);
            self.queues.add(street, lanes, vehicle);
            self.next_trip += 1;
        }
        let end_s = now_s + self.options.step_s;
        let mut queues = std::mem::take(&mut self.queues);
        queues.serve(|vehicle| {
            let mut scene = self.scene();
            // The rears noted hold for the next step.
            scene.ground.step += 1;
            let Some(mut entry) = entry(&scene, vehicle) else { return false };
            entry.row.memory.departed_step = self.step - 1;
            let block = &mut self.blocks[self.block_of[entry.lane as usize] as usize];
            let local = (entry.lane - block.first_lane) as usize;
            if let (Some(record), Some(street)) = (&mut self.record, self.network.lanes[entry.lane as usize].street) {
                let tally = entry.row.memory.tally(end_s);
                record.recorder.depart(record.bin, vehicle, entry.row.kind, street, tally);
            }
            if let Some(informed) = &mut self.informed {
                informed.begin(vehicle, end_s);
            }
            let Row { position_m, speed_mps, .. } = entry.row;
            let begin = TripEnd { lane: entry.lane, position_m, speed_mps };
            self.departed.push(DepartedTrip { trip: vehicle, departed_s: now_s, begin });
            block.lanes[local].place(entry.row);
            block.note(local);
            self.counts.inserted += 1;
            self.last_active_step = self.step;
            true
        });
        self.queues = queues;
    }
}

/// With so many vehicles on the road a step takes so long that several threads are faster than one, and no longer with fewer
/// than the second. Between the two it stays as it is, because to wake the threads takes time as well.
const BUSY_FROM: u64 = 800;
const CALM_BELOW: u64 = 600;

/// How many blocks the lanes are shared out to, whatever the number of threads.
const BLOCKS: u32 = 32;

/// Where blocks begin and end: lanes of one street stay together, and each block has about as many metres of lane, which
/// is where vehicles are.
fn bounds(network: &LaneNetwork, count: u32) -> Vec<u32> {
    let share_m = network.lanes.iter().map(|lane| lane.length_m).sum::<f64>() / f64::from(count);
    let mut bounds = vec![0];
    let (mut before_m, mut filled) = (0.0, 1.0);
    for (lane, row) in (0..).zip(&network.lanes) {
        let begins = row.street.is_none_or(|street| network.streets[street as usize].first_lane == lane);
        if begins && before_m >= filled * share_m {
            bounds.push(lane);
            filled = (before_m / share_m).floor() + 1.0;
        }
        before_m += row.length_m;
    }
    bounds.push(network.lanes.len() as u32);
    bounds
}

pub(super) fn kind(row: &VehicleType, step_s: f64) -> Kind {
    Kind {
        length_m: row.length_m,
        width_m: row.width_m,
        follower: Follower {
            step_s,
            acceleration_mps2: row.acceleration_mps2,
            deceleration_mps2: row.deceleration_mps2,
            emergency_deceleration_mps2: row.emergency_deceleration_mps2,
            min_gap_m: row.min_gap_m,
            max_speed_mps: row.max_speed_mps,
            model: row.model.in_steps_of(step_s),
        },
        impatience: row.impatience,
        lane_changing: row.lane_changing,
        lane_sharing: row.lane_sharing,
    }
}

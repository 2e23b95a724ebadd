//! What a block's vehicles did, for the results: sums for each of its streets, crossings of passages, queues.
//!
//! Steps belong to the bin in which they begin. Within the step in which a vehicle crosses from lane to lane, it drives
//! evenly: each lane gets its part of time and distance. A queue is looked at every few seconds, as those who count it
//! in the street would: from the lane's end back, over vehicles with less than [`BRIDGED_M`] between them, to the rear of the
//! last that stands. Left out: vehicles at stops, which are no queue, and those who wait inside the junction.

use super::vehicles::{Block, Kind, LaneVehicles, Memory, NONE};
use crate::traffic::car_following::STANDING_MPS;
use crate::traffic::network::LaneNetwork;
use crate::traffic::results::{LoopEvent, Loops, Recorder, Spent, Tally};

/// How often queues are looked at, in seconds.
const QUEUES_EVERY_S: f64 = 5.0;
/// Vehicles with less than this between them belong to one queue, in metres.
const BRIDGED_M: f64 = 10.0;

impl Memory {
    /// What the vehicle has come to at a time.
    pub(super) fn tally(&self, at_s: f64) -> Tally {
        Tally { at_s, driven_m: self.driven_m, lost_s: self.time_loss_s, waited_s: self.waited_s, halts: self.halts }
    }
}

/// A vehicle that crossed a passage in the step; [`NONE`] for where its step ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crossing {
    pub(super) vehicle: u32,
    pub(super) kind: u16,
    pub(super) passage: u32,
    pub(super) tally: Tally,
}

/// What is noted of a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    first_street: u32,
    /// What was spent on each of its streets in this bin so far.
    spent: Vec<Spent>,
    /// How far the queue reached back at most on each of them in this bin so far, in metres.
    queue_max_m: Vec<f64>,
    /// Crossings of this step.
    pub(super) crossings: Vec<Crossing>,
    /// Loops reached and left in this step.
    pub(super) passed: Vec<LoopEvent>,
}

impl Notes {
    /// Nothing yet, of a block's streets.
    pub(super) fn new(network: &LaneNetwork, block: &Block) -> Self {
        let lanes = block.first_lane as usize..block.first_lane as usize + block.lanes.len();
        let streets = || network.lanes[lanes.clone()].iter().filter_map(|lane| lane.street);
        let first_street = streets().min().unwrap_or(0);
        let count = streets().max().map_or(0, |last| (last - first_street + 1) as usize);
        Self {
            first_street,
            spent: vec![Spent::default(); count],
            queue_max_m: vec![0.0; count],
            crossings: Vec::new(),
            passed: Vec::new(),
        }
    }

    /// Adds what was spent on a lane of a street.
    pub(super) fn spend(&mut self, street: u32, spent: &Spent) {
        self.spent[(street - self.first_street) as usize].add(spent);
    }

    /// Looks at the queue of a lane of a street.
    pub(super) fn look(&mut self, street: u32, length_m: f64, vehicles: &LaneVehicles, kinds: &[Kind]) {
        let most_m = &mut self.queue_max_m[(street - self.first_street) as usize];
        *most_m = most_m.max(queue_m(length_m, vehicles, kinds));
    }

    /// Hands over what was spent, and begins anew.
    pub(super) fn hand_over(&mut self, bin: usize, recorder: &mut Recorder) {
        for (number, (spent, queue_m)) in self.spent.iter_mut().zip(&mut self.queue_max_m).enumerate() {
            let row = recorder.street(bin, self.first_street + number as u32);
            row.spend(&std::mem::take(spent));
            row.queue_max_m = row.queue_max_m.max(std::mem::take(queue_m));
        }
    }
}

/// How far a queue reaches back from the lane's end, in metres; no further than the lane.
fn queue_m(length_m: f64, vehicles: &LaneVehicles, kinds: &[Kind]) -> f64 {
    let mut reach_m = 0.0_f64;
    let mut rear_m = length_m;
    for index in 0..vehicles.len() {
        let position_m = vehicles.position_m[index];
        let memory = &vehicles.memory[index];
        if rear_m - position_m >= BRIDGED_M || memory.dwell_s >= 0.0 {
            break;
        }
        rear_m = position_m - kinds[vehicles.kind[index] as usize].length_m;
        if vehicles.speed_mps[index] <= STANDING_MPS {
            reach_m = length_m - rear_m.max(0.0);
        }
    }
    reach_m
}

/// Tables in the making, and what the blocks have noted for them.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) recorder: Recorder,
    pub(super) blocks: Vec<Notes>,
    pub(super) loops: Loops,
    /// The bin at hand.
    pub(super) bin: usize,
    /// How many steps lie between looks at queues.
    queues_every: u32,
}

impl Record {
    pub(super) fn new(mut recorder: Recorder, blocks: Vec<Notes>, begin_s: f64, step_s: f64) -> Self {
        let bin = recorder.bin(begin_s);
        let loops = Loops::default();
        Self { recorder, blocks, loops, bin, queues_every: (QUEUES_EVERY_S / step_s).round().max(1.0) as u32 }
    }

    /// Whether queues are looked at in a step.
    pub(super) fn looks(&self, step: u32) -> bool {
        step.is_multiple_of(self.queues_every)
    }

    /// A step begins: hands over what was noted of another bin.
    pub(super) fn begin_step(&mut self, time_s: f64) {
        let bin = self.recorder.bin(time_s);
        if bin != self.bin {
            self.hand_over();
            self.bin = bin;
        }
    }

    /// Hands over what all blocks have noted.
    pub(super) fn hand_over(&mut self) {
        for notes in &mut self.blocks {
            notes.hand_over(self.bin, &mut self.recorder);
        }
    }

    /// Works off what a block has noted in this step.
    pub(super) fn cross(&mut self, block: usize, network: &LaneNetwork) {
        for event in self.blocks[block].passed.drain(..) {
            self.loops.note(&event);
        }
        // The street that the vehicle has entered in this step.
        let mut entered: Option<(u32, Tally)> = None;
        for Crossing { vehicle, kind, passage, tally } in self.blocks[block].crossings.drain(..) {
            if let Some((street, since)) = entered.take() {
                self.recorder.spend(self.bin, street, &tally.since(&since));
            }
            if passage == NONE {
                continue;
            }
            let row = &network.passages[passage as usize];
            if row.from_lane < network.street_lane_count {
                self.recorder.leave(self.bin, vehicle, passage, tally);
            }
            if row.to_lane < network.street_lane_count {
                self.recorder.enter(self.bin, vehicle, kind, row.exit_street, tally);
                entered = Some((row.exit_street, tally));
            }
        }
    }
}

//! Who is on the road: columns for each lane, front vehicle first.
//!
//! What everybody around reads in each step (position, speed, kind) stands in columns of its own; what only the vehicle
//! itself needs stands together in [`Memory`]. A vehicle that changes lanes takes its row along. Lanes that belong to the
//! same streets form a [`Block`]; blocks are what threads share out.

use super::abreast::{BESIDE_MAX, Place};
use crate::traffic::car_following::Follower;
use crate::traffic::demand::{LaneChanging, LaneSharing};
pub(super) use crate::traffic::drivers::{Driver, NONE};

/// What is known of a vehicle type while traffic runs.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    pub(super) length_m: f64,
    pub(super) width_m: f64,
    pub(super) follower: Follower,
    pub(super) impatience: f64,
    pub(super) lane_changing: LaneChanging,
    pub(super) lane_sharing: LaneSharing,
}

impl Kind {
    /// What it shows when it comes onto a lane.
    pub(super) fn signs(&self) -> Signs {
        let shares = self.lane_sharing != LaneSharing::None;
        Signs { place: self.home(), shares, ..Signs::default() }
    }

    /// Where it is across its lane as long as it passes nobody.
    pub(super) fn home(&self) -> Place {
        if self.lane_sharing == LaneSharing::RightEdge { Place::Right } else { Place::Middle }
    }

    /// The room that it takes in a queue, in metres.
    pub(super) fn room_m(&self) -> f64 {
        self.length_m + self.follower.min_gap_m
    }
}

/// What a vehicle remembers from step to step.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    /// Which street of the route it is on, or comes from while it is inside a junction.
    pub(super) route_position: u32,
    /// The lanes before the one that it is on, the latest first.
    pub(super) trail: [u32; 4],
    /// Its next stop, a row of the demand's stops; the end of its stops when there is none left.
    pub(super) next_stop: u32,
    /// Which street of the route that stop is on; [`NONE`] when there is none left.
    pub(super) stop_position: u32,
    /// How many more seconds it stands at the stop that it has reached; negative when it has not reached one.
    pub(super) dwell_s: f64,
    /// How long it has stood at stops, in seconds.
    pub(super) stopped_s: f32,
    /// How long it has been standing without a break, in seconds, stops excepted.
    pub(super) waiting_s: f64,
    /// Standing altogether, stops excepted, in seconds.
    pub(super) waited_s: f64,
    /// Time lost against its desired speed, in seconds, stops excepted.
    pub(super) time_loss_s: f64,
    /// Distance driven, in metres.
    pub(super) driven_m: f64,
    /// The step in which it entered the junction that it is in.
    pub(super) entered_step: u32,
    /// The step in which it departed.
    pub(super) departed_step: u32,
    /// The step in which it last changed lanes.
    pub(super) changed_step: u32,
    /// The step in which it last chose another way, and how often it did.
    pub(super) rerouted_step: u32,
    pub(super) reroutes: u8,
    /// Up to this step it goes into junctions without room behind, together with all others of a circle.
    pub(super) rolls_until: u32,
    /// Whether it squeezes past those who stand in its way, until it is on another street.
    pub(super) squeezes: bool,
    /// How often it came to a stand.
    pub(super) halts: u32,
    /// The speed that it should not exceed in the next step, to let somebody in or to find a gap itself; infinite if none.
    pub(super) advised_mps: f64,
    /// How fast it has been lately, in metres a second.
    pub(super) foresight_mps: f32,
    /// What it would gain by changing to the left (to the right if negative), gathered over time.
    pub(super) speed_gain: f32,
    /// How strongly it feels that it should keep right, gathered over time.
    pub(super) keep_right: f32,
    /// When it was last asked to make room, and whether by somebody who changes to the left: step · 2 + 1 if so, step · 2 if not.
    pub(super) makes_room: u32,
    /// Whether it will have to wait at the next junction.
    pub(super) has_to_wait: bool,
}

impl Memory {
    /// Begins anew after a change of lanes.
    pub(super) fn changed(&mut self, step: u32) {
        self.changed_step = step;
        self.foresight_mps = 0.0;
        self.speed_gain = 0.0;
        self.keep_right = 0.0;
    }
}

/// What a vehicle shows to the others around it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    /// 1 if it has to change to the left, -1 if it has to change to the right, 0 if neither.
    pub(super) turns: i8,
    /// Whether it became faster in the last step.
    pub(super) speeds_up: bool,
    /// Whether it stands at a stop.
    pub(super) at_stop: bool,
    /// Where it is across its lane.
    pub(super) place: Place,
    /// Whether it shares its lane with others beside it.
    pub(super) shares: bool,
}

/// One vehicle with all that it has, on its way from lane to lane.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) position_m: f64,
    pub(super) speed_mps: f64,
    pub(super) kind: u16,
    pub(super) vehicle: u32,
    pub(super) signs: Signs,
    pub(super) memory: Memory,
}

/// The vehicles of one lane, front vehicle first.
#[derive(Clone, Debug, Default)]
pub(super) struct LaneVehicles {
    /// Position of the front bumper from the beginning of the lane, in metres.
    pub(super) position_m: Vec<f64>,
    /// Speed in metres a second.
    pub(super) speed_mps: Vec<f64>,
    /// Row of the kind.
    pub(super) kind: Vec<u16>,
    /// Row of the trip.
    pub(super) vehicle: Vec<u32>,
    /// What the others see of it.
    pub(super) signs: Vec<Signs>,
    /// What it remembers.
    pub(super) memory: Vec<Memory>,
    /// How many of them share the lane with others beside them.
    pub(super) sharing: u32,
}

impl LaneVehicles {
    pub(super) fn len(&self) -> usize {
        self.vehicle.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.vehicle.is_empty()
    }

    /// How many vehicles may be next to somebody, ahead or behind: one, or more where they are beside each other.
    pub(super) fn beside(&self) -> usize {
        if self.sharing > 0 { BESIDE_MAX } else { 1 }
    }

    /// Index of the last vehicle.
    pub(super) fn last(&self) -> Option<usize> {
        self.len().checked_sub(1)
    }

    pub(super) fn insert(&mut self, index: usize, row: Row) {
        self.sharing += u32::from(row.signs.shares);
        self.position_m.insert(index, row.position_m);
        self.speed_mps.insert(index, row.speed_mps);
        self.kind.insert(index, row.kind);
        self.vehicle.insert(index, row.vehicle);
        self.signs.insert(index, row.signs);
        self.memory.insert(index, row.memory);
    }

    pub(super) fn remove(&mut self, index: usize) -> Row {
        self.sharing -= u32::from(self.signs[index].shares);
        Row {
            position_m: self.position_m.remove(index),
            speed_mps: self.speed_mps.remove(index),
            kind: self.kind.remove(index),
            vehicle: self.vehicle.remove(index),
            signs: self.signs.remove(index),
            memory: self.memory.remove(index),
        }
    }

    /// Puts a vehicle where its position says; behind those that are at the same place.
    pub(super) fn place(&mut self, row: Row) -> usize {
        let index = self.behind(row.position_m);
        self.insert(index, row);
        index
    }

    /// Index of the first vehicle that is further back than `position_m`; the number of vehicles if none is.
    pub(super) fn behind(&self, position_m: f64) -> usize {
        // New vehicles come from behind: the search from the end is short.
        let mut index = self.len();
        while index > 0 && self.position_m[index - 1] < position_m {
            index -= 1;
        }
        index
    }
}

/// Lanes that one thread works on.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    /// The number of its first lane.
    pub(super) first_lane: u32,
    /// Its lanes.
    pub(super) lanes: Vec<LaneVehicles>,
    /// One bit for each lane: whether a vehicle is on it.
    pub(super) occupied: Vec<u64>,
}

impl Block {
    pub(super) fn new(lanes: std::ops::Range<u32>) -> Self {
        let count = lanes.len();
        Self {
            first_lane: lanes.start,
            lanes: vec![LaneVehicles::default(); count],
            occupied: vec![0; count.div_ceil(64)],
        }
    }

    /// The numbers of its lanes.
    pub(super) fn lanes_range(&self) -> std::ops::Range<u32> {
        self.first_lane..self.first_lane + self.lanes.len() as u32
    }

    /// Local indices of the lanes with vehicles, in order.
    pub(super) fn occupied_lanes(&self) -> impl Iterator<Item = usize> + '_ {
        self.occupied.iter().enumerate().flat_map(|(word, &bits)| Bits(bits).map(move |bit| word * 64 + bit))
    }

    /// Notes again whether a lane is occupied.
    pub(super) fn note(&mut self, local: usize) {
        let bit = 1 << (local % 64);
        if self.lanes[local].is_empty() {
            self.occupied[local / 64] &= !bit;
        } else {
            self.occupied[local / 64] |= bit;
        }
    }
}

/// The numbers of the bits that are set.
struct Bits(u64);

impl Iterator for Bits {
    type Item = usize;
    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros() as usize;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}

/// All lanes, to read.
#[derive(Clone, Copy)]
pub(super) struct Lanes<'a> {
    pub(super) blocks: &'a [Block],
    /// The block of each lane.
    pub(super) block_of: &'a [u16],
}

impl<'a> Lanes<'a> {
    pub(super) fn of(self, lane: u32) -> &'a LaneVehicles {
        let block = &self.blocks[self.block_of[lane as usize] as usize];
        &block.lanes[(lane - block.first_lane) as usize]
    }
}

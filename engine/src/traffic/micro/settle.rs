//! After all have moved: whoever has left a lane arrives on the next, and what others look at is noted anew.

use super::drive::Outbox;
use super::scene::{Ground, Tail, taken_m};
use super::vehicles::{Block, LaneVehicles, Memory, NONE};
use crate::traffic::network::LaneNetwork;

/// What is noted of one block, and of nothing else.
pub(super) struct Settling<'a> {
    pub(super) block: &'a mut Block,
    /// The room that vehicles take, by lane of the block, in metres.
    pub(super) taken_m: &'a mut [f32],
    /// Rears of the block's vehicles on lanes of any block that their fronts have left.
    pub(super) tails: &'a mut Vec<(u32, Tail)>,
    /// How many came onto a lane that none leads to from where they were.
    pub(super) teleports: u64,
}

impl Settling<'_> {
    /// Takes in who comes from any block, in the order of the lanes that they left, then looks at everybody.
    pub(super) fn settle(&mut self, ground: &Ground, outboxes: &[Outbox]) {
        let lanes = self.block.lanes_range();
        for outbox in outboxes {
            for (place, lane) in outbox.moved_to.iter().enumerate() {
                if lanes.contains(lane) {
                    let local = (lane - lanes.start) as usize;
                    self.teleports += u64::from(has_teleported(ground.network, &outbox.moved[place].memory, *lane));
                    self.block.lanes[local].place(outbox.moved[place].clone());
                    self.block.note(local);
                }
            }
        }
        self.taken_m.fill(0.0);
        self.tails.clear();
        for local in self.block.occupied_lanes() {
            self.taken_m[local] = taken_m(ground.kinds, &self.block.lanes[local]) as f32;
            note_tails(ground, lanes.start + local as u32, &self.block.lanes[local], self.tails);
        }
    }
}

/// Whether no passage leads to a lane from that which a vehicle has left, or to that one, or one beside it, from that before it.
fn has_teleported(network: &LaneNetwork, memory: &Memory, lane: u32) -> bool {
    let [left, before, ..] = memory.trail;
    let leads = left == NONE || network.passages_from(left).iter().any(|passage| passage.to_lane == lane);
    !(leads && (before == NONE || network.leads_beside(before, left)))
}

/// Notes whose rear still stands on lanes that its front has left.
fn note_tails(ground: &Ground, front_lane: u32, vehicles: &LaneVehicles, tails: &mut Vec<(u32, Tail)>) {
    for index in (0..vehicles.len()).rev() {
        let kind = vehicles.kind[index];
        let mut over_m = ground.kind(kind).length_m - vehicles.position_m[index];
        if over_m <= 0.0 {
            // Further ahead only those beside it can still be longer.
            if vehicles.sharing > 0 {
                continue;
            }
            break;
        }
        let memory = &vehicles.memory[index];
        for &lane in memory.trail.iter().take_while(|&&lane| lane != NONE) {
            let length_m = ground.network.lanes[lane as usize].length_m;
            let tail = Tail {
                rear_m: length_m - over_m,
                speed_mps: vehicles.speed_mps[index],
                kind,
                vehicle: vehicles.vehicle[index],
                entered_step: memory.entered_step,
                front_lane,
            };
            tails.push((lane, tail));
            over_m -= length_m;
            if over_m <= 0.0 {
                break;
            }
        }
    }
}

//! Where vehicles are, for those who watch.

use super::Micro;
use crate::signals::Lamp;
use crate::traffic::demand::TrafficDemand;
use crate::traffic::network::LaneNetwork;
use crate::traffic::trajectories::{Fidelity, Traffic, VehicleAt};

/// Times that differ by less are the same, in seconds.
const SAME_S: f64 = 1e-6;

impl Traffic for Micro<'_> {
    fn fidelity(&self) -> Fidelity {
        Fidelity::Micro
    }

    fn network(&self) -> &LaneNetwork {
        self.network
    }

    fn demand(&self) -> &TrafficDemand {
        self.demand
    }

    fn time_s(&self) -> f64 {
        self.time_s()
    }

    fn is_over(&self) -> bool {
        self.is_over()
    }

    fn advance_to(&mut self, time_s: f64) {
        self.run_while(|micro| micro.time_s() < time_s - SAME_S && !micro.is_over());
    }

    fn type_of(&self, trip: u32) -> u16 {
        self.drivers[trip as usize].kind
    }

    fn vehicles_at(&self, into: &mut Vec<VehicleAt>) {
        into.clear();
        // Blocks follow each other in the order of their lanes.
        for block in &self.blocks {
            for local in block.occupied_lanes() {
                let vehicles = &block.lanes[local];
                into.extend((0..vehicles.len()).map(|index| VehicleAt {
                    trip: vehicles.vehicle[index],
                    lane: block.first_lane + local as u32,
                    came_by: vehicles.memory[index].trail[0],
                    position_m: vehicles.position_m[index],
                    speed_mps: vehicles.speed_mps[index],
                    is_aside: false,
                }));
            }
        }
    }

    fn lamps_by_traffic(&self, signal: u32) -> Option<&[Lamp]> {
        self.lamps.by_traffic(signal)
    }
}

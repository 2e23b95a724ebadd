//! Ways that are found when trips begin: how fast streets are is looked at again and again, as long as trips that ask are to come.

use super::Micro;
use super::vehicles::Block;
use crate::traffic::current_ways::{CurrentWays, LateSpeeds, Traveller, is_asked_for};
use crate::traffic::demand::TrafficDemand;
use crate::traffic::lane_plan::LanePlan;
use crate::traffic::network::LaneNetwork;

/// What is known for those who look for a way.
#[derive(Clone, Debug)]
pub(super) struct Sought {
    ways: CurrentWays,
    speeds: LateSpeeds,
    /// When speeds are looked at next, in seconds.
    next_look_s: f64,
}

impl Sought {
    /// None where nobody asks.
    pub(super) fn new(network: &LaneNetwork, demand: &TrafficDemand) -> Option<Box<Self>> {
        is_asked_for(demand).then(|| {
            Box::new(Self {
                ways: CurrentWays::new(network),
                speeds: LateSpeeds::new(network.streets.len(), demand.sought_ways.looks),
                next_look_s: f64::NEG_INFINITY,
            })
        })
    }
}

impl Micro<'_> {
    /// Looks how fast streets are, if it is time to and somebody will ask.
    pub(super) fn look_at_speeds(&mut self) {
        let now_s = self.time_s();
        let Some(sought) = &mut self.sought else { return };
        if now_s < sought.next_look_s || self.next_trip == self.demand.trips.len() {
            return;
        }
        sought.next_look_s = now_s.max(sought.next_look_s) + self.demand.sought_ways.look_every_s;
        let network = self.network;
        sought.speeds.note(self.blocks.iter().flat_map(|block| slower(network, block)));
    }

    /// Finds the way of a trip that is about to begin, if it asks for that.
    pub(super) fn find_way(&mut self, vehicle: u32) {
        let Some(sought) = &mut self.sought else { return };
        let choice = self.demand.trips[vehicle as usize].route_choice;
        let Some(through) = self.demand.sought_ways.through(choice) else { return };
        let driver = self.drivers[vehicle as usize];
        let kind = &self.demand.types[driver.kind as usize];
        let who = Traveller::of(kind, f64::from(driver.speed_factor));
        let Sought { ways, speeds, .. } = &mut **sought;
        let limits = |street: u32| {
            let lane = self.network.streets[street as usize].first_lane;
            self.network.lanes[lane as usize].speed_limit_mps
        };
        let found = ways.through(who, through, &|street| limits(street) - speeds.slower_mps(street));
        let Some(streets) = found else { return };
        if streets != self.plans.plans[driver.plan as usize].streets {
            self.follow(vehicle, LanePlan::new(self.network, &streets, kind.permission, &[]));
        }
    }
}

/// The streets of a block on which vehicles are slower than the limit on average, and by how much, in metres a second. Those at
/// stops do not count.
fn slower(network: &LaneNetwork, block: &Block) -> impl Iterator<Item = (u32, f64)> {
    let mut found: Vec<(u32, f64)> = Vec::new();
    let mut of_street = (u32::MAX, 0.0, 0.0);
    let mut end = |(street, sum_mps, count): (u32, f64, f64)| {
        if count > 0.0 {
            let first = network.streets[street as usize].first_lane;
            let slower_mps = network.lanes[first as usize].speed_limit_mps - sum_mps / count;
            if slower_mps > 0.0 {
                found.push((street, slower_mps));
            }
        }
    };
    for local in block.occupied_lanes() {
        let Some(street) = network.lanes[block.first_lane as usize + local].street else { continue };
        if street != of_street.0 {
            end(of_street);
            of_street = (street, 0.0, 0.0);
        }
        let vehicles = &block.lanes[local];
        for (speed_mps, memory) in vehicles.speed_mps.iter().zip(&vehicles.memory) {
            if memory.dwell_s < 0.0 {
                of_street.1 += speed_mps;
                of_street.2 += 1.0;
            }
        }
    }
    end(of_street);
    found.into_iter()
}

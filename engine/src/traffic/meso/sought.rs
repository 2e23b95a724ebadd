//! Ways that are found when trips begin: how fast streets are is told by whoever leaves one.

use super::simulation::Meso;
use crate::traffic::current_ways::{CurrentWays, Traveller, is_asked_for};
use crate::traffic::demand::TrafficDemand;
use crate::traffic::lane_plan::LanePlan;
use crate::traffic::network::LaneNetwork;

/// How fast streets have lately been, as far as those tell who leave them. Sums fade with the time over which speeds are
/// averaged.
#[derive(Clone, Debug)]
pub(super) struct Sought {
    ways: CurrentWays,
    /// Over how long speeds are averaged, in seconds.
    over_s: f64,
    /// By street: when it was told last, the distance by which those on it came short of the limit, and the time that they
    /// spent there.
    late: Vec<Late>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Late {
    told_s: f64,
    short_m: f64,
    spent_s: f64,
}

impl Sought {
    /// None where nobody asks.
    pub(super) fn new(network: &LaneNetwork, demand: &TrafficDemand) -> Option<Box<Self>> {
        is_asked_for(demand).then(|| {
            Box::new(Self {
                ways: CurrentWays::new(network),
                over_s: demand.sought_ways.look_every_s * f64::from(demand.sought_ways.looks),
                late: vec![Late::default(); network.streets.len()],
            })
        })
    }

    /// A vehicle has taken so long on a street of that length.
    fn tell(&mut self, street: u32, length_m: f64, took_s: f64, now_s: f64) {
        let limit_mps = self.ways.limit_mps(street);
        let late = &mut self.late[street as usize];
        let fades = libm::exp((late.told_s - now_s) / self.over_s);
        late.told_s = now_s;
        late.short_m = late.short_m * fades + (took_s * limit_mps - length_m).max(0.0);
        late.spent_s = late.spent_s * fades + took_s;
    }
}

impl Meso<'_> {
    /// A vehicle has taken so long on a street.
    pub(super) fn tell_sought(&mut self, street: u32, length_m: f64, took_s: f64, now_s: f64) {
        if let Some(sought) = &mut self.sought {
            sought.tell(street, length_m, took_s, now_s);
        }
    }

    /// Finds the way of a trip that is about to begin, if it asks for that.
    pub(super) fn find_way(&mut self, vehicle: u32, now_s: f64) {
        let Some(mut sought) = self.sought.take() else { return };
        let choice = self.demand.trips[vehicle as usize].route_choice;
        let driver = self.drivers[vehicle as usize];
        if let Some(through) = self.demand.sought_ways.through(choice) {
            let kind = &self.demand.types[driver.kind as usize];
            let who = Traveller::of(kind, f64::from(driver.speed_factor));
            let Sought { ways, over_s, late } = &mut *sought;
            let lanes = &self.network.lanes;
            let limit_mps =
                |street: u32| lanes[self.network.streets[street as usize].first_lane as usize].speed_limit_mps;
            let speed_mps = |street: u32| {
                let told = late[street as usize];
                // So many are there on average; speeds count while somebody is.
                let fades = libm::exp((told.told_s - now_s) / *over_s);
                let present = told.spent_s * fades / *over_s;
                let slower_mps =
                    if told.spent_s > 0.0 { told.short_m / told.spent_s * (1.0 - libm::exp(-present)) } else { 0.0 };
                let held = (self.queues.longest_held_s(self.network, street, now_s) / *over_s).min(1.0);
                limit_mps(street) - slower_mps.max(limit_mps(street) * held)
            };
            let found = ways.through(who, through, &speed_mps);
            if let Some(streets) =
                found.filter(|streets| *streets != self.plans.of(self.queues.vehicle(vehicle).plan).streets)
            {
                self.follow(vehicle, LanePlan::new(self.network, &streets, kind.permission, &[]));
            }
        }
        self.sought = Some(sought);
    }
}

//! What drivers know of the traffic ahead: how long streets take now.
//!
//! Whoever leaves a street tells how long it took; what is known fades where nobody tells any more. Of those who are about to
//! begin, as many as the demand says look for another way that is clearly faster now, if theirs is jammed
//! ([`informed_share`](crate::traffic::demand::TrafficDemand::informed_share)). So do those who stand and cannot go on
//! (`relief`). This is the routing on current travel times that navigation devices do (SUMO's rerouting device works
//! alike); the numbers are our rule. Left out: forecasts, and differences between the turns at a street's end.

use super::queues::Hold;
use super::simulation::Meso;
use crate::draws::{Draws, Purpose};
use crate::traffic::drivers::NONE;
use crate::traffic::lane_plan::LanePlan;
use crate::traffic::network::LaneNetwork;

/// A way is jammed if it takes longer than when it is empty by this factor and this time, in seconds.
const JAMMED: (f64, f64) = (1.3, 60.0);
/// Another way is clearly faster if it takes no more than this share.
const FASTER: f64 = 0.85;
/// What the last vehicle tells counts for this share of what is known.
const NEWS: f64 = 0.3;
/// What is known has faded after this time, in seconds.
const FADES_S: f64 = 900.0;

const INFORMED: Purpose = Purpose::new("informed driver");

/// How long streets take.
#[derive(Clone, Debug)]
pub(super) struct KnownTimes {
    free_s: Vec<f64>,
    /// What they take longer than when they are empty, when that was told last.
    excess_s: Vec<f64>,
    told_s: Vec<f64>,
    draws: Draws,
}

impl KnownTimes {
    pub(super) fn new(network: &LaneNetwork, seed: u64) -> Self {
        let free = |street: &crate::traffic::network::Street| {
            let lane = &network.lanes[street.first_lane as usize];
            lane.length_m / lane.speed_limit_mps
        };
        let count = network.streets.len();
        Self {
            free_s: network.streets.iter().map(free).collect(),
            excess_s: vec![0.0; count],
            told_s: vec![f64::NEG_INFINITY; count],
            draws: Draws::new(seed),
        }
    }

    /// A vehicle has taken so long on a street.
    pub(super) fn tell(&mut self, street: u32, took_s: f64, now_s: f64) {
        let known_s = self.excess_s(street, now_s);
        let street = street as usize;
        let new_s = (took_s - self.free_s[street]).max(0.0);
        self.excess_s[street] = known_s + NEWS * (new_s - known_s);
        self.told_s[street] = now_s;
    }

    fn excess_s(&self, street: u32, now_s: f64) -> f64 {
        let age_s = now_s - self.told_s[street as usize];
        if age_s >= FADES_S { 0.0 } else { self.excess_s[street as usize] * (1.0 - age_s / FADES_S) }
    }
}

impl Meso<'_> {
    /// How long a street takes now, as far as is known: no less than those at its end have waited already.
    pub(super) fn expected_s(&self, street: u32, now_s: f64) -> f64 {
        let mut excess_s = self.known.excess_s(street, now_s);
        for lane in self.network.streets[street as usize].lanes() {
            let row = self.queues.lane(lane);
            if row.front != NONE && row.hold != Hold::No {
                excess_s = excess_s.max(now_s - row.held_s);
            }
        }
        self.known.free_s[street as usize] + excess_s
    }

    /// Whether a vehicle may not be on a street at a time, although others may.
    pub(super) fn is_closed(&self, permission: Option<u8>, street: u32, now_s: f64) -> bool {
        let Some(permission) = permission else { return false };
        let closed = &self.demand.closed_streets;
        let first = closed.partition_point(|row| row.street < street);
        closed[first..]
            .iter()
            .take_while(|row| row.street == street)
            .any(|row| row.from_s <= now_s && now_s < row.to_s && row.shut_out.allow(permission))
    }

    /// Who is about to begin chooses another way if that is clearly faster now.
    pub(super) fn look_ahead(&mut self, vehicle: u32, now_s: f64) {
        let trip = &self.demand.trips[vehicle as usize];
        let share = self.demand.informed_share;
        if share <= 0.0 || !trip.stops.is_empty() {
            return;
        }
        let agent = trip.draw_key.unwrap_or(u64::from(vehicle));
        if self.known.draws.uniform(INFORMED, agent) >= share {
            return;
        }
        let plan = &self.plans.plans[self.queues.vehicle(vehicle).plan as usize];
        let (mut free_s, mut expected_s) = (0.0, 0.0);
        for &street in &plan.streets {
            free_s += self.known.free_s[street as usize];
            expected_s += self.expected_s(street, now_s);
        }
        if expected_s < free_s * JAMMED.0 + JAMMED.1 {
            return;
        }
        let [origin, .., destination] = plan.streets[..] else { return };
        let permission = self.kind(vehicle).permission;
        let mut finder = std::mem::take(&mut self.finder);
        let time_s = |street: u32| {
            if self.is_closed(permission, street, now_s) { f64::INFINITY } else { self.expected_s(street, now_s) }
        };
        let found = finder.fastest_by(permission, origin, destination, &time_s);
        let origin_s = time_s(origin);
        self.finder = finder;
        let Some((streets, way_s)) = found else { return };
        // Both count the first street, and the search none of it.
        if way_s + origin_s <= expected_s * FASTER {
            self.plans.plans.push(LanePlan::new(self.network, &streets, permission, &[]));
            let plan = self.plans.plans.len() as u32 - 1;
            self.queues.vehicle_mut(vehicle).plan = plan;
            self.relief.informed += 1;
        }
    }
}

//! What drivers know of the traffic ahead: how long streets take now.
//!
//! Whoever leaves a street tells how long it took; what is known fades where nobody tells any more. Of those who are about to
//! begin, as many as the demand says look for another way that is clearly faster now, if theirs is jammed
//! ([`informed_share`](crate::traffic::demand::TrafficDemand::informed_share)). They look again when they have lost much on a
//! street. So do those who stand and cannot go on (`relief`). This is the routing on current travel times that navigation
//! devices do (SUMO's rerouting device works alike); the numbers are our rule. Left out: forecasts, and differences between the turns at a street's end.

use super::relief::REROUTES_MAX;
use super::simulation::Meso;
use crate::draws::{Draws, Purpose};
use crate::traffic::drivers::NONE;
use crate::traffic::lane_plan::LanePlan;
use crate::traffic::network::LaneNetwork;

/// A way is jammed if it takes longer than when it is empty by this factor and this time, in seconds.
const JAMMED: (f64, f64) = (1.3, 60.0);
/// Another way is clearly faster if it takes no more than this share.
const FASTER: f64 = 0.85;
/// Who has lost that much on one street looks for another way, in seconds.
const ANNOYED_S: f64 = 60.0;
/// Who has looked for another way does so no sooner again, in seconds.
const LOOKS_AGAIN_S: f64 = 300.0;
/// What the last vehicle tells counts for this share of what is known.
const NEWS: f64 = 0.3;
/// What is known has faded after this time, in seconds.
const FADES_S: f64 = 900.0;

const INFORMED: Purpose = Purpose::new("informed driver");

/// How long a street takes.
#[derive(Clone, Copy, Debug)]
struct KnownTime {
    free_s: f64,
    /// What it takes longer than when it is empty, when that was told last.
    excess_s: f64,
    told_s: f64,
}

impl KnownTime {
    fn excess_s(&self, now_s: f64) -> f64 {
        let age_s = now_s - self.told_s;
        if age_s >= FADES_S { 0.0 } else { self.excess_s * (1.0 - age_s / FADES_S) }
    }
}

/// How long streets take.
#[derive(Clone, Debug)]
pub(super) struct KnownTimes {
    streets: Vec<KnownTime>,
    draws: Draws,
}

impl KnownTimes {
    pub(super) fn new(network: &LaneNetwork, seed: u64) -> Self {
        let unknown = |street: &crate::traffic::network::Street| {
            let lane = &network.lanes[street.first_lane as usize];
            KnownTime { free_s: lane.length_m / lane.speed_limit_mps, excess_s: 0.0, told_s: f64::NEG_INFINITY }
        };
        Self { streets: network.streets.iter().map(unknown).collect(), draws: Draws::new(seed) }
    }

    /// A vehicle has taken so long on a street.
    pub(super) fn tell(&mut self, street: u32, took_s: f64, now_s: f64) {
        let known = &mut self.streets[street as usize];
        let known_s = known.excess_s(now_s);
        let new_s = (took_s - known.free_s).max(0.0);
        known.excess_s = known_s + NEWS * (new_s - known_s);
        known.told_s = now_s;
    }
}

impl Meso<'_> {
    /// How long a street takes now, as far as is known: no less than those at its end have waited already.
    pub(super) fn expected_s(&self, street: u32, now_s: f64) -> f64 {
        let known = &self.known.streets[street as usize];
        known.free_s + known.excess_s(now_s).max(self.longest_held_s(street, now_s))
    }

    /// How long those at the end of a street have waited, at most, in seconds.
    pub(super) fn longest_held_s(&self, street: u32, now_s: f64) -> f64 {
        let held_s = self.network.streets[street as usize].lanes().map(|lane| self.queues.held_s(lane));
        held_s.fold(0.0, |longest_s, held_s| f64::max(longest_s, now_s - held_s))
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
        if self.is_informed(vehicle)
            && let Some(way) = self.clearly_faster(vehicle, now_s)
        {
            self.follow(vehicle, way);
            self.relief.informed += 1;
        }
    }

    /// Who has lost that much on the street before, and comes onto a lane now, does the same, if the other way begins on that
    /// lane.
    pub(super) fn look_about(&mut self, vehicle: u32, lane: u32, lost_s: f64, now_s: f64) {
        let row = self.queues.vehicle(vehicle);
        if lost_s < ANNOYED_S || row.reroutes >= REROUTES_MAX || now_s < row.looks_again_s || !self.is_informed(vehicle)
        {
            return;
        }
        self.queues.vehicle_mut(vehicle).looks_again_s = now_s + LOOKS_AGAIN_S;
        let Some(way) = self.clearly_faster(vehicle, now_s) else { return };
        let street = &self.network.streets[way.streets[0] as usize];
        if way.outlook(0, lane - street.first_lane).passage == NONE {
            return;
        }
        self.follow(vehicle, way);
        let row = self.queues.vehicle_mut(vehicle);
        row.route_position = 0;
        row.reroutes += 1;
        self.relief.reroutes += 1;
    }

    /// Whether the driver knows of the traffic ahead, and is free to choose.
    fn is_informed(&self, vehicle: u32) -> bool {
        let trip = &self.demand.trips[vehicle as usize];
        let share = self.demand.informed_share;
        let agent = trip.draw_key.unwrap_or(u64::from(vehicle));
        share > 0.0 && trip.stops.is_empty() && self.known.draws.uniform(INFORMED, agent) < share
    }

    /// A way from where a vehicle is on its route that is clearly faster now, if the rest of its own is jammed.
    fn clearly_faster(&mut self, vehicle: u32, now_s: f64) -> Option<LanePlan> {
        let row = self.queues.vehicle(vehicle);
        let rest = &self.plans.plans[row.plan as usize].streets[row.route_position as usize..];
        let (mut free_s, mut expected_s) = (0.0, 0.0);
        for &street in rest {
            free_s += self.known.streets[street as usize].free_s;
            expected_s += self.expected_s(street, now_s);
        }
        let [origin, .., destination] = *rest else { return None };
        if expected_s < free_s * JAMMED.0 + JAMMED.1 {
            return None;
        }
        let permission = self.kind(vehicle).permission;
        let mut finder = std::mem::take(&mut self.finder);
        let time_s = |street: u32| {
            if self.is_closed(permission, street, now_s) { f64::INFINITY } else { self.expected_s(street, now_s) }
        };
        // Both count the first street, and the search none of it.
        let most_s = expected_s * FASTER - time_s(origin);
        let found = finder.fastest_by(permission, (origin, destination), most_s, &time_s);
        self.finder = finder;
        found.map(|(streets, _)| LanePlan::new(self.network, &streets, permission, &[]))
    }

    fn follow(&mut self, vehicle: u32, way: LanePlan) {
        self.plans.plans.push(way);
        self.queues.vehicle_mut(vehicle).plan = self.plans.plans.len() as u32 - 1;
    }
}

//! What drivers know of the traffic ahead, and when they choose another way for it.
//!
//! Whoever leaves a street tells how long it took; what is known fades where nobody tells any more. Of those who are about to
//! begin, as many as the demand says look for another way that is clearly faster now, if theirs is jammed
//! ([`informed_share`](super::demand::TrafficDemand::informed_share)). They look again when they have lost much on a
//! street. So do those who stand and cannot go on. This is the routing on current travel times that navigation
//! devices do (SUMO's rerouting device works alike); the numbers are our rule. Both simulations look in here. Left out: forecasts,
//! and differences between the turns at a street's end.

use super::demand::TrafficDemand;
use super::network::LaneNetwork;
use super::routing::WayFinder;
use crate::draws::{Draws, Purpose};

/// A way is jammed if it takes longer than when it is empty by this factor and this time, in seconds.
const JAMMED: (f64, f64) = (1.3, 60.0);
/// Another way is clearly faster if it takes no more than this share.
const FASTER: f64 = 0.85;
/// Who has lost that much on one street looks for another way, in seconds.
pub(super) const ANNOYED_S: f64 = 60.0;
/// Who has looked for another way does so no sooner again, in seconds.
pub(super) const LOOKS_AGAIN_S: f64 = 300.0;
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

/// Where somebody is who may choose another way, and how the streets are now.
pub(super) struct Outlook<'a> {
    pub(super) demand: &'a TrafficDemand,
    pub(super) permission: Option<u8>,
    /// The streets that are left of its way, with the one that it is on.
    pub(super) rest: &'a [u32],
    pub(super) now_s: f64,
    /// How long those at the end of a street have waited by now, at most, in seconds.
    pub(super) held_s: &'a dyn Fn(u32) -> f64,
}

impl KnownTimes {
    pub(super) fn new(network: &LaneNetwork, seed: u64) -> Self {
        let unknown = |street: &super::network::Street| {
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

    /// How long a street takes when it is empty, in seconds.
    pub(super) fn free_s(&self, street: u32) -> f64 {
        self.streets[street as usize].free_s
    }

    /// How long a street takes now, as far as is known: no less than those at its end have waited already.
    pub(super) fn expected_s(&self, street: u32, held_s: f64, now_s: f64) -> f64 {
        let known = &self.streets[street as usize];
        known.free_s + known.excess_s(now_s).max(held_s)
    }

    /// Whether the driver of a trip knows of the traffic ahead, and is free to choose.
    pub(super) fn is_informed(&self, demand: &TrafficDemand, vehicle: u32) -> bool {
        let trip = &demand.trips[vehicle as usize];
        let share = demand.informed_share;
        let agent = trip.draw_key.unwrap_or(u64::from(vehicle));
        share > 0.0 && trip.stops.is_empty() && self.draws.uniform(INFORMED, agent) < share
    }

    /// A way from where a vehicle is on its route that is clearly faster now, if the rest of its own is jammed.
    pub(super) fn clearly_faster(&self, finder: &mut WayFinder, outlook: &Outlook) -> Option<Vec<u32>> {
        let &Outlook { demand, permission, rest, now_s, held_s } = outlook;
        let expected_s = |street: u32| self.expected_s(street, held_s(street), now_s);
        let free_s: f64 = rest.iter().map(|&street| self.free_s(street)).sum();
        let own_s: f64 = rest.iter().map(|&street| expected_s(street)).sum();
        let [origin, .., destination] = *rest else { return None };
        if own_s < free_s * JAMMED.0 + JAMMED.1 {
            return None;
        }
        let time_s = |street: u32| {
            if is_closed(demand, permission, street, now_s) { f64::INFINITY } else { expected_s(street) }
        };
        // Both count the first street, and the search none of it.
        let most_s = own_s * FASTER - time_s(origin);
        finder.fastest_by(permission, (origin, destination), most_s, &time_s).map(|(streets, _)| streets)
    }
}

/// Whether a vehicle may not be on a street at a time, although others may.
pub(super) fn is_closed(demand: &TrafficDemand, permission: Option<u8>, street: u32, now_s: f64) -> bool {
    let Some(permission) = permission else { return false };
    let closed = &demand.closed_streets;
    let first = closed.partition_point(|row| row.street < street);
    closed[first..]
        .iter()
        .take_while(|row| row.street == street)
        .any(|row| row.from_s <= now_s && now_s < row.to_s && row.shut_out.allow(permission))
}

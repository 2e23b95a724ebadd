//! Where vehicles are, again and again: what a viewer, a map or a film needs of a running simulation.
//!
//! [`Traffic`] is one view of both simulations, and a [`Recorder`] notes it at a fixed step. The micro simulation knows where
//! everybody is. The meso simulation knows when vehicles come onto lanes and leave them; where they are between is
//! *reconstructed* (`meso/places.rs` says how), and whoever shows it must say so.
//!
//! Left out: height, and the way across during a change of lanes, which takes no time in either simulation.

mod recorder;
#[cfg(test)]
mod tests;

pub use recorder::{Frame, Recorder};

use super::demand::TrafficDemand;
use super::drivers;
use super::network::LaneNetwork;
use crate::signals::Lamp;

/// How closely a simulation looks at vehicles, and so how far positions can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fidelity {
    /// Positions are reconstructed from the times at which vehicles come and go.
    Meso,
    /// Positions are simulated.
    Micro,
}

/// Where one vehicle is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VehicleAt {
    /// Row of its trip.
    pub trip: u32,
    /// The lane that its front is on.
    pub lane: u32,
    /// The lane that it came onto this one from, where its rear may still be; [`VehicleAt::NOWHERE`] if there is none.
    pub came_by: u32,
    /// Its front bumper from the beginning of the lane, in metres; from 0 to the lane's length.
    pub position_m: f64,
    /// Its speed in metres a second, not negative.
    pub speed_mps: f64,
    /// Whether it stands beside the lane, where others pass it: at a stop, or before it drives off. Only in [`Fidelity::Meso`].
    pub is_aside: bool,
}

impl VehicleAt {
    /// No lane: it began here.
    pub const NOWHERE: u32 = drivers::NONE;
}

/// A simulation of vehicles that can be watched.
pub trait Traffic {
    /// How closely it looks.
    fn fidelity(&self) -> Fidelity;

    /// The network that it runs on.
    fn network(&self) -> &LaneNetwork;

    /// Who drives.
    fn demand(&self) -> &TrafficDemand;

    /// Seconds up to which everything has happened.
    fn time_s(&self) -> f64;

    /// Whether nothing is left to do, or the time is over.
    fn is_over(&self) -> bool;

    /// Lets everything happen until a time in seconds, at most until the end.
    fn advance_to(&mut self, time_s: f64);

    /// Row of the type that drives a trip.
    fn type_of(&self, trip: u32) -> u16;

    /// Puts everybody on the road into a list in place of what stood there: lane by lane, the front one first.
    fn vehicles_at(&self, into: &mut Vec<VehicleAt>);

    /// What the lamps of a signal show that follows traffic; none of one that the clock rules.
    fn lamps_by_traffic(&self, signal: u32) -> Option<&[Lamp]>;

    /// Puts what every lamp shows into a list in place of what stood there: signal by signal, lamp by lamp.
    fn lamps_at(&self, into: &mut Vec<Lamp>) {
        into.clear();
        for (number, signal) in (0..).zip(&self.network().signals) {
            let by_clock = || {
                // As in the simulations: rounding must not show the phase before.
                let (phase, _) = signal.program.phase_at(self.time_s() + 1e-9);
                &signal.program.phases()[phase].lamps[..]
            };
            into.extend_from_slice(self.lamps_by_traffic(number).unwrap_or_else(by_clock));
        }
    }
}

/// Sorts vehicles lane by lane, the front one first.
pub(super) fn sort(vehicles: &mut [VehicleAt]) {
    vehicles.sort_unstable_by(|a, b| {
        a.lane.cmp(&b.lane).then(b.position_m.total_cmp(&a.position_m)).then(a.trip.cmp(&b.trip))
    });
}

//! Turns: from which street to which.

use super::recorder::Spent;
use crate::traffic::drivers::NONE;
use crate::traffic::network::LaneNetwork;

/// Sums over the vehicles that have made a turn, in the bin in which they entered the street behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TurnBin {
    /// How many have.
    pub vehicles: f64,
    /// Their time on the street before and inside the junction, in seconds.
    pub time_s: f64,
    /// What they lost there against the speed that each driver wants, in seconds.
    pub delay_s: f64,
    /// How often they came to a stand there.
    pub stops: f64,
    /// The part of the time inside the junction, in seconds. With [`super::StreetBin::time_s`] it makes up all time on the road: so
    /// that of vehicles still inside when the run ends counts here too.
    pub inside_time_s: f64,
    /// The part of what they lost inside the junction, in seconds.
    pub inside_delay_s: f64,
    /// The time that they stood inside the junction, in seconds.
    pub inside_standing_s: f64,
    /// How often they came to a stand inside the junction.
    pub inside_stops: f64,
    /// Distance driven inside the junction, in metres.
    pub inside_driven_m: f64,
}

impl TurnBin {
    /// What making the turn cost on average against driving as one likes, street before included, in seconds; none where
    /// nobody did.
    #[must_use]
    pub fn mean_delay_s(&self) -> Option<f64> {
        (self.vehicles > 0.0).then(|| self.delay_s / self.vehicles)
    }

    /// Adds another bin of the same turn, or another turn in the same bin.
    pub fn add(&mut self, other: &Self) {
        self.vehicles += other.vehicles;
        self.time_s += other.time_s;
        self.delay_s += other.delay_s;
        self.stops += other.stops;
        self.inside_time_s += other.inside_time_s;
        self.inside_delay_s += other.inside_delay_s;
        self.inside_standing_s += other.inside_standing_s;
        self.inside_stops += other.inside_stops;
        self.inside_driven_m += other.inside_driven_m;
    }

    /// Adds what a vehicle has spent inside the junction.
    pub(super) fn spend_inside(&mut self, spent: &Spent) {
        self.inside_time_s += spent.time_s;
        self.inside_delay_s += spent.delay_s;
        self.inside_standing_s += spent.standing_s;
        self.inside_stops += spent.stops;
        self.inside_driven_m += spent.driven_m;
    }
}

/// The turns of a network, sorted, and the one that each passage leads to; none for passages inside and out of junctions.
pub(super) fn turns(network: &LaneNetwork) -> (Vec<(u32, u32)>, Vec<u32>) {
    let street = |lane: u32| network.lanes.get(lane as usize).and_then(|lane| lane.street);
    let pairs =
        network.passages.iter().map(|passage| street(passage.from_lane).map(|from| (from, passage.exit_street)));
    let pairs: Vec<Option<(u32, u32)>> = pairs.collect();
    let mut turns: Vec<(u32, u32)> = pairs.iter().copied().flatten().collect();
    turns.sort_unstable();
    turns.dedup();
    let row = |pair: &(u32, u32)| turns.binary_search(pair).map_or(NONE, |row| row as u32);
    let rows = pairs.iter().map(|pair| pair.as_ref().map_or(NONE, row)).collect();
    (turns, rows)
}

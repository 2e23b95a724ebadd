//! All results of a run.

use super::{CrossingBin, StreetBin, TimeBins, TurnBin};
use crate::vehicles::VehicleClass;

/// What came out of a run: sums by bin, for streets and for turns. Bins in which nothing happened any more are not there.
#[derive(Clone, Debug, PartialEq)]
pub struct TrafficResults {
    /// The bins.
    pub bins: TimeBins,
    /// How many there are.
    pub bin_count: usize,
    /// How many streets the network has.
    pub street_count: usize,
    /// Whether vehicles were simulated. A static equilibrium knows nothing of standing, stops and queues: all of
    /// these are 0 in its tables, which then says nothing.
    pub knows_queues: bool,
    /// By bin, then by street.
    pub streets: Vec<StreetBin>,
    /// The classes of the vehicles, in the order of their numbers.
    pub classes: Vec<VehicleClass>,
    /// Vehicles that came onto the street, [from another](StreetBin::entered) or [to begin a trip](StreetBin::departed): by bin,
    /// then by street, then by class.
    pub entered_by_class: Vec<f64>,
    /// Streets between which one can turn, from and to; sorted.
    pub turns: Vec<(u32, u32)>,
    /// By bin, then by turn.
    pub turn_bins: Vec<TurnBin>,
    /// How many crossings on foot the network has.
    pub crossing_count: usize,
    /// By bin, then by crossing.
    pub crossing_bins: Vec<CrossingBin>,
}

impl TrafficResults {
    /// A street in a bin; both must be there.
    #[must_use]
    pub fn street(&self, bin: usize, street: usize) -> &StreetBin {
        &self.streets[bin * self.street_count + street]
    }

    /// Vehicles that came onto a street in a bin, by class.
    #[must_use]
    pub fn entered_by_class(&self, bin: usize, street: usize) -> &[f64] {
        let start = (bin * self.street_count + street) * self.classes.len();
        &self.entered_by_class[start..start + self.classes.len()]
    }

    /// A turn, by its row, in a bin.
    #[must_use]
    pub fn turn(&self, bin: usize, turn: usize) -> &TurnBin {
        &self.turn_bins[bin * self.turns.len() + turn]
    }

    /// A crossing on foot in a bin; both must be there.
    #[must_use]
    pub fn crossing(&self, bin: usize, crossing: usize) -> &CrossingBin {
        &self.crossing_bins[bin * self.crossing_count + crossing]
    }

    /// A crossing on foot over all bins.
    #[must_use]
    pub fn whole_crossing(&self, crossing: usize) -> CrossingBin {
        let mut whole = CrossingBin::default();
        (0..self.bin_count).for_each(|bin| whole.add(self.crossing(bin, crossing)));
        whole
    }

    /// The row of the turn from one street to another, if one can turn there.
    #[must_use]
    pub fn turn_row(&self, from: u32, to: u32) -> Option<usize> {
        self.turns.binary_search(&(from, to)).ok()
    }

    /// A street over all bins.
    #[must_use]
    pub fn whole_street(&self, street: usize) -> StreetBin {
        let mut whole = StreetBin::default();
        (0..self.bin_count).for_each(|bin| whole.add(self.street(bin, street)));
        whole
    }

    /// A turn over all bins.
    #[must_use]
    pub fn whole_turn(&self, turn: usize) -> TurnBin {
        let mut whole = TurnBin::default();
        (0..self.bin_count).for_each(|bin| whole.add(self.turn(bin, turn)));
        whole
    }
}

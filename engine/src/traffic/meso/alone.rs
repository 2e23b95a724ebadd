//! Where a vehicle would be if nobody were ahead of it, reconstructed from when it came onto its lane and when it can be at its end.
//!
//! It goes through the junction, then along the lane, and accelerates uniformly to the speed that it keeps: the same `travel` as
//! in the simulation, solved for the speed at which it came. To a stop it drives evenly.

use super::queues::VehicleRow;
use super::simulation::Meso;
use crate::traffic::drivers::NONE;

/// Where somebody would be if it were alone, and how far back it may be held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alone {
    pub(super) position_m: f64,
    /// It is at least there, others or not: where it began, or has stopped.
    pub(super) floor_m: f64,
    /// Whether others may be behind that and yet ahead in the queue, so that it waits aside for them.
    pub(super) waits_aside: bool,
}

impl Meso<'_> {
    /// Where somebody would be at a time if it were alone, from the beginning of its lane: negative in the junction before it.
    pub(super) fn alone(&self, vehicle: u32, lane: u32, at_s: f64) -> Alone {
        let row = self.queues.vehicle(vehicle);
        let kind = self.kind(vehicle);
        let (_, cruising_mps) = self.speeds_mps(vehicle, lane);
        let end_m = self.way_end_m(vehicle, lane);
        let from_m = (end_m - row.way_m).max(0.0);
        if at_s < row.entered_s {
            let way_m = self.inside_m(row);
            let crossing_s = f64::from(row.crossing_s);
            let (_, inside_mps) = self.speeds_mps(vehicle, if row.came_by == NONE { lane } else { row.came_by });
            let covered_m = kind.covered_of_m(way_m, crossing_s, at_s - (row.entered_s - crossing_s), inside_mps);
            let floor_m = from_m - way_m;
            return Alone { position_m: floor_m + covered_m, floor_m, waits_aside: false };
        }
        let waits_aside = row.came_by == NONE;
        let floor_m = if waits_aside { from_m } else { -self.inside_m(row) };
        if row.dwell_s > 0.0 {
            let leaves_s = self.leaves_stop_s(vehicle, row);
            let stop_m = self.stop_m(row).clamp(from_m, end_m.max(from_m));
            let comes_s = leaves_s - row.dwell_s;
            if at_s < comes_s {
                let share = (at_s - row.entered_s) / (comes_s - row.entered_s);
                return Alone { position_m: from_m + share * (stop_m - from_m), floor_m, waits_aside };
            }
            let covered_m = kind.covered_m((at_s - leaves_s).max(0.0), 0.0, cruising_mps);
            return Alone { position_m: (stop_m + covered_m).min(end_m), floor_m: stop_m, waits_aside: true };
        }
        let covered_m =
            kind.covered_of_m(row.way_m, row.earliest_s - row.entered_s, at_s - row.entered_s, cruising_mps);
        Alone { position_m: from_m + covered_m, floor_m, waits_aside }
    }

    /// Where on its lane a vehicle's way ends, in metres.
    pub(super) fn way_end_m(&self, vehicle: u32, lane: u32) -> f64 {
        let row = &self.network.lanes[lane as usize];
        let ends_here = row.street.is_some() && self.queues.vehicle(vehicle).toward == NONE;
        match self.demand.trips[vehicle as usize].arrival_position_m {
            Some(end_m) if ends_here => end_m.min(row.length_m),
            _ => row.length_m,
        }
    }

    /// Where the stop is at which a vehicle stands, or has stood, on its lane.
    pub(super) fn stop_m(&self, row: &VehicleRow) -> f64 {
        let stop = row.next_stop.checked_sub(1).and_then(|last| self.demand.stops.get(last as usize));
        stop.map_or(0.0, |stop| stop.end_m)
    }

    /// When a vehicle leaves the stop on its lane.
    pub(super) fn leaves_stop_s(&self, vehicle: u32, row: &VehicleRow) -> f64 {
        let (_, cruising_mps) = self.speeds_mps(vehicle, row.lane);
        let way_m = (self.way_end_m(vehicle, row.lane) - self.stop_m(row)).max(0.0);
        row.earliest_s - self.kind(vehicle).travel(way_m, 0.0, cruising_mps).0
    }

    /// The length of the way through the junction by which a vehicle came, in metres.
    pub(super) fn inside_m(&self, row: &VehicleRow) -> f64 {
        if row.came_by < self.network.street_lane_count || row.came_by == NONE || self.is_queue(row.came_by) {
            0.0
        } else {
            self.network.lanes[row.came_by as usize].length_m
        }
    }
}

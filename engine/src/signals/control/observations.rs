//! What a control is told of the traffic.

/// What detectors see at one time. Lanes and lanes behind the junction are numbered by whoever made the control; what lies
/// beyond the end of a slice counts as empty, and so does what is no number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Observations<'a> {
    /// The lanes that lead to the junction.
    pub lanes: &'a [LaneObservation],
    /// Vehicles on each lane, or group of lanes, that leads away from the junction.
    pub downstream_veh: &'a [f64],
    /// Buses that ask for green.
    pub buses: &'a [BusObservation],
}

/// What is seen on one lane before the junction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneObservation {
    /// Seconds since a vehicle was last over the detector: 0 while one is, infinite where none ever was.
    pub since_vehicle_s: f64,
    /// Vehicles that stand or approach between the detector's range and the stop line.
    pub queue_veh: f64,
}

impl LaneObservation {
    /// Nobody, ever.
    pub const EMPTY: Self = Self { since_vehicle_s: f64::INFINITY, queue_veh: 0.0 };
}

/// A bus that has not passed the stop line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BusObservation {
    /// The lamp that it needs green, from 0.
    pub lamp: u32,
    /// Seconds until it reaches the stop line if nothing stops it before.
    pub arrival_s: f64,
}

impl Observations<'_> {
    /// Vehicles on a lane before the junction.
    pub(super) fn before_veh(&self, lane: u32) -> f64 {
        self.lanes.get(lane as usize).map_or(0.0, |lane| count(lane.queue_veh))
    }

    /// Vehicles behind the junction.
    pub(super) fn behind_veh(&self, place: u32) -> f64 {
        self.downstream_veh.get(place as usize).map_or(0.0, |&vehicles| count(vehicles))
    }

    /// The time since the last vehicle at any of some detectors, infinite where none ever passed.
    pub(super) fn since_vehicle_s(&self, detectors: &[u32]) -> f64 {
        let since_s = |&lane: &u32| self.lanes.get(lane as usize).map_or(f64::INFINITY, |lane| lane.since_vehicle_s);
        detectors.iter().map(since_s).filter(|since_s| *since_s >= 0.0).fold(f64::INFINITY, f64::min)
    }
}

fn count(vehicles: f64) -> f64 {
    if vehicles.is_finite() { vehicles.max(0.0) } else { 0.0 }
}

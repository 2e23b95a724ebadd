//! What outputs ask of a simulation, whichever it is.

use engine::traffic::meso::Meso;
use engine::traffic::micro::{DepartedTrip, FinishedTrip, Micro};
use engine::traffic::results::{LoopPassing, TrafficResults};

/// A simulation that has run.
pub trait Simulation {
    /// Whether nobody changes its route on the way.
    const KEEPS_ROUTES: bool;
    /// When it ended, in seconds.
    fn end_s(&self) -> f64;
    /// Trips that have begun.
    fn departed(&self) -> &[DepartedTrip];
    /// Trips that have ended, in the order in which they did.
    fn finished(&self) -> &[FinishedTrip];
    /// Row of the vehicle type that drives a trip.
    fn vehicle_type(&self, trip: u32) -> u32;
    /// The desired speed of its driver over the speed limit.
    fn speed_factor(&self, trip: u32) -> f64;
    /// Results, if they were recorded.
    fn results(&self) -> Option<TrafficResults>;
    /// Who passed over the loops that were watched.
    fn passings(&self) -> &[LoopPassing];
}

macro_rules! simulation {
    ($simulation:ident, keeps routes: $keeps_routes:literal) => {
        impl Simulation for $simulation<'_> {
            const KEEPS_ROUTES: bool = $keeps_routes;
            fn end_s(&self) -> f64 {
                self.time_s()
            }
            fn departed(&self) -> &[DepartedTrip] {
                self.departed()
            }
            fn finished(&self) -> &[FinishedTrip] {
                self.finished()
            }
            fn vehicle_type(&self, trip: u32) -> u32 {
                self.vehicle_type(trip)
            }
            fn speed_factor(&self, trip: u32) -> f64 {
                self.speed_factor(trip)
            }
            fn results(&self) -> Option<TrafficResults> {
                self.results()
            }
            fn passings(&self) -> &[LoopPassing] {
                self.passings()
            }
        }
    };
}

simulation!(Micro, keeps routes: false);
simulation!(Meso, keeps routes: false);

//! The demand of a day: vehicles between zones and gates by period, and the trips of people.

use super::Matrix;
use super::parameters::{Mode, TripPurpose};

/// Trips of people in one period, by purpose (rows, [`TripPurpose::ALL`]) and mode (columns, [`Mode::ALL`]).
pub type PersonTrips = [[f64; Mode::ALL.len()]; TripPurpose::ALL.len()];

/// Cars between zones and gates, in vehicles an hour, by where the driver lives: what a rule that spares residents needs.
#[derive(Clone, Debug, PartialEq)]
pub struct CarTrips {
    /// Driven by people who live where the trip begins.
    pub home_at_origin: Matrix,
    /// Driven by people who live where the trip ends.
    pub home_at_destination: Matrix,
    /// Driven by people who live elsewhere or of whom it is not known: outsiders, business trips, through traffic.
    pub home_elsewhere: Matrix,
}

impl CarTrips {
    pub(super) fn zeros(size: usize) -> Self {
        let zeros = || Matrix::zeros(size);
        Self { home_at_origin: zeros(), home_at_destination: zeros(), home_elsewhere: zeros() }
    }

    /// All cars.
    #[must_use]
    pub fn total(&self) -> Matrix {
        let mut total = self.home_elsewhere.clone();
        total.add_scaled(&self.home_at_origin, 1.0);
        total.add_scaled(&self.home_at_destination, 1.0);
        total
    }

    /// The cars of people who live inside an area, and all others. `inside` says for each zone and gate which share of its
    /// residents lives inside, 0 to 1.
    ///
    /// # Panics
    /// Where `inside` does not name every zone and gate.
    #[must_use]
    pub fn split_by_home(&self, inside: &[f64]) -> (Matrix, Matrix) {
        let size = self.home_elsewhere.size();
        assert_eq!(inside.len(), size, "a share for every zone and gate");
        let residents = Matrix::from_fn(size, |origin, destination| {
            self.home_at_origin.at(origin, destination) * inside[origin]
                + self.home_at_destination.at(origin, destination) * inside[destination]
        });
        let others = Matrix::from_fn(size, |origin, destination| {
            self.home_at_origin.at(origin, destination) * (1.0 - inside[origin])
                + self.home_at_destination.at(origin, destination) * (1.0 - inside[destination])
                + self.home_elsewhere.at(origin, destination)
        });
        (residents, others)
    }
}

/// The demand of one period. Matrices are over the zones and then the gates; trips inside a zone stand on the diagonal.
#[derive(Clone, Debug, PartialEq)]
pub struct PeriodDemand {
    /// Name of the period.
    pub name: String,
    /// Its length in hours.
    pub duration_h: f64,
    /// Cars, in vehicles an hour.
    pub cars: CarTrips,
    /// Vans, in vehicles an hour.
    pub vans: Matrix,
    /// Heavy vehicles, in vehicles an hour.
    pub heavy_vehicles: Matrix,
    /// Motorcycles, in vehicles an hour.
    pub motorcycles: Matrix,
    /// Trips of people inside the city in the whole period.
    pub person_trips: PersonTrips,
}

/// The demand of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// How many of the places are zones; the rest are gates.
    pub zone_count: usize,
    /// Each period, in the order of the day plan.
    pub periods: Vec<PeriodDemand>,
}

impl Demand {
    /// Trips of people inside the city in the whole day.
    #[must_use]
    pub fn daily_person_trips(&self) -> PersonTrips {
        let mut daily = PersonTrips::default();
        for period in &self.periods {
            for (sums, trips) in daily.iter_mut().flatten().zip(period.person_trips.iter().flatten()) {
                *sums += trips;
            }
        }
        daily
    }

    /// Vehicles of a day from each place to each other that `matrix` picks of every period.
    #[must_use]
    pub fn daily_vehicles(&self, matrix: impl Fn(&PeriodDemand) -> Matrix) -> Matrix {
        let mut daily = Matrix::zeros(self.periods.first().map_or(0, |period| period.vans.size()));
        for period in &self.periods {
            daily.add_scaled(&matrix(period), period.duration_h);
        }
        daily
    }

    /// Share of each mode in the trips of people inside the city, in the order of [`Mode::ALL`].
    #[must_use]
    pub fn mode_shares(&self) -> [f64; Mode::ALL.len()] {
        let trips = self.daily_person_trips();
        let all: f64 = trips.iter().flatten().sum();
        std::array::from_fn(|mode| trips.iter().map(|purpose| purpose[mode]).sum::<f64>() / all)
    }
}

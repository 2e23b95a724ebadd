//! The visitors of an event: cars that come to one place before it begins and go back after it ends.
//!
//! They come from everywhere, in proportion to the cars of a day that leave each zone and gate for the zones: as people
//! drive in this city, whatever the event. So nobody comes who only passes through. Left out: that more come from near than
//! from far, who comes otherwise than by car, what the visitors would have done instead.

use super::{Demand, PeriodDemand};

/// Cars that an event adds while its visitors come or go.
#[derive(Clone, Debug, PartialEq)]
pub struct Visitors {
    /// The zone of the event.
    pub zone: usize,
    /// Vehicles an hour that come to it.
    pub arriving_vph: f64,
    /// Vehicles an hour that leave it.
    pub leaving_vph: f64,
}

impl Demand {
    /// Where the visitors of an event live: a share for every zone and gate, which sum to 1; all 0 where nobody drives.
    #[must_use]
    pub fn visitors_homes(&self) -> Vec<f64> {
        let daily = self.daily_vehicles(|period| period.cars.total());
        let mut shares: Vec<f64> =
            (0..daily.size()).map(|origin| daily.row(origin)[..self.zone_count].iter().sum()).collect();
        let total: f64 = shares.iter().sum();
        if total > 0.0 {
            shares.iter_mut().for_each(|share| *share /= total);
        }
        shares
    }
}

impl PeriodDemand {
    /// The demand with the visitors of an event, whose homes are as in [`Demand::visitors_homes`].
    ///
    /// # Panics
    /// Where the zone is none, or `homes` does not name every zone and gate.
    #[must_use]
    pub fn with_visitors(&self, homes: &[f64], visitors: &Visitors) -> Self {
        assert_eq!(homes.len(), self.vans.size(), "a share for every zone and gate");
        let mut demand = self.clone();
        for (home, share) in homes.iter().enumerate() {
            *demand.cars.home_at_origin.at_mut(home, visitors.zone) += visitors.arriving_vph * share;
            *demand.cars.home_at_destination.at_mut(visitors.zone, home) += visitors.leaving_vph * share;
        }
        demand
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::{CarTrips, Matrix, PersonTrips};

    /// Two zones and a gate; from the gate 100 cars pass to itself, which no visitor does.
    fn demand() -> Demand {
        let cars = Matrix::from_values(vec![10.0, 20.0, 5.0, 30.0, 0.0, 5.0, 40.0, 0.0, 100.0]);
        let zeros = || Matrix::zeros(3);
        let period = PeriodDemand {
            name: "day".into(),
            duration_h: 24.0,
            cars: CarTrips { home_at_origin: zeros(), home_at_destination: zeros(), home_elsewhere: cars },
            vans: zeros(),
            heavy_vehicles: zeros(),
            motorcycles: zeros(),
            person_trips: PersonTrips::default(),
        };
        Demand { zone_count: 2, periods: vec![period] }
    }

    #[test]
    fn visitors_come_from_where_cars_come_from() {
        let shares = demand().visitors_homes();
        assert_eq!(shares, [0.3, 0.3, 0.4]);
    }

    #[test]
    fn whoever_comes_goes_back() {
        let (demand, visitors) = (demand(), Visitors { zone: 1, arriving_vph: 200.0, leaving_vph: 200.0 });
        let before = &demand.periods[0];
        let after = before.with_visitors(&demand.visitors_homes(), &visitors);
        let more = |a: &Matrix, b: &Matrix| a.total() - b.total();
        assert!((more(&after.cars.total(), &before.cars.total()) - 400.0).abs() < 1e-9);
        assert!((after.cars.home_at_origin.column_sums()[1] - 200.0).abs() < 1e-9);
        assert_eq!(after.cars.home_at_origin.transposed(), after.cars.home_at_destination);
        assert_eq!(after.vans, before.vans);
    }
}

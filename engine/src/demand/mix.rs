//! A demand with other shares of vehicle classes.
//!
//! Goods vehicles are multiplied: there are more or fewer of them. Cars are moved: the share of them that is named becomes
//! motorcycles, trip by trip, so that as many trips are made as before. Every period and every pair of zones and gates is
//! changed alike. Left out: that vehicles that cease are replaced by others.

use super::parameters::{Mode, TripPurpose};
use super::{Demand, Matrix, PeriodDemand};

/// How the shares of vehicle classes differ from those of a demand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VehicleMix {
    /// How many times as many heavy vehicles; not negative.
    pub heavy_vehicles_factor: f64,
    /// How many times as many vans; not negative.
    pub vans_factor: f64,
    /// The share of the trips by car that is made by motorcycle instead, 0 to 1.
    pub cars_to_motorcycles_share: f64,
}

impl Default for VehicleMix {
    /// As it is.
    fn default() -> Self {
        Self { heavy_vehicles_factor: 1.0, vans_factor: 1.0, cars_to_motorcycles_share: 0.0 }
    }
}

impl Demand {
    /// The demand with those shares.
    #[must_use]
    pub fn with_mix(&self, mix: &VehicleMix) -> Self {
        Self { zone_count: self.zone_count, periods: self.periods.iter().map(|period| period.with_mix(mix)).collect() }
    }
}

impl PeriodDemand {
    fn with_mix(&self, mix: &VehicleMix) -> Self {
        let mut mixed = self.clone();
        let scale = |matrix: &mut Matrix, factor: f64| *matrix = matrix.map(|vehicles| vehicles * factor);
        scale(&mut mixed.heavy_vehicles, mix.heavy_vehicles_factor);
        scale(&mut mixed.vans, mix.vans_factor);
        let share = mix.cars_to_motorcycles_share;
        mixed.motorcycles.add_scaled(&self.cars.total(), share);
        for cars in
            [&mut mixed.cars.home_at_origin, &mut mixed.cars.home_at_destination, &mut mixed.cars.home_elsewhere]
        {
            scale(cars, 1.0 - share);
        }
        for purpose in TripPurpose::ALL {
            let trips = &mut mixed.person_trips[purpose as usize];
            let moved = trips[Mode::CarDriver as usize] * share;
            trips[Mode::CarDriver as usize] -= moved;
            trips[Mode::Motorcycle as usize] += moved;
        }
        mixed
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::demand::CarTrips;

    fn period(numbers: &[f64]) -> PeriodDemand {
        let matrix = |from: usize| Matrix::from_values(numbers[from..from + 4].to_vec());
        let mut person_trips = super::super::PersonTrips::default();
        person_trips[0][Mode::CarDriver as usize] = numbers[0];
        PeriodDemand {
            name: "day".into(),
            duration_h: 24.0,
            cars: CarTrips { home_at_origin: matrix(0), home_at_destination: matrix(4), home_elsewhere: matrix(8) },
            vans: matrix(12),
            heavy_vehicles: matrix(16),
            motorcycles: matrix(20),
            person_trips,
        }
    }

    proptest! {
        #[test]
        fn who_changes_from_car_to_motorcycle_still_makes_the_trip(
            numbers in proptest::collection::vec(0.0..1000.0, 24),
            share in 0.0..=1.0,
        ) {
            let before = Demand { zone_count: 2, periods: vec![period(&numbers)] };
            let after = before.with_mix(&VehicleMix { cars_to_motorcycles_share: share, ..VehicleMix::default() });
            let (before, after) = (&before.periods[0], &after.periods[0]);
            for cell in 0..4 {
                let (from, to) = (cell / 2, cell % 2);
                let sum = |period: &PeriodDemand| period.cars.total().at(from, to) + period.motorcycles.at(from, to);
                prop_assert!((sum(after) - sum(before)).abs() <= 1e-9 * (1.0 + sum(before)));
            }
            prop_assert_eq!(&after.vans, &before.vans);
            let trips = |period: &PeriodDemand| period.person_trips.iter().flatten().sum::<f64>();
            prop_assert!((trips(after) - trips(before)).abs() <= 1e-9 * (1.0 + trips(before)));
        }
    }

    #[test]
    fn goods_vehicles_are_as_many_times_as_many() {
        let numbers: Vec<f64> = (0..24).map(f64::from).collect();
        let before = Demand { zone_count: 2, periods: vec![period(&numbers)] };
        let mix = VehicleMix { heavy_vehicles_factor: 0.5, vans_factor: 2.0, ..VehicleMix::default() };
        let after = before.with_mix(&mix);
        assert_eq!(after.periods[0].heavy_vehicles.total(), before.periods[0].heavy_vehicles.total() / 2.0);
        assert_eq!(after.periods[0].vans.total(), before.periods[0].vans.total() * 2.0);
        assert_eq!(after.periods[0].cars, before.periods[0].cars);
        assert_eq!(before.with_mix(&VehicleMix::default()), before);
    }
}

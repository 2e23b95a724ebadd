//! Which vehicles drive: shares of the distance that each kind of vehicle covers, by fuel, size and Euro standard.
//!
//! Shares are of vehicle-kilometres, not of registered vehicles, and are alike all over the city and all day long: who drives
//! where does not hang on what they drive, except where a low-emission zone says so.

mod ageing;
mod vehicle_type;

use std::sync::Arc;

pub use ageing::{AGEING_MAX_YEARS, Ageing, AgeingError, Registration, Sales, aged};
pub use vehicle_type::{Carrier, EuroStandard, FLEET_KINDS, FleetKind, Fuel, VehicleType};

/// How far the shares of a kind may sum off 1.
const SHARES_TOLERANCE: f64 = 1e-6;

/// The vehicles of one kind that are alike, and the share of the kind's distance that they drive.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetShare {
    /// What they are.
    pub vehicle: VehicleType,
    /// Their share of the distance that their kind drives, between 0 and 1.
    pub share: f64,
}

/// The vehicles that drive in a city.
#[derive(Clone, Debug, PartialEq)]
pub struct Fleet(Vec<FleetShare>);

/// What is wrong with a fleet.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FleetError {
    /// A share is no share.
    #[error("the share of {vehicle} is {share}; it must be between 0 and 1")]
    Share {
        /// The vehicles.
        vehicle: VehicleType,
        /// Their share.
        share: f64,
    },
    /// Vehicles stand twice in it.
    #[error("{0} stands twice in the fleet; join its shares")]
    Twice(VehicleType),
    /// The shares of a kind are not the whole.
    #[error("the shares of the {}s sum to {sum}; they must sum to 1", .kind.name())]
    Sum {
        /// The kind.
        kind: FleetKind,
        /// What its shares sum to.
        sum: f64,
    },
}

impl Fleet {
    /// The fleet of these shares, in the order of its vehicle types. Every kind must be there.
    ///
    /// # Errors
    /// All faults: shares outside 0 to 1, types that stand twice, kinds whose shares do not sum to 1 (to within a millionth).
    pub fn new(mut shares: Vec<FleetShare>) -> Result<Self, Vec<FleetError>> {
        let mut faults = Vec::new();
        for FleetShare { vehicle, share } in &shares {
            if !(0.0..=1.0).contains(share) {
                faults.push(FleetError::Share { vehicle: vehicle.clone(), share: *share });
            }
        }
        shares.sort_by(|a, b| a.vehicle.cmp(&b.vehicle));
        for pair in shares.windows(2) {
            if pair[0].vehicle == pair[1].vehicle {
                faults.push(FleetError::Twice(pair[0].vehicle.clone()));
            }
        }
        for kind in FLEET_KINDS {
            let sum: f64 = shares.iter().filter(|row| row.vehicle.kind == kind).map(|row| row.share).sum();
            if (sum - 1.0).abs() > SHARES_TOLERANCE || sum.is_nan() {
                faults.push(FleetError::Sum { kind, sum });
            }
        }
        if faults.is_empty() { Ok(Self(shares)) } else { Err(faults) }
    }

    /// All shares, in the order of their types.
    #[must_use]
    pub fn shares(&self) -> &[FleetShare] {
        &self.0
    }

    /// The shares of one kind, in the order of their types; they sum to 1.
    pub fn of_kind(&self, kind: FleetKind) -> impl Iterator<Item = &FleetShare> {
        self.0.iter().filter(move |row| row.vehicle.kind == kind)
    }

    /// The share of a kind's distance that vehicles drive of which that holds.
    #[must_use]
    pub fn share_of(&self, kind: FleetKind, holds: impl Fn(&VehicleType) -> bool) -> f64 {
        self.of_kind(kind).filter(|row| holds(&row.vehicle)).map(|row| row.share).sum()
    }

    /// The fleet with that share of a kind's distance driven electrically, the rest as it is among itself; unchanged where the
    /// kind has no other vehicles to make room.
    ///
    /// # Errors
    /// [`FleetError::Share`] where the share is not between 0 and 1.
    pub fn with_electric_share(&self, kind: FleetKind, share: f64) -> Result<Self, FleetError> {
        let electric = VehicleType::electric(kind);
        if !(0.0..=1.0).contains(&share) {
            return Err(FleetError::Share { vehicle: electric, share });
        }
        let now = self.share_of(kind, |vehicle| *vehicle == electric);
        if now >= 1.0 {
            return Ok(self.clone());
        }
        let factor = (1.0 - share) / (1.0 - now);
        let mut shares: Vec<FleetShare> = self.0.iter().filter(|row| row.vehicle != electric).cloned().collect();
        for row in shares.iter_mut().filter(|row| row.vehicle.kind == kind) {
            row.share *= factor;
        }
        shares.push(FleetShare { vehicle: electric, share });
        shares.sort_by(|a, b| a.vehicle.cmp(&b.vehicle));
        Ok(Self(shares))
    }

    /// The fleet without the vehicles of which that holds: the others of their kind drive their distance, as they are among
    /// themselves. Kinds of which nothing is left keep what they have.
    #[must_use]
    pub fn without(&self, banned: impl Fn(&VehicleType) -> bool) -> Self {
        let mut shares = self.0.clone();
        for kind in FLEET_KINDS {
            let left = self.share_of(kind, |vehicle| !banned(vehicle));
            if left <= 0.0 {
                continue;
            }
            for row in shares.iter_mut().filter(|row| row.vehicle.kind == kind) {
                row.share = if banned(&row.vehicle) { 0.0 } else { row.share / left };
            }
        }
        Self(shares)
    }

    /// A fleet between this one and another: that share of the distance is the other's.
    #[must_use]
    pub fn mixed(&self, other: &Self, share_of_other: f64) -> Self {
        let mut shares: Vec<FleetShare> = self.0.clone();
        shares.iter_mut().for_each(|row| row.share *= 1.0 - share_of_other);
        for row in &other.0 {
            let added = row.share * share_of_other;
            match shares.iter_mut().find(|known| known.vehicle == row.vehicle) {
                Some(known) => known.share += added,
                None => shares.push(FleetShare { vehicle: row.vehicle.clone(), share: added }),
            }
        }
        shares.sort_by(|a, b| a.vehicle.cmp(&b.vehicle));
        Self(shares)
    }
}

/// A name of a size or technology, shared.
pub type Name = Arc<str>;

#[cfg(test)]
mod tests {
    use super::*;

    fn car(fuel: Fuel, standard: EuroStandard) -> VehicleType {
        VehicleType { kind: FleetKind::Car, fuel, segment: "medium".into(), standard, technology: "".into() }
    }

    /// A fleet of one type a kind, and cars as told.
    fn fleet(cars: &[(Fuel, EuroStandard, f64)]) -> Result<Fleet, Vec<FleetError>> {
        let others = FLEET_KINDS.into_iter().filter(|&kind| kind != FleetKind::Car);
        let others = others.map(|kind| FleetShare { vehicle: VehicleType::electric(kind), share: 1.0 });
        let cars = cars.iter().map(|&(fuel, standard, share)| FleetShare { vehicle: car(fuel, standard), share });
        Fleet::new(others.chain(cars).collect())
    }

    #[test]
    fn shares_that_do_not_sum_to_one_are_told_with_their_sum() {
        let told = fleet(&[(Fuel::Petrol, EuroStandard::Euro4, 0.6), (Fuel::Diesel, EuroStandard::Euro5, 0.3)]);
        let faults = told.unwrap_err();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].to_string(), "the shares of the cars sum to 0.8999999999999999; they must sum to 1");
    }

    #[test]
    fn shares_outside_zero_to_one_and_doubles_are_all_told() {
        let told = fleet(&[
            (Fuel::Petrol, EuroStandard::Euro4, -0.5),
            (Fuel::Diesel, EuroStandard::Euro5, f64::NAN),
            (Fuel::Diesel, EuroStandard::Euro5, 0.5),
        ]);
        assert_eq!(told.unwrap_err().len(), 4);
    }

    #[test]
    fn an_electric_share_leaves_the_others_as_they_are_among_themselves() {
        let before =
            fleet(&[(Fuel::Petrol, EuroStandard::Euro4, 0.6), (Fuel::Diesel, EuroStandard::Euro5, 0.4)]).unwrap();
        let after = before.with_electric_share(FleetKind::Car, 0.25).unwrap();
        let share = |fuel| after.share_of(FleetKind::Car, |vehicle| vehicle.fuel == fuel);
        assert!((share(Fuel::Petrol) - 0.45).abs() < 1e-12);
        assert!((share(Fuel::Diesel) - 0.3).abs() < 1e-12);
        assert!((share(Fuel::Electric) - 0.25).abs() < 1e-12);
        let again = after.with_electric_share(FleetKind::Car, 0.0).unwrap();
        assert!((again.share_of(FleetKind::Car, |vehicle| vehicle.fuel == Fuel::Petrol) - 0.6).abs() < 1e-12);
        assert!(before.with_electric_share(FleetKind::Car, 1.5).is_err());
    }

    #[test]
    fn who_is_banned_is_replaced_by_the_others_of_the_kind() {
        let before = fleet(&[
            (Fuel::Petrol, EuroStandard::Euro4, 0.5),
            (Fuel::Diesel, EuroStandard::Euro3, 0.3),
            (Fuel::Diesel, EuroStandard::Euro6d, 0.2),
        ]);
        let after = before.unwrap().without(|vehicle| vehicle.standard < EuroStandard::Euro4);
        assert!((after.share_of(FleetKind::Car, |vehicle| vehicle.fuel == Fuel::Diesel) - 0.2 / 0.7).abs() < 1e-12);
        assert_eq!(after.share_of(FleetKind::Car, |vehicle| vehicle.standard == EuroStandard::Euro3), 0.0);
    }

    #[test]
    fn a_mixture_of_two_fleets_still_sums_to_one() {
        let one = fleet(&[(Fuel::Petrol, EuroStandard::Euro4, 1.0)]).unwrap();
        let other = fleet(&[(Fuel::Diesel, EuroStandard::Euro5, 1.0)]).unwrap();
        let mixed = one.mixed(&other, 0.3);
        assert!((mixed.share_of(FleetKind::Car, |_| true) - 1.0).abs() < 1e-12);
        assert!((mixed.share_of(FleetKind::Car, |vehicle| vehicle.fuel == Fuel::Diesel) - 0.3).abs() < 1e-12);
        assert!(Fleet::new(mixed.shares().to_vec()).is_ok());
    }
}

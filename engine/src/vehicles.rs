//! The fixed registry of vehicle classes.
//!
//! The list is part of the file formats: classes are neither added nor renumbered by a city or a scenario. What a class
//! weighs in traffic and what its time is worth are parameters ([`VehicleParameters`]) and come from a file that
//! names their source.

use serde::{Deserialize, Serialize};

/// A class of road user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum VehicleClass {
    /// Car of somebody who lives inside the area that a rule names.
    ResidentCar = 0,
    /// Any other car.
    OtherCar = 1,
    /// Car with a permit that exempts it from a limited-traffic zone (care, disability, delivery permit).
    ExemptCar = 2,
    /// Light goods vehicle up to 3.5 t.
    Van = 3,
    /// Goods vehicle over 3.5 t.
    HeavyVehicle = 4,
    /// Public bus.
    Bus = 5,
    /// Motorcycle or moped.
    Motorcycle = 6,
    /// Bicycle.
    Bicycle = 7,
    /// Pedestrian.
    Pedestrian = 8,
}

impl VehicleClass {
    /// Every class, in the order of its number.
    pub const ALL: [Self; 9] = [
        Self::ResidentCar,
        Self::OtherCar,
        Self::ExemptCar,
        Self::Van,
        Self::HeavyVehicle,
        Self::Bus,
        Self::Motorcycle,
        Self::Bicycle,
        Self::Pedestrian,
    ];

    /// The word used in files and scenarios.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ResidentCar => "resident_car",
            Self::OtherCar => "other_car",
            Self::ExemptCar => "exempt_car",
            Self::Van => "van",
            Self::HeavyVehicle => "heavy_vehicle",
            Self::Bus => "bus",
            Self::Motorcycle => "motorcycle",
            Self::Bicycle => "bicycle",
            Self::Pedestrian => "pedestrian",
        }
    }

    /// The class of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

/// A set of vehicle classes.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassSet(u16);

impl ClassSet {
    /// No class.
    pub const NONE: Self = Self(0);
    /// Every class.
    pub const ALL: Self = Self(0b1_1111_1111);
    /// Resident, other and exempt cars.
    pub const CARS: Self = Self(0b0_0000_0111);
    /// Everything with an engine: cars, vans, heavy vehicles, buses, motorcycles.
    pub const MOTOR: Self = Self(0b0_0111_1111);

    /// The set of the given classes.
    #[must_use]
    pub fn of(classes: &[VehicleClass]) -> Self {
        classes.iter().fold(Self::NONE, |set, &class| set.with(class))
    }

    /// The set from its bits (bit n stands for the class numbered n); bits of no class are dropped.
    #[must_use]
    pub fn from_bits(bits: u16) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// The set as bits.
    #[must_use]
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Whether the class is in the set.
    #[must_use]
    pub fn contains(self, class: VehicleClass) -> bool {
        self.0 & (1 << class as u8) != 0
    }

    /// The set and the class.
    #[must_use]
    pub fn with(self, class: VehicleClass) -> Self {
        Self(self.0 | (1 << class as u8))
    }

    /// The set without the class.
    #[must_use]
    pub fn without(self, class: VehicleClass) -> Self {
        Self(self.0 & !(1 << class as u8))
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether no class is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The classes in it, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = VehicleClass> {
        VehicleClass::ALL.into_iter().filter(move |&class| self.contains(class))
    }
}

impl std::fmt::Debug for ClassSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter().map(VehicleClass::name)).finish()
    }
}

impl Serialize for ClassSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for ClassSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<VehicleClass>::deserialize(deserializer).map(|classes| Self::of(&classes))
    }
}

/// What one class weighs in traffic and what its time is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VehicleParameters {
    /// Passenger-car units: the room in traffic that one vehicle takes, in cars. Positive, or 0 for those not on the carriageway.
    pub passenger_car_units: f64,
    /// Value of an hour of the vehicle's occupants, in euro. Turns tolls into time; positive.
    pub value_of_time_eur_ph: f64,
}

/// [`VehicleParameters`] of every class, indexed by class.
#[derive(Clone, Debug, PartialEq)]
pub struct VehicleRegistry([VehicleParameters; VehicleClass::ALL.len()]);

impl VehicleRegistry {
    /// The registry with the given parameters, in the order of [`VehicleClass::ALL`].
    #[must_use]
    pub fn new(parameters: [VehicleParameters; VehicleClass::ALL.len()]) -> Self {
        Self(parameters)
    }
}

impl std::ops::Index<VehicleClass> for VehicleRegistry {
    type Output = VehicleParameters;
    fn index(&self, class: VehicleClass) -> &VehicleParameters {
        &self.0[class as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_identify_a_class() {
        for (number, class) in VehicleClass::ALL.into_iter().enumerate() {
            assert_eq!(class as usize, number);
            assert_eq!(VehicleClass::from_name(class.name()), Some(class));
        }
        assert_eq!(VehicleClass::from_name("tank"), None);
    }

    #[test]
    fn sets_hold_what_was_put_in() {
        let set = ClassSet::of(&[VehicleClass::Bus, VehicleClass::Bicycle]);
        assert!(set.contains(VehicleClass::Bus) && !set.contains(VehicleClass::Van));
        assert_eq!(set.without(VehicleClass::Bus).iter().collect::<Vec<_>>(), [VehicleClass::Bicycle]);
        assert_eq!(ClassSet::ALL, ClassSet::of(&VehicleClass::ALL));
        assert_eq!(ClassSet::from_bits(u16::MAX), ClassSet::ALL);
    }
}

//! What a vehicle is, as far as emission factors tell vehicles apart.
//!
//! The words are those of the EMEP/EEA guidebook (chapter 1.A.3.b), written as in this project's files. Segments and technologies
//! are open lists: a factor file may bring its own.

use std::fmt;

use super::Name;

/// A kind of vehicle with an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum FleetKind {
    /// Passenger car.
    Car,
    /// Goods vehicle up to 3.5 t.
    Van,
    /// Goods vehicle over 3.5 t.
    HeavyVehicle,
    /// Motorcycle or moped.
    Motorcycle,
    /// Public bus.
    Bus,
}

/// Every kind.
pub const FLEET_KINDS: [FleetKind; 5] =
    [FleetKind::Car, FleetKind::Van, FleetKind::HeavyVehicle, FleetKind::Motorcycle, FleetKind::Bus];

impl FleetKind {
    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Car => "car",
            Self::Van => "van",
            Self::HeavyVehicle => "heavy_vehicle",
            Self::Motorcycle => "motorcycle",
            Self::Bus => "bus",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        FLEET_KINDS.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a vehicle is driven by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fuel {
    /// Petrol.
    Petrol,
    /// Diesel.
    Diesel,
    /// Liquefied petroleum gas.
    Lpg,
    /// Compressed natural gas.
    Cng,
    /// Petrol with an electric motor that is not charged from outside.
    PetrolHybrid,
    /// Diesel with an electric motor that is not charged from outside.
    DieselHybrid,
    /// Plug-in hybrid on petrol.
    PetrolPlugIn,
    /// Plug-in hybrid on petrol while it drives electrically.
    PetrolPlugInElectric,
    /// Plug-in hybrid on diesel.
    DieselPlugIn,
    /// Plug-in hybrid on diesel while it drives electrically.
    DieselPlugInElectric,
    /// Biodiesel.
    Biodiesel,
    /// Battery.
    Electric,
}

/// Every fuel.
const FUELS: [Fuel; 12] = [
    Fuel::Petrol,
    Fuel::Diesel,
    Fuel::Lpg,
    Fuel::Cng,
    Fuel::PetrolHybrid,
    Fuel::DieselHybrid,
    Fuel::PetrolPlugIn,
    Fuel::PetrolPlugInElectric,
    Fuel::DieselPlugIn,
    Fuel::DieselPlugInElectric,
    Fuel::Biodiesel,
    Fuel::Electric,
];

/// What comes out of the tank: what fuels differ by in carbon, density and energy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Carrier {
    /// Petrol.
    Petrol,
    /// Diesel, biodiesel too: its carbon is counted as diesel's.
    Diesel,
    /// Liquefied petroleum gas.
    Lpg,
    /// Natural gas.
    Cng,
    /// Electricity.
    Electricity,
}

impl Carrier {
    /// Every carrier, in the order of its number.
    pub const ALL: [Self; 5] = [Self::Petrol, Self::Diesel, Self::Lpg, Self::Cng, Self::Electricity];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Petrol => "petrol",
            Self::Diesel => "diesel",
            Self::Lpg => "lpg",
            Self::Cng => "cng",
            Self::Electricity => "electricity",
        }
    }

    /// Whether it is electricity.
    #[must_use]
    pub fn is_electric(self) -> bool {
        self == Self::Electricity
    }
}

impl Fuel {
    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Petrol => "petrol",
            Self::Diesel => "diesel",
            Self::Lpg => "lpg",
            Self::Cng => "cng",
            Self::PetrolHybrid => "petrol_hybrid",
            Self::DieselHybrid => "diesel_hybrid",
            Self::PetrolPlugIn => "petrol_plug_in",
            Self::PetrolPlugInElectric => "petrol_plug_in_electric",
            Self::DieselPlugIn => "diesel_plug_in",
            Self::DieselPlugInElectric => "diesel_plug_in_electric",
            Self::Biodiesel => "biodiesel",
            Self::Electric => "electric",
        }
    }

    /// The fuel of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        FUELS.into_iter().find(|fuel| fuel.name() == name)
    }

    /// Whether vehicles have nothing but a battery.
    #[must_use]
    pub fn is_battery(self) -> bool {
        self == Self::Electric
    }

    /// What comes out of the tank.
    #[must_use]
    pub fn carrier(self) -> Carrier {
        match self {
            Self::Petrol | Self::PetrolHybrid | Self::PetrolPlugIn => Carrier::Petrol,
            Self::Diesel | Self::DieselHybrid | Self::DieselPlugIn | Self::Biodiesel => Carrier::Diesel,
            Self::Lpg => Carrier::Lpg,
            Self::Cng => Carrier::Cng,
            Self::PetrolPlugInElectric | Self::DieselPlugInElectric | Self::Electric => Carrier::Electricity,
        }
    }
}

/// A European emission standard, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EuroStandard {
    /// Before Euro 1.
    Euro0,
    /// Before Euro 1, ECE 15/00-01.
    Ece1501,
    /// Before Euro 1, ECE 15/02.
    Ece1502,
    /// Before Euro 1, ECE 15/03.
    Ece1503,
    /// Before Euro 1, ECE 15/04.
    Ece1504,
    /// Euro 1 or I.
    Euro1,
    /// Euro 2 or II.
    Euro2,
    /// Euro 3 or III.
    Euro3,
    /// Euro 4 or IV.
    Euro4,
    /// Euro 5 or V.
    Euro5,
    /// Enhanced environmentally friendly vehicle, between V and VI.
    Eev,
    /// Euro 6 or VI without a letter.
    Euro6,
    /// Euro 6 a, b, c; VI A, B, C.
    Euro6abc,
    /// Euro 6d-temp.
    Euro6dTemp,
    /// Euro 6d.
    Euro6d,
    /// Euro VI D, E.
    Euro6de,
}

/// Every standard.
const STANDARDS: [EuroStandard; 16] = [
    EuroStandard::Euro0,
    EuroStandard::Ece1501,
    EuroStandard::Ece1502,
    EuroStandard::Ece1503,
    EuroStandard::Ece1504,
    EuroStandard::Euro1,
    EuroStandard::Euro2,
    EuroStandard::Euro3,
    EuroStandard::Euro4,
    EuroStandard::Euro5,
    EuroStandard::Eev,
    EuroStandard::Euro6,
    EuroStandard::Euro6abc,
    EuroStandard::Euro6dTemp,
    EuroStandard::Euro6d,
    EuroStandard::Euro6de,
];

impl EuroStandard {
    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Euro0 => "euro_0",
            Self::Ece1501 => "ece_15_01",
            Self::Ece1502 => "ece_15_02",
            Self::Ece1503 => "ece_15_03",
            Self::Ece1504 => "ece_15_04",
            Self::Euro1 => "euro_1",
            Self::Euro2 => "euro_2",
            Self::Euro3 => "euro_3",
            Self::Euro4 => "euro_4",
            Self::Euro5 => "euro_5",
            Self::Eev => "eev",
            Self::Euro6 => "euro_6",
            Self::Euro6abc => "euro_6abc",
            Self::Euro6dTemp => "euro_6d_temp",
            Self::Euro6d => "euro_6d",
            Self::Euro6de => "euro_6de",
        }
    }

    /// The standard of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        STANDARDS.into_iter().find(|standard| standard.name() == name)
    }

    /// The number of its generation, 0 to 6: what rules of low-emission zones go by.
    #[must_use]
    pub fn generation(self) -> u8 {
        match self {
            Self::Euro0 | Self::Ece1501 | Self::Ece1502 | Self::Ece1503 | Self::Ece1504 => 0,
            Self::Euro1 => 1,
            Self::Euro2 => 2,
            Self::Euro3 => 3,
            Self::Euro4 => 4,
            Self::Euro5 | Self::Eev => 5,
            Self::Euro6 | Self::Euro6abc | Self::Euro6dTemp | Self::Euro6d | Self::Euro6de => 6,
        }
    }
}

/// What a vehicle is, as far as emission factors tell vehicles apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VehicleType {
    /// Its kind.
    pub kind: FleetKind,
    /// What it is driven by.
    pub fuel: Fuel,
    /// Its size (`medium`, `n1_ii`, `rigid_7_5_to_12_t`, …); `all` for battery vehicles.
    pub segment: Name,
    /// Its standard; the newest for battery vehicles.
    pub standard: EuroStandard,
    /// How it is built (`gdi`, `dpf_scr`, …); empty where factors do not tell.
    pub technology: Name,
}

impl VehicleType {
    /// The battery vehicles of a kind.
    #[must_use]
    pub fn electric(kind: FleetKind) -> Self {
        Self {
            kind,
            fuel: Fuel::Electric,
            segment: "all".into(),
            standard: EuroStandard::Euro6de,
            technology: "".into(),
        }
    }
}

impl fmt::Display for VehicleType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, fuel, segment, standard, technology } = self;
        write!(f, "{} {} {segment} {}", kind.name(), fuel.name(), standard.name())?;
        if technology.is_empty() { Ok(()) } else { write!(f, " {technology}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_values_are_one_to_one() {
        for fuel in FUELS {
            assert_eq!(Fuel::from_name(fuel.name()), Some(fuel));
        }
        for standard in STANDARDS {
            assert_eq!(EuroStandard::from_name(standard.name()), Some(standard));
        }
        for kind in FLEET_KINDS {
            assert_eq!(FleetKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(Fuel::from_name("steam"), None);
    }

    #[test]
    fn standards_are_ordered_by_generation() {
        assert!(STANDARDS.windows(2).all(|pair| pair[0] < pair[1] && pair[0].generation() <= pair[1].generation()));
    }
}

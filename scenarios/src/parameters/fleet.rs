//! The fleet file: registered vehicles, how far each drives, how they age, what is sold.
//!
//! Shares of distance follow from vehicles times kilometres a year, by kind. A stock says its vehicles by standard, how they split
//! into segments, and how each standard is built where factors tell.

use std::collections::BTreeMap;

use engine::environment::fleet::{
    Ageing, EuroStandard, FLEET_KINDS, Fleet, FleetKind, FleetShare, Fuel, Registration, Sales, VehicleType,
};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::emissions::PerKind;
use super::entry::{Entry, Quantity, Shares};
use super::file::{ParameterFile, ParameterFileError, parse, whole_file};
use super::units::{Factor, Numbers, Share, Years};

/// The fleet file of the built-in city.
pub const FLEET: ParameterFile =
    ParameterFile { name: "fleet.toml", text: include_str!("../../parameters/fleet.toml") };

/// A city's fleet, and how it ages.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetParameters {
    /// The fleet of its year.
    pub fleet: Fleet,
    /// How it ages.
    pub ageing: Ageing,
}

/// The word for battery vehicles among standards and sales.
const ELECTRIC: &str = "electric";

/// Reads a fleet file.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_fleet(file: ParameterFile) -> Result<FleetParameters, ParameterFileError> {
    let told: FleetFile = parse(file)?;
    let fleet = Fleet::new(told.shares()).map_err(|faults| whole_file(file, &faults))?;
    let sales = told.sales().map_err(|fault| whole_file(file, &[fault]))?;
    let (scale, shape) = (told.survival.scale.0.numbers(), told.survival.shape.0.numbers());
    let ageing = Ageing {
        fleet_year: told.year,
        survival: std::array::from_fn(|kind| (scale[kind], shape[kind])),
        registrations: told.registered.registrations(),
        sales,
    };
    engine::environment::fleet::aged(&fleet, &ageing, told.year + 1).map_err(|fault| whole_file(file, &[fault]))?;
    Ok(FleetParameters { fleet, ageing })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FleetFile {
    #[expect(dead_code, reason = "read before, as what decides how the rest is read")]
    format: u32,
    year: i32,
    distance: DistanceTable,
    stock: Vec<Stock>,
    survival: SurvivalTable,
    registered: RegisteredTable,
    sales: Vec<SalesTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DistanceTable {
    by_generation: Quantity<Factor, [f64; 7]>,
    by_fuel: Quantity<Factor, BTreeMap<FuelWord, f64>>,
    plug_in_electric: Quantity<Share>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stock {
    kind: KindWord,
    fuel: FuelWord,
    vehicles: Vehicles,
    segments: Option<Shares<String>>,
    #[serde(default)]
    technologies: BTreeMap<StandardWord, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SurvivalTable {
    scale: Quantity<Years, PerKind>,
    shape: Quantity<Factor, PerKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisteredTable {
    light: Registered,
    heavy: Registered,
    motorcycle: Registered,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SalesTable {
    kind: KindWord,
    year: i32,
    shares: Shares<String>,
}

/// Declares a word of a file that stands for a value of the engine's.
macro_rules! words {
    ($($name:ident: $of:ty, $what:literal;)*) => {$(
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        struct $name($of);
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                let of = <$of>::from_name(&word);
                of.map(Self).ok_or_else(|| D::Error::custom(format!("'{word}' is no {}", $what)))
            }
        }
    )*};
}

words! {
    KindWord: FleetKind, "kind of vehicle (car, van, heavy_vehicle, motorcycle, bus)";
    FuelWord: Fuel, "fuel (petrol, diesel, lpg, cng, petrol_hybrid, diesel_hybrid, petrol_plug_in, diesel_plug_in, electric)";
    StandardWord: EuroStandard, "standard (euro_0 to euro_5, euro_6abc, euro_6d_temp, euro_6d, euro_6de)";
}

/// A standard, that of battery vehicles included.
fn standard<E: serde::de::Error>(word: &str) -> Result<EuroStandard, E> {
    if word == ELECTRIC {
        return Ok(VehicleType::electric(FleetKind::Car).standard);
    }
    EuroStandard::from_name(word).ok_or_else(|| E::custom(format!("'{word}' is no standard")))
}

/// Registered vehicles by standard.
struct Vehicles(BTreeMap<EuroStandard, f64>);

impl<'de> Deserialize<'de> for Vehicles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let by_word: BTreeMap<String, f64> = Entry::deserialize(deserializer)?.checked("vehicles")?;
        let mut by_standard = BTreeMap::new();
        for (word, vehicles) in by_word {
            if !(vehicles.is_finite() && vehicles >= 0.0) {
                return Err(D::Error::custom(format!("the vehicles of {word} are {vehicles}; they must be 0 or more")));
            }
            by_standard.insert(standard(&word)?, vehicles);
        }
        Ok(Self(by_standard))
    }
}

/// First and last year of registration by standard.
struct Registered(BTreeMap<EuroStandard, [i32; 2]>);

impl<'de> Deserialize<'de> for Registered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let by_word: BTreeMap<String, [i32; 2]> = Entry::deserialize(deserializer)?.checked("years")?;
        let mut by_standard = BTreeMap::new();
        for (word, [from, to]) in by_word {
            if !(1900..=2100).contains(&from) || !(from..=2100).contains(&to) {
                return Err(D::Error::custom(format!(
                    "the years {from} to {to} of {word} run backwards or are no years"
                )));
            }
            by_standard.insert(standard(&word)?, [from, to]);
        }
        Ok(Self(by_standard))
    }
}

impl RegisteredTable {
    fn registrations(&self) -> Vec<Registration> {
        let of_kind = |kind: FleetKind| {
            let years = match kind {
                FleetKind::Car | FleetKind::Van => &self.light,
                FleetKind::HeavyVehicle | FleetKind::Bus => &self.heavy,
                FleetKind::Motorcycle => &self.motorcycle,
            };
            years.0.iter().map(move |(&standard, &[from_year, to_year])| Registration {
                kind,
                standard,
                from_year,
                to_year,
            })
        };
        FLEET_KINDS.into_iter().flat_map(of_kind).collect()
    }
}

impl Stock {
    /// The types of its vehicles of one standard, with their shares of them.
    fn types(&self, standard: EuroStandard, electric_share: f64) -> Vec<(VehicleType, f64)> {
        let (kind, fuel) = (self.kind.0, self.fuel.0);
        if fuel.is_battery() {
            return vec![(VehicleType::electric(kind), 1.0)];
        }
        let technology = self.technologies.get(&StandardWord(standard)).map_or("", String::as_str);
        let of = |fuel, segment: &str| VehicleType {
            kind,
            fuel,
            segment: segment.into(),
            standard,
            technology: technology.into(),
        };
        let on_battery = match fuel {
            Fuel::PetrolPlugIn => Some(Fuel::PetrolPlugInElectric),
            Fuel::DieselPlugIn => Some(Fuel::DieselPlugInElectric),
            _ => None,
        };
        let mut types = Vec::new();
        for (segment, &share) in self.segments.iter().flat_map(|segments| &segments.0) {
            let electric = on_battery.map_or(0.0, |_| electric_share);
            types.push((of(fuel, segment), share * (1.0 - electric)));
            types.extend(on_battery.map(|fuel| (of(fuel, segment), share * electric)));
        }
        types
    }
}

impl FleetFile {
    /// Shares of distance: those of a kind sum to 1.
    fn shares(&self) -> Vec<FleetShare> {
        let mut by_type: BTreeMap<VehicleType, f64> = BTreeMap::new();
        let mut totals = [0.0; FLEET_KINDS.len()];
        for stock in &self.stock {
            let of_fuel = self.distance.by_fuel.0.get(&stock.fuel).copied().unwrap_or(1.0);
            for (&standard, &vehicles) in &stock.vehicles.0 {
                let distance = self.distance.by_generation.0[usize::from(standard.generation())] * of_fuel * vehicles;
                for (vehicle, share) in stock.types(standard, self.distance.plug_in_electric.0) {
                    *by_type.entry(vehicle).or_default() += distance * share;
                    totals[stock.kind.0 as usize] += distance * share;
                }
            }
        }
        let share = |(vehicle, distance): (VehicleType, f64)| {
            let share = distance / totals[vehicle.kind as usize];
            FleetShare { vehicle, share }
        };
        by_type.into_iter().map(share).collect()
    }

    /// What is sold, each fuel split into sizes as it is registered.
    fn sales(&self) -> Result<Vec<Sales>, String> {
        let mut all = Vec::new();
        for SalesTable { kind: KindWord(kind), year, shares } in &self.sales {
            let mut sold: BTreeMap<VehicleType, f64> = BTreeMap::new();
            for (words, &share) in &shares.0 {
                let unknown = || {
                    format!(
                        "sales of {}s in {year}: '{words}' must be '{ELECTRIC}', or the fuel of a stock and a standard, as in 'petrol euro_6d'",
                        kind.name()
                    )
                };
                let types = if words == ELECTRIC {
                    vec![(VehicleType::electric(*kind), 1.0)]
                } else {
                    let (fuel, standard) = words.split_once(' ').ok_or_else(unknown)?;
                    let fuel = Fuel::from_name(fuel).ok_or_else(unknown)?;
                    let standard = EuroStandard::from_name(standard).ok_or_else(unknown)?;
                    let stock = self.stock.iter().find(|stock| stock.kind.0 == *kind && stock.fuel.0 == fuel);
                    stock.ok_or_else(unknown)?.types(standard, self.distance.plug_in_electric.0)
                };
                for (vehicle, of_types) in types {
                    *sold.entry(vehicle).or_default() += share * of_types;
                }
            }
            all.push(Sales { kind: *kind, year: *year, shares: sold.into_iter().collect() });
        }
        Ok(all)
    }
}

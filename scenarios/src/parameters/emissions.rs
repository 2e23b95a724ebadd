//! The emission file: fuels, wear, NO2, ammonia, electricity, and how far emission may be off. The tables of functions are CSV
//! files of the crate `data`.

use data::emission_factors::{FactorError, FactorFile, read_cold, read_hot};
use engine::environment::emissions::wear::{SizeShares, Wear};
use engine::environment::emissions::{
    CarrierFigures, Conditions, EmissionFactors, EmissionUncertainty, Nh3Factor, No2Share,
};
use engine::environment::fleet::{Carrier, FLEET_KINDS, FleetKind};
use serde::Deserialize;

use super::distribution::Uncertain;
use super::entry::Quantity;
use super::file::{ParameterFile, ParameterFileError, parse, whole_file};
use super::units::{
    Celsius, Factor, GramsPerKilometre, GramsPerMegajoule, KilowattHoursPerKilometre, MegajoulesPerLitre, Numbers,
    Share, several,
};

/// The emission file of the built-in city.
pub const EMISSIONS: ParameterFile =
    ParameterFile { name: "emissions.toml", text: include_str!("../../parameters/emissions.toml") };

/// Reads an emission file and the tables of hot functions and of cold engines.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_emissions(
    file: ParameterFile,
    hot: FactorFile<'_>,
    cold: FactorFile<'_>,
) -> Result<(EmissionFactors, Conditions), ParameterFileError> {
    let of_table = |error: FactorError| ParameterFileError::Line {
        line: usize::try_from(error.line).unwrap_or(usize::MAX),
        message: error.problem.to_string(),
        file: error.file,
    };
    let told: EmissionFile = parse(file)?;
    let conditions = Conditions { temperature_c: told.air.temperature.0 };
    let (energy, co2) = (told.carriers.energy.0.numbers(), told.carriers.co2.0.numbers());
    let wear = &told.wear;
    let (tyre, brake, road) = (wear.tyre.0.numbers(), wear.brake.0.numbers(), wear.road.0.numbers());
    let sizes = |of: &PerSource| [of.tyre, of.brake, of.road];
    let consumption = told.electricity.consumption.0.numbers();
    let uncertainty = told.uncertainty;
    let factors = EmissionFactors {
        hot: read_hot(hot).map_err(of_table)?,
        cold: read_cold(cold).map_err(of_table)?,
        no2: told.no2.shares(),
        nh3: told.nh3.factors(),
        wear: FLEET_KINDS.map(|kind| {
            let kind = kind as usize;
            Wear { tyre_gpkm: tyre[kind], brake_gpkm: brake[kind], road_gpkm: road[kind] }
        }),
        sizes: SizeShares { pm10: sizes(&told.wear.pm10.0), pm25: sizes(&told.wear.pm25.0) },
        carriers: std::array::from_fn(|carrier| CarrierFigures {
            co2_gpmj: co2[carrier],
            energy_mjpl: energy[carrier],
        }),
        electricity_kwhpkm: FLEET_KINDS.map(|kind| consumption[kind as usize]),
        uncertainty: EmissionUncertainty {
            energy: uncertainty.energy.0,
            nox: uncertainty.nox.0,
            no2_share: uncertainty.no2_share.0,
            exhaust_particles: uncertainty.exhaust_particles.0,
            wear: uncertainty.wear.0,
            co: uncertainty.co.0,
            nmvoc: uncertainty.nmvoc.0,
            nh3: uncertainty.nh3.0,
            electricity: uncertainty.electricity.0,
        },
    };
    match factors.validate() {
        faults if faults.is_empty() => Ok((factors, conditions)),
        faults => Err(whole_file(file, &faults)),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmissionFile {
    #[expect(dead_code, reason = "read before, as what decides how the rest is read")]
    format: u32,
    air: AirTable,
    carriers: CarrierTable,
    wear: WearTable,
    no2: No2Table,
    nh3: Nh3Table,
    electricity: ElectricityTable,
    uncertainty: UncertaintyTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AirTable {
    temperature: Quantity<Celsius>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarrierTable {
    co2: Quantity<GramsPerMegajoule, PerCarrier>,
    energy: Quantity<MegajoulesPerLitre, PerCarrier>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WearTable {
    tyre: Quantity<GramsPerKilometre, PerKind>,
    brake: Quantity<GramsPerKilometre, PerKind>,
    road: Quantity<GramsPerKilometre, PerKind>,
    pm10: Quantity<Share, PerSource>,
    pm25: Quantity<Share, PerSource>,
}

several! {
    /// A number for each fuel, in the order of [`Carrier`].
    struct PerCarrier { petrol, diesel, lpg, cng }

    /// A number for each kind of vehicle, in the order of [`FLEET_KINDS`].
    pub(super) struct PerKind { car, van, heavy_vehicle, motorcycle, bus }

    struct PerSource { tyre, brake, road }
}

/// Euro 0 to Euro 6.
type Generations = [f64; 7];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct No2Table {
    car_petrol: Quantity<Share, Generations>,
    car_diesel: Quantity<Share, Generations>,
    car_lpg: Quantity<Share, Generations>,
    car_cng: Quantity<Share, Generations>,
    van_petrol: Quantity<Share, Generations>,
    van_diesel: Quantity<Share, Generations>,
    heavy_vehicle_diesel: Quantity<Share, Generations>,
    bus_diesel: Quantity<Share, Generations>,
    motorcycle_petrol: Quantity<Share, Generations>,
}

impl No2Table {
    fn shares(&self) -> Vec<No2Share> {
        let of = |kind, carrier, shares: &Quantity<Share, Generations>| No2Share {
            kind,
            carrier,
            technology: None,
            by_generation: shares.0,
        };
        vec![
            of(FleetKind::Car, Carrier::Petrol, &self.car_petrol),
            of(FleetKind::Car, Carrier::Diesel, &self.car_diesel),
            of(FleetKind::Car, Carrier::Lpg, &self.car_lpg),
            of(FleetKind::Car, Carrier::Cng, &self.car_cng),
            of(FleetKind::Van, Carrier::Petrol, &self.van_petrol),
            of(FleetKind::Van, Carrier::Diesel, &self.van_diesel),
            of(FleetKind::HeavyVehicle, Carrier::Diesel, &self.heavy_vehicle_diesel),
            of(FleetKind::Bus, Carrier::Diesel, &self.bus_diesel),
            of(FleetKind::Motorcycle, Carrier::Petrol, &self.motorcycle_petrol),
        ]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nh3Table {
    car_petrol: Quantity<GramsPerKilometre, Generations>,
    car_diesel: Quantity<GramsPerKilometre, Generations>,
    car_lpg: Quantity<GramsPerKilometre, Generations>,
    car_cng: Quantity<GramsPerKilometre, Generations>,
    van_petrol: Quantity<GramsPerKilometre, Generations>,
    van_diesel: Quantity<GramsPerKilometre, Generations>,
    heavy_vehicle_diesel: Quantity<GramsPerKilometre, Generations>,
}

impl Nh3Table {
    fn factors(&self) -> Vec<Nh3Factor> {
        let of = |kind, carrier, gpkm: &Quantity<GramsPerKilometre, Generations>| Nh3Factor {
            kind,
            carrier,
            gpkm_by_generation: gpkm.0,
        };
        vec![
            of(FleetKind::Car, Carrier::Petrol, &self.car_petrol),
            of(FleetKind::Car, Carrier::Diesel, &self.car_diesel),
            of(FleetKind::Car, Carrier::Lpg, &self.car_lpg),
            of(FleetKind::Car, Carrier::Cng, &self.car_cng),
            of(FleetKind::Van, Carrier::Petrol, &self.van_petrol),
            of(FleetKind::Van, Carrier::Diesel, &self.van_diesel),
            of(FleetKind::HeavyVehicle, Carrier::Diesel, &self.heavy_vehicle_diesel),
        ]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ElectricityTable {
    consumption: Quantity<KilowattHoursPerKilometre, PerKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncertaintyTable {
    energy: Uncertain<Factor>,
    nox: Uncertain<Factor>,
    no2_share: Uncertain<Factor>,
    exhaust_particles: Uncertain<Factor>,
    wear: Uncertain<Factor>,
    co: Uncertain<Factor>,
    nmvoc: Uncertain<Factor>,
    nh3: Uncertain<Factor>,
    electricity: Uncertain<Factor>,
}

//! The vehicle file: what each class weighs in traffic, and what an hour of its occupants is worth.

use engine::vehicles::{VehicleClass, VehicleParameters, VehicleRegistry};
use serde::Deserialize;

use super::entry::{CarUnits, EuroPerHour, Quantity};
use super::file::{ParameterFile, ParameterFileError, parse};

/// The vehicle file of the built-in city.
pub const VEHICLES: ParameterFile =
    ParameterFile { name: "vehicles.toml", text: include_str!("../../parameters/vehicles.toml") };

/// Reads a vehicle file.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_vehicles(file: ParameterFile) -> Result<VehicleRegistry, ParameterFileError> {
    Ok(parse::<VehicleFile>(file)?.registry())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VehicleFile {
    #[expect(dead_code, reason = "read before, as what decides how the rest is read")]
    format: u32,
    resident_car: VehicleTable,
    other_car: VehicleTable,
    exempt_car: VehicleTable,
    van: VehicleTable,
    heavy_vehicle: VehicleTable,
    bus: VehicleTable,
    motorcycle: VehicleTable,
    bicycle: VehicleTable,
    pedestrian: VehicleTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VehicleTable {
    passenger_car_units: Quantity<CarUnits>,
    value_of_time: Quantity<EuroPerHour>,
}

impl VehicleFile {
    fn registry(self) -> VehicleRegistry {
        VehicleRegistry::new(VehicleClass::ALL.map(|class| {
            let table = match class {
                VehicleClass::ResidentCar => &self.resident_car,
                VehicleClass::OtherCar => &self.other_car,
                VehicleClass::ExemptCar => &self.exempt_car,
                VehicleClass::Van => &self.van,
                VehicleClass::HeavyVehicle => &self.heavy_vehicle,
                VehicleClass::Bus => &self.bus,
                VehicleClass::Motorcycle => &self.motorcycle,
                VehicleClass::Bicycle => &self.bicycle,
                VehicleClass::Pedestrian => &self.pedestrian,
            };
            VehicleParameters {
                passenger_car_units: table.passenger_car_units.0,
                value_of_time_eur_ph: table.value_of_time.0,
            }
        }))
    }
}

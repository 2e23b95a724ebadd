//! The vehicle file: what each class weighs in traffic, and what an hour of its occupants is worth.

use engine::vehicles::{VehicleClass, VehicleParameters, VehicleRegistry};
use serde::Deserialize;

use super::entry::Quantity;
use super::file::{ParameterFile, ParameterFileError, parse};
use super::per_class::PerClass;
use super::units::{CarUnits, EuroPerHour};

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
    classes: PerClass<VehicleTable>,
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
            let table = self.classes.of(class);
            VehicleParameters {
                passenger_car_units: table.passenger_car_units.0,
                value_of_time_eur_ph: table.value_of_time.0,
            }
        }))
    }
}

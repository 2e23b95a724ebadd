//! Tables that say something of every class of vehicles.

use engine::vehicles::VehicleClass;
use serde::Deserialize;

/// One of each class; all must be there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PerClass<T> {
    resident_car: T,
    other_car: T,
    exempt_car: T,
    van: T,
    heavy_vehicle: T,
    bus: T,
    motorcycle: T,
    bicycle: T,
    pedestrian: T,
}

impl<T> PerClass<T> {
    pub(super) fn of(&self, class: VehicleClass) -> &T {
        match class {
            VehicleClass::ResidentCar => &self.resident_car,
            VehicleClass::OtherCar => &self.other_car,
            VehicleClass::ExemptCar => &self.exempt_car,
            VehicleClass::Van => &self.van,
            VehicleClass::HeavyVehicle => &self.heavy_vehicle,
            VehicleClass::Bus => &self.bus,
            VehicleClass::Motorcycle => &self.motorcycle,
            VehicleClass::Bicycle => &self.bicycle,
            VehicleClass::Pedestrian => &self.pedestrian,
        }
    }
}

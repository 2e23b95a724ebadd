//! Edits in words.

use engine::vehicles::VehicleClass;

use crate::scenario::file::RuleHours;
use crate::words::Text;

/// "", or from when to when.
pub(super) fn when(hours: Option<&RuleHours>) -> Text {
    hours.map_or(Text::same(""), |hours| {
        let (from, to) = (hours.from.get_ref(), hours.to.get_ref());
        Text::new(format!(", dalle {from} alle {to}"), format!(", {from} to {to}"))
    })
}

pub(super) fn class_words(classes: &[VehicleClass]) -> Text {
    let words = |class: &VehicleClass| match class {
        VehicleClass::ResidentCar => ["auto dei residenti", "residents' cars"],
        VehicleClass::OtherCar => ["auto dei non residenti", "non-residents' cars"],
        VehicleClass::ExemptCar => ["auto con permesso", "cars with a permit"],
        VehicleClass::Van => ["furgoni", "vans"],
        VehicleClass::HeavyVehicle => ["mezzi pesanti", "heavy vehicles"],
        VehicleClass::Bus => ["autobus", "buses"],
        VehicleClass::Motorcycle => ["moto", "motorcycles"],
        VehicleClass::Bicycle => ["biciclette", "bicycles"],
        VehicleClass::Pedestrian => ["pedoni", "people on foot"],
    };
    let pick = |language: usize| classes.iter().map(|class| words(class)[language]).collect::<Vec<_>>().join(", ");
    Text::new(pick(0), pick(1))
}

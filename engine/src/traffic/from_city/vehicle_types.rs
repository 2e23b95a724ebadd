//! A type of vehicle and driver for each class.
//!
//! Lengths, widths, accelerations and decelerations are SUMO's defaults for passenger cars, delivery vans, trucks, buses,
//! motorcycles, bicycles and pedestrians (Eclipse SUMO 1.20 (2024), *Vehicle Type Parameter Defaults*). Heavy vehicles are
//! 12 m long, between SUMO's truck (7.1 m) and its truck with trailer (16.5 m), and go 90 km/h at most, as the limiters
//! of Directive 92/6/EEC make them; buses 100 km/h. Desired speeds are those of the limit, with a deviation of a tenth.
//! Bicycles and motorcycles share lanes that are wide enough.
//! All follow Krauss's model with an imperfection of 0.5 and a headway of 1 s, SUMO's defaults too. Not calibrated to any
//! Italian observation.

use crate::traffic::car_following::Model;
use crate::traffic::demand::{LaneChanging, LaneSharing, SpeedFactor, VehicleType};
use crate::vehicles::VehicleClass;

/// Krauss's imperfection and headway in seconds.
const MODEL: Model = Model::Krauss { imperfection: 0.5, headway_s: 1.0 };
/// Desired speeds over the limit.
const SPEED_FACTOR: SpeedFactor = SpeedFactor { mean: 1.0, deviation: 0.1, low: 0.7, high: 1.3 };

/// What differs from class to class.
struct Body {
    /// Length, width and gap at standstill.
    size_m: [f64; 3],
    /// Acceleration, comfortable and emergency deceleration.
    dynamics_mps2: [f64; 3],
    max_speed_mps: f64,
}

/// The default type of a class: its name is that of the class, its permission the number of the class.
#[must_use]
pub fn vehicle_type(class: VehicleClass) -> VehicleType {
    let Body { size_m, dynamics_mps2, max_speed_mps } = body(class);
    VehicleType {
        name: class.name().to_owned(),
        class,
        permission: Some(class as u8),
        length_m: size_m[0],
        width_m: size_m[1],
        min_gap_m: size_m[2],
        max_speed_mps,
        acceleration_mps2: dynamics_mps2[0],
        deceleration_mps2: dynamics_mps2[1],
        emergency_deceleration_mps2: dynamics_mps2[2],
        model: MODEL,
        speed_factor: SPEED_FACTOR,
        impatience: 0.0,
        lane_changing: LaneChanging::default(),
        lane_sharing: lane_sharing(class),
    }
}

fn lane_sharing(class: VehicleClass) -> LaneSharing {
    match class {
        VehicleClass::Bicycle => LaneSharing::RightEdge,
        VehicleClass::Motorcycle => LaneSharing::Filters,
        _ => LaneSharing::None,
    }
}

fn body(class: VehicleClass) -> Body {
    let (size_m, dynamics_mps2, max_speed_mps) = match class {
        VehicleClass::ResidentCar | VehicleClass::OtherCar | VehicleClass::ExemptCar => {
            ([5.0, 1.8, 2.5], [2.6, 4.5, 9.0], 55.55)
        }
        VehicleClass::Van => ([6.5, 2.16, 2.5], [2.6, 4.5, 9.0], 55.55),
        VehicleClass::HeavyVehicle => ([12.0, 2.4, 2.5], [1.3, 4.0, 7.0], 25.0),
        VehicleClass::Bus => ([12.0, 2.5, 2.5], [1.2, 4.0, 7.0], 27.78),
        VehicleClass::Motorcycle => ([2.2, 0.9, 2.5], [6.0, 10.0, 10.0], 55.55),
        VehicleClass::Bicycle => ([1.6, 0.65, 0.5], [1.2, 3.0, 7.0], 5.56),
        VehicleClass::Pedestrian => ([0.215, 0.478, 0.25], [1.5, 2.0, 5.0], 1.39),
    };
    Body { size_m, dynamics_mps2, max_speed_mps }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_a_type_that_may_drive() {
        for class in VehicleClass::ALL {
            let kind = vehicle_type(class);
            assert_eq!(kind.check(), None, "{kind:?}");
            assert_eq!((kind.class, kind.permission), (class, Some(class as u8)));
        }
    }
}

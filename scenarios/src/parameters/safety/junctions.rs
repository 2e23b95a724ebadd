//! Junctions: coefficients by kind, and what layouts change.

use engine::safety::performance::{
    JunctionCoefficients, JunctionFactors, JunctionFunction, JunctionKind, PedestrianFunction,
};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::functions::{BySeverity, Functions, JunctionTerms};
use crate::parameters::entry::{Entry, Quantity};
use crate::parameters::units::{
    Coefficient, CoefficientAboveZero, CoefficientNotNegative, CrashesPerVehicleCrash, Factor, Number, Overdispersion,
    Share, ShareBetweenVehicles, ShareOfCrashes, VehiclesPerDay, several,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JunctionTables {
    three_leg_stop: JunctionTable,
    four_leg_stop: JunctionTable,
    three_leg_signal: JunctionTable,
    four_leg_signal: JunctionTable,
}

impl JunctionTables {
    pub(super) fn coefficients(&self) -> [JunctionCoefficients; JunctionKind::ALL.len()] {
        JunctionKind::ALL.map(|kind| {
            let table = match kind {
                JunctionKind::ThreeLegStop => &self.three_leg_stop,
                JunctionKind::FourLegStop => &self.four_leg_stop,
                JunctionKind::ThreeLegSignal => &self.three_leg_signal,
                JunctionKind::FourLegSignal => &self.four_leg_signal,
            };
            table.0.clone()
        })
    }
}

/// Everything that is known of a kind of junction.
struct JunctionTable(JunctionCoefficients);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JunctionFields {
    multi_vehicle: Functions<JunctionTerms, JunctionFunction>,
    single_vehicle: Functions<JunctionTerms, JunctionFunction>,
    pedestrian: Option<PedestrianEntry>,
    pedestrian_share: Option<Quantity<CrashesPerVehicleCrash>>,
    bicycle_share: Quantity<CrashesPerVehicleCrash>,
    major_aadt_max: Quantity<VehiclesPerDay>,
    minor_aadt_max: Quantity<VehiclesPerDay>,
    left_turn_lanes: Quantity<Factor, Vec<f64>>,
    right_turn_lanes: Quantity<Factor, Vec<f64>>,
    night_share: Quantity<ShareOfCrashes>,
    rear_end_shares: Quantity<ShareBetweenVehicles, BySeverity>,
    angle_shares: Quantity<ShareBetweenVehicles, BySeverity>,
}

impl<'de> Deserialize<'de> for JunctionTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told = JunctionFields::deserialize(deserializer)?;
        let pedestrian = match (told.pedestrian, told.pedestrian_share) {
            (Some(function), None) => function.0,
            (None, Some(share)) => PedestrianFunction::ShareOfVehicles(share.0),
            _ => return Err(D::Error::custom("give either pedestrian or pedestrian_share, one of the two")),
        };
        Ok(Self(JunctionCoefficients {
            multi_vehicle: told.multi_vehicle.0,
            single_vehicle: told.single_vehicle.0,
            pedestrian,
            bicycle_share: told.bicycle_share.0,
            major_aadt_max_vpd: told.major_aadt_max.0,
            minor_aadt_max_vpd: told.minor_aadt_max.0,
            left_turn_lanes: told.left_turn_lanes.0,
            right_turn_lanes: told.right_turn_lanes.0,
            night_share: told.night_share.0,
            rear_end_shares: told.rear_end_shares.0.values(),
            angle_shares: told.angle_shares.0.values(),
        }))
    }
}

/// Crashes with pedestrians from how many cross.
struct PedestrianEntry(PedestrianFunction);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PedestrianTable {
    intercept: Number<Coefficient>,
    traffic: Number<CoefficientNotNegative>,
    minor_to_major: Number<CoefficientNotNegative>,
    pedestrians: Number<CoefficientAboveZero>,
    lanes: Number<CoefficientNotNegative>,
    overdispersion: Number<Overdispersion>,
}

impl<'de> Deserialize<'de> for PedestrianEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told: PedestrianTable = Entry::deserialize(deserializer)?.checked("crashes/year")?;
        Ok(Self(PedestrianFunction::Volume {
            intercept: told.intercept.0,
            traffic: told.traffic.0,
            minor_to_major: told.minor_to_major.0,
            pedestrians: told.pedestrians.0,
            lanes: told.lanes.0,
            overdispersion: told.overdispersion.0,
        }))
    }
}

several! {
    struct BusStops { one_or_two, three_or_more }
    struct AlcoholSales { one_to_eight, nine_or_more }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JunctionFactorTable {
    protected_and_permissive: Quantity<Factor>,
    protected: Quantity<Factor>,
    no_right_on_red: Quantity<Factor>,
    lighting_reduction: Quantity<Share>,
    camera_angle: Quantity<Factor>,
    camera_rear_end: Quantity<Factor>,
    bus_stops: Quantity<Factor, BusStops>,
    school: Quantity<Factor>,
    alcohol_sales: Quantity<Factor, AlcoholSales>,
}

impl JunctionFactorTable {
    pub(super) fn factors(&self) -> JunctionFactors {
        let (bus_stops, alcohol_sales) = (&self.bus_stops.0, &self.alcohol_sales.0);
        JunctionFactors {
            protected_and_permissive: self.protected_and_permissive.0,
            protected: self.protected.0,
            no_right_on_red: self.no_right_on_red.0,
            lighting_reduction: self.lighting_reduction.0,
            camera_angle: self.camera_angle.0,
            camera_rear_end: self.camera_rear_end.0,
            bus_stops: [bus_stops.one_or_two, bus_stops.three_or_more],
            school: self.school.0,
            alcohol_sales: [alcohol_sales.one_to_eight, alcohol_sales.nine_or_more],
        }
    }
}

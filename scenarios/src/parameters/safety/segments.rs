//! Streets between junctions: coefficients by kind, and what layouts change.

use engine::safety::performance::{
    Driveways, NightShares, SegmentCoefficients, SegmentFactors, SegmentFunction, SegmentKind,
};
use serde::Deserialize;
use serde::de::Deserializer;

use super::functions::{Functions, SegmentTerms};
use crate::parameters::entry::{Entry, Quantity, Rising, check_shares, rows};
use crate::parameters::units::{
    CrashesPerDriveway, CrashesPerVehicleCrash, Factor, FactorPerObject, KilometresPerHour, Number, Overdispersion,
    PowerAboveZero, Share, ShareAtDriveways, ShareOfCrashes, VehiclesPerDay, several,
};

/// Kilometres an hour in a metre a second.
pub(super) const KMPH_PER_MPS: f64 = 3.6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentTables {
    two_lane: SegmentTable,
    three_lane_turn: SegmentTable,
    four_lane: SegmentTable,
    four_lane_divided: SegmentTable,
    five_lane_turn: SegmentTable,
}

impl SegmentTables {
    pub(super) fn coefficients(&self) -> [SegmentCoefficients; SegmentKind::ALL.len()] {
        SegmentKind::ALL.map(|kind| {
            let table = match kind {
                SegmentKind::TwoLane => &self.two_lane,
                SegmentKind::ThreeLaneTurn => &self.three_lane_turn,
                SegmentKind::FourLane => &self.four_lane,
                SegmentKind::FourLaneDivided => &self.four_lane_divided,
                SegmentKind::FiveLaneTurn => &self.five_lane_turn,
            };
            table.coefficients()
        })
    }
}

several! {
    struct DrivewayRates {
        major_commercial, minor_commercial, major_industrial, minor_industrial, major_residential, minor_residential,
        other,
    }

    struct BySpeed { slow, fast }

    struct ParkingFactors { parallel_residential, parallel_commercial, angle_residential, angle_commercial }
}

impl BySpeed {
    fn values(&self) -> [f64; 2] {
        [self.slow, self.fast]
    }
}

/// Shares of crashes at night.
struct Night(NightShares);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NightTable {
    unlit: Number<Share>,
    fatal_and_injury: f64,
    property_damage_only: f64,
}

impl<'de> Deserialize<'de> for Night {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told: NightTable = Entry::deserialize(deserializer)?.checked("share")?;
        let NightTable { unlit, fatal_and_injury, property_damage_only } = told;
        check_shares([fatal_and_injury, property_damage_only].into_iter())?;
        Ok(Self(NightShares { unlit: unlit.0, fatal_and_injury, property_damage_only }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SegmentTable {
    multi_vehicle: Functions<SegmentTerms, SegmentFunction>,
    single_vehicle: Functions<SegmentTerms, SegmentFunction>,
    driveways: Quantity<CrashesPerDriveway, DrivewayRates>,
    driveway_traffic: Quantity<PowerAboveZero>,
    driveway_overdispersion: Quantity<Overdispersion>,
    driveway_injury_share: Quantity<ShareAtDriveways>,
    pedestrian_shares: Quantity<CrashesPerVehicleCrash, BySpeed>,
    bicycle_shares: Quantity<CrashesPerVehicleCrash, BySpeed>,
    aadt_max: Quantity<VehiclesPerDay>,
    parking: Quantity<Factor, ParkingFactors>,
    fixed_object_share: Quantity<ShareOfCrashes>,
    night: Night,
}

impl SegmentTable {
    fn coefficients(&self) -> SegmentCoefficients {
        let (rates, parking) = (&self.driveways.0, &self.parking.0);
        SegmentCoefficients {
            multi_vehicle: self.multi_vehicle.0,
            single_vehicle: self.single_vehicle.0,
            driveways: Driveways {
                major_commercial: rates.major_commercial,
                minor_commercial: rates.minor_commercial,
                major_industrial: rates.major_industrial,
                minor_industrial: rates.minor_industrial,
                major_residential: rates.major_residential,
                minor_residential: rates.minor_residential,
                other: rates.other,
            },
            driveway_traffic: self.driveway_traffic.0,
            driveway_overdispersion: self.driveway_overdispersion.0,
            driveway_injury_share: self.driveway_injury_share.0,
            pedestrian_shares: self.pedestrian_shares.0.values(),
            bicycle_shares: self.bicycle_shares.0.values(),
            aadt_max_vpd: self.aadt_max.0,
            parking: [
                parking.parallel_residential,
                parking.parallel_commercial,
                parking.angle_residential,
                parking.angle_commercial,
            ],
            fixed_object_share: self.fixed_object_share.0,
            night: self.night.0,
        }
    }
}

rows! {
    OffsetRow { offset_m: f64, factor }
    WidthRow { width_m: f64, factor }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentFactorTable {
    fixed_objects: Rising<FactorPerObject, OffsetRow>,
    median_widths: Rising<Factor, WidthRow>,
    lighting_injury: Quantity<Share>,
    lighting_damage: Quantity<Share>,
    speed_cameras_injury: Quantity<Factor>,
    slow_speed_max: Quantity<KilometresPerHour>,
}

impl SegmentFactorTable {
    pub(super) fn factors(self) -> SegmentFactors {
        SegmentFactors {
            fixed_objects: self.fixed_objects.0,
            median_widths: self.median_widths.0,
            lighting_injury: self.lighting_injury.0,
            lighting_damage: self.lighting_damage.0,
            speed_cameras_injury: self.speed_cameras_injury.0,
            slow_speed_max_mps: self.slow_speed_max.0 / KMPH_PER_MPS,
        }
    }
}

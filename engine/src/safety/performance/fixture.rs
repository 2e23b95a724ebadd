//! The manual's coefficients for tests: tables 12-3 to 12-30 of the Highway Safety Manual, 1st edition (2010), as they stand in
//! `scenarios/parameters/safety.toml`.

use super::*;

/// All coefficients of chapter 12.
pub(crate) fn coefficients() -> PerformanceCoefficients {
    PerformanceCoefficients {
        junctions: [three_leg_stop(), four_leg_stop(), three_leg_signal(), four_leg_signal()],
        segments: [two_lane(), three_lane_turn(), four_lane(), four_lane_divided(), five_lane_turn()],
        junction_factors: JunctionFactors {
            protected_and_permissive: 0.99,
            protected: 0.94,
            no_right_on_red: 0.98,
            lighting_reduction: 0.38,
            camera_angle: 0.74,
            camera_rear_end: 1.18,
            bus_stops: [2.78, 4.15],
            school: 1.35,
            alcohol_sales: [1.12, 1.56],
        },
        segment_factors: SegmentFactors {
            fixed_objects: vec![
                (0.6096, 0.232),
                (1.524, 0.133),
                (3.048, 0.087),
                (4.572, 0.068),
                (6.096, 0.057),
                (7.62, 0.049),
                (9.144, 0.044),
            ],
            median_widths: vec![
                (3.048, 1.01),
                (4.572, 1.0),
                (6.096, 0.99),
                (9.144, 0.98),
                (12.192, 0.97),
                (15.24, 0.96),
                (18.288, 0.95),
                (21.336, 0.94),
                (24.384, 0.93),
                (27.432, 0.93),
                (30.48, 0.92),
            ],
            lighting_injury: 0.72,
            lighting_damage: 0.83,
            speed_cameras_injury: 0.83,
            slow_speed_max_mps: 30.0 * 0.44704,
        },
    }
}

fn junction([intercept, major, minor, overdispersion]: [f64; 4]) -> JunctionFunction {
    JunctionFunction { intercept, major, minor, overdispersion }
}

fn segment([intercept, aadt, overdispersion]: [f64; 3]) -> SegmentFunction {
    SegmentFunction { intercept, aadt, overdispersion }
}

fn functions<F, const N: usize>(of: fn([f64; N]) -> F, rows: [[f64; N]; 3]) -> SeverityFunctions<F> {
    let [total, fatal_and_injury, property_damage_only] = rows.map(of);
    SeverityFunctions { total, fatal_and_injury: InjuryFunction::Function(fatal_and_injury), property_damage_only }
}

fn three_leg_stop() -> JunctionCoefficients {
    JunctionCoefficients {
        multi_vehicle: functions(
            junction,
            [[-13.36, 1.11, 0.41, 0.8], [-14.01, 1.16, 0.3, 0.69], [-15.38, 1.2, 0.51, 0.77]],
        ),
        single_vehicle: SeverityFunctions {
            fatal_and_injury: InjuryFunction::ShareOfTotal(0.31),
            ..functions(junction, [[-6.81, 0.16, 0.51, 1.14], [-6.81, 0.16, 0.51, 1.14], [-8.36, 0.25, 0.55, 1.29]])
        },
        pedestrian: PedestrianFunction::ShareOfVehicles(0.021),
        bicycle_share: 0.016,
        major_aadt_max_vpd: 45700.0,
        minor_aadt_max_vpd: 9300.0,
        left_turn_lanes: vec![0.67, 0.45],
        right_turn_lanes: vec![0.86, 0.74],
        night_share: 0.238,
        rear_end_shares: [0.421, 0.44],
        angle_shares: [0.343, 0.262],
    }
}

fn four_leg_stop() -> JunctionCoefficients {
    JunctionCoefficients {
        multi_vehicle: functions(
            junction,
            [[-8.9, 0.82, 0.25, 0.4], [-11.13, 0.93, 0.28, 0.48], [-8.74, 0.77, 0.23, 0.4]],
        ),
        single_vehicle: SeverityFunctions {
            fatal_and_injury: InjuryFunction::ShareOfTotal(0.28),
            ..functions(junction, [[-5.33, 0.33, 0.12, 0.65], [-5.33, 0.33, 0.12, 0.65], [-7.04, 0.36, 0.25, 0.54]])
        },
        pedestrian: PedestrianFunction::ShareOfVehicles(0.022),
        bicycle_share: 0.018,
        major_aadt_max_vpd: 46800.0,
        minor_aadt_max_vpd: 5900.0,
        left_turn_lanes: vec![0.73, 0.53],
        right_turn_lanes: vec![0.86, 0.74],
        night_share: 0.229,
        rear_end_shares: [0.338, 0.374],
        angle_shares: [0.44, 0.335],
    }
}

fn three_leg_signal() -> JunctionCoefficients {
    JunctionCoefficients {
        multi_vehicle: functions(
            junction,
            [[-12.13, 1.11, 0.26, 0.33], [-11.58, 1.02, 0.17, 0.3], [-13.24, 1.14, 0.3, 0.36]],
        ),
        single_vehicle: functions(
            junction,
            [[-9.02, 0.42, 0.4, 0.36], [-9.75, 0.27, 0.51, 0.24], [-9.08, 0.45, 0.33, 0.53]],
        ),
        pedestrian: PedestrianFunction::Volume {
            intercept: -6.6,
            traffic: 0.05,
            minor_to_major: 0.24,
            pedestrians: 0.41,
            lanes: 0.09,
            overdispersion: 0.52,
        },
        bicycle_share: 0.011,
        major_aadt_max_vpd: 58100.0,
        minor_aadt_max_vpd: 16400.0,
        left_turn_lanes: vec![0.93, 0.86, 0.8],
        right_turn_lanes: vec![0.96, 0.92],
        night_share: 0.235,
        rear_end_shares: [0.549, 0.546],
        angle_shares: [0.28, 0.204],
    }
}

fn four_leg_signal() -> JunctionCoefficients {
    JunctionCoefficients {
        multi_vehicle: functions(
            junction,
            [[-10.99, 1.07, 0.23, 0.39], [-13.14, 1.18, 0.22, 0.33], [-11.02, 1.02, 0.24, 0.44]],
        ),
        single_vehicle: functions(
            junction,
            [[-10.21, 0.68, 0.27, 0.36], [-9.25, 0.43, 0.29, 0.09], [-11.34, 0.78, 0.25, 0.44]],
        ),
        pedestrian: PedestrianFunction::Volume {
            intercept: -9.53,
            traffic: 0.4,
            minor_to_major: 0.26,
            pedestrians: 0.45,
            lanes: 0.04,
            overdispersion: 0.24,
        },
        bicycle_share: 0.015,
        major_aadt_max_vpd: 67700.0,
        minor_aadt_max_vpd: 33400.0,
        left_turn_lanes: vec![0.9, 0.81, 0.73, 0.66],
        right_turn_lanes: vec![0.96, 0.92, 0.88, 0.85],
        night_share: 0.235,
        rear_end_shares: [0.45, 0.483],
        angle_shares: [0.347, 0.244],
    }
}

fn two_lane() -> SegmentCoefficients {
    SegmentCoefficients {
        multi_vehicle: functions(segment, [[-15.22, 1.68, 0.84], [-16.22, 1.66, 0.65], [-15.62, 1.69, 0.87]]),
        single_vehicle: functions(segment, [[-5.47, 0.56, 0.81], [-3.96, 0.23, 0.5], [-6.51, 0.64, 0.87]]),
        driveways: Driveways {
            major_commercial: 0.158,
            minor_commercial: 0.05,
            major_industrial: 0.172,
            minor_industrial: 0.023,
            major_residential: 0.083,
            minor_residential: 0.016,
            other: 0.025,
        },
        driveway_traffic: 1.0,
        driveway_overdispersion: 0.81,
        driveway_injury_share: 0.323,
        pedestrian_shares: [0.036, 0.005],
        bicycle_shares: [0.018, 0.004],
        aadt_max_vpd: 32600.0,
        parking: [1.465, 2.074, 3.428, 4.853],
        fixed_object_share: 0.059,
        night: NightShares { unlit: 0.316, fatal_and_injury: 0.424, property_damage_only: 0.576 },
    }
}

fn three_lane_turn() -> SegmentCoefficients {
    SegmentCoefficients {
        multi_vehicle: functions(segment, [[-12.4, 1.41, 0.66], [-16.45, 1.69, 0.59], [-11.95, 1.33, 0.59]]),
        single_vehicle: functions(segment, [[-5.74, 0.54, 1.37], [-6.37, 0.47, 1.06], [-6.29, 0.56, 1.93]]),
        driveways: Driveways {
            major_commercial: 0.102,
            minor_commercial: 0.032,
            major_industrial: 0.11,
            minor_industrial: 0.015,
            major_residential: 0.053,
            minor_residential: 0.01,
            other: 0.016,
        },
        driveway_traffic: 1.0,
        driveway_overdispersion: 1.1,
        driveway_injury_share: 0.243,
        pedestrian_shares: [0.041, 0.013],
        bicycle_shares: [0.027, 0.007],
        aadt_max_vpd: 32900.0,
        parking: [1.465, 2.074, 3.428, 4.853],
        fixed_object_share: 0.034,
        night: NightShares { unlit: 0.304, fatal_and_injury: 0.429, property_damage_only: 0.571 },
    }
}

fn four_lane() -> SegmentCoefficients {
    SegmentCoefficients {
        multi_vehicle: functions(segment, [[-11.63, 1.33, 1.01], [-12.08, 1.25, 0.99], [-12.53, 1.38, 1.08]]),
        single_vehicle: functions(segment, [[-7.99, 0.81, 0.91], [-7.37, 0.61, 0.54], [-8.5, 0.84, 0.97]]),
        driveways: Driveways {
            major_commercial: 0.182,
            minor_commercial: 0.058,
            major_industrial: 0.198,
            minor_industrial: 0.026,
            major_residential: 0.096,
            minor_residential: 0.018,
            other: 0.029,
        },
        driveway_traffic: 1.172,
        driveway_overdispersion: 0.81,
        driveway_injury_share: 0.342,
        pedestrian_shares: [0.022, 0.009],
        bicycle_shares: [0.011, 0.002],
        aadt_max_vpd: 40100.0,
        parking: [1.1, 1.709, 2.574, 3.999],
        fixed_object_share: 0.037,
        night: NightShares { unlit: 0.365, fatal_and_injury: 0.517, property_damage_only: 0.483 },
    }
}

fn four_lane_divided() -> SegmentCoefficients {
    SegmentCoefficients {
        multi_vehicle: functions(segment, [[-12.34, 1.36, 1.32], [-12.76, 1.28, 1.31], [-12.81, 1.38, 1.34]]),
        single_vehicle: functions(segment, [[-5.05, 0.47, 0.86], [-8.71, 0.66, 0.28], [-5.04, 0.45, 1.06]]),
        driveways: Driveways {
            major_commercial: 0.033,
            minor_commercial: 0.011,
            major_industrial: 0.036,
            minor_industrial: 0.005,
            major_residential: 0.018,
            minor_residential: 0.003,
            other: 0.005,
        },
        driveway_traffic: 1.106,
        driveway_overdispersion: 1.39,
        driveway_injury_share: 0.284,
        pedestrian_shares: [0.067, 0.019],
        bicycle_shares: [0.013, 0.005],
        aadt_max_vpd: 66000.0,
        parking: [1.1, 1.709, 2.574, 3.999],
        fixed_object_share: 0.036,
        night: NightShares { unlit: 0.41, fatal_and_injury: 0.364, property_damage_only: 0.636 },
    }
}

fn five_lane_turn() -> SegmentCoefficients {
    SegmentCoefficients {
        multi_vehicle: functions(segment, [[-9.7, 1.17, 0.81], [-10.47, 1.12, 0.62], [-9.97, 1.17, 0.88]]),
        single_vehicle: functions(segment, [[-4.82, 0.54, 0.52], [-4.43, 0.35, 0.36], [-5.83, 0.61, 0.55]]),
        driveways: Driveways {
            major_commercial: 0.165,
            minor_commercial: 0.053,
            major_industrial: 0.181,
            minor_industrial: 0.024,
            major_residential: 0.087,
            minor_residential: 0.016,
            other: 0.027,
        },
        driveway_traffic: 1.172,
        driveway_overdispersion: 0.1,
        driveway_injury_share: 0.269,
        pedestrian_shares: [0.03, 0.023],
        bicycle_shares: [0.05, 0.012],
        aadt_max_vpd: 53800.0,
        parking: [1.1, 1.709, 2.574, 3.999],
        fixed_object_share: 0.016,
        night: NightShares { unlit: 0.274, fatal_and_injury: 0.432, property_damage_only: 0.568 },
    }
}

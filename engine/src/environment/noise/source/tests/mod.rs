//! Tests of the road source: against the European Commission's own program, independent sums, and properties.

mod tables;

use proptest::prelude::*;
use tables::{
    FR_R2, NL01, NL02, NL03, NL10_2015, NL10_2021, coefficients_2015, coefficients_2021, reference_surface, surface,
};

use super::*;
use crate::environment::noise::bands::{Bands, a_weighted_db};

fn flows(flows_vph: [f64; CATEGORY_COUNT], speeds_kmph: [f64; CATEGORY_COUNT]) -> [CategoryFlow; CATEGORY_COUNT] {
    core::array::from_fn(|category| CategoryFlow {
        flow_vph: flows_vph[category],
        speed_mps: speeds_kmph[category] / 3.6,
    })
}

/// A town's mix.
fn town() -> [CategoryFlow; CATEGORY_COUNT] {
    flows([900.0, 30.0, 20.0, 10.0, 40.0], [50.0, 45.0, 40.0, 40.0, 60.0])
}

fn power(coefficients: &RoadCoefficients, section: &RoadSection, flows: &[CategoryFlow; CATEGORY_COUNT]) -> Bands {
    sound_power_per_metre_db(coefficients, section, flows).unwrap()
}

/// CNOSSOS_DLL_CONSOLE.exe of the European Commission (coefficients of 2015), as published in the tests `RoadCnossosTest` of NoiseModelling:
/// flows, speeds, surface, temperature, gradient, junction, band, level.
#[test]
fn the_commissions_own_program_gives_the_same_levels() {
    let coefficients = coefficients_2015();
    let [thousand, seventy] = [[1000.0; 5], [70.0; 5]];
    let [slow, few] = [[40.0, 43.0, 45.0, 35.0, 32.0], [58.0, 50.0, 40.0, 100.0, 100.0]];
    let many = [582.0, 500.0, 400.0, 1000.0, 1100.0];
    let at = |kind, distance_m| Some(Junction { kind, distance_m });
    for (flows_vph, speeds_kmph, rows, code, temperature_c, gradient, junction, band, expected_db) in [
        (thousand, seventy, NL01, "NL01", 15.0, 0.10, at(JunctionKind::Crossing, 200.0), 7, 77.6711),
        (many, slow, NL02, "NL02", 5.0, -0.05, at(JunctionKind::Crossing, 200.0), 4, 79.6814),
        (few, slow, NL03, "NL03", -5.0, -0.07, at(JunctionKind::Crossing, 200.0), 7, 58.8222),
        (few, slow, NL03, "NL03", -5.0, -0.07, at(JunctionKind::Crossing, 50.0), 0, 82.785),
        (thousand, seventy, NL01, "NL01", 15.0, 0.10, at(JunctionKind::Roundabout, 30.0), 6, 85.4991),
    ] {
        let surface = surface(code, &rows);
        let section =
            RoadSection { surface: &surface, temperature_c, gradient, junction, studded_share: 0.5 * 4.0 / 12.0 };
        let found_db = power(&coefficients, &section, &flows(flows_vph, speeds_kmph))[band];
        assert!((found_db - expected_db).abs() < 1e-3, "{code}: {found_db} instead of {expected_db}");
    }
}

/// The same program and source, light vehicles at 20 km/h downhill in all bands.
#[test]
fn the_commissions_own_program_gives_the_same_spectrum() {
    let surface = surface("NL01", &NL01);
    let section = RoadSection {
        surface: &surface,
        temperature_c: -5.0,
        gradient: -0.15,
        junction: None,
        studded_share: 0.5 / 12.0,
    };
    let found = power(&coefficients_2015(), &section, &flows([1000.0, 0.0, 0.0, 0.0, 0.0], [20.0; 5]));
    let expected = [88.421, 77.1136, 75.5712, 75.6919, 73.6689, 71.3471, 68.1195, 63.4796];
    for (found_db, expected_db) in found.into_iter().zip(expected) {
        assert!((found_db - expected_db).abs() < 1e-3, "{found:?}");
    }
}

/// Both sets of coefficients, worked out apart from this code.
#[test]
fn both_sets_of_coefficients_give_independently_computed_spectra() {
    let reference = reference_surface();
    let (old, new) = (surface("NL10", &NL10_2015), surface("NL10", &NL10_2021));
    let steep = |surface| RoadSection {
        surface,
        temperature_c: 15.0,
        gradient: 0.05,
        junction: Some(Junction { kind: JunctionKind::Roundabout, distance_m: 30.0 }),
        studded_share: 0.0,
    };
    for (coefficients, section, expected) in [
        (
            coefficients_2015(),
            RoadSection::flat(&reference),
            [79.1142, 73.1039, 72.3726, 73.298, 76.5041, 73.3997, 66.8507, 59.9226],
        ),
        (
            coefficients_2021(),
            RoadSection::flat(&reference),
            [82.8843, 76.7681, 74.8594, 75.8008, 79.1619, 75.7875, 68.7636, 61.6026],
        ),
        (coefficients_2015(), steep(&old), [83.797, 77.9066, 77.8028, 77.5221, 78.5921, 74.2592, 69.8599, 63.3058]),
        (coefficients_2021(), steep(&new), [90.3203, 83.9164, 82.4398, 80.7105, 81.3364, 76.1222, 71.7733, 65.2894]),
    ] {
        let found = power(&coefficients, &section, &town());
        for (found_db, expected_db) in found.into_iter().zip(expected) {
            assert!((found_db - expected_db).abs() < 1e-3, "{found:?} instead of {expected:?}");
        }
    }
}

/// 3,747 light and 479 heavy vehicles at 50 km/h on the French surface R2: 89.6 dB(A) ± 0.1 dB.
#[test]
fn a_busy_french_road_has_its_known_level() {
    let surface = surface("FR_R2", &FR_R2);
    let flows = flows([3747.0, 0.0, 479.0, 0.0, 0.0], [50.0; 5]);
    let level = a_weighted_db(&power(&coefficients_2015(), &RoadSection::flat(&surface), &flows));
    assert!((level - 89.6).abs() < 0.1, "{level}");
}

#[test]
fn doubling_the_flow_adds_three_decibels() {
    let surface = reference_surface();
    let section = RoadSection::flat(&surface);
    let once = power(&coefficients_2021(), &section, &town());
    let twice = power(
        &coefficients_2021(),
        &section,
        &town().map(|flow| CategoryFlow { flow_vph: 2.0 * flow.flow_vph, ..flow }),
    );
    for (once, twice) in once.into_iter().zip(twice) {
        assert!((twice - once - 10.0 * libm::log10(2.0)).abs() < 1e-12);
    }
}

#[test]
fn an_empty_road_is_silent() {
    let surface = reference_surface();
    let silent = power(&coefficients_2021(), &RoadSection::flat(&surface), &flows([0.0; 5], [0.0; 5]));
    assert_eq!(silent, [f64::NEG_INFINITY; 8]);
}

#[test]
fn crawling_and_racing_count_as_the_slowest_and_fastest_known_speeds() {
    let surface = reference_surface();
    let section = RoadSection::flat(&surface);
    let at = |kmph| power(&coefficients_2021(), &section, &flows([500.0; 5], [kmph; 5]));
    assert_eq!(at(3.0), at(20.0));
    assert_eq!(at(300.0), at(130.0));
    assert_ne!(at(20.0), at(21.0));
}

#[test]
fn every_fault_of_flows_and_section_is_told() {
    let surface = reference_surface();
    let section = RoadSection {
        surface: &surface,
        temperature_c: f64::NAN,
        gradient: f64::INFINITY,
        junction: Some(Junction { kind: JunctionKind::Crossing, distance_m: f64::NAN }),
        studded_share: 1.5,
    };
    let mut flows = town();
    flows[0].flow_vph = -1.0;
    flows[1].speed_mps = 0.0;
    flows[4].flow_vph = f64::NAN;
    let faults = sound_power_per_metre_db(&coefficients_2021(), &section, &flows).unwrap_err();
    assert_eq!(faults.len(), 7, "{faults:?}");
    assert_eq!(faults[0].to_string(), "category 1 has a flow of -1 veh/h; give a number of at least 0");
}

#[test]
fn coefficients_and_surfaces_that_are_no_numbers_are_refused() {
    assert_eq!(coefficients_2021().validate(), Ok(()));
    let mut coefficients = coefficients_2021();
    coefficients.categories[2].propulsion.base_db[3] = f64::NAN;
    coefficients.categories[4].crossing.rolling_db = f64::INFINITY;
    assert_eq!(coefficients.validate().unwrap_err().len(), 2);
    let mut bad = surface("NL01", &NL01);
    assert_eq!(bad.validate(), Ok(()));
    bad.effects[1].beta_db = f64::NAN;
    bad.speed_min_mps = 50.0;
    assert_eq!(bad.validate().unwrap_err().len(), 2);
}

proptest! {
    #[test]
    fn more_vehicles_are_never_quieter(
        flow_vph in 0.0..3000.0_f64,
        more_vph in 0.1..3000.0_f64,
        kmph in 5.0..140.0_f64,
        gradient in -0.15..0.15_f64,
        category in 0..CATEGORY_COUNT,
    ) {
        let surface = reference_surface();
        let section = RoadSection { gradient, ..RoadSection::flat(&surface) };
        let mut traffic = flows([100.0; 5], [50.0; 5]);
        traffic[category] = CategoryFlow { flow_vph, speed_mps: kmph / 3.6 };
        let fewer = power(&coefficients_2021(), &section, &traffic);
        traffic[category].flow_vph += more_vph;
        let more = power(&coefficients_2021(), &section, &traffic);
        for (fewer, more) in fewer.into_iter().zip(more) {
            prop_assert!(more > fewer);
        }
    }
}

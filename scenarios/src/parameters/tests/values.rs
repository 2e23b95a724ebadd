//! What is read from the built-in files, against what their comments and sources say.

use engine::demand::PeriodShares;
use engine::draws::Draws;
use engine::safety::local_factor::{CityCrashes, LocalFactor};
use engine::safety::performance::{Crossing, Driveways, Junction, JunctionKind, Segment, SegmentKind, SpeedCategory};
use engine::safety::severity::CrashCosts;
use engine::safety::speed::SpeedModel;

use super::*;

/// What the comment above the gates says follows from their shares.
#[test]
fn gates_have_the_peaks_and_directions_that_their_file_states() {
    let gates = Parameters::built_in().demand.gates;
    let share = |shares: &PeriodShares, name: &str| shares.iter().find(|(period, _)| period == name).unwrap().1;
    for (period, of_day, entering) in [("morning_peak", 0.135, 0.57), ("evening_peak", 0.21, 0.45)] {
        let (out, back) = (share(&gates.outbound, period), share(&gates.inbound, period));
        let enter = (1.0 - gates.resident_share) * out + gates.resident_share * back;
        let leave = (1.0 - gates.resident_share) * back + gates.resident_share * out;
        assert!(((enter + leave) / 2.0 - of_day).abs() < 0.0005, "{period}: {}", (enter + leave) / 2.0);
        assert!((enter / (enter + leave) - entering).abs() < 0.005, "{period}: {}", enter / (enter + leave));
    }
}

/// Consumer prices in Italy: 99.9 in 2016, 102.5 in 2018, 105.0 in 2021, 122.3 in 2024.
#[test]
fn unit_values_of_every_section_are_in_prices_of_one_year() {
    let Parameters { appraisal, vehicles, .. } = Parameters::built_in();
    assert_eq!(appraisal.terms.price_year, 2024);
    let values = appraisal.unit_values.median();
    let near = |found: f64, wanted: f64| assert!((found / wanted - 1.0).abs() < 1e-12, "{found} is not {wanted}");
    near(values.carbon.price_eur_pt(2030).unwrap(), 250.0 * 122.3 / 99.9);
    near(values.air_eur_pkg("PM2.5").unwrap(), 81.2 * 122.3 / 105.0);
    near(values.noise.cost_eur_pa(51.0), 17.0 * 122.3 / 99.9);
    near(values.crashes.costs.death_eur, 1_812_989.0 * 122.3 / 102.5);
    assert_eq!(values.crashes.costs.price_year, 2024);
    assert_eq!(appraisal.purposes.commute_eur_ph.median(), 10.0);
    for class in VehicleClass::ALL {
        let hour = values.class(class.name()).unwrap().time_eur_ph;
        assert_eq!(hour, vehicles[class].value_of_time_eur_ph, "an hour of {} costs what tolls say", class.name());
    }
}

#[test]
fn costs_of_crashes_in_prices_of_an_unknown_year_are_refused() {
    let costs = CrashCosts { price_year: 1990, ..Parameters::built_in().safety.severity.costs };
    let message = read_appraisal(APPRAISAL, costs).unwrap_err().to_string();
    assert_eq!(message, "appraisal.toml: costs of crashes: the price index has no year 1990; add it");
}

const OWN_LIST: &str = r#"format = 1

[terms]
currency = { value = "EUR", unit = "currency", source = "by definition", year = 2025, reason = "as stated" }
base_year = { value = 2025, unit = "year", source = "by definition", year = 2025, reason = "as stated" }
contingency_share = { distribution = { kind = "fixed", value = 0.05 }, unit = "share of works", source = "tender", year = 2025, reason = "agreed" }
engineering_share = { distribution = { kind = "uniform", low = 0.1, high = 0.2 }, unit = "share of works", source = "tender", year = 2025, reason = "by size" }
engineering_vat_rate = { value = 0.22, unit = "share", source = "D.P.R. 633/1972", year = 2025, reason = "ordinary rate" }

[items."01.A23.A10.005"]
description = "asphalt"
unit = "m2"
unit_price = { kind = "fixed", value = 14.5 }
currency = "EUR"
vat_rate = 0.1
source = "a regional list"
year = 2025
reason = "as listed"

[upkeep]
"#;

#[test]
fn a_price_list_of_one_s_own_is_read_under_its_own_name() {
    let file = ParameterFile { name: "my city/prices 2025.toml", text: OWN_LIST };
    let prices = read_prices(file).unwrap();
    let item = prices.list.get("01.A23.A10.005").unwrap();
    assert_eq!((item.unit_price.median(), item.vat_rate, item.year), (14.5, 0.1, 2025));
    assert_eq!(prices.terms.median().engineering_share, 0.1 + 0.5 * (0.2 - 0.1));
    let draws = Draws::new(3);
    let drawn = prices.terms.in_seed(draws);
    assert_eq!((drawn.contingency_share, drawn.base_year), (0.05, 2025));
    assert!(drawn.engineering_share != 0.15 && (0.1..=0.2).contains(&drawn.engineering_share));
    assert_eq!(drawn, prices.terms.in_seed(draws));

    let wrong = ParameterFile { text: &OWN_LIST.replace("14.5", "nan"), ..file };
    let message = read_prices(wrong).unwrap_err().to_string();
    assert!(message.starts_with("my city/prices 2025.toml, line 13: unit_price: "), "{message}");
}

#[test]
fn the_built_in_prices_are_in_those_of_the_appraisal() {
    let Parameters { prices, appraisal, .. } = Parameters::built_in();
    assert_eq!(prices.terms.base_year, appraisal.terms.price_year);
    assert!(prices.list.items().iter().all(|item| item.currency == prices.terms.currency));
    assert_eq!(prices.upkeep["asphalt"], Upkeep { upkeep_share_pa: 0.02, life_years: 15.0 });
}

/// The values of the functions were computed in Python from the manual's tables (Highway Safety Manual, 1st edition, chapter 12).
#[test]
fn the_safety_file_gives_the_crashes_of_the_manual() {
    let performance = Parameters::built_in().safety.performance;
    let as_it_is = LocalFactor::given(1.0, 0.0, "assumption: a test", 2026).unwrap();
    let crossing =
        Crossing { pedestrians_pd: 1_500.0, lanes_max: 4.0, bus_stops: 0, has_school: false, alcohol_sales: 0 };
    let junction = |kind| Junction {
        kind,
        major_aadt_vpd: 20_000.0,
        minor_aadt_vpd: 8_000.0,
        layout: Default::default(),
        crossing: Some(crossing),
    };
    for (kind, injury, single, pedestrian) in [
        (JunctionKind::ThreeLegStop, 1.069174212, 0.155161463, 0.089476453),
        (JunctionKind::FourLegSignal, 1.751422524, 0.093051042, 0.108467738),
    ] {
        let found = junction(kind).crashes(&performance).unwrap().in_place(&as_it_is);
        assert!((found.multi_vehicle.fatal_and_injury_pa - injury).abs() < 1e-8);
        assert!((found.single_vehicle.fatal_and_injury_pa - single).abs() < 1e-8);
        assert!((found.pedestrian_pa - pedestrian).abs() < 1e-8);
    }
    let street = Segment {
        kind: SegmentKind::TwoLane,
        aadt_vpd: 12_000.0,
        length_m: 750.0,
        driveways: Driveways {
            major_commercial: 2.0,
            minor_commercial: 5.0,
            major_industrial: 1.0,
            minor_industrial: 3.0,
            major_residential: 1.0,
            minor_residential: 14.0,
            other: 4.0,
        },
        speed: SpeedCategory::Slow,
        layout: Default::default(),
    };
    let found = street.crashes(&performance).unwrap().in_place(&as_it_is);
    assert!((found.multi_vehicle.fatal_and_injury_pa - 0.238813791).abs() < 1e-8);
    assert!((found.driveway.property_damage_only_pa - 0.657502400).abs() < 1e-8);
    assert!((found.bicycle_pa - 0.038961172).abs() < 1e-8);
}

/// The city's own injured calibrate the functions: 288.75 a year over four years.
#[test]
fn the_safety_file_calibrates_and_follows_speed() {
    let safety = Parameters::built_in().safety;
    let observed = safety.observed;
    let crashes = CityCrashes::from_injured(observed.injured_pa, observed.years, safety.injured_per_crash).unwrap();
    let factor = LocalFactor::city_wide(crashes, 100.0, safety.needs).unwrap();
    assert!((factor.value() - 288.75 / 1.2784 / 100.0).abs() < 1e-12);
    let slower = |model: SpeedModel<_>| model.median().factors(50.0 / 3.6, 40.0 / 3.6).unwrap();
    assert!((slower(safety.speed.exponential).injury / libm::exp(-0.34) - 1.0).abs() < 1e-12);
    assert!((slower(safety.speed.power_nilsson).injury - 0.64).abs() < 1e-12);
    assert!((slower(safety.speed.power_urban).injury - libm::pow(0.8, 1.2)).abs() < 1e-12);
    assert!((safety.performance.segment_factors.slow_speed_max_mps * 3.6 - 50.0).abs() < 1e-12);
    let walking = safety.severity.modes.iter().find(|share| share.mode == "walk").unwrap();
    assert!((walking.injured - 49.0 / 288.75).abs() < 1e-12 && (walking.deaths - 0.5 / 3.0).abs() < 1e-12);
    assert_eq!(safety.deaths_per_crash.median(), safety.severity.rates.deaths_per_crash);
}

#[test]
fn the_sun_file_has_a_crown_for_every_class_of_heights_and_stands_for_a_year() {
    let sun = Parameters::built_in().sun;
    assert_eq!(sun.year.iter().map(|day| day.days).sum::<u32>(), 365);
    assert_eq!(sun.crown_shape(30.0, None).unwrap().top_m, 32.0);
    assert_eq!(sun.crown_shape(0.0, None).unwrap().radius_m, 2.5);
    assert_eq!((sun.step_s, sun.guideline.minimum_h), (300, 1.5));
}

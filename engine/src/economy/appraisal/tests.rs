//! A published toy case, amounts by hand, and what must hold whatever the numbers are.

use proptest::prelude::*;

use super::*;
use crate::draws::Distribution;
use crate::economy::cash_flow::DiscountRate;
use crate::economy::rate_of_return::RateOfReturn;
use crate::economy::schedule::every_year;
use crate::economy::sensitivity::{Spread, over_seeds, tornado};
use crate::safety::severity::{CrashCosts, Victims};

fn values() -> UnitValues {
    let class = |class: &str, time_eur_ph, operating_eur_pkm| ClassValues {
        class: class.to_owned(),
        time_eur_ph,
        operating_eur_pkm,
    };
    let cost = |pollutant: &str, cost_eur_pkg| PollutantCost { pollutant: pollutant.to_owned(), cost_eur_pkg };
    let costs = CrashCosts { death_eur: 2e6, injured_eur: 5e4, crash_eur: 1e4, price_year: 2024 };
    UnitValues {
        price_year: 2024,
        classes: vec![class("car", 12.0, 0.25), class("walk", 9.0, 0.0)],
        time_growth_pa: 0.0,
        air: vec![cost("NOx", 20.0), cost("PM2.5", 80.0)],
        carbon: CarbonPath { points_eur_pt: vec![(2030, 250.0), (2050, 800.0)], level: 1.0 },
        noise: NoiseCosts { bands_eur_pdb: vec![(50.0, 10.0), (60.0, 20.0)], level: 1.0 },
        crashes: CrashValues { costs, level: 1.0 },
    }
}

fn terms(rate: f64) -> Terms {
    Terms { rate: DiscountRate::new(rate).unwrap(), base_year: 2030 }
}

fn stream(kind: StreamKind, amounts_eur: Vec<(i32, f64)>) -> Stream {
    Stream { kind, group: "municipality".to_owned(), amounts_eur }
}

fn project() -> Project {
    let streams = vec![
        stream(StreamKind::Investment, vec![(2030, 100_000.0)]),
        stream(StreamKind::Maintenance, every_year(2031, 2032, 1_000.0)),
        stream(StreamKind::Residual, vec![(2032, 40_000.0)]),
    ];
    let user = |class: &str, group: &str, minutes: f64| UserChange {
        year: 2031,
        class: class.to_owned(),
        group: group.to_owned(),
        trips_without_pa: 100_000.0,
        trips_with_pa: 120_000.0,
        without: TripCost { time_h: 0.25, distance_km: 5.0, charge_eur: 1.0 },
        with: TripCost { time_h: 0.25 - minutes / 60.0, distance_km: 4.8, charge_eur: 1.5 },
    };
    let change = |group: &str, effect| ExternalChange { year: 2031, group: group.to_owned(), effect };
    let exposure = NoiseExposure { without_lden_db: 62.0, with_lden_db: 58.0, people: 300.0 };
    let victims = Victims { deaths: -0.1, injured: -2.0 };
    let external = vec![
        change("Centro", ExternalEffect::Air { pollutant: "NOx".to_owned(), change_kg: -500.0 }),
        change("Cristo", ExternalEffect::Air { pollutant: "PM2.5".to_owned(), change_kg: 20.0 }),
        change("everybody", ExternalEffect::Climate { change_t: -30.0 }),
        change("Centro", ExternalEffect::Noise(vec![exposure])),
        change("Centro", ExternalEffect::Crashes { crashes: -1.5, victims }),
    ];
    let users = vec![user("car", "Centro", 3.0), user("walk", "Cristo", -1.0)];
    Project { first_year: 2030, last_year: 2032, streams, users, external }
}

fn of_account(appraisal: &Appraisal, account: &str) -> f64 {
    let sums = appraisal.by_account();
    sums.iter().find(|(name, _)| name == account).map(|(_, sum)| *sum).unwrap()
}

/// −1,000,000 in year 0, +90,000 for 20 years, 200,000 left; computed apart.
#[test]
fn the_toy_case_has_its_published_figures() {
    let project = Project {
        first_year: 2030,
        last_year: 2050,
        streams: vec![
            stream(StreamKind::Investment, vec![(2030, 1_000_000.0)]),
            stream(StreamKind::Revenue, every_year(2031, 2050, 90_000.0)),
            stream(StreamKind::Residual, vec![(2050, 200_000.0)]),
        ],
        users: Vec::new(),
        external: Vec::new(),
    };
    let appraisal = appraise(&project, &values(), terms(0.03)).unwrap();
    assert!((appraisal.npv_eur / 449_707.888 - 1.0).abs() < 1e-8);
    assert!((appraisal.benefit_cost_ratio.unwrap() / 1.449_708 - 1.0).abs() < 1e-6);
    let RateOfReturn::Unique(rate) = appraisal.rate_of_return else { panic!("one rate") };
    assert!((rate / 0.070_616_68 - 1.0).abs() < 1e-6);
    assert_eq!((appraisal.payback_year, appraisal.discounted_payback_year), (Some(2042), Some(2044)));
    let at_5 = appraise(&project, &values(), terms(0.05)).unwrap();
    assert!((at_5.npv_eur / 196_976.827 - 1.0).abs() < 1e-8);
}

/// By hand, undiscounted: half of 220,000 trips is 110,000.
#[test]
fn users_gain_by_the_rule_of_half() {
    let appraisal = appraise(&project(), &values(), terms(0.0)).unwrap();
    // 3 minutes at 12 €/h for cars, one minute lost at 9 €/h on foot.
    assert!((of_account(&appraisal, "time") - 110_000.0 * (0.6 - 0.15)).abs() < 1e-6);
    assert!((of_account(&appraisal, "operating") - 110_000.0 * 0.2 * 0.25).abs() < 1e-6);
    assert!((of_account(&appraisal, "charges") + 2.0 * 110_000.0 * 0.5).abs() < 1e-6);
}

/// By hand: 500 kg at 20 less 20 kg at 80; 30 t at 277.5; 300 people from 62 to 58 dB, 2 × 20 + 2 × 10 each; crashes 15,000 + 0.1 × 2 M
/// + 2 × 50,000.
#[test]
fn others_gain_by_what_changes_times_what_it_costs() {
    let appraisal = appraise(&project(), &values(), terms(0.0)).unwrap();
    assert!((of_account(&appraisal, "air NOx") - 10_000.0).abs() < 1e-9);
    assert!((of_account(&appraisal, "air PM2.5") + 1_600.0).abs() < 1e-9);
    assert!((of_account(&appraisal, "climate") - 30.0 * 277.5).abs() < 1e-9);
    assert!((of_account(&appraisal, "noise") - 300.0 * 60.0).abs() < 1e-9);
    assert!((of_account(&appraisal, "crashes") - 315_000.0).abs() < 1e-6);
}

#[test]
fn noise_below_the_quietest_band_costs_nothing() {
    let noise = values().noise;
    assert_eq!([noise.cost_eur_pa(40.0), noise.cost_eur_pa(50.0), noise.cost_eur_pa(70.0)], [0.0, 0.0, 300.0]);
}

#[test]
fn an_hour_is_worth_more_in_later_years_if_it_grows() {
    let values = UnitValues { time_growth_pa: 0.01, ..values() };
    assert_eq!(values.time_eur_ph("car", 2024), Some(12.0));
    assert!((values.time_eur_ph("car", 2026).unwrap() - 12.0 * 1.01 * 1.01).abs() < 1e-12);
    assert_eq!(values.time_eur_ph("tram", 2026), None);
}

#[test]
fn a_plan_that_changes_nothing_never_pays_back() {
    let appraisal = appraise(&without_change(100_000.0, 1_000.0), &values(), terms(0.04)).unwrap();
    assert_eq!(appraisal.benefit_cost_ratio, Some(0.0));
    assert_eq!(appraisal.rate_of_return, RateOfReturn::None);
    assert_eq!(appraisal.payback_year, None);
}

/// Works in 2030 and upkeep in two years, with users who fare as before.
fn without_change(works_eur: f64, upkeep_eur: f64) -> Project {
    let mut nothing = project();
    nothing.external.clear();
    nothing.streams = vec![
        stream(StreamKind::Investment, vec![(2030, works_eur)]),
        stream(StreamKind::Maintenance, every_year(2031, 2032, upkeep_eur)),
    ];
    for change in &mut nothing.users {
        change.with = change.without;
        change.trips_with_pa = change.trips_without_pa;
    }
    nothing
}

#[test]
fn who_gains_and_who_pays_sum_to_the_whole() {
    let appraisal = appraise(&project(), &values(), terms(0.03)).unwrap();
    for sums in [appraisal.by_group(), appraisal.by_class(), appraisal.by_account()] {
        let sum: f64 = sums.iter().map(|(_, sum)| sum).sum();
        assert!((sum - appraisal.npv_eur).abs() < 1e-6);
    }
    let groups: Vec<String> = appraisal.by_group().into_iter().map(|(name, _)| name).collect();
    assert_eq!(groups, ["Centro", "Cristo", "everybody", "municipality"]);
    assert!((appraisal.flow.present_eur(terms(0.03).rate, 2030) - appraisal.npv_eur).abs() < 1e-6);
}

#[test]
fn a_plan_that_cannot_be_appraised_says_everything_that_is_wrong() {
    let mut wrong = project();
    wrong.users[0].class = "tram".to_owned();
    wrong.users[1].trips_with_pa = -1.0;
    wrong.external[0].effect = ExternalEffect::Air { pollutant: "dust".to_owned(), change_kg: 1.0 };
    wrong.external[1].effect = ExternalEffect::Climate { change_t: f64::NAN };
    wrong.external[2].year = 2029;
    wrong.external[3].year = 2060;
    wrong.streams[0].amounts_eur.push((2031, f64::INFINITY));
    let faults = appraise(&wrong, &values(), terms(0.03)).unwrap_err();
    assert_eq!(faults.len(), 7, "{faults:?}");
    assert!(faults.contains(&AppraisalFault::UnknownClass { class: "tram".to_owned() }));
    assert!(faults.contains(&AppraisalFault::UnknownPollutant { pollutant: "dust".to_owned() }));
    assert!(faults.contains(&AppraisalFault::NoCarbonPrice { year: 2029 }));
    assert!(faults.iter().any(|fault| matches!(fault, AppraisalFault::YearOutside { year: 2060, .. })));
    for wrong in [Project { first_year: 2033, ..project() }, Project { last_year: i32::MAX, ..project() }] {
        assert!(matches!(appraise(&wrong, &values(), terms(0.03)).unwrap_err()[0], AppraisalFault::Years { .. }));
    }
}

#[test]
fn every_fault_of_unit_values_is_told() {
    assert_eq!(values().validate(), Ok(()));
    let mut wrong = values();
    wrong.classes[0].time_eur_ph = -1.0;
    wrong.classes[1].class = "car".to_owned();
    wrong.air[0].cost_eur_pkg = f64::NAN;
    wrong.carbon.points_eur_pt.reverse();
    wrong.crashes.costs.price_year = 2018;
    let faults = wrong.validate().unwrap_err();
    assert_eq!(faults.len(), 5, "{faults:?}");
}

fn uncertain_values() -> UnitValues<Distribution> {
    let about = |median| Distribution::LogNormal { median, log_deviation: 0.3 };
    let known = values();
    UnitValues {
        price_year: known.price_year,
        classes: known
            .classes
            .iter()
            .map(|class| ClassValues {
                class: class.class.clone(),
                time_eur_ph: about(class.time_eur_ph),
                operating_eur_pkm: Distribution::Fixed(class.operating_eur_pkm),
            })
            .collect(),
        time_growth_pa: Distribution::Uniform { low: -0.01, high: 0.01 },
        air: known
            .air
            .iter()
            .map(|cost| PollutantCost { pollutant: cost.pollutant.clone(), cost_eur_pkg: about(cost.cost_eur_pkg) })
            .collect(),
        carbon: CarbonPath { points_eur_pt: known.carbon.points_eur_pt, level: about(1.0) },
        noise: NoiseCosts { bands_eur_pdb: known.noise.bands_eur_pdb, level: about(1.0) },
        crashes: CrashValues { costs: known.crashes.costs, level: about(1.0) },
    }
}

#[test]
fn values_that_are_not_known_are_at_their_median_where_nothing_is_drawn() {
    let uncertain = uncertain_values();
    assert_eq!(uncertain.validate(), Ok(()));
    assert_eq!(uncertain.median(), values());
    let names: Vec<String> = uncertain.uncertain().into_iter().map(|parameter| parameter.name).collect();
    assert_eq!(names[0], "time of car");
    assert_eq!(names.len(), 10);
    let at: Vec<f64> = (0..10).map(|number| f64::from(number) / 100.0).collect();
    let values = uncertain.at(&at);
    assert_eq!((values.classes[0].time_eur_ph, values.classes[1].time_eur_ph), (0.0, 0.02));
    assert_eq!((values.air[1].cost_eur_pkg, values.crashes.level), (0.06, 0.09));
}

#[test]
fn the_crashes_of_the_plan_swing_its_worth_most_and_seeds_spread_around_the_median() {
    let (project, uncertain) = (project(), uncertain_values());
    let parameters = uncertain.uncertain();
    let npv = |numbers: &[f64]| -> Result<f64, Fault> {
        Ok(appraise(&project, &uncertain.at(numbers), terms(0.03)).map_err(Fault::Appraisal)?.npv_eur)
    };
    let tornado = tornado(&parameters, 0.1, npv).unwrap();
    assert_eq!(tornado.bars[0].name, "level of crash costs");
    assert_eq!(tornado.central, appraise(&project, &values(), terms(0.03)).unwrap().npv_eur);
    let spread = Spread::new(over_seeds(&parameters, 0..400, npv).unwrap()).unwrap();
    assert!((spread.quantile(0.5) - tornado.central).abs() < 0.2 * spread.deviation());
}

#[derive(Debug)]
enum Fault {
    Appraisal(Vec<AppraisalFault>),
    Sensitivity(crate::economy::sensitivity::SensitivityFault),
}

impl From<crate::economy::sensitivity::SensitivityFault> for Fault {
    fn from(fault: crate::economy::sensitivity::SensitivityFault) -> Self {
        Self::Sensitivity(fault)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Appraisal(faults) => write!(formatter, "{faults:?}"),
            Self::Sensitivity(fault) => write!(formatter, "{fault}"),
        }
    }
}

proptest! {
    #[test]
    fn no_change_is_worth_minus_the_present_costs(
        works_eur in 0.0..1e8_f64,
        upkeep_eur in 0.0..1e6_f64,
        rate in 0.0..0.2_f64,
    ) {
        let appraisal = appraise(&without_change(works_eur, upkeep_eur), &values(), terms(rate)).unwrap();
        let costs = works_eur + upkeep_eur / (1.0 + rate) + upkeep_eur / ((1.0 + rate) * (1.0 + rate));
        prop_assert!((appraisal.npv_eur + costs).abs() <= 1e-12 * costs);
    }

    #[test]
    fn groups_classes_and_accounts_each_sum_to_the_whole(
        minutes in prop::collection::vec(-20.0..20.0_f64, 1..12),
        trips in prop::collection::vec(0.0..1e6_f64, 12),
        rate in 0.0..0.2_f64,
    ) {
        let mut plan = project();
        let model = plan.users[0].clone();
        plan.users = minutes.iter().zip(&trips).enumerate().map(|(number, (minutes, &trips_with_pa))| UserChange {
            class: if number % 2 == 0 { "car" } else { "walk" }.to_owned(),
            group: format!("quarter {}", number % 5),
            trips_with_pa,
            with: TripCost { time_h: 0.5 + minutes / 60.0, ..model.with },
            ..model.clone()
        }).collect();
        let appraisal = appraise(&plan, &values(), terms(rate)).unwrap();
        let size: f64 = appraisal.lines.iter().map(|line| line.present_eur.abs()).sum();
        for sums in [appraisal.by_group(), appraisal.by_class(), appraisal.by_account()] {
            let sum: f64 = sums.iter().map(|(_, sum)| sum).sum();
            prop_assert!((sum - appraisal.npv_eur).abs() <= 1e-12 * size);
        }
    }

    #[test]
    fn doubling_one_unit_value_doubles_its_own_line_alone(which in 0..10_usize, rate in 0.0..0.2_f64) {
        let uncertain = uncertain_values();
        let medians: Vec<f64> = uncertain.uncertain().iter().map(|parameter| parameter.distribution.median()).collect();
        prop_assume!(medians[which] != 0.0);
        let mut doubled = medians.clone();
        doubled[which] *= 2.0;
        let appraisal = |numbers: &[f64]| appraise(&project(), &uncertain.at(numbers), terms(rate)).unwrap();
        let (before, after) = (appraisal(&medians), appraisal(&doubled));
        // In the order of the parameters: the accounts and classes that each may touch.
        let touches = |line: &AppraisalLine| match which {
            0 => line.account == Account::Time && line.class == "car",
            1 => line.account == Account::Operating && line.class == "car",
            2 => line.account == Account::Time && line.class == "walk",
            3 => line.account == Account::Operating && line.class == "walk",
            5 => line.account == Account::Air("NOx".to_owned()),
            6 => line.account == Account::Air("PM2.5".to_owned()),
            7 => line.account == Account::Climate,
            8 => line.account == Account::Noise,
            _ => line.account == Account::Crashes,
        };
        for (before, after) in before.lines.iter().zip(&after.lines) {
            let factor = if touches(before) { 2.0 } else { 1.0 };
            prop_assert!((after.present_eur - factor * before.present_eur).abs() <= 1e-9 * before.present_eur.abs());
        }
    }

    #[test]
    fn the_order_in_which_amounts_come_shows_nowhere(
        amounts in prop::collection::vec((2030..2050_i32, 0..3_usize, -1e6..1e6_f64), 1..40),
        rotated in 0..40_usize,
    ) {
        let accounts = [Account::Investment, Account::Time, Account::Noise];
        let mut entries: Vec<Entry> = amounts
            .iter()
            .map(|&(year, account, amount_eur)| Entry {
                year,
                account: accounts[account].clone(),
                class: String::new(),
                group: format!("quarter {}", year % 3),
                amount_eur,
            })
            .collect();
        let before = appraised(entries.clone(), terms(0.03));
        let count = entries.len();
        entries.rotate_left(rotated % count);
        entries.reverse();
        prop_assert_eq!(before, appraised(entries, terms(0.03)));
    }
}

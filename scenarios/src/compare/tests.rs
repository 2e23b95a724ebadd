//! What holds of every comparison, on a made-up city.

use data::table::Table;
use engine::city::ObservationRole;
use engine::demand::geh;

use super::{CompareError, compare};
use crate::comparison::{AppraisalGap, ClassTrips, ComparedAppraisal, Comparison, OriginTrips, Origins};
use crate::run::{Base, Fidelity, Request, Run, Settings, run_all, seeds};
use crate::scenario::{Applied, Chain, apply};
use crate::test_city::small_city;

const CLOSED: &str = "[[close]]\non = { street = [\"Ponte Vecchio\"] }\n";
const ZTL: &str = "[[ztl]]\nquarter = \"Centro\"\nhours = { from = \"7:30\", to = \"19:00\" }\nexempt_share = 0.1\n";

/// The base and a scenario of these edits.
fn runs(base: &Base, edits: &str, seed_count: u32, period: Option<&str>) -> Vec<(Run, Applied)> {
    let chain = |edits: &str| {
        let text = format!("format = 1\nname = \"test\"\ntitle = {{ it = \"x\", en = \"x\" }}\n{edits}");
        Chain::of_texts(vec![("test.toml".to_owned(), text)]).expect("a scenario")
    };
    let request = Request {
        seeds: seeds(seed_count),
        period: period.map(str::to_owned),
        fidelity: Fidelity::Strategic,
        recording: None,
        fields: Default::default(),
        lanes_to: None,
        build_id: "test-build".to_owned(),
        built_in: false,
    };
    let runs = run_all(base, &[chain(""), chain(edits)], &request, &|| {}).expect("runs");
    let with_city = |run: Run| {
        let applied = apply(&base.tables, &run.chain).expect("fits");
        (run, applied)
    };
    runs.into_iter().map(with_city).collect()
}

fn compared(edits: &str, seed_count: u32, period: Option<&str>) -> Comparison {
    let base = Base::new(small_city(), Settings::built_in()).expect("a base");
    compare(&base.tables, &runs(&base, edits, seed_count, period), &base.settings).expect("comparable")
}

fn cars(place: &OriginTrips) -> &ClassTrips {
    place.classes.iter().find(|trips| trips.class == "car").expect("cars")
}

#[test]
fn a_street_is_told_once_with_both_directions() {
    let comparison = compared(CLOSED, 2, Some("morning_peak"));
    let daily = |name: &str, run: usize| -> f64 {
        let links = comparison.links.iter().filter(|link| link.name.as_deref() == Some(name));
        links.map(|link| link.daily_vehicles[run].value).sum()
    };
    let streets = &comparison.changed_streets[1];
    let named: Vec<&str> = streets.iter().filter_map(|street| street.name.as_deref()).collect();
    assert_eq!(named.iter().filter(|name| **name == "Ponte Vecchio").count(), 1, "{named:?}");
    let closed = streets.iter().find(|street| street.name.as_deref() == Some("Ponte Vecchio")).expect("told");
    assert_eq!(closed.links.len(), 2);
    assert!((closed.vehicles.before.value - daily("Ponte Vecchio", 0)).abs() < 1e-6);
    assert_eq!(closed.vehicles.after.value, 0.0);
    assert!(streets.len() <= 10 && comparison.changed_streets[0].is_empty());
    let told = |end: &Option<String>| end.clone().unwrap_or_default();
    let mut ends = [told(&closed.at.from), told(&closed.at.to)];
    ends.sort_unstable();
    assert_eq!(ends, ["Corso Colonna 4", "Corso Colonna 5"], "the streets at either end of the bridge");

    let edited = comparison.runs[1].edited_traffic.as_ref().expect("links are edited");
    assert_eq!((edited.street.as_deref(), edited.busiest), (Some("Ponte Vecchio"), closed.vehicles));
    assert!(edited.vehicle_km.before.value > 0.0 && edited.vehicle_km.after.value == 0.0);
    assert!(comparison.runs[0].edited_traffic.is_none());
}

#[test]
fn quarters_hold_the_trips_of_their_zones_and_no_others() {
    let comparison = compared(CLOSED, 2, Some("morning_peak"));
    let is_central = |place: &&OriginTrips| matches!(&place.origins, Origins::Zone { quarter: Some(_) });
    let of_zones: Vec<&ClassTrips> = comparison.zones.iter().filter(is_central).map(cars).collect();
    let quarter = comparison.quarters.iter().find(|place| place.origins == Origins::Quarter).expect("a quarter");
    for run in 0..2 {
        let zones: f64 = of_zones.iter().map(|trips| trips.trips_per_day[run].value).sum();
        assert!((cars(quarter).trips_per_day[run].value - zones).abs() < 1e-9 * zones);
        let minutes = |trips: &ClassTrips| trips.mean_duration_min[run].expect("served").value;
        let (low, high) = of_zones
            .iter()
            .map(|trips| minutes(trips))
            .fold((f64::MAX, 0.0_f64), |(low, high), minutes| (low.min(minutes), high.max(minutes)));
        assert!((low..=high).contains(&minutes(cars(quarter))), "a mean lies between what it is of");
    }
    let trips = |places: &[OriginTrips]| -> f64 { places.iter().map(|place| cars(place).trips_per_day[0].value).sum() };
    let (zones, quarters) = (trips(&comparison.zones), trips(&comparison.quarters));
    assert!((zones - quarters).abs() < 1e-9 * zones, "quarters, other zones and gates are everything");
}

#[test]
fn a_limited_zone_says_who_parks_at_its_edge_and_out_of_how_many() {
    let comparison = compared(ZTL, 1, Some("morning_peak"));
    let run = &comparison.runs[1];
    let limited = run.limited_traffic.as_ref().expect("a limited zone");
    assert_eq!(limited.exempt_shares, [0.1]);
    let classes: Vec<&str> = limited.parking_at_edge_per_day.iter().map(|(class, _)| class.as_str()).collect();
    assert_eq!(classes, ["car"], "vans, heavy vehicles and motorcycles may enter");
    let parking: f64 = limited.parking_at_edge_per_day.iter().map(|(_, trips)| trips.value).sum();
    assert!((parking - run.trips_parking_at_edge.value).abs() < 1e-9 * parking);
    assert!(limited.trips_per_day > parking);
    assert!(comparison.runs[0].limited_traffic.is_none());
}

#[test]
fn a_held_out_count_is_compared_hour_by_hour_in_every_period() {
    let base = Base::new(small_city(), Settings::built_in()).expect("a base");
    let mut runs = runs(&base, CLOSED, 2, None);
    let comparison = compare(&base.tables, &runs, &base.settings).expect("comparable");
    let bridge = &comparison.observations[0];
    assert_eq!((bridge.role, bridge.hourly_fit.len()), (ObservationRole::HeldOut, comparison.periods.len()));
    let (mut counted, mut modelled) = (0.0, 0.0);
    for fit in &bridge.hourly_fit {
        let hours = f64::from(comparison.periods[fit.period].duration_s()) / 3600.0;
        counted += fit.counted_vph * hours;
        modelled += fit.modelled_vph.value * hours;
        assert_eq!(fit.geh, geh(fit.modelled_vph.value, fit.counted_vph));
    }
    assert!((counted - 9000.0).abs() < 1e-6, "the periods make the day that was counted: {counted}");
    assert!((modelled - bridge.daily_vehicles[0].value).abs() < 1e-6 * modelled);
    let of_day: f64 = comparison.gate_hours.iter().map(|gate| gate.share_of_day).sum();
    assert!((of_day - 1.0).abs() < 1e-9, "{of_day}");

    for (run, _) in &mut runs {
        run.manifest.configuration = "of another program".to_owned();
    }
    let other = compare(&base.tables, &runs, &base.settings).expect("comparable");
    assert!(other.observations[0].hourly_fit.is_empty() && other.gate_hours.is_empty());
}

#[test]
fn a_difference_below_the_gaps_of_both_equilibria_is_marked_as_not_resolved() {
    let comparison = compared(CLOSED, 1, Some("morning_peak"));
    let gaps = comparison.runs[0].relative_gap + comparison.runs[1].relative_gap;
    let hours = comparison.indicators.iter().find(|indicator| indicator.id == "vehicle_hours").expect("there");
    assert!(hours.resolutions[1] >= gaps * hours.values[0].value);
    assert!(hours.resolutions[1] < 1e-3 * hours.values[0].value, "{hours:?}");
}

#[test]
fn damaged_tables_are_told_by_what_is_wrong_in_them() {
    let base = Base::new(small_city(), Settings::built_in()).expect("a base");
    let made = runs(&base, CLOSED, 1, Some("morning_peak"));
    let with = |change: &dyn Fn(&mut Run)| {
        let mut runs = made.clone();
        change(&mut runs[1].0);
        compare(&base.tables, &runs, &base.settings).map(|_| ()).expect_err("damaged").to_string()
    };
    let missing = with(&|run| drop(run.tables.remove("zones")));
    assert_eq!(missing, "the run of 'test' has no table 'zones'; it is damaged: run it again");
    let strange = Table::new()
        .with("seed", vec![0_i64])
        .with("period", vec!["morning_peak"])
        .with("link", vec!["t:nowhere"])
        .with("vehicles", vec![1.0]);
    let unknown = with(&|run| drop(run.tables.insert("link_periods".to_owned(), strange.clone())));
    assert!(unknown.contains("name the link 't:nowhere'"), "{unknown}");
    let seeds = with(&|run| run.manifest.seeds = vec![7]);
    assert!(seeds.contains("differ in their seeds"), "{seeds}");
    assert!(matches!(compare(&base.tables, &[], &base.settings), Err(CompareError::Nothing)));
}

const WORKS: &str = "[[works]]\nname = { it = \"x\", en = \"x\" }\n\
                     items = [{ code = \"bridge_lane\", quantity = 100, unit = \"m2\" }]\n\
                     years = [{ year = 2027, share = 1 }]\nlife_years = 80\nmaintenance_eur_pa = 1000\n";

fn appraisal(edits: &str, seed_count: u32) -> ComparedAppraisal {
    compared(edits, seed_count, None).appraisals[1].clone().expect("a whole day is appraised")
}

fn account(appraisal: &ComparedAppraisal, name: &str) -> f64 {
    let found = appraisal.accounts.iter().find(|amount| amount.name == name);
    found.map_or(0.0, |amount| amount.present_eur.value)
}

/// Works that change no traffic are worth what they cost, to the cent.
#[test]
fn works_that_change_nothing_are_worth_minus_their_present_costs() {
    let plan = appraisal(WORKS, 3);
    let costs = ["investment", "maintenance", "operation", "residual"];
    let sum: f64 = costs.iter().map(|name| account(&plan, name)).sum();
    assert!(sum < 0.0 && (plan.npv_eur.value - sum).abs() < 1e-6, "{} and {sum}", plan.npv_eur.value);
    for other in plan.accounts.iter().filter(|amount| !costs.contains(&amount.name.as_str())) {
        assert_eq!(other.present_eur.value, 0.0, "{}", other.name);
    }
    assert_eq!((plan.positive_share, plan.first_year, plan.opening_year, plan.last_year), (0.0, 2027, 2028, 2052));
    assert_eq!(plan.gaps, [AppraisalGap::Crashes, AppraisalGap::Noise]);
    let line = &plan.works[0].lines[0];
    assert!((line.net_eur - 100.0 * line.unit_price_eur).abs() < 1e-6 && !line.source.is_empty());
}

#[test]
fn twice_the_works_cost_twice_as_much_and_change_nothing_else() {
    let (once, twice) = (appraisal(WORKS, 2), appraisal(&WORKS.replace("quantity = 100", "quantity = 200"), 2));
    let investment = |plan: &ComparedAppraisal| account(plan, "investment");
    assert!((investment(&twice) / investment(&once) - 2.0).abs() < 1e-9);
    for name in ["maintenance", "time", "climate"] {
        assert_eq!(account(&twice, name), account(&once, name), "{name}");
    }
}

#[test]
fn what_a_plan_is_worth_is_the_sum_over_accounts_over_classes_and_over_groups() {
    let plan = appraisal(&(CLOSED.to_owned() + WORKS), 3);
    assert!(plan.npv_eur.value < 0.0 && account(&plan, "time") < 0.0, "the bridge is closed");
    for (what, amounts) in [("accounts", &plan.accounts), ("classes", &plan.classes), ("groups", &plan.groups)] {
        let sum: f64 = amounts.iter().map(|amount| amount.present_eur.value).sum();
        assert!((sum / plan.npv_eur.value - 1.0).abs() < 1e-9, "{what}: {sum} and {}", plan.npv_eur.value);
    }
    let swings: Vec<f64> = plan.swings.iter().map(|swing| (swing.npv_high_eur - swing.npv_low_eur).abs()).collect();
    assert!(swings[0] > 0.0 && swings.is_sorted_by(|a, b| a >= b), "{swings:?}");
}

#[test]
fn a_scenario_without_works_says_that_its_costs_are_not_known() {
    let plan = appraisal(CLOSED, 1);
    assert!(plan.gaps.contains(&AppraisalGap::Works) && plan.works.is_empty());
    assert_eq!((plan.benefit_cost_ratio, plan.npv_eur.interval), (None, None));
    let morning = compared(CLOSED, 1, Some("morning_peak"));
    assert_eq!(morning.appraisals, [None, None], "a morning is no day");
}

#[test]
fn works_of_no_price_stop_a_run_before_anything_is_solved() {
    let base = Base::new(small_city(), Settings::built_in()).expect("a base");
    for (from, to, says) in
        [("bridge_lane", "bridge_line", "'bridge_line'"), ("unit = \"m2\"", "unit = \"m\"", "'bridge_lane'")]
    {
        let text =
            "format = 1\nname = \"test\"\ntitle = { it = \"x\", en = \"x\" }\n".to_owned() + &WORKS.replace(from, to);
        let chain = Chain::of_texts(vec![("test.toml".to_owned(), text)]).expect("a scenario");
        let request = Request {
            seeds: vec![0],
            period: None,
            fidelity: Fidelity::Strategic,
            recording: None,
            fields: Default::default(),
            lanes_to: None,
            build_id: "test-build".to_owned(),
            built_in: false,
        };
        let Err(error) = run_all(&base, &[chain], &request, &|| {}) else { panic!("it has no price") };
        let told = error.to_string();
        assert!(told.starts_with("test.toml:6:") && told.contains(says), "{told}");
    }
}

//! What edits make of lanes and signals, on the made-up city.

use std::sync::Arc;

use engine::assignment::Equilibrium;
use engine::signals::Program;
use engine::traffic::from_city::LinkPlace;
use engine::traffic::network::Permissions;
use engine::vehicles::{ClassSet, VehicleClass};

use super::super::base::{Base, SimulateError};
use super::super::fidelity::Fidelity;
use super::super::model::CityModel;
use super::super::settings::Settings;
use super::{CityLanes, lanes, signals};
use crate::scenario::Chain;
use crate::test_city::small_city;

const SIGNALS: &str = "[[signal]]\non = { junctions = [\"t:j14\", \"t:j24\", \"t:j34\", \"t:j44\"] }\n";
const WAVE: &str = "[[green_wave]]\nstreet = \"Corso Colonna 4\"\nspeed_kmh = 45\ncycle_s = 90\n";

fn base() -> Base {
    Base::new(small_city(), Settings::built_in()).expect("a base")
}

fn model(base: &Base, edits: &str) -> CityModel {
    let text = format!("format = 1\nname = \"test\"\ntitle = {{ it = \"x\", en = \"x\" }}\n{edits}");
    base.scenario(&Chain::of_texts(vec![("test.toml".to_owned(), text)]).expect("a scenario")).expect("fits")
}

fn morning(base: &Base) -> Vec<usize> {
    base.periods(Some("morning_peak")).expect("a morning")
}

fn city_lanes(base: &Base, edits: &str) -> Result<CityLanes, SimulateError> {
    base.lanes_of(&model(base, edits), &morning(base))
}

fn junction(base: &Base, key: &str) -> usize {
    base.tables.junctions.iter().position(|row| row.key.as_str() == key).expect("a junction")
}

#[test]
fn lanes_for_buses_and_bicycles_are_on_the_road_in_the_hours_that_are_run() {
    let base = base();
    let bridge = base.tables.links.iter().position(|row| row.key.as_str() == "t:l24-25").expect("a link");
    let on = "on = { links = [\"t:l24-25\"] }\n";
    let users = |edits: &str| -> Vec<Permissions> {
        let lanes = city_lanes(&base, &format!("[[set]]\n{on}lanes = 3\n{edits}")).expect("lanes");
        let LinkPlace::Street(street) = lanes.streets.places[bridge] else { panic!("a street") };
        lanes.derived.rows.streets[street as usize].lanes.iter().map(|lane| lane.permissions).collect()
    };
    let all = users("")[0];
    assert_eq!(all, Permissions(u64::from(ClassSet::MOTOR.bits())));
    let only = |classes: &[VehicleClass]| Permissions(u64::from(ClassSet::of(classes).bits()));
    let bus = format!("[[bus_lane]]\n{on}also = [\"motorcycle\"]\nhours = {{ from = \"7:00\", to = \"8:00\" }}\n");
    let cycle = format!("[[cycle_lane]]\n{on}kind = \"reserved_lane\"\n");
    let buses = only(&[VehicleClass::Bus, VehicleClass::Motorcycle]);
    assert_eq!(users(&bus), [buses, all, all]);
    assert_eq!(users(&(bus.clone() + &cycle)), [only(&[VehicleClass::Bicycle]), buses, all]);
    let evening = bus.replace("7:00", "17:00").replace("8:00", "19:00");
    assert_eq!(users(&evening), [all; 3], "it does not hold in the morning");
}

/// Else comparisons would tell how junctions are reckoned with, and not what the scenario does.
#[test]
fn a_scenario_that_changes_no_junction_starts_from_the_equilibria_of_the_base() {
    let base = base();
    let periods = morning(&base);
    let start = base.seed(1, &periods, Fidelity::Meso).expect("equilibria");
    let of_base = base.equilibria(&start);
    let same = |pair: (&Option<Arc<Equilibrium>>, &Option<Arc<Equilibrium>>)| match pair {
        (Some(own), Some(of_base)) => Arc::ptr_eq(own, of_base),
        (own, of_base) => own.is_none() && of_base.is_none(),
    };
    let on_foot = "[[close]]\non = { street = [\"Ponte Vecchio\"] }\nclasses = [\"pedestrian\"]\n";
    for edits in ["", on_foot] {
        let model = model(&base, edits);
        let lanes = base.lanes_of(&model, &periods).expect("lanes");
        assert!(lanes.junctions_vph().iter().any(Option::is_some), "some junction bounds traffic");
        let (_, equilibria) = base.scenario_result(&start, &model, lanes.junctions_vph()).expect("equilibria");
        assert!(equilibria.iter().zip(&of_base).all(same) && of_base.iter().any(Option::is_some), "{edits}");
    }
}

#[test]
fn the_signals_of_a_green_wave_share_its_cycle_and_follow_each_other() {
    let base = base();
    let programs = |edits: &str| -> Vec<Program> {
        let lanes = city_lanes(&base, edits).expect("lanes");
        let at = |key: &str| {
            let row = junction(&base, key) as u32;
            let place = lanes.streets.junctions.iter().position(|of| of.members.contains(&row)).expect("a junction");
            let plan = lanes.derived.signal_plan(place as u32).expect("a signal");
            lanes.network.signals[plan.signal as usize].program.clone()
        };
        ["t:j14", "t:j24", "t:j34", "t:j44"].map(at).to_vec()
    };
    let with = programs(&format!("{SIGNALS}{WAVE}"));
    assert!(with.iter().all(|program| (program.cycle_s() - 90.0).abs() < 1e-6), "{with:?}");
    // What all lamps show at once differs from signal to signal, as the way from one to the next takes its time.
    let begins = |program: &Program| program.phases()[program.phase_at(0.0).0].lamps.clone();
    let distinct: std::collections::BTreeSet<String> =
        with.iter().map(|program| format!("{:?}", begins(program))).collect();
    assert!(distinct.len() > 1, "{distinct:?}");
    let without = programs(SIGNALS);
    assert!(without.iter().any(|program| (program.cycle_s() - 90.0).abs() > 1.0), "{without:?}");
}

#[test]
fn a_wave_without_signals_and_a_cycle_too_short_are_told() {
    let base = base();
    let told = |edits: &str| city_lanes(&base, edits).err().map(|error| error.to_string()).unwrap_or_default();
    let unsignalled = "[[signal]]\non = { junctions = [\"t:j04\", \"t:j14\", \"t:j24\", \"t:j34\", \"t:j44\", \"t:j54\"] }\nkind = \"none\"\n";
    let message = told(&format!("{unsignalled}{WAVE}"));
    let wave = "test.toml:8:10: the green wave of 'corso colonna 4': 0 signals stand along it";
    assert!(message.contains(wave), "{message}");
    let greens = "[[signal]]\non = { junctions = [\"t:j24\"] }\ngreen_s = [30, 30]\n";
    let short = WAVE.replace("cycle_s = 90", "cycle_s = 40");
    let message = told(&format!("{SIGNALS}{greens}{short}").replace("\"t:j24\", ", ""));
    assert!(message.contains("green wave of 'corso colonna 4'"), "'{message}'");
}

#[test]
fn greens_for_other_stages_than_a_signal_has_are_told_where_they_are_written() {
    let base = base();
    let told = |edits: &str| city_lanes(&base, edits).err().map(|error| error.to_string()).unwrap_or_default();
    let greens = "green_s = [10, 15, 10, 10, 10, 10, 10, 10, 10]\n";
    let all = told(&format!("{SIGNALS}[[signal]]\non = {{ all = true }}\n{greens}"));
    assert!(all.starts_with("test.toml:8:11: the signal at junction '") && all.contains("9 greens"), "{all}");
    let one = told(&format!("{SIGNALS}[[signal]]\non = {{ junctions = [\"t:j22\"] }}\n{greens}"));
    assert!(one.starts_with("test.toml:8:11: the signal at junction 't:j22'") && one.contains("9 greens"), "{one}");
    assert!(one.contains("give one for each stage"), "{one}");
}

#[test]
fn junctions_that_are_one_crossing_must_not_be_told_different_things() {
    let base = base();
    let rows = ["t:j23", "t:j24"].map(|key| junction(&base, key) as u32);
    // As if the two crossings lay side by side.
    let told = |edits: &str| {
        let model = model(&base, edits);
        let mut streets = lanes::streets(&model, &model.slices_of(&morning(&base)), &[]).expect("streets");
        let one = streets.junctions.iter().position(|of| of.members == [rows[0]]).expect("a junction");
        streets.junctions[one].members = rows.to_vec();
        signals::check(&model, &streets).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let signal = |at: &str, what: &str| format!("[[signal]]\non = {{ junctions = [\"{at}\"] }}\n{what}");
    let fixed = signal("t:j23", "cycle_s = 60\n");
    assert_eq!(told(&fixed), "", "said of one of them it is said of both");
    assert_eq!(told(&(fixed.clone() + &signal("t:j24", "cycle_s = 60\n"))), "", "said twice is said");
    let message = told(&(fixed.clone() + &signal("t:j24", "kind = \"actuated\"\n")));
    assert!(message.contains("'t:j23' and 't:j24' are one crossing") && message.contains("actuated"), "{message}");
    let message = told(&(fixed + WAVE));
    assert!(message.contains("part of the green wave of corso colonna 4"), "{message}");
    let across = "[[green_wave]]\nstreet = \"Corso Colonna 3\"\nspeed_kmh = 45\ncycle_s = 90\n";
    assert!(told(&(across.to_owned() + WAVE)).contains("green wave of corso colonna 3 and part of"));
}

#[test]
fn lanes_turns_junctions_and_signals_can_be_looked_at() {
    let base = base();
    let model = model(&base, SIGNALS);
    let lanes = base.lanes_of(&model, &morning(&base)).expect("lanes");
    let features = lanes.features(&model);
    let of = |layer: &str| -> Vec<_> {
        let is_of = |feature: &&data::export::Feature| feature.properties["layer"] == layer;
        features.iter().filter(is_of).map(|feature| &feature.properties).collect()
    };
    let known = |key: &serde_json::Value| model.applied.tables.links.iter().any(|row| row.key.as_str() == key);
    let network = &lanes.network;
    assert_eq!(of("lane").len(), network.street_lane_count as usize);
    assert!(of("lane").iter().all(|lane| known(&lane["link"]) && lane["classes"][0].is_string()));
    assert_eq!(of("turn").len(), lanes.derived.rows.movements.len());
    assert!(of("turn").iter().all(|turn| known(&turn["from"]["link"]) && turn["right_of_way"].is_string()));
    let signals: Vec<_> = of("signal").iter().map(|signal| signal["signal"].clone()).collect();
    assert!(signals.len() >= 4 && signals.len() == lanes.derived.rows.signals.len(), "{signals:?}");
    let ruled = of("turn").into_iter().filter(|turn| !turn["signal"].is_null());
    assert!(ruled.clone().count() > 8 && ruled.clone().all(|turn| signals.contains(&turn["signal"])));
    for key in ["t:j14", "t:j24", "t:j34", "t:j44"] {
        let junctions = of("junction");
        let holds = |junction: &&&serde_json::Map<String, serde_json::Value>| {
            junction["junctions"].as_array().is_some_and(|members| members.iter().any(|member| member == key))
        };
        assert_eq!(junctions.iter().find(holds).expect("a junction")["control"], "signals", "{key}");
    }
}

//! What edits of access do to a city, alone, together and in a chain.

use engine::city::{Access, CityTables};
use engine::time::{ClockTime, DayType};
use engine::vehicles::{ClassSet, VehicleClass};
use proptest::prelude::*;

use super::{apply, chain, refused};
use crate::test_city::small_city;

/// The two directions of a bridge.
const THERE: &str = "on = { links = [\"t:l24-25\"] }\n";
const BACK: &str = "on = { links = [\"t:l25-24\"] }\n";
const PEAK: &str = "hours = { from = \"7:00\", to = \"9:00\" }\n";
const CARS: &str = "classes = [\"other_car\", \"resident_car\", \"van\"]\n";

fn close(what: &str) -> String {
    format!("[[close]]\n{what}")
}

fn set(what: &str) -> String {
    format!("[[set]]\n{what}")
}

fn ztl(hours: &str) -> String {
    format!("[[ztl]]\nquarter = \"Centro\"\n{hours}exempt_share = 0.1\n")
}

fn access(tables: &CityTables, key: &str) -> Access {
    tables.links.iter().find(|link| link.key.as_str() == key).expect("a link").facts.access.clone()
}

/// The access of the bridge, there and back, after a chain of files.
fn after(files: &[&str]) -> [Access; 2] {
    let tables = apply(&small_city(), &chain(files)).expect("fits").tables;
    ["t:l24-25", "t:l25-24"].map(|key| access(&tables, key))
}

fn at(access: &Access, time: &str) -> ClassSet {
    access.at(DayType::Weekday, time.parse::<ClockTime>().expect("a time"))
}

#[test]
fn edits_of_a_file_that_contradict_each_other_in_access_are_refused_in_either_order() {
    let one_way = |on: &str| set(&format!("{on}direction = \"one_way\"\n"));
    let both = set(&format!("{THERE}direction = \"both\"\n"));
    let cars = |on: &str| set(&format!("{on}{CARS}"));
    let vans_in_the_peak = set(&format!("{THERE}classes = [\"van\"]\n{PEAK}"));
    let others_in_the_peak = set(&format!("{THERE}classes = [\"other_car\"]\n{PEAK}"));
    for (first, second, told) in [
        // Each direction of a street one-way: nothing would be left of it.
        (one_way(THERE), one_way(BACK), "sets direction of"),
        // The way back of a one-way street, opened to cars.
        (one_way(THERE), cars(BACK), "'t:l25-24' to resident_car, other_car, van, but line"),
        // Both directions of a street whose way back is closed, always or for some hours.
        (close(BACK), both.clone(), "'t:l25-24'"),
        (close(&format!("{BACK}{PEAK}")), both.clone(), "'t:l25-24'"),
        (one_way(THERE), both, "sets direction of"),
        // Classes let in that a closure keeps out, for some hours or for one class.
        (close(&format!("{THERE}{PEAK}")), cars(THERE), "resident_car, other_car, van at 07:00, but line"),
        (close(&format!("{THERE}classes = [\"other_car\"]\n")), cars(THERE), "'t:l24-25' to other_car, but line"),
        (close(THERE), cars(THERE), "'t:l24-25'"),
        // Only vans and only cars at the same hours.
        (vans_in_the_peak.clone(), others_in_the_peak, " at 07:00, but line"),
        (vans_in_the_peak, cars(THERE), "'t:l24-25'"),
        (close("on = { street = [\"Ponte Vecchio\"] }\n"), one_way(THERE), "nobody may use 't:l24-25'"),
    ] {
        for edits in [[&*first, &*second], [&*second, &*first]] {
            let message = refused(edits);
            assert!(message.contains(told), "'{told}' in '{message}' of\n{}", edits.concat());
            assert_eq!(message.lines().count(), 1, "{message}");
        }
    }
}

#[test]
fn the_message_names_both_edits() {
    assert_eq!(
        refused([&close(&format!("{THERE}{PEAK}")), &set(&format!("{THERE}{CARS}"))]),
        "test.toml:8:6: this opens 't:l24-25' to resident_car, other_car, van at 07:00, but line 5 closes it to them; \
         keep one of them, or move one into a parent or child scenario, where the child's edit holds"
    );
}

#[test]
fn a_zone_and_a_street_inside_that_its_cars_may_use_contradict_each_other() {
    let city = small_city();
    let inside = apply(&city, &chain(&[&ztl(PEAK)])).expect("fits").edited_links[0];
    let on = format!("on = {{ links = [\"{}\"] }}\n", city.links[inside].key);
    assert!(refused([&ztl(PEAK), &set(&format!("{on}{CARS}"))]).contains("other_car at 07:00"));
    for agrees in [
        close(&on),
        close(&format!("{on}classes = [\"other_car\"]\n{PEAK}")),
        set(&format!("{on}classes = [\"bus\"]\n")),
        set(&format!("{on}{CARS}hours = {{ from = \"9:00\", to = \"19:00\" }}\n")),
        set(&format!("{on}direction = \"one_way\"\n")),
    ] {
        assert_eq!(refused([&ztl(PEAK), &agrees]), "", "{agrees}");
    }
}

#[test]
fn edits_that_agree_combine() {
    let closed_to_others = close(&format!("{THERE}classes = [\"other_car\"]\n"));
    let [there, _] = after(&[&(closed_to_others.clone() + &close(&format!("{THERE}{PEAK}")))]);
    assert_eq!(at(&there, "7:00"), ClassSet::NONE);
    assert!(!at(&there, "9:00").contains(VehicleClass::OtherCar) && at(&there, "9:00").contains(VehicleClass::Van));
    let lanes = set(&format!("{THERE}lanes = 3\n"));
    assert_eq!(after(&[&(lanes.clone() + &close(THERE))]), after(&[&close(THERE)]), "lanes let nobody pass");
    let vans = set(&format!("{THERE}classes = [\"van\"]\n"));
    assert_eq!(after(&[&(closed_to_others + &vans)]), after(&[&vans]), "closed to those whom it keeps out");
}

#[test]
fn what_a_child_says_of_access_holds() {
    let cars = set(&format!("{THERE}{CARS}"));
    let cars_in_the_peak = set(&format!("{THERE}{CARS}{PEAK}"));
    let classes = ClassSet::of(&[VehicleClass::ResidentCar, VehicleClass::OtherCar, VehicleClass::Van]);
    assert_eq!(after(&[&close(THERE), &cars])[0], Access::always(classes));
    assert_eq!(after(&[&close(&format!("{THERE}{PEAK}")), &cars])[0], Access::always(classes));
    // Opened in its hours, closed as before in all others.
    let [there, _] = after(&[&close(THERE), &cars_in_the_peak]);
    let hourly = ["6:59", "7:00", "8:59", "9:00"].map(|time| at(&there, time));
    assert_eq!(hourly, [ClassSet::NONE, classes, classes, ClassSet::NONE]);
    let two_way = set(&format!("{THERE}direction = \"both\"\n"));
    for one_way in [THERE, BACK].map(|on| set(&format!("{on}direction = \"one_way\"\n"))) {
        assert_eq!(after(&[&one_way, &two_way]), after(&[""]), "two-way again");
    }
    let street = "on = { street = [\"Ponte Vecchio\"] }\n";
    let refused = apply(&small_city(), &chain(&[&close(street), &two_way])).expect_err("closed").to_string();
    assert!(refused.contains("nobody may use 't:l24-25'"), "{refused}");
}

/// Edits of access of a few links that meet, so that many of them are about the same.
fn an_edit() -> impl Strategy<Value = String> {
    let on = prop_oneof![
        Just(THERE.to_owned()),
        Just(BACK.to_owned()),
        // The way back of this link is missing.
        Just("on = { links = [\"t:l44-45\"] }\n".to_owned()),
        Just("on = { links = [\"t:l33-34\", \"t:l34-33\"] }\n".to_owned()),
        Just("on = { street = [\"Ponte Vecchio\"] }\n".to_owned()),
    ];
    let classes = proptest::sample::subsequence(vec!["other_car", "resident_car", "van", "bus", "pedestrian"], 1..4)
        .prop_map(|classes| format!("classes = {classes:?}\n"));
    let hours = prop_oneof![
        2 => Just(String::new()),
        1 => (6_u32..9, 9_u32..11)
            .prop_map(|(from, to)| format!("hours = {{ from = \"{from}:00\", to = \"{to}:00\" }}\n")),
        1 => Just("hours = { days = [\"sunday\"], from = \"20:00\", to = \"8:00\" }\n".to_owned()),
    ];
    let direction = proptest::sample::select(vec!["one_way", "reversed", "both"]);
    (0_u8..6, on, classes, hours, direction).prop_map(|(kind, on, classes, hours, direction)| match kind {
        0 => close(&format!("{on}{hours}")),
        1 => close(&format!("{on}{classes}{hours}")),
        2 => set(&format!("{on}{classes}{hours}")),
        3 => set(&format!("{on}direction = \"{direction}\"\n")),
        4 => set(&format!("{on}lanes = 2\n")),
        _ => ztl(if hours.is_empty() { PEAK } else { &hours }),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_order_of_the_edits_of_a_file_does_not_show(
        (edits, shuffled) in proptest::collection::vec(an_edit(), 2..5)
            .prop_flat_map(|edits| (Just(edits.clone()), Just(edits).prop_shuffle())),
    ) {
        let mut city = small_city();
        city.links.retain(|link| link.key.as_str() != "t:l45-44");
        let applied = |edits: &[String]| {
            let applied = apply(&city, &chain(&[&edits.concat()])).ok()?;
            Some((applied.tables.links, applied.edited_links))
        };
        prop_assert_eq!(applied(&edits), applied(&shuffled));
    }
}

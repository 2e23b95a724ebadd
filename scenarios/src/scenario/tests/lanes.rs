//! What lanes for buses and bicycles do.

use engine::time::{ClockTime, DayType};
use engine::vehicles::{ClassSet, VehicleClass};

use super::{applied, apply, chain, refused, small_city, unreadable};
use crate::scenario::{Applied, CycleLaneKind};

const ON: &str = "on = { links = [\"t:l24-25\"] }\n";
const TWO: &str = "[[set]]\non = { links = [\"t:l24-25\"] }\nlanes = 2\n";
const THREE: &str = "[[set]]\non = { links = [\"t:l24-25\"] }\nlanes = 3\n";
const PEAK: &str = "hours = { from = \"7:00\", to = \"9:00\" }\n";
const EVENING: &str = "hours = { from = \"17:00\", to = \"20:00\" }\n";

fn bus(what: &str) -> String {
    format!("[[bus_lane]]\n{ON}{what}")
}

fn cycle(kind: &str) -> String {
    format!("[[cycle_lane]]\n{ON}kind = \"{kind}\"\n")
}

fn bridge() -> usize {
    small_city().links.iter().position(|row| row.key.as_str() == "t:l24-25").expect("a link")
}

/// The share of the bridge's lanes that is left for others at some times of a weekday.
fn left<const N: usize>(applied: &Applied, times: [&str; N]) -> [f64; N] {
    let narrowing = applied.narrowings.iter().find(|narrowing| narrowing.link == bridge());
    times.map(|time| {
        let time: ClockTime = time.parse().expect("a time");
        narrowing.map_or(1.0, |narrowing| narrowing.share_left(DayType::Weekday, time))
    })
}

#[test]
fn a_bus_lane_leaves_others_the_lanes_that_are_left_in_its_hours() {
    let applied = applied(&[TWO, &bus(&format!("also = [\"bicycle\"]\n{PEAK}"))]);
    assert_eq!(left(&applied, ["6:59", "7:00", "8:59", "9:00"]), [1.0, 0.5, 0.5, 1.0]);
    let lanes = &applied.traffic.bus_lanes[&bridge()];
    assert_eq!((lanes.len(), lanes[0].lanes), (1, 1));
    assert_eq!(lanes[0].also, ClassSet::of(&[VehicleClass::Bicycle]));
    assert_eq!(applied.tables.links[bridge()].facts.lanes, 2, "the street keeps its lanes");
    assert_eq!(
        applied.described[1].en,
        "Lanes for buses, bicycles (1 each way): Ponte Vecchio (1 link, 4.0 km), 07:00 to 09:00"
    );
}

#[test]
fn bus_lanes_of_a_file_hold_at_different_hours_and_those_of_a_child_replace_its_parents() {
    let peaks = bus(PEAK) + &bus(EVENING);
    let both = applied(&[&(TWO.to_owned() + &peaks)]);
    assert_eq!(left(&both, ["8:00", "12:00", "18:00"]), [0.5, 1.0, 0.5]);
    let only_evening = applied(&[TWO, &bus(PEAK), &bus(EVENING)]);
    assert_eq!(left(&only_evening, ["8:00", "18:00"]), [1.0, 0.5]);
    let lifted = applied(&[TWO, &peaks, &bus("lanes = 0\n")]);
    assert!(lifted.narrowings.is_empty() && lifted.traffic.bus_lanes.is_empty());
}

#[test]
fn a_cycle_lane_takes_a_lane_and_a_track_takes_none() {
    let reserved = applied(&[&(TWO.to_owned() + &cycle("reserved_lane"))]);
    assert_eq!(left(&reserved, ["8:00"]), [0.5]);
    assert_eq!(reserved.traffic.cycle_lanes[&bridge()], CycleLaneKind::ReservedLane);
    for kind in ["track", "advisory"] {
        let marked = applied(&[&cycle(kind)]);
        assert!(marked.narrowings.is_empty() && marked.traffic.cycle_lanes.len() == 1);
    }
    let with_buses = applied(&[&(THREE.to_owned() + &cycle("reserved_lane") + &bus(PEAK))]);
    assert_eq!(left(&with_buses, ["6:00", "8:00"]), [2.0 / 3.0, 1.0 / 3.0]);
    assert!(applied(&[TWO, &cycle("reserved_lane"), &cycle("none")]).narrowings.is_empty());
}

#[test]
fn a_lane_is_left_for_whoever_else_may_use_the_link() {
    let told = refused([&bus(PEAK), ""]);
    assert!(
        told.starts_with("test.toml:4:1: at 07:00 this takes 1 of the 1 lanes of 't:l24-25' and leaves none"),
        "{told}"
    );
    assert!(refused([TWO, &(bus(PEAK) + &cycle("reserved_lane"))]).contains("takes 2 of the 2 lanes"));
    assert!(refused([TWO, &bus("lanes = 3\n")]).contains("takes 3 of the 2 lanes"));
    // Nobody else is on a bus street, nor on one that is closed to others at those hours.
    let bus_street = format!("[[set]]\n{ON}classes = [\"bus\", \"pedestrian\"]\n");
    assert_eq!(refused([&bus_street, &bus("")]), "");
    let in_the_peak = format!("[[set]]\n{ON}classes = [\"bus\", \"van\"]\n{PEAK}");
    assert_eq!(refused([&in_the_peak, &bus(&format!("also = [\"van\"]\n{PEAK}"))]), "");
    assert!(refused([&in_the_peak, &bus("")]).contains("at 00:00 this takes 1 of the 1 lanes"));
    // Lanes that a child takes away are missed by the bus lane of its parent.
    let one = format!("[[set]]\n{ON}lanes = 1\n");
    let told = apply(&small_city(), &chain(&[TWO, &bus(""), &one])).expect_err("no lane left").to_string();
    assert!(told.contains("takes 1 of the 1 lanes"), "{told}");
}

#[test]
fn lanes_that_contradict_each_other_or_cannot_be_are_refused() {
    let always = bus("");
    for (first, second) in [
        (always.clone(), bus(PEAK)),
        (bus(PEAK), bus(&format!("also = [\"bicycle\"]\n{PEAK}"))),
        (always.clone(), bus("lanes = 2\n")),
        (cycle("track"), cycle("advisory")),
    ] {
        for [first, second] in [[&first, &second], [&second, &first]] {
            let told = refused([&(THREE.to_owned() + first), second]);
            assert!(told.contains("lane") && told.contains("but line ") && told.lines().count() == 1, "{told}");
        }
    }
    assert_eq!(refused([THREE, &(always.clone() + &always)]), "", "said twice is said");
    for (edits, told) in [
        (bus("lanes = 9\n"), "lanes is 9; it must be from 0 to 3"),
        (bus("also = []\n"), "also is an empty list"),
        (cycle("painted"), "reserved_lane"),
    ] {
        let message = unreadable(&edits);
        assert!(message.contains(told), "'{told}' in '{message}'");
    }
}

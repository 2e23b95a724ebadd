//! What roundabouts do.

use std::f64::consts::TAU;

use engine::city::{Access, CityTables, Junction, Link, Record, Structure, Turn};
use engine::key::Key;
use engine::network::{CityNetwork, EdgeParking};
use engine::time::{ClockTime, DayType};
use engine::traffic::from_city::CityStreets;
use engine::vehicles::ClassSet;
use geo::{Coord, LineString};
use proptest::prelude::*;

use super::{applied, apply, chain, refused, small_city, unreadable};
use crate::scenario::Applied;

const EDGE: EdgeParking = EdgeParking { walking_speed_mps: 1.25, detour: 1.3, beeline_max_m: 1500.0, junctions: 2 };

fn roundabout(junctions: &str, diameter_m: f64) -> String {
    format!("[[roundabout]]\non = {{ junctions = [{junctions}] }}\ndiameter_m = {diameter_m}\n")
}

fn key(text: &str) -> Key {
    Key::new(text).expect("a key")
}

fn link<'a>(tables: &'a CityTables, name: &str) -> &'a Link {
    &tables.links.iter().find(|row| row.key.as_str() == name).expect("a link").facts
}

fn ring(tables: &CityTables) -> Vec<&Record<Link>> {
    tables.links.iter().filter(|row| row.key.as_str().contains("/roundabout/")).collect()
}

/// How many of the streets that vehicles would drive on are roundabouts.
fn roundabout_streets(tables: &CityTables) -> usize {
    let streets =
        CityStreets::extract(tables, DayType::Weekday, &[ClockTime::MIDNIGHT], ClassSet::MOTOR, None).expect("streets");
    streets.plain.streets.iter().filter(|street| street.is_roundabout).count()
}

/// What a chain makes of a city.
fn made(city: &CityTables, edits: &str) -> Applied {
    apply(city, &chain(&[edits])).expect("fits")
}

#[test]
fn a_junction_becomes_a_ring_where_its_streets_end() {
    let city = small_city();
    let applied = applied(&[&roundabout("\"t:j22\"", 30.0)]);
    let tables = &applied.tables;
    assert_eq!(tables.faults(), []);
    assert_eq!(tables.junctions.len(), city.junctions.len() + 3, "the old junction is the fourth");
    assert_eq!(ring(tables).len(), 4);
    let middle = city.junctions.iter().find(|row| row.key.as_str() == "t:j22").expect("there").facts.position;
    for part in ring(tables) {
        let points = &part.facts.geometry.0;
        assert!(points.iter().all(|point| (libm::hypot(point.x - middle.x, point.y - middle.y) - 13.0).abs() < 1e-9));
        // Counter-clockwise, a quarter of the way around: the line is a little shorter than the arc.
        let turn = (points[0] - middle).x * (points[1] - middle).y - (points[0] - middle).y * (points[1] - middle).x;
        assert!(turn > 0.0 && part.facts.length_m > 0.98 * 13.0 * TAU / 4.0 && part.facts.lanes == 1);
        // 8.62 · 13^0.3673 km/h.
        assert!((part.facts.free_speed_mps - 6.142).abs() < 0.01, "{}", part.facts.free_speed_mps);
    }
    let entry = link(tables, "t:l21-22");
    assert!((entry.length_m - (1000.0 - 13.0)).abs() < 1e-6, "cut back to the ring: {}", entry.length_m);
    assert_ne!(entry.to, link(tables, "t:l12-22").to, "each street ends at a junction of its own");
    assert_eq!(entry.to, link(tables, "t:l22-21").from, "both directions of a street at the same");
    assert_eq!(roundabout_streets(tables), 4, "vehicles see a roundabout");
    assert_eq!(applied.described[0].it, "Rotatoria Corso Colonna 2 / Via Riga 2: diametro 30 m, una corsia, 4 rami");
}

#[test]
fn the_static_network_of_a_roundabout_extends_that_of_its_base() {
    let network = |tables: &CityTables| {
        CityNetwork::extract(tables, DayType::Weekday, ClockTime::MIDNIGHT, &EDGE).expect("a network")
    };
    let base = network(&small_city());
    let applied = applied(&[&roundabout("\"t:j22\"", 30.0)]);
    let extended =
        base.extended(&applied.tables, DayType::Weekday, ClockTime::MIDNIGHT, &EDGE).expect("an extended network");
    let arcs = base.kinds.len();
    assert_eq!(extended.graph.tails()[..arcs], *base.graph.tails());
    // Six of eight links end at new junctions; the other two keep their arcs. Four links are new.
    assert_eq!(extended.kinds.len(), arcs + 6 + 4);
}

#[test]
fn what_enters_is_what_drivers_find_room_for() {
    let applied = applied(&[&roundabout("\"t:j22\"", 30.0)]);
    let capacity = link(&applied.tables, "t:l21-22").capacity_pcuph;
    // With four arms alike as much goes round past an entry as enters (HCM 6, equation 22-1).
    let circulating = 1380.0 * libm::exp(-1.02e-3 * capacity);
    assert!((capacity - circulating).abs() < 1e-6 && capacity < 800.0, "{capacity}");
    assert_eq!(link(&applied.tables, "t:l22-21").capacity_pcuph, 800.0, "who leaves does not wait");
    let narrow = super::applied(&[
        &(roundabout("\"t:j22\"", 30.0) + "[[set]]\non = { links = [\"t:l21-22\"] }\ncapacity_pcuph = 300\n")
    ]);
    assert_eq!(link(&narrow.tables, "t:l21-22").capacity_pcuph, 300.0, "an entry has no more than its street");
    // A lane that a child adds counts, and so does a way in that it opens.
    let ring = roundabout("\"t:j22\"", 30.0);
    let wider = super::applied(&[&ring, "[[set]]\non = { links = [\"t:l21-22\"] }\nlanes = 2\n"]);
    let two_lanes = link(&wider.tables, "t:l21-22").capacity_pcuph;
    assert!((two_lanes - 2.0 * 1420.0 * libm::exp(-0.91e-3 * two_lanes)).abs() < 1e-6, "equation 22-2: {two_lanes}");
    let mut city = small_city();
    city.links.retain(|row| row.key.as_str() != "t:l21-22");
    let opened = made(&city, &(ring + "[[set]]\non = { links = [\"t:l22-21\"] }\ndirection = \"both\"\n"));
    assert!((link(&opened.tables, "t:l22-21~back").capacity_pcuph - capacity).abs() < 1e-9);
}

/// The city with a crossing of two junctions 10 m apart.
fn city_with_a_double_crossing() -> CityTables {
    let mut city = small_city();
    let record = |key: &str, facts| {
        let provenance = city.links[0].provenance.clone();
        Record { key: Key::new(key).expect("a key"), provenance, facts }
    };
    let west = city.junctions.iter().find(|row| row.key.as_str() == "t:j22").expect("there").facts.position;
    let east = west + Coord { x: 10.0, y: 0.0 };
    let facts = link(&city, "t:l22-23").clone();
    let inside = |from: &str, to: &str, a: Coord<f64>, b: Coord<f64>| Link {
        from: key(from),
        to: key(to),
        length_m: 10.0,
        geometry: LineString::new(vec![a, b]),
        structure: Structure::Ground,
        ..facts.clone()
    };
    let inside = [
        record("t:inside", inside("t:j22", "t:j22b", west, east)),
        record("t:inside-back", inside("t:j22b", "t:j22", east, west)),
    ];
    let provenance = city.junctions[0].provenance.clone();
    city.junctions.push(Record { key: key("t:j22b"), provenance, facts: Junction { position: east } });
    for row in &mut city.links {
        let facts = &mut row.facts;
        if row.key.as_str() == "t:l22-23" {
            (facts.from, facts.geometry.0[0], facts.length_m) = (key("t:j22b"), east, facts.length_m - 10.0);
        } else if row.key.as_str() == "t:l23-22" {
            (facts.to, facts.geometry.0[1], facts.length_m) = (key("t:j22b"), east, facts.length_m - 10.0);
        }
    }
    city.links.extend(inside);
    let ban = Turn { from: key("t:l21-22"), to: key("t:inside"), access: Access::always(ClassSet::NONE) };
    let provenance = city.links[0].provenance.clone();
    city.turns.push(Record { key: key("t:ban"), provenance, facts: ban });
    city
}

#[test]
fn junctions_of_one_crossing_become_one_ring() {
    let city = city_with_a_double_crossing();
    assert_eq!(city.faults(), []);
    let applied = made(&city, &roundabout("\"t:j22b\", \"t:j22\"", 40.0));
    let tables = &applied.tables;
    assert_eq!(tables.faults(), []);
    assert_eq!((ring(tables).len(), tables.junctions.len()), (4, city.junctions.len() + 2));
    for inside in ["t:inside", "t:inside-back"] {
        assert_eq!(link(tables, inside).access, Access::always(ClassSet::NONE));
    }
    assert!(tables.turns.is_empty());
    assert!(
        applied.described[0].en.ends_with("one lane, 4 arms; rules of turns that hold no more: 1"),
        "{}",
        applied.described[0].en
    );
    assert_eq!(roundabout_streets(tables), 4);
    // Named alone, the crossing's other junction would be a street inside the ring.
    let told = apply(&city, &chain(&[&roundabout("\"t:j22\"", 40.0)])).expect_err("too near").to_string();
    assert!(told.contains("test.toml:6:14: the street of 't:inside"), "{told}");
}

#[test]
fn two_roundabouts_on_one_street_and_their_order_does_not_show() {
    let (a, b) = (roundabout("\"t:j22\"", 30.0), roundabout("\"t:j23\"", 40.0));
    let city = small_city();
    let (one, other) = (made(&city, &(a.clone() + &b)), made(&city, &(b + &a)));
    assert_eq!(one.tables, other.tables);
    assert_eq!(one.tables.faults(), []);
    assert!((link(&one.tables, "t:l22-23").length_m - (600.0 - 13.0 - 18.0)).abs() < 1e-6);
    assert_eq!(roundabout_streets(&one.tables), 8);
}

#[test]
fn roundabouts_that_do_not_fit_are_told_by_line() {
    let actuated = "[[signal]]\non = { junctions = [\"t:j22\"] }\nkind = \"actuated\"\n";
    let good = roundabout("\"t:j22\"", 30.0);
    for (edits, told) in [
        (roundabout("\"t:j00\"", 30.0), "test.toml:5:6: a roundabout at 't:j00' would have 2 arms"),
        (roundabout("\"t:j22\", \"t:j23\"", 30.0), "test.toml:6:14: the ring does not go around all of the junctions"),
        (good.repeat(2), "'t:j22' is on the ring of a roundabout already"),
        (good.clone() + actuated, "sets the signal of 't:j22'"),
        (actuated.to_owned() + &good, "sets the signal of 't:j22'"),
        (roundabout("\"t:j99\"", 30.0), "the city has no junction 't:j99'"),
    ] {
        let message = refused([&edits, ""]);
        assert!(message.contains(told), "'{told}' in '{message}'");
    }
    for (edits, told) in [
        (roundabout("\"t:j22\"", 5.0), "test.toml:6:14: diameter_m is 5; it must be from 20 to 120"),
        (good.clone() + "lanes = 3\n", "lanes is 3; it must be from 1 to 2"),
        (good.replace("junctions = [\"t:j22\"]", ""), "give exactly one of junctions or streets"),
    ] {
        let message = unreadable(&edits);
        assert!(message.contains(told), "'{told}' in '{message}'");
    }
    assert_eq!(refused([&good, "[[signal]]\non = { junctions = [\"t:j22\"] }\nkind = \"none\"\n"]), "");
}

/// A junction with two-way streets of 100 m in these directions, in radians.
fn star(angles: &[f64]) -> CityTables {
    let mut city = small_city();
    let middle = city.junctions[0].facts.position;
    let (junction, facts) = (city.junctions[0].clone(), city.links[0].facts.clone());
    let provenance = city.links[0].provenance.clone();
    (city.connectors, city.gates, city.observations) = (Vec::new(), Vec::new(), Vec::new());
    (city.junctions, city.links) = (vec![Record { key: key("t:m"), ..junction.clone() }], Vec::new());
    for (number, angle) in angles.iter().enumerate() {
        let end = middle + Coord { x: libm::cos(*angle), y: libm::sin(*angle) } * 100.0;
        let name = format!("t:e{number}");
        city.junctions.push(Record { key: key(&name), facts: Junction { position: end }, ..junction.clone() });
        for (from, to, line) in [("t:m", &*name, [middle, end]), (&*name, "t:m", [end, middle])] {
            let geometry = LineString::new(line.to_vec());
            let facts = Link { from: key(from), to: key(to), length_m: 100.0, geometry, ..facts.clone() };
            let key = key(&format!("t:{}-{}", &from[2..], &to[2..]));
            city.links.push(Record { key, provenance: provenance.clone(), facts });
        }
    }
    city
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_streets_they_end_at_a_ring_that_vehicles_know(
        gaps in proptest::collection::vec(0.8_f64..2.0, 3..6),
        turn in 0.0..TAU,
        diameter_m in 24.0..60.0,
        lanes in 1..=2,
    ) {
        // Gaps that fill the circle, none so small that two streets would be one arm.
        let sum: f64 = gaps.iter().sum();
        let radius_m = (diameter_m - 4.0 * f64::from(lanes)) / 2.0;
        prop_assume!(gaps.iter().all(|gap| gap / sum * TAU * radius_m > 6.0));
        let angles: Vec<f64> = gaps.iter().scan(turn, |at, gap| { *at += gap / sum * TAU; Some(*at) }).collect();
        let edits = roundabout("\"t:m\"", diameter_m) + &format!("lanes = {lanes}\n");
        let tables = made(&star(&angles), &edits).tables;
        prop_assert_eq!(tables.faults(), []);
        prop_assert_eq!(ring(&tables).len(), angles.len());
        prop_assert_eq!(roundabout_streets(&tables), angles.len());
        let around: f64 = ring(&tables).iter().map(|part| part.facts.length_m).sum();
        prop_assert!(around < TAU * radius_m && around > 0.98 * TAU * radius_m);
    }
}

#[test]
fn a_child_lifts_a_roundabout_of_its_parents_and_all_is_as_before() {
    let ring = "[[roundabout]]\non = { streets = [\"Via Riga 2\", \"Corso Colonna 3\"] }\ndiameter_m = 34\n";
    for on in ["junctions = [\"t:j23\"]", "streets = [\"corso colonna 3\", \"Via Riga 2\"]"] {
        let lifted = applied(&[ring, &format!("[lift]\nroundabouts = [{{ {on} }}]\n")]);
        assert!(lifted.rings.is_empty() && lifted.tables.links == small_city().links);
        assert!(lifted.described[0].en.starts_with("Without the roundabout"), "{:?}", lifted.described);
    }
    // A grandchild may build it after all.
    let lift = "[lift]\nroundabouts = [{ junctions = [\"t:j23\"] }]\n";
    assert_eq!(applied(&[ring, lift, ring]).rings.len(), 1);
    let told = apply(&small_city(), &chain(&["", lift])).expect_err("none").to_string();
    assert!(told.contains("test.toml:5:16: no parent has the roundabout 't:j23'"), "{told}");
}

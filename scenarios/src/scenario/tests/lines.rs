//! What lines of buses do.

use engine::time::DayType;

use super::{applied, apply, chain, refused, small_city, unreadable};
use crate::scenario::{Applied, BusLine, LineVehicle};

const HOURS: &str = "headway_min = 15\nhours = { from = \"6:00\", to = \"7:00\" }\ndwell_s = 20\n";

fn line(calls: &str, more: &str) -> String {
    format!("[[line]]\nname = \"L1\"\ncalls = [{calls}]\n{HOURS}{more}")
}

fn across() -> String {
    line(
        "{ junction = \"t:j20\" }, { streets = [\"Via Riga 2\", \"Corso Colonna 2\"] }, { junction = \"t:j25\" }",
        "both_directions = true\n",
    )
}

fn links(applied: &Applied, rows: &[usize]) -> Vec<String> {
    rows.iter().map(|&row| applied.tables.links[row].key.to_string()).collect()
}

fn only(applied: &Applied) -> &BusLine {
    applied.traffic.lines.values().next().expect("a line")
}

#[test]
fn a_line_runs_the_fastest_way_past_its_places_there_and_back() {
    let applied = applied(&[&across()]);
    let line = only(&applied);
    assert_eq!(links(&applied, &line.there.links).first().map(String::as_str), Some("t:l20-21"));
    assert_eq!(links(&applied, &line.there.links).last().map(String::as_str), Some("t:l24-25"));
    let back = line.back.as_ref().expect("a way back");
    assert_eq!(links(&applied, &back.links).first().map(String::as_str), Some("t:l25-24"));
    // A stop at the beginning, at the crossing and at the end, shortly before the end of the link that reaches it.
    let stops: Vec<(usize, f64)> = line.there.stops.iter().map(|stop| (stop.on, stop.at_m)).collect();
    assert_eq!(stops, [(0, 15.0), (1, 985.0), (line.there.links.len() - 1, 3985.0)]);
    assert!(line.there.stops.iter().all(|stop| stop.dwell_s == 20.0));
    assert_eq!(line.departures_s(DayType::Weekday), [21_600.0, 22_500.0, 23_400.0, 24_300.0]);
    assert_eq!(line.vehicle, LineVehicle::Bus);
    assert_eq!(applied.described[0].it, "Linea L1: 3 fermate, nei due sensi, ogni 15 min, dalle 06:00 alle 07:00");
}

#[test]
fn a_line_past_midnight_departs_on_both_sides_of_it() {
    let night = line("{ junction = \"t:j20\" }, { junction = \"t:j25\" }", "")
        .replace("headway_min = 15", "headway_min = 40")
        .replace("6:00", "23:00")
        .replace("7:00", "1:00");
    let applied = applied(&[&night]);
    assert_eq!(only(&applied).departures_s(DayType::Weekday), [1200.0, 82_800.0, 85_200.0]);
}

#[test]
fn a_line_passes_without_a_stop_where_it_says_so_and_takes_the_junction_nearest_to_a_point() {
    let calls = "{ point = [465010.0, 4972010.0], coordinates = \"metres\" }, { junction = \"t:j31\", stop = false }, \
                 { junction = \"t:j25\" }";
    let applied = applied(&[&line(calls, "vehicle = \"articulated_bus\"\n")]);
    let line = only(&applied);
    assert_eq!(links(&applied, &line.there.links)[..2], ["t:l20-21", "t:l21-31"]);
    assert_eq!(line.there.stops.len(), 2);
    assert_eq!(line.there.stops[0].at_m, 21.0, "an articulated bus stands further on");
    let far = "{ point = [465010.0, 4970500.0], coordinates = \"metres\" }, { junction = \"t:j25\" }";
    let told = refused([&self::line(far, ""), ""]);
    assert!(told.starts_with("test.toml:6:") && told.contains("within 500 m"), "{told}");
}

#[test]
fn a_line_goes_around_what_any_file_closes_to_buses() {
    let bridge = "[[close]]\non = { links = [\"t:l24-25\"] }\nhours = { from = \"6:30\", to = \"8:00\" }\n";
    let around = applied(&[&across(), bridge]);
    assert!(links(&around, &only(&around).there.links).contains(&"t:l44-45".to_owned()));
    // Closed only when the line no longer runs.
    let later = bridge.replace("6:30", "7:00");
    let straight = applied(&[&across(), &later]);
    assert!(links(&straight, &only(&straight).there.links).contains(&"t:l24-25".to_owned()));
    let both = "[[close]]\non = { street = [\"Ponte Vecchio\", \"Ponte Nuovo\"] }\nclasses = [\"bus\"]\n";
    let told = apply(&small_city(), &chain(&[&across(), both])).expect_err("no bridge").to_string();
    assert!(
        told.starts_with("test.toml:6:") && told.contains("buses cannot get to place 3 from the one before"),
        "{told}"
    );
}

#[test]
fn a_line_passes_a_roundabout_by_whatever_arm() {
    let ring = "[[roundabout]]\non = { junctions = [\"t:j22\"] }\ndiameter_m = 30\n";
    let by_key = across().replace("streets = [\"Via Riga 2\", \"Corso Colonna 2\"]", "junction = \"t:j22\"");
    for edits in [across(), by_key] {
        let applied = applied(&[ring, &edits]);
        let way = links(&applied, &only(&applied).there.links);
        assert!(way.iter().any(|link| link.contains("/roundabout/")), "{way:?}");
        let stop = only(&applied).there.stops[1];
        assert_eq!(way[stop.on], "t:l21-22", "it stops before the ring: {way:?}");
    }
}

#[test]
fn a_childs_line_replaces_that_of_its_name() {
    let shorter = line("{ junction = \"t:j20\" }, { junction = \"t:j22\" }", "");
    let applied = applied(&[&across(), &shorter]);
    assert_eq!((applied.traffic.lines.len(), only(&applied).there.links.len()), (1, 2));
    assert_eq!(applied.described.len(), 1);
}

#[test]
fn lines_that_cannot_be_are_refused_by_line() {
    let two = "{ junction = \"t:j20\" }, { junction = \"t:j25\" }";
    for (edits, told) in [
        (line("{ junction = \"t:j20\" }", ""), "test.toml:6:9: the line passes 1 places; name from 2 to 200"),
        (line("{ junction = \"t:j20\", stop = false }, { junction = \"t:j25\" }", ""), "begins and ends at a stop"),
        (line("{ stop = true }, { junction = \"t:j25\" }", ""), "give exactly one of junction, streets or point"),
        (line(two, "").replace("15", "0"), "headway_min is 0; it must be from 1 to 240"),
        (line(two, "").replace("dwell_s = 20", "dwell_s = 6000"), "dwell_s is 6000"),
        (line(two, "vehicle = \"tram\"\n"), "articulated_bus"),
        (line(two, "").replace("L1", " "), "give a name"),
        (line(two, "").repeat(2), "the line 'L1' is named twice, first in line 5"),
    ] {
        let message = unreadable(&edits);
        assert!(message.contains(told), "'{told}' in '{message}'");
    }
    // The second is nearest to the point, or on the ring around it.
    let point = "{ point = [465010.0, 4972010.0], coordinates = \"metres\" }";
    let ring = "[[roundabout]]\non = { junctions = [\"t:j22\"] }\ndiameter_m = 30\n";
    for (edits, place) in [
        (line("{ junction = \"t:j20\" }, { junction = \"t:j20\" }", ""), "6:34: place 2"),
        (line(&format!("{two}, {two}").replacen("t:j20", "t:j25", 1), ""), "6:34: place 2"),
        (line(&format!("{point}, {{ junction = \"t:j20\" }}"), ""), "6:69: place 2"),
        (line("{ junction = \"t:j22\" }, { streets = [\"Via Riga 2\", \"Corso Colonna 2\"] }", "") + ring, "place 2"),
    ] {
        let told = refused([&edits, ""]);
        assert!(told.contains(place) && told.contains("is the one before it"), "'{place}' in '{told}'");
    }
    let told = refused([&line(two, "").replace("t:j25", "t:j99"), ""]);
    assert!(told.contains("the city has no junction 't:j99'"), "{told}");
}

#[test]
fn a_child_takes_a_line_of_its_parents_away() {
    let lift = "[lift]\nlines = [\"l1\"]\n";
    let lifted = applied(&[&across(), lift]);
    assert!(lifted.traffic.lines.is_empty());
    assert_eq!(lifted.described[0].en, "Without line l1");
    // Of one file the parents' go and its own comes.
    let own = across().replace("headway_min = 15", "headway_min = 30");
    assert_eq!(only(&applied(&[&across(), &(own + lift)])).headway_s, 1800.0);
    let told = apply(&small_city(), &chain(&[&across(), "[lift]\nlines = [\"L2\"]\n"])).expect_err("no such line");
    assert!(told.to_string().contains("no parent has the line 'L2', which is lifted here"), "{told}");
}

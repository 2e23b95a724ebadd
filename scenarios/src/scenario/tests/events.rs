//! What events and other mixes of vehicles do to demand.

use engine::demand::VehicleMix;
use engine::time::{DayType, Hours};

use super::{applied, refused, unreadable};

fn event(place: &str) -> String {
    format!(
        "[[event]]\nname = \"Fiera\"\nplace = {{ {place} }}\nhours = {{ from = \"10:00\", to = \"18:00\" }}\nvisitors = 5000\n\
         by_car_share = 0.6\npersons_per_car = 2.5\narrival_spread_min = 60\ndeparture_spread_min = 30\n"
    )
}

fn spans(hours: &Hours) -> String {
    hours.spans.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[test]
fn an_event_draws_cars_before_it_begins_and_sends_them_back_after_it_ends() {
    let applied = applied(&[&event("zone = \"t:z23\"")]);
    let fair = &applied.events["fiera"];
    assert_eq!(applied.tables.zones[fair.zone].key.as_str(), "t:z23");
    assert_eq!(
        (fair.cars, spans(&fair.arrivals), spans(&fair.departures)),
        (1200.0, "09:00–10:00".into(), "18:00–18:30".into())
    );
    assert_eq!((fair.arriving_vph(), fair.leaving_vph()), (1200.0, 2400.0));
    assert_eq!(fair.arrivals.days, DayType::ALL);
    assert_eq!(applied.described[0].en, "Event Fiera (zone Zona 23), 10:00 to 18:00: 5000 visitors, 1200 cars");
}

#[test]
fn an_event_is_in_a_zone_at_a_junction_or_at_a_point() {
    for place in [
        "zone = \"t:z23\"",
        "junction = \"t:j23\"",
        "point = [469600.0, 4972100.0]\ncoordinates = \"metres\"".replace('\n', ", ").as_str(),
    ] {
        let applied = applied(&[&event(place)]);
        let fair = &applied.events["fiera"];
        assert_eq!(applied.tables.zones[fair.zone].key.as_str(), "t:z23", "{place}");
    }
    assert!(refused([&event("zone = \"t:z99\""), ""]).contains("test.toml:6:18: the city has no zone 't:z99'"));
}

#[test]
fn visitors_who_leave_past_midnight_do_so_in_the_first_hours_of_the_day() {
    let late = event("zone = \"t:z23\"").replace("18:00", "23:45").replace("10:00", "0:30");
    let applied = applied(&[&late]);
    let fair = &applied.events["fiera"];
    assert_eq!(spans(&fair.arrivals), "00:00–00:30, 23:30–24:00");
    assert_eq!(spans(&fair.departures), "00:00–00:15, 23:45–24:00");
    assert_eq!(fair.arriving_vph(), 1200.0);
}

#[test]
fn events_add_up_and_a_childs_replaces_that_of_its_name() {
    let other = event("zone = \"t:z11\"").replace("Fiera", "Partita");
    assert_eq!(applied(&[&(event("zone = \"t:z23\"") + &other)]).events.len(), 2);
    let moved = applied(&[&event("zone = \"t:z23\""), &event("zone = \"t:z11\"")]);
    assert_eq!((moved.events.len(), moved.described.len()), (1, 1));
    assert_eq!(moved.tables.zones[moved.events["fiera"].zone].key.as_str(), "t:z11");
}

#[test]
fn a_mix_is_set_field_by_field_along_the_chain() {
    let parent = "[vehicle_mix]\nheavy_vehicles_factor = 0.5\nvans_factor = 1.2\n";
    let child = "[vehicle_mix]\nvans_factor = 1.5\ncars_to_motorcycles_share = 0.1\n";
    let mix = VehicleMix { heavy_vehicles_factor: 0.5, vans_factor: 1.5, cars_to_motorcycles_share: 0.1 };
    let applied = applied(&[parent, child]);
    assert_eq!(applied.vehicle_mix, mix);
    assert_eq!(applied.described[0].it, "Composizione del traffico: mezzi pesanti × 0.5, furgoni × 1.2");
}

#[test]
fn events_and_mixes_that_cannot_be_are_refused_by_line() {
    let fair = event("zone = \"t:z23\"");
    for (edits, told) in [
        (fair.replace("0.6", "1.6"), "test.toml:9:16: by_car_share is 1.6; it must be from 0 to 1"),
        (fair.replace("= 2.5", "= 0"), "persons_per_car is 0; it must be from 1 to 9"),
        (fair.replace("= 60", "= 0"), "arrival_spread_min is 0; it must be from 1 to 720"),
        (fair.replace("18:00", "10:00"), "from and to are the same time"),
        (event(""), "give exactly one of zone, junction or point"),
        (fair.repeat(2), "the event 'Fiera' is named twice, first in line 5"),
        ("[vehicle_mix]\nvans_factor = -1\n".to_owned(), "vans_factor is -1; it must be from 0 to 10"),
        ("[vehicle_mix]\ntrucks = 1\n".to_owned(), "unknown field `trucks`"),
    ] {
        let message = unreadable(&edits);
        assert!(message.contains(told), "'{told}' in '{message}'");
    }
}

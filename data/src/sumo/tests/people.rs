//! People: crossings, and who walks over them. The network was made with SUMO's netconvert 1.28: a signal `c` with four arms,
//! pavements and crossings, and to its west a junction `w` with a zebra and a crossing that is not marked.

use engine::traffic::demand::Arrivals;
use engine::traffic::network::{CrossingRule, LaneNetwork};

use super::*;

const WALKING: &str = include_str!("walking.net.xml");

fn people(people: &str) -> Scenario {
    check(WALKING, "", people).unwrap()
}

/// Names of the crossings of a walk, those crossed from their last kerb with a minus.
fn crossed(scenario: &Scenario, walk: usize) -> Vec<String> {
    let legs = &scenario.demand.walks[walk].legs;
    let name = |crossing: u32| &scenario.network.crossings[crossing as usize].name;
    legs.iter().map(|leg| format!("{}{}", if leg.is_backward { "-" } else { "" }, name(leg.crossing))).collect()
}

#[test]
fn crossings_have_lamps_or_signs_and_cross_lanes() {
    let scenario = people("");
    let rules: Vec<(&str, &CrossingRule)> =
        scenario.network.crossings.iter().map(|row| (row.name.as_str(), &row.rule)).collect();
    let lamp = |lamp| CrossingRule::Lamp { signal: 0, lamp };
    let expected = [
        (":c_c0_0", &lamp(12)),
        (":c_c1_0", &lamp(13)),
        (":c_c2_0", &lamp(14)),
        (":c_c3_0", &lamp(15)),
        (":w_c0_0", &CrossingRule::Marked),
        (":w_c1_0", &CrossingRule::Unmarked),
    ];
    assert_eq!(rules, expected);
    let network = LaneNetwork::build(&scenario.network).unwrap();
    // Three ways lead onto each leg of the signal, and three off it.
    let counts: Vec<usize> = network.crossings.iter().map(|crossing| crossing.lanes.len()).collect();
    assert_eq!(counts[..4], [6; 4], "{counts:?}");
    assert!(counts[4..].iter().all(|count| *count >= 3), "{counts:?}");
}

#[test]
fn a_person_walks_the_shortest_way_over_crossings() {
    let scenario = people(
        "<person id=\"a\" depart=\"5\"><walk from=\"nc\" to=\"ce\"/></person>\n\
         <person id=\"b\" depart=\"6\"><walk from=\"nc\" to=\"ec\" speed=\"1.1\"/></person>\n\
         <person id=\"c\" depart=\"7\"><walk edges=\"nc cw w_ww\"/><walk from=\"w_ww\" to=\"ww_w\"/></person>",
    );
    assert_eq!(scenario.refused_trips, []);
    let walks = &scenario.demand.walks;
    assert_eq!((walks.len(), walks[0].name.as_str(), walks[0].depart_s), (3, "a", 5.0));
    assert_eq!((walks[0].speed_mps, walks[1].speed_mps), (None, Some(1.1)));
    // From the western pavement of the northern arm to the southern of the eastern one, and to the northern one.
    assert_eq!(crossed(&scenario, 0).len(), 2);
    assert_eq!(crossed(&scenario, 1).len(), 1);
    let way_m = |walk: usize| walks[walk].legs.iter().map(|leg| leg.way_m).sum::<f64>() + walks[walk].last_way_m;
    assert!((80.0..130.0).contains(&way_m(0)), "{} m", way_m(0));
    // Along the northern side of the road to the west the way crosses the side street.
    assert!(crossed(&scenario, 2).iter().any(|name| name.ends_with(":w_c0_0")), "{:?}", crossed(&scenario, 2));
}

#[test]
fn flows_of_people_begin_as_those_of_vehicles_do() {
    let scenario = people(
        "<personFlow id=\"f\" begin=\"0\" end=\"10\" period=\"4\"><walk from=\"nc\" to=\"ce\"/></personFlow>\n\
         <personFlow id=\"g\" begin=\"0\" end=\"100\" probability=\"0.5\"><walk from=\"nc\" to=\"ce\"/></personFlow>",
    );
    let times: Vec<f64> = scenario.demand.walks.iter().map(|walk| walk.depart_s).collect();
    assert_eq!(times, [0.0, 4.0, 8.0]);
    let [random] = &scenario.demand.random_walks[..] else { panic!("one random flow") };
    assert_eq!((random.end_s, random.arrivals), (100.0, Arrivals::EachSecond(0.5)));
    let drawn = scenario.demand.drawn(1).walks;
    // Four standard deviations of 50.
    assert!((drawn.len() as f64 - 53.0).abs() < 20.0, "{}", drawn.len());
}

#[test]
fn flows_of_people_are_numbered_from_the_first_who_begins_as_those_of_vehicles_are() {
    let configuration = CONFIGURATION.replace("begin value=\"0\"", "begin value=\"50\"");
    let text = "<routes>\n<personFlow id=\"p\" begin=\"0\" end=\"100\" period=\"20\"><walk from=\"nc\" to=\"ce\"/></personFlow></routes>";
    let files = [("net.xml", WALKING.as_bytes()), ("rou.xml", text.as_bytes()), ("add.xml", b"<additional/>")];
    let scenario = read_texts(&configuration, &files).unwrap();
    let begin: Vec<_> = scenario.demand.walks.iter().map(|walk| (walk.name.as_str(), walk.depart_s)).collect();
    assert_eq!(begin, [("p.0", 60.0), ("p.1", 80.0)]);
    let [refused] = &scenario.refused_trips[..] else { panic!("{:?}", scenario.refused_trips) };
    assert_eq!((refused.count, refused.reason.as_str()), (3, "it departs before the run begins"));
}

#[test]
fn there_are_no_more_people_than_there_may_be_vehicles() {
    let flow = |name: &str, times: &str| {
        format!("<personFlow id=\"{name}\" begin=\"0\" {times}><walk from=\"nc\" to=\"ce\"/></personFlow>\n")
    };
    // Each of these expects 3.6 millions.
    let flows: String = (0..6).map(|number| flow(&number.to_string(), "period=\"exp(1000)\"")).collect();
    let told = check(WALKING, "", &flows);
    assert_told(told, "city/rou.xml, line 7: there are more than 20000000 persons; take fewer");
    let refused = check(WALKING, "", &flow("f", "number=\"10000001\"")).unwrap().refused_trips;
    assert!(refused[0].reason.contains("not a whole number from 0 to 10000000"), "{refused:?}");
}

#[test]
fn who_cannot_walk_is_refused_with_the_reason() {
    let cases = [
        (
            "<person id=\"p\" depart=\"0\"><ride from=\"nc\" to=\"ce\" lines=\"b\"/></person>",
            "its <ride> is not simulated",
        ),
        ("<person id=\"p\" depart=\"0\"><walk from=\"nc\" to=\"xx\"/></person>", "it names the edge 'xx'"),
        ("<person id=\"p\" depart=\"0\"><walk busStop=\"b\" from=\"nc\"/></person>", "its walk gives busStop"),
        ("<person id=\"p\" depart=\"0\"></person>", "it walks nowhere"),
        ("<person id=\"p\" depart=\"4000\"><walk from=\"nc\" to=\"ce\"/></person>", "departs after the run's end"),
        ("<personFlow id=\"p\"><walk from=\"nc\" to=\"ce\"/></personFlow>", "it gives none of number"),
    ];
    for (text, expected) in cases {
        let scenario = people(text);
        let [refused] = &scenario.refused_trips[..] else { panic!("{text}: {:?}", scenario.refused_trips) };
        assert!(refused.reason.contains(expected) && refused.line == 2, "{refused:?} for {expected}");
    }
    let scenario = check(NET, "", "<person id=\"p\" depart=\"0\"><walk from=\"nc\" to=\"ce\"/></person>").unwrap();
    assert!(scenario.refused_trips[0].reason.contains("no way leads on foot"), "{:?}", scenario.refused_trips);
}

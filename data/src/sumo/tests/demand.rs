//! Who drives: types, routes, trips, flows, stops, and who cannot.

use engine::traffic::car_following::Model;
use engine::traffic::demand::{
    Arrivals, DepartLane, DepartPosition, DepartSpeed, LaneChanging, SpeedFactor, VehicleType,
};
use engine::traffic::network::LaneNetwork;
use engine::traffic::network::rows::LanePlace;
use engine::vehicles::VehicleClass;

use super::*;

/// The type of a name; it is defined for a vehicle that drives it.
fn vehicle_type(definition: &str, name: &str) -> VehicleType {
    let vehicle = format!("<vehicle id=\"v\" type=\"{name}\" depart=\"0\"><route edges=\"nc cs\"/></vehicle>");
    let scenario = routes(&format!("{definition}{vehicle}"));
    let found = scenario.demand.types.iter().find(|known| known.name == name);
    found.unwrap_or_else(|| panic!("{:?}", scenario.refused_trips)).clone()
}

/// Refused trips as `name: reason`, with line and count.
fn refused(scenario: &Scenario) -> Vec<(String, usize, u64)> {
    let tell = |trip: &RefusedTrip| (format!("{}: {}", trip.name, trip.reason), trip.line, trip.count);
    scenario.refused_trips.iter().map(tell).collect()
}

fn departures(scenario: &Scenario) -> Vec<(&str, f64)> {
    scenario.demand.trips.iter().map(|trip| (trip.name.as_str(), trip.depart_s)).collect()
}

/// The streets of a trip's only route.
fn way<'s>(scenario: &'s Scenario, trip: &str) -> Vec<&'s str> {
    let trip = scenario.demand.trips.iter().find(|known| known.name == trip).unwrap();
    let choice = &scenario.demand.route_choices[trip.route_choice as usize];
    let streets = &scenario.demand.routes[choice.routes[0].0 as usize].streets;
    streets.iter().map(|street| scenario.network.streets[*street as usize].name.as_str()).collect()
}

/// Each expects 3.6 million vehicles of 20 million that there may be.
#[test]
fn what_random_flows_are_expected_to_bring_counts_towards_the_most_that_there_may_be() {
    let flow =
        |name: u32| format!("<flow id=\"{name}\" begin=\"0\" period=\"exp(1000)\"><route edges=\"nc cs\"/></flow>\n");
    assert_eq!(check(NET, "", &(0..5).map(flow).collect::<String>()).unwrap().demand.random_flows.len(), 5);
    let told = check(NET, "", &(0..6).map(flow).collect::<String>());
    assert_told(told, "city/rou.xml, line 7: there are more than 20000000 trips; take fewer");
}

/// Only the run's hour counts of a flow that never ends, as many scenarios write them.
#[test]
fn random_flows_are_bounded_by_what_departs_within_the_run() {
    let flow = |rate: &str| {
        check(NET, "", &format!("<flow id=\"f\" begin=\"0\" end=\"1e9\" {rate}><route edges=\"nc cs\"/></flow>"))
    };
    for rate in ["probability=\"0.1\"", "period=\"exp(0.5)\""] {
        let scenario = flow(rate).unwrap();
        assert_eq!((scenario.demand.random_flows.len(), scenario.refused_trips.len()), (1, 0), "{rate}");
    }
    let refused = flow("period=\"exp(1e6)\"").unwrap().refused_trips;
    assert!(refused.len() == 1 && refused[0].reason.contains("more than 1000 vehicles a second"), "{refused:?}");
}

/// A root of another name with vehicles in it is read, as by SUMO.
#[test]
fn a_file_of_something_else_is_no_file_of_routes() {
    let read = |name: &str, text: &str| {
        let mut files = [("net.xml", NET.as_bytes()), ("add.xml", b"<additional/>"), ("rou.xml", b"<routes/>")];
        files.iter_mut().filter(|(file, _)| *file == name).for_each(|(_, bytes)| *bytes = text.as_bytes());
        read_texts(CONFIGURATION, &files)
    };
    let others = [
        ("", 1),
        ("<?xml version=\"1.0\"?>\n<!-- routes -->", 1),
        ("<?xml version=\"1.0\"?>\n<tripinfos/>", 2),
        ("<wat/>", 1),
        ("<edges><edge id=\"e\"><param key=\"k\" value=\"v\"/></edge></edges>", 1),
        ("<data><interval begin=\"0\" end=\"9\"><edge id=\"e\"/></interval></data>", 1),
    ];
    for (text, line) in others {
        for name in ["rou.xml", "add.xml"] {
            let expected = format!(
                "city/{name}, line {line}: there is no <routes> or <additional>; is it a file of routes (.rou.xml) or of additional \
                 elements (.add.xml)?"
            );
            assert_told(read(name, text), &expected);
        }
    }
    let vehicle = "<vehicle id=\"v\" depart=\"1\"><route edges=\"nc cs\"/></vehicle>";
    assert_eq!(read("rou.xml", &format!("<trips>{vehicle}</trips>")).unwrap().demand.trips.len(), 1);
    for text in ["<routes/>", "<add/>", "<shapes><poi id=\"p\" x=\"1\" y=\"1\"/></shapes>"] {
        assert!(read("add.xml", text).is_ok(), "{text}");
    }
}

/// Asked of SUMO 1.28 through libsumo.
#[test]
fn types_are_what_sumo_takes_their_class_for() {
    let car = vehicle_type("", "DEFAULT_VEHTYPE");
    assert_eq!((car.class, car.permission), (VehicleClass::OtherCar, Some(6)));
    assert_eq!((car.length_m, car.width_m, car.min_gap_m), (5.0, 1.8, 2.5));
    assert_eq!((car.acceleration_mps2, car.deceleration_mps2, car.emergency_deceleration_mps2), (2.6, 4.5, 9.0));
    assert!((car.max_speed_mps - 55.5556).abs() < 1e-4);
    assert_eq!(car.model, Model::Krauss { imperfection: 0.5, headway_s: 1.0 });
    assert_eq!(car.speed_factor, SpeedFactor { mean: 1.0, deviation: 0.1, low: 0.2, high: 2.0 });
    assert_eq!((car.impatience, car.lane_changing), (0.0, LaneChanging::default()));
    let bus = vehicle_type("<vType id=\"b\" vClass=\"bus\"/>", "b");
    assert_eq!((bus.class, bus.length_m, bus.acceleration_mps2), (VehicleClass::Bus, 12.0, 1.2));
    assert_eq!((bus.speed_factor.deviation, bus.emergency_deceleration_mps2), (0.0, 7.0));
    let ignoring = vehicle_type("<vType id=\"i\" vClass=\"ignoring\"/>", "i");
    assert_eq!((ignoring.class, ignoring.permission), (VehicleClass::OtherCar, None));
    let bicycle = vehicle_type("", "DEFAULT_BIKETYPE");
    assert_eq!((bicycle.class, bicycle.length_m, bicycle.min_gap_m), (VehicleClass::Bicycle, 1.6, 0.5));
    assert!((bicycle.max_speed_mps - 20.0 / 3.6).abs() < 1e-12);
    let classes =
        [("delivery", VehicleClass::Van), ("trailer", VehicleClass::HeavyVehicle), ("coach", VehicleClass::Bus)];
    for (name, class) in classes {
        assert_eq!(vehicle_type(&format!("<vType id=\"x\" vClass=\"{name}\"/>"), "x").class, class);
    }
}

#[test]
fn types_say_what_they_want_otherwise() {
    let own = vehicle_type(
        "<vType id=\"x\" length=\"4\" minGap=\"1\" maxSpeed=\"30\" accel=\"3\" decel=\"10\" sigma=\"0\" tau=\"1.4\" \
         impatience=\"0.3\" lcStrategic=\"2\" lcKeepRight=\"0\" speedFactor=\"1.2\" speedDev=\"0\" color=\"red\"/>",
        "x",
    );
    assert_eq!((own.length_m, own.min_gap_m, own.max_speed_mps), (4.0, 1.0, 30.0));
    // Nobody brakes less in an emergency than otherwise.
    assert_eq!((own.deceleration_mps2, own.emergency_deceleration_mps2), (10.0, 10.0));
    assert_eq!(own.model, Model::Krauss { imperfection: 0.0, headway_s: 1.4 });
    assert_eq!((own.speed_factor.mean, own.speed_factor.deviation, own.impatience), (1.2, 0.0, 0.3));
    assert_eq!((own.lane_changing.strategic, own.lane_changing.keep_right), (2.0, 0.0));
    let idm = vehicle_type("<vType id=\"x\" carFollowModel=\"IDM\" tau=\"1.5\" delta=\"3\"/>", "x");
    assert_eq!(idm.model, Model::Idm { headway_s: 1.5, exponent: 3.0 });
    let nested = "<vType id=\"x\"><carFollowing-Krauss sigma=\"0.2\" tau=\"2\" accel=\"1\"/><param key=\"a\" value=\"b\"/></vType>";
    let nested = vehicle_type(nested, "x");
    assert_eq!(nested.model, Model::Krauss { imperfection: 0.2, headway_s: 2.0 });
    assert_eq!(nested.acceleration_mps2, 1.0);
}

#[test]
fn there_are_no_more_types_than_vehicles_can_tell_apart() {
    let types = |count: u32| (0..count).map(|name| format!("<vType id=\"{name}\"/>\n")).collect::<String>();
    assert_eq!(routes(&types(65_536)).demand.types.len(), 65_536);
    assert_told(
        check(NET, "", &types(65_537)),
        "city/rou.xml, line 65538: there are more than 65536 vehicle types; take fewer",
    );
}

#[test]
fn speed_factors_are_numbers_or_distributions() {
    let factor = |text: &str| vehicle_type(&format!("<vType id=\"x\" speedFactor=\"{text}\"/>"), "x").speed_factor;
    assert_eq!(factor("0.9"), SpeedFactor { mean: 0.9, deviation: 0.1, low: 0.2, high: 2.0 });
    assert_eq!(factor("normc(1.1,0.2,0.5,1.5)"), SpeedFactor { mean: 1.1, deviation: 0.2, low: 0.5, high: 1.5 });
    assert_eq!(factor("norm(1,0.05)"), SpeedFactor { mean: 1.0, deviation: 0.05, low: 0.2, high: 1.4 });
    assert_eq!(factor("normc(3,0,0.2,2)"), SpeedFactor { mean: 3.0, deviation: 0.0, low: 0.2, high: 3.0 });
}

#[test]
fn a_wrong_type_refuses_the_scenario_before_it_starts() {
    let cases = [
        ("id=\"x\" length=\"0\"", "city/rou.xml, line 2: the vType 'x': its length is 0, but must be more than 0"),
        ("id=\"x\" length=\"1e9\"", "its length is 1000000000 m, but must not be more than 1000 m"),
        ("id=\"x\" accel=\"-1\"", "its acceleration is -1, but must be more than 0"),
        ("id=\"x\" sigma=\"2\"", "its imperfection (sigma) is 2, but must lie between 0 and 1"),
        (
            "id=\"x\" emergencyDecel=\"2\"",
            "its emergency deceleration 2 m/s² is less than its comfortable one, 4.5 m/s²",
        ),
        ("id=\"x\" tau=\"fast\"", "tau=\"fast\" is not a number"),
        ("id=\"x\" vClass=\"boat\"", "vClass=\"boat\" is not a vehicle class of SUMO"),
        ("id=\"x\" carFollowModel=\"Newton\"", "carFollowModel=\"Newton\" is not a car-following model of SUMO"),
        ("id=\"x\" speedFactor=\"norm(1,2\"", "speedFactor=\"norm(1,2\" is not a number, norm(mean,deviation)"),
        ("id=\"x\" speedFactor=\"normc(1,0.1,1.5,2)\"", "the mean of its speedFactor does not lie between 1.5 and 2"),
        ("id=\"x\" probability=\"-1\"", "probability=\"-1\" is not at least 0"),
        ("length=\"5\"", "<vType> lacks the attribute 'id'"),
        ("id=\"x\"/>\n<vType id=\"x\"", "line 3: the vehicle type 'x' is defined before"),
    ];
    for (attributes, expected) in cases {
        assert_told(check(NET, "", &format!("<vType {attributes}/>")), expected);
    }
    assert_told(
        check(NET, "", "<vTypeDistribution id=\"d\" vTypes=\"a b\" probabilities=\"1\"/>"),
        "one number for each name",
    );
}

#[test]
fn what_types_say_and_nobody_follows_is_noted_once_a_kind() {
    let types = "<vType id=\"a\" jmIgnoreKeepClearTime=\"3\" lcAssertive=\"2\" carFollowModel=\"EIDM\"/>\n\
        <vType id=\"b\" jmIgnoreKeepClearTime=\"5\" laneChangeModel=\"SL2015\" guiShape=\"bus\" lcCooperative=\"-1\"/>";
    let scenario = routes(types);
    let expected = [
        ("vType jmIgnoreKeepClearTime", 2),
        ("vType lcAssertive", 1),
        ("vType carFollowModel=EIDM", 1),
        ("vType laneChangeModel", 1),
        ("vType lcCooperative", 1),
    ];
    assert_eq!(noted(&scenario), expected.map(|(name, count)| (name.to_owned(), count)));
    assert_eq!(scenario.demand.types[1].lane_changing.cooperative, 0.0);
}

/// SUMO 1.28 warns of it.
#[test]
fn a_reaction_time_of_less_than_a_step_is_noted() {
    let types = "<routes>\n<vType id=\"a\" tau=\"1\"/>\n<vType id=\"b\" tau=\"0.5\"/><vType id=\"c\" carFollowModel=\"IDM\" tau=\"0.4\"/></routes>";
    let read = |step: &str| {
        let configuration = CONFIGURATION.replace("</time>", &format!("{step}</time>"));
        let files = [("net.xml", NET.as_bytes()), ("rou.xml", types.as_bytes()), ("add.xml", b"<additional/>")];
        read_texts(&configuration, &files).unwrap()
    };
    let scenario = read("");
    assert_eq!(noted(&scenario), [("vType tau".to_owned(), 2)]);
    assert_eq!((scenario.notes[0].line, scenario.notes[0].file.as_path()), (3, Path::new("city/rou.xml")));
    assert_eq!(noted(&read("<step-length value=\"0.5\"/>")), [("vType tau".to_owned(), 1)]);
    assert_eq!(noted(&read("<step-length value=\"0.4\"/>")), []);
}

#[test]
fn a_mix_draws_from_types_with_their_shares() {
    let types = "<vTypeDistribution id=\"d\"><vType id=\"a\" probability=\"0.25\"/><vType id=\"b\"/></vTypeDistribution>\n\
        <vType id=\"c\" probability=\"3\"/><vTypeDistribution id=\"e\" vTypes=\"a b c\"/>\
        <vTypeDistribution id=\"f\" vTypes=\"a b\" probabilities=\"0 2\"/>";
    let vehicle =
        |name: &str| format!("<vehicle id=\"{name}\" type=\"{name}\" depart=\"0\"><route edges=\"nc cs\"/></vehicle>");
    let scenario = routes(&format!("{types}{}{}{}{}", vehicle("d"), vehicle("e"), vehicle("f"), vehicle("c")));
    let mix = |trip: usize| &scenario.demand.mixes[scenario.demand.trips[trip].mix as usize].types;
    assert_eq!(mix(0), &[(0, 0.25), (1, 1.0)]);
    assert_eq!(mix(1), &[(0, 0.25), (1, 1.0), (2, 3.0)]);
    assert_eq!(mix(2), &[(1, 2.0)]);
    assert_eq!(mix(3), &[(2, 1.0)]);
}

#[test]
fn a_vehicle_says_where_when_and_how_it_begins() {
    let scenario = routes(
        "<vehicle id=\"a\" depart=\"00:00:10\" departLane=\"0\" departPos=\"-7\" departSpeed=\"3\" arrivalPos=\"-2.8\">\
         <route edges=\"nc cs\"/></vehicle>\
         <vehicle id=\"b\" depart=\"5\" departLane=\"first\" departPos=\"last\" departSpeed=\"max\" arrivalPos=\"500\">\
         <route edges=\"nc cw\"/></vehicle>\
         <route id=\"r\" edges=\"wc cn\"/><vehicle id=\"c\" depart=\"5\" departLane=\"free\" departSpeed=\"max\" route=\"r\"/>",
    );
    assert_eq!(departures(&scenario), [("b", 5.0), ("c", 5.0), ("a", 10.0)]);
    let [b, c, a] = &scenario.demand.trips[..] else { panic!() };
    assert_eq!((a.depart_lane, a.depart_position), (DepartLane::Given(0), DepartPosition::Given(-7.0)));
    assert_eq!((a.depart_speed, a.arrival_position_m), (DepartSpeed::Given(3.0), Some(90.0)));
    assert_eq!(
        (b.depart_lane, b.depart_position, b.depart_speed),
        (DepartLane::First, DepartPosition::Last, DepartSpeed::Max)
    );
    // Beyond the end means at the end.
    assert_eq!(b.arrival_position_m, Some(92.8));
    assert_eq!(
        (c.depart_lane, c.depart_position, c.arrival_position_m),
        (DepartLane::Free, DepartPosition::Base, None)
    );
    assert_eq!(way(&scenario, "c"), ["wc", "cn"]);
    assert!(scenario.notes.is_empty(), "{:?}", scenario.notes);
}

/// As SUMO 1.28 lets them depart.
#[test]
fn flows_inside_an_interval_begin_and_end_with_it_where_they_do_not_say() {
    let flow = |name: &str, times: &str| format!("<flow id=\"{name}\" {times}><route edges=\"nc cs\"/></flow>\n");
    let scenario = routes(&format!(
        "<interval begin=\"100\" end=\"00:03:20\">{}{}{}<vehicle id=\"v\" depart=\"250\"><route edges=\"nc cs\"/></vehicle>\
         </interval>\n<interval begin=\"1000\" end=\"1100\">{}</interval>\n{}",
        flow("a", "number=\"4\""),
        flow("b", "end=\"150\" period=\"30\""),
        flow("c", "begin=\"300\" end=\"500\" number=\"2\""),
        flow("d", "period=\"50\""),
        flow("outside", "begin=\"3500\" period=\"60\""),
    ));
    let expected = [
        ("a.0", 100.0),
        ("b.0", 100.0),
        ("a.1", 125.0),
        ("b.1", 130.0),
        ("a.2", 150.0),
        ("a.3", 175.0),
        ("v", 250.0),
        ("c.0", 300.0),
        ("c.1", 400.0),
        ("d.0", 1000.0),
        ("d.1", 1050.0),
        ("outside.0", 3500.0),
        ("outside.1", 3560.0),
    ];
    assert_eq!(departures(&scenario), expected);
    assert!(scenario.refused_trips.is_empty() && noted(&scenario).iter().all(|(name, _)| !name.contains("interval")));
    let late = routes(&format!("<interval begin=\"200\" end=\"100\">{}</interval>", flow("e", "number=\"1\"")));
    assert!(late.refused_trips[0].reason.contains("ends before it begins"), "{:?}", late.refused_trips);
    let endless = check(NET, "", &format!("<interval begin=\"200\">{}</interval>", flow("e", "number=\"1\"")));
    assert_told(endless, "city/rou.xml, line 2: <interval> lacks the attribute 'end'");
}

/// SUMO 1.28 refuses them too ("Invalid departLane definition").
#[test]
fn who_is_to_begin_on_a_lane_that_is_closed_to_it_is_refused() {
    let net = NET.replace("id=\"nc_0\"", "id=\"nc_0\" allow=\"bus\"");
    // A second lane for everybody, without ways of its own.
    let lane = net.lines().find(|line| line.contains("id=\"nc_0\"")).unwrap();
    let second = lane.replace("id=\"nc_0\" allow=\"bus\" index=\"0\"", "id=\"nc_1\" index=\"1\"");
    let net = net.replace(lane, &format!("{lane}\n{second}"));
    let types = "<vType id=\"bus\" vClass=\"bus\"/><vTypeDistribution id=\"mixed\" vTypes=\"bus DEFAULT_VEHTYPE\"/>";
    let flow = |name: &str, lane: u32| {
        format!(
            "<flow id=\"{name}{lane}\" type=\"{name}\" begin=\"0\" end=\"30\" period=\"10\" departLane=\"{lane}\">\
             <route edges=\"nc\"/></flow>\n"
        )
    };
    let text: String =
        ["bus", "DEFAULT_VEHTYPE", "mixed"].iter().flat_map(|name| [flow(name, 0), flow(name, 1)]).collect();
    let scenario = check(&net, types, &text).unwrap();
    let reason = "its departLane is 0, which on 'nc' is not open to its type; name a lane that is, or 'best'";
    let expected = [(format!("DEFAULT_VEHTYPE0: {reason}"), 4, 3), (format!("mixed0: {reason}"), 6, 3)];
    assert_eq!(refused(&scenario), expected);
    assert_eq!(scenario.demand.trips.len(), 4 * 3);
}

/// SUMO 1.28 drives them over a negative length.
#[test]
fn nobody_ends_before_it_begins() {
    let vehicle = |begin: &str, end: &str| {
        let scenario = routes(&format!(
            "<vehicle id=\"v\" depart=\"0\" departPos=\"{begin}\" arrivalPos=\"{end}\"><route edges=\"nc\"/></vehicle>"
        ));
        assert_eq!(scenario.demand.trips.len() + scenario.refused_trips.len(), 1);
        assert!(
            scenario
                .refused_trips
                .iter()
                .all(|trip| trip.reason.contains("its arrivalPos is not beyond its departPos"))
        );
        scenario.demand.trips.len() == 1
    };
    // The street is 92.8 m long, the vehicle 5 m.
    for (begin, end) in [("-10", "50"), ("-10", "-10"), ("last", "50"), ("base", "3"), ("50", "20"), ("50", "50")] {
        assert!(!vehicle(begin, end), "{begin} to {end}");
    }
    for (begin, end) in [("-50", "-10"), ("-60", "50"), ("base", "50"), ("last", "max"), ("0", "1")] {
        assert!(vehicle(begin, end), "{begin} to {end}");
    }
}

/// SUMO 1.28 refuses the same ("Departure speed … is too high"). Where speed factors differ it draws a driver who may.
#[test]
fn who_is_to_begin_faster_than_it_may_is_refused() {
    let types = "<vType id=\"even\" speedDev=\"0\"/><vType id=\"keen\" speedDev=\"0\" speedFactor=\"1.2\"/>\
        <vType id=\"slow\" maxSpeed=\"5\"/><vTypeDistribution id=\"mixed\" vTypes=\"keen slow\"/>\n";
    let refused_because = |kind: &str, speed: &str| {
        let scenario = routes(&format!(
            "{types}<vehicle id=\"v\" type=\"{kind}\" depart=\"0\" departSpeed=\"{speed}\"><route edges=\"nc cs\"/></vehicle>"
        ));
        scenario.refused_trips.first().map(|trip| (trip.line, trip.reason.clone()))
    };
    // The limit is 13.89 m/s.
    let driven = [
        ("even", "13.9"),
        ("even", "speedLimit"),
        ("keen", "16"),
        ("slow", "5.005"),
        ("DEFAULT_VEHTYPE", "30"),
        ("DEFAULT_BIKETYPE", "8"),
        ("mixed", "5"),
    ];
    for (kind, speed) in driven {
        assert_eq!(refused_because(kind, speed), None, "{kind} at {speed} m/s");
    }
    let told = [
        ("even", "14", "its departSpeed is 14 m/s, but on 'nc' everybody of its type 'even' drives at most 13.89 m/s"),
        ("slow", "6", "its departSpeed is 6 m/s, but its type 'slow' has a maxSpeed of 5 m/s"),
        ("mixed", "16", "its departSpeed is 16 m/s, but its type 'slow' has a maxSpeed of 5 m/s"),
        ("DEFAULT_VEHTYPE", "60", "has a maxSpeed of 55.55"),
    ];
    for (kind, speed, expected) in told {
        let (line, reason) = refused_because(kind, speed).unwrap();
        assert!(line == 3 && reason.contains(expected), "{reason}");
    }
}

#[test]
fn equal_routes_are_kept_once() {
    let vehicle = |name: u32| format!("<vehicle id=\"{name}\" depart=\"0\"><route edges=\"nc cs\"/></vehicle>");
    let scenario = routes(&format!(
        "{}{}<route id=\"r\" edges=\"nc  cs\"/><vehicle id=\"3\" depart=\"0\" route=\"r\"/>",
        vehicle(1),
        vehicle(2)
    ));
    assert_eq!((scenario.demand.routes.len(), scenario.demand.route_choices.len()), (1, 1));
}

#[test]
fn a_distribution_of_routes_is_a_choice() {
    let scenario = routes(
        "<routeDistribution id=\"d\"><route id=\"a\" edges=\"nc cs\" probability=\"2\"/><route edges=\"nc cw\"/></routeDistribution>\
         <routeDistribution id=\"e\" routes=\"a\" probabilities=\"5\"/>\
         <vehicle id=\"v\" depart=\"0\" route=\"d\"/><vehicle id=\"w\" depart=\"0\" route=\"e\"/>\
         <vehicle id=\"x\" depart=\"0\"><routeDistribution last=\"0\"><route edges=\"ec cs\" probability=\"0.5\"/>\
         <route edges=\"ec cn\" probability=\"0\"/></routeDistribution></vehicle>",
    );
    let shares = |trip: usize| {
        let choice = &scenario.demand.route_choices[scenario.demand.trips[trip].route_choice as usize];
        choice.routes.iter().map(|(_, share)| *share).collect::<Vec<_>>()
    };
    assert_eq!((shares(0), shares(1).len(), shares(2).len()), (vec![2.0, 1.0], 1, 1));
    assert_eq!(way(&scenario, "x"), ["ec", "cs"]);
}

#[test]
fn a_flow_becomes_numbered_trips_in_the_order_of_departure() {
    let scenario = routes(
        "<route id=\"r\" edges=\"nc cs\"/><flow id=\"f\" route=\"r\" begin=\"0\" end=\"30\" period=\"10\"/>\
         <vehicle id=\"v\" depart=\"10\" route=\"r\"/><flow id=\"g\" route=\"r\" begin=\"5\" number=\"2\" period=\"5\"/>",
    );
    let expected = [("f.0", 0.0), ("g.0", 5.0), ("f.1", 10.0), ("v", 10.0), ("g.1", 10.0), ("f.2", 20.0)];
    assert_eq!(departures(&scenario), expected);
}

#[test]
fn a_random_flow_stays_one_and_ends_with_the_run() {
    let scenario = routes(
        "<route id=\"r\" edges=\"nc cs\"/><flow id=\"f\" route=\"r\" begin=\"10\" probability=\"0.2\"/>\
         <flow id=\"g\" route=\"r\" begin=\"10\" end=\"9999\" period=\"exp(0.5)\"/>",
    );
    assert!(scenario.demand.trips.is_empty());
    let flows = scenario
        .demand
        .random_flows
        .iter()
        .map(|flow| (flow.trip.name.as_str(), flow.begin_s, flow.end_s, flow.arrivals));
    let expected = [("f", 10.0, 3600.0, Arrivals::EachSecond(0.2)), ("g", 10.0, 3600.0, Arrivals::Poisson(0.5))];
    assert_eq!(flows.collect::<Vec<_>>(), expected);
}

#[test]
fn more_trips_than_anybody_can_hold_are_refused() {
    let flow = |times: &str| format!("<flow id=\"f\" begin=\"0\" {times}><route edges=\"nc cs\"/></flow>");
    let refused = routes(&flow("end=\"1\" number=\"1000000000000\"")).refused_trips;
    assert_eq!(refused[0].reason, "number=\"1000000000000\" is not a whole number from 0 to 10000000");
    let long = CONFIGURATION.replace("3600", "30000");
    let text = format!("<routes>\n{}</routes>", flow("period=\"0.001\""));
    let files = [("net.xml", NET.as_bytes()), ("rou.xml", text.as_bytes()), ("add.xml", b"<additional/>")];
    let told = read_texts(&long, &files);
    assert_told(told, "city/rou.xml, line 2: there are more than 20000000 trips; take fewer");
}

#[test]
fn trips_that_cannot_be_driven_are_refused_and_the_rest_goes_on() {
    let net = NET.replace("id=\"cs_0\"", "id=\"cs_0\" allow=\"bus\"");
    let vehicle = |name: &str, attributes: &str, edges: &str| {
        format!("<vehicle id=\"{name}\" {attributes}><route edges=\"{edges}\"/></vehicle>\n")
    };
    let text = [
        vehicle("good", "depart=\"1\"", "nc cw"),
        vehicle("unknown edge", "depart=\"1\"", "nc xx"),
        vehicle("no edge", "depart=\"1\"", ""),
        vehicle("apart", "depart=\"1\"", "nc wc"),
        vehicle("closed", "depart=\"1\"", "nc cs"),
        vehicle("closed at once", "depart=\"1\"", "cs"),
        vehicle("unknown type", "depart=\"1\" type=\"x\"", "nc cw"),
        vehicle("train", "depart=\"1\" type=\"DEFAULT_RAILTYPE\"", "nc cw"),
        vehicle("late", "depart=\"3600\"", "nc cw"),
        vehicle("called", "depart=\"triggered\"", "nc cw"),
        vehicle("never", "", "nc cw"),
        vehicle("good", "depart=\"2\"", "nc cw"),
        vehicle("lane", "depart=\"1\" departLane=\"1\"", "nc cw"),
        vehicle("place", "depart=\"1\" departPos=\"93\"", "nc cw"),
        vehicle("speed", "depart=\"1\" departSpeed=\"-1\"", "nc cw"),
        "<vehicle id=\"no route\" depart=\"1\"/>\n<vehicle id=\"unknown route\" depart=\"1\" route=\"r\"/>\n"
            .to_owned(),
        "<trip id=\"nowhere\" depart=\"1\" from=\"nc\" to=\"xx\"/>\n".to_owned(),
        "<flow id=\"flow\" begin=\"3590\" end=\"3620\" period=\"5\"><route edges=\"nc cw\"/></flow>\n".to_owned(),
        vehicle("flow.1", "depart=\"1\"", "nc cw"),
    ];
    let scenario = check(&net, "", &text.concat()).unwrap();
    assert_eq!(departures(&scenario), [("good", 1.0), ("flow.0", 3590.0), ("flow.1", 3595.0)]);
    let expected = [
        ("unknown edge: its route names the edge 'xx', which is no street of the network", 3),
        ("no edge: its route has no edges", 4),
        ("apart: its route leads from 'nc' to 'wc', but no connection does", 5),
        ("closed: its route leads from 'nc' to 'cs', where no lane is open to its type", 6),
        ("closed at once: its route begins on 'cs', where no lane is open to its type", 7),
        ("unknown type: its type 'x' is not defined", 8),
        ("train: its type 'DEFAULT_RAILTYPE' drives on rails, on water or in the air, which is not simulated", 9),
        ("late: it departs after the run's end", 10),
        ("called: it departs when somebody calls it, which is not simulated", 11),
        ("never: it gives no time of departure (depart)", 12),
        ("good: its name is there before", 13),
        ("lane: its departLane is 1, but 'nc' has 1 lanes from 0", 14),
        ("place: its departPos is 93 m, but 'nc' is 92.8 m long", 15),
        ("speed: its departSpeed -1 is negative", 16),
        ("no route: it has neither a route nor from and to", 17),
        ("unknown route: its route 'r' is not defined", 18),
        ("nowhere: it names the edge 'xx', which is no street of the network", 19),
        ("flow: it departs after the run's end", 20),
        ("flow.1: its name is that of a flow's vehicle", 21),
    ];
    let told = refused(&scenario);
    assert_eq!(told.iter().map(|(told, line, _)| (told.as_str(), *line)).collect::<Vec<_>>(), expected);
    assert_eq!(told[17].2, 4);
    assert!(scenario.refused_trips.iter().all(|trip| &*trip.file == Path::new("city/rou.xml")));
}

#[test]
fn who_is_let_in_depends_on_the_type() {
    let net = NET.replace("id=\"cs_0\"", "id=\"cs_0\" allow=\"bus\"");
    let types = "<vType id=\"bus\" vClass=\"bus\"/><vType id=\"any\" vClass=\"ignoring\"/>\
        <vTypeDistribution id=\"mixed\" vTypes=\"bus DEFAULT_VEHTYPE\"/>";
    let vehicle =
        |name: &str| format!("<vehicle id=\"{name}\" type=\"{name}\" depart=\"1\"><route edges=\"nc cs\"/></vehicle>");
    let scenario = check(&net, types, &format!("{}{}{}", vehicle("bus"), vehicle("any"), vehicle("mixed"))).unwrap();
    assert_eq!(departures(&scenario), [("bus", 1.0), ("any", 1.0)]);
    assert_eq!(scenario.refused_trips[0].name, "mixed");
}

#[test]
fn what_departs_before_the_run_is_counted_and_flows_are_numbered_from_its_begin() {
    let configuration = CONFIGURATION.replace("begin value=\"0\"", "begin value=\"100\"");
    let text = "<routes>\n<route id=\"r\" edges=\"nc cs\"/><vehicle id=\"v\" depart=\"99\" route=\"r\"/>\n\
        <flow id=\"f\" begin=\"80\" end=\"120\" period=\"8\" route=\"r\"/></routes>";
    let files = [("net.xml", NET.as_bytes()), ("rou.xml", text.as_bytes()), ("add.xml", b"<add/>")];
    let scenario = read_texts(&configuration, &files).unwrap();
    assert_eq!(departures(&scenario), [("f.0", 104.0), ("f.1", 112.0)]);
    let before = |name: &str, line, count| (format!("{name}: it departs before the run begins"), line, count);
    assert_eq!(refused(&scenario), [before("v", 2, 1), before("f", 3, 3)]);
}

#[test]
fn stops_are_places_on_the_way() {
    let places =
        "<busStop id=\"s\" lane=\"nc_0\" startPos=\"20\" endPos=\"-40\" lines=\"1\"><access lane=\"x\"/></busStop>";
    let vehicle = "<route id=\"r\" edges=\"nc cs\"><stop lane=\"nc_0\" endPos=\"10\" until=\"30\"/></route>\
        <vehicle id=\"v\" depart=\"100\" route=\"r\"><stop busStop=\"s\" duration=\"20\"/>\
        <stop lane=\"cs_0\" startPos=\"5\" endPos=\"15\" duration=\"1\" until=\"200\"/><stop edge=\"cs\" duration=\"00:01:00\"/></vehicle>";
    let scenario = check(NET, places, vehicle).unwrap();
    let place = &scenario.network.stop_places[0];
    let nc = LanePlace { street: street(&scenario, "nc"), lane: 0 };
    assert_eq!((place.name.as_str(), place.lane, place.start_m), ("s", nc, 20.0));
    assert!((place.end_m - 52.8).abs() < 1e-12);
    let trip = &scenario.demand.trips[0];
    let stops = &scenario.demand.stops[trip.stops.range()];
    // One lane a street: lanes have the numbers of their streets.
    let lanes: Vec<u32> = stops.iter().map(|stop| stop.lane).collect();
    let cs = street(&scenario, "cs");
    assert_eq!(lanes, [nc.street, nc.street, cs, cs]);
    assert_eq!(stops.iter().map(|stop| stop.route_position).collect::<Vec<_>>(), [0, 0, 1, 1]);
    assert_eq!((stops[0].start_m, stops[0].end_m, stops[0].duration_s), (9.8, 10.0, 0.0));
    // Times of a route count from the departure, those of a vehicle from midnight.
    assert_eq!((stops[0].until_s, stops[2].until_s), (Some(130.0), Some(200.0)));
    assert_eq!((stops[1].duration_s, stops[1].until_s, stops[3].duration_s), (20.0, None, 60.0));
    assert_eq!(stops[3].end_m, 92.8);
}

/// As SUMO 1.28 lets them leave the stop: at 300 s, at 300 s, and 200 s after each departure.
#[test]
fn until_is_a_time_of_day_inside_a_vehicle_and_counts_from_the_departure_in_a_route_with_a_name() {
    let stop = "<stop lane=\"nc_0\" until=\"300\"/>";
    let scenario = routes(&format!(
        "<route id=\"r\" edges=\"nc cs\"><stop lane=\"nc_0\" until=\"200\"/></route>\
         <vehicle id=\"own\" depart=\"100\"><route edges=\"nc cs\">{stop}</route></vehicle>\
         <vehicle id=\"own of several\" depart=\"100\"><routeDistribution><route edges=\"nc cs\" probability=\"1\">{stop}</route>\
         </routeDistribution></vehicle>\
         <vehicle id=\"named\" depart=\"1100\" route=\"r\"/><vehicle id=\"named later\" depart=\"1400\" route=\"r\"/>"
    ));
    let until: Vec<_> = scenario.demand.stops.iter().filter_map(|stop| stop.until_s).collect();
    assert_eq!((until, scenario.refused_trips.len()), (vec![300.0, 300.0, 1300.0, 1600.0], 0));
}

/// As SUMO 1.28: flows that begin at 0 s with a vehicle every 10 s, in a run that begins at 15 s.
#[test]
fn until_moves_with_the_time_that_a_flows_vehicle_begins_after_its_flow() {
    let configuration = CONFIGURATION.replace("begin value=\"0\"", "begin value=\"15\"");
    let text = "<routes><flow id=\"f\" begin=\"0\" end=\"40\" period=\"10\"><route edges=\"nc cs\">\
        <stop lane=\"nc_0\" until=\"50\"/></route></flow>\
        <flow id=\"g\" begin=\"100\" end=\"200\" probability=\"0.1\"><route edges=\"nc cs\"><stop lane=\"nc_0\" until=\"150\"/></route>\
        </flow></routes>";
    let files = [("net.xml", NET.as_bytes()), ("rou.xml", text.as_bytes()), ("add.xml", b"<additional/>")];
    let scenario = read_texts(&configuration, &files).unwrap();
    assert_eq!(departures(&scenario), [("f.0", 20.0), ("f.1", 30.0)]);
    let until: Vec<_> = scenario.demand.stops.iter().filter_map(|stop| stop.until_s).collect();
    // Those that begin at random leave when it is said, whenever they have begun.
    assert_eq!(until, [70.0, 80.0, 150.0]);
    assert_eq!(scenario.demand.random_flows.len(), 1);
}

#[test]
fn the_vehicles_of_a_flow_stop_each_at_its_time() {
    let flow = |stop: &str| {
        let flow = format!("<flow id=\"f\" begin=\"0\" end=\"30\" period=\"10\"><route edges=\"nc cs\"/>{stop}</flow>");
        let scenario = routes(&flow);
        let spans: Vec<_> = scenario.demand.trips.iter().map(|trip| trip.stops).collect();
        (spans, scenario.demand.stops.iter().map(|stop| stop.until_s).collect::<Vec<_>>())
    };
    let (_, until) = flow("<stop lane=\"nc_0\" until=\"50\"/>");
    assert_eq!(until, [Some(50.0), Some(60.0), Some(70.0)]);
    let (spans, until) = flow("<stop lane=\"nc_0\" duration=\"5\"/>");
    assert!(spans.iter().all(|span| *span == spans[0]) && until == [None]);
}

#[test]
fn stops_that_cannot_be_made_refuse_their_trip_and_others_are_left_out() {
    let vehicle = |name: &str, stop: &str| {
        format!("<vehicle id=\"{name}\" depart=\"1\"><route edges=\"nc cs\"/><stop {stop}/></vehicle>\n")
    };
    let text = [
        vehicle("off", "lane=\"wc_0\" duration=\"1\""),
        vehicle("unknown", "busStop=\"s\" duration=\"1\""),
        vehicle("inside", "lane=\":c_0_0\" duration=\"1\""),
        vehicle("missing", "lane=\"nc_7\" duration=\"1\""),
        vehicle("endless", "lane=\"nc_0\""),
        vehicle("negative", "lane=\"nc_0\" duration=\"-5\""),
        vehicle("beyond", "lane=\"nc_0\" endPos=\"100\" duration=\"1\""),
        vehicle("nowhere", "duration=\"1\""),
        vehicle("parked", "parkingArea=\"p\" duration=\"1\""),
        vehicle("waiting", "lane=\"nc_0\" triggered=\"true\""),
        vehicle("friendly", "lane=\"nc_0\" endPos=\"100\" friendlyPos=\"true\" duration=\"1\""),
        "<vehicle id=\"back\" depart=\"1\"><route edges=\"nc cs\"/><stop lane=\"nc_0\" endPos=\"50\" duration=\"1\"/>\
         <stop lane=\"nc_0\" endPos=\"20\" duration=\"1\"/></vehicle>"
            .to_owned(),
    ];
    let scenario = routes(&text.concat());
    let driven: Vec<_> =
        scenario.demand.trips.iter().map(|trip| (trip.name.as_str(), trip.stops.range().len())).collect();
    assert_eq!(driven, [("parked", 0), ("waiting", 0), ("friendly", 1)]);
    let told: Vec<String> = refused(&scenario).into_iter().map(|(told, ..)| told).collect();
    let expected = [
        "off: its stop on 'wc' is not on its route, or lies before the stop before it",
        "unknown: it stops at 's', which is not defined",
        "inside: it stops on lane ':c_0_0', which is no lane of a street",
        "missing: it stops on lane 'nc_7', which is no lane of a street",
        "endless: a stop gives neither duration nor until",
        "negative: the duration of a stop is negative",
        "beyond: a stop from 99.8 m to 100 m is no place of at least 0.1 m on a lane of 92.8 m; set friendlyPos, or correct \
         startPos and endPos",
        "nowhere: a stop names neither busStop nor lane nor edge",
        "back: its stop on 'nc' is not on its route, or lies before the stop before it",
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_stops_say_and_nobody_follows_is_noted() {
    let stop =
        "lane=\"nc_0\" endPos=\"50\" duration=\"5\" index=\"end\" parking=\"false\" triggered=\"0\" actType=\"shop\"";
    let not_followed =
        ["onDemand", "permitted", "split", "started", "arrival", "ended", "speed", "jump", "extension", "foo"];
    let others: String = not_followed.iter().map(|name| format!(" {name}=\"3\"")).collect();
    let scenario = routes(&format!(
        "<vehicle id=\"v\" depart=\"0\" departLane=\"best\"><route edges=\"nc cs\"/>\n<stop {stop}/><stop {stop}{others}/></vehicle>"
    ));
    let attributes: Vec<&str> = scenario.notes.iter().filter_map(|note| note.attribute.as_deref()).collect();
    assert_eq!(attributes, not_followed);
    assert!(scenario.notes.iter().all(|note| note.element == "stop" && note.line == 3));
}

#[test]
fn parameters_that_would_change_how_somebody_drives_are_noted() {
    let parameter = |key: &str, value: &str| format!("<param key=\"{key}\" value=\"{value}\"/>\n");
    let scenario = routes(&format!(
        "<vType id=\"t\">{}{}{}</vType><vehicle id=\"v\" type=\"t\" depart=\"0\" departLane=\"best\"><route edges=\"nc cs\"/>{}{}{}\
         </vehicle>",
        parameter("has.rerouting.device", "true"),
        parameter("has.ssm.device", "true"),
        parameter("has.glosa.device", "false"),
        parameter("device.rerouting.period", "60"),
        parameter("has.rerouting.device", "1"),
        parameter("note", "school bus"),
    ));
    let expected = [("param has.rerouting.device", 2), ("param device.rerouting.period", 1)];
    assert_eq!(noted(&scenario), expected.map(|(name, count)| (name.to_owned(), count)));
    assert_eq!((scenario.notes[0].line, scenario.notes[1].line), (2, 5));
}

#[test]
fn trips_without_a_route_wait_for_their_way() {
    let scenario = routes(
        "<trip id=\"a\" depart=\"1\" from=\"nc\" to=\"cs\"/><trip id=\"b\" depart=\"2\" from=\"nc\" via=\"cw wc\" to=\"cs\"/>\
         <flow id=\"f\" from=\"ec\" to=\"cs\" number=\"9\"/>\
         <trip id=\"c\" depart=\"3\" from=\"nc\" to=\"cs\"><stop lane=\"cw_0\" duration=\"3\"/></trip>",
    );
    let row = |name: &str| street(&scenario, name);
    let pending: Vec<_> = scenario.pending.iter().map(|trip| (trip.name(), trip.waypoints().to_vec())).collect();
    let expected = [
        ("a", vec![row("nc"), row("cs")]),
        ("b", vec![row("nc"), row("cw"), row("wc"), row("cs")]),
        ("f", vec![row("ec"), row("cs")]),
        ("c", vec![row("nc"), row("cw"), row("cs")]),
    ];
    assert_eq!(pending, expected);
    assert!(scenario.demand.trips.is_empty() && scenario.refused_trips.is_empty());
}

#[test]
fn loops_are_read_with_their_lane_place_and_period() {
    let loops = "<e1Detector id=\"a\" lane=\"nc_0\" pos=\"-10\" period=\"60\" file=\"out.xml\"/>\
        <inductionLoop id=\"b\" lane=\"cs_0\" pos=\"5\" freq=\"900\" file=\"b.xml\"/><e1Detector id=\"c\" lane=\":c_0_0\" pos=\"1\" file=\"x\"/>\
        <e1Detector id=\"d\" lane=\"nc_0\" pos=\"500\" friendlyPos=\"1\" file=\"NUL\"/>";
    let scenario = check(NET, loops, "").unwrap();
    let detector = |name: &str, lane: &str, position_m, period_s, file: &str| Detector {
        name: name.to_owned(),
        lane: LanePlace { street: street(&scenario, lane), lane: 0 },
        position_m,
        period_s,
        file: file.to_owned(),
    };
    let expected = [
        detector("a", "nc", 82.8, Some(60.0), "out.xml"),
        detector("b", "cs", 5.0, Some(900.0), "b.xml"),
        detector("d", "nc", 92.8, None, "NUL"),
    ];
    assert_eq!(scenario.detectors, expected);
    assert_eq!(noted(&scenario), [("e1Detector lane".to_owned(), 1)]);
}

#[test]
fn wrong_places_are_told_by_file_line_and_fault() {
    let cases = [
        ("<e1Detector id=\"a\" lane=\"x_0\" pos=\"1\"/>", "city/add.xml, line 2: the lane 'x_0' is not defined"),
        ("<e1Detector id=\"a\" lane=\"nc_0\" pos=\"93\"/>", "pos=\"93\" is not a place on its lane"),
        (
            "<e1Detector id=\"a\" lane=\"nc_0\" pos=\"9\" period=\"0\"/>",
            "city/add.xml, line 2: period=\"0\" is not a time of at least 0.1 s; give a longer one, or none for the whole run",
        ),
        (
            "<inductionLoop id=\"a\" lane=\"nc_0\" pos=\"9\" freq=\"1e-9\"/>",
            "line 2: freq=\"1e-9\" is not a time of at least",
        ),
        (
            "<e1Detector id=\"a\" lane=\"nc_0\" pos=\"9\"/>\n<e1Detector id=\"a\" lane=\"nc_0\" pos=\"9\"/>",
            "line 3: the detector 'a' is defined before",
        ),
        (
            "<busStop id=\"a\" lane=\"nc_0\" startPos=\"50\" endPos=\"40\"/>",
            "the place to stop at 'a': from 50 m to 40 m is no place",
        ),
        (
            "<busStop id=\"a\" lane=\"nc_0\"/><busStop id=\"a\" lane=\"nc_0\"/>",
            "the place to stop at 'a' is defined before",
        ),
        ("<route id=\"a\" edges=\"nc\"/><route id=\"a\" edges=\"nc\"/>", "the route 'a' is defined before"),
    ];
    for (additional, expected) in cases {
        assert_told(check(NET, additional, ""), expected);
    }
}

#[test]
fn what_is_left_out_is_noted_once_a_kind_and_what_draws_is_passed_over() {
    let additional = "<poly id=\"p\" shape=\"0,0 1,1\"><param key=\"a\" value=\"b\"/></poly><poi id=\"q\" x=\"1\" y=\"1\"/>\n\
        <calibrator id=\"c\" lane=\"nc_0\"><flow id=\"f\" begin=\"0\" end=\"9\" number=\"5\"><route edges=\"nc\"/></flow></calibrator>\n\
        <edgeData id=\"e\" file=\"x\"/><parkingArea id=\"a\" lane=\"nc_0\"/><edgeData id=\"g\" file=\"x\"/>";
    let walkers = "<person id=\"w\" depart=\"0\"><walk edges=\"nc cs\"/><stop lane=\"nc_0\" duration=\"1\"/></person>\n\
        <vehicle id=\"v\" depart=\"0\" departLane=\"random\" departPos=\"random\" arrivalPos=\"random\" departSpeed=\"desired\" \
        arrivalSpeed=\"3\" color=\"red\"><route edges=\"nc cs\"/><param key=\"k\" value=\"1\"/></vehicle>";
    let scenario = check(NET, additional, walkers).unwrap();
    let expected = [
        ("calibrator", 1),
        ("edgeData", 2),
        ("parkingArea", 1),
        ("person stop", 1),
        ("vehicle departPos", 1),
        ("vehicle arrivalPos", 1),
        ("vehicle arrivalSpeed", 1),
        ("vehicle departLane", 1),
        ("vehicle departSpeed", 1),
    ];
    assert_eq!(noted(&scenario), expected.map(|(name, count)| (name.to_owned(), count)));
    assert_eq!(departures(&scenario), [("v", 0.0)]);
}

#[test]
fn trips_without_a_route_and_stops_look_for_their_way_again_when_they_begin() {
    let configuration = CONFIGURATION.replace(
        "</configuration>",
        "<routing><device.rerouting.adaptation-interval value=\"10\"/><device.rerouting.adaptation-steps value=\"18\"/>\
         </routing></configuration>",
    );
    let routes = "<routes><trip id=\"a\" depart=\"0\" from=\"nc\" to=\"cs\"/><trip id=\"b\" depart=\"1\" from=\"nc\" to=\"cs\"/>\
        <trip id=\"c\" depart=\"2\" from=\"nc\" to=\"cs\"><stop lane=\"nc_0\" endPos=\"50\" duration=\"10\"/></trip>\
        <vehicle id=\"d\" depart=\"3\"><route edges=\"nc cs\"/></vehicle></routes>";
    let files = [("net.xml", NET.as_bytes()), ("rou.xml", routes.as_bytes()), ("add.xml", b"<additional/>")];
    let mut scenario = read_texts(&configuration, &files).unwrap();
    assert!(noted(&scenario).iter().all(|(name, _)| !name.starts_with("device")));
    let network = LaneNetwork::build(&scenario.network).unwrap();
    scenario.find_routes(&network).unwrap();
    let demand = &scenario.demand;
    assert_eq!((demand.sought_ways.look_every_s, demand.sought_ways.looks), (10.0, 18));
    let through = |trip: usize| demand.sought_ways.through(demand.trips[trip].route_choice).map(<[u32]>::to_vec);
    let expected = Some(vec![street(&scenario, "nc"), street(&scenario, "cs")]);
    assert_eq!([through(0), through(1), through(2), through(3)], [expected.clone(), expected, None, None]);
    assert!(["a", "b", "c", "d"].iter().all(|trip| way(&scenario, trip) == ["nc", "cs"]));
}

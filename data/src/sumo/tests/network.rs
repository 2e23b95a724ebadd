//! The network: who goes where through the crossing, and who gives way.

use engine::signals::Lamp;
use engine::signals::control::{LaneObservation, Observations};
use engine::traffic::network::rows::MovementRow;
use engine::traffic::network::{Direction, LaneNetwork, Permissions, RightOfWay};
use geo::Coord;

use super::*;

fn movement(scenario: &Scenario, from: &str, to: &str) -> (u32, MovementRow) {
    let (from, to) = (street(scenario, from), street(scenario, to));
    let movements = &scenario.network.movements;
    let row = movements.iter().position(|movement| (movement.from.street, movement.to.street) == (from, to)).unwrap();
    (row as u32, movements[row].clone())
}

/// Movements as pairs of streets, sorted.
fn pairs(scenario: &Scenario, rows: &[u32]) -> Vec<String> {
    let name = |street: u32| &scenario.network.streets[street as usize].name;
    let pair = |row: &u32| {
        let movement = &scenario.network.movements[*row as usize];
        format!("{} {}", name(movement.from.street), name(movement.to.street))
    };
    let mut pairs: Vec<String> = rows.iter().map(pair).collect();
    pairs.sort();
    pairs
}

#[test]
fn a_crossing_becomes_streets_movements_and_a_signal() {
    let scenario = routes("");
    let network = &scenario.network;
    assert_eq!((network.junctions.len(), network.streets.len(), network.movements.len()), (5, 8, 12));
    let arm = &network.streets[street(&scenario, "nc") as usize];
    let junction = |row: u32| &network.junctions[row as usize];
    assert_eq!((junction(arm.from_junction).name.as_str(), junction(arm.to_junction).name.as_str()), ("n", "c"));
    assert_eq!(junction(arm.to_junction).place, Coord { x: 100.0, y: 100.0 });
    let lane = &arm.lanes[0];
    assert_eq!((lane.length_m, lane.speed_limit_mps, lane.width_m), (92.8, 13.89, 3.2));
    assert_eq!(lane.permissions, Permissions::ALL);
    assert_eq!(lane.shape, [Coord { x: 98.4, y: 200.0 }, Coord { x: 98.4, y: 107.2 }]);
    let program = &network.signals[0].program;
    assert_eq!((network.signals[0].name.as_str(), program.cycle_s(), program.lamp_count()), ("c", 90.0, 12));
    let (_, straight) = movement(&scenario, "nc", "cs");
    assert_eq!((straight.direction, straight.rule), (Direction::Straight, RightOfWay::Priority));
    assert_eq!((straight.keep_clear, straight.visibility_m), (true, 4.5));
    assert_eq!(straight.signal, Some((0, 1)));
}

#[test]
fn a_left_turn_waits_inside_the_junction() {
    let scenario = routes("");
    let (row, left) = movement(&scenario, "nc", "ce");
    assert_eq!(scenario.inside_lane_names[row as usize], [":c_2_0", ":c_12_0"]);
    assert_eq!(left.inside.iter().map(|lane| lane.length_m).collect::<Vec<_>>(), [4.07, 10.13]);
    assert_eq!((left.direction, left.rule, left.signal), (Direction::Left, RightOfWay::Yield, Some((0, 2))));
    assert_eq!(scenario.network.signals[0].program.phases()[0].lamps[2], Lamp::GreenYield);
    let (row, right) = movement(&scenario, "nc", "cw");
    assert_eq!(scenario.inside_lane_names[row as usize], [":c_0_0"]);
    assert_eq!(right.direction, Direction::Right);
}

/// Link 1 is `nc cs`: response 100000100000, foes 111100110000; the last letter is link 0. Lanes come in the order `nc ec sc wc`,
/// each with its connections to the right, straight on and to the left.
#[test]
fn bits_of_requests_are_counted_from_the_right() {
    let scenario = routes("");
    let (_, straight) = movement(&scenario, "nc", "cs");
    assert_eq!(pairs(&scenario, &straight.yields_to), ["ec cs", "wc cn"]);
    assert_eq!(pairs(&scenario, &straight.touches), ["ec cs", "ec cw", "sc cw", "wc ce", "wc cn", "wc cs"]);
    let (_, right) = movement(&scenario, "nc", "cw");
    assert_eq!(pairs(&scenario, &right.yields_to), Vec::<String>::new());
    assert_eq!(pairs(&scenario, &right.touches), ["ec cw", "sc cw"]);
}

/// A net made without lanes inside junctions: links are numbered by `incLanes` first, whatever the order of the file.
#[test]
fn without_lanes_inside_links_are_numbered_by_the_lanes_that_lead_in() {
    let edge = |name: &str, from: &str, to: &str| {
        let lane = format!("<lane id=\"{name}_0\" index=\"0\" speed=\"9\" length=\"50\" shape=\"0,0 9,9\"/>");
        format!("<edge id=\"{name}\" from=\"{from}\" to=\"{to}\">{lane}</edge>")
    };
    let connection = |from: &str, to: &str| {
        format!("<connection from=\"{from}\" to=\"{to}\" fromLane=\"0\" toLane=\"0\" dir=\"s\" state=\"m\"/>")
    };
    let end =
        |name: &str| format!("<junction id=\"{name}\" type=\"dead_end\" x=\"0\" y=\"0\" incLanes=\"\" intLanes=\"\"/>");
    let junction = "<junction id=\"j\" type=\"priority\" x=\"0\" y=\"0\" incLanes=\"a_0 b_0\" intLanes=\"\">\
        <request index=\"0\" response=\"000\" foes=\"100\"/><request index=\"1\" response=\"000\" foes=\"000\"/>\
        <request index=\"2\" response=\"001\" foes=\"001\"/></junction>";
    let parts = [
        edge("a", "x", "j"),
        edge("b", "x", "j"),
        edge("c", "j", "x"),
        edge("d", "j", "x"),
        junction.to_owned(),
        end("x"),
        connection("b", "c"),
        connection("a", "c"),
        connection("a", "d"),
    ];
    let scenario = check(&format!("<net>{}</net>", parts.concat()), "", "").unwrap();
    let (_, from_b) = movement(&scenario, "b", "c");
    assert_eq!(
        (pairs(&scenario, &from_b.yields_to), pairs(&scenario, &from_b.touches)),
        (vec!["a c".into()], vec!["a c".into()])
    );
    let (row, from_a) = movement(&scenario, "a", "c");
    assert_eq!((pairs(&scenario, &from_a.yields_to), pairs(&scenario, &from_a.touches)), (vec![], vec!["b c".into()]));
    assert!(from_a.inside.is_empty() && scenario.inside_lane_names[row as usize].is_empty());
}

#[test]
fn a_connection_says_how_it_is_passed() {
    let plain = "dir=\"l\" state=\"o\"/>\n    <connection from=\"sc\"";
    let said = plain.replace("state=\"o\"", "state=\"Z\" pass=\"1\" keepClear=\"false\"");
    let scenario = check(&NET.replace(plain, &said), "", "").unwrap();
    let (_, left) = movement(&scenario, "nc", "ce");
    assert_eq!((left.rule, left.keep_clear, left.visibility_m), (RightOfWay::Zipper, false, 100.0));
    assert!(left.yields_to.is_empty() && !left.touches.is_empty());
}

#[test]
fn the_last_program_of_a_signal_rules() {
    let other = "<tlLogic id=\"c\" type=\"static\" programID=\"night\" offset=\"7\">\n<phase duration=\"5\" state=\"rrrrrrrrrrrr\"/>\n\
        <phase duration=\"6\" state=\"uyYgGsoOrrrr\"/></tlLogic>";
    let scenario = check(NET, other, "").unwrap();
    let program = &scenario.network.signals[0].program;
    assert_eq!((program.cycle_s(), program.phase_at(7.0)), (11.0, (0, 5.0)));
    let lamps = [Lamp::RedYellow, Lamp::Yellow, Lamp::Yellow, Lamp::GreenYield, Lamp::Green, Lamp::StopThenYield];
    assert_eq!(program.phases()[1].lamps[..6], lamps);
    assert_eq!(program.phases()[1].lamps[6..9], [Lamp::OffYield, Lamp::Off, Lamp::Red]);
}

#[test]
fn a_way_that_is_never_shown_green_is_told_where_its_connection_stands() {
    let always_red = "<tlLogic id=\"c\" programID=\"night\"><phase duration=\"5\" state=\"ggggggggrrgg\"/>\
        <phase duration=\"5\" state=\"rrrrrrrruygg\"/></tlLogic>";
    let scenario = check(NET, always_red, "").unwrap();
    let [note] = scenario.notes.as_slice() else { panic!("{:?}", scenario.notes) };
    assert_eq!((note.element.as_str(), note.attribute.as_deref(), note.count), ("connection", Some("linkIndex"), 2));
    assert!(note.line > 0 && note.meaning.starts_with("its signal never shows green to it"), "{note:?}");
}

#[test]
fn a_program_of_a_signal_that_the_net_does_not_have_is_told() {
    let phases = "programID=\"0\"><phase duration=\"5\" state=\"GGGGGGGGGGGG\"/></tlLogic>";
    let scenario = check(NET, &format!("<tlLogic id=\"elsewhere\" {phases}"), "").unwrap();
    let [note] = scenario.notes.as_slice() else { panic!("{:?}", scenario.notes) };
    assert_eq!((note.element.as_str(), note.attribute.as_deref()), ("tlLogic", Some("id")));
    assert!(note.meaning.starts_with("the net has no signal of that name"), "{note:?}");
    // Lamps for those on foot alone stand in the net, and no connection for vehicles names them.
    let net = NET.replace("</net>", &format!("<tlLogic id=\"elsewhere\" {phases}</net>"));
    assert!(check(&net, "<tlLogic id=\"elsewhere\" programID=\"0\" offset=\"3\"/>", "").unwrap().notes.is_empty());
}

#[test]
fn a_program_without_phases_moves_the_one_of_its_name() {
    let scenario = check(NET, "<tlLogic id=\"c\" type=\"static\" programID=\"0\" offset=\"10\"/>", "").unwrap();
    let program = &scenario.network.signals[0].program;
    assert_eq!((program.cycle_s(), program.phase_at(10.0)), (90.0, (0, 42.0)));
}

#[test]
fn a_signal_that_is_off_leaves_the_way_to_the_signs() {
    let scenario = check(NET, "<tlLogic id=\"c\" type=\"off\" programID=\"off\"/>", "").unwrap();
    assert!(scenario.network.signals.is_empty());
    assert!(scenario.network.movements.iter().all(|movement| movement.signal.is_none()));
}

#[test]
fn programs_that_follow_traffic_by_other_rules_run_as_fixed_ones_and_are_noted() {
    let scenario = check(&NET.replace("type=\"static\"", "type=\"delay_based\""), "", "").unwrap();
    assert_eq!(scenario.network.signals[0].program.cycle_s(), 90.0);
    assert!(scenario.network.signals[0].responsive.is_none());
    assert_eq!(noted(&scenario), [("tlLogic".to_owned(), 1)]);
}

#[test]
fn a_phase_outside_a_program_belongs_to_none() {
    let scenario = check(NET, "<phase duration=\"60\" state=\"GGGGGGGGGGGG\"/>", "").unwrap();
    assert_eq!(scenario.network.signals[0].program, routes("").network.signals[0].program);
    assert_eq!(noted(&scenario), [("phase".to_owned(), 1)]);
    assert_eq!((scenario.notes[0].line, scenario.notes[0].file.as_path()), (2, Path::new("city/add.xml")));
}

/// As SUMO 1.28 does.
#[test]
fn a_program_of_a_type_that_nobody_knows_is_refused() {
    for (kind, is_known) in [("wat", false), ("", false), ("rail_signal", false), ("railSignal", true), ("NEMA", true)]
    {
        let read = check(&NET.replace("type=\"static\"", &format!("type=\"{kind}\"")), "", "");
        if is_known {
            read.unwrap();
        } else {
            assert_told(
                read,
                &format!("city/net.xml, line 81: type=\"{kind}\" is not a type of SUMO's; write 'static'"),
            );
        }
    }
}

/// SUMO 1.28 warns, and lets it last for its minDur.
#[test]
fn a_phase_whose_longest_is_shorter_than_its_shortest_lasts_for_the_shortest_and_is_noted() {
    let net = NET.replace("type=\"static\"", "type=\"actuated\"").replacen(
        "duration=\"42\"",
        "duration=\"42\" minDur=\"60\" maxDur=\"50\"",
        1,
    );
    let scenario = check(&net, "", "").unwrap();
    assert_eq!(noted(&scenario), [("phase maxDur".to_owned(), 1)]);
    assert_eq!(scenario.notes[0].line, 82);
    assert_eq!(["nc", "ec"].map(|seen| first_green_ends_s(&scenario, seen)), [60, 60]);
}

/// The crossing with an actuated program, what else stands in that, and routes.
pub(super) fn actuated(inside: &str, routes: &str) -> Result<Scenario, String> {
    let net = NET
        .replace("type=\"static\"", "type=\"actuated\"")
        .replace("duration=\"42\"", "duration=\"42\" minDur=\"5\" maxDur=\"50\"")
        .replace("</tlLogic>", &format!("{inside}</tlLogic>"));
    check(&net, "", routes)
}

/// When the first green ends if vehicles are seen on a lane without a break.
fn first_green_ends_s(scenario: &Scenario, seen: &str) -> u32 {
    let responsive = scenario.network.signals[0].responsive.as_ref().unwrap();
    let mut control = responsive.control.clone();
    let is_seen = |lane: u32| lane == street(scenario, seen);
    let since_s = |lane: u32| if is_seen(lane) { 0.0 } else { f64::INFINITY };
    let lanes: Vec<LaneObservation> = responsive
        .detectors
        .iter()
        .map(|detector| LaneObservation { since_vehicle_s: since_s(detector.lane.street), queue_veh: 0.0 })
        .collect();
    let observed = Observations { lanes: &lanes, ..Observations::default() };
    control.step(0.0, &observed);
    (1..).find(|&time_s| control.step(f64::from(time_s), &observed).is_some()).unwrap()
}

#[test]
fn an_actuated_program_waits_for_gaps_at_the_loops_of_the_lanes_that_it_opens() {
    let scenario = actuated("", "").unwrap();
    assert!(scenario.notes.is_empty(), "{:?}", scenario.notes);
    let responsive = scenario.network.signals[0].responsive.as_ref().unwrap();
    assert_eq!(responsive.detectors.len(), 4);
    for detector in &responsive.detectors {
        // As many as leave in 5 s, one every 1.9 s, and half a vehicle: nearer than 2 s at 13.89 m/s.
        assert!((detector.before_m - (5.0 / 1.9 + 0.5) * 7.5).abs() < 1e-9, "{detector:?}");
    }
    assert_eq!(["nc", "sc", "ec", "wc"].map(|seen| first_green_ends_s(&scenario, seen)), [50, 50, 5, 5]);
    LaneNetwork::build(&scenario.network).unwrap();
}

#[test]
fn parameters_of_an_actuated_program_are_followed_or_noted() {
    let parameters = "<param key=\"detector-gap\" value=\"1\"/><param key=\"max-gap\" value=\"4\"/>\
        <param key=\"nc_0\" value=\"NO_DETECTOR\"/><param key=\"inactive-threshold\" value=\"60\"/>\
        <param key=\"show-detectors\" value=\"true\"/>";
    let scenario = actuated(parameters, "").unwrap();
    assert_eq!(noted(&scenario), [("param inactive-threshold".to_owned(), 1)]);
    let responsive = scenario.network.signals[0].responsive.as_ref().unwrap();
    assert_eq!(responsive.detectors.len(), 3);
    assert!(responsive.detectors.iter().all(|detector| (detector.before_m - 13.89).abs() < 1e-9));
    assert_eq!(first_green_ends_s(&scenario, "nc"), 5);
    assert_told(actuated("<param key=\"max-gap\" value=\"0\"/>", ""), "max-gap=\"0\" is not a time that lasts");
    assert_told(actuated("<param key=\"max-gap\" value=\"soon\"/>", ""), "max-gap=\"soon\" is not a number");
}

#[test]
fn lanes_for_some_only_are_read_with_their_numbers() {
    let scenario =
        check(&NET.replace("id=\"cs_0\"", "id=\"cs_0\" allow=\"bus bicycle\" width=\"2.5\""), "", "").unwrap();
    let lane = &scenario.network.streets[street(&scenario, "cs") as usize].lanes[0];
    assert_eq!((lane.permissions, lane.width_m), (Permissions(1 << 9 | 1 << 16), 2.5));
}

#[test]
fn a_ring_is_known_by_its_roundabout() {
    let scenario = check(&NET.replace("</net>", "<roundabout nodes=\"c\" edges=\"cn cs\"/></net>"), "", "").unwrap();
    let ring = scenario.network.streets.iter().filter(|street| street.is_roundabout);
    assert_eq!(ring.map(|street| street.name.as_str()).collect::<Vec<_>>(), ["cn", "cs"]);
}

#[test]
fn the_projection_is_kept_for_maps() {
    assert_eq!(routes("").projection, Projection::default());
    let utm = NET.replace("netOffset=\"0.00,0.00\"", "netOffset=\"-5,7.5\"").replace("\"!\"", "\"+proj=utm +zone=32\"");
    let projection = check(&utm, "", "").unwrap().projection;
    assert_eq!(projection.offset, Coord { x: -5.0, y: 7.5 });
    assert_eq!(projection.parameter.as_deref(), Some("+proj=utm +zone=32"));
}

#[test]
fn what_the_network_says_and_nobody_follows_is_noted() {
    let net = NET.replace("id=\"cs_0\"", "id=\"cs_0\" changeLeft=\"bus\"").replace("<net ", "<net lefthand=\"true\" ");
    let noted = noted(&check(&net, "", "").unwrap());
    let expected = ["net lefthand", "lane changeLeft"].map(|name| (name.to_owned(), 1));
    assert_eq!(noted, expected);
}

/// Green for `nc cs` (lamp 1) and for `ec cs` (lamp 5), each of which gives way to the other.
#[test]
fn where_two_have_full_green_and_one_gives_way_that_one_looks_out() {
    let program = |state: &str| {
        format!(
            "<tlLogic id=\"c\" programID=\"1\">\n<phase duration=\"9\" state=\"rrrrrrrrrrrr\"/>\n\
             <phase duration=\"9\" state=\"{state}\"/></tlLogic>"
        )
    };
    let scenario = check(NET, &program("rGrrrGrrrrrr"), "").unwrap();
    let lamps = &scenario.network.signals[0].program.phases()[1].lamps;
    assert_eq!([lamps[1], lamps[5]], [Lamp::GreenYield; 2]);
    let note = scenario.notes.iter().find(|note| note.attribute.as_deref() == Some("state")).unwrap();
    assert_eq!((note.element.as_str(), note.line, note.count), ("phase", 4, 2));
    let quiet = check(NET, &program("rgrrrGrrrrrr"), "").unwrap();
    assert_eq!(quiet.network.signals[0].program.phases()[1].lamps[5], Lamp::Green);
    assert!(quiet.notes.iter().all(|note| note.attribute.as_deref() != Some("state")), "{:?}", quiet.notes);
}

#[test]
fn a_wrong_network_is_told_by_file_line_and_fault() {
    let cases = [
        ("</net>", "", "the file ends inside an element"),
        ("id=\"cn\" from=\"c\"", "id=\"cn\" from=\"x\"", "city/net.xml, line 59: the junction 'x' is not defined"),
        ("id=\"cn\" from=\"c\"", "id=\"ce\" from=\"c\"", "line 59: the edge 'ce' is defined before"),
        ("id=\"cn_0\"", "id=\"ce_0\"", "line 60: the lane 'ce_0' is defined before"),
        (
            "length=\"92.80\" shape=\"101.60,107.20",
            "shape=\"101.60,107.20",
            "line 60: <lane> lacks the attribute 'length'",
        ),
        ("speed=\"6.51\"", "speed=\"0\"", "line 8: speed=\"0\" is not more than 0"),
        ("speed=\"6.51\"", "speed=\"NaN\"", "speed=\"NaN\" is not a number"),
        ("length=\"92.80\"", "length=\"1e9\"", "length=\"1e9\" is not at most 100 km"),
        ("shape=\"98.40,107.20 98.40,92.80\"", "shape=\"98.40,107.20\"", "is not a line of at least two points x,y"),
        ("shape=\"98.40,107.20 98.40,92.80\"", "shape=\"98.40 92.80\"", "shape=\"98.40\" is not a point x,y"),
        (
            "to=\"cw\" fromLane=\"0\" toLane=\"0\" via=\":c_0_0\"",
            "to=\"cw\" fromLane=\"0\" toLane=\"3\" via=\":c_0_0\"",
            "the lane that a connection leads to 'cw_3' is not defined",
        ),
        ("via=\":c_0_0\"", "via=\":c_99_0\"", "the lane inside a junction ':c_99_0' is not defined"),
        ("dir=\"r\" state=\"O\"", "dir=\"q\" state=\"O\"", "dir=\"q\" is not one of s l L r R t T"),
        ("dir=\"r\" state=\"O\"", "dir=\"r\" state=\"?\"", "state=\"?\" is not one of M m = s w Z o O -"),
        (
            "from=\":c_12\" to=\"ce\" fromLane=\"0\" toLane=\"0\"",
            "from=\":c_12\" to=\"ce\" fromLane=\"0\" toLane=\"0\" via=\":c_2_0\"",
            "it is the third of a connection, which may have two",
        ),
        ("tl=\"c\" linkIndex=\"3\"", "tl=\"d\" linkIndex=\"3\"", "the tlLogic 'd' is not defined"),
        ("tl=\"c\" linkIndex=\"3\"", "tl=\"c\"", "<connection> lacks the attribute 'linkIndex'"),
        (
            "tl=\"c\" linkIndex=\"3\"",
            "tl=\"c\" linkIndex=\"12\"",
            "line 81: the signal 'c': its phases show 12 lamps, but a connection names linkIndex 12",
        ),
        (
            "state=\"GGgrrrGGgrrr\"",
            "state=\"GGgrrr\"",
            "the signal 'c': phase 2 has 12 lamps, but the first phase has 6",
        ),
        (
            "state=\"GGgrrrGGgrrr\"",
            "state=\"GGxrrrGGgrrr\"",
            "line 82: state=\"GGxrrrGGgrrr\" is not made of the letters",
        ),
        ("duration=\"42\"", "duration=\"0\"", "the signal 'c': phase 1 lasts 0 s"),
        ("incLanes=\"nc_0 ec_0", "incLanes=\"nc_0 xx_0", "the lane 'xx_0' is not defined"),
        (
            "response=\"000000000000\" foes=\"000100010000\"",
            "response=\"00000000000x\" foes=\"000100010000\"",
            "response=\"00000000000x\" is not made of 0 and 1",
        ),
        ("<request index=\"11\"", "<request index=\"10\"", "request 10 is there twice, or is none of its 12 links"),
        (
            "<request index=\"11\" ",
            "<other index=\"11\" ",
            "line 88: the junction 'c': it has 12 links, but 11 <request>",
        ),
        ("x=\"100.00\" y=\"100.00\"", "x=\"100.00\"", "<junction> lacks the attribute 'y'"),
    ];
    for (good, wrong, expected) in cases {
        assert!(NET.contains(good), "{good}");
        assert_told(check(&NET.replacen(good, wrong, 1), "", ""), expected);
    }
    assert_told(
        check("\n<routes/>", "", ""),
        "city/net.xml, line 1: there is no <net>; is it a SUMO network (.net.xml)?",
    );
    let program = "<tlLogic id=\"c\" programID=\"0\"><phase duration=\"9\" state=\"rrrrrrrrrrrr\"/></tlLogic>";
    assert_told(check(NET, program, ""), "city/add.xml, line 2: the signal 'c' with programID '0' is defined before");
    assert_told(check(NET, "<tlLogic id=\"c\" programID=\"5\"/>", ""), "the signal 'c': the program has no phase");
}

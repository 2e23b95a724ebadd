//! Scenarios on a crossing of four arms (`nc`, `ec`, `sc`, `wc` lead to it, `cn`, `ce`, `cs`, `cw` away from it), and the two of
//! the shared data.

mod actuated;
mod demand;
mod hostile;
mod network;
mod people;
mod shared;

use std::io::Write;
use std::path::Path;

use super::*;

const NET: &str = include_str!("crossing.net.xml");
const CONFIGURATION: &str = "<configuration>\n<input><net-file value=\"net.xml\"/><route-files value=\"rou.xml\"/>\
    <additional-files value=\"add.xml\"/></input>\n<time><begin value=\"0\"/><end value=\"3600\"/></time>\n</configuration>";

/// Reads a scenario from texts: the configuration, and files beside it.
fn read_texts(configuration: &str, files: &[(&str, &[u8])]) -> Result<Scenario, String> {
    let mut open = |path: &Path| {
        let name = path.strip_prefix("city").unwrap().to_str().unwrap();
        if name == "run.sumocfg" {
            return Ok(configuration.as_bytes().to_vec());
        }
        let found = files.iter().find(|(file, _)| *file == name).map(|(_, bytes)| bytes.to_vec());
        found.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))
    };
    read_from(Path::new("city/run.sumocfg"), &mut open).map_err(|error| error.to_string())
}

/// Reads a net, additional elements and routes; what stands inside the root of the latter two begins in line 2.
fn check(net: &str, additional: &str, routes: &str) -> Result<Scenario, String> {
    let (additional, routes) =
        (format!("<additional>\n{additional}</additional>"), format!("<routes>\n{routes}</routes>"));
    let files = [("net.xml", net.as_bytes()), ("add.xml", additional.as_bytes()), ("rou.xml", routes.as_bytes())];
    read_texts(CONFIGURATION, &files)
}

/// Reads routes on the crossing.
fn routes(routes: &str) -> Scenario {
    check(NET, "", routes).unwrap()
}

fn packed(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

/// Each case is told by a message that holds the words expected.
fn assert_told(told: Result<Scenario, String>, expected: &str) {
    let told = told.err().unwrap_or_else(|| panic!("it is read, but should tell '{expected}'"));
    assert!(told.contains(expected), "'{told}' does not say '{expected}'");
}

fn street(scenario: &Scenario, name: &str) -> u32 {
    scenario.network.streets.iter().position(|street| street.name == name).unwrap() as u32
}

/// Notes as `element attribute`, with how often.
fn noted(scenario: &Scenario) -> Vec<(String, u64)> {
    let name = |note: &Note| match &note.attribute {
        Some(attribute) => format!("{} {attribute}", note.element),
        None => note.element.clone(),
    };
    scenario.notes.iter().map(|note| (name(note), note.count)).collect()
}

#[test]
fn a_configuration_says_what_when_and_how() {
    let configuration = "<sumoConfiguration>\n<input><net-file value=\"n e t.xml\"/><a value=\"a.add.xml b.add.xml, c.add.xml\"/></input>\
        <time><b value=\"00:01:00\"/><e value=\"-1\"/><step-length value=\"0.5\"/></time>\
        <random_number><seed value=\"42\"/></random_number>\n\
        <output><tripinfo-output value=\"t.xml\"/><tripinfo-output.write-unfinished value=\"true\"/></output>\n\
        <processing><time-to-teleport value=\"-1\"/><scale value=\"2\"/><route-steps value=\"0\"/></processing>\
        <report><verbose value=\"true\"/></report></sumoConfiguration>";
    let empty = b"<additional/>".as_slice();
    let files = [("n e t.xml", NET.as_bytes()), ("a.add.xml", empty), ("b.add.xml", empty), ("c.add.xml", empty)];
    let scenario = read_texts(configuration, &files).unwrap();
    assert_eq!((scenario.begin_s, scenario.end_s, scenario.step_s), (60.0, None, 0.5));
    assert_eq!(scenario.seed, Some(42));
    let noted: Vec<String> = noted(&scenario).into_iter().map(|(name, _)| name).collect();
    assert_eq!(noted, ["tripinfo-output", "scale"]);
    assert_eq!(scenario.demand.squeeze_after_s, None);
    let patient = configuration.replace("\"-1\"/><scale", "\"120\"/><scale");
    let scenario = read_texts(&patient, &files).unwrap();
    assert_eq!(scenario.demand.squeeze_after_s, Some(120.0));
    assert_eq!((scenario.notes[0].line, scenario.notes[0].file.as_path()), (3, Path::new("city/run.sumocfg")));
}

#[test]
fn a_wrong_configuration_is_told() {
    let net = [("net.xml", NET.as_bytes())];
    let cases = [
        ("<x/>", "city/run.sumocfg, line 1: there is no <configuration>; is it a SUMO configuration (.sumocfg)?"),
        ("", "there is no <configuration>"),
        (
            "<?xml version=\"1.0\"?>\n<net version=\"1.20\"/>",
            "city/run.sumocfg, line 2: begins with <net>, which is what a configuration names; give the .sumocfg that names it",
        ),
        ("<routes><vType id=\"t\" value=\"\"/></routes>", "begins with <routes>"),
        ("<configuration>\n</configuration>", "names no net-file; add <net-file value=\"…\"/>"),
        ("<configuration><n value=\"other.xml\"/></configuration>", "city/other.xml: cannot be read: "),
        (
            "<configuration>\n<n value=\"net.xml\"/>\n<step-length value=\"0\"/></configuration>",
            "line 3: step-length=\"0\" is not a step from 0.01 s to 1 s",
        ),
        (
            "<configuration>\n<n value=\"net.xml\"/>\n<step-length value=\"2\"/></configuration>",
            "city/run.sumocfg, line 3: step-length=\"2\" is not a step from 0.01 s to 1 s, which is what vehicles can be moved in; \
             write 1, or take it out",
        ),
        (
            "<configuration><n value=\"net.xml\"/>\n<step-length value=\"0.001\"/></configuration>",
            "line 2: step-length=\"0.001\"",
        ),
        ("<configuration>\n<b value=\"soon\"/></configuration>", "line 2: begin=\"soon\" is not a time in seconds"),
        (
            "<configuration><n value=\"net.xml\"/><b value=\"00:01:00\"/>\n<e value=\"60\"/></configuration>",
            "line 2: the end '60': 60 s is not later than the beginning, 60 s; correct <begin> or <end>",
        ),
        ("<configuration>\n<seed value=\"-1\"/></configuration>", "seed=\"-1\" is not a whole number from 0"),
        ("<configuration>\n<input>", "the file ends inside an element; is it cut off?"),
        ("<configuration>\n<input></time></configuration>", "line 2: is not XML here"),
        ("<configuration>\n<b value=\"1\" value=\"2\"/></configuration>", "line 2: is not XML here"),
    ];
    for (configuration, expected) in cases {
        assert_told(read_texts(&configuration.replace("<b value=\"soon", "<begin value=\"soon"), &net), expected);
    }
}

#[test]
fn no_run_lasts_longer_than_a_hundred_days() {
    let configuration = CONFIGURATION.replace("begin value=\"0\"", "begin value=\"10\"").replace("3600", "1e9");
    let vehicle = |name: &str, depart: &str| {
        format!("<vehicle id=\"{name}\" depart=\"{depart}\" departLane=\"best\"><route edges=\"nc cs\"/></vehicle>")
    };
    let routes = format!("<routes>{}{}</routes>", vehicle("in time", "8640009"), vehicle("late", "8640010"));
    let files = [("net.xml", NET.as_bytes()), ("rou.xml", routes.as_bytes()), ("add.xml", b"<additional/>")];
    let scenario = read_texts(&configuration, &files).unwrap();
    assert_eq!((scenario.begin_s, scenario.end_s), (10.0, Some(8_640_010.0)));
    assert_eq!((scenario.demand.trips.len(), scenario.refused_trips[0].name.as_str()), (1, "late"));
    let [note] = &scenario.notes[..] else { panic!("{:?}", scenario.notes) };
    assert_eq!((note.element.as_str(), note.line), ("end", 3));
    assert!(note.meaning.contains("no run lasts longer than 100 days"));
    let day = CONFIGURATION.replace("3600", "100:00:00:00");
    assert_eq!(read_texts(&day, &files).unwrap().notes, []);
}

#[test]
fn packed_files_are_read_as_they_are_unpacked() {
    let plain = "<routes><vehicle id=\"v\" depart=\"1\"><route edges=\"nc cs\"/></vehicle></routes>";
    let configuration = CONFIGURATION.replace(".xml\"", ".xml.gz\"");
    let (net, routes, empty) = (packed(NET), packed(plain), packed("<additional/>"));
    let files = [("net.xml.gz", net.as_slice()), ("rou.xml.gz", &routes), ("add.xml.gz", &empty)];
    let scenario = read_texts(&configuration, &files).unwrap();
    assert_eq!((scenario.network.streets.len(), scenario.demand.trips.len()), (8, 1));
    let cut = &net[..net.len() / 2];
    assert_told(read_texts(&configuration, &[("net.xml.gz", cut)]), "city/net.xml.gz: cannot be unpacked");
}

#[test]
fn a_byte_order_mark_before_the_first_element_is_passed_over() {
    let routes = "\u{feff}<routes><vehicle id=\"v\" depart=\"1\"><route edges=\"nc cs\"/></vehicle></routes>";
    let files = [("net.xml", NET.as_bytes()), ("rou.xml", routes.as_bytes()), ("add.xml", b"<add/>")];
    assert_eq!(read_texts(CONFIGURATION, &files).unwrap().demand.trips.len(), 1);
}

#[test]
fn what_is_no_text_and_what_is_nested_too_deep_is_refused() {
    let files = [("net.xml", b"<net>\n\xff".as_slice())];
    assert_told(read_texts(CONFIGURATION, &files), "city/net.xml, line 2: is no text in UTF-8");
    let deep = "<a>".repeat(100);
    let files = [("net.xml", deep.as_bytes()), ("rou.xml", b""), ("add.xml", b"")];
    assert_told(read_texts(CONFIGURATION, &files), "city/net.xml, line 1: elements are nested more than 64 deep");
}

/// What is changed in good files, so that reading goes far before it fails.
fn damaged(text: &str, at: usize, replacement: &str) -> String {
    let at = text.char_indices().map(|(index, _)| index).nth(at % text.chars().count()).unwrap();
    let end = text[at..].char_indices().nth(replacement.len()).map_or(text.len(), |(index, _)| at + index);
    format!("{}{replacement}{}", &text[..at], &text[end..])
}

const DEMAND: &str = r#"<vType id="t" length="5" carFollowModel="IDM" tau="1.2" speedFactor="normc(1,0.1,0.2,2)"/>
<vTypeDistribution id="d"><vType id="u" vClass="bus" probability="0.5"/></vTypeDistribution>
<route id="r" edges="nc cs"><stop lane="nc_0" endPos="50" duration="10"/></route>
<routeDistribution id="rd" routes="r" probabilities="1"/>
<flow id="f" type="d" route="rd" begin="0" end="60" period="10" departPos="-5"/>
<flow id="g" from="nc" to="cw" probability="0.1"/>
<vehicle id="v" type="t" depart="5" departLane="0" arrivalPos="-3"><route edges="wc ce"/><stop lane="wc_0" until="90"/></vehicle>
"#;

proptest::proptest! {
    #[test]
    fn no_damage_makes_the_reader_panic(
        in_net in proptest::bool::ANY,
        at in 0..20_000_usize,
        replacement in "[-0-9a-z<>/\"=&:. ,]{0,4}",
    ) {
        let (mut net, mut demand) = (NET.to_owned(), DEMAND.to_owned());
        let text = if in_net { &mut net } else { &mut demand };
        *text = damaged(text, at, &replacement);
        let _ = check(&net, "<tlLogic id=\"c\" programID=\"0\" offset=\"5\"/>", &demand);
    }
}

//! Any bytes are a SUMO network or an error; so are those after the first empty line as additional elements, and those after
//! the second as routes.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;

const CONFIGURATION: &[u8] = b"<configuration><net-file value=\"net.xml\"/><additional-files value=\"add.xml\"/>\
    <route-files value=\"rou.xml\"/><begin value=\"0\"/><end value=\"60\"/></configuration>";

fuzz_target!(|bytes: &[u8]| {
    let after_gap = |bytes: &[u8]| bytes.windows(2).position(|pair| pair == b"\n\n").map_or(bytes.len(), |place| place + 2);
    let (net, rest) = bytes.split_at(after_gap(bytes));
    let (additional, routes) = rest.split_at(after_gap(rest));
    let mut open = |path: &Path| {
        let file = match path.file_name().and_then(|name| name.to_str()) {
            Some("net.xml") => net,
            Some("add.xml") if additional.is_empty() => b"<additional/>".as_slice(),
            Some("rou.xml") if routes.is_empty() => b"<routes/>".as_slice(),
            Some("add.xml") => additional,
            Some("rou.xml") => routes,
            _ => CONFIGURATION,
        };
        Ok(file.to_vec())
    };
    let _ = data::sumo::read_from(Path::new("run.sumocfg"), &mut open);
});

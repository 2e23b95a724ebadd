//! Networks and trip tables of the Transportation Networks for Research repository (TNTP).
//!
//! The format is described at <https://github.com/bstabler/TransportationNetworks>. Of a network the topology, the
//! volume–delay functions of the US Bureau of Public Roads, lengths and tolls are read; speeds and link types are not,
//! as no cost depends on them. Numbers keep the units of the file, which differ from network to network.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use engine::assignment::{OdMatrix, VolumeDelay};
use engine::network::Graph;

/// Nodes that a network may have; more is taken for a damaged header.
const NODES_MAX: u32 = 10_000_000;
/// Bytes that a line may have; more is taken for another kind of file.
const LINE_BYTES_MAX: u64 = 1 << 20;
/// The most that any number may be but the power; networks write up to 1e10 for "without limit". More overflows sums.
const NUMBER_MAX: f64 = 1e15;
/// The most that the power of a volume–delay function may be; published networks have up to 24.
const POWER_MAX: f64 = 100.0;
/// How far the trips may add up to something else than the header says, as a share of it.
const TOTAL_TOLERANCE: f64 = 1e-4;

/// A network as a TNTP file gives it, links in the order of the file, nodes numbered from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct TntpNetwork {
    /// Its topology.
    pub graph: Graph,
    /// The volume–delay function of every link.
    pub delays: Vec<VolumeDelay>,
    /// The length of every link, in the file's unit.
    pub lengths: Vec<f64>,
    /// The toll of every link, in the file's unit.
    pub tolls: Vec<f64>,
}

impl TntpNetwork {
    /// What every link costs besides time: `toll_factor · toll + distance_factor · length`.
    #[must_use]
    pub fn fixed_costs(&self, toll_factor: f64, distance_factor: f64) -> Vec<f64> {
        let cost = |(toll, length): (&f64, &f64)| toll_factor * toll + distance_factor * length;
        self.tolls.iter().zip(&self.lengths).map(cost).collect()
    }
}

/// Why a TNTP file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {fault}", file.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct TntpError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1, where one is to blame.
    pub line: Option<usize>,
    /// What is wrong.
    pub fault: TntpFault,
}

/// What can be wrong with a TNTP file.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message says what is wrong")]
pub enum TntpFault {
    #[error("cannot be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("is no text of lines; is it a TNTP file?")]
    NoText,
    #[error("the header lacks <{0}>; add it before <END OF METADATA>")]
    MissingHeader(&'static str),
    #[error("<{name}> is '{value}', not a number from {from} to {to}")]
    Header { name: &'static str, value: String, from: u32, to: u32 },
    #[error("<{name}> is '{value}', not a number")]
    HeaderNumber { name: &'static str, value: String },
    #[error(
        "a link needs {needed} fields (from, to, capacity, length, free-flow time, b, power, speed, toll); here are {found}"
    )]
    Fields { found: usize, needed: usize },
    #[error("the {field} is '{value}', not a number")]
    NotANumber { field: &'static str, value: String },
    #[error("the {field} is {value}; it must be at least 0")]
    Negative { field: &'static str, value: f64 },
    #[error("the {field} is {value}; it must be at most {most}")]
    TooLarge { field: &'static str, value: f64, most: f64 },
    #[error("the link's {field} is {value}, but the network has nodes 1 to {nodes}")]
    Node { field: &'static str, value: String, nodes: u32 },
    #[error("{0}")]
    Delay(&'static str),
    #[error("the header promises {promised} links, but there are {found}; is the file cut off?")]
    LinkCount { promised: u32, found: usize },
    #[error("<NUMBER OF ZONES> is {trips}, but the network has {network} zones; do the two files belong together?")]
    Zones { trips: u32, network: u32 },
    #[error("zone '{zone}' is not one of the network's zones 1 to {zones}")]
    Zone { zone: String, zones: u32 },
    #[error("trips stand before the first 'Origin'")]
    NoOrigin,
    #[error("'{0}' is not of the form 'zone : trips;'")]
    Entry(String),
    #[error("the header promises {promised} trips, but they add up to {found}; is the file cut off?")]
    Total { promised: f64, found: f64 },
}

/// Reads a network file (`*_net.tntp`).
///
/// # Errors
/// [`TntpError`] with the line to blame: a header that is missing or no number, a link that lacks fields or names a
/// missing node, a number that is negative or none, more or fewer links than promised.
pub fn read_network(path: &Path) -> Result<TntpNetwork, TntpError> {
    let open = File::open(path).map_err(|error| TntpError { file: path.into(), line: None, fault: error.into() });
    parse_network(path, BufReader::new(open?))
}

/// Reads a trip table (`*_trips.tntp`) for a network with `zone_count` zones. Trips of the same pair are added up.
///
/// # Errors
/// [`TntpError`] with the line to blame: a header that is missing or no number, other zones than the network's, trips
/// that are negative or no number, a sum other than promised.
pub fn read_trips(path: &Path, zone_count: u32) -> Result<OdMatrix, TntpError> {
    let open = File::open(path).map_err(|error| TntpError { file: path.into(), line: None, fault: error.into() });
    parse_trips(path, BufReader::new(open?), zone_count)
}

/// Reads a network from any reader; `name` stands for the file in errors.
///
/// # Errors
/// As [`read_network`].
pub fn parse_network(name: &Path, reader: impl BufRead) -> Result<TntpNetwork, TntpError> {
    let mut lines = Lines::new(reader);
    network(&mut lines).map_err(|fault| lines.blame(name, fault))
}

/// Reads a trip table from any reader; `name` stands for the file in errors.
///
/// # Errors
/// As [`read_trips`].
pub fn parse_trips(name: &Path, reader: impl BufRead, zone_count: u32) -> Result<OdMatrix, TntpError> {
    let mut lines = Lines::new(reader);
    trips(&mut lines, zone_count).map_err(|fault| lines.blame(name, fault))
}

/// The lines of a file without comments, and where reading has come to.
struct Lines<R> {
    reader: R,
    bytes: Vec<u8>,
    line: usize,
    /// Whether the line that was read last is to blame for an error.
    at_line: bool,
}

impl<R: BufRead> Lines<R> {
    fn new(reader: R) -> Self {
        Self { reader, bytes: Vec::new(), line: 0, at_line: false }
    }

    /// The next line that holds something, without the comment that it may end with.
    fn next(&mut self) -> Result<Option<&str>, TntpFault> {
        loop {
            self.bytes.clear();
            self.at_line = false;
            let read = self.reader.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut self.bytes)?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            self.at_line = true;
            let is_text = read < LINE_BYTES_MAX as usize && std::str::from_utf8(&self.bytes).is_ok();
            if !is_text {
                return Err(TntpFault::NoText);
            }
            let holds_something =
                self.bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|&b| b != b'~');
            if holds_something {
                break;
            }
        }
        let text = std::str::from_utf8(&self.bytes).map_err(|_| TntpFault::NoText)?;
        Ok(Some(text.split('~').next().unwrap_or_default().trim()))
    }

    fn blame(&self, name: &Path, fault: TntpFault) -> TntpError {
        let line = self.at_line.then_some(self.line);
        TntpError { file: name.into(), line, fault }
    }
}

/// The metadata before `<END OF METADATA>`: those asked for by name, in that order.
fn header<R: BufRead, const N: usize>(
    lines: &mut Lines<R>,
    names: [&'static str; N],
) -> Result<[Option<String>; N], TntpFault> {
    let mut values = [const { None }; N];
    while let Some(line) = lines.next()? {
        let Some((name, value)) = line.strip_prefix('<').and_then(|rest| rest.split_once('>')) else { break };
        if name == "END OF METADATA" {
            lines.at_line = false;
            return Ok(values);
        }
        if let Some(place) = names.iter().position(|known| *known == name) {
            values[place] = Some(value.trim().to_owned());
        }
    }
    Err(TntpFault::MissingHeader("END OF METADATA"))
}

fn header_count(value: Option<String>, name: &'static str, from: u32, to: u32) -> Result<u32, TntpFault> {
    let value = value.ok_or(TntpFault::MissingHeader(name))?;
    match value.parse() {
        Ok(count) if (from..=to).contains(&count) => Ok(count),
        _ => Err(TntpFault::Header { name, value, from, to }),
    }
}

const ZONES: &str = "NUMBER OF ZONES";
const NODES: &str = "NUMBER OF NODES";
const FIRST_THRU: &str = "FIRST THRU NODE";
const LINKS: &str = "NUMBER OF LINKS";
const TOTAL: &str = "TOTAL OD FLOW";

fn network<R: BufRead>(lines: &mut Lines<R>) -> Result<TntpNetwork, TntpFault> {
    let [zones, nodes, first_thru, links] = header(lines, [ZONES, NODES, FIRST_THRU, LINKS])?;
    let nodes = header_count(nodes, NODES, 1, NODES_MAX)?;
    let zones = header_count(zones, ZONES, 1, nodes)?;
    let first_thru = header_count(first_thru, FIRST_THRU, 1, nodes + 1)?;
    let promised = header_count(links, LINKS, 0, u32::MAX - 1)?;
    let (mut tails, mut heads) = (Vec::new(), Vec::new());
    let (mut delays, mut lengths, mut tolls) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(line) = lines.next()? {
        let link = link(line, nodes)?;
        tails.push(link.tail);
        heads.push(link.head);
        delays.push(link.delay);
        lengths.push(link.length);
        tolls.push(link.toll);
        if tails.len() > promised as usize {
            return Err(TntpFault::LinkCount { promised, found: tails.len() });
        }
    }
    if tails.len() != promised as usize {
        return Err(TntpFault::LinkCount { promised, found: tails.len() });
    }
    let graph = Graph::new(nodes, zones, first_thru - 1, tails, heads).expect("nodes and zones were checked");
    Ok(TntpNetwork { graph, delays, lengths, tolls })
}

struct Link {
    tail: u32,
    head: u32,
    delay: VolumeDelay,
    length: f64,
    toll: f64,
}

fn link(line: &str, nodes: u32) -> Result<Link, TntpFault> {
    const FIELDS: [&str; 9] =
        ["init node", "term node", "capacity", "length", "free-flow time", "b", "power", "speed", "toll"];
    let text = line.split(';').next().unwrap_or_default();
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() < FIELDS.len() {
        return Err(TntpFault::Fields { found: fields.len(), needed: FIELDS.len() });
    }
    let node = |place: usize| match fields[place].parse::<u32>() {
        Ok(node) if (1..=nodes).contains(&node) => Ok(node - 1),
        _ => Err(TntpFault::Node { field: FIELDS[place], value: fields[place].to_owned(), nodes }),
    };
    let number = |place: usize| from_zero(FIELDS[place], fields[place], NUMBER_MAX);
    let power = from_zero(FIELDS[6], fields[6], POWER_MAX)?;
    let delay = VolumeDelay::Bpr { capacity: number(2)?, free_time: number(4)?, b: number(5)?, power };
    match delay.fault() {
        Some(fault) => Err(TntpFault::Delay(fault)),
        None => Ok(Link { tail: node(0)?, head: node(1)?, delay, length: number(3)?, toll: number(8)? }),
    }
}

fn from_zero(field: &'static str, value: &str, most: f64) -> Result<f64, TntpFault> {
    match value.parse::<f64>() {
        Ok(number) if number >= 0.0 && number <= most => Ok(number),
        Ok(number) if number > most => Err(TntpFault::TooLarge { field, value: number, most }),
        Ok(number) if number < 0.0 => Err(TntpFault::Negative { field, value: number }),
        _ => Err(TntpFault::NotANumber { field, value: value.to_owned() }),
    }
}

fn trips<R: BufRead>(lines: &mut Lines<R>, zone_count: u32) -> Result<OdMatrix, TntpFault> {
    let [zones, promised] = header(lines, [ZONES, TOTAL])?;
    let zones = header_count(zones, ZONES, 1, NODES_MAX)?;
    if zones != zone_count {
        return Err(TntpFault::Zones { trips: zones, network: zone_count });
    }
    let zone = |text: &str| match text.parse::<u32>() {
        Ok(zone) if (1..=zones).contains(&zone) => Ok(zone - 1),
        _ => Err(TntpFault::Zone { zone: text.to_owned(), zones }),
    };
    let (mut origin, mut entries, mut found) = (None, Vec::new(), 0.0);
    while let Some(line) = lines.next()? {
        if let Some(name) = line.strip_prefix("Origin") {
            origin = Some(zone(name.trim())?);
            continue;
        }
        let origin = origin.ok_or(TntpFault::NoOrigin)?;
        let mut rest = line;
        while !rest.is_empty() {
            let wrong = || TntpFault::Entry(rest.trim().to_owned());
            let (entry, after) = rest.split_once(';').ok_or_else(wrong)?;
            let (destination, trips) = entry.split_once(':').ok_or_else(wrong)?;
            let trips = from_zero("number of trips", trips.trim(), NUMBER_MAX)?;
            entries.push((origin, zone(destination.trim())?, trips));
            found += trips;
            rest = after.trim_start();
        }
    }
    lines.at_line = false;
    if let Some(value) = promised {
        let promised: f64 = value.parse().map_err(|_| TntpFault::HeaderNumber { name: TOTAL, value })?;
        if promised.is_nan() || (found - promised).abs() > TOTAL_TOLERANCE * promised.abs() {
            return Err(TntpFault::Total { promised, found });
        }
    }
    Ok(OdMatrix::from_entries(zones, entries).expect("zones and trips were checked"))
}

/// Writes the flow and the time of every link as CSV (`from,to,flow,time`), in the order of the network's file and with
/// its numbers of nodes. Numbers are written so that reading them gives the same bits.
///
/// # Errors
/// Where the writer fails.
pub fn write_flows(
    writer: &mut impl std::io::Write,
    graph: &Graph,
    flows: &[f64],
    times: &[f64],
) -> std::io::Result<()> {
    writeln!(writer, "from,to,flow,time")?;
    let ends = graph.tails().iter().zip(graph.heads());
    for (((tail, head), flow), time) in ends.zip(flows).zip(times) {
        writeln!(writer, "{},{},{flow},{time}", u64::from(*tail) + 1, u64::from(*head) + 1)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 3\n<NUMBER OF LINKS> 2\n<END OF METADATA>\n";
    const LINKS: &str = "~ init term capacity length time b power speed toll type ;\n\n\
        \t1\t3\t100\t2.5\t1\t0.15\t4\t0\t7\t1\t;\n3 2 0 1 0 0 0 0 0 1;\n";

    fn network_of(text: &str) -> Result<TntpNetwork, String> {
        parse_network(Path::new("a_net.tntp"), text.as_bytes()).map_err(|error| error.to_string())
    }

    fn trips_of(text: &str) -> Result<OdMatrix, String> {
        parse_trips(Path::new("a_trips.tntp"), text.as_bytes(), 2).map_err(|error| error.to_string())
    }

    #[test]
    fn a_network_is_read_with_its_costs() {
        let network = network_of(&format!("{HEADER}{LINKS}")).unwrap();
        assert_eq!((network.graph.tails(), network.graph.heads()), (&[0, 2][..], &[2, 1][..]));
        assert_eq!(network.graph.first_through_node(), 2);
        assert_eq!(network.fixed_costs(0.5, 2.0), [8.5, 2.0]);
        assert_eq!(network.delays[0], VolumeDelay::Bpr { free_time: 1.0, b: 0.15, power: 4.0, capacity: 100.0 });
    }

    #[test]
    fn trips_are_read_by_origin() {
        let text = "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 6.5\n<END OF METADATA>\n\nOrigin \t1 \n 1 : 0.0; 2 : 6.0;\nOrigin 2\n1 : .5;";
        assert_eq!(trips_of(text).unwrap().iter().collect::<Vec<_>>(), [(0, 1, 6.0), (1, 0, 0.5)]);
    }

    #[test]
    fn a_wrong_network_is_told_by_file_line_and_fault() {
        let cases = [
            (HEADER.replace("<NUMBER OF NODES> 3\n", "") + LINKS, "a_net.tntp: the header lacks <NUMBER OF NODES>"),
            ("1 2 3".into(), "a_net.tntp, line 1: the header lacks <END OF METADATA>"),
            (String::new(), "a_net.tntp: the header lacks <END OF METADATA>"),
            (HEADER.replace("NODES> 3", "NODES> many") + LINKS, "a_net.tntp: <NUMBER OF NODES> is 'many'"),
            (HEADER.replace("ZONES> 2", "ZONES> 4") + LINKS, "<NUMBER OF ZONES> is '4', not a number from 1 to 3"),
            (
                format!("{HEADER}{}", LINKS.replace("\t1\t0.15", "\t-1\t0.15")),
                "line 8: the free-flow time is -1; it must be at least 0",
            ),
            (format!("{HEADER}{}", LINKS.replace("\t7\t", "\t-7\t")), "line 8: the toll is -7"),
            (
                format!("{HEADER}{}", LINKS.replace("\t7\t", "\t1e30\t")),
                "line 8: the toll is 1000000000000000000000000000000; it must be at most 1000000000000000",
            ),
            (format!("{HEADER}{}", LINKS.replace("2.5", "2,5")), "line 8: the length is '2,5', not a number"),
            (format!("{HEADER}{}", LINKS.replace("2.5", "NaN")), "line 8: the length is 'NaN', not a number"),
            (format!("{HEADER}{}", LINKS.replace("\t100\t", "\t0\t")), "line 8: the capacity must be positive"),
            (
                format!("{HEADER}{}", LINKS.replace("3 2 0", "3 4 0")),
                "line 9: the link's term node is 4, but the network has nodes 1 to 3",
            ),
            (format!("{HEADER}{}", LINKS.replace("3 2 0 1 0 0 0 0 0 1;", "3 2 0 1")), "line 9: a link needs 9 fields"),
            (
                format!("{HEADER}{}", LINKS.replace("3 2 0 1 0 0 0 0 0 1;", "")),
                "promises 2 links, but there are 1; is the file cut off?",
            ),
            (format!("{HEADER}{LINKS}1 3 1 1 1 0 0 0 0 1;"), "line 10: the header promises 2 links, but there are 3"),
        ];
        for (text, expected) in cases {
            let told = network_of(&text).expect_err(expected);
            assert!(told.contains(expected), "'{told}' does not say '{expected}'");
        }
    }

    #[test]
    fn a_wrong_trip_table_is_told_by_file_line_and_fault() {
        let header = "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 6\n<END OF METADATA>\n";
        let cases = [
            ("<TOTAL OD FLOW> 6\n<END OF METADATA>\n".into(), "a_trips.tntp: the header lacks <NUMBER OF ZONES>"),
            (header.replace("ZONES> 2", "ZONES> 5"), "<NUMBER OF ZONES> is 5, but the network has 2 zones"),
            (format!("{header}Origin 3\n1 : 6;"), "line 4: zone '3' is not one of the network's zones 1 to 2"),
            (format!("{header}Origin 1\n3 : 6;"), "line 5: zone '3' is not"),
            (format!("{header}Origin 1\n2 : -6;"), "line 5: the number of trips is -6"),
            (format!("{header}Origin 1\n2 : six;"), "line 5: the number of trips is 'six', not a number"),
            (format!("{header}Origin 1\n2 : 6"), "line 5: '2 : 6' is not of the form 'zone : trips;'"),
            (format!("{header}2 : 6;"), "line 4: trips stand before the first 'Origin'"),
            (format!("{header}Origin 1\n2 : 3;"), "a_trips.tntp: the header promises 6 trips, but they add up to 3"),
            (header.replace("FLOW> 6", "FLOW> all"), "a_trips.tntp: <TOTAL OD FLOW> is 'all', not a number"),
        ];
        for (text, expected) in cases {
            let told = trips_of(&text).expect_err(expected);
            assert!(told.contains(expected), "'{told}' does not say '{expected}'");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let error = parse_network(Path::new("x"), &b"<NUMBER OF ZONES> \xff\xfe\n"[..]).expect_err("no text");
        assert!(error.to_string().contains("no text"));
        let missing = read_network(Path::new("/nowhere/x_net.tntp")).expect_err("missing");
        assert!(missing.to_string().starts_with("/nowhere/x_net.tntp: cannot be read"));
    }

    proptest::proptest! {
        #[test]
        fn flows_read_back_as_the_same_bits(flow in 0.0..1e9_f64, time in 0.0..1e3_f64) {
            let network = network_of(&format!("{HEADER}{LINKS}")).unwrap();
            let mut text = Vec::new();
            write_flows(&mut text, &network.graph, &[flow, 0.0], &[time, 1.0]).unwrap();
            let text = String::from_utf8(text).unwrap();
            let row: Vec<&str> = text.lines().nth(1).unwrap().split(',').collect();
            assert_eq!((row[0], row[1]), ("1", "3"));
            assert_eq!((row[2].parse::<f64>().unwrap(), row[3].parse::<f64>().unwrap()), (flow, time));
        }

        #[test]
        fn no_text_makes_the_readers_panic(text in "[<>A-Za-z0-9 .:;~\\-\n]{0,400}") {
            let _ = network_of(&text);
            let _ = trips_of(&format!("{HEADER}Origin {text}"));
            let _ = network_of(&format!("{HEADER}{text}"));
        }
    }
}

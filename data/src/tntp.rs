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
    let number = |place: usize| not_negative(FIELDS[place], fields[place]);
    let delay = VolumeDelay::Bpr { capacity: number(2)?, free_time: number(4)?, b: number(5)?, power: number(6)? };
    match delay.fault() {
        Some(fault) => Err(TntpFault::Delay(fault)),
        None => Ok(Link { tail: node(0)?, head: node(1)?, delay, length: number(3)?, toll: number(8)? }),
    }
}

fn not_negative(field: &'static str, value: &str) -> Result<f64, TntpFault> {
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() && number >= 0.0 => Ok(number),
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
            let trips = not_negative("number of trips", trips.trim())?;
            entries.push((origin, zone(destination.trim())?, trips));
            found += trips;
            rest = after.trim_start();
        }
    }
    lines.at_line = false;
    if let Some(value) = promised {
        let promised: f64 = value.parse().map_err(|_| TntpFault::HeaderNumber { name: TOTAL, value })?;
        if !((found - promised).abs() <= TOTAL_TOLERANCE * promised.abs()) {
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

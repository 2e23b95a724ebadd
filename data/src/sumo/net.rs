//! The network (`.net.xml`): edges, lanes, junctions and connections.
//!
//! Where people walk is worked out in [`super::footways`]. What stands between a connection's lanes inside
//! its junction becomes the inside of a movement; who gives way there is worked out in [`super::right_of_way`].

use std::borrow::Cow;
use std::collections::HashMap;

use engine::traffic::network::rows::{JunctionRow, LanePlace, LaneRow, StreetRow};
use engine::traffic::network::{Direction, LENGTH_MAX_M, RightOfWay};
use geo::Coord;

use super::element::{Element, Handler, count, flag, number, wrong};
use super::error::SumoFault;
use super::notes::Notes;
use super::signals::Signals;
use super::source::{At, Blame, Place};
use super::vehicle_classes::permissions;

/// Width of a lane that gives none, in metres (SUMO, `SUMO_const_laneWidth`).
const LANE_WIDTH_M: f64 = 3.2;
/// How far before a junction one sees what must be given way to, in metres, where the connection does not say (SUMO,
/// attribute `visibility`).
const VISIBILITY_M: f64 = 4.5;
/// The same before lanes that merge in turns.
const ZIPPER_VISIBILITY_M: f64 = 100.0;
/// What becomes of most that is not read.
pub(super) const NOT_FOLLOWED: &str = "is not followed; where it matters, results differ";
/// Lanes that a street may have.
const LANES_MAX: usize = 1000;

/// How the coordinates of a net came from those of the world.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {
    /// What was added to projected coordinates, in metres.
    pub offset: Coord,
    /// The projection in the words of PROJ; none where the net is not on the globe.
    pub parameter: Option<String>,
}

/// A lane, of a street or inside a junction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum LaneRef {
    Street(LanePlace),
    /// Row of [`Net::inner_lanes`].
    Inner(u32),
}

/// What a lane inside a junction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InnerKind {
    Vehicles,
    Crossing,
    WalkingArea,
}

/// A lane inside a junction.
pub(super) struct InnerLane<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) kind: InnerKind,
    pub(super) row: LaneRow,
}

/// One row of a junction's right of way: bits as text, the last letter standing for link 0.
pub(super) struct Request<'a> {
    pub(super) place: Place,
    pub(super) index: u32,
    pub(super) response: Cow<'a, str>,
    pub(super) foes: Cow<'a, str>,
}

/// A junction, with what is known of its right of way.
pub(super) struct Junction<'a> {
    pub(super) place: Place,
    pub(super) name: Cow<'a, str>,
    pub(super) kind: Cow<'a, str>,
    pub(super) incoming: Vec<LaneRef>,
    pub(super) requests: Vec<Request<'a>>,
    position: Coord,
}

/// A way from lane to lane.
pub(super) struct Connection<'a> {
    pub(super) place: Place,
    pub(super) from: LaneRef,
    pub(super) to: LaneRef,
    pub(super) via: Option<u32>,
    pub(super) signal: Option<(Cow<'a, str>, u32)>,
    pub(super) direction: Direction,
    pub(super) rule: RightOfWay,
    pub(super) keep_clear: bool,
    pub(super) visibility_m: f64,
    pub(super) pass: bool,
}

/// A net as it stands in its file.
#[derive(Default)]
pub(super) struct Net<'a> {
    pub(super) streets: Vec<StreetRow>,
    pub(super) inner_lanes: Vec<InnerLane<'a>>,
    pub(super) junctions: Vec<Junction<'a>>,
    pub(super) connections: Vec<Connection<'a>>,
    pub(super) lanes: HashMap<Cow<'a, str>, LaneRef>,
    pub(super) street_rows: HashMap<Cow<'a, str>, u32>,
    pub(super) projection: Projection,
}

/// Which edge is being read.
enum OpenEdge<'a> {
    None,
    Street(u32),
    Inner(Cow<'a, str>, InnerKind),
}

/// Where an edge begins and ends, before junctions are known.
struct Ends<'a> {
    place: Place,
    from: Cow<'a, str>,
    to: Cow<'a, str>,
}

/// Reads a net.
pub(super) struct NetReader<'a, 'n> {
    net: Net<'a>,
    ends: Vec<Ends<'a>>,
    /// First lane of each edge inside junctions, and how many it has.
    inner_edges: HashMap<Cow<'a, str>, (u32, u32)>,
    junction_rows: HashMap<Cow<'a, str>, u32>,
    open_edge: OpenEdge<'a>,
    in_logic: bool,
    in_junction: bool,
    root: bool,
    signals: &'n mut Signals<'a>,
    notes: &'n mut Notes,
}

impl<'a, 'n> NetReader<'a, 'n> {
    pub(super) fn new(signals: &'n mut Signals<'a>, notes: &'n mut Notes) -> Self {
        Self {
            net: Net::default(),
            ends: Vec::new(),
            inner_edges: HashMap::new(),
            junction_rows: HashMap::new(),
            open_edge: OpenEdge::None,
            in_logic: false,
            in_junction: false,
            root: false,
            signals,
            notes,
        }
    }

    /// The net, when its file has ended, with its junctions. `whole` stands for the file.
    pub(super) fn finish(mut self, whole: Place) -> Result<(Net<'a>, Vec<JunctionRow>), Blame> {
        if !self.root {
            return Err(SumoFault::NoRoot { expected: "net", kind: "a SUMO network (.net.xml)" }).at(whole);
        }
        for (street, ends) in self.net.streets.iter_mut().zip(&self.ends) {
            let row = |name: &Cow<'_, str>| {
                let unknown = || SumoFault::Unknown { what: "junction", name: name.to_string() };
                self.junction_rows.get(name).copied().ok_or_else(unknown).at(ends.place)
            };
            (street.from_junction, street.to_junction) = (row(&ends.from)?, row(&ends.to)?);
            if street.lanes.is_empty() {
                let reason = "it has no <lane>; give it one".to_owned();
                return Err(SumoFault::Bad { what: "edge", name: street.name.clone(), reason }).at(ends.place);
            }
        }
        let row = |junction: &Junction<'_>| JunctionRow { name: junction.name.to_string(), place: junction.position };
        let rows = self.net.junctions.iter().map(row).collect();
        Ok((self.net, rows))
    }

    fn location(&mut self, element: &Element<'a>) -> Result<(), Blame> {
        if let Some(offset) = element.get("netOffset") {
            self.net.projection.offset = point("netOffset", offset).at(element.place)?;
        }
        let parameter = element.get("projParameter").map(|parameter| parameter.trim());
        self.net.projection.parameter =
            parameter.filter(|parameter| !matches!(*parameter, "" | "!" | "-" | ".")).map(str::to_owned);
        Ok(())
    }

    fn edge(&mut self, element: &Element<'a>) -> Result<(), Blame> {
        let name = element.text("id")?.clone();
        let twice = |name: &str| Err(SumoFault::Twice { what: "edge", name: name.to_owned() }).at(element.place);
        let kind = match element.get("function").map_or("normal", |function| function.as_ref()) {
            "internal" => InnerKind::Vehicles,
            "crossing" => InnerKind::Crossing,
            "walkingarea" => InnerKind::WalkingArea,
            _ => {
                let row = self.net.streets.len() as u32;
                let (from, to) = (element.text("from")?.clone(), element.text("to")?.clone());
                self.ends.push(Ends { place: element.place, from, to });
                let (name, text) = (name.to_string(), name);
                if self.net.street_rows.insert(text, row).is_some() {
                    return twice(&name);
                }
                // Junctions follow in the file; their rows are filled in at its end.
                let (from_junction, to_junction) = (u32::MAX, u32::MAX);
                let lanes = Vec::new();
                self.net.streets.push(StreetRow { name, from_junction, to_junction, is_roundabout: false, lanes });
                self.open_edge = OpenEdge::Street(row);
                return Ok(());
            }
        };
        if self.inner_edges.insert(name.clone(), (self.net.inner_lanes.len() as u32, 0)).is_some() {
            return twice(&name);
        }
        self.open_edge = OpenEdge::Inner(name, kind);
        Ok(())
    }

    fn lane(&mut self, element: &Element<'a>) -> Result<(), Blame> {
        let name = element.text("id")?.clone();
        let row = lane_row(element, self.notes)?;
        // Lanes are numbered in their order, as SUMO does: netconvert writes index="0" for some that are not the first.
        let (reference, number) = match &self.open_edge {
            OpenEdge::None => return Ok(()),
            &OpenEdge::Street(street) => {
                let lanes = &mut self.net.streets[street as usize].lanes;
                lanes.push(row);
                let lane = lanes.len() as u32 - 1;
                (LaneRef::Street(LanePlace { street, lane }), lane)
            }
            OpenEdge::Inner(edge, kind) => {
                let reference = LaneRef::Inner(self.net.inner_lanes.len() as u32);
                self.net.inner_lanes.push(InnerLane { name: name.clone(), kind: *kind, row });
                let count = self.inner_edges.get_mut(edge).map(|(_, count)| std::mem::replace(count, *count + 1));
                (reference, count.unwrap_or(0))
            }
        };
        if number as usize >= LANES_MAX {
            return Err(SumoFault::TooMany { what: "lanes of one edge", most: LANES_MAX as u64 }).at(element.place);
        }
        if self.net.lanes.insert(name.clone(), reference).is_some() {
            return Err(SumoFault::Twice { what: "lane", name: name.to_string() }).at(element.place);
        }
        Ok(())
    }

    fn junction(&mut self, element: &Element<'a>) -> Result<(), Blame> {
        let kind = element.text("type")?.clone();
        self.in_junction = kind != "internal";
        if !self.in_junction {
            return Ok(());
        }
        if kind.starts_with("rail") {
            self.notes.element(element.place, "junction", "rail signals and level crossings are not simulated");
        }
        let name = element.text("id")?.clone();
        let position = Coord { x: element.number("x")?, y: element.number("y")? };
        let mut incoming = Vec::new();
        for lane in element.get("incLanes").map_or("", |lanes| lanes.as_ref()).split_whitespace() {
            let unknown = || SumoFault::Unknown { what: "lane", name: lane.to_owned() };
            incoming.push(*self.net.lanes.get(lane).ok_or_else(unknown).at(element.place)?);
        }
        let row = self.net.junctions.len() as u32;
        if self.junction_rows.insert(name.clone(), row).is_some() {
            return Err(SumoFault::Twice { what: "junction", name: name.to_string() }).at(element.place);
        }
        let requests = Vec::new();
        self.net.junctions.push(Junction { place: element.place, name, kind, incoming, requests, position });
        Ok(())
    }

    fn request(&mut self, element: &Element<'a>) -> Result<(), Blame> {
        let Some(junction) = self.net.junctions.last_mut().filter(|_| self.in_junction) else { return Ok(()) };
        let (response, foes) = (element.text("response")?.clone(), element.text("foes")?.clone());
        for (attribute, bits) in [("response", &response), ("foes", &foes)] {
            if bits.bytes().any(|bit| !matches!(bit, b'0' | b'1')) {
                return Err(wrong(attribute, bits, "made of 0 and 1")).at(element.place);
            }
        }
        junction.requests.push(Request { place: element.place, index: element.count("index")?, response, foes });
        Ok(())
    }

    /// A lane of an edge, by the edge's name and the lane's number.
    fn lane_of(&self, attribute: &'static str, edge: &str, lane: u32) -> Result<LaneRef, SumoFault> {
        let found = if let Some(&street) = self.net.street_rows.get(edge) {
            let exists = (lane as usize) < self.net.streets[street as usize].lanes.len();
            exists.then_some(LaneRef::Street(LanePlace { street, lane }))
        } else {
            let inner = self.inner_edges.get(edge).filter(|(_, count)| lane < *count);
            inner.map(|(first, _)| LaneRef::Inner(first + lane))
        };
        let what =
            if attribute == "from" { "lane that a connection leaves" } else { "lane that a connection leads to" };
        found.ok_or_else(|| SumoFault::Unknown { what, name: format!("{edge}_{lane}") })
    }

    fn connection(&mut self, element: &Element<'a>) -> Result<(), Blame> {
        let from = self.lane_of("from", element.text("from")?, element.count("fromLane")?).at(element.place)?;
        let to = self.lane_of("to", element.text("to")?, element.count("toLane")?).at(element.place)?;
        let direction = direction(element.text("dir")?).at(element.place)?;
        let rule = rule(element.text("state")?).at(element.place)?;
        let visibility_m = if rule == RightOfWay::Zipper { ZIPPER_VISIBILITY_M } else { VISIBILITY_M };
        let mut connection = Connection {
            place: element.place,
            from,
            to,
            via: None,
            signal: None,
            direction,
            rule,
            keep_clear: true,
            visibility_m,
            pass: false,
        };
        let mut signal = (None, None);
        for (name, value) in &element.attributes {
            match *name {
                "via" => connection.via = Some(self.via(value).at(element.place)?),
                "tl" => signal.0 = Some(value.clone()),
                "linkIndex" => signal.1 = Some(count(name, value).at(element.place)?),
                "keepClear" => connection.keep_clear = flag(name, value).at(element.place)?,
                "pass" => connection.pass = flag(name, value).at(element.place)?,
                "visibility" => connection.visibility_m = number(name, value).at(element.place)?,
                "linkIndex2" => {
                    let meaning = "the lamp inside the junction is not followed";
                    self.notes.attribute(element.place, "connection", name, meaning);
                }
                "changeLeft" | "changeRight" | "indirect" => {
                    self.notes.attribute(element.place, "connection", name, NOT_FOLLOWED);
                }
                _ => {}
            }
        }
        if connection.visibility_m < 0.0 {
            let value = connection.visibility_m.to_string();
            return Err(wrong("visibility", &value, "a distance of at least 0 m")).at(element.place);
        }
        if let (Some(name), lamp) = signal {
            let missing = || SumoFault::Missing { element: "connection".to_owned(), attribute: "linkIndex" };
            connection.signal = Some((name, lamp.ok_or_else(missing).at(element.place)?));
        }
        self.net.connections.push(connection);
        Ok(())
    }

    fn via(&self, name: &str) -> Result<u32, SumoFault> {
        match self.net.lanes.get(name) {
            Some(LaneRef::Inner(lane)) => Ok(*lane),
            _ => Err(SumoFault::Unknown { what: "lane inside a junction", name: name.to_owned() }),
        }
    }

    fn roundabout(&mut self, element: &Element<'a>) -> Result<(), Blame> {
        for edge in element.text("edges")?.split_whitespace() {
            let unknown = || SumoFault::Unknown { what: "edge", name: edge.to_owned() };
            let row = *self.net.street_rows.get(edge).ok_or_else(unknown).at(element.place)?;
            self.net.streets[row as usize].is_roundabout = true;
        }
        Ok(())
    }
}

impl<'a> Handler<'a> for NetReader<'a, '_> {
    fn start(&mut self, element: &Element<'a>, depth: usize) -> Result<(), Blame> {
        match (depth, element.name) {
            (0, name) => {
                self.root = name == "net";
                if element.get("lefthand").is_some_and(|value| flag("lefthand", value).unwrap_or(false)) {
                    self.notes.attribute(element.place, "net", "lefthand", "traffic keeps right here");
                }
                Ok(())
            }
            (1, "location") => self.location(element),
            (1, "edge") => self.edge(element),
            (2, "lane") => self.lane(element),
            (1, "junction") => self.junction(element),
            (2, "request") => self.request(element),
            (1, "connection") => self.connection(element),
            (1, "roundabout") => self.roundabout(element),
            (1, "tlLogic") => {
                self.in_logic = true;
                self.signals.open(element, self.notes)
            }
            (2, "phase") if self.in_logic => self.signals.phase(element, self.notes),
            (2, "param") if self.in_logic => self.signals.parameter(element, self.notes),
            // What only the programs that make nets read, or draw.
            (_, "type" | "param" | "prohibition") => Ok(()),
            (_, name) => {
                self.notes.element(element.place, name, NOT_FOLLOWED);
                Ok(())
            }
        }
    }

    fn end(&mut self, name: &str, depth: usize) -> Result<(), Blame> {
        match (depth, name) {
            (1, "edge") => self.open_edge = OpenEdge::None,
            (1, "junction") => self.in_junction = false,
            (1, "tlLogic") => {
                self.in_logic = false;
                return self.signals.close();
            }
            _ => {}
        }
        Ok(())
    }
}

fn lane_row(element: &Element<'_>, notes: &mut Notes) -> Result<LaneRow, Blame> {
    let (mut length_m, mut speed_limit_mps, mut width_m, mut shape) = (None, None, LANE_WIDTH_M, None);
    for (name, value) in &element.attributes {
        match *name {
            "length" => length_m = Some(length(name, value).at(element.place)?),
            "speed" => speed_limit_mps = Some(positive(name, value).at(element.place)?),
            "width" => width_m = positive(name, value).at(element.place)?,
            "shape" => shape = Some(line(value).at(element.place)?),
            "changeLeft" | "changeRight" | "endOffset" | "acceleration" => {
                notes.attribute(element.place, "lane", name, NOT_FOLLOWED);
            }
            _ => {}
        }
    }
    let missing = |attribute| Blame {
        place: element.place,
        fault: SumoFault::Missing { element: element.name.to_owned(), attribute },
    };
    Ok(LaneRow {
        length_m: length_m.ok_or_else(|| missing("length"))?,
        speed_limit_mps: speed_limit_mps.ok_or_else(|| missing("speed"))?,
        permissions: permissions(element).at(element.place)?,
        width_m,
        shape: shape.ok_or_else(|| missing("shape"))?,
    })
}

fn positive(name: &str, value: &str) -> Result<f64, SumoFault> {
    let number = number(name, value)?;
    if number > 0.0 { Ok(number) } else { Err(wrong(name, value, "more than 0")) }
}

fn length(name: &str, value: &str) -> Result<f64, SumoFault> {
    let length_m = positive(name, value)?;
    if length_m <= LENGTH_MAX_M { Ok(length_m) } else { Err(wrong(name, value, "at most 100 km")) }
}

/// A line of at least two points.
fn line(text: &str) -> Result<Vec<Coord>, SumoFault> {
    let points = text.split_whitespace().map(|text| point("shape", text)).collect::<Result<Vec<_>, _>>()?;
    if points.len() < 2 {
        return Err(wrong("shape", text, "a line of at least two points x,y"));
    }
    Ok(points)
}

/// A point `x,y` or `x,y,z`.
fn point(name: &str, text: &str) -> Result<Coord, SumoFault> {
    let wrong = || wrong(name, text, "a point x,y");
    let mut numbers = text.split(',').map(|text| number(name, text).map_err(|_| wrong()));
    match (numbers.next(), numbers.next()) {
        (Some(x), Some(y)) => Ok(Coord { x: x?, y: y? }),
        _ => Err(wrong()),
    }
}

fn direction(letter: &str) -> Result<Direction, SumoFault> {
    match letter {
        "s" => Ok(Direction::Straight),
        "l" | "L" => Ok(Direction::Left),
        "r" | "R" => Ok(Direction::Right),
        "t" | "T" => Ok(Direction::Turnaround),
        // A net that does not know.
        "invalid" => Ok(Direction::Straight),
        _ => Err(wrong("dir", letter, "one of s l L r R t T")),
    }
}

/// The rule where no signal rules. At signals the state tells the rule while they are off.
fn rule(letter: &str) -> Result<RightOfWay, SumoFault> {
    match letter {
        "M" | "O" | "-" | "G" => Ok(RightOfWay::Priority),
        "m" | "o" | "g" => Ok(RightOfWay::Yield),
        "=" => Ok(RightOfWay::RightBeforeLeft),
        "s" => Ok(RightOfWay::Stop),
        "w" => Ok(RightOfWay::AllWayStop),
        "Z" => Ok(RightOfWay::Zipper),
        _ => Err(wrong("state", letter, "one of M m = s w Z o O -")),
    }
}

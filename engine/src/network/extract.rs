//! From the city's tables to the dense graph that the assignment runs on.
//!
//! Zones come first as nodes, then gates, which are zones too; then junctions. Links and connectors become arcs. Where
//! a turn has a rule, the junction is *expanded*: every link ends and begins in a node of its own, and movements are
//! arcs between them. The junctions within two links of such a one are expanded too, without U-turns, so that a ban cannot be
//! dodged by turning around a junction or two further, however many short links these are drawn with. A dead end keeps its
//! U-turn.
//!
//! The graph of a scenario *extends* that of its base ([`CityNetwork::extended`]): node i and arc i of the base are node
//! i and arc i of the scenario, what is closed stays without any class that may use it, and what is new is
//! appended. A link that begins or ends elsewhere than in the base leaves its arc there, closed, and gets another. An
//! equilibrium of the base can therefore start that of the scenario.
//!
//! Where a rule by vehicle class (a limited-traffic zone) leaves a zone without any connector that a class can use while
//! others still can, that class gets connectors on foot to the nearest junctions outside ([`EdgeParking`]).
//! Those trips park at the edge; they are counted, not lost. A zone cut off for everybody gets none: its trips are
//! unserved.
//!
//! Left out: delay of single movements, waiting at signals, the search for a parking space.

use std::collections::HashMap;

use geo::{Coord, Distance, Euclidean, InterpolateLine};
use petgraph::graph::DiGraph;

use super::{Graph, GraphError};
use crate::city::{Access, CityTables, DIRECTIONS_APART_M, Link};
use crate::key::Key;
use crate::time::{ClockTime, DayType};
use crate::vehicles::{ClassSet, VehicleClass};

/// So many links around a turn with a rule nobody turns around where one can go on: further away that is no dodge any more.
const DODGED_LINKS: f64 = 2.0;
/// Crossings this near may be one junction, on which nobody turns around either, in metres: a shorter link counts in part.
const ONE_JUNCTION_M: f64 = 45.0;

/// What an arc of the graph stands for. Numbers are rows of the tables or nodes of the graph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ArcKind {
    /// A link, by its row.
    Link(u32),
    /// A movement between the links of two rows at an expanded junction.
    Turn {
        /// Row of the link that it leaves.
        from: u32,
        /// Row of the link that it enters.
        to: u32,
    },
    /// The way into or out of an expanded junction for trips that begin or end there; takes no time.
    Inside,
    /// From a zone into the network or back; takes the connector's time.
    Connector {
        /// Time in seconds.
        time_s: f64,
    },
    /// On foot between a zone and a car parked at the edge of an area that is closed to one class.
    EdgeWalk {
        /// Time on foot in seconds.
        time_s: f64,
        /// The zone's number.
        zone: u32,
        /// The class that has to walk.
        class: VehicleClass,
    },
}

/// How trips park at the edge of an area that is closed to their vehicle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EdgeParking {
    /// Walking speed, in metres a second; positive.
    pub walking_speed_mps: f64,
    /// Length of a walk over its beeline, at least 1.
    pub detour: f64,
    /// The longest beeline that anybody walks, in metres.
    pub beeline_max_m: f64,
    /// How many junctions at the edge a zone is connected to.
    pub junctions: usize,
}

/// The graph of a city at one time of the day, and what its parts stand for.
#[derive(Clone, Debug)]
pub struct CityNetwork {
    /// The graph; its first nodes are [`CityNetwork::zones`].
    pub graph: Graph,
    /// Keys of the zones, then of the gates, each in the order of the tables.
    pub zones: Vec<Key>,
    /// How many of them are gates.
    pub gate_count: u32,
    /// What each arc stands for.
    pub kinds: Vec<ArcKind>,
    /// The arc of each link, by row of the links.
    pub link_arcs: Vec<u32>,
    /// Who may use each arc at this time.
    pub allowed: Vec<ClassSet>,
    /// For each zone the classes whose trips leave it on foot for a car parked at the edge.
    pub edge_departures: Vec<ClassSet>,
    /// For each zone the classes whose trips reach it on foot from a car parked at the edge.
    pub edge_arrivals: Vec<ClassSet>,
    layout: Layout,
}

/// Why a city has no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// The tables hold more than indices of 32 bits can number.
    #[error("the city has more links, junctions and zones than can be numbered: {0}")]
    Size(#[from] GraphError),
    /// A row names a thing that is not in the tables.
    #[error("{table}: '{missing}' is named but is not in the city")]
    Missing {
        /// The table that it should be in.
        table: &'static str,
        /// What is missing.
        missing: Key,
    },
    /// The scenario's tables do not begin with the rows of the base.
    #[error("{table}: the base's '{key}' is not in its place in the scenario; a scenario adds rows and removes none")]
    NotExtended {
        /// The table.
        table: &'static str,
        /// The base's row.
        key: Key,
    },
}

/// Where everything lies in the graph, kept so that a scenario can extend it.
#[derive(Clone, Debug, Default)]
struct Layout {
    node_count: u32,
    tails: Vec<u32>,
    heads: Vec<u32>,
    kinds: Vec<ArcKind>,
    junction_keys: Vec<Key>,
    link_keys: Vec<Key>,
    connector_count: usize,
    /// Node of each junction: its only one, or where trips begin if it is expanded.
    junction_nodes: Vec<u32>,
    /// Where trips end in an expanded junction.
    arrival_nodes: Vec<Option<u32>>,
    /// For each junction the rows of the links that enter and leave it.
    entering: Vec<Vec<u32>>,
    leaving: Vec<Vec<u32>>,
    link_ends: Vec<(u32, u32)>,
    link_arcs: Vec<u32>,
    /// Arcs of links where these no longer are.
    left_arcs: Vec<u32>,
}

impl CityNetwork {
    /// The network of a city at a time of such a day. The graph follows the order of the tables' rows.
    ///
    /// # Errors
    /// [`ExtractError`] where the tables name what they do not hold, or hold too much.
    pub fn extract(
        tables: &CityTables,
        day: DayType,
        time: ClockTime,
        edge: &EdgeParking,
    ) -> Result<Self, ExtractError> {
        let zones: Vec<Key> = tables
            .zones
            .iter()
            .map(|row| row.key.clone())
            .chain(tables.gates.iter().map(|row| row.key.clone()))
            .collect();
        let layout = Layout { node_count: count(zones.len())?, ..Layout::default() };
        Self::grow(layout, zones, tables, (day, time), edge)
    }

    /// The network of a scenario of this network's city: the same nodes and arcs, then those of the rows that the
    /// scenario's tables hold beyond the base's.
    ///
    /// # Errors
    /// [`ExtractError`] as in [`CityNetwork::extract`], and where the scenario's rows do not begin with the base's.
    pub fn extended(
        &self,
        scenario: &CityTables,
        day: DayType,
        time: ClockTime,
        edge: &EdgeParking,
    ) -> Result<Self, ExtractError> {
        for (table, base, rows) in [
            ("junctions", &self.layout.junction_keys, keys(&scenario.junctions)),
            ("links", &self.layout.link_keys, keys(&scenario.links)),
            ("zones", &self.zones, [keys(&scenario.zones), keys(&scenario.gates)].concat()),
        ] {
            for (index, key) in base.iter().enumerate() {
                if rows.get(index) != Some(key) {
                    return Err(ExtractError::NotExtended { table, key: key.clone() });
                }
            }
        }
        Self::grow(self.layout.clone(), self.zones.clone(), scenario, (day, time), edge)
    }

    fn grow(
        mut layout: Layout,
        zones: Vec<Key>,
        tables: &CityTables,
        (day, time): (DayType, ClockTime),
        edge: &EdgeParking,
    ) -> Result<Self, ExtractError> {
        layout.append(tables)?;
        let mut allowed = layout.allowed(tables, day, time);
        let at_edge = EdgeAccess::find(&layout, &allowed, tables, edge)?;
        layout.append_walks(&at_edge.walks)?;
        for (index, kind) in layout.kinds.iter().enumerate() {
            let ArcKind::EdgeWalk { zone, class, .. } = *kind else { continue };
            let leaves = layout.tails[index] == zone;
            let walkers = if leaves { &at_edge.departures } else { &at_edge.arrivals };
            let walking = walkers[zone as usize].contains(class);
            let parks_at = if leaves { layout.heads[index] } else { layout.tails[index] };
            let open = at_edge.is_open(class, parks_at, leaves);
            let set = if walking && open { ClassSet::of(&[class]) } else { ClassSet::NONE };
            match allowed.get_mut(index) {
                Some(place) => *place = set,
                None => allowed.push(set),
            }
        }
        let zone_count = count(zones.len())?;
        let graph = Graph::new(layout.node_count, zone_count, zone_count, layout.tails.clone(), layout.heads.clone())?;
        Ok(Self {
            graph,
            zones,
            gate_count: count(tables.gates.len())?,
            kinds: layout.kinds.clone(),
            link_arcs: layout.link_arcs.clone(),
            allowed,
            edge_departures: at_edge.departures,
            edge_arrivals: at_edge.arrivals,
            layout,
        })
    }

    /// The number of a zone or gate.
    #[must_use]
    pub fn zone(&self, key: &Key) -> Option<u32> {
        self.zones.iter().position(|zone| zone == key).and_then(|index| u32::try_from(index).ok())
    }
}

/// Whether two links between the same junctions are the two directions of one street.
fn is_one_street(there: &Link, back: &Link) -> bool {
    let middle = |link: &Link| Euclidean.point_at_ratio_from_start(&link.geometry, 0.5);
    match (middle(there), middle(back)) {
        (Some(a), Some(b)) => Euclidean.distance(a, b) <= DIRECTIONS_APART_M,
        _ => true,
    }
}

impl Layout {
    fn node(&mut self) -> Result<u32, ExtractError> {
        let node = self.node_count;
        self.node_count = node.checked_add(1).ok_or(GraphError::TooManyArcs(usize::MAX))?;
        Ok(node)
    }

    fn arc(&mut self, tail: u32, head: u32, kind: ArcKind) -> Result<u32, ExtractError> {
        let arc = count(self.kinds.len())?;
        self.tails.push(tail);
        self.heads.push(head);
        self.kinds.push(kind);
        Ok(arc)
    }

    /// Appends all rows of the tables beyond those that are there already.
    fn append(&mut self, tables: &CityTables) -> Result<(), ExtractError> {
        let is_base = self.junction_keys.is_empty();
        let (old_junctions, old_links) = (self.junction_keys.len(), self.link_keys.len());
        for row in &tables.junctions[old_junctions..] {
            let node = self.node()?;
            self.junction_keys.push(row.key.clone());
            self.junction_nodes.push(node);
            self.arrival_nodes.push(None);
            self.entering.push(Vec::new());
            self.leaving.push(Vec::new());
        }
        let junctions = index_of(&self.junction_keys);
        let find = |key: &Key| {
            junctions
                .get(key)
                .copied()
                .ok_or_else(|| ExtractError::Missing { table: "junctions", missing: key.clone() })
        };
        let mut is_new = vec![true; tables.links.len()];
        for (row, link) in (0_u32..).zip(&tables.links) {
            let ends = (find(&link.facts.from)?, find(&link.facts.to)?);
            if row as usize >= old_links {
                self.link_keys.push(link.key.clone());
                self.link_ends.push(ends);
            } else if self.link_ends[row as usize] == ends {
                is_new[row as usize] = false;
                continue;
            } else {
                self.leave(row, ends);
            }
            self.leaving[ends.0 as usize].push(row);
            self.entering[ends.1 as usize].push(row);
        }
        count(tables.links.len())?;
        self.expand(tables, old_junctions)?;
        self.append_links(tables, &is_new)?;

        let zones: HashMap<&Key, u32> = tables.zones.iter().map(|row| &row.key).zip(0..).collect();
        for row in &tables.connectors[self.connector_count..] {
            let zone = *zones
                .get(&row.facts.zone)
                .ok_or_else(|| ExtractError::Missing { table: "zones", missing: row.facts.zone.clone() })?;
            self.append_connector(zone, find(&row.facts.junction)?, row.facts.time_s)?;
        }
        self.connector_count = tables.connectors.len();
        if is_base {
            for (gate, row) in (count(tables.zones.len())?..).zip(&tables.gates) {
                self.append_connector(gate, find(&row.facts.junction)?, 0.0)?;
            }
        }
        Ok(())
    }

    /// Takes a link from where it was.
    fn leave(&mut self, row: u32, ends: (u32, u32)) {
        let (from, to) = std::mem::replace(&mut self.link_ends[row as usize], ends);
        self.leaving[from as usize].retain(|&other| other != row);
        self.entering[to as usize].retain(|&other| other != row);
        self.left_arcs.push(self.link_arcs[row as usize]);
    }

    /// Gives the new junctions whose turns have rules, and those around them, a place where trips end that is not where they begin.
    fn expand(&mut self, tables: &CityTables, first_new: usize) -> Result<(), ExtractError> {
        let links = index_of(&self.link_keys);
        let mut links_away = vec![f64::INFINITY; self.junction_keys.len()];
        for turn in &tables.turns {
            let link = *links
                .get(&turn.facts.from)
                .ok_or_else(|| ExtractError::Missing { table: "links", missing: turn.facts.from.clone() })?;
            links_away[self.link_ends[link as usize].1 as usize] = 0.0;
        }
        let mut is_settled = false;
        while !is_settled {
            is_settled = true;
            for (&(from, to), link) in self.link_ends.iter().zip(&tables.links) {
                let counts = (link.facts.length_m / ONE_JUNCTION_M).min(1.0);
                for (near, far) in [(from as usize, to as usize), (to as usize, from as usize)] {
                    let away = links_away[near] + counts;
                    if away < links_away[far] && away < DODGED_LINKS + 1.0 {
                        links_away[far] = away;
                        is_settled = false;
                    }
                }
            }
        }
        let expanded: Vec<bool> = links_away.iter().map(|away| away.is_finite()).collect();
        for junction in (first_new..expanded.len()).filter(|&junction| expanded[junction]) {
            self.arrival_nodes[junction] = Some(self.node()?);
        }
        Ok(())
    }

    /// Appends the arcs of the links that are new, by row, and their movements at expanded junctions.
    fn append_links(&mut self, tables: &CityTables, is_new: &[bool]) -> Result<(), ExtractError> {
        let is_new = |row: u32| is_new[row as usize];
        for row in (0..self.link_ends.len()).filter(|&row| is_new(row as u32)) {
            let (from, to) = self.link_ends[row];
            let ends = [from, to].map(|junction| self.arrival_nodes[junction as usize].is_some());
            let tail = if ends[0] { self.node()? } else { self.junction_nodes[from as usize] };
            let head = if ends[1] { self.node()? } else { self.junction_nodes[to as usize] };
            let arc = self.arc(tail, head, ArcKind::Link(count(row)?))?;
            match self.link_arcs.get_mut(row) {
                Some(place) => *place = arc,
                None => self.link_arcs.push(arc),
            }
        }
        for junction in 0..self.junction_nodes.len() {
            let Some(arrival) = self.arrival_nodes[junction] else { continue };
            let (entering, leaving) = (self.entering[junction].clone(), self.leaving[junction].clone());
            for &to in leaving.iter().filter(|&&row| is_new(row)) {
                let begin = self.tails[self.link_arcs[to as usize] as usize];
                self.arc(self.junction_nodes[junction], begin, ArcKind::Inside)?;
            }
            for &from in &entering {
                let end = self.heads[self.link_arcs[from as usize] as usize];
                if is_new(from) {
                    self.arc(end, arrival, ArcKind::Inside)?;
                }
                let origin = self.link_ends[from as usize].0;
                let turns_around = |&to: &u32| {
                    self.link_ends[to as usize].1 == origin
                        && is_one_street(&tables.links[from as usize].facts, &tables.links[to as usize].facts)
                };
                let is_around: Vec<bool> = leaving.iter().map(turns_around).collect();
                let is_dead_end = is_around.iter().all(|&is_around| is_around);
                for (&to, is_around) in leaving.iter().zip(is_around) {
                    if (is_new(from) || is_new(to)) && (is_dead_end || !is_around) {
                        let begin = self.tails[self.link_arcs[to as usize] as usize];
                        self.arc(end, begin, ArcKind::Turn { from, to })?;
                    }
                }
            }
        }
        Ok(())
    }

    fn append_connector(&mut self, zone: u32, junction: u32, time_s: f64) -> Result<(), ExtractError> {
        let begins = self.junction_nodes[junction as usize];
        let ends = self.arrival_nodes[junction as usize].unwrap_or(begins);
        self.arc(zone, begins, ArcKind::Connector { time_s })?;
        self.arc(ends, zone, ArcKind::Connector { time_s })?;
        Ok(())
    }

    fn append_walks(&mut self, walks: &[Walk]) -> Result<(), ExtractError> {
        for walk in walks {
            let kind = ArcKind::EdgeWalk { time_s: walk.time_s, zone: walk.zone, class: walk.class };
            let junction = walk.junction as usize;
            let (tail, head) = if walk.leaves {
                (walk.zone, self.junction_nodes[junction])
            } else {
                (self.arrival_nodes[junction].unwrap_or(self.junction_nodes[junction]), walk.zone)
            };
            let is_there = (0..self.kinds.len()).any(|arc| {
                self.tails[arc] == tail
                    && self.heads[arc] == head
                    && matches!(self.kinds[arc], ArcKind::EdgeWalk { class, .. } if class == walk.class)
            });
            if !is_there {
                self.arc(tail, head, kind)?;
            }
        }
        Ok(())
    }

    /// Who may use each arc; walks from the edge are settled later.
    fn allowed(&self, tables: &CityTables, day: DayType, time: ClockTime) -> Vec<ClassSet> {
        let links = index_of(&self.link_keys);
        let mut rules: HashMap<(u32, u32), Vec<&Access>> = HashMap::new();
        for turn in &tables.turns {
            if let (Some(&from), Some(&to)) = (links.get(&turn.facts.from), links.get(&turn.facts.to)) {
                rules.entry((from, to)).or_default().push(&turn.facts.access);
            }
        }
        let mut allowed: Vec<ClassSet> = self
            .kinds
            .iter()
            .map(|kind| match kind {
                ArcKind::Link(row) => tables.links[*row as usize].facts.access.at(day, time),
                ArcKind::Turn { from, to } => rules.get(&(*from, *to)).map_or(ClassSet::ALL, |rules| {
                    rules.iter().fold(ClassSet::ALL, |set, access| set.and(access.at(day, time)))
                }),
                ArcKind::Inside | ArcKind::Connector { .. } => ClassSet::ALL,
                ArcKind::EdgeWalk { .. } => ClassSet::NONE,
            })
            .collect();
        for &arc in &self.left_arcs {
            allowed[arc as usize] = ClassSet::NONE;
        }
        allowed
    }
}

struct Walk {
    zone: u32,
    junction: u32,
    class: VehicleClass,
    time_s: f64,
    leaves: bool,
}

/// Which zones a class reaches only on foot, and where it parks.
struct EdgeAccess {
    departures: Vec<ClassSet>,
    arrivals: Vec<ClassSet>,
    walks: Vec<Walk>,
    /// Classes for which a node begins or ends a link of the connected network.
    open_departures: Vec<ClassSet>,
    open_arrivals: Vec<ClassSet>,
}

impl EdgeAccess {
    fn find(
        layout: &Layout,
        allowed: &[ClassSet],
        tables: &CityTables,
        edge: &EdgeParking,
    ) -> Result<Self, ExtractError> {
        let (open_departures, open_arrivals) = layout.open_nodes(allowed);
        let zone_count = tables.zones.len();
        let all = tables.zones.len() + tables.gates.len();
        let (mut reach_out, mut reach_in) = (vec![ClassSet::NONE; all], vec![ClassSet::NONE; all]);
        for (arc, kind) in layout.kinds.iter().enumerate() {
            if !matches!(kind, ArcKind::Connector { .. }) {
                continue;
            }
            let (tail, head) = (layout.tails[arc] as usize, layout.heads[arc] as usize);
            if tail < all {
                reach_out[tail] = reach_out[tail].or(open_departures[head]);
            } else {
                reach_in[head] = reach_in[head].or(open_arrivals[tail]);
            }
        }
        let mut found = Self {
            departures: vec![ClassSet::NONE; all],
            arrivals: vec![ClassSet::NONE; all],
            walks: Vec::new(),
            open_departures,
            open_arrivals,
        };
        for zone in 0..zone_count {
            for (leaves, reach) in [(true, reach_out[zone]), (false, reach_in[zone])] {
                if reach.and(ClassSet::MOTOR).is_empty() {
                    continue;
                }
                for class in ClassSet::MOTOR.iter().filter(|&class| !reach.contains(class)) {
                    found.connect(layout, tables, edge, (count(zone)?, class, leaves))?;
                }
            }
        }
        Ok(found)
    }

    fn connect(
        &mut self,
        layout: &Layout,
        tables: &CityTables,
        edge: &EdgeParking,
        (zone, class, leaves): (u32, VehicleClass, bool),
    ) -> Result<(), ExtractError> {
        let centroid = tables.zones[zone as usize].facts.centroid;
        let mut near: Vec<(f64, u32)> = Vec::new();
        for (junction, row) in (0_u32..).zip(&tables.junctions) {
            let beeline_m = distance_m(centroid, row.facts.position);
            let begins = layout.junction_nodes[junction as usize];
            let node = if leaves { begins } else { layout.arrival_nodes[junction as usize].unwrap_or(begins) };
            if beeline_m <= edge.beeline_max_m && self.is_open(class, node, leaves) {
                near.push((beeline_m, junction));
            }
        }
        near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        near.truncate(edge.junctions);
        if near.is_empty() {
            return Ok(());
        }
        let set = if leaves { &mut self.departures } else { &mut self.arrivals };
        set[zone as usize] = set[zone as usize].with(class);
        self.walks.extend(near.into_iter().map(|(beeline_m, junction)| {
            let time_s = beeline_m * edge.detour / edge.walking_speed_mps;
            Walk { zone, junction, class, time_s, leaves }
        }));
        Ok(())
    }

    fn is_open(&self, class: VehicleClass, node: u32, leaves: bool) -> bool {
        let open = if leaves { &self.open_departures } else { &self.open_arrivals };
        open[node as usize].contains(class)
    }
}

impl Layout {
    /// For each node the motor classes for which a link of their largest strongly connected network begins, and ends, there.
    fn open_nodes(&self, allowed: &[ClassSet]) -> (Vec<ClassSet>, Vec<ClassSet>) {
        let nodes = self.node_count as usize;
        let (mut departures, mut arrivals) = (vec![ClassSet::NONE; nodes], vec![ClassSet::NONE; nodes]);
        let mut known: Vec<(VehicleClass, Vec<bool>)> = Vec::new();
        for class in ClassSet::MOTOR.iter() {
            let same =
                known.iter().find(|(other, _)| allowed.iter().all(|set| set.contains(*other) == set.contains(class)));
            let inside = match same {
                Some((_, inside)) => inside.clone(),
                None => self.largest_component(allowed, class),
            };
            for (row, &arc) in self.link_arcs.iter().enumerate() {
                let arc = arc as usize;
                let (tail, head) = (self.tails[arc] as usize, self.heads[arc] as usize);
                if !(allowed[arc].contains(class) && inside[tail] && inside[head]) {
                    continue;
                }
                let (from, to) = self.link_ends[row];
                let begins = self.junction_nodes[from as usize];
                let ends = self.arrival_nodes[to as usize].unwrap_or(self.junction_nodes[to as usize]);
                departures[begins as usize] = departures[begins as usize].with(class);
                arrivals[ends as usize] = arrivals[ends as usize].with(class);
            }
            known.push((class, inside));
        }
        (departures, arrivals)
    }

    /// Whether each node is in the largest strongly connected part of the links and movements that a class may use.
    fn largest_component(&self, allowed: &[ClassSet], class: VehicleClass) -> Vec<bool> {
        let nodes = self.node_count as usize;
        let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(nodes, self.kinds.len());
        for _ in 0..nodes {
            graph.add_node(());
        }
        for (arc, kind) in self.kinds.iter().enumerate() {
            if matches!(kind, ArcKind::Link(_) | ArcKind::Turn { .. }) && allowed[arc].contains(class) {
                graph.add_edge(self.tails[arc].into(), self.heads[arc].into(), ());
            }
        }
        let mut inside = vec![false; nodes];
        let largest = petgraph::algo::kosaraju_scc(&graph)
            .into_iter()
            .filter(|part| part.len() > 1)
            .max_by_key(|part| (part.len(), std::cmp::Reverse(part.iter().min().copied())));
        for node in largest.into_iter().flatten() {
            inside[node.index()] = true;
        }
        inside
    }
}

fn keys<T>(rows: &[crate::city::Record<T>]) -> Vec<Key> {
    rows.iter().map(|row| row.key.clone()).collect()
}

fn index_of(keys: &[Key]) -> HashMap<Key, u32> {
    keys.iter().cloned().zip(0..).collect()
}

fn distance_m(a: Coord<f64>, b: Coord<f64>) -> f64 {
    libm::hypot(a.x - b.x, a.y - b.y)
}

fn count(number: usize) -> Result<u32, ExtractError> {
    Ok(u32::try_from(number).map_err(|_| GraphError::TooManyArcs(number))?)
}

#[cfg(test)]
mod tests {
    use geo::{LineString, MultiPolygon};

    use super::*;
    use crate::city::fixtures::{key, no_tables, record};
    use crate::city::{Connector, Junction, Link, Record, RoadClass, Structure, Turn, Zone};

    const EDGE: EdgeParking = EdgeParking { walking_speed_mps: 1.25, detour: 1.3, beeline_max_m: 1500.0, junctions: 2 };

    fn junction(name: &str, x: f64, y: f64) -> Record<Junction> {
        record(name, Junction { position: Coord { x, y } })
    }

    fn zone(name: &str, x: f64, y: f64) -> Record<Zone> {
        let area = MultiPolygon::new(Vec::new());
        let facts = Zone {
            name: name.into(),
            quarter: None,
            centroid: Coord { x, y },
            area,
            residents: 1.0,
            jobs: 1.0,
            school_places: 0.0,
            services: 0.0,
            leisure: 0.0,
        };
        record(name, facts)
    }

    fn link(from: &str, to: &str) -> Record<Link> {
        let facts = Link {
            from: key(from),
            to: key(to),
            name: None,
            class: RoadClass::Residential,
            lanes: 1,
            free_speed_mps: 10.0,
            capacity_pcuph: 800.0,
            length_m: 100.0,
            toll_eur: 0.0,
            structure: Structure::Ground,
            access: Access::always(ClassSet::ALL),
            geometry: LineString::from(vec![(0.0, 0.0), (1.0, 0.0)]),
        };
        record(&format!("{from}-{to}"), facts)
    }

    fn connector(zone: &str, junction: &str) -> Record<Connector> {
        record(&format!("{zone}>{junction}"), Connector { zone: key(zone), junction: key(junction), time_s: 5.0 })
    }

    /// West – middle – east in a row, two-way, with a side street at the middle; a zone at the west, one at the side.
    fn row_of_streets() -> CityTables {
        let mut tables = no_tables();
        tables.junctions = vec![
            junction("w", 0.0, 0.0),
            junction("m", 100.0, 0.0),
            junction("e", 200.0, 0.0),
            junction("s", 100.0, -100.0),
        ];
        tables.links =
            [("w", "m"), ("m", "w"), ("m", "e"), ("e", "m"), ("m", "s"), ("s", "m")].map(|(a, b)| link(a, b)).to_vec();
        tables.zones = vec![zone("west", 0.0, 10.0), zone("side", 100.0, -110.0)];
        tables.connectors = vec![connector("west", "w"), connector("side", "s")];
        tables
    }

    fn network(tables: &CityTables) -> CityNetwork {
        CityNetwork::extract(tables, DayType::Weekday, ClockTime::MIDNIGHT, &EDGE).expect("a network")
    }

    /// Whether a class gets from one zone to another.
    fn reaches(network: &CityNetwork, class: VehicleClass, from: &str, to: &str) -> bool {
        let (from, to) = (network.zone(&key(from)).expect("zone"), network.zone(&key(to)).expect("zone"));
        let mut seen = vec![false; network.graph.node_count() as usize];
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            for &arc in network.graph.leaving().of(node) {
                let head = network.graph.heads()[arc as usize];
                if network.allowed[arc as usize].contains(class) && !seen[head as usize] {
                    seen[head as usize] = true;
                    if head >= network.graph.first_through_node() {
                        open.push(head);
                    }
                }
            }
        }
        seen[to as usize]
    }

    #[test]
    fn zones_are_the_first_nodes_and_links_keep_their_order() {
        let network = network(&row_of_streets());
        assert_eq!(network.zones, [key("west"), key("side")]);
        assert_eq!(network.link_arcs, [0, 1, 2, 3, 4, 5]);
        assert!(reaches(&network, VehicleClass::OtherCar, "west", "side"));
    }

    #[test]
    fn a_banned_turn_cannot_be_dodged_by_turning_around_at_the_next_junction() {
        let mut tables = row_of_streets();
        // Beyond the east junction the road goes on, so that turning there would be no dead end.
        tables.junctions.push(junction("ee", 300.0, 0.0));
        tables.links.extend([link("e", "ee"), link("ee", "e")]);
        let ban = Turn { from: key("w-m"), to: key("m-s"), access: Access::always(ClassSet::NONE) };
        tables.turns = vec![record("ban", ban)];
        let banned = network(&tables);
        let at_east: Vec<&ArcKind> =
            banned.kinds.iter().filter(|kind| matches!(kind, ArcKind::Turn { from: 2, .. })).collect();
        assert_eq!(at_east, [&ArcKind::Turn { from: 2, to: 6 }], "from m-e only onwards to e-ee");
        assert!(reaches(&banned, VehicleClass::OtherCar, "side", "west"));
        // The dead end at ee is not a neighbour of the ban and keeps its U-turn.
        assert!(reaches(&banned, VehicleClass::OtherCar, "west", "side"));
    }

    #[test]
    fn a_banned_turn_cannot_be_dodged_inside_a_wide_crossing_two_junctions_further() {
        let mut tables = row_of_streets();
        // Two links on, the carriageways of a crossing lie 20 m apart, and its roads go on.
        let line = [("ee", 300.0), ("ef", 320.0), ("eg", 420.0), ("eh", 520.0)];
        tables.junctions.extend(line.map(|(name, x_m)| junction(name, x_m, 0.0)));
        for (from, to, length_m) in [("e", "ee", 100.0), ("ee", "ef", 20.0), ("ef", "eg", 100.0), ("eg", "eh", 100.0)] {
            for mut link in [link(from, to), link(to, from)] {
                link.facts.length_m = length_m;
                tables.links.push(link);
            }
        }
        let ban = Turn { from: key("w-m"), to: key("m-s"), access: Access::always(ClassSet::NONE) };
        tables.turns = vec![record("ban", ban)];
        let banned = network(&tables);
        let leaves = |row: u32| {
            let arcs =
                banned.kinds.iter().filter(move |kind| matches!(kind, ArcKind::Turn { from, .. } if *from == row));
            arcs.copied().collect::<Vec<ArcKind>>()
        };
        assert_eq!(leaves(8), [ArcKind::Turn { from: 8, to: 10 }], "from ee-ef only onwards to ef-eg");
        assert_eq!(leaves(10), [], "a whole link further nothing is expanded");
    }

    #[test]
    fn a_scenario_extends_its_base() {
        let base_tables = row_of_streets();
        let base = network(&base_tables);
        let mut tables = base_tables.clone();
        tables.links[0].facts.access = Access::always(ClassSet::NONE);
        tables.links.push(link("w", "s"));
        let scenario = base.extended(&tables, DayType::Weekday, ClockTime::MIDNIGHT, &EDGE).expect("extends");
        let arcs = base.kinds.len();
        assert_eq!(scenario.kinds[..arcs], base.kinds[..]);
        assert_eq!(scenario.graph.tails()[..arcs], *base.graph.tails());
        assert!(scenario.allowed[0].is_empty() && scenario.kinds[arcs] == ArcKind::Link(6));
        assert!(reaches(&scenario, VehicleClass::OtherCar, "west", "side"));
        tables.links.swap(0, 1);
        let error = base.extended(&tables, DayType::Weekday, ClockTime::MIDNIGHT, &EDGE).expect_err("moved");
        assert_eq!(error, ExtractError::NotExtended { table: "links", key: key("w-m") });
    }

    #[test]
    fn a_link_that_ends_elsewhere_leaves_its_arc_closed_in_its_place() {
        let mut base_tables = row_of_streets();
        // A rule at the middle, so that links there begin and end in nodes of their own.
        let ban = Turn { from: key("w-m"), to: key("m-e"), access: Access::always(ClassSet::NONE) };
        base_tables.turns = vec![record("ban", ban)];
        let base = network(&base_tables);
        let mut tables = base_tables.clone();
        tables.junctions.push(junction("n", 100.0, -10.0));
        (tables.links[4].facts.from, tables.links[5].facts.to) = (key("n"), key("n"));
        let moved = base.extended(&tables, DayType::Weekday, ClockTime::MIDNIGHT, &EDGE).expect("extends");
        let arcs = base.kinds.len();
        assert_eq!(moved.graph.tails()[..arcs], *base.graph.tails());
        assert_eq!(moved.graph.heads()[..arcs], *base.graph.heads());
        assert!(moved.allowed[base.link_arcs[4] as usize].is_empty(), "nobody drives where the link was");
        assert!(moved.link_arcs[4] as usize >= arcs && moved.link_arcs[..4] == base.link_arcs[..4]);
        assert!(!reaches(&moved, VehicleClass::OtherCar, "west", "side"), "nothing leads to its new beginning yet");
        tables.links.extend([link("m", "n"), link("n", "m")]);
        let joined = base.extended(&tables, DayType::Weekday, ClockTime::MIDNIGHT, &EDGE).expect("extends");
        assert!(reaches(&joined, VehicleClass::OtherCar, "west", "side"));
        assert!(reaches(&joined, VehicleClass::OtherCar, "side", "west"));
    }

    #[test]
    fn who_may_not_enter_parks_at_the_edge_and_walks() {
        let base_tables = row_of_streets();
        let base = network(&base_tables);
        let mut tables = base_tables.clone();
        for link in &mut tables.links[4..] {
            link.facts.access = Access::always(ClassSet::ALL.without(VehicleClass::OtherCar));
        }
        let scenario = base.extended(&tables, DayType::Weekday, ClockTime::MIDNIGHT, &EDGE).expect("extends");
        let other = ClassSet::of(&[VehicleClass::OtherCar]);
        assert_eq!(scenario.edge_departures, [ClassSet::NONE, other]);
        assert_eq!(scenario.edge_arrivals, [ClassSet::NONE, other]);
        assert!(reaches(&scenario, VehicleClass::OtherCar, "west", "side"));
        let walk_s = scenario.kinds.iter().find_map(|kind| match kind {
            ArcKind::EdgeWalk { time_s, .. } => Some(*time_s),
            _ => None,
        });
        assert!((walk_s.expect("a walk") - 110.0 * 1.3 / 1.25).abs() < 1e-9);
    }

    #[test]
    fn a_zone_closed_to_everybody_is_cut_off() {
        let base_tables = row_of_streets();
        let base = network(&base_tables);
        let mut tables = base_tables.clone();
        for link in &mut tables.links[4..] {
            link.facts.access = Access::always(ClassSet::NONE);
        }
        let scenario = base.extended(&tables, DayType::Weekday, ClockTime::MIDNIGHT, &EDGE).expect("extends");
        assert_eq!(scenario.edge_arrivals, [ClassSet::NONE; 2]);
        assert!(!reaches(&scenario, VehicleClass::OtherCar, "west", "side"));
    }
}

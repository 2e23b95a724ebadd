//! What is in a city: how much of what, from where, what is missing or broken, and how well its streets hang together.

use std::collections::{BTreeMap, HashMap};

use engine::city::{CityTables, Link};
use engine::provenance::{Origin, Source};
use engine::vehicles::{ClassSet, VehicleClass};
use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use serde::Serialize;

/// What is in a city.
#[derive(Debug, Serialize)]
pub struct Overview {
    /// Its name.
    pub name: String,
    /// EPSG code of its reference system.
    pub epsg: u32,
    /// Its time zone.
    pub time_zone: String,
    /// Residents, where known.
    pub residents: Option<f64>,
    /// Rows of each table, in the order of the tables.
    pub rows: Vec<(&'static str, usize)>,
    /// Length of the links, each direction for itself, in kilometres, by origin.
    pub link_km: BTreeMap<&'static str, f64>,
    /// The same of the links that cars may use.
    pub drivable_km: BTreeMap<&'static str, f64>,
    /// The same of all links by class of road.
    pub link_km_by_class: BTreeMap<&'static str, f64>,
    /// Rows of all tables by origin.
    pub rows_by_origin: BTreeMap<&'static str, usize>,
    /// How the streets for cars hang together.
    pub connectivity: Connectivity,
    /// Where the data are from, under which licences.
    pub sources: Vec<Source>,
    /// What a city should have and this one does not, in words.
    pub missing: Vec<String>,
    /// What is wrong between its rows, in words.
    pub broken: Vec<String>,
}

/// How the links that cars may use hang together.
#[derive(Debug, Serialize)]
pub struct Connectivity {
    /// Parts within which every junction is reached from every other.
    pub strong_parts: usize,
    /// Share of the drivable length that lies in the largest of them, 0 to 1; 0 where there is none.
    pub largest_share: f64,
    /// Links for cars that end where no other begins.
    pub dead_ends: usize,
}

impl Overview {
    /// Looks through a city.
    #[must_use]
    pub fn of(tables: &CityTables) -> Self {
        let about = &tables.about;
        let mut rows = Vec::new();
        let mut rows_by_origin = BTreeMap::new();
        macro_rules! count {
            ($($table:ident),*) => {$(
                rows.push((stringify!($table), tables.$table.len()));
                for row in &tables.$table {
                    *rows_by_origin.entry(row.provenance.origin.name()).or_insert(0) += 1;
                }
            )*};
        }
        count!(
            junctions,
            links,
            turns,
            quarters,
            zones,
            connectors,
            gates,
            observations,
            addresses,
            buildings,
            trees,
            waters,
            railways,
            heritage_sites,
            places
        );
        let zero = || Origin::ALL.iter().map(|origin| (origin.name(), 0.0)).collect::<BTreeMap<_, _>>();
        let (mut link_km, mut drivable_km, mut by_class) = (zero(), zero(), BTreeMap::new());
        for row in &tables.links {
            let km = row.facts.length_m / 1000.0;
            *link_km.entry(row.provenance.origin.name()).or_insert(0.0) += km;
            *by_class.entry(row.facts.class.name()).or_insert(0.0) += km;
            if is_drivable(&row.facts) {
                *drivable_km.entry(row.provenance.origin.name()).or_insert(0.0) += km;
            }
        }
        Self {
            name: about.name.clone(),
            epsg: about.epsg,
            time_zone: about.time_zone.clone(),
            residents: about.population.as_ref().map(|population| population.residents),
            rows,
            link_km,
            drivable_km,
            link_km_by_class: by_class,
            rows_by_origin,
            connectivity: connectivity(tables),
            sources: tables.sources.clone(),
            missing: lacks(tables).iter().map(|lack| format!("no {}: {}", lack.what, lack.consequence)).collect(),
            broken: tables.faults().iter().map(ToString::to_string).collect(),
        }
    }
}

/// Whether cars may use the link at some hour.
fn is_drivable(link: &Link) -> bool {
    !link.access.classes.and(ClassSet::of(&[VehicleClass::OtherCar])).is_empty()
}

fn connectivity(tables: &CityTables) -> Connectivity {
    let mut graph: DiGraph<(), f64> = DiGraph::new();
    let nodes: HashMap<_, _> = tables.junctions.iter().map(|row| (&row.key, graph.add_node(()))).collect();
    for row in tables.links.iter().filter(|row| is_drivable(&row.facts)) {
        if let (Some(&from), Some(&to)) = (nodes.get(&row.facts.from), nodes.get(&row.facts.to)) {
            graph.add_edge(from, to, row.facts.length_m);
        }
    }
    let parts = tarjan_scc(&graph);
    let mut part_of = vec![0_usize; graph.node_count()];
    for (part, nodes) in parts.iter().enumerate() {
        for node in nodes {
            part_of[node.index()] = part;
        }
    }
    let mut length_of = vec![0.0; parts.len()];
    let mut all = 0.0;
    for edge in graph.edge_indices() {
        let (from, to) = graph.edge_endpoints(edge).expect("an edge of the graph");
        all += graph[edge];
        if part_of[from.index()] == part_of[to.index()] {
            length_of[part_of[from.index()]] += graph[edge];
        }
    }
    let largest = length_of.iter().copied().fold(0.0, f64::max);
    let leaves = |node| graph.edges(node).next().is_some();
    let dead_ends = graph.edge_indices().filter(|&edge| graph.edge_endpoints(edge).is_some_and(|(_, to)| !leaves(to)));
    Connectivity {
        strong_parts: length_of.iter().filter(|&&length_m| length_m > 0.0).count(),
        largest_share: if all > 0.0 { largest / all } else { 0.0 },
        dead_ends: dead_ends.count(),
    }
}

/// Something that a city should have and one does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lack {
    /// What.
    pub what: &'static str,
    /// Where in the folder it would be.
    pub place: &'static str,
    /// What comes of it.
    pub consequence: &'static str,
    /// Whether the city can be simulated nonetheless.
    pub is_bearable: bool,
}

/// What a city should have and this one does not.
#[must_use]
pub fn lacks(tables: &CityTables) -> Vec<Lack> {
    let about = &tables.about;
    let needed =
        |is_missing, what, place, consequence| (is_missing, Lack { what, place, consequence, is_bearable: false });
    let wanted =
        |is_missing, what, place, consequence| (is_missing, Lack { what, place, consequence, is_bearable: true });
    [
        needed(tables.links.is_empty(), "links", "links.parquet", "nothing can move in it"),
        needed(tables.zones.is_empty(), "zones", "zones.parquet", "no demand can be computed, so no scenario runs"),
        needed(tables.connectors.is_empty(), "connectors", "connectors.parquet", "no zone reaches its streets"),
        needed(
            about.population.is_none(),
            "residents by age",
            "by_age under [population] in city.toml",
            "who travels is not known",
        ),
        needed(
            about.survey.is_none(),
            "travel survey",
            "[survey] in city.toml",
            "mode shares and durations are not known",
        ),
        wanted(tables.gates.is_empty(), "gates", "gates.parquet", "traffic from outside cannot enter"),
        wanted(tables.turns.is_empty(), "turns with rules of their own", "turns.parquet", "every movement is allowed"),
        wanted(
            tables.observations.is_empty(),
            "observed flows",
            "observations.parquet",
            "results cannot be held against anything",
        ),
        wanted(tables.addresses.is_empty(), "addresses", "addresses.parquet", "where people live is not known"),
        wanted(tables.buildings.is_empty(), "buildings", "buildings.parquet", "none can be shown"),
    ]
    .into_iter()
    .filter_map(|(is_missing, lack)| is_missing.then_some(lack))
    .collect()
}

//! What is measured of a city to tell whether cars can be simulated on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use engine::city::{CityTables, Link, Record, Structure};
use engine::key::Key;
use engine::provenance::Origin;
use engine::vehicles::ClassSet;
use geo::{Coord, Distance, Euclidean, Geometry, Intersects, LineString, MultiPolygon, Validation};
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, PointDistance, RTree};

/// Width of a lane, in metres, as buildings keep clear of it.
pub const LANE_WIDTH_M: f64 = 3.5;

/// What was measured of a city.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quality {
    /// Directed length that cars may use, in kilometres, by origin (`real`, `derived`, `synthetic`).
    pub drivable_km: BTreeMap<&'static str, f64>,
    /// Share of the drivable length within the largest part in which cars go from everywhere to everywhere.
    pub strong_share: f64,
    /// Zones and gates from which, or to which, cars do not go.
    pub cut_off: Vec<Key>,
    /// Share of addresses within 150 m of a drivable link that is no motorway.
    pub addresses_within_150_m: f64,
    /// Largest distance of an address from such a link, in metres.
    pub address_distance_max_m: f64,
    /// The shortest link, in metres.
    pub link_length_min_m: f64,
    /// Links without capacity.
    pub links_without_capacity: usize,
    /// Pairs of buildings that share ground.
    pub building_overlaps: usize,
    /// Buildings that stand on a carriageway (lanes of both directions × 3.5 m).
    pub buildings_on_carriageway: usize,
    /// Zones, quarters, buildings and waters whose polygons are not simple: they cross or touch themselves, or are no area.
    pub broken_polygons: Vec<Key>,
    /// Floor area of buildings for each of their residents, in square metres: the least and the most.
    pub floor_area_m2_per_resident: (f64, f64),
}

/// Measures a city.
#[must_use]
pub fn measure(tables: &CityTables) -> Quality {
    let drivable: Vec<&Record<Link>> =
        tables.links.iter().filter(|row| !row.facts.access.classes.and(ClassSet::CARS).is_empty()).collect();
    let mut quality = Quality {
        link_length_min_m: tables.links.iter().map(|row| row.facts.length_m).fold(f64::INFINITY, f64::min),
        links_without_capacity: tables.links.iter().filter(|row| row.facts.capacity_pcuph <= 0.0).count(),
        ..Quality::default()
    };
    for origin in Origin::ALL {
        let km = drivable.iter().filter(|row| row.provenance.origin == origin).map(|row| row.facts.length_m / 1000.0);
        quality.drivable_km.insert(origin.name(), km.sum());
    }
    connectivity(tables, &drivable, &mut quality);
    address_distances(tables, &drivable, &mut quality);
    buildings(tables, &mut quality);
    quality.broken_polygons = broken_polygons(tables);
    quality
}

fn broken_polygons(tables: &CityTables) -> Vec<Key> {
    fn whole(area: &MultiPolygon<f64>) -> bool {
        !area.0.is_empty() && area.is_valid()
    }
    let zones = tables.zones.iter().filter(|row| !whole(&row.facts.area)).map(|row| &row.key);
    let quarters = tables.quarters.iter().filter(|row| !whole(&row.facts.area)).map(|row| &row.key);
    let buildings = tables.buildings.iter().filter(|row| !whole(&row.facts.footprint)).map(|row| &row.key);
    let is_whole = |geometry: &Geometry<f64>| geometry.is_valid();
    let waters = tables.waters.iter().filter(|row| !is_whole(&row.facts.geometry)).map(|row| &row.key);
    zones.chain(quarters).chain(buildings).chain(waters).cloned().collect()
}

fn connectivity(tables: &CityTables, drivable: &[&Record<Link>], quality: &mut Quality) {
    let index: BTreeMap<&Key, usize> = tables.junctions.iter().enumerate().map(|(i, row)| (&row.key, i)).collect();
    let mut graph = DiGraph::<(), ()>::new();
    let nodes: Vec<NodeIndex> = tables.junctions.iter().map(|_| graph.add_node(())).collect();
    for row in drivable {
        if let (Some(&from), Some(&to)) = (index.get(&row.facts.from), index.get(&row.facts.to)) {
            graph.add_edge(nodes[from], nodes[to], ());
        }
    }
    let main = tarjan_scc(&graph).into_iter().max_by_key(Vec::len).unwrap_or_default();
    let main: BTreeSet<usize> = main.into_iter().map(NodeIndex::index).collect();
    let in_main = |key: &Key| index.get(key).is_some_and(|junction| main.contains(junction));
    let length = |row: &&&Record<Link>| row.facts.length_m;
    let within = drivable.iter().filter(|row| in_main(&row.facts.from) && in_main(&row.facts.to));
    let total: f64 = drivable.iter().map(|row| length(&row)).sum();
    quality.strong_share = within.map(|row| length(&row)).sum::<f64>() / total;
    let connected: BTreeSet<&Key> =
        tables.connectors.iter().filter(|row| in_main(&row.facts.junction)).map(|row| &row.facts.zone).collect();
    let zones = tables.zones.iter().filter(|row| !connected.contains(&row.key)).map(|row| row.key.clone());
    let gates = tables.gates.iter().filter(|row| !in_main(&row.facts.junction)).map(|row| row.key.clone());
    quality.cut_off = zones.chain(gates).collect();
}

fn address_distances(tables: &CityTables, drivable: &[&Record<Link>], quality: &mut Quality) {
    use engine::city::RoadClass::{Motorway, MotorwayRamp};
    let streets = drivable.iter().filter(|row| !matches!(row.facts.class, Motorway | MotorwayRamp));
    let pieces = streets.flat_map(|row| row.facts.geometry.lines());
    let tree = RTree::bulk_load(pieces.map(|p| Line::new([p.start.x, p.start.y], [p.end.x, p.end.y])).collect());
    let mut near = 0_u32;
    for row in &tables.addresses {
        let at = [row.facts.position.x, row.facts.position.y];
        let distance = tree.nearest_neighbor(&at).map_or(f64::INFINITY, |line| line.distance_2(&at).sqrt());
        near += u32::from(distance <= 150.0);
        quality.address_distance_max_m = quality.address_distance_max_m.max(distance);
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of addresses")]
    let addresses = tables.addresses.len() as f64;
    quality.addresses_within_150_m = f64::from(near) / addresses;
}

fn buildings(tables: &CityTables, quality: &mut Quality) {
    let boxes = tables.buildings.iter().enumerate().filter_map(|(index, row)| {
        use geo::BoundingRect;
        let rect = row.facts.footprint.bounding_rect()?;
        let corners = ([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
        Some(GeomWithData::new(rstar::primitives::Rectangle::from_corners(corners.0, corners.1), index))
    });
    let tree = RTree::bulk_load(boxes.collect());
    let footprint = |index: usize| &tables.buildings[index].facts.footprint;
    for (one, other) in tree.intersection_candidates_with_other_tree(&tree) {
        if one.data < other.data && footprint(one.data).intersects(footprint(other.data)) {
            quality.building_overlaps += 1;
        }
    }
    let mut on_carriageway: BTreeSet<usize> = BTreeSet::new();
    for (line, lanes, _) in carriageways(&tables.links) {
        let half = f64::from(lanes) * LANE_WIDTH_M / 2.0;
        for piece in line.lines() {
            let around = AABB::from_corners(
                [piece.start.x.min(piece.end.x) - half, piece.start.y.min(piece.end.y) - half],
                [piece.start.x.max(piece.end.x) + half, piece.start.y.max(piece.end.y) + half],
            );
            for near in tree.locate_in_envelope_intersecting(&around) {
                let piece = LineString::from(vec![piece.start, piece.end]);
                let distance = footprint(near.data).iter().map(|part| Euclidean.distance(part, &piece));
                if distance.fold(f64::INFINITY, f64::min) < half {
                    on_carriageway.insert(near.data);
                }
            }
        }
    }
    quality.buildings_on_carriageway = on_carriageway.len();
    let mut range = (f64::INFINITY, 0.0_f64);
    for row in tables.buildings.iter().filter(|row| row.facts.residents > 0.0) {
        let each = row.facts.floor_area_m2.unwrap_or(0.0) / row.facts.residents;
        range = (range.0.min(each), range.1.max(each));
    }
    quality.floor_area_m2_per_resident = range;
}

/// A carriageway: its axis, the lanes of both directions, the street's name.
type Carriageway<'a> = (&'a LineString<f64>, u32, Option<&'a str>);

/// The carriageways above ground: the lines of links, each once, whatever their order.
pub(super) fn carriageways(links: &[Record<Link>]) -> Vec<Carriageway<'_>> {
    let mut lines: BTreeMap<Vec<(u64, u64)>, Carriageway<'_>> = BTreeMap::new();
    for row in links.iter().filter(|row| row.facts.structure != Structure::Tunnel) {
        let bits = |point: &Coord<f64>| (point.x.to_bits(), point.y.to_bits());
        let there: Vec<(u64, u64)> = row.facts.geometry.coords().map(bits).collect();
        let back: Vec<(u64, u64)> = there.iter().rev().copied().collect();
        let entry = lines.entry(there.min(back)).or_insert((&row.facts.geometry, 0, row.facts.name.as_deref()));
        entry.1 += u32::from(row.facts.lanes);
    }
    lines.into_values().collect()
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (origin, km) in &self.drivable_km {
            writeln!(f, "drivable, {origin}: {km:.1} km (each direction counted)")?;
        }
        writeln!(f, "strongly connected: {:.2} % of the drivable length", 100.0 * self.strong_share)?;
        writeln!(f, "zones and gates cut off: {}", self.cut_off.len())?;
        for key in self.cut_off.iter().take(20) {
            writeln!(f, "  {key}")?;
        }
        writeln!(f, "addresses within 150 m of a street: {:.2} %", 100.0 * self.addresses_within_150_m)?;
        writeln!(f, "farthest address from a street: {:.0} m", self.address_distance_max_m)?;
        writeln!(f, "shortest link: {:.2} m", self.link_length_min_m)?;
        writeln!(f, "links without capacity: {}", self.links_without_capacity)?;
        writeln!(f, "buildings that overlap: {}", self.building_overlaps)?;
        writeln!(f, "buildings on a carriageway: {}", self.buildings_on_carriageway)?;
        writeln!(f, "polygons that are not simple: {}", self.broken_polygons.len())?;
        let (low, high) = self.floor_area_m2_per_resident;
        writeln!(f, "floor area: {low:.1} to {high:.1} m² a resident")
    }
}

//! What must hold of the streets of Alessandria, checked on the rows that the recipe gives.

use std::collections::{BTreeMap, HashMap};

use engine::city::{Link, Record, RoadClass, Structure, Turn};
use engine::key::Key;
use engine::vehicles::VehicleClass;
use geo::{Coord, Geometry};
use petgraph::algo::{dijkstra, tarjan_scc};
use petgraph::graph::{DiGraph, NodeIndex};
use rstar::RTree;
use rstar::primitives::{GeomWithData, Line};

use super::polyline::{distance_m, lines_cross};
use super::{Streets, build, classes, sources};
use crate::shared_data::shared_data;

type Roads = DiGraph<Key, f64>;

/// The built streets, or nothing where the open data are not there.
fn streets() -> Option<Streets> {
    let folder = shared_data("data/alessandria")?;
    Some(build(&folder).expect("the recipe works on the open data"))
}

fn drivable(streets: &Streets) -> impl Iterator<Item = &Record<Link>> {
    streets.links.iter().filter(|link| classes::is_drivable(link.facts.class))
}

fn graph(streets: &Streets) -> (Roads, HashMap<Key, NodeIndex>) {
    let mut graph = Roads::new();
    let mut nodes = HashMap::new();
    for junction in &streets.junctions {
        nodes.insert(junction.key.clone(), graph.add_node(junction.key.clone()));
    }
    for link in drivable(streets) {
        graph.add_edge(nodes[&link.facts.from], nodes[&link.facts.to], link.facts.length_m);
    }
    (graph, nodes)
}

/// One build for all that is asked of it, because it takes seconds.
#[test]
fn the_streets_of_alessandria_make_a_network() {
    let Some(streets) = streets() else { return };
    one_strong_part_holds_nearly_all_length(&streets);
    every_link_is_long_enough_and_carries_something(&streets);
    every_address_is_near_a_street(&streets);
    every_gate_reaches_every_gate(&streets);
    nobody_turns_around_on_motorways_and_at_junctions(&streets);
    every_link_reaches_every_link_by_turns_that_are_made(&streets);
    water_and_railways_are_crossed_on_bridges_and_below_alone(&streets);
    the_ring_of_the_spalti_is_driven_all_around(&streets);
    no_join_is_longer_than_200_m(&streets);
    the_meier_bridge_has_two_lanes_in_and_one_out(&streets);
    city_and_spinetta_hang_together_by_the_bormida_bridge(&streets);
    the_rules_err_no_more_often_than_told(&streets);
}

fn one_strong_part_holds_nearly_all_length(streets: &Streets) {
    let (graph, _) = graph(streets);
    let total: f64 = graph.edge_weights().sum();
    let parts = tarjan_scc(&graph);
    let largest = parts.iter().max_by_key(|part| part.len()).expect("a part");
    let inside: std::collections::BTreeSet<NodeIndex> = largest.iter().copied().collect();
    let held: f64 = graph
        .edge_indices()
        .filter(|&edge| graph.edge_endpoints(edge).is_some_and(|(a, b)| inside.contains(&a) && inside.contains(&b)))
        .map(|edge| graph[edge])
        .sum();
    assert!(held >= 0.97 * total, "{held} of {total} m");
}

fn every_link_is_long_enough_and_carries_something(streets: &Streets) {
    for link in &streets.links {
        assert!(link.facts.length_m >= 5.0, "{} is {} m long", link.key, link.facts.length_m);
        assert!(link.facts.capacity_pcuph > 0.0 && link.facts.lanes > 0, "{}", link.key);
    }
    let mut keys: Vec<&Key> = streets.links.iter().map(|link| &link.key).collect();
    keys.sort_unstable();
    assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "a key is used twice");
}

fn every_address_is_near_a_street(streets: &Streets) {
    let local = |class| !matches!(class, RoadClass::Motorway | RoadClass::MotorwayRamp);
    let mut segments = Vec::new();
    for link in drivable(streets).filter(|link| local(link.facts.class)) {
        for ends in link.facts.geometry.0.windows(2) {
            segments.push(GeomWithData::new(Line::new([ends[0].x, ends[0].y], [ends[1].x, ends[1].y]), ()));
        }
    }
    let tree = RTree::bulk_load(segments);
    let folder = shared_data("data/alessandria").expect("it was there");
    let numbers = sources::house_numbers(&folder).expect("readable");
    let within = |metres: f64| {
        let near =
            |place: Coord<f64>| tree.locate_within_distance([place.x, place.y], metres * metres).next().is_some();
        numbers.iter().filter(|number| near(number.position)).count()
    };
    assert!(within(150.0) as f64 >= 0.95 * numbers.len() as f64);
    assert_eq!(within(300.0), numbers.len());
}

fn every_gate_reaches_every_gate(streets: &Streets) {
    assert!(streets.gates.len() >= 12);
    let (graph, nodes) = graph(streets);
    for from in &streets.gates {
        let ways = dijkstra(&graph, nodes[&from.facts.junction], None, |edge| *edge.weight());
        for to in &streets.gates {
            assert!(ways.contains_key(&nodes[&to.facts.junction]), "{} does not reach {}", from.key, to.key);
        }
    }
    let mut junctions: Vec<&Key> = streets.gates.iter().map(|gate| &gate.facts.junction).collect();
    junctions.sort_unstable();
    assert!(junctions.windows(2).all(|pair| pair[0] != pair[1]), "two gates stand at one junction");
}

fn nobody_turns_around_on_motorways_and_at_junctions(streets: &Streets) {
    let link = |key: &Key| &streets.links.iter().find(|link| link.key == *key).expect("a link").facts;
    let mut motorways = Vec::new();
    for turn in &streets.turns {
        let (from, to) = (link(&turn.facts.from), link(&turn.facts.to));
        assert!(from.to == to.from && turn.facts.access.classes.is_empty(), "{}", turn.key);
        match streets.gates.iter().find(|gate| gate.facts.junction == from.to) {
            Some(gate) => motorways.push(gate.key.as_str()),
            None => assert_eq!(from.name, to.name, "{}", turn.key),
        }
    }
    motorways.sort_unstable();
    assert_eq!(motorways, ["gate:a21-east", "gate:a21-west", "gate:a26-north", "gate:a26-south"]);
    let lamarmora = |turn: &Record<Turn>| link(&turn.facts.from).name.as_deref() == Some("Corso Alfonso Lamarmora");
    assert!(streets.turns.iter().any(lamarmora), "its carriageways are 7 m apart");
}

/// The turns that nobody makes cut nothing off: from link to link, each reaches each, but for motorways, which begin and end at
/// gates, and their ramps.
fn every_link_reaches_every_link_by_turns_that_are_made(streets: &Streets) {
    let links: Vec<&Record<Link>> = drivable(streets).collect();
    let mut leaving: HashMap<&Key, Vec<usize>> = HashMap::new();
    for (row, link) in links.iter().enumerate() {
        leaving.entry(&link.facts.from).or_default().push(row);
    }
    let banned: Vec<(&Key, &Key)> = streets.turns.iter().map(|turn| (&turn.facts.from, &turn.facts.to)).collect();
    let mut ways = DiGraph::<(), ()>::with_capacity(links.len(), 4 * links.len());
    let nodes: Vec<NodeIndex> = links.iter().map(|_| ways.add_node(())).collect();
    for (row, link) in links.iter().enumerate() {
        for &next in leaving.get(&link.facts.to).into_iter().flatten() {
            if !banned.contains(&(&link.key, &links[next].key)) {
                ways.add_edge(nodes[row], nodes[next], ());
            }
        }
    }
    let parts = tarjan_scc(&ways);
    let heart = parts.iter().max_by_key(|part| part.len()).expect("a part");
    for row in (0..links.len()).filter(|&row| !heart.contains(&nodes[row])) {
        let class = links[row].facts.class;
        assert!(matches!(class, RoadClass::Motorway | RoadClass::MotorwayRamp), "{}", links[row].key);
    }
}

fn water_and_railways_are_crossed_on_bridges_and_below_alone(streets: &Streets) {
    let water = |geometry: &Geometry<f64>| match geometry {
        Geometry::LineString(line) => line.0.clone(),
        other => panic!("rivers are lines, not {other:?}"),
    };
    let mut barriers: Vec<Vec<Coord<f64>>> = streets.waters.iter().map(|row| water(&row.facts.geometry)).collect();
    barriers.extend(streets.railways.iter().map(|row| row.facts.geometry.0.clone()));
    assert!(barriers.len() >= 4);
    for link in drivable(streets) {
        let crosses = barriers.iter().any(|barrier| lines_cross(&link.facts.geometry.0, barrier));
        let source = link.key.source();
        assert!(!crosses || link.facts.structure != Structure::Ground, "{} crosses on the ground", link.key);
        assert!(!crosses || matches!(source, "osm" | "skeleton"), "{} is {source} and crosses", link.key);
    }
}

/// Corners of the ring, clockwise from Spalto Borgoglio, in metres.
const RING: [(f64, f64); 10] = [
    (469_321.0, 4_972_720.0),
    (468_978.0, 4_973_078.0),
    (468_877.0, 4_973_377.0),
    (468_997.0, 4_973_738.0),
    (469_410.0, 4_974_028.0),
    (469_695.0, 4_974_072.0),
    (470_146.0, 4_973_848.0),
    (470_485.0, 4_973_576.0),
    (470_521.0, 4_973_194.0),
    (470_124.0, 4_972_765.0),
];

fn the_ring_of_the_spalti_is_driven_all_around(streets: &Streets) {
    let (graph, nodes) = graph(streets);
    let corner = |(x, y): (f64, f64)| {
        let away = |position: Coord<f64>| distance_m(position, Coord { x, y });
        let near = streets.junctions.iter().min_by(|a, b| away(a.facts.position).total_cmp(&away(b.facts.position)));
        near.filter(|junction| away(junction.facts.position) < 60.0).expect("a junction at every corner of the ring")
    };
    for i in 0..RING.len() {
        let (a, b) = (corner(RING[i]), corner(RING[(i + 1) % RING.len()]));
        let straight_m = distance_m(a.facts.position, b.facts.position);
        for (from, to) in [(a, b), (b, a)] {
            let ways = dijkstra(&graph, nodes[&from.key], Some(nodes[&to.key]), |edge| *edge.weight());
            let way_m = ways[&nodes[&to.key]];
            assert!(way_m <= 1.5 * straight_m + 100.0, "{} to {}: {way_m} m for {straight_m} m", from.key, to.key);
        }
    }
}

fn no_join_is_longer_than_200_m(streets: &Streets) {
    let mut length_m: BTreeMap<&str, f64> = BTreeMap::new();
    for link in streets.links.iter().filter(|link| matches!(link.key.source(), "join" | "drive")) {
        if let Some(stem) = link.key.as_str().strip_suffix('>').and_then(|key| key.rsplit_once('#')) {
            *length_m.entry(stem.0).or_default() += link.facts.length_m;
        }
    }
    assert!(!length_m.is_empty());
    // Ends move by up to the merging distance when junctions are made.
    assert!(length_m.values().all(|&metres| metres <= 200.0 + 2.0 * super::planar::MERGE_M), "{length_m:?}");
}

fn the_meier_bridge_has_two_lanes_in_and_one_out(streets: &Streets) {
    let bridge: Vec<&Record<Link>> =
        streets.links.iter().filter(|link| link.facts.structure == Structure::Bridge && is_meier(link)).collect();
    let position = |key: &Key| {
        let junction = streets.junctions.iter().find(|junction| junction.key == *key);
        junction.expect("every link begins and ends at a junction").facts.position
    };
    // The city lies south-east of the river.
    let (into, out): (Vec<&Record<Link>>, Vec<&Record<Link>>) =
        bridge.iter().partition(|link| position(&link.facts.to).y < position(&link.facts.from).y);
    assert_eq!((into.len(), out.len()), (1, 1), "each carriageway is driven one way");
    assert_eq!((into[0].facts.lanes, out[0].facts.lanes), (2, 1));
    // Traffic keeps right: the western carriageway leads into the city.
    assert!(into[0].key.as_str().starts_with("osm:way/450036216#"), "{}", into[0].key);
    for link in bridge {
        assert!(link.facts.free_speed_mps < 14.0, "{} lies between two built-up banks", link.key);
        assert!(!link.facts.access.classes.contains(VehicleClass::HeavyVehicle), "{}", link.key);
    }
}

fn is_meier(link: &Record<Link>) -> bool {
    link.facts.name.as_deref() == Some("ponte Meier")
}

fn city_and_spinetta_hang_together_by_the_bormida_bridge(streets: &Streets) {
    let bridge = streets.links.iter().filter(|link| link.key.as_str().starts_with("skeleton:sp10-bormida-bridge#"));
    let directions: Vec<&Record<Link>> = bridge.collect();
    assert_eq!(directions.len(), 2);
    assert!(directions.iter().all(|link| link.facts.structure == Structure::Bridge));
}

fn the_rules_err_no_more_often_than_told(streets: &Streets) {
    let sample = &streets.report.sample;
    assert_eq!((sample.links, sample.missing.len()), (69, 0), "{sample:?}");
    assert!(sample.class_error <= 0.12 && sample.lanes_error <= 0.05 && sample.direction_error <= 0.12, "{sample:?}");
}

#[test]
fn the_same_sources_give_the_same_streets() {
    let (Some(first), Some(second)) = (streets(), streets()) else { return };
    assert_eq!(first.links, second.links);
    assert_eq!((first.junctions, first.report), (second.junctions, second.report));
}

//! The published problems of Transportation Networks for Research, against their published solutions
//! (<https://github.com/bstabler/TransportationNetworks>).
#![expect(clippy::unwrap_used, reason = "what a test needs must be there")]

mod shared;

use std::path::Path;

use data::tntp::{TntpNetwork, read_network, read_trips};
use engine::assignment::{ClassDemand, Equilibrium, OdMatrix, Options, Problem, solve};
use shared::shared_data;

/// A problem of the repository, and the weights of its generalised cost.
struct Published {
    network: TntpNetwork,
    trips: OdMatrix,
    fixed_cost: Vec<f64>,
}

fn published(net: &str, trips: &str, toll_factor: f64, distance_factor: f64) -> Option<Published> {
    let network = read_network(&shared_data(&format!("data/tntp/{net}"))?).unwrap();
    let trips = read_trips(&shared_data(&format!("data/tntp/{trips}"))?, network.graph.zone_count()).unwrap();
    let fixed_cost = network.fixed_costs(toll_factor, distance_factor);
    Some(Published { network, trips, fixed_cost })
}

impl Published {
    fn solve(&self, gap: f64, warm: Option<&Equilibrium>) -> Equilibrium {
        let classes = [ClassDemand { pcu: 1.0, fixed_cost: &self.fixed_cost, demand: &self.trips }];
        let problem = Problem { graph: &self.network.graph, delays: &self.network.delays, classes: &classes };
        let equilibrium = solve(&problem, &Options { gap, ..Options::default() }, warm).unwrap();
        assert!(equilibrium.converged && equilibrium.relative_gap <= gap);
        equilibrium
    }
}

fn sioux_falls() -> Option<Published> {
    published("SiouxFalls/SiouxFalls_net.tntp", "SiouxFalls/SiouxFalls_trips.tntp", 0.0, 0.0)
}

fn anaheim() -> Option<Published> {
    published("Anaheim/Anaheim_net.tntp", "Anaheim/Anaheim_trips.tntp", 0.0, 0.0)
}

fn chicago_sketch(toll_factor: f64, distance_factor: f64) -> Option<Published> {
    let (net, trips) = ("Chicago-Sketch/ChicagoSketch_net.tntp", "Chicago-Sketch/ChicagoSketch_trips.tntp");
    published(net, trips, toll_factor, distance_factor)
}

fn assert_objective(equilibrium: &Equilibrium, published: f64) {
    let off = (equilibrium.beckmann / published - 1.0).abs();
    assert!(off < 1e-6, "Beckmann {} differs from the published {published} by {off:e}", equilibrium.beckmann);
}

/// Every arc whose time rises strictly with flow has the published flow, to 1 vehicle or 0.1 %.
fn assert_flows(problem: &Published, equilibrium: &Equilibrium, flows: &[f64]) {
    let delays = &problem.network.delays;
    assert_eq!(flows.len(), delays.len());
    let (mut compared, mut worst) = (0, 0.0_f64);
    for ((delay, &flow), &published) in delays.iter().zip(&equilibrium.flows).zip(flows) {
        if delay.rises_strictly() {
            compared += 1;
            worst = worst.max((flow - published).abs() / (published * 1e-3).max(1.0));
        }
    }
    assert!(compared > delays.len() / 2, "{compared} of {} arcs have unique flows", delays.len());
    assert!(worst <= 1.0, "an arc is off by {worst} times what is allowed");
}

/// The third column of a published flow file: volumes in the order of the network.
fn published_flows(path: &Path, column: usize, separator: &[char]) -> Vec<f64> {
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let fields =
        |line: &str| line.split(separator).filter(|field| !field.is_empty()).nth(column).unwrap().parse().unwrap();
    rows.map(fields).collect()
}

#[test]
fn sioux_falls_has_its_published_objective_total_time_and_flows() {
    let (Some(problem), Some(flows)) = (sioux_falls(), shared_data("reference/siouxfalls_ue.csv")) else { return };
    let equilibrium = problem.solve(1e-10, None);
    assert_objective(&equilibrium, 4_231_335.287_107_44);
    assert!((equilibrium.total_time / 7_480_225.34 - 1.0).abs() < 1e-6);
    assert_flows(&problem, &equilibrium, &published_flows(&flows, 7, &[',']));
}

#[test]
fn anaheim_has_its_published_objective_and_flows() {
    let (Some(problem), Some(flows)) = (anaheim(), shared_data("data/tntp/Anaheim/Anaheim_flow.tntp")) else { return };
    let equilibrium = problem.solve(1e-10, None);
    assert_objective(&equilibrium, 1_286_032.171_096);
    assert_flows(&problem, &equilibrium, &published_flows(&flows, 2, &[' ', '\t']));
}

#[test]
fn chicago_sketch_has_its_published_objective_and_flows() {
    let flows = shared_data("data/tntp/Chicago-Sketch/ChicagoSketch_flow.tntp");
    let (Some(problem), Some(flows)) = (chicago_sketch(0.02, 0.04), flows) else { return };
    let equilibrium = problem.solve(1e-10, None);
    assert_objective(&equilibrium, 17_313_018.738_747_7);
    assert_flows(&problem, &equilibrium, &published_flows(&flows, 2, &[' ', '\t']));
}

#[test]
fn chicago_sketch_without_tolls_and_distances_has_its_own_objective() {
    let Some(problem) = chicago_sketch(0.0, 0.0) else { return };
    assert_objective(&problem.solve(1e-10, None), 16_748_438.600_01);
}

#[test]
fn braess_trips_take_92_with_the_bridging_link_and_83_without() {
    let Some(mut problem) = published("Braess-Example/Braess_net.tntp", "Braess-Example/Braess_trips.tntp", 0.0, 0.0)
    else {
        return;
    };
    let time = |problem: &Published| problem.solve(1e-10, None).total_time / 6.0;
    assert!((time(&problem) - 92.0).abs() < 1e-4);
    let bridge =
        problem.network.graph.tails().iter().zip(problem.network.graph.heads()).position(|ends| ends == (&2, &3));
    problem.fixed_cost[bridge.unwrap()] = f64::INFINITY;
    assert!((time(&problem) - 83.0).abs() < 1e-4);
}

#[test]
fn berlin_mitte_center_converges_although_its_connectors_cost_nothing() {
    let folder = "Berlin-Mitte-Center/berlin-mitte-center";
    let Some(problem) = published(&format!("{folder}_net.tntp"), &format!("{folder}_trips.tntp"), 0.0, 0.0) else {
        return;
    };
    assert!(problem.solve(1e-12, None).unserved.is_empty());
}

#[test]
fn a_warm_start_ends_in_the_flows_of_a_cold_one() {
    let Some(mut problem) = chicago_sketch(0.02, 0.04) else { return };
    let base = problem.solve(1e-10, None);
    assert_eq!(problem.solve(1e-10, Some(&base)).iterations, 0, "nothing changed, nothing to do");
    for arc in (0..problem.fixed_cost.len()).step_by(211) {
        problem.fixed_cost[arc] = f64::INFINITY;
    }
    let (cold, warm) = (problem.solve(1e-11, None), problem.solve(1e-11, Some(&base)));
    assert!(!cold.unserved.is_empty(), "some closed arcs were the only way");
    assert_eq!(cold.unserved, warm.unserved);
    assert!((cold.beckmann / warm.beckmann - 1.0).abs() < 1e-9);
    assert_flows(&problem, &warm, &cold.flows);
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let Some(problem) = anaheim() else { return };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let equilibrium = pool.install(|| problem.solve(1e-8, None));
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<u64>>();
        (bits(&equilibrium.flows), bits(&equilibrium.times), equilibrium.beckmann.to_bits(), equilibrium.iterations)
    };
    let alone = on(1);
    assert!(on(2) == alone && on(7) == alone);
}

/// Three classes on SiouxFalls or a larger problem: two that differ only in where they go, and heavy vehicles that
/// dislike every seventh arc.
fn three_classes(problem: &Published) -> ([OdMatrix; 3], [Vec<f64>; 3]) {
    let zones = problem.network.graph.zone_count();
    let part = |share: &dyn Fn(u32, u32) -> f64| {
        let entries = problem.trips.iter().map(|(from, to, trips)| (from, to, trips * share(from, to))).collect();
        OdMatrix::from_entries(zones, entries).unwrap()
    };
    let pattern = |from: u32, to: u32| f64::from((from * 7 + to * 3) % 5) / 5.0;
    let demand = [
        part(&|from, to| 0.5 + 0.3 * pattern(from, to)),
        part(&|from, to| 0.2 * (1.0 - pattern(from, to))),
        part(&|from, _| 0.05 * f64::from(from % 4)),
    ];
    let dislike = |(arc, cost): (usize, &f64)| if arc % 7 == 0 { cost + 0.5 } else { *cost };
    let heavy = problem.fixed_cost.iter().enumerate().map(dislike).collect();
    (demand, [problem.fixed_cost.clone(), problem.fixed_cost.clone(), heavy])
}

fn solve_classes(
    network: &TntpNetwork,
    demand: &[OdMatrix; 3],
    fixed_costs: &[Vec<f64>; 3],
    options: &Options,
    warm: Option<&Equilibrium>,
) -> Equilibrium {
    let class = |class: usize| ClassDemand {
        pcu: [1.0, 1.0, 2.0][class],
        fixed_cost: &fixed_costs[class],
        demand: &demand[class],
    };
    let classes = [class(0), class(1), class(2)];
    let problem = Problem { graph: &network.graph, delays: &network.delays, classes: &classes };
    solve(&problem, options, warm).unwrap()
}

/// Flows of every class agree to a thousandth of what drives on the arc, and within a vehicle. On almost empty arcs time
/// hardly rises, and equilibrium leaves open even the total: there is nothing to divide alike there.
fn assert_class_flows_agree(one: &Equilibrium, other: &Equilibrium) {
    let is_settled: Vec<bool> =
        one.flows.iter().zip(&other.flows).map(|(a, b)| (a - b).abs() <= 1e-4 * a.max(1.0)).collect();
    let settled = is_settled.iter().filter(|&&is_settled| is_settled).count();
    assert!(settled * 100 >= is_settled.len() * 95, "{settled} of {} arcs", is_settled.len());
    for (of_one, of_other) in one.class_flows.iter().zip(&other.class_flows) {
        for (((a, b), flow), is_settled) in of_one.iter().zip(of_other).zip(&one.flows).zip(&is_settled) {
            let agree = (a - b).abs() <= (flow * 1e-3).max(1.0);
            assert!(agree || !is_settled, "{a} and {b} on an arc of {flow}");
        }
    }
}

const FINE: Options = Options { gap: 1e-10, iterations_max: 500, proportional: true };

#[test]
fn class_flows_do_not_hang_on_where_the_algorithm_began() {
    for problem in [sioux_falls(), anaheim(), chicago_sketch(0.02, 0.04)] {
        let Some(problem) = problem else { return };
        let (demand, fixed_costs) = three_classes(&problem);
        let cold = solve_classes(&problem.network, &demand, &fixed_costs, &FINE, None);
        let mut other = demand.clone();
        other.swap(0, 1);
        let elsewhere = solve_classes(&problem.network, &other, &fixed_costs, &FINE, None);
        let warm = solve_classes(&problem.network, &demand, &fixed_costs, &FINE, Some(&elsewhere));
        assert_class_flows_agree(&cold, &warm);
    }
}

#[test]
fn class_flows_do_not_hang_on_how_nodes_are_numbered() {
    // Numbered backwards, so that origins are worked on in the opposite order.
    for problem in [anaheim(), chicago_sketch(0.02, 0.04)] {
        let Some(problem) = problem else { return };
        let (demand, fixed_costs) = three_classes(&problem);
        let cold = solve_classes(&problem.network, &demand, &fixed_costs, &FINE, None);
        let graph = &problem.network.graph;
        let (nodes, zones) = (graph.node_count(), graph.zone_count());
        let renumber = |node: u32| if node < zones { zones - 1 - node } else { nodes - 1 - (node - zones) };
        let ends = |ends: &[u32]| ends.iter().map(|&node| renumber(node)).collect::<Vec<u32>>();
        let (tails, heads) = (ends(graph.tails()), ends(graph.heads()));
        let mut network = problem.network.clone();
        network.graph = engine::network::Graph::new(nodes, zones, graph.first_through_node(), tails, heads).unwrap();
        let permuted = demand.map(|matrix| {
            let entries = matrix.iter().map(|(from, to, trips)| (renumber(from), renumber(to), trips)).collect();
            OdMatrix::from_entries(zones, entries).unwrap()
        });
        let other = solve_classes(&network, &permuted, &fixed_costs, &FINE, None);
        assert_class_flows_agree(&cold, &other);
    }
}

#[test]
fn an_equilibrium_has_the_gap_that_it_tells_after_class_flows_are_settled() {
    for problem in [sioux_falls(), anaheim(), chicago_sketch(0.02, 0.04)] {
        let Some(problem) = problem else { return };
        let (demand, fixed_costs) = three_classes(&problem);
        for gap in [1e-4, 1e-6, 1e-8] {
            let options = Options { gap, ..FINE };
            let found = solve_classes(&problem.network, &demand, &fixed_costs, &options, None);
            let only_look = Options { iterations_max: 0, proportional: false, ..options };
            let looked_at = solve_classes(&problem.network, &demand, &fixed_costs, &only_look, Some(&found));
            assert!(found.converged && looked_at.relative_gap <= 1.001 * gap, "{} of {gap}", looked_at.relative_gap);
        }
    }
}

#[test]
fn austin_leaves_out_exactly_the_3075_trips_without_a_path() {
    let Some(problem) = published("Austin-VISTA/austin_net.tntp", "Austin-VISTA/austin_trips.tntp", 0.0, 0.0) else {
        return;
    };
    let equilibrium = problem.solve(0.1, None);
    assert_eq!(equilibrium.unserved_trips(), 3075.0);
}

//! What holds of every equilibrium, on random small networks and against a slow oracle.

use proptest::prelude::*;

use super::*;
use crate::network::Graph;

/// A random problem of two classes: the second has 2 passenger-car units, own fixed costs and closed arcs.
#[derive(Clone, Debug)]
struct Case {
    graph: Graph,
    delays: Vec<VolumeDelay>,
    fixed_costs: [Vec<f64>; 2],
    demand: [OdMatrix; 2],
}

const NODES: u32 = 7;
const ZONES: u32 = 3;
const PCU: [f64; 2] = [1.0, 2.0];

prop_compose! {
    fn delay()(kind in 0..6, free_time in 0.1..10.0_f64, capacity in 1.0..20.0_f64, power in 0.5..5.0_f64) -> VolumeDelay {
        match kind {
            0 => VolumeDelay::Conical { free_time, alpha: 1.5 + power, capacity },
            1 => VolumeDelay::Bpr { free_time, b: 0.5, power, capacity },
            2 => VolumeDelay::Bpr { free_time, b: 1.0, power: 1.0, capacity },
            3 => VolumeDelay::Akcelik { free_time, capacity, duration: 10.0 * power, randomness: 0.1 / power },
            _ => VolumeDelay::Bpr { free_time, b: 0.15, power: 4.0, capacity },
        }
    }
}

fn case(first_through: u32) -> impl Strategy<Value = Case> {
    // Parallel arcs and arcs that nothing reaches are welcome.
    let arc = (0..NODES, 0..NODES, delay(), 0.0..3.0_f64, 0..8);
    let trips = (0..ZONES, 0..ZONES, 0.0..30.0_f64, 0..2_usize);
    (prop::collection::vec(arc, 4..22), prop::collection::vec(trips, 1..7)).prop_map(move |(arcs, trips)| {
        let arcs: Vec<_> = arcs.into_iter().filter(|arc| arc.0 != arc.1).collect();
        let (tails, heads) = (arcs.iter().map(|arc| arc.0).collect(), arcs.iter().map(|arc| arc.1).collect());
        let heavy = arcs.iter().map(|arc| if arc.4 == 0 { f64::INFINITY } else { arc.3 }).collect();
        let of_class = |class: usize| {
            let entries = trips.iter().filter(|trip| trip.3 == class).map(|trip| (trip.0, trip.1, trip.2)).collect();
            OdMatrix::from_entries(ZONES, entries).unwrap()
        };
        Case {
            graph: Graph::new(NODES, ZONES, first_through, tails, heads).unwrap(),
            delays: arcs.iter().map(|arc| arc.2).collect(),
            fixed_costs: [vec![0.0; arcs.len()], heavy],
            demand: [of_class(0), of_class(1)],
        }
    })
}

impl Case {
    fn solve(&self, warm: Option<&Equilibrium>) -> Equilibrium {
        let class = |class: usize| ClassDemand {
            pcu: PCU[class],
            fixed_cost: &self.fixed_costs[class],
            demand: &self.demand[class],
        };
        let classes = [class(0), class(1)];
        let problem = Problem { graph: &self.graph, delays: &self.delays, classes: &classes };
        let options = Options { gap: 1e-10, iterations_max: 2000, ..Options::default() };
        solve(&problem, &options, warm).unwrap()
    }

    /// All paths without loops that the class may take, as arcs.
    fn paths(&self, class: usize, origin: u32, destination: u32) -> Vec<Vec<usize>> {
        let (mut found, mut open) = (Vec::new(), vec![(origin, vec![origin], Vec::new())]);
        while let Some((node, nodes, path)) = open.pop() {
            if node == destination {
                found.push(path);
                continue;
            }
            if node < self.graph.first_through_node() && node != origin {
                continue;
            }
            for &arc in self.graph.leaving().of(node) {
                let head = self.graph.heads()[arc as usize];
                if !nodes.contains(&head) && self.fixed_costs[class][arc as usize].is_finite() {
                    let (mut nodes, mut path) = (nodes.clone(), path.clone());
                    nodes.push(head);
                    path.push(arc as usize);
                    open.push((head, nodes, path));
                }
            }
        }
        found
    }

    /// The equilibrium by moving flow from each pair's dearest used path to its cheapest, over all its paths. None in the
    /// rare case that this slow way does not get there: two classes of almost equal costs undo each other's steps.
    fn oracle(&self) -> Option<Vec<f64>> {
        let mut flows = vec![0.0; self.graph.arc_count()];
        let mut pairs = Vec::new();
        for (class, pcu) in PCU.into_iter().enumerate() {
            for (origin, destination, trips) in self.demand[class].iter().filter(|pair| pair.0 != pair.1) {
                let paths = self.paths(class, origin, destination);
                if let Some(first) = paths.first() {
                    first.iter().for_each(|&arc| flows[arc] += trips * pcu);
                    let mut on = vec![0.0; paths.len()];
                    on[0] = trips * pcu;
                    pairs.push((class, paths, on));
                }
            }
        }
        for _ in 0..20_000 {
            let mut worst = 0.0_f64;
            for (class, paths, on) in &mut pairs {
                let arc_cost = |arc: usize| self.delays[arc].time(flows[arc]) + self.fixed_costs[*class][arc];
                let costs: Vec<f64> = paths.iter().map(|path| path.iter().map(|&arc| arc_cost(arc)).sum()).collect();
                let cheap = (0..paths.len()).min_by(|&a, &b| costs[a].total_cmp(&costs[b])).unwrap();
                let used = (0..paths.len()).filter(|&path| on[path] > 0.0);
                let dear = used.max_by(|&a, &b| costs[a].total_cmp(&costs[b])).unwrap();
                let excess = costs[dear] - costs[cheap];
                worst = worst.max(excess / costs[dear].max(1e-9));
                let paths = &*paths;
                let only = |one: usize, other: usize| paths[one].iter().filter(move |arc| !paths[other].contains(arc));
                let slope: f64 = only(dear, cheap)
                    .chain(only(cheap, dear))
                    .map(|&arc| self.delays[arc].time_and_slope(flows[arc]).1)
                    .sum();
                let step = (excess / slope.max(1e-12)).min(on[dear]) * 0.7;
                only(dear, cheap).for_each(|&arc| flows[arc] = (flows[arc] - step).max(0.0));
                only(cheap, dear).for_each(|&arc| flows[arc] += step);
                on[dear] -= step;
                on[cheap] += step;
            }
            if worst < 1e-9 {
                return Some(flows);
            }
        }
        None
    }

    fn objective(&self, flows: &[f64]) -> f64 {
        self.delays.iter().zip(flows).map(|(delay, &flow)| delay.integral(flow)).sum()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn times_are_those_of_the_oracle(case in case(0)) {
        let case = Case { demand: [case.demand[0].clone(), OdMatrix::empty(ZONES)], ..case };
        let found = case.solve(None);
        prop_assert!(found.converged);
        let Some(slow) = case.oracle() else { return Ok(()) };
        let (objective, expected) = (case.objective(&found.flows), case.objective(&slow));
        prop_assert!((objective - expected).abs() <= 1e-6 * expected.max(1.0), "{objective} against {expected}");
        for (time, (delay, &flow)) in found.times.iter().zip(case.delays.iter().zip(&slow)) {
            prop_assert!((time - delay.time(flow)).abs() <= 1e-3 * time.max(1.0));
        }
    }

    #[test]
    fn two_classes_agree_with_the_oracle_where_zones_may_not_be_passed(case in case(ZONES)) {
        let found = case.solve(None);
        prop_assert!(found.converged);
        let Some(slow) = case.oracle() else { return Ok(()) };
        for (time, (delay, &flow)) in found.times.iter().zip(case.delays.iter().zip(&slow)) {
            prop_assert!((time - delay.time(flow)).abs() <= 1e-3 * time.max(1.0));
        }
    }

    #[test]
    fn vehicles_of_every_class_are_conserved_at_every_node(case in case(0)) {
        let found = case.solve(None);
        for class in 0..2 {
            let mut balance = vec![0.0; NODES as usize];
            for (origin, destination, trips) in case.demand[class].iter().filter(|pair| pair.0 != pair.1) {
                balance[origin as usize] += trips;
                balance[destination as usize] -= trips;
            }
            for unserved in found.unserved.iter().filter(|unserved| unserved.class == class) {
                balance[unserved.origin as usize] -= unserved.trips;
                balance[unserved.destination as usize] += unserved.trips;
            }
            for (arc, flow) in found.class_flows[class].iter().enumerate() {
                balance[case.graph.tails()[arc] as usize] -= flow;
                balance[case.graph.heads()[arc] as usize] += flow;
            }
            prop_assert!(balance.iter().all(|left| left.abs() < 1e-9), "class {class}: {balance:?}");
        }
        for (arc, flow) in found.flows.iter().enumerate() {
            let of_classes: f64 = (0..2).map(|class| PCU[class] * found.class_flows[class][arc]).sum();
            prop_assert!((of_classes - flow).abs() < 1e-9, "classes make up the flow");
        }
        let closed = found.class_flows[1].iter().zip(&case.fixed_costs[1]).all(|(&flow, cost)| flow == 0.0 || cost.is_finite());
        prop_assert!(closed, "nobody drives where the class may not");
    }

    #[test]
    fn trips_are_unserved_exactly_where_no_path_leads(case in case(ZONES)) {
        let found = case.solve(None);
        for class in 0..2 {
            for (origin, destination, trips) in case.demand[class].iter().filter(|pair| pair.0 != pair.1) {
                let expected = Unserved { class, origin, destination, trips };
                prop_assert_eq!(found.unserved.contains(&expected), case.paths(class, origin, destination).is_empty());
            }
        }
    }

    #[test]
    fn times_between_zones_are_those_of_the_least_cost_paths(case in case(ZONES)) {
        let found = case.solve(None);
        let skimmed = skims(&case.graph, &found.times, &[&found.times]);
        for (cell, time) in found.times_between(0).into_iter().enumerate() {
            let origin = cell as u32 / ZONES;
            if case.demand[0].iter().any(|(from, to, _)| from == origin && to != origin && skimmed[0][(from * ZONES + to) as usize].is_finite()) {
                let expected = skimmed[0][cell];
                prop_assert!(time == expected || (time - expected).abs() <= 1e-6 * expected.max(1.0), "{time} {expected}");
            }
        }
    }

    #[test]
    fn a_warm_start_changes_no_time(case in case(0), other in case(0)) {
        // Another demand on the same arcs, and some of these closed.
        let base = Case { demand: other.demand, ..case.clone() }.solve(None);
        let mut case = case;
        if let Some(cost) = case.fixed_costs[0].get_mut(1) {
            *cost = f64::INFINITY;
        }
        let (cold, warm) = (case.solve(None), case.solve(Some(&base)));
        prop_assert!(cold.converged && warm.converged);
        prop_assert_eq!(&cold.unserved, &warm.unserved);
        for (cold, warm) in cold.times.iter().zip(&warm.times) {
            prop_assert!((cold - warm).abs() <= 1e-3 * cold.max(1.0));
        }
    }
}

/// Two roads from zone 0 to zone 1, equal but for their length and capacity.
fn two_roads(trips: f64, warm: Option<&Equilibrium>) -> Equilibrium {
    let graph = Graph::new(2, 2, 0, vec![0, 0], vec![1, 1]).unwrap();
    let road = |capacity: f64| VolumeDelay::Bpr { free_time: 10.0, b: 0.15, power: 4.0, capacity };
    let demand = OdMatrix::from_entries(2, vec![(0, 1, trips), (0, 0, 5.0)]).unwrap();
    let classes = [ClassDemand { pcu: 1.0, fixed_cost: &[0.0, 0.0], demand: &demand }];
    let problem = Problem { graph: &graph, delays: &[road(1000.0), road(3000.0)], classes: &classes };
    solve(&problem, &Options { gap: 1e-12, ..Options::default() }, warm).unwrap()
}

#[test]
fn parallel_links_are_kept_apart_and_share_by_capacity() {
    let found = two_roads(4000.0, None);
    assert!((found.flows[0] - 1000.0).abs() < 1e-3 && (found.flows[1] - 3000.0).abs() < 1e-3);
}

#[test]
fn trips_within_a_zone_are_counted_and_on_no_road() {
    let found = two_roads(4000.0, None);
    assert_eq!(found.within_zones, [5.0]);
    assert!((found.flows.iter().sum::<f64>() - 4000.0).abs() < 1e-9);
}

#[test]
fn doubling_demand_on_an_empty_road_changes_no_travel_time() {
    let times = |trips: f64| two_roads(trips, None).times;
    for (once, twice) in times(1.0).iter().zip(times(2.0)) {
        assert!((once - twice).abs() < 1e-8);
    }
}

#[test]
fn more_demand_takes_no_less_time() {
    let mut before = 0.0;
    for trips in [100.0, 1000.0, 3000.0, 6000.0, 12_000.0] {
        let time = two_roads(trips, None).times[1];
        assert!(time >= before);
        before = time;
    }
}

#[test]
fn an_equilibrium_of_another_network_is_refused() {
    let base = two_roads(100.0, None);
    let graph = Graph::new(2, 2, 0, vec![0, 1], vec![1, 0]).unwrap();
    let delays = [VolumeDelay::Constant { time: 1.0 }; 2];
    let problem = Problem { graph: &graph, delays: &delays, classes: &[] };
    let refused = solve(&problem, &Options::default(), Some(&base)).err();
    assert_eq!(refused, Some(AssignmentError::WarmStart { arc: 1 }));
}

#[test]
fn what_does_not_fit_is_named() {
    let graph = Graph::new(2, 2, 0, vec![0], vec![1]).unwrap();
    let demand = OdMatrix::empty(2);
    let error = |delay: VolumeDelay, pcu: f64, fixed: f64, gap: f64| {
        let classes = [ClassDemand { pcu, fixed_cost: &[fixed], demand: &demand }];
        let problem = Problem { graph: &graph, delays: &[delay], classes: &classes };
        solve(&problem, &Options { gap, ..Options::default() }, None).err()
    };
    let road = VolumeDelay::Constant { time: 1.0 };
    assert_eq!(error(road, 1.0, 0.0, 1e-6), None);
    assert_eq!(error(road, 1.0, 0.0, 0.0), Some(AssignmentError::Gap(0.0)));
    assert_eq!(error(road, 0.0, 0.0, 1e-6), Some(AssignmentError::Pcu { class: 0, pcu: 0.0 }));
    assert_eq!(error(road, 1.0, -1.0, 1e-6), Some(AssignmentError::FixedCost { class: 0, arc: 0, cost: -1.0 }));
    assert!(matches!(
        error(VolumeDelay::Constant { time: -1.0 }, 1.0, 0.0, 1e-6),
        Some(AssignmentError::Delay { arc: 0, .. })
    ));
}

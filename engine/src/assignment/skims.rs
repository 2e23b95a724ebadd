//! What the least-cost paths between zones cost, and what else they add up to.

use rayon::prelude::*;

use super::search::{Search, Tree};
use super::star::{NONE, Star};
use crate::network::Graph;

/// Follows the least-cost path from every zone to every other and adds up each of `measures` along it: travel time,
/// length, toll, or the costs themselves.
///
/// `costs` has one value for every arc, at least 0 and infinite where the arc is closed; so has each measure. Returns for
/// each measure a square matrix by rows, `origin · zone_count + destination`: 0 within a zone, infinite where no path leads.
/// Of paths that cost exactly the same the one found first counts, which depends on costs and numbering alone.
///
/// # Panics
/// Where `costs` or a measure does not have one value for every arc.
#[must_use]
pub fn skims(graph: &Graph, costs: &[f64], measures: &[&[f64]]) -> Vec<Vec<f64>> {
    assert!(costs.len() == graph.arc_count(), "one cost for every arc");
    assert!(measures.iter().all(|measure| measure.len() == costs.len()), "one value for every arc");
    let star = Star::new(graph);
    let costs = star.sums(costs);
    let measures: Vec<Vec<f64>> = measures.iter().map(|measure| star.sums(measure)).collect();
    let zones = graph.zone_count() as usize;
    let row = |search: &mut Search, sums: &mut Vec<f64>, origin: u32| {
        let mut tree = Tree::default();
        search.run(&star, &costs, origin, &mut tree);
        tree.straighten(&star, origin);
        let along = |measure: &Vec<f64>| {
            sums.clear();
            sums.resize(star.node_count(), f64::INFINITY);
            sums[origin as usize] = 0.0;
            for &node in &tree.order {
                let arc = tree.parents[node as usize];
                if arc != NONE {
                    sums[node as usize] = sums[star.tails[arc as usize] as usize] + measure[arc as usize];
                }
            }
            sums[..zones].to_vec()
        };
        measures.iter().map(along).collect::<Vec<Vec<f64>>>()
    };
    let rows: Vec<Vec<Vec<f64>>> = (0..graph.zone_count())
        .into_par_iter()
        .map_init(|| (Search::new(&star), Vec::new()), |(search, sums), origin| row(search, sums, origin))
        .collect();
    let mut skims = vec![Vec::with_capacity(zones * zones); measures.len()];
    for row in rows {
        for (skim, values) in skims.iter_mut().zip(row) {
            skim.extend(values);
        }
    }
    skims
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_follow_the_cheapest_path_and_not_through_zones() {
        // 0 → 2 → 1 costs 2 and is 20 long; 0 → 1 costs 3 and is 5 long; nothing leaves zone 1.
        let graph = Graph::new(3, 2, 2, vec![0, 2, 0], vec![2, 1, 1]).unwrap();
        let (costs, lengths) = ([1.0, 1.0, 3.0], [10.0, 10.0, 5.0]);
        let skims = skims(&graph, &costs, &[&costs, &lengths]);
        assert_eq!(skims[0], [0.0, 2.0, f64::INFINITY, 0.0]);
        assert_eq!(skims[1], [0.0, 20.0, f64::INFINITY, 0.0]);
    }
}

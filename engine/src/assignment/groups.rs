//! Classes that see the same costs travel as one group, counted in passenger-car units.

use super::bush::Bush;
use super::problem::Problem;
use super::star::Star;

/// Classes with equal fixed costs: one vehicle of each would choose the same path.
pub(super) struct Group {
    /// The classes, ascending.
    pub(super) classes: Vec<usize>,
    /// Their fixed costs, by the arcs of the star.
    pub(super) fixed_costs: Vec<f64>,
}

/// The groups of a problem, in the order of their first class.
pub(super) fn groups(problem: &Problem<'_>, star: &Star) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (class, demand) in problem.classes.iter().enumerate() {
        let same = |group: &&mut Group| problem.classes[group.classes[0]].fixed_cost == demand.fixed_cost;
        match groups.iter_mut().find(same) {
            Some(group) => group.classes.push(class),
            None => {
                groups.push(Group { classes: vec![class], fixed_costs: star.sums(demand.fixed_cost) });
            }
        }
    }
    groups
}

/// An empty bush for every group and every origin that sends trips of it to other zones, by group and origin.
pub(super) fn empty_bushes(problem: &Problem<'_>, groups: &[Group]) -> Vec<Bush> {
    let mut bushes = Vec::new();
    for (number, group) in (0_u32..).zip(groups) {
        for origin in 0..problem.graph.zone_count() {
            let mut trips: Vec<(u32, f64)> = Vec::new();
            for &class in &group.classes {
                let class = &problem.classes[class];
                let (destinations, vehicles) = class.demand.row(origin);
                trips.extend(destinations.iter().zip(vehicles).map(|(&zone, &trips)| (zone, trips * class.pcu)));
            }
            trips.retain(|&(zone, _)| zone != origin);
            if trips.is_empty() {
                continue;
            }
            if group.classes.len() > 1 {
                trips.sort_by_key(|&(zone, _)| zone);
                trips.dedup_by(|next, kept| {
                    let same = next.0 == kept.0;
                    if same {
                        kept.1 += next.1;
                    }
                    same
                });
            }
            bushes.push(Bush::new(number, origin, trips));
        }
    }
    bushes
}

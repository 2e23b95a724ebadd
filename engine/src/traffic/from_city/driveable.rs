//! Whether lanes lead where the static network does, and nowhere else.
//!
//! For every street, every street that may follow it, and every class: the static graph leads from the end of the one
//! link to the beginning of the other, by a turn or along links inside one junction, exactly if some lane of the one
//! leads to a lane of the other. Turning around onto the other direction of the same street is left out: the static graph
//! allows it everywhere, but no cheapest way does it where there is another way on.

use super::streets::{CityStreets, LinkPlace};
use crate::network::{ArcKind, CityNetwork};
use crate::traffic::network::derive::DerivedNetwork;
use crate::vehicles::{ClassSet, VehicleClass};

/// Where lanes and static network disagree. Numbers are rows of the city's links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Undriveable {
    /// No lane leads where the static network does.
    #[error("no lane leads {} from link {from} to link {to}, as the static network does", class.name())]
    NoLane {
        /// Who would drive.
        class: VehicleClass,
        /// The link that it leaves.
        from: u32,
        /// The link that it would enter.
        to: u32,
    },
    /// A lane leads where the static network does not.
    #[error("a lane leads {} from link {from} to link {to}, but the static network does not", class.name())]
    NoArc {
        /// Who would drive.
        class: VehicleClass,
        /// The link that it leaves.
        from: u32,
        /// The link that it would enter.
        to: u32,
    },
}

/// All places where the lanes of `streets` and the static network of the same time disagree, ascending.
#[must_use]
pub fn undriveable(network: &CityNetwork, streets: &CityStreets, derived: &DerivedNetwork) -> Vec<Undriveable> {
    let mut by_lane = lane_steps(streets, derived);
    let mut by_arc = arc_steps(network, streets);
    for steps in [&mut by_lane, &mut by_arc] {
        steps.retain(|&(from, to, _)| {
            let street = &streets.plain.streets[from as usize];
            street.partner != Some(to) && from != to
        });
        steps.sort_unstable();
        steps.dedup();
    }
    let link = |street: u32| streets.links[street as usize];
    let only = |steps: &[(u32, u32, VehicleClass)], others: &[(u32, u32, VehicleClass)]| {
        steps.iter().copied().filter(|step| others.binary_search(step).is_err()).collect::<Vec<_>>()
    };
    let mut faults: Vec<Undriveable> = only(&by_arc, &by_lane)
        .into_iter()
        .map(|(from, to, class)| Undriveable::NoLane { class, from: link(from), to: link(to) })
        .collect();
    faults.extend(only(&by_lane, &by_arc).into_iter().map(|(from, to, class)| Undriveable::NoArc {
        class,
        from: link(from),
        to: link(to),
    }));
    faults.sort_unstable();
    faults
}

/// Which classes lanes lead from street to street.
fn lane_steps(streets: &CityStreets, derived: &DerivedNetwork) -> Vec<(u32, u32, VehicleClass)> {
    let rows = &derived.rows;
    let mut plain_of: Vec<u32> = (0..rows.streets.len() as u32).collect();
    for (street, pocket) in (0_u32..).zip(&derived.pockets) {
        if let Some(pocket) = pocket {
            plain_of[*pocket as usize] = street;
        }
    }
    let count = streets.plain.streets.len();
    let mut steps = Vec::new();
    for movement in &rows.movements {
        let [from, to] = [movement.from, movement.to].map(|place| {
            (
                plain_of[place.street as usize],
                rows.streets[place.street as usize].lanes[place.lane as usize].permissions,
            )
        });
        if (from.0 as usize) >= count || (to.0 as usize) >= count || from.0 == to.0 {
            continue;
        }
        let classes = ClassSet::from_bits((from.1.0 & to.1.0) as u16);
        steps.extend(classes.iter().map(|class| (from.0, to.0, class)));
    }
    steps
}

/// Which classes the static graph leads from street to street.
fn arc_steps(network: &CityNetwork, streets: &CityStreets) -> Vec<(u32, u32, VehicleClass)> {
    let (graph, mut steps) = (&network.graph, Vec::new());
    for (from, &link) in (0_u32..).zip(&streets.links) {
        let arc = network.link_arcs[link as usize];
        let classes = ClassSet::from_bits(streets.plain.streets[from as usize].permissions.0 as u16);
        for class in classes.iter() {
            let mut queue = vec![graph.heads()[arc as usize]];
            let mut seen = queue.clone();
            while let Some(node) = queue.pop() {
                for &next in
                    graph.leaving().of(node).iter().filter(|&&next| network.allowed[next as usize].contains(class))
                {
                    let goes_on = match network.kinds[next as usize] {
                        ArcKind::Link(row) => match streets.places[row as usize] {
                            LinkPlace::Street(to) => {
                                steps.push((from, to, class));
                                false
                            }
                            LinkPlace::Inside(_) => true,
                            LinkPlace::Closed => false,
                        },
                        ArcKind::Turn { .. } => true,
                        ArcKind::Inside | ArcKind::Connector { .. } | ArcKind::EdgeWalk { .. } => false,
                    };
                    let head = graph.heads()[next as usize];
                    if goes_on && !seen.contains(&head) {
                        seen.push(head);
                        queue.push(head);
                    }
                }
            }
        }
    }
    steps
}

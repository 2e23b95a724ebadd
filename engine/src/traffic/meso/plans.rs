//! Lane plans of those who are under way.
//!
//! A plan is made when a trip wants to begin, shared by all who follow the same route with the same permission meanwhile, and given
//! up with the last of them: a day has many more routes than are driven at once.

use std::collections::HashMap;

use crate::traffic::demand::Stop;
use crate::traffic::lane_plan::LanePlan;
use crate::traffic::network::LaneNetwork;

/// Plans, and how many follow each.
#[derive(Debug, Default)]
pub(super) struct Plans {
    rows: Vec<Row>,
    unused: Vec<u32>,
    /// By route and permission, while somebody follows it.
    known: HashMap<(u32, Option<u8>), u32>,
}

#[derive(Debug)]
struct Row {
    plan: LanePlan,
    followers: u32,
    /// The route and permission that it is known by; none where it is one vehicle's own.
    known_by: Option<(u32, Option<u8>)>,
}

impl Plans {
    /// The plan in a row.
    pub(super) fn of(&self, row: u32) -> &LanePlan {
        &self.rows[row as usize].plan
    }

    /// Somebody begins to follow a route: the row of the plan. Trips with stops have plans of their own.
    pub(super) fn follow_route(
        &mut self,
        network: &LaneNetwork,
        (route, streets): (u32, &[u32]),
        permission: Option<u8>,
        stops: &[Stop],
    ) -> u32 {
        if !stops.is_empty() {
            return self.follow(LanePlan::new(network, streets, permission, stops));
        }
        let key = (route, permission);
        if let Some(&row) = self.known.get(&key) {
            self.rows[row as usize].followers += 1;
            return row;
        }
        let row = self.follow(LanePlan::new(network, streets, permission, &[]));
        self.rows[row as usize].known_by = Some(key);
        self.known.insert(key, row);
        row
    }

    /// Somebody begins to follow a plan of its own: its row.
    pub(super) fn follow(&mut self, plan: LanePlan) -> u32 {
        let row = Row { plan, followers: 1, known_by: None };
        if let Some(unused) = self.unused.pop() {
            self.rows[unused as usize] = row;
            return unused;
        }
        self.rows.push(row);
        self.rows.len() as u32 - 1
    }

    /// Somebody follows a plan no more.
    pub(super) fn give_up(&mut self, row: u32) {
        let plan = &mut self.rows[row as usize];
        plan.followers -= 1;
        if plan.followers == 0 {
            plan.plan = LanePlan::default();
            if let Some(key) = plan.known_by.take() {
                self.known.remove(&key);
            }
            self.unused.push(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::fixtures::Plan;

    #[test]
    fn a_plan_is_shared_while_somebody_follows_it_and_its_row_is_used_again_afterwards() {
        let mut town = Plan::default();
        let places = [0.0, 500.0].map(|x| town.junction(x, 0.0));
        town.street(places[0], places[1], 1, 13.89, 0.0);
        let network = LaneNetwork::build(&town.rows).unwrap();
        let mut plans = Plans::default();
        let route = (7, &[0][..]);
        let first = plans.follow_route(&network, route, Some(1), &[]);
        assert_eq!(plans.follow_route(&network, route, Some(1), &[]), first);
        let other = plans.follow_route(&network, route, Some(2), &[]);
        assert_ne!(other, first);
        plans.give_up(first);
        assert_eq!(plans.of(first).streets, [0], "one still follows it");
        plans.give_up(first);
        assert_eq!(plans.follow_route(&network, route, Some(3), &[]), first);
        assert_ne!(plans.follow_route(&network, route, Some(1), &[]), other);
    }
}

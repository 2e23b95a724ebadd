//! Which lane leads where along a route.
//!
//! For each street of a route and each of its lanes: how far one gets without changing lanes, in which direction the
//! nearest lane lies from which one gets furthest, and which passage to take at the end. Worked out once for each route and
//! permission, from the route's end backwards.

use std::collections::HashMap;

use super::drivers::NONE;
use crate::traffic::demand::Stop;
use crate::traffic::network::LaneNetwork;
use crate::traffic::routing::may_use;

/// Nobody looks further beyond the end of a street than this for a lane, in metres.
const FORESIGHT_M: f64 = 3000.0;
/// In a roundabout the inner lanes are there to be used although one has to leave them again: each of its streets that lies
/// ahead counts as so much longer, in metres.
const ROUNDABOUT_M: f64 = 100.0;
/// A lane that is not longer than another by this leads no further, in metres.
const SAME_M: f64 = 1.0;

/// What one lane of one street is worth on a route.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outlook {
    /// How far one gets from the lane's beginning without changing lanes, in metres.
    pub(super) reach_m: f32,
    /// How many lanes to the left (to the right if negative) the nearest lane is from which one gets furthest.
    pub(super) offset: i8,
    /// The passage to take at its end; [`NONE`] where the lane does not lead on, or the route ends.
    pub(super) passage: u32,
}

/// One route for one permission: outlooks of the lanes of its streets.
#[derive(Clone, Debug)]
pub(super) struct LanePlan {
    /// The streets of the route.
    pub(super) streets: Vec<u32>,
    /// Where the outlooks of each street begin.
    starts: Vec<u32>,
    outlooks: Vec<Outlook>,
}

impl LanePlan {
    /// The outlook of a lane, by the street's place in the route and the lane's number from the right.
    pub(super) fn outlook(&self, route_position: u32, lane: u32) -> Outlook {
        self.outlooks[(self.starts[route_position as usize] + lane) as usize]
    }

    /// Whether a street of the route is its last.
    pub(super) fn is_last(&self, route_position: u32) -> bool {
        route_position as usize + 1 == self.streets.len()
    }

    pub(super) fn new(network: &LaneNetwork, streets: &[u32], permission: Option<u8>, stops: &[Stop]) -> Self {
        let mut starts = Vec::with_capacity(streets.len());
        let mut count = 0;
        for &street in streets {
            starts.push(count);
            count += network.streets[street as usize].lane_count;
        }
        let nothing = Outlook { reach_m: 0.0, offset: 0, passage: NONE };
        let mut plan = Self { streets: streets.to_vec(), starts, outlooks: vec![nothing; count as usize] };
        for position in (0..streets.len()).rev() {
            plan.fill(network, position, permission, stops);
        }
        plan
    }

    fn fill(&mut self, network: &LaneNetwork, position: usize, permission: Option<u8>, stops: &[Stop]) {
        let street = &network.streets[self.streets[position] as usize];
        let start = self.starts[position] as usize;
        let next = self.streets.get(position + 1).copied();
        let stop_ahead = |lane: u32| {
            let mut here = stops.iter().filter(|stop| stop.route_position as usize == position + 1).peekable();
            here.peek().is_none() || here.any(|stop| stop.lane == lane)
        };
        let mut reaches = vec![0.0; street.lane_count as usize];
        for (number, lane) in street.lanes().enumerate() {
            let row = &network.lanes[lane as usize];
            if !may_use(permission, row.permissions) {
                continue;
            }
            let mut best: Option<(f64, u32, u32)> = None;
            let passages = row.passages.range();
            for passage_row in passages.filter(|_| next.is_some()) {
                let passage = &network.passages[passage_row];
                let target = &network.lanes[passage.exit_lane as usize];
                if Some(passage.exit_street) != next || !may_use(permission, target.permissions) {
                    continue;
                }
                let to = &network.streets[passage.exit_street as usize];
                let target_number = passage.exit_lane - to.first_lane;
                let ahead = self.outlooks[(self.starts[position + 1] + target_number) as usize];
                // Where it has to stop on the next street, only the stop's lane is worth anything.
                let worth =
                    if stop_ahead(passage.exit_lane) { f64::from(ahead.reach_m) } else { target.length_m * 0.5 };
                let more_m = if to.is_roundabout { ROUNDABOUT_M } else { 0.0 };
                let reach = worth + more_m + passage.inside_length_m;
                let shift = target_number.abs_diff(number as u32);
                if best.is_none_or(|(most, _, least)| reach > most + SAME_M || (reach > most - SAME_M && shift < least))
                {
                    best = Some((reach, passage_row as u32, shift));
                }
            }
            let (ahead_m, passage) = best.map_or((0.0, NONE), |(reach, passage, _)| (reach, passage));
            let outlook = &mut self.outlooks[start + number];
            outlook.passage = passage;
            outlook.reach_m = (row.length_m + ahead_m.min(FORESIGHT_M)) as f32;
            reaches[number] = f64::from(outlook.reach_m);
        }
        let most = reaches.iter().copied().fold(0.0, f64::max);
        for number in 0..reaches.len() {
            let nearest = (0..reaches.len())
                .filter(|&other| reaches[other] > most - SAME_M)
                .min_by_key(|&other| (other.abs_diff(number), other))
                .unwrap_or(number);
            self.outlooks[start + number].offset = (nearest as i64 - number as i64).clamp(-100, 100) as i8;
        }
    }
}

/// The plans of all routes, each worked out once for all who share it.
#[derive(Clone, Debug, Default)]
pub(super) struct LanePlans {
    pub(super) plans: Vec<LanePlan>,
    known: HashMap<(u32, Option<u8>), u32>,
}

impl LanePlans {
    /// The row of the plan of a route for a permission. Trips with stops have a plan of their own.
    pub(super) fn row(
        &mut self,
        network: &LaneNetwork,
        route: u32,
        streets: &[u32],
        permission: Option<u8>,
        stops: &[Stop],
    ) -> u32 {
        let next = self.plans.len() as u32;
        if stops.is_empty() {
            match self.known.entry((route, permission)) {
                std::collections::hash_map::Entry::Occupied(entry) => return *entry.get(),
                std::collections::hash_map::Entry::Vacant(entry) => entry.insert(next),
            };
        }
        self.plans.push(LanePlan::new(network, streets, permission, stops));
        next
    }
}

//! Which lane leads where along a route.
//!
//! For each street of a route and each of its lanes: how far one gets without changing lanes, in which direction the
//! nearest lane lies from which one gets furthest, and which passage to take at the end. Worked out once for each route and
//! permission, from the route's end backwards.

use std::collections::HashMap;

use super::drivers::NONE;
use crate::traffic::demand::Stop;
use crate::traffic::network::LaneNetwork;
use crate::traffic::routing::{may_pass, may_use};

/// Nobody looks further beyond the end of a street than this for a lane, in metres.
const FORESIGHT_M: f64 = 3000.0;
/// In a roundabout the inner lanes are there to be used although one has to leave them again: each of its streets that lies
/// ahead counts as so much longer, in metres.
const ROUNDABOUT_M: f64 = 100.0;
/// Who goes along so many streets of a roundabout keeps to its inner lanes.
const FAR_AROUND: usize = 3;
/// A lane that is not longer than another by this leads no further, in metres.
const SAME_M: f64 = 1.0;

/// What one lane of one street is worth on a route.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outlook {
    /// How far one gets from the lane's beginning without changing lanes, in metres.
    pub(super) reach_m: f32,
    /// How many lanes to the left (to the right if negative) the nearest lane is from which one gets furthest.
    pub(super) offset: i8,
    /// How many streets of the route one gets onto from it without changing lanes.
    pub(super) streets: u16,
    /// The passage to take at its end; [`NONE`] where the lane does not lead on, or the route ends.
    pub(super) passage: u32,
    /// The lane of the next street that it leads to, and that lane's number from the right, where there is a passage.
    pub(super) exit_lane: u32,
    pub(super) exit_number: u16,
}

/// One route for one permission: outlooks of the lanes of its streets.
#[derive(Clone, Debug, Default)]
pub(super) struct LanePlan {
    /// The streets of the route.
    pub(super) streets: Vec<u32>,
    /// The most lanes that any of them has.
    lanes_max: u32,
    /// Of each street so many, whether it has so many lanes or fewer: one look into memory less for each look at a lane.
    outlooks: Vec<Outlook>,
}

impl LanePlan {
    /// The outlook of a lane, by the street's place in the route and the lane's number from the right.
    pub(super) fn outlook(&self, route_position: u32, lane: u32) -> Outlook {
        self.outlooks[(route_position * self.lanes_max + lane) as usize]
    }

    /// Whether a street of the route is its last.
    pub(super) fn is_last(&self, route_position: u32) -> bool {
        route_position as usize + 1 == self.streets.len()
    }

    pub(super) fn new(network: &LaneNetwork, streets: &[u32], permission: Option<u8>, stops: &[Stop]) -> Self {
        let lanes_max = streets.iter().map(|&street| network.streets[street as usize].lane_count).max().unwrap_or(0);
        let nothing = Outlook { reach_m: 0.0, offset: 0, streets: 0, passage: NONE, exit_lane: NONE, exit_number: 0 };
        let outlooks = vec![nothing; streets.len() * lanes_max as usize];
        let mut plan = Self { streets: streets.to_vec(), lanes_max, outlooks };
        for position in (0..streets.len()).rev() {
            plan.fill(network, position, permission, stops);
        }
        plan
    }

    fn fill(&mut self, network: &LaneNetwork, position: usize, permission: Option<u8>, stops: &[Stop]) {
        let street = &network.streets[self.streets[position] as usize];
        let start = position * self.lanes_max as usize;
        let beyond = Beyond::new(self, network, position, permission, stops);
        let goes_around = |street: u32| network.streets[street as usize].is_roundabout;
        let leaves_ring = street.is_roundabout && beyond.next.is_some_and(|next| !goes_around(next));
        let mut values: Vec<Value> = Vec::with_capacity(street.lane_count as usize);
        for (number, lane) in street.lanes().enumerate() {
            let row = &network.lanes[lane as usize];
            if !may_use(permission, row.permissions) {
                values.push(Value::NOTHING);
                continue;
            }
            let mut ahead = beyond.best(self, network, lane);
            let leads_there = |right: u32| {
                network.passages_from(right).iter().any(|passage| Some(passage.exit_street) == beyond.next)
            };
            if leaves_ring && (street.first_lane..lane).any(leads_there) {
                // Only those leave a roundabout here who did not get to the lane further out.
                ahead.worth_m = 0.0;
            }
            let outlook = &mut self.outlooks[start + number];
            outlook.passage = ahead.passage;
            (outlook.exit_lane, outlook.exit_number) = (ahead.lane, ahead.number as u16);
            outlook.reach_m = (row.length_m + ahead.worth_m.min(FORESIGHT_M)) as f32;
            outlook.streets = ahead.streets;
            values.push(Value { reach_m: f64::from(outlook.reach_m), streets: ahead.counted(), astray: ahead.astray });
        }
        self.share_ring(network, position, &mut values);
        for number in 0..values.len() {
            let nearest = (0..values.len())
                .filter(|&other| values.iter().all(|value| !value.is_better_than(&values[other])))
                .min_by_key(|&other| (other.abs_diff(number), other))
                .unwrap_or(number);
            let outlook = &mut self.outlooks[start + number];
            outlook.offset = (nearest as i64 - number as i64).clamp(-100, 100) as i8;
        }
    }

    /// Makes all lanes of a roundabout that lead further around as good as the best, before the street on which one leaves it. Who
    /// goes far around keeps to the inner ones.
    fn share_ring(&mut self, network: &LaneNetwork, position: usize, values: &mut [Value]) {
        let is_ring = |street: &u32| network.streets[*street as usize].is_roundabout;
        let around = self.streets[position..].iter().take_while(|street| is_ring(street)).count();
        if around < 2 {
            return;
        }
        let start = position * self.lanes_max as usize;
        let best_m = values.iter().map(|value| value.reach_m).fold(0.0, f64::max);
        let innermost = values.len() - 1;
        for (number, value) in values.iter_mut().enumerate() {
            let outlook = &mut self.outlooks[start + number];
            if outlook.passage == NONE {
                continue;
            }
            let astray = if around >= FAR_AROUND { (innermost - number) as u32 } else { 0 };
            *value = Value { reach_m: best_m, streets: u16::MAX, astray };
            outlook.reach_m = best_m as f32;
        }
    }
}

/// What decides which lane of a street is best: how far it leads, then onto how many streets, which may be very short, then how
/// many lanes one has to change on the next street.
#[derive(Clone, Copy)]
struct Value {
    reach_m: f64,
    streets: u16,
    astray: u32,
}

impl Value {
    const NOTHING: Self = Self { reach_m: 0.0, streets: 0, astray: 0 };

    fn is_better_than(&self, other: &Self) -> bool {
        if (self.reach_m - other.reach_m).abs() > SAME_M {
            return self.reach_m > other.reach_m;
        }
        (other.streets, self.astray) < (self.streets, other.astray)
    }
}

/// What the next street of a route is worth to those who come from a street.
struct Beyond<'a> {
    next: Option<u32>,
    position: usize,
    permission: Option<u8>,
    stops: &'a [Stop],
    /// Of all its lanes the best, and of those that one gets onto, in metres.
    best_m: f64,
    best_connected_m: f64,
    /// The most streets that one gets onto from any of its lanes that lead as far as the best.
    best_streets: u16,
}

/// Where one lane leads.
struct Onward {
    passage: u32,
    worth_m: f64,
    /// Onto how many streets it leads.
    streets: u16,
    /// How many lanes one has to change on the next street.
    astray: u32,
    /// The lane of the next street, and its number from the right.
    lane: u32,
    number: u32,
}

impl Onward {
    /// Onto how many streets it leads, where that decides: beyond what one looks ahead for, it does not.
    fn counted(&self) -> u16 {
        if self.worth_m < FORESIGHT_M { self.streets } else { u16::MAX }
    }
}

impl<'a> Beyond<'a> {
    fn new(plan: &LanePlan, network: &LaneNetwork, position: usize, permission: Option<u8>, stops: &'a [Stop]) -> Self {
        let next = plan.streets.get(position + 1).copied();
        let mut beyond =
            Self { next, position, permission, stops, best_m: 0.0, best_connected_m: 0.0, best_streets: 0 };
        let Some(next) = next else { return beyond };
        let lanes = network.streets[next as usize].lanes();
        beyond.best_m = lanes.clone().map(|lane| beyond.worth_m(plan, network, lane)).fold(0.0, f64::max);
        let best = lanes.filter(|&lane| beyond.worth_m(plan, network, lane) > beyond.best_m - SAME_M);
        beyond.best_streets = best.map(|lane| beyond.streets(plan, network, lane)).max().unwrap_or(0);
        let street = &network.streets[plan.streets[position] as usize];
        let passages = street.lanes().flat_map(|lane| network.lanes[lane as usize].passages.range());
        beyond.best_connected_m = passages
            .map(|row| &network.passages[row])
            .filter(|passage| passage.exit_street == next && may_pass(network, permission, passage))
            .map(|passage| beyond.worth_m(plan, network, passage.exit_lane))
            .fold(0.0, f64::max);
        beyond
    }

    /// How far one gets on a lane of the next street; 0 where one may not drive.
    fn worth_m(&self, plan: &LanePlan, network: &LaneNetwork, lane: u32) -> f64 {
        let row = &network.lanes[lane as usize];
        let Some(next) = self.next.filter(|_| may_use(self.permission, row.permissions)) else { return 0.0 };
        let street = &network.streets[next as usize];
        let more_m = if street.is_roundabout { ROUNDABOUT_M } else { 0.0 };
        // Where it has to stop on the next street, only the stop's lane is worth anything.
        let mut here = self.stops.iter().filter(|stop| stop.route_position as usize == self.position + 1).peekable();
        if here.peek().is_some() && !here.any(|stop| stop.lane == lane) {
            return row.length_m * 0.5 + more_m;
        }
        f64::from(plan.outlook(self.position as u32 + 1, lane - street.first_lane).reach_m) + more_m
    }

    /// Onto how many streets one gets by a lane of the next street, that one included.
    fn streets(&self, plan: &LanePlan, network: &LaneNetwork, lane: u32) -> u16 {
        let Some(next) = self.next else { return 0 };
        let number = lane - network.streets[next as usize].first_lane;
        plan.outlook(self.position as u32 + 1, number).streets.saturating_add(1)
    }

    /// The best way on from a lane: that which leads furthest, then onto most streets, then that after which one changes fewest
    /// lanes, then the rightmost.
    fn best(&self, plan: &LanePlan, network: &LaneNetwork, lane: u32) -> Onward {
        let mut best = Onward { passage: NONE, worth_m: 0.0, streets: 0, astray: 0, lane: NONE, number: 0 };
        for row in network.lanes[lane as usize].passages.range() {
            let passage = &network.passages[row];
            let Some(next) = self.next.filter(|&next| next == passage.exit_street) else { continue };
            if !may_pass(network, self.permission, passage) {
                continue;
            }
            let worth_m = self.worth_m(plan, network, passage.exit_lane);
            let number = passage.exit_lane - network.streets[next as usize].first_lane;
            let astray = u32::from(plan.outlook(self.position as u32 + 1, number).offset.unsigned_abs());
            let is_same = (worth_m - best.worth_m).abs() <= SAME_M;
            let streets = self.streets(plan, network, passage.exit_lane);
            let onward = Onward { passage: row as u32, worth_m, streets, astray, lane: passage.exit_lane, number };
            let is_nearer = is_same && (best.counted(), astray, number) < (onward.counted(), best.astray, best.number);
            if best.passage == NONE || worth_m > best.worth_m + SAME_M || is_nearer {
                best = onward;
            }
        }
        // Where the best that one gets onto is beside the best of all, one change there is no reason to prefer another lane.
        if best.passage != NONE && best.worth_m > self.best_connected_m - SAME_M && best.astray < 2 {
            best.worth_m = self.best_m;
            best.streets = best.streets.max(self.best_streets);
        }
        best
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

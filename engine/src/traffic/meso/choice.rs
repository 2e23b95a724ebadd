//! Which lane comes next: of those from which the route goes on furthest, the emptiest that one can reach.
//!
//! Lanes are chosen when a street is entered, and not changed later: so a street has a queue for each of its lanes. Who comes
//! from a junction can take the lane that it leads to, and lanes beside it that are near enough for the street's length.

use super::simulation::Meso;
use crate::traffic::demand::DepartLane;
use crate::traffic::drivers::NONE;
use crate::traffic::lane_plan::Outlook;
use crate::traffic::network::{LaneNetwork, Permissions};
use crate::traffic::routing::may_use;

/// One changes a lane in this way, in metres.
const CHANGE_M: f64 = 50.0;
/// A lane beside is worth a change where it is emptier by this, in metres.
const WORTH_M: f64 = 15.0;
/// Too many changes for the way are worse than any queue: each by this, in metres.
const TOO_FAR_M: f64 = 1e4;
/// A lane that does not lead on is worse than that, in metres.
const ASTRAY_M: f64 = 1e6;

/// A way out of a lane, in one row of all that choosing a lane asks of it: the network's own rows are large and far apart.
#[derive(Clone, Copy, Debug)]
struct Exit {
    passage: u32,
    street: u32,
    lane: u32,
    /// The lane inside the junction on which one waits; none where one does not.
    waits_on: u32,
    permissions: Permissions,
    /// Whether the street has no other lane: then there is nothing to choose.
    is_sole: bool,
}

impl Exit {
    /// The passage, and the lane on which one queues who goes on to a lane behind the junction.
    fn onto(&self, lane: u32) -> (u32, u32) {
        (self.passage, if self.waits_on == NONE { lane } else { self.waits_on })
    }
}

/// The ways out of all lanes.
#[derive(Clone, Debug)]
pub(super) struct Exits {
    first: Vec<u32>,
    rows: Vec<Exit>,
}

impl Exits {
    pub(super) fn new(network: &LaneNetwork) -> Self {
        let mut exits = Self { first: vec![0], rows: Vec::with_capacity(network.passages.len()) };
        for lane in &network.lanes {
            exits.rows.extend(lane.passages.range().map(|number| {
                let passage = &network.passages[number];
                let [inside, behind] = [passage.to_lane, passage.exit_lane].map(|lane| &network.lanes[lane as usize]);
                Exit {
                    passage: number as u32,
                    street: passage.exit_street,
                    lane: passage.exit_lane,
                    is_sole: network.streets[passage.exit_street as usize].lane_count == 1,
                    waits_on: if passage.waits_inside { passage.to_lane } else { NONE },
                    permissions: Permissions(inside.permissions.0 & behind.permissions.0),
                }
            }));
            exits.first.push(exits.rows.len() as u32);
        }
        exits
    }

    /// Whether a way leads from a lane, or from one beside it, to another lane: to its street, or to where one waits inside a
    /// junction.
    pub(super) fn lead(&self, network: &LaneNetwork, from: u32, to: u32) -> bool {
        let street = network.lanes[to as usize].street;
        let leads =
            |exit: &Exit| street.map_or(exit.waits_on == to, |street| exit.street == street && exit.waits_on == NONE);
        let of = |lane: u32| self.of(lane).iter().any(leads);
        of(from)
            || network.lanes[from as usize]
                .street
                .is_some_and(|street| network.streets[street as usize].lanes().any(of))
    }

    fn of(&self, lane: u32) -> &[Exit] {
        &self.rows[self.first[lane as usize] as usize..self.first[lane as usize + 1] as usize]
    }
}

impl Meso<'_> {
    /// The passage that a vehicle takes at the end of its lane, and the lane on which it then queues; none at the end of its
    /// route, or where its street does not lead on. Who is on a lane that does not lead on turns from the nearest that does.
    pub(super) fn heading(&self, vehicle: u32) -> Option<(u32, u32)> {
        let row = self.queues.vehicle(vehicle);
        if row.toward == NONE {
            return None;
        }
        self.heading_from(row.lane, vehicle).or_else(|| {
            let street = &self.network.streets[self.network.lanes[row.lane as usize].street? as usize];
            let lanes = street.lanes();
            let beside = (1..street.lane_count).flat_map(|by| [row.lane.wrapping_sub(by), row.lane + by]);
            beside.filter(|other| lanes.contains(other)).find_map(|other| self.heading_from(other, vehicle))
        })
    }

    /// The same from a lane.
    fn heading_from(&self, from: u32, vehicle: u32) -> Option<(u32, u32)> {
        let row = self.queues.vehicle(vehicle);
        let permission = self.kind(vehicle).permission;
        let leads_there = |exit: &&Exit| exit.street == row.toward && may_use(permission, exit.permissions);
        let mut exits = self.exits.of(from).iter().filter(leads_there).peekable();
        if let Some(exit) = exits.peek().filter(|exit| exit.is_sole) {
            return Some(exit.onto(exit.lane));
        }
        let street = &self.network.streets[row.toward as usize];
        let plan = self.plans.of(row.plan);
        let position = row.route_position + 1;
        let is_last = plan.is_last(position);
        let mut best: Option<(f64, &Exit, u32)> = None;
        for exit in exits {
            for lane in street.lanes() {
                let outlook = plan.outlook(position, lane - street.first_lane);
                if outlook.reach_m <= 0.0 {
                    continue;
                }
                let state = self.queues.lane(lane);
                let mut cost = self.astray_m(&outlook, lane, is_last) + state.needed_m;
                let shift = lane.abs_diff(exit.lane);
                if shift > 0 {
                    let too_far = shift.saturating_sub((state.storage_m / CHANGE_M) as u32);
                    cost += f64::from(too_far) * TOO_FAR_M + f64::from(shift) * WORTH_M;
                }
                if best.is_none_or(|(least, ..)| cost < least) {
                    best = Some((cost, exit, lane));
                }
            }
        }
        best.map(|(_, exit, lane)| exit.onto(lane))
    }

    /// How much emptier, in metres, a lane has to be than those that lead furthest, to be worth the changes that follow from it.
    fn astray_m(&self, outlook: &Outlook, lane: u32, is_last: bool) -> f64 {
        let missed = f64::from(outlook.offset.unsigned_abs());
        if missed == 0.0 {
            return 0.0;
        }
        if outlook.passage == NONE && !is_last {
            return ASTRAY_M;
        }
        let changes = (f64::from(outlook.reach_m) - self.network.lanes[lane as usize].length_m) / CHANGE_M;
        missed * WORTH_M + (missed - changes).max(0.0) * TOO_FAR_M
    }

    /// The lane on which a trip begins, and on which its vehicle can go on.
    pub(super) fn first_lane(&self, vehicle: u32) -> Option<u32> {
        let row = self.queues.vehicle(vehicle);
        let plan = self.plans.of(row.plan);
        let street = &self.network.streets[plan.streets[0] as usize];
        let reach = |lane: u32| plan.outlook(0, lane - street.first_lane);
        let goes_on = |lane: u32| reach(lane).reach_m > 0.0 && (plan.is_last(0) || reach(lane).passage != NONE);
        let least = |cost: &dyn Fn(u32) -> f64| {
            let lanes = street.lanes().filter(|&lane| goes_on(lane));
            lanes.min_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)))
        };
        let needed_m = |lane: u32| self.queues.lane(lane).needed_m;
        let leads_on = || least(&|lane| needed_m(lane) + self.astray_m(&reach(lane), lane, plan.is_last(0)));
        let wanted = match self.demand.trips[vehicle as usize].depart_lane {
            DepartLane::Given(number) => Some(street.first_lane + number.min(street.lane_count - 1)),
            DepartLane::First => street.lanes().find(|&lane| goes_on(lane)),
            DepartLane::Free => least(&needed_m),
            DepartLane::Best => leads_on(),
        };
        // Who begins where the lane does not lead on changes lanes at once.
        wanted.filter(|&lane| goes_on(lane)).or_else(leads_on)
    }
}

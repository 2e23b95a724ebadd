//! Which lane comes next: of those from which the route goes on furthest, the emptiest that one can reach.
//!
//! Lanes are chosen when a street is entered, and not changed later: so a street has a queue for each of its lanes. Who comes
//! from a junction can take the lane that it leads to, and lanes beside it that are near enough for the street's length.

use super::simulation::Meso;
use crate::traffic::demand::DepartLane;
use crate::traffic::drivers::NONE;
use crate::traffic::lane_plan::Outlook;
use crate::traffic::routing::may_pass;

/// One changes a lane in this way, in metres.
const CHANGE_M: f64 = 50.0;
/// A lane beside is worth a change where it is emptier by this, in metres.
const WORTH_M: f64 = 15.0;
/// Too many changes for the way are worse than any queue: each by this, in metres.
const TOO_FAR_M: f64 = 1e4;
/// A lane that does not lead on is worse than that, in metres.
const ASTRAY_M: f64 = 1e6;

impl Meso<'_> {
    /// The passage that a vehicle takes at the end of its lane, and the lane on which it then queues; none at the end of its
    /// route, or where its street does not lead on. Who is on a lane that does not lead on turns from the nearest that does.
    pub(super) fn heading(&self, vehicle: u32) -> Option<(u32, u32)> {
        let row = self.queues.vehicle(vehicle);
        if row.toward == NONE {
            return None;
        }
        self.heading_from(row.lane, vehicle).or_else(|| {
            let street = self.network.lanes[row.lane as usize].street?;
            let mut others: Vec<u32> = self.network.streets[street as usize].lanes().collect();
            others.sort_by_key(|&other| (other.abs_diff(row.lane), other));
            others.into_iter().find_map(|other| self.heading_from(other, vehicle))
        })
    }

    /// The same from a lane.
    fn heading_from(&self, from: u32, vehicle: u32) -> Option<(u32, u32)> {
        let row = self.queues.vehicle(vehicle);
        let permission = self.kind(vehicle).permission;
        let street = &self.network.streets[row.toward as usize];
        let plan = &self.plans.plans[row.plan as usize];
        let mut best: Option<(f64, u32, u32)> = None;
        for number in self.network.lanes[from as usize].passages.range() {
            let passage = &self.network.passages[number];
            if passage.exit_street != row.toward || !may_pass(self.network, permission, passage) {
                continue;
            }
            for lane in street.lanes() {
                let outlook = plan.outlook(row.route_position + 1, lane - street.first_lane);
                if outlook.reach_m <= 0.0 {
                    continue;
                }
                let state = self.queues.lane(lane);
                let shift = f64::from(lane.abs_diff(passage.exit_lane));
                let too_far = (shift - (state.storage_m / CHANGE_M).floor()).max(0.0);
                let cost = self.astray_m(&outlook, lane, plan.is_last(row.route_position + 1))
                    + too_far * TOO_FAR_M
                    + shift * WORTH_M
                    + state.needed_m;
                if best.is_none_or(|(least, ..)| cost < least) {
                    best = Some((cost, number as u32, lane));
                }
            }
        }
        let (_, number, lane) = best?;
        let passage = &self.network.passages[number as usize];
        Some((number, if passage.waits_inside { passage.to_lane } else { lane }))
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
        let plan = &self.plans.plans[row.plan as usize];
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

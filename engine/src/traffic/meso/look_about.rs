//! Who is about to begin, or has lost much on the way, chooses another way ([`crate::traffic::informed`]).

use super::relief::REROUTES_MAX;
use super::simulation::Meso;
use crate::traffic::drivers::NONE;
use crate::traffic::informed::{ANNOYED_S, Chooser, LOOKS_AGAIN_S};
use crate::traffic::lane_plan::LanePlan;

impl Meso<'_> {
    /// Who is about to begin chooses another way if that is clearly faster now.
    pub(super) fn look_ahead(&mut self, vehicle: u32, now_s: f64) {
        if (self.known.is_informed(self.demand, vehicle) || self.leads_over_closed(vehicle, now_s))
            && let Some(way) = self.clearly_faster(vehicle, now_s)
        {
            self.follow(vehicle, way);
            self.relief.informed += 1;
        }
    }

    /// Who has lost that much on the street before, and comes onto a lane now, does the same, if the other way begins on that
    /// lane.
    pub(super) fn look_about(&mut self, vehicle: u32, lane: u32, lost_s: f64, now_s: f64) {
        let row = self.queues.vehicle(vehicle);
        let is_annoyed =
            lost_s >= ANNOYED_S && now_s >= row.looks_again_s && self.known.is_informed(self.demand, vehicle);
        if row.reroutes >= REROUTES_MAX || !(is_annoyed || self.leads_over_closed(vehicle, now_s)) {
            return;
        }
        if is_annoyed {
            self.queues.vehicle_mut(vehicle).looks_again_s = now_s + LOOKS_AGAIN_S;
        }
        let Some(way) = self.clearly_faster(vehicle, now_s) else { return };
        let street = &self.network.streets[way.streets[0] as usize];
        if way.outlook(0, lane - street.first_lane).passage == NONE {
            return;
        }
        self.follow(vehicle, way);
        let row = self.queues.vehicle_mut(vehicle);
        row.route_position = 0;
        row.reroutes += 1;
        self.relief.reroutes += 1;
    }

    /// Whether the way of a vehicle that is free to choose leads over a street that is closed to it now.
    fn leads_over_closed(&self, vehicle: u32, now_s: f64) -> bool {
        let row = self.queues.vehicle(vehicle);
        let chooser = Chooser {
            permission: self.kind(vehicle).permission,
            rest: &self.plans.of(row.plan).streets[row.route_position as usize..],
            now_s,
        };
        self.demand.trips[vehicle as usize].stops.is_empty() && self.known.leads_over_closed(self.demand, &chooser)
    }

    fn clearly_faster(&mut self, vehicle: u32, now_s: f64) -> Option<LanePlan> {
        let (network, queues) = (self.network, &self.queues);
        self.known.renew(now_s, |street, _| queues.longest_held_s(network, street, now_s));
        let row = queues.vehicle(vehicle);
        let permission = self.kind(vehicle).permission;
        let rest = &self.plans.of(row.plan).streets[row.route_position as usize..];
        let chooser = Chooser { permission, rest, now_s };
        let found = self.known.clearly_faster(self.demand, &mut self.finder, &chooser);
        found.map(|streets| LanePlan::new(self.network, &streets, permission, &[]))
    }

    /// A vehicle follows another plan from now on.
    pub(super) fn follow(&mut self, vehicle: u32, way: LanePlan) {
        let plan = self.plans.follow(way);
        let before = std::mem::replace(&mut self.queues.vehicle_mut(vehicle).plan, plan);
        self.plans.give_up(before);
    }
}

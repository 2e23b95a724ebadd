//! Who is about to begin, or has lost much on the way, chooses another way ([`crate::traffic::informed`]).

use super::relief::REROUTES_MAX;
use super::simulation::Meso;
use crate::traffic::drivers::NONE;
use crate::traffic::informed::{ANNOYED_S, Chooser, LOOKS_AGAIN_S};
use crate::traffic::lane_plan::LanePlan;

impl Meso<'_> {
    /// How long a street takes now, as far as is known.
    pub(super) fn expected_s(&self, street: u32, now_s: f64) -> f64 {
        self.known.expected_s(street, self.longest_held_s(street, now_s), now_s)
    }

    /// How long those at the end of a street have waited, at most, in seconds.
    pub(super) fn longest_held_s(&self, street: u32, now_s: f64) -> f64 {
        let held_s = self.network.streets[street as usize].lanes().map(|lane| self.queues.held_s(lane));
        held_s.fold(0.0, |longest_s, held_s| f64::max(longest_s, now_s - held_s))
    }

    /// Who is about to begin chooses another way if that is clearly faster now.
    pub(super) fn look_ahead(&mut self, vehicle: u32, now_s: f64) {
        if self.known.is_informed(self.demand, vehicle)
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
        if lost_s < ANNOYED_S
            || row.reroutes >= REROUTES_MAX
            || now_s < row.looks_again_s
            || !self.known.is_informed(self.demand, vehicle)
        {
            return;
        }
        self.queues.vehicle_mut(vehicle).looks_again_s = now_s + LOOKS_AGAIN_S;
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

    fn clearly_faster(&mut self, vehicle: u32, now_s: f64) -> Option<LanePlan> {
        let mut finder = std::mem::take(&mut self.finder);
        let row = self.queues.vehicle(vehicle);
        let permission = self.kind(vehicle).permission;
        let chooser = Chooser {
            demand: self.demand,
            permission,
            rest: &self.plans.plans[row.plan as usize].streets[row.route_position as usize..],
            now_s,
            held_s: &|street| self.longest_held_s(street, now_s),
        };
        let found = self.known.clearly_faster(&mut finder, &chooser);
        self.finder = finder;
        found.map(|streets| LanePlan::new(self.network, &streets, permission, &[]))
    }

    fn follow(&mut self, vehicle: u32, way: LanePlan) {
        self.plans.plans.push(way);
        self.queues.vehicle_mut(vehicle).plan = self.plans.plans.len() as u32 - 1;
    }
}

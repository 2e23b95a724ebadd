//! What signals that follow traffic see of queues.
//!
//! Vehicles have no position while they are on a lane; where they are follows from when they can be at its end. Who is
//! undisturbed is before the stop line by its speed times the time that is left. Who queues stands behind those ahead,
//! each taking its room; once the queue moves it passes a loop before the stop line as much earlier as the way from there
//! takes. While somebody who should have passed the loop by now has not, the queue stands over it, or passes it without a
//! gap.

use super::lamps::is_outer;
use super::queues::Hold;
use super::simulation::Meso;
use crate::signals::control::BusObservation;
use crate::traffic::drivers::NONE;
use crate::traffic::network::Detector;

/// How many lanes ahead a bus is followed to its stop line.
const BUS_LANES_MAX: u32 = 12;
/// How vehicles start from a queue, in m/s²: passenger cars, less their imperfection.
const STARTING_MPS2: f64 = 2.0;

impl Meso<'_> {
    /// When a vehicle was last over a loop, in seconds: now, or before; never, if none was.
    pub(super) fn over_loop_s(&self, detector: &Detector, now_s: f64) -> f64 {
        if !self.is_queue(detector.loop_lane) {
            // Inside a junction behind: the last vehicle to cross that.
            let last = &self.crossings[detector.loop_lane as usize];
            return (last.entered_s + (detector.loop_m + last.length_m) / last.pace_mps).min(now_s);
        }
        let length_m = self.network.lanes[detector.loop_lane as usize].length_m;
        let before_m = length_m - detector.loop_m;
        let row = self.queues.lane(detector.loop_lane);
        let limit_mps = self.network.lanes[detector.loop_lane as usize].speed_limit_mps;
        let pace_mps = |speed_mps: f64| 0.5 * (speed_mps + limit_mps);
        // Who passes the stop line so slowly stood beyond the loop before it started.
        let stood_beyond =
            |speed_mps: f64, length_m: f64| speed_mps * speed_mps < 2.0 * STARTING_MPS2 * (before_m - length_m);
        let mut last_s = f64::NEG_INFINITY;
        let moves = matches!(row.hold, Hold::No) && row.due_s.is_finite();
        let (mut vehicle, mut ahead_m) = (row.front, 0.0);
        if !stood_beyond(row.left_mps, row.left_m) {
            last_s = row.left_s - ((before_m - row.left_m) / pace_mps(row.left_mps)).max(0.0);
        }
        let mut passes_s = row.due_s.max(now_s);
        let mut passing_mps = row.ready_mps;
        while vehicle != NONE {
            let facts = self.queues.vehicle(vehicle);
            let kind = self.kind(vehicle);
            let pace = pace_mps(facts.speed_mps);
            if facts.earliest_s - before_m / pace > now_s {
                // It has not come to the loop.
                break;
            }
            let clears_s = ((before_m - kind.length_m) / pace).max(0.0);
            let has_room = ahead_m + kind.length_m < before_m;
            let follows_s = passes_s - ((before_m - kind.length_m) / pace_mps(passing_mps)).max(0.0);
            let passed_s = if moves && !stood_beyond(passing_mps, kind.length_m) {
                follows_s
            } else if has_room {
                // It stands, or stood before it started, beyond the loop.
                facts.earliest_s - clears_s
            } else {
                f64::INFINITY
            };
            if passed_s > now_s {
                return now_s;
            }
            last_s = last_s.max(passed_s);
            ahead_m += kind.room_m;
            let (headway_s, following_mps) = kind.headway(kind.room_m, passing_mps, limit_mps);
            passes_s = (passes_s + headway_s).max(facts.earliest_s);
            passing_mps = following_mps;
            vehicle = facts.next;
        }
        last_s.min(now_s)
    }

    /// The vehicles of a lane beyond a place on it, in metres from its beginning.
    pub(super) fn beyond_veh(&self, lane: u32, from_m: f64, now_s: f64) -> u32 {
        let row = self.queues.lane(lane);
        if from_m <= 0.0 {
            return row.count;
        }
        let length_m = self.network.lanes[lane as usize].length_m;
        let (mut vehicle, mut ahead_m, mut count) = (row.front, 0.0, 0);
        while vehicle != NONE {
            let facts = self.queues.vehicle(vehicle);
            let undisturbed_m = (facts.earliest_s - now_s).max(0.0) * facts.speed_mps;
            if length_m - undisturbed_m.max(ahead_m) < from_m {
                break;
            }
            count += 1;
            ahead_m += self.kind(vehicle).room_m;
            vehicle = facts.next;
        }
        count
    }

    /// Whether a bus may still come to a signal; and if it makes no stop on a lane that it has not reached, at which lamp and
    /// when. That of a stop on its own lane is known.
    pub(super) fn bus(
        &self,
        vehicle: u32,
        signal: u32,
        bus_lanes: &[u32],
        now_s: f64,
    ) -> (bool, Option<BusObservation>) {
        if bus_lanes.binary_search(&self.queues.vehicle(vehicle).lane).is_err() {
            return (false, None);
        }
        (true, self.bus_observation(vehicle, signal, now_s))
    }

    /// The lamp of a signal that a bus comes to, and when.
    fn bus_observation(&self, vehicle: u32, signal: u32, now_s: f64) -> Option<BusObservation> {
        let facts = self.queues.vehicle(vehicle);
        let stops = self.demand.trips[vehicle as usize].stops;
        let plan = self.plans.of(facts.plan);
        let mut arrival_s = (facts.earliest_s - now_s).max(0.0);
        let (mut lane, mut route_position) = (facts.lane, facts.route_position);
        for ahead in 0..BUS_LANES_MAX {
            let stops_here = || {
                let next = &self.demand.stops.get(facts.next_stop as usize);
                facts.next_stop < stops.end && next.is_some_and(|stop| stop.route_position == route_position)
            };
            if ahead > 0 && stops_here() {
                return None;
            }
            let row = if ahead == 0 {
                self.heading(vehicle)?.0
            } else {
                let street = &self.network.streets[self.network.lanes[lane as usize].street? as usize];
                let outlook = plan.outlook(route_position, lane - street.first_lane);
                (outlook.passage != NONE).then_some(outlook.passage)?
            };
            let passage = &self.network.passages[row as usize];
            if let (true, Some((ruling, lamp))) = (is_outer(passage), passage.signal) {
                return (ruling == signal).then_some(BusObservation { lamp, arrival_s });
            }
            arrival_s += passage.inside_length_m / self.speeds_mps(vehicle, passage.to_lane).1;
            lane = passage.exit_lane;
            route_position += 1;
            arrival_s += self.network.lanes[lane as usize].length_m / self.speeds_mps(vehicle, lane).1;
        }
        None
    }
}

//! Where vehicles are between events, reconstructed for those who watch.
//!
//! The simulation knows when a vehicle came onto its lane, when it could be at the lane's end if it were alone, how vehicles
//! queue, and which gaps are on their way back. A vehicle is as far along as all of that lets it be:
//!
//! - it drives as it would alone: through the junction, then along the lane, accelerating uniformly to the speed that it
//!   keeps (the same `travel` as in the simulation, solved for the speed at which it came);
//! - it stays behind the vehicle ahead by the room that this one needs in a queue; the first stands before the stop line;
//! - it follows whoever has left the lane only once the gap has come back to it: behind vehicles and gaps that together
//!   need S metres it stands S before the end, until S / (spacing / reaction time) after the departure (Newell 1993).
//!
//! So queues stand bumper to bumper from the stop line back, start from the front, and reach back into the junction where
//! they do in the simulation. Positions never go back, nobody overtakes in a queue. Who stands where others pass it is
//! *aside*: at a stop beside another lane, or before it drives off from the middle of a queue.
//!
//! A speed is the way of the last second. Left out: braking. Where vehicles wait on a lane that is shorter than they are (inside a junction, or where `relief` let
//! a longer one take the place of a shorter one), the last ones stand on each other at the lane's beginning.

use super::motion::Kind;
use super::simulation::Meso;
use crate::signals::Lamp;
use crate::traffic::demand::TrafficDemand;
use crate::traffic::drivers::NONE;
use crate::traffic::network::LaneNetwork;
use crate::traffic::trajectories::{Fidelity, Traffic, VehicleAt, sort};

/// How far before the end of a street's lane the first vehicle of a queue stands, in metres.
const STOP_LINE_GAP_M: f64 = 1.0;
/// Speeds are means over this time, in seconds.
const SPEED_OVER_S: f64 = 1.0;

impl Traffic for Meso<'_> {
    fn fidelity(&self) -> Fidelity {
        Fidelity::Meso
    }

    fn network(&self) -> &LaneNetwork {
        self.network
    }

    fn demand(&self) -> &TrafficDemand {
        self.demand
    }

    fn time_s(&self) -> f64 {
        self.time_s()
    }

    fn is_over(&self) -> bool {
        self.is_over()
    }

    fn advance_to(&mut self, time_s: f64) {
        self.step_to(time_s);
    }

    fn type_of(&self, trip: u32) -> u16 {
        self.drivers[trip as usize].kind
    }

    fn vehicles_at(&self, into: &mut Vec<VehicleAt>) {
        into.clear();
        let beside = self.beside();
        let mut beside = &beside[..];
        let mut departures = Vec::new();
        for lane in 0..self.network.lanes.len() as u32 {
            let count = beside.iter().take_while(|(of, ..)| *of == lane).count();
            let (here, others) = beside.split_at(count);
            beside = others;
            self.places(lane, here, &mut departures, into);
        }
        sort(into);
    }

    fn lamps_by_traffic(&self, signal: u32) -> Option<&[Lamp]> {
        self.controls.lamps(signal)
    }
}

/// Somebody who has left a lane, and whose gap is on its way back.
#[derive(Clone, Copy, Debug)]
struct Departure {
    left_s: f64,
    /// Its speed then; the vehicles behind gain speed from there.
    left_mps: f64,
    room_m: f64,
    /// How long its gap takes to go back by a metre.
    delay_s_per_m: f64,
}

impl Meso<'_> {
    /// Vehicles that are on a lane and not in its queue: lane, since when, and who; in this order.
    fn beside(&self) -> Vec<(u32, f64, u32)> {
        let mut found: Vec<(u32, f64, u32)> =
            self.called().map(|vehicle| (self.queues.vehicle(vehicle).lane, self.joined_s(vehicle), vehicle)).collect();
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        found
    }

    /// Where the vehicles of one lane are. `departures` is a list to work with.
    fn places(
        &self,
        lane: u32,
        beside: &[(u32, f64, u32)],
        departures: &mut Vec<Departure>,
        into: &mut Vec<VehicleAt>,
    ) {
        if beside.is_empty() && self.queues.lane(lane).front == NONE {
            return;
        }
        self.departures(lane, departures);
        let lane_m = self.network.lanes[lane as usize].length_m;
        let end_m = if self.network.lanes[lane as usize].street.is_some() {
            (lane_m - STOP_LINE_GAP_M).max(0.0)
        } else {
            lane_m
        };
        let now_s = self.time_s();
        // Where everybody is now, and where it would have been a little earlier: that tells its speed.
        let mut ahead = Ahead { end_m, bound_m: end_m, room_m: 0.0 };
        let mut ahead_earlier = ahead;
        let mut queue = self.on_lane(lane).peekable();
        let mut others =
            beside.iter().map(|&(.., vehicle)| vehicle).filter(|&other| !self.stands_beside(other)).peekable();
        loop {
            // Who ends its trip before the lane's end drives among those who came before and after it.
            let (next, following) = match (queue.peek(), others.peek()) {
                (Some(&queued), Some(&other)) if self.joined_s(other) < self.joined_s(queued) => {
                    (others.next(), &[][..])
                }
                (Some(_), _) => (queue.next(), &departures[..]),
                // The queue goes past it: whoever has left the lane was not always ahead.
                (None, _) => (others.next(), &[][..]),
            };
            let Some(vehicle) = next else { break };
            let earlier_s = (now_s - SPEED_OVER_S).max(self.joined_s(vehicle));
            let place = self.place_of(vehicle, lane, now_s, &ahead, following);
            let earlier = self.place_of(vehicle, lane, earlier_s, &ahead_earlier, following);
            ahead.put(&place, self.kind(vehicle));
            ahead_earlier.put(&earlier, self.kind(vehicle));
            let (desired_mps, _) = self.speeds_mps(vehicle, lane);
            let way_m = place.position_m - earlier.position_m;
            let speed_mps = (way_m / (now_s - earlier_s).max(SPEED_OVER_S / 4.0)).clamp(0.0, desired_mps);
            into.push(self.seen(vehicle, lane, lane_m, place, speed_mps));
        }
        for vehicle in beside.iter().map(|&(.., vehicle)| vehicle).filter(|&other| self.stands_beside(other)) {
            let place = Place { position_m: self.alone(vehicle, lane, now_s).position_m, is_aside: true };
            into.push(self.seen(vehicle, lane, lane_m, place, 0.0));
        }
    }

    /// Those who have left a lane and whose gaps are on their way back, the latest first.
    fn departures(&self, lane: u32, into: &mut Vec<Departure>) {
        into.clear();
        let row = self.queues.lane(lane);
        let lane_m = self.network.lanes[lane as usize].length_m;
        let under_way = self.queues.gaps(lane).filter(|gap| gap.left_s.is_finite() && gap.arrives_s > self.time_s());
        into.extend(under_way.map(|gap| Departure {
            left_s: gap.left_s,
            // Of the last it is known how fast it was.
            left_mps: if gap.left_s < row.left_s { f64::INFINITY } else { row.left_mps },
            room_m: gap.room_m,
            delay_s_per_m: (gap.arrives_s - gap.left_s) / lane_m,
        }));
        if row.rolled_s.is_finite() && row.rolled_s == row.left_s && row.front != NONE {
            // All of a circle moved on at once, which the simulation does without a gap.
            let kind = self.kind(row.front);
            into.push(Departure {
                left_s: row.left_s,
                left_mps: row.left_mps,
                room_m: row.left_m,
                delay_s_per_m: kind.reaction_s / kind.room_m,
            });
        }
        into.reverse();
    }

    /// Since when somebody is where it is among those on its lane.
    fn joined_s(&self, vehicle: u32) -> f64 {
        let row = self.queues.vehicle(vehicle);
        if row.dwell_s > 0.0 && self.has_lane_beside(row.lane) {
            let leaves_s = self.leaves_stop_s(vehicle, row);
            if self.time_s() >= leaves_s - row.dwell_s {
                return leaves_s;
            }
        }
        row.entered_s - f64::from(row.crossing_s)
    }

    /// Whether others pass it while it stands at a stop.
    fn stands_beside(&self, vehicle: u32) -> bool {
        let row = self.queues.vehicle(vehicle);
        if row.dwell_s <= 0.0 || !self.has_lane_beside(row.lane) {
            return false;
        }
        let leaves_s = self.leaves_stop_s(vehicle, row);
        (leaves_s - row.dwell_s..leaves_s).contains(&self.time_s())
    }

    /// Where somebody is at a time, as far as those ahead let it be.
    fn place_of(&self, vehicle: u32, lane: u32, at_s: f64, ahead: &Ahead, departures: &[Departure]) -> Place {
        let alone = self.alone(vehicle, lane, at_s);
        let mut position_m = alone.position_m.min(ahead.bound_m);
        let kind = self.kind(vehicle);
        let (_, cruising_mps) = self.speeds_mps(vehicle, lane);
        let mut room_m = ahead.room_m;
        for departure in departures {
            room_m += departure.room_m;
            // Until the gap is here it stands; then it gains speed from that of whoever left.
            let moving_s = at_s - departure.left_s - room_m * departure.delay_s_per_m;
            let way_m = kind.covered_m(moving_s.max(0.0), departure.left_mps, cruising_mps);
            position_m = position_m.min(ahead.end_m - room_m + way_m);
        }
        if position_m < alone.floor_m {
            let is_aside = alone.waits_aside && ahead.bound_m < alone.floor_m;
            return Place { position_m: alone.floor_m, is_aside };
        }
        Place { position_m, is_aside: false }
    }

    /// A place on a lane, or in the junction before it, as it is told.
    fn seen(&self, vehicle: u32, lane: u32, lane_m: f64, at: Place, speed_mps: f64) -> VehicleAt {
        let row = self.queues.vehicle(vehicle);
        let inside_m = self.inside_m(row);
        let here = VehicleAt {
            trip: vehicle,
            lane,
            came_by: row.came_by,
            position_m: at.position_m.clamp(0.0, lane_m),
            speed_mps,
            is_aside: at.is_aside,
        };
        if at.position_m >= 0.0 || inside_m <= 0.0 {
            return here;
        }
        let before = self.network.before[row.came_by as usize];
        VehicleAt { lane: row.came_by, came_by: before, position_m: (inside_m + at.position_m).max(0.0), ..here }
    }
}

/// Where somebody is, from the beginning of its lane.
#[derive(Clone, Copy, Debug)]
struct Place {
    position_m: f64,
    is_aside: bool,
}

/// What those ahead leave.
#[derive(Clone, Copy, Debug)]
struct Ahead {
    /// Where the first of a queue stands.
    end_m: f64,
    /// How far the next may be at most.
    bound_m: f64,
    /// The room that those ahead need together.
    room_m: f64,
}

impl Ahead {
    fn put(&mut self, place: &Place, kind: &Kind) {
        self.room_m += kind.room_m;
        let leaves_m = if place.is_aside { self.bound_m } else { self.bound_m.min(place.position_m) };
        self.bound_m = leaves_m - kind.room_m;
    }
}

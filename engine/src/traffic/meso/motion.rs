//! How a type of vehicle moves, in the few numbers that a queue needs.
//!
//! A type's reaction time is what is left of its saturation headway when the time to cover one spacing is taken away:
//! flow = 1 / (reaction + spacing / speed). For Krauss it is the headway that drivers wish to keep, and a little more for their
//! imperfection; for the IDM it follows from the largest flow of its equilibrium (Treiber, Hennecke, Helbing 2000, eq. 5) at
//! 50 km/h. Accelerating and braking are uniform: v₁² = v₀² + 2 a s. Left out: that the IDM's reaction time depends a
//! little on speed.

use crate::traffic::car_following::Model;
use crate::traffic::demand::{LaneSharing, VehicleType};
use crate::vehicles::VehicleClass;

/// The speed at which the IDM's largest flow is taken, in metres a second.
const REFERENCE_MPS: f64 = 50.0 / 3.6;
/// What full imperfection adds to the reaction time of Krauss's drivers, in seconds, in steps of 1 s; fitted to the micro
/// simulation's saturation flows.
const IMPERFECT_S: f64 = 0.2;
/// The slowest that anybody drives on purpose, in metres a second.
const SLOWEST_MPS: f64 = 0.1;

/// What is known of a vehicle type while traffic runs.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    /// Length in metres.
    pub(super) length_m: f64,
    /// The room that it takes in a queue: its length and the gap ahead, in metres.
    pub(super) room_m: f64,
    /// Width in metres.
    width_m: f64,
    lane_sharing: LaneSharing,
    /// Reaction time in seconds.
    pub(super) reaction_s: f64,
    /// Acceleration in m/s².
    pub(super) acceleration_mps2: f64,
    /// Deceleration in m/s².
    pub(super) deceleration_mps2: f64,
    /// Highest speed in metres a second.
    pub(super) max_speed_mps: f64,
    /// What it stays below its desired speed on average, in metres a second.
    pub(super) slack_mps: f64,
    /// Impatience from the start, 0 to 1.
    pub(super) impatience: f64,
    /// Permission number.
    pub(super) permission: Option<u8>,
    /// Whether signals may favour it.
    pub(super) is_bus: bool,
}

impl Kind {
    pub(super) fn new(row: &VehicleType, step_s: f64) -> Self {
        let room_m = row.length_m + row.min_gap_m;
        let (reaction_s, acceleration_mps2, slack_mps) = match row.model {
            Model::Krauss { imperfection, headway_s } => (
                headway_s + IMPERFECT_S * imperfection,
                row.acceleration_mps2 * (1.0 - 0.5 * imperfection),
                0.5 * imperfection * row.acceleration_mps2 * step_s,
            ),
            Model::Idm { headway_s, exponent } | Model::Human { headway_s, exponent, .. } => (
                idm_reaction_s(row.length_m, row.min_gap_m, headway_s, exponent),
                row.acceleration_mps2 / idm_slowness(exponent),
                0.0,
            ),
        };
        Self {
            length_m: row.length_m,
            room_m,
            width_m: row.width_m,
            lane_sharing: row.lane_sharing,
            reaction_s,
            acceleration_mps2,
            deceleration_mps2: row.deceleration_mps2,
            max_speed_mps: row.max_speed_mps,
            slack_mps,
            impatience: row.impatience,
            permission: row.permission,
            is_bus: row.class == VehicleClass::Bus,
        }
    }

    /// Whether it has room beside the queue on a street's lane of that width.
    pub(super) fn rides_beside(&self, lane_m: f64) -> bool {
        self.lane_sharing.has_room(self.width_m, lane_m)
    }

    /// Whether it passes those who stand, to the front.
    pub(super) fn filters(&self) -> bool {
        self.lane_sharing == LaneSharing::Filters
    }

    /// The speed that a driver wants where that speed limit holds, in metres a second.
    pub(super) fn desired_mps(&self, limit_mps: f64, speed_factor: f32) -> f64 {
        (limit_mps * f64::from(speed_factor)).min(self.max_speed_mps)
    }

    /// The speed that it keeps there on average.
    pub(super) fn cruising_mps(&self, limit_mps: f64, speed_factor: f32) -> f64 {
        (self.desired_mps(limit_mps, speed_factor) - self.slack_mps).max(SLOWEST_MPS)
    }

    /// The time to cover a way that begins with some speed and goes on at most with another, and the speed at its end.
    pub(super) fn travel(&self, way_m: f64, speed_mps: f64, most_mps: f64) -> (f64, f64) {
        if way_m <= 0.0 {
            return (0.0, speed_mps.min(most_mps));
        }
        if speed_mps >= most_mps {
            return (way_m / most_mps, most_mps);
        }
        let square = speed_mps * speed_mps + 2.0 * self.acceleration_mps2 * way_m;
        if square <= most_mps * most_mps {
            let end_mps = square.sqrt();
            return ((end_mps - speed_mps) / self.acceleration_mps2, end_mps);
        }
        let gain_s = (most_mps - speed_mps) / self.acceleration_mps2;
        let gain_m = 0.5 * (most_mps + speed_mps) * gain_s;
        (gain_s + (way_m - gain_m) / most_mps, most_mps)
    }

    /// The way that is covered in a time that begins with some speed and goes on at most with another: the inverse of
    /// [`Kind::travel`].
    pub(super) fn covered_m(&self, time_s: f64, speed_mps: f64, most_mps: f64) -> f64 {
        if speed_mps >= most_mps {
            return most_mps * time_s;
        }
        let gaining_s = time_s.min((most_mps - speed_mps) / self.acceleration_mps2);
        (speed_mps + 0.5 * self.acceleration_mps2 * gaining_s) * gaining_s + most_mps * (time_s - gaining_s)
    }

    /// How far somebody is after a time on a way that takes `whole_s` altogether: [`Kind::travel`], solved for the speed at
    /// which the way begins.
    pub(super) fn covered_of_m(&self, way_m: f64, whole_s: f64, time_s: f64, most_mps: f64) -> f64 {
        if way_m <= 0.0 || whole_s <= 0.0 || time_s >= whole_s {
            return way_m.max(0.0);
        }
        let gaining_mps = way_m / whole_s - 0.5 * self.acceleration_mps2 * whole_s;
        let start_mps = if gaining_mps >= 0.0 && gaining_mps + self.acceleration_mps2 * whole_s <= most_mps {
            gaining_mps
        } else {
            let late_s = (whole_s - way_m / most_mps).max(0.0);
            (most_mps - (2.0 * self.acceleration_mps2 * most_mps * late_s).sqrt()).max(0.0)
        };
        self.covered_m(time_s.max(0.0), start_mps, most_mps).min(way_m)
    }

    /// What braking from one speed to another costs, in seconds.
    pub(super) fn braking_loss_s(&self, from_mps: f64, to_mps: f64) -> f64 {
        if to_mps >= from_mps {
            return 0.0;
        }
        (from_mps - to_mps) * (from_mps - to_mps) / (2.0 * self.deceleration_mps2 * from_mps)
    }

    /// The speed of somebody who brakes as much as it takes to lose that time; 0 for who has to stop.
    pub(super) fn slowed_mps(&self, speed_mps: f64, lost_s: f64) -> f64 {
        if lost_s <= 0.0 {
            return speed_mps;
        }
        (speed_mps - (2.0 * self.deceleration_mps2 * speed_mps * lost_s).sqrt()).max(0.0)
    }

    /// The time that braking to a stand costs, in seconds: whoever loses less need not stop.
    pub(super) fn stopping_loss_s(&self, speed_mps: f64) -> f64 {
        speed_mps / (2.0 * self.deceleration_mps2)
    }

    /// The time to move up so far from stand to stand, accelerating and then braking, in seconds.
    pub(super) fn moving_up_s(&self, way_m: f64) -> f64 {
        (2.0 * way_m * (1.0 / self.acceleration_mps2 + 1.0 / self.deceleration_mps2)).sqrt()
    }

    /// How long after a vehicle that needs `ahead_m` of room and passed with `ahead_mps` it can pass itself, and how fast.
    pub(super) fn headway(&self, ahead_m: f64, ahead_mps: f64, most_mps: f64) -> (f64, f64) {
        let (time_s, speed_mps) = self.travel(ahead_m, ahead_mps, most_mps);
        (self.reaction_s + time_s, speed_mps)
    }
}

/// The saturation flow of a type that the simulation states, in vehicles an hour at a speed.
#[cfg(test)]
pub(in crate::traffic) fn stated_saturation_flow_vph(row: &VehicleType, speed_mps: f64, step_s: f64) -> f64 {
    let kind = Kind::new(row, step_s);
    3600.0 / (kind.reaction_s + kind.room_m / (speed_mps - kind.slack_mps))
}

/// What the largest flow of the IDM's equilibrium leaves of the headway for the reaction.
fn idm_reaction_s(length_m: f64, min_gap_m: f64, headway_s: f64, exponent: f64) -> f64 {
    let mut most = 0.0_f64;
    for part in 1..200 {
        let share = f64::from(part) / 200.0;
        let speed = share * REFERENCE_MPS;
        let free = (1.0 - libm::pow(share, exponent)).sqrt();
        most = most.max(speed / (length_m + (min_gap_m + speed * headway_s) / free));
    }
    (1.0 / most - (length_m + min_gap_m) / REFERENCE_MPS).max(0.1)
}

/// How much longer accelerating costs with the IDM than with uniform acceleration: twice the integral of
/// (1 − x) / (1 − x^δ) over x from 0 to 1.
fn idm_slowness(exponent: f64) -> f64 {
    let parts = 64;
    let sum: f64 = (0..parts)
        .map(|part| (f64::from(part) + 0.5) / f64::from(parts))
        .map(|x| (1.0 - x) / (1.0 - libm::pow(x, exponent)))
        .sum();
    2.0 * sum / f64::from(parts)
}

//! How fast one may go behind another.
//!
//! Speeds change in steps: a vehicle that decides on a speed drives it for the whole step (semi-implicit Euler), as SUMO's
//! default does, so that its scenarios compare.
//!
//! | model | source |
//! | --- | --- |
//! | Krauss | S. Krauß (1998), *Microscopic Modeling of Traffic Flow*, DLR-FB 98-08, in the discrete form of SUMO: the speed from which one can still stop behind the leader, whole steps of full braking counted, less a random share of the acceleration |
//! | IDM | M. Treiber, A. Hennecke, D. Helbing (2000), Physical Review E 62, 1805–1824, equations 2 and 3 |
//!
//! Left out: reaction times beyond a step, errors of estimation, and more than one vehicle ahead.

/// Which model a type follows, with the parameters of that model alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Model {
    /// Krauss.
    Krauss {
        /// Share of the acceleration that drivers lose at random, 0 to 1.
        imperfection: f64,
        /// Headway that drivers wish to keep, in seconds; positive. Not below the step, or vehicles may touch.
        headway_s: f64,
    },
    /// Intelligent driver model.
    Idm {
        /// Headway that drivers wish to keep, in seconds; positive.
        headway_s: f64,
        /// Exponent of the free acceleration, positive; 4 as published.
        exponent: f64,
    },
}

/// Speed below which a vehicle counts as standing, in metres a second.
pub const STANDING_MPS: f64 = 0.1;

/// Keeps a vehicle from passing the place where it stops by a rounding error, in metres.
const ROUNDING_M: f64 = 1e-3;

/// Braking harder than comfortable leaves this much more than what is computed, so that rounding cannot make it too little.
const EMERGENCY_RESERVE: f64 = 1.2;

impl Model {
    /// The first thing that is wrong with the parameters, in words, if anything is.
    #[must_use]
    pub fn check(&self) -> Option<String> {
        let (headway_s, rest) = match *self {
            Self::Krauss { imperfection, headway_s } => (
                headway_s,
                (!(0.0..=1.0).contains(&imperfection))
                    .then(|| format!("its imperfection (sigma) is {imperfection}, but must lie between 0 and 1")),
            ),
            Self::Idm { headway_s, exponent } => (
                headway_s,
                (!(exponent.is_finite() && exponent > 0.0))
                    .then(|| format!("its exponent (delta) is {exponent}, but must be more than 0")),
            ),
        };
        if !(headway_s.is_finite() && headway_s > 0.0) {
            return Some(format!("its headway (tau) is {headway_s} s, but must be more than 0"));
        }
        rest
    }

    /// The headway that drivers wish to keep, in seconds.
    #[must_use]
    pub fn headway_s(&self) -> f64 {
        match *self {
            Self::Krauss { headway_s, .. } | Self::Idm { headway_s, .. } => headway_s,
        }
    }
}

/// What of a vehicle type decides how it follows, and the length of a step.
#[derive(Clone, Copy, Debug)]
pub struct Follower {
    /// Length of a step in seconds.
    pub step_s: f64,
    /// Acceleration in m/s².
    pub acceleration_mps2: f64,
    /// Comfortable deceleration in m/s².
    pub deceleration_mps2: f64,
    /// Deceleration in an emergency in m/s².
    pub emergency_deceleration_mps2: f64,
    /// Gap at standstill in metres; gaps below are what is left beyond it.
    pub min_gap_m: f64,
    /// Highest speed in metres a second.
    pub max_speed_mps: f64,
    /// The model.
    pub model: Model,
}

impl Follower {
    /// The fastest that it can be after a step.
    #[must_use]
    pub fn fastest_next_mps(&self, speed_mps: f64) -> f64 {
        (speed_mps + self.acceleration_mps2 * self.step_s).min(self.max_speed_mps)
    }

    /// The slowest that it is after a step of comfortable braking.
    #[must_use]
    pub fn slowest_next_mps(&self, speed_mps: f64) -> f64 {
        (speed_mps - self.deceleration_mps2 * self.step_s).max(0.0)
    }

    /// The way until standstill when braking in whole steps, in metres, after `headway_s` at the speed that it has.
    #[must_use]
    pub fn braking_distance_m(&self, speed_mps: f64, deceleration_mps2: f64, headway_s: f64) -> f64 {
        let less_mps = deceleration_mps2 * self.step_s;
        let steps = whole(speed_mps / less_mps);
        self.step_s * (steps * speed_mps - less_mps * steps * (steps + 1.0) / 2.0) + speed_mps * headway_s
    }

    /// The fastest speed from which it can stop within `distance_m`, braking comfortably in whole steps after `headway_s`.
    #[must_use]
    pub fn stopping_speed_mps(&self, distance_m: f64, headway_s: f64) -> f64 {
        let room_m = distance_m - ROUNDING_M;
        if room_m < 0.0 {
            return 0.0;
        }
        let less_mps = self.deceleration_mps2 * self.step_s;
        let step_s = self.step_s;
        // Whole steps of braking: the largest n with n (n - 1) / 2 · less · step + n · less · headway within the room.
        let root =
            (step_s * step_s + 4.0 * (step_s * (2.0 * room_m / less_mps - headway_s) + headway_s * headway_s)).sqrt();
        let steps = whole(0.5 - (headway_s - 0.5 * root) / step_s);
        let used_m = 0.5 * steps * (steps - 1.0) * less_mps * step_s + steps * less_mps * headway_s;
        steps * less_mps + (room_m - used_m) / (steps * step_s + headway_s)
    }

    /// Whether `distance_m` is surely enough to stop from a speed as [`Follower::stopping_speed_mps`] has it; most often
    /// that is plain to see. It may also be enough where this says no, by up to the way of a step and a metre.
    #[must_use]
    pub fn can_stop_within(&self, distance_m: f64, speed_mps: f64) -> bool {
        let braking_m = distance_m - speed_mps * (self.model.headway_s() + self.step_s) - 1.0;
        speed_mps * speed_mps <= 2.0 * self.deceleration_mps2 * braking_m
    }

    /// The speed for the next step with which it stops within `distance_m`, braking comfortably.
    #[must_use]
    pub fn stop_speed_mps(&self, speed_mps: f64, distance_m: f64) -> f64 {
        match self.model {
            Model::Krauss { headway_s, .. } => self
                .braked(
                    speed_mps,
                    self.stopping_speed_mps(distance_m, headway_s),
                    distance_m,
                    0.0,
                    self.deceleration_mps2,
                )
                .min(self.fastest_next_mps(speed_mps)),
            Model::Idm { .. } => {
                if distance_m < ROUNDING_M {
                    return 0.0;
                }
                self.idm_next_mps(speed_mps, distance_m, 0.0, self.max_speed_mps)
                    .min(self.stopping_speed_mps(distance_m, self.step_s))
            }
        }
    }

    /// The fastest safe speed for the next step behind a leader: `gap_m` is what is left between the bumpers beyond the gap
    /// at standstill, and may be negative; `desired_mps` is the speed it would drive alone.
    #[must_use]
    pub fn follow_speed_mps(
        &self,
        speed_mps: f64,
        gap_m: f64,
        leader_mps: f64,
        leader_deceleration_mps2: f64,
        desired_mps: f64,
    ) -> f64 {
        match self.model {
            Model::Krauss { headway_s, .. } => {
                let safe = self.safe_follow_mps(gap_m, leader_mps, leader_deceleration_mps2, headway_s);
                self.braked(speed_mps, safe, gap_m, leader_mps, leader_deceleration_mps2)
                    .min(self.fastest_next_mps(speed_mps))
            }
            Model::Idm { .. } => {
                // The model alone is safe in continuous time only; whole steps and sudden leaders need the bound.
                let bound = self.braked(
                    speed_mps,
                    self.safe_follow_mps(gap_m, leader_mps, leader_deceleration_mps2, self.step_s),
                    gap_m,
                    leader_mps,
                    leader_deceleration_mps2,
                );
                self.idm_next_mps(speed_mps, gap_m, leader_mps, desired_mps).min(bound)
            }
        }
    }

    /// The fastest speed that is safe behind a leader whatever it does, braking comfortably oneself.
    #[must_use]
    pub fn safe_follow_mps(&self, gap_m: f64, leader_mps: f64, leader_deceleration_mps2: f64, headway_s: f64) -> f64 {
        let leader_stops_m =
            self.braking_distance_m(leader_mps, self.deceleration_mps2.max(leader_deceleration_mps2), 0.0);
        self.stopping_speed_mps(gap_m + leader_stops_m, headway_s)
    }

    /// What becomes of a safe speed that asks for more than comfortable braking: as much braking as the situation needs.
    fn braked(&self, speed_mps: f64, safe_mps: f64, gap_m: f64, leader_mps: f64, leader_deceleration_mps2: f64) -> f64 {
        let asked_mps2 = (speed_mps - safe_mps) / self.step_s;
        if asked_mps2 <= self.deceleration_mps2 + 1e-9 {
            return safe_mps;
        }
        let needed =
            EMERGENCY_RESERVE * self.emergency_braking_mps2(gap_m, speed_mps, leader_mps, leader_deceleration_mps2);
        let braking_mps2 = needed.max(self.deceleration_mps2).min(asked_mps2);
        (speed_mps - braking_mps2 * self.step_s).max(self.hardest_next_mps(speed_mps))
    }

    /// The slowest that it is after a step of emergency braking.
    #[must_use]
    pub fn hardest_next_mps(&self, speed_mps: f64) -> f64 {
        (speed_mps - self.emergency_deceleration_mps2 * self.step_s).max(0.0)
    }

    /// The steady deceleration that just avoids touching a leader who brakes to a stop.
    fn emergency_braking_mps2(
        &self,
        gap_m: f64,
        speed_mps: f64,
        leader_mps: f64,
        leader_deceleration_mps2: f64,
    ) -> f64 {
        if gap_m <= 0.0 {
            return self.emergency_deceleration_mps2;
        }
        // It stops behind the place where the leader stands in the end.
        let leader_stops_m = leader_mps * leader_mps * 0.5 / leader_deceleration_mps2;
        let within = speed_mps * speed_mps * 0.5 / (gap_m + leader_stops_m);
        let leader_time_s = leader_mps / leader_deceleration_mps2;
        if speed_mps - within * leader_time_s > 0.0 {
            within.min(self.emergency_deceleration_mps2)
        } else {
            // It would stand before the leader does: what counts is the gap while both still roll.
            (leader_deceleration_mps2
                + (speed_mps - leader_mps).max(0.0) * (speed_mps - leader_mps).max(0.0) * 0.5 / gap_m)
                .min(self.emergency_deceleration_mps2)
        }
    }

    /// The speed for the next step with which one is down to `target_mps` after `distance_m`, braking comfortably.
    #[must_use]
    pub fn approach_speed_mps(&self, distance_m: f64, target_mps: f64) -> f64 {
        let target_m = target_mps * self.step_s;
        if distance_m < target_m {
            return target_mps;
        }
        let less_m = self.deceleration_mps2 * self.step_s * self.step_s;
        let steps = (((((less_m + 2.0 * target_m) * (less_m + 2.0 * target_m) + 8.0 * less_m * distance_m).sqrt()
            - less_m)
            * 0.5
            - target_m)
            / less_m)
            .max(0.0);
        let whole = whole(steps);
        let exact_m =
            (whole * whole + whole) * 0.5 * less_m + whole * target_m + if steps > whole { target_m } else { 0.0 };
        (distance_m - exact_m).max(0.0) / (whole + 1.0) / self.step_s
            + whole * self.deceleration_mps2 * self.step_s
            + target_mps
    }

    /// The speed after a step of the intelligent driver model, without any bound.
    fn idm_next_mps(&self, speed_mps: f64, gap_m: f64, leader_mps: f64, desired_mps: f64) -> f64 {
        (speed_mps + self.idm_acceleration_mps2(speed_mps, gap_m, leader_mps, desired_mps) * self.step_s).max(0.0)
    }

    /// Acceleration by the intelligent driver model; `gap_m` beyond the gap at standstill, as everywhere here.
    #[must_use]
    pub fn idm_acceleration_mps2(&self, speed_mps: f64, gap_m: f64, leader_mps: f64, desired_mps: f64) -> f64 {
        let Model::Idm { headway_s, exponent } = self.model else { return self.acceleration_mps2 };
        let root = 2.0 * (self.acceleration_mps2 * self.deceleration_mps2).sqrt();
        let wished_m = self.min_gap_m + (speed_mps * headway_s + speed_mps * (speed_mps - leader_mps) / root).max(0.0);
        let real_m = (gap_m + self.min_gap_m).max(ROUNDING_M);
        let ratio = speed_mps / desired_mps.max(STANDING_MPS);
        let free = if exponent == 4.0 { ratio * ratio * ratio * ratio } else { libm::pow(ratio, exponent) };
        self.acceleration_mps2 * (1.0 - free - (wished_m / real_m) * (wished_m / real_m))
    }
}

/// The whole part of a number that is not negative. Unlike `floor`, it is no call where builds are for processors of any age.
fn whole(number: f64) -> f64 {
    number as i64 as f64
}

/// How fast one is after `distance_m` of steady acceleration.
#[must_use]
pub fn speed_after_mps(speed_mps: f64, distance_m: f64, acceleration_mps2: f64) -> f64 {
    (speed_mps * speed_mps + 2.0 * acceleration_mps2 * distance_m.max(0.0)).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn krauss() -> Follower {
        Follower {
            step_s: 1.0,
            acceleration_mps2: 2.6,
            deceleration_mps2: 4.5,
            emergency_deceleration_mps2: 9.0,
            min_gap_m: 2.5,
            max_speed_mps: 55.55,
            model: Model::Krauss { imperfection: 0.0, headway_s: 1.0 },
        }
    }

    fn idm() -> Follower {
        Follower {
            step_s: 0.5,
            acceleration_mps2: 1.0,
            deceleration_mps2: 1.5,
            emergency_deceleration_mps2: 9.0,
            min_gap_m: 2.0,
            max_speed_mps: 33.333,
            model: Model::Idm { headway_s: 1.5, exponent: 4.0 },
        }
    }

    /// Krauß's safe speed in continuous time is 12.7364 m/s for leader 10, own 13.89, gap 20, headway 1, deceleration 4.5:
    /// -b τ + √(b² τ² + v_l² + 2 b g). Whole steps of braking come close to it from below.
    #[test]
    fn the_safe_speed_comes_close_to_the_continuous_one() {
        let continuous = -4.5 + (4.5_f64 * 4.5 + 100.0 + 2.0 * 4.5 * 20.0).sqrt();
        assert!((continuous - 12.828).abs() < 0.001, "{continuous}");
        let fine = Follower { step_s: 0.001, ..krauss() };
        let safe = fine.safe_follow_mps(20.0, 10.0, 4.5, 1.0);
        assert!((safe - continuous).abs() < 0.01, "{safe}");
    }

    /// Treiber et al. (2000): equilibrium gap (s0 + v T) / √(1 - (v/v0)⁴), and one acceleration worked out by hand.
    #[test]
    fn the_intelligent_driver_model_gives_its_published_values() {
        let idm = idm();
        for (speed, gap) in [(10.0, 17.069), (20.0, 34.300)] {
            let acceleration = idm.idm_acceleration_mps2(speed, gap - 2.0, speed, 33.333);
            assert!(acceleration.abs() < 1e-4, "{acceleration} at {speed}");
        }
        let braking = idm.idm_acceleration_mps2(20.0, 38.0, 15.0, 33.333);
        assert!((braking + 2.4443).abs() < 1e-3, "{braking}");
    }

    #[test]
    fn from_a_stopping_speed_one_stops_in_time_and_from_no_faster_one() {
        let krauss = krauss();
        for distance in [0.5, 3.0, 10.0, 27.3, 80.0] {
            let speed = krauss.stopping_speed_mps(distance, 1.0);
            let way = krauss.braking_distance_m(speed, 4.5, 1.0);
            assert!(way <= distance + 1e-9, "{way} m from {speed} m/s within {distance} m");
            let faster = krauss.braking_distance_m(speed + 0.2, 4.5, 1.0);
            assert!(faster > distance, "{faster}");
        }
    }

    #[test]
    fn who_approaches_a_slower_street_is_down_to_its_speed_in_time() {
        let krauss = krauss();
        let mut distance = 60.0;
        let mut speed = 13.89;
        loop {
            let next = krauss.approach_speed_mps(distance, 5.0).min(13.89);
            assert!(next >= speed - 4.5 - 1e-9, "from {speed} to {next}");
            // The step that crosses the boundary is driven at the street's speed.
            if next > distance {
                assert!(next <= 5.0 + 1e-6, "{next} m/s with {distance} m to go");
                break;
            }
            speed = next;
            distance -= speed;
        }
    }

    #[test]
    fn parameters_out_of_range_are_told() {
        let model = Model::Krauss { imperfection: 1.5, headway_s: 1.0 };
        assert!(model.check().unwrap().contains("sigma"));
        assert!(Model::Idm { headway_s: 0.0, exponent: 4.0 }.check().unwrap().contains("tau"));
        assert_eq!(Model::Idm { headway_s: 1.0, exponent: 4.0 }.check(), None);
    }
}

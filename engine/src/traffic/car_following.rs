//! How fast one may go behind another.
//!
//! Speeds change in steps: a vehicle that decides on a speed drives it for the whole step (semi-implicit Euler), as SUMO's
//! default does, so that its scenarios compare.
//!
//! | model | source |
//! | --- | --- |
//! | Krauss | S. Krauß (1998), *Microscopic Modeling of Traffic Flow*, DLR-FB 98-08, in the discrete form of SUMO: the speed from which one can still stop behind the leader, whole steps of full braking counted, less a random share of the acceleration |
//! | IDM | M. Treiber, A. Hennecke, D. Helbing (2000), Physical Review E 62, 1805–1824, equations 2 and 3 |
//! | Human | the IDM of drivers who take time to react, anticipate, and look at several vehicles ahead: the human driver model of M. Treiber, A. Kesting, D. Helbing (2006), Physica A 360, 71–88, equations 4 to 14 |
//!
//! Left out: errors of estimation, and reaction times of all models but the last.

/// Which model a type follows, with the parameters of that model alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Model {
    /// Krauss.
    Krauss {
        /// Share of the acceleration that drivers lose at random, 0 to 1.
        imperfection: f64,
        /// Headway that drivers wish to keep, in seconds; positive. Below the step it counts as the step
        /// ([`Model::in_steps_of`]), or vehicles would touch.
        headway_s: f64,
    },
    /// Intelligent driver model.
    Idm {
        /// Headway that drivers wish to keep, in seconds; positive.
        headway_s: f64,
        /// Exponent of the free acceleration, positive; 4 as published.
        exponent: f64,
    },
    /// Human driver model.
    Human {
        /// Headway that drivers wish to keep, in seconds; positive.
        headway_s: f64,
        /// Exponent of the free acceleration, positive; 4 as published.
        exponent: f64,
        /// From what drivers see of others to what their vehicles do about it, in seconds; 0 to [`REACTION_MAX_S`].
        reaction_s: f64,
        /// How far beyond what they see drivers think ahead, in seconds: all keep their speed, they themselves their
        /// acceleration. As long as the reaction takes, as published; 0 for who does not think ahead.
        anticipation_s: f64,
        /// How many vehicles ahead they look at, 1 to [`LEADERS_MAX`].
        leaders: u8,
    },
}

/// No driver takes longer to react, in seconds.
pub const REACTION_MAX_S: f64 = 3.0;
/// No driver looks at more vehicles ahead.
pub const LEADERS_MAX: usize = 8;

/// The intelligent driver model in its plain form, as parameters of the models that build on it.
#[derive(Clone, Copy)]
struct Idm {
    headway_s: f64,
    exponent: f64,
}

/// A vehicle ahead as its followers see it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    /// The gaps between bumpers up to it, summed over those in between, in metres.
    pub gap_m: f64,
    /// Its speed in metres a second.
    pub speed_mps: f64,
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
            Self::Idm { headway_s, exponent } => (headway_s, check_exponent(exponent)),
            Self::Human { headway_s, exponent, reaction_s, anticipation_s, leaders } => (
                headway_s,
                check_exponent(exponent)
                    .or_else(|| check_time("reaction time", reaction_s))
                    .or_else(|| check_time("anticipation", anticipation_s))
                    .or_else(|| {
                        (!(1..=LEADERS_MAX).contains(&usize::from(leaders)))
                            .then(|| format!("it looks at {leaders} vehicles ahead, but must at 1 to {LEADERS_MAX}"))
                    }),
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
            Self::Krauss { headway_s, .. } | Self::Idm { headway_s, .. } | Self::Human { headway_s, .. } => headway_s,
        }
    }

    /// The model of drivers who decide once a step: no shorter headway than a step is safe by Krauss's model.
    #[must_use]
    pub fn in_steps_of(self, step_s: f64) -> Self {
        match self {
            Self::Krauss { imperfection, headway_s } => Self::Krauss { imperfection, headway_s: headway_s.max(step_s) },
            Self::Idm { .. } | Self::Human { .. } => self,
        }
    }

    /// How long drivers take to react, in seconds, where that is more than the step that all take.
    #[must_use]
    pub fn reaction_s(&self) -> f64 {
        if let Self::Human { reaction_s, .. } = *self { reaction_s } else { 0.0 }
    }

    /// Whether drivers look at others as the human driver model says.
    #[must_use]
    pub fn thinks_ahead(&self) -> bool {
        matches!(self, Self::Human { .. })
    }

    /// Whether it is the intelligent driver model or builds on it, so that it has an acceleration for each situation.
    #[must_use]
    pub fn has_acceleration(&self) -> bool {
        self.idm().is_some()
    }

    fn idm(&self) -> Option<Idm> {
        match *self {
            Self::Krauss { .. } => None,
            Self::Idm { headway_s, exponent } | Self::Human { headway_s, exponent, .. } => {
                Some(Idm { headway_s, exponent })
            }
        }
    }
}

fn check_exponent(exponent: f64) -> Option<String> {
    (!(exponent.is_finite() && exponent > 0.0))
        .then(|| format!("its exponent (delta) is {exponent}, but must be more than 0"))
}

fn check_time(what: &str, time_s: f64) -> Option<String> {
    (!(0.0..=REACTION_MAX_S).contains(&time_s))
        .then(|| format!("its {what} is {time_s} s, but must lie between 0 and {REACTION_MAX_S}"))
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
        if speed_mps < less_mps {
            // It stands at the end of the step in which it begins to brake. In queues nearly all are that slow.
            return speed_mps * headway_s;
        }
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
            // SUMO reckons with a step where this does with the headway; with the usual 1 s and 1 s that is the same.
            Model::Krauss { headway_s, .. } => self
                .braked(
                    speed_mps,
                    self.stopping_speed_mps(distance_m, headway_s),
                    distance_m,
                    0.0,
                    self.deceleration_mps2,
                )
                .min(self.fastest_next_mps(speed_mps)),
            Model::Idm { .. } | Model::Human { .. } => {
                if distance_m < ROUNDING_M {
                    return 0.0;
                }
                self.idm_next_mps(speed_mps, distance_m, 0.0, self.max_speed_mps)
                    .max(self.slowest_next_mps(speed_mps))
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
            // In whole steps the model asks for more than comfortable braking where nobody is in danger, which would be one for
            // those behind: that much is for where the bound asks for it.
            Model::Idm { .. } | Model::Human { .. } => self
                .idm_next_mps(speed_mps, gap_m, leader_mps, desired_mps)
                .max(self.slowest_next_mps(speed_mps))
                .min(self.bound_mps(speed_mps, gap_m, leader_mps, leader_deceleration_mps2)),
        }
    }

    /// What keeps the intelligent driver model from touching a leader: the model alone is safe in continuous time only; whole
    /// steps, sudden leaders and those who react late need a bound.
    #[must_use]
    pub fn bound_mps(&self, speed_mps: f64, gap_m: f64, leader_mps: f64, leader_deceleration_mps2: f64) -> f64 {
        let safe = self.safe_follow_mps(gap_m, leader_mps, leader_deceleration_mps2, self.step_s);
        self.braked(speed_mps, safe, gap_m, leader_mps, leader_deceleration_mps2)
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
        let Some(idm) = self.model.idm() else { return self.acceleration_mps2 };
        let leader = Seen { gap_m: gap_m + self.min_gap_m, speed_mps: leader_mps };
        self.acceleration_mps2 * (self.free_share(idm, speed_mps, desired_mps) - self.push(idm, speed_mps, leader, 1.0))
    }

    /// Acceleration that a driver of the human driver model decides on, who drives with a speed and an acceleration and sees
    /// those vehicles ahead, the nearest first.
    ///
    /// Each of them pushes back; so that more leaders leave the equilibrium as it is, the gaps that are wished are smaller by
    /// γ = (Σ 1/j²)^(−1/2) over as many leaders as are seen.
    #[must_use]
    pub fn human_acceleration_mps2(
        &self,
        speed_mps: f64,
        acceleration_mps2: f64,
        leaders: &[Seen],
        desired_mps: f64,
    ) -> f64 {
        let Some(idm) = self.model.idm() else { return self.acceleration_mps2 };
        let ahead_s = if let Model::Human { anticipation_s, .. } = self.model { anticipation_s } else { 0.0 };
        let anticipated_mps = (speed_mps + ahead_s * acceleration_mps2).max(0.0);
        let squares: f64 = (1..=leaders.len()).map(|place| 1.0 / (place * place) as f64).sum();
        let share = 1.0 / squares.sqrt();
        let push = |leader: &Seen| {
            let closing_mps = speed_mps - leader.speed_mps;
            let leader = Seen {
                gap_m: leader.gap_m - ahead_s * closing_mps,
                // The difference of speeds stays as it is seen.
                speed_mps: anticipated_mps - closing_mps,
            };
            self.push(idm, anticipated_mps, leader, share)
        };
        let pushes: f64 = leaders.iter().map(push).sum();
        self.acceleration_mps2 * (self.free_share(idm, anticipated_mps, desired_mps) - pushes)
    }

    /// The acceleration with nobody ahead.
    #[must_use]
    pub fn alone_mps2(&self, speed_mps: f64, desired_mps: f64) -> f64 {
        match self.model.idm() {
            Some(idm) => self.acceleration_mps2 * self.free_share(idm, speed_mps, desired_mps),
            None => ((desired_mps - speed_mps) / self.step_s).min(self.acceleration_mps2),
        }
    }

    /// The speed after a step with nobody ahead, at most that which is desired. What the human driver model decides on counts
    /// once its reaction is over, and is no part of this.
    #[must_use]
    pub fn alone_next_mps(&self, speed_mps: f64, desired_mps: f64) -> f64 {
        let most_mps = self.fastest_next_mps(speed_mps).min(desired_mps);
        match self.model {
            Model::Krauss { .. } | Model::Human { .. } => most_mps,
            Model::Idm { .. } => {
                let next_mps = speed_mps + self.alone_mps2(speed_mps, desired_mps) * self.step_s;
                next_mps.max(self.slowest_next_mps(speed_mps)).min(most_mps)
            }
        }
    }

    /// What is left of the acceleration at a speed on a free road.
    fn free_share(&self, idm: Idm, speed_mps: f64, desired_mps: f64) -> f64 {
        let ratio = speed_mps / desired_mps.max(STANDING_MPS);
        1.0 - if idm.exponent == 4.0 { ratio * ratio * ratio * ratio } else { libm::pow(ratio, idm.exponent) }
    }

    /// What a leader takes of the acceleration, where the wish for a gap counts for a share.
    fn push(&self, idm: Idm, speed_mps: f64, leader: Seen, share: f64) -> f64 {
        let root = 2.0 * (self.acceleration_mps2 * self.deceleration_mps2).sqrt();
        let steady_m = speed_mps * idm.headway_s * share;
        let wished_m = self.min_gap_m * share + (steady_m + speed_mps * (speed_mps - leader.speed_mps) / root).max(0.0);
        let ratio = wished_m / leader.gap_m.max(ROUNDING_M);
        ratio * ratio
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
        let human = |reaction_s: f64, leaders: u8| Model::Human {
            headway_s: 1.0,
            exponent: 4.0,
            reaction_s,
            anticipation_s: 0.5,
            leaders,
        };
        assert!(human(9.0, 1).check().unwrap().contains("reaction time"));
        assert!(human(0.5, 0).check().unwrap().contains("vehicles ahead"));
        assert_eq!(human(0.5, 5).check(), None);
    }

    /// Treiber, Kesting, Helbing (2006), section 2.4: as many leaders as one likes, evenly apart, leave the equilibrium of the
    /// intelligent driver model; and one leader without anticipation is that model.
    #[test]
    fn leaders_and_anticipation_leave_the_equilibrium_as_it_is() {
        for leaders in 1..=LEADERS_MAX {
            let model = Model::Human {
                headway_s: 1.5,
                exponent: 4.0,
                reaction_s: 0.9,
                anticipation_s: 0.9,
                leaders: leaders as u8,
            };
            let human = Follower { model, ..idm() };
            let seen: Vec<Seen> =
                (1..=leaders).map(|place| Seen { gap_m: 17.069 * place as f64, speed_mps: 10.0 }).collect();
            let acceleration = human.human_acceleration_mps2(10.0, 0.0, &seen, 33.333);
            assert!(acceleration.abs() < 1e-4, "{acceleration} behind {leaders}");
        }
        let plain = idm().human_acceleration_mps2(20.0, 0.7, &[Seen { gap_m: 40.0, speed_mps: 15.0 }], 33.333);
        assert!((plain + 2.4443).abs() < 1e-3, "{plain}");
    }

    /// Who thinks ahead brakes for the gap that there will be.
    #[test]
    fn anticipation_is_the_model_at_what_will_be() {
        let model = Model::Human { headway_s: 1.5, exponent: 4.0, reaction_s: 1.0, anticipation_s: 1.0, leaders: 1 };
        let human = Follower { model, ..idm() };
        let now = human.human_acceleration_mps2(20.0, -1.0, &[Seen { gap_m: 40.0, speed_mps: 15.0 }], 33.333);
        // In a second: 5 m less of a gap, 1 m/s slower, and as much faster than the leader as now.
        let then = idm().idm_acceleration_mps2(19.0, 33.0, 14.0, 33.333);
        assert!((now - then).abs() < 1e-12, "{now} and {then}");
    }
}

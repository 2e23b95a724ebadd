//! The sun's way over a day, or over days that stand for a season, in steps.
//!
//! A day is the 24 hours around a place's mean noon, cut into steps of equal length; the sun of a step is the one of its middle,
//! and the step counts where that stands at least as high as is asked for. A representative day counts as often as the days that
//! it stands for. How long a step lasts, and what crowns take of it, are whole seconds.

use super::parameters::{CrownTransmittance, LeafSeason};
use super::position::{Date, Moment, PositionFault, Site, sun_position};

/// Seconds in a day.
const DAY_S: u32 = 86_400;

/// How a path is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathRules {
    /// Length of a step in seconds: a divisor of a day, 10 to 3600.
    pub step_s: u32,
    /// Elevation in degrees below which the sun does not count, 0.5 to 45.
    pub elevation_min_deg: f64,
    /// By how much the grid's north lies clockwise of true north, in radians.
    pub convergence_rad: f64,
    /// When deciduous trees are in leaf.
    pub leaf_season: LeafSeason,
    /// What crowns let through.
    pub transmittance: CrownTransmittance,
}

/// One step of the sun's way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SunStep {
    toward: [f64; 3],
    sun_s: u32,
    crown_loss_s: [u32; 2],
}

/// The sun's way: steps in order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct SunPath {
    steps: Vec<SunStep>,
    possible_s: u32,
}

/// Why there is no such path.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PathFault {
    /// The step is none.
    #[error("steps of {0} s: give 10 to 3600 s, a divisor of a day")]
    Step(u32),
    /// The elevation is none.
    #[error("the sun counts from {0} degrees above the horizon: give 0.5 to 45")]
    Elevation(f64),
    /// The convergence is none.
    #[error("grid north is {0} radians off true north: give -π to π")]
    Convergence(f64),
    /// A transmittance is none.
    #[error("crowns let {0} of the light through: give 0 to 1")]
    Transmittance(f64),
    /// The seconds do not fit.
    #[error("the days of the path add up to more seconds than a hundred years: give smaller numbers of days")]
    TooLong,
    /// A vector to the sun is none.
    #[error("step {step} points to {toward:?}: give unit vectors above the horizon, east, north and up")]
    Toward {
        /// The step's number.
        step: usize,
        /// What was given.
        toward: [f64; 3],
    },
    /// The sun's position is not known.
    #[error(transparent)]
    Position(#[from] PositionFault),
}

impl SunStep {
    /// Unit vector to the sun: east, north and up of the grid.
    #[must_use]
    pub fn toward(&self) -> [f64; 3] {
        self.toward
    }

    /// How long it lasts, times the days it stands for, in seconds.
    #[must_use]
    pub fn sun_s(&self) -> u32 {
        self.sun_s
    }

    /// What a crown takes of it, in seconds: one that sheds its leaves, one that keeps them.
    #[must_use]
    pub fn crown_loss_s(&self) -> [u32; 2] {
        self.crown_loss_s
    }

    /// How far a shadow lies off what casts it, in metres for each metre of height: east and north.
    #[must_use]
    pub fn shadow_per_height(&self) -> [f64; 2] {
        let [east, north, up] = self.toward;
        [-east / up, -north / up]
    }
}

impl PathRules {
    fn check(&self) -> Result<(), PathFault> {
        let Self { step_s, elevation_min_deg, convergence_rad, transmittance, .. } = *self;
        if !(10..=3600).contains(&step_s) || !DAY_S.is_multiple_of(step_s) {
            return Err(PathFault::Step(step_s));
        }
        if !(0.5..=45.0).contains(&elevation_min_deg) {
            return Err(PathFault::Elevation(elevation_min_deg));
        }
        if !(-std::f64::consts::PI..=std::f64::consts::PI).contains(&convergence_rad) {
            return Err(PathFault::Convergence(convergence_rad));
        }
        let wrong = transmittance.all().into_iter().find(|share| !(0.0..=1.0).contains(share));
        wrong.map_or(Ok(()), |share| Err(PathFault::Transmittance(share)))
    }
}

/// What is lost of a step behind a crown that lets a share through, to the second.
fn loss_s(sun_s: u32, transmittance: f64) -> u32 {
    // Between 0 and `sun_s`, as the share is between 0 and 1.
    (f64::from(sun_s) * (1.0 - transmittance)).round() as u32
}

impl SunPath {
    /// The path of days, each with the number of days that it stands for (1 for the day alone).
    ///
    /// # Errors
    /// The first rule that is none, and where the sun's position is not known.
    pub fn of_days(site: Site, days: &[(Date, u32)], rules: &PathRules) -> Result<Self, PathFault> {
        rules.check()?;
        let mut path = Self { steps: Vec::new(), possible_s: 0 };
        let lowest_rad = rules.elevation_min_deg.to_radians();
        for &(date, weight) in days {
            let sun_s = rules.step_s.checked_mul(weight).ok_or(PathFault::TooLong)?;
            if sun_s == 0 {
                continue;
            }
            let leafy = rules.leaf_season.holds(date);
            let through = rules.transmittance.of_classes(leafy);
            let start_s = site.mean_noon_s() - f64::from(DAY_S) / 2.0;
            for step in 0..DAY_S / rules.step_s {
                let second_utc = start_s + (f64::from(step) + 0.5) * f64::from(rules.step_s);
                let sun = sun_position(site, Moment { date, second_utc })?;
                if sun.elevation_rad >= lowest_rad {
                    let toward = sun.toward(rules.convergence_rad);
                    let crown_loss_s = through.map(|share| loss_s(sun_s, share));
                    path.push(SunStep { toward, sun_s, crown_loss_s })?;
                }
            }
        }
        Ok(path)
    }

    /// A path of given unit vectors to the sun (east, north, up of the grid), each with its seconds and what a crown that sheds
    /// its leaves and one that keeps them let through, 0 to 1.
    ///
    /// # Errors
    /// The first vector that is no unit vector (to a millionth) half a degree or more above the horizon, or share that is none.
    pub fn of_steps(steps: &[([f64; 3], u32, [f64; 2])]) -> Result<Self, PathFault> {
        let lowest = libm::sin(0.5_f64.to_radians());
        let mut path = Self { steps: Vec::new(), possible_s: 0 };
        for (step, &(toward, sun_s, through)) in steps.iter().enumerate() {
            let length = toward.iter().map(|part| part * part).sum::<f64>();
            if !((length - 1.0).abs() < 2e-6 && toward[2] >= lowest) {
                return Err(PathFault::Toward { step, toward });
            }
            if let Some(&share) = through.iter().find(|share| !(0.0..=1.0).contains(*share)) {
                return Err(PathFault::Transmittance(share));
            }
            path.push(SunStep { toward, sun_s, crown_loss_s: through.map(|share| loss_s(sun_s, share)) })?;
        }
        Ok(path)
    }

    fn push(&mut self, step: SunStep) -> Result<(), PathFault> {
        self.possible_s = self.possible_s.checked_add(step.sun_s).ok_or(PathFault::TooLong)?;
        self.steps.push(step);
        Ok(())
    }

    /// The steps, in order of time.
    #[must_use]
    pub fn steps(&self) -> &[SunStep] {
        &self.steps
    }

    /// What there is of sun on open ground, in seconds.
    #[must_use]
    pub fn possible_s(&self) -> u32 {
        self.possible_s
    }
}

#[cfg(test)]
mod tests {
    use super::super::parameters::DayOfYear;
    use super::super::position::{Atmosphere, Daylight, daylight};
    use super::*;

    fn rules() -> PathRules {
        PathRules {
            step_s: 300,
            elevation_min_deg: 0.5,
            convergence_rad: 0.0,
            leaf_season: LeafSeason { from: DayOfYear { month: 4, day: 1 }, to: DayOfYear { month: 10, day: 31 } },
            transmittance: CrownTransmittance { deciduous_in_leaf: 0.1, deciduous_bare: 0.5, evergreen: 0.2 },
        }
    }

    fn site() -> Site {
        Site::new(44.9129, 8.6154, 0.0, Atmosphere { pressure_hpa: 1013.25, temperature_c: 12.0 }).expect("a place")
    }

    fn day(month: u32, day: u32) -> Date {
        Date::new(2025, month, day).expect("a day")
    }

    #[test]
    fn a_day_s_path_lasts_from_sunrise_to_sunset() {
        for date in [day(3, 20), day(6, 21), day(12, 21)] {
            let path = SunPath::of_days(site(), &[(date, 1)], &rules()).expect("a path");
            let Daylight::From { sunrise_s, sunset_s } = daylight(site(), date).expect("known") else {
                panic!("the sun rises in Italy");
            };
            // Half a degree above the horizon comes some ten minutes after sunrise.
            let short_s = sunset_s - sunrise_s - f64::from(path.possible_s());
            assert!((600.0..2400.0).contains(&short_s), "{short_s}");
            assert!(path.steps().iter().all(|step| step.toward()[2] > 0.0));
        }
    }

    #[test]
    fn a_day_that_stands_for_thirty_counts_thirty_times() {
        let once = SunPath::of_days(site(), &[(day(6, 21), 1)], &rules()).expect("a path");
        let often = SunPath::of_days(site(), &[(day(6, 21), 30)], &rules()).expect("a path");
        assert_eq!(often.possible_s(), 30 * once.possible_s());
    }

    #[test]
    fn bare_trees_take_less_than_leafy_ones_and_evergreens_the_same_all_year() {
        let path = SunPath::of_days(site(), &[(day(1, 15), 1), (day(7, 15), 1)], &rules()).expect("a path");
        let (winter, summer) = (path.steps()[0], path.steps()[path.steps().len() - 1]);
        assert_eq!(winter.crown_loss_s(), [150, 240]);
        assert_eq!(summer.crown_loss_s(), [270, 240]);
    }

    #[test]
    fn rules_that_are_none_are_refused() {
        let refused = |rules: PathRules| SunPath::of_days(site(), &[(day(1, 15), 1)], &rules).expect_err("refused");
        assert_eq!(refused(PathRules { step_s: 7, ..rules() }), PathFault::Step(7));
        assert_eq!(refused(PathRules { step_s: 3599, ..rules() }), PathFault::Step(3599));
        assert!(matches!(refused(PathRules { elevation_min_deg: f64::NAN, ..rules() }), PathFault::Elevation(_)));
        assert!(matches!(refused(PathRules { convergence_rad: f64::NAN, ..rules() }), PathFault::Convergence(_)));
        let transmittance = CrownTransmittance { evergreen: 1.5, ..rules().transmittance };
        assert_eq!(refused(PathRules { transmittance, ..rules() }), PathFault::Transmittance(1.5));
        let days = [(day(6, 21), u32::MAX)];
        assert_eq!(SunPath::of_days(site(), &days, &rules()).expect_err("refused"), PathFault::TooLong);
        assert!(SunPath::of_steps(&[([0.0, 1.0, 0.0], 300, [0.0; 2])]).is_err());
        assert!(SunPath::of_steps(&[([0.0, 0.0, f64::NAN], 300, [0.0; 2])]).is_err());
    }
}

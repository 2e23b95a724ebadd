//! What a change of speed does to crashes.
//!
//! Two models of the mean speed of traffic. The power model: crashes go with (v₁/v₀)ᵖ, with p = 2 for those with injuries, 3
//! for those with dead or seriously injured, 4 for fatal ones (Nilsson 2004, *Traffic Safety Dimensions and the Power Model to
//! Describe the Effect of Speed on Safety*, Lund, Bulletin 221); Elvik (2009), *The Power Model of the relationship between
//! speed and road safety*, TØI report 1034, finds smaller powers on urban roads. The exponential model: crashes go with
//! exp(β (v₁ − v₀)), so that the same ratio of speeds does less where everybody is slow (Elvik 2013, Accident Analysis and
//! Prevention 50, 854–860). Powers and rates stand in `scenarios/parameters/safety.toml`. Left out: how widely speeds vary around
//! their mean, and speeds at the moment of impact.

use super::{Checks, ParameterFault};
use crate::draws::{Distribution, Draws, Purpose};

const SPEED_EFFECT: Purpose = Purpose::new("speed effect");

/// One value for each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BySeverity<T> {
    /// Crashes with dead or injured.
    pub injury: T,
    /// Crashes with dead or seriously injured.
    pub serious: T,
    /// Crashes with dead.
    pub fatal: T,
}

impl<T> BySeverity<T> {
    /// The same of something else.
    pub fn map<U>(self, mut of: impl FnMut(T) -> U) -> BySeverity<U> {
        BySeverity { injury: of(self.injury), serious: of(self.serious), fatal: of(self.fatal) }
    }
}

/// How crashes follow speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SpeedModel<T = f64> {
    /// With its power.
    Power(BySeverity<T>),
    /// With the exponential of its change, for each metre a second.
    Exponential(BySeverity<T>),
}

/// A speed that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("the mean speed {when} is {speed_mps} m/s; give a number above 0")]
pub struct SpeedFault {
    /// Before or after the change.
    pub when: &'static str,
    /// What it is.
    pub speed_mps: f64,
}

impl SpeedModel<Distribution> {
    /// The model in the middle of what is known of it.
    #[must_use]
    pub fn median(&self) -> SpeedModel {
        self.map(|distribution| distribution.median())
    }

    /// The model of a seed. One number decides for all severities: what makes one steeper makes all steeper.
    #[must_use]
    pub fn drawn(&self, draws: Draws) -> SpeedModel {
        let probability = draws.uniform(SPEED_EFFECT, 0);
        self.map(|distribution| distribution.quantile(probability))
    }

    fn map(&self, of: impl FnMut(Distribution) -> f64) -> SpeedModel {
        match *self {
            Self::Power(values) => SpeedModel::Power(values.map(of)),
            Self::Exponential(values) => SpeedModel::Exponential(values.map(of)),
        }
    }

    /// Checks the distributions.
    ///
    /// # Errors
    /// All that are none.
    pub fn validate(&self) -> Result<(), Vec<ParameterFault>> {
        let (Self::Power(values) | Self::Exponential(values)) = self;
        let mut checks = Checks::default();
        checks.distribution("speed.injury", &values.injury);
        checks.distribution("speed.serious", &values.serious);
        checks.distribution("speed.fatal", &values.fatal);
        checks.finish()
    }
}

impl SpeedModel {
    /// By what crashes are multiplied when the mean speed changes, in metres a second.
    ///
    /// # Errors
    /// Where a speed is not positive.
    pub fn factors(&self, before_mps: f64, after_mps: f64) -> Result<BySeverity<f64>, SpeedFault> {
        for (when, speed_mps) in [("before", before_mps), ("after", after_mps)] {
            if !(speed_mps > 0.0 && speed_mps.is_finite()) {
                return Err(SpeedFault { when, speed_mps });
            }
        }
        Ok(match *self {
            Self::Power(powers) => powers.map(|power| libm::pow(after_mps / before_mps, power)),
            Self::Exponential(rates) => rates.map(|rate| libm::exp(rate * (after_mps - before_mps))),
        })
    }
}

/// Victims after a change of speed, by Nilsson's second rule: (v₁/v₀)ᵖ Y + (v₁/v₀)²ᵖ (Z − Y) of Y crashes with Z victims, since
/// there are fewer victims in each crash as well. `factor` is that on the crashes.
#[must_use]
pub fn victims_after(crashes: f64, victims: f64, factor: f64) -> f64 {
    factor * crashes + factor * factor * (victims - crashes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NILSSON: SpeedModel = SpeedModel::Power(BySeverity { injury: 2.0, serious: 3.0, fatal: 4.0 });
    const ELVIK_2013: SpeedModel =
        SpeedModel::Exponential(BySeverity { injury: 0.034 * 3.6, serious: 0.05 * 3.6, fatal: 0.069 * 3.6 });

    /// Nilsson (2004): a tenth less speed leaves 81 % of the crashes with injuries, 72.9 % of the serious, 65.61 % of the fatal.
    #[test]
    fn a_tenth_less_speed_saves_a_third_of_the_fatal_crashes() {
        let factors = NILSSON.factors(13.89, 12.501).unwrap();
        assert!((factors.injury - 0.81).abs() < 1e-12);
        assert!((factors.serious - 0.729).abs() < 1e-12);
        assert!((factors.fatal - 0.6561).abs() < 1e-12);
    }

    /// Elvik (2013): 10 km/h less leaves exp(−0.69) of the fatal crashes, wherever it starts.
    #[test]
    fn ten_kilometres_an_hour_less_halve_the_fatal_crashes_at_any_speed() {
        for before_kmph in [50.0, 90.0] {
            let factors = ELVIK_2013.factors(before_kmph / 3.6, (before_kmph - 10.0) / 3.6).unwrap();
            assert!((factors.fatal - libm::exp(-0.69)).abs() < 1e-12);
        }
    }

    #[test]
    fn fewer_crashes_have_fewer_victims_each() {
        // 100 fatal crashes with 110 dead, a factor of 0.6561: 65.61 + 0.43046721 × 10.
        assert!((victims_after(100.0, 110.0, 0.6561) - 69.914_672_1).abs() < 1e-9);
        assert_eq!(victims_after(100.0, 110.0, 1.0), 110.0);
    }

    #[test]
    fn a_speed_that_is_none_is_refused() {
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(NILSSON.factors(speed, 10.0).unwrap_err().when, "before");
            assert_eq!(NILSSON.factors(10.0, speed).unwrap_err().when, "after");
        }
    }

    #[test]
    fn a_seed_makes_all_severities_steeper_or_none() {
        let normal = |mean| Distribution::Normal { mean, deviation: 0.5 };
        let model = SpeedModel::Power(BySeverity { injury: 1.2, serious: 1.5, fatal: 2.6 }.map(normal));
        assert_eq!(model.validate(), Ok(()));
        let SpeedModel::Power(median) = model.median() else { panic!("a power") };
        for seed in 0..20 {
            let SpeedModel::Power(drawn) = model.drawn(Draws::new(seed)) else { panic!("a power") };
            let steeper = drawn.injury - median.injury;
            assert!((drawn.fatal - median.fatal - steeper).abs() < 1e-12);
            assert!((drawn.serious - median.serious - steeper).abs() < 1e-12);
        }
    }

    proptest! {
        #[test]
        fn no_change_of_speed_changes_nothing_at_all(speed in 0.1..60.0_f64) {
            let none = BySeverity { injury: 1.0, serious: 1.0, fatal: 1.0 };
            prop_assert_eq!(NILSSON.factors(speed, speed).unwrap(), none);
            prop_assert_eq!(ELVIK_2013.factors(speed, speed).unwrap(), none);
        }

        #[test]
        fn two_steps_do_what_one_does(v0 in 1.0..40.0_f64, v1 in 1.0..40.0_f64, v2 in 1.0..40.0_f64) {
            for model in [NILSSON, ELVIK_2013] {
                let step = |from, to| model.factors(from, to).unwrap().fatal;
                prop_assert!((step(v0, v1) * step(v1, v2) / step(v0, v2) - 1.0).abs() < 1e-9);
            }
        }
    }
}

//! How the time to a destination deters from going there.
//!
//! Tanner's function f(t) = tᵃ·e⁻ᵇᵗ (Tanner 1961, Road Research Laboratory Technical Paper 51; "combined function" in Ortúzar and Willumsen, *Modelling
//! Transport*, section 5.2), with t the door-to-door time by car in minutes, terminal time included, so that t is
//! never 0. Two parameters, fitted to observed durations in [`super::fit`].

/// A deterrence function of two parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tanner {
    /// Exponent a of the time, without unit. Negative where the shortest trips are the most attractive.
    pub power: f64,
    /// Rate b per minute of the exponential decline, not negative.
    pub rate_per_min: f64,
}

impl Tanner {
    /// The relative attraction of a destination at that door-to-door time, in minutes, above 0. `logarithm` is that
    /// of the time, which callers keep. Values are relative: only ratios count.
    #[must_use]
    pub fn attraction(self, time_min: f64, logarithm: f64) -> f64 {
        libm::exp(self.power * logarithm - self.rate_per_min * time_min)
    }

    /// The function of somebody for whom a minute counts `factor` minutes (only the decline: a factor on tᵃ is the same for all).
    #[must_use]
    pub fn with_sensitivity(self, factor: f64) -> Self {
        Self { rate_per_min: self.rate_per_min * factor, ..self }
    }
}

//! Which parameters of a batch matter, over all that they may be at once.
//!
//! A design says at which points a model is to be run; what it gave comes back, in the order of the points, and becomes measures. So
//! a batch can run elsewhere, in any order and interrupted. Points lie in the unit cube; [`values`] turns one into values by the
//! parameters' quantiles. Morris screens many parameters with few runs; Sobol shares the variance among them with many.
//!
//! | file | what |
//! | --- | --- |
//! | `morris.rs` | elementary effects |
//! | `sobol.rs` | first-order and total indices |

mod morris;
mod sobol;

pub use morris::{ElementaryEffects, MorrisDesign};
pub use sobol::{FirstOrder, SobolDesign, SobolIndices};

use rayon::prelude::*;

use crate::economy::sensitivity::Uncertain;

/// Why there is no design, or nothing to be said of its results.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DesignFault {
    /// Too few parameters, trajectories or samples.
    #[error("{field} is {value}; give {valid}")]
    Count {
        /// Of what.
        field: &'static str,
        /// How many were given.
        value: usize,
        /// How many there may be, in words.
        valid: &'static str,
    },
    /// Results that are not those of the design.
    #[error("{given} results were given for {wanted} points; give one for each, in their order")]
    Results {
        /// How many were given.
        given: usize,
        /// How many points there are.
        wanted: usize,
    },
    /// A result that is no number.
    #[error("the result of point {number} is {value}, not a finite number")]
    Result {
        /// Which, from 1.
        number: usize,
        /// What it is.
        value: f64,
    },
    /// All results are the same.
    #[error("all results are the same, so that there is no variance to share among the parameters")]
    NoVariance,
}

/// Values of parameters at a point of the unit cube, by their quantiles. `tail` (0 or more, below one half) of every curve is left out at
/// either end, since a design may ask for 0 and 1, where a bell curve has no end.
#[must_use]
pub fn values(point: &[f64], parameters: &[Uncertain], tail: f64) -> Vec<f64> {
    let at =
        |(share, parameter): (&f64, &Uncertain)| parameter.distribution.quantile(tail + (1.0 - 2.0 * tail) * share);
    point.iter().zip(parameters).map(at).collect()
}

/// What a model gives at every point, in their order, on as many threads as there are.
#[must_use]
pub fn results(points: &[Vec<f64>], model: impl Fn(&[f64]) -> f64 + Sync) -> Vec<f64> {
    points.par_iter().map(|point| model(point)).collect()
}

fn check_results(results: &[f64], wanted: usize) -> Result<(), DesignFault> {
    if results.len() != wanted {
        return Err(DesignFault::Results { given: results.len(), wanted });
    }
    match results.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(DesignFault::Result { number: index + 1, value: results[index] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Distribution;

    #[test]
    fn the_ends_of_a_bell_curve_are_cut() {
        let normal = Distribution::Normal { mean: 10.0, deviation: 2.0 };
        let parameters = [Uncertain { name: "a".to_owned(), distribution: normal }];
        let at = |share: f64| values(&[share], &parameters, 0.01)[0];
        assert!(at(0.0).is_finite() && at(1.0).is_finite());
        assert_eq!(at(0.5), 10.0);
        assert!((at(0.0) + at(1.0) - 20.0).abs() < 1e-9);
    }
}

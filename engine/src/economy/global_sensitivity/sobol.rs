//! Shares of the variance: what a parameter explains alone, and what it explains with all others.
//!
//! Sobol (1993); Saltelli (2002), Computer Physics Communications 145, 280–297: two independent samples A and B, and for each
//! parameter a copy of A with its column from B, n (k + 2) runs in all. First-order indices by Saltelli et al. (2010), Computer
//! Physics Communications 181, 259–270, equation (b), or by Jansen (1999), Computer Physics Communications 117, 35–43; total indices
//! by Jansen, equation (f) there. Samples are counter-based random numbers, so that a longer design begins with the points of a
//! shorter one. Left out: low-discrepancy sequences, which would need fewer runs, and indices of pairs.

use super::{DesignFault, check_results};
use crate::draws::{Draws, Purpose};

const SOBOL: Purpose = Purpose::new("sobol sample");

/// Points at which a model is to be run.
#[derive(Clone, Debug, PartialEq)]
pub struct SobolDesign {
    parameters: usize,
    /// For each sample: A, B, and A with each column from B.
    points: Vec<Vec<f64>>,
}

/// How first-order indices are estimated; total indices are always Jansen's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstOrder {
    /// Mean of f(B) (f(A with B's column) − f(A)) over the variance: better where indices are small.
    Saltelli,
    /// 1 less half the mean of (f(B) − f(A with B's column))² over the variance: better where they are large.
    Jansen,
}

/// What a parameter explains of the variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SobolIndices {
    /// Alone: by how much the variance would fall if it were known. Estimates may lie a little below 0.
    pub first: f64,
    /// With all others: what would be left of the variance if all others were known.
    pub total: f64,
}

impl SobolDesign {
    /// A design of that many samples: `samples` × (`parameters` + 2) points.
    ///
    /// # Errors
    /// Where there is no parameter or fewer than two samples.
    pub fn new(parameters: usize, samples: usize, draws: Draws) -> Result<Self, DesignFault> {
        if parameters == 0 {
            let field = "the number of parameters";
            return Err(DesignFault::Count { field, value: parameters, valid: "at least 1" });
        }
        if samples < 2 {
            return Err(DesignFault::Count { field: "the number of samples", value: samples, valid: "at least 2" });
        }
        let mut points = Vec::with_capacity(samples * (parameters + 2));
        for sample in 0..samples {
            let mut sequence = draws.sequence(SOBOL, sample as u64);
            let mut row = || (0..parameters).map(|_| sequence.uniform()).collect::<Vec<f64>>();
            let (a, b) = (row(), row());
            points.push(a.clone());
            points.push(b.clone());
            for parameter in 0..parameters {
                let mut mixed = a.clone();
                mixed[parameter] = b[parameter];
                points.push(mixed);
            }
        }
        Ok(Self { parameters, points })
    }

    /// The points in the unit cube, sample by sample.
    #[must_use]
    pub fn points(&self) -> &[Vec<f64>] {
        &self.points
    }

    /// What each parameter explains, from the results at the points, in their order.
    ///
    /// # Errors
    /// Where results are missing, no numbers, or all the same.
    pub fn indices(&self, results: &[f64], first_order: FirstOrder) -> Result<Vec<SobolIndices>, DesignFault> {
        check_results(results, self.points.len())?;
        let samples: Vec<&[f64]> = results.chunks_exact(self.parameters + 2).collect();
        let count = samples.len() as f64;
        // Of A and B together; the estimators are steadier around the mean than far from it.
        let mean = samples.iter().map(|sample| sample[0] + sample[1]).sum::<f64>() / (2.0 * count);
        let square = |value: f64| (value - mean) * (value - mean);
        let variance = samples.iter().map(|sample| square(sample[0]) + square(sample[1])).sum::<f64>() / (2.0 * count);
        if variance <= 0.0 {
            return Err(DesignFault::NoVariance);
        }
        let of = |parameter: usize| {
            let (mut covariance, mut from_b, mut from_a) = (0.0, 0.0, 0.0);
            for sample in &samples {
                let (a, b, mixed) = (sample[0], sample[1], sample[2 + parameter]);
                covariance += (b - mean) * (mixed - a);
                from_b += (b - mixed) * (b - mixed);
                from_a += (a - mixed) * (a - mixed);
            }
            let first = match first_order {
                FirstOrder::Saltelli => covariance / (count * variance),
                FirstOrder::Jansen => 1.0 - from_b / (2.0 * count * variance),
            };
            SobolIndices { first, total: from_a / (2.0 * count * variance) }
        };
        Ok((0..self.parameters).map(of).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::super::results;
    use super::*;

    /// Ishigami and Homma (1990) with a = 7, b = 0.1, over −π to π.
    fn ishigami(point: &[f64]) -> f64 {
        let [x, y, z] = [point[0], point[1], point[2]].map(|share| PI * (2.0 * share - 1.0));
        let sin_y = libm::sin(y);
        libm::sin(x) + 7.0 * sin_y * sin_y + 0.1 * z * z * z * z * libm::sin(x)
    }

    fn indices(
        model: impl Fn(&[f64]) -> f64 + Sync,
        parameters: usize,
        samples: usize,
        by: FirstOrder,
    ) -> Vec<SobolIndices> {
        let design = SobolDesign::new(parameters, samples, Draws::new(11)).unwrap();
        design.indices(&results(design.points(), model), by).unwrap()
    }

    /// Analytical values as in Saltelli et al. (2008), *Global Sensitivity Analysis: The Primer*.
    #[test]
    fn the_ishigami_function_has_its_published_indices() {
        for by in [FirstOrder::Saltelli, FirstOrder::Jansen] {
            let indices = indices(ishigami, 3, 1 << 15, by);
            for (index, (first, total)) in indices.iter().zip([(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)]) {
                assert!((index.first - first).abs() < 0.02, "{by:?}: {indices:?}");
                assert!((index.total - total).abs() < 0.02, "{by:?}: {indices:?}");
            }
        }
    }

    #[test]
    fn what_a_model_does_not_hang_on_explains_nothing() {
        let indices = indices(|x| 3.0 * x[0] + 4.0 * x[1], 3, 4_096, FirstOrder::Saltelli);
        assert!(indices[2].first.abs() < 1e-12 && indices[2].total.abs() < 1e-12);
        // 9/25 and 16/25 of the variance, alone and in total.
        assert!((indices[0].first - 0.36).abs() < 0.05 && (indices[0].total - 0.36).abs() < 0.02);
        assert!((indices[1].first - 0.64).abs() < 0.05 && (indices[1].total - 0.64).abs() < 0.03);
    }

    #[test]
    fn a_longer_design_begins_with_the_shorter() {
        let short = SobolDesign::new(4, 10, Draws::new(2)).unwrap();
        let long = SobolDesign::new(4, 20, Draws::new(2)).unwrap();
        assert_eq!(short.points(), &long.points()[..60]);
        assert_eq!(short.points()[2][1..], short.points()[0][1..]);
        assert_eq!(short.points()[2][0], short.points()[1][0]);
    }

    #[test]
    fn designs_and_results_that_do_not_fit_are_refused() {
        let draws = Draws::new(2);
        assert!(SobolDesign::new(0, 10, draws).is_err());
        assert!(SobolDesign::new(2, 1, draws).is_err());
        let design = SobolDesign::new(2, 3, draws).unwrap();
        assert_eq!(design.indices(&[0.0; 12], FirstOrder::Jansen), Err(DesignFault::NoVariance));
        assert_eq!(design.indices(&[0.0; 11], FirstOrder::Jansen), Err(DesignFault::Results { given: 11, wanted: 12 }));
        let mut results = vec![0.0; 12];
        results[11] = f64::INFINITY;
        assert!(matches!(design.indices(&results, FirstOrder::Jansen), Err(DesignFault::Result { number: 12, .. })));
    }
}

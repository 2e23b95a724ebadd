//! Elementary effects: what a step of one parameter does, at many places.
//!
//! Morris (1991), *Factorial sampling plans for preliminary computational experiments*, Technometrics 33(2), 161–174: each
//! trajectory begins at a random point of a grid of p levels and moves every parameter once, in random order, by
//! Δ = p / (2 (p − 1)). The mean of absolute effects μ* is that of Campolongo, Cariboni and Saltelli (2007), Environmental
//! Modelling and Software 22, 1509–1518: it says how much a parameter matters; the deviation σ says whether that depends on where
//! it and the others are. Left out: choosing trajectories that lie far apart.

use super::{DesignFault, check_results};
use crate::draws::{Draws, Purpose};

const MORRIS: Purpose = Purpose::new("morris trajectory");

/// Points at which a model is to be run.
#[derive(Clone, Debug, PartialEq)]
pub struct MorrisDesign {
    parameters: usize,
    points: Vec<Vec<f64>>,
    /// For each trajectory, the parameter that moves in each step and by how much.
    steps: Vec<Vec<(usize, f64)>>,
}

/// What a parameter does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElementaryEffects {
    /// Mean effect μ of moving it through the whole of its range.
    pub mean: f64,
    /// Mean absolute effect μ*.
    pub mean_absolute: f64,
    /// Standard deviation σ of the effects; 0 of one trajectory.
    pub deviation: f64,
}

impl MorrisDesign {
    /// A design with that many trajectories (usually 10 to 50) on a grid of an even number of levels (usually 4): `trajectories` ×
    /// (`parameters` + 1) points.
    ///
    /// # Errors
    /// Where there is no parameter or trajectory, or the number of levels is odd.
    pub fn new(parameters: usize, trajectories: usize, levels: usize, draws: Draws) -> Result<Self, DesignFault> {
        for (field, value) in [("the number of parameters", parameters), ("the number of trajectories", trajectories)] {
            if value == 0 {
                return Err(DesignFault::Count { field, value, valid: "at least 1" });
            }
        }
        if levels < 2 || levels % 2 == 1 {
            let valid = "an even number from 2 on";
            return Err(DesignFault::Count { field: "the number of levels", value: levels, valid });
        }
        let mut design = Self { parameters, points: Vec::new(), steps: Vec::new() };
        for trajectory in 0..trajectories {
            design.add_trajectory(levels, draws, trajectory as u64);
        }
        Ok(design)
    }

    fn add_trajectory(&mut self, levels: usize, draws: Draws, trajectory: u64) {
        let mut sequence = draws.sequence(MORRIS, trajectory);
        let mut below = |count: usize| ((sequence.uniform() * count as f64) as usize).min(count - 1);
        let width = (levels - 1) as f64;
        let delta = levels as f64 / (2.0 * width);
        let mut point = Vec::with_capacity(self.parameters);
        let mut moves = Vec::with_capacity(self.parameters);
        for _ in 0..self.parameters {
            let low = below(levels / 2) as f64 / width;
            let upward = below(2) == 0;
            point.push(if upward { low } else { low + delta });
            moves.push(if upward { delta } else { -delta });
        }
        let mut order: Vec<usize> = (0..self.parameters).collect();
        for last in (1..order.len()).rev() {
            order.swap(last, below(last + 1));
        }
        self.points.push(point.clone());
        let mut steps = Vec::with_capacity(order.len());
        for parameter in order {
            point[parameter] += moves[parameter];
            self.points.push(point.clone());
            steps.push((parameter, moves[parameter]));
        }
        self.steps.push(steps);
    }

    /// The points in the unit cube, trajectory by trajectory.
    #[must_use]
    pub fn points(&self) -> &[Vec<f64>] {
        &self.points
    }

    /// What each parameter does, from the results at the points, in their order.
    ///
    /// # Errors
    /// Where results are missing or no numbers.
    pub fn effects(&self, results: &[f64]) -> Result<Vec<ElementaryEffects>, DesignFault> {
        check_results(results, self.points.len())?;
        let mut effects = vec![Vec::with_capacity(self.steps.len()); self.parameters];
        for (steps, results) in self.steps.iter().zip(results.chunks_exact(self.parameters + 1)) {
            for (&(parameter, step), pair) in steps.iter().zip(results.windows(2)) {
                effects[parameter].push((pair[1] - pair[0]) / step);
            }
        }
        Ok(effects.iter().map(|effects| summarised(effects)).collect())
    }
}

fn summarised(effects: &[f64]) -> ElementaryEffects {
    let count = effects.len() as f64;
    let mean = effects.iter().sum::<f64>() / count;
    let mean_absolute = effects.iter().map(|effect| effect.abs()).sum::<f64>() / count;
    let squares: f64 = effects.iter().map(|effect| (effect - mean) * (effect - mean)).sum();
    ElementaryEffects { mean, mean_absolute, deviation: (squares / (count - 1.0).max(1.0)).sqrt() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn effects_of(model: impl Fn(&[f64]) -> f64, parameters: usize) -> Vec<ElementaryEffects> {
        let design = MorrisDesign::new(parameters, 30, 4, Draws::new(1)).unwrap();
        let results: Vec<f64> = design.points().iter().map(|point| model(point)).collect();
        design.effects(&results).unwrap()
    }

    #[test]
    fn a_straight_line_has_its_slopes_and_no_deviation() {
        let effects = effects_of(|x| 5.0 + 2.0 * x[0] - 7.0 * x[1], 3);
        for (effect, slope) in effects.iter().zip([2.0, -7.0, 0.0]) {
            assert!((effect.mean - slope).abs() < 1e-12 && effect.deviation < 1e-12, "{effect:?}");
            assert!((effect.mean_absolute - slope.abs()).abs() < 1e-12);
        }
    }

    #[test]
    fn parameters_that_work_together_have_a_deviation() {
        let effects = effects_of(|x| x[0] * x[1] + x[2], 3);
        assert!(effects[0].deviation > 0.2 && effects[1].deviation > 0.2);
        assert!(effects[2].deviation < 1e-12);
    }

    /// Up on one side and down on the other: on average nothing, in size a lot.
    #[test]
    fn effects_that_cancel_show_in_their_size() {
        let effects = effects_of(|x| (x[0] - 0.5) * (x[1] - 0.5), 2);
        assert!(effects[0].mean.abs() < effects[0].mean_absolute / 2.0, "{effects:?}");
        assert!(effects[0].mean_absolute > 0.1);
    }

    #[test]
    fn designs_and_results_that_do_not_fit_are_refused() {
        let draws = Draws::new(1);
        assert!(MorrisDesign::new(0, 10, 4, draws).is_err());
        assert!(MorrisDesign::new(3, 0, 4, draws).is_err());
        assert!(MorrisDesign::new(3, 10, 5, draws).is_err());
        let design = MorrisDesign::new(3, 2, 4, draws).unwrap();
        assert_eq!(design.effects(&[1.0]), Err(DesignFault::Results { given: 1, wanted: 8 }));
        let mut results = vec![1.0; 8];
        results[2] = f64::NAN;
        assert!(matches!(design.effects(&results), Err(DesignFault::Result { number: 3, .. })));
    }

    proptest! {
        #[test]
        fn every_step_moves_one_parameter_within_the_cube(
            parameters in 1..8_usize,
            trajectories in 1..6_usize,
            half_levels in 1..5_usize,
            seed in 0..100_u64,
        ) {
            let design = MorrisDesign::new(parameters, trajectories, 2 * half_levels, Draws::new(seed)).unwrap();
            prop_assert_eq!(design.points().len(), trajectories * (parameters + 1));
            for trajectory in design.points().chunks_exact(parameters + 1) {
                for pair in trajectory.windows(2) {
                    let moved = pair[0].iter().zip(&pair[1]).filter(|(before, after)| before != after).count();
                    prop_assert_eq!(moved, 1);
                }
                let moved = trajectory[0].iter().zip(&trajectory[parameters]).filter(|(first, last)| first != last).count();
                prop_assert_eq!(moved, parameters);
            }
            for share in design.points().iter().flatten() {
                prop_assert!((-1e-12..=1.0 + 1e-12).contains(share));
            }
        }
    }
}

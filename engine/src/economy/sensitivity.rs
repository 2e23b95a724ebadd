//! How a result hangs on what is not known: one parameter at a time, and all drawn together.
//!
//! The first is the tornado: each parameter at a low and a high quantile while the others stay at their median, the widest swing
//! first. The second is a Monte Carlo run: a seed draws every parameter by its name, so that base and plan, and one plan and
//! another, are compared in the same world, and a parameter that is added moves no other. Left out: what is correlated; model it
//! by one parameter that both hang on.

use super::agent::agent_of;
use crate::draws::{Distribution, Draws, Purpose};

const PARAMETER: Purpose = Purpose::new("parameter");

/// A parameter that is not known exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertain {
    /// Its name, by which it draws.
    pub name: String,
    /// How it may fall.
    pub distribution: Distribution,
}

/// A result with one parameter low and high.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The parameter's name.
    pub name: String,
    /// Its low value.
    pub low: f64,
    /// Its high value.
    pub high: f64,
    /// The result at its low value.
    pub result_low: f64,
    /// The result at its high value.
    pub result_high: f64,
}

impl Bar {
    /// How far the result swings.
    #[must_use]
    pub fn swing(&self) -> f64 {
        (self.result_high - self.result_low).abs()
    }
}

/// A result, and how far each parameter swings it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tornado {
    /// The result with every parameter at its median.
    pub central: f64,
    /// Each parameter, the widest swing first; by name where swings are equal.
    pub bars: Vec<Bar>,
}

/// What cannot be asked or told.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SensitivityFault {
    /// Not a tail.
    #[error(
        "the low and high values are to have {tail} of the curve beyond them; give a share above 0 and below one half"
    )]
    Tail {
        /// What was asked for.
        tail: f64,
    },
    /// No results.
    #[error("there is no result to spread; run at least one seed")]
    NoResults,
    /// A result that is no number.
    #[error("result {number} is {value}, not a finite number")]
    Result {
        /// Which, from 1.
        number: usize,
        /// What it is.
        value: f64,
    },
}

/// Every parameter in turn at the quantiles `tail` and `1 − tail` of its curve (such as 0.1), the others at their median.
///
/// # Errors
/// What the model says, or [`SensitivityFault`] where the tail is none.
pub fn tornado<E: From<SensitivityFault>>(
    parameters: &[Uncertain],
    tail: f64,
    model: impl Fn(&[f64]) -> Result<f64, E>,
) -> Result<Tornado, E> {
    if !(tail > 0.0 && tail < 0.5) {
        return Err(SensitivityFault::Tail { tail }.into());
    }
    let mut values: Vec<f64> = parameters.iter().map(|parameter| parameter.distribution.median()).collect();
    let central = model(&values)?;
    let mut bars = Vec::with_capacity(parameters.len());
    for (index, parameter) in parameters.iter().enumerate() {
        let median = values[index];
        let (low, high) = (parameter.distribution.quantile(tail), parameter.distribution.quantile(1.0 - tail));
        values[index] = low;
        let result_low = model(&values)?;
        values[index] = high;
        let result_high = model(&values)?;
        values[index] = median;
        bars.push(Bar { name: parameter.name.clone(), low, high, result_low, result_high });
    }
    bars.sort_by(|one, other| other.swing().total_cmp(&one.swing()).then_with(|| one.name.cmp(&other.name)));
    Ok(Tornado { central, bars })
}

/// The parameters as a seed draws them, in their order.
#[must_use]
pub fn drawn(parameters: &[Uncertain], draws: Draws) -> Vec<f64> {
    let draw = |parameter: &Uncertain| draws.draw(&parameter.distribution, PARAMETER, agent_of(&parameter.name));
    parameters.iter().map(draw).collect()
}

/// The results of all seeds, in their order. The same seed draws the same parameters in every model.
///
/// # Errors
/// What the model says of the first seed that fails.
pub fn over_seeds<E>(
    parameters: &[Uncertain],
    seeds: impl IntoIterator<Item = u64>,
    model: impl Fn(&[f64]) -> Result<f64, E>,
) -> Result<Vec<f64>, E> {
    seeds.into_iter().map(|seed| model(&drawn(parameters, Draws::new(seed)))).collect()
}

/// How results fall.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    sorted: Vec<f64>,
}

impl Spread {
    /// Of results, in any order.
    ///
    /// # Errors
    /// Where there are none, or one is no number.
    pub fn new(mut results: Vec<f64>) -> Result<Self, SensitivityFault> {
        if results.is_empty() {
            return Err(SensitivityFault::NoResults);
        }
        if let Some(index) = results.iter().position(|value| !value.is_finite()) {
            return Err(SensitivityFault::Result { number: index + 1, value: results[index] });
        }
        results.sort_by(f64::total_cmp);
        Ok(Self { sorted: results })
    }

    /// Their mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.sorted.iter().sum::<f64>() / self.sorted.len() as f64
    }

    /// Their standard deviation, with n − 1; 0 of one result.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        let mean = self.mean();
        let squares: f64 = self.sorted.iter().map(|value| (value - mean) * (value - mean)).sum();
        (squares / (self.sorted.len().max(2) - 1) as f64).sqrt()
    }

    /// The value below which that share of them lies (clamped to 0 to 1), straight between neighbours: type 7 of Hyndman and Fan
    /// (1996).
    #[must_use]
    pub fn quantile(&self, probability: f64) -> f64 {
        let at = probability.clamp(0.0, 1.0) * (self.sorted.len() - 1) as f64;
        let below = at.floor() as usize;
        let above = (below + 1).min(self.sorted.len() - 1);
        self.sorted[below] + (at - below as f64) * (self.sorted[above] - self.sorted[below])
    }

    /// The share of them above a value, such as 0 for a net present value.
    #[must_use]
    pub fn share_above(&self, value: f64) -> f64 {
        let not_above = self.sorted.partition_point(|&result| result <= value);
        (self.sorted.len() - not_above) as f64 / self.sorted.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn uniform(name: &str, low: f64, high: f64) -> Uncertain {
        Uncertain { name: name.to_owned(), distribution: Distribution::Uniform { low, high } }
    }

    fn linear(values: &[f64]) -> Result<f64, SensitivityFault> {
        Ok(3.0 * values[0] - 10.0 * values[1])
    }

    #[test]
    fn the_widest_swing_comes_first() {
        let parameters = [uniform("small", 0.0, 1.0), uniform("large", 0.0, 1.0)];
        let tornado = tornado(&parameters, 0.1, linear).unwrap();
        assert_eq!(tornado.central, -3.5);
        assert_eq!(tornado.bars[0].name, "large");
        assert!((tornado.bars[0].result_low - 0.5).abs() < 1e-12 && (tornado.bars[0].result_high + 7.5).abs() < 1e-12);
        assert!((tornado.bars[1].swing() - 2.4).abs() < 1e-12);
    }

    #[test]
    fn what_is_known_does_not_swing() {
        let parameters = [uniform("a", 0.0, 1.0), uniform("b", 2.0, 2.0)];
        assert_eq!(tornado(&parameters, 0.05, linear).unwrap().bars[1].swing(), 0.0);
        assert_eq!(tornado(&parameters, 0.5, linear), Err(SensitivityFault::Tail { tail: 0.5 }));
    }

    #[test]
    fn a_parameter_draws_by_its_name_whatever_else_is_drawn() {
        let (a, b) = (uniform("a", 0.0, 1.0), uniform("b", 0.0, 1.0));
        let draws = Draws::new(3);
        let both = drawn(&[a.clone(), b.clone()], draws);
        assert_eq!(drawn(&[b, a], draws), [both[1], both[0]]);
        assert_ne!(both[0], both[1]);
    }

    #[test]
    fn drawn_results_have_the_spread_of_theory() {
        let parameters = [uniform("a", 0.0, 1.0), uniform("b", 0.0, 1.0)];
        let results = over_seeds(&parameters, 0..4_000, linear).unwrap();
        let spread = Spread::new(results).unwrap();
        // Mean −3.5, variance (9 + 100)/12.
        let deviation = libm::sqrt(109.0 / 12.0);
        assert!((spread.mean() + 3.5).abs() < 4.0 * deviation / libm::sqrt(4_000.0));
        assert!((spread.deviation() / deviation - 1.0).abs() < 0.03);
        // 3a > 10b: the triangle under a line from (0, 0) to (1, 0.3).
        assert!((spread.share_above(0.0) - 0.15).abs() < 0.02);
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let spread = Spread::new(vec![4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!([spread.quantile(0.0), spread.quantile(0.5), spread.quantile(1.0)], [1.0, 2.5, 4.0]);
        assert_eq!(spread.share_above(2.0), 0.5);
        assert_eq!(Spread::new(Vec::new()), Err(SensitivityFault::NoResults));
        assert!(matches!(Spread::new(vec![1.0, f64::NAN]), Err(SensitivityFault::Result { number: 2, .. })));
        assert_eq!(Spread::new(vec![5.0]).unwrap().deviation(), 0.0);
    }

    proptest! {
        #[test]
        fn quantiles_rise(results in prop::collection::vec(-1e9..1e9_f64, 1..50), p in 0.0..1.0_f64, q in 0.0..1.0_f64) {
            let spread = Spread::new(results).unwrap();
            prop_assert!(spread.quantile(p.min(q)) <= spread.quantile(p.max(q)));
        }
    }
}

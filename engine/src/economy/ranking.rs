//! Which of several options is best, how surely, and which are beaten in everything.
//!
//! Indicators of all options are known for the same seeds, so that options are compared draw by draw. For a ranking each
//! indicator is brought to 0 (the worst of all options in all draws) to 1 (the best), and a weighted sum is taken: the additive value
//! model of Keeney and Raiffa (1976), *Decisions with Multiple Objectives*. An option's probability is the share of draws in which its
//! sum is highest; equal ones share a draw. The Pareto set needs no weights: an option is in it unless another is as good in
//! every indicator and better in one. Left out: values that are not linear in an indicator, and thresholds below which
//! differences do not count.

/// An indicator by which options are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// Its name.
    pub name: String,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// Its weight, not negative; the weights of all indicators sum to 1.
    pub weight: f64,
}

/// An option with what it gives.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedOption {
    /// Its name.
    pub name: String,
    /// For each indicator, its value in each draw; the same draws in every option.
    pub results: Vec<Vec<f64>>,
}

/// How an option stands among the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its name.
    pub name: String,
    /// Share of draws in which it is best; equal ones share a draw. Sums to 1 over all options.
    pub best_probability: f64,
    /// Mean rank over the draws, 1 for the best; equal ones share the ranks that they take together.
    pub expected_rank: f64,
    /// Mean weighted sum, 0 to 1.
    pub mean_score: f64,
    /// Whether no other option beats it in everything, by the means over the draws.
    pub is_pareto: bool,
    /// Share of draws in which no other option beats it in everything.
    pub pareto_share: f64,
}

/// Why options cannot be ranked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RankingFault {
    /// Nothing to rank, or by nothing.
    #[error("there are {options} options, {indicators} indicators and {draws} draws; give at least one of each")]
    Nothing {
        /// How many options.
        options: usize,
        /// How many indicators.
        indicators: usize,
        /// How many draws.
        draws: usize,
    },
    /// A weight that is none.
    #[error("the weight of '{indicator}' is {weight}; give a number not below 0")]
    Weight {
        /// The indicator.
        indicator: String,
        /// What it is.
        weight: f64,
    },
    /// Weights that do not sum to 1.
    #[error("the weights of the indicators sum to {sum}, not to 1; scale them")]
    Weights {
        /// Their sum.
        sum: f64,
    },
    /// An option without a value of every indicator in every draw.
    #[error("option '{option}' has {given} values of '{indicator}', not one for each of {wanted} draws")]
    Draws {
        /// The option.
        option: String,
        /// The indicator.
        indicator: String,
        /// How many it has.
        given: usize,
        /// How many the first option has of the first indicator.
        wanted: usize,
    },
    /// An option with another number of indicators.
    #[error("option '{option}' has {given} indicators, not {wanted}")]
    Indicators {
        /// The option.
        option: String,
        /// How many it has.
        given: usize,
        /// How many there are.
        wanted: usize,
    },
    /// A value that is no number.
    #[error("option '{option}' has {value} for '{indicator}' in draw {draw}; give a finite number")]
    Value {
        /// The option.
        option: String,
        /// The indicator.
        indicator: String,
        /// The draw, from 1.
        draw: usize,
        /// What it is.
        value: f64,
    },
}

/// How the options stand, in their order.
///
/// # Errors
/// All that is wrong with options or weights.
pub fn ranking(indicators: &[Indicator], options: &[RankedOption]) -> Result<Vec<Standing>, Vec<RankingFault>> {
    let draws = options.first().and_then(|option| option.results.first()).map_or(0, Vec::len);
    check(indicators, options, draws)?;
    let goodness = Goodness::new(indicators, options);
    let mut standings: Vec<Standing> = options
        .iter()
        .map(|option| Standing {
            name: option.name.clone(),
            best_probability: 0.0,
            expected_rank: 0.0,
            mean_score: 0.0,
            is_pareto: false,
            pareto_share: 0.0,
        })
        .collect();
    for draw in 0..draws {
        add_draw(&mut standings, indicators, &goodness.in_draw(draw));
    }
    let means = goodness.means();
    for (index, standing) in standings.iter_mut().enumerate() {
        standing.best_probability /= draws as f64;
        standing.expected_rank /= draws as f64;
        standing.mean_score /= draws as f64;
        standing.pareto_share /= draws as f64;
        standing.is_pareto = is_pareto(&means, index);
    }
    Ok(standings)
}

/// Indicators brought to 0 to 1, more being better.
struct Goodness {
    /// By option, indicator and draw.
    values: Vec<Vec<Vec<f64>>>,
}

impl Goodness {
    fn new(indicators: &[Indicator], options: &[RankedOption]) -> Self {
        let mut values: Vec<Vec<Vec<f64>>> = options.iter().map(|option| option.results.clone()).collect();
        for (index, indicator) in indicators.iter().enumerate() {
            let all = || options.iter().flat_map(|option| option.results[index].iter().copied());
            let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
            for value in values.iter_mut().flat_map(|option| option[index].iter_mut()) {
                *value = if high == low {
                    0.0
                } else if indicator.more_is_better {
                    (*value - low) / (high - low)
                } else {
                    (high - *value) / (high - low)
                };
            }
        }
        Self { values }
    }

    /// By option and indicator.
    fn in_draw(&self, draw: usize) -> Vec<Vec<f64>> {
        self.values.iter().map(|option| option.iter().map(|values| values[draw]).collect()).collect()
    }

    /// By option and indicator.
    fn means(&self) -> Vec<Vec<f64>> {
        let mean = |values: &Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        self.values.iter().map(|option| option.iter().map(mean).collect()).collect()
    }
}

fn add_draw(standings: &mut [Standing], indicators: &[Indicator], goodness: &[Vec<f64>]) {
    let score = |option: &Vec<f64>| {
        option.iter().zip(indicators).map(|(goodness, indicator)| goodness * indicator.weight).sum::<f64>()
    };
    let scores: Vec<f64> = goodness.iter().map(score).collect();
    let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let ties = scores.iter().filter(|&&score| score == best).count() as f64;
    for (index, standing) in standings.iter_mut().enumerate() {
        let better = scores.iter().filter(|&&score| score > scores[index]).count() as f64;
        let equal = scores.iter().filter(|&&score| score == scores[index]).count() as f64;
        standing.expected_rank += better + 0.5 * (equal + 1.0);
        standing.mean_score += scores[index];
        if scores[index] == best {
            standing.best_probability += 1.0 / ties;
        }
        if is_pareto(goodness, index) {
            standing.pareto_share += 1.0;
        }
    }
}

fn is_pareto(goodness: &[Vec<f64>], index: usize) -> bool {
    let beats = |one: &[f64], other: &[f64]| {
        one.iter().zip(other).all(|(one, other)| one >= other) && one.iter().zip(other).any(|(one, other)| one > other)
    };
    !goodness.iter().any(|other| beats(other, &goodness[index]))
}

fn check(indicators: &[Indicator], options: &[RankedOption], draws: usize) -> Result<(), Vec<RankingFault>> {
    if indicators.is_empty() || draws == 0 {
        let (options, indicators) = (options.len(), indicators.len());
        return Err(vec![RankingFault::Nothing { options, indicators, draws }]);
    }
    let mut faults = Vec::new();
    for indicator in indicators {
        if !(indicator.weight >= 0.0 && indicator.weight.is_finite()) {
            faults.push(RankingFault::Weight { indicator: indicator.name.clone(), weight: indicator.weight });
        }
    }
    let sum: f64 = indicators.iter().map(|indicator| indicator.weight).sum();
    if (sum - 1.0).abs() > 1e-9 || sum.is_nan() {
        faults.push(RankingFault::Weights { sum });
    }
    for option in options {
        check_option(indicators, option, draws, &mut faults);
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn check_option(indicators: &[Indicator], option: &RankedOption, wanted: usize, faults: &mut Vec<RankingFault>) {
    let name = || option.name.clone();
    if option.results.len() != indicators.len() {
        let (given, wanted) = (option.results.len(), indicators.len());
        faults.push(RankingFault::Indicators { option: name(), given, wanted });
    }
    for (indicator, values) in indicators.iter().zip(&option.results) {
        let indicator = || indicator.name.clone();
        if values.len() != wanted {
            faults.push(RankingFault::Draws { option: name(), indicator: indicator(), given: values.len(), wanted });
        }
        if let Some(draw) = values.iter().position(|value| !value.is_finite()) {
            let value = values[draw];
            faults.push(RankingFault::Value { option: name(), indicator: indicator(), draw: draw + 1, value });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn indicators() -> Vec<Indicator> {
        let indicator =
            |name: &str, more_is_better, weight| Indicator { name: name.to_owned(), more_is_better, weight };
        vec![indicator("worth", true, 0.6), indicator("noise", false, 0.4)]
    }

    fn option(name: &str, worth: &[f64], noise: &[f64]) -> RankedOption {
        RankedOption { name: name.to_owned(), results: vec![worth.to_vec(), noise.to_vec()] }
    }

    #[test]
    fn an_option_that_is_best_in_everything_is_surely_best() {
        let options = [option("good", &[3.0, 4.0], &[1.0, 1.0]), option("bad", &[1.0, 2.0], &[2.0, 3.0])];
        let standings = ranking(&indicators(), &options).unwrap();
        assert_eq!((standings[0].best_probability, standings[0].expected_rank), (1.0, 1.0));
        assert_eq!((standings[1].best_probability, standings[1].expected_rank), (0.0, 2.0));
        assert!(standings[0].is_pareto && !standings[1].is_pareto);
        assert_eq!((standings[0].pareto_share, standings[1].pareto_share), (1.0, 0.0));
    }

    #[test]
    fn two_equal_options_share_the_probability() {
        let same = |name| option(name, &[3.0, 1.0, 2.0], &[1.0, 2.0, 1.0]);
        let options = [same("one"), same("other"), option("worse", &[0.0, 0.0, 0.0], &[3.0, 3.0, 3.0])];
        let standings = ranking(&indicators(), &options).unwrap();
        assert_eq!([0, 1, 2].map(|option: usize| standings[option].best_probability), [0.5, 0.5, 0.0]);
        assert_eq!([0, 1, 2].map(|option: usize| standings[option].expected_rank), [1.5, 1.5, 3.0]);
        assert!(standings[0].is_pareto && standings[1].is_pareto, "neither beats the other");
    }

    /// By hand: worth from 0 to 10, noise from 50 to 60. Draw 1: 0.6 × 1 + 0.4 × 0 against 0.6 × 0.5 + 0.4 × 1; draw 2: 0.6 × 0.4 + 0.4 × 0.5
    /// against 0.4 × 0.5.
    #[test]
    fn draws_decide_by_weighted_sums() {
        let options = [option("loud", &[10.0, 4.0], &[60.0, 55.0]), option("quiet", &[5.0, 0.0], &[50.0, 55.0])];
        let standings = ranking(&indicators(), &options).unwrap();
        assert!((standings[0].mean_score - (0.6 + 0.44) / 2.0).abs() < 1e-12);
        assert!((standings[1].mean_score - (0.7 + 0.2) / 2.0).abs() < 1e-12);
        assert_eq!([standings[0].best_probability, standings[1].best_probability], [0.5, 0.5]);
        assert_eq!([standings[0].pareto_share, standings[1].pareto_share], [1.0, 0.5]);
        assert!(standings[0].is_pareto && standings[1].is_pareto);
    }

    #[test]
    fn every_fault_is_told() {
        let mut wrong = indicators();
        wrong[0].weight = -0.1;
        let options = [option("a", &[1.0, 2.0], &[1.0, f64::NAN]), option("b", &[1.0], &[1.0, 2.0])];
        let faults = ranking(&wrong, &options).unwrap_err();
        assert!(matches!(faults[0], RankingFault::Weight { .. }));
        assert!(matches!(faults[1], RankingFault::Weights { .. }));
        assert!(matches!(faults[2], RankingFault::Value { draw: 2, .. }));
        assert!(matches!(faults[3], RankingFault::Draws { given: 1, wanted: 2, .. }));
        assert_eq!(faults.len(), 4);
        assert!(matches!(ranking(&indicators(), &[]).unwrap_err()[0], RankingFault::Nothing { .. }));
        let short = RankedOption { name: "c".to_owned(), results: vec![vec![1.0]] };
        assert!(matches!(ranking(&indicators(), &[short]).unwrap_err()[0], RankingFault::Indicators { .. }));
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one_ranks_to_their_mean_and_the_best_is_never_beaten(
            values in prop::collection::vec(prop::collection::vec(0..4_i32, 10), 2..6),
        ) {
            let options: Vec<RankedOption> = values
                .iter()
                .enumerate()
                .map(|(number, values)| {
                    let numbers: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
                    option(&number.to_string(), &numbers[..5], &numbers[5..])
                })
                .collect();
            let standings = ranking(&indicators(), &options).unwrap();
            let probability: f64 = standings.iter().map(|standing| standing.best_probability).sum();
            prop_assert!((probability - 1.0).abs() < 1e-9);
            let rank: f64 = standings.iter().map(|standing| standing.expected_rank).sum();
            let count = standings.len() as f64;
            prop_assert!((rank - count * (count + 1.0) / 2.0).abs() < 1e-9);
            let best = standings.iter().max_by(|one, other| one.mean_score.total_cmp(&other.mean_score)).unwrap();
            let is_equalled = standings.iter().any(|other| other.is_pareto && other.mean_score >= best.mean_score - 1e-12);
            prop_assert!(is_equalled, "a highest mean score belongs to the Pareto set of means");
            for standing in &standings {
                prop_assert!(standing.best_probability <= standing.pareto_share + 1e-9);
            }
        }
    }
}

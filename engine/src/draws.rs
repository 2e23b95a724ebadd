//! Random numbers that depend on what they are for and on nothing else.
//!
//! A number is a pure function of (seed, purpose, agent): the seed of the run, what is drawn (`demand level`), and for
//! whom (the index of a zone, a link, a vehicle). The order in which numbers are asked for, the number of threads and what
//! else is drawn do not change it, so that a base and its scenarios share their draws. The generator is ChaCha with eight
//! rounds (Bernstein 2008, [`rand_chacha`]), used as a counter: the key is made of seed and purpose, the stream is the agent.
//! Every distribution is reached through its quantile function, one uniform number for each draw; the normal quantile is
//! algorithm AS 241 (Wichura 1988, Applied Statistics 37(3), 477–484; relative error about 1e-16). Left out: correlation
//! between draws, which whoever draws has to model.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a random number is for: a short text, part of the generator's key as it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Purpose([u8; PURPOSE_LENGTH_MAX]);

/// The longest text of a [`Purpose`], in bytes.
pub const PURPOSE_LENGTH_MAX: usize = 24;

impl Purpose {
    /// The purpose of that name. Two purposes are the same only if their names are.
    ///
    /// # Panics
    /// Where the name is empty, longer than [`PURPOSE_LENGTH_MAX`] bytes or holds a zero byte; as a constant, when compiling.
    #[must_use]
    pub const fn new(name: &str) -> Self {
        let bytes = name.as_bytes();
        assert!(!bytes.is_empty() && bytes.len() <= PURPOSE_LENGTH_MAX, "a purpose has 1 to 24 bytes");
        let mut text = [0_u8; PURPOSE_LENGTH_MAX];
        let mut index = 0;
        while index < bytes.len() {
            assert!(bytes[index] != 0, "a purpose holds no zero byte");
            text[index] = bytes[index];
            index += 1;
        }
        Self(text)
    }
}

/// All random numbers of one seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Draws {
    seed: u64,
}

impl Draws {
    /// The random numbers of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The seed.
    #[must_use]
    pub fn seed(self) -> u64 {
        self.seed
    }

    /// As many numbers as wanted for one purpose and agent: the sequence begins with the one that [`Draws::uniform`] gives.
    #[must_use]
    pub fn sequence(self, purpose: Purpose, agent: u64) -> Sequence {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..].copy_from_slice(&purpose.0);
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(agent);
        Sequence(generator)
    }

    /// A number between 0 and 1, never either: one of the 2⁵² midpoints of equal parts.
    #[must_use]
    pub fn uniform(self, purpose: Purpose, agent: u64) -> f64 {
        self.sequence(purpose, agent).uniform()
    }

    /// A draw from the normal distribution of mean 0 and standard deviation 1.
    #[must_use]
    pub fn normal(self, purpose: Purpose, agent: u64) -> f64 {
        normal_quantile(self.uniform(purpose, agent))
    }

    /// A draw from a distribution.
    #[must_use]
    pub fn draw(self, distribution: &Distribution, purpose: Purpose, agent: u64) -> f64 {
        distribution.quantile(self.uniform(purpose, agent))
    }
}

/// The random numbers of one seed, purpose and agent, one after another.
#[derive(Clone, Debug)]
pub struct Sequence(ChaCha8Rng);

impl Sequence {
    /// The next number between 0 and 1, never either.
    pub fn uniform(&mut self) -> f64 {
        const PARTS: f64 = (1_u64 << 52) as f64;
        ((self.0.next_u64() >> 12) as f64 + 0.5) / PARTS
    }

    /// The next draw from a distribution.
    pub fn draw(&mut self, distribution: &Distribution) -> f64 {
        distribution.quantile(self.uniform())
    }
}

/// How a quantity that is not known may fall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// It is known.
    Fixed(f64),
    /// Anywhere between two values alike.
    Uniform {
        /// Lowest value.
        low: f64,
        /// Highest value, not below `low`.
        high: f64,
    },
    /// Bell curve.
    Normal {
        /// Mean and median.
        mean: f64,
        /// Standard deviation, not negative.
        deviation: f64,
    },
    /// Bell curve cut at both ends and stretched to one again.
    TruncatedNormal {
        /// Mean before the cut.
        mean: f64,
        /// Standard deviation before the cut, positive.
        deviation: f64,
        /// Lowest value.
        low: f64,
        /// Highest value, above `low`.
        high: f64,
    },
    /// Bell curve of the logarithm: a factor of unknown size.
    LogNormal {
        /// Median, positive.
        median: f64,
        /// Standard deviation of the natural logarithm, not negative.
        log_deviation: f64,
    },
    /// Straight up from `low` to `mode`, straight down to `high`.
    Triangular {
        /// Lowest value.
        low: f64,
        /// Most likely value, between the others.
        mode: f64,
        /// Highest value, above `low`.
        high: f64,
    },
}

/// Why numbers do not make a distribution.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum DistributionError {
    /// A number is infinite or not a number.
    #[error("every number of a distribution must be finite")]
    NotFinite,
    /// The ends are in the wrong order.
    #[error("low {low} must not be above high {high}, and where the curve has a shape between them it must be below")]
    Ends {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
    /// The most likely value is not between the ends.
    #[error("mode {mode} must lie between low {low} and high {high}")]
    Mode {
        /// The lower end.
        low: f64,
        /// The most likely value.
        mode: f64,
        /// The upper end.
        high: f64,
    },
    /// The width is negative.
    #[error("the deviation is {0}; it must not be below 0, and above 0 where the curve is cut")]
    Deviation(f64),
    /// The median of a lognormal is not positive.
    #[error("the median of a lognormal is {0}; it must be above 0")]
    Median(f64),
    /// The ends are so far from the mean that next to nothing is left between them.
    #[error("less than a millionth of the curve lies between low {low} and high {high}")]
    NothingLeft {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
}

impl Distribution {
    /// Checks the numbers.
    ///
    /// # Errors
    /// [`DistributionError`] where they are outside the ranges that each field states.
    pub fn validate(&self) -> Result<(), DistributionError> {
        use DistributionError::{Deviation, Ends, Median, Mode, NotFinite, NothingLeft};
        let finite = |numbers: &[f64]| numbers.iter().all(|number| number.is_finite());
        match *self {
            Self::Fixed(value) if !finite(&[value]) => Err(NotFinite),
            Self::Fixed(_) => Ok(()),
            Self::Uniform { low, high } if !finite(&[low, high]) => Err(NotFinite),
            Self::Uniform { low, high } if low > high => Err(Ends { low, high }),
            Self::Uniform { .. } => Ok(()),
            Self::Normal { mean, deviation } if !finite(&[mean, deviation]) => Err(NotFinite),
            Self::Normal { deviation, .. } if deviation < 0.0 => Err(Deviation(deviation)),
            Self::Normal { .. } => Ok(()),
            Self::LogNormal { median, log_deviation } if !finite(&[median, log_deviation]) => Err(NotFinite),
            Self::LogNormal { median, .. } if median <= 0.0 => Err(Median(median)),
            Self::LogNormal { log_deviation, .. } if log_deviation < 0.0 => Err(Deviation(log_deviation)),
            Self::LogNormal { .. } => Ok(()),
            Self::Triangular { low, mode, high } if !finite(&[low, mode, high]) => Err(NotFinite),
            Self::Triangular { low, high, .. } if low >= high => Err(Ends { low, high }),
            Self::Triangular { low, mode, high } if mode < low || mode > high => Err(Mode { low, mode, high }),
            Self::Triangular { .. } => Ok(()),
            Self::TruncatedNormal { mean, deviation, low, high } => {
                if !finite(&[mean, deviation, low, high]) {
                    Err(NotFinite)
                } else if deviation <= 0.0 {
                    Err(Deviation(deviation))
                } else if low >= high {
                    Err(Ends { low, high })
                } else if normal_probability((high - mean) / deviation) - normal_probability((low - mean) / deviation)
                    < 1e-6
                {
                    Err(NothingLeft { low, high })
                } else {
                    Ok(())
                }
            }
        }
    }

    /// The value below which a draw falls with that probability (0 to 1, both excluded). The numbers must be valid.
    #[must_use]
    pub fn quantile(&self, probability: f64) -> f64 {
        match *self {
            Self::Fixed(value) => value,
            Self::Uniform { low, high } => low + probability * (high - low),
            Self::Normal { mean, deviation } => mean + deviation * normal_quantile(probability),
            Self::LogNormal { median, log_deviation } => {
                median * libm::exp(log_deviation * normal_quantile(probability))
            }
            Self::TruncatedNormal { mean, deviation, low, high } => {
                let below = normal_probability((low - mean) / deviation);
                let above = normal_probability((high - mean) / deviation);
                let value = mean + deviation * normal_quantile(below + probability * (above - below));
                value.clamp(low, high)
            }
            Self::Triangular { low, mode, high } => {
                let rising = (mode - low) / (high - low);
                if probability < rising {
                    low + libm::sqrt(probability * (high - low) * (mode - low))
                } else {
                    high - libm::sqrt((1.0 - probability) * (high - low) * (high - mode))
                }
            }
        }
    }

    /// The quantity in another unit, or in prices of another year: everything that it may be times a number above 0.
    #[must_use]
    pub fn scaled(&self, by: f64) -> Self {
        match *self {
            Self::Fixed(value) => Self::Fixed(value * by),
            Self::Uniform { low, high } => Self::Uniform { low: low * by, high: high * by },
            Self::Normal { mean, deviation } => Self::Normal { mean: mean * by, deviation: deviation * by },
            Self::TruncatedNormal { mean, deviation, low, high } => {
                Self::TruncatedNormal { mean: mean * by, deviation: deviation * by, low: low * by, high: high * by }
            }
            Self::LogNormal { median, log_deviation } => Self::LogNormal { median: median * by, log_deviation },
            Self::Triangular { low, mode, high } => {
                Self::Triangular { low: low * by, mode: mode * by, high: high * by }
            }
        }
    }

    /// The median: the value used where nothing is drawn.
    #[must_use]
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

/// Probability that a standard normal variable is below `value`.
#[must_use]
pub fn normal_probability(value: f64) -> f64 {
    0.5 * libm::erfc(-value * std::f64::consts::FRAC_1_SQRT_2)
}

/// The inverse of [`normal_probability`] for probabilities between 0 and 1 (both excluded): AS 241, routine PPND16.
#[must_use]
pub fn normal_quantile(probability: f64) -> f64 {
    let from_middle = probability - 0.5;
    if from_middle.abs() <= 0.425 {
        let r = 0.180_625 - from_middle * from_middle;
        return from_middle * ratio(r, &MIDDLE);
    }
    let tail = if from_middle < 0.0 { probability } else { 1.0 - probability };
    let r = libm::sqrt(-libm::log(tail));
    let value = if r <= 5.0 { ratio(r - 1.6, &NEAR_TAIL) } else { ratio(r - 5.0, &FAR_TAIL) };
    if from_middle < 0.0 { -value } else { value }
}

/// Numerator and denominator of a rational function, lowest power first.
type Rational = [[f64; 8]; 2];

fn ratio(x: f64, [numerator, denominator]: &Rational) -> f64 {
    let polynomial = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
    polynomial(numerator) / polynomial(denominator)
}

const MIDDLE: Rational = [
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_545e3,
    ],
];

const NEAR_TAIL: Rational = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

const FAR_TAIL: Rational = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    const LEVEL: Purpose = Purpose::new("level");

    #[test]
    fn a_number_is_the_same_in_whatever_order_it_is_asked_for() {
        let draws = Draws::new(7);
        let forward: Vec<f64> = (0..100).map(|agent| draws.uniform(LEVEL, agent)).collect();
        let mut backward: Vec<f64> = (0..100).rev().map(|agent| draws.uniform(LEVEL, agent)).collect();
        backward.reverse();
        assert_eq!(forward, backward);
        assert_eq!(draws.sequence(LEVEL, 3).uniform(), forward[3]);
    }

    #[test]
    fn seed_purpose_and_agent_each_change_the_number() {
        let number = |seed, purpose, agent| Draws::new(seed).uniform(Purpose::new(purpose), agent);
        let numbers = [
            number(1, "level", 0),
            number(2, "level", 0),
            number(1, "levels", 0),
            number(1, "level", 1),
            number(1, "level", 1 << 40),
            number(1 << 63, "level", 0),
        ];
        for (index, number) in numbers.iter().enumerate() {
            assert!(!numbers[..index].contains(number), "{numbers:?}");
        }
    }

    /// A change of the generator would change every run ever made: it must not go unnoticed.
    #[test]
    fn the_generator_is_the_one_that_runs_were_made_with() {
        let uniform = |seed, agent| Draws::new(seed).uniform(LEVEL, agent);
        assert_eq!([uniform(0, 0), uniform(1, 0), uniform(1, 1)], GOLDEN_UNIFORM);
        let mut sequence = Draws::new(42).sequence(Purpose::new("abcdefghijklmnopqrstuvwx"), u64::MAX);
        assert_eq!([sequence.uniform(), sequence.uniform(), sequence.uniform()], GOLDEN_SEQUENCE);
    }

    // Computed with another implementation of ChaCha8, written from the algorithm's description.
    const GOLDEN_UNIFORM: [f64; 3] = [0.238_966_588_380_353_9, 0.333_061_554_510_537_4, 0.865_248_582_930_913_4];
    const GOLDEN_SEQUENCE: [f64; 3] = [0.553_048_849_792_514, 0.235_038_777_383_870_13, 0.856_235_360_231_136_2];

    #[test]
    fn normal_quantiles_are_the_published_ones() {
        // The first three from the paper's test table, the last from any table of the normal distribution.
        for (probability, quantile) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (0.975, 1.959_963_984_540_054),
        ] {
            assert!((normal_quantile(probability) / quantile - 1.0).abs() < 1e-14, "{probability}");
        }
        for hundredth in 1..100 {
            let probability = f64::from(hundredth) / 100.0;
            assert!((normal_probability(normal_quantile(probability)) - probability).abs() < 1e-15);
        }
    }

    fn moments(distribution: Distribution) -> (f64, f64, f64, f64) {
        distribution.validate().expect("valid");
        let count = 40_000;
        let sample: Vec<f64> =
            (0..count).map(|agent| Draws::new(11).draw(&distribution, Purpose::new("moments"), agent)).collect();
        let mean = sample.iter().sum::<f64>() / count as f64;
        let variance = sample.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count as f64;
        let low = sample.iter().copied().fold(f64::INFINITY, f64::min);
        let high = sample.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (mean, libm::sqrt(variance), low, high)
    }

    /// Means within four standard errors of theory, deviations within two per cent.
    fn assert_moments(distribution: Distribution, mean: f64, deviation: f64) {
        let (sample_mean, sample_deviation, ..) = moments(distribution);
        assert!((sample_mean - mean).abs() < 4.0 * deviation / 200.0, "{distribution:?}: mean {sample_mean}");
        assert!((sample_deviation / deviation - 1.0).abs() < 0.02, "{distribution:?}: deviation {sample_deviation}");
    }

    #[test]
    fn draws_have_the_moments_of_their_distribution() {
        assert_moments(Distribution::Uniform { low: 2.0, high: 5.0 }, 3.5, 3.0 / libm::sqrt(12.0));
        assert_moments(Distribution::Normal { mean: -1.0, deviation: 2.0 }, -1.0, 2.0);
        let (median, s) = (1.5, 0.3);
        let mean = median * libm::exp(s * s / 2.0);
        assert_moments(
            Distribution::LogNormal { median, log_deviation: s },
            mean,
            mean * libm::sqrt(libm::exp(s * s) - 1.0),
        );
        let (a, c, b) = (1.0, 2.0, 6.0);
        let variance: f64 = (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0;
        assert_moments(Distribution::Triangular { low: a, mode: c, high: b }, (a + b + c) / 3.0, variance.sqrt());
        // A standard normal cut at ±1: variance 1 − 2φ(1)/(2Φ(1) − 1) = 0.291125.
        assert_moments(
            Distribution::TruncatedNormal { mean: 0.0, deviation: 1.0, low: -1.0, high: 1.0 },
            0.0,
            libm::sqrt(0.291_125_094_8),
        );
    }

    #[test]
    fn bounded_draws_stay_in_bounds_and_fill_them() {
        for distribution in [
            Distribution::Uniform { low: 2.0, high: 5.0 },
            Distribution::Triangular { low: 2.0, mode: 2.0, high: 5.0 },
            Distribution::TruncatedNormal { mean: 3.0, deviation: 9.0, low: 2.0, high: 5.0 },
        ] {
            let (_, _, low, high) = moments(distribution);
            assert!((2.0..2.02).contains(&low) && (4.95..=5.0).contains(&high), "{distribution:?}: {low}..{high}");
        }
    }

    #[test]
    fn neighbouring_agents_seeds_and_purposes_are_not_correlated() {
        let count = 20_000;
        let correlation = |pair: &dyn Fn(u64) -> (f64, f64)| {
            let sum: f64 = (0..count).map(pair).map(|(a, b)| (a - 0.5) * (b - 0.5)).sum();
            12.0 * sum / count as f64
        };
        let draws = Draws::new(5);
        let limit = 4.0 / libm::sqrt(count as f64);
        assert!(correlation(&|agent| (draws.uniform(LEVEL, agent), draws.uniform(LEVEL, agent + 1))).abs() < limit);
        let other = Purpose::new("leveL");
        assert!(correlation(&|agent| (draws.uniform(LEVEL, agent), draws.uniform(other, agent))).abs() < limit);
        let next = |seed| Draws::new(seed).uniform(LEVEL, 0);
        assert!(correlation(&|seed| (next(seed), next(seed + 1))).abs() < limit);
    }

    #[test]
    fn the_median_of_a_factor_is_the_factor() {
        assert_eq!(Distribution::LogNormal { median: 1.2, log_deviation: 0.4 }.median(), 1.2);
        assert_eq!(Distribution::Normal { mean: 3.0, deviation: 1.0 }.median(), 3.0);
        assert_eq!(Distribution::Fixed(2.0).median(), 2.0);
        assert_eq!(Distribution::Triangular { low: 0.0, mode: 1.0, high: 2.0 }.median(), 1.0);
    }

    #[test]
    fn what_is_not_a_distribution_says_why() {
        let error = |distribution: Distribution| distribution.validate().expect_err("not a distribution");
        assert_eq!(error(Distribution::Fixed(f64::NAN)), DistributionError::NotFinite);
        assert_eq!(
            error(Distribution::Uniform { low: 2.0, high: 1.0 }),
            DistributionError::Ends { low: 2.0, high: 1.0 }
        );
        assert_eq!(
            error(Distribution::Triangular { low: 0.0, mode: 3.0, high: 1.0 }),
            DistributionError::Mode { low: 0.0, mode: 3.0, high: 1.0 }
        );
        assert_eq!(error(Distribution::Normal { mean: 0.0, deviation: -1.0 }), DistributionError::Deviation(-1.0));
        assert_eq!(error(Distribution::LogNormal { median: 0.0, log_deviation: 1.0 }), DistributionError::Median(0.0));
        assert_eq!(
            error(Distribution::TruncatedNormal { mean: 0.0, deviation: 1.0, low: 9.0, high: 10.0 }),
            DistributionError::NothingLeft { low: 9.0, high: 10.0 }
        );
    }
}

//! Entries of which only a distribution is known.

use std::marker::PhantomData;

use engine::draws::Distribution;
use serde::Deserialize;
use serde::de::Deserializer;

use super::entry::check_origin;
use super::units::Unit;

/// What must hold for all but the most extreme draws, one in a thousand at each end.
const EXTREMES: [f64; 2] = [0.001, 0.999];

/// A distribution in a unit, with where it is from.
pub(super) struct Uncertain<U>(pub(super) Distribution, PhantomData<U>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncertainEntry {
    distribution: DistributionTable,
    unit: String,
    source: String,
    year: i16,
    reason: String,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum DistributionTable {
    Fixed { value: f64 },
    Uniform { low: f64, high: f64 },
    Normal { mean: f64, deviation: f64 },
    TruncatedNormal { mean: f64, deviation: f64, low: f64, high: f64 },
    LogNormal { median: f64, log_deviation: f64 },
    Triangular { low: f64, mode: f64, high: f64 },
}

impl From<DistributionTable> for Distribution {
    fn from(table: DistributionTable) -> Self {
        match table {
            DistributionTable::Fixed { value } => Self::Fixed(value),
            DistributionTable::Uniform { low, high } => Self::Uniform { low, high },
            DistributionTable::Normal { mean, deviation } => Self::Normal { mean, deviation },
            DistributionTable::TruncatedNormal { mean, deviation, low, high } => {
                Self::TruncatedNormal { mean, deviation, low, high }
            }
            DistributionTable::LogNormal { median, log_deviation } => Self::LogNormal { median, log_deviation },
            DistributionTable::Triangular { low, mode, high } => Self::Triangular { low, mode, high },
        }
    }
}

impl DistributionTable {
    /// The distribution, if it is one and a quantity in that unit can have its values.
    pub(super) fn checked<U: Unit, E: serde::de::Error>(self) -> Result<Distribution, E> {
        let distribution = Distribution::from(self);
        distribution.validate().map_err(E::custom)?;
        let extremes = EXTREMES.map(|probability| distribution.quantile(probability));
        match extremes.into_iter().find(|&value| !U::accepts(value)) {
            None => Ok(distribution),
            Some(value) => Err(E::custom(format!("the value may come to {value}; it must be {}", U::VALID))),
        }
    }
}

impl<'de, U: Unit> Deserialize<'de> for Uncertain<U> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entry = UncertainEntry::deserialize(deserializer)?;
        check_origin(&entry.unit, U::NAME, &entry.source, entry.year, &entry.reason)?;
        entry.distribution.checked::<U, D::Error>().map(|distribution| Self(distribution, PhantomData))
    }
}

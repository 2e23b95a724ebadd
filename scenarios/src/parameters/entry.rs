//! What an entry of a parameter file is made of: a value with its unit, source, year and reason, and which values are valid.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use engine::draws::Distribution;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// One entry of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry<T> {
    value: T,
    unit: String,
    source: String,
    year: i16,
    reason: String,
}

impl<T> Entry<T> {
    /// The value, if the entry is complete and in that unit.
    pub(super) fn checked<E: serde::de::Error>(self, unit: &'static str) -> Result<T, E> {
        check_origin(&self.unit, unit, &self.source, self.year, &self.reason)?;
        Ok(self.value)
    }
}

pub(super) fn check_origin<E: serde::de::Error>(
    unit: &str,
    expected: &'static str,
    source: &str,
    year: i16,
    reason: &str,
) -> Result<(), E> {
    if unit != expected {
        return Err(E::custom(format!("the unit is '{unit}', but this value is in '{expected}'; convert it")));
    }
    for (field, text) in [("source", source), ("reason", reason)] {
        if text.trim().is_empty() {
            return Err(E::custom(format!(
                "the {field} is empty; write 'assumption' and why, where there is no source"
            )));
        }
    }
    if !(1900..=2100).contains(&year) {
        return Err(E::custom(format!("the year {year} is not between 1900 and 2100")));
    }
    Ok(())
}

/// A unit, and which values a quantity in it can have.
pub(in crate::parameters) trait Unit {
    const NAME: &'static str;
    const VALID: &'static str;
    fn accepts(value: f64) -> bool;
}

/// What holds numbers of one unit.
pub(in crate::parameters) trait Numbers {
    /// All of them.
    fn numbers(&self) -> Vec<f64>;
}

impl Numbers for f64 {
    fn numbers(&self) -> Vec<f64> {
        vec![*self]
    }
}

impl<const N: usize> Numbers for [f64; N] {
    fn numbers(&self) -> Vec<f64> {
        self.to_vec()
    }
}

impl<K> Numbers for BTreeMap<K, f64> {
    fn numbers(&self) -> Vec<f64> {
        self.values().copied().collect()
    }
}

/// A number, or several, in a unit.
pub(super) struct Quantity<U, T = f64>(pub(super) T, PhantomData<U>);

impl<'de, U: Unit, T: Deserialize<'de> + Numbers> Deserialize<'de> for Quantity<U, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told: T = Entry::deserialize(deserializer)?.checked(U::NAME)?;
        match told.numbers().into_iter().find(|&value| !U::accepts(value)) {
            None => Ok(Self(told, PhantomData)),
            Some(value) => Err(D::Error::custom(format!("the value is {value}; it must be {}", U::VALID))),
        }
    }
}

/// Shares that sum to 1, by name.
pub(super) struct Shares<K>(pub(super) BTreeMap<K, f64>);

impl<'de, K: Deserialize<'de> + Ord> Deserialize<'de> for Shares<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let shares: BTreeMap<K, f64> = Entry::deserialize(deserializer)?.checked("share")?;
        check_shares(shares.values().copied())?;
        Ok(Self(shares))
    }
}

macro_rules! units {
    ($($unit:ident: $name:literal, $valid:literal, $accepts:expr;)*) => {$(
        pub(in crate::parameters) struct $unit;
        impl Unit for $unit {
            const NAME: &'static str = $name;
            const VALID: &'static str = $valid;
            fn accepts(value: f64) -> bool {
                let accepts: fn(f64) -> bool = $accepts;
                value.is_finite() && accepts(value)
            }
        }
    )*};
}

units! {
    Share: "share", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    Factor: "factor", "a number above 0", |value| value > 0.0;
    FactorFromOne: "factor", "a number not below 1", |value| value >= 1.0;
    LogDeviation: "log", "a number not below 0", |value| value >= 0.0;
    Minutes: "min", "a number not below 0", |value| value >= 0.0;
    MinutesAboveZero: "min", "a number above 0", |value| value > 0.0;
    PerMinute: "1/min", "a number above 0", |value| value > 0.0;
    KilometresPerHour: "km/h", "a number above 0", |value| value > 0.0;
    Euro: "EUR", "a number not below 0", |value| value >= 0.0;
    EuroPerKilometre: "EUR/km", "a number not below 0", |value| value >= 0.0;
    EuroPerHour: "EUR/h", "a number above 0", |value| value > 0.0;
    ToursPerJob: "tours/(job*weekday)", "a number not below 0", |value| value >= 0.0;
    TripsPerJob: "trips/(job*weekday)", "a number not below 0", |value| value >= 0.0;
    TripsPerResident: "trips/(resident*weekday)", "a number not below 0", |value| value >= 0.0;
    Celsius: "C", "between -50 and 60", |value| (-50.0..=60.0).contains(&value);
    Percent: "%", "between 0 and 100", |value| (0.0..=100.0).contains(&value);
    Metres: "m", "a number above 0", |value| value > 0.0;
    Decibels: "dB", "between -200 and 200", |value| (-200.0..=200.0).contains(&value);
    DecibelsByBand: "dB by octave band 63 Hz to 8 kHz", "between -200 and 200", |value| (-200.0..=200.0).contains(&value);
    DecibelsPerKelvin: "dB/K", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    ShareOfTime: "share of the time", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    ShareOfEnergy: "share of the energy", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    FactorToOne: "factor", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    LengthOverDistance: "length over distance", "above 0 and at most 1", |value| value > 0.0 && value <= 1.0;
    Years: "years", "a number above 0", |value| value > 0.0;
    GramsPerKilometre: "g/km", "a number not below 0", |value| value >= 0.0;
    GramsPerMegajoule: "g/MJ", "a number not below 0", |value| value >= 0.0;
    MegajoulesPerLitre: "MJ/l", "a number above 0", |value| value > 0.0;
    KilowattHoursPerKilometre: "kWh/km", "a number not below 0", |value| value >= 0.0;
    CarUnits: "pcu", "a number not below 0", |value| value >= 0.0;
}

/// How far shares may sum off 1.
pub(super) const SHARES_TOLERANCE: f64 = 1e-9;

pub(super) fn check_shares<E: serde::de::Error>(shares: impl Iterator<Item = f64>) -> Result<(), E> {
    let mut sum = 0.0;
    for share in shares {
        if !(0.0..=1.0).contains(&share) {
            return Err(E::custom(format!("a share is {share}; it must be between 0 and 1")));
        }
        sum += share;
    }
    if (sum - 1.0).abs() > SHARES_TOLERANCE {
        return Err(E::custom(format!("the shares sum to {sum}; they must sum to 1")));
    }
    Ok(())
}

/// A distribution with where it is from.
pub(super) struct Uncertain(pub(super) Distribution);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UncertainEntry {
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

impl Uncertain {
    pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D, unit: &'static str) -> Result<Self, D::Error> {
        let entry = UncertainEntry::deserialize(deserializer)?;
        check_origin(&entry.unit, unit, &entry.source, entry.year, &entry.reason)?;
        let distribution = Distribution::from(entry.distribution);
        distribution.validate().map_err(D::Error::custom)?;
        Ok(Self(distribution))
    }
}

pub(super) fn factor<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uncertain, D::Error> {
    Uncertain::read(deserializer, "factor")
}

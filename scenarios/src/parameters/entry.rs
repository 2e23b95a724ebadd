//! What an entry of a parameter file is made of: a value with its unit, source, year and reason.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::units::{Number, Numbers, Unit, accepted};

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

/// A number, or several, in a unit.
pub(super) struct Quantity<U, T = f64>(pub(super) T, PhantomData<U>);

impl<'de, U: Unit, T: Deserialize<'de> + Numbers> Deserialize<'de> for Quantity<U, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told: T = Entry::deserialize(deserializer)?.checked(U::NAME)?;
        Number::<U, T>::checked(told).map(|number| Self(number.0, PhantomData))
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

/// A row of a list that rises: where it stands, and what holds from there.
pub(super) trait Row {
    /// Where rows stand.
    type At: Copy + PartialOrd + std::fmt::Display;
    /// Where this one stands, and its value.
    fn pair(self) -> (Self::At, f64);
}

/// Rows in rising order, with values of one unit.
pub(super) struct Rising<U, R: Row>(pub(super) Vec<(R::At, f64)>, PhantomData<U>);

impl<'de, U: Unit, R: Row + Deserialize<'de>> Deserialize<'de> for Rising<U, R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows: Vec<R> = Entry::deserialize(deserializer)?.checked(U::NAME)?;
        let rows: Vec<_> = rows.into_iter().map(R::pair).collect();
        for &(_, value) in &rows {
            accepted::<U, D::Error>(value)?;
        }
        match rows.windows(2).find(|pair| pair[0].0.partial_cmp(&pair[1].0) != Some(Ordering::Less)) {
            _ if rows.is_empty() => Err(D::Error::custom("the list is empty; write at least one row")),
            None => Ok(Self(rows, PhantomData)),
            Some(pair) => {
                let (one, next) = (pair[0].0, pair[1].0);
                let message = format!("the rows run {one} to {next}; list them from lowest to highest, each once");
                Err(D::Error::custom(message))
            }
        }
    }
}

/// Declares rows by the names of their two fields.
macro_rules! rows {
    ($($name:ident { $at:ident: $of:ty, $value:ident })*) => {$(
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name {
            $at: $of,
            $value: f64,
        }
        impl $crate::parameters::entry::Row for $name {
            type At = $of;
            fn pair(self) -> ($of, f64) {
                (self.$at, self.$value)
            }
        }
    )*};
}
pub(super) use rows;

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

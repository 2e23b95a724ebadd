//! Energies that add up to the same whatever their order.
//!
//! What arrives is counted in whole quanta. Sums of whole numbers do not hang on their order, so that what a changed line gave can be
//! taken away and what it gives be added, and nothing is left that tells it from a reckoning from scratch. A quantum is 60 dB below
//! the threshold of hearing. How loud something is, where that decides what is looked at, is told by its class: the whole part of its
//! binary logarithm, three decibels.

use crate::environment::noise::periods::ByPeriod;

/// Quanta in the energy of 0 dB: 2^20.
const QUANTA: f64 = 1_048_576.0;

/// The class of silence: below all others.
pub(super) const SILENCE: i32 = i32::MIN;

/// An energy by period, and the periods together as in L_den.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Energy {
    periods: ByPeriod<i128>,
    /// The periods together.
    pub(super) weighted: Quanta,
}

/// A number of quanta.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Quanta(i128);

impl Quanta {
    /// The energy, of which 1 is 0 dB.
    pub(super) fn energy(self) -> f64 {
        self.0 as f64 / QUANTA
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Energy {
    /// The energies of the periods, where `weights` says how much each counts together.
    #[inline]
    pub(super) fn new(energies: ByPeriod<f64>, weights: &ByPeriod<f64>) -> Self {
        let mut weighted = 0.0;
        for (energy, weight) in energies.iter().zip(weights) {
            weighted += weight * energy;
        }
        let quanta = |energy: f64| (energy * QUANTA) as i128;
        Self { periods: energies.map(quanta), weighted: Quanta(quanta(weighted)) }
    }

    /// The energies of the periods, of which 1 is 0 dB.
    pub(super) fn periods(&self) -> ByPeriod<f64> {
        self.periods.map(|quanta| quanta as f64 / QUANTA)
    }

    #[inline]
    pub(super) fn plus(self, other: Self) -> Self {
        let mut periods = self.periods;
        for (sum, other) in periods.iter_mut().zip(other.periods) {
            *sum += other;
        }
        Self { periods, weighted: self.weighted.plus(other.weighted) }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        let mut periods = self.periods;
        for (left, other) in periods.iter_mut().zip(other.periods) {
            *left -= other;
        }
        Self { periods, weighted: self.weighted.minus(other.weighted) }
    }
}

/// The class of an energy: the whole part of its binary logarithm; [`SILENCE`] if it is not above 0.
#[inline]
pub(super) fn class(energy: f64) -> i32 {
    if energy >= f64::MIN_POSITIVE { (energy.to_bits() >> 52) as i32 - 1023 } else { SILENCE }
}

/// The smallest energy of the next class: what is of that class or a lower one is below it.
#[inline]
pub(super) fn above(class: i32) -> f64 {
    match class.saturating_add(1) {
        next @ -1022..=1023 => f64::from_bits(((next + 1023) as u64) << 52),
        next if next > 1023 => f64::INFINITY,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_powers_of_two() {
        for (energy, expected) in
            [(1.0, 0), (1.999, 0), (2.0, 1), (0.5, -1), (0.499, -2), (0.0, SILENCE), (-1.0, SILENCE)]
        {
            assert_eq!(class(energy), expected, "{energy}");
        }
        assert_eq!([above(0), above(-1), above(SILENCE)], [2.0, 1.0, 0.0]);
    }

    #[test]
    fn what_is_taken_away_leaves_no_trace() {
        let weights = [0.5, 0.3, 3.0];
        let [a, b, c] = [1e7, 0.3, 12.345].map(|energy| Energy::new([energy, energy / 3.0, energy / 7.0], &weights));
        assert_eq!(a.plus(b).plus(c).minus(a), c.plus(b));
        assert!((c.periods()[0] - 12.345).abs() < 1e-5);
    }
}

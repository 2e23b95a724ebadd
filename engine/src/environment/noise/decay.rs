//! The exponential of numbers that are not positive, for eight bands at once.
//!
//! Sound paths need e^−x some dozens of times each, and a city has tens of millions of paths. This is plain arithmetic in fixed order
//! (x·log2 e is split into a whole and a broken part, the broken part goes through the Taylor polynomial of 2^f of degree 9), so that
//! it gives the same bytes on every machine and the compiler can do several bands at a time, which calls of `libm::exp` prevent. It
//! is within 1e-11 of `libm::exp`, a ten-thousandth of a millionth of a decibel.

use super::bands::{BAND_COUNT, Bands};

/// Beyond this e^−x is smaller than anything that sounds; 2^−x would leave the range of normal numbers.
const EXPONENT_MAX: f64 = 700.0;

/// 1.5 · 2^52: adding it leaves the nearest whole number in the lowest bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// e^−x for each band; `exponents` are at least 0, and what is above 700 counts as 700.
#[inline]
#[must_use]
pub(super) fn decay(exponents: &Bands) -> Bands {
    let mut result = [0.0; BAND_COUNT];
    for (result, &exponent) in result.iter_mut().zip(exponents) {
        *result = decay_one(exponent);
    }
    result
}

/// e^−x of one number, as [`decay`].
#[inline(always)]
pub(super) fn decay_one(exponent: f64) -> f64 {
    let power = -exponent.min(EXPONENT_MAX) * core::f64::consts::LOG2_E;
    let shifted = power + ROUNDER;
    let fraction = (power - (shifted - ROUNDER)) * core::f64::consts::LN_2;
    let mut sum = 1.0 / 362_880.0;
    for coefficient in [1.0 / 40_320.0, 1.0 / 5_040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * fraction + coefficient;
    }
    f64::from_bits(sum.to_bits().wrapping_add(shifted.to_bits() << 52))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_libm() {
        for step in 0..70_000 {
            let exponent = f64::from(step) * 0.01;
            let exact = libm::exp(-exponent);
            let relative = (decay_one(exponent) - exact).abs() / exact;
            assert!(relative < 1e-11, "{relative} at {exponent}");
        }
    }

    #[test]
    fn nothing_decays_without_exponent_and_all_that_is_far_is_nothing() {
        assert_eq!(decay(&[0.0; BAND_COUNT]), [1.0; BAND_COUNT]);
        assert!(decay_one(1e9) < 1e-300 && decay_one(f64::INFINITY) > 0.0);
    }
}

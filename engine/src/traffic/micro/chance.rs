//! Random numbers for every vehicle and step, fast enough to draw millions a second.
//!
//! Squares (B. Widynski 2020, arXiv:2004.06278): a counter, here vehicle and step, is squared under a key four times. The
//! key comes from the seed through [`crate::draws`], so that a number depends on seed, vehicle and step alone.

use crate::draws::{Draws, Purpose};

const KEY: Purpose = Purpose::new("micro key");

/// The random numbers of one run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance {
    key: u64,
}

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        let mut sequence = Draws::new(seed).sequence(KEY, 0);
        // Sixteen digits of the key, no two neighbours alike, the last one odd, as the generator asks for.
        let mut key = 0_u64;
        let mut last = 16;
        for place in 0..16 {
            let mut digit = (sequence.uniform() * 16.0) as u64;
            while digit == last || (place == 15 && digit.is_multiple_of(2)) {
                digit = (digit + 1) % 16;
            }
            key = key << 4 | digit;
            last = digit;
        }
        Self { key }
    }

    /// A number from 0 to below 1 for one vehicle and step.
    pub(super) fn uniform(self, vehicle: u32, step: u32) -> f64 {
        let counter = u64::from(vehicle) << 32 | u64::from(step);
        let y = counter.wrapping_mul(self.key);
        let z = y.wrapping_add(self.key);
        let mut x = y;
        x = x.wrapping_mul(x).wrapping_add(y).rotate_left(32);
        x = x.wrapping_mul(x).wrapping_add(z).rotate_left(32);
        x = x.wrapping_mul(x).wrapping_add(y).rotate_left(32);
        let number = x.wrapping_mul(x).wrapping_add(z) >> 32;
        number as f64 / 4_294_967_296.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_even_over_vehicles_and_over_steps_and_differ_by_seed() {
        for seed in [1, 2, 99] {
            let chance = Chance::new(seed);
            let over_vehicles: f64 = (0..100_000).map(|vehicle| chance.uniform(vehicle, 17)).sum();
            let over_steps: f64 = (0..100_000).map(|step| chance.uniform(23, step)).sum();
            for sum in [over_vehicles, over_steps] {
                // Three standard deviations of the mean of 100,000 uniform numbers.
                assert!((sum / 100_000.0 - 0.5).abs() < 0.0028, "{sum}");
            }
        }
        assert!(Chance::new(1).uniform(5, 5) != Chance::new(2).uniform(5, 5));
    }

    #[test]
    fn one_step_says_nothing_of_the_next() {
        let chance = Chance::new(7);
        let mut product = 0.0;
        for step in 0..100_000 {
            product += (chance.uniform(1, step) - 0.5) * (chance.uniform(1, step + 1) - 0.5);
        }
        assert!((product / 100_000.0).abs() < 0.001, "{product}");
    }
}

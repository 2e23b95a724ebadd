//! Equal stretches of time.

/// Rounding must not move what happens at the beginning of a bin to the one before, as a share of a bin.
const ROUNDING: f64 = 1e-9;

/// Equal stretches of time, numbered from 0 and without end. What happens where two meet belongs to the later one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeBins {
    /// When bin 0 begins, in seconds.
    pub begin_s: f64,
    /// How long each is, in seconds, positive.
    pub bin_s: f64,
}

impl TimeBins {
    /// The bin of a time in seconds; 0 for times before the beginning.
    #[must_use]
    pub fn bin_of(&self, time_s: f64) -> usize {
        ((time_s - self.begin_s) / self.bin_s + ROUNDING).max(0.0) as usize
    }

    /// When a bin begins and ends, in seconds.
    #[must_use]
    pub fn bounds_s(&self, bin: usize) -> (f64, f64) {
        (self.begin_s + bin as f64 * self.bin_s, self.begin_s + (bin + 1) as f64 * self.bin_s)
    }

    /// How many bins it takes to reach an end, in seconds; at least one.
    #[must_use]
    pub fn count_until(&self, end_s: f64) -> usize {
        ((end_s - self.begin_s) / self.bin_s - ROUNDING).ceil().max(1.0) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_lies_within_the_bounds_of_its_bin() {
        let bins = TimeBins { begin_s: 100.0, bin_s: 0.3 };
        for number in 0..2000 {
            let time_s = 100.0 + f64::from(number) * 0.1;
            let bin = bins.bin_of(time_s);
            assert_eq!(bin, number as usize / 3, "{time_s}");
            let (from_s, to_s) = bins.bounds_s(bin);
            assert!(from_s - 1e-6 <= time_s && time_s < to_s, "{time_s}");
        }
        assert_eq!((bins.bin_of(0.0), bins.count_until(100.9), bins.count_until(101.0)), (0, 3, 4));
    }
}

//! The plume's curves in tables, for a whole city.
//!
//! Straight lines between the exact values: σ over fetch at 64 values an octave, which a fetch's binary digits select, and
//! the normal distribution at 128 values a unit. The largest errors are 5e-5 of a σ and 8e-6 of a plume's peak; beyond five
//! σ nothing is left, as in the original model. Only sums, products and look-ups: the same bytes on every processor.

use std::sync::LazyLock;

use super::super::line_source::{Air, Carriageway, ExactSpread, Spread};

/// Fetches from 2⁻⁶ m to 2¹⁶ m; a plume spreads no farther.
const OCTAVE_MIN: i32 = -6;
const OCTAVES: usize = 22;
const FETCH_MAX_M: f64 = 65_536.0;
/// Binary digits that select a value within an octave.
const DIGITS: u32 = 6;
const SEGMENTS: usize = OCTAVES << DIGITS;
/// Index of the first segment among the leading digits of all numbers.
const FIRST: u64 = ((1023 + OCTAVE_MIN) as u64) << DIGITS;

/// Values a unit and the largest value of the normal curves.
const STEPS: usize = 128;
const VALUE_MAX: f64 = 5.0;
const VALUES: usize = 5 * STEPS + 1;

/// Slope and value of the normal integral and of the bell, by segment.
type NormalSegments = [[f64; 4]; VALUES];

static NORMAL: LazyLock<Box<NormalSegments>> = LazyLock::new(|| {
    let values: Vec<[f64; 2]> = (0..=VALUES)
        .map(|index| {
            let value = index as f64 / STEPS as f64;
            let bell = if index < VALUES - 1 { libm::exp(-0.5 * value * value) } else { 0.0 };
            let normal = if index < VALUES - 1 { crate::draws::normal_probability(value) } else { 1.0 };
            [normal, bell]
        })
        .collect();
    let mut segments = Box::new([[0.0; 4]; VALUES]);
    for (segment, ends) in segments.iter_mut().zip(values.windows(2)) {
        *segment = [ends[1][0] - ends[0][0], ends[0][0], ends[1][1] - ends[0][1], ends[0][1]];
    }
    segments
});

/// The spread of a carriageway's plume in tables.
#[derive(Clone, Debug)]
pub(crate) struct TabulatedSpread {
    /// Slope and intercept of 1/σy and of 1/σz, by segment of the fetch.
    sigmas: Vec<[f32; 4]>,
    normal: &'static NormalSegments,
}

impl TabulatedSpread {
    pub(crate) fn new(carriageway: &Carriageway, air: &Air) -> Self {
        let exact = ExactSpread::new(carriageway, air);
        let fetch_m = |index: usize| f64::from_bits((FIRST + index as u64) << (52 - DIGITS));
        let mut ends = exact.inverse_sigmas(fetch_m(0));
        let sigmas = (0..SEGMENTS).map(|index| {
            let (from_m, to_m) = (fetch_m(index), fetch_m(index + 1));
            let next = exact.inverse_sigmas(to_m);
            let line = |axis: usize| {
                let slope = (next[axis] - ends[axis]) / (to_m - from_m);
                [slope, ends[axis] - slope * from_m]
            };
            let [[y_slope, y], [z_slope, z]] = [line(0), line(1)];
            ends = next;
            [y_slope, y, z_slope, z].map(|value| value as f32)
        });
        Self { sigmas: sigmas.collect(), normal: &NORMAL }
    }

    /// Index and position in the segment of a value that is not negative.
    #[inline]
    fn segment(&self, value: f64) -> ([f64; 4], f64) {
        let scaled = value.min(VALUE_MAX) * STEPS as f64;
        let index = scaled as u32;
        (self.normal[(index as usize).min(VALUES - 1)], scaled - f64::from(index))
    }
}

impl Spread for TabulatedSpread {
    #[inline]
    fn inverse_sigmas(&self, fetch_m: f64) -> [f64; 2] {
        let fetch_m = fetch_m.min(FETCH_MAX_M);
        let index = (fetch_m.to_bits() >> (52 - DIGITS)).saturating_sub(FIRST) as usize;
        let [y_slope, y, z_slope, z] = self.sigmas[index.min(SEGMENTS - 1)].map(f64::from);
        [y_slope * fetch_m + y, z_slope * fetch_m + z]
    }

    #[inline]
    fn normal(&self, value: f64) -> f64 {
        let ([slope, from, ..], position) = self.segment(value.abs());
        let upper = from + slope * position;
        if value < 0.0 { 1.0 - upper } else { upper }
    }

    #[inline]
    fn bell(&self, value: f64) -> f64 {
        let ([.., slope, from], position) = self.segment(value.abs());
        from + slope * position
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::line_source::{Link, LinkKind, Site};
    use super::super::super::meteorology::{Stability, Weather};
    use super::*;

    #[test]
    fn tables_are_within_their_stated_errors() {
        let link =
            Link { from_m: [0.0, 0.0], to_m: [50.0, 0.0], width_m: 12.0, height_m: 0.0, kind: LinkKind::AtGrade };
        let site = Site { roughness_m: 1.0, averaging_min: 60.0, settling_mps: 0.0, deposition_mps: 0.0 };
        let carriageway = Carriageway::new(&link);
        for stability in Stability::ALL {
            let weather = Weather {
                wind_speed_mps: 1.7,
                wind_from_deg: 10.0,
                stability,
                mixing_height_m: 500.0,
                temperature_c: 10.0,
            };
            let air = Air::new(&site, &weather);
            let (exact, table) = (ExactSpread::new(&carriageway, &air), TabulatedSpread::new(&carriageway, &air));
            for step in 0..4000 {
                let fetch_m = 0.02 * libm::pow(1.0035, f64::from(step));
                let (exact, table) = (exact.inverse_sigmas(fetch_m), table.inverse_sigmas(fetch_m));
                assert!((0..2).all(|axis| (table[axis] / exact[axis] - 1.0).abs() < 6e-5), "{fetch_m} m");
            }
            for step in -700..=700 {
                let value = f64::from(step) * 0.007_13;
                assert!((table.normal(value) - exact.normal(value)).abs() < 2e-6, "{value}");
                assert!((table.bell(value) - exact.bell(value)).abs() < 8e-6, "{value}");
            }
            assert_eq!([table.bell(9.0), table.normal(9.0), table.normal(-9.0)], [0.0, 1.0, 0.0]);
        }
    }
}

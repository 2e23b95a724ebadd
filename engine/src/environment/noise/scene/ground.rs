//! The mean ground factor of each square.
//!
//! Every square is looked at in 4 × 4 points; a point has the factor of the last area that holds it.

use super::grid::{Lattice, bounds};
use super::polygon::Rings;

/// Points of a square in a row.
const POINTS: usize = 4;

/// The ground factor of each square: the mean of its points.
pub(super) fn factors(lattice: &Lattice, areas: &[(Rings, f64)], elsewhere: f64) -> Vec<f64> {
    if areas.is_empty() {
        return vec![elsewhere; lattice.len()];
    }
    let (columns, step_m) = (lattice.columns * POINTS, lattice.square_m / POINTS as f64);
    let mut points = vec![elsewhere as f32; columns * lattice.rows * POINTS];
    let mut crossings = Vec::new();
    for (rings, factor) in areas {
        let [low, high] = bounds(rings.corners());
        for row in slots(low[1], high[1], lattice.origin[1], step_m, lattice.rows * POINTS) {
            let y = lattice.origin[1] + (row as f64 + 0.5) * step_m;
            rings.crossings(y, &mut crossings);
            for pair in crossings.chunks_exact(2) {
                let range = slots(pair[0], pair[1], lattice.origin[0], step_m, columns);
                points[row * columns + range.start..row * columns + range.end].fill(*factor as f32);
            }
        }
    }
    let mut means = Vec::with_capacity(lattice.len());
    for row in 0..lattice.rows {
        for column in 0..lattice.columns {
            let mut sum = 0.0;
            for line in 0..POINTS {
                let start = (row * POINTS + line) * columns + column * POINTS;
                sum += points[start..start + POINTS].iter().map(|&factor| f64::from(factor)).sum::<f64>();
            }
            means.push(sum / (POINTS * POINTS) as f64);
        }
    }
    means
}

/// Which of `count` points, half a step into each step, lie between two coordinates.
fn slots(low: f64, high: f64, origin: f64, step_m: f64, count: usize) -> core::ops::Range<usize> {
    let slot = |coordinate: f64| ((coordinate - origin) / step_m - 0.5).ceil().clamp(0.0, count as f64) as usize;
    let (low, high) = (slot(low), slot(high));
    low..high.max(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_half_in_a_park_is_half_porous() {
        let lattice = Lattice { origin: [0.0, 0.0], square_m: 8.0, columns: 3, rows: 2 };
        let park = Rings::new(&[[4.0, -5.0], [16.0, -5.0], [16.0, 8.0], [4.0, 8.0]], &[]);
        let pond = Rings::new(&[[12.0, 0.0], [16.0, 0.0], [16.0, 8.0], [12.0, 8.0]], &[]);
        let found = factors(&lattice, &[(park, 1.0), (pond, 0.0)], 0.5);
        assert_eq!(found, [0.75, 0.5, 0.5, 0.5, 0.5, 0.5]);
    }
}

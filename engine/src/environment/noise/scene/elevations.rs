//! Heights of the ground on a raster, and between its points.

use super::faults::{SceneFault, check};

/// Heights at the points of a raster; between them, bilinear; beyond its edge, as at the edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Elevations {
    /// Where the first point is: lowest coordinates.
    pub origin: [f64; 2],
    /// Distance of neighbouring points in metres; above 0.
    pub step_m: f64,
    /// Points in the direction of the first coordinate.
    pub columns: usize,
    /// Points in the direction of the second.
    pub rows: usize,
    /// Heights in metres, row by row, from the lowest coordinates on.
    pub heights_m: Vec<f64>,
}

impl Elevations {
    /// The height at a point in metres.
    #[must_use]
    pub fn at(&self, [x, y]: [f64; 2]) -> f64 {
        let (column, right) = place(x - self.origin[0], self.step_m, self.columns);
        let (row, up) = place(y - self.origin[1], self.step_m, self.rows);
        let height = |column: usize, row: usize| {
            self.heights_m[row.min(self.rows - 1) * self.columns + column.min(self.columns - 1)]
        };
        let low = height(column, row) * (1.0 - right) + height(column + 1, row) * right;
        let high = height(column, row + 1) * (1.0 - right) + height(column + 1, row + 1) * right;
        low * (1.0 - up) + high * up
    }

    /// Notes what is wrong with the raster.
    pub(super) fn check(&self, faults: &mut Vec<SceneFault>) {
        let found = self.heights_m.iter().filter(|height| height.is_finite()).count();
        let wanted = self.columns.checked_mul(self.rows);
        if wanted != Some(found) || found == 0 || found != self.heights_m.len() {
            faults.push(SceneFault::Elevations { columns: self.columns, rows: self.rows, found });
        }
        let what = ("the raster of elevations", 0);
        let good = self.step_m.is_finite() && self.step_m > 0.0;
        check(faults, what, ("step", self.step_m, "metres above 0"), good);
        for value in self.origin {
            check(faults, what, ("origin", value, "projected metres"), value.is_finite());
        }
    }
}

/// The point before, and how far it is to the next as a share.
fn place(distance_m: f64, step_m: f64, count: usize) -> (usize, f64) {
    let steps = (distance_m / step_m).clamp(0.0, (count - 1) as f64);
    let before = steps.floor();
    (before as usize, steps - before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_between_points_are_bilinear_and_beyond_the_edge_as_at_it() {
        let raster = Elevations {
            origin: [100.0, 200.0],
            step_m: 10.0,
            columns: 2,
            rows: 2,
            heights_m: vec![0.0, 10.0, 20.0, 30.0],
        };
        assert_eq!(raster.at([105.0, 205.0]), 15.0);
        assert_eq!(raster.at([100.0, 210.0]), 20.0);
        assert_eq!(raster.at([0.0, 0.0]), 0.0);
        assert_eq!(raster.at([999.0, 999.0]), 30.0);
    }
}

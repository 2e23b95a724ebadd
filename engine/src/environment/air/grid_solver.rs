//! Advection and diffusion on a plane, by finite volumes.
//!
//! ∂C/∂t + u·∇C = ∇·(K∇C) + q for a layer of air, in g/m² (mass over ground). What leaves a cell enters its neighbour: upwind
//! advection and central diffusion with explicit steps short enough that no cell gives more than it has (LeVeque 2002, *Finite
//! volume methods for hyperbolic problems*, sections 4.8 and 4.9), so that mass is conserved and never negative. It is a check on
//! the plume in the far field, not a model of a city. Left out: the vertical. Upwind differences blur across oblique winds by
//! about u·Δx/2 of diffusivity; along an axis the blur is along the wind alone.

/// The plane and what moves over it.
#[derive(Clone, Debug, PartialEq)]
pub struct GridSolver {
    columns: usize,
    rows: usize,
    cell_m: f64,
    wind_mps: [f64; 2],
    diffusivity_m2ps: f64,
    /// Mass by cell in g, row by row.
    mass_g: Vec<f64>,
    outflow_g: f64,
}

/// What is wrong with a plane or a step.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{quantity} is {value}; give {range}")]
pub struct GridSolverFault {
    /// The quantity.
    pub quantity: &'static str,
    /// Its value.
    pub value: f64,
    /// What it may be.
    pub range: &'static str,
}

impl GridSolver {
    /// An empty plane: columns and rows of cells of that size, wind to the east and north in m/s, and diffusivity in m²/s.
    ///
    /// # Errors
    /// The first number that cannot be.
    pub fn new(
        columns: usize,
        rows: usize,
        cell_m: f64,
        wind_mps: [f64; 2],
        diffusivity_m2ps: f64,
    ) -> Result<Self, GridSolverFault> {
        let checks = [
            ((1..=10_000).contains(&columns), "the number of columns", columns as f64, "1 to 10,000"),
            ((1..=10_000).contains(&rows), "the number of rows", rows as f64, "1 to 10,000"),
            (cell_m > 0.0, "the cell's side", cell_m, "a number above 0"),
            (wind_mps[0].abs() <= 75.0, "the wind to the east", wind_mps[0], "−75 to 75 m/s"),
            (wind_mps[1].abs() <= 75.0, "the wind to the north", wind_mps[1], "−75 to 75 m/s"),
            (diffusivity_m2ps >= 0.0, "the diffusivity", diffusivity_m2ps, "a number of at least 0"),
        ];
        if let Some((_, quantity, value, range)) = checks.into_iter().find(|check| !(check.0 && check.2.is_finite())) {
            return Err(GridSolverFault { quantity, value, range });
        }
        let mass_g = vec![0.0; columns * rows];
        Ok(Self { columns, rows, cell_m, wind_mps, diffusivity_m2ps, mass_g, outflow_g: 0.0 })
    }

    /// The longest step in seconds in which no cell gives more than it has.
    #[must_use]
    pub fn step_max_s(&self) -> f64 {
        let [east, north] = self.wind_mps;
        1.0 / self.given_per_s((east.abs() + north.abs()) / self.cell_m)
    }

    fn given_per_s(&self, blown_per_s: f64) -> f64 {
        blown_per_s + 4.0 * self.diffusivity_m2ps / (self.cell_m * self.cell_m)
    }

    /// Moves everything on by a step while cells emit: (column, row, g/s).
    ///
    /// # Errors
    /// Where the step is too long, a cell is not there or emits less than nothing. Nothing has moved then.
    pub fn step(&mut self, step_s: f64, emissions_gps: &[(usize, usize, f64)]) -> Result<(), GridSolverFault> {
        if !(step_s > 0.0 && step_s <= self.step_max_s() && step_s.is_finite()) {
            let range = "a number above 0, at most the longest step";
            return Err(GridSolverFault { quantity: "the step in seconds", value: step_s, range });
        }
        for &(column, row, value) in emissions_gps {
            if column >= self.columns || row >= self.rows || !(value >= 0.0 && value.is_finite()) {
                let range = "a number of at least 0, in a cell of the plane";
                return Err(GridSolverFault { quantity: "an emission", value, range });
            }
        }
        let [east, north] = self.wind_mps;
        let spread = self.diffusivity_m2ps * step_s / (self.cell_m * self.cell_m);
        // Share of a cell's mass that goes east, west, north and south.
        let shares = [east, -east, north, -north].map(|blown| blown.max(0.0) * step_s / self.cell_m + spread);
        let ways = [(1, 0), (-1, 0), (0, 1), (0, -1)];
        let mut next_g = vec![0.0; self.mass_g.len()];
        for (index, &mass_g) in self.mass_g.iter().enumerate() {
            if mass_g == 0.0 {
                continue;
            }
            let mut kept_g = mass_g;
            for (share, (dx, dy)) in shares.iter().zip(ways) {
                let given_g = share * mass_g;
                kept_g -= given_g;
                let (column, row) = ((index % self.columns) as i64 + dx, (index / self.columns) as i64 + dy);
                let is_inside = (0..self.columns as i64).contains(&column) && (0..self.rows as i64).contains(&row);
                if is_inside {
                    next_g[row as usize * self.columns + column as usize] += given_g;
                } else {
                    self.outflow_g += given_g;
                }
            }
            next_g[index] += kept_g.max(0.0);
        }
        for &(column, row, emission_gps) in emissions_gps {
            next_g[row * self.columns + column] += emission_gps * step_s;
        }
        self.mass_g = next_g;
        Ok(())
    }

    /// Mass over ground in a cell in g/m²; none beyond the plane.
    #[must_use]
    pub fn column_gpm2(&self, column: usize, row: usize) -> Option<f64> {
        let is_inside = column < self.columns && row < self.rows;
        is_inside.then(|| self.mass_g[row * self.columns + column] / (self.cell_m * self.cell_m))
    }

    /// Mass on the plane in g.
    #[must_use]
    pub fn mass_g(&self) -> f64 {
        self.mass_g.iter().sum()
    }

    /// Mass that has left over the edges in g.
    #[must_use]
    pub fn outflow_g(&self) -> f64 {
        self.outflow_g
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Far from a steady source, mass over ground is q/(u √(2π) σy) · exp(−y²/2σy²) with σy² = 2Kx/u.
    #[test]
    fn far_from_a_steady_source_the_profile_is_gaussian() {
        let (wind_mps, diffusivity, cell_m, middle) = (2.0, 20.0, 10.0, 50);
        let mut plane = GridSolver::new(150, 101, cell_m, [wind_mps, 0.0], diffusivity).expect("a plane");
        let step_s = plane.step_max_s() * 0.9;
        for _ in 0..2000 {
            plane.step(step_s, &[(10, middle, 3.0)]).expect("a step");
        }
        for column in [80, 110] {
            let fetch_m = (column - 10) as f64 * cell_m;
            let sigma_m = libm::sqrt(2.0 * diffusivity * fetch_m / wind_mps);
            let peak = 3.0 / (wind_mps * libm::sqrt(2.0 * std::f64::consts::PI) * sigma_m);
            for row in (middle - 30..=middle + 30).step_by(5) {
                let y = (row as f64 - middle as f64) * cell_m / sigma_m;
                let gaussian = peak * libm::exp(-0.5 * y * y);
                let value = plane.column_gpm2(column, row).expect("a cell");
                assert!((value - gaussian).abs() < 0.02 * peak, "{fetch_m} m, {y} σ: {value}, {gaussian}");
            }
        }
    }

    proptest! {
        #[test]
        fn mass_is_conserved_and_nowhere_negative(
            east in -8.0..8.0_f64, north in -8.0..8.0_f64, diffusivity in 0.0..80.0_f64,
            share in 0.1..1.0_f64, column in 0_usize..20, row in 0_usize..15,
        ) {
            let mut plane = GridSolver::new(20, 15, 25.0, [east, north], diffusivity).expect("a plane");
            let step_s = (plane.step_max_s() * share).min(100.0);
            let mut emitted_g = 0.0;
            for _ in 0..60 {
                plane.step(step_s, &[(column, row, 1.5)]).expect("a step");
                emitted_g += 1.5 * step_s;
            }
            prop_assert!(((plane.mass_g() + plane.outflow_g()) / emitted_g - 1.0).abs() < 1e-10);
            prop_assert!((0..20).all(|c| (0..15).all(|r| plane.column_gpm2(c, r).expect("a cell") >= 0.0)));
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(GridSolver::new(0, 5, 10.0, [1.0, 0.0], 1.0).is_err());
        assert!(GridSolver::new(5, 5, 10.0, [f64::NAN, 0.0], 1.0).is_err());
        let mut plane = GridSolver::new(5, 5, 10.0, [1.0, 0.0], 1.0).expect("a plane");
        assert!(plane.step(1e6, &[]).is_err());
        assert!(plane.step(1.0, &[(5, 0, 1.0)]).is_err());
        assert!(plane.step(1.0, &[(0, 0, -1.0)]).is_err());
    }
}

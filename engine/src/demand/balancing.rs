//! Doubly constrained fitting: a matrix of given pattern whose rows and columns add up to given totals.
//!
//! Iterative proportional fitting (Deming and Stephan 1940; Furness 1965; Ortúzar and Willumsen, *Modelling Transport*, section
//! 5.2): cell = row factor × seed × column factor, rows and columns scaled in turn until both agree. Of all matrices
//! with these totals it is the one closest to the seed in relative entropy.
//!
//! Scaling alone is slow where the pattern nearly falls into parts that exchange little, as under a steep deterrence. Every
//! so many rounds a Newton step is therefore taken on the convex dual, whose variables are the logarithms of the column
//! factors with the row factors always fitted to them (Brauer, Clason, Lorenz and Wirth 2017, *A Sinkhorn–Newton method for
//! entropic optimal transport*); its equations are solved by conjugate gradients, which need no more than products with the
//! matrix.

use super::Matrix;

/// How far the totals of rows may be from those of columns, relative to them.
const MARGIN_TOLERANCE: f64 = 1e-9;
/// Rows are fitted when none is off by more than this, relative to its target; columns then are exact to rounding.
const FIT_TOLERANCE: f64 = 1e-11;
/// Rounds of scaling before giving up.
const ROUNDS_MAX: usize = 5_000;
/// Rounds of scaling between Newton steps.
const ROUNDS_BETWEEN_STEPS: usize = 100;
/// A Newton step changes no factor by more than this power of e, and is halved so often until it lowers the dual.
const STEP_MAX: f64 = 4.0;
const HALVINGS_MAX: usize = 12;
/// Conjugate gradients end when the residual is this part of the first.
const SOLVE_TOLERANCE: f64 = 1e-8;

/// Why a matrix cannot be fitted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BalanceError {
    /// There are not as many targets as rows or columns.
    #[error("{targets} targets do not fit a matrix of {size} rows and columns")]
    Size {
        /// Targets given.
        targets: usize,
        /// Rows and columns of the seed.
        size: usize,
    },
    /// A target or a cell of the seed is negative or no number.
    #[error("{0} cannot be fitted: targets and seeds are finite and not below 0")]
    Value(f64),
    /// Rows and columns do not add up to the same.
    #[error("rows add up to {rows} but columns to {columns}")]
    Totals {
        /// Sum of the row targets.
        rows: f64,
        /// Sum of the column targets.
        columns: f64,
    },
    /// A row or column has a target, but its seed is zero wherever the others have a target.
    #[error("{line} {index} should add up to {target}, but its pattern is zero")]
    NoPattern {
        /// `row` or `column`.
        line: &'static str,
        /// Which one, from 0.
        index: usize,
        /// What it should add up to.
        target: f64,
    },
    /// The zeros of the seed leave no matrix with these totals.
    #[error(
        "no fit after {ROUNDS_MAX} rounds: a row is still off by {relative_error:e}; the zeros of the pattern allow no better"
    )]
    NotConverged {
        /// Largest relative error of a row.
        relative_error: f64,
    },
}

/// The factors that fit a seed to its totals.
#[derive(Debug, Clone, PartialEq)]
pub struct Balanced {
    /// Factor of each row.
    pub row_factors: Vec<f64>,
    /// Factor of each column.
    pub column_factors: Vec<f64>,
    /// Rounds of scaling.
    pub rounds: usize,
}

impl Balanced {
    /// The fitted matrix of the seed.
    #[must_use]
    pub fn matrix(&self, seed: &Matrix) -> Matrix {
        Matrix::from_fn(seed.size(), |origin, destination| {
            self.row_factors[origin] * seed.at(origin, destination) * self.column_factors[destination]
        })
    }
}

/// Fits a seed to row and column totals. Rows and columns whose target is 0 become 0.
///
/// # Errors
/// [`BalanceError`] where sizes or values are wrong, the totals differ, or the zeros of the seed allow no fit.
pub fn balance(seed: &Matrix, rows: &[f64], columns: &[f64]) -> Result<Balanced, BalanceError> {
    check(seed, rows, columns)?;
    let size = seed.size();
    let mut row_factors = vec![0.0; size];
    let mut column_factors: Vec<f64> = columns.iter().map(|&target| if target > 0.0 { 1.0 } else { 0.0 }).collect();
    let mut sums = vec![0.0; size];
    let mut relative_error = f64::INFINITY;
    for rounds in 1..=ROUNDS_MAX {
        let impossible = |line, index, target| match rounds {
            1 => BalanceError::NoPattern { line, index, target },
            // Factors that run away to zero and infinity: some targets cannot be had together.
            _ => BalanceError::NotConverged { relative_error },
        };
        let mut largest_error = 0.0;
        sums.fill(0.0);
        for origin in 0..size {
            let row = seed.row(origin);
            let target = rows[origin];
            let factor = factor(target, dot(row, &column_factors)).ok_or_else(|| impossible("row", origin, target))?;
            if target > 0.0 {
                largest_error = f64::max(largest_error, (row_factors[origin] / factor - 1.0).abs());
            }
            row_factors[origin] = factor;
            for (sum, cell) in sums.iter_mut().zip(row) {
                *sum += factor * cell;
            }
        }
        for destination in 0..size {
            let target = columns[destination];
            column_factors[destination] =
                factor(target, sums[destination]).ok_or_else(|| impossible("column", destination, target))?;
        }
        relative_error = largest_error;
        if relative_error <= FIT_TOLERANCE {
            return Ok(Balanced { row_factors, column_factors, rounds });
        }
        if rounds % ROUNDS_BETWEEN_STEPS == 0 {
            newton_step(seed, rows, columns, &mut column_factors);
        }
    }
    Err(BalanceError::NotConverged { relative_error })
}

/// Moves the column factors by a step towards the least of the dual; leaves them where no step lowers it.
fn newton_step(seed: &Matrix, rows: &[f64], columns: &[f64], column_factors: &mut [f64]) {
    let Some((dual, cells, sums)) = dual(seed, rows, columns, column_factors) else { return };
    let missing: Vec<f64> = columns.iter().zip(&sums).map(|(target, sum)| target - sum).collect();
    let step = curvature_solution(&cells, rows, &sums, &missing);
    let largest = step.iter().fold(0.0, |largest, part| f64::max(largest, part.abs()));
    let mut length = if largest > STEP_MAX { STEP_MAX / largest } else { 1.0 };
    for _ in 0..HALVINGS_MAX {
        let moved: Vec<f64> =
            column_factors.iter().zip(&step).map(|(factor, part)| factor * libm::exp(length * part)).collect();
        if self::dual(seed, rows, columns, &moved).is_some_and(|(lower, ..)| lower < dual) {
            column_factors.copy_from_slice(&moved);
            return;
        }
        length /= 2.0;
    }
}

/// The dual (to be lowered) at some column factors, the matrix whose rows fit, and its column sums; none where factors ran
/// away.
fn dual(seed: &Matrix, rows: &[f64], columns: &[f64], column_factors: &[f64]) -> Option<(f64, Matrix, Vec<f64>)> {
    let mut row_factors = vec![0.0; rows.len()];
    let mut value = 0.0;
    for (origin, &target) in rows.iter().enumerate() {
        let sum = dot(seed.row(origin), column_factors);
        row_factors[origin] = factor(target, sum)?;
        if target > 0.0 {
            value += target * libm::log(sum);
        }
    }
    for (&target, &factor) in columns.iter().zip(column_factors) {
        if target > 0.0 {
            value -= target * libm::log(factor);
        }
    }
    let cells = Matrix::from_fn(seed.size(), |origin, destination| {
        row_factors[origin] * seed.at(origin, destination) * column_factors[destination]
    });
    let sums = cells.column_sums();
    value.is_finite().then_some((value, cells, sums))
}

/// Solves (diag(column sums) − cellsᵀ · diag(1/rows) · cells) x = right, by conjugate gradients on the columns in use. The
/// matrix is singular along equal steps of all columns, which change nothing; the right side adds up to 0, so that the
/// directions never leave its range.
fn curvature_solution(cells: &Matrix, rows: &[f64], sums: &[f64], right: &[f64]) -> Vec<f64> {
    let size = rows.len();
    let product = |x: &[f64]| {
        let mut product: Vec<f64> = sums.iter().zip(x).map(|(sum, x)| sum * x).collect();
        for (origin, &target) in rows.iter().enumerate().filter(|&(_, &target)| target > 0.0) {
            let row = cells.row(origin);
            let share = dot(row, x) / target;
            for (value, cell) in product.iter_mut().zip(row) {
                *value -= share * cell;
            }
        }
        product
    };
    let scaled = |residual: &[f64]| -> Vec<f64> {
        residual.iter().zip(sums).map(|(part, &sum)| if sum > 0.0 { part / sum } else { 0.0 }).collect()
    };
    let mut solution = vec![0.0; size];
    let mut residual = right.to_vec();
    let mut direction = scaled(&residual);
    let mut weight = dot(&residual, &direction);
    let enough = weight * SOLVE_TOLERANCE * SOLVE_TOLERANCE;
    for _ in 0..2 * size {
        let along = product(&direction);
        let curvature = dot(&direction, &along);
        if weight <= enough || curvature <= 0.0 {
            break;
        }
        let length = weight / curvature;
        for place in 0..size {
            solution[place] += length * direction[place];
            residual[place] -= length * along[place];
        }
        let preconditioned = scaled(&residual);
        let next = dot(&residual, &preconditioned);
        for (part, new) in direction.iter_mut().zip(&preconditioned) {
            *part = new + next / weight * *part;
        }
        weight = next;
    }
    solution
}

/// The sum of products in four interleaved parts, so that it can be computed four at a time and always in the same order.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    let mut parts = [0.0; 4];
    let (left_fours, left_rest) = left.as_chunks::<4>();
    let (right_fours, right_rest) = right.as_chunks::<4>();
    for (a, b) in left_fours.iter().zip(right_fours) {
        for part in 0..4 {
            parts[part] += a[part] * b[part];
        }
    }
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(a, b)| a * b).sum();
    (parts[0] + parts[1]) + (parts[2] + parts[3]) + rest
}

/// What brings a sum to its target; none where nothing does.
fn factor(target: f64, sum: f64) -> Option<f64> {
    if target == 0.0 {
        return Some(0.0);
    }
    let factor = target / sum;
    factor.is_normal().then_some(factor)
}

fn check(seed: &Matrix, rows: &[f64], columns: &[f64]) -> Result<(), BalanceError> {
    let size = seed.size();
    if let Some(targets) = [rows.len(), columns.len()].into_iter().find(|&targets| targets != size) {
        return Err(BalanceError::Size { targets, size });
    }
    let wrong = |value: &&f64| !(value.is_finite() && **value >= 0.0);
    if let Some(&value) = rows.iter().chain(columns).chain(seed.values()).find(wrong) {
        return Err(BalanceError::Value(value));
    }
    let (rows, columns): (f64, f64) = (rows.iter().sum(), columns.iter().sum());
    if (rows - columns).abs() > MARGIN_TOLERANCE * rows.max(columns) {
        return Err(BalanceError::Totals { rows, columns });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn square(values: &[f64]) -> Matrix {
        let size = values.len().isqrt();
        Matrix::from_fn(size, |row, column| values[row * size + column])
    }

    #[test]
    fn the_published_example_is_reproduced() {
        let seed = square(&[1.0, 2.0, 3.0, 4.0]);
        let fitted = balance(&seed, &[10.0, 20.0], &[12.0, 18.0]).unwrap().matrix(&seed);
        for (value, published) in fitted.values().iter().zip([3.363_083, 6.636_917, 8.636_917, 11.363_083]) {
            assert!((value - published).abs() < 5e-7, "{value} for {published}");
        }
    }

    #[test]
    fn what_cannot_be_fitted_says_why() {
        let seed = square(&[1.0, 0.0, 0.0, 1.0]);
        assert_eq!(balance(&seed, &[1.0], &[1.0, 0.0]), Err(BalanceError::Size { targets: 1, size: 2 }));
        assert_eq!(balance(&seed, &[-1.0, 1.0], &[0.0, 0.0]), Err(BalanceError::Value(-1.0)));
        let totals = BalanceError::Totals { rows: 2.0, columns: 3.0 };
        assert_eq!(balance(&seed, &[1.0, 1.0], &[1.0, 2.0]), Err(totals));
        let no_pattern = BalanceError::NoPattern { line: "row", index: 0, target: 1.0 };
        assert_eq!(balance(&seed, &[1.0, 0.0], &[0.0, 1.0]), Err(no_pattern));
        assert!(matches!(balance(&seed, &[1.0, 2.0], &[2.0, 1.0]), Err(BalanceError::NotConverged { .. })));
    }

    #[test]
    fn a_pattern_that_nearly_falls_into_parts_is_fitted_in_few_rounds() {
        // Two towns of two zones, between which next to nobody has to go.
        let far = 1e-3;
        let seed = square(&[
            1.0,
            0.5,
            far,
            far * far, //
            0.3,
            1.0,
            far,
            far, //
            far,
            far,
            1.0,
            0.7, //
            far * far,
            far,
            0.2,
            1.0,
        ]);
        let (rows, columns) = ([20.0, 40.0, 20.0, 10.0], [20.0, 39.999, 10.001, 20.0]);
        let balanced = balance(&seed, &rows, &columns).expect("every cell has a pattern, so there is a fit");
        let fitted = balanced.matrix(&seed);
        for (sum, target) in fitted.row_sums().iter().zip(&rows).chain(fitted.column_sums().iter().zip(&columns)) {
            assert!((sum / target - 1.0).abs() < 1e-10, "{sum} for {target}");
        }
        assert!(balanced.rounds <= 5 * ROUNDS_BETWEEN_STEPS, "{} rounds", balanced.rounds);
    }

    proptest! {
        #[test]
        fn rows_and_columns_add_up_and_the_pattern_is_kept(
            cells in prop::collection::vec(0.01..10.0_f64, 25),
            rows in prop::collection::vec(0.1..100.0_f64, 5),
            columns in prop::collection::vec(0.1..100.0_f64, 5),
        ) {
            let seed = square(&cells);
            let scale = rows.iter().sum::<f64>() / columns.iter().sum::<f64>();
            let columns: Vec<f64> = columns.iter().map(|target| target * scale).collect();
            let fitted = balance(&seed, &rows, &columns).unwrap().matrix(&seed);
            for (sum, target) in fitted.row_sums().iter().zip(&rows).chain(fitted.column_sums().iter().zip(&columns)) {
                prop_assert!((sum / target - 1.0).abs() < 1e-10);
            }
            // Cross ratios of the seed survive: that is what "of the same pattern" means.
            let cross = |m: &Matrix| m.at(0, 0) * m.at(1, 1) / (m.at(0, 1) * m.at(1, 0));
            prop_assert!((cross(&fitted) / cross(&seed) - 1.0).abs() < 1e-9);
        }

        #[test]
        fn a_symmetric_problem_has_a_symmetric_solution(
            cells in prop::collection::vec(0.1..10.0_f64, 16),
            totals in prop::collection::vec(0.1..100.0_f64, 4),
        ) {
            let raw = square(&cells);
            let seed = Matrix::from_fn(4, |i, j| raw.at(i.min(j), i.max(j)));
            let fitted = balance(&seed, &totals, &totals).unwrap().matrix(&seed);
            for (value, mirrored) in fitted.values().iter().zip(fitted.transposed().values()) {
                prop_assert!((value - mirrored).abs() < 1e-9 * (value + mirrored));
            }
        }
    }
}

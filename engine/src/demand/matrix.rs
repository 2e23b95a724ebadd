//! A dense square matrix over zones, or over zones and gates.

use crate::assignment::OdMatrix;

/// Numbers from every zone to every zone, row by row.
///
/// Dense on purpose: a gravity model fills every cell. Five hundred zones take 2 MB.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    size: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// A matrix of zeros with so many rows and columns.
    #[must_use]
    pub fn zeros(size: usize) -> Self {
        Self { size, values: vec![0.0; size * size] }
    }

    /// The matrix whose cell in row `origin` and column `destination` is `value(origin, destination)`.
    #[must_use]
    pub fn from_fn(size: usize, mut value: impl FnMut(usize, usize) -> f64) -> Self {
        let values = (0..size * size).map(|cell| value(cell / size, cell % size)).collect();
        Self { size, values }
    }

    /// The matrix of these cells, row by row.
    ///
    /// # Panics
    /// Where they do not fill a square.
    #[must_use]
    pub fn from_values(values: Vec<f64>) -> Self {
        let size = values.len().isqrt();
        assert_eq!(size * size, values.len(), "as many rows as columns");
        Self { size, values }
    }

    /// How many rows, and columns.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// All cells, row by row.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The cells of one row.
    #[must_use]
    pub fn row(&self, origin: usize) -> &[f64] {
        &self.values[origin * self.size..(origin + 1) * self.size]
    }

    /// One cell.
    #[must_use]
    pub fn at(&self, origin: usize, destination: usize) -> f64 {
        self.values[origin * self.size + destination]
    }

    /// One cell, to change.
    pub fn at_mut(&mut self, origin: usize, destination: usize) -> &mut f64 {
        &mut self.values[origin * self.size + destination]
    }

    /// The sum of all cells, added row by row.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.row_sums().iter().sum()
    }

    /// The sum of each row.
    #[must_use]
    pub fn row_sums(&self) -> Vec<f64> {
        (0..self.size).map(|origin| self.row(origin).iter().sum()).collect()
    }

    /// The sum of each column.
    #[must_use]
    pub fn column_sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.size];
        for origin in 0..self.size {
            for (sum, value) in sums.iter_mut().zip(self.row(origin)) {
                *sum += value;
            }
        }
        sums
    }

    /// Every cell after `change`.
    #[must_use]
    pub fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        Self { size: self.size, values: self.values.iter().map(|&value| change(value)).collect() }
    }

    /// Adds `factor` times another matrix, which may be smaller: its cells go into the upper left corner.
    ///
    /// # Panics
    /// Where the other matrix is larger.
    pub fn add_scaled(&mut self, other: &Self, factor: f64) {
        assert!(other.size <= self.size, "the added matrix fits");
        for origin in 0..other.size {
            let start = origin * self.size;
            for (value, added) in self.values[start..start + other.size].iter_mut().zip(other.row(origin)) {
                *value += factor * added;
            }
        }
    }

    /// Rows for columns.
    #[must_use]
    pub fn transposed(&self) -> Self {
        Self::from_fn(self.size, |origin, destination| self.at(destination, origin))
    }

    /// Every `(origin, destination, value)` that is above 0, row by row.
    pub fn entries(&self) -> impl Iterator<Item = (u32, u32, f64)> + '_ {
        let size = u32::try_from(self.size).expect("zones are numbered by u32");
        (0..size)
            .flat_map(move |origin| (0..size).map(move |destination| (origin, destination)))
            .zip(&self.values)
            .filter(|&(_, &value)| value > 0.0)
            .map(|((origin, destination), &value)| (origin, destination, value))
    }

    /// The cells above 0 as the assignment takes them; trips inside a zone stay in.
    ///
    /// # Panics
    /// Where a cell is infinite or no number.
    #[must_use]
    pub fn to_od_matrix(&self) -> OdMatrix {
        let size = u32::try_from(self.size).expect("zones are numbered by u32");
        OdMatrix::from_entries(size, self.entries().collect()).expect("finite trips between zones that are there")
    }
}

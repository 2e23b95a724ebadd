//! The cells of the ground: a grid of squares, worked on tile by tile.
//!
//! Rows run from south to north, columns from west to east; results are arrays of rows, west to east within each. A cell is
//! judged at its centre. A tile is 128 × 128 cells, the last ones less: small enough that its counts stay in a processor's
//! cache, and the piece of work that threads take.

use geo::{Coord, Rect};

/// Cells along a tile's side; two words of bits.
pub(super) const TILE_CELLS: usize = 128;

/// The most cells of a grid: a city of 16 × 16 km in metres.
const CELLS_MAX: usize = 1 << 28;

/// A grid of square cells on the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroundGrid {
    south_west: Coord<f64>,
    cell_m: f64,
    columns: usize,
    rows: usize,
}

/// Why there is no such grid.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GridFault {
    /// The corner or the cell is no number.
    #[error("a grid from ({x}, {y}) with cells of {cell_m} m: give a corner in metres and cells of 0.01 to 1000 m")]
    Cell {
        /// The corner's easting.
        x: f64,
        /// The corner's northing.
        y: f64,
        /// The cell's side.
        cell_m: f64,
    },
    /// There are no cells, or too many.
    #[error("a grid of {columns} columns and {rows} rows: give at least one and at most {CELLS_MAX} cells in all")]
    Cells {
        /// Columns.
        columns: usize,
        /// Rows.
        rows: usize,
    },
}

impl GroundGrid {
    /// A grid from its south-western corner, with the side of a cell in metres (0.01 to 1000).
    ///
    /// # Errors
    /// Where the numbers are none, or there are no cells or more than 2²⁸.
    pub fn new(south_west: Coord<f64>, cell_m: f64, columns: usize, rows: usize) -> Result<Self, GridFault> {
        let Coord { x, y } = south_west;
        if !(x.is_finite() && y.is_finite() && (0.01..=1000.0).contains(&cell_m)) {
            return Err(GridFault::Cell { x, y, cell_m });
        }
        match columns.checked_mul(rows) {
            Some(1..=CELLS_MAX) => Ok(Self { south_west, cell_m, columns, rows }),
            _ => Err(GridFault::Cells { columns, rows }),
        }
    }

    /// The grid that covers a rectangle, from its south-western corner on.
    ///
    /// # Errors
    /// As [`GroundGrid::new`].
    pub fn covering(bounds: Rect<f64>, cell_m: f64) -> Result<Self, GridFault> {
        // A float that is no count becomes 0 or a count that is refused.
        let cells = |length_m: f64| (length_m / cell_m).ceil().max(1.0) as usize;
        Self::new(bounds.min(), cell_m, cells(bounds.width()), cells(bounds.height()))
    }

    /// The south-western corner of the first cell, in metres.
    #[must_use]
    pub fn south_west(&self) -> Coord<f64> {
        self.south_west
    }

    /// The side of a cell, in metres.
    #[must_use]
    pub fn cell_m(&self) -> f64 {
        self.cell_m
    }

    /// Cells from west to east.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Cells from south to north.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Cells in all.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.columns * self.rows
    }

    /// The middle of a cell, in metres.
    #[must_use]
    pub fn centre(&self, column: usize, row: usize) -> Coord<f64> {
        let along = |from: f64, cells: usize| from + (cells as f64 + 0.5) * self.cell_m;
        Coord { x: along(self.south_west.x, column), y: along(self.south_west.y, row) }
    }

    /// A point in units of cells: centres have whole numbers, column first.
    pub(super) fn in_cells(&self, at: Coord<f64>) -> [f64; 2] {
        let along = |at: f64, from: f64| (at - from) / self.cell_m - 0.5;
        [along(at.x, self.south_west.x), along(at.y, self.south_west.y)]
    }

    /// The tiles, row by row.
    pub(super) fn tiles(&self) -> Vec<Tile> {
        let starts = |cells: usize| (0..cells).step_by(TILE_CELLS);
        let tile = |row: usize, column: usize| Tile {
            column,
            row,
            columns: TILE_CELLS.min(self.columns - column),
            rows: TILE_CELLS.min(self.rows - row),
        };
        starts(self.rows).flat_map(|row| starts(self.columns).map(move |column| tile(row, column))).collect()
    }
}

/// A piece of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tile {
    /// Its first column.
    pub(super) column: usize,
    /// Its first row.
    pub(super) row: usize,
    /// Its columns, at most [`TILE_CELLS`].
    pub(super) columns: usize,
    /// Its rows, at most [`TILE_CELLS`].
    pub(super) rows: usize,
}

impl Tile {
    /// The rectangle of its centres, in units of cells.
    pub(super) fn extent(self) -> Extent {
        Extent {
            low: [self.column as f64, self.row as f64],
            high: [(self.column + self.columns - 1) as f64, (self.row + self.rows - 1) as f64],
        }
    }
}

/// A rectangle in units of cells; empty where it ends before it begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    /// Least column and row.
    pub(super) low: [f64; 2],
    /// Greatest column and row.
    pub(super) high: [f64; 2],
}

impl Extent {
    /// Nothing.
    pub(super) const EMPTY: Self = Self { low: [f64::INFINITY; 2], high: [f64::NEG_INFINITY; 2] };

    /// This and a point.
    pub(super) fn with(self, at: [f64; 2]) -> Self {
        Self {
            low: [self.low[0].min(at[0]), self.low[1].min(at[1])],
            high: [self.high[0].max(at[0]), self.high[1].max(at[1])],
        }
    }

    /// This and what it sweeps on a way.
    pub(super) fn swept(self, way: [f64; 2]) -> Self {
        let end = |corner: [f64; 2]| [corner[0] + way[0], corner[1] + way[1]];
        self.with(end(self.low)).with(end(self.high))
    }

    /// Whether both have a point in common.
    pub(super) fn meets(self, other: Self) -> bool {
        (0..2).all(|axis| self.low[axis] <= other.high[axis] && other.low[axis] <= self.high[axis])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_every_cell_once() {
        let grid = GroundGrid::new(Coord { x: 3.0, y: 4.0 }, 1.0, 300, 129).expect("a grid");
        let mut covered = vec![0; grid.cells()];
        for tile in grid.tiles() {
            for row in tile.row..tile.row + tile.rows {
                for column in tile.column..tile.column + tile.columns {
                    covered[row * grid.columns() + column] += 1;
                }
            }
        }
        assert!(covered.iter().all(|&times| times == 1));
        assert_eq!(grid.in_cells(grid.centre(7, 9)), [7.0, 9.0]);
    }

    #[test]
    fn grids_without_cells_or_with_too_many_are_refused() {
        let corner = Coord { x: 0.0, y: 0.0 };
        assert!(GroundGrid::new(corner, 1.0, 0, 5).is_err());
        assert!(GroundGrid::new(corner, 1.0, usize::MAX, 5).is_err());
        assert!(GroundGrid::new(corner, 0.0, 5, 5).is_err());
        assert!(GroundGrid::new(Coord { x: f64::NAN, y: 0.0 }, 1.0, 5, 5).is_err());
        assert!(GroundGrid::covering(Rect::new((0.0, 0.0), (1e9, 1e9)), 1.0).is_err());
        assert_eq!(GroundGrid::covering(Rect::new((0.0, 0.0), (10.5, 2.0)), 1.0).expect("a grid").columns(), 11);
    }
}

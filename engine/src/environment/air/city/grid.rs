//! Receptors on a grid, and the tiles that they are computed in.
//!
//! Tiles form quadtrees: a leaf holds 4 × 4 receptors, a block 64 × 64. What comes from afar is smooth over a tile, and is
//! computed at 5 × 5 Chebyshev nodes of the largest tile over which it is smooth enough; polynomials through the nodes carry
//! it to the tiles within and at last to the receptors.

use std::sync::LazyLock;

use super::super::line_source::{Receptor, is_somewhere};

/// Receptors on the side of a leaf.
pub(super) const LEAF: usize = 4;
/// Levels of tiles above the leaves; a tile of level n has 2ⁿ leaves on its side.
pub(super) const LEVELS: usize = 4;
/// Receptors on the side of a block, the highest tile.
pub(super) const BLOCK: usize = LEAF << LEVELS;
/// Nodes on the side of a tile.
pub(super) const NODES: usize = 5;
const TILE_NODES: usize = NODES * NODES;
/// Sums of a block: its receptors, then the nodes of levels 1, 2, 3 and 4.
pub(super) const BLOCK_SUMS: usize = level_offset(LEVELS + 1);

/// Tiles of a level on the side of a block.
const fn tiles_on_side(level: usize) -> usize {
    1 << (LEVELS - level)
}

/// Where the nodes of a level begin among a block's sums.
const fn level_offset(level: usize) -> usize {
    let mut offset = BLOCK * BLOCK;
    let mut below = 1;
    while below < level {
        offset += tiles_on_side(below) * tiles_on_side(below) * TILE_NODES;
        below += 1;
    }
    offset
}

/// Receptors at equal distances, all at one height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReceptorGrid {
    /// The south-western receptor, x and y in metres.
    pub origin_m: [f64; 2],
    /// Distance between neighbours in metres, 1 to 1,000.
    pub spacing_m: f64,
    /// Receptors from west to east, 1 to 10,000.
    pub columns: usize,
    /// Receptors from south to north, 1 to 10,000.
    pub rows: usize,
    /// Height above the ground in metres, 0 to 100; 1.5 to 4 m are usual.
    pub z_m: f64,
}

/// What is wrong with a grid.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum GridFault {
    /// Its place.
    #[error("the grid begins at {0:?}; give metres within 20,000 km")]
    Origin([f64; 2]),
    /// Its spacing.
    #[error("receptors are {0} m apart; give 1 to 1,000 m")]
    Spacing(f64),
    /// Its size.
    #[error("the grid has {columns} columns and {rows} rows; give 1 to 10,000 of each")]
    Size {
        /// Columns.
        columns: usize,
        /// Rows.
        rows: usize,
    },
    /// Its height.
    #[error("receptors are {0} m above the ground; give 0 to 100 m")]
    Height(f64),
}

impl ReceptorGrid {
    /// Everything that is wrong with it; nothing where it can be used.
    #[must_use]
    pub fn faults(&self) -> Vec<GridFault> {
        let mut faults = Vec::new();
        if !is_somewhere(self.origin_m) {
            faults.push(GridFault::Origin(self.origin_m));
        }
        if !(1.0..=1000.0).contains(&self.spacing_m) {
            faults.push(GridFault::Spacing(self.spacing_m));
        }
        if ![self.columns, self.rows].iter().all(|count| (1..=10_000).contains(count)) {
            faults.push(GridFault::Size { columns: self.columns, rows: self.rows });
        }
        if !(0.0..=100.0).contains(&self.z_m) {
            faults.push(GridFault::Height(self.z_m));
        }
        faults
    }

    /// Number of receptors, row by row from the south-west.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A receptor by column and row.
    #[must_use]
    pub fn receptor(&self, column: usize, row: usize) -> Receptor {
        let [x_m, y_m] = [0, 1].map(|axis| self.origin_m[axis] + [column, row][axis] as f64 * self.spacing_m);
        Receptor { x_m, y_m, z_m: self.z_m }
    }

    pub(super) fn blocks_on_sides(&self) -> [usize; 2] {
        [self.columns.div_ceil(BLOCK), self.rows.div_ceil(BLOCK)]
    }

    pub(super) fn blocks(&self) -> usize {
        self.blocks_on_sides().iter().product()
    }

    /// Column and row of a block's first receptor.
    pub(super) fn block_corner(&self, block: usize) -> [usize; 2] {
        let across = self.blocks_on_sides()[0];
        [block % across * BLOCK, block / across * BLOCK]
    }
}

/// A tile of a block: level, and column and row among the tiles of its level in the block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tile {
    pub(super) level: usize,
    pub(super) column: usize,
    pub(super) row: usize,
}

impl Tile {
    pub(super) const BLOCK: Self = Self { level: LEVELS, column: 0, row: 0 };

    pub(super) fn children(self) -> [Self; 4] {
        let (column, row) = (2 * self.column, 2 * self.row);
        [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| Self {
            level: self.level - 1,
            column: column + dx,
            row: row + dy,
        })
    }

    /// Receptors on its side.
    pub(super) fn side(self) -> usize {
        LEAF << self.level
    }

    /// Where its nodes begin among the block's sums; levels from 1 on.
    pub(super) fn nodes_offset(self) -> usize {
        level_offset(self.level) + (self.row * tiles_on_side(self.level) + self.column) * TILE_NODES
    }
}

/// Positions of the nodes on a side, from −1 to 1.
pub(super) static CHEBYSHEV: LazyLock<[f64; NODES]> = LazyLock::new(|| {
    let mut nodes = [0.0; NODES];
    for (index, node) in nodes.iter_mut().enumerate() {
        *node = -libm::cos((2 * index + 1) as f64 * std::f64::consts::PI / (2 * NODES) as f64);
    }
    nodes
});

/// Weights of the nodes' values at positions on the side of a tile, −1 to 1.
fn weights<const N: usize>(positions: [f64; N]) -> [[f64; NODES]; N] {
    let nodes = *CHEBYSHEV;
    positions.map(|position| {
        let mut weights = [1.0; NODES];
        for (index, weight) in weights.iter_mut().enumerate() {
            for other in (0..NODES).filter(|other| *other != index) {
                *weight *= (position - nodes[other]) / (nodes[index] - nodes[other]);
            }
        }
        weights
    })
}

/// Weights at the nodes of the lower and the upper half of a tile.
static HALVES: LazyLock<[[[f64; NODES]; NODES]; 2]> =
    LazyLock::new(|| [-1.0, 1.0].map(|side| weights(CHEBYSHEV.map(|node| (node + side) / 2.0))));

/// Receptors on the side of a tile of level 1.
const PAIR: usize = 2 * LEAF;

/// Weights at the receptors of a tile of level 1.
static RECEPTORS: LazyLock<[[f64; NODES]; PAIR]> = LazyLock::new(|| {
    let mut positions = [0.0; PAIR];
    for (index, position) in positions.iter_mut().enumerate() {
        *position = (2 * index + 1) as f64 / PAIR as f64 - 1.0;
    }
    weights(positions)
});

/// Values at positions that are products of positions on the two sides: first along columns, then along rows.
fn interpolate<const N: usize>(
    values: &[f64; TILE_NODES],
    across: &[[f64; NODES]; N],
    along: &[[f64; NODES]; N],
    mut add: impl FnMut(usize, usize, f64),
) {
    let mut half = [[0.0; NODES]; N];
    for (column, weights) in across.iter().enumerate() {
        for row in 0..NODES {
            for (node, weight) in weights.iter().enumerate() {
                half[column][row] += weight * values[row * NODES + node];
            }
        }
    }
    for (row, weights) in along.iter().enumerate() {
        for (column, half) in half.iter().enumerate() {
            let mut value = 0.0;
            for (node, weight) in weights.iter().enumerate() {
                value += weight * half[node];
            }
            add(column, row, value);
        }
    }
}

/// The values at a block's receptors from its sums, row by row; `sums` is in the order of [`BLOCK_SUMS`].
pub(super) fn settle(sums: &[f64]) -> Vec<f64> {
    let mut values = sums.to_vec();
    let tile_values = |values: &[f64], tile: Tile| {
        let mut nodes = [0.0; TILE_NODES];
        nodes.copy_from_slice(&values[tile.nodes_offset()..][..TILE_NODES]);
        nodes
    };
    for level in (2..=LEVELS).rev() {
        for (row, column) in (0..tiles_on_side(level)).flat_map(|row| (0..tiles_on_side(level)).map(move |c| (row, c)))
        {
            let tile = Tile { level, column, row };
            let nodes = tile_values(&values, tile);
            if nodes == [0.0; TILE_NODES] {
                continue;
            }
            for (index, child) in tile.children().into_iter().enumerate() {
                let offset = child.nodes_offset();
                interpolate(&nodes, &HALVES[index % 2], &HALVES[index / 2], |column, row, value| {
                    values[offset + row * NODES + column] += value;
                });
            }
        }
    }
    for (row, column) in (0..tiles_on_side(1)).flat_map(|row| (0..tiles_on_side(1)).map(move |c| (row, c))) {
        let nodes = tile_values(&values, Tile { level: 1, column, row });
        let corner = row * PAIR * BLOCK + column * PAIR;
        interpolate(&nodes, &RECEPTORS, &RECEPTORS, |column, row, value| {
            values[corner + row * BLOCK + column] += value
        });
    }
    values.truncate(BLOCK * BLOCK);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A polynomial of degree 4 on each side goes through 5 × 5 nodes exactly, on whichever level it is given.
    #[test]
    fn a_polynomial_is_carried_from_nodes_to_receptors_exactly() {
        let polynomial = |x: f64, y: f64| 1.0 + x * x * x * y - 0.5 * y * y * y * y + x * x * y * y;
        for level in 1..=LEVELS {
            let mut sums = vec![0.0; BLOCK_SUMS];
            for (row, column) in
                (0..tiles_on_side(level)).flat_map(|row| (0..tiles_on_side(level)).map(move |c| (row, c)))
            {
                let tile = Tile { level, column, row };
                let place = |tile_index: usize, node: usize| {
                    let half = tile.side() as f64 / BLOCK as f64;
                    (2 * tile_index + 1) as f64 * half - 1.0 + CHEBYSHEV[node] * half
                };
                for index in 0..TILE_NODES {
                    let (x, y) = (place(column, index % NODES), place(row, index / NODES));
                    sums[tile.nodes_offset() + index] = polynomial(x, y);
                }
            }
            let place = |index: usize| (2 * index + 1) as f64 / BLOCK as f64 - 1.0;
            for (index, value) in settle(&sums).into_iter().enumerate() {
                let wanted = polynomial(place(index % BLOCK), place(index / BLOCK));
                assert!((value - wanted).abs() < 1e-12, "level {level}, receptor {index}: {value}, {wanted}");
            }
        }
    }

    #[test]
    fn sums_are_laid_out_without_gaps() {
        assert_eq!(Tile { level: 1, column: 0, row: 0 }.nodes_offset(), BLOCK * BLOCK);
        assert_eq!(Tile::BLOCK.nodes_offset() + TILE_NODES, BLOCK_SUMS);
    }

    #[test]
    fn what_is_no_grid_is_refused() {
        let grid = ReceptorGrid { origin_m: [0.0, 0.0], spacing_m: 10.0, columns: 100, rows: 50, z_m: 1.5 };
        assert!(grid.faults().is_empty());
        let wrong = ReceptorGrid { origin_m: [f64::NAN, 0.0], spacing_m: 0.0, columns: 0, z_m: -1.0, ..grid };
        assert_eq!(wrong.faults().len(), 4);
    }
}

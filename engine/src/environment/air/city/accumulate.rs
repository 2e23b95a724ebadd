//! Adding what pieces of streets bring to a block of receptors.

use super::super::line_source::{Receptor, Spread};
use super::accuracy::Accuracy;
use super::grid::{BLOCK, BLOCK_SUMS, CHEBYSHEV, LEAF, NODES, ReceptorGrid, Tile};
use super::situation::{Pieces, Prepared, Source};

/// Whole parts of a number of parts, by the digits that are left when 1.5 · 2⁵² is added. Numbers are below 2⁵⁰ in size: a
/// street emits up to 0.1 g/(m·s), and a unit of it makes less than 1,000 s/m².
#[inline]
fn whole(parts: f64) -> i64 {
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    ((parts + SHIFT).to_bits() as i64).wrapping_sub(SHIFT.to_bits() as i64)
}

/// A block of a grid in one weather.
pub(super) struct Blockwise<'a> {
    pub(super) grid: &'a ReceptorGrid,
    pub(super) accuracy: &'a Accuracy,
    /// Column and row of the block's first receptor.
    pub(super) corner: [usize; 2],
    prepared: &'a Prepared,
}

impl<'a> Blockwise<'a> {
    pub(super) fn new(grid: &'a ReceptorGrid, accuracy: &'a Accuracy, block: usize, prepared: &'a Prepared) -> Self {
        Self { grid, accuracy, corner: grid.block_corner(block), prepared }
    }

    /// Adds all pieces to the block's sums, or takes them away; by pollutant, [`BLOCK_SUMS`] each.
    pub(super) fn add(&self, pieces: &Pieces, is_taken: bool, sums: &mut [i64]) {
        let sign = if is_taken { -1 } else { 1 };
        let mut tiles = Vec::with_capacity(32);
        for source in self.prepared.sources(pieces) {
            tiles.push(Tile::BLOCK);
            while let Some(tile) = tiles.pop() {
                match self.role(&source, tile) {
                    Role::Nothing => {}
                    Role::Receptors => self.at_receptors(&source, tile, sign, sums),
                    Role::Nodes => self.at_nodes(&source, tile, sign, sums),
                    Role::Divide => tiles.extend(tile.children()),
                }
            }
        }
    }

    /// First receptor of a tile, or none where the tile is beyond the grid.
    fn first(&self, tile: Tile) -> Option<[usize; 2]> {
        let column = self.corner[0] + tile.column * tile.side();
        let row = self.corner[1] + tile.row * tile.side();
        (column < self.grid.columns && row < self.grid.rows).then_some([column, row])
    }

    fn role(&self, source: &Source, tile: Tile) -> Role {
        let Some([column, row]) = self.first(tile) else { return Role::Nothing };
        let side_m = tile.side() as f64 * self.grid.spacing_m;
        let from_corner_m = (side_m - self.grid.spacing_m) / 2.0;
        let corner = self.grid.receptor(column, row);
        let middle_m = [corner.x_m + from_corner_m, corner.y_m + from_corner_m];
        let cut_sigmas = self.accuracy.lateral_cut_sigmas;
        let Some([nearest_m, _]) = source.fetches_m(&self.prepared.air, middle_m, side_m / 2.0, cut_sigmas) else {
            return Role::Nothing;
        };
        if tile.level == 0 {
            return Role::Receptors;
        }
        let clear_m = side_m.max(source.piece.carriageway.length_m / 2.0 + source.piece.carriageway.half_width_m);
        let is_smooth =
            nearest_m > clear_m && side_m * source.spread.inverse_sigmas(nearest_m)[0] <= self.accuracy.tile_sigmas;
        if is_smooth { Role::Nodes } else { Role::Divide }
    }

    fn at_receptors(&self, source: &Source, tile: Tile, sign: i64, sums: &mut [i64]) {
        let Some([column, row]) = self.first(tile) else { return };
        let mut units = [0.0; LEAF * LEAF];
        for (index, unit) in units.iter_mut().enumerate() {
            *unit = source.unit_spm2(&self.prepared.air, self.grid.receptor(column + index % LEAF, row + index / LEAF));
        }
        let corner = tile.row * LEAF * BLOCK + tile.column * LEAF;
        for (emission, sums) in source.emissions.iter().zip(sums.chunks_exact_mut(BLOCK_SUMS)) {
            for (units, sums) in units.chunks_exact(LEAF).zip(sums[corner..].chunks_mut(BLOCK)) {
                add_all(units, *emission, sign, &mut sums[..LEAF]);
            }
        }
    }

    fn at_nodes(&self, source: &Source, tile: Tile, sign: i64, sums: &mut [i64]) {
        let Some([column, row]) = self.first(tile) else { return };
        let corner = self.grid.receptor(column, row);
        let half_m = tile.side() as f64 * self.grid.spacing_m / 2.0;
        let from_corner_m = half_m - self.grid.spacing_m / 2.0;
        let positions_m = CHEBYSHEV.map(|node| from_corner_m + node * half_m);
        let mut units = [0.0; NODES * NODES];
        for (index, unit) in units.iter_mut().enumerate() {
            let x_m = corner.x_m + positions_m[index % NODES];
            let y_m = corner.y_m + positions_m[index / NODES];
            *unit = source.unit_spm2(&self.prepared.air, Receptor { x_m, y_m, ..corner });
        }
        let offset = tile.nodes_offset();
        for (emission, sums) in source.emissions.iter().zip(sums.chunks_exact_mut(BLOCK_SUMS)) {
            add_all(&units, *emission, sign, &mut sums[offset..][..NODES * NODES]);
        }
    }
}

#[inline]
fn add_all(units: &[f64], emission: f64, sign: i64, sums: &mut [i64]) {
    for (sum, unit) in sums.iter_mut().zip(units) {
        *sum = sum.wrapping_add(sign.wrapping_mul(whole(unit * emission)));
    }
}

/// What a piece is to a tile.
enum Role {
    /// It blows elsewhere.
    Nothing,
    /// It is computed at each receptor.
    Receptors,
    /// It is smooth over the tile, and computed at its nodes.
    Nodes,
    /// It is looked at in each quarter.
    Divide,
}

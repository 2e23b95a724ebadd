//! Seconds of sun on the cells of the ground: every shadow of every step drawn into tiles, and counted.
//!
//! Casting a ray from each cell at each step would take a hundred million rays for a square kilometre; drawing the shadows costs
//! the walls of the buildings times the rows that their shadows cross. Tiles are worked out in parallel, each by itself; counts are
//! whole seconds. The ground is flat and at the feet of all buildings. A cell under a roof has no sun.

use rayon::prelude::*;

use super::grid::{GroundGrid, TILE_CELLS, Tile};
use super::path::SunPath;
use super::raster::{Bits, Casters, Shade, reach};
use super::scene::Scene;

/// Sun on the cells of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundSun {
    pub(super) grid: GroundGrid,
    pub(super) possible_s: u32,
    pub(super) sun_s: Vec<u32>,
    pub(super) under_roof: Vec<bool>,
}

impl GroundSun {
    /// The grid.
    #[must_use]
    pub fn grid(&self) -> &GroundGrid {
        &self.grid
    }

    /// What there is of sun on open ground, in seconds.
    #[must_use]
    pub fn possible_s(&self) -> u32 {
        self.possible_s
    }

    /// Seconds of sun of each cell: rows from south to north, each from west to east.
    #[must_use]
    pub fn sun_s(&self) -> &[u32] {
        &self.sun_s
    }

    /// Whether each cell lies under a roof, in the same order.
    #[must_use]
    pub fn under_roof(&self) -> &[bool] {
        &self.under_roof
    }

    /// Hours of sun of a cell; none outside the grid.
    #[must_use]
    pub fn hours(&self, column: usize, row: usize) -> Option<f64> {
        let is_inside = column < self.grid.columns() && row < self.grid.rows();
        is_inside.then(|| f64::from(self.sun_s[row * self.grid.columns() + column]) / 3600.0)
    }
}

/// What a tile has of sun: seconds and roofs of its cells, row by row.
pub(super) struct TileSun {
    pub(super) tile: Tile,
    /// Seconds lost, of a full tile.
    pub(super) loss_s: Vec<u32>,
    pub(super) roofs: Bits,
}

impl TileSun {
    /// Writes the tile into the results of its grid.
    pub(super) fn write(&self, sun: &mut GroundSun) {
        for row in 0..self.tile.rows {
            let start = (self.tile.row + row) * sun.grid.columns() + self.tile.column;
            for column in 0..self.tile.columns {
                sun.sun_s[start + column] = sun.possible_s - self.loss_s[row * TILE_CELLS + column];
                sun.under_roof[start + column] = self.roofs.holds(column, row);
            }
        }
    }
}

/// Adds seconds to the cells whose bits are set in a word.
pub(super) fn count(counts: &mut [u32], index: usize, word: u64, seconds: u32) {
    let cells = &mut counts[index * 64..index * 64 + 64];
    if word == u64::MAX {
        cells.iter_mut().for_each(|cell| *cell = cell.wrapping_add(seconds));
    } else {
        // All losses of a cell together are at most the path's seconds, which fit: nothing wraps around.
        let of_bit = |bit: usize| seconds & 0_u32.wrapping_sub((word >> bit) as u32 & 1);
        cells.iter_mut().enumerate().for_each(|(bit, cell)| *cell = cell.wrapping_add(of_bit(bit)));
    }
}

/// The seconds of sun on a grid of flat ground under a scene, over a path.
#[must_use]
pub fn ground_sun(scene: &Scene, grid: &GroundGrid, path: &SunPath) -> GroundSun {
    let casters = Casters::new(scene, grid);
    let reach = reach(path.steps());
    let of_tile = |tile: Tile| {
        let near = casters.near(tile.extent(), reach);
        let (mut roofs, mut shade) = (Bits::default(), Shade::default());
        casters.draw_roofs(&near, tile, &mut roofs);
        let mut loss_s = vec![0; TILE_CELLS * TILE_CELLS];
        for step in path.steps() {
            shade.clear();
            shade.solid.add(&roofs);
            casters.draw(&near, step, tile, &mut shade);
            shade.losses(step, None, |index, word, seconds| count(&mut loss_s, index, word, seconds));
        }
        TileSun { tile, loss_s, roofs }
    };
    let tiles: Vec<TileSun> = grid.tiles().into_par_iter().map(of_tile).collect();
    let mut sun = GroundSun {
        grid: *grid,
        possible_s: path.possible_s(),
        sun_s: vec![0; grid.cells()],
        under_roof: vec![false; grid.cells()],
    };
    tiles.iter().for_each(|tile| tile.write(&mut sun));
    sun
}

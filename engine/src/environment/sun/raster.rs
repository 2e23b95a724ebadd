//! Shadows drawn into tiles of bits: one bit for each cell whose centre lies in the shade.
//!
//! A block's shadow is its footprint and a parallelogram for each wall that looks away from the sun (see `shadow.rs`); a crown's
//! is the hull of two discs, a strip between them. Each is drawn row by row: the row's line through the cells' centres is cut by
//! the outline, and the cells from one cut up to the next are set. A cut is worked out from its edge and the row alone, never from
//! the row before, so that an edge that two shapes share leaves no gap between them, and a cell's bit is the same whichever tile
//! or part of a tile is drawn. Coordinates are in units of cells. Everything is flat arrays of numbers (`Wall`, `Caster`, `Disc`),
//! the shape in which a kernel of a graphics processor would take them.

use super::grid::{Extent, GroundGrid, TILE_CELLS, Tile};
use super::path::SunStep;
use super::scene::Scene;

/// Words of bits in a row of a tile.
const WORDS: usize = TILE_CELLS / 64;

/// A wall's foot, from one corner to the next; the inside of its block lies to the left.
#[derive(Clone, Copy, Debug)]
struct Wall {
    start: [f64; 2],
    end: [f64; 2],
}

/// One polygon of a block.
#[derive(Clone, Copy, Debug)]
struct Caster {
    /// Its walls: from, and up to.
    walls: [usize; 2],
    /// Height in cells.
    height: f64,
    /// Around its footprint.
    extent: Extent,
}

/// A crown.
#[derive(Clone, Copy, Debug)]
struct Disc {
    centre: [f64; 2],
    radius: f64,
    /// Lower end and top, in cells.
    heights: [f64; 2],
    class: usize,
    extent: Extent,
}

/// What casts shadows, in units of a grid's cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Casters {
    walls: Vec<Wall>,
    blocks: Vec<Caster>,
    discs: Vec<Disc>,
}

/// Which of the casters can reach somewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    blocks: Vec<usize>,
    discs: Vec<usize>,
}

/// How far any shadow of a path lies off what casts it, for each unit of height: around all steps.
pub(super) fn reach(steps: &[SunStep]) -> Extent {
    steps.iter().fold(Extent { low: [0.0; 2], high: [0.0; 2] }, |reach, step| reach.with(step.shadow_per_height()))
}

impl Casters {
    pub(super) fn new(scene: &Scene, grid: &GroundGrid) -> Self {
        let mut casters = Self::default();
        for block in scene.blocks() {
            for part in block.footprint() {
                let from = casters.walls.len();
                let mut extent = Extent::EMPTY;
                for ring in std::iter::once(part.exterior()).chain(part.interiors()) {
                    let corners: Vec<[f64; 2]> = ring.coords().map(|&at| grid.in_cells(at)).collect();
                    extent = corners.iter().fold(extent, |extent, &corner| extent.with(corner));
                    casters.walls.extend(corners.windows(2).map(|pair| Wall { start: pair[0], end: pair[1] }));
                }
                let walls = [from, casters.walls.len()];
                casters.blocks.push(Caster { walls, height: block.height_m() / grid.cell_m(), extent });
            }
        }
        casters.discs.extend(scene.crowns().iter().map(|crown| {
            let (centre, radius) = (grid.in_cells(crown.centre), crown.radius_m / grid.cell_m());
            let extent = Extent::EMPTY.with(centre.map(|at| at - radius)).with(centre.map(|at| at + radius));
            let heights = [crown.base_m / grid.cell_m(), crown.top_m / grid.cell_m()];
            Disc { centre, radius, heights, class: usize::from(crown.evergreen), extent }
        }));
        casters
    }

    /// Around all that they cover and shade at any step, from their [`reach`].
    pub(super) fn extent(&self, reach: Extent) -> Extent {
        let blocks = self.blocks.iter().map(|block| reached(block.extent, block.height, reach));
        let discs = self.discs.iter().map(|disc| reached(disc.extent, disc.heights[1], reach));
        blocks.chain(discs).fold(Extent::EMPTY, |all, one| all.with(one.low).with(one.high))
    }

    /// Those whose shadows can meet an extent, at any step of a reach.
    pub(super) fn near(&self, extent: Extent, reach: Extent) -> Selection {
        let is_block = |&number: &usize| {
            let block = &self.blocks[number];
            reached(block.extent, block.height, reach).meets(extent)
        };
        let is_disc = |&number: &usize| {
            let disc = &self.discs[number];
            reached(disc.extent, disc.heights[1], reach).meets(extent)
        };
        Selection {
            blocks: (0..self.blocks.len()).filter(is_block).collect(),
            discs: (0..self.discs.len()).filter(is_disc).collect(),
        }
    }

    /// Draws the footprints of blocks.
    pub(super) fn draw_roofs(&self, selection: &Selection, tile: Tile, roofs: &mut Bits) {
        let mut part = Bits::default();
        for block in selection.blocks.iter().map(|&number| &self.blocks[number]) {
            if !block.extent.meets(tile.extent()) {
                continue;
            }
            part.clear();
            for wall in &self.walls[block.walls[0]..block.walls[1]] {
                part.flip_east_of(tile, wall);
            }
            roofs.add(&part);
        }
    }

    /// Draws the shadows of a step on the ground beside the footprints.
    pub(super) fn draw(&self, selection: &Selection, step: &SunStep, tile: Tile, shade: &mut Shade) {
        let per_height = step.shadow_per_height();
        let clip = shade.clip(tile);
        for block in selection.blocks.iter().map(|&number| &self.blocks[number]) {
            let off = per_height.map(|part| part * block.height);
            if !block.extent.swept(off).meets(clip) {
                continue;
            }
            for wall in &self.walls[block.walls[0]..block.walls[1]] {
                let along = [wall.end[0] - wall.start[0], wall.end[1] - wall.start[1]];
                if along[1] * off[0] - along[0] * off[1] > 0.0 {
                    shade.solid.fill_parallelogram(tile, clip, wall, off);
                }
            }
        }
        for disc in selection.discs.iter().map(|&number| &self.discs[number]) {
            let [low, high] = disc.heights.map(|height| per_height.map(|part| part * height));
            let ends = [low, high].map(|off| [disc.centre[0] + off[0], disc.centre[1] + off[1]]);
            let around = Extent::EMPTY.with(ends[0]).with(ends[1]);
            let around =
                around.with(around.low.map(|at| at - disc.radius)).with(around.high.map(|at| at + disc.radius));
            if around.meets(clip) {
                shade.crowns[disc.class].fill_hull(tile, clip, ends, disc.radius);
            }
        }
    }
}

/// Around all that something of an extent and a height covers and shades.
pub(super) fn reached(extent: Extent, height: f64, reach: Extent) -> Extent {
    extent.swept(reach.low.map(|part| part * height)).swept(reach.high.map(|part| part * height))
}

/// What shades the cells of a tile at one step.
#[derive(Clone, Debug, Default)]
pub(super) struct Shade {
    /// By blocks.
    pub(super) solid: Bits,
    /// By crowns that shed their leaves, and by evergreen ones.
    pub(super) crowns: [Bits; 2],
    /// The rows of the tile that are asked about: from, and up to; all where none.
    pub(super) rows: Option<[usize; 2]>,
}

impl Shade {
    pub(super) fn clear(&mut self) {
        self.solid.clear();
        self.crowns.iter_mut().for_each(Bits::clear);
    }

    /// Adds what another shades.
    pub(super) fn add(&mut self, other: &Self) {
        self.solid.add(&other.solid);
        self.crowns.iter_mut().zip(&other.crowns).for_each(|(crowns, other)| crowns.add(other));
    }

    /// All that is shaded.
    pub(super) fn any(&self) -> Bits {
        let mut any = self.solid.clone();
        self.crowns.iter().for_each(|crowns| any.add(crowns));
        any
    }

    fn clip(&self, tile: Tile) -> Extent {
        let mut extent = tile.extent();
        if let Some([from, to]) = self.rows {
            extent.low[1] = (tile.row + from) as f64;
            extent.high[1] = (tile.row + to - 1) as f64;
        }
        extent
    }

    /// Tells what each row of the tile loses of a step: the words of those cells, and the seconds. A cell that several shade
    /// loses what the darkest takes. Where `only` is given, of these cells alone.
    pub(super) fn losses(&self, step: &SunStep, only: Option<&Bits>, mut tell: impl FnMut(usize, u64, u32)) {
        let crown_s = step.crown_loss_s();
        let darker = usize::from(crown_s[1] > crown_s[0]);
        for index in 0..TILE_CELLS * WORDS {
            let asked = only.map_or(u64::MAX, |bits| bits.0[index]);
            let solid = self.solid.0[index] & asked;
            let dark = self.crowns[darker].0[index] & asked & !solid;
            let light = self.crowns[1 - darker].0[index] & asked & !solid & !dark;
            for (word, loss_s) in [(solid, step.sun_s()), (dark, crown_s[darker]), (light, crown_s[1 - darker])] {
                if word != 0 && loss_s != 0 {
                    tell(index, word, loss_s);
                }
            }
        }
    }
}

/// A bit for each cell of a tile: rows of words, the lowest bit in the west.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits(pub(super) Vec<u64>);

impl Default for Bits {
    fn default() -> Self {
        Self(vec![0; TILE_CELLS * WORDS])
    }
}

/// The first whole number that is not below, within bounds.
fn first_from(at: f64, low: usize, high: usize) -> usize {
    // Within the bounds of a tile, which are small; what is no number becomes the lower bound.
    at.ceil().max(low as f64).min(high as f64) as usize
}

/// Where the line of a row cuts an edge, in columns. The same for both directions of the edge.
fn cut(start: [f64; 2], end: [f64; 2], row: f64) -> f64 {
    let [low, high] = if (start[1], start[0]) <= (end[1], end[0]) { [start, end] } else { [end, start] };
    low[0] + (row - low[1]) * ((high[0] - low[0]) / (high[1] - low[1]))
}

/// The rows that an edge crosses, of the tile's between two: its lower end counts, its upper one does not.
fn rows_of(start: [f64; 2], end: [f64; 2], tile: Tile, clip: Extent) -> std::ops::Range<usize> {
    let last = clip.high[1] as usize + 1;
    let first = (clip.low[1] as usize).max(tile.row);
    first_from(start[1].min(end[1]), first, last)..first_from(start[1].max(end[1]), first, last)
}

impl Bits {
    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// The first row with a bit and the one after the last; none where there are no bits.
    pub(super) fn rows(&self) -> Option<[usize; 2]> {
        let first = self.0.iter().position(|&word| word != 0)?;
        let last = self.0.iter().rposition(|&word| word != 0)?;
        Some([first / WORDS, last / WORDS + 1])
    }

    /// Whether a cell's bit is set; column and row within the tile.
    pub(super) fn holds(&self, column: usize, row: usize) -> bool {
        self.0[row * WORDS + column / 64] >> (column % 64) & 1 == 1
    }

    /// Flips the tile's cells east of a wall: all walls of a polygon together leave its inside.
    fn flip_east_of(&mut self, tile: Tile, wall: &Wall) {
        for row in rows_of(wall.start, wall.end, tile, tile.extent()) {
            let end = tile.column + tile.columns;
            let from = first_from(cut(wall.start, wall.end, row as f64), tile.column, end);
            self.span(tile, row, from, end, |word, mask| *word ^= mask);
        }
    }

    /// Sets the cells of the parallelogram between a wall and its shadow.
    fn fill_parallelogram(&mut self, tile: Tile, clip: Extent, wall: &Wall, off: [f64; 2]) {
        let far = |corner: [f64; 2]| [corner[0] + off[0], corner[1] + off[1]];
        let corners = [wall.start, far(wall.start), far(wall.end), wall.end];
        let edges = [0, 1, 2, 3].map(|corner| (corners[corner], corners[(corner + 1) % 4]));
        let around = corners.iter().fold(Extent::EMPTY, |around, &corner| around.with(corner));
        if !around.meets(clip) {
            return;
        }
        let spans = edges.map(|(start, end)| rows_of(start, end, tile, clip));
        let crossed = spans.iter().filter(|rows| !rows.is_empty());
        let (first, last) =
            crossed.fold((usize::MAX, 0), |(first, last), rows| (first.min(rows.start), last.max(rows.end)));
        for row in first..last {
            let (mut west, mut east) = (f64::INFINITY, f64::NEG_INFINITY);
            for ((start, end), rows) in edges.iter().zip(&spans) {
                if rows.contains(&row) {
                    let at = cut(*start, *end, row as f64);
                    west = west.min(at);
                    east = east.max(at);
                }
            }
            self.set(tile, row, west, east);
        }
    }

    /// Sets the cells within a distance of a line.
    fn fill_hull(&mut self, tile: Tile, clip: Extent, ends: [[f64; 2]; 2], radius: f64) {
        let way = [ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]];
        let length = (way[0] * way[0] + way[1] * way[1]).sqrt();
        if length > 0.0 {
            let side = [-way[1] / length * radius, way[0] / length * radius];
            let at = |end: [f64; 2], sign: f64| [end[0] + sign * side[0], end[1] + sign * side[1]];
            let wall = Wall { start: at(ends[0], -1.0), end: at(ends[0], 1.0) };
            self.fill_parallelogram(tile, clip, &wall, way);
        }
        for end in ends {
            let last = clip.high[1] as usize + 1;
            let first = (clip.low[1] as usize).max(tile.row);
            for row in first_from(end[1] - radius, first, last)..first_from(end[1] + radius, first, last) {
                let apart = row as f64 - end[1];
                let half = (radius * radius - apart * apart).max(0.0).sqrt();
                self.set(tile, row, end[0] - half, end[0] + half);
            }
        }
    }

    /// Sets a row's cells from one cut up to the next.
    fn set(&mut self, tile: Tile, row: usize, west: f64, east: f64) {
        let end = tile.column + tile.columns;
        let (from, to) = (first_from(west, tile.column, end), first_from(east, tile.column, end));
        self.span(tile, row, from, to, |word, mask| *word |= mask);
    }

    /// Does something to the words of a row's cells, given as numbers in the grid.
    fn span(&mut self, tile: Tile, row: usize, from: usize, to: usize, mut act: impl FnMut(&mut u64, u64)) {
        if from >= to {
            return;
        }
        let (from, to) = (from - tile.column, to - tile.column);
        let words = (row - tile.row) * WORDS;
        for word in from / 64..=(to - 1) / 64 {
            let low = from.saturating_sub(word * 64);
            let high = (to - word * 64).min(64);
            act(&mut self.0[words + word], (u64::MAX << low) & (u64::MAX >> (64 - high)));
        }
    }
}

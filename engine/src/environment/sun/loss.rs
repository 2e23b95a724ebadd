//! What a change of the scene gives and takes of the sun, worked out only where its shadows fall.
//!
//! A step changes a place only where something that goes or comes shades it at that step; there alone the old and the new shade
//! are worked out, and their difference is added to what was known. Seconds are whole, and what a place loses of a step is the
//! most that anything takes of it, so the result is the same, to the byte, as from scratch.

use rayon::prelude::*;

use super::grid::{Extent, TILE_CELLS, Tile};
use super::ground::{GroundSun, TileSun, count};
use super::path::{SunPath, SunStep};
use super::raster::{Bits, Casters, Selection, Shade, reach};
use super::rays::Obstacles;
use super::receiver::Receiver;
use super::scene::{Scene, SceneChange, SceneFault};

/// Why a change cannot be worked out.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChangeFault {
    /// The change does not fit the scene.
    #[error("the change does not fit the scene: {0:?}")]
    Scene(Vec<SceneFault>),
    /// What was known is of another path.
    #[error(
        "before, {before_s} s of sun were possible, but the path has {path_s} s: give the path of the result before"
    )]
    Path {
        /// What was possible before.
        before_s: u32,
        /// What is possible now.
        path_s: u32,
    },
    /// There is not one result for each.
    #[error("{before} results are to be compared with or carried on for {after}: give those of the same places")]
    Places {
        /// How many there were.
        before: usize,
        /// How many there are.
        after: usize,
    },
}

/// Seconds of sun that each place loses from one result to another, of the same places (negative where it gains).
///
/// # Errors
/// Where the results are not as many.
pub fn sun_lost_s(before_s: &[u32], after_s: &[u32]) -> Result<Vec<i64>, ChangeFault> {
    if before_s.len() != after_s.len() {
        return Err(ChangeFault::Places { before: before_s.len(), after: after_s.len() });
    }
    Ok(before_s.iter().zip(after_s).map(|(&before, &after)| i64::from(before) - i64::from(after)).collect())
}

/// The sun on the ground after a change of `scene`, from the result `before` it on the same path; the same as
/// [`ground_sun`](super::ground_sun) of the changed scene.
///
/// # Errors
/// Where the change does not fit the scene, or the result before is of another path.
pub fn ground_sun_changed(
    before: &GroundSun,
    scene: &Scene,
    change: &SceneChange,
    path: &SunPath,
) -> Result<GroundSun, ChangeFault> {
    if before.possible_s != path.possible_s() {
        return Err(ChangeFault::Path { before_s: before.possible_s, path_s: path.possible_s() });
    }
    let parts = Parts::new(before, scene, change, path)?;
    let tiles: Vec<Tile> = before.grid.tiles().into_iter().filter(|&tile| parts.can_change(tile)).collect();
    let changed: Vec<TileSun> = tiles.into_par_iter().map(|tile| parts.tile(tile)).collect();
    let mut after = before.clone();
    changed.iter().for_each(|tile| tile.write(&mut after));
    Ok(after)
}

/// What stays, what goes and what comes.
struct Parts<'a> {
    before: &'a GroundSun,
    path: &'a SunPath,
    kept: Casters,
    removed: Casters,
    added: Casters,
    reach: Extent,
}

/// One part as it is near a tile.
struct Near<'a> {
    casters: &'a Casters,
    selection: Selection,
    roofs: Bits,
}

impl<'a> Near<'a> {
    fn new(casters: &'a Casters, tile: Tile, reach: Extent) -> Self {
        let selection = casters.near(tile.extent(), reach);
        let mut roofs = Bits::default();
        casters.draw_roofs(&selection, tile, &mut roofs);
        Self { casters, selection, roofs }
    }

    fn draw(&self, step: &SunStep, tile: Tile, shade: &mut Shade) {
        shade.solid.add(&self.roofs);
        self.casters.draw(&self.selection, step, tile, shade);
    }
}

impl<'a> Parts<'a> {
    fn new(before: &'a GroundSun, scene: &Scene, change: &SceneChange, path: &'a SunPath) -> Result<Self, ChangeFault> {
        let casters = |scene: &Scene| Casters::new(scene, &before.grid);
        Ok(Self {
            before,
            path,
            kept: casters(&scene.kept(change).map_err(ChangeFault::Scene)?),
            removed: casters(&scene.removed(change)),
            added: casters(&added(change)),
            reach: reach(path.steps()),
        })
    }

    fn can_change(&self, tile: Tile) -> bool {
        [&self.removed, &self.added].iter().any(|part| part.extent(self.reach).meets(tile.extent()))
    }

    fn tile(&self, tile: Tile) -> TileSun {
        let [kept, removed, added] =
            [&self.kept, &self.removed, &self.added].map(|part| Near::new(part, tile, self.reach));
        let mut loss_s = self.loss_before_s(tile);
        let [mut old, mut new, mut stays] = [(); 3].map(|()| Shade::default());
        for step in self.path.steps() {
            [&mut old, &mut new, &mut stays].into_iter().for_each(Shade::clear);
            removed.draw(step, tile, &mut old);
            added.draw(step, tile, &mut new);
            let mut moved = old.any();
            moved.add(&new.any());
            stays.rows = moved.rows();
            if stays.rows.is_none() {
                continue;
            }
            kept.draw(step, tile, &mut stays);
            old.add(&stays);
            new.add(&stays);
            old.losses(step, Some(&moved), |index, word, seconds| {
                count(&mut loss_s, index, word, seconds.wrapping_neg());
            });
            new.losses(step, Some(&moved), |index, word, seconds| count(&mut loss_s, index, word, seconds));
        }
        let mut roofs = kept.roofs;
        roofs.add(&added.roofs);
        TileSun { tile, loss_s, roofs }
    }

    fn loss_before_s(&self, tile: Tile) -> Vec<u32> {
        let mut loss_s = vec![0; TILE_CELLS * TILE_CELLS];
        for row in 0..tile.rows {
            let start = (tile.row + row) * self.before.grid.columns() + tile.column;
            let known = &self.before.sun_s[start..start + tile.columns];
            for (loss_s, sun_s) in loss_s[row * TILE_CELLS..].iter_mut().zip(known) {
                *loss_s = self.before.possible_s - sun_s;
            }
        }
        loss_s
    }
}

fn added(change: &SceneChange) -> Scene {
    Scene { blocks: change.added_blocks.clone(), crowns: change.added_crowns.clone() }
}

/// The sun of receivers on flat ground after a change of `scene`, from their results `before_s` it on the same path; the same as
/// [`receiver_sun`](super::receiver_sun) among the changed scene.
///
/// # Errors
/// Where the change does not fit the scene, or there is not one result for each receiver.
pub fn receiver_sun_changed(
    before_s: &[u32],
    receivers: &[Receiver],
    scene: &Scene,
    change: &SceneChange,
    path: &SunPath,
) -> Result<Vec<u32>, ChangeFault> {
    if before_s.len() != receivers.len() {
        return Err(ChangeFault::Places { before: before_s.len(), after: receivers.len() });
    }
    let kept = Obstacles::on_flat_ground(&scene.kept(change).map_err(ChangeFault::Scene)?);
    let moved = [scene.removed(change), added(change)].map(|part| Obstacles::on_flat_ground(&part));
    let reach = reach(path.steps());
    let extents = [0, 1].map(|part| moved[part].extent(reach));
    let after_s = |(receiver, &before_s): (&Receiver, &u32)| {
        let at = Extent::EMPTY.with(receiver.start().into());
        if !extents.iter().any(|extent| extent.meets(at)) || kept.enclosing(receiver).is_some() {
            return before_s;
        }
        let gained_s: i64 = gains_s(receiver, &kept, &moved, path).sum();
        // Between 0 and the path's seconds, both of which fit.
        (i64::from(before_s) + gained_s) as u32
    };
    Ok(receivers.par_iter().zip(before_s).map(after_s).collect())
}

/// What a receiver gains at each step by what is `removed` and `added` to what is kept, in seconds.
fn gains_s<'a>(
    receiver: &'a Receiver,
    kept: &'a Obstacles,
    [removed, added]: &'a [Obstacles; 2],
    path: &'a SunPath,
) -> impl Iterator<Item = i64> + 'a {
    let inside = [removed, added].map(|part| part.enclosing(receiver).is_some());
    path.steps().iter().map(move |step| {
        let loss_s = |part: &Obstacles, inside: bool| if inside { step.sun_s() } else { part.loss_s(receiver, step) };
        let (old_s, new_s) = (loss_s(removed, inside[0]), loss_s(added, inside[1]));
        if old_s == new_s {
            return 0;
        }
        let stays_s = kept.loss_s(receiver, step);
        i64::from(old_s.max(stays_s)) - i64::from(new_s.max(stays_s))
    })
}

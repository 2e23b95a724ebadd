//! What casts shadows: buildings as blocks and trees as crowns, and what a plan changes of them.
//!
//! A block is a footprint extruded to one height, as cities are known at large (level of detail 1 of CityGML); a crown is an
//! upright cylinder between two heights. Left out: the shape of roofs, passages through buildings, trunks. A scene holds valid
//! geometry alone: past [`Scene::new`] nothing has to be checked again.

use geo::orient::Direction;
use geo::{Area, BoundingRect, Coord, LineString, MultiPolygon, Orient, Rect, Validation};

/// The tallest block or crown, in metres: as the city's own buildings.
const HEIGHT_MAX_M: f64 = 1000.0;

/// A building: a footprint of one height.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    footprint: MultiPolygon<f64>,
    height_m: f64,
    bounds: Rect<f64>,
}

/// A tree's crown: an upright cylinder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crown {
    /// Where its axis stands, in metres.
    pub centre: Coord<f64>,
    /// Its radius in metres, above 0 and at most 50.
    pub radius_m: f64,
    /// Height of its lower end above the ground, in metres, from 0.
    pub base_m: f64,
    /// Height of its top above the ground, in metres, above the lower end and at most 1000.
    pub top_m: f64,
    /// Whether it keeps its leaves in winter.
    pub evergreen: bool,
}

/// Everything that casts shadows; numbered from 0 in the order given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    pub(super) blocks: Vec<Block>,
    pub(super) crowns: Vec<Crown>,
}

/// What a plan takes from a scene and adds to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SceneChange {
    /// Numbers of the blocks that go.
    pub removed_blocks: Vec<usize>,
    /// The blocks that come.
    pub added_blocks: Vec<Block>,
    /// Numbers of the crowns that go.
    pub removed_crowns: Vec<usize>,
    /// The crowns that come.
    pub added_crowns: Vec<Crown>,
}

/// What is wrong with a block or crown of a scene.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SceneFault {
    /// The height is none.
    #[error("building {block} is {height_m} m high: give more than 0 and at most {HEIGHT_MAX_M}")]
    Height {
        /// The building's number.
        block: usize,
        /// Its height.
        height_m: f64,
    },
    /// The footprint has no area or is not finite.
    #[error("building {block} has a footprint without area, or with coordinates that are no numbers")]
    Empty {
        /// The building's number.
        block: usize,
    },
    /// The footprint's rings cross.
    #[error("the footprint of building {block} is not valid: {reason}; draw rings that neither cross nor overlap")]
    Footprint {
        /// The building's number.
        block: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The crown is none.
    #[error("crown {crown} has an impossible size or place: radius {radius_m} m, from {base_m} m to {top_m} m")]
    Crown {
        /// The crown's number.
        crown: usize,
        /// Its radius.
        radius_m: f64,
        /// Its lower end.
        base_m: f64,
        /// Its top.
        top_m: f64,
    },
    /// A change takes away what is not there, or twice.
    #[error("{what} {number} is to be removed, but the scene has no such {what}, or it is named twice")]
    Removed {
        /// `building` or `crown`.
        what: &'static str,
        /// Its number.
        number: usize,
    },
}

impl Block {
    /// A block; `block` is the number that faults name.
    ///
    /// # Errors
    /// Where the footprint is empty, crosses itself or is not finite, or the height is not above 0 and at most 1000 m.
    pub fn new(block: usize, footprint: &MultiPolygon<f64>, height_m: f64) -> Result<Self, SceneFault> {
        if !(height_m > 0.0 && height_m <= HEIGHT_MAX_M) {
            return Err(SceneFault::Height { block, height_m });
        }
        let is_finite = |ring: &LineString<f64>| ring.coords().all(|at| at.x.is_finite() && at.y.is_finite());
        if !footprint.iter().all(|part| is_finite(part.exterior()) && part.interiors().iter().all(is_finite)) {
            return Err(SceneFault::Empty { block });
        }
        // One part at a time: parts that touch or overlap each other shade together and do no harm.
        if let Some(reason) = footprint.iter().flat_map(Validation::validation_errors).next() {
            return Err(SceneFault::Footprint { block, reason: reason.to_string() });
        }
        let footprint = footprint.orient(Direction::Default);
        match footprint.bounding_rect() {
            Some(bounds) if footprint.unsigned_area() > 0.0 => Ok(Self { footprint, height_m, bounds }),
            _ => Err(SceneFault::Empty { block }),
        }
    }

    /// The footprint in metres: exteriors counter-clockwise, holes clockwise.
    #[must_use]
    pub fn footprint(&self) -> &MultiPolygon<f64> {
        &self.footprint
    }

    /// The height above ground, in metres.
    #[must_use]
    pub fn height_m(&self) -> f64 {
        self.height_m
    }

    /// The rectangle around the footprint, in metres.
    #[must_use]
    pub fn bounds(&self) -> Rect<f64> {
        self.bounds
    }

    /// Its rings, exteriors and holes; the inside lies to the left of each.
    pub(super) fn rings(&self) -> impl Iterator<Item = &LineString<f64>> {
        self.footprint.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()))
    }
}

impl Crown {
    fn is_possible(&self) -> bool {
        self.centre.x.is_finite()
            && self.centre.y.is_finite()
            && self.radius_m > 0.0
            && self.radius_m <= 50.0
            && self.base_m >= 0.0
            && self.top_m > self.base_m
            && self.top_m <= HEIGHT_MAX_M
    }
}

impl Scene {
    /// A scene of footprints (in projected metres) with their heights, and crowns.
    ///
    /// # Errors
    /// Every block and crown that is not possible.
    pub fn new(buildings: &[(MultiPolygon<f64>, f64)], crowns: &[Crown]) -> Result<Self, Vec<SceneFault>> {
        let mut faults = Vec::new();
        let mut blocks = Vec::with_capacity(buildings.len());
        for (number, (footprint, height_m)) in buildings.iter().enumerate() {
            match Block::new(number, footprint, *height_m) {
                Ok(block) => blocks.push(block),
                Err(fault) => faults.push(fault),
            }
        }
        faults.extend(crown_faults(crowns));
        if faults.is_empty() { Ok(Self { blocks, crowns: crowns.to_vec() }) } else { Err(faults) }
    }

    /// The blocks.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The crowns.
    #[must_use]
    pub fn crowns(&self) -> &[Crown] {
        &self.crowns
    }

    /// The scene after a change: what stays, in its order, and then what is added.
    ///
    /// # Errors
    /// Where something is removed that is not there, or twice, or an added crown is not possible.
    pub fn changed(&self, change: &SceneChange) -> Result<Self, Vec<SceneFault>> {
        let mut scene = self.kept(change)?;
        scene.blocks.extend_from_slice(&change.added_blocks);
        scene.crowns.extend_from_slice(&change.added_crowns);
        Ok(scene)
    }

    /// What a change leaves where it is.
    pub(super) fn kept(&self, change: &SceneChange) -> Result<Self, Vec<SceneFault>> {
        let mut faults = crown_faults(&change.added_crowns);
        let blocks = without("building", &self.blocks, &change.removed_blocks, &mut faults);
        let crowns = without("crown", &self.crowns, &change.removed_crowns, &mut faults);
        if faults.is_empty() { Ok(Self { blocks, crowns }) } else { Err(faults) }
    }

    /// What a valid change takes away.
    pub(super) fn removed(&self, change: &SceneChange) -> Self {
        Self {
            blocks: change.removed_blocks.iter().map(|&number| self.blocks[number].clone()).collect(),
            crowns: change.removed_crowns.iter().map(|&number| self.crowns[number]).collect(),
        }
    }
}

fn crown_faults(crowns: &[Crown]) -> Vec<SceneFault> {
    let fault = |(crown, &Crown { radius_m, base_m, top_m, .. })| SceneFault::Crown { crown, radius_m, base_m, top_m };
    crowns.iter().enumerate().filter(|(_, crown)| !crown.is_possible()).map(fault).collect()
}

/// All but those of some numbers.
fn without<T: Clone>(what: &'static str, all: &[T], removed: &[usize], faults: &mut Vec<SceneFault>) -> Vec<T> {
    let mut stays = vec![true; all.len()];
    for &number in removed {
        match stays.get_mut(number) {
            Some(stay) if *stay => *stay = false,
            _ => faults.push(SceneFault::Removed { what, number }),
        }
    }
    all.iter().zip(stays).filter(|(_, stays)| *stays).map(|(one, _)| one.clone()).collect()
}

#[cfg(test)]
mod tests {
    use geo::{Polygon, polygon};

    use super::*;

    fn of(part: Polygon<f64>) -> MultiPolygon<f64> {
        MultiPolygon(vec![part])
    }

    fn square() -> MultiPolygon<f64> {
        of(polygon![(x: 0.0, y: 0.0), (x: 0.0, y: 10.0), (x: 10.0, y: 10.0), (x: 10.0, y: 0.0)])
    }

    #[test]
    fn every_impossible_building_and_crown_is_told_at_once() {
        let bow = of(polygon![(x: 0.0, y: 0.0), (x: 10.0, y: 10.0), (x: 10.0, y: 0.0), (x: 0.0, y: 10.0)]);
        let nan = of(polygon![(x: 0.0, y: f64::NAN), (x: 10.0, y: 10.0), (x: 10.0, y: 0.0)]);
        let buildings = [
            (square(), 0.0),
            (square(), f64::NAN),
            (square(), -3.0),
            (bow, 9.0),
            (nan, 9.0),
            (MultiPolygon(vec![]), 9.0),
            (square(), 9.0),
        ];
        let crown =
            Crown { centre: Coord { x: 0.0, y: 0.0 }, radius_m: 0.0, base_m: 2.0, top_m: 8.0, evergreen: false };
        let faults = Scene::new(&buildings, &[crown]).expect_err("only the last building is possible");
        assert_eq!(faults.len(), 7, "{faults:?}");
        assert!(matches!(faults[3], SceneFault::Footprint { block: 3, .. }), "{faults:?}");
        assert!(matches!(faults[4], SceneFault::Empty { block: 4 }), "{faults:?}");
    }

    #[test]
    fn what_is_removed_must_be_there_and_named_once() {
        let scene = Scene::new(&[(square(), 9.0)], &[]).expect("a scene");
        let change = |removed: &[usize]| SceneChange { removed_blocks: removed.to_vec(), ..SceneChange::default() };
        assert!(scene.changed(&change(&[0])).expect("it is there").blocks().is_empty());
        assert_eq!(scene.changed(&change(&[0, 0])).expect_err("twice").len(), 1);
        assert_eq!(scene.changed(&change(&[1])).expect_err("none").len(), 1);
    }
}

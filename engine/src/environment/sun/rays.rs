//! Seconds of sun at single points, ray by ray: façades, windows, benches.
//!
//! A ray goes from the point to the sun; where it meets a wall the point is in the shade, and where it meets crowns the one that
//! takes most counts. Rays climb, so they enter a block through a wall and roofs need not be there; a point inside a block has
//! no sun. Walls are a triangle mesh with the bounding volumes of `parry` (through `rapier3d`, built for determinism); crowns
//! are met in closed form. On flat ground this tells the same as the raster of `ground.rs`; a relief can be given instead.

use geo::{Contains, Coord, Point};
use rapier3d_f64::math::Vector;
use rapier3d_f64::parry::bounding_volume::Aabb;
use rapier3d_f64::parry::partitioning::{Bvh, BvhBuildStrategy};
use rapier3d_f64::parry::query::{Ray, RayCast};
use rapier3d_f64::parry::shape::TriMesh;
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::grid::Extent;
use super::path::{SunPath, SunStep};
use super::raster::reached;
use super::receiver::{Receiver, ReceiverFault};
use super::scene::{Crown, Scene};

/// The ground as triangles, for rays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relief {
    /// Corners: easting, northing, height, in metres.
    pub vertices: Vec<[f64; 3]>,
    /// The triangles' corners, by number.
    pub triangles: Vec<[u32; 3]>,
}

/// Why a scene cannot stand on a relief.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReliefFault {
    /// There is not one height for each.
    #[error("{given} ground heights are given for {needed} {what}s")]
    Bases {
        /// `building` or `crown`.
        what: &'static str,
        /// How many are given.
        given: usize,
        /// How many there are.
        needed: usize,
    },
    /// A height is no number.
    #[error("the ground at {what} {number} is {height_m} m high: give -500 to 9000 m")]
    Height {
        /// `building`, `crown` or `corner`.
        what: &'static str,
        /// Its number.
        number: usize,
        /// What is given.
        height_m: f64,
    },
    /// A triangle has a corner that is not there.
    #[error("triangle {0} of the ground has a corner that is not there")]
    Triangle(usize),
}

type Footing = GeomWithData<Rectangle<[f64; 2]>, usize>;

/// A scene as rays meet it.
pub struct Obstacles {
    scene: Scene,
    /// Heights of the blocks' tops.
    tops_m: Vec<f64>,
    /// Crowns with heights from the same zero as receivers.
    crowns: Vec<Crown>,
    /// What all coordinates are reckoned from.
    origin: Coord<f64>,
    mesh: Option<TriMesh>,
    crown_tree: Bvh,
    footings: RTree<Footing>,
}

impl Obstacles {
    /// A scene on flat ground, at a height of 0.
    #[must_use]
    pub fn on_flat_ground(scene: &Scene) -> Self {
        let bases_m = vec![0.0; scene.blocks().len()];
        Self::build(scene, &bases_m, scene.crowns().to_vec(), 0.0, &Relief::default())
    }

    /// A scene on a relief, with the height of the ground at each block and each crown, in metres; walls reach down to the
    /// relief's lowest point. The heights of receivers have the relief's zero.
    ///
    /// # Errors
    /// Everything in the relief and the heights that does not fit.
    pub fn on_relief(
        scene: &Scene,
        relief: &Relief,
        block_bases_m: &[f64],
        crown_bases_m: &[f64],
    ) -> Result<Self, Vec<ReliefFault>> {
        let faults = relief_faults(scene, relief, block_bases_m, crown_bases_m);
        if !faults.is_empty() {
            return Err(faults);
        }
        let raised = |(crown, base_m): (&Crown, &f64)| Crown {
            base_m: crown.base_m + base_m,
            top_m: crown.top_m + base_m,
            ..*crown
        };
        let crowns = scene.crowns().iter().zip(crown_bases_m).map(raised).collect();
        let heights = relief.vertices.iter().map(|vertex| vertex[2]).chain(block_bases_m.iter().copied());
        let lowest_m = heights.fold(f64::INFINITY, f64::min);
        Ok(Self::build(scene, block_bases_m, crowns, lowest_m, relief))
    }

    fn build(scene: &Scene, bases_m: &[f64], crowns: Vec<Crown>, foot_m: f64, relief: &Relief) -> Self {
        let footing = |(number, block): (usize, &super::scene::Block)| {
            let bounds = block.bounds();
            Footing::new(Rectangle::from_corners(bounds.min().into(), bounds.max().into()), number)
        };
        let origin = scene.blocks().first().map(|block| block.bounds().min());
        let origin = origin.or(crowns.first().map(|crown| crown.centre)).unwrap_or(Coord { x: 0.0, y: 0.0 });
        let tops_m: Vec<f64> =
            scene.blocks().iter().zip(bases_m).map(|(block, base_m)| base_m + block.height_m()).collect();
        let boxes: Vec<Aabb> = crowns.iter().map(|crown| around(crown, origin)).collect();
        Self {
            mesh: mesh(scene, &tops_m, foot_m, relief, origin),
            crown_tree: Bvh::from_leaves(BvhBuildStrategy::Binned, &boxes),
            footings: RTree::bulk_load(scene.blocks().iter().enumerate().map(footing).collect()),
            scene: scene.clone(),
            tops_m,
            crowns,
            origin,
        }
    }

    /// The block that a receiver is inside of, the first of several.
    #[must_use]
    pub fn enclosing(&self, receiver: &Receiver) -> Option<usize> {
        let at = receiver.start();
        let near = self.footings.locate_in_envelope_intersecting(&AABB::from_point([at.x, at.y]));
        let encloses = |block: &usize| {
            receiver.height_m() < self.tops_m[*block] && self.scene.blocks()[*block].footprint().contains(&Point(at))
        };
        near.map(|footing| footing.data).filter(encloses).min()
    }

    /// Around all, in metres, that blocks and crowns on flat ground cover and shade at any step of a reach.
    pub(super) fn extent(&self, reach: Extent) -> Extent {
        let blocks = self.scene.blocks().iter().map(|block| {
            let bounds = block.bounds();
            let extent = Extent::EMPTY.with(bounds.min().into()).with(bounds.max().into());
            reached(extent, block.height_m(), reach)
        });
        let crowns = self.crowns.iter().map(|crown| {
            let Coord { x, y } = crown.centre;
            let low = [x - crown.radius_m, y - crown.radius_m];
            reached(Extent::EMPTY.with(low).with([x + crown.radius_m, y + crown.radius_m]), crown.top_m, reach)
        });
        blocks.chain(crowns).fold(Extent::EMPTY, |all, one| all.with(one.low).with(one.high))
    }

    /// What is lost of a step at a receiver in the open, in seconds.
    pub(super) fn loss_s(&self, receiver: &Receiver, step: &SunStep) -> u32 {
        if !receiver.looks_to(step) {
            return step.sun_s();
        }
        let start = receiver.start() - self.origin;
        let [east, north, up] = step.toward();
        let ray = Ray::new(Vector::new(start.x, start.y, receiver.height_m()), Vector::new(east, north, up));
        if self.mesh.as_ref().is_some_and(|mesh| meets(mesh, &ray)) {
            step.sun_s()
        } else {
            self.crown_loss_s(&ray, step)
        }
    }

    fn crown_loss_s(&self, ray: &Ray, step: &SunStep) -> u32 {
        if self.crowns.is_empty() {
            return 0;
        }
        let near = self.crown_tree.leaves(|node| node.cast_ray(ray, f64::MAX) < f64::MAX);
        let crowns = near.map(|leaf| &self.crowns[leaf as usize]).filter(|crown| passes(crown, self.origin, ray));
        crowns.map(|crown| step.crown_loss_s()[usize::from(crown.evergreen)]).max().unwrap_or(0)
    }
}

fn relief_faults(scene: &Scene, relief: &Relief, block_bases_m: &[f64], crown_bases_m: &[f64]) -> Vec<ReliefFault> {
    let mut faults = Vec::new();
    let corners_m: Vec<f64> = relief.vertices.iter().map(|vertex| vertex[2]).collect();
    for (what, bases_m, needed) in [
        ("building", block_bases_m, scene.blocks().len()),
        ("crown", crown_bases_m, scene.crowns().len()),
        ("corner", &corners_m, corners_m.len()),
    ] {
        if bases_m.len() != needed {
            faults.push(ReliefFault::Bases { what, given: bases_m.len(), needed });
        }
        let wrong = bases_m.iter().enumerate().filter(|(_, height_m)| !(-500.0..=9000.0).contains(*height_m));
        faults.extend(wrong.map(|(number, &height_m)| ReliefFault::Height { what, number, height_m }));
    }
    let there = |corner: &u32| {
        relief.vertices.get(*corner as usize).is_some_and(|vertex| vertex[..2].iter().all(|part| part.is_finite()))
    };
    let wrong = relief.triangles.iter().enumerate().filter(|(_, corners)| !corners.iter().all(there));
    faults.extend(wrong.map(|(number, _)| ReliefFault::Triangle(number)));
    faults
}

/// Walls and relief as triangles; none where there are none.
fn mesh(scene: &Scene, tops_m: &[f64], foot_m: f64, relief: &Relief, origin: Coord<f64>) -> Option<TriMesh> {
    let mut vertices: Vec<Vector> =
        relief.vertices.iter().map(|&[x, y, z]| Vector::new(x - origin.x, y - origin.y, z)).collect();
    let mut triangles = relief.triangles.clone();
    for (block, &top_m) in scene.blocks().iter().zip(tops_m) {
        for wall in block.rings().flat_map(|ring| ring.lines()) {
            let [start, end] = [wall.start - origin, wall.end - origin];
            let first = vertices.len() as u32;
            vertices.extend(
                [(start, foot_m), (end, foot_m), (end, top_m), (start, top_m)]
                    .map(|(at, height_m)| Vector::new(at.x, at.y, height_m)),
            );
            triangles.extend([[first, first + 1, first + 2], [first, first + 2, first + 3]]);
        }
    }
    // No triangles are the only reason for which there is no mesh.
    TriMesh::new(vertices, triangles).ok()
}

/// Whether a ray meets any triangle.
fn meets(mesh: &TriMesh, ray: &Ray) -> bool {
    let mut near = mesh.bvh().leaves(|node| node.cast_ray(ray, f64::MAX) < f64::MAX);
    near.any(|leaf| mesh.triangle(leaf).cast_local_ray(ray, f64::MAX, false).is_some())
}

fn around(crown: &Crown, origin: Coord<f64>) -> Aabb {
    let at = crown.centre - origin;
    let corner = |side: f64, height_m: f64| Vector::new(at.x + side, at.y + side, height_m);
    Aabb::new(corner(-crown.radius_m, crown.base_m), corner(crown.radius_m, crown.top_m))
}

/// Whether a climbing ray passes through a crown.
fn passes(crown: &Crown, origin: Coord<f64>, ray: &Ray) -> bool {
    // The ray at a height z above its start lies off by `lean` z; it is inside the cylinder's circle between two roots.
    let lean = [ray.dir.x / ray.dir.z, ray.dir.y / ray.dir.z];
    let off = [ray.origin.x - (crown.centre.x - origin.x), ray.origin.y - (crown.centre.y - origin.y)];
    let square = lean[0] * lean[0] + lean[1] * lean[1];
    let half = lean[0] * off[0] + lean[1] * off[1];
    let outside = off[0] * off[0] + off[1] * off[1] - crown.radius_m * crown.radius_m;
    let (low, high) = ((crown.base_m - ray.origin.z).max(0.0), crown.top_m - ray.origin.z);
    if high <= low {
        return false;
    }
    if square == 0.0 {
        return outside <= 0.0;
    }
    let under_root = half * half - square * outside;
    if under_root < 0.0 {
        return false;
    }
    let root = under_root.sqrt();
    (-half - root) / square <= high && (-half + root) / square >= low
}

/// The receivers that are inside a block, as faults.
#[must_use]
pub fn receiver_faults(obstacles: &Obstacles, receivers: &[Receiver]) -> Vec<ReceiverFault> {
    let inside = |(receiver, one): (usize, &Receiver)| {
        obstacles.enclosing(one).map(|block| ReceiverFault::Inside { receiver, block })
    };
    let found: Vec<Option<ReceiverFault>> = receivers.par_iter().enumerate().map(inside).collect();
    found.into_iter().flatten().collect()
}

/// Seconds of sun of each receiver over a path; 0 for one inside a block.
#[must_use]
pub fn receiver_sun(obstacles: &Obstacles, receivers: &[Receiver], path: &SunPath) -> Vec<u32> {
    let of_receiver = |receiver: &Receiver| {
        if obstacles.enclosing(receiver).is_some() {
            return 0;
        }
        // All losses together are at most the path's seconds.
        path.steps().iter().map(|step| step.sun_s() - obstacles.loss_s(receiver, step)).sum()
    };
    receivers.par_iter().map(of_receiver).collect()
}

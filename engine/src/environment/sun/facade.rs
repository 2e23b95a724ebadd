//! Points on façades, where the sun of windows is reckoned.
//!
//! Each wall is cut into equal lengths near a spacing, with a point in the middle of each, at one height for each storey. Where
//! a neighbour stands against the wall, as in a row of houses, there is no façade and no point.

use geo::Coord;

use super::parameters::FacadeSpacing;
use super::rays::Obstacles;
use super::receiver::Receiver;
use super::scene::Scene;

/// The most points along one wall, whatever the spacing.
const POINTS_MAX: f64 = 10_000.0;

/// Points on the façades of a scene, block by block, wall by wall, from the ground up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FacadePoints {
    /// The points; each faces away from its wall.
    pub receivers: Vec<Receiver>,
    /// The block that each belongs to.
    pub blocks: Vec<usize>,
    /// What each stands for, in square metres of façade.
    pub areas_m2: Vec<f64>,
    /// Points left out because a neighbour stands against the wall.
    pub hidden: usize,
}

/// The façade points of all blocks of a scene on flat ground. The spacing is taken as checked
/// ([`SunParameters::validate`](super::SunParameters::validate)).
#[must_use]
pub fn facade_points(scene: &Scene, obstacles: &Obstacles, spacing: &FacadeSpacing) -> FacadePoints {
    let mut points = FacadePoints::default();
    for (number, block) in scene.blocks().iter().enumerate() {
        for wall in block.rings().flat_map(|ring| ring.lines()) {
            let along = wall.delta();
            let length_m = (along.x * along.x + along.y * along.y).sqrt();
            if length_m < spacing.wall_min_m {
                continue;
            }
            let count = (length_m / spacing.spacing_m).round().clamp(1.0, POINTS_MAX);
            let facing = Coord { x: along.y, y: -along.x };
            for point in 0..count as usize {
                let position = wall.start + along * ((point as f64 + 0.5) / count);
                let storeys = heights_m(spacing, block.height_m());
                for (height_m, storey_m) in storeys {
                    let Ok(receiver) = Receiver::new(position, height_m, Some(facing)) else { continue };
                    if obstacles.enclosing(&receiver).is_some() {
                        points.hidden += 1;
                        continue;
                    }
                    points.receivers.push(receiver);
                    points.blocks.push(number);
                    points.areas_m2.push(length_m / count * storey_m);
                }
            }
        }
    }
    points
}

/// The heights of points on a wall, each with the height of its storey; the last storey ends with the wall.
fn heights_m(spacing: &FacadeSpacing, top_m: f64) -> impl Iterator<Item = (f64, f64)> {
    let FacadeSpacing { first_height_m, storey_m, .. } = *spacing;
    let storey = move |number: u32| {
        let foot_m = f64::from(number) * storey_m;
        (foot_m + first_height_m, (top_m - foot_m).min(storey_m))
    };
    (0..).map(storey).take_while(move |(height_m, _)| *height_m < top_m)
}

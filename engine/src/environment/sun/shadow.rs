//! The outline of a block's shadow on flat ground.
//!
//! The shadow of an extruded footprint is the footprint swept along the way that its top's shadow lies off, height divided by
//! the tangent of the sun's elevation, away from the sun: a Minkowski sum with a segment. A point outside the footprint lies in
//! it where the way back to the sun's side enters the footprint through a wall, so it is the union of the footprint and, for each
//! wall that looks away from the sun, the parallelogram between the wall's foot and the shadow of its upper edge.

use geo::{Coord, LineString, MultiPolygon, Polygon, unary_union};

use super::scene::Block;

/// The ground that a block covers or shades, as polygons in metres, for a unit vector to the sun (east, north, up of the grid,
/// [`SunPosition::toward`](super::SunPosition::toward)); empty where the sun is not above the horizon.
#[must_use]
pub fn shadow_outline(block: &Block, toward: [f64; 3]) -> MultiPolygon<f64> {
    let [east, north, up] = toward;
    if !(up > 0.0 && east.is_finite() && north.is_finite()) {
        return MultiPolygon(Vec::new());
    }
    let off = Coord { x: -east / up * block.height_m(), y: -north / up * block.height_m() };
    let mut parts: Vec<Polygon<f64>> = block.footprint().0.clone();
    for ring in block.rings() {
        for wall in ring.lines() {
            let along = wall.delta();
            // The outside lies to the right of a wall.
            if along.y * off.x - along.x * off.y > 0.0 {
                let corners = vec![wall.start, wall.start + off, wall.end + off, wall.end];
                parts.push(Polygon::new(LineString::new(corners), Vec::new()));
            }
        }
    }
    unary_union(&parts)
}

//! The ground of zones: the Voronoi cells of their house numbers, joined.
//!
//! No open file draws quarters or census sections; their house numbers are all that is known of them. Ground belongs to
//! the zone of the nearest house number, as far as the comune reaches and unless it is far from every house. Neighbours share their border
//! point by point.

use geo::{
    Area, BooleanOps, BoundingRect, Contains, Coord, LineString, MapCoords, MultiPolygon, Polygon, Rect, Validation,
    unary_union,
};
use rayon::prelude::*;
use rstar::RTree;
use spade::{DelaunayTriangulation, HasPosition, Point2, Triangulation, handles::VoronoiVertex};

use super::RecipeError;
use super::parameters::ZoneFigures;

/// A point that claims ground for a zone, or, with none, for nobody.
#[derive(Clone, Copy)]
struct Claim {
    position: Coord<f64>,
    zone: Option<usize>,
}

impl HasPosition for Claim {
    type Scalar = f64;
    fn position(&self) -> Point2<f64> {
        Point2::new(self.position.x, self.position.y)
    }
}

/// A house number and the zone that it belongs to, as an index.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) position: Coord<f64>,
    pub(super) zone: usize,
}

/// The ground of every zone. Zones on one side of the ring never reach across it: `inside` tells which zones lie within.
pub(super) fn zone_areas(
    members: &[Member],
    inside: &[bool],
    ring: &Polygon<f64>,
    boundary: &MultiPolygon<f64>,
    figures: &ZoneFigures,
) -> Result<Vec<MultiPolygon<f64>>, RecipeError> {
    let side = |within: bool| -> Vec<Claim> {
        let members = members.iter().filter(|member| inside[member.zone] == within);
        members.map(|member| Claim { position: member.position, zone: Some(member.zone) }).collect()
    };
    let ring = MultiPolygon(vec![ring.clone()]);
    let extent = extent(members, 20.0 * figures.reach_m.value);
    let (mut within, mut beyond) = (side(true), side(false));
    within.extend(corners(extent));
    beyond.extend(corners(extent));
    beyond.extend(nobodys_ground(members, figures));
    let cells_within = cells(within, inside.len())?;
    let cells_beyond = cells(beyond, inside.len())?;
    let outside_ring = boundary.difference(&ring);
    Ok(cells_within
        .into_par_iter()
        .zip(cells_beyond)
        .zip(inside)
        .map(|((within_cells, beyond_cells), &within)| {
            if within {
                unary_union(&within_cells).intersection(&ring)
            } else {
                unary_union(&beyond_cells).intersection(&outside_ring)
            }
        })
        .collect())
}

/// The Voronoi cells of each zone's points.
fn cells(mut claims: Vec<Claim>, zones: usize) -> Result<Vec<Vec<Polygon<f64>>>, RecipeError> {
    claims.sort_by(|a, b| {
        a.position.x.total_cmp(&b.position.x).then(a.position.y.total_cmp(&b.position.y)).then(a.zone.cmp(&b.zone))
    });
    claims.dedup_by(|a, b| a.position == b.position);
    let triangles = DelaunayTriangulation::<Claim>::bulk_load(claims)
        .map_err(|cause| RecipeError::Geometry(format!("house numbers cannot be triangulated: {cause}")))?;
    let mut cells = vec![Vec::new(); zones];
    for face in triangles.voronoi_faces() {
        let Some(zone) = face.as_delaunay_vertex().data().zone else { continue };
        let mut ring = Vec::new();
        for edge in face.adjacent_edges() {
            if let VoronoiVertex::Inner(triangle) = edge.from() {
                let centre = triangle.circumcenter();
                ring.push(Coord { x: centre.x, y: centre.y });
            }
        }
        cells[zone].push(Polygon::new(LineString(ring), Vec::new()));
    }
    Ok(cells)
}

/// Points on a grid, farther than the reach from every house number.
fn nobodys_ground(members: &[Member], figures: &ZoneFigures) -> Vec<Claim> {
    let (reach, gap) = (figures.reach_m.value, figures.gap_m.value);
    let houses = RTree::bulk_load(members.iter().map(|member| [member.position.x, member.position.y]).collect());
    let extent = extent(members, 3.0 * reach);
    let mut claims = Vec::new();
    let mut row = 0_u32;
    let mut y = (extent.min().y / gap).floor() * gap;
    while y < extent.max().y {
        let shift = if row.is_multiple_of(2) { 0.0 } else { gap / 2.0 };
        let mut x = (extent.min().x / gap).floor() * gap + shift;
        while x < extent.max().x {
            let far =
                houses.nearest_neighbor(&[x, y]).is_none_or(|house| libm::hypot(house[0] - x, house[1] - y) > reach);
            if far {
                claims.push(Claim { position: Coord { x, y }, zone: None });
            }
            x += gap;
        }
        y += gap;
        row += 1;
    }
    claims
}

fn extent(members: &[Member], margin: f64) -> Rect<f64> {
    let points = geo::MultiPoint(members.iter().map(|member| geo::Point(member.position)).collect());
    let rect = points.bounding_rect().unwrap_or_else(|| Rect::new(Coord::zero(), Coord::zero()));
    let margin = Coord { x: margin, y: margin };
    Rect::new(rect.min() - margin, rect.max() + margin)
}

/// Nobody's points around everything, so that every cell of a house number is closed.
fn corners(extent: Rect<f64>) -> Vec<Claim> {
    let centre = extent.center();
    let corner = |x, y| Claim { position: Coord { x, y }, zone: None };
    let (low, high) = (extent.min(), extent.max());
    vec![
        corner(low.x, low.y),
        corner(centre.x, low.y),
        corner(high.x, low.y),
        corner(low.x, centre.y),
        corner(high.x, centre.y),
        corner(low.x, high.y),
        corner(centre.x, high.y),
        corner(high.x, high.y),
    ]
}

/// Ground and gaps in it smaller than this are what rounding left over.
const LEFTOVER_M2: f64 = 1.0;
/// How often rounding is repaired: a repair moves corners, which are rounded again.
const REPAIRS_MAX: u32 = 8;

/// The area with its coordinates rounded, and still a simple polygon: what rounding made fall together or cross is cut
/// off, and leftovers of no size are dropped.
///
/// # Errors
/// [`RecipeError::Geometry`] where it stays self-crossing after a few repairs.
pub(super) fn rounded(
    area: &MultiPolygon<f64>,
    round: impl Fn(Coord<f64>) -> Coord<f64> + Copy,
) -> Result<MultiPolygon<f64>, RecipeError> {
    let mut rounded = without_leftovers(&area.map_coords(round));
    for _ in 0..REPAIRS_MAX {
        if rounded.is_valid() {
            return Ok(rounded);
        }
        rounded = without_leftovers(&unary_union(&rounded.0).map_coords(round));
    }
    Err(RecipeError::Geometry(format!("an area crosses itself however it is rounded: {:?}", rounded.bounding_rect())))
}

fn without_leftovers(area: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let large = |ring: &LineString<f64>| Polygon::new(ring.clone(), Vec::new()).unsigned_area() >= LEFTOVER_M2;
    let tidy = |ring: &LineString<f64>| {
        let mut ring = ring.clone();
        ring.0.dedup();
        ring
    };
    let parts = area.iter().filter(|part| large(part.exterior())).map(|part| {
        let holes = part.interiors().iter().filter(|hole| large(hole)).map(tidy).collect();
        Polygon::new(tidy(part.exterior()), holes)
    });
    MultiPolygon(parts.collect())
}

/// Whether the point lies within the ring.
pub(super) fn within(ring: &Polygon<f64>, point: Coord<f64>) -> bool {
    ring.contains(&geo::Point(point))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_metre(c: Coord<f64>) -> Coord<f64> {
        Coord { x: c.x.round(), y: c.y.round() }
    }

    fn area(rings: &[&[(f64, f64)]]) -> MultiPolygon<f64> {
        let mut rings = rings.iter().map(|ring| LineString::from(ring.to_vec()));
        let exterior = rings.next().expect("an exterior");
        MultiPolygon(vec![Polygon::new(exterior, rings.collect())])
    }

    const FIELD: &[(f64, f64)] = &[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)];

    #[test]
    fn a_gap_that_rounding_closes_is_dropped() {
        let gap: &[(f64, f64)] = &[(50.0, 50.0), (50.3, 50.2), (50.2, 50.4), (50.0, 50.0)];
        let rounded = rounded(&area(&[FIELD, gap]), to_metre).expect("it can be rounded");
        assert!(rounded.is_valid() && rounded.0[0].interiors().is_empty());
    }

    #[test]
    fn an_outline_that_rounding_makes_cross_itself_is_simple_again() {
        // The notch's tip lies 0.2 m before the far side; rounded, it touches it.
        let notched: &[(f64, f64)] = &[
            (0.0, 0.0),
            (100.0, 0.0),
            (100.0, 100.0),
            (60.0, 100.0),
            (50.0, 0.2),
            (40.0, 100.0),
            (0.0, 100.0),
            (0.0, 0.0),
        ];
        let rounded = rounded(&area(&[notched]), to_metre).expect("it can be rounded");
        assert!(rounded.is_valid());
        assert!((rounded.unsigned_area() - area(&[notched]).unsigned_area()).abs() < 30.0);
    }
}

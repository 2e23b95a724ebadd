//! Rings and areas: closed ways, and multipolygon relations whose ways join into rings.

use geo::{BoundingRect, Contains, Coord, LineString, MultiPolygon, Point, Polygon};

use super::elements::{Extract, MemberKind, Relation, Way};
use super::places::Places;

/// Why an outline encloses no area.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum AreaFault {
    #[error("the extract lacks {0} of its nodes")]
    MissingNodes(usize),
    #[error("the extract lacks its way {0}")]
    MissingWay(i64),
    #[error("its outline is not closed")]
    Open,
    #[error("it has no outline")]
    NoOutline,
    #[error("one of its holes lies outside its outline")]
    StrayHole,
    #[error("its outline has fewer than three corners")]
    TooFewCorners,
    #[error("its outline crosses itself near {x:.1} E {y:.1} N", x = .0.x, y = .0.y)]
    CrossesItself(Coord<f64>),
}

/// The area inside a closed way; or why there is none.
pub(super) fn of_way(way: &Way, places: &Places<'_>) -> Result<MultiPolygon<f64>, AreaFault> {
    let (line, missing) = places.line(way);
    if missing > 0 {
        return Err(AreaFault::MissingNodes(missing));
    }
    if !way.is_closed() {
        return Err(AreaFault::Open);
    }
    Ok(MultiPolygon(vec![Polygon::new(ring(line)?, Vec::new())]))
}

/// The area of a multipolygon relation; or why there is none.
pub(super) fn of_relation(
    relation: &Relation,
    extract: &Extract,
    places: &Places<'_>,
) -> Result<MultiPolygon<f64>, AreaFault> {
    let (mut outer, mut inner) = (Vec::new(), Vec::new());
    for member in relation.members.iter().filter(|member| member.kind == MemberKind::Way) {
        let Some(way) = extract.way(member.id) else {
            return Err(AreaFault::MissingWay(member.id));
        };
        match &*member.role {
            "inner" => inner.push(way.nodes.as_slice()),
            "outer" | "" => outer.push(way.nodes.as_slice()),
            _ => {}
        }
    }
    let rings = |ways| -> Result<Vec<LineString<f64>>, AreaFault> {
        let mut rings = Vec::new();
        for nodes in joined(ways)? {
            let line: Vec<Coord<f64>> = nodes.iter().filter_map(|&id| places.node(id)).collect();
            if line.len() < nodes.len() {
                return Err(AreaFault::MissingNodes(nodes.len() - line.len()));
            }
            rings.push(ring(line)?);
        }
        Ok(rings)
    };
    let mut polygons: Vec<Polygon<f64>> =
        rings(outer)?.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect();
    for hole in rings(inner)? {
        let corner = Point(hole.0[0]);
        // Of outlines one inside the other, the smallest around the hole is its own.
        let around = polygons
            .iter_mut()
            .filter(|polygon| Polygon::new(polygon.exterior().clone(), Vec::new()).contains(&corner))
            .min_by(|a, b| extent(a).total_cmp(&extent(b)));
        match around {
            Some(polygon) => polygon.interiors_push(hole),
            None => return Err(AreaFault::StrayHole),
        }
    }
    if polygons.is_empty() {
        return Err(AreaFault::NoOutline);
    }
    Ok(MultiPolygon(polygons))
}

/// Says what is wrong with an area: a ring that is too short, or crosses itself.
pub(super) fn check(area: &MultiPolygon<f64>) -> Result<(), AreaFault> {
    for polygon in &area.0 {
        for outline in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            ring(outline.0.clone())?;
        }
    }
    Ok(())
}

fn extent(polygon: &Polygon<f64>) -> f64 {
    polygon.bounding_rect().map_or(0.0, |rect| rect.width() * rect.height())
}

/// Ways joined end to end into closed rings of nodes.
fn joined(ways: Vec<&[i64]>) -> Result<Vec<Vec<i64>>, AreaFault> {
    let mut rings = Vec::new();
    let mut open: Vec<Vec<i64>> = ways.into_iter().filter(|way| way.len() >= 2).map(<[i64]>::to_vec).collect();
    while let Some(mut ring) = open.pop() {
        while ring.first() != ring.last() {
            let end = ring[ring.len() - 1];
            let next = open.iter().position(|way| way[0] == end || way[way.len() - 1] == end);
            let Some(next) = next else { return Err(AreaFault::Open) };
            let mut way = open.remove(next);
            if way[0] != end {
                way.reverse();
            }
            ring.extend_from_slice(&way[1..]);
        }
        rings.push(ring);
    }
    rings.reverse();
    Ok(rings)
}

/// A closed ring that does not cross itself; or why it is not.
fn ring(mut line: Vec<Coord<f64>>) -> Result<LineString<f64>, AreaFault> {
    line.dedup();
    if line.len() < 4 {
        return Err(AreaFault::TooFewCorners);
    }
    if let Some(place) = self_crossing(&line) {
        return Err(AreaFault::CrossesItself(place));
    }
    Ok(LineString(line))
}

/// Where a closed ring crosses or touches itself.
fn self_crossing(ring: &[Coord<f64>]) -> Option<Coord<f64>> {
    let sides: Vec<[Coord<f64>; 2]> = ring.windows(2).map(|side| [side[0], side[1]]).collect();
    let count = sides.len();
    for (first, a) in sides.iter().enumerate() {
        for (second, b) in sides.iter().enumerate().skip(first + 1) {
            let neighbours = second == first + 1 || (first == 0 && second + 1 == count);
            if neighbours {
                // They share a corner; they must not run back over each other.
                let (before, corner, after) = if second == first + 1 { (a[0], a[1], b[1]) } else { (b[0], a[0], a[1]) };
                let folded = turn(before, corner, after) == 0.0 && along(corner, before, after) > 0.0;
                if folded {
                    return Some(corner);
                }
            } else if boxes_meet(a, b) && sides_meet(a, b) {
                return Some(a[1]);
            }
        }
    }
    None
}

fn boxes_meet(a: &[Coord<f64>; 2], b: &[Coord<f64>; 2]) -> bool {
    a[0].x.max(a[1].x) >= b[0].x.min(b[1].x)
        && b[0].x.max(b[1].x) >= a[0].x.min(a[1].x)
        && a[0].y.max(a[1].y) >= b[0].y.min(b[1].y)
        && b[0].y.max(b[1].y) >= a[0].y.min(a[1].y)
}

fn sides_meet(a: &[Coord<f64>; 2], b: &[Coord<f64>; 2]) -> bool {
    let across = |a: &[Coord<f64>; 2], b: &[Coord<f64>; 2]| turn(a[0], a[1], b[0]) * turn(a[0], a[1], b[1]) <= 0.0;
    across(a, b) && across(b, a)
}

/// Twice the area of the triangle: positive where the three points turn left.
fn turn(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// How far `a` and `b` point the same way, seen from the corner.
fn along(corner: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    (a.x - corner.x) * (b.x - corner.x) + (a.y - corner.y) * (b.y - corner.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(points: &[(f64, f64)]) -> Vec<Coord<f64>> {
        points.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    #[test]
    fn rings_that_cross_touch_or_fold_are_told() {
        assert!(ring(points(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)])).is_ok());
        let bow_tie = ring(points(&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0), (0.0, 0.0)]));
        assert!(matches!(bow_tie, Err(AreaFault::CrossesItself(_))));
        let spike = ring(points(&[(0.0, 0.0), (4.0, 0.0), (8.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)]));
        assert!(spike.is_err());
        assert!(ring(points(&[(0.0, 0.0), (4.0, 0.0), (0.0, 0.0)])).is_err());
    }

    #[test]
    fn ways_join_into_rings_in_whatever_direction_they_run() {
        let rings = joined(vec![&[1, 2, 3], &[5, 4, 3], &[5, 1], &[7, 8, 9, 7]]).expect("two rings");
        assert_eq!(rings.len(), 2);
        assert!(rings.iter().all(|ring| ring.first() == ring.last()));
        assert!(joined(vec![&[1, 2, 3]]).is_err());
    }
}

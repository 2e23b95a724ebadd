//! Plain geometry of polylines in projected metres: lengths, places along them, the nearest place to a point, crossings.

use geo::Coord;

/// A place on a polyline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Foot {
    /// How far the point is from it.
    pub(super) distance_m: f64,
    /// How far along the line it lies.
    pub(super) along_m: f64,
    /// Where it is.
    pub(super) position: Coord<f64>,
    /// Unit vector of the line there, in the direction in which it is drawn.
    pub(super) heading: Coord<f64>,
}

/// Straight distance between two points.
pub(super) fn distance_m(a: Coord<f64>, b: Coord<f64>) -> f64 {
    libm::hypot(b.x - a.x, b.y - a.y)
}

/// The point at `fraction` of the way from `a` to `b`.
pub(super) fn blend(a: Coord<f64>, b: Coord<f64>, fraction: f64) -> Coord<f64> {
    a + (b - a) * fraction
}

/// Length of a polyline.
pub(super) fn length_m(line: &[Coord<f64>]) -> f64 {
    line.windows(2).map(|ends| distance_m(ends[0], ends[1])).sum()
}

/// Unit vector from `a` to `b`; zero where they coincide.
pub(super) fn heading(a: Coord<f64>, b: Coord<f64>) -> Coord<f64> {
    let length_m = distance_m(a, b);
    if length_m > 0.0 { (b - a) / length_m } else { Coord::zero() }
}

/// Scalar product.
pub(super) fn dot(a: Coord<f64>, b: Coord<f64>) -> f64 {
    a.x * b.x + a.y * b.y
}

/// Vector product: positive where `b` points to the left of `a`.
pub(super) fn cross(a: Coord<f64>, b: Coord<f64>) -> f64 {
    a.x * b.y - a.y * b.x
}

/// The place of the segment `a`–`b` nearest to the point, as a fraction of the segment.
pub(super) fn fraction_nearest(a: Coord<f64>, b: Coord<f64>, point: Coord<f64>) -> f64 {
    let (along, square) = (dot(point - a, b - a), dot(b - a, b - a));
    if square > 0.0 { (along / square).clamp(0.0, 1.0) } else { 0.0 }
}

/// The place of a polyline nearest to a point. The line has at least two points.
pub(super) fn foot(line: &[Coord<f64>], point: Coord<f64>) -> Foot {
    let mut best =
        Foot { distance_m: f64::INFINITY, along_m: 0.0, position: line[0], heading: heading(line[0], line[1]) };
    let mut along_m = 0.0;
    for ends in line.windows(2) {
        let fraction = fraction_nearest(ends[0], ends[1], point);
        let position = blend(ends[0], ends[1], fraction);
        let (distance, length) = (distance_m(position, point), distance_m(ends[0], ends[1]));
        if distance < best.distance_m {
            let heading = heading(ends[0], ends[1]);
            best = Foot { distance_m: distance, along_m: along_m + fraction * length, position, heading };
        }
        along_m += length;
    }
    best
}

/// The point that lies so far along a polyline; its ends where the number is outside.
pub(super) fn at(line: &[Coord<f64>], along_m: f64) -> Coord<f64> {
    let mut left_m = along_m;
    for ends in line.windows(2) {
        let length = distance_m(ends[0], ends[1]);
        if left_m <= length && length > 0.0 {
            return blend(ends[0], ends[1], (left_m / length).max(0.0));
        }
        left_m -= length;
    }
    line[line.len() - 1]
}

/// The part of a polyline between two places along it, `from_m` before `to_m`.
pub(super) fn between(line: &[Coord<f64>], from_m: f64, to_m: f64) -> Vec<Coord<f64>> {
    let mut part = vec![at(line, from_m)];
    let mut along_m = 0.0;
    for ends in line.windows(2) {
        along_m += distance_m(ends[0], ends[1]);
        if along_m > from_m + 1e-6 && along_m < to_m - 1e-6 {
            part.push(ends[1]);
        }
    }
    part.push(at(line, to_m));
    part
}

/// Points along a polyline, at most `step_m` apart, ends included, each with how far along it lies.
pub(super) fn stations(line: &[Coord<f64>], step_m: f64) -> Vec<(f64, Coord<f64>)> {
    let total_m = length_m(line);
    let count = ((total_m / step_m).ceil() as u32).max(1);
    (0..=count)
        .map(|i| {
            let along_m = total_m * f64::from(i) / f64::from(count);
            (along_m, at(line, along_m))
        })
        .collect()
}

/// Where the segments `a`–`b` and `c`–`d` cross or touch, as fractions of each; none where they are parallel or apart.
pub(super) fn crossing(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>, d: Coord<f64>) -> Option<(f64, f64)> {
    const TOUCH: f64 = 1e-6;
    let area = cross(b - a, d - c);
    if area.abs() < 1e-9 {
        return None;
    }
    let (t, u) = (cross(c - a, d - c) / area, cross(c - a, b - a) / area);
    let inside = |fraction: f64| (-TOUCH..=1.0 + TOUCH).contains(&fraction);
    (inside(t) && inside(u)).then(|| (t.clamp(0.0, 1.0), u.clamp(0.0, 1.0)))
}

/// Whether two polylines cross or touch.
#[cfg(test)]
pub(super) fn lines_cross(a: &[Coord<f64>], b: &[Coord<f64>]) -> bool {
    a.windows(2).any(|s| b.windows(2).any(|t| crossing(s[0], s[1], t[0], t[1]).is_some()))
}

/// The polyline without the points that lie within `tolerance_m` of the rest (Douglas and Peucker 1973).
pub(super) fn simplified(line: &[Coord<f64>], tolerance_m: f64) -> Vec<Coord<f64>> {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return Vec::new() };
    let farthest = (1..line.len().saturating_sub(1))
        .map(|i| (i, distance_m(line[i], blend(first, last, fraction_nearest(first, last, line[i])))))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    match farthest {
        Some((i, distance)) if distance > tolerance_m => {
            let mut left = simplified(&line[..=i], tolerance_m);
            left.pop();
            left.extend(simplified(&line[i..], tolerance_m));
            left
        }
        _ if line.len() == 1 => vec![first],
        _ => vec![first, last],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn c(x: f64, y: f64) -> Coord<f64> {
        Coord { x, y }
    }

    #[test]
    fn a_place_along_a_line_is_found_from_a_point_beside_it() {
        let line = [c(0.0, 0.0), c(10.0, 0.0), c(10.0, 10.0)];
        let found = foot(&line, c(13.0, 4.0));
        assert!((found.distance_m - 3.0).abs() < 1e-9 && (found.along_m - 14.0).abs() < 1e-9);
        assert_eq!(at(&line, found.along_m), found.position);
        assert_eq!(between(&line, 5.0, 15.0), [c(5.0, 0.0), c(10.0, 0.0), c(10.0, 5.0)]);
    }

    #[test]
    fn segments_cross_where_they_cross() {
        assert_eq!(crossing(c(0.0, 0.0), c(2.0, 0.0), c(1.0, -1.0), c(1.0, 1.0)), Some((0.5, 0.5)));
        assert_eq!(crossing(c(0.0, 0.0), c(2.0, 0.0), c(3.0, -1.0), c(3.0, 1.0)), None);
    }

    #[test]
    fn simplifying_keeps_the_corners() {
        let line = [c(0.0, 0.0), c(5.0, 0.1), c(10.0, 0.0), c(10.0, 10.0)];
        assert_eq!(simplified(&line, 1.0), [c(0.0, 0.0), c(10.0, 0.0), c(10.0, 10.0)]);
    }
}

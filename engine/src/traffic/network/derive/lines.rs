//! Lines in the plane: their parts, and lines beside them.
//!
//! Plain vector geometry. Left out: lines beside a bend that is tighter than they are far away; there they are cut short
//! instead of running backwards.

use geo::Coord;

/// Points closer than this are one, in metres.
const SAME_M: f64 = 0.01;

pub(in crate::traffic) fn dot(a: Coord, b: Coord) -> f64 {
    a.x * b.x + a.y * b.y
}

/// Positive where `b` points to the left of `a`.
pub(in crate::traffic) fn cross(a: Coord, b: Coord) -> f64 {
    a.x * b.y - a.y * b.x
}

pub(in crate::traffic) fn norm(v: Coord) -> f64 {
    libm::hypot(v.x, v.y)
}

/// The vector of length 1 in that direction; east for the vector that has none.
pub(in crate::traffic) fn unit(v: Coord) -> Coord {
    let length = norm(v);
    if length > 0.0 { v / length } else { Coord { x: 1.0, y: 0.0 } }
}

/// A quarter turn to the right.
pub(super) fn right_of(direction: Coord) -> Coord {
    Coord { x: direction.y, y: -direction.x }
}

/// The turn from one direction to another in radians, to the left positive, above −π and at most π.
pub(in crate::traffic) fn turn_rad(from: Coord, to: Coord) -> f64 {
    libm::atan2(cross(from, to), dot(from, to))
}

pub(in crate::traffic) fn length_m(line: &[Coord]) -> f64 {
    line.windows(2).map(|pair| norm(pair[1] - pair[0])).sum()
}

/// The line without points that repeat; its ends stay.
pub(super) fn cleaned(line: &[Coord]) -> Vec<Coord> {
    let last = line[line.len() - 1];
    let mut clean = vec![line[0]];
    for &point in &line[1..line.len() - 1] {
        if norm(point - clean[clean.len() - 1]) > SAME_M && norm(point - last) > SAME_M {
            clean.push(point);
        }
    }
    clean.push(last);
    clean
}

/// The place at a distance along a line, and the index of the segment that it lies on.
fn at(line: &[Coord], along_m: f64) -> (Coord, usize) {
    let mut left_m = along_m.max(0.0);
    for (index, pair) in line.windows(2).enumerate() {
        let segment_m = norm(pair[1] - pair[0]);
        if left_m <= segment_m && segment_m > 0.0 {
            return (pair[0] + (pair[1] - pair[0]) * (left_m / segment_m), index);
        }
        left_m -= segment_m;
    }
    (line[line.len() - 1], line.len() - 2)
}

/// The part of a line between two distances along it, the second larger.
pub(in crate::traffic) fn part(line: &[Coord], start_m: f64, end_m: f64) -> Vec<Coord> {
    let ((start, first), (end, last)) = (at(line, start_m), at(line, end_m));
    let mut part = vec![start];
    part.extend_from_slice(&line[first + 1..=last]);
    part.push(end);
    cleaned(&part)
}

/// The direction in which a line leaves its beginning, over its first metres.
pub(in crate::traffic) fn outset(line: &[Coord], reach_m: f64) -> Coord {
    let reach_m = reach_m.min(length_m(line) * 0.5);
    unit(at(line, reach_m).0 - line[0])
}

/// The direction in which a line arrives at its end, over its last metres.
pub(in crate::traffic) fn heading(line: &[Coord], reach_m: f64) -> Coord {
    let length_m = length_m(line);
    unit(line[line.len() - 1] - at(line, length_m - reach_m.min(length_m * 0.5)).0)
}

pub(in crate::traffic) fn first_direction(line: &[Coord]) -> Coord {
    unit(line[1] - line[0])
}

pub(in crate::traffic) fn last_direction(line: &[Coord]) -> Coord {
    unit(line[line.len() - 1] - line[line.len() - 2])
}

/// The line `right_m` to the right of another (to the left if negative). `before` and `after` are the directions of
/// the lines that join it at its ends, if any: lines beside both meet there.
pub(super) fn beside(line: &[Coord], right_m: f64, before: Option<Coord>, after: Option<Coord>) -> Vec<Coord> {
    let directions: Vec<Coord> = line.windows(2).map(|pair| unit(pair[1] - pair[0])).collect();
    let last = directions.len() - 1;
    let mut moved = Vec::with_capacity(line.len());
    for (index, &point) in line.iter().enumerate() {
        let arriving = if index == 0 { before.unwrap_or(directions[0]) } else { directions[index - 1] };
        let leaving = if index > last { after.unwrap_or(directions[last]) } else { directions[index] };
        let place = point + corner(arriving, leaving) * right_m;
        if index <= last && index > 0 && dot(place - moved[moved.len() - 1], directions[index - 1]) <= 0.0 {
            continue;
        }
        while index > last && moved.len() > 1 && dot(place - moved[moved.len() - 1], directions[last]) <= 0.0 {
            moved.pop();
        }
        moved.push(place);
    }
    if length_m(&moved) > SAME_M { moved } else { line.to_vec() }
}

/// Where the corner of a line 1 to the right of two directions lies, seen from the corner between them; not further away
/// than 2.
fn corner(arriving: Coord, leaving: Coord) -> Coord {
    (right_of(arriving) + right_of(leaving)) / (1.0 + dot(arriving, leaving)).max(0.5)
}

/// A line in two, at a distance along it.
pub(super) fn split(line: &[Coord], at_m: f64) -> [Vec<Coord>; 2] {
    [part(line, 0.0, at_m), part(line, at_m, length_m(line))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(f64, f64)]) -> Vec<Coord> {
        points.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    #[test]
    fn a_part_keeps_the_corners_between_its_ends() {
        let corner = line(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]);
        assert_eq!(part(&corner, 4.0, 12.0), line(&[(4.0, 0.0), (10.0, 0.0), (10.0, 2.0)]));
        assert_eq!(part(&corner, 0.0, 20.0), corner);
    }

    #[test]
    fn lines_beside_two_streets_meet_where_the_streets_do() {
        let (east, north) = (line(&[(0.0, 0.0), (10.0, 0.0)]), line(&[(10.0, 0.0), (10.0, 10.0)]));
        let first = beside(&east, 2.0, None, Some(first_direction(&north)));
        let second = beside(&north, 2.0, Some(last_direction(&east)), None);
        assert_eq!(first, line(&[(0.0, -2.0), (12.0, -2.0)]));
        assert_eq!(second, line(&[(12.0, -2.0), (12.0, 10.0)]));
    }

    #[test]
    fn a_line_beside_a_tight_bend_does_not_run_backwards() {
        let bend = line(&[(0.0, 0.0), (10.0, 0.0), (10.5, 0.5), (10.5, 1.0), (10.0, 1.5), (0.0, 1.5)]);
        let inner = beside(&bend, -3.0, None, None);
        assert!(length_m(&inner) < length_m(&bend), "{inner:?}");
        assert!(inner.len() >= 2 && inner.iter().all(|point| point.x.is_finite() && point.y.is_finite()));
    }
}

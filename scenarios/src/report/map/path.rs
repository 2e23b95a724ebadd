//! Lines as the `d` of an SVG path: to a tenth of a page unit, relative, as short as the syntax allows.

use geo::{Coord, LineString};

/// Lines that share one stroke, as one path.
#[derive(Clone, Debug, Default)]
pub(super) struct PathData {
    data: String,
    /// Where the pen stands, in tenths.
    pen: Option<(i64, i64)>,
}

impl PathData {
    /// Draws a line after those already drawn; it goes on without lifting the pen where it begins at the end of the last one.
    pub(super) fn line(&mut self, line: &LineString<f64>) {
        let mut points = line.0.iter().map(|&point| tenths(point));
        let Some(start) = points.next() else { return };
        let begins_here = self.pen == Some(start);
        let mut command_written = false;
        for point in points {
            let Some(pen) = (if begins_here || command_written { self.pen } else { self.move_to(start) }) else {
                return;
            };
            if point == pen {
                continue;
            }
            if !command_written {
                self.data.push('l');
                command_written = true;
                self.pair((point.0 - pen.0, point.1 - pen.1), true);
            } else {
                self.pair((point.0 - pen.0, point.1 - pen.1), false);
            }
            self.pen = Some(point);
        }
    }

    /// Closes the last line to a surface.
    pub(super) fn close(&mut self) {
        if !self.data.is_empty() {
            self.data.push('z');
        }
        self.pen = None;
    }

    /// Whether nothing was drawn.
    pub(super) fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The value of the `d` attribute.
    pub(super) fn as_str(&self) -> &str {
        &self.data
    }

    fn move_to(&mut self, point: (i64, i64)) -> Option<(i64, i64)> {
        self.data.push('M');
        self.pair(point, true);
        self.pen = Some(point);
        self.pen
    }

    fn pair(&mut self, (x, y): (i64, i64), is_first: bool) {
        self.number(x, is_first);
        self.number(y, false);
    }

    /// A number of tenths; a space stands before it only where the last could run into it.
    fn number(&mut self, tenths: i64, is_first: bool) {
        if tenths >= 0 && !is_first {
            self.data.push(' ');
        }
        if tenths < 0 {
            self.data.push('-');
        }
        let (whole, tenth) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
        if whole > 0 || tenth == 0 {
            self.data.push_str(&whole.to_string());
        }
        if tenth > 0 {
            self.data.push('.');
            self.data.push_str(&tenth.to_string());
        }
    }
}

/// A place on the page in tenths of a unit.
#[expect(clippy::cast_possible_truncation, reason = "a page is some hundred units wide; beyond i64 the cast saturates")]
fn tenths(point: Coord<f64>) -> (i64, i64) {
    ((point.x * 10.0).round() as i64, (point.y * 10.0).round() as i64)
}

/// The line moved to the right of its direction (traffic keeps right), by so many page units. Corners are mitred, sharp
/// ones no further than twice the distance.
pub(super) fn moved_right(line: &LineString<f64>, distance: f64) -> LineString<f64> {
    let points = &line.0;
    let normals: Vec<Coord<f64>> = points.windows(2).map(|step| right_of(step[0], step[1])).collect();
    (0..points.len())
        .map(|index| {
            let before = index.checked_sub(1).and_then(|i| normals.get(i));
            let (a, b) = match (before, normals.get(index)) {
                (Some(&a), Some(&b)) => (a, b),
                (Some(&a), None) | (None, Some(&a)) => (a, a),
                (None, None) => return points[index],
            };
            let scale = distance / (1.0 + a.x * b.x + a.y * b.y).max(0.5);
            Coord { x: points[index].x + (a.x + b.x) * scale, y: points[index].y + (a.y + b.y) * scale }
        })
        .collect()
}

/// The unit vector to the right of a step, where y points down the page; zero for a step of no length.
fn right_of(from: Coord<f64>, to: Coord<f64>) -> Coord<f64> {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = libm::hypot(dx, dy);
    if length > 0.0 { Coord { x: -dy / length, y: dx / length } } else { Coord { x: 0.0, y: 0.0 } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(f64, f64)]) -> LineString<f64> {
        points.iter().copied().collect()
    }

    #[test]
    fn paths_are_relative_and_short() {
        let mut path = PathData::default();
        path.line(&line(&[(1.0, 2.0), (1.52, 1.0), (1.52, 1.04), (11.5, 1.0)]));
        assert_eq!(path.as_str(), "M1 2l.5-1 10 0");
    }

    #[test]
    fn a_line_that_goes_on_is_not_begun_again() {
        let mut path = PathData::default();
        path.line(&line(&[(0.0, 0.0), (1.0, 0.0)]));
        path.line(&line(&[(1.0, 0.0), (2.0, 0.0)]));
        path.line(&line(&[(5.0, 5.0), (6.0, 5.0)]));
        assert_eq!(path.as_str(), "M0 0l1 0l1 0M5 5l1 0");
    }

    #[test]
    fn a_point_draws_nothing() {
        let mut path = PathData::default();
        path.line(&line(&[(3.0, 3.0)]));
        assert!(path.is_empty());
    }

    #[test]
    fn traffic_keeps_right() {
        // Eastwards on the page: the right hand is below.
        assert_eq!(moved_right(&line(&[(0.0, 0.0), (10.0, 0.0)]), 2.0), line(&[(0.0, 2.0), (10.0, 2.0)]));
        // Northwards: the right hand is east.
        assert_eq!(moved_right(&line(&[(0.0, 10.0), (0.0, 0.0)]), 2.0), line(&[(2.0, 10.0), (2.0, 0.0)]));
        // A right angle keeps the distance from both sides.
        let corner = moved_right(&line(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]), 2.0);
        assert_eq!(corner, line(&[(0.0, 2.0), (8.0, 2.0), (8.0, 10.0)]));
    }
}

//! From the ground to the page: a window of the city at one scale, and what of a line lies in it.

use geo::{Coord, LineString, Rect, Simplify};

/// Lines lose what moves them by less than this, in page units (a quarter of a pixel).
const SIMPLIFY_UNITS: f64 = 0.25;
/// Lines are kept this far outside the window, so that wide strokes do not end at its edge, in page units.
const BLEED_UNITS: f64 = 12.0;

/// A window of the city drawn on a page: metres become page units, north is up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    /// Upper left corner on the ground, in metres.
    corner: Coord<f64>,
    units_per_m: f64,
    /// Width on the page, in page units.
    pub(super) width: f64,
    /// Height on the page, in page units.
    pub(super) height: f64,
}

impl Frame {
    /// The window that shows the whole of `bounds` (in metres), so many page units wide.
    pub(super) fn showing(bounds: Rect<f64>, width: f64) -> Self {
        let ground_width = bounds.width().max(1.0);
        let units_per_m = width / ground_width;
        let corner = Coord { x: bounds.min().x, y: bounds.max().y };
        Self { corner, units_per_m, width, height: bounds.height().max(1.0) * units_per_m }
    }

    /// The upper left and lower right corners on the ground, in metres.
    pub(super) fn corners(self) -> ([f64; 2], [f64; 2]) {
        let Coord { x, y } = self.corner;
        ([x, y], [x + self.width / self.units_per_m, y - self.height / self.units_per_m])
    }

    /// Where a place lies on the page.
    pub(super) fn to_page(self, [x, y]: [f64; 2]) -> Coord<f64> {
        Coord { x: (x - self.corner.x) * self.units_per_m, y: (self.corner.y - y) * self.units_per_m }
    }

    /// How long a distance on the ground is on the page.
    pub(super) fn units(self, distance_m: f64) -> f64 {
        distance_m * self.units_per_m
    }

    /// Whether a place on the page is inside by at least `margin` units.
    pub(super) fn holds(self, at: Coord<f64>, margin: f64) -> bool {
        (margin..=self.width - margin).contains(&at.x) && (margin..=self.height - margin).contains(&at.y)
    }

    /// A line on the page: simplified, and cut into the parts that come near the window.
    pub(super) fn line(self, points: &[[f64; 2]]) -> Vec<LineString<f64>> {
        let line: LineString<f64> = points.iter().map(|&point| self.to_page(point)).collect();
        let mut parts = Vec::new();
        let mut part: Vec<Coord<f64>> = Vec::new();
        for step in line.simplify(SIMPLIFY_UNITS).0.windows(2) {
            if self.comes_near(step[0], step[1]) {
                if part.is_empty() {
                    part.push(step[0]);
                }
                part.push(step[1]);
            } else if !part.is_empty() {
                parts.push(LineString(std::mem::take(&mut part)));
            }
        }
        if !part.is_empty() {
            parts.push(LineString(part));
        }
        parts
    }

    /// A closed surface on the page; none where it lies wholly outside the window.
    pub(super) fn ring(self, points: &[[f64; 2]]) -> Option<LineString<f64>> {
        let line: LineString<f64> = points.iter().map(|&point| self.to_page(point)).collect();
        let line = line.simplify(SIMPLIFY_UNITS);
        let (low, high) = extent(&line.0)?;
        (line.0.len() >= 3 && self.comes_near(low, high)).then_some(line)
    }

    /// Whether the box of two corners comes near the window.
    fn comes_near(self, a: Coord<f64>, b: Coord<f64>) -> bool {
        a.x.max(b.x) >= -BLEED_UNITS
            && a.x.min(b.x) <= self.width + BLEED_UNITS
            && a.y.max(b.y) >= -BLEED_UNITS
            && a.y.min(b.y) <= self.height + BLEED_UNITS
    }
}

/// The lowest and highest coordinates of some points.
pub(super) fn extent(points: &[Coord<f64>]) -> Option<(Coord<f64>, Coord<f64>)> {
    let first = *points.first()?;
    Some(points.iter().fold((first, first), |(low, high), point| {
        (
            Coord { x: low.x.min(point.x), y: low.y.min(point.y) },
            Coord { x: high.x.max(point.x), y: high.y.max(point.y) },
        )
    }))
}

/// A window that maps are drawn in.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// Its name in the page's own references.
    pub(super) id: String,
    /// The class that sizes its type: `large` or `small`.
    pub(super) size: &'static str,
    /// The ground and the page.
    pub(super) frame: Frame,
    /// Strokes are this much narrower than in the large window.
    pub(super) stroke_share: f64,
}

/// A length on the page, to a tenth.
pub(super) fn page(units: f64) -> String {
    let text = format!("{units:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame::showing(Rect::new(Coord { x: 1000.0, y: 2000.0 }, Coord { x: 3000.0, y: 3000.0 }), 200.0)
    }

    #[test]
    fn north_is_up_and_shapes_are_kept() {
        let frame = frame();
        assert_eq!((frame.width, frame.height), (200.0, 100.0));
        assert_eq!(frame.to_page([1000.0, 3000.0]), Coord { x: 0.0, y: 0.0 });
        assert_eq!(frame.to_page([3000.0, 2000.0]), Coord { x: 200.0, y: 100.0 });
        assert_eq!(frame.units(500.0), 50.0);
    }

    #[test]
    fn what_lies_outside_is_not_drawn() {
        let frame = frame();
        assert_eq!(frame.line(&[[9000.0, 9000.0], [9500.0, 9500.0]]), Vec::<LineString<f64>>::new());
        let through =
            frame.line(&[[0.0, 2500.0], [1100.0, 2500.0], [2900.0, 2600.0], [9000.0, 2600.0], [9900.0, 2500.0]]);
        assert_eq!(through.len(), 1);
        assert_eq!(through[0].0.len(), 4, "the last step does not come near");
    }

    #[test]
    fn a_line_that_is_nearly_straight_becomes_straight() {
        let line = frame().line(&[[1000.0, 2500.0], [2000.0, 2501.0], [3000.0, 2500.0]]);
        assert_eq!(line[0].0.len(), 2);
    }
}

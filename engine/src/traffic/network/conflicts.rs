//! Where two lanes inside a junction touch.
//!
//! Two middle lines conflict where they come closer than two vehicles side by side need. Lines are walked in short steps,
//! which finds crossings, mergings and narrow passings alike. Left out: the sweep of long vehicles in turns.

use geo::Coord;

use super::ConflictKind;

/// Middle lines closer than this leave no room for two vehicles, in metres.
const CLEARANCE_M: f64 = 2.0;
/// Length of a step along a line, in metres.
const STRIDE_M: f64 = 0.5;

/// The stretches of two lanes within which only one vehicle has room, as distances along each lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Touch {
    pub(super) enter_m: f64,
    pub(super) leave_m: f64,
    pub(super) foe_enter_m: f64,
    pub(super) foe_leave_m: f64,
}

/// A middle line, made ready to be walked.
pub(super) struct Line<'a> {
    points: &'a [Coord],
    /// Distance of each point along the line, scaled to the lane's own length.
    along_m: Vec<f64>,
    low: Coord,
    high: Coord,
}

impl<'a> Line<'a> {
    pub(super) fn new(points: &'a [Coord], length_m: f64) -> Self {
        let mut along_m = vec![0.0];
        for pair in points.windows(2) {
            along_m.push(along_m[along_m.len() - 1] + distance_m(pair[0], pair[1]));
        }
        let drawn_m = along_m[along_m.len() - 1];
        let scale = if drawn_m > 0.0 { length_m / drawn_m } else { 1.0 };
        along_m.iter_mut().for_each(|along| *along *= scale);
        let mut low = points[0];
        let mut high = points[0];
        for point in points {
            low = Coord { x: low.x.min(point.x), y: low.y.min(point.y) };
            high = Coord { x: high.x.max(point.x), y: high.y.max(point.y) };
        }
        Self { points, along_m, low, high }
    }

    fn length_m(&self) -> f64 {
        self.along_m[self.along_m.len() - 1]
    }

    fn is_far_from(&self, other: &Self) -> bool {
        self.low.x > other.high.x + CLEARANCE_M
            || other.low.x > self.high.x + CLEARANCE_M
            || self.low.y > other.high.y + CLEARANCE_M
            || other.low.y > self.high.y + CLEARANCE_M
    }

    /// First and last place along this line that is too close to the other.
    fn too_close(&self, other: &Self) -> Option<(f64, f64)> {
        let mut found: Option<(f64, f64)> = None;
        for index in 1..self.points.len() {
            let (from, to) = (self.points[index - 1], self.points[index]);
            let (from_m, to_m) = (self.along_m[index - 1], self.along_m[index]);
            let strides = ((to_m - from_m) / STRIDE_M).ceil().max(1.0);
            for stride in 0..=(strides as u32) {
                let share = f64::from(stride) / strides;
                let place = Coord { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
                if other.is_within_clearance(place) {
                    let along = from_m + share * (to_m - from_m);
                    let (first, _) = found.unwrap_or((along, along));
                    found = Some((first, along));
                }
            }
        }
        found
    }

    fn is_within_clearance(&self, place: Coord) -> bool {
        self.points
            .windows(2)
            .any(|pair| squared_distance_to_segment(place, pair[0], pair[1]) < CLEARANCE_M * CLEARANCE_M)
    }
}

/// Where two lanes touch, if they do.
pub(super) fn touch(kind: ConflictKind, line: &Line, foe: &Line) -> Option<Touch> {
    if line.is_far_from(foe) {
        return None;
    }
    let (first, last) = line.too_close(foe)?;
    let (foe_first, foe_last) = foe.too_close(line)?;
    Some(match kind {
        ConflictKind::Cross => Touch { enter_m: first, leave_m: last, foe_enter_m: foe_first, foe_leave_m: foe_last },
        ConflictKind::Merge => {
            Touch { enter_m: first, leave_m: line.length_m(), foe_enter_m: foe_first, foe_leave_m: foe.length_m() }
        }
        ConflictKind::Diverge => Touch { enter_m: 0.0, leave_m: last, foe_enter_m: 0.0, foe_leave_m: foe_last },
    })
}

fn distance_m(a: Coord, b: Coord) -> f64 {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).sqrt()
}

fn squared_distance_to_segment(place: Coord, from: Coord, to: Coord) -> f64 {
    let (x, y) = (to.x - from.x, to.y - from.y);
    let square = x * x + y * y;
    let share =
        if square > 0.0 { (((place.x - from.x) * x + (place.y - from.y) * y) / square).clamp(0.0, 1.0) } else { 0.0 };
    let (dx, dy) = (place.x - from.x - share * x, place.y - from.y - share * y);
    dx * dx + dy * dy
}

#[cfg(test)]
mod tests {
    use super::*;

    fn straight(from: (f64, f64), to: (f64, f64)) -> [Coord; 2] {
        [Coord { x: from.0, y: from.1 }, Coord { x: to.0, y: to.1 }]
    }

    #[test]
    fn lanes_that_cross_share_the_room_around_the_crossing() {
        let east = straight((0.0, 0.0), (20.0, 0.0));
        let north = straight((10.0, -8.0), (10.0, 8.0));
        let touch = touch(ConflictKind::Cross, &Line::new(&east, 20.0), &Line::new(&north, 16.0)).unwrap();
        assert!((touch.enter_m - 8.0).abs() <= 0.5 && (touch.leave_m - 12.0).abs() <= 0.5, "{touch:?}");
        assert!((touch.foe_enter_m - 6.0).abs() <= 0.5 && (touch.foe_leave_m - 10.0).abs() <= 0.5, "{touch:?}");
    }

    #[test]
    fn lanes_side_by_side_do_not_touch() {
        let right = straight((0.0, 0.0), (20.0, 0.0));
        let left = straight((0.0, 3.2), (20.0, 3.2));
        assert_eq!(touch(ConflictKind::Cross, &Line::new(&right, 20.0), &Line::new(&left, 20.0)), None);
    }

    #[test]
    fn lanes_that_merge_share_all_to_the_end() {
        let right = straight((0.0, 0.0), (20.0, 0.0));
        let slip = straight((0.0, -10.0), (20.0, 0.0));
        let touch = touch(ConflictKind::Merge, &Line::new(&right, 20.0), &Line::new(&slip, 23.0)).unwrap();
        assert!(touch.leave_m == 20.0 && (touch.foe_leave_m - 23.0).abs() < 1e-9, "{touch:?}");
        assert!(touch.enter_m > 10.0, "{touch:?}");
    }
}

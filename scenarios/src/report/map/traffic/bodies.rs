//! Where on the ground the body of a vehicle is: along the middle lines of the lanes that it is on.

use data::trajectories::{Scene, SceneLane};
use engine::traffic::trajectories::VehicleAt;
use geo::Coord;

/// A vehicle at least so long bends with its way, in metres; shorter ones are stiff.
const BENDS_FROM_M: f64 = 8.0;
/// Who stands beside the lane is drawn this share of the lane's width to its right.
const ASIDE_SHARE: f64 = 0.75;

/// The middle line of a vehicle's body, from front to rear; nothing where its lane has no line.
pub(super) fn body(scene: &Scene, vehicle: &VehicleAt, length_m: f64) -> Vec<Coord> {
    let Some(lane) = scene.lanes.get(vehicle.lane as usize) else { return Vec::new() };
    let mut way = Backward { points: Vec::new(), left_m: length_m };
    way.go(lane, vehicle.position_m);
    let mut before = vehicle.came_by;
    // Lanes inside junctions are short: a long bus is on three at once.
    for _ in 0..3 {
        if way.left_m <= 0.0 {
            break;
        }
        let Some(lane) = scene.lanes.get(before as usize) else { break };
        way.go(lane, lane.length_m);
        before = lane_before(scene, before);
    }
    way.stretch();
    let mut points = way.points;
    if length_m < BENDS_FROM_M && points.len() > 2 {
        points = vec![points[0], points[points.len() - 1]];
    }
    if vehicle.is_aside {
        points = aside(&points, lane.width_m * ASIDE_SHARE);
    }
    points
}

/// The lane whose line ends where that of a lane inside a junction begins.
fn lane_before(scene: &Scene, lane: u32) -> u32 {
    let Some(start) =
        scene.lanes.get(lane as usize).filter(|lane| lane.street.is_none()).and_then(|lane| lane.line.first())
    else {
        return VehicleAt::NOWHERE;
    };
    let meets = |other: &SceneLane| other.line.last().is_some_and(|end| apart_m(*end, *start) < 0.5);
    scene.lanes.iter().position(meets).map_or(VehicleAt::NOWHERE, |row| row as u32)
}

/// A way that is gone backward, as long as there is length left.
struct Backward {
    points: Vec<Coord>,
    left_m: f64,
}

impl Backward {
    /// Goes back along a lane from a position that counts in the lane's length.
    fn go(&mut self, lane: &SceneLane, position_m: f64) {
        let line_m: f64 = lane.line.windows(2).map(|step| apart_m(step[0], step[1])).sum();
        let mut from_end_m = line_m * (1.0 - (position_m / lane.length_m.max(0.01)).clamp(0.0, 1.0));
        for step in lane.line.windows(2).rev() {
            let step_m = apart_m(step[0], step[1]);
            if from_end_m >= step_m {
                from_end_m -= step_m;
                continue;
            }
            let at = |back_m: f64| between(step[1], step[0], back_m / step_m);
            self.put(at(from_end_m));
            let reach_m = (step_m - from_end_m).min(self.left_m);
            self.put(at(from_end_m + reach_m));
            self.left_m -= reach_m;
            from_end_m = 0.0;
            if self.left_m <= 0.0 {
                return;
            }
        }
    }

    fn put(&mut self, point: Coord) {
        if self.points.last().is_none_or(|last| apart_m(*last, point) > 0.02) {
            self.points.push(point);
        }
    }

    /// What is left goes straight on, where no lane before is known.
    fn stretch(&mut self) {
        let [.., before, last] = self.points[..] else { return };
        let way_m = apart_m(before, last);
        if self.left_m > 0.0 && way_m > 0.0 {
            self.points.push(between(last, last + (last - before), self.left_m / way_m));
            self.left_m = 0.0;
        }
    }
}

/// A line moved to the right of the direction of travel; it runs from front to rear.
fn aside(points: &[Coord], by_m: f64) -> Vec<Coord> {
    let (Some(front), Some(rear)) = (points.first(), points.last()) else { return Vec::new() };
    let length_m = apart_m(*front, *rear).max(0.01);
    let right = Coord { x: (front.y - rear.y) / length_m, y: (rear.x - front.x) / length_m };
    points.iter().map(|point| *point + right * by_m).collect()
}

pub(super) fn apart_m(a: Coord, b: Coord) -> f64 {
    libm::hypot(b.x - a.x, b.y - a.y)
}

pub(super) fn between(a: Coord, b: Coord, share: f64) -> Coord {
    a + (b - a) * share
}

//! Room beside each other on one lane.
//!
//! A vehicle has one of three places across its lane: in the middle, at the left edge, or at the right one, where bicycles
//! ride. Who passes a bicycle leaves [`PASSING_GAP_M`] between; the Italian Codice della strada (art. 148, as changed by law
//! 177 of 25 November 2024) asks for 1.5 m where the road allows it, others for 1 m at least up to 50 km/h (Spain: 1.5 m;
//! California, Vehicle Code 21760: 3 feet). Who filters past vehicles that stand or creep needs less.

use super::demand::LaneSharing;

/// Between a bicycle and the right edge of its lane, in metres.
const KERB_M: f64 = 0.25;
/// Between a bicycle and somebody who passes it, in metres.
pub(super) const PASSING_GAP_M: f64 = 1.0;
/// Beside somebody who stands or creeps, in metres.
pub(super) const FILTER_GAP_M: f64 = 0.3;
/// Width of a car, in metres.
const CAR_M: f64 = 1.8;

/// Where a vehicle is across its lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Middle,
    Left,
    Right,
}

impl Place {
    /// Its right and left side, from the right edge of the lane, in metres.
    pub(super) fn span_m(self, width_m: f64, lane_m: f64) -> (f64, f64) {
        let right_m = match self {
            Self::Middle => (lane_m - width_m) * 0.5,
            Self::Left => lane_m - width_m,
            Self::Right => KERB_M.min((lane_m - width_m).max(0.0)),
        };
        (right_m, right_m + width_m)
    }
}

impl LaneSharing {
    /// Whether a vehicle of that width and cars have room beside each other on a lane: cars pass it, or it passes cars that
    /// stand.
    pub(super) fn has_room(self, width_m: f64, lane_m: f64) -> bool {
        let (car_right_m, car_left_m) = match self {
            Self::None => return false,
            Self::RightEdge => Place::Left.span_m(CAR_M, lane_m),
            Self::Filters => Place::Middle.span_m(CAR_M, lane_m),
        };
        match self {
            Self::Filters => Place::Left.span_m(width_m, lane_m).0 - car_left_m >= FILTER_GAP_M,
            _ => car_right_m - Place::Right.span_m(width_m, lane_m).1 >= PASSING_GAP_M,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bicycle 0.65 m wide: 0.25 + 0.65 + 1 + 1.8 = 3.7 m. A motorcycle 0.9 m wide beside a car in the middle: 1.8 + 2 · 1.2 =
    /// 4.2 m.
    #[test]
    fn lanes_are_shared_from_the_width_on_that_all_need() {
        assert!(!LaneSharing::RightEdge.has_room(0.65, 3.69) && LaneSharing::RightEdge.has_room(0.65, 3.71));
        assert!(!LaneSharing::Filters.has_room(0.9, 4.19) && LaneSharing::Filters.has_room(0.9, 4.21));
        assert!(!LaneSharing::None.has_room(0.65, 9.0));
    }
}

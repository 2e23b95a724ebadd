//! Points that the sun may reach: places on façades, at windows, in squares.
//!
//! A point has a place, a height and, on a wall, the side that light comes from. Its numbers are checked when it is made; whether
//! it is inside a building only a scene can tell ([`receiver_faults`](super::receiver_faults)).

use geo::Coord;

use super::path::SunStep;

/// How far off its wall a ray begins, in metres, so that it does not meet the wall itself.
pub(super) const OFF_WALL_M: f64 = 0.01;

/// A point that the sun may reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Receiver {
    position: Coord<f64>,
    height_m: f64,
    facing: Option<Coord<f64>>,
}

/// Why there is no such point.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReceiverFault {
    /// The place or height is none.
    #[error("a point at ({x}, {y}), {height_m} m high: give projected metres and a height of -500 to 10000 m")]
    Place {
        /// Its easting.
        x: f64,
        /// Its northing.
        y: f64,
        /// Its height.
        height_m: f64,
    },
    /// The direction is none.
    #[error("a point that faces ({x}, {y}): give a direction of some length, east and north")]
    Facing {
        /// East.
        x: f64,
        /// North.
        y: f64,
    },
    /// The point is inside a building.
    #[error("point {receiver} is inside building {block}: move it out of the walls")]
    Inside {
        /// The point's number.
        receiver: usize,
        /// The building's number.
        block: usize,
    },
}

impl Receiver {
    /// A point in projected metres, so high above the ground (above the relief's zero, where there is one), that light reaches from
    /// all sides, or from one: `facing` is the direction of a wall's outside, east and north, of any length above 0.
    ///
    /// # Errors
    /// Where a number is none, or the direction has no length.
    pub fn new(position: Coord<f64>, height_m: f64, facing: Option<Coord<f64>>) -> Result<Self, ReceiverFault> {
        let Coord { x, y } = position;
        if !(x.is_finite() && y.is_finite() && (-500.0..=10_000.0).contains(&height_m)) {
            return Err(ReceiverFault::Place { x, y, height_m });
        }
        let unit = |Coord { x, y }: Coord<f64>| {
            let length = (x * x + y * y).sqrt();
            let is_direction = length > 0.0 && length.is_finite();
            if is_direction { Ok(Coord { x: x / length, y: y / length }) } else { Err(ReceiverFault::Facing { x, y }) }
        };
        Ok(Self { position, height_m, facing: facing.map(unit).transpose()? })
    }

    /// Where it is, in metres.
    #[must_use]
    pub fn position(&self) -> Coord<f64> {
        self.position
    }

    /// Its height in metres.
    #[must_use]
    pub fn height_m(&self) -> f64 {
        self.height_m
    }

    /// The unit vector of the side that light reaches it from; none where it is all sides.
    #[must_use]
    pub fn facing(&self) -> Option<Coord<f64>> {
        self.facing
    }

    /// Where its rays begin.
    pub(super) fn start(&self) -> Coord<f64> {
        self.position + self.facing.unwrap_or(Coord { x: 0.0, y: 0.0 }) * OFF_WALL_M
    }

    /// Whether the sun of a step stands before it.
    pub(super) fn looks_to(&self, step: &SunStep) -> bool {
        let [east, north, _] = step.toward();
        self.facing.is_none_or(|facing| facing.x * east + facing.y * north > 0.0)
    }
}

//! Squares, and the walls and buildings in each.
//!
//! A uniform grid in compressed rows: the walls of a square lie beside each other, with all that a ray needs to know of them. A wall is
//! listed in every square that its bounding box touches, and in the one where a ray meets it for certain; a ray takes what it meets in
//! the square that it is in, so that it meets each wall once.

/// A wall of a building, seen from above: the building is on its left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Wall {
    pub(in super::super) from: [f64; 2],
    pub(in super::super) to: [f64; 2],
    /// Index of its building.
    pub(in super::super) building: u32,
    /// Height of the roof in metres, above the common level.
    pub(in super::super) top_m: f64,
}

/// A wall as the grid lists it: its ends from the grid's origin, to the millimetre or so that a single-precision number has within 10 km, so
/// that twice as many fit in a processor's cache. The end of a wall is the beginning of the next, to the bit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct ListedWall {
    pub(in super::super) from: [f32; 2],
    pub(in super::super) to: [f32; 2],
    /// Index of the wall.
    pub(in super::super) index: u32,
}

/// A square's content.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Square<'a> {
    pub(in super::super) walls: &'a [ListedWall],
    /// Mean ground factor of the open ground.
    pub(in super::super) ground_factor: f64,
}

/// Where squares are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Lattice {
    pub(in super::super) origin: [f64; 2],
    pub(in super::super) square_m: f64,
    pub(in super::super) columns: usize,
    pub(in super::super) rows: usize,
}

/// How far beyond its bounding box a wall is listed, in metres: more than rounding moves its ends.
const LISTED_BEYOND_M: f64 = 0.01;

impl Lattice {
    /// The squares that cover a box, in whole squares from its lowest corner on.
    pub(super) fn covering([low, high]: [[f64; 2]; 2], square_m: f64) -> Self {
        let count = |axis: usize| ((high[axis] - low[axis]) / square_m).floor() as usize + 1;
        Self { origin: low, square_m, columns: count(0), rows: count(1) }
    }

    /// A wall as it is listed.
    pub(super) fn list(&self, wall: &Wall, index: u32) -> ListedWall {
        let place = |point: [f64; 2]| [0, 1].map(|axis| (point[axis] - self.origin[axis]) as f32);
        ListedWall { from: place(wall.from), to: place(wall.to), index }
    }

    /// Number of squares.
    pub(in super::super) fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// The column, or row, of a coordinate; the nearest one if it is beyond.
    #[inline]
    pub(in super::super) fn slot(&self, axis: usize, coordinate: f64) -> usize {
        let count = if axis == 0 { self.columns } else { self.rows };
        let slot = ((coordinate - self.origin[axis]) / self.square_m).floor();
        slot.clamp(0.0, (count - 1) as f64) as usize
    }

    /// The index of the square of a point; the nearest one if it is beyond.
    #[inline]
    pub(in super::super) fn square(&self, [x, y]: [f64; 2]) -> usize {
        self.slot(1, y) * self.columns + self.slot(0, x)
    }

    /// Whether a point is in one of the squares.
    pub(in super::super) fn holds(&self, point: [f64; 2]) -> bool {
        let counts = [self.columns, self.rows];
        (0..2).all(|axis| {
            let far = point[axis] - self.origin[axis];
            far >= 0.0 && far <= counts[axis] as f64 * self.square_m
        })
    }

    /// Calls `visit` with every square that a box touches.
    pub(in super::super) fn touched(&self, [low, high]: [[f64; 2]; 2], mut visit: impl FnMut(usize)) {
        let range =
            |axis: usize| self.slot(axis, low[axis] - LISTED_BEYOND_M)..=self.slot(axis, high[axis] + LISTED_BEYOND_M);
        for row in range(1) {
            for column in range(0) {
                visit(row * self.columns + column);
            }
        }
    }
}

/// Things listed by square, in compressed rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Listed<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Listed<T> {
    /// Lists things by the squares that their boxes touch; in each square in the order in which they are given.
    pub(super) fn new(lattice: &Lattice, things: &[(T, [[f64; 2]; 2])]) -> Self {
        let mut starts = vec![0_u32; lattice.len() + 1];
        for (_, bounds) in things {
            lattice.touched(*bounds, |square| starts[square + 1] += 1);
        }
        for square in 1..starts.len() {
            starts[square] += starts[square - 1];
        }
        let mut items: Vec<Option<T>> = vec![None; starts[lattice.len()] as usize];
        let mut next = starts.clone();
        for (thing, bounds) in things {
            lattice.touched(*bounds, |square| {
                items[next[square] as usize] = Some(*thing);
                next[square] += 1;
            });
        }
        Self { starts, items: items.into_iter().flatten().collect() }
    }

    /// What is listed in a square.
    #[inline]
    pub(super) fn of(&self, square: usize) -> &[T] {
        &self.items[self.starts[square] as usize..self.starts[square + 1] as usize]
    }
}

/// The box around points.
pub(super) fn bounds(points: impl IntoIterator<Item = [f64; 2]>) -> [[f64; 2]; 2] {
    let mut bounds = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
    for point in points {
        for axis in 0..2 {
            bounds[0][axis] = bounds[0][axis].min(point[axis]);
            bounds[1][axis] = bounds[1][axis].max(point[axis]);
        }
    }
    bounds
}

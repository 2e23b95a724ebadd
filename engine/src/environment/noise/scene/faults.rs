//! What can be wrong with a scene, with what to do.

/// Something that is wrong with a scene.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SceneFault {
    /// A coordinate is none.
    #[error("{what} {index}: point {point} is at {x}, {y}; give projected metres")]
    Coordinate {
        /// What has the point: `line`, `building`, `ground area`, `receiver`.
        what: &'static str,
        /// Its index.
        index: usize,
        /// Which of its points, from 0.
        point: usize,
        /// First coordinate.
        x: f64,
        /// Second coordinate.
        y: f64,
    },
    /// Too few points.
    #[error("{what} {index} has {count} points; it needs at least {needed}")]
    TooFewPoints {
        /// What it is.
        what: &'static str,
        /// Its index.
        index: usize,
        /// How many it has.
        count: usize,
        /// How many it needs.
        needed: usize,
    },
    /// A line has no length, or an outline no area.
    #[error("{what} {index} has no {extent}; leave it out or mend its points")]
    NoExtent {
        /// What it is.
        what: &'static str,
        /// Its index.
        index: usize,
        /// What it lacks: `length` or `area`.
        extent: &'static str,
    },
    /// A number is outside its range.
    #[error("{what} {index}: its {quantity} is {value}; give {wanted}")]
    Number {
        /// What it is.
        what: &'static str,
        /// Its index.
        index: usize,
        /// Which number.
        quantity: &'static str,
        /// The number.
        value: f64,
        /// What is wanted.
        wanted: &'static str,
    },
    /// The elevations are no raster.
    #[error(
        "{columns} columns and {rows} rows of elevations need as many heights, all of them numbers; there are {found} good ones"
    )]
    Elevations {
        /// Number of columns.
        columns: usize,
        /// Number of rows.
        rows: usize,
        /// How many good heights there are.
        found: usize,
    },
    /// The extent is no box.
    #[error("the scene reaches from {low:?} to {high:?}; give the lowest and then the highest coordinates, in metres")]
    Extent {
        /// Lowest coordinates.
        low: [f64; 2],
        /// Highest coordinates.
        high: [f64; 2],
    },
    /// A building is outside the extent.
    #[error("building {index} has a corner at {x}, {y}, outside the scene; widen its extent or leave the building out")]
    Beyond {
        /// Index of the building.
        index: usize,
        /// First coordinate.
        x: f64,
        /// Second coordinate.
        y: f64,
    },
    /// The grid would be too big to hold.
    #[error(
        "the scene is {width_m:.0} m by {height_m:.0} m and would have {squares} squares of {square_m} m; make them bigger or cut the scene"
    )]
    TooBig {
        /// Its width.
        width_m: f64,
        /// Its height.
        height_m: f64,
        /// Number of squares.
        squares: u64,
        /// Side of a square.
        square_m: f64,
    },
}

/// Notes a number that is not in its range.
pub(super) fn check(
    faults: &mut Vec<SceneFault>,
    (what, index): (&'static str, usize),
    (quantity, value, wanted): (&'static str, f64, &'static str),
    good: bool,
) {
    if !good {
        faults.push(SceneFault::Number { what, index, quantity, value, wanted });
    }
}

/// Notes every point that is nowhere, or that there are too few.
pub(super) fn check_points(
    faults: &mut Vec<SceneFault>,
    (what, index): (&'static str, usize),
    points: &[[f64; 2]],
    needed: usize,
) {
    if points.len() < needed {
        faults.push(SceneFault::TooFewPoints { what, index, count: points.len(), needed });
    }
    for (point, &[x, y]) in points.iter().enumerate() {
        if !(x.is_finite() && y.is_finite()) {
            faults.push(SceneFault::Coordinate { what, index, point, x, y });
        }
    }
}

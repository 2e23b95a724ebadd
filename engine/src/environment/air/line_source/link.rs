//! Straight links and points where air is breathed.

/// How a carriageway lies to the ground around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// At the ground's height (AG).
    AtGrade,
    /// On a bridge that air passes beneath (BR).
    Bridge,
    /// In a cut, whose slopes hold air back (DP).
    Depressed,
    /// On an embankment, whose slopes lead air along the ground (FL).
    Fill,
}

/// Coordinates beyond this, in metres, are none on Earth.
pub const COORDINATE_MAX_M: f64 = 2e7;

/// Whether a point has coordinates on Earth.
pub(crate) fn is_somewhere(point_m: [f64; 2]) -> bool {
    point_m.iter().all(|coordinate| coordinate.abs() <= COORDINATE_MAX_M)
}

/// A straight piece of road with the same traffic all along.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// One end, x and y in metres.
    pub from_m: [f64; 2],
    /// The other end.
    pub to_m: [f64; 2],
    /// Width of the mixing zone in metres: the carriageway and 3 m on either side; 1 to 200 m.
    pub width_m: f64,
    /// Height above the ground around, −10 to 10 m as the model was made for: 0 at grade, negative where depressed, positive on
    /// fills and bridges.
    pub height_m: f64,
    /// How it lies.
    pub kind: LinkKind,
}

/// What is wrong with a link.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LinkFault {
    /// An end is nowhere.
    #[error("an end has coordinates {0:?}; give metres within 20,000 km")]
    End([f64; 2]),
    /// Both ends are one.
    #[error("both ends are at {0:?}; a link needs a length")]
    NoLength([f64; 2]),
    /// Width of the mixing zone.
    #[error("the mixing zone is {0} m wide; give 1 to 200 m: the carriageway and 3 m on either side")]
    Width(f64),
    /// Height against kind.
    #[error(
        "a link of kind {kind:?} lies {height_m} m high; give 0 at grade, −10 to 0 m depressed, 0 to 10 m on fills and bridges"
    )]
    Height {
        /// Kind of the link.
        kind: LinkKind,
        /// Height that does not fit it.
        height_m: f64,
    },
}

impl Link {
    /// Everything that is wrong with it; nothing where it can be used.
    #[must_use]
    pub fn faults(&self) -> Vec<LinkFault> {
        let mut faults = Vec::new();
        faults.extend([self.from_m, self.to_m].into_iter().filter(|end| !is_somewhere(*end)).map(LinkFault::End));
        if self.from_m == self.to_m {
            faults.push(LinkFault::NoLength(self.from_m));
        }
        if !(1.0..=200.0).contains(&self.width_m) {
            faults.push(LinkFault::Width(self.width_m));
        }
        let fits = match self.kind {
            LinkKind::AtGrade => self.height_m == 0.0,
            LinkKind::Bridge | LinkKind::Fill => (0.0..=10.0).contains(&self.height_m),
            LinkKind::Depressed => (-10.0..=0.0).contains(&self.height_m),
        };
        if !fits {
            faults.push(LinkFault::Height { kind: self.kind, height_m: self.height_m });
        }
        faults
    }
}

/// A point where the concentration is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Receptor {
    /// Metres to the east.
    pub x_m: f64,
    /// Metres to the north.
    pub y_m: f64,
    /// Metres above the ground.
    pub z_m: f64,
}

/// Depth below which a cut holds air back, in metres (Benson 1979).
const CUT_DEPTH_MIN_M: f64 = 1.5;

/// A link as the plume sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carriageway {
    pub(crate) from_m: [f64; 2],
    /// Unit vector from the first end to the other.
    pub(crate) along: [f64; 2],
    pub(crate) length_m: f64,
    pub(crate) half_width_m: f64,
    /// Height at which the source stands for the plume.
    pub(crate) source_height_m: f64,
    /// Height of the slopes beside the road, with their sign; 0 without slopes.
    pub(crate) slope_height_m: f64,
    /// Depth of a cut that holds air back; 0 elsewhere.
    pub(crate) cut_depth_m: f64,
    /// How much longer air stays in the mixing zone than at grade.
    pub(crate) residence_factor: f64,
}

impl Carriageway {
    /// A valid link made ready.
    pub(crate) fn new(link: &Link) -> Self {
        let [dx, dy] = [link.to_m[0] - link.from_m[0], link.to_m[1] - link.from_m[1]];
        let length_m = libm::hypot(dx, dy);
        let has_slopes = matches!(link.kind, LinkKind::Depressed | LinkKind::Fill);
        let is_cut = link.kind == LinkKind::Depressed && link.height_m < -CUT_DEPTH_MIN_M;
        let cut_depth_m = if is_cut { -link.height_m } else { 0.0 };
        Self {
            from_m: link.from_m,
            along: [dx / length_m, dy / length_m],
            length_m,
            half_width_m: link.width_m / 2.0,
            source_height_m: if has_slopes { 0.0 } else { link.height_m },
            slope_height_m: if has_slopes { link.height_m } else { 0.0 },
            cut_depth_m,
            residence_factor: if is_cut { 0.72 * libm::pow(cut_depth_m, 0.83) } else { 1.0 },
        }
    }

    /// Position of a point along the link and across it (to the left), from the first end.
    pub(crate) fn along_and_across_m(&self, x_m: f64, y_m: f64) -> (f64, f64) {
        let [dx, dy] = [x_m - self.from_m[0], y_m - self.from_m[1]];
        let [ux, uy] = self.along;
        (dx * ux + dy * uy, dy * ux - dx * uy)
    }

    /// Height of a receptor above the plume's ground, which follows slopes of 1 in 2.
    pub(crate) fn receptor_height_m(&self, z_m: f64, across_m: f64) -> f64 {
        if self.slope_height_m == 0.0 {
            return z_m;
        }
        let slope_width_m = 2.0 * self.slope_height_m.abs();
        let on_slope_m = (across_m.abs() - self.half_width_m).max(0.0);
        if on_slope_m >= slope_width_m {
            return z_m;
        }
        z_m - self.slope_height_m * (1.0 - on_slope_m / slope_width_m)
    }

    /// How much more concentrated the slower air in and beside a cut is.
    pub(crate) fn cut_factor(&self, across_m: f64) -> f64 {
        let reach_m = 3.0 * self.cut_depth_m;
        let beside_m = (across_m.abs() - self.half_width_m).max(0.0);
        if beside_m >= reach_m {
            return 1.0;
        }
        self.residence_factor - (self.residence_factor - 1.0) * beside_m / reach_m
    }
}

//! Cuts of further published cases, with all their paths: direct, lateral and reflected.
//!
//! ISO/TR 17534-4:2020, cases TC04, 06, 08 to 14, 16 to 18 and 20, as NoiseModelling (Université Gustave Eiffel) publishes their geometry
//! and the levels of all paths together. Cuts of TC09, 11 and 13, and the lateral ones of TC14, are those that it publishes; the others
//! were worked out from the geometry: paths around a building go around its corners, 15 mm off as there, terrain is the plane between its lines.

use super::cases::*;
use crate::environment::noise::bands::Bands;
use crate::environment::noise::propagation::{PathEnd, Role};

/// What the wall of cases TC16 to TC18 keeps of the sound.
pub(super) const WALL_ABSORPTION: Bands = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.5];

/// A case: its paths, each with its cut for straight and for curved rays, and the levels of all of them by band.
pub(super) struct WholeCase {
    pub(super) name: &'static str,
    pub(super) paths: &'static [(&'static Cut, &'static Cut)],
    pub(super) levels_db: Bands,
}

const TC04_PATH_0: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.2 },
    receiver: PathEnd { height_m: 4.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 194.164878389,
    straight_m: None,
    points: &[(40.876816503, 0.0, 0.0, 0.0, 0.5, Role::Ground), (143.068857761, 0.0, 0.0, 0.0, 0.9, Role::Ground)],
};

const TC06_PATH_0: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.9 },
    receiver: PathEnd { height_m: 11.5, ground_m: 10.0, ground_factor: 0.0 },
    length_m: 194.164878389,
    straight_m: None,
    points: &[
        (40.876816503, 0.0, 0.0, 0.0, 0.5, Role::Ground),
        (112.411245383, 0.0, 0.0, 0.0, 0.5, Role::Edge),
        (143.068857761, 4.615384615, 4.615384615, 4.615384615, 0.2, Role::Ground),
        (178.836072201, 10.0, 10.0, 10.0, 0.2, Role::Edge),
    ],
};

const TC08_PATH_0: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.9 },
    receiver: PathEnd { height_m: 4.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 194.164878389,
    straight_m: None,
    points: &[
        (40.876816503, 0.0, 0.0, 0.0, 0.5, Role::Ground),
        (143.068857761, 0.0, 0.0, 0.0, 0.2, Role::Ground),
        (170.486234683, 0.0, 0.0, 6.0, 0.2, Role::Edge),
    ],
};

const TC08_PATH_1: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.9 },
    receiver: PathEnd { height_m: 4.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 221.231056256,
    straight_m: Some(194.188053186),
    points: &[
        (40.0, 0.0, 0.0, 0.0, 0.5, Role::Ground),
        (140.0, 0.0, 0.0, 0.0, 0.2, Role::Ground),
        (180.0, 0.0, 0.0, 3.721485411, 0.2, Role::VerticalEdge),
    ],
};

const TC08_PATH_2: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.9 },
    receiver: PathEnd { height_m: 4.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 194.779268463,
    straight_m: Some(194.188053186),
    points: &[
        (41.158610537, 0.0, 0.0, 0.0, 0.5, Role::Ground),
        (144.055136878, 0.0, 0.0, 0.0, 0.2, Role::Ground),
        (169.779268463, 0.0, 0.0, 3.622015915, 0.2, Role::VerticalEdge),
    ],
};

const TC10_PATH_0: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.5 },
    receiver: PathEnd { height_m: 4.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 20.0,
    straight_m: None,
    points: &[(5.0, 0.0, 10.0, 10.0, 0.0, Role::Edge), (15.0, 10.0, 0.0, 10.0, 0.5, Role::Edge)],
};

const TC10_PATH_1: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.5 },
    receiver: PathEnd { height_m: 4.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 24.163380647,
    straight_m: Some(20.223748416),
    points: &[
        (7.071083722, 0.0, 0.0, 1.74840901, 0.5, Role::VerticalEdge),
        (17.092296925, 0.0, 0.0, 3.25159099, 0.5, Role::VerticalEdge),
    ],
};

const TC10_PATH_2: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.5 },
    receiver: PathEnd { height_m: 4.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 24.163380647,
    straight_m: Some(20.223748416),
    points: &[
        (7.071083722, 0.0, 0.0, 1.74840901, 0.5, Role::VerticalEdge),
        (17.092296925, 0.0, 0.0, 3.25159099, 0.5, Role::VerticalEdge),
    ],
};

const TC12_PATH_0: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.5 },
    receiver: PathEnd { height_m: 6.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 31.622776602,
    straight_m: None,
    points: &[(12.277077975, 0.0, 10.0, 10.0, 0.0, Role::Edge), (18.787649628, 10.0, 0.0, 10.0, 0.5, Role::Edge)],
};

const TC12_PATH_1: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.5 },
    receiver: PathEnd { height_m: 6.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 32.099821042,
    straight_m: Some(32.015621187),
    points: &[
        (14.635239151, 0.0, 0.0, 3.27425, 0.5, Role::VerticalEdge),
        (17.339301208, 0.0, 0.0, 3.70106066, 0.5, Role::VerticalEdge),
    ],
};

const TC12_PATH_2: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.5 },
    receiver: PathEnd { height_m: 6.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 32.654598965,
    straight_m: Some(32.015621187),
    points: &[
        (14.419270862, 0.0, 0.0, 3.19893934, 0.5, Role::VerticalEdge),
        (17.123332919, 0.0, 0.0, 3.62575, 0.5, Role::VerticalEdge),
    ],
};

const TC14_PATH_0: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.2 },
    receiver: PathEnd { height_m: 23.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 19.723082923,
    straight_m: None,
    points: &[(5.400367943, 0.0, 10.0, 10.0, 0.0, Role::Edge), (11.458171984, 10.0, 0.0, 10.0, 0.2, Role::Edge)],
};

const TC14_PATH_1: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.2 },
    receiver: PathEnd { height_m: 23.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 20.06713492,
    straight_m: Some(29.546573405),
    points: &[
        (6.796339088, 0.0, 0.0, 8.45096201, 0.2, Role::VerticalEdge),
        (8.286304527, 0.0, 0.0, 10.08444082, 0.2, Role::VerticalEdge),
        (8.332369445, 0.0, 10.0, 10.0, 0.0, Role::Edge),
        (10.076872382, 10.0, 0.0, 10.0, 0.2, Role::Edge),
    ],
};

const TC14_PATH_2: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.2 },
    receiver: PathEnd { height_m: 23.0, ground_m: 0.0, ground_factor: 0.0 },
    length_m: 22.126899033,
    straight_m: Some(29.546573405),
    points: &[
        (8.949026641, 0.0, 0.0, 9.89770346, 0.2, Role::VerticalEdge),
        (9.537586515, 0.0, 0.0, 10.48288791, 0.2, Role::VerticalEdge),
        (9.595863879, 0.0, 10.0, 10.0, 0.0, Role::Edge),
        (12.437711293, 10.0, 0.0, 10.0, 0.2, Role::Edge),
    ],
};

const TC16_PATH_1: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.9 },
    receiver: PathEnd { height_m: 14.0, ground_m: 10.0, ground_factor: 0.0 },
    length_m: 198.040314147,
    straight_m: None,
    points: &[
        (42.589333316, 0.0, 0.0, 0.0, 0.5, Role::Ground),
        (117.120666619, 0.0, 0.0, 0.0, 0.5, Role::Edge),
        (129.749606843, 1.824789194, 1.824789194, 15.0, 0.5, Role::Mirror),
        (147.928896783, 4.615384615, 4.615384615, 4.615384615, 0.2, Role::Ground),
        (183.006888938, 10.0, 10.0, 10.0, 0.2, Role::Edge),
    ],
};

const TC17_PATH_0: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.9 },
    receiver: PathEnd { height_m: 11.5, ground_m: 10.0, ground_factor: 0.0 },
    length_m: 194.164878389,
    straight_m: None,
    points: &[
        (40.876816503, 0.0, 0.0, 0.0, 0.5, Role::Ground),
        (112.411245383, 0.0, 0.0, 0.0, 0.5, Role::Edge),
        (143.068857761, 4.615384615, 4.615384615, 4.615384615, 0.2, Role::Ground),
        (178.836072201, 10.0, 10.0, 10.0, 0.2, Role::Edge),
    ],
};

const TC17_PATH_1: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.9 },
    receiver: PathEnd { height_m: 11.5, ground_m: 10.0, ground_factor: 0.0 },
    length_m: 198.040314147,
    straight_m: None,
    points: &[
        (42.589333316, 0.0, 0.0, 0.0, 0.5, Role::Ground),
        (117.120666619, 0.0, 0.0, 0.0, 0.5, Role::Edge),
        (129.749606843, 1.824789194, 1.824789194, 15.0, 0.5, Role::Mirror),
        (147.928896783, 4.615384615, 4.615384615, 4.615384615, 0.2, Role::Ground),
        (183.006888938, 10.0, 10.0, 10.0, 0.2, Role::Edge),
    ],
};

const TC18_PATH_0: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.9 },
    receiver: PathEnd { height_m: 12.0, ground_m: 10.0, ground_factor: 0.0 },
    length_m: 194.164878389,
    straight_m: None,
    points: &[
        (40.876816503, 0.0, 0.0, 0.0, 0.5, Role::Ground),
        (112.411245383, 0.0, 0.0, 0.0, 0.5, Role::Edge),
        (143.068857761, 4.615384615, 4.615384615, 4.615384615, 0.2, Role::Ground),
        (178.836072201, 10.0, 10.0, 10.0, 0.2, Role::Edge),
    ],
};

const TC18_PATH_1: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.9 },
    receiver: PathEnd { height_m: 12.0, ground_m: 10.0, ground_factor: 0.0 },
    length_m: 198.040314147,
    straight_m: None,
    points: &[
        (42.589333316, 0.0, 0.0, 0.0, 0.5, Role::Ground),
        (85.165963739, 0.0, 0.0, 12.0, 0.5, Role::Edge),
        (117.120666619, 0.0, 0.0, 0.0, 0.5, Role::Edge),
        (129.749606843, 1.824789194, 1.824789194, 15.0, 0.5, Role::Mirror),
        (147.928896783, 4.615384615, 4.615384615, 4.615384615, 0.2, Role::Ground),
        (183.006888938, 10.0, 10.0, 10.0, 0.2, Role::Edge),
    ],
};

const TC20_PATH_0: Cut = Cut {
    source: PathEnd { height_m: 1.0, ground_m: 0.0, ground_factor: 0.9 },
    receiver: PathEnd { height_m: 14.0, ground_m: 10.0, ground_factor: 0.0 },
    length_m: 190.591185525,
    straight_m: None,
    points: &[
        (40.124460111, 0.0, 0.0, 0.0, 0.5, Role::Ground),
        (110.342265304, 0.0, 0.0, 0.0, 0.5, Role::Edge),
        (140.435610387, 4.615384615, 4.615384615, 4.615384615, 0.2, Role::Ground),
        (175.544512984, 10.0, 10.0, 10.0, 0.2, Role::Edge),
    ],
};

/// All of them.
pub(super) const WHOLE_CASES: &[WholeCase] = &[
    WholeCase {
        name: "TC04",
        paths: &[(&TC04_PATH_0, &TC04_PATH_0)],
        levels_db: [37.91, 37.85, 37.73, 36.37, 34.23, 36.06, 31.57, 15.24],
    },
    WholeCase {
        name: "TC06",
        paths: &[(&TC06_PATH_0, &TC06_PATH_0)],
        levels_db: [37.53, 37.47, 37.33, 34.99, 36.6, 35.67, 31.18, 14.82],
    },
    WholeCase {
        name: "TC08",
        paths: &[(&TC08_PATH_0, &TC08_PATH_0), (&TC08_PATH_1, &TC08_PATH_1), (&TC08_PATH_2, &TC08_PATH_2)],
        levels_db: [34.37, 32.96, 31.11, 28.66, 24.87, 22.24, 14.93, -4.33],
    },
    WholeCase {
        name: "TC09",
        paths: &[(&TC09_DIRECT, &TC09_DIRECT), (&TC09_RIGHT, &TC09_RIGHT_CURVED), (&TC09_LEFT, &TC09_LEFT_CURVED)],
        levels_db: [32.61, 30.6, 28.12, 25.29, 22.16, 18.08, 10.62, -8.21],
    },
    WholeCase {
        name: "TC10",
        paths: &[(&TC10_PATH_0, &TC10_PATH_0), (&TC10_PATH_1, &TC10_PATH_1), (&TC10_PATH_2, &TC10_PATH_2)],
        levels_db: [46.09, 42.49, 38.44, 35.97, 34.67, 33.9, 33.09, 31.2],
    },
    WholeCase {
        name: "TC11",
        paths: &[(&TC11_DIRECT, &TC11_DIRECT), (&TC11_RIGHT, &TC11_RIGHT_CURVED), (&TC11_LEFT, &TC11_LEFT_CURVED)],
        levels_db: [47.48, 44.49, 41.07, 37.71, 34.54, 32.17, 31.14, 28.83],
    },
    WholeCase {
        name: "TC12",
        paths: &[(&TC12_PATH_0, &TC12_PATH_0), (&TC12_PATH_1, &TC12_PATH_1), (&TC12_PATH_2, &TC12_PATH_2)],
        levels_db: [48.01, 45.76, 42.91, 39.34, 35.57, 32.52, 30.12, 26.47],
    },
    WholeCase {
        name: "TC13",
        paths: &[(&TC13_DIRECT, &TC13_DIRECT), (&TC13_RIGHT, &TC13_RIGHT_CURVED), (&TC13_LEFT, &TC13_LEFT_CURVED)],
        levels_db: [31.34, 28.39, 24.99, 21.67, 18.31, 14.77, 8.72, -8.82],
    },
    WholeCase {
        name: "TC14",
        paths: &[(&TC14_PATH_0, &TC14_PATH_0), (&TC14_PATH_1, &TC14_PATH_1), (&TC14_PATH_2, &TC14_PATH_2)],
        levels_db: [51.81, 50.16, 47.99, 45.24, 41.86, 38.22, 34.26, 28.67],
    },
    WholeCase {
        name: "TC16",
        paths: &[(&TC05_DIRECT, &TC05_DIRECT), (&TC16_PATH_1, &TC16_PATH_1)],
        levels_db: [39.82, 39.68, 39.31, 38.88, 38.27, 36.81, 31.98, 16.1],
    },
    WholeCase {
        name: "TC17",
        paths: &[(&TC17_PATH_0, &TC17_PATH_0), (&TC17_PATH_1, &TC17_PATH_1)],
        levels_db: [40.22, 39.94, 39.55, 37.06, 38.37, 37.07, 32.25, 16.38],
    },
    WholeCase {
        name: "TC18",
        paths: &[(&TC18_PATH_0, &TC18_PATH_0), (&TC18_PATH_1, &TC18_PATH_1)],
        levels_db: [37.89, 37.87, 37.53, 35.91, 36.83, 35.63, 31.12, 14.76],
    },
    WholeCase {
        name: "TC20",
        paths: &[(&TC20_PATH_0, &TC20_PATH_0)],
        levels_db: [37.41, 37.35, 37.23, 37.06, 36.73, 35.59, 31.17, 15.1],
    },
];

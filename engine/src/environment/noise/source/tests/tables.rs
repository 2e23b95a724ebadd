//! Coefficients of the tests: tables F-1 and F-4 of Directive (EU) 2015/996, and as replaced by Delegated Directive (EU) 2021/1226.

use crate::environment::noise::bands::{BAND_COUNT, Bands};
use crate::environment::noise::source::{
    CATEGORY_COUNT, CategoryCoefficients, JunctionEffect, LogLinear, RoadCoefficients, StuddedTyres, Surface,
    SurfaceEffect,
};

type Category = (Option<LogLinear>, LogLinear);
type SurfaceRow = (Bands, f64);

/// Table F-1 of 2015.
const VEHICLES_2015: [Category; CATEGORY_COUNT] = [
    (
        Some(LogLinear {
            base_db: [79.7, 85.7, 84.5, 90.2, 97.3, 93.9, 84.1, 74.3],
            slope_db: [30.0, 41.5, 38.9, 25.7, 32.5, 37.2, 39.0, 40.0],
        }),
        LogLinear {
            base_db: [94.5, 89.2, 88.0, 85.9, 84.2, 86.9, 83.3, 76.1],
            slope_db: [-1.3, 7.2, 7.7, 8.0, 8.0, 8.0, 8.0, 8.0],
        },
    ),
    (
        Some(LogLinear {
            base_db: [84.0, 88.7, 91.5, 96.7, 97.4, 90.9, 83.8, 80.5],
            slope_db: [30.0, 35.8, 32.6, 23.8, 30.1, 36.2, 38.3, 40.1],
        }),
        LogLinear {
            base_db: [101.0, 96.5, 98.8, 96.8, 98.6, 95.2, 88.8, 82.7],
            slope_db: [-1.9, 4.7, 6.4, 6.5, 6.5, 6.5, 6.5, 6.5],
        },
    ),
    (
        Some(LogLinear {
            base_db: [87.0, 91.7, 94.1, 100.7, 100.8, 94.3, 87.1, 82.5],
            slope_db: [30.0, 33.5, 31.3, 25.4, 31.8, 37.1, 38.6, 40.6],
        }),
        LogLinear {
            base_db: [104.4, 100.6, 101.7, 101.0, 100.1, 95.9, 91.3, 85.3],
            slope_db: [0.0, 3.0, 4.6, 5.0, 5.0, 5.0, 5.0, 5.0],
        },
    ),
    (
        None,
        LogLinear {
            base_db: [88.0, 87.5, 89.5, 93.7, 96.6, 98.8, 93.9, 88.7],
            slope_db: [4.2, 7.4, 9.8, 11.6, 15.7, 18.9, 20.3, 20.6],
        },
    ),
    (
        None,
        LogLinear {
            base_db: [95.0, 97.2, 92.7, 92.9, 94.7, 93.2, 90.1, 86.5],
            slope_db: [3.2, 5.9, 11.9, 11.6, 11.5, 12.6, 11.1, 12.0],
        },
    ),
];

/// Table F-1 of 2021.
const VEHICLES_2021: [Category; CATEGORY_COUNT] = [
    (
        Some(LogLinear {
            base_db: [83.1, 89.2, 87.7, 93.1, 100.1, 96.7, 86.8, 76.2],
            slope_db: [30.0, 41.5, 38.9, 25.7, 32.5, 37.2, 39.0, 40.0],
        }),
        LogLinear {
            base_db: [97.9, 92.5, 90.7, 87.2, 84.7, 88.0, 84.4, 77.1],
            slope_db: [-1.3, 7.2, 7.7, 8.0, 8.0, 8.0, 8.0, 8.0],
        },
    ),
    (
        Some(LogLinear {
            base_db: [88.7, 93.2, 95.7, 100.9, 101.7, 95.1, 87.8, 83.6],
            slope_db: [30.0, 35.8, 32.6, 23.8, 30.1, 36.2, 38.3, 40.1],
        }),
        LogLinear {
            base_db: [105.5, 100.2, 100.5, 98.7, 101.0, 97.8, 91.2, 85.0],
            slope_db: [-1.9, 4.7, 6.4, 6.5, 6.5, 6.5, 6.5, 6.5],
        },
    ),
    (
        Some(LogLinear {
            base_db: [91.7, 96.2, 98.2, 104.9, 105.1, 98.5, 91.1, 85.6],
            slope_db: [30.0, 33.5, 31.3, 25.4, 31.8, 37.1, 38.6, 40.6],
        }),
        LogLinear {
            base_db: [108.8, 104.2, 103.5, 102.9, 102.6, 98.5, 93.8, 87.5],
            slope_db: [0.0, 3.0, 4.6, 5.0, 5.0, 5.0, 5.0, 5.0],
        },
    ),
    (
        None,
        LogLinear {
            base_db: [93.0, 93.0, 93.5, 95.3, 97.2, 100.4, 95.8, 90.9],
            slope_db: [4.2, 7.4, 9.8, 11.6, 15.7, 18.9, 20.3, 20.6],
        },
    ),
    (
        None,
        LogLinear {
            base_db: [99.9, 101.9, 96.7, 94.4, 95.2, 94.7, 92.1, 88.6],
            slope_db: [3.2, 5.9, 11.9, 11.6, 11.5, 12.6, 11.1, 12.0],
        },
    ),
];

/// The French surface R2 (Cerema 2016), categories 1 to 3.
pub(super) const FR_R2: [SurfaceRow; 3] = [
    ([10.8, 11.4, 12.0, 7.5, 1.5, -0.9, 1.1, 3.1], -2.7),
    ([20.6, 17.1, 13.7, 9.8, 10.2, 10.8, 10.1, 9.2], -1.2),
    ([16.7, 13.6, 10.6, 5.3, 6.3, 6.9, 6.3, 5.8], 3.5),
];

/// NL10 of table F-4 of 2015, categories 1 to 3.
pub(super) const NL10_2015: [SurfaceRow; 3] = [
    ([8.3, 8.7, 7.8, 5.0, 3.0, -0.7, 0.8, 1.8], 2.5),
    ([8.3, 8.7, 7.8, 5.0, 3.0, -0.7, 0.8, 1.8], 2.5),
    ([8.3, 8.7, 7.8, 5.0, 3.0, -0.7, 0.8, 1.8], 2.5),
];

/// NL10 of table F-4 of 2021, categories 1 to 3.
pub(super) const NL10_2021: [SurfaceRow; 3] = [
    ([27.0, 16.2, 14.7, 6.1, 3.0, -1.0, 1.2, 4.5], 2.5),
    ([29.5, 20.0, 17.6, 8.0, 6.2, -1.0, 3.1, 5.2], 2.5),
    ([29.4, 21.2, 18.2, 8.4, 5.6, -1.0, 3.0, 5.8], 2.5),
];

/// NL01 of table F-4 of 2015, categories 1 to 3.
pub(super) const NL01: [SurfaceRow; 3] = [
    ([0.5, 3.3, 2.4, 3.2, -1.3, -3.5, -2.6, 0.5], -6.5),
    ([0.9, 1.4, 1.8, -0.4, -5.2, -4.6, -3.0, -1.4], 0.2),
    ([0.9, 1.4, 1.8, -0.4, -5.2, -4.6, -3.0, -1.4], 0.2),
];

/// NL02 of table F-4 of 2015, categories 1 to 3.
pub(super) const NL02: [SurfaceRow; 3] = [
    ([0.4, 2.4, 0.2, -3.1, -4.2, -6.3, -4.8, -2.0], -3.0),
    ([0.4, 0.2, -0.7, -5.4, -6.3, -6.3, -4.7, -3.7], 4.7),
    ([0.4, 0.2, -0.7, -5.4, -6.3, -6.3, -4.7, -3.7], 4.7),
];

/// NL03 of table F-4 of 2015, categories 1 to 3.
pub(super) const NL03: [SurfaceRow; 3] = [
    ([-1.0, 1.7, -1.5, -5.3, -6.3, -8.5, -5.3, -2.4], -0.1),
    ([1.0, 0.1, -1.8, -5.9, -6.1, -6.7, -4.8, -3.8], -0.8),
    ([1.0, 0.1, -1.8, -5.9, -6.1, -6.7, -4.8, -3.8], -0.8),
];

/// Table F-3: the same in both.
const JUNCTIONS: [(JunctionEffect, JunctionEffect); CATEGORY_COUNT] = {
    const NONE: JunctionEffect = JunctionEffect { rolling_db: 0.0, propulsion_db: 0.0 };
    const HEAVY_CROSSING: JunctionEffect = JunctionEffect { rolling_db: -4.0, propulsion_db: 9.0 };
    const HEAVY_ROUNDABOUT: JunctionEffect = JunctionEffect { rolling_db: -2.3, propulsion_db: 6.7 };
    [
        (
            JunctionEffect { rolling_db: -4.5, propulsion_db: 5.5 },
            JunctionEffect { rolling_db: -4.4, propulsion_db: 3.1 },
        ),
        (HEAVY_CROSSING, HEAVY_ROUNDABOUT),
        (HEAVY_CROSSING, HEAVY_ROUNDABOUT),
        (NONE, NONE),
        (NONE, NONE),
    ]
};

/// Table F-2: the same in both.
const STUDDED: StuddedTyres = StuddedTyres {
    base_db: [0.0, 0.0, 0.0, 2.6, 2.9, 1.5, 2.3, 9.2],
    slope_db: [0.0, 0.0, 0.0, -3.1, -6.4, -14.0, -22.4, -11.4],
};

pub(super) fn coefficients_2015() -> RoadCoefficients {
    coefficients(&VEHICLES_2015)
}

pub(super) fn coefficients_2021() -> RoadCoefficients {
    coefficients(&VEHICLES_2021)
}

fn coefficients(vehicles: &[Category; CATEGORY_COUNT]) -> RoadCoefficients {
    RoadCoefficients {
        categories: core::array::from_fn(|category| CategoryCoefficients {
            rolling: vehicles[category].0,
            propulsion: vehicles[category].1,
            crossing: JUNCTIONS[category].0,
            roundabout: JUNCTIONS[category].1,
            studded: (category == 0).then_some(STUDDED),
            temperature_db_per_k: [0.08, 0.04, 0.04, 0.0, 0.0][category],
        }),
    }
}

pub(super) fn reference_surface() -> Surface {
    surface("DEF", &[([0.0; BAND_COUNT], 0.0); 3])
}

pub(super) fn surface(code: &str, rows: &[SurfaceRow; 3]) -> Surface {
    let mut effects = [SurfaceEffect::REFERENCE; CATEGORY_COUNT];
    for (effect, &(alpha_db, beta_db)) in effects.iter_mut().zip(rows) {
        *effect = SurfaceEffect { alpha_db, beta_db };
    }
    Surface { code: code.to_owned(), speed_min_mps: 20.0 / 3.6, speed_max_mps: 130.0 / 3.6, effects }
}

//! What a stretch of road adds to what its vehicles emit: surface, gradient, temperature, junction, studded tyres.
//!
//! Directive (EU) 2015/996, annex, 2.2.3 to 2.2.6; surfaces are those of table F-4 of its appendix, as replaced by Delegated Directive (EU)
//! 2021/1226. The ageing of surfaces is left out: the table's values are averages over a representative life.

use super::coefficients::{CATEGORIES, CATEGORY_COUNT};
use crate::environment::noise::bands::{BAND_COUNT, Bands};

/// What a surface does to the noise of one category: α and β of table F-4.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurfaceEffect {
    /// Added to rolling noise at 70 km/h, in decibels; what is below 0 is added to propulsion noise too.
    pub alpha_db: Bands,
    /// Its change for ten times the speed, in decibels.
    pub beta_db: f64,
}

impl SurfaceEffect {
    /// The reference surface: nothing is added.
    pub const REFERENCE: Self = Self { alpha_db: [0.0; BAND_COUNT], beta_db: 0.0 };
}

/// A road surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// What it is called in the data, such as `NL05`.
    pub code: String,
    /// Lowest speed for which the effects are known, in m/s.
    pub speed_min_mps: f64,
    /// Highest speed for which they are known, in m/s.
    pub speed_max_mps: f64,
    /// By category, in the order of [`CATEGORIES`].
    pub effects: [SurfaceEffect; CATEGORY_COUNT],
}

/// What is wrong with a surface.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SurfaceFault {
    /// A number is none.
    #[error("road surface {code}, category {category}: {value} is no level; give a finite number of decibels")]
    Effect {
        /// Code of the surface.
        code: String,
        /// Number of the category.
        category: &'static str,
        /// The number.
        value: f64,
    },
    /// The speeds are no range.
    #[error("road surface {code}: its speeds from {low_mps} m/s to {high_mps} m/s must be positive, the lower first")]
    Speeds {
        /// Code of the surface.
        code: String,
        /// Lowest speed.
        low_mps: f64,
        /// Highest speed.
        high_mps: f64,
    },
}

impl Surface {
    /// Whether the effects are known at that speed. Beyond, the formula is used all the same, as the directive has no other.
    #[must_use]
    pub fn covers(&self, speed_mps: f64) -> bool {
        (self.speed_min_mps..=self.speed_max_mps).contains(&speed_mps)
    }

    /// Checks the numbers.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn validate(&self) -> Result<(), Vec<SurfaceFault>> {
        let mut faults = Vec::new();
        for (category, effect) in CATEGORIES.into_iter().zip(&self.effects) {
            for &value in effect.alpha_db.iter().chain([&effect.beta_db]).filter(|value| !value.is_finite()) {
                faults.push(SurfaceFault::Effect { code: self.code.clone(), category: category.number(), value });
            }
        }
        let (low_mps, high_mps) = (self.speed_min_mps, self.speed_max_mps);
        if !(low_mps > 0.0 && low_mps <= high_mps && high_mps.is_finite()) {
            faults.push(SurfaceFault::Speeds { code: self.code.clone(), low_mps, high_mps });
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// Which kind of junction makes vehicles slow down and speed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JunctionKind {
    /// A crossing with signals (k = 1).
    Crossing,
    /// A roundabout (k = 2).
    Roundabout,
}

/// A junction close by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Junction {
    /// Which kind it is.
    pub kind: JunctionKind,
    /// Distance along the road to where the lanes cross, in metres; beyond 100 m the junction has no effect.
    pub distance_m: f64,
}

/// A stretch of road that is the same all along, in one direction of travel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoadSection<'a> {
    /// Its surface.
    pub surface: &'a Surface,
    /// Air temperature in °C, the mean over a year: colder tyres are louder (2.2.10; the reference is 20 °C).
    pub temperature_c: f64,
    /// Rise over length in the direction of travel; below 0 downhill. Beyond 12 % it counts as 12 %.
    pub gradient: f64,
    /// The junction that is nearest, if any.
    pub junction: Option<Junction>,
    /// Share of light vehicles with studded tyres, as a mean over the year (2.2.7); 0 to 1, in Italy 0.
    pub studded_share: f64,
}

impl<'a> RoadSection<'a> {
    /// A flat stretch of that surface at 20 °C, far from junctions, without studded tyres.
    #[must_use]
    pub fn flat(surface: &'a Surface) -> Self {
        Self { surface, temperature_c: 20.0, gradient: 0.0, junction: None, studded_share: 0.0 }
    }
}

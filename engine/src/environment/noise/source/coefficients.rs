//! What vehicles of each category emit on the reference surface at the reference speed, and how that changes with speed.
//!
//! Directive (EU) 2015/996, annex, tables 2.2.a (categories) and F-1 to F-3 of appendix F (coefficients); Delegated Directive (EU) 2021/1226
//! replaced tables F-1 and F-4. Both sets have this shape; their numbers stand in data files.

use crate::environment::noise::bands::Bands;

/// Number of vehicle categories.
pub const CATEGORY_COUNT: usize = 5;

/// The vehicle categories of table 2.2.a that have coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VehicleCategory {
    /// Category 1: passenger cars and vans up to 3.5 t, with or without trailer.
    Light,
    /// Category 2: lorries, buses and other vehicles above 3.5 t with two axles and twin tyres on the rear axle.
    MediumHeavy,
    /// Category 3: heavy vehicles with three axles or more.
    Heavy,
    /// Category 4a: mopeds, tricycles and quads up to 50 cm³.
    Moped,
    /// Category 4b: motorcycles, tricycles and quads above 50 cm³.
    Motorcycle,
}

/// All categories, in the order in which arrays by category hold them.
pub const CATEGORIES: [VehicleCategory; CATEGORY_COUNT] = [
    VehicleCategory::Light,
    VehicleCategory::MediumHeavy,
    VehicleCategory::Heavy,
    VehicleCategory::Moped,
    VehicleCategory::Motorcycle,
];

impl VehicleCategory {
    /// The number that the directive gives the category.
    #[must_use]
    pub fn number(self) -> &'static str {
        match self {
            Self::Light => "1",
            Self::MediumHeavy => "2",
            Self::Heavy => "3",
            Self::Moped => "4a",
            Self::Motorcycle => "4b",
        }
    }
}

/// A level by band and how it changes with speed; by the logarithm of speed for rolling, by speed for propulsion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogLinear {
    /// Level at the reference speed of 70 km/h: A of table F-1, in decibels above 1 pW.
    pub base_db: Bands,
    /// Its change: B of table F-1, in decibels for ten times the speed (rolling) or for 70 km/h more (propulsion).
    pub slope_db: Bands,
}

/// What decelerating and accelerating add close to a junction: C_R and C_P of table F-3, in decibels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JunctionEffect {
    /// Added to the rolling noise at the junction.
    pub rolling_db: f64,
    /// Added to the propulsion noise at the junction.
    pub propulsion_db: f64,
}

/// What studded tyres add to rolling noise: table F-2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StuddedTyres {
    /// Level added at 70 km/h, in decibels.
    pub base_db: Bands,
    /// Its change for ten times the speed, in decibels.
    pub slope_db: Bands,
}

/// The coefficients of one category.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CategoryCoefficients {
    /// Rolling noise; none for two-wheelers.
    pub rolling: Option<LogLinear>,
    /// Propulsion noise.
    pub propulsion: LogLinear,
    /// Close to a crossing with signals (k = 1).
    pub crossing: JunctionEffect,
    /// Close to a roundabout (k = 2).
    pub roundabout: JunctionEffect,
    /// What studded tyres add; only light vehicles have them.
    pub studded: Option<StuddedTyres>,
    /// Rise of rolling noise with falling temperature: K of equation 2.2.10, in decibels for each degree; 0.08 for category 1 and 0.04
    /// for categories 2 and 3.
    pub temperature_db_per_k: f64,
}

/// The coefficients of all categories, in the order of [`CATEGORIES`].
#[derive(Clone, Debug, PartialEq)]
pub struct RoadCoefficients {
    /// By category.
    pub categories: [CategoryCoefficients; CATEGORY_COUNT],
}

/// What is wrong with a coefficient.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("road noise, category {category}: {coefficient} is {value}; give a finite number")]
pub struct CoefficientFault {
    /// Number of the category.
    pub category: &'static str,
    /// Name of the coefficient.
    pub coefficient: &'static str,
    /// Its value.
    pub value: f64,
}

impl RoadCoefficients {
    /// The coefficients of one category.
    #[must_use]
    pub fn of(&self, category: VehicleCategory) -> &CategoryCoefficients {
        &self.categories[category as usize]
    }

    /// Checks that all numbers are numbers.
    ///
    /// # Errors
    /// Every coefficient that is none.
    pub fn validate(&self) -> Result<(), Vec<CoefficientFault>> {
        let mut faults = Vec::new();
        for (category, coefficients) in CATEGORIES.into_iter().zip(&self.categories) {
            let mut check = |coefficient: &'static str, values: &[f64]| {
                for &value in values.iter().filter(|value| !value.is_finite()) {
                    faults.push(CoefficientFault { category: category.number(), coefficient, value });
                }
            };
            if let Some(rolling) = &coefficients.rolling {
                check("the rolling level", &rolling.base_db);
                check("the slope of the rolling level", &rolling.slope_db);
            }
            check("the propulsion level", &coefficients.propulsion.base_db);
            check("the slope of the propulsion level", &coefficients.propulsion.slope_db);
            for (name, effect) in [
                ("the effect of a crossing", coefficients.crossing),
                ("the effect of a roundabout", coefficients.roundabout),
            ] {
                check(name, &[effect.rolling_db, effect.propulsion_db]);
            }
            if let Some(studded) = &coefficients.studded {
                check("the level of studded tyres", &studded.base_db);
                check("the slope of studded tyres", &studded.slope_db);
            }
            check("the effect of temperature", &[coefficients.temperature_db_per_k]);
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

//! How levels are reckoned.

use crate::environment::noise::periods::{ByPeriod, PeriodHours};
use crate::environment::noise::propagation::Air;

/// How levels are reckoned.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldSettings {
    /// Hours of day, evening and night.
    pub hours: PeriodHours,
    /// Share of each period in which conditions are favourable: p of equation 2.5.9, from 0 to 1.
    pub favourable_share: ByPeriod<f64>,
    /// The air.
    pub air: Air,
    /// How far away a source may be, in metres; above 0.
    pub reach_m: f64,
    /// Length of a piece of line at most, as a share of its distance; above 0 and up to 1.
    pub piece_share: f64,
    /// How far below what has arrived a piece may be, if it were in the open, to be left out, in decibels; above 0.
    pub neglect_db: f64,
    /// Reflections, if they are to be reckoned.
    pub reflection: Option<ReflectionSettings>,
}

/// How reflections are reckoned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReflectionSettings {
    /// How far from the receiver a wall may be to reflect, in metres; at least 0.
    pub reach_m: f64,
    /// How far below what has arrived directly a reflected piece may be, in the open, to be left out, in decibels; above 0.
    pub neglect_db: f64,
    /// How far a façade's receiver may be from the plane of a wall for that wall to be its own façade, which does not reflect
    /// (Directive 2002/49/EC, annex I: incident sound alone), in metres; at least 0.
    pub own_facade_m: f64,
}

/// What is wrong with the settings.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SettingsFault {
    /// The hours are no day.
    #[error("{0}")]
    Hours(String),
    /// A number is outside its range.
    #[error("the {quantity} is {value}; give {wanted}")]
    Number {
        /// Which number.
        quantity: &'static str,
        /// The number.
        value: f64,
        /// What is wanted.
        wanted: &'static str,
    },
}

impl FieldSettings {
    /// Checks the numbers.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn validate(&self) -> Result<(), Vec<SettingsFault>> {
        let mut faults: Vec<SettingsFault> = self.hours.fault().into_iter().map(SettingsFault::Hours).collect();
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let mut check = |quantity: &'static str, value: f64, good: bool, wanted: &'static str| {
            if !good {
                faults.push(SettingsFault::Number { quantity, value, wanted });
            }
        };
        for share in self.favourable_share {
            check("share of favourable conditions", share, (0.0..=1.0).contains(&share), "a share from 0 to 1");
        }
        check("reach", self.reach_m, positive(self.reach_m), "metres above 0");
        let share = self.piece_share;
        check("share of a piece's length", share, share > 0.0 && share <= 1.0, "a share above 0 and up to 1");
        check("level to neglect", self.neglect_db, positive(self.neglect_db), "decibels above 0");
        if let Some(reflection) = self.reflection {
            let (reach_m, facade_m) = (reflection.reach_m, reflection.own_facade_m);
            check("reach of reflections", reach_m, reach_m.is_finite() && reach_m >= 0.0, "metres of at least 0");
            let neglect_db = reflection.neglect_db;
            check("level of reflections to neglect", neglect_db, positive(neglect_db), "decibels above 0");
            let good = facade_m.is_finite() && facade_m >= 0.0;
            check("distance of the own façade", facade_m, good, "metres of at least 0");
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

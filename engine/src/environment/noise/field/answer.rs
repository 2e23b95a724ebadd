//! Receivers, and what reaches them.

use super::solve::Basis;
use crate::environment::noise::bands::level_db;
use crate::environment::noise::periods::{ByPeriod, PeriodHours};

/// A point where sound is received.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Receiver {
    /// Where it is, in projected metres.
    pub position: [f64; 2],
    /// Its height above the ground in metres, such as 4 m (Directive 2002/49/EC, annex I); above 0.
    pub height_m: f64,
    /// Which way its own façade faces, as a vector of length 1; none in the open. Its façade does not reflect.
    pub facade: Option<[f64; 2]>,
}

impl Receiver {
    /// Whether its numbers can be.
    pub(super) fn is_sound(&self) -> bool {
        let [x, y] = self.position;
        let facade = self.facade.is_none_or(|[x, y]| (x * x + y * y - 1.0).abs() < 1e-6);
        x.is_finite() && y.is_finite() && self.height_m.is_finite() && self.height_m > 0.0 && facade
    }
}

/// A-weighted levels in dB(A); −∞ where nothing is within reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// L_day.
    pub day_db: f64,
    /// L_evening.
    pub evening_db: f64,
    /// L_night.
    pub night_db: f64,
    /// L_den.
    pub den_db: f64,
}

impl Levels {
    pub(super) fn of(energies: ByPeriod<f64>, hours: &PeriodHours) -> Self {
        let [day_db, evening_db, night_db] = energies.map(level_db);
        Self { day_db, evening_db, night_db, den_db: hours.den_db([day_db, evening_db, night_db]) }
    }
}

/// What came out for a receiver.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// Its levels.
    Levels(Levels),
    /// None: it is inside a building.
    Inside {
        /// Index of the building.
        building: usize,
    },
    /// None: its position, height or façade is no number, the height not above 0, or the façade's vector not of length 1.
    Faulty,
}

impl Outcome {
    /// The levels, where there are any.
    #[must_use]
    pub fn levels(&self) -> Option<&Levels> {
        match self {
            Self::Levels(levels) => Some(levels),
            Self::Inside { .. } | Self::Faulty => None,
        }
    }
}

/// What came out for all receivers, in their order.
#[derive(Clone, Debug)]
pub struct Field {
    pub(super) outcomes: Vec<Outcome>,
    /// What each rests on, for [`super::update()`].
    pub(super) bases: Vec<Basis>,
}

impl Field {
    /// What came out for each receiver.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// The receivers without levels, with why.
    pub fn without_levels(&self) -> impl Iterator<Item = (usize, Outcome)> + '_ {
        self.outcomes.iter().copied().enumerate().filter(|(_, outcome)| outcome.levels().is_none())
    }
}

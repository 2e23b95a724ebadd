//! What a seed changes in the demand.
//!
//! Each number is drawn for a purpose and an owner (a zone or gate by its key, a mode, a period), so a base and a scenario
//! with one zone more share all the others.

use super::inputs::{GateCount, ZoneActivity};
use super::parameters::{CHOSEN_MODES, TripPurpose, UncertaintyParameters};
use crate::draws::{Draws, Purpose};
use crate::key::Key;

const LEVEL: Purpose = Purpose::new("demand level");
const PURPOSE_LEVEL: Purpose = Purpose::new("demand of purpose");
const PRODUCTION: Purpose = Purpose::new("zone production");
const ATTRACTION: Purpose = Purpose::new("zone attraction");
const GATE: Purpose = Purpose::new("gate count");
const DETERRENCE: Purpose = Purpose::new("deterrence rate");
const MODE: Purpose = Purpose::new("mode constant");
const GOODS: Purpose = Purpose::new("goods level");
const PERIOD: Purpose = Purpose::new("period share");

/// Factors on what the demand model assumes, for one seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation<'a>(Option<(&'a UncertaintyParameters, Draws)>);

impl<'a> Variation<'a> {
    /// The central values.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// What the seed of these draws makes of the distributions, which must be valid.
    #[must_use]
    pub fn drawn(parameters: &'a UncertaintyParameters, draws: Draws) -> Self {
        Self(Some((parameters, draws)))
    }

    pub(super) fn purpose_factor(&self, purpose: TripPurpose) -> f64 {
        self.0.map_or(1.0, |(parameters, draws)| {
            draws.draw(&parameters.demand_level, LEVEL, 0)
                * draws.draw(&parameters.purpose_level, PURPOSE_LEVEL, purpose as u64)
        })
    }

    pub(super) fn production_factors(&self, zones: &[ZoneActivity]) -> Vec<f64> {
        self.by_key(PRODUCTION, zones.iter().map(|zone| &zone.key))
    }

    pub(super) fn attraction_factors(&self, zones: &[ZoneActivity]) -> Vec<f64> {
        self.by_key(ATTRACTION, zones.iter().map(|zone| &zone.key))
    }

    pub(super) fn gate_factors(&self, gates: &[GateCount]) -> Vec<f64> {
        self.by_key(GATE, gates.iter().map(|gate| &gate.key))
    }

    pub(super) fn deterrence_factor(&self) -> f64 {
        self.0.map_or(1.0, |(parameters, draws)| draws.draw(&parameters.deterrence_rate, DETERRENCE, 0))
    }

    /// Added to the mode constants; 0 for driving, which the others are measured against.
    pub(super) fn mode_constants(&self) -> [f64; CHOSEN_MODES] {
        let mut constants = [0.0; CHOSEN_MODES];
        if let Some((parameters, draws)) = self.0 {
            for (number, constant) in (0_u64..).zip(&mut constants).skip(1) {
                *constant = draws.draw(&parameters.mode_constant, MODE, number);
            }
        }
        constants
    }

    pub(super) fn goods_factor(&self) -> f64 {
        self.0.map_or(1.0, |(parameters, draws)| draws.draw(&parameters.goods_level, GOODS, 0))
    }

    /// Shares of the periods, moved and scaled to sum to 1 again.
    pub(super) fn period_shares(&self, shares: &[f64]) -> Vec<f64> {
        let Some((parameters, draws)) = self.0 else {
            return shares.to_vec();
        };
        let moved: Vec<f64> = (0_u64..)
            .zip(shares)
            .map(|(period, share)| share * draws.draw(&parameters.period_share, PERIOD, period))
            .collect();
        let sum: f64 = moved.iter().sum();
        moved.iter().map(|share| share / sum).collect()
    }

    fn by_key<'k>(&self, purpose: Purpose, keys: impl Iterator<Item = &'k Key>) -> Vec<f64> {
        keys.map(|key| {
            self.0.map_or(1.0, |(parameters, draws)| {
                let distribution = match purpose {
                    PRODUCTION => &parameters.zone_production,
                    ATTRACTION => &parameters.zone_attraction,
                    _ => &parameters.gate_count,
                };
                draws.draw(distribution, purpose, key.number())
            })
        })
        .collect()
    }
}

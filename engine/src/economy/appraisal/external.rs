//! What falls on others than the users: air, climate, noise and crashes.

use super::accounts::Account;
use super::project::AppraisalFault;
use super::unit_values::UnitValues;
use crate::safety::severity::Victims;

/// People who hear traffic at home, without and with the plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoiseExposure {
    /// Lden at the front of their homes without the plan, in decibels.
    pub without_lden_db: f64,
    /// The same with the plan.
    pub with_lden_db: f64,
    /// How many they are.
    pub people: f64,
}

/// What changes in a year: with the plan less without it.
#[derive(Clone, Debug, PartialEq)]
pub enum ExternalEffect {
    /// More of a pollutant.
    Air {
        /// Which, as the unit values name it.
        pollutant: String,
        /// How much more, in kilograms.
        change_kg: f64,
    },
    /// More carbon dioxide, with other gases by their effect, in tonnes.
    Climate {
        /// How much more.
        change_t: f64,
    },
    /// Another noise at people's homes.
    Noise(Vec<NoiseExposure>),
    /// More crashes with dead or injured.
    Crashes {
        /// How many more.
        crashes: f64,
        /// With how many more victims.
        victims: Victims,
    },
}

/// What changes for a group of people in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct ExternalChange {
    /// The year.
    pub year: i32,
    /// Group of people on whom it falls, such as the quarter where they live.
    pub group: String,
    /// What changes.
    pub effect: ExternalEffect,
}

impl ExternalChange {
    /// The account it belongs to and what is gained, in euro.
    pub(super) fn gain(&self, values: &UnitValues) -> Result<(Account, f64), Vec<AppraisalFault>> {
        let faults = self.numbers_that_are_none();
        if !faults.is_empty() {
            return Err(faults);
        }
        match &self.effect {
            ExternalEffect::Air { pollutant, change_kg } => match values.air_eur_pkg(pollutant) {
                Some(cost) => Ok((Account::Air(pollutant.clone()), -cost * change_kg)),
                None => Err(vec![AppraisalFault::UnknownPollutant { pollutant: pollutant.clone() }]),
            },
            ExternalEffect::Climate { change_t } => match values.carbon.price_eur_pt(self.year) {
                Some(price) => Ok((Account::Climate, -price * change_t)),
                None => Err(vec![AppraisalFault::NoCarbonPrice { year: self.year }]),
            },
            ExternalEffect::Noise(exposures) => {
                let gain = |exposure: &NoiseExposure| {
                    let cost = |lden_db| values.noise.cost_eur_pa(lden_db);
                    exposure.people * (cost(exposure.without_lden_db) - cost(exposure.with_lden_db))
                };
                Ok((Account::Noise, exposures.iter().map(gain).sum()))
            }
            ExternalEffect::Crashes { crashes, victims } => {
                let cost = values.crashes.costs.cost_eur(*crashes, *victims) * values.crashes.level;
                Ok((Account::Crashes, -cost))
            }
        }
    }

    fn numbers_that_are_none(&self) -> Vec<AppraisalFault> {
        let mut faults = Vec::new();
        let mut finite = |field, value: f64, low: f64, valid| {
            if !(value >= low && value.is_finite()) {
                let of = format!("'{}' in {}", self.group, self.year);
                faults.push(AppraisalFault::Number { of, field, value, valid });
            }
        };
        let any = "a finite number";
        match &self.effect {
            ExternalEffect::Air { change_kg, .. } => finite("kilograms of a pollutant", *change_kg, f64::MIN, any),
            ExternalEffect::Climate { change_t } => finite("tonnes of carbon dioxide", *change_t, f64::MIN, any),
            ExternalEffect::Noise(exposures) => {
                for exposure in exposures {
                    finite("noise without the plan", exposure.without_lden_db, f64::MIN, any);
                    finite("noise with the plan", exposure.with_lden_db, f64::MIN, any);
                    finite("people who hear it", exposure.people, 0.0, "a number not below 0");
                }
            }
            ExternalEffect::Crashes { crashes, victims } => {
                finite("crashes", *crashes, f64::MIN, any);
                finite("deaths", victims.deaths, f64::MIN, any);
                finite("injured", victims.injured, f64::MIN, any);
            }
        }
        faults
    }
}

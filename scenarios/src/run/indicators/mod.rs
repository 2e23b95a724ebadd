//! Indicators: single numbers that sum a run up, with their formulas in words.
//!
//! | chapter | what it tells |
//! | --- | --- |
//! | `traffic.rs` | distances, times, congestion, trips, mode shares |
//! | `emissions.rs` | what vehicles emit and consume |
//! | `noise.rs` | who lives with how much noise, where that was reckoned |

mod emissions;
mod noise;
mod traffic;

use super::base::SeedResult;
use super::effects::{EffectsModel, SeedEffects};
use super::fields::NoiseOfRun;
use crate::words::Text;

pub(super) use traffic::vehicles;

/// What an indicator is: everything but its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Its name in files.
    pub id: String,
    /// Its name for people.
    pub name: Text,
    /// Its unit.
    pub unit: Text,
    /// How it is computed, in words.
    pub formula: Text,
    /// The guidelines' code, where it has one.
    pub pums_code: Option<&'static str>,
    /// How many decimals make sense.
    pub decimals: u8,
}

impl Definition {
    /// Its unit in runs of that period alone, whose sums are not those of a day; of a whole day where there is none.
    #[must_use]
    pub fn unit_of(&self, period: Option<&str>) -> Text {
        match period {
            None => self.unit.clone(),
            Some(period) => {
                let [it, en] = match period {
                    "night" => [" di notte".to_owned(), " at night".to_owned()],
                    "morning_peak" => [" nella punta del mattino".to_owned(), " in the morning peak".to_owned()],
                    "inter_peak" => [" tra le punte".to_owned(), " between the peaks".to_owned()],
                    "evening_peak" => [" nella punta della sera".to_owned(), " in the evening peak".to_owned()],
                    other => [format!(" nella fascia {other}"), format!(" in the period {other}")],
                };
                Text::new(self.unit.it.replace(" al giorno", &it), self.unit.en.replace(" a day", &en))
            }
        }
    }
}

fn define(id: &str, name: [&str; 2], unit: [&str; 2], formula: [&str; 2], decimals: u8) -> Definition {
    Definition {
        id: id.to_owned(),
        name: Text::new(name[0], name[1]),
        unit: Text::new(unit[0], unit[1]),
        formula: Text::new(formula[0], formula[1]),
        pums_code: None,
        decimals,
    }
}

/// All indicators, in the order in which they are told.
#[must_use]
pub fn definitions() -> Vec<Definition> {
    let mut all = traffic::definitions();
    all.extend(emissions::definitions());
    all.extend(noise::definitions());
    all
}

/// The values of all indicators of one seed, in the order of [`definitions`].
/// None is what the run does not know.
pub(super) fn values(
    effects: &EffectsModel<'_>,
    result: &SeedResult,
    of_seed: &SeedEffects,
    noise: Option<&NoiseOfRun>,
) -> Vec<Option<f64>> {
    let mut values: Vec<Option<f64>> = traffic::values(effects.model, result).into_iter().map(Some).collect();
    values.extend(emissions::values(of_seed).into_iter().map(Some));
    values.extend(noise::values(effects.settings, noise, result.seed));
    values
}

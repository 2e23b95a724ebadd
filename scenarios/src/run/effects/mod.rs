//! What traffic does: from the results of a seed to emission, and from there to everything that follows.
//!
//! | file | what |
//! | --- | --- |
//! | `link_states.rs` | one view of traffic, whatever moved it: vehicles and speed by link and stretch of time |
//! | `fleets.rs` | which fleet drives where and when |
//! | `emitted.rs` | emission and consumption by link and kind of vehicle |

mod emitted;
mod fleets;
mod link_states;

use std::sync::Arc;

pub use emitted::{Emitted, EmittedRow};
pub use fleets::{FleetUseError, Fleets};
pub(super) use link_states::LinkStates;

use super::base::SeedResult;
use super::model::CityModel;
use super::settings::Settings;

/// What the traffic of one seed does.
#[derive(Clone, Debug, PartialEq)]
pub struct SeedEffects {
    /// Emission and consumption.
    pub emitted: Emitted,
}

/// What the effects of every seed of a run are worked out with.
pub(super) struct EffectsModel<'a> {
    pub(super) settings: &'a Settings,
    pub(super) model: &'a CityModel,
    fleets: Arc<Fleets>,
    /// Distance between zones and gates on the empty network, in metres, by origin and destination.
    trip_length_m: &'a engine::demand::Matrix,
}

impl<'a> EffectsModel<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        model: &'a CityModel,
        fleets: Arc<Fleets>,
        trip_length_m: &'a engine::demand::Matrix,
    ) -> Self {
        Self { settings, model, fleets, trip_length_m }
    }

    /// The effects of one seed.
    pub(super) fn of(&self, result: &SeedResult) -> SeedEffects {
        let states = LinkStates::of(self.model, result);
        let cold_km = emitted::cold_km(self.model, result, self.trip_length_m, self.fleets.conditions());
        let factors = self.settings.parameters.emissions.drawn(result.seed);
        SeedEffects { emitted: Emitted::new(self.model, &states, &self.fleets, &cold_km, &factors) }
    }

    /// The mean traffic of all seeds.
    pub(super) fn mean_traffic(&self, results: &[SeedResult]) -> Option<LinkStates> {
        let of_seeds: Vec<LinkStates> = results.iter().map(|result| LinkStates::of(self.model, result)).collect();
        LinkStates::mean(&of_seeds)
    }

    /// The fleets.
    pub(super) fn fleets(&self) -> &Fleets {
        &self.fleets
    }
}

//! The parameter files: what the models assume, with unit, source, year and reason of every number.
//!
//! Files are TOML and of format 1. An entry is `{ value, unit, source, year, reason }`, with a distribution in place of the value
//! where it is not known exactly; all five must be there, the unit must be the one that the field is in, and the value must be one
//! that the field can have. A price of a price list has the same as a table. Fields that are not known are refused, so
//! that a misspelt one does not silently keep its default: there are no defaults. The files of the built-in city are in
//! `scenarios/parameters/`.

mod appraisal;
mod demand;
mod distribution;
mod emissions;
mod entry;
mod file;
mod fleet;
mod noise;
mod per_class;
mod prices;
mod safety;
mod sun;
mod uncertainty;
mod units;
mod vehicles;

#[cfg(test)]
mod tests;

use data::emission_factors::{COLD, HOT};
use engine::demand::{DemandParameters, UncertaintyParameters};
use engine::environment::emissions::{Conditions, EmissionFactors};
use engine::environment::sun::SunParameters;
use engine::vehicles::VehicleRegistry;

pub use appraisal::{APPRAISAL, AppraisalParameters, AppraisalTerms, PurposeValues, read_appraisal};
pub use demand::{DEMAND, read_demand};
pub use emissions::{EMISSIONS, read_emissions};
pub use file::{FORMAT, ParameterFile, ParameterFileError};
pub use fleet::{FLEET, FleetParameters, read_fleet};
pub use noise::{NOISE, NoiseParameters, REFERENCE_SURFACE, absorption_bands, read_noise};
pub use prices::{PRICES, PriceParameters, PriceTerms, Upkeep, read_prices};
pub use safety::{ObservedVictims, SAFETY, SafetyParameters, SpeedModels, read_safety};
pub use sun::{SUN, read_sun};
pub use uncertainty::{UNCERTAINTY, read_uncertainty};
pub use vehicles::{VEHICLES, read_vehicles};

/// Everything that the models assume.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// The demand model.
    pub demand: DemandParameters,
    /// How far its numbers, and capacities, may be off.
    pub uncertainty: UncertaintyParameters,
    /// Vehicle classes.
    pub vehicles: VehicleRegistry,
    /// Which vehicles drive, and how they age.
    pub fleet: FleetParameters,
    /// What they emit.
    pub emissions: EmissionFactors,
    /// Under what they drive.
    pub conditions: Conditions,
    /// What noise is reckoned with.
    pub noise: NoiseParameters,
    /// Crashes, their victims and what those cost.
    pub safety: SafetyParameters,
    /// What effects are worth, and how years are compared.
    pub appraisal: AppraisalParameters,
    /// What works cost.
    pub prices: PriceParameters,
    /// Sun and shadow.
    pub sun: SunParameters,
}

impl Parameters {
    /// The texts of all files that the parameters of the built-in city are read from.
    pub const TEXTS: [&'static str; 12] = [
        DEMAND.text,
        UNCERTAINTY.text,
        VEHICLES.text,
        FLEET.text,
        EMISSIONS.text,
        HOT.text,
        COLD.text,
        SAFETY.text,
        APPRAISAL.text,
        PRICES.text,
        SUN.text,
        NOISE.text,
    ];

    /// The parameters of the built-in city.
    ///
    /// # Panics
    /// Never: a test reads the files.
    #[must_use]
    pub fn built_in() -> Self {
        Self::read().expect("the parameter files in the program are valid")
    }

    fn read() -> Result<Self, ParameterFileError> {
        let (emissions, conditions) = read_emissions(EMISSIONS, HOT, COLD)?;
        let safety = read_safety(SAFETY)?;
        Ok(Self {
            demand: read_demand(DEMAND)?,
            uncertainty: read_uncertainty(UNCERTAINTY)?,
            vehicles: read_vehicles(VEHICLES)?,
            fleet: read_fleet(FLEET)?,
            emissions,
            conditions,
            noise: read_noise(NOISE)?,
            appraisal: read_appraisal(APPRAISAL, safety.severity.costs)?,
            safety,
            prices: read_prices(PRICES)?,
            sun: read_sun(SUN)?,
        })
    }
}

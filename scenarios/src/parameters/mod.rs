//! The parameter files: what the models assume, with unit, source, year and reason of every number.
//!
//! Files are TOML and of format 1. An entry is `{ value, unit, source, year, reason }`; all five must be there, the unit must be
//! the one that the field is in, and the value must be one that the field can have. Fields that are not known are refused, so
//! that a misspelt one does not silently keep its default: there are no defaults. The files of the built-in city are in
//! `scenarios/parameters/`.

mod demand;
mod entry;
mod file;
mod uncertainty;
mod vehicles;

#[cfg(test)]
mod tests;

use engine::demand::{DemandParameters, UncertaintyParameters};
use engine::vehicles::VehicleRegistry;

pub use demand::{DEMAND, read_demand};
pub use file::{FORMAT, ParameterFile, ParameterFileError};
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
}

impl Parameters {
    /// The parameters of the built-in city.
    ///
    /// # Panics
    /// Never: a test reads the files.
    #[must_use]
    pub fn built_in() -> Self {
        Self::read(DEMAND, UNCERTAINTY, VEHICLES).expect("the parameter files in the program are valid")
    }

    /// Reads the three files.
    ///
    /// # Errors
    /// [`ParameterFileError`] of the first file that is wrong.
    pub fn read(
        demand: ParameterFile,
        uncertainty: ParameterFile,
        vehicles: ParameterFile,
    ) -> Result<Self, ParameterFileError> {
        Ok(Self {
            demand: read_demand(demand)?,
            uncertainty: read_uncertainty(uncertainty)?,
            vehicles: read_vehicles(vehicles)?,
        })
    }
}

//! The uncertainty file: how far the numbers of the demand model, and capacities, may be off.

use engine::demand::UncertaintyParameters;
use serde::Deserialize;

use super::distribution::Uncertain;
use super::file::{ParameterFile, ParameterFileError, parse, whole_file};
use super::units::{Factor, Utility};

/// The uncertainty file of the built-in city.
pub const UNCERTAINTY: ParameterFile =
    ParameterFile { name: "uncertainty.toml", text: include_str!("../../parameters/uncertainty.toml") };

/// Reads an uncertainty file.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_uncertainty(file: ParameterFile) -> Result<UncertaintyParameters, ParameterFileError> {
    let parameters = parse::<UncertaintyFile>(file)?.parameters();
    parameters.validate().map_err(|errors| whole_file(file, &errors))?;
    Ok(parameters)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncertaintyFile {
    #[expect(dead_code, reason = "read before, as what decides how the rest is read")]
    format: u32,
    demand: DemandUncertainty,
    capacity: CapacityUncertainty,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DemandUncertainty {
    level: Uncertain<Factor>,
    purpose_level: Uncertain<Factor>,
    zone_production: Uncertain<Factor>,
    zone_attraction: Uncertain<Factor>,
    gate_count: Uncertain<Factor>,
    deterrence_rate: Uncertain<Factor>,
    mode_constant: Uncertain<Utility>,
    goods_level: Uncertain<Factor>,
    period_share: Uncertain<Factor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CapacityUncertainty {
    level: Uncertain<Factor>,
    known: Uncertain<Factor>,
    inferred: Uncertain<Factor>,
}

impl UncertaintyFile {
    fn parameters(self) -> UncertaintyParameters {
        let (demand, capacity) = (self.demand, self.capacity);
        UncertaintyParameters {
            demand_level: demand.level.0,
            purpose_level: demand.purpose_level.0,
            zone_production: demand.zone_production.0,
            zone_attraction: demand.zone_attraction.0,
            gate_count: demand.gate_count.0,
            deterrence_rate: demand.deterrence_rate.0,
            mode_constant: demand.mode_constant.0,
            goods_level: demand.goods_level.0,
            period_share: demand.period_share.0,
            capacity_level: capacity.level.0,
            capacity_known: capacity.known.0,
            capacity_inferred: capacity.inferred.0,
        }
    }
}

//! The safety file: crashes of junctions and streets, what was observed, what speed does, victims and their costs.
//!
//! | file | what |
//! | --- | --- |
//! | `functions.rs` | functions of traffic with their coefficients |
//! | `junctions.rs`, `segments.rs` | what is known of each kind of junction and street, and of their layouts |
//! | `victims.rs` | what was observed, what speed does, who is hurt and what it costs |

mod functions;
mod junctions;
mod segments;
mod victims;

use engine::draws::Distribution;
use engine::safety::local_factor::{CalibrationNeeds, InjuredPerCrash};
use engine::safety::performance::PerformanceCoefficients;
use engine::safety::severity::SeverityParameters;
use serde::Deserialize;

use self::junctions::{JunctionFactorTable, JunctionTables};
use self::segments::{SegmentFactorTable, SegmentTables};
use self::victims::{CalibrationTable, CostTable, ObservedTable, SpeedTables, VictimTable};
use super::file::{ParameterFile, ParameterFileError, parse, whole_file};

pub use self::victims::{ObservedVictims, SpeedModels};

/// The safety file of the built-in city.
pub const SAFETY: ParameterFile =
    ParameterFile { name: "safety.toml", text: include_str!("../../../parameters/safety.toml") };

/// What is assumed of crashes.
#[derive(Clone, Debug, PartialEq)]
pub struct SafetyParameters {
    /// The functions of traffic, and what layouts change.
    pub performance: PerformanceCoefficients,
    /// What a calibration of the local factor needs.
    pub needs: CalibrationNeeds,
    /// What was observed in the city.
    pub observed: ObservedVictims,
    /// Deaths for each crash with dead or injured.
    pub deaths_per_crash: Distribution,
    /// Injured for each crash with dead or injured; by it the injured observed are turned into crashes.
    pub injured_per_crash: InjuredPerCrash,
    /// What a change of mean speed does.
    pub speed: SpeedModels,
    /// Victims of a crash at the median of what is known, by mode, and their costs in prices of the costs' own year.
    pub severity: SeverityParameters,
}

/// Reads a safety file.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_safety(file: ParameterFile) -> Result<SafetyParameters, ParameterFileError> {
    let told: SafetyFile = parse(file)?;
    let parameters = SafetyParameters {
        performance: PerformanceCoefficients {
            junctions: told.junctions.coefficients(),
            segments: told.segments.coefficients(),
            junction_factors: told.junction_factors.factors(),
            segment_factors: told.segment_factors.factors(),
        },
        needs: told.calibration.needs(),
        observed: told.observed.victims(),
        deaths_per_crash: told.victims.deaths_per_crash(),
        injured_per_crash: told.victims.injured_per_crash(),
        speed: told.speed.models(),
        severity: told.victims.severity(told.costs.costs()),
    };
    parameters.performance.validate().map_err(|faults| whole_file(file, &faults))?;
    parameters.severity.validate().map_err(|faults| whole_file(file, &faults))?;
    Ok(parameters)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SafetyFile {
    #[expect(dead_code, reason = "read before, as what decides how the rest is read")]
    format: u32,
    junctions: JunctionTables,
    junction_factors: JunctionFactorTable,
    segments: SegmentTables,
    segment_factors: SegmentFactorTable,
    calibration: CalibrationTable,
    observed: ObservedTable,
    speed: SpeedTables,
    victims: VictimTable,
    costs: CostTable,
}

//! `city.toml`: what a city says of itself, where its data are from, and the hash of every table.

use std::collections::BTreeMap;

use engine::city::{About, Population, TravelSurvey};
use engine::provenance::Source;
use engine::time::{DayPlan, DayPlanError, DayType, Period};
use serde::{Deserialize, Serialize};

use crate::projection::{Crs, CrsError};

/// The most residents that a city may have.
const RESIDENTS_MAX: f64 = 1e8;

/// What a city cannot say of itself, by key.
#[derive(Debug, thiserror::Error)]
pub(super) enum AboutFault {
    #[error("epsg: {0}")]
    Crs(#[from] CrsError),
    #[error("population.residents is {0}; it must be from 0 to {RESIDENTS_MAX}")]
    Residents(f64),
    #[error("day_plan: {0}")]
    DayPlan(#[from] DayPlanError),
}

/// The file as it stands.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// Version of the format of the folder.
    pub(super) format: u32,
    name: String,
    epsg: u32,
    time_zone: String,
    day_plan: PlanOfDay,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    population: Option<Population>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    survey: Option<TravelSurvey>,
    #[serde(default, rename = "source")]
    pub(super) sources: Vec<Source>,
    /// The tables, by name.
    pub(super) tables: BTreeMap<String, TableFile>,
}

/// One table of the folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableFile {
    /// Its file, in the folder.
    pub(super) file: String,
    /// How many rows it has.
    pub(super) rows: usize,
    /// The BLAKE3 hash of the file, in hexadecimal digits.
    pub(super) blake3: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanOfDay {
    day: DayType,
    #[serde(rename = "period")]
    periods: Vec<Period>,
}

/// What every version of the format says: which it is, and the hashes of the tables.
#[derive(Deserialize)]
pub(super) struct Version {
    pub(super) format: u32,
    #[serde(default)]
    pub(super) tables: BTreeMap<String, TableFile>,
}

impl Manifest {
    /// What stands in the file for a city with these tables.
    pub(super) fn new(format: u32, about: &About, sources: &[Source], tables: BTreeMap<String, TableFile>) -> Self {
        let About { name, epsg, time_zone, day_plan, population, survey } = about.clone();
        Self {
            format,
            name,
            epsg,
            time_zone,
            day_plan: PlanOfDay { day: day_plan.day, periods: day_plan.periods().to_vec() },
            population,
            survey,
            sources: sources.to_vec(),
            tables,
        }
    }

    /// What the city says of itself; or why the file says nothing that can be.
    pub(super) fn about(self) -> Result<About, AboutFault> {
        Crs::metric(self.epsg)?;
        if let Some(Population { residents, .. }) = &self.population
            && !(0.0..=RESIDENTS_MAX).contains(residents)
        {
            return Err(AboutFault::Residents(*residents));
        }
        let day_plan = DayPlan::new(self.day_plan.day, self.day_plan.periods)?;
        Ok(About {
            name: self.name,
            epsg: self.epsg,
            time_zone: self.time_zone,
            day_plan,
            population: self.population,
            survey: self.survey,
        })
    }
}

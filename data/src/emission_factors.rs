//! Emission factors of road vehicles as CSV: hot functions and ratios of cold engines (EMEP/EEA guidebook, chapter 1.A.3.b, Tier 3).
//!
//! The files of the program are in `data/reference/`; lines that begin with `#` say what they are and where from. A file of another
//! place or year has the same columns. Every row that is not as it should be is an error with file and line.

use engine::environment::emissions::Situation;
use engine::environment::emissions::cold::{ColdRatio, ColdTable, EngineSize, Plane};
use engine::environment::emissions::hot::{HotFault, HotFunction, HotQuantity, HotTable};
use engine::environment::fleet::{Carrier, EuroStandard, FleetKind, Fuel, VehicleType};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A file of factors as read: its name, for messages, and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactorFile<'a> {
    /// Name of the file, for messages.
    pub name: &'a str,
    /// What stands in it.
    pub text: &'a str,
}

/// The hot functions that come with the program.
pub const HOT: FactorFile =
    FactorFile { name: "emission_factors.csv", text: include_str!("../reference/emission_factors.csv") };
/// The ratios of cold engines that come with the program.
pub const COLD: FactorFile = FactorFile { name: "cold_start.csv", text: include_str!("../reference/cold_start.csv") };

/// What is wrong with a file of factors.
#[derive(Debug, thiserror::Error)]
#[error("{file}, line {line}: {problem}")]
pub struct FactorError {
    /// Name of the file.
    pub file: String,
    /// Number of the line, from 1.
    pub line: u64,
    /// What is wrong and what to do.
    pub problem: FactorProblem,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum FactorProblem {
    /// It is no line of the table.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// A word is not known.
    #[error("'{word}' is no {what}; look for a slip of spelling, or leave the line out")]
    Word {
        /// The column.
        what: &'static str,
        /// The word.
        word: String,
    },
    /// The coefficients make no function.
    #[error(transparent)]
    Function(#[from] HotFault),
    /// A ratio is no ratio, or stands twice.
    #[error("the ratio stands in the file already or holds something that is no number")]
    Ratio,
}

#[derive(Deserialize)]
struct HotLine {
    kind: String,
    fuel: String,
    segment: String,
    standard: String,
    technology: String,
    quantity: String,
    situation: String,
    speed_min_kmph: f64,
    speed_max_kmph: f64,
    alpha: f64,
    beta: f64,
    gamma: f64,
    delta: f64,
    epsilon: f64,
    zeta: f64,
    eta: f64,
    reduction: f64,
}

#[derive(Deserialize)]
struct ColdLine {
    fuel: String,
    engine: String,
    standard: String,
    quantity: String,
    scale: f64,
    slow_speed: f64,
    slow_temperature: f64,
    slow_constant: f64,
    fast_speed: f64,
    fast_temperature: f64,
    fast_constant: f64,
    warm_speed: Option<f64>,
    warm_temperature: Option<f64>,
    warm_constant: Option<f64>,
    half_from_c: Option<f64>,
}

/// Reads hot functions.
///
/// # Errors
/// [`FactorError`] of the first line that is wrong.
pub fn read_hot(file: FactorFile<'_>) -> Result<HotTable, FactorError> {
    let mut table = HotTable::default();
    each(file, |line: HotLine| {
        let vehicle = VehicleType {
            kind: known("kind of vehicle", &line.kind, FleetKind::from_name)?,
            fuel: known("fuel", &line.fuel, Fuel::from_name)?,
            segment: line.segment.into(),
            standard: known("standard", &line.standard, EuroStandard::from_name)?,
            technology: line.technology.into(),
        };
        let quantity = known("quantity", &line.quantity, HotQuantity::from_name)?;
        let situation = match line.situation.as_str() {
            "any" => None,
            word => Some(known("situation", word, |word| Situation::ALL.into_iter().find(|each| each.name() == word))?),
        };
        let function = HotFunction {
            speed_min_kmph: line.speed_min_kmph,
            speed_max_kmph: line.speed_max_kmph,
            alpha: line.alpha,
            beta: line.beta,
            gamma: line.gamma,
            delta: line.delta,
            epsilon: line.epsilon,
            zeta: line.zeta,
            eta: line.eta,
            reduction: line.reduction,
        };
        Ok(table.insert(vehicle, quantity, situation, function)?)
    })?;
    Ok(table)
}

/// Reads ratios of cold engines.
///
/// # Errors
/// [`FactorError`] of the first line that is wrong.
pub fn read_cold(file: FactorFile<'_>) -> Result<ColdTable, FactorError> {
    let mut table = ColdTable::default();
    each(file, |line: ColdLine| {
        let carrier = |word: &str| Carrier::ALL.into_iter().find(|carrier| carrier.name() == word);
        let carrier = known("fuel", &line.fuel, carrier)?;
        let size = known("engine", &line.engine, EngineSize::from_name)?;
        let generation = known("standard", &line.standard, EuroStandard::from_name)?.generation();
        let quantity = known("quantity", &line.quantity, HotQuantity::from_name)?;
        let plane = |speed, temperature, constant| Plane { speed, temperature, constant };
        let warm = match (line.warm_speed, line.warm_temperature, line.warm_constant) {
            (Some(speed), Some(temperature), Some(constant)) => Some(plane(speed, temperature, constant)),
            _ => None,
        };
        let ratio = ColdRatio {
            scale: line.scale,
            slow: plane(line.slow_speed, line.slow_temperature, line.slow_constant),
            fast: plane(line.fast_speed, line.fast_temperature, line.fast_constant),
            warm,
            half_from_c: line.half_from_c,
        };
        if table.insert((carrier, size), generation, quantity, ratio) { Ok(()) } else { Err(FactorProblem::Ratio) }
    })?;
    Ok(table)
}

fn known<T>(what: &'static str, word: &str, from_name: impl Fn(&str) -> Option<T>) -> Result<T, FactorProblem> {
    from_name(word).ok_or_else(|| FactorProblem::Word { what, word: word.to_owned() })
}

/// Hands each line of a file on.
fn each<L: DeserializeOwned>(
    file: FactorFile<'_>,
    mut take: impl FnMut(L) -> Result<(), FactorProblem>,
) -> Result<(), FactorError> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(file.text.as_bytes());
    let headers = reader.headers().cloned();
    let wrong = |line, problem| FactorError { file: file.name.to_owned(), line, problem };
    let headers = headers.map_err(|error| wrong(1, error.into()))?;
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => return Err(wrong(line, error.into())),
        }
        let line = record.position().map_or(line, csv::Position::line);
        let row: L = record.deserialize(Some(&headers)).map_err(|error| wrong(line, error.into()))?;
        take(row).map_err(|problem| wrong(line, problem))?;
    }
}

#[cfg(test)]
mod tests;

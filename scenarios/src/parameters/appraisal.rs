//! The appraisal file: what time, operating, air, climate, noise and crashes are worth, and how years are compared.
//!
//! Sections are in prices of their own years and are brought to that of the terms by the file's index of consumer prices, and so
//! are the costs of crashes, which the safety file states.

use engine::draws::Distribution;
use engine::economy::appraisal::{CarbonPath, ClassValues, CrashValues, NoiseCosts, PollutantCost, UnitValues};
use engine::economy::cash_flow::DiscountRate;
use engine::economy::price_index::{PriceIndex, PriceIndexFault};
use engine::safety::severity::CrashCosts;
use engine::vehicles::VehicleClass;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use toml::Spanned;

use super::distribution::Uncertain;
use super::entry::{Entry, Quantity, Rising, rows};
use super::file::{ParameterFile, ParameterFileError, at, parse, whole_file};
use super::per_class::PerClass;
use super::units::*;

/// The appraisal file of the built-in city.
pub const APPRAISAL: ParameterFile =
    ParameterFile { name: "appraisal.toml", text: include_str!("../../parameters/appraisal.toml") };

/// What a plan's effects are worth. Amounts are in euro of [`AppraisalTerms::price_year`].
#[derive(Clone, Debug, PartialEq)]
pub struct AppraisalParameters {
    /// How years are compared.
    pub terms: AppraisalTerms,
    /// By how many weekdays of the model a year is counted.
    pub days_of_a_year: Distribution,
    /// An hour of one person.
    pub purposes: PurposeValues,
    /// Everything else that has a worth, users by [`VehicleClass::name`].
    pub unit_values: UnitValues<Distribution>,
    /// Consumer prices by year.
    pub consumer_prices: PriceIndex,
}

/// How years are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AppraisalTerms {
    /// The year of whose prices all amounts are.
    pub price_year: i32,
    /// Real discount rate.
    pub discount_rate: DiscountRate,
    /// How many years of operation count, 1 to 200.
    pub years_of_operation: u32,
}

/// What an hour of one person is worth by purpose, in euro.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PurposeValues {
    /// At work.
    pub business_eur_ph: Distribution,
    /// To work and back.
    pub commute_eur_ph: Distribution,
    /// For anything else.
    pub other_eur_ph: Distribution,
}

/// Reads an appraisal file; `crash_costs` are those of the safety file, in prices of any year of the index.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_appraisal(file: ParameterFile, crash_costs: CrashCosts) -> Result<AppraisalParameters, ParameterFileError> {
    let told: AppraisalFile = parse(file)?;
    let price_year = told.terms.price_year.0;
    let consumer_prices = told.consumer_prices.index.0;
    let of_year = |year| consumer_prices.factor(year, price_year);
    let factor =
        |year: &PriceYear| of_year(year.get_ref().0).map_err(|fault| at(file, year.span().start, &fault.to_string()));
    let of_crashes = of_year(crash_costs.price_year).map_err(|fault| whole_file(file, &[of_crash_costs(&fault)]))?;

    let purposes = told.time_by_purpose;
    let by = factor(&purposes.price_year)?;
    let unit_values = UnitValues {
        price_year,
        classes: told.users.values(factor(&told.users.price_year)?),
        time_growth_pa: purposes.growth.0,
        air: told.air.costs(factor(&told.air.price_year)?),
        carbon: CarbonPath {
            points_eur_pt: scaled(told.carbon.path.0, factor(&told.carbon.price_year)?),
            level: told.carbon.level.0,
        },
        noise: NoiseCosts {
            bands_eur_pdb: scaled(told.noise.bands.0, factor(&told.noise.price_year)?),
            level: told.noise.level.0,
        },
        crashes: CrashValues { costs: brought(crash_costs, of_crashes, price_year), level: told.crashes.level.0 },
    };
    unit_values.validate().map_err(|faults| whole_file(file, &faults))?;
    Ok(AppraisalParameters {
        terms: AppraisalTerms {
            price_year,
            discount_rate: told.terms.discount_rate.0,
            years_of_operation: told.terms.years_of_operation.0,
        },
        days_of_a_year: told.terms.days_of_a_year.0,
        purposes: PurposeValues {
            business_eur_ph: purposes.business.0.scaled(by),
            commute_eur_ph: purposes.commute.0.scaled(by),
            other_eur_ph: purposes.other.0.scaled(by),
        },
        unit_values,
        consumer_prices,
    })
}

fn of_crash_costs(fault: &PriceIndexFault) -> String {
    format!("costs of crashes: {fault}")
}

fn scaled<T>(rows: Vec<(T, f64)>, by: f64) -> Vec<(T, f64)> {
    rows.into_iter().map(|(at, cost)| (at, cost * by)).collect()
}

fn brought(costs: CrashCosts, by: f64, price_year: i32) -> CrashCosts {
    let CrashCosts { death_eur, injured_eur, crash_eur, .. } = costs;
    CrashCosts { death_eur: death_eur * by, injured_eur: injured_eur * by, crash_eur: crash_eur * by, price_year }
}

/// The year of whose prices a section is, with where it stands.
type PriceYear = Spanned<Quantity<Year, i32>>;

/// A discount rate.
struct Rate(DiscountRate);

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rate: f64 = Entry::deserialize(deserializer)?.checked("1/year")?;
        DiscountRate::new(rate).map(Self).map_err(D::Error::custom)
    }
}

/// An index of prices.
struct Index(PriceIndex);

impl<'de> Deserialize<'de> for Index {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let years = Rising::<ConsumerPrices, IndexRow>::deserialize(deserializer)?.0;
        let told = |faults: Vec<PriceIndexFault>| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        PriceIndex::new(years).map(Self).map_err(|faults| D::Error::custom(told(faults)))
    }
}

rows! {
    IndexRow { year: i32, index }
    CarbonRow { year: i32, price }
    NoiseRow { from_db: f64, cost }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppraisalFile {
    #[expect(dead_code, reason = "read before, as what decides how the rest is read")]
    format: u32,
    terms: TermTable,
    consumer_prices: IndexTable,
    time_by_purpose: PurposeTable,
    users: UserTable,
    air: AirTable,
    carbon: CarbonTable,
    noise: NoiseTable,
    crashes: CrashTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermTable {
    price_year: Quantity<Year, i32>,
    discount_rate: Rate,
    years_of_operation: Quantity<WholeYears, u32>,
    days_of_a_year: Uncertain<WeekdaysPerYear>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndexTable {
    index: Index,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PurposeTable {
    price_year: PriceYear,
    business: Uncertain<EuroPerPersonHour>,
    commute: Uncertain<EuroPerPersonHour>,
    other: Uncertain<EuroPerPersonHour>,
    growth: Uncertain<Growth>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserTable {
    price_year: PriceYear,
    classes: PerClass<ClassTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassTable {
    time: Uncertain<EuroPerHour>,
    operating: Uncertain<EuroPerKilometre>,
}

impl UserTable {
    fn values(&self, by: f64) -> Vec<ClassValues<Distribution>> {
        let values = |class: VehicleClass| ClassValues {
            class: class.name().to_owned(),
            time_eur_ph: self.classes.of(class).time.0.scaled(by),
            operating_eur_pkm: self.classes.of(class).operating.0.scaled(by),
        };
        VehicleClass::ALL.into_iter().map(values).collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AirTable {
    price_year: PriceYear,
    #[serde(rename = "NOx")]
    nox: Uncertain<EuroPerKilogram>,
    #[serde(rename = "PM10")]
    pm10: Uncertain<EuroPerKilogram>,
    #[serde(rename = "PM2.5")]
    pm25: Uncertain<EuroPerKilogram>,
    #[serde(rename = "SO2")]
    so2: Uncertain<EuroPerKilogram>,
    #[serde(rename = "NH3")]
    nh3: Uncertain<EuroPerKilogram>,
    #[serde(rename = "NMVOC")]
    nmvoc: Uncertain<EuroPerKilogram>,
}

impl AirTable {
    fn costs(&self, by: f64) -> Vec<PollutantCost<Distribution>> {
        let cost = |(pollutant, cost): (&str, &Uncertain<_>)| PollutantCost {
            pollutant: pollutant.to_owned(),
            cost_eur_pkg: cost.0.scaled(by),
        };
        let all = [
            ("NOx", &self.nox),
            ("PM10", &self.pm10),
            ("PM2.5", &self.pm25),
            ("SO2", &self.so2),
            ("NH3", &self.nh3),
            ("NMVOC", &self.nmvoc),
        ];
        all.into_iter().map(cost).collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarbonTable {
    price_year: PriceYear,
    path: Rising<EuroPerTonne, CarbonRow>,
    level: Uncertain<Factor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoiseTable {
    price_year: PriceYear,
    bands: Rising<EuroPerDecibel, NoiseRow>,
    level: Uncertain<Factor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CrashTable {
    level: Uncertain<Factor>,
}

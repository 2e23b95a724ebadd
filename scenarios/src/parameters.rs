//! The parameter files: what the models assume, with unit, source, year and reason of every number.
//!
//! Files are TOML and of format 1. An entry is `{ value, unit, source, year, reason }`; all five must be there, the unit must be
//! the one that the field is in, and the value must be one that the field can have. Fields that are not known are refused, so
//! that a misspelt one does not silently keep its default: there are no defaults. The files of the built-in city are in
//! `scenarios/parameters/`.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use engine::demand::{
    AgeRate, AttractionWeights, CHOSEN_MODES, DemandParameters, GateParameters, GoodsParameters, Mode, ModeParameters,
    PeriodShares, PurposeParameters, UncertaintyParameters,
};
use engine::draws::Distribution;
use engine::vehicles::{VehicleClass, VehicleParameters, VehicleRegistry};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _};

/// The newest format of parameter files that is understood.
pub const FORMAT: u32 = 1;

/// A parameter file as read: its name, for messages, and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterFile<'a> {
    /// Name of the file, for messages.
    pub name: &'a str,
    /// What stands in it.
    pub text: &'a str,
}

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

/// Why a parameter file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterFileError {
    /// A line is wrong.
    #[error("{file}, line {line}: {message}")]
    Line {
        /// Name of the file.
        file: String,
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong and what to do.
        message: String,
    },
    /// The file as a whole is wrong.
    #[error("{file}: {message}")]
    File {
        /// Name of the file.
        file: String,
        /// What is wrong and what to do.
        message: String,
    },
}

/// The demand file of the built-in city.
pub const DEMAND: ParameterFile =
    ParameterFile { name: "demand.toml", text: include_str!("../parameters/demand.toml") };
/// The uncertainty file of the built-in city.
pub const UNCERTAINTY: ParameterFile =
    ParameterFile { name: "uncertainty.toml", text: include_str!("../parameters/uncertainty.toml") };
/// The vehicle file of the built-in city.
pub const VEHICLES: ParameterFile =
    ParameterFile { name: "vehicles.toml", text: include_str!("../parameters/vehicles.toml") };

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

/// Reads a demand file.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_demand(file: ParameterFile) -> Result<DemandParameters, ParameterFileError> {
    let parameters = parse::<DemandFile>(file)?.parameters();
    parameters.validate().map_err(|errors| whole_file(file, &errors))?;
    Ok(parameters)
}

/// Reads an uncertainty file.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_uncertainty(file: ParameterFile) -> Result<UncertaintyParameters, ParameterFileError> {
    let parameters = parse::<UncertaintyFile>(file)?.parameters();
    parameters.validate().map_err(|errors| whole_file(file, &errors))?;
    Ok(parameters)
}

/// Reads a vehicle file.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_vehicles(file: ParameterFile) -> Result<VehicleRegistry, ParameterFileError> {
    Ok(parse::<VehicleFile>(file)?.registry())
}

/// The format that a file says it has.
#[derive(Deserialize)]
struct Format {
    format: toml::Spanned<u32>,
}

fn parse<T: DeserializeOwned>(file: ParameterFile) -> Result<T, ParameterFileError> {
    let wrong = |error: &toml::de::Error| match error.span() {
        Some(span) => at(file, span.start, error.message().to_owned()),
        None => ParameterFileError::File { file: file.name.to_owned(), message: error.message().to_owned() },
    };
    let format: Format = toml::from_str(file.text).map_err(|error| wrong(&error))?;
    if *format.format.get_ref() != FORMAT {
        let message =
            format!("format {} is not understood; this program reads format {FORMAT}", format.format.get_ref());
        return Err(at(file, format.format.span().start, message));
    }
    toml::from_str(file.text).map_err(|error| wrong(&error))
}

fn at(file: ParameterFile, byte: usize, message: String) -> ParameterFileError {
    let line = 1 + file.text.as_bytes()[..byte.min(file.text.len())].iter().filter(|&&byte| byte == b'\n').count();
    ParameterFileError::Line { file: file.name.to_owned(), line, message }
}

fn whole_file(file: ParameterFile, errors: &[impl ToString]) -> ParameterFileError {
    let message = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    ParameterFileError::File { file: file.name.to_owned(), message }
}

/// One entry of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<T> {
    value: T,
    unit: String,
    source: String,
    year: i16,
    reason: String,
}

impl<T> Entry<T> {
    /// The value, if the entry is complete and in that unit.
    fn checked<E: serde::de::Error>(self, unit: &'static str) -> Result<T, E> {
        check_origin(&self.unit, unit, &self.source, self.year, &self.reason)?;
        Ok(self.value)
    }
}

fn check_origin<E: serde::de::Error>(
    unit: &str,
    expected: &'static str,
    source: &str,
    year: i16,
    reason: &str,
) -> Result<(), E> {
    if unit != expected {
        return Err(E::custom(format!("the unit is '{unit}', but this value is in '{expected}'; convert it")));
    }
    for (field, text) in [("source", source), ("reason", reason)] {
        if text.trim().is_empty() {
            return Err(E::custom(format!(
                "the {field} is empty; write 'assumption' and why, where there is no source"
            )));
        }
    }
    if !(1900..=2100).contains(&year) {
        return Err(E::custom(format!("the year {year} is not between 1900 and 2100")));
    }
    Ok(())
}

/// A unit, and which values a quantity in it can have.
trait Unit {
    const NAME: &'static str;
    const VALID: &'static str;
    fn accepts(value: f64) -> bool;
}

/// A number in a unit.
struct Quantity<U>(f64, PhantomData<U>);

impl<'de, U: Unit> Deserialize<'de> for Quantity<U> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value: f64 = Entry::deserialize(deserializer)?.checked(U::NAME)?;
        if U::accepts(value) {
            Ok(Self(value, PhantomData))
        } else {
            Err(D::Error::custom(format!("the value is {value}; it must be {}", U::VALID)))
        }
    }
}

macro_rules! units {
    ($($unit:ident: $name:literal, $valid:literal, $accepts:expr;)*) => {$(
        struct $unit;
        impl Unit for $unit {
            const NAME: &'static str = $name;
            const VALID: &'static str = $valid;
            fn accepts(value: f64) -> bool {
                let accepts: fn(f64) -> bool = $accepts;
                value.is_finite() && accepts(value)
            }
        }
    )*};
}

units! {
    Share: "share", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    Factor: "factor", "a number above 0", |value| value > 0.0;
    FactorFromOne: "factor", "a number not below 1", |value| value >= 1.0;
    LogDeviation: "log", "a number not below 0", |value| value >= 0.0;
    Minutes: "min", "a number not below 0", |value| value >= 0.0;
    MinutesAboveZero: "min", "a number above 0", |value| value > 0.0;
    PerMinute: "1/min", "a number above 0", |value| value > 0.0;
    KilometresPerHour: "km/h", "a number above 0", |value| value > 0.0;
    Euro: "EUR", "a number not below 0", |value| value >= 0.0;
    EuroPerKilometre: "EUR/km", "a number not below 0", |value| value >= 0.0;
    EuroPerHour: "EUR/h", "a number above 0", |value| value > 0.0;
    ToursPerJob: "tours/(job*weekday)", "a number not below 0", |value| value >= 0.0;
    TripsPerJob: "trips/(job*weekday)", "a number not below 0", |value| value >= 0.0;
    TripsPerResident: "trips/(resident*weekday)", "a number not below 0", |value| value >= 0.0;
    CarUnits: "pcu", "a number not below 0", |value| value >= 0.0;
}

/// How far shares may sum off 1.
const SHARES_TOLERANCE: f64 = 1e-9;

fn check_shares<E: serde::de::Error>(shares: impl Iterator<Item = f64>) -> Result<(), E> {
    let mut sum = 0.0;
    for share in shares {
        if !(0.0..=1.0).contains(&share) {
            return Err(E::custom(format!("a share is {share}; it must be between 0 and 1")));
        }
        sum += share;
    }
    if (sum - 1.0).abs() > SHARES_TOLERANCE {
        return Err(E::custom(format!("the shares sum to {sum}; they must sum to 1")));
    }
    Ok(())
}

/// Shares of a day by period.
struct Periods(PeriodShares);

impl<'de> Deserialize<'de> for Periods {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let shares: BTreeMap<String, f64> = Entry::deserialize(deserializer)?.checked("share of the day")?;
        check_shares(shares.values().copied())?;
        Ok(Self(shares.into_iter().collect()))
    }
}

/// What attracts trips.
struct Attraction(AttractionWeights);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    residents: f64,
    jobs: f64,
    school_places: f64,
    services: f64,
    leisure: f64,
}

impl<'de> Deserialize<'de> for Attraction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let weights: Weights = Entry::deserialize(deserializer)?.checked("share of the city's total")?;
        let Weights { residents, jobs, school_places, services, leisure } = weights;
        check_shares([residents, jobs, school_places, services, leisure].into_iter())?;
        Ok(Self(AttractionWeights { residents, jobs, school_places, services, leisure }))
    }
}

/// Tours by age.
struct Rates(Vec<AgeRate>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    ages: [u32; 2],
    tours: f64,
}

impl<'de> Deserialize<'de> for Rates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rates: Vec<Rate> = Entry::deserialize(deserializer)?.checked("tours/(resident*weekday)")?;
        for (index, rate) in rates.iter().enumerate() {
            let ([from, to], tours) = (rate.ages, rate.tours);
            if from > to || rates[..index].iter().any(|other| from <= other.ages[1] && other.ages[0] <= to) {
                return Err(D::Error::custom(format!("the ages {from} to {to} run backwards or overlap others")));
            }
            if !(tours.is_finite() && tours >= 0.0) {
                return Err(D::Error::custom(format!("the tours are {tours}; they must be a number not below 0")));
            }
        }
        let rate = |Rate { ages: [from_age, to_age], tours }| AgeRate { from_age, to_age, tours_per_day: tours };
        Ok(Self(rates.into_iter().map(rate).collect()))
    }
}

fn chosen_mode<E: serde::de::Error>(name: &str) -> Result<usize, E> {
    match Mode::from_name(name) {
        Some(mode) if mode != Mode::Other => Ok(mode as usize),
        _ => {
            let names: Vec<&str> = Mode::ALL[..CHOSEN_MODES].iter().map(|mode| mode.name()).collect();
            Err(E::custom(format!("'{name}' is not a mode that is chosen; those are {}", names.join(", "))))
        }
    }
}

/// Additions to the utilities of modes.
struct Offsets([f64; CHOSEN_MODES]);

impl<'de> Deserialize<'de> for Offsets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let named: BTreeMap<String, f64> = Entry::deserialize(deserializer)?.checked("utility")?;
        let mut offsets = [0.0; CHOSEN_MODES];
        for (name, offset) in named {
            if !(-20.0..=20.0).contains(&offset) {
                return Err(D::Error::custom(format!(
                    "the offset of {name} is {offset}; it must be between -20 and 20"
                )));
            }
            offsets[chosen_mode(&name)?] = offset;
        }
        Ok(Self(offsets))
    }
}

/// Which modes there are.
struct Available([bool; CHOSEN_MODES]);

impl<'de> Deserialize<'de> for Available {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let unavailable: Vec<String> = Entry::deserialize(deserializer)?.checked("modes")?;
        let mut available = [true; CHOSEN_MODES];
        for name in unavailable {
            available[chosen_mode(&name)?] = false;
        }
        Ok(Self(available))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DemandFile {
    #[expect(dead_code, reason = "read before, as what decides how the rest is read")]
    format: u32,
    purposes: PurposeTables,
    modes: ModeTable,
    gates: GateTable,
    goods: GoodsTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PurposeTables {
    work: PurposeTable,
    school: PurposeTable,
    university: PurposeTable,
    escort: PurposeTable,
    business: PurposeTable,
    services: PurposeTable,
    shopping: PurposeTable,
    leisure: PurposeTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PurposeTable {
    rates: Rates,
    tours_per_job: Quantity<ToursPerJob>,
    attraction: Attraction,
    time_sensitivity: Quantity<Factor>,
    mode_offsets: Offsets,
    unavailable_modes: Available,
    outbound: Periods,
    inbound: Periods,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModeTable {
    time_sensitivity_per_min: Quantity<PerMinute>,
    effort_weight: Quantity<FactorFromOne>,
    value_of_time: Quantity<EuroPerHour>,
    car_time_factor: Quantity<FactorFromOne>,
    car_terminal: Quantity<MinutesAboveZero>,
    car_cost: Quantity<EuroPerKilometre>,
    motorcycle_terminal: Quantity<MinutesAboveZero>,
    motorcycle_cost: Quantity<EuroPerKilometre>,
    walk_speed: Quantity<KilometresPerHour>,
    bicycle_speed: Quantity<KilometresPerHour>,
    bicycle_terminal: Quantity<MinutesAboveZero>,
    walk_distance_factor: Quantity<Factor>,
    bus_speed: Quantity<KilometresPerHour>,
    bus_distance_factor: Quantity<FactorFromOne>,
    bus_access: Quantity<Minutes>,
    bus_wait: Quantity<Minutes>,
    bus_fare: Quantity<Euro>,
    duration_log_deviation: Quantity<LogDeviation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GateTable {
    resident_share: Quantity<Share>,
    van_share: Quantity<Share>,
    attraction: Attraction,
    outbound: Periods,
    inbound: Periods,
    through: Periods,
    motorway_to_road: Quantity<Factor>,
    motorway_heavy_local: Quantity<Share>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GoodsTable {
    van_trips_per_job: Quantity<TripsPerJob>,
    van_trips_per_resident: Quantity<TripsPerResident>,
    heavy_trips_per_job: Quantity<TripsPerJob>,
    time_sensitivity: Quantity<Factor>,
    periods: Periods,
}

impl DemandFile {
    fn parameters(self) -> DemandParameters {
        let purposes = self.purposes;
        let (modes, gates, goods) = (self.modes, self.gates, self.goods);
        DemandParameters {
            // In the order of `TripPurpose::ALL`.
            purposes: [
                purposes.work,
                purposes.school,
                purposes.university,
                purposes.escort,
                purposes.business,
                purposes.services,
                purposes.shopping,
                purposes.leisure,
            ]
            .map(PurposeTable::parameters),
            modes: modes.parameters(),
            gates: GateParameters {
                resident_share: gates.resident_share.0,
                van_share: gates.van_share.0,
                attraction: gates.attraction.0,
                outbound: gates.outbound.0,
                inbound: gates.inbound.0,
                through: gates.through.0,
                motorway_to_road: gates.motorway_to_road.0,
                motorway_heavy_local: gates.motorway_heavy_local.0,
            },
            goods: GoodsParameters {
                van_trips_per_job: goods.van_trips_per_job.0,
                van_trips_per_resident: goods.van_trips_per_resident.0,
                heavy_trips_per_job: goods.heavy_trips_per_job.0,
                time_sensitivity: goods.time_sensitivity.0,
                periods: goods.periods.0,
            },
        }
    }
}

impl PurposeTable {
    fn parameters(self) -> PurposeParameters {
        PurposeParameters {
            rates: self.rates.0,
            tours_per_job: self.tours_per_job.0,
            attraction: self.attraction.0,
            time_sensitivity: self.time_sensitivity.0,
            mode_offsets: self.mode_offsets.0,
            modes_available: self.unavailable_modes.0,
            outbound: self.outbound.0,
            inbound: self.inbound.0,
        }
    }
}

impl ModeTable {
    fn parameters(self) -> ModeParameters {
        ModeParameters {
            time_sensitivity_per_min: self.time_sensitivity_per_min.0,
            effort_weight: self.effort_weight.0,
            value_of_time_eur_ph: self.value_of_time.0,
            car_time_factor: self.car_time_factor.0,
            car_terminal_min: self.car_terminal.0,
            car_cost_eur_pkm: self.car_cost.0,
            motorcycle_terminal_min: self.motorcycle_terminal.0,
            motorcycle_cost_eur_pkm: self.motorcycle_cost.0,
            walk_speed_kmph: self.walk_speed.0,
            bicycle_speed_kmph: self.bicycle_speed.0,
            bicycle_terminal_min: self.bicycle_terminal.0,
            walk_distance_factor: self.walk_distance_factor.0,
            bus_speed_kmph: self.bus_speed.0,
            bus_distance_factor: self.bus_distance_factor.0,
            bus_access_min: self.bus_access.0,
            bus_wait_min: self.bus_wait.0,
            bus_fare_eur: self.bus_fare.0,
            duration_log_deviation: self.duration_log_deviation.0,
        }
    }
}

/// A distribution with where it is from.
struct Uncertain(Distribution);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncertainEntry {
    distribution: DistributionTable,
    unit: String,
    source: String,
    year: i16,
    reason: String,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum DistributionTable {
    Fixed { value: f64 },
    Uniform { low: f64, high: f64 },
    Normal { mean: f64, deviation: f64 },
    TruncatedNormal { mean: f64, deviation: f64, low: f64, high: f64 },
    LogNormal { median: f64, log_deviation: f64 },
    Triangular { low: f64, mode: f64, high: f64 },
}

impl From<DistributionTable> for Distribution {
    fn from(table: DistributionTable) -> Self {
        match table {
            DistributionTable::Fixed { value } => Self::Fixed(value),
            DistributionTable::Uniform { low, high } => Self::Uniform { low, high },
            DistributionTable::Normal { mean, deviation } => Self::Normal { mean, deviation },
            DistributionTable::TruncatedNormal { mean, deviation, low, high } => {
                Self::TruncatedNormal { mean, deviation, low, high }
            }
            DistributionTable::LogNormal { median, log_deviation } => Self::LogNormal { median, log_deviation },
            DistributionTable::Triangular { low, mode, high } => Self::Triangular { low, mode, high },
        }
    }
}

impl Uncertain {
    fn read<'de, D: Deserializer<'de>>(deserializer: D, unit: &'static str) -> Result<Self, D::Error> {
        let entry = UncertainEntry::deserialize(deserializer)?;
        check_origin(&entry.unit, unit, &entry.source, entry.year, &entry.reason)?;
        let distribution = Distribution::from(entry.distribution);
        distribution.validate().map_err(D::Error::custom)?;
        Ok(Self(distribution))
    }
}

fn factor<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uncertain, D::Error> {
    Uncertain::read(deserializer, "factor")
}

fn utility<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uncertain, D::Error> {
    Uncertain::read(deserializer, "utility")
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
    #[serde(deserialize_with = "factor")]
    level: Uncertain,
    #[serde(deserialize_with = "factor")]
    purpose_level: Uncertain,
    #[serde(deserialize_with = "factor")]
    zone_production: Uncertain,
    #[serde(deserialize_with = "factor")]
    zone_attraction: Uncertain,
    #[serde(deserialize_with = "factor")]
    gate_count: Uncertain,
    #[serde(deserialize_with = "factor")]
    deterrence_rate: Uncertain,
    #[serde(deserialize_with = "utility")]
    mode_constant: Uncertain,
    #[serde(deserialize_with = "factor")]
    goods_level: Uncertain,
    #[serde(deserialize_with = "factor")]
    period_share: Uncertain,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CapacityUncertainty {
    #[serde(deserialize_with = "factor")]
    level: Uncertain,
    #[serde(deserialize_with = "factor")]
    known: Uncertain,
    #[serde(deserialize_with = "factor")]
    inferred: Uncertain,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VehicleFile {
    #[expect(dead_code, reason = "read before, as what decides how the rest is read")]
    format: u32,
    resident_car: VehicleTable,
    other_car: VehicleTable,
    exempt_car: VehicleTable,
    van: VehicleTable,
    heavy_vehicle: VehicleTable,
    bus: VehicleTable,
    motorcycle: VehicleTable,
    bicycle: VehicleTable,
    pedestrian: VehicleTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VehicleTable {
    passenger_car_units: Quantity<CarUnits>,
    value_of_time: Quantity<EuroPerHour>,
}

impl VehicleFile {
    fn registry(self) -> VehicleRegistry {
        VehicleRegistry::new(VehicleClass::ALL.map(|class| {
            let table = match class {
                VehicleClass::ResidentCar => &self.resident_car,
                VehicleClass::OtherCar => &self.other_car,
                VehicleClass::ExemptCar => &self.exempt_car,
                VehicleClass::Van => &self.van,
                VehicleClass::HeavyVehicle => &self.heavy_vehicle,
                VehicleClass::Bus => &self.bus,
                VehicleClass::Motorcycle => &self.motorcycle,
                VehicleClass::Bicycle => &self.bicycle,
                VehicleClass::Pedestrian => &self.pedestrian,
            };
            VehicleParameters {
                passenger_car_units: table.passenger_car_units.0,
                value_of_time_eur_ph: table.value_of_time.0,
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_files_are_valid() {
        let parameters = Parameters::built_in();
        assert_eq!(parameters.vehicles[VehicleClass::HeavyVehicle].passenger_car_units, 2.0);
        assert_eq!(parameters.demand.modes.walk_speed_kmph, 4.6);
        assert!(parameters.demand.purposes[engine::demand::TripPurpose::School as usize].modes_available[2]);
        assert!(!parameters.demand.purposes[engine::demand::TripPurpose::School as usize].modes_available[0]);
    }

    /// What the comment above the gates says follows from their shares.
    #[test]
    fn gates_have_the_peaks_and_directions_that_their_file_states() {
        let gates = Parameters::built_in().demand.gates;
        let share = |shares: &PeriodShares, name: &str| shares.iter().find(|(period, _)| period == name).unwrap().1;
        for (period, of_day, entering) in [("morning_peak", 0.135, 0.57), ("evening_peak", 0.21, 0.45)] {
            let (out, back) = (share(&gates.outbound, period), share(&gates.inbound, period));
            let enter = (1.0 - gates.resident_share) * out + gates.resident_share * back;
            let leave = (1.0 - gates.resident_share) * back + gates.resident_share * out;
            assert!(((enter + leave) / 2.0 - of_day).abs() < 0.0005, "{period}: {}", (enter + leave) / 2.0);
            assert!((enter / (enter + leave) - entering).abs() < 0.005, "{period}: {}", enter / (enter + leave));
        }
    }

    /// Replaces the first occurrence of `from` and returns the error of reading the file then, with the line of the change.
    fn broken(file: ParameterFile, from: &str, to: &str) -> (usize, String) {
        let start = file.text.find(from).unwrap_or_else(|| panic!("{} does not hold {from}", file.name));
        let line = 1 + file.text[..start].matches('\n').count();
        let text = file.text.replacen(from, to, 1);
        let file = ParameterFile { text: &text, ..file };
        let error = match file.name {
            "demand.toml" => read_demand(file).unwrap_err(),
            "uncertainty.toml" => read_uncertainty(file).unwrap_err(),
            _ => read_vehicles(file).unwrap_err(),
        };
        (line, error.to_string())
    }

    #[test]
    fn what_is_wrong_in_a_file_is_named_with_its_line() {
        for (file, from, to, says) in [
            (DEMAND, "walk_speed =", "walk_sped =", "unknown field `walk_sped`"),
            (DEMAND, "value = 4.6, unit = \"km/h\"", "value = 4.6, unit = \"m/s\"", "this value is in 'km/h'"),
            (DEMAND, "value = 4.6,", "value = -4.6,", "it must be a number above 0"),
            (DEMAND, "value = 4.6,", "value = \"fast\",", "invalid type"),
            (DEMAND, "morning_peak = 0.62", "morning_peak = 0.5", "they must sum to 1"),
            (DEMAND, "ages = [6, 13]", "ages = [4, 13]", "overlap"),
            (DEMAND, "\"car_driver\", \"motorcycle\"]", "\"horse\"]", "'horse' is not a mode"),
            (
                DEMAND,
                "value = 9, unit = \"EUR/h\", source = \"assumption\"",
                "value = 9, unit = \"EUR/h\", source = \"\"",
                "the source is empty",
            ),
            (DEMAND, "format = 1", "format = 2", "format 2 is not understood"),
            (DEMAND, "[goods]", "[goods", "expected"),
            (
                UNCERTAINTY,
                "median = 1, log_deviation = 0.08",
                "median = 0, log_deviation = 0.08",
                "median of a lognormal",
            ),
            (UNCERTAINTY, "kind = \"normal\"", "kind = \"cauchy\"", "unknown variant `cauchy`"),
            (UNCERTAINTY, "[capacity]\nlevel", "[capacity]\nlevl", "unknown field `levl`"),
            (VEHICLES, "value = 0.4, unit = \"pcu\"", "value = -0.4, unit = \"pcu\"", "not below 0"),
            (VEHICLES, "year = 2010", "year = 20100", ""),
        ] {
            let (line, message) = broken(file, from, to);
            let line = line + from.find('\n').map_or(0, |_| 1);
            assert!(message.starts_with(&format!("{}, line {line}: ", file.name)), "line {line}: {message}");
            assert!(message.contains(says), "{message}");
        }
    }

    #[test]
    fn a_missing_entry_is_named() {
        let line = DEMAND.text.lines().find(|line| line.starts_with("bus_fare")).unwrap();
        let (_, message) = broken(DEMAND, line, "");
        assert!(message.contains("missing field `bus_fare`"), "{message}");
        let (_, message) = broken(UNCERTAINTY, "median = 1, log_deviation = 0.08", "median = 2, log_deviation = 0.08");
        assert!(message.contains("demand_level is 2; it must be of median 1"), "{message}");
    }
}

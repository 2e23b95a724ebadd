//! The demand file: purposes, modes, gates, goods.

use std::collections::BTreeMap;

use engine::demand::{
    AgeRate, AttractionWeights, CHOSEN_MODES, DemandParameters, GateParameters, GoodsParameters, Mode, ModeParameters,
    PeriodShares, PurposeParameters,
};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::entry::{Entry, Quantity, check_shares};
use super::file::{ParameterFile, ParameterFileError, parse, whole_file};
use super::units::*;

/// The demand file of the built-in city.
pub const DEMAND: ParameterFile =
    ParameterFile { name: "demand.toml", text: include_str!("../../parameters/demand.toml") };

/// Reads a demand file.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_demand(file: ParameterFile) -> Result<DemandParameters, ParameterFileError> {
    let parameters = parse::<DemandFile>(file)?.parameters();
    parameters.validate().map_err(|errors| whole_file(file, &errors))?;
    Ok(parameters)
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

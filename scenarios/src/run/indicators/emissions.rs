//! What vehicles emit and consume in a day.
//!
//! Indicators B.1 and B.2 of the Italian guidelines for urban mobility plans (PUMS, DM 396/2019) are these by inhabitant and year.

use engine::city::RoadClass;
use engine::environment::emissions::{Emission, Rates};

use super::super::effects::SeedEffects;
use super::{Definition, define};

const GRAMS_PER_KILOGRAM: f64 = 1e3;
const GRAMS_PER_TONNE: f64 = 1e6;

/// What is told: id, names, unit, decimals, and the value of a day's sums.
type Row = (&'static str, [&'static str; 2], [&'static str; 2], u8, fn(&Rates) -> f64);

/// What is told of roads that are no motorways: those that a city plans.
const OFF_MOTORWAYS: [Row; 3] = [
    (
        "co2_off_motorways",
        ["CO₂ fuori dalle autostrade", "CO₂ off the motorways"],
        ["t al giorno", "t a day"],
        1,
        |sum| sum[Emission::Co2] / GRAMS_PER_TONNE,
    ),
    (
        "nox_off_motorways",
        ["NOx fuori dalle autostrade", "NOx off the motorways"],
        ["kg al giorno", "kg a day"],
        1,
        |sum| sum[Emission::Nox] / GRAMS_PER_KILOGRAM,
    ),
    (
        "pm10_off_motorways",
        ["PM10 fuori dalle autostrade", "PM10 off the motorways"],
        ["kg al giorno", "kg a day"],
        2,
        |sum| sum.pm10_g() / GRAMS_PER_KILOGRAM,
    ),
];

const FORMULA_OFF_MOTORWAYS: [&str; 2] = [
    "come sopra, senza autostrade e loro rampe, dove passa molto traffico di attraversamento",
    "as above, without motorways and their ramps, which carry much through traffic",
];

const ROWS: [Row; 10] = [
    ("co2", ["CO₂ allo scarico", "CO₂ at the exhaust"], ["t al giorno", "t a day"], 1, |sum| {
        sum[Emission::Co2] / GRAMS_PER_TONNE
    }),
    ("nox", ["Ossidi di azoto (NOx)", "Nitrogen oxides (NOx)"], ["kg al giorno", "kg a day"], 1, |sum| {
        sum[Emission::Nox] / GRAMS_PER_KILOGRAM
    }),
    (
        "no2",
        ["Biossido di azoto (NO₂) allo scarico", "Nitrogen dioxide (NO₂) at the exhaust"],
        ["kg al giorno", "kg a day"],
        1,
        |sum| sum[Emission::No2] / GRAMS_PER_KILOGRAM,
    ),
    ("pm10", ["Polveri sottili (PM10)", "Particles below 10 µm (PM10)"], ["kg al giorno", "kg a day"], 2, |sum| {
        sum.pm10_g() / GRAMS_PER_KILOGRAM
    }),
    ("pm25", ["Polveri finissime (PM2,5)", "Particles below 2.5 µm (PM2.5)"], ["kg al giorno", "kg a day"], 2, |sum| {
        sum.pm25_g() / GRAMS_PER_KILOGRAM
    }),
    ("co", ["Monossido di carbonio (CO)", "Carbon monoxide (CO)"], ["kg al giorno", "kg a day"], 0, |sum| {
        sum[Emission::Co] / GRAMS_PER_KILOGRAM
    }),
    (
        "nmvoc",
        ["Composti organici volatili non metanici", "Volatile organic compounds without methane"],
        ["kg al giorno", "kg a day"],
        1,
        |sum| sum[Emission::Nmvoc] / GRAMS_PER_KILOGRAM,
    ),
    ("nh3", ["Ammoniaca (NH₃)", "Ammonia (NH₃)"], ["kg al giorno", "kg a day"], 1, |sum| {
        sum[Emission::Nh3] / GRAMS_PER_KILOGRAM
    }),
    ("fuel", ["Carburanti consumati", "Fuel consumed"], ["litri al giorno", "litres a day"], 0, |sum| {
        sum[Emission::Fuel]
    }),
    ("electricity", ["Elettricità consumata", "Electricity consumed"], ["kWh al giorno", "kWh a day"], 0, |sum| {
        sum[Emission::Electricity]
    }),
];

const FORMULA: [&str; 2] = [
    "somma su tratti, ore e tipi di veicolo di percorrenza per fattore di emissione alla velocità media (EMEP/EEA 1.A.3.b, Tier 3), con partenze a freddo di auto e furgoni e usura di freni, gomme e strada; parco veicolare derivato da dati ACI; autobus di linea esclusi",
    "sum over links, hours and types of vehicle of distance times emission factor at the mean speed (EMEP/EEA 1.A.3.b, Tier 3), with cold starts of cars and vans and wear of brakes, tyres and road; the fleet is derived from ACI's figures; scheduled buses are not in it",
];

/// What vehicles emit and consume, in the order of [`values`].
pub(super) fn definitions() -> Vec<Definition> {
    let of = |formula| move |&(id, name, unit, decimals, _): &Row| define(id, name, unit, formula, decimals);
    ROWS.iter().map(of(FORMULA)).chain(OFF_MOTORWAYS.iter().map(of(FORMULA_OFF_MOTORWAYS))).collect()
}

/// The values of one seed, in the order of [`definitions`].
pub(super) fn values(effects: &SeedEffects) -> Vec<f64> {
    let all = effects.emitted.total_on(|_| true);
    let is_city = |class| !matches!(class, RoadClass::Motorway | RoadClass::MotorwayRamp);
    let off_motorways = effects.emitted.total_on(is_city);
    let of_all = ROWS.iter().map(|(.., value)| value(&all));
    of_all.chain(OFF_MOTORWAYS.iter().map(|(.., value)| value(&off_motorways))).collect()
}

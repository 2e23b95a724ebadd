//! The units of parameters, and which values a quantity in each can have.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// A unit, and which values a quantity in it can have.
pub(in crate::parameters) trait Unit {
    const NAME: &'static str;
    const VALID: &'static str;
    fn accepts(value: f64) -> bool;
}

/// What holds numbers of one unit.
pub(in crate::parameters) trait Numbers {
    /// All of them.
    fn numbers(&self) -> Vec<f64>;
}

impl Numbers for f64 {
    fn numbers(&self) -> Vec<f64> {
        vec![*self]
    }
}

impl Numbers for i32 {
    fn numbers(&self) -> Vec<f64> {
        vec![f64::from(*self)]
    }
}

impl Numbers for u32 {
    fn numbers(&self) -> Vec<f64> {
        vec![f64::from(*self)]
    }
}

impl Numbers for Vec<f64> {
    fn numbers(&self) -> Vec<f64> {
        self.clone()
    }
}

impl<const N: usize> Numbers for [f64; N] {
    fn numbers(&self) -> Vec<f64> {
        self.to_vec()
    }
}

impl<K> Numbers for BTreeMap<K, f64> {
    fn numbers(&self) -> Vec<f64> {
        self.values().copied().collect()
    }
}

/// The value, if a quantity in that unit can have it.
pub(super) fn accepted<U: Unit, E: serde::de::Error>(value: f64) -> Result<(), E> {
    if U::accepts(value) { Ok(()) } else { Err(E::custom(format!("the value is {value}; it must be {}", U::VALID))) }
}

/// A number, or several, that a quantity in a unit can have.
pub(super) struct Number<U, T = f64>(pub(super) T, PhantomData<U>);

impl<U: Unit, T: Numbers> Number<U, T> {
    pub(super) fn checked<E: serde::de::Error>(told: T) -> Result<Self, E> {
        for value in told.numbers() {
            accepted::<U, E>(value)?;
        }
        Ok(Self(told, PhantomData))
    }
}

impl<'de, U: Unit, T: Deserialize<'de> + Numbers> Deserialize<'de> for Number<U, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).and_then(Self::checked)
    }
}

/// A text that must say something.
pub(super) struct Text(pub(super) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim().is_empty() { Err(D::Error::custom("the text is empty; write it")) } else { Ok(Self(text)) }
    }
}

/// Declares tables of several numbers of one unit.
macro_rules! several {
    ($($(#[$about:meta])* $visible:vis struct $name:ident { $($field:ident),* $(,)? })*) => {$(
        $(#[$about])*
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        $visible struct $name {
            $($field: f64),*
        }
        impl $crate::parameters::units::Numbers for $name {
            fn numbers(&self) -> Vec<f64> {
                vec![$(self.$field),*]
            }
        }
    )*};
}
pub(super) use several;

macro_rules! units {
    ($($unit:ident: $name:literal, $valid:literal, $accepts:expr;)*) => {$(
        pub(in crate::parameters) struct $unit;
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
    Celsius: "C", "between -50 and 60", |value| (-50.0..=60.0).contains(&value);
    Year: "year", "between 1900 and 2200", |value| (1900.0..=2200.0).contains(&value);
    WholeYears: "years", "between 1 and 200", |value| (1.0..=200.0).contains(&value);
    WeekdaysPerYear: "weekdays/year", "between 1 and 366", |value| (1.0..=366.0).contains(&value);
    Growth: "1/year", "between -0.1 and 0.1", |value| (-0.1..=0.1).contains(&value);
    ConsumerPrices: "index, 2015 = 100", "a number above 0", |value| value > 0.0;
    EuroPerPersonHour: "EUR/(person*h)", "a number not below 0", |value| value >= 0.0;
    EuroPerKilogram: "EUR/kg", "a number not below 0", |value| value >= 0.0;
    EuroPerTonne: "EUR/t", "a number not below 0", |value| value >= 0.0;
    EuroPerDecibel: "EUR/(dB*person*year)", "a number not below 0", |value| value >= 0.0;
    UnitPrice: "", "a number not below 0: cut the distribution or make it lognormal", |value| value >= 0.0;
    ShareOfWorks: "share of works", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    Years: "years", "a number above 0", |value| value > 0.0;
    GramsPerKilometre: "g/km", "a number not below 0", |value| value >= 0.0;
    GramsPerMegajoule: "g/MJ", "a number not below 0", |value| value >= 0.0;
    MegajoulesPerLitre: "MJ/l", "a number above 0", |value| value > 0.0;
    KilowattHoursPerKilometre: "kWh/km", "a number not below 0", |value| value >= 0.0;
    Crashes: "crashes", "a number above 0", |value| value > 0.0;
    Sites: "sites", "a number above 0", |value| value > 0.0;
    PeoplePerYear: "people/year", "a number not below 0", |value| value >= 0.0;
    DeathsPerCrash: "deaths/crash", "a number not below 0", |value| value >= 0.0;
    InjuredInCrash: "injured/crash", "a number not below 1", |value| value >= 1.0;
    CrashesPerVehicleCrash: "crashes/crash of vehicles", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    CrashesPerDriveway: "crashes/(driveway*year)", "a number not below 0", |value| value >= 0.0;
    ShareOfCrashes: "share of crashes", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    ShareBetweenVehicles: "share of crashes between vehicles", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    ShareAtDriveways: "share of crashes at driveways", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    VehiclesPerDay: "vehicles/day", "a number above 0", |value| value > 0.0;
    FactorPerObject: "factor/(object/mile)", "a number above 0", |value| value > 0.0;
    Power: "power", "a finite number", |_| true;
    PowerAboveZero: "power", "a number above 0", |value| value > 0.0;
    PerKilometrePerHour: "1/(km/h)", "a finite number", |_| true;
    Coefficient: "1", "a finite number", |_| true;
    CoefficientNotNegative: "1", "a number not below 0", |value| value >= 0.0;
    CoefficientAboveZero: "1", "a number above 0", |value| value > 0.0;
    Overdispersion: "1", "a number not below 0", |value| value >= 0.0;
    StepSeconds: "s", "10 to 3600, a divisor of a day",
        |value| (10.0..=3600.0).contains(&value) && 86_400.0 % value == 0.0;
    Elevation: "degrees", "between 0.5 and 45", |value| (0.5..=45.0).contains(&value);
    Hectopascal: "hPa", "between 100 and 1100", |value| (100.0..=1100.0).contains(&value);
    AirTemperature: "degrees Celsius", "between -60 and 60", |value| (-60.0..=60.0).contains(&value);
    DaysOfYear: "days", "between 1 and 366", |value| (1.0..=366.0).contains(&value);
    ShareOfLight: "share of direct light", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    MetresAboveZero: "m", "a number above 0", |value| value > 0.0;
    Percent: "%", "between 0 and 100", |value| (0.0..=100.0).contains(&value);
    Decibels: "dB", "between -200 and 200", |value| (-200.0..=200.0).contains(&value);
    DecibelsByBand: "dB by octave band 63 Hz to 8 kHz", "between -200 and 200",
        |value| (-200.0..=200.0).contains(&value);
    DecibelsPerKelvin: "dB/K", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    ShareOfTime: "share of the time", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    ShareOfEnergy: "share of the energy", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    FactorToOne: "factor", "between 0 and 1", |value| (0.0..=1.0).contains(&value);
    LengthOverDistance: "length over distance", "above 0 and at most 1", |value| value > 0.0 && value <= 1.0;
    Metres: "m", "between 0 and 100", |value| (0.0..=100.0).contains(&value);
    MetresBetween: "m", "between 0.1 and 100", |value| (0.1..=100.0).contains(&value);
    StoreyMetres: "m", "between 1 and 20", |value| (1.0..=20.0).contains(&value);
    SquareMetres: "m2", "between 0 and 1000", |value| (0.0..=1000.0).contains(&value);
    Hours: "h", "between 0 and 24", |value| (0.0..=24.0).contains(&value);
    Utility: "utility", "a finite number", |_| true;
    CarUnits: "pcu", "a number not below 0", |value| value >= 0.0;
}

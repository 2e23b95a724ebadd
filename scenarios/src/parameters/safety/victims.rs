//! What was observed, what speed does, who is hurt in a crash and what that costs.

use engine::draws::Distribution;
use engine::safety::local_factor::{CalibrationNeeds, InjuredPerCrash};
use engine::safety::severity::{CrashCosts, ModeShare, SeverityParameters, VictimRates};
use engine::safety::speed::{BySeverity, SpeedModel};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::segments::KMPH_PER_MPS;
use crate::parameters::distribution::Uncertain;
use crate::parameters::entry::{Entry, Quantity};
use crate::parameters::units::{
    Crashes, DeathsPerCrash, Euro, InjuredInCrash, Number, PeoplePerYear, PerKilometrePerHour, Power, Sites, Text,
    Unit, Year, Years,
};

/// Victims that were observed, as a mean of some years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ObservedVictims {
    /// Injured people a year, not negative.
    pub injured_pa: f64,
    /// Dead people a year, not negative.
    pub deaths_pa: f64,
    /// Over how many years, above 0.
    pub years: f64,
}

/// What a change of mean speed does, by several authors; the first is for where nothing else is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpeedModels {
    /// Powers of urban streets.
    pub power_urban: SpeedModel<Distribution>,
    /// Powers of rural roads.
    pub power_nilsson: SpeedModel<Distribution>,
    /// Exponential, for each metre a second.
    pub exponential: SpeedModel<Distribution>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalibrationTable {
    crashes_min: Quantity<Crashes>,
    sites_min: Quantity<Sites, u32>,
}

impl CalibrationTable {
    pub(super) fn needs(&self) -> CalibrationNeeds {
        CalibrationNeeds { crashes_min: self.crashes_min.0, sites_min: self.sites_min.0 as usize }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ObservedTable {
    injured: Quantity<PeoplePerYear>,
    deaths: Quantity<PeoplePerYear>,
    years: Quantity<Years>,
}

impl ObservedTable {
    pub(super) fn victims(&self) -> ObservedVictims {
        ObservedVictims { injured_pa: self.injured.0, deaths_pa: self.deaths.0, years: self.years.0 }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpeedTables {
    power_urban: SpeedTable<Power>,
    power_nilsson: SpeedTable<Power>,
    exponential: SpeedTable<PerKilometrePerHour>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "U: Unit")]
struct SpeedTable<U> {
    injury: Uncertain<U>,
    serious: Uncertain<U>,
    fatal: Uncertain<U>,
}

impl<U> SpeedTable<U> {
    fn by_severity(&self) -> BySeverity<Distribution> {
        BySeverity { injury: self.injury.0, serious: self.serious.0, fatal: self.fatal.0 }
    }
}

impl SpeedTables {
    pub(super) fn models(&self) -> SpeedModels {
        let per_mps = |per_kmph: Distribution| per_kmph.scaled(KMPH_PER_MPS);
        SpeedModels {
            power_urban: SpeedModel::Power(self.power_urban.by_severity()),
            power_nilsson: SpeedModel::Power(self.power_nilsson.by_severity()),
            exponential: SpeedModel::Exponential(self.exponential.by_severity().map(per_mps)),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VictimTable {
    deaths_per_crash: Uncertain<DeathsPerCrash>,
    injured_per_crash: InjuredEntry,
    by_mode: Modes,
}

/// Injured in a crash, of which the calibration needs a spread that goes with the number.
struct InjuredEntry(InjuredPerCrash);

impl<'de> Deserialize<'de> for InjuredEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Uncertain::<InjuredInCrash>::deserialize(deserializer)?.0 {
            Distribution::LogNormal { median: injured, log_deviation } => {
                Ok(Self(InjuredPerCrash { injured, log_deviation }))
            }
            _ => {
                Err(D::Error::custom("give a log_normal distribution: the calibration reckons with its log_deviation"))
            }
        }
    }
}

/// Shares of victims by mode, from how many were hurt.
struct Modes(Vec<ModeShare>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModeTable {
    mode: Text,
    injured: Number<PeoplePerYear>,
    deaths: Number<PeoplePerYear>,
}

impl<'de> Deserialize<'de> for Modes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows: Vec<ModeTable> = Entry::deserialize(deserializer)?.checked(PeoplePerYear::NAME)?;
        let injured: f64 = rows.iter().map(|row| row.injured.0).sum();
        let deaths: f64 = rows.iter().map(|row| row.deaths.0).sum();
        if injured <= 0.0 || deaths <= 0.0 {
            let message =
                format!("{injured} injured and {deaths} dead in all have no shares; give more years or places");
            return Err(D::Error::custom(message));
        }
        let share = |row: ModeTable| ModeShare {
            mode: row.mode.0,
            deaths: row.deaths.0 / deaths,
            injured: row.injured.0 / injured,
        };
        Ok(Self(rows.into_iter().map(share).collect()))
    }
}

impl VictimTable {
    pub(super) fn injured_per_crash(&self) -> InjuredPerCrash {
        self.injured_per_crash.0
    }

    pub(super) fn deaths_per_crash(&self) -> Distribution {
        self.deaths_per_crash.0
    }

    pub(super) fn severity(self, costs: CrashCosts) -> SeverityParameters {
        let rates = VictimRates {
            deaths_per_crash: self.deaths_per_crash.0.median(),
            injured_per_crash: self.injured_per_crash.0.injured,
        };
        SeverityParameters { rates, modes: self.by_mode.0, costs }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CostTable {
    price_year: Quantity<Year, i32>,
    death: Quantity<Euro>,
    injured: Quantity<Euro>,
    crash: Quantity<Euro>,
}

impl CostTable {
    pub(super) fn costs(&self) -> CrashCosts {
        CrashCosts {
            death_eur: self.death.0,
            injured_eur: self.injured.0,
            crash_eur: self.crash.0,
            price_year: self.price_year.0,
        }
    }
}

//! Deaths and injured of crashes, by how they travelled, and what crashes cost society.
//!
//! Deaths and injured follow from crashes with dead or injured by rates of a national statistic (ACI-ISTAT, *Incidenti
//! stradali*); how they are shared among modes follows from the city's own injured. Costs are those of the Italian ministry of
//! infrastructure (*Costi sociali dell'incidentalità stradale*, parameters of 2018): for each death, for each injured and, beside
//! these, for each crash. Numbers stand in `scenarios/parameters/safety.toml`. Left out: serious and slight injuries apart,
//! which the Italian costs do not tell apart; what those cost who are hurt without a report; and crashes with damage alone, which
//! the ministry does not price.

use super::speed::BySeverity;
use super::{Checks, ParameterFault};

/// Deaths and injured; of a year, or of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Victims {
    /// Dead within 30 days.
    pub deaths: f64,
    /// Injured who live.
    pub injured: f64,
}

/// How many die and are injured in a crash with dead or injured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VictimRates {
    /// Deaths for each crash, not negative.
    pub deaths_per_crash: f64,
    /// Injured for each crash, not negative.
    pub injured_per_crash: f64,
}

/// How one mode's victims are among all.
#[derive(Clone, Debug, PartialEq)]
pub struct ModeShare {
    /// The mode, as in the file.
    pub mode: String,
    /// Its share of all deaths, 0 to 1; shares of all modes sum to 1.
    pub deaths: f64,
    /// Its share of all injured, 0 to 1; shares of all modes sum to 1.
    pub injured: f64,
}

/// What crashes cost society.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrashCosts {
    /// For each death, in euro.
    pub death_eur: f64,
    /// For each injured, in euro.
    pub injured_eur: f64,
    /// For each crash with dead or injured, beside its victims, in euro.
    pub crash_eur: f64,
    /// The year of whose prices they are.
    pub price_year: i32,
}

/// All that is assumed of severity.
#[derive(Clone, Debug, PartialEq)]
pub struct SeverityParameters {
    /// Victims of a crash.
    pub rates: VictimRates,
    /// Victims by mode.
    pub modes: Vec<ModeShare>,
    /// What they cost.
    pub costs: CrashCosts,
}

impl VictimRates {
    /// Deaths and injured of crashes with dead or injured.
    #[must_use]
    pub fn victims(&self, fatal_and_injury_crashes: f64) -> Victims {
        Victims {
            deaths: self.deaths_per_crash * fatal_and_injury_crashes,
            injured: self.injured_per_crash * fatal_and_injury_crashes,
        }
    }

    /// The same after a change of speed: injured go with crashes with injuries and deaths with fatal ones.
    #[must_use]
    pub fn victims_at_speed(&self, fatal_and_injury_crashes: f64, factors: &BySeverity<f64>) -> Victims {
        let before = self.victims(fatal_and_injury_crashes);
        Victims { deaths: before.deaths * factors.fatal, injured: before.injured * factors.injury }
    }
}

/// Victims by mode, in the order of the shares.
#[must_use]
pub fn by_mode(victims: Victims, shares: &[ModeShare]) -> Vec<(&str, Victims)> {
    let of =
        |share: &ModeShare| Victims { deaths: victims.deaths * share.deaths, injured: victims.injured * share.injured };
    shares.iter().map(|share| (share.mode.as_str(), of(share))).collect()
}

impl CrashCosts {
    /// What crashes and their victims cost, in euro of [`CrashCosts::price_year`].
    #[must_use]
    pub fn cost_eur(&self, crashes: f64, victims: Victims) -> f64 {
        self.crash_eur * crashes + self.death_eur * victims.deaths + self.injured_eur * victims.injured
    }
}

impl SeverityParameters {
    /// Checks every number against the range that its field states.
    ///
    /// # Errors
    /// All that are wrong.
    pub fn validate(&self) -> Result<(), Vec<ParameterFault>> {
        let mut checks = Checks::default();
        checks.not_negative("rates.deaths_per_crash", self.rates.deaths_per_crash);
        checks.not_negative("rates.injured_per_crash", self.rates.injured_per_crash);
        let (mut deaths, mut injured) = (0.0, 0.0);
        for share in &self.modes {
            checks.text("the name of a mode", &share.mode, "name the mode");
            checks.share(format!("modes.{}.deaths", share.mode), share.deaths);
            checks.share(format!("modes.{}.injured", share.mode), share.injured);
            deaths += share.deaths;
            injured += share.injured;
        }
        checks.unique("mode", self.modes.iter().map(|share| share.mode.as_str()));
        checks.sum_to_one("modes, deaths", deaths);
        checks.sum_to_one("modes, injured", injured);
        checks.not_negative("costs.death", self.costs.death_eur);
        checks.not_negative("costs.injured", self.costs.injured_eur);
        checks.not_negative("costs.crash", self.costs.crash_eur);
        checks.year("costs.price_year", self.costs.price_year);
        checks.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Italian ministry's parameters of 2018.
    const ITALY: CrashCosts =
        CrashCosts { death_eur: 1_812_989.0, injured_eur: 45_210.0, crash_eur: 12_394.0, price_year: 2018 };
    /// ACI-ISTAT 2023, urban roads: 122,011 crashes, 1,329 deaths, 155,980 injured.
    const URBAN: VictimRates =
        VictimRates { deaths_per_crash: 1_329.0 / 122_011.0, injured_per_crash: 155_980.0 / 122_011.0 };

    fn parameters() -> SeverityParameters {
        let share = |mode: &str, deaths, injured| ModeShare { mode: mode.to_owned(), deaths, injured };
        let modes = vec![share("car", 0.5, 0.7), share("walk", 0.5, 0.3)];
        SeverityParameters { rates: URBAN, modes, costs: ITALY }
    }

    /// ISTAT: 118,298 crashes with 2,395 deaths and 159,249 injured in 2020.
    #[test]
    fn the_crashes_of_italy_in_2020_cost_thirteen_billion() {
        let victims = Victims { deaths: 2_395.0, injured: 159_249.0 };
        assert!((ITALY.cost_eur(118_298.0, victims) / 1e9 - 13.007_9).abs() < 1e-4);
    }

    #[test]
    fn victims_of_all_urban_crashes_are_those_of_the_statistic() {
        let victims = URBAN.victims(122_011.0);
        assert!((victims.deaths - 1_329.0).abs() < 1e-9 && (victims.injured - 155_980.0).abs() < 1e-6);
    }

    #[test]
    fn modes_share_all_victims() {
        let victims = URBAN.victims(100.0);
        let parameters = parameters();
        assert_eq!(parameters.validate(), Ok(()));
        let shared = by_mode(victims, &parameters.modes);
        assert_eq!(shared[0].0, "car");
        let deaths: f64 = shared.iter().map(|(_, victims)| victims.deaths).sum();
        let injured: f64 = shared.iter().map(|(_, victims)| victims.injured).sum();
        assert!((deaths - victims.deaths).abs() < 1e-12 && (injured - victims.injured).abs() < 1e-12);
    }

    #[test]
    fn lower_speeds_spare_more_deaths_than_injured() {
        let factors = BySeverity { injury: 0.9, serious: 0.8, fatal: 0.7 };
        let (before, after) = (URBAN.victims(50.0), URBAN.victims_at_speed(50.0, &factors));
        assert_eq!(after.deaths, before.deaths * 0.7);
        assert_eq!(after.injured, before.injured * 0.9);
    }

    #[test]
    fn every_fault_of_the_parameters_is_told() {
        let mut wrong = parameters();
        wrong.rates.deaths_per_crash = f64::NAN;
        wrong.modes[1].mode = "car".to_owned();
        wrong.modes[0].injured = 0.6;
        wrong.costs.death_eur = -1.0;
        wrong.costs.price_year = 18;
        let faults = wrong.validate().unwrap_err();
        assert_eq!(faults.len(), 5, "{faults:?}");
    }
}

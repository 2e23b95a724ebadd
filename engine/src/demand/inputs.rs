//! What the demand model is given: people and attractors by zone, counts by gate, times and distances between them.

use super::{CHOSEN_MODES, Matrix, Mode};
use crate::city::{CityTables, RoadClass, TravelSurvey};
use crate::key::Key;
use crate::time::DayPlan;

/// A zone, as far as demand sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneActivity {
    /// Its key; what is drawn for it hangs on that, not on its place.
    pub key: Key,
    /// People who live in it.
    pub residents: f64,
    /// Jobs in it.
    pub jobs: f64,
    /// Places in schools and the university.
    pub school_places: f64,
    /// Attraction for services and shopping, in any unit.
    pub services: f64,
    /// Attraction for leisure and visits, in any unit.
    pub leisure: f64,
}

/// A gate, as far as demand sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct GateCount {
    /// Its key; what is drawn for it hangs on that, not on its place.
    pub key: Key,
    /// Vehicles a day, both directions together.
    pub daily_vehicles: f64,
    /// Heavy vehicles among them.
    pub daily_heavy_vehicles: f64,
    /// Share that passes through to another gate, 0 to 1.
    pub through_share: f64,
    /// Whether its road is a motorway.
    pub is_motorway: bool,
}

/// Everything that the demand of a city is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct DemandInputs {
    /// How the day is divided.
    pub day_plan: DayPlan,
    /// The zones.
    pub zones: Vec<ZoneActivity>,
    /// The gates.
    pub gates: Vec<GateCount>,
    /// Residents of the city by single year of age, from 0. Only the shares count; they are taken to be those of every zone.
    pub residents_by_age: Vec<f64>,
    /// What is observed of work trips inside the city.
    pub survey: TravelSurvey,
    /// Seconds by car on the empty network, from zones and gates (zones first) to zones and gates, connectors included.
    /// The diagonal is not read: a trip inside a zone takes half as long as one to the nearest other zone.
    pub car_time_s: Matrix,
    /// Metres by car, likewise.
    pub car_distance_m: Matrix,
}

/// What is wrong with the inputs.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InputError {
    /// There are too few zones to go between.
    #[error("demand needs at least two zones; there are {0}")]
    TooFewZones(usize),
    /// The skims are not over zones and gates.
    #[error("times and distances are over {found} places, but there are {expected} zones and gates")]
    Skims {
        /// Their size.
        found: usize,
        /// Zones and gates.
        expected: usize,
    },
    /// There is no way between two places of the base.
    #[error(
        "there is no way by car from '{from}' to '{to}'; in a base every zone and gate must be reached from every other"
    )]
    NoWay {
        /// Where from.
        from: Key,
        /// Where to.
        to: Key,
    },
    /// A number of a zone or gate is negative or no number.
    #[error("'{key}' has {field} {value}; it must be {valid}")]
    Value {
        /// The zone or gate.
        key: Key,
        /// Which number.
        field: &'static str,
        /// What it is.
        value: f64,
        /// What it may be, in words.
        valid: &'static str,
    },
    /// Nobody lives in the city, or an attractor is nowhere.
    #[error("the zones hold no {0} at all; trips that need them would have nowhere to go")]
    Nothing(&'static str),
    /// The ages are missing.
    #[error("the city does not say how old its residents are")]
    NoAges,
    /// There is no survey to fit to.
    #[error("the city holds no travel survey to fit its demand to")]
    NoSurvey,
    /// The survey's numbers do not make shares.
    #[error("travel survey: {0}")]
    Survey(String),
    /// More passes through one gate than can come from all the others.
    #[error(
        "through traffic of gate '{key}' ({through} a day) is more than that of all other gates together ({others}); lower its through_share"
    )]
    Through {
        /// The gate.
        key: Key,
        /// Its through traffic, vehicles a day.
        through: f64,
        /// That of the others.
        others: f64,
    },
}

impl DemandInputs {
    /// The inputs from a city's tables, zones and gates in the order of the tables, and its skims over them.
    ///
    /// # Errors
    /// [`InputError::NoAges`] or [`InputError::NoSurvey`] where the city does not have what is needed. The rest is
    /// checked when the demand is fitted.
    pub fn from_tables(tables: &CityTables, car_time_s: Matrix, car_distance_m: Matrix) -> Result<Self, InputError> {
        let population = tables.about.population.as_ref().ok_or(InputError::NoAges)?;
        let is_motorway = |junction: &Key| {
            tables.links.iter().any(|link| {
                link.facts.class == RoadClass::Motorway && (&link.facts.from == junction || &link.facts.to == junction)
            })
        };
        Ok(Self {
            day_plan: tables.about.day_plan.clone(),
            zones: Self::zones_of(tables),
            gates: tables
                .gates
                .iter()
                .map(|gate| GateCount {
                    key: gate.key.clone(),
                    daily_vehicles: gate.facts.daily_vehicles,
                    daily_heavy_vehicles: gate.facts.daily_heavy_vehicles,
                    through_share: gate.facts.through_share,
                    is_motorway: is_motorway(&gate.facts.junction),
                })
                .collect(),
            residents_by_age: population.by_age.clone(),
            survey: tables.about.survey.clone().ok_or(InputError::NoSurvey)?,
            car_time_s,
            car_distance_m,
        })
    }

    /// The zones of a city's tables, in their order: what a scenario that changes residents or jobs changes.
    #[must_use]
    pub fn zones_of(tables: &CityTables) -> Vec<ZoneActivity> {
        let activity = |zone: &crate::city::Record<crate::city::Zone>| ZoneActivity {
            key: zone.key.clone(),
            residents: zone.facts.residents,
            jobs: zone.facts.jobs,
            school_places: zone.facts.school_places,
            services: zone.facts.services,
            leisure: zone.facts.leisure,
        };
        tables.zones.iter().map(activity).collect()
    }

    /// Zones and gates together.
    #[must_use]
    pub fn place_count(&self) -> usize {
        self.zones.len() + self.gates.len()
    }

    /// The survey's share of each chosen mode, in the order of [`Mode::ALL`].
    ///
    /// # Errors
    /// [`InputError::Survey`] where a mode is unknown, missing, named twice or without share, or the shares exceed 1.
    pub fn surveyed_modes(&self) -> Result<[f64; CHOSEN_MODES], InputError> {
        let wrong = |text: String| Err(InputError::Survey(text));
        let mut shares = [0.0; CHOSEN_MODES];
        for (name, share) in &self.survey.mode_shares {
            let Some(mode) = Mode::from_name(name).filter(|&mode| mode != Mode::Other) else {
                return wrong(format!("mode '{name}' is unknown"));
            };
            let place = &mut shares[mode as usize];
            if *place != 0.0 {
                return wrong(format!("mode '{name}' is named twice"));
            }
            *place = *share;
        }
        for (mode, share) in Mode::ALL.into_iter().zip(shares) {
            if !(share > 0.0 && share < 1.0) {
                return wrong(format!("the share of {} is {share}; it must be above 0 and below 1", mode.name()));
            }
        }
        let sum: f64 = shares.iter().sum();
        if sum > 1.0 + 1e-9 {
            return wrong(format!("the mode shares sum to {sum}, which is more than 1"));
        }
        Ok(shares)
    }

    /// The survey's share of each duration band, scaled to sum to 1 where rounding left them short of it.
    ///
    /// # Errors
    /// [`InputError::Survey`] where bands do not ascend, or shares are not positive, too few, or off 1 by over two per cent.
    pub fn surveyed_durations(&self) -> Result<Vec<f64>, InputError> {
        let wrong = |text: String| Err(InputError::Survey(text));
        let (ends, shares) = (&self.survey.duration_bands_min, &self.survey.duration_shares);
        if shares.len() != ends.len() + 1 || shares.len() < 3 {
            return wrong(format!("{} shares do not fit {} duration bands", shares.len(), ends.len() + 1));
        }
        let ascends =
            ends.windows(2).all(|pair| pair[0] < pair[1]) && ends[0] > 0.0 && ends[ends.len() - 1].is_finite();
        if !ascends {
            return wrong("the ends of the duration bands must ascend from above 0".to_owned());
        }
        if let Some(share) = shares.iter().find(|share| !(**share > 0.0 && **share < 1.0)) {
            return wrong(format!("the share of a duration band is {share}; it must be above 0 and below 1"));
        }
        let sum: f64 = shares.iter().sum();
        if (sum - 1.0).abs() > 0.02 {
            return wrong(format!("the duration shares sum to {sum}, not to 1"));
        }
        Ok(shares.iter().map(|share| share / sum).collect())
    }

    /// Checks everything but the survey.
    pub(super) fn check(&self) -> Result<(), InputError> {
        check_zones(&self.zones)?;
        self.check_gates()?;
        let ages: f64 = self.residents_by_age.iter().sum();
        if !(ages.is_finite() && ages > 0.0) || self.residents_by_age.iter().any(|&people| people < 0.0) {
            return Err(InputError::NoAges);
        }
        let expected = self.place_count();
        for skim in [&self.car_time_s, &self.car_distance_m] {
            if skim.size() != expected {
                return Err(InputError::Skims { found: skim.size(), expected });
            }
            for from in 0..expected {
                for to in (0..expected).filter(|&to| to != from) {
                    if !(skim.at(from, to).is_finite() && skim.at(from, to) > 0.0) {
                        return Err(InputError::NoWay { from: self.key(from), to: self.key(to) });
                    }
                }
            }
        }
        Ok(())
    }

    fn check_gates(&self) -> Result<(), InputError> {
        for gate in &self.gates {
            let number = |field, value, high, valid| in_range(&gate.key, field, value, high, valid);
            number("daily_vehicles", gate.daily_vehicles, f64::MAX, "a number not below 0")?;
            number(
                "daily_heavy_vehicles",
                gate.daily_heavy_vehicles,
                gate.daily_vehicles,
                "between 0 and daily_vehicles",
            )?;
            number("through_share", gate.through_share, 1.0, "between 0 and 1")?;
        }
        Ok(())
    }

    fn key(&self, place: usize) -> Key {
        match self.zones.get(place) {
            Some(zone) => zone.key.clone(),
            None => self.gates[place - self.zones.len()].key.clone(),
        }
    }
}

/// Checks the zones alone.
pub(super) fn check_zones(zones: &[ZoneActivity]) -> Result<(), InputError> {
    if zones.len() < 2 {
        return Err(InputError::TooFewZones(zones.len()));
    }
    type Field = (&'static str, fn(&ZoneActivity) -> f64);
    let fields: [Field; 5] = [
        ("residents", |zone| zone.residents),
        ("jobs", |zone| zone.jobs),
        ("school_places", |zone| zone.school_places),
        ("services", |zone| zone.services),
        ("leisure", |zone| zone.leisure),
    ];
    for (field, value) in fields {
        for zone in zones {
            in_range(&zone.key, field, value(zone), f64::MAX, "a number not below 0")?;
        }
        if zones.iter().all(|zone| value(zone) == 0.0) {
            return Err(InputError::Nothing(field));
        }
    }
    Ok(())
}

fn in_range(key: &Key, field: &'static str, value: f64, high: f64, valid: &'static str) -> Result<(), InputError> {
    if value >= 0.0 && value <= high {
        Ok(())
    } else {
        Err(InputError::Value { key: key.clone(), field, value, valid })
    }
}

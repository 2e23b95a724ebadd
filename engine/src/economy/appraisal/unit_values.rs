//! What one of everything is worth: an hour, a kilometre, a kilogram, a tonne, a decibel, a crash.
//!
//! All are in euro of [`UnitValues::price_year`]. Each is a number, or the distribution of one: what is not known is drawn or varied
//! by name ([`UnitValues::uncertain`], [`UnitValues::at`]). The path of carbon prices and the bands of noise are each moved as a whole,
//! by a level around 1, since whoever doubts one year's price doubts them all.

use crate::draws::Distribution;
use crate::economy::schedule::at_year;
use crate::economy::sensitivity::Uncertain;
use crate::safety::severity::CrashCosts;
use crate::safety::{Checks, ParameterFault};

/// What a class of users values.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassValues<T = f64> {
    /// The class, as user changes name it: a vehicle, a purpose, or both.
    pub class: String,
    /// An hour of one trip, everybody in the vehicle together.
    pub time_eur_ph: T,
    /// A kilometre of one trip, as far as it costs its users.
    pub operating_eur_pkm: T,
}

/// What a pollutant costs.
#[derive(Clone, Debug, PartialEq)]
pub struct PollutantCost<T = f64> {
    /// The pollutant, as external changes name it.
    pub pollutant: String,
    /// A kilogram of it.
    pub cost_eur_pkg: T,
}

/// What a tonne of carbon dioxide costs, by the year in which it is let out.
#[derive(Clone, Debug, PartialEq)]
pub struct CarbonPath<T = f64> {
    /// Prices of some years in euro a tonne, in rising order; straight lines between them.
    pub points_eur_pt: Vec<(i32, f64)>,
    /// What all are multiplied by; 1 for the path as it stands.
    pub level: T,
}

/// What noise at the front of a home costs a person a year.
#[derive(Clone, Debug, PartialEq)]
pub struct NoiseCosts<T = f64> {
    /// Bands of Lden, quietest first: from how many decibels on, and what each decibel above costs until the next band begins.
    pub bands_eur_pdb: Vec<(f64, f64)>,
    /// What all are multiplied by; 1 for the bands as they stand.
    pub level: T,
}

/// What crashes cost.
#[derive(Clone, Debug, PartialEq)]
pub struct CrashValues<T = f64> {
    /// In prices of [`UnitValues::price_year`].
    pub costs: CrashCosts,
    /// What all are multiplied by; 1 for the costs as they stand.
    pub level: T,
}

/// What one of everything is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitValues<T = f64> {
    /// The year of whose prices they are.
    pub price_year: i32,
    /// By class of users.
    pub classes: Vec<ClassValues<T>>,
    /// By how much an hour is worth more every year, as a share of the year before.
    pub time_growth_pa: T,
    /// By pollutant.
    pub air: Vec<PollutantCost<T>>,
    /// Climate.
    pub carbon: CarbonPath<T>,
    /// Noise.
    pub noise: NoiseCosts<T>,
    /// Crashes.
    pub crashes: CrashValues<T>,
}

impl<T> UnitValues<T> {
    /// The same of something else, by the name of each value; always in the same order.
    fn map<U>(&self, mut of: impl FnMut(String, &T) -> U) -> UnitValues<U> {
        let classes = self.classes.iter().map(|values| ClassValues {
            class: values.class.clone(),
            time_eur_ph: of(format!("time of {}", values.class), &values.time_eur_ph),
            operating_eur_pkm: of(format!("operating cost of {}", values.class), &values.operating_eur_pkm),
        });
        let classes = classes.collect();
        let time_growth_pa = of("growth of the value of time".to_owned(), &self.time_growth_pa);
        let air = self.air.iter().map(|cost| PollutantCost {
            pollutant: cost.pollutant.clone(),
            cost_eur_pkg: of(format!("cost of {}", cost.pollutant), &cost.cost_eur_pkg),
        });
        UnitValues {
            price_year: self.price_year,
            classes,
            time_growth_pa,
            air: air.collect(),
            carbon: CarbonPath {
                points_eur_pt: self.carbon.points_eur_pt.clone(),
                level: of("level of the carbon price".to_owned(), &self.carbon.level),
            },
            noise: NoiseCosts {
                bands_eur_pdb: self.noise.bands_eur_pdb.clone(),
                level: of("level of noise costs".to_owned(), &self.noise.level),
            },
            crashes: CrashValues {
                costs: self.crashes.costs,
                level: of("level of crash costs".to_owned(), &self.crashes.level),
            },
        }
    }
}

impl UnitValues<Distribution> {
    /// Every value that is a distribution, by name, in the order that [`UnitValues::at`] takes them.
    #[must_use]
    pub fn uncertain(&self) -> Vec<Uncertain> {
        let mut all = Vec::new();
        let _: UnitValues<()> = self.map(|name, &distribution| all.push(Uncertain { name, distribution }));
        all
    }

    /// The values at the median of each.
    #[must_use]
    pub fn median(&self) -> UnitValues {
        self.map(|_, distribution| distribution.median())
    }

    /// The values with those numbers, in the order of [`UnitValues::uncertain`]; the median where there are too few.
    #[must_use]
    pub fn at(&self, values: &[f64]) -> UnitValues {
        let mut values = values.iter().copied();
        self.map(|_, distribution| values.next().unwrap_or_else(|| distribution.median()))
    }

    /// Checks the distributions, and everything else at their median.
    ///
    /// # Errors
    /// All that are wrong.
    pub fn validate(&self) -> Result<(), Vec<ParameterFault>> {
        let mut checks = Checks::default();
        for parameter in self.uncertain() {
            checks.distribution(parameter.name, &parameter.distribution);
        }
        checks.finish()?;
        self.median().validate()
    }
}

impl UnitValues {
    /// What an hour of a class is worth in a year; none if there is no such class.
    #[must_use]
    pub fn time_eur_ph(&self, class: &str, year: i32) -> Option<f64> {
        let growth = libm::pow(1.0 + self.time_growth_pa, f64::from(year) - f64::from(self.price_year));
        self.class(class).map(|values| values.time_eur_ph * growth)
    }

    /// What a class values; none if there is no such class.
    #[must_use]
    pub fn class(&self, class: &str) -> Option<&ClassValues> {
        self.classes.iter().find(|values| values.class == class)
    }

    /// What a kilogram of a pollutant costs; none if there is no such pollutant.
    #[must_use]
    pub fn air_eur_pkg(&self, pollutant: &str) -> Option<f64> {
        self.air.iter().find(|cost| cost.pollutant == pollutant).map(|cost| cost.cost_eur_pkg)
    }

    /// Checks every number against the range that its field states.
    ///
    /// # Errors
    /// All that are wrong.
    pub fn validate(&self) -> Result<(), Vec<ParameterFault>> {
        let mut checks = Checks::default();
        checks.year("price_year", self.price_year);
        for values in &self.classes {
            checks.text("the name of a class", &values.class, "name the class of users");
            checks.not_negative(format!("classes.{}.time", values.class), values.time_eur_ph);
            checks.not_negative(format!("classes.{}.operating", values.class), values.operating_eur_pkm);
        }
        checks.unique("class", self.classes.iter().map(|values| values.class.as_str()));
        checks.range("time_growth", self.time_growth_pa, (-0.1, 0.1), "between -0.1 and 0.1 a year");
        for cost in &self.air {
            checks.text("the name of a pollutant", &cost.pollutant, "name the pollutant");
            checks.not_negative(format!("air.{}", cost.pollutant), cost.cost_eur_pkg);
        }
        checks.unique("pollutant", self.air.iter().map(|cost| cost.pollutant.as_str()));
        checks.positive("number of years of the carbon path", self.carbon.points_eur_pt.len() as f64);
        checks.rising("carbon, years", self.carbon.points_eur_pt.iter().map(|&(year, _)| f64::from(year)));
        for &(year, price) in &self.carbon.points_eur_pt {
            checks.not_negative(format!("carbon.{year}"), price);
        }
        checks.rising("noise, bands", self.noise.bands_eur_pdb.iter().map(|band| band.0));
        for &(from_db, cost) in &self.noise.bands_eur_pdb {
            checks.not_negative(format!("noise from {from_db} dB"), cost);
        }
        checks.not_negative("carbon.level", self.carbon.level);
        checks.not_negative("noise.level", self.noise.level);
        checks.not_negative("crashes.level", self.crashes.level);
        let costs = &self.crashes.costs;
        checks.not_negative("crashes.death", costs.death_eur);
        checks.not_negative("crashes.injured", costs.injured_eur);
        checks.not_negative("crashes.crash", costs.crash_eur);
        let same_year = (f64::from(self.price_year), f64::from(self.price_year));
        checks.range(
            "crashes.price_year",
            f64::from(costs.price_year),
            same_year,
            "the year of all unit values; bring the costs of crashes to it by a price index",
        );
        checks.finish()
    }
}

impl CarbonPath {
    /// What a tonne costs in a year; none outside the years of the path.
    #[must_use]
    pub fn price_eur_pt(&self, year: i32) -> Option<f64> {
        let (first, last) = (self.points_eur_pt.first()?.0, self.points_eur_pt.last()?.0);
        if !(first..=last).contains(&year) {
            return None;
        }
        at_year(&self.points_eur_pt, year).map(|price| price * self.level)
    }
}

impl NoiseCosts {
    /// What a level at the front of a home costs a person a year: every decibel at the price of its band.
    #[must_use]
    pub fn cost_eur_pa(&self, lden_db: f64) -> f64 {
        let ends = self.bands_eur_pdb.iter().skip(1).map(|band| band.0).chain([f64::INFINITY]);
        let bands = self.bands_eur_pdb.iter().zip(ends);
        let cost: f64 = bands.map(|(&(from_db, cost), to_db)| cost * (lden_db.min(to_db) - from_db).max(0.0)).sum();
        cost * self.level
    }
}

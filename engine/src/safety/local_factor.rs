//! The local factor: how many crashes there are here for each that functions from elsewhere predict.
//!
//! Highway Safety Manual (2010), appendix A to part C, section A.1: observed over predicted crashes, over sites of which there
//! should be at least 30 with at least 100 crashes a year together. Its spread follows Bahar (2014), *User's Guide to
//! Develop Highway Safety Manual Safety Performance Function Calibration Factors*, NCHRP 20-7(332): the variance of the observed
//! sum is Σ (y + k y²). Where only the crashes of a whole city are known, the sum over its sites is held against them; the
//! spread is then that of a count alone, since the sites' own deviations average out over hundreds of them. Crashes may
//! be known as injured people: they are divided by how many are injured in one ([`InjuredPerCrash`]). Left out: factors for each
//! kind of site or severity (a city-wide sum holds one number), and the crashes that no police comes to, of which there are
//! many with bicycles alone.

use crate::draws::Distribution;

/// Where a local factor is from.
#[derive(Clone, Debug, PartialEq)]
pub enum FactorOrigin {
    /// Said by somebody: a study, or an assumption.
    Given {
        /// Who says so, and why.
        source: String,
        /// The year it describes.
        year: i32,
    },
    /// Calibrated on the crashes of a whole city.
    CityWide {
        /// Crashes with dead or injured that were observed, a year.
        observed_pa: f64,
        /// Over how many years.
        years: f64,
        /// What the functions predict, a year.
        predicted_pa: f64,
    },
    /// Calibrated on sites one by one.
    Sites {
        /// How many.
        sites: usize,
        /// Crashes observed at all of them, a year.
        observed_pa: f64,
        /// What the functions predict, a year.
        predicted_pa: f64,
    },
}

/// How many crashes there are in a place for each that the functions predict; there is no default.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalFactor {
    value: f64,
    log_deviation: f64,
    origin: FactorOrigin,
}

/// Why there is no local factor.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LocalFactorFault {
    /// A number that cannot be.
    #[error("{field} is {value}; give {valid}")]
    Number {
        /// Which number.
        field: &'static str,
        /// What it is.
        value: f64,
        /// What it may be, in words.
        valid: &'static str,
    },
    /// Nobody says where it is from.
    #[error("a local factor of {value} is given without a source; say where it is from, or 'assumption' and why")]
    NoSource {
        /// The factor.
        value: f64,
    },
    /// Too few crashes to say anything.
    #[error(
        "{observed} crashes were observed in {years} years and {needed} are needed; add about {years_more} more years, or sites"
    )]
    TooFewCrashes {
        /// How many were observed.
        observed: f64,
        /// Over how many years.
        years: f64,
        /// How many are needed.
        needed: f64,
        /// Years to add at the rate observed; infinite where there was none.
        years_more: f64,
    },
    /// Too few sites.
    #[error(
        "{sites} sites were given and {needed} are needed; add sites of the same kind, chosen without looking at their crashes"
    )]
    TooFewSites {
        /// How many were given.
        sites: usize,
        /// How many are needed.
        needed: usize,
    },
    /// The functions predict nothing.
    #[error("the functions predict no crashes; give sites with traffic")]
    NothingPredicted,
}

/// What a calibration needs at least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationNeeds {
    /// Crashes observed in all.
    pub crashes_min: f64,
    /// Sites, where they are looked at one by one.
    pub sites_min: usize,
}

/// How many people are injured in a crash with injuries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InjuredPerCrash {
    /// Injured for each crash; 1 or more.
    pub injured: f64,
    /// Standard deviation of its natural logarithm: how far the city may be from where the number is from.
    pub log_deviation: f64,
}

/// Crashes with dead or injured of a whole city.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CityCrashes {
    /// How many were observed, in all years together.
    pub crashes: f64,
    /// Over how many years.
    pub years: f64,
    /// Standard deviation of the natural logarithm of what else may be wrong with the number, 0 if it was counted.
    pub log_deviation: f64,
}

impl CityCrashes {
    /// Crashes from injured people a year, as a mean of some years.
    ///
    /// # Errors
    /// Where numbers cannot be.
    pub fn from_injured(injured_pa: f64, years: f64, ratio: InjuredPerCrash) -> Result<Self, LocalFactorFault> {
        checked("the number of injured people a year", injured_pa, 0.0, "a number not below 0")?;
        checked("the number of years", years, f64::MIN_POSITIVE, "a number above 0")?;
        checked("injured people for each crash", ratio.injured, 1.0, "1 or more")?;
        checked("the deviation of that ratio", ratio.log_deviation, 0.0, "a number not below 0")?;
        Ok(Self { crashes: injured_pa / ratio.injured * years, years, log_deviation: ratio.log_deviation })
    }
}

/// A site whose crashes were counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountedSite {
    /// Crashes observed, in all years together.
    pub observed: f64,
    /// Over how many years.
    pub years: f64,
    /// What the functions predict, a year.
    pub predicted_pa: f64,
    /// Overdispersion of the prediction.
    pub overdispersion: f64,
}

impl LocalFactor {
    /// A factor that somebody says: positive, with its source and year, and how far it may be off, as the standard deviation of its
    /// natural logarithm.
    ///
    /// # Errors
    /// Where it is not positive or nobody says where it is from.
    pub fn given(value: f64, log_deviation: f64, source: &str, year: i32) -> Result<Self, LocalFactorFault> {
        checked("the local factor", value, f64::MIN_POSITIVE, "a number above 0")?;
        checked("the deviation of the local factor", log_deviation, 0.0, "a number not below 0")?;
        if source.trim().is_empty() {
            return Err(LocalFactorFault::NoSource { value });
        }
        Ok(Self { value, log_deviation, origin: FactorOrigin::Given { source: source.to_owned(), year } })
    }

    /// The factor that makes a city's sites together have the crashes that were observed. `predicted_pa` is the sum over its sites
    /// of [`uncalibrated_fatal_and_injury_pa`](super::performance::Uncalibrated::uncalibrated_fatal_and_injury_pa).
    ///
    /// # Errors
    /// Where too few crashes were observed, nothing is predicted or numbers cannot be.
    pub fn city_wide(
        observed: CityCrashes,
        predicted_pa: f64,
        needs: CalibrationNeeds,
    ) -> Result<Self, LocalFactorFault> {
        let CityCrashes { crashes, years, log_deviation } = observed;
        checked("the number of crashes observed", crashes, 0.0, "a number not below 0")?;
        checked("the number of years", years, f64::MIN_POSITIVE, "a number above 0")?;
        checked("the deviation of the crashes", log_deviation, 0.0, "a number not below 0")?;
        enough(crashes, years, needs.crashes_min)?;
        let predicted_pa = positive_prediction(predicted_pa)?;
        let observed_pa = crashes / years;
        Ok(Self {
            value: observed_pa / predicted_pa,
            log_deviation: (1.0 / crashes + log_deviation * log_deviation).sqrt(),
            origin: FactorOrigin::CityWide { observed_pa, years, predicted_pa },
        })
    }

    /// The factor of sites whose crashes were counted one by one.
    ///
    /// # Errors
    /// Where there are too few sites or crashes, nothing is predicted or numbers cannot be.
    pub fn of_sites(sites: &[CountedSite], needs: CalibrationNeeds) -> Result<Self, LocalFactorFault> {
        let (mut observed, mut predicted, mut variance) = (0.0, 0.0, 0.0);
        let (mut observed_pa, mut predicted_pa, mut years_max) = (0.0, 0.0, 0.0_f64);
        for site in sites {
            checked("the number of crashes at a site", site.observed, 0.0, "a number not below 0")?;
            checked("the number of years of a site", site.years, f64::MIN_POSITIVE, "a number above 0")?;
            checked("the prediction of a site", site.predicted_pa, 0.0, "a number not below 0")?;
            checked("the overdispersion of a site", site.overdispersion, 0.0, "a number not below 0")?;
            observed += site.observed;
            predicted += site.predicted_pa * site.years;
            variance += site.observed + site.overdispersion * site.observed * site.observed;
            observed_pa += site.observed / site.years;
            predicted_pa += site.predicted_pa;
            years_max = years_max.max(site.years);
        }
        if sites.len() < needs.sites_min {
            return Err(LocalFactorFault::TooFewSites { sites: sites.len(), needed: needs.sites_min });
        }
        enough(observed, years_max, needs.crashes_min)?;
        let predicted = positive_prediction(predicted)?;
        Ok(Self {
            value: observed / predicted,
            log_deviation: variance.sqrt() / observed,
            origin: FactorOrigin::Sites { sites: sites.len(), observed_pa, predicted_pa },
        })
    }

    /// The factor.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Where it is from.
    #[must_use]
    pub fn origin(&self) -> &FactorOrigin {
        &self.origin
    }

    /// How it may fall: lognormal around its value.
    #[must_use]
    pub fn distribution(&self) -> Distribution {
        Distribution::LogNormal { median: self.value, log_deviation: self.log_deviation }
    }

    /// The same factor with a value drawn from [`LocalFactor::distribution`], by its probability (0 to 1, both excluded).
    #[must_use]
    pub fn drawn(&self, probability: f64) -> Self {
        Self { value: self.distribution().quantile(probability), ..self.clone() }
    }
}

fn checked(field: &'static str, value: f64, low: f64, valid: &'static str) -> Result<(), LocalFactorFault> {
    if value >= low && value.is_finite() { Ok(()) } else { Err(LocalFactorFault::Number { field, value, valid }) }
}

fn positive_prediction(predicted: f64) -> Result<f64, LocalFactorFault> {
    checked("the prediction", predicted, 0.0, "a number not below 0")?;
    if predicted > 0.0 { Ok(predicted) } else { Err(LocalFactorFault::NothingPredicted) }
}

fn enough(observed: f64, years: f64, needed: f64) -> Result<(), LocalFactorFault> {
    // No count at all would leave the factor without a spread.
    let needed = needed.max(1.0);
    if observed >= needed {
        return Ok(());
    }
    let years_more = libm::ceil((needed - observed) * years / observed);
    Err(LocalFactorFault::TooFewCrashes { observed, years, needed, years_more })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDS: CalibrationNeeds = CalibrationNeeds { crashes_min: 100.0, sites_min: 30 };
    const COUNTED: CityCrashes = CityCrashes { crashes: 400.0, years: 4.0, log_deviation: 0.0 };

    #[test]
    fn a_city_with_half_the_crashes_predicted_has_a_factor_of_one_half() {
        let factor = LocalFactor::city_wide(COUNTED, 200.0, NEEDS).unwrap();
        assert_eq!(factor.value(), 0.5);
        let origin = FactorOrigin::CityWide { observed_pa: 100.0, years: 4.0, predicted_pa: 200.0 };
        assert_eq!(factor.origin(), &origin);
        // A count of 400 is known to a twentieth.
        assert_eq!(factor.distribution(), Distribution::LogNormal { median: 0.5, log_deviation: 0.05 });
    }

    /// Alessandria: 288.75 injured adults a year as a mean of four years (the city's sums by mode and age, from ISTAT), 155,980
    /// injured in 122,011 crashes on the urban roads of Italy (ACI-ISTAT, *Incidenti stradali*, 2023).
    #[test]
    fn crashes_of_alessandria_follow_from_its_injured() {
        let ratio = InjuredPerCrash { injured: 155_980.0 / 122_011.0, log_deviation: 0.05 };
        let crashes = CityCrashes::from_injured(288.75, 4.0, ratio).unwrap();
        assert!((crashes.crashes / crashes.years - 225.866).abs() < 1e-3, "{crashes:?}");
        let factor = LocalFactor::city_wide(crashes, 300.0, NEEDS).unwrap();
        assert!((factor.value() - 0.752_888).abs() < 1e-6);
        let Distribution::LogNormal { log_deviation, .. } = factor.distribution() else { panic!("lognormal") };
        assert!((log_deviation - libm::hypot(0.05, 1.0 / libm::sqrt(4.0 * 225.866_35))).abs() < 1e-7);
    }

    #[test]
    fn too_few_crashes_say_how_many_years_are_missing() {
        let few = CityCrashes { crashes: 20.0, years: 2.0, log_deviation: 0.0 };
        let fault = LocalFactor::city_wide(few, 10.0, NEEDS).unwrap_err();
        let wanted = LocalFactorFault::TooFewCrashes { observed: 20.0, years: 2.0, needed: 100.0, years_more: 8.0 };
        assert_eq!(fault, wanted);
        assert!(fault.to_string().contains("8 more years"));
        let none = CityCrashes { crashes: 0.0, ..few };
        let needs = CalibrationNeeds { crashes_min: 0.0, sites_min: 0 };
        assert!(matches!(
            LocalFactor::city_wide(none, 10.0, needs),
            Err(LocalFactorFault::TooFewCrashes { years_more: f64::INFINITY, .. })
        ));
    }

    #[test]
    fn sites_are_weighed_by_their_years() {
        let site = |observed, years| CountedSite { observed, years, predicted_pa: 2.0, overdispersion: 0.5 };
        let mut sites = vec![site(8.0, 2.0); 20];
        sites.extend(vec![site(6.0, 1.0); 20]);
        let factor = LocalFactor::of_sites(&sites, NEEDS).unwrap();
        assert!((factor.value() - 280.0 / 120.0).abs() < 1e-12);
        // Σ (y + y²/2) = 20 × (8 + 32) + 20 × (6 + 18).
        let wanted = libm::sqrt(1280.0) / 280.0;
        let Distribution::LogNormal { log_deviation, .. } = factor.distribution() else { panic!("lognormal") };
        assert!((log_deviation - wanted).abs() < 1e-12);
        assert_eq!(
            LocalFactor::of_sites(&sites[..29], NEEDS),
            Err(LocalFactorFault::TooFewSites { sites: 29, needed: 30 })
        );
    }

    #[test]
    fn a_factor_without_a_source_is_refused() {
        assert_eq!(LocalFactor::given(1.2, 0.1, " ", 2026), Err(LocalFactorFault::NoSource { value: 1.2 }));
        for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(LocalFactor::given(value, 0.1, "assumption", 2026), Err(LocalFactorFault::Number { .. })));
        }
        assert_eq!(LocalFactor::city_wide(COUNTED, 0.0, NEEDS), Err(LocalFactorFault::NothingPredicted));
        assert!(LocalFactor::city_wide(COUNTED, f64::NAN, NEEDS).is_err());
    }

    #[test]
    fn the_median_draw_is_the_factor() {
        let factor = LocalFactor::given(0.8, 0.3, "assumption: as in the test", 2026).unwrap();
        assert!((factor.drawn(0.5).value() - 0.8).abs() < 1e-15);
        assert!(factor.drawn(0.9).value() > 0.8);
        assert_eq!(factor.drawn(0.9).origin(), factor.origin());
    }
}

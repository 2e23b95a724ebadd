//! Everything that the air of a city needs from outside, checked as one.
//!
//! The numbers stand in a parameter file, each with source, unit, year and reason; who reads it fills these fields. Left out:
//! emissions, which come with the streets.

use super::canyon::{CanyonConstants, CanyonFault};
use super::city::{Accuracy, AccuracyFault, Background, BackgroundFault};
use super::limits::{AirLimit, LimitFault, Pollutant};
use super::line_source::{Site, SiteFault};
use super::meteorology::{Classification, ClassificationFault, ClimateFault, SyntheticClimate};
use super::nitrogen::{NitrogenBackground, NitrogenConversion, NitrogenFault};
use crate::draws::{Distribution, DistributionError};

/// Hours of a year without a leap day.
const YEAR_H: usize = 8760;

/// The parameters of air quality.
#[derive(Clone, Debug, PartialEq)]
pub struct AirParameters {
    /// The place.
    pub site: Site,
    /// Height of receptors above the ground in metres, 0 to 100.
    pub receptor_z_m: f64,
    /// Distance of receptors on a grid in metres, 1 to 1,000.
    pub spacing_m: f64,
    /// What the mixing zone is wider than the carriageway on either side, in metres, 0 to 10.
    pub mixing_margin_m: f64,
    /// How finely a city is computed.
    pub accuracy: Accuracy,
    /// How hours are put into classes; also the smallest wind.
    pub classification: Classification,
    /// The weather, where none was measured.
    pub climate: SyntheticClimate,
    /// What is in the air without the city's streets; each pollutant once.
    pub backgrounds: Vec<(Pollutant, Background)>,
    /// The same for nitrogen and ozone, as yearly means.
    pub nitrogen_background: NitrogenBackground,
    /// NO2 from NOx.
    pub nitrogen_conversion: NitrogenConversion,
    /// What stations measured, to hold results against; never something to fit to.
    pub measured: Vec<MeasuredYear>,
    /// Limit values, those of later years included.
    pub limits: Vec<AirLimit>,
    /// Constants of the unverified street box.
    pub canyon: CanyonConstants,
    /// What is not known.
    pub uncertainty: AirUncertainty,
}

/// What a station measured in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredYear {
    /// Name of the station.
    pub station: String,
    /// Degrees north and east (WGS 84).
    pub latitude_longitude_deg: [f64; 2],
    /// Of what.
    pub pollutant: Pollutant,
    /// In which year.
    pub year: i32,
    /// Mean of the year in µg/m³; at least 0.
    pub mean_ugpm3: f64,
    /// Days above the daily limit of the time, where known; 366 at most.
    pub days_over: Option<u32>,
}

/// How far results may be off: factors whose median is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AirUncertainty {
    /// What streets add at a receptor.
    pub dispersion: Distribution,
    /// The background.
    pub background: Distribution,
    /// What a year's weather differs from the typical one.
    pub weather: Distribution,
}

/// What is wrong with the parameters.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AirParameterFault {
    /// The place.
    #[error("the site: {0}")]
    Site(#[from] SiteFault),
    /// A length is out of range.
    #[error("{quantity} is {value} m; give {low} to {high} m")]
    Length {
        /// The quantity.
        quantity: &'static str,
        /// Its value.
        value: f64,
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// The accuracy.
    #[error("the accuracy: {0}")]
    Accuracy(#[from] AccuracyFault),
    /// The classification.
    #[error("the weather classes: {0}")]
    Classification(#[from] ClassificationFault),
    /// The climate.
    #[error("the climate: {0}")]
    Climate(#[from] ClimateFault),
    /// A background.
    #[error("the background of {pollutant:?}: {fault}")]
    Background {
        /// Of what.
        pollutant: Pollutant,
        /// What is wrong.
        fault: BackgroundFault,
    },
    /// A pollutant has two backgrounds.
    #[error("{0:?} has two backgrounds; give one")]
    TwoBackgrounds(Pollutant),
    /// Nitrogen.
    #[error("nitrogen: {0}")]
    Nitrogen(#[from] NitrogenFault),
    /// A limit.
    #[error("the limits: {0}")]
    Limit(#[from] LimitFault),
    /// A measured year.
    #[error("{quantity} of {station} in {year} is {value}; give {range}")]
    Measured {
        /// The station.
        station: String,
        /// The year.
        year: i32,
        /// The quantity.
        quantity: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        range: &'static str,
    },
    /// The street box.
    #[error("the street box: {0}")]
    Canyon(#[from] CanyonFault),
    /// A distribution.
    #[error("the uncertainty of {quantity}: {fault}")]
    Uncertainty {
        /// Of what.
        quantity: &'static str,
        /// What is wrong.
        fault: DistributionError,
    },
    /// A factor does not leave the central value where it is.
    #[error("the uncertainty of {quantity} has the median {median}; give a factor whose median is 1")]
    Median {
        /// Of what.
        quantity: &'static str,
        /// Its median.
        median: f64,
    },
}

fn all<F: Into<AirParameterFault>>(faults: Vec<F>) -> impl Iterator<Item = AirParameterFault> {
    faults.into_iter().map(Into::into)
}

impl AirParameters {
    /// Checks all numbers.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn validate(&self) -> Result<(), Vec<AirParameterFault>> {
        let mut faults: Vec<AirParameterFault> = all(self.site.faults()).collect();
        let lengths = [
            ("the receptors' height", self.receptor_z_m, 0.0, 100.0),
            ("the receptors' distance", self.spacing_m, 1.0, 1000.0),
            ("the margin of the mixing zone", self.mixing_margin_m, 0.0, 10.0),
        ];
        let wrong = lengths.into_iter().filter(|(_, value, low, high)| !(*low..=*high).contains(value));
        faults.extend(wrong.map(|(quantity, value, low, high)| AirParameterFault::Length {
            quantity,
            value,
            low,
            high,
        }));
        faults.extend(all(self.accuracy.faults()));
        faults.extend(all(self.classification.faults()));
        faults.extend(all(self.climate.faults()));
        faults.extend(self.background_faults());
        faults.extend(all(self.nitrogen_background.faults()));
        faults.extend(all(self.nitrogen_conversion.faults()));
        faults.extend(self.measured.iter().flat_map(MeasuredYear::faults));
        faults.extend(self.limits.iter().flat_map(|limit| all(limit.faults())));
        faults.extend(all(self.canyon.faults()));
        faults.extend(self.uncertainty.faults());
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn background_faults(&self) -> Vec<AirParameterFault> {
        let mut faults = Vec::new();
        for (index, (pollutant, background)) in self.backgrounds.iter().enumerate() {
            let pollutant = *pollutant;
            // A series may be of a leap year; the reader of a year checks it against that year.
            let is_leap = matches!(background, Background::HourOfYear(values) if values.len() == YEAR_H + 24);
            let of_background = background.faults(if is_leap { YEAR_H + 24 } else { YEAR_H });
            faults.extend(of_background.into_iter().map(|fault| AirParameterFault::Background { pollutant, fault }));
            if self.backgrounds[..index].iter().any(|(other, _)| *other == pollutant) {
                faults.push(AirParameterFault::TwoBackgrounds(pollutant));
            }
        }
        faults
    }
}

impl MeasuredYear {
    fn faults(&self) -> Vec<AirParameterFault> {
        let [latitude_deg, longitude_deg] = self.latitude_longitude_deg;
        let days = f64::from(self.days_over.unwrap_or(0));
        let checks = [
            ("the latitude", latitude_deg, -90.0, 90.0, "-90 to 90 degrees"),
            ("the longitude", longitude_deg, -180.0, 180.0, "-180 to 180 degrees"),
            ("the mean", self.mean_ugpm3, 0.0, 1e5, "0 to 100,000 µg/m³"),
            ("the number of days over the limit", days, 0.0, 366.0, "0 to 366"),
        ];
        let wrong = checks.into_iter().filter(|(_, value, low, high, _)| !(*low..=*high).contains(value));
        let fault = |(quantity, value, _, _, range)| {
            let station = self.station.clone();
            AirParameterFault::Measured { station, year: self.year, quantity, value, range }
        };
        wrong.map(fault).collect()
    }
}

impl AirUncertainty {
    fn faults(&self) -> Vec<AirParameterFault> {
        let factors = [("dispersion", self.dispersion), ("background", self.background), ("weather", self.weather)];
        let mut faults = Vec::new();
        for (quantity, distribution) in factors {
            match distribution.validate() {
                Err(fault) => faults.push(AirParameterFault::Uncertainty { quantity, fault }),
                Ok(()) if (distribution.median() - 1.0).abs() > 1e-9 => {
                    faults.push(AirParameterFault::Median { quantity, median: distribution.median() });
                }
                Ok(()) => {}
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::LimitPeriod;
    use super::super::meteorology::SECTORS;
    use super::*;

    fn parameters() -> AirParameters {
        let factor = Distribution::LogNormal { median: 1.0, log_deviation: 0.3 };
        AirParameters {
            site: Site { roughness_m: 1.0, averaging_min: 60.0, settling_mps: 0.0, deposition_mps: 0.0 },
            receptor_z_m: 1.5,
            spacing_m: 10.0,
            mixing_margin_m: 3.0,
            accuracy: Accuracy {
                tile_sigmas: 5.0,
                lateral_cut_sigmas: 4.0,
                line_tolerance_m: 0.5,
                piece_length_max_m: 400.0,
            },
            classification: Classification { sectors: 16, speed_ends_mps: vec![1.5, 3.0], minimum_wind_mps: 0.5 },
            climate: SyntheticClimate {
                latitude_deg: 44.9,
                longitude_deg: 8.6,
                utc_offset_h: 1.0,
                wind_mean_mps: [1.5; 4],
                wind_shape: 1.6,
                day_to_night: 1.4,
                calm_share: [0.2; 4],
                calm_mps: 0.3,
                sector_shares: [1.0 / SECTORS as f64; SECTORS],
                direction_h: 3,
                clear_share: [0.4; 4],
                overcast_share: [0.3; 4],
                mixing_height_m: [1500.0, 1300.0, 1000.0, 600.0, 250.0, 150.0],
                temperature_c: [12.0; 12],
                temperature_range_c: 9.0,
            },
            backgrounds: vec![(Pollutant::Pm10, Background::Yearly(28.0))],
            nitrogen_background: NitrogenBackground { nox_ugpm3: 45.0, no2_ugpm3: 26.0, ozone_ugpm3: 45.0 },
            nitrogen_conversion: NitrogenConversion::Romberg { a_ugpm3: 103.0, b_ugpm3: 130.0, c: 0.005 },
            measured: vec![MeasuredYear {
                station: "Volta".to_owned(),
                latitude_longitude_deg: [44.92, 8.6234],
                pollutant: Pollutant::Pm10,
                year: 2016,
                mean_ugpm3: 28.0,
                days_over: Some(38),
            }],
            limits: vec![AirLimit {
                pollutant: Pollutant::Pm10,
                period: LimitPeriod::Day,
                limit_ugpm3: 50.0,
                allowed_passes: 35,
                from_year: 2005,
            }],
            canyon: CanyonConstants { dilution: 7.0, added_wind_mps: 0.5, initial_mixing_m: 2.0, along_deg: 30.0 },
            uncertainty: AirUncertainty { dispersion: factor, background: factor, weather: factor },
        }
    }

    #[test]
    fn every_fault_is_told_at_once() {
        assert_eq!(parameters().validate(), Ok(()));
        let mut wrong = parameters();
        wrong.site.roughness_m = 9.0;
        wrong.receptor_z_m = f64::NAN;
        wrong.accuracy.lateral_cut_sigmas = 1.0;
        wrong.classification.sectors = 1;
        wrong.climate.wind_shape = 0.0;
        wrong.backgrounds.push((Pollutant::Pm10, Background::HourOfYear(vec![-1.0; YEAR_H])));
        wrong.nitrogen_background.ozone_ugpm3 = -1.0;
        wrong.nitrogen_conversion = NitrogenConversion::Romberg { a_ugpm3: 103.0, b_ugpm3: 0.0, c: 0.005 };
        wrong.measured[0].mean_ugpm3 = f64::NAN;
        wrong.limits[0].limit_ugpm3 = 0.0;
        wrong.canyon.dilution = 0.0;
        wrong.uncertainty.dispersion = Distribution::LogNormal { median: 1.2, log_deviation: 0.3 };
        wrong.uncertainty.weather = Distribution::Fixed(f64::NAN);
        let faults = wrong.validate().expect_err("faults");
        assert_eq!(faults.len(), 14, "{faults:#?}");
    }
}

//! Every hour of a year at a list of receptors: how often limits are passed.
//!
//! Each straight piece counts at each receptor by its plume; nothing is interpolated. Hours of the same wind speed and
//! stability share the tables of the plume's spread, so that wind speeds given to a tenth of a m/s are computed fastest.

use std::sync::Arc;

use rayon::prelude::*;

use super::super::line_source::{Air, PLUME_WIND_MIN_MPS, Receptor, Site, SiteFault, is_somewhere};
use super::super::meteorology::{HOURS_OF_DAY, WeatherYear};
use super::accuracy::{Accuracy, AccuracyFault};
use super::background::{Background, BackgroundFault};
use super::curves::TabulatedSpread;
use super::field::POLLUTANTS_MAX;
use super::situation::{PARTS_PER_UGPM3, Pieces, Prepared, Situation};
use super::street::{Street, StreetFault};

/// Most receptors of a series.
pub const RECEPTORS_MAX: usize = 1000;

/// Why there is no series.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SeriesFault {
    /// Number of receptors.
    #[error("{0} receptors are given; give 1 to 1,000")]
    Receptors(usize),
    /// A receptor is nowhere.
    #[error("receptor {0} is not within 20,000 km, or not 0 to 1,000 m above the ground")]
    Receptor(usize),
    /// The place.
    #[error("the site: {0}")]
    Site(#[from] SiteFault),
    /// The accuracy.
    #[error("the accuracy: {0}")]
    Accuracy(#[from] AccuracyFault),
    /// A street.
    #[error("street {street}: {fault}")]
    Street {
        /// Which street.
        street: usize,
        /// What is wrong.
        fault: StreetFault,
    },
    /// Number of pollutants.
    #[error("{0} pollutants are to be computed; give 1 to 8")]
    Pollutants(usize),
    /// The smallest wind.
    #[error("calm hours are raised to {0} m/s; give 0.1 to 2 m/s")]
    MinimumWind(f64),
    /// There is no such pollutant or receptor.
    #[error("there is no pollutant {pollutant} at receptor {receptor}")]
    NoSuchSeries {
        /// The pollutant.
        pollutant: usize,
        /// The receptor.
        receptor: usize,
    },
    /// The background.
    #[error("the background: {0}")]
    Background(#[from] BackgroundFault),
}

/// What a city's streets add at receptors in every hour of a year, background not included.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceptorSeries {
    receptors: usize,
    pollutants: usize,
    hours: usize,
    /// By pollutant, receptor and hour, in µg/m³.
    values: Vec<f32>,
}

/// How often a receptor passes limits in a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exceedance {
    /// Mean of the year in µg/m³.
    pub mean_ugpm3: f64,
    /// Highest mean of a day in µg/m³.
    pub highest_day_ugpm3: f64,
    /// Highest hour in µg/m³.
    pub highest_hour_ugpm3: f64,
    /// Days whose mean is above the daily limit.
    pub days_over: u32,
    /// Hours above the hourly limit.
    pub hours_over: u32,
}

/// What a series is computed with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesSettings {
    /// The place.
    pub site: Site,
    /// How finely; nothing is interpolated, so that tiles do not count.
    pub accuracy: Accuracy,
    /// How many pollutants streets emit, 1 to 8.
    pub pollutants: usize,
    /// Calm hours are raised to this wind, in m/s, 0.1 to 2.
    pub minimum_wind_mps: f64,
}

impl ReceptorSeries {
    /// Computes every hour of the year at the receptors.
    ///
    /// # Errors
    /// All faults of receptors, settings and streets.
    pub fn new(
        settings: &SeriesSettings,
        year: &WeatherYear,
        receptors: &[Receptor],
        streets: &[Street],
    ) -> Result<Self, Vec<SeriesFault>> {
        let faults = faults_of(settings, receptors, streets);
        if !faults.is_empty() {
            return Err(faults);
        }
        let streets: Vec<&Street> = streets.iter().collect();
        let Accuracy { line_tolerance_m, piece_length_max_m, .. } = settings.accuracy;
        let pieces = Pieces::new(&streets, line_tolerance_m, piece_length_max_m);
        let groups = groups(year, settings.minimum_wind_mps);
        let by_group: Vec<Vec<(usize, Vec<f64>)>> = groups
            .par_iter()
            .map(|hours| {
                let spreads: Arc<[TabulatedSpread]> =
                    pieces.spreads(&Air::new(&settings.site, &hours[0].1.weather)).into();
                let of_hour = |&(index, ref situation): &(usize, Situation)| {
                    let air = Air::new(&settings.site, &situation.weather);
                    let prepared = Prepared::with_spreads(situation, air, Arc::clone(&spreads), &streets, &pieces);
                    (index, sums(settings, &prepared, &pieces, receptors))
                };
                hours.iter().map(of_hour).collect()
            })
            .collect();
        let hours = year.hours().len();
        let mut values = vec![0.0; settings.pollutants * receptors.len() * hours];
        for (index, sums) in by_group.into_iter().flatten() {
            for (row, sum) in sums.into_iter().enumerate() {
                values[row * hours + index] = (sum / PARTS_PER_UGPM3) as f32;
            }
        }
        Ok(Self { receptors: receptors.len(), pollutants: settings.pollutants, hours, values })
    }

    /// The hours of a pollutant at a receptor, in µg/m³; none where there are none.
    #[must_use]
    pub fn hourly_ugpm3(&self, pollutant: usize, receptor: usize) -> Option<&[f32]> {
        let is_there = pollutant < self.pollutants && receptor < self.receptors;
        let from = (pollutant * self.receptors + receptor) * self.hours;
        is_there.then(|| &self.values[from..from + self.hours])
    }

    /// How often streets and background together pass a limit of days and one of hours, in µg/m³.
    ///
    /// # Errors
    /// Where there is no such pollutant or receptor, or the background is not one of this year.
    pub fn exceedance(
        &self,
        pollutant: usize,
        receptor: usize,
        background: &Background,
        daily_limit_ugpm3: f64,
        hourly_limit_ugpm3: f64,
    ) -> Result<Exceedance, SeriesFault> {
        if let Some(fault) = background.faults(self.hours).first() {
            return Err((*fault).into());
        }
        let Some(streets) = self.hourly_ugpm3(pollutant, receptor) else {
            return Err(SeriesFault::NoSuchSeries { pollutant, receptor });
        };
        let hours: Vec<f64> = (0..).zip(streets).map(|(hour, value)| f64::from(*value) + background.at(hour)).collect();
        let days: Vec<f64> =
            hours.chunks(HOURS_OF_DAY).map(|day| day.iter().sum::<f64>() / HOURS_OF_DAY as f64).collect();
        let over = |values: &[f64], limit: f64| values.iter().filter(|value| **value > limit).count() as u32;
        let highest = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
        Ok(Exceedance {
            mean_ugpm3: hours.iter().sum::<f64>() / hours.len() as f64,
            highest_day_ugpm3: highest(&days),
            highest_hour_ugpm3: highest(&hours),
            days_over: over(&days, daily_limit_ugpm3),
            hours_over: over(&hours, hourly_limit_ugpm3),
        })
    }
}

/// The hours of the year with their index, those of the same wind speed and stability together.
fn groups(year: &WeatherYear, minimum_wind_mps: f64) -> Vec<Vec<(usize, Situation)>> {
    let with_wind = |(index, weather): (usize, &super::super::meteorology::Weather)| {
        (index, Situation::hour(index % HOURS_OF_DAY, weather.with_wind_at_least(minimum_wind_mps)))
    };
    let mut hours: Vec<(usize, Situation)> = year.hours().iter().enumerate().map(with_wind).collect();
    let key = |situation: &Situation| (situation.weather.wind_speed_mps.to_bits(), situation.weather.stability);
    hours.sort_by_key(|(index, situation)| (key(situation), *index));
    hours.chunk_by(|a, b| key(&a.1) == key(&b.1)).map(<[_]>::to_vec).collect()
}

/// Sums of an hour by pollutant and receptor, pieces in their order.
fn sums(settings: &SeriesSettings, prepared: &Prepared, pieces: &Pieces, receptors: &[Receptor]) -> Vec<f64> {
    let mut sums = vec![0.0; settings.pollutants * receptors.len()];
    for source in prepared.sources(pieces) {
        for (index, receptor) in receptors.iter().enumerate() {
            let point_m = [receptor.x_m, receptor.y_m];
            if source.fetches_m(&prepared.air, point_m, 0.0, settings.accuracy.lateral_cut_sigmas).is_none() {
                continue;
            }
            let unit = source.unit_spm2(&prepared.air, *receptor);
            for (pollutant, emission) in source.emissions.iter().enumerate() {
                sums[pollutant * receptors.len() + index] += unit * emission;
            }
        }
    }
    sums
}

fn faults_of(settings: &SeriesSettings, receptors: &[Receptor], streets: &[Street]) -> Vec<SeriesFault> {
    let mut faults: Vec<SeriesFault> = settings.site.faults().into_iter().map(SeriesFault::from).collect();
    faults.extend(settings.accuracy.faults().into_iter().map(SeriesFault::from));
    if !(PLUME_WIND_MIN_MPS..=2.0).contains(&settings.minimum_wind_mps) {
        faults.push(SeriesFault::MinimumWind(settings.minimum_wind_mps));
    }
    if !(1..=POLLUTANTS_MAX).contains(&settings.pollutants) {
        faults.push(SeriesFault::Pollutants(settings.pollutants));
    }
    if !(1..=RECEPTORS_MAX).contains(&receptors.len()) {
        faults.push(SeriesFault::Receptors(receptors.len()));
    }
    let is_air = |at: &Receptor| is_somewhere([at.x_m, at.y_m]) && (0.0..=1000.0).contains(&at.z_m);
    let lost = receptors.iter().enumerate().filter(|(_, receptor)| !is_air(receptor));
    faults.extend(lost.map(|(index, _)| SeriesFault::Receptor(index)));
    for (street, source) in streets.iter().enumerate() {
        let of_street = source.faults(settings.pollutants).into_iter();
        faults.extend(of_street.map(|fault| SeriesFault::Street { street, fault }));
    }
    faults
}

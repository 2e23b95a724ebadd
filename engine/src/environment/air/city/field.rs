//! Concentrations of a city's streets on a grid.

use rayon::prelude::*;

use super::super::line_source::{PLUME_WIND_MIN_MPS, Site, SiteFault};
use super::super::meteorology::{HOURS_OF_DAY, WeatherFault};
use super::accumulate::Blockwise;
use super::accuracy::{Accuracy, AccuracyFault};
use super::grid::{BLOCK, BLOCK_SUMS, GridFault, ReceptorGrid, settle};
use super::situation::{PARTS_PER_UGPM3, Pieces, Prepared, Situation};
use super::street::{Street, StreetFault};

/// Most pollutants of one field.
pub const POLLUTANTS_MAX: usize = 8;

/// Most values of all fields: 2 GB, and half as much again for nodes.
const VALUES_MAX: usize = 250_000_000;
/// Situations that are made ready at once, which bounds the memory of their tables.
const PREPARED_MAX: usize = 32;

/// What a field is computed with.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldSettings {
    /// Where concentrations are told.
    pub grid: ReceptorGrid,
    /// The place; its settling and deposition hold for all pollutants.
    pub site: Site,
    /// How finely.
    pub accuracy: Accuracy,
    /// How many pollutants streets emit, 1 to [`POLLUTANTS_MAX`].
    pub pollutants: usize,
}

/// Why there is no field.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FieldFault {
    /// The grid.
    #[error("the grid: {0}")]
    Grid(#[from] GridFault),
    /// The place.
    #[error("the site: {0}")]
    Site(#[from] SiteFault),
    /// The accuracy.
    #[error("the accuracy: {0}")]
    Accuracy(#[from] AccuracyFault),
    /// Number of pollutants.
    #[error("{0} pollutants are to be computed; give 1 to 8")]
    Pollutants(usize),
    /// Too much for a computer's memory.
    #[error(
        "{values} values are to be computed, but {VALUES_MAX} are the most; give fewer receptors, fields or pollutants"
    )]
    TooLarge {
        /// Receptors times fields times pollutants.
        values: usize,
    },
    /// Nothing to compute.
    #[error("no situations are given; give one or more for each field")]
    NoSituation,
    /// Weather.
    #[error("field {field}, situation {situation}: {fault}")]
    Weather {
        /// Which field.
        field: usize,
        /// Which of its situations.
        situation: usize,
        /// What is wrong.
        fault: WeatherFault,
    },
    /// Calm.
    #[error(
        "field {field}, situation {situation}: the wind is {wind_speed_mps} m/s; raise calm hours to the smallest wind first"
    )]
    Calm {
        /// Which field.
        field: usize,
        /// Which of its situations.
        situation: usize,
        /// Its wind.
        wind_speed_mps: f64,
    },
    /// Shares of hours.
    #[error("field {field}, situation {situation}: the shares of the hours of the day must be numbers between 0 and 1")]
    Shares {
        /// Which field.
        field: usize,
        /// Which of its situations.
        situation: usize,
    },
    /// A street.
    #[error("street {street}: {fault}")]
    Street {
        /// Which street.
        street: usize,
        /// What is wrong.
        fault: StreetFault,
    },
    /// A street that is not there is to be replaced.
    #[error("street {street} is to be replaced, but there are {streets}; the number of streets adds one")]
    NoSuchStreet {
        /// Which street.
        street: usize,
        /// How many there are.
        streets: usize,
    },
}

/// What a city's streets add to the air at the receptors of a grid, in one or more fields: the hours of a day, or a mean over
/// the classes of a year's weather. Background is not in it.
///
/// Contributions are rounded to 2⁻²⁰ µg/m³ and summed as whole numbers: in any order, on any number of threads, and also
/// after streets were replaced, sums are the same to the bit.
#[derive(Clone, Debug)]
pub struct AirField {
    settings: FieldSettings,
    fields: Vec<Vec<Situation>>,
    streets: Vec<Street>,
    /// By field and block: sums by pollutant.
    sums: Vec<Vec<i64>>,
}

impl AirField {
    /// One field for each hour of a day, the first hour being midnight's.
    ///
    /// # Errors
    /// As [`AirField::new`].
    pub fn of_day(
        settings: FieldSettings,
        weather: &[super::super::meteorology::Weather; HOURS_OF_DAY],
        streets: Vec<Street>,
    ) -> Result<Self, Vec<FieldFault>> {
        let fields = weather.iter().enumerate().map(|(hour, weather)| vec![Situation::hour(hour, *weather)]).collect();
        Self::new(settings, fields, streets)
    }

    /// Computes one field for each set of situations, whose contributions are added.
    ///
    /// # Errors
    /// All faults of settings, situations and streets.
    pub fn new(
        settings: FieldSettings,
        fields: Vec<Vec<Situation>>,
        streets: Vec<Street>,
    ) -> Result<Self, Vec<FieldFault>> {
        let mut faults = faults_of(&settings, &fields);
        faults.extend(streets.iter().enumerate().flat_map(|(street, source)| street_faults(&settings, street, source)));
        if !faults.is_empty() {
            return Err(faults);
        }
        let sums = vec![vec![0; BLOCK_SUMS * settings.pollutants]; settings.grid.blocks() * fields.len()];
        let mut field = Self { settings, fields, streets: Vec::new(), sums };
        field.accumulate(&streets.iter().collect::<Vec<_>>(), false);
        field.streets = streets;
        Ok(field)
    }

    /// Replaces streets by number, or adds one at the number of streets. Only what the streets of before and after bring is
    /// computed; the fields are those that would be computed with the new streets from the beginning, to the bit.
    ///
    /// # Errors
    /// All faults of the streets; nothing is replaced then.
    pub fn replace(&mut self, changes: &[(usize, Street)]) -> Result<(), Vec<FieldFault>> {
        let mut count = self.streets.len();
        let mut faults = Vec::new();
        for (street, source) in changes {
            faults.extend(street_faults(&self.settings, *street, source));
            if *street > count {
                faults.push(FieldFault::NoSuchStreet { street: *street, streets: count });
            }
            count += usize::from(*street == count);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut numbers: Vec<usize> = changes.iter().map(|(street, _)| *street).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let before: Vec<Street> = numbers.iter().filter_map(|street| self.streets.get(*street).cloned()).collect();
        for (street, source) in changes {
            match self.streets.get_mut(*street) {
                Some(old) => *old = source.clone(),
                None => self.streets.push(source.clone()),
            }
        }
        let after: Vec<Street> = numbers.iter().map(|street| self.streets[*street].clone()).collect();
        self.accumulate(&before.iter().collect::<Vec<_>>(), true);
        self.accumulate(&after.iter().collect::<Vec<_>>(), false);
        Ok(())
    }

    fn accumulate(&mut self, streets: &[&Street], is_taken: bool) {
        let FieldSettings { grid, site, accuracy, .. } = &self.settings;
        let pieces = Pieces::new(streets, accuracy.line_tolerance_m, accuracy.piece_length_max_m);
        let situations: Vec<(usize, &Situation)> = self
            .fields
            .iter()
            .enumerate()
            .flat_map(|(field, of_field)| of_field.iter().map(move |one| (field, one)))
            .collect();
        let blocks = grid.blocks();
        for situations in situations.chunks(PREPARED_MAX) {
            let prepare =
                |&(field, situation): &(usize, &Situation)| (field, Prepared::new(situation, site, streets, &pieces));
            let prepared: Vec<(usize, Prepared)> = situations.par_iter().map(prepare).collect();
            self.sums.par_iter_mut().enumerate().for_each(|(index, sums)| {
                for (_, prepared) in prepared.iter().filter(|(field, _)| *field == index / blocks) {
                    Blockwise::new(grid, accuracy, index % blocks, prepared).add(&pieces, is_taken, sums);
                }
            });
        }
    }

    /// What it was computed with.
    #[must_use]
    pub fn settings(&self) -> &FieldSettings {
        &self.settings
    }

    /// The streets as they are now.
    #[must_use]
    pub fn streets(&self) -> &[Street] {
        &self.streets
    }

    /// How many fields there are.
    #[must_use]
    pub fn fields(&self) -> usize {
        self.fields.len()
    }

    /// What all streets add in a field, in µg/m³: one list for each pollutant, by receptor, row by row from the south-west.
    /// Never negative. None where there is no such field.
    #[must_use]
    pub fn contributions_ugpm3(&self, field: usize) -> Option<Vec<Vec<f32>>> {
        let FieldSettings { grid, pollutants, .. } = &self.settings;
        let blocks = grid.blocks();
        let of_field = self.sums.chunks_exact(blocks).nth(field)?;
        let settled = |sums: &[i64]| settle(&sums.iter().map(|sum| *sum as f64 / PARTS_PER_UGPM3).collect::<Vec<_>>());
        let of_pollutant = |pollutant: usize| {
            let mut values = vec![0.0; grid.len()];
            for (block, sums) in of_field.iter().enumerate() {
                let of_block = settled(&sums[pollutant * BLOCK_SUMS..][..BLOCK_SUMS]);
                let [column, row] = grid.block_corner(block);
                let width = BLOCK.min(grid.columns - column);
                for (line, of_line) in of_block.chunks_exact(BLOCK).take(grid.rows - row).enumerate() {
                    let to = &mut values[(row + line) * grid.columns + column..][..width];
                    to.iter_mut().zip(of_line).for_each(|(to, value)| *to = value.max(0.0) as f32);
                }
            }
            values
        };
        Some((0..*pollutants).into_par_iter().map(of_pollutant).collect())
    }
}

fn street_faults(settings: &FieldSettings, street: usize, source: &Street) -> Vec<FieldFault> {
    let faults = source.faults(settings.pollutants);
    faults.into_iter().map(|fault| FieldFault::Street { street, fault }).collect()
}

fn faults_of(settings: &FieldSettings, fields: &[Vec<Situation>]) -> Vec<FieldFault> {
    let mut faults: Vec<FieldFault> = settings.grid.faults().into_iter().map(FieldFault::from).collect();
    faults.extend(settings.site.faults().into_iter().map(FieldFault::from));
    faults.extend(settings.accuracy.faults().into_iter().map(FieldFault::from));
    if !(1..=POLLUTANTS_MAX).contains(&settings.pollutants) {
        faults.push(FieldFault::Pollutants(settings.pollutants));
    }
    let sizes = [settings.grid.columns, settings.grid.rows, fields.len(), settings.pollutants];
    let values = sizes.into_iter().fold(1, usize::saturating_mul);
    if values > VALUES_MAX {
        faults.push(FieldFault::TooLarge { values });
    }
    if fields.is_empty() || fields.iter().any(Vec::is_empty) {
        faults.push(FieldFault::NoSituation);
    }
    for (field, situations) in fields.iter().enumerate() {
        for (situation, of_weather) in situations.iter().enumerate() {
            let weather = of_weather.weather;
            faults.extend(weather.faults().into_iter().map(|fault| FieldFault::Weather { field, situation, fault }));
            if weather.wind_speed_mps < PLUME_WIND_MIN_MPS {
                faults.push(FieldFault::Calm { field, situation, wind_speed_mps: weather.wind_speed_mps });
            }
            if !of_weather.emission_shares.iter().all(|share| (0.0..=1.0).contains(share)) {
                faults.push(FieldFault::Shares { field, situation });
            }
        }
    }
    faults
}

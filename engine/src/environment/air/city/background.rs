//! What is in the air without the city's streets.

use super::super::meteorology::HOURS_OF_DAY;

/// The concentration that streets add to, in µg/m³.
#[derive(Clone, Debug, PartialEq)]
pub enum Background {
    /// The same all year, such as a station's yearly mean.
    Yearly(f64),
    /// By hour of the day.
    HourOfDay([f64; HOURS_OF_DAY]),
    /// By hour of the year, from midnight of 1 January.
    HourOfYear(Vec<f64>),
}

/// What is wrong with a background.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum BackgroundFault {
    /// A value.
    #[error("hour {hour} has {value_ugpm3} µg/m³; give numbers of at least 0")]
    Value {
        /// Hour, or 0 for a yearly mean.
        hour: usize,
        /// What is given.
        value_ugpm3: f64,
    },
    /// Number of hours.
    #[error("there are {given} hours, but the year has {wanted}")]
    Hours {
        /// Of the background.
        given: usize,
        /// Of the year.
        wanted: usize,
    },
}

impl Background {
    /// What is wrong with it for a year of so many hours: its length and its first wrong value; nothing where it can be used.
    #[must_use]
    pub fn faults(&self, hours: usize) -> Vec<BackgroundFault> {
        let mut faults = Vec::new();
        if let Self::HourOfYear(values) = self
            && values.len() != hours
        {
            faults.push(BackgroundFault::Hours { given: values.len(), wanted: hours });
        }
        let wrong = |(_, value): &(usize, &f64)| !(**value >= 0.0 && value.is_finite());
        let first = self.values().iter().enumerate().find(wrong);
        faults.extend(first.map(|(hour, &value_ugpm3)| BackgroundFault::Value { hour, value_ugpm3 }));
        faults
    }

    fn values(&self) -> &[f64] {
        match self {
            Self::Yearly(value) => std::slice::from_ref(value),
            Self::HourOfDay(values) => values,
            Self::HourOfYear(values) => values,
        }
    }

    /// The concentration of an hour of the year, from 0. Hours beyond the last are the first again.
    #[must_use]
    pub fn at(&self, hour: usize) -> f64 {
        let values = self.values();
        if values.is_empty() { 0.0 } else { values[hour % values.len()] }
    }

    /// The mean of all hours.
    #[must_use]
    pub fn mean_ugpm3(&self) -> f64 {
        let values = self.values();
        values.iter().sum::<f64>() / values.len().max(1) as f64
    }
}

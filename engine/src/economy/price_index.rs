//! Prices of one year in those of another, by an index: a number for each year, such as that of construction costs.
//!
//! A year that is not in the table is an error: prices between or beyond its years are not made up.

use crate::draws::Distribution;

/// Index numbers by year.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceIndex {
    /// In rising order of years.
    years: Vec<(i32, f64)>,
}

/// What an index cannot be, or does not know.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PriceIndexFault {
    /// A year is not in it.
    #[error("the price index has no year {year}; add it")]
    MissingYear {
        /// The year.
        year: i32,
    },
    /// A number that is none.
    #[error("the price index of {year} is {value}; give a number above 0")]
    Value {
        /// Its year.
        year: i32,
        /// What it is.
        value: f64,
    },
    /// A year twice.
    #[error("the price index has the year {year} twice; keep one")]
    Twice {
        /// The year.
        year: i32,
    },
}

impl PriceIndex {
    /// An index from its years and numbers, in any order.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn new(mut years: Vec<(i32, f64)>) -> Result<Self, Vec<PriceIndexFault>> {
        years.sort_by_key(|&(year, _)| year);
        let mut faults = Vec::new();
        for &(year, value) in &years {
            if !(value > 0.0 && value.is_finite()) {
                faults.push(PriceIndexFault::Value { year, value });
            }
        }
        for pair in years.windows(2) {
            if pair[0].0 == pair[1].0 {
                faults.push(PriceIndexFault::Twice { year: pair[0].0 });
            }
        }
        if faults.is_empty() { Ok(Self { years }) } else { Err(faults) }
    }

    /// What a price of one year is multiplied by to be one of another; 1 within a year, even one that is not in the table.
    ///
    /// # Errors
    /// Where a year is not in the table.
    pub fn factor(&self, from_year: i32, to_year: i32) -> Result<f64, PriceIndexFault> {
        if from_year == to_year {
            return Ok(1.0);
        }
        Ok(self.of(to_year)? / self.of(from_year)?)
    }

    /// A price that is not known exactly, in prices of another year.
    ///
    /// # Errors
    /// Where a year is not in the table.
    pub fn brought(&self, price: &Distribution, from_year: i32, to_year: i32) -> Result<Distribution, PriceIndexFault> {
        Ok(price.scaled(self.factor(from_year, to_year)?))
    }

    fn of(&self, year: i32) -> Result<f64, PriceIndexFault> {
        let found = self.years.binary_search_by_key(&year, |&(year, _)| year);
        found.map(|index| self.years[index].1).map_err(|_| PriceIndexFault::MissingYear { year })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_goes_with_the_index_there_and_back() {
        let index = PriceIndex::new(vec![(2024, 120.0), (2020, 100.0)]).unwrap();
        assert_eq!(index.factor(2020, 2024), Ok(1.2));
        assert!((index.factor(2024, 2020).unwrap() * 1.2 - 1.0).abs() < 1e-15);
        assert_eq!(index.factor(2023, 2023), Ok(1.0));
    }

    #[test]
    fn a_year_that_is_missing_is_an_error_and_is_named() {
        let index = PriceIndex::new(vec![(2020, 100.0), (2024, 120.0)]).unwrap();
        assert_eq!(index.factor(2022, 2024), Err(PriceIndexFault::MissingYear { year: 2022 }));
        assert_eq!(index.factor(2020, 2025), Err(PriceIndexFault::MissingYear { year: 2025 }));
    }

    #[test]
    fn what_may_fall_anywhere_falls_in_proportion() {
        let index = PriceIndex::new(vec![(2020, 100.0), (2024, 120.0)]).unwrap();
        for price in [
            Distribution::Fixed(5.0),
            Distribution::Uniform { low: 4.0, high: 7.0 },
            Distribution::Normal { mean: 5.0, deviation: 0.5 },
            Distribution::TruncatedNormal { mean: 5.0, deviation: 2.0, low: 3.0, high: 8.0 },
            Distribution::LogNormal { median: 5.0, log_deviation: 0.3 },
            Distribution::Triangular { low: 4.0, mode: 4.5, high: 9.0 },
        ] {
            let brought = index.brought(&price, 2020, 2024).unwrap();
            for probability in [0.01, 0.3, 0.5, 0.9] {
                assert!((brought.quantile(probability) / price.quantile(probability) - 1.2).abs() < 1e-9, "{price:?}");
            }
        }
        assert!(index.brought(&Distribution::Fixed(1.0), 2019, 2024).is_err());
    }

    #[test]
    fn an_index_that_is_none_is_refused() {
        let faults = PriceIndex::new(vec![(2020, 0.0), (2021, f64::NAN), (2022, 1.0), (2022, 1.0)]).unwrap_err();
        assert_eq!(faults.len(), 3);
        assert_eq!(faults[2], PriceIndexFault::Twice { year: 2022 });
    }
}

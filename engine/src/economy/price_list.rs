//! A price list: unit prices of works, each with its source and year.
//!
//! After the form of the Italian regional lists (*prezzari*): a code, a description, a unit and a price without tax. A price
//! without source or year is refused, since nobody could check it or bring it to another year. How far a price may be off is part of
//! it. Left out: the shares of labour and safety within a price.

use crate::draws::{Distribution, DistributionError};

/// A unit price.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceItem {
    /// Its code, by which bills name it.
    pub code: String,
    /// What is done.
    pub description: String,
    /// What one of it is, such as `m2`.
    pub unit: String,
    /// Price of one without tax; its median is used where nothing is drawn.
    pub unit_price: Distribution,
    /// Currency, such as `EUR`.
    pub currency: String,
    /// Value-added tax on it, 0 to 1.
    pub vat_rate: f64,
    /// Where the price is from; `assumption` where nothing was found.
    pub source: String,
    /// The year of whose prices it is.
    pub year: i32,
}

/// Unit prices by code.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceList {
    /// Sorted by code.
    items: Vec<PriceItem>,
}

/// A price that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PriceFault {
    /// Something that must be said is not.
    #[error("price '{code}' has no {field}; write it")]
    Missing {
        /// Code of the price.
        code: String,
        /// What is missing.
        field: &'static str,
    },
    /// No year of prices.
    #[error("price '{code}' is of the year {year}; give the year of whose prices it is")]
    Year {
        /// Code of the price.
        code: String,
        /// What it says.
        year: i32,
    },
    /// Not a distribution.
    #[error("price '{code}': {error}")]
    Distribution {
        /// Code of the price.
        code: String,
        /// Why not.
        error: DistributionError,
    },
    /// It may be negative.
    #[error(
        "price '{code}' may fall to {price}; a price must not be below 0: cut the distribution or make it lognormal"
    )]
    Negative {
        /// Code of the price.
        code: String,
        /// What one draw in a thousand is below.
        price: f64,
    },
    /// Not a tax rate.
    #[error("price '{code}' has a tax rate of {rate}; give a share between 0 and 1")]
    Vat {
        /// Code of the price.
        code: String,
        /// What it says.
        rate: f64,
    },
    /// Two prices of one code.
    #[error("price '{code}' is listed twice; keep one")]
    Twice {
        /// Their code.
        code: String,
    },
}

/// What one draw in a thousand is below: a price list is no place for negative prices, however rare.
const LOWEST_PROBABILITY: f64 = 0.001;

impl PriceItem {
    fn faults(&self, faults: &mut Vec<PriceFault>) {
        let code = || self.code.clone();
        let texts = [
            ("code", &self.code),
            ("description", &self.description),
            ("unit", &self.unit),
            ("currency", &self.currency),
            ("source", &self.source),
        ];
        for (field, text) in texts {
            if text.trim().is_empty() {
                faults.push(PriceFault::Missing { code: code(), field });
            }
        }
        if !(1900..=2200).contains(&self.year) {
            faults.push(PriceFault::Year { code: code(), year: self.year });
        }
        if !(0.0..=1.0).contains(&self.vat_rate) {
            faults.push(PriceFault::Vat { code: code(), rate: self.vat_rate });
        }
        match self.unit_price.validate() {
            Err(error) => faults.push(PriceFault::Distribution { code: code(), error }),
            Ok(()) => {
                let price = self.unit_price.quantile(LOWEST_PROBABILITY);
                if price < 0.0 {
                    faults.push(PriceFault::Negative { code: code(), price });
                }
            }
        }
    }
}

impl PriceList {
    /// A list of prices.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn new(mut items: Vec<PriceItem>) -> Result<Self, Vec<PriceFault>> {
        items.sort_by(|one, other| one.code.cmp(&other.code));
        let mut faults = Vec::new();
        for item in &items {
            item.faults(&mut faults);
        }
        for pair in items.windows(2) {
            if pair[0].code == pair[1].code {
                faults.push(PriceFault::Twice { code: pair[0].code.clone() });
            }
        }
        if faults.is_empty() { Ok(Self { items }) } else { Err(faults) }
    }

    /// The price of a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&PriceItem> {
        self.items.binary_search_by(|item| item.code.as_str().cmp(code)).ok().map(|index| &self.items[index])
    }

    /// All prices, sorted by code.
    #[must_use]
    pub fn items(&self) -> &[PriceItem] {
        &self.items
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A price of 2024 in euro with a tax of 10 %.
    pub(in crate::economy) fn item(code: &str, unit: &str, price: f64) -> PriceItem {
        PriceItem {
            code: code.to_owned(),
            description: format!("{code} in place"),
            unit: unit.to_owned(),
            unit_price: Distribution::Fixed(price),
            currency: "EUR".to_owned(),
            vat_rate: 0.1,
            source: "assumption".to_owned(),
            year: 2024,
        }
    }

    #[test]
    fn a_price_is_found_by_its_code() {
        let list = PriceList::new(vec![item("milling", "m2", 4.0), item("kerb", "m", 45.0)]).unwrap();
        assert_eq!(list.get("kerb").map(|item| item.unit.as_str()), Some("m"));
        assert_eq!(list.get("kerbs"), None);
        assert_eq!(list.items()[0].code, "kerb");
    }

    #[test]
    fn a_price_without_source_or_year_is_refused() {
        let nameless = PriceItem { source: " ".to_owned(), year: 0, ..item("kerb", "m", 45.0) };
        let faults = PriceList::new(vec![nameless]).unwrap_err();
        let missing = PriceFault::Missing { code: "kerb".to_owned(), field: "source" };
        assert_eq!(faults, [missing, PriceFault::Year { code: "kerb".to_owned(), year: 0 }]);
    }

    #[test]
    fn every_fault_of_a_list_is_told() {
        let negative =
            PriceItem { unit_price: Distribution::Normal { mean: 10.0, deviation: 5.0 }, ..item("a", "m", 1.0) };
        let none = PriceItem { unit_price: Distribution::Fixed(f64::NAN), ..item("b", "m", 1.0) };
        let taxed = PriceItem { vat_rate: 22.0, ..item("c", "m", 1.0) };
        let faults = PriceList::new(vec![negative, none, taxed, item("d", "m", 1.0), item("d", "m", 2.0)]).unwrap_err();
        assert!(matches!(faults[0], PriceFault::Negative { .. }));
        assert!(matches!(faults[1], PriceFault::Distribution { .. }));
        assert!(matches!(faults[2], PriceFault::Vat { .. }));
        assert_eq!(faults[3], PriceFault::Twice { code: "d".to_owned() });
        assert_eq!(faults.len(), 4);
    }
}

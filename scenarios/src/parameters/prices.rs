//! Price lists: unit prices of works, what they are priced by, and what they need afterwards.
//!
//! The form of the built-in list is that of any other: codes are those of a regional list or one's own.

use std::collections::BTreeMap;

use engine::draws::{Distribution, Draws};
use engine::economy::price_list::{PriceItem, PriceList};
use engine::economy::sensitivity::{Uncertain as Named, drawn};
use engine::economy::works::WorksTerms;
use serde::Deserialize;
use serde::de::Deserializer;

use super::distribution::{DistributionTable, Uncertain};
use super::entry::{Entry, Quantity};
use super::file::{ParameterFile, ParameterFileError, parse, whole_file};
use super::units::{Number, Share, ShareOfWorks, Text, UnitPrice, Year, Years};

/// The price list of the built-in city.
pub const PRICES: ParameterFile =
    ParameterFile { name: "prices.toml", text: include_str!("../../parameters/prices.toml") };

/// What works cost, at first and every year.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceParameters {
    /// Unit prices, each in prices of its own year.
    pub list: PriceList,
    /// What bills are priced by beside them.
    pub terms: PriceTerms,
    /// What works of a kind need every year, by the kind's name.
    pub upkeep: BTreeMap<String, Upkeep>,
}

/// What bills are priced by beside the list.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceTerms {
    /// Currency of bills.
    pub currency: String,
    /// Year of whose prices their sums are.
    pub base_year: i32,
    /// Set aside for what is not foreseen, as a share of the works.
    pub contingency_share: Distribution,
    /// Design, supervision and tests, as a share of the works.
    pub engineering_share: Distribution,
    /// Value-added tax on engineering, 0 to 1.
    pub engineering_vat_rate: f64,
}

impl PriceTerms {
    /// The terms at the median of what is not known.
    #[must_use]
    pub fn median(&self) -> WorksTerms {
        self.with([self.contingency_share.median(), self.engineering_share.median()])
    }

    /// The terms as a seed draws what is not known.
    #[must_use]
    pub fn in_seed(&self, draws: Draws) -> WorksTerms {
        let of = |name: &str, distribution| drawn(&[Named { name: name.to_owned(), distribution }], draws)[0];
        self.with([
            of("contingencies of works", self.contingency_share),
            of("engineering of works", self.engineering_share),
        ])
    }

    fn with(&self, [contingency_share, engineering_share]: [f64; 2]) -> WorksTerms {
        WorksTerms {
            currency: self.currency.clone(),
            base_year: self.base_year,
            contingency_share,
            engineering_share,
            engineering_vat_rate: self.engineering_vat_rate,
        }
    }
}

/// What works need after they are built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Upkeep {
    /// Needed every year, as a share of their price without tax, 0 to 1.
    pub upkeep_share_pa: f64,
    /// How long they last in years, above 0.
    pub life_years: f64,
}

/// Reads a price list, the built-in one or a user's own. Its name is what errors call it.
///
/// # Errors
/// [`ParameterFileError`] with the line that is wrong.
pub fn read_prices(file: ParameterFile) -> Result<PriceParameters, ParameterFileError> {
    let told: PriceFile = parse(file)?;
    let items = told.items.into_iter().map(|(code, item)| item.item(code)).collect();
    let terms = told.terms;
    Ok(PriceParameters {
        list: PriceList::new(items).map_err(|faults| whole_file(file, &faults))?,
        terms: PriceTerms {
            currency: terms.currency.0,
            base_year: terms.base_year.0,
            contingency_share: terms.contingency_share.0,
            engineering_share: terms.engineering_share.0,
            engineering_vat_rate: terms.engineering_vat_rate.0,
        },
        upkeep: told.upkeep.into_iter().map(|(kind, upkeep)| (kind, upkeep.0)).collect(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceFile {
    #[expect(dead_code, reason = "read before, as what decides how the rest is read")]
    format: u32,
    terms: TermTable,
    items: BTreeMap<String, ItemTable>,
    upkeep: BTreeMap<String, UpkeepEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermTable {
    currency: Currency,
    base_year: Quantity<Year, i32>,
    contingency_share: Uncertain<ShareOfWorks>,
    engineering_share: Uncertain<ShareOfWorks>,
    engineering_vat_rate: Quantity<Share>,
}

/// The word for a currency.
struct Currency(String);

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text: Text = Entry::deserialize(deserializer)?.checked("currency")?;
        Ok(Self(text.0))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemTable {
    description: Text,
    unit: Text,
    unit_price: UnitPriceTable,
    currency: Text,
    vat_rate: Number<Share>,
    source: Text,
    year: Number<Year, i32>,
    #[expect(dead_code, reason = "must be there, for whoever reads the file")]
    reason: Text,
}

impl ItemTable {
    fn item(self, code: String) -> PriceItem {
        PriceItem {
            code,
            description: self.description.0,
            unit: self.unit.0,
            unit_price: self.unit_price.0,
            currency: self.currency.0,
            vat_rate: self.vat_rate.0,
            source: self.source.0,
            year: self.year.0,
        }
    }
}

/// A price that is not known exactly.
struct UnitPriceTable(Distribution);

impl<'de> Deserialize<'de> for UnitPriceTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DistributionTable::deserialize(deserializer)?.checked::<UnitPrice, _>().map(Self)
    }
}

/// What works of a kind need.
struct UpkeepEntry(Upkeep);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpkeepTable {
    upkeep_share: Number<Share>,
    life: Number<Years>,
}

impl<'de> Deserialize<'de> for UpkeepEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told: UpkeepTable = Entry::deserialize(deserializer)?.checked("share/year, years")?;
        Ok(Self(Upkeep { upkeep_share_pa: told.upkeep_share.0, life_years: told.life.0 }))
    }
}

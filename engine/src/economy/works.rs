//! A bill of quantities, priced: what works cost before and after tax, with what is set aside and what designing them costs.
//!
//! After the Italian *quadro economico* (D.Lgs. 36/2023, annex I.7, article 5): works, contingencies as a share of them, engineering as a
//! share of them, and value-added tax on each. Prices of another year are brought to the base year by an index. Nothing is
//! rounded, where a document would round every line to cents. Left out: land, moving cables and pipes, and what bidders take off.

use super::agent::agent_of;
use super::price_index::{PriceIndex, PriceIndexFault};
use super::price_list::{PriceItem, PriceList};
use crate::draws::{Draws, Purpose};

const UNIT_PRICE: Purpose = Purpose::new("unit price");

/// A line of a bill.
#[derive(Clone, Debug, PartialEq)]
pub struct BillItem {
    /// Code in the price list.
    pub code: String,
    /// What it is here.
    pub description: String,
    /// How much of it, not negative.
    pub quantity: f64,
    /// In what unit; that of the price list.
    pub unit: String,
}

/// What a bill is priced by, beside the price list.
#[derive(Clone, Debug, PartialEq)]
pub struct WorksTerms {
    /// Currency of the bill.
    pub currency: String,
    /// Year of whose prices the sums are.
    pub base_year: i32,
    /// Set aside for what is not foreseen, as a share of the works, 0 to 1.
    pub contingency_share: f64,
    /// Design, supervision and tests, as a share of the works, 0 to 1.
    pub engineering_share: f64,
    /// Value-added tax on engineering, 0 to 1.
    pub engineering_vat_rate: f64,
}

/// Why a bill has no price.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BillFault {
    /// The price list does not know the code.
    #[error("line {line}: the price list has no '{code}'; add it or correct the code")]
    UnknownCode {
        /// Line of the bill, from 1.
        line: usize,
        /// Its code.
        code: String,
    },
    /// Another unit than the price list's.
    #[error("line {line}: '{code}' is in {given}, but its price is for {listed}; convert the quantity")]
    Unit {
        /// Line of the bill, from 1.
        line: usize,
        /// Its code.
        code: String,
        /// Its unit.
        given: String,
        /// The price list's unit.
        listed: String,
    },
    /// Not a quantity.
    #[error("line {line}: the quantity of '{code}' is {quantity}; give a number not below 0")]
    Quantity {
        /// Line of the bill, from 1.
        line: usize,
        /// Its code.
        code: String,
        /// What it is.
        quantity: f64,
    },
    /// Another currency than the bill's.
    #[error("line {line}: '{code}' is priced in {listed}, the bill is in {wanted}; convert the price")]
    Currency {
        /// Line of the bill, from 1.
        line: usize,
        /// Its code.
        code: String,
        /// The price's currency.
        listed: String,
        /// The bill's.
        wanted: String,
    },
    /// The price cannot be brought to the base year.
    #[error("line {line}: '{code}': {fault}")]
    Index {
        /// Line of the bill, from 1.
        line: usize,
        /// Its code.
        code: String,
        /// Why not.
        fault: PriceIndexFault,
    },
    /// Not a share.
    #[error("{field} is {value}; give a share between 0 and 1")]
    Share {
        /// Which share.
        field: &'static str,
        /// What it is.
        value: f64,
    },
}

/// A line with its price, in prices of the base year.
#[derive(Clone, Debug, PartialEq)]
pub struct PricedLine {
    /// Code in the price list.
    pub code: String,
    /// What it is here.
    pub description: String,
    /// How much of it.
    pub quantity: f64,
    /// In what unit.
    pub unit: String,
    /// Price of one without tax.
    pub unit_price: f64,
    /// Price of all without tax.
    pub net: f64,
    /// Value-added tax on it.
    pub vat: f64,
    /// Where its price is from.
    pub source: String,
    /// The year of whose prices the price list has it.
    pub price_year: i32,
}

/// A bill with its price, in prices of the base year and the currency of its terms.
#[derive(Clone, Debug, PartialEq)]
pub struct PricedBill {
    /// Its lines, in its order.
    pub lines: Vec<PricedLine>,
    /// Works without tax.
    pub works: f64,
    /// Set aside for what is not foreseen, without tax.
    pub contingency: f64,
    /// Engineering without tax.
    pub engineering: f64,
    /// Value-added tax on everything; on what is set aside at the mean rate of the works.
    pub vat: f64,
}

impl PricedBill {
    /// Everything without tax.
    #[must_use]
    pub fn net(&self) -> f64 {
        self.works + self.contingency + self.engineering
    }

    /// Everything with tax.
    #[must_use]
    pub fn gross(&self) -> f64 {
        self.net() + self.vat
    }
}

/// Prices a bill at the median of every price.
///
/// # Errors
/// All that is wrong with it.
pub fn priced(
    bill: &[BillItem],
    list: &PriceList,
    index: &PriceIndex,
    terms: &WorksTerms,
) -> Result<PricedBill, Vec<BillFault>> {
    priced_by(bill, list, index, terms, |item| item.unit_price.median())
}

/// Prices a bill as a seed draws its prices: each by its code, so that base and scenario of a seed pay the same for the same.
///
/// # Errors
/// All that is wrong with it.
pub fn priced_in_seed(
    bill: &[BillItem],
    list: &PriceList,
    index: &PriceIndex,
    terms: &WorksTerms,
    draws: Draws,
) -> Result<PricedBill, Vec<BillFault>> {
    priced_by(bill, list, index, terms, |item| draws.draw(&item.unit_price, UNIT_PRICE, agent_of(&item.code)))
}

fn priced_by(
    bill: &[BillItem],
    list: &PriceList,
    index: &PriceIndex,
    terms: &WorksTerms,
    unit_price: impl Fn(&PriceItem) -> f64,
) -> Result<PricedBill, Vec<BillFault>> {
    let mut faults = shares_that_are_none(terms);
    let mut lines = Vec::new();
    for (number, item) in bill.iter().enumerate() {
        match priced_line(number + 1, item, list, index, terms, &unit_price) {
            Ok(line) => lines.push(line),
            Err(mut wrong) => faults.append(&mut wrong),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let works: f64 = lines.iter().map(|line| line.net).sum();
    let works_vat: f64 = lines.iter().map(|line| line.vat).sum();
    let engineering = terms.engineering_share * works;
    let vat = works_vat * (1.0 + terms.contingency_share) + engineering * terms.engineering_vat_rate;
    Ok(PricedBill { lines, works, contingency: terms.contingency_share * works, engineering, vat })
}

fn shares_that_are_none(terms: &WorksTerms) -> Vec<BillFault> {
    let shares = [
        ("the share for contingencies", terms.contingency_share),
        ("the share for engineering", terms.engineering_share),
        ("the tax rate on engineering", terms.engineering_vat_rate),
    ];
    let wrong = shares.into_iter().filter(|(_, value)| !(0.0..=1.0).contains(value));
    wrong.map(|(field, value)| BillFault::Share { field, value }).collect()
}

fn priced_line(
    line: usize,
    item: &BillItem,
    list: &PriceList,
    index: &PriceIndex,
    terms: &WorksTerms,
    unit_price: impl Fn(&PriceItem) -> f64,
) -> Result<PricedLine, Vec<BillFault>> {
    let BillItem { code, quantity, unit, .. } = item;
    let code = || code.clone();
    let Some(price) = list.get(&item.code) else {
        return Err(vec![BillFault::UnknownCode { line, code: code() }]);
    };
    let mut faults = Vec::new();
    if *unit != price.unit {
        faults.push(BillFault::Unit { line, code: code(), given: unit.clone(), listed: price.unit.clone() });
    }
    if !(*quantity >= 0.0 && quantity.is_finite()) {
        faults.push(BillFault::Quantity { line, code: code(), quantity: *quantity });
    }
    if price.currency != terms.currency {
        let (listed, wanted) = (price.currency.clone(), terms.currency.clone());
        faults.push(BillFault::Currency { line, code: code(), listed, wanted });
    }
    let factor = index.factor(price.year, terms.base_year).unwrap_or_else(|fault| {
        faults.push(BillFault::Index { line, code: code(), fault });
        1.0
    });
    if !faults.is_empty() {
        return Err(faults);
    }
    let unit_price = unit_price(price) * factor;
    let net = unit_price * quantity;
    Ok(PricedLine {
        code: code(),
        description: item.description.clone(),
        quantity: *quantity,
        unit: unit.clone(),
        unit_price,
        net,
        vat: net * price.vat_rate,
        source: price.source.clone(),
        price_year: price.year,
    })
}

#[cfg(test)]
mod tests {
    use super::super::price_list::tests::item;
    use super::*;
    use crate::draws::Distribution;

    fn line(code: &str, quantity: f64, unit: &str) -> BillItem {
        BillItem { code: code.to_owned(), description: "here".to_owned(), quantity, unit: unit.to_owned() }
    }

    fn terms() -> WorksTerms {
        WorksTerms {
            currency: "EUR".to_owned(),
            base_year: 2024,
            contingency_share: 0.05,
            engineering_share: 0.1,
            engineering_vat_rate: 0.22,
        }
    }

    fn index() -> PriceIndex {
        PriceIndex::new(vec![(2020, 100.0), (2024, 125.0)]).unwrap()
    }

    fn list() -> PriceList {
        PriceList::new(vec![
            item("milling", "m2", 4.0),
            PriceItem { year: 2020, vat_rate: 0.22, ..item("kerb", "m", 40.0) },
            PriceItem {
                unit_price: Distribution::LogNormal { median: 20.0, log_deviation: 0.3 },
                ..item("asphalt", "m2", 0.0)
            },
        ])
        .unwrap()
    }

    /// By hand: 1,000 m² at 4 and 100 m at 40 × 1.25 are 9,000; 5 % and 10 % of it beside; tax 400 and 1,100 with 5 % more, and 22 % of
    /// 900.
    #[test]
    fn a_bill_sums_works_contingencies_engineering_and_tax() {
        let bill =
            priced(&[line("milling", 1_000.0, "m2"), line("kerb", 100.0, "m")], &list(), &index(), &terms()).unwrap();
        assert_eq!(bill.lines[1].unit_price, 50.0);
        assert_eq!((bill.works, bill.contingency, bill.engineering), (9_000.0, 450.0, 900.0));
        assert!((bill.vat - (1_500.0 * 1.05 + 198.0)).abs() < 1e-9);
        assert!((bill.gross() - (10_350.0 + 1_773.0)).abs() < 1e-9);
    }

    #[test]
    fn every_line_that_is_wrong_is_told_with_its_number() {
        let foreign = PriceItem { currency: "CHF".to_owned(), year: 2019, ..item("sign", "each", 90.0) };
        let mut items = list().items().to_vec();
        items.push(foreign);
        let list = PriceList::new(items).unwrap();
        let bill = [line("kerbs", 1.0, "m"), line("kerb", -2.0, "m2"), line("sign", 1.0, "each")];
        let wrong = WorksTerms { contingency_share: 5.0, ..terms() };
        let faults = priced(&bill, &list, &index(), &wrong).unwrap_err();
        assert!(matches!(&faults[0], BillFault::Share { value, .. } if *value == 5.0));
        assert_eq!(faults[1], BillFault::UnknownCode { line: 1, code: "kerbs".to_owned() });
        assert!(matches!(&faults[2], BillFault::Unit { line: 2, .. }));
        assert!(matches!(&faults[3], BillFault::Quantity { line: 2, quantity, .. } if *quantity == -2.0));
        assert!(matches!(&faults[4], BillFault::Currency { line: 3, .. }));
        assert!(matches!(&faults[5], BillFault::Index { fault: PriceIndexFault::MissingYear { year: 2019 }, .. }));
        assert_eq!(faults.len(), 6);
        assert!(priced(&[line("kerb", f64::NAN, "m")], &list, &index(), &terms()).is_err());
    }

    #[test]
    fn a_price_is_drawn_by_its_code_whatever_else_is_in_the_bill() {
        let (list, index, draws) = (list(), index(), Draws::new(7));
        let price = |bill: &[BillItem], line: usize| {
            priced_in_seed(bill, &list, &index, &terms(), draws).unwrap().lines[line].unit_price
        };
        let alone = price(&[line("asphalt", 1.0, "m2")], 0);
        let beside = price(&[line("kerb", 3.0, "m"), line("asphalt", 5.0, "m2")], 1);
        assert_eq!(alone, beside);
        assert!(alone != 20.0 && alone > 0.0);
        let median = priced(&[line("asphalt", 1.0, "m2")], &list, &index, &terms()).unwrap();
        assert!((median.works - 20.0).abs() < 1e-12);
    }

    #[test]
    fn an_empty_bill_costs_nothing() {
        assert_eq!(priced(&[], &list(), &index(), &terms()).unwrap().gross(), 0.0);
    }
}

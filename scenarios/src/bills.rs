//! What the works of a scenario cost: its bills of quantities, priced from the price list.

use engine::draws::Draws;
use engine::economy::works::{BillItem, PricedBill, priced, priced_in_seed};

use crate::run::Settings;
use crate::scenario::{PlannedItem, PlannedWorks};

/// Why works cannot be priced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{written}: {message}")]
pub struct BillError {
    /// Where the first of their items is written.
    pub written: String,
    /// What is wrong, all of it.
    pub message: String,
}

/// Each of the works, priced as a seed draws prices; seed 0 draws nothing.
///
/// # Errors
/// [`BillError`] of the first works of which a code is not in the list, or in another unit.
pub fn bills(works: &[PlannedWorks], settings: &Settings, seed: u64) -> Result<Vec<PricedBill>, BillError> {
    let (prices, index) = (&settings.parameters.prices, &settings.parameters.appraisal.consumer_prices);
    let of_works = |works: &PlannedWorks| {
        let item = |item: &PlannedItem| BillItem {
            code: item.code.clone(),
            description: item.description.clone().unwrap_or_default(),
            quantity: item.quantity,
            unit: item.unit.clone(),
        };
        let bill: Vec<BillItem> = works.items.iter().map(item).collect();
        let priced = match seed {
            0 => priced(&bill, &prices.list, index, &prices.terms.median()),
            seed => {
                let draws = Draws::new(seed);
                priced_in_seed(&bill, &prices.list, index, &prices.terms.in_seed(draws), draws)
            }
        };
        priced.map_err(|faults| BillError {
            written: works.items.first().map_or_else(String::new, |item| item.written.to_string()),
            message: faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        })
    };
    works.iter().map(of_works).collect()
}

//! What a plan costs: works with their quantities, and what they cost and bring every year; and what streets are paved with.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::Selection;
use super::check::Check;
use crate::scenario::problem::FileProblem;
use crate::words::Text;

/// The most that a quantity or an amount may be.
const QUANTITY_MAX: f64 = 1e9;
const AMOUNT_MAX_EUR: f64 = 1e10;

/// Works, with a bill of quantities. Prices are those of the price list, without tax; works of parents add up.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Works {
    /// What they are, for people.
    pub name: Text,
    /// What is done, how much of it.
    #[schemars(with = "Vec<WorksItem>", length(min = 1))]
    pub items: Spanned<Vec<WorksItem>>,
    /// In which years, with the share of each; shares sum to 1.
    #[schemars(with = "Vec<YearShare>", length(min = 1))]
    pub years: Spanned<Vec<YearShare>>,
    /// For how many years what is built lasts.
    #[schemars(with = "f64", range(min = 1.0, max = 200.0))]
    pub life_years: Spanned<f64>,
    /// Maintenance, in euro a year from the year after the works on.
    #[schemars(with = "Option<f64>", range(min = 0.0))]
    pub maintenance_eur_pa: Option<Spanned<f64>>,
    /// Operation, in euro a year from the year after the works on.
    #[schemars(with = "Option<f64>", range(min = 0.0))]
    pub operation_eur_pa: Option<Spanned<f64>>,
    /// Revenue, in euro a year from the year after the works on.
    #[schemars(with = "Option<f64>", range(min = 0.0))]
    pub revenue_eur_pa: Option<Spanned<f64>>,
}

/// A line of a bill of quantities.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorksItem {
    /// Its code in the price list (`scenarios/parameters/prices.toml`).
    #[schemars(with = "String")]
    pub code: Spanned<String>,
    /// How much.
    #[schemars(with = "f64", range(min = 0.0, max = 1e9))]
    pub quantity: Spanned<f64>,
    /// In which unit: that of the price list.
    #[schemars(with = "String")]
    pub unit: Spanned<String>,
    /// What it is, where the list's description does not say enough.
    pub description: Option<String>,
}

/// A share of works in a year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct YearShare {
    /// The year.
    #[schemars(with = "i32", range(min = 2000, max = 2100))]
    pub year: Spanned<i32>,
    /// The share of the works done in it, 0 to 1.
    #[schemars(with = "f64", range(min = 0.0, max = 1.0))]
    pub share: Spanned<f64>,
}

/// What streets are paved with: only noise feels it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paving {
    /// The links.
    #[schemars(with = "Selection")]
    pub on: Spanned<Selection>,
    /// The surface, as in `scenarios/parameters/noise.toml`: `thin_layer_b` is quiet asphalt for towns.
    #[schemars(with = "String")]
    pub surface: Spanned<String>,
}

impl Check<'_> {
    pub(super) fn works(&mut self, edit: &Spanned<Works>) {
        let works = edit.get_ref();
        self.named(&works.items, "items", Some(works.items.get_ref()));
        self.named(&works.years, "years", Some(works.years.get_ref()));
        for item in works.items.get_ref() {
            self.name(&item.code);
            self.range(&item.quantity, "quantity", *item.quantity.get_ref(), 0.0, QUANTITY_MAX);
        }
        let mut sum = 0.0;
        for YearShare { year, share } in works.years.get_ref() {
            self.range(year, "year", f64::from(*year.get_ref()), 2000.0, 2100.0);
            self.range(share, "share", *share.get_ref(), 0.0, 1.0);
            sum += share.get_ref();
        }
        if (sum - 1.0).abs() > 1e-6 || sum.is_nan() {
            self.problem(&works.years, FileProblem::SharesSum(sum));
        }
        self.range(&works.life_years, "life_years", *works.life_years.get_ref(), 1.0, 200.0);
        for (field, amount) in [
            ("maintenance_eur_pa", &works.maintenance_eur_pa),
            ("operation_eur_pa", &works.operation_eur_pa),
            ("revenue_eur_pa", &works.revenue_eur_pa),
        ] {
            self.optional(amount.as_ref(), field, 0.0, AMOUNT_MAX_EUR);
        }
    }

    pub(super) fn paving(&mut self, edit: &Spanned<Paving>) {
        self.selection(&edit.get_ref().on);
        self.name(&edit.get_ref().surface);
    }
}

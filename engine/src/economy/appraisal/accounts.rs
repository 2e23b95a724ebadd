//! Present values by account, class and group, and the figures of merit.

use std::borrow::Cow;

use super::project::{AppraisalFault, Project, entries};
use super::unit_values::UnitValues;
use crate::economy::cash_flow::{CashFlow, DiscountRate};
use crate::economy::rate_of_return::{RateOfReturn, rate_of_return};

/// What an amount is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// Building and buying.
    Investment,
    /// Keeping in repair and renewing.
    Maintenance,
    /// Running.
    Operation,
    /// What is taken in.
    Revenue,
    /// What is left at the end.
    Residual,
    /// Users' time.
    Time,
    /// Users' operating costs.
    Operating,
    /// Users' tolls, fares and parking.
    Charges,
    /// A pollutant of the air.
    Air(String),
    /// Climate.
    Climate,
    /// Noise.
    Noise,
    /// Crashes.
    Crashes,
}

impl Account {
    /// The word used in tables.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Investment => "investment".into(),
            Self::Maintenance => "maintenance".into(),
            Self::Operation => "operation".into(),
            Self::Revenue => "revenue".into(),
            Self::Residual => "residual".into(),
            Self::Time => "time".into(),
            Self::Operating => "operating".into(),
            Self::Charges => "charges".into(),
            Self::Air(pollutant) => format!("air {pollutant}").into(),
            Self::Climate => "climate".into(),
            Self::Noise => "noise".into(),
            Self::Crashes => "crashes".into(),
        }
    }

    /// Whether it is a cost of the plan, for the benefit–cost ratio: what is built, kept in repair and run.
    #[must_use]
    pub fn is_cost(&self) -> bool {
        matches!(self, Self::Investment | Self::Maintenance | Self::Operation)
    }
}

/// An undiscounted amount: a gain if positive.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its year.
    pub year: i32,
    /// What it is for.
    pub account: Account,
    /// Class of users, empty where there is none.
    pub class: String,
    /// Group of people on whom it falls.
    pub group: String,
    /// The amount in euro.
    pub amount_eur: f64,
}

/// How amounts of different years are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Discount rate.
    pub rate: DiscountRate,
    /// Year whose worth present values have.
    pub base_year: i32,
}

/// A present value by account, class and group.
#[derive(Clone, Debug, PartialEq)]
pub struct AppraisalLine {
    /// What it is for.
    pub account: Account,
    /// Class of users, empty where there is none.
    pub class: String,
    /// Group of people on whom it falls.
    pub group: String,
    /// Present value in euro.
    pub present_eur: f64,
}

/// What a plan is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Appraisal {
    /// Present values, sorted by account, class and group.
    pub lines: Vec<AppraisalLine>,
    /// Undiscounted sum by year.
    pub flow: CashFlow,
    /// Net present value in euro.
    pub npv_eur: f64,
    /// Internal rate of return.
    pub rate_of_return: RateOfReturn,
    /// Present benefits over present costs: everything but investment, maintenance and operation, what is left at the end and
    /// revenue among it, over those three. None where they cost nothing.
    pub benefit_cost_ratio: Option<f64>,
    /// Year from which on the sum of the amounts is not negative any more.
    pub payback_year: Option<i32>,
    /// The same with amounts discounted.
    pub discounted_payback_year: Option<i32>,
}

impl Appraisal {
    /// Present values by account.
    #[must_use]
    pub fn by_account(&self) -> Vec<(String, f64)> {
        self.summed(|line| line.account.name().into_owned())
    }

    /// Present values by class of users; what belongs to none under the empty name.
    #[must_use]
    pub fn by_class(&self) -> Vec<(String, f64)> {
        self.summed(|line| line.class.clone())
    }

    /// Present values by group of people: who gains and who pays.
    #[must_use]
    pub fn by_group(&self) -> Vec<(String, f64)> {
        self.summed(|line| line.group.clone())
    }

    /// Sorted by name.
    fn summed(&self, name: impl Fn(&AppraisalLine) -> String) -> Vec<(String, f64)> {
        let mut sums: Vec<(String, f64)> = Vec::new();
        for line in &self.lines {
            let name = name(line);
            match sums.binary_search_by(|(known, _)| known.cmp(&name)) {
                Ok(index) => sums[index].1 += line.present_eur,
                Err(index) => sums.insert(index, (name, line.present_eur)),
            }
        }
        sums
    }
}

/// What a plan is worth at given unit values.
///
/// # Errors
/// All that is wrong with it.
pub fn appraise(project: &Project, values: &UnitValues, terms: Terms) -> Result<Appraisal, Vec<AppraisalFault>> {
    Ok(appraised(entries(project, values)?, terms))
}

/// What amounts are worth. They are put in order first, so that the order in which they come shows nowhere.
#[must_use]
pub fn appraised(mut entries: Vec<Entry>, terms: Terms) -> Appraisal {
    entries.sort_by(|one, other| {
        let named = one.account.cmp(&other.account).then_with(|| one.class.cmp(&other.class));
        let placed = named.then_with(|| one.group.cmp(&other.group)).then(one.year.cmp(&other.year));
        placed.then(one.amount_eur.total_cmp(&other.amount_eur))
    });
    let mut lines: Vec<AppraisalLine> = Vec::new();
    for entry in &entries {
        let present_eur = entry.amount_eur * terms.rate.factor(entry.year, terms.base_year);
        match lines.last_mut() {
            Some(line) if (&line.account, &line.class, &line.group) == (&entry.account, &entry.class, &entry.group) => {
                line.present_eur += present_eur;
            }
            _ => {
                let (account, class, group) = (entry.account.clone(), entry.class.clone(), entry.group.clone());
                lines.push(AppraisalLine { account, class, group, present_eur });
            }
        }
    }
    let npv_eur = lines.iter().map(|line| line.present_eur).sum();
    let costs: f64 = -lines.iter().filter(|line| line.account.is_cost()).map(|line| line.present_eur).sum::<f64>();
    let benefits: f64 = lines.iter().filter(|line| !line.account.is_cost()).map(|line| line.present_eur).sum();
    let flow = CashFlow::new(&entries.iter().map(|entry| (entry.year, entry.amount_eur)).collect::<Vec<_>>());
    Appraisal {
        npv_eur,
        rate_of_return: rate_of_return(&flow),
        benefit_cost_ratio: (costs > 0.0).then(|| benefits / costs),
        payback_year: flow.payback_year(None),
        discounted_payback_year: flow.payback_year(Some(terms.rate)),
        lines,
        flow,
    }
}

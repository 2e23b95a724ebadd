//! A plan as an appraisal sees it: what it costs and earns by year, how users fare, what falls on others.

use super::accounts::{Account, Entry};
use super::external::ExternalChange;
use super::unit_values::UnitValues;
use super::users::UserChange;

/// What a stream of amounts is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamKind {
    /// Building and buying; a cost.
    Investment,
    /// Keeping in repair and renewing; a cost.
    Maintenance,
    /// Running; a cost.
    Operation,
    /// What is taken in: tolls, fares, parking, fines; a gain of whoever takes it.
    Revenue,
    /// What is left at the end of the years that count; a gain.
    Residual,
}

/// Amounts by year: what a plan needs or brings more than doing nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// What it is.
    pub kind: StreamKind,
    /// Who pays or earns it, such as the municipality.
    pub group: String,
    /// Amounts in euro with their years, positive for what their kind says; negative where the plan saves it.
    pub amounts_eur: Vec<(i32, f64)>,
}

/// A plan against doing nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// First year that counts.
    pub first_year: i32,
    /// Last year that counts.
    pub last_year: i32,
    /// Costs, revenues and what is left.
    pub streams: Vec<Stream>,
    /// How users fare, by year, class and group.
    pub users: Vec<UserChange>,
    /// What falls on others, by year and group.
    pub external: Vec<ExternalChange>,
}

/// Why a plan cannot be appraised.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AppraisalFault {
    /// The years run backwards, or are none.
    #[error(
        "the years that count run from {first_year} to {last_year}; give years from 1900 to 2200, the earlier first"
    )]
    Years {
        /// First year.
        first_year: i32,
        /// Last year.
        last_year: i32,
    },
    /// An amount outside the years that count.
    #[error("{of} is of {year}, but the years from {first_year} to {last_year} count; leave it out or count its year")]
    YearOutside {
        /// What it is.
        of: String,
        /// Its year.
        year: i32,
        /// First year that counts.
        first_year: i32,
        /// Last year that counts.
        last_year: i32,
    },
    /// A number that cannot be.
    #[error("{of}: {field} are {value}; give {valid}")]
    Number {
        /// Whose number.
        of: String,
        /// Which number.
        field: &'static str,
        /// What it is.
        value: f64,
        /// What it may be, in words.
        valid: &'static str,
    },
    /// A class without values.
    #[error("no value of time is given for class '{class}'; add it")]
    UnknownClass {
        /// The class.
        class: String,
    },
    /// A pollutant without a cost.
    #[error("no cost is given for pollutant '{pollutant}'; add it")]
    UnknownPollutant {
        /// The pollutant.
        pollutant: String,
    },
    /// A year without a carbon price.
    #[error("the path of carbon prices does not reach {year}; add a year to it")]
    NoCarbonPrice {
        /// The year.
        year: i32,
    },
}

/// Every amount of a plan, undiscounted: gains positive, losses negative.
///
/// # Errors
/// All that is wrong with it.
pub fn entries(project: &Project, values: &UnitValues) -> Result<Vec<Entry>, Vec<AppraisalFault>> {
    let Project { first_year, last_year, .. } = *project;
    if first_year > last_year || first_year < 1900 || last_year > 2200 {
        return Err(vec![AppraisalFault::Years { first_year, last_year }]);
    }
    let mut entries = Vec::new();
    let mut faults = Vec::new();
    for stream in &project.streams {
        add_stream(stream, &mut entries, &mut faults);
    }
    for change in &project.users {
        match change.gains(values) {
            Ok(gains) => {
                let parts = [
                    (Account::Time, gains.time_eur),
                    (Account::Operating, gains.operating_eur),
                    (Account::Charges, gains.charges_eur),
                ];
                for (account, amount_eur) in parts {
                    let (class, group) = (change.class.clone(), change.group.clone());
                    entries.push(Entry { year: change.year, account, class, group, amount_eur });
                }
            }
            Err(mut wrong) => faults.append(&mut wrong),
        }
    }
    for change in &project.external {
        match change.gain(values) {
            Ok((account, amount_eur)) => {
                let (class, group) = (String::new(), change.group.clone());
                entries.push(Entry { year: change.year, account, class, group, amount_eur });
            }
            Err(mut wrong) => faults.append(&mut wrong),
        }
    }
    for entry in entries.iter().filter(|entry| !(first_year..=last_year).contains(&entry.year)) {
        let of = format!("{} of '{}'", entry.account.name(), entry.group);
        faults.push(AppraisalFault::YearOutside { of, year: entry.year, first_year, last_year });
    }
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

fn add_stream(stream: &Stream, entries: &mut Vec<Entry>, faults: &mut Vec<AppraisalFault>) {
    let (account, sign) = match stream.kind {
        StreamKind::Investment => (Account::Investment, -1.0),
        StreamKind::Maintenance => (Account::Maintenance, -1.0),
        StreamKind::Operation => (Account::Operation, -1.0),
        StreamKind::Revenue => (Account::Revenue, 1.0),
        StreamKind::Residual => (Account::Residual, 1.0),
    };
    for &(year, amount) in &stream.amounts_eur {
        if amount.is_finite() {
            let (class, group) = (String::new(), stream.group.clone());
            entries.push(Entry { year, account: account.clone(), class, group, amount_eur: sign * amount });
        } else {
            let of = format!("{} of '{}' in {year}", account.name(), stream.group);
            faults.push(AppraisalFault::Number { of, field: "euro", value: amount, valid: "a finite number" });
        }
    }
}

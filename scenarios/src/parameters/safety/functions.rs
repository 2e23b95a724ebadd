//! Functions of traffic with their coefficients, by severity.

use std::marker::PhantomData;

use engine::safety::performance::{InjuryFunction, JunctionFunction, SegmentFunction, SeverityFunctions};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::parameters::entry::Entry;
use crate::parameters::units::{Coefficient, CoefficientAboveZero, Number, Overdispersion, Share, several};

several! {
    /// A number for each severity.
    pub(super) struct BySeverity { fatal_and_injury, property_damage_only }
}

impl BySeverity {
    pub(super) fn values(&self) -> [f64; 2] {
        [self.fatal_and_injury, self.property_damage_only]
    }
}

/// Functions of one kind of collision, as read from a table of each.
pub(super) struct Functions<T, F>(pub(super) SeverityFunctions<F>, PhantomData<T>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FunctionTable<T> {
    total: T,
    fatal_and_injury: Option<T>,
    fatal_and_injury_share: Option<Number<Share>>,
    property_damage_only: T,
}

impl<'de, T: Deserialize<'de> + Into<F>, F> Deserialize<'de> for Functions<T, F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told: FunctionTable<T> = Entry::deserialize(deserializer)?.checked("crashes/year")?;
        let fatal_and_injury = match (told.fatal_and_injury, told.fatal_and_injury_share) {
            (Some(function), None) => InjuryFunction::Function(function.into()),
            (None, Some(share)) => InjuryFunction::ShareOfTotal(share.0),
            _ => {
                return Err(D::Error::custom("give either fatal_and_injury or fatal_and_injury_share, one of the two"));
            }
        };
        let (total, property_damage_only) = (told.total.into(), told.property_damage_only.into());
        Ok(Self(SeverityFunctions { total, fatal_and_injury, property_damage_only }, PhantomData))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JunctionTerms {
    intercept: Number<Coefficient>,
    major: Number<CoefficientAboveZero>,
    minor: Number<CoefficientAboveZero>,
    overdispersion: Number<Overdispersion>,
}

impl From<JunctionTerms> for JunctionFunction {
    fn from(terms: JunctionTerms) -> Self {
        Self {
            intercept: terms.intercept.0,
            major: terms.major.0,
            minor: terms.minor.0,
            overdispersion: terms.overdispersion.0,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentTerms {
    intercept: Number<Coefficient>,
    aadt: Number<CoefficientAboveZero>,
    overdispersion: Number<Overdispersion>,
}

impl From<SegmentTerms> for SegmentFunction {
    fn from(terms: SegmentTerms) -> Self {
        Self { intercept: terms.intercept.0, aadt: terms.aadt.0, overdispersion: terms.overdispersion.0 }
    }
}

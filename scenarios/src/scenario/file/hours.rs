//! When a rule holds.

use engine::time::{ClockTime, DayType};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::check::Check;
use super::schema::days_schema;
use crate::scenario::problem::FileProblem;

/// Hours of a rule.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleHours {
    /// Day types; all where not given. A run computes one day, of the type that the city's plan says (a weekday where it
    /// has none of its own): rules of other days have no effect in it, and a run says so.
    #[serde(default)]
    #[schemars(schema_with = "days_schema")]
    pub days: Option<Vec<DayType>>,
    /// First minute inside, as in `7:30`.
    #[schemars(with = "String")]
    pub from: Spanned<ClockTime>,
    /// First minute no longer inside, as in `19:00`; may be past midnight.
    #[schemars(with = "String")]
    pub to: Spanned<ClockTime>,
}

impl Check<'_> {
    pub(super) fn hours(&mut self, hours: Option<&RuleHours>) {
        let Some(hours) = hours else { return };
        self.named(&hours.from, "days", hours.days.as_deref());
        if hours.from.get_ref() == hours.to.get_ref() {
            self.problem(&hours.from, FileProblem::NoHours);
        }
    }
}

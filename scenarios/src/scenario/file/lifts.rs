//! What parents do and a scenario takes back.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::Junctions;
use super::check::Check;

/// What the parents do that is not done after all, where no new state can say so: other edits are lifted by an edit of the same
/// kind, such as a bus lane by one of 0 lanes, or a signal by one of kind `none`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lift {
    /// Names of lines of the parents that do not run.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub lines: Vec<Spanned<String>>,
    /// Names of events of the parents that do not take place.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub events: Vec<Spanned<String>>,
    /// Where roundabouts of the parents are not built: the junctions stay as they were before.
    #[serde(default)]
    #[schemars(with = "Vec<Junctions>")]
    pub roundabouts: Vec<Spanned<Junctions>>,
}

impl Lift {
    /// How many edits are lifted.
    #[must_use]
    pub fn edit_count(&self) -> usize {
        self.lines.len() + self.events.len() + self.roundabouts.len()
    }
}

impl Check<'_> {
    pub(super) fn lift(&mut self, lift: &Lift) {
        lift.lines.iter().chain(&lift.events).for_each(|name| self.name(name));
        lift.roundabouts.iter().for_each(|on| self.junctions(on));
    }
}

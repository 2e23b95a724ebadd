//! People and jobs of zones.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::check::Check;
use crate::scenario::problem::FileProblem;

/// The most residents or jobs that a zone may have: ten times those of a city that Gemello is for.
pub(in crate::scenario) const PEOPLE_MAX: f64 = 1e6;

/// Changes the people or jobs of a zone. Totals are the new state; changes are added to the old one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneChange {
    /// Key of the zone.
    #[schemars(with = "String")]
    pub key: Spanned<String>,
    /// Residents, 0 to a million.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1e6))]
    pub residents: Option<Spanned<f64>>,
    /// More residents, or fewer where negative.
    #[schemars(with = "Option<f64>", range(min = -1e6, max = 1e6))]
    pub residents_change: Option<Spanned<f64>>,
    /// Jobs, 0 to a million.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1e6))]
    pub jobs: Option<Spanned<f64>>,
    /// More jobs, or fewer where negative.
    #[schemars(with = "Option<f64>", range(min = -1e6, max = 1e6))]
    pub jobs_change: Option<Spanned<f64>>,
}

impl Check<'_> {
    pub(super) fn zone(&mut self, edit: &Spanned<ZoneChange>) {
        let zone = edit.get_ref();
        self.optional(zone.residents.as_ref(), "residents", 0.0, PEOPLE_MAX);
        self.optional(zone.jobs.as_ref(), "jobs", 0.0, PEOPLE_MAX);
        self.optional(zone.residents_change.as_ref(), "residents_change", -PEOPLE_MAX, PEOPLE_MAX);
        self.optional(zone.jobs_change.as_ref(), "jobs_change", -PEOPLE_MAX, PEOPLE_MAX);
        for (total, change, fields) in [
            (&zone.residents, &zone.residents_change, ["residents", "residents_change"]),
            (&zone.jobs, &zone.jobs_change, ["jobs", "jobs_change"]),
        ] {
            if let (Some(_), Some(change)) = (total, change) {
                self.problem(change, FileProblem::Both(fields));
            }
        }
        if [&zone.residents, &zone.residents_change, &zone.jobs, &zone.jobs_change].iter().all(|field| field.is_none())
        {
            self.problem(edit, FileProblem::NothingSet("residents, residents_change, jobs or jobs_change"));
        }
    }
}

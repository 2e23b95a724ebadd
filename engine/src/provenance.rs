//! Where a fact is from, and how far it can be trusted.
//!
//! Every thing in a city says whether it is *real* (surveyed or published), *derived* (computed from real data by a
//! stated rule) or *synthetic* (made up to fill a gap), from which source, of which year and how accurate in place.

use std::sync::Arc;

use bevy_ecs::component::Component;
use serde::{Deserialize, Serialize};

/// How a fact came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Surveyed or published by its source.
    Real,
    /// Computed from real data by a stated rule.
    Derived,
    /// Made up to fill a gap.
    Synthetic,
}

impl Origin {
    /// All origins, most trusted first.
    pub const ALL: [Self; 3] = [Self::Real, Self::Derived, Self::Synthetic];

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Derived => "derived",
            Self::Synthetic => "synthetic",
        }
    }

    /// The origin of that word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.name() == name)
    }
}

/// The short name of a [`Source`] (`osm`, `comune`, `istat`), unique in its city.
pub type SourceId = Arc<str>;

/// Where one thing is from.
#[derive(Component, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Real, derived or synthetic.
    pub origin: Origin,
    /// The source, as named in [`crate::city::CityTables::sources`].
    pub source: SourceId,
    /// The year that the fact describes.
    pub year: Option<i16>,
    /// Expected error of the position, in metres, where known.
    pub accuracy_m: Option<f32>,
}

/// A source of data, with what must travel with everything made from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Short name, unique in the city.
    pub id: SourceId,
    /// What it is, for people.
    pub title: String,
    /// SPDX identifier where there is one (`ODbL-1.0`, `CC-BY-4.0`), else the licence's name.
    pub licence: String,
    /// The words that the licence asks for.
    pub attribution: String,
    /// Where it was published, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The year that it describes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
}

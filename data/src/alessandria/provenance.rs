//! Where the parts of the built-in city are from.

use engine::provenance::{Origin, Provenance, Source};
use serde::Deserialize;

use super::RecipeError;

/// How far points of GeoNames can be off.
pub(super) const GEONAMES_ACCURACY_M: f32 = 450.0;

/// The provenance of one thing.
pub(super) fn from(origin: Origin, source: &str, year: Option<i16>, accuracy_m: Option<f32>) -> Provenance {
    Provenance { origin, source: source.into(), year, accuracy_m }
}

/// The sources of the city, with licences and attributions.
pub(super) fn sources() -> Result<Vec<Source>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        sources: Vec<Source>,
    }
    let file: File = toml::from_str(include_str!("sources.toml"))
        .map_err(|cause| RecipeError::Recipe { file: "sources.toml", wrong: cause.to_string() })?;
    Ok(file.sources)
}

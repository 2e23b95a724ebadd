//! The recipe's figures, read from `parameters.toml`, where each has its unit, source and year.

use serde::Deserialize;

use super::RecipeError;

const FILE: &str = "parameters.toml";

/// A figure that says where it is from.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "FigureLine")]
pub(super) struct Figure {
    /// The value, in the unit that the line names.
    pub(super) value: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureLine {
    value: f64,
    unit: String,
    year: i16,
    source: String,
}

impl TryFrom<FigureLine> for Figure {
    type Error = String;
    fn try_from(line: FigureLine) -> Result<Self, String> {
        let FigureLine { value, unit, year, source } = line;
        if !value.is_finite() || unit.is_empty() || source.is_empty() || !(1900..2100).contains(&year) {
            return Err("a figure needs a finite value, a unit, a source and a year".to_owned());
        }
        Ok(Self { value })
    }
}

/// Where a group of figures is from. Read so that none goes without.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Stated;

impl TryFrom<String> for Stated {
    type Error = String;
    fn try_from(source: String) -> Result<Self, String> {
        if source.is_empty() { Err("the source is empty".to_owned()) } else { Ok(Self) }
    }
}

/// All figures of the recipe.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parameters {
    pub(super) residents: ResidentFigures,
    pub(super) zones: ZoneFigures,
    pub(super) connectors: ConnectorFigures,
    pub(super) attractors: AttractorFigures,
    pub(super) buildings: BuildingFigures,
    places: Places,
    pub(super) destinations: Vec<Destination>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResidentFigures {
    pub(super) total: Figure,
    pub(super) suburbs_2016: Figure,
    pub(super) litta_parodi_cascinagrossa_nucleus: Figure,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ZoneFigures {
    pub(super) residents_target: Figure,
    pub(super) reach_m: Figure,
    pub(super) gap_m: Figure,
    pub(super) ring_setback_m: Figure,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConnectorFigures {
    pub(super) addresses_per_connector: Figure,
    pub(super) detour: Figure,
    pub(super) speed_mps: Figure,
    pub(super) search_m: Figure,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttractorFigures {
    pub(super) jobs: Figure,
    pub(super) school_local_age_low: Figure,
    pub(super) school_local_age_high: Figure,
    pub(super) school_upper_age_high: Figure,
    pub(super) school_upper_from_outside: Figure,
    pub(super) school_upper_centre_share: Figure,
    pub(super) thoroughfare_weight: Figure,
    pub(super) lane_weight: Figure,
    pub(super) leisure_residents_share: Figure,
    pub(super) leisure_services_share: Figure,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BuildingFigures {
    pub(super) cluster_reach_m: Figure,
    pub(super) cluster_frontage_m: Figure,
    pub(super) carriageway_margin_m: Figure,
    pub(super) lane_width_m: Figure,
    pub(super) railway_margin_m: Figure,
    pub(super) gap_m: Figure,
    pub(super) floor_height_m: Figure,
    pub(super) roof_m: Figure,
    pub(super) side_min_m: Figure,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    centre: PlaceFigures,
    city: PlaceFigures,
    edge: PlaceFigures,
    hamlet: PlaceFigures,
}

/// What kind of place some quarters are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceFigures {
    quarters: Vec<String>,
    pub(super) floors_low: u8,
    pub(super) floors_high: u8,
    pub(super) floor_area_m2_per_resident: f64,
    pub(super) depth_m: f64,
    pub(super) job_weight: f64,
    pub(super) service_weight: f64,
    #[expect(dead_code, reason = "read so that it must be there")]
    source: Stated,
}

/// A large destination, at a house number or at a point.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Destination {
    pub(super) name: String,
    pub(super) address: Option<String>,
    pub(super) lon: Option<f64>,
    pub(super) lat: Option<f64>,
    #[serde(default)]
    pub(super) jobs: f64,
    #[serde(default)]
    pub(super) school_places: f64,
    #[serde(default)]
    pub(super) services_share: f64,
    #[serde(default)]
    pub(super) leisure_share: f64,
    #[expect(dead_code, reason = "read so that it must be there")]
    source: Stated,
    #[expect(dead_code, reason = "read so that it must be there")]
    year: i16,
}

impl Parameters {
    /// The figures as they stand in the recipe.
    pub(super) fn read() -> Result<Self, RecipeError> {
        toml::from_str(include_str!("parameters.toml"))
            .map_err(|cause| RecipeError::Recipe { file: FILE, wrong: cause.to_string() })
    }

    /// What kind of place a quarter is.
    pub(super) fn place(&self, quarter: &str) -> Result<&PlaceFigures, RecipeError> {
        let Places { centre, city, edge, hamlet } = &self.places;
        [centre, city, edge, hamlet]
            .into_iter()
            .find(|place| place.quarters.iter().any(|name| name == quarter))
            .ok_or_else(|| RecipeError::Recipe {
                file: FILE,
                wrong: format!("quarter '{quarter}' is in none of [places.*].quarters; add it to the one it resembles"),
            })
    }

    /// Whether the quarter is the centre.
    pub(super) fn is_centre(&self, quarter: &str) -> bool {
        self.places.centre.quarters.iter().any(|name| name == quarter)
    }

    /// Whether the quarter is part of the city proper, beside the centre.
    pub(super) fn is_city(&self, quarter: &str) -> bool {
        self.places.city.quarters.iter().any(|name| name == quarter)
    }
}

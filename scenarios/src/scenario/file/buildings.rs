//! What is built and pulled down, and planted.

use engine::city::BuildingUse;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::check::Check;
use super::zones::PEOPLE_MAX;
use super::{Coordinates, Polygon};
use crate::scenario::problem::FileProblem;

/// A new building. It screens noise and throws shadow; who lives and works in it belongs to the zone whose centre is nearest.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBuilding {
    /// Its name: unique in the file.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// Its outline on the ground. It may share no ground with a building that stands.
    pub footprint: Polygon,
    /// Floors above ground, 1 to 60.
    #[schemars(with = "i64", range(min = 1, max = 60))]
    pub floors: Spanned<i64>,
    /// Height above ground, in metres; 3.2 m a floor where not given.
    #[schemars(with = "Option<f64>", range(min = 2.0, max = 300.0))]
    pub height_m: Option<Spanned<f64>>,
    /// What it is used for: residential, commercial, public, industrial.
    #[serde(rename = "use")]
    #[schemars(with = "String")]
    pub building_use: Spanned<BuildingUse>,
    /// People who live in it.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1e6))]
    pub residents: Option<Spanned<f64>>,
    /// People who work in it.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1e6))]
    pub jobs: Option<Spanned<f64>>,
}

/// Buildings pulled down: those that are named, or all whose middle lies in an area. Who lived in them leaves the city; jobs stay where
/// they are unless `zone` says otherwise.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Demolition {
    /// Keys of buildings.
    #[schemars(with = "Option<Vec<String>>")]
    pub buildings: Option<Vec<Spanned<String>>>,
    /// An area.
    pub polygon: Option<Polygon>,
}

/// Trees planted at points. They throw shadow; neither noise nor air feels them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trees {
    /// Where, one tree at each.
    #[schemars(with = "Vec<[f64; 2]>", length(min = 1, max = 10_000))]
    pub points: Spanned<Vec<[f64; 2]>>,
    /// What the points are given in.
    #[serde(default)]
    pub coordinates: Coordinates,
    /// Their species.
    pub species: Option<String>,
    /// Their height in the year that the scenario is about, in metres.
    #[schemars(with = "f64", range(min = 1.0, max = 60.0))]
    pub height_m: Spanned<f64>,
    /// Whether they keep their leaves in winter.
    #[serde(default)]
    pub evergreen: bool,
}

impl Check<'_> {
    pub(super) fn building(&mut self, edit: &Spanned<NewBuilding>) {
        let building = edit.get_ref();
        self.name(&building.name);
        self.polygon(&building.footprint);
        self.whole(&building.floors, "floors", 1.0, 60.0);
        self.optional(building.height_m.as_ref(), "height_m", 2.0, 300.0);
        self.optional(building.residents.as_ref(), "residents", 0.0, PEOPLE_MAX);
        self.optional(building.jobs.as_ref(), "jobs", 0.0, PEOPLE_MAX);
    }

    pub(super) fn demolition(&mut self, edit: &Spanned<Demolition>) {
        let Demolition { buildings, polygon } = edit.get_ref();
        self.named(edit, "buildings", buildings.as_deref());
        match (buildings, polygon) {
            (Some(_), None) => {}
            (None, Some(polygon)) => self.polygon(polygon),
            _ => self.problem(edit, FileProblem::ExactlyOne("buildings and polygon")),
        }
    }

    pub(super) fn trees(&mut self, edit: &Spanned<Trees>) {
        let trees = edit.get_ref();
        if self.points(&trees.points, 1) {
            self.coordinates(&trees.points, trees.coordinates);
        }
        self.range(&trees.height_m, "height_m", *trees.height_m.get_ref(), 1.0, 60.0);
    }
}

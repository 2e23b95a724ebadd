//! Limited-traffic zones.

use engine::city::RoadClass;
use engine::vehicles::VehicleClass;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::check::Check;
use super::schema::{road_classes_schema, vehicle_classes_schema};
use super::{Polygon, RuleHours};
use crate::scenario::problem::FileProblem;
use crate::words::Text;

/// A limited-traffic zone (*zona a traffico limitato*): cars of people who do not live inside may not enter. Streets that
/// run along its edge, within 15 m of it, stay open. Several zones of one scenario share their residents and permits.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ztl {
    /// Its name, for people.
    pub name: Option<Text>,
    /// Name of the quarter that it covers.
    #[schemars(with = "Option<String>")]
    pub quarter: Option<Spanned<String>>,
    /// The area that it covers, instead of a quarter.
    pub polygon: Option<Polygon>,
    /// When it holds.
    pub hours: RuleHours,
    /// Road classes inside that stay open to everybody (the ring around a centre).
    #[serde(default)]
    #[schemars(schema_with = "road_classes_schema")]
    pub open_road_classes: Option<Vec<RoadClass>>,
    /// Streets inside that stay open to everybody.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub open_streets: Vec<Spanned<String>>,
    /// Vehicle classes that may not enter; `other_car` where not given.
    #[serde(default)]
    #[schemars(schema_with = "vehicle_classes_schema")]
    pub closed_to: Option<Vec<VehicleClass>>,
    /// Share of the other cars bound for the area that hold a permit, 0 to 1.
    #[schemars(with = "f64", range(min = 0.0, max = 1.0))]
    pub exempt_share: Spanned<f64>,
}

impl Check<'_> {
    pub(super) fn ztl(&mut self, edit: &Spanned<Ztl>) {
        let ztl = edit.get_ref();
        self.range(&ztl.exempt_share, "exempt_share", *ztl.exempt_share.get_ref(), 0.0, 1.0);
        self.named(edit, "closed_to", ztl.closed_to.as_deref());
        self.named(edit, "open_road_classes", ztl.open_road_classes.as_deref());
        self.hours(Some(&ztl.hours));
        match (&ztl.quarter, &ztl.polygon) {
            (Some(_), None) => {}
            (None, Some(polygon)) => self.polygon(polygon),
            _ => self.problem(edit, FileProblem::QuarterOrPolygon),
        }
    }
}

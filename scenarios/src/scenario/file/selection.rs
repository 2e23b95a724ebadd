//! Which links an edit is about, and points on the ground.

use engine::city::{RoadClass, Structure};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use super::check::Check;
use super::schema::{road_classes_schema, structure_schema};
use crate::scenario::problem::FileProblem;

/// The most points that a polygon or a road may have. Whether a polygon crosses itself takes time by their square.
const POINTS_MAX: usize = 10_000;

/// Which links an edit is about: those that fulfil everything that is given. At least one of `links`, `street`, `quarter`
/// and `polygon` must be.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// Keys of links.
    #[schemars(with = "Option<Vec<String>>")]
    pub links: Option<Vec<Spanned<String>>>,
    /// Names of streets, as the city writes them; upper and lower case do not matter.
    #[schemars(with = "Option<Vec<String>>")]
    pub street: Option<Vec<Spanned<String>>>,
    /// Name of a quarter: links whose middle lies in it.
    #[schemars(with = "Option<String>")]
    pub quarter: Option<Spanned<String>>,
    /// An area: links whose middle lies in it.
    pub polygon: Option<Polygon>,
    /// Only links carried like this.
    #[serde(default)]
    #[schemars(schema_with = "structure_schema")]
    pub structure: Option<Structure>,
    /// Only links of these road classes.
    #[serde(default)]
    #[schemars(schema_with = "road_classes_schema")]
    pub road_classes: Option<Vec<RoadClass>>,
}

/// Points on the ground.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Polygon {
    /// The corners in order; the last joins the first.
    #[schemars(with = "Vec<[f64; 2]>", length(min = 3, max = 10_000))]
    pub points: Spanned<Vec<[f64; 2]>>,
    /// What the points are given in.
    #[serde(default)]
    pub coordinates: Coordinates,
}

/// What coordinates are given in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Coordinates {
    /// Longitude and latitude, in degrees (WGS 84).
    #[default]
    LonLatDegrees,
    /// Easting and northing of the city's own reference system, in metres.
    Metres,
}

impl Check<'_> {
    pub(super) fn selection(&mut self, on: &Spanned<Selection>) {
        let selection = on.get_ref();
        let is_empty = |list: &Option<Vec<Spanned<String>>>| list.as_ref().is_none_or(Vec::is_empty);
        if is_empty(&selection.links)
            && is_empty(&selection.street)
            && selection.quarter.is_none()
            && selection.polygon.is_none()
        {
            self.problem(on, FileProblem::EmptySelection);
        }
        self.named(on, "road_classes", selection.road_classes.as_deref());
        if let Some(polygon) = &selection.polygon {
            self.polygon(polygon);
        }
    }

    pub(super) fn polygon(&mut self, polygon: &Polygon) {
        let points = polygon.points.get_ref();
        if !self.points(&polygon.points, 3) {
            return;
        }
        self.coordinates(&polygon.points, polygon.coordinates);
        if let Some((a, b)) = crossing_sides(points) {
            self.problem(&polygon.points, FileProblem::CrossesItself { first: a + 1, second: b + 1 });
        }
    }

    /// Whether there are neither too few nor too many.
    pub(super) fn points(&mut self, points: &Spanned<Vec<[f64; 2]>>, least: usize) -> bool {
        let found = points.get_ref().len();
        let fits = (least..=POINTS_MAX).contains(&found);
        if !fits {
            self.problem(points, FileProblem::Points { found, least, most: POINTS_MAX });
        }
        fits
    }

    pub(super) fn coordinates(&mut self, points: &Spanned<Vec<[f64; 2]>>, coordinates: Coordinates) {
        let is_degrees = |&[x, y]: &[f64; 2]| x.abs() <= 180.0 && y.abs() <= 90.0;
        let wrong = points.get_ref().iter().find(|point| {
            point.iter().any(|value| !value.is_finite())
                || (coordinates == Coordinates::LonLatDegrees && !is_degrees(point))
        });
        if let Some(&[x, y]) = wrong {
            self.problem(points, FileProblem::Coordinates { x, y });
        }
    }
}

/// Two sides of a closed ring that cross, by the number of their first corner.
fn crossing_sides(points: &[[f64; 2]]) -> Option<(usize, usize)> {
    let count = points.len();
    let side = |index: usize| (points[index], points[(index + 1) % count]);
    let turn = |a: [f64; 2], b: [f64; 2], c: [f64; 2]| (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    (0..count).flat_map(|i| (i + 2..count).map(move |j| (i, j))).filter(|&(i, j)| (j + 1) % count != i).find(
        |&(i, j)| {
            let ((a, b), (c, d)) = (side(i), side(j));
            turn(a, b, c) * turn(a, b, d) < 0.0 && turn(c, d, a) * turn(c, d, b) < 0.0
        },
    )
}

//! Areas and points on the ground.

use geo::{Coord, LineString, MultiPolygon, Polygon as GeoPolygon};
use serde_spanned::Spanned;

use super::Misfit;
use super::editor::Editor;
use crate::scenario::file::{Coordinates, Polygon};
use crate::scenario::problem::nearest;

impl Editor<'_> {
    pub(super) fn quarter(&mut self, name: &Spanned<String>) -> Option<MultiPolygon<f64>> {
        let wanted = name.get_ref().to_lowercase();
        let quarters = &self.applied.tables.quarters;
        let Some(quarter) = quarters.iter().find(|row| row.facts.name.to_lowercase() == wanted) else {
            let nearest = nearest(&wanted, quarters.iter().map(|row| &*row.facts.name)).map(str::to_owned);
            self.misfit(name, Misfit::Missing { what: "quarter", name: name.get_ref().clone(), nearest });
            return None;
        };
        if quarter.facts.area.0.is_empty() {
            self.misfit(name, Misfit::NoGround(name.get_ref().clone()));
            return None;
        }
        Some(quarter.facts.area.clone())
    }

    pub(super) fn ground(&mut self, polygon: &Polygon) -> Option<MultiPolygon<f64>> {
        let ring = self.metres(&polygon.points, polygon.coordinates)?;
        Some(MultiPolygon::new(vec![GeoPolygon::new(LineString::new(ring), Vec::new())]))
    }

    /// Points in metres of the city; reports points far outside of it.
    pub(super) fn metres(
        &mut self,
        points: &Spanned<Vec<[f64; 2]>>,
        coordinates: Coordinates,
    ) -> Option<Vec<Coord<f64>>> {
        let mut metres = Vec::new();
        for &[x, y] in points.get_ref() {
            let given = Coord { x, y };
            let point = match (coordinates, self.metres) {
                (Coordinates::Metres, _) => Some(given),
                (Coordinates::LonLatDegrees, Some(transform)) => transform.point(given).ok(),
                (Coordinates::LonLatDegrees, None) => None,
            };
            match point {
                Some(point) if self.is_near(point) => metres.push(point),
                _ => {
                    let told = format!(
                        "the point [{x}, {y}] is not in the city or within 5 km of it; check order and units of its coordinates"
                    );
                    self.misfit(points, Misfit::Outside(told));
                    return None;
                }
            }
        }
        Some(metres)
    }

    fn is_near(&self, point: Coord<f64>) -> bool {
        const MARGIN_M: f64 = 5000.0;
        let junctions = &self.applied.tables.junctions;
        let bounds =
            junctions.iter().fold([f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY], |b, row| {
                let p = row.facts.position;
                [b[0].min(p.x), b[1].max(p.x), b[2].min(p.y), b[3].max(p.y)]
            });
        point.x >= bounds[0] - MARGIN_M
            && point.x <= bounds[1] + MARGIN_M
            && point.y >= bounds[2] - MARGIN_M
            && point.y <= bounds[3] + MARGIN_M
    }
}

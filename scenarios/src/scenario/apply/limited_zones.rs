//! Limited-traffic zones.

use engine::city::RoadClass;
use engine::vehicles::{ClassSet, VehicleClass};
use geo::{Contains, Distance, Euclidean, MultiPolygon, Polygon as GeoPolygon};
use serde_spanned::Spanned;

use super::editor::Editor;
use super::selection::{is_named, middle};
use super::told::{class_words, when};
use super::{LimitedZone, Misfit};
use crate::scenario::file::Ztl;
use crate::words::Text;

/// A street this close to the edge of a limited-traffic zone runs along it, in metres.
const EDGE_STREET_M: f64 = 15.0;

impl Editor<'_> {
    /// Rows of the links whose middle lies in an area and not along its edge, but those of some classes and streets (in lower
    /// case), ascending.
    pub(super) fn links_well_inside(
        &self,
        area: &MultiPolygon<f64>,
        open_classes: &[RoadClass],
        open_streets: &[String],
    ) -> Vec<usize> {
        let is_part = |row: &usize| {
            let link = &self.applied.tables.links[*row].facts;
            is_well_inside(area, middle(&link.geometry))
                && !open_classes.contains(&link.class)
                && !is_named(link, open_streets)
        };
        (0..self.applied.tables.links.len()).filter(is_part).collect()
    }

    pub(super) fn ztl(&mut self, edit: &Spanned<Ztl>) {
        let ztl = edit.get_ref();
        let area = match (&ztl.quarter, &ztl.polygon) {
            (Some(quarter), _) => self.quarter(quarter),
            (None, Some(polygon)) => self.ground(polygon),
            (None, None) => None,
        };
        let open_streets = self.streets(&ztl.open_streets);
        let Some(area) = area else { return };
        let open_classes = ztl.open_road_classes.clone().unwrap_or_default();
        let rows = self.links_well_inside(&area, &open_classes, &open_streets);
        let zones: Vec<usize> = (0..self.applied.tables.zones.len())
            .filter(|&row| area.contains(&geo::Point(self.applied.tables.zones[row].facts.centroid)))
            .collect();
        if rows.is_empty() {
            return self.misfit(edit, Misfit::NoLinks);
        }
        if zones.is_empty() {
            return self.misfit(edit, Misfit::NoZones);
        }
        for &zone in &zones {
            // A zone has one share of permits, whatever its hours.
            let key = self.applied.tables.zones[zone].key.clone();
            self.claim(&ztl.exempt_share, &key, "exempt_share", ztl.exempt_share.get_ref());
        }
        let closed_to = ztl.closed_to.clone().unwrap_or_else(|| vec![VehicleClass::OtherCar]);
        self.touch(edit, &rows, Some(&ztl.hours), ClassSet::NONE, ClassSet::of(&closed_to));
        let name = ztl.name.clone().unwrap_or_else(|| Text::same("ZTL"));
        let (on, when) = (self.name_links(&rows), when(Some(&ztl.hours)));
        self.describe(
            format!("{}: chiusa al traffico di {}{}: {}", name.it, class_words(&closed_to).it, when.it, on.it),
            format!("{}: closed to {}{}: {}", name.en, class_words(&closed_to).en, when.en, on.en),
        );
        self.applied.limited_zones.push(LimitedZone { zones, exempt_share: *ztl.exempt_share.get_ref() });
        self.applied.edited_links.extend(rows);
        self.applied.areas.push(area);
    }
}

/// Whether a point lies in the area and not along its edge: the streets around a limited-traffic zone are not part of it.
fn is_well_inside(area: &MultiPolygon<f64>, point: geo::Point<f64>) -> bool {
    let edge_m = |polygon: &GeoPolygon<f64>| Euclidean.distance(&point, polygon.exterior());
    area.contains(&point) && area.iter().all(|polygon| edge_m(polygon) > EDGE_STREET_M)
}

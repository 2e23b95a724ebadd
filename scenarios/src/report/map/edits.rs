//! Where a scenario acts: the ground of its areas under the flows, rings and outlines over them, so that no flow hides it.

use geo::Coord;
use maud::{Markup, html};

use super::frame::{View, extent, page};
use super::path::PathData;
use crate::comparison::{ComparedRun, Comparison};

/// A scenario whose edits touch more links than this is shown by its areas alone, where it has any.
const LINKS_MAX: usize = 80;
/// What is smaller than this on the page gets a ring around it, in page units; what is larger, a line along it.
const RING_EXTENT_MAX: f64 = 60.0;
/// A ring is at least so far from the middle of what it marks, in page units.
const RING_RADIUS_MIN: f64 = 15.0;
/// Room between a ring and what it marks, in page units.
const RING_MARGIN: f64 = 9.0;

/// The ground of a scenario's areas.
pub(super) fn areas(run: &ComparedRun, view: &View) -> Markup {
    let path = rings(run, view);
    html! { @if !path.is_empty() { path.area-ground d=(path.as_str()) {} } }
}

/// The outlines of a scenario's areas, and rings around the streets that it changes or lines along them.
pub(super) fn outlines(comparison: &Comparison, run: &ComparedRun, view: &View) -> Markup {
    let areas = rings(run, view);
    let is_shown_by_area = !areas.is_empty() && run.edited_links.len() > LINKS_MAX;
    let mut line = PathData::default();
    let mut points: Vec<Coord<f64>> = Vec::new();
    for &link in run.edited_links.iter().filter(|_| !is_shown_by_area) {
        for part in view.frame.line(&comparison.links[link].points) {
            points.extend(&part.0);
            line.line(&part);
        }
    }
    let box_around = extent(&points);
    let ring = box_around.filter(|(low, high)| (high.x - low.x).max(high.y - low.y) <= RING_EXTENT_MAX);
    html! {
        @if !areas.is_empty() { path.area-outline d=(areas.as_str()) {} }
        @match ring {
            Some((low, high)) => {
                @let radius = (libm::hypot(high.x - low.x, high.y - low.y) / 2.0 + RING_MARGIN).max(RING_RADIUS_MIN);
                @let (x, y, radius) = (page((low.x + high.x) / 2.0), page((low.y + high.y) / 2.0), page(radius));
                circle.edited-rim cx=(x) cy=(y) r=(radius) {}
                circle.edited cx=(x) cy=(y) r=(radius) {}
            }
            None => {
                @if !line.is_empty() { path.edited-rim d=(line.as_str()) {} path.edited d=(line.as_str()) {} }
            }
        }
    }
}

fn rings(run: &ComparedRun, view: &View) -> PathData {
    let mut path = PathData::default();
    for area in &run.areas {
        if let Some(ring) = view.frame.ring(area) {
            path.line(&ring);
            path.close();
        }
    }
    path
}

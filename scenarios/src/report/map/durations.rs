//! Zones as discs: their size is the car trips that begin there, their colour how much longer these take than in the base.

use maud::{Markup, html};

use super::frame::{View, page};
use super::scale::{ChangeScale, change_style};
use crate::comparison::{ClassTrips, Comparison};
use crate::estimate::Estimate;

/// The class of vehicle whose trips are shown.
const CLASS: &str = "car";
/// Radius of the zone from which most trips begin, in page units of the large window.
const RADIUS_MAX: f64 = 15.0;
/// Radius of a zone from which next to none do.
const RADIUS_MIN: f64 = 2.5;

/// The zones with a place on the map, and their car trips.
fn located(comparison: &Comparison) -> impl Iterator<Item = ([f64; 2], &ClassTrips)> {
    comparison.zones.iter().filter_map(|zone| {
        let trips = zone.classes.iter().find(|trips| trips.class == CLASS)?;
        Some((zone.position?, trips))
    })
}

/// The changes of all zones in a run, in minutes.
pub(super) fn changes(comparison: &Comparison, run: usize) -> impl Iterator<Item = &Estimate> {
    located(comparison).filter_map(move |(_, trips)| trips.duration_differences_min[run].as_ref())
}

/// The zones of a run as discs, large ones first.
pub(super) fn zones(comparison: &Comparison, run: usize, scale: ChangeScale, view: &View) -> Markup {
    let most = located(comparison).map(|(_, trips)| trips.trips_per_day[0].value).fold(1.0, f64::max);
    let mut discs: Vec<(f64, [f64; 2], &str)> = located(comparison)
        .map(|(position, trips)| {
            let radius = libm::sqrt(trips.trips_per_day[0].value / most) * RADIUS_MAX * view.stroke_share;
            let class = trips.duration_differences_min[run].map_or(0, |change| scale.class_told(&change));
            (radius.max(RADIUS_MIN), position, change_style(class))
        })
        .collect();
    discs.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    html! {
        g.zones {
            @for (radius, position, style) in discs {
                @let at = view.frame.to_page(position);
                @if view.frame.holds(at, -radius) {
                    circle class={ "zone " (style) } cx=(page(at.x)) cy=(page(at.y)) r=(page(radius)) {}
                }
            }
        }
    }
}

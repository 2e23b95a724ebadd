//! Pockets: a short lane for those who turn left where an important road meets a signal.
//!
//! Where a road of rank [`RANK_MIN`] or more arrives at a signal with one or two lanes, faces oncoming traffic and may
//! turn left, its last metres have one more lane on the left, beside the axis; the lanes for all others swerve to the
//! right. The pocket has room for four cars, six above 50 km/h, and a taper before it. Our rule: guidelines (the
//! decree of 19 April 2006 in Italy, the RASt 06 in Germany) want lengths from flows that are not known here, and
//! width; the pocket is 3 m wide at most. Left out: pockets for right turns, and whether there is room between the
//! houses.

use super::super::Direction;
use super::plain::Control;
use super::site::Site;
use super::{lines, setbacks};

/// The lowest rank of a road that has pockets: a secondary road.
pub(super) const RANK_MIN: u8 = 4;
/// The most lanes that a road with pockets has.
const LANES_MAX: u32 = 2;
/// Room to wait up to 50 km/h, in metres: four cars.
const STORAGE_M: f64 = 30.0;
/// Room to wait on faster roads, in metres: six cars.
const FAST_STORAGE_M: f64 = 45.0;
/// Speed limits above this are fast, in metres a second.
const FAST_MPS: f64 = 14.0;
/// Where the lanes swerve, in metres.
pub(super) const TAPER_M: f64 = 15.0;
/// What must remain of the street before the taper, in metres.
const REST_M: f64 = 15.0;
/// Widest pocket, in metres.
pub(super) const WIDTH_MAX_M: f64 = 3.0;

/// The length of each street's pocket, in metres; `None` where it has none.
pub(super) fn lengths_m(site: &Site) -> Vec<Option<f64>> {
    (0..site.plain.streets.len() as u32).map(|street| length_m(site, street)).collect()
}

fn length_m(site: &Site, street: u32) -> Option<f64> {
    let row = site.street(street);
    let length_m = if row.speed_limit_mps > FAST_MPS { FAST_STORAGE_M } else { STORAGE_M };
    let is_wanted = site.control(row.to_junction) == Control::Signals
        && row.rank >= RANK_MIN
        && row.lane_count <= LANES_MAX
        && !row.is_roundabout
        && site.exits[street as usize].iter().any(|exit| exit.direction == Direction::Left)
        && faces_traffic(site, street);
    let needs_m = length_m + TAPER_M + REST_M + 2.0 * setbacks::MOST_M;
    (is_wanted && site.lengths_m[street as usize] >= needs_m).then_some(length_m)
}

/// Whether another street arrives from ahead, and does not only turn to its own left.
fn faces_traffic(site: &Site, street: u32) -> bool {
    let heading = site.heading(street);
    site.legs[site.street(street).to_junction as usize].iter().filter_map(|leg| leg.arriving).any(|other| {
        lines::dot(heading, site.heading(other)) < super::precedence::OPPOSITE
            && site.exits[other as usize].iter().any(|exit| exit.direction != Direction::Left)
    })
}

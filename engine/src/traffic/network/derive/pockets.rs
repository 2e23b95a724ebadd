//! Pockets: a short lane for those who turn left where an important road meets a signal.
//!
//! Where a road of rank [`RANK_MIN`] or more arrives at a signal with one or two lanes, faces oncoming traffic and may
//! turn left, its last metres have one more lane on the left, beside the axis; the lanes for all others swerve to the
//! right. The pocket has room for four cars, six above 50 km/h, and a taper before it; where flows are known, for twice
//! those who turn left in a cycle of 90 s, as far as the street allows. Where flows are known, roads of any rank have a
//! pocket for those who turn left, and one more lane, for whatever turns, where each lane carries more than
//! [`FULL_FROM_VPH`]: what a road carries today passes its signals, so they have room for it. Our rule, after the guidelines (the decree of 19 April 2006 in Italy, the RASt 06 in Germany), which want
//! lengths from flows, and width; the pocket is 3 m wide at most. Left out: pockets for right turns, and whether there is room between the
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
/// The longest room to wait, in metres.
const STORAGE_MAX_M: f64 = 120.0;
/// Room for each who turns left in an hour, in metres: twice those of a cycle of 90 s, 7.5 m each.
const STORAGE_PER_VPH_M: f64 = 2.0 * 90.0 / 3600.0 * 7.5;
/// From so many vehicles an hour on, a left turn has a pocket, where flows are known.
const WANTED_FROM_VPH: f64 = 60.0;
/// From so many vehicles an hour on each lane on, a road has one more before its signals, where flows are known.
const FULL_FROM_VPH: f64 = 350.0;
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
    let least_m = if row.speed_limit_mps > FAST_MPS { FAST_STORAGE_M } else { STORAGE_M };
    let turns_left = site.exits[street as usize].iter().any(|exit| exit.direction == Direction::Left);
    let left_vph = site.flow_vph(street, &[Direction::Left]);
    let all_vph = site.flow_vph(street, &[Direction::Left, Direction::Straight, Direction::Right]).unwrap_or(0.0);
    let lane_vph = all_vph / f64::from(row.lane_count - row.reserved.len() as u32);
    let stored_vph = left_vph.unwrap_or(0.0).max(if lane_vph >= FULL_FROM_VPH { lane_vph / 2.0 } else { 0.0 });
    let wanted_m = (stored_vph * STORAGE_PER_VPH_M).min(STORAGE_MAX_M).max(least_m);
    let is_useful = match left_vph {
        Some(left_vph) => (left_vph >= WANTED_FROM_VPH && faces_traffic(site, street)) || lane_vph >= FULL_FROM_VPH,
        None => row.rank >= RANK_MIN && turns_left && faces_traffic(site, street),
    };
    let is_wanted = site.control(row.to_junction) == Control::Signals
        && row.lane_count <= LANES_MAX
        && !row.is_roundabout
        && is_useful;
    let room_m = site.lengths_m[street as usize] - TAPER_M - REST_M - 2.0 * setbacks::MOST_M;
    (is_wanted && room_m >= least_m).then_some(wanted_m.min(room_m))
}

/// Whether another street arrives from ahead, and does not only turn to its own left.
fn faces_traffic(site: &Site, street: u32) -> bool {
    let heading = site.heading(street);
    site.legs[site.street(street).to_junction as usize].iter().filter_map(|leg| leg.arriving).any(|other| {
        lines::dot(heading, site.heading(other)) < super::precedence::OPPOSITE
            && site.exits[other as usize].iter().any(|exit| exit.direction != Direction::Left)
    })
}

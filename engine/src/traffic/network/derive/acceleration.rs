//! Acceleration lanes: where a ramp joins a motorway, the motorway goes on with one more lane for a while.
//!
//! The lane lies on the side from which the ramp comes, and ends without leading on: until there one changes over. It is as
//! long as it takes to get from the ramp's speed to 80 % of the motorway's at 1 m/s² (after the Italian decree of 19 April 2006
//! on intersections, which sizes the acceleration stretch so), [`LENGTH_MAX_M`] at most, and as far as the motorway goes on without
//! another junction; where that is less than [`LENGTH_MIN_M`] there is none, and the ramp gives way. Left out: lanes for those who leave, and the taper.

use super::lines;
use super::site::Site;

/// The rank of a motorway.
const MOTORWAY_RANK: u8 = 7;
/// The share of the motorway's speed with which one merges.
const MERGING_SHARE: f64 = 0.8;
/// How one accelerates on the lane, in metres per square second.
const ACCELERATION_MPS2: f64 = 1.0;
/// The shortest acceleration lane, in metres.
const LENGTH_MIN_M: f64 = 80.0;
/// The longest acceleration lane, in metres.
const LENGTH_MAX_M: f64 = 400.0;
/// What must remain of the motorway behind it, in metres.
const REST_M: f64 = 30.0;

/// A lane more at the beginning of a street.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct AccelerationLane {
    /// The street that joins here.
    pub(super) ramp: u32,
    /// Whether it is the leftmost lane, and not the rightmost.
    pub(super) is_left: bool,
    /// From the street's beginning.
    pub(super) length_m: f64,
}

/// The acceleration lane of each street; `None` where it has none.
pub(super) fn acceleration_lanes(site: &Site) -> Vec<Option<AccelerationLane>> {
    (0..site.plain.streets.len() as u32).map(|street| acceleration_lane(site, street)).collect()
}

fn acceleration_lane(site: &Site, street: u32) -> Option<AccelerationLane> {
    let row = site.street(street);
    if row.rank != MOTORWAY_RANK || !row.reserved.is_empty() {
        return None;
    }
    let legs = &site.legs[row.from_junction as usize];
    let leads_on = |&other: &u32| site.exits[other as usize].iter().any(|exit| exit.street == street);
    let arriving: Vec<u32> = legs.iter().filter_map(|leg| leg.arriving).filter(leads_on).collect();
    let [a, b] = arriving[..] else { return None };
    let (main, ramp) = if site.street(a).rank == MOTORWAY_RANK { (a, b) } else { (b, a) };
    let is_merge = site.street(main).rank == MOTORWAY_RANK
        && site.street(ramp).rank < MOTORWAY_RANK
        && site.street(ramp).lane_count == 1;
    if !is_merge {
        return None;
    }
    let (from_mps, to_mps) = (site.street(ramp).speed_limit_mps, MERGING_SHARE * row.speed_limit_mps);
    let needed_m = (to_mps * to_mps - from_mps * from_mps) / (2.0 * ACCELERATION_MPS2);
    let length_m = needed_m.clamp(LENGTH_MIN_M, LENGTH_MAX_M).min(site.lengths_m[street as usize] - REST_M);
    let is_left = lines::cross(site.heading(main), site.heading(ramp)) < 0.0;
    (length_m >= LENGTH_MIN_M).then_some(AccelerationLane { ramp, is_left, length_m })
}

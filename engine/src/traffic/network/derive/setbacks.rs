//! How far before a junction its streets end, so that carriageways do not overlap.
//!
//! Two carriageways at an angle θ, `a` and `b` wide on the sides that face each other, have their edges cross
//! (b + a·cos θ) / sin θ from the junction along the first: there the first ends at the latest. Stop lines keep a margin
//! for crossings on foot and the radius of the kerb (our rule). Where a junction is no point, edges cross where those of
//! axes that do not meet do. Left out: islands, and kerbs drawn for long vehicles.

use super::lines::right_of;
use super::site::{Leg, NodeKind, Site};
use super::{lines, pockets};

/// No street ends further from its junction than this, in metres.
pub(super) const MOST_M: f64 = 30.0;
/// No end takes more of its street than this.
const SHARE_MAX: f64 = 0.4;
/// Margin where streets cross, in metres.
const CROSSING_MARGIN_M: f64 = 4.0;
/// Margin where a street enters a roundabout, in metres: entries flare.
const ENTRY_MARGIN_M: f64 = 6.0;
/// Margin on the ring, in metres: nobody crosses it on foot.
const RING_MARGIN_M: f64 = 1.0;
/// No margin takes more of its street than this.
const MARGIN_SHARE_MAX: f64 = 0.08;
/// At the end of a street, in metres: room to turn.
const END_M: f64 = 3.0;
/// Where lanes are gained or lost, in metres: they swerve over twice this.
const CHANGE_M: f64 = 7.5;
/// Carriageways closer to parallel than this overlap however far back they end (about 8°).
const PARALLEL: f64 = 0.99;
/// Beyond this angle (150°) carriageways continue each other.
const CONTINUED: f64 = -0.866;

/// Metres between a street's ends and the places of its junctions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Setback {
    pub(super) start_m: f64,
    pub(super) end_m: f64,
}

/// The setbacks of all streets.
pub(super) fn setbacks(site: &Site, pocket_lengths_m: &[Option<f64>]) -> Vec<Setback> {
    let mut setbacks = vec![Setback::default(); site.plain.streets.len()];
    for junction in 0..site.legs.len() {
        let legs = &site.legs[junction];
        for (index, leg) in legs.iter().enumerate() {
            let (needed_m, margin_m) = wanted_m(site, junction, index, pocket_lengths_m);
            let allowed_m = |street: u32| {
                let length_m = site.lengths_m[street as usize];
                (needed_m + margin_m.min(length_m * MARGIN_SHARE_MAX)).min(MOST_M).min(length_m * SHARE_MAX)
            };
            if let Some(street) = leg.arriving {
                setbacks[street as usize].end_m = allowed_m(street);
            }
            if let Some(street) = leg.leaving {
                setbacks[street as usize].start_m = allowed_m(street);
            }
        }
    }
    setbacks
}

/// What a leg needs before its junction, and the margin that it is given where there is room, in metres.
fn wanted_m(site: &Site, junction: usize, index: usize, pocket_lengths_m: &[Option<f64>]) -> (f64, f64) {
    let legs = &site.legs[junction];
    let leg = &legs[index];
    let is_ring = |leg: &Leg| leg.arriving.or(leg.leaving).is_some_and(|street| site.street(street).is_roundabout);
    let needed_m = || {
        (0..legs.len())
            .filter(|&other| other != index)
            .map(|other| needed_m(site, leg, &legs[other], pocket_lengths_m))
            .fold(0.0, f64::max)
    };
    match site.kinds[junction] {
        NodeKind::Bend => (0.0, 0.0),
        NodeKind::End => {
            if leg.arriving.is_some() && leg.leaving.is_some() {
                (END_M, 0.0)
            } else {
                (0.0, 0.0)
            }
        }
        NodeKind::Change => (needed_m(), (CHANGE_M - needed_m()).max(0.0)),
        NodeKind::Ring if !is_ring(leg) => (needed_m(), ENTRY_MARGIN_M),
        NodeKind::Ring => (needed_m(), RING_MARGIN_M),
        NodeKind::Crossing => (needed_m(), CROSSING_MARGIN_M),
    }
}

/// Where the edge of a leg crosses that of another, in metres from the junction.
fn needed_m(site: &Site, leg: &Leg, other: &Leg, pocket_lengths_m: &[Option<f64>]) -> f64 {
    let cos = lines::dot(leg.outward, other.outward);
    if cos > PARALLEL {
        return 0.0;
    }
    let is_left = lines::cross(leg.outward, other.outward) > 0.0;
    let (left_m, right_m) = widths_m(site, leg, pocket_lengths_m);
    let (other_left_m, other_right_m) = widths_m(site, other, pocket_lengths_m);
    let (own_m, facing_m) = if is_left { (left_m, other_right_m) } else { (right_m, other_left_m) };
    if cos < CONTINUED {
        // A bend: the inner edges of the wider one.
        return own_m.max(facing_m) * ((1.0 + cos) / (1.0 - cos)).max(0.0).sqrt();
    }
    // Where the edge beside one axis crosses that beside the other; the axes need not meet in one point.
    let sign = if is_left { 1.0 } else { -1.0 };
    let (own_edge, facing_edge) =
        (right_of(leg.outward) * (-sign * own_m), right_of(other.outward) * (sign * facing_m));
    let apart = leg.end + own_edge - other.end - facing_edge;
    (-lines::cross(apart, other.outward) / lines::cross(leg.outward, other.outward)).max(0.0)
}

/// How far a leg reaches to either side of its axis, looking away from the junction: left and right.
fn widths_m(site: &Site, leg: &Leg, pocket_lengths_m: &[Option<f64>]) -> (f64, f64) {
    let width_m = |street: u32| f64::from(site.street(street).lane_count) * site.street(street).lane_width_m;
    let arriving_m = leg.arriving.map_or(0.0, |street| {
        let pocket = pocket_lengths_m[street as usize].map_or(0.0, |_| pocket_width_m(site, street));
        width_m(street) + pocket
    });
    let leaving_m = leg.leaving.map_or(0.0, width_m);
    if leg.arriving.is_some() && leg.leaving.is_some() {
        (arriving_m, leaving_m)
    } else {
        let half_m = (arriving_m + leaving_m) / 2.0;
        (half_m, half_m)
    }
}

/// The width of a street's pocket, if it has one, in metres.
pub(super) fn pocket_width_m(site: &Site, street: u32) -> f64 {
    site.street(street).lane_width_m.min(pockets::WIDTH_MAX_M)
}

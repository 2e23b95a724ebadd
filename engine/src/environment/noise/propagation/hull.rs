//! Which edges sound bends over: the upper convex hull of the cut.
//!
//! Directive (EU) 2015/996, annex, 2.5.6 (multiple diffraction). In favourable conditions rays are arcs that bend down: instead, the cut is
//! lowered by what an arc rises above its chord, after which rays are straight (Kok and van Beek, *Amendments for CNOSSOS-EU*, RIVM 2019,
//! annex G1). Delegated Directive (EU) 2021/1226 asks for arcs of one radius, Γ = max(1000 m, 8 d).

use super::profile::{Profile, Role};

/// Radius of the arcs that sound goes in favourable conditions, in metres (2.5.24).
#[inline]
pub(super) fn arc_radius_m(distance_m: f64) -> f64 {
    (8.0 * distance_m).max(1000.0)
}

/// What an arc from one end to the other rises above its chord at that distance, in metres.
#[inline]
fn rise_m(distance_m: f64, length_m: f64, radius_m: f64, base_m: f64) -> f64 {
    let off = distance_m - length_m / 2.0;
    (radius_m * radius_m - off * off).sqrt() - base_m
}

/// Fills `hull` with the indices of source, edges and receiver that a straight ray bends over.
pub(super) fn straight(profile: &Profile, hull: &mut Vec<usize>) {
    upper_hull(profile, hull, |_, height_m| height_m);
}

/// Fills `hull` with the indices of source, edges and receiver that a curved ray bends over.
pub(super) fn curved(profile: &Profile, hull: &mut Vec<usize>) {
    let length_m = profile.length_m;
    let radius_m = arc_radius_m(length_m);
    let base_m = (radius_m * radius_m - length_m * length_m / 4.0).sqrt();
    upper_hull(profile, hull, |distance_m, height_m| height_m - rise_m(distance_m, length_m, radius_m, base_m));
}

fn upper_hull(profile: &Profile, hull: &mut Vec<usize>, bent: impl Fn(f64, f64) -> f64) {
    hull.clear();
    hull.push(0);
    let last = profile.last();
    let place = |index: usize| {
        let (x, z) = profile.place(index);
        (x, bent(x, z))
    };
    let (source, receiver) = (place(0), place(last));
    let slope = (receiver.1 - source.1) / (receiver.0 - source.0).max(f64::MIN_POSITIVE);
    for index in 1..last {
        let point = &profile.points[index];
        let sight_m = source.1 + slope * (point.distance_m - source.0);
        // What is on or below the line of sight is no corner of the hull. Nothing is bent up, so that what is below it as it stands
        // is below it anyhow.
        if point.role != Role::Edge || point.top_m <= sight_m {
            continue;
        }
        let here = place(index);
        if here.1 <= sight_m {
            continue;
        }
        drop_covered(hull, here, &place);
        hull.push(index);
    }
    drop_covered(hull, receiver, &place);
    hull.push(last);
}

/// Drops the corners that the line from the one before them to `next` passes over.
#[inline]
fn drop_covered(hull: &mut Vec<usize>, next: (f64, f64), place: &impl Fn(usize) -> (f64, f64)) {
    while let [.., before, corner] = hull[..] {
        let (a, b) = (place(before), place(corner));
        let turn = (b.0 - a.0) * (next.1 - a.1) - (b.1 - a.1) * (next.0 - a.0);
        if turn < 0.0 {
            break;
        }
        hull.pop();
    }
}

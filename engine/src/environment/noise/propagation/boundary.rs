//! What ground and edges do together: A_boundary.
//!
//! Directive (EU) 2015/996, annex, 2.5.6: either the ground alone, or edges with the ground on both sides (2.5.9, 2.5.30), or, on a path
//! around vertical edges, the ground of the whole path and pure diffraction (2.5.34, for industrial sources). An edge that does not hide
//! the source may bend sound all the same, in the bands that meet Rayleigh's criterion (2.5.21); of several that do, the one nearest
//! to the ray counts.

use super::air::Air;
use super::diffraction::{Bend, Diffracted, Weather, distance_m, over_ground, remainder, strengthening};
use super::ground::{Side, Stretch, favourable, homogeneous};
use super::profile::{Profile, Role};
use crate::environment::noise::bands::{BAND_COUNT, Bands};

/// What ground and edges leave of the sound, and what that is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boundary {
    /// The ground of the whole path; only where nothing hides the source.
    pub(super) ground: Option<Bands>,
    /// Edges with the ground on both sides.
    pub(super) over: Option<Diffracted>,
    /// All together: 10^(−A_boundary/10).
    pub(super) whole: Bands,
}

/// What ground and edges leave, where `hull` holds source, edges and receiver.
pub(super) fn boundary(profile: &Profile, hull: &[usize], weather: Weather, air: &Air) -> Boundary {
    if let [_, edges @ .., _] = hull
        && !edges.is_empty()
    {
        let over = diffracted(&Bend::new(profile, edges, weather), weather, air);
        return Boundary { ground: None, over: Some(over), whole: over.whole };
    }
    let mut whole = ground(&Stretch::new(profile, 0, profile.last()), Side::Source, weather, air);
    let mut result = Boundary { ground: Some(whole), over: None, whole };
    if let Some(bend) = nearly_hidden(profile, weather, air) {
        let over = diffracted(&bend, weather, air);
        for band in 0..BAND_COUNT {
            if bend.matters(air.wavelength_m[band]) {
                whole[band] = over.whole[band];
            }
        }
        result = Boundary { over: Some(over), whole, ..result };
    }
    result
}

/// What ground and edges leave of a path around vertical edges.
pub(super) fn around(profile: &Profile, straight_m: f64, weather: Weather, air: &Air) -> Boundary {
    let ground = ground(&Stretch::new(profile, 0, profile.last()), Side::Source, weather, air);
    let mut before = profile.place(0);
    let (mut whole_m, mut edges) = (0.0, (None, None));
    for index in 1..=profile.last() {
        if profile.points[index].role != Role::VerticalEdge && index != profile.last() {
            continue;
        }
        let here = profile.place(index);
        whole_m += distance_m(before, here);
        if index != profile.last() {
            edges = (edges.0.or(Some(whole_m)), Some(whole_m));
        }
        before = here;
    }
    let spread_m = edges.1.unwrap_or(0.0) - edges.0.unwrap_or(0.0);
    let bent = remainder(whole_m - straight_m, &strengthening(spread_m, &air.wavelength_m), &air.wavelength_m);
    let mut whole = ground;
    for band in 0..BAND_COUNT {
        whole[band] *= bent[band];
    }
    Boundary { ground: Some(ground), over: None, whole }
}

fn diffracted(bend: &Bend, weather: Weather, air: &Air) -> Diffracted {
    let source = ground(&bend.source, Side::Source, weather, air);
    let receiver = ground(&bend.receiver, Side::Receiver, weather, air);
    over_ground(bend, (&source, &receiver), &air.wavelength_m)
}

#[inline]
fn ground(stretch: &Stretch, side: Side, weather: Weather, air: &Air) -> Bands {
    match weather {
        Weather::Homogeneous => homogeneous(stretch, side, air),
        Weather::Favourable => favourable(stretch, side, air),
    }
}

/// The edge nearest to the ray that bends some band of it without hiding the source, if there is one.
fn nearly_hidden(profile: &Profile, weather: Weather, air: &Air) -> Option<Bend> {
    let reach_m = air.wavelength_m[0] / 20.0;
    let (from, to) = (profile.place(0), profile.place(profile.last()));
    let straight_m = distance_m(from, to);
    let mut best: Option<Bend> = None;
    for index in 1..profile.last() {
        if profile.points[index].role != Role::Edge {
            continue;
        }
        let edge = profile.place(index);
        let longer_m = distance_m(from, edge) + distance_m(edge, to) - straight_m;
        // An arc rises at most by a share of the way that adds less than this to the difference.
        if longer_m > reach_m + straight_m * 1e-2 {
            continue;
        }
        let bend = Bend::new(profile, &[index], weather);
        let nearer = best.is_none_or(|best| bend.direct_m > best.direct_m);
        if nearer && air.wavelength_m.iter().any(|&wavelength_m| bend.matters(wavelength_m)) {
            best = Some(bend);
        }
    }
    best
}

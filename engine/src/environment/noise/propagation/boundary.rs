//! What ground and edges do together: A_boundary.
//!
//! Directive (EU) 2015/996, annex, 2.5.6: either the ground alone, or edges with the ground on both sides (2.5.9, 2.5.30), or, on a path
//! around vertical edges, the ground of the whole path and pure diffraction (2.5.34, for industrial sources). An edge that does not hide
//! the source may bend sound all the same, in the bands that meet Rayleigh's criterion (2.5.21); of several that do, the one nearest
//! to the ray counts.

use super::air::Air;
use super::diffraction::{Bend, Diffracted, Sides, Weather, distance_m, over_ground, remainder, strengthening};
use super::ground::{Side, Stretch, ground};
use super::profile::{Profile, Role};
use crate::environment::noise::bands::{BAND_COUNT, Bands};

/// What ground and edges leave of the sound, and what that is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boundary {
    /// The ground of the whole path; only where nothing hides the source.
    #[cfg_attr(not(test), expect(dead_code, reason = "published cases give what a level is made of"))]
    pub(super) ground: Option<Bands>,
    /// Edges with the ground on both sides.
    #[cfg_attr(not(test), expect(dead_code, reason = "published cases give what a level is made of"))]
    pub(super) over: Option<Diffracted>,
    /// All together: 10^(−A_boundary/10).
    pub(super) whole: Bands,
}

/// What ground and edges leave in homogeneous and in favourable conditions. The hulls hold source, edges and receiver.
pub(super) fn over(profile: &Profile, hulls: [&[usize]; 2], air: &Air) -> [Boundary; 2] {
    let mut sides: Option<((usize, usize), Sides)> = None;
    let mut open: Option<[Bands; 2]> = None;
    [Weather::Homogeneous, Weather::Favourable].map(|weather| {
        let edges = &hulls[weather as usize][1..hulls[weather as usize].len() - 1];
        let (Some(&first), Some(&last)) = (edges.first(), edges.last()) else {
            let grounds = *open.get_or_insert_with(|| whole_ground(profile, air));
            return in_sight(profile, grounds[weather as usize], weather, air);
        };
        // Mostly both hulls have the same first and last edge, and the ground on both sides is the same.
        let sides = match sides {
            Some((of, known)) if of == (first, last) => known,
            _ => sides.insert(((first, last), Sides::new(profile, (first, last), air))).1,
        };
        let over = over_ground(&Bend::new(profile, edges, &sides, weather), &sides, weather, &air.wavelength_m);
        Boundary { ground: None, over: Some(over), whole: over.whole }
    })
}

fn whole_ground(profile: &Profile, air: &Air) -> [Bands; 2] {
    ground(&Stretch::new(profile, 0, profile.last()), Side::Source, air)
}

/// What ground, and edges that do not hide the source, leave.
fn in_sight(profile: &Profile, ground: Bands, weather: Weather, air: &Air) -> Boundary {
    let Some((bend, sides)) = nearly_hidden(profile, weather, air) else {
        return Boundary { ground: Some(ground), over: None, whole: ground };
    };
    let over = over_ground(&bend, &sides, weather, &air.wavelength_m);
    let mut whole = ground;
    for (band, &wavelength_m) in air.wavelength_m.iter().enumerate() {
        if bend.matters(wavelength_m) {
            whole[band] = over.whole[band];
        }
    }
    Boundary { ground: Some(ground), over: Some(over), whole }
}

/// What ground and edges leave of a path around vertical edges.
pub(super) fn around(profile: &Profile, straight_m: f64, air: &Air) -> [Boundary; 2] {
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
    whole_ground(profile, air).map(|ground| {
        let mut whole = ground;
        for band in 0..BAND_COUNT {
            whole[band] *= bent[band];
        }
        Boundary { ground: Some(ground), over: None, whole }
    })
}

/// The edge nearest to the ray that bends some band of it without hiding the source, if there is one.
fn nearly_hidden(profile: &Profile, weather: Weather, air: &Air) -> Option<(Bend, Sides)> {
    let reach_m = air.wavelength_m[0] / 20.0;
    let (from, to) = (profile.place(0), profile.place(profile.last()));
    let straight_m = distance_m(from, to);
    let mut best: Option<(Bend, Sides)> = None;
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
        let sides = Sides::new(profile, (index, index), air);
        let bend = Bend::new(profile, &[index], &sides, weather);
        let nearer = best.is_none_or(|(best, _)| bend.direct_m > best.direct_m);
        if nearer && air.wavelength_m.iter().any(|&wavelength_m| bend.matters(wavelength_m)) {
            best = Some((bend, sides));
        }
    }
    best
}

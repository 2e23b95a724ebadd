//! Sound over edges.
//!
//! Directive (EU) 2015/996, annex, 2.5.6, equations 2.5.21 to 2.5.33, with the arcs of one radius of Delegated Directive (EU) 2021/1226: how
//! much longer the way over the edges is than the straight one (δ), for source and receiver and for their images in the ground, and
//! what that leaves of the sound.

use super::air::Air;
use super::ground::{Side, Stretch, ground};
use super::hull::arc_radius_m;
use super::profile::Profile;
use crate::environment::noise::bands::{BAND_COUNT, Bands};

/// First and last edge closer than this count as one, in metres (2.5.23).
const ONE_EDGE_M: f64 = 0.3;
/// What an edge takes at most, as energy: 25 dB (2.5.21).
const STRONGEST: f64 = 0.003_162_277_660_168_379_4;

/// Conditions of the atmosphere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weather {
    /// Rays are straight.
    Homogeneous,
    /// Rays bend down.
    Favourable,
}

/// A path over one edge or several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bend {
    /// Path difference of the path itself, in metres: δ.
    pub(super) direct_m: f64,
    /// Of the source's image to the receiver.
    pub(super) source_image_m: f64,
    /// Of the source to the receiver's image.
    pub(super) receiver_image_m: f64,
    /// Between both images: δ*.
    pub(super) images_m: f64,
    /// From the first edge to the last, in metres: e.
    pub(super) spread_m: f64,
}

/// The ground before the first edge and behind the last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sides {
    /// From the source to the first edge.
    pub(super) source: Stretch,
    /// From the last edge to the receiver.
    pub(super) receiver: Stretch,
    /// What the ground does on the source's side, in homogeneous and in favourable conditions.
    pub(super) ground_source: [Bands; 2],
    /// What it does on the receiver's side.
    pub(super) ground_receiver: [Bands; 2],
}

impl Sides {
    /// The ground on both sides of edges, of which these are the first and the last.
    pub(super) fn new(profile: &Profile, (first, last): (usize, usize), air: &Air) -> Self {
        let source = Stretch::new(profile, 0, first);
        let receiver = Stretch::new(profile, last, profile.last());
        Self {
            ground_source: ground(&source, Side::Source, air),
            ground_receiver: ground(&receiver, Side::Receiver, air),
            source,
            receiver,
        }
    }
}

type Place = (f64, f64);

impl Bend {
    /// The path over `edges`, indices of a profile's points from the source's side on; there is at least one.
    pub(super) fn new(profile: &Profile, edges: &[usize], sides: &Sides, weather: Weather) -> Self {
        let (first, last) = (edges[0], edges[edges.len() - 1]);
        let mut over = Over { first: profile.place(first), last: profile.place(last), spread_m: 0.0 };
        for pair in edges.windows(2) {
            over.spread_m += distance_m(profile.place(pair[0]), profile.place(pair[1]));
        }
        let (from, to) = (profile.place(0), profile.place(profile.last()));
        let (from_image, to_image) = (sides.source.start_image, sides.receiver.end_image);
        let (direct_m, source_image_m, receiver_image_m, images_m) = match weather {
            Weather::Homogeneous => (
                over.straight_m(from, to, over.first),
                over.straight_m(from_image, to, over.first),
                over.straight_m(from, to_image, over.last),
                over.straight_m(from_image, to_image, over.first),
            ),
            Weather::Favourable => (
                over.curved_m(from, to),
                over.covered_m(from_image, to),
                over.covered_m(from, to_image),
                over.curved_m(from_image, to_image),
            ),
        };
        Self { direct_m, source_image_m, receiver_image_m, images_m, spread_m: over.spread_m }
    }

    /// Whether sound of that wavelength bends at an edge that does not hide the source (2.5.21, Rayleigh).
    #[inline]
    pub(super) fn matters(&self, wavelength_m: f64) -> bool {
        self.direct_m >= 0.0
            || (self.direct_m > -wavelength_m / 20.0 && self.direct_m > wavelength_m / 4.0 - self.images_m)
    }
}

/// The edges, seen from wherever.
struct Over {
    first: Place,
    last: Place,
    spread_m: f64,
}

impl Over {
    /// Path difference of straight rays: below 0 if the edge does not hide `from` (2.5.22, 2.5.23).
    #[inline]
    fn straight_m(&self, from: Place, to: Place, edge: Place) -> f64 {
        let longer = distance_m(from, self.first) + self.spread_m + distance_m(self.last, to) - distance_m(from, to);
        if above(from, to, edge) { longer } else { -longer }
    }

    /// Path difference of arcs if the edges hide `from` (2.5.25).
    #[inline]
    fn covered_m(&self, from: Place, to: Place) -> f64 {
        let straight_m = distance_m(from, to);
        let arc = |chord_m| arc_m(chord_m, arc_radius_m(straight_m));
        self.arcs_m(from, to, &arc) - arc(straight_m)
    }

    /// Path difference of arcs, whether the straight ray is hidden or not (2.5.25, 2.5.26).
    #[inline]
    fn curved_m(&self, from: Place, to: Place) -> f64 {
        if above(from, to, self.first) {
            return self.covered_m(from, to);
        }
        let straight_m = distance_m(from, to);
        let arc = |chord_m| arc_m(chord_m, arc_radius_m(straight_m));
        let share = (self.first.0 - from.0) / (to.0 - from.0);
        let below = (self.first.0, from.1 + share * (to.1 - from.1));
        2.0 * arc(distance_m(from, below)) + 2.0 * arc(distance_m(below, to))
            - self.arcs_m(from, to, &arc)
            - arc(straight_m)
    }

    #[inline]
    fn arcs_m(&self, from: Place, to: Place, arc: &impl Fn(f64) -> f64) -> f64 {
        arc(distance_m(from, self.first)) + arc(self.spread_m) + arc(distance_m(self.last, to))
    }
}

/// Length of an arc over a chord: 2Γ arcsin(chord/2Γ) (2.5.24).
///
/// The series of the arcsine up to the ninth power: no chord is longer than Γ/8 by much, where the next term is below 1e-13.
#[inline]
pub(super) fn arc_m(chord_m: f64, radius_m: f64) -> f64 {
    let x = chord_m / (2.0 * radius_m);
    let square = x * x;
    let series = 1.0 / 6.0 + square * (3.0 / 40.0 + square * (15.0 / 336.0 + square * (105.0 / 3456.0)));
    chord_m * (1.0 + square * series)
}

#[inline]
pub(super) fn distance_m(a: Place, b: Place) -> f64 {
    let (x, z) = (b.0 - a.0, b.1 - a.1);
    (x * x + z * z).sqrt()
}

/// Whether `point` lies above the line through both others. The image of a high receiver in a steep plane may be behind the source.
#[inline]
fn above(from: Place, to: Place, point: Place) -> bool {
    let forward = to.0 - from.0;
    let turn = forward * (point.1 - from.1) - (to.1 - from.1) * (point.0 - from.0);
    if forward >= 0.0 { turn >= 0.0 } else { turn <= 0.0 }
}

/// Strengthening by several edges: C″ of equation 2.5.23, by band.
#[inline]
pub(super) fn strengthening(spread_m: f64, wavelength_m: &Bands) -> Bands {
    if spread_m <= ONE_EDGE_M {
        return [1.0; BAND_COUNT];
    }
    let mut result = [0.0; BAND_COUNT];
    for band in 0..BAND_COUNT {
        let ratio = 5.0 * wavelength_m[band] / spread_m;
        let square = ratio * ratio;
        result[band] = (1.0 + square) / (1.0 / 3.0 + square);
    }
    result
}

/// What bending leaves of the sound: 10^(−Δ_dif/10) of 2.5.21, 1/(3 + 40/λ C″ δ), or all of it where that is below −2.
#[inline]
pub(super) fn remainder(difference_m: f64, strengthening: &Bands, wavelength_m: &Bands) -> Bands {
    let mut result = [0.0; BAND_COUNT];
    for band in 0..BAND_COUNT {
        let form = 40.0 / wavelength_m[band] * strengthening[band] * difference_m;
        result[band] = if form >= -2.0 { 1.0 / (3.0 + form) } else { 1.0 };
    }
    result
}

/// What is left of a diffracted sound by band, and what it is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Diffracted {
    /// Pure diffraction of the path.
    pub(super) direct: Bands,
    /// Pure diffraction from the source's image.
    #[cfg_attr(not(test), expect(dead_code, reason = "published cases give what a level is made of"))]
    pub(super) source_image: Bands,
    /// Pure diffraction to the receiver's image.
    #[cfg_attr(not(test), expect(dead_code, reason = "published cases give what a level is made of"))]
    pub(super) receiver_image: Bands,
    /// What the ground does on the source's side.
    pub(super) ground_source: Bands,
    /// What the ground does on the receiver's side.
    pub(super) ground_receiver: Bands,
    /// All together: 10^(−A_dif/10) (2.5.30).
    pub(super) whole: Bands,
}

/// A_dif with the ground on both sides (2.5.30 to 2.5.33).
#[inline]
pub(super) fn over_ground(bend: &Bend, sides: &Sides, weather: Weather, wavelength_m: &Bands) -> Diffracted {
    let strengthening = strengthening(bend.spread_m, wavelength_m);
    let mut direct = remainder(bend.direct_m, &strengthening, wavelength_m);
    let source_image = remainder(bend.source_image_m, &strengthening, wavelength_m);
    let receiver_image = remainder(bend.receiver_image_m, &strengthening, wavelength_m);
    let (below, beneath) = (sides.source.start_below, sides.receiver.end_below);
    let mut parts = Diffracted {
        direct,
        source_image,
        receiver_image,
        ground_source: sides.ground_source[weather as usize],
        ground_receiver: sides.ground_receiver[weather as usize],
        whole: [0.0; BAND_COUNT],
    };
    // A source below the mean plane is its own image: the ground is counted in full, and so is what hides the image (2021/1226).
    if below {
        direct = source_image;
    } else {
        weigh(&mut parts.ground_source, &source_image, &direct);
    }
    if beneath {
        direct = receiver_image;
    } else {
        weigh(&mut parts.ground_receiver, &receiver_image, &direct);
    }
    parts.direct = direct;
    for (band, left) in direct.into_iter().enumerate() {
        parts.whole[band] = left.clamp(STRONGEST, 1.0) * parts.ground_source[band] * parts.ground_receiver[band];
    }
    parts
}

/// −20 lg(1 + (10^(−A_ground/20) − 1) · 10^(−(Δ_image − Δ)/20)), as energy (2.5.31, 2.5.32).
#[inline]
fn weigh(ground: &mut Bands, image: &Bands, direct: &Bands) {
    for band in 0..BAND_COUNT {
        let amplitude = 1.0 + (ground[band].sqrt() - 1.0) * (image[band] / direct[band]).sqrt();
        ground[band] = amplitude * amplitude;
    }
}

//! Walls that reflect.
//!
//! Directive (EU) 2015/996, annex, 2.5.6, *Reflections by vertical obstacles*: the reflected path is that of an image source, weakened by
//! what the wall absorbs (2.5.35) and by what passes over its top (retrodiffraction, 2.5.36 and 2.5.37). A ray that meets the wall's
//! plane above its top is not reflected.

use super::air::Air;
use super::diffraction::{Weather, arc_m, distance_m, strengthening};
use super::hull::arc_radius_m;
use super::profile::{Profile, Role};
use crate::environment::noise::bands::{BAND_COUNT, Bands};

/// What the walls of a path leave of the sound by band: 0 where the ray passes over one.
pub(super) fn mirrored(profile: &Profile, hull: &[usize], weather: Weather, air: &Air) -> Bands {
    let mut left = profile.reflected;
    for pair in hull.windows(2) {
        let (from, to) = (profile.place(pair[0]), profile.place(pair[1]));
        for point in &profile.points[pair[0] + 1..pair[1]] {
            if point.role != Role::Mirror {
                continue;
            }
            let share = (point.distance_m - from.0) / (to.0 - from.0).max(f64::MIN_POSITIVE);
            if from.1 + share * (to.1 - from.1) > point.top_m {
                return [0.0; BAND_COUNT];
            }
            let top = (point.distance_m, point.top_m);
            let kept = kept_below(profile, from, top, to, weather, air);
            for band in 0..BAND_COUNT {
                left[band] *= kept[band];
            }
        }
    }
    left
}

/// What is not lost over the wall's top, between the edges, or ends, before and after it.
fn kept_below(
    profile: &Profile,
    from: (f64, f64),
    top: (f64, f64),
    to: (f64, f64),
    weather: Weather,
    air: &Air,
) -> Bands {
    let (up_m, down_m, straight_m) = (distance_m(from, top), distance_m(top, to), distance_m(from, to));
    let difference_m = match weather {
        Weather::Homogeneous => straight_m - up_m - down_m,
        Weather::Favourable => {
            let whole_m = distance_m(profile.place(0), profile.place(profile.last()));
            let radius_m = arc_radius_m(whole_m);
            arc_m(straight_m, radius_m) - arc_m(up_m, radius_m) - arc_m(down_m, radius_m)
        }
    };
    let strengthening = strengthening(0.0, &air.wavelength_m);
    super::diffraction::remainder(difference_m, &strengthening, &air.wavelength_m)
}

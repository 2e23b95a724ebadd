//! Ways through a junction: curves from the end of a lane to the beginning of the next, and how fast one may take them.
//!
//! A way is a cubic Bézier curve whose handles make it an arc of a circle where both ends are equally far from where
//! their directions meet. Its speed limit is that at which the sideways acceleration is [`SIDEWAYS_MPS2`], on the mean
//! radius (length over all turning): 0.3 g, between the side friction of 0.38 at 16 km/h and 0.27 at 32 km/h that
//! AASHTO's *Policy on Geometric Design of Highways and Streets* takes for slow streets and turning roadways. Left
//! out: the sweep of long vehicles.

use geo::Coord;

use super::lines::{cross, dot, length_m, norm, turn_rad};

/// Sideways acceleration in turns, in m/s².
const SIDEWAYS_MPS2: f64 = 3.0;
/// No way is slower than this, in metres a second: a car that turns around at walking pace and some.
const SPEED_MIN_MPS: f64 = 2.5;
/// Turn of one piece of a curve (8°).
const PIECE_RAD: f64 = 0.14;
/// Turns below this are straight (1°).
const STRAIGHT_RAD: f64 = 0.0175;

/// The curve between two places, with the direction in which it leaves the first and reaches the second.
pub(super) fn curve((start, leaves): (Coord, Coord), (end, reaches): (Coord, Coord)) -> Vec<Coord> {
    let gap = end - start;
    let gap_m = norm(gap);
    let turn = turn_rad(leaves, reaches).abs();
    if turn < STRAIGHT_RAD && cross(leaves, gap).abs() <= STRAIGHT_RAD * gap_m && dot(leaves, gap) >= 0.0 {
        return vec![start, end];
    }
    let (first_m, last_m) = handles_m(leaves, reaches, gap, turn);
    let (first, last) = (start + leaves * first_m, end - reaches * last_m);
    let pieces = (turn / PIECE_RAD).ceil().clamp(6.0, 20.0) as u32;
    (0..=pieces)
        .map(|piece| match piece {
            0 => start,
            _ if piece == pieces => end,
            _ => {
                let t = f64::from(piece) / f64::from(pieces);
                let s = 1.0 - t;
                start * (s * s * s) + first * (3.0 * s * s * t) + last * (3.0 * s * t * t) + end * (t * t * t)
            }
        })
        .collect()
}

/// The lengths of the handles at both ends.
fn handles_m(leaves: Coord, reaches: Coord, gap: Coord, turn: f64) -> (f64, f64) {
    let sine = cross(leaves, reaches);
    if (0.3..2.8).contains(&turn) && sine != 0.0 {
        // To where the directions meet.
        let (ahead_m, behind_m) = (cross(gap, reaches) / sine, cross(leaves, gap) / sine);
        if ahead_m > 0.0 && behind_m > 0.0 {
            let share = 4.0 / 3.0 * libm::tan(turn / 4.0) / libm::tan(turn / 2.0);
            return (ahead_m * share, behind_m * share);
        }
    }
    let share = if turn < 1e-3 { 1.0 / 3.0 } else { 2.0 / 3.0 * libm::tan(turn / 4.0) / libm::sin(turn / 2.0) };
    let handle_m = norm(gap) * share;
    (handle_m, handle_m)
}

/// How fast one may drive along a curve where the streets at both ends allow `limit_mps`.
pub(super) fn speed_mps(line: &[Coord], limit_mps: f64) -> f64 {
    limit_mps.min((SIDEWAYS_MPS2 * radius_m(line)).sqrt().max(SPEED_MIN_MPS))
}

/// The least radii with which ways into and out of a roundabout are built, in metres (Sétra 1998, *Aménagement des carrefours
/// interurbains*: 10 to 15 m, and 15 to 30 m).
const ENTRY_RADIUS_M: f64 = 10.0;
const EXIT_RADIUS_M: f64 = 15.0;

/// Which way through a junction of a roundabout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RoundaboutPart {
    Entry,
    Ring,
    Exit,
}

/// How fast one may drive along a curve of a roundabout, around the ring or into and out of it, where the streets at both ends
/// allow `limit_mps`.
///
/// V = 8.7602 R^0.3861 km/h into and out of the ring, which lean inwards, and 8.6164 R^0.3673 around it, which leans outwards
/// (NCHRP Report 672, *Roundabouts: An Informational Guide*, 2nd edition, 2010, equations 6-1 and 6-2). Streets that are lines
/// reach a ring at right angles; ways in and out are taken to be as wide as they are built at least.
pub(super) fn roundabout_speed_mps(line: &[Coord], part: RoundaboutPart, limit_mps: f64) -> f64 {
    let drawn_m = radius_m(line);
    let speed_kmh = match part {
        RoundaboutPart::Ring => 8.6164 * libm::pow(drawn_m, 0.3673),
        RoundaboutPart::Entry => 8.7602 * libm::pow(drawn_m.max(ENTRY_RADIUS_M), 0.3861),
        RoundaboutPart::Exit => 8.7602 * libm::pow(drawn_m.max(EXIT_RADIUS_M), 0.3861),
    };
    limit_mps.min((speed_kmh / 3.6).max(SPEED_MIN_MPS))
}

/// The mean radius of a curve, in metres; infinite for a straight line.
pub(super) fn radius_m(line: &[Coord]) -> f64 {
    let turned: f64 = line.windows(3).map(|bend| turn_rad(bend[1] - bend[0], bend[2] - bend[1]).abs()).sum();
    if turned < STRAIGHT_RAD { f64::INFINITY } else { length_m(line) / turned }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EAST: Coord = Coord { x: 1.0, y: 0.0 };
    const NORTH: Coord = Coord { x: 0.0, y: 1.0 };

    #[test]
    fn a_quarter_turn_is_an_arc_of_a_circle() {
        let arc = curve((Coord { x: 0.0, y: 0.0 }, EAST), (Coord { x: 10.0, y: 10.0 }, NORTH));
        for point in &arc {
            let radius_m = norm(*point - Coord { x: 0.0, y: 10.0 });
            assert!((radius_m - 10.0).abs() < 0.01, "{point:?}");
        }
        assert!((speed_mps(&arc, 13.9) - 30_f64.sqrt()).abs() < 0.25, "{}", speed_mps(&arc, 13.9));
    }

    #[test]
    fn straight_on_is_a_straight_line_at_full_speed() {
        let line = curve((Coord { x: 0.0, y: 0.0 }, EAST), (Coord { x: 10.0, y: 0.0 }, EAST));
        assert_eq!(line.len(), 2);
        assert_eq!(speed_mps(&line, 13.9), 13.9);
    }

    #[test]
    fn turning_around_is_slow_and_stays_near() {
        let line = curve((Coord { x: 0.0, y: 0.0 }, EAST), (Coord { x: 0.0, y: 3.2 }, EAST * -1.0));
        assert!(line.iter().all(|point| norm(*point) < 5.0), "{line:?}");
        assert!(speed_mps(&line, 13.9) <= 3.0);
    }
}

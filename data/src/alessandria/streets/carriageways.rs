//! Finds dual carriageways: two lines of one street side by side, each drawn in its driving direction.
//!
//! Traffic keeps right, so the other carriageway lies to the *left* of each, 5 to 40 m away, and is drawn the other way.
//! A line that has such a twin along most of its length may be driven only as drawn. A closed ring of at most
//! [`ROUNDABOUT_MAX_M`] is a roundabout, or the edge of a square, and driven anticlockwise. Left out: one-way streets
//! without a twin (see [`super::grids`]).

use geo::Coord;

use super::planar::SegmentIndex;
use super::polyline::{at, cross, distance_m, dot, fraction_nearest, heading, length_m, stations};
use super::strand::{Direction, Strand};

/// How far apart the axes of two carriageways lie.
const APART_M: (f64, f64) = (5.0, 40.0);
/// Cosine of the angle beyond which two lines run against each other.
const AGAINST_COSINE: f64 = -0.9;
/// Share of its length along which a carriageway has its twin.
const TWIN_SHARE: f64 = 0.6;
/// Longest roundabout.
const ROUNDABOUT_MAX_M: f64 = 400.0;

/// What the geometry says of a strand's direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// A carriageway of a dual one.
    Carriageway,
    /// A roundabout.
    Roundabout,
    /// The closed edge of a piazza.
    Square,
    /// Nothing.
    None,
}

/// Sets the direction of carriageways and roundabouts among two-way strands, and says what was found for each.
pub(super) fn direct(strands: &mut [Strand]) -> Vec<Finding> {
    let index = SegmentIndex::new(strands);
    let findings: Vec<(Finding, Direction)> =
        (0..strands.len()).map(|strand| finding(strands, strand, &index)).collect();
    for (strand, &(_, direction)) in strands.iter_mut().zip(&findings) {
        strand.direction = direction;
    }
    findings.into_iter().map(|(finding, _)| finding).collect()
}

fn finding(strands: &[Strand], number: usize, index: &SegmentIndex) -> (Finding, Direction) {
    let strand = &strands[number];
    if strand.direction != Direction::Both || strand.name.is_none() {
        return (Finding::None, strand.direction);
    }
    let [first, last] = strand.ends();
    if distance_m(first, last) < 1.0 && length_m(&strand.line) <= ROUNDABOUT_MAX_M {
        let anticlockwise = area_m2(&strand.line) > 0.0;
        let direction = if anticlockwise { Direction::Drawn } else { Direction::Reversed };
        // A block of streets is a ring too; only a round one, with hardly a corner, is a roundabout.
        let piazza = strand.name.as_deref().is_some_and(|name| name.starts_with("Piazza "));
        return match (is_round(&strand.line), piazza) {
            (true, _) => (Finding::Roundabout, direction),
            (false, true) => (Finding::Square, direction),
            (false, false) => (Finding::None, Direction::Both),
        };
    }
    let places = stations(&strand.line, 10.0);
    let beside = places
        .iter()
        .filter(|&&(along_m, place)| {
            let ahead = heading(at(&strand.line, along_m - 5.0), at(&strand.line, along_m + 5.0));
            has_twin(strands, number, place, ahead, index)
        })
        .count();
    if beside as f64 >= TWIN_SHARE * places.len() as f64 {
        (Finding::Carriageway, Direction::Drawn)
    } else {
        (Finding::None, Direction::Both)
    }
}

fn has_twin(strands: &[Strand], number: usize, place: Coord<f64>, ahead: Coord<f64>, index: &SegmentIndex) -> bool {
    index.strands_near(place, place, APART_M.1).into_iter().any(|other| {
        other != number
            && strands[other].name == strands[number].name
            && strands[other].line.windows(2).any(|ends| {
                let beside = ends[0] + (ends[1] - ends[0]) * fraction_nearest(ends[0], ends[1], place);
                let apart_m = distance_m(place, beside);
                (APART_M.0..=APART_M.1).contains(&apart_m)
                    && dot(ahead, heading(ends[0], ends[1])) <= AGAINST_COSINE
                    && cross(ahead, beside - place) > 0.0
                    && dot(ahead, beside - place).abs() < 0.5 * apart_m
            })
    })
}

/// Area inside a ring; positive where it is drawn anticlockwise.
fn area_m2(ring: &[Coord<f64>]) -> f64 {
    let origin = ring[0];
    ring.windows(2).map(|ends| 0.5 * cross(ends[0] - origin, ends[1] - origin)).sum()
}

/// Whether a ring fills most of the circle of its length (a square fills 0.785 of it).
fn is_round(ring: &[Coord<f64>]) -> bool {
    let length_m = length_m(ring);
    4.0 * std::f64::consts::PI * area_m2(ring).abs() > 0.85 * length_m * length_m
}

#[cfg(test)]
mod tests {
    use engine::provenance::{Origin, Provenance};

    use super::*;

    fn street(name: &str, line: &[(f64, f64)]) -> Strand {
        let line = line.iter().map(|&(x, y)| Coord { x, y }).collect();
        let provenance = Provenance { origin: Origin::Real, source: "test".into(), year: None, accuracy_m: None };
        Strand::street(format!("test:{name}"), Some(name.into()), line, provenance)
    }

    #[test]
    fn two_lines_of_one_street_drawn_against_each_other_are_carriageways() {
        let mut strands =
            [street("Corso", &[(0.0, 0.0), (100.0, 0.0)]), street("Corso", &[(100.0, 12.0), (0.0, 12.0)])];
        assert_eq!(direct(&mut strands), [Finding::Carriageway; 2]);
        assert!(strands.iter().all(|strand| strand.direction == Direction::Drawn));
    }

    #[test]
    fn traffic_keeps_right_so_a_twin_on_the_right_is_none() {
        let mut strands =
            [street("Corso", &[(0.0, 12.0), (100.0, 12.0)]), street("Corso", &[(100.0, 0.0), (0.0, 0.0)])];
        assert_eq!(direct(&mut strands), [Finding::None; 2]);
    }

    #[test]
    fn neighbours_of_other_names_or_far_away_stay_two_way() {
        let mut strands = [
            street("A", &[(0.0, 0.0), (100.0, 0.0)]),
            street("B", &[(100.0, 12.0), (0.0, 12.0)]),
            street("A", &[(100.0, 60.0), (0.0, 60.0)]),
        ];
        assert_eq!(direct(&mut strands), [Finding::None; 3]);
    }

    #[test]
    fn round_rings_and_piazzas_are_driven_anticlockwise_and_blocks_both_ways() {
        let circle: Vec<(f64, f64)> = (0..=24)
            .map(|i| f64::from(i % 24) * std::f64::consts::TAU / 24.0)
            .map(|angle| (20.0 * libm::cos(angle), -20.0 * libm::sin(angle)))
            .collect();
        let square = [(0.0, 0.0), (50.0, 0.0), (50.0, 50.0), (0.0, 50.0), (0.0, 0.0)];
        let mut strands = [
            street("Ring", &circle),
            street("Block", &square.map(|(x, y)| (x + 500.0, y))),
            street("Piazza Turati", &square.map(|(x, y)| (x + 1000.0, y))),
        ];
        assert_eq!(direct(&mut strands), [Finding::Roundabout, Finding::None, Finding::Square]);
        assert_eq!(
            strands.each_ref().map(|strand| strand.direction),
            [Direction::Reversed, Direction::Both, Direction::Drawn]
        );
    }
}

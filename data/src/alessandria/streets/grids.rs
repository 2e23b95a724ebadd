//! Finds the one-way streets of the quarters that were laid out as grids.
//!
//! In the blocks of Centro and Pista streets are too narrow for parking and two directions, so neighbours are driven one
//! against the other. The lines say so: a one-way street is drawn in its driving direction, a two-way street either way,
//! and there the nearest parallel street is drawn the other way in 74 % (Centro, 206 stretches) and 79 % (Pista, 73) of
//! cases, where chance gives 50 % (the other quarters: 30 of 58). A minor street of these quarters whose parallel
//! neighbours are drawn against it along most of its length is taken to be one-way as drawn. If all other streets are
//! drawn by chance, 27 to 35 % of these are two-way after all. Left out: one-way streets elsewhere.

use geo::Coord;

use super::planar::SegmentIndex;
use super::polyline::{at, cross, distance_m, dot, fraction_nearest, heading, length_m, stations};
use super::quarters::Quarters;
use super::strand::{Direction, Strand};

/// Quarters laid out as one-way grids.
const GRIDS: [&str; 2] = ["Centro", "Pista"];
/// How far apart parallel streets of a grid lie: the depth of a block.
const BLOCK_M: (f64, f64) = (25.0, 110.0);
/// Cosine of the angle up to which streets are parallel.
const PARALLEL_COSINE: f64 = 0.95;
/// Distance between the places that are looked at.
const STEP_M: f64 = 20.0;
/// Share of the places with a parallel street at which this must be drawn the other way.
const AGAINST_SHARE: f64 = 0.6;

/// Makes the minor two-way streets of one-way grids one-way, and says which. `is_minor` says which streets may be.
pub(super) fn direct(strands: &mut [Strand], quarters: &Quarters, is_minor: impl Fn(&Strand) -> bool) -> Vec<bool> {
    let index = SegmentIndex::new(strands);
    let one_way: Vec<bool> = (0..strands.len())
        .map(|number| {
            let strand = &strands[number];
            strand.direction == Direction::Both
                && is_minor(strand)
                && GRIDS.contains(&quarters.around_the_middle_of(strand))
                && is_drawn_against_its_neighbours(strands, number, &index)
        })
        .collect();
    for (strand, _) in strands.iter_mut().zip(&one_way).filter(|(_, one_way)| **one_way) {
        strand.direction = Direction::Drawn;
    }
    one_way
}

fn is_drawn_against_its_neighbours(strands: &[Strand], number: usize, index: &SegmentIndex) -> bool {
    let line = &strands[number].line;
    let middle = STEP_M / 2.0;
    let (mut with, mut against) = (0_u32, 0_u32);
    for (along_m, place) in stations(line, STEP_M) {
        // The ends lie on the cross streets.
        if along_m < middle || along_m > length_m(line) - middle {
            continue;
        }
        let ahead = heading(at(line, along_m - 5.0), at(line, along_m + 5.0));
        match nearest_parallel(strands, number, place, ahead, index) {
            Some(course) if course < 0.0 => against += 1,
            Some(_) => with += 1,
            None => {}
        }
    }
    against > 0 && f64::from(against) >= AGAINST_SHARE * f64::from(with + against)
}

/// The cosine between this street and the nearest parallel one a block away.
fn nearest_parallel(
    strands: &[Strand],
    number: usize,
    place: Coord<f64>,
    ahead: Coord<f64>,
    index: &SegmentIndex,
) -> Option<f64> {
    let mut nearest: Option<(f64, f64)> = None;
    for other in index.strands_near(place, place, BLOCK_M.1) {
        if strands[other].name == strands[number].name {
            continue;
        }
        for ends in strands[other].line.windows(2) {
            let beside = ends[0] + (ends[1] - ends[0]) * fraction_nearest(ends[0], ends[1], place).clamp(0.0, 1.0);
            let (away_m, course) = (distance_m(place, beside), dot(ahead, heading(ends[0], ends[1])));
            let abreast = cross(ahead, beside - place).abs() > 0.9 * away_m;
            if (BLOCK_M.0..=BLOCK_M.1).contains(&away_m)
                && course.abs() >= PARALLEL_COSINE
                && abreast
                && nearest.is_none_or(|(best_m, _)| away_m < best_m)
            {
                nearest = Some((away_m, course));
            }
        }
    }
    nearest.map(|(_, course)| course)
}

#[cfg(test)]
mod tests {
    use engine::provenance::{Origin, Provenance};

    use super::super::sources::HouseNumber;
    use super::*;

    fn street(name: &str, line: [(f64, f64); 2]) -> Strand {
        let line = line.map(|(x, y)| Coord { x, y }).to_vec();
        let provenance = Provenance { origin: Origin::Real, source: "test".into(), year: None, accuracy_m: None };
        Strand::street(format!("test:{name}"), Some(name.into()), line, provenance)
    }

    fn quarter(name: &str) -> Quarters {
        let position = Coord { x: 0.0, y: 0.0 };
        Quarters::new(&[HouseNumber {
            street: 1,
            street_name: "Via A".into(),
            quarter: name.into(),
            number: 1,
            position,
        }])
    }

    fn block(back: [(f64, f64); 2]) -> [Strand; 2] {
        [street("Via A", [(0.0, 0.0), (100.0, 0.0)]), street("Via B", back)]
    }

    #[test]
    fn neighbours_of_a_grid_drawn_against_each_other_are_one_way() {
        let mut strands = block([(100.0, 60.0), (0.0, 60.0)]);
        assert_eq!(direct(&mut strands, &quarter("Centro"), |_| true), [true, true]);
        assert!(strands.iter().all(|strand| strand.direction == Direction::Drawn));
    }

    #[test]
    fn streets_drawn_alike_or_of_other_quarters_or_of_note_stay_two_way() {
        assert_eq!(direct(&mut block([(0.0, 60.0), (100.0, 60.0)]), &quarter("Centro"), |_| true), [false, false]);
        assert_eq!(direct(&mut block([(100.0, 60.0), (0.0, 60.0)]), &quarter("Cristo"), |_| true), [false, false]);
        assert_eq!(direct(&mut block([(100.0, 60.0), (0.0, 60.0)]), &quarter("Centro"), |_| false), [false, false]);
    }
}

//! Buildings that stand in each other, so that a plan with such a building can be refused.
//!
//! Two footprints are in conflict where they share more ground than a tolerance: neighbours that share a wall overlap by
//! strips of the survey's accuracy. Pairs that may are found by their bounding rectangles in an R-tree; what they share is
//! the area of the polygons' intersection. Left out: heights (a bridge over a street, a building above an arcade).

use geo::{Area, BooleanOps, BoundingRect, MultiPolygon, Validation};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// Two buildings that share ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conflict {
    /// Number of the one; of the new one where new ones are asked about.
    pub first: usize,
    /// Number of the other; of the standing one where new ones are asked about.
    pub second: usize,
    /// What they share, in square metres.
    pub shared_m2: f64,
    /// What they share of the smaller of both, 0 to 1: at 1 one stands in the other.
    pub share_of_smaller: f64,
}

/// Why conflicts cannot be looked for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConflictFault {
    /// A footprint is no valid polygon.
    #[error("footprint {footprint} cannot be compared with others: {reason}")]
    Footprint {
        /// Its number in its list.
        footprint: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The tolerance is none.
    #[error("a tolerance of {0} square metres: give 0 or more")]
    Tolerance(f64),
}

type Entry = GeomWithData<Rectangle<[f64; 2]>, usize>;

/// All pairs of footprints that share more than `tolerance_m2`; `first` below `second`, in ascending order.
///
/// # Errors
/// Every footprint that is not valid, and a tolerance that is no number or negative.
pub fn building_conflicts(
    footprints: &[MultiPolygon<f64>],
    tolerance_m2: f64,
) -> Result<Vec<Conflict>, Vec<ConflictFault>> {
    check(&[footprints], tolerance_m2)?;
    Ok(shared(footprints, footprints, tolerance_m2, |first, second| first < second))
}

/// The conflicts of new footprints (`first`) with standing ones (`second`), in ascending order.
///
/// # Errors
/// As [`building_conflicts`].
pub fn conflicts_with_standing(
    new: &[MultiPolygon<f64>],
    standing: &[MultiPolygon<f64>],
    tolerance_m2: f64,
) -> Result<Vec<Conflict>, Vec<ConflictFault>> {
    check(&[new, standing], tolerance_m2)?;
    Ok(shared(new, standing, tolerance_m2, |_, _| true))
}

fn check(lists: &[&[MultiPolygon<f64>]], tolerance_m2: f64) -> Result<(), Vec<ConflictFault>> {
    let invalid = |(footprint, shape): (usize, &MultiPolygon<f64>)| {
        let reason = shape.iter().flat_map(Validation::validation_errors).next()?;
        Some(ConflictFault::Footprint { footprint, reason: reason.to_string() })
    };
    let mut faults: Vec<_> = lists.iter().flat_map(|list| list.iter().enumerate().filter_map(invalid)).collect();
    if !(tolerance_m2 >= 0.0 && tolerance_m2.is_finite()) {
        faults.push(ConflictFault::Tolerance(tolerance_m2));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn shared(
    firsts: &[MultiPolygon<f64>],
    seconds: &[MultiPolygon<f64>],
    tolerance_m2: f64,
    is_asked: impl Fn(usize, usize) -> bool + Sync,
) -> Vec<Conflict> {
    let entry = |(number, shape): (usize, &MultiPolygon<f64>)| {
        let bounds = shape.bounding_rect()?;
        Some(Entry::new(Rectangle::from_corners(bounds.min().into(), bounds.max().into()), number))
    };
    let tree = RTree::bulk_load(seconds.iter().enumerate().filter_map(entry).collect());
    let of_first = |(first, shape): (usize, &MultiPolygon<f64>)| {
        let Some(bounds) = shape.bounding_rect() else { return Vec::new() };
        let around = AABB::from_corners(bounds.min().into(), bounds.max().into());
        let near = tree.locate_in_envelope_intersecting(&around).map(|entry| entry.data);
        let mut near: Vec<usize> = near.filter(|&second| is_asked(first, second)).collect();
        near.sort_unstable();
        let conflict = |second: usize| {
            let shared_m2 = shape.intersection(&seconds[second]).unsigned_area();
            let smaller_m2 = shape.unsigned_area().min(seconds[second].unsigned_area());
            let share_of_smaller = (shared_m2 / smaller_m2).min(1.0);
            (shared_m2 > tolerance_m2).then_some(Conflict { first, second, shared_m2, share_of_smaller })
        };
        near.into_iter().filter_map(conflict).collect()
    };
    let conflicts: Vec<Vec<Conflict>> = firsts.par_iter().enumerate().map(of_first).collect();
    conflicts.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use geo::Rect;

    use super::*;

    fn rectangle(x: f64, y: f64, width: f64, depth: f64) -> MultiPolygon<f64> {
        MultiPolygon(vec![Rect::new((x, y), (x + width, y + depth)).to_polygon()])
    }

    #[test]
    fn neighbours_that_share_a_wall_are_in_no_conflict() {
        let row = [rectangle(0.0, 0.0, 10.0, 12.0), rectangle(10.0, 0.0, 10.0, 12.0)];
        assert_eq!(building_conflicts(&row, 0.0).expect("valid"), vec![]);
    }

    #[test]
    fn a_building_in_another_and_one_that_overlaps_are_told_with_what_they_share() {
        let all = [rectangle(0.0, 0.0, 20.0, 20.0), rectangle(5.0, 5.0, 2.0, 3.0), rectangle(15.0, 0.0, 10.0, 20.0)];
        let found = building_conflicts(&all, 0.5).expect("valid");
        assert_eq!(found.iter().map(|one| (one.first, one.second)).collect::<Vec<_>>(), [(0, 1), (0, 2)]);
        assert!((found[0].shared_m2 - 6.0).abs() < 1e-6 && (found[0].share_of_smaller - 1.0).abs() < 1e-6);
        assert!((found[1].shared_m2 - 100.0).abs() < 1e-6 && (found[1].share_of_smaller - 0.5).abs() < 1e-6);
        assert_eq!(building_conflicts(&all, 50.0).expect("valid").len(), 1);
    }

    #[test]
    fn a_courtyard_is_free_ground() {
        let around = Rect::new((0.0, 0.0), (30.0, 30.0)).to_polygon();
        let yard = Rect::new((10.0, 10.0), (20.0, 20.0)).to_polygon();
        let standing = [around.difference(&yard)];
        let new = [rectangle(12.0, 12.0, 4.0, 4.0), rectangle(8.0, 12.0, 4.0, 4.0)];
        let found = conflicts_with_standing(&new, &standing, 0.5).expect("valid");
        assert_eq!(found.iter().map(|one| (one.first, one.second)).collect::<Vec<_>>(), [(1, 0)]);
    }

    #[test]
    fn what_is_no_polygon_is_refused() {
        let nan = [rectangle(0.0, f64::NAN, 1.0, 1.0)];
        assert_eq!(building_conflicts(&nan, f64::NAN).expect_err("no numbers").len(), 2);
    }
}

//! Roundabouts: one-way links that lead around to the left and back to where they began.
//!
//! From each one-way link on to the one that leads furthest to the left, until it closes. A roundabout is round: its area
//! is at least [`ROUNDNESS_MIN`] of that of a circle of its circumference (a square has 0.79), it turns nowhere by more than
//! [`TURN_MAX_RAD`], and it is no longer than [`AROUND_MAX_M`]. Our rule; roundabouts of one junction (painted ones)
//! are left out.

use std::f64::consts::PI;

use geo::Coord;

use super::open_links::OpenLinks;
use crate::traffic::network::derive::lines;

/// The least area of a ring over that of the circle of its circumference.
const ROUNDNESS_MIN: f64 = 0.85;
/// The sharpest turn at a junction of a ring (100°).
const TURN_MAX_RAD: f64 = PI * 100.0 / 180.0;
/// The longest way around, in metres: a diameter of 140 m.
const AROUND_MAX_M: f64 = 450.0;

/// Whether each open link is part of a ring.
pub(super) fn rings(open: &OpenLinks<'_>) -> Vec<bool> {
    let mut is_ring = vec![false; open.links.len()];
    for start in 0..open.links.len() as u32 {
        if !is_ring[start as usize]
            && let Some(ring) = ring(open, start)
        {
            for link in ring {
                is_ring[link as usize] = true;
            }
        }
    }
    is_ring
}

fn ring(open: &OpenLinks<'_>, start: u32) -> Option<Vec<u32>> {
    let link = |number: u32| &open.links[number as usize];
    if link(start).partner.is_some() {
        return None;
    }
    let mut ring = vec![start];
    let mut around_m = link(start).length_m;
    loop {
        let last = link(ring[ring.len() - 1]);
        let arriving = lines::last_direction(&last.line);
        let turn = |&next: &u32| lines::turn_rad(arriving, lines::first_direction(&link(next).line));
        let next = open.leaving[last.to as usize]
            .iter()
            .copied()
            .filter(|next| link(*next).partner.is_none() && turn(next).abs() <= TURN_MAX_RAD)
            .max_by(|a, b| turn(a).total_cmp(&turn(b)).then(b.cmp(a)))?;
        if next == start {
            break;
        }
        around_m += link(next).length_m;
        if around_m > AROUND_MAX_M || ring.contains(&next) {
            return None;
        }
        ring.push(next);
    }
    let points: Vec<Coord> = ring
        .iter()
        .flat_map(|&number| &link(number).line[..link(number).line.len() - 1])
        .map(|&point| point - link(start).line[0])
        .collect();
    let twice_m2: f64 =
        (0..points.len()).map(|index| lines::cross(points[index], points[(index + 1) % points.len()])).sum();
    let roundness = 2.0 * PI * twice_m2 / (around_m * around_m);
    (roundness >= ROUNDNESS_MIN).then_some(ring)
}

//! Roundabouts that no open line shows: a ring around a middle, and nothing but an island within.
//!
//! Streets end at the ring: those that pass through it are cut where they cross it, and what lies inside is left out
//! ([`leave_islands_free`]); those that end inside end at the ring ([`end_at_rings`]). A ring is one-way, counter-clockwise.

use std::f64::consts::TAU;

use geo::Coord;

use super::planar::{Edge, Plan};
use super::polyline::{at, blend, distance_m, length_m};
use super::strand::{Layer, Strand};

/// A ring is drawn with so many points: every 15°.
const POINTS: u32 = 24;
/// A street's piece lies inside if its middle is this far within the ring, in metres.
const WITHIN_M: f64 = 2.0;

/// The ground within a ring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Island {
    pub(super) middle: Coord<f64>,
    /// To the middle of the carriageway around it.
    pub(super) radius_m: f64,
}

impl Island {
    /// The way around it, counter-clockwise, from the east.
    pub(super) fn ring(&self) -> Vec<Coord<f64>> {
        let place = |number: u32| {
            let angle = TAU * f64::from(number % POINTS) / f64::from(POINTS);
            self.middle + Coord { x: libm::cos(angle), y: libm::sin(angle) } * self.radius_m
        };
        (0..=POINTS).map(place).collect()
    }

    fn holds(&self, place: Coord<f64>) -> bool {
        distance_m(self.middle, place) < self.radius_m
    }

    /// Where a line from a place inside to one outside crosses the ring.
    fn crossing(&self, inside: Coord<f64>, outside: Coord<f64>) -> Coord<f64> {
        let (along, from) = (outside - inside, inside - self.middle);
        let a = along.x * along.x + along.y * along.y;
        let b = from.x * along.x + from.y * along.y;
        let c = from.x * from.x + from.y * from.y - self.radius_m * self.radius_m;
        blend(inside, outside, ((b * b - a * c).max(0.0).sqrt() - b) / a)
    }
}

/// Lets streets and ramps that end inside a ring end at it. Those that lie inside altogether go.
pub(super) fn end_at_rings(strands: &mut Vec<Strand>) {
    let islands: Vec<Island> = strands.iter().filter_map(|strand| strand.island).collect();
    for island in islands {
        let ends_there = |strand: &Strand| strand.island.is_none() && strand.layer == Layer::Ground;
        for strand in strands.iter_mut().filter(|strand| ends_there(strand)) {
            for _ in 0..2 {
                strand.line.reverse();
                let Some(first_outside) = strand.line.iter().position(|&place| !island.holds(place)) else {
                    strand.line.clear();
                    break;
                };
                if first_outside > 0 {
                    let crossing = island.crossing(strand.line[first_outside - 1], strand.line[first_outside]);
                    strand.line.splice(..first_outside, [crossing]);
                }
            }
        }
        strands.retain(|strand| strand.line.len() >= 2 && length_m(&strand.line) > 0.0);
    }
}

/// Takes away what crosses the islands of a plan of these strands.
pub(super) fn leave_islands_free(plan: &mut Plan, strands: &[Strand]) {
    let islands: Vec<Island> = strands.iter().filter_map(|strand| strand.island).collect();
    let is_inside = |edge: &Edge| {
        let strand = &strands[edge.strand];
        let middle = at(&edge.line, edge.length_m() / 2.0);
        let within = |island: &Island| distance_m(island.middle, middle) < island.radius_m - WITHIN_M;
        strand.island.is_none() && strand.layer == Layer::Ground && islands.iter().any(within)
    };
    plan.edges.retain(|edge| !is_inside(edge));
}

//! How junctions are regulated, where the city does not say.
//!
//! Signals stand where two roads cross (four ends of roads or more) of which one is a secondary road at least and the
//! other a tertiary road at least; where a secondary road or a higher one ends on a road with two lanes or more in one
//! direction; and, where flows are known, where whoever gives way would have no way: where a lane that reaches the main
//! road carries more than [`DEGREE_MAX`] of its potential capacity, q·e^(−q·t_c/3600) / (1 − e^(−q·t_f/3600)) vehicles an
//! hour at q vehicles an hour on the main road, with a critical gap t_c of 6.5 s and a follow-up time t_f of 3.5 s
//! (Highway Capacity Manual 2010, equation 19-32; exhibit 19-10, straight across a road of two lanes; exhibit 19-11, left
//! turn from a minor road). What leaves a junction within 30° counts as
//! one end of a road: where carriageways part or ramps merge nobody crosses. No signals where somebody may drive faster
//! than [`SPEED_MAX_MPS`] ([`IMPORTANT_SPEED_MAX_MPS`] for the roads' importance alone), on motorways, trunk roads, and
//! roundabouts. Where a busy junction of fast roads has signals here there may stand a roundabout in truth.
//!
//! Everywhere else stand signs ([`Control::Signs`]): whoever is on the ring of a roundabout goes first, right before left
//! where only equal streets of quarters meet, else the main road. Our rule: it finds the places that usually have signals,
//! not those that do. Left out: signals at crossings on foot.

use geo::Coord;

use crate::traffic::network::derive::{CROSSING_S, Control, PlainStreets, lines, potential_capacity_vph};

/// The lowest rank of the more important road at a signal: a secondary road.
const MAIN_RANK_MIN: u8 = 4;
/// The lowest rank of the road that crosses it: a tertiary road.
const CROSSING_RANK_MIN: u8 = 3;
/// The highest rank at a signal: a primary road.
const RANK_MAX: u8 = 5;
/// No signals where anybody may drive faster, in metres a second: 90 km/h, and some rounding.
const SPEED_MAX_MPS: f64 = 25.1;
/// Signals for the roads' importance alone stand where nobody may drive faster, in metres a second: 60 km/h.
const IMPORTANT_SPEED_MAX_MPS: f64 = 17.0;
/// Streets whose outward directions have a larger cosine are one end of a road (30°).
const BESIDE: f64 = 0.866;
/// The direction of a street at a junction is taken over this length, in metres.
const BEARING_M: f64 = 12.0;
/// The most of its potential capacity that a lane carries which gives way.
const DEGREE_MAX: f64 = 0.85;

/// The end of a road at a junction.
struct RoadEnd {
    outward: Coord,
    rank: u8,
    lane_count: u32,
    /// Vehicles an hour that arrive on it.
    arriving_vph: f64,
}

/// The control of each junction of the streets, in their order. `flows_vph` gives vehicles an hour on each street, where
/// they are known.
pub(super) fn controls(plain: &PlainStreets, flows_vph: Option<&[f64]>) -> Vec<Control> {
    let mut arriving: Vec<Vec<u32>> = vec![Vec::new(); plain.junctions.len()];
    let mut leaving = arriving.clone();
    for (row, street) in (0_u32..).zip(&plain.streets) {
        arriving[street.to_junction as usize].push(row);
        leaving[street.from_junction as usize].push(row);
    }
    let control = |junction: usize| {
        let (arriving, leaving) = (&arriving[junction], &leaving[junction]);
        if !may_have_signals(plain, arriving, leaving) {
            return Control::Signs;
        }
        let ends = road_ends(plain, arriving, leaving, flows_vph);
        let is_busy = flows_vph.is_some() && is_busy(&ends);
        let is_slow = arriving
            .iter()
            .chain(leaving)
            .all(|&row| plain.streets[row as usize].speed_limit_mps <= IMPORTANT_SPEED_MAX_MPS);
        if (is_slow && is_important(&ends)) || is_busy { Control::Signals } else { Control::Signs }
    };
    (0..plain.junctions.len()).map(control).collect()
}

fn may_have_signals(plain: &PlainStreets, arriving: &[u32], leaving: &[u32]) -> bool {
    arriving.iter().chain(leaving).all(|&row| {
        let street = &plain.streets[row as usize];
        !street.is_roundabout && street.rank <= RANK_MAX && street.speed_limit_mps <= SPEED_MAX_MPS
    })
}

/// Whether important roads meet.
fn is_important(ends: &[RoadEnd]) -> bool {
    let mut ranks: Vec<u8> = ends.iter().map(|end| end.rank).collect();
    ranks.sort_unstable_by(|a, b| b.cmp(a));
    match ranks[..] {
        [_, main, crossing, _, ..] => main >= MAIN_RANK_MIN && crossing >= CROSSING_RANK_MIN,
        [_, _, least] => least >= MAIN_RANK_MIN && ends.iter().any(|end| end.lane_count > 1),
        _ => false,
    }
}

/// Whether more arrive beside the main road than find a gap in it.
fn is_busy(ends: &[RoadEnd]) -> bool {
    let mut order: Vec<&RoadEnd> = ends.iter().collect();
    order.sort_by(|a, b| b.rank.cmp(&a.rank).then(b.arriving_vph.total_cmp(&a.arriving_vph)));
    let [first, second, others @ ..] = &order[..] else { return false };
    let capacity_vph = potential_capacity_vph(first.arriving_vph + second.arriving_vph, CROSSING_S);
    others.iter().any(|end| end.arriving_vph / f64::from(end.lane_count) > DEGREE_MAX * capacity_vph)
}

/// The ends of roads at a junction.
fn road_ends(plain: &PlainStreets, arriving: &[u32], leaving: &[u32], flows_vph: Option<&[f64]>) -> Vec<RoadEnd> {
    let mut ends: Vec<RoadEnd> = Vec::new();
    let street = |row: u32| &plain.streets[row as usize];
    let arriving = arriving.iter().map(|&row| {
        let flow_vph = flows_vph.map_or(0.0, |flows| flows[row as usize]);
        (row, lines::heading(&street(row).line, BEARING_M) * -1.0, flow_vph)
    });
    let leaving = leaving.iter().map(|&row| (row, lines::outset(&street(row).line, BEARING_M), 0.0));
    for (row, outward, arriving_vph) in arriving.chain(leaving) {
        let (rank, lane_count) = (street(row).rank, street(row).lane_count);
        match ends.iter_mut().find(|end| lines::dot(end.outward, outward) > BESIDE) {
            Some(end) => {
                end.rank = end.rank.max(rank);
                end.lane_count = end.lane_count.max(lane_count);
                end.arriving_vph += arriving_vph;
            }
            None => ends.push(RoadEnd { outward, rank, lane_count, arriving_vph }),
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::fixtures::PlainPlan;

    /// A road from west to east, of which another leads to the south; the flows that arrive from west, east and south.
    fn control(ranks: [u8; 2], lanes: u32, flows_vph: Option<[f64; 3]>) -> Control {
        let mut plan = PlainPlan::default();
        let places = [(0.0, 0.0), (-100.0, 0.0), (100.0, 0.0), (0.0, -100.0)];
        let [middle, west, east, south] = places.map(|(x, y)| plan.junction(x, y, Control::Signs));
        for (end, rank) in [(west, ranks[0]), (east, ranks[0]), (south, ranks[1])] {
            plan.two_way(end, middle, lanes, rank);
        }
        let flows = flows_vph.map(|[west, east, south]| [west, 0.0, east, 0.0, south, 0.0]);
        controls(&plan.plain, flows.as_ref().map(|flows| &flows[..]))[0]
    }

    #[test]
    fn signals_stand_where_important_roads_meet_or_nobody_finds_a_gap() {
        assert_eq!(control([4, 4], 2, None), Control::Signals);
        assert_eq!(control([4, 4], 1, None), Control::Signs);
        assert_eq!(control([4, 1], 2, None), Control::Signs);
        assert_eq!(control([4, 1], 1, Some([450.0, 450.0, 200.0])), Control::Signs);
        assert_eq!(control([4, 1], 1, Some([450.0, 450.0, 300.0])), Control::Signals);
        assert_eq!(control([7, 4], 2, Some([450.0, 450.0, 300.0])), Control::Signs);
    }
}

//! Fits the axis of a street through its house numbers, where no line was drawn for it.
//!
//! House numbers stand on both sides of a street, even ones facing odd ones. The axis is a principal curve (Hastie and
//! Stuetzle 1989) of the numbers: it starts as the longest path of their minimum spanning tree, whose steps cost more
//! between numbers that are far apart in the count, and is then drawn through the local means of both sides, so that it
//! runs between them. Numbers far beside the curve (courts, farms up a lane) get branches of their own; numbers that
//! stand alone get no axis here. Where an axis runs along a line that is already there, the line is trusted and the
//! axis cut away ([`apart_from`]). Left out: squares, which come out as a line through their middle.

use geo::Coord;

use super::polyline::{at, between, blend, distance_m, dot, foot, heading, length_m, simplified, stations};

/// One house number: where it stands and what it says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct House {
    pub(super) position: Coord<f64>,
    pub(super) number: u32,
}

/// Numbers of one street farther apart than this belong to different stretches.
pub(super) const GAP_MAX_M: f64 = 650.0;
/// Numbers farther than this beside the curve are not along it.
const BESIDE_MAX_M: f64 = 55.0;
/// A branch's numbers stand at most this far apart.
const BRANCH_GAP_MAX_M: f64 = 200.0;
/// An axis shorter than this says nothing about a street's course.
const AXIS_MIN_M: f64 = 40.0;
/// Distance between the points of the curve while it is fitted.
const STEP_M: f64 = 20.0;
/// Least and greatest width of the Gaussian that weighs numbers by how far along they stand. It reaches to the third
/// number of a side, so that lone farms left and right of a country road do not make it zigzag.
const KERNEL_M: (f64, f64) = (30.0, 100.0);
/// How often the curve is drawn anew.
const ROUNDS: usize = 4;
/// What a house number's difference of one counts as, when neighbours are chosen.
const METRES_PER_NUMBER: f64 = 0.5;
/// Branches of branches end here.
const DEPTH_MAX: u32 = 2;

/// The axes of one street through its house numbers, longest stretch first; empty where they stand alone.
pub(super) fn axes(houses: &[House]) -> Vec<Vec<Coord<f64>>> {
    let mut found = Vec::new();
    for stretch in stretches(houses, GAP_MAX_M) {
        axes_of_stretch(&stretch, 0, &mut found);
    }
    found.sort_by(|a, b| length_m(b).total_cmp(&length_m(a)));
    found
}

fn axes_of_stretch(houses: &[House], depth: u32, found: &mut Vec<Vec<Coord<f64>>>) {
    let Some(curve) = principal_curve(houses) else { return };
    let beside: Vec<House> =
        houses.iter().copied().filter(|house| foot(&curve, house.position).distance_m > BESIDE_MAX_M).collect();
    found.push(curve);
    if depth < DEPTH_MAX {
        for branch in stretches(&beside, BRANCH_GAP_MAX_M) {
            axes_of_stretch(&branch, depth + 1, found);
        }
    }
}

/// Groups of houses with no gap wider than `gap_m` inside (single linkage), in the order of their first house.
pub(super) fn stretches(houses: &[House], gap_m: f64) -> Vec<Vec<House>> {
    let mut group = vec![usize::MAX; houses.len()];
    let mut groups = Vec::new();
    for start in 0..houses.len() {
        if group[start] != usize::MAX {
            continue;
        }
        let (number, mut members, mut open) = (groups.len(), Vec::new(), vec![start]);
        group[start] = number;
        while let Some(house) = open.pop() {
            members.push(house);
            for next in 0..houses.len() {
                if group[next] == usize::MAX && distance_m(houses[house].position, houses[next].position) <= gap_m {
                    group[next] = number;
                    open.push(next);
                }
            }
        }
        members.sort_unstable();
        groups.push(members.into_iter().map(|i| houses[i]).collect());
    }
    groups
}

/// The curve along the houses; none where they are fewer than two or stand on one spot.
fn principal_curve(houses: &[House]) -> Option<Vec<Coord<f64>>> {
    let mut curve = backbone(houses);
    if curve.len() < 2 || length_m(&curve) < AXIS_MIN_M {
        return None;
    }
    for _ in 0..ROUNDS {
        let next = redrawn(&curve, houses);
        if next.len() < 2 {
            return None;
        }
        curve = next;
    }
    let curve = simplified(&curve, 3.0);
    (length_m(&curve) >= AXIS_MIN_M).then_some(curve)
}

/// The longest path of the houses' minimum spanning tree.
fn backbone(houses: &[House]) -> Vec<Coord<f64>> {
    let tree = spanning_tree(houses);
    let (first, _) = farthest(&tree, houses, 0);
    let (last, before) = farthest(&tree, houses, first);
    let mut path = vec![houses[last].position];
    let mut house = last;
    while house != first {
        house = before[house];
        path.push(houses[house].position);
    }
    path.dedup();
    path
}

/// What it costs to go from one number to another: metres, and a little for numbers that do not follow each other.
fn step_cost(a: House, b: House) -> f64 {
    distance_m(a.position, b.position) + METRES_PER_NUMBER * f64::from(a.number.abs_diff(b.number).min(100))
}

/// Neighbours of every house in the minimum spanning tree (Prim).
fn spanning_tree(houses: &[House]) -> Vec<Vec<usize>> {
    let count = houses.len();
    let mut neighbours = vec![Vec::new(); count];
    let mut best = vec![(f64::INFINITY, 0); count];
    let mut inside = vec![false; count];
    let mut house = 0;
    for _ in 1..count {
        inside[house] = true;
        for next in (0..count).filter(|&next| !inside[next]) {
            let cost = step_cost(houses[house], houses[next]);
            if cost < best[next].0 {
                best[next] = (cost, house);
            }
        }
        let outside = (0..count).filter(|&next| !inside[next]);
        let Some(next) = outside.min_by(|&a, &b| best[a].0.total_cmp(&best[b].0)) else { break };
        neighbours[next].push(best[next].1);
        neighbours[best[next].1].push(next);
        house = next;
    }
    neighbours
}

/// The house farthest from `start` along the tree, and every house's predecessor on the way from there.
fn farthest(tree: &[Vec<usize>], houses: &[House], start: usize) -> (usize, Vec<usize>) {
    let mut before = vec![start; houses.len()];
    let (mut open, mut best) = (vec![(start, 0.0)], (start, 0.0));
    while let Some((house, way_m)) = open.pop() {
        if way_m > best.1 {
            best = (house, way_m);
        }
        let came_from = before[house];
        for &next in &tree[house] {
            if next != came_from && next != start {
                before[next] = house;
                open.push((next, way_m + distance_m(houses[house].position, houses[next].position)));
            }
        }
    }
    (best.0, before)
}

/// The curve drawn anew through the local means of the houses along it, halfway between both sides.
fn redrawn(curve: &[Coord<f64>], houses: &[House]) -> Vec<Coord<f64>> {
    let along: Vec<(f64, House)> = houses
        .iter()
        .map(|&house| (foot(curve, house.position), house))
        .filter(|(place, _)| place.distance_m <= BESIDE_MAX_M)
        .map(|(place, house)| (place.along_m, house))
        .collect();
    let mut line: Vec<Coord<f64>> = Vec::new();
    for (along_m, position) in stations(curve, STEP_M) {
        let sides = [0, 1].map(|parity| side(&along, along_m, parity));
        let drawn = match sides {
            [Some(even), Some(odd)] => blend(even, odd, 0.5),
            [Some(only), None] | [None, Some(only)] => only,
            [None, None] => position,
        };
        if line.last().is_none_or(|&last| distance_m(last, drawn) > STEP_M / 4.0) {
            line.push(drawn);
        }
    }
    without_reversals(line)
}

/// The local linear mean of one side at a place along the curve; none where no house of that side stands near.
fn side(along: &[(f64, House)], along_m: f64, parity: u32) -> Option<Coord<f64>> {
    let (mut weight, mut mean_t, mut mean) = (0.0, 0.0, Coord::zero());
    let own = || along.iter().filter(|(_, house)| house.number % 2 == parity);
    let mut away_m: Vec<f64> = own().map(|(t, _)| (t - along_m).abs()).collect();
    away_m.sort_by(f64::total_cmp);
    let kernel_m = away_m.get(2).map_or(KERNEL_M.1, |third_m| third_m.clamp(KERNEL_M.0, KERNEL_M.1));
    let near = || {
        own().filter(|(t, _)| (t - along_m).abs() < 3.0 * kernel_m).map(|(t, house)| {
            let z = (t - along_m) / kernel_m;
            (libm::exp(-0.5 * z * z), t - along_m, house.position)
        })
    };
    for (w, t, position) in near() {
        (weight, mean_t, mean) = (weight + w, mean_t + w * t, mean + position * w);
    }
    if weight < 0.3 {
        return None;
    }
    (mean_t, mean) = (mean_t / weight, mean / weight);
    let (mut spread, mut slope) = (0.0, Coord::zero());
    for (w, t, position) in near() {
        spread += w * (t - mean_t) * (t - mean_t);
        slope = slope + (position - mean) * (w * (t - mean_t));
    }
    // With little spread along the street the slope is noise: then the mean alone.
    if spread / weight > 25.0 { Some(mean - slope / spread * mean_t) } else { Some(mean) }
}

/// Drops points that make the curve turn back on itself.
fn without_reversals(line: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
    let mut kept: Vec<Coord<f64>> = Vec::new();
    for point in line {
        while kept.len() >= 2 {
            let (a, b) = (kept[kept.len() - 2], kept[kept.len() - 1]);
            if dot(heading(a, b), heading(b, point)) > -0.3 {
                break;
            }
            kept.pop();
        }
        kept.push(point);
    }
    kept
}

/// An axis this close to a line that runs its way is that line.
const ALONGSIDE_M: f64 = 28.0;
/// Cosine of the angle up to which two courses are one way.
const ALONGSIDE_COSINE: f64 = 0.8;
/// A rest of an axis shorter than this is left out.
const REST_MIN_M: f64 = 35.0;

/// The parts of an axis that run apart from lines already there. `nearest` gives the distance to the nearest line and
/// its heading.
pub(super) fn apart_from(
    axis: &[Coord<f64>],
    nearest: impl Fn(Coord<f64>) -> Option<(f64, Coord<f64>)>,
) -> Vec<Vec<Coord<f64>>> {
    let places = stations(axis, 5.0);
    let free: Vec<bool> = places
        .iter()
        .map(|&(along_m, place)| {
            let ahead = heading(at(axis, along_m - 5.0), at(axis, along_m + 5.0));
            nearest(place).is_none_or(|(distance, course)| {
                distance > ALONGSIDE_M || (distance > 6.0 && dot(ahead, course).abs() < ALONGSIDE_COSINE)
            })
        })
        .collect();
    let mut parts = Vec::new();
    let mut start = None;
    for i in 0..=places.len() {
        match (start, i < places.len() && free[i]) {
            (None, true) => start = Some(i),
            (Some(first), false) => {
                let (from_m, to_m) = (places[first].0, places[i - 1].0);
                if to_m - from_m >= REST_MIN_M {
                    parts.push(between(axis, from_m, to_m));
                }
                start = None;
            }
            _ => {}
        }
    }
    joined_over_crossings(parts)
}

/// Parts that a crossing street alone kept apart are one again.
fn joined_over_crossings(parts: Vec<Vec<Coord<f64>>>) -> Vec<Vec<Coord<f64>>> {
    let mut joined: Vec<Vec<Coord<f64>>> = Vec::new();
    for part in parts {
        match joined.last_mut() {
            Some(before) if distance_m(before[before.len() - 1], part[0]) <= 2.0 * ALONGSIDE_M => before.extend(part),
            _ => joined.push(part),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn houses(places: impl IntoIterator<Item = (f64, f64, u32)>) -> Vec<House> {
        places.into_iter().map(|(x, y, number)| House { position: Coord { x, y }, number }).collect()
    }

    #[test]
    fn an_axis_runs_between_the_odd_and_the_even_side() {
        let street = houses((0..30_u32).map(|i| {
            let x = f64::from(i / 2) * 20.0;
            (x, if i % 2 == 0 { 8.0 } else { -8.0 }, i + 2)
        }));
        let axes = axes(&street);
        assert_eq!(axes.len(), 1);
        assert!((length_m(&axes[0]) - 280.0).abs() < 25.0, "{:?}", axes[0]);
        assert!(stations(&axes[0], 10.0).iter().all(|(_, place)| place.y.abs() < 2.5), "{:?}", axes[0]);
    }

    #[test]
    fn an_axis_follows_a_bend() {
        let street = houses((0..40_u32).map(|i| {
            let angle = f64::from(i) * 0.04;
            (300.0 * libm::cos(angle), 300.0 * libm::sin(angle), i + 1)
        }));
        let axes = axes(&street);
        assert_eq!(axes.len(), 1);
        for (_, place) in stations(&axes[0], 10.0) {
            assert!((libm::hypot(place.x, place.y) - 300.0).abs() < 8.0, "{place:?}");
        }
    }

    #[test]
    fn a_court_off_the_street_is_a_branch_and_a_lone_house_is_none() {
        let mut places: Vec<(f64, f64, u32)> = (0..20_u32).map(|i| (f64::from(i) * 15.0, 0.0, i + 1)).collect();
        places.extend((1..8_u32).map(|i| (150.0, f64::from(i) * 20.0, 100 + i)));
        places.push((1500.0, 0.0, 300));
        let axes = axes(&houses(places));
        assert_eq!(axes.len(), 2, "{axes:?}");
    }

    #[test]
    fn an_axis_along_a_line_that_is_there_is_cut_away() {
        let axis = [Coord { x: 0.0, y: 0.0 }, Coord { x: 200.0, y: 0.0 }];
        let line = [Coord { x: -50.0, y: 8.0 }, Coord { x: 100.0, y: 8.0 }];
        let parts = apart_from(&axis, |place| {
            let place = foot(&line, place);
            Some((place.distance_m, place.heading))
        });
        assert_eq!(parts.len(), 1);
        assert!(parts[0][0].x > 100.0 && parts[0][0].x < 135.0);
    }
}

//! Crossings that are one junction: where carriageways cross one after the other, there is no room to queue between.
//!
//! Two crossings (three neighbours or more) are one junction where a link no longer than [`JOIN_M`] leads from one to the
//! other; and where it is no longer than [`MEDIAN_JOIN_M`] and crosses the median between two one-way carriageways of
//! opposite directions, or no longer than [`SIGNALS_JOIN_M`] and leads from signal to signal, as one controller has both; or
//! no longer than [`SIGNAL_JOIN_M`] and leads to a signal, whose queue would stand in the crossing. Shortest links first, as long as no junction gets wider than [`WIDTH_MAX_M`]. Links shorter than
//! [`TOUCHING_M`] always join what they connect. Links inside a junction are no streets. The crossings of roundabouts stay
//! what they are. Our rule; netconvert of SUMO joins within 10 m by default.

use geo::Coord;

use super::open_links::OpenLinks;
use crate::traffic::network::derive::lines;

/// Crossings this near are one junction, in metres.
const JOIN_M: f64 = 20.0;
/// Crossings of two carriageways of one road this near are one junction, in metres.
const MEDIAN_JOIN_M: f64 = 25.0;
/// A crossing this near to a signal is part of it, in metres.
const SIGNAL_JOIN_M: f64 = 25.0;
/// Signals this near are one, in metres: seven cars.
const SIGNALS_JOIN_M: f64 = 40.0;
/// No junction is wider, in metres.
const WIDTH_MAX_M: f64 = 45.0;
/// Two cars do not fit between what is nearer, in metres.
const TOUCHING_M: f64 = 3.0;
/// A link between members of a junction lies inside if it is no longer than this many times the width allowed.
const INSIDE_SHARE: f64 = 1.5;
/// From this cosine on two directions are about the same (37°).
const ALIKE: f64 = 0.8;
/// Up to this cosine a link crosses a carriageway (53° or more).
const CROSSES: f64 = 0.6;

/// Which junctions are one.
pub(super) struct Joined {
    /// For each row of a junction the lowest row of those that it is one with.
    pub(super) first: Vec<u32>,
    /// Whether each open link lies inside a junction.
    pub(super) is_inside: Vec<bool>,
}

/// Joins junctions. `has_signals` tells, by rows of junctions, where signals are known to stand.
pub(super) fn join(open: &OpenLinks<'_>, is_ring: &[bool], has_signals: &[bool]) -> Joined {
    let neighbours = open.neighbour_counts();
    let mut on_ring = vec![false; open.places.len()];
    for (link, _) in open.links.iter().zip(is_ring).filter(|(_, is_ring)| **is_ring) {
        (on_ring[link.from as usize], on_ring[link.to as usize]) = (true, true);
    }
    let joins = |number: usize| {
        let link = &open.links[number];
        let ends = [link.from as usize, link.to as usize];
        let are_crossings = ends.iter().all(|&end| neighbours[end] >= 3);
        let is_near = link.length_m <= JOIN_M
            || (link.length_m <= MEDIAN_JOIN_M && crosses_median(open, number))
            || (link.length_m <= SIGNAL_JOIN_M && ends.iter().any(|&end| has_signals[end]))
            || (link.length_m <= SIGNALS_JOIN_M && ends.iter().all(|&end| has_signals[end]));
        link.length_m <= TOUCHING_M || (are_crossings && is_near)
    };
    let mut candidates: Vec<usize> = (0..open.links.len())
        .filter(|&number| {
            let link = &open.links[number];
            !on_ring[link.from as usize] && !on_ring[link.to as usize] && joins(number)
        })
        .collect();
    candidates.sort_by(|&a, &b| open.links[a].length_m.total_cmp(&open.links[b].length_m).then(a.cmp(&b)));
    let mut members: Vec<Vec<u32>> = (0..open.places.len() as u32).map(|junction| vec![junction]).collect();
    let mut first: Vec<u32> = (0..open.places.len() as u32).collect();
    for number in candidates {
        let [a, b] = [open.links[number].from, open.links[number].to].map(|end| first[end as usize]);
        let (low, high) = (a.min(b), a.max(b));
        if low == high || !fits(open, &members[low as usize], &members[high as usize]) {
            continue;
        }
        let moved = std::mem::take(&mut members[high as usize]);
        for &junction in &moved {
            first[junction as usize] = low;
        }
        members[low as usize].extend(moved);
    }
    let is_inside = open
        .links
        .iter()
        .map(|link| {
            let is_one = first[link.from as usize] == first[link.to as usize] && link.from != link.to;
            is_one && link.length_m <= INSIDE_SHARE * WIDTH_MAX_M
        })
        .collect();
    Joined { first, is_inside }
}

fn fits(open: &OpenLinks<'_>, one: &[u32], other: &[u32]) -> bool {
    let place = |junction: u32| open.places[junction as usize];
    one.iter().all(|&a| other.iter().all(|&b| lines::norm(place(a) - place(b)) <= WIDTH_MAX_M))
}

/// Whether a link leads from one carriageway of a road to the other, which has the opposite direction.
fn crosses_median(open: &OpenLinks<'_>, number: usize) -> bool {
    let link = &open.links[number];
    let along = lines::unit(open.places[link.to as usize] - open.places[link.from as usize]);
    let [begins, ends] = [link.from, link.to].map(|junction| carriageways(open, junction));
    begins.iter().any(|&a| {
        ends.iter().any(|&b| {
            lines::dot(a, b) < -ALIKE && lines::dot(a, along).abs() < CROSSES && lines::dot(b, along).abs() < CROSSES
        })
    })
}

/// The directions of one-way carriageways that pass a junction about straight on.
fn carriageways(open: &OpenLinks<'_>, junction: u32) -> Vec<Coord> {
    let one_way = |number: &u32| open.links[*number as usize].partner.is_none();
    let mut directions = Vec::new();
    for arriving in open.entering[junction as usize].iter().filter(|number| one_way(number)) {
        let heading = open.links[*arriving as usize].heading();
        for leaving in open.leaving[junction as usize].iter().filter(|number| one_way(number)) {
            let outset = open.links[*leaving as usize].outset();
            if lines::dot(heading, outset) > ALIKE {
                directions.push(lines::unit(heading + outset));
            }
        }
    }
    directions
}

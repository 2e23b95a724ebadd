//! Who goes first.
//!
//! After Art. 145 of the Italian highway code (D.Lgs. 285/1992): whoever comes from the right goes first, unless signs
//! say otherwise. Signs are guessed from ranks (our rule):
//!
//! - In a roundabout whoever is on the ring goes first, as is signed on nearly all. Those who enter give way to all its lanes,
//!   and use gaps as the capacities of the Highway Capacity Manual ask for (6th edition, equations 22-1 to 22-5), by how many
//!   lanes enter and go around. Whoever leaves from an inner lane gives way to those on lanes further out.
//! - Two legs are the main road: those whose lower rank is the highest; among these such as continue each other, then
//!   of one name, then of the higher sum of ranks. Where signals stand, continuing each other counts more than rank.
//!   The other carriageway of a main leg is main too. All others give way. Where they cross the main road at less than
//!   60°, they stop: one sees badly (AASHTO wants 60° at least). Where they reach it at less than 60° and only merge, as
//!   ramps do, they see it from afar.
//! - Where all legs are of one rank below that of a tertiary road, whoever comes from the right goes first; but not
//!   where all approaches come from about one direction and merge.
//! - Among equals, whoever turns left gives way to those from ahead; so it is on the main road, and under a
//!   permitted green.
//! - Where signs say so, and under a permitted green, drivers use the gaps of those who go first as the manual says of such
//!   turns (chapters 20 and 31).
//! - Whoever turns around gives way to all.
//!
//! Only at right before left (all four may stand and wait), and where all stop, do movements give way to each other in a
//! circle. Two lanes of one street that become one: the right one, which ends, gives way. Left out: streets for
//! bicycles and people on foot, trams, signs of single approaches.

use geo::Coord;

use super::super::{Direction, GapAcceptance, RightOfWay};
use super::lines::{cross, dot};
use super::movements::{Meeting, Movement};
use super::plain::Control;
use super::site::{Leg, NodeKind, Site};
use crate::signals::EntryCapacity;

/// Directions with a smaller cosine are opposite (within 45° of it).
pub(super) const OPPOSITE: f64 = -0.707;
/// Legs whose outward directions have a smaller cosine continue each other (within 30°).
const CONTINUED: f64 = -0.866;
/// Approaches whose directions have a larger cosine merge where all do (60°).
const MERGING: f64 = 0.5;
/// Cosine of the angle to the main road below which one stops, or merges (60°).
const SKEW: f64 = 0.5;
/// Carriageways whose outward directions have a larger cosine lie beside each other (20°).
const BESIDE: f64 = 0.94;
/// Where the lowest rank is this or more signs tell who goes first, also among equals: a tertiary road.
const SIGNED_RANK: u8 = 3;
/// How far before a junction one sees who comes, in metres: SUMO's default.
pub(super) const VISIBILITY_M: f64 = 4.5;
/// The same where one merges, in metres.
const RAMP_VISIBILITY_M: f64 = 50.0;

/// Fitted to the entry capacities of the Highway Capacity Manual, whose one critical headway is that of headways at random:
/// vehicles that follow each other on one lane leave fewer gaps where there are many of them.
const PRESSING_AT_RINGS: f64 = 0.8;
/// The same for the capacities of roads that give way.
const PRESSING_ON_ROADS: f64 = 0.1;

/// Critical and follow-up headways of the Highway Capacity Manual (6th edition, exhibits 20-11 and 20-12), in seconds: off
/// the main road to the left, onto it to the right where it has one lane in each direction and where it has more, across it, and onto
/// it to the left; the manual's shorter ones at forks are left out, because our drivers need no more there as it is.
const LEFT_OFF_MAIN_S: (f64, f64) = (4.1, 2.2);
const RIGHT_ONTO_MAIN_S: [(f64, f64); 2] = [(6.2, 3.3), (6.9, 3.3)];
const ACROSS_MAIN_S: (f64, f64) = (6.5, 4.0);
const LEFT_ONTO_MAIN_S: [(f64, f64); 2] = [(7.1, 3.5), (7.5, 3.5)];

/// The same of a turn to the left while those from ahead have green too (chapter 31).
const LEFT_UNDER_GREEN_S: (f64, f64) = (4.5, 2.5);

/// What one movement has to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Duty {
    pub(super) rule: RightOfWay,
    pub(super) visibility_m: f64,
    /// How it uses gaps, where that is known.
    pub(super) gaps: Option<GapAcceptance>,
    /// Numbers of the movements that it gives way to, ascending.
    pub(super) yields_to: Vec<usize>,
    /// Those from ahead that a left turn may wait for inside the junction, where there is room: all that it gives way
    /// to, or all that have green with it. Empty for whoever has to wait outside.
    pub(super) waits_inside_for: Vec<usize>,
}

/// How the approaches of a junction stand to each other.
pub(super) struct Order<'a> {
    site: &'a Site<'a>,
    /// Streets that arrive on the main road or the ring, then all others.
    main: Vec<u32>,
    others: Vec<u32>,
    /// Axis of the main road, if there is one.
    axis: Option<Coord>,
    control: Control,
    is_ring: bool,
    is_right_before_left: bool,
}

impl<'a> Order<'a> {
    pub(super) fn new(site: &'a Site, junction: usize) -> Self {
        let legs = &site.legs[junction];
        let control = site.plain.junctions[junction].control;
        let all: Vec<u32> = legs.iter().filter_map(|leg| leg.arriving).collect();
        let is_ring = site.kinds[junction] == NodeKind::Ring && control == Control::Signs;
        let is_right_before_left = match control {
            Control::RightBeforeLeft => true,
            Control::Signs => {
                let are_equal = legs.iter().all(|leg| leg.rank == legs[0].rank && leg.rank < SIGNED_RANK);
                !is_ring && are_equal && !merge(site, &all)
            }
            Control::AllWayStop | Control::Signals => false,
        };
        let main_road = if is_ring || is_right_before_left || control == Control::AllWayStop {
            None
        } else {
            main_road(site, legs, control == Control::Signals)
        };
        let is_main = |street: u32| match main_road {
            Some(pair) => pair.iter().any(|&leg| {
                legs[leg].arriving == Some(street)
                    || other_carriageway(legs, leg).is_some_and(|twin| legs[twin].arriving == Some(street))
            }),
            None => is_ring && site.street(street).is_roundabout,
        };
        let (main, others) = all.iter().copied().partition(|&street| is_main(street));
        let axis = main_road.map(|[a, b]| super::lines::unit(legs[a].outward - legs[b].outward));
        Self { site, main, others, axis, control, is_ring, is_right_before_left }
    }

    /// The main road's approaches.
    pub(super) fn main(&self) -> &[u32] {
        &self.main
    }

    /// What each movement has to do, given where they touch.
    pub(super) fn duties(&self, movements: &[Movement], meetings: &[Meeting]) -> Vec<Duty> {
        let mut yields: Vec<Vec<usize>> = vec![Vec::new(); movements.len()];
        for meeting in meetings {
            let (a, b) = (meeting.first, meeting.second);
            let is_one_street = movements[a].approach == movements[b].approach;
            if self.control == Control::AllWayStop && !is_one_street {
                yields[a].push(b);
                yields[b].push(a);
            } else if self.first_goes_first(&movements[a], &movements[b]) {
                yields[b].push(a);
            } else {
                yields[a].push(b);
            }
        }
        if self.is_ring {
            // Whoever enters gives way to all lanes of the ring, whichever it enters: that is how headways are measured.
            let comes_by = |movement: &Movement| self.main.contains(&movement.approach);
            let goes_in = |movement: &Movement| self.site.street(movement.to.street).is_roundabout;
            let around: Vec<usize> = (0..movements.len())
                .filter(|&other| comes_by(&movements[other]) && goes_in(&movements[other]))
                .collect();
            for number in
                (0..movements.len()).filter(|&number| !comes_by(&movements[number]) && goes_in(&movements[number]))
            {
                yields[number].extend(&around);
            }
        }
        (0..movements.len())
            .map(|number| {
                let mut yields_to = std::mem::take(&mut yields[number]);
                yields_to.sort_unstable();
                yields_to.dedup();
                self.duty(movements, number, yields_to)
            })
            .collect()
    }

    fn duty(&self, movements: &[Movement], number: usize, yields_to: Vec<usize>) -> Duty {
        let movement = &movements[number];
        let approach = movement.approach;
        let is_main = self.main.contains(&approach);
        let bears = self.axis.map_or(0.0, |axis| dot(axis, self.site.heading(approach)).abs());
        let only_merges = yields_to.iter().all(|&other| movements[other].to == movement.to);
        let (rule, visibility_m) = if yields_to.is_empty() {
            (RightOfWay::Priority, VISIBILITY_M)
        } else if yields_to.iter().all(|&other| movements[other].approach == approach) {
            (RightOfWay::Zipper, RAMP_VISIBILITY_M)
        } else if self.control == Control::AllWayStop {
            (RightOfWay::AllWayStop, VISIBILITY_M)
        } else if self.is_right_before_left {
            (RightOfWay::RightBeforeLeft, VISIBILITY_M)
        } else if is_main || self.axis.is_none() {
            (RightOfWay::Yield, VISIBILITY_M)
        } else if bears > SKEW && only_merges {
            (RightOfWay::Yield, RAMP_VISIBILITY_M)
        } else if bears > SKEW {
            (RightOfWay::Stop, VISIBILITY_M)
        } else {
            (RightOfWay::Yield, VISIBILITY_M)
        };
        let is_oncoming = |other: &usize| self.is_opposite(approach, movements[*other].approach);
        let may_wait_inside = movement.direction == Direction::Left
            && (self.control == Control::Signals || (rule == RightOfWay::Yield && yields_to.iter().all(is_oncoming)));
        let waits_inside_for =
            yields_to.iter().copied().filter(|other| may_wait_inside && is_oncoming(other)).collect();
        let gaps = if self.is_ring {
            (rule == RightOfWay::Yield).then(|| self.entry_gaps(movement))
        } else {
            match self.control {
                // Ramps that only merge are left to how one drives.
                Control::Signs
                    if matches!(rule, RightOfWay::Yield | RightOfWay::Stop) && visibility_m < RAMP_VISIBILITY_M =>
                {
                    Some(self.priority_gaps(movement))
                }
                Control::Signals if movement.direction == Direction::Left && rule != RightOfWay::Priority => {
                    let (critical_s, follow_up_s) = LEFT_UNDER_GREEN_S;
                    Some(GapAcceptance { critical_s, follow_up_s, pressing: PRESSING_ON_ROADS })
                }
                _ => None,
            }
        };
        Duty { rule, visibility_m, gaps, yields_to, waits_inside_for }
    }

    /// How drivers enter a roundabout from a lane.
    fn entry_gaps(&self, movement: &Movement) -> GapAcceptance {
        let lanes =
            |streets: &[u32]| streets.iter().map(|&street| self.site.street(street).lane_count).max().unwrap_or(1);
        let circulating = lanes(&self.main);
        let capacity = match (lanes(&[movement.approach]), circulating, movement.from.lane) {
            (1, 1, _) => EntryCapacity::ONE_AGAINST_ONE,
            (_, 1, _) => EntryCapacity::TWO_AGAINST_ONE,
            (1, ..) => EntryCapacity::ONE_AGAINST_TWO,
            (_, _, 0) => EntryCapacity::RIGHT_AGAINST_TWO,
            _ => EntryCapacity::LEFT_AGAINST_TWO,
        };
        let (critical_s, follow_up_s) = capacity.headways_s();
        GapAcceptance { critical_s, follow_up_s, pressing: PRESSING_AT_RINGS }
    }

    /// How drivers turn off or cross a main road.
    fn priority_gaps(&self, movement: &Movement) -> GapAcceptance {
        let is_wide = self.main.iter().any(|&street| self.site.street(street).lane_count > 1);
        let from_main = self.main.contains(&movement.approach);
        let (critical_s, follow_up_s) = match (from_main, movement.direction) {
            (true, _) => LEFT_OFF_MAIN_S,
            (false, Direction::Right) => RIGHT_ONTO_MAIN_S[usize::from(is_wide)],
            (false, Direction::Straight) => ACROSS_MAIN_S,
            (false, Direction::Left | Direction::Turnaround) => LEFT_ONTO_MAIN_S[usize::from(is_wide)],
        };
        GapAcceptance { critical_s, follow_up_s, pressing: PRESSING_ON_ROADS }
    }

    /// Whether two streets arrive from opposite sides.
    pub(super) fn is_opposite(&self, a: u32, b: u32) -> bool {
        dot(self.site.heading(a), self.site.heading(b)) < OPPOSITE
    }

    fn first_goes_first(&self, a: &Movement, b: &Movement) -> bool {
        if a.approach == b.approach {
            let leaves_ring = |movement: &Movement| {
                self.is_ring && self.main.contains(&a.approach) && !self.site.street(movement.to.street).is_roundabout
            };
            // Out of a roundabout the outer lane goes first; elsewhere the right lane ends.
            let from_right = leaves_ring(a) || leaves_ring(b);
            return (a.from.lane < b.from.lane) == from_right;
        }
        let turns_around = |movement: &Movement| movement.direction == Direction::Turnaround;
        if turns_around(a) != turns_around(b) {
            return turns_around(b);
        }
        let is_main = |movement: &Movement| self.main.contains(&movement.approach);
        if is_main(a) != is_main(b) {
            return is_main(a);
        }
        let is_crowd = !self.is_right_before_left && !is_main(a) && self.others.len() > 2;
        let is_opposite = self.is_opposite(a.approach, b.approach);
        if is_crowd && !(self.control == Control::Signals && is_opposite) {
            // More than two could wait for each other in a circle.
            let key =
                |movement: &Movement| (self.site.street(movement.approach).rank, std::cmp::Reverse(movement.approach));
            return key(a) > key(b);
        }
        if is_opposite && sharpness(a.direction) != sharpness(b.direction) {
            return sharpness(a.direction) < sharpness(b.direction);
        }
        let side = cross(self.site.heading(a.approach), self.site.heading(b.approach));
        // Whoever comes from the right drives to the left.
        if side.abs() > 1e-9 { side < 0.0 } else { a.approach < b.approach }
    }
}

fn sharpness(direction: Direction) -> u8 {
    match direction {
        Direction::Straight => 0,
        Direction::Right => 1,
        Direction::Left => 2,
        Direction::Turnaround => 3,
    }
}

/// Whether there are several approaches and all come from about one direction.
fn merge(site: &Site, approaches: &[u32]) -> bool {
    approaches.len() > 1
        && approaches
            .iter()
            .enumerate()
            .all(|(index, &a)| approaches[..index].iter().all(|&b| dot(site.heading(a), site.heading(b)) > MERGING))
}

/// The leg that is the other carriageway of a one-way leg: it leads the other way, beside it, and has the same rank.
fn other_carriageway(legs: &[Leg], leg: usize) -> Option<usize> {
    let own = &legs[leg];
    let cos = |other: usize| dot(own.outward, legs[other].outward);
    let is_other = |&other: &usize| {
        let leg = &legs[other];
        leg.rank == own.rank
            && (own.leaving.is_none() && leg.arriving.is_none() || own.arriving.is_none() && leg.leaving.is_none())
            && cos(other) > BESIDE
    };
    (0..legs.len()).filter(is_other).max_by(|&a, &b| cos(a).total_cmp(&cos(b)).then(b.cmp(&a)))
}

/// The two legs that are the main road.
fn main_road(site: &Site, legs: &[Leg], prefers_straight: bool) -> Option<[usize; 2]> {
    let mut best: Option<(_, f64, [usize; 2])> = None;
    for second in 0..legs.len() {
        for first in 0..second {
            let (a, b) = (&legs[first], &legs[second]);
            let leads_through =
                (a.arriving.is_some() && b.leaving.is_some()) || (b.arriving.is_some() && a.leaving.is_some());
            if !leads_through {
                continue;
            }
            let cos = dot(a.outward, b.outward);
            let is_straight = cos < CONTINUED;
            let street = |leg: &Leg| leg.arriving.or(leg.leaving);
            let is_one_road = street(a).zip(street(b)).is_some_and(|(a, b)| site.same_road(a, b));
            let low = a.rank.min(b.rank);
            let key =
                (prefers_straight && is_straight, low, is_straight, is_one_road, u16::from(a.rank) + u16::from(b.rank));
            let is_better = best.as_ref().is_none_or(|(known, known_cos, _)| match key.cmp(known) {
                std::cmp::Ordering::Equal => cos < *known_cos - 1e-9,
                order => order.is_gt(),
            });
            if is_better {
                best = Some((key, cos, [first, second]));
            }
        }
    }
    best.map(|(_, _, pair)| pair)
}

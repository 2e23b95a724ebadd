//! Two beside each other on one lane: bicycles and motorcycles, and those who pass them.
//!
//! On streets, who finds enough room beside those ahead ([`crate::traffic::lane_sharing`]) does not follow them but passes:
//!
//! - a wider vehicle passes a bicycle, moving to the left edge where that is needed; where
//!   the lane is too narrow it follows;
//! - a motorcycle filters past vehicles that stand or creep, along the left edge, to the stop line;
//! - a bicycle passes such vehicles on the right.
//!
//! Vehicles stand in columns by the position of their fronts, as ever; so somebody ahead may be beside. Inside junctions
//! nobody shares a lane: before the end of a lane, who is behind lets the other go first. Changing places takes a step, as
//! changing lanes does, and needs a gap that is safe for all whom it brings into each other's way.
//!
//! SUMO's sublane model (L. Bieker-Walz, M. Behrisch, M. Junghans, K. Gimm 2017) moves vehicles in continuous strips; three
//! places are enough for what is told here. Left out: riding between two lanes, passing over the middle line,
//! bicycles that move to the left to turn, and gaps that grow with speed.

use super::lane_change::Gap;
use super::scene::{Tail, Tails};
use super::vehicles::{Block, Kind, LaneVehicles};
use crate::traffic::demand::LaneSharing;
pub(super) use crate::traffic::lane_sharing::Place;
use crate::traffic::lane_sharing::{FILTER_GAP_M, PASSING_GAP_M};
use crate::traffic::network::{Lane, LaneNetwork};

/// Who is no faster creeps, and who filters is no faster either, in metres a second: 30 km/h, as where lane filtering is allowed
/// by law (New South Wales, Road Rules 2014, rule 151A).
pub(super) const FILTERS_MPS: f64 = 30.0 / 3.6;
/// Who is beside another and should not be is so much slower, in metres a second.
pub(super) const FALLS_BACK_MPS: f64 = 1.0;
/// How far ahead one looks for somebody to pass, in metres.
const SIGHT_M: f64 = 40.0;
/// One passes those who are slower than one likes by this, in metres a second.
const SLOWER_MPS: f64 = 0.5;
/// How many vehicles beside each other are told apart.
pub(super) const BESIDE_MAX: usize = 6;

/// How two stand to each other across a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    /// The one behind can pass.
    Apart,
    /// They do not touch, but there is too little room to pass.
    Close,
    /// They would touch.
    Overlap,
}

/// What decides how somebody stands to another.
#[derive(Clone, Copy)]
struct Beside<'a> {
    kind: &'a Kind,
    place: Place,
    speed_mps: f64,
}

impl<'a> Beside<'a> {
    fn of(kinds: &'a [Kind], vehicles: &LaneVehicles, index: usize) -> Self {
        Self {
            kind: &kinds[vehicles.kind[index] as usize],
            place: vehicles.signs[index].place,
            speed_mps: vehicles.speed_mps[index],
        }
    }

    /// How it stands to somebody ahead.
    fn behind(self, ahead: Self, lane: &Lane) -> Relation {
        let (right_m, left_m) = self.place.span_m(self.kind.width_m, lane.width_m);
        let (ahead_right_m, ahead_left_m) = ahead.place.span_m(ahead.kind.width_m, lane.width_m);
        let between_m = (right_m - ahead_left_m).max(ahead_right_m - left_m);
        let filters = self.kind.lane_sharing != LaneSharing::None && ahead.speed_mps <= FILTERS_MPS;
        let needed_m = if filters { FILTER_GAP_M } else { PASSING_GAP_M };
        if lane.street.is_none() || between_m <= 0.0 {
            Relation::Overlap
        } else if between_m < needed_m {
            Relation::Close
        } else {
            Relation::Apart
        }
    }
}

/// How a vehicle stands to another one ahead of it on the same lane.
pub(super) fn relation(kinds: &[Kind], lane: &Lane, vehicles: &LaneVehicles, index: usize, ahead: usize) -> Relation {
    Beside::of(kinds, vehicles, index).behind(Beside::of(kinds, vehicles, ahead), lane)
}

/// Whether two on one lane are in each other's way.
pub(super) fn overlap(kinds: &[Kind], lane: &Lane, vehicles: &LaneVehicles, index: usize, ahead: usize) -> bool {
    relation(kinds, lane, vehicles, index, ahead) == Relation::Overlap
}

/// Puts the vehicles of a lane in the order of their positions again, the front one first.
pub(super) fn sort(vehicles: &mut LaneVehicles) {
    for index in 1..vehicles.len() {
        let position_m = vehicles.position_m[index];
        let place = (0..index).rev().take_while(|&ahead| vehicles.position_m[ahead] < position_m).last();
        if let Some(place) = place {
            let row = vehicles.remove(index);
            vehicles.insert(place, row);
        }
    }
}

/// The vehicles of a block take the places from which they pass others, or go back to their own. `step` is the one for which the
/// rears hold.
pub(super) fn take_places(kinds: &[Kind], network: &LaneNetwork, tails: &Tails, step: u32, block: &mut Block) {
    for word in 0..block.occupied.len() {
        let mut bits = block.occupied[word];
        while bits != 0 {
            let local = word * 64 + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            let number = block.first_lane + local as u32;
            let (lane, vehicles) = (&network.lanes[number as usize], &mut block.lanes[local]);
            let is_alone = |place: &Place| *place == Place::Middle;
            if lane.street.is_none() || vehicles.sharing == 0 && vehicles.signs.iter().all(|sign| is_alone(&sign.place))
            {
                continue;
            }
            let here = Here { kinds, lane, tail: tails.on(number, step) };
            for index in 0..vehicles.len() {
                let place = here.wanted(vehicles, index);
                if place != vehicles.signs[index].place && here.may_take(vehicles, index, place) {
                    vehicles.signs[index].place = place;
                }
            }
        }
    }
}

/// One lane.
struct Here<'a> {
    kinds: &'a [Kind],
    lane: &'a Lane,
    tail: Option<&'a Tail>,
}

impl Here<'_> {
    /// The place that a vehicle wants: at the left edge, if it passes somebody from there and only from there.
    fn wanted(&self, vehicles: &LaneVehicles, index: usize) -> Place {
        let own = Beside::of(self.kinds, vehicles, index);
        let home = own.kind.home();
        if home == Place::Right {
            return home;
        }
        let position_m = vehicles.position_m[index];
        let likes_mps = self.lane.speed_limit_mps.min(own.kind.follower.max_speed_mps);
        let passes = |ahead: usize| {
            let other = Beside::of(self.kinds, vehicles, ahead);
            let is_slower = other.speed_mps + SLOWER_MPS < likes_mps;
            is_slower
                && Beside { place: home, ..own }.behind(other, self.lane) != Relation::Apart
                && Beside { place: Place::Left, ..own }.behind(other, self.lane) == Relation::Apart
        };
        let is_near = |ahead: &usize| vehicles.position_m[*ahead] - position_m < SIGHT_M;
        // The first one ahead that is in its way where it is at home decides.
        let in_the_way = (0..index).rev().take_while(is_near).find(|&ahead| {
            let other = Beside::of(self.kinds, vehicles, ahead);
            Beside { place: home, ..own }.behind(other, self.lane) != Relation::Apart
        });
        if in_the_way.is_some_and(passes) { Place::Left } else { home }
    }

    /// Whether nobody has to brake at once if a vehicle takes a place.
    fn may_take(&self, vehicles: &LaneVehicles, index: usize, place: Place) -> bool {
        let old = Beside::of(self.kinds, vehicles, index);
        let new = Beside { place, ..old };
        let (position_m, rear_m) = (vehicles.position_m[index], vehicles.position_m[index] - old.kind.length_m);
        let is_free = |other_index: usize| {
            let other = Beside::of(self.kinds, vehicles, other_index);
            let is_ahead = other_index < index;
            let (before, after) = if is_ahead {
                (old.behind(other, self.lane), new.behind(other, self.lane))
            } else {
                (other.behind(old, self.lane), other.behind(new, self.lane))
            };
            if after == Relation::Apart || after <= before {
                return true;
            }
            let other_m = vehicles.position_m[other_index];
            if is_ahead {
                let between_m = other_m - other.kind.length_m - position_m;
                Gap::between(new.kind, new.speed_mps, other.kind, other.speed_mps, between_m).is_safe()
            } else {
                Gap::between(other.kind, other.speed_mps, new.kind, new.speed_mps, rear_m - other_m).is_safe()
            }
        };
        let follows_tail = self.tail.is_none_or(|tail| {
            let ahead = &self.kinds[tail.kind as usize];
            Gap::between(new.kind, new.speed_mps, ahead, tail.speed_mps, tail.rear_m - position_m).is_safe()
        });
        (0..vehicles.len()).all(|other| other == index || is_free(other)) && (place == old.kind.home() || follows_tail)
    }
}

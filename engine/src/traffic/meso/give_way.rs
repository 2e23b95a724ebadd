//! Gaps in the traffic that goes first, and the room inside a junction.
//!
//! As in the micro simulation (J. Erdmann, D. Krajzewicz 2014, *SUMO's road intersection model*, LNCS 8594, 3–17): who gives way
//! goes where it has cleared the junction a second before the next one arrives that goes first. Waiting makes impatient:
//! then drivers count on the other to brake. The other is expected when its lane lets it go; who stands without room ahead
//! is not. Where a passage tells which headways are accepted ([`GapAcceptance`](crate::traffic::network::GapAcceptance)), those
//! decide instead, and how soon one follows another. Inside the junction, ways that cross are free again once the last vehicle has passed the crossing.
//! Left out: vehicles that are still before the lane that leads to the junction.

use super::pass::{PATIENCE_S, Refusal, Way};
use super::queues::Hold;
use super::simulation::Meso;
use crate::traffic::drivers::NONE;
use crate::traffic::network::{ConflictKind, Passage};
use crate::traffic::rule::Rule;

/// The gap in time that who gives way leaves, in seconds.
const MINOR_GAP_S: f64 = 1.0;
/// Whoever can stop may come as late as this after it would, in seconds.
const STOPS_S: f64 = 30.0;
/// Standing at crossed rights of way for this long, whoever waits longest goes, in seconds.
const STAND_OFF_S: f64 = 3.0;
/// Standing for this long makes a driver as impatient as can be, in seconds.
const IMPATIENT_AFTER_S: f64 = 180.0;
/// How many vehicles of a lane one looks at.
const SEEN_MAX: u32 = 6;
/// Vehicles of a queue that moves follow each other by this at least, in seconds.
const FOLLOWING_S: f64 = 1.5;

impl Meso<'_> {
    /// Why the first vehicle of a lane has to wait for others at the junction, if it has.
    pub(super) fn give_way(
        &self,
        lane: u32,
        number: u32,
        next: u32,
        rule: Rule,
        way: &Way,
        now_s: f64,
    ) -> Option<Refusal> {
        let passage = &self.network.passages[number as usize];
        let free_s = self.crossed_until_s(passage, way);
        // Accepted headways have been measured with all that those who enter cross.
        if free_s > now_s && passage.gaps.is_none() {
            return Some(Refusal::Gap(free_s));
        }
        if rule.has_priority() || passage.waits_inside || passage.yields.is_empty() {
            return None;
        }
        let vehicle = self.queues.lane(lane).front;
        let kind = self.kind(vehicle);
        let row = self.queues.lane(lane);
        if let Some(gaps) = passage.gaps
            && now_s < row.left_s + gaps.follow_up_s
        {
            return Some(Refusal::Gap(row.left_s + gaps.follow_up_s));
        }
        let waited_s = (now_s - self.queues.held_s(lane)).max(0.0);
        let accepted_s = passage.gaps.map(|gaps| gaps.accepted_s(waited_s));
        let lanes = &self.network.lanes;
        let mut asking = Asking {
            rule,
            now_s,
            cleared_s: now_s + (way.way_m + kind.length_m) / way.pace_mps,
            waited_s,
            impatience: (kind.impatience + waited_s / IMPATIENT_AFTER_S).clamp(0.0, 1.0),
            lane,
            accepted_s,
            takes_turns: false,
        };
        // Where two come side by side to two that go around side by side, a gap begins when the last of all has cleared the way;
        // on one lane that comes of itself. Fitted to the manual's capacities of entries of two lanes.
        let has_several_lanes = |street: u32| self.network.streets[street as usize].lane_count > 1;
        let is_abreast = accepted_s.is_some()
            && lanes[lane as usize].street.is_some_and(has_several_lanes)
            && self.network.streets[passage.exit_street as usize].is_roundabout;
        let mut again_s = f64::NEG_INFINITY;
        for &other in &self.network.yields[passage.yields.range()] {
            let foe_passage = &self.network.passages[other as usize];
            let foe = self.queues.lane(foe_passage.from_lane);
            if foe.front == NONE || foe_passage.from_lane == lane {
                continue;
            }
            if foe.hold == Hold::Room {
                let comes = foe.waits_for == next && self.queues.vehicle(foe.front).toward == foe_passage.exit_street;
                if comes && self.lets_in_first(other, number, &asking) {
                    return Some(Refusal::Room(next));
                }
                continue;
            }
            // Gaps are those between vehicles of other streets.
            let street = lanes[foe_passage.from_lane as usize].street;
            let is_one_street = street == lanes[lane as usize].street;
            asking.accepted_s = accepted_s.filter(|_| !is_one_street);
            if asking.accepted_s.is_some() && is_abreast && street.is_some_and(has_several_lanes) {
                let inside = foe_passage.to_lane as usize;
                let cleared_s = self.crossings[inside].cleared_s(lanes[inside].length_m);
                if now_s < cleared_s {
                    again_s = again_s.max(cleared_s);
                    continue;
                }
            }
            asking.takes_turns = rule == Rule::Zipper && self.network.is_mutual(number, other);
            if let Some(at_s) = self.is_met_by(foe_passage, &asking) {
                again_s = again_s.max(at_s);
            }
        }
        (again_s > f64::NEG_INFINITY).then(|| Refusal::Gap(again_s.max(now_s) + 2.0 * PATIENCE_S))
    }

    /// Whether somebody who waits for the same room gets it first: by the right of way, but where everybody has it over
    /// another, who has waited longer.
    fn lets_in_first(&self, other: u32, number: u32, asking: &Asking) -> bool {
        let foe_passage = &self.network.passages[other as usize];
        let foe_lane = foe_passage.from_lane;
        let foe_waited_s = asking.now_s - self.queues.held_s(foe_lane);
        if self.network.is_mutual(number, other) || matches!(asking.rule, Rule::RightBeforeLeft | Rule::AllWayStop) {
            (foe_waited_s, asking.lane) > (asking.waited_s, foe_lane)
        } else {
            asking.impatience < 1.0
        }
    }

    /// When the ways that cross that of a passage are free, so that a vehicle can enter now.
    fn crossed_until_s(&self, passage: &Passage, way: &Way) -> f64 {
        let mut free_s = f64::NEG_INFINITY;
        for conflict in &self.network.conflicts[self.network.lanes[passage.to_lane as usize].conflicts.range()] {
            if conflict.kind != ConflictKind::Cross {
                continue;
            }
            let cleared_s = self.crossings[conflict.foe_lane as usize].cleared_s(conflict.foe_leave_m);
            free_s = free_s.max(cleared_s - conflict.enter_m / way.pace_mps);
        }
        free_s
    }

    /// How long a vehicle takes from a passage until its rear has left the junction.
    fn clearing_s(&self, vehicle: u32, passage: &Passage) -> f64 {
        let (_, most_mps) = self.speeds_mps(vehicle, passage.to_lane);
        (self.network.lanes[passage.to_lane as usize].length_m + self.kind(vehicle).length_m) / most_mps
    }

    /// When the vehicle passes that makes it impossible to go now, if there is one on the lane of a passage.
    fn is_met_by(&self, foe_passage: &Passage, asking: &Asking) -> Option<f64> {
        let foe = self.queues.lane(foe_passage.from_lane);
        let foe_waited_s = (asking.now_s - self.queues.held_s(foe_passage.from_lane)).max(0.0);
        if asking.goes_before(foe.hold, foe_waited_s, foe_passage.from_lane) {
            return None;
        }
        let mut at_s = foe.due_s.max(asking.now_s);
        let mut vehicle = foe.front;
        for _ in 0..SEEN_MAX {
            let row = self.queues.vehicle(vehicle);
            at_s = at_s.max(row.earliest_s);
            if at_s > asking.closed_until_s(None) {
                return None;
            }
            if row.toward == foe_passage.exit_street {
                let kind = self.kind(vehicle);
                let stands = foe.hold == Hold::Gap && vehicle == foe.front;
                let can_stop_s = if stands { 0.0 } else { kind.stopping_loss_s(row.speed_mps) };
                let expected_s = if asking.accepted_s.is_some() { at_s } else { asking.expects(at_s, can_stop_s) };
                let clearing_s = self.clearing_s(vehicle, foe_passage);
                return (expected_s <= asking.closed_until_s(Some(clearing_s))).then_some(at_s);
            }
            vehicle = row.next;
            if vehicle == NONE {
                return None;
            }
            at_s += FOLLOWING_S;
        }
        None
    }
}

/// Who asks whether it may go.
struct Asking {
    rule: Rule,
    now_s: f64,
    /// When it would have cleared the junction.
    cleared_s: f64,
    waited_s: f64,
    impatience: f64,
    lane: u32,
    /// The headway that it accepts, where that rules.
    accepted_s: Option<f64>,
    /// Whether it goes in turns with the one that is looked at.
    takes_turns: bool,
}

impl Asking {
    /// Until when nobody may come who takes so long to clear the way: what is left of a gap when the one before has cleared
    /// the way is the headway that is accepted less the time that clearing takes.
    fn closed_until_s(&self, clearing_s: Option<f64>) -> f64 {
        match self.accepted_s {
            Some(accepted_s) => self.now_s + accepted_s - clearing_s.unwrap_or(0.0),
            None => self.cleared_s + MINOR_GAP_S,
        }
    }

    /// Whether it goes before the first vehicle of another lane although that has the right of way.
    fn goes_before(&self, foe_hold: Hold, foe_waited_s: f64, foe_lane: u32) -> bool {
        let waited_longer = (self.waited_s, foe_lane) > (foe_waited_s, self.lane);
        match self.rule {
            // Who does not stand at the line yet comes later.
            Rule::Zipper => self.takes_turns && (foe_hold != Hold::Gap || waited_longer),
            // Who has not stopped yet has still to do so.
            Rule::AllWayStop => foe_hold != Hold::Gap || waited_longer,
            // Whoever is left inside when the lamp behind has turned red leaves before those who wait for it to.
            Rule::Clear => foe_hold == Hold::Gap,
            _ => {
                self.waited_s > STAND_OFF_S
                    && foe_hold == Hold::Gap
                    && waited_longer
                    && self.rule == Rule::RightBeforeLeft
            }
        }
    }

    /// When it expects somebody who would come at a time, and needs `can_stop_s` to stop: the more impatient it is, the more it
    /// counts on the other to brake.
    fn expects(&self, at_s: f64, can_stop_s: f64) -> f64 {
        let late_s = if at_s - self.now_s >= can_stop_s / self.impatience.max(1e-3) { STOPS_S } else { 0.0 };
        at_s + self.impatience * late_s
    }
}

//! Other ways for those who cannot go on as they meant to.
//!
//! Whoever stands first on a lane that does not lead along its route, because it did not get to the lane for its turn, goes where
//! the lane leads and finds its way from there. So does who has stood there for long because behind the junction it meant to
//! cross nothing moves, if another way has room. Nobody is taken off the road. Those who still have stops to make keep their
//! ways. Where full streets wait for each other in a circle, the first of each goes although there is no room yet: as all go at
//! once, there will be. Where the demand says so, those squeeze past who stands in their way inside a junction that are part of
//! such a circle, or have stood for so long that nothing else helps. Left out: drivers who turn around, and who see a jam before
//! they stand in it.

use super::Micro;
use super::scene::{Scene, Tail};
use super::vehicles::{LaneVehicles, NONE};
use crate::traffic::car_following::STANDING_MPS;
use crate::traffic::informed::is_closed;
use crate::traffic::lane_plan::LanePlan;
use crate::traffic::routing::{WayFinder, may_pass};

/// How often one looks for those who stand, in seconds.
const LOOKS_EVERY_S: f64 = 10.0;
/// So long one stands at the end of a lane that does not lead on, before one goes where it leads, in seconds. Before that one
/// tries to squeeze onto the right lane.
const ASTRAY_S: f64 = 90.0;
/// So long one stands for other reasons, in seconds.
const JAMMED_S: f64 = 300.0;
/// Who has found another way gives it so long to open, in seconds.
const AGAIN_S: f64 = 60.0;
/// How often one vehicle does that at most.
const REROUTES_MAX: u8 = 8;
/// How long each vehicle on a street is taken to hold up those who come after it, in seconds.
const HELD_UP_S: f64 = 2.0;

/// All that wait in a circle have stood for so long before they move at once, in seconds.
const CIRCLE_S: f64 = 60.0;
/// So long they may go, in seconds.
const ROLLS_S: f64 = 60.0;

/// Somebody who looks for another way.
struct Stuck {
    lane: u32,
    vehicle: u32,
    /// The street that it could not get to.
    blocked: u32,
    is_astray: bool,
}

impl Micro<'_> {
    /// Looks every few seconds who has stood for too long, and lets them do something about it.
    pub(super) fn mind_those_who_stand(&mut self) {
        let every = (LOOKS_EVERY_S / self.options.step_s).round().max(1.0) as u32;
        if self.step.is_multiple_of(every) {
            self.reroute();
            self.squeeze();
            self.roll_circles();
        }
    }

    /// Those who have stood for too long choose other ways.
    fn reroute(&mut self) {
        let mut finder = self.finder.take();
        let mut found: Vec<(Stuck, Vec<u32>)> = Vec::new();
        let scene = self.scene();
        for block in &self.blocks {
            for local in block.occupied_lanes() {
                let lane = block.first_lane + local as u32;
                let Some(stuck) = stuck(&scene, lane, &block.lanes[local]) else { continue };
                let finder = finder.get_or_insert_with(|| WayFinder::new(self.network));
                // Who is astray comes back to where it did not get over only if there is no other way.
                let way = self
                    .other_way(&scene, finder, &stuck, true)
                    .or_else(|| stuck.is_astray.then(|| self.other_way(&scene, finder, &stuck, false)).flatten());
                if let Some(way) = way {
                    found.push((stuck, way));
                }
            }
        }
        self.finder = finder;
        for (stuck, streets) in found {
            let kind = self.drivers[stuck.vehicle as usize].kind;
            let permission = self.demand.types[kind as usize].permission;
            self.follow(stuck.vehicle, LanePlan::new(self.network, &streets, permission, &[]));
            let block = &mut self.blocks[self.block_of[stuck.lane as usize] as usize];
            let memory = &mut block.lanes[(stuck.lane - block.first_lane) as usize].memory[0];
            memory.route_position = 0;
            memory.rerouted_step = self.step;
            memory.reroutes += 1;
            self.relief.reroutes += 1;
        }
    }

    /// Those who have stood at a junction for so long that nothing else helps squeeze past others.
    fn squeeze(&mut self) {
        let Some(after_s) = self.demand.squeeze_after_s else { return };
        for block in &mut self.blocks {
            let lanes: Vec<usize> = block.occupied_lanes().collect();
            for local in lanes {
                // First they try other ways.
                let memory = &mut block.lanes[local].memory[0];
                let tries_s = if memory.reroutes > 0 { AGAIN_S } else { LOOKS_EVERY_S };
                if !memory.squeezes && memory.waiting_s >= after_s + tries_s && memory.dwell_s < 0.0 {
                    memory.squeezes = true;
                    self.relief.squeezes += 1;
                }
            }
        }
    }

    /// Where the first vehicles of lanes wait for each other in a circle, all of them may go; who of them waits for somebody to leave
    /// its way through a junction squeezes past.
    fn roll_circles(&mut self) {
        let mut scene = self.scene();
        // Rears have been noted for the next step.
        scene.ground.step += 1;
        let mut waits: Vec<Wait> = Vec::new();
        for block in &self.blocks {
            for local in block.occupied_lanes() {
                waits.extend(waits_for(&scene, block.first_lane + local as u32, &block.lanes[local]));
            }
        }
        let rolls_until = self.step + (ROLLS_S / self.options.step_s) as u32;
        let may_squeeze = self.demand.squeeze_after_s.is_some();
        for row in in_circles(&waits) {
            let Wait { lane, is_across, .. } = waits[row];
            let block = &mut self.blocks[self.block_of[lane as usize] as usize];
            let memory = &mut block.lanes[(lane - block.first_lane) as usize].memory[0];
            memory.rolls_until = rolls_until;
            if is_across && may_squeeze && !memory.squeezes {
                memory.squeezes = true;
                self.relief.squeezes += 1;
            }
        }
    }

    /// The fastest way from a lane that begins with a movement for which there is room.
    fn other_way(
        &self,
        scene: &Scene,
        finder: &mut WayFinder,
        stuck: &Stuck,
        avoids_blocked: bool,
    ) -> Option<Vec<u32>> {
        let network = self.network;
        let street = network.lanes[stuck.lane as usize].street?;
        let driver = &self.drivers[stuck.vehicle as usize];
        let permission = self.demand.types[driver.kind as usize].permission;
        let destination = *self.plans.plans[driver.plan as usize].streets.last()?;
        let room_m = scene.kind(driver.kind).room_m();
        let now_s = self.time_s();
        let time_s = |other: u32| {
            if other == stuck.blocked && avoids_blocked || is_closed(self.demand, permission, other, now_s) {
                return f64::INFINITY;
            }
            let row = &network.streets[other as usize];
            let lane = &network.lanes[row.first_lane as usize];
            let vehicles: usize = row.lanes().map(|lane| scene.lanes.of(lane).len()).sum();
            let there_s =
                lane.length_m / lane.speed_limit_mps + HELD_UP_S * vehicles as f64 / f64::from(row.lane_count);
            let known_s =
                self.informed.as_ref().map_or(0.0, |informed| informed.expected_s(network, scene.lanes, other, now_s));
            there_s.max(known_s)
        };
        let mut best: Option<(f64, Vec<u32>)> = None;
        let mut known = Vec::new();
        for passage in network.passages_from(stuck.lane) {
            if passage.exit_street == stuck.blocked
                || known.contains(&passage.exit_street)
                || !may_pass(network, permission, passage)
                || (!stuck.is_astray && scene.room_behind_standing(passage.exit_lane).0 < room_m)
            {
                continue;
            }
            known.push(passage.exit_street);
            let Some((way, way_s)) =
                finder.fastest_by(permission, (passage.exit_street, destination), f64::INFINITY, &time_s)
            else {
                continue;
            };
            let way_s = way_s + time_s(passage.exit_street);
            if best.as_ref().is_none_or(|(least_s, _)| way_s < *least_s) {
                best = Some((way_s, way));
            }
        }
        best.map(|(_, way)| std::iter::once(street).chain(way).collect())
    }
}

/// The first vehicle of a lane, if it looks for another way.
fn stuck(scene: &Scene, lane: u32, vehicles: &LaneVehicles) -> Option<Stuck> {
    if scene.is_inside(lane) {
        return None;
    }
    let (vehicle, memory) = (*vehicles.vehicle.first()?, vehicles.memory.first()?);
    if memory.waiting_s < ASTRAY_S || memory.stop_position != NONE || memory.reroutes >= REROUTES_MAX {
        return None;
    }
    let again_steps = (AGAIN_S / scene.step_s) as u32;
    if memory.reroutes > 0 && scene.step < memory.rerouted_step + again_steps {
        return None;
    }
    let driver = &scene.drivers[vehicle as usize];
    let blocked = *scene.plans[driver.plan as usize].streets.get(memory.route_position as usize + 1)?;
    let is_astray = scene.passage(driver, memory.route_position, lane).is_none();
    (is_astray || memory.waiting_s >= JAMMED_S).then_some(Stuck { lane, vehicle, blocked, is_astray })
}

/// For whom the first vehicle of a lane has waited for long.
#[derive(Clone, Copy)]
struct Wait {
    lane: u32,
    /// The lane that the other's front is on, or whose vehicles leave it no room.
    next: u32,
    /// Whether the other stands in its way inside a junction.
    is_across: bool,
}

fn waits_for(scene: &Scene, lane: u32, vehicles: &LaneVehicles) -> Option<Wait> {
    let (&vehicle, memory, &kind) = (vehicles.vehicle.first()?, vehicles.memory.first()?, vehicles.kind.first()?);
    if memory.waiting_s < CIRCLE_S {
        return None;
    }
    if let Some(next) = scene.tail(lane).filter(|tail| tail.rear_m >= vehicles.position_m[0]).and_then(standing_front) {
        return Some(Wait { lane, next, is_across: true });
    }
    let row = scene.passage(&scene.drivers[vehicle as usize], memory.route_position, lane)?;
    if scene.rules[row as usize].is_lit_against() {
        return None;
    }
    let passage = &scene.network.passages[row as usize];
    let (room_m, stands) = scene.room_behind_standing(passage.exit_lane);
    if stands && room_m < scene.kind(kind).room_m() {
        return Some(Wait { lane, next: passage.exit_lane, is_across: false });
    }
    let own = scene.is_inside(lane).then(|| stands_across(scene, lane, vehicles.position_m[0])).flatten();
    let across = || scene.inside_from(passage.to_lane).find_map(|inside| stands_across(scene, inside, 0.0));
    let next = own.or_else(across).or_else(|| scene.tail(passage.exit_lane).and_then(standing_front))?;
    Some(Wait { lane, next, is_across: true })
}

/// Where the front of somebody is whose rear stands on another lane.
fn standing_front(tail: &Tail) -> Option<u32> {
    (tail.speed_mps <= STANDING_MPS).then_some(tail.front_lane)
}

/// Who has stood for long in the way of those on a lane inside a junction, beyond a place on it, in metres: the lane that its front
/// is on.
fn stands_across(scene: &Scene, inside: u32, passed_m: f64) -> Option<u32> {
    let conflicts = &scene.network.conflicts[scene.network.lanes[inside as usize].conflicts.range()];
    conflicts.iter().filter(|conflict| conflict.enter_m >= passed_m).find_map(|conflict| {
        if scene.stood_in_s(conflict) >= CIRCLE_S {
            return Some(conflict.foe_lane);
        }
        scene.tail(conflict.foe_lane).filter(|tail| tail.rear_m < conflict.foe_leave_m).and_then(standing_front)
    })
}

/// Of lanes that wait for one other each, in their order, the rows of those that do so in a circle.
fn in_circles(waits: &[Wait]) -> Vec<usize> {
    let row = |lane: u32| waits.binary_search_by_key(&lane, |wait| wait.lane).ok();
    // In which walk each was come upon.
    let mut walk_of = vec![usize::MAX; waits.len()];
    let mut found = Vec::new();
    for walk in 0..waits.len() {
        let mut at = Some(walk);
        while let Some(here) = at.filter(|&here| walk_of[here] == usize::MAX) {
            walk_of[here] = walk;
            at = row(waits[here].next);
        }
        let Some(start) = at.filter(|&start| walk_of[start] == walk) else { continue };
        let mut here = start;
        loop {
            found.push(here);
            match row(waits[here].next) {
                Some(next) if next != start => here = next,
                _ => break,
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_and_not_those_who_wait_for_them() {
        let found = |waits: &[(u32, u32)]| {
            let waits: Vec<Wait> = waits.iter().map(|&(lane, next)| Wait { lane, next, is_across: false }).collect();
            in_circles(&waits).into_iter().map(|row| waits[row].lane).collect::<Vec<u32>>()
        };
        assert_eq!(found(&[(1, 2), (2, 5), (3, 2), (5, 1), (7, 8), (8, 9)]), [1, 2, 5]);
        assert_eq!(found(&[(1, 2), (2, 1), (4, 4)]), [1, 2, 4]);
        assert_eq!(found(&[]), [0; 0]);
    }
}

//! What one vehicle sees of the lanes beside it.

use super::gaps::Gap;
use super::{Advice, Note, Side, Wish, Wishes, foresight_mps};
use crate::traffic::lane_plan::{LanePlan, Outlook};
use crate::traffic::micro::pedestrians;
use crate::traffic::micro::scene::{Ahead, Scene};
use crate::traffic::micro::vehicles::{Driver, Kind, LaneVehicles, Memory, NONE, Signs};
use crate::traffic::network::Street;

/// How many streets beyond its own one looks for what fills the lanes that lead on.
const STREETS_AHEAD: u32 = 7;

/// So far does the lane of its next stop lead at least, in metres: it has nothing to look for on another.
const AT_STOP_M: f64 = 3000.0;

/// Where the vehicle that looks is on another lane of its street. The vehicles of a lane look from the front to the back,
/// so that it only ever moves on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    /// The first vehicle that is behind.
    behind: usize,
    /// The room that those ahead take, in metres.
    ahead_m: f64,
    /// Of those ahead, the first and the nearest that could not get onto the lane to the right, and to the left.
    shut_out: [[u32; 2]; 2],
}

impl Default for Cursor {
    fn default() -> Self {
        Self { behind: 0, ahead_m: 0.0, shut_out: [[NONE; 2]; 2] }
    }
}

impl Cursor {
    fn pass(&mut self, scene: &Scene, vehicles: &LaneVehicles) {
        let index = self.behind;
        self.ahead_m += scene.kind(vehicles.kind[index]).room_m();
        let turns = vehicles.signs[index].turns;
        if turns != 0 {
            let [first, nearest] = &mut self.shut_out[usize::from(turns > 0)];
            *nearest = index as u32;
            if *first == NONE {
                *first = index as u32;
            }
        }
        self.behind += 1;
    }
}

/// One vehicle's view of the lanes beside it.
pub(super) struct View<'a> {
    pub(super) scene: &'a Scene<'a>,
    street: &'a Street,
    street_row: u32,
    pub(super) lane: u32,
    /// The vehicles of all lanes of the street, and of its own.
    lanes: &'a [LaneVehicles],
    vehicles: &'a LaneVehicles,
    index: usize,
    pub(super) kind: &'a Kind,
    driver: Driver,
    plan: &'a LanePlan,
    pub(super) memory: &'a Memory,
    vehicle: u32,
    pub(super) position_m: f64,
    pub(super) speed_mps: f64,
    /// How fast it has been lately, which is how fast it expects to be.
    pub(super) foresight_mps: f64,
}

/// Where a lane leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goal {
    /// How far it gets from the lane's beginning, in metres.
    pub(super) reach_m: f64,
    /// How many lanes to the left the nearest lane is that leads furthest.
    pub(super) offset: i32,
}

/// Somebody ahead.
#[derive(Clone, Copy)]
pub(super) struct Leader<'a> {
    pub(super) kind: &'a Kind,
    pub(super) gap: Gap<'a>,
    pub(super) speed_mps: f64,
    pub(super) signs: Signs,
    /// Its place on the lane, if it is on the same street.
    pub(super) index: Option<u32>,
}

/// Somebody behind.
#[derive(Clone, Copy)]
pub(super) struct Follower<'a> {
    pub(super) kind: &'a Kind,
    pub(super) gap: Gap<'a>,
    pub(super) speed_mps: f64,
    pub(super) lane: u32,
    pub(super) index: u32,
}

impl<'a> View<'a> {
    pub(super) fn new(
        scene: &'a Scene<'a>,
        street_row: u32,
        lane: u32,
        lanes: &'a [LaneVehicles],
        index: usize,
    ) -> Self {
        let street = &scene.network.streets[street_row as usize];
        let vehicles = &lanes[(lane - street.first_lane) as usize];
        let vehicle = vehicles.vehicle[index];
        let memory = &vehicles.memory[index];
        let speed_mps = vehicles.speed_mps[index];
        let driver = scene.drivers[vehicle as usize];
        Self {
            scene,
            street,
            street_row,
            lane,
            lanes,
            vehicles,
            index,
            kind: scene.kind(vehicles.kind[index]),
            driver,
            plan: &scene.plans[driver.plan as usize],
            memory,
            vehicle,
            position_m: vehicles.position_m[index],
            speed_mps,
            foresight_mps: foresight_mps(memory, speed_mps, scene.step_s),
        }
    }

    /// Moves the cursors of all lanes of the street to this vehicle.
    pub(super) fn advance(&self, cursors: &mut [Cursor]) {
        let own = (self.lane - self.street.first_lane) as usize;
        for (number, (vehicles, cursor)) in self.lanes.iter().zip(cursors).enumerate() {
            if number == own {
                while cursor.behind < self.index {
                    cursor.pass(self.scene, vehicles);
                }
            } else {
                while vehicles.position_m.get(cursor.behind).is_some_and(|&ahead_m| ahead_m >= self.position_m) {
                    cursor.pass(self.scene, vehicles);
                }
            }
        }
    }

    /// The vehicles of a lane of its street.
    fn on(&self, lane: u32) -> &'a LaneVehicles {
        &self.lanes[(lane - self.street.first_lane) as usize]
    }

    /// The lane on a side and where it leads, if there is one that it may use.
    pub(super) fn beside(&self, side: Side) -> Option<(u32, Goal)> {
        let to = self.lane.checked_add_signed(side.step()).filter(|to| self.street.lanes().contains(to))?;
        let outlook = self.outlook(to);
        (outlook.reach_m > 0.0).then(|| (to, self.goal_from(to, outlook)))
    }

    fn outlook(&self, lane: u32) -> Outlook {
        self.plan.outlook(self.memory.route_position, lane - self.street.first_lane)
    }

    /// Where a lane leads; a stop on this street comes first.
    pub(super) fn goal(&self, lane: u32) -> Goal {
        self.goal_from(lane, self.outlook(lane))
    }

    fn goal_from(&self, lane: u32, outlook: Outlook) -> Goal {
        let reach_m = f64::from(outlook.reach_m);
        if let Some(stop) = self.scene.stop_on(self.memory, self.memory.route_position) {
            let offset = stop.lane as i32 - lane as i32;
            return Goal { reach_m: if offset == 0 { reach_m.max(AT_STOP_M) } else { stop.end_m }, offset };
        }
        Goal { reach_m, offset: i32::from(outlook.offset) }
    }

    /// Whether a lane leads somewhere where it does not lead along the route any more.
    pub(super) fn leads_elsewhere(&self, lane: u32) -> bool {
        !self.scene.network.lanes[self.last_lane(lane, |_| {}) as usize].passages.is_empty()
    }

    /// Whether it is in a roundabout that it can leave from the lane that it is on, if it comes to that: nobody stops in a
    /// ring to change lanes.
    pub(super) fn leaves_ring_from_any_lane(&self) -> bool {
        self.street.is_roundabout && self.outlook(self.lane).passage != NONE
    }

    /// Goes along the route without changing lanes, as far as one looks; the lane where that ends.
    fn last_lane(&self, lane: u32, mut visit: impl FnMut(u32)) -> u32 {
        let (mut last, mut number) = (lane, lane - self.street.first_lane);
        for ahead in 0..STREETS_AHEAD {
            let outlook = self.plan.outlook(self.memory.route_position + ahead, number);
            if outlook.passage == NONE {
                break;
            }
            (last, number) = (outlook.exit_lane, u32::from(outlook.exit_number));
            visit(last);
        }
        last
    }

    pub(super) fn desired_mps(&self, lane: u32) -> f64 {
        self.scene.desired_mps(&self.driver, self.kind, lane)
    }

    /// The room that vehicles ahead take on a lane of this street and on those that it leads to, in metres.
    pub(super) fn taken_ahead_m(&self, lane: u32, cursors: &[Cursor]) -> f64 {
        let mut taken_m = cursors[(lane - self.street.first_lane) as usize].ahead_m;
        self.last_lane(lane, |ahead| taken_m += f64::from(self.scene.taken_m[ahead as usize]));
        taken_m
    }

    /// Whoever is ahead on its own lane.
    pub(super) fn leader(&self) -> Option<Leader<'a>> {
        match self.index.checked_sub(1) {
            Some(leader) => Some(self.leader_at(self.vehicles, leader)),
            None => self.leader_beyond(self.lane),
        }
    }

    /// Whoever would be ahead on another lane.
    pub(super) fn leader_on(&self, lane: u32, cursors: &[Cursor]) -> Option<Leader<'a>> {
        match cursors[(lane - self.street.first_lane) as usize].behind.checked_sub(1) {
            Some(leader) => Some(self.leader_at(self.on(lane), leader)),
            None => self.leader_beyond(lane),
        }
    }

    fn leader_at(&self, vehicles: &'a LaneVehicles, index: usize) -> Leader<'a> {
        let kind = self.scene.kind(vehicles.kind[index]);
        let between_m = vehicles.position_m[index] - kind.length_m - self.position_m;
        let speed_mps = vehicles.speed_mps[index];
        Leader {
            kind,
            gap: Gap::between(self.kind, self.speed_mps, kind, speed_mps, between_m),
            speed_mps,
            signs: vehicles.signs[index],
            index: Some(index as u32),
        }
    }

    fn leader_far(&self, ahead: Ahead, signs: Signs) -> Leader<'a> {
        let kind = self.scene.kind(ahead.kind);
        Leader {
            kind,
            gap: Gap::between(self.kind, self.speed_mps, kind, ahead.speed_mps, ahead.distance_m),
            speed_mps: ahead.speed_mps,
            signs,
            index: None,
        }
    }

    /// Whoever is first beyond the end of a lane, as far as it can see.
    fn leader_beyond(&self, lane: u32) -> Option<Leader<'a>> {
        if let Some(tail) = self.scene.tail(lane) {
            let distance_m = tail.rear_m - self.position_m;
            return Some(
                self.leader_far(Ahead { distance_m, speed_mps: tail.speed_mps, kind: tail.kind }, Signs::default()),
            );
        }
        let follower = &self.kind.follower;
        let sight_m = follower.min_gap_m
            + follower.braking_distance_m(self.speed_mps, follower.deceleration_mps2, follower.model.headway_s());
        let mut seen_m = self.scene.network.lanes[lane as usize].length_m - self.position_m;
        let mut route_position = self.memory.route_position;
        let mut on = lane;
        while seen_m < sight_m {
            let row = self.scene.passage(&self.driver, route_position, on)?;
            let passage = &self.scene.network.passages[row as usize];
            on = passage.to_lane;
            if !self.scene.is_inside(on) {
                route_position += 1;
            }
            if let Some(ahead) = self.scene.last_on(on, seen_m) {
                let signs = self.scene.lanes.of(on).signs.last().copied().unwrap_or_default();
                return Some(self.leader_far(ahead, signs));
            }
            seen_m += self.scene.network.lanes[on as usize].length_m;
        }
        None
    }

    /// Whoever is behind on its own lane.
    pub(super) fn follower(&self) -> Option<Follower<'a>> {
        let behind = self.index + 1;
        if behind < self.vehicles.len() {
            let between_m = self.position_m - self.kind.length_m - self.vehicles.position_m[behind];
            return Some(self.follower_at(self.vehicles, behind, self.lane, between_m));
        }
        self.follower_before(self.lane)
    }

    /// The speed that somebody behind wants.
    pub(super) fn desired_of_mps(&self, follower: &Follower) -> f64 {
        let vehicle = self.scene.lanes.of(follower.lane).vehicle[follower.index as usize];
        self.scene.desired_mps(&self.scene.drivers[vehicle as usize], follower.kind, follower.lane)
    }

    /// Whoever would be behind on another lane.
    pub(super) fn follower_on(&self, lane: u32, cursors: &[Cursor]) -> Option<Follower<'a>> {
        let vehicles = self.on(lane);
        let behind = cursors[(lane - self.street.first_lane) as usize].behind;
        if behind < vehicles.len() {
            let between_m = self.position_m - self.kind.length_m - vehicles.position_m[behind];
            return Some(self.follower_at(vehicles, behind, lane, between_m));
        }
        self.follower_before(lane)
    }

    fn follower_at(&self, vehicles: &'a LaneVehicles, index: usize, lane: u32, between_m: f64) -> Follower<'a> {
        let kind = self.scene.kind(vehicles.kind[index]);
        let speed_mps = vehicles.speed_mps[index];
        let gap = Gap::between(kind, speed_mps, self.kind, self.speed_mps, between_m);
        Follower { kind, gap, speed_mps, lane, index: index as u32 }
    }

    /// Whoever comes first towards the beginning of a lane.
    fn follower_before(&self, lane: u32) -> Option<Follower<'a>> {
        let rear_m = self.position_m - self.kind.length_m;
        let mut nearest: Option<Follower<'a>> = None;
        for &row in &self.scene.into[lane as usize] {
            let from = self.scene.network.passages[row as usize].from_lane;
            let length_m = self.scene.network.lanes[from as usize].length_m;
            let found = self.front_of(from, rear_m + length_m, None).or_else(|| {
                let before = self.scene.network.before[from as usize];
                if before == NONE {
                    return None;
                }
                let length_m = length_m + self.scene.network.lanes[before as usize].length_m;
                self.front_of(before, rear_m + length_m, Some(from))
            });
            if let Some(found) = found
                && nearest.is_none_or(|nearest| found.gap.free_m < nearest.gap.free_m)
            {
                nearest = Some(found);
            }
        }
        nearest
    }

    /// The front vehicle of a lane that goes on to `to`, seen from a rear so far from the lane's beginning.
    fn front_of(&self, lane: u32, rear_m: f64, to: Option<u32>) -> Option<Follower<'a>> {
        let vehicles = self.scene.lanes.of(lane);
        if vehicles.is_empty() {
            return None;
        }
        if let Some(to) = to {
            let driver = self.scene.drivers[vehicles.vehicle[0] as usize];
            let row = self.scene.passage(&driver, vehicles.memory[0].route_position, lane)?;
            if self.scene.network.passages[row as usize].to_lane != to {
                return None;
            }
        }
        Some(self.follower_at(vehicles, 0, lane, rear_m - vehicles.position_m[0]))
    }

    /// Those who could not get onto its own lane before it, and show it: the first of them and the nearest.
    pub(super) fn shut_out(&self, cursors: &[Cursor]) -> [Option<Ahead>; 2] {
        let mut found: [Option<(f64, Ahead)>; 2] = [None; 2];
        for side in [Side::Right, Side::Left] {
            let Some(lane) =
                self.lane.checked_add_signed(side.step()).filter(|lane| self.street.lanes().contains(lane))
            else {
                continue;
            };
            let vehicles = self.on(lane);
            let here = &cursors[(lane - self.street.first_lane) as usize].shut_out[usize::from(side == Side::Right)];
            for (place, &index) in here.iter().enumerate() {
                if index == NONE {
                    continue;
                }
                let index = index as usize;
                let position_m = vehicles.position_m[index];
                let is_better = |(other_m, _): (f64, Ahead)| {
                    if place == 0 { position_m > other_m } else { position_m < other_m }
                };
                if found[place].is_none_or(is_better) {
                    let distance_m = position_m - self.scene.kind(vehicles.kind[index]).length_m - self.position_m;
                    let ahead = Ahead { distance_m, speed_mps: vehicles.speed_mps[index], kind: vehicles.kind[index] };
                    found[place] = Some((position_m, ahead));
                }
            }
        }
        found.map(|found| found.map(|(_, ahead)| ahead))
    }

    /// Whether people on foot at crossings there or just beyond keep it off a lane.
    fn is_kept_off(&self, lane: u32) -> bool {
        if self.scene.pedestrians.is_empty() {
            return false;
        }
        let keep_off =
            |lane: u32, position_m: f64| pedestrians::keep_off(self.scene, self.kind, lane, position_m, self.speed_mps);
        let passage = self.scene.network.passages.get(self.outlook(lane).passage as usize);
        let left_m = self.scene.network.lanes[lane as usize].length_m - self.position_m;
        keep_off(lane, self.position_m) || passage.is_some_and(|passage| keep_off(passage.to_lane, -left_m))
    }

    pub(super) fn wish(&self, to: u32, squeezes: bool, wishes: &mut Wishes) {
        if self.is_kept_off(to) {
            return;
        }
        wishes.wishes.push(Wish {
            street: self.street_row,
            position_m: self.position_m,
            vehicle: self.vehicle,
            from_lane: self.lane,
            to_lane: to,
            squeezes,
        });
    }

    /// Goes no faster in the next step.
    pub(super) fn advise_self(&self, speed_mps: f64, wishes: &mut Wishes) {
        let index = self.index as u32;
        wishes.advice.push(Advice { lane: self.lane, index, speed_mps, makes_room: None });
    }

    /// Remembers, and shows to the others, where anything is new.
    pub(super) fn note(&self, speed_gain: f32, keep_right: f32, turns: i8, wishes: &mut Wishes) {
        let is_old = speed_gain == self.memory.speed_gain
            && keep_right == self.memory.keep_right
            && turns == self.vehicles.signs[self.index].turns;
        if !is_old {
            wishes.notes.push(Note { lane: self.lane, index: self.index as u32, speed_gain, keep_right, turns });
        }
    }
}

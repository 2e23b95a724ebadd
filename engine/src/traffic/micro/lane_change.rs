//! Changing lanes.
//!
//! *Strategic*: whoever is on a lane that does not lead along its route changes in time; where there is no gap, it slows to
//! fit behind the one beside it, and asks the one behind to let it in (*cooperative merging*). *For speed*: MOBIL (A. Kesting,
//! M. Treiber, D. Helbing 2007, Transportation Research Record 1999, 86–94), in its asymmetric form for traffic that keeps
//! right. All decide on what they see; then each block changes its own vehicles, street by street from the front to the
//! back, and looks again at the gaps on the street.
//!
//! Left out: changing lanes inside junctions, changes that take longer than a step, overtaking in the oncoming lane.

use super::scene::{Ahead, Scene, taken_m};
use super::vehicles::{Block, Driver, Kind, LaneVehicles, Memory, NONE};
use crate::traffic::lane_plan::Outlook;
use crate::traffic::network::Street;

/// How far ahead one looks for a lane to change in time, in seconds of driving.
const STRATEGIC_S: f64 = 10.0;
/// Changes to the left take longer to get ready for: one looks this many times as far.
const STRATEGIC_LEFT: f64 = 2.0;
/// How many of its own lengths it needs besides for each lane to cross.
const STRATEGIC_LENGTHS: f64 = 2.0;
/// How slowly one forgets, within a step of a second, how fast one has been.
const FORESIGHT_MEMORY: f64 = 0.9;
/// Share of a follower's loss that counts as one's own (MOBIL: politeness).
const POLITENESS: f64 = 0.3;
/// A change for speed must gain more than this, in m/s² (MOBIL: changing threshold).
const THRESHOLD_MPS2: f64 = 0.5;
/// Changes to the left must gain this much more, those to the right this much less, in m/s² (MOBIL: bias).
const KEEP_RIGHT_MPS2: f64 = 0.15;
/// The gain must last so long, in seconds.
const LASTING_S: f32 = 3.0;
/// No second change for speed within this time, in seconds.
const BETWEEN_S: f64 = 10.0;
/// Who will be ahead within this time is let in, in seconds.
const SOON_S: f64 = 2.0;
/// Who is slower than this in a queue squeezes into gaps, in metres a second.
const CREEPING_MPS: f64 = 0.5;
/// Who has no more than this left of its lane squeezes, in metres.
const SQUEEZE_BEFORE_END_M: f64 = 10.0;
/// So does who has been standing for this long, in seconds.
const SQUEEZE_AFTER_S: f64 = 60.0;
/// Gaps that one squeezes into, in metres.
const SQUEEZE_M: f64 = 0.3;
/// Who needs longer than this to pass falls behind instead, in seconds.
const PASSING_S: f64 = 4.0;
/// One wants to have changed in this share of the time that is left.
const URGENCY: f64 = 2.0;
/// Followers let somebody in as long as this is all they have to brake, in m/s².
const COURTESY_MPS2: f64 = 4.5;
/// And this where there is still time, in m/s².
const SLIGHT_COURTESY_MPS2: f64 = 2.0;

/// Somebody who wants to change now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    street: u32,
    position_m: f64,
    vehicle: u32,
    from_lane: u32,
    to_lane: u32,
    /// Whether it takes any gap that it fits into.
    squeezes: bool,
}

/// A speed that somebody should not exceed, so that a change becomes possible.
#[derive(Clone, Copy, Debug)]
struct Advice {
    lane: u32,
    vehicle: u32,
    speed_mps: f64,
}

/// What the vehicles of a block want.
#[derive(Clone, Debug, Default)]
pub(super) struct Wishes {
    wishes: Vec<Wish>,
    advice: Vec<Advice>,
    /// New values of [`Memory::speed_gain`].
    gains: Vec<(u32, u32, [f32; 2])>,
}

impl Wishes {
    /// Gathers what the vehicles of a block want.
    pub(super) fn gather(&mut self, scene: &Scene, block: usize) {
        self.wishes.clear();
        self.advice.clear();
        self.gains.clear();
        let block = &scene.lanes.blocks[block];
        for local in block.occupied_lanes() {
            let lane = block.first_lane + local as u32;
            let Some(street_row) = scene.network.lanes[lane as usize].street else { continue };
            let street = &scene.network.streets[street_row as usize];
            if street.lane_count < 2 {
                continue;
            }
            let vehicles = &block.lanes[local];
            for index in 0..vehicles.len() {
                let view = View::new(scene, street, street_row, lane, vehicles, index);
                if view.memory.dwell_s < 0.0 {
                    view.decide(self);
                }
            }
        }
    }

    /// Tells everybody what others ask of them. Of several the slowest counts, so that the order does not.
    pub(super) fn advise(&mut self, blocks: &mut [Block], block_of: &[u16]) {
        for advice in self.advice.drain(..) {
            let block = &mut blocks[block_of[advice.lane as usize] as usize];
            if let Some((lane, index)) = find(block, advice.lane, advice.vehicle) {
                let memory = &mut lane.memory[index];
                memory.advised_mps = memory.advised_mps.min(advice.speed_mps);
            }
        }
    }

    /// Changes the lanes of those who want to and still can; how many did.
    pub(super) fn fulfil(&mut self, scene: &FulfilScene, block: &mut Block) -> u64 {
        for (lane, vehicle, gains) in self.gains.drain(..) {
            if let Some((lane, index)) = find(block, lane, vehicle) {
                lane.memory[index].speed_gain = gains;
            }
        }
        self.wishes.sort_by(|a, b| {
            a.street.cmp(&b.street).then(b.position_m.total_cmp(&a.position_m)).then(a.vehicle.cmp(&b.vehicle))
        });
        let mut changed = 0;
        for wish in self.wishes.drain(..) {
            changed += u64::from(change(scene, block, &wish));
        }
        changed
    }
}

/// What fulfilling wishes needs to know.
#[derive(Clone, Copy)]
pub(super) struct FulfilScene<'a> {
    pub(super) kinds: &'a [Kind],
    pub(super) step: u32,
}

fn find(block: &mut Block, lane: u32, vehicle: u32) -> Option<(&mut LaneVehicles, usize)> {
    let lane = &mut block.lanes[(lane - block.first_lane) as usize];
    let index = lane.vehicle.iter().position(|&other| other == vehicle)?;
    Some((lane, index))
}

fn change(scene: &FulfilScene, block: &mut Block, wish: &Wish) -> bool {
    let (from, to) = ((wish.from_lane - block.first_lane) as usize, (wish.to_lane - block.first_lane) as usize);
    let Some(index) = block.lanes[from].vehicle.iter().position(|&other| other == wish.vehicle) else { return false };
    let position_m = block.lanes[from].position_m[index];
    let speed_mps = block.lanes[from].speed_mps[index];
    let kind = &scene.kinds[block.lanes[from].kind[index] as usize];
    let target = &block.lanes[to];
    let behind = target.behind(position_m);
    if let Some(leader) = behind.checked_sub(1) {
        let rear_m = target.position_m[leader] - scene.kinds[target.kind[leader] as usize].length_m;
        let ahead =
            Ahead { distance_m: rear_m - position_m, speed_mps: target.speed_mps[leader], kind: target.kind[leader] };
        if !fits_behind(scene.kinds, kind, speed_mps, &ahead, wish.squeezes) {
            return false;
        }
    }
    if behind < target.len() {
        let distance_m = position_m - kind.length_m - target.position_m[behind];
        let follower = &scene.kinds[target.kind[behind] as usize];
        if !fits_before(kind, follower, distance_m, speed_mps, target.speed_mps[behind], wish.squeezes) {
            return false;
        }
    }
    let mut row = block.lanes[from].remove(index);
    row.memory.changed_step = scene.step;
    row.memory.speed_gain = [0.0; 2];
    block.lanes[to].insert(behind, row);
    block.note(from);
    block.note(to);
    true
}

/// Whether somebody can follow a new leader without braking hard.
fn fits_behind(kinds: &[Kind], kind: &Kind, speed_mps: f64, ahead: &Ahead, squeezes: bool) -> bool {
    if squeezes && speed_mps < CREEPING_MPS && ahead.distance_m > SQUEEZE_M {
        return true;
    }
    let gap_m = ahead.distance_m - kind.follower.min_gap_m;
    let leader = &kinds[ahead.kind as usize];
    gap_m >= 0.0
        && kind.follower.safe_follow_mps(
            gap_m,
            ahead.speed_mps,
            leader.follower.deceleration_mps2,
            kind.follower.model.headway_s(),
        ) >= kind.follower.slowest_next_mps(speed_mps)
}

/// Whether a follower can follow somebody new ahead without braking hard.
fn fits_before(
    kind: &Kind,
    follower: &Kind,
    distance_m: f64,
    speed_mps: f64,
    follower_mps: f64,
    squeezes: bool,
) -> bool {
    if squeezes && follower_mps < CREEPING_MPS && distance_m > SQUEEZE_M {
        return true;
    }
    let gap_m = distance_m - follower.follower.min_gap_m;
    gap_m >= 0.0
        && follower.follower.safe_follow_mps(
            gap_m,
            speed_mps,
            kind.follower.deceleration_mps2,
            follower.follower.model.headway_s(),
        ) >= follower.follower.slowest_next_mps(follower_mps)
}

/// One vehicle's view of the lanes beside it.
struct View<'a> {
    scene: &'a Scene<'a>,
    street: &'a Street,
    street_row: u32,
    lane: u32,
    vehicles: &'a LaneVehicles,
    index: usize,
    kind: &'a Kind,
    driver: Driver,
    memory: &'a Memory,
    vehicle: u32,
    position_m: f64,
    speed_mps: f64,
    /// How fast it has been lately, which is how fast it expects to be.
    foresight_mps: f64,
}

/// How fast a vehicle expects to be: as fast as now, or nearly as fast as it has been.
pub(super) fn foresight_mps(memory: &Memory, speed_mps: f64, step_s: f64) -> f64 {
    let forgotten = (1.0 - FORESIGHT_MEMORY) * step_s;
    speed_mps.max((1.0 - forgotten) * f64::from(memory.foresight_mps) + forgotten * speed_mps)
}

/// Who would be around on another lane.
struct Beside {
    ahead: Option<Ahead>,
    /// The vehicle ahead, if it is on the same street.
    leader: Option<u32>,
    behind: Option<Behind>,
}

/// Somebody behind.
#[derive(Clone, Copy)]
struct Behind {
    /// From its front to one's own rear.
    distance_m: f64,
    speed_mps: f64,
    kind: u16,
    vehicle: u32,
    /// Its lane.
    lane: u32,
}

impl<'a> View<'a> {
    fn new(
        scene: &'a Scene<'a>,
        street: &'a Street,
        street_row: u32,
        lane: u32,
        vehicles: &'a LaneVehicles,
        index: usize,
    ) -> Self {
        let vehicle = vehicles.vehicle[index];
        Self {
            scene,
            street,
            street_row,
            lane,
            vehicles,
            index,
            kind: scene.kind(vehicles.kind[index]),
            driver: scene.drivers[vehicle as usize],
            memory: &vehicles.memory[index],
            vehicle,
            position_m: vehicles.position_m[index],
            speed_mps: vehicles.speed_mps[index],
            foresight_mps: foresight_mps(&vehicles.memory[index], vehicles.speed_mps[index], scene.step_s),
        }
    }

    fn outlook(&self, lane: u32) -> Outlook {
        self.scene.plans[self.driver.plan as usize].outlook(self.memory.route_position, lane - self.street.first_lane)
    }

    /// How far it gets on a lane, and how many lanes to the left it should be; a stop on this street comes first.
    fn goal(&self, lane: u32) -> (f64, i32) {
        if let Some(stop) = self.scene.stop_on(self.vehicle, self.memory, self.memory.route_position) {
            let offset = stop.lane as i32 - lane as i32;
            let reach_m = if offset == 0 { 3000.0 } else { stop.end_m };
            return (reach_m - self.position_m, offset);
        }
        let outlook = self.outlook(lane);
        (f64::from(outlook.reach_m) - self.position_m, i32::from(outlook.offset))
    }

    fn decide(&self, wishes: &mut Wishes) {
        let (reach_m, offset) = self.goal(self.lane);
        if offset != 0 {
            let to = if offset > 0 { self.lane + 1 } else { self.lane - 1 };
            // The fuller the lane that leads on, the earlier it looks for a gap.
            let queue_m = self.room_taken(to);
            let ahead_m = self.strategic_m(self.foresight_mps, offset > 0) * f64::from(offset.abs());
            if reach_m - queue_m < ahead_m {
                self.change_for_route(to, reach_m, reach_m < ahead_m, wishes);
                return;
            }
        }
        self.change_for_speed(offset, wishes);
    }

    /// How far before a lane ends it gets ready to leave it.
    fn strategic_m(&self, speed_mps: f64, to_left: bool) -> f64 {
        let side = if to_left { STRATEGIC_LEFT } else { 1.0 };
        speed_mps * STRATEGIC_S * side * self.kind.lane_changing.strategic + STRATEGIC_LENGTHS * self.kind.length_m
    }

    /// The room that all vehicles of a lane take.
    fn room_taken(&self, lane: u32) -> f64 {
        taken_m(self.scene.kinds, self.scene.lanes.of(lane))
    }

    fn change_for_route(&self, to: u32, reach_m: f64, must: bool, wishes: &mut Wishes) {
        let squeezes = reach_m < SQUEEZE_BEFORE_END_M || self.memory.waiting_s > SQUEEZE_AFTER_S;
        let beside = self.beside(to);
        let fits_ahead =
            beside.ahead.is_none_or(|ahead| fits_behind(self.scene.kinds, self.kind, self.speed_mps, &ahead, squeezes));
        let fits_back = beside.behind.is_none_or(|behind| {
            fits_before(
                self.kind,
                self.scene.kind(behind.kind),
                behind.distance_m,
                self.speed_mps,
                behind.speed_mps,
                squeezes,
            )
        });
        if fits_ahead && fits_back {
            wishes.wishes.push(self.wish(to, squeezes));
            return;
        }
        if let (true, false, Some(ahead)) = (must, fits_ahead, beside.ahead) {
            if let Some(leader) = beside.leader.filter(|_| self.overtakes(&ahead, reach_m)) {
                // It passes first; the other does not race it.
                let courteous = self.scene.kind(ahead.kind).lane_changing.cooperative > 0.0;
                if courteous {
                    wishes.advice.push(Advice { lane: to, vehicle: leader, speed_mps: ahead.speed_mps });
                }
                return;
            }
            // Fall behind the one that is beside or just ahead.
            let follower = &self.kind.follower;
            let leader = self.scene.kind(ahead.kind);
            let speed = follower.safe_follow_mps(
                ahead.distance_m - follower.min_gap_m,
                ahead.speed_mps,
                leader.follower.deceleration_mps2,
                follower.model.headway_s(),
            );
            let gentle = (self.speed_mps - COURTESY_MPS2 * self.scene.step_s).max(0.0);
            wishes.advice.push(Advice { lane: self.lane, vehicle: self.vehicle, speed_mps: speed.max(gentle) });
        }
        if let (false, Some(behind)) = (fits_back, beside.behind) {
            let other = self.scene.kind(behind.kind);
            // Whoever is beside cannot fall back in time for it; whoever is behind soon can.
            let is_asked = must || behind.lane == to;
            let soon_m = behind.distance_m + self.speed_mps * SOON_S;
            let is_alongside = self.speed_mps > CREEPING_MPS && behind.distance_m > -self.kind.length_m;
            if is_asked && other.lane_changing.cooperative > 0.0 && (is_alongside || soon_m > SQUEEZE_M) {
                let speed = other.follower.safe_follow_mps(
                    behind.distance_m - other.follower.min_gap_m,
                    self.speed_mps,
                    self.kind.follower.deceleration_mps2,
                    other.follower.model.headway_s(),
                );
                let courtesy_mps2 = if must { COURTESY_MPS2 } else { SLIGHT_COURTESY_MPS2 };
                let gentle =
                    (behind.speed_mps - courtesy_mps2 * other.lane_changing.cooperative * self.scene.step_s).max(0.0);
                wishes.advice.push(Advice { lane: behind.lane, vehicle: behind.vehicle, speed_mps: speed.max(gentle) });
            }
        }
    }

    /// Whether it gets past somebody beside it before its lane ends.
    fn overtakes(&self, ahead: &Ahead, reach_m: f64) -> bool {
        let faster_mps = self.speed_mps - ahead.speed_mps;
        let leader = self.scene.kind(ahead.kind);
        let way_m = ahead.distance_m + leader.length_m + leader.follower.min_gap_m + self.kind.length_m;
        let left_s = (reach_m / self.foresight_mps.max(1e-3) / URGENCY).min(PASSING_S);
        faster_mps > 0.0 && faster_mps * left_s.max(self.scene.step_s) > way_m
    }

    fn wish(&self, to: u32, squeezes: bool) -> Wish {
        Wish {
            street: self.street_row,
            position_m: self.position_m,
            vehicle: self.vehicle,
            from_lane: self.lane,
            to_lane: to,
            squeezes,
        }
    }

    fn change_for_speed(&self, offset: i32, wishes: &mut Wishes) {
        let keenness = self.kind.lane_changing.speed_gain;
        let since_s = f64::from(self.scene.step - self.memory.changed_step) * self.scene.step_s;
        if keenness <= 0.0 || (self.memory.changed_step > 0 && since_s < BETWEEN_S) {
            return;
        }
        let own = self.acceleration_mps2(self.lane, self.ahead_on_own());
        let desired = self.scene.desired_mps(&self.driver, self.kind, self.lane);
        let mut gains = [0.0; 2];
        for (side, to) in [(0, self.lane.wrapping_add(1)), (1, self.lane.wrapping_sub(1))] {
            // Who drives as it likes has nothing to gain on the left.
            let is_free = own >= 0.0 && self.speed_mps > 0.95 * desired;
            if !self.street.lanes().contains(&to) || (side == 0 && is_free) || !self.may_go(to, offset) {
                continue;
            }
            let Some(gain) = self.incentive(to, own, side) else { continue };
            if gain > THRESHOLD_MPS2 / keenness {
                gains[side] = self.memory.speed_gain[side] + self.scene.step_s as f32;
                if gains[side] >= LASTING_S {
                    wishes.wishes.push(self.wish(to, false));
                    return;
                }
            }
        }
        if gains != self.memory.speed_gain {
            wishes.gains.push((self.lane, self.vehicle, gains));
        }
    }

    /// Whether a lane leads far enough along the route.
    fn may_go(&self, to: u32, offset: i32) -> bool {
        let outlook = self.outlook(to);
        if outlook.reach_m <= 0.0 {
            return false;
        }
        let (reach_m, other_offset) = self.goal(to);
        if other_offset == 0 || other_offset.abs() < offset.abs() {
            return true;
        }
        // It would have to come back into a queue that may be as long as the longer of both.
        let queue_m = self.room_taken(to).max(self.room_taken(self.lane));
        let desired = self.scene.desired_mps(&self.driver, self.kind, self.lane);
        let ahead_m = self.strategic_m(desired, to > self.lane) * f64::from(other_offset.abs());
        reach_m - queue_m > ahead_m
    }

    /// MOBIL's incentive to change, in m/s²; `None` where it is not safe.
    fn incentive(&self, to: u32, own_mps2: f64, side: usize) -> Option<f64> {
        let beside = self.beside(to);
        if beside.ahead.is_some_and(|ahead| !fits_behind(self.scene.kinds, self.kind, self.speed_mps, &ahead, false)) {
            return None;
        }
        let mut loss = 0.0;
        if let Some(behind) = beside.behind {
            let other = self.scene.kind(behind.kind);
            if !fits_before(self.kind, other, behind.distance_m, self.speed_mps, behind.speed_mps, false) {
                return None;
            }
            let gap_m = behind.distance_m - other.follower.min_gap_m;
            let after = other.follower.follow_speed_mps(
                behind.speed_mps,
                gap_m,
                self.speed_mps,
                self.kind.follower.deceleration_mps2,
                other.follower.max_speed_mps,
            );
            loss = ((behind.speed_mps - after) / self.scene.step_s).max(0.0);
        }
        let there = self.acceleration_mps2(to, beside.ahead);
        let bias = if side == 0 { -KEEP_RIGHT_MPS2 } else { KEEP_RIGHT_MPS2 };
        Some(there - own_mps2 - POLITENESS * loss + bias)
    }

    /// The acceleration that it has behind somebody on a lane.
    fn acceleration_mps2(&self, lane: u32, ahead: Option<Ahead>) -> f64 {
        let follower = &self.kind.follower;
        let desired = self.scene.desired_mps(&self.driver, self.kind, lane);
        let mut next = follower.fastest_next_mps(self.speed_mps).min(desired);
        if let Some(ahead) = ahead {
            let leader = self.scene.kind(ahead.kind);
            next = next.min(follower.follow_speed_mps(
                self.speed_mps,
                ahead.distance_m - follower.min_gap_m,
                ahead.speed_mps,
                leader.follower.deceleration_mps2,
                desired,
            ));
        }
        (next - self.speed_mps) / self.scene.step_s
    }

    fn ahead_on_own(&self) -> Option<Ahead> {
        match self.index.checked_sub(1) {
            Some(leader) => Some(self.rear_of(self.vehicles, leader)),
            None => self.ahead_beyond(self.lane),
        }
    }

    fn rear_of(&self, vehicles: &LaneVehicles, leader: usize) -> Ahead {
        Ahead {
            distance_m: vehicles.position_m[leader] - self.scene.kind(vehicles.kind[leader]).length_m - self.position_m,
            speed_mps: vehicles.speed_mps[leader],
            kind: vehicles.kind[leader],
        }
    }

    /// Whoever is first beyond the end of a lane, as far as it can see.
    fn ahead_beyond(&self, lane: u32) -> Option<Ahead> {
        if let Some(tail) = self.scene.tail(lane) {
            return Some(Ahead {
                distance_m: tail.rear_m - self.position_m,
                speed_mps: tail.speed_mps,
                kind: tail.kind,
            });
        }
        let follower = &self.kind.follower;
        let sight_m = follower.braking_distance_m(
            follower.fastest_next_mps(self.speed_mps),
            follower.deceleration_mps2,
            follower.model.headway_s(),
        );
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
                return Some(ahead);
            }
            seen_m += self.scene.network.lanes[on as usize].length_m;
        }
        None
    }

    fn beside(&self, lane: u32) -> Beside {
        let vehicles = self.scene.lanes.of(lane);
        let behind = vehicles.behind(self.position_m);
        let leader = behind.checked_sub(1);
        let ahead = match leader {
            Some(leader) => Some(self.rear_of(vehicles, leader)),
            None => self.ahead_beyond(lane),
        };
        let leader = leader.map(|leader| vehicles.vehicle[leader]);
        let behind = if behind < vehicles.len() {
            Some(Behind {
                distance_m: self.position_m - self.kind.length_m - vehicles.position_m[behind],
                speed_mps: vehicles.speed_mps[behind],
                kind: vehicles.kind[behind],
                vehicle: vehicles.vehicle[behind],
                lane,
            })
        } else {
            self.behind_before(lane)
        };
        Beside { ahead, leader, behind }
    }

    /// Whoever comes first towards the beginning of a lane.
    fn behind_before(&self, lane: u32) -> Option<Behind> {
        let rear_m = self.position_m - self.kind.length_m;
        let mut nearest: Option<Behind> = None;
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
                && nearest.is_none_or(|nearest| found.distance_m < nearest.distance_m)
            {
                nearest = Some(found);
            }
        }
        nearest
    }

    /// The front vehicle of a lane that goes on to `to`, seen from a rear so far from the lane's beginning.
    fn front_of(&self, lane: u32, rear_m: f64, to: Option<u32>) -> Option<Behind> {
        let vehicles = self.scene.lanes.of(lane);
        if vehicles.is_empty() {
            return None;
        }
        let vehicle = vehicles.vehicle[0];
        if let Some(to) = to {
            let driver = self.scene.drivers[vehicle as usize];
            let row = self.scene.passage(&driver, vehicles.memory[0].route_position, lane)?;
            if self.scene.network.passages[row as usize].to_lane != to {
                return None;
            }
        }
        Some(Behind {
            distance_m: rear_m - vehicles.position_m[0],
            speed_mps: vehicles.speed_mps[0],
            kind: vehicles.kind[0],
            vehicle,
            lane,
        })
    }
}

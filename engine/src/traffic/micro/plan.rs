//! What each vehicle means to do in the next step, from what it sees.
//!
//! A vehicle looks along its way as far as it needs to stop, and on watched passages as far as those who give way must
//! see it. It slows for whoever is ahead, for slower streets, for stops, for the end of a lane that does not lead on, for
//! lamps, and for vehicles that are in its way inside a junction. Where it depends on others whether it may pass, it leaves
//! an [`Item`]: the speed with which it can still wait. The step that follows decides ([`super::drive`]).
//!
//! After S. Krauß (1998) and the junction model of SUMO (Erdmann and Krajzewicz 2014, LNCS 8594). Left out: overtaking in
//! the oncoming lane, and drivers who ignore rules.

use super::abreast::{FALLS_BACK_MPS, FILTERS_MPS, Place, Relation, relation};
use super::approach::{Approach, Passing};
use super::pedestrians;
use super::reactions::Decision;
use super::scene::{Ahead, Rule, Scene, taken_m};
use super::vehicles::{Driver, Kind, LaneVehicles, Memory, NONE};
use crate::traffic::car_following::{LEADERS_MAX, Model, STANDING_MPS, Seen, speed_after_mps};
use crate::traffic::demand::LaneSharing;
use crate::traffic::network::{Conflict, ConflictKind, Passage, PassageKind, Precedence};

/// Where one waits for a lamp: this far before the stop line, in metres.
const STOP_LINE_GAP_M: f64 = 1.0;
/// Where one waits for others: this far before the end of the lane, in metres.
const WAIT_GAP_M: f64 = 0.1;
/// Those who give way see whoever arrives within this time, in seconds.
const WATCHED_S: f64 = 12.0;
/// Who has stood inside a junction for this long lets others go first, in seconds.
const STUCK_S: f64 = 5.0;
/// No vehicle is longer, in metres: those that follow others beside each other look so far beyond the next.
const LONGEST_M: f64 = 25.0;
/// Who enters a roundabout leaves room in the ring before the next who is slower than this, in metres a second: for itself and
/// one more, as multiples of what it takes itself.
const RING_SLOW_MPS: f64 = 4.0;
const RING_ROOMS: f64 = 2.0;
/// How many passages ahead are planned at most.
const PASSAGES_MAX: u32 = 24;

/// A passage at which it depends on others whether one may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) passage: u32,
    /// The speed with which one can still wait before it.
    pub(super) wait_mps: f64,
    /// Whether one means to pass at all.
    pub(super) requested: bool,
    /// Whether behind it there is no room to stand.
    pub(super) is_blocked: bool,
    /// A passage further ahead that must be open too, because there is no room to wait before it.
    pub(super) beyond: u32,
    pub(super) distance_m: f64,
    pub(super) passing: Passing,
}

/// What one vehicle means to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned {
    /// The speed with which it goes on if it may pass everywhere.
    pub(super) speed_mps: f64,
    /// Its items: first row and number.
    pub(super) first_item: u32,
    pub(super) item_count: u32,
    /// Whether it knows already that it has to wait.
    pub(super) has_to_wait: bool,
}

/// The plans of a block's vehicles, in the order of its lanes.
#[derive(Clone, Debug, Default)]
pub(super) struct PlanOfBlock {
    pub(super) planned: Vec<Planned>,
    pub(super) items: Vec<Item>,
    pub(super) approaches: Vec<Approach>,
    pub(super) decisions: Vec<Decision>,
    /// Whom the one who looks sees ahead, where its model asks for that.
    seen: Leaders,
}

/// Vehicles ahead, the nearest first.
#[derive(Clone, Debug, Default)]
struct Leaders {
    count: usize,
    seen: [Seen; LEADERS_MAX],
    /// The lengths of all of them, in metres.
    lengths_m: f64,
}

impl PlanOfBlock {
    /// Plans for all vehicles of a block.
    pub(super) fn make(&mut self, scene: &Scene, block: usize) {
        self.planned.clear();
        self.items.clear();
        self.approaches.clear();
        self.decisions.clear();
        let block = &scene.lanes.blocks[block];
        for local in block.occupied_lanes() {
            let lane = block.first_lane + local as u32;
            let vehicles = &block.lanes[local];
            let mut in_front_m = 0.0;
            for index in 0..vehicles.len() {
                let look = Look::new(scene, lane, vehicles, index, in_front_m, self);
                let planned = look.along();
                self.planned.push(planned);
                in_front_m += scene.kind(vehicles.kind[index]).room_m();
            }
        }
    }
}

/// One vehicle's look along its way.
struct Look<'a> {
    scene: &'a Scene<'a>,
    out: &'a mut PlanOfBlock,
    first_item: u32,
    kind: &'a Kind,
    driver: Driver,
    memory: &'a Memory,
    vehicle: u32,
    kind_row: u16,
    position_m: f64,
    speed_mps: f64,
    /// The lane that it is on, and the one that is looked at.
    lane_at_first: u32,
    lane: u32,
    route_position: u32,
    /// From the front bumper to the end of that lane.
    seen_m: f64,
    /// The speed that all seen so far allows.
    allowed_mps: f64,
    /// The least speed after comfortable braking.
    gentle_mps: f64,
    /// The speed at the passage that is looked at, if nothing further ahead slows it.
    pass_mps: f64,
    /// Room taken by those in front on its own lane.
    in_front_m: f64,
    /// The way it needs to stop, and some.
    sight_m: f64,
    /// How it would wait before the last passage: that counts for what lies behind it.
    waiting: Option<Waiting>,
    last_item: Option<usize>,
    last_approach: Option<usize>,
    /// A passage that it has to look at, however far it is.
    beyond: u32,
    /// Whether that is the one that it looks at.
    is_beyond: bool,
    has_slowed: bool,
    has_to_wait: bool,
    /// Whether it goes past somebody who is stuck in the junction that is looked at, and whether it would have to stop inside.
    passes_stuck: bool,
    stops_inside: bool,
}

impl<'a> Look<'a> {
    fn new(
        scene: &'a Scene<'a>,
        lane: u32,
        vehicles: &'a LaneVehicles,
        index: usize,
        in_front_m: f64,
        out: &'a mut PlanOfBlock,
    ) -> Self {
        let kind_row = vehicles.kind[index];
        let kind = scene.kind(kind_row);
        let vehicle = vehicles.vehicle[index];
        let driver = scene.drivers[vehicle as usize];
        let memory = &vehicles.memory[index];
        let follower = &kind.follower;
        let (position_m, speed_mps) = (vehicles.position_m[index], vehicles.speed_mps[index]);
        let fastest = follower.fastest_next_mps(speed_mps);
        let gentle_mps = follower.slowest_next_mps(speed_mps);
        let desired = scene.desired_mps(&driver, kind, lane).max(gentle_mps);
        let sight_m = fastest * scene.step_s
            + follower.braking_distance_m(fastest, follower.deceleration_mps2, follower.model.headway_s());
        let first_item = out.items.len() as u32;
        let mut look = Self {
            scene,
            out,
            first_item,
            kind,
            driver,
            memory,
            vehicle,
            kind_row,
            position_m,
            speed_mps,
            lane_at_first: lane,
            lane,
            route_position: memory.route_position,
            seen_m: scene.network.lanes[lane as usize].length_m - position_m,
            allowed_mps: fastest.min(desired),
            gentle_mps,
            pass_mps: 0.0,
            in_front_m,
            sight_m,
            waiting: None,
            last_item: None,
            last_approach: None,
            beyond: NONE,
            is_beyond: false,
            has_slowed: false,
            has_to_wait: false,
            passes_stuck: false,
            stops_inside: false,
        };
        look.pass_mps = speed_after_mps(look.allowed_mps, look.seen_m, follower.acceleration_mps2).min(desired);
        if vehicles.sharing > 0 {
            look.mind_those_beside(vehicles, index);
        } else if index > 0 {
            look.follow_leader(look.ahead(vehicles, index - 1));
        } else {
            look.mind_tail();
        }
        look.begin_to_see(vehicles, index);
        look
    }

    /// Looks along the way until nothing further ahead can matter.
    fn along(mut self) -> Planned {
        if self.memory.dwell_s >= 0.0 {
            self.allowed_mps = 0.0;
            return self.done();
        }
        for _ in 0..PASSAGES_MAX {
            if self.scene.is_inside(self.lane) {
                self.mind_conflicts();
            }
            if !self.scene.pedestrians.is_empty() {
                self.mind_crossings();
            }
            if self.mind_stop() {
                break;
            }
            let Some(row) = self.scene.passage(&self.driver, self.route_position, self.lane) else {
                self.mind_end();
                break;
            };
            let passage = &self.scene.network.passages[row as usize];
            let is_watched = passage.is_watched && self.seen_m < WATCHED_S * self.allowed_mps;
            if self.seen_m > self.sight_m && !is_watched && self.beyond == NONE {
                break;
            }
            self.is_beyond = row == self.beyond;
            if self.is_beyond {
                self.beyond = NONE;
            }
            if !self.pass(row, passage) {
                break;
            }
        }
        self.done()
    }

    fn done(mut self) -> Planned {
        self.react();
        let item_count = self.out.items.len() as u32 - self.first_item;
        Planned { speed_mps: self.allowed_mps, first_item: self.first_item, item_count, has_to_wait: self.has_to_wait }
    }

    fn allow(&mut self, speed_mps: f64) {
        self.allowed_mps = self.allowed_mps.min(speed_mps);
    }

    /// Somebody ahead on its own lane.
    fn ahead(&self, vehicles: &LaneVehicles, index: usize) -> Ahead {
        let kind = vehicles.kind[index];
        let distance_m = vehicles.position_m[index] - self.scene.kind(kind).length_m - self.position_m;
        Ahead { distance_m, speed_mps: vehicles.speed_mps[index], kind }
    }

    /// Slows for the rear of somebody whose front has left the lane.
    fn mind_tail(&mut self) {
        let Some(tail) = self.scene.tail(self.lane) else { return };
        let ahead = Ahead { distance_m: tail.rear_m - self.position_m, speed_mps: tail.speed_mps, kind: tail.kind };
        let shares = |kind: &Kind| kind.lane_sharing != LaneSharing::None;
        if ahead.distance_m < 0.0 && (shares(self.kind) || shares(self.scene.kind(tail.kind))) {
            self.let_go_first(ahead);
        } else {
            self.follow_leader(ahead);
        }
    }

    /// Follows the next one ahead that it cannot pass, and minds those that it can.
    fn mind_those_beside(&mut self, vehicles: &LaneVehicles, index: usize) {
        let lane = &self.scene.network.lanes[self.lane as usize];
        if vehicles.signs[index].place == Place::Left && self.kind.lane_sharing == LaneSharing::Filters {
            self.allow(FILTERS_MPS.max(self.gentle_mps));
        }
        let mut rear_m = f64::INFINITY;
        for other in (0..index).rev() {
            // Beyond the next one that it cannot pass, only those count who may be beside that one and longer.
            if vehicles.position_m[other] > rear_m + LONGEST_M {
                break;
            }
            let ahead = self.ahead(vehicles, other);
            match relation(self.scene.kinds, lane, vehicles, index, other) {
                Relation::Overlap => {
                    self.follow(ahead);
                    rear_m = rear_m.min(self.position_m + ahead.distance_m);
                }
                Relation::Close if ahead.distance_m >= 0.0 => self.follow(ahead),
                Relation::Close => self.slow_to((ahead.speed_mps - FALLS_BACK_MPS).max(self.gentle_mps)),
                Relation::Apart => self.let_go_first(ahead),
            }
        }
        self.mind_tail();
    }

    /// Somebody beside it, or whom it can pass, is ahead: as far as it is not past the other at the end of the lane, it comes
    /// behind.
    fn let_go_first(&mut self, ahead: Ahead) {
        if self.scene.plans[self.driver.plan as usize].is_last(self.route_position) {
            return;
        }
        let behind_mps = self.follow_mps(ahead);
        let wait_mps = self.kind.follower.stop_speed_mps(self.speed_mps, (self.seen_m - WAIT_GAP_M).max(0.0));
        self.slow_to(behind_mps.max(wait_mps));
    }

    /// Slows for somebody ahead.
    fn follow(&mut self, ahead: Ahead) {
        self.slow_to(self.follow_mps(ahead));
    }

    /// The safe speed behind somebody ahead.
    fn follow_mps(&self, ahead: Ahead) -> f64 {
        let follower = &self.kind.follower;
        let leader = self.scene.kind(ahead.kind);
        let gap_m = ahead.distance_m - follower.min_gap_m;
        let desired = self.scene.desired_mps(&self.driver, self.kind, self.lane);
        follower.follow_speed_mps(self.speed_mps, gap_m, ahead.speed_mps, leader.follower.deceleration_mps2, desired)
    }

    /// Slows for whoever is ahead on its way: at once, or as far as it must not wait for the driver to react.
    fn follow_leader(&mut self, ahead: Ahead) {
        let follower = &self.kind.follower;
        if follower.model.thinks_ahead() {
            let gap_m = ahead.distance_m - follower.min_gap_m;
            let leader_b = self.scene.kind(ahead.kind).follower.deceleration_mps2;
            let bound = follower.bound_mps(self.speed_mps, gap_m, ahead.speed_mps, leader_b);
            self.slow_to(bound);
        } else {
            self.follow(ahead);
        }
    }

    /// Begins to look at those ahead on its own lane, for who looks further than the next.
    fn begin_to_see(&mut self, vehicles: &LaneVehicles, index: usize) {
        if self.kind.follower.model.thinks_ahead() {
            (self.out.seen.count, self.out.seen.lengths_m) = (0, 0.0);
            self.see(vehicles, index, -self.position_m);
        }
    }

    /// Looks at the vehicles of a lane that begins `start_m` ahead, from those before `index` on.
    fn see(&mut self, vehicles: &LaneVehicles, index: usize, start_m: f64) {
        let Model::Human { leaders: most, .. } = self.kind.follower.model else { return };
        for place in (0..index).rev() {
            let seen = &mut self.out.seen;
            if seen.count == usize::from(most) {
                return;
            }
            let length_m = self.scene.kind(vehicles.kind[place]).length_m;
            let front_m = start_m + vehicles.position_m[place];
            // Gaps alone count, not the lengths of those in between.
            let gap_m = front_m - length_m - seen.lengths_m;
            seen.seen[seen.count] = Seen { gap_m, speed_mps: vehicles.speed_mps[place] };
            seen.count += 1;
            seen.lengths_m += length_m;
        }
    }

    /// Who takes time to react does what it decided some time ago, and decides now what to do then.
    fn react(&mut self) {
        let follower = &self.kind.follower;
        if !follower.model.thinks_ahead() {
            return;
        }
        let scene = self.scene;
        // It departed at the end of the step after `departed_step`.
        let known_steps = scene.step - (self.memory.departed_step + 2);
        let last_mps = scene.reactions.last_mps(self.vehicle, known_steps).unwrap_or(self.speed_mps);
        let seen = &self.out.seen;
        let desired_mps = scene.desired_mps(&self.driver, self.kind, self.lane_at_first);
        let decided_mps2 = follower.human_acceleration_mps2(
            self.speed_mps,
            (self.speed_mps - last_mps) / scene.step_s,
            &seen.seen[..seen.count],
            desired_mps,
        );
        let (vehicle, speed_mps) = (self.vehicle, self.speed_mps as f32);
        self.out.decisions.push(Decision { vehicle, acceleration_mps2: decided_mps2 as f32, speed_mps });
        let delay_steps = follower.model.reaction_s() / scene.step_s;
        let done_mps2 = scene.reactions.done_mps2(vehicle, scene.step, delay_steps, decided_mps2, known_steps);
        // What keeps it from touching anybody is a bound of its own.
        self.allow((self.speed_mps + done_mps2 * scene.step_s).max(self.gentle_mps));
    }

    /// Somebody behind the last passage slows those who leave it.
    fn leave_no_faster(&mut self, speed_mps: f64) {
        let leave_mps = speed_mps.max(0.0);
        if let Some(item) = self.last_item {
            let passing = &mut self.out.items[item].passing;
            passing.leave_mps = passing.leave_mps.min(leave_mps);
        }
        if let Some(approach) = self.last_approach {
            let passing = &mut self.out.approaches[approach].passing;
            passing.leave_mps = passing.leave_mps.min(leave_mps);
        }
    }

    /// Stops at the next stop; says whether it is on this lane's street, so that nothing behind it matters.
    fn mind_stop(&mut self) -> bool {
        if self.scene.is_inside(self.lane) {
            return false;
        }
        let Some(stop) = self.scene.stop_on(self.memory, self.route_position) else { return false };
        let length_m = self.scene.network.lanes[self.lane as usize].length_m;
        let distance_m = self.seen_m + stop.end_m.min(length_m) - length_m;
        let speed = self.kind.follower.stop_speed_mps(self.speed_mps, distance_m + 1e-3).max(self.gentle_mps);
        self.allow(speed);
        self.leave_no_faster(speed);
        true
    }

    /// The end of the route, or of a lane that does not lead on.
    fn mind_end(&mut self) {
        if self.scene.plans[self.driver.plan as usize].is_last(self.route_position) {
            return;
        }
        let speed = self.kind.follower.stop_speed_mps(self.speed_mps, self.seen_m);
        self.allow(speed);
        self.leave_no_faster(speed);
    }

    /// Looks past a passage onto the next lane; says whether to look further.
    fn pass(&mut self, row: u32, passage: &Passage) -> bool {
        let rule = self.scene.rules[row as usize];
        let follower = &self.kind.follower;
        if passage.kind != PassageKind::Exit {
            let brake_m = follower.braking_distance_m(self.speed_mps, follower.deceleration_mps2, 0.0);
            let waiting = self.waiting(passage, rule, brake_m);
            if rule.is_lit_against() && self.seen_m >= brake_m {
                self.allow(self.wait_mps(waiting));
                self.has_to_wait = true;
                return false;
            }
            self.request(row, passage, rule, brake_m, waiting);
        }
        self.step_onto(passage);
        true
    }

    /// How it would wait before a passage.
    fn waiting(&self, passage: &Passage, rule: Rule, brake_m: f64) -> Waiting {
        // Those who filter go to the front.
        let gap_m = if self.kind.lane_sharing == LaneSharing::Filters { WAIT_GAP_M } else { STOP_LINE_GAP_M };
        let offset_m = if rule.is_lit_against() {
            gap_m
        } else if rule.has_priority() {
            gap_m.min(passage.visibility_m - WAIT_GAP_M)
        } else {
            0.0
        };
        let offset_m = if self.seen_m >= brake_m { offset_m.min(self.seen_m - brake_m) } else { offset_m };
        let stop_m = (self.seen_m - offset_m.max(WAIT_GAP_M)).max(0.0);
        Waiting { stop_m, allowed_mps: self.allowed_mps }
    }

    /// The speed with which it can wait.
    fn wait_mps(&self, waiting: Waiting) -> f64 {
        waiting.allowed_mps.min(self.kind.follower.stop_speed_mps(self.speed_mps, waiting.stop_m))
    }

    /// Says that it comes, and leaves an item where others decide.
    fn request(&mut self, row: u32, passage: &Passage, rule: Rule, brake_m: f64, waiting: Waiting) {
        let follower = &self.kind.follower;
        let is_entry = passage.kind != PassageKind::Inner;
        let mut requested = self.allowed_mps > 1e-3 && !(self.has_slowed && is_entry);
        let (mut beyond, mut is_blocked) = (NONE, false);
        let squeezes = self.memory.squeezes;
        if requested && is_entry && !squeezes && (self.would_fill_ring(passage) || self.would_be_caught(passage)) {
            requested = false;
        }
        if passage.keep_clear && (requested || self.is_beyond) && self.keeps_clear(brake_m) {
            match self.way_out(row, passage) {
                WayOut::Free => {}
                WayOut::Blocked => (requested, is_blocked) = (false, true),
                WayOut::FreeIfOpen(further) => {
                    (beyond, self.beyond) = (further, further);
                }
            }
        }
        let gives_way = !rule.has_priority() && !rule.is_lit_against();
        let mut arrival_mps = self.pass_mps;
        let could_brake = gives_way && brake_m < self.seen_m;
        if could_brake && self.seen_m > passage.visibility_m {
            let at_sight = follower.stopping_speed_mps(passage.visibility_m, 0.0);
            arrival_mps = arrival_mps.min(speed_after_mps(at_sight, passage.visibility_m, follower.acceleration_mps2));
            self.has_slowed = true;
        }
        if could_brake && self.scene.network.streets[passage.exit_street as usize].is_roundabout {
            self.has_slowed = true;
        }
        let arrival_s = arrival_s(
            self.seen_m,
            self.allowed_mps,
            arrival_mps,
            follower.acceleration_mps2,
            follower.deceleration_mps2,
        );
        let next = &self.scene.network.lanes[passage.to_lane as usize];
        let next_mps = self.scene.desired_mps(&self.driver, self.kind, passage.to_lane);
        let leave_mps = next_mps.min(speed_after_mps(arrival_mps, next.length_m, follower.acceleration_mps2));
        let way_m = if passage.kind == PassageKind::Direct { 0.0 } else { next.length_m } + self.kind.length_m;
        let passing = Passing { arrival_s, arrival_mps, leave_mps, way_m };
        self.last_item = None;
        self.last_approach = None;
        if passage.is_watched {
            let stops_m =
                follower.braking_distance_m(self.allowed_mps, follower.deceleration_mps2, follower.model.headway_s());
            let braking_mps = if self.seen_m < stops_m {
                speed_after_mps(self.allowed_mps, self.seen_m, -follower.deceleration_mps2).min(arrival_mps)
            } else {
                0.0
            };
            self.last_approach = Some(self.out.approaches.len());
            self.out.approaches.push(Approach {
                passage: row,
                vehicle: self.vehicle,
                kind: self.kind_row,
                // Whoever could not go on in the last step does not keep others from going.
                will_pass: requested && (beyond == NONE || !self.memory.has_to_wait),
                passing,
                braking_mps,
                distance_m: self.seen_m,
                speed_mps: self.speed_mps,
                waiting_s: self.memory.waiting_s,
                next: NONE,
            });
        }
        if gives_way || !requested || beyond != NONE {
            self.last_item = Some(self.out.items.len());
            let (wait_mps, distance_m) = (self.wait_mps(waiting), self.seen_m);
            self.out.items.push(Item { passage: row, wait_mps, requested, is_blocked, beyond, distance_m, passing });
        }
        self.waiting = Some(waiting);
    }

    /// Goes on to the next lane: its speed limit, and whoever is last on it.
    fn step_onto(&mut self, passage: &Passage) {
        let follower = &self.kind.follower;
        self.lane = passage.to_lane;
        if matches!(passage.kind, PassageKind::Exit | PassageKind::Direct) {
            self.route_position += 1;
        }
        let desired = self.scene.desired_mps(&self.driver, self.kind, self.lane);
        if desired < self.allowed_mps {
            self.allow(follower.approach_speed_mps(self.seen_m, desired).max(self.gentle_mps));
        }
        let length_m = self.scene.network.lanes[self.lane as usize].length_m;
        let start_m = self.seen_m;
        self.seen_m += length_m;
        self.pass_mps = speed_after_mps(self.allowed_mps, length_m, follower.acceleration_mps2).min(desired);
        if let Some(ahead) = self.scene.last_on(self.lane, start_m) {
            self.follow_leader(ahead);
        }
        let vehicles = self.scene.lanes.of(self.lane);
        self.see(vehicles, vehicles.len(), start_m);
    }

    /// Whether it waits for room behind a junction: not where it cannot stop any more, and not if it goes together with all others
    /// of a circle.
    fn keeps_clear(&self, brake_m: f64) -> bool {
        !self.memory.squeezes
            && self.memory.rolls_until < self.scene.step
            && (self.seen_m >= brake_m || self.speed_mps < STANDING_MPS)
    }

    /// Whether it would take the last room in the ring of a roundabout before the next who stands there. As long as everybody
    /// who enters leaves room for another, the ring goes round.
    fn would_fill_ring(&self, passage: &Passage) -> bool {
        let scene = self.scene;
        let streets = &scene.network.streets;
        let own = scene.network.lanes[self.lane as usize].street;
        if !streets[passage.exit_street as usize].is_roundabout
            || own.is_none_or(|street| streets[street as usize].is_roundabout)
        {
            return false;
        }
        let mut need_m = RING_ROOMS * self.kind.room_m();
        for &into in &scene.into[passage.exit_lane as usize] {
            let from = scene.network.passages[into as usize].from_lane;
            if scene.is_inside(from) {
                need_m += taken_m(scene.kinds, scene.lanes.of(from));
            }
        }
        let vehicles = scene.lanes.of(passage.exit_lane);
        for index in (0..vehicles.len()).rev() {
            if vehicles.speed_mps[index] < RING_SLOW_MPS {
                let rear_m = vehicles.position_m[index] - scene.kind(vehicles.kind[index]).length_m;
                return rear_m < need_m;
            }
            need_m += scene.kind(vehicles.kind[index]).room_m();
        }
        false
    }

    /// The room on a lane that those will take who are inside the junction before it on other ways, in metres.
    fn taken_by_others_m(&self, lane: u32, came: u32) -> f64 {
        let scene = self.scene;
        let from = scene.into[lane as usize].iter().map(|&into| scene.network.passages[into as usize].from_lane);
        from.filter(|&from| from != came && scene.is_inside(from) && !scene.is_empty_inside(from))
            .map(|from| taken_m(scene.kinds, scene.lanes.of(from)))
            .sum()
    }

    /// Whether somebody stands inside the junction in its way: it waits outside until that one is gone, so that those who
    /// come from all sides do not stand in each other's way.
    fn would_be_caught(&self, passage: &Passage) -> bool {
        let scene = self.scene;
        let mut lane = passage.to_lane;
        while scene.is_inside(lane) {
            let row = &scene.network.lanes[lane as usize];
            for conflict in &scene.network.conflicts[row.conflicts.range()] {
                if conflict.kind != ConflictKind::Cross || scene.is_empty_inside(conflict.foe_lane) {
                    continue;
                }
                let vehicles = scene.lanes.of(conflict.foe_lane);
                for index in 0..vehicles.len() {
                    let rear_m = vehicles.position_m[index] - scene.kind(vehicles.kind[index]).length_m;
                    let is_in = vehicles.position_m[index] > conflict.foe_enter_m && rear_m < conflict.foe_leave_m;
                    if is_in && vehicles.memory[index].waiting_s > STUCK_S {
                        return true;
                    }
                }
            }
            match scene.network.passages_from(lane).first() {
                Some(onward) => lane = onward.to_lane,
                None => break,
            }
        }
        false
    }

    /// Whether behind a junction there is room to stand, so that it need not stop inside.
    fn way_out(&self, row: u32, passage: &Passage) -> WayOut {
        let scene = self.scene;
        let own = scene.network.lanes[self.lane as usize].street;
        if own.is_some_and(|street| scene.network.streets[street as usize].is_roundabout)
            || scene.network.lanes[passage.to_lane as usize].conflicts.is_empty()
        {
            return WayOut::Free;
        }
        let need_m = self.kind.room_m();
        let mut room_m = if scene.network.lanes[self.lane as usize].street.is_some() { -self.in_front_m } else { 0.0 };
        let mut route_position = self.route_position;
        let (mut next, mut came) = (row, NONE);
        for _ in 0..PASSAGES_MAX {
            let passage = &scene.network.passages[next as usize];
            let lane = passage.to_lane;
            if scene.is_inside(lane) {
                room_m -= taken_m(scene.kinds, scene.lanes.of(lane));
                next = scene.network.lanes[lane as usize].passages.start;
                came = lane;
                continue;
            }
            route_position += 1;
            let vehicles = scene.lanes.of(lane);
            let (free_m, stands) = scene.room_behind_standing(lane);
            room_m += free_m - self.taken_by_others_m(lane, came);
            let waits = vehicles
                .last()
                .is_some_and(|last| vehicles.memory[last].has_to_wait || vehicles.memory[last].dwell_s >= 0.0);
            if room_m >= need_m {
                return WayOut::Free;
            }
            if stands || waits {
                return WayOut::Blocked;
            }
            if scene.stop_on(self.memory, route_position).is_some() {
                return WayOut::Free;
            }
            let Some(beyond) = scene.passage(&self.driver, route_position, lane) else { return WayOut::Free };
            let rule = scene.rules[beyond as usize];
            // Only those who stand keep others from entering: between two stop lines that are closer to each other than a
            // vehicle is long, nobody would ever pass otherwise.
            if rule.is_lit_against() {
                return WayOut::Free;
            }
            if !rule.has_priority() {
                return WayOut::FreeIfOpen(beyond);
            }
            next = beyond;
        }
        WayOut::Free
    }

    /// Stops before crossings where people go first, or are on their way.
    fn mind_crossings(&mut self) {
        let (scene, kind) = (self.scene, self.kind);
        let lane = &scene.network.lanes[self.lane as usize];
        let start_m = self.seen_m - lane.length_m;
        for crossed in scene.network.crossed_on(self.lane) {
            let enter_m = start_m + crossed.enter_m;
            if enter_m < 0.0 || scene.pedestrians.is_free(crossed.crossing) {
                continue;
            }
            let desired_mps = scene.desired_mps(&self.driver, kind, self.lane);
            let out_m = start_m + crossed.leave_m + kind.length_m;
            let in_s = pedestrians::arrival_s(kind, enter_m, self.speed_mps, f64::INFINITY);
            let out_s = pedestrians::arrival_s(kind, out_m, self.allowed_mps, desired_mps);
            let can_stop = pedestrians::can_stop(kind, enter_m, self.speed_mps);
            let length_m = scene.network.crossings[crossed.crossing as usize].length_m;
            if scene.pedestrians.hold_up(crossed, length_m, scene.step_s, (in_s, out_s), can_stop) {
                self.stop_before(enter_m);
            }
        }
    }

    /// Slows for vehicles that are in its way on other lanes of the junction.
    fn mind_conflicts(&mut self) {
        let lane = &self.scene.network.lanes[self.lane as usize];
        if lane.conflicts.is_empty() {
            return;
        }
        let mut start_m = self.seen_m - lane.length_m;
        if self.lane != self.lane_at_first {
            // Who stands right at the end of its lane is not inside yet.
            start_m = start_m.max(f64::EPSILON);
        }
        let before = self.allowed_mps;
        (self.passes_stuck, self.stops_inside) = (false, false);
        for conflict in &self.scene.network.conflicts[lane.conflicts.range()] {
            self.mind_conflict(conflict, start_m);
        }
        if self.passes_stuck && self.stops_inside && !self.memory.squeezes {
            // Past those who are stuck one goes only if one gets through: else one would be stuck with them.
            self.wait_outside(start_m);
        }
        // Not inside yet: nothing makes it slower than it would be to wait outside.
        if self.allowed_mps < before
            && let Some(waiting) = self.waiting.filter(|_| start_m > 0.0)
        {
            self.allowed_mps = self.allowed_mps.max(self.wait_mps(waiting).min(before));
        }
    }

    fn mind_conflict(&mut self, conflict: &Conflict, start_m: f64) {
        let scene = self.scene;
        if !scene.is_empty_inside(conflict.foe_lane) {
            self.mind_foes_on(conflict, conflict.foe_lane, 0.0, start_m);
        }
        // Whoever waits inside and has red behind must be let out.
        let before = scene.network.before[conflict.foe_lane as usize];
        if start_m > 0.0 && scene.is_inside(before) && !scene.is_empty_inside(before) {
            let way_on = scene.network.lanes[before as usize].passages.start;
            if scene.rules[way_on as usize] == Rule::Clear {
                self.mind_foes_on(conflict, before, scene.network.lanes[before as usize].length_m, start_m);
            }
        }
        if let Some(tail) = scene.tail(conflict.foe_lane) {
            let foe = Foe {
                vehicle: tail.vehicle,
                front_m: tail.rear_m + scene.kind(tail.kind).length_m,
                rear_m: tail.rear_m,
                speed_mps: tail.speed_mps,
                kind: tail.kind,
                entered_step: tail.entered_step,
                stuck: false,
            };
            self.mind_foe(conflict, start_m, &foe);
        }
    }

    /// Slows for the vehicles of a lane that ends `short_m` before the lane of the conflict begins.
    fn mind_foes_on(&mut self, conflict: &Conflict, lane: u32, short_m: f64, start_m: f64) {
        let scene = self.scene;
        let vehicles = scene.lanes.of(lane);
        for index in 0..vehicles.len() {
            let kind = vehicles.kind[index];
            let front_m = vehicles.position_m[index] - short_m;
            let foe = Foe {
                vehicle: vehicles.vehicle[index],
                front_m,
                rear_m: front_m - scene.kind(kind).length_m,
                speed_mps: vehicles.speed_mps[index],
                kind,
                entered_step: vehicles.memory[index].entered_step,
                stuck: vehicles.memory[index].waiting_s > STUCK_S,
            };
            self.mind_foe(conflict, start_m, &foe);
        }
    }

    fn mind_foe(&mut self, conflict: &Conflict, start_m: f64, foe: &Foe) {
        if foe.vehicle == self.vehicle {
            return;
        }
        // From its own front to the room that both need; negative inside it.
        let enter_m = start_m + conflict.enter_m;
        let leave_m = start_m + conflict.leave_m;
        if conflict.kind != ConflictKind::Merge && leave_m + self.kind.length_m < 0.0 {
            return;
        }
        let foe_has_left = foe.rear_m >= conflict.foe_leave_m;
        let foe_is_in = foe.front_m > conflict.foe_enter_m && !foe_has_left;
        match conflict.kind {
            ConflictKind::Diverge => {
                let is_ahead =
                    foe.rear_m + start_m > -self.kind.length_m * 0.5 && (foe.front_m + start_m > 0.0 || start_m > 0.0);
                if !foe_has_left && is_ahead && self.comes_after_diverging(foe, start_m) {
                    self.follow(Ahead { distance_m: start_m + foe.rear_m, speed_mps: foe.speed_mps, kind: foe.kind });
                }
            }
            ConflictKind::Merge => self.merge(conflict, enter_m, start_m, foe, foe_is_in),
            ConflictKind::Cross => {
                let is_squeezed_past = self.memory.squeezes && foe.speed_mps <= STANDING_MPS;
                let is_in_the_way = foe_is_in || self.gives_way_to(conflict, start_m, foe);
                if foe_has_left || enter_m < 0.0 || is_squeezed_past || !is_in_the_way {
                    return;
                }
                self.stop_before(enter_m);
            }
        }
    }

    /// Whether a vehicle on a lane that begins where one's own does is ahead.
    fn comes_after_diverging(&self, foe: &Foe, start_m: f64) -> bool {
        start_m > 0.0 || (foe.front_m, foe.vehicle) > (self.position_m, self.vehicle)
    }

    /// Two lanes into one: behind whoever goes first.
    fn merge(&mut self, conflict: &Conflict, enter_m: f64, start_m: f64, foe: &Foe, foe_is_in: bool) {
        let own_end_m = start_m + conflict.leave_m;
        let foe_end_m = conflict.foe_leave_m - foe.front_m;
        let own_is_in = enter_m < 0.0;
        let goes_first = if own_is_in && foe_is_in {
            (foe_end_m, foe.vehicle) < (own_end_m, self.vehicle)
        } else if own_is_in {
            false
        } else {
            foe_is_in || self.gives_way_to(conflict, start_m, foe)
        };
        if !goes_first {
            return;
        }
        let rear_to_end_m = conflict.foe_leave_m - foe.rear_m;
        let distance_m = own_end_m - rear_to_end_m;
        if distance_m >= self.kind.follower.min_gap_m || own_is_in {
            self.follow(Ahead { distance_m, speed_mps: foe.speed_mps, kind: foe.kind });
        } else if start_m > 0.0 {
            // It does not roll into the junction to wait there for its turn.
            self.wait_outside(start_m);
        } else {
            self.stop_before(enter_m);
        }
    }

    fn wait_outside(&mut self, start_m: f64) {
        let speed = self.kind.follower.stop_speed_mps(self.speed_mps, start_m - WAIT_GAP_M);
        self.slow_to(speed);
    }

    /// Whether it lets somebody inside the junction go first.
    fn gives_way_to(&mut self, conflict: &Conflict, start_m: f64, foe: &Foe) -> bool {
        let is_passed = foe.stuck && foe.front_m <= conflict.foe_enter_m;
        if start_m > 0.0 {
            // Whoever is inside goes before those who are not.
            self.passes_stuck |= is_passed;
            return !is_passed;
        }
        // Who is stuck inside has been passed, and minds those who do.
        let is_stuck = self.memory.waiting_s > STUCK_S;
        if is_passed != is_stuck {
            if is_passed {
                return false;
            }
            let stops_m =
                self.kind.follower.braking_distance_m(foe.speed_mps, self.kind.follower.deceleration_mps2, 0.0);
            if !foe.stuck && foe.speed_mps > STANDING_MPS && conflict.foe_enter_m - foe.front_m < stops_m {
                return true;
            }
        }
        let own = self.memory.entered_step;
        if own != foe.entered_step {
            return foe.entered_step < own;
        }
        match conflict.precedence {
            Precedence::Own => false,
            Precedence::Foe => true,
            Precedence::Neither => foe.vehicle < self.vehicle,
        }
    }

    /// Comes no nearer than where the room that both need begins, as long as the other has not left it.
    fn stop_before(&mut self, enter_m: f64) {
        self.stops_inside = true;
        let follower = &self.kind.follower;
        let room_m = enter_m - follower.min_gap_m.min(1.0);
        let speed = follower.stop_speed_mps(self.speed_mps, room_m);
        self.slow_to(speed);
    }

    /// Goes no faster, here and where it leaves the last passage.
    fn slow_to(&mut self, speed_mps: f64) {
        self.allow(speed_mps);
        self.pass_mps = self.pass_mps.min(speed_mps);
        self.leave_no_faster(speed_mps);
    }
}

/// Where somebody would wait, and the speed that all before it allows. The speed that follows is worked out only where it counts.
#[derive(Clone, Copy)]
struct Waiting {
    stop_m: f64,
    allowed_mps: f64,
}

/// Whether there is room to stand behind a junction.
enum WayOut {
    Free,
    Blocked,
    /// There is none, but it may be able to go on past this passage at once.
    FreeIfOpen(u32),
}

/// Somebody on another lane of the junction, or whose rear still is.
struct Foe {
    vehicle: u32,
    front_m: f64,
    rear_m: f64,
    speed_mps: f64,
    kind: u16,
    entered_step: u32,
    stuck: bool,
}

/// The least time to a passage, changing steadily from one speed to the other.
fn arrival_s(distance_m: f64, speed_mps: f64, arrival_mps: f64, acceleration_mps2: f64, deceleration_mps2: f64) -> f64 {
    if distance_m <= 0.0 {
        return 0.0;
    }
    let change = if arrival_mps >= speed_mps { acceleration_mps2 } else { -deceleration_mps2 };
    let change_s = (arrival_mps - speed_mps) / change;
    let change_m = change_s * (arrival_mps + speed_mps) * 0.5;
    if distance_m >= change_m {
        let steady = speed_mps.max(arrival_mps).max(STANDING_MPS);
        return change_s + (distance_m - change_m) / steady;
    }
    let reached = speed_after_mps(speed_mps, distance_m, change);
    2.0 * distance_m / (speed_mps + reached).max(STANDING_MPS)
}

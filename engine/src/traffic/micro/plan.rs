//! What each vehicle means to do in the next step, from what it sees.
//!
//! A vehicle looks along its way as far as it needs to stop, and on watched passages as far as those who give way must
//! see it. It slows for whoever is ahead, for slower streets, for stops, for the end of a lane that does not lead on, for
//! lamps, and for vehicles that are in its way inside a junction. Where it depends on others whether it may pass, it leaves
//! an [`Item`]: the speed with which it can still wait. The step that follows decides ([`super::drive`]).
//!
//! After S. Krauß (1998) and the junction model of SUMO (Erdmann and Krajzewicz 2014, LNCS 8594). Left out: overtaking in
//! the oncoming lane, and drivers who ignore rules.

mod ahead;
mod courtesy;
mod inside;
mod keep_clear;

use self::keep_clear::WayOut;
use super::approach::{Approach, Passing};
use super::pedestrians;
use super::reactions::Decision;
use super::scene::{Rule, Scene};
use super::vehicles::{Driver, Kind, LaneVehicles, Memory, NONE};
use crate::traffic::car_following::{LEADERS_MAX, STANDING_MPS, Seen, speed_after_mps};
use crate::traffic::demand::LaneSharing;
use crate::traffic::network::{Passage, PassageKind};

/// Where one waits for a lamp: this far before the stop line, in metres.
const STOP_LINE_GAP_M: f64 = 1.0;
/// Where one waits for others: this far before the end of the lane, in metres.
const WAIT_GAP_M: f64 = 0.1;
/// Those who give way see whoever arrives within this time, in seconds.
const WATCHED_S: f64 = 12.0;
/// Who has stood inside a junction for this long lets others go first, in seconds.
const STUCK_S: f64 = 5.0;
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
                let mut look = Look::new(scene, lane, vehicles, index, in_front_m, self);
                look.begin(vehicles, index);
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
    /// Whether it does not mean to pass the last passage: then it does not come to any further one either.
    stays_outside: bool,
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
        let seen_m = scene.network.lanes[lane as usize].length_m - position_m;
        let allowed_mps = follower.alone_next_mps(speed_mps, desired);
        Self {
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
            seen_m,
            allowed_mps,
            gentle_mps,
            pass_mps: speed_after_mps(allowed_mps, seen_m, follower.acceleration_mps2).min(desired),
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
            stays_outside: false,
        }
    }

    /// Looks at those on its own lane.
    fn begin(&mut self, vehicles: &LaneVehicles, index: usize) {
        if vehicles.sharing > 0 {
            self.mind_those_beside(vehicles, index);
        } else if index > 0 {
            self.follow_leader(self.ahead(vehicles, index - 1));
        } else {
            self.mind_tail();
        }
        self.begin_to_see(vehicles, index);
    }

    /// Looks along the way until nothing further ahead can matter.
    fn along(&mut self) -> Planned {
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

    fn done(&mut self) -> Planned {
        self.react();
        let item_count = self.out.items.len() as u32 - self.first_item;
        Planned { speed_mps: self.allowed_mps, first_item: self.first_item, item_count, has_to_wait: self.has_to_wait }
    }

    fn allow(&mut self, speed_mps: f64) {
        self.allowed_mps = self.allowed_mps.min(speed_mps);
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
        let mut requested = !self.stays_outside && self.allowed_mps > 1e-3 && !(self.has_slowed && is_entry);
        let (mut beyond, mut is_blocked) = (NONE, false);
        let squeezes = self.memory.squeezes;
        if requested && is_entry && !squeezes && (self.would_fill_ring(passage) || self.would_be_caught(passage)) {
            requested = false;
        }
        if requested && is_entry && self.lets_in(passage, rule, brake_m) {
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
        self.stays_outside = !requested && self.seen_m >= brake_m;
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

//! How trips begin: each waits at its first street until there is room for it.
//!
//! Trips that wait for the same lanes of a street begin in the order of their departure; who finds no room makes those
//! behind wait. A vehicle enters
//! only where it can follow safely whoever is ahead, where nobody behind has to brake hard, and slow enough for what the
//! next passage asks for.

use std::collections::VecDeque;

use super::lane_change::secure_gap_m;
use super::scene::{Ground, Scene};
use super::vehicles::{Driver, Kind, LaneVehicles, Memory, NONE, Row};
use crate::traffic::demand::{DepartLane, DepartPosition, DepartSpeed};

/// Trips that wait to begin.
#[derive(Clone, Debug, Default)]
pub(super) struct Queues {
    /// Waiting trips by street and by the lanes that they may begin on.
    waiting: Vec<Vec<Queue>>,
    /// Streets with waiting trips, in order.
    streets: Vec<u32>,
    /// How many trips wait.
    pub(super) count: u64,
}

/// Trips that wait for the same lanes of a street.
#[derive(Clone, Debug)]
struct Queue {
    lanes: u64,
    trips: VecDeque<u32>,
    has_failed: bool,
}

impl Queues {
    pub(super) fn new(streets: usize) -> Self {
        Self { waiting: vec![Vec::new(); streets], streets: Vec::new(), count: 0 }
    }

    /// A trip that waits for one of some lanes of a street, one bit for each.
    pub(super) fn add(&mut self, street: u32, lanes: u64, vehicle: u32) {
        if let Err(place) = self.streets.binary_search(&street) {
            self.streets.insert(place, street);
        }
        let queues = &mut self.waiting[street as usize];
        match queues.iter_mut().find(|queue| queue.lanes == lanes) {
            Some(queue) => queue.trips.push_back(vehicle),
            None => queues.push(Queue { lanes, trips: VecDeque::from([vehicle]), has_failed: false }),
        }
        self.count += 1;
    }

    /// Lets trips begin where `enter` finds room for them, the earliest first.
    pub(super) fn serve(&mut self, mut enter: impl FnMut(u32) -> bool) {
        let Self { waiting, streets, count } = self;
        streets.retain(|&street| {
            let queues = &mut waiting[street as usize];
            let next = |queues: &[Queue]| {
                let open = queues.iter().enumerate().filter(|(_, queue)| !queue.has_failed);
                open.filter_map(|(row, queue)| queue.trips.front().map(|&vehicle| (vehicle, row))).min()
            };
            while let Some((vehicle, row)) = next(queues) {
                if enter(vehicle) {
                    queues[row].trips.pop_front();
                    *count -= 1;
                } else {
                    queues[row].has_failed = true;
                }
            }
            queues.iter_mut().for_each(|queue| queue.has_failed = false);
            queues.iter().any(|queue| !queue.trips.is_empty())
        });
    }
}

/// Where and how a trip begins.
pub(super) struct Entry {
    pub(super) lane: u32,
    pub(super) row: Row,
}

/// The place where a trip can begin now, if there is one.
pub(super) fn entry(scene: &Scene, vehicle: u32) -> Option<Entry> {
    let trip = &scene.trips[vehicle as usize];
    let driver = scene.drivers[vehicle as usize];
    let kind = scene.kind(driver.kind);
    let lane = depart_lane(scene, vehicle)?;
    let (position_m, speed_mps) = place(scene, vehicle, &driver, kind, lane)?;
    let memory = Memory {
        route_position: 0,
        trail: [NONE; 4],
        next_stop: trip.stops.start,
        stop_position: scene.stop_position(vehicle, trip.stops.start),
        dwell_s: -1.0,
        stopped_s: 0.0,
        waiting_s: 0.0,
        waited_s: 0.0,
        time_loss_s: 0.0,
        driven_m: 0.0,
        entered_step: 0,
        departed_step: scene.step,
        changed_step: 0,
        rerouted_step: 0,
        reroutes: 0,
        rolls_until: 0,
        squeezes: false,
        halts: 0,
        advised_mps: f64::INFINITY,
        foresight_mps: speed_mps as f32,
        speed_gain: 0.0,
        keep_right: 0.0,
        makes_room: u32::MAX,
        has_to_wait: false,
    };
    Some(Entry { lane, row: Row { position_m, speed_mps, kind: driver.kind, vehicle, signs: kind.signs(), memory } })
}

/// The lanes that a trip may begin on, one bit for each from the right; streets have no more than 64 lanes that matter.
pub(super) fn depart_lanes(ground: &Ground, vehicle: u32) -> u64 {
    let driver = ground.drivers[vehicle as usize];
    let plan = &ground.plans[driver.plan as usize];
    let street = &ground.network.streets[plan.streets[0] as usize];
    let count = street.lane_count.min(u64::BITS);
    let lanes = |fits: &dyn Fn(u32) -> bool| -> u64 {
        (0..count).filter(|&lane| fits(lane)).fold(0, |set, lane| set | 1 << lane)
    };
    let usable = lanes(&|lane| plan.outlook(0, lane).reach_m > 0.0);
    match ground.trips[vehicle as usize].depart_lane {
        DepartLane::Given(number) if number < count => 1 << number,
        DepartLane::Given(_) => 0,
        DepartLane::First => usable & usable.wrapping_neg(),
        DepartLane::Free => usable,
        DepartLane::Best => {
            let reach_m = |lane| plan.outlook(0, lane).reach_m;
            let most_m = (0..count).map(reach_m).fold(0.0, f32::max);
            usable & lanes(&|lane| reach_m(lane) > most_m - 1.0)
        }
    }
}

/// Of the lanes that a trip may begin on, the one with most room at its beginning.
fn depart_lane(scene: &Scene, vehicle: u32) -> Option<u32> {
    let driver = scene.drivers[vehicle as usize];
    let street = &scene.network.streets[scene.plans[driver.plan as usize].streets[0] as usize];
    let lanes = depart_lanes(scene, vehicle);
    let room_m = |lane: u32| {
        scene.lanes.of(lane).position_m.last().copied().unwrap_or(scene.network.lanes[lane as usize].length_m)
    };
    street
        .lanes()
        .take(u64::BITS as usize)
        .filter(|&lane| lanes >> (lane - street.first_lane) & 1 == 1)
        .min_by(|&a, &b| room_m(b).total_cmp(&room_m(a)).then(a.cmp(&b)))
}

fn place(scene: &Scene, vehicle: u32, driver: &Driver, kind: &Kind, lane: u32) -> Option<(f64, f64)> {
    let trip = &scene.trips[vehicle as usize];
    let follower = &kind.follower;
    let length_m = scene.network.lanes[lane as usize].length_m;
    let vehicles = scene.lanes.of(lane);
    let desired = scene.desired_mps(driver, kind, lane);
    let (wanted_mps, may_slow) = match trip.depart_speed {
        DepartSpeed::Given(speed_mps) => (speed_mps.min(follower.max_speed_mps), false),
        DepartSpeed::Average if !vehicles.is_empty() => {
            let mean = vehicles.speed_mps.iter().sum::<f64>() / vehicles.len() as f64;
            (mean.min(desired), false)
        }
        DepartSpeed::Max | DepartSpeed::Average => (desired, true),
    };
    let position_m = match trip.depart_position {
        DepartPosition::Given(from_start_m) if from_start_m >= 0.0 => from_start_m.min(length_m),
        DepartPosition::Given(from_end_m) => (length_m + from_end_m).max(0.0),
        DepartPosition::Base => (kind.length_m + 0.1).min(length_m),
        DepartPosition::Last => match last_rear(scene, lane) {
            None => length_m - 0.1,
            Some((rear_m, leader_mps, leader_b)) => {
                let needed_m = secure_gap_m(kind, wanted_mps, leader_mps, leader_b) + follower.min_gap_m + 0.1;
                if rear_m < needed_m {
                    return None;
                }
                (rear_m - needed_m).min(length_m - 0.1)
            }
        },
    };
    let limit = limit_mps(scene, driver, kind, lane, position_m, wanted_mps)?;
    let speed_mps = wanted_mps.min(limit);
    if speed_mps < wanted_mps && !may_slow && wanted_mps > 0.0 {
        return None;
    }
    is_free_behind(scene, kind, lane, position_m, speed_mps).then_some((position_m, speed_mps))
}

/// The rear of the last vehicle on a lane: where it is, how fast, and how it brakes.
fn last_rear(scene: &Scene, lane: u32) -> Option<(f64, f64, f64)> {
    scene
        .last_on(lane, 0.0)
        .map(|ahead| (ahead.distance_m, ahead.speed_mps, scene.kind(ahead.kind).follower.deceleration_mps2))
}

/// The speed at which one may enter, as whoever is ahead and the next passages allow; `None` where there is no room.
fn limit_mps(scene: &Scene, driver: &Driver, kind: &Kind, lane: u32, position_m: f64, wanted_mps: f64) -> Option<f64> {
    let follower = &kind.follower;
    let headway_s = follower.model.headway_s();
    let mut limit = people_limit_mps(scene, kind, lane, position_m)?;
    let mut follow = |rear_m: f64, leader_mps: f64, leader_kind: u16| {
        let gap_m = rear_m - follower.min_gap_m;
        let leader_b = scene.kind(leader_kind).follower.deceleration_mps2;
        limit = limit.min(follower.safe_follow_mps(gap_m, leader_mps, leader_b, headway_s));
        gap_m >= 0.0
    };
    let vehicles = scene.lanes.of(lane);
    let behind = vehicles.behind(position_m);
    for leader in (0..behind).rev().take(vehicles.beside()) {
        let rear_m = vehicles.position_m[leader] - scene.kind(vehicles.kind[leader]).length_m;
        if !follow(rear_m - position_m, vehicles.speed_mps[leader], vehicles.kind[leader]) {
            return None;
        }
    }
    if behind > 0 {
        return Some(limit);
    }
    if let Some(tail) = scene.tail(lane)
        && !follow(tail.rear_m - position_m, tail.speed_mps, tail.kind)
    {
        return None;
    }
    let mut seen_m = scene.network.lanes[lane as usize].length_m - position_m;
    let sight_m = follower.braking_distance_m(wanted_mps, follower.deceleration_mps2, headway_s);
    let mut route_position = 0;
    let mut on = lane;
    while seen_m < sight_m {
        let Some(row) = scene.passage(driver, route_position, on) else {
            if !scene.plans[driver.plan as usize].is_last(route_position) {
                limit = limit.min(follower.stopping_speed_mps(seen_m, headway_s));
            }
            break;
        };
        let passage = &scene.network.passages[row as usize];
        // Nor is anybody sure to find a junction free that is kept clear.
        let may_be_blocked = passage.keep_clear && !scene.network.lanes[passage.to_lane as usize].conflicts.is_empty();
        if !scene.rules[row as usize].has_priority() || may_be_blocked {
            limit = limit.min(follower.stopping_speed_mps(seen_m, headway_s));
            break;
        }
        on = passage.to_lane;
        if !scene.is_inside(on) {
            route_position += 1;
        }
        let desired = scene.desired_mps(driver, kind, on);
        limit = limit.min(follower.approach_speed_mps(seen_m, desired));
        limit = limit.min(people_limit_mps(scene, kind, on, -seen_m)?);
        if let Some(ahead) = scene.last_on(on, seen_m) {
            let gap_m = ahead.distance_m - follower.min_gap_m;
            let leader_b = scene.kind(ahead.kind).follower.deceleration_mps2;
            limit = limit.min(follower.safe_follow_mps(gap_m, ahead.speed_mps, leader_b, headway_s));
            if gap_m < 0.0 {
                return None;
            }
            break;
        }
        seen_m += scene.network.lanes[on as usize].length_m;
    }
    Some(limit)
}

/// The speed with which one can stop before the first crossing of a lane that somebody on foot is at, from a place on or before
/// that lane; infinite if there is none, nothing if the vehicle would stand on one.
fn people_limit_mps(scene: &Scene, kind: &Kind, lane: u32, position_m: f64) -> Option<f64> {
    let mut limit = f64::INFINITY;
    if scene.pedestrians.is_empty() {
        return Some(limit);
    }
    for crossed in scene.network.crossed_on(lane) {
        if crossed.leave_m <= position_m - kind.length_m || scene.pedestrians.is_free(crossed.crossing) {
            continue;
        }
        if crossed.enter_m < position_m {
            return None;
        }
        let headway_s = kind.follower.model.headway_s();
        limit = limit.min(kind.follower.stopping_speed_mps(crossed.enter_m - position_m, headway_s));
    }
    Some(limit)
}

/// Whether nobody behind has to brake harder than is comfortable, on the lane or on the ways that lead to it.
fn is_free_behind(scene: &Scene, kind: &Kind, lane: u32, position_m: f64, speed_mps: f64) -> bool {
    let rear_m = position_m - kind.length_m;
    // `from_m` is where the other's lane begins, from the beginning of this one.
    let is_secure = |vehicles: &LaneVehicles, index: usize, from_m: f64| {
        let other = scene.kind(vehicles.kind[index]);
        let gap_m = rear_m - from_m - vehicles.position_m[index] - other.follower.min_gap_m;
        gap_m >= secure_gap_m(other, vehicles.speed_mps[index], speed_mps, kind.follower.deceleration_mps2)
    };
    let vehicles = scene.lanes.of(lane);
    let behind = vehicles.behind(position_m);
    if behind < vehicles.len() {
        return (behind..vehicles.len()).take(vehicles.beside()).all(|index| is_secure(vehicles, index, 0.0));
    }
    scene.into[lane as usize].iter().all(|&row| {
        let (mut way, mut from_m) = (row, 0.0);
        loop {
            let on = scene.network.passages[way as usize].from_lane;
            from_m -= scene.network.lanes[on as usize].length_m;
            let vehicles = scene.lanes.of(on);
            if !vehicles.is_empty() {
                return !goes_by(scene, vehicles, on, way) || is_secure(vehicles, 0, from_m);
            }
            // Onto a lane inside a junction there is one way.
            match scene.into[on as usize].first() {
                Some(&before) if scene.is_inside(on) => way = before,
                _ => return true,
            }
        }
    })
}

/// Whether the first vehicle of a lane leaves it by a passage.
fn goes_by(scene: &Scene, vehicles: &LaneVehicles, lane: u32, passage: u32) -> bool {
    let driver = &scene.drivers[vehicles.vehicle[0] as usize];
    scene.passage(driver, vehicles.memory[0].route_position, lane) == Some(passage)
}

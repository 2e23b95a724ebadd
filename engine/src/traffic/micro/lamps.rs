//! Lamps: by the clock, and by what detectors see.
//!
//! A fixed program is looked at when its phase ends, and never between. A signal that follows traffic is looked at in
//! every step in which what its detectors see can matter, before anybody moves. A loop sees whoever stands on it or has
//! left it since: when that was is told within the step, from where the rear is now and how fast it moved, as SUMO's
//! induction loops do. Buses are seen once they have left their last stop before the stop line. Left out: detectors
//! that miss a vehicle, and vehicles that change lanes over a loop.

use super::scene::{Rule, Scene};
use crate::signals::Lamp;
use crate::signals::control::{BusObservation, Control, LaneObservation, Observations};
use crate::traffic::demand::VehicleType;
use crate::traffic::network::{Detector, LaneNetwork, PassageKind, Responsive};
use crate::vehicles::VehicleClass;

/// Who has just left a lane is looked for on those behind it where a loop lies within this way of the lane's end, in seconds
/// at the speed limit besides the step.
const NEAR_END_S: f64 = 0.5;
/// How many passages a bus is followed to its stop line.
const BUS_PASSAGES_MAX: u32 = 24;
/// Times closer than this are the same, in seconds.
const SAME_S: f64 = 1e-9;

/// The lamps of all signals.
#[derive(Debug, Default)]
pub(super) struct Lamps {
    /// Passages of each signal, with the lamp that they obey.
    obeying: Vec<Vec<(u32, u32)>>,
    /// The phase that each fixed program shows, and when it ends; never, for signals that follow traffic.
    phases: Vec<(usize, f64)>,
    following: Vec<Following>,
    /// Whether each type of vehicle is a bus.
    is_bus: Vec<bool>,
    /// What has changed in this step: passages, and what rules there now.
    changes: Vec<(u32, Rule)>,
}

/// A signal that follows traffic.
#[derive(Debug)]
struct Following {
    signal: u32,
    control: Control,
    /// Before that time nothing that it sees can matter, in seconds.
    heed_from_s: f64,
    /// When a vehicle was last over each loop, in seconds.
    last_s: Vec<f64>,
    lanes: Vec<LaneObservation>,
    downstream_veh: Vec<f64>,
    buses: Vec<BusObservation>,
}

impl Lamps {
    pub(super) fn new(network: &LaneNetwork, types: &[VehicleType]) -> Self {
        let mut obeying = vec![Vec::new(); network.signals.len()];
        for (row, passage) in network.passages.iter().enumerate() {
            if let Some((signal, lamp)) = passage.signal {
                obeying[signal as usize].push((row as u32, lamp));
            }
        }
        let phase = |is_fixed: bool| (usize::MAX, if is_fixed { f64::NEG_INFINITY } else { f64::INFINITY });
        let following = (0..).zip(&network.signals);
        Self {
            obeying,
            phases: network.signals.iter().map(|signal| phase(signal.responsive.is_none())).collect(),
            following: following
                .filter_map(|(signal, row)| row.responsive.as_ref().map(|layout| Following::new(signal, layout)))
                .collect(),
            is_bus: types.iter().map(|row| row.class == VehicleClass::Bus).collect(),
            changes: Vec::new(),
        }
    }

    /// What the lamps of a signal show.
    pub(super) fn shown<'a>(&'a self, network: &'a LaneNetwork, signal: u32) -> &'a [Lamp] {
        let Some(row) = network.signals.get(signal as usize) else { return &[] };
        if let Some(lamps) = self.by_traffic(signal) {
            return lamps;
        }
        let phases = row.program.phases();
        &phases[self.phases[signal as usize].0.min(phases.len() - 1)].lamps
    }

    /// What the lamps of a signal show that follows traffic; none of one that the clock rules.
    pub(super) fn by_traffic(&self, signal: u32) -> Option<&[Lamp]> {
        let place = self.following.binary_search_by_key(&signal, |following| following.signal).ok()?;
        Some(self.following[place].control.lamps())
    }

    /// Looks at all signals at the beginning of a step; what rules otherwise from now on is in [`Lamps::take_changes`].
    pub(super) fn turn(&mut self, scene: &Scene) {
        let now_s = scene.time_s;
        for (signal, row) in scene.network.signals.iter().enumerate() {
            let (shown, until_s) = self.phases[signal];
            if now_s < until_s - SAME_S {
                continue;
            }
            let (phase, left_s) = row.program.phase_at(now_s + SAME_S);
            self.phases[signal] = (phase, now_s + left_s);
            if phase != shown {
                show(scene.network, &self.obeying[signal], &row.program.phases()[phase].lamps, &mut self.changes);
            }
        }
        for following in &mut self.following {
            let signal = following.signal as usize;
            let Some(layout) = &scene.network.signals[signal].responsive else { continue };
            if let Some(lamps) = following.turn(scene, layout, &self.is_bus) {
                show(scene.network, &self.obeying[signal], lamps, &mut self.changes);
            }
        }
    }

    pub(super) fn take_changes(&mut self) -> impl Iterator<Item = (u32, Rule)> + '_ {
        self.changes.drain(..)
    }
}

fn show(network: &LaneNetwork, obeying: &[(u32, u32)], lamps: &[Lamp], changes: &mut Vec<(u32, Rule)>) {
    let rule = |&(passage, lamp): &(u32, u32)| {
        (passage, Rule::of(&network.passages[passage as usize], Some(lamps[lamp as usize])))
    };
    changes.extend(obeying.iter().map(rule));
}

impl Following {
    fn new(signal: u32, layout: &Responsive) -> Self {
        Self {
            signal,
            control: layout.control.clone(),
            heed_from_s: f64::NEG_INFINITY,
            last_s: vec![f64::NEG_INFINITY; layout.detectors.len()],
            lanes: vec![LaneObservation::EMPTY; layout.detectors.len()],
            downstream_veh: vec![0.0; layout.downstream.len()],
            buses: Vec::new(),
        }
    }

    /// Looks at the traffic and lets the control decide; what the lamps show from now on, if they change.
    fn turn(&mut self, scene: &Scene, layout: &Responsive, is_bus: &[bool]) -> Option<&[Lamp]> {
        let now_s = scene.time_s;
        if now_s < self.heed_from_s - SAME_S {
            return None;
        }
        for (last_s, detector) in self.last_s.iter_mut().zip(&layout.detectors) {
            *last_s = last_s.max(over_loop_s(scene, detector));
        }
        let until_s = self.control.until_change_s(now_s);
        if until_s > SAME_S {
            return None;
        }
        for (place, detector) in layout.detectors.iter().enumerate() {
            let since_vehicle_s = now_s - self.last_s[place];
            self.lanes[place] = LaneObservation { since_vehicle_s, queue_veh: counted_veh(scene, &detector.counted) };
        }
        for (vehicles, lanes) in self.downstream_veh.iter_mut().zip(&layout.downstream) {
            *vehicles = lanes.iter().map(|&lane| scene.lanes.of(lane).len() as f64).sum();
        }
        self.buses.clear();
        for &lane in &layout.bus_lanes {
            see_buses(scene, self.signal, lane, is_bus, &mut self.buses);
        }
        let Self { lanes, downstream_veh, buses, .. } = self;
        let changes = self.control.step(now_s, &Observations { lanes, downstream_veh, buses }).is_some();
        self.heed_from_s = now_s + self.control.until_heed_s(now_s);
        changes.then(|| self.control.lamps())
    }
}

/// When a vehicle was last over a loop, as far as that can be seen now: now, within the last step, or never.
fn over_loop_s(scene: &Scene, detector: &Detector) -> f64 {
    let (now_s, loop_m) = (scene.time_s, detector.loop_m);
    let vehicles = scene.lanes.of(detector.loop_lane);
    let mut nearest = None;
    for index in 0..vehicles.len() {
        let front_m = vehicles.position_m[index];
        if front_m < loop_m {
            break;
        }
        let rear_m = front_m - scene.kind(vehicles.kind[index]).length_m;
        nearest = Some((rear_m, vehicles.speed_mps[index]));
    }
    let nearest = nearest.or_else(|| scene.tail(detector.loop_lane).map(|tail| (tail.rear_m, tail.speed_mps)));
    let Some((rear_m, speed_mps)) = nearest.or_else(|| beyond_lane(scene, detector)) else { return f64::NEG_INFINITY };
    if rear_m < loop_m {
        return now_s;
    }
    let since_s = (rear_m - loop_m) / speed_mps;
    if since_s <= scene.step_s { now_s - since_s } else { f64::NEG_INFINITY }
}

/// The rear, from the beginning of the loop's lane, and the speed of the last vehicle that has left it, where that may have
/// been over the loop in this step.
fn beyond_lane(scene: &Scene, detector: &Detector) -> Option<(f64, f64)> {
    let lane = &scene.network.lanes[detector.loop_lane as usize];
    if lane.length_m - detector.loop_m > lane.speed_limit_mps * (scene.step_s + NEAR_END_S) {
        return None;
    }
    let last_beyond = |to_lane: u32| {
        let vehicles = scene.lanes.of(to_lane);
        vehicles.last().map(|last| {
            let rear_m = vehicles.position_m[last] - scene.kind(vehicles.kind[last]).length_m;
            (lane.length_m + rear_m, vehicles.speed_mps[last])
        })
    };
    let passages = scene.network.passages_from(detector.loop_lane);
    passages.iter().filter_map(|passage| last_beyond(passage.to_lane)).min_by(|a, b| a.0.total_cmp(&b.0))
}

/// Vehicles whose front is on stretches of lanes, each from a place on.
fn counted_veh(scene: &Scene, stretches: &[(u32, f64)]) -> f64 {
    let count = |&(lane, from_m): &(u32, f64)| {
        // Front vehicle first.
        scene.lanes.of(lane).position_m.partition_point(|&position_m| position_m >= from_m)
    };
    stretches.iter().map(count).sum::<usize>() as f64
}

/// The buses of a lane that come to a signal.
fn see_buses(scene: &Scene, signal: u32, lane: u32, is_bus: &[bool], buses: &mut Vec<BusObservation>) {
    let vehicles = scene.lanes.of(lane);
    let rows = vehicles.kind.iter().enumerate().filter(|&(_, &kind)| is_bus.get(kind as usize) == Some(&true));
    buses.extend(rows.filter_map(|(index, _)| bus(scene, signal, lane, index)));
}

/// The lamp of a signal that a bus comes to, and when, if it makes no stop before.
fn bus(scene: &Scene, signal: u32, lane: u32, index: usize) -> Option<BusObservation> {
    let vehicles = scene.lanes.of(lane);
    let (vehicle, memory) = (vehicles.vehicle[index], &vehicles.memory[index]);
    let (driver, kind) = (&scene.drivers[vehicle as usize], scene.kind(vehicles.kind[index]));
    let (mut lane, mut route_position, mut from_m) = (lane, memory.route_position, vehicles.position_m[index]);
    let mut arrival_s = 0.0;
    for _ in 0..BUS_PASSAGES_MAX {
        if !scene.is_inside(lane) && scene.stop_on(memory, route_position).is_some() {
            return None;
        }
        arrival_s += (scene.network.lanes[lane as usize].length_m - from_m) / scene.desired_mps(driver, kind, lane);
        let passage = &scene.network.passages[scene.passage(driver, route_position, lane)? as usize];
        match (passage.kind, passage.signal) {
            (PassageKind::Entry | PassageKind::Direct, Some((ruling, lamp))) => {
                return (ruling == signal).then_some(BusObservation { lamp, arrival_s });
            }
            (PassageKind::Exit | PassageKind::Direct, _) => route_position += 1,
            _ => {}
        }
        (lane, from_m) = (passage.to_lane, 0.0);
    }
    None
}

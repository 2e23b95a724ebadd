//! What signals show, and when they let one go again.
//!
//! What a fixed program shows is known for all times. What a signal shows that follows traffic is known for now: its
//! control is an event of the calendar, which comes when it may next decide; a lane whose first vehicle stands at such a
//! lamp waits until it opens, and is woken then.

use super::calendar::Event;
use super::queues::Hold;
use super::simulation::Meso;
use crate::signals::Lamp;
use crate::signals::control::{BusObservation, Control, LaneObservation, Observations};
use crate::traffic::drivers::NONE;
use crate::traffic::network::{LaneNetwork, Passage, PassageKind, Responsive};
use crate::traffic::rule::Rule;

/// Keeps a phase that begins at a time from being missed by a rounding error, in seconds.
const ROUNDING_S: f64 = 1e-6;
/// A control that may decide at any time is asked once in this time, in seconds: as SUMO does.
const ASKED_EVERY_S: f64 = 1.0;
/// No control is asked again sooner, in seconds.
const ASKED_AFTER_S: f64 = 0.01;

/// The signals that follow traffic.
#[derive(Debug, Default)]
pub(super) struct Controls {
    /// The row of each signal among them; none for fixed programs.
    of_signal: Vec<u32>,
    following: Vec<Following>,
    /// The rows of the controls that look for buses on each lane; empty where none does anywhere.
    bus_lanes: Vec<Vec<u32>>,
}

/// A signal that follows traffic.
#[derive(Debug)]
struct Following {
    signal: u32,
    control: Control,
    /// Since when each lamp shows what it shows, in seconds.
    since_s: Vec<f64>,
    /// What each lamp showed before the last change.
    shown: Vec<Lamp>,
    /// Lanes with its stop lines.
    entries: Vec<u32>,
    lanes: Vec<LaneObservation>,
    downstream_veh: Vec<f64>,
    /// Buses that have been seen and may not have passed.
    coming: Vec<u32>,
    buses: Vec<BusObservation>,
}

impl Controls {
    /// The controls of a network. What would only yield to buses follows its program where none comes.
    pub(super) fn new(network: &LaneNetwork, has_buses: bool) -> Self {
        let mut controls = Self::default();
        for (signal, row) in (0..).zip(&network.signals) {
            let decides = |layout: &&Responsive| has_buses || !matches!(layout.control, Control::Fixed(_));
            let Some(layout) = row.responsive.as_ref().filter(decides) else { continue };
            let number = controls.following.len() as u32;
            controls.of_signal.resize(network.signals.len(), NONE);
            controls.of_signal[signal as usize] = number;
            let is_stop_line =
                |passage: &&Passage| passage.signal.is_some_and(|(ruling, _)| ruling == signal) && is_outer(passage);
            let mut entries: Vec<u32> =
                network.passages.iter().filter(is_stop_line).map(|passage| passage.from_lane).collect();
            entries.dedup();
            if !layout.bus_lanes.is_empty() {
                controls.bus_lanes.resize(network.lanes.len(), Vec::new());
                for &lane in &layout.bus_lanes {
                    controls.bus_lanes[lane as usize].push(number);
                }
            }
            controls.following.push(Following {
                signal,
                control: layout.control.clone(),
                since_s: vec![f64::NEG_INFINITY; layout.control.lamp_count()],
                shown: layout.control.lamps().to_vec(),
                entries,
                lanes: vec![LaneObservation::EMPTY; layout.detectors.len()],
                downstream_veh: vec![0.0; layout.downstream.len()],
                coming: Vec::new(),
                buses: Vec::new(),
            });
        }
        controls
    }

    pub(super) fn len(&self) -> u32 {
        self.following.len() as u32
    }

    /// What the lamps of a signal show that follows traffic; none of one that the clock rules.
    pub(super) fn lamps(&self, signal: u32) -> Option<&[Lamp]> {
        self.of(signal).map(|following| following.control.lamps())
    }

    fn of(&self, signal: u32) -> Option<&Following> {
        let row = *self.of_signal.get(signal as usize)?;
        self.following.get(row as usize)
    }
}

/// Whether a passage leaves a street.
pub(super) fn is_outer(passage: &Passage) -> bool {
    matches!(passage.kind, PassageKind::Entry | PassageKind::Direct)
}

impl Meso<'_> {
    /// What the lamps of a signal show now; nothing for a signal that there is not.
    #[must_use]
    pub fn lamps(&self, signal: u32) -> &[Lamp] {
        if let Some(lamps) = self.controls.lamps(signal) {
            return lamps;
        }
        let Some(row) = self.network.signals.get(signal as usize) else { return &[] };
        let (phase, _) = row.program.phase_at(self.time_s() + ROUNDING_S);
        &row.program.phases()[phase].lamps
    }

    /// What rules at a passage at a time, and since when. Of a signal that follows traffic what rules now.
    pub(super) fn rule_at(&self, passage: &Passage, time_s: f64) -> (Rule, f64) {
        let Some((signal, lamp)) = passage.signal else { return (Rule::of(passage, None), f64::NEG_INFINITY) };
        if let Some(following) = self.controls.of(signal) {
            let shown = following.control.lamps()[lamp as usize];
            return (Rule::of(passage, Some(shown)), following.since_s[lamp as usize]);
        }
        let program = &self.network.signals[signal as usize].program;
        let (phase, left_s) = program.phase_at(time_s + ROUNDING_S);
        let shown = &program.phases()[phase];
        let since_s = time_s + ROUNDING_S + left_s - shown.duration_s;
        (Rule::of(passage, Some(shown.lamps[lamp as usize])), since_s)
    }

    /// What a lamp of a signal that follows traffic shows, and since when; nothing for fixed programs.
    pub(super) fn shown_since(&self, signal: u32, lamp: u32) -> Option<(Lamp, f64)> {
        let following = self.controls.of(signal)?;
        Some((*following.control.lamps().get(lamp as usize)?, following.since_s[lamp as usize]))
    }

    /// When one may next pass a lamp that is against one at a time; infinite if never, or if nobody knows.
    pub(super) fn opens_s(&self, passage: &Passage, time_s: f64) -> f64 {
        let Some((signal, lamp)) = passage.signal else { return time_s };
        if self.controls.of(signal).is_some() {
            return f64::INFINITY;
        }
        let program = &self.network.signals[signal as usize].program;
        let phases = program.phases();
        let (phase, left_s) = program.phase_at(time_s + ROUNDING_S);
        let mut at_s = time_s + ROUNDING_S + left_s;
        for ahead in 1..=phases.len() {
            let next = &phases[(phase + ahead) % phases.len()];
            let shown: Lamp = next.lamps[lamp as usize];
            if !Rule::of(passage, Some(shown)).is_lit_against() {
                return at_s;
            }
            at_s += next.duration_s;
        }
        f64::INFINITY
    }

    /// Whether what a passage's lamp will show is known.
    pub(super) fn is_foreseen(&self, passage: &Passage) -> bool {
        passage.signal.is_none_or(|(signal, _)| self.controls.of(signal).is_none())
    }

    /// Lets all controls begin.
    pub(super) fn call_controls(&mut self, time_s: f64) {
        let first = self.first_control();
        for row in 0..self.controls.len() {
            self.calendar.add(Event { time_s, whom: first + row });
        }
    }

    /// The number of the first control among those that events concern.
    pub(super) fn first_control(&self) -> u32 {
        (self.queues.lanes.len() + self.queues.vehicles.len()) as u32
    }

    /// A control looks at the traffic and decides.
    pub(super) fn decide(&mut self, row: u32, now_s: f64) {
        let signal = self.controls.following[row as usize].signal;
        self.make_up_signal(signal, now_s);
        let mut controls = std::mem::take(&mut self.controls.following);
        let following = &mut controls[row as usize];
        self.observe(following, now_s);
        let Following { control, lanes, downstream_veh, buses, .. } = following;
        let changes = control.step(now_s, &Observations { lanes, downstream_veh, buses }).is_some();
        let until_s = control.until_change_s(now_s);
        let again_s = if until_s > 0.0 { until_s.max(ASKED_AFTER_S) } else { ASKED_EVERY_S };
        self.calendar.add(Event { time_s: now_s + again_s, whom: self.first_control() + row });
        if changes {
            for (lamp, &shown) in following.control.lamps().iter().enumerate() {
                if shown != following.shown[lamp] {
                    following.since_s[lamp] = now_s;
                }
            }
            following.shown.copy_from_slice(following.control.lamps());
        }
        self.controls.following = controls;
        if changes {
            self.wake_at_lamps(row, now_s);
        }
    }

    /// Wakes the lanes whose first vehicle has waited for a lamp that is open now.
    fn wake_at_lamps(&mut self, row: u32, now_s: f64) {
        let entries = std::mem::take(&mut self.controls.following[row as usize].entries);
        for &lane in &entries {
            if self.queues.lane(lane).hold == Hold::Lamp {
                self.queues.lane_mut(lane).hold = Hold::No;
                self.start_at_lamp(lane, now_s);
            }
        }
        self.controls.following[row as usize].entries = entries;
    }

    fn observe(&self, following: &mut Following, now_s: f64) {
        let Some(layout) = &self.network.signals[following.signal as usize].responsive else { return };
        for (seen, detector) in following.lanes.iter_mut().zip(&layout.detectors) {
            seen.since_vehicle_s = now_s - self.over_loop_s(detector, now_s);
            let counted = detector.counted.iter().map(|&(lane, from_m)| self.beyond_veh(lane, from_m, now_s));
            seen.queue_veh = counted.sum::<u32>().into();
        }
        for (vehicles, lanes) in following.downstream_veh.iter_mut().zip(&layout.downstream) {
            *vehicles = lanes.iter().map(|&lane| self.queues.lane(lane).count).sum::<u32>().into();
        }
        following.buses.clear();
        let buses = &mut following.buses;
        following.coming.retain(|&vehicle| {
            let (is_near, bus) = self.bus(vehicle, following.signal, &layout.bus_lanes, now_s);
            buses.extend(bus);
            is_near
        });
    }

    /// Notes that a bus has come onto a lane where controls look for it.
    pub(super) fn note_bus(&mut self, vehicle: u32, lane: u32) {
        let Some(rows) = self.controls.bus_lanes.get(lane as usize) else { return };
        if !self.kind(vehicle).is_bus {
            return;
        }
        for &row in rows {
            let coming = &mut self.controls.following[row as usize].coming;
            if !coming.contains(&vehicle) {
                coming.push(vehicle);
            }
        }
    }
}

//! Notes at a fixed step.

use super::{Traffic, VehicleAt};
use crate::signals::Lamp;

/// Times that differ by less are the same, in seconds.
const SAME_S: f64 = 1e-6;

/// Notes where everybody is, every so many seconds, in lists that it uses again and again.
///
/// ```text
/// let mut recorder = Recorder::new(traffic.time_s(), 1.0)?;
/// while !traffic.is_over() {
///     traffic.advance_to(recorder.next_s());
///     if let Some(frame) = recorder.note(&traffic) { … }
/// }
/// ```
///
/// The step is best a multiple of the simulation's own: else a frame shows the first state at or after its time.
#[derive(Clone, Debug)]
pub struct Recorder {
    begin_s: f64,
    step_s: f64,
    next: u32,
    vehicles: Vec<VehicleAt>,
    lamps: Vec<Lamp>,
}

/// What was noted at one time.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Its number, from 0; each is one more than that before it.
    pub number: u32,
    /// Its time in seconds: the begin, and so many steps.
    pub time_s: f64,
    /// Everybody on the road, lane by lane, the front one first.
    pub vehicles: &'a [VehicleAt],
    /// What every lamp shows, signal by signal, lamp by lamp.
    pub lamps: &'a [Lamp],
}

impl Recorder {
    /// Notes from a time on, every `step_s` seconds; nothing where the step is no positive number or the time none.
    #[must_use]
    pub fn new(begin_s: f64, step_s: f64) -> Option<Self> {
        let is_sound = step_s.is_finite() && step_s > 0.0 && begin_s.is_finite();
        is_sound.then_some(Self { begin_s, step_s, next: 0, vehicles: Vec::new(), lamps: Vec::new() })
    }

    /// When the first frame is noted, in seconds.
    #[must_use]
    pub fn begin_s(&self) -> f64 {
        self.begin_s
    }

    /// How far frames are apart, in seconds.
    #[must_use]
    pub fn step_s(&self) -> f64 {
        self.step_s
    }

    /// When the next frame is due, in seconds.
    #[must_use]
    pub fn next_s(&self) -> f64 {
        self.begin_s + f64::from(self.next) * self.step_s
    }

    /// Notes a frame if one is due. Call it at least once a step: a frame that is late shows the time of the call.
    pub fn note(&mut self, traffic: &impl Traffic) -> Option<Frame<'_>> {
        let time_s = self.next_s();
        if traffic.time_s() < time_s - SAME_S {
            return None;
        }
        let number = self.next;
        self.next = number.checked_add(1)?;
        traffic.vehicles_at(&mut self.vehicles);
        traffic.lamps_at(&mut self.lamps);
        Some(Frame { number, time_s, vehicles: &self.vehicles, lamps: &self.lamps })
    }
}

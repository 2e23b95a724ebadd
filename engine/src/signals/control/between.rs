//! Stages that may follow each other in any order, with what lies between them.

use super::SAME_S;
use crate::signals::program::{Lamp, Phase};
use crate::signals::stages::Stages;

/// A way from a stage to another.
#[derive(Clone, Debug)]
struct Between {
    to: usize,
    phases: Vec<Phase>,
    shown: usize,
    since_s: f64,
}

/// Stages, and which of them is shown.
#[derive(Clone, Debug)]
pub(super) struct StageWalk {
    stages: Stages,
    stage: usize,
    since_s: f64,
    between: Option<Between>,
    /// When each lamp was green last, or the walk began.
    green_until_s: Vec<f64>,
}

impl StageWalk {
    pub(super) fn new(stages: Stages) -> Self {
        let green_until_s = vec![0.0; stages.lamp_count()];
        Self { stages, stage: 0, since_s: 0.0, between: None, green_until_s }
    }

    /// Begins with the first stage. Lamps that are red are taken to have been green until now.
    pub(super) fn begin(&mut self, time_s: f64) {
        self.since_s = time_s;
        self.green_until_s.fill(time_s);
    }

    pub(super) fn stages(&self) -> &Stages {
        &self.stages
    }

    /// The stage shown, or `None` between stages.
    pub(super) fn stage(&self) -> Option<usize> {
        if self.between.is_none() { Some(self.stage) } else { None }
    }

    /// When the stage, or the phase between stages, began.
    pub(super) fn since_s(&self) -> f64 {
        self.between.as_ref().map_or(self.since_s, |between| between.since_s)
    }

    pub(super) fn lamps(&self) -> &[Lamp] {
        match &self.between {
            Some(between) => &between.phases[between.shown].lamps,
            None => &self.stages.stages()[self.stage].lamps,
        }
    }

    /// When a lamp was green last: now, if it is.
    pub(super) fn green_until_s(&self, lamp: usize, time_s: f64) -> f64 {
        if self.lamps()[lamp].is_green() { time_s } else { self.green_until_s[lamp] }
    }

    /// Seconds until another stage can begin that is chosen now.
    pub(super) fn between_s(&self, to: usize, time_s: f64) -> f64 {
        let (old, new) = (&self.stages.stages()[self.stage], &self.stages.stages()[to]);
        let mut length_s = self.stages.intergreen_s(self.stage, to);
        for next in (0..self.stages.lamp_count()).filter(|&lamp| !old.is_green(lamp) && new.is_green(lamp)) {
            for lamp in (0..self.stages.lamp_count()).filter(|&lamp| !old.is_green(lamp)) {
                if let Some(needed_s) = self.stages.intergreens().between_s(lamp, next) {
                    length_s = length_s.max(needed_s - (time_s - self.green_until_s[lamp]));
                }
            }
        }
        length_s
    }

    /// Leaves the stage shown for another.
    pub(super) fn leave(&mut self, to: usize, time_s: f64) {
        let phases = self.stages.transition(self.stage, to, self.between_s(to, time_s));
        for (lamp, until_s) in self.green_until_s.iter_mut().enumerate() {
            if self.stages.stages()[self.stage].is_green(lamp) {
                *until_s = time_s;
            }
        }
        self.between = Some(Between { to, phases, shown: 0, since_s: time_s });
        self.arrive(time_s);
    }

    /// Whether the next phase between stages, or the next stage, begins.
    pub(super) fn go_on(&mut self, time_s: f64) -> bool {
        if self.left_s(time_s) > SAME_S {
            return false;
        }
        let Some(between) = &mut self.between else { return false };
        (between.shown, between.since_s) = (between.shown + 1, time_s);
        self.arrive(time_s);
        true
    }

    /// How long the phase between stages still lasts; 0 in a stage.
    pub(super) fn left_s(&self, time_s: f64) -> f64 {
        self.between.as_ref().map_or(0.0, |between| between.since_s + between.phases[between.shown].duration_s - time_s)
    }

    fn arrive(&mut self, time_s: f64) {
        if let Some(between) = self.between.take_if(|between| between.shown == between.phases.len()) {
            (self.stage, self.since_s) = (between.to, time_s);
        }
    }
}

//! Phases that follow each other in a ring, of which greens may end early or late.

use super::SAME_S;
use super::observations::Observations;
use super::priority::{BusPriority, BusPriorityFault, Favour};
use crate::signals::program::Lamp;

/// What ends a phase when no bus asks.
#[derive(Clone, Debug)]
pub(super) enum Length {
    /// The clock: so many seconds, and what the phase is owed from before.
    Nominal(f64),
    /// Gaps at these detectors.
    Gaps(Vec<u32>),
}

/// A phase of a ring.
#[derive(Clone, Debug)]
pub(super) struct RingPhase {
    pub(super) lamps: Vec<Lamp>,
    pub(super) min_s: f64,
    pub(super) max_s: f64,
    pub(super) length: Length,
}

impl RingPhase {
    /// Whether its length is open.
    fn is_open(&self) -> bool {
        self.max_s > self.min_s + SAME_S
    }

    fn is_green(&self, lamp: u32) -> bool {
        self.lamps.get(lamp as usize).is_some_and(|lamp| lamp.is_green())
    }
}

/// How long a green waits for the next vehicle, as SUMO's `max-gap` and `detector-gap`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct GapTimes {
    pub(super) max_gap_s: f64,
    pub(super) detector_gap_s: f64,
}

/// The ring and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    phases: Vec<RingPhase>,
    gaps: GapTimes,
    favour: Option<Favour>,
    shown: usize,
    since_s: f64,
    /// Until then the last vehicle seen keeps the phase green.
    kept_until_s: f64,
    /// What each phase has had beyond its nominal length so far, to be taken back, or if negative to be given.
    surplus_s: Vec<f64>,
    /// The last open phase that was shown.
    last_open: usize,
}

impl Ring {
    /// A ring of phases, at least one, with gaps and priority.
    pub(super) fn new(
        phases: Vec<RingPhase>,
        gaps: GapTimes,
        priority: Option<BusPriority>,
    ) -> Result<Self, BusPriorityFault> {
        let favour = priority.map(|priority| Favour::new(priority, phases.len())).transpose()?;
        let surplus_s = vec![0.0; phases.len()];
        let last_open = phases.iter().rposition(RingPhase::is_open).unwrap_or(0);
        Ok(Self { phases, gaps, favour, shown: 0, since_s: 0.0, kept_until_s: 0.0, surplus_s, last_open })
    }

    pub(super) fn priority(&self) -> Option<BusPriority> {
        self.favour.as_ref().map(Favour::priority)
    }

    /// For how long before lamps may change vehicles matter, in seconds. A phase shorter than the gap asks for those that came
    /// before it began.
    pub(super) fn memory_s(&self) -> f64 {
        self.gaps.max_gap_s
    }

    /// How many lanes it must be told of.
    pub(super) fn lanes_observed(&self) -> usize {
        let detectors = self.phases.iter().filter_map(|phase| match &phase.length {
            Length::Gaps(detectors) => detectors.iter().max(),
            Length::Nominal(_) => None,
        });
        detectors.max().map_or(0, |&last| last as usize + 1)
    }

    pub(super) fn lamps(&self) -> &[Lamp] {
        &self.phases[self.shown].lamps
    }

    /// Begins in a phase that has been shown since then.
    pub(super) fn begin(&mut self, phase: usize, since_s: f64) {
        (self.shown, self.since_s, self.kept_until_s) = (phase, since_s, since_s);
        if self.phases[phase].is_open() {
            self.last_open = phase;
        }
    }

    /// Whether the next phase begins.
    pub(super) fn step(&mut self, time_s: f64, observations: &Observations) -> bool {
        if time_s - self.since_s < self.phases[self.shown].min_s - SAME_S {
            return false;
        }
        let is_over = self.is_over(time_s, observations);
        let is_open = self.phases[self.shown].is_open();
        let (ends, is_cut) = if !is_open {
            (is_over, false)
        } else if is_over {
            (!self.holds(time_s, observations), false)
        } else {
            let is_cut = self.cuts(time_s, observations);
            (is_cut, is_cut)
        };
        if ends {
            self.go_on(time_s, is_cut);
        }
        ends
    }

    pub(super) fn until_change_s(&self, time_s: f64) -> f64 {
        let phase = &self.phases[self.shown];
        let min_until_s = self.since_s + phase.min_s - time_s;
        if self.favour.is_some() && phase.is_open() {
            return min_until_s;
        }
        match phase.length {
            Length::Nominal(_) => self.since_s + self.nominal_s(self.shown) - time_s,
            Length::Gaps(_) => min_until_s.max((self.since_s + phase.max_s).min(self.kept_until_s) - time_s),
        }
    }

    /// How long a phase with a nominal length lasts when no bus asks.
    fn nominal_s(&self, phase: usize) -> f64 {
        let row = &self.phases[phase];
        match row.length {
            Length::Nominal(length_s) => (length_s - self.surplus_s[phase]).clamp(row.min_s, row.max_s),
            Length::Gaps(_) => row.min_s,
        }
    }

    /// Whether the phase, which has had its minimum, ends when no bus asks.
    fn is_over(&mut self, time_s: f64, observations: &Observations) -> bool {
        let phase = &self.phases[self.shown];
        let shown_s = time_s - self.since_s;
        let detectors = match &phase.length {
            Length::Nominal(_) => return shown_s >= self.nominal_s(self.shown) - SAME_S,
            Length::Gaps(detectors) => detectors,
        };
        if shown_s >= phase.max_s - SAME_S {
            return true;
        }
        if time_s < self.kept_until_s - SAME_S {
            return false;
        }
        let gap_s = observations.since_vehicle_s(detectors);
        if gap_s >= self.gaps.max_gap_s {
            return true;
        }
        // The vehicle at the detector gets the time to the stop line; a green ends at whole seconds.
        let wished_s = shown_s + (self.gaps.detector_gap_s - gap_s).max(1e-3);
        self.kept_until_s = self.since_s + libm::ceil(wished_s - 1e-6).min(phase.max_s);
        false
    }

    fn holds(&mut self, time_s: f64, observations: &Observations) -> bool {
        let phase = &self.phases[self.shown];
        self.favour.as_mut().is_some_and(|favour| favour.holds(time_s, observations.buses, |lamp| phase.is_green(lamp)))
    }

    fn cuts(&mut self, time_s: f64, observations: &Observations) -> bool {
        let Some(mut favour) = self.favour.take() else { return false };
        let cut_max_s = favour.priority().cut_max_s;
        let shown_s = time_s - self.since_s;
        let is_small = match self.phases[self.shown].length {
            Length::Nominal(_) => self.nominal_s(self.shown) - shown_s <= cut_max_s + SAME_S,
            Length::Gaps(_) => true,
        };
        let phase = &self.phases[self.shown];
        let cuts = is_small
            && favour
                .cuts(
                    time_s,
                    self.shown,
                    observations.buses,
                    |lamp| phase.is_green(lamp),
                    |lamp| self.earliest_s(lamp, cut_max_s),
                )
                .is_some();
        self.favour = Some(favour);
        cuts
    }

    /// When a lamp can be green if the phase ends now, in seconds from now; `None` where it never is.
    fn earliest_s(&self, lamp: u32, cut_max_s: f64) -> Option<f64> {
        let count = self.phases.len();
        let mut passed_s = 0.0;
        for step in 1..count {
            let number = (self.shown + step) % count;
            let phase = &self.phases[number];
            if phase.is_green(lamp) {
                return Some(passed_s);
            }
            passed_s += if phase.is_open() {
                (self.nominal_s(number) - cut_max_s).max(phase.min_s)
            } else {
                self.nominal_s(number)
            };
        }
        None
    }

    fn go_on(&mut self, time_s: f64, is_cut: bool) {
        let shown_s = time_s - self.since_s;
        let is_open = self.phases[self.shown].is_open();
        if is_open {
            self.last_open = self.shown;
            if let Some(favour) = &mut self.favour {
                favour.green_ended(time_s, self.shown, is_cut);
            }
        }
        // What a phase of fixed length lasts too long, because steps are coarse, is taken from the green before it.
        if let Length::Nominal(length_s) = self.phases[self.shown].length {
            let surplus_s = self.surplus_s[self.last_open] + shown_s - length_s;
            self.surplus_s[self.last_open] = 0.0;
            let payer = self.payer(self.last_open, surplus_s);
            self.surplus_s[payer] += surplus_s;
        }
        self.shown = (self.shown + 1) % self.phases.len();
        (self.since_s, self.kept_until_s) = (time_s, time_s);
    }

    /// The first phase, from one on, that can be shortened by a surplus, or lengthened by a negative one; that one if none can.
    fn payer(&self, from: usize, surplus_s: f64) -> usize {
        let has_room = |&number: &usize| match &self.phases[number] {
            RingPhase { length: Length::Nominal(length_s), min_s, max_s, .. } => {
                if surplus_s > 0.0 {
                    *length_s > min_s + SAME_S
                } else {
                    *length_s < max_s - SAME_S
                }
            }
            RingPhase { length: Length::Gaps(_), .. } => false,
        };
        let count = self.phases.len();
        (0..count).map(|step| (from + step) % count).find(has_room).unwrap_or(from)
    }
}

//! What decides, while traffic runs, when lamps change.
//!
//! A [`Control`] is a small machine that whoever simulates steps with the time and with what detectors see, and that tells
//! when its lamps change. It knows nothing of vehicles, and three kinds of it stand behind one interface: fixed programs,
//! vehicle actuation in the manner of SUMO's programs of type `actuated`, and max-pressure control (Varaiya 2013). All may
//! favour buses ([`BusPriority`]). A green is never shorter than its minimum; what lies between greens is played as it is
//! given, or made by [`Stages`](super::Stages) so that all intergreens pass. A control that decides changes lamps once a
//! step at most and counts each time from the step that showed it, so that steps too long for a yellow lengthen it and never
//! leave it out. Left out: coordination of signals that are not fixed, skipping of stages in actuated programs, detectors
//! that fail.
//!
//! | file | what |
//! | --- | --- |
//! | `observations.rs` | what detectors see |
//! | `fixed.rs`, `actuated.rs`, `max_pressure.rs` | the three kinds |
//! | `ring.rs`, `between.rs` | phases that follow each other in a ring; stages that may follow each other in any order |
//! | `priority.rs` | when a green is lengthened, or a red shortened, for a bus |
//! | `turns.rs` | who must turn green by when, so that nobody waits beyond the bound of max-pressure control |

mod actuated;
mod between;
mod fixed;
mod max_pressure;
mod observations;
mod priority;
#[cfg(test)]
mod properties;
mod ring;
mod turns;

pub use actuated::{Actuated, ActuatedFault, ActuatedPhase, Gaps};
pub use fixed::{Fixed, FixedFault, PhaseLimits};
pub use max_pressure::{MaxPressure, MaxPressureFault, Movement, PressureOptions};
pub use observations::{BusObservation, LaneObservation, Observations};
pub use priority::{BusPriority, BusPriorityFault};

use super::program::Lamp;

/// A signal's control, with its state. A clone of one that has not begun is another that has not begun.
#[derive(Clone, Debug)]
pub enum Control {
    /// By the clock.
    Fixed(Fixed),
    /// By gaps between vehicles.
    Actuated(Actuated),
    /// By queues before and behind the junction.
    MaxPressure(MaxPressure),
}

impl Control {
    /// How many lamps it rules.
    #[must_use]
    pub fn lamp_count(&self) -> usize {
        self.lamps().len()
    }

    /// What each lamp shows since the last step; before the first, what it would show at its beginning.
    #[must_use]
    pub fn lamps(&self) -> &[Lamp] {
        match self {
            Self::Fixed(control) => control.lamps(),
            Self::Actuated(control) => control.lamps(),
            Self::MaxPressure(control) => control.lamps(),
        }
    }

    /// What each lamp shows from now on, if the lamps change now or this is the first step. Times are in seconds, do not go
    /// back, and follow each other as closely as lamps are to be exact.
    pub fn step(&mut self, time_s: f64, observations: &Observations) -> Option<&[Lamp]> {
        let changes = match self {
            Self::Fixed(control) => control.step(time_s, observations),
            Self::Actuated(control) => control.step(time_s, observations),
            Self::MaxPressure(control) => control.step(time_s, observations),
        };
        changes.then(|| self.lamps())
    }

    /// For how many seconds after a time, that of the last step or later, lamps cannot change whatever is observed; 0 where
    /// the next step may change them.
    #[must_use]
    pub fn until_change_s(&self, time_s: f64) -> f64 {
        let until_s = match self {
            Self::Fixed(control) => control.until_change_s(time_s),
            Self::Actuated(control) => control.until_change_s(time_s),
            Self::MaxPressure(control) => control.until_change_s(time_s),
        };
        until_s.max(0.0)
    }

    /// For how many seconds after a time, that of the last step or later, nothing that detectors see can matter: whoever
    /// simulates need not look before.
    #[must_use]
    pub fn until_heed_s(&self, time_s: f64) -> f64 {
        let ahead_s = match self {
            Self::Fixed(_) | Self::MaxPressure(_) => 0.0,
            Self::Actuated(control) => control.memory_s(),
        };
        (self.until_change_s(time_s) - ahead_s).max(0.0)
    }

    /// How far ahead it looks at buses, in seconds until they arrive; `None` where it favours none.
    #[must_use]
    pub fn bus_horizon_s(&self) -> Option<f64> {
        let priority = match self {
            Self::Fixed(control) => control.priority(),
            Self::Actuated(control) => control.priority(),
            Self::MaxPressure(control) => control.priority(),
        };
        priority.map(|priority| priority.horizon_s)
    }

    /// How many lanes and how many places behind the junction it must be told of: the numbers of the last ones that it looks at,
    /// and one.
    #[must_use]
    pub fn observed_counts(&self) -> (usize, usize) {
        match self {
            Self::Fixed(_) => (0, 0),
            Self::Actuated(control) => (control.lanes_observed(), 0),
            Self::MaxPressure(control) => control.observed_counts(),
        }
    }
}

/// Times closer than this are the same, in seconds.
const SAME_S: f64 = 1e-9;

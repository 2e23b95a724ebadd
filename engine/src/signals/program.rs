//! Fixed programs: phases of given length that repeat.

/// What one lamp shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    /// Stop.
    Red,
    /// Red and yellow: green comes next.
    RedYellow,
    /// Stop where you still can.
    Yellow,
    /// Go; nobody else may be in your way.
    Green,
    /// Go, but give way to those who have the right of way (a left turn against oncoming traffic).
    GreenYield,
    /// Stop, then go if nobody comes (a green arrow at a red light).
    StopThenYield,
    /// Blinking yellow: the signs rule, this way gives way.
    OffYield,
    /// Dark: the signs rule.
    Off,
}

impl Lamp {
    /// Whether one must not pass.
    #[must_use]
    pub fn is_red(self) -> bool {
        matches!(self, Self::Red | Self::RedYellow)
    }

    /// Whether one goes, giving way or not.
    #[must_use]
    pub fn is_green(self) -> bool {
        matches!(self, Self::Green | Self::GreenYield)
    }
}

/// One phase of a program.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// How long it lasts, in seconds; positive.
    pub duration_s: f64,
    /// What each lamp shows, one entry for each lamp.
    pub lamps: Vec<Lamp>,
}

/// A program that repeats.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    phases: Vec<Phase>,
    /// Seconds after midnight, or after the run's begin, at which the first phase begins.
    offset_s: f64,
    cycle_s: f64,
}

/// Why phases make no program.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProgramFault {
    /// There is none.
    #[error("the program has no phase")]
    Empty,
    /// A phase has no length.
    #[error("phase {phase} lasts {duration_s} s, but must last longer than 0 s")]
    Duration {
        /// Number of the phase, from 1.
        phase: usize,
        /// Its length.
        duration_s: f64,
    },
    /// Phases have different numbers of lamps.
    #[error("phase {phase} has {count} lamps, but the first phase has {expected}")]
    Lamps {
        /// Number of the phase, from 1.
        phase: usize,
        /// How many lamps it has.
        count: usize,
        /// How many the first has.
        expected: usize,
    },
    /// The offset is no number.
    #[error("the offset is {0}, which is no time")]
    Offset(f64),
}

impl Program {
    /// The program of those phases; the first begins at `offset_s` and at every cycle before and after.
    ///
    /// # Errors
    /// Where there is no phase, one has no length, or their numbers of lamps differ.
    pub fn new(phases: Vec<Phase>, offset_s: f64) -> Result<Self, ProgramFault> {
        let Some(first) = phases.first() else { return Err(ProgramFault::Empty) };
        let expected = first.lamps.len();
        for (index, phase) in phases.iter().enumerate() {
            if !(phase.duration_s.is_finite() && phase.duration_s > 0.0) {
                return Err(ProgramFault::Duration { phase: index + 1, duration_s: phase.duration_s });
            }
            if phase.lamps.len() != expected {
                return Err(ProgramFault::Lamps { phase: index + 1, count: phase.lamps.len(), expected });
            }
        }
        if !offset_s.is_finite() {
            return Err(ProgramFault::Offset(offset_s));
        }
        let cycle_s = phases.iter().map(|phase| phase.duration_s).sum();
        Ok(Self { phases, offset_s, cycle_s })
    }

    /// How many lamps it rules.
    #[must_use]
    pub fn lamp_count(&self) -> usize {
        self.phases[0].lamps.len()
    }

    /// When a first phase begins, in seconds.
    #[must_use]
    pub fn offset_s(&self) -> f64 {
        self.offset_s
    }

    /// Length of the cycle in seconds.
    #[must_use]
    pub fn cycle_s(&self) -> f64 {
        self.cycle_s
    }

    /// Its phases, in order.
    #[must_use]
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }

    /// Lets a lamp, numbered from 0, show something else in a phase, numbered from 0; nothing where there is no such lamp.
    pub fn show(&mut self, phase: usize, lamp: u32, shown: Lamp) {
        if let Some(place) = self.phases.get_mut(phase).and_then(|phase| phase.lamps.get_mut(lamp as usize)) {
            *place = shown;
        }
    }

    /// For how many seconds from a time on some lamps, numbered from 0, all stay red; infinite if for ever. Red and yellow is no
    /// red here.
    #[must_use]
    pub fn red_for_s(&self, lamps: &[u32], time_s: f64) -> f64 {
        let are_red = |phase: &Phase| lamps.iter().all(|&lamp| phase.lamps.get(lamp as usize) == Some(&Lamp::Red));
        let (mut phase, mut until_s) = self.phase_at(time_s);
        let mut red_s = 0.0;
        for _ in 0..=self.phases.len() {
            if !are_red(&self.phases[phase]) {
                return red_s;
            }
            red_s += until_s;
            phase = (phase + 1) % self.phases.len();
            until_s = self.phases[phase].duration_s;
        }
        f64::INFINITY
    }

    /// The number of the phase at a time in seconds, from 0, and how long it still lasts.
    #[must_use]
    pub fn phase_at(&self, time_s: f64) -> (usize, f64) {
        let mut rest = (time_s - self.offset_s).rem_euclid(self.cycle_s);
        for (index, phase) in self.phases.iter().enumerate() {
            if rest < phase.duration_s {
                return (index, phase.duration_s - rest);
            }
            rest -= phase.duration_s;
        }
        // Rounding left a sliver at the end of the cycle.
        (0, self.phases[0].duration_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase(duration_s: f64, lamps: &[Lamp]) -> Phase {
        Phase { duration_s, lamps: lamps.to_vec() }
    }

    #[test]
    fn a_program_repeats_from_its_offset() {
        let program = Program::new(
            vec![phase(30.0, &[Lamp::Green]), phase(3.0, &[Lamp::Yellow]), phase(27.0, &[Lamp::Red])],
            10.0,
        )
        .unwrap();
        assert_eq!(program.cycle_s(), 60.0);
        assert_eq!(program.phase_at(10.0), (0, 30.0));
        assert_eq!(program.phase_at(40.0), (1, 3.0));
        assert_eq!(program.phase_at(69.0), (2, 1.0));
        assert_eq!(program.phase_at(0.0), program.phase_at(600.0));
    }

    #[test]
    fn how_long_lamps_stay_red_is_known() {
        let program = Program::new(
            vec![
                phase(30.0, &[Lamp::Green, Lamp::Red]),
                phase(5.0, &[Lamp::Red, Lamp::Red]),
                phase(25.0, &[Lamp::Red, Lamp::Green]),
            ],
            0.0,
        )
        .unwrap();
        assert_eq!(program.red_for_s(&[0], 40.0), 20.0);
        assert_eq!(program.red_for_s(&[0], 10.0), 0.0);
        assert_eq!(program.red_for_s(&[0, 1], 31.0), 4.0);
        assert_eq!(program.red_for_s(&[1], 50.0), 0.0);
        assert_eq!(program.red_for_s(&[1], 60.0), 35.0);
        let red = Program::new(vec![phase(5.0, &[Lamp::Red])], 0.0).unwrap();
        assert_eq!(red.red_for_s(&[0], 3.0), f64::INFINITY);
    }

    #[test]
    fn phases_that_make_no_program_are_refused() {
        assert_eq!(Program::new(Vec::new(), 0.0), Err(ProgramFault::Empty));
        let zero = Program::new(vec![phase(0.0, &[Lamp::Green])], 0.0);
        assert_eq!(zero, Err(ProgramFault::Duration { phase: 1, duration_s: 0.0 }));
        let lamps = Program::new(vec![phase(5.0, &[Lamp::Green]), phase(5.0, &[])], 0.0);
        assert_eq!(lamps, Err(ProgramFault::Lamps { phase: 2, count: 0, expected: 1 }));
    }
}

//! Control by the clock, with or without priority for buses.

use super::SAME_S;
use super::observations::Observations;
use super::priority::{BusPriority, BusPriorityFault};
use super::ring::{GapTimes, Length, Ring, RingPhase};
use crate::signals::program::{Lamp, Program};
use crate::signals::stages::{Stage, StageFault, Stages};

/// How short and how long a phase may become for a bus, and for making up for it; for phases between greens, and all others
/// that are to keep their length, that length twice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PhaseLimits {
    /// Shortest length in seconds, positive and not above the phase's own.
    pub min_s: f64,
    /// Longest length in seconds, not below the phase's own.
    pub max_s: f64,
}

/// Why a program takes no priority.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FixedFault {
    /// There are more or fewer limits than phases.
    #[error("{count} limits are given for {expected} phases")]
    Count {
        /// How many limits.
        count: usize,
        /// How many phases.
        expected: usize,
    },
    /// A phase does not lie within its limits.
    #[error("phase {phase} lasts {duration_s} s, which is not between {} s and {} s", .limits.min_s, .limits.max_s)]
    Limits {
        /// Number of the phase, from 1.
        phase: usize,
        /// Its length.
        duration_s: f64,
        /// Its limits.
        limits: PhaseLimits,
    },
    /// The stages make no program.
    #[error(transparent)]
    Stage(#[from] StageFault),
    /// The priority is none.
    #[error(transparent)]
    Priority(#[from] BusPriorityFault),
}

/// Control by the clock.
#[derive(Clone, Debug)]
pub struct Fixed {
    program: Program,
    /// The phase shown; none before the first step.
    shown: Option<usize>,
    /// The program as it is played where buses are favoured.
    ring: Option<Ring>,
}

impl Fixed {
    /// A program as it is.
    #[must_use]
    pub fn new(program: Program) -> Self {
        Self { program, shown: None, ring: None }
    }

    /// A program that favours buses, with one entry of limits for each phase.
    ///
    /// What a green had too much or too little because of a bus it loses or wins in the next cycles, within its limits. When
    /// all have been made up for, the program is again where its offset puts it.
    ///
    /// # Errors
    /// Where the limits are not those of the phases, or the priority is none.
    pub fn with_priority(program: Program, limits: &[PhaseLimits], priority: BusPriority) -> Result<Self, FixedFault> {
        let expected = program.phases().len();
        if limits.len() != expected {
            return Err(FixedFault::Count { count: limits.len(), expected });
        }
        let mut phases = Vec::with_capacity(expected);
        for (number, (phase, &limits)) in program.phases().iter().zip(limits).enumerate() {
            let PhaseLimits { min_s, max_s } = limits;
            let duration_s = phase.duration_s;
            if !(min_s > 0.0 && min_s <= duration_s && duration_s <= max_s && max_s.is_finite()) {
                return Err(FixedFault::Limits { phase: number + 1, duration_s, limits });
            }
            phases.push(RingPhase { lamps: phase.lamps.clone(), min_s, max_s, length: Length::Nominal(duration_s) });
        }
        let gaps = GapTimes { max_gap_s: 0.0, detector_gap_s: 0.0 };
        Ok(Self { program, shown: None, ring: Some(Ring::new(phases, gaps, Some(priority))?) })
    }

    /// The program of stages that favours buses. Each stage lasts `greens_s` seconds, at least as long as it must and at most
    /// `greens_max_s`, one entry a stage each; the first begins at `offset_s`. Transitions are long enough for the shortest
    /// greens, which matters where a green that a lamp lost two stages ago counts.
    ///
    /// # Errors
    /// Where the stages make no program with these greens, a green is longer than its longest, or the priority is none.
    pub fn of_stages(
        stages: &Stages,
        greens_s: &[f64],
        greens_max_s: &[f64],
        offset_s: f64,
        priority: BusPriority,
    ) -> Result<Self, FixedFault> {
        stages.check_greens(greens_s)?;
        stages.check_greens(greens_max_s)?;
        let mins_s: Vec<f64> = stages.stages().iter().map(Stage::min_s).collect();
        let (mut phases, mut limits) = (Vec::new(), Vec::new());
        for (phase, stage) in stages.cycle(greens_s, &mins_s) {
            limits.push(match stage {
                Some(stage) => PhaseLimits { min_s: mins_s[stage].min(phase.duration_s), max_s: greens_max_s[stage] },
                None => PhaseLimits { min_s: phase.duration_s, max_s: phase.duration_s },
            });
            phases.push(phase);
        }
        let program = Program::new(phases, offset_s).map_err(StageFault::from)?;
        Self::with_priority(program, &limits, priority)
    }

    /// The program that is played where no bus asks.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    pub(super) fn priority(&self) -> Option<BusPriority> {
        self.ring.as_ref().and_then(Ring::priority)
    }

    pub(super) fn lamps(&self) -> &[Lamp] {
        match (&self.ring, self.shown) {
            (Some(ring), Some(_)) => ring.lamps(),
            (_, shown) => &self.program.phases()[shown.unwrap_or(0)].lamps,
        }
    }

    pub(super) fn step(&mut self, time_s: f64, observations: &Observations) -> bool {
        if let (Some(ring), Some(_)) = (&mut self.ring, self.shown) {
            return ring.step(time_s, observations);
        }
        let (phase, left_s) = self.program.phase_at(time_s + SAME_S);
        let changes = self.shown != Some(phase);
        self.shown = Some(phase);
        if let Some(ring) = &mut self.ring {
            ring.begin(phase, time_s + left_s - self.program.phases()[phase].duration_s);
        }
        changes
    }

    pub(super) fn until_change_s(&self, time_s: f64) -> f64 {
        match (&self.ring, self.shown) {
            (_, None) => 0.0,
            (Some(ring), _) => ring.until_change_s(time_s),
            (None, _) => self.program.phase_at(time_s + SAME_S).1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::control::{BusObservation, Control};
    use crate::signals::{Intergreens, Phase};

    const PRIORITY: BusPriority =
        BusPriority { extension_max_s: 10.0, cut_max_s: 12.0, horizon_s: 30.0, pause_s: 60.0 };

    /// Two streets of one lamp each, 30 s and 20 s of green with 5 s between: a cycle of 60 s.
    fn stages() -> Stages {
        let stage = |lamps: [Lamp; 2]| Stage { lamps: lamps.to_vec(), green_min_s: 8.0, pedestrian_min_s: 0.0 };
        let intergreens = Intergreens::uniform(2, 3.0, 2.0, &[([0, 1], false)]).unwrap();
        Stages::new(vec![stage([Lamp::Green, Lamp::Red]), stage([Lamp::Red, Lamp::Green])], intergreens).unwrap()
    }

    fn favouring() -> Control {
        Control::Fixed(Fixed::of_stages(&stages(), &[30.0, 20.0], &[40.0, 30.0], 0.0, PRIORITY).unwrap())
    }

    /// When lamp 0 turns green in so many seconds, where a bus arrives at some time at a lamp and passes when it is green.
    fn greens_of_first(control: &mut Control, until_s: u32, bus: Option<(u32, f64)>) -> Vec<(u32, u32)> {
        let (mut greens, mut was_green, mut bus) = (Vec::new(), false, bus);
        for time_s in 0..until_s {
            let mut buses = Vec::new();
            if let Some((lamp, at_s)) = bus {
                let arrival_s = (at_s - f64::from(time_s)).max(0.0);
                if arrival_s == 0.0 && control.lamps()[lamp as usize].is_green() {
                    bus = None;
                } else {
                    buses.push(BusObservation { lamp, arrival_s });
                }
            }
            control.step(f64::from(time_s), &Observations { buses: &buses, ..Observations::default() });
            let is_green = control.lamps()[0] == Lamp::Green;
            match (was_green, is_green) {
                (false, true) => greens.push((time_s, until_s)),
                (true, false) => {
                    if let Some(last) = greens.last_mut() {
                        last.1 = time_s;
                    }
                }
                _ => {}
            }
            was_green = is_green;
        }
        greens
    }

    #[test]
    fn a_program_by_the_clock_is_that_program() {
        let program = stages().program(&[30.0, 20.0], 17.0).unwrap();
        let mut control = Control::Fixed(Fixed::new(program.clone()));
        for step in 0..400 {
            let time_s = f64::from(step) * 0.5;
            control.step(time_s, &Observations::default());
            let (phase, left_s) = program.phase_at(time_s);
            assert_eq!(control.lamps(), program.phases()[phase].lamps, "at {time_s} s");
            assert!((control.until_change_s(time_s) - left_s).abs() < 1e-6);
        }
    }

    #[test]
    fn a_program_that_no_bus_disturbs_keeps_its_offset() {
        let program = stages().program(&[30.0, 20.0], 0.0).unwrap();
        let mut control = favouring();
        for time_s in (100..500).map(f64::from) {
            control.step(time_s, &Observations::default());
            assert_eq!(control.lamps(), program.phases()[program.phase_at(time_s).0].lamps, "at {time_s} s");
        }
    }

    #[test]
    fn a_green_is_held_for_a_bus_and_the_program_comes_back_to_its_offset() {
        // The bus arrives 6 s after its green should have ended; the next green of its street pays for it.
        let greens = greens_of_first(&mut favouring(), 240, Some((0, 36.0)));
        assert_eq!(greens, [(0, 36), (66, 90), (120, 150), (180, 210)]);
    }

    #[test]
    fn a_red_is_shortened_for_a_bus_and_who_lost_green_gets_it_back() {
        // The bus at lamp 1 arrives at 27 s: its green, due at 35 s, comes at 27 s. Lamp 0 lost 8 s and gets them back.
        let greens = greens_of_first(&mut favouring(), 240, Some((1, 27.0)));
        assert_eq!(greens, [(0, 22), (52, 90), (120, 150), (180, 210)]);
    }

    #[test]
    fn limits_that_are_not_those_of_the_phases_are_refused() {
        let phases = vec![Phase { duration_s: 30.0, lamps: vec![Lamp::Green] }];
        let program = Program::new(phases, 0.0).unwrap();
        let none = Fixed::with_priority(program.clone(), &[], PRIORITY).unwrap_err();
        assert_eq!(none, FixedFault::Count { count: 0, expected: 1 });
        let limits = PhaseLimits { min_s: 31.0, max_s: 40.0 };
        let long = Fixed::with_priority(program, &[limits], PRIORITY).unwrap_err();
        assert_eq!(long, FixedFault::Limits { phase: 1, duration_s: 30.0, limits });
        let short = Fixed::of_stages(&stages(), &[5.0, 20.0], &[40.0, 40.0], 0.0, PRIORITY).unwrap_err();
        assert!(matches!(short, FixedFault::Stage(StageFault::TooShort { stage: 0, .. })));
    }
}

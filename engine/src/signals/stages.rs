//! Stages of a junction, and the programs made of them.
//!
//! A stage is what all lamps show while some ways through the junction are open. Between two stages lies a transition: lamps
//! that lose their green show yellow, then red; lamps that are green in both stay green; the next stage begins when every
//! [intergreen](super::Intergreens) has passed, also of lamps that were green before the last stage. This is control by
//! stages as Webster and Cobbe (1966, Road Research Technical Paper 56) describe it. Left out: lamps that turn green one
//! after the other within a transition; all that gain green gain it when the stage begins.

use super::intergreens::Intergreens;
use super::program::{Lamp, Phase, Program, ProgramFault};

/// What lamps show while one set of ways is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// What each lamp shows, one entry for each lamp; never yellow, which belongs to transitions.
    pub lamps: Vec<Lamp>,
    /// The shortest time that it may last, in seconds; not negative.
    pub green_min_s: f64,
    /// How long those on foot need for it, walking and clearing, in seconds; 0 where nobody crosses.
    pub pedestrian_min_s: f64,
}

impl Stage {
    /// The shortest time that it may last, in seconds, for those who drive and those who walk.
    #[must_use]
    pub fn min_s(&self) -> f64 {
        self.green_min_s.max(self.pedestrian_min_s)
    }

    /// Whether a lamp, numbered from 0, is green.
    #[must_use]
    pub fn is_green(&self, lamp: usize) -> bool {
        self.lamps.get(lamp).is_some_and(|lamp| lamp.is_green())
    }
}

/// The stages of a signal, none of which opens two ways that must not be open together.
#[derive(Clone, Debug, PartialEq)]
pub struct Stages {
    stages: Vec<Stage>,
    intergreens: Intergreens,
}

/// Why stages do not stand, or make no program. Stages and lamps are numbered from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StageFault {
    /// There is none.
    #[error("there is no stage")]
    Empty,
    /// A stage has another number of lamps than the table of intergreens.
    #[error("stage {stage} has {count} lamps, but the intergreens are those of {expected}")]
    Lamps {
        /// The stage.
        stage: usize,
        /// How many lamps it has.
        count: usize,
        /// How many the intergreens are for.
        expected: usize,
    },
    /// A minimum is no time, or both are 0.
    #[error(
        "stage {stage} lasts {green_min_s} s and for those on foot {pedestrian_min_s} s at least; give times, not both 0 s"
    )]
    Minimum {
        /// The stage.
        stage: usize,
        /// Its shortest green.
        green_min_s: f64,
        /// Its shortest green for those on foot.
        pedestrian_min_s: f64,
    },
    /// A stage shows what belongs to a transition.
    #[error("stage {stage} shows {shown:?} at lamp {lamp}, which belongs between stages")]
    Shown {
        /// The stage.
        stage: usize,
        /// The lamp.
        lamp: usize,
        /// What it shows.
        shown: Lamp,
    },
    /// Two lamps in conflict are green together.
    #[error("stage {stage} is green for lamps {} and {}, whose ways cross", .lamps[0], .lamps[1])]
    Conflict {
        /// The stage.
        stage: usize,
        /// The lamps.
        lamps: [usize; 2],
    },
    /// There are more or fewer greens than stages.
    #[error("{count} greens are given for {expected} stages; give one for each stage")]
    Greens {
        /// How many greens.
        count: usize,
        /// How many stages.
        expected: usize,
    },
    /// A green is shorter than the stage may last.
    #[error("the green of stage {stage} is {green_s} s, but must be at least {min_s} s")]
    TooShort {
        /// The stage.
        stage: usize,
        /// Its green.
        green_s: f64,
        /// The shortest that it may be.
        min_s: f64,
    },
    /// What comes out is no program.
    #[error(transparent)]
    Program(#[from] ProgramFault),
}

impl Stages {
    /// The stages in the order in which a fixed program shows them.
    ///
    /// # Errors
    /// All faults at once.
    pub fn new(stages: Vec<Stage>, intergreens: Intergreens) -> Result<Self, Vec<StageFault>> {
        let mut faults = Vec::new();
        if stages.is_empty() {
            faults.push(StageFault::Empty);
        }
        for (number, stage) in stages.iter().enumerate() {
            check_stage(number, stage, &intergreens, &mut faults);
        }
        if faults.is_empty() { Ok(Self { stages, intergreens }) } else { Err(faults) }
    }

    /// The stages, at least one.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// Conflicts and intergreens of the lamps.
    #[must_use]
    pub fn intergreens(&self) -> &Intergreens {
        &self.intergreens
    }

    /// How many lamps there are.
    #[must_use]
    pub fn lamp_count(&self) -> usize {
        self.intergreens.lamp_count()
    }

    /// Seconds from the end of one stage to the beginning of another, both numbered from 0, as far as lamps of these two ask
    /// for it; 0 from a stage to itself.
    #[must_use]
    pub fn intergreen_s(&self, from: usize, to: usize) -> f64 {
        let (Some(old), Some(new)) = (self.stages.get(from), self.stages.get(to)) else { return 0.0 };
        let mut length_s: f64 = 0.0;
        for (lamp, (&before, &after)) in old.lamps.iter().zip(&new.lamps).enumerate() {
            if before.is_green() && !after.is_green() {
                length_s = length_s.max(self.intergreens.yellow_s(lamp));
            }
            if !before.is_green() && after.is_green() {
                length_s = length_s.max(self.intergreens.red_yellow_s());
            }
            if right(after) >= right(before) {
                continue;
            }
            for (next, (&before, &after)) in old.lamps.iter().zip(&new.lamps).enumerate() {
                if right(after) > right(before) {
                    length_s = length_s.max(self.intergreens.between_s(lamp, next).unwrap_or(0.0));
                }
            }
        }
        length_s
    }

    /// Seconds between each stage and the one after it, when the stages follow each other in their order, last about as long
    /// as `greens_s` says, one entry a stage, and begin anew. A green that a lamp lost two stages ago counts as well.
    #[must_use]
    pub fn intergreens_s(&self, greens_s: &[f64]) -> Vec<f64> {
        let count = self.stages.len();
        let mut lengths_s: Vec<f64> = (0..count).map(|from| self.intergreen_s(from, (from + 1) % count)).collect();
        for from in 0..count {
            let (old, new) = (&self.stages[from], &self.stages[(from + 1) % count]);
            for next in (0..self.lamp_count()).filter(|&lamp| !old.is_green(lamp) && new.is_green(lamp)) {
                for lamp in (0..self.lamp_count()).filter(|&lamp| !old.is_green(lamp) && !new.is_green(lamp)) {
                    let Some(needed_s) = self.intergreens.between_s(lamp, next) else { continue };
                    if let Some(passed_s) = self.since_green_s(lamp, from, greens_s, &lengths_s) {
                        lengths_s[from] += (needed_s - passed_s).max(0.0);
                    }
                }
            }
        }
        lengths_s
    }

    /// Seconds from the end of a lamp's last green before stage `last` to the end of the transition after that stage.
    fn since_green_s(&self, lamp: usize, last: usize, greens_s: &[f64], lengths_s: &[f64]) -> Option<f64> {
        let count = self.stages.len();
        let mut passed_s = lengths_s[last];
        for back in 1..count {
            let stage = (last + count - back) % count;
            passed_s += greens_s.get((stage + 1) % count).copied().unwrap_or(0.0) + lengths_s[stage];
            if self.stages[stage].is_green(lamp) {
                return Some(passed_s);
            }
        }
        None
    }

    /// The phases from stage `from` to stage `to`, `length_s` together, which is not shorter than [`Stages::intergreen_s`].
    pub(super) fn transition(&self, from: usize, to: usize, length_s: f64) -> Vec<Phase> {
        let (old, new) = (&self.stages[from].lamps, &self.stages[to].lamps);
        let red_yellow_from_s = length_s - self.intergreens.red_yellow_s();
        let mut ends_s = vec![length_s];
        for (lamp, (&before, &after)) in old.iter().zip(new).enumerate() {
            if before.is_green() && !after.is_green() {
                ends_s.push(self.intergreens.yellow_s(lamp));
            } else if !before.is_green() && after.is_green() {
                ends_s.push(red_yellow_from_s);
            }
        }
        ends_s.retain(|&end_s| end_s > 0.0 && end_s <= length_s);
        ends_s.sort_by(f64::total_cmp);
        ends_s.dedup();
        let mut begin_s = 0.0;
        let mut phases = Vec::with_capacity(ends_s.len());
        for end_s in ends_s {
            let shown = |(lamp, (&before, &after)): (usize, (&Lamp, &Lamp))| {
                if before == after {
                    before
                } else if before.is_green() && after.is_green() {
                    Lamp::GreenYield
                } else if before.is_green() && begin_s < self.intergreens.yellow_s(lamp) {
                    Lamp::Yellow
                } else if after.is_green() && begin_s >= red_yellow_from_s {
                    Lamp::RedYellow
                } else {
                    Lamp::Red
                }
            };
            phases.push(Phase {
                duration_s: end_s - begin_s,
                lamps: old.iter().zip(new).enumerate().map(shown).collect(),
            });
            begin_s = end_s;
        }
        phases
    }

    /// The phases of a cycle with those greens, and the stage that each phase shows, if any. Transitions are long enough for
    /// greens as short as `shortest_s`; one entry a stage each.
    pub(super) fn cycle(&self, greens_s: &[f64], shortest_s: &[f64]) -> Vec<(Phase, Option<usize>)> {
        let count = self.stages.len();
        let mut phases = Vec::new();
        for (from, (&length_s, &green_s)) in self.intergreens_s(shortest_s).iter().zip(greens_s).enumerate() {
            phases.push((Phase { duration_s: green_s, lamps: self.stages[from].lamps.clone() }, Some(from)));
            phases.extend(self.transition(from, (from + 1) % count, length_s).into_iter().map(|phase| (phase, None)));
        }
        phases
    }

    /// The program in which each stage lasts as many seconds as `greens_s` says, one entry a stage, with transitions between.
    /// The first stage begins at `offset_s` and at every cycle before and after.
    ///
    /// # Errors
    /// Where the number of greens differs from that of the stages, a green is shorter than its stage may last, or the offset
    /// is no number.
    pub fn program(&self, greens_s: &[f64], offset_s: f64) -> Result<Program, StageFault> {
        self.check_greens(greens_s)?;
        let phases = self.cycle(greens_s, greens_s).into_iter().map(|(phase, _)| phase).collect();
        Ok(Program::new(phases, offset_s)?)
    }

    pub(super) fn check_greens(&self, greens_s: &[f64]) -> Result<(), StageFault> {
        if greens_s.len() != self.stages.len() {
            return Err(StageFault::Greens { count: greens_s.len(), expected: self.stages.len() });
        }
        for (number, (stage, &green_s)) in self.stages.iter().zip(greens_s).enumerate() {
            let min_s = stage.min_s();
            if !green_s.is_finite() || green_s < min_s - 1e-9 {
                return Err(StageFault::TooShort { stage: number, green_s, min_s });
            }
        }
        Ok(())
    }
}

/// How strong a right to go a lamp gives.
fn right(lamp: Lamp) -> u8 {
    match lamp {
        Lamp::Green => 2,
        Lamp::GreenYield => 1,
        _ => 0,
    }
}

fn check_stage(number: usize, stage: &Stage, intergreens: &Intergreens, faults: &mut Vec<StageFault>) {
    let (count, expected) = (stage.lamps.len(), intergreens.lamp_count());
    if count != expected {
        faults.push(StageFault::Lamps { stage: number, count, expected });
        return;
    }
    let Stage { green_min_s, pedestrian_min_s, .. } = *stage;
    let is_time = |seconds: f64| seconds.is_finite() && seconds >= 0.0;
    if !(is_time(green_min_s) && is_time(pedestrian_min_s) && stage.min_s() > 0.0) {
        faults.push(StageFault::Minimum { stage: number, green_min_s, pedestrian_min_s });
    }
    for (first, &shown) in stage.lamps.iter().enumerate() {
        if matches!(shown, Lamp::Yellow | Lamp::RedYellow) {
            faults.push(StageFault::Shown { stage: number, lamp: first, shown });
        }
        for (second, &other) in stage.lamps.iter().enumerate().skip(first + 1) {
            let Some(may_yield) = intergreens.may_yield(first, second) else { continue };
            let somebody_yields = shown == Lamp::GreenYield || other == Lamp::GreenYield;
            if shown.is_green() && other.is_green() && !(may_yield && somebody_yields) {
                faults.push(StageFault::Conflict { stage: number, lamps: [first, second] });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lamp::{Green as G, GreenYield as Y, Red as R};
    use super::*;
    use crate::signals::Conflict;

    fn stage(lamps: &[Lamp], green_min_s: f64) -> Stage {
        Stage { lamps: lamps.to_vec(), green_min_s, pedestrian_min_s: 0.0 }
    }

    /// Main road, its left turn, side road. The left turn may give way to the main road; the side road crosses both.
    fn junction(stages: Vec<Stage>) -> Result<Stages, Vec<StageFault>> {
        let conflicts = [([0, 1], true), ([0, 2], false), ([1, 2], false)];
        Stages::new(stages, Intergreens::uniform(3, 3.0, 2.0, &conflicts).unwrap())
    }

    fn shown(phases: &[Phase]) -> Vec<(f64, Vec<Lamp>)> {
        phases.iter().map(|phase| (phase.duration_s, phase.lamps.clone())).collect()
    }

    #[test]
    fn a_stage_that_opens_crossing_ways_is_refused() {
        let faults = junction(vec![stage(&[G, R, G], 5.0), stage(&[G, G, R], 5.0)]).unwrap_err();
        let expected = [
            StageFault::Conflict { stage: 0, lamps: [0, 2] },
            StageFault::Conflict { stage: 1, lamps: [0, 1] }, //
        ];
        assert_eq!(faults, expected);
        junction(vec![stage(&[G, Y, R], 5.0)]).expect("the left turn gives way");
    }

    #[test]
    fn stages_that_do_not_stand_are_all_told() {
        let faults = junction(vec![stage(&[G], 5.0), stage(&[R, R, Lamp::Yellow], 0.0)]).unwrap_err();
        assert_eq!(faults[0], StageFault::Lamps { stage: 0, count: 1, expected: 3 });
        assert_eq!(faults[1], StageFault::Minimum { stage: 1, green_min_s: 0.0, pedestrian_min_s: 0.0 });
        assert_eq!(faults[2], StageFault::Shown { stage: 1, lamp: 2, shown: Lamp::Yellow });
        assert_eq!(junction(Vec::new()).unwrap_err(), [StageFault::Empty]);
    }

    #[test]
    fn who_loses_green_shows_yellow_then_red_and_who_keeps_it_stays_green() {
        let stages = junction(vec![stage(&[G, Y, R], 10.0), stage(&[R, G, R], 5.0), stage(&[R, R, G], 8.0)]).unwrap();
        let program = stages.program(&[30.0, 10.0, 20.0], 7.0).unwrap();
        let yellow = Lamp::Yellow;
        let expected = vec![
            (30.0, vec![G, Y, R]),
            // The left turn has the way to itself once the main road has cleared.
            (3.0, vec![yellow, Y, R]),
            (2.0, vec![R, Y, R]),
            (10.0, vec![R, G, R]),
            (3.0, vec![R, yellow, R]),
            (2.0, vec![R, R, R]),
            (20.0, vec![R, R, G]),
            (3.0, vec![R, R, yellow]),
            (2.0, vec![R, R, R]),
        ];
        assert_eq!(shown(program.phases()), expected);
        assert_eq!(program.cycle_s(), 75.0);
        assert_eq!(program.phase_at(7.0), (0, 30.0));
    }

    #[test]
    fn red_and_yellow_comes_before_green() {
        let conflict = Conflict { lamps: [0, 1], intergreen_s: [6.0, 5.0], may_yield: false };
        let intergreens = Intergreens::new(vec![3.0, 3.0], 1.0, &[conflict]).unwrap();
        let stages = Stages::new(vec![stage(&[G, R], 5.0), stage(&[R, G], 5.0)], intergreens).unwrap();
        let program = stages.program(&[10.0, 10.0], 0.0).unwrap();
        assert_eq!(program.phases()[1].lamps, [Lamp::Yellow, R]);
        assert_eq!((program.phases()[2].duration_s, program.phases()[2].lamps[1]), (2.0, R));
        assert_eq!((program.phases()[3].duration_s, program.phases()[3].lamps[1]), (1.0, Lamp::RedYellow));
    }

    #[test]
    fn a_green_lost_before_the_last_stage_is_remembered() {
        // Those on foot (lamp 0) need 20 s to clear before the main road (lamp 2) starts; a stage of 5 s lies between.
        let slow = Conflict { lamps: [0, 2], intergreen_s: [20.0, 5.0], may_yield: false };
        let quick = Conflict { lamps: [1, 2], intergreen_s: [5.0, 5.0], may_yield: false };
        let intergreens = Intergreens::new(vec![0.0, 3.0, 3.0], 0.0, &[slow, quick]).unwrap();
        let stages = vec![stage(&[G, R, R], 5.0), stage(&[R, G, R], 5.0), stage(&[R, R, G], 5.0)];
        let stages = Stages::new(stages, intergreens).unwrap();
        assert_eq!(stages.intergreens_s(&[10.0, 5.0, 10.0]), [0.0, 15.0, 5.0]);
        assert_eq!(stages.intergreens_s(&[10.0, 30.0, 10.0]), [0.0, 5.0, 5.0]);
        let program = stages.program(&[10.0, 5.0, 10.0], 0.0).unwrap();
        assert_eq!(program.cycle_s(), 45.0);
    }

    #[test]
    fn greens_shorter_than_those_on_foot_need_are_refused() {
        let mut walk = stage(&[G, R, R], 5.0);
        walk.pedestrian_min_s = 12.0;
        let stages = junction(vec![walk, stage(&[R, R, G], 5.0)]).unwrap();
        let short = StageFault::TooShort { stage: 0, green_s: 11.0, min_s: 12.0 };
        assert_eq!(stages.program(&[11.0, 20.0], 0.0), Err(short));
        assert_eq!(stages.program(&[12.0], 0.0), Err(StageFault::Greens { count: 1, expected: 2 }));
        assert!(matches!(stages.program(&[12.0, 20.0], f64::NAN), Err(StageFault::Program(_))));
    }
}

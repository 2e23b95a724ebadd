//! A program for signals that have none: every stage has the same green.
//!
//! Between stages come yellow for those whose green ends, then red until all who go next are safe from them. Our rule: it
//! makes a network complete, no more. Left out: flows (see the programs computed from stages), coordination, red and
//! yellow together (not in use in Italy).

use super::stages::SignalPlan;
use crate::signals::{Lamp, Phase, Program, ProgramFault};

/// Green of each stage, in seconds.
const GREEN_S: f64 = 20.0;

/// The default program of a signal. A signal with one stage shows green for ever.
///
/// # Errors
/// Where it has no stage.
pub(super) fn program(plan: &SignalPlan) -> Result<Program, ProgramFault> {
    let shown: Vec<Vec<Lamp>> = (0..plan.stages.len()).map(|stage| shown(plan, stage)).collect();
    let mut phases = Vec::new();
    for (stage, lamps) in shown.iter().enumerate() {
        phases.push(Phase { duration_s: GREEN_S, lamps: lamps.clone() });
        if shown.len() > 1 {
            change(plan, lamps, &shown[(stage + 1) % shown.len()], &mut phases);
        }
    }
    Program::new(phases, 0.0)
}

/// What all lamps show during a stage.
pub(super) fn shown(plan: &SignalPlan, stage: usize) -> Vec<Lamp> {
    let movements = &plan.stages[stage].movements;
    plan.movements
        .iter()
        .map(|row| match movements.iter().find(|(movement, _)| movement == row) {
            None => Lamp::Red,
            Some((_, true)) => Lamp::GreenYield,
            Some((_, false)) => Lamp::Green,
        })
        .collect()
}

/// From one stage to the next: yellow and red, in as many phases as lamps change.
fn change(plan: &SignalPlan, before: &[Lamp], after: &[Lamp], phases: &mut Vec<Phase>) {
    let ends = |lamp: usize| !before[lamp].is_red() && after[lamp].is_red();
    let begins = |lamp: usize| before[lamp].is_red() && !after[lamp].is_red();
    let ending: Vec<usize> = (0..before.len()).filter(|&lamp| ends(lamp)).collect();
    let beginning: Vec<usize> = (0..before.len()).filter(|&lamp| begins(lamp)).collect();
    let yellow_s = ending.iter().map(|&lamp| plan.yellow_s[lamp]).fold(0.0, f64::max);
    let needed_s = ending
        .iter()
        .flat_map(|&clears| beginning.iter().filter_map(move |&enters| plan.intergreen_s[clears][enters]))
        .fold(yellow_s, f64::max);
    let mut times_s: Vec<f64> = ending.iter().map(|&lamp| plan.yellow_s[lamp]).chain([needed_s]).collect();
    times_s.sort_by(f64::total_cmp);
    let mut now_s = 0.0;
    for time_s in times_s {
        if time_s <= now_s {
            continue;
        }
        let lamps = (0..before.len())
            .map(|lamp| match (before[lamp], after[lamp]) {
                _ if ends(lamp) && plan.yellow_s[lamp] > now_s => Lamp::Yellow,
                _ if ends(lamp) => Lamp::Red,
                (Lamp::Green, Lamp::Green) => Lamp::Green,
                (Lamp::Green | Lamp::GreenYield, _) => Lamp::GreenYield,
                (other, _) => other,
            })
            .collect();
        phases.push(Phase { duration_s: time_s - now_s, lamps });
        now_s = time_s;
    }
}

#[cfg(test)]
mod tests {
    use super::super::stages::Stage;
    use super::*;

    #[test]
    fn between_two_stages_come_yellow_and_then_red() {
        let stage = |movement| Stage { movements: vec![(movement, false)] };
        let plan = SignalPlan {
            junction: 0,
            signal: 0,
            movements: vec![7, 9],
            stages: vec![stage(7), stage(9)],
            intergreen_s: vec![vec![None, Some(5.0)], vec![Some(2.0), None]],
            yellow_s: vec![3.0, 4.0],
            approaches: vec![0, 1],
            crossed_m: vec![0.0; 2],
        };
        let program = program(&plan).unwrap();
        let phases: Vec<(f64, Vec<Lamp>)> =
            program.phases().iter().map(|phase| (phase.duration_s, phase.lamps.clone())).collect();
        assert_eq!(
            phases,
            [
                (20.0, vec![Lamp::Green, Lamp::Red]),
                (3.0, vec![Lamp::Yellow, Lamp::Red]),
                (2.0, vec![Lamp::Red, Lamp::Red]),
                (20.0, vec![Lamp::Red, Lamp::Green]),
                (4.0, vec![Lamp::Red, Lamp::Yellow]),
            ]
        );
    }
}

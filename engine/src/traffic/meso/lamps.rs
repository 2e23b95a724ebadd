//! What a signal shows, and when it lets one go again.

use crate::signals::{Lamp, Program};
use crate::traffic::network::{LaneNetwork, Passage};
use crate::traffic::rule::Rule;

/// Keeps a phase that begins at a time from being missed by a rounding error, in seconds.
const ROUNDING_S: f64 = 1e-6;

/// What rules at a passage at a time, and since when.
pub(super) fn rule_at(network: &LaneNetwork, passage: &Passage, time_s: f64) -> (Rule, f64) {
    let Some((signal, lamp)) = passage.signal else { return (Rule::of(passage, None), f64::NEG_INFINITY) };
    let program = &network.signals[signal as usize].program;
    let (phase, left_s) = program.phase_at(time_s + ROUNDING_S);
    let shown = &program.phases()[phase];
    let since_s = time_s + ROUNDING_S + left_s - shown.duration_s;
    (Rule::of(passage, Some(shown.lamps[lamp as usize])), since_s)
}

/// When one may next pass a lamp that is against one at a time; infinite if never.
pub(super) fn opens_s(network: &LaneNetwork, passage: &Passage, time_s: f64) -> f64 {
    let Some((signal, lamp)) = passage.signal else { return time_s };
    let program: &Program = &network.signals[signal as usize].program;
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

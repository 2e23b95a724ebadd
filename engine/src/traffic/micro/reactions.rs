//! What drivers who take time to react have decided and their vehicles have not done yet.
//!
//! Everything that the human driver model works on is what a driver saw a reaction time ago (Treiber, Kesting, Helbing 2006,
//! Physica A 360, 71–88, section 2.1). A decision follows from what is seen alone; so it is enough to keep decisions until
//! their time comes, one number for each vehicle and step. Between two steps they are interpolated, as the source
//! interpolates what is seen. Columns by vehicle and step, which are there only where a type needs them. Left out: a
//! reaction time to lamps and signs.

use super::vehicles::Kind;
use crate::traffic::car_following::Model;

/// What a driver decides in a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decision {
    pub(super) vehicle: u32,
    pub(super) acceleration_mps2: f32,
    /// How fast the vehicle was then.
    pub(super) speed_mps: f32,
}

/// Decisions of the last steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Reactions {
    /// How many steps are kept; none where nobody takes time to react.
    steps: u32,
    decided_mps2: Vec<f32>,
    last_mps: Vec<f32>,
}

impl Reactions {
    /// Room for so many vehicles of some kinds.
    pub(super) fn new(kinds: &[Kind], step_s: f64, vehicles: usize) -> Self {
        let thinking = kinds.iter().map(|kind| kind.follower.model).filter(Model::thinks_ahead);
        let Some(most_s) = thinking.map(|model| model.reaction_s()).reduce(f64::max) else { return Self::default() };
        let steps = (most_s / step_s) as u32 + 2;
        Self { steps, decided_mps2: vec![0.0; vehicles * steps as usize], last_mps: vec![0.0; vehicles] }
    }

    fn row(&self, vehicle: u32, step: u32) -> usize {
        vehicle as usize * self.steps as usize + (step % self.steps) as usize
    }

    /// Notes decisions of a step.
    pub(super) fn note(&mut self, step: u32, decisions: &mut Vec<Decision>) {
        for decision in decisions.drain(..) {
            let row = self.row(decision.vehicle, step);
            self.decided_mps2[row] = decision.acceleration_mps2;
            self.last_mps[decision.vehicle as usize] = decision.speed_mps;
        }
    }

    /// How fast a vehicle was a step ago, if it was on its way then.
    pub(super) fn last_mps(&self, vehicle: u32, known_steps: u32) -> Option<f64> {
        (known_steps > 0).then(|| f64::from(self.last_mps[vehicle as usize]))
    }

    /// What a vehicle does in a step: what its driver decided `delay_steps` ago, or first of all where it has not been on its
    /// way for so long. `now_mps2` is what is decided in this step, `known_steps` how many came before it.
    pub(super) fn done_mps2(&self, vehicle: u32, step: u32, delay_steps: f64, now_mps2: f64, known_steps: u32) -> f64 {
        let decided_mps2 = |ago: u32| {
            let ago = ago.min(known_steps);
            if ago == 0 { now_mps2 } else { f64::from(self.decided_mps2[self.row(vehicle, step - ago)]) }
        };
        let whole = delay_steps as u32;
        let rest = delay_steps - f64::from(whole);
        let done_mps2 = decided_mps2(whole);
        if rest > 0.0 { done_mps2 + rest * (decided_mps2(whole + 1) - done_mps2) } else { done_mps2 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::fixtures::car;
    use crate::traffic::micro::simulation::kind;

    fn thinking(reaction_s: f64) -> Kind {
        let model = Model::Human { headway_s: 1.0, exponent: 4.0, reaction_s, anticipation_s: 0.0, leaders: 1 };
        kind(&car(model), 0.5)
    }

    #[test]
    fn decisions_are_carried_out_when_their_time_has_come() {
        let mut reactions = Reactions::new(&[thinking(0.9), thinking(0.2)], 0.5, 3);
        for step in 10..20 {
            let known = step - 10;
            let now = f64::from(step);
            let done = |delay: f64| reactions.done_mps2(2, step, delay, now, known);
            // 0.9 s are 1.8 steps.
            let expected = if known >= 2 { now - 1.8 } else { now - f64::from(known).min(1.8) };
            assert!((done(1.8) - expected).abs() < 1e-5, "{} and {expected} in step {step}", done(1.8));
            assert_eq!(done(0.0), now);
            reactions.note(step, &mut vec![Decision { vehicle: 2, acceleration_mps2: step as f32, speed_mps: 1.0 }]);
        }
        assert_eq!(reactions.last_mps(2, 3), Some(1.0));
        assert_eq!(reactions.last_mps(2, 0), None);
    }
}

//! Control by queues before and behind the junction.
//!
//! Varaiya (2013), *Max pressure control of a network of signalized intersections*, Transportation Research Part C 36,
//! 177–195: at each decision the stage is shown whose pressure is greatest. The pressure of a stage is the sum over its
//! movements of saturation flow times the queue before the junction less the queues behind it, those weighted by the shares
//! of traffic that go there. With queues that can be served at all it keeps them bounded, without knowing demand. Added to the
//! paper: intergreens, shortest and longest greens, and a bound on every lamp's red, which its rule alone does not give. The
//! paper changes stages without loss; here what another stage's shortest green is worth is weighed against the one shown for
//! as long as that and the intergreens before it take, because who only follows the greatest pressure spends its time on yellow. Queues
//! are counted by lane and split by given shares. Left out: lengths of lanes, so that a short lane that is full weighs
//! no more than a long one with the same queue.

use super::SAME_S;
use super::between::StageWalk;
use super::observations::Observations;
use super::priority::{BusPriority, BusPriorityFault, Favour};
use super::turns::Turns;
use crate::signals::program::Lamp;
use crate::signals::stages::{StageFault, Stages};

/// Traffic from one lane through one lamp.
#[derive(Clone, Debug, PartialEq)]
pub struct Movement {
    /// The lamp that it obeys, from 0.
    pub lamp: u32,
    /// The lane of [`Observations::lanes`] that it comes from.
    pub lane: u32,
    /// What share of that lane's queue it is, from 0 to 1.
    pub share: f64,
    /// Vehicles an hour that pass while the lamp is green; not negative.
    pub saturation_flow_vph: f64,
    /// Where its traffic goes on: places of [`Observations::downstream_veh`] with the shares of that place's queue that count,
    /// from 0 to 1.
    pub onward: Vec<(u32, f64)>,
}

/// Bounds of max-pressure control.
#[derive(Clone, Debug, PartialEq)]
pub struct PressureOptions {
    /// Longest green of each stage in seconds, one entry a stage, not shorter than the stage must last.
    pub greens_max_s: Vec<f64>,
    /// Longest time in seconds from the end of a lamp's green to its next one. Kept exactly where times are whole numbers of
    /// steps; else every phase, of which there are a few to a stage, may last a step longer.
    pub red_max_s: f64,
    /// Seconds between decisions once a stage has had its shortest green; positive.
    pub decision_s: f64,
}

/// Why there is no max-pressure control.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MaxPressureFault {
    /// A movement obeys no lamp, or its numbers are none.
    #[error(
        "movement {number} is {movement:?}: give one of the {lamp_count} lamps, shares from 0 to 1, and a flow of 0 or more"
    )]
    Movement {
        /// Number of the movement, from 1.
        number: usize,
        /// The movement.
        movement: Movement,
        /// How many lamps there are.
        lamp_count: usize,
    },
    /// Stages cannot take their turns within the bound.
    #[error("no lamp is to be red for longer than {red_max_s} s, but with these stages that takes {needed_s} s")]
    Red {
        /// The bound.
        red_max_s: f64,
        /// The shortest bound that can be kept.
        needed_s: f64,
    },
    /// The time between decisions is none.
    #[error("a decision is made every {0} s, but time must pass between decisions")]
    Decision(f64),
    /// The longest greens are none.
    #[error(transparent)]
    Stage(#[from] StageFault),
    /// The priority is none.
    #[error(transparent)]
    Priority(#[from] BusPriorityFault),
}

/// Control by queues before and behind the junction.
#[derive(Clone, Debug)]
pub struct MaxPressure {
    walk: StageWalk,
    turns: Turns,
    movements: Vec<Movement>,
    options: PressureOptions,
    favour: Option<Favour>,
    decide_at_s: f64,
    has_begun: bool,
}

impl MaxPressure {
    /// Control that begins with the first stage at the first step.
    ///
    /// # Errors
    /// Where a movement, a bound or the priority is none, or the bound of red cannot be kept.
    pub fn new(
        stages: Stages,
        movements: Vec<Movement>,
        options: PressureOptions,
        priority: Option<BusPriority>,
    ) -> Result<Self, MaxPressureFault> {
        let lamp_count = stages.lamp_count();
        for (index, movement) in movements.iter().enumerate() {
            if !is_movement(movement, lamp_count) {
                let (number, movement) = (index + 1, movement.clone());
                return Err(MaxPressureFault::Movement { number, movement, lamp_count });
            }
        }
        stages.check_greens(&options.greens_max_s)?;
        let PressureOptions { red_max_s, decision_s, .. } = options;
        if !(decision_s.is_finite() && decision_s > 0.0) {
            return Err(MaxPressureFault::Decision(decision_s));
        }
        let turns = Turns::new(&stages, red_max_s).map_err(|needed_s| MaxPressureFault::Red { red_max_s, needed_s })?;
        let favour = priority.map(|priority| Favour::new(priority, stages.stages().len())).transpose()?;
        let walk = StageWalk::new(stages);
        Ok(Self { walk, turns, movements, options, favour, decide_at_s: 0.0, has_begun: false })
    }

    /// The pressure of a stage, numbered from 0, in vehicles times vehicles an hour; 0 for one that there is not.
    #[must_use]
    pub fn pressure(&self, stage: usize, observations: &Observations) -> f64 {
        let Some(stage) = self.walk.stages().stages().get(stage) else { return 0.0 };
        let of_movement = |movement: &Movement| {
            let queue_veh = movement.share * observations.before_veh(movement.lane);
            let onward = movement.onward.iter().map(|&(place, share)| share * observations.behind_veh(place));
            movement.saturation_flow_vph * (queue_veh - onward.sum::<f64>())
        };
        self.movements.iter().filter(|movement| stage.is_green(movement.lamp as usize)).map(of_movement).sum()
    }

    pub(super) fn priority(&self) -> Option<BusPriority> {
        self.favour.as_ref().map(Favour::priority)
    }

    pub(super) fn observed_counts(&self) -> (usize, usize) {
        let count = |numbers: &mut dyn Iterator<Item = u32>| numbers.max().map_or(0, |last| last as usize + 1);
        let lanes = count(&mut self.movements.iter().map(|movement| movement.lane));
        let places = count(&mut self.movements.iter().flat_map(|movement| &movement.onward).map(|&(place, _)| place));
        (lanes, places)
    }

    pub(super) fn lamps(&self) -> &[Lamp] {
        self.walk.lamps()
    }

    pub(super) fn step(&mut self, time_s: f64, observations: &Observations) -> bool {
        if !self.has_begun {
            self.has_begun = true;
            self.walk.begin(time_s);
            return true;
        }
        let Some(current) = self.walk.stage() else { return self.walk.go_on(time_s) };
        let min_s = self.walk.stages().stages()[current].min_s();
        if time_s < self.decide_at_s - SAME_S || time_s < self.walk.since_s() + min_s - SAME_S {
            return false;
        }
        self.decide_at_s = time_s + self.options.decision_s;
        let (next, is_cut) = self.decide(current, time_s, observations);
        if next == current {
            return false;
        }
        if let Some(favour) = &mut self.favour {
            favour.green_ended(time_s, current, is_cut);
        }
        self.walk.leave(next, time_s);
        true
    }

    pub(super) fn until_change_s(&self, time_s: f64) -> f64 {
        match self.walk.stage() {
            _ if !self.has_begun => 0.0,
            None => self.walk.left_s(time_s),
            Some(stage) => {
                let min_s = self.walk.stages().stages()[stage].min_s();
                (self.walk.since_s() + min_s).max(self.decide_at_s) - time_s
            }
        }
    }

    /// The stage to show next, and whether the one shown ends for a bus although it would not by itself.
    fn decide(&mut self, current: usize, time_s: f64, observations: &Observations) -> (usize, bool) {
        let may_last = self.leaves_time(current, current, time_s);
        let may_stay = may_last && {
            let shown_s = time_s - self.walk.since_s();
            shown_s + self.options.decision_s <= self.options.greens_max_s[current] + SAME_S
        };
        let by_pressure = self.best(current, may_stay, time_s, observations, None);
        if let Some(to) = self.for_bus(current, time_s, observations) {
            return (to, by_pressure == current);
        }
        if by_pressure != current && may_last && self.holds(current, time_s, observations) {
            // Whether the bus has passed is looked at in every step.
            self.decide_at_s = time_s;
            return (current, false);
        }
        (by_pressure, false)
    }

    /// The stage of greatest pressure among those that leave time for all others, that shown first among equals; of the
    /// stages that open `lamp`, if one is given, and then that shown if there is none.
    fn best(
        &mut self,
        current: usize,
        may_stay: bool,
        time_s: f64,
        observations: &Observations,
        lamp: Option<u32>,
    ) -> usize {
        let count = self.walk.stages().stages().len();
        let mut best: Option<(f64, usize)> = None;
        for stage in std::iter::once(current).chain((0..count).filter(|&stage| stage != current)) {
            let is_wanted = lamp.is_none_or(|lamp| self.walk.stages().stages()[stage].is_green(lamp as usize));
            let is_open = if stage == current { may_stay } else { self.leaves_time(stage, current, time_s) };
            if !(is_wanted && is_open) {
                continue;
            }
            let mut pressure = self.pressure(stage, observations);
            if stage != current && pressure > 0.0 {
                let min_s = self.walk.stages().stages()[stage].min_s();
                pressure *= min_s / (min_s + self.walk.between_s(stage, time_s));
            }
            if best.is_none_or(|(greatest, _)| pressure > greatest) {
                best = Some((pressure, stage));
            }
        }
        if lamp.is_some() {
            return best.map_or(current, |(_, stage)| stage);
        }
        best.map_or_else(|| self.most_urgent(current, time_s), |(_, stage)| stage)
    }

    fn most_urgent(&mut self, current: usize, time_s: f64) -> usize {
        let walk = &self.walk;
        self.turns.most_urgent(|lamp| walk.green_until_s(lamp, time_s), time_s).unwrap_or(current)
    }

    /// Whether every lamp can turn green in time if a stage is shown next, or the current one until the next decision.
    fn leaves_time(&mut self, stage: usize, current: usize, time_s: f64) -> bool {
        let until_s = if stage == current {
            time_s + self.options.decision_s
        } else {
            time_s + self.turns.between_max_s() + self.walk.stages().stages()[stage].min_s()
        };
        let walk = &self.walk;
        self.turns.leave_time(walk.stages(), stage, until_s, |lamp| walk.green_until_s(lamp, time_s))
    }

    fn holds(&mut self, current: usize, time_s: f64, observations: &Observations) -> bool {
        let stage = &self.walk.stages().stages()[current];
        let is_green = |lamp: u32| stage.is_green(lamp as usize);
        self.favour.as_mut().is_some_and(|favour| favour.holds(time_s, observations.buses, is_green))
    }

    /// The stage for a bus that waits, if one can be shown now.
    fn for_bus(&mut self, current: usize, time_s: f64, observations: &Observations) -> Option<usize> {
        let favour = self.favour.as_mut()?;
        let walk = &self.walk;
        let stages = walk.stages().stages();
        let earliest_s = |lamp: u32| {
            let opening = (0..stages.len()).filter(|&stage| stages[stage].is_green(lamp as usize));
            opening.map(|stage| walk.between_s(stage, time_s)).reduce(f64::min)
        };
        let is_green = |lamp: u32| stages[current].is_green(lamp as usize);
        let lamp = favour.cuts(time_s, current, observations.buses, is_green, earliest_s)?;
        let next = self.best(current, false, time_s, observations, Some(lamp));
        (next != current).then_some(next)
    }
}

fn is_movement(movement: &Movement, lamp_count: usize) -> bool {
    let is_share = |share: f64| (0.0..=1.0).contains(&share);
    (movement.lamp as usize) < lamp_count
        && is_share(movement.share)
        && movement.saturation_flow_vph.is_finite()
        && movement.saturation_flow_vph >= 0.0
        && movement.onward.iter().all(|&(_, share)| is_share(share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::control::{BusObservation, Control, LaneObservation};
    use crate::signals::{Intergreens, Stage};

    /// So many streets with a lane and a lamp each, that all cross.
    fn stages(count: usize) -> Stages {
        let stage = |number: usize| Stage {
            lamps: (0..count).map(|lamp| if lamp == number { Lamp::Green } else { Lamp::Red }).collect(),
            green_min_s: 6.0,
            pedestrian_min_s: 0.0,
        };
        let pairs = (0..count as u32).flat_map(|one| (0..one).map(move |other| ([one, other], false)));
        let intergreens = Intergreens::uniform(count, 3.0, 1.0, &pairs.collect::<Vec<_>>()).unwrap();
        Stages::new((0..count).map(stage).collect(), intergreens).unwrap()
    }

    fn movement(lamp: u32, onward: &[(u32, f64)]) -> Movement {
        Movement { lamp, lane: lamp, share: 1.0, saturation_flow_vph: 1800.0, onward: onward.to_vec() }
    }

    fn options(count: usize) -> PressureOptions {
        PressureOptions { greens_max_s: vec![60.0; count], red_max_s: 90.0, decision_s: 2.0 }
    }

    fn lanes(queues_veh: &[f64]) -> Vec<LaneObservation> {
        queues_veh.iter().map(|&queue_veh| LaneObservation { since_vehicle_s: 0.0, queue_veh }).collect()
    }

    fn control(count: usize, priority: Option<BusPriority>) -> MaxPressure {
        let movements = (0..count as u32).map(|lamp| movement(lamp, &[(lamp, 1.0)])).collect();
        MaxPressure::new(stages(count), movements, options(count), priority).unwrap()
    }

    #[test]
    fn pressure_is_flow_times_the_queue_less_the_queues_behind() {
        let movements = vec![movement(0, &[(0, 0.25), (1, 0.75)]), movement(1, &[])];
        let control = MaxPressure::new(stages(2), movements, options(2), None).unwrap();
        let lanes = lanes(&[10.0, 5.0]);
        let observed = Observations { lanes: &lanes, downstream_veh: &[4.0, 8.0], buses: &[] };
        assert_eq!(control.pressure(0, &observed), 1800.0 * (10.0 - 1.0 - 6.0));
        assert_eq!(control.pressure(1, &observed), 1800.0 * 5.0);
        let broken = Observations { downstream_veh: &[f64::NAN, 8.0], ..observed };
        assert_eq!(control.pressure(0, &broken), 1800.0 * (10.0 - 6.0));
    }

    #[test]
    fn the_longest_queue_is_served_unless_the_way_behind_is_full() {
        for (behind_veh, served) in [(0.0, 2), (20.0, 1)] {
            let mut control = Control::MaxPressure(control(3, None));
            let lanes = lanes(&[1.0, 5.0, 9.0]);
            let downstream_veh = [0.0, 0.0, behind_veh];
            for time_s in 0..11 {
                let observed = Observations { lanes: &lanes, downstream_veh: &downstream_veh, buses: &[] };
                control.step(f64::from(time_s), &observed);
            }
            // 6 s of the first stage, then 3 s of yellow and 1 s of red.
            assert_eq!(control.lamps()[served], Lamp::Green);
        }
    }

    /// 6 s of green after 4 s of yellow and red: ten seconds of three vehicles are worth more than six of four, and less than six of
    /// six.
    #[test]
    fn a_change_has_to_be_worth_the_time_that_it_takes() {
        for (others_veh, changes) in [(4.0, false), (6.0, true)] {
            let mut control = Control::MaxPressure(control(2, None));
            let lanes = lanes(&[3.0, others_veh]);
            let observed = Observations { lanes: &lanes, ..Observations::default() };
            for time_s in 0..11 {
                control.step(f64::from(time_s), &observed);
            }
            assert_eq!(control.lamps()[1] == Lamp::Green, changes, "{others_veh}");
        }
    }

    #[test]
    fn a_lane_without_pressure_turns_green_before_the_bound() {
        let mut control = Control::MaxPressure(control(2, None));
        let lanes = lanes(&[30.0, 0.0]);
        let mut greens_s = Vec::new();
        for time_s in 0..400 {
            let observed = Observations { lanes: &lanes, ..Observations::default() };
            if control.step(f64::from(time_s), &observed).is_some() && control.lamps()[1] == Lamp::Green {
                greens_s.push(time_s);
            }
        }
        // Greens of 60 s, the longest, and of 6 s, the shortest, with 4 s between.
        assert_eq!(greens_s, [64, 138, 212, 286, 360]);
    }

    #[test]
    fn a_bus_is_let_through_against_the_pressure() {
        let priority = BusPriority { extension_max_s: 10.0, cut_max_s: 60.0, horizon_s: 30.0, pause_s: 60.0 };
        let mut control = Control::MaxPressure(control(2, Some(priority)));
        let lanes = lanes(&[30.0, 0.0]);
        let mut shown = Vec::new();
        for time_s in (0..40).map(f64::from) {
            let bus = BusObservation { lamp: 1, arrival_s: f64::max(24.0 - time_s, 0.0) };
            let buses = if (10.0..25.0).contains(&time_s) { vec![bus] } else { Vec::new() };
            let observed = Observations { lanes: &lanes, buses: &buses, ..Observations::default() };
            if control.step(time_s, &observed).is_some() {
                shown.push((time_s, control.lamps()[1]));
            }
        }
        let red_and_green = [(0.0, Lamp::Red), (20.0, Lamp::Red), (23.0, Lamp::Red), (24.0, Lamp::Green)];
        assert_eq!(shown[..4], red_and_green);
        assert_eq!(shown[4], (30.0, Lamp::Yellow), "the pressure is back to its own");
    }

    #[test]
    fn numbers_that_make_no_control_are_refused() {
        let fault = |movements, options| MaxPressure::new(stages(2), movements, options, None).unwrap_err();
        let wrong = movement(2, &[]);
        let expected = MaxPressureFault::Movement { number: 1, movement: wrong.clone(), lamp_count: 2 };
        assert_eq!(fault(vec![wrong], options(2)), expected);
        let short = PressureOptions { red_max_s: 20.0, ..options(2) };
        assert_eq!(fault(Vec::new(), short), MaxPressureFault::Red { red_max_s: 20.0, needed_s: 34.0 });
        let hasty = PressureOptions { decision_s: 0.0, ..options(2) };
        assert_eq!(fault(Vec::new(), hasty), MaxPressureFault::Decision(0.0));
        assert!(matches!(fault(Vec::new(), options(3)), MaxPressureFault::Stage(StageFault::Greens { .. })));
    }
}

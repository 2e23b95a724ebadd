//! What holds for every junction and every traffic: random junctions, random observations, and a watch that looks at lamps.

use proptest::prelude::*;

use super::*;
use crate::draws::{Draws, Purpose, Sequence};
use crate::signals::{Conflict, Intergreens, Stage, Stages};

/// A way to draw numbers of any kind.
struct Dice(Sequence);

impl Dice {
    fn new(seed: u64, purpose: Purpose) -> Self {
        Self(Draws::new(seed).sequence(purpose, 0))
    }

    /// A whole number from `low` to `high`.
    fn whole(&mut self, low: u32, high: u32) -> u32 {
        low + (self.0.uniform() * f64::from(high - low + 1)) as u32
    }

    fn seconds(&mut self, low: u32, high: u32) -> f64 {
        f64::from(self.whole(low, high))
    }

    fn happens(&mut self, chance: f64) -> bool {
        self.0.uniform() < chance
    }
}

/// A junction of 2 to 6 lamps with a stage for each, in which all others are green that may be. All times are whole seconds.
fn junction(dice: &mut Dice) -> Stages {
    let count = dice.whole(2, 6) as usize;
    let yellow_s: Vec<f64> = (0..count).map(|_| if dice.happens(0.2) { 0.0 } else { dice.seconds(1, 5) }).collect();
    let mut conflicts = Vec::new();
    for second in 1..count {
        for first in 0..second {
            if dice.happens(0.4) {
                continue;
            }
            // Some clear so slowly that a whole stage may lie between.
            let clears_max_s = if dice.happens(0.2) { 30 } else { 9 };
            let intergreen_s = [first, second].map(|lamp: usize| yellow_s[lamp] + dice.seconds(0, clears_max_s));
            let may_yield = dice.happens(0.3);
            conflicts.push(Conflict { lamps: [first as u32, second as u32], intergreen_s, may_yield });
        }
    }
    let intergreens = Intergreens::new(yellow_s, dice.seconds(0, 2), &conflicts).unwrap();
    let mut stages = Vec::new();
    for number in 0..count {
        let mut lamps = vec![Lamp::Red; count];
        lamps[number] = Lamp::Green;
        for lamp in (0..count).filter(|&lamp| lamp != number) {
            let foes: Vec<usize> = (0..count)
                .filter(|&other| lamps[other].is_green() && intergreens.may_yield(lamp, other).is_some())
                .collect();
            let gives_way = foes.iter().all(|&foe| intergreens.may_yield(lamp, foe) == Some(true));
            if gives_way && dice.happens(0.7) {
                lamps[lamp] = if foes.is_empty() { Lamp::Green } else { Lamp::GreenYield };
            }
        }
        stages.push(Stage { lamps, green_min_s: dice.seconds(1, 10), pedestrian_min_s: dice.seconds(0, 14) });
    }
    Stages::new(stages, intergreens).unwrap()
}

fn priority(dice: &mut Dice) -> BusPriority {
    BusPriority {
        extension_max_s: dice.seconds(0, 20),
        cut_max_s: dice.seconds(0, 30),
        horizon_s: dice.seconds(0, 60),
        pause_s: dice.seconds(0, 90),
    }
}

/// Traffic of any kind, now and then senseless.
struct Traffic {
    lanes: Vec<LaneObservation>,
    downstream_veh: Vec<f64>,
    buses: Vec<BusObservation>,
}

impl Traffic {
    fn new(count: usize) -> Self {
        Self { lanes: vec![LaneObservation::EMPTY; count], downstream_veh: vec![0.0; count], buses: Vec::new() }
    }

    fn step(&mut self, step_s: f64, dice: &mut Dice) {
        for lane in &mut self.lanes {
            lane.since_vehicle_s = if dice.happens(0.4) { 0.0 } else { lane.since_vehicle_s + step_s };
            if dice.happens(0.05) {
                lane.queue_veh = dice.seconds(0, 40);
            }
            if dice.happens(0.001) {
                (lane.queue_veh, lane.since_vehicle_s) = (f64::NAN, f64::NAN);
            }
        }
        for vehicles in &mut self.downstream_veh {
            if dice.happens(0.05) {
                *vehicles = dice.seconds(0, 40);
            }
        }
        for bus in &mut self.buses {
            bus.arrival_s = (bus.arrival_s - step_s).max(0.0);
        }
        self.buses.retain(|bus| bus.arrival_s > 0.0 || !dice.happens(0.3));
        if self.buses.len() < 4 && dice.happens(0.03) {
            self.buses.push(BusObservation { lamp: dice.whole(0, 7), arrival_s: dice.seconds(0, 60) });
        }
    }

    fn seen(&self) -> Observations<'_> {
        Observations { lanes: &self.lanes, downstream_veh: &self.downstream_veh, buses: &self.buses }
    }
}

/// Looks at the lamps of a junction.
struct Watch<'a> {
    stages: &'a Stages,
    red_max_s: f64,
    shown: Vec<Lamp>,
    since_s: Vec<f64>,
    /// When the green of each lamp began, and when it ended.
    greens_s: Vec<(f64, f64)>,
}

impl<'a> Watch<'a> {
    fn new(stages: &'a Stages, red_max_s: f64, lamps: &[Lamp]) -> Self {
        let count = lamps.len();
        Self {
            stages,
            red_max_s,
            shown: lamps.to_vec(),
            // What is shown at first may have been shown for long.
            since_s: vec![f64::NEG_INFINITY; count],
            greens_s: vec![(f64::NEG_INFINITY, f64::NEG_INFINITY); count],
        }
    }

    fn look(&mut self, time_s: f64, lamps: &[Lamp]) -> Result<(), TestCaseError> {
        for (lamp, &now) in lamps.iter().enumerate() {
            self.look_at_pairs(time_s, lamp, lamps)?;
            let before = self.shown[lamp];
            if now == before {
                continue;
            }
            let shown_s = time_s - self.since_s[lamp];
            let yellow_s = self.stages.intergreens().yellow_s(lamp);
            match (before.is_green(), now.is_green()) {
                (true, false) => {
                    let end = if yellow_s > 0.0 { Lamp::Yellow } else { Lamp::Red };
                    prop_assert!(now == end || yellow_s == 0.0 && now == Lamp::RedYellow, "{now:?} after green");
                    self.look_at_green(lamp, time_s)?;
                    self.greens_s[lamp].1 = time_s;
                }
                (false, true) => {
                    prop_assert!(before.is_red(), "green after {before:?}");
                    if self.stages.intergreens().red_yellow_s() > 0.0 {
                        prop_assert!(before == Lamp::RedYellow, "green after {before:?}");
                    }
                    self.greens_s[lamp].0 = time_s;
                    let red_s = time_s - self.greens_s[lamp].1;
                    if self.greens_s[lamp].1.is_finite() {
                        prop_assert!(red_s <= self.red_max_s + 1e-6, "lamp {lamp} was red for {red_s} s");
                    }
                }
                (false, false) if before == Lamp::Yellow => {
                    prop_assert!(shown_s >= yellow_s - 1e-6, "{shown_s} s of yellow at lamp {lamp}");
                }
                _ => {}
            }
            if before.is_green() != now.is_green() || !now.is_green() {
                self.since_s[lamp] = time_s;
            }
            self.shown[lamp] = now;
        }
        Ok(())
    }

    /// A green lasts at least as long as the shortest stage that opens the lamp.
    fn look_at_green(&self, lamp: usize, time_s: f64) -> Result<(), TestCaseError> {
        let opening = self.stages.stages().iter().filter(|stage| stage.is_green(lamp));
        let min_s = opening.map(Stage::min_s).fold(f64::INFINITY, f64::min);
        let green_s = time_s - self.greens_s[lamp].0;
        prop_assert!(green_s >= min_s - 1e-6, "{green_s} s of green at lamp {lamp}");
        Ok(())
    }

    /// Nobody in conflict is green, nor was until a moment ago.
    fn look_at_pairs(&self, time_s: f64, lamp: usize, lamps: &[Lamp]) -> Result<(), TestCaseError> {
        let intergreens = self.stages.intergreens();
        if !lamps[lamp].is_green() {
            return Ok(());
        }
        for (other, &shown) in lamps.iter().enumerate() {
            let Some(may_yield) = intergreens.may_yield(lamp, other) else { continue };
            if shown.is_green() {
                let somebody_yields = lamps[lamp] == Lamp::GreenYield || shown == Lamp::GreenYield;
                prop_assert!(may_yield && somebody_yields, "lamps {lamp} and {other} are green");
            } else if !self.shown[lamp].is_green() {
                let end_s = if self.shown[other].is_green() { time_s } else { self.greens_s[other].1 };
                let needed_s = intergreens.between_s(other, lamp).unwrap_or(0.0);
                prop_assert!(time_s - end_s >= needed_s - 1e-6, "{lamp} green {} s after {other}", time_s - end_s);
            }
        }
        Ok(())
    }
}

/// Steps a control through random traffic under a watch.
fn drive(
    control: &mut Control,
    watch: (&Stages, f64),
    steps: u32,
    step_s: f64,
    dice: &mut Dice,
) -> Result<(), TestCaseError> {
    let (stages, red_max_s) = watch;
    let begin_s = 1000.0;
    let mut traffic = Traffic::new(stages.lamp_count());
    prop_assert!(control.step(begin_s, &traffic.seen()).is_some(), "the first step tells what is shown");
    let mut watch = Watch::new(stages, red_max_s, control.lamps());
    let mut locked_until_s: f64 = begin_s;
    for step in 1..steps {
        let time_s = begin_s + f64::from(step) * step_s;
        traffic.step(step_s, dice);
        if control.step(time_s, &traffic.seen()).is_some() {
            prop_assert!(time_s >= locked_until_s - 1e-6, "changed at {time_s} s, not before {locked_until_s} s");
        }
        watch.look(time_s, control.lamps())?;
        locked_until_s = time_s + control.until_change_s(time_s);
    }
    Ok(())
}

fn step_s(dice: &mut Dice) -> f64 {
    [0.5, 1.0, 1.0, 2.5, 7.0][dice.whole(0, 4) as usize]
}

/// Whether steps are so fine that times in whole seconds are kept exactly.
fn is_fine(step_s: f64) -> bool {
    step_s <= 1.0
}

/// The longest that anything is red in a ring of stages with greens as long as they may become.
fn round_s(stages: &Stages, greens_max_s: &[f64], extension_s: f64) -> f64 {
    let mins_s: Vec<f64> = stages.stages().iter().map(Stage::min_s).collect();
    let greens_s: f64 = greens_max_s.iter().map(|green_s| green_s + extension_s).sum();
    greens_s + stages.intergreens_s(&mins_s).iter().sum::<f64>()
}

proptest! {
    // 32 junctions of 4,000 steps for each kind of control.
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn actuated_control_is_safe_and_starves_nobody(seed in any::<u64>()) {
        let mut dice = Dice::new(seed, Purpose::new("actuated"));
        let stages = junction(&mut dice);
        let lanes: Vec<Vec<u32>> = (0..stages.lamp_count() as u32).map(|lamp| vec![lamp]).collect();
        let greens_max_s: Vec<f64> = stages.stages().iter().map(|stage| stage.min_s() + dice.seconds(0, 40)).collect();
        let priority = dice.happens(0.7).then(|| priority(&mut dice));
        let control = Actuated::of_stages(&stages, &greens_max_s, &lanes, Gaps::default(), priority).unwrap();
        let step_s = step_s(&mut dice);
        let extension_s = priority.map_or(0.0, |priority| priority.extension_max_s);
        let red_max_s = if is_fine(step_s) { round_s(&stages, &greens_max_s, extension_s) } else { f64::INFINITY };
        drive(&mut Control::Actuated(control), (&stages, red_max_s), 4000, step_s, &mut dice)?;
    }

    #[test]
    fn max_pressure_control_is_safe_and_keeps_its_bound_of_red(seed in any::<u64>()) {
        let mut dice = Dice::new(seed, Purpose::new("max pressure"));
        let stages = junction(&mut dice);
        let count = stages.lamp_count() as u32;
        let movements: Vec<Movement> = (0..count)
            .map(|lamp| Movement {
                lamp,
                lane: lamp,
                share: 1.0,
                saturation_flow_vph: 1800.0,
                onward: vec![(dice.whole(0, count), 0.5), (dice.whole(0, count), 0.5)],
            })
            .collect();
        let mut options = PressureOptions {
            greens_max_s: stages.stages().iter().map(|stage| stage.min_s() + dice.seconds(0, 60)).collect(),
            red_max_s: 0.0,
            decision_s: dice.seconds(1, 5),
        };
        let priority = dice.happens(0.7).then(|| priority(&mut dice));
        let fault = MaxPressure::new(stages.clone(), movements.clone(), options.clone(), priority).unwrap_err();
        let MaxPressureFault::Red { needed_s, .. } = fault else { panic!("{fault}") };
        options.red_max_s = needed_s + if dice.happens(0.5) { 0.0 } else { dice.seconds(0, 60) };
        let step_s = step_s(&mut dice);
        let red_max_s = if is_fine(step_s) { options.red_max_s } else { f64::INFINITY };
        let control = MaxPressure::new(stages.clone(), movements, options, priority).unwrap();
        drive(&mut Control::MaxPressure(control), (&stages, red_max_s), 4000, step_s, &mut dice)?;
    }

    #[test]
    fn fixed_control_that_favours_buses_is_safe_and_comes_back_to_its_offset(seed in any::<u64>()) {
        let mut dice = Dice::new(seed, Purpose::new("fixed"));
        let stages = junction(&mut dice);
        let greens_s: Vec<f64> = stages.stages().iter().map(|stage| stage.min_s() + dice.seconds(0, 20)).collect();
        let greens_max_s: Vec<f64> = greens_s.iter().map(|green_s| green_s + dice.seconds(0, 20)).collect();
        let priority = priority(&mut dice);
        let offset_s = dice.seconds(0, 100);
        let fixed = Fixed::of_stages(&stages, &greens_s, &greens_max_s, offset_s, priority).unwrap();
        let program = fixed.program().clone();
        let mut control = Control::Fixed(fixed);
        let step_s = step_s(&mut dice);
        let longest_s = round_s(&stages, &greens_max_s, priority.extension_max_s);
        let red_max_s = if is_fine(step_s) { longest_s } else { f64::INFINITY };
        drive(&mut control, (&stages, red_max_s), 4000, step_s, &mut dice)?;
        // Without buses what greens had too much or too little is made up for, where there is room for it.
        let has_room = (0..greens_s.len()).any(|stage| greens_s[stage] > stages.stages()[stage].min_s())
            && (0..greens_s.len()).any(|stage| greens_s[stage] < greens_max_s[stage]);
        if step_s != 1.0 || !has_room {
            return Ok(());
        }
        let quiet_s = 5000 + (200.0 * program.cycle_s()) as u32;
        for time_s in (5000..quiet_s).map(f64::from) {
            control.step(time_s, &Observations::default());
        }
        for time_s in (quiet_s..quiet_s + 200).map(f64::from) {
            control.step(time_s, &Observations::default());
            prop_assert_eq!(control.lamps(), &program.phases()[program.phase_at(time_s).0].lamps[..]);
        }
    }

    #[test]
    fn a_fixed_program_of_stages_is_safe(seed in any::<u64>()) {
        let mut dice = Dice::new(seed, Purpose::new("fixed"));
        let stages = junction(&mut dice);
        let greens_s: Vec<f64> = stages.stages().iter().map(|stage| stage.min_s() + dice.seconds(0, 20)).collect();
        let program = stages.program(&greens_s, dice.seconds(0, 100)).unwrap();
        let cycle_s = program.cycle_s();
        drive(&mut Control::Fixed(Fixed::new(program)), (&stages, cycle_s), 4000, 0.5, &mut dice)?;
    }
}

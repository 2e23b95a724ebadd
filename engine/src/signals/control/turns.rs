//! Who must turn green by when, so that no lamp stays red beyond a bound.
//!
//! A few stages are chosen that together open every lamp, each standing for those of its lamps that no other stands for. At
//! every choice it must remain possible to show these, in the order of their deadlines and each for its shortest green, so
//! that all keep their deadlines. As long as the bound is not shorter than one such round with another stage in between, a
//! choice that keeps this possible exists at every time: the stage whose deadline is first. This is the argument for
//! scheduling by the earliest deadline (Liu and Layland 1973, Journal of the ACM 20(1), 46–61) for work that is not
//! interrupted.

use crate::signals::stages::Stages;

/// A stage, and the lamps that it stands for.
#[derive(Clone, Debug)]
struct Turn {
    stage: usize,
    lamps: Vec<usize>,
    /// Time for getting there and for its shortest green, in seconds.
    needed_s: f64,
}

/// The turns of a signal.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    red_max_s: f64,
    turns: Vec<Turn>,
    /// Longest time between two stages, whatever was before, in seconds.
    between_max_s: f64,
    /// Room for the turns in the order of their deadlines.
    order: Vec<(f64, usize)>,
}

impl Turns {
    /// Turns that keep every lamp's red, from the end of its green to the beginning of the next, to a bound.
    ///
    /// # Errors
    /// The shortest bound that can be kept, if that is longer.
    pub(super) fn new(stages: &Stages, red_max_s: f64) -> Result<Self, f64> {
        let count = stages.stages().len();
        let between = (0..count).flat_map(|from| (0..count).map(move |to| stages.intergreen_s(from, to)));
        let between_max_s = between.fold(stages.intergreens().longest_s(), f64::max);
        let needed_s = |stage: usize| between_max_s + stages.stages()[stage].min_s();
        let mut is_open: Vec<bool> = (0..stages.lamp_count()).map(|lamp| opens(stages, lamp)).collect();
        let mut turns = Vec::new();
        loop {
            let lamps_of = |stage: usize| -> Vec<usize> {
                (0..is_open.len()).filter(|&lamp| is_open[lamp] && stages.stages()[stage].is_green(lamp)).collect()
            };
            let most = (0..count).map(|stage| (stage, lamps_of(stage)));
            let Some((stage, lamps)) = most.rev().max_by_key(|(_, lamps)| lamps.len()) else { break };
            if lamps.is_empty() {
                break;
            }
            for &lamp in &lamps {
                is_open[lamp] = false;
            }
            turns.push(Turn { stage, lamps, needed_s: needed_s(stage) });
        }
        let round_s: f64 = turns.iter().map(|turn| turn.needed_s).sum();
        let bound_s = round_s + (0..count).map(needed_s).fold(0.0, f64::max) + between_max_s;
        if red_max_s >= bound_s {
            Ok(Self { red_max_s, order: Vec::with_capacity(turns.len()), turns, between_max_s })
        } else {
            Err(bound_s)
        }
    }

    /// Longest time between two stages, whatever was before, in seconds.
    pub(super) fn between_max_s(&self) -> f64 {
        self.between_max_s
    }

    /// Whether every lamp can still turn green in time if a stage is shown until some time. `green_until_s` tells when a lamp
    /// was green last: now, for one that is green.
    pub(super) fn leave_time(
        &mut self,
        stages: &Stages,
        shown: usize,
        until_s: f64,
        green_until_s: impl Fn(usize) -> f64,
    ) -> bool {
        self.sort(|lamp| if stages.stages()[shown].is_green(lamp) { f64::INFINITY } else { green_until_s(lamp) });
        let mut time_s = until_s;
        for &(deadline_s, turn) in &self.order {
            if time_s + self.between_max_s > deadline_s + super::SAME_S {
                return false;
            }
            time_s += self.turns[turn].needed_s;
        }
        true
    }

    /// The stage whose deadline is first, if any has one; lamps that are green now have none.
    pub(super) fn most_urgent(&mut self, green_until_s: impl Fn(usize) -> f64, time_s: f64) -> Option<usize> {
        self.sort(|lamp| if green_until_s(lamp) >= time_s { f64::INFINITY } else { green_until_s(lamp) });
        self.order.first().map(|&(_, turn)| self.turns[turn].stage)
    }

    /// Puts the turns with a deadline in order.
    fn sort(&mut self, green_until_s: impl Fn(usize) -> f64) {
        self.order.clear();
        for (number, turn) in self.turns.iter().enumerate() {
            let oldest_s = turn.lamps.iter().map(|&lamp| green_until_s(lamp)).fold(f64::INFINITY, f64::min);
            if oldest_s.is_finite() {
                self.order.push((oldest_s + self.red_max_s, number));
            }
        }
        self.order.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    }
}

fn opens(stages: &Stages, lamp: usize) -> bool {
    stages.stages().iter().any(|stage| stage.is_green(lamp))
}

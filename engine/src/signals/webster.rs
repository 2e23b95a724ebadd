//! Cycle and greens of a signal of fixed times, from the traffic that it has to serve.
//!
//! Webster (1958), *Traffic signal settings*, Road Research Technical Paper 39: the cycle that lets vehicles wait least is
//! close to C = (1.5 L + 5) / (1 − Y), with the lost time L of a cycle and the sum Y of the stages' critical flow ratios; the
//! greens share what is not lost in proportion to the ratios. Shortest greens are kept, and the others share the rest.
//! Where a shortest green binds, a busier stage would get less than Webster gives it; the cycle is then lengthened until
//! no stage is saturated by more than nine tenths, the practical capacity of Webster and Cobbe (1966, Technical Paper 56),
//! or the longest cycle is reached. Left out: whole seconds, and stages shown twice in a cycle.

use super::critical::{LampFlow, critical_flow_ratios};
use super::stages::Stages;

/// Degree of saturation that a signal can be asked for in practice (Webster and Cobbe 1966).
const PRACTICAL_SATURATION: f64 = 0.9;

/// Rounds in which greens and the intergreens that depend on them are settled.
const ROUNDS_MAX: usize = 16;

/// What a green loses when its queue starts and gains when its yellow is driven over, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LostTime {
    /// Lost while the queue starts.
    pub start_s: f64,
    /// Used after the end of green.
    pub extension_s: f64,
}

impl Default for LostTime {
    /// 2 s each, the defaults of the Highway Capacity Manual (6th edition, chapter 19), so that as much is used of the cycle as
    /// the lamps show green.
    fn default() -> Self {
        Self { start_s: 2.0, extension_s: 2.0 }
    }
}

impl LostTime {
    /// The green that is used, of one that is shown.
    #[must_use]
    pub fn effective_green_s(self, green_s: f64) -> f64 {
        green_s - self.start_s + self.extension_s
    }
}

/// How short and long a cycle may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CycleLimits {
    /// Shortest cycle in seconds; the shortest greens may ask for more.
    pub min_s: f64,
    /// Longest cycle in seconds, such as 120 s.
    pub max_s: f64,
}

/// Times of a signal, for [`Stages::program`].
#[derive(Clone, Debug, PartialEq)]
pub struct Timing {
    /// Length of the cycle in seconds: all greens and the intergreens between them.
    pub cycle_s: f64,
    /// The green of each stage as it is shown, in seconds.
    pub greens_s: Vec<f64>,
    /// What is lost of a cycle, in seconds.
    pub lost_time_s: f64,
    /// The critical flow ratio of each stage.
    pub flow_ratios: Vec<f64>,
    /// The degree of saturation of the stage where it is highest; above 1 the queue grows as long as the flow lasts.
    pub saturation: f64,
}

/// Why there are no times.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TimingFault {
    /// A lamp with traffic is green in no stage.
    #[error("lamp {lamp} has a flow of {ratio} of its saturation flow, but is green in no stage")]
    NeverGreen {
        /// The lamp, from 0.
        lamp: usize,
        /// Its flow ratio.
        ratio: f64,
    },
    /// The limits are none.
    #[error("a cycle between {min_s} s and {max_s} s is asked for: give positive times, the shorter first")]
    Limits {
        /// Shortest cycle asked for.
        min_s: f64,
        /// Longest cycle asked for.
        max_s: f64,
    },
    /// The lost times are no times.
    #[error("{start_s} s are lost at the start and {extension_s} s won at the end of a green: give times")]
    LostTime {
        /// What is lost.
        start_s: f64,
        /// What is won.
        extension_s: f64,
    },
    /// The shortest greens do not fit.
    #[error("the shortest greens and their intergreens take {needed_s} s, but the cycle is to be {cycle_s} s at most")]
    TooShort {
        /// What they take.
        needed_s: f64,
        /// What there is.
        cycle_s: f64,
    },
}

/// Webster's cycle in seconds for a lost time, in seconds, and a sum of critical flow ratios; infinite from a sum of 1 on.
#[must_use]
pub fn optimal_cycle_s(lost_time_s: f64, flow_ratio_sum: f64) -> f64 {
    if flow_ratio_sum >= 1.0 { f64::INFINITY } else { (1.5 * lost_time_s + 5.0) / (1.0 - flow_ratio_sum) }
}

/// The times of least delay, within limits. `flows` has one entry for each lamp. Where the traffic is too much for the longest
/// cycle, that cycle is shared in proportion, and [`Timing::saturation`] tells.
///
/// # Errors
/// Where a lamp with traffic is never green, the shortest greens do not fit into the longest cycle, or numbers are no times.
pub fn timing(stages: &Stages, flows: &[LampFlow], lost: LostTime, limits: CycleLimits) -> Result<Timing, TimingFault> {
    let CycleLimits { min_s, max_s } = limits;
    if !(min_s >= 0.0 && max_s > 0.0 && max_s.is_finite() && min_s <= max_s) {
        return Err(TimingFault::Limits { min_s, max_s });
    }
    let need = Need::new(stages, flows, lost, max_s)?;
    let sum = need.ratios.iter().sum();
    let wished_s = optimal_cycle_s(need.lost_time_s(&need.mins_s), sum);
    let mut cycle_s = wished_s.max(need.shortest_cycle_s()).max(min_s).min(max_s);
    for _ in 0..ROUNDS_MAX {
        let longer_s = need.longer_cycle_s(&need.share(cycle_s)).min(max_s);
        if longer_s <= cycle_s + 1e-9 {
            break;
        }
        cycle_s = longer_s;
    }
    Ok(need.timing(cycle_s))
}

/// The times in a given cycle, in seconds, as junctions that are coordinated need them.
///
/// # Errors
/// As [`timing`], the cycle being shortest and longest at once.
pub fn timing_in_cycle(
    stages: &Stages,
    flows: &[LampFlow],
    lost: LostTime,
    cycle_s: f64,
) -> Result<Timing, TimingFault> {
    if !(cycle_s > 0.0 && cycle_s.is_finite()) {
        return Err(TimingFault::Limits { min_s: cycle_s, max_s: cycle_s });
    }
    Ok(Need::new(stages, flows, lost, cycle_s)?.timing(cycle_s))
}

/// What the stages need.
struct Need<'a> {
    stages: &'a Stages,
    lost: LostTime,
    ratios: Vec<f64>,
    /// Shortest greens as they are shown.
    mins_s: Vec<f64>,
}

impl<'a> Need<'a> {
    fn new(stages: &'a Stages, flows: &[LampFlow], lost: LostTime, max_s: f64) -> Result<Self, TimingFault> {
        let LostTime { start_s, extension_s } = lost;
        if !(start_s.is_finite() && extension_s.is_finite()) {
            return Err(TimingFault::LostTime { start_s, extension_s });
        }
        for (lamp, flow) in flows.iter().enumerate() {
            if flow.ratio() > 0.0 && !stages.stages().iter().any(|stage| stage.is_green(lamp)) {
                return Err(TimingFault::NeverGreen { lamp, ratio: flow.ratio() });
            }
        }
        let ratios = critical_flow_ratios(stages, flows);
        let mins_s = stages.stages().iter().map(super::Stage::min_s).collect();
        let need = Self { stages, lost, ratios, mins_s };
        let needed_s = need.shortest_cycle_s();
        if needed_s > max_s + 1e-9 { Err(TimingFault::TooShort { needed_s, cycle_s: max_s }) } else { Ok(need) }
    }

    fn intergreen_s(&self, greens_s: &[f64]) -> f64 {
        self.stages.intergreens_s(greens_s).iter().sum()
    }

    fn shortest_cycle_s(&self) -> f64 {
        self.mins_s.iter().sum::<f64>() + self.intergreen_s(&self.mins_s)
    }

    /// What is lost of a cycle with those greens.
    fn lost_time_s(&self, greens_s: &[f64]) -> f64 {
        let of_starts_s = (self.lost.start_s - self.lost.extension_s) * greens_s.len() as f64;
        self.intergreen_s(greens_s) + of_starts_s
    }

    /// The greens of a cycle, as they are shown. Longer greens never make intergreens longer, so that the rounds converge.
    fn share(&self, cycle_s: f64) -> Vec<f64> {
        let mut greens_s = self.mins_s.clone();
        for _ in 0..ROUNDS_MAX {
            let shared_s = cycle_s - self.intergreen_s(&greens_s);
            let next_s = self.share_greens(shared_s);
            let change_s = next_s.iter().zip(&greens_s).map(|(next, last)| (next - last).abs()).fold(0.0, f64::max);
            greens_s = next_s;
            if change_s < 1e-9 {
                break;
            }
        }
        greens_s
    }

    /// Shares seconds of green in proportion to the flow ratios, keeping the shortest greens.
    fn share_greens(&self, shared_s: f64) -> Vec<f64> {
        let shift_s = self.lost.effective_green_s(0.0);
        let even = vec![1.0; self.ratios.len()];
        let ratios = if self.ratios.iter().sum::<f64>() > 0.0 { &self.ratios } else { &even };
        let mut is_shortest = vec![false; ratios.len()];
        loop {
            let (mut rest_s, mut sum) = (shared_s, 0.0);
            for (stage, &ratio) in ratios.iter().enumerate() {
                if is_shortest[stage] {
                    rest_s -= self.mins_s[stage];
                } else {
                    rest_s += shift_s;
                    sum += ratio;
                }
            }
            let green_s = |stage: usize| match ratios[stage] {
                _ if is_shortest[stage] => self.mins_s[stage],
                0.0 => -shift_s,
                ratio => rest_s * ratio / sum - shift_s,
            };
            let greens_s: Vec<f64> = (0..ratios.len()).map(green_s).collect();
            // The most demanding stage stays open to what is left, so that nothing is lost to rounding.
            let open = is_shortest.iter().filter(|&&is_shortest| !is_shortest).count();
            let short = (0..ratios.len())
                .filter(|&stage| !is_shortest[stage] && (sum == 0.0 || greens_s[stage] < self.mins_s[stage]))
                .min_by(|&one, &other| greens_s[one].total_cmp(&greens_s[other]));
            match short {
                Some(stage) if open > 1 => is_shortest[stage] = true,
                Some(stage) => {
                    let mut greens_s = self.mins_s.clone();
                    greens_s[stage] = (shared_s - greens_s.iter().sum::<f64>() + greens_s[stage]).max(greens_s[stage]);
                    return greens_s;
                }
                None => return greens_s,
            }
        }
    }

    fn saturation(&self, stage: usize, green_s: f64, cycle_s: f64) -> f64 {
        let used_s = self.lost.effective_green_s(green_s);
        if self.ratios[stage] == 0.0 {
            0.0
        } else if used_s <= 0.0 {
            f64::INFINITY
        } else {
            self.ratios[stage] * cycle_s / used_s
        }
    }

    /// The cycle that those greens would need for no stage to be saturated beyond what is practical, if a shortest green binds;
    /// 0 if none does.
    fn longer_cycle_s(&self, greens_s: &[f64]) -> f64 {
        let cycle_s = greens_s.iter().sum::<f64>() + self.intergreen_s(greens_s);
        // Who has no more than the shortest green, but needs more, is not bound by it.
        let is_shortest = |stage: &usize| {
            greens_s[*stage] <= self.mins_s[*stage] + 1e-9
                && self.saturation(*stage, greens_s[*stage], cycle_s) <= PRACTICAL_SATURATION
        };
        let bound_s: f64 =
            (0..greens_s.len()).filter(is_shortest).map(|stage| self.lost.effective_green_s(greens_s[stage])).sum();
        let others: f64 = (0..greens_s.len()).filter(|stage| !is_shortest(stage)).map(|stage| self.ratios[stage]).sum();
        if bound_s == 0.0 {
            return 0.0;
        }
        let left = 1.0 - others / PRACTICAL_SATURATION;
        if left <= 0.0 { f64::INFINITY } else { (self.lost_time_s(greens_s) + bound_s) / left }
    }

    fn timing(self, cycle_s: f64) -> Timing {
        let greens_s = self.share(cycle_s);
        let cycle_s = greens_s.iter().sum::<f64>() + self.intergreen_s(&greens_s);
        let saturation = greens_s
            .iter()
            .enumerate()
            .map(|(stage, &green_s)| self.saturation(stage, green_s, cycle_s))
            .fold(0.0, f64::max);
        Timing { cycle_s, lost_time_s: self.lost_time_s(&greens_s), greens_s, saturation, flow_ratios: self.ratios }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signals::{Intergreens, Lamp, Stage};

    const LIMITS: CycleLimits = CycleLimits { min_s: 30.0, max_s: 120.0 };

    /// As many lamps as stages, each green in its own, with 3 s of yellow and 2 s of red for all between.
    fn stages(mins_s: &[(f64, f64)]) -> Stages {
        let count = mins_s.len();
        let stage = |(number, &(green_min_s, pedestrian_min_s)): (usize, &(f64, f64))| Stage {
            lamps: (0..count).map(|lamp| if lamp == number { Lamp::Green } else { Lamp::Red }).collect(),
            green_min_s,
            pedestrian_min_s,
        };
        let pairs = (0..count as u32).flat_map(|one| (0..one).map(move |other| ([one, other], false)));
        let intergreens = Intergreens::uniform(count, 3.0, 2.0, &pairs.collect::<Vec<_>>()).unwrap();
        Stages::new(mins_s.iter().enumerate().map(stage).collect(), intergreens).unwrap()
    }

    fn flows(ratios: &[f64]) -> Vec<LampFlow> {
        ratios.iter().map(|ratio| LampFlow::new(1800.0 * ratio, 1800.0).unwrap()).collect()
    }

    /// By hand: 15 s for those on foot and 10 s lost; a busy stage of ratio 0.27 needs 0.3 of the cycle, which is 25/0.7 s.
    #[test]
    fn a_cycle_is_long_enough_for_a_busy_stage_beside_a_long_shortest_green() {
        let stages = stages(&[(5.0, 0.0), (5.0, 15.0)]);
        let flows = [513.0, 40.0].map(|flow_vph| LampFlow::new(flow_vph, 1900.0).unwrap());
        let times = timing(&stages, &flows, LostTime::default(), LIMITS).unwrap();
        assert!((times.cycle_s - 25.0 / 0.7).abs() < 0.1, "{times:?}");
        assert!((times.greens_s[0] - 0.3 * 25.0 / 0.7).abs() < 0.1 && times.greens_s[1] == 15.0, "{times:?}");
    }

    #[test]
    fn websters_cycle_for_10_s_lost_and_a_ratio_of_0_6_is_50_s() {
        assert!((optimal_cycle_s(10.0, 0.6) - 50.0).abs() < 1e-12);
        assert_eq!(optimal_cycle_s(10.0, 1.0), f64::INFINITY);
    }

    #[test]
    fn greens_share_what_is_not_lost_in_proportion() {
        let stages = stages(&[(5.0, 0.0), (5.0, 0.0)]);
        let timing = timing(&stages, &flows(&[0.4, 0.2]), LostTime::default(), LIMITS).unwrap();
        // L = 2 × 5 s, Y = 0.6: a cycle of 50 s, of which 40 s are shared 2 : 1.
        assert!((timing.cycle_s - 50.0).abs() < 1e-9);
        assert!((timing.greens_s[0] - 80.0 / 3.0).abs() < 1e-9);
        assert!((timing.greens_s[1] - 40.0 / 3.0).abs() < 1e-9);
        assert!((timing.saturation - 0.75).abs() < 1e-9, "Y C / (C − L)");
        let program = stages.program(&timing.greens_s, 0.0).unwrap();
        assert!((program.cycle_s() - timing.cycle_s).abs() < 1e-9);
    }

    #[test]
    fn what_is_lost_at_the_start_of_greens_lengthens_the_cycle() {
        let lost = LostTime { start_s: 3.0, extension_s: 2.0 };
        let timing = timing(&stages(&[(5.0, 0.0), (5.0, 0.0)]), &flows(&[0.3, 0.3]), lost, LIMITS).unwrap();
        assert_eq!(timing.lost_time_s, 12.0);
        assert!((timing.cycle_s - optimal_cycle_s(12.0, 0.6)).abs() < 1e-9);
    }

    #[test]
    fn the_time_of_those_on_foot_is_kept_and_the_busy_stage_is_not_starved_for_it() {
        let stages = stages(&[(5.0, 0.0), (5.0, 25.0)]);
        let timing = timing(&stages, &flows(&[0.5, 0.05]), LostTime::default(), LIMITS).unwrap();
        assert_eq!(timing.greens_s[1], 25.0);
        // Webster's 44.4 s would leave 9.4 s for half of the traffic; (10 + 25) / (1 − 0.5 / 0.9) serves it at 0.9.
        assert!((timing.cycle_s - 78.75).abs() < 1e-6, "{timing:?}");
        assert!((timing.saturation - 0.9).abs() < 1e-6);
    }

    #[test]
    fn too_much_traffic_gets_the_longest_cycle_and_is_told() {
        let stages = stages(&[(5.0, 0.0), (5.0, 0.0)]);
        let timing = timing(&stages, &flows(&[0.8, 0.4]), LostTime::default(), LIMITS).unwrap();
        assert!((timing.cycle_s - 120.0).abs() < 1e-9);
        assert!((timing.saturation - 1.2 * 120.0 / 110.0).abs() < 1e-9);
        assert!((timing.greens_s[0] / timing.greens_s[1] - 2.0).abs() < 1e-9);
    }

    #[test]
    fn without_traffic_the_greens_are_even() {
        let timing = timing_in_cycle(&stages(&[(5.0, 0.0); 3]), &[], LostTime::default(), 75.0).unwrap();
        assert_eq!(timing.greens_s, [20.0; 3]);
        assert_eq!(timing.saturation, 0.0);
    }

    #[test]
    fn what_cannot_be_timed_says_why() {
        let long = stages(&[(60.0, 0.0), (60.0, 0.0)]);
        let lost = LostTime::default();
        let fault = timing(&long, &[], lost, LIMITS).unwrap_err();
        assert_eq!(fault, TimingFault::TooShort { needed_s: 130.0, cycle_s: 120.0 });
        let limits = CycleLimits { min_s: 90.0, max_s: 60.0 };
        assert!(matches!(timing(&long, &[], lost, limits), Err(TimingFault::Limits { .. })));
        let fault = timing(&stages(&[(5.0, 0.0)]), &flows(&[0.1, 0.2]), lost, LIMITS).unwrap_err();
        assert_eq!(fault, TimingFault::NeverGreen { lamp: 1, ratio: 0.2 });
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn limits_and_shortest_greens_are_kept(
            needs in prop::collection::vec((0.0..0.6_f64, 4.0..15.0_f64, 0.0..20.0_f64), 1..5),
            start_s in 0.0..4.0_f64,
        ) {
            let mins_s: Vec<(f64, f64)> = needs.iter().map(|&(_, green, walk)| (green, walk)).collect();
            let ratios: Vec<f64> = needs.iter().map(|&(ratio, ..)| ratio).collect();
            let stages = stages(&mins_s);
            let lost = LostTime { start_s, extension_s: 2.0 };
            let timing = timing(&stages, &flows(&ratios), lost, LIMITS).unwrap();
            prop_assert!(timing.cycle_s <= 120.0 + 1e-6 && timing.cycle_s >= 30.0 - 1e-6, "{timing:?}");
            let program = stages.program(&timing.greens_s, 0.0).unwrap();
            prop_assert!((program.cycle_s() - timing.cycle_s).abs() < 1e-6);
            // Who gets more than its shortest green is no better off than anybody else who does.
            let used = |stage: usize| lost.effective_green_s(timing.greens_s[stage]);
            let free: Vec<usize> = (0..ratios.len())
                .filter(|&stage| timing.greens_s[stage] > stages.stages()[stage].min_s() + 1e-6 && ratios[stage] > 0.01)
                .collect();
            for pair in free.windows(2) {
                let [one, other] = [pair[0], pair[1]].map(|stage| used(stage) / ratios[stage]);
                prop_assert!((one / other - 1.0).abs() < 1e-6, "{timing:?}");
            }
        }
    }
}

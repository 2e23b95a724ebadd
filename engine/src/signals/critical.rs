//! How much of a cycle the traffic of each stage needs.
//!
//! The flow ratio of a lamp is its flow over its saturation flow: the share of the cycle in which it must be green. Where
//! every lamp is green in one stage only, the ratio of a stage is the greatest of its lamps' (Webster 1958). A lamp that is
//! green in several stages on end needs its share in all of them together; then the least total that is enough for all
//! lamps is asked for, which is the greatest sum of ratios of lamps that follow each other around the cycle (the *critical
//! movements* of Akçelik 1981, Australian Road Research Board report ARR 123, section 4). What the total leaves open is settled
//! half-way between giving each stage its share as early and as late in the cycle as possible. Left out: that a lamp which
//! stays green through a transition is green in it too, so that such a lamp gets a little more than asked for.

use super::stages::Stages;

/// What a lamp has to serve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LampFlow {
    flow_vph: f64,
    saturation_flow_vph: f64,
}

impl LampFlow {
    /// A lamp that nobody drives by, such as one for those on foot.
    pub const NONE: Self = Self { flow_vph: 0.0, saturation_flow_vph: 1.0 };

    /// A lamp with a flow in vehicles an hour, not negative, and the flow that would leave its queue if it were always green,
    /// positive; both of all its lanes together. `None` for other numbers.
    #[must_use]
    pub fn new(flow_vph: f64, saturation_flow_vph: f64) -> Option<Self> {
        let is_valid =
            flow_vph.is_finite() && flow_vph >= 0.0 && saturation_flow_vph.is_finite() && saturation_flow_vph > 0.0;
        is_valid.then_some(Self { flow_vph, saturation_flow_vph })
    }

    /// Flow over saturation flow, not negative; above 1 not even an eternal green is enough.
    #[must_use]
    pub fn ratio(self) -> f64 {
        self.flow_vph / self.saturation_flow_vph
    }
}

/// A lamp's green on end: the stage where it begins, how many stages it lasts, and the share of the cycle that it needs.
#[derive(Clone, Copy, Debug)]
struct Green {
    first: usize,
    length: usize,
    ratio: f64,
}

/// The share of the cycle that each stage needs, one entry a stage, not negative. Their sum is the least that serves every
/// lamp. `flows` has one entry for each lamp; a lamp beyond its end has no flow. The flow of a lamp whose green is
/// interrupted is shared out evenly among its greens; a lamp that no stage opens asks for nothing.
#[must_use]
pub fn critical_flow_ratios(stages: &Stages, flows: &[LampFlow]) -> Vec<f64> {
    let count = stages.stages().len();
    let mut greens = Vec::new();
    for (lamp, flow) in flows.iter().enumerate().take(stages.lamp_count()) {
        let is_green: Vec<bool> = stages.stages().iter().map(|stage| stage.is_green(lamp)).collect();
        let runs = runs(&is_green);
        let ratio = flow.ratio() / runs.len().max(1) as f64;
        greens.extend(runs.into_iter().map(|(first, length)| Green { first, length, ratio }));
    }
    let total = least_total(count, &greens);
    let early = earliest(count, &greens, total);
    let late = latest(count, &greens, total);
    let begin = |stage: usize| if stage == count { total } else { f64::midpoint(early[stage], late[stage]) };
    (0..count).map(|stage| (begin(stage + 1) - begin(stage)).max(0.0)).collect()
}

/// Where in a cycle something holds on end: first place and length of each stretch.
fn runs(holds: &[bool]) -> Vec<(usize, usize)> {
    let count = holds.len();
    if holds.iter().all(|&holds| holds) {
        return vec![(0, count)];
    }
    let begins = (0..count).filter(|&place| holds[place] && !holds[(place + count - 1) % count]);
    begins.map(|first| (first, (0..count).take_while(|step| holds[(first + step) % count]).count())).collect()
}

/// The greatest sum of ratios around the cycle, an average over as many turns as there are stages at most.
fn least_total(count: usize, greens: &[Green]) -> f64 {
    let mut total: f64 = 0.0;
    for start in 0..count {
        let end = count * count;
        let mut longest = vec![f64::NEG_INFINITY; end + 1];
        longest[0] = 0.0;
        for place in 0..end {
            let here = longest[place];
            longest[place + 1] = longest[place + 1].max(here);
            for green in greens.iter().filter(|green| green.first == (start + place) % count) {
                if place + green.length <= end {
                    let there = &mut longest[place + green.length];
                    *there = there.max(here + green.ratio);
                }
            }
        }
        for turns in 1..=count {
            total = total.max(longest[turns * count] / turns as f64);
        }
    }
    total
}

/// The earliest that each stage may begin, as shares of the cycle after the first.
fn earliest(count: usize, greens: &[Green], total: f64) -> Vec<f64> {
    let mut begins = vec![0.0; count];
    for _ in 0..count {
        for stage in 0..count {
            let (next, turn) = ((stage + 1) % count, if stage + 1 == count { total } else { 0.0 });
            begins[next] = f64::max(begins[next], begins[stage] - turn);
            for green in greens.iter().filter(|green| green.first == stage) {
                let end = stage + green.length;
                let turn = if end >= count { total } else { 0.0 };
                begins[end % count] = f64::max(begins[end % count], begins[stage] + green.ratio - turn);
            }
        }
    }
    begins
}

/// The latest that each stage may begin, as shares of the cycle after the first, which begins at 0.
fn latest(count: usize, greens: &[Green], total: f64) -> Vec<f64> {
    let mut begins = vec![total; count];
    begins[0] = 0.0;
    for _ in 0..count {
        for stage in (0..count).rev() {
            let (next, turn) = ((stage + 1) % count, if stage + 1 == count { total } else { 0.0 });
            begins[stage] = f64::min(begins[stage], begins[next] + turn);
            for green in greens.iter().filter(|green| green.first == stage) {
                let end = stage + green.length;
                let turn = if end >= count { total } else { 0.0 };
                begins[stage] = f64::min(begins[stage], begins[end % count] + turn - green.ratio);
            }
        }
    }
    begins
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signals::{Intergreens, Lamp, Stage};

    /// Stages by the lamps that are green in them; nothing is in conflict.
    fn stages(lamp_count: usize, greens: &[&[usize]]) -> Stages {
        let stage = |green: &&[usize]| Stage {
            lamps: (0..lamp_count).map(|lamp| if green.contains(&lamp) { Lamp::Green } else { Lamp::Red }).collect(),
            green_min_s: 5.0,
            pedestrian_min_s: 0.0,
        };
        let intergreens = Intergreens::uniform(lamp_count, 3.0, 1.0, &[]).unwrap();
        Stages::new(greens.iter().map(stage).collect(), intergreens).unwrap()
    }

    fn ratios(lamp_count: usize, greens: &[&[usize]], of_lamps: &[f64]) -> Vec<f64> {
        let flows: Vec<LampFlow> =
            of_lamps.iter().map(|ratio| LampFlow::new(ratio * 1800.0, 1800.0).unwrap()).collect();
        critical_flow_ratios(&stages(lamp_count, greens), &flows)
    }

    fn assert_close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
        }
    }

    #[test]
    fn without_overlap_a_stage_needs_what_its_greatest_lamp_needs() {
        assert_close(&ratios(4, &[&[0, 1], &[2, 3]], &[0.2, 0.35, 0.25, 0.1]), &[0.35, 0.25]);
    }

    #[test]
    fn a_lamp_that_is_green_in_two_stages_counts_once() {
        // Lamp 1 runs through both stages and needs more than the lamps that are green in one of them.
        let found = ratios(3, &[&[0, 1], &[1, 2]], &[0.1, 0.5, 0.2]);
        assert!((found.iter().sum::<f64>() - 0.5).abs() < 1e-12);
        assert!(found[0] >= 0.1 - 1e-12 && found[1] >= 0.2 - 1e-12, "{found:?}");
    }

    #[test]
    fn what_the_lamps_leave_open_is_shared() {
        assert_close(&ratios(1, &[&[0], &[0], &[]], &[0.5]), &[0.25, 0.25, 0.0]);
    }

    #[test]
    fn three_lamps_that_overlap_in_a_ring_need_half_of_their_sum() {
        let found = ratios(3, &[&[0, 2], &[0, 1], &[1, 2]], &[0.4, 0.4, 0.4]);
        assert_close(&found, &[0.2, 0.2, 0.2]);
    }

    #[test]
    fn numbers_that_are_no_flow_are_refused() {
        assert_eq!(LampFlow::new(-1.0, 1800.0), None);
        assert_eq!(LampFlow::new(100.0, 0.0), None);
        assert_eq!(LampFlow::new(f64::NAN, 1800.0), None);
        assert_eq!(LampFlow::NONE.ratio(), 0.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is green when: every lamp gets what it needs, and the total is no greater than the sum of what stages
        /// need by themselves.
        #[test]
        fn every_lamp_gets_what_it_needs(
            greens in prop::collection::vec(prop::collection::vec(any::<bool>(), 5), 1..6),
            needs in prop::collection::vec(0.0..0.5_f64, 5),
        ) {
            let places: Vec<Vec<usize>> =
                greens.iter().map(|stage| (0..5).filter(|&lamp| stage[lamp]).collect()).collect();
            let views: Vec<&[usize]> = places.iter().map(Vec::as_slice).collect();
            let found = ratios(5, &views, &needs);
            let mut alone = 0.0;
            for stage in &greens {
                alone += (0..5).filter(|&lamp| stage[lamp]).map(|lamp| needs[lamp]).fold(0.0, f64::max);
            }
            prop_assert!(found.iter().sum::<f64>() <= alone + 1e-9);
            for lamp in 0..5 {
                let is_green: Vec<bool> = greens.iter().map(|stage| stage[lamp]).collect();
                let runs = runs(&is_green);
                for &(first, length) in &runs {
                    let given: f64 = (0..length).map(|step| found[(first + step) % greens.len()]).sum();
                    prop_assert!(given >= needs[lamp] / runs.len() as f64 - 1e-9, "lamp {lamp}: {given} in {found:?}");
                }
            }
        }
    }
}

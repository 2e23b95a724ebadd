//! Control by gaps between vehicles.
//!
//! The logic of SUMO's programs of type `actuated` (Eclipse SUMO 1.28, *Traffic Lights*, section on actuated signals), which is
//! that of gap-out and max-out of the Highway Capacity Manual (6th edition, chapter 19): a green lasts at least its minimum;
//! then, while a vehicle was over one of its detectors less than `max-gap` ago, it goes on, long enough for the vehicle at
//! the detector to reach the stop line (`detector-gap`), in whole seconds, up to its maximum; phases whose minimum and maximum
//! are the same are of fixed length. Left out of SUMO's: several next phases, `earliestEnd` and `latestEnd`, conditions,
//! detectors ignored for being inactive or jammed.

use super::SAME_S;
use super::observations::Observations;
use super::priority::{BusPriority, BusPriorityFault};
use super::ring::{GapTimes, Length, Ring, RingPhase};
use crate::signals::program::Lamp;
use crate::signals::stages::{Stage, StageFault, Stages};

/// A phase of an actuated program.
#[derive(Clone, Debug, PartialEq)]
pub struct ActuatedPhase {
    /// What each lamp shows, one entry for each lamp.
    pub lamps: Vec<Lamp>,
    /// Shortest length in seconds, positive.
    pub min_s: f64,
    /// Longest length in seconds, not below the shortest; the same where the length is fixed.
    pub max_s: f64,
    /// The lanes of [`Observations::lanes`] whose vehicles keep it green; see [`detectors_of`](Self::detectors_of).
    pub detectors: Vec<u32>,
}

impl ActuatedPhase {
    /// The lanes that a phase with those lamps opens, where lane *i* leads to the lamps `lamps_of_lanes[i]`.
    #[must_use]
    pub fn detectors_of(lamps: &[Lamp], lamps_of_lanes: &[Vec<u32>]) -> Vec<u32> {
        let is_green = |&lamp: &u32| lamps.get(lamp as usize).is_some_and(|lamp| lamp.is_green());
        let is_open = |lane: &u32| lamps_of_lanes[*lane as usize].iter().any(is_green);
        (0..lamps_of_lanes.len() as u32).filter(is_open).collect()
    }
}

/// How long a green waits for the next vehicle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaps {
    /// The gap between vehicles at a detector that ends a green, in seconds; positive.
    pub max_gap_s: f64,
    /// How far before the stop line detectors lie, in seconds at the speed limit; not negative.
    pub detector_gap_s: f64,
}

impl Default for Gaps {
    /// SUMO's `max-gap` of 3 s and `detector-gap` of 2 s.
    fn default() -> Self {
        Self { max_gap_s: 3.0, detector_gap_s: 2.0 }
    }
}

/// Why phases make no actuated program.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ActuatedFault {
    /// There is none.
    #[error("the program has no phase")]
    Empty,
    /// The limits of a phase are none.
    #[error("phase {phase} lasts between {min_s} s and {max_s} s: give times longer than 0 s, the shorter first")]
    Limits {
        /// Number of the phase, from 1.
        phase: usize,
        /// Its shortest length.
        min_s: f64,
        /// Its longest length.
        max_s: f64,
    },
    /// Phases have different numbers of lamps.
    #[error("phase {phase} has {count} lamps, but the first phase has {expected}")]
    Lamps {
        /// Number of the phase, from 1.
        phase: usize,
        /// How many lamps it has.
        count: usize,
        /// How many the first has.
        expected: usize,
    },
    /// The gaps are none.
    #[error("gaps of {} s end a green, with detectors {} s before the line: give times, the first longer than 0 s", .0.max_gap_s, .0.detector_gap_s)]
    Gaps(Gaps),
    /// The stages or their greens are none.
    #[error(transparent)]
    Stage(#[from] StageFault),
    /// The priority is none.
    #[error(transparent)]
    Priority(#[from] BusPriorityFault),
}

/// Control by gaps between vehicles.
#[derive(Clone, Debug)]
pub struct Actuated {
    ring: Ring,
    has_begun: bool,
}

impl Actuated {
    /// The program of those phases, which begins with the first at the first step.
    ///
    /// # Errors
    /// Where phases, gaps or priority are none.
    pub fn new(phases: Vec<ActuatedPhase>, gaps: Gaps, priority: Option<BusPriority>) -> Result<Self, ActuatedFault> {
        let Gaps { max_gap_s, detector_gap_s } = gaps;
        if !(max_gap_s > 0.0 && detector_gap_s >= 0.0 && detector_gap_s.is_finite()) {
            return Err(ActuatedFault::Gaps(gaps));
        }
        let expected = phases.first().ok_or(ActuatedFault::Empty)?.lamps.len();
        let mut rows = Vec::with_capacity(phases.len());
        for (index, phase) in phases.into_iter().enumerate() {
            let ActuatedPhase { lamps, min_s, max_s, detectors } = phase;
            if !(min_s > 0.0 && max_s >= min_s && max_s.is_finite()) {
                return Err(ActuatedFault::Limits { phase: index + 1, min_s, max_s });
            }
            if lamps.len() != expected {
                return Err(ActuatedFault::Lamps { phase: index + 1, count: lamps.len(), expected });
            }
            let is_fixed = max_s <= min_s + SAME_S;
            let length = if is_fixed { Length::Nominal(min_s) } else { Length::Gaps(detectors) };
            rows.push(RingPhase { lamps, min_s, max_s, length });
        }
        let ring = Ring::new(rows, GapTimes { max_gap_s, detector_gap_s }, priority)?;
        Ok(Self { ring, has_begun: false })
    }

    /// The program of stages in their order, each as long as it must be at least and at most `greens_max_s`, one entry a stage.
    /// Lane *i* of [`Observations::lanes`] leads to the lamps `lamps_of_lanes[i]` and keeps the stages green that open one of
    /// them.
    ///
    /// # Errors
    /// Where a green is shorter than its stage may last, or gaps or priority are none.
    pub fn of_stages(
        stages: &Stages,
        greens_max_s: &[f64],
        lamps_of_lanes: &[Vec<u32>],
        gaps: Gaps,
        priority: Option<BusPriority>,
    ) -> Result<Self, ActuatedFault> {
        stages.check_greens(greens_max_s)?;
        let mins_s: Vec<f64> = stages.stages().iter().map(Stage::min_s).collect();
        let phase = |(phase, stage): (crate::signals::Phase, Option<usize>)| ActuatedPhase {
            min_s: phase.duration_s,
            max_s: stage.map_or(phase.duration_s, |stage| greens_max_s[stage].max(phase.duration_s)),
            detectors: ActuatedPhase::detectors_of(&phase.lamps, lamps_of_lanes),
            lamps: phase.lamps,
        };
        Self::new(stages.cycle(&mins_s, &mins_s).into_iter().map(phase).collect(), gaps, priority)
    }

    pub(super) fn lamps(&self) -> &[Lamp] {
        self.ring.lamps()
    }

    pub(super) fn priority(&self) -> Option<BusPriority> {
        self.ring.priority()
    }

    /// For how long before lamps may change vehicles matter, in seconds.
    pub(super) fn memory_s(&self) -> f64 {
        self.ring.memory_s()
    }

    pub(super) fn lanes_observed(&self) -> usize {
        self.ring.lanes_observed()
    }

    pub(super) fn step(&mut self, time_s: f64, observations: &Observations) -> bool {
        if self.has_begun {
            return self.ring.step(time_s, observations);
        }
        self.has_begun = true;
        self.ring.begin(0, time_s);
        true
    }

    pub(super) fn until_change_s(&self, time_s: f64) -> f64 {
        if self.has_begun { self.ring.until_change_s(time_s) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::control::{BusObservation, Control, LaneObservation};

    fn phase(lamps: [Lamp; 2], min_s: f64, max_s: f64, detectors: &[u32]) -> ActuatedPhase {
        ActuatedPhase { lamps: lamps.to_vec(), min_s, max_s, detectors: detectors.to_vec() }
    }

    /// Two streets with a lane and a lamp each; greens of 5 to 50 s.
    fn program(priority: Option<BusPriority>) -> Control {
        use Lamp::{Green, Red, Yellow};
        let phases = vec![
            phase([Green, Red], 5.0, 50.0, &[0]),
            phase([Yellow, Red], 3.0, 3.0, &[]),
            phase([Red, Green], 5.0, 50.0, &[1]),
            phase([Red, Yellow], 3.0, 3.0, &[]),
        ];
        Control::Actuated(Actuated::new(phases, Gaps::default(), priority).unwrap())
    }

    /// When the lamps change within so many seconds, with vehicles over detector 0 at some times.
    fn changes(control: &mut Control, until_s: u32, vehicles_at_s: &[u32]) -> Vec<u32> {
        let mut changes = Vec::new();
        for time_s in 0..until_s {
            let last = vehicles_at_s.iter().filter(|&&at_s| at_s <= time_s).max();
            let since_vehicle_s = last.map_or(f64::INFINITY, |&at_s| f64::from(time_s - at_s));
            let lanes = [LaneObservation { since_vehicle_s, queue_veh: 0.0 }];
            if control.step(f64::from(time_s), &Observations { lanes: &lanes, ..Observations::default() }).is_some() {
                changes.push(time_s);
            }
        }
        changes
    }

    #[test]
    fn without_vehicles_every_green_is_as_short_as_it_may_be() {
        assert_eq!(changes(&mut program(None), 30, &[]), [0, 5, 8, 13, 16, 21, 24, 29]);
    }

    #[test]
    fn a_green_goes_on_while_gaps_are_short() {
        // Vehicles every 2 s until 20 s: the last keeps the green to 22 s, and at 22 s is 2 s ago, so that it goes on to 23 s.
        let vehicles: Vec<u32> = (0..=20).step_by(2).collect();
        assert_eq!(changes(&mut program(None), 30, &vehicles), [0, 23, 26]);
    }

    #[test]
    fn a_green_ends_at_a_gap_however_many_come_later() {
        assert_eq!(changes(&mut program(None), 16, &[2, 4, 9, 10, 11]), [0, 7, 10, 15]);
    }

    #[test]
    fn a_green_ends_at_its_maximum_however_many_come() {
        let vehicles: Vec<u32> = (0..100).collect();
        assert_eq!(changes(&mut program(None), 60, &vehicles), [0, 50, 53, 58]);
    }

    #[test]
    fn a_bus_ends_the_red_before_it_and_holds_its_own_green() {
        let priority = BusPriority { extension_max_s: 10.0, cut_max_s: 60.0, horizon_s: 30.0, pause_s: 60.0 };
        let mut control = program(Some(priority));
        let lanes = [LaneObservation { since_vehicle_s: 0.0, queue_veh: 3.0 }; 2];
        let mut shown = Vec::new();
        for time_s in (0..40).map(f64::from) {
            // At 15 s a bus is 10 s before lamp 1, which is red while lamp 0 has traffic.
            let bus = BusObservation { lamp: 1, arrival_s: 25.0 - time_s };
            let buses = if (15.0..26.0).contains(&time_s) { vec![bus] } else { Vec::new() };
            let observed = Observations { lanes: &lanes, buses: &buses, ..Observations::default() };
            if control.step(time_s, &observed).is_some() {
                shown.push((time_s, control.lamps()[1]));
            }
        }
        assert_eq!(shown, [(0.0, Lamp::Red), (22.0, Lamp::Red), (25.0, Lamp::Green)]);
    }

    #[test]
    fn a_lane_keeps_the_phases_green_that_open_one_of_its_lamps() {
        let lamps = [Lamp::Green, Lamp::Red, Lamp::GreenYield, Lamp::Yellow];
        let lamps_of_lanes = [vec![0, 1], vec![1], vec![2], vec![3, 9], Vec::new()];
        assert_eq!(ActuatedPhase::detectors_of(&lamps, &lamps_of_lanes), [0, 2]);
    }

    #[test]
    fn phases_that_make_no_program_are_refused() {
        let gaps = Gaps::default();
        let fault = |phases| Actuated::new(phases, gaps, None).unwrap_err();
        assert_eq!(fault(Vec::new()), ActuatedFault::Empty);
        let turned = fault(vec![phase([Lamp::Green; 2], 9.0, 5.0, &[])]);
        assert_eq!(turned, ActuatedFault::Limits { phase: 1, min_s: 9.0, max_s: 5.0 });
        let none = Gaps { max_gap_s: 0.0, ..gaps };
        let fault = Actuated::new(vec![phase([Lamp::Green; 2], 5.0, 9.0, &[])], none, None).unwrap_err();
        assert_eq!(fault, ActuatedFault::Gaps(none));
    }

    /// Green for north and south, then for east and west, as netconvert makes it.
    #[test]
    fn the_phases_of_a_program_of_sumo_change_when_they_change_there() {
        use Lamp::{Green, Red, Yellow};
        let phases = vec![
            phase([Green, Red], 5.0, 50.0, &[0, 2]),
            phase([Yellow, Red], 3.0, 3.0, &[]),
            phase([Red, Green], 5.0, 50.0, &[1, 3]),
            phase([Red, Yellow], 3.0, 3.0, &[]),
        ];
        let mut control = Control::Actuated(Actuated::new(phases.clone(), Gaps::default(), None).unwrap());
        let rows = include_str!("sumo_actuated.txt").lines().filter(|line| !line.starts_with('#'));
        let mut changes = 0;
        for row in rows {
            let numbers: Vec<f64> = row.split(' ').map(|number| number.parse().unwrap()).collect();
            let [time_s, gaps_s @ .., phase] = &numbers[..] else { panic!("{row}") };
            let lane = |&since_vehicle_s: &f64| LaneObservation { since_vehicle_s, queue_veh: 0.0 };
            let lanes: Vec<LaneObservation> = gaps_s.iter().map(lane).collect();
            let observed = Observations { lanes: &lanes, ..Observations::default() };
            changes += u32::from(control.step(*time_s, &observed).is_some());
            assert_eq!(control.lamps(), phases[*phase as usize].lamps, "at {time_s} s");
        }
        assert!(changes > 20);
    }
}

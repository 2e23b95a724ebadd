//! Control of a signal of a derived network: by times from outside, by gaps, or by queues; with or without priority for buses.
//!
//! A signal has the stages that were derived for it, in their order, with their intergreens. Greens last at least
//! [`GreenLimits::green_min_s`], and as long as those on foot need who cross meanwhile: RiLSA (FGSV, edition 2015) gives them
//! green for some seconds and clears their way at walking pace before anybody else starts; what lies between the stages
//! counts for that. Loops lie as SUMO puts them (Eclipse SUMO 1.28, *Traffic Lights*): two seconds before the stop line, and
//! no further than as many vehicles as leave in the shortest green can stand. Queues are counted over
//! [`COUNTED_M`]; a lane's queue counts in equal shares for all its ways, and what is behind a junction in equal shares for
//! the lanes there. Left out: stages other than those derived, detectors that count turns.

use super::super::rows::{DetectorRow, LanePlace, ResponsiveRow};
use super::compose::DerivedNetwork;
use super::fixed_time::shown;
use super::stages::SignalPlan;
use crate::signals::control::{
    Actuated, ActuatedFault, BusPriority, Control, Fixed, FixedFault, Gaps, MaxPressure, MaxPressureFault, Movement,
    PressureOptions,
};
use crate::signals::{Conflict, IntergreenFault, Intergreens, Stage, StageFault, Stages, TimingFault, WaveFault};

/// From how far before the stop line on queues are counted, in metres.
const COUNTED_M: f64 = 150.0;
/// Flow of a lane while it has green, in vehicles an hour, as max-pressure control weighs it.
const SATURATION_FLOW_VPH: f64 = 1800.0;
/// One vehicle leaves a queue in this time, in seconds: SUMO's `passing-time`.
const PASSING_S: f64 = 1.9;
/// It takes this room in the queue, in metres.
const ROOM_M: f64 = 7.5;

/// How a signal is controlled.
#[derive(Clone, Debug, PartialEq)]
pub struct ControlChoice {
    /// What decides when lamps change.
    pub kind: ControlKind,
    /// How far buses are favoured, if they are.
    pub bus_priority: Option<BusPriority>,
}

/// What decides when lamps change. Greens have one entry a stage, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub enum ControlKind {
    /// The clock.
    Fixed {
        /// The green of each stage.
        greens_s: Vec<f64>,
        /// When the first stage begins, in seconds.
        offset_s: f64,
    },
    /// Gaps between vehicles.
    Actuated {
        /// Longest green of each stage; shortest ones are those of [`GreenLimits`].
        greens_max_s: Vec<f64>,
        /// How long a green waits for the next vehicle.
        gaps: Gaps,
    },
    /// Queues before and behind the junction.
    MaxPressure {
        /// Longest green of each stage.
        greens_max_s: Vec<f64>,
        /// Longest red of a lamp in seconds; where the stages cannot keep it, the shortest that they can.
        red_max_s: f64,
        /// Seconds between decisions; positive.
        decision_s: f64,
    },
}

/// How short greens may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GreenLimits {
    /// Shortest green for those who drive, in seconds; positive.
    pub green_min_s: f64,
    /// How those on foot cross; `None` where they do not.
    pub walking: Option<Walking>,
}

impl Default for GreenLimits {
    /// 5 s, and people on foot.
    fn default() -> Self {
        Self { green_min_s: 5.0, walking: Some(Walking::default()) }
    }
}

/// How people cross a street on foot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Walking {
    /// For how long they may start, in seconds; not negative.
    pub start_s: f64,
    /// How fast they are, in metres a second; positive.
    pub speed_mps: f64,
}

impl Default for Walking {
    /// 5 s and 1.2 m/s (RiLSA 2015).
    fn default() -> Self {
        Self { start_s: 5.0, speed_mps: 1.2 }
    }
}

/// Why a signal cannot be controlled so.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SignalFault {
    /// The junction has no signal.
    #[error("junction {0} has no signal")]
    None(u32),
    /// A limit is no time or no speed.
    #[error("greens of {} s at least with {:?} are asked for: give positive numbers", .0.green_min_s, .0.walking)]
    Limits(GreenLimits),
    /// A flow is none.
    #[error(
        "a flow of {flow_vph} vehicles an hour from street {from_street} to {to_street}: give 0 or more, between streets that the junction connects"
    )]
    Flow {
        /// The plain street that it comes from.
        from_street: u32,
        /// The plain street that it leads to.
        to_street: u32,
        /// Vehicles an hour.
        flow_vph: f64,
    },
    /// The saturation flow is none.
    #[error("a saturation flow of {0} vehicles an hour is asked for: give more than 0")]
    SaturationFlow(f64),
    /// The derived intergreens are none.
    #[error("the intergreens of the junction: {}", first(.0))]
    Intergreens(Vec<IntergreenFault>),
    /// The derived stages are none.
    #[error("the stages of the junction: {}", first(.0))]
    Stages(Vec<StageFault>),
    /// The greens do not suit the stages.
    #[error(transparent)]
    Greens(#[from] StageFault),
    /// There is no fixed program with priority.
    #[error(transparent)]
    Fixed(#[from] FixedFault),
    /// There is no actuated program.
    #[error(transparent)]
    Actuated(#[from] ActuatedFault),
    /// There is no max-pressure control.
    #[error(transparent)]
    MaxPressure(#[from] MaxPressureFault),
    /// There are no times for the flows.
    #[error(transparent)]
    Timing(#[from] TimingFault),
    /// Signals of one wave have different cycles.
    #[error("the signals of one wave have cycles of {} and {} s, but must share one", .cycles_s[0], .cycles_s[1])]
    Cycles {
        /// Two of them, in seconds.
        cycles_s: [f64; 2],
    },
    /// There is no green wave.
    #[error(transparent)]
    Wave(#[from] WaveFault),
}

fn first<T: std::fmt::Display>(faults: &[T]) -> String {
    faults.first().map_or_else(String::new, T::to_string)
}

impl DerivedNetwork {
    /// The signal of a junction.
    #[must_use]
    pub fn signal_plan(&self, junction: u32) -> Option<&SignalPlan> {
        // They are in the order of their junctions.
        let row = self.signal_plans.binary_search_by_key(&junction, |plan| plan.junction).ok()?;
        self.signal_plans.get(row)
    }

    /// The stages of a junction's signal as a control plays them, with intergreens and shortest greens; lamp *n* is that of
    /// movement *n* of its [`SignalPlan`].
    ///
    /// # Errors
    /// Where the junction has no signal, or the limits are none.
    pub fn stages(&self, junction: u32, limits: &GreenLimits) -> Result<Stages, SignalFault> {
        let is_positive = |number: f64| number.is_finite() && number > 0.0;
        let walks =
            |walking: &Walking| walking.start_s.is_finite() && walking.start_s >= 0.0 && is_positive(walking.speed_mps);
        if !(is_positive(limits.green_min_s) && limits.walking.as_ref().is_none_or(walks)) {
            return Err(SignalFault::Limits(*limits));
        }
        let plan = self.signal_plan(junction).ok_or(SignalFault::None(junction))?;
        let stage = |number: usize, pedestrian_min_s: f64| Stage {
            lamps: shown(plan, number),
            green_min_s: limits.green_min_s,
            pedestrian_min_s,
        };
        let count = plan.stages.len();
        let driven = (0..count).map(|number| stage(number, 0.0)).collect();
        let stages = Stages::new(driven, self.intergreens(plan)?).map_err(SignalFault::Stages)?;
        let Some(walking) = limits.walking else { return Ok(stages) };
        let walked_s = |number: usize| {
            if plan.crossed_m[number] <= 0.0 || count < 2 {
                return 0.0;
            }
            let between_s = stages.intergreen_s(number, (number + 1) % count);
            (walking.start_s + plan.crossed_m[number] / walking.speed_mps - between_s).max(0.0)
        };
        let walked = (0..count).map(|number| stage(number, walked_s(number).ceil())).collect();
        Stages::new(walked, stages.intergreens().clone()).map_err(SignalFault::Stages)
    }

    fn intergreens(&self, plan: &SignalPlan) -> Result<Intergreens, SignalFault> {
        let yields = |a: usize, b: usize| {
            let (a, b) = (plan.movements[a], plan.movements[b]);
            self.rows.movements[a as usize].yields_to.contains(&b)
        };
        let mut conflicts = Vec::new();
        for second in 0..plan.movements.len() {
            for first in 0..second {
                let (there, back) = (plan.intergreen_s[first][second], plan.intergreen_s[second][first]);
                if there.is_none() && back.is_none() {
                    continue;
                }
                let long = |time_s: Option<f64>, ends: usize| time_s.unwrap_or(0.0).max(plan.yellow_s[ends]);
                conflicts.push(Conflict {
                    lamps: [first as u32, second as u32],
                    intergreen_s: [long(there, first), long(back, second)],
                    may_yield: yields(first, second) || yields(second, first),
                });
            }
        }
        Intergreens::new(plan.yellow_s.clone(), 0.0, &conflicts).map_err(SignalFault::Intergreens)
    }

    /// Gives the signal of a junction another control.
    ///
    /// # Errors
    /// Where the junction has no signal, or the choice does not suit its stages; then nothing has changed.
    pub fn set_control(
        &mut self,
        junction: u32,
        choice: &ControlChoice,
        limits: &GreenLimits,
    ) -> Result<(), SignalFault> {
        let stages = self.stages(junction, limits)?;
        let plan = self.signal_plan(junction).ok_or(SignalFault::None(junction))?;
        let lanes = self.entries(plan);
        let lamps_of_lanes: Vec<Vec<u32>> = lanes.iter().map(|&lane| self.lamps_of(plan, lane)).collect();
        let priority = choice.bus_priority;
        let (mut before_s, mut range_m) = (0.0, 0.0);
        let (mut program, mut downstream) = (None, Vec::new());
        let control = match &choice.kind {
            ControlKind::Fixed { greens_s, offset_s } => {
                program = Some(stages.program(greens_s, *offset_s)?);
                priority
                    .map(|priority| {
                        let longest_s: Vec<f64> =
                            greens_s.iter().map(|green_s| green_s + priority.extension_max_s).collect();
                        Fixed::of_stages(&stages, greens_s, &longest_s, *offset_s, priority).map(Control::Fixed)
                    })
                    .transpose()?
            }
            ControlKind::Actuated { greens_max_s, gaps } => {
                before_s = gaps.detector_gap_s;
                Some(Control::Actuated(Actuated::of_stages(&stages, greens_max_s, &lamps_of_lanes, *gaps, priority)?))
            }
            ControlKind::MaxPressure { greens_max_s, red_max_s, decision_s } => {
                range_m = COUNTED_M;
                let exits = self.exits(plan);
                downstream = exits.iter().map(|&street| self.lanes_behind(street)).collect();
                let movements = self.pressure_movements(plan, &lanes, &lamps_of_lanes, &exits);
                let (greens_max_s, decision_s) = (greens_max_s.clone(), *decision_s);
                let mut options = PressureOptions { greens_max_s, red_max_s: *red_max_s, decision_s };
                let control = match MaxPressure::new(stages.clone(), movements.clone(), options.clone(), priority) {
                    Err(MaxPressureFault::Red { needed_s, .. }) => {
                        options.red_max_s = needed_s;
                        MaxPressure::new(stages.clone(), movements, options, priority)?
                    }
                    other => other?,
                };
                Some(Control::MaxPressure(control))
            }
        };
        let detectors = lanes.iter().map(|&lane| {
            let limit_mps = self.rows.streets[lane.street as usize].lanes[lane.lane as usize].speed_limit_mps;
            let most_m = (limits.green_min_s / PASSING_S + 0.5) * ROOM_M;
            DetectorRow { lane, before_m: (before_s * limit_mps).min(most_m), range_m }
        });
        let detectors: Vec<DetectorRow> = if before_s + range_m > 0.0 { detectors.collect() } else { Vec::new() };
        let signal = plan.signal as usize;
        let row = &mut self.rows.signals[signal];
        if let Some(program) = program {
            row.program = program;
        }
        row.responsive = control.map(|control| ResponsiveRow { control, detectors, downstream });
        Ok(())
    }

    /// The lanes with the stop lines of a signal, in the order of its movements.
    pub(super) fn entries(&self, plan: &SignalPlan) -> Vec<LanePlace> {
        let mut lanes: Vec<LanePlace> = Vec::new();
        for &row in &plan.movements {
            let lane = self.rows.movements[row as usize].from;
            if !lanes.contains(&lane) {
                lanes.push(lane);
            }
        }
        lanes
    }

    /// The lamps that a lane leads to.
    pub(super) fn lamps_of(&self, plan: &SignalPlan, lane: LanePlace) -> Vec<u32> {
        let rows = (0..).zip(&plan.movements);
        rows.filter(|&(_, &row)| self.rows.movements[row as usize].from == lane).map(|(lamp, _)| lamp).collect()
    }

    /// The streets behind a signal.
    fn exits(&self, plan: &SignalPlan) -> Vec<u32> {
        let mut streets: Vec<u32> =
            plan.movements.iter().map(|&row| self.rows.movements[row as usize].to.street).collect();
        streets.sort_unstable();
        streets.dedup();
        streets
    }

    /// The lanes of a street, and of its pocket.
    fn lanes_behind(&self, street: u32) -> Vec<LanePlace> {
        let pocket = self.pockets.get(street as usize).copied().flatten();
        let lanes = |street: u32| {
            (0..self.rows.streets[street as usize].lanes.len() as u32).map(move |lane| LanePlace { street, lane })
        };
        std::iter::once(street).chain(pocket).flat_map(lanes).collect()
    }

    fn pressure_movements(
        &self,
        plan: &SignalPlan,
        lanes: &[LanePlace],
        lamps_of_lanes: &[Vec<u32>],
        exits: &[u32],
    ) -> Vec<Movement> {
        let mut movements = Vec::new();
        for (lane, lamps) in (0..lanes.len() as u32).zip(lamps_of_lanes) {
            let share = 1.0 / lamps.len() as f64;
            for &lamp in lamps {
                let to = self.rows.movements[plan.movements[lamp as usize] as usize].to.street;
                let behind = self.rows.streets[to as usize].lanes.len() as f64;
                let place = exits.binary_search(&to).map_or(0, |place| place as u32);
                let onward = vec![(place, share / behind)];
                movements.push(Movement { lamp, lane, share, saturation_flow_vph: SATURATION_FLOW_VPH, onward });
            }
        }
        movements
    }
}

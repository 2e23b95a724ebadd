//! Programs of signals that follow traffic by gaps between vehicles (`type="actuated"`).
//!
//! As SUMO 1.28 documents them (*Traffic Lights*, section on actuated signals): a loop lies on each lane that a phase of
//! variable length opens, `detector-gap` seconds before the stop line, but no further than as many vehicles stand as leave
//! in the shortest such phase, one every `passing-time`. A phase counts the loops of lanes all of whose ways it opens; a way
//! that only gives way counts as opened where its street has but one lane, or where no phase gives it the full green and
//! another way of its lane has that. Left out: everything that a note tells; loops on lanes that follow each other under one
//! signal.

use std::borrow::Cow;

use engine::signals::control::{Actuated, ActuatedFault, ActuatedPhase, Control, Gaps};
use engine::signals::{Lamp, Phase};
use engine::traffic::network::Direction;
use engine::traffic::network::rows::{DetectorRow, LanePlace, MovementRow, ResponsiveRow, StreetRow};

use super::element::{Element, number, time_s, wrong};
use super::notes::Notes;
use super::source::{At, Blame};
use super::vehicle_classes::lets_motors_in;

/// Room of a vehicle in a queue, in metres.
const ROOM_M: f64 = 7.5;
/// A phase with a shortest length and no longest one may last so long, in seconds.
const LONGEST_S: f64 = 2_147_483.0;
/// No phase is shorter, in seconds.
const SHORTEST_S: f64 = 1.0;
/// The value of a lane's parameter that takes its loop away.
const NO_DETECTOR: &str = "NO_DETECTOR";

/// How short and long a phase may be, in seconds.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) min_s: f64,
    pub(super) max_s: f64,
}

impl Limits {
    /// Those that a `phase` says.
    pub(super) fn read(element: &Element<'_>, duration_s: f64) -> Result<Self, Blame> {
        let time = |name: &str| element.get(name).map(|text| time_s(name, text)).transpose().at(element.place);
        let min_s = time("minDur")?;
        let max_s = time("maxDur")?.unwrap_or(if min_s.is_some() { LONGEST_S } else { duration_s });
        Ok(Self { min_s: min_s.unwrap_or(duration_s).max(SHORTEST_S), max_s })
    }
}

/// What parameters say of an actuated program.
pub(super) struct Settings<'a> {
    gaps: Gaps,
    passing_s: f64,
    /// Lanes without a loop.
    without: Vec<Cow<'a, str>>,
}

impl Default for Settings<'_> {
    fn default() -> Self {
        Self { gaps: Gaps::default(), passing_s: 1.9, without: Vec::new() }
    }
}

impl<'a> Settings<'a> {
    /// Takes over a `param`.
    pub(super) fn set(&mut self, element: &Element<'a>, notes: &mut Notes) -> Result<(), Blame> {
        let key = element.text("key")?;
        let Some(value) = element.get("value") else { return Ok(()) };
        let seconds = |least: f64| {
            let seconds = number(key, value)?;
            if seconds >= least { Ok(seconds) } else { Err(wrong(key, value, "a time that lasts")) }
        };
        match key.as_ref() {
            "max-gap" => self.gaps.max_gap_s = seconds(f64::MIN_POSITIVE).at(element.place)?,
            "detector-gap" => self.gaps.detector_gap_s = seconds(0.0).at(element.place)?,
            "passing-time" => self.passing_s = seconds(f64::MIN_POSITIVE).at(element.place)?,
            // What only draws or writes.
            "show-detectors" | "file" | "freq" | "hide-conditions" | "show-conditions" => {}
            _ if value == NO_DETECTOR => self.without.push(key.clone()),
            _ => notes.attribute(element.place, "param", key, "actuated signals do not follow it"),
        }
        Ok(())
    }
}

/// What the control of a signal is made of.
pub(super) struct Source<'s, 'a> {
    /// Row of the signal.
    pub(super) signal: u32,
    pub(super) phases: &'s [Phase],
    pub(super) limits: &'s [Limits],
    pub(super) settings: &'s Settings<'a>,
    pub(super) movements: &'s [MovementRow],
    pub(super) streets: &'s [StreetRow],
}

/// A way of the signal.
struct Link {
    lane: LanePlace,
    lamp: usize,
    turns_around: bool,
}

impl Source<'_, '_> {
    /// The control, with its loops.
    pub(super) fn responsive(&self) -> Result<ResponsiveRow, ActuatedFault> {
        let links: Vec<Link> = self.movements.iter().filter_map(|movement| self.link(movement)).collect();
        let mut lanes: Vec<LanePlace> = links.iter().map(|link| link.lane).collect();
        lanes.sort_unstable();
        lanes.dedup();
        lanes.retain(|&lane| self.has_loop(lane));
        let mut detectors = Vec::new();
        lanes.retain(|&lane| {
            let min_s = self.shortest_s(lane, &links);
            detectors.extend(min_s.map(|min_s| self.detector(lane, min_s)));
            min_s.is_some()
        });
        let phase = |(phase, &limits): (&Phase, &Limits)| {
            let is_variable = is_variable(phase, limits);
            let counts = |lane: LanePlace| is_variable && self.opens(phase, lane, &links);
            ActuatedPhase {
                min_s: limits.min_s,
                max_s: if is_variable { limits.max_s } else { limits.min_s },
                detectors: (0..).zip(&lanes).filter(|&(_, &lane)| counts(lane)).map(|(row, _)| row).collect(),
                lamps: phase.lamps.clone(),
            }
        };
        let phases = self.phases.iter().zip(self.limits).map(phase).collect();
        let control = Control::Actuated(Actuated::new(phases, self.settings.gaps, None)?);
        Ok(ResponsiveRow { control, detectors, downstream: Vec::new() })
    }

    fn link(&self, movement: &MovementRow) -> Option<Link> {
        let (signal, lamp) = movement.signal?;
        (signal == self.signal).then(|| Link {
            lane: movement.from,
            lamp: lamp as usize,
            turns_around: movement.direction == Direction::Turnaround,
        })
    }

    fn has_loop(&self, lane: LanePlace) -> bool {
        let street = &self.streets[lane.street as usize];
        let name = format!("{}_{}", street.name, lane.lane);
        street.lanes[lane.lane as usize].permissions.0 != 0 && !self.settings.without.iter().any(|known| *known == name)
    }

    /// The shortest phase of variable length that opens a way of a lane.
    fn shortest_s(&self, lane: LanePlace, links: &[Link]) -> Option<f64> {
        let opening = self.phases.iter().zip(self.limits).filter(|&(phase, &limits)| {
            is_variable(phase, limits)
                && links.iter().any(|link| link.lane == lane && phase.lamps[link.lamp].is_green())
        });
        opening.map(|(_, limits)| limits.min_s).reduce(f64::min)
    }

    fn detector(&self, lane: LanePlace, min_s: f64) -> DetectorRow {
        let limit_mps = self.streets[lane.street as usize].lanes[lane.lane as usize].speed_limit_mps;
        let most_m = (min_s / self.settings.passing_s + 0.5) * ROOM_M;
        DetectorRow { lane, before_m: (self.settings.gaps.detector_gap_s * limit_mps).min(most_m), range_m: 0.0 }
    }

    /// Whether a phase opens all ways of a lane.
    fn opens(&self, phase: &Phase, lane: LanePlace, links: &[Link]) -> bool {
        let shown = |link: &Link| phase.lamps[link.lamp];
        let of_lane = || links.iter().filter(move |link| link.lane == lane);
        let has_full_green = of_lane().any(|link| shown(link) == Lamp::Green);
        let street = &self.streets[lane.street as usize];
        let is_alone = street.lanes.iter().filter(|lane| lets_motors_in(lane.permissions)).count() == 1;
        of_lane().all(|link| match shown(link) {
            Lamp::Green => true,
            Lamp::GreenYield => {
                let is_minor = self.phases.iter().all(|phase| phase.lamps[link.lamp] != Lamp::Green);
                is_alone || ((is_minor || link.turns_around) && has_full_green)
            }
            _ => false,
        })
    }
}

/// Whether a phase is green and its length open.
fn is_variable(phase: &Phase, limits: Limits) -> bool {
    let is_green = phase.lamps.iter().any(|lamp| lamp.is_green()) && !phase.lamps.contains(&Lamp::Yellow);
    is_green && limits.max_s > limits.min_s
}

//! How the signals of a scenario are controlled: as its edits say, else by the clock and for the base's flows.
//!
//! Several junctions of the city may be one crossing, with one signal: what is said of one of them is said of it, and edits
//! that say different things of two of them are refused.

use engine::signals::CycleLimits;
use engine::signals::control::{BusPriority, Gaps};
use engine::traffic::from_city::CityStreets;
use engine::traffic::network::derive::{
    Control, ControlChoice, ControlKind, DerivedNetwork, GreenLimits, SignalFault, TimingOptions,
};

use super::super::base::SimulateError;
use super::super::model::CityModel;
use super::waves;
use crate::scenario::{Applied, SignalControl, TrafficEdits, Wave, WrittenAt};

/// The longest green of a stage that follows traffic, in seconds, where the scenario gives none: that of most actuated signals
/// in use is 40 to 60 s (FHWA, Signal Timing Manual, 2nd edition 2015, section 6).
const GREEN_MAX_S: f64 = 50.0;
/// No lamp of a max-pressure control is red for longer, in seconds, where the stages can keep it.
const RED_MAX_S: f64 = 120.0;
/// A max-pressure control decides so often, in seconds.
const DECISION_S: f64 = 5.0;

/// A signal with what was decided for it.
pub(super) struct Timed {
    pub(super) junction: u32,
    pub(super) choice: ControlChoice,
    pub(super) limits: GreenLimits,
}

/// Rows of the city's junctions that are one junction of lanes, ascending.
pub(super) fn members(streets: &CityStreets, junction: u32) -> Vec<usize> {
    streets.junctions[junction as usize].members.iter().map(|&row| row as usize).collect()
}

/// What the edits say of one junction of lanes; nothing where they are silent.
fn edited<'a>(edits: &'a TrafficEdits, streets: &CityStreets, junction: usize) -> Option<&'a SignalControl> {
    let members = members(streets, junction as u32);
    edits.signal_at(&members).or_else(|| {
        let stands = streets.plain.junctions[junction].control == Control::Signals;
        edits.all_signals.as_ref().filter(|_| stands && edits.wave_at(&members).is_none())
    })
}

/// Where that is written.
fn written<'a>(model: &'a CityModel, streets: &CityStreets, junction: u32) -> Option<&'a WrittenAt> {
    let Applied { traffic, written, .. } = &model.applied;
    let members = members(streets, junction);
    match members.iter().find(|row| traffic.signals.contains_key(row)) {
        Some(row) => written.of_junctions.get(row),
        None => edited(traffic, streets, junction as usize).and(written.of_all.as_ref()),
    }
}

/// Refuses edits that say different things of junctions that are one.
pub(super) fn check(model: &CityModel, streets: &CityStreets) -> Result<(), SimulateError> {
    let edits = &model.applied.traffic;
    let key = |row: usize| model.applied.tables.junctions[row].key.to_string();
    for junction in 0..streets.junctions.len() as u32 {
        // What each member is told to be, where it is told anything.
        let mut told: Vec<(usize, String)> = Vec::new();
        let members = members(streets, junction);
        for &row in &members {
            let named = edits.signals.get(&row);
            told.extend(named.map(|control| (row, control.told().en)));
            // Whether times and wave of one junction suit each other was asked where they were applied.
            if named.is_none() && edits.signal_at(&members).is_none_or(|control| !control.leaves_timing_open()) {
                let waves = edits.green_waves.iter().filter(|(_, wave)| wave.junctions.binary_search(&row).is_ok());
                told.extend(waves.map(|(street, _)| (row, format!("part of the green wave of {street}"))));
            }
        }
        if let [(first, one), ..] = &told[..]
            && let Some((second, other)) = told.iter().find(|(_, other)| other != one)
        {
            let junctions = [key(*first), key(*second)];
            return Err(SimulateError::OneSignal { junctions, told: [one.clone(), other.clone()] });
        }
    }
    Ok(())
}

/// Puts signals where the edits want them, and takes those away that they replace by signs.
pub(super) fn place(model: &CityModel, streets: &mut CityStreets) {
    for junction in 0..streets.plain.junctions.len() {
        match edited(&model.applied.traffic, streets, junction) {
            None => {}
            Some(SignalControl::Signs) => streets.plain.junctions[junction].control = Control::Signs,
            Some(_) => streets.plain.junctions[junction].control = Control::Signals,
        }
    }
}

/// Gives every signal its control.
pub(super) fn time(
    model: &CityModel,
    streets: &CityStreets,
    derived: &mut DerivedNetwork,
) -> Result<(), SimulateError> {
    let no_flows = std::collections::BTreeMap::new();
    let flows_vph = streets.plain.turn_flows_vph.as_ref().unwrap_or(&no_flows);
    let edits = &model.applied.traffic;
    let mut signals = Vec::with_capacity(derived.signal_plans.len());
    for junction in derived.signal_plans.iter().map(|plan| plan.junction) {
        let flows = derived.signal_flows(junction, flows_vph);
        let edit = edited(edits, streets, junction as usize);
        let wave = edits.wave_at(&members(streets, junction));
        let (choice, limits) = choice(derived, junction, &flows, (edit, wave))
            .map_err(|fault| signal_error(model, streets, junction, fault))?;
        signals.push(Timed { junction, choice, limits });
    }
    waves::coordinate(model, streets, derived, &mut signals)?;
    for Timed { junction, choice, limits } in signals {
        derived
            .set_control(junction, &choice, &limits)
            .map_err(|fault| signal_error(model, streets, junction, fault))?;
    }
    Ok(())
}

fn signal_error(model: &CityModel, streets: &CityStreets, junction: u32, fault: SignalFault) -> SimulateError {
    let written = written(model, streets, junction).cloned().map(Box::new);
    SimulateError::Signal { written, junction: streets.plain.junctions[junction as usize].name.as_str().into(), fault }
}

fn choice(
    derived: &DerivedNetwork,
    junction: u32,
    flows: &[engine::traffic::network::derive::MovementFlow],
    (edit, wave): (Option<&SignalControl>, Option<&Wave>),
) -> Result<(ControlChoice, GreenLimits), SignalFault> {
    let wave_cycle_s = wave.map(|wave| wave.cycle_s);
    let options = TimingOptions::default();
    let favour = |wanted: bool| wanted.then(BusPriority::default);
    let following = |limits: &crate::scenario::GreenLimits| {
        let greens =
            GreenLimits { green_min_s: limits.min_green_s.unwrap_or(options.greens.green_min_s), ..options.greens };
        let stages = derived.stages(junction, &greens)?;
        let longest_s = limits.max_green_s.unwrap_or(GREEN_MAX_S);
        let greens_max_s: Vec<f64> = stages.stages().iter().map(|stage| stage.min_s().max(longest_s)).collect();
        Ok::<_, SignalFault>((greens, greens_max_s))
    };
    Ok(match edit {
        None | Some(SignalControl::Signs) => {
            let kind =
                ControlKind::Fixed { greens_s: greens_s(derived, junction, flows, wave_cycle_s)?, offset_s: 0.0 };
            (ControlChoice { kind, bus_priority: None }, options.greens)
        }
        Some(SignalControl::Fixed { cycle_s, greens_s: given_s, offset_s, bus_priority }) => {
            let computed = || greens_s(derived, junction, flows, cycle_s.or(wave_cycle_s));
            let greens_s = given_s.clone().map_or_else(computed, Ok)?;
            let kind = ControlKind::Fixed { greens_s, offset_s: offset_s.unwrap_or(0.0) };
            (ControlChoice { kind, bus_priority: favour(*bus_priority) }, options.greens)
        }
        Some(SignalControl::Actuated(limits)) => {
            let (greens, greens_max_s) = following(limits)?;
            let kind = ControlKind::Actuated { greens_max_s, gaps: Gaps::default() };
            (ControlChoice { kind, bus_priority: favour(limits.bus_priority) }, greens)
        }
        Some(SignalControl::MaxPressure(limits)) => {
            let (greens, greens_max_s) = following(limits)?;
            let kind = ControlKind::MaxPressure { greens_max_s, red_max_s: RED_MAX_S, decision_s: DECISION_S };
            (ControlChoice { kind, bus_priority: favour(limits.bus_priority) }, greens)
        }
    })
}

/// Greens for the flows, in a cycle that is given or computed. Where the shortest greens do not fit into the longest usual
/// cycle, the cycle is as long as they need.
fn greens_s(
    derived: &DerivedNetwork,
    junction: u32,
    flows: &[engine::traffic::network::derive::MovementFlow],
    cycle_s: Option<f64>,
) -> Result<Vec<f64>, SignalFault> {
    let mut options = TimingOptions::default();
    if let Some(cycle_s) = cycle_s {
        options.cycle = CycleLimits { min_s: cycle_s, max_s: cycle_s };
    }
    derived.timing(junction, flows, &options).map(|timing| timing.greens_s)
}

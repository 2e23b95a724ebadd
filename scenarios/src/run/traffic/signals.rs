//! How the signals of a scenario are controlled: as its edits say, else by the clock and for the base's flows.

use engine::signals::CycleLimits;
use engine::signals::control::{BusPriority, Gaps};
use engine::traffic::from_city::CityStreets;
use engine::traffic::network::derive::{
    Control, ControlChoice, ControlKind, DerivedNetwork, GreenLimits, SignalFault, TimingOptions,
};

use super::super::base::SimulateError;
use super::super::model::CityModel;
use crate::scenario::{SignalControl, TrafficEdits};

/// The longest green of a stage that follows traffic, in seconds, where the scenario gives none: that of most actuated signals
/// in use is 40 to 60 s (FHWA, Signal Timing Manual, 2nd edition 2015, section 6).
const GREEN_MAX_S: f64 = 50.0;
/// No lamp of a max-pressure control is red for longer, in seconds, where the stages can keep it.
const RED_MAX_S: f64 = 120.0;
/// A max-pressure control decides so often, in seconds.
const DECISION_S: f64 = 5.0;

/// What the edits say of one junction of lanes; nothing where they are silent.
fn edited<'a>(edits: &'a TrafficEdits, streets: &CityStreets, junction: usize) -> Option<&'a SignalControl> {
    let members: Vec<usize> = streets.junctions[junction].members.iter().map(|&row| row as usize).collect();
    edits.signal_at(&members).or_else(|| {
        let stands = streets.plain.junctions[junction].control == Control::Signals;
        edits.all_signals.as_ref().filter(|_| stands && edits.wave_at(&members).is_none())
    })
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
    let junctions: Vec<u32> = derived.signal_plans.iter().map(|plan| plan.junction).collect();
    for junction in junctions {
        let flows = derived.signal_flows(junction, flows_vph);
        let edit = edited(&model.applied.traffic, streets, junction as usize);
        let (choice, limits) =
            choice(derived, junction, &flows, edit).map_err(|fault| signal_error(streets, junction, fault))?;
        derived.set_control(junction, &choice, &limits).map_err(|fault| signal_error(streets, junction, fault))?;
    }
    Ok(())
}

fn signal_error(streets: &CityStreets, junction: u32, fault: SignalFault) -> SimulateError {
    SimulateError::Signal { junction: streets.plain.junctions[junction as usize].name.clone(), fault }
}

fn choice(
    derived: &DerivedNetwork,
    junction: u32,
    flows: &[engine::traffic::network::derive::MovementFlow],
    edit: Option<&SignalControl>,
) -> Result<(ControlChoice, GreenLimits), SignalFault> {
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
            let kind = ControlKind::Fixed { greens_s: greens_s(derived, junction, flows, None)?, offset_s: 0.0 };
            (ControlChoice { kind, bus_priority: None }, options.greens)
        }
        Some(SignalControl::Fixed { cycle_s, greens_s: given_s, offset_s, bus_priority }) => {
            let computed = || greens_s(derived, junction, flows, *cycle_s);
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

//! The same tables for flows that do not change: those of a static equilibrium.
//!
//! A link of flow q and travel time t, over h hours: q h vehicles enter and leave, each drives its length and takes t; what
//! it takes more than at free speed is its delay. Left out, because the model knows nothing of it: standing, stops and queues
//! ([`TrafficResults::knows_queues`] says so), and where trips begin and end.

use super::{StreetBin, TimeBins, TrafficResults, TurnBin};
use crate::vehicles::VehicleClass;

/// The flow on one street.
#[derive(Clone, Debug, PartialEq)]
pub struct StationaryFlow {
    /// Length in metres.
    pub length_m: f64,
    /// Flow in vehicles an hour, by class.
    pub flow_vph: Vec<f64>,
    /// Travel time in seconds.
    pub time_s: f64,
    /// Travel time of whoever is alone there, in seconds.
    pub free_time_s: f64,
}

/// The flow that turns from one street to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StationaryTurn {
    /// Row of the street before.
    pub from: u32,
    /// Row of the street behind.
    pub to: u32,
    /// Flow in vehicles an hour, all classes together.
    pub flow_vph: f64,
    /// What turning takes beyond the time on the street before, in seconds; all of it counts as delay.
    pub delay_s: f64,
}

impl StreetBin {
    /// A street with a constant flow over some seconds.
    #[must_use]
    pub fn stationary(flow: &StationaryFlow, bin_s: f64) -> Self {
        let vehicles = flow.flow_vph.iter().sum::<f64>() * bin_s / 3600.0;
        Self {
            entered: vehicles,
            left: vehicles,
            driven_m: vehicles * flow.length_m,
            time_s: vehicles * flow.time_s,
            delay_s: vehicles * (flow.time_s - flow.free_time_s).max(0.0),
            ..Self::default()
        }
    }
}

impl TrafficResults {
    /// Results of constant flows: one bin. `flows` has a row for each street, with as many flows as there are classes; turns of
    /// streets that are not there are left out.
    #[must_use]
    pub fn stationary(
        bin: TimeBins,
        classes: Vec<VehicleClass>,
        flows: &[StationaryFlow],
        turns: &[StationaryTurn],
    ) -> Self {
        let mut rows: Vec<&StationaryTurn> =
            turns.iter().filter(|turn| (turn.from.max(turn.to) as usize) < flows.len()).collect();
        rows.sort_by_key(|turn| (turn.from, turn.to));
        let mut turns: Vec<(u32, u32)> = Vec::new();
        let mut turn_bins: Vec<TurnBin> = Vec::new();
        for row in rows {
            let (vehicles, before) = (row.flow_vph * bin.bin_s / 3600.0, &flows[row.from as usize]);
            let made = TurnBin {
                vehicles,
                time_s: vehicles * (before.time_s + row.delay_s),
                delay_s: vehicles * ((before.time_s - before.free_time_s).max(0.0) + row.delay_s),
                inside_time_s: vehicles * row.delay_s,
                inside_delay_s: vehicles * row.delay_s,
                ..TurnBin::default()
            };
            match turn_bins.last_mut() {
                Some(last) if turns.last() == Some(&(row.from, row.to)) => last.add(&made),
                _ => {
                    turns.push((row.from, row.to));
                    turn_bins.push(made);
                }
            }
        }
        let by_class = |flow: &StationaryFlow| -> Vec<f64> {
            let flow_vph = |class: usize| flow.flow_vph.get(class).copied().unwrap_or(0.0);
            (0..classes.len()).map(|class| flow_vph(class) * bin.bin_s / 3600.0).collect()
        };
        Self {
            bins: bin,
            bin_count: 1,
            street_count: flows.len(),
            knows_queues: false,
            streets: flows.iter().map(|flow| StreetBin::stationary(flow, bin.bin_s)).collect(),
            entered_by_class: flows.iter().flat_map(by_class).collect(),
            classes,
            turns,
            turn_bins,
            crossing_count: 0,
            crossing_bins: Vec::new(),
        }
    }
}

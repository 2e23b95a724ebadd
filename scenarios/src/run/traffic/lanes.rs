//! A city's lanes: made once for all seeds of a run.

use engine::time::ClockTime;
use engine::traffic::from_city::CityStreets;
use engine::traffic::network::LaneNetwork;
use engine::traffic::network::derive::{DerivedNetwork, derive};
use engine::vehicles::ClassSet;

use super::super::base::SimulateError;
use super::super::model::CityModel;
use super::design::Design;

/// A city's streets, what is derived from them, and the network that vehicles move on.
pub(in crate::run) struct CityLanes {
    pub(super) streets: CityStreets,
    pub(super) derived: DerivedNetwork,
    pub(super) network: LaneNetwork,
}

impl CityLanes {
    /// The lanes that are open to vehicles in any of some slices of the model, with the signals of the design.
    pub(in crate::run) fn new(model: &CityModel, slices: &[usize], design: &Design) -> Result<Self, SimulateError> {
        let streets = streets(model, slices, &design.flows_vph)?;
        let flows_vph = design.movements(&streets);
        let streets = streets.with_turn_flows(flows_vph);
        let mut derived = derive(&streets.plain).map_err(SimulateError::Derive)?;
        design.time_signals(&streets, &mut derived)?;
        let network = LaneNetwork::build(&derived.rows).map_err(SimulateError::Lanes)?;
        Ok(Self { streets, derived, network })
    }
}

/// The streets that are open to vehicles in any of some slices; `flows_vph` are those that signals are placed by.
pub(super) fn streets(model: &CityModel, slices: &[usize], flows_vph: &[f64]) -> Result<CityStreets, SimulateError> {
    let tables = &model.applied.tables;
    let times: Vec<ClockTime> = slices.iter().map(|&slice| model.slices[slice].time.span.from).collect();
    let day = tables.about.day_plan.day;
    Ok(CityStreets::extract(tables, day, &times, ClassSet::MOTOR, Some(flows_vph))?)
}

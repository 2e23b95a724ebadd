//! A city's lanes: made once for all seeds of a run.

use engine::time::ClockTime;
use engine::traffic::from_city::CityStreets;
use engine::traffic::network::LaneNetwork;
use engine::traffic::network::derive::{DerivedNetwork, derive};
use engine::vehicles::ClassSet;

use super::super::base::SimulateError;
use super::super::model::CityModel;

/// A city's streets, what is derived from them, and the network that vehicles move on.
pub(in crate::run) struct CityLanes {
    pub(super) streets: CityStreets,
    pub(super) derived: DerivedNetwork,
    pub(super) network: LaneNetwork,
}

impl CityLanes {
    /// The lanes that are open to vehicles in any of some slices of the model. `flows_vph` are those of the base's busiest
    /// hour: where signals stand does not follow from what a scenario does to traffic.
    pub(in crate::run) fn new(model: &CityModel, slices: &[usize], flows_vph: &[f64]) -> Result<Self, SimulateError> {
        let tables = &model.applied.tables;
        let times: Vec<ClockTime> = slices.iter().map(|&slice| model.slices[slice].time.span.from).collect();
        let day = tables.about.day_plan.day;
        let streets = CityStreets::extract(tables, day, &times, ClassSet::MOTOR, Some(flows_vph))?;
        let derived = derive(&streets.plain).map_err(SimulateError::Derive)?;
        let network = LaneNetwork::build(&derived.rows).map_err(SimulateError::Lanes)?;
        Ok(Self { streets, derived, network })
    }
}

//! A city's lanes: made once for all seeds of a run.

use engine::time::ClockTime;
use engine::traffic::demand::ClosedStreet;
use engine::traffic::from_city::CityStreets;
use engine::traffic::network::derive::{DerivedNetwork, TimingOptions, derive};
use engine::traffic::network::{LaneNetwork, Permissions};
use engine::vehicles::ClassSet;

use super::super::base::SimulateError;
use super::super::model::CityModel;
use super::design::Design;
use super::{reserved, signals};

/// A city's streets, what is derived from them, and the network that vehicles move on.
pub(in crate::run) struct CityLanes {
    pub(super) streets: CityStreets,
    pub(super) derived: DerivedNetwork,
    pub(super) network: LaneNetwork,
    junctions_vph: Vec<Option<f64>>,
}

impl CityLanes {
    /// The lanes that are open to vehicles in any of some slices of the model, with the signals of the design.
    pub(in crate::run) fn new(model: &CityModel, slices: &[usize], design: &Design) -> Result<Self, SimulateError> {
        let mut streets = streets(model, slices, &design.flows_vph)?;
        signals::check(model, &streets)?;
        signals::place(model, &mut streets);
        reserved::reserve(model, slices, &mut streets);
        let flows_vph = design.movements(&streets);
        let streets = streets.with_turn_flows(flows_vph);
        let mut derived = derive(&streets.plain).map_err(SimulateError::Derive)?;
        signals::time(model, &streets, &mut derived)?;
        let network = LaneNetwork::build(&derived.rows).map_err(SimulateError::Lanes)?;
        let junctions_vph = junctions_vph(model, &streets, &derived)?;
        Ok(Self { streets, derived, network, junctions_vph })
    }

    /// What people call each street of the network; nothing where they call it nothing.
    pub(super) fn street_names(&self, model: &CityModel) -> Vec<String> {
        let links = &model.applied.tables.links;
        let name = |link: u32| links[link as usize].facts.name.as_deref().unwrap_or_default().to_owned();
        self.link_rows().into_iter().map(name).collect()
    }

    /// The row of the link that each street of the network is of; the second part of a street is of the same.
    pub(super) fn link_rows(&self) -> Vec<u32> {
        let mut rows = self.streets.links.clone();
        rows.resize(self.derived.rows.streets.len(), u32::MAX);
        for (street, pocket) in self.derived.pockets.iter().enumerate() {
            if let Some(pocket) = pocket {
                rows[*pocket as usize] = rows[street];
            }
        }
        rows
    }

    /// Streets that are closed to some in some of the slices, which are told by a time of day in them and their bounds in
    /// seconds.
    pub(super) fn closed_streets(
        &self,
        model: &CityModel,
        slices: impl Iterator<Item = (ClockTime, f64, f64)>,
    ) -> Vec<ClosedStreet> {
        let tables = &model.applied.tables;
        let mut closed = Vec::new();
        for (time, from_s, to_s) in slices {
            for (street, &link) in (0_u32..).zip(&self.streets.links) {
                let open = tables.links[link as usize].facts.access.at(tables.about.day_plan.day, time);
                let shut_out = self.streets.plain.streets[street as usize].permissions.0 & !u64::from(open.bits());
                if shut_out != 0 {
                    let pocket = self.derived.pockets[street as usize];
                    let rows = std::iter::once(street).chain(pocket);
                    closed.extend(rows.map(|street| ClosedStreet {
                        street,
                        shut_out: Permissions(shut_out),
                        from_s,
                        to_s,
                    }));
                }
            }
        }
        closed.sort_by(|a, b| a.street.cmp(&b.street).then(a.from_s.total_cmp(&b.from_s)));
        closed
    }

    /// What can leave each link of the model at its end, in vehicles an hour, where a junction bounds it.
    pub(in crate::run) fn junctions_vph(&self) -> &[Option<f64>] {
        &self.junctions_vph
    }
}

/// What can leave each link at its end for the flows of the streets' turns, in vehicles an hour.
pub(super) fn junctions_vph(
    model: &CityModel,
    streets: &CityStreets,
    derived: &DerivedNetwork,
) -> Result<Vec<Option<f64>>, SimulateError> {
    let mut junctions_vph = vec![None; model.applied.tables.links.len()];
    let Some(flows_vph) = &streets.plain.turn_flows_vph else { return Ok(junctions_vph) };
    let capacities_vph = derived.end_capacities_vph(flows_vph, &TimingOptions::default())?;
    for (&link, capacity_vph) in streets.links.iter().zip(capacities_vph) {
        junctions_vph[link as usize] = capacity_vph.is_finite().then_some(capacity_vph);
    }
    Ok(junctions_vph)
}

/// The streets that are open to vehicles in any of some slices; `flows_vph` are those that signals are placed by.
pub(super) fn streets(model: &CityModel, slices: &[usize], flows_vph: &[f64]) -> Result<CityStreets, SimulateError> {
    let tables = &model.applied.tables;
    let times: Vec<ClockTime> = slices.iter().map(|&slice| model.slices[slice].time.span.from).collect();
    let day = tables.about.day_plan.day;
    Ok(CityStreets::extract(tables, day, &times, ClassSet::MOTOR, Some(flows_vph))?)
}

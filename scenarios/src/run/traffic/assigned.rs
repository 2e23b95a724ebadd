//! Vehicles drawn from the equilibria of a seed.

use std::borrow::Cow;
use std::sync::Arc;

use engine::assignment::{Equilibrium, OdMatrix};
use engine::demand::PeriodDemand;
use engine::draws::Draws;
use engine::traffic::from_city::{AssignedSlice, CityStreets, CityTrips, ClassTrips, Stream, TripsError, trips};
use engine::traffic::network::derive::DerivedNetwork;

use super::super::model::CityModel;
use super::super::solve::{self, ASSIGNED};

/// What vehicles are drawn from.
pub(super) struct Assigned<'a> {
    pub(super) model: &'a CityModel,
    /// Of each slice of the model, where it was assigned.
    pub(super) equilibria: &'a [Option<Arc<Equilibrium>>],
    /// The slices, in the order of the clock, with the demand that was assigned.
    pub(super) slices: &'a [(usize, Cow<'a, PeriodDemand>)],
    /// When vehicles of the first slice begin, in seconds: with it, or before.
    pub(super) begin_s: f64,
    pub(super) seed: u64,
}

impl Assigned<'_> {
    /// From when to when vehicles take the ways of a slice, in seconds; the first begins early where streets fill before it.
    pub(super) fn span_s(&self, slice: usize) -> (f64, f64) {
        let span = self.model.slices[slice].time.span;
        let is_first = self.slices.first().is_some_and(|(first, _)| *first == slice);
        (if is_first { self.begin_s } else { f64::from(span.from.seconds()) }, f64::from(span.to.seconds()))
    }

    /// The vehicles of some streams, with their ways.
    pub(super) fn trips(
        &self,
        streams: &[Stream<'_>],
        streets: &CityStreets,
        derived: &DerivedNetwork,
    ) -> Result<CityTrips, TripsError> {
        let matrices: Vec<Vec<OdMatrix>> =
            self.slices.iter().map(|(slice, demand)| solve::od_matrices(self.model, *slice, demand)).collect();
        let classes: Vec<Vec<ClassTrips<'_>>> = matrices
            .iter()
            .map(|of_slice| {
                ASSIGNED.iter().zip(of_slice).map(|(&class, demand)| ClassTrips { class, demand }).collect()
            })
            .collect();
        let slices: Vec<AssignedSlice<'_>> = self
            .slices
            .iter()
            .zip(&classes)
            .filter_map(|(&(slice, _), classes)| {
                let (from_s, to_s) = self.span_s(slice);
                Some(AssignedSlice {
                    from_s,
                    to_s,
                    network: &self.model.variants[self.model.slices[slice].variant].network,
                    equilibrium: self.equilibria[slice].as_deref()?,
                    classes,
                })
            })
            .collect();
        trips(&slices, streams, streets, derived, Draws::new(self.seed))
    }
}

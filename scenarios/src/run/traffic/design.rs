//! What signals are designed for: the base's traffic in its busiest period, central case.
//!
//! Where signals stand and how long they are green follows from the base alone. A scenario keeps both, unless it says
//! otherwise: what it does to traffic must not move signals.

use std::borrow::Cow;
use std::collections::BTreeMap;

use engine::assignment::Options;
use engine::traffic::from_city::{CityStreets, LinkPlace};
use engine::traffic::network::derive::derive;

use super::super::base::{Base, SeedBase, SimulateError};
use super::super::indicators::vehicles;
use super::assigned::Assigned;
use super::lanes;
use super::streams;

/// The base's traffic in its busiest period.
pub(in crate::run) struct Design {
    /// Vehicles an hour on each link of the base, by row.
    pub(super) flows_vph: Vec<f64>,
    /// Ways, as rows of the base's links, and the passenger-car units an hour that take each.
    ways: Vec<(Vec<u32>, f64)>,
}

/// How often traffic and junctions are made to suit each other.
const ROUNDS: usize = 6;
/// The relative gap of equilibria that junctions are made to suit: what it leaves is far below what counts of traffic differ by.
/// Who of those on a street is of which class does not matter here.
const GAP: f64 = 1e-6;

impl Design {
    /// The design of a base, for one period: traffic, and what junctions let pass that are built for it, made to suit each
    /// other in some rounds. What is assigned afterwards reckons with the junctions that are built for the last traffic
    /// ([`CityLanes::junctions_vph`](super::lanes::CityLanes::junctions_vph)), the base as its scenarios.
    pub(in crate::run) fn new(base: &Base, period: usize) -> Result<Self, SimulateError> {
        let mut design = Self { flows_vph: Vec::new(), ways: Vec::new() };
        let mut junctions_vph: Vec<Option<f64>> = vec![None; base.tables.links.len()];
        let slices = base.model.slices_of(&[period]);
        let options = Options { gap: GAP, proportional: false, ..base.settings.assignment };
        let mut before: Option<SeedBase> = None;
        for round in 1..=ROUNDS {
            let central = base.seed_under(0, &[period], junctions_vph.clone(), &options, before.as_ref())?;
            design.assign(base, &central, period)?;
            if round == ROUNDS {
                break;
            }
            before = Some(central);
            let streets = lanes::streets(&base.model, &slices, &design.flows_vph)?;
            let flows_vph = design.movements(&streets);
            let streets = streets.with_turn_flows(flows_vph);
            let derived = derive(&streets.plain).map_err(SimulateError::Derive)?;
            let found = lanes::junctions_vph(&base.model, &streets, &derived)?;
            for (known, found) in junctions_vph.iter_mut().zip(found) {
                *known = match (*known, found) {
                    (Some(known), Some(found)) => Some((known + found) / 2.0),
                    (_, found) => found,
                };
            }
        }
        Ok(design)
    }

    /// Takes flows and ways from an equilibrium.
    fn assign(&mut self, base: &Base, central: &SeedBase, period: usize) -> Result<(), SimulateError> {
        let result = base.result(central);
        let equilibria = base.equilibria(central);
        let slices: Vec<usize> = (0..equilibria.len()).filter(|&slice| equilibria[slice].is_some()).collect();
        let links = base.tables.links.len();
        let flows_vph: Vec<f64> = slices
            .first()
            .and_then(|&slice| result.slices[slice].as_ref())
            .map_or_else(|| vec![0.0; links], |solved| (0..links).map(|link| vehicles(solved, link)).collect());
        let model = &base.model;
        let streets = lanes::streets(model, &slices, &flows_vph)?;
        let derived = derive(&streets.plain).map_err(SimulateError::Derive)?;
        let facts = &base.tables.about.day_plan.periods()[period];
        let by_kind = streams::matrices(&result.demand.periods[period]);
        let drawn = streams::of_period((period, facts), &by_kind, 0.0)?;
        let hours: f64 = drawn.iter().map(|stream| stream.stretch.duration_h()).sum::<f64>() / by_kind.len() as f64;
        let begin_s = slices.first().map_or(0, |&first| model.slices[first].time.span.from.seconds());
        let slices: Vec<_> =
            slices.iter().map(|&slice| (slice, Cow::Borrowed(&result.demand.periods[period]))).collect();
        let (begin_s, seed) = (f64::from(begin_s), central.seed);
        let assigned = Assigned { model, equilibria: &equilibria, slices: &slices, begin_s, seed };
        let made = assigned.trips(&drawn, &streets, &derived)?;
        let mut counts = vec![0.0; made.ways.len()];
        for vehicle in &made.vehicles {
            counts[vehicle.way as usize] += base.settings.car_units_moving(vehicle.class) / hours;
        }
        (self.flows_vph, self.ways) = (flows_vph, made.ways.into_iter().zip(counts).collect());
        Ok(())
    }

    /// Passenger-car units an hour from street to street of some streets, which are of the base's city or of one that extends it.
    pub(super) fn movements(&self, streets: &CityStreets) -> BTreeMap<(u32, u32), f64> {
        let mut flows: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for (way, flow_vph) in &self.ways {
            let mut before = None;
            for &link in way {
                match streets.places[link as usize] {
                    LinkPlace::Street(street) => {
                        if let Some(before) = before.replace(street) {
                            *flows.entry((before, street)).or_insert(0.0) += flow_vph;
                        }
                    }
                    LinkPlace::Inside(_) => {}
                    LinkPlace::Closed => before = None,
                }
            }
        }
        flows
    }
}

//! What arrivals say of trips: the tables' state of each slice.

use std::sync::Arc;

use engine::traffic::from_city::CityTrips;
use engine::traffic::simulation::FinishedTrip;

use super::super::model::CityModel;
use super::super::settings::Settings;
use super::super::solve::{ASSIGNED, Solved, TOLD, TOLD_AS, TOLD_CLASSES};
use super::links::LinkBins;

const SECONDS_PER_HOUR: f64 = 3600.0;

/// What a simulation gave.
pub(super) struct Driven<'a> {
    pub(super) trips: &'a CityTrips,
    pub(super) finished: &'a [FinishedTrip],
    pub(super) links: &'a LinkBins,
    /// When it ended, in seconds.
    pub(super) end_s: f64,
}

/// The state of each slice as it was driven, from that of the equilibrium. Who has not arrived counts with the time until
/// the end; trips inside zones and those without a way are as in the equilibrium.
pub(super) fn solved(
    model: &CityModel,
    settings: &Settings,
    assigned: &[Option<Arc<Solved>>],
    driven: &Driven<'_>,
) -> Vec<Option<Arc<Solved>>> {
    let mut of_slices: Vec<Option<Solved>> = assigned
        .iter()
        .enumerate()
        .map(|(slice, assigned)| {
            assigned.as_ref().map(|assigned| on_links(model, settings, slice, assigned, driven.links))
        })
        .collect();
    count_trips(model, driven, &mut of_slices);
    of_slices.into_iter().map(|solved| solved.map(Arc::new)).collect()
}

/// Flows and times of a slice, from the bins that it overlaps; trips that are not driven.
fn on_links(model: &CityModel, settings: &Settings, slice: usize, assigned: &Solved, links: &LinkBins) -> Solved {
    let span = model.slices[slice].time.span;
    let (from_s, to_s) = (span.from.seconds(), span.to.seconds());
    let hours = f64::from(span.duration_s()) / SECONDS_PER_HOUR;
    let places = assigned.at_edge_vph[0].len();
    let within = |trips: &[f64], unserved: &[f64]| -> Vec<f64> {
        let on_diagonal = |cell: usize| cell / places == cell % places;
        trips
            .iter()
            .zip(unserved)
            .enumerate()
            .map(|(cell, (trips, none))| if on_diagonal(cell) { *trips } else { *none })
            .collect()
    };
    let mut solved = Solved {
        flows_vph: vec![vec![0.0; links.link_count]; TOLD.len()],
        flow_pcuph: vec![0.0; links.link_count],
        time_s: vec![0.0; links.link_count],
        trips_vph: assigned.trips_vph.iter().zip(&assigned.unserved_vph).map(|(t, u)| within(t, u)).collect(),
        trip_hours: vec![vec![0.0; places * places]; TOLD.len()],
        turns_vph: Vec::new(),
        ..assigned.clone()
    };
    let pcu = TOLD_CLASSES.map(|class| settings.parameters.vehicles[class].passenger_car_units);
    for link in 0..links.link_count {
        let (mut weights, mut times, mut unweighted) = (0.0, 0.0, (0.0, 0.0));
        for (bin, &(bin_from_s, bin_to_s)) in links.spans_s.iter().enumerate() {
            let overlap_s = bin_to_s.min(to_s).saturating_sub(bin_from_s.max(from_s));
            if overlap_s == 0 {
                continue;
            }
            let share = f64::from(overlap_s) / f64::from(bin_to_s - bin_from_s);
            let row = links.at(bin, link);
            for (kind, &vehicles) in row.vehicles.iter().enumerate() {
                let vehicles = f64::from(vehicles) * share;
                solved.flows_vph[kind][link] += vehicles / hours;
                solved.flow_pcuph[link] += vehicles / hours * pcu[kind];
                weights += vehicles;
                times += vehicles * f64::from(row.time_s);
            }
            unweighted = (unweighted.0 + share, unweighted.1 + share * f64::from(row.time_s));
        }
        solved.time_s[link] = if weights > 0.0 {
            times / weights
        } else if unweighted.0 > 0.0 {
            unweighted.1 / unweighted.0
        } else {
            0.0
        };
    }
    solved
}

fn count_trips(model: &CityModel, driven: &Driven<'_>, of_slices: &mut [Option<Solved>]) {
    let mut arrivals: Vec<Option<f64>> = vec![None; driven.trips.demand.trips.len()];
    for trip in driven.finished {
        arrivals[trip.trip as usize] = Some(trip.arrived_s);
    }
    for vehicle in &driven.trips.vehicles {
        let slice = model.slices.iter().position(|slice| {
            let (from, to) = (slice.time.span.from.seconds(), slice.time.span.to.seconds());
            f64::from(from) <= vehicle.depart_s && vehicle.depart_s < f64::from(to)
        });
        let Some(slice) = slice else { continue };
        let hours = f64::from(model.slices[slice].time.span.duration_s()) / SECONDS_PER_HOUR;
        let Some(solved) = &mut of_slices[slice] else { continue };
        let Some(kind) = ASSIGNED.iter().position(|&class| class == vehicle.class).map(|row| TOLD_AS[row]) else {
            continue;
        };
        let places = solved.at_edge_vph[0].len();
        let cell = vehicle.origin as usize * places + vehicle.destination as usize;
        let on_road_s = vehicle.trip.map_or(0.0, |trip| {
            arrivals[trip as usize].unwrap_or(driven.end_s) - driven.trips.demand.trips[trip as usize].depart_s
        });
        solved.trips_vph[kind][cell] += 1.0 / hours;
        solved.trip_hours[kind][cell] += (on_road_s.max(0.0) + vehicle.access_s) / SECONDS_PER_HOUR / hours;
    }
}

//! One seed: its vehicles, driven.

use std::sync::Arc;

use data::trajectories::{Reference, Scene, TrajectoryFile};
use engine::assignment::{Equilibrium, OdMatrix};
use engine::traffic::demand::{SQUEEZE_AFTER_S, TrafficDemand};
use engine::traffic::from_city::{LeftOut, Stream};
use engine::traffic::meso::Meso;
use engine::traffic::micro::Micro;
use engine::traffic::network::LaneNetwork;
use engine::traffic::simulation::{Counts, Options, Outcome, Relief, Simulation};
use engine::traffic::trajectories::Traffic;

use super::super::base::{SeedResult, SimulateError, slice_demand};
use super::super::fidelity::{Fidelity, Recording};
use super::super::model::CityModel;
use super::super::settings::Settings;
use super::assigned::Assigned;
use super::lanes::CityLanes;
use super::links::{BIN_S, LinkBins, came_over, link_bins};
use super::turns::{TurnBins, turn_bins};
use super::{lines, streams, trips as told};

/// How long before a period streets fill with its traffic, in seconds: longer than almost every trip takes.
pub(super) const WARM_UP_S: u32 = 2 * BIN_S;
/// How long after the end those on their way may go on, in seconds.
pub(super) const AFTERWARDS_S: f64 = 7200.0;
/// The share of drivers who look before they begin, and choose another way where theirs is jammed: our assumption.
const INFORMED_SHARE: f64 = 0.6;
/// Who waits for a gap that long is let in by those who come slowly, in seconds: our assumption.
const LETS_IN_AFTER_S: f64 = 30.0;
/// Step of the micro simulation, in seconds.
const STEP_S: f64 = 1.0;

/// What moved under one seed.
#[derive(Clone, Debug, PartialEq)]
pub struct SeedTraffic {
    /// Vehicles of the whole run, those that warm streets up included.
    pub counts: Counts,
    /// How jams were resolved.
    pub relief: Relief,
    /// What was not driven.
    pub left_out: LeftOut,
    /// Vehicles of lines of buses among those that moved.
    pub bus_trips: usize,
    /// The links, bin by bin.
    pub links: LinkBins,
    /// The turns, in the same bins.
    pub turns: TurnBins,
}

/// What is simulated, whatever the seed.
pub(in crate::run) struct Stage<'a> {
    pub(in crate::run) settings: &'a Settings,
    pub(in crate::run) model: &'a CityModel,
    pub(in crate::run) lanes: &'a CityLanes,
    /// The periods, as indices into the day plan.
    pub(in crate::run) periods: &'a [usize],
    pub(in crate::run) fidelity: Fidelity,
    /// The run's id, and where its trajectories are written, if they are.
    pub(in crate::run) recording: Option<(&'a str, &'a Recording)>,
}

/// Drives the vehicles of a seed along the ways of its equilibria, one for each slice that has a result.
pub(in crate::run) fn simulate(
    stage: &Stage<'_>,
    assigned: &SeedResult,
    equilibria: &[Option<Arc<Equilibrium>>],
) -> Result<SeedResult, SimulateError> {
    let Stage { settings, model, lanes, periods, fidelity, recording } = *stage;
    let plan = &model.applied.tables.about.day_plan;
    let present: Vec<usize> = (0..model.slices.len()).filter(|&slice| equilibria[slice].is_some()).collect();
    let (Some(&first), Some(&last)) = (present.first(), present.last()) else {
        return Ok(SeedResult { traffic: None, ..assigned.clone() });
    };
    let span_s = |slice: usize| {
        let span = model.slices[slice].time.span;
        (span.from.seconds(), span.to.seconds())
    };
    let (from_s, to_s) = (span_s(first).0, span_s(last).1);
    let warm_up_s = WARM_UP_S.min(from_s / BIN_S * BIN_S);
    let begin_s = from_s - warm_up_s;

    let demands: Vec<_> =
        present.iter().map(|&slice| (slice, slice_demand(model, &model.slices[slice], &assigned.demand))).collect();
    let kind_matrices: Vec<_> =
        periods.iter().map(|&period| streams::matrices(&assigned.demand.periods[period])).collect();
    let mut drawn: Vec<Stream<'_>> = Vec::new();
    for (&period, matrices) in periods.iter().zip(&kind_matrices) {
        let facts = &plan.periods()[period];
        let begins_run = facts.spans.first().is_some_and(|span| span.from.seconds() == from_s);
        let warm_up_s = if begins_run { f64::from(warm_up_s) } else { 0.0 };
        drawn.extend(streams::of_period((period, facts), matrices, warm_up_s)?);
    }
    let visitors: Vec<(usize, OdMatrix)> = demands
        .iter()
        .filter(|(slice, _)| model.visitors.get(model.slices[*slice].visitors).is_some_and(|there| !there.is_empty()))
        .map(|(slice, demand)| {
            let of_period = &assigned.demand.periods[model.slices[*slice].time.period];
            (*slice, streams::visitors(demand, of_period))
        })
        .collect();
    for (slice, matrix) in &visitors {
        let (from_s, to_s) = span_s(*slice);
        drawn.push(streams::of_visitors(*slice, matrix, f64::from(from_s), f64::from(to_s))?);
    }
    let drawn_from = Assigned { model, equilibria, slices: &demands, begin_s: f64::from(begin_s), seed: assigned.seed };
    let mut city_trips = drawn_from.trips(&drawn, &lanes.streets, &lanes.derived)?;
    let lines_from_s = f64::from(if warm_up_s > 0 { begin_s } else { from_s });
    let bus_trips = lines::add(model, lanes, &mut city_trips, (lines_from_s, f64::from(to_s)))?;
    let spans = present.iter().map(|&slice| {
        let (from_s, to_s) = drawn_from.span_s(slice);
        (model.slices[slice].time.span.from, from_s, to_s)
    });
    city_trips.demand.closed_streets = lanes.closed_streets(model, spans);
    city_trips.demand.informed_share = INFORMED_SHARE;
    city_trips.demand.squeeze_after_s = Some(SQUEEZE_AFTER_S);
    city_trips.demand.lets_in_after_s = Some(LETS_IN_AFTER_S);

    let options = Options {
        begin_s: f64::from(begin_s),
        end_s: Some(f64::from(to_s) + AFTERWARDS_S),
        step_s: STEP_S,
        seed: assigned.seed,
    };
    let about = recording.map(|(run_id, recording)| RecordingAbout {
        run_id,
        recording,
        seed: assigned.seed,
        epsg: model.applied.tables.about.epsg,
        streets: lanes.street_names(model),
    });
    let (network, demand) = (&lanes.network, &city_trips.demand);
    let outcome = match fidelity {
        Fidelity::Micro => run::<Micro<'_>>(network, demand, options, about.as_ref())?,
        _ => run::<Meso<'_>>(network, demand, options, about.as_ref())?,
    };
    let results = outcome.results.unwrap_or_else(|| unreachable!("it has been recording"));
    let first_bin = (warm_up_s / BIN_S) as usize;
    let before = came_over(&city_trips, &outcome.departed);
    let tables = &model.applied.tables;
    let links = link_bins(tables, lanes, &city_trips, &results, &before, (first_bin, to_s));
    let driven = told::Driven { trips: &city_trips, finished: &outcome.finished, links: &links, end_s: outcome.end_s };
    let slices = told::solved(model, settings, &assigned.slices, &driven);
    let turns = turn_bins(tables, lanes, &results, &before, (first_bin, &links.spans_s));
    let (counts, relief, left_out) = (outcome.counts, outcome.relief, city_trips.left_out);
    let traffic = SeedTraffic { counts, relief, left_out, bus_trips, links, turns };
    Ok(SeedResult { slices, traffic: Some(Arc::new(traffic)), ..assigned.clone() })
}

/// What trajectories need to know beside the simulation.
struct RecordingAbout<'a> {
    run_id: &'a str,
    recording: &'a Recording,
    seed: u64,
    epsg: u32,
    streets: Vec<String>,
}

fn run<'a, S: Simulation<'a>>(
    network: &'a LaneNetwork,
    demand: &'a TrafficDemand,
    options: Options,
    about: Option<&RecordingAbout<'_>>,
) -> Result<Outcome, SimulateError> {
    let mut traffic = S::new(network, demand, options).recording(f64::from(BIN_S));
    happen(&mut traffic, about)?;
    Ok(traffic.into_outcome())
}

/// Lets everything happen, and writes where everybody is if that is asked for.
fn happen(traffic: &mut impl Traffic, about: Option<&RecordingAbout<'_>>) -> Result<(), SimulateError> {
    let Some(RecordingAbout { run_id, recording, seed, epsg, streets }) = about else {
        traffic.advance_to(f64::INFINITY);
        return Ok(());
    };
    let reference = Reference { system: format!("EPSG:{epsg}"), offset_m: [0.0, 0.0] };
    let scene = Scene::of(traffic, (*run_id).to_owned(), *seed, Some(reference), streets, recording.step_s);
    Ok(TrajectoryFile::record(&recording.path, scene, traffic)?)
}

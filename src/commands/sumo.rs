//! `gemello run F.sumocfg`: a scenario of SUMO as it is.

use std::path::{Path, PathBuf};
use std::time::Instant;

use cpu_time::ProcessTime;
use data::sumo::outputs::{Names, detector_loops};
use data::sumo::{Note, RefusedTrip, SumoError};
use data::trajectories::{Reference, Scene, TrajectoryError, TrajectoryFile};
use engine::traffic::meso::Meso;
use engine::traffic::micro::Micro;
use engine::traffic::network::LaneNetwork;
use engine::traffic::pedestrians::PedestrianCounts;
use engine::traffic::simulation::{Ending, FinishedTrip, Options, Outcome, Simulation};
use engine::traffic::trajectories::Traffic;
use serde::Serialize;

use scenarios::run::Recording;

use super::fidelity::Fidelity;
use super::sumo_outputs::{Known, OutputOptions, Outputs};
use crate::failure::Failure;
use crate::output::Output;

/// A run of SUMO's scenario.
pub(super) struct SumoRun {
    pub(super) configuration: PathBuf,
    pub(super) seed: Option<u64>,
    pub(super) fidelity: Fidelity,
    pub(super) trajectories: Option<Recording>,
    pub(super) outputs: OutputOptions,
}

/// What trajectories need to know beside the simulation.
struct Setting {
    recording: Recording,
    run: String,
    seed: u64,
    reference: Option<Reference>,
    streets: Vec<String>,
}

/// Lets everything happen, and writes where everybody is if that is asked for.
fn happen(traffic: &mut impl Traffic, setting: Option<Setting>) -> Result<(), TrajectoryError> {
    let Some(Setting { recording, run, seed, reference, streets }) = setting else {
        traffic.advance_to(f64::INFINITY);
        return Ok(());
    };
    let scene = Scene::of(traffic, run, seed, reference, &streets, recording.step_s);
    TrajectoryFile::record(&recording.path, scene, traffic)
}

/// Runs one simulation and writes what is asked for.
fn simulate<'a, S: Simulation<'a>>(
    known: Known<'a>,
    options: Options,
    mut outputs: Outputs,
    setting: Option<Setting>,
) -> Result<Outcome, Failure> {
    let Known { network, demand, detectors, .. } = known;
    let mut traffic = S::new(network, demand, options);
    if let Some(bin_s) = outputs.bin_s() {
        traffic = traffic.recording(bin_s);
    }
    if outputs.watches_loops() {
        traffic = traffic.detecting(&detector_loops(detectors, network));
    }
    match setting {
        Some(_) => happen(&mut traffic, setting).map_err(trajectory_failure)?,
        None => outputs.run(&mut traffic, known)?,
    }
    outputs.write(&traffic, known)?;
    Ok(traffic.into_outcome())
}

#[derive(Serialize)]
struct Summary {
    scenario: String,
    fidelity: &'static str,
    seed: u64,
    begin_s: f64,
    end_s: f64,
    ending: Option<Ending>,
    /// Vehicles that took another way because theirs was blocked.
    reroutes: u64,
    /// Vehicles that moved on together out of a circle in which each waited for the next.
    exchanges: u64,
    squeezes: u64,
    step_s: f64,
    loaded: u64,
    inserted: u64,
    arrived: u64,
    running: u64,
    waiting: u64,
    refused: u64,
    teleports: u64,
    mean_duration_s: Option<f64>,
    mean_time_loss_s: Option<f64>,
    mean_waiting_time_s: Option<f64>,
    mean_depart_delay_s: Option<f64>,
    mean_speed_mps: Option<f64>,
    mean_route_length_m: Option<f64>,
    /// People at crossings: who came to one, reached the other kerb, waited to begin at the end, were on their way.
    people: PedestrianCounts,
    lane_changes: u64,
    held_back: u64,
    vehicle_updates: u64,
    vehicle_updates_per_cpu_s: f64,
    wall_s: f64,
    cpu_s: f64,
    not_followed: Vec<Told>,
    refused_trips: Vec<Refused>,
}

#[derive(Serialize)]
struct Told {
    file: String,
    line: usize,
    what: String,
    count: u64,
    meaning: String,
}

#[derive(Serialize)]
struct Refused {
    file: String,
    line: usize,
    trip: String,
    count: u64,
    reason: String,
}

/// Whether a scenario's name is that of a file of SUMO's: a configuration, or something else in XML, packed or not, of which
/// the reader says what to give instead.
pub(super) fn is_of_sumo(scenario: &str) -> bool {
    let scenario = scenario.to_ascii_lowercase();
    [".sumocfg", ".xml", ".xml.gz"].into_iter().any(|ending| scenario.ends_with(ending))
}

impl SumoRun {
    /// Does it.
    pub(super) fn run(self, output: &Output) -> Result<(), Failure> {
        let (wall, cpu) = (Instant::now(), ProcessTime::now());
        let mut scenario = data::sumo::read(&self.configuration).map_err(sumo_failure)?;
        let network =
            LaneNetwork::build(&scenario.network).map_err(|faults| network_failure(&self.configuration, &faults))?;
        scenario.find_routes(&network).map_err(sumo_failure)?;
        let seed = self.seed.or(scenario.seed).unwrap_or(0);
        let demand = std::mem::take(&mut scenario.demand).drawn(seed);
        let options = Options { begin_s: scenario.begin_s, end_s: scenario.end_s, step_s: scenario.step_s, seed };
        let setting = self.trajectories.map(|recording| Setting {
            recording,
            run: short_name(&self.configuration),
            seed,
            reference: scenario.projection.parameter.clone().map(|system| Reference {
                system,
                offset_m: [scenario.projection.offset.x, scenario.projection.offset.y],
            }),
            streets: scenario.network.streets.iter().map(|street| street.name.clone()).collect(),
        });
        if let Some(Setting { recording, .. }) = &setting {
            let steps = recording.step_s / scenario.step_s;
            if (steps - steps.round()).abs() > 1e-6 || steps < 0.5 {
                return Err(Failure::input(anyhow::anyhow!(
                    "--trajectory-step-s {} is not a multiple of the scenario's step of {} s",
                    recording.step_s,
                    scenario.step_s
                )));
            }
        }
        let names = Names::new(&scenario, &network);
        let known = Known {
            network: &network,
            demand: &demand,
            names: &names,
            detectors: &scenario.detectors,
            begin_s: scenario.begin_s,
            step_s: scenario.step_s,
        };
        self.outputs.refuse_to_overwrite(&scenario.files)?;
        let outputs = self.outputs.begin()?;
        let outcome = match self.fidelity {
            Fidelity::Meso => simulate::<Meso<'_>>(known, options, outputs, setting)?,
            _ => simulate::<Micro<'_>>(known, options, outputs, setting)?,
        };
        let (counts, finished) = (&outcome.counts, &outcome.finished);
        let mean = |value: fn(&FinishedTrip) -> f64| {
            (!finished.is_empty()).then(|| finished.iter().map(value).sum::<f64>() / finished.len() as f64)
        };
        let cpu_s = cpu.elapsed().as_secs_f64();
        let summary = Summary {
            scenario: self.configuration.display().to_string(),
            fidelity: if self.fidelity == Fidelity::Meso { "meso" } else { "micro" },
            seed,
            begin_s: scenario.begin_s,
            end_s: outcome.end_s,
            ending: outcome.ending,
            reroutes: outcome.relief.reroutes,
            exchanges: outcome.relief.exchanges,
            squeezes: outcome.relief.squeezes,
            step_s: scenario.step_s,
            loaded: demand.trips.len() as u64,
            inserted: counts.inserted,
            arrived: counts.arrived,
            running: counts.running,
            waiting: counts.waiting,
            refused: scenario.refused_trips.iter().fold(0, |sum, trip| sum.saturating_add(trip.count)),
            teleports: counts.teleports,
            mean_duration_s: mean(|trip| trip.arrived_s - trip.departed_s),
            mean_time_loss_s: mean(|trip| trip.time_loss_s),
            mean_waiting_time_s: mean(|trip| trip.waited_s),
            mean_depart_delay_s: mean(|trip| trip.depart_delay_s),
            mean_speed_mps: mean(|trip| trip.driven_m / (trip.arrived_s - trip.departed_s)),
            mean_route_length_m: mean(|trip| trip.driven_m),
            people: outcome.people,
            lane_changes: counts.lane_changes,
            held_back: counts.held_back,
            vehicle_updates: counts.vehicle_updates,
            vehicle_updates_per_cpu_s: counts.vehicle_updates as f64 / cpu_s,
            wall_s: wall.elapsed().as_secs_f64(),
            cpu_s,
            not_followed: scenario.notes.iter().map(told).collect(),
            refused_trips: scenario.refused_trips.iter().map(refused).collect(),
        };
        let warnings: Vec<String> = scenario
            .notes
            .iter()
            .map(|note| {
                let Told { file, line, what, count, meaning } = told(note);
                format!("{file}:{line}: {what} ({count} times): {meaning}")
            })
            .chain(scenario.refused_trips.iter().map(|trip| {
                let Refused { file, line, trip, count, reason } = refused(trip);
                format!("{file}:{line}: trip '{trip}' ({count} vehicles) is refused: {reason}")
            }))
            .collect();
        output.warn(&warnings);
        if summary.ending == Some(Ending::Standstill) {
            output.note(format_args!("warning: nothing moved any more: {} vehicles block each other", counts.running));
        }
        if summary.ending == Some(Ending::TimeOver) && scenario.end_s.is_none() {
            output.note(format_args!(
                "warning: the configuration gives no end, so the run ended a day after the last departure; {} vehicles are \
                 still on the road and {} have not begun",
                counts.running, counts.waiting
            ));
        }
        if summary.loaded == 0 && summary.refused > 0 {
            output.note(format_args!("warning: nothing was driven: all trips are refused"));
        }
        output.result(text(&summary), &summary)
    }
}

fn told(note: &Note) -> Told {
    let what = match &note.attribute {
        Some(attribute) => format!("{} {attribute}", note.element),
        None => note.element.clone(),
    };
    Told {
        file: note.file.display().to_string(),
        line: note.line,
        what,
        count: note.count,
        meaning: note.meaning.clone(),
    }
}

fn refused(trip: &RefusedTrip) -> Refused {
    Refused {
        file: trip.file.display().to_string(),
        line: trip.line,
        trip: trip.name.clone(),
        count: trip.count,
        reason: trip.reason.clone(),
    }
}

fn text(summary: &Summary) -> String {
    let number =
        |value: Option<f64>, unit: &str| value.map_or("none arrived".to_owned(), |value| format!("{value:.1} {unit}"));
    let rows = [
        ("inserted", summary.inserted.to_string()),
        ("arrived", summary.arrived.to_string()),
        ("running", summary.running.to_string()),
        ("waiting", summary.waiting.to_string()),
        ("refused", summary.refused.to_string()),
        ("teleports", summary.teleports.to_string()),
        ("mean duration", number(summary.mean_duration_s, "s")),
        ("mean time loss", number(summary.mean_time_loss_s, "s")),
        ("mean departure delay", number(summary.mean_depart_delay_s, "s")),
        ("mean speed", number(summary.mean_speed_mps, "m/s")),
        (
            "vehicle updates",
            format!("{} ({:.0} a CPU second)", summary.vehicle_updates, summary.vehicle_updates_per_cpu_s),
        ),
        ("time", format!("{:.2} s, {:.2} CPU s", summary.wall_s, summary.cpu_s)),
    ];
    rows.iter().map(|(what, value)| format!("{what:<22} {value}")).collect::<Vec<_>>().join("\n")
}

/// A configuration's name with that of its folder: the same wherever the folder lies.
fn short_name(configuration: &Path) -> String {
    let folder = configuration.parent().and_then(Path::file_name);
    let name = configuration.file_name().unwrap_or_default().to_string_lossy();
    folder.map_or_else(|| name.to_string(), |folder| format!("{}/{name}", folder.to_string_lossy()))
}

/// Trajectories that cannot be written are failed work.
fn trajectory_failure(error: TrajectoryError) -> Failure {
    Failure::work(error)
}

fn sumo_failure(error: SumoError) -> Failure {
    Failure::input(error)
}

fn network_failure(configuration: &Path, faults: &[engine::traffic::network::NetworkFault]) -> Failure {
    const TOLD: usize = 10;
    let mut lines: Vec<String> = faults.iter().take(TOLD).map(ToString::to_string).collect();
    if faults.len() > TOLD {
        lines.push(format!("and {} more", faults.len() - TOLD));
    }
    Failure::input(anyhow::anyhow!("{}: its network cannot be used: {}", configuration.display(), lines.join("; ")))
}

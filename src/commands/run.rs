//! `gemello run`: one scenario, from the city to a run folder.

use std::path::PathBuf;

use clap::Args;
use data::complete_file::CompleteFile;
use data::output_folder::OutputFolder;
use engine::time::DayPlan;
use scenarios::estimate::Estimate;
use scenarios::run::{
    Field, FolderError, Recording, Request, Run as MadeRun, SimulateError, check_free, check_place, definitions, made,
    run_all, seeds,
};
use scenarios::scenario::{Chain, TreeError, idle_rules, unfelt_edits};
use serde::Serialize;

use super::city::{self, BUILD_ID};
use super::fidelity::Fidelity;
use super::fields::FieldName;
use super::sumo::{SumoRun, is_of_sumo};
use super::sumo_outputs::OutputOptions;
use super::traffic_map::is_trajectories;
use crate::failure::Failure;
use crate::output::Output;

/// Run one scenario and write its run folder
#[derive(Args)]
pub(crate) struct Run {
    /// Scenario: a TOML file, the name of a library scenario, or a configuration of SUMO (.sumocfg)
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// City folder [default: the scenario's, else the built-in Alessandria]
    #[arg(long, value_name = "CITY")]
    city: Option<PathBuf>,
    /// Where to write the run; not for SUMO's scenarios [default: runs/NAME]
    #[arg(long, value_name = "RUN")]
    out: Option<PathBuf>,
    /// Seeds to draw; 1 is the central case, without interval [default: the scenario's, else 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), allow_hyphen_values = true)]
    seeds: Option<u32>,
    /// Run only this period of the day, such as morning_peak
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// Also reckon this over the ground; may be given more than once, or with commas
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    fields: Vec<FieldName>,
    /// How closely vehicles are looked at [default: strategic; micro for SUMO's scenarios]
    #[arg(long)]
    fidelity: Option<Fidelity>,
    /// Which random numbers are drawn, for SUMO's scenarios [default: the configuration's, else 0]
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Also write where every vehicle is, time after time, to this file (.gtraj); not with --fidelity strategic
    #[arg(long, value_name = "FILE")]
    trajectories: Option<PathBuf>,
    /// How far the times are apart that --trajectories notes, in seconds [default: 1]
    #[arg(long, value_name = "S", requires = "trajectories", value_parser = step_s, allow_hyphen_values = true)]
    trajectory_step_s: Option<f64>,
    /// Also write the lanes, turns, rights of way and signals that vehicles move by as GeoJSON, in degrees; not with --fidelity
    /// strategic
    #[arg(long, value_name = "FILE")]
    lanes: Option<PathBuf>,
    /// Replace a run of other inputs that lies there
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    outputs: OutputOptions,
}

#[derive(Serialize)]
struct Summary {
    run: String,
    scenario: String,
    horizon: Option<i16>,
    run_id: String,
    result_hash: String,
    seeds: Vec<u64>,
    relative_gap: f64,
    warnings: Vec<String>,
    /// Where vehicles move: how many, the mean over the seeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    vehicles: Option<Vehicles>,
    indicators: Vec<Told>,
}

/// Vehicles of a run and of what warms its streets up, the mean over the seeds.
#[derive(Serialize)]
struct Vehicles {
    inserted: f64,
    arrived: f64,
    /// Still on the road at the end, and still waiting to begin.
    running: f64,
    waiting: f64,
    teleports: f64,
}

impl Vehicles {
    /// None where nothing moves.
    fn of(run: &MadeRun) -> Result<Option<Self>, Failure> {
        let mean = |name: &str| run.counted(name).map(|estimate| estimate.value).map_err(Failure::work);
        let vehicles = Self {
            inserted: mean("inserted")?,
            arrived: mean("arrived")?,
            running: mean("running")?,
            waiting: mean("waiting")?,
            teleports: mean("teleports")?,
        };
        Ok((vehicles.inserted + vehicles.waiting > 0.0).then_some(vehicles))
    }
}

#[derive(Serialize)]
struct Told {
    id: String,
    unit: String,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
}

impl Run {
    /// Does it.
    pub(crate) fn run(self, output: &Output) -> Result<(), Failure> {
        if is_of_sumo(&self.scenario) {
            self.refuse_for_sumo()?;
            let fidelity = self.fidelity.unwrap_or(Fidelity::Micro);
            let recording = self.recording()?;
            if recording.is_some() && self.outputs.asks_for_positions() {
                return Err(Failure::input(anyhow::anyhow!(
                    "--fcd-output and --trajectories both write where vehicles are: give one of them"
                )));
            }
            let configuration = PathBuf::from(self.scenario);
            return SumoRun {
                configuration,
                seed: self.seed,
                fidelity,
                trajectories: recording,
                outputs: self.outputs,
            }
            .run(output);
        }
        if let Some(option) = self.outputs.first_given() {
            return Err(Failure::input(anyhow::anyhow!("{option} is for configurations of SUMO (.sumocfg)")));
        }
        let fidelity = self.fidelity.unwrap_or(Fidelity::Strategic);
        let recording = self.recording()?;
        if recording.is_some() && fidelity == Fidelity::Strategic {
            return Err(Failure::input(anyhow::anyhow!(
                "--trajectories needs vehicles that move: give --fidelity meso or micro"
            )));
        }
        if recording.as_ref().is_some_and(|recording| recording.step_s.fract() != 0.0) {
            return Err(Failure::input(anyhow::anyhow!(
                "--trajectory-step-s must be whole seconds where a scenario of a city is run"
            )));
        }
        if self.lanes.is_some() && fidelity == Fidelity::Strategic {
            return Err(Failure::input(anyhow::anyhow!(
                "--lanes needs vehicles that move: give --fidelity meso or micro"
            )));
        }
        if let Some(path) = &self.lanes {
            // Told before minutes of work, not after.
            CompleteFile::create(path).map_err(|error| Failure::unwritten(path, error))?;
        }
        if self.seed.is_some() {
            return Err(Failure::input(anyhow::anyhow!(
                "--seed is for configurations of SUMO (.sumocfg); scenarios of a city draw as many seeds as --seeds says"
            )));
        }
        let chain = Chain::read(&self.scenario).map_err(tree_failure)?;
        let out = self.out.unwrap_or_else(|| PathBuf::from("runs").join(chain.name()));
        check_free(&out).map_err(folder_failure)?;
        let (tables, built_in) = city::load_for(&chain, self.city.as_deref())?;
        let named = self.city.clone().or_else(|| chain.city());
        let _around = OutputFolder::prepare_around(&out).map_err(city::prepare_failure)?;
        let count = self.seeds.or(chain.seed_count()).unwrap_or(1);
        let request = Request {
            seeds: seeds(count),
            period: self.period,
            fidelity: fidelity.into(),
            recording,
            fields: self.fields.iter().copied().map(Field::from).collect(),
            lanes_to: self.lanes,
            build_id: BUILD_ID.to_owned(),
            built_in,
        };
        let base = city::base(tables, named.as_deref())?;
        check_place(&out, &made(&base, &chain, &request).run_id(), self.replace).map_err(folder_failure)?;
        let warnings = warnings(&chain, &base.tables.about.day_plan, request.period.as_deref(), request.fidelity);
        output.warn(&warnings);
        let chains = [chain];
        let runs = run_all(&base, &chains, &request, &|| {}).map_err(simulate_failure)?;
        let Some(run) = runs.first() else { unreachable!("one scenario gives one run") };
        run.write(&out, &base.tables).map_err(folder_failure)?;
        tell(output, run, &out, warnings)
    }
}

impl Run {
    /// Where trajectories are to be written, if they are.
    fn recording(&self) -> Result<Option<Recording>, Failure> {
        let step_s = self.trajectory_step_s.unwrap_or(1.0);
        match &self.trajectories {
            Some(path) if !is_trajectories(path) => Err(Failure::input(anyhow::anyhow!(
                "{}: trajectories are told by their name; let it end in .gtraj",
                path.display()
            ))),
            // Told before hours of work, not after.
            Some(path) => CompleteFile::create(path)
                .map(|_| Some(Recording { path: path.clone(), step_s }))
                .map_err(|error| Failure::unwritten(path, error)),
            None => Ok(None),
        }
    }

    /// Refuses what a configuration of SUMO cannot be run with.
    fn refuse_for_sumo(&self) -> Result<(), Failure> {
        let given = [
            ("--city", self.city.is_some()),
            ("--out", self.out.is_some()),
            ("--seeds", self.seeds.is_some()),
            ("--period", self.period.is_some()),
            ("--replace", self.replace),
            ("--lanes", self.lanes.is_some()),
            ("--fields", !self.fields.is_empty()),
            ("--fidelity strategic", self.fidelity == Some(Fidelity::Strategic)),
        ];
        match given.iter().find(|(_, is_given)| *is_given) {
            None => Ok(()),
            Some((option, _)) => {
                Err(Failure::input(anyhow::anyhow!("{option} does not go with a configuration of SUMO (.sumocfg)")))
            }
        }
    }
}

/// A step of trajectories: a tenth of a second to an hour.
fn step_s(text: &str) -> Result<f64, String> {
    let step_s = text.parse().ok().filter(|step_s| (0.1..=3600.0).contains(step_s));
    step_s.ok_or_else(|| "must be a number of seconds from 0.1 to 3600".to_owned())
}

/// What to know of the result of a run before it is there: rules and edits without effect.
pub(super) fn warnings(
    chain: &Chain,
    plan: &DayPlan,
    period: Option<&str>,
    fidelity: scenarios::run::Fidelity,
) -> Vec<String> {
    let idle = idle_rules(chain, plan, period).iter().map(ToString::to_string).collect::<Vec<_>>();
    idle.into_iter().chain(unfelt_edits(chain, fidelity, plan, period).iter().map(ToString::to_string)).collect()
}

fn tell(output: &Output, run: &MadeRun, out: &std::path::Path, mut warnings: Vec<String>) -> Result<(), Failure> {
    let table = &run.tables["indicators"];
    let ids = table.column::<&str>("indicators", "indicator").map_err(Failure::work)?;
    let values = table.column::<f64>("indicators", "value").map_err(Failure::work)?;
    let mut indicators = Vec::new();
    let mut lines = Vec::new();
    for definition in definitions() {
        let of_seeds: Vec<f64> =
            ids.iter().zip(&values).filter(|(id, _)| **id == definition.id).map(|(_, value)| *value).collect();
        // What was not reckoned is not told.
        if of_seeds.is_empty() {
            continue;
        }
        let Estimate { value, interval } = Estimate::over(&of_seeds);
        let decimals = usize::from(definition.decimals);
        let unit = definition.unit_of(run.manifest.period.as_deref()).en;
        let range = interval.map_or(String::new(), |i| format!("  ({:.decimals$} to {:.decimals$})", i.low, i.high));
        lines.push(format!("{:<32} {value:>14.decimals$} {unit}{range}", definition.name.en));
        if definition.id == "unserved_trips" && value > 0.0 {
            output.note(format_args!("{value:.0} {unit} have no way to their destination in this scenario"));
        }
        indicators.push(Told {
            id: definition.id,
            unit,
            value,
            low: interval.map(|interval| interval.low),
            high: interval.map(|interval| interval.high),
        });
    }
    let vehicles = Vehicles::of(run)?;
    if let Some(Vehicles { inserted, arrived, running, waiting, .. }) = vehicles {
        lines.push(format!("{arrived:.0} of {:.0} vehicles have arrived", inserted + waiting));
        if running + waiting > 0.0 {
            let told = format!(
                "vehicles that have not arrived at the end: {:.0} ({running:.0} on the road, {waiting:.0} not begun); a map of \
                 --trajectories shows where (gemello info)",
                running + waiting
            );
            output.note(&told);
            warnings.push(told);
        }
        let jammed = run.jammed().map_err(Failure::work)?.filter(|_| run.manifest.seeds.len() > 1);
        if let Some(jammed) = jammed {
            let told = jammed.to_string();
            output.note(&told);
            warnings.push(told);
        }
    }
    if let Some(year) = run.manifest.horizon {
        lines.push(format!("about the year {year}, which changes nothing that is computed"));
    }
    if run.manifest.seeds.len() == 1 {
        lines.push("one seed: the central case, without interval; draw more with --seeds".to_owned());
    }
    lines.push(out.display().to_string());
    let manifest = &run.manifest;
    let summary = Summary {
        run: out.display().to_string(),
        scenario: manifest.scenario.clone(),
        horizon: manifest.horizon,
        run_id: manifest.run_id.clone(),
        result_hash: manifest.result_hash.clone(),
        seeds: manifest.seeds.clone(),
        relative_gap: manifest.relative_gap,
        warnings,
        vehicles,
        indicators,
    };
    output.result(lines.join("\n"), &summary)
}

/// A scenario that cannot be read is bad input, whatever the reason.
pub(super) fn tree_failure(error: TreeError) -> Failure {
    Failure::input(error)
}

/// A run folder that cannot be written is failed work; one that cannot be read, or something else in its place, is bad input.
pub(super) fn folder_failure(error: FolderError) -> Failure {
    match error {
        FolderError::Write { .. } | FolderError::City(_) => Failure::work(error),
        other => Failure::input(other),
    }
}

/// What cannot be simulated was wrong from the start, but for a solver that fails.
pub(super) fn simulate_failure(error: SimulateError) -> Failure {
    match error {
        SimulateError::Assignment(_) | SimulateError::Export(_) => Failure::work(error),
        other => Failure::input(other),
    }
}

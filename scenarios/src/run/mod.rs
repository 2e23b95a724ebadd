//! Runs: from a base city and a scenario to results that carry their names.
//!
//! ```text
//! City ──edits──▶ City′ ──slices of the day──▶ network + demand ──assignment──▶ Solved ──▶ tables ──▶ run folder
//! ```
//!
//! The day is cut where periods and rules begin and end; slices with the same network and demand are solved once. Base and
//! scenario share what a seed draws, and a scenario starts from its base's cold equilibrium of that seed.
//!
//! | file | what |
//! | --- | --- |
//! | `settings.rs` | parameter files and seeds |
//! | `model.rs` | a city's day: slices and networks |
//! | `base.rs`, `solve.rs` | the base under each seed, scenarios from there; one equilibrium |
//! | `fidelity.rs`, `traffic/` | how closely vehicles are looked at; those that move |
//! | `effects/` | what traffic does: emission, and what follows |
//! | `fields/` | what is reckoned over the ground: noise |
//! | `indicators/`, `tables/` | what results are told as |
//! | `folder.rs`, `upgrade.rs` | the run as a folder; those of older formats |
//! | `verify.rs` | whether a run is what it says |

mod base;
mod effects;
mod fidelity;
mod fields;
mod folder;
mod indicators;
mod model;
mod settings;
mod solve;
mod tables;
#[cfg(test)]
mod tests;
mod traffic;
mod upgrade;
mod verify;

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

pub use base::{Base, SeedBase, SeedResult, SimulateError};
pub use effects::{Emitted, EmittedRow, FleetUseError, Fleets, SeedEffects};
pub use fidelity::{Fidelity, Recording};
pub use fields::{Field, FieldError, Fields};
pub use folder::{
    CityName, FORMAT, FolderError, Jammed, Made, Manifest, Run, check_free, check_place, read_manifest,
    remove_unfinished, stray_file,
};
pub use indicators::{Definition, definitions};
pub use model::{CityModel, Slice, Variant};
pub use settings::{Settings, seeds};
pub use solve::{ASSIGNED, Solved, TOLD};
pub use tables::{TABLES, Tables};
pub use traffic::{BIN_S, LinkBin, LinkBins, SeedTraffic, StreamsError, TurnBins, TurnRow};
pub use verify::{Verdict, verify};

use self::tables::tables;
use self::traffic::{CityLanes, Stage, simulate};
use crate::bills::bills;
use crate::scenario::Chain;

/// What is asked of a set of runs over one base.
#[derive(Clone, Debug)]
pub struct Request {
    /// The seeds, shared by all.
    pub seeds: Vec<u64>,
    /// The one period to run, instead of the whole day.
    pub period: Option<String>,
    /// What moves traffic.
    pub fidelity: Fidelity,
    /// What is reckoned over the ground.
    pub fields: Fields,
    /// Where it is written where everybody is, if it is; only where vehicles move.
    pub recording: Option<Recording>,
    /// Where the lanes, turns and signals of the first scenario are written as GeoJSON, if they are; only where vehicles move.
    pub lanes_to: Option<PathBuf>,
    /// The program's build.
    pub build_id: String,
    /// Whether the city is the one in the program.
    pub built_in: bool,
}

/// Runs scenarios over one base, in memory. A chain without edits is the base itself. `tick` is called after each seed of
/// each run.
///
/// # Errors
/// [`SimulateError`] where a scenario does not fit or something cannot be solved.
pub fn run_all(
    base: &Base,
    chains: &[Chain],
    request: &Request,
    tick: &(dyn Fn() + Sync),
) -> Result<Vec<Run>, SimulateError> {
    let periods = base.periods(request.period.as_deref())?;
    let mut subjects = chains
        .par_iter()
        .map(|chain| Subject::new(base, chain, &periods, request.fidelity))
        .collect::<Result<Vec<Subject>, SimulateError>>()?;
    if let (Some(Subject { lanes: Some(lanes), model, .. }), Some(path)) = (subjects.first(), &request.lanes_to) {
        let model = model.as_ref().unwrap_or(&base.model);
        data::export::features(base.tables.about.epsg, lanes.features(model), path)?;
    }
    if let (Some(first), Some(&seed)) = (subjects.first_mut(), request.seeds.first()) {
        let run_id = chains.first().map(|chain| made(base, chain, request).run_id()).unwrap_or_default();
        first.recording = request.recording.clone().map(|recording| (seed, run_id, recording));
    }
    let by_seed = request
        .seeds
        .par_iter()
        .map(|&seed| {
            let start = base.seed(seed, &periods, request.fidelity)?;
            subjects
                .par_iter()
                .map(|subject| {
                    let result = subject.result(base, &start, &periods);
                    tick();
                    result
                })
                .collect::<Result<Vec<SeedResult>, SimulateError>>()
        })
        .collect::<Result<Vec<Vec<SeedResult>>, SimulateError>>()?;
    let mut by_run: Vec<Vec<SeedResult>> = chains.iter().map(|_| Vec::new()).collect();
    for results in by_seed {
        for (run, result) in by_run.iter_mut().zip(results) {
            run.push(result);
        }
    }
    let runs = chains.par_iter().zip(&subjects).zip(by_run);
    runs.map(|((chain, subject), results)| finish(base, chain, subject, &results, request)).collect()
}

/// Runs one scenario from bases that are solved already, one for each seed of the request.
///
/// # Errors
/// [`SimulateError`] as in [`run_all`].
pub fn run_from(base: &Base, starts: &[Arc<SeedBase>], chain: &Chain, request: &Request) -> Result<Run, SimulateError> {
    let periods = base.periods(request.period.as_deref())?;
    let subject = Subject::new(base, chain, &periods, request.fidelity)?;
    let results = starts
        .par_iter()
        .map(|start| subject.result(base, start, &periods))
        .collect::<Result<Vec<SeedResult>, SimulateError>>()?;
    finish(base, chain, &subject, &results, request)
}

/// What is simulated under every seed.
struct Subject {
    /// The scenario's city; none for the base.
    model: Option<CityModel>,
    /// Its lanes, where vehicles move.
    lanes: Option<Arc<CityLanes>>,
    fidelity: Fidelity,
    /// The seed whose trajectories are written, the run's id, and where.
    recording: Option<(u64, String, Recording)>,
}

impl Subject {
    fn new(base: &Base, chain: &Chain, periods: &[usize], fidelity: Fidelity) -> Result<Self, SimulateError> {
        let model = if chain.is_base() { None } else { Some(base.scenario(chain)?) };
        // Before anything is solved: a fleet that cannot be, or works without a price, would show after minutes.
        let of = model.as_ref().unwrap_or(&base.model);
        base.effects(of)?;
        bills(&of.applied.works, &base.settings, 0)?;
        let mut subject = Self { model, lanes: None, fidelity, recording: None };
        if !fidelity.is_strategic() {
            subject.lanes = Some(match &subject.model {
                Some(model) => Arc::new(base.lanes_of(model, periods)?),
                None => base.lanes(periods)?,
            });
        }
        Ok(subject)
    }

    fn model<'a>(&'a self, base: &'a Base) -> &'a CityModel {
        self.model.as_ref().unwrap_or(&base.model)
    }

    fn result(&self, base: &Base, start: &SeedBase, periods: &[usize]) -> Result<SeedResult, SimulateError> {
        let Some(lanes) = &self.lanes else {
            let of_scenario = |model| base.scenario_result(start, model, &[]).map(|(result, _)| result);
            return self.model.as_ref().map_or_else(|| Ok(base.result(start)), of_scenario);
        };
        let (assigned, equilibria) = match &self.model {
            Some(model) => base.scenario_result(start, model, lanes.junctions_vph())?,
            None => (base.result(start), base.equilibria(start)),
        };
        let model = self.model(base);
        let recording = self.recording.as_ref().filter(|(seed, ..)| *seed == start.seed);
        let recording = recording.map(|(_, run_id, recording)| (run_id.as_str(), recording));
        let stage = Stage { settings: &base.settings, model, lanes, periods, fidelity: self.fidelity, recording };
        simulate(&stage, &assigned, &equilibria)
    }
}

fn finish(
    base: &Base,
    chain: &Chain,
    subject: &Subject,
    results: &[SeedResult],
    request: &Request,
) -> Result<Run, SimulateError> {
    let solved = results.iter().flat_map(|result| result.slices.iter().flatten());
    let gap = solved.map(|solved| solved.relative_gap).fold(0.0, f64::max);
    let effects = base.effects(subject.model(base))?;
    Ok(Run::new(&made(base, chain, request), tables(&effects, results, &request.fields)?, gap))
}

/// What identifies the run of a scenario over this base.
#[must_use]
pub fn made<'a>(base: &'a Base, chain: &'a Chain, request: &'a Request) -> Made<'a> {
    Made {
        chain,
        city: CityName {
            name: base.tables.about.name.clone(),
            hash: base.city_hash.clone(),
            built_in: request.built_in,
        },
        configuration: base.settings.hash(),
        seeds: &request.seeds,
        period: request.period.as_deref(),
        fidelity: request.fidelity,
        fields: &request.fields,
        build_id: &request.build_id,
    }
}

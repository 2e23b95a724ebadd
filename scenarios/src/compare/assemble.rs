//! Which runs may be compared, and the comparison as a whole.

use std::collections::HashSet;

use data::table::TableError;
use engine::city::{CityTables, Link, Record};
use engine::key::Key;
use geo::LineString;

use super::flows::Flows;
use super::run_tables::{Rows, RunTables};
use super::sections::Sections;
use super::{appraisal, background, indicators, observations, origins, queues};
use crate::comparison::{ComparedRun, Comparison, Indicator};
use crate::estimate::Estimate;
use crate::run::{Run, Settings};
use crate::scenario::{Applied, idle_rules, unfelt_edits};
use crate::words::Text;

/// Why runs cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// Two runs differ in what they must share.
    #[error(
        "'{first}' and '{other}' differ in their {what}; runs are compared only over the same city, configuration, seeds, periods and fidelity: run one of them again"
    )]
    Different {
        /// The first run's scenario.
        first: String,
        /// The other's.
        other: String,
        /// What differs.
        what: &'static str,
    },
    /// A table is not what it should be.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A run lacks something.
    #[error("the run of '{scenario}' has no {what} '{name}'; it is damaged: run it again")]
    Missing {
        /// The run's scenario.
        scenario: String,
        /// What is missing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A run tells of something that its city does not have.
    #[error(
        "the tables of the run of '{scenario}' name the {what} '{name}', which its city does not have; it is damaged: run it again"
    )]
    Unknown {
        /// The run's scenario.
        scenario: String,
        /// What is not known.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A scenario cannot be appraised.
    #[error("costs of '{scenario}': {message}")]
    Appraisal {
        /// The scenario.
        scenario: String,
        /// Why.
        message: String,
    },
    /// Nothing to compare.
    #[error("there is no run to compare")]
    Nothing,
}

/// Compares runs over one city; the first is what the others are measured against. With each run comes its city after all
/// edits. The settings are those of this program: how a day's count is spread over its hours is told only where the runs
/// were made with them.
///
/// # Errors
/// [`CompareError`] where the runs are not over the same city, seeds, periods and configuration, or are damaged.
pub fn compare(city: &CityTables, runs: &[(Run, Applied)], settings: &Settings) -> Result<Comparison, CompareError> {
    let (first, _) = runs.first().ok_or(CompareError::Nothing)?;
    for (run, _) in &runs[1..] {
        check_comparable(first, run)?;
    }
    let plan = &city.about.day_plan;
    let only = first.manifest.period.as_ref();
    let periods: Vec<_> =
        plan.periods().iter().filter(|period| only.is_none_or(|only| *only == period.name)).cloned().collect();
    let records = union_of_links(runs);
    let rows = Rows::new(records.iter().map(|row| &row.key), &periods);
    let tables =
        runs.iter().map(|(run, _)| RunTables::read(run, &rows)).collect::<Result<Vec<RunTables>, CompareError>>()?;
    let sections = Sections::new(&records);
    let flows = Flows { records: &records, sections: &sections, rows: &rows, tables: &tables, runs, periods: &periods };
    let indicators = indicators::indicators(&tables, runs);
    let gates = (first.manifest.configuration == settings.hash()).then_some(&settings.parameters.demand.gates);
    let compared: Vec<ComparedRun> =
        (0..runs.len()).map(|run| compared_run(&runs[run], run, &indicators, &flows, city)).collect();
    let changed_streets = |(run, compared): (usize, &ComparedRun)| flows.changed_streets(run, &compared.edited_links);
    Ok(Comparison {
        city: city.about.name.clone(),
        epsg: city.about.epsg,
        day: plan.day,
        seeds: first.manifest.seeds.clone(),
        changed_streets: compared.iter().enumerate().map(changed_streets).collect(),
        runs: compared,
        observations: if only.is_none() { observations::observations(city, &flows, gates) } else { Vec::new() },
        gate_hours: gates.map_or_else(Vec::new, |gates| observations::gate_hours(gates, &periods)),
        zones: origins::places(city, &tables),
        quarters: origins::quarters(city, &tables),
        layers: background::layers(city),
        sources: city.sources.clone(),
        waters: background::waters(city),
        railways: city.railways.iter().map(|row| points(&row.facts.geometry)).collect(),
        places: background::places(city),
        moved: queues::moved(&flows)?,
        appraisals: appraisal::appraisals(city, settings, runs, &tables)?,
        links: flows.links(),
        is_whole_day: only.is_none(),
        periods: periods.clone(),
        indicators,
    })
}

fn check_comparable(first: &Run, other: &Run) -> Result<(), CompareError> {
    let (a, b) = (&first.manifest, &other.manifest);
    let different = [
        (a.city.hash != b.city.hash, "city"),
        (a.configuration != b.configuration, "configuration"),
        (a.seeds != b.seeds, "seeds"),
        (a.period != b.period, "periods"),
        (a.fidelity != b.fidelity, "fidelity"),
        (a.build_id != b.build_id, "build of the program"),
    ];
    match different.into_iter().find(|(is_different, _)| *is_different) {
        Some((_, what)) => Err(CompareError::Different { first: a.scenario.clone(), other: b.scenario.clone(), what }),
        None => Ok(()),
    }
}

/// The first run's links in their order, then those that other runs add.
fn union_of_links(runs: &[(Run, Applied)]) -> Vec<&Record<Link>> {
    let mut seen: HashSet<&Key> = HashSet::new();
    runs.iter().flat_map(|(_, applied)| &applied.tables.links).filter(|row| seen.insert(&row.key)).collect()
}

fn compared_run(
    (run, applied): &(Run, Applied),
    number: usize,
    indicators: &[Indicator],
    flows: &Flows<'_>,
    city: &CityTables,
) -> ComparedRun {
    let scenario = &run.chain.leaf().scenario;
    let indicator = |id: &str| {
        let found = indicators.iter().find(|indicator| indicator.id == id);
        found.map_or(Estimate::ZERO, |indicator| indicator.values[number])
    };
    let rings = applied.areas.iter().flat_map(|area| &area.0).map(|polygon| points(polygon.exterior()));
    let edited_links: Vec<usize> =
        applied.edited_links.iter().filter_map(|&row| flows.rows.link(&applied.tables.links[row].key)).collect();
    ComparedRun {
        name: run.manifest.scenario.clone(),
        title: scenario.title.clone(),
        description: scenario.description.clone().unwrap_or_else(|| Text::same("")),
        edits: applied.described.clone(),
        horizon: run.chain.horizon(),
        run_id: run.manifest.run_id.clone(),
        result_hash: run.manifest.result_hash.clone(),
        build_id: run.manifest.build_id.clone(),
        unserved_trips: indicator("unserved_trips"),
        trips_parking_at_edge: indicator("trips_parking_at_edge"),
        edited_traffic: flows.edited_traffic(number, &edited_links),
        edited_links,
        limited_traffic: origins::limited_traffic(city, applied, &flows.tables[number]),
        idle_rules: idle_rules(&run.chain, &city.about.day_plan, run.manifest.period.as_deref()).len(),
        unfelt_edits: unfelt_edits(
            &run.chain,
            run.manifest.fidelity,
            &city.about.day_plan,
            run.manifest.period.as_deref(),
        )
        .len(),
        areas: rings.collect(),
        relative_gap: run.manifest.relative_gap,
    }
}

pub(super) fn points(line: &LineString<f64>) -> Vec<[f64; 2]> {
    line.0.iter().map(|point| [point.x, point.y]).collect()
}

//! The indicators as a table: a row for each run and indicator, for spreadsheets, statistics and other programs.

use data::table::Table;

use crate::comparison::{Comparison, Indicator};
use crate::estimate::Estimate;
use crate::report::claim;
use crate::report::texts::Texts;
use crate::verdict::Verdict;

/// The rows: indicators in the order of the report, each with all runs, the base first. Units and words of verdicts are in the
/// language of the texts, names in both.
pub(super) fn table(comparison: &Comparison, texts: &Texts) -> Table {
    let rows: Vec<(&Indicator, usize)> = comparison
        .indicators
        .iter()
        .flat_map(|indicator| (0..comparison.runs.len()).map(move |run| (indicator, run)))
        .collect();
    let run =
        |of: fn(&crate::comparison::ComparedRun) -> &str| rows.iter().map(move |&(_, run)| of(&comparison.runs[run]));
    let text = |of: fn(&Indicator) -> &str| rows.iter().map(move |&(indicator, _)| of(indicator));
    let number = |of: fn(&Indicator, usize) -> f64| rows.iter().map(move |&(indicator, run)| of(indicator, run));
    let end = |of: fn(&Indicator, usize) -> Option<f64>| rows.iter().map(move |&(indicator, run)| of(indicator, run));
    let verdicts: Vec<String> = rows.iter().map(|&(indicator, run)| verdict(indicator, run, texts)).collect();
    Table::new()
        .with("run", run(|run| &run.run_id))
        .with("scenario", run(|run| &run.name))
        .with("indicator", text(|indicator| &indicator.id))
        .with("pums_code", rows.iter().map(|(indicator, _)| indicator.pums_code.as_deref()))
        .with("name_it", text(|indicator| &indicator.name.it))
        .with("name_en", text(|indicator| &indicator.name.en))
        .with("unit", rows.iter().map(|(indicator, _)| texts.of(&indicator.unit)))
        .with("value", number(|indicator, run| indicator.values[run].value))
        .with("low", end(|indicator, run| low(&indicator.values[run])))
        .with("high", end(|indicator, run| high(&indicator.values[run])))
        .with("difference", number(|indicator, run| indicator.differences[run].value))
        .with("difference_low", end(|indicator, run| low(&indicator.differences[run])))
        .with("difference_high", end(|indicator, run| high(&indicator.differences[run])))
        .with("verdict", verdicts.iter().map(String::as_str))
}

/// The table with the value under each seed, a column a seed.
pub(super) fn with_seeds(table: Table, comparison: &Comparison) -> Table {
    let seeds = comparison.seeds.iter().enumerate();
    seeds.filter(|(place, seed)| !comparison.seeds[..*place].contains(seed)).fold(table, |table, (place, seed)| {
        let values = comparison.indicators.iter().flat_map(|indicator| &indicator.by_seed);
        table.with(&format!("value_seed_{seed}"), values.map(|of_run| of_run[place]))
    })
}

/// What may be said of a run's difference from the base, in words; nothing of the base.
pub(super) fn verdict(indicator: &Indicator, run: usize, texts: &Texts) -> String {
    let verdict = || Verdict::of(&indicator.differences[run], indicator.resolutions[run]);
    if run == 0 { String::new() } else { claim::words(verdict(), texts) }
}

/// The lower end of an estimate's interval.
pub(super) fn low(estimate: &Estimate) -> Option<f64> {
    estimate.interval.map(|ends| ends.low)
}

/// The upper end of it.
pub(super) fn high(estimate: &Estimate) -> Option<f64> {
    estimate.interval.map(|ends| ends.high)
}

//! Indicators of the whole city, and how small a difference of them the equilibria resolve.
//!
//! An equilibrium is solved to a relative gap: the share of all time on the road that would be saved if everybody took the
//! shortest way at once. Two equilibria that are each off by their gap cannot tell a smaller difference. Indicators other
//! than time move by some multiple of the gap.

use super::run_tables::RunTables;
use crate::comparison::Indicator;
use crate::estimate::Estimate;
use crate::run::{Run, definitions};
use crate::scenario::Applied;

/// By how many times the relative gap an indicator may be off, as a share of its value. Measured: solving Alessandria's
/// base to 1e-8 instead of 1e-5 moved time on the road and vehicle-kilometres by at most twice the gap, and what is a
/// difference or a ratio of such sums (delay, congestion) by at most nine times.
const INDICATOR_SHIFT_PER_GAP: f64 = 10.0;

/// The indicators that all runs have, in the order in which they are told.
pub(super) fn indicators(tables: &[RunTables], runs: &[(Run, Applied)]) -> Vec<Indicator> {
    let gap = |run: usize| runs[run].0.manifest.relative_gap;
    definitions()
        .into_iter()
        .filter_map(|definition| {
            let of_runs: Vec<&Vec<f64>> =
                tables.iter().map(|tables| tables.indicator(&definition.id)).collect::<Option<_>>()?;
            let values: Vec<Estimate> = of_runs.iter().map(|of_run| Estimate::over(of_run)).collect();
            let size = values[0].value.abs();
            Some(Indicator {
                resolutions: (0..runs.len()).map(|run| size * INDICATOR_SHIFT_PER_GAP * (gap(0) + gap(run))).collect(),
                by_seed: of_runs.iter().map(|&of_run| of_run.clone()).collect(),
                values,
                differences: of_runs.iter().map(|of_run| Estimate::paired(of_runs[0], of_run)).collect(),
                unit: definition.unit_of(runs[0].0.manifest.period.as_deref()),
                id: definition.id,
                name: definition.name,
                formula: definition.formula,
                pums_code: definition.pums_code.map(str::to_owned),
                decimals: definition.decimals,
            })
        })
        .collect()
}

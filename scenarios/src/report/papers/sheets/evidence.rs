//! What the runs stand on, as sheets.

use data::spreadsheet::{Cell, Sheet};
use engine::city::ObservationRole;
use engine::provenance::Origin;

use super::{estimate, sheet, told};
use crate::comparison::Comparison;
use crate::report::texts::Texts;
use crate::report::{judgement, layers, profile, proof, trust};

pub(super) fn observations(comparison: &Comparison, texts: &Texts) -> Sheet {
    let heads = [
        "column-place",
        "sheet-role",
        "run-name",
        "sheet-expected-low",
        "sheet-expected-high",
        "column-computed",
        "sheet-low",
        "sheet-high",
        "column-change",
        "sheet-change-low",
        "sheet-change-high",
        "sheet-verdict",
        "column-judgement",
        "sheet-reason",
    ];
    let is_judged = comparison.has_city_as_it_is();
    let mut rows = Vec::new();
    for flow in &comparison.observations {
        for (run, compared) in comparison.runs.iter().enumerate() {
            let is_judged = is_judged && run == 0 && flow.role != ObservationRole::Input;
            let mut row = vec![
                Cell::text(texts.place(&flow.name)),
                Cell::text(texts.say(match flow.role {
                    ObservationRole::Input => "role-input",
                    ObservationRole::HeldOut => "role-held-out",
                    ObservationRole::Plausibility => "role-plausibility",
                })),
                Cell::text(&compared.name),
            ];
            row.extend([flow.expected.low, flow.expected.high].map(|end| Cell::number(Some(end), 0)));
            row.extend(estimate(&flow.daily_vehicles[run], 0));
            row.extend(told(Some(&flow.daily_differences[run]), comparison.flow_resolution(), run, 0, texts));
            row.push(Cell::text(trust::words(flow, texts).filter(|_| is_judged).unwrap_or_default()));
            row.push(Cell::text(texts.of(&flow.reason)));
            rows.push(row);
        }
    }
    sheet(texts, "sheet-observations", &heads, rows)
}

/// Counts by period, of the base.
pub(super) fn fit(comparison: &Comparison, texts: &Texts) -> Sheet {
    let heads = [
        "column-place",
        "column-period",
        "sheet-hours",
        "sheet-counted-hour",
        "sheet-computed-hour",
        "sheet-low",
        "sheet-high",
        "column-geh",
    ];
    let held_out = judgement::of_role(comparison, ObservationRole::HeldOut);
    let fits = held_out.iter().flat_map(|flow| flow.hourly_fit.iter().map(move |fit| (flow, fit)));
    let rows = fits.map(|(flow, fit)| {
        let period = &comparison.periods[fit.period];
        let mut row = vec![
            Cell::text(texts.place(&flow.name)),
            Cell::text(profile::name(period, texts)),
            Cell::text(profile::hours(period)),
            Cell::number(Some(fit.counted_vph), 0),
        ];
        row.extend(estimate(&fit.modelled_vph, 0));
        row.push(Cell::number(Some(fit.geh), 1));
        row
    });
    sheet(texts, "sheet-fit", &heads, if comparison.has_city_as_it_is() { rows.collect() } else { Vec::new() })
}

pub(super) fn gates(comparison: &Comparison, texts: &Texts) -> Sheet {
    let heads = ["column-period", "sheet-hours", "sheet-share-of-day", "sheet-entering"];
    let rows = comparison.gate_hours.iter().map(|gate| {
        let period = &comparison.periods[gate.period];
        vec![
            Cell::text(profile::name(period, texts)),
            Cell::text(profile::hours(period)),
            Cell::number(Some(gate.share_of_day * 100.0), 1),
            Cell::number(Some(gate.entering_share * 100.0), 1),
        ]
    });
    sheet(texts, "sheet-gates", &heads, rows.collect())
}

pub(super) fn layer_sheet(comparison: &Comparison, texts: &Texts) -> Sheet {
    let mut heads: Vec<String> = ["column-layer", "sheet-unit"].map(|head| texts.say(head)).to_vec();
    heads.extend(Origin::ALL.map(|origin| layers::word(origin, texts)));
    heads.push(texts.say("column-sources"));
    let rows = comparison.layers.iter().map(|layer| {
        let (unit, decimals) = layers::unit(layer.kind, texts);
        let mut row = vec![Cell::text(layers::name(layer.kind, texts)), Cell::text(unit)];
        row.extend(layer.amounts.map(|amount| Cell::number(Some(amount), decimals)));
        row.push(Cell::text(layer.sources.join(", ")));
        row
    });
    Sheet { name: texts.say("sheet-layers"), heads, rows: rows.collect() }
}

pub(super) fn sources(comparison: &Comparison, texts: &Texts) -> Sheet {
    let heads = ["sheet-id", "sheet-title", "sheet-year", "sheet-licence", "sheet-attribution", "sheet-address"];
    let rows = comparison.sources.iter().map(|source| {
        vec![
            Cell::text(source.id.to_string()),
            Cell::text(&*source.title),
            Cell::text(source.year.map(|year| year.to_string()).unwrap_or_default()),
            Cell::text(&*source.licence),
            Cell::text(&*source.attribution),
            Cell::text(source.url.as_deref().unwrap_or_default()),
        ]
    });
    sheet(texts, "column-sources", &heads, rows.collect())
}

pub(super) fn runs(comparison: &Comparison, texts: &Texts) -> Sheet {
    let heads = [
        "run-name",
        "sheet-title",
        "sheet-description",
        "run-id",
        "result-hash",
        "build-id",
        "sheet-seeds",
        "relative-gap",
        "sheet-unserved",
        "sheet-low",
        "sheet-high",
        "sheet-parking",
        "sheet-low",
        "sheet-high",
    ];
    let seeds = proof::seeds(&comparison.seeds);
    let rows = comparison.runs.iter().map(|run| {
        let mut row = vec![
            Cell::text(&run.name),
            Cell::text(texts.of(&run.title)),
            Cell::text(texts.of(&run.description)),
            Cell::text(&run.run_id),
            Cell::text(&run.result_hash),
            Cell::text(&run.build_id),
            Cell::text(&seeds),
            Cell::number(Some(run.relative_gap), 12),
        ];
        row.extend(estimate(&run.unserved_trips, 0));
        row.extend(estimate(&run.trips_parking_at_edge, 0));
        row
    });
    sheet(texts, "sheet-runs", &heads, rows.collect())
}

//! What the runs say, as sheets.

use data::spreadsheet::{Cell, Sheet};

use super::{estimate, sheet, told};
use crate::comparison::{ComparedRun, Comparison, OriginTrips};
use crate::report::texts::Texts;
use crate::report::{claim, origins, profile, street};
use crate::run::TOLD;

pub(super) fn indicators(comparison: &Comparison, texts: &Texts) -> Sheet {
    let heads = [
        "column-indicator",
        "sheet-unit",
        "run-name",
        "column-value",
        "sheet-low",
        "sheet-high",
        "column-change",
        "sheet-change-low",
        "sheet-change-high",
        "sheet-share",
        "sheet-verdict",
        "sheet-resolution",
        "sheet-pums",
        "column-formula",
        "sheet-id",
    ];
    let mut rows = Vec::new();
    for indicator in &comparison.indicators {
        for (run, compared) in comparison.runs.iter().enumerate() {
            let change = &indicator.differences[run];
            let share = claim::relative(change, &indicator.values[0]).filter(|_| run > 0).map(|share| share.value);
            let mut row = vec![
                Cell::text(texts.of(&indicator.name)),
                Cell::text(texts.of(&indicator.unit)),
                Cell::text(&compared.name),
            ];
            row.extend(estimate(&indicator.values[run], indicator.decimals));
            let [value, low, high, verdict] =
                told(Some(change), indicator.resolutions[run], run, indicator.decimals, texts);
            row.extend([value, low, high, Cell::signed(share, 2), verdict]);
            row.extend([
                Cell::number(Some(indicator.resolutions[run]), indicator.decimals.saturating_add(2)),
                Cell::text(indicator.pums_code.clone().unwrap_or_default()),
                Cell::text(texts.of(&indicator.formula)),
                Cell::text(&indicator.id),
            ]);
            rows.push(row);
        }
    }
    sheet(texts, "indicators-title", &heads, rows)
}

/// Quarters, then zones and gates, by class and run.
pub(super) fn places(comparison: &Comparison, texts: &Texts) -> Sheet {
    let heads = [
        "column-origin",
        "sheet-kind",
        "sheet-class",
        "run-name",
        "sheet-trips",
        "sheet-low",
        "sheet-high",
        "sheet-parking",
        "sheet-low",
        "sheet-high",
        "sheet-minutes",
        "sheet-low",
        "sheet-high",
        "sheet-minutes-change",
        "sheet-change-low",
        "sheet-change-high",
        "sheet-verdict",
        "sheet-id",
    ];
    let mut rows = Vec::new();
    let quarters = comparison.quarters.iter().map(|place| ("sheet-quarter", place));
    let zones = comparison.zones.iter().map(|place| ("sheet-zone", place));
    for (kind, place) in quarters.chain(zones) {
        for class in TOLD {
            rows.extend(place_rows(comparison, place, kind, class, texts));
        }
    }
    sheet(texts, "sheet-places", &heads, rows)
}

fn place_rows(comparison: &Comparison, place: &OriginTrips, kind: &str, class: &str, texts: &Texts) -> Vec<Vec<Cell>> {
    let Some(trips) = place.classes.iter().find(|trips| trips.class == class) else { return Vec::new() };
    let of_run = |(run, compared): (usize, &ComparedRun)| {
        let mut row = vec![
            Cell::text(origins::name(comparison, place, texts)),
            Cell::text(texts.say(kind)),
            Cell::text(origins::class_name(class, texts)),
            Cell::text(&compared.name),
        ];
        row.extend(estimate(&trips.trips_per_day[run], 0));
        row.extend(estimate(&trips.parking_at_edge_per_day[run], 0));
        match &trips.mean_duration_min[run] {
            Some(minutes) => row.extend(estimate(minutes, 2)),
            None => row.extend([Cell::Empty, Cell::Empty, Cell::Empty]),
        }
        let change = trips.duration_differences_min[run].as_ref();
        row.extend(told(change, origins::DURATION_RESOLUTION_MIN, run, 2, texts));
        row.push(Cell::text(place.key.as_ref().map(ToString::to_string).unwrap_or_default()));
        row
    };
    comparison.runs.iter().enumerate().map(of_run).collect()
}

pub(super) fn streets(comparison: &Comparison, texts: &Texts) -> Sheet {
    let heads = [
        "run-name",
        "column-number",
        "column-street",
        "sheet-where",
        "sheet-continues",
        "column-before",
        "sheet-low",
        "sheet-high",
        "column-after",
        "sheet-low",
        "sheet-high",
        "column-change",
        "sheet-change-low",
        "sheet-change-high",
        "sheet-verdict",
        "sheet-links",
    ];
    let resolution = comparison.flow_resolution();
    let mut rows = Vec::new();
    for (run, compared) in comparison.runs.iter().enumerate() {
        for (number, changed) in (1_u32..).zip(&comparison.changed_streets[run]) {
            let keys: Vec<String> = changed.links.iter().map(|&link| comparison.links[link].key.to_string()).collect();
            let mut row = vec![
                Cell::text(&compared.name),
                Cell::number(Some(f64::from(number)), 0),
                Cell::text(street::name(comparison, changed, texts)),
                Cell::text(street::place(&changed.at, texts)),
                Cell::text(changed.continues_on.join(", ")),
            ];
            row.extend(estimate(&changed.vehicles.before, 0));
            row.extend(estimate(&changed.vehicles.after, 0));
            row.extend(told(Some(&changed.vehicles.difference), resolution, run, 0, texts));
            row.push(Cell::text(keys.join(" ")));
            rows.push(row);
        }
    }
    sheet(texts, "sheet-streets", &heads, rows)
}

pub(super) fn queues(comparison: &Comparison, texts: &Texts) -> Sheet {
    let heads = [
        "run-name",
        "column-street",
        "sheet-where",
        "column-quarter-hour",
        "sheet-standing-before",
        "column-standing",
        "sheet-reach-before",
        "column-reach",
        "sheet-lost-before",
        "column-lost",
    ];
    let of_runs = comparison.moved.iter().flat_map(|moved| comparison.runs.iter().zip(&moved.runs));
    let spots = of_runs.flat_map(|(run, queues)| queues.longest.iter().map(move |spot| (run, spot)));
    let rows = spots.map(|(run, spot)| {
        let hours = f64::from(spot.from_s) / 3600.0;
        let mut row = vec![
            Cell::text(&run.name),
            Cell::text(street::of_link(&comparison.links[spot.link], texts)),
            Cell::text(street::place(&spot.at, texts)),
            Cell::number(Some(hours), 2),
        ];
        for (before, after) in [
            (spot.base.standing_veh, spot.queue.standing_veh),
            (spot.base.reach_m, spot.queue.reach_m),
            (spot.base.delay_s, spot.queue.delay_s),
        ] {
            row.extend([before, after].map(|value| Cell::number(Some(value), 1)));
        }
        row
    });
    sheet(texts, "queues-title", &heads, rows.collect())
}

pub(super) fn day(comparison: &Comparison, texts: &Texts) -> Sheet {
    let heads =
        ["column-period", "sheet-hours", "run-name", "sheet-vehicle-km-hour", "sheet-share", "sheet-nearly-full"];
    let mut rows = Vec::new();
    for (index, period) in comparison.periods.iter().enumerate() {
        let base = profile::vehicle_km_an_hour(comparison, 0, index);
        for (run, compared) in comparison.runs.iter().enumerate() {
            let value = profile::vehicle_km_an_hour(comparison, run, index);
            let share = (run > 0 && base > 0.0).then(|| (value / base - 1.0) * 100.0);
            rows.push(vec![
                Cell::text(profile::name(period, texts)),
                Cell::text(profile::hours(period)),
                Cell::text(&compared.name),
                Cell::number(Some(value), 0),
                Cell::signed(share, 2),
                Cell::number(Some(profile::nearly_full_km(comparison, run, index)), 1),
            ]);
        }
    }
    sheet(texts, "day-title", &heads, rows)
}

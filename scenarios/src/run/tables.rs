//! The result tables of a run.
//!
//! | table | a row is | what it holds |
//! | --- | --- | --- |
//! | `indicators` | a seed and an indicator | its value |
//! | `links` | a slice of the day and a link | means over the seeds: vehicles an hour by kind, passenger-car units, seconds |
//! | `link_periods` | a seed, a period and a link | vehicles in that period of the day |
//! | `zones` | a seed, a zone or gate and a kind of vehicle | trips a day that leave it, their mean duration, unserved, parked at the edge |
//! | `trips` | a period, an origin and a destination | means over the seeds: vehicles a day, unserved, mean duration |
//!
//! Rows are sorted as their first columns say: seeds and the clock ascending, links and zones in the city's order.

use std::collections::BTreeMap;

use data::table::Table;
use engine::key::Key;

use super::base::SeedResult;
use super::indicators::{definitions, values, vehicles};
use super::model::CityModel;
use super::solve::{Solved, TOLD};

/// The tables of a run by name.
pub type Tables = BTreeMap<&'static str, Table>;

/// The names of all tables.
pub const TABLES: [&str; 5] = ["indicators", "link_periods", "links", "trips", "zones"];

/// Makes the tables of what the seeds gave, which come in the order of the seeds.
#[must_use]
pub fn tables(model: &CityModel, results: &[SeedResult]) -> Tables {
    BTreeMap::from([
        ("indicators", indicators(model, results)),
        ("link_periods", link_periods(model, results)),
        ("links", links(model, results)),
        ("trips", trips(model, results)),
        ("zones", zones(model, results)),
    ])
}

fn indicators(model: &CityModel, results: &[SeedResult]) -> Table {
    let (mut seeds, mut ids, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let definitions = definitions();
    for result in results {
        for (definition, value) in definitions.iter().zip(values(model, result)) {
            seeds.push(number(result.seed));
            ids.push(definition.id.as_str());
            all.push(value);
        }
    }
    Table::new().with("seed", seeds).with("indicator", ids).with("value", all)
}

fn hours(model: &CityModel, slice: usize) -> f64 {
    f64::from(model.slices[slice].time.span.duration_s()) / 3600.0
}

fn link_periods(model: &CityModel, results: &[SeedResult]) -> Table {
    let keys: Vec<&Key> = model.applied.tables.links.iter().map(|row| &row.key).collect();
    let (mut seeds, mut periods, mut names, mut sums) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for result in results {
        for (period, facts) in model.applied.tables.about.day_plan.periods().iter().enumerate() {
            let slices: Vec<(&Solved, f64)> = (0..model.slices.len())
                .filter(|&slice| model.slices[slice].time.period == period)
                .filter_map(|slice| Some((&**result.slices[slice].as_ref()?, hours(model, slice))))
                .collect();
            if slices.is_empty() {
                continue;
            }
            for (row, key) in keys.iter().enumerate() {
                seeds.push(number(result.seed));
                periods.push(facts.name.as_str());
                names.push(key.as_str());
                sums.push(slices.iter().map(|(solved, hours)| vehicles(solved, row) * hours).sum::<f64>());
            }
        }
    }
    Table::new().with("seed", seeds).with("period", periods).with("link", names).with("vehicles", sums)
}

fn links(model: &CityModel, results: &[SeedResult]) -> Table {
    let tables = &model.applied.tables;
    let (mut from, mut to, mut periods, mut keys) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut columns: [Vec<f64>; TOLD.len() + 2] = Default::default();
    for (index, slice) in model.slices.iter().enumerate() {
        if results.iter().any(|result| result.slices[index].is_none()) {
            continue;
        }
        for (row, link) in tables.links.iter().enumerate() {
            from.push(slice.time.span.from.seconds());
            to.push(slice.time.span.to.seconds());
            periods.push(tables.about.day_plan.periods()[slice.time.period].name.as_str());
            keys.push(link.key.as_str());
            let of = |what: &dyn Fn(&Solved) -> f64| {
                mean(results, |result| result.slices[index].as_ref().map_or(0.0, |solved| what(solved)))
            };
            for (kind, column) in columns.iter_mut().enumerate() {
                column.push(match kind {
                    0..4 => of(&|solved| solved.flows_vph[kind][row]),
                    4 => of(&|solved| solved.flow_pcuph[row]),
                    _ => of(&|solved| solved.time_s[row]),
                });
            }
        }
    }
    let mut table = Table::new().with("from_s", from).with("to_s", to).with("period", periods).with("link", keys);
    for (name, column) in
        ["cars_vph", "vans_vph", "heavy_vehicles_vph", "motorcycles_vph", "flow_pcuph", "time_s"].iter().zip(columns)
    {
        table = table.with(name, column);
    }
    table
}

/// Zones and gates, in the order of the matrices.
fn places(model: &CityModel) -> &[Key] {
    model.variants.first().map_or(&[], |variant| &variant.network.zones)
}

fn zones(model: &CityModel, results: &[SeedResult]) -> Table {
    let places = places(model);
    let (mut seeds, mut names, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    let (mut trips, mut durations, mut unserved, mut at_edge) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for result in results {
        for (place, key) in places.iter().enumerate() {
            for (kind, told) in TOLD.iter().enumerate() {
                let mut sums = [0.0; 5];
                for (slice, solved) in result.slices.iter().enumerate() {
                    let Some(solved) = solved else { continue };
                    let duration_h = hours(model, slice);
                    let cells = place * places.len()..(place + 1) * places.len();
                    let row = |values: &[Vec<f64>]| values[kind][cells.clone()].iter().sum::<f64>() * duration_h;
                    let unserved = row(&solved.unserved_vph);
                    let trips = row(&solved.trips_vph);
                    let within = solved.trips_vph[kind][place * places.len() + place] * duration_h;
                    let of_slice = [
                        trips,
                        trips - within - unserved,
                        row(&solved.trip_hours),
                        unserved,
                        solved.at_edge_vph[kind][place] * duration_h,
                    ];
                    for (sum, value) in sums.iter_mut().zip(of_slice) {
                        *sum += value;
                    }
                }
                seeds.push(number(result.seed));
                names.push(key.as_str());
                kinds.push(*told);
                trips.push(sums[0]);
                durations.push((sums[1] > 1e-9).then(|| sums[2] * 60.0 / sums[1]));
                unserved.push(sums[3]);
                at_edge.push(sums[4]);
            }
        }
    }
    Table::new()
        .with("seed", seeds)
        .with("zone", names)
        .with("class", kinds)
        .with("trips_per_day", trips)
        .with("mean_duration_min", durations)
        .with("unserved_per_day", unserved)
        .with("parking_at_edge_per_day", at_edge)
}

fn trips(model: &CityModel, results: &[SeedResult]) -> Table {
    let places = places(model);
    let cells = places.len() * places.len();
    let (mut periods, mut origins, mut destinations) = (Vec::new(), Vec::new(), Vec::new());
    let (mut vehicles, mut unserved, mut durations) = (Vec::new(), Vec::new(), Vec::new());
    for (period, facts) in model.applied.tables.about.day_plan.periods().iter().enumerate() {
        let mut sums = vec![[0.0; 3]; cells];
        for result in results {
            for (slice, solved) in result.slices.iter().enumerate() {
                let Some(solved) = solved.as_ref().filter(|_| model.slices[slice].time.period == period) else {
                    continue;
                };
                let share = hours(model, slice) / as_f64(results.len());
                for kind in 0..TOLD.len() {
                    for (cell, sum) in sums.iter_mut().enumerate() {
                        sum[0] += solved.trips_vph[kind][cell] * share;
                        sum[1] += solved.unserved_vph[kind][cell] * share;
                        sum[2] += solved.trip_hours[kind][cell] * share;
                    }
                }
            }
        }
        for (cell, [trips, without, trip_hours]) in sums.into_iter().enumerate() {
            if trips > 0.0 {
                let (from, to) = (cell / places.len(), cell % places.len());
                periods.push(facts.name.as_str());
                origins.push(places[from].as_str());
                destinations.push(places[to].as_str());
                vehicles.push(trips);
                unserved.push(without);
                let served = trips - without;
                durations.push((from != to && served > 1e-9).then(|| trip_hours * 60.0 / served));
            }
        }
    }
    Table::new()
        .with("period", periods)
        .with("origin", origins)
        .with("destination", destinations)
        .with("vehicles_per_day", vehicles)
        .with("unserved_per_day", unserved)
        .with("mean_duration_min", durations)
}

fn mean(results: &[SeedResult], value: impl Fn(&SeedResult) -> f64) -> f64 {
    results.iter().map(value).sum::<f64>() / as_f64(results.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of seeds are far below 2^53")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

/// A seed as tables hold it.
fn number(seed: u64) -> i64 {
    i64::try_from(seed).unwrap_or(i64::MAX)
}

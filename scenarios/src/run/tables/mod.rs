//! The result tables of a run.
//!
//! | table | a row is | what it holds |
//! | --- | --- | --- |
//! | `indicators` | a seed and an indicator | its value |
//! | `emissions` | a stretch of the day, a link and a kind of vehicle, where somebody drives | means over the seeds of what it emits and consumes in the stretch: grams, megajoules, litres, kilowatt-hours; to five digits |
//! | `emissions_by_class` | a seed, a road class and a kind of vehicle | the same, of all that was computed |
//! | `emissions_by_vehicle` | a type of vehicle (kind, fuel, size, standard, technology) | its share of its kind's distance; the same, means over the seeds |
//! | `links` | a stretch of the day and a link | means over the seeds: vehicles an hour by kind, passenger-car units, seconds, vehicles on it, standing vehicles, delay, stops; the longest queue of all seeds |
//! | `turns` | a stretch of the day, a link and the link that is entered from it, where somebody turns | means over the seeds: vehicles an hour, seconds on the link before and in the junction, delay, stops; to a tenth of a vehicle or second, a hundredth of a stop |
//! | `counts` | a seed and a count | vehicles that moved: begun, arrived, still on their way, waiting, rerouted |
//! | `link_periods` | a seed, a period and a link | vehicles in that period of the day |
//! | `zones` | a seed, a zone or gate and a kind of vehicle | trips a day that leave it, their mean duration, unserved, parked at the edge; those served to other places, and the hours that these take |
//! | `trips` | a period, an origin and a destination | means over the seeds: vehicles a day, unserved, mean duration |
//!
//! Stretches are slices in a strategic run, quarter hours where vehicles move. What an equilibrium does not know (queues,
//! stops, counts) is empty in a strategic run.
//!
//! Rows are sorted as their first columns say: seeds and the clock ascending, links and zones in the city's order.

use std::borrow::Cow;
use std::collections::BTreeMap;

use data::table::Table;
use engine::key::Key;

mod emissions;

use super::base::{SeedResult, SimulateError};
use super::effects::{EffectsModel, SeedEffects};
use super::fields::{Field, Fields, NoiseOfRun};
use super::indicators::{definitions, values, vehicles};
use super::model::CityModel;
use super::settings::Settings;
use super::solve::{Solved, TOLD, TOLD_CLASSES};
use super::traffic::{LinkBin, LinkBins, SeedTraffic, TurnBins, TurnRow, assigned_turns};

/// The tables of a run by name.
pub type Tables = BTreeMap<&'static str, Table>;

/// The names of the tables that every run has; fields add theirs.
pub const TABLES: [&str; 10] = [
    "counts",
    "emissions",
    "emissions_by_class",
    "emissions_by_vehicle",
    "indicators",
    "link_periods",
    "links",
    "trips",
    "turns",
    "zones",
];

/// The tables of emission of a run that does not know it.
pub(super) use emissions::none as no_emissions;

/// Makes the tables of what the seeds gave, which come in the order of the seeds.
///
/// # Errors
/// [`SimulateError`] where the fleet has vehicles without factors.
pub(super) fn tables(
    effects: &EffectsModel<'_>,
    results: &[SeedResult],
    fields: &Fields,
) -> Result<Tables, SimulateError> {
    let (model, settings) = (effects.model, effects.settings);
    let of_seeds: Vec<SeedEffects> = results.iter().map(|result| effects.of(result)).collect();
    let noise = match effects.mean_traffic(results).filter(|_| fields.contains(&Field::Noise)) {
        Some(traffic) => Some(NoiseOfRun::new(settings, model, &traffic)?),
        None => None,
    };
    let mut tables = BTreeMap::from([
        ("counts", counts(results)),
        ("emissions", emissions::by_link(model, &of_seeds)),
        ("emissions_by_class", emissions::by_class(results, &of_seeds)),
        ("emissions_by_vehicle", emissions::by_vehicle(effects, &of_seeds)?),
        ("indicators", indicators(effects, results, &of_seeds, noise.as_ref())),
        ("link_periods", link_periods(model, results)),
        ("links", links(model, settings, results)),
        ("trips", trips(model, results)),
        ("turns", turns(model, results)),
        ("zones", zones(model, results)),
    ]);
    let seeds: Vec<u64> = results.iter().map(|result| result.seed).collect();
    tables.extend(noise.iter().flat_map(|noise| noise.tables(settings, model, &seeds)));
    Ok(tables)
}

fn indicators(
    effects: &EffectsModel<'_>,
    results: &[SeedResult],
    of_seeds: &[SeedEffects],
    noise: Option<&NoiseOfRun>,
) -> Table {
    let (mut seeds, mut ids, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let definitions = definitions();
    for (result, of_seed) in results.iter().zip(of_seeds) {
        for (definition, value) in definitions.iter().zip(values(effects, result, of_seed, noise)) {
            let Some(value) = value else { continue };
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

/// What the seeds say of one link in one stretch of time: vehicles an hour by kind, then the columns of [`MEASURES`].
type LinkRow = ([f64; TOLD.len()], [Option<f64>; MEASURES.len()]);

/// What is told of a link besides vehicles by kind.
const MEASURES: [&str; 7] = ["flow_pcuph", "time_s", "vehicles_on_it", "delay_s", "stops", "queue_veh", "queue_max_m"];

fn links(model: &CityModel, settings: &Settings, results: &[SeedResult]) -> Table {
    let tables = &model.applied.tables;
    let periods = tables.about.day_plan.periods();
    let moved: Vec<&LinkBins> = results.iter().filter_map(|result| Some(&result.traffic.as_ref()?.links)).collect();
    let stretches: Vec<(u32, u32, usize, usize)> = match moved.first() {
        Some(bins) => {
            let spans = bins.spans_s.iter().enumerate();
            spans.map(|(bin, &(from_s, to_s))| (from_s, to_s, model.period_at(from_s), bin)).collect()
        }
        None => {
            let told = |&slice: &usize| results.iter().all(|result| result.slices[slice].is_some());
            let of_slice = |slice: usize| {
                let time = &model.slices[slice].time;
                (time.span.from.seconds(), time.span.to.seconds(), time.period, slice)
            };
            (0..model.slices.len()).filter(told).map(of_slice).collect()
        }
    };
    let (mut from, mut to, mut of_period, mut keys) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut by_kind: [Vec<f64>; TOLD.len()] = Default::default();
    let mut measures: [Vec<Option<f64>>; MEASURES.len()] = Default::default();
    let pcu = TOLD_CLASSES.map(|class| settings.parameters.vehicles[class].passenger_car_units);
    for (from_s, to_s, period, index) in stretches {
        for (row, link) in tables.links.iter().enumerate() {
            from.push(from_s);
            to.push(to_s);
            of_period.push(periods[period].name.as_str());
            keys.push(link.key.as_str());
            let (vehicles, values) = if moved.is_empty() {
                assigned_row(results, index, row, link.facts.free_flow_time_s())
            } else {
                moved_row(&moved, index, row, f64::from(to_s - from_s) / 3600.0, &pcu)
            };
            by_kind.iter_mut().zip(vehicles).for_each(|(column, value)| column.push(value));
            measures.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        }
    }
    let mut table = Table::new().with("from_s", from).with("to_s", to).with("period", of_period).with("link", keys);
    for (name, column) in ["cars_vph", "vans_vph", "heavy_vehicles_vph", "motorcycles_vph"].iter().zip(by_kind) {
        table = table.with(name, column);
    }
    for (name, column) in MEASURES.iter().zip(measures) {
        table = match name {
            &"flow_pcuph" | &"time_s" => {
                table.with(name, column.into_iter().map(|value| value.unwrap_or(0.0)).collect::<Vec<f64>>())
            }
            _ => table.with(name, column),
        };
    }
    table
}

/// A link in a slice, as assigned.
fn assigned_row(results: &[SeedResult], slice: usize, link: usize, free_s: f64) -> LinkRow {
    let of = |what: &dyn Fn(&Solved) -> f64| {
        mean(results, |result| result.slices[slice].as_ref().map_or(0.0, |solved| what(solved)))
    };
    let by_kind = std::array::from_fn(|kind| of(&|solved| solved.flows_vph[kind][link]));
    let time_s = of(&|solved| solved.time_s[link]);
    let on_it = of(&|solved| vehicles(solved, link) * solved.time_s[link] / 3600.0);
    let delay_s = (time_s - free_s).max(0.0);
    let flow_pcuph = of(&|solved| solved.flow_pcuph[link]);
    (by_kind, [Some(flow_pcuph), Some(time_s), Some(on_it), Some(delay_s), None, None, None])
}

/// A link in a bin, as driven. Times, delays and stops are means over vehicles, and over seeds where there are none.
fn moved_row(moved: &[&LinkBins], bin: usize, link: usize, hours: f64, pcu: &[f64; TOLD.len()]) -> LinkRow {
    let count = as_f64(moved.len());
    let rows = || moved.iter().map(|bins| bins.at(bin, link));
    let by_kind: [f64; TOLD.len()] =
        std::array::from_fn(|kind| rows().map(|row| f64::from(row.vehicles[kind])).sum::<f64>() / count / hours);
    let weight = |row: &LinkBin| row.vehicles.iter().map(|&vehicles| f64::from(vehicles)).sum::<f64>();
    let total: f64 = rows().map(weight).sum();
    let over_vehicles = |value: fn(&LinkBin) -> f32| {
        let sum = rows().map(|row| f64::from(value(row)) * if total > 0.0 { weight(row) } else { 1.0 }).sum::<f64>();
        Some(sum / if total > 0.0 { total } else { count })
    };
    let over_seeds = |value: fn(&LinkBin) -> f32| Some(rows().map(|row| f64::from(value(row))).sum::<f64>() / count);
    let flow_pcuph = by_kind.iter().zip(pcu).map(|(vehicles, pcu)| vehicles * pcu).sum();
    let longest_m = rows().map(|row| f64::from(row.queue_max_m)).fold(0.0, f64::max);
    let measures = [
        Some(flow_pcuph),
        over_vehicles(|row| row.time_s),
        over_seeds(|row| row.vehicles_on_it),
        over_vehicles(|row| row.delay_s),
        over_vehicles(|row| row.stops),
        over_seeds(|row| row.queue_veh),
        Some(longest_m),
    ];
    (by_kind, measures)
}

/// Turns by quarter hour or slice, where somebody makes them.
fn turns(model: &CityModel, results: &[SeedResult]) -> Table {
    let of_seeds: Vec<Cow<'_, TurnBins>> = results.iter().map(|result| turn_bins(model, result)).collect();
    let spans_s = of_seeds.first().map_or(&[][..], |bins| &bins.spans_s);
    let knows_stops = results.iter().all(|result| result.traffic.is_some());
    let links = &model.applied.tables.links;
    let (mut from, mut to, mut before, mut behind) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut flows, mut times, mut delays, mut stops) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let rounded = |value: f64, parts: f64| (value * parts).round() / parts;
    for (bin, &(from_s, to_s)) in spans_s.iter().enumerate() {
        // Vehicles, and sums over them of time, delay and stops.
        let mut sums: BTreeMap<(u32, u32), [f64; 4]> = BTreeMap::new();
        for TurnRow { from, to, vehicles, time_s, delay_s, stops } in of_seeds.iter().flat_map(|bins| &bins.rows[bin]) {
            let sum = sums.entry((*from, *to)).or_default();
            let vehicles = f64::from(*vehicles);
            for (sum, of_each) in sum.iter_mut().zip([1.0, f64::from(*time_s), f64::from(*delay_s), f64::from(*stops)])
            {
                *sum += vehicles * of_each;
            }
        }
        let seed_hours = as_f64(results.len()) * f64::from(to_s - from_s) / 3600.0;
        for ((of, into), [vehicles, time_s, delay_s, stop_count]) in sums {
            let flow_vph = rounded(vehicles / seed_hours, 10.0);
            if flow_vph <= 0.0 {
                continue;
            }
            from.push(from_s);
            to.push(to_s);
            before.push(links[of as usize].key.as_str());
            behind.push(links[into as usize].key.as_str());
            flows.push(flow_vph);
            times.push(rounded(time_s / vehicles, 10.0));
            delays.push(rounded(delay_s / vehicles, 10.0));
            stops.push(knows_stops.then(|| rounded(stop_count / vehicles, 100.0)));
        }
    }
    Table::new()
        .with("from_s", from)
        .with("to_s", to)
        .with("from_link", before)
        .with("to_link", behind)
        .with("flow_vph", flows)
        .with("time_s", times)
        .with("delay_s", delays)
        .with("stops", stops)
}

/// What turns tell under one seed: as driven, or as assigned.
fn turn_bins<'a>(model: &CityModel, result: &'a SeedResult) -> Cow<'a, TurnBins> {
    if let Some(traffic) = &result.traffic {
        return Cow::Borrowed(&traffic.turns);
    }
    let mut bins = TurnBins::default();
    for (slice, solved) in result.slices.iter().enumerate() {
        if let Some(solved) = solved {
            let span = model.slices[slice].time.span;
            bins.spans_s.push((span.from.seconds(), span.to.seconds()));
            bins.rows.push(assigned_turns(model, slice, solved));
        }
    }
    Cow::Owned(bins)
}

/// What moved, seed by seed; empty where nothing does.
fn counts(results: &[SeedResult]) -> Table {
    let (mut seeds, mut names, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for result in results {
        let Some(traffic) = &result.traffic else { continue };
        let SeedTraffic { counts, relief, left_out, bus_trips, .. } = &**traffic;
        for (name, value) in [
            ("inserted", counts.inserted),
            ("arrived", counts.arrived),
            ("running", counts.running),
            ("waiting", counts.waiting),
            ("teleports", counts.teleports),
            ("rerouted", relief.reroutes),
            ("exchanged", relief.exchanges),
            ("squeezed", relief.squeezes),
            ("informed", relief.informed),
            ("bus_trips", *bus_trips as u64),
            ("unserved", left_out.unserved),
            ("along_one_street", left_out.along_one_street),
            ("without_street", left_out.without_street),
        ] {
            seeds.push(number(result.seed));
            names.push(name);
            values.push(i64::try_from(value).unwrap_or(i64::MAX));
        }
    }
    Table::new().with("seed", seeds).with("count", names).with("value", values)
}

/// Zones and gates, in the order of the matrices.
fn places(model: &CityModel) -> &[Key] {
    model.variants.first().map_or(&[], |variant| &variant.network.zones)
}

fn zones(model: &CityModel, results: &[SeedResult]) -> Table {
    let places = places(model);
    let (mut seeds, mut names, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    let (mut trips, mut durations, mut unserved, mut at_edge) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut moving, mut total_hours) = (Vec::new(), Vec::new());
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
                moving.push(sums[1].max(0.0));
                total_hours.push(sums[2]);
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
        .with("moving_per_day", moving)
        .with("hours_per_day", total_hours)
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

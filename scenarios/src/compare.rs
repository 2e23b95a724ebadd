//! From runs to a [`Comparison`]: means, paired differences, and what a reader needs to judge them.
//!
//! A value is the mean over the seeds; its interval reaches from the 5th to the 95th percentile (linear between the
//! ordered values). A difference is taken seed by seed before its mean and percentiles are: base and scenario share their
//! draws, so what both have in common cancels.

use std::collections::{BTreeMap, HashMap};

use data::table::{Table, TableError};
use engine::city::{CityTables, Record};
use engine::demand::geh;
use engine::key::Key;
use engine::provenance::Origin;
use engine::time::Period;
use geo::{Geometry, LineString};

use crate::comparison::{
    ChangedLink, ComparedLink, ComparedRun, Comparison, Estimate, Indicator, Interval, Layer, MapPlace, ObservedFlow,
    Water, ZoneRow,
};
use crate::run::{Run, TOLD, definitions};
use crate::scenario::Applied;
use crate::words::Text;

/// Share of the seeds that an interval spans.
pub const CONFIDENCE: f64 = 0.9;

/// How many links are told as most changed.
const MOST_CHANGED: usize = 10;

/// Why runs cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// Two runs differ in what they must share.
    #[error(
        "'{first}' and '{other}' differ in their {what}; runs are compared only over the same city, configuration, seeds and periods: run one of them again"
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
    /// A run holds other rows than its city has.
    #[error("the run of '{scenario}' has no {what} '{name}' in its tables; it is damaged: run it again")]
    Row {
        /// The run's scenario.
        scenario: String,
        /// What is missing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Nothing to compare.
    #[error("there is no run to compare")]
    Nothing,
}

/// Compares runs over one city; the first is what the others are measured against. With each run comes its city after all edits.
///
/// # Errors
/// [`CompareError`] where the runs are not over the same city, seeds, periods and configuration, or are damaged.
pub fn compare(city: &CityTables, runs: &[(Run, Applied)]) -> Result<Comparison, CompareError> {
    let (first, _) = runs.first().ok_or(CompareError::Nothing)?;
    for (run, _) in &runs[1..] {
        let (a, b) = (&first.manifest, &run.manifest);
        let different = [
            (a.city.hash != b.city.hash, "city"),
            (a.configuration != b.configuration, "configuration"),
            (a.seeds != b.seeds, "seeds"),
            (a.period != b.period, "periods"),
            (a.build_id != b.build_id, "build of the program"),
        ];
        if let Some((_, what)) = different.into_iter().find(|(is_different, _)| *is_different) {
            return Err(CompareError::Different { first: a.scenario.clone(), other: b.scenario.clone(), what });
        }
    }
    let read = runs.iter().map(|(run, applied)| Read::of(run, applied)).collect::<Result<Vec<Read>, CompareError>>()?;
    let plan = &city.about.day_plan;
    let is_whole_day = first.manifest.period.is_none();
    let periods: Vec<_> = plan
        .periods()
        .iter()
        .filter(|period| first.manifest.period.as_ref().is_none_or(|only| *only == period.name))
        .cloned()
        .collect();
    let rows = union_of_links(runs);
    let links: Vec<ComparedLink> = rows.iter().map(|row| compared_link(row, &read, &periods)).collect();
    let indicators = indicators(&read);
    let index: HashMap<&Key, usize> = links.iter().enumerate().map(|(index, link)| (&link.key, index)).collect();
    Ok(Comparison {
        city: city.about.name.clone(),
        epsg: city.about.epsg,
        day: plan.day,
        seeds: first.manifest.seeds.clone(),
        confidence: CONFIDENCE,
        interval_meaning: interval_meaning(first.manifest.seeds.len()),
        runs: runs.iter().enumerate().map(|(run, made)| compared_run(made, &indicators, run, &index)).collect(),
        most_changed: (0..runs.len()).map(|run| most_changed(&links, run)).collect(),
        observations: if is_whole_day { observations(city, &read, &periods, &index) } else { Vec::new() },
        zones: zones(city, &read),
        layers: layers(city),
        sources: city.sources.clone(),
        kept_fixed: kept_fixed(),
        not_calibrated: not_calibrated(),
        waters: city.waters.iter().flat_map(|row| water(row.facts.name.as_deref(), &row.facts.geometry)).collect(),
        railways: city.railways.iter().map(|row| points(&row.facts.geometry)).collect(),
        places: places(city),
        periods,
        indicators,
        links,
    })
}

/// Trips a day and their mean duration, for each seed.
type OfSeeds = Vec<(f64, Option<f64>)>;

/// A run's tables, by what they are about.
struct Read {
    indicators: HashMap<String, Vec<f64>>,
    /// Vehicles of each seed by period and link.
    link_periods: HashMap<(String, String), Vec<f64>>,
    /// Passenger-car units an hour times seconds, and seconds, by period and link.
    units: HashMap<(String, String), [f64; 2]>,
    zones: HashMap<(String, String), OfSeeds>,
    capacities: HashMap<Key, f64>,
    seeds: usize,
}

impl Read {
    fn of(run: &Run, applied: &Applied) -> Result<Self, CompareError> {
        let table = |name: &'static str| {
            let missing =
                || CompareError::Row { scenario: run.manifest.scenario.clone(), what: "table", name: name.to_owned() };
            run.tables.get(name).ok_or_else(missing)
        };
        let mut read = Self {
            indicators: HashMap::new(),
            link_periods: HashMap::new(),
            units: HashMap::new(),
            zones: HashMap::new(),
            capacities: applied.tables.links.iter().map(|row| (row.key.clone(), row.facts.capacity_pcuph)).collect(),
            seeds: run.manifest.seeds.len(),
        };
        by_name(table("indicators")?, "indicators", "indicator", "value", &mut read.indicators)?;
        read.read_periods(table("link_periods")?)?;
        read.read_hours(table("links")?)?;
        read.read_zones(table("zones")?)?;
        Ok(read)
    }

    fn read_periods(&mut self, table: &Table) -> Result<(), TableError> {
        let keys = table.column::<&str>("link_periods", "link")?;
        let periods = table.column::<&str>("link_periods", "period")?;
        for ((key, period), vehicles) in keys.iter().zip(periods).zip(table.column::<f64>("link_periods", "vehicles")?)
        {
            self.link_periods.entry((period.to_owned(), (*key).to_owned())).or_default().push(vehicles);
        }
        Ok(())
    }

    fn read_hours(&mut self, table: &Table) -> Result<(), TableError> {
        let keys = table.column::<&str>("links", "link")?;
        let periods = table.column::<&str>("links", "period")?;
        let (from, to) = (table.column::<u32>("links", "from_s")?, table.column::<u32>("links", "to_s")?);
        let units = table.column::<f64>("links", "flow_pcuph")?;
        for row in 0..keys.len() {
            let seconds = f64::from(to[row].saturating_sub(from[row]));
            let sums = self.units.entry((periods[row].to_owned(), keys[row].to_owned())).or_default();
            sums[0] += units[row] * seconds;
            sums[1] += seconds;
        }
        Ok(())
    }

    fn read_zones(&mut self, table: &Table) -> Result<(), TableError> {
        let zones = table.column::<&str>("zones", "zone")?;
        let classes = table.column::<&str>("zones", "class")?;
        let trips = table.column::<f64>("zones", "trips_per_day")?;
        let durations = table.column::<Option<f64>>("zones", "mean_duration_min")?;
        for row in 0..zones.len() {
            let of_zone = self.zones.entry((zones[row].to_owned(), classes[row].to_owned())).or_default();
            of_zone.push((trips[row], durations[row]));
        }
        Ok(())
    }

    /// Vehicles of each seed in a period; 0 where the run's city has no such link.
    fn vehicles(&self, period: &str, key: &Key) -> Vec<f64> {
        let found = self.link_periods.get(&(period.to_owned(), key.as_str().to_owned()));
        found.cloned().unwrap_or_else(|| vec![0.0; self.seeds])
    }

    /// Vehicles of each seed in all of these periods.
    fn link_day(&self, periods: &[Period], key: &Key) -> Vec<f64> {
        let mut sums = vec![0.0; self.seeds];
        for period in periods {
            for (sum, vehicles) in sums.iter_mut().zip(self.vehicles(&period.name, key)) {
                *sum += vehicles;
            }
        }
        sums
    }
}

fn by_name(
    table: &Table,
    name: &str,
    key: &str,
    value: &str,
    into: &mut HashMap<String, Vec<f64>>,
) -> Result<(), TableError> {
    for (key, value) in table.column::<&str>(name, key)?.into_iter().zip(table.column::<f64>(name, value)?) {
        into.entry(key.to_owned()).or_default().push(value);
    }
    Ok(())
}

/// Mean and percentiles of a quantity over the seeds.
#[must_use]
pub fn estimate(values: &[f64]) -> Estimate {
    #[expect(clippy::cast_precision_loss, reason = "counts of seeds are far below 2^53")]
    let count = values.len().max(1) as f64;
    let value = values.iter().sum::<f64>() / count;
    let interval = (values.len() > 1).then(|| {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let tail = (1.0 - CONFIDENCE) / 2.0;
        Interval { low: percentile(&sorted, tail), high: percentile(&sorted, 1.0 - tail) }
    });
    Estimate { value, interval }
}

/// Mean and percentiles of the difference, seed by seed.
#[must_use]
pub fn paired(base: &[f64], scenario: &[f64]) -> Estimate {
    let differences: Vec<f64> = scenario.iter().zip(base).map(|(scenario, base)| scenario - base).collect();
    estimate(&differences)
}

fn percentile(sorted: &[f64], share: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of seeds are far below 2^53")]
    let place = share * (sorted.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the count of seeds")]
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - place.floor()) * (sorted[above] - sorted[below])
}

fn indicators(read: &[Read]) -> Vec<Indicator> {
    let of = |run: &Read, id: &str| run.indicators.get(id).cloned().unwrap_or_else(|| vec![0.0; run.seeds]);
    definitions()
        .into_iter()
        .map(|definition| Indicator {
            values: read.iter().map(|run| estimate(&of(run, &definition.id))).collect(),
            differences: read
                .iter()
                .map(|run| paired(&of(&read[0], &definition.id), &of(run, &definition.id)))
                .collect(),
            id: definition.id,
            name: definition.name,
            unit: definition.unit,
            formula: definition.formula,
            pums_code: definition.pums_code.map(str::to_owned),
            decimals: definition.decimals,
        })
        .collect()
}

fn compared_run(
    (run, applied): &(Run, Applied),
    indicators: &[Indicator],
    number: usize,
    index: &HashMap<&Key, usize>,
) -> ComparedRun {
    let scenario = &run.chain.leaf().scenario;
    let indicator = |id: &str| {
        let found = indicators.iter().find(|indicator| indicator.id == id);
        found.map_or(Estimate { value: 0.0, interval: None }, |indicator| indicator.values[number])
    };
    let rings = applied.areas.iter().flat_map(|area| &area.0).map(|polygon| points(polygon.exterior()));
    let edited = applied.edited_links.iter().filter_map(|&row| index.get(&applied.tables.links[row].key).copied());
    ComparedRun {
        name: run.manifest.scenario.clone(),
        title: scenario.title.clone(),
        description: scenario.description.clone().unwrap_or_else(|| Text::same("")),
        edits: applied.described.clone(),
        horizon: scenario.horizon,
        run_id: run.manifest.run_id.clone(),
        result_hash: run.manifest.result_hash.clone(),
        build_id: run.manifest.build_id.clone(),
        unserved_trips: indicator("unserved_trips"),
        trips_parking_at_edge: indicator("trips_parking_at_edge"),
        edited_links: edited.collect(),
        areas: rings.collect(),
        relative_gap: run.manifest.relative_gap,
    }
}

/// The first run's links in their order, then those that other runs add.
fn union_of_links(runs: &[(Run, Applied)]) -> Vec<&Record<engine::city::Link>> {
    let mut seen: HashMap<&Key, ()> = HashMap::new();
    runs.iter()
        .flat_map(|(_, applied)| &applied.tables.links)
        .filter(|row| seen.insert(&row.key, ()).is_none())
        .collect()
}

fn compared_link(row: &Record<engine::city::Link>, read: &[Read], periods: &[Period]) -> ComparedLink {
    let days: Vec<Vec<f64>> = read.iter().map(|run| run.link_day(periods, &row.key)).collect();
    let per_hour = |run: &Read, period: &Period| -> Vec<f64> {
        let hours = f64::from(period.duration_s()) / 3600.0;
        run.vehicles(&period.name, &row.key).iter().map(|vehicles| vehicles / hours).collect()
    };
    let saturation = |run: &Read, period: &Period| {
        let [units, seconds] =
            run.units.get(&(period.name.clone(), row.key.as_str().to_owned())).copied().unwrap_or([0.0, 1.0]);
        run.capacities.get(&row.key).map_or(0.0, |capacity| units / seconds / capacity)
    };
    ComparedLink {
        key: row.key.clone(),
        name: row.facts.name.as_deref().map(str::to_owned),
        class: row.facts.class,
        structure: row.facts.structure,
        origin: row.provenance.origin,
        points: points(&row.facts.geometry),
        length_m: row.facts.length_m,
        daily_vehicles: days.iter().map(|days| estimate(days)).collect(),
        daily_differences: days.iter().map(|of_run| paired(&days[0], of_run)).collect(),
        hourly_vehicles: read
            .iter()
            .map(|run| periods.iter().map(|period| estimate(&per_hour(run, period)).value).collect())
            .collect(),
        hourly_differences: read
            .iter()
            .map(|run| {
                let difference = |period| paired(&per_hour(&read[0], period), &per_hour(run, period));
                periods.iter().map(difference).collect()
            })
            .collect(),
        saturation: read.iter().map(|run| periods.iter().map(|period| saturation(run, period)).collect()).collect(),
    }
}

fn most_changed(links: &[ComparedLink], run: usize) -> Vec<ChangedLink> {
    let mut changed: Vec<ChangedLink> = links
        .iter()
        .enumerate()
        .map(|(link, facts)| ChangedLink { link, difference: facts.daily_differences[run] })
        .filter(|changed| changed.difference.value != 0.0)
        .collect();
    changed.sort_by(|a, b| {
        b.difference.value.abs().total_cmp(&a.difference.value.abs()).then_with(|| a.link.cmp(&b.link))
    });
    changed.truncate(MOST_CHANGED);
    changed
}

fn observations(
    city: &CityTables,
    read: &[Read],
    periods: &[Period],
    index: &HashMap<&Key, usize>,
) -> Vec<ObservedFlow> {
    city.observations
        .iter()
        .map(|row| {
            let observed = &row.facts;
            let of_run = |run: &Read| {
                let mut sums = vec![0.0; run.seeds];
                for key in &observed.links {
                    for (sum, day) in sums.iter_mut().zip(run.link_day(periods, key)) {
                        *sum += day;
                    }
                }
                sums
            };
            let days: Vec<Vec<f64>> = read.iter().map(of_run).collect();
            let is_count = observed.daily_low == observed.daily_high;
            let hourly: Vec<f64> = days[0].iter().map(|day| geh(day / 24.0, observed.daily_low / 24.0)).collect();
            ObservedFlow {
                name: observed.name.to_string(),
                role: observed.role,
                expected: Interval { low: observed.daily_low, high: observed.daily_high },
                reason: Text::new(&observed.reason_it, &observed.reason_en),
                daily_vehicles: days.iter().map(|days| estimate(days)).collect(),
                daily_differences: days.iter().map(|of_run| paired(&days[0], of_run)).collect(),
                hourly_geh: is_count.then(|| estimate(&hourly)),
                links: observed.links.iter().filter_map(|key| index.get(key).copied()).collect(),
            }
        })
        .collect()
}

fn zones(city: &CityTables, read: &[Read]) -> Vec<ZoneRow> {
    let of_zones = city.zones.iter().map(|row| (&row.key, &row.facts.name));
    let of_gates = city.gates.iter().map(|row| (&row.key, &row.facts.name));
    let mut rows = Vec::new();
    for (key, name) in of_zones.chain(of_gates) {
        for class in TOLD {
            let values =
                |run: &Read| run.zones.get(&(key.as_str().to_owned(), class.to_owned())).cloned().unwrap_or_default();
            let all: Vec<OfSeeds> = read.iter().map(values).collect();
            if all.iter().flatten().all(|(trips, _)| *trips == 0.0) {
                continue;
            }
            let trips = |of_run: &OfSeeds| estimate(&of_run.iter().map(|(trips, _)| *trips).collect::<Vec<_>>());
            let duration = |of_run: &OfSeeds| {
                let known: Vec<f64> = of_run.iter().filter_map(|(_, duration)| *duration).collect();
                (!known.is_empty()).then(|| estimate(&known))
            };
            rows.push(ZoneRow {
                zone: key.clone(),
                name: name.to_string(),
                class: class.to_owned(),
                trips_per_day: all.iter().map(trips).collect(),
                mean_duration_min: all.iter().map(duration).collect(),
            });
        }
    }
    rows
}

fn points(line: &LineString<f64>) -> Vec<[f64; 2]> {
    line.0.iter().map(|point| [point.x, point.y]).collect()
}

fn water(name: Option<&str>, geometry: &Geometry<f64>) -> Vec<Water> {
    let make =
        |is_surface, line: &LineString<f64>| Water { name: name.map(str::to_owned), is_surface, points: points(line) };
    match geometry {
        Geometry::LineString(line) => vec![make(false, line)],
        Geometry::MultiLineString(lines) => lines.iter().map(|line| make(false, line)).collect(),
        Geometry::Polygon(polygon) => vec![make(true, polygon.exterior())],
        Geometry::MultiPolygon(polygons) => polygons.iter().map(|polygon| make(true, polygon.exterior())).collect(),
        _ => Vec::new(),
    }
}

/// The quarters' names, where their people live.
fn places(city: &CityTables) -> Vec<MapPlace> {
    let mut sums: BTreeMap<&Key, [f64; 3]> = BTreeMap::new();
    for zone in &city.zones {
        if let Some(quarter) = &zone.facts.quarter {
            let weight = zone.facts.residents.max(1.0);
            let sum = sums.entry(quarter).or_default();
            sum[0] += zone.facts.centroid.x * weight;
            sum[1] += zone.facts.centroid.y * weight;
            sum[2] += weight;
        }
    }
    city.quarters
        .iter()
        .filter_map(|row| {
            let [x, y, weight] = *sums.get(&row.key)?;
            Some(MapPlace { name: row.facts.name.to_string(), position: [x / weight, y / weight] })
        })
        .collect()
}

fn layers(city: &CityTables) -> Vec<Layer> {
    fn layer<T>(
        id: &str,
        name: [&str; 2],
        unit: [&str; 2],
        rows: &[Record<T>],
        amount: impl Fn(&T) -> f64,
    ) -> Option<Layer> {
        let mut amounts = [0.0; 3];
        let mut sources: Vec<String> = Vec::new();
        for row in rows {
            let place = match row.provenance.origin {
                Origin::Real => 0,
                Origin::Derived => 1,
                Origin::Synthetic => 2,
            };
            amounts[place] += amount(&row.facts);
            sources.push(row.provenance.source.to_string());
        }
        sources.sort_unstable();
        sources.dedup();
        let (name, unit) = (Text::new(name[0], name[1]), Text::new(unit[0], unit[1]));
        (!rows.is_empty()).then(|| Layer { id: id.to_owned(), name, unit, amounts, sources })
    }
    fn one<T>(_: &T) -> f64 {
        1.0
    }
    let number = ["numero", "number"];
    [
        layer("links", ["Strade", "Streets"], ["km", "km"], &city.links, |link| link.length_m / 1000.0),
        layer("zones", ["Zone", "Zones"], number, &city.zones, one),
        layer("connectors", ["Connettori delle zone", "Zone connectors"], number, &city.connectors, one),
        layer("gates", ["Porte verso l'esterno", "Gates to the outside"], number, &city.gates, one),
        layer("observations", ["Flussi osservati", "Observed flows"], number, &city.observations, one),
        layer("addresses", ["Numeri civici", "Addresses"], number, &city.addresses, one),
        layer("buildings", ["Edifici", "Buildings"], number, &city.buildings, one),
        layer("trees", ["Alberi", "Trees"], number, &city.trees, one),
        layer("waters", ["Acque", "Waters"], number, &city.waters, one),
        layer("railways", ["Ferrovie", "Railways"], number, &city.railways, one),
        layer("heritage_sites", ["Beni culturali", "Heritage sites"], number, &city.heritage_sites, one),
        layer("places", ["Luoghi", "Places"], number, &city.places, one),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn interval_meaning(seeds: usize) -> Text {
    if seeds < 2 {
        return Text::new(
            "Una sola corsa con i valori centrali: nessun intervallo.",
            "A single run with the central values: no interval.",
        );
    }
    Text::new(
        format!(
            "Dal 5° al 95° percentile su {seeds} estrazioni di ciò che non è noto con esattezza; le differenze sono prese estrazione per estrazione."
        ),
        format!(
            "From the 5th to the 95th percentile over {seeds} draws of what is not known exactly; differences are taken draw by draw."
        ),
    )
}

fn kept_fixed() -> Vec<Text> {
    vec![
        Text::new(
            "Quante persone si spostano, verso dove, con quale mezzo e in quale periodo della giornata: negli scenari resta come nella base. Cambia solo la strada che ciascun veicolo prende.",
            "How many people travel, where to, by which mode and in which period of the day: scenarios keep the base's. Only the way that each vehicle takes changes.",
        ),
        Text::new(
            "Dove uno scenario cambia residenti o posti di lavoro, gli spostamenti sono generati di nuovo con i tempi e le abitudini della base.",
            "Where a scenario changes residents or jobs, trips are generated anew with the base's times and habits.",
        ),
        Text::new(
            "I conteggi alle porte della città sono un dato di ingresso e non reagiscono agli scenari.",
            "The counts at the city's gates are input and do not react to scenarios.",
        ),
    ]
}

fn not_calibrated() -> Vec<Text> {
    vec![
        Text::new(
            "Le funzioni tempo–flusso e le capacità delle strade vengono dalla letteratura, non da misure ad Alessandria.",
            "Volume–delay functions and road capacities are from the literature, not measured in Alessandria.",
        ),
        Text::new(
            "Le attese ai semafori, le code che risalgono la strada e la ricerca del parcheggio non sono modellate.",
            "Waiting at signals, queues that spill back and the search for a parking space are not modelled.",
        ),
        Text::new(
            "Il valore del tempo e l'incertezza su domanda e capacità sono ipotesi dichiarate nei file dei parametri.",
            "Values of time and the uncertainty of demand and capacities are assumptions stated in the parameter files.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_between_percentiles_of_the_seeds() {
        let values: Vec<f64> = (0..=20).map(f64::from).collect();
        let told = estimate(&values);
        let interval = told.interval.expect("more than one seed");
        assert_eq!(told.value, 10.0);
        assert!((interval.low - 1.0).abs() < 1e-12 && (interval.high - 19.0).abs() < 1e-12, "{interval:?}");
        assert_eq!(estimate(&[3.0]).interval, None);
    }

    #[test]
    fn what_base_and_scenario_share_cancels_in_paired_differences() {
        let base = [100.0, 200.0, 300.0];
        let scenario = [101.0, 201.0, 301.0];
        assert_eq!(paired(&base, &scenario).interval, Some(Interval { low: 1.0, high: 1.0 }));
    }
}

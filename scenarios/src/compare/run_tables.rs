//! A run's tables as arrays: vehicles by link, period and seed, and everything else by its name.

use std::collections::HashMap;

use data::table::{Table, TableError};
use engine::key::Key;
use engine::time::Period;

use super::CompareError;
use crate::run::Run;

/// What one seed says of the trips that leave a zone or gate with one class of vehicle, a day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SeedTrips {
    pub(super) trips: f64,
    pub(super) unserved: f64,
    pub(super) parking_at_edge: f64,
    /// Mean minutes of the served trips to other places.
    pub(super) duration_min: Option<f64>,
    /// Served trips to other places, and the hours that these take together; none in runs of older programs.
    pub(super) moving: Option<(f64, f64)>,
}

/// The tables of one run.
pub(super) struct RunTables {
    pub(super) seeds: usize,
    periods: usize,
    indicators: HashMap<String, Vec<f64>>,
    /// Vehicles by link, period and seed, in this order.
    vehicles: Vec<f64>,
    /// Passenger-car units an hour by link and period, mean over seeds and slices.
    flow_pcuph: Vec<f64>,
    origins: HashMap<(String, String), Vec<SeedTrips>>,
    /// Kilometres a day by kind of vehicle under each seed; empty in runs of older programs.
    distances_km: HashMap<String, Vec<f64>>,
    /// Lden at house numbers with the people there, by their key, where noise was reckoned.
    noise: Option<HashMap<String, (f64, f64)>>,
    /// Vehicles a day from one place to another, mean over the seeds.
    trips: Vec<(String, String, f64)>,
}

/// The links and periods that tables are read over, by name.
pub(super) struct Rows<'a> {
    links: HashMap<&'a str, usize>,
    periods: HashMap<&'a str, usize>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(links: impl Iterator<Item = &'a Key>, periods: &'a [Period]) -> Self {
        Self {
            links: links.enumerate().map(|(row, key)| (key.as_str(), row)).collect(),
            periods: periods.iter().enumerate().map(|(row, period)| (period.name.as_str(), row)).collect(),
        }
    }

    /// How many links there are.
    pub(super) fn link_count(&self) -> usize {
        self.links.len()
    }

    /// The row of a link by the text of its key, where the comparison has it.
    pub(super) fn link_named(&self, key: &str) -> Option<usize> {
        self.links.get(key).copied()
    }

    /// The row of a link, where the comparison has it.
    pub(super) fn link(&self, key: &Key) -> Option<usize> {
        self.links.get(key.as_str()).copied()
    }
}

impl RunTables {
    /// Reads a run's tables.
    pub(super) fn read(run: &Run, rows: &Rows<'_>) -> Result<Self, CompareError> {
        let scenario = &run.manifest.scenario;
        let table = |name: &'static str| {
            let missing = || CompareError::Missing { scenario: scenario.clone(), what: "table", name: name.to_owned() };
            run.tables.get(name).ok_or_else(missing)
        };
        let place = |link: &str, period: &str| {
            let unknown =
                |what, name: &str| CompareError::Unknown { scenario: scenario.clone(), what, name: name.to_owned() };
            let link = rows.links.get(link).ok_or_else(|| unknown("link", link))?;
            let period = rows.periods.get(period).ok_or_else(|| unknown("period", period))?;
            Ok::<usize, CompareError>(link * rows.periods.len() + period)
        };
        let (seeds, cells) = (run.manifest.seeds.len(), rows.links.len() * rows.periods.len());
        Ok(Self {
            seeds,
            periods: rows.periods.len(),
            indicators: indicators(table("indicators")?)?,
            vehicles: vehicles(table("link_periods")?, &run.manifest.seeds, cells, place)?,
            flow_pcuph: flows(table("links")?, cells, place)?,
            origins: origins(table("zones")?)?,
            trips: trips(table("trips")?)?,
            distances_km: distances(table("emissions_by_class")?, &run.manifest.seeds)?,
            noise: run.tables.get("noise_facades").map(noise).transpose()?,
        })
    }

    /// An indicator under each seed; none where the run does not have it, as of another version of the program.
    pub(super) fn indicator(&self, id: &str) -> Option<&Vec<f64>> {
        self.indicators.get(id)
    }

    /// Vehicles under each seed on a link in a period; 0 where the run's city has no such link.
    pub(super) fn vehicles(&self, link: usize, period: usize) -> &[f64] {
        let start = (link * self.periods + period) * self.seeds;
        &self.vehicles[start..start + self.seeds]
    }

    /// Vehicles under each seed in all periods on some links together, each link as often as its weight says.
    pub(super) fn daily_vehicles(&self, links: impl IntoIterator<Item = (usize, f64)>) -> Vec<f64> {
        let mut sums = vec![0.0; self.seeds];
        for (link, weight) in links {
            for period in 0..self.periods {
                for (sum, vehicles) in sums.iter_mut().zip(self.vehicles(link, period)) {
                    *sum += vehicles * weight;
                }
            }
        }
        sums
    }

    /// Passenger-car units an hour on a link in a period, mean over the seeds.
    pub(super) fn flow_pcuph(&self, link: usize, period: usize) -> f64 {
        self.flow_pcuph[link * self.periods + period]
    }

    /// Kilometres a day of a kind of vehicle under each seed; none where the run does not tell.
    pub(super) fn distance_km(&self, kind: &str) -> Option<&[f64]> {
        self.distances_km.get(kind).map(Vec::as_slice)
    }

    /// Lden at a house number and the people there, where noise was reckoned.
    pub(super) fn noise_at(&self, address: &Key) -> Option<(f64, f64)> {
        self.noise.as_ref()?.get(address.as_str()).copied()
    }

    /// Whether noise was reckoned.
    pub(super) fn has_noise(&self) -> bool {
        self.noise.is_some()
    }

    /// The trips of each seed that leave a place with a class of vehicle; empty where the run does not have them.
    pub(super) fn origin(&self, place: &Key, class: &str) -> &[SeedTrips] {
        self.origins.get(&(place.as_str().to_owned(), class.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// Vehicle trips a day that begin or end at some places, mean over the seeds.
    pub(super) fn trips_at(&self, is_there: impl Fn(&str) -> bool) -> f64 {
        let there = self.trips.iter().filter(|(from, to, _)| is_there(from) || is_there(to));
        there.map(|(_, _, vehicles)| vehicles).sum()
    }
}

fn distances(table: &Table, seeds: &[u64]) -> Result<HashMap<String, Vec<f64>>, TableError> {
    let mut by_kind: HashMap<String, Vec<f64>> = HashMap::new();
    let kinds = table.column::<&str>("emissions_by_class", "kind")?;
    let of_seeds = table.column::<i64>("emissions_by_class", "seed")?;
    for (row, km) in table.column::<f64>("emissions_by_class", "vehicle_km")?.into_iter().enumerate() {
        let Some(seed) = seeds.iter().position(|&seed| i64::try_from(seed) == Ok(of_seeds[row])) else { continue };
        by_kind.entry(kinds[row].to_owned()).or_insert_with(|| vec![0.0; seeds.len()])[seed] += km;
    }
    Ok(by_kind)
}

fn noise(table: &Table) -> Result<HashMap<String, (f64, f64)>, TableError> {
    let keys = table.column::<&str>("noise_facades", "address")?;
    let levels = table.column::<f64>("noise_facades", "lden_db")?;
    let people = table.column::<f64>("noise_facades", "residents")?;
    let rows = keys.into_iter().zip(levels.into_iter().zip(people));
    Ok(rows.map(|(key, row)| (key.to_owned(), row)).collect())
}

fn indicators(table: &Table) -> Result<HashMap<String, Vec<f64>>, TableError> {
    let mut by_id: HashMap<String, Vec<f64>> = HashMap::new();
    let ids = table.column::<&str>("indicators", "indicator")?;
    for (id, value) in ids.into_iter().zip(table.column::<f64>("indicators", "value")?) {
        by_id.entry(id.to_owned()).or_default().push(value);
    }
    Ok(by_id)
}

fn vehicles(
    table: &Table,
    seeds: &[u64],
    cells: usize,
    place: impl Fn(&str, &str) -> Result<usize, CompareError>,
) -> Result<Vec<f64>, CompareError> {
    let links = table.column::<&str>("link_periods", "link")?;
    let periods = table.column::<&str>("link_periods", "period")?;
    let of_seeds = table.column::<i64>("link_periods", "seed")?;
    let mut vehicles = vec![0.0; cells * seeds.len()];
    let (mut known, mut column) = (None, 0);
    for (row, value) in table.column::<f64>("link_periods", "vehicles")?.into_iter().enumerate() {
        if known != Some(of_seeds[row]) {
            known = Some(of_seeds[row]);
            let Some(found) = seeds.iter().position(|&seed| i64::try_from(seed) == Ok(of_seeds[row])) else { continue };
            column = found;
        }
        vehicles[place(links[row], periods[row])? * seeds.len() + column] = value;
    }
    Ok(vehicles)
}

fn flows(
    table: &Table,
    cells: usize,
    place: impl Fn(&str, &str) -> Result<usize, CompareError>,
) -> Result<Vec<f64>, CompareError> {
    let links = table.column::<&str>("links", "link")?;
    let periods = table.column::<&str>("links", "period")?;
    let (from, to) = (table.column::<u32>("links", "from_s")?, table.column::<u32>("links", "to_s")?);
    let flows = table.column::<f64>("links", "flow_pcuph")?;
    let mut sums = vec![[0.0; 2]; cells];
    for row in 0..links.len() {
        let seconds = f64::from(to[row].saturating_sub(from[row]));
        let sum = &mut sums[place(links[row], periods[row])?];
        sum[0] += flows[row] * seconds;
        sum[1] += seconds;
    }
    Ok(sums.into_iter().map(|[units, seconds]| if seconds > 0.0 { units / seconds } else { 0.0 }).collect())
}

fn origins(table: &Table) -> Result<HashMap<(String, String), Vec<SeedTrips>>, TableError> {
    let mut by_place: HashMap<(String, String), Vec<SeedTrips>> = HashMap::new();
    let places = table.column::<&str>("zones", "zone")?;
    let classes = table.column::<&str>("zones", "class")?;
    let trips = table.column::<f64>("zones", "trips_per_day")?;
    let unserved = table.column::<f64>("zones", "unserved_per_day")?;
    let parking_at_edge = table.column::<f64>("zones", "parking_at_edge_per_day")?;
    let durations = table.column::<Option<f64>>("zones", "mean_duration_min")?;
    let is_told = table.columns().iter().any(|(name, _)| *name == "hours_per_day");
    let told = |column: &str| if is_told { table.column::<f64>("zones", column) } else { Ok(Vec::new()) };
    let (moving, hours) = (told("moving_per_day")?, told("hours_per_day")?);
    for row in 0..places.len() {
        by_place.entry((places[row].to_owned(), classes[row].to_owned())).or_default().push(SeedTrips {
            trips: trips[row],
            unserved: unserved[row],
            parking_at_edge: parking_at_edge[row],
            duration_min: durations[row],
            moving: moving.get(row).copied().zip(hours.get(row).copied()),
        });
    }
    Ok(by_place)
}

fn trips(table: &Table) -> Result<Vec<(String, String, f64)>, TableError> {
    let origins = table.column::<&str>("trips", "origin")?;
    let destinations = table.column::<&str>("trips", "destination")?;
    let vehicles = table.column::<f64>("trips", "vehicles_per_day")?;
    let ends = origins.into_iter().zip(destinations);
    Ok(ends.zip(vehicles).map(|((from, to), vehicles)| (from.to_owned(), to.to_owned(), vehicles)).collect())
}

//! Noise of a run: what its mean traffic sounds like at façades and on a grid, and how many people hear it.
//!
//! Levels are those of CNOSSOS-EU ([`engine::environment::noise`]). Each link is a line 0.05 m above flat ground with the sound power of
//! its vehicles; stretches of the results are shared out among day, evening and night. Every house number has one receiver, 4 m up in
//! front of its nearest façade, for all who live there. Left out: buses, railways and works; braking and accelerating near
//! junctions; ground other than water and the mean of gardens and yards; slopes. What a seed draws is how loud all roads are
//! together.

use data::table::Table;
use engine::city::{CityTables, Structure};
use engine::draws::{Draws, Purpose};
use engine::environment::noise::bands::{BAND_COUNT, Bands, energy, level_db};
use engine::environment::noise::exposure::{
    CLASS_COUNT, DEN_CLASSES_DB, Dwellers, Exposure, NIGHT_CLASSES_DB, exposure,
};
use engine::environment::noise::field::{Levels, Outcome, Receiver, field};
use engine::environment::noise::receivers::{facade_receiver, grid_receivers};
use engine::environment::noise::scene::{Building, GroundArea, LineSource, Scene, Surroundings, merge_directions};
use engine::environment::noise::source::{
    CATEGORY_COUNT, CategoryFlow, RoadSection, Surface, sound_power_per_metre_db,
};
use geo::{Geometry, LineString, Polygon};
use rayon::prelude::*;

use super::super::effects::LinkStates;
use super::super::model::CityModel;
use super::super::settings::Settings;
use super::FieldError;
use super::urban::{BLOCK_M, urban_blocks};
use crate::parameters::{NoiseParameters, REFERENCE_SURFACE, absorption_bands};

/// The field's name in messages.
const NAME: &str = "noise";
/// What the level of all roads is drawn for.
const EMISSION_LEVEL: Purpose = Purpose::new("noise emission level");
const SECONDS_PER_HOUR: f64 = 3600.0;
const DAY_S: u32 = 86_400;

/// The noise of a run's mean traffic.
pub(in crate::run) struct NoiseOfRun {
    addresses: Vec<(usize, Outcome)>,
    grid: Vec<(Receiver, Outcome)>,
    dwellers: Vec<Dwellers>,
    groups: Vec<String>,
}

impl NoiseOfRun {
    /// Reckons it.
    ///
    /// # Errors
    /// [`FieldError`] where the run does not cover a day, the city has no house numbers, or something of it cannot be.
    pub(in crate::run) fn new(
        settings: &Settings,
        model: &CityModel,
        traffic: &LinkStates,
    ) -> Result<Self, FieldError> {
        let parameters = &settings.parameters.noise;
        if traffic.covered_s() < DAY_S {
            return Err(FieldError::Lacks {
                field: NAME,
                needs: "traffic of the whole day, as its levels are of day, evening and night",
                instead: "run without --period",
            });
        }
        let tables = &model.applied.tables;
        if tables.addresses.is_empty() {
            return Err(FieldError::Lacks {
                field: NAME,
                needs: "house numbers, at which its levels and people are told",
                instead: "add addresses to the city's folder",
            });
        }
        let surroundings = surroundings(parameters, model, traffic)?;
        let told = |faults: String| FieldError::Faults { field: NAME, faults };
        let scene = Scene::new(&surroundings).map_err(|faults| told(list(&faults)))?;
        let places = &parameters.receivers;
        let at_addresses: Vec<Receiver> = tables
            .addresses
            .par_iter()
            .map(|row| {
                let at = [row.facts.position.x, row.facts.position.y];
                let facade =
                    facade_receiver(&scene, at, places.facade_search_m, places.facade_distance_m, places.height_m);
                facade.unwrap_or(Receiver { position: at, height_m: places.height_m, facade: None })
            })
            .collect();
        let grid: Vec<Receiver> = urban_blocks(tables)
            .into_iter()
            .flat_map(|(column, row)| {
                let (x, y) = (column as f64 * BLOCK_M, row as f64 * BLOCK_M);
                let extent = [[x, y], [x + BLOCK_M, y + BLOCK_M]];
                grid_receivers(&scene, extent, places.grid_step_m, places.height_m)
            })
            .map(|cell| cell.receiver)
            .collect();
        let all: Vec<Receiver> = at_addresses.iter().chain(&grid).copied().collect();
        let levels = field(&scene, &all, &parameters.field).map_err(|faults| told(list(&faults)))?;
        let (at_addresses, on_grid) = levels.outcomes().split_at(at_addresses.len());
        let (dwellers, groups) = dwellers(tables);
        Ok(Self {
            addresses: at_addresses.iter().copied().enumerate().collect(),
            grid: grid.into_iter().zip(on_grid.iter().copied()).collect(),
            dwellers,
            groups,
        })
    }

    /// How much louder a seed makes all roads, in decibels.
    fn shift_db(settings: &Settings, seed: u64) -> f64 {
        match seed {
            0 => 0.0,
            seed => {
                let level = &settings.parameters.noise.uncertainty.emission_level;
                Draws::new(seed).draw(level, EMISSION_LEVEL, 0)
            }
        }
    }

    /// People by group under a seed.
    fn people(&self, settings: &Settings, seed: u64) -> Vec<Exposure> {
        let shift_db = Self::shift_db(settings, seed);
        let moved: Vec<Outcome> = self.addresses.iter().map(|(_, outcome)| shifted(*outcome, shift_db)).collect();
        exposure(&moved, &self.dwellers, self.groups.len()).unwrap_or_default()
    }

    /// The shares of residents, in per cent, with an Lden of 55 and 65 dB or more and an Lnight of 50 and 55 dB or more; of those
    /// whose level is known.
    pub(in crate::run) fn exposed_percent(&self, settings: &Settings, seed: u64) -> [f64; 4] {
        let all = engine::environment::noise::exposure::everyone(&self.people(settings, seed));
        let known = all.residents - all.unknown;
        let share = |classes: &[f64]| if known > 0.0 { classes.iter().sum::<f64>() / known * 100.0 } else { 0.0 };
        [share(&all.den), share(&all.den[2..]), share(&all.night), share(&all.night[1..])]
    }

    /// The tables of the field.
    pub(in crate::run) fn tables(
        &self,
        settings: &Settings,
        model: &CityModel,
        seeds: &[u64],
    ) -> [(&'static str, Table); 3] {
        let addresses = &model.applied.tables.addresses;
        let levels = |outcome: &Outcome| outcome.levels().copied();
        let facades: Vec<(usize, Levels)> =
            self.addresses.iter().filter_map(|(row, outcome)| Some((*row, levels(outcome)?))).collect();
        let table = Table::new()
            .with("address", facades.iter().map(|(row, _)| addresses[*row].key.as_str()).collect::<Vec<_>>())
            .with("residents", facades.iter().map(|(row, _)| addresses[*row].facts.residents).collect::<Vec<_>>());
        let of_facades = with_levels(table, facades.iter().map(|(_, levels)| levels));
        let cells: Vec<(Receiver, Levels)> =
            self.grid.iter().filter_map(|(receiver, outcome)| Some((*receiver, levels(outcome)?))).collect();
        let table = Table::new()
            .with("x_m", cells.iter().map(|(receiver, _)| receiver.position[0]).collect::<Vec<_>>())
            .with("y_m", cells.iter().map(|(receiver, _)| receiver.position[1]).collect::<Vec<_>>());
        let of_grid = with_levels(table, cells.iter().map(|(_, levels)| levels));
        [("noise_facades", of_facades), ("noise_grid", of_grid), ("noise_people", self.people_table(settings, seeds))]
    }

    fn people_table(&self, settings: &Settings, seeds: &[u64]) -> Table {
        let (mut of_seed, mut quarters, mut indicators, mut lowest, mut people) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for &seed in seeds {
            for (group, exposed) in self.groups.iter().zip(self.people(settings, seed)) {
                let all = (DEN_CLASSES_DB, exposed.den, "lden");
                for (classes, of_classes, indicator) in [all, (NIGHT_CLASSES_DB, exposed.night, "lnight")] {
                    for class in 0..CLASS_COUNT {
                        of_seed.push(i64::try_from(seed).unwrap_or(i64::MAX));
                        quarters.push(group.as_str());
                        indicators.push(indicator);
                        lowest.push(classes[class]);
                        people.push(of_classes[class]);
                    }
                }
            }
        }
        Table::new()
            .with("seed", of_seed)
            .with("quarter", quarters)
            .with("indicator", indicators)
            .with("from_db", lowest)
            .with("people", people)
    }
}

fn shifted(outcome: Outcome, shift_db: f64) -> Outcome {
    match outcome {
        Outcome::Levels(levels) => Outcome::Levels(Levels {
            day_db: levels.day_db + shift_db,
            evening_db: levels.evening_db + shift_db,
            night_db: levels.night_db + shift_db,
            den_db: levels.den_db + shift_db,
        }),
        other => other,
    }
}

/// Adds the four levels, to a tenth of a decibel; −99 where next to nothing is heard.
fn with_levels<'a>(table: Table, levels: impl Iterator<Item = &'a Levels> + Clone) -> Table {
    const SILENT_DB: f64 = -99.0;
    type Column = (&'static str, fn(&Levels) -> f64);
    let columns: [Column; 4] = [
        ("lday_db", |levels| levels.day_db),
        ("levening_db", |levels| levels.evening_db),
        ("lnight_db", |levels| levels.night_db),
        ("lden_db", |levels| levels.den_db),
    ];
    columns.into_iter().fold(table, |table, (name, of)| {
        let tenths = |levels: &Levels| (of(levels).max(SILENT_DB) * 10.0).round() / 10.0;
        table.with(name, levels.clone().map(tenths).collect::<Vec<f64>>())
    })
}

/// Who lives at which address, by quarter; those in none are a group of their own.
fn dwellers(tables: &CityTables) -> (Vec<Dwellers>, Vec<String>) {
    let mut groups: Vec<String> =
        tables.addresses.iter().filter_map(|row| row.facts.quarter.as_deref()).map(str::to_owned).collect();
    groups.sort();
    groups.dedup();
    let without = groups.len();
    let of = |row: &engine::city::Record<engine::city::Address>| {
        let quarter = row.facts.quarter.as_deref();
        let group = quarter.and_then(|quarter| groups.binary_search_by(|known| known.as_str().cmp(quarter)).ok());
        Dwellers { residents: row.facts.residents, group: group.unwrap_or(without) }
    };
    let dwellers: Vec<Dwellers> = tables.addresses.iter().map(of).collect();
    if dwellers.iter().any(|dwellers| dwellers.group == without) {
        groups.push(String::new());
    }
    (dwellers, groups)
}

/// The city as sound finds it.
fn surroundings(
    parameters: &NoiseParameters,
    model: &CityModel,
    traffic: &LinkStates,
) -> Result<Surroundings, FieldError> {
    let tables = &model.applied.tables;
    let surfaces = surfaces(parameters, model)?;
    let lines: Vec<Option<LineSource>> = (0..tables.links.len())
        .into_par_iter()
        .map(|row| line(parameters, model, traffic, row, surfaces[row]))
        .collect::<Result<_, FieldError>>()?;
    let lines = merge_directions(lines.into_iter().flatten().collect());
    let absorption = absorption_bands(parameters.wall_absorption);
    let mut buildings = Vec::new();
    for row in &tables.buildings {
        let floors_m = row.facts.floors.map(|floors| f64::from(floors) * parameters.floor_height_m);
        let Some(height_m) = row.facts.height_m.or(floors_m) else { continue };
        for polygon in &row.facts.footprint {
            let (exterior, holes) = rings(polygon);
            buildings.push(Building { exterior, holes, height_m, absorption });
        }
    }
    let mut ground = Vec::new();
    for row in &tables.waters {
        let areas: Vec<&Polygon> = match &row.facts.geometry {
            Geometry::Polygon(polygon) => vec![polygon],
            Geometry::MultiPolygon(polygons) => polygons.iter().collect(),
            _ => Vec::new(),
        };
        for polygon in areas {
            let (exterior, holes) = rings(polygon);
            ground.push(GroundArea { exterior, holes, ground_factor: parameters.ground.water });
        }
    }
    let extent = Surroundings::extent_of(&lines, &buildings);
    Ok(Surroundings {
        lines,
        buildings,
        ground,
        ground_factor: parameters.ground.elsewhere,
        elevations: None,
        extent,
        square_m: parameters.square_m,
    })
}

fn rings(polygon: &Polygon) -> (Vec<[f64; 2]>, Vec<Vec<[f64; 2]>>) {
    let ring = |line: &LineString| line.0.iter().map(|at| [at.x, at.y]).collect::<Vec<_>>();
    (ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
}

/// What each link is paved with.
fn surfaces<'a>(parameters: &'a NoiseParameters, model: &CityModel) -> Result<Vec<&'a Surface>, FieldError> {
    let reference = &parameters.surfaces[REFERENCE_SURFACE];
    let mut surfaces = vec![reference; model.applied.tables.links.len()];
    for (&row, paved) in &model.applied.surfaces {
        surfaces[row] = parameters.surfaces.get(&paved.surface).ok_or_else(|| FieldError::Surface {
            written: format!("{}: ", paved.written),
            surface: paved.surface.clone(),
            known: parameters.surfaces.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
        })?;
    }
    Ok(surfaces)
}

/// The line of a link; none where nobody drives, or under the ground.
fn line(
    parameters: &NoiseParameters,
    model: &CityModel,
    traffic: &LinkStates,
    row: usize,
    surface: &Surface,
) -> Result<Option<LineSource>, FieldError> {
    let link = &model.applied.tables.links[row];
    if link.facts.structure == Structure::Tunnel {
        return Ok(None);
    }
    let section = RoadSection { temperature_c: parameters.temperature_c, ..RoadSection::flat(surface) };
    let mut sums: [Bands; 3] = [[0.0; BAND_COUNT]; 3];
    for (stretch, &(from_s, to_s)) in traffic.spans_s.iter().enumerate() {
        let state = &traffic.at(stretch)[row];
        if state.vehicles.iter().all(|&vehicles| vehicles <= 0.0) {
            continue;
        }
        let hours = f64::from(to_s - from_s) / SECONDS_PER_HOUR;
        let speed_mps = if state.time_s > 0.0 { link.facts.length_m / state.time_s } else { link.facts.free_speed_mps };
        let mut flows = [CategoryFlow { flow_vph: 0.0, speed_mps }; CATEGORY_COUNT];
        for (kind, shares) in parameters.categories.iter().enumerate() {
            for (flow, share) in flows.iter_mut().zip(shares) {
                flow.flow_vph += state.vehicles[kind] / hours * share;
            }
        }
        let power = sound_power_per_metre_db(&parameters.coefficients, &section, &flows).map_err(|faults| {
            FieldError::Faults { field: NAME, faults: format!("link '{}': {}", link.key, list(&faults)) }
        })?;
        for (period, sum) in sums.iter_mut().enumerate() {
            let share = overlap_s((from_s, to_s), parameters.hours[period]) / length_s(parameters.hours[period]);
            if share > 0.0 {
                sum.iter_mut().zip(power).for_each(|(sum, level)| *sum += energy(level) * share);
            }
        }
    }
    if sums.iter().flatten().all(|&sum| sum <= 0.0) {
        return Ok(None);
    }
    let points = link.facts.geometry.0.iter().map(|at| [at.x, at.y]).collect();
    Ok(Some(LineSource { points, power_db: sums.map(|bands| bands.map(level_db)) }))
}

/// Seconds of a period of the day from one hour to another, past midnight too.
fn length_s([from, to]: [u32; 2]) -> f64 {
    f64::from((to + 24 - from - 1) % 24 + 1) * SECONDS_PER_HOUR
}

/// For how long a stretch of the day lies in a period, in seconds.
fn overlap_s((from_s, to_s): (u32, u32), [from, to]: [u32; 2]) -> f64 {
    let within = |begin_h: u32, end_h: u32| {
        let (begin_s, end_s) = (begin_h * 3600, end_h * 3600);
        f64::from(to_s.min(end_s).saturating_sub(from_s.max(begin_s)))
    };
    if from < to { within(from, to) } else { within(from, 24) + within(0, to) }
}

fn list<T: std::fmt::Display>(faults: &[T]) -> String {
    const TOLD: usize = 5;
    let mut told: Vec<String> = faults.iter().take(TOLD).map(ToString::to_string).collect();
    if faults.len() > TOLD {
        told.push(format!("and {} more", faults.len() - TOLD));
    }
    told.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_shared_out_among_day_evening_and_night() {
        let hours = [[6, 20], [20, 22], [22, 6]];
        let shares = |from_h: u32, to_h: u32| hours.map(|of| overlap_s((from_h * 3600, to_h * 3600), of) / 3600.0);
        assert_eq!(shares(0, 7), [1.0, 0.0, 6.0]);
        assert_eq!(shares(17, 24), [3.0, 2.0, 2.0]);
        assert_eq!(shares(0, 24), [14.0, 2.0, 8.0]);
        assert_eq!(hours.map(|of| length_s(of) / 3600.0), [14.0, 2.0, 8.0]);
    }
}

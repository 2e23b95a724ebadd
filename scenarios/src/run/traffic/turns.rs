//! What results tell of turns from link to link, whichever model gave them.
//!
//! A turn costs the time on the link before it, the pocket at its end included, and in the junction. Where crossings are one
//! junction of lanes, vehicles that move turn from street to street across it; links inside are none.

use engine::city::CityTables;
use engine::traffic::from_city::LinkPlace;
use engine::traffic::results::{StationaryFlow, StationaryTurn, TimeBins, TrafficResults, TurnBin};
use engine::vehicles::VehicleClass;

use super::super::solve::{Solved, TOLD_CLASSES};
use super::lanes::CityLanes;
use super::links::CameOver;
use crate::run::CityModel;

/// What one turn tells in one bin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TurnRow {
    /// Row of the link before it.
    pub from: u32,
    /// Row of the link behind it.
    pub to: u32,
    /// Vehicles that made it.
    pub vehicles: f32,
    /// What link and junction took on average, in seconds.
    pub time_s: f32,
    /// What a vehicle lost there on average, in seconds.
    pub delay_s: f32,
    /// How often it came to a stand there on average.
    pub stops: f32,
}

/// What turns tell, bin by bin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TurnBins {
    /// When each bin begins and ends, in seconds of the day.
    pub spans_s: Vec<(u32, u32)>,
    /// Of each bin the turns that somebody made, by their links.
    pub rows: Vec<Vec<TurnRow>>,
}

/// What the turns of lanes tell in the bins from some number on, which begin and end as told; who comes over links before its
/// trip begins turns there too, as if alone.
pub(super) fn turn_bins(
    tables: &CityTables,
    lanes: &CityLanes,
    results: &TrafficResults,
    came_over: &[CameOver<'_>],
    (first_bin, spans_s): (usize, &[(u32, u32)]),
) -> TurnBins {
    let mut places = Places::new(&lanes.streets.links);
    for (street, pocket) in (0_u32..).zip(&lanes.derived.pockets) {
        if let Some(pocket) = *pocket {
            places.add_part(street, pocket);
        }
    }
    let mut rows: Vec<Vec<TurnRow>> = (first_bin..).zip(spans_s).map(|(bin, _)| places.rows(results, bin)).collect();
    for vehicle in came_over {
        let Some(bin) = vehicle.bin(spans_s) else { continue };
        let is_street = |link: &u32| matches!(lanes.streets.places[*link as usize], LinkPlace::Street(_));
        let streets: Vec<u32> = vehicle.links.iter().copied().filter(is_street).collect();
        for pair in streets.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let of_bin = &mut rows[bin];
            let free_s = tables.links[from as usize].facts.free_flow_time_s() as f32;
            match of_bin.binary_search_by_key(&(from, to), |row| (row.from, row.to)) {
                Ok(place) => {
                    let row = &mut of_bin[place];
                    let all = row.vehicles + 1.0;
                    row.time_s += (free_s - row.time_s) / all;
                    row.delay_s -= row.delay_s / all;
                    row.stops -= row.stops / all;
                    row.vehicles = all;
                }
                Err(place) => {
                    of_bin.insert(place, TurnRow { from, to, vehicles: 1.0, time_s: free_s, delay_s: 0.0, stops: 0.0 });
                }
            }
        }
    }
    TurnBins { spans_s: spans_s.to_vec(), rows }
}

/// What the turns of an equilibrium tell in a slice of the model; times are those of its links.
pub(in crate::run) fn assigned_turns(model: &CityModel, slice: usize, solved: &Solved) -> Vec<TurnRow> {
    let links = &model.applied.tables.links;
    let span = model.slices[slice].time.span;
    let bin = TimeBins { begin_s: f64::from(span.from.seconds()), bin_s: f64::from(span.duration_s()) };
    let flows: Vec<StationaryFlow> = links
        .iter()
        .enumerate()
        .map(|(row, link)| StationaryFlow {
            length_m: link.facts.length_m,
            flow_vph: solved.flows_vph.iter().map(|of_kind| of_kind[row]).collect(),
            time_s: solved.time_s[row],
            free_time_s: link.facts.free_flow_time_s(),
        })
        .collect();
    let turn = |&(from, to, flow_vph): &(u32, u32, f32)| StationaryTurn {
        from,
        to,
        flow_vph: f64::from(flow_vph),
        delay_s: 0.0,
    };
    let turns: Vec<StationaryTurn> = solved.turns_vph.iter().map(turn).collect();
    let classes: Vec<VehicleClass> = TOLD_CLASSES.to_vec();
    let results = TrafficResults::stationary(bin, classes, &flows, &turns);
    let rows: Vec<u32> = (0..links.len() as u32).collect();
    Places::new(&rows).rows(&results, 0)
}

/// Where the streets of results are in the city.
struct Places {
    /// The link of each street.
    links: Vec<u32>,
    /// The street before a part at its end.
    first_parts: Vec<Option<u32>>,
}

impl Places {
    fn new(links: &[u32]) -> Self {
        Self { links: links.to_vec(), first_parts: vec![None; links.len()] }
    }

    fn add_part(&mut self, street: u32, part: u32) {
        let count = self.links.len().max(part as usize + 1);
        self.links.resize(count, u32::MAX);
        self.first_parts.resize(count, None);
        self.links[part as usize] = self.links[street as usize];
        self.first_parts[part as usize] = Some(street);
    }

    /// The turns that somebody made in a bin, by their links.
    fn rows(&self, results: &TrafficResults, bin: usize) -> Vec<TurnRow> {
        if bin >= results.bin_count {
            return Vec::new();
        }
        let mean = |turn: &TurnBin, sum: f64| if turn.vehicles > 0.0 { sum / turn.vehicles } else { 0.0 };
        let mut rows = Vec::new();
        for (number, &(from, to)) in results.turns.iter().enumerate() {
            let turn = results.turn(bin, number);
            if turn.vehicles <= 0.0 || self.first_parts[to as usize] == Some(from) {
                continue;
            }
            // What comes before the part at the end of the link: the way into it is a turn of its own.
            let first = self.first_parts[from as usize].and_then(|street| results.turn_row(street, from));
            let first = first.map_or_else(TurnBin::default, |row| *results.turn(bin, row));
            rows.push(TurnRow {
                from: self.links[from as usize],
                to: self.links[to as usize],
                vehicles: turn.vehicles as f32,
                time_s: (mean(turn, turn.time_s) + mean(&first, first.time_s)) as f32,
                delay_s: (mean(turn, turn.delay_s) + mean(&first, first.delay_s)) as f32,
                stops: (mean(turn, turn.stops) + mean(&first, first.stops)) as f32,
            });
        }
        rows.sort_by_key(|row| (row.from, row.to));
        rows
    }
}

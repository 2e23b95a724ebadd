//! What streets and turns say of the city's links.
//!
//! A link is a street, and the pocket at its end where it has one; what vehicles spend inside the junction ahead counts with
//! the link before it. A link inside a junction that joins several crossings is no street: its vehicles are those of the
//! turns whose ways lead along it, and its time is that of the link before, so it has none of its own.

use std::collections::{BTreeMap, BTreeSet};

use engine::city::CityTables;
use engine::traffic::from_city::{CityTrips, CityVehicle, LinkPlace};
use engine::traffic::results::{StreetBin, TrafficResults};
use engine::traffic::simulation::DepartedTrip;
use engine::vehicles::VehicleClass;

use super::super::solve::{ASSIGNED, TOLD, TOLD_AS};
use super::lanes::CityLanes;

/// Length of a bin, in seconds: a quarter of an hour.
pub const BIN_S: u32 = 900;

/// What one link tells in one bin.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LinkBin {
    /// Vehicles that came onto it, by kind.
    pub vehicles: [f32; TOLD.len()],
    /// Mean time that it takes, junction ahead included, in seconds.
    pub time_s: f32,
    /// What a vehicle loses on it and in the junction ahead on average, in seconds.
    pub delay_s: f32,
    /// How often a vehicle comes to a stand there on average.
    pub stops: f32,
    /// Vehicles on it on average.
    pub vehicles_on_it: f32,
    /// Vehicles that stand on it on average.
    pub queue_veh: f32,
    /// How far the queue reaches back from its end at most, in metres.
    pub queue_max_m: f32,
}

/// What links tell, bin by bin.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkBins {
    /// How many links there are.
    pub link_count: usize,
    /// When each bin begins and ends, in seconds of the day.
    pub spans_s: Vec<(u32, u32)>,
    /// By bin, then by link.
    pub rows: Vec<LinkBin>,
}

impl LinkBins {
    /// A link in a bin.
    #[must_use]
    pub fn at(&self, bin: usize, link: usize) -> &LinkBin {
        &self.rows[bin * self.link_count + link]
    }
}

/// Sums over what turned from one street.
#[derive(Clone, Copy, Default)]
struct Turned {
    vehicles: f64,
    time_s: f64,
    delay_s: f64,
    stops: f64,
}

/// The kind as which a class is told, of those that are assigned.
fn kind_of(class: VehicleClass) -> Option<usize> {
    ASSIGNED.iter().position(|&assigned| assigned == class).map(|row| TOLD_AS[row])
}

/// A vehicle that came over links on which its trip could not begin.
pub(super) struct CameOver<'a> {
    /// When its trip began, in seconds.
    at_s: f64,
    class: VehicleClass,
    /// These links, and the one on which it began.
    pub(super) links: &'a [u32],
}

impl CameOver<'_> {
    /// The bin in which it came, of those that begin and end as told.
    pub(super) fn bin(&self, spans_s: &[(u32, u32)]) -> Option<usize> {
        spans_s.iter().position(|&(from_s, to_s)| (f64::from(from_s)..f64::from(to_s)).contains(&self.at_s))
    }
}

/// The vehicles that came over links on which their trips could not begin, of those that have departed.
pub(super) fn came_over<'a>(trips: &'a CityTrips, departed: &[DepartedTrip]) -> Vec<CameOver<'a>> {
    let mut departed_s = vec![None; trips.demand.trips.len()];
    for trip in departed {
        departed_s[trip.trip as usize] = Some(trip.departed_s);
    }
    let of_vehicle = |vehicle: &'a CityVehicle| {
        let at_s = departed_s[vehicle.trip? as usize]?;
        let links = &trips.ways[vehicle.way as usize][..=vehicle.links_before as usize];
        Some(CameOver { at_s, class: vehicle.class, links })
    };
    trips.vehicles.iter().filter(|vehicle| vehicle.links_before > 0).filter_map(of_vehicle).collect()
}

/// What the links tell in the bins from some row on, up to an end in seconds. Who comes over a link before its trip begins is
/// counted there, and takes no time.
pub(super) fn link_bins(
    tables: &CityTables,
    lanes: &CityLanes,
    trips: &CityTrips,
    results: &TrafficResults,
    came_over: &[CameOver<'_>],
    (first_bin, end_s): (usize, u32),
) -> LinkBins {
    let link_count = tables.links.len();
    let inside = turns_along_inside_links(lanes, trips);
    let mut spans_s = Vec::new();
    let mut rows = Vec::new();
    let begin_s = results.bins.begin_s as u32 + first_bin as u32 * BIN_S;
    for (number, from_s) in (begin_s..end_s).step_by(BIN_S as usize).enumerate() {
        spans_s.push((from_s, (from_s + BIN_S).min(end_s)));
        let start = rows.len();
        rows.resize(start + link_count, LinkBin::default());
        let bin = first_bin + number;
        let free = |link: usize| tables.links[link].facts.free_flow_time_s() as f32;
        let of_bin = &mut rows[start..];
        for (link, row) in of_bin.iter_mut().enumerate() {
            row.time_s = if matches!(lanes.streets.places[link], LinkPlace::Inside(_)) { 0.0 } else { free(link) };
        }
        if bin >= results.bin_count {
            continue;
        }
        let bin = Bin { results, lanes, bin, turned: turned(results, bin) };
        for (link, place) in lanes.streets.places.iter().enumerate() {
            if let LinkPlace::Street(street) = *place {
                bin.street(street, &mut of_bin[link]);
            }
        }
        for (&link, turns) in &inside {
            bin.inside(turns, &mut of_bin[link as usize]);
        }
    }
    for vehicle in came_over {
        let Some(kind) = kind_of(vehicle.class) else { continue };
        let (Some(bin), [before @ .., _]) = (vehicle.bin(&spans_s), vehicle.links) else { continue };
        for &link in before {
            rows[bin * link_count + link as usize].vehicles[kind] += 1.0;
        }
    }
    LinkBins { link_count, spans_s, rows }
}

fn turned(results: &TrafficResults, bin: usize) -> Vec<Turned> {
    let mut turned = vec![Turned::default(); results.street_count];
    for (row, &(from, _)) in results.turns.iter().enumerate() {
        let (turn, sum) = (results.turn(bin, row), &mut turned[from as usize]);
        sum.vehicles += turn.vehicles;
        sum.time_s += turn.time_s;
        sum.delay_s += turn.delay_s;
        sum.stops += turn.stops;
    }
    turned
}

struct Bin<'a> {
    results: &'a TrafficResults,
    lanes: &'a CityLanes,
    bin: usize,
    turned: Vec<Turned>,
}

/// The time that a street takes, and the delay in it, in seconds, where nobody has come to its end in a bin: those who were on it
/// tell how fast one goes there; where they hardly moved, one does not come through before the bin is over. Nothing where
/// nobody was.
fn taken_s(sums: &StreetBin, length_m: f64, free_s: f64) -> Option<(f64, f64)> {
    let speed_mps = sums.speed_mps()?.max(0.0);
    let taken_s = (length_m / speed_mps).min(f64::from(BIN_S).max(free_s));
    let delay_s = sums.mean_delay_s(length_m).unwrap_or(taken_s - free_s);
    Some((taken_s, delay_s.clamp(0.0, taken_s)))
}

impl Bin<'_> {
    fn street(&self, street: u32, row: &mut LinkBin) {
        let parts = std::iter::once(street).chain(self.lanes.derived.pockets[street as usize]);
        let first = self.results.entered_by_class(self.bin, street as usize);
        for (&class, &vehicles) in self.results.classes.iter().zip(first) {
            if let Some(kind) = kind_of(class) {
                row.vehicles[kind] += vehicles as f32;
            }
        }
        let (mut time_s, mut delay_s, mut stops) = (0.0, 0.0, 0.0);
        let mut queues = Vec::with_capacity(2);
        let mut is_used = false;
        for part in parts {
            let sums = self.results.street(self.bin, part as usize);
            let length_m = self.length_m(part);
            let turned = &self.turned[part as usize];
            if turned.vehicles > 0.0 {
                time_s += turned.time_s / turned.vehicles;
                delay_s += turned.delay_s / turned.vehicles;
                stops += turned.stops / turned.vehicles;
                is_used = true;
            } else {
                let free_s = length_m / self.lanes.derived.rows.streets[part as usize].lanes[0].speed_limit_mps;
                let taken = taken_s(sums, length_m, free_s);
                time_s += taken.map_or(free_s, |(taken_s, _)| taken_s);
                delay_s += taken.map_or(0.0, |(_, delay_s)| delay_s);
                is_used |= taken.is_some();
            }
            row.vehicles_on_it += sums.mean_vehicles(f64::from(BIN_S)) as f32;
            row.queue_veh += sums.mean_queue_veh(f64::from(BIN_S)) as f32;
            queues.push((sums.queue_max_m, length_m));
        }
        if is_used {
            (row.time_s, row.delay_s, row.stops) = (time_s as f32, delay_s as f32, stops as f32);
        }
        row.queue_max_m = match queues[..] {
            [(street_m, _), (pocket_m, length_m)] if street_m > 0.0 => (length_m.max(pocket_m) + street_m) as f32,
            [_, (pocket_m, _)] => pocket_m as f32,
            [(street_m, _)] => street_m as f32,
            _ => 0.0,
        };
    }

    /// A link inside a junction: vehicles of each turn that leads along it, of the kinds that came onto the street before.
    fn inside(&self, turns: &BTreeSet<(u32, u32)>, row: &mut LinkBin) {
        for &(from, to) in turns {
            let Some(turn) = self.results.turn_row(from, to) else { continue };
            let vehicles = self.results.turn(self.bin, turn).vehicles;
            let by_class = self.results.entered_by_class(self.bin, to as usize);
            let total: f64 = by_class.iter().sum();
            for (&class, &of_class) in self.results.classes.iter().zip(by_class) {
                if let Some(kind) = kind_of(class).filter(|_| total > 0.0) {
                    row.vehicles[kind] += (vehicles * of_class / total) as f32;
                }
            }
        }
    }

    fn length_m(&self, street: u32) -> f64 {
        self.lanes.derived.rows.streets[street as usize].lanes[0].length_m
    }
}

/// For each link inside a junction the turns, from street to street, of the ways that lead along it.
fn turns_along_inside_links(lanes: &CityLanes, trips: &CityTrips) -> BTreeMap<u32, BTreeSet<(u32, u32)>> {
    let mut along: BTreeMap<u32, BTreeSet<(u32, u32)>> = BTreeMap::new();
    for way in &trips.ways {
        let mut before: Option<u32> = None;
        let mut passed: Vec<u32> = Vec::new();
        for &link in way {
            match lanes.streets.places[link as usize] {
                LinkPlace::Inside(_) => passed.push(link),
                LinkPlace::Street(street) => {
                    if let Some(before) = before {
                        for &inside in &passed {
                            along.entry(inside).or_default().insert((before, street));
                        }
                    }
                    passed.clear();
                    before = Some(lanes.derived.pockets[street as usize].unwrap_or(street));
                }
                LinkPlace::Closed => passed.clear(),
            }
        }
    }
    along
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(time_s: f64, driven_m: f64, delay_s: f64) -> StreetBin {
        StreetBin { time_s, driven_m, delay_s, ..StreetBin::default() }
    }

    /// 100 m at 10 m/s.
    #[test]
    fn a_street_that_nobody_comes_through_takes_no_longer_than_the_bin_and_no_less() {
        assert_eq!(taken_s(&sums(0.0, 0.0, 0.0), 100.0, 10.0), None, "nobody was there");
        assert_eq!(taken_s(&sums(8.0, 40.0, 4.0), 100.0, 10.0), Some((20.0, 10.0)), "half as fast");
        for driven_m in [0.0, 1e-12, -1e-12] {
            let standing = taken_s(&sums(9000.0, driven_m, 9000.0), 100.0, 10.0);
            assert!(standing.is_some_and(|(taken_s, delay_s)| taken_s == 900.0 && delay_s >= 890.0), "{standing:?}");
        }
    }
}

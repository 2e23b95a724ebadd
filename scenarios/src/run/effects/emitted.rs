//! Emission and consumption of the vehicles of a seed, by link, kind of vehicle and stretch of time.
//!
//! Stretches are those of the results, quarter hours taken together to hours. How far trips that begin in the city are driven cold is
//! spread over the distance that their kind drives off motorways in the same stretch: where trips begin is not followed to links.
//! Who comes from outside has a warm engine.

use std::collections::BTreeMap;

use engine::city::RoadClass;
use engine::demand::Matrix;
use engine::environment::emissions::cold::cold_distance_km;
use engine::environment::emissions::{
    Activity, Conditions, EmissionFactors, FleetFactors, MissingFactor, Rates, Situation,
};
use engine::environment::fleet::{FleetKind, VehicleType};
use engine::time::ClockTime;
use rayon::prelude::*;

use super::super::base::SeedResult;
use super::super::model::CityModel;
use super::super::solve::TOLD;
use super::Fleets;
use super::link_states::{LinkState, LinkStates};

/// The kind of the fleet that each kind of results is.
const KINDS: [FleetKind; TOLD.len()] = [FleetKind::Car, FleetKind::Van, FleetKind::HeavyVehicle, FleetKind::Motorcycle];
/// Among them those that have cold engines: [`engine::environment::emissions::cold`].
const START_COLD: [bool; TOLD.len()] = [true, true, false, false];
/// Metres of a kilometre, seconds of an hour.
const METRES: f64 = 1000.0;
const SECONDS: f64 = 3600.0;
/// Stretches that are shorter are taken together up to this, in seconds.
const HOUR_S: u32 = 3600;

/// What vehicles of one kind emitted on one link in one stretch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EmittedRow {
    /// The link, as a row of the city's table.
    pub link: u32,
    /// The kind, as an index into `TOLD`.
    pub kind: u8,
    /// What it emitted and consumed in the stretch.
    pub amounts: Rates,
}

/// What vehicles emitted and consumed.
#[derive(Clone, Debug, PartialEq)]
pub struct Emitted {
    /// When stretches begin and end, in seconds of the day.
    pub spans_s: Vec<(u32, u32)>,
    /// By stretch: by link, then by kind, where anything was emitted.
    pub rows: Vec<Vec<EmittedRow>>,
    /// By road class and kind (as an index into `TOLD`), all stretches together.
    pub by_class: BTreeMap<(RoadClass, u8), Rates>,
    /// How far vehicles drove, in km, likewise.
    pub distance_km: BTreeMap<(RoadClass, u8), f64>,
    /// Distances by kind, situation and speed, for each fleet.
    activities: Vec<Activity>,
    /// What a seed made of the factors.
    drawn: Rates,
}

/// For each stretch and kind how far trips that began in the city in it are driven cold, in km.
pub(super) fn cold_km(
    model: &CityModel,
    result: &SeedResult,
    trip_length_m: &Matrix,
    conditions: &Conditions,
) -> Vec<([f64; TOLD.len()], (u32, u32))> {
    let zone_count = model.applied.tables.zones.len();
    let of_slice = |(slice, solved): (&super::super::model::Slice, &Option<_>)| {
        let solved: &std::sync::Arc<super::super::solve::Solved> = solved.as_ref()?;
        let span = slice.time.span;
        let hours = f64::from(span.duration_s()) / SECONDS;
        let places = trip_length_m.size();
        let mut km = [0.0; TOLD.len()];
        for (kind, km) in km.iter_mut().enumerate().filter(|(kind, _)| START_COLD[*kind]) {
            let trips_vph = &solved.trips_vph[kind];
            for from in 0..zone_count {
                for to in (0..places).filter(|&to| to != from) {
                    let trips = trips_vph[from * places + to];
                    if trips > 0.0 {
                        let length_km = trip_length_m.at(from, to) / METRES;
                        if length_km.is_finite() {
                            *km += trips * hours * cold_distance_km(length_km, conditions.temperature_c);
                        }
                    }
                }
            }
        }
        Some((km, (span.from.seconds(), span.to.seconds())))
    };
    model.slices.iter().zip(&result.slices).filter_map(of_slice).collect()
}

/// The part of a link's distance that is driven cold, by kind, in one stretch of results.
fn cold_shares(
    cold_km: &[([f64; TOLD.len()], (u32, u32))],
    driven_km: &dyn Fn((u32, u32)) -> [f64; TOLD.len()],
    at_s: u32,
) -> [f64; TOLD.len()] {
    let Some((cold, span)) = cold_km.iter().find(|(_, (from, to))| (*from..*to).contains(&at_s)) else {
        return [0.0; TOLD.len()];
    };
    let driven = driven_km(*span);
    std::array::from_fn(|kind| if driven[kind] > 0.0 { (cold[kind] / driven[kind]).min(1.0) } else { 0.0 })
}

impl Emitted {
    pub(super) fn new(
        model: &CityModel,
        states: &LinkStates,
        fleets: &Fleets,
        cold_km: &[([f64; TOLD.len()], (u32, u32))],
        drawn: &Rates,
    ) -> Self {
        let links: Vec<LinkFacts> = model.applied.tables.links.iter().map(|row| LinkFacts::of(&row.facts)).collect();
        let off_motorways_km: Vec<[f64; TOLD.len()]> =
            (0..states.spans_s.len()).map(|stretch| off_motorways_km(&links, states.at(stretch))).collect();
        let driven_km = |(from, to): (u32, u32)| {
            let mut sum = [0.0; TOLD.len()];
            for ((at, _), km) in states.spans_s.iter().zip(&off_motorways_km) {
                if (from..to).contains(at) {
                    sum.iter_mut().zip(km).for_each(|(sum, km)| *sum += km);
                }
            }
            sum
        };
        let day = model.applied.tables.about.day_plan.day;
        let fleets_at = |stretch: usize| {
            let time = ClockTime::from_seconds(states.spans_s[stretch].0).unwrap_or(ClockTime::MIDNIGHT);
            fleets.by_link(links.len(), day, time)
        };
        let parts: Vec<Part> = hours_of(&states.spans_s)
            .into_iter()
            .map(|stretches| Part {
                cold_shares: cold_shares(cold_km, &driven_km, states.spans_s[stretches[0]].0),
                fleets: stretches.iter().map(|&stretch| fleets_at(stretch)).collect(),
                stretches,
            })
            .collect();
        let rows: Vec<Vec<EmittedRow>> = parts
            .par_iter()
            .map(|part| {
                let of_link = |(row, link): (usize, &LinkFacts)| {
                    let of_stretch = |(place, &stretch): (usize, &usize)| {
                        (&states.at(stretch)[row], fleets.factors(part.fleets[place][row]))
                    };
                    let states = part.stretches.iter().enumerate().map(of_stretch);
                    link.emitted(row, states, &part.cold_shares, drawn)
                };
                links.iter().enumerate().flat_map(of_link).collect()
            })
            .collect();
        let mut activities = vec![Activity::default(); fleets.count()];
        for part in &parts {
            for (&stretch, fleets) in part.stretches.iter().zip(&part.fleets) {
                for ((link, state), &fleet) in links.iter().zip(states.at(stretch)).zip(fleets) {
                    link.add_to(&mut activities[usize::from(fleet)], state, &part.cold_shares);
                }
            }
        }
        let span_of = |Part { stretches, .. }: &Part| {
            (states.spans_s[stretches[0]].0, states.spans_s[stretches[stretches.len() - 1]].1)
        };
        let mut by_class: BTreeMap<(RoadClass, u8), Rates> = BTreeMap::new();
        for row in rows.iter().flatten() {
            let class = model.applied.tables.links[row.link as usize].facts.class;
            *by_class.entry((class, row.kind)).or_default() += row.amounts;
        }
        let mut distance_km: BTreeMap<(RoadClass, u8), f64> = BTreeMap::new();
        for stretch in 0..states.spans_s.len() {
            for (row, state) in model.applied.tables.links.iter().zip(states.at(stretch)) {
                for (kind, vehicles) in (0_u8..).zip(state.vehicles).filter(|(_, vehicles)| *vehicles > 0.0) {
                    let km = vehicles * row.facts.length_m / METRES;
                    *distance_km.entry((row.facts.class, kind)).or_default() += km;
                }
            }
        }
        Self { spans_s: parts.iter().map(span_of).collect(), rows, by_class, distance_km, activities, drawn: *drawn }
    }

    /// Everything that is emitted on roads of which that holds.
    #[must_use]
    pub fn total_on(&self, holds: impl Fn(RoadClass) -> bool) -> Rates {
        let mut sum = Rates::default();
        let on = self.by_class.iter().filter(|((class, _), _)| holds(*class));
        on.for_each(|(_, amounts)| sum += *amounts);
        sum
    }

    /// What each type of vehicle emitted, fleet by fleet.
    ///
    /// # Errors
    /// All [`MissingFactor`]s of the fleets' types.
    pub fn by_vehicle(
        &self,
        fleets: &Fleets,
        factors: &EmissionFactors,
    ) -> Result<Vec<(VehicleType, Rates)>, Vec<MissingFactor>> {
        let by_vehicle = fleets.by_vehicle(&self.activities, factors)?;
        Ok(by_vehicle.into_iter().map(|(vehicle, rates)| (vehicle, rates.scaled(&self.drawn))).collect())
    }
}

/// Stretches that are told together.
struct Part {
    stretches: Vec<usize>,
    /// The share of distance that each kind drives cold, off motorways.
    cold_shares: [f64; TOLD.len()],
    /// By stretch, the fleet on each link.
    fleets: Vec<Vec<u8>>,
}

/// Stretches that lie in one hour of the clock, together; those that are longer each for itself.
fn hours_of(spans_s: &[(u32, u32)]) -> Vec<Vec<usize>> {
    let mut hours: Vec<Vec<usize>> = Vec::new();
    for (stretch, &(from_s, to_s)) in spans_s.iter().enumerate() {
        let same = hours.last().is_some_and(|last| {
            let (before_s, end_s) = spans_s[last[last.len() - 1]];
            let is_short = to_s - from_s < HOUR_S && end_s - before_s < HOUR_S;
            is_short && end_s == from_s && spans_s[last[0]].0 / HOUR_S == from_s / HOUR_S
        });
        match hours.last_mut() {
            Some(last) if same => last.push(stretch),
            _ => hours.push(vec![stretch]),
        }
    }
    hours
}

/// Vehicle-kilometres off motorways by kind.
fn off_motorways_km(links: &[LinkFacts], states: &[LinkState]) -> [f64; TOLD.len()] {
    let mut sum = [0.0; TOLD.len()];
    for (link, state) in links.iter().zip(states).filter(|(link, _)| link.situation != Situation::Motorway) {
        sum.iter_mut().zip(state.vehicles).for_each(|(sum, vehicles)| *sum += vehicles * link.length_km);
    }
    sum
}

/// What emission needs of a link.
struct LinkFacts {
    length_km: f64,
    free_speed_kmph: f64,
    situation: Situation,
}

impl LinkFacts {
    fn of(link: &engine::city::Link) -> Self {
        let is_motorway = matches!(link.class, RoadClass::Motorway | RoadClass::MotorwayRamp);
        Self {
            length_km: link.length_m / METRES,
            free_speed_kmph: link.free_speed_mps * SECONDS / METRES,
            situation: Situation::of(is_motorway, link.free_speed_mps),
        }
    }

    /// Mean speed, in km/h; that of an empty street inside a junction, whose time is told with the link before.
    fn speed_kmph(&self, state: &LinkState) -> f64 {
        if state.time_s > 0.0 { self.length_km / state.time_s * SECONDS } else { self.free_speed_kmph }
    }

    /// The distance that a kind drives, and how much of it cold.
    fn distances_km(&self, state: &LinkState, kind: usize, shares: &[f64; TOLD.len()]) -> (f64, f64) {
        let km = state.vehicles[kind] * self.length_km;
        (km, if self.situation == Situation::Motorway { 0.0 } else { km * shares[kind] })
    }

    fn emitted<'a>(
        &self,
        link: usize,
        states: impl Iterator<Item = (&'a LinkState, &'a FleetFactors)>,
        shares: &[f64; TOLD.len()],
        drawn: &Rates,
    ) -> Vec<EmittedRow> {
        let mut sums = [None; TOLD.len()];
        for (state, factors) in states {
            let speed_kmph = self.speed_kmph(state);
            for (kind, sum) in sums.iter_mut().enumerate().filter(|(kind, _)| state.vehicles[*kind] > 0.0) {
                let distances = self.distances_km(state, kind, shares);
                let amounts = factors.emitted(KINDS[kind], self.situation, speed_kmph, distances);
                *sum.get_or_insert(Rates::default()) += amounts;
            }
        }
        let rows = (0_u8..).zip(sums).filter_map(|(kind, sum)| {
            let link = u32::try_from(link).unwrap_or(u32::MAX);
            sum.map(|amounts| EmittedRow { link, kind, amounts: amounts.scaled(drawn) })
        });
        rows.collect()
    }

    fn add_to(&self, activity: &mut Activity, state: &LinkState, shares: &[f64; TOLD.len()]) {
        let speed_kmph = self.speed_kmph(state);
        for kind in (0..TOLD.len()).filter(|&kind| state.vehicles[kind] > 0.0) {
            activity.add(KINDS[kind], self.situation, speed_kmph, self.distances_km(state, kind, shares));
        }
    }
}

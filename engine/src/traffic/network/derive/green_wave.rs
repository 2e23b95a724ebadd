//! A green wave along streets of a derived network: how far its signals are apart, and which of their greens serve it.
//!
//! The two signals that lie furthest apart are the wave's ends. From end to end it runs along its own streets, and leaves them
//! only where they are interrupted: when its way is looked for, a metre of another street counts as [`ELSEWHERE`]. The green of
//! a signal is the longest on end of those who come from the signals before and go on to those behind. Directions count as much
//! as the flows that are known on the wave's streets, alike where none are; one in which the way runs mostly along other streets,
//! as against a one-way street, counts nothing. Offsets are those of [`Arterial::wave`]. Left out: the way through the junctions.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::compose::DerivedNetwork;
use super::lines;
use super::plain::PlainStreets;
use super::signal_control::{GreenLimits, SignalFault};
use super::stages::SignalPlan;
use crate::signals::{Arterial, Program, Wave, WaveJunction, Weights, Window};
use crate::traffic::network::Direction;

/// What a metre of a street counts as that is not the wave's.
const ELSEWHERE: f64 = 3.0;
/// Cycles that differ by less are one, in seconds.
const SAME_S: f64 = 1e-6;

/// Signals along streets, with their greens.
#[derive(Clone, Copy, Debug)]
pub struct StreetWave<'a> {
    /// The plain streets that it runs along, in either direction, ascending.
    pub streets: &'a [u32],
    /// The junctions whose signals it coordinates, each once.
    pub junctions: &'a [u32],
    /// The greens of the stages of each, in seconds; with them all have one cycle.
    pub greens_s: &'a [Vec<f64>],
    /// Its speed in metres a second, positive.
    pub speed_mps: f64,
    /// How short greens may be.
    pub limits: GreenLimits,
}

impl DerivedNetwork {
    /// The offsets of a wave's signals, in the order of its junctions, in seconds from the beginning of the program of one of its
    /// ends; and the bands that they open.
    ///
    /// # Errors
    /// Where a junction has no signal, greens do not suit its stages or make another cycle than at the first, or speed and lengths
    /// are no numbers.
    pub fn green_wave(&self, plain: &PlainStreets, wave: &StreetWave<'_>) -> Result<Wave, SignalFault> {
        let mut programs = Vec::with_capacity(wave.junctions.len());
        for (&junction, greens_s) in wave.junctions.iter().zip(wave.greens_s) {
            let plan = self.signal_plan(junction).ok_or(SignalFault::None(junction))?;
            programs.push((plan, self.stages(junction, &wave.limits)?.program(greens_s, 0.0)?));
        }
        let cycle_s = programs.first().map_or(0.0, |(_, program)| program.cycle_s());
        if let Some((_, other)) = programs.iter().find(|(_, program)| (program.cycle_s() - cycle_s).abs() > SAME_S) {
            return Err(SignalFault::Cycles { cycles_s: [cycle_s, other.cycle_s()] });
        }
        let [first, last] = ends(plain, wave.junctions);
        let ways = Ways::new(plain, wave.streets);
        // Outbound from the first end to the last, inbound back.
        let [from_first, from_last] = [first, last].map(|end| ways.search(end, false));
        let [to_first, to_last] = [first, last].map(|end| ways.search(end, true));
        let weight = |way: &Reached, end: u32| {
            if 2.0 * way.own_m(end) >= way.length_m(end) { ways.flow_vph(way) } else { 0.0 }
        };
        let weights = Weights { outbound: weight(&from_first, last), inbound: weight(&from_last, first) };
        let rows = wave.junctions.iter().zip(&programs).map(|(&junction, (plan, program))| {
            let green = |before: &Reached, behind: &Reached| {
                let lamps = self.through(plan, before.street(junction), behind.street(junction));
                window(program, &lamps)
            };
            let there_s = |reached: &Reached, back: &Reached| {
                let length_m = reached.length_m(junction);
                if length_m.is_finite() { length_m } else { back.length_m(junction) }.max(0.0) / wave.speed_mps
            };
            WaveJunction {
                outbound_s: there_s(&from_first, &to_first),
                inbound_s: there_s(&to_first, &from_first),
                outbound: green(&from_first, &to_last),
                inbound: green(&from_last, &to_first),
            }
        });
        let arterial = Arterial::new(cycle_s, rows.collect())?;
        Ok(arterial.wave(if weights.outbound + weights.inbound > 0.0 { weights } else { Weights::EQUAL })?)
    }

    /// The lamps of those who come from a street and leave by another. Where only one of the two is known, of those who go
    /// straight on, if any do.
    fn through(&self, plan: &SignalPlan, from: Option<u32>, to: Option<u32>) -> Vec<u32> {
        let movement = |lamp: u32| &self.rows.movements[plan.movements[lamp as usize] as usize];
        let lamps = (0..plan.movements.len() as u32).filter(|&lamp| {
            from.is_none_or(|street| plan.approaches[lamp as usize] == street)
                && to.is_none_or(|street| movement(lamp).to.street == street)
        });
        let lamps: Vec<u32> = if from.is_none() && to.is_none() { Vec::new() } else { lamps.collect() };
        let straight = lamps.iter().copied().filter(|&lamp| movement(lamp).direction == Direction::Straight);
        let straight: Vec<u32> = straight.collect();
        if (from.is_none() || to.is_none()) && !straight.is_empty() { straight } else { lamps }
    }
}

/// The longest time on end in which any of some lamps is green; the whole cycle where none is: a signal that nobody passes is in
/// nobody's way.
fn window(program: &Program, lamps: &[u32]) -> Window {
    let cycle_s = program.cycle_s();
    let always = Window { begin_s: 0.0, length_s: cycle_s };
    let phases = program.phases();
    let is_green = |phase: usize| lamps.iter().any(|&lamp| phases[phase].lamps[lamp as usize].is_green());
    let count = phases.len();
    let mut longest: Option<Window> = None;
    let mut begin_s = 0.0;
    for phase in 0..count {
        if is_green(phase) && !is_green((phase + count - 1) % count) {
            let green = (0..count).map(|step| (phase + step) % count).take_while(|&phase| is_green(phase));
            let length_s = green.map(|phase| phases[phase].duration_s).sum();
            if longest.is_none_or(|longest| length_s > longest.length_s) {
                longest = Some(Window { begin_s, length_s });
            }
        }
        begin_s += phases[phase].duration_s;
    }
    longest.map_or(always, |Window { begin_s, length_s }| Window { begin_s, length_s: length_s.min(cycle_s) })
}

/// The two junctions that lie furthest apart.
fn ends(plain: &PlainStreets, junctions: &[u32]) -> [u32; 2] {
    let place = |junction: u32| plain.junctions[junction as usize].place;
    let mut ends = [junctions.first().copied().unwrap_or(0); 2];
    let mut most_m = 0.0;
    for (number, &first) in junctions.iter().enumerate() {
        for &last in &junctions[number + 1..] {
            let distance_m = lines::norm(place(first) - place(last));
            if distance_m > most_m {
                (ends, most_m) = ([first, last], distance_m);
            }
        }
    }
    ends
}

/// The ways along streets.
struct Ways<'a> {
    plain: &'a PlainStreets,
    is_own: Vec<bool>,
    lengths_m: Vec<f64>,
    leaving: Vec<Vec<u32>>,
    arriving: Vec<Vec<u32>>,
}

/// The ways from one junction to all, or from all to it.
struct Reached {
    /// By junction: what the way counts as, its length, that of its part on the wave's streets, and its street there.
    at: Vec<Option<Way>>,
}

#[derive(Clone, Copy, Default)]
struct Way {
    length_m: f64,
    own_m: f64,
    street: Option<u32>,
}

impl Reached {
    fn length_m(&self, junction: u32) -> f64 {
        self.at[junction as usize].map_or(f64::INFINITY, |way| way.length_m)
    }

    fn own_m(&self, junction: u32) -> f64 {
        self.at[junction as usize].map_or(0.0, |way| way.own_m)
    }

    fn street(&self, junction: u32) -> Option<u32> {
        self.at[junction as usize].and_then(|way| way.street)
    }
}

/// A junction that is reached, the nearest first.
#[derive(PartialEq)]
struct Near(f64, u32);

impl Eq for Near {}

impl Ord for Near {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

impl PartialOrd for Near {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> Ways<'a> {
    fn new(plain: &'a PlainStreets, own: &[u32]) -> Self {
        let mut leaving = vec![Vec::new(); plain.junctions.len()];
        let mut arriving = leaving.clone();
        for (row, street) in (0_u32..).zip(&plain.streets) {
            leaving[street.from_junction as usize].push(row);
            arriving[street.to_junction as usize].push(row);
        }
        let lengths_m = plain.streets.iter().map(|street| lines::length_m(&street.line)).collect();
        let is_own = (0..plain.streets.len() as u32).map(|row| own.binary_search(&row).is_ok()).collect();
        Self { plain, is_own, lengths_m, leaving, arriving }
    }

    /// What flows on average on the wave's streets that lead away from where ways begin, in vehicles an hour; 1 where flows
    /// are not known.
    fn flow_vph(&self, reached: &Reached) -> f64 {
        let Some(flows_vph) = &self.plain.turn_flows_vph else { return 1.0 };
        let leads_away = |&row: &u32| {
            let street = &self.plain.streets[row as usize];
            let [from_m, to_m] = [street.from_junction, street.to_junction].map(|end| reached.length_m(end));
            self.is_own[row as usize] && from_m < to_m
        };
        let rows: Vec<u32> = (0..self.plain.streets.len() as u32).filter(leads_away).collect();
        let flow_vph =
            |&row: &u32| flows_vph.range((row, 0)..=(row, u32::MAX)).map(|(_, flow_vph)| flow_vph).sum::<f64>();
        rows.iter().map(flow_vph).sum::<f64>() / rows.len().max(1) as f64
    }

    /// The ways from a junction, or to it.
    fn search(&self, end: u32, is_backward: bool) -> Reached {
        let mut at = vec![None; self.plain.junctions.len()];
        let mut costs = vec![f64::INFINITY; at.len()];
        let mut queue = BinaryHeap::new();
        (at[end as usize], costs[end as usize]) = (Some(Way::default()), 0.0);
        queue.push(Reverse(Near(0.0, end)));
        while let Some(Reverse(Near(cost, junction))) = queue.pop() {
            let Some(way) = at[junction as usize].filter(|_| cost <= costs[junction as usize]) else { continue };
            let streets = if is_backward { &self.arriving } else { &self.leaving };
            for &row in &streets[junction as usize] {
                let street = &self.plain.streets[row as usize];
                let next = if is_backward { street.from_junction } else { street.to_junction };
                let (length_m, is_own) = (self.lengths_m[row as usize], self.is_own[row as usize]);
                let next_cost = cost + if is_own { length_m } else { ELSEWHERE * length_m };
                if next_cost < costs[next as usize] {
                    costs[next as usize] = next_cost;
                    let own_m = way.own_m + if is_own { length_m } else { 0.0 };
                    at[next as usize] = Some(Way { length_m: way.length_m + length_m, own_m, street: Some(row) });
                    queue.push(Reverse(Near(next_cost, next)));
                }
            }
        }
        Reached { at }
    }
}

#[cfg(test)]
mod tests {
    use super::super::signal_control::{ControlChoice, ControlKind};
    use super::super::signal_timing::TimingOptions;
    use super::super::{Control, derive};
    use super::*;
    use crate::signals::CycleLimits;
    use crate::traffic::fixtures::{PlainPlan, car, demand, krauss};
    use crate::traffic::meso::Meso;
    use crate::traffic::micro::Micro;
    use crate::traffic::network::LaneNetwork;
    use crate::traffic::simulation::{FinishedTrip, Options};

    const SPACING_M: f64 = 350.0;
    const CYCLE_S: f64 = 70.0;
    /// Half of it is the time from signal to signal.
    const HALVED_CYCLE_S: f64 = 56.0;
    const SPEED_MPS: f64 = 12.5;

    /// A road from west to east across four others, all with signals. Its streets lead from junction to junction eastward (even
    /// rows) and back; junctions 1 to 4 have signals.
    fn road(is_one_way: bool) -> PlainStreets {
        let mut plan = PlainPlan::default();
        let mut along = Vec::new();
        for number in 0..6 {
            let control = if (1..5).contains(&number) { Control::Signals } else { Control::Signs };
            along.push(plan.junction(f64::from(number) * SPACING_M, 0.0, control));
        }
        for pair in along.windows(2) {
            if is_one_way {
                plan.one_way(pair[0], pair[1], 1, 4);
            } else {
                plan.two_way(pair[0], pair[1], 1, 4);
            }
        }
        for &junction in &along[1..5] {
            let x = f64::from(junction) * SPACING_M;
            let [north, south] = [200.0, -200.0].map(|y| plan.junction(x, y, Control::Signs));
            plan.two_way(north, junction, 1, 3);
            plan.two_way(south, junction, 1, 3);
        }
        plan.plain
    }

    fn along(plain: &PlainStreets) -> Vec<u32> {
        let is_along = |&row: &u32| plain.streets[row as usize].rank == 4;
        (0..plain.streets.len() as u32).filter(is_along).collect()
    }

    /// The road's network with signals of one cycle, coordinated or all at once; and the wave.
    fn coordinated(plain: &PlainStreets, cycle_s: f64, has_wave: bool) -> (LaneNetwork, Wave) {
        let mut derived = derive(plain).unwrap();
        let junctions = [1, 2, 3, 4];
        let cycle = CycleLimits { min_s: cycle_s, max_s: cycle_s };
        let options = TimingOptions { cycle, ..TimingOptions::default() };
        let greens_s: Vec<Vec<f64>> =
            junctions.iter().map(|&junction| derived.timing(junction, &[], &options).unwrap().greens_s).collect();
        let streets = along(plain);
        let limits = options.greens;
        let street_wave =
            StreetWave { streets: &streets, junctions: &junctions, greens_s: &greens_s, speed_mps: SPEED_MPS, limits };
        let wave = derived.green_wave(plain, &street_wave).unwrap();
        for (number, &junction) in junctions.iter().enumerate() {
            let offset_s = if has_wave { wave.offsets_s[number] } else { 0.0 };
            let kind = ControlKind::Fixed { greens_s: greens_s[number].clone(), offset_s };
            derived.set_control(junction, &ControlChoice { kind, bus_priority: None }, &limits).unwrap();
        }
        (LaneNetwork::build(&derived.rows).unwrap(), wave)
    }

    /// Cars eastward along the whole road, one every 9 s on average.
    fn eastward(plain: &PlainStreets) -> crate::traffic::demand::TrafficDemand {
        let derived = derive(plain).unwrap();
        let east: Vec<u32> = along(plain)
            .into_iter()
            .filter(|&row| {
                let street = &plain.streets[row as usize];
                street.from_junction < street.to_junction
            })
            .collect();
        let route = derived.route(&east);
        let trips: Vec<(f64, Vec<u32>)> =
            (0..200).map(|number| (f64::from(number * 9 + number % 4), route.clone())).collect();
        demand(car(krauss(0.2)), &trips)
    }

    fn mean(trips: &[FinishedTrip], value: fn(&FinishedTrip) -> f64) -> f64 {
        trips.iter().map(value).sum::<f64>() / trips.len() as f64
    }

    #[test]
    fn whoever_rides_a_wave_loses_and_stops_less() {
        let plain = road(true);
        let demand = eastward(&plain);
        let options = Options { begin_s: 0.0, end_s: Some(7200.0), step_s: 1.0, seed: 3 };
        let run = |has_wave: bool| {
            let (network, _) = coordinated(&plain, CYCLE_S, has_wave);
            let mut micro = Micro::new(&network, &demand, options.clone());
            micro.run();
            let mut meso = Meso::new(&network, &demand, options.clone());
            meso.run();
            [micro.finished().to_vec(), meso.finished().to_vec()]
        };
        for ([with, without], simulation) in
            run(true).into_iter().zip(run(false)).map(<[_; 2]>::from).zip(["micro", "meso"])
        {
            assert_eq!((with.len(), without.len()), (demand.trips.len(), demand.trips.len()));
            let stops = [&with, &without].map(|trips| mean(trips, |trip| f64::from(trip.halts)));
            let loss_s = [&with, &without].map(|trips| mean(trips, |trip| trip.time_loss_s));
            // One may have to stop at the first signal; without the wave at most of the four.
            assert!(stops[0] < 0.6 * stops[1], "{simulation}: {stops:?} stops");
            assert!(loss_s[0] < 0.6 * loss_s[1], "{simulation}: {loss_s:?} s lost");
        }
    }

    #[test]
    fn a_one_way_street_has_the_widest_band_in_its_direction() {
        let (network, wave) = coordinated(&road(true), CYCLE_S, true);
        let greens_s = network.signals.iter().map(|signal| {
            let phases = signal.program.phases();
            // The lamps of the road's own street come first.
            phases.iter().filter(|phase| phase.lamps[0].is_green()).map(|phase| phase.duration_s).sum::<f64>()
        });
        let narrowest_s = greens_s.fold(f64::INFINITY, f64::min);
        assert!((wave.bandwidths.outbound_s - narrowest_s).abs() < 1e-6, "{wave:?} of {narrowest_s}");
        let step_s = SPACING_M / SPEED_MPS;
        for (number, offset_s) in (0..4).zip(&wave.offsets_s) {
            let expected_s = f64::from(number) * step_s % CYCLE_S;
            assert!((offset_s - expected_s).abs() < 3.0, "{wave:?}: {expected_s} s");
        }
    }

    #[test]
    fn both_directions_of_a_road_have_bands() {
        let (_, wave) = coordinated(&road(false), HALVED_CYCLE_S, true);
        let bands = wave.bandwidths;
        assert!(bands.outbound_s > 10.0 && (bands.outbound_s - bands.inbound_s).abs() < 1.0, "{wave:?}");
        // Where only one direction can have a band, the one with more traffic does.
        let mut plain = road(false);
        let east = along(&plain)[2];
        plain.turn_flows_vph = Some(std::collections::BTreeMap::from([((east, east + 2), 500.0), ((1, 0), 10.0)]));
        let bands = coordinated(&plain, CYCLE_S, true).1.bandwidths;
        assert!(bands.outbound_s > bands.inbound_s + 10.0, "{bands:?}");
    }

    #[test]
    fn signals_of_different_cycles_make_no_wave() {
        let plain = road(false);
        let derived = derive(&plain).unwrap();
        let junctions = [1, 2];
        let greens = |green_s: f64| vec![green_s; derived.signal_plan(1).unwrap().stages.len()];
        let (greens_s, streets) = ([greens(20.0), greens(25.0)], along(&plain));
        let limits = GreenLimits { green_min_s: 5.0, walking: None };
        let wave =
            StreetWave { streets: &streets, junctions: &junctions, greens_s: &greens_s, speed_mps: 10.0, limits };
        assert!(matches!(derived.green_wave(&plain, &wave), Err(SignalFault::Cycles { .. })));
        let unsignalled = StreetWave { junctions: &[0], greens_s: &greens_s[..1], ..wave };
        assert_eq!(derived.green_wave(&plain, &unsignalled), Err(SignalFault::None(0)));
    }
}

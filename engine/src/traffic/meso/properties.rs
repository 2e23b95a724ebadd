//! What holds whatever the town: nobody is lost, nobody overtakes on a lane, no lane holds more than it has room for.

use proptest::prelude::*;

use super::Meso;
use super::pass::{is_mere_border, overhang_m};
use crate::draws::{Draws, Purpose};
use crate::signals::Lamp;
use crate::traffic::demand::TrafficDemand;
use crate::traffic::fixtures::{CONTROLS, car, conflicting_greens, controlled, demand, grid, krauss, random_town};
use crate::traffic::network::derive::{Control, DerivedNetwork, PlainStreets, derive};
use crate::traffic::network::{LaneNetwork, Passage};
use crate::traffic::routing::fastest;
use crate::traffic::simulation::{Options, Relief};

fn network(plain: &PlainStreets) -> LaneNetwork {
    LaneNetwork::build(&derive(plain).unwrap().rows).unwrap()
}

/// Trips between random streets, as many a second as asked for.
fn random_demand(network: &LaneNetwork, seed: u64, count: u32, per_s: f64) -> TrafficDemand {
    let mut numbers = Draws::new(seed).sequence(Purpose::new("random trips"), 0);
    let streets = network.streets.len() as f64;
    let mut trips = Vec::new();
    for number in 0..count {
        let mut street = || (numbers.uniform() * streets) as u32;
        if let Some(way) = fastest(network, Some(0), street(), street()) {
            trips.push((f64::from(number) / per_s, way));
        }
    }
    demand(car(krauss(0.5)), &trips)
}

fn options(seed: u64) -> Options {
    Options { begin_s: 0.0, end_s: Some(100_000.0), step_s: 1.0, seed }
}

/// The room on a lane and on the longest way into it.
fn storage_m(network: &LaneNetwork, lane: u32) -> f64 {
    if lane >= network.street_lane_count {
        return network.lanes[lane as usize].length_m.max(15.0);
    }
    let ways = network.passages.iter().filter(|passage| passage.exit_street == street_of(network, lane));
    // Where nothing is between two lanes, all of a vehicle but its front may stand on the one behind.
    let behind_m = |passage: &Passage| {
        if is_mere_border(passage) { overhang_m(5.0) } else { passage.inside_length_m }
    };
    network.lanes[lane as usize].length_m + ways.map(behind_m).fold(0.0, f64::max)
}

fn street_of(network: &LaneNetwork, lane: u32) -> u32 {
    network.lanes[lane as usize].street.unwrap_or(u32::MAX)
}

/// Runs and looks at the signals ten times a second: whether ways in conflict are open, and who passes a lamp that is red.
fn check_signals(derived: &DerivedNetwork, seed: u64, count: u32, per_s: f64) -> Result<(), TestCaseError> {
    let network = LaneNetwork::build(&derived.rows).unwrap();
    let demand = random_demand(&network, seed, count, per_s);
    let mut meso = Meso::new(&network, &demand, options(seed));
    let entries: Vec<u32> = (0..network.street_lane_count)
        .filter(|&lane| network.passages_from(lane).iter().any(|passage| passage.signal.is_some()))
        .collect();
    let places = |meso: &Meso| -> Vec<Vec<u32>> { entries.iter().map(|&lane| meso.on_lane(lane).collect()).collect() };
    let lamps = |meso: &Meso| -> Vec<Vec<Lamp>> {
        (0..network.signals.len() as u32).map(|signal| meso.lamps(signal).to_vec()).collect()
    };
    let (mut before, mut shown) = (places(&meso), lamps(&meso));
    let mut exchanges = 0;
    let mut tenths = 0_u32;
    while !meso.is_over() {
        tenths += 1;
        meso.step_to(f64::from(tenths) * 0.1);
        let (after, showing) = (places(&meso), lamps(&meso));
        prop_assert_eq!(conflicting_greens(derived, |signal| &showing[signal as usize]), None);
        // Who moves on with a circle that has jammed does so whatever the lamps show; it is counted.
        let rolled_before = std::mem::replace(&mut exchanges, meso.relief().exchanges);
        let has_rolled = rolled_before < exchanges;
        for (place, &lane) in entries.iter().enumerate().filter(|_| !has_rolled) {
            let is_red = |passage: &Passage| {
                let is_red = |lamps: &[Vec<Lamp>]| {
                    passage.signal.is_none_or(|(signal, lamp)| lamps[signal as usize][lamp as usize] == Lamp::Red)
                };
                passage.signal.is_some() && is_red(&shown) && is_red(&showing)
            };
            // Trips end at red lamps too.
            let ends_here = |trip: u32| {
                let route = demand.route_choices[demand.trips[trip as usize].route_choice as usize].routes[0].0;
                demand.routes[route as usize].streets.last() == network.lanes[lane as usize].street.as_ref()
            };
            let first = before[place].first();
            let has_left = first.is_some_and(|&first| !after[place].contains(&first) && !ends_here(first));
            let all_red = network.passages_from(lane).iter().all(is_red);
            prop_assert!(!(has_left && all_red), "a vehicle of lane {lane} passes a red at {} s", meso.time_s());
        }
        (before, shown) = (after, showing);
    }
    prop_assert_eq!(meso.counts().arrived, demand.trips.len() as u64, "{:?}", meso.relief());
    Ok(())
}

/// Runs and looks at everything every few seconds.
fn check(network: &LaneNetwork, demand: &TrafficDemand, seed: u64) -> Result<Relief, TestCaseError> {
    let mut meso = Meso::new(network, demand, options(seed));
    let storages_m: Vec<f64> = (0..network.lanes.len() as u32).map(|lane| storage_m(network, lane)).collect();
    let mut before: Vec<Vec<u32>> = vec![Vec::new(); network.lanes.len()];
    let mut now_s = 0.0;
    while !meso.is_over() {
        now_s += 3.0;
        meso.step_to(now_s);
        let counts = meso.counts();
        prop_assert_eq!(counts.inserted, counts.running + counts.arrived);
        prop_assert_eq!(counts.teleports, 0);
        let mut seen = 0;
        for lane in 0..network.lanes.len() as u32 {
            let now: Vec<u32> = meso.on_lane(lane).collect();
            seen += now.len() as u64;
            let needed_m = now.len() as f64 * 7.5 - 2.5;
            prop_assert!(now.len() <= 1 || needed_m <= storages_m[lane as usize] + 1e-3, "lane {} at {}", lane, now_s);
            // Those who stay keep their order, and are ahead of those who have come since.
            let stayed: Vec<u32> = before[lane as usize].iter().copied().filter(|trip| now.contains(trip)).collect();
            prop_assert_eq!(&now[..stayed.len()], &stayed[..]);
            before[lane as usize] = now;
        }
        prop_assert_eq!(seen, counts.running);
    }
    prop_assert_eq!(meso.counts().arrived, demand.trips.len() as u64, "{:?}", meso.relief());
    Ok(meso.relief())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn in_random_towns_everybody_arrives_in_order_and_no_lane_overflows(
        seed in 0_u64..1_000_000,
        columns in 2_u32..5,
        rows in 2_u32..5,
        per_s in 0.05_f64..2.0,
    ) {
        let network = network(&random_town(columns, rows, seed));
        check(&network, &random_demand(&network, seed, 400, per_s), seed)?;
    }

    #[test]
    fn on_grids_everybody_arrives_in_order_and_no_lane_overflows(
        seed in 0_u64..1_000_000,
        lanes in 1_u32..4,
        spacing_m in 60.0_f64..250.0,
        control in 0_usize..4,
        per_s in 0.1_f64..4.0,
    ) {
        let controls = [Control::Signs, Control::RightBeforeLeft, Control::AllWayStop, Control::Signals];
        let network = network(&grid(4, 4, spacing_m, lanes, |_, _| controls[control]));
        check(&network, &random_demand(&network, seed, 600, per_s), seed)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_ways_in_conflict_are_open_and_nobody_passes_a_red(
        seed in 0_u64..1_000_000,
        control in 0_usize..3,
        bus_priority: bool,
        per_s in 0.1_f64..1.0,
    ) {
        let control = CONTROLS[control];
        check_signals(&controlled(&grid(3, 3, 150.0, 2, |_, _| Control::Signals), control, bus_priority), seed, 200, per_s)?;
        check_signals(&controlled(&random_town(4, 4, seed), control, bus_priority), seed, 200, per_s)?;
    }
}

#[test]
fn a_run_is_the_same_to_the_bit_however_one_steps_through_it() {
    let plain = grid(5, 5, 150.0, 2, |column, _| [Control::Signals, Control::Signs][column as usize % 2]);
    for control in CONTROLS {
        steps_do_not_show(&LaneNetwork::build(&controlled(&plain, control, true).rows).unwrap());
    }
}

fn steps_do_not_show(network: &LaneNetwork) {
    let demand = random_demand(network, 7, 3000, 2.0);
    let mut whole = Meso::new(network, &demand, options(3));
    whole.run();
    let mut stepped = Meso::new(network, &demand, options(3));
    let mut now_s = 0.0;
    while !stepped.is_over() {
        now_s += 0.7;
        stepped.step_to(now_s);
    }
    assert_eq!(whole.finished(), stepped.finished());
    assert_eq!(whole.counts(), stepped.counts());
    assert_eq!(whole.finished().len(), demand.trips.len());
}

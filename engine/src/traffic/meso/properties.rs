//! What holds whatever the town: nobody is lost, nobody overtakes on a lane, no lane holds more than it has room for.

use proptest::prelude::*;

use super::{Meso, Relief};
use crate::draws::{Draws, Purpose};
use crate::traffic::demand::TrafficDemand;
use crate::traffic::fixtures::{car, demand, grid, krauss, random_town};
use crate::traffic::micro::Options;
use crate::traffic::network::LaneNetwork;
use crate::traffic::network::derive::{Control, PlainStreets, derive};
use crate::traffic::routing::fastest;

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
    network.lanes[lane as usize].length_m + ways.map(|passage| passage.inside_length_m).fold(0.0, f64::max)
}

fn street_of(network: &LaneNetwork, lane: u32) -> u32 {
    network.lanes[lane as usize].street.unwrap_or(u32::MAX)
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

#[test]
fn a_run_is_the_same_to_the_bit_however_one_steps_through_it() {
    let network = network(&grid(5, 5, 150.0, 2, |column, _| [Control::Signals, Control::Signs][column as usize % 2]));
    let demand = random_demand(&network, 7, 3000, 2.0);
    let mut whole = Meso::new(&network, &demand, options(3));
    whole.run();
    let mut stepped = Meso::new(&network, &demand, options(3));
    let mut now_s = 0.0;
    while !stepped.is_over() {
        now_s += 0.7;
        stepped.step_to(now_s);
    }
    assert_eq!(whole.finished(), stepped.finished());
    assert_eq!(whole.counts(), stepped.counts());
    assert_eq!(whole.finished().len(), demand.trips.len());
}

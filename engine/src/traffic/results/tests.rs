//! What holds of results, whichever simulation they come from.

use proptest::prelude::*;

use super::{InductionLoop, LoopPassing, StationaryFlow, StationaryTurn, StreetBin, TimeBins, TrafficResults, TurnBin};
use crate::draws::{Draws, Purpose};
use crate::signals::{Lamp, Phase, Program};
use crate::traffic::demand::{TrafficDemand, VehicleMix, VehicleType};
use crate::traffic::fixtures::{Plan, car, car_of_many, demand, grid, krauss, random_town};
use crate::traffic::meso::Meso;
use crate::traffic::micro::Micro;
use crate::traffic::network::derive::{Control, PlainStreets, derive};
use crate::traffic::network::{LaneNetwork, RightOfWay};
use crate::traffic::routing::fastest;
use crate::traffic::simulation::{FinishedTrip, Options};
use crate::vehicles::VehicleClass;

const STEP_S: f64 = 1.0;

fn options(end_s: f64) -> Options {
    Options { begin_s: 0.0, end_s: Some(end_s), step_s: STEP_S, seed: 3 }
}

fn network(plain: &PlainStreets) -> LaneNetwork {
    LaneNetwork::build(&derive(plain).unwrap().rows).unwrap()
}

/// Cars and vans between random streets, as many a second as asked for.
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
    let mut demand = demand(car_of_many(krauss(0.5)), &trips);
    demand.types.push(VehicleType { class: VehicleClass::Van, length_m: 7.0, ..car(krauss(0.5)) });
    demand.mixes = vec![VehicleMix { types: vec![(0, 0.7), (1, 0.3)] }];
    demand
}

/// What all trips have come to together.
#[derive(Clone, Copy, Debug, Default)]
struct Total {
    time_s: f64,
    driven_m: f64,
    delay_s: f64,
    standing_s: f64,
    stops: f64,
}

/// What the trips say themselves.
fn total(trips: &[FinishedTrip]) -> Total {
    let mut total = Total::default();
    for trip in trips {
        total.time_s += trip.arrived_s - trip.departed_s;
        total.driven_m += trip.driven_m;
        total.delay_s += trip.time_loss_s;
        total.standing_s += trip.waited_s;
        total.stops += f64::from(trip.halts);
    }
    total
}

fn sum(results: &TrafficResults) -> Total {
    let (mut streets, mut turns) = (StreetBin::default(), TurnBin::default());
    results.streets.iter().for_each(|row| streets.add(row));
    results.turn_bins.iter().for_each(|row| turns.add(row));
    Total {
        time_s: streets.time_s + turns.inside_time_s,
        driven_m: streets.driven_m + turns.inside_driven_m,
        delay_s: streets.delay_s + turns.inside_delay_s,
        standing_s: streets.standing_s + turns.inside_standing_s,
        stops: streets.stops + turns.inside_stops,
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * (1.0 + a.abs().max(b.abs()))
}

/// Nobody and nothing is lost; `still_there` says how many vehicles are on each street.
fn check_vehicles(network: &LaneNetwork, results: &TrafficResults, still_there: &[f64]) -> Result<(), TestCaseError> {
    prop_assert_eq!(results.streets.len(), results.bin_count * network.streets.len());
    prop_assert!(results.turns.is_sorted_by(|a, b| a < b));
    let mut through = vec![(0.0, 0.0); network.streets.len()];
    for (turn, &(from, to)) in results.turns.iter().enumerate() {
        for bin in 0..results.bin_count {
            let vehicles = results.turn(bin, turn).vehicles;
            through[to as usize].0 += vehicles;
            through[from as usize].1 += vehicles;
        }
    }
    for (street, row) in network.streets.iter().enumerate() {
        let whole = results.whole_street(street);
        prop_assert_eq!(whole.entered + whole.departed, whole.left + whole.arrived + still_there[street]);
        prop_assert_eq!(whole.entered, through[street].0, "turns into street {}", street);
        prop_assert!(whole.left >= through[street].1, "turns out of street {}", street);
        let length_m = row.lanes().map(|lane| network.lanes[lane as usize].length_m).fold(0.0, f64::max);
        for bin in 0..results.bin_count {
            let row = results.street(bin, street);
            prop_assert_eq!(results.entered_by_class(bin, street).iter().sum::<f64>(), row.entered + row.departed);
            prop_assert!(row.queue_max_m <= length_m + 1e-9);
            prop_assert!(row.driven_m >= -1e-9 && row.time_s >= -1e-9 && row.standing_s >= -1e-9, "{:?}", row);
            prop_assert!(row.standing_s <= row.time_s + 1e-6, "{:?}", row);
        }
    }
    Ok(())
}

fn check_total(results: &TrafficResults, expected: Total) -> Result<(), TestCaseError> {
    let found = sum(results);
    prop_assert!(close(found.time_s, expected.time_s), "{:?} {:?}", found, expected);
    prop_assert!(close(found.driven_m, expected.driven_m), "{:?} {:?}", found, expected);
    prop_assert!(close(found.delay_s, expected.delay_s), "{:?} {:?}", found, expected);
    prop_assert!(close(found.standing_s, expected.standing_s), "{:?} {:?}", found, expected);
    prop_assert!(close(found.stops, expected.stops), "{:?} {:?}", found, expected);
    Ok(())
}

/// Bins of different lengths tell the same.
fn check_bins(fine: &TrafficResults, coarse: &TrafficResults) -> Result<(), TestCaseError> {
    for street in 0..fine.street_count {
        let (fine, coarse) = (fine.whole_street(street), coarse.whole_street(street));
        prop_assert_eq!((fine.entered, fine.left), (coarse.entered, coarse.left));
        prop_assert_eq!(fine.queue_max_m, coarse.queue_max_m);
        prop_assert!(close(fine.time_s, coarse.time_s) && close(fine.delay_s, coarse.delay_s));
        prop_assert!(close(fine.driven_m, coarse.driven_m) && close(fine.standing_s, coarse.standing_s));
    }
    Ok(())
}

fn micro(network: &LaneNetwork, demand: &TrafficDemand, end_s: f64, bin_s: f64) -> Result<(), TestCaseError> {
    let mut unrecorded = Micro::new(network, demand, options(end_s));
    unrecorded.run();
    prop_assert!(unrecorded.results().is_none());
    let mut fine = Micro::new(network, demand, options(end_s)).recording(bin_s);
    let mut time_s = 0.0;
    while !fine.is_over() {
        time_s += fine.counts().running as f64 * STEP_S;
        fine.step();
    }
    prop_assert_eq!(fine.finished(), unrecorded.finished());
    prop_assert_eq!(fine.counts(), unrecorded.counts());
    let mut coarse = Micro::new(network, demand, options(end_s)).recording(end_s);
    coarse.run();
    let (results, coarse) = (fine.results().unwrap(), coarse.results().unwrap());
    let on_street = |street: &crate::traffic::network::Street| street.lanes().map(|lane| fine.on_lane(lane).count());
    let still_there: Vec<f64> = network.streets.iter().map(|row| on_street(row).sum::<usize>() as f64).collect();
    check_vehicles(network, &results, &still_there)?;
    prop_assert!(close(sum(&results).time_s, time_s), "{} {}", sum(&results).time_s, time_s);
    if fine.counts().running == 0 {
        check_total(&results, total(fine.finished()))?;
    }
    prop_assert_eq!(coarse.bin_count, 1);
    check_bins(&results, &coarse)
}

fn meso(network: &LaneNetwork, demand: &TrafficDemand, end_s: f64, bin_s: f64) -> Result<(), TestCaseError> {
    let mut unrecorded = Meso::new(network, demand, options(end_s));
    unrecorded.run();
    prop_assert!(unrecorded.results().is_none());
    let mut fine = Meso::new(network, demand, options(end_s)).recording(bin_s);
    fine.run();
    prop_assert_eq!(fine.finished(), unrecorded.finished());
    prop_assert_eq!(fine.counts(), unrecorded.counts());
    let mut coarse = Meso::new(network, demand, options(end_s)).recording(end_s);
    coarse.run();
    let (results, coarse) = (fine.results().unwrap(), coarse.results().unwrap());
    let on_street = |street: &crate::traffic::network::Street| street.lanes().map(|lane| fine.on_lane(lane).count());
    let still_there: Vec<f64> = network.streets.iter().map(|row| on_street(row).sum::<usize>() as f64).collect();
    check_vehicles(network, &results, &still_there)?;
    if fine.counts().running == 0 {
        check_total(&results, total(fine.finished()))?;
    }
    check_bins(&results, &coarse)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn of_random_towns_nobody_and_no_second_is_lost(
        seed in 0_u64..1_000_000,
        columns in 2_u32..5,
        per_s in 0.1_f64..1.0,
        bin_s in 30.0_f64..400.0,
        ends_early in any::<bool>(),
    ) {
        let network = network(&random_town(columns, 3, seed));
        let demand = random_demand(&network, seed, 200, per_s);
        let end_s = if ends_early { 300.0 } else { 20_000.0 };
        micro(&network, &demand, end_s, bin_s)?;
        meso(&network, &demand, end_s, bin_s)?;
    }
}

#[test]
fn of_a_full_grid_nobody_and_no_second_is_lost() {
    let controls = [Control::Signals, Control::Signs, Control::RightBeforeLeft];
    let network = network(&grid(4, 4, 120.0, 2, |column, row| controls[(column + row) as usize % 3]));
    let demand = random_demand(&network, 1, 1500, 2.0);
    for end_s in [600.0, 20_000.0] {
        micro(&network, &demand, end_s, 90.0).unwrap();
        meso(&network, &demand, end_s, 90.0).unwrap();
    }
}

#[test]
fn the_number_of_threads_does_not_show() {
    let network = network(&grid(5, 4, 120.0, 2, |_, _| Control::Signals));
    let demand = random_demand(&network, 5, 800, 1.0);
    let run = |threads: usize| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let mut micro = Micro::new(&network, &demand, options(900.0)).recording(60.0);
            micro.run();
            micro.results().unwrap()
        })
    };
    let one = run(1);
    assert_eq!(one.bin_count, 15);
    assert!(one == run(2) && one == run(7));
}

/// Three streets of 1 km with junctions of 10 m between.
fn road(speed_limit_mps: f64) -> Plan {
    let mut plan = Plan::default();
    let places: Vec<u32> = [0.0, 1010.0, 2020.0, 3030.0].map(|x| plan.junction(x, 0.0)).to_vec();
    let streets: Vec<u32> =
        places.windows(2).map(|ends| plan.street(ends[0], ends[1], 1, speed_limit_mps, 5.0)).collect();
    for pair in streets.windows(2) {
        plan.movement((pair[0], 0), (pair[1], 0), RightOfWay::Priority);
    }
    plan
}

/// Vehicles on all streets, one every `headway_s`.
fn evenly(count: u32, headway_s: f64) -> TrafficDemand {
    let trips: Vec<(f64, Vec<u32>)> = (0..count).map(|number| (f64::from(number) * headway_s, vec![0, 1, 2])).collect();
    demand(car(krauss(0.0)), &trips)
}

fn both(network: &LaneNetwork, demand: &TrafficDemand, end_s: f64, bin_s: f64) -> [TrafficResults; 2] {
    let mut micro = Micro::new(network, demand, options(end_s)).recording(bin_s);
    micro.run();
    let mut meso = Meso::new(network, demand, options(end_s)).recording(bin_s);
    meso.run();
    [micro.results().unwrap(), meso.results().unwrap()]
}

/// One vehicle every 10 s at 20 m/s: 360 vehicles an hour, one every 200 m.
#[test]
fn an_undisturbed_street_has_flow_density_and_speed_by_hand() {
    let network = LaneNetwork::build(&road(20.0).rows).unwrap();
    for results in both(&network, &evenly(400, 10.0), 3000.0, 300.0) {
        for bin in 2..9 {
            let row = results.street(bin, 1);
            assert!(close(row.flow_vph(1000.0, 300.0), 360.0), "{row:?}");
            assert!(close(row.density_vpkm(1000.0, 300.0), 5.0), "{row:?}");
            assert!(close(row.speed_mps().unwrap(), 20.0), "{row:?}");
            assert!(close(row.mean_vehicles(300.0), 5.0) && close(row.mean_delay_s(1000.0).unwrap() + 1.0, 1.0));
            assert_eq!((row.entered, row.left, row.departed, row.arrived), (30.0, 30.0, 0.0, 0.0));
            assert_eq!((row.stops, row.standing_s, row.queue_max_m), (0.0, 0.0, 0.0));
            // 50 s on the street, half a second inside the junction.
            let turn = results.turn(bin, results.turn_row(1, 2).unwrap());
            assert!(close(turn.inside_time_s, 15.0) && close(turn.inside_driven_m, 300.0), "{turn:?}");
            assert!(close(turn.time_s, 30.0 * 50.5) && close(turn.vehicles, 30.0), "{turn:?}");
        }
    }
}

/// 20 cars of 5 m with gaps of 2.5 m stand before a red light for minutes, then go.
#[test]
fn a_queue_before_a_red_light_is_as_long_as_its_vehicles_need() {
    let mut plan = road(13.89);
    let phase = |duration_s, lamp| Phase { duration_s, lamps: vec![lamp] };
    plan.signal(Program::new(vec![phase(400.0, Lamp::Red), phase(400.0, Lamp::Green)], 0.0).unwrap(), &[0]);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    for results in both(&network, &evenly(20, 5.0), 800.0, 100.0) {
        let row = |bin: usize| results.street(bin, 0);
        assert!((row(2).queue_max_m - 150.0).abs() < 5.0, "{:?}", row(2));
        assert!((row(3).queue_max_m - 150.0).abs() < 5.0, "{:?}", row(3));
        assert!(row(0).queue_max_m < 60.0 && row(1).queue_max_m > 100.0, "{:?}", row(1));
        assert_eq!(row(5).queue_max_m, 0.0);
        // From 300 to 400 s all 20 stand, and lose all their time.
        assert!(close(row(3).mean_queue_veh(100.0), 20.0) && close(row(3).delay_s, 2000.0), "{:?}", row(3));
        assert_eq!(results.whole_street(0).stops, 20.0);
        assert_eq!(results.whole_street(1).standing_s, 0.0);
        let turn = results.whole_turn(0);
        assert_eq!((turn.vehicles, turn.stops), (20.0, 20.0));
        let lost_s = results.whole_street(0).delay_s + turn.inside_delay_s;
        assert!(close(turn.delay_s, lost_s) && turn.mean_delay_s().unwrap() > 250.0, "{turn:?}");
    }
}

#[test]
fn constant_flows_give_the_same_tables() {
    let street = |flow_vph: f64, time_s| StationaryFlow {
        length_m: 500.0,
        flow_vph: vec![flow_vph, 100.0],
        time_s,
        free_time_s: 36.0,
    };
    let turn = StationaryTurn { from: 0, to: 1, flow_vph: 300.0, delay_s: 10.0 };
    let results = TrafficResults::stationary(
        TimeBins { begin_s: 28_800.0, bin_s: 7200.0 },
        vec![VehicleClass::OtherCar, VehicleClass::Van],
        &[street(800.0, 50.0), street(200.0, 36.0)],
        &[turn, turn, StationaryTurn { to: 7, ..turn }],
    );
    let row = results.street(0, 0);
    assert!(!results.knows_queues);
    assert_eq!((row.entered, row.left, results.entered_by_class(0, 0)), (1800.0, 1800.0, &[1600.0, 200.0][..]));
    assert!(close(row.flow_vph(500.0, 7200.0), 900.0) && close(row.speed_mps().unwrap(), 10.0), "{row:?}");
    assert!(close(row.density_vpkm(500.0, 7200.0), 25.0) && close(row.mean_delay_s(500.0).unwrap(), 14.0));
    assert_eq!((results.turns.as_slice(), results.turn_row(0, 1)), (&[(0, 1)][..], Some(0)));
    let made = results.turn(0, 0);
    assert!(close(made.vehicles, 1200.0) && close(made.time_s, 72_000.0) && close(made.delay_s, 28_800.0), "{made:?}");
}

#[test]
fn everybody_who_passes_a_loop_is_counted_once() {
    let network = LaneNetwork::build(&road(20.0).rows).unwrap();
    let demand = evenly(50, 3.0);
    // At the beginning, in the middle, and where a vehicle's front has left the lane before its rear has passed.
    let loops = [0.5, 500.0, 998.0].map(|position_m| InductionLoop { lane: 1, position_m });
    let mut micro = Micro::new(&network, &demand, options(2000.0)).detecting(&loops);
    micro.run();
    let mut meso = Meso::new(&network, &demand, options(2000.0)).detecting(&loops);
    meso.run();
    assert!(micro.results().is_none() && meso.results().is_none());
    for passings in [micro.passings(), meso.passings()] {
        assert_eq!(passings.len(), 150);
        for (detector, place) in loops.iter().enumerate() {
            let of_loop: Vec<&LoopPassing> = passings.iter().filter(|row| row.detector as usize == detector).collect();
            assert_eq!(of_loop.len(), 50);
            for (number, row) in of_loop.iter().enumerate() {
                assert_eq!(row.trip as usize, number);
                // 5 m at 20 m/s; from where it departed to the loop, at 20 m/s.
                assert!(close(row.left_s.unwrap() - row.entered_s, 0.25), "{row:?}");
                let expected_s = 3.0 * number as f64 + (1010.0 + place.position_m - 5.1) / 20.0;
                assert!((row.entered_s - expected_s).abs() < 1.01, "{row:?} {expected_s}");
            }
        }
    }
}

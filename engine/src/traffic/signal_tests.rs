//! What signals that follow traffic do for it, in both simulations: less is lost than by the clock where flows are uneven, and
//! buses that are favoured wait less while all others are served.

use super::demand::{TrafficDemand, VehicleMix, VehicleType};
use super::fixtures::{car, control_choice, controlled, cross, demand, krauss};
use super::meso::Meso;
use super::micro::Micro;
use super::network::LaneNetwork;
use super::network::derive::{ControlChoice, ControlKind, GreenLimits, MovementFlow, TimingOptions, derive};
use super::simulation::{FinishedTrip, Options};
use crate::draws::{Draws, Purpose};
use crate::vehicles::VehicleClass;

/// Streets that lead to a crossing from opposite sides, and those behind it.
const ALONG: [(u32, u32); 2] = [(0, 5), (4, 1)];
const ACROSS: [(u32, u32); 2] = [(2, 7), (6, 3)];

/// Cars at random times within an hour, so many an hour along and across.
fn random_demand(along_vph: f64, across_vph: f64, seed: u64) -> TrafficDemand {
    let mut numbers = Draws::new(seed).sequence(Purpose::new("uneven flows"), 0);
    let mut trips = Vec::new();
    for (ways, flow_vph) in [(ALONG, along_vph), (ACROSS, across_vph)] {
        for (from, to) in ways {
            let mut now_s = 0.0;
            while now_s < 3600.0 {
                trips.push((now_s, vec![from, to]));
                now_s -= libm::log(1.0 - numbers.uniform()) * 3600.0 / flow_vph;
            }
        }
    }
    trips.sort_by(|a, b| a.0.total_cmp(&b.0));
    demand(car(krauss(0.5)), &trips)
}

/// All trips, by the one simulation and by the other.
fn run(network: &LaneNetwork, demand: &TrafficDemand, seed: u64) -> [Vec<FinishedTrip>; 2] {
    let options = Options { begin_s: 0.0, end_s: Some(7200.0), step_s: 1.0, seed };
    let mut micro = Micro::new(network, demand, options.clone());
    micro.run();
    let mut meso = Meso::new(network, demand, options);
    meso.run();
    [micro.finished().to_vec(), meso.finished().to_vec()]
}

/// What trips lose on average, waiting to begin included, in seconds.
fn mean_loss_s<'a>(trips: impl Iterator<Item = &'a FinishedTrip>) -> f64 {
    let losses: Vec<f64> = trips.map(|trip| trip.time_loss_s + trip.depart_delay_s).collect();
    losses.iter().sum::<f64>() / losses.len() as f64
}

#[test]
fn where_flows_are_uneven_less_is_lost_at_signals_that_follow_traffic() {
    for seed in 1..=3 {
        let demand = random_demand(700.0, 150.0, seed);
        let lost = |control: &str| {
            let network = LaneNetwork::build(&controlled(&cross(400.0, 1), control, false).rows).unwrap();
            run(&network, &demand, seed).map(|trips| {
                assert_eq!(trips.len(), demand.trips.len(), "{control}: all arrive");
                mean_loss_s(trips.iter())
            })
        };
        let fixed = lost("fixed");
        for control in ["actuated", "max pressure"] {
            let responsive = lost(control);
            for (simulation, (responsive, fixed)) in
                ["micro", "meso"].into_iter().zip(responsive.into_iter().zip(fixed))
            {
                assert!(responsive < fixed, "{control} in {simulation}: {responsive} s against {fixed} s");
            }
        }
    }
}

/// Buses across, one every two minutes, among the cars.
fn with_buses(cars: TrafficDemand) -> (TrafficDemand, Vec<u32>) {
    let mut all = cars;
    let bus = VehicleType {
        name: "bus".to_owned(),
        class: VehicleClass::Bus,
        length_m: 12.0,
        acceleration_mps2: 1.2,
        deceleration_mps2: 4.0,
        emergency_deceleration_mps2: 7.0,
        ..car(krauss(0.5))
    };
    all.types.push(bus);
    all.mixes.push(VehicleMix { types: vec![(1, 1.0)] });
    let is_across = |trip: &super::demand::Trip| {
        let route = all.route_choices[trip.route_choice as usize].routes[0].0;
        all.routes[route as usize].streets[0] == ACROSS[0].0
    };
    let across: Vec<usize> = (0..all.trips.len()).filter(|&row| is_across(&all.trips[row])).collect();
    let mut buses = Vec::new();
    let mut next_s = 0.0;
    for row in across {
        if all.trips[row].depart_s >= next_s {
            all.trips[row].mix = 1;
            next_s = all.trips[row].depart_s + 110.0;
            buses.push(row as u32);
        }
    }
    (all, buses)
}

#[test]
fn a_bus_that_is_favoured_waits_less_and_all_others_are_served() {
    for control in ["fixed", "actuated", "max pressure"] {
        let mut lost = [[[0.0; 2]; 2]; 2];
        for seed in 1..=3 {
            let (demand, buses) = with_buses(random_demand(600.0, 200.0, seed));
            assert!(buses.len() > 20);
            for (favours, lost) in [false, true].into_iter().zip(&mut lost) {
                let network = LaneNetwork::build(&controlled(&cross(400.0, 1), control, favours).rows).unwrap();
                for (trips, lost) in run(&network, &demand, seed).iter().zip(lost) {
                    assert_eq!(trips.len(), demand.trips.len(), "{control}: all arrive");
                    let is_bus = |trip: &&FinishedTrip| buses.binary_search(&trip.trip).is_ok();
                    lost[0] += mean_loss_s(trips.iter().filter(is_bus)) / 3.0;
                    lost[1] += mean_loss_s(trips.iter().filter(|trip| !is_bus(trip))) / 3.0;
                }
            }
        }
        let [without, with] = lost;
        for (simulation, (without, with)) in ["micro", "meso"].into_iter().zip(without.into_iter().zip(with)) {
            let told = format!("{control} in {simulation}: buses and others {without:?} s, favoured {with:?} s");
            assert!(with[0] < 0.8 * without[0], "{told}");
            assert!(with[1] < 1.5 * without[1] + 2.0, "{told}");
        }
    }
}

/// Signals by the clock, where no bus comes that they would yield to, are those without priority.
#[test]
fn priority_for_buses_changes_nothing_where_none_comes() {
    let demand = random_demand(600.0, 200.0, 1);
    let [without, with] = [false, true].map(|favours| {
        let network = LaneNetwork::build(&controlled(&cross(400.0, 1), "fixed", favours).rows).unwrap();
        run(&network, &demand, 1)
    });
    assert!(without == with && without.iter().all(|trips| trips.len() == demand.trips.len()));
}

/// Webster's times for the flows lose less than equal greens do.
#[test]
fn times_from_flows_lose_less_than_equal_greens() {
    let (along_vph, across_vph) = (700.0, 150.0);
    let mut derived = derive(&cross(400.0, 1)).unwrap();
    let flow =
        |flow_vph: f64| move |(from_street, to_street): (u32, u32)| MovementFlow { from_street, to_street, flow_vph };
    let flows: Vec<MovementFlow> = ALONG.map(flow(along_vph)).into_iter().chain(ACROSS.map(flow(across_vph))).collect();
    let limits = GreenLimits { green_min_s: 5.0, walking: None };
    let options = TimingOptions { greens: limits, ..TimingOptions::default() };
    let times = derived.timing(0, &flows, &options).unwrap();
    assert!((30.0..=120.0).contains(&times.cycle_s), "{times:?}");
    assert!(times.saturation < 1.0, "{times:?}");
    let longest = times.greens_s.iter().copied().fold(0.0, f64::max);
    assert!(longest > 2.0 * times.greens_s.iter().copied().fold(f64::INFINITY, f64::min), "{times:?}");
    let kind = ControlKind::Fixed { greens_s: times.greens_s.clone(), offset_s: 0.0 };
    derived.set_control(0, &ControlChoice { kind, bus_priority: None }, &limits).unwrap();
    assert!((derived.rows.signals[0].program.cycle_s() - times.cycle_s).abs() < 1e-9);
    let timed = LaneNetwork::build(&derived.rows).unwrap();
    let even = LaneNetwork::build(&controlled(&cross(400.0, 1), "fixed", false).rows).unwrap();
    let demand = random_demand(along_vph, across_vph, 1);
    let (timed, even) = (run(&timed, &demand, 1), run(&even, &demand, 1));
    for (timed, even) in timed.iter().zip(&even) {
        assert!(mean_loss_s(timed.iter()) < mean_loss_s(even.iter()));
    }
}

#[test]
fn the_stages_of_a_crossing_tell_what_they_open() {
    let derived = derive(&cross(400.0, 1)).unwrap();
    let stages = derived.open_movements(0);
    assert_eq!(stages.len(), 2);
    let straight = |stage: usize, (from, to): (u32, u32)| {
        stages[stage].iter().any(|open| (open.from_street, open.to_street, open.gives_way) == (from, to, false))
    };
    let along = usize::from(!straight(0, ALONG[0]));
    assert!(ALONG.iter().all(|&way| straight(along, way)) && ACROSS.iter().all(|&way| straight(1 - along, way)));
    // A left turn gives way to those from ahead.
    assert!(stages.iter().flatten().any(|open| open.gives_way));
    assert!(derived.open_movements(1).is_empty());
    // 2 lanes of 3.2 m at 1.2 m/s after 5 s, less the time between the stages.
    let stages = derived.stages(0, &GreenLimits::default()).unwrap();
    let least_s = (5.0 + 6.4 / 1.2 - stages.intergreen_s(0, 1)).ceil();
    assert_eq!(stages.stages()[0].min_s(), least_s.max(5.0));
}

#[test]
fn what_does_not_suit_a_junction_is_told() {
    let mut derived = derive(&cross(400.0, 1)).unwrap();
    let limits = GreenLimits::default();
    let told = |fault: super::network::derive::SignalFault| fault.to_string();
    let none = derived.set_control(1, &control_choice("fixed", 2, false), &limits).unwrap_err();
    assert_eq!(told(none), "junction 1 has no signal");
    for control in ["fixed", "actuated", "max pressure"] {
        let three = derived.set_control(0, &control_choice(control, 3, false), &limits).unwrap_err();
        assert_eq!(told(three), "3 greens are given for 2 stages; give one for each stage", "{control}");
    }
    assert!(derived.rows.signals[0].responsive.is_none());
    let flow = MovementFlow { from_street: 0, to_street: 99, flow_vph: 10.0 };
    let options = TimingOptions::default();
    assert!(told(derived.timing(0, &[flow], &options).unwrap_err()).starts_with("a flow of 10 vehicles"));
}

//! Simple networks on which what cars do is plain. What is known of traffic besides stands in `known`.

use super::Micro;
use crate::signals::{Lamp, Phase, Program};
use crate::traffic::car_following::Model;
use crate::traffic::demand::{DepartSpeed, SoughtWays, Stop, VehicleType};
use crate::traffic::fixtures::{Plan, car, demand, krauss};
use crate::traffic::meso::Meso;
use crate::traffic::network::{LaneNetwork, Permissions, RightOfWay, Span};
use crate::traffic::simulation::{FinishedTrip, Options};
use crate::traffic::trajectories::Traffic;

fn options(step_s: f64) -> Options {
    Options { begin_s: 0.0, end_s: Some(7200.0), step_s, seed: 1 }
}

/// One street of 1 km, then another, with a junction of 10 m between.
fn road(lanes: u32, speed_limit_mps: f64) -> Plan {
    let mut plan = Plan::default();
    let places: Vec<u32> = [0.0, 1010.0, 2020.0].map(|x| plan.junction(x, 0.0)).to_vec();
    let first = plan.street(places[0], places[1], lanes, speed_limit_mps, 5.0);
    let second = plan.street(places[1], places[2], lanes, speed_limit_mps, 5.0);
    for lane in 0..lanes {
        plan.movement((first, lane), (second, lane), RightOfWay::Priority);
    }
    plan
}

#[test]
fn alone_on_the_road_a_car_drives_at_the_speed_limit_and_loses_no_time() {
    let network = LaneNetwork::build(&road(1, 20.0).rows).unwrap();
    let demand = demand(car(krauss(0.0)), &[(0.0, vec![0, 1])]);
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    let [trip] = micro.finished() else { panic!("one trip ends") };
    // 1000 + 10 + 1000 m less where it began, at 20 m/s.
    assert!((trip.arrived_s - trip.departed_s - 100.0).abs() <= 2.0, "{trip:?}");
    assert!((0.0..=0.1).contains(&(2004.9 - trip.driven_m)), "{trip:?}");
    assert!(trip.time_loss_s.abs() < 1e-6, "{trip:?}");
}

#[test]
fn who_ends_in_the_middle_of_a_street_stays_behind_the_one_who_drives_on() {
    let network = LaneNetwork::build(&road(1, 20.0).rows).unwrap();
    let mut demand = demand(car(krauss(0.0)), &[(0.0, vec![0, 1]), (5.0, vec![0])]);
    demand.trips[1].arrival_position_m = Some(500.0);
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    let [first, second] = micro.finished() else { panic!("two trips end") };
    assert_eq!((first.trip, second.trip, micro.counts().held_back), (1, 0, 0));
    // It begins with its front at 5.1 m, and ends within 0.1 m of 500 m.
    assert!((0.0..=0.1).contains(&(494.9 - first.driven_m)), "{first:?}");
}

/// Two streets cross the way, 12 m apart; between them there is less room than a car takes, and it gives way at the second.
#[test]
fn a_car_crosses_two_streets_in_one_go_where_there_is_no_room_to_wait_between_them() {
    let mut plan = Plan::default();
    let [begin, first, second, end] = [0.0, 100.0, 112.0, 212.0].map(|x| plan.junction(x, 0.0));
    let streets =
        [(begin, first), (first, second), (second, end)].map(|(from, to)| plan.street(from, to, 1, 13.89, 3.0));
    plan.movement((streets[0], 0), (streets[1], 0), RightOfWay::Priority);
    let gives_way = plan.movement((streets[1], 0), (streets[2], 0), RightOfWay::Yield);
    let mut crossing = Vec::new();
    for (junction, x) in [(first, 100.0), (second, 112.0)] {
        let (from, to) = (plan.junction(x, -100.0), plan.junction(x, 100.0));
        let (into, out) = (plan.street(from, junction, 1, 13.89, 3.0), plan.street(junction, to, 1, 13.89, 3.0));
        crossing.push((plan.movement((into, 0), (out, 0), RightOfWay::Priority), vec![into, out]));
    }
    plan.rows.movements[gives_way as usize].yields_to = vec![crossing[1].0];
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let between_m = network.lanes[network.streets[streets[1] as usize].first_lane as usize].length_m;
    assert!(between_m < 7.5, "{between_m}");
    let mut trips: Vec<(f64, Vec<u32>)> = (0..10).map(|car| (f64::from(car) * 7.0, streets.to_vec())).collect();
    trips.extend((0..10).map(|car| (f64::from(car) * 7.0 + 2.0, crossing[1].1.clone())));
    trips.sort_by(|a, b| a.0.total_cmp(&b.0));
    let demand = demand(car(krauss(0.5)), &trips);
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    assert_eq!((micro.counts().arrived, micro.counts().held_back), (20, 0), "{:?}", micro.counts());
}

/// The right lane, which leads along the route, is for others alone: from the left one another street leads to where it goes.
#[test]
fn who_cannot_get_to_the_lane_for_its_turn_goes_where_its_lane_leads() {
    let mut plan = Plan::default();
    let [begin, fork, upper, lower, end, beyond] =
        [(0.0, 0.0), (100.0, 0.0), (200.0, 50.0), (200.0, -50.0), (300.0, 0.0), (400.0, 0.0)]
            .map(|(x, y)| plan.junction(x, y));
    let first = plan.street(begin, fork, 2, 13.89, 5.0);
    let [left, left_on, right, right_on, last] =
        [(fork, upper), (upper, end), (fork, lower), (lower, end), (end, beyond)]
            .map(|(from, to)| plan.street(from, to, 1, 13.89, 5.0));
    plan.rows.streets[first as usize].lanes[0].permissions = Permissions(2);
    for (from, lane, to) in [
        (first, 0, right),
        (first, 1, left),
        (left, 0, left_on),
        (right, 0, right_on),
        (left_on, 0, last),
        (right_on, 0, last),
    ] {
        plan.movement((from, lane), (to, 0), RightOfWay::Priority);
    }
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let demand = demand(car(krauss(0.0)), &[(0.0, vec![first, right, right_on, last])]);
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    let [trip] = micro.finished() else { panic!("the trip ends: {:?}", micro.counts()) };
    assert_eq!((micro.relief().reroutes, trip.end.lane), (1, network.streets[last as usize].first_lane));
    assert!((90.0..110.0).contains(&trip.waited_s), "{trip:?}");
}

/// A program of phases of so many seconds, a letter for each lamp.
fn program(phases: &[(f64, &str)]) -> Program {
    let lamp = |letter| match letter {
        'G' => Lamp::Green,
        'y' => Lamp::Yellow,
        _ => Lamp::Red,
    };
    let phase = |&(duration_s, shown): &(f64, &str)| Phase { duration_s, lamps: shown.chars().map(lamp).collect() };
    Program::new(phases.iter().map(phase).collect(), 0.0).unwrap()
}

/// As netconvert joins junctions of a map: the next stop line is closer than a car is long, and never open at the same time.
#[test]
fn stop_lines_closer_than_a_car_is_long_that_open_in_turn_are_passed_one_after_the_other() {
    let mut plan = Plan::default();
    let [begin, first, second, end] = [0.0, 200.0, 206.2, 400.0].map(|x| plan.junction(x, 0.0));
    let [south, north] = [-200.0, 200.0].map(|y| plan.junction(200.0, y));
    let streets =
        [(begin, first), (first, second), (second, end)].map(|(from, to)| plan.street(from, to, 1, 13.89, 3.0));
    let across = [(south, first), (first, north)].map(|(from, to)| plan.street(from, to, 1, 13.89, 3.0));
    let movements = [(streets[0], streets[1]), (streets[1], streets[2]), (across[0], across[1])]
        .map(|(from, to)| plan.movement((from, 0), (to, 0), RightOfWay::Priority));
    plan.rows.movements[movements[0] as usize].touches = vec![movements[2]];
    plan.signal(program(&[(20.0, "Grr"), (20.0, "rGr"), (20.0, "rrG")]), &movements);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let trips: Vec<(f64, Vec<u32>)> = (0..10).map(|car| (f64::from(car) * 30.0, streets.to_vec())).collect();
    let demand = demand(car(krauss(0.5)), &trips);
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    assert_eq!((micro.counts().arrived, micro.counts().held_back), (10, 0), "{:?}", micro.counts());
    assert!(micro.time_s() < 3600.0, "{}", micro.time_s());
    let mut meso = Meso::new(&network, &demand, options(1.0));
    meso.run();
    assert_eq!(meso.counts().arrived, 10);
}

/// Of two lanes one leads on, onto a street of 0.2 m: that is the one to take, although the other leads hardly less far.
#[test]
fn a_lane_that_leads_onto_a_very_short_street_is_better_than_one_that_does_not_lead_on() {
    let mut plan = Plan::default();
    let [begin, first, second, end] = [0.0, 300.0, 371.0, 377.2].map(|x| plan.junction(x, 0.0));
    let aside = plan.junction(371.0, -100.0);
    let streets = [(begin, first, 2), (first, second, 2), (second, end, 1)]
        .map(|(from, to, lanes)| plan.street(from, to, lanes, 13.89, 3.0));
    let elsewhere = plan.street(second, aside, 1, 13.89, 3.0);
    for lane in 0..2 {
        plan.movement((streets[0], lane), (streets[1], lane), RightOfWay::Priority);
    }
    plan.movement((streets[1], 0), (elsewhere, 0), RightOfWay::Priority);
    plan.movement((streets[1], 1), (streets[2], 0), RightOfWay::Priority);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let trips: Vec<(f64, Vec<u32>)> = (0..50).map(|car| (f64::from(car) * 3.0, streets.to_vec())).collect();
    let demand = demand(car(krauss(0.5)), &trips);
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    assert_eq!((micro.counts().arrived, micro.relief().reroutes), (50, 0), "{:?}", micro.counts());
    let mut meso = Meso::new(&network, &demand, options(1.0));
    meso.run();
    assert_eq!(meso.counts().arrived, 50);
}

/// Each gives way to the next, and the last to the first. SUMO takes one off the road after five minutes.
#[test]
fn where_each_gives_way_to_the_next_in_a_circle_the_one_who_has_waited_longest_goes() {
    let mut plan = Plan::default();
    let middle = plan.junction(0.0, 0.0);
    let mut ways = Vec::new();
    for (x, y) in [(200.0, 0.0), (-100.0, 173.2), (-100.0, -173.2)] {
        let (from, to) = (plan.junction(x, y), plan.junction(-x, -y));
        ways.push([plan.street(from, middle, 1, 13.89, 10.0), plan.street(middle, to, 1, 13.89, 10.0)]);
    }
    let movements: Vec<u32> =
        ways.iter().map(|way| plan.movement((way[0], 0), (way[1], 0), RightOfWay::Yield)).collect();
    for number in 0..3 {
        plan.rows.movements[movements[number] as usize].yields_to = vec![movements[(number + 1) % 3]];
    }
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let trips: Vec<(f64, Vec<u32>)> = ways.iter().map(|way| (0.0, way.to_vec())).collect();
    let demand = demand(car(krauss(0.0)), &trips);
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    let arrived_s: Vec<f64> = micro.finished().iter().map(|trip| trip.arrived_s).collect();
    assert_eq!(arrived_s.len(), 3);
    assert!(arrived_s[0] > 60.0 && arrived_s[2] < 400.0, "{arrived_s:?}");
}

/// The short way has little green; a longer one has none to wait for.
#[test]
fn who_looks_for_a_way_goes_round_the_jam_that_others_stand_in() {
    let mut plan = Plan::default();
    let places = [(0.0, 0.0), (200.0, 0.0), (700.0, 0.0), (450.0, 200.0), (900.0, 0.0)];
    let [begin, fork, join, corner, end] = places.map(|(x, y)| plan.junction(x, y));
    let streets = [(begin, fork), (fork, join), (fork, corner), (corner, join), (join, end)]
        .map(|(from, to)| plan.street(from, to, 1, 13.89, 8.0));
    let next = [(0, 1), (0, 2), (2, 3), (1, 4), (3, 4)];
    let movements = next.map(|(from, to)| plan.movement((streets[from], 0), (streets[to], 0), RightOfWay::Priority));
    plan.signal(program(&[(5.0, "G"), (55.0, "r")]), &movements[3..4]);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let short = vec![streets[0], streets[1], streets[4]];
    let trips: Vec<(f64, Vec<u32>)> = (0..100).map(|car| (f64::from(car) * 6.0, short.clone())).collect();
    let mut demand = demand(car(krauss(0.5)), &trips);
    let run = |demand: &crate::traffic::demand::TrafficDemand| {
        let mut micro = Micro::new(&network, demand, options(1.0));
        micro.run();
        let mut meso = Meso::new(&network, demand, options(1.0));
        meso.run();
        [micro.finished().to_vec(), meso.finished().to_vec()]
    };
    let longest_m = |finished: &[FinishedTrip]| finished.iter().map(|trip| trip.driven_m).fold(0.0, f64::max);
    for finished in run(&demand) {
        assert_eq!(finished.len(), 100);
        assert!(longest_m(&finished) < 900.0, "{}", longest_m(&finished));
    }
    demand.sought_ways = SoughtWays { choices: vec![(0, vec![streets[0], streets[4]])], ..SoughtWays::default() };
    for finished in run(&demand) {
        assert_eq!(finished.len(), 100);
        let round = finished.iter().filter(|trip| trip.driven_m > 950.0);
        assert!((20..100).contains(&round.clone().count()), "{}", round.count());
    }
}

/// Beyond the fork the main road is slow, so that its queue creeps; who turns left out of it on the other side stands in the way of
/// all behind. If the last street before the turn is shorter than its car, in the junction before as well: it is let go sooner.
#[test]
fn who_waits_to_turn_through_a_queue_that_creeps_is_let_in_where_drivers_do_that() {
    let [waits_s, let_in_s] = turning_s(100.0);
    assert!(waits_s > 100.0 && (30.0..60.0).contains(&let_in_s), "{waits_s} s, let in after {let_in_s} s");
    let [waits_s, let_out_s] = turning_s(20.0);
    assert!(waits_s > 100.0 && let_out_s < 25.0, "{waits_s} s, let out after {let_out_s} s");
}

/// What it loses if nobody lets it in, and if they do who see it wait for half a minute. The last corner before the turn is so far
/// from it.
fn turning_s(corner_m: f64) -> [f64; 2] {
    let mut plan = Plan::default();
    let [west, fork, bend, end] = [-300.0, 0.0, 200.0, 400.0].map(|x| plan.junction(x, 0.0));
    let (corner, south) = (plan.junction(corner_m, 0.0), plan.junction(0.0, -100.0));
    let places = [(west, fork), (fork, bend), (bend, end), (bend, corner), (corner, fork), (fork, south)];
    let streets =
        places.map(|(from, to)| plan.street(from, to, 1, if (from, to) == (bend, end) { 3.0 } else { 13.89 }, 8.0));
    let next = [(0, 1), (1, 2), (3, 4), (4, 5)]
        .map(|(from, to)| (from, to, if to == 5 { RightOfWay::Yield } else { RightOfWay::Priority }));
    let [through, _, _, turn] = next.map(|(from, to, rule)| plan.movement((streets[from], 0), (streets[to], 0), rule));
    plan.rows.movements[turn as usize].yields_to = vec![through];
    plan.rows.movements[turn as usize].touches = vec![through];
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let queue = (0..600).map(|car| (f64::from(car) * 2.0, streets[..3].to_vec()));
    let mut trips: Vec<(f64, Vec<u32>)> = queue.chain([(600.0, streets[3..].to_vec())]).collect();
    trips.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut demand = demand(car(krauss(0.5)), &trips);
    [None, Some(30.0)].map(|lets_in_after_s| {
        demand.lets_in_after_s = lets_in_after_s;
        let mut micro = Micro::new(&network, &demand, options(1.0));
        micro.run();
        assert_eq!((micro.counts().arrived, micro.counts().held_back), (601, 0));
        let turned = micro.finished().iter().find(|trip| trip.driven_m < 350.0);
        turned.map_or(f64::INFINITY, |trip| trip.time_loss_s)
    })
}

/// The last of them is due within the last step, which nobody sees the end of.
#[test]
fn whoever_is_due_before_the_end_is_told_of() {
    let network = LaneNetwork::build(&road(1, 20.0).rows).unwrap();
    let trips: Vec<(f64, Vec<u32>)> = [10.0, 599.0, 599.5].map(|begins_s| (begins_s, vec![0, 1])).to_vec();
    let demand = demand(car(krauss(0.0)), &trips);
    let options = Options { end_s: Some(600.0), ..options(1.0) };
    let mut micro = Micro::new(&network, &demand, options.clone());
    micro.run();
    let mut meso = Meso::new(&network, &demand, options);
    meso.run();
    for counts in [micro.counts(), meso.counts()] {
        assert_eq!(counts.arrived + counts.running + counts.waiting, 3, "{counts:?}");
    }
}

/// With an exponent of 2 the free acceleration a (1 − (v / v₀)²) gives v = v₀ tanh(a t / v₀).
#[test]
fn alone_an_idm_driver_accelerates_as_the_closed_form_says() {
    let network = LaneNetwork::build(&road(1, 13.89).rows).unwrap();
    let model = Model::Idm { headway_s: 1.0, exponent: 2.0 };
    let mut demand = demand(VehicleType { acceleration_mps2: 1.0, ..car(model) }, &[(0.0, vec![0, 1])]);
    demand.trips[0].depart_speed = DepartSpeed::Given(0.0);
    let mut micro = Micro::new(&network, &demand, options(0.1));
    let mut at = Vec::new();
    for second in 1..=40 {
        micro.advance_to(f64::from(second));
        micro.vehicles_at(&mut at);
        let expected_mps = 13.89 * libm::tanh(f64::from(second) / 13.89);
        let [car] = &at[..] else { panic!("one car is on the road") };
        assert!((car.speed_mps - expected_mps).abs() < 0.1, "{} instead of {expected_mps}", car.speed_mps);
    }
}

#[test]
fn drivers_who_want_less_headway_than_a_step_stop_at_reds_and_touch_nobody() {
    let mut plan = road(1, 13.89);
    plan.signal(program(&[(30.0, "r"), (16.0, "G"), (4.0, "y")]), &[0]);
    let network = LaneNetwork::build(&plan.rows).unwrap();
    for headway_s in [0.2, 0.5, 0.8] {
        let model = Model::Krauss { imperfection: 0.5, headway_s };
        let trips: Vec<(f64, Vec<u32>)> = (0..100).map(|car| (f64::from(car) * 1.5, vec![0, 1])).collect();
        let demand = demand(car(model), &trips);
        let mut micro = Micro::new(&network, &demand, options(1.0));
        let (mut before, mut at) = (0, Vec::new());
        let mut steps = 0;
        while !micro.is_over() {
            let now_s = micro.time_s();
            micro.step();
            micro.vehicles_at(&mut at);
            let mut fronts: Vec<f64> = at.iter().filter(|car| car.lane == 0).map(|car| car.position_m).collect();
            let passed = micro.counts().inserted as usize - fronts.len();
            assert!(passed == before || now_s % 50.0 >= 30.0, "{headway_s} s: somebody passes the red at {now_s} s");
            before = passed;
            fronts.sort_by(f64::total_cmp);
            assert!(fronts.windows(2).all(|pair| pair[1] - pair[0] >= 5.0), "{headway_s} s: {fronts:?}");
            steps += fronts.len();
        }
        assert_eq!((micro.counts().arrived, micro.counts().held_back), (100, 0), "{headway_s} s");
        assert!(steps > 1000, "{steps} places compared");
    }
}

#[test]
fn a_stop_takes_as_long_as_it_is_to_and_is_no_waiting() {
    let network = LaneNetwork::build(&road(1, 13.89).rows).unwrap();
    let mut demand = demand(car(krauss(0.0)), &[(0.0, vec![0, 1]), (300.0, vec![0, 1])]);
    demand.stops =
        vec![Stop { lane: 0, route_position: 0, start_m: 490.0, end_m: 500.0, duration_s: 10.0, until_s: None }];
    demand.trips[0].stops = Span { start: 0, end: 1 };
    let mut micro = Micro::new(&network, &demand, options(1.0));
    micro.run();
    let [stops, passes] = micro.finished() else { panic!("two trips end") };
    assert_eq!((stops.stopped_s, stops.waited_s, stops.halts, passes.stopped_s), (10.0, 0.0, 0, 0.0), "{stops:?}");
    let longer_s = (stops.arrived_s - stops.departed_s) - (passes.arrived_s - passes.departed_s);
    // From 13.89 m/s at 4.5 and 2.6 m/s² braking and accelerating cost about 1.5 and 2.7 s.
    assert!((longer_s - stops.time_loss_s - 10.0).abs() <= 1.0 && stops.time_loss_s < 5.5, "{longer_s} {stops:?}");
}

#[test]
fn a_vehicle_that_is_put_where_no_way_leads_is_counted_as_a_teleport() {
    let mut plan = Plan::default();
    let places: Vec<u32> = (0..5).map(|place| plan.junction(f64::from(place) * 210.0, 0.0)).collect();
    let streets: Vec<u32> = places.windows(2).map(|pair| plan.street(pair[0], pair[1], 2, 14.0, 5.0)).collect();
    for pair in streets.windows(2) {
        for lane in 0..2 {
            plan.movement((pair[0], lane), (pair[1], lane), RightOfWay::Priority);
        }
    }
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let demand = demand(car(krauss(0.0)), &[(0.0, vec![0, 1, 2, 3])]);
    let teleports = |moves: bool| {
        let mut micro = Micro::new(&network, &demand, options(1.0));
        while micro.time_s() < 20.0 {
            micro.step();
        }
        let lane = (2..4).find(|&lane| micro.on_lane(lane).next().is_some()).expect("on the second street");
        if moves {
            // From the second street to the fourth.
            let mut take = |lane: u32, row: Option<super::vehicles::Row>| {
                let block = &mut micro.blocks[micro.block_of[lane as usize] as usize];
                let local = (lane - block.first_lane) as usize;
                let taken = match row {
                    Some(row) => {
                        block.lanes[local].place(row);
                        None
                    }
                    None => Some(block.lanes[local].remove(0)),
                };
                block.note(local);
                taken
            };
            let mut row = take(lane, None).unwrap();
            row.memory.route_position = 3;
            take(lane + 4, Some(row));
        }
        micro.run();
        assert_eq!(micro.counts().arrived, 1);
        micro.counts().teleports
    };
    assert_eq!([false, true].map(teleports), [0, 1]);
}

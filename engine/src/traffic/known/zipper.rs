//! Two streets of one lane that become one, in turns (`zipper` of SUMO: each gives way to the other).
//!
//! On such a merge of its own `netconvert`, with random arrivals, the other street costs a vehicle 0.6 s in SUMO 1.28 where 100
//! vehicles an hour come on each of two streets of 13.89 m/s, 1.2 s where 300 do and 3.4 s where 600 do. In queues those who have
//! stopped start anew one by one, so that 600 on each cost more.

use super::{Simulation, options, poisson_s};
use crate::traffic::fixtures::{Plan, car, demand, krauss};
use crate::traffic::network::{LaneNetwork, RightOfWay};

#[test]
fn streets_that_become_one_in_turns_hold_each_other_up_for_seconds() {
    let mut plan = Plan::default();
    let places = [(0.0, 150.0), (0.0, -150.0), (480.0, 0.0), (980.0, 0.0)].map(|(x, y)| plan.junction(x, y));
    let [left, right, on] =
        [(0, 2), (1, 2), (2, 3)].map(|(from, to)| plan.street(places[from], places[to], 1, 13.89, 10.0));
    let turns = [left, right].map(|from| plan.movement((from, 0), (on, 0), RightOfWay::Zipper));
    for (own, foe) in [(0, 1), (1, 0)] {
        let row = &mut plan.rows.movements[turns[own] as usize];
        row.yields_to = vec![turns[foe]];
        (row.keep_clear, row.visibility_m) = (false, 100.0);
    }
    let network = LaneNetwork::build(&plan.rows).unwrap();
    let loss_s = |simulation: Simulation, streets: &[u32], on_each_vph: f64| {
        let mut trips: Vec<(f64, Vec<u32>)> = Vec::new();
        for (stream, &street) in (0..).zip(streets) {
            let begins_s = poisson_s(on_each_vph, 1800.0, 3, stream);
            trips.extend(begins_s.into_iter().map(|begins_s| (begins_s, vec![street, on])));
        }
        trips.sort_by(|a, b| a.0.total_cmp(&b.0));
        let demand = demand(car(krauss(0.5)), &trips);
        let (finished, _) = simulation.run(&network, &demand, options(3600.0, 1.0, 1), &[]);
        assert_eq!(finished.len(), trips.len(), "{simulation:?}: all arrive");
        finished.iter().map(|trip| trip.time_loss_s).sum::<f64>() / trips.len() as f64
    };
    for (on_each_vph, lane_by_lane_s, in_queues_s) in [(100.0, 0.6, 0.6), (300.0, 1.2, 2.0), (600.0, 4.0, 25.0)] {
        for (simulation, most_s) in [(Simulation::Micro, lane_by_lane_s), (Simulation::Meso, in_queues_s)] {
            let more_s = loss_s(simulation, &[left, right], on_each_vph) - loss_s(simulation, &[left], on_each_vph);
            assert!(more_s < most_s, "{simulation:?} with {on_each_vph} on each: {more_s} s more are lost");
        }
    }
}

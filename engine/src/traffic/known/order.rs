//! First in, first out: on a street with one lane nobody overtakes.

use std::collections::BTreeMap;

use super::{BOTH, options, poisson_s};
use crate::draws::{Draws, Purpose};
use crate::traffic::fixtures::{car_of_many, demand, grid, krauss};
use crate::traffic::network::LaneNetwork;
use crate::traffic::network::derive::{Control, derive};
use crate::traffic::routing::fastest;

#[test]
fn who_comes_first_onto_a_street_of_one_lane_leaves_it_first() {
    let controls = [Control::Signs, Control::RightBeforeLeft, Control::AllWayStop, Control::Signals];
    let plain = grid(4, 4, 120.0, 1, |column, row| controls[(column + row) as usize % 4]);
    let network = LaneNetwork::build(&derive(&plain).unwrap().rows).unwrap();
    let mut numbers = Draws::new(9).sequence(Purpose::new("ways"), 0);
    let mut street = || (numbers.uniform() * network.streets.len() as f64) as u32;
    let trips: Vec<(f64, Vec<u32>)> = poisson_s(2400.0, 1200.0, 9, 0)
        .into_iter()
        .filter_map(|begins_s| Some((begins_s, fastest(&network, Some(0), street(), street())?)))
        .collect();
    let demand = demand(car_of_many(krauss(0.5)), &trips);
    for simulation in BOTH {
        // The rank of each who is on a street: the first is the front one.
        let mut before: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut at = Vec::new();
        let mut seen = 0;
        simulation.watch(&network, &demand, options(1800.0, 0.5, 1), |traffic| {
            traffic.vehicles_at(&mut at);
            let mut now: BTreeMap<u32, Vec<(f64, u32)>> = BTreeMap::new();
            for vehicle in at.iter().filter(|vehicle| vehicle.lane < network.street_lane_count) {
                now.entry(vehicle.lane).or_default().push((-vehicle.position_m, vehicle.trip));
            }
            let after: BTreeMap<u32, Vec<u32>> = now
                .into_iter()
                .map(|(lane, mut places)| {
                    places.sort_by(|a, b| a.0.total_cmp(&b.0));
                    (lane, places.into_iter().map(|(_, trip)| trip).collect())
                })
                .collect();
            for (lane, order) in &before {
                let Some(later) = after.get(lane) else { continue };
                let stayed: Vec<u32> = order.iter().copied().filter(|trip| later.contains(trip)).collect();
                let time_s = traffic.time_s();
                assert_eq!(&later[..stayed.len()], &stayed[..], "{simulation:?}, lane {lane} at {time_s} s");
                seen += stayed.len();
            }
            before = after;
        });
        assert!(seen > 10_000, "{seen} places compared in {simulation:?}");
    }
}

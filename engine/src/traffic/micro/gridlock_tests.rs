//! Two crossings so near to each other that what waits at one stands in the other, and more traffic than they can carry: it goes
//! on, though slowly.

use super::Micro;
use crate::draws::{Draws, Purpose};
use crate::traffic::demand::{SQUEEZE_AFTER_S, TrafficDemand, VehicleType};
use crate::traffic::fixtures::{PlainPlan, car, demand, krauss};
use crate::traffic::from_city::vehicle_type;
use crate::traffic::network::LaneNetwork;
use crate::traffic::network::derive::{Control, derive};
use crate::traffic::simulation::Options;
use crate::vehicles::VehicleClass;

const HOUR_S: f64 = 3600.0;

/// Two crossings of four arms, joined by a street of so many metres, where its traffic goes first or not: the network, and the
/// ways from each of the six other arms to each.
fn two_crossings(apart_m: f64, middle_goes_first: bool) -> (LaneNetwork, Vec<Vec<u32>>) {
    let mut plan = PlainPlan::default();
    let crossings = [0.0, apart_m].map(|y| plan.junction(0.0, y, Control::Signs));
    let between = plan.two_way(crossings[0], crossings[1], 1, 3);
    let mut arms = Vec::new();
    for (at, outward) in [-1.0, 1.0].into_iter().enumerate() {
        let y = plan.plain.junctions[crossings[at] as usize].place.y;
        for (x, along, rank) in [(-300.0, 0.0, 3), (300.0, 0.0, 3), (0.0, 300.0, 3)] {
            let end = plan.junction(x, y + along * outward, Control::Signs);
            let rank = if middle_goes_first && x != 0.0 { 2 } else { rank };
            arms.push((at, plan.two_way(end, crossings[at], 1, rank)));
        }
    }
    let mut ways = Vec::new();
    for &(at, from) in &arms {
        for &(to_at, to) in arms.iter().filter(|arm| arm.1 != from) {
            let over = (at != to_at).then_some(between + at as u32);
            ways.push([Some(from), over, Some(to + 1)].into_iter().flatten().collect());
        }
    }
    (LaneNetwork::build(&derive(&plan.plain).unwrap().rows).unwrap(), ways)
}

/// An hour in which each way is wanted so often, one vehicle of ten a truck.
fn wanted(ways: &[Vec<u32>], each_vph: f64) -> TrafficDemand {
    let mut trips: Vec<(f64, Vec<u32>)> = Vec::new();
    for (row, way) in ways.iter().enumerate() {
        let mut chance = Draws::new(1).sequence(Purpose::new("arrivals"), row as u64);
        let mut now_s = 0.0;
        loop {
            now_s -= libm::log(1.0 - chance.uniform()) * HOUR_S / each_vph;
            if now_s >= HOUR_S {
                break;
            }
            trips.push((now_s, way.clone()));
        }
    }
    trips.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut demand = demand(car(krauss(0.5)), &trips);
    demand.types.push(VehicleType { permission: Some(0), ..vehicle_type(VehicleClass::HeavyVehicle) });
    demand.mixes[0].types = vec![(0, 0.9), (1, 0.1)];
    demand.squeeze_after_s = Some(SQUEEZE_AFTER_S);
    demand
}

/// 160 vehicles an hour from each arm to each other are three to four times what the crossings carry.
#[test]
fn crossings_close_together_do_not_lock() {
    for middle_goes_first in [true, false] {
        for apart_m in [25.0, 32.0, 40.0] {
            let (network, ways) = two_crossings(apart_m, middle_goes_first);
            let demand = wanted(&ways, 160.0);
            let options = Options { begin_s: 0.0, end_s: Some(5.0 * HOUR_S), step_s: 1.0, seed: 1 };
            let mut micro = Micro::new(&network, &demand, options);
            micro.run();
            let (counts, squeezes) = (micro.counts(), micro.relief().squeezes);
            let case = format!("{apart_m} m, middle first {middle_goes_first}: {counts:?}, {squeezes} squeezes");
            assert_eq!(counts.arrived, demand.trips.len() as u64, "{case}");
            let carried_vph = counts.arrived as f64 / micro.time_s() * HOUR_S;
            assert!(carried_vph > 1200.0, "{case}, {carried_vph} an hour");
            assert!(squeezes * 30 < counts.arrived, "{case}");
        }
    }
}

//! Lanes that are not for all: bus lanes, cycle lanes.
//!
//! They are the rightmost ones, in the order from the right. Where one may turn right at a crossing they end before it: over
//! the last [`OPEN_M`] the rightmost lane is open to whoever turns right, and to nobody else; who may use the reserved lanes goes
//! straight on from them all the same. So it is marked in Italy, where a broken line lets turning vehicles in before a
//! junction (Art. 40 of the regulation of the highway code, D.P.R. 495/1992, lets reserved lanes be entered across broken
//! lines); the length is our rule: four cars. A street with a right turn that is too short for it has no reserved lane: it would be
//! open all along. Where nobody turns right they go up to the stop line. Where streets only bend or change they go on, and all
//! others keep to the lanes beside them.

use super::super::Permissions;
use super::pockets::TAPER_M;
use super::setbacks::Setback;
use super::site::{Exit, NodeKind, Site};
use crate::traffic::network::Direction;

/// Over so many metres before a crossing whoever turns right may use the rightmost lane.
const OPEN_M: f64 = 30.0;
/// What must remain of the street before that, in metres.
const REST_M: f64 = 10.0;

/// The reserved lanes of one street.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ReservedLanes {
    /// Who may use each, from the right.
    pub(super) permissions: Vec<Permissions>,
    /// Whether the rightmost is open to whoever turns right before the junction.
    pub(super) is_open_at_end: bool,
    /// The length of the part at the end where it is, in metres; `None` where it is open nowhere, or in a pocket.
    pub(super) open_m: Option<f64>,
}

impl ReservedLanes {
    /// How many there are.
    pub(super) fn count(&self) -> u32 {
        self.permissions.len() as u32
    }
}

/// The reserved lanes of all streets.
pub(super) fn reserved_lanes(
    site: &Site,
    setbacks: &[Setback],
    pocket_lengths_m: &[Option<f64>],
) -> Vec<ReservedLanes> {
    (0..site.plain.streets.len())
        .map(|row| {
            let street = &site.plain.streets[row];
            let permissions = street.reserved.clone();
            if permissions.is_empty() || !turns_right(site, row as u32) {
                return ReservedLanes { permissions, ..ReservedLanes::default() };
            }
            if pocket_lengths_m[row].is_some() {
                return ReservedLanes { permissions, is_open_at_end: true, open_m: None };
            }
            let room_m = site.lengths_m[row] - setbacks[row].start_m - setbacks[row].end_m - TAPER_M - REST_M;
            if room_m < OPEN_M {
                return ReservedLanes::default();
            }
            ReservedLanes { permissions, is_open_at_end: true, open_m: Some(OPEN_M) }
        })
        .collect()
}

/// Whether some of those who arrive on a street, and not only those of its reserved lanes, may turn right where streets cross.
fn turns_right(site: &Site, street: u32) -> bool {
    let is_crossing =
        matches!(site.kinds[site.street(street).to_junction as usize], NodeKind::Crossing | NodeKind::Ring);
    is_crossing && site.exits[street as usize].iter().any(|exit| exit.direction == Direction::Right)
}

/// Which of a street's exits its reserved lanes lead to: that straight on, else the leftmost of those to the right, else the
/// rightmost.
pub(super) fn exit_of_reserved(exits: &[Exit]) -> usize {
    let straight = exits.iter().position(|exit| exit.direction == Direction::Straight);
    straight.or_else(|| exits.iter().rposition(|exit| exit.direction == Direction::Right)).unwrap_or(0)
}

/// The lane that each reserved lane enters: the first reserved one of the same users that is not further right than the one before, or
/// the first that is for all.
pub(super) fn lanes_entered_by_reserved(from: &[Permissions], to: &[Permissions]) -> Vec<u32> {
    let mut least = 0;
    from.iter()
        .map(|from| {
            let same = (least..to.len()).find(|&lane| to[lane].0 & from.0 != 0);
            least = same.unwrap_or(to.len());
            least as u32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Control, DeriveFault, DerivedNetwork, PlainStreets, TimingOptions, derive};
    use super::*;
    use crate::traffic::demand::{TrafficDemand, VehicleMix, VehicleType};
    use crate::traffic::fixtures::{PlainPlan, car, cross, demand, krauss};
    use crate::traffic::from_city::vehicle_type;
    use crate::traffic::meso::Meso;
    use crate::traffic::micro::Micro;
    use crate::traffic::network::LaneNetwork;
    use crate::traffic::network::rows::MovementRow;
    use crate::traffic::simulation::{FinishedTrip, Options};
    use crate::vehicles::VehicleClass;

    const BUS: Permissions = Permissions(1 << VehicleClass::Bus as u8);
    const BICYCLE: Permissions = Permissions(1 << VehicleClass::Bicycle as u8);

    /// A crossing whose street from the west (row 4; straight on leads row 1, to the right row 7) has reserved lanes.
    fn from_west(arm_m: f64, reserved: &[Permissions], behind: &[Permissions]) -> PlainStreets {
        let mut plain = cross(arm_m, 2);
        plain.streets[4].reserved = reserved.to_vec();
        plain.streets[1].reserved = behind.to_vec();
        plain
    }

    /// Movements from the west's last lanes to a street: lane, lane, and whether cars may take them.
    fn ways(derived: &DerivedNetwork, to: u32) -> Vec<(u32, u32, bool)> {
        let last = derived.pockets[4].unwrap_or(4);
        let is_way = |way: &&MovementRow| way.from.street == last && way.to.street == to;
        let for_cars = |way: &MovementRow| {
            let lane = |place: crate::traffic::network::rows::LanePlace| {
                &derived.rows.streets[place.street as usize].lanes[place.lane as usize]
            };
            [lane(way.from), lane(way.to), &way.inside[0]].iter().all(|lane| lane.permissions.allow(1))
        };
        let mut ways: Vec<_> = (derived.rows.movements.iter().filter(is_way))
            .map(|way| (way.from.lane, way.to.lane, for_cars(way)))
            .collect();
        ways.sort_unstable();
        ways
    }

    #[test]
    fn a_bus_lane_is_open_to_right_turns_before_a_crossing_and_buses_go_straight_on_from_it() {
        let derived = derive(&from_west(400.0, &[BUS], &[])).unwrap();
        let lanes = &derived.rows.streets[4].lanes;
        assert_eq!((lanes[0].permissions, lanes[1].permissions), (BUS, Permissions::ALL));
        let end = derived.pockets[4].expect("an open part");
        assert_eq!(derived.rows.streets[end as usize].lanes[0].permissions, Permissions::ALL);
        assert!((derived.rows.streets[end as usize].lanes[0].length_m - OPEN_M).abs() < 0.01);
        assert_eq!(ways(&derived, 7), [(0, 0, true)], "to the right");
        let straight = ways(&derived, 1);
        assert_eq!(straight[0], (0, 0, false), "straight on: buses");
        assert!(straight[1..].iter().all(|way| way.0 == 1 && way.2), "and all others beside them: {straight:?}");
        assert!(ways(&derived, 3).iter().all(|way| way.0 == 1), "to the left");
        LaneNetwork::build(&derived.rows).unwrap();
    }

    #[test]
    fn others_turn_into_the_lanes_beside_a_bus_lane() {
        let derived = derive(&from_west(400.0, &[], &[BUS])).unwrap();
        for way in derived.rows.movements.iter().filter(|way| way.to.street == 1 && way.to.lane == 0) {
            assert!(way.inside.iter().all(|lane| lane.permissions == BUS), "{way:?}");
        }
        let for_cars = |from: u32| {
            derived.rows.movements.iter().any(|way| way.from.street == from && way.to.street == 1 && way.to.lane == 1)
        };
        assert!([2, 4, 6].into_iter().all(for_cars), "from north, west and south");
    }

    #[test]
    fn reserved_lanes_go_on_where_a_street_bends_and_lead_into_those_of_the_same_users() {
        let mut plan = PlainPlan::default();
        let places = [(0.0, 0.0), (150.0, 0.0), (290.0, 60.0), (450.0, 60.0)];
        let [a, b, c, d] = places.map(|(x, y)| plan.junction(x, y, Control::Signs));
        for (from, to) in [(a, b), (b, c), (c, d)] {
            plan.one_way(from, to, 3, 3);
        }
        for (row, reserved) in [vec![BUS], vec![BICYCLE, BUS], vec![]].into_iter().enumerate() {
            plan.plain.streets[row].reserved = reserved;
        }
        let derived = derive(&plan.plain).unwrap();
        assert_eq!(derived.pockets, [None; 3]);
        let from_bus_lane = |row: u32, lane: u32| -> Vec<u32> {
            let ways = derived.rows.movements.iter().filter(|way| (way.from.street, way.from.lane) == (row, lane));
            ways.map(|way| way.to.lane).collect()
        };
        assert_eq!((from_bus_lane(0, 0), from_bus_lane(1, 1)), (vec![1], vec![0]));
        assert_eq!(lanes_entered_by_reserved(&[BUS], &[BICYCLE, BUS]), [1]);
        assert_eq!(lanes_entered_by_reserved(&[BICYCLE, BUS], &[BUS]), [1, 1]);
        LaneNetwork::build(&derived.rows).unwrap();
    }

    #[test]
    fn a_street_too_short_for_right_turns_has_no_bus_lane_and_no_street_has_nothing_else() {
        let mut plain = cross(60.0, 2);
        plain.streets[4].reserved = vec![BUS];
        let derived = derive(&plain).unwrap();
        assert!(derived.rows.streets[4].lanes.iter().all(|lane| lane.permissions == Permissions::ALL));
        plain.streets[4].reserved = vec![BUS, BUS];
        let fault = DeriveFault::Reserved { name: "s4".to_owned(), reserved: 2, lanes: 2 };
        assert_eq!(derive(&plain).unwrap_err(), [fault]);
    }

    #[test]
    fn a_lane_that_is_taken_costs_capacity() {
        let ways = [(4, 1), (0, 5), (2, 7), (6, 3)];
        let flows = ways.map(|way| (way, 900.0)).into_iter().collect();
        let capacity = |reserved: &[Permissions]| {
            let derived = derive(&from_west(400.0, reserved, reserved)).unwrap();
            derived.end_capacities_vph(&flows, &TimingOptions::default()).unwrap()[4]
        };
        let (with, without) = (capacity(&[BICYCLE]), capacity(&[]));
        // Not half of it: the signal gives the street more of its time.
        assert!(with < 0.8 * without && with > 0.5 * without, "{with} and {without} vehicles an hour");
    }

    /// Cars from west to east, more than two lanes let pass, and a bus every 75 s among them.
    fn jam() -> (TrafficDemand, usize) {
        let (cars, buses) = (300, 8);
        let mut trips: Vec<(f64, bool)> = (0..cars).map(|number| (f64::from(number) * 2.0, false)).collect();
        trips.extend((0..buses).map(|number| (60.5 + f64::from(number) * 75.0, true)));
        trips.sort_by(|a, b| a.0.total_cmp(&b.0));
        let rows: Vec<(f64, Vec<u32>)> = trips.iter().map(|&(depart_s, _)| (depart_s, vec![4, 1])).collect();
        let kind = VehicleType { permission: Some(VehicleClass::OtherCar as u8), ..car(krauss(0.5)) };
        let mut demand = demand(kind, &rows);
        demand.types.push(vehicle_type(VehicleClass::Bus));
        demand.mixes.push(VehicleMix { types: vec![(demand.types.len() as u32 - 1, 1.0)] });
        let bus = demand.mixes.len() as u32 - 1;
        demand.trips.iter_mut().zip(&trips).filter(|(_, (_, is_bus))| *is_bus).for_each(|(trip, _)| trip.mix = bus);
        (demand, buses as usize)
    }

    #[test]
    fn in_a_jam_buses_gain_and_cars_lose_by_a_bus_lane() {
        let (mut demand, buses) = jam();
        let options = Options { begin_s: 0.0, end_s: Some(7200.0), step_s: 1.0, seed: 1 };
        let mut run = |reserved: &[Permissions]| {
            let derived = derive(&from_west(1600.0, reserved, &[])).unwrap();
            demand.routes.iter_mut().for_each(|route| route.streets = derived.route(&[4, 1]));
            let network = LaneNetwork::build(&derived.rows).unwrap();
            let mut micro = Micro::new(&network, &demand, options.clone());
            micro.run();
            let mut meso = Meso::new(&network, &demand, options.clone());
            meso.run();
            [micro.finished().to_vec(), meso.finished().to_vec()].map(|trips: Vec<FinishedTrip>| {
                assert_eq!(trips.len(), demand.trips.len(), "all arrive");
                let mean_s = |is_bus: bool| {
                    let of = trips.iter().filter(|trip| (demand.trips[trip.trip as usize].mix != 0) == is_bus);
                    let lost_s: Vec<f64> = of.map(|trip| trip.time_loss_s + trip.depart_delay_s).collect();
                    assert!(!is_bus || lost_s.len() == buses);
                    lost_s.iter().sum::<f64>() / lost_s.len() as f64
                };
                (mean_s(false), mean_s(true))
            })
        };
        let (with, without) = (run(&[BUS]), run(&[]));
        for (simulation, ((cars, buses), (cars_before, buses_before))) in
            ["micro", "meso"].into_iter().zip(with.into_iter().zip(without))
        {
            assert!(buses < 0.5 * buses_before, "{simulation}: buses lose {buses} s, before {buses_before} s");
            assert!(cars > 1.2 * cars_before, "{simulation}: cars lose {cars} s, before {cars_before} s");
        }
    }
}

//! Lines of buses as vehicles: one for each departure, on the line's way, with its stops.

use engine::traffic::demand::{
    DepartLane, DepartPosition, DepartSpeed, Route, RouteChoice, Stop, TrafficDemand, Trip, VehicleMix,
};
use engine::traffic::from_city::{CityTrips, LinkPlace, vehicle_type};
use engine::traffic::network::Span;
use engine::vehicles::VehicleClass;

use super::super::model::CityModel;
use super::lanes::CityLanes;
use crate::scenario::{LineRoute, LineVehicle};

/// Length of an articulated bus, in metres (Directive 96/53/EC, annex I).
const ARTICULATED_M: f64 = 18.0;
/// Buses stand with their rear this far from the beginning of a stop, at least, in metres.
const BEHIND_M: f64 = 1.0;
/// Keys of lines' draws begin here: beyond those of every stream.
const FIRST_KEY: u64 = 4095 << 52;

/// Adds the vehicles of all lines that begin between two times, in seconds; tells how many.
pub(super) fn add(
    model: &CityModel,
    lanes: &CityLanes,
    city_trips: &mut CityTrips,
    (from_s, to_s): (f64, f64),
) -> usize {
    let day = model.applied.tables.about.day_plan.day;
    let mut buses: Vec<Trip> = Vec::new();
    for (number, line) in (0_u64..).zip(model.applied.traffic.lines.values()) {
        let departures: Vec<f64> =
            line.departures_s(day).into_iter().filter(|&time_s| from_s <= time_s && time_s < to_s).collect();
        for (way, route) in std::iter::once(&line.there).chain(&line.back).enumerate() {
            let Some(made) = Way::new(lanes, &mut city_trips.demand, route, line.vehicle) else { continue };
            for (vehicle, &depart_s) in (0_u64..).zip(&departures) {
                buses.push(Trip {
                    name: format!("line {} {}.{vehicle}", line.name, ["there", "back"][way]),
                    draw_key: Some(FIRST_KEY | number << 20 | (way as u64) << 19 | vehicle),
                    mix: made.mix,
                    route_choice: made.route_choice,
                    depart_s,
                    depart_lane: DepartLane::First,
                    depart_position: DepartPosition::Base,
                    depart_speed: DepartSpeed::Max,
                    arrival_position_m: None,
                    stops: made.stops,
                });
            }
        }
    }
    let count = buses.len();
    city_trips.add(buses);
    count
}

/// A line's way as the simulations know it.
struct Way {
    mix: u32,
    route_choice: u32,
    stops: Span,
}

impl Way {
    /// The way of a line on the lanes; none where no street is on it.
    fn new(lanes: &CityLanes, demand: &mut TrafficDemand, route: &LineRoute, vehicle: LineVehicle) -> Option<Self> {
        let streets_of = |link: usize| match lanes.streets.places.get(link) {
            Some(LinkPlace::Street(street)) => {
                let pocket = lanes.derived.pockets[*street as usize];
                std::iter::once(*street).chain(pocket).collect::<Vec<u32>>()
            }
            _ => Vec::new(),
        };
        // For each link where its streets begin among those of the way.
        let (mut streets, mut starts) = (Vec::new(), Vec::new());
        for &link in &route.links {
            starts.push(streets.len());
            streets.extend(streets_of(link));
        }
        if streets.is_empty() {
            return None;
        }
        let mut kind = vehicle_type(VehicleClass::Bus);
        if vehicle == LineVehicle::ArticulatedBus {
            kind.name = "articulated_bus".to_owned();
            kind.length_m = ARTICULATED_M;
        }
        let length_m = kind.length_m;
        let known = demand.types.iter().position(|other| other.name == kind.name);
        let kind = known.unwrap_or_else(|| {
            demand.types.push(kind);
            demand.types.len() - 1
        });
        let first_stop = demand.stops.len() as u32;
        for stop in &route.stops {
            let (start, end) = (starts[stop.on], starts.get(stop.on + 1).copied().unwrap_or(streets.len()));
            let parts = &streets[start..end];
            let lane_m = |street: u32| lanes.derived.rows.streets[street as usize].lanes[0].length_m;
            let mut left_m = stop.at_m;
            let mut at = None;
            for (place, &street) in parts.iter().enumerate() {
                at = Some((start + place, street, left_m.min(lane_m(street))));
                if left_m <= lane_m(street) {
                    break;
                }
                left_m -= lane_m(street);
            }
            let Some((route_position, street, end_m)) = at else { continue };
            let least_m = (length_m + BEHIND_M).min(lane_m(street));
            let end_m = end_m.max(least_m);
            demand.stops.push(Stop {
                lane: lanes.network.streets[street as usize].first_lane,
                route_position: route_position as u32,
                start_m: (end_m - length_m).max(0.0),
                end_m,
                duration_s: stop.dwell_s,
                until_s: None,
            });
        }
        let stops = Span { start: first_stop, end: demand.stops.len() as u32 };
        demand.mixes.push(VehicleMix { types: vec![(kind as u32, 1.0)] });
        demand.routes.push(Route { streets });
        demand.route_choices.push(RouteChoice { routes: vec![(demand.routes.len() as u32 - 1, 1.0)] });
        Some(Self { mix: demand.mixes.len() as u32 - 1, route_choice: demand.route_choices.len() as u32 - 1, stops })
    }
}

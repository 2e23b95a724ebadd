//! Lines of buses as vehicles: one for each departure, on the line's way, with its stops.

use std::ops::Range;

use engine::traffic::demand::{
    DepartLane, DepartPosition, DepartSpeed, Route, RouteChoice, Stop, TrafficDemand, Trip, VehicleMix,
};
use engine::traffic::from_city::{CityTrips, LinkPlace, vehicle_type};
use engine::traffic::network::Span;
use engine::vehicles::VehicleClass;

use super::super::base::SimulateError;
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
///
/// # Errors
/// [`SimulateError::Line`] where a line's way lies within one crossing.
pub(super) fn add(
    model: &CityModel,
    lanes: &CityLanes,
    city_trips: &mut CityTrips,
    (from_s, to_s): (f64, f64),
) -> Result<usize, SimulateError> {
    let day = model.applied.tables.about.day_plan.day;
    let mut buses: Vec<Trip> = Vec::new();
    for (number, line) in (0_u64..).zip(model.applied.traffic.lines.values()) {
        let departures: Vec<f64> =
            line.departures_s(day).into_iter().filter(|&time_s| from_s <= time_s && time_s < to_s).collect();
        for (way, route) in std::iter::once(&line.there).chain(&line.back).enumerate() {
            let made = Way::new(lanes, &mut city_trips.demand, route, line.vehicle)
                .ok_or_else(|| SimulateError::Line { line: line.name.clone() })?;
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
    Ok(count)
}

/// A line's way as the simulations know it.
struct Way {
    mix: u32,
    route_choice: u32,
    stops: Span,
}

impl Way {
    /// The way of a line on the lanes; none where it lies within one crossing.
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
        let lane_m = |street: u32| lanes.derived.rows.streets[street as usize].lanes[0].length_m;
        for stop in &route.stops {
            let (start, end) = (starts[stop.on], starts.get(stop.on + 1).copied().unwrap_or(streets.len()));
            let (route_position, end_m) = place_of(stop.at_m, start..end, |place| lane_m(streets[place]));
            let street = streets[route_position];
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

/// On which street of the way, and how far along it in metres, a place of a link is, which those streets of the way make up, one
/// behind the other. A link that lies within a crossing has none: its stops are at the end of the street before, or, where there
/// is none, at the beginning of the first.
fn place_of(at_m: f64, link: Range<usize>, length_m: impl Fn(usize) -> f64) -> (usize, f64) {
    let mut left_m = at_m;
    for street in link.clone() {
        if left_m <= length_m(street) || street + 1 == link.end {
            return (street, left_m.min(length_m(street)));
        }
        left_m -= length_m(street);
    }
    link.start.checked_sub(1).map_or((0, 0.0), |before| (before, length_m(before)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_on_the_street_that_its_link_reaches_there_or_before_the_crossing_that_the_link_lies_in() {
        let length_m = |street: usize| [50.0, 30.0, 20.0][street];
        let at = |at_m: f64, link: Range<usize>| place_of(at_m, link, length_m);
        assert_eq!(at(10.0, 1..3), (1, 10.0));
        assert_eq!(at(35.0, 1..3), (2, 5.0));
        assert_eq!(at(80.0, 1..3), (2, 20.0), "the link is longer than its streets: crossings are not theirs");
        assert_eq!(at(5.0, 1..1), (0, 50.0));
        assert_eq!(at(5.0, 0..0), (0, 0.0));
    }
}

//! Who may drive: a trip needs streets that follow on each other and are open to its type, lanes and places that there are,
//! and a time within the run. Whoever lacks any of that is refused with the reason, and the rest goes on.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use engine::traffic::current_ways::{CurrentWays, Traveller};
use engine::traffic::demand::{
    DepartLane, DepartPosition, DepartSpeed, RandomFlow, Route, RouteChoice, Stop, TrafficDemand, Trip,
};
use engine::traffic::network::Span;
use engine::traffic::network::rows::NetworkRows;

use super::departures::{BEFORE_BEGIN, Departures, Run, expected};
use super::error::SumoFault;
use super::roads::Roads;
use super::stops::PlannedStop;
use super::trips::Arrival;

/// Trips that a scenario may have.
pub(super) const TRIPS_MAX: u64 = 20_000_000;
/// Stops that all trips together may make.
const STOPS_MAX: u64 = 100_000_000;
/// How far behind the stop before it a stop on the same street may lie, in metres (SUMO, `POSITION_EPS`).
const STOP_TOLERANCE_M: f64 = 0.1;

/// How far before the end of an empty lane one begins who is to begin as far ahead as possible, in metres.
const LAST_BEFORE_END_M: f64 = 0.1;
/// How much faster than its type may somebody may begin, in metres a second: speeds are written with two digits (SUMO 1.28).
pub(super) const SPEED_TOLERANCE_MPS: f64 = 0.01;

/// A trip or flow that is not driven, or of which some vehicles are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedTrip {
    /// The file where it stands.
    pub file: Arc<Path>,
    /// The line there, from 1.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// How many vehicles that are; 1 for a flow whose number is random or wrong.
    pub count: u64,
    /// Why.
    pub reason: String,
}

/// All of a trip or flow but its route.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Its number among all, in the order of the source.
    pub(super) order: u32,
    pub(super) name: String,
    pub(super) mix: u32,
    pub(super) departures: Departures,
    pub(super) lane: DepartLane,
    pub(super) position: DepartPosition,
    pub(super) speed: DepartSpeed,
    pub(super) arrival: Arrival,
    pub(super) stops: Vec<PlannedStop>,
}

/// Why a trip is not let in.
pub(super) enum Refusal {
    /// Only this trip is at fault.
    Trip(String),
    /// There are too many trips or stops altogether.
    TooMany(SumoFault),
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self::Trip(reason)
    }
}

/// How many vehicles of a flow are let in, and how many lie outside the run.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outside {
    pub(super) before_begin: u64,
    pub(super) after_end: u64,
}

impl Outside {
    /// The vehicles that are not let in, with the reason.
    pub(super) fn refused(self, run: Run) -> impl Iterator<Item = (u64, &'static str)> {
        [(self.before_begin, BEFORE_BEGIN), (self.after_end, run.too_late())]
            .into_iter()
            .filter(|(count, _)| *count > 0)
    }
}

/// Demand while trips are let in.
pub(super) struct Admission<'d> {
    rows: &'d NetworkRows,
    roads: Roads,
    /// The permissions of all types that each mix draws from.
    permissions: Vec<Vec<Option<u8>>>,
    run: Run,
    pub(super) demand: &'d mut TrafficDemand,
    /// Which element of the source each trip of the demand comes from, by its number.
    orders: &'d mut Vec<u32>,
    /// How many trips are expected of the demand's random flows.
    random_trips: u64,
    choice_of_route: HashMap<Vec<u32>, (u32, u32)>,
    /// The choices of ways that are looked for when trips begin, by the streets that they lead through and their route.
    choice_of_sought: HashMap<(Vec<u32>, u32), u32>,
    /// Ways on empty streets, by the type that drives and the streets that they lead through.
    known_ways: HashMap<(u32, Vec<u32>), Option<Vec<u32>>>,
    /// Why routes are closed to permissions, as far as that was asked.
    closed: HashMap<(u32, Option<u8>), Option<String>>,
}

impl<'d> Admission<'d> {
    /// Types and mixes of the demand must be complete.
    pub(super) fn new(
        rows: &'d NetworkRows,
        run: Run,
        demand: &'d mut TrafficDemand,
        orders: &'d mut Vec<u32>,
    ) -> Self {
        let roads = Roads::new(rows);
        let permissions = demand.mixes.iter().map(|mix| {
            let types = mix.types.iter().map(|(row, _)| demand.types[*row as usize].permission);
            types.collect::<BTreeSet<_>>().into_iter().collect()
        });
        let permissions = permissions.collect();
        let count = |flow: &RandomFlow| expected(flow.arrivals, (flow.begin_s, flow.end_s), flow.most);
        let random_trips = demand.random_flows.iter().map(count).sum();
        Self {
            rows,
            roads,
            permissions,
            run,
            demand,
            orders,
            random_trips,
            choice_of_route: HashMap::new(),
            choice_of_sought: HashMap::new(),
            known_ways: HashMap::new(),
            closed: HashMap::new(),
        }
    }

    /// The permissions of all types that a mix draws from, each once.
    pub(super) fn permissions(&self, mix: u32) -> &[Option<u8>] {
        &self.permissions[mix as usize]
    }

    /// The row of a route and of the choice of that route alone.
    fn route(&mut self, streets: &[u32]) -> (u32, u32) {
        if let Some(rows) = self.choice_of_route.get(streets) {
            return *rows;
        }
        let route = self.demand.routes.len() as u32;
        self.demand.routes.push(Route { streets: streets.to_vec() });
        let choice = self.push_choice(vec![(route, 1.0)]);
        self.choice_of_route.insert(streets.to_vec(), (route, choice));
        (route, choice)
    }

    /// The row of a choice of routes, given by their streets and shares.
    pub(super) fn choice(&mut self, routes: &[(&[u32], f64)]) -> u32 {
        if let [(streets, _)] = routes {
            return self.route(streets).1;
        }
        let routes = routes.iter().map(|(streets, share)| (self.route(streets).0, *share)).collect();
        self.push_choice(routes)
    }

    /// The row of the choice of a way that is looked for when a trip begins: through these streets; on empty streets, it is that
    /// route.
    pub(super) fn sought(&mut self, streets: &[u32], through: &[u32]) -> u32 {
        let route = self.route(streets).0;
        let key = (through.to_vec(), route);
        if let Some(choice) = self.choice_of_sought.get(&key) {
            return *choice;
        }
        let choice = self.push_choice(vec![(route, 1.0)]);
        self.demand.sought_ways.choices.push((choice, through.to_vec()));
        self.choice_of_sought.insert(key, choice);
        choice
    }

    /// The rows of the types that a mix draws from; of those that find the same ways, one.
    pub(super) fn travellers(&self, mix: u32) -> Vec<u32> {
        let types = self.demand.mixes[mix as usize].types.iter().map(|(row, _)| *row);
        let mut travellers: Vec<u32> = Vec::new();
        for row in types {
            let kind = &self.demand.types[row as usize];
            let finds_the_same = |other: &u32| self.demand.types[*other as usize].permission == kind.permission;
            if !travellers.iter().any(finds_the_same) {
                travellers.push(row);
            }
        }
        travellers
    }

    /// The fastest way through streets if they are empty, for a type.
    pub(super) fn known_way(&mut self, kind: u32, through: &[u32], ways: &mut CurrentWays) -> Option<Vec<u32>> {
        let row = &self.demand.types[kind as usize];
        let who = Traveller::of(row, row.speed_factor.mean);
        let known = self.known_ways.entry((kind, through.to_vec()));
        known.or_insert_with(|| ways.through(who, through, &|_| f64::INFINITY)).clone()
    }

    fn push_choice(&mut self, routes: Vec<(u32, f64)>) -> u32 {
        self.demand.route_choices.push(RouteChoice { routes });
        self.demand.route_choices.len() as u32 - 1
    }

    /// Lets in a trip or flow with a choice of routes.
    pub(super) fn admit(&mut self, plan: &Plan, choice: u32) -> Result<Outside, Refusal> {
        if let Departures::Once(depart_s) = plan.departures
            && let Some(reason) = self.run.refuses(depart_s)
        {
            return Err(reason.to_owned().into());
        }
        let routes: Vec<u32> = self.demand.route_choices[choice as usize].routes.iter().map(|(row, _)| *row).collect();
        let mut permissions = self.permissions(plan.mix).to_vec();
        if self.demand.sought_ways.through(choice).is_some() {
            // It is known already that all types of the mix find a way; this one is that of the first.
            let first = self.demand.mixes[plan.mix as usize].types.first();
            permissions = first.map(|(row, _)| self.demand.types[*row as usize].permission).into_iter().collect();
        }
        for &route in &routes {
            self.check_route(route, &permissions)?;
            self.check_departure(plan, route)?;
            self.check_lane(plan, route)?;
            self.check_speed(plan, route)?;
        }
        let arrival_position_m = self.arrival_m(plan.arrival, &routes);
        let is_behind = |route: &u32| {
            let is_one_street = self.demand.routes[*route as usize].streets.len() == 1;
            is_one_street && arrival_position_m.is_some_and(|arrival_m| arrival_m <= self.begins_m(plan, *route))
        };
        if routes.iter().any(is_behind) {
            return Err("it would end where it begins, or behind: its arrivalPos is not beyond its departPos"
                .to_owned()
                .into());
        }
        let stops = self.stops(plan, &routes, &permissions)?;
        let trip = |name: String, depart_s: f64, stops: Span| Trip {
            draw_key: None,
            name,
            mix: plan.mix,
            route_choice: choice,
            depart_s,
            depart_lane: plan.lane,
            depart_position: plan.position,
            depart_speed: plan.speed,
            arrival_position_m,
            stops,
        };
        match plan.departures {
            Departures::Once(depart_s) => {
                self.make_room(1, stops.len() as u64)?;
                let stops = self.push_stops(&stops, plan, depart_s, 0.0);
                self.push(trip(plan.name.clone(), depart_s, stops), plan.order);
                Ok(Outside::default())
            }
            Departures::Regular(regular) => {
                let clipped = regular.clipped(self.run);
                let count = clipped.end - clipped.first;
                // Vehicles share their stops unless each leaves at a time of its own.
                let moves = plan.stops.iter().any(|stop| stop.until_s.is_some());
                let stop_count = (stops.len() as u64).saturating_mul(if moves { count } else { 1 });
                self.make_room(count, stop_count)?;
                let mut span = None;
                for number in clipped.first..clipped.end {
                    let depart_s = regular.depart_s(number);
                    let since_first_s = depart_s - regular.depart_s(0);
                    let stops = match span.filter(|_| !moves) {
                        Some(span) => span,
                        None => self.push_stops(&stops, plan, depart_s, since_first_s),
                    };
                    span = Some(stops);
                    let name = format!("{}.{}", plan.name, number - clipped.first);
                    self.push(trip(name, depart_s, stops), plan.order);
                }
                Ok(Outside { before_begin: clipped.before_begin, after_end: clipped.after_end })
            }
            Departures::Random { begin_s, end_s, most, arrivals } => {
                let begin_s = begin_s.max(self.run.begin_s);
                let end_s = end_s.min(self.run.until_s());
                if begin_s >= end_s {
                    return Err(self.run.too_late().to_owned().into());
                }
                let count = expected(arrivals, (begin_s, end_s), most);
                self.make_room(count, stops.len() as u64)?;
                if plan.stops.iter().any(|stop| stop.until_from_departure && stop.until_s.is_some()) {
                    let reason =
                        "stops of its route count 'until' from its departure, which is random; give a duration";
                    return Err(reason.to_owned().into());
                }
                let stops = self.push_stops(&stops, plan, begin_s, 0.0);
                let trip = trip(plan.name.clone(), begin_s, stops);
                self.demand.random_flows.push(RandomFlow { trip, begin_s, end_s, most, arrivals });
                self.random_trips += count;
                Ok(Outside::default())
            }
        }
    }

    /// Whether there is room for more trips and stops.
    fn make_room(&self, trips: u64, stops: u64) -> Result<(), Refusal> {
        let trips_there = self.demand.trips.len() as u64 + self.random_trips;
        let stops_there = self.demand.stops.len() as u64;
        let limits = [("trips", trips_there, trips, TRIPS_MAX), ("stops", stops_there, stops, STOPS_MAX)];
        match limits.into_iter().find(|(_, there, more, most)| there.saturating_add(*more) > *most) {
            Some((what, .., most)) => Err(Refusal::TooMany(SumoFault::TooMany { what, most })),
            None => Ok(()),
        }
    }

    fn push(&mut self, trip: Trip, order: u32) {
        self.demand.trips.push(trip);
        self.orders.push(order);
    }

    fn check_route(&mut self, route: u32, permissions: &[Option<u8>]) -> Result<(), String> {
        for &permission in permissions {
            let streets = &self.demand.routes[route as usize].streets;
            let closed = self.closed.entry((route, permission));
            let closed = closed.or_insert_with(|| self.roads.closed(self.rows, streets, permission));
            if let Some(reason) = closed {
                return Err(reason.clone());
            }
        }
        Ok(())
    }

    fn check_departure(&self, plan: &Plan, route: u32) -> Result<(), String> {
        let first = self.demand.routes[route as usize].streets[0];
        let street = &self.rows.streets[first as usize];
        if let DepartLane::Given(lane) = plan.lane
            && lane as usize >= street.lanes.len()
        {
            let count = street.lanes.len();
            return Err(format!("its departLane is {lane}, but '{}' has {count} lanes from 0", street.name));
        }
        if let DepartPosition::Given(position_m) = plan.position
            && position_m.abs() > street.lanes[0].length_m
        {
            let length_m = street.lanes[0].length_m;
            return Err(format!("its departPos is {position_m} m, but '{}' is {length_m} m long", street.name));
        }
        Ok(())
    }

    /// Whether the lane that a trip names is open to all types that it draws from.
    fn check_lane(&self, plan: &Plan, route: u32) -> Result<(), String> {
        let DepartLane::Given(lane) = plan.lane else { return Ok(()) };
        let street = &self.rows.streets[self.demand.routes[route as usize].streets[0] as usize];
        let lets_in = street.lanes[lane as usize].permissions;
        let is_closed = |permission: &Option<u8>| permission.is_some_and(|permission| !lets_in.allow(permission));
        if self.permissions(plan.mix).iter().any(is_closed) {
            return Err(format!(
                "its departLane is {lane}, which on '{}' is not open to its type; name a lane that is, or 'best'",
                street.name
            ));
        }
        Ok(())
    }

    /// Whether a trip may begin as fast as it says. Where drivers differ, one is drawn who may (SUMO).
    fn check_speed(&self, plan: &Plan, route: u32) -> Result<(), String> {
        let DepartSpeed::Given(speed_mps) = plan.speed else { return Ok(()) };
        let street = &self.rows.streets[self.demand.routes[route as usize].streets[0] as usize];
        let types = self.demand.mixes[plan.mix as usize].types.iter().map(|(row, _)| &self.demand.types[*row as usize]);
        for kind in types.filter(|kind| kind.speed_factor.deviation == 0.0) {
            let most_mps = kind.speed_factor.mean * street.lanes[0].speed_limit_mps;
            if speed_mps > most_mps + SPEED_TOLERANCE_MPS {
                return Err(format!(
                    "its departSpeed is {speed_mps} m/s, but on '{}' everybody of its type '{}' drives at most {most_mps} m/s; \
                     give 'max', or its type a speedDev",
                    street.name, kind.name
                ));
            }
        }
        Ok(())
    }

    /// The length of the longest vehicle of a mix, in metres.
    fn longest_m(&self, mix: u32) -> f64 {
        let types = self.demand.mixes[mix as usize].types.iter();
        types.map(|(row, _)| self.demand.types[*row as usize].length_m).fold(0.0, f64::max)
    }

    /// How far from the beginning of its first street the trip begins at most, in metres.
    fn begins_m(&self, plan: &Plan, route: u32) -> f64 {
        let street = &self.rows.streets[self.demand.routes[route as usize].streets[0] as usize];
        let length_m = street.lanes[0].length_m;
        match plan.position {
            DepartPosition::Given(from_end_m) if from_end_m < 0.0 => (length_m + from_end_m).max(0.0),
            DepartPosition::Given(from_start_m) => from_start_m.min(length_m),
            DepartPosition::Base => self.longest_m(plan.mix).min(length_m),
            // On an empty lane, just before its end.
            DepartPosition::Last => length_m - LAST_BEFORE_END_M,
        }
    }

    /// Where on the last street the trip ends. Of several routes, the shortest last street counts.
    fn arrival_m(&self, arrival: Arrival, routes: &[u32]) -> Option<f64> {
        let Arrival::At(position_m) = arrival else { return None };
        let last_length_m = |route: &u32| {
            let streets = &self.demand.routes[*route as usize].streets;
            self.rows.streets[streets[streets.len() - 1] as usize].lanes[0].length_m
        };
        let length_m = routes.iter().map(last_length_m).fold(f64::INFINITY, f64::min);
        let from_start_m = if position_m < 0.0 { length_m + position_m } else { position_m };
        Some(from_start_m.clamp(0.0, length_m))
    }

    /// The stops of a trip on its routes: each at or behind the one before.
    fn stops(&self, plan: &Plan, routes: &[u32], permissions: &[Option<u8>]) -> Result<Vec<Stop>, String> {
        let Some((&first, others)) = routes.split_first() else { return Ok(Vec::new()) };
        let stops = self.stops_on(plan, first, permissions)?;
        for &other in others {
            let same = |(a, b): (&Stop, &Stop)| a.route_position == b.route_position;
            if !self.stops_on(plan, other, permissions)?.iter().zip(&stops).all(same) {
                return Err("its stops are not at the same place of all the routes of its distribution".to_owned());
            }
        }
        Ok(stops)
    }

    fn stops_on(&self, plan: &Plan, route: u32, permissions: &[Option<u8>]) -> Result<Vec<Stop>, String> {
        let streets = &self.demand.routes[route as usize].streets;
        let mut stops = Vec::with_capacity(plan.stops.len());
        let (mut from, mut before_m) = (0, f64::NEG_INFINITY);
        for stop in &plan.stops {
            let street = &self.rows.streets[stop.street as usize];
            let is_behind = streets[from] == stop.street && before_m > stop.end_m + STOP_TOLERANCE_M;
            let search = from + usize::from(is_behind);
            let found = streets[search..].iter().position(|street| *street == stop.street);
            let Some(found) = found else {
                return Err(format!(
                    "its stop on '{}' is not on its route, or lies before the stop before it",
                    street.name
                ));
            };
            (from, before_m) = (search + found, stop.end_m);
            let is_open = |lane: &engine::traffic::network::rows::LaneRow| {
                permissions.iter().all(|one| one.is_none_or(|permission| lane.permissions.allow(permission)))
            };
            let lane = match stop.lane {
                Some(lane) => Some(lane).filter(|lane| is_open(&street.lanes[*lane as usize])),
                None => street.lanes.iter().position(is_open).map(|lane| lane as u32),
            };
            let Some(lane) = lane else {
                return Err(format!("it stops on '{}', on a lane that is not open to its type", street.name));
            };
            stops.push(Stop {
                lane: self.roads.lane(stop.street, lane),
                route_position: from as u32,
                start_m: stop.start_m,
                end_m: stop.end_m,
                duration_s: stop.duration_s,
                until_s: stop.until_s,
            });
        }
        Ok(stops)
    }

    /// Adds the stops of one vehicle; what counts from its departure, or from that of its flow's first, is moved there.
    fn push_stops(&mut self, stops: &[Stop], plan: &Plan, depart_s: f64, since_first_s: f64) -> Span {
        let start = self.demand.stops.len() as u32;
        for (stop, planned) in stops.iter().zip(&plan.stops) {
            let later_s = if planned.until_from_departure { depart_s } else { since_first_s };
            self.demand.stops.push(Stop { until_s: stop.until_s.map(|until_s| until_s + later_s), ..stop.clone() });
        }
        Span { start, end: self.demand.stops.len() as u32 }
    }
}

/// Puts trips in the order of their departure; equal ones stay in the order of their source.
pub(super) fn sort_by_departure(demand: &mut TrafficDemand, orders: &mut Vec<u32>) {
    let mut trips: Vec<(Trip, u32)> = std::mem::take(&mut demand.trips).into_iter().zip(orders.drain(..)).collect();
    trips.sort_by(|(a, a_order), (b, b_order)| a.depart_s.total_cmp(&b.depart_s).then(a_order.cmp(b_order)));
    (demand.trips, *orders) = trips.into_iter().unzip();
}

//! Vehicles with their ways, drawn from the equilibria of a day.
//!
//! Vehicles are drawn in [`Stream`]s: those of one kind (cars, vans) in one stretch of time. Each pair of zones makes whole
//! vehicles, each with a departure ([`Stretch`]). The slice of the day in which it begins says of which of the kind's
//! classes it is, by their shares there, and the flows of its origin in that slice's equilibrium give its way
//! ([`crate::assignment::Ways`]). A vehicle's draws are keyed by stream, origin, destination and its number among
//! those: whatever a scenario changes, the vehicle that is still there begins when it did, and has the same driver.
//!
//! Zones have no streets of their own. A trip from a zone begins somewhere along the first street of its way and one to a
//! zone ends somewhere along the last, where houses are (our rule: anywhere but the first and last tenth); at a gate it
//! begins or ends with the street. So a zone's trips spread over its streets as they do over its connectors. A trip begins
//! on the first street that is long enough for its vehicle, and has come over those before ([`CityVehicle::links_before`]). Times
//! on connectors and on foot are left out: departures are those at the street. Trips from zone to zone along one
//! street only are not driven, nor those that stay inside one junction. Who is on its way when a rule begins or ends keeps
//! its way.

use std::collections::HashMap;

use super::departures::{Stretch, whole};
use super::streets::{CityStreets, LinkPlace};
use super::vehicle_types::vehicle_type;
use crate::assignment::{Equilibrium, OdMatrix, Ways};
use crate::draws::{Draws, Purpose};
use crate::network::{ArcKind, CityNetwork};
use crate::traffic::demand::{
    DepartLane, DepartPosition, DepartSpeed, Route, RouteChoice, TrafficDemand, Trip, VehicleMix,
};
use crate::traffic::network::Span;
use crate::traffic::network::derive::DerivedNetwork;
use crate::vehicles::VehicleClass;

const COUNT: Purpose = Purpose::new("vehicles of a pair");
const DEPARTURE: Purpose = Purpose::new("departure");
const CLASS: Purpose = Purpose::new("class of a vehicle");
const WAY: Purpose = Purpose::new("way");
const PLACES: Purpose = Purpose::new("places along streets");

/// The share of a street at each end where no trip begins or ends.
const END_SHARE: f64 = 0.1;
/// Behind a vehicle that begins lies at least this much of its lane, in metres.
const BEHIND_M: f64 = 0.1;
/// Streams that can be told apart: 2 to that power.
const STREAM_BITS: u32 = 12;
/// Zones that can be told apart.
const ZONE_BITS: u32 = 16;
/// Vehicles of one stream and pair of zones that can be told apart.
const NUMBER_BITS: u32 = 20;

/// One class of an assignment.
#[derive(Clone, Copy, Debug)]
pub struct ClassTrips<'a> {
    /// The class.
    pub class: VehicleClass,
    /// The matrix that was assigned, in vehicles an hour.
    pub demand: &'a OdMatrix,
}

/// A stretch of the day, and what was assigned in it.
#[derive(Clone, Copy)]
pub struct AssignedSlice<'a> {
    /// When it begins, in seconds.
    pub from_s: f64,
    /// When it ends.
    pub to_s: f64,
    /// The network.
    pub network: &'a CityNetwork,
    /// Its equilibrium.
    pub equilibrium: &'a Equilibrium,
    /// The classes, in the order of the equilibrium's; the same in every slice.
    pub classes: &'a [ClassTrips<'a>],
}

/// Vehicles that are drawn together.
#[derive(Clone, Debug)]
pub struct Stream<'a> {
    /// Keys its draws: no two streams have the same, and a scenario's is that of the base's. Below 4,096.
    pub number: u16,
    /// Rows of the classes that its vehicles may be of, at least one.
    pub classes: &'a [usize],
    /// Vehicles of all these classes an hour.
    pub demand: &'a OdMatrix,
    /// When they begin: within the slices.
    pub stretch: Stretch,
}

/// Where a vehicle comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct CityVehicle {
    /// The number of its stream.
    pub stream: u16,
    /// Its class.
    pub class: VehicleClass,
    /// The zone or gate where it begins, as a node of the network.
    pub origin: u32,
    /// Where it ends.
    pub destination: u32,
    /// Its number among the vehicles of its stream from that origin to that destination, from 0.
    pub number: u32,
    /// When it begins, in seconds.
    pub depart_s: f64,
    /// What connectors, and walks to and from a car parked at the edge of a closed area, add to its trip, in seconds.
    pub access_s: f64,
    /// Row of its way in [`CityTrips::ways`].
    pub way: u32,
    /// How many links of its way it comes over before its trip begins: the vehicle is longer than they are, or they lie inside a
    /// junction.
    pub links_before: u32,
    /// Row of its trip; `None` where it is not driven.
    pub trip: Option<u32>,
}

/// What is not driven.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LeftOut {
    /// Expected vehicles inside zones, which are on no link.
    pub within_zones: f64,
    /// Vehicles that no way serves.
    pub unserved: u64,
    /// Vehicles from zone to zone along one street only.
    pub along_one_street: u64,
    /// Vehicles without a street on their way: both ends lie at one junction.
    pub without_street: u64,
}

/// The vehicles of a city in a stretch of time.
#[derive(Clone, Debug, Default)]
pub struct CityTrips {
    /// What the simulations drive: trips by departure; types and mixes, one of each for each class, in the classes' order.
    pub demand: TrafficDemand,
    /// All vehicles that a way serves, by stream, origin, destination and number.
    pub vehicles: Vec<CityVehicle>,
    /// Different ways, as rows of the city's links.
    pub ways: Vec<Vec<u32>>,
    /// What is not driven.
    pub left_out: LeftOut,
    /// Vehicles that park at the edge of an area closed to them, at either end; their walk is left out.
    pub parked_at_edge: u64,
}

/// Why an equilibrium makes no trips.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TripsError {
    /// More or fewer classes than an equilibrium has, or other ones than the slice before.
    #[error(
        "the {classes} classes of a slice do not fit its equilibrium of {flows} or the slice before; give each with its matrix, in one order"
    )]
    Classes {
        /// How many were given.
        classes: usize,
        /// How many the equilibrium has.
        flows: usize,
    },
    /// There are more streams, zones, or vehicles of one pair of zones, than draws can be keyed by.
    #[error("stream {stream}: more than 4,096 streams, 65,536 zones, or 1,048,576 vehicles from one zone to another")]
    TooMany {
        /// The stream's number.
        stream: u16,
    },
    /// A vehicle begins when nothing was assigned.
    #[error("stream {stream}: a vehicle begins at {depart_s} s, which lies in no slice")]
    NoSlice {
        /// The stream's number.
        stream: u16,
        /// When it begins.
        depart_s: f64,
    },
    /// The assignment uses a link that is closed.
    #[error(
        "the assignment sends class {class} along link {link} (counted from 0), which is closed in the streets; extract both at the same times of day"
    )]
    Closed {
        /// The class.
        class: &'static str,
        /// Row of the link.
        link: u32,
    },
}

/// Makes vehicles of the equilibria of a day: `streets` are of the same tables at all times of the slices, `derived` is
/// of `streets`. The same arguments give the same trips.
///
/// # Errors
/// [`TripsError`] where the arguments do not fit each other.
pub fn trips(
    slices: &[AssignedSlice<'_>],
    streams: &[Stream<'_>],
    streets: &CityStreets,
    derived: &DerivedNetwork,
    draws: Draws,
) -> Result<CityTrips, TripsError> {
    let named = |slice: &AssignedSlice<'_>| -> Vec<VehicleClass> { slice.classes.iter().map(|of| of.class).collect() };
    let classes = slices.first().map_or_else(Vec::new, named);
    for slice in slices {
        let flows = slice.equilibrium.class_flows.len();
        if slice.classes.len() != flows || named(slice) != classes {
            return Err(TripsError::Classes { classes: slice.classes.len(), flows });
        }
    }
    let mut maker = Maker {
        slices,
        streets,
        derived,
        draws,
        made: CityTrips::default(),
        way_rows: HashMap::new(),
        route_rows: HashMap::new(),
    };
    for (row, class) in (0_u32..).zip(classes) {
        maker.made.demand.types.push(vehicle_type(class));
        maker.made.demand.mixes.push(VehicleMix { types: vec![(row, 1.0)] });
    }
    for stream in streams {
        maker.stream(stream)?;
    }
    maker.made.sort();
    Ok(maker.made)
}

impl CityTrips {
    /// Adds trips that are no vehicles of a class of the city, such as those of bus lines, each in its place by departure.
    pub fn add(&mut self, trips: Vec<Trip>) {
        self.demand.trips.extend(trips);
        self.sort();
    }

    /// Puts the trips in the order of their departure.
    fn sort(&mut self) {
        let trips = std::mem::take(&mut self.demand.trips);
        let mut order: Vec<u32> = (0..trips.len() as u32).collect();
        order.sort_by(|&a, &b| trips[a as usize].depart_s.total_cmp(&trips[b as usize].depart_s));
        let mut rows = vec![0_u32; trips.len()];
        for (row, &place) in (0_u32..).zip(&order) {
            rows[place as usize] = row;
        }
        for vehicle in &mut self.vehicles {
            vehicle.trip = vehicle.trip.map(|trip| rows[trip as usize]);
        }
        self.demand.trips = order.iter().map(|&place| trips[place as usize].clone()).collect();
    }
}

struct Maker<'a> {
    slices: &'a [AssignedSlice<'a>],
    streets: &'a CityStreets,
    derived: &'a DerivedNetwork,
    draws: Draws,
    made: CityTrips,
    way_rows: HashMap<Vec<u32>, u32>,
    route_rows: HashMap<Vec<u32>, u32>,
}

/// The key of a vehicle's draws.
fn agent(stream: u16, origin: u32, destination: u32, number: u64) -> Option<u64> {
    let (stream, origin, destination) = (u64::from(stream), u64::from(origin), u64::from(destination));
    let fits = stream < 1 << STREAM_BITS
        && origin < 1 << ZONE_BITS
        && destination < 1 << ZONE_BITS
        && number < 1 << NUMBER_BITS;
    fits.then_some(
        stream << (2 * ZONE_BITS + NUMBER_BITS)
            | origin << (ZONE_BITS + NUMBER_BITS)
            | destination << NUMBER_BITS
            | number,
    )
}

/// The ways from one origin, by slice and class, each looked for once.
type WaysFrom<'a> = Vec<Vec<Option<Option<Ways<'a>>>>>;

impl<'a> Maker<'a> {
    fn stream(&mut self, stream: &Stream<'_>) -> Result<(), TripsError> {
        let too_many = TripsError::TooMany { stream: stream.number };
        let slices = self.slices;
        for origin in 0..stream.demand.zone_count() {
            let mut ways: WaysFrom<'a> =
                slices.iter().map(|slice| slice.classes.iter().map(|_| None).collect()).collect();
            let (destinations, trips_vph) = stream.demand.row(origin);
            for (&destination, trips_vph) in destinations.iter().zip(trips_vph) {
                let expected = trips_vph * stream.stretch.duration_h();
                if destination == origin {
                    self.made.left_out.within_zones += expected;
                    continue;
                }
                let pair = agent(stream.number, origin, destination, 0).ok_or(too_many.clone())?;
                let count = whole(expected, self.draws.uniform(COUNT, pair)) as u64;
                for number in 0..count {
                    let key = agent(stream.number, origin, destination, number).ok_or(too_many.clone())?;
                    let depart_s = stream.stretch.time_s(self.draws.uniform(DEPARTURE, key));
                    let slice = slices
                        .iter()
                        .position(|slice| slice.from_s <= depart_s && depart_s < slice.to_s)
                        .ok_or(TripsError::NoSlice { stream: stream.number, depart_s })?;
                    let class = self.class(stream, slice, (origin, destination), key);
                    let vehicle = CityVehicle {
                        stream: stream.number,
                        class: slices[slice].classes[class].class,
                        origin,
                        destination,
                        number: number as u32,
                        depart_s,
                        access_s: 0.0,
                        way: 0,
                        links_before: 0,
                        trip: None,
                    };
                    let ways = ways[slice][class].get_or_insert_with(|| slices[slice].equilibrium.ways(class, origin));
                    if !self.vehicle(class as u32, slice, vehicle, key, ways.as_ref())? {
                        self.made.left_out.unserved += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// The row of a vehicle's class: one of its stream's, by what they send between its zones in that slice.
    fn class(&self, stream: &Stream<'_>, slice: usize, (origin, destination): (u32, u32), key: u64) -> usize {
        let [first, others @ ..] = stream.classes else { return 0 };
        if others.is_empty() {
            return *first;
        }
        let trips_vph = |class: usize| self.slices[slice].classes[class].demand.at(origin, destination);
        let total: f64 = stream.classes.iter().map(|&class| trips_vph(class)).sum();
        let mut left = self.draws.uniform(CLASS, key) * total;
        for &class in stream.classes {
            left -= trips_vph(class);
            if left < 0.0 {
                return class;
            }
        }
        *first
    }

    /// Adds a vehicle; tells whether any way serves it.
    fn vehicle(
        &mut self,
        mix: u32,
        slice: usize,
        mut vehicle: CityVehicle,
        key: u64,
        ways: Option<&Ways<'_>>,
    ) -> Result<bool, TripsError> {
        let mut numbers = self.draws.sequence(WAY, key);
        let Some(arcs) = ways.and_then(|ways| ways.draw(vehicle.destination, || numbers.uniform())) else {
            return Ok(false);
        };
        let network = self.slices[slice].network;
        let kinds = &network.kinds;
        let walks = arcs.iter().any(|&arc| matches!(kinds[arc as usize], ArcKind::EdgeWalk { .. }));
        self.made.parked_at_edge += u64::from(walks);
        vehicle.access_s = arcs
            .iter()
            .map(|&arc| match kinds[arc as usize] {
                ArcKind::Connector { time_s } | ArcKind::EdgeWalk { time_s, .. } => time_s,
                ArcKind::Link(_) | ArcKind::Turn { .. } | ArcKind::Inside => 0.0,
            })
            .sum();
        let links: Vec<u32> = arcs
            .iter()
            .filter_map(|&arc| match kinds[arc as usize] {
                ArcKind::Link(row) => Some(row),
                _ => None,
            })
            .collect();
        let mut plain = Vec::with_capacity(links.len());
        for &link in &links {
            match self.streets.places.get(link as usize) {
                Some(LinkPlace::Street(street)) => plain.push(*street),
                Some(LinkPlace::Inside(_)) => {}
                Some(LinkPlace::Closed) | None => {
                    return Err(TripsError::Closed { class: vehicle.class.name(), link });
                }
            }
        }
        let new_way = self.made.ways.len() as u32;
        vehicle.way = *self.way_rows.entry(links).or_insert_with_key(|links| {
            self.made.ways.push(links.clone());
            new_way
        });
        let stubs = self.stubs(mix, &plain);
        let begins_on = |&link: &u32| match self.streets.places[link as usize] {
            LinkPlace::Street(street) => plain.get(stubs) == Some(&street),
            _ => false,
        };
        let links_before = self.made.ways[vehicle.way as usize].iter().position(begins_on);
        vehicle.links_before = links_before.unwrap_or(0) as u32;
        vehicle.trip = self.trip(mix, network, &vehicle, key, &plain[stubs..]);
        self.made.vehicles.push(vehicle);
        Ok(true)
    }

    /// Adds the trip of a vehicle, if it is driven.
    fn trip(&mut self, mix: u32, network: &CityNetwork, vehicle: &CityVehicle, key: u64, plain: &[u32]) -> Option<u32> {
        let zone_count = network.zones.len() as u32 - network.gate_count;
        let (from_zone, to_zone) = (vehicle.origin < zone_count, vehicle.destination < zone_count);
        let left_out = &mut self.made.left_out;
        let (&first, &last) = match plain {
            [] => {
                left_out.without_street += 1;
                return None;
            }
            [_] if from_zone && to_zone => {
                left_out.along_one_street += 1;
                return None;
            }
            [only] => (only, only),
            [first, .., last] => (first, last),
        };
        let mut places = self.draws.sequence(PLACES, key);
        let mut along = |street: u32| {
            let length_m = self.derived.rows.streets[street as usize].lanes[0].length_m;
            (length_m * (END_SHARE + (1.0 - 2.0 * END_SHARE) * places.uniform()), length_m)
        };
        let (begin_m, first_m) = along(first);
        let (end_m, _) = along(last);
        let front_m = begin_m.max(self.made.demand.types[mix as usize].length_m + BEHIND_M);
        let begins_along = from_zone && front_m < first_m;
        let streets = self.route(plain, to_zone);
        let new_route = self.made.demand.routes.len() as u32;
        let route_choice = *self.route_rows.entry(streets).or_insert_with_key(|streets| {
            self.made.demand.routes.push(Route { streets: streets.clone() });
            self.made.demand.route_choices.push(RouteChoice { routes: vec![(new_route, 1.0)] });
            new_route
        });
        let zones = &network.zones;
        let CityVehicle { stream, class, origin, destination, number, depart_s, .. } = *vehicle;
        let row = self.made.demand.trips.len() as u32;
        self.made.demand.trips.push(Trip {
            name: format!(
                "{} {}>{}.{stream}.{number}",
                class.name(),
                zones[origin as usize],
                zones[destination as usize]
            ),
            draw_key: Some(key),
            mix,
            route_choice,
            depart_s,
            depart_lane: DepartLane::Best,
            depart_position: if begins_along { DepartPosition::Given(front_m) } else { DepartPosition::Base },
            depart_speed: DepartSpeed::Max,
            arrival_position_m: to_zone.then_some(end_m),
            stops: Span::default(),
        });
        Some(row)
    }

    /// How many streets at the beginning of a way are too short for its vehicle to begin on: a gate's street may be a stub of two
    /// metres that lets in a vehicle when the one before has turned off it, where in truth all come at speed from further out.
    fn stubs(&self, mix: u32, plain: &[u32]) -> usize {
        let needed_m = self.made.demand.types[mix as usize].length_m + BEHIND_M;
        let fits = |&street: &u32| self.derived.rows.streets[street as usize].lanes[0].length_m >= needed_m;
        plain.iter().position(fits).unwrap_or(0)
    }

    /// The streets of the lanes along plain ones. Who ends along the last street never comes to its pocket.
    fn route(&self, plain: &[u32], ends_along: bool) -> Vec<u32> {
        let mut streets = self.derived.route(plain);
        if ends_along
            && let Some(&last) = plain.last()
            && self.derived.pockets[last as usize].is_some()
        {
            streets.pop();
        }
        streets
    }
}

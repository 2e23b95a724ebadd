//! Vehicles with their ways, drawn from an equilibrium.
//!
//! Each class and pair of zones makes whole vehicles, each with a departure ([`Stretch`]) and a way drawn from the flows of
//! its origin ([`crate::assignment::Ways`]). A vehicle's draws are keyed by class, origin, destination and its number among
//! those: whatever a scenario changes, the vehicle that is still there begins when it did.
//!
//! Zones have no streets of their own. A trip from a zone begins somewhere along the first street of its way and one to a
//! zone ends somewhere along the last, where houses are (our rule: anywhere but the first and last tenth); at a gate it
//! begins or ends with the street. So a zone's trips spread over its streets as they do over its connectors. Times
//! on connectors and on foot are left out: departures are those at the street. Trips from zone to zone along one
//! street only are not driven, nor those that stay inside one junction.

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
const WAY: Purpose = Purpose::new("way");
const PLACES: Purpose = Purpose::new("places along streets");

/// The share of a street at each end where no trip begins or ends.
const END_SHARE: f64 = 0.1;
/// Behind a vehicle that begins lies at least this much of its lane, in metres.
const BEHIND_M: f64 = 0.1;
/// Zones, and vehicles of one class and pair of zones, that can be told apart.
const KEY_BITS: u32 = 20;

/// One class of an assignment.
#[derive(Clone, Copy, Debug)]
pub struct ClassTrips<'a> {
    /// The class.
    pub class: VehicleClass,
    /// The matrix that was assigned, in vehicles an hour.
    pub demand: &'a OdMatrix,
}

/// A city's network and what was assigned to it.
#[derive(Clone, Copy)]
pub struct AssignedCity<'a> {
    /// The network at the time of the streets.
    pub network: &'a CityNetwork,
    /// Its equilibrium.
    pub equilibrium: &'a Equilibrium,
    /// The classes, in the order of the equilibrium's.
    pub classes: &'a [ClassTrips<'a>],
}

/// Where a vehicle comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CityVehicle {
    /// Its class.
    pub class: VehicleClass,
    /// The zone or gate where it begins, as a node of the network.
    pub origin: u32,
    /// Where it ends.
    pub destination: u32,
    /// Its number among the vehicles of its class from that origin to that destination, from 0.
    pub number: u32,
    /// Row of its way in [`CityTrips::ways`].
    pub way: u32,
    /// Row of its trip; `None` where it is not driven.
    pub trip: Option<u32>,
}

/// What is not driven.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LeftOut {
    /// Expected vehicles inside zones, which are on no link.
    pub within_zones: f64,
    /// Expected vehicles that no way serves.
    pub unserved: f64,
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
    /// All vehicles, by class, origin, destination and number.
    pub vehicles: Vec<CityVehicle>,
    /// Different ways, as rows of the city's links.
    pub ways: Vec<Vec<u32>>,
    /// What is not driven.
    pub left_out: LeftOut,
    /// Vehicles that park at the edge of an area closed to them, at either end; their walk is left out.
    pub parked_at_edge: u64,
}

/// Why an equilibrium makes no trips.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TripsError {
    /// More or fewer classes than the equilibrium has.
    #[error("{classes} classes do not fit an equilibrium of {flows}; give each with its matrix, in the same order")]
    Classes {
        /// How many were given.
        classes: usize,
        /// How many the equilibrium has.
        flows: usize,
    },
    /// There are more zones, or more vehicles of one pair of zones, than draws can be keyed by.
    #[error("class {class}: more than 1,048,575 zones, or vehicles from one zone to another")]
    TooMany {
        /// The class.
        class: &'static str,
    },
    /// The assignment uses a link that is closed.
    #[error(
        "the assignment sends class {class} along link {link} (counted from 0), which is closed in the streets; extract both at the same time of day"
    )]
    Closed {
        /// The class.
        class: &'static str,
        /// Row of the link.
        link: u32,
    },
}

/// Makes vehicles of an equilibrium: `city` and `streets` are of the same tables at the same time, `derived` is of
/// `streets`. The same arguments give the same trips.
///
/// # Errors
/// [`TripsError`] where the arguments do not fit each other.
pub fn trips(
    city: &AssignedCity<'_>,
    streets: &CityStreets,
    derived: &DerivedNetwork,
    stretch: &Stretch,
    draws: Draws,
) -> Result<CityTrips, TripsError> {
    let flows = city.equilibrium.class_flows.len();
    if city.classes.len() != flows {
        return Err(TripsError::Classes { classes: city.classes.len(), flows });
    }
    let mut maker = Maker {
        city,
        streets,
        derived,
        stretch,
        draws,
        made: CityTrips::default(),
        way_rows: HashMap::new(),
        route_rows: HashMap::new(),
    };
    for (index, of_class) in city.classes.iter().enumerate() {
        maker.class(index, of_class)?;
    }
    Ok(maker.sorted())
}

struct Maker<'a> {
    city: &'a AssignedCity<'a>,
    streets: &'a CityStreets,
    derived: &'a DerivedNetwork,
    stretch: &'a Stretch,
    draws: Draws,
    made: CityTrips,
    way_rows: HashMap<Vec<u32>, u32>,
    route_rows: HashMap<Vec<u32>, u32>,
}

/// The key of a vehicle's draws.
fn agent(class: VehicleClass, origin: u32, destination: u32, number: u64) -> Option<u64> {
    let fits = |value: u64| value < 1 << KEY_BITS;
    let (origin, destination) = (u64::from(origin), u64::from(destination));
    (fits(origin) && fits(destination) && fits(number))
        .then_some((class as u64) << (3 * KEY_BITS) | origin << (2 * KEY_BITS) | destination << KEY_BITS | number)
}

impl Maker<'_> {
    fn class(&mut self, index: usize, of_class: &ClassTrips<'_>) -> Result<(), TripsError> {
        let ClassTrips { class, demand } = *of_class;
        let mix = self.made.demand.mixes.len() as u32;
        self.made.demand.types.push(vehicle_type(class));
        self.made.demand.mixes.push(VehicleMix { types: vec![(mix, 1.0)] });
        let city = self.city;
        for origin in 0..demand.zone_count() {
            let ways = city.equilibrium.ways(index, origin);
            let (destinations, trips_vph) = demand.row(origin);
            for (&destination, trips_vph) in destinations.iter().zip(trips_vph) {
                let expected = trips_vph * self.stretch.duration_h();
                if destination == origin {
                    self.made.left_out.within_zones += expected;
                    continue;
                }
                let too_many = TripsError::TooMany { class: class.name() };
                let pair = agent(class, origin, destination, 0).ok_or(too_many.clone())?;
                let count = whole(expected, self.draws.uniform(COUNT, pair)) as u64;
                for number in 0..count {
                    let key = agent(class, origin, destination, number).ok_or(too_many.clone())?;
                    let vehicle = CityVehicle { class, origin, destination, number: number as u32, way: 0, trip: None };
                    if !self.vehicle(mix, vehicle, key, ways.as_ref())? {
                        self.made.left_out.unserved += expected;
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds a vehicle; tells whether any way serves it.
    fn vehicle(
        &mut self,
        mix: u32,
        mut vehicle: CityVehicle,
        key: u64,
        ways: Option<&Ways<'_>>,
    ) -> Result<bool, TripsError> {
        let mut numbers = self.draws.sequence(WAY, key);
        let Some(arcs) = ways.and_then(|ways| ways.draw(vehicle.destination, || numbers.uniform())) else {
            return Ok(false);
        };
        let kinds = &self.city.network.kinds;
        let walks = arcs.iter().any(|&arc| matches!(kinds[arc as usize], ArcKind::EdgeWalk { .. }));
        self.made.parked_at_edge += u64::from(walks);
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
        vehicle.trip = self.trip(mix, &vehicle, key, &plain);
        self.made.vehicles.push(vehicle);
        Ok(true)
    }

    /// Adds the trip of a vehicle, if it is driven.
    fn trip(&mut self, mix: u32, vehicle: &CityVehicle, key: u64, plain: &[u32]) -> Option<u32> {
        let zone_count = self.city.network.zones.len() as u32 - self.gate_count();
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
        let zones = &self.city.network.zones;
        let CityVehicle { class, origin, destination, number, .. } = *vehicle;
        let row = self.made.demand.trips.len() as u32;
        self.made.demand.trips.push(Trip {
            name: format!("{} {}>{}.{number}", class.name(), zones[origin as usize], zones[destination as usize]),
            mix,
            route_choice,
            depart_s: self.stretch.time_s(self.draws.uniform(DEPARTURE, key)),
            depart_lane: DepartLane::Best,
            depart_position: if begins_along { DepartPosition::Given(front_m) } else { DepartPosition::Base },
            depart_speed: DepartSpeed::Max,
            arrival_position_m: to_zone.then_some(end_m),
            stops: Span::default(),
        });
        Some(row)
    }

    /// How many of the places are gates.
    fn gate_count(&self) -> u32 {
        self.city.network.gate_count
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

    /// The trips by departure.
    fn sorted(mut self) -> CityTrips {
        let trips = std::mem::take(&mut self.made.demand.trips);
        let mut order: Vec<u32> = (0..trips.len() as u32).collect();
        order.sort_by(|&a, &b| trips[a as usize].depart_s.total_cmp(&trips[b as usize].depart_s));
        let mut rows = vec![0_u32; trips.len()];
        for (row, &place) in (0_u32..).zip(&order) {
            rows[place as usize] = row;
        }
        for vehicle in &mut self.made.vehicles {
            vehicle.trip = vehicle.trip.map(|trip| rows[trip as usize]);
        }
        self.made.demand.trips = order.iter().map(|&place| trips[place as usize].clone()).collect();
        self.made
    }
}

//! Who drives: vehicle types, routes, trips and their stops.

use super::car_following::Model;
use super::pedestrians::{PedestrianFlow, Walk};
use crate::draws::{Draws, Purpose, Sequence};
use crate::vehicles::VehicleClass;

/// A type of vehicle and of driver. Values outside the ranges given are refused by [`VehicleType::check`].
#[derive(Clone, Debug)]
pub struct VehicleType {
    /// Name, unique among types.
    pub name: String,
    /// What it counts as in result tables.
    pub class: VehicleClass,
    /// Which bit of [`super::network::Permissions`] lets it in, 0 to 63; `None` ignores permissions.
    pub permission: Option<u8>,
    /// Length in metres, positive.
    pub length_m: f64,
    /// Width in metres, positive.
    pub width_m: f64,
    /// Gap to the vehicle ahead at standstill, in metres, not negative.
    pub min_gap_m: f64,
    /// Highest speed in metres a second, positive.
    pub max_speed_mps: f64,
    /// Acceleration in m/s², positive.
    pub acceleration_mps2: f64,
    /// Comfortable deceleration in m/s², positive.
    pub deceleration_mps2: f64,
    /// Deceleration in an emergency in m/s², at least the comfortable one.
    pub emergency_deceleration_mps2: f64,
    /// How it follows.
    pub model: Model,
    /// Desired speed over the speed limit.
    pub speed_factor: SpeedFactor,
    /// Impatience from the start, 0 to 1: how far drivers make others brake at junctions.
    pub impatience: f64,
    /// How keenly it changes lanes.
    pub lane_changing: LaneChanging,
    /// Whether it shares its lane with others beside it.
    pub lane_sharing: LaneSharing,
}

/// Whether a type shares its lane with others beside it, where the lane is wide enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LaneSharing {
    /// It follows whoever is ahead on its lane; it passes only those who ride at the right edge.
    #[default]
    None,
    /// It rides at the right edge, as bicycles do: wider vehicles pass it, and it passes those that stand or creep.
    RightEdge,
    /// It filters, as motorcycles do: it passes those that stand or creep along the left edge.
    Filters,
}

/// Desired speed as a multiple of the speed limit: a normal distribution cut at both ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpeedFactor {
    /// Mean, positive.
    pub mean: f64,
    /// Standard deviation, not negative.
    pub deviation: f64,
    /// Lowest value, positive.
    pub low: f64,
    /// Highest value, at least `low`.
    pub high: f64,
}

/// How keenly a type changes lanes. 1 is the usual keenness of each, 0 none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneChanging {
    /// To stay on its route.
    pub strategic: f64,
    /// To let others in.
    pub cooperative: f64,
    /// To go faster.
    pub speed_gain: f64,
    /// To keep right.
    pub keep_right: f64,
}

impl Default for LaneChanging {
    fn default() -> Self {
        Self { strategic: 1.0, cooperative: 1.0, speed_gain: 1.0, keep_right: 1.0 }
    }
}

/// Types that a demand may have: vehicles on the road know theirs by 16 bits.
pub const TYPES_MAX: usize = 1 << 16;
/// No vehicle is longer, in metres: the longest trains are not.
const LONGEST_M: f64 = 1000.0;
/// No vehicle is slower, in metres a second: this is standing.
const SLOWEST_MPS: f64 = 0.1;
/// No vehicle is wider, in metres.
const WIDEST_M: f64 = 20.0;

impl VehicleType {
    /// The first thing that is wrong with it, in words, if anything is.
    #[must_use]
    pub fn check(&self) -> Option<String> {
        let positive = [
            ("length", self.length_m),
            ("width", self.width_m),
            ("maximum speed", self.max_speed_mps),
            ("acceleration", self.acceleration_mps2),
            ("deceleration", self.deceleration_mps2),
            ("mean speed factor", self.speed_factor.mean),
            ("lowest speed factor", self.speed_factor.low),
        ];
        if let Some((what, value)) = positive.into_iter().find(|(_, value)| !(value.is_finite() && *value > 0.0)) {
            return Some(format!("its {what} is {value}, but must be more than 0"));
        }
        let not_negative = [
            ("gap at standstill", self.min_gap_m),
            ("deviation of the speed factor", self.speed_factor.deviation),
            ("impatience", self.impatience),
        ];
        if let Some((what, value)) = not_negative.into_iter().find(|(_, value)| !(value.is_finite() && *value >= 0.0)) {
            return Some(format!("its {what} is {value}, but must not be negative"));
        }
        let sizes = [("length", self.length_m, LONGEST_M), ("width", self.width_m, WIDEST_M)];
        if let Some((what, value, most)) = sizes.into_iter().find(|(_, value, most)| value > most) {
            return Some(format!("its {what} is {value} m, but must not be more than {most} m"));
        }
        if self.max_speed_mps < SLOWEST_MPS {
            return Some(format!(
                "its maximum speed is {} m/s, but must be at least {SLOWEST_MPS} m/s",
                self.max_speed_mps
            ));
        }
        if self.speed_factor.high < self.speed_factor.low {
            return Some("its highest speed factor lies below the lowest".to_owned());
        }
        if self.emergency_deceleration_mps2 < self.deceleration_mps2 {
            return Some(format!(
                "its emergency deceleration {} m/s² is less than its comfortable one, {} m/s²",
                self.emergency_deceleration_mps2, self.deceleration_mps2
            ));
        }
        self.model.check()
    }
}

/// What may be driving a trip: types with their shares. A trip of one type has one entry.
#[derive(Clone, Debug)]
pub struct VehicleMix {
    /// Row of the type and its share; shares are positive and need not sum to 1.
    pub types: Vec<(u32, f64)>,
}

/// A route: rows of streets, each reached from the one before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// Rows of the streets, at least one.
    pub streets: Vec<u32>,
}

/// Routes with their shares. A trip with one route has one entry.
#[derive(Clone, Debug)]
pub struct RouteChoice {
    /// Row of the route and its share; shares are positive and need not sum to 1.
    pub routes: Vec<(u32, f64)>,
}

/// On which lane a trip begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepartLane {
    /// The lane with that number from the right.
    Given(u32),
    /// The one with most room at its beginning, of those that lead furthest along the route.
    Best,
    /// The one with most room at its beginning.
    Free,
    /// The rightmost that the vehicle may use.
    First,
}

/// Where on the lane a trip begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DepartPosition {
    /// The front bumper at that distance from the lane's beginning, in metres; from the end if negative.
    Given(f64),
    /// With the whole vehicle at the beginning of the lane.
    Base,
    /// As close as possible behind the last vehicle; at the lane's end where it is empty.
    Last,
}

/// How fast a trip begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DepartSpeed {
    /// In metres a second, not negative.
    Given(f64),
    /// As fast as allowed and safe.
    Max,
    /// As fast as the vehicles of the lane are on average; as fast as allowed and safe where it is empty.
    Average,
}

/// One vehicle's way through the day.
#[derive(Clone, Debug)]
pub struct Trip {
    /// Name, unique among trips.
    pub name: String,
    /// What its driver is drawn by, so that the same vehicle of two demands has the same; by its row where there is none.
    pub draw_key: Option<u64>,
    /// Row of the mix that its type is drawn from.
    pub mix: u32,
    /// Row of the choice of routes that its route is drawn from.
    pub route_choice: u32,
    /// When it wants to begin, in seconds.
    pub depart_s: f64,
    /// On which lane.
    pub depart_lane: DepartLane,
    /// Where on the lane.
    pub depart_position: DepartPosition,
    /// How fast.
    pub depart_speed: DepartSpeed,
    /// Where on the last street it ends, in metres from its beginning; `None` at its end.
    pub arrival_position_m: Option<f64>,
    /// Stops on the way, in order: rows of [`TrafficDemand::stops`].
    pub stops: super::network::Span,
}

/// A stop of one trip.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The lane.
    pub lane: u32,
    /// Which street of the route, from 0.
    pub route_position: u32,
    /// Where the place begins on the lane, in metres.
    pub start_m: f64,
    /// Where it ends; the front bumper stops here.
    pub end_m: f64,
    /// How long it stands at least, in seconds.
    pub duration_s: f64,
    /// Until when it stands at least, if that is given.
    pub until_s: Option<f64>,
}

/// Trips that begin at random times.
#[derive(Clone, Debug)]
pub struct RandomFlow {
    /// What each trip is; its name is followed by `.` and a number, its departure is drawn.
    pub trip: Trip,
    /// When the first may begin, in seconds.
    pub begin_s: f64,
    /// When no more begin.
    pub end_s: f64,
    /// How many begin at most.
    pub most: u64,
    /// How they are drawn.
    pub arrivals: Arrivals,
}

/// Walks that begin at random times.
#[derive(Clone, Debug)]
pub struct RandomWalk {
    /// What each is; its name is followed by `.` and a number, its beginning is drawn.
    pub walk: Walk,
    /// When the first may begin, in seconds.
    pub begin_s: f64,
    /// When no more begin.
    pub end_s: f64,
    /// How many begin at most.
    pub most: u64,
    /// How they are drawn.
    pub arrivals: Arrivals,
}

/// How random departures are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arrivals {
    /// In each second one begins with this probability, 0 to 1.
    EachSecond(f64),
    /// Independently of each other, so many a second on average (Poisson); positive.
    Poisson(f64),
}

/// Everything that wants to move.
#[derive(Clone, Debug, Default)]
pub struct TrafficDemand {
    /// Types, at most [`TYPES_MAX`].
    pub types: Vec<VehicleType>,
    /// Mixes.
    pub mixes: Vec<VehicleMix>,
    /// Routes.
    pub routes: Vec<Route>,
    /// Choices of routes.
    pub route_choices: Vec<RouteChoice>,
    /// Trips, in the order of their departure; equal ones in the order of their source.
    pub trips: Vec<Trip>,
    /// Flows whose trips begin at random times.
    pub random_flows: Vec<RandomFlow>,
    /// Stops of all trips.
    pub stops: Vec<Stop>,
    /// Streets that some may not use for some time, by street. Routes are taken as they are; whoever chooses another on the way
    /// keeps to them.
    pub closed_streets: Vec<ClosedStreet>,
    /// People who come to crossings at random.
    pub pedestrian_flows: Vec<PedestrianFlow>,
    /// People whose ways over crossings are known.
    pub walks: Vec<Walk>,
    /// People whose walks begin at random times.
    pub random_walks: Vec<RandomWalk>,
    /// Choices of routes that stand for the fastest way at the moment at which a trip begins.
    pub sought_ways: SoughtWays,
    /// The share of drivers, 0 to 1, who look before they begin and choose another route where theirs is jammed;
    /// with 0 everybody begins on the route that the trip has.
    pub informed_share: f64,
    /// After how long drivers who stand at a junction, and find no other way, squeeze past others who stand in their way, in
    /// seconds (micro only); never without it.
    pub squeeze_after_s: Option<f64>,
    /// After how long those who wait for a gap at a junction are let in by others who have priority and come slowly, in seconds
    /// (micro only); never without it, as in SUMO.
    pub lets_in_after_s: Option<f64>,
}

/// When SUMO takes a vehicle that stands off the road (1.28, `time-to-teleport`); here nobody leaves it, and drivers squeeze past
/// others instead.
pub const SQUEEZE_AFTER_S: f64 = 300.0;

/// Ways that are looked for when trips begin, by the speeds that streets have lately had ([`super::current_ways`]). The routes
/// of their choices are the fastest on empty streets.
#[derive(Clone, Debug)]
pub struct SoughtWays {
    /// Rows of choices of routes, in order, each with the streets that its ways lead through: where they begin, those in
    /// between, where they end.
    pub choices: Vec<(u32, Vec<u32>)>,
    /// How often it is looked how fast streets are, in seconds; positive.
    pub look_every_s: f64,
    /// Over how many looks their speeds are averaged; at least 1.
    pub looks: u32,
}

impl Default for SoughtWays {
    /// Over the last three minutes.
    fn default() -> Self {
        Self { choices: Vec::new(), look_every_s: 1.0, looks: 180 }
    }
}

impl SoughtWays {
    /// The streets that the ways of a choice of routes lead through; none where its routes are driven as they are.
    #[must_use]
    pub fn through(&self, choice: u32) -> Option<&[u32]> {
        let row = self.choices.binary_search_by_key(&choice, |(row, _)| *row).ok()?;
        Some(&self.choices[row].1)
    }
}

/// A street that is closed to some for some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClosedStreet {
    /// Row of the street.
    pub street: u32,
    /// Those who may not use it.
    pub shut_out: super::network::Permissions,
    /// From when on, in seconds.
    pub from_s: f64,
    /// Until when.
    pub to_s: f64,
}

const RANDOM_FLOW: Purpose = Purpose::new("random flow");
const RANDOM_WALK: Purpose = Purpose::new("random walk");

impl Arrivals {
    /// The times between two at which somebody begins, the first `most` of them.
    fn times_s(self, (begin_s, end_s): (f64, f64), most: u64, sequence: &mut Sequence) -> Vec<f64> {
        let mut now_s = begin_s;
        let mut times_s = Vec::new();
        loop {
            let begins = match self {
                Self::EachSecond(probability) => sequence.uniform() < probability,
                Self::Poisson(rate_ps) => {
                    now_s -= libm::log(sequence.uniform()) / rate_ps;
                    true
                }
            };
            if now_s >= end_s || times_s.len() as u64 >= most {
                return times_s;
            }
            if begins {
                times_s.push(now_s);
            }
            if matches!(self, Self::EachSecond(_)) {
                now_s += 1.0;
            }
        }
    }
}

impl TrafficDemand {
    /// The demand of one seed: trips of [random flows](TrafficDemand::random_flows) are drawn and stand among the others, in
    /// the order of their departure; so are [random walks](TrafficDemand::random_walks).
    #[must_use]
    pub fn drawn(mut self, seed: u64) -> Self {
        let draws = Draws::new(seed);
        for (number, flow) in std::mem::take(&mut self.random_flows).into_iter().enumerate() {
            let mut sequence = draws.sequence(RANDOM_FLOW, number as u64);
            let times_s = flow.arrivals.times_s((flow.begin_s, flow.end_s), flow.most, &mut sequence);
            self.trips.extend((0_u64..).zip(times_s).map(|(count, depart_s)| {
                let name = format!("{}.{count}", flow.trip.name);
                Trip { name, depart_s, ..flow.trip.clone() }
            }));
        }
        for (number, flow) in std::mem::take(&mut self.random_walks).into_iter().enumerate() {
            let mut sequence = draws.sequence(RANDOM_WALK, number as u64);
            let times_s = flow.arrivals.times_s((flow.begin_s, flow.end_s), flow.most, &mut sequence);
            self.walks.extend((0_u64..).zip(times_s).map(|(count, depart_s)| {
                let name = format!("{}.{count}", flow.walk.name);
                Walk { name, depart_s, ..flow.walk.clone() }
            }));
        }
        self.trips.sort_by(|a, b| a.depart_s.total_cmp(&b.depart_s));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::car_following::Model;
    use crate::traffic::fixtures;

    #[test]
    fn random_flows_have_the_number_of_trips_that_they_promise() {
        let model = Model::Krauss { imperfection: 0.5, headway_s: 1.0 };
        for arrivals in [Arrivals::EachSecond(0.2), Arrivals::Poisson(0.2)] {
            let mut demand = fixtures::demand(fixtures::car(model), &[(0.0, vec![0])]);
            let Some(trip) = demand.trips.pop() else { panic!("one trip") };
            demand.random_flows = vec![RandomFlow { trip, begin_s: 100.0, end_s: 50_100.0, most: u64::MAX, arrivals }];
            let (one, other) = (demand.clone().drawn(1), demand.clone().drawn(2));
            // Four standard deviations of 10,000 trips.
            assert!(one.trips.len().abs_diff(10_000) < 400, "{}", one.trips.len());
            assert!(one.trips.is_sorted_by(|a, b| a.depart_s <= b.depart_s));
            assert!(one.trips.iter().all(|trip| (100.0..50_100.0).contains(&trip.depart_s)));
            demand.random_flows[0].most = 500;
            assert_eq!([1, 2].map(|seed| demand.clone().drawn(seed).trips.len()), [500, 500]);
            assert!(one.trips.len() != other.trips.len() || one.trips[0].depart_s != other.trips[0].depart_s);
        }
    }
}

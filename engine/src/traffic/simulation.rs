//! What the mesoscopic and the microscopic simulation have in common for those who run them: how they are asked, and what they
//! tell.

use super::demand::TrafficDemand;
use super::meso::Meso;
use super::micro::Micro;
use super::network::LaneNetwork;
use super::pedestrians::PedestrianCounts;
use super::results::{InductionLoop, LoopPassing, TrafficResults};
use super::trajectories::Traffic;

/// How a simulation runs.
#[derive(Clone, Debug)]
pub struct Options {
    /// When it begins, in seconds.
    pub begin_s: f64,
    /// When it ends at the latest, in seconds; with `None` a day after the last trip should have begun. It ends before when all
    /// trips have ended, or nothing has moved for an hour.
    pub end_s: Option<f64>,
    /// Length of a step in seconds, more than 0 and at most 1.
    pub step_s: f64,
    /// Which random numbers are drawn.
    pub seed: u64,
}

/// Without an end, nobody is on the way for longer than this after the last trip should have begun, in seconds.
const AFTERWARDS_S: f64 = 86_400.0;

impl Options {
    /// When it ends at the latest, in seconds: without an end, a day after the last trip should have begun.
    pub(super) fn ends_by_s(&self, demand: &TrafficDemand) -> f64 {
        let last_s = demand.trips.last().map_or(self.begin_s, |trip| trip.depart_s);
        self.end_s.unwrap_or(last_s.max(self.begin_s) + AFTERWARDS_S)
    }
}

/// A trip that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct FinishedTrip {
    /// Row of the trip.
    pub trip: u32,
    /// When it began, in seconds.
    pub departed_s: f64,
    /// When it ended, in seconds.
    pub arrived_s: f64,
    /// How long it had to wait to begin, in seconds.
    pub depart_delay_s: f64,
    /// Distance in metres.
    pub driven_m: f64,
    /// Standing at stops, in seconds.
    pub stopped_s: f64,
    /// Standing, stops excepted, in seconds.
    pub waited_s: f64,
    /// Lost against the desired speed, stops excepted, in seconds.
    pub time_loss_s: f64,
    /// How often it came to a stand.
    pub halts: u32,
    /// Where it ended, and how fast.
    pub end: TripEnd,
}

/// Where a trip begins or ends, and how fast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TripEnd {
    /// The lane.
    pub lane: u32,
    /// The front bumper from the beginning of the lane, in metres.
    pub position_m: f64,
    /// The speed in metres a second.
    pub speed_mps: f64,
}

/// A trip that has begun.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DepartedTrip {
    /// Row of the trip.
    pub trip: u32,
    /// When, in seconds.
    pub departed_s: f64,
    /// Where, and how fast.
    pub begin: TripEnd,
}

/// What has happened so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// Trips that have begun.
    pub inserted: u64,
    /// Trips that have ended.
    pub arrived: u64,
    /// Vehicles on the road: those that are found on lanes, at stops and inside junctions.
    pub running: u64,
    /// Trips that wait to begin.
    pub waiting: u64,
    /// How often a vehicle came onto a lane that no way leads to from the lane where it was, or from one beside it: a fault of the
    /// model, looked for wherever vehicles go from lane to lane.
    pub teleports: u64,
    /// Steps of single vehicles.
    pub vehicle_updates: u64,
    /// Lane changes.
    pub lane_changes: u64,
    /// Vehicles that had to be held back because they would have driven through the one ahead: a fault of the model.
    pub held_back: u64,
}

/// How circles of vehicles that waited for each other were resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relief {
    /// How often vehicles chose another route on their way, because they had lost or waited too long.
    pub reroutes: u64,
    /// Vehicles that moved on together with all others of a circle.
    pub exchanges: u64,
    /// Vehicles that chose another route before they began, because theirs was jammed.
    pub informed: u64,
    /// How often vehicles squeezed past others who stood in their way (micro only).
    pub squeezes: u64,
}

/// Why a simulation is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// All trips have ended.
    AllArrived,
    /// The time is over.
    TimeOver,
    /// Nothing has moved for an hour: the vehicles that are left block each other.
    Standstill,
}

/// What came out of a simulation.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What happened.
    pub counts: Counts,
    /// How circles of waiting vehicles were resolved.
    pub relief: Relief,
    /// People at crossings.
    pub people: PedestrianCounts,
    /// When it ended, in seconds.
    pub end_s: f64,
    /// Why it was over, if it was.
    pub ending: Option<Ending>,
    /// Trips that have begun, in the order in which they did.
    pub departed: Vec<DepartedTrip>,
    /// Trips that have ended, in the order in which they did.
    pub finished: Vec<FinishedTrip>,
    /// Sums over streets and turns, if they were recorded.
    pub results: Option<TrafficResults>,
}

/// A simulation, whichever it is. The methods are those of [`Micro`] and [`Meso`].
pub trait Simulation<'a>: Traffic + Sized {
    /// One that has not begun.
    fn new(network: &'a LaneNetwork, demand: &'a TrafficDemand, options: Options) -> Self;
    /// The same, recording results in bins of so many seconds.
    #[must_use]
    fn recording(self, bin_s: f64) -> Self;
    /// The same, watching induction loops; where it also records results, that is asked for first.
    #[must_use]
    fn detecting(self, loops: &[InductionLoop]) -> Self;
    /// What has happened so far.
    fn counts(&self) -> Counts;
    /// How circles of waiting vehicles were resolved so far.
    fn relief(&self) -> Relief;
    /// People at crossings so far.
    fn pedestrian_counts(&self) -> PedestrianCounts;
    /// Why it is over, if it is.
    fn ending(&self) -> Option<Ending>;
    /// Trips that have begun, in the order in which they did.
    fn departed(&self) -> &[DepartedTrip];
    /// Trips that have ended, in the order in which they did.
    fn finished(&self) -> &[FinishedTrip];
    /// The desired speed of a trip's driver over the speed limit.
    fn speed_factor(&self, trip: u32) -> f64;
    /// Results so far, if they are recorded.
    fn results(&self) -> Option<TrafficResults>;
    /// Who passed over the loops that are watched, so far.
    fn passings(&self) -> &[LoopPassing];
    /// Results at the end of it all, without a copy, if they were recorded, and the trips that have begun and ended.
    fn into_results(self) -> (Option<TrafficResults>, Vec<DepartedTrip>, Vec<FinishedTrip>);

    /// What came out.
    fn into_outcome(self) -> Outcome {
        let (counts, relief, people) = (self.counts(), self.relief(), self.pedestrian_counts());
        let (end_s, ending) = (self.time_s(), self.ending());
        let (results, departed, finished) = self.into_results();
        Outcome { counts, relief, people, end_s, ending, departed, finished, results }
    }
}

macro_rules! simulation {
    ($simulation:ident) => {
        impl<'a> Simulation<'a> for $simulation<'a> {
            fn new(network: &'a LaneNetwork, demand: &'a TrafficDemand, options: Options) -> Self {
                $simulation::new(network, demand, options)
            }
            fn recording(self, bin_s: f64) -> Self {
                self.recording(bin_s)
            }
            fn detecting(self, loops: &[InductionLoop]) -> Self {
                self.detecting(loops)
            }
            fn counts(&self) -> Counts {
                self.counts()
            }
            fn relief(&self) -> Relief {
                self.relief()
            }
            fn pedestrian_counts(&self) -> PedestrianCounts {
                self.pedestrian_counts()
            }
            fn ending(&self) -> Option<Ending> {
                self.ending()
            }
            fn departed(&self) -> &[DepartedTrip] {
                self.departed()
            }
            fn finished(&self) -> &[FinishedTrip] {
                self.finished()
            }
            fn speed_factor(&self, trip: u32) -> f64 {
                self.speed_factor(trip)
            }
            fn results(&self) -> Option<TrafficResults> {
                self.results()
            }
            fn passings(&self) -> &[LoopPassing] {
                self.passings()
            }
            fn into_results(self) -> (Option<TrafficResults>, Vec<DepartedTrip>, Vec<FinishedTrip>) {
                self.into_results()
            }
        }
    };
}

simulation!(Micro);
simulation!(Meso);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::car_following::Model;
    use crate::traffic::demand::{Stop, VehicleType};
    use crate::traffic::fixtures::{Plan, car, demand, krauss, red_then_green};
    use crate::traffic::network::{Permissions, RightOfWay, Span};

    /// Two streets of 500 m, and a lamp between them that is red for so long.
    fn red_for(red_s: f64) -> LaneNetwork {
        let mut plan = Plan::default();
        let places = [0.0, 510.0, 1020.0].map(|x| plan.junction(x, 0.0));
        let streets = [0, 1].map(|number| plan.street(places[number], places[number + 1], 1, 13.89, 5.0));
        let movement = plan.movement((streets[0], 0), (streets[1], 0), RightOfWay::Priority);
        plan.signal(red_then_green(red_s, 30.0, 0.0), &[movement]);
        LaneNetwork::build(&plan.rows).unwrap()
    }

    /// Why and when both simulations are over.
    fn endings(network: &LaneNetwork, demand: &TrafficDemand) -> [(Option<Ending>, f64); 2] {
        let options = || Options { begin_s: 0.0, end_s: None, step_s: 1.0, seed: 1 };
        let mut micro = Micro::new(network, demand, options());
        micro.run();
        let mut meso = Meso::new(network, demand, options());
        meso.run();
        let mut stepped = Meso::new(network, demand, options());
        while !stepped.is_over() {
            stepped.step_to(stepped.time_s() + 7.0);
        }
        assert_eq!((stepped.ending(), stepped.time_s()), (meso.ending(), meso.time_s()));
        [(micro.ending(), micro.time_s()), (meso.ending(), meso.time_s())]
    }

    fn kind() -> VehicleType {
        let model: Model = krauss(0.0);
        car(model)
    }

    #[test]
    fn where_two_vehicles_can_never_go_on_a_run_is_over_an_hour_after_they_came_to_a_stand() {
        let two = demand(kind(), &[(0.0, vec![0, 1]), (10.0, vec![0, 1])]);
        for (ending, end_s) in endings(&red_for(1e6), &two) {
            assert_eq!(ending, Some(Ending::Standstill));
            // Both have come to the red lamp after some fifty seconds.
            assert!((3640.0..3670.0).contains(&end_s), "{end_s}");
        }
        for (ending, end_s) in endings(&red_for(3000.0), &two) {
            assert_eq!(ending, Some(Ending::AllArrived), "the lamp opens within the hour");
            assert!((3030.0..3070.0).contains(&end_s), "{end_s}");
        }
    }

    #[test]
    fn where_vehicles_can_never_go_on_a_run_is_not_over_before_those_who_come_later() {
        let three = demand(kind(), &[(0.0, vec![0, 1]), (10.0, vec![0, 1]), (20_000.0, vec![1])]);
        for (ending, end_s) in endings(&red_for(1e6), &three) {
            assert_eq!(ending, Some(Ending::Standstill));
            assert!((23_600.0..23_700.0).contains(&end_s), "{end_s}");
        }
    }

    #[test]
    fn a_long_stop_on_the_way_is_no_standstill() {
        let mut one = demand(kind(), &[(0.0, vec![0, 1])]);
        one.trips[0].stops = Span { start: 0, end: 1 };
        let stop = Stop { lane: 1, route_position: 1, start_m: 0.0, end_m: 100.0, duration_s: 9000.0, until_s: None };
        one.stops.push(stop);
        for (ending, end_s) in endings(&red_for(10.0), &one) {
            assert_eq!(ending, Some(Ending::AllArrived));
            assert!(end_s > 9000.0, "{end_s}");
        }
    }

    #[test]
    fn who_never_finds_a_lane_to_begin_on_has_an_hour_for_it() {
        let mut network = red_for(10.0);
        network.lanes[0].permissions = Permissions(1);
        let barred = demand(VehicleType { permission: Some(5), ..kind() }, &[(7200.0, vec![0, 1])]);
        for (ending, end_s) in endings(&network, &barred) {
            assert_eq!(ending, Some(Ending::Standstill));
            assert!((10_800.0..10_810.0).contains(&end_s), "{end_s}");
        }
    }
}

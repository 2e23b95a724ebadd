//! What drivers know of the traffic ahead, and when they choose another way for it.
//!
//! Whoever leaves a street tells how long it took; what is known fades where nobody tells any more, and all are told the same
//! once in a minute. Of those who are about to begin, as many as the demand says
//! ([`informed_share`](super::demand::TrafficDemand::informed_share)) look for another way that is clearly faster now, if
//! theirs is jammed. They look again when they have lost much on a street. So do those who stand and cannot go on. This is the
//! routing on current travel times that navigation devices do (SUMO's rerouting device works alike); the numbers are our rule.
//! Both simulations look in here. Left out: forecasts, and differences between the turns at a street's end.
//!
//! Whose way leads over a street that is closed to it now looks for another as soon as that is so, informed or not: signs tell it.
//! Who finds none, or is too near to turn off, drives through.

use super::demand::TrafficDemand;
use super::network::LaneNetwork;
use super::routing::WayFinder;
use crate::draws::{Draws, Purpose};

/// A way is jammed if it takes longer than when it is empty by this factor and this time, in seconds.
const JAMMED: (f64, f64) = (1.3, 60.0);
/// Another way is clearly faster if it takes no more than this share.
const FASTER: f64 = 0.85;
/// Who has lost that much on one street looks for another way, in seconds.
pub(super) const ANNOYED_S: f64 = 60.0;
/// Who has looked for another way does so no sooner again, in seconds.
pub(super) const LOOKS_AGAIN_S: f64 = 300.0;
/// What the last vehicle tells counts for this share of what is known.
const NEWS: f64 = 0.3;
/// What is known has faded after this time, in seconds.
const FADES_S: f64 = 900.0;
/// What all are told is renewed after this time, in seconds: navigation services take a minute or two, and asking for each street
/// anew costs more than driving.
const RENEWED_EVERY_S: f64 = 60.0;

const INFORMED: Purpose = Purpose::new("informed driver");

/// How long a street takes.
#[derive(Clone, Copy, Debug)]
struct KnownTime {
    free_s: f64,
    /// What it takes longer than when it is empty, when that was told last.
    excess_s: f64,
    told_s: f64,
}

impl KnownTime {
    fn excess_s(&self, now_s: f64) -> f64 {
        let age_s = now_s - self.told_s;
        if age_s >= FADES_S { 0.0 } else { self.excess_s * (1.0 - age_s / FADES_S) }
    }
}

/// How long streets take.
#[derive(Clone, Debug)]
pub(super) struct KnownTimes {
    streets: Vec<KnownTime>,
    /// What all are told, in seconds by street, and when that was.
    news_s: Vec<f32>,
    renewed_s: f64,
    /// Whether a street is closed to some at some time.
    has_closures: Vec<bool>,
    draws: Draws,
}

/// Who may choose another way.
pub(super) struct Chooser<'a> {
    pub(super) permission: Option<u8>,
    /// The streets that are left of its way, with the one that it is on.
    pub(super) rest: &'a [u32],
    pub(super) now_s: f64,
}

impl KnownTimes {
    pub(super) fn new(network: &LaneNetwork, demand: &TrafficDemand, seed: u64) -> Self {
        let count = network.streets.len();
        let mut has_closures = vec![false; count];
        for row in &demand.closed_streets {
            has_closures[row.street as usize] = true;
        }
        let unknown = |street: &super::network::Street| {
            let lane = &network.lanes[street.first_lane as usize];
            KnownTime { free_s: lane.length_m / lane.speed_limit_mps, excess_s: 0.0, told_s: f64::NEG_INFINITY }
        };
        Self {
            streets: network.streets.iter().map(unknown).collect(),
            news_s: vec![0.0; count],
            renewed_s: f64::NEG_INFINITY,
            has_closures,
            draws: Draws::new(seed),
        }
    }

    /// A vehicle has taken so long on a street.
    pub(super) fn tell(&mut self, street: u32, took_s: f64, now_s: f64) {
        let known = &mut self.streets[street as usize];
        let known_s = known.excess_s(now_s);
        let new_s = (took_s - known.free_s).max(0.0);
        known.excess_s = known_s + NEWS * (new_s - known_s);
        known.told_s = now_s;
    }

    /// How long a street takes when it is empty, in seconds.
    pub(super) fn free_s(&self, street: u32) -> f64 {
        self.streets[street as usize].free_s
    }

    /// How long a street takes now, as far as is known: no less than those at its end have waited already.
    pub(super) fn expected_s(&self, street: u32, held_s: f64, now_s: f64) -> f64 {
        let known = &self.streets[street as usize];
        known.free_s + known.excess_s(now_s).max(held_s)
    }

    /// Whether the way of a vehicle leads over a street that is closed to it now, beyond the one that it is on.
    pub(super) fn leads_over_closed(&self, demand: &TrafficDemand, chooser: &Chooser) -> bool {
        let &Chooser { permission, rest, now_s } = chooser;
        // Whether a street is closed to some is known of each; most runs have none.
        !demand.closed_streets.is_empty()
            && rest
                .iter()
                .skip(1)
                .any(|&street| self.has_closures[street as usize] && is_closed(demand, permission, street, now_s))
    }

    /// Whether the driver of a trip knows of the traffic ahead, and is free to choose.
    pub(super) fn is_informed(&self, demand: &TrafficDemand, vehicle: u32) -> bool {
        let trip = &demand.trips[vehicle as usize];
        let share = demand.informed_share;
        let agent = trip.draw_key.unwrap_or(u64::from(vehicle));
        share > 0.0 && trip.stops.is_empty() && self.draws.uniform(INFORMED, agent) < share
    }

    /// Renews what all are told, if that is old; `held_s` says how long those at the end of a street have waited, at most, in
    /// seconds, of a street and the time that it takes when it is empty.
    pub(super) fn renew(&mut self, now_s: f64, held_s: impl Fn(u32, f64) -> f64) {
        if now_s < self.renewed_s + RENEWED_EVERY_S {
            return;
        }
        self.renewed_s = now_s;
        for street in 0..self.streets.len() as u32 {
            let held_s = held_s(street, self.free_s(street));
            self.news_s[street as usize] = self.expected_s(street, held_s, now_s) as f32;
        }
    }

    /// A way from where a vehicle is on its route that is clearly faster by what all are told, if the rest of its own is jammed; any
    /// way if its own is closed.
    pub(super) fn clearly_faster(
        &self,
        demand: &TrafficDemand,
        finder: &mut WayFinder,
        chooser: &Chooser,
    ) -> Option<Vec<u32>> {
        let &Chooser { permission, rest, now_s } = chooser;
        let told_s = |street: u32| f64::from(self.news_s[street as usize]);
        let free_s: f64 = rest.iter().map(|&street| self.free_s(street)).sum();
        let own_s: f64 = if self.leads_over_closed(demand, chooser) {
            f64::INFINITY
        } else {
            rest.iter().map(|&street| told_s(street)).sum()
        };
        let [origin, .., destination] = *rest else { return None };
        if own_s < free_s * JAMMED.0 + JAMMED.1 {
            return None;
        }
        let time_s = |street: u32| {
            let may_be_closed = self.has_closures[street as usize];
            if may_be_closed && is_closed(demand, permission, street, now_s) { f64::INFINITY } else { told_s(street) }
        };
        // Both count the first street, and the search none of it.
        let most_s = own_s * FASTER - told_s(origin);
        finder.fastest_by(permission, (origin, destination), most_s, &time_s).map(|(streets, _)| streets)
    }
}

/// Whether a vehicle may not be on a street at a time, although others may.
pub(super) fn is_closed(demand: &TrafficDemand, permission: Option<u8>, street: u32, now_s: f64) -> bool {
    let Some(permission) = permission else { return false };
    let closed = &demand.closed_streets;
    let first = closed.partition_point(|row| row.street < street);
    closed[first..]
        .iter()
        .take_while(|row| row.street == street)
        .any(|row| row.from_s <= now_s && now_s < row.to_s && row.shut_out.allow(permission))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::demand::ClosedStreet;
    use crate::traffic::fixtures::{Plan, car, demand, krauss, red_then_green};
    use crate::traffic::meso::Meso;
    use crate::traffic::micro::Micro;
    use crate::traffic::network::{Permissions, RightOfWay};
    use crate::traffic::simulation::Relief;
    use crate::traffic::simulation::{FinishedTrip, Options};

    /// A short way with a lamp that is hardly ever green, and a longer one with none.
    fn fork() -> (LaneNetwork, [u32; 6]) {
        let mut plan = Plan::default();
        let places = [(0.0, 0.0), (300.0, 0.0), (400.0, 0.0), (600.0, 0.0), (500.0, 300.0), (800.0, 0.0)];
        let [begin, bend, fork, join, corner, end] = places.map(|(x, y)| plan.junction(x, y));
        let streets = [(begin, bend), (bend, fork), (fork, join), (fork, corner), (corner, join), (join, end)]
            .map(|(from, to)| plan.street(from, to, 1, 13.89, 5.0));
        let next = [(0, 1), (1, 2), (1, 3), (3, 4), (2, 5), (4, 5)];
        let movements =
            next.map(|(from, to)| plan.movement((streets[from], 0), (streets[to], 0), RightOfWay::Priority));
        plan.signal(red_then_green(115.0, 5.0, 0.0), &movements[4..5]);
        (LaneNetwork::build(&plan.rows).unwrap(), streets)
    }

    /// How stalemates were resolved, the mean loss, and how many went round.
    fn run(network: &LaneNetwork, demand: &TrafficDemand) -> [(Relief, f64, usize); 2] {
        let options = Options { begin_s: 0.0, end_s: Some(7200.0), step_s: 1.0, seed: 1 };
        let mut micro = Micro::new(network, demand, options.clone());
        micro.run();
        let mut meso = Meso::new(network, demand, options);
        meso.run();
        let told = |relief: Relief, finished: &[FinishedTrip]| {
            assert_eq!(finished.len(), demand.trips.len(), "all arrive");
            let lost_s: f64 = finished.iter().map(|trip| trip.time_loss_s).sum();
            let round = finished.iter().filter(|trip| trip.driven_m > 900.0).count();
            (relief, lost_s / finished.len() as f64, round)
        };
        [told(micro.relief(), micro.finished()), told(meso.relief(), meso.finished())]
    }

    fn trips(streets: &[u32; 6], count: u32, every_s: f64) -> TrafficDemand {
        let short = [0, 1, 2, 5].map(|number| streets[number]).to_vec();
        let trips: Vec<(f64, Vec<u32>)> = (0..count).map(|car| (f64::from(car) * every_s, short.clone())).collect();
        demand(car(krauss(0.0)), &trips)
    }

    /// All begin before anybody knows of the jam. Who knows what streets take, and has lost a minute before the last fork, goes
    /// round it; the others wait.
    #[test]
    fn who_has_lost_a_minute_on_a_street_goes_round_the_jam_ahead() {
        let (network, streets) = fork();
        let mut demand = trips(&streets, 70, 2.0);
        let nobody = run(&network, &demand);
        demand.informed_share = 1.0;
        for ((none, lost_s, _), (all, lost_less_s, _)) in nobody.into_iter().zip(run(&network, &demand)) {
            assert_eq!(none.informed, 0);
            assert!(all.reroutes > none.reroutes + 5, "{all:?} {none:?}");
            assert!(lost_less_s < 0.7 * lost_s, "{lost_less_s} instead of {lost_s}");
        }
    }

    /// They come in so slowly that many know of the jam before they begin. Where the longer way is closed they wait.
    #[test]
    fn who_knows_of_a_jam_begins_on_another_way_but_not_on_one_that_is_closed() {
        let (network, streets) = fork();
        let mut demand = trips(&streets, 60, 20.0);
        demand.informed_share = 1.0;
        for type_ in &mut demand.types {
            type_.permission = Some(0);
        }
        for (relief, _, round) in run(&network, &demand) {
            assert!(relief.informed > 20 && round > 20, "{relief:?} {round}");
        }
        let everybody = Permissions(u64::MAX);
        demand.closed_streets =
            vec![ClosedStreet { street: streets[3], from_s: 0.0, to_s: 7200.0, shut_out: everybody }];
        for (_, _, round) in run(&network, &demand) {
            assert_eq!(round, 0);
        }
    }

    /// One car each minute for an hour on the short way, which is closed from the tenth minute to the fiftieth: those who begin then
    /// go round, whether they are informed or not, and those who are on the way as it closes turn off before it.
    #[test]
    fn nobody_drives_on_over_a_street_that_is_closed_to_it_if_there_is_another_way() {
        let (network, streets) = fork();
        let mut demand = trips(&streets, 60, 60.0);
        for type_ in &mut demand.types {
            type_.permission = Some(0);
        }
        let [micro, meso] = run(&network, &demand).map(|(_, _, round)| round);
        assert_eq!((micro, meso), (0, 0), "nothing is closed yet");
        let everybody = Permissions(u64::MAX);
        demand.closed_streets =
            vec![ClosedStreet { street: streets[2], from_s: 590.0, to_s: 2990.0, shut_out: everybody }];
        for (relief, _, round) in run(&network, &demand) {
            // Those of minutes 10 to 49, and the one of minute 9, 50 s on its way, wherever it is before the fork.
            assert!((40..=41).contains(&round), "{round} go round: {relief:?}");
        }
    }
}

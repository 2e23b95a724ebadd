//! People on foot, as far as traffic meets them: who comes to which crossing, when, and how fast they walk.
//!
//! People come to a crossing at random, independently of each other (Poisson), or on a walk that leads over crossings one
//! after the other. Free walking speeds are normal with a mean of 1.34 m/s and a standard deviation of 0.26 m/s (U.
//! Weidmann 1993, *Transporttechnik der Fussgänger*, Schriftenreihe des IVT 90, ETH Zürich), cut at two deviations. Both
//! simulations draw here, so that the same people come in either. Left out: people who get in each other's way, pavements,
//! and ways that are chosen.

use super::network::LaneNetwork;
use crate::draws::{Distribution, Draws, Purpose};

const ARRIVALS: Purpose = Purpose::new("pedestrian arrivals");
const WALKING_SPEED: Purpose = Purpose::new("walking speed");
const SPEED_OF_WALK: Purpose = Purpose::new("speed of a walk");

/// Free walking speed in metres a second.
const SPEED_MPS: Distribution = Distribution::TruncatedNormal { mean: 1.34, deviation: 0.26, low: 0.82, high: 1.86 };

/// The speed with which crossings are cleared at signals, in metres a second (RiLSA, FGSV, edition 2015).
pub const CLEARANCE_MPS: f64 = 1.2;
/// How long people begin to cross at least once the vehicles' lamps are red, where nobody knows how long they stay so, in
/// seconds (RiLSA 2015).
pub(super) const START_S: f64 = 5.0;
/// People keep this distance in time before vehicles that come, and vehicles before people, in seconds.
pub(super) const GAP_S: f64 = 1.0;

/// People who come to a crossing at random, from one side.
#[derive(Clone, Debug, PartialEq)]
pub struct PedestrianFlow {
    /// Row of the crossing.
    pub crossing: u32,
    /// Whether they come from its last kerb.
    pub is_backward: bool,
    /// From when on, in seconds.
    pub from_s: f64,
    /// Until when.
    pub to_s: f64,
    /// How many an hour, not negative.
    pub flow_pph: f64,
}

/// Somebody's way over crossings.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// Name, unique among walks.
    pub name: String,
    /// When it begins, in seconds.
    pub depart_s: f64,
    /// Free walking speed in metres a second, positive; drawn where it is not given.
    pub speed_mps: Option<f64>,
    /// The crossings on the way, in order.
    pub legs: Vec<WalkLeg>,
    /// The way from the last crossing on, or the whole way where there is none, in metres.
    pub last_way_m: f64,
}

/// A crossing on somebody's way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkLeg {
    /// The way there, from where the walk begins or from the crossing before, in metres.
    pub way_m: f64,
    /// Row of the crossing.
    pub crossing: u32,
    /// Whether it is crossed from its last kerb.
    pub is_backward: bool,
}

/// What has happened to people on foot so far. Whoever comes to several crossings counts at each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct PedestrianCounts {
    /// People who came to a crossing.
    pub came: u64,
    /// People who reached the other kerb.
    pub crossed: u64,
    /// People who wait to begin.
    pub waiting: u64,
    /// People on their way across.
    pub walking: u64,
}

/// A walk that has ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FinishedWalk {
    /// Row of the walk.
    pub walk: u32,
    /// When it ended, in seconds.
    pub arrived_s: f64,
    /// What was lost at crossings, in seconds.
    pub lost_s: f64,
}

/// Somebody on a crossing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnCrossing {
    /// Where, in metres from the crossing's first kerb.
    pub at_m: f64,
    /// Whether they come from its last kerb.
    pub is_backward: bool,
    /// Free walking speed in metres a second.
    pub speed_mps: f64,
}

/// No walk: somebody of a flow, who is seen at one crossing only.
pub(super) const NO_WALK: u32 = u32::MAX;

/// Somebody who comes to a crossing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Comer {
    pub(super) at_s: f64,
    pub(super) speed_mps: f64,
    pub(super) is_backward: bool,
    /// The walk, and which leg of it.
    pub(super) walk: u32,
    pub(super) leg: u32,
    /// What was lost at the crossings before, in seconds.
    pub(super) lost_s: f64,
}

impl Comer {
    /// Somebody who has crossed at a time and lost something: where they come next, or the end of their walk; nothing for
    /// people of flows.
    pub(super) fn goes_on(&self, walks: &[Walk], at_s: f64, lost_s: f64) -> Option<Onward> {
        let walk = walks.get(self.walk as usize)?;
        let (leg, lost_s) = (self.leg + 1, self.lost_s + lost_s);
        Some(match walk.legs.get(leg as usize) {
            Some(next) => {
                let at_s = at_s + next.way_m / self.speed_mps;
                Onward::Crossing(next.crossing, Self { at_s, is_backward: next.is_backward, leg, lost_s, ..*self })
            }
            None => Onward::End(FinishedWalk {
                walk: self.walk,
                arrived_s: at_s + walk.last_way_m / self.speed_mps,
                lost_s,
            }),
        })
    }
}

/// Where somebody goes from a crossing.
pub(super) enum Onward {
    /// To another one.
    Crossing(u32, Comer),
    /// To the end of the walk.
    End(FinishedWalk),
}

/// Those who come to one crossing, in the order in which they do.
#[derive(Clone, Debug, Default)]
pub(super) struct Comers {
    comers: Vec<Comer>,
    next: usize,
}

impl Comers {
    /// The next one who has come by a time.
    pub(super) fn by(&mut self, time_s: f64) -> Option<Comer> {
        let comer = *self.comers.get(self.next).filter(|comer| comer.at_s <= time_s)?;
        self.next += 1;
        Some(comer)
    }

    /// Somebody comes later, after all those who come at the same time.
    pub(super) fn add(&mut self, comer: Comer) {
        let later = &self.comers[self.next..];
        let place = self.next + later.partition_point(|other| other.at_s <= comer.at_s);
        self.comers.insert(place, comer);
    }
}

/// Who comes to each crossing first, and the walks that cross no street. What names a crossing that there is not is left out.
pub(super) fn comers(
    network: &LaneNetwork,
    flows: &[PedestrianFlow],
    walks: &[Walk],
    seed: u64,
) -> (Vec<Comers>, Vec<FinishedWalk>) {
    let draws = Draws::new(seed);
    let mut all = vec![Comers::default(); network.crossings.len()];
    let mut flow_counts = vec![[0_u64; 2]; network.crossings.len()];
    for flow in flows {
        let Some(row) = all.get_mut(flow.crossing as usize) else { continue };
        // What is drawn belongs to the crossing and its side, whatever flows there are elsewhere.
        let count = &mut flow_counts[flow.crossing as usize][usize::from(flow.is_backward)];
        let key = u64::from(flow.crossing) << 32 | u64::from(flow.is_backward) << 31 | *count;
        *count += 1;
        let mut times = draws.sequence(ARRIVALS, key);
        let mut speeds = draws.sequence(WALKING_SPEED, key);
        if flow.flow_pph <= 0.0 {
            continue;
        }
        let mut at_s = flow.from_s;
        loop {
            at_s -= libm::log(times.uniform()) * 3600.0 / flow.flow_pph;
            if at_s >= flow.to_s {
                break;
            }
            let speed_mps = speeds.draw(&SPEED_MPS);
            row.comers.push(Comer {
                at_s,
                speed_mps,
                is_backward: flow.is_backward,
                walk: NO_WALK,
                leg: 0,
                lost_s: 0.0,
            });
        }
    }
    let mut finished = Vec::new();
    for (number, walk) in (0_u32..).zip(walks) {
        let speed_mps = walk.speed_mps.unwrap_or_else(|| draws.draw(&SPEED_MPS, SPEED_OF_WALK, u64::from(number)));
        match walk.legs.first() {
            None => {
                let arrived_s = walk.depart_s + walk.last_way_m / speed_mps;
                finished.push(FinishedWalk { walk: number, arrived_s, lost_s: 0.0 });
            }
            Some(first) => {
                let at_s = walk.depart_s + first.way_m / speed_mps;
                if let Some(row) = all.get_mut(first.crossing as usize) {
                    let is_backward = first.is_backward;
                    row.comers.push(Comer { at_s, speed_mps, is_backward, walk: number, leg: 0, lost_s: 0.0 });
                }
            }
        }
    }
    for row in &mut all {
        row.comers.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    }
    (all, finished)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::fixtures::zebra;

    /// Four standard deviations of 7,200 people, and of the mean of their speeds.
    #[test]
    fn as_many_people_come_as_the_flow_says_with_the_speeds_of_the_source() {
        let network = LaneNetwork::build(&zebra().rows).unwrap();
        let flow = PedestrianFlow { crossing: 0, is_backward: true, from_s: 100.0, to_s: 36_100.0, flow_pph: 720.0 };
        let (mut all, _) = comers(&network, &[flow], &[], 3);
        let mut people = Vec::new();
        while let Some(comer) = all[0].by(f64::INFINITY) {
            people.push(comer);
        }
        assert!(people.len().abs_diff(7200) < 340, "{}", people.len());
        assert!(people.is_sorted_by(|a, b| a.at_s <= b.at_s) && people[0].at_s > 100.0);
        let mean_mps = people.iter().map(|comer| comer.speed_mps).sum::<f64>() / people.len() as f64;
        assert!((mean_mps - 1.34).abs() < 0.013, "{mean_mps}");
    }

    #[test]
    fn other_flows_do_not_change_who_comes() {
        let network = LaneNetwork::build(&zebra().rows).unwrap();
        let flow = |is_backward| PedestrianFlow { crossing: 0, is_backward, from_s: 0.0, to_s: 3600.0, flow_pph: 60.0 };
        let (alone, _) = comers(&network, &[flow(true)], &[], 3);
        let (both, _) = comers(&network, &[flow(false), flow(true)], &[], 3);
        let backward: Vec<Comer> = both[0].comers.iter().copied().filter(|comer| comer.is_backward).collect();
        assert_eq!(alone[0].comers, backward);
    }

    #[test]
    fn who_comes_later_takes_their_place_in_time() {
        let comer = |at_s| Comer { at_s, speed_mps: 1.0, is_backward: false, walk: NO_WALK, leg: 0, lost_s: 0.0 };
        let mut all = Comers { comers: vec![comer(1.0), comer(5.0)], next: 0 };
        assert_eq!(all.by(2.0), Some(comer(1.0)));
        all.add(comer(3.0));
        assert_eq!((all.by(2.9), all.by(3.0), all.by(9.0)), (None, Some(comer(3.0)), Some(comer(5.0))));
    }
}

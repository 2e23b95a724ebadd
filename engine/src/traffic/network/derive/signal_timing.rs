//! Times of a signal of a derived network from the flows of its movements.
//!
//! Flows between streets are spread over the lanes that lead there so that all lanes are as evenly loaded as they can be.
//! A turn of radius *r* counts for 1 + 1.5/*r* vehicles (Kimber, McDonald and Hounsell 1986, Transport and Road Research
//! Laboratory Research Report 67), a turn to the left that gives way to oncoming traffic for 1.75 times as many
//! (Webster and Cobbe 1966, Road Research Technical Paper 56). Cycle and greens are Webster's
//! ([`timing`](crate::signals::timing)), rounded to whole seconds as far as shortest greens allow. Left out: coordination with other signals, and flows that change within the hour.

use super::super::Direction;
use super::super::rows::LanePlace;
use super::compose::DerivedNetwork;
use super::signal_control::{GreenLimits, SignalFault};
use super::stages::SignalPlan;
use super::ways::radius_m;
use crate::signals::{CycleLimits, LampFlow, LostTime, Stages, Timing, TimingFault, timing};

/// What a turn of radius 1 m counts for besides one vehicle.
const TURN_M: f64 = 1.5;
/// What a turn to the left counts for that gives way to oncoming traffic.
pub(super) const OPPOSED: f64 = 1.75;
/// Rounds in which flows are spread over lanes.
const ROUNDS: usize = 24;

/// Traffic from a street to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MovementFlow {
    /// The plain street that it comes from.
    pub from_street: u32,
    /// The plain street that it leads to.
    pub to_street: u32,
    /// Vehicles an hour; not negative.
    pub flow_vph: f64,
}

/// How times are worked out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimingOptions {
    /// What leaves a lane straight on while it has green, in vehicles an hour; positive.
    pub saturation_flow_vph: f64,
    /// What a green loses at its start and wins at its end.
    pub lost: LostTime,
    /// How short and long the cycle may be.
    pub cycle: CycleLimits,
    /// How short greens may be.
    pub greens: GreenLimits,
}

impl Default for TimingOptions {
    /// 1,900 vehicles an hour (Highway Capacity Manual, 6th edition, chapter 19), cycles of 30 to 120 s.
    fn default() -> Self {
        Self {
            saturation_flow_vph: 1900.0,
            lost: LostTime::default(),
            cycle: CycleLimits { min_s: 30.0, max_s: 120.0 },
            greens: GreenLimits::default(),
        }
    }
}

/// One movement that a stage opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenMovement {
    /// The plain street that it comes from.
    pub from_street: u32,
    /// The plain street that it leads to.
    pub to_street: u32,
    /// The lane that it comes from, of the rows; on a pocket where the street has one.
    pub lane: LanePlace,
    /// Which way it turns.
    pub direction: Direction,
    /// Its lamp.
    pub lamp: u32,
    /// Whether it gives way to others of the stage.
    pub gives_way: bool,
}

impl DerivedNetwork {
    /// What each stage of a junction's signal opens; nothing where there is no signal.
    #[must_use]
    pub fn open_movements(&self, junction: u32) -> Vec<Vec<OpenMovement>> {
        let Some(plan) = self.signal_plan(junction) else { return Vec::new() };
        let open = |&(row, gives_way): &(u32, bool)| {
            let lamp = plan.movements.binary_search(&row).ok()?;
            let movement = &self.rows.movements[row as usize];
            Some(OpenMovement {
                from_street: plan.approaches[lamp],
                to_street: movement.to.street,
                lane: movement.from,
                direction: movement.direction,
                lamp: lamp as u32,
                gives_way,
            })
        };
        plan.stages.iter().map(|stage| stage.movements.iter().filter_map(open).collect()).collect()
    }

    /// Cycle and greens of a junction's signal for some flows; those of movements that are not named are 0.
    ///
    /// # Errors
    /// Where the junction has no signal, a flow is none or between streets that it does not connect, or the shortest greens do
    /// not fit into the only cycle that is allowed; where cycles differ, it is as long as they need.
    pub fn timing(
        &self,
        junction: u32,
        flows: &[MovementFlow],
        options: &TimingOptions,
    ) -> Result<Timing, SignalFault> {
        let saturation_flow_vph = options.saturation_flow_vph;
        if !(saturation_flow_vph.is_finite() && saturation_flow_vph > 0.0) {
            return Err(SignalFault::SaturationFlow(saturation_flow_vph));
        }
        let stages = self.stages(junction, &options.greens)?;
        let plan = self.signal_plan(junction).ok_or(SignalFault::None(junction))?;
        let loads = self.lamp_loads_vph(plan, &stages, flows)?;
        let lamp_flows: Vec<LampFlow> = loads
            .iter()
            .map(|&load_vph| LampFlow::new(load_vph, saturation_flow_vph).unwrap_or(LampFlow::NONE))
            .collect();
        let CycleLimits { min_s, max_s } = options.cycle;
        let mut times = match timing(&stages, &lamp_flows, options.lost, options.cycle) {
            // Wide streets take those on foot longer than the longest usual cycle has.
            Err(TimingFault::TooShort { needed_s, .. }) if min_s < max_s => {
                timing(&stages, &lamp_flows, options.lost, CycleLimits { min_s, max_s: needed_s })?
            }
            times => times?,
        };
        times.greens_s = whole_seconds(&times.greens_s);
        for (green_s, stage) in times.greens_s.iter_mut().zip(stages.stages()) {
            *green_s = green_s.max(stage.min_s());
        }
        times.cycle_s = times.greens_s.iter().sum::<f64>() + stages.intergreens_s(&times.greens_s).iter().sum::<f64>();
        Ok(times)
    }

    /// The most vehicles an hour that leave each street that arrives at a junction's signal, under the times for some flows.
    pub(super) fn signal_capacities_vph(
        &self,
        junction: u32,
        flows: &[MovementFlow],
        options: &TimingOptions,
    ) -> Result<Vec<(u32, f64)>, SignalFault> {
        let times = self.timing(junction, flows, options)?;
        let stages = self.stages(junction, &options.greens)?;
        let plan = self.signal_plan(junction).ok_or(SignalFault::None(junction))?;
        let loads = self.lamp_loads_vph(plan, &stages, flows)?;
        let mut streets = plan.approaches.clone();
        streets.dedup();
        let capacity_vph = |lamp: usize| {
            let green =
                |(stage, green_s): (usize, &f64)| if stages.stages()[stage].is_green(lamp) { *green_s } else { 0.0 };
            let green_s: f64 = times.greens_s.iter().enumerate().map(green).sum();
            options.saturation_flow_vph * green_s / times.cycle_s
        };
        let of_street = |street: u32| {
            let lamps = || (0..plan.approaches.len()).filter(move |&lamp| plan.approaches[lamp] == street);
            let flow_vph: f64 = flows.iter().filter(|flow| flow.from_street == street).map(|flow| flow.flow_vph).sum();
            let fullest = lamps().map(|lamp| loads[lamp] / capacity_vph(lamp)).fold(0.0, f64::max);
            if fullest > 0.0 { flow_vph / fullest } else { lamps().map(capacity_vph).fold(0.0, f64::max) }
        };
        Ok(streets.into_iter().map(|street| (street, of_street(street))).collect())
    }

    /// What each lamp has to serve: all that shares its lane and its green, in vehicles straight on an hour.
    fn lamp_loads_vph(
        &self,
        plan: &SignalPlan,
        stages: &Stages,
        flows: &[MovementFlow],
    ) -> Result<Vec<f64>, SignalFault> {
        let mut streams = Vec::with_capacity(flows.len());
        for &MovementFlow { from_street, to_street, flow_vph } in flows {
            let lamps: Vec<usize> = (0..plan.movements.len())
                .filter(|&lamp| {
                    let row = plan.movements[lamp];
                    let to = self.rows.movements[row as usize].to.street;
                    (plan.approaches[lamp], to) == (from_street, to_street) && self.is_for_all(row)
                })
                .collect();
            if !(flow_vph.is_finite() && flow_vph >= 0.0) || (lamps.is_empty() && flow_vph > 0.0) {
                return Err(SignalFault::Flow { from_street, to_street, flow_vph });
            }
            let mut lanes: Vec<LanePlace> = lamps.iter().map(|&lamp| self.from(plan, lamp)).collect();
            lanes.dedup();
            let weights = lamps.iter().map(|&lamp| self.weight(plan, stages, lamp));
            let load_vph = flow_vph * weights.sum::<f64>() / lamps.len().max(1) as f64;
            let shares_vph = vec![load_vph / lanes.len().max(1) as f64; lanes.len()];
            streams.push(Stream { lamps, lanes, load_vph, shares_vph });
        }
        for _ in 0..ROUNDS {
            for number in 0..streams.len() {
                let others_vph: Vec<f64> = streams[number]
                    .lanes
                    .iter()
                    .map(|&lane| {
                        (0..)
                            .zip(&streams)
                            .filter(|(other, _)| *other != number)
                            .map(|(_, stream)| stream.on(lane))
                            .sum()
                    })
                    .collect();
                streams[number].shares_vph = spread(streams[number].load_vph, &others_vph);
            }
        }
        let greens =
            |lamp: usize| (0..stages.stages().len()).filter(move |&stage| stages.stages()[stage].is_green(lamp));
        let load_vph = |lamp: usize| {
            let lane = self.from(plan, lamp);
            let shares = |stream: &&Stream| {
                stream.lamps.iter().any(|&other| {
                    self.from(plan, other) == lane && greens(other).any(|stage| stages.stages()[stage].is_green(lamp))
                })
            };
            streams.iter().filter(shares).map(|stream| stream.on(lane)).sum()
        };
        Ok((0..plan.movements.len()).map(load_vph).collect())
    }

    /// Whether a movement is for all who may use its streets, as their leftmost lanes are, and not only for those of a reserved
    /// lane.
    fn is_for_all(&self, row: u32) -> bool {
        let movement = &self.rows.movements[row as usize];
        let lanes = |street: u32| &self.rows.streets[street as usize].lanes;
        let all = |street: u32| lanes(street).last().map_or(0, |lane| lane.permissions.0);
        let used = |place: LanePlace| lanes(place.street)[place.lane as usize].permissions.0;
        let inside = movement.inside.iter().fold(u64::MAX, |way, lane| way & lane.permissions.0);
        let needed = all(movement.from.street) & all(movement.to.street);
        used(movement.from) & used(movement.to) & inside & needed == needed
    }

    fn from(&self, plan: &SignalPlan, lamp: usize) -> LanePlace {
        self.rows.movements[plan.movements[lamp] as usize].from
    }

    /// How many vehicles straight on one vehicle of a movement counts for.
    fn weight(&self, plan: &SignalPlan, stages: &Stages, lamp: usize) -> f64 {
        let movement = &self.rows.movements[plan.movements[lamp] as usize];
        if movement.direction == Direction::Straight {
            return 1.0;
        }
        let shape: Vec<geo::Coord> = movement.inside.iter().flat_map(|lane| lane.shape.iter().copied()).collect();
        let turn = 1.0 + TURN_M / radius_m(&shape);
        let gives_way = stages.stages().iter().all(|stage| stage.lamps[lamp] != crate::signals::Lamp::Green);
        if movement.direction != Direction::Right && gives_way { turn * OPPOSED } else { turn }
    }
}

/// Traffic between two streets, spread over lanes.
struct Stream {
    lamps: Vec<usize>,
    lanes: Vec<LanePlace>,
    load_vph: f64,
    shares_vph: Vec<f64>,
}

impl Stream {
    fn on(&self, lane: LanePlace) -> f64 {
        self.lanes.iter().zip(&self.shares_vph).filter(|(known, _)| **known == lane).map(|(_, share)| share).sum()
    }
}

/// Whole seconds whose sum is the nearest to that of some greens: each green loses its fraction, and those that lose most get a
/// second more until the sum is right.
fn whole_seconds(greens_s: &[f64]) -> Vec<f64> {
    let mut whole_s: Vec<f64> = greens_s.iter().map(|green_s| (green_s + 1e-6).floor()).collect();
    let missing = (greens_s.iter().sum::<f64>() - whole_s.iter().sum::<f64>()).round() as usize;
    let mut order: Vec<usize> = (0..greens_s.len()).collect();
    let lost_s = |stage: usize| greens_s[stage] - greens_s[stage].floor();
    order.sort_by(|&a, &b| lost_s(b).total_cmp(&lost_s(a)).then(a.cmp(&b)));
    for &stage in order.iter().take(missing) {
        whole_s[stage] += 1.0;
    }
    whole_s
}

/// Spreads a load over lanes that bear others, so that the most loaded are as little loaded as they can be.
pub(super) fn spread(load: f64, others: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..others.len()).collect();
    order.sort_by(|&a, &b| others[a].total_cmp(&others[b]).then(a.cmp(&b)));
    // Filled up to a level, from the emptiest on.
    let mut level = 0.0;
    let mut sum = 0.0;
    for (count, &lane) in order.iter().enumerate() {
        if count > 0 && level <= others[lane] {
            break;
        }
        sum += others[lane];
        level = (load + sum) / (count + 1) as f64;
    }
    others.iter().map(|&other| (level - other).max(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greens_are_rounded_to_whole_seconds_with_their_sum() {
        assert_eq!(whole_seconds(&[10.4, 20.4, 5.2]), [11.0, 20.0, 5.0]);
        assert_eq!(whole_seconds(&[10.9, 20.9, 5.2]), [11.0, 21.0, 5.0]);
        assert_eq!(whole_seconds(&[10.0, 20.0]), [10.0, 20.0]);
    }

    #[test]
    fn a_load_fills_the_emptiest_lanes_first() {
        assert_eq!(spread(300.0, &[0.0, 0.0]), [150.0, 150.0]);
        assert_eq!(spread(300.0, &[500.0, 0.0]), [0.0, 300.0]);
        assert_eq!(spread(300.0, &[100.0, 0.0]), [100.0, 200.0]);
        assert_eq!(spread(0.0, &[0.0, 50.0]), [0.0, 0.0]);
    }
}

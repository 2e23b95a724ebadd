//! What junctions let pass: the most that can leave each street at its end, for flows whose proportions stay.
//!
//! At a signal: what its fullest lane carries under the times that suit the flows ([`DerivedNetwork::timing`]). Where one
//! gives way: the potential capacity of each movement, q·e^(−q·t_c/3600) / (1 − e^(−q·t_f/3600)) at q vehicles an hour that
//! go before it (Highway Capacity Manual 2010, equation 19-32), and for movements that share a lane, the flow over the
//! sum of their degrees of saturation (equation 19-42). Critical and follow-up headways are those that drivers use there
//! ([`GapAcceptance`](super::super::GapAcceptance)); where none are known, those of minor roads (exhibits 19-10 and 19-11), or of
//! roundabouts (exhibit 21-11) where one only merges. Left out: priorities of a higher rank than the second, pockets beside a lane
//! that gives way, what stands behind the junction.

use std::collections::{BTreeMap, BTreeSet};

use super::super::RightOfWay;
use super::compose::DerivedNetwork;
use super::signal_control::SignalFault;
use super::signal_timing::{MovementFlow, TimingOptions};

/// Critical gap and follow-up time where one crosses, in seconds.
pub(in crate::traffic) const CROSSING_S: (f64, f64) = (6.5, 3.5);
/// The same where one only merges.
const MERGING_S: (f64, f64) = (4.4, 2.9);
/// What leaves a lane of an all-way stop in an hour, where all are busy (HCM 2010, chapter 20, about 7 s a vehicle).
const ALL_WAY_STOP_VPH: f64 = 500.0;

/// From a plain street to another.
type Turn = (u32, u32);

/// What goes before a turn.
struct Before {
    turns: BTreeSet<Turn>,
    /// The rule that says so.
    rule: RightOfWay,
    /// Critical and follow-up headway of those who make the turn, in seconds, where they are known.
    headways_s: Option<(f64, f64)>,
}

/// Vehicles an hour that pass a movement which gives way to that many.
pub(in crate::traffic) fn potential_capacity_vph(before_vph: f64, (critical_s, follow_up_s): (f64, f64)) -> f64 {
    let before_vps = before_vph / 3600.0;
    if before_vps * follow_up_s < 1e-9 {
        return 3600.0 / follow_up_s;
    }
    before_vph * libm::exp(-before_vps * critical_s) / (1.0 - libm::exp(-before_vps * follow_up_s))
}

impl DerivedNetwork {
    /// The movements through a junction with a signal, with their flows; 0 where none is known.
    #[must_use]
    pub fn signal_flows(&self, junction: u32, flows_vph: &BTreeMap<(u32, u32), f64>) -> Vec<MovementFlow> {
        let open = self.open_movements(junction);
        let pairs: BTreeSet<(u32, u32)> =
            open.iter().flatten().map(|movement| (movement.from_street, movement.to_street)).collect();
        pairs
            .into_iter()
            .map(|(from_street, to_street)| {
                let flow_vph = flows_vph.get(&(from_street, to_street)).copied().unwrap_or(0.0);
                MovementFlow { from_street, to_street, flow_vph }
            })
            .collect()
    }

    /// The most vehicles an hour that can leave each plain street at its end; infinite where nothing holds them up.
    /// `flows_vph` gives vehicles an hour from street to street.
    ///
    /// # Errors
    /// Where a signal cannot be timed: see [`DerivedNetwork::timing`].
    pub fn end_capacities_vph(
        &self,
        flows_vph: &BTreeMap<(u32, u32), f64>,
        options: &TimingOptions,
    ) -> Result<Vec<f64>, SignalFault> {
        let mut capacities_vph = vec![f64::INFINITY; self.pockets.len()];
        for plan in &self.signal_plans {
            let flows = self.signal_flows(plan.junction, flows_vph);
            for (street, capacity_vph) in self.signal_capacities_vph(plan.junction, &flows, options)? {
                capacities_vph[street as usize] = capacity_vph;
            }
        }
        let mut plain_of: Vec<u32> = (0..self.rows.streets.len() as u32).collect();
        for (street, pocket) in (0_u32..).zip(&self.pockets) {
            if let Some(pocket) = pocket {
                plain_of[*pocket as usize] = street;
            }
        }
        // By plain street: flow, and its sum of degrees of saturation.
        let mut used: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
        for (pair, before) in self.giving_way(&plain_of) {
            let before_vph: f64 = before.turns.iter().filter_map(|other| flows_vph.get(other)).sum();
            let only_merges = before.turns.iter().all(|other| other.1 == pair.1);
            let headways_s = before.headways_s.unwrap_or(if only_merges { MERGING_S } else { CROSSING_S });
            let capacity_vph = match before.rule {
                RightOfWay::AllWayStop => ALL_WAY_STOP_VPH,
                RightOfWay::RightBeforeLeft => potential_capacity_vph(before_vph / 2.0, CROSSING_S),
                _ => potential_capacity_vph(before_vph, headways_s),
            };
            let flow_vph = flows_vph.get(&pair).copied().unwrap_or(0.0).max(1e-3);
            let sum = used.entry(pair.0).or_insert((0.0, 0.0));
            sum.0 += flow_vph;
            sum.1 += flow_vph / capacity_vph.max(1.0);
        }
        for (street, (flow_vph, saturation)) in used {
            let row = self.pockets[street as usize].unwrap_or(street);
            let lanes = self.open_lane_count(row) as f64;
            let others_vph: f64 =
                flows_vph.range((street, 0)..=(street, u32::MAX)).map(|(_, flow_vph)| flow_vph).sum::<f64>() - flow_vph;
            let free = others_vph.max(0.0) / options.saturation_flow_vph;
            let all_vph = flow_vph + others_vph.max(0.0);
            capacities_vph[street as usize] =
                capacities_vph[street as usize].min(lanes * all_vph / (saturation + free));
        }
        Ok(capacities_vph)
    }

    /// How many lanes of a street of the rows are for all who may use it: the leftmost one is.
    fn open_lane_count(&self, street: u32) -> usize {
        let lanes = &self.rows.streets[street as usize].lanes;
        let all = lanes.last().map_or(0, |lane| lane.permissions.0);
        lanes.iter().filter(|lane| lane.permissions.0 & all == all).count()
    }

    /// Turns without a signal that give way to other streets, and what goes before each; drivers use gaps as on its first lane.
    fn giving_way(&self, plain_of: &[u32]) -> BTreeMap<Turn, Before> {
        let count = self.pockets.len() as u32;
        let pair = |row: usize| {
            let movement = &self.rows.movements[row];
            (plain_of[movement.from.street as usize], plain_of[movement.to.street as usize])
        };
        let mut turns: BTreeMap<Turn, Before> = BTreeMap::new();
        for (row, movement) in self.rows.movements.iter().enumerate() {
            let own = pair(row);
            if movement.signal.is_some() || own.0 >= count || own.1 >= count || own.0 == own.1 {
                continue;
            }
            let before: BTreeSet<Turn> =
                movement.yields_to.iter().map(|&other| pair(other as usize)).filter(|other| other.0 != own.0).collect();
            if !before.is_empty() {
                let headways_s = movement.gaps.map(|gaps| (gaps.critical_s, gaps.follow_up_s));
                let none = Before { turns: BTreeSet::new(), rule: movement.rule, headways_s };
                turns.entry(own).or_insert(none).turns.extend(before);
            }
        }
        turns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::fixtures::PlainPlan;
    use crate::traffic::network::derive::{Control, derive};

    /// By hand, at 900 veh/h and 6.5 and 3.5 s: 900·e^(−1.625) / (1 − e^(−0.875)) = 303.9.
    #[test]
    fn a_minor_road_passes_what_the_equation_says() {
        assert!((potential_capacity_vph(900.0, CROSSING_S) - 303.9).abs() < 0.1);
        assert!((potential_capacity_vph(1e-9, CROSSING_S) - 3600.0 / 3.5).abs() < 1e-3);
        let mut plan = PlainPlan::default();
        let places = [(0.0, 0.0), (-200.0, 0.0), (200.0, 0.0), (0.0, -200.0)];
        let [middle, west, east, south] = places.map(|(x, y)| plan.junction(x, y, Control::Signs));
        for (end, rank) in [(west, 5), (east, 5), (south, 3)] {
            plan.two_way(end, middle, 1, rank);
        }
        let derived = derive(&plan.plain).unwrap();
        // Streets 0 and 2 arrive from west and east, 4 from the south; 1, 3 and 5 leave.
        let flows = BTreeMap::from([((0, 3), 450.0), ((2, 1), 450.0), ((4, 1), 100.0)]);
        let capacities = derived.end_capacities_vph(&flows, &TimingOptions::default()).unwrap();
        assert!(capacities[0].is_infinite() || capacities[0] > 1000.0, "{capacities:?}");
        assert!((250.0..350.0).contains(&capacities[4]), "{capacities:?}");
    }

    /// Half of the time green for each of two roads: about half of the saturation flow.
    #[test]
    fn a_signal_passes_the_share_of_green() {
        let mut plan = PlainPlan::default();
        let places = [(0.0, 0.0), (-200.0, 0.0), (200.0, 0.0), (0.0, -200.0), (0.0, 200.0)];
        let [middle, west, east, south, north] = places.map(|(x, y)| plan.junction(x, y, Control::Signals));
        for end in [west, east, south, north] {
            plan.two_way(end, middle, 1, 2);
        }
        let derived = derive(&plan.plain).unwrap();
        let flows = BTreeMap::from([((0, 3), 600.0), ((2, 1), 600.0), ((4, 7), 600.0), ((6, 5), 600.0)]);
        let capacities = derived.end_capacities_vph(&flows, &TimingOptions::default()).unwrap();
        for street in [0, 2, 4, 6] {
            assert!((700.0..950.0).contains(&capacities[street]), "{capacities:?}");
        }
    }
}

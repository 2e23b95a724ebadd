//! Where controls that follow traffic look: from rows to lanes.
//!
//! Distances before a stop line go back along the only way that leads to a lane, as for detectors of SUMO (Eclipse SUMO
//! 1.28, *Traffic Lights*, section on actuated signals): through the place where lanes are gained, into the junction behind
//! and on. Where several ways lead to a lane the distance ends at its beginning. Buses are looked for on all lanes
//! that lead to the signal without passing another, as far back as they would come at the speed limit within the
//! time that the control looks ahead.

use super::build::{Layout, NetworkFault};
use super::rows::{DetectorRow, LanePlace, NetworkRows, ResponsiveRow};
use super::{Detector, Passage, PassageKind, Responsive};

/// Tells what is wrong with the controls of all signals.
pub(super) fn faults(rows: &NetworkRows, faults: &mut Vec<NetworkFault>) {
    for signal in &rows.signals {
        let Some(responsive) = &signal.responsive else { continue };
        let name = || signal.name.clone();
        let (count, expected) = (responsive.control.lamp_count(), signal.program.lamp_count());
        if count != expected {
            faults.push(NetworkFault::ControlLamps { signal: name(), count, expected });
        }
        let (lanes, places) = responsive.control.observed_counts();
        let looked_at = [
            ("lanes before the junction", lanes, responsive.detectors.len()),
            ("places behind it", places, responsive.downstream.len()),
        ];
        for (what, needed, given) in looked_at {
            if needed > given {
                faults.push(NetworkFault::Unseen { signal: name(), what, needed, given });
            }
        }
        let is_lane = |place: &LanePlace| {
            rows.streets.get(place.street as usize).is_some_and(|street| (place.lane as usize) < street.lanes.len())
        };
        let missing = |what| NetworkFault::Missing { table: "signal", name: name(), what };
        for (index, &DetectorRow { lane, before_m, range_m }) in responsive.detectors.iter().enumerate() {
            let is_distance = |metres: f64| metres.is_finite() && metres >= 0.0;
            if !(is_distance(before_m) && is_distance(range_m)) {
                faults.push(NetworkFault::Detector { signal: name(), number: index + 1, before_m, range_m });
            }
            if !is_lane(&lane) {
                faults.push(missing("lane with a detector"));
            }
        }
        if !responsive.downstream.iter().flatten().all(is_lane) {
            faults.push(missing("lane behind the junction"));
        }
    }
}

/// The layout of each signal's control; nothing for signals that the clock rules.
pub(super) fn layouts(rows: &NetworkRows, layout: &Layout) -> Vec<Option<Responsive>> {
    if rows.signals.iter().all(|signal| signal.responsive.is_none()) {
        return vec![None; rows.signals.len()];
    }
    let ways = Ways::new(layout);
    let of_signal = |(signal, row): (u32, &Option<ResponsiveRow>)| row.as_ref().map(|row| ways.responsive(signal, row));
    (0..).zip(rows.signals.iter().map(|signal| &signal.responsive)).map(of_signal).collect()
}

/// The lanes, and the passages into each.
struct Ways<'a> {
    layout: &'a Layout,
    into: Vec<Vec<u32>>,
}

impl<'a> Ways<'a> {
    fn new(layout: &'a Layout) -> Self {
        let mut into = vec![Vec::new(); layout.lanes.len()];
        for (row, passage) in (0..).zip(&layout.passages) {
            into[passage.to_lane as usize].push(row);
        }
        Self { layout, into }
    }

    fn length_m(&self, lane: u32) -> f64 {
        self.layout.lanes[lane as usize].length_m
    }

    fn responsive(&self, signal: u32, row: &ResponsiveRow) -> Responsive {
        let lanes = |places: &Vec<LanePlace>| places.iter().map(|&place| self.layout.street_lane(place)).collect();
        Responsive {
            control: row.control.clone(),
            detectors: row.detectors.iter().map(|detector| self.detector(detector)).collect(),
            downstream: row.downstream.iter().map(lanes).collect(),
            bus_lanes: row.control.bus_horizon_s().map_or(Vec::new(), |horizon_s| self.bus_lanes(signal, horizon_s)),
        }
    }

    fn detector(&self, row: &DetectorRow) -> Detector {
        let lane = self.layout.street_lane(row.lane);
        let back = self.back(lane, row.before_m);
        let (loop_lane, loop_m) = back[back.len() - 1];
        let counted = if row.range_m > 0.0 { self.back(lane, row.range_m) } else { Vec::new() };
        // What a lane too short leaves of the distance.
        let before_m = back.iter().map(|&(lane, from_m)| self.length_m(lane) - from_m).sum();
        Detector { lane, before_m, loop_lane, loop_m, counted }
    }

    /// The lanes on a way of that length that ends where a lane does, the last lane first, and where on each the way begins.
    fn back(&self, lane: u32, way_m: f64) -> Vec<(u32, f64)> {
        let (mut lane, mut left_m) = (lane, way_m);
        let mut stretches: Vec<(u32, f64)> = Vec::new();
        loop {
            let from_m = (self.length_m(lane) - left_m).max(0.0);
            stretches.push((lane, from_m));
            left_m -= self.length_m(lane);
            let [before] = self.into[lane as usize][..] else { return stretches };
            let before = self.layout.passages[before as usize].from_lane;
            if left_m <= 0.0 || stretches.iter().any(|&(known, _)| known == before) {
                return stretches;
            }
            lane = before;
        }
    }

    /// The lanes from which a bus comes to a signal within a time, at the speed limit, without passing another signal.
    fn bus_lanes(&self, signal: u32, horizon_s: f64) -> Vec<u32> {
        let is_stop_line = |passage: &&Passage| {
            passage.signal.is_some_and(|(ruling, _)| ruling == signal)
                && matches!(passage.kind, PassageKind::Entry | PassageKind::Direct)
        };
        let mut found: Vec<u32> =
            self.layout.passages.iter().filter(is_stop_line).map(|passage| passage.from_lane).collect();
        found.sort_unstable();
        found.dedup();
        let mut open: Vec<(u32, f64)> = found.iter().map(|&lane| (lane, horizon_s)).collect();
        // The lane with most time left first, so that none is found late.
        while let Some(most) = (0..open.len()).max_by(|&a, &b| open[a].1.total_cmp(&open[b].1)) {
            let (lane, left_s) = open.swap_remove(most);
            let left_s = left_s - self.length_m(lane) / self.layout.lanes[lane as usize].speed_limit_mps;
            for &row in &self.into[lane as usize] {
                let passage = &self.layout.passages[row as usize];
                if left_s > 0.0 && passage.signal.is_none() && !found.contains(&passage.from_lane) {
                    found.push(passage.from_lane);
                    open.push((passage.from_lane, left_s));
                }
            }
        }
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::control::{Actuated, ActuatedPhase, BusPriority, Control, Gaps};
    use crate::signals::{Lamp, Phase, Program};
    use crate::traffic::fixtures::Plan;
    use crate::traffic::network::{LaneNetwork, RightOfWay};

    /// A control of so many lamps that looks at one lane.
    fn control(lamps: usize, priority: Option<BusPriority>) -> Control {
        let lamps = vec![Lamp::Green; lamps];
        let phase = ActuatedPhase { lamps, min_s: 5.0, max_s: 50.0, detectors: vec![0] };
        Control::Actuated(Actuated::new(vec![phase], Gaps::default(), priority).unwrap())
    }

    /// Streets of 100 m, 20 m and 100 m one after the other, 10 m apart, with a signal at the end of the second.
    fn plan(control: Control, lane: LanePlace, before_m: f64) -> Plan {
        let mut plan = Plan::default();
        let ends: Vec<u32> = [0.0, 110.0, 140.0, 250.0].into_iter().map(|x| plan.junction(x, 0.0)).collect();
        for pair in ends.windows(2) {
            plan.street(pair[0], pair[1], 1, 10.0, 5.0);
        }
        plan.movement((0, 0), (1, 0), RightOfWay::Priority);
        let ruled = plan.movement((1, 0), (2, 0), RightOfWay::Priority);
        let phase = Phase { duration_s: 30.0, lamps: vec![Lamp::Green] };
        plan.signal(Program::new(vec![phase], 0.0).unwrap(), &[ruled]);
        let detectors = vec![DetectorRow { lane, before_m, range_m: 60.0 }];
        plan.rows.signals[0].responsive = Some(ResponsiveRow { control, detectors, downstream: Vec::new() });
        plan
    }

    const LAST: LanePlace = LanePlace { street: 1, lane: 0 };

    fn responsive(before_m: f64, priority: Option<BusPriority>) -> Responsive {
        let network = LaneNetwork::build(&plan(control(1, priority), LAST, before_m).rows).unwrap();
        network.signals[0].responsive.clone().unwrap()
    }

    #[test]
    fn a_loop_lies_as_far_before_the_stop_line_as_asked_for_through_the_junction_behind() {
        let place = |before_m: f64| {
            let detector = &responsive(before_m, None).detectors[0];
            (detector.loop_lane, detector.loop_m, detector.before_m)
        };
        assert_eq!(place(15.0), (1, 5.0, 15.0));
        // Lane 3 is the 10 m between the first two streets.
        assert_eq!(place(25.0), (3, 5.0, 25.0));
        assert_eq!(place(50.0), (0, 80.0, 50.0));
        assert_eq!(place(1000.0), (0, 0.0, 130.0));
        assert_eq!(responsive(15.0, None).detectors[0].counted, [(1, 0.0), (3, 0.0), (0, 70.0)]);
    }

    #[test]
    fn buses_are_looked_for_as_far_back_as_the_control_looks_ahead() {
        let lanes =
            |horizon_s: f64| responsive(0.0, Some(BusPriority { horizon_s, ..BusPriority::default() })).bus_lanes;
        assert_eq!(lanes(1.0), [1]);
        assert_eq!(lanes(2.5), [1, 3]);
        assert_eq!(lanes(30.0), [0, 1, 3]);
        assert!(responsive(0.0, None).bus_lanes.is_empty());
    }

    #[test]
    fn controls_that_do_not_fit_are_told() {
        let told = |control: Control, lane: LanePlace, before_m: f64| -> Vec<String> {
            let faults = LaneNetwork::build(&plan(control, lane, before_m).rows).unwrap_err();
            faults.iter().map(ToString::to_string).collect()
        };
        let two = "signal 't0' has 1 lamps, but its control that follows traffic rules 2";
        assert_eq!(told(control(2, None), LAST, 0.0), [two]);
        let nowhere = LanePlace { street: 1, lane: 1 };
        assert_eq!(
            told(control(1, None), nowhere, 0.0),
            ["signal 't0': its lane with a detector is not in the network"]
        );
        assert!(told(control(1, None), LAST, -1.0)[0].starts_with("signal 't0', detector 1: it lies -1 m"));
        let mut blind = plan(control(1, None), LAST, 0.0);
        blind.rows.signals[0].responsive.as_mut().unwrap().detectors.clear();
        let faults = LaneNetwork::build(&blind.rows).unwrap_err();
        let unseen = "signal 't0': its control looks at 1 lanes before the junction, but 0 are given";
        assert_eq!(faults.iter().map(ToString::to_string).collect::<Vec<_>>(), [unseen]);
    }
}

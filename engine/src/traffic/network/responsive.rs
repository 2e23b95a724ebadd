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

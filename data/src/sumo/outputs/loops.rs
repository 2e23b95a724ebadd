//! Induction loops (`inductionLoop`).
//!
//! All loops stand in one file, loop by loop; SUMO writes them to the files that the scenario names.

use std::io::{self, Write};

use engine::traffic::network::LaneNetwork;
use engine::traffic::results::{InductionLoop, LoopPassing, TimeBins};

use super::{Document, two};
use crate::sumo::detectors::Detector;

/// The loops of a scenario, in its order, by lanes of the network that is built from it.
#[must_use]
pub fn detector_loops(detectors: &[Detector], network: &LaneNetwork) -> Vec<InductionLoop> {
    detectors
        .iter()
        .map(|detector| InductionLoop {
            lane: network.streets[detector.lane.street as usize].first_lane + detector.lane.lane,
            position_m: detector.position_m,
        })
        .collect()
}

/// Sums over the vehicles of one loop in one interval.
#[derive(Clone, Copy, Default)]
struct Interval {
    /// Vehicles that reached the loop.
    entered: u32,
    /// Vehicles that left it, their speeds and lengths, and the inverse of their speeds.
    left: u32,
    speeds_mps: f64,
    lengths_m: f64,
    inverse_speeds: f64,
    /// Time during which somebody was over it, in seconds.
    occupied_s: f64,
}

/// Writes what loops saw, from the beginning of the run to its end in seconds. Passings name loops by the rows of `detectors`.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_loops<W: Write>(
    out: W,
    detectors: &[Detector],
    passings: &[LoopPassing],
    begin_s: f64,
    end_s: f64,
) -> io::Result<W> {
    let mut of_detector: Vec<Vec<&LoopPassing>> = vec![Vec::new(); detectors.len()];
    for passing in passings {
        of_detector[passing.detector as usize].push(passing);
    }
    let mut document = Document::begin(out, "detector", "det_e1_file.xsd")?;
    for (detector, passings) in detectors.iter().zip(&of_detector) {
        let bins = TimeBins { begin_s, bin_s: detector.period_s.unwrap_or((end_s - begin_s).max(1.0)) };
        let mut intervals = vec![Interval::default(); bins.count_until(end_s)];
        passings.iter().for_each(|passing| add(&mut intervals, bins, passing, end_s));
        for (bin, interval) in intervals.iter().enumerate() {
            let (from_s, to_s) = bins.bounds_s(bin);
            write(&mut document, &detector.name, (from_s, to_s.min(end_s)), interval)?;
        }
    }
    document.end()
}

fn add(intervals: &mut [Interval], bins: TimeBins, passing: &LoopPassing, end_s: f64) {
    let last = intervals.len() - 1;
    let entered = bins.bin_of(passing.entered_s).min(last);
    intervals[entered].entered += 1;
    let Some(left_s) = passing.left_s else { return };
    let left = bins.bin_of(left_s).min(last);
    let speed_mps = passing.length_m / (left_s - passing.entered_s).max(1e-3);
    let row = &mut intervals[left];
    row.left += 1;
    row.speeds_mps += speed_mps;
    row.inverse_speeds += 1.0 / speed_mps;
    row.lengths_m += passing.length_m;
    for (bin, row) in intervals.iter_mut().enumerate().take(left + 1).skip(entered) {
        let (from_s, to_s) = bins.bounds_s(bin);
        row.occupied_s += (left_s.min(to_s).min(end_s) - passing.entered_s.max(from_s)).max(0.0);
    }
}

fn write<W: Write>(
    document: &mut Document<W>,
    name: &str,
    (from_s, to_s): (f64, f64),
    interval: &Interval,
) -> io::Result<()> {
    let (left, duration_s) = (f64::from(interval.left), (to_s - from_s).max(1e-3));
    // SUMO writes -1 where nobody passed.
    let mean = |sum: f64| if interval.left > 0 { sum / left } else { -1.0 };
    let harmonic_mps = if interval.left > 0 { left / interval.inverse_speeds } else { -1.0 };
    document.empty(
        "interval",
        &[
            ("begin", two(from_s)),
            ("end", two(to_s)),
            ("id", name.to_owned()),
            ("nVehContrib", interval.left.to_string()),
            ("flow", two(left * 3600.0 / duration_s)),
            ("occupancy", two(100.0 * interval.occupied_s / duration_s)),
            ("speed", two(mean(interval.speeds_mps))),
            ("harmonicMeanSpeed", two(harmonic_mps)),
            ("length", two(mean(interval.lengths_m))),
            ("nVehEntered", interval.entered.to_string()),
        ],
    )
}

//! Induction loops: who passed over them, and when.
//!
//! A vehicle is over a loop from when its front reaches it until its rear has left it, on the loop's lane; the moments lie
//! within a step, or within the time on a lane, as evenly as it moved. Left out: vehicles that come over a loop from the lane
//! beside it, or begin there.

use crate::traffic::network::LaneNetwork;

/// A loop across one lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InductionLoop {
    /// The lane, one of a street.
    pub lane: u32,
    /// Where on the lane, in metres from its beginning.
    pub position_m: f64,
}

/// A vehicle that passed over a loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoopPassing {
    /// Row of the loop.
    pub detector: u32,
    /// Row of the trip.
    pub trip: u32,
    /// Length of the vehicle, in metres.
    pub length_m: f64,
    /// When its front reached the loop, in seconds.
    pub entered_s: f64,
    /// When its rear left it, in seconds; none where it changed lanes over the loop, or the run ended before.
    pub left_s: Option<f64>,
}

/// A front that reaches a loop, or a rear that leaves it.
#[derive(Clone, Copy, Debug)]
pub(in crate::traffic) struct LoopEvent {
    pub(in crate::traffic) detector: u32,
    pub(in crate::traffic) trip: u32,
    pub(in crate::traffic) length_m: f64,
    pub(in crate::traffic) at_s: f64,
    pub(in crate::traffic) is_front: bool,
}

/// No more vehicles than this are over a loop at once; those that were have changed lanes.
const OVER_MAX: usize = 4;

/// All loops, and who passed over them so far.
#[derive(Clone, Debug, Default)]
pub(in crate::traffic) struct Loops {
    loops: Vec<InductionLoop>,
    of_lane: Vec<Vec<u32>>,
    /// Of each loop, the rows of those who are over it.
    over: Vec<Vec<usize>>,
    passings: Vec<LoopPassing>,
}

impl Loops {
    /// Loops without traffic; those whose lane is not a street's never see any.
    pub(in crate::traffic) fn new(network: &LaneNetwork, loops: &[InductionLoop]) -> Self {
        let mut of_lane = vec![Vec::new(); network.lanes.len()];
        for (number, row) in loops.iter().enumerate() {
            if row.lane < network.street_lane_count {
                of_lane[row.lane as usize].push(number as u32);
            }
        }
        Self { loops: loops.to_vec(), of_lane, over: vec![Vec::new(); loops.len()], passings: Vec::new() }
    }

    /// Whether there are none.
    pub(in crate::traffic) fn is_empty(&self) -> bool {
        self.loops.is_empty()
    }

    /// The loops on a lane: row and place.
    pub(in crate::traffic) fn on(&self, lane: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        let rows = self.of_lane.get(lane as usize).map_or(&[][..], Vec::as_slice);
        rows.iter().map(|&row| (row, self.loops[row as usize].position_m))
    }

    /// Notes an event; those of one loop come in the order of the vehicles.
    pub(in crate::traffic) fn note(&mut self, event: &LoopEvent) {
        let LoopEvent { detector, trip, length_m, at_s, is_front } = *event;
        let over = &mut self.over[detector as usize];
        if is_front {
            if over.len() == OVER_MAX {
                over.remove(0);
            }
            over.push(self.passings.len());
            self.passings.push(LoopPassing { detector, trip, length_m, entered_s: at_s, left_s: None });
        } else if let Some(place) = over.iter().position(|&row| self.passings[row].trip == trip) {
            self.passings[over.remove(place)].left_s = Some(at_s);
        }
    }

    /// A trip ends on a lane: its vehicle is over no loop any more.
    pub(in crate::traffic) fn end(&mut self, lane: u32, trip: u32, at_s: f64) {
        let rows = self.of_lane.get(lane as usize).map_or(&[][..], Vec::as_slice);
        for &detector in rows {
            let over = &mut self.over[detector as usize];
            if let Some(place) = over.iter().position(|&row| self.passings[row].trip == trip) {
                self.passings[over.remove(place)].left_s = Some(at_s);
            }
        }
    }

    /// Who passed so far, in the order in which their fronts were noted.
    pub(in crate::traffic) fn passings(&self) -> &[LoopPassing] {
        &self.passings
    }
}

//! When a green is lengthened, or a red shortened, for a bus.
//!
//! Active priority without conditions (Transit Signal Priority handbook, Smith, Hemily and Ivanovic 2005, chapter 4): a green
//! that would end is held while a bus can reach it (*green extension*), and a green that keeps a bus waiting ends early
//! (*early green*, or *red truncation*). Both are bounded: the hold by its length, the cut by the shortest green; a pause lies
//! between two favours; and a green that was cut is spared until it has had its time once. Left out: stages put in for a bus
//! alone, and conditions such as being late, which whoever reports buses can impose by not reporting them.

use super::SAME_S;
use super::observations::BusObservation;

/// How far buses are favoured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BusPriority {
    /// How long at most a green that would end is held for buses, in seconds.
    pub extension_max_s: f64,
    /// How much at most a green of a fixed program loses for a bus, in seconds; no green is cut below its minimum.
    pub cut_max_s: f64,
    /// How far ahead buses are looked at, in seconds until they arrive.
    pub horizon_s: f64,
    /// How long after a favour there is no other, in seconds.
    pub pause_s: f64,
}

impl Default for BusPriority {
    /// Greens held for 10 s at most and cut by as much, for buses that come within 30 s, and a minute between favours.
    fn default() -> Self {
        Self { extension_max_s: 10.0, cut_max_s: 10.0, horizon_s: 30.0, pause_s: 60.0 }
    }
}

/// Why numbers are no priority.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("bus priority asks for {0:?}: give times of 0 s or longer")]
pub struct BusPriorityFault(pub BusPriority);

/// Priority and what it has granted.
#[derive(Clone, Debug)]
pub(super) struct Favour {
    priority: BusPriority,
    /// When the green that is held would have ended.
    held_from_s: Option<f64>,
    /// Whether greens are being cut until a bus has its green.
    is_cutting: bool,
    /// When the next favour may be granted.
    free_from_s: f64,
    /// The greens that were cut when they were shown last.
    is_spared: Vec<bool>,
}

impl Favour {
    /// Priority among so many greens.
    pub(super) fn new(priority: BusPriority, greens: usize) -> Result<Self, BusPriorityFault> {
        let BusPriority { extension_max_s, cut_max_s, horizon_s, pause_s } = priority;
        let is_time = |seconds: f64| seconds.is_finite() && seconds >= 0.0;
        if ![extension_max_s, cut_max_s, horizon_s, pause_s].into_iter().all(is_time) {
            return Err(BusPriorityFault(priority));
        }
        let is_spared = vec![false; greens];
        Ok(Self { priority, held_from_s: None, is_cutting: false, free_from_s: f64::NEG_INFINITY, is_spared })
    }

    pub(super) fn priority(&self) -> BusPriority {
        self.priority
    }

    /// Whether a green that would end is held for a bus.
    pub(super) fn holds(&mut self, time_s: f64, buses: &[BusObservation], is_green: impl Fn(u32) -> bool) -> bool {
        if self.held_from_s.is_none() && time_s < self.free_from_s {
            return false;
        }
        let from_s = self.held_from_s.unwrap_or(time_s);
        let left_s = from_s + self.priority.extension_max_s - time_s;
        let holds =
            left_s > SAME_S && self.asking(buses).any(|bus| is_green(bus.lamp) && bus.arrival_s <= left_s + SAME_S);
        if holds {
            self.held_from_s = Some(from_s);
        }
        holds
    }

    /// The lamp for which a green, known by its number, ends before its time, if any. `earliest_s` tells when a lamp that is
    /// red can be green if the green ends now, in seconds from now.
    pub(super) fn cuts(
        &mut self,
        time_s: f64,
        green: usize,
        buses: &[BusObservation],
        is_green: impl Fn(u32) -> bool,
        earliest_s: impl Fn(u32) -> Option<f64>,
    ) -> Option<u32> {
        if self.is_cutting && !self.asking(buses).any(|bus| !is_green(bus.lamp)) {
            self.is_cutting = false;
            self.free_from_s = time_s + self.priority.pause_s;
        }
        let may_cut = self.is_cutting || time_s >= self.free_from_s;
        // Who has green already and comes soon is not cut off.
        let is_in_use = self.asking(buses).any(|bus| is_green(bus.lamp));
        if !may_cut || is_in_use || self.is_spared.get(green).copied().unwrap_or(true) {
            return None;
        }
        let waiting = self.asking(buses).filter(|bus| !is_green(bus.lamp));
        let mut late = waiting.filter(|bus| earliest_s(bus.lamp).is_some_and(|earliest_s| bus.arrival_s <= earliest_s));
        let lamp = late.next().map(|bus| bus.lamp)?;
        self.is_cutting = true;
        Some(lamp)
    }

    /// Notes that a green, known by its number, has ended.
    pub(super) fn green_ended(&mut self, time_s: f64, green: usize, is_cut: bool) {
        if self.held_from_s.take().is_some() {
            self.free_from_s = time_s + self.priority.pause_s;
        }
        if let Some(spared) = self.is_spared.get_mut(green) {
            *spared = is_cut;
        }
    }

    /// The buses near enough to be looked at.
    fn asking<'a>(&self, buses: &'a [BusObservation]) -> impl Iterator<Item = &'a BusObservation> + use<'a> {
        let horizon_s = self.priority.horizon_s;
        buses.iter().filter(move |bus| bus.arrival_s >= 0.0 && bus.arrival_s <= horizon_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIORITY: BusPriority =
        BusPriority { extension_max_s: 10.0, cut_max_s: 15.0, horizon_s: 30.0, pause_s: 60.0 };

    fn bus(lamp: u32, arrival_s: f64) -> [BusObservation; 1] {
        [BusObservation { lamp, arrival_s }]
    }

    #[test]
    fn a_green_is_held_only_for_a_bus_that_can_reach_it() {
        let mut favour = Favour::new(PRIORITY, 2).unwrap();
        let is_green = |lamp: u32| lamp == 0;
        assert!(!favour.holds(100.0, &bus(0, 12.0), is_green), "it comes too late");
        assert!(!favour.holds(100.0, &bus(1, 2.0), is_green), "it needs another lamp");
        assert!(favour.holds(100.0, &bus(0, 8.0), is_green));
        assert!(favour.holds(106.0, &bus(0, 4.0), is_green), "it is a little late");
        assert!(!favour.holds(110.0, &bus(0, 0.0), is_green), "the extension is used up");
        favour.green_ended(110.0, 0, false);
        assert!(!favour.holds(169.0, &bus(0, 3.0), is_green), "there is a pause");
        assert!(favour.holds(170.0, &bus(0, 3.0), is_green));
    }

    #[test]
    fn a_green_is_cut_once_and_then_spared() {
        let mut favour = Favour::new(PRIORITY, 2).unwrap();
        let is_green = |lamp: u32| lamp == 0;
        let earliest_s = |_: u32| Some(5.0);
        assert_eq!(favour.cuts(0.0, 0, &bus(1, 9.0), is_green, earliest_s), None, "there is time yet");
        assert_eq!(favour.cuts(0.0, 0, &bus(1, 5.0), is_green, earliest_s), Some(1));
        favour.green_ended(0.0, 0, true);
        // The bus has had its green; the pause begins.
        assert_eq!(favour.cuts(6.0, 1, &bus(1, 0.0), |lamp| lamp == 1, earliest_s), None);
        assert_eq!(favour.cuts(70.0, 0, &bus(1, 5.0), is_green, earliest_s), None, "it was cut the last time");
        favour.green_ended(80.0, 0, false);
        assert_eq!(favour.cuts(100.0, 0, &bus(1, 5.0), is_green, earliest_s), Some(1));
    }

    #[test]
    fn a_green_that_a_bus_is_about_to_use_is_not_cut_for_another() {
        let mut favour = Favour::new(PRIORITY, 2).unwrap();
        let both = [bus(0, 3.0)[0], bus(1, 3.0)[0]];
        assert_eq!(favour.cuts(0.0, 0, &both, |lamp| lamp == 0, |_| Some(5.0)), None);
    }

    #[test]
    fn numbers_that_are_no_priority_are_refused() {
        let endless = BusPriority { extension_max_s: f64::INFINITY, ..PRIORITY };
        assert!(Favour::new(endless, 1).is_err());
        assert!(Favour::new(BusPriority { pause_s: -1.0, ..PRIORITY }, 1).is_err());
    }
}

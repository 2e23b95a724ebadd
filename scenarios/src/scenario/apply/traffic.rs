//! What only vehicles that move feel of a scenario: plain data by row of the city's tables, for a network of lanes.

use std::collections::BTreeMap;

use engine::time::{ClockTime, DayType, Hours};
use engine::vehicles::ClassSet;

use crate::scenario::file::{CycleLaneKind, LineVehicle};

/// What only vehicles that move feel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrafficEdits {
    /// How all signals are controlled that stand in the city and that neither `signals` nor `green_waves` names.
    pub all_signals: Option<SignalControl>,
    /// How junctions are controlled, by row. Several may be one junction of lanes: then they must not say different things.
    pub signals: BTreeMap<usize, SignalControl>,
    /// Green waves, by the name of their street in lower case. Those of one file share no junction; of a child and its parents
    /// a junction is in the child's only.
    pub green_waves: BTreeMap<String, Wave>,
    /// Lanes for buses, by row of the link; those of one link hold at different hours.
    pub bus_lanes: BTreeMap<usize, Vec<BusLanes>>,
    /// Places for bicycles, by row of the link.
    pub cycle_lanes: BTreeMap<usize, CycleLaneKind>,
    /// Lines of buses, by their name in lower case.
    pub lines: BTreeMap<String, BusLine>,
}

impl TrafficEdits {
    /// How a junction of lanes is controlled that stands for these rows of junctions, ascending, where that is said by name.
    #[must_use]
    pub fn signal_at(&self, members: &[usize]) -> Option<&SignalControl> {
        members.iter().find_map(|row| self.signals.get(row))
    }

    /// The green wave that such a junction is part of.
    #[must_use]
    pub fn wave_at(&self, members: &[usize]) -> Option<&Wave> {
        let is_along = |wave: &&Wave| members.iter().any(|row| wave.junctions.binary_search(row).is_ok());
        self.green_waves.values().find(is_along)
    }
}

/// How a junction is controlled. Times are in seconds; what is not given is computed.
#[derive(Clone, Debug, PartialEq)]
pub enum SignalControl {
    /// There is no signal: signs say who goes first.
    Signs,
    /// By the clock.
    Fixed {
        /// Length of the cycle.
        cycle_s: Option<f64>,
        /// Greens of the stages in their order.
        greens_s: Option<Vec<f64>>,
        /// How long after the full minute of the city's clock the program begins.
        offset_s: Option<f64>,
        /// Whether buses are favoured.
        bus_priority: bool,
    },
    /// By gaps between vehicles.
    Actuated(GreenLimits),
    /// By queues before and behind the junction.
    MaxPressure(GreenLimits),
}

/// Bounds of greens that follow traffic.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GreenLimits {
    /// The shortest green, in seconds.
    pub min_green_s: Option<f64>,
    /// The longest green, in seconds.
    pub max_green_s: Option<f64>,
    /// Whether buses are favoured.
    pub bus_priority: bool,
}

/// A green wave. The signals that stand at its junctions are fixed, whatever [`TrafficEdits::all_signals`] says.
#[derive(Clone, Debug, PartialEq)]
pub struct Wave {
    /// Rows of the street's links, ascending.
    pub links: Vec<usize>,
    /// Rows of the junctions that it coordinates where they have signals, ascending.
    pub junctions: Vec<usize>,
    /// Its speed, in metres a second.
    pub speed_mps: f64,
    /// The common cycle, in seconds.
    pub cycle_s: f64,
}

/// Lanes for buses on a link, the rightmost ones.
#[derive(Clone, Debug, PartialEq)]
pub struct BusLanes {
    /// How many, at least 1.
    pub lanes: u8,
    /// Who may use them beside buses.
    pub also: ClassSet,
    /// When.
    pub hours: Hours,
}

/// A line of buses.
#[derive(Clone, Debug, PartialEq)]
pub struct BusLine {
    /// Its name.
    pub name: String,
    /// What runs.
    pub vehicle: LineVehicle,
    /// Seconds from one vehicle to the next.
    pub headway_s: f64,
    /// The days on which it runs.
    pub days: Vec<DayType>,
    /// When the first vehicle begins its way.
    pub from: ClockTime,
    /// When none does any more; before `from` where it runs past midnight.
    pub to: ClockTime,
    /// Its way.
    pub there: LineRoute,
    /// Its way back, where it runs back.
    pub back: Option<LineRoute>,
}

/// The way of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct LineRoute {
    /// Rows of its links, in order.
    pub links: Vec<usize>,
    /// Its stops, in order, the first on the first link.
    pub stops: Vec<LineStop>,
}

/// A stop on the way of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineStop {
    /// Which of the way's links it is on.
    pub on: usize,
    /// Where the front of a vehicle stands, in metres from the beginning of the link.
    pub at_m: f64,
    /// How long a vehicle stands, in seconds.
    pub dwell_s: f64,
}

impl BusLine {
    /// When vehicles begin their way on such a day, in seconds of the clock, ascending.
    #[must_use]
    pub fn departures_s(&self, day: DayType) -> Vec<f64> {
        if !self.days.contains(&day) {
            return Vec::new();
        }
        let day_s = f64::from(ClockTime::END_OF_DAY.seconds());
        let from_s = f64::from(self.from.seconds());
        let to_s = f64::from(self.to.seconds()) + if self.to > self.from { 0.0 } else { day_s };
        let mut departures: Vec<f64> = (0_u32..)
            .map(|number| from_s + f64::from(number) * self.headway_s)
            .take_while(|&time_s| time_s < to_s)
            .map(|time_s| if time_s < day_s { time_s } else { time_s - day_s })
            .collect();
        departures.sort_by(f64::total_cmp);
        departures
    }
}

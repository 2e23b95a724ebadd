//! What only vehicles that move feel of a scenario: plain data by row of the city's tables, for a network of lanes.

use std::collections::BTreeMap;

/// What only vehicles that move feel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrafficEdits {
    /// How all signals are controlled that stand in the city and that neither `signals` nor `green_waves` names.
    pub all_signals: Option<SignalControl>,
    /// How junctions are controlled, by row. Several may be one junction of lanes; then the lowest row counts.
    pub signals: BTreeMap<usize, SignalControl>,
    /// Green waves, by the name of their street in lower case. Those of one file share no junction; of a child and its parents
    /// a junction is in the child's only.
    pub green_waves: BTreeMap<String, Wave>,
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

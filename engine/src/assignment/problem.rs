//! What an assignment is asked: the network, how it delays, who travels where, how exactly to answer.

use super::delay::VolumeDelay;
use super::matrix::OdMatrix;
use crate::network::Graph;

/// Trips of one class of vehicles that see the same costs.
#[derive(Clone, Copy, Debug)]
pub struct ClassDemand<'a> {
    /// Passenger-car units of one vehicle; positive.
    pub pcu: f64,
    /// For every arc what the class counts besides its travel time, in units of time: tolls, distance, a dislike.
    /// At least 0; infinite where the class is not allowed. Classes with equal fixed costs share one search.
    pub fixed_cost: &'a [f64],
    /// Its trips between zones, in vehicles in the unit of time of the capacities.
    pub demand: &'a OdMatrix,
}

/// A static assignment: every trip on a path of least cost, where time depends on the flow of all.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// The network.
    pub graph: &'a Graph,
    /// What each arc takes.
    pub delays: &'a [VolumeDelay],
    /// Who travels.
    pub classes: &'a [ClassDemand<'a>],
}

/// How exactly to answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The relative gap at which the answer is good enough: the share of all cost that would be saved if every trip
    /// went by the least-cost path of the moment. Positive; 1e-10 is reached on city networks.
    pub gap: f64,
    /// After so many iterations the answer of the moment is returned.
    pub iterations_max: u32,
    /// Whether to settle what equilibrium leaves open, class and turn flows, by proportionality. Without it only the
    /// total flows and times of the arcs do not depend on where the algorithm began.
    pub proportional: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { gap: 1e-6, iterations_max: 500, proportional: true }
    }
}

/// Why a problem cannot be assigned.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AssignmentError {
    /// The gap is not positive.
    #[error("the relative gap {0} must be positive, such as 1e-6")]
    Gap(f64),
    /// Some arcs have no delay, or there are more delays than arcs.
    #[error("{delays} volume-delay functions do not fit {arcs} arcs")]
    DelayCount {
        /// How many delays were given.
        delays: usize,
        /// How many arcs there are.
        arcs: usize,
    },
    /// The parameters of a delay make no sense.
    #[error("the volume-delay function of arc {arc}: {fault}")]
    Delay {
        /// The arc, from 0.
        arc: usize,
        /// What is wrong, in words.
        fault: &'static str,
    },
    /// The passenger-car units of a class are not positive.
    #[error("class {class}: {pcu} passenger-car units; they must be positive")]
    Pcu {
        /// The class, from 0.
        class: usize,
        /// What was given.
        pcu: f64,
    },
    /// A class has fixed costs for more or fewer arcs than there are.
    #[error("class {class}: {costs} fixed costs do not fit {arcs} arcs")]
    FixedCostCount {
        /// The class, from 0.
        class: usize,
        /// How many costs were given.
        costs: usize,
        /// How many arcs there are.
        arcs: usize,
    },
    /// A fixed cost is negative or no number.
    #[error(
        "class {class}: fixed cost {cost} of arc {arc} must be at least 0, or infinite where the class is not allowed"
    )]
    FixedCost {
        /// The class, from 0.
        class: usize,
        /// The arc, from 0.
        arc: usize,
        /// What was given.
        cost: f64,
    },
    /// A class's matrix has other zones than the graph.
    #[error("class {class}: its trips are between {matrix} zones, but the network has {graph}")]
    Zones {
        /// The class, from 0.
        class: usize,
        /// Zones of the matrix.
        matrix: u32,
        /// Zones of the graph.
        graph: u32,
    },
    /// The equilibrium to begin with is of a network that this one does not extend.
    #[error(
        "the equilibrium to begin with is of another network: arc {arc} is not the same; a network extends another by adding arcs and nodes after it"
    )]
    WarmStart {
        /// The first arc that differs, from 0.
        arc: usize,
    },
}

impl Problem<'_> {
    /// Checks the problem and the options.
    pub(super) fn check(&self, options: &Options) -> Result<(), AssignmentError> {
        if !(options.gap.is_finite() && options.gap > 0.0) {
            return Err(AssignmentError::Gap(options.gap));
        }
        let arcs = self.graph.arc_count();
        if self.delays.len() != arcs {
            return Err(AssignmentError::DelayCount { delays: self.delays.len(), arcs });
        }
        for (arc, delay) in self.delays.iter().enumerate() {
            if let Some(fault) = delay.fault() {
                return Err(AssignmentError::Delay { arc, fault });
            }
        }
        self.classes.iter().enumerate().try_for_each(|(class, demand)| self.check_class(class, demand))
    }

    fn check_class(&self, class: usize, demand: &ClassDemand<'_>) -> Result<(), AssignmentError> {
        let ClassDemand { pcu, fixed_cost, demand: matrix } = *demand;
        let arcs = self.graph.arc_count();
        if !(pcu.is_finite() && pcu > 0.0) {
            return Err(AssignmentError::Pcu { class, pcu });
        }
        if fixed_cost.len() != arcs {
            return Err(AssignmentError::FixedCostCount { class, costs: fixed_cost.len(), arcs });
        }
        if let Some(arc) = fixed_cost.iter().position(|cost| cost.is_nan() || *cost < 0.0) {
            return Err(AssignmentError::FixedCost { class, arc, cost: fixed_cost[arc] });
        }
        if matrix.zone_count() != self.graph.zone_count() {
            return Err(AssignmentError::Zones { class, matrix: matrix.zone_count(), graph: self.graph.zone_count() });
        }
        Ok(())
    }
}
